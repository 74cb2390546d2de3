"""The rows of one table as text, where each stands, and its columns as numbers and days.

Columns are coded once: what is asked of a cell is asked of each distinct cell, so that a million rows take seconds.
"""

from __future__ import annotations

import csv
import difflib
import functools
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportkit.errors import nearest
from reportkit.findings import SHOWN, Finding, finding
from reportkit.project import Project
from reportkit.schema import Problem, Table, is_of_persons

_MANY_COLUMNS = 100  # of which the schema knows nothing, and which are not named one by one

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Cells = npt.NDArray[np.object_]
Times = npt.NDArray[np.datetime64]


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of one table as text, NaN where a file lacks the column, and where each row stands."""

    table: Table
    text: pd.DataFrame
    files: Cells
    numbers: Integers

    def at(self, place: int, code: str, column: str, **details: object) -> Finding:
        """The finding about the cell of *column* in the row at *place*."""
        value, number = str(self.text[column].iat[place]), int(self.numbers[place])
        return finding(code, self.files[place], row=number, column=column, value=value, **details)

    def judged(self, column: str, judge: Callable[[str], Problem | None]) -> Iterator[Finding]:
        """What *judge* has against the cells of *column*; it is asked once for each distinct cell."""
        codes, distinct = self.coded(column)
        found = {
            number: finding(problem[0], "", column=column, value=str(cell), **problem[1])
            for number, cell in enumerate(distinct)
            if (problem := judge(str(cell)))
        }
        if found:
            yield from self.each(
                np.flatnonzero(np.isin(codes, list(found))),
                lambda place: replace(found[codes[place]], file=self.files[place], row=int(self.numbers[place])),
            )

    def each(self, places: Integers, found: Callable[[int], Finding]) -> Iterator[Finding]:
        """What is *found* at each of *places*; of one file and year only as many as are listed, the rest as one."""
        if not len(places):  # as nearly always
            return
        kinds = pd.DataFrame({"file": self.files[places], "year": self.years[places], "place": places})
        for _, kind in kinds.groupby(["file", "year"], sort=False)["place"]:
            yield from map(found, kind.iloc[:SHOWN].tolist())
            if (more := len(kind) - SHOWN) > 0:
                place = int(kind.iloc[SHOWN])
                yield replace(found(place), row=None, year=int(self.years[place]) or None, count=more)

    def coded(self, column: str) -> tuple[Integers, Cells]:
        """For each row the number of its cell among the distinct cells of *column*, and those; -1 where none is."""
        if column not in self._coded:
            self._coded[column] = pd.factorize(self.text[column].to_numpy(object))
        return self._coded[column]

    @functools.cached_property
    def _coded(self) -> dict[str, tuple[Integers, Cells]]:
        return {}

    def looked_up(self, column: str, known: Mapping[str, str]) -> Cells:
        """What *known* has for the cell of each row in *column*; None where it has nothing."""
        codes, distinct = self.coded(column)
        return np.array([*map(known.get, distinct), None], object)[codes]

    def values(self, column: str) -> Numbers:
        """*column* as numbers, NaN where there is none."""
        codes, distinct = self.coded(column)
        numbers = pd.to_numeric(pd.Series(distinct, dtype=object), errors="coerce").to_numpy(np.float64)
        return np.append(numbers, np.nan)[codes]

    def times(self) -> Times:
        """When each row is, to the minute, NaT where it does not say."""
        codes, distinct = self.coded(self.time_column)
        text = pd.Series(distinct, dtype=object)
        times = pd.to_datetime(text, errors="coerce", format="ISO8601").to_numpy().astype("datetime64[m]")
        return np.append(times, np.datetime64("NaT", "m"))[codes]

    def days(self) -> Times:
        """The day of each row, NaT where it does not say; hour 24 belongs to the day it ends."""
        is_hour = self.table.field(self.time_column).type == "datetime"
        return (self.times() - np.timedelta64(int(is_hour), "m")).astype("datetime64[D]")

    @property
    def time_column(self) -> str:
        """The column of the key that says when; empty where none does."""
        key = self.table.primary_key
        return next((name for name in key if self.table.field(name).type in ("date", "datetime")), "")

    @functools.cached_property
    def years(self) -> Integers:
        """The year that each row of an observation is about, 0 where its key names none; of a period the last."""
        years = np.zeros(len(self.text), np.int64)
        if "status" not in self.table.columns:
            return years
        if self.time_column:
            return np.asarray(pd.Series(self.days()).dt.year.fillna(0), np.int64)
        for column in {"period", "year"} & set(self.table.primary_key):
            codes, distinct = self.coded(column)
            last = pd.Series(distinct, dtype=object).str.extract("(?:^|/)([0-9]{4})[^/]*$", expand=False)
            years = np.append(pd.to_numeric(last).fillna(0).to_numpy(np.int64), 0)[codes]
        return years

    @property
    def members(self) -> tuple[str, ...]:
        """The columns of the key that say of what, without when."""
        return tuple(name for name in self.table.primary_key if name != self.time_column)

    def groups(self, columns: Sequence[str]) -> Integers:
        """A number for each row that tells its cells in *columns* from other rows'."""
        number = np.zeros(len(self.text), np.int64)
        for column in columns:
            codes, distinct = self.coded(column)
            number = number * (len(distinct) + 1) + codes + 1
        return number

    def records(self) -> list[dict[str, str]]:
        """Every row as its cells by column; for small tables."""
        columns = [self.text[column].fillna("") for column in self.table.columns]
        return [dict(zip(self.table.columns, cells, strict=True)) for cells in zip(*columns, strict=True)]

    def status(self, place: int) -> str:
        """The status of the row at *place*, empty where the table has none."""
        return str(self.text["status"].iat[place]) if "status" in self.text else ""

    def cells(self, place: int, columns: Sequence[str]) -> dict[str, str]:
        """The cells of the row at *place*, by column."""
        return {column: str(self.text[column].iat[place]) for column in columns}


