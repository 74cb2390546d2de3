"""The radiation chapter on few, hand-made points: every expected number here was worked out by hand."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from projects import CODES, REPO, add, blocks_of, edit, small_project, write
from reportkit.blocks import Block, plain
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY
from reportkit.chapters.radiation import Radiation
from reportkit.project import Project
from reportkit.status import DEMONSTRATION
from shown import notes

TABLES = (
    *("points", "dose_rate", "electromagnetic_points", "electromagnetic", "drinking_water"),
    *("sources", "sources_city", "supervision", "published", "background"),
)

ORIGIN = {"status": "demonstration", "source_id": "demo-radiation"}
OFFICIAL = {"status": "official", "source_id": "gz-annual-2024"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The city and two districts with a background, and nothing measured, registered or published."""
    project = small_project(tmp_path, districts=("liwan", "conghua"), data_years=())
    for name in TABLES:
        if name != "background":
            write(project.data / "radiation" / f"{name}.csv", [])
    return project


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped rows of the city and two districts."""
    folder = tmp_path_factory.mktemp("radiation")
    project = small_project(folder, districts=("liwan", "conghua"), data_years=(2021, 2022, 2023, 2024))
    shutil.copy(REPO / "data/radiation/sources_city.csv", project.data / "radiation")
    return project


def radiation(project: Project, area: str = "liwan", language: str = "zh", year: int = 2024) -> Radiation:
    return Radiation.open(area, year, language, project)


def put_point(project: Project, point: str, area: str, kind: str = "automatic", usual: str = "100.0/110.0") -> None:
    low, _, high = usual.partition("/")
    names = {"name_zh": f"点{point}", "name_en": f"Point {point}"}
    row = {"point_id": point, "area_code": CODES[area], "kind": kind, "usual_low_ngy_h": low, "usual_high_ngy_h": high}
    add(project.data / "radiation/points.csv", {**row, **names, **ORIGIN})


def measure(project: Project, point: str, *means: str, year: int = 2024, hours: str = "2000") -> None:
    """The quarters of a year of a point, from the first on."""
    rows = [
        {"point_id": point, "year": str(year), "quarter": str(number), "mean_ngy_h": mean, "max_ngy_h": f"{mean}5"}
        for number, mean in enumerate(means, start=1)
    ]
    more = {"hours": hours, "possible_hours": "2208", **ORIGIN}
    add(project.data / "radiation/dose_rate.csv", *[{**row, **more} for row in rows])


def text_of(block: Block) -> str:
    """All sentences of a block as they are printed."""
    said = plain(block.content["sentences"], block.language)
    return "".join(part if isinstance(part, str) else part["text"] for sentence in said for part in sentence)


def said(parts: list[Any], language: str = "zh") -> str:
    return "".join(part if isinstance(part, str) else part["text"] for part in plain(parts, language))


# --- dose rates ----------------------------------------------------------------------------------


def test_the_mean_is_that_of_the_valid_quarters(project: Project) -> None:
    """101, 103 and 108 are 104 on the average; the fourth quarter has 1000 of 2208 hours."""
    put_point(project, "A", "liwan")
    measure(project, "A", "101.0", "103.0", "108.0")
    row = {"point_id": "A", "year": "2024", "quarter": "4", "mean_ngy_h": "900.0", "max_ngy_h": "901.0"}
    add(project.data / "radiation/dose_rate.csv", {**row, "hours": "1000", "possible_hours": "2208", **ORIGIN})
    chapter = radiation(project)
    assert str(chapter.dose_rate().value) == "104.0"
    assert chapter.verdict("A").value == "within_background"
    # 7000 of 8832 hours
    assert str(chapter.capture("A").value) == "79.3"


def test_with_two_valid_quarters_a_year_is_not_judged(project: Project) -> None:
    put_point(project, "A", "liwan")
    measure(project, "A", "101.0", "103.0")
    chapter = radiation(project)
    assert chapter.dose_rate().value is None
    assert chapter.verdict("A").value == "unknown"
    assert "无法回答" in text_of(chapter.answer())
    assert "点A" in text_of(chapter.missing())


def test_that_every_point_can_be_judged_is_told_as_a_number_and_is_invented_as_the_points_are(project: Project) -> None:
    put_point(project, "A", "liwan")
    measure(project, "A", "101.0", "102.0", "103.0")
    block = radiation(project).missing()
    assert "无法判断的点位：0个" in text_of(block)
    assert block.as_json()["status"] == DEMONSTRATION


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        (("101.0", "102.0", "103.0"), "within_background"),
        (("101.0", "102.0", "111.0"), "beyond_usual"),
        (("300.0", "301.0", "302.0"), "outside_background"),
        (("60.0", "61.0", "62.0"), "outside_background"),
    ],
)
def test_a_point_is_judged_by_the_background_and_its_past(
    project: Project, means: tuple[str, ...], expected: str
) -> None:
    put_point(project, "A", "liwan")
    measure(project, "A", *means)
    assert radiation(project).verdict("A").value == expected


def test_the_answer_counts_each_verdict(project: Project) -> None:
    put_point(project, "A", "liwan")
    put_point(project, "B", "liwan")
    put_point(project, "C", "liwan", "manual", "")
    measure(project, "A", "101.0", "102.0", "103.0")
    measure(project, "B", "101.0", "102.0", "111.0")
    measure(project, "C", "300.0", hours="2208")
    chapter = radiation(project, language="en")
    # (102 + 104 2/3) / 2 = 103 1/3
    assert "was 103.3 nGy/h in 2024; the natural background of Guangzhou ranges from 69.3 nGy/h to 266.9 nGy/h" in (
        text_of(chapter.answer())
    )
    answer = text_of(chapter.answer())
    assert "points: 3; within the background, with nothing unusual found: 1; within it, but outside the" in answer
    assert "; outside it: 1." in text_of(chapter.answer())
    assert "; outside it: " in chapter.headline().sentence


def test_a_visited_point_is_judged_by_one_visit_and_left_out_of_the_mean(project: Project) -> None:
    put_point(project, "M", "liwan", "manual", "")
    measure(project, "M", "120.0", hours="2208")
    chapter = radiation(project)
    assert chapter.verdict("M").value == "within_background"
    assert chapter.dose_rate().value is None


def test_the_city_is_the_mean_of_the_automatic_points_of_all_districts(project: Project) -> None:
    for point, area, mean in (("A", "liwan", "100.0"), ("B", "conghua", "170.0")):
        put_point(project, point, area, usual="90.0/180.0")
        measure(project, point, mean, mean, mean)
    assert str(radiation(project, "guangzhou").dose_rate().value) == "135.0"
    assert [str(figure.value) for figure in radiation(project).compared()["dose_rate"].values()] == [
        "135.0",
        "100.0",
        "170.0",
    ]


def test_a_district_with_a_background_of_its_own_is_held_against_it(project: Project) -> None:
    put_point(project, "A", "liwan")
    measure(project, "A", "101.0", "102.0", "103.0")
    known = {"survey_zh": "调查", "survey_en": "A survey", "low_ngy_h": "110.0", "high_ngy_h": "150.0"}
    add(project.data / "radiation/background.csv", {"area_code": CODES["liwan"], **known, **OFFICIAL})
    assert radiation(project).verdict("A").value == "outside_background"
    assert (
        radiation(project, "conghua").background("low").value == radiation(project, "guangzhou").background("low").value
    )


def test_the_dose_of_a_year_outdoors(project: Project) -> None:
    """100 nGy/h × 8760 h × 0.7 Sv/Gy = 613,200 nSv = 0.61 mSv."""
    put_point(project, "A", "liwan")
    measure(project, "A", "100.0", "100.0", "100.0")
    assert str(radiation(project).dose_of_year().value) == "0.61"


def test_an_official_mean_goes_before_a_computed_one(project: Project) -> None:
    put_point(project, "A", "liwan")
    measure(project, "A", "101.0", "102.0", "103.0")
    row = {"area_code": CODES["liwan"], "period": "2024", "indicator": "dose_rate_mean", "value": "98.7"}
    add(project.data / "radiation/published.csv", {**row, "unit": "nGy/h", **OFFICIAL})
    figure = radiation(project).dose_rate()
    assert (str(figure.value), figure.status) == ("98.7", "official")
    assert radiation(project).disclosure("Q7").state == PARTLY
    state = {"period": "2024", "indicator": "state", "statement_zh": "正常", "statement_en": "normal"}
    add(project.data / "radiation/published.csv", {"area_code": CODES["liwan"], **state, **OFFICIAL})
    assert radiation(project).disclosure("Q7").state == DISCLOSED


# --- nothing, and what is published --------------------------------------------------------------


@pytest.mark.parametrize(("language", "expected"), [("zh", "没有公开"), ("en", "have been disclosed")])
@pytest.mark.parametrize("area", ["liwan", "guangzhou"])
def test_an_area_without_rows_says_so_in_every_block(project: Project, area: str, language: str, expected: str) -> None:
    write(project.data / "radiation/background.csv", [])
    chapter = radiation(project, area, language)
    assert expected in text_of(chapter.answer())
    assert chapter.disclosure("Q7").state == NOT_DISCLOSED
    assert chapter.headline().cards == ()
    blocks = blocks_of(project, area, 2024, language, Radiation)
    assert {block.kind for block in blocks} == {"statement"}
    assert all(text_of(block) for block in blocks)


def test_demonstration_does_not_count_as_disclosed(shipped: Project) -> None:
    assert radiation(shipped, "guangzhou").disclosure("Q7").state == NOT_DISCLOSED


def test_what_was_published_is_shown_with_its_day_as_printed(shipped: Project) -> None:
    table = radiation(shipped, "liwan").published_table().content["table"]
    rows = [said([*row[:3]]) for row in table.rows]
    assert "2011-03-24自动站剂量率：平均109.1纳戈瑞/小时" in rows
    assert "2014辐射环境状况正常" in rows
    # 13.32×10⁻⁸ Gy/h, of 2004 to 2006
    assert "2004/2006室外天然γ辐射调查：平均133.2纳戈瑞/小时" in rows
    assert radiation(shipped, "guangzhou", year=2014).disclosure("Q7").state == PARTLY
    told = {said([row[0]]): said([row[-1]]) for row in table.rows}
    assert "已换算" in told["2004/2006"]
    assert "当天16时发布" in told["2011-03-24"]
    english = radiation(shipped, "liwan", "en").published_table().content["table"]
    assert any(said([row[-1]]).startswith("Converted from") for row in english.rows)


def test_a_survey_that_found_a_wider_range_than_the_background_is_told(shipped: Project) -> None:
    """65.9 to 283.9 nGy/h of 2004 to 2006, against 69.3 to 266.9; what is in words is not called a survey."""
    shown = notes(radiation(shipped, "liwan").published_table())
    assert "65.9纳戈瑞/小时至283.9纳戈瑞/小时）超出了本页作参考的本底范围（69.3纳戈瑞/小时至266.9纳戈瑞/小时）" in shown
    assert "只有文字的，是对那一年的说法" in shown


def test_the_background_of_a_district_is_said_to_be_the_citys(shipped: Project) -> None:
    assert "广州市天然本底的参考范围" in text_of(radiation(shipped, "liwan").answer())
    assert "the natural background of Guangzhou ranges" in text_of(radiation(shipped, "liwan", "en").answer())


# --- fields, drinking water ----------------------------------------------------------------------


def put_field(project: Project, **values: str) -> None:
    row = {"field_id": "F", "name_zh": "点", "name_en": "Point", "area_code": CODES["liwan"], "facility": "substation"}
    add(project.data / "radiation/electromagnetic_points.csv", {**row, **ORIGIN})
    rows = [{"field_id": "F", "year": "2024", "quantity": name, "value": value} for name, value in values.items()]
    add(project.data / "radiation/electromagnetic.csv", *[{**row, **ORIGIN} for row in rows])


def test_a_field_at_its_limit_meets_it_and_one_above_does_not(project: Project) -> None:
    put_field(project, power_electric="4000", power_magnetic="100.01")
    chapter = radiation(project, language="en")
    highest = {name: chapter.highest_field(name) for name in chapter.quantities}
    verdicts = [str(chapter.field_verdict(figure, name).value) for name, figure in highest.items()]
    assert verdicts == ["meets", "exceeds"]
    assert str(chapter.field_share("power_electric").value) == "100.0"
    assert "are above the limit" in text_of(chapter.answer())
    assert not chapter.field_verdict(highest["power_electric"], "power_electric").is_verified


def test_a_source_above_a_guide_value_is_named_and_not_called_undrinkable(project: Project) -> None:
    intake = {"intake_id": "D", "name_zh": "水源", "name_en": "Source", "type": "river", "level": "city"}
    edit(project.data / "water/drinking_sources.csv", lambda rows: [])
    add(project.data / "water/drinking_sources.csv", {**intake, "area_code": CODES["conghua"], **ORIGIN})
    for half, alpha, beta in (("1", "0.5", "0.2"), ("2", "0.501", "0.3")):
        row = {"intake_id": "D", "year": "2024", "half": half, "gross_alpha_bq_l": alpha, "gross_beta_bq_l": beta}
        add(project.data / "radiation/drinking_water.csv", {**row, **ORIGIN})
    chapter = radiation(project, "conghua")
    assert chapter.guide_verdict("D").value == "above_guide"
    assert str(chapter.gross_share("gross_alpha", "D").value) == "100.2"
    assert "需做核素分析" in text_of(radiation(project, "liwan").drinking())


# --- sources, supervision ------------------------------------------------------------------------


def test_the_page_of_a_district_never_gives_the_gravest_categories(shipped: Project) -> None:
    for area in ("liwan", "conghua"):
        block = radiation(shipped, area).held_table()
        rows = [said([row[0]]) for row in block.content["table"].rows]
        assert rows == ["Ⅲ类放射源", "Ⅳ类放射源", "Ⅴ类放射源", "Ⅱ类射线装置", "Ⅲ类射线装置"]
        named = {figure.id.partition("#")[2] for figure in block.figures}
        assert "pieces_device_3" in named
        assert not [name for name in named if name.endswith(("source_1", "source_2", "device_1"))]
    city = radiation(shipped, "guangzhou").held_table()
    assert len(city.content["table"].rows) == 8


def test_a_withheld_number_is_called_so_and_a_nought_is_a_nought(shipped: Project) -> None:
    rows = {said([row[0]]): row for row in radiation(shipped, "liwan").held_table().content["table"].rows}
    assert rows["Ⅳ类放射源"][1] == "不公开"
    assert str(rows["Ⅲ类放射源"][1].value) == "0"


def test_supervision_of_the_city_is_the_sum_of_its_districts(project: Project) -> None:
    blank = dict.fromkeys(("events_extraordinary", "events_major", "events_larger", "events_general"), "0")
    known = {"permits": "3", "inspections": "4", "problems": "2", "problems_corrected": "1", "drills": "1", **blank}
    for area, more in (("liwan", {}), ("conghua", {"permits": "10", "events_general": "1"})):
        row = {"area_code": CODES[area], "year": "2024", **known, **more}
        add(project.data / "radiation/supervision.csv", {**row, **ORIGIN})
    city = {"area_code": CODES["guangzhou"], "year": "2024", "sources_collected": "7", "sources_returned": "2"}
    add(project.data / "radiation/supervision.csv", {**city, **ORIGIN})
    chapter = radiation(project, "guangzhou")
    assert str(chapter.supervision("permits").value) == "13"
    assert "辐射事故1起：特别重大0起，重大0起，较大0起，一般1起。" in text_of(chapter.safety())
    assert "收贮废旧放射源7枚，返回生产厂家2枚。" in text_of(chapter.safety())
    assert "全年辐射事故0起" in text_of(radiation(project, "liwan").answer())


# --- the shipped rows ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("area", ["guangzhou", "liwan", "conghua"])
def test_every_block_can_be_shown_with_the_shipped_rows(shipped: Project, area: str, language: str) -> None:
    blocks = blocks_of(shipped, area, 2024, language, Radiation)
    names = [block.name for block in blocks]
    assert len(set(names)) == len(names) == 14
    assert {"by-quarter", "over_years", "among_districts", "fields", "supervision"} <= {
        block.name for block in blocks if block.kind == "chart"
    }
    assert all(block.as_json()["figures"] is not None for block in blocks)
    headline = radiation(shipped, area, language).headline()
    assert headline.sentence
    assert len(headline.cards) == 2


def test_a_quarter_with_too_few_hours_breaks_the_line(project: Project) -> None:
    put_point(project, "A", "liwan")
    measure(project, "A", "101.0", "103.0", "108.0")
    row = {"point_id": "A", "year": "2024", "quarter": "4", "mean_ngy_h": "900.0", "max_ngy_h": "901.0"}
    add(project.data / "radiation/dose_rate.csv", {**row, "hours": "1000", "possible_hours": "2208", **ORIGIN})
    values = radiation(project).by_quarter().content["chart"].wide["data"]["values"]
    shown = {row["step"]: row.get("value") for row in values if "step" in row}
    assert [shown[f"2024 Q{quarter}"] for quarter in (3, 4)] == [108.05, None]


def test_every_quarter_of_a_station_that_never_stood_still_is_drawn(shipped: Project) -> None:
    chart = radiation(shipped, "guangzhou").by_quarter().content["chart"]
    values = chart.wide["data"]["values"]
    assert sum("value" in row for row in values) == 2 * 2 * 16
    assert {(row["low"], row["high"]) for row in values if "low" in row} == {(69.3, 266.9)}


def test_no_table_of_a_page_takes_the_place_of_a_whole_one(shipped: Project) -> None:
    """What a page publishes under the name of a table in ``data/`` would leave the other areas' rows out."""
    blocks = blocks_of(shipped, "liwan", 2024, "zh", Radiation)
    assert {table.name.partition("/")[0] for block in blocks for table in block.tables} == {"2024"}
