"""The noise chapter: means, grades and compliance worked out by hand; published figures first; what is missing said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from projects import CODES, REPO, add, blocks_of, edit, read, small_project, write
from reportkit.blocks import Block
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY
from reportkit.chapters.noise import Noise
from reportkit.errors import DataError
from reportkit.project import Project, open_project
from shown import joined, notes, table, text

MADE_UP = {"status": "demonstration", "source_id": "demo-noise"}
GRID = {"sound_source": "life", "year": "2024", "time": "day", **MADE_UP}
POINT = {"name_zh": "示例点", "name_en": "Demo point", "zone": "2", "year": "2024", **MADE_UP}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped noise of the city and two districts."""
    return small_project(tmp_path_factory.mktemp("noise"), districts=("liwan", "conghua"), data_years=())


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    """The city and two districts without any noise."""
    project = small_project(tmp_path / "project", districts=("liwan", "conghua"), data_years=())
    for name in ("area_grid", "roads", "functional_zones", "published", "statements"):
        write(project.data / "noise" / f"{name}.csv", [])
    write(project.data / "enterprises/published.csv", [])  # the key units for noise are among them
    return project


def noise(project: Project, area: str = "liwan", language: str = "zh") -> Noise:
    return Noise.open(area, 2024, language, project)


def levels(project: Project, *values: str, area: str = "liwan", **changed: str) -> None:
    """Grid points of an area, by day in 2024 if nothing else is said."""
    rows = [
        {**GRID, "point_id": f"G{number}-{CODES[area]}", "area_code": CODES[area], "leq_db": value, **changed}
        for number, value in enumerate(values)
    ]
    add(project.data / "noise/area_grid.csv", *rows)


def road(project: Project, level: str, length: str, area: str = "liwan", **changed: str) -> None:
    about = {
        "name_zh": "示例路",
        "name_en": "Demo road",
        "area_code": CODES[area],
        "length_km": length,
        "leq_db": level,
    }
    about |= {"road_id": f"R{level}-{length}-{CODES[area]}", "year": "2024", "time": "day"}
    add(project.data / "noise/roads.csv", {**about, **MADE_UP, **changed})


def quarters(project: Project, *pairs: tuple[str, str], point: str = "Z1", area: str = "liwan", **changed: str) -> None:
    """The levels of a point by day and by night, quarter by quarter."""
    rows = [
        {
            **POINT,
            "point_id": point,
            "area_code": CODES[area],
            "quarter": str(quarter),
            "day_db": day,
            "night_db": night,
        }
        | changed
        for quarter, (day, night) in enumerate(pairs, start=1)
    ]
    add(project.data / "noise/functional_zones.csv", *rows)


def published(project: Project, indicator: str, value: str, area: str = "liwan", **changed: str) -> None:
    row = {"area_code": CODES[area], "item_id": "Q3", "indicator": indicator, "name_zh": "例", "name_en": "Example"}
    row |= {"year": "2024", "value": value, "unit": "%" if indicator.startswith("zones") else "dB(A)"}
    add(project.data / "noise/published.csv", row | {"status": "official", "source_id": "gz-annual-2024"} | changed)


def said(block: Block) -> str:
    """All that a block says in sentences, quotations and notes."""
    shown = block.as_json()
    content = shown["content"]
    sentences = content.get("sentences", [])
    quotes = [line for quote in content.get("quotes", []) for line in ([quote["words"]], *quote["lines"])]
    return "\n".join(map(joined, [*sentences, *quotes, *shown["notes"]]))


# --- levels and grades ----------------------------------------------------------------------------


def test_the_level_of_an_area_is_the_mean_of_its_points_rounded_to_a_tenth_half_to_even(bare: Project) -> None:
    """(55.0 + 55.1) / 2 = 55.05, which is 55.0 half to even: grade 2. Half up it would be 55.1 and grade 3."""
    levels(bare, "55.0", "55.1")
    chapter = noise(bare)
    level, grade = chapter.level("area", "day"), chapter.grade("area", "day")
    assert (text(level), level.unrounded, text(grade)) == ("55.0", "55.05", "noise_fairly_good")
    assert grade.printed == {"zh": ("二级（较好）",), "en": ("grade 2 (fairly good)",)}
    assert {rule.family for rule in grade.rules} == {"noise.area_mean", "noise.schedule", "noise.grade"}
    assert grade.derivation["of"] == ["2024/liwan/noise#area_day"]
    assert not grade.is_verified


