"""The air chapter on few, hand-made days: every expected number here was worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from lxml import html

from projects import CODES, HOSTILE, Row, add, edit, small_project
from reportkit.chapters import Disclosure
from reportkit.chapters.air import Air
from reportkit.errors import SettingsError
from reportkit.project import Project
from shown import joined, notes, said, table, text

TIANHE, TIANHE_DISTRICT = "DEMO-440106-1", "DEMO-440106-2"  # a national station, and one of the district's own
NANSHA, NANSHA_CONTROL = "DEMO-440115-1", "DEMO-440115-3"
CONGHUA = "DEMO-440117-1"

# An ordinary day: sub-indices 6, 25, 30, 22, 15, 40; parts of the index .10 + .50 + .43 + .43 + .15 + .50 = 2.11
GOOD_DAY = {
    "so2_ug_m3": "6",
    "no2_ug_m3": "20",
    "pm10_ug_m3": "30",
    "pm2_5_ug_m3": "15",
    "co_mg_m3": "0.6",
    "o3_8h_ug_m3": "80",
    "o3_1h_ug_m3": "100",
    "valid_hours": "24",
    "o3_8h_windows": "17",
    "status": "demonstration",
    "source_id": "demo-air",
}
OVER = {"pm2_5_ug_m3": "100"}  # 100 + 50 × 25/40, rounded up: an AQI of 132
INVALID = {"valid_hours": "19"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The city and three districts, without any data on their air."""
    project = small_project(tmp_path, districts=("tianhe", "nansha", "conghua"), data_years=())
    edit(project.data / "air" / "published.csv", lambda rows: [])
    return project


def put(project: Project, station: str, first: str, *runs: tuple[int, Row]) -> None:
    """Days of a station from *first* on: runs of so many days that differ from a good one in the values given."""
    day, rows = date.fromisoformat(first), []
    for number, values in runs:
        for _ in range(number):
            rows.append({"station_id": station, "date": day.isoformat(), **GOOD_DAY, **values})
            day += timedelta(days=1)
    add(project.data / "air" / "station_daily_2024.csv", *rows)


def publish(project: Project, area: str, period: str, status: str = "official", **values: str) -> None:
    """Rows of published values of an area."""
    rows = [
        {"area_code": CODES[area], "period": period, "indicator": name, "value": value, "status": status}
        for name, value in values.items()
    ]
    add(project.data / "air" / "published.csv", *[{**row, "source_id": "gz-annual-2024"} for row in rows])


def air(project: Project, area: str = "tianhe", year: int = 2024, language: str = "zh") -> Air:
    return Air.open(area, year, language, project)


# --- days -----------------------------------------------------------------------------------------


@pytest.fixture
def ten_days(project: Project) -> Project:
    """2024: seven good days, two over the limit, one with too few hours; 2023: four good days of five."""
    put(project, TIANHE, "2024-05-01", (7, {}), (2, OVER), (1, INVALID))
    put(project, TIANHE, "2023-05-01", (4, {}), (1, OVER))
    return project


def test_good_days_are_counted_among_the_valid_ones(ten_days: Project) -> None:
    chapter = air(ten_days)
    assert (text(chapter.good_days()), text(chapter.valid_days())) == ("7", "9")
    assert text(chapter.good_days_ratio()) == "77.8"
    assert chapter.good_days_ratio().unrounded == "77.7777777778"
    assert text(chapter.good_days_ratio(2023)) == "80.0"


def test_the_change_is_in_points_and_from_the_printed_shares(ten_days: Project) -> None:
    change = air(ten_days).good_days_change()
    assert (text(change), change.unit) == ("-2.2", "percentage points")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "2024年，天河区有7天空气优良，占有效监测9天的77.8%。比上年的80.0%下降2.2个百分点。"),
        (
            "en",
            "In 2024, the air of Tianhe District was good (AQI up to 100) on 7 days out of 9 days with valid data: "
            "77.8%. That is 2.2 percentage points less than the 80.0% of the year before.",
        ),
    ],
)
def test_the_first_sentence_says_the_good_days(ten_days: Project, language: str, sentence: str) -> None:
    assert said(air(ten_days, language=language).answer()).splitlines()[0] == sentence


