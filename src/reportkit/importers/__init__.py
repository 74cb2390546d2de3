"""Real-world files → tidy tables: each row is added, there already, of another place, or set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from reportkit.display import Displayed
from reportkit.errors import ImportFormatError, SettingsError, nearest
from reportkit.findings import Finding, finding, in_order, shortened
from reportkit.importers.city_daily import CityDaily
from reportkit.importers.daily_wide import DailyWide
from reportkit.importers.importer import Feed, Importer
from reportkit.importers.mapping import read_mapping
from reportkit.importers.new_project import MEASURED, new_project, years_in
from reportkit.importers.pm25in import Pm25In
from reportkit.importers.reading import Kept, Misfit, SourceFile, SourceRow, read_source
from reportkit.importers.station_hourly import StationHourly
from reportkit.importers.tables import write_csv
from reportkit.importers.tidy import Tidy
from reportkit.importers.water_auto import WaterAuto
from reportkit.load import Reader
from reportkit.manifest import hash_file, write_registry
from reportkit.project import Project
from reportkit.schema import is_of_persons
from reportkit.status import DEMONSTRATION

__all__ = ["FORMATS", "Imported", "import_files", "new_project", "years_in"]

LONGEST = 10_000  # characters of a cell; what is longer is no cell of a table but a file gone wrong
TIDY = "tidy"
FEEDS: dict[str, type[Feed]] = {
    "city-daily": CityDaily,
    "cnemc-daily-wide": DailyWide,
    "cnemc-hourly": StationHourly,
    "pm25in": Pm25In,
    "water-auto": WaterAuto,
}
FORMATS = (*FEEDS, TIDY)


@dataclass(frozen=True)
class Imported(Displayed):
    """What came of an import; each row that was read is in exactly one of the four counts after the first.

    A row is what makes one row of our table: of a file with a column for each item, each of its figures is one.
    """

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


def import_files(format_name: str, files: Sequence[Path], project: Project, mapping: Path | None = None) -> Imported:
    """Bring *files* of the format called *format_name* into the tables of *project*.

    Files of the format ``tidy`` need the *mapping* that says what their columns are. A row that does not fit is
    set aside, with its cells and the reason, in ``set_aside/`` of the project; of two rows with one key the
    first stays. The same files again change nothing. Raises ImportFormatError for a format that is not in
    FORMATS, SettingsError for a mapping that does not check and for measurements that would come beside
    demonstration data, DataError where a table of the project cannot be read.
    """
    importer = _importer(format_name, project, mapping)
    if importer.target.schema.name in MEASURED:
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


def _importer(name: str, project: Project, mapping: Path | None) -> Importer:
    if name not in FORMATS:
        raise ImportFormatError(f"There is no format '{name}'.", found=name, do=nearest(name, FORMATS))
    if name == TIDY:
        if mapping is None:
            what = "A tidy file needs a mapping that says what its columns are."
            raise SettingsError(what, do="name it with --mapping; docs/data-formats.md shows one")
        return Tidy(project, read_mapping(mapping, project))
    if mapping:
        raise SettingsError(f"Files of the format '{name}' take no mapping.", found=str(mapping), do=f"use '{TIDY}'")
    return FEEDS[name](project)


def _refuse_beside_invented(project: Project) -> None:
    """Keep measured and invented stations apart: one mean of both would be neither."""
    if (Reader(project).raw("stations")["status"] == DEMONSTRATION).any():
        raise SettingsError(
            "This project holds demonstration data; nothing measured is put beside them.",
            where=str(project.root),
            do="name a folder of its own with --project; it is made like this one, without the demonstration",
        )


def _import_file(path: Path, importer: Importer, tally: _Tally) -> None:
    source = _usable(read_source(path, importer.sheet), importer)
    if isinstance(source, Finding):
        tally.findings.append(source)
        return
    tally.findings += importer.about_file(source)
    width = len(source.heading)
    whole = [line for line in source.rows if len(line.cells) == width]
    laid_out = importer.laid_out(replace(source, rows=tuple(whole)))
    misfits = [
        (line, Misfit("import-cells", value=",".join(line.cells), width=width))
        for line in source.rows
        if len(line.cells) != width
    ]
    tally.read += len(misfits) + len(laid_out.rows)
    for line in laid_out.rows:
        try:
            _import_row(line, laid_out, importer, tally)
        except Misfit as misfit:
            misfits.append((line, misfit))
    _set_aside(laid_out, misfits, importer.project, tally)


def _usable(source: SourceFile | Finding, importer: Importer) -> SourceFile | Finding:
    """The *source*, or what keeps the importer from reading its rows."""
    if isinstance(source, Finding):
        return source
    for column in filter(is_of_persons, source.columns):  # rows that are set aside would keep it
        return finding("column-person", source.path, row=1, column=column, value=column)
    for column in importer.columns_of(source):
        if source.columns.count(column) > 1:
            return finding("column-doubled", source.path, row=1, column=column, value=column)
    if missing := importer.missing_columns(source):
        wanted = f"the columns {', '.join(missing)}"
        return finding("import-columns", source.path, row=1, value=", ".join(source.heading), columns=wanted)
    return source


def _import_row(line: SourceRow, source: SourceFile, importer: Importer, tally: _Tally) -> None:
    """Add the row of *line*, or count where else it belongs; raises Misfit."""
    cells = dict(zip(source.columns, line.cells, strict=True))
    for column, cell in cells.items():
        if len(cell) > LONGEST:
            raise Misfit("import-long", column, f"{cell[:50]} …", longest=LONGEST)
    row = importer.row(cells, source)
    if row is None:
        tally.of_other_places += 1
        return
    if not importer.target.add(row):
        tally.already_there += 1
    tally.kept.append(Kept(source.path, line.number, row))


def _set_aside(
    source: SourceFile, misfits: Sequence[tuple[SourceRow, Misfit]], project: Project, tally: _Tally
) -> None:
    """Keep rows that do not fit in a file that bears the name and the hash of *source*, and say why they do not.

    With the hash two files of one name stay two.
    """
    path = project.root / "set_aside" / f"{source.path.stem}.{hash_file(source.path)[:8]}.csv"
    rows = []
    for line, misfit in sorted(misfits, key=lambda pair: pair[0].number):
        reason = misfit.at(source.path, line.number)
        tally.findings.append(reason)
        rows.append([str(line.number), reason.column, reason.what, *line.cells])
    tally.set_aside += len(rows)
    if not rows:
        path.unlink(missing_ok=True)  # from an import before the project was mended
    elif write_csv(path, ("row", "column", "reason", *source.heading), rows):
        tally.written.append(path)
