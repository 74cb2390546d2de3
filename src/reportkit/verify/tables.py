"""The published tables of a site, as text, and what in them does not follow from one another."""

from __future__ import annotations

import csv
import functools
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reportkit.standards import rules
from reportkit.verify.problems import Problem

Row = Mapping[str, str]


class Tables:
    """The tables below ``data/`` of a site as text, corrections applied."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.described = {
            resource["name"]: [resource["path"]] if isinstance(resource["path"], str) else resource["path"]
            for resource in json.loads((data / "datapackage.json").read_text(encoding="utf-8"))["resources"]
        }

    @functools.cache
    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of the table *name*; KeyError where there is none."""
        paths = [self.data / path for path in self.described.get(name, [f"{name}.csv"])]
        if not all(path.is_file() for path in paths):
            raise KeyError(f"there is no table {name}")
        rows = [row for path in paths for row in _read(path)]
        for correction in self.rows("corrections") if name != "corrections" else ():
            if correction["table"] == name:
                _correct(rows, correction)
        return rows

    @functools.cache
    def grouped(self, name: str, column: str) -> dict[str, list[dict[str, str]]]:
        """The rows of the table *name* by their value in *column*."""
        groups: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in self.rows(name):
            groups[row[column]].append(row)
        return groups

    def where(self, name: str, conditions: Mapping[str, Any]) -> list[dict[str, str]]:
        """The rows of the table *name* that meet *conditions*: column → a value, or a list of values."""
        if not conditions:
            return self.rows(name)
        first, *others = [(column, set(texts(wanted))) for column, wanted in conditions.items()]
        groups = self.grouped(name, first[0])
        found = [row for value in sorted(first[1]) for row in groups.get(value, [])]
        return [row for row in found if all(row[column] in wanted for column, wanted in others)]

    def of_reports(self, name: str) -> list[tuple[str, str, str]]:
        """Every table called *name* that belongs to a report: (its full name, year, area's slug)."""
        found = [path.relative_to(self.data).with_suffix("") for path in self.data.glob(f"*/*/{name}.csv")]
        return sorted((path.as_posix(), path.parts[0], path.parts[1]) for path in found)

    @functools.cache
    def codes_of(self, slug: str) -> list[str]:
        """The areas that a page is made of: the districts for the city, else the area alone."""
        (area,) = self.where("areas", {"slug": slug})
        if area["kind"] != "city":
            return [area["area_code"]]
        return [row["area_code"] for row in self.rows("areas") if row["kind"] != "city"]

    @functools.cache
    def doubtful(self) -> set[str]:
        """The sources that are in doubt, of which nothing is told."""
        return {row["source_id"] for row in self.where("sources", {"trust": "D"})}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _correct(rows: Iterable[dict[str, str]], correction: Row) -> None:
    key = dict(part.split("=", 1) for part in correction["key"].split(";"))
    column = correction["column"]
    for row in rows:
        if key.items() <= row.items() and row[column] == correction["value_before"]:
            row[column] = correction["value_after"]


def texts(wanted: Any) -> list[str]:
    """The values of a condition as a table writes them."""
    if isinstance(wanted, list):
        return [text for value in wanted for text in texts(value)]
    return [str(wanted).lower() if isinstance(wanted, bool) else str(wanted)]


def differences(
    check: str, name: str, expected: Sequence[Row], found: Sequence[Row], key: Sequence[str]
) -> Iterator[Problem]:
    """One problem for a table whose rows are not the expected ones; only the expected columns are looked at."""
    wanted = {tuple(row[column] for column in key): row for row in expected}
    present = {tuple(row[column] for column in key): row for row in found}
    wrong = [
        identity
        for identity in sorted(wanted.keys() | present.keys())
        if identity not in present or not wanted.get(identity, {"": ""}).items() <= present[identity].items()
    ]
    if wrong or len(present) != len(found):
        first = wrong[0] if wrong else ()
        row, other = wanted.get(first, {}), present.get(first, {})
        yield Problem(
            check,
            f"data/{name}.csv, {len(wrong)} of {len(found)} rows, the first: {', '.join(first)}",
            ", ".join(f"{column} {value}" for column, value in row.items() if other.get(column) != value),
            ", ".join(f"{column} {other.get(column)}" for column, value in row.items() if other.get(column) != value),
        )


def is_in_force(row: Row, day: str) -> bool:
    """Whether a row of a standard holds on a *day*; both ends of its period count."""
    return row["valid_from"] <= day <= (row["valid_to"] or "9999-12-31")


def holds_in(row: Row, code: str) -> bool:
    """Whether a row of a standard is of an area, given how the codes of its areas begin."""
    return any(code.startswith(begin) for begin in row["area_codes"].split(";"))


def catalogue_problems(tables: Tables) -> Iterator[Problem]:
    """Lists of what is disclosed that leave an item out, or say it applies where the catalogue says otherwise."""
    for name, _, slug in tables.of_reports("overview/completeness"):
        area = next(row for row in tables.rows("areas") if row["slug"] == slug)
        expected = {row["item_id"]: area["kind"] in row["scope"].split("+") for row in tables.rows("catalogue")}
        found = {row["item_id"]: row["state"] != "not_applicable" for row in tables.rows(name)}
        for item in sorted(expected.keys() ^ found.keys()):
            yield Problem("table.completeness", f"data/{name}.csv", "the items of the catalogue", item)
        for item in sorted(item for item in expected.keys() & found.keys() if expected[item] != found[item]):
            wanted = "an item that applies" if expected[item] else "not_applicable"
            yield Problem("table.completeness", f"data/{name}.csv, {item}", wanted, "the contrary")


def standards_problems(tables: Tables) -> Iterator[Problem]:
    """Tables of standards that are not those this program judges by."""
    for name in tables.described:
        folder, _, table = name.partition("/")
        if folder == "standards" and tables.rows(name) != list(rules.table(table)):
            yield Problem("table.standards", f"data/{name}.csv", "the rules this program knows", "other rows")
