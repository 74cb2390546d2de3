"""The chapter of laws: what was published first, days and working days exact, nothing invented counted as disclosed."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from projects import ALL_ENTERPRISES, CODES, REPO, add, blocks_of, edit, read, small_project
from recomputed import published
from reportkit.chapters import NOT_DISCLOSED, PARTLY
from reportkit.chapters.law import Law
from reportkit.chapters.law_figures import CLASSES, KINDS, STAGES, VIOLATIONS
from reportkit.figures import Figure
from reportkit.project import Project
from reportkit.standards import law
from reportkit.verify import law as verify_law
from shown import joined, notes, said, table, text

INVENTED = (
    *("penalties", "withdrawals", "coercive_measures", "transfers", "compensation", "litigation", "institutions"),
    *("documents", "plans", "yearly", "zoning", "reductions"),
)
ENTERPRISE = "DEMO-E-440103-01"
DEMO = {"status": "demonstration", "source_id": "demo-law"}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped cases of the city and two districts."""
    folder = tmp_path_factory.mktemp("law")
    return small_project(
        folder, districts=("liwan", "conghua"), years=(2023, 2024), data_years=(), enterprises=ALL_ENTERPRISES
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The city and a district without any cases, for each test to change."""
    project = small_project(
        tmp_path,
        districts=("liwan",),
        data_years=(),
        enterprises=ALL_ENTERPRISES,
    )
    for name in (*INVENTED, "published", "regulations"):
        edit(project.data / f"law/{name}.csv", lambda rows: [])
    return project


def chapter(project: Project, area: str = "liwan", year: int = 2024, language: str = "zh") -> Law:
    return Law.open(area, year, language, project)


BASES = {"ledger": "permits_37", "without_permit": "permits_33", "over_standard": "water_83"}


def penalise(project: Project, number: str = "1", **values: str) -> None:
    """A penalty: filed on 2 January 2024, decided after thirty days and published the day after, unless said."""
    add(
        project.data / "law/penalties.csv",
        {
            **{"number": f"示例罚〔2024〕440103-{number}号", "enterprise_id": ENTERPRISE},
            **{"area_code": CODES["liwan"]},
            **{"filed_date": "2024-01-02", "decided_date": "2024-02-01", "violation": "ledger", "fine_yuan": "10000"},
            **{"kinds": "fine", "confiscated_yuan": ""},
            **{"authority_zh": "示例", "authority_en": "Demo", "published_date": "2024-02-02"},
            **{"is_major": "false", "has_legal_review": "false", "has_full_record": "true"},
            **{"basis": BASES[values.get("violation", "ledger")], "facts_zh": "示例：一句", "facts_en": "Demo: one"},
            **DEMO,
            **values,
        },
    )


def lead(project: Project, case: str, **values: str) -> None:
    """A lead to damage, found on 1 March 2023, that nothing has come of yet unless said."""
    add(
        project.data / "law/compensation.csv",
        {
            **{"case_id": case, "number": "示例罚〔2024〕440103-1号", "enterprise_id": ENTERPRISE},
            **{"area_code": CODES["liwan"], "medium": "water", "lead_date": "2023-03-01"},
            **{"is_claimed": "false", "is_supervised": "false"},
            **DEMO,
            **values,
        },
    )


def publish(project: Project, indicator: str, value: str, item: str = "L2", unit: str = "1", **values: str) -> None:
    names = {"name_zh": "例", "name_en": "example", "year": "2024", "status": "official", "source_id": "gz-law-2023"}
    row = {"area_code": CODES["guangzhou"], "item_id": item, "indicator": indicator, "value": value, "unit": unit}
    add(project.data / "law/published.csv", {**row, **names, **values})


def test_that_there_were_no_penalties_is_marked_as_invented(project: Project) -> None:
    penalise(project, filed_date="2023-01-02", decided_date="2023-02-01", published_date="2023-02-02")
    found = chapter(project)
    for block in (found.latest_cases(), found.fines_and_law()):
        assert "没有处罚决定" in said(block)
        assert block.as_json()["status"] == "demonstration"


# --- how long cases took --------------------------------------------------------------------------


def test_days_run_from_filing_to_decision_and_the_slowest_decides(project: Project) -> None:
    penalise(project, "1", decided_date="2024-02-01")  # 30 days
    penalise(project, "2", decided_date="2024-04-01")  # 29 + 29 + 31 + 1 = 90
    found = chapter(project)
    assert text(found.average_days(2024)) == "60.0"
    assert (text(found.slowest(law.DECISION, 2024)), text(found.verdict(law.DECISION))) == ("90", law.ALL_IN_TIME)
    assert "期限是90天：都在期限内" in said(found.answer())


def test_one_day_more_is_late_and_the_page_says_so(project: Project) -> None:
    penalise(project, "1")
    penalise(project, "2", decided_date="2024-04-02")
    found = chapter(project)
    assert text(found.verdict(law.DECISION)) == law.SOME_LATE
    assert text(found.share("decided_in_time_share", 2024)) == "50.0"
    assert "有超期的" in said(found.answer())
    assert [row["days"] for row in table(found.latest_cases())] == ["91天", "30天"]  # the latest first


def test_publication_is_counted_in_working_days_over_the_spring_festival(project: Project) -> None:
    """2024: 10 to 17 February are holidays, Sunday 4 and Sunday 18 February are working days."""
    penalise(project, "1", decided_date="2024-02-01", published_date="2024-02-09")  # 2, 4, 5, 6, 7, 8, 9 February
    penalise(project, "2", decided_date="2024-02-01", published_date="2024-02-18")  # and the 18th
    penalise(project, "3", decided_date="2024-02-01", published_date="")
    found = chapter(project)
    rows = found.cases.rows.set_index("number")
    assert [str(value) for value in rows["working_days"]] == ["7", "8", "None"]
    assert rows["publication"].tolist() == [law.IN_TIME, law.LATE, law.UNPUBLISHED]
    assert text(found.share("published_share", 2024)) == "66.7"
    assert text(found.share("published_in_time_share", 2024)) == "33.3"
    assert "超期公开的有1件，没有公开的有1件" in notes(found.procedure())


def test_only_major_decisions_count_for_the_legal_review(project: Project) -> None:
    penalise(project, "1", is_major="true", has_legal_review="true")
    penalise(project, "2", is_major="true")
    penalise(project, "3", has_full_record="false")
    found = chapter(project)
    assert [text(found.share(name, 2024)) for name in ("reviewed_share", "recorded_share")] == ["50.0", "66.7"]


def test_a_verdict_is_held_against_a_published_deadline_under_its_rule(project: Project) -> None:
    penalise(project)
    verdict = chapter(project).verdict(law.DECISION)
    assert verdict is not None
    assert verdict.derivation == {
        "operation": "class",
        "of": ["2024/liwan/law#slowest_decision", "2024/liwan/law#deadline_decision"],
        "rule": "law.decision_days",
    }
    assert "law.decision_days" in [rule.family for rule in verdict.rules]
    publication = chapter(project).verdict(law.PUBLICATION)
    assert publication is not None
    assert not publication.is_verified  # its text was not read


def test_withdrawals_are_counted_with_their_reasons_and_three_working_days(project: Project) -> None:
    """2024: from Thursday 25 April, Monday 29 is the third and Tuesday the fourth, for Sunday 28 is a working day."""
    penalise(project, "1")
    penalise(project, "2", filed_date="2023-01-02", decided_date="2023-02-01")
    ends = {"2022-05-05": "2022-05-06", "2024-12-31": "2025-01-02"}
    ends |= {"2024-04-25": "2024-04-29", "2024-04-24": "2024-04-29"}
    for number, (ended, withdrawn) in enumerate(ends.items(), start=7):
        about = {"number": f"示例{number}", "area_code": CODES["liwan"], "decided_date": "2022-02-01"}
        why = {"ground": "revoked", "reason_zh": "示例理由", "reason_en": "Demo reason", "ended_date": ended}
        add(project.data / "law/withdrawals.csv", {**about, **why, "withdrawn_date": withdrawn, **DEMO})
    found = chapter(project)
    rows = table(found.withdrawals())
    assert [(row["working_days"], row["withdrawal"]) for row in rows] == [("3天", "按时"), ("4天", "超期")]
    assert {(row["ground"], row["reason"]) for row in rows} == {("撤销", "示例理由")}
    assert "2024年撤回2件，其中在期限3天（工作日）内撤回的1件" in notes(found.withdrawals())
    assert text(found.penalties(2024)) == "1"
    assert "2023年撤回公开的处罚决定0件" in said(chapter(project, year=2023).withdrawals())


# --- fines ----------------------------------------------------------------------------------------


def test_fines_are_added_up_and_held_against_the_law(project: Project) -> None:
    penalise(project, "1", fine_yuan="20000")
    penalise(project, "2", fine_yuan="20001")  # 排污许可管理条例 Art. 37: at most 20,000
    penalise(project, "3", violation="without_permit", fine_yuan="150000")  # Art. 33: at least 200,000
    found = chapter(project)
    assert text(found.fines(2024)) == "19.0"  # 190,001 yuan
    rows = {row["violation"]: row for row in table(found.fines_and_law())}
    assert rows["台账不全"]["fines"] == "40,001元"  # in the unit of the least and the most
    assert [rows["台账不全"][name] for name in ("least", "most", "fine_within", "fine_outside")] == [
        *("5,000元", "20,000元", "1", "1")
    ]
    assert [rows["无证排污"][name] for name in ("provision", "fine_outside")] == ["排污许可管理条例 第三十三条", "1"]


def test_a_decision_counts_once_in_each_kind_of_penalty_it_imposes(project: Project) -> None:
    penalise(project, "1")
    penalise(project, "2", kinds="fine;confiscate", fine_yuan="20000", confiscated_yuan="30000")
    penalise(project, "3", kinds="warning", fine_yuan="0")
    penalise(project, "4", decided_date="2023-12-31", filed_date="2023-12-01", kinds="fine;revoke_permit")
    found = chapter(project)
    counts = ("penalties", *(f"kind_{kind}" for kind in KINDS), "fines", "confiscated")
    before, now = table(found.penalty_kinds())[-2:]
    assert [before[name] for name in counts] == ["1", *"0100100", "1.0万元", "0万元"]
    assert [now[name] for name in counts] == ["3", *"1210000", "3.0万元", "3.0万元"]
    assert "可以多于决定的件数" in notes(found.penalty_kinds())
    assert [row["kinds"] for row in table(found.latest_cases())] == ["警告、通报批评", "罚款、没收", "罚款"]


def test_one_violation_of_two_media_is_held_against_the_law_of_each(project: Project) -> None:
    penalise(project, "1", violation="over_standard", fine_yuan="100000")
    penalise(project, "2", violation="over_standard", basis="air_99", fine_yuan="99999")
    for language, provisions in (
        ("zh", ["大气污染防治法 第九十九条", "水污染防治法 第八十三条"]),
        (
            "en",
            [
                f"Law on the Prevention and Control of {it}"
                for it in ("Air Pollution Art. 99", "Water Pollution Art. 83")
            ],
        ),
    ):
        rows = table(chapter(project, language=language).fines_and_law())
        assert [row["provision"] for row in rows] == provisions
        assert [(row["fine_within"], row["fine_outside"]) for row in rows] == [("0", "1"), ("1", "0")]


def test_each_decision_tells_its_facts_its_provision_and_its_authority(project: Project) -> None:
    penalise(project)
    (row,) = table(chapter(project).latest_cases())
    assert (row["facts"], row["provision"], row["authority"]) == ("示例：一句", "排污许可管理条例 第三十七条", "示例")


def test_where_there_was_no_case_the_amounts_are_nought_and_unknown_only_where_no_cases_are_known(
    project: Project,
) -> None:
    found = chapter(project)
    amounts = (found.fines, found.confiscated, found.daily_amount)
    assert [amount(2024).value for amount in amounts] == [None, None, None]
    penalise(project, filed_date="2023-01-02", decided_date="2023-02-01", published_date="2023-02-02")
    measure = {"case_id": "M1", "number": "示例罚〔2024〕440103-1号", "enterprise_id": ENTERPRISE, "kind": "seal"}
    add(
        project.data / "law/coercive_measures.csv",
        {**measure, "area_code": CODES["liwan"], "began_date": "2024-01-02", **DEMO},
    )
    found = chapter(project)
    assert [text(amount(2024)) for amount in (found.fines, found.confiscated, found.daily_amount)] == ["0", "0", "0"]


def test_a_decision_without_a_fine_is_held_against_no_range(project: Project) -> None:
    penalise(project, kinds="warning", fine_yuan="0")
    found = chapter(project)
    assert found.cases.rows["fine_range"].tolist() == [law.NO_FINE]
    (row,) = table(found.fines_and_law())
    assert [row[name] for name in ("fine_within", "fine_outside")] == ["0", "0"]


def test_published_penalties_are_printed_before_counted_ones(project: Project) -> None:
    penalise(project)
    publish(project, "penalties", "2082")
    city = chapter(project, "guangzhou")
    assert (text(city.penalties(2024)), city.penalties(2024).status) == ("2082", "official")
    assert text(chapter(project).penalties(2024)) == "1"
    assert "示例" not in said(city.answer())


def test_a_case_is_of_the_year_of_its_decision_and_the_future_is_not_known(project: Project) -> None:
    penalise(project, "1", filed_date="2023-12-01")
    penalise(project, "2", filed_date="2023-01-01", decided_date="2023-02-01")
    assert text(chapter(project).penalties(2024)) == "1"
    assert chapter(project, year=2023).cases.rows["number"].tolist() == ["示例罚〔2024〕440103-2号"]


def test_an_enterprise_leads_to_its_archive_and_nothing_is_put_right_before_its_day(project: Project) -> None:
    penalise(project, corrected_date="2025-01-01")
    (row,) = chapter(project).latest_cases().content["table"].rows
    assert row[1]["href"] == f"2024/enterprises/{ENTERPRISE}.html"
    assert row[-1] == "还没有改正"


# --- transfers ------------------------------------------------------------------------------------


def hand(project: Project, case: str, way: str, sent: str = "2024-05-01", **values: str) -> None:
    """A case handed from one authority to another, and accepted unless said."""
    sender, receiver, reason = way.split()
    about = {"case_id": case, "number": "示例", "enterprise_id": ENTERPRISE, "area_code": CODES["liwan"]}
    row = {"sent_date": sent, "sender": sender, "receiver": receiver, "reason": reason, "is_accepted": "true"}
    add(project.data / "law/transfers.csv", {**about, **row, **DEMO, **values})


def test_transfers_are_counted_by_who_sent_and_who_received_them(project: Project) -> None:
    penalise(project)
    hand(project, "a", "bureau police crime")
    hand(project, "b", "bureau police detention", is_accepted="false")
    hand(project, "c", "bureau police crime", "2023-12-31")
    hand(project, "d", "police procuratorate prosecution")
    hand(project, "e", "procuratorate court charge", outcome="convicted", outcome_date="2024-12-31")
    hand(project, "f", "procuratorate court charge", outcome="convicted", outcome_date="2025-01-01")
    hand(project, "g", "procuratorate bureau no_prosecution")
    hand(project, "h", "procuratorate bureau suggestion", "2023-02-01", is_accepted="false")
    hand(project, "i", "procuratorate bureau suggestion", "2025-01-01")
    found = chapter(project)
    counted = ("handed", "accepted", "handed_so_far", "accepted_so_far")
    rows = table(found.transfers_between())
    by_pair = {(row["sender"], row["receiver"]): "".join(row[name] for name in counted) for row in rows}
    assert by_pair == {
        ("生态环境部门", "公安"): "2132",
        ("公安", "检察院"): "1111",
        ("检察院", "法院"): "2222",
        ("检察院", "生态环境部门"): "1121",
    }
    assert "移送到法院后被追究刑事责任的1件" in notes(found.transfers_between())
    assert "累计从2023年算起" in notes(found.transfers_between())
    assert "移送审查起诉1、提起公诉2、不起诉后移送行政处罚1、检察建议0" in notes(found.transfers_between())
    (now,) = [row for row in table(found.measures_and_transfers()) if row["year"] == "2024"]
    assert [now[f"sent_{receiver}"] for receiver in ("police", "procuratorate", "court")] == ["2", "0", "0"]


def test_where_nothing_was_handed_on_that_is_said_with_the_number_and_marked(tmp_path: Path) -> None:
    project = small_project(tmp_path, districts=("liwan", "conghua"), data_years=(), enterprises=ALL_ENTERPRISES)
    edit(project.data / "law/transfers.csv", lambda rows: [])
    hand(project, "a", "bureau police crime", area_code=CODES["conghua"])
    block = chapter(project).transfers_between()
    assert "没有在这四家之间移送的案件（0件）" in said(block)
    assert block.as_json()["status"] == "demonstration"


def restrain(project: Project, case: str, kind: str, began: str, amount: str = "") -> None:
    """A place sealed, production restricted, or an amount fined by the day."""
    about = {"case_id": case, "number": "示例", "enterprise_id": ENTERPRISE, "area_code": CODES["liwan"]}
    row = {"kind": kind, "began_date": began, "amount_yuan": amount}
    add(project.data / "law/coercive_measures.csv", {**about, **row, **DEMO})


def test_measures_and_transfers_stand_under_their_own_headings(project: Project) -> None:
    """Fined by the day: 2 x 10,000 yuan in 2023, 3 x 15,000 in 2024; what the police send on is not the bureau's."""
    penalise(project)
    ways = {"police": "bureau police crime", "procuratorate": "bureau procuratorate lead"}
    ways |= {"court": "bureau court execution", "others": "police procuratorate prosecution"}
    taken = {2023: {"seal": 3, "restrict": 1, "daily": 2}, 2024: {"seal": 1, "restrict": 2, "daily": 3}}
    sent = {2023: {"police": 6, "procuratorate": 4, "court": 5}}
    sent[2024] = {"police": 4, "procuratorate": 5, "court": 6, "others": 1}
    daily = {2023: "10000", 2024: "15000"}
    for year, day in ((2023, "2023-12-31"), (2024, "2024-01-01")):
        for kind, count in taken[year].items():
            for case in range(count):
                restrain(project, f"{day} {kind} {case}", kind, day, daily[year] if kind == "daily" else "")
        for receiver, count in sent[year].items():
            for case in range(count):
                hand(project, f"{day} {receiver} {case}", ways[receiver], day)
    before, now = table(chapter(project).measures_and_transfers())[-2:]
    assert before == {
        **{"year": "2023", "seal": "3", "restrict": "1", "daily": "2", "daily_amount": "2.0万元"},
        **{"sent_police": "6", "sent_procuratorate": "4", "sent_court": "5"},
    }
    assert now == {
        **{"year": "2024", "seal": "1", "restrict": "2", "daily": "3", "daily_amount": "4.5万元"},
        **{"sent_police": "4", "sent_procuratorate": "5", "sent_court": "6"},
    }


# --- what is counted once a year ------------------------------------------------------------------


def count(project: Project, year: int, **counts: str) -> None:
    """What was counted in a year: nothing of anything, unless said."""
    path = project.data / "law/yearly.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        nothing = dict.fromkeys(next(csv.reader(lines)), "0")
    add(path, {**nothing, "area_code": CODES["liwan"], "year": str(year), **counts, **DEMO})


def test_lessons_stand_under_their_own_headings_beside_the_staff_that_was_published(project: Project) -> None:
    count(project, 2023, officials_trained="67", events="9", cases_explained="3")
    count(project, 2024, officials_trained="136", events="17", cases_explained="4")
    for indicator, value in (("public_lawyers", "27"), ("legal_officers", "35"), ("educators", "51")):
        publish(project, indicator, value, "L3")
    publish(project, "consultations_at_least", "420", "L3")
    block = chapter(project, "guangzhou").education()
    assert table(block) == [
        {
            **{"year": "2023", "public_lawyers": "—", "legal_officers": "—", "educators": "—"},
            **{"officials_trained": "67", "events": "9", "cases_explained": "3"},
        },
        {
            **{"year": "2024", "public_lawyers": "27", "legal_officers": "35", "educators": "51"},
            **{"officials_trained": "136", "events": "17", "cases_explained": "4"},
        },
    ]
    assert "至少420次" in notes(block)
    assert list(table(chapter(project).education())[0]) == ["year", "officials_trained", "events", "cases_explained"]


def test_service_stands_under_its_own_headings(project: Project) -> None:
    count(project, 2023, positive_list="7", offsite_checks="28", exempted="5", visits="24")
    count(project, 2024, positive_list="8", offsite_checks="21", exempted="4", visits="30")
    assert table(chapter(project).service()) == [
        {"year": "2023", "positive_list": "7", "offsite_checks": "28", "exempted": "5", "visits": "24"},
        {"year": "2024", "positive_list": "8", "offsite_checks": "21", "exempted": "4", "visits": "30"},
    ]


def test_the_insured_are_a_share_of_those_asked_and_cover_is_not_what_was_paid(project: Project) -> None:
    """1 of 4 and 6 of 8."""
    amounts = {"cover_10k_yuan": "400", "paid_10k_yuan": "7", "insurance_claims": "1"}
    count(project, 2023, insurance_asked="4", insured="1", **amounts)
    amounts = {"cover_10k_yuan": "950", "paid_10k_yuan": "18", "insurance_claims": "5"}
    count(project, 2024, insurance_asked="8", insured="6", **amounts)
    block = chapter(project).insurance()
    assert table(block) == [
        {"year": "2023", "insured_share": "25.0%", "cover": "400万元", "paid": "7万元"},
        {"year": "2024", "insured_share": "75.0%", "cover": "950万元", "paid": "18万元"},
    ]
    assert "2024年理赔5次" in notes(block)


def test_layers_of_the_platform_are_not_the_sites_looked_up_in_it(project: Project) -> None:
    count(project, 2023, platform_layers="12", sites_looked_up="26")
    count(project, 2024, platform_layers="16", sites_looked_up="31")
    assert table(chapter(project).platform()) == [
        {"year": "2023", "layers": "12", "looked_up": "26"},
        {"year": "2024", "layers": "16", "looked_up": "31"},
    ]


# --- suits ----------------------------------------------------------------------------------------


def sue(
    project: Project, case: str, filed: str, plaintiff: str, is_appraised: str = "false", punitive: str = ""
) -> None:
    """A suit in the public interest for a million yuan."""
    about = {"case_id": case, "area_code": CODES["liwan"], "filed_date": filed, "plaintiff": plaintiff}
    claim = {"medium": "water", "is_appraised_first": is_appraised, "claimed_yuan": "1000000"}
    add(project.data / "law/litigation.csv", {**about, **claim, "punitive_yuan": punitive, **DEMO})


def test_suits_stand_under_their_own_headings(project: Project) -> None:
    """Punitive damages of 2024: 60,000 + 34,000 yuan."""
    sue(project, "a", "2023-12-31", "organisation")
    sue(project, "b", "2024-01-01", "organisation", "true", "60000")
    sue(project, "c", "2024-05-01", "organisation")
    for case in ("d", "e"):
        sue(project, case, "2024-06-01", "procuratorate", "true")
    sue(project, "f", "2024-07-01", "procuratorate", punitive="34000")
    sue(project, "g", "2024-12-31", "procuratorate")
    sue(project, "h", "2025-01-01", "procuratorate", "true", "70000")
    count(project, 2023, organisations="11", volunteers="138")
    count(project, 2024, organisations="12", volunteers="176")
    before, now = table(chapter(project).suits_by_year())[-2:]
    assert before == {
        **{"year": "2023", "suits": "1", "organisation": "1", "procuratorate": "0", "appraised_first": "0"},
        **{"punitive": "—", "organisations": "11", "volunteers": "138"},
    }
    assert now == {
        **{"year": "2024", "suits": "6", "organisation": "2", "procuratorate": "4", "appraised_first": "3"},
        **{"punitive": "9.4万元", "organisations": "12", "volunteers": "176"},
    }


def test_what_was_published_of_suits_amounts_and_documents_is_printed_before_what_was_counted(project: Project) -> None:
    penalise(project)
    sue(project, "a", "2024-05-01", "organisation", "true", "60000")
    agreed = {"is_claimed": "true", "way": "negotiated", "amount_yuan": "67094"}
    lead(project, "b", screened_date="2024-02-01", settled_date="2024-03-01", **agreed)
    document(project, "valid", issued_year="2024", issued_date="2024-03-01")
    publish(project, "suits", "21", "L5")
    publish(project, "appraised_first", "4", "L5")
    publish(project, "punitive_10k_yuan", "88.5", "L5", "10k yuan")
    publish(project, "amount_10k_yuan", "640.2", "L4", "10k yuan")
    publish(project, "documents", "35", "L1")
    city = chapter(project, "guangzhou")
    found = (*(city.filed(kind, 2024) for kind in ("suits", "appraised_first")), city.punitive(2024))
    found += (city.compensation(2024), city.documents(2024))
    assert [(text(figure), figure.status) for figure in found] == [
        (value, "official") for value in ("21", "4", "88.5", "640.2", "35")
    ]
    assert text(chapter(project).filed("suits", 2024)) == "1"


# --- compensation ---------------------------------------------------------------------------------


def test_leads_are_counted_by_how_far_they_came_by_the_end_of_the_year(project: Project) -> None:
    penalise(project)
    agreed = {"is_claimed": "true", "way": "negotiated", "amount_yuan": "67094"}
    lead(project, "a")
    lead(project, "b", screened_date="2023-05-01")
    lead(project, "c", screened_date="2023-05-01", settled_date="2024-02-01", **agreed)
    done = {"restored_date": "2024-12-31", "is_supervised": "true"}
    lead(project, "d", screened_date="2023-05-01", settled_date="2023-12-31", **done, **agreed)
    now, before = chapter(project), chapter(project, year=2023)
    assert [text(now.stage(name)) for name in STAGES] == ["4", "3", "2", "2", "1"]
    assert [text(before.stage(name)) for name in STAGES] == ["4", "3", "2", "1", "0"]
    assert [text(now.compensation(year)) for year in (2022, 2023, 2024)] == [None, "6.7", "6.7"]
    assert text(now.compensation_so_far()) == "13.4"
    assert [text(now.compensation_cases(year)) for year in (2023, 2024)] == ["2", "0"]
    rows = table(now.funnel())
    assert [row["of_leads"] for row in rows] == ["100.0%", "75.0%", "50.0%", "50.0%", "25.0%"]
    assert "从2023年的线索算起，到2024年底累计" in notes(now.funnel())
    assert "2023年到2024年底累计有线索4条" in said(now.answer())


def test_damage_to_air_and_water_rests_on_the_civil_code_and_daily_fines_on_the_law_of_each_medium(
    project: Project,
) -> None:
    penalise(project)
    lead(project, "a")
    restrain(project, "b", "daily", "2024-05-01", "10000")
    found = chapter(project)
    claimed, daily = (
        {rule.standard: rule.clause for rule in figure.rules}
        for figure in (found.stage("leads"), found.taken("daily", 2024))
    )
    assert claimed == {"民法典": "第一千二百三十四条、第一千二百三十五条", "固体废物污染环境防治法": "第一百二十二条"}
    assert daily == {
        **{"环境保护法（2014年修订）": "第五十九条", "大气污染防治法": "第一百二十三条"},
        **{"水污染防治法（2017年修正）": "第九十五条", "排污许可管理条例": "第三十八条"},
    }
    for language, words in (("zh", "水的见水污染防治法第九十五条"), ("en", "Article 95 of the law on water")):
        assert words in notes(chapter(project, language=language).measures_and_transfers())


def test_an_amount_is_told_only_where_a_case_was_settled(project: Project) -> None:
    penalise(project)
    lead(project, "a")
    assert "达成协议或判决0件，完成修复0件" in said(chapter(project).answer())
    agreed = {"is_claimed": "true", "way": "negotiated", "amount_yuan": "67094"}
    lead(project, "b", screened_date="2023-05-01", settled_date="2024-02-01", **agreed)
    assert "达成协议或判决1件，共6.7万元，" in said(chapter(project).answer())


def test_the_published_number_of_claims_is_printed_and_said_to_be_no_series(shipped: Project) -> None:
    """广州市生态环境局2023年法治政府建设年度报告: 42 cases."""
    city = chapter(shipped, "guangzhou")
    assert (text(city.compensation_cases(2023)), city.compensation_cases(2023).status) == ("42", "official")
    assert city.compensation_cases(2024).status == "demonstration"
    assert "2023年的案件数是公布的" in notes(city.claims_by_year())
    assert "公布办理生态环境损害赔偿案件42宗" in said(chapter(shipped, "guangzhou", 2023).answer())


# --- documents, plans, zones ----------------------------------------------------------------------


def document(project: Project, name: str, **values: str) -> None:
    row = {"document_id": name, "area_code": CODES["guangzhou"], "level": "municipal", "kind": "plan", **values}
    names = {"name_zh": name, "name_en": name, "status": "official", "source_id": "gz-plan-14-5"}
    add(project.data / "law/regulations.csv", row | names)


def test_a_document_is_valid_until_it_ends(project: Project) -> None:
    document(project, "ended", issued_year="2021", issued_date="2021-01-01", valid_until="2023-12-30")
    document(project, "valid", issued_year="2024", issued_date="2024-03-01", valid_until="2024-12-31")
    document(project, "later", issued_year="2024", issued_date="2024-12-01", in_force_date="2025-01-01")
    document(project, "beyond", issued_year="2025", issued_date="2025-01-01")
    city = chapter(project, "guangzhou")
    rows = {row["document"]: row["state"] for row in table(city.documents_register())}
    assert rows == {"ended": "已失效", "valid": "有效", "later": "尚未施行"}
    assert [text(city.documents(year)) for year in (2022, 2023, 2024)] == ["1", "0", "1"]


# What no document stands behind that could be in a register: own rules, published figures, ranges of several laws, a
# table of factors, two whose title and year were not read, and an announcement of results.
NO_DOCUMENT = {
    *("reportkit", "广州市环境空气质量通报", "固体废物污染环境防治信息公告", "法律、法规的罚款幅度"),
    *("化石燃料二氧化碳排放因子参考表", "放射源分类办法；射线装置分类", "国务院令第449号"),
    "穗环〔2019〕131号",
}


def test_every_instrument_that_rules_were_read_in_is_in_the_register() -> None:
    """As far as it holds by the end of the newest year of the site."""
    register = read(REPO / "data/law/regulations.csv")
    names = {plain(row["name_zh"]) for row in register} | {row["number"] for row in register if row["number"]}
    of_rules = read(REPO / "data/standards/rules.csv") + read(REPO / "data/standards/credit_weights.csv")
    of_rules += read(REPO / "data/standards/enterprises_duties.csv") + read(
        REPO / "data/standards/market_tax_rates.csv"
    )
    seen = [row for row in of_rules if row["verification"] == "seen" and row["valid_from"] <= "2024-12-31"]
    applied = {row["standard"] for row in seen} - NO_DOCUMENT
    absent = {it for it in applied if not any(name in plain(it) or plain(it) in name for name in names)}
    assert absent == {"沪深北证券交易所可持续发展报告指引（试行）"}  # of the exchanges, not of an authority


def plain(name: str) -> str:
    return name.replace("（", "(").replace("）", ")")


def test_the_register_has_the_numbers_that_pages_print(shipped: Project) -> None:
    rows = {row["number"]: row for row in table(chapter(shipped, "guangzhou").documents_register())}
    assert rows["国务院令第736号"]["document"] == "排污许可管理条例"
    assert rows["GB 3838-2002"]["kind"] == "标准、指引"
    assert rows["生态环境部令第27号"]["issued"] == "2023-01-01起施行"
    assert rows["穗环〔2015〕210号"]["level"] == "市"
    assert rows["第95号公告"]["kind"] == "地方性法规"  # a decision of the standing committee of a people's congress
    assert "穗环〔2019〕131号" not in rows  # results that were announced are no document of this register


def test_a_document_that_was_replaced_is_no_longer_valid_and_names_the_later_one(shipped: Project) -> None:
    """The scheme of zoning of 2021 was revised in 2024; the block on zones shows the edition of 2024."""
    rows = {row["document"]: row for row in table(chapter(shipped, "guangzhou").documents_register())}
    old = rows["广州市“三线一单”生态环境分区管控方案"]
    assert (old["state"], old["ends"]) == ("已失效", "由《广州市生态环境分区管控方案（2024年修订）》取代")
    before = table(chapter(shipped, "guangzhou", 2023).documents_register())
    (old,) = (row for row in before if row["document"] == "广州市“三线一单”生态环境分区管控方案")
    assert (old["state"], old["ends"]) == ("有效", "—")


def test_the_shipped_register_names_sources_and_no_document_of_the_doubtful_ones() -> None:
    trust = {row["source_id"]: row["trust"] for row in read(REPO / "data/sources.csv")}
    for row in read(REPO / "data/law/regulations.csv") + read(REPO / "data/law/published.csv"):
        assert row["status"] == {"A": "official", "B": "official", "C": "provisional"}[trust[row["source_id"]]], row


ENFORCED = (
    "律师|法制员|普法|法律咨询|损害赔偿|处罚|罚款|罚没款|罚单|立案|查封|行政处理"
    "|移送|移交|强制执行|拘留|配套办法|五类案件|百日行动"
)


def test_every_usable_row_of_the_reference_material_is_shipped(shared: Path) -> None:
    """Staff, advice and claims of the yearly reports; penalties, measures, transfers and single cases of trust A to C.

    Panyu's patrols of building sites, by the department of housing, are on the page of supervision.
    """
    code = {row["name_zh"]: row["area_code"] for row in read(REPO / "data/areas.csv")} | {"全市": CODES["guangzhou"]}
    lines = read(shared / "domain/figures/published_figures.csv")
    wanted = [
        (code[row["area"]], row["period"], Decimal(row["value"]), row["unit"], row["trust"])
        for row in lines
        if row["topic"] == "enforcement" and row["trust"] in "ABC" and "住建局" not in row["source_title"]
        if re.search(ENFORCED, row["indicator"] + row["source_title"])
    ]
    units = {"亿元": "100M yuan", "万元": "10k yuan", "元": "yuan", "%": "%", "吨": "t"}
    trust = {row["source_id"]: row["trust"] for row in read(REPO / "data/sources.csv")}
    own = [
        (row["area_code"], Decimal(row["value"]), row["unit"], trust[row["source_id"]])
        for row in read(REPO / "data/law/published.csv")
    ]
    assert len(own) == 56
    assert sorted(own) == sorted((area, value, units.get(unit, "1"), of) for area, _, value, unit, of in wanted)
    years = sorted((row["area_code"], row["year"]) for row in read(REPO / "data/law/published.csv"))
    # A settlement is put to the year in which it was agreed.
    agreed = {"2022年7月查处/2023-03-15签约": "2023", "2020年7月查处/2021年2月磋商": "2021"}
    assert years == sorted((area, agreed.get(period, period[:4])) for area, period, *_ in wanted)


@pytest.mark.parametrize(
    ("area", "values", "words"),
    [
        ("huadu", ["728", "50", "586", "1,905.86万元", "10", "119"], "年份待核"),
        ("baiyun", ["17", "15", "33万元", "64"], "2016年9月10日至30日"),
        ("guangzhou", ["2,082", "1.13亿元", "45", "42", "29", "2", "6"], "2018年上半年"),
        ("tianhe", ["67,093.95元", "7,776元"], "扬尘"),
    ],
)
def test_what_was_published_of_an_area_stands_on_its_page(
    tmp_path: Path, area: str, values: list[str], words: str
) -> None:
    project = small_project(tmp_path, districts=("huadu", "baiyun", "tianhe"), data_years=())
    block = chapter(project, area).statements()
    rows = table(block)
    assert set(values) <= {row["value"] for row in rows}
    assert words in joined(row["statement"] for row in rows)
    of_others = {source["publisher"] for source in block.sources if source["trust"] == "C"}
    assert ("信息时报" in of_others) == (area == "baiyun")
    years = [row["year"] for row in rows]
    assert years == sorted(years, reverse=True)


def test_plans_are_the_citys_on_every_page_and_a_district_says_its_own_tasks(shipped: Project) -> None:
    city, district = chapter(shipped, "guangzhou"), chapter(shipped)
    assert table(city.plans()) == table(district.plans())
    assert len(table(city.plans())) == 12  # eleven special plans and the master plan
    assert "其中由荔湾区承担的任务有" in notes(district.plans())


def test_of_plans_that_the_register_does_not_hold_the_text_is_said_not_to_be_found(tmp_path: Path) -> None:
    project = small_project(tmp_path, districts=("liwan",), data_years=())

    def documents() -> dict[str, tuple[str, ...]]:
        rows = table(chapter(project).plans())
        return {row["plan"]: tuple(row[name] for name in ("number", "issued", "state")) for row in rows}

    found = documents()
    assert found.pop("城市环境总体规划") == ("穗府〔2024〕9号", "2024-09-12", "有效")
    assert set(found.values()) == {("没有找到",) * 3}
    assert len(found) == 11
    assert "十一个专项规划的文本和文号没有找到" in notes(chapter(project).plans())
    assert "Neither the texts nor the numbers" in notes(chapter(project, language="en").plans())
    of_air = {"document_id": "x", "plan": "air", "number": "示例〔2022〕1号", "issued_date": "2022-03-01"}
    of_air |= {"issued_year": "2022", "name_zh": "示例大气规划", "valid_until": "2023-12-31"}
    edit(
        project.data / "law/regulations.csv",
        lambda rows: [*rows, next(row for row in rows if row["plan"] == "master") | of_air],
    )
    assert documents()["大气"] == ("示例〔2022〕1号", "2022-03-01", "已失效")
    assert "文本和文号没有找到的专项规划：水、土壤、海洋、" in notes(chapter(project).plans())
    assert "十一个专项规划的文本" not in notes(chapter(project).plans())


def test_the_zones_of_an_area_are_all_its_land_in_the_newest_edition(shipped: Project) -> None:
    for area in ("guangzhou", "liwan", "conghua"):
        shares = [Decimal(str(chapter(shipped, area).zone_share(class_).value)) for class_ in CLASSES]
        assert abs(sum(shares) - 100) <= Decimal("0.1")
    assert "2024年版" in notes(chapter(shipped).zoning())
    assert "2021年版" in notes(chapter(shipped, year=2023).zoning())


def test_a_cut_is_met_by_no_less_than_was_planned(project: Project) -> None:
    for pollutant, achieved in (("cod", "10.0"), ("nox", "9.9")):
        where = {"area_code": CODES["liwan"], "year": "2024", "pollutant": pollutant}
        add(project.data / "law/reductions.csv", {**where, "planned_t": "10.0", "achieved_t": achieved, **DEMO})
    rows = {row["pollutant"]: row for row in table(chapter(project).reductions())}
    assert [rows["化学需氧量"][name] for name in ("verdict", "cut_share")] == ["已达到", "100.0%"]
    assert rows["氮氧化物"]["verdict"] == "未达到"


# --- pages ----------------------------------------------------------------------------------------


def test_an_area_without_rows_says_so(project: Project) -> None:
    for area in ("guangzhou", "liwan"):
        found = chapter(project, area)
        assert "没有找到" in said(found.answer())
        assert {found.disclosure(item).state for item in found.items} == {NOT_DISCLOSED}
        known = [
            figure.name
            for block in blocks_of(project, area, 2024, "zh", Law)
            for figure in block.figures
            if figure.value not in (None, 0)
        ]
        assert known == []


def test_made_up_rows_do_not_count_as_disclosed_and_published_ones_do(shipped: Project) -> None:
    assert {chapter(shipped).disclosure(item).state for item in Law.items} == {NOT_DISCLOSED}
    city = chapter(shipped, "guangzhou")
    found = {item: city.disclosure(item) for item in Law.items}
    partly = {item: it.since for item, it in found.items() if it.state == PARTLY}
    assert partly == {"L1": 2002, "L3": 2022, "L6": 2021}
    assert chapter(shipped, "guangzhou", 2023).disclosure("L4").state == PARTLY


def test_a_nought_is_as_invented_as_the_rest_and_nothing_is_counted_where_nothing_is_known(
    shipped: Project, project: Project
) -> None:
    noughts = [chapter(shipped).sent_for(reason) for reason in ("detention", "crime", "lead", "execution")]
    assert {(figure.value, figure.status) for figure in noughts} == {(0, "demonstration")}
    assert chapter(project).sent_for("crime").value is None


def test_the_city_is_the_sum_of_its_districts(shipped: Project) -> None:
    city, parts = chapter(shipped, "guangzhou"), [chapter(shipped, area) for area in ("liwan", "conghua")]
    for violation in ("", *VIOLATIONS):
        assert city.penalties(2024, violation).value == sum(part.penalties(2024, violation).value for part in parts)
    for stage in STAGES:
        assert city.stage(stage).value == sum(part.stage(stage).value for part in parts)
    for column in ("officials_trained", "insured", "paid_10k_yuan", "plan_tasks", "sites_looked_up"):
        assert city.yearly(column, 2024).value == sum(part.yearly(column, 2024).value for part in parts)


def test_the_answer_says_first_what_was_published_and_that_the_rest_is_invented(shipped: Project) -> None:
    for area, words in (("guangzhou", "下面是示例各区之和"), ("liwan", "下面是示例")):
        first, second, *_ = said(chapter(shipped, area).answer()).split("\n")
        assert "公职律师27人" in first
        assert words in second
    assert "Legal staff of Guangzhou as published for 2024" in said(chapter(shipped, language="en").answer())


def test_the_overview_has_a_sentence_and_two_figures(shipped: Project) -> None:
    found = chapter(shipped)
    headline = found.headline()
    assert [card.value for card in headline.cards] == [found.penalties(2024), found.average_days(2024)]
    assert joined([part.printed["zh"][0] if isinstance(part, Figure) else part for part in headline.sentence])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("year", [2023, 2024])
def test_every_figure_follows_from_its_derivation(shipped: Project, year: int, language: str, tmp_path: Path) -> None:
    """Recomputed by ``verify``, which shares no code with the chapter."""
    found = published(shipped, tmp_path, Law, ("guangzhou", "liwan", "conghua"), year, language)
    assert len(found.entries) > 500
    assert [str(problem) for problem in found.problems()] == []
    assert [str(problem) for problem in verify_law.problems(found.tables)] == []
