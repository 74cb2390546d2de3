"""Real-world files → tidy tables: each row is added, there already, of another place, or set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportkit.errors import ImportFormatError, SettingsError, nearest
from reportkit.findings import Finding, finding, in_order, shortened
from reportkit.importers.city_daily import CityDaily
from reportkit.importers.importer import Importer
from reportkit.importers.new_project import new_project, years_in
from reportkit.importers.reading import Kept, Misfit, SourceFile, SourceRow, read_source
from reportkit.importers.station_hourly import StationHourly
from reportkit.importers.tables import write_csv
from reportkit.load import Reader
from reportkit.manifest import hash_file, write_registry
from reportkit.project import Project
from reportkit.status import DEMONSTRATION

__all__ = ["FORMATS", "Imported", "import_files", "new_project", "years_in"]

FORMATS: dict[str, type[Importer]] = {"cnemc-hourly": StationHourly, "city-daily": CityDaily}


@dataclass(frozen=True)
class Imported:
    """What came of an import; each row that was read is in exactly one of the four counts after the first."""

    rows_read: int
    rows_added: int
    rows_already_there: int
    rows_of_other_places: int
    rows_set_aside: int
    findings: tuple[Finding, ...]
    files_written: tuple[Path, ...]


@dataclass
class _Tally:
    """What has become of the rows so far."""

    read: int = 0
    already_there: int = 0
    of_other_places: int = 0
    set_aside: int = 0
    kept: list[Kept] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)


def import_files(format_name: str, files: Sequence[Path], project: Project) -> Imported:
    """Bring *files* of the format called *format_name* into the tables of *project*.

    A row that does not fit is set aside, with its cells and the reason, in ``set_aside/`` of the project; of
    two rows with one key the first stays. The same files again change nothing. Raises ImportFormatError for a
    format that is not in FORMATS, SettingsError for a project of demonstration data, DataError where a table
    of the project cannot be read.
    """
    importer = _format(format_name)(project)
    _refuse_beside_invented(project)
    tally = _Tally()
    for path in files:
        _import_file(path, importer, tally)
    tally.findings += importer.about_rows(tally.kept)
    importer.complete()
    if changed := [table.path for table in importer.tables if table.write()]:
        tally.written += [*changed, write_registry(project.data)]
    return Imported(
        rows_read=tally.read,
        rows_added=importer.target.added,
        rows_already_there=tally.already_there,
        rows_of_other_places=tally.of_other_places,
        rows_set_aside=tally.set_aside,
        findings=tuple(in_order(shortened(tally.findings))),
        files_written=tuple(tally.written),
    )


def _format(name: str) -> type[Importer]:
    if name not in FORMATS:
        raise ImportFormatError(f"There is no format '{name}'.", found=name, do=nearest(name, FORMATS))
    return FORMATS[name]


def _refuse_beside_invented(project: Project) -> None:
    """Keep measured and invented stations apart: one mean of both would be neither."""
    if (Reader(project).raw("stations")["status"] == DEMONSTRATION).any():
        raise SettingsError(
            "This project holds demonstration data; nothing measured is put beside them.",
            where=str(project.root),
            do="name a folder of its own with --project; it is made like this one, without the demonstration",
        )


def _import_file(path: Path, importer: Importer, tally: _Tally) -> None:
    source = _usable(read_source(path), importer)
    if isinstance(source, Finding):
        tally.findings.append(source)
        return
    tally.findings += importer.about_file(source)
    set_aside = []
    for line in source.rows:
        tally.read += 1
        try:
            _import_row(line, source, importer, tally)
        except Misfit as misfit:
            reason = misfit.at(path, line.number)
            tally.findings.append(reason)
            set_aside.append([str(line.number), reason.column, reason.what, *line.cells])
    tally.set_aside += len(set_aside)
    tally.written += _write_set_aside(source, set_aside, importer.project)


def _usable(source: SourceFile | Finding, importer: Importer) -> SourceFile | Finding:
    """The *source*, or what keeps the importer from reading its rows."""
    if isinstance(source, Finding):
        return source
    for column in importer.columns:
        if source.columns.count(column) > 1:
            return finding("column-doubled", source.path, row=1, column=column, value=column)
    if missing := importer.missing_columns(source):
        wanted = f"the columns {', '.join(missing)}"
        return finding("import-columns", source.path, row=1, value=", ".join(source.heading), columns=wanted)
    return source


def _import_row(line: SourceRow, source: SourceFile, importer: Importer, tally: _Tally) -> None:
    """Add the row of *line*, or count where else it belongs; raises Misfit."""
    if len(line.cells) != len(source.heading):
        raise Misfit("import-cells", value=",".join(line.cells), width=len(source.heading))
    row = importer.row(dict(zip(source.columns, line.cells, strict=True)), source)
    if row is None:
        tally.of_other_places += 1
        return
    if not importer.target.add(row):
        tally.already_there += 1
    tally.kept.append(Kept(source.path, line.number, row))


def _write_set_aside(source: SourceFile, rows: list[list[str]], project: Project) -> list[Path]:
    """Keep *rows* in a file that bears the name and the hash of *source*: two files of one name stay two."""
    path = project.root / "set_aside" / f"{source.path.stem}.{hash_file(source.path)[:8]}.csv"
    if not rows:
        path.unlink(missing_ok=True)  # from an import before the project was mended
        return []
    return [path] if write_csv(path, ("row", "column", "reason", *source.heading), rows) else []
