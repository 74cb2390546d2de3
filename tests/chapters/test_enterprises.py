"""The chapter on enterprises: two totals, reports held to their deadline, published lists first, nothing passed off."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import html

from projects import ALL_ENTERPRISES, CODES, HOSTILE, REPO, Row, add, blocks_of, edit, read, small_project, write
from recomputed import published
from reportkit.blocks import render
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY
from reportkit.chapters.enterprises import Enterprises
from reportkit.chapters.enterprises_figures import WANTED
from reportkit.project import Project
from reportkit.standards import enterprises as standards
from reportkit.verify import enterprises as checker
from shown import joined, notes, said, table, text

ORIGIN = {"status": "demonstration", "source_id": "demo-enterprises"}
OWN = [path.stem for path in sorted((REPO / "data/enterprises").glob("*.csv"))]
GROUPS = tuple(code for code, row in standards.contents(standards.IN_FORCE).items() if not row["value"])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The city and two districts with four enterprises of which nothing else is known."""
    project = small_project(
        tmp_path / "project", districts=("liwan", "conghua"), data_years=(), enterprises=ALL_ENTERPRISES
    )
    for name in OWN:
        write(project.data / f"enterprises/{name}.csv", [])
    for name in ("penalties", "coercive_measures", "transfers"):
        write(project.data / f"law/{name}.csv", [])
    register = [enterprise(1), enterprise(2, is_listed="true"), enterprise(3, "conghua"), enterprise(4, closed="2023")]
    add(project.data / "enterprises/register.csv", *register)
    return project


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped tables of the city and two districts."""
    folder = tmp_path_factory.mktemp("enterprises")
    return small_project(
        folder, districts=("liwan", "conghua"), years=(2023, 2024), data_years=(), enterprises=ALL_ENTERPRISES
    )


def enterprise(number: int, area: str = "liwan", is_listed: str = "false", closed: str = "") -> Row:
    names = {"name_zh": f"示例企业{number}", "name_en": f"Demo enterprise {number}"}
    about = {"area_code": CODES[area], "industry": "plating", "is_listed": is_listed}
    return {"enterprise_id": f"E{number}", **names, **about, "opened_year": "2001", "closed_year": closed, **ORIGIN}


def put(project: Project, name: str, *rows: Row) -> None:
    add(project.data / f"enterprises/{name}.csv", *[{"area_code": CODES["liwan"], **ORIGIN, **row} for row in rows])


def listed(number: int, year: int, kind: str = "water", area: str = "liwan") -> Row:
    return {"enterprise_id": f"E{number}", "year": str(year), "kind": kind, "area_code": CODES[area]}


def report(number: int, published: str, area: str = "liwan", **left_out: str) -> Row:
    """A report with all eight groups, but for what is *left_out*."""
    held = {f"has_{group}": "true" for group in GROUPS} | {f"has_{group}": is_ for group, is_ in left_out.items()}
    key = {"enterprise_id": f"E{number}", "year": published[:4], "area_code": CODES[area]}
    return {**key, "published_date": published, **held}


def fine(number: int, yuan: int, decided: str, area: str = "liwan") -> Row:
    about = {"number": f"n{number}-{decided}", "enterprise_id": f"E{number}", "area_code": CODES[area]}
    days = {"filed_date": decided, "decided_date": decided}
    origin = {"status": "demonstration", "source_id": "demo-law"}
    return {**about, **days, "violation": "ledger", "fine_yuan": str(yuan), "kinds": "fine", **origin}


def printed(indicator: str, value: str, year: int, item: str = "E3", **more: str) -> Row:
    names = {"item_id": item, "indicator": indicator, "name_zh": "例", "name_en": "Example", "unit": "1"}
    own = {"area_code": CODES["guangzhou"], "year": str(year), "value": value}
    return {**names, **own, "status": "official", "source_id": "gz-annual-2024", **more}


def chapter(project: Project, area: str = "liwan", year: int = 2024, language: str = "zh") -> Enterprises:
    return Enterprises.open(area, year, language, project)


# --- two totals -----------------------------------------------------------------------------------


def test_a_unit_in_two_classes_is_one_unit_and_two_listings(project: Project) -> None:
    put(project, "key_units", listed(1, 2024), listed(1, 2024, "risk"), listed(2, 2024, "soil"))
    own = chapter(project)
    assert (text(own.key_units(2024)), text(own.listings(2024))) == ("2", "3")
    (*classes, listings, units) = table(own.key_unit_classes())
    assert [row["in_2024"] for row in classes] == ["1", "0", "0", "0", "1", "1"]
    assert (listings["in_2024"], units["in_2024"]) == ("3", "2")


def test_districts_are_compared_by_units_and_by_listings(project: Project) -> None:
    put(project, "key_units", listed(1, 2024), listed(1, 2024, "risk"), listed(3, 2024, "air", "conghua"))
    monitored = {"year": "2024", "required": "12", "measured": "12", "within": "12", "result": "meets"}
    put(project, "self_monitoring", {"enterprise_id": "E1", **monitored})
    put(project, "self_monitoring", {"enterprise_id": "E3", "area_code": CODES["conghua"], **monitored})
    rows = {row["area"]: (row["key_units"], row["listings"]) for row in table(chapter(project).districts())}
    assert rows == {"广州市": ("2", "3"), "荔湾区": ("1", "2"), "从化区": ("1", "1")}


def test_the_published_list_of_2023_has_671_units_in_863_listings(shipped: Project) -> None:
    """339 + 5 + 189 + 2 + 52 + 276 = 863, as reported; nothing of that year comes from the invented list."""
    city = chapter(shipped, "guangzhou")
    assert (text(city.key_units(2023)), text(city.listings(2023))) == ("671", "863")
    parts = [city.listings_in(kind, 2023) for kind in standards.key_unit_classes(standards.annual_deadline(2024))]
    assert [text(part) for part in parts] == ["339", "5", "189", "2", "52", "276"]
    assert sum(part.value for part in parts) == 863
    assert {part.status for part in parts} == {"provisional"}


def test_of_a_year_with_only_listings_published_no_units_are_counted(shipped: Project) -> None:
    """Of 2022 the press gave 1140 listings and no number of units."""
    city = chapter(shipped, "guangzhou")
    assert (text(city.listings(2022)), text(city.key_units(2022))) == ("1140", None)


def test_the_series_breaks_at_new_classes_and_where_invented_lists_begin(shipped: Project) -> None:
    assert chapter(shipped).list_breaks() == [2023]
    city = chapter(shipped, "guangzhou")
    assert city.list_years == [2015, 2021, 2022, 2023, 2024]
    assert city.list_breaks() == [2021, 2022, 2023, 2024]


# --- who must disclose ----------------------------------------------------------------------------


def test_dischargers_audited_and_listed_that_were_fined_must_disclose(project: Project) -> None:
    put(project, "key_units", listed(1, 2023), listed(3, 2023, "risk", "conghua"))
    put(project, "cleaner_production", {"enterprise_id": "E1", "year": "2023", "reason": "toxic"})
    add(project.data / "law/penalties.csv", fine(2, 100_000, "2023-12-31"), fine(3, 900_000, "2023-05-01", "conghua"))
    put(project, "disclosures", report(1, "2024-03-15"))
    own = chapter(project)
    rows = own.disclosers.rows.set_index("enterprise_id")
    assert list(rows.index) == ["E1", "E2"]
    assert rows.loc["E1", ["is_discharger", "is_audited", "is_triggered"]].tolist() == [True, True, False]
    assert rows.loc["E2", ["is_discharger", "is_audited", "is_triggered"]].tolist() == [False, False, True]
    assert rows.loc["E2", "source_id"] == "demo-law"
    assert text(chapter(project, "conghua").due(2024)) == "0"  # a unit of high risk, fined but not listed


@pytest.mark.parametrize(
    ("yuan", "decided"), [(99_999, "2023-06-01"), (100_000, "2022-12-31"), (100_000, "2024-01-01")]
)
def test_a_smaller_fine_or_one_of_another_year_obliges_nobody(project: Project, yuan: int, decided: str) -> None:
    put(project, "disclosures", report(3, "2024-03-01", "conghua"))
    add(project.data / "law/penalties.csv", fine(2, yuan, decided))
    assert text(chapter(project).due(2024)) == "0"


def transfer(**values: str) -> Row:
    """A case of E2 that was handed on in 2023."""
    about = {"case_id": "t", "number": "n", "enterprise_id": "E2", "area_code": CODES["liwan"]}
    sent = {"sent_date": "2023-06-01", "sender": "procuratorate", "receiver": "court", "reason": "charge"}
    return {**about, **sent, "is_accepted": "true", "status": "demonstration", "source_id": "demo-law", **values}


@pytest.mark.parametrize(
    ("table", "row", "is_obliged"),
    [
        ("penalties", fine(2, 50_000, "2023-06-01") | {"kinds": "fine;revoke_permit"}, True),
        ("penalties", fine(2, 50_000, "2023-06-01") | {"kinds": "fine;suspend_permit"}, False),
        ("penalties", fine(2, 50_000, "2022-06-01") | {"kinds": "revoke_permit"}, False),
        ("transfers", transfer(outcome="convicted", outcome_date="2023-12-31"), True),
        ("transfers", transfer(outcome="convicted", outcome_date="2024-01-01"), False),
        ("transfers", transfer(outcome="acquitted", outcome_date="2023-12-31"), False),
        ("transfers", transfer(), False),
        ("transfers", transfer(sender="bureau", receiver="police", reason="detention"), True),
    ],
)
def test_a_permit_revoked_or_a_conviction_in_the_year_before_obliges_a_listed_enterprise(
    project: Project, table: str, row: Row, is_obliged: bool
) -> None:
    """Order 24, Art. 8: below a fine of 100,000 yuan another of its cases is needed."""
    put(project, "disclosures", report(3, "2024-03-01", "conghua"))
    add(project.data / f"law/{table}.csv", row)
    assert text(chapter(project).due(2024)) == str(int(is_obliged))


def test_what_closed_by_the_end_of_the_year_before_need_not_report(project: Project) -> None:
    put(project, "key_units", listed(4, 2023), listed(1, 2023))
    put(project, "disclosures", report(1, "2024-03-01"))
    assert chapter(project).disclosers.rows["enterprise_id"].tolist() == ["E1"]


def test_until_2022_units_for_soil_were_on_the_list_of_dischargers(project: Project) -> None:
    put(project, "key_units", listed(1, 2022, "soil"), listed(1, 2023, "soil"))
    put(project, "disclosures", report(3, "2023-03-01", "conghua"), report(3, "2024-03-01", "conghua"))
    own = chapter(project)
    assert [text(own.due(year)) for year in (2023, 2024)] == ["1", "0"]


# --- in time, late, missing -----------------------------------------------------------------------


@pytest.fixture
def reported(project: Project) -> Project:
    """E1 in time on the last day, E2 two days late and without carbon, E3 of the other district not at all."""
    units = [listed(1, 2023), listed(2, 2023), listed(3, 2023, area="conghua")]
    put(project, "key_units", *units)
    put(project, "disclosures", report(1, "2024-03-15"), report(2, "2024-03-17", carbon="false", financing="true"))
    return project


def test_the_last_day_is_in_time_and_the_day_after_is_late(reported: Project) -> None:
    own, city = chapter(reported), chapter(reported, "guangzhou")
    assert [text(own.disclosed(state, 2024)) for state in standards.STATES] == ["1", "1", "0", "0"]
    assert [text(city.disclosed(state, 2024)) for state in standards.STATES] == ["1", "1", "1", "0"]
    assert (text(own.on_time_share(2024)), text(city.on_time_share(2024))) == ("50.0", "33.3")
    assert text(own.days_late("E2")) == "2"


def test_a_report_is_complete_with_all_that_it_is_asked_for(reported: Project) -> None:
    own = chapter(reported)
    assert (text(own.complete(2024)), text(own.content_share("carbon", 2024))) == ("1", "50.0")
    put(reported, "disclosures", report(3, "2024-02-01", "conghua", audit="false"))
    assert text(chapter(reported, "conghua").complete(2024)) == "0"


def test_a_group_asked_of_some_is_a_share_of_these(reported: Project) -> None:
    own = chapter(reported)
    assert text(own.content_share("financing", 2024)) == "100.0"  # of E2 alone
    assert text(own.content_share("audit", 2024)) is None
    assert "audit" not in {row["group"] for row in table(own.contents())}


def test_the_board_has_a_bar_for_each_district_and_the_city_above_them(reported: Project) -> None:
    rows = table(chapter(reported).board())
    assert [row["area"] for row in rows] == ["广州市", "荔湾区", "从化区"]
    assert [row["due"] for row in rows] == ["3", "2", "1"]
    assert [row["report_missing"] for row in rows] == ["1", "0", "1"]


def test_the_late_are_named_with_the_way_to_their_archive(reported: Project) -> None:
    block = chapter(reported).overdue()
    (row,) = block.as_json()["content"]["table"]["rows"]
    assert row[0] == {"href": "2024/enterprises/E2.html", "text": "示例企业2"}
    (told,) = table(block)
    assert (told["state"], told["published"], told["days_late"]) == ("逾期", "2024-03-17", "2天")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_the_name_of_an_enterprise_stays_text(reported: Project, hostile: str) -> None:
    edit(
        reported.data / "enterprises/register.csv",
        lambda rows: [row | ({"name_zh": hostile} if row["enterprise_id"] == "E2" else {}) for row in rows],
    )
    shown = html.fromstring(str(render(chapter(reported).overdue().as_json())))
    assert shown.xpath("string(.//td/a)") == hostile
    assert shown.xpath(".//td/a/*") == []


def test_a_page_lists_twenty_and_says_how_many_there_are(project: Project) -> None:
    many = range(10, 40)
    add(project.data / "enterprises/register.csv", *map(enterprise, many))
    put(project, "key_units", *(listed(number, 2023) for number in many), listed(1, 2023))
    put(project, "disclosures", report(1, "2024-03-01"))
    block = chapter(project).overdue()
    assert len(table(block)) == 20
    assert "共30家，这里列出前20家" in notes(block)


def test_where_no_report_of_the_city_is_known_nobody_is_said_to_be_missing(project: Project) -> None:
    put(project, "key_units", listed(1, 2023))
    own = chapter(project)
    assert text(own.due(2024)) == "0"
    assert own.board().kind == own.overdue().kind == "statement"


# --- temporary reports ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "published", "state"),
    [
        ("2024-09-27", "2024-10-10", standards.ON_TIME),  # around National Day: see test_standards_enterprises.py
        ("2024-09-27", "2024-10-11", standards.LATE),
        ("2024-09-27", "", standards.MISSING),
        ("2024-12-27", "", standards.OPEN),  # 30, 31 | 2, 3, 6 January
    ],
)
def test_a_document_is_told_of_within_five_working_days(
    project: Project, received: str, published: str, state: str
) -> None:
    row = {"enterprise_id": "E1", "occasion": "penalty", "received_date": received, "published_date": published}
    put(project, "key_units", listed(1, 2023))
    put(project, "disclosures", report(1, "2024-03-15"))
    put(project, "temporary_reports", row)
    own = chapter(project)
    assert own.temporary.rows["state"].tolist() == [state]
    assert text(own.documents_on_time(2024)) == {"report_on_time": "100.0", "report_open": None}.get(state, "0.0")
    assert ("还有1件期限未到" in notes(own.temporary_reports())) == (state == standards.OPEN)


def test_a_document_of_one_that_has_to_report_only_the_year_after_is_not_counted(reported: Project) -> None:
    put(reported, "key_units", listed(4, 2024))
    for number in (1, 4):
        row = {"occasion": "penalty", "received_date": "2024-09-27", "published_date": ""}
        put(reported, "temporary_reports", {"enterprise_id": f"E{number}", **row})
    own = chapter(reported)
    assert own.temporary.rows["enterprise_id"].tolist() == ["E1"]
    assert [text(own.documents(2024)), text(own.documents(2024, occasion="penalty"))] == ["1", "1"]


# --- duties ---------------------------------------------------------------------------------------


def test_duties_name_who_by_when_the_rule_and_the_fine_and_what_was_not_read(project: Project) -> None:
    """Order 24, Art. 28 and 29; the code, Art. 1110; permit regulations, Art. 36 and 37."""
    block = chapter(project).duties()
    rows = {row["provision"]: row for row in table(block)}
    fines = {name: (row["least_fine"], row["most_fine"]) for name, row in rows.items()}
    order, permits = "企业环境信息依法披露管理办法（生态环境部令第24号）", "排污许可管理条例（国务院令第736号）"
    assert fines[f"{order} 第七条、第十二条；第二十八条"] == ("10,000元", "100,000元")
    assert fines[f"{order} 第二十九条"] == ("—", "50,000元")
    assert fines["生态环境法典 第一百四十条；第一千一百一十条"] == ("20,000元", "200,000元")
    assert fines[f"{permits} 第二十三条；第三十六条"] == ("20,000元", "200,000元")
    assert fines[f"{permits} 第二十一条；第三十七条"] == ("5,000元", "20,000元")
    assert rows["生态环境法典 第一百四十条；第一千一百一十条"]["since"] == "2026-08-15"
    assert "4月30日前" in rows["沪深北证券交易所可持续发展报告指引（试行）"]["when"]
    unread = [row for row in rows.values() if row["is_read"] == "没有读到原文"]
    assert [row["duty"] for row in unread] == ["按技术指南制定监测方案、选定点位和频次"]
    assert [row["provision"] for row in unread] == ["HJ 819-2017"]
    assert "怎样衔接是法律问题" in notes(block)
    assert "关键环境信息提要、企业基本信息" in notes(block)
    assert {rule["standard"] for rule in block.as_json()["rules"]} >= {order, permits, "生态环境法典"}
    assert "By 15 March, on the year before" in {row["when"] for row in table(chapter(project, language="en").duties())}


# --- monitoring, permits, projects, products ------------------------------------------------------


def test_who_publishes_nothing_neither_meets_the_limits_nor_exceeds_them(project: Project) -> None:
    def measured(number: int, *counts: str) -> Row:
        names = ("required", "measured", "within", "result")
        return {"enterprise_id": f"E{number}", "year": "2024", **dict(zip(names, counts, strict=True))}

    rows = [measured(1, "40", "40", "40", "meets"), measured(2, "40", "30", "29", "exceeds")]
    put(project, "self_monitoring", *rows, measured(4, "20", "", "", ""))
    own = chapter(project)
    assert [text(own.monitored(2024)), text(own.monitoring_published(2024))] == ["3", "2"]
    shares = (own.published_share, own.meets_share, own.measured_share)
    assert [text(share(2024)) for share in shares] == ["66.7", "50.0", "70.0"]  # 2/3, 1/2, 70/100
    assert [row["result"] for row in table(own.monitoring_list())] == ["有超标", "没有公布"]
    told = own.self_monitoring()  # the duty is that of every permit holder, and these are not all of them
    assert "重点排污单位" in joined(told.title)
    assert "持有排污许可证的单位都须自行监测，这里只统计列入名录的" in notes(told)


def test_that_all_met_the_limits_is_marked_as_invented(project: Project) -> None:
    counts = {"required": "40", "measured": "40", "within": "40", "result": "meets"}
    put(project, "self_monitoring", {"enterprise_id": "E1", "year": "2024", **counts})
    block = chapter(project).monitoring_list()
    assert "全部达标" in said(block)
    assert block.as_json()["status"] == "demonstration"


def permit(number: int, issued: str, until: str, management: str = "key") -> Row:
    id_ = f"P{number}-{issued[:4]}"
    days = {"issued_date": issued, "valid_until": until}
    return {"permit_id": id_, "enterprise_id": f"E{number}", "management": management, **days}


def test_permits_count_at_the_end_of_each_year(project: Project) -> None:
    put(
        project,
        "permits",
        permit(1, "2018-07-03", "2023-07-02"),
        permit(1, "2023-07-03", "2028-07-02"),
        permit(2, "2019-01-01", "2023-12-31", "simplified"),
        permit(4, "2020-05-01", "2025-04-30"),
    )
    put(project, "permit_changes", {"permit_id": "P4-2020", "enterprise_id": "E4", "year": "2023", "kind": "cancelled"})
    own = chapter(project)
    assert [text(own.permits_in_force(year)) for year in (2022, 2023, 2024)] == ["3", "2", "1"]
    assert [text(own.permits_at("simplified", year)) for year in (2022, 2023, 2024)] == ["1", "1", "0"]
    assert (text(own.permits_issued("first", 2023)), text(own.permits_issued("renewed", 2023))) == ("0", "1")
    assert [text(own.permits_ending(year)) for year in (2022, 2023, 2027)] == ["2", "1", "1"]


def test_the_work_on_permits_stands_under_its_own_headings(project: Project) -> None:
    """Of nine permits until June 2025 four are cancelled in 2024; two that ended in February 2024 are renewed."""
    put(project, "permits", permit(10, "2024-02-01", "2029-01-31"))
    for number in (11, 12):
        put(project, "permits", permit(number, "2019-03-01", "2024-02-28"), permit(number, "2024-03-01", "2029-02-28"))
    put(project, "permits", *(permit(number, "2020-07-01", "2025-06-30") for number in range(21, 30)))
    kinds = {21: "changed", 22: "changed", 23: "changed", **dict.fromkeys(range(26, 30), "cancelled")}
    changes = (
        {"permit_id": f"P{number}-2020", "enterprise_id": f"E{number}", "kind": it} for number, it in kinds.items()
    )
    put(project, "permit_changes", *({**row, "year": "2024"} for row in changes))

    def oversight(year: int, management: str, *counts: int) -> Row:
        names = ("reports_due", "reports_filed", "checked", "problems", "corrected")
        return {"year": str(year), "management": management, **dict(zip(names, map(str, counts), strict=True))}

    put(project, "permit_oversight", oversight(2023, "key", 55, 52, 17, 15, 14))
    put(project, "permit_oversight", oversight(2024, "key", 60, 50, 12, 7, 6))
    put(project, "permit_oversight", oversight(2024, "simplified", 4, 3, 1, 1, 1))
    now, before = table(chapter(project).permit_work())
    assert now == {
        **{"year": "2024", "issued": "1", "renewed": "2", "changed": "3", "cancelled": "4", "ending": "5"},
        **{"reports_due": "64", "reports_filed": "53", "checked": "13", "problems": "8", "corrected": "7"},
    }
    assert before == {
        **{"year": "2023", "issued": "0", "renewed": "0", "changed": "0", "cancelled": "0", "ending": "6"},
        **{"reports_due": "55", "reports_filed": "52", "checked": "17", "problems": "15", "corrected": "14"},
    }


def test_heads_and_officers_are_shares_of_the_units_of_their_tier(project: Project) -> None:
    """Of 20, 10 and 50 units; the year before of 10, 4 and 20."""
    counts = {
        ("2024", "key"): (20, 19, 18),
        ("2024", "simplified"): (10, 8, 5),
        ("2024", "registered"): (50, 10, 4),
        ("2023", "key"): (10, 6, 3),
        ("2023", "simplified"): (4, 3, 1),
        ("2023", "registered"): (20, 2, 1),
    }
    for (year, tier), (units, heads, officers) in counts.items():
        own = {"units": str(units), "with_head": str(heads), "with_officer": str(officers)}
        put(project, "responsibility", {"year": year, "tier": tier, **own})
    assert table(chapter(project).responsibility()) == [
        {
            **{"tier": "重点管理", "tier_units": "20", "with_head": "19", "with_head_share": "95.0%"},
            **{"with_officer": "18", "with_officer_share": "90.0%"},
            **{"with_head_2023": "60.0%", "with_officer_2023": "30.0%"},
        },
        {
            **{"tier": "简化管理", "tier_units": "10", "with_head": "8", "with_head_share": "80.0%"},
            **{"with_officer": "5", "with_officer_share": "50.0%"},
            **{"with_head_2023": "75.0%", "with_officer_2023": "25.0%"},
        },
        {
            **{"tier": "登记管理", "tier_units": "50", "with_head": "10", "with_head_share": "20.0%"},
            **{"with_officer": "4", "with_officer_share": "8.0%"},
            **{"with_head_2023": "10.0%", "with_officer_2023": "5.0%"},
        },
    ]


def test_front_runners_are_counted_by_year_and_those_of_this_year_are_named_each_under_a_heading(
    project: Project,
) -> None:
    add(
        project.data / "enterprises/register.csv", *(enterprise(number) | {"industry": "steel"} for number in (5, 6, 7))
    )
    named = [(1, "2023", "plating"), (5, "2023", "steel"), (6, "2023", "steel"), (7, "2023", "steel")]
    named += [(1, "2024", "plating"), (2, "2024", "plating"), (7, "2024", "steel")]
    rows = ({"enterprise_id": f"E{number}", "year": year, "industry": kind} for number, year, kind in named)
    put(project, "front_runners", *rows)
    block = chapter(project).front_runners_table()
    found = {row.pop("industry"): row for row in table(block)}
    assert found == {
        "电镀": {"in_2023": "1", "in_2024": "2", "named_1": "示例企业1", "named_2": "示例企业2"},
        "金属冶炼": {"in_2023": "3", "in_2024": "1", "named_1": "示例企业7", "named_2": ""},
        "合计": {"in_2023": "4", "in_2024": "3", "named_1": "", "named_2": ""},
    }
    columns = block.as_json()["content"]["table"]["columns"]
    assert [column["heading"] for column in columns] == ["行业", "2023", "2024", "领跑者1", "领跑者2"]


def test_days_are_means_of_decisions_and_the_law_gives_their_time(project: Project) -> None:
    def projects(kind: str, count: int, within: str = "", days: str = "") -> Row:
        return {"year": "2024", "kind": kind, "projects": str(count), "within_limit": within, "days": days}

    put(
        project,
        "eia",
        projects("report", 3, "2", "100"),
        projects("form", 8, "8", "120"),
        projects("pledge", 5, "5", "10"),
    )
    put(project, "eia", projects("registration", 40), projects("exempt", 12))
    own = chapter(project)
    assert text(own.approved(2024)) == "16"
    assert [text(own.days_taken(kind, 2024)) for kind in ("report", "form", "pledge")] == ["33.3", "15.0", "2.0"]
    assert text(own.in_time("report", 2024)) == "66.7"
    assert [rule.family for rule in own.in_time("report", 2024).rules] == ["enterprises.eia_time"]


def test_who_was_checked_and_who_was_at_fault_stand_under_their_own_headings(project: Project) -> None:
    counts = {
        "2023": {"document": (21, 6), "preparer": (7, 5), "person": (14, 8), "expert": (10, 0)},
        "2024": {"document": (25, 4), "preparer": (8, 3), "person": (16, 2), "expert": (9, 1)},
    }
    for year, kinds in counts.items():
        for kind, (checked, faulted) in kinds.items():
            row = {"year": year, "kind": kind, "checked": str(checked), "faulted": str(faulted)}
            put(project, "eia_checks", row)
    now, before = table(chapter(project).eia_checks())
    assert now == {
        **{"year": "2024", "document_checked": "25", "document_faulted": "4"},
        **{"preparer_checked": "8", "preparer_faulted": "3", "person_checked": "16", "person_faulted": "2"},
        **{"expert_checked": "9", "expert_faulted": "1"},
    }
    assert before == {
        **{"year": "2023", "document_checked": "21", "document_faulted": "6"},
        **{"preparer_checked": "7", "preparer_faulted": "5", "person_checked": "14", "person_faulted": "8"},
        **{"expert_checked": "10", "expert_faulted": "0"},
    }


def test_recovery_is_of_the_mean_of_the_three_years_before(project: Project) -> None:
    amounts = {"put_on_market_t": "5000", "base_t": "4000", "recovered_t": "1700"}
    put(project, "producer_responsibility", {"year": "2024", "product": "lead_acid", **amounts})
    own = chapter(project)
    assert text(own.recovery("lead_acid", 2024)) == "42.5"
    assert (text(own.recovery_target("lead_acid")), text(own.recovery_target("all"))) == ("70", "50")
    assert {rule["standard"] for rule in own.producers().as_json()["rules"]} >= {
        "生产者责任延伸制度推行方案（国办发〔2016〕99号）",
        "废铅蓄电池污染防治行动方案（2019年）",
    }
    assert "没有这几类产品" in said(chapter(project, "conghua").producers())


def test_what_goes_by_the_permit_is_a_share_of_the_permits(project: Project) -> None:
    shares = {"eia": "9", "total_control": "7", "statistics": "8", "monitoring": "10", "enforcement": "5"}
    put(project, "permit_links", {"year": "2024", "industry": "plating", "permits": "10", **shares})
    rows = table(chapter(project).permit_links())
    assert [row["industry"] for row in rows] == ["电镀", "合计"]
    assert [rows[0][link] for link in shares] == ["90.0%", "70.0%", "80.0%", "100.0%", "50.0%"]


# --- pages ----------------------------------------------------------------------------------------


def test_an_area_without_rows_says_so(project: Project) -> None:
    for area in ("guangzhou", "liwan"):
        own = chapter(project, area)
        assert "没有找到" in said(own.answer())
        assert {own.disclosure(item).state for item in own.items} == {NOT_DISCLOSED}
        assert not own.headline().cards
        for block in blocks_of(project, area, 2024, "zh", Enterprises):
            # What the rules say of fines holds where nothing is known of any enterprise.
            assert not any(figure.value for figure in block.figures) or block.name == "duties", block.name


def test_before_there_was_a_duty_nobody_had_to_disclose(shipped: Project) -> None:
    made = [block.as_json() for block in blocks_of(shipped, "liwan", 2021, "zh", Enterprises)]
    assert all(made)
    assert made
    assert chapter(shipped, year=2021).due_years == []


def test_the_answer_says_first_what_was_reported_and_that_the_rest_is_invented(shipped: Project) -> None:
    first, second, third, *_ = said(chapter(shipped, "guangzhou").answer()).split("\n")
    assert "2023年（媒体转载）：671家，863家次" in first
    assert "示例各区之和" in second
    assert "应在3月15日前披露2023年的环境信息" in third
    english = said(chapter(shipped, language="en").answer())
    assert "by 15 Mar" in english
    assert "invented" in english


def test_every_row_of_the_reference_material_on_lists_is_shipped(shared: Path) -> None:
    with (shared / "domain/figures/published_figures.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if (row["topic"], row["area"]) == ("enterprises", "全市")]
    wanted = sorted(Decimal(row["value"]) for row in rows if "环境信用" not in row["indicator"])
    assert sorted(Decimal(row["value"]) for row in read(REPO / "data/enterprises/published.csv")) == wanted


def test_the_eight_classes_of_2015_add_up() -> None:
    rows = [row for row in read(REPO / "data/enterprises/published.csv") if row["year"] == "2015"]
    classes = [int(row["value"]) for row in rows if row["indicator"].startswith("listings_2015")]
    assert (len(classes), sum(classes)) == (8, 405)


def test_the_status_of_a_published_row_follows_the_trust_in_its_source() -> None:
    trust = {row["source_id"]: row["trust"] for row in read(REPO / "data/sources.csv")}
    for row in read(REPO / "data/enterprises/published.csv"):
        assert row["status"] == {"A": "official", "B": "official", "C": "provisional"}[trust[row["source_id"]]], row


def test_an_item_is_disclosed_when_all_of_it_is_official(project: Project, shipped: Project) -> None:
    assert chapter(shipped, "guangzhou", 2023).disclosure("E3").state == PARTLY  # reported, not official
    assert chapter(shipped, "guangzhou").disclosure("E3").state == NOT_DISCLOSED
    put(project, "published", *(printed(name, "1", 2024) for name in WANTED["E3"]), printed("key_units", "1", 2022))
    own = chapter(project, "guangzhou").disclosure("E3")
    assert (own.state, own.since) == (DISCLOSED, 2022)


def test_other_figures_of_an_item_do_not_disclose_it(project: Project) -> None:
    put(project, "published", printed("graded_waste_gas", "132", 2024, "E6"))
    assert chapter(project, "guangzhou").disclosure("E6").state == NOT_DISCLOSED


def test_an_official_figure_is_printed_instead_of_a_counted_one(project: Project) -> None:
    put(project, "registrations", {"year": "2024", "in_force": "90", "new": "1", "renewed": "1", "cancelled": "1"})
    put(project, "published", printed("permits_registered", "70000", 2024, "E6"))
    figure = chapter(project, "guangzhou").permits_at("registered", 2024)
    assert (text(figure), figure.status) == ("70000", "official")


def test_the_city_is_the_sum_of_its_districts(shipped: Project) -> None:
    city, parts = chapter(shipped, "guangzhou"), [chapter(shipped, area) for area in ("liwan", "conghua")]
    for name in ("due", "complete", "monitored", "permits_in_force", "approved"):
        whole = getattr(city, name)(2024).value
        assert whole == sum(getattr(part, name)(2024).value for part in parts) > 0, name


def test_a_list_of_enterprises_ends_after_twenty_and_says_of_how_many(project: Project) -> None:
    """25 units that reported nothing and exceeded a limit; one that reported makes 2024 a year of which is known."""
    many = range(11, 36)
    add(project.data / "enterprises/register.csv", *map(enterprise, many))
    put(project, "key_units", *(listed(number, 2023) for number in many))
    put(project, "disclosures", report(3, "2024-03-01", "conghua"))
    over = {"year": "2024", "required": "12", "measured": "12", "within": "11", "result": "exceeds"}
    put(project, "self_monitoring", *({"enterprise_id": f"E{number}", **over} for number in many))
    own = chapter(project)
    for block in (own.overdue(), own.monitoring_list()):
        assert len(table(block)) == 20, block.name
        assert "共25家" in notes(block), block.name


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("year", [2023, 2024])
def test_every_figure_and_table_follows_from_what_is_published(
    shipped: Project, year: int, language: str, tmp_path: Path
) -> None:
    """Recomputed by ``verify``, which shares no code with the chapter."""
    areas = ("guangzhou", "liwan", "conghua")
    found = published(shipped, tmp_path, Enterprises, areas, year, language)
    assert len(found.entries) > 400
    assert len(found.tables.of_reports("enterprises/disclosers")) == len(areas)
    assert [str(problem) for problem in found.problems()] == []
    assert [str(problem) for problem in checker.problems(found.tables, found.entries)] == []


def test_a_correction_reaches_the_page(project: Project) -> None:
    put(project, "key_units", listed(1, 2023))
    put(project, "disclosures", report(1, "2024-03-16"))
    assert text(chapter(project).disclosed(standards.LATE, 2024)) == "1"
    edit(project.data / "enterprises/disclosures.csv", lambda rows: [{**rows[0], "published_date": "2024-03-01"}])
    assert text(chapter(project).disclosed(standards.LATE, 2024)) == "0"
