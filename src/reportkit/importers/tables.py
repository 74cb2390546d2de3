"""A table of a project as it lies on the disk, and the rows that come to it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from reportkit.errors import DataError
from reportkit.importers.reading import Misfit
from reportkit.manifest import write_if_changed
from reportkit.project import Project
from reportkit.schema import find_table, read_tables

Row = dict[str, str]

# Two rows of one key contradict each other by what they say of the world, not by who says it.
_ORIGIN = {"status", "source_id"}


class TableFile:
    """One table in one file: its rows by key, as text; rows are added, never changed."""

    def __init__(self, project: Project, name: str) -> None:
        self.schema = find_table(read_tables(project.described), name)
        (path,) = self.schema.paths
        self.path = project.data / path
        self.rows = {self._key(row): row for row in read_rows(project.table_file(path), self.schema.columns)}
        self.added = 0

    def add(self, row: Row) -> bool:
        """Put *row* in and say so, or find it there; Misfit where its key is there with other values."""
        before, standing = self.added, self.ensure(row)
        for column in self.schema.columns:
            if column not in _ORIGIN and row.get(column, "") != standing[column]:
                raise Misfit("import-contradiction", column, row.get(column, ""), before=standing[column])
        return self.added > before

    def ensure(self, row: Row) -> Row:
        """The row that stands under the key of *row*: the one that was there, else *row* itself, put in."""
        key = self._key(row)
        if key not in self.rows:
            self.rows[key] = {column: row.get(column, "") for column in self.schema.columns}
            self.added += 1
        return self.rows[key]

    def write(self) -> bool:
        """Write the file, rows by key, if rows were added; say whether it was written."""
        if not self.added:
            return False
        rows = (self.rows[key] for key in sorted(self.rows))
        return write_csv(self.path, self.schema.columns, (list(row.values()) for row in rows))

    def _key(self, row: Row) -> tuple[str, ...]:
        return tuple(row[column] for column in self.schema.primary_key)


def read_rows(path: Path | None, columns: Sequence[str]) -> list[Row]:
    """The rows of the table at *path* as text, none without a file; DataError where its heading is not *columns*."""
    if path is None:
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            heading, rows = reader.fieldnames or [], list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        what = f"The table could not be read: {error}"
        raise DataError(what, where=str(path), do="run 'reportkit check'") from error
    if list(heading) != list(columns) or any(None in row or None in row.values() for row in rows):
        raise DataError(
            "The table does not have the columns its schema declares.",
            expected=", ".join(columns),
            found=", ".join(heading),
            where=str(path),
            do="run 'reportkit check'",
        )
    return rows


def write_csv(path: Path, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bool:
    """Write a table as UTF-8 with LF line ends unless it is there just so; say whether it was written."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return write_if_changed(path, text.getvalue().encode("utf-8"))
