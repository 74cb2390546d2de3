"""Columns, cells, keys and references against the schema of a table."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from reportkit.findings import Finding, finding
from reportkit.schema import DESCRIPTOR, Field, Problem, Table, cell_problem, has_type, is_of_persons
from reportkit.validate.rows import Read, Rows, meant

SOURCE = "source_id"  # every row of a table that has this column names its source
VALID_UNTIL = "valid_until"  # the last day of a permit or notice


# --- columns ------------------------------------------------------------------------------------------------


def of_persons(tables: Iterable[Table]) -> Iterator[Finding]:
    """Columns that the descriptor describes and that would be about a natural person."""
    for table in tables:
        for field in table.fields:
            if is_of_persons(field.name, *field.title.values()):
                value = f"{table.name}: {field.name}"
                yield finding("column-person", f"data/{DESCRIPTOR}", column=field.name, value=value)


# --- cells --------------------------------------------------------------------------------------------------


def cells(rows: Rows) -> Iterator[Finding]:
    """Cells that are not what their column's field asks for."""
    for field in rows.table.fields:
        yield from rows.judged(field.name, functools.partial(problem, field))


def problem(field: Field, cell: str) -> Problem | None:
    """What *field* has against *cell*, the first thing only; a row always names its source."""
    if not cell and field.name == SOURCE:
        return "source-missing", {}
    return cell_problem(field, cell)


def future(rows: Rows, year: int) -> Iterator[Finding]:
    """Days, hours and years of what was observed that lie after the newest year of the settings.

    How long something is valid may lie ahead.
    """
    # Only observations have a status. Hour 24 of the last day is written as 0:00 of the next.
    last = {"year": f"{year}", "date": f"{year}-12-31", "datetime": f"{year + 1}-01-01T00:00"}
    for field in rows.table.fields if "status" in rows.table.columns else ():
        if field.type in last and field.name != VALID_UNTIL:
            yield from rows.judged(field.name, functools.partial(_later, field.type, last[field.type], year))


def _later(kind: str, last: str, year: int, cell: str) -> Problem | None:
    return ("date-future", {"year": year}) if has_type(kind, cell) and cell > last else None


# --- keys and references ------------------------------------------------------------------------------------


def doubled(rows: Rows) -> Iterator[Finding]:
    """Rows that share the primary key, or a cell that is to be unique, with a row before them."""
    yield from _repeated(rows, "key-doubled", rows.table.primary_key)
    for field in rows.table.fields:
        if field.constraints.get("unique"):
            yield from _repeated(rows, "unique", (field.name,))


def _repeated(rows: Rows, code: str, key: tuple[str, ...]) -> Iterator[Finding]:
    if len(np.unique(rows.groups(key))) == len(rows.text):  # as nearly always
        return
    cells = rows.text[list(key)].dropna()
    again = cells[cells.duplicated(keep=False) & (cells != "").any(axis=1)]
    first: dict[tuple[str, ...], str] = {}
    for place, row in zip(again.index, again.itertuples(index=False, name=None), strict=True):
        if row in first:
            yield replace(rows.at(place, code, key[-1], first=first[row]), value=", ".join(row))
        else:
            first[row] = f"{rows.numbers[place]} of {rows.files[place]}"


def references(rows: Rows, read: Read) -> Iterator[Finding]:
    """Cells that name a row which the table they point to does not have; an empty cell points nowhere."""
    for column, (table, key) in rows.table.foreign_keys.items():
        if table in read:
            known = set(read[table].text[key].dropna())
            yield from rows.judged(column, functools.partial(_unknown, table, key, known))


def _unknown(table: str, key: str, known: set[str], cell: str) -> Problem | None:
    if not cell or cell in known:
        return None
    return "reference-unknown", {"key": key, "table": table, "nearest": meant(cell, sorted(known))}
