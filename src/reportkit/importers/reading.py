"""A file from elsewhere → its heading and rows as they stand, and the cells that importers understand."""

from __future__ import annotations

import contextlib
import csv
import functools
import io
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

from reportkit.findings import Finding, finding
from reportkit.importers.sheets import read_sheet

ENCODINGS = ("utf-8-sig", "gb18030")

_NO_LIMIT = 2**31 - 1
_CHINA = timezone(timedelta(hours=8))
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WITH_HOUR = re.compile(_DAY.pattern + r"[T ][0-9]{2}")
_PLAIN_DAY = re.compile(r"[0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HOUR = re.compile(r"[01]?[0-9]|2[0-3]")
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


@dataclass(frozen=True)
class SourceRow:
    """A row as it was read: its number as a spreadsheet counts, the heading being row 1, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class SourceFile:
    """A file as it was read, heading and rows as they stand."""

    path: Path
    heading: tuple[str, ...]
    rows: tuple[SourceRow, ...]

    @functools.cached_property
    def columns(self) -> tuple[str, ...]:
        """The heading in small letters without surrounding blanks, which is how columns are found."""
        return tuple(name.strip().lower() for name in self.heading)


@dataclass(frozen=True)
class Kept:
    """A row that fits: where it was read and the row of our table that it makes."""

    path: Path
    number: int
    row: dict[str, str]


class Misfit(Exception):
    """A row that does not fit, and why: the finding's code, column, value and details.

    ``row`` is the line to blame where our row was made of several.
    """

    def __init__(self, code: str, column: str = "", value: str = "", **details: object) -> None:
        self.code, self.column, self.value, self.details = code, column, value, details
        self.row: int | None = None
        super().__init__(code)

    def at(self, path: Path, row: int) -> Finding:
        """The finding about that row of the file at *path*."""
        return finding(self.code, path, row=self.row or row, column=self.column, value=self.value, **self.details)


def read_source(path: Path, sheet: str = "") -> SourceFile | Finding:
    """The file at *path*; a finding where it cannot be read as a table.

    CSV in UTF-8 or GB18030; of an XLSX the *sheet* of that name, without a name the first.
    """
    try:
        content = path.read_bytes()
    except OSError:
        return finding("file-missing", path)
    lines = read_sheet(path, content, sheet) if path.suffix.lower() == ".xlsx" else _read_csv(path, content)
    if isinstance(lines, Finding):
        return lines
    if not lines or not any(lines[0]):
        return finding("file-empty", path, columns="of the format")
    rows = tuple(SourceRow(number, tuple(cells)) for number, cells in enumerate(lines[1:], 2) if cells)
    return SourceFile(path, tuple(lines[0]), rows)


def _read_csv(path: Path, content: bytes) -> list[list[str]] | Finding:
    text = _decoded(content)
    if text is None:
        return finding("file-encoding", path, encodings="UTF-8 or GB18030")
    limit = csv.field_size_limit(_NO_LIMIT)  # a cell that is too long is one row's trouble, not the file's
    try:
        # strict: a quotation mark that is not closed would swallow the rows after it
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        return finding("file-unreadable", path, value=str(error))
    finally:
        csv.field_size_limit(limit)


def _decoded(content: bytes) -> str | None:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def text_of(cells: dict[str, str], column: str) -> str:
    """The cell of *column* without surrounding blanks; Misfit where it is empty."""
    text = cells[column].strip()
    if not text:
        raise Misfit("import-required", column)
    return text


def number_of(cells: dict[str, str], column: str, decimals: int) -> str:
    """The cell of *column* as a number with exactly so many *decimals*, empty where it is; else Misfit."""
    text = cells[column].strip()
    if not text:
        return ""
    if _NUMBER.fullmatch(text):
        value = Decimal(text)
        if value == (written := round(value, decimals)):
            return str(written) if decimals else str(int(written))
    raise Misfit("import-number", column, text, decimals=decimals)


def measured_of(cells: dict[str, str], column: str) -> str:
    """The cell of *column* as it is printed, empty for ``--`` (no value) and ``*`` (not measured); else Misfit."""
    text = cells[column].strip()
    if text in ("", "--", "*"):
        return ""
    if not _NUMBER.fullmatch(text.removeprefix("-")):
        raise Misfit("import-measured", column, text)
    return text


def carbon_monoxide_of(cells: dict[str, str], column: str) -> str:
    """The cell of *column* as CO in mg/m³; Misfit for 100 and more, which can only be µg/m³."""
    text = cells[column].strip()
    if _NUMBER.fullmatch(text) and Decimal(text) >= 100:
        raise Misfit("import-unit", column, text)
    return number_of(cells, column, 1)


def hour_of(text: str, column: str) -> str:
    """The full hour written as ``2024-01-01T0000`` or in another form of ISO 8601, in China's time.

    A time with an offset is converted, one without is China's. Misfit where it is no full hour.
    """
    with contextlib.suppress(ValueError):
        time = datetime.fromisoformat(text.strip())
        if _WITH_HOUR.match(text.strip()) and time == time.replace(minute=0, second=0, microsecond=0):
            local = time.astimezone(_CHINA) if time.tzinfo else time
            return local.strftime("%Y-%m-%dT%H:%M")
    raise Misfit("import-time", column, text, form="a full hour such as 2024-01-01T0000")


def hour_of_day(day: str, hour: str) -> str:
    """The full hour of a *day* written as ``20240101`` and an *hour* from 0 to 23; else Misfit."""
    day, hour = day.strip(), hour.strip()
    if not _HOUR.fullmatch(hour):
        raise Misfit("import-time", "hour", hour, form="an hour from 0 to 23")
    with contextlib.suppress(ValueError):
        if _PLAIN_DAY.fullmatch(day):
            return f"{date.fromisoformat(day)}T{int(hour):02}:00"
    raise Misfit("import-time", "date", day, form="a day such as 20240101")


def day_of(text: str, column: str) -> str:
    """The day written as ``2024-01-01``; else Misfit."""
    with contextlib.suppress(ValueError):
        if _DAY.fullmatch(text.strip()):
            return date.fromisoformat(text.strip()).isoformat()
    raise Misfit("import-time", column, text, form="a day such as 2024-01-01")