Read = Mapping[str, Rows]


def read(project: Project, table: Table) -> Generator[Finding, None, Rows]:
    """The rows of *table* that could be read; yields what is wrong with its files."""
    parts = {}
    for path in table.paths:
        parts[f"data/{path}"] = yield from _read_file(project.table_file(path), f"data/{path}", table)
    whole = pd.concat(parts)
    files, numbers = (whole.index.get_level_values(level).to_numpy() for level in (0, 1))
    return Rows(table, whole.reset_index(drop=True), files.astype(object), numbers.astype(np.int64))


def _read_file(path: Path | None, name: str, table: Table) -> Generator[Finding, None, pd.DataFrame]:
    """The columns of *table* in one file as text, by row number; yields what is wrong with the file."""
    nothing = pd.DataFrame(columns=list(table.columns), dtype=object)
    if path is None:
        return nothing
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = list(csv.reader(stream, strict=True))
    except FileNotFoundError:
        yield finding("file-missing", name)
        return nothing
    except UnicodeDecodeError:
        yield finding("file-encoding", name, encodings="UTF-8")
        return nothing
    except csv.Error as error:
        yield finding("file-unreadable", name, value=str(error))
        return nothing
    if not lines or not lines[0]:
        yield finding("file-empty", name, columns=", ".join(table.columns))
        return nothing
    heading, *_ = lines
    for number, cells in enumerate(lines, start=1):
        if cells and len(cells) != len(heading):
            yield finding("cells", name, row=number, value=f"{len(cells)} cells", width=len(heading))
    if len(heading) > len(table.columns) + _MANY_COLUMNS:
        yield finding("column-many", name, row=1, value=f"{len(heading)} columns", width=len(table.columns))
        return nothing
    yield from _heading(heading, name, table)
    body = {number: cells for number, cells in enumerate(lines, start=1) if number > 1 and len(cells) == len(heading)}
    if not body:
        return nothing
    text = pd.DataFrame(list(body.values()), index=list(body), columns=heading, dtype=object)
    return text.loc[:, ~text.columns.duplicated()].reindex(columns=list(table.columns))


def _heading(heading: list[str], name: str, table: Table) -> Iterator[Finding]:
    """What is wrong with the *heading* of a file of *table*."""
    missing = [column for column in table.columns if column not in heading]
    unknown = [column for column in heading if column not in table.columns]
    doubled = sorted({column for column in heading if heading.count(column) > 1})
    for column in missing:
        yield finding("column-missing", name, row=1, column=column, nearest=meant(column, unknown))
    for column in unknown:
        code = "column-person" if is_of_persons(column) else "column-unknown"
        hint = nearest(column, missing or table.columns)
        yield finding(code, name, row=1, column=column, value=column, nearest=hint)
    for column in doubled:
        yield finding("column-doubled", name, row=1, column=column, value=column)
    if not (missing or unknown or doubled) and heading != list(table.columns):
        columns = ", ".join(table.columns)
        yield finding("column-order", name, row=1, value=", ".join(heading), columns=columns)


def meant(name: str, known: Sequence[str]) -> str:
    """A hint at the one of *known* that was probably meant, empty where none is near."""
    close = difflib.get_close_matches(name, known, n=1)
    return f"; {nearest(name, close)}" if close else ""
