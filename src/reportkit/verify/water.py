"""The tables of an area's sections, from their samples; and what the rules of water make of their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from reportkit.standards import water
from reportkit.standards.rounding import half_even
from reportkit.status import weakest
from reportkit.verify.problems import Problem
from reportkit.verify.tables import Row, Tables, differences

GRADES = {1: "grade_excellent", 2: "grade_good", 3: "grade_light", 4: "grade_moderate", 5: "grade_heavy"}
TROPHIC = {
    1: "trophic_oligotrophic",
    2: "trophic_mesotrophic",
    3: "trophic_lightly",
    4: "trophic_moderately",
    5: "trophic_heavily",
}
TLI_COLUMNS = {
    "chl_a": ("chl_a_mg_m3", 1),
    "transparency": ("transparency_m", 2),
}
MONTHS_NEEDED = 8

Result = tuple[Fraction | str | None, int | None]


def problems(tables: Tables) -> Iterator[Problem]:
    """What in the tables of an area's sections and sources does not follow from the rows of the whole."""
    parts = (
        ("months", _months, ["section_id", "month"]),
        ("exceeding", _exceeding, ["section_id", "month", "parameter"]),
        ("years", _years, ["section_id", "year"]),
    )
    for part, make, key in parts:
        for name, year, slug in tables.of_reports(f"water/{part}"):
            sections = _sections(tables, slug)
            samples = [
                row
                for row in tables.rows("water/section_monthly")
                if row["section_id"] in sections and row["month"] <= f"{year}-12"
            ]
            yield from differences(f"table.{part}", name, list(make(samples, sections)), tables.rows(name), key)
    for name, year, slug in tables.of_reports("water/sources"):
        rows = list(_sources(tables, slug, year))
        yield from differences("table.sources", name, rows, tables.rows(name), ["intake_id", "month"])


def _codes(tables: Tables, slug: str) -> tuple[set[str], bool]:
    """The areas that a page speaks of, and whether it is the city's."""
    area = next(row for row in tables.rows("areas") if row["slug"] == slug)
    is_city = area["kind"] == "city"
    codes = {row["area_code"] for row in tables.rows("areas") if row["kind"] != "city"}
    return (codes if is_city else {area["area_code"]}), is_city


def _sections(tables: Tables, slug: str) -> dict[str, Row]:
    """The sections of a district by id; for the city those it is assessed by."""
    codes, is_city = _codes(tables, slug)
    return {
        row["section_id"]: row
        for row in tables.rows("water/sections")
        if row["area_code"] in codes and (not is_city or _is_assessed(row))
    }


def _is_assessed(section: Row) -> bool:
    return section["level"] in ("national", "provincial")


def _months(samples: Iterable[Row], sections: Mapping[str, Row]) -> Iterator[dict[str, str]]:
    for row in samples:
        section, day, values = sections[row["section_id"]], _first(row["month"]), _values(row)
        main = water.main_pollutants(values, day, section["body"])
        yield {
            "section_id": row["section_id"],
            "month": row["month"],
            "year": row["month"][:4],
            "is_assessed": str(_is_assessed(section)).lower(),
            "body": section["body"],
            "class": _code(water.section_class(values, day, section["body"])),
            "n_items": str(sum(values[name] is not None for name in water.assessed(day))),
            "main": ";".join(pollutant.parameter for pollutant in main),
            "status": row["status"],
            "source_id": row["source_id"],
        }


def _exceeding(samples: Iterable[Row], sections: Mapping[str, Row]) -> Iterator[dict[str, str]]:
    for row in samples:
        body, day = sections[row["section_id"]]["body"], _first(row["month"])
        for place, pollutant in enumerate(water.exceeding_items(_values(row), day, body), start=1):
            yield {
                "section_id": row["section_id"],
                "month": row["month"],
                "year": row["month"][:4],
                "parameter": pollutant.parameter,
                "class": _code(pollutant.item_class),
                "multiple": "" if pollutant.multiple is None else str(pollutant.multiple),
                "place": str(place),
                "status": row["status"],
                "source_id": row["source_id"],
            }


