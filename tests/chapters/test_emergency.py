"""The chapter of emergencies: levels with what decides them, plans by their day, published first, none passed off."""

from __future__ import annotations

from pathlib import Path

import pytest

from projects import ALL_ENTERPRISES, CODES, REPO, Row, add, blocks_of, edit, read, small_project
from recomputed import published
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY
from reportkit.chapters.emergency import LISTED, Emergency
from reportkit.chapters.emergency_figures import RISKS, WANTED
from reportkit.figures import Figure
from reportkit.project import Project
from reportkit.standards import emergency
from reportkit.status import DEMONSTRATION
from reportkit.verify import emergency as checker
from shown import joined, notes, said, table, text

OWN = [path.stem for path in sorted((REPO / "data/emergency").glob("*.csv"))]
DEMO = {"status": "demonstration", "source_id": "demo-emergency"}
UNITS = tuple(f"DEMO-E-440103-{number:02}" for number in range(1, 5))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped emergencies of the city and two districts."""
    folder = tmp_path_factory.mktemp("emergency")
    return small_project(
        folder, districts=("panyu", "conghua"), years=(2023, 2024), data_years=(), enterprises=ALL_ENTERPRISES
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The city and two districts of which nothing is known, for each test to change."""
    project = small_project(tmp_path, districts=("liwan", "conghua"), data_years=(), enterprises=len(UNITS))
    for name in OWN:
        edit(project.data / f"emergency/{name}.csv", lambda rows: [])
    return project


def chapter(project: Project, area: str = "liwan", year: int = 2024, language: str = "zh") -> Emergency:
    return Emergency.open(area, year, language, project)


def put(project: Project, name: str, *rows: Row) -> None:
    add(project.data / f"emergency/{name}.csv", *[{"area_code": CODES["liwan"], **DEMO, **row} for row in rows])


def unit(number: int, year: int = 2024, **values: str) -> Row:
    """A unit of ordinary risk without a drill, that found four dangers and put three right, unless said."""
    counted = {"has_drill": "false", "dangers_found": "4", "dangers_fixed": "3"}
    return {"enterprise_id": UNITS[number], "year": str(year), "risk_level": "ordinary", **counted, **values}


def plan(number: int, signed: str, filed: str) -> Row:
    id_ = f"Y{number}-{signed}"
    return {"plan_id": id_, "enterprise_id": UNITS[number], "signed_date": signed, "filed_date": filed}


def incident(name: str, day: str, **values: str) -> Row:
    """A traffic accident that did no harm to be counted, reported after an hour, unless said."""
    counted = {"deaths": "0", "injured": "0", "evacuated": "0", "loss_yuan": "0", "report_minutes": "60"}
    return {"incident_id": name, "date": day, "cause": "traffic", "medium": "water", **counted, **values}


def publish(project: Project, indicator: str, value: str, **values: str) -> None:
    names = {"name_zh": "例", "name_en": "example", "year": "2024", "unit": "1", "item_id": "S5"}
    origin = {"status": "official", "source_id": "gz-annual-2024"}
    put(project, "published", {"indicator": indicator, "value": value, **names, **origin, **values})


# --- incidents ------------------------------------------------------------------------------------


def test_each_incident_has_its_level_and_the_criterion_that_decides_is_named(project: Project) -> None:
    put(
        project,
        "incidents",
        incident("a", "2024-03-01", injured="9", loss_yuan="4999999", water_supply="township"),
        incident("b", "2024-05-02", injured="9", loss_yuan="4999999"),
        incident("c", "2023-01-03", evacuated="5000"),
        incident("d", "2024-06-04"),
    )
    found = chapter(project)
    rows = [(row["day"], row["level"], row["criterion"]) for row in table(found.incident_list())]
    assert rows == [  # the latest first
        ("2024-06-04", "一般（Ⅳ级）", "对环境造成一定影响"),
        ("2024-05-02", "一般（Ⅳ级）", "中毒或重伤"),
        ("2024-03-01", "较大（Ⅲ级）", "饮用水取水中断"),
        ("2023-01-03", "较大（Ⅲ级）", "疏散、转移"),
    ]
    assert "突发环境事件3起：较大1、一般2" in said(found.answer())
    assert [text(found.incident_count(year, "level_3")) for year in (2023, 2024)] == ["1", "1"]
    assert text(found.loss(2024)) == "1000.0"  # 9,999,998 yuan


