"""The invented noise: plainly invented, the same bytes anywhere, louder where more people live, with its odd days."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

DATA = Path(__file__).parents[1] / "data"
TABLES = ("area_grid", "roads", "functional_zones")
YEARS = ["2021", "2022", "2023", "2024"]


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / "noise" / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.mark.parametrize("name", TABLES)
def test_every_district_is_measured_every_year(name: str) -> None:
    rows = read(name)
    years = rows.groupby("area_code")["year"].unique()
    assert len(years) == 11
    assert all(sorted(known) == YEARS for known in years)


@pytest.mark.parametrize(("name", "per_district"), [("area_grid", 8), ("roads", 5)])
def test_nights_are_measured_in_the_third_year_of_the_plan_alone(name: str, per_district: int) -> None:
    rows = read(name)
    assert set(rows.loc[rows["time"] == "night", "year"]) == {"2023"}
    days = rows[rows["time"] == "day"]
    assert set(days.groupby(["area_code", "year"]).size()) == {per_district}


def test_the_four_most_crowded_districts_are_the_loudest() -> None:
    rows = read("area_grid").query("time == 'day' and year == '2024'")
    levels = rows["leq_db"].astype(float).groupby(rows["area_code"]).mean()
    assert set(levels.nlargest(4).index) == {"440103", "440104", "440105", "440106"}


def test_the_main_sources_of_sound_are_nearly_as_often_as_reported_for_2017() -> None:
    """47.1 % daily life and 30.4 % traffic."""
    rows = read("area_grid").query("time == 'day'")
    shares = rows["sound_source"].value_counts(normalize=True)
    assert 0.4 < shares["life"] < 0.6
    assert 0.2 < shares["traffic"] < 0.4
    assert min(shares["industry"], shares["construction"]) > 0.05


def test_a_road_keeps_its_length() -> None:
    assert set(read("roads").groupby("road_id")["length_km"].nunique()) == {1}


def test_there_are_a_day_and_a_night_exactly_on_the_limit_and_a_night_that_was_lost() -> None:
    rows = read("functional_zones")
    assert len(rows.query("zone == '2' and day_db == '60.0' and night_db == '50.0'")) == len(YEARS)
    assert len(rows[rows["night_db"] == ""]) == 1
    assert (rows["day_db"] != "").all()


def test_sudden_noise_is_louder_than_the_night_and_mostly_within_what_is_allowed() -> None:
    rows = read("functional_zones").query("night_db != ''")
    peak, night = rows["night_peak_db"].map(Decimal), rows["night_db"].map(Decimal)
    limits = {"0": 40, "1": 45, "2": 50, "3": 55, "4a": 55, "4b": 60}
    assert ((peak - night) >= 9).all()
    assert 0 < (peak > rows["zone"].map(limits) + 15).mean() < 0.5


def test_every_kind_of_zone_is_there_and_nights_beside_roads_are_the_worst() -> None:
    rows = read("functional_zones").query("night_db != ''")
    limits = {"0": 40, "1": 45, "2": 50, "3": 55, "4a": 55, "4b": 60}
    assert set(rows["zone"]) == set(limits)
    failed = rows["night_db"].map(Decimal) > rows["zone"].map(limits)
    rates = failed.groupby(rows["zone"]).mean()
    assert rates["4a"] > rates["1"] > rates["3"]