def _years(samples: Iterable[Row], sections: Mapping[str, Row]) -> Iterator[dict[str, str]]:
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in samples:
        groups[row["section_id"], row["month"][:4]].append(row)
    for (id_, year), rows in groups.items():
        section, day = sections[id_], date(int(year), 12, 31)
        given = [_values(row) for row in rows]
        measured = sum(water.section_class(values, day, section["body"]) is not None for values in given)
        means = water.mean_values(given, day, section["body"])
        number = water.section_class(means, day, section["body"]) if measured >= MONTHS_NEEDED else None
        main = water.main_pollutants(means, day, section["body"]) if number else ()
        yield {
            "section_id": id_,
            "year": year,
            "body": section["body"],
            "target_class": section["target_class"],
            "months": str(measured),
            "is_valid": str(measured >= MONTHS_NEEDED).lower(),
            "class": _code(number),
            "verdict": _verdict(number, section["target_class"]),
            "main": ";".join(pollutant.parameter for pollutant in main),
            **{water.COLUMN[name]: str(means.get(name, "")) for name in water.assessed(day)},
            **(_reference_means(rows, day) if section["body"] == "lake" else {}),
            "status": weakest(row["status"] for row in rows),
            "source_id": ";".join(sorted({row["source_id"] for row in rows})),
        }


def _reference_means(rows: Sequence[Row], day: date) -> dict[str, str]:
    """The means of a lake that its class does not rest on."""
    means = {}
    for column, places in [*TLI_COLUMNS.values(), (water.COLUMN["tn"], None)]:
        values = [Fraction(row[column]) for row in rows if row[column]]
        if not values:
            means[column] = ""
        elif places is None:
            means[column] = str(water.round_for_assessment("tn", sum(values, Fraction(0)) / len(values), day))
        else:
            means[column] = str(half_even(sum(values, Fraction(0)) / len(values), places))
    return means


def _verdict(number: int | None, target: str) -> str:
    if number is None or not target:
        return "unknown"
    return "on_target" if number <= int(target) else "off_target"


def _sources(tables: Tables, slug: str, year: str) -> Iterator[dict[str, str]]:
    codes, _ = _codes(tables, slug)
    known = {row["intake_id"]: row for row in tables.rows("water/drinking_sources") if row["area_code"] in codes}
    for row in tables.rows("water/drinking_monthly"):
        if row["intake_id"] in known and row["month"] <= f"{year}-12":
            about = known[row["intake_id"]]
            yield {**row, "level": about["level"], "type": about["type"], "year": row["month"][:4]}


def _values(row: Row) -> dict[str, str | None]:
    return {name: row[column] or None for name, column in water.COLUMN.items() if column in row}


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _code(number: int | None) -> str:
    return "" if number is None else water.CODES[number]


# --- what a rule makes of the rows of sections' years ---------------------------------------------


def section_class(rows: Sequence[Row]) -> Result:
    """The class of the one row: none where it has too few months."""
    if not rows or rows[0]["is_valid"] != "true":
        return None, None
    (row,) = rows
    number = water.section_class(_values(row), _day(row), row["body"])
    return _code(number) or None, None


def river_grade(rows: Sequence[Row]) -> Result:
    """The grade of the rivers whose sections these are."""
    grade = water.river_grade_of_values([_values(row) for row in rows], _day(rows[0])) if rows else None
    return (None if grade is None else GRADES[grade.grade]), None


def index(rows: Sequence[Row]) -> Result:
    """The water quality index of these sections; none where an item was not measured."""
    if not rows:
        return None, None
    bodies = [[_values(row) for row in rows if row["body"] == body] for body in water.BODIES]
    total, day = Fraction(0), _day(rows[0])
    for body, given in zip(water.BODIES, bodies, strict=True):
        if given:
            found = water.cwqi_river(given, day, body)
            if not found.is_complete:
                return None, None
            total += found.total * len(given)
    return total / len(rows), 4


def tli(rows: Sequence[Row]) -> Result:
    """The trophic level index of the one lake."""
    (row,) = rows
    return Fraction(water.tli(_tli_values(row), _day(row)).total), 2


def trophic_level(rows: Sequence[Row]) -> Result:
    """Its trophic level."""
    (row,) = rows
    day = _day(row)
    return TROPHIC[water.trophic_level(water.tli(_tli_values(row), day).total, day).level], None


def _tli_values(row: Row) -> dict[str, str | None]:
    values = {name: row[water.COLUMN[name]] or None for name in ("tp", "tn", "codmn")}
    return values | {name: row[column] or None for name, (column, _) in TLI_COLUMNS.items()}


def _day(row: Row) -> date:
    return date(int(row["year"]), 12, 31)