@pytest.mark.parametrize(
    ("before", "zh", "en"),
    [
        ([(3, {}), (1, OVER)], "比上年的75.0%提高5.0个百分点。", " That is 5.0 percentage points more than"),
        ([(8, {}), (2, OVER)], "与上年持平。", " That is the same as the year before."),
        ([], "80.0%。", "80.0%."),
    ],
)
def test_better_the_same_or_nothing_to_compare_with(
    project: Project, before: list[tuple[int, Row]], zh: str, en: str
) -> None:
    put(project, TIANHE, "2024-05-01", (4, {}), (1, OVER))
    put(project, TIANHE, "2023-05-01", *before)
    assert said(air(project).answer()).splitlines()[0].endswith(zh)
    assert en in said(air(project, language="en").answer()).splitlines()[0]


def test_the_calendar_has_every_day_and_says_the_worst(ten_days: Project) -> None:
    block = air(ten_days).calendar()
    rows = {row["date"]: row for row in table(block)}
    assert len(rows) == 366
    assert (rows["2024-05-08"]["aqi"], rows["2024-05-08"]["level"]) == ("132", "轻度污染")
    assert rows["2024-05-08"]["primary"] == "细颗粒物 PM2.5"
    assert (rows["2024-05-01"]["aqi"], rows["2024-05-01"]["primary"]) == ("40", "—")
    assert rows["2024-05-10"]["aqi"] == rows["2024-01-01"]["aqi"] == ""
    alternative = joined(block.as_json()["content"]["chart"]["alternative"])
    assert "优7天" in alternative
    assert "轻度污染2天" in alternative
    assert "2024-05-08，为132，首要污染物细颗粒物 PM2.5" in alternative


def test_primary_pollutants_are_counted_and_those_over_the_limit_named(project: Project) -> None:
    # An MDA8 of 130 has a sub-index of 75, and so has the mean of 55 of PM2.5: both are primary.
    put(project, TIANHE, "2024-05-01", (3, {}), (2, OVER), (1, {"o3_8h_ug_m3": "130", "pm2_5_ug_m3": "55"}))
    rows = {row["parameter"]: (row["days"], row["days_over"]) for row in table(air(project).primaries())}
    assert rows["细颗粒物 PM2.5"] == ("3天", "2天")
    assert rows["臭氧 O3"] == ("1天", "0天")
    assert rows["二氧化硫 SO2"] == ("0天", "0天")
    assert "首要污染物最多的是细颗粒物 PM2.5（2天）" in said(air(project).answer())


def test_without_a_day_over_the_limit_nothing_is_said_of_its_cause(project: Project) -> None:
    put(project, TIANHE, "2024-05-01", (3, {}))
    assert "首要污染物" not in said(air(project).answer())


def test_an_area_mean_is_made_of_its_stations_and_rounded_half_to_even(project: Project) -> None:
    put(project, TIANHE, "2024-05-01", (1, {"pm2_5_ug_m3": "20", "co_mg_m3": "0.6"}))
    put(project, TIANHE_DISTRICT, "2024-05-01", (1, {"pm2_5_ug_m3": "23", "co_mg_m3": "0.9"}))
    (row,) = air(project).days.records()["rows"]
    found = dict(zip(air(project).days.records()["columns"], row, strict=True))
    assert (found["pm2_5_ug_m3"], found["co_mg_m3"], found["n_stations"]) == ("22", "0.8", "2")


# --- limits ---------------------------------------------------------------------------------------


def test_too_few_days_are_not_judged(ten_days: Project) -> None:
    chapter = air(ten_days)
    assert chapter.annual_verdict("pm2_5").value == "unknown"
    assert "数据不足，不能判定" in said(chapter.answer())
    assert "六项污染物中有的数据不足，不能全部判定。" in said(chapter.answer())
    assert "too few" in said(air(ten_days, language="en").answer())
    assert {row["verdict"] for row in table(chapter.pollutants())} == {"数据不足，无法判定"}


@pytest.mark.parametrize(
    ("mean", "verdict", "zh", "en"),
    [
        ("35", "meets", "年均浓度35微克/立方米，达到国家二级标准（35微克/立方米）", "averaged 35 µg/m³, within"),
        ("36", "exceeds", "年均浓度36微克/立方米，超过国家二级标准（35微克/立方米）", "averaged 36 µg/m³, above"),
    ],
)
def test_a_year_of_enough_days_is_held_against_the_limit(
    project: Project, mean: str, verdict: str, zh: str, en: str
) -> None:
    put(project, TIANHE, "2024-01-01", (366, {"pm2_5_ug_m3": mean}))
    chapter = air(project)
    assert chapter.annual_verdict("pm2_5").value == verdict
    assert zh in said(chapter.answer())
    assert en in said(air(project, language="en").answer())


