"""What enterprises owe the public: who must disclose, what a report must hold, by when, and whether it was in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reportkit.display import Displayed
from reportkit.standards.rules import Row, in_force, table
from reportkit.standards.working_days import deadline

IN_FORCE = date(2022, 2, 8)  # since when enterprises must disclose: order 24
# Where a report stands: its deadline may still be to come.
STATES = ON_TIME, LATE, MISSING, OPEN = "report_on_time", "report_late", "report_missing", "report_open"


@dataclass(frozen=True)
class KeyUnitClass(Displayed):
    """A class of the yearly list of key units; only the dischargers among them must disclose."""

    code: str
    name_zh: str
    name_en: str
    is_discharger: bool


def key_unit_classes(as_of: date) -> dict[str, KeyUnitClass]:
    """The classes of key units by their codes, of the edition in force on the day *as_of*."""
    rows = in_force(table("enterprises_key_unit_classes"), as_of)
    return {
        row["code"]: KeyUnitClass(row["code"], row["name_zh"], row["name_en"], row["is_discharger"] == "true")
        for row in rows
    }


def dischargers(as_of: date) -> list[str]:
    """The codes of the classes whose units must disclose."""
    return [code for code, one in key_unit_classes(as_of).items() if one.is_discharger]


def contents(as_of: date) -> dict[str, Row]:
    """The groups of a yearly report by their codes; ``value`` says of whom a group is asked, all where it is empty."""
    return {row["code"]: row for row in _said_of("content", as_of)}


def sections(as_of: date) -> tuple[Row, ...]:
    """The sections that a yearly report has, in their order."""
    return _said_of("section", as_of)


def has_trigger(fines: Iterable[int], others: Iterable[str], as_of: date) -> bool:
    """Whether what came upon a listed or bond-issuing enterprise in a year makes it disclose (Art. 8).

    That is one of its *fines* (yuan) that is high enough, or one of *others*, by their codes in the table.
    """
    least = int(_value("trigger", "fine", as_of))
    known = {row["code"] for row in _said_of("trigger", as_of)}
    return any(fine >= least for fine in fines) or not known.isdisjoint(others)


def annual_deadline(year: int) -> date:
    """The day by which the report on the year before has to be out; days of rest do not move it."""
    month, day = _value("deadline", "annual", date(year, 12, 31)).split("-")
    return date(year, int(month), int(day))


def temporary_deadline(received: date) -> date:
    """The day by which a temporary report has to be out, of a document *received* on a day."""
    return deadline(received, int(_value("deadline", "temporary", received)))


def state(published: date | None, due: date, today: date) -> str:
    """Where a report stands on the day *today*: the day it is *due* still is in time."""
    if published is None:
        return OPEN if due > today else MISSING
    return ON_TIME if published <= due else LATE


def _said_of(subject: str, as_of: date) -> tuple[Row, ...]:
    rows = (row for row in table("enterprises_disclosure") if row["subject"] == subject)
    return in_force(rows, as_of)


def _value(subject: str, code: str, as_of: date) -> str:
    (row,) = (row for row in _said_of(subject, as_of) if row["code"] == code)
    return row["value"]
