"""Soil and groundwater: the class of groundwater, the stage and use of a plot, the duties of a supervised unit.

Each is a rule ``soil.…`` of ``data/standards/rules.csv``; limits of groundwater are in
``data/standards/soil_groundwater.csv`` and taken by the date of the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from reportkit.errors import StandardError
from reportkit.memo import memo
from reportkit.standards.rounding import Number, exact
from reportkit.standards.rules import Row, in_force, periods, table

CLASSES = ("I", "II", "III", "IV", "V")
TABLE = "soil_groundwater"

# The steps of a plot in their order; the column of each has the day it was taken.
STAGES = ("investigated", "assessed", "works", "effect", "removed")
SENSITIVE = ("residential", "public")  # uses that a plot on the register may not be put to
BARRED, BREACH, RELEASED, PENDING = "use_barred", "use_breach", "use_released", "use_pending"
USES = (BREACH, BARRED, PENDING, RELEASED)

DONE, LACKING = "duties_done", "duties_lacking"
YEARS_BETWEEN_INSPECTIONS = 3


@memo
def limits(as_of: date) -> dict[str, Row]:
    """The limits of groundwater in force on the day *as_of*, by item."""
    rows = table(TABLE)
    valid = in_force(rows, as_of)
    if not valid:
        raise StandardError(f"no limits of groundwater for {as_of:%Y-%m-%d}", expected=f"a day in {periods(rows)}")
    return {row["parameter"]: row for row in valid}


def columns() -> dict[str, str]:
    """The column in which the table of values has each item that has a limit on some day."""
    return {row["parameter"]: row["parameter"] + ("" if row["unit"] == "1" else "_mg_l") for row in table(TABLE)}


def item_class(parameter: str, value: Number, as_of: date) -> str:
    """The class that one item's *value* falls into; where classes share a limit, the better one."""
    row, number = limits(as_of)[parameter], exact(value)
    for place, name in enumerate(CLASSES[:-1], start=1):
        least, _, most = row[f"class_{place}"].rpartition("-")
        if number <= exact(most) and (not least or number >= exact(least)):
            return name
    return CLASSES[-1]


def groundwater_class(values: Mapping[str, Number | None], as_of: date) -> tuple[str | None, tuple[str, ...]]:
    """The class of a point, that of its worst item, and the items of that class; none without any value.

    Items without a value are left out. Where the class is I, no item decides it.
    """
    found = {name: item_class(name, values[name], as_of) for name in limits(as_of) if values.get(name) is not None}  # type: ignore[arg-type]
    if not found:
        return None, ()
    worst = max(found.values(), key=CLASSES.index)
    return worst, tuple(name for name, own in found.items() if own == worst != CLASSES[0])


def stage(days: Mapping[str, date | None], at: date) -> str | None:
    """The last step that a plot has taken by the day *at*; none before its survey."""
    taken = [step for step in STAGES if (day := days[step]) is not None and day <= at]
    return taken[-1] if taken else None


def is_listed(days: Mapping[str, date | None], at: date) -> bool:
    """Whether a plot is on the register on the day *at*: from the day it was put on it, until it was removed."""
    listed, removed = days["listed"], days["removed"]
    return listed is not None and listed <= at and (removed is None or removed > at)


def use(days: Mapping[str, date | None], planned: str, at: date) -> str:
    """Whether a plot may be used on the day *at*: barred by the register, in breach of it, released, or pending.

    It is a breach where building for a use that the register bars began while the plot was listed, and still is.
    """
    if not is_listed(days, at):
        return RELEASED if days["removed"] is not None and days["removed"] <= at else PENDING
    begun = days["begun"]
    is_begun = begun is not None and begun <= at and is_listed(days, begun)
    return BREACH if is_begun and planned in SENSITIVE else BARRED


def duties(*, is_reported: bool, is_monitored: bool, last_inspected: int | None, year: int) -> str:
    """Whether a supervised unit did its three duties in *year*."""
    is_inspected = last_inspected is not None and year - YEARS_BETWEEN_INSPECTIONS < last_inspected <= year
    return DONE if is_reported and is_monitored and is_inspected else LACKING
