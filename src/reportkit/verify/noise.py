"""The tables of an area's roads and functional zones, and the grades of levels, from what a site publishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from reportkit.standards.rounding import half_even
from reportkit.verify.problems import Problem
from reportkit.verify.published import Entry, number
from reportkit.verify.tables import Row, Tables, differences, is_in_force

GRADES = ("noise_good", "noise_fairly_good", "noise_average", "noise_fairly_poor", "noise_poor")
TIMES = ("day", "night")
LOUD_ROAD = 70


def problems(tables: Tables) -> Iterator[Problem]:
    """What in the tables of an area's roads and functional zones does not follow from the rows of the whole."""
    for name, year, slug in tables.of_reports("noise/roads"):
        rows = [_road(row) for row in _own(tables, "noise/roads", slug, year)]
        yield from differences("table.roads", name, rows, tables.rows(name), ["road_id", "year", "time"])
    for name, year, slug in tables.of_reports("noise/checks"):
        visits = _own(tables, "noise/functional_zones", slug, year)
        rows = [_check(tables, row, time) for row in visits for time in TIMES if row[f"{time}_db"]]
        yield from differences("table.checks", name, rows, tables.rows(name), ["point_id", "year", "quarter", "time"])
    for name, year, slug in tables.of_reports("noise/peaks"):
        visits = _own(tables, "noise/functional_zones", slug, year)
        rows = [_peak(tables, row) for row in visits if row["night_peak_db"]]
        yield from differences("table.peaks", name, rows, tables.rows(name), ["point_id", "year", "quarter"])


def grade(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str | None:
    """The grade of a level, rounded to 0.1 dB, by the bounds of its subject and time in force in its year."""
    (identity,) = derivation["of"]
    level = number(entries[identity])
    if level is None:
        return None
    where = {"subject": derivation["subject"], "time": derivation["time"]}
    bounds = _in_force(tables.where("standards/noise_grades", where), entries[identity]["period"])
    rounded = Fraction(half_even(level, 1))
    met = [row["grade"] for row in bounds if not row["up_to_db"] or rounded <= Fraction(row["up_to_db"])]
    return GRADES[min(map(int, met)) - 1]


def _own(tables: Tables, name: str, slug: str, year: str) -> list[dict[str, str]]:
    """The rows of a table that a page speaks of: its area's, or for the city those of all districts."""
    areas = tables.rows("areas")
    (page,) = (row for row in areas if row["slug"] == slug)
    codes = {row["area_code"] for row in areas if row["kind"] != "city"} if page["kind"] == "city" else set()
    codes = codes or {page["area_code"]}
    return [row for row in tables.rows(name) if row["area_code"] in codes and row["year"] <= year]


def _road(row: Row) -> dict[str, str]:
    return {**row, "is_loud": str(Fraction(row["leq_db"]) > LOUD_ROAD).lower()}


def _check(tables: Tables, row: Row, time: str) -> dict[str, str]:
    """A level held against the limit of its zone in its year."""
    level = row[f"{time}_db"]
    (limits,) = _in_force(tables.where("standards/noise_limits", {"zone": row["zone"]}), row["year"])
    over = Decimal(level) - Decimal(limits[f"{time}_db"])
    return {
        **{column: row[column] for column in ("point_id", "area_code", "zone", "year", "quarter")},
        "time": time,
        "leq_db": level,
        "limit_db": limits[f"{time}_db"],
        "is_compliant": str(over <= 0).lower(),
        "over_db": str(over) if over > 0 else "",
        "status": row["status"],
        "source_id": row["source_id"],
    }


def _peak(tables: Tables, row: Row) -> dict[str, str]:
    """The highest level of a night held against the limit of its zone at night and what may be added to it."""
    (limits,) = _in_force(tables.where("standards/noise_limits", {"zone": row["zone"]}), row["year"])
    limit = Decimal(limits["night_db"]) + Decimal(limits["night_peak_over_db"])
    return {
        **{column: row[column] for column in ("point_id", "area_code", "zone", "year", "quarter")},
        "peak_db": row["night_peak_db"],
        "limit_db": str(limit),
        "is_compliant": str(Decimal(row["night_peak_db"]) <= limit).lower(),
        **{column: row[column] for column in ("status", "source_id")},
    }


def _in_force(rows: list[dict[str, str]], year: str) -> list[dict[str, str]]:
    """Those of *rows* that are valid at the end of a year."""
    day = f"{year}-12-31"
    return [row for row in rows if is_in_force(row, day)]
