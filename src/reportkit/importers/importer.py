"""What every real-world format has in common: columns it needs, a table it fills, a source it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar

from reportkit.findings import Finding
from reportkit.importers.reading import Kept, SourceFile
from reportkit.importers.tables import Row, TableFile
from reportkit.project import Project
from reportkit.status import PROVISIONAL


class Importer(ABC):
    """One format; an instance serves one import into one project.

    Nobody checked what is imported against the authority's publication, so its rows are provisional.
    """

    table: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    source: ClassVar[Row]

    def __init__(self, project: Project) -> None:
        self.project = project
        self.target = TableFile(project, self.table)
        self.sources = TableFile(project, "sources")
        self.origin = {"status": PROVISIONAL, "source_id": self.source["source_id"]}

    @property
    def tables(self) -> tuple[TableFile, ...]:
        """Every table that the import may write."""
        return self.target, self.sources

    def missing_columns(self, file: SourceFile) -> list[str]:
        """The columns that *file* needs and has not."""
        return [name for name in self.columns if name not in file.columns]

    @abstractmethod
    def row(self, cells: Row, file: SourceFile) -> Row | None:
        """The row of our table for the *cells* of one row, None for another place's; raises Misfit."""

    def about_file(self, file: SourceFile) -> Iterator[Finding]:
        """What is to be said of a file whose rows were read."""
        yield from ()

    def about_rows(self, kept: Sequence[Kept]) -> Iterator[Finding]:
        """What is to be said of the rows that fit, once all are known."""
        yield from ()

    def complete(self) -> None:
        """Add what the new rows refer to."""
        if self.target.added:
            self.sources.ensure(self.source)