def test_a_level_is_said_under_its_rule(project: Project) -> None:
    put(project, "incidents", incident("a", "2024-03-01"))
    found = chapter(project)
    (row,) = found.incidents.rows.to_dict("records")
    level, report = (found.of_incident(row, column, "") for column in ("level", "report"))
    assert [rule.family for rule in level.rules] == ["emergency.level"]
    assert level.is_verified
    assert [rule.family for rule in report.rules] == ["emergency.report"]


def test_the_report_is_held_against_the_hours_of_the_level(project: Project) -> None:
    put(
        project,
        "incidents",
        incident("a", "2024-03-01", report_minutes="240"),
        incident("b", "2024-03-02", report_minutes="240", deaths="10"),
    )
    rows = table(chapter(project).incident_list())
    assert [row["report"] for row in rows] == ["240分钟，超期", "240分钟，按时"]
    assert [row["harm"] for row in rows] == ["死亡10", "—"]


def test_an_incident_of_a_registered_enterprise_names_it_beside_its_cause(project: Project) -> None:
    put(project, "incidents", incident("a", "2024-03-01", cause="production", enterprise_id=UNITS[0]))
    block = chapter(project).incident_list()
    (cell,) = [row[2] for row in block.content["table"].rows]
    assert [part["href"] for part in cell if isinstance(part, dict)] == [f"2024/enterprises/{UNITS[0]}.html"]
    (row,) = table(block)
    assert row["cause"].startswith("生产安全事故（")


def test_a_year_without_incidents_among_others_is_said_to_have_none(project: Project) -> None:
    put(project, "incidents", incident("a", "2023-03-01"))
    put(project, "risk_units", unit(0))
    block = chapter(project, language="en").incidents_by_level().as_json()
    assert joined(block["content"]["chart"]["alternative"]) == (
        "2024: no environmental incident; the other years are in the table below."
    )


def test_notes_lead_to_other_chapters_under_the_names_they_have(project: Project) -> None:
    put(project, "incidents", incident("a", "2024-03-01"))
    found = chapter(project)
    ways = {
        part["text"]: part["href"]
        for block in (found.incidents_by_level(), found.epidemic(), found.drills_and_outreach())
        for note in block.as_json()["notes"]
        for part in note
        if isinstance(part, dict) and "href" in part
    }
    assert ways.items() >= {"辐射环境": "2024/liwan/radiation.html"}.items()
    assert set(ways) <= {"辐射环境", "固体废物与危险废物"}


def test_no_incident_is_no_gap_where_others_had_one_and_one_where_nothing_is_known(project: Project) -> None:
    put(project, "incidents", incident("a", "2023-03-01", area_code=CODES["conghua"]))
    put(project, "risk_units", unit(0))
    found = chapter(project)
    assert [text(found.incident_count(year)) for year in (2022, 2023, 2024)] == [None, "0", "0"]
    assert "荔湾区2024年没有发生突发环境事件" in said(found.answer())
    assert "2023—2024年荔湾区没有发生" in said(found.incidents_by_level())
    assert "没有事件可以列出" in said(found.incident_list())
    for block in (found.answer(), found.incidents_by_level(), found.incident_list()):
        assert block.as_json()["status"] == DEMONSTRATION  # that nothing happened is as invented as that something did


def test_what_comes_after_the_year_is_not_known_yet(project: Project) -> None:
    put(project, "incidents", incident("a", "2023-12-31"), incident("b", "2024-01-01"))
    assert len(chapter(project, year=2023).incidents.rows) == 1
    assert text(chapter(project).incident_count(2024)) == "1"


def test_the_criteria_of_all_levels_are_on_the_page_with_their_source(project: Project) -> None:
    block = chapter(project).level_criteria()
    rows = {row["criterion"]: row for row in table(block)}
    assert rows["死亡"]["level_3"] == "3人以上10人以下死亡"
    assert rows["对环境造成一定影响"]["level_1"] == "—"
    assert len(rows) == 8
    assert "国办函〔2014〕119号" in notes(block)