def test_the_level_of_roads_is_weighted_by_their_length(bare: Project) -> None:
    """(70.1 × 1.0 + 68.0 × 3.0) / 4.0 = 68.525; the plain mean would be 69.05. A quarter of 4 km is above 70."""
    road(bare, "70.1", "1.0")
    road(bare, "68.0", "3.0")
    chapter = noise(bare)
    assert [text(chapter.level("road", "day")), chapter.level("road", "day").unrounded] == ["68.5", "68.525"]
    assert text(chapter.grade("road", "day")) == "noise_fairly_good"
    assert [text(chapter.road_length()), text(chapter.road_length(loud=True))] == ["4.0", "1.0"]
    assert text(chapter.loud_share()) == "25.0"


def test_a_road_of_exactly_seventy_decibels_is_not_above_them(bare: Project) -> None:
    road(bare, "70.0", "1.0")
    road(bare, "60.0", "1.5")
    for area in ("liwan", "guangzhou"):
        assert "监测路段共2.5公里，昼间没有高于70分贝的。" in said(noise(bare, area).road_sections())


def test_the_citys_level_is_that_of_all_points_and_not_of_the_districts_means(bare: Project) -> None:
    """(50 + 50 + 56) / 3 = 52.0; the mean of the districts' 50 and 56 would be 53."""
    levels(bare, "50.0", "50.0")
    levels(bare, "56.0", area="conghua")
    city = noise(bare, "guangzhou")
    assert text(city.level("area", "day")) == "52.0"
    assert "所有区的测点" in said(city.area_grades())


def test_the_answer_says_level_grade_and_change(bare: Project) -> None:
    levels(bare, "54.2")
    levels(bare, "55.5", year="2023")
    answer = said(noise(bare).answer())
    assert "昼间平均等效声级为54.2分贝，属二级（较好），比上年低1.3分贝。" in answer
    english = said(noise(bare, language="en").answer())
    assert "54.2 dB(A) in 2024, grade 2 (fairly good); 1.3 dB(A) less than the year before." in english


def test_the_answer_says_of_which_year_the_last_night_is(bare: Project) -> None:
    levels(bare, "54.2")
    levels(bare, "45.1", year="2023", time="night")
    chapter = noise(bare)
    assert text(chapter.grade("area", "night", 2023)) == "noise_average"
    assert "最近一次监测在2023年，平均45.1分贝，属三级（一般）" in said(chapter.answer())


# --- what was published ---------------------------------------------------------------------------


def test_a_published_level_is_printed_and_not_the_computed_one(bare: Project) -> None:
    levels(bare, "60.0")
    published(bare, "area_day", "55.3")
    level = noise(bare).level("area", "day")
    assert (text(level), level.status, level.derivation["operation"]) == ("55.3", "official", "select")
    assert text(noise(bare).grade("area", "day")) == "noise_average"


def test_the_published_levels_of_the_city_stand_among_the_years_with_their_grades(shipped: Project) -> None:
    """55.1 in 2014, 55.3 in 2016 and 2017 are grade 3; 69.0 on roads is grade 2 (O087, O088)."""
    city = noise(shipped, "guangzhou")
    rows = {row["year"]: row for row in table(city.area_grades())}
    assert list(rows) == ["2014", "2016", "2017", "2021", "2022", "2023", "2024"]
    assert [rows[year]["day"] for year in ("2014", "2016", "2017")] == ["55.1分贝", "55.3分贝", "55.3分贝"]
    assert {rows[year]["day_grade"] for year in ("2014", "2016", "2017")} == {"三级（一般）"}
    roads = {row["year"]: row for row in table(city.road_grades())}
    assert (roads["2017"]["day"], roads["2017"]["day_grade"]) == ("69.0分贝", "二级（较好）")
    assert {city.level("area", "day", year).status for year in (2014, 2016, 2017)} == {"provisional"}


