"""Emergencies: the level of an incident, by when it is reported, and by when a plan is filed and reviewed.

Each is a rule ``emergency.…`` of ``data/standards/rules.csv``; the criteria are in ``emergency_levels.csv`` and the
deadlines in ``emergency_deadlines.csv`` beside it, both taken by the date of the data.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any

from reportkit.errors import StandardError
from reportkit.memo import memo
from reportkit.standards.rules import Row, in_force, periods, table
from reportkit.standards.working_days import between

CRITERIA, DEADLINES = "emergency_levels", "emergency_deadlines"
LEVELS = ("level_1", "level_2", "level_3", "level_4")  # the gravest first
COUNTED = ("deaths", "injured", "evacuated", "loss_yuan")
OF_A_KIND = ("ecology", "water_supply", "crossing")
OTHER = "environment"  # what an incident comes under that meets nothing else

FILING, REVIEW = "filing", "review"
IN_TIME, LATE, UNKNOWN = "in_time", "late", "unknown"
CURRENT, OVERDUE, MISSING = "plan_current", "plan_overdue", "plan_missing"
STATES = (CURRENT, OVERDUE, MISSING)


@memo
def criteria(as_of: date) -> tuple[Row, ...]:
    """What makes an incident of each level on the day *as_of*, in the order of the national plan."""
    rows = table(CRITERIA)
    valid = in_force(rows, as_of)
    if not valid:
        raise StandardError(f"no levels of incidents for {as_of:%Y-%m-%d}", expected=f"a day in {periods(rows)}")
    return valid


def level(incident: Mapping[str, Any], as_of: date) -> tuple[str, str]:
    """The level of an incident and the criterion that decides: the gravest one met, the first of equally grave ones.

    *incident* gives people, yuan, and the kind of each other effect (None where there was none) by criterion.
    """
    met = [(row["level"], row["criterion"]) for row in criteria(as_of) if _meets(incident, row)]
    return min(met, key=lambda found: LEVELS.index(found[0]))


def _meets(incident: Mapping[str, Any], row: Row) -> bool:
    """Whether an incident meets one criterion; a threshold is met by what just reaches it."""
    criterion = row["criterion"]
    if criterion in COUNTED:
        return int(incident[criterion]) >= int(row["at_least"])
    return criterion == OTHER or incident[criterion] == row["kind"]


@memo
def deadline(duty: str, as_of: date) -> Row | None:
    """The deadline for a *duty* in force on the day *as_of*; none where none is held."""
    rows = in_force((row for row in table(DEADLINES) if row["duty"] == duty), as_of)
    return rows[0] if rows else None


@memo
def reporting(level: str, as_of: date) -> Row | None:
    """The deadline for reporting an incident of a *level*."""
    rows = in_force((row for row in table(DEADLINES) if level in row["levels"].split(";")), as_of)
    return rows[0] if rows else None


def reported(level: str, minutes: int, as_of: date) -> str:
    """Whether an incident was reported in time, so many *minutes* after it was known."""
    row = reporting(level, as_of)
    if row is None:
        return UNKNOWN
    return IN_TIME if minutes <= 60 * int(row["amount"]) else LATE


def working_days_taken(signed: date, filed: date) -> int | None:
    """The working days from the day after a plan was signed to its filing; none outside the known calendar."""
    try:
        return between(signed, filed)
    except StandardError:
        return None


def filed(taken: int | None, signed: date) -> str:
    """Whether a plan that was *signed* on a day was filed in time, in so many working days."""
    row = deadline(FILING, signed)
    if taken is None or row is None:
        return UNKNOWN
    return IN_TIME if taken <= int(row["amount"]) else LATE


def review_due(signed: date) -> date | None:
    """The last day by which a plan has to be reviewed: the same day some years on; none where no deadline is held."""
    row = deadline(REVIEW, signed)
    if row is None:
        return None
    year = signed.year + int(row["amount"])
    return signed.replace(year=year, day=min(signed.day, calendar.monthrange(year, signed.month)[1]))


def state(due: date | None, at: date, *, is_filed: bool) -> str:
    """How a plan stands on the day *at*: filed and not past its review, past it, or not filed."""
    if not is_filed:
        return MISSING
    return OVERDUE if due is not None and due < at else CURRENT