def test_the_pollutants_over_their_limits_are_named_with_how_far(project: Project) -> None:
    put(project, TIANHE, "2024-01-01", (366, {"pm2_5_ug_m3": "36", "o3_8h_ug_m3": "161"}))
    # (36 - 35) / 35 and (161 - 160) / 160, to two decimals
    assert "未达到二级标准的污染物：细颗粒物 PM2.5（超标0.03倍）、臭氧 O3（超标0.01倍）。" in said(
        air(project).answer()
    )
    english = said(air(project, language="en").answer())
    assert "Above their yearly limits: " in english
    assert "All six pollutants met" not in english


def test_all_six_within_their_limits_are_said_to_be(project: Project) -> None:
    put(project, TIANHE, "2024-01-01", (366, {}))
    assert "六项污染物的年评价指标都达到二级标准。" in said(air(project).answer())
    assert "All six pollutants met their yearly limits." in said(air(project, language="en").answer())


def test_a_month_with_too_few_days_leaves_the_year_unjudged(project: Project) -> None:
    # 366 days less five in June: 361 are enough, but 25 of June are not 27.
    put(project, TIANHE, "2024-01-01", (152, {}), (5, INVALID), (209, {}))
    assert air(project).annual_verdict("pm2_5").value == "unknown"


def test_percentiles_stand_for_the_year_of_ozone_and_carbon_monoxide(project: Project) -> None:
    # Of eleven days, the 90th percentile is at place 1 + 10 × 0.9 = 10, the 95th at 10.5.
    values = [{"o3_8h_ug_m3": str(10 * day), "co_mg_m3": f"{day / 10:.1f}"} for day in range(1, 12)]
    put(project, TIANHE, "2024-05-01", *[(1, value) for value in values])
    chapter = air(project)
    assert text(chapter.annual("o3_8h")) == "100"
    assert text(chapter.annual("co")) == "1.0"  # 1.05, half to even
    assert text(chapter.daily_percentile("pm2_5")) == "15"


def test_last_years_values_and_the_change_stand_beside(project: Project) -> None:
    put(project, TIANHE, "2024-05-01", (3, {"pm2_5_ug_m3": "21"}))
    put(project, TIANHE, "2023-05-01", (3, {"pm2_5_ug_m3": "22"}))
    rows = {row["parameter"]: row for row in table(air(project).pollutants())}
    row = rows["细颗粒物 PM2.5"]
    assert row["value"] == "21微克/立方米"
    assert row["value_last_year"] == "22微克/立方米"
    assert row["change_pct"] == "−4.5%"
    assert rows["二氧化硫 SO2"]["change_pct"] == "0.0%"


def test_the_limits_to_come_say_what_they_would(project: Project) -> None:
    # 28 is within 35 (today) and 30 (from 2026), and above 25 (from 2031); the rest is within all of them.
    put(project, TIANHE, "2024-01-01", (366, {"pm2_5_ug_m3": "28"}))
    rows = {row["parameter"]: row for row in table(air(project).next_standard())}
    row = rows["细颗粒物 PM2.5"]
    assert list(row.values())[1:] == [
        "28微克/立方米",
        "35微克/立方米",
        "30微克/立方米",
        "达标",
        "25微克/立方米",
        "超标",
    ]
    alternative = joined(air(project).next_standard().as_json()["content"]["chart"]["alternative"])
    assert "按GB 3095-2026（2026年起），没有一项会超标。" in alternative
    assert "按GB 3095-2026（2031年起），会超标的有：细颗粒物 PM2.5。" in alternative


def test_the_index_rules_to_come_are_applied_to_the_same_days(project: Project) -> None:
    # 70 µg/m³ is 94 under the edition of 2012, and 110 under that of 2026.
    put(project, TIANHE, "2024-05-01", (3, {}), (1, {"pm2_5_ug_m3": "70"}))
    assert "优良天数比例为100.0%，按HJ 633-2026为75.0%" in notes(air(project).next_standard())


# --- the city, the districts ----------------------------------------------------------------------


@pytest.fixture
def four_stations(project: Project) -> Project:
    for station, value in ((TIANHE, "20"), (TIANHE_DISTRICT, "90"), (NANSHA, "30"), (NANSHA_CONTROL, "90")):
        put(project, station, "2024-05-01", (2, {"pm2_5_ug_m3": value}))
    return project


