"""Who must report by the March of a year, why, and how that stands; of the rows of an area, or of one enterprise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from reportkit.standards import enterprises as standards
from reportkit.status import weakest

REASONS = ("is_discharger", "is_audited", "is_triggered")
PENALTIES = "law/penalties"
# Where the law's tables say what else than a fine makes a listed enterprise disclose: day, column, word → trigger.
TRIGGERS = (
    (PENALTIES, "decided_date", "kinds", {"revoke_permit": "revoked"}),
    ("law/coercive_measures", "began_date", "kind", {"restrict": "restricted", "daily": "daily"}),
    ("law/transfers", "sent_date", "reason", {"detention": "detained"}),
    ("law/transfers", "outcome_date", "outcome", {"convicted": "criminal"}),
)
# By which day a row of the law's tables is known: that of the first trigger in it.
DAYS = {table: day for table, day, _, _ in reversed(TRIGGERS)}
KEY_UNITS, AUDITS, REPORTS = "enterprises/key_units", "enterprises/cleaner_production", "enterprises/disclosures"
DECIDING = (KEY_UNITS, AUDITS, REPORTS, *sorted(DAYS))  # the tables that are asked

Row = dict[Any, Any]
Rows = Callable[[str], pd.DataFrame]  # the rows of one of the tables that decide
Known = Mapping[str, list[Row]]  # the same of all of them
Register = Mapping[str, Mapping[str, Any]]


def due_years(reports: pd.DataFrame) -> list[int]:
    """The years in whose March reports were due, as far as any of the *reports* of the city is known."""
    return sorted({int(year) for year in reports["year"] if year >= standards.IN_FORCE.year})


def disclosers(years: Iterable[int], rows: Rows, register: Register, today: date) -> Iterator[Row]:
    """Those that had to report by the March of each of *years*, with what they reported, by year and id."""
    known = {table: rows(table).to_dict("records") for table in DECIDING}
    for year in years:
        yield from _due_in(year, known, register, today)


def _due_in(year: int, known: Known, register: Register, today: date) -> Iterator[Row]:
    """Those that had to report by the March of one year."""
    reports = {row["enterprise_id"]: row for row in _of_year(known[REPORTS], year)}
    due = standards.annual_deadline(year)
    reasons = _reasons(year - 1, due, known, register)
    for id_ in sorted(set().union(*reasons.values())):
        closed = register[id_]["closed_year"]
        if not pd.isna(closed) and closed < year:
            continue
        report = reports.get(id_)
        published = report["published_date"].date() if report else None
        said_by = [row for found in reasons.values() for row in found.get(id_, [])] + ([report] if report else [])
        state = standards.state(published, due, today)
        yield {
            "enterprise_id": id_,
            "area_code": register[id_]["area_code"],
            "year": year,
            **{reason: id_ in found for reason, found in reasons.items()},
            "published_date": published,
            "state": state,
            "days_late": (published - due).days if published and state == standards.LATE else None,
            "is_complete": bool(report) and is_complete(report or {}, due),
            **origin(said_by),
        }


def _reasons(year: int, due: date, known: Known, register: Register) -> dict[str, dict[str, list[Row]]]:
    """The rows of a year that make an enterprise report on it by the day *due*: by reason, by enterprise."""
    discharging = standards.dischargers(date(year, 12, 31))
    listed = [row for row in _of_year(known[KEY_UNITS], year) if row["kind"] in discharging]
    fined = [row for row in known[PENALTIES] if row["decided_date"].year == year]
    came_upon = _by_enterprise([*fined, *_triggers(year, known)])
    return {
        "is_discharger": _by_enterprise(listed),
        "is_audited": _by_enterprise(_of_year(known[AUDITS], year)),
        "is_triggered": {
            id_: found
            for id_, found in came_upon.items()
            if register[id_]["is_listed"]
            and standards.has_trigger(
                [int(row["fine_yuan"]) for row in found if "trigger" not in row],
                [row["trigger"] for row in found if "trigger" in row],
                due,
            )
        },
    }


def _triggers(year: int, known: Known) -> Iterator[Row]:
    """What else came upon enterprises in a year and may make them disclose, with its *trigger*."""
    for table, day, column, codes in TRIGGERS:
        for row in known[table]:
            words = row[column].split(";") if row[column] and row[day].year == year else ()
            yield from (row | {"trigger": codes[word]} for word in words if word in codes)


def _of_year(rows: Iterable[Row], year: int) -> list[Row]:
    return [row for row in rows if row["year"] == year]


def _by_enterprise(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["enterprise_id"], []).append(row)
    return found


def origin(rows: Sequence[Mapping[Any, Any]]) -> Row:
    """The weakest status of *rows* and all their sources."""
    sources = sorted({str(row["source_id"]) for row in rows})
    return {"status": weakest(row["status"] for row in rows), "source_id": ";".join(sources)}


def is_complete(report: Mapping[Any, Any], as_of: date) -> bool:
    """Whether a *report* has every group of contents that it is asked for; an empty cell asks for nothing."""
    return all(pd.isna(report[f"has_{group}"]) or report[f"has_{group}"] for group in standards.contents(as_of))