def test_no_line_joins_what_was_published_with_what_was_made_up(shipped: Project) -> None:
    city = noise(shipped, "guangzhou")
    assert (city.breaks("area"), city.breaks("road")) == ([2021], [2021])
    assert "2021年起与此前的数值来源不同" in said(city.area_years())
    assert noise(shipped).breaks("area") == []


def test_no_line_is_drawn_over_a_year_that_is_not_known_and_decibels_do_not_begin_at_nought(shipped: Project) -> None:
    """2014, then 2016 and 2017, all of them reported; 2015 is not known."""
    spec = noise(shipped, "guangzhou").area_years().content["chart"].wide
    points = [row for rows in _data(spec) for row in rows if "segment" in row and row["panel"].startswith("昼间")]
    segments = {row["step"]: row["segment"] for row in points}
    assert segments["2014"] != segments["2016"] == segments["2017"] != segments["2021"] == segments["2024"]
    scales = {layer["encoding"]["y"]["scale"]["zero"] for layer in spec["spec"]["layer"][:2]}
    assert scales == {False}
    of_percent = noise(shipped, "guangzhou").zones_years().content["chart"].wide
    assert of_percent["spec"]["layer"][0]["encoding"]["y"]["scale"]["zero"] is True


def test_a_level_after_a_break_is_not_compared_with_the_year_before(bare: Project) -> None:
    levels(bare, "54.2")
    published(bare, "area_day", "55.3", year="2023")
    chapter = noise(bare)
    assert chapter.change("area") is None
    assert "上年" not in said(chapter.answer())


def test_words_without_a_number_are_quoted_and_said_of_the_city(shipped: Project) -> None:
    for area in ("guangzhou", "liwan"):
        shown = said(noise(shipped, area).official_words())
        assert "声环境功能区夜间达标率达到省的工作要求" in shown
        assert "2022年" in shown
        assert "%" not in shown


def test_the_reported_composition_is_the_citys_of_2017(shipped: Project) -> None:
    for area in ("guangzhou", "liwan"):
        assert "2017年：生活噪声47.1%，交通噪声30.4%" in said(noise(shipped, area).sound_sources())
    rows = {row["year"]: row for row in table(noise(shipped, "guangzhou").sound_sources())}
    assert [rows["2017"][kind] for kind in ("life", "traffic", "industry", "construction")] == [
        "47.1%",
        "30.4%",
        "—",
        "—",
    ]
    assert rows["2017"]["points"] == "—"


def test_every_figure_of_the_city_and_its_districts_in_the_reference_material_is_shipped(shared: Path) -> None:
    """Of whatever topic; numbers of the country, of other cities, and of the batches of inspectors are not noise's."""
    import csv

    data = Path(__file__).parents[2] / "data"
    codes = {row["name_zh"]: row["area_code"] for row in read(data / "areas.csv")} | {"全市": CODES["guangzhou"]}
    with (shared / "domain/figures/published_figures.csv").open(encoding="utf-8") as lines:
        asked = [
            row
            for row in csv.DictReader(lines)
            if row["area"] in codes and (row["topic"] == "noise" or "噪声" in row["indicator"])
        ]
    shipped = [
        (row["area_code"], row["year"], row["value"])
        for row in [*read(data / "noise/published.csv"), *read(data / "enterprises/published.csv")]
        if "噪声" in row["name_zh"] or row["indicator"] == "area_day"
    ]
    numbers = [(codes[row["area"]], row["period"][:4], row["value"]) for row in asked if row["value"][0].isdigit()]
    assert sorted(shipped) == sorted(numbers)
    assert [row["value"] for row in asked if not row["value"][0].isdigit()] == ["达到省的工作要求"]
    assert {"440103", "440104", "440100"} == {code for code, _, _ in numbers}


def test_a_case_complaints_and_key_units_stand_on_the_pages_of_their_area_and_of_the_city() -> None:
    """77, 74 and again 73 against 65 dB(A) in Liwan, 8 complaints in Yuexiu, 2 key units of the city."""
    project = open_project(REPO)
    shown = {
        area: [row["value"] for row in table(noise(project, area).reported())]
        for area in ("liwan", "yuexiu", "guangzhou")
    }
    assert sorted(shown["liwan"]) == ["65分贝", "73分贝", "74分贝", "77分贝"]
    assert shown["yuexiu"] == ["8"]
    assert sorted(shown["guangzhou"]) == sorted([*shown["liwan"], "8", "2"])
    assert "没有查到从化区" in said(noise(project, "conghua").reported())
    by_value = {text(figure): figure.status for figure in noise(project, "guangzhou").reported().figures}
    assert (by_value["77"], by_value["8"], by_value["2"]) == ("official", "provisional", "provisional")


