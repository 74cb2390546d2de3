"""Whether a numeric target is met, or on its way: the rule ``targets.path``, exact and pure.

The straight path leads from the value of a baseline year to the target in its year. It is a convention of this
publication, told in ``data/standards/rules.csv``; no standard asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from reportkit.display import Displayed
from reportkit.standards.rounding import Number, exact

AT_MOST, AT_LEAST = "at_most", "at_least"
DIRECTIONS = (AT_MOST, AT_LEAST)
ALL, NONE = "all", "none"  # what at least 100 %, and at most nought, come to

MET, MISSED = "met", "missed"  # the target year is over
MET_EARLY, ON_TRACK, BEHIND, NOT_YET = "met_early", "on_track", "behind", "not_yet"  # it is still to come
UNKNOWN = "unknown"
VERDICTS = (MET, MET_EARLY, ON_TRACK, BEHIND, NOT_YET, MISSED, UNKNOWN)


@dataclass(frozen=True)
class Point(Displayed):
    """A value of a year."""

    year: int
    value: Number


@dataclass(frozen=True)
class Target(Displayed):
    """A value to be reached in a year: *direction* says from which side (``at_most`` or ``at_least``)."""

    year: int
    value: Number
    direction: str

    def __post_init__(self) -> None:
        if self.direction not in DIRECTIONS:
            raise ValueError(f"expected one of {', '.join(DIRECTIONS)}, found '{self.direction}'")

    def is_met_by(self, value: Number, against: Number | None = None) -> bool:
        """Whether *value* is no worse than the target, or than the value *against* on the way to it."""
        mark = exact(self.value if against is None else against)
        return exact(value) <= mark if self.direction == AT_MOST else exact(value) >= mark


def bound(direction: str, value: Number, unit: str) -> str:
    """From which side a target is to be reached: its *direction*, unless it asks for ``all``, or for ``none``."""
    if direction == AT_LEAST and unit == "%" and exact(value) == 100:
        return ALL
    return NONE if direction == AT_MOST and exact(value) == 0 else direction


def on_path(baseline: Point, target: Point | Target, year: int) -> Fraction:
    """The value of the straight line from *baseline* to *target* in *year*, unrounded.

    Raises ValueError for a baseline that does not lie before the target.
    """
    if baseline.year >= target.year:
        raise ValueError(f"expected a baseline before {target.year}, found {baseline.year}")
    start, end = exact(baseline.value), exact(target.value)
    return start + (end - start) * Fraction(year - baseline.year, target.year - baseline.year)


def verdict(target: Target, latest: Point | None, baseline: Point | None, today: int) -> str:
    """Where a target stands at the end of the year *today*, in one word of :data:`VERDICTS`.

    *latest* is the newest value up to the target year. *baseline* is left out where there is none, or where the
    series breaks between the two: then there is no path to be on.
    """
    if latest is None or latest.year > target.year:
        return UNKNOWN
    if latest.year == target.year:
        return MET if target.is_met_by(latest.value) else MISSED
    if today >= target.year:
        return UNKNOWN  # the year that counts has no value
    if target.is_met_by(latest.value):
        return MET_EARLY
    if baseline is None or not baseline.year < latest.year:
        return NOT_YET
    return ON_TRACK if target.is_met_by(latest.value, on_path(baseline, target, latest.year)) else BEHIND
