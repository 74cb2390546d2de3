"""Rounding is exact: the examples of GB/T 8170-2008, and one number and many giving the same."""

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.standards.rounding import ceiling, divide_half_even, half_even, half_up, scaled

# Examples of GB/T 8170-2008 as printed at https://www.daowen.com/book/content/214653640/12857750.html
EXAMPLES = [
    ("12.1498", 1, "12.1"),
    ("10.5002", 0, "11"),
    ("1.050", 1, "1.0"),
    ("0.35", 1, "0.4"),
    ("2500", -3, "2E+3"),
    ("3500", -3, "4E+3"),
    ("-0.0365", 3, "-0.036"),
]
PLACES = {"1 dp": 1, "0 dp": 0, "3 dp": 3, "thousands": -3}

decimals = st.decimals(-(10**6), 10**6, allow_nan=False, places=4)


@pytest.mark.parametrize(("value", "places", "expected"), EXAMPLES)
def test_the_examples_of_the_standard_come_out_digit_by_digit(value, places, expected):
    assert str(half_even(value, places)) == expected


@pytest.mark.parametrize("row_id", ["O055", "O057", "O058", "O059", "O060", "O061", "O062"])
def test_each_collected_rounding_example_comes_out(shared: Path, row_id):
    with (shared / "domain/standards/oracles.csv").open(encoding="utf-8") as lines:
        row = next(row for row in csv.DictReader(lines) if row["id"] == row_id)
    value, places = row["inputs"].split(" -> ")
    assert half_even(value, PLACES[places]) == Decimal(row["expected"])


def test_rounding_takes_one_step_only():
    assert half_even("15.4546") == 15
    assert half_up(half_up(half_up("15.4546", 2), 1)) == 16, "what rounding a rounded value would give"


def test_a_negative_number_is_rounded_by_its_absolute_value():
    assert half_even("-2.5") == -2
    assert half_up("-2.5") == -3


def test_the_decimals_asked_for_are_shown_even_when_zero():
    assert str(half_even(Fraction(1, 2), 2)) == "0.50"
    assert str(half_even("-0.04", 1)) == "0.0"


def test_half_up_leaves_the_even_digit():
    assert half_up("0.525", 2) == Decimal("0.53")
    assert half_even("0.525", 2) == Decimal("0.52")


def test_a_ceiling_is_exact_where_binary_floats_are_not():
    assert ceiling(Fraction(22, 10) * 25 - 55) == 0
    assert ceiling(Fraction(1, 10**30)) == 1


@pytest.mark.parametrize("function", [half_even, half_up, ceiling])
@pytest.mark.parametrize("value", [0.5, np.float64(0.5)])
def test_floats_are_refused(function, value):
    with pytest.raises(TypeError, match="give its printed text"):
        function(value)


@given(decimals, st.integers(-2, 3))
def test_rounding_is_off_by_half_a_unit_at_most(value, places):
    assert abs(Fraction(half_even(value, places)) - Fraction(value)) <= Fraction(10) ** -places / 2


@given(st.lists(st.tuples(st.integers(-(10**15), 10**15), st.integers(1, 10**9)), min_size=1))
def test_many_quotients_are_rounded_as_each_one(pairs):
    numerators, denominators = np.array(pairs, np.int64).T
    each = [int(half_even(Fraction(*pair))) for pair in pairs]
    assert divide_half_even(numerators, denominators).tolist() == each


def test_a_denominator_of_zero_is_refused():
    with pytest.raises(ValueError, match="positive denominators"):
        divide_half_even(np.array([1]), np.array([0]))


@given(st.lists(decimals))
def test_a_column_keeps_its_digits_as_text_as_decimal_and_as_float(values):
    integers = [int(value.scaleb(4)) for value in values]
    for column in (values, [str(value) for value in values], pd.Series(values, dtype="float64")):
        units, present = scaled(column, 4)
        assert units.tolist() == integers
        assert present.all()


def test_missing_values_are_marked_and_stand_as_zero():
    units, present = scaled(pd.Series([0.7, None, 12.0]), 1)
    assert units.tolist() == [7, 0, 120]
    assert present.tolist() == [True, False, True]


def test_integers_with_gaps_are_scaled_too():
    units, present = scaled(pd.Series([3, None], dtype="Int64"), 1)
    assert units.tolist() == [30, 0]
    assert present.tolist() == [True, False]


@pytest.mark.parametrize("column", [[0.7, 0.25, 0.33], ["0.7", "0.25"], [Decimal("0.25")], [float("inf"), 0.25]])
def test_the_first_value_with_too_many_decimals_is_named(column):
    with pytest.raises(ValueError, match=r"at most 1 decimals .* found (0\.25|inf)"):
        scaled(column, 1)