def test_a_single_case_is_no_disclosure_of_the_levels_of_its_year(shipped: Project) -> None:
    chapter = Noise.open("liwan", 2023, "zh", shipped)
    assert chapter.disclosure("Q3").state == NOT_DISCLOSED
    assert "没有查到荔湾区2023年由主管部门公布的" in said(chapter.missing())


# --- functional zones -----------------------------------------------------------------------------


@pytest.fixture
def zoned(bare: Project) -> Project:
    """A point in zone 2 (60 by day, 50 by night): on the limits, above both, far above by night, and a lost night."""
    quarters(bare, ("60.0", "50.0"), ("60.1", "50.1"), ("59.0", "56.2"), ("58.0", ""))
    return bare


def test_compliance_is_of_checks_day_and_night_apart_and_a_lost_night_does_not_count(zoned: Project) -> None:
    """By day 3 of 4, by night 1 of 3."""
    chapter = noise(zoned)
    assert [text(chapter.compliance(time)) for time in ("day", "night")] == ["75.0", "33.3"]
    assert [text(chapter.checks_of(time)) for time in ("day", "night")] == ["4", "3"]
    assert [text(chapter.checks_of(time, failed=True)) for time in ("day", "night")] == ["1", "2"]
    assert text(chapter.lost("night")) == "1"
    assert "有1次夜间没有数据" in said(chapter.zones())


def test_a_zone_stands_beside_its_limits(zoned: Project) -> None:
    (row,) = table(noise(zoned).zones())
    assert (row["zone"], row["day_limit"], row["night_limit"]) == ("2类区", "60分贝", "50分贝")
    assert (row["day_checks"], row["night_checks"]) == ("4", "3")
    assert (row["day_rate"], row["night_rate"]) == ("75.0%", "33.3%")
    assert "混杂" in row["zone_means"]


def test_sudden_noise_at_night_may_be_fifteen_decibels_above_the_limit(zoned: Project) -> None:
    """GB 3096-2008, 5.4: 不准超过15 dB(A); the night of zone 2 has 50, so 65.0 complies and 65.1 does not."""
    assert "没有最大声级的数据" in notes(noise(zoned).zones())
    for point, peak in (("P1", "65.0"), ("P2", "65.1")):
        quarters(zoned, ("54.0", "49.0"), point=point, night_peak_db=peak)
    chapter = noise(zoned)
    assert (text(chapter.peak_nights()), text(chapter.peak_nights(loud=True))) == ("2", "1")
    assert "1个超标" in notes(chapter.zones())


def test_a_limit_that_holds_on_a_condition_says_so(zoned: Project) -> None:
    """60 dB(A) at night is for main lines approved from 2011 on; that secondary roads are in 4a was not read."""
    assert "类区：" not in notes(noise(zoned).zones())
    for zone in ("4a", "4b"):
        quarters(zoned, ("50.0", "40.0"), point=f"Z{zone}", zone=zone)
    shown = notes(noise(zoned).zones())
    assert "4b类区：夜间60分贝只适用于2011年1月1日起" in shown
    assert "4a类区：本站把次干路列入，未对照原文" in shown
    english = table(noise(zoned, language="en").zones())
    assert "secondary roads" in {row["zone"]: row["zone_means"] for row in english}["Zone 4a"]


def test_the_same_level_complies_by_its_zone(zoned: Project) -> None:
    """54.9 by night is too loud in zone 2 and not beside a main road."""
    quarters(zoned, ("54.0", "54.9"), point="Z2", zone="4a")
    chapter = noise(zoned)
    assert chapter.zones_known() == ["2", "4a"]
    assert text(chapter.zone_compliance("4a", "night")) == "100.0"
    assert text(chapter.zone_compliance("2", "night")) == "33.3"
    assert "夜间达标率最低的是2类区（33.3%；各类区是什么地方，见下文）" in said(chapter.answer())


