"""The archive of one enterprise: what is on record, and that nothing is where nothing is."""

from __future__ import annotations

import hashlib
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Any

import nbformat
import pytest
from lxml import html

from projects import ALL_ENTERPRISES, HOSTILE, REPO, add, edit, small_project
from reportkit.blocks import Block, render
from reportkit.chapters.archive import Archive
from reportkit.chapters.credit import Credit
from reportkit.chapters.disclosers import REASONS
from reportkit.chapters.enterprises import Enterprises
from reportkit.errors import SettingsError
from reportkit.load import Reader
from reportkit.project import Project
from reportkit.standards import rules as of_standards
from reportkit.validate import check

ONE = "DEMO-E-440106-01"
DEMO = {"status": "demonstration", "source_id": "demo-law"}
TABLES = (
    *("credit/evaluations", "credit/events", "credit/repairs", "law/penalties", "market/payers"),
    *("enterprises/permits", "enterprises/disclosures", "enterprises/temporary_reports", "enterprises/self_monitoring"),
    *("enterprises/installations", "enterprises/key_units", "enterprises/cleaner_production"),
    *("enterprises/permit_changes", "law/coercive_measures", "law/transfers"),
)
GROUPS = ("basic", "management", "pollution", "carbon", "emergency", "violations", "temporary", "other")
OTHER = "DEMO-E-440106-02"
ORDERED = (
    *("events", "repairs", "decisions", "permits", "permit_changes", "key_units", "disclosures", "temporary"),
    *("installations", "monitoring", "tax_band"),
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A district with a few enterprises of which nothing is on record."""
    project = small_project(tmp_path, districts=("tianhe",), years=(2023, 2024), data_years=())
    for name in TABLES:
        edit(project.data / f"{name}.csv", lambda rows: [])
    return project


def archive(project: Project, year: int = 2024, language: str = "zh") -> Archive:
    return Archive.open(ONE, year, language, project)


def blocks(project: Project, year: int = 2024, language: str = "zh") -> dict[str, Block]:
    """Every block that the notebook calls, by name."""
    notebook = nbformat.read(REPO / "notebooks" / "archive.ipynb", as_version=4)
    calls = [cell.source for cell in notebook.cells if cell.source.startswith("chapter.")]
    chapter = archive(project, year, language)
    made = [getattr(chapter, call.removeprefix("chapter.").removesuffix("()"))() for call in calls]
    return {block.name: block for block in made}


def shown(block: Block) -> str:
    """What a reader sees of a block, with its markup."""
    return str(render(block.as_json()))


def rows(block: Block) -> list[list[Any]]:
    """The cells of a block's table."""
    table: list[list[Any]] = block.as_json()["content"]["table"]["rows"]
    return table


def penalise(project: Project, number: str, decided: str, fine: int = 100_000) -> None:
    """Put a decision on record."""
    names = {"authority_zh": "示例局", "authority_en": "Demo bureau", "violation": "ledger"}
    flags = {"is_major": "false", "has_legal_review": "false", "has_full_record": "true"}
    own = {"number": number, "enterprise_id": ONE, "area_code": "440106", "filed_date": decided, "fine_yuan": str(fine)}
    flags |= {"kinds": "fine", "confiscated_yuan": "", "basis": "permits_37"}
    names |= {"facts_zh": "示例：一句", "facts_en": "Demo: one"}
    add(project.data / "law/penalties.csv", {**own, "decided_date": decided, **names, **flags, **DEMO})


def test_an_emergency_is_among_the_events_in_the_words_of_the_chapter_on_credit(project: Project) -> None:
    event = {"enterprise_id": ONE, "area_code": "440106", "year": "2022", "date": "2022-09-26", "number": ""}
    levels = {"event": "serious_incident", "level_before": "blue", "level_after": "red"}
    add(project.data / "credit/events.csv", {"event_id": "DEMO-C-1"} | event | levels | DEMO)
    assert "较大及以上突发环境事件" in shown(blocks(project)["events"])
    assert "serious or worse environmental incident" in shown(blocks(project, language="en")["events"])


@pytest.mark.parametrize(
    ("event", "zh", "en"),
    [
        ("without_permit", "按本站的约定，视同一票否决第03项“环保设施未建成", "taken for veto 03"),
        ("criminal", "一票否决第01项“因环境违法构成环境犯罪”", "veto 01"),
        ("general_incident", "一般突发环境事件，下调一级", "which lowers the level by one"),
    ],
)
def test_a_red_level_tells_what_made_it_red(project: Project, event: str, zh: str, en: str) -> None:
    of = {"enterprise_id": ONE, "area_code": "440106", "year": "2024"}
    for number, what in enumerate((event, "ledger")):  # a ledger makes nothing red
        told = {"event_id": f"E{number}", "date": "2024-05-06", "number": "", "event": what, "level_after": "red"}
        add(project.data / "credit/events.csv", {**of, **told, **DEMO})
    rated = {"industry": "food", "points": "90", "green_indicators": "0", "has_veto": "true", "has_incident": "false"}
    add(project.data / "credit/evaluations.csv", {**of, **rated, "level": "red", **DEMO})
    for language, words in (("zh", zh), ("en", en)):
        made = blocks(project, language=language)
        for name in ("answer", "credit"):
            assert shown(made[name]).count(words) == 1, name
    edit(project.data / "credit/evaluations.csv", lambda known: [row | {"level": "blue"} for row in known])
    assert zh not in shown(blocks(project)["answer"])


def test_an_enterprise_nobody_knows_is_refused_with_the_nearest_one(project: Project) -> None:
    with pytest.raises(SettingsError) as error:
        Archive.open("DEMO-E-440106-1", 2024, "zh", project)
    assert error.value.do.startswith("did you mean 'DEMO-E-440106-")


def test_measurements_are_shown_with_the_value_nearest_to_its_limit(project: Project) -> None:
    own = {"enterprise_id": ONE, "area_code": "440106", "status": "demonstration", "source_id": "demo-enterprises"}
    outlet = {"installation_id": "DEMO-F-1", "kind": "wastewater", "medium": "water", "pollutant": "cod"}
    add(
        project.data / "enterprises/installations.csv", {**own, **outlet, "permitted_limit": "80", "since_year": "2012"}
    )
    told = {"measured": "36", "within": "35", "result": "exceeds", "installation_id": "DEMO-F-1", "highest": "91"}
    silent = {**own, "year": "2024", "required": "36"}
    add(project.data / "enterprises/self_monitoring.csv", {**silent, "year": "2023", **told, "permitted_limit": "80"})
    add(project.data / "enterprises/self_monitoring.csv", silent)
    made = blocks(project)
    text = " ".join(shown(made["monitoring"]).split())
    assert "废水处理设施（化学需氧量）" in text
    assert "91 毫克/升" in text or "91毫克/升" in text
    assert [row[0] for row in rows(made["monitoring"])] == ["2024", "2023"]
    assert rows(made["monitoring"])[0][4:] == ["—"] * 3
    assert "80" in shown(made["installations"])
    assert [row[:3] for row in rows(made["installations"])] == [["DEMO-F-1", "废水处理设施（化学需氧量）", "2012"]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_not_on_record_is_said_to_be_none_and_marked_as_invented(project: Project, language: str) -> None:
    made = blocks(project, language=language)
    words = {"zh": "没有", "en": "no record"}[language]
    for name, block in made.items():
        if name != "answer":
            assert words in shown(block), name
    assert {block.as_json()["status"] for name, block in made.items() if name != "credit"} == {"demonstration"}


def test_records_are_those_of_the_enterprise_up_to_the_year_the_newest_first(project: Project) -> None:
    penalise(project, "示例1", "2023-05-04", 6000)
    penalise(project, "示例2", "2024-02-01", 12_000)
    edit(
        project.data / "law/penalties.csv",
        lambda known: [*known, known[0] | {"number": "示例3", "enterprise_id": "DEMO-E-440106-02"}],
    )
    assert [row[0] for row in rows(blocks(project)["decisions"])] == ["示例2", "示例1"]
    assert [row[0] for row in rows(blocks(project, 2023)["decisions"])] == ["示例1"]
    assert archive(project).penalties().value == 2
    fines = [row[6]["text"] for row in rows(blocks(project)["decisions"])]
    assert rows(blocks(project)["decisions"])[0][3:5] == ["示例：一句", "排污许可管理条例 第三十七条"]
    assert fines == ["12,000元", "6,000元"]


def test_who_has_no_measurements_is_told_that_only_listed_units_are_in_the_table(project: Project) -> None:
    assert "这张表只有列入名录的重点排污单位" in shown(blocks(project)["monitoring"])
    assert "key dischargers on the list alone" in shown(blocks(project, language="en")["monitoring"])


def test_who_closed_later_is_not_said_to_have_closed(project: Project) -> None:
    edit(
        project.data / "enterprises/register.csv",
        lambda known: [row | ({"closed_year": "2024"} if row["enterprise_id"] == ONE else {}) for row in known],
    )
    assert "2024年关停" in shown(blocks(project)["answer"])
    assert "关停" not in shown(blocks(project, 2023)["answer"])


@pytest.mark.parametrize(("language", "words"), [("zh", "只有2023年一年的数值"), ("en", "one year alone, 2023")])
def test_of_who_was_evaluated_once_no_years_are_compared(project: Project, language: str, words: str) -> None:
    result = {"enterprise_id": ONE, "area_code": "440106", "year": "2023", "points": "88", "level": "blue", **DEMO}
    add(project.data / "credit/evaluations.csv", result)
    said = blocks(project, language=language)["credit"].as_json()["content"]["chart"]["alternative"]
    assert words in "".join(part if isinstance(part, str) else part["text"] for part in said)


def test_a_report_is_held_against_its_day(project: Project) -> None:
    own = {"enterprise_id": ONE, "area_code": "440106", **{f"has_{name}": "true" for name in GROUPS}}
    for year, day in (("2022", ""), ("2023", "2023-03-15"), ("2024", "2024-03-16")):
        add(project.data / "enterprises/disclosures.csv", {**own, "year": year, "published_date": day, **DEMO})
    found = rows(blocks(project)["disclosures"])
    assert [row[:3] for row in found] == [
        ["2024", "2024-03-15", "2024-03-16"],
        ["2023", "2023-03-15", "2023-03-15"],
        ["2022", "2022-03-15", "—"],
    ]
    assert len({row[3] for row in found}) == 3


def report(project: Project, enterprise: str, published: str, **left_out: str) -> None:
    """Put a yearly report on record that has all eight groups, but for what is *left_out*."""
    own = {"enterprise_id": enterprise, "area_code": "440106", **{f"has_{name}": "true" for name in GROUPS}}
    row = {**own, "year": published[:4], "published_date": published, **left_out, **DEMO}
    add(project.data / "enterprises/disclosures.csv", row)


def list_unit(project: Project, year: int, kind: str, enterprise: str = ONE) -> None:
    own = {"enterprise_id": enterprise, "area_code": "440106", "year": str(year), "kind": kind}
    add(project.data / "enterprises/key_units.csv", {**own, **DEMO})


def test_who_was_obliged_and_did_not_report_is_said_to_have_disclosed_nothing(project: Project) -> None:
    report(project, OTHER, "2023-03-01")
    report(project, OTHER, "2024-03-01")
    list_unit(project, 2023, "water")
    block = blocks(project)["disclosures"]
    assert rows(block) == [["2024", "2024-03-15", "—", "没有披露", "重点排污单位", "—"]]
    assert "不须披露年度报告的年份：2023。" in shown(block)
    assert rows(blocks(project, language="en")["disclosures"])[0][3:5] == ["not disclosed", "key discharger"]


def test_who_was_not_obliged_has_no_row_and_the_years_are_named(project: Project) -> None:
    report(project, OTHER, "2023-03-01")
    report(project, OTHER, "2024-03-01")
    list_unit(project, 2023, "risk")
    block = blocks(project)["disclosures"]
    assert block.kind == "statement"
    assert "不须披露年度报告的年份：2023、2024。" in shown(block)
    assert "没有披露" not in shown(block)


def test_of_a_year_without_any_report_in_the_city_nobody_is_said_to_have_disclosed_nothing(project: Project) -> None:
    list_unit(project, 2023, "water")
    block = blocks(project)["disclosures"]
    assert block.kind == "statement"
    assert "2024" not in "".join(map(str, block.as_json()["content"]["sentences"]))


def test_each_report_says_why_it_was_due_and_whether_it_is_complete(project: Project) -> None:
    """Listed, and fined 100,000 yuan in 2023; a key discharger too; in 2023 the report came though nothing obliged."""
    edit(
        project.data / "enterprises/register.csv",
        lambda known: [row | ({"is_listed": "true"} if row["enterprise_id"] == ONE else {}) for row in known],
    )
    list_unit(project, 2023, "air")
    penalise(project, "示例1", "2023-05-04", 100_000)
    report(project, ONE, "2023-03-16")
    report(project, ONE, "2024-03-15", has_carbon="false")
    assert rows(blocks(project)["disclosures"]) == [
        ["2024", "2024-03-15", "2024-03-15", "按时", "重点排污单位、上市或发债，上年有第八条情形", "不全"],
        ["2023", "2023-03-15", "2023-03-16", "逾期", "不须披露", "齐全"],
    ]
    assert rows(blocks(project, 2023)["disclosures"])[0][0] == "2023"


def test_an_archive_and_the_chapter_of_its_district_agree_on_who_reported(tmp_path: Path) -> None:
    project = small_project(tmp_path, districts=("tianhe",), data_years=(), enterprises=1000)
    chapter = Enterprises.open("tianhe", 2024, "zh", project)
    known = chapter.disclosers.rows.to_dict("records")
    assert {row["state"] for row in known} == {"report_on_time", "report_late", "report_missing"}
    told = itemgetter("year", "state", "is_complete", *REASONS)
    for id_ in {row["enterprise_id"] for row in known}:
        own = Archive.open(id_, 2024, "zh", project).due()
        assert [told(row) for row in own.values() if row] == [told(row) for row in known if row["enterprise_id"] == id_]


def test_a_unit_in_two_classes_stands_on_the_lists_with_two_listings(project: Project) -> None:
    list_unit(project, 2022, "soil")
    list_unit(project, 2024, "water")
    list_unit(project, 2024, "risk")
    list_unit(project, 2024, "risk", OTHER)
    found = rows(blocks(project)["key_units"])
    assert [(row[0], row[2]["text"]) for row in found] == [("2024", "2"), ("2022", "1")]
    assert "、" in found[0][1]
    assert "、" not in found[1][1]
    assert [row[0] for row in rows(blocks(project, 2023)["key_units"])] == ["2022"]


def test_changes_of_its_permits_are_told_the_newest_first(project: Project) -> None:
    permit = {"permit_id": "P1", "enterprise_id": ONE, "area_code": "440106", **DEMO}
    changed = {**permit, "year": "2023", "date": "2023-04-05", "kind": "changed"}
    add(project.data / "enterprises/permit_changes.csv", changed, {**permit, "year": "2024", "kind": "cancelled"})
    assert rows(blocks(project)["permit_changes"]) == [["P1", "—", "注销"], ["P1", "2023-04-05", "变更"]]


def permit(project: Project, number: str, issued: str, until: str) -> None:
    """Put a permit on record."""
    own = {"permit_id": number, "enterprise_id": ONE, "area_code": "440106", "management": "key"}
    days = {"issued_date": issued, "valid_until": until}
    add(project.data / "enterprises/permits.csv", {**own, **days, **DEMO})


def test_a_cancelled_permit_is_not_shown_as_valid(project: Project) -> None:
    """Neither in the archive nor in the list of the chapter on credit; not before the year in which it ended."""
    permit(project, "P1", "2021-08-12", "2026-08-11")
    gone = {"permit_id": "P1", "enterprise_id": ONE, "area_code": "440106", "year": "2024", "date": "2024-02-06"}
    add(project.data / "enterprises/permit_changes.csv", {**gone, "kind": "cancelled", **DEMO})
    assert rows(blocks(project)["permits"])[0][-2:] == ["2026-08-11", "2024-02-06"]
    assert rows(blocks(project, 2023)["permits"])[0][-2:] == ["2026-08-11", "—"]
    for year, words in ((2024, "已于2024-02-06注销"), (2023, "2026-08-11")):
        listed = rows(Credit.open("tianhe", year, "zh", project).archive_list())
        (row,) = [row for row in listed if row[0]["href"].endswith(f"{ONE}.html")]
        assert row[-1] == words


def shuffled(known: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows in an order that is no order."""
    return sorted(known, key=lambda row: hashlib.sha256("".join(row.values()).encode()).digest())


def test_every_table_of_an_archive_has_the_newest_first(tmp_path: Path) -> None:
    """However its rows are written; by the first of its columns that says when."""
    project = small_project(tmp_path, districts=("huadu",), data_years=(), enterprises=ALL_ENTERPRISES)
    for name in TABLES:
        edit(project.data / f"{name}.csv", shuffled)
    when = ("year", "day", "applied", "decided", "issued", "received", "since")
    seen = set()
    for number in range(20, 33):
        chapter = Archive.open(f"DEMO-E-440114-{number:02}", 2024, "zh", project)
        for name in ORDERED:
            content = getattr(chapter, name)().as_json()["content"].get("table")
            if content is None:
                continue
            columns = [column["name"] for column in content["columns"]]
            place = next(columns.index(column) for column in when if column in columns)
            found = [row[place] for row in content["rows"]]
            assert found == sorted(found, reverse=True), (number, name)
            seen |= {name} if len(set(found)) > 1 else set()
    assert seen >= {"temporary", "monitoring", "tax_band", "disclosures", "key_units", "permits"}


def test_what_a_rule_decides_names_it(project: Project) -> None:
    event = {"enterprise_id": ONE, "area_code": "440106", "year": "2023", "date": "2023-09-26", "number": ""}
    levels = {"event_id": "E", "event": "without_permit", "level_before": "blue", "level_after": "red"}
    add(project.data / "credit/events.csv", {**event, **levels, **DEMO})
    rated = {"enterprise_id": ONE, "area_code": "440106", "industry": "food", "points": "90", "green_indicators": "0"}
    add(
        project.data / "credit/evaluations.csv",
        {**rated, "year": "2023", "has_veto": "false", "has_incident": "false", "level": "blue", **DEMO},
    )
    own = {"enterprise_id": ONE, "area_code": "440106", "occasion": "penalty", "received_date": "2024-09-27"}
    add(project.data / "enterprises/temporary_reports.csv", {**own, "published_date": "2024-10-11", **DEMO})
    repair = {"repair_id": "R", "enterprise_id": ONE, "area_code": "440106", "evaluated_year": "2022"}
    days = {"year": "2023", "published_date": "2023-05-19", "applied_date": "2023-06-18", "outcome": "too_late"}
    add(project.data / "credit/repairs.csv", {**repair, **days, "level_before": "red", **DEMO})
    report(project, ONE, "2024-03-15")
    found = {name: block.as_json() for name, block in blocks(project).items()}
    day = date(2024, 3, 15)
    for name, family in (
        *(("credit", "credit.level"), ("events", "credit.trigger"), ("repairs", "credit.repair")),
        *(("disclosures", "enterprises.annual_deadline"), ("temporary", "enterprises.temporary_deadline")),
    ):
        assert of_standards.rule(family, day, "440106").summary_zh in [
            rule["summary"] for rule in found[name]["rules"]
        ], name
    assert "没有找到“触发性评价”的规则原文" in shown(blocks(project)["events"])


def test_a_temporary_report_is_due_after_five_working_days(project: Project) -> None:
    """The State Council's arrangement for 2024: 1 to 7 October are holidays, 29 September and 12 October are not."""
    own = {"enterprise_id": ONE, "area_code": "440106", "occasion": "penalty", "received_date": "2024-09-27"}
    add(project.data / "enterprises/temporary_reports.csv", {**own, "published_date": "2024-10-11", **DEMO})
    (row,) = rows(blocks(project)["temporary"])
    assert row[2] == "2024-10-10"  # 29 and 30 September, 8, 9 and 10 October


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_name_that_looks_like_markup_is_text(project: Project, hostile: str) -> None:
    edit(
        project.data / "enterprises/register.csv",
        lambda known: [row | ({"name_zh": hostile} if row["enterprise_id"] == ONE else {}) for row in known],
    )
    page = html.fromstring(shown(blocks(project)["answer"]))
    assert hostile in page.text_content()
    assert page.xpath("//script|//b") == []
    sentence = blocks(project)["answer"].as_json()["content"]["sentences"][0]
    assert hostile in "".join(part if isinstance(part, str) else part["text"] for part in sentence)


def test_each_figure_is_of_the_archive(project: Project) -> None:
    penalise(project, "示例1", "2023-05-04")
    ids = {figure["id"] for block in blocks(project).values() for figure in block.as_json()["figures"]}
    assert ids
    assert {id_.partition("#")[0] for id_ in ids} == {f"2024/enterprises/{ONE}"}


def test_a_penalty_makes_one_archive_stale(project: Project) -> None:
    looked_at = {}
    for enterprise in (ONE, "DEMO-E-440106-02"):
        chapter = Archive.open(enterprise, 2024, "zh", project)
        chapter.decisions()
        looked_at[enterprise] = list(chapter.reader._selections.values())
    penalise(project, "示例1", "2024-05-04")
    now = Reader(project)
    stale = {name for name, selections in looked_at.items() if any(map(now.is_changed, selections))}
    assert stale == {ONE}


def owe(project: Project, status: str) -> None:
    """Put on record in which band the enterprise paid its tax in 2024."""
    own = {"enterprise_id": ONE, "area_code": "440106", "year": "2024", "band": "from_10k"}
    add(project.data / "market/payers.csv", {**own, "status": status, "source_id": "demo-market"})


@pytest.mark.parametrize(
    ("language", "band", "withheld"), [("zh", "1万—10万元", "不公开"), ("en", "10,000", "consent")]
)
def test_only_of_an_invented_enterprise_the_band_of_its_tax_is_told(
    project: Project, language: str, band: str, withheld: str
) -> None:
    owe(project, "demonstration")
    assert band in shown(blocks(project, language=language)["tax_band"])
    edit(project.data / "market/payers.csv", lambda rows: [])
    owe(project, "official")
    block = blocks(project, language=language)["tax_band"]
    assert withheld in shown(block)
    assert band not in shown(block)
    assert [table["name"] for table in block.as_json()["tables"]] == ["enterprises/register"]


def test_a_table_with_the_band_of_a_real_enterprise_is_refused(project: Project) -> None:
    """The tables are published as they are, so that it must not stand in one."""
    for status, refused in (("demonstration", set()), ("official", {"status"})):
        edit(project.data / "market/payers.csv", lambda rows: [])
        owe(project, status)
        found = {(it.code, it.column) for it in check(project) if it.file == "data/market/payers.csv"}
        assert {column for code, column in found if code == "enum"} == refused


def test_the_rule_says_what_the_archive_does() -> None:
    """It is printed on every market page, beside the tax."""
    rule = of_standards.rule("market.withheld", date(2024, 12, 31))
    for words in ("示例企业的档案给出这家企业的档次，不给税额", "真实企业未经同意，档次也不给"):
        assert words in rule.summary_zh
    for words in ("of an invented enterprise tells its band, never its tax", "without its consent"):
        assert words in rule.summary_en