def test_the_city_is_the_mean_of_its_national_stations_without_control_points(four_stations: Project) -> None:
    chapter = air(four_stations, "guangzhou")
    assert set(chapter.stations["station_id"]) >= {TIANHE, NANSHA}
    assert {TIANHE_DISTRICT, NANSHA_CONTROL}.isdisjoint(chapter.stations["station_id"])
    assert text(chapter.annual("pm2_5")) == "25"


def test_a_district_is_the_mean_of_all_its_stations(four_stations: Project) -> None:
    assert text(air(four_stations).annual("pm2_5")) == "55"


@pytest.fixture
def tied(project: Project) -> Project:
    """Tianhe and Nansha with an index of 2.25 each, Conghua with 2.54."""
    for station, value in ((TIANHE, "20"), (NANSHA, "20"), (CONGHUA, "30")):
        put(project, station, "2024-05-01", (2, {"pm2_5_ug_m3": value}))
    return project


def test_the_index_adds_up_its_rounded_parts(tied: Project) -> None:
    # 6/60 + 20/40 + 30/70 + 20/35 + 0.6/4 + 80/160 = .10 + .50 + .43 + .57 + .15 + .50
    assert text(air(tied).index()) == "2.25"
    assert text(air(tied, "conghua").index()) == "2.54"


def test_ties_share_the_rank(tied: Project) -> None:
    assert [air(tied, area).index_rank().value for area in ("tianhe", "nansha", "conghua")] == [1, 1, 3]
    assert [(row["rank"], row["area"]) for row in table(air(tied).ranking())] == [
        ("1", "天河区"),
        ("1", "南沙区"),
        ("3", "从化区"),
    ]
    assert "综合指数2.25，由低到高（越低越好）在3个区中排第1位" in said(air(tied).answer())
    assert "place 3 of 3 districts" in said(air(tied, "conghua", language="en").answer())


def test_the_citys_edition_compares_the_districts(tied: Project) -> None:
    assert "天河区的综合指数最低（2.25），从化区最高（2.54）" in said(air(tied, "guangzhou").answer())
    assert len(table(air(tied, "guangzhou").ranking())) == 3


def test_a_district_without_an_index_is_left_out_and_named(tied: Project) -> None:
    edit(
        tied.data / "air" / "station_daily_2024.csv",
        lambda rows: [{**row, "co_mg_m3": ""} if row["station_id"] == NANSHA else row for row in rows],
    )
    block = air(tied).ranking()
    assert [row["area"] for row in table(block)] == ["天河区", "从化区"]
    assert "南沙区" in notes(block)
    assert air(tied, "nansha").index_rank().value is None


def test_a_district_whose_data_are_in_error_does_not_keep_the_others_from_their_rank(tied: Project) -> None:
    edit(
        tied.data / "air" / "station_daily_2024.csv",
        lambda rows: [{**row, "co_mg_m3": "x"} if row["station_id"] == NANSHA else row for row in rows],
    )
    assert air(tied, "conghua").index_rank().value == 2
    assert "南沙区" in notes(air(tied).ranking())


# --- status ---------------------------------------------------------------------------------------


def test_an_official_figure_is_printed_and_demonstration_stays_what_it_is(ten_days: Project) -> None:
    publish(ten_days, "tianhe", "2024", pm2_5="21", good_days_ratio="94.0")
    chapter = air(ten_days)
    annual, ratio = chapter.annual("pm2_5"), chapter.good_days_ratio()
    assert (annual.printed["zh"][0], annual.status, annual.derivation["operation"]) == (
        "21微克/立方米",
        "official",
        "select",
    )
    assert (ratio.printed["en"][0], ratio.status) == ("94.0%", "official")
    assert {chapter.annual(parameter).status for parameter in ("so2", "o3_8h")} == {"demonstration"}
    assert chapter.index().status == chapter.index_rank().status == "demonstration"
    assert chapter.changed("pm2_5", annual, chapter.annual("pm2_5", 2023)).status == "demonstration"
    assert chapter.annual_verdict("pm2_5").value == "meets"
    assert chapter.annual_verdict("pm2_5").status == "official"
    assert "2024年，天河区空气优良天数比例为94.0%。" in said(chapter.answer())
    assert "官方发布的全年优良天数比例为94.0%" in notes(chapter.calendar())


