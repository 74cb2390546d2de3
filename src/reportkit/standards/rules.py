"""The tables of rules: every row with clause, source, verification, the dates it is valid for and, if not all, areas.

``verification`` is ``seen`` when the clause was read, or published figures reproduce it, and ``memory``
when neither is so; a result that rests on a ``memory`` rule must say so where it is shown. What no text says and this
publication has settled for itself is a ``convention``; its summary says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from reportkit.display import Displayed
from reportkit.errors import StandardError, nearest
from reportkit.memo import memo, note

Row = dict[str, str]
OWN = "reportkit"  # in place of a standard: what this publication laid down itself
EVERYWHERE = ""  # in place of an area: what no place has for itself alone
_OF_EVERY_ROW = ("standard", "clause", "verification", "source")


@dataclass(frozen=True)
class Rule(Displayed):
    """One way of doing things, in force from one day to another, in words for both languages."""

    family: str
    standard: str
    clause: str
    summary_zh: str
    summary_en: str
    verification: str
    source: str

    @classmethod
    def of(cls, row: Mapping[str, str], family: str, summary: str = "summary") -> Self:
        """The rule that *row* of a table states; its words stand in the columns *summary*``_zh`` and ``_en``."""
        words = {f"summary_{language}": row[f"{summary}_{language}"] for language in ("zh", "en")}
        return cls(family=family, **{name: row[name] for name in _OF_EVERY_ROW}, **words)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.standard, self.clause, f"({self.verification})")))

    @property
    def is_verified(self) -> bool:
        """Whether nothing is to be checked: the clause was read, published figures reproduce it, or it is our own."""
        return self.verification != "memory"


def folder() -> Path:
    """Where the tables are: beside this module once installed, else ``data/standards`` of the source tree."""
    installed = Path(__file__).with_name("tables")
    return installed if installed.is_dir() else Path(__file__).parents[3] / "data" / "standards"


@memo
def table(name: str) -> tuple[Row, ...]:
    """The rows of ``name.csv`` as text, in file order; StandardError when there is no such table."""
    note("standard", name)
    path = folder() / f"{name}.csv"
    if not path.is_file():
        known = {file.stem for file in folder().glob("*.csv")}
        what = f"no standards table is called '{name}'"
        raise StandardError(what, where=str(folder()), do=nearest(name, known))
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def in_force(rows: Iterable[Row], as_of: date, area_code: str | None = None) -> tuple[Row, ...]:
    """Those of *rows* that are valid on the day *as_of*, both ends of a period counted; in one area, if it is given."""
    day = f"{as_of:%Y-%m-%d}"
    open_end = "9999-12-31"
    return tuple(
        row
        for row in rows
        if row["valid_from"] <= day <= (row["valid_to"] or open_end) and (area_code is None or holds_in(row, area_code))
    )


def holds_in(row: Row, area_code: str) -> bool:
    """Whether *row* holds in an area: its ``area_codes`` are how the codes of its areas begin; without any, in all."""
    return area_code.startswith(tuple(row.get("area_codes", "").split(";")))


def periods(rows: Iterable[Row]) -> str:
    """The periods of *rows* in words, for messages: ``HJ 633-2012 2013-01-01..2026-02-28, …``."""
    known = dict.fromkeys(f"{row['standard']} {row['valid_from']}..{row['valid_to']}" for row in rows)
    return ", ".join(known) or "none"


@memo
def rule(family: str, as_of: date, area_code: str = EVERYWHERE) -> Rule:
    """The rule of a *family* such as ``air.index`` for data of the day *as_of*: the area's own, else that of all.

    Raises StandardError, naming what is known, for an unknown family, or a day or an area without a rule.
    """
    rows = table("rules")
    known = [row for row in rows if row["rule"] == family]
    if not known:
        families = {row["rule"] for row in rows}
        raise StandardError(f"no rule is called '{family}'", do=nearest(family, families))
    valid = in_force(known, as_of, area_code)
    if not valid:
        held = [row for row in known if holds_in(row, area_code)]
        what = f"no rule '{family}' for {as_of:%Y-%m-%d}" + (f" in the area {area_code}" if held != known else "")
        raise StandardError(what, where="data/standards/rules.csv", expected=f"a day in {periods(held)}")
    return Rule.of(max(valid, key=lambda row: bool(row["area_codes"])), family)


def is_in_force(family: str, as_of: date, area_code: str = EVERYWHERE) -> bool:
    """Whether a *family* has a rule for data of the day *as_of* in an area."""
    return bool(in_force((row for row in table("rules") if row["rule"] == family), as_of, area_code))


def rules_between(family: str, first: date, last: date, area_code: str = EVERYWHERE) -> tuple[Rule, ...]:
    """Every rule of a *family* in an area that is in force on some day from *first* to *last*, in the order of time."""
    starts = {date.fromisoformat(row["valid_from"]) for row in table("rules") if row["rule"] == family}
    days = [first, *sorted(day for day in starts if first < day <= last)]
    return tuple(dict.fromkeys(rule(family, day, area_code) for day in days))
