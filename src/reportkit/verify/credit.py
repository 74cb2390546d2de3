"""What the rules of environmental credit come to, worked out from the published tables alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from reportkit.standards.rules import table
from reportkit.verify.problems import Problem
from reportkit.verify.published import Entry, number
from reportkit.verify.tables import Row, Tables, differences, holds_in, is_in_force

_ORDER = {"green": 1, "blue": 2, "yellow": 3, "red": 4}
_NAMES = {place: name for name, place in _ORDER.items()}
_PARTS = ("green", "blue", "yellow", "red", "not_rated")
_COUNT = re.compile(
    rf"(?P<page>[0-9]{{4}})/(?P<slug>[a-z0-9-]+)/credit#(?P<what>included|{'|'.join(_PARTS)})(_(?P<year>[0-9]{{4}}))?"
)


def problems(tables: Tables, entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """Levels and repairs of a report that do not follow from the rows, and counts that were published otherwise."""
    if "credit/published" not in tables.described:
        return
    makers = {
        "judged": (_judged, ["enterprise_id"]),
        "repairs": (_repairs, ["repair_id"]),
        "key_units": (_key_units, ["enterprise_id", "year"]),
    }
    for part, (make, key) in makers.items():
        for name, year, slug in tables.of_reports(f"credit/{part}"):
            expected = list(make(tables, tables.codes_of(slug), int(year)))
            yield from differences(f"table.{part}", name, expected, tables.rows(name), key)
    yield from _not_to_be_rated(tables)
    yield from _crimes_without_veto(tables)
    for identity, entry in entries.items():
        if match := _COUNT.fullmatch(identity):
            yield from _not_published_first(tables, match, entry)


def _not_to_be_rated(tables: Tables) -> Iterator[Problem]:
    """Evaluations and applications for repair of enterprises that had closed by the end of their year."""
    closed = {row["enterprise_id"]: row["closed_year"] for row in tables.rows("enterprises/register")}
    for name in ("evaluations", "repairs"):
        for row in tables.rows(f"credit/{name}"):
            if closed.get(row["enterprise_id"]) and row["year"] >= closed[row["enterprise_id"]]:
                where = f"credit/{name} {row['enterprise_id']} {row['year']}"
                yield Problem("credit.closed", where, "not rated", f"closed in {closed[row['enterprise_id']]}")


def _crimes_without_veto(tables: Tables) -> Iterator[Problem]:
    """Evaluations of enterprises that a court convicted in their year, and that have no veto nevertheless."""
    convictions = tables.where("law/transfers", {"outcome": "convicted"})
    convicted = {(row["enterprise_id"], row["outcome_date"][:4]) for row in convictions}
    for row in tables.rows("credit/evaluations"):
        if (row["enterprise_id"], row["year"]) in convicted and row["has_veto"] != "true":
            where = f"credit/evaluations {row['enterprise_id']} {row['year']}"
            yield Problem("credit.crime", where, "a veto", row["level"])


def level(rows: Sequence[Row]) -> tuple[str, None]:
    """The level of one evaluation."""
    (row,) = rows
    return _level(row), None


def triggered(rows: Sequence[Row]) -> tuple[str | None, None]:
    """What one event made of the level that stood."""
    (row,) = rows
    (rule,) = _valid("credit_triggers", row["date"], event=row["event"])
    before = _ORDER.get(row["level_before"], 0)
    fallen = min(before + int(rule["levels_down"] or 0), 4) if before else 0
    return _NAMES.get(max(fallen, _ORDER.get(rule["at_best"], 0))), None


def repair(rows: Sequence[Row]) -> tuple[str, None]:
    """Whether repair was applied for in time."""
    (row,) = rows
    return _timeliness(row), None


def _judged(tables: Tables, codes: Collection[str], year: int) -> Iterator[dict[str, str]]:
    """Each evaluation of the year: the level by the rule, where it went, and whether a court found a crime."""
    convictions = tables.where("law/transfers", {"outcome": "convicted"})
    convicted = {row["enterprise_id"] for row in convictions if row["outcome_date"][:4] == str(year)}
    for row in tables.where("credit/evaluations", {"area_code": sorted(codes), "year": str(year)}):
        steps = _ORDER[row["level"]] - _ORDER[row["level_before"] or row["level"]]
        moved = "up" if steps < 0 else "down" if steps > 0 else "same"
        yield {
            "enterprise_id": row["enterprise_id"],
            "level": row["level"],
            "by_rule": _level(row),
            "is_same": str(_level(row) == row["level"]).lower(),
            "moved": moved if row["level_before"] else "",
            "has_veto": row["has_veto"],
            "is_convicted": str(row["enterprise_id"] in convicted).lower(),
        }


def _repairs(tables: Tables, codes: Collection[str], until: int) -> Iterator[dict[str, str]]:
    """Each application up to the year: in time or not, and how many days each step took."""
    for row in tables.where("credit/repairs", {"area_code": sorted(codes)}):
        if int(row["year"]) > until:
            continue
        yield {
            "repair_id": row["repair_id"],
            "timeliness": _timeliness(row),
            "days_to_apply": _days(row["published_date"], row["applied_date"]),
            "days_taken": _days(row["applied_date"], row["restored_date"]),
        }


def _key_units(tables: Tables, codes: Collection[str], until: int) -> Iterator[dict[str, str]]:
    """Each key unit that must disclose, in the years with evaluations of the area, and whether it was in them."""
    rows = tables.where("credit/evaluations", {"area_code": sorted(codes)})
    evaluated = {(row["enterprise_id"], row["year"]) for row in rows if int(row["year"]) <= until}
    years = {year for _, year in evaluated}
    listed: dict[tuple[str, str], str] = {}
    for row in tables.where("enterprises/key_units", {"area_code": sorted(codes), "year": sorted(years)}):
        if _valid("enterprises_key_unit_classes", f"{row['year']}-12-31", code=row["kind"], is_discharger="true"):
            listed[row["enterprise_id"], row["year"]] = row["area_code"]
    for (id_, year), code in listed.items():
        is_evaluated = str((id_, year) in evaluated).lower()
        yield {"enterprise_id": id_, "year": year, "area_code": code, "is_evaluated": is_evaluated}


def _level(row: Row) -> str:
    """The worst that an evaluation is held to: by its points, by a veto, by an emergency."""
    if row["has_veto"] == "true":
        return "red"
    points, deeds = int(row["points"]), int(row["green_indicators"])
    reached = min(
        _ORDER[rule["level"]]
        for rule in _valid("credit_levels", f"{row['year']}-12-31")
        if points >= int(rule["points_from"]) and deeds >= int(rule["extra_least"])
    )
    return _NAMES[min(reached + (row["has_incident"] == "true"), 4)]


def _timeliness(row: Row) -> str:
    """Whether the day of the application is no later in its month than that of the publication, so many months on."""
    listed = _valid("credit_repair", row["published_date"])
    (terms,) = (terms for terms in listed if holds_in(terms, row["area_code"]))
    published, applied = (date.fromisoformat(row[name]) for name in ("published_date", "applied_date"))
    months = 12 * (applied.year - published.year) + applied.month - published.month
    is_in_time = (months, applied.day) <= (int(terms["months"]), published.day)
    return "repair_in_time" if is_in_time else "repair_too_late"


def _days(first: str, last: str) -> str:
    return str((date.fromisoformat(last) - date.fromisoformat(first)).days) if first and last else ""


def _valid(name: str, day: str, **conditions: str) -> list[Row]:
    """The rows of a table of standards that hold on a *day*."""
    return [
        row
        for row in table(name)
        if is_in_force(row, day) and all(row[column] == wanted for column, wanted in conditions.items())
    ]


def _not_published_first(tables: Tables, match: re.Match[str], entry: Entry) -> Iterator[Problem]:
    """A count of a year whose result was published of the area, and that is another number nevertheless."""
    (area,) = tables.where("areas", {"slug": match["slug"]})
    where = {"area_code": area["area_code"], "year": match["year"] or match["page"]}
    rows = [row for row in tables.where("credit/published", where) if row["source_id"] not in tables.doubtful()]
    printed = {row["indicator"]: Fraction(row["value"]) for row in rows}
    if printed.keys() & {"included", *_PARTS} and number(entry) != printed.get(match["what"]):
        yield Problem("credit.published", match.string, str(printed.get(match["what"])), str(entry["value"]))
