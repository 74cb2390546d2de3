"""Verdicts on ecological quality and on the red line, from the tables of standards and the published figures."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from reportkit.verify.published import Entry, number
from reportkit.verify.tables import Row, Tables, is_in_force


def quality_class(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str | None:
    """The class of an ecological quality index: the row of the standard that it lies in."""
    (entry,) = (entries[identity] for identity in derivation["of"])
    index = number(entry)
    return None if index is None else f"eqi_{_row(tables, 'ecology_quality_classes', index, entry)['class']}"


def quality_change(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str | None:
    """How an index differs from the one of the year before."""
    step = _step(entries, derivation)
    if step is None:
        return None
    grade = _row(tables, "ecology_quality_changes", abs(step), entries[derivation["of"][0]])["change"]
    return "eqi_stable" if grade == "stable" else f"eqi_{grade}_{'better' if step > 0 else 'worse'}"


def red_line(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str | None:
    """Whether a red-line area is no smaller than the year before."""
    step = _step(entries, derivation)
    return None if step is None else "red_line_smaller" if step < 0 else "red_line_kept"


def _step(entries: Mapping[str, Entry], derivation: Entry) -> Fraction | None:
    """By how much the first figure differs from the second; ValueError where that is not of the year before."""
    now, before = (entries[identity] for identity in derivation["of"])
    if int(now["period"]) != int(before["period"]) + 1:
        raise ValueError(f"{before['period']} is not the year before {now['period']}")
    last, first = number(now), number(before)
    return None if last is None or first is None else last - first


def _row(tables: Tables, name: str, value: Fraction, entry: Entry) -> Row:
    """The row of a standard, valid at the end of the figure's year, whose interval holds *value*."""
    day = f"{entry['period']}-12-31"
    found = [
        row
        for row in tables.rows(f"standards/{name}")
        if is_in_force(row, day) and Fraction(row["at_least"]) <= value < Fraction(row["below"] or 10**6)
    ]
    if len(found) != 1:
        raise ValueError(f"{len(found)} rows of {name} hold {value}")
    return found[0]
