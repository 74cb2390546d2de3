"""What every real-world format has in common: columns it needs, a table it fills, a source it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar

from reportkit.findings import Finding, finding
from reportkit.importers.reading import Kept, Misfit, SourceFile
from reportkit.importers.tables import Row, TableFile
from reportkit.project import Project
from reportkit.schema import cell_problem
from reportkit.status import PROVISIONAL


class Importer(ABC):
    """A way to read files of one kind; an instance serves one import into one project.

    ``target`` is the table that is filled, ``sheet`` the one that is read of a file with several.
    """

    sheet = ""

    def __init__(self, project: Project, table: str) -> None:
        self.project = project
        self.target = TableFile(project, table)
        self.sources = TableFile(project, "sources")

    @property
    def tables(self) -> tuple[TableFile, ...]:
        """Every table that the import may write, those that rows refer to before the rows."""
        return self.sources, self.target

    @abstractmethod
    def columns_of(self, file: SourceFile) -> Sequence[str]:
        """The columns of *file* that are used, those it has not among them."""

    def missing_columns(self, file: SourceFile) -> list[str]:
        """The columns that *file* needs and has not."""
        return [name for name in self.columns_of(file) if name not in file.columns]

    def about_file(self, file: SourceFile) -> Iterator[Finding]:
        """What is to be said of a file whose rows were read."""
        yield from ()

    def laid_out(self, file: SourceFile) -> SourceFile:
        """The *file* with one row for each row of our table."""
        return file

    @abstractmethod
    def row(self, cells: Row, file: SourceFile) -> Row | None:
        """The row of our table for the *cells* of one row, None for another place's; raises Misfit."""

    def about_rows(self, kept: Sequence[Kept]) -> Iterator[Finding]:
        """What is to be said of the rows that fit, once all are known."""
        yield from ()

    @abstractmethod
    def complete(self) -> None:
        """Add what the new rows refer to."""

    @staticmethod
    def check_cells(row: Row, table: TableFile, origin: Row) -> None:
        """Misfit where a cell of *row* is not as *table* has it; *origin* names the column it comes from."""
        for field in table.schema.fields:
            cell = row.get(field.name, "")
            if problem := cell_problem(field, cell):
                wanted = finding(problem[0], "", column=field.name, **problem[1]).expected
                raise Misfit("import-cell", origin.get(field.name, field.name), cell, wanted=wanted)


class Feed(Importer):
    """One format of one publisher, whose files all have the same columns, table and source.

    Nobody checked what is imported against the authority's publication, so its rows are provisional.
    """

    table: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    source: ClassVar[Row]

    def __init__(self, project: Project) -> None:
        super().__init__(project, self.table)
        self.origin = {"status": PROVISIONAL, "source_id": self.source["source_id"]}

    def columns_of(self, file: SourceFile) -> Sequence[str]:
        return self.columns

    def complete(self) -> None:
        if self.target.added:
            self.sources.ensure(self.source)
