"""Ecological quality: the class of an index (EQI), and the grade of its change against the year before.

Both are read from ``data/standards/ecology_quality_*.csv`` by the day of the data. ``rules.rule("ecology.class", day)``
and ``rules.rule("ecology.change", day)`` say whether the clauses were read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from reportkit.errors import StandardError
from reportkit.standards import rules
from reportkit.standards.rounding import Number, exact

CLASSES = ("eqi_1", "eqi_2", "eqi_3", "eqi_4", "eqi_5")  # how a figure names the five classes, the best first
STABLE = "eqi_stable"
CHANGES = (STABLE, *(f"eqi_{grade}_{way}" for grade in ("slight", "moderate", "marked") for way in ("better", "worse")))
KEPT, SMALLER = "red_line_kept", "red_line_smaller"


def quality_class(index: Number, as_of: date) -> str:
    """The class (one of :data:`CLASSES`) of an ecological quality *index*, 0 to 100, under the rules of a day."""
    row = _interval("ecology_quality_classes", index, as_of)
    return f"eqi_{row['class']}"


def change(now: Number, before: Number, as_of: date) -> str:
    """How the index *now* differs from that of the year *before*, in one word of :data:`CHANGES`."""
    difference = exact(now) - exact(before)
    grade = _interval("ecology_quality_changes", abs(difference), as_of)["change"]
    if grade == "stable":
        return STABLE
    return f"eqi_{grade}_{'better' if difference > 0 else 'worse'}"


def red_line(now: Number, before: Number) -> str:
    """Whether a red-line area *now* is no smaller than a year *before*."""
    return KEPT if exact(now) >= exact(before) else SMALLER


def colours(as_of: date) -> dict[str, str]:
    """The colour of each class, as ``#rrggbb``: this publication's own, for no standard gives any."""
    rows = rules.in_force(rules.table("ecology_quality_classes"), as_of)
    return {f"eqi_{row['class']}": _hexadecimal(row["rgb"].split(",")) for row in rows}


def _interval(table: str, value: Number, as_of: date) -> rules.Row:
    """The row of *table* in whose interval *value* lies: the lower limit belongs to it, the upper does not."""
    for row in rules.in_force(rules.table(table), as_of):
        if exact(row["at_least"]) <= exact(value) and (not row["below"] or exact(value) < exact(row["below"])):
            return row
    raise StandardError(f"{table} has nothing for {value} on {as_of:%Y-%m-%d}")


def _hexadecimal(rgb: Sequence[str]) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in rgb)
