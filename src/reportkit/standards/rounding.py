"""Rounding without binary floats: GB/T 8170-2008 for one number and for many, always in one step."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Number = Decimal | Fraction | int | str
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

# Every integer below this is a float64 of its own, so that text with so many digits survives being a float.
_EXACT = 2**53


def half_even(value: Number, places: int = 0) -> Decimal:
    """*value* rounded to *places* decimals, exactly half to the even digit (GB/T 8170-2008).

    Negative *places* round before the point: ``half_even(2500, -3)`` is ``Decimal("2E+3")``.
    A negative number is rounded by its absolute value. Floats raise TypeError.
    """
    return _decimal(round(exact(value) * Fraction(10) ** places), places)


def half_up(value: Number, places: int = 0) -> Decimal:
    """*value* rounded to *places* decimals, exactly half away from zero, as a few bulletins do."""
    shifted = exact(value) * Fraction(10) ** places
    size = math.floor(abs(shifted) + Fraction(1, 2))
    return _decimal(-size if shifted < 0 else size, places)


def ceiling(value: Number) -> int:
    """The smallest integer not below *value*; sub-indices are rounded up this way."""
    return math.ceil(exact(value))


def exact(value: Number) -> Fraction:
    """*value* as a fraction, nothing lost; TypeError for floats, whose digits are not those printed."""
    if isinstance(value, (Decimal, Rational)):
        return Fraction(value)
    if isinstance(value, str):
        return Fraction(Decimal(value))
    found = f"{type(value).__name__} {value!r}"
    raise TypeError(f"expected Decimal, Fraction, int or str, found {found}: give its printed text")


def divide_half_even(numerator: Integers, denominator: Integers) -> Integers:
    """``numerator / denominator`` element by element, rounded half to even, exact in int64.

    Denominators must be positive (ValueError); numbers stay below 2**62, so that a remainder can be doubled.
    """
    numerator, denominator = np.asarray(numerator, np.int64), np.asarray(denominator, np.int64)
    if (denominator <= 0).any():
        raise ValueError(f"expected positive denominators, found {denominator.min()}")
    quotient, remainder = np.divmod(numerator, denominator)
    twice = 2 * remainder
    rounds_up = (twice > denominator) | ((twice == denominator) & (quotient % 2 == 1))
    return np.asarray(quotient + rounds_up, np.int64)


def scaled(values: Any, places: int) -> tuple[Integers, Booleans]:
    """A column as integers in units of ``10**-places``, and which rows have a value (others are 0).

    Integers, decimals, texts and floats are taken; a float stands for the shortest text that reads as it,
    so that 0.7 is 7 tenths. ValueError names the first value with more than *places* decimals.
    """
    column = pd.Series(values).reset_index(drop=True)
    present = column.notna().to_numpy(np.bool_)
    integers = np.zeros(len(column), np.int64)
    given = column[present]
    if pd.api.types.is_numeric_dtype(column.dtype):
        integers[present] = _scaled_numbers(given.to_numpy(np.float64), places)
    else:
        integers[present] = [_scaled_text(value, places) for value in given]
    return integers, present


def _scaled_numbers(numbers: npt.NDArray[np.float64], places: int) -> Integers:
    factor = 10.0**places
    shifted = np.rint(numbers * factor)
    # Dividing two exact floats gives the float nearest to the decimal, which is what reading its text gives.
    unfit = ~(np.abs(shifted) < _EXACT) | (shifted / factor != numbers)
    if unfit.any():
        raise _too_fine(numbers[unfit][0], places)
    return shifted.astype(np.int64)


def _scaled_text(value: Any, places: int) -> int:
    number: Fraction = exact(str(value)) * 10**places
    if number.denominator != 1:
        raise _too_fine(value, places)
    return number.numerator


def _too_fine(value: object, places: int) -> ValueError:
    return ValueError(f"expected at most {places} decimals and {len(str(_EXACT)) - 1} digits, found {value}")


def _decimal(units: int, places: int) -> Decimal:
    """*units* of ``10**-places`` as a Decimal that shows exactly that many decimals."""
    return Decimal((units < 0, tuple(map(int, str(abs(units)))), -places))