def test_an_official_figure_stands_beside_a_demonstration_one_in_every_period(ten_days: Project) -> None:
    publish(ten_days, "tianhe", "2024-05", pm2_5="25")
    chapter = air(ten_days)
    assert (text(chapter.monthly("pm2_5", 2024, 5)), chapter.monthly("pm2_5", 2024, 5).status) == ("25", "official")
    assert chapter.monthly("no2", 2024, 5).status == "demonstration"
    assert chapter.annual("pm2_5").status == "demonstration"


def test_what_was_published_of_another_area_or_period_is_not_taken(ten_days: Project) -> None:
    publish(ten_days, "nansha", "2024", pm2_5="21")
    publish(ten_days, "tianhe", "2024-01/2024-09", pm2_5="22")
    assert air(ten_days).annual("pm2_5").derivation["operation"] == "mean"


@pytest.mark.parametrize("status", ["official", "provisional", "demonstration"])
def test_the_status_of_the_days_goes_into_every_figure(project: Project, status: str) -> None:
    put(project, TIANHE, "2024-05-01", (2, {"status": "official"}), (1, {"status": status}))
    chapter = air(project)
    found = [
        chapter.annual("pm2_5"),
        chapter.annual("o3_8h"),
        chapter.good_days_ratio(),
        chapter.valid_days(),
        chapter.index(),
        chapter.index_rank(),
        chapter.annual_verdict("pm2_5"),
        chapter.capture(TIANHE),
    ]
    assert {figure.status for figure in found} == {status}


def test_what_a_doubtful_source_says_is_on_no_page(ten_days: Project) -> None:
    publish(ten_days, "tianhe", "2024", pm2_5="21")
    edit(
        ten_days.data / "sources.csv",
        lambda rows: [{**row, "trust": "D"} if row["source_id"] == "gz-annual-2024" else row for row in rows],
    )
    assert air(ten_days).annual("pm2_5").derivation["operation"] == "mean"


def test_a_rule_from_memory_is_marked_where_its_result_is_shown(ten_days: Project) -> None:
    rules = {rule["is_verified"] for rule in air(ten_days).pollutants().as_json()["rules"]}
    assert rules == {True, False}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Air:
    """The city in 2024 as the repository's data have it."""
    return Air.open("guangzhou", 2024, "zh", small_project(tmp_path_factory.mktemp("shipped")))


def test_the_city_prints_what_was_officially_published(shipped: Air) -> None:
    assert (text(shipped.annual("pm2_5")), shipped.annual("pm2_5").status) == ("21", "official")
    assert (text(shipped.good_days_ratio()), shipped.good_days_ratio().status) == ("94.0", "official")
    assert said(shipped.answer()).startswith("2024年，广州市空气优良天数比例为94.0%。")
    assert shipped.annual("no2").status == "demonstration"


def test_the_series_beside_an_official_figure_says_that_it_is_invented(shipped: Air) -> None:
    assert "示例数据，不能代替官方结果" in notes(shipped.calendar())
    assert shipped.calendar().as_json()["status"] == "demonstration"


# --- a year of two editions -----------------------------------------------------------------------


@pytest.fixture
def straddling(tmp_path: Path) -> Project:
    """2026: the index rules change on 1 March; a day of 70 µg/m³ PM2.5 on either side."""
    project = small_project(tmp_path, years=(2026,), data_years=())
    edit(project.data / "air" / "published.csv", lambda rows: [])
    put(project, TIANHE, "2026-02-26", (2, {}), (2, {"pm2_5_ug_m3": "70"}), (2, {}))
    return project


def test_each_day_is_judged_by_the_edition_of_its_date_and_says_which(straddling: Project) -> None:
    rows = {row["date"]: row for row in table(air(straddling, year=2026).calendar())}
    before, after = rows["2026-02-28"], rows["2026-03-01"]
    assert (before["aqi"], before["level"], before["edition"]) == ("94", "良", "HJ 633-2012")
    assert (after["aqi"], after["level"], after["edition"]) == ("110", "轻度污染", "HJ 633-2026")


def test_both_editions_are_named_beside_the_calendar(straddling: Project) -> None:
    for language in ("zh", "en"):
        block = air(straddling, year=2026, language=language).calendar()
        assert "HJ 633-2012" in notes(block)
        assert "HJ 633-2026" in notes(block)


