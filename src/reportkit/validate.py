"""Tables × schema → findings. A broken file, column or cell never hides what is wrong elsewhere.

Cells are judged as text, each distinct one once, so that a million rows take seconds.
"""

from __future__ import annotations

import csv
import difflib
import functools
import io
import re
from collections.abc import Callable, Generator, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportkit.errors import DataError, nearest
from reportkit.findings import Finding, finding, in_order, shortened
from reportkit.manifest import REGISTRY, hash_file
from reportkit.project import Project
from reportkit.schema import DESCRIPTOR, Field, Table, read_tables
from reportkit.status import DEMONSTRATION, OFFICIAL

AUTHORITY = ("A", "B")  # trust of the sources that official rows may rest on
DOUBTFUL = "D"
INVENTED = "demo"

# type in the schema → how it is written, and the same in words
_FORMS = {
    "integer": (r"-?[0-9]+", "a whole number"),
    "number": (r"-?[0-9]+(\.[0-9]+)?", "a number"),
    "year": (r"[0-9]{4}", "a year"),
    "boolean": (r"true|false", "true or false"),
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day such as 2024-01-31"),
    "datetime": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}", "a time such as 2024-01-31T08:00"),
}
_NUMERIC = {"integer", "number", "year"}
_CALENDAR = {"date", "datetime"}

Integers = npt.NDArray[np.int64]

# The code of a finding and the details of its wording.
Problem = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class _Rows:
    """The rows of one table as text, NaN where a file lacks the column, and where each row stands."""

    table: Table
    text: pd.DataFrame
    files: npt.NDArray[np.object_]
    numbers: Integers

    def at(self, place: int, code: str, column: str, **details: object) -> Finding:
        """The finding about the cell of *column* in the row at *place*."""
        value, number = str(self.text[column].iat[place]), int(self.numbers[place])
        return finding(code, self.files[place], row=number, column=column, value=value, **details)

    def judged(self, column: str, judge: Callable[[str], Problem | None]) -> Iterator[Finding]:
        """What *judge* has against the cells of *column*; it is asked once for each distinct cell."""
        codes, distinct = pd.factorize(self.text[column])
        found = {
            number: finding(problem[0], "", column=column, value=str(cell), **problem[1])
            for number, cell in enumerate(distinct)
            if (problem := judge(str(cell)))
        }
        for place in np.flatnonzero(np.isin(codes, list(found))):
            yield replace(found[codes[place]], file=self.files[place], row=int(self.numbers[place]))


def check(project: Project) -> list[Finding]:
    """Everything that is wrong with the tables of *project*, by file and row.

    Of one kind in one column of a file the first 20 are listed and the others counted.
    """
    return in_order(shortened(_findings(project)))


def _findings(project: Project) -> Iterator[Finding]:
    try:
        tables = read_tables(project.data)
    except DataError as error:
        yield finding("descriptor", f"data/{DESCRIPTOR}", why=error.what)
        return
    read: dict[str, _Rows] = {}
    for table in tables.values():
        read[table.name] = yield from _read(project.data, table)
    for rows in read.values():
        yield from _cells(rows)
        yield from _future(rows, max(project.settings.years))
        yield from _doubled(rows)
        yield from _references(rows, read)
        yield from _trust(rows, read)
    yield from _corrections(read)
    yield from _unused_sources(read)
    yield from _undescribed(project.data, tables)
    yield from _registry(project.data)


# --- files and headings -------------------------------------------------------------------------------------


def _read(data: Path, table: Table) -> Generator[Finding, None, _Rows]:
    """The rows of *table* that could be read; yields what is wrong with its files."""
    parts = {}
    for path in table.paths:
        parts[f"data/{path}"] = yield from _read_file(data / path, f"data/{path}", table)
    whole = pd.concat(parts)
    files, numbers = (whole.index.get_level_values(level).to_numpy() for level in (0, 1))
    return _Rows(table, whole.reset_index(drop=True), files.astype(object), numbers.astype(np.int64))


def _read_file(path: Path, name: str, table: Table) -> Generator[Finding, None, pd.DataFrame]:
    """The columns of *table* in one file as text, by row number; yields what is wrong with the file."""
    nothing = pd.DataFrame(columns=list(table.columns), dtype=object)
    try:
        text = path.read_text(encoding="utf-8-sig")
        widths = np.array([len(cells) for cells in csv.reader(io.StringIO(text, newline=""), strict=True)], np.int64)
        lines = _lines(text, widths)
    except FileNotFoundError:
        yield finding("file-missing", name)
        return nothing
    except UnicodeDecodeError:
        yield finding("file-encoding", name, encodings="UTF-8")
        return nothing
    except (csv.Error, ValueError) as error:
        yield finding("file-unreadable", name, value=str(error))
        return nothing
    if lines.empty:
        yield finding("file-empty", name, columns=", ".join(table.columns))
        return nothing
    for place in np.flatnonzero((widths != widths[0]) & (widths > 0)):
        yield finding("cells", name, row=int(place) + 1, value=f"{widths[place]} cells", width=widths[0])
    heading = [str(cell) for cell in lines.iloc[0]]
    yield from _heading(heading, name, table)
    body = lines.iloc[1:].set_axis(heading, axis="columns")
    return body.loc[:, ~body.columns.duplicated()].reindex(columns=list(table.columns))