def test_a_point_that_was_above_its_limit_is_named_with_how_often_and_how_far(zoned: Project) -> None:
    quarters(zoned, ("50.0", "40.0"), point="Z2")
    (row,) = table(noise(zoned).exceeding())
    assert row["point"] == "2类区 示例点"
    assert (row["day_failed"], row["day_over"]) == ("1", "0.1分贝")
    assert (row["night_failed"], row["night_over"]) == ("2", "6.2分贝")


def test_the_picture_of_nights_says_how_far_each_was_above_the_limit(zoned: Project) -> None:
    chart = noise(zoned).nights().content["chart"]
    cells = [row for node in _data(chart.wide) for row in node]
    assert [cell["level"] for cell in cells] == ["达标", "超标不到或正好3分贝", "超标5分贝以上", "没有监测"]
    assert [cell["mark"] for cell in cells] == ["", "+0.1", "+6.2", ""]


def _data(spec: Any) -> list[Any]:
    """The rows of every data set of a specification."""
    if isinstance(spec, dict):
        own = [spec["data"]["values"]] if isinstance(spec.get("data"), dict) and "values" in spec["data"] else []
        own += list(spec.get("datasets", {}).values())
        return own or [rows for part in spec.values() for rows in _data(part)]
    return [rows for part in spec for rows in _data(part)][:1] if isinstance(spec, list) else []


def test_when_all_points_comply_it_is_said(bare: Project) -> None:
    quarters(bare, ("50.0", "40.0"))
    chapter = noise(bare)
    assert "没有测点超标" in said(chapter.exceeding())
    assert "夜间达标率最低" not in said(chapter.answer())


def test_the_city_shows_its_districts_by_zone_and_counts_all_checks(zoned: Project) -> None:
    """Liwan's 1 of 3 nights and Conghua's 1 of 1: 2 of 4."""
    quarters(zoned, ("50.0", "40.0"), point="Z9", area="conghua", zone="1")
    city = noise(zoned, "guangzhou")
    assert text(city.compliance("night")) == "50.0"
    rows = {row["district"]: row for row in table(city.nights())}
    assert (rows["荔湾区"]["zone_1"], rows["荔湾区"]["zone_2"], rows["荔湾区"]["zones_night"]) == (
        "—",
        "33.3%",
        "33.3%",
    )
    assert (rows["从化区"]["zone_1"], rows["从化区"]["zone_2"]) == ("100.0%", "—")
    cells = [row for node in _data(city.nights().content["chart"].wide) for row in node]
    assert {(cell["row"], cell["column"]): cell["level"] for cell in cells} == {
        ("荔湾区", "1类区"): "没有测点",
        ("荔湾区", "2类区"): "不到50%",
        ("从化区", "1类区"): "全部达标",
        ("从化区", "2类区"): "没有测点",
    }


def test_published_compliance_goes_first(zoned: Project) -> None:
    published(zoned, "zones_night", "88.0")
    rate = noise(zoned).compliance("night")
    assert (text(rate), rate.status) == ("88.0", "official")


# --- districts ------------------------------------------------------------------------------------


def test_districts_stand_from_the_loudest_on_with_the_city_above(bare: Project) -> None:
    levels(bare, "55.0")
    levels(bare, "52.0", area="conghua")
    rows = table(noise(bare).comparison())
    assert [(row["area"], row["comparison"]) for row in rows] == [
        ("广州市", "53.5分贝"),
        ("荔湾区", "55.0分贝"),
        ("从化区", "52.0分贝"),
    ]
    assert rows[0]["grade"] == "二级（较好）"


def test_what_is_compared_is_the_figure_of_the_districts_own_page(shipped: Project) -> None:
    chapter = noise(shipped, "conghua")
    liwan = chapter.of(chapter.edition.areas["liwan"])
    assert chapter.compared() is liwan.compared()
    assert chapter.compared()["comparison"]["liwan"] is liwan.level("area", "day")
    assert liwan.level("area", "day").id == "2024/liwan/noise#area_day"


