"""The invented stations and days: reproducible, plausible, odd where meant to be, and plainly invented."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reportkit.demonstration.air import ON_LIMIT
from reportkit.standards import air
from reportkit.standards.rounding import half_even

DATA = Path(__file__).parents[1] / "data"
YEARS = (2021, 2022, 2023, 2024)
TABLES = ["stations.csv", *(f"air/station_daily_{year}.csv" for year in YEARS)]
DAY_MEANS = ["so2_ug_m3", "no2_ug_m3", "pm10_ug_m3", "pm2_5_ug_m3", "co_mg_m3"]


@pytest.fixture(scope="module")
def stations() -> pd.DataFrame:
    return pd.read_csv(DATA / "stations.csv", dtype={"area_code": str})


@pytest.fixture(scope="module")
def days(stations: pd.DataFrame) -> pd.DataFrame:
    """Every shipped station day, with what its station is."""
    years = [pd.read_csv(DATA / table, parse_dates=["date"]) for table in TABLES[1:]]
    about = stations[["station_id", "area_code", "network", "is_control_point"]]
    return pd.concat(years).merge(about, on="station_id", validate="many_to_one")


@pytest.fixture(scope="module")
def city_days(days: pd.DataFrame) -> pd.DataFrame:
    """The city's days: means of the valid values of the national stations without the control point."""
    valid = air.valid_station_days(days[days["network"].eq("national") & ~days["is_control_point"]])
    return air.area_daily(valid.assign(area_code="440100"))


def annual(city_days: pd.DataFrame, year: int) -> dict[str, Decimal]:
    statistics = air.annual_statistics(city_days[city_days["date"].dt.year == year])
    return dict(zip(statistics["indicator"], statistics["rounded"], strict=True))


def good_days(city_days: pd.DataFrame, year: int) -> Decimal | None:
    indices = air.daily_aqi_frame(city_days[city_days["date"].dt.year == year])["aqi"].dropna()
    return half_even(Fraction(100 * int(indices.le(100).sum()), len(indices)), 1)


def test_no_name_can_be_taken_for_a_real_station(stations: pd.DataFrame) -> None:
    assert stations["name_zh"].str.startswith("示例站").all()
    assert stations["name_en"].str.startswith("Demo station").all()
    assert stations["station_id"].str.fullmatch(r"DEMO-\d{6}-\d").all()


def test_every_row_says_it_is_a_demonstration(stations: pd.DataFrame, days: pd.DataFrame) -> None:
    for table in (stations, days):
        assert set(table["status"]) == {"demonstration"}
        assert set(table["source_id"]) == {"demo-air"}


def test_every_district_has_two_or_three_stations_one_of_them_national(stations: pd.DataFrame) -> None:
    ordinary = stations[~stations["is_control_point"]]
    assert stations.groupby("area_code").size().between(2, 3).all()
    assert ordinary[ordinary["network"] == "national"].groupby("area_code").size().tolist() == [1] * 11


def test_the_one_control_point_is_in_the_outermost_district(stations: pd.DataFrame) -> None:
    areas = pd.read_csv(DATA / "areas.csv", dtype={"area_code": str}).set_index("area_code")
    (home,) = stations.loc[stations["is_control_point"], "area_code"]
    assert areas.loc[home, "tile_row"] == areas["tile_row"].max()


def test_every_station_has_every_day_once(stations: pd.DataFrame, days: pd.DataFrame) -> None:
    assert len(days) == len(stations) * 1461
    assert not days.duplicated(["station_id", "date"]).any()


@pytest.mark.parametrize(
    ("year", "pm2_5", "good", "tolerance"),
    [
        (2021, 24, "88.5", "0.5"),
        (2022, 22, "85.0", "1.0"),
        (2023, 23, "90.4", "0.8"),
        (2024, 21, "94.0", "0.6"),
    ],
)
def test_the_city_comes_near_what_is_known_of_it(
    city_days: pd.DataFrame, year: int, pm2_5: int, good: str, tolerance: str
) -> None:
    assert annual(city_days, year)["pm2_5"] == pm2_5
    ratio = good_days(city_days, year)
    assert ratio is not None
    assert abs(ratio - Decimal(good)) <= Decimal(tolerance)


def test_the_other_means_of_2024_are_plausible(city_days: pd.DataFrame) -> None:
    values = annual(city_days, 2024)
    assert values["so2"] == 6
    assert values["co_p95"] == Decimal("0.9")
    assert abs(values["no2"] - 28) <= 1
    assert abs(values["pm10"] - 38) <= 1
    assert abs(values["o3_8h_p90"] - 150) <= 3


