"""What a dose rate is called beside the background, and limits by the date of the data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from reportkit.errors import StandardError
from reportkit.standards import radiation
from reportkit.standards.radiation import Range

# The reference background and a reading of the ministry's release of 24 March 2011, called normal there.
BACKGROUND = Range("69.3", "266.9")
READING = "109.1"


def test_the_reading_that_the_ministry_called_normal_is_within_the_background() -> None:
    assert radiation.verdict(READING, BACKGROUND, [READING], None) == radiation.WITHIN


@pytest.mark.parametrize(
    ("mean", "expected"),
    [
        ("69.3", radiation.WITHIN),
        ("266.9", radiation.WITHIN),
        ("69.2", radiation.OUTSIDE),
        ("267.0", radiation.OUTSIDE),
    ],
)
def test_both_ends_belong_to_the_background(mean: str, expected: str) -> None:
    assert radiation.verdict(mean, BACKGROUND, [], None) == expected


def test_a_quarter_outside_what_a_point_has_known_is_unusual_even_within_the_background() -> None:
    usual = Range("100.0", "110.0")
    assert radiation.verdict("107.5", BACKGROUND, ["105.0", "110.0"], usual) == radiation.WITHIN
    assert radiation.verdict("107.6", BACKGROUND, ["105.0", "110.1"], usual) == radiation.UNUSUAL
    assert radiation.verdict("102.5", BACKGROUND, ["105.0", "99.9"], usual) == radiation.UNUSUAL


def test_a_mean_outside_the_background_is_so_whatever_a_point_has_known() -> None:
    assert radiation.verdict("300", BACKGROUND, ["300"], Range("290", "310")) == radiation.OUTSIDE


def test_without_a_mean_nothing_is_said() -> None:
    assert radiation.verdict(None, BACKGROUND, [], None) == radiation.UNKNOWN


def test_three_quarters_of_the_hours_are_enough_and_one_less_is_not() -> None:
    assert radiation.is_valid_quarter(1638, 2184)
    assert not radiation.is_valid_quarter(1637, 2184)


def test_an_automatic_point_needs_three_quarters_and_a_visited_one_a_visit() -> None:
    enough = [radiation.is_enough(kind, number) for kind in ("automatic", "manual") for number in (0, 1, 2, 3)]
    assert enough == [False, False, False, True, False, True, True, True]


# GB 8702-2014, table 1: 12 V/m and 0.4 W/m2 from 30 to 3000 MHz; 200/f and 5/f at 0.05 kHz are 4000 V/m and 100 uT.
@pytest.mark.parametrize(
    ("quantity", "value", "unit"),
    [
        ("rf_electric", "12", "V/m"),
        ("rf_power", "0.4", "W/m2"),
        ("power_electric", 200 / Decimal("0.05"), "V/m"),
        ("power_magnetic", 5 / Decimal("0.05"), "uT"),
    ],
)
def test_limits_of_fields_are_those_of_the_standard(quantity: str, value: Decimal | str, unit: str) -> None:
    limit = radiation.limit(quantity, date(2024, 12, 31))
    assert (limit.value, limit.unit, limit.standard) == (Decimal(value), unit, "GB 8702-2014")


# GB 5749-2006, table 1: 0.5 and 1 Bq/L; the edition of 2022 took its place on 1 April 2023.
def test_guide_values_of_drinking_water_are_those_of_their_day() -> None:
    days = (date(2023, 3, 31), date(2023, 4, 1))
    found = [(radiation.limit(name, day).standard, str(radiation.limit(name, day).value)) for day in days
             for name in ("gross_alpha", "gross_beta")]  # fmt: skip
    assert found == [("GB 5749-2006", "0.5"), ("GB 5749-2006", "1"), ("GB 5749-2022", "0.5"), ("GB 5749-2022", "1")]


def test_a_value_at_its_limit_keeps_it() -> None:
    assert radiation.against(["0.5", "1"], ["0.5", "1"])
    assert not radiation.against(["0.5", "1.001"], ["0.5", "1"])


def test_a_day_or_a_quantity_without_a_limit_is_answered_with_what_is_known() -> None:
    with pytest.raises(StandardError, match="2015-01-01"):
        radiation.limit("rf_electric", date(2014, 12, 31))
    with pytest.raises(StandardError, match="rf_power"):
        radiation.limit("rf_pwer", date(2024, 1, 1))


def test_the_power_of_a_wave_follows_from_its_field() -> None:
    """12 V/m are 0.38 W/m2 at 377 Ω, which the standard gives as 0.4."""
    assert round(Decimal(12 * 12) / 377, 1) == radiation.limit("rf_power", date(2024, 1, 1)).value
