"""Factors by the year of the data and compounded cuts, against what was published and what was worked by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from reportkit.errors import StandardError
from reportkit.standards import climate, rules
from reportkit.standards.rounding import half_even


# Announcements of the ministry for 2021, 2022 and 2023 (STANDARDS.md, section 7).
@pytest.mark.parametrize(("year", "value"), [(2021, "0.5568"), (2022, "0.5366"), (2023, "0.5306")])
def test_power_is_counted_with_the_national_factor_of_the_year(year: int, value: str) -> None:
    found = climate.factor("co2", "power", year)
    assert (str(found.value), found.of_year, found.region) == (value, year, "national")


def test_where_a_years_factor_is_not_published_the_newest_before_it_is_used() -> None:
    found = climate.factor("co2", "power", 2024)
    assert (str(found.value), found.of_year) == ("0.5306", 2023)


def test_before_the_first_factor_there_is_none() -> None:
    with pytest.raises(StandardError, match="no factor of co2 for 'power' in 2020"):
        climate.factor("co2", "power", 2020)


def test_the_factor_of_raw_coal_is_its_heat_value_times_its_carbon_times_the_share_oxidised() -> None:
    """20,908 kJ/kg x 26.37 tC/TJ x 0.94 x 44/12 = 1.9003 (STANDARDS.md, section 7)."""
    worked = Fraction(20908, 10**6) * Fraction("26.37") * Fraction("0.94") * Fraction(44, 12)
    assert half_even(worked, 4) == climate.factor("co2", "coal", 2024).value == Decimal("1.9003")


@pytest.mark.parametrize(
    ("amount", "unit", "item", "worked"),
    [
        ("100", "t", "coal", "0.0190"),  # 190.03 t
        ("100", "10k m3", "gas", "0.2162"),  # 1,000,000 m³ x 2.1622 kg = 2162.2 t
        ("100", "10k kWh", "power", "0.0531"),  # 1,000,000 kWh x 0.5306 kg = 530.6 t
    ],
)
def test_what_was_used_becomes_tonnes(amount: str, unit: str, item: str, worked: str) -> None:
    assert str(climate.tonnes(amount, unit, climate.factor("co2", item, 2024))) == worked


def test_a_district_of_the_southern_grid_has_four_factors_to_compare_and_others_two() -> None:
    southern = [(it.region, str(it.value)) for it in climate.grid_factors("440103", 2022)]
    assert southern == [
        ("national", "0.5366"),
        ("national_residual", "0.5856"),
        ("regional", "0.3869"),
        ("province", "0.4403"),
    ]
    assert [it.region for it in climate.grid_factors("110105", 2022)] == ["national", "national_residual"]
    assert [it.region for it in climate.grid_factors("450103", 2023)] == ["national", "national_residual", "regional"]


def test_only_factors_from_memory_say_so() -> None:
    rows = rules.table("climate_factors")
    assert {row["region"] for row in rows if row["measure"] == "co2" and row["verification"] == "memory"} == {
        "province"
    }
    assert {row["verification"] for row in rows if row["measure"] == "tce"} == {"memory"}


def test_yearly_cuts_are_compounded() -> None:
    """Formula of 2015 (oracle O106): 1 - (1 - 10 %)(1 - 5 %) = 14.5 %."""
    assert climate.cumulated("10", "5") == Fraction("14.5")


def test_the_cuts_published_for_2006_to_2010_come_to_a_fifth() -> None:
    """0.9538 x 0.9556 x 0.9544 x 0.9599 x 0.954 = 0.79659."""
    cumulative = Fraction(0)
    for cut in ("4.62", "4.44", "4.56", "4.01", "4.6"):
        cumulative = climate.cumulated(cumulative, cut)
    assert str(half_even(cumulative, 2)) == "20.34"