def _lines(text: str, widths: Integers) -> pd.DataFrame:
    """The lines with as many cells as the first one, by row number; *widths* counts the cells of every line.

    Raises ValueError where pandas does not find the lines that were counted.
    """
    if not widths.any() or not widths[0]:
        return pd.DataFrame()
    # pandas leaves out the lines that are too long and fills up those that are too short
    frame = pd.read_csv(
        io.StringIO(text),
        header=None,
        dtype=str,
        na_filter=False,
        skip_blank_lines=False,
        on_bad_lines="skip",
    )
    is_read = widths <= widths[0]
    frame.index = pd.Index(np.flatnonzero(is_read) + 1)
    return frame.iloc[np.flatnonzero(widths[is_read] == widths[0])]


def _heading(heading: list[str], name: str, table: Table) -> Iterator[Finding]:
    """What is wrong with the *heading* of a file of *table*."""
    missing = [column for column in table.columns if column not in heading]
    unknown = [column for column in heading if column not in table.columns]
    doubled = sorted({column for column in heading if heading.count(column) > 1})
    for column in missing:
        yield finding("column-missing", name, row=1, column=column, nearest=_meant(column, unknown))
    for column in unknown:
        hint = nearest(column, missing or table.columns)
        yield finding("column-unknown", name, row=1, column=column, value=column, nearest=hint)
    for column in doubled:
        yield finding("column-doubled", name, row=1, column=column, value=column)
    if not (missing or unknown or doubled) and heading != list(table.columns):
        columns = ", ".join(table.columns)
        yield finding("column-order", name, row=1, value=", ".join(heading), columns=columns)


def _meant(name: str, known: Sequence[str]) -> str:
    """A hint at the one of *known* that was probably meant, empty where none is near."""
    close = difflib.get_close_matches(name, known, n=1)
    return f"; {nearest(name, close)}" if close else ""


# --- cells --------------------------------------------------------------------------------------------------


def _cells(rows: _Rows) -> Iterator[Finding]:
    """Cells that are not what their column's field asks for."""
    for field in rows.table.fields:
        yield from rows.judged(field.name, functools.partial(_problem, field))


def _problem(field: Field, cell: str) -> Problem | None:
    """What *field* has against *cell*, the first thing only."""
    constraints = field.constraints
    if not cell:
        return ("required", {}) if constraints.get("required") else None
    if not _has_type(field.type, cell):
        return "type", {"type": _FORMS[field.type][1]}
    known = [str(value) for value in constraints.get("enum", [cell])]
    if cell not in known:
        return "enum", {"known": ", ".join(known), "nearest": nearest(cell, known)}
    if not re.fullmatch(constraints.get("pattern", ".*"), cell, re.DOTALL):
        return "pattern", {"pattern": constraints["pattern"]}
    return _size_problem(field, cell) if field.type in _NUMERIC else None


def _has_type(name: str, cell: str) -> bool:
    if name not in _FORMS:
        return True  # text
    if not re.fullmatch(_FORMS[name][0], cell):
        return False
    try:
        return name not in _CALENDAR or bool(datetime.fromisoformat(cell))
    except ValueError:
        return False


def _size_problem(field: Field, cell: str) -> Problem | None:
    number, constraints = Decimal(cell), field.constraints
    if "minimum" in constraints and number < Decimal(str(constraints["minimum"])):
        return "minimum", {"minimum": constraints["minimum"]}
    if "maximum" in constraints and number > Decimal(str(constraints["maximum"])):
        return "maximum", {"maximum": constraints["maximum"]}
    if field.decimals is not None and len(cell.partition(".")[2]) > field.decimals:
        return "decimals", {"decimals": field.decimals}
    return None


def _future(rows: _Rows, year: int) -> Iterator[Finding]:
    """Days, hours and years of what was observed that lie after the newest year of the settings."""
    # Only observations have a status. Hour 24 of the last day is written as 0:00 of the next.
    last = {"year": f"{year}", "date": f"{year}-12-31", "datetime": f"{year + 1}-01-01T00:00"}
    for field in rows.table.fields if "status" in rows.table.columns else ():
        if field.type in last:
            yield from rows.judged(field.name, functools.partial(_later, field.type, last[field.type], year))


def _later(kind: str, last: str, year: int, cell: str) -> Problem | None:
    return ("date-future", {"year": year}) if _has_type(kind, cell) and cell > last else None


# --- keys and references ------------------------------------------------------------------------------------


def _doubled(rows: _Rows) -> Iterator[Finding]:
    """Rows that share the primary key, or a cell that is to be unique, with a row before them."""
    yield from _repeated(rows, "key-doubled", rows.table.primary_key)
    for field in rows.table.fields:
        if field.constraints.get("unique"):
            yield from _repeated(rows, "unique", (field.name,))