def test_a_district_in_error_is_left_out_of_what_the_others_compare(tmp_path: Path) -> None:
    project = small_project(tmp_path, districts=("liwan", "conghua"))
    path = project.data / "noise" / "roads.csv"
    edit(path, lambda rows: [row | {"length_km": "x"} if row["area_code"] == CODES["liwan"] else row for row in rows])
    rows = table(noise(project, "conghua").comparison())
    assert [(row["area"], row["comparison"] == "—", row["road_level"] == "—") for row in rows] == [
        ("广州市", False, True),
        ("荔湾区", False, True),
        ("从化区", False, False),
    ]
    with pytest.raises(DataError, match="length_km"):
        noise(project, "liwan").road_sections()


# --- nothing, and what is missing -----------------------------------------------------------------


@pytest.mark.parametrize("area", ["guangzhou", "liwan"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_area_without_rows_says_so_in_every_block(bare: Project, area: str, language: str) -> None:
    blocks = {block.name: block for block in blocks_of(bare, area, 2024, language, Noise)}
    nothing = noise(bare, area, language).word("no_values")
    for name in ("answer", "area-grades", "area_years", "road-grades", "road-sections", "zones", "nights", "exceeding"):
        assert said(blocks[name]) == nothing, name
    for name in ("zones_years", "sources", "comparison"):
        assert nothing in said(blocks[name]), name
    assert all(block.kind == "statement" for block in blocks.values())
    assert noise(bare, area, language).headline().cards == ()


def test_a_district_without_roads_says_so_and_shows_the_rest(bare: Project) -> None:
    levels(bare, "54.2")
    answer = said(noise(bare).answer())
    assert "54.2分贝" in answer
    assert "没有荔湾区道路交通噪声平均声级的数据。" in answer
    assert "没有荔湾区2024年声环境功能区达标率的数据。" in answer


def test_what_is_missing_is_said_and_nothing_of_elsewhere_is_shown(shipped: Project) -> None:
    for area in ("guangzhou", "liwan"):
        shown = said(noise(shipped, area).missing())
        assert "2024年由主管部门公布的" in shown
        assert "2017年：55.3分贝，按同一规则属三级（一般）" in shown
        assert "2017年：69.0分贝，按同一规则属二级（较好）" in shown
        assert "投诉" in shown
        assert "166.3" not in shown
        assert "570.6" not in shown


def test_nothing_is_missing_of_a_year_that_was_published(bare: Project) -> None:
    published(bare, "area_day", "55.3")
    assert "由主管部门公布的" not in said(noise(bare).missing())


# --- disclosure -----------------------------------------------------------------------------------


def test_made_up_rows_are_no_disclosure(shipped: Project) -> None:
    for area in ("guangzhou", "liwan"):
        assert noise(shipped, area).disclosure("Q3").state == NOT_DISCLOSED


def test_words_alone_are_partly_a_disclosure(shipped: Project) -> None:
    chapter = Noise.open("guangzhou", 2022, "zh", shipped)
    assert (chapter.disclosure("Q3").state, chapter.disclosure("Q3").since) == (PARTLY, 2014)


def test_levels_and_compliance_by_day_and_night_are_a_disclosure(bare: Project) -> None:
    for indicator in ("area_day", "road_day", "zones_day"):
        published(bare, indicator, "50")
    assert noise(bare).disclosure("Q3").state == PARTLY
    published(bare, "zones_night", "90")
    assert noise(bare).disclosure("Q3").state == DISCLOSED


# --- the overview ---------------------------------------------------------------------------------


def test_the_overview_has_a_sentence_and_two_figures(bare: Project) -> None:
    levels(bare, "54.2")
    quarters(bare, ("60.0", "50.0"), ("60.0", "50.1"))
    headline = noise(bare).headline()
    assert joined(_plain(headline.sentence)) == "2024年昼间平均54.2分贝，二级（较好）；功能区夜间达标率50.0%。"
    assert [text(card.value) for card in headline.cards] == ["54.2", "50.0"]


def _plain(parts: list[Any]) -> list[str]:
    return [part if isinstance(part, str) else part.printed["zh"][0] for part in parts]


@pytest.mark.parametrize("area", ["guangzhou", "liwan"])
def test_both_languages_show_the_same_figures(shipped: Project, area: str) -> None:
    shown = [
        [sorted({figure.id for figure in block.figures}) for block in blocks_of(shipped, area, 2024, language, Noise)]
        for language in ("zh", "en")
    ]
    assert shown[0] == shown[1]
