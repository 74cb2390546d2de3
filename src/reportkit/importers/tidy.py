"""Any table in CSV or XLSX, by a mapping that says which of its columns fills which of ours.

With ``unpivot:`` a row of the file holds several figures; each becomes a row of its own, as it is printed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from reportkit.errors import nearest
from reportkit.findings import Finding, finding
from reportkit.importers.importer import Importer
from reportkit.importers.mapping import NOTHING, TidyMapping, used_columns
from reportkit.importers.reading import Misfit, SourceFile, SourceRow
from reportkit.importers.tables import Row, TableFile
from reportkit.project import Project
from reportkit.status import AUTHORITY, DEMONSTRATION, OFFICIAL, PROVISIONAL

_TAKEN_FROM = "taken from"  # the column that says which figure of its line a row is


class Tidy(Importer):
    """Rows of a tidy file → the table its mapping names; the publications they name → ``sources``."""

    def __init__(self, project: Project, mapping: TidyMapping) -> None:
        super().__init__(project, mapping.table)
        self.mapping, self.sheet = mapping, mapping.sheet
        self.figures = {
            f"{heading} ({figure.indicator})": (heading, figure)
            for figure in mapping.figures
            for heading in figure.headings
        }
        self.known = {
            column: {row[key] for row in TableFile(project, table).rows.values()}
            for column, (table, key) in self.target.schema.foreign_keys.items()
            if column != "source_id" or not mapping.sources
        }
        self.cited: dict[str, Row] = {row["source_id"]: row for row in self.sources.rows.values()}

    def columns_of(self, file: SourceFile) -> Sequence[str]:
        return list(used_columns(self.mapping, file.columns))

    def missing_columns(self, file: SourceFile) -> list[str]:
        missing = super().missing_columns(file)
        headings = dict.fromkeys(heading for heading, _ in self.figures.values())
        return missing if not headings or headings.keys() & set(file.columns) else [*missing, *headings]

    def about_file(self, file: SourceFile) -> Iterator[Finding]:
        for figure in self.mapping.figures:
            if not set(figure.headings) & set(file.columns):
                yield finding("import-heading-absent", file.path, column=figure.headings[0], indicator=figure.indicator)
        if skipped := sum(self._is_skipped(line, file) for line in file.rows):
            yield finding("import-skipped", file.path, value=f"{skipped} rows that are skipped")

    def laid_out(self, file: SourceFile) -> SourceFile:
        lines = [line for line in file.rows if not self._is_skipped(line, file)]
        if not self.figures:
            return replace(file, rows=tuple(lines))
        rows = [
            SourceRow(line.number, (*line.cells, figure))
            for line in lines
            for figure in self._figures_in(line, file) or [""]
        ]
        return SourceFile(file.path, (*file.heading, _TAKEN_FROM), tuple(rows))

    def row(self, cells: Row, file: SourceFile) -> Row | None:
        if any(cell.is_elsewhere(cells) for cell in self.mapping.columns.values()):
            return None
        row = {name: cell.text(cells) for name, cell in self.mapping.columns.items()}
        origin = {name: cell.column or name for name, cell in self.mapping.columns.items()}
        if self.figures:
            origin["value"], figure = self._figure(cells)
            row |= figure
        if self.mapping.sources:
            row["source_id"] = self._cite(cells)
        row["status"] = self._status(row)
        self._check(row, origin)
        return row

    def complete(self) -> None:
        for row in self.target.rows.values():
            if source := self.cited.get(row["source_id"]):
                self.sources.ensure(source)

    def _is_skipped(self, line: SourceRow, file: SourceFile) -> bool:
        cells = dict(zip(file.columns, line.cells, strict=False))
        return any(rule.holds(cells) for rule in self.mapping.skip)

    def _figures_in(self, line: SourceRow, file: SourceFile) -> list[str]:
        """Which figures stand in the *line*."""
        cells = dict(zip(file.columns, line.cells, strict=True))
        return [
            name
            for name, (heading, figure) in self.figures.items()
            if cells.get(heading, "").strip() not in NOTHING and figure.when.holds(cells)
        ]

    def _figure(self, cells: Row) -> tuple[str, Row]:
        """The column of the figure that a row is, and the columns of ours that it fills."""
        if cells[_TAKEN_FROM] not in self.figures:
            headings = dict.fromkeys(heading for heading, _ in self.figures.values())
            raise Misfit("import-no-figure", columns=", ".join(headings))
        heading, figure = self.figures[cells[_TAKEN_FROM]]
        value = figure.printed.number(cells[heading].strip())
        return heading, {"indicator": figure.indicator, "value": value, "unit": figure.printed.unit}

    def _cite(self, cells: Row) -> str:
        """The source of a row: one for each title and address, by a name that is the same in every import."""
        assert self.mapping.sources
        columns = self.mapping.sources.columns
        source = {name: cell.text(cells) for name, cell in columns.items()}
        named = f"{source['title']}\n{source.get('url', '')}".encode()
        source["source_id"] = f"{self.mapping.sources.prefix}-{hashlib.sha256(named).hexdigest()[:8]}"
        self.check_cells(source, self.sources, {name: cell.column or name for name, cell in columns.items()})
        before = self.cited.setdefault(source["source_id"], source)
        for name, cell in columns.items():
            if source[name] != before.get(name, ""):
                raise Misfit("import-contradiction", cell.column or name, source[name], before=before.get(name, ""))
        return source["source_id"]

    def _status(self, row: Row) -> str:
        """The status of a *row*: official only if the mapping says so and its source is the authority's text."""
        trust = self.cited.get(row["source_id"], {}).get("trust")
        status = row.get("status") or PROVISIONAL
        return PROVISIONAL if status == OFFICIAL and trust not in AUTHORITY else status

    def _check(self, row: Row, origin: Row) -> None:
        """Misfit where a cell of our *row*, which comes from the column in *origin*, is not as its table has it."""
        if row["status"] == DEMONSTRATION:
            wanted = f"{OFFICIAL} or {PROVISIONAL}"
            raise Misfit("import-cell", origin.get("status", "status"), row["status"], wanted=wanted)
        self.check_cells(row, self.target, origin)
        for column, (table, key) in self.target.schema.foreign_keys.items():
            if (cell := row.get(column, "")) and cell not in self.known.get(column, {cell}):
                hint = nearest(cell, self.known[column])
                raise Misfit("import-reference", origin[column], cell, key=key, table=table, nearest=hint)
