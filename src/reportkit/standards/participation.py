"""Public bodies, green communities, complaints: what each is held against, by the data's date.

The cuts are in ``data/standards/participation_targets.csv``, the limits in ``participation_limits.csv`` beside it; how
they are used is told by the rules ``participation.…``.
"""

from __future__ import annotations

from datetime import date

from reportkit.memo import memo
from reportkit.standards import targets
from reportkit.standards.rounding import Number, exact
from reportkit.standards.rules import Row, in_force, table

CUTS, LIMITS = "participation_targets", "participation_limits"

GREEN, CLOSING, SMALL = "green_share", "closing_days", "small_count"
ALL_IN_TIME, SOME_LATE = "all_in_time", "some_late"


@memo
def cut(measure: str, as_of: date) -> tuple[Row, Row] | None:
    """The base year and the target year of a *measure* with the change in percent of each; none where none is set."""
    rows = in_force((row for row in table(CUTS) if row["measure"] == measure), as_of)
    base_and_due = sorted(rows, key=lambda row: int(row["year"]))
    return (base_and_due[0], base_and_due[-1]) if len(base_and_due) == 2 else None


@memo
def limit(name: str, as_of: date) -> Row | None:
    """The limit *name* in force on the day *as_of*; none where none is held."""
    rows = in_force((row for row in table(LIMITS) if row["limit"] == name), as_of)
    return rows[0] if rows else None


def green(share: Number, least: Number, due: int, year: int) -> str:
    """Whether the share of green communities at the end of a *year*, *due* or before, is what was to be reached."""
    is_met = exact(share) >= exact(least)
    if year == due:
        return targets.MET if is_met else targets.MISSED
    return targets.MET_EARLY if is_met else targets.NOT_YET


def closing(longest: Number, days: Number) -> str:
    """Whether the complaint that took *longest* was closed within the *days* allowed."""
    return ALL_IN_TIME if exact(longest) <= exact(days) else SOME_LATE
