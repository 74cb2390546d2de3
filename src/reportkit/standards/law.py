"""Cases and documents: the deadlines of a decision, of its publication and withdrawal, the range of a fine, validity.

Each is a rule ``law.…`` of ``data/standards/rules.csv``; deadlines and ranges are in ``law_deadlines.csv`` and
``law_bases.csv`` beside it, and taken by the date of the decision.
"""

from __future__ import annotations

from datetime import date

from reportkit.errors import StandardError
from reportkit.memo import memo
from reportkit.standards.rules import Row, in_force, table
from reportkit.standards.working_days import between

DECISION, PUBLICATION, WITHDRAWAL = "decision", "publication", "withdrawal"  # what has a deadline
DEADLINES, BASES = "law_deadlines", "law_bases"

IN_TIME, LATE, UNPUBLISHED, UNKNOWN = "in_time", "late", "unpublished", "unknown"
ALL_IN_TIME, SOME_LATE = "all_in_time", "some_late"
WITHIN, BELOW, ABOVE, NO_FINE = "fine_within", "fine_below", "fine_above", "no_fine"
VALID, ENDED, NOT_YET = "doc_valid", "doc_ended", "doc_not_yet"


@memo
def deadline(duty: str, as_of: date) -> Row | None:
    """The deadline for a *duty* in force on the day *as_of*; none where none is held."""
    rows = in_force((row for row in table(DEADLINES) if row["duty"] == duty), as_of)
    return rows[0] if rows else None


@memo
def basis(violation: str, code: str, as_of: date) -> Row | None:
    """The provision of that *code* that a *violation* is fined under on the day *as_of*; none where it is not held."""
    known = (row for row in table(BASES) if (row["violation"], row["basis"]) == (violation, code))
    rows = in_force(known, as_of)
    return rows[0] if rows else None


def provision(violation: str, code: str, as_of: date, language: str) -> str | None:
    """The law and the article of that *code*, in words of a language; none where it is not held."""
    row, ending = basis(violation, code, as_of), "" if language == "zh" else f"_{language}"
    return f"{row[f'standard{ending}']} {row[f'clause{ending}']}" if row else None


def days_taken(filed: date, decided: date) -> int:
    """The days from the day after a case was filed to that of the decision."""
    return (decided - filed).days


def working_days(since: date, until: date) -> int | None:
    """The working days from the day after a decision, or its end, to that of what follows; none beyond the calendar."""
    try:
        return between(since, until)
    except StandardError:
        return None


def kept(duty: str, taken: int | None, as_of: date) -> str:
    """Whether the deadline for a *duty* was kept by what was *taken*, in its days or working days."""
    row = deadline(duty, as_of)
    if taken is None or row is None:
        return UNKNOWN
    return IN_TIME if taken <= int(row["days"]) else LATE


def fine_range(violation: str, code: str, yuan: int, decided: date) -> str:
    """Whether a fine lies between the least and the most that its provision allows; a decision may come without one."""
    if not yuan:
        return NO_FINE
    row = basis(violation, code, decided)
    if row is None:
        return UNKNOWN
    return BELOW if yuan < int(row["least_yuan"]) else ABOVE if yuan > int(row["most_yuan"]) else WITHIN


def state(begins: date | None, until: date | None, at: date) -> str:
    """Whether a document is valid on the day *at*, from the day it *begins*, *until* its last day."""
    if begins is not None and begins > at:
        return NOT_YET
    return ENDED if until is not None and until < at else VALID
