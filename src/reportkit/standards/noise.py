"""Grades of area and road noise (HJ 640) and the limits of functional zones (GB 3096), in dB(A); exact and pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reportkit.display import Displayed
from reportkit.errors import StandardError
from reportkit.standards import rules
from reportkit.standards.rounding import Number, exact, half_even

AREA, ROAD = "area", "road"
SUBJECTS = (AREA, ROAD)
DAY, NIGHT = "day", "night"
TIMES = (DAY, NIGHT)

# What the grades 1 to 5 are called in figures.
CODES = {1: "noise_good", 2: "noise_fairly_good", 3: "noise_average", 4: "noise_fairly_poor", 5: "noise_poor"}


@dataclass(frozen=True)
class Limit(Displayed):
    """The limits of a functional zone in dB(A); sudden noise at night may be ``peak_over`` above that of the night."""

    standard: str
    zone: str
    day: Decimal
    night: Decimal
    peak_over: Decimal

    def at(self, time: str) -> Decimal:
        """The limit of a *time*: ``day`` (6:00 to 22:00) or ``night``."""
        return {DAY: self.day, NIGHT: self.night}[time]

    def is_met_by(self, level: Number, time: str) -> bool:
        """Whether a *level* in dB(A) complies; one on the limit does."""
        return exact(level) <= exact(self.at(time))

    def is_met_by_peak(self, level: Number) -> bool:
        """Whether the highest level of sudden noise at night complies."""
        return exact(level) <= exact(self.night + self.peak_over)


def bounds(subject: str, time: str, as_of: date) -> tuple[Decimal, ...]:
    """The upper bounds in dB(A) of the grades 1 to 4 of a *subject* (``area`` or ``road``) by ``day`` or ``night``.

    Raises StandardError for a day without grades, or what is not graded.
    """
    table = [row for row in rules.table("noise_grades") if (row["subject"], row["time"]) == (subject, time)]
    valid = rules.in_force(table, as_of)
    if not valid:
        found = f"{subject}, {time}, {as_of:%Y-%m-%d}"
        raise StandardError("There are no grades of noise.", expected=f"a day in {rules.periods(table)}", found=found)
    return tuple(Decimal(row["up_to_db"]) for row in valid if row["up_to_db"])


def grade(level: Number, subject: str, time: str, as_of: date) -> int:
    """The grade, 1 to 5, of a mean *level* in dB(A), which is rounded half to even to 0.1 first."""
    rounded = half_even(level, 1)
    return 1 + sum(rounded > bound for bound in bounds(subject, time, as_of))


def limit(zone: str, as_of: date) -> Limit:
    """The limits of a functional *zone*, ``0`` to ``4b``; StandardError for another, or a day without limits."""
    table = [row for row in rules.table("noise_limits") if row["zone"] == zone]
    valid = rules.in_force(table, as_of)
    if not valid:
        found = f"{zone}, {as_of:%Y-%m-%d}"
        raise StandardError("There is no limit of noise.", expected=f"a day in {rules.periods(table)}", found=found)
    row = valid[0]
    levels = (Decimal(row[column]) for column in ("day_db", "night_db", "night_peak_over_db"))
    return Limit(row["standard"], zone, *levels)


def zones(as_of: date) -> tuple[str, ...]:
    """The functional zones that have limits that day, the quietest first."""
    return tuple(row["zone"] for row in rules.in_force(rules.table("noise_limits"), as_of))