# --- risk units and plans -------------------------------------------------------------------------


def test_a_plan_is_current_overdue_or_missing_by_the_end_of_each_year(project: Project) -> None:
    put(project, "risk_units", *[unit(number, year) for number in range(4) for year in (2022, 2023, 2024)])
    put(
        project,
        "plans",
        plan(0, "2021-12-31", "2022-01-04"),  # to be reviewed by the last day of 2024
        plan(1, "2020-12-30", "2021-01-04"),  # by the last but one of 2023
        plan(2, "2023-12-20", "2024-01-05"),  # filed in the year after it was signed
    )
    found = chapter(project)
    states = {year: [text(found.in_state(state, year)) for state in emergency.STATES] for year in (2022, 2023, 2024)}
    assert states == {
        2022: ["2", "0", "2"],
        2023: ["1", "1", "2"],
        2024: ["2", "1", "1"],
    }
    assert [text(found.current_share(year)) for year in (2022, 2023, 2024)] == ["50.0", "25.0", "50.0"]
    assert "不是全部在期内：在期内的2家（50.0%），超过三年没有更新的1家，没有备案的1家" in said(found.answer())
    listed = [(row["enterprise"], row["state"]) for row in table(found.unit_list())]
    assert [state for _, state in listed] == ["没有备案", "超过三年没有更新", "预案在期内", "预案在期内"]


def test_all_plans_may_be_current(project: Project) -> None:
    put(project, "risk_units", unit(0), unit(1))
    put(project, "plans", plan(0, "2024-01-02", "2024-01-09"), plan(1, "2022-01-04", "2022-01-11"))
    found = chapter(project)
    assert text(found.plans_verdict()) == "all_plans_current"
    assert "全部在期内" in said(found.answer())
    assert text(found.due_next()) == "1"
    assert "2025年有1家的预案要评估" in notes(found.plans_over_years())


def test_the_slowest_filing_is_held_against_twenty_working_days(project: Project) -> None:
    """2024: 1 to 7 October are holidays; the twentieth working day after 20 September is 23 October."""
    put(project, "risk_units", unit(0), unit(1))
    put(project, "plans", plan(0, "2024-09-20", "2024-10-23"), plan(1, "2024-03-04", "2024-03-05"))
    found = chapter(project)
    assert text(found.slowest_filing(2024)) == "20"
    assert text(found.filing_verdict()) == "all_in_time"
    edit(project.data / "emergency/plans.csv", lambda rows: [rows[0] | {"filed_date": "2024-10-24"}, rows[1]])
    found = chapter(project)
    verdict = found.filing_verdict()
    assert (text(verdict), text(found.filed_in_time_share(2024))) == ("some_late", "50.0")
    assert verdict is not None
    assert verdict.derivation["rule"] == "emergency.filing"
    assert "用了21个工作日，期限是20个工作日：有超期的" in notes(found.plans_over_years())


def test_levels_drills_and_dangers_are_counted_by_unit(project: Project) -> None:
    put(
        project,
        "risk_units",
        unit(0, risk_level="major", has_drill="true"),
        unit(1, risk_level="considerable"),
        unit(2, dangers_found="0", dangers_fixed="0"),
    )
    found = chapter(project)
    assert [text(found.risk_units(2024, risk)) for risk in RISKS] == ["1", "1", "1"]
    assert text(found.drill_share(2024)) == "33.3"
    assert (text(found.dangers("found", 2024)), text(found.fixed_share(2024))) == ("8", "75.0")
    assert not found.risk_units(2024, "major").is_verified  # HJ 941 was not read
    assert "风险单位3家，其中重大风险1家" in said(found.answer())


def test_a_page_lists_few_units_and_the_whole_is_published_by_the_city(shipped: Project) -> None:
    city = chapter(shipped, "guangzhou")
    block = city.unit_list()
    assert len(table(block)) == LISTED
    assert f"共{city.risk_units(2024).value}家" in notes(block)
    assert [it.name for it in block.tables] == ["2024/guangzhou/emergency/units"]
    assert chapter(shipped, "panyu").unit_list().tables == []


# --- what is held ready ---------------------------------------------------------------------------