def test_both_editions_are_among_the_rules_of_what_rests_on_the_days(straddling: Project) -> None:
    chapter = air(straddling, year=2026)
    for block in (chapter.calendar(), chapter.primaries()):
        assert {"HJ 633-2012", "HJ 633-2026"} <= {rule["standard"] for rule in block.as_json()["rules"]}
    assert {"HJ 633-2012", "HJ 633-2026"} <= {rule.standard for rule in chapter.good_days_ratio().rules}


def test_a_year_before_the_change_names_one_edition(ten_days: Project) -> None:
    rules = {rule["standard"] for rule in air(ten_days).calendar().as_json()["rules"]}
    assert "HJ 633-2012" in rules
    assert "HJ 633-2026" not in rules


# --- what is missing ------------------------------------------------------------------------------


def test_capture_counts_the_days_that_are_missing_too(ten_days: Project) -> None:
    # Nine complete days of 366.
    chapter = air(ten_days)
    assert (text(chapter.complete_days(TIANHE)), text(chapter.capture(TIANHE))) == ("9", "2.5")
    assert text(chapter.monthly_capture(TIANHE)[5]) == "29.0"  # 9 of 31
    rows = {row["station_id"]: row for row in table(chapter.completeness())}
    assert rows[TIANHE_DISTRICT]["complete_days"] == "0天"
    assert rows[TIANHE]["capture_pct"] == "2.5%"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_where_nothing_is_known_every_block_says_just_that(project: Project, language: str) -> None:
    chapter = air(project, language=language)
    missing = {
        "zh": "天河区2024年的空气质量数据尚未公开。",
        "en": "No air data of Tianhe District are disclosed for 2024.",
    }
    for block in (chapter.answer(), chapter.calendar(), chapter.pollutants(), chapter.completeness()):
        assert said(block) == missing[language]
    assert said(chapter.ranking())


def test_a_series_given_for_the_area_is_taken_instead_of_its_stations(ten_days: Project) -> None:
    names = ("so2_ug_m3", "no2_ug_m3", "pm10_ug_m3", "pm2_5_ug_m3", "co_mg_m3", "o3_8h_ug_m3")
    values = {name: GOOD_DAY[name] for name in names}
    row = {
        "area_code": CODES["tianhe"],
        "date": "2024-05-01",
        **values,
        "status": "provisional",
        "source_id": "demo-air",
    }
    add(ten_days.data / "air" / "area_daily.csv", {**row, "pm2_5_ug_m3": "33"})
    chapter = air(ten_days)
    assert (text(chapter.annual("pm2_5")), chapter.annual("pm2_5").status) == ("33", "provisional")
    assert text(chapter.valid_days()) == "1"
    assert text(chapter.valid_days(2023)) == "5"  # in a year without such a series the stations speak


def test_hours_are_made_into_days(project: Project) -> None:
    hours = [f"2024-05-01T{hour:02}:00" for hour in range(1, 24)] + ["2024-05-02T00:00"]
    names = ("so2_ug_m3", "no2_ug_m3", "pm10_ug_m3", "pm2_5_ug_m3", "co_mg_m3")
    values = {name: GOOD_DAY[name] for name in names} | {
        "o3_ug_m3": "80",
        "status": "provisional",
        "source_id": "demo-air",
    }
    rows = [{"station_id": TIANHE, "time": hour, **values} for hour in hours]
    add(project.data / "air" / "station_hourly.csv", *rows)
    chapter = air(project)
    assert (text(chapter.valid_days()), text(chapter.annual("pm2_5")), text(chapter.annual("o3_8h"))) == (
        "1",
        "15",
        "80",
    )
    assert chapter.valid_days().status == "provisional"


def test_a_day_that_is_there_as_such_is_not_made_of_its_hours_too(project: Project) -> None:
    put(project, TIANHE, "2024-05-01", (1, {"pm2_5_ug_m3": "35"}))
    before = text(air(project).annual("pm2_5"))
    hours = [f"2024-05-01T{hour:02}:00" for hour in range(1, 24)] + ["2024-05-02T00:00"]
    measured = {"pm2_5_ug_m3": "15", "o3_ug_m3": "80", "status": "provisional", "source_id": "demo-air"}
    add(project.data / "air" / "station_hourly.csv", *({"station_id": TIANHE, "time": it, **measured} for it in hours))
    chapter = air(project)
    assert (text(chapter.valid_days()), text(chapter.annual("pm2_5"))) == ("1", before) == ("1", "35")


