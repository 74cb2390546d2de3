"""Environmental credit: the level that an evaluation comes to, what an event makes of it, and when it may be repaired.

Each is a rule ``credit.…`` of ``data/standards/rules.csv``; levels, triggers and the terms of repair are in
``data/standards/credit_*.csv`` and taken by the date of the data.
"""

from __future__ import annotations

import calendar
from datetime import date

from reportkit.errors import StandardError, nearest
from reportkit.memo import memo
from reportkit.standards.rules import EVERYWHERE, Row, in_force, periods, table

LEVELS = GREEN, BLUE, YELLOW, RED = "green", "blue", "yellow", "red"  # the best first
GOOD, BAD = (GREEN, BLUE), (YELLOW, RED)

IN_TIME, TOO_LATE = "repair_in_time", "repair_too_late"
UP, SAME, DOWN = "up", "same", "down"


@memo
def _valid(name: str, as_of: date, area_code: str = EVERYWHERE) -> tuple[Row, ...]:
    rows = table(name)
    valid = in_force(rows, as_of, area_code)
    if not valid:
        raise StandardError(f"no {name} for {as_of:%Y-%m-%d}", expected=f"a day in {periods(rows)}")
    return valid


def levels(as_of: date) -> dict[str, Row]:
    """The levels in force on the day *as_of*, the best first, with what each takes."""
    return {row["level"]: row for row in _valid("credit_levels", as_of)}


def triggers(as_of: date) -> dict[str, Row]:
    """The events that change a level, or are put on record, on the day *as_of*."""
    return {row["event"]: row for row in _valid("credit_triggers", as_of)}


def vetoes(as_of: date) -> dict[str, Row]:
    """What makes an enterprise red by itself on the day *as_of*, by its number."""
    return {row["veto"]: row for row in _valid("credit_vetoes", as_of)}


def terms_of_repair(as_of: date, area_code: str) -> Row:
    """Within how many months one may apply there, by how many levels one goes up, after how many days of notice."""
    return _valid("credit_repair", as_of, area_code)[0]


def level(points: int, extra_indicators: int, as_of: date, *, has_veto: bool, has_incident: bool) -> str:
    """The level of an evaluation: red with a veto, else the best whose points and extra indicators are reached.

    An ordinary emergency lowers it by one.
    """
    if has_veto:
        return RED
    reached = next(
        name
        for name, row in levels(as_of).items()
        if points >= int(row["points_from"]) and extra_indicators >= int(row["extra_least"])
    )
    return lowered(reached, 1) if has_incident else reached


def lowered(level_before: str, steps: int) -> str:
    """The level *steps* below; below red there is none."""
    return LEVELS[min(LEVELS.index(level_before) + steps, len(LEVELS) - 1)]


def triggered(level_before: str | None, event: str, as_of: date) -> str | None:
    """What an *event* makes at once of the level that stands; none where none stood and the event sets none."""
    known = triggers(as_of)
    if event not in known:
        raise StandardError(f"no event is called '{event}'", do=nearest(event, known))
    row = known[event]
    after = lowered(level_before, int(row["levels_down"] or 0)) if level_before else None
    return max(filter(None, (after, row["at_best"])), key=LEVELS.index, default=None)


def last_day_to_apply(published: date, area_code: str) -> date:
    """The last day on which repair may be applied for: the same day so many months on, or the last of that month."""
    months = published.month - 1 + int(terms_of_repair(published, area_code)["months"])
    year, month = published.year + months // 12, months % 12 + 1
    return date(year, month, min(published.day, calendar.monthrange(year, month)[1]))


def timeliness(published: date, applied: date, area_code: str) -> str:
    """Whether repair was applied for in time."""
    return IN_TIME if applied <= last_day_to_apply(published, area_code) else TOO_LATE


def movement(level_before: str | None, level_now: str) -> str | None:
    """Whether a level is better than the one before, the same, or worse; none without one before."""
    if level_before is None:
        return None
    steps = LEVELS.index(level_now) - LEVELS.index(level_before)
    return DOWN if steps > 0 else UP if steps < 0 else SAME