def _repeated(rows: _Rows, code: str, key: tuple[str, ...]) -> Iterator[Finding]:
    cells = rows.text[list(key)].dropna()
    again = cells[cells.duplicated(keep=False) & (cells != "").any(axis=1)]
    first: dict[tuple[str, ...], str] = {}
    for place, row in zip(again.index, again.itertuples(index=False, name=None), strict=True):
        if row in first:
            yield replace(rows.at(place, code, key[-1], first=first[row]), value=", ".join(row))
        else:
            first[row] = f"{rows.numbers[place]} of {rows.files[place]}"


def _references(rows: _Rows, read: Mapping[str, _Rows]) -> Iterator[Finding]:
    """Cells that name a row which the table they point to does not have; an empty cell points nowhere."""
    for column, (table, key) in rows.table.foreign_keys.items():
        if table in read:
            known = set(read[table].text[key].dropna())
            yield from rows.judged(column, functools.partial(_unknown, table, key, known))


def _unknown(table: str, key: str, known: set[str], cell: str) -> Problem | None:
    if not cell or cell in known:
        return None
    return "reference-unknown", {"key": key, "table": table, "nearest": _meant(cell, sorted(known))}


def _corrections(read: Mapping[str, _Rows]) -> Iterator[Finding]:
    """Corrections that do not fit exactly one row, or put in what the column does not take."""
    if "corrections" not in read:
        return
    corrections = read["corrections"]
    for place, correction in enumerate(corrections.text.fillna("").to_dict("records")):
        rows, column = read.get(correction["table"]), correction["column"]
        if rows is None or column not in rows.table.columns or _hits(rows.text, correction) != 1:
            yield corrections.at(place, "correction", "key")
        elif problem := _problem(rows.table.field(column), correction["value_after"]):
            yield corrections.at(place, problem[0], "value_after", **problem[1])


def _hits(text: pd.DataFrame, correction: Mapping[Hashable, str]) -> int:
    """How many rows have the key and the value before of *correction*."""
    hit = text[correction["column"]] == correction["value_before"]
    for part in correction["key"].split(";"):
        column, _, value = part.partition("=")
        hit &= text[column] == value if column in text else False
    return int(hit.sum())


# --- sources and checksums ----------------------------------------------------------------------------------


def _trust(rows: _Rows, read: Mapping[str, _Rows]) -> Iterator[Finding]:
    """Rows whose status and the trust in their source do not go together."""
    if "sources" not in read or not {"status", "source_id"} <= set(rows.table.columns):
        return
    sources = read["sources"].text.dropna(subset=["source_id", "trust"])
    trust = rows.text["source_id"].map(dict(zip(sources["source_id"], sources["trust"], strict=True)))
    status, is_figure = rows.text["status"], rows.table.name == "air/published"
    wrong = {
        "status-demonstration": (status == DEMONSTRATION) != (trust == INVENTED),
        "status-official": (status == OFFICIAL) & ~trust.isin([*AUTHORITY, INVENTED]),
        "source-doubtful": (status != OFFICIAL) & (trust == DOUBTFUL) & is_figure,
    }
    for code, is_wrong in wrong.items():
        for place in np.flatnonzero(is_wrong & trust.notna() & status.notna()):
            yield rows.at(int(place), code, "status", trust=trust.iat[int(place)])


def _unused_sources(read: Mapping[str, _Rows]) -> Iterator[Finding]:
    """Sources that no row of any table names."""
    if "sources" not in read:
        return
    used = {
        source
        for rows in read.values()
        for column, (table, _) in rows.table.foreign_keys.items()
        if table == "sources"
        for source in rows.text[column].unique()
    }
    sources = read["sources"]
    yield from sources.judged("source_id", lambda name: None if name in used else ("source-unused", {}))


def _undescribed(data: Path, tables: Mapping[str, Table]) -> Iterator[Finding]:
    """Tables that lie in *data* and that the descriptor does not know."""
    described = {path for table in tables.values() for path in table.paths}
    for path in sorted(data.rglob("*.csv")):
        if (name := path.relative_to(data).as_posix()) not in described:
            yield finding("file-undescribed", f"data/{name}", value=path.name)


def _registry(data: Path) -> Iterator[Finding]:
    """Files that are not as ``registry.txt`` lists them."""
    if not (data / REGISTRY).is_file():
        yield finding("registry-missing", f"data/{REGISTRY}")
        return
    lines = (data / REGISTRY).read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    tables = [path for path in data.rglob("*") if path.suffix in {".csv", ".json"}]
    files = {path.relative_to(data).as_posix(): path for path in tables}
    for name in sorted(listed.keys() | files.keys()):
        if name not in listed:
            yield finding("registry-unlisted", f"data/{name}")
        elif name not in files:
            yield finding("registry-gone", f"data/{name}")
        elif (digest := hash_file(files[name])) != listed[name]:
            yield finding("registry-differs", f"data/{name}", value=f"SHA-256 {digest[:12]}…")