# --- disclosure -----------------------------------------------------------------------------------

YEARLY = {"so2": "6", "no2": "20", "pm10": "30", "pm2_5": "20", "co_p95": "0.9", "o3_8h_p90": "150"}
EIGHT = {**YEARLY, "good_days_ratio": "94.0", "composite_index": "3.10"}


def disclosures() -> Iterator[tuple[Callable[[Project], None], Disclosure]]:
    """What was published, and how far the item is disclosed by it."""
    yield (lambda project: None), Disclosure("Q1", "not_disclosed", None)
    yield (lambda project: publish(project, "tianhe", "2024", **EIGHT)), Disclosure("Q1", "disclosed", 2024)
    yield (lambda project: publish(project, "tianhe", "2024", **YEARLY)), Disclosure("Q1", "partly", 2024)
    yield (lambda project: publish(project, "tianhe", "2024", "provisional", **EIGHT)), Disclosure("Q1", "partly", 2024)
    yield (
        (lambda project: publish(project, "tianhe", "2024", "demonstration", **EIGHT)),
        Disclosure("Q1", "not_disclosed", None),
    )
    yield (lambda project: publish(project, "tianhe", "2024-03", **EIGHT)), Disclosure("Q1", "partly", 2024)
    yield (lambda project: publish(project, "tianhe", "2022", **EIGHT)), Disclosure("Q1", "not_disclosed", 2022)
    yield (lambda project: publish(project, "tianhe", "2022-03", **EIGHT)), Disclosure("Q1", "not_disclosed", 2022)
    yield (lambda project: publish(project, "nansha", "2024", **EIGHT)), Disclosure("Q1", "not_disclosed", None)

    def since_2021(project: Project) -> None:
        publish(project, "tianhe", "2021", pm2_5="24")
        publish(project, "tianhe", "2024", **EIGHT)
        publish(project, "tianhe", "2025", pm2_5="20")

    yield since_2021, Disclosure("Q1", "disclosed", 2021)


@pytest.mark.parametrize(("published", "expected"), list(disclosures()))
def test_how_far_the_air_is_disclosed(
    ten_days: Project, published: Callable[[Project], None], expected: Disclosure
) -> None:
    published(ten_days)
    assert air(ten_days).disclosure("Q1") == expected


# --- years ----------------------------------------------------------------------------------------


def test_the_years_stand_in_a_row_with_what_was_published_of_each(ten_days: Project) -> None:
    publish(ten_days, "tianhe", "2023", pm2_5="23")
    rows = {row["year"]: row for row in table(air(ten_days).years())}
    assert list(rows) == ["2023", "2024"]
    assert rows["2023"]["pm2_5"] == "23微克/立方米"
    assert rows["2024"]["good_days_ratio"] == "77.8%"


def test_a_break_in_the_series_is_marked_where_the_data_are_real_and_said_in_words(project: Project) -> None:
    for year in ("2019", "2020"):
        put(project, TIANHE, f"{year}-05-01", (2, {"status": "provisional"}))
    publish(project, "tianhe", "2020", pm2_5="20")
    block = air(project, year=2020).years()
    assert notes(block)
    assert "2020年有断点" in joined(block.as_json()["content"]["chart"]["alternative"])


def test_an_invented_series_has_no_break_of_instruments(project: Project) -> None:
    for year in ("2019", "2020"):
        put(project, TIANHE, f"{year}-05-01", (2, {}))
    assert notes(air(project, year=2020).years()) == ""


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("hostile", HOSTILE[:6])
def test_a_hostile_name_of_a_station_is_text_everywhere(ten_days: Project, hostile: str) -> None:
    edit(
        ten_days.data / "stations.csv",
        lambda rows: [{**row, "name_zh": hostile} if row["station_id"] == TIANHE else row for row in rows],
    )
    block = air(ten_days).completeness()
    assert hostile in [row["station"] for row in table(block)]
    page = html.fromstring(block._repr_mimebundle_()["text/html"])
    assert hostile in page.text_content()
    assert page.xpath("//script[not(@type='application/json')]|//b") == []


def test_an_unknown_district_is_refused_with_the_nearest_one(project: Project) -> None:
    with pytest.raises(SettingsError, match="did you mean 'tianhe'"):
        air(project, "tienhe")


def test_an_unknown_language_is_refused(project: Project) -> None:
    with pytest.raises(SettingsError, match="Unknown language"):
        air(project, language="fr")