def test_samples_within_limits_are_a_share_of_those_taken(project: Project) -> None:
    year = {"year": "2024"}
    put(
        project,
        "monitoring",
        {**year, "kind": "health", "occasions": "2", "samples": "8", "within": "7"},
        {**year, "kind": "incident", "occasions": "0", "samples": "0", "within": "0"},
    )
    (row,) = table(chapter(project).samples())
    assert [row[f"{kind}_within_share"] for kind in ("drinking_water", "health", "incident")] == ["—", "87.5%", "—"]


def test_hospitals_and_laboratories_are_counted(project: Project) -> None:
    counts = {"hospitals": "4", "hospitals_checked": "3", "sewage_samples": "40", "sewage_within": "39"}
    more = {"laboratories": "8", "laboratories_checked": "6", "problems": "4", "problems_fixed": "3"}
    put(project, "epidemic", {"year": "2024", **counts, **more})
    found = chapter(project)
    assert text(found.share("sewage_within_share", 2024)) == "97.5"
    assert "纳入监管的医院4家，检查了3家；污水样品40个，消毒达标39个" in notes(found.epidemic())
    (row,) = table(found.laboratories())
    assert (row["laboratories_checked_share"], row["problems_fixed_share"]) == ("75.0%", "75.0%")


# --- what was published ---------------------------------------------------------------------------


def test_published_numbers_are_printed_before_counted_ones(project: Project) -> None:
    put(project, "risk_units", unit(0))
    publish(project, "risk_units", "37")
    publish(project, "incidents", "2")
    found = chapter(project)
    assert (text(found.risk_units(2024)), found.risk_units(2024).status) == ("37", "official")
    assert "发生突发环境事件2起，没有找到等级" in said(found.answer())
    assert "没有找到" in said(found.risk_units_by_level())  # the parts of a published number are not the counted ones
    assert "其中重大风险" not in said(found.answer())


def test_the_item_is_disclosed_when_all_that_is_wanted_is_published(project: Project) -> None:
    put(project, "risk_units", unit(0))
    assert chapter(project).disclosure("S5").state == NOT_DISCLOSED
    publish(project, "risk_units", "37", year="2023")
    assert chapter(project).disclosure("S5").state == NOT_DISCLOSED
    publish(project, WANTED[0], "38")
    assert chapter(project).disclosure("S5").state == PARTLY
    assert "没有找到荔湾区2024年公布的：当年备案的预案、" in said(chapter(project).missing())
    for indicator in WANTED[1:]:
        publish(project, indicator, "1")
    assert chapter(project).disclosure("S5").state == DISCLOSED
    assert chapter(project).disclosure("S5").since == 2023
    assert "没有找到" not in said(chapter(project).missing())


def test_what_was_published_is_shown_as_printed_with_the_plan_of_the_government(shipped: Project) -> None:
    """Of the city: the response schemes of twelve rivers and a tabletop drill in 2023, the plan of 28 March 2024."""
    city = chapter(shipped, "guangzhou")
    assert [(row["year"], row["value"]) for row in table(city.statements())] == [("2023", "12"), ("2023", "1")]
    assert "穗府办〔2024〕5号" in said(city.answer()).split("\n")[0]
    assert "没有找到政府的应急预案" in said(chapter(shipped, "panyu", 2023).government())
    assert city.disclosure("S5").state == NOT_DISCLOSED
    assert chapter(shipped, "guangzhou", 2023).disclosure("S5").state == PARTLY


def test_the_shipped_figures_name_sources_of_the_trust_their_status_asks_for() -> None:
    trust = {row["source_id"]: row["trust"] for row in read(REPO / "data/sources.csv")}
    rows = read(REPO / "data/emergency/published.csv") + read(REPO / "data/emergency/government_plans.csv")
    for row in rows:
        assert row["status"] == {"A": "official", "B": "official", "C": "provisional"}[trust[row["source_id"]]], row


