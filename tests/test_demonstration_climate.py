"""The invented energy adds up to that of the invented city; what is told of its enterprises and places agrees."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from reportkit.demonstration.world import World

DATA = Path(__file__).parents[1] / "data"
CITY = "440100"
# Coal equivalent in kg of a tonne, 10,000 m³ or 10,000 kWh: GB/T 2589.
EQUIVALENT = {
    "coal": "714.3",
    "gas": "13300",
    "diesel": "1457.1",
    "gasoline": "1471.4",
    "lpg": "1714.3",
    "power": "1229",
}
CO2 = {"coal": "1900.3", "gas": "21622", "diesel": "3095.9", "gasoline": "2925.1", "lpg": "3101.3", "power": "5568"}


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / "climate" / f"{name}.csv", dtype=str, keep_default_na=False)


def test_coal_equivalents_add_up_to_the_energy_of_every_area_and_year(world: World) -> None:
    """What can be written of power is 100 kWh, 12 kg of coal equivalent: nothing is further off than one step."""
    energy = read("energy")
    own = [Fraction(row.amount) * Fraction(EQUIVALENT[row.carrier]) for row in energy.itertuples()]
    sums = energy.assign(kg=own).groupby(["area_code", "year"])["kg"].sum()
    assert len(sums) == 48
    for row in world.areas.itertuples():
        assert 0 <= row.energy - sums[row.area_code, str(row.year)] < Fraction("12.3")


def test_what_enterprises_burnt_is_that_of_the_world(world: World) -> None:
    energy = read("energy").query("carrier == 'coal' and year == '2024' and area_code == '440103'")
    years = world.years.query("year == 2024 and area_code == '440103'")
    plants = years.loc[years["industry"] == "power", "coal"].sum()
    amounts = dict(zip(energy["sector"], energy["amount"], strict=True))
    assert amounts == {"plants": str(plants // 1000), "industry": str((years["coal"].sum() - plants) // 1000)}


def test_the_city_has_more_than_its_districts_only_of_fuel_and_power_of_others() -> None:
    energy = read("energy")
    energy["amount"] = energy["amount"].map(Fraction)
    sums = energy[energy["area_code"] != CITY].groupby(["year", "sector", "carrier"])["amount"].sum()
    city = energy[energy["area_code"] == CITY].set_index(["year", "sector", "carrier"])["amount"]
    more = {key[1:] for key, amount in city.items() if amount != sums[key]}
    assert more == {("other", "diesel"), ("other", "power")}
    assert all(city[key] >= sums[key] for key in city.index)


def test_output_and_people_are_those_of_the_world(world: World) -> None:
    output = read("output").set_index(["area_code", "year"])
    for row in world.areas.itertuples():
        own = output.loc[(row.area_code, str(row.year))]
        assert abs(Fraction(own["output_100m_yuan"]) * 100_000 - row.output) <= 1000
        assert Fraction(own["people_10k"]) * 10_000 == row.people


def test_units_of_the_market_are_enterprises_that_surrender_in_full_or_are_late(world: World) -> None:
    units = read("market_units")
    known = set(world.enterprises["enterprise_id"])
    assert {unit.replace("-C-", "-E-") for unit in units["unit_id"]} <= known
    verified, surrendered = units["verified_t"].astype(int), units["surrendered_t"].astype(int)
    on_time = units["is_on_time"] == "true"
    assert ((surrendered >= verified) == on_time).all()
    assert 0 < (~on_time).sum() < len(units) / 5
    assert (verified > units["allowance_t"].astype(int)).any()


def test_the_citys_measures_are_the_sums_of_its_districts_but_for_days_with_a_warning() -> None:
    rows = read("adaptation")
    rows["value"] = rows["value"].map(Fraction)
    sums = rows[rows["area_code"] != CITY].groupby(["year", "measure"])["value"].sum()
    for row in rows[rows["area_code"] == CITY].itertuples():
        if row.measure == "warning_days":
            assert row.value <= 366
        else:
            assert row.value == sums[row.year, row.measure]


@pytest.mark.parametrize(("indicator", "factors"), [("co2_per_gdp", CO2), ("energy_per_gdp", EQUIVALENT)])
def test_a_cut_starts_a_little_above_2021_without_the_fuel_of_heat_and_power_works(
    indicator: str, factors: dict[str, str]
) -> None:
    energy = read("energy").query("year == '2021' and sector != 'plants'")
    kg = [Fraction(row.amount) * Fraction(factors[row.carrier]) for row in energy.itertuples()]
    used = energy.assign(kg=kg).groupby("area_code")["kg"].sum()
    output = read("output").query("year == '2021'").set_index("area_code")["output_100m_yuan"].map(Fraction)
    first = read("assigned").query("year == '2020' and indicator == @indicator").set_index("area_code")["intensity"]
    for area, level in first.items():
        now = used[area] / 1000 / (output[area] * 10_000)  # tonnes per 10,000 yuan
        assert Fraction("1.028") < Fraction(level) / now < Fraction("1.043"), area


def test_every_area_has_both_cuts_from_nought_to_what_was_assigned() -> None:
    rows = read("assigned")
    assert rows.groupby(["area_code", "indicator"]).size().eq(2).all()
    assert rows["area_code"].nunique() == 12
    assert set(rows.loc[rows["year"] == "2020", "change_pct"]) == {"0.0"}
    assert (rows.loc[rows["year"] == "2025", "change_pct"].astype(float) < -10).all()
