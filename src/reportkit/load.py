"""The only reader of ``data/``: rows in, typed frames out, and a record of which rows were asked for.

A report is stale when the rows it read have changed, so every call of :meth:`Reader.rows` is
remembered as a selection (table, conditions, hash of the rows).
"""

from __future__ import annotations

import contextlib
import csv
import functools
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reportkit.display import Displayed
from reportkit.errors import DataError, nearest
from reportkit.manifest import hash_bytes, hash_value
from reportkit.memo import note
from reportkit.project import Project
from reportkit.schema import Field, Table, find_table, read_tables

# The text of tables that were read for readers to come, by all that makes it what it is.
_held: dict[str, pd.DataFrame] = {}

_INTEGER, _NUMBER = re.compile(r"-?[0-9]{1,15}"), re.compile(r"-?[0-9]+(\.[0-9]+)?")
_TYPES = {"integer", "year", "number", "date", "datetime", "boolean"}  # others are text
_FORMATS = {"date": "%Y-%m-%d", "datetime": "%Y-%m-%dT%H:%M"}

# A condition on one column: a value, a list of values, or a range {"from": …, "to": …}, ends included.
Condition = str | int | list[str] | Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Selection(Displayed):
    """Rows that were read: their table, the conditions, and the hash of what was found."""

    table: str
    where: Mapping[str, Condition]
    sha256: str


