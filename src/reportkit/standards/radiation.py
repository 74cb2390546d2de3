"""Radiation: when a quarter and a year count, what a dose rate is called beside the background, and limits by date.

Rates are nGy/h; what a limit is given in stands beside it in ``data/standards/radiation_limits.csv``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reportkit.display import Displayed
from reportkit.errors import StandardError, nearest
from reportkit.standards import rules
from reportkit.standards.rounding import Number, exact

AUTOMATIC, MANUAL = "automatic", "manual"
# Of 100 possible hours so many at least, and so many quarters of a year.
HOURS_NEEDED = 75
QUARTERS_NEEDED = {AUTOMATIC: 3, MANUAL: 1}

WITHIN, UNUSUAL, OUTSIDE, UNKNOWN = "within_background", "beyond_usual", "outside_background", "unknown"
VERDICTS = (WITHIN, UNUSUAL, OUTSIDE, UNKNOWN)

FIELDS = ("rf_electric", "rf_power", "power_electric", "power_magnetic")
MEETS, EXCEEDS = "meets", "exceeds"
BELOW_GUIDE, ABOVE_GUIDE = "below_guide", "above_guide"

# What a district is told to have, and what is given for the city alone; see the rule ``radiation.withheld``.
TOLD = ("source_3", "source_4", "source_5", "device_2", "device_3")
HOLDINGS = ("source_1", "source_2", "source_3", "source_4", "source_5", "device_1", "device_2", "device_3")
# Events, the gravest first.
EVENTS = ("events_extraordinary", "events_major", "events_larger", "events_general")

# From nGy/h to the nSv of a year spent outdoors: 8760 hours, and 0.7 Sv for each Gy.
NSV_A_YEAR = 6132


@dataclass(frozen=True)
class Limit(Displayed):
    """A limit or guide value of one quantity, with its unit and where it stands."""

    quantity: str
    value: Decimal
    unit: str
    standard: str


@dataclass(frozen=True)
class Range(Displayed):
    """A range of dose rates in nGy/h; both ends belong to it."""

    low: Number
    high: Number

    def holds(self, rate: Number) -> bool:
        """Whether *rate* lies within."""
        return exact(self.low) <= exact(rate) <= exact(self.high)


def limit(quantity: str, as_of: date) -> Limit:
    """The limit of *quantity* for data of the day *as_of*; StandardError for an unknown quantity or day."""
    rows = [row for row in rules.table("radiation_limits") if row["quantity"] == quantity]
    if not rows:
        known = {row["quantity"] for row in rules.table("radiation_limits")}
        raise StandardError(f"no quantity is called '{quantity}'", do=nearest(quantity, known))
    valid = rules.in_force(rows, as_of)
    if not valid:
        raise StandardError(f"no limit of '{quantity}' for {as_of}", expected=f"a day in {rules.periods(rows)}")
    return Limit(quantity, Decimal(valid[0]["limit"]), valid[0]["unit"], valid[0]["standard"])


def unit(quantity: str) -> str:
    """The unit in which the limits of *quantity* are given, on whatever day."""
    return next(row["unit"] for row in rules.table("radiation_limits") if row["quantity"] == quantity)


def is_valid_quarter(hours: int, possible: int) -> bool:
    """Whether a quarter has enough of its *possible* hours to count."""
    return 100 * hours >= HOURS_NEEDED * possible


def is_enough(kind: str, valid_quarters: int) -> bool:
    """Whether a point of a *kind* has enough valid quarters for its year to be judged."""
    return valid_quarters >= QUARTERS_NEEDED[kind]


def verdict(mean: Number | None, background: Range, quarters: Sequence[Number], usual: Range | None) -> str:
    """What the *mean* of a point's year is called beside the *background*, in one word of :data:`VERDICTS`.

    *quarters* are its valid quarterly means, *usual* the range that the point has known, where it has one.
    """
    if mean is None:
        return UNKNOWN
    if not background.holds(mean):
        return OUTSIDE
    if usual is not None and not all(usual.holds(rate) for rate in quarters):
        return UNUSUAL
    return WITHIN


def against(values: Sequence[Number], limits: Sequence[Number]) -> bool:
    """Whether none of *values* is above its limit."""
    return all(exact(value) <= exact(most) for value, most in zip(values, limits, strict=True))
