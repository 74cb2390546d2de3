"""Radiation: whether quarters count, and every verdict, from the rows as they were measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from reportkit.standards.rounding import half_even
from reportkit.verify.problems import Problem
from reportkit.verify.published import Entry, number
from reportkit.verify.tables import Row, Tables, differences, is_in_force

NEEDED = {"automatic": 3, "manual": 1}  # valid quarters of a year
OF_THE_CITY = {"source_1", "source_2", "device_1"}
FEW = 3


def problems(tables: Tables, entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """Quarters that count and should not, lists of verdicts unlike the figures, and numbers that tell too much."""
    for name, year, slug in tables.of_reports("radiation/quarters"):
        rows = [row for point in _points(tables, slug) for row in _quarters(tables, point, year)]
        yield from differences("table.quarters", name, rows, tables.rows(name), ["point_id", "year", "quarter"])
    for name, year, slug in tables.of_reports("radiation/verdicts"):
        rows = [
            {"point_id": point["point_id"], "kind": point["kind"], "verdict": str(entry["value"])}
            for point in _points(tables, slug)
            if any(row["year"] == year for row in _quarters(tables, point, year))
            for entry in [entries[f"{year}/{slug}/radiation#verdict_{point['point_id']}"]]
        ]
        yield from differences("table.verdicts", name, rows, tables.rows(name), ["point_id"])
    yield from _told_too_much(tables)


def normal(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str:
    """The verdict on a point's year, from the rows of its quarters; ``of`` begins with its mean, which names it.

    Raises ValueError where the background is not that of the place.
    """
    mean, low, high, *_ = (entries[identity] for identity in derivation["of"])
    point_id, year = mean["derivation"]["where"]["point_id"], str(derivation["at"])
    (point,) = tables.where("radiation/points", {"point_id": point_id})
    ends = _background(tables, mean["id"].split("/")[1])
    if ends is None:
        return "unknown"
    if (number(low), number(high)) != ends:
        raise ValueError("the background is not that of the place")
    rows = [row for row in _quarters(tables, point, year) if row["year"] == year]
    counted = [Fraction(row["mean_ngy_h"]) for row in rows if row["counts"] == "true"]
    if not counted:
        return "unknown"
    if not ends[0] <= Fraction(half_even(sum(counted, Fraction(0)) / len(counted), 1)) <= ends[1]:
        return "outside_background"
    if point["usual_low_ngy_h"] and point["usual_high_ngy_h"]:
        usual = Fraction(point["usual_low_ngy_h"]), Fraction(point["usual_high_ngy_h"])
        if min(counted) < usual[0] or max(counted) > usual[1]:
            return "beyond_usual"
    return "within_background"


def exposure(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str:
    """Whether a field is no higher than its limit."""
    return "meets" if _is_kept(tables, entries, derivation) else "exceeds"


def drinking(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str:
    """Whether gross alpha and beta are no higher than their guide values."""
    return "below_guide" if _is_kept(tables, entries, derivation) else "above_guide"


def _is_kept(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> bool:
    """Whether the first half of the figures named is no higher than the second, which are limits of their time."""
    figures = [entries[identity] for identity in derivation["of"]]
    values, limits = figures[: len(figures) // 2], figures[len(figures) // 2 :]
    for value, limit in zip(values, limits, strict=True):
        where = limit["derivation"]["where"]
        measured = value["derivation"]["where"].get("quantity", value["derivation"].get("column", ""))
        (row,) = tables.where("standards/radiation_limits", where)
        day = f"{value['period']}-12-31"
        if not is_in_force(row, day):
            raise ValueError(f"{row['standard']} is not in force on {day}")
        if not measured.startswith(row["quantity"]):
            raise ValueError(f"a limit of {row['quantity']} for {measured}")
    pairs = [(number(value), number(limit)) for value, limit in zip(values, limits, strict=True)]
    if any(value is None or limit is None for value, limit in pairs):
        raise ValueError("a verdict on what has no value")
    return all(value <= limit for value, limit in pairs if value is not None and limit is not None)


def _points(tables: Tables, slug: str) -> list[Row]:
    """The points that a page speaks of."""
    area = next(row for row in tables.rows("areas") if row["slug"] == slug)
    is_city = area["kind"] == "city"
    return [row for row in tables.rows("radiation/points") if row["area_code"] == area["area_code"] or is_city]


def _quarters(tables: Tables, point: Row, until: str) -> list[dict[str, str]]:
    """The quarters of a point *until* a year, with whether each is valid and counts for its year."""
    rows = [row for row in tables.where("radiation/dose_rate", {"point_id": point["point_id"]}) if row["year"] <= until]
    valid = [Fraction(row["hours"]) / Fraction(row["possible_hours"]) >= Fraction(3, 4) for row in rows]
    number_of = {
        year: sum(is_valid for row, is_valid in zip(rows, valid, strict=True) if row["year"] == year)
        for year in {row["year"] for row in rows}
    }
    return [
        {
            **{column: row[column] for column in ("point_id", "year", "quarter", "mean_ngy_h", "max_ngy_h", "hours")},
            "possible_hours": row["possible_hours"],
            "area_code": point["area_code"],
            "kind": point["kind"],
            "is_valid": str(is_valid).lower(),
            "counts": str(is_valid and number_of[row["year"]] >= NEEDED[point["kind"]]).lower(),
        }
        for row, is_valid in zip(rows, valid, strict=True)
    ]


def _background(tables: Tables, slug: str) -> tuple[Fraction, Fraction] | None:
    """The range of an area, or else of the city."""
    areas = tables.rows("areas")
    own = next(row["area_code"] for row in areas if row["slug"] == slug)
    city = next(row["area_code"] for row in areas if row["kind"] == "city")
    rows = {row["area_code"]: row for row in tables.rows("radiation/background")}
    row = rows.get(own, rows.get(city))
    return None if row is None else (Fraction(row["low_ngy_h"]), Fraction(row["high_ngy_h"]))


def _told_too_much(tables: Tables) -> Iterator[Problem]:
    """Categories of which a district must tell nothing, few holders, and single numbers that the city's sum tells."""
    if "radiation/sources" not in tables.described:
        return
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in tables.rows("radiation/sources"):
        groups.setdefault((row["year"], row["holding"]), []).append(row)
        where = f"data/radiation/sources.csv, {row['area_code']}, {row['year']}, {row['holding']}"
        if row["holding"] in OF_THE_CITY:
            yield Problem("table.withheld", where, "a category of which districts may tell", row["holding"])
        if row["is_withheld"] == "true" and (row["holders"] or row["pieces"]):
            yield Problem("table.withheld", where, "no number", f"{row['holders']} holders")
        if row["is_withheld"] == "false" and row["holders"] and 0 < int(row["holders"]) < FEW:
            yield Problem("table.withheld", where, f"at least {FEW} holders, or none", row["holders"])
    city = {(row["year"], row["holding"]): row for row in tables.rows("radiation/sources_city")}
    for key, rows in groups.items():
        withheld = sum(row["is_withheld"] == "true" for row in rows)
        for column in ("holders", "pieces") if withheld and key in city else ():
            rest = int(city[key][column]) - sum(int(row[column] or 0) for row in rows)
            if withheld < 2 or rest <= withheld:
                where = f"data/radiation/sources.csv, {', '.join(key)}"
                told = f"{rest} {column} in {withheld}, which the city's sum tells"
                yield Problem("table.withheld", where, "more than one in each of two districts or more", told)