def test_every_usable_row_of_the_reference_material_is_shipped(shared: Path) -> None:
    """Those up to the last year that is reported on; numbers have a unit there, documents have none."""
    lines = [row for row in read(shared / "domain/figures/published_figures.csv") if row["topic"] == "emergency"]
    lines = [row for row in lines if not row["period"].startswith("2025")]
    own = read(REPO / "data/emergency/published.csv")
    plans = {row["number"] for row in read(REPO / "data/emergency/government_plans.csv")}
    assert sorted(row["value"] for row in own) == sorted(row["value"] for row in lines if row["unit"])
    assert {row["value"] for row in lines if not row["unit"]} == plans


# --- pages ----------------------------------------------------------------------------------------


def test_an_area_without_risk_units_says_that_it_has_none(project: Project) -> None:
    put(project, "risk_units", unit(0))
    found = chapter(project, "conghua")
    assert "从化区没有风险单位" in said(found.answer())
    assert "从化区没有风险单位" in said(found.risk_units_by_level())
    assert found.risk_units_by_level().as_json()["status"] == DEMONSTRATION
    assert found.plans_verdict() is None
    assert [text(card.value) for card in found.headline().cards] == []


def test_an_area_without_rows_says_so(project: Project) -> None:
    for area in ("guangzhou", "liwan"):
        found = chapter(project, area)
        assert "没有找到" in said(found.answer())
        assert joined(found.headline().sentence) == "没有找到风险单位和预案的数字。"
        known = [
            figure.name
            for block in blocks_of(project, area, 2024, "zh", Emergency)
            for figure in block.figures
            if figure.value not in (None, 0)
        ]
        assert set(known) <= {"deadline_filing"}


def test_a_published_number_without_rows_breaks_no_page(project: Project) -> None:
    for indicator in ("risk_units", "plans_filed", "incidents", "drills", "hospitals", "laboratories_checked"):
        publish(project, indicator, "3")
    assert len(blocks_of(project, "liwan", 2024, "en", Emergency)) > 15


def test_the_city_is_the_sum_of_its_districts(shipped: Project) -> None:
    city, parts = chapter(shipped, "guangzhou"), [chapter(shipped, area) for area in ("panyu", "conghua")]
    for risk in ("", *RISKS):
        assert city.risk_units(2024, risk).value == sum(part.risk_units(2024, risk).value for part in parts)
    for state in emergency.STATES:
        assert city.in_state(state, 2024).value == sum(part.in_state(state, 2024).value for part in parts)
    for column in ("drills", "teams", "experts", "outreach_people"):
        whole, *of_parts = (it.yearly("readiness", column, 2024).value for it in (city, *parts))
        assert whole == sum(of_parts)
    assert city.plans_filed(2024).value == sum(part.plans_filed(2024).value for part in parts) > 0


def test_the_answer_says_that_what_is_counted_is_invented(shipped: Project) -> None:
    for area, words in (("guangzhou", "下面是示例各区之和"), ("panyu", "下面是示例")):
        assert words in said(chapter(shipped, area).answer())
    assert "what follows is invented" in said(chapter(shipped, "panyu", language="en").answer())


def test_districts_are_set_beside_one_another_and_the_citys_bar_is_told_but_not_drawn(shipped: Project) -> None:
    city = chapter(shipped, "guangzhou")
    assert [row["area"] for row in table(city.plan_states())] == ["番禺区", "从化区"]
    alternative = joined(city.plan_states().as_json()["content"]["chart"]["alternative"])
    assert f"广州市的{city.risk_units(2024).value}家中" in alternative
    assert [row["area"] for row in table(city.districts())] == ["广州市", "番禺区", "从化区"]


def test_the_overview_has_a_sentence_and_two_figures(shipped: Project) -> None:
    found = chapter(shipped, "panyu")
    headline = found.headline()
    assert [card.value for card in headline.cards] == [found.incident_count(2024), found.current_share(2024)]
    assert joined([part.printed["zh"][0] if isinstance(part, Figure) else part for part in headline.sentence])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("year", [2023, 2024])
def test_every_figure_follows_from_its_derivation(shipped: Project, year: int, language: str, tmp_path: Path) -> None:
    """Recomputed by ``verify``, which shares no code with the chapter."""
    found = published(shipped, tmp_path, Emergency, ("guangzhou", "panyu", "conghua"), year, language)
    assert len(found.entries) > 300
    assert [str(problem) for problem in found.problems()] == []
    assert [str(problem) for problem in checker.problems(found.tables)] == []