def test_particles_are_high_in_winter_and_ozone_in_autumn(city_days: pd.DataFrame) -> None:
    monthly = city_days.groupby(city_days["date"].dt.month)[["pm2_5_ug_m3", "o3_8h_ug_m3"]].mean()
    assert monthly["pm2_5_ug_m3"].astype(float).idxmax() in (12, 1, 2)
    assert monthly["pm2_5_ug_m3"].astype(float).idxmin() in (6, 7, 8)
    assert set(monthly["o3_8h_ug_m3"].astype(float).nlargest(2).index) == {9, 10}


def test_ozone_drives_the_exceedances(city_days: pd.DataFrame) -> None:
    indices = air.daily_aqi_frame(city_days)
    primary = indices.loc[indices["aqi"] > 100, "primary"]
    assert primary.eq("o3_8h").mean() > 0.9


def test_sundays_have_less_nitrogen_dioxide(city_days: pd.DataFrame) -> None:
    weekdays = city_days.groupby(city_days["date"].dt.day_of_week)["no2_ug_m3"].mean()
    assert weekdays.astype(float).idxmin() == 6


def test_the_centre_has_more_nitrogen_dioxide_and_less_ozone_than_the_edge(days: pd.DataFrame) -> None:
    areas = pd.read_csv(DATA / "areas.csv", dtype={"area_code": str}).set_index("area_code")
    far = (areas["tile_row"] - 3).abs().combine((areas["tile_column"] - 2).abs(), max)
    means = days.groupby("area_code")[["no2_ug_m3", "o3_8h_ug_m3"]].mean()
    inner, outer = means[far[means.index] <= 1].mean(), means[far[means.index] >= 3].mean()
    assert inner["no2_ug_m3"] > 1.2 * outer["no2_ug_m3"]
    assert inner["o3_8h_ug_m3"] < outer["o3_8h_ug_m3"]


def test_stations_rise_and_fall_together_without_being_copies(days: pd.DataFrame) -> None:
    table = days.pivot(index="date", columns="station_id", values="pm2_5_ug_m3")
    correlations = table.corr().to_numpy()[np.triu_indices(table.shape[1], 1)]
    assert correlations.min() > 0.7
    assert correlations.max() < 0.99


def test_parts_never_exceed_their_whole(days: pd.DataFrame) -> None:
    assert not (days["pm10_ug_m3"] <= days["pm2_5_ug_m3"]).any()
    assert not (days["o3_1h_ug_m3"] < days["o3_8h_ug_m3"]).any()


def test_values_are_printed_as_the_network_prints_them() -> None:
    rows = pd.read_csv(DATA / TABLES[-1], dtype=str)
    assert rows["co_mg_m3"].dropna().str.fullmatch(r"\d+\.\d").all()
    assert rows["pm2_5_ug_m3"].dropna().str.fullmatch(r"\d+").all()


def test_some_days_are_lost_and_some_fall_short_of_the_validity_rule(days: pd.DataFrame) -> None:
    lost = days["valid_hours"] == 0
    assert days.loc[lost, DAY_MEANS].isna().all(axis=None)
    assert 0.005 < lost.mean() < 0.05
    assert 0.005 < days["valid_hours"].between(1, 19).mean() < 0.05
    assert (days["o3_8h_windows"].lt(14) & days["o3_8h_ug_m3"].notna()).any()


def test_single_analysers_fail_while_the_others_go_on(days: pd.DataFrame) -> None:
    running = days[days["valid_hours"] == 24]
    assert running[DAY_MEANS].isna().any().all()


def test_one_instrument_was_stuck_once(days: pd.DataFrame) -> None:
    readings = days.sort_values(["station_id", "date"]).dropna(subset="no2_ug_m3")
    same = readings["no2_ug_m3"].eq(readings["no2_ug_m3"].shift())
    same &= readings["station_id"].eq(readings["station_id"].shift())
    lengths = readings.groupby((~same).cumsum()).agg(
        station=("station_id", "first"), days=("date", "size"), first=("date", "first")
    )
    (stuck,) = lengths[lengths["days"] >= 10].itertuples()
    assert (stuck.days, stuck.first.year) == (14, 2024)


@pytest.mark.parametrize(
    ("column", "limit"),
    [(f"{name}_ug_m3", limit) for name, limits in ON_LIMIT.items() for limit in limits],
)
def test_every_year_has_a_valid_day_exactly_at_the_limit(days: pd.DataFrame, column: str, limit: int) -> None:
    on_it = air.valid_station_days(days)[column] == limit
    assert set(days.loc[on_it, "date"].dt.year) == set(YEARS)


def test_the_citys_year_is_complete_while_a_district_once_misses_one(
    days: pd.DataFrame, city_days: pd.DataFrame
) -> None:
    valid = air.area_daily(air.valid_station_days(days))
    districts = [air.annual_statistics(valid[valid["date"].dt.year == year]) for year in YEARS]
    city = [air.annual_statistics(city_days[city_days["date"].dt.year == year]) for year in YEARS]
    assert all(year["is_valid"].all() for year in city)
    assert not pd.concat(districts)["is_valid"].all()
