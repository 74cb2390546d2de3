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

ENCODINGS = ("utf-8-sig", "gb18030")

_CHINA = timezone(timedelta(hours=8))
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WITH_HOUR = re.compile(_DAY.pattern + r"[T ][0-9]{2}")
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
    """A row that does not fit, and why: the finding's code, column, value and details."""

    def __init__(self, code: str, column: str = "", value: str = "", **details: object) -> None:
        self.code, self.column, self.value, self.details = code, column, value, details
        super().__init__(code)

    def at(self, path: Path, row: int) -> Finding:
        """The finding about that row of the file at *path*."""
        return finding(self.code, path, row=row, column=self.column, value=self.value, **self.details)


def read_source(path: Path) -> SourceFile | Finding:
    """The file at *path*, in UTF-8 or GB18030; a finding where it cannot be read as a table."""
    try:
        content = path.read_bytes()
    except OSError:
        return finding("file-missing", path)
    text = _decoded(content)
    if text is None:
        return finding("file-encoding", path, encodings="UTF-8 or GB18030")
    try:
        # strict: a quotation mark that is not closed would swallow the rows after it
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        return finding("file-unreadable", path, value=str(error))
    if not lines or not any(lines[0]):
        return finding("file-empty", path, columns="of the format")
    rows = tuple(SourceRow(number, tuple(cells)) for number, cells in enumerate(lines[1:], 2) if cells)
    return SourceFile(path, tuple(lines[0]), rows)


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


def day_of(text: str, column: str) -> str:
    """The day written as ``2024-01-01``; else Misfit."""
    with contextlib.suppress(ValueError):
        if _DAY.fullmatch(text.strip()):
            return date.fromisoformat(text.strip()).isoformat()
    raise Misfit("import-time", column, text, form="a day such as 2024-01-01")