class Reader:
    """Reads the tables of one project; keeps the raw text of each table it has read, and the rows it was asked for."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.tables = read_tables(project.described)
        self._selections: dict[str, Selection] = {}
        self._rows: dict[str, pd.DataFrame] = {}

    def rows(self, table: str, exact: tuple[str, ...] = (), **where: Condition) -> pd.DataFrame:
        """The rows of *table* that meet every condition, typed by the schema, in the file's order.

        Columns named in *exact* come as Decimals with the decimals they are written with, other numbers as
        float64 (what was written with up to 15 digits can be recovered exactly), dates as datetime64, yes/no as
        bool, text as str with None for an empty cell.
        Raises DataError naming file, row and column of the first value that does not fit.
        """
        name = f"{table} {sorted(where.items())}"
        key = f"{name} {exact}"
        if key in self._rows:
            note("rows", name, self._selections[name])
        else:
            self._rows[key] = self._typed(find_table(self.tables, table), self.text(table, **where), exact)
        return self._rows[key].copy(deep=False)  # what is done to a copy is not done to these

    def text(self, table: str, **where: Condition) -> pd.DataFrame:
        """The same rows as they are written, indexed by (file, row), whether or not they fit the schema."""
        name = f"{table} {sorted(where.items())}"
        chosen = self.select(table, where)
        if name not in self._selections:
            self._selections[name] = Selection(table, dict(where), hash_rows(chosen))
        note("rows", name, self._selections[name])
        return chosen

    def _typed(self, described: Table, chosen: pd.DataFrame, exact: tuple[str, ...]) -> pd.DataFrame:
        cells = chosen.to_numpy(dtype=object).T.tolist() if len(chosen) else [[] for _ in chosen]
        text = {name: [cell or None for cell in column] for name, column in zip(chosen, cells, strict=True)}

        def where(place: int, column: str) -> str:
            return self._where(chosen.index[place], column)

        columns = {field.name: _typed(text[field.name], field, where) for field in described.fields}
        for name in exact:
            columns[name] = pd.Series([Decimal(cell) if cell else None for cell in text[name]], dtype=object)
        return pd.DataFrame(columns)

    def select(self, table: str, where: Mapping[str, Condition]) -> pd.DataFrame:
        """The rows of *table* that meet *where*, as text, indexed by (file, row)."""
        raw = self.raw(table)
        keep = pd.Series(True, index=raw.index)
        for column, condition in where.items():
            if column not in raw:
                raise DataError(f"Table '{table}' has no column '{column}'.", do=nearest(column, raw.columns))
            keep &= _meets(raw[column], condition)
        return raw[keep]

    @functools.cache
    def raw(self, table: str) -> pd.DataFrame:
        """The whole of *table* as text, corrections applied, indexed by (file, row); row 1 is the heading."""
        described = find_table(self.tables, table)
        frame: pd.DataFrame | None = _held.get(self._state(described))
        return self._read(described) if frame is None else frame

    def hold(self) -> None:
        """Read every table that can be read and hold it, for readers to come while its files stay as they are."""
        for described in self.tables.values():
            with contextlib.suppress(DataError):  # who needs the table will say what is wrong with it
                _held[self._state(described)] = self._read(described)

    def state(self) -> str:
        """What makes the text of all tables what it is."""
        tables = self.tables.values()
        paths = dict.fromkeys(path for described in tables for path in described.paths)
        return hash_value([[described.sha256 for described in tables], self._state_of_files(paths)])

    def state_of_table(self, table: str) -> str:
        """What makes the text of one table what it is."""
        return self._state(find_table(self.tables, table))

    def is_changed(self, selection: Selection) -> bool:
        """Whether a selection made earlier would find other rows now, or none can be made."""
        try:
            return hash_rows(self.select(selection.table, selection.where)) != selection.sha256
        except DataError:
            return True

    def _state(self, described: Table) -> str:
        """What makes the text of a table what it is: its description, and the state of its files and corrections."""
        paths = [*described.paths, *find_table(self.tables, "corrections").paths]
        return repr([described.sha256, self._state_of_files(paths)])

    def _state_of_files(self, paths: Iterable[str]) -> list[tuple[str, *tuple[int, ...]]]:
        files = filter(None, map(self.project.table_file, paths))
        return [(str(file), *state_of(file)) for file in files]

    def _read(self, described: Table) -> pd.DataFrame:
        parts = [_read_text(self.project.table_file(path), described) for path in described.paths]
        frame = pd.concat(parts, keys=described.paths, names=["file", "row"])
        return frame if described.name == "corrections" else self._corrected(described.name, frame)

    def _corrected(self, table: str, frame: pd.DataFrame) -> pd.DataFrame:
        """*frame* with the values of ``corrections.csv``; a correction that finds nothing is an error."""
        corrections = self.raw("corrections")
        concerned = corrections[corrections["table"] == table]
        for label, correction in zip(concerned.index.tolist(), concerned.to_dict("records"), strict=True):
            file, row = label
            hit = _hit(frame, correction)
            if hit.sum() != 1:
                raise DataError(
                    f"A correction fits {hit.sum()} rows of table '{table}'.",
                    expected="exactly one row with the key and the value before",
                    found=f"{correction['key']}, {correction['column']} = {correction['value_before']}",
                    where=f"{file}, row {row}",
                )
            frame.loc[hit, correction["column"]] = correction["value_after"]
        return frame

    def _where(self, label: tuple[str, int], column: str) -> str:
        file, row = label
        return f"{self.project.data / file}, row {row}, column {column}"


def state_of(path: Path) -> tuple[int, ...]:
    """When a file was written and how long it is; nothing where there is none."""
    try:
        state = path.stat()
    except OSError:
        return ()
    return state.st_mtime_ns, state.st_size


def _hit(frame: pd.DataFrame, correction: Mapping[Any, str]) -> pd.Series:
    """Which rows have the key and the value before of *correction*; none where it names what is not there."""
    wanted = [part.partition("=")[::2] for part in correction["key"].split(";")]
    hit = pd.Series(True, index=frame.index)
    for column, value in [*wanted, (correction["column"], correction["value_before"])]:
        hit &= frame[column] == value if column in frame else False
    return hit


def hash_rows(rows: pd.DataFrame) -> str:
    """The hash of text rows, in their order."""
    return hash_bytes("\x1e".join("\x1f".join(rows[column].tolist()) for column in rows).encode())


def _read_text(path: Path | None, table: Table) -> pd.DataFrame:
    """The file at *path* as text, by row as a spreadsheet counts; raises DataError where it does not fit the schema.

    Blank lines are left out, but counted. Without a file there are no rows.
    """
    if path is None:
        return pd.DataFrame(columns=list(table.columns), index=pd.Index([], dtype="int64"), dtype="str")
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            known: dict[str, str] = {}  # most cells say what others say: each text is there once
            lines = [
                (number, [known.setdefault(cell, cell) for cell in cells])
                for number, cells in enumerate(csv.reader(stream, strict=True), start=1)
                if cells
            ]
    except FileNotFoundError:
        raise DataError(f"A file of table '{table.name}' is missing.", where=str(path)) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(
            f"The file could not be read as a table: {error}",
            expected="comma-separated values in UTF-8",
            where=str(path),
        ) from error
    heading = tuple(lines[0][1]) if lines else ()
    if heading != table.columns:
        raise DataError(
            f"The heading of table '{table.name}' is not the one its schema declares.",
            expected=", ".join(table.columns),
            found=", ".join(heading),
            where=f"{path}, row 1",
            do="change the file or data/datapackage.json",
        )
    for number, cells in lines:
        if len(cells) != len(heading):
            raise DataError(
                f"A row of table '{table.name}' has another number of cells than the heading.",
                expected=f"{len(heading)} cells",
                found=f"{len(cells)} cells",
                where=f"{path}, row {number}",
                do="look for a comma or a quotation mark too many",
            )
    index = pd.Index([number for number, _ in lines[1:]], dtype="int64")
    return pd.DataFrame([cells for _, cells in lines[1:]], index=index, columns=list(heading), dtype="str")


def _meets(column: pd.Series, condition: Condition) -> pd.Series:
    if isinstance(condition, Mapping):
        return (column >= condition.get("from", "")) & (column <= condition.get("to", "\uffff"))
    if isinstance(condition, list):
        return column.isin(condition)
    return column == str(condition)


def _typed(text: list[str | None], field: Field, where: Callable[[int, str], str]) -> Any:
    """The cells of a column as values of the type of *field*; empty ones become missing values."""
    values = _values(text, field.type)
    if field.type in _TYPES:
        for place, (cell, is_missing) in enumerate(zip(text, pd.isna(values), strict=True)):
            if cell and is_missing:
                raise DataError(
                    f"A value of column '{field.name}' is not of its type.",
                    expected=field.type,
                    found=repr(cell),
                    where=where(place, field.name),
                    do="correct the cell; 'reportkit check' lists every such value",
                )
    return values


def _values(text: list[str | None], kind: str) -> Any:
    """An array of the *text*; what is not of its *kind* is missing.

    Most selections are a few rows, for which plain Python is much faster than pandas' methods of text.
    """
    match kind:
        case "integer" | "year":
            return pd.array([int(it) if it and _INTEGER.fullmatch(it) else None for it in text], dtype="Int64")
        case "number":
            return np.array([float(it) if it and _NUMBER.fullmatch(it) else math.nan for it in text])
        case "date" | "datetime":
            return pd.to_datetime(pd.Series(text, dtype=object), format=_FORMATS[kind], errors="coerce")
        case "boolean":
            return pd.Series(text, dtype=object).map({"true": True, "false": False})
        case _:
            return pd.Series(text, dtype=object)
