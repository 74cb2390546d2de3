"""The invented soil: the same bytes, plainly invented, and adding up with the city it belongs to."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd

from reportkit.demonstration import soil
from reportkit.demonstration.world import World

DATA = Path(__file__).parents[1] / "data"


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / "soil" / f"{name}.csv", dtype=str, keep_default_na=False)


def test_the_farmland_is_that_of_the_invented_city(world: World) -> None:
    land = world.land.query("use == 'farmland'").set_index("area_code")["hectares"]
    for row in read("farmland").to_dict("records"):
        assert Decimal(row["farmland_hm2"]) == int(land[row["area_code"]])
        assert Decimal(row["safely_used_hm2"]) <= Decimal(row["polluted_hm2"]) <= Decimal(row["farmland_hm2"])


def test_a_district_is_without_farmland_and_has_nothing_of_the_countryside() -> None:
    bare = set(read("farmland").query("farmland_hm2 == '0.0'")["area_code"])
    assert len(bare) == 1
    assert bare.isdisjoint(read("countryside")["area_code"])


def test_the_citys_farmland_is_used_more_safely_every_year() -> None:
    rows = read("farmland").astype({"safely_used_hm2": float, "polluted_hm2": float})
    sums = rows.groupby("year")[["safely_used_hm2", "polluted_hm2"]].sum()
    rates = (sums["safely_used_hm2"] / sums["polluted_hm2"]).tolist()
    assert rates == sorted(rates)


def test_supervised_units_are_working_enterprises_of_the_city(world: World) -> None:
    known = world.enterprises.set_index("enterprise_id")
    units = read("supervised_units")
    for row in units.to_dict("records"):
        own = known.loc[row["enterprise_id"]]
        assert (own["name_zh"], own["area_code"], own["industry"]) == (
            row["name_zh"],
            row["area_code"],
            row["industry"],
        )
        assert row["industry"] in soil.SUPERVISED
        assert not own["closed_year"] or own["closed_year"] >= int(row["year"])
        assert row["last_inspected_year"] <= row["year"]
        assert (row["result"] != "") == (row["is_monitored"] == "true")


def test_as_many_units_are_supervised_in_2023_as_were_reported() -> None:
    (stated,) = read("published").query("indicator == 'supervised_units' and year == '2023'")["value"]
    assert str((read("supervised_units")["year"] == "2023").sum()) == stated == "52"


def test_plots_of_enterprises_were_left_by_those_that_closed(world: World) -> None:
    closed = world.enterprises.query("closed_year > 0").set_index("enterprise_id")
    plots = read("plots")
    left = plots[plots["enterprise_id"] != ""]
    assert len(left) > 3
    for row in left.to_dict("records"):
        own = closed.loc[row["enterprise_id"]]
        assert (own["area_code"], own["industry"]) == (row["area_code"], row["former_use"])
        assert int(row["investigated_date"][:4]) == own["closed_year"]


def test_the_steps_of_a_plot_follow_one_another() -> None:
    steps = [f"{name}_date" for name in ("investigated", *(step for step, _, _ in soil.STEPS))]
    for row in read("plots").to_dict("records"):
        days = [row[step] for step in steps]
        known = [day for day in days if day]
        assert days[: len(known)] == known == sorted(known)


def test_one_plot_is_built_on_too_early_and_lowers_the_rate_of_its_district() -> None:
    plots = read("plots").query("begun_date != ''")
    early = plots[(plots["removed_date"] == "") | (plots["begun_date"] < plots["removed_date"])]
    (row,) = early.to_dict("records")
    land = read("construction")
    (less,) = land[land["safe_hm2"] != land["area_hm2"]].to_dict("records")
    assert (less["area_code"], less["year"]) == (row["area_code"], row["begun_date"][:4])
    assert Decimal(less["area_hm2"]) - Decimal(less["safe_hm2"]) == Decimal(row["area_hm2"])


def test_six_points_are_the_nations_and_every_district_has_one() -> None:
    points = read("groundwater_points")
    assert (points["level"] == "national").sum() == 6
    assert points["area_code"].nunique() == 11
    assert set(read("groundwater")["point_id"]) == set(points["point_id"])
