"""The chapter of public action: verdicts against targets, shares beyond a hundred, small counts that nobody is told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from projects import CODES, REPO, add, blocks_of, edit, read, small_project
from recomputed import published
from reportkit.chapters import NOT_DISCLOSED, PARTLY
from reportkit.chapters.law import Law
from reportkit.chapters.participation import Participation
from reportkit.chapters.participation_figures import ACTIVITIES, JOINED, MEASURES, TYPES
from reportkit.figures import Figure
from reportkit.project import Project
from reportkit.verify import participation as verify_participation
from shown import joined, notes, said, table, text

INVENTED = ("public_bodies", "communities", "complaints", "complaints_crossed", "handling", "activities")
DEMO = {"status": "demonstration", "source_id": "demo-participation"}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped tables of the city and two districts."""
    folder = tmp_path_factory.mktemp("participation")
    return small_project(folder, districts=("liwan", "conghua"), years=(2023, 2024), data_years=())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The city and a district without any rows of the chapter, for each test to change."""
    project = small_project(tmp_path, districts=("liwan",), data_years=())
    for name in (*INVENTED, "published"):
        edit(project.data / f"participation/{name}.csv", lambda rows: [])
    return project


def chapter(project: Project, area: str = "liwan", year: int = 2024, language: str = "zh") -> Participation:
    return Participation.open(area, year, language, project)


def row(name: str, project: Project, area: str = "liwan", year: str = "2024", **values: str) -> None:
    """A row of a table of the chapter."""
    add(project.data / f"participation/{name}.csv", {"area_code": CODES[area], "year": year, **DEMO, **values})


def bodies(project: Project, year: str, **values: str) -> None:
    """A year of public bodies in which 100 people work on 1,000 m²."""
    used = {"energy_kgce": "10000", "power_kwh": "50000", "water_m3": "2000"}
    bought = {"purchases_10k_yuan": "200", "green_10k_yuan": "150"}
    row("public_bodies", project, year=year, **{"staff": "100", "floor_m2": "1000", **used, **bought, **values})


def complain(project: Project, breakdown: str, area: str = "liwan", year: str = "2024", **counts: str) -> None:
    """Complaints of a breakdown by group; an empty count is left out."""
    for group, count in counts.items():
        about = {"breakdown": breakdown, "group": group.rstrip("_"), "count": count}
        row("complaints", project, area, year, **about, is_suppressed="false" if count else "true")


def handle(project: Project, days: str, longest: str) -> None:
    row("handling", project, days_total=days, days_longest=longest)


def publish(project: Project, item: str, indicator: str, value: str, unit: str, **values: str) -> None:
    names = {"name_zh": "例", "name_en": "example", "period": "2024", "status": "official"}
    about = {"area_code": CODES["guangzhou"], "item_id": item, "indicator": indicator, "value": value, "unit": unit}
    add(project.data / "participation/published.csv", {**about, **names, "source_id": "gz-law-2023", **values})


# --- public bodies --------------------------------------------------------------------------------


def test_a_cut_is_held_against_the_straight_line_to_its_target(project: Project) -> None:
    """By 2024, four of five years on: 4.8% by head, 4.0% by floor area; the targets are 6% and 5%."""
    bodies(project, "2020")
    bodies(project, "2024", energy_kgce="9500", power_kwh="48000", water_m3="1910")
    found = chapter(project)
    assert [text(found.use(measure, 2024)) for measure in MEASURES] == [
        *("95.0", "9.50", "480.0", "48.00", "19.10", "1.910")
    ]
    assert [text(found.change(measure, 2024)) for measure in MEASURES] == ["-5.00"] * 2 + ["-4.00"] * 2 + ["-4.50"] * 2
    assert text(found.on_path("energy_per_head")) == "-4.8"
    assert [text(found.standing(measure)) for measure in MEASURES] == [
        *("on_track", "met_early", "behind", "on_track", "behind", None)
    ]
    assert text(found.of_path("power_per_area")) == "100.0"
    rows = {row["measure"]: row for row in table(found.body_targets())}
    assert rows["人均综合能耗"] == {
        **{"measure": "人均综合能耗", "base": "100.0千克标准煤/人", "now": "95.0千克标准煤/人"},
        **{"change": "−5.00%", "path": "−4.8%", "goal": "−6.0%", "standing": "符合进度"},
    }
    assert [rows["单位建筑面积用水"][name] for name in ("path", "goal", "standing")] == ["—"] * 3


def test_a_change_is_that_of_what_was_used_and_not_of_what_is_printed(project: Project) -> None:
    """10,000 kgce of 101 people, then 9,700 of 101: 99.0 and 96.0 as printed, −3.03%; it is −3.00%."""
    bodies(project, "2020", staff="101")
    bodies(project, "2024", staff="101", energy_kgce="9700")
    found = chapter(project)
    assert [text(found.use("energy_per_head", year)) for year in (2020, 2024)] == ["99.0", "96.0"]
    assert text(found.change("energy_per_head", 2024)) == "-3.00"
    assert text(found.of_path("energy_per_head")) == "62.5"  # of −4.8


def test_power_is_judged_by_a_rule_of_its_own(project: Project) -> None:
    bodies(project, "2020")
    bodies(project, "2024")
    found = chapter(project)
    for measure, family in (
        ("power_per_head", "participation.power_target"),
        ("energy_per_head", "participation.target"),
    ):
        standing = found.standing(measure)
        assert standing is not None
        assert standing.derivation["rule"] == family
        assert standing.is_verified


def test_use_that_rose_has_gone_no_part_of_the_way(project: Project) -> None:
    bodies(project, "2020")
    bodies(project, "2024", energy_kgce="10100")
    found = chapter(project)
    assert text(found.of_path("energy_per_head")) == "-20.8"  # 1.0 where −4.8 is asked for
    assert text(found.standing("energy_per_head")) == "behind"


def test_without_the_base_year_nothing_is_judged(project: Project) -> None:
    bodies(project, "2024")
    found = chapter(project)
    assert found.standing("energy_per_head") is None
    assert "公共机构比" not in said(found.answer())


def test_green_purchases_are_of_what_can_be_green(project: Project) -> None:
    bodies(project, "2024")
    assert text(chapter(project).green_purchases(2024)) == "75.0"


# --- communities ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "green", "expected"),
    [("2022", "60", "met"), ("2022", "59", "missed"), ("2021", "60", "met_early"), ("2021", "59", "not_yet")],
)
def test_sixty_percent_of_communities_were_to_be_green_by_2022(
    project: Project, year: str, green: str, expected: str
) -> None:
    row("communities", project, year=year, communities="100", green=green)
    found = chapter(project, year=int(year))
    assert text(found.green_standing()) == expected
    assert f"到2022年要有60%的城市社区达到要求，{year}年末有{green}.0%" in notes(found.communities_over_years())


def test_what_is_green_after_2022_changes_nothing_of_what_was_green_then(project: Project) -> None:
    row("communities", project, year="2022", communities="100", green="59")
    row("communities", project, year="2024", communities="100", green="61")
    found = chapter(project)
    assert (text(found.green_standing()), text(found.green_share(2024))) == ("missed", "61.0")
    assert "2022年末有59.0%：未达到" in notes(found.communities_over_years())


def test_of_2022_unknown_nothing_is_judged(project: Project) -> None:
    row("communities", project, year="2024", communities="100", green="61")
    assert chapter(project).green_standing() is None


# --- complaints -----------------------------------------------------------------------------------


def test_a_complaint_of_several_types_counts_in_each_and_the_page_says_so(project: Project) -> None:
    complain(project, "channel", all_="100")
    complain(project, "type", noise="70", air="60", water="0", all_="130")
    found = chapter(project)
    assert [text(found.share("type", type_, 2024)) for type_ in ("noise", "air", "water")] == ["70.0", "60.0", "0.0"]
    assert "加起来是130.0%，超过100%" in notes(found.complaint_types())


def test_where_shares_add_up_to_a_hundred_nothing_is_said_of_it(project: Project) -> None:
    complain(project, "channel", all_="100")
    complain(project, "type", noise="40", air="60", all_="100")
    assert "超过100%" not in notes(chapter(project).complaint_types())


def test_a_count_that_is_left_out_is_no_figure_and_no_nought(project: Project) -> None:
    complain(project, "channel", phone="80", letters="", online="", inspection="0", all_="100")
    complain(project, "type", noise="70", radiation="", other="", all_="130")
    found = chapter(project)
    assert text(found.tally("type", "radiation", 2024)) is None
    assert text(found.share("type", "radiation", 2024)) is None
    rows = {row["type"]: row["count"] for row in table(found.complaint_types())}
    assert (rows["噪声"], rows["辐射"], rows["水"]) == ("70件", "不公布", "—")
    (row_2024,) = table(found.complaint_channels())
    assert [row_2024[name] for name in ("phone", "online", "letters", "inspection")] == [
        "80件",
        "不公布",
        "不公布",
        "0件",
    ]
    assert text(found.left_out_count()) == "4"
    assert "隐去的数有4个" in said(found.privacy())


def test_of_the_city_what_is_left_out_by_channel_and_type_counts_too(project: Project) -> None:
    complain(project, "channel", "guangzhou", phone="80", letters="", online="20", inspection="", all_="105")
    for channel, type_, count in (("phone", "water", ""), ("phone", "noise", "60"), ("online", "water", "")):
        about = {"channel": channel, "type": type_, "count": count, "is_suppressed": "false" if count else "true"}
        row("complaints_crossed", project, "guangzhou", **about)
    city = chapter(project, "guangzhou")
    assert text(city.left_out_count()) == "4"
    assert "隐去的数有4个" in said(city.privacy())


def test_as_many_counts_are_said_to_be_left_out_as_the_tables_of_the_page_leave_empty(shipped: Project) -> None:
    city = chapter(shipped, "guangzhou")
    cells = [cell for row in table(city.channels_and_types()) for cell in row.values()]
    assert text(city.left_out_count()) == str(cells.count("不公布")) != "0"


def test_a_type_that_is_never_told_has_no_empty_picture(project: Project) -> None:
    complain(project, "channel", all_="100")
    complain(project, "type", noise="70", radiation="", other="", all_="130")
    (of_year,) = table(chapter(project).types_over_years())
    assert list(of_year) == ["year", "noise"]


def test_that_counts_are_left_out_is_said_where_the_table_leaves_one_out(project: Project) -> None:
    """A count of 2022 is left out: the table of 2024 and 2023 has none, the picture of four years has."""
    for year, count in (("2022", ""), ("2023", "60"), ("2024", "70")):
        complain(project, "channel", year=year, phone=count or "50", all_="100")
        complain(project, "type", year=year, noise=count, air="50", all_="130")
    found = chapter(project)
    assert "不公布" not in notes(found.complaint_types())
    assert "不公布" in notes(found.types_over_years())
    assert "隐去的数" not in said(found.privacy())  # of 2024 none is
    complain(project, "type", radiation="")
    assert "不公布" in notes(chapter(project).complaint_types())
    assert "不公布" not in notes(chapter(project).complaint_channels())


def test_a_page_never_shows_what_is_left_out(shipped: Project) -> None:
    """Of the shipped tables: a figure of a cell that is left out has no value in any block."""
    rows = read(shipped.data / "participation/complaints.csv")
    hidden = [row for row in rows if row["is_suppressed"] == "true" and row["year"] == "2024"]
    assert hidden
    slugs = {code: slug for slug, code in CODES.items()}
    for row_ in hidden:
        found = chapter(shipped, slugs[row_["area_code"]])
        assert found.is_left_out(row_["breakdown"], row_["group"], 2024)
        assert found.tally(row_["breakdown"], row_["group"], 2024).value is None
    for code in {row_["area_code"] for row_ in hidden}:
        for block in blocks_of(shipped, slugs[code], 2024, "zh", Participation):
            tables = [record for table in block.tables for record in table.rows.to_dict("records")]
            left_out = [record for record in tables if record.get("is_suppressed") is True]
            assert [record for record in left_out if not pd.isna(record["complaints"])] == [], block.name


def test_the_slowest_complaint_is_held_against_sixty_days(project: Project) -> None:
    complain(project, "channel", all_="100")
    handle(project, "1050", "60")
    found = chapter(project)
    assert (text(found.days(2024)), text(found.closing())) == ("10.5", "all_in_time")
    assert "平均10.5天办结，最长的一件用了60天，期限60天：都在期限内" in said(found.answer())


def test_one_day_more_is_late(project: Project) -> None:
    complain(project, "channel", all_="100")
    handle(project, "1050", "61")
    closing = chapter(project).closing()
    assert text(closing) == "some_late"
    assert closing is not None
    assert not closing.is_verified  # the article was not read


def test_satisfaction_is_of_those_who_gave_an_opinion_and_repetition_of_all(project: Project) -> None:
    complain(project, "channel", all_="100")
    complain(project, "opinion", satisfied="30", dissatisfied="10", all_="40")
    complain(project, "repeat", repeated="8", first="92", all_="100")
    found = chapter(project)
    assert text(found.share("opinion", "satisfied", 2024)) == "75.0"
    assert text(found.share("repeat", "repeated", 2024)) == "8.0"


def test_complaints_are_counted_by_the_residents_of_the_chapter_on_climate(project: Project) -> None:
    complain(project, "channel", all_="100")
    (people,) = [
        row["people_10k"]
        for row in read(project.data / "climate/output.csv")
        if (row["area_code"], row["year"]) == (CODES["liwan"], "2024")
    ]
    assert text(chapter(project).per_10k(2024)) == str(round(100 / Decimal(people), 1))


def test_the_citys_channels_and_types_are_on_every_page(shipped: Project) -> None:
    city, district = chapter(shipped, "guangzhou"), chapter(shipped)
    assert table(city.channels_and_types()) == table(district.channels_and_types())
    assert "只有全市的" in notes(district.channels_and_types())
    assert "只有全市的" not in notes(city.channels_and_types())
    cells = [row[type_] for row in table(city.channels_and_types()) for type_ in TYPES]
    assert "不公布" in cells


# --- education ------------------------------------------------------------------------------------


def test_organisations_and_volunteers_are_those_of_the_chapter_on_law(shipped: Project) -> None:
    law = Law.open("liwan", 2024, "zh", shipped)
    rows = {row["year"]: row for row in table(chapter(shipped).suing())}
    for year in (2021, 2024):
        expected = [law.yearly(column, year).printed["zh"][0] for column in ("organisations", "volunteers")]
        assert [rows[str(year)][column] for column in ("organisations", "suit_volunteers")] == expected


def test_all_organisations_and_volunteers_stand_beside_those_for_suits_and_in_the_table_of_districts(
    project: Project,
) -> None:
    counts = {"events": "3", "participants": "90", "bases": "1", "open_works": "1", "visitors": "50"}
    row = {"area_code": CODES["liwan"], "year": "2024", **counts, "groups": "7", "volunteers": "1234", **DEMO}
    add(project.data / "participation/activities.csv", row)
    found = chapter(project)
    for rows in (table(found.suing()), table(found.activities_by_district())):
        assert [(row["groups"], row["volunteers"]) for row in rows if row["volunteers"] != "—"][-1] == ("7", "1,234")


# --- what was published ---------------------------------------------------------------------------


def test_published_complaints_are_printed_before_those_of_the_table(project: Project) -> None:
    complain(project, "channel", area="guangzhou", all_="100")
    publish(project, "P3", "complaints", "2082", "case")
    city = chapter(project, "guangzhou")
    assert (text(city.cases(2024)), city.cases(2024).status) == ("2082", "official")
    assert "示例" not in said(city.answer())


def test_what_an_inspection_handed_over_is_said_first_with_its_day(shipped: Project) -> None:
    """广州日报 of 2 June 2024: 36 reports on 1 June, 29 by telephone and 7 by letter."""
    for area in ("guangzhou", "liwan"):
        first, *_ = said(chapter(shipped, area).answer()).split("\n")
        assert "2024-06-01的“省督察交办的群众信访举报（第10批）”，36件" in first
        assert first.startswith("广州市2024年公布过的投诉举报数字，只找到")  # of schools there are others
    city = chapter(shipped, "guangzhou")
    assert [row["value"] for row in table(city.statements())[9:12]] == ["58件", "35件", "46件"]
    assert "不能相加成全年" in notes(city.statements())
    assert "没有找到公布" in said(chapter(shipped).statements())


def test_what_the_targets_say_of_offices_communities_and_schools_is_printed_here_with_its_medium(
    shipped: Project,
) -> None:
    """广州日报 of August 2024: 749 offices, 1584 green and 697 zero-waste schools, 1155 communities, all told."""
    city = chapter(shipped, "guangzhou")
    statements = city.statements()
    values = {row["value"] for row in table(statements) if row["year"] == "2024-08"}
    assert values == {"749", "1,155", "1,584", "697"}
    assert "广州日报" in {source["publisher"] for source in statements.sources}
    assert "不算比例" in notes(statements)
    assert "没有找到广州市2024年公布的" not in said(city.missing())
    assert "社区总数和所占比例没有找到" in said(city.missing())


def test_a_running_total_from_the_middle_of_the_year_is_not_the_number_of_the_year(shipped: Project) -> None:
    city = chapter(shipped, "guangzhou")
    assert {city.community_count("green", 2024).status, city.green_share(2024).status} == {"demonstration"}


def test_every_usable_row_of_the_reference_material_is_shipped(shared: Path) -> None:
    """What the central inspection of 2021 and the provincial one of 2024 handed over to the city, of trust A to C.

    And what Huadu accepted in nine months of a year that is to be checked. Left out is what has no day: the fourth
    batch of 2024 is dated "from 22 May".
    """
    lines = read(shared / "domain/figures/published_figures.csv")
    rows = [row for row in lines if row["area"] == "全市" and "督察" in row["indicator"] + row["source_title"]]
    rows += [row for row in lines if row["area"] == "全市" and row["indicator"] in ("其中来电", "其中来信")]
    rows = [row for row in rows if "起" not in row["period"] and row["trust"] in "ABC"]
    wanted = {(row["period"].removeprefix("截至")[:10], row["value"], row["trust"]) for row in rows}
    trust = {row["source_id"]: row["trust"] for row in read(REPO / "data/sources.csv")}
    own = [row for row in read(REPO / "data/participation/published.csv") if row["item_id"] == "P3"]
    wanted |= {("2017-01/2017-09", row["value"], "A") for row in lines if row["indicator"] == "受理环境信访投诉"}
    assert {(row["period"], row["value"], trust[row["source_id"]]) for row in own} == wanted
    for row in own:
        assert row["status"] == {"A": "official", "B": "official", "C": "provisional"}[trust[row["source_id"]]], row


def test_what_one_district_accepted_is_shown_with_its_doubt_and_without_the_note_on_batches(project: Project) -> None:
    (accepted,) = (row for row in read(REPO / "data/participation/published.csv") if row["area_code"] == "440114")
    add(project.data / "participation/published.csv", accepted | {"area_code": CODES["liwan"]})
    block = chapter(project).statements()
    (row,) = table(block)
    assert (row["year"], row["value"]) == ("2017-01/2017-09", "6,009件")
    assert "年份待核" in row["statement"]
    assert notes(block) == ""


def test_days_of_an_inspection_disclose_a_part_and_made_up_rows_nothing(shipped: Project) -> None:
    assert {chapter(shipped).disclosure(item).state for item in Participation.items} == {NOT_DISCLOSED}
    city = chapter(shipped, "guangzhou")
    assert {item: city.disclosure(item).state for item in city.items} == {
        **{"P1": PARTLY, "P2": PARTLY, "P3": PARTLY, "P4": PARTLY}
    }
    assert city.disclosure("P3").since == 2021
    assert chapter(shipped, "guangzhou", 2023).disclosure("P3").state == NOT_DISCLOSED


# --- pages ----------------------------------------------------------------------------------------


def test_an_area_without_rows_says_so(project: Project) -> None:
    edit(project.data / "law/yearly.csv", lambda rows: [])
    for area in ("guangzhou", "liwan"):
        found = chapter(project, area)
        assert "没有找到" in said(found.answer())
        assert {found.disclosure(item).state for item in found.items} == {NOT_DISCLOSED}
        known = [
            figure.name
            for block in blocks_of(project, area, 2024, "zh", Participation)
            for figure in block.figures
            if figure.value not in (None, 0) and not figure.name.startswith(("limit_", "people"))
        ]
        assert known == []


def test_the_city_is_the_sum_of_its_districts(shipped: Project) -> None:
    city, parts = chapter(shipped, "guangzhou"), [chapter(shipped, area) for area in ("liwan", "conghua")]
    for column in ("staff", "power_kwh", "green_10k_yuan"):
        assert city.amount(column, 2024).value == sum(part.amount(column, 2024).value for part in parts)
    for column in ("communities", "green"):
        values = [part.community_count(column, 2024).value for part in parts]
        assert city.community_count(column, 2024).value == sum(values)
    for column in (*ACTIVITIES, *JOINED):
        assert city.activity(column, 2024).value == sum(part.activity(column, 2024).value for part in parts)


def test_the_answer_says_that_the_rest_is_invented_in_both_languages(shipped: Project) -> None:
    assert "下面是示例各区" in said(chapter(shipped, "guangzhou").answer())
    assert "下面是示例，不是荔湾区" in said(chapter(shipped).answer())
    assert "What follows is invented" in said(chapter(shipped, language="en").answer())


def test_the_overview_has_a_sentence_and_two_figures(shipped: Project) -> None:
    found = chapter(shipped)
    headline = found.headline()
    assert [card.value for card in headline.cards] == [found.cases(2024), found.days(2024)]
    assert joined([part.printed["zh"][0] if isinstance(part, Figure) else part for part in headline.sentence])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("year", [2023, 2024])
def test_every_figure_follows_from_its_derivation(shipped: Project, year: int, language: str, tmp_path: Path) -> None:
    """Recomputed by ``verify``, which shares no code with the chapter."""
    found = published(shipped, tmp_path, Participation, ("guangzhou", "liwan", "conghua"), year, language)
    assert len(found.entries) > 300
    assert [str(problem) for problem in found.problems()] == []
    assert [str(problem) for problem in verify_participation.problems(found.tables)] == []
