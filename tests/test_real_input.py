"""Real files: the city's days 2014 to 2022 against what was published, hours of stations, readings of water.

``data/published_comparison.csv`` states for every year and item, and for every shorter period with a figure,
whether the two agree, differ or cannot be compared, and why. *Agrees* is equality after the one rounding that
the item has, without any tolerance; *differs* must go on to differ.
"""

from __future__ import annotations

import functools
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from projects import complaints
from reportkit.importers import Imported, import_files, new_project, years_in
from reportkit.load import Reader
from reportkit.project import Project, open_project
from reportkit.standards import air, water
from reportkit.standards.rounding import half_even

ROOT = Path(__file__).parents[1]
YEARS = tuple(range(2014, 2023))
INDICATORS = ("pm2_5", "pm10", "no2", "so2", "o3_8h_p90", "co_p95", "good_days_ratio", "composite_index")
INDEX = {"so2": "so2", "no2": "no2", "pm10": "pm10", "pm2_5": "pm2_5", "co": "co_p95", "o3_8h": "o3_8h_p90"}
RELATIONS = ("agrees", "differs", "cannot be compared")

COMPARISON = pd.read_csv(Path(__file__).parent / "data" / "published_comparison.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Imported]:
    """A project with the city's days, and what came of the import."""
    project = new_project(tmp_path_factory.mktemp("real") / "project", open_project(ROOT))
    return project, import_files("city-daily", [shared / "real/guangzhou_city_daily_2014_2022.csv"], project)


def days_of(project: Project) -> pd.DataFrame:
    """The days of the city with their AQI."""
    days = Reader(project).rows("air/area_daily")
    return days.assign(aqi=air.daily_aqi_frame(days)["aqi"])


def published(project: Project) -> dict[tuple[str, str], str]:
    """What was published of the city for periods within the years of the series, as printed."""
    rows = Reader(project).raw("air/published")
    ours = rows[(rows["area_code"] == project.settings.area) & rows["period"].str[:4].between("2014", "2022")]
    return dict(zip(zip(ours["period"], ours["indicator"], strict=True), ours["value"], strict=True))


def computed(days: pd.DataFrame, period: str) -> dict[str, Decimal | None]:
    """Every item of one period, from its days."""
    first, _, last = period.partition("/")
    date = days["date"].dt.strftime("%Y-%m-%d")
    # "~" comes after every digit and hyphen, so that 2016-07 takes all of its days.
    chosen = days[(date >= first) & (date <= f"{last or first}~")]
    statistics = air.period_statistics(chosen).set_index("indicator")["rounded"]
    values = {parameter: statistics[indicator] for parameter, indicator in INDEX.items()}
    good, valid = int((chosen["aqi"] <= 100).sum()), int(chosen["aqi"].notna().sum())
    return {
        **{name: statistics[name] for name in INDICATORS if name in statistics},
        "good_days_ratio": half_even(Fraction(100 * good, valid), 1) if valid else None,
        "composite_index": air.composite_index(values, chosen["date"].max().date()).total,
    }


def test_the_series_is_imported_whole(real: tuple[Project, Imported]) -> None:
    project, done = real
    assert (done.rows_read, done.rows_added, done.rows_set_aside) == (3287, 3287, 0)
    assert years_in(project) == YEARS


def test_the_series_has_the_findings_we_know(real: tuple[Project, Imported]) -> None:
    _, done = real
    zero = [found for found in done.findings if found.code == "import-zero"]
    index = [found for found in done.findings if found.code == "import-aqi"]
    assert len(zero) + len(index) == len(done.findings)
    assert {found.column for found in zero} == {"o3"}
    assert [found.row for found in zero] == list(range(1432, 1444))  # 30 November to 11 December 2017
    assert index[-1].value == "564 more"  # beside the 20 that are listed


def test_the_ozone_of_the_series_is_the_daily_maximum_of_eight_hours(real: tuple[Project, Imported]) -> None:
    days = days_of(real[0])
    follows = (days["aqi"] == days["printed_aqi"]).groupby(days["date"].dt.year)
    assert [year for year, does in follows.all().items() if does] == [2016, 2018, 2019, 2020, 2021, 2022]
    assert follows.sum().to_dict() | {2014: 177, 2015: 236, 2017: 98} == follows.sum().to_dict()


def test_importing_the_series_again_changes_nothing(real: tuple[Project, Imported], shared: Path) -> None:
    project, _ = real
    table = project.data / "air/area_daily.csv"
    before = table.read_bytes()
    again = import_files("city-daily", [shared / "real/guangzhou_city_daily_2014_2022.csv"], project)
    assert (again.rows_added, again.rows_already_there, again.files_written) == (0, 3287, ())
    assert table.read_bytes() == before


def test_what_was_imported_checks(real: tuple[Project, Imported]) -> None:
    assert complaints(real[0]) == []


def test_every_published_figure_and_every_year_is_compared(real: tuple[Project, Imported]) -> None:
    compared = set(zip(COMPARISON["period"], COMPARISON["indicator"], strict=True))
    every_year = {(str(year), indicator) for year in YEARS for indicator in INDICATORS}
    assert compared == every_year | published(real[0]).keys()
    assert not COMPARISON.duplicated(["period", "indicator"]).any()


def test_computed_and_published_figures_stand_to_each_other_as_stated(real: tuple[Project, Imported]) -> None:
    project, _ = real
    figures, of_period = published(project), functools.cache(functools.partial(computed, days_of(project)))
    for row in COMPARISON.to_dict("records"):
        period, indicator = row["period"], row["indicator"]
        value, figure = of_period(period)[indicator], figures.get((period, indicator))
        assert (row["computed"], row["published"]) == (str(value), figure or ""), row
        if figure is None:
            assert row["relation"] == "cannot be compared", row
        else:
            assert (row["relation"] == "agrees") == (Decimal(figure) == value), row


def test_whatever_does_not_agree_has_a_reason() -> None:
    assert set(COMPARISON["relation"]) <= set(RELATIONS)
    assert ((COMPARISON["reason"] == "") == (COMPARISON["relation"] == "agrees")).all()


def test_one_hour_of_the_national_feed_is_imported(shared: Path, tmp_path: Path) -> None:
    project = new_project(tmp_path / "project", open_project(ROOT))
    done = import_files("cnemc-hourly", [shared / "real/cnemc_snapshot_2022-01-02T00.csv"], project)
    assert (done.rows_read, done.rows_added, done.rows_set_aside) == (21, 21, 0)
    assert {found.code for found in done.findings} == {"import-time-from-name", "import-station-new"}
    reader = Reader(project)
    assert set(reader.raw("air/station_hourly")["time"]) == {"2022-01-02T00:00"}
    assert reader.raw("stations")["area_code"].nunique() == 11
    assert years_in(project) == (2022,)
    assert complaints(project) == []


# file → its format and its rows: read, of them added, already there, of other places, set aside
REAL_FILES = {
    "cnemc_snapshot_2022-01-02T00.csv": ("cnemc-hourly", (21, 21, 0, 0, 0)),
    "guangzhou_city_daily_2014_2022.csv": ("city-daily", (3287, 3287, 0, 0, 0)),
    "guangzhou_station_hourly_2020-03-26_04-08.csv": ("pm25in", (2004, 2004, 0, 0, 0)),
    "guangzhou_water_auto_stations_2020_2021.csv": ("water-auto", (245, 245, 0, 0, 0)),
}

AllFiles = tuple[Project, dict[str, tuple[Imported, Imported]]]


@pytest.fixture(scope="module")
def all_files(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> AllFiles:
    """A project with every real file, each imported twice, in the order of their names."""
    project = new_project(tmp_path_factory.mktemp("all") / "project", open_project(ROOT))
    done = {}
    for path in sorted((shared / "real").glob("*.csv")):
        name_of_format, _ = REAL_FILES[path.name]
        first = import_files(name_of_format, [path], project)
        done[path.name] = (first, import_files(name_of_format, [path], project))
    return project, done


def test_all_real_files_are_imported(all_files: AllFiles) -> None:
    project, done = all_files
    counts = {
        name: (it.rows_read, it.rows_added, it.rows_already_there, it.rows_of_other_places, it.rows_set_aside)
        for name, (it, _) in done.items()
    }
    assert counts == {name: expected for name, (_, expected) in REAL_FILES.items()}
    assert not (project.root / "set_aside").exists()
    assert complaints(project) == []


def test_importing_all_real_files_again_changes_nothing(
    all_files: AllFiles,
) -> None:
    for first, again in all_files[1].values():
        assert (again.rows_added, again.rows_already_there, again.files_written) == (0, first.rows_read, ())


def test_stations_by_name_are_those_by_code_but_one(
    all_files: AllFiles,
) -> None:
    """The national hour came first. 天河职幼 is not in it; 帽峰山森林公园 is, with （对照点） behind its name."""
    project, done = all_files
    first, _ = done["guangzhou_station_hourly_2020-03-26_04-08.csv"]
    assert [(found.code, found.value) for found in first.findings] == [
        ("import-station-district", "天河职幼"),
        ("import-station-new", "天河职幼"),
    ]
    hours = Reader(project).raw("air/station_hourly")
    assert hours[hours["source_id"] == "pm25in-archive"]["station_id"].nunique() == 12


def test_the_index_and_level_of_every_real_hour_follow_from_its_values(
    all_files: AllFiles,
) -> None:
    """1834 hours print an index; 170 print none and have no value either."""
    project, done = all_files
    first, _ = done["guangzhou_station_hourly_2020-03-26_04-08.csv"]
    assert not {"import-aqi", "import-level"} & {found.code for found in first.findings}
    hours = Reader(project).raw("air/station_hourly")
    values = hours[hours["source_id"] == "pm25in-archive"].filter(like="_m3")
    assert int((values == "").all(axis=1).sum()) == 170


# The two readings whose printed class is worse than that of the printed items, with the one that is at a limit.
JUDGED_BEFORE_ROUNDING = {
    ("墩头基", "2021-04-02T08:00"): ("do", "5.00", 4, 3),
    ("大龙涌口", "2021-04-02T12:00"): ("do", "6.00", 3, 2),
}
JUDGED = ("ph", "do", "codmn", "nh3n", "tp")


def water_class(reading: dict[str, str], body: str = "river", **changed: Decimal) -> int | None:
    """The class of one reading by the items that were measured."""
    values = {name: Decimal(reading[water.COLUMN[name]]) for name in JUDGED if reading[water.COLUMN[name]]}
    return water.section_class(values | changed, pd.Timestamp(reading["time"]).date(), body)


def test_every_printed_class_of_water_follows_or_is_explained(
    all_files: AllFiles,
) -> None:
    """Of 238 printed classes 236 follow from the printed items.

    The other two have dissolved oxygen printed exactly at a limit, and every other item in a better class than the
    printed one. With half a unit of the last digit less, which is printed alike, both have the printed class: the feed
    judges before it rounds. Nothing is left unexplained.
    """
    project, done = all_files
    readings = Reader(project).raw("water/auto_readings").to_dict("records")
    printed = [reading for reading in readings if reading["printed_class"]]
    assert len(printed) == 238
    differing = {
        (reading["section"], reading["time"]): reading
        for reading in printed
        if water_class(reading) != int(reading["printed_class"])
    }
    assert differing.keys() == JUDGED_BEFORE_ROUNDING.keys()
    for key, (item, value, printed_class, computed) in JUDGED_BEFORE_ROUNDING.items():
        reading = differing[key]
        assert reading[water.COLUMN[item]] == value
        assert (int(reading["printed_class"]), water_class(reading)) == (printed_class, computed)
        before_rounding = Decimal(value) - Decimal("0.005")
        assert f"{before_rounding:.2f}" == value
        assert water_class(reading, **{item: before_rounding}) == printed_class
    findings = done["guangzhou_water_auto_stations_2020_2021.csv"][0].findings
    assert [found.code for found in findings] == ["import-water-class-rounded"] * 2


def test_water_without_a_printed_class_is_in_maintenance(
    all_files: AllFiles,
) -> None:
    readings = Reader(all_files[0]).raw("water/auto_readings")
    without = readings[readings["printed_class"] == ""]
    assert set(without["station_state"]) == {"维护"}
    assert (len(without), int((readings["station_state"] == "维护").sum())) == (7, 18)


def test_the_feed_judges_by_the_limits_of_rivers_and_leaves_total_nitrogen_out(
    all_files: AllFiles,
) -> None:
    """By the limits of lakes 33 of the 238 classes would follow; with total nitrogen, none of the 237 that have it."""
    readings = Reader(all_files[0]).raw("water/auto_readings").to_dict("records")
    printed = [reading for reading in readings if reading["printed_class"]]
    assert sum(water_class(reading, "lake") == int(reading["printed_class"]) for reading in printed) == 33
    with_nitrogen = [reading for reading in printed if reading["tn_mg_l"]]
    assert len(with_nitrogen) == 237
    for reading in with_nitrogen:
        day = pd.Timestamp(reading["time"]).date()
        nitrogen = water.item_class("tn", Decimal(reading["tn_mg_l"]), day, "lake")
        assert nitrogen > int(reading["printed_class"]), reading
