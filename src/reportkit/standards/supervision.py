"""Random inspection: what is to be drawn at least, and until when results are published, by the date of the data.

Each is a rule ``supervision.…`` of ``data/standards/rules.csv``; the least ratios are in ``supervision_draw.csv`` and
the deadline is in ``supervision_publication.csv`` beside it.
"""

from __future__ import annotations

from datetime import date

from reportkit.memo import memo
from reportkit.standards.law import IN_TIME, LATE, UNKNOWN
from reportkit.standards.rules import Row, in_force, table

RATIOS, DEADLINE = "supervision_draw", "supervision_publication"
CITY, DISTRICT = "city", "district"  # whose bureau it is

ENOUGH, SHORT = "draw_enough", "draw_short"
REPEATS, DIFFERS = "draw_repeats", "draw_differs"


@memo
def least(bureau: str, class_: str, as_of: date, area_code: str) -> Row | None:
    """What a *bureau* (``city`` or ``district``) draws of a class at least, on a day in an area; none where none is."""
    rows = (row for row in table(RATIOS) if (row["bureau"], row["class"]) == (bureau, class_))
    return next(iter(in_force(rows, as_of, area_code)), None)


@memo
def deadline(as_of: date) -> Row | None:
    """Within how many working days a result is published; none where none is held for the day *as_of*."""
    rows = in_force(table(DEADLINE), as_of)
    return rows[0] if rows else None


def kept(taken: int | None, inspected: date) -> str:
    """Whether a result was published in time, by the working days *taken*."""
    row = deadline(inspected)
    if taken is None or row is None:
        return UNKNOWN
    return IN_TIME if taken <= int(row["working_days"]) else LATE
