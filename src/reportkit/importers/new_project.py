"""A project for measurements of one's own, made from another one without what was measured there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd

from reportkit.errors import SettingsError
from reportkit.importers.tables import Row, read_rows, write_csv
from reportkit.load import Reader
from reportkit.manifest import write_registry
from reportkit.project import CONFIG, Project, open_project
from reportkit.schema import DESCRIPTOR, Table, read_tables
from reportkit.status import DEMONSTRATION
from reportkit.storage import writing

MEASURED = ("stations", "air/station_daily", "air/station_hourly", "air/area_daily", "water/auto_readings")


def new_project(folder: Path, like: Project) -> Project:
    """A project in *folder* with the settings, notebooks, book and tables of *like*.

    Tables of measurements are there with their headings only; demonstration rows, sources that nothing rests
    on and corrections of rows that did not come along are left out. Raises SettingsError unless *folder* is
    empty or absent.
    """
    if folder.exists() and any(folder.iterdir()):
        raise SettingsError(
            "A new project cannot be made here.",
            expected=f"an empty folder, or a project with a file {CONFIG}",
            where=str(folder),
            do="name another folder with --project",
        )
    # Put together beside its place, so that half a project is never taken for one.
    coming = folder.absolute().with_name(f".{folder.absolute().name}.coming")
    with writing("the new project", coming):
        shutil.rmtree(coming, ignore_errors=True)
        (coming / "data").mkdir(parents=True)
        settings = (like.root / CONFIG).read_text(encoding="utf-8")
        # What *like* has from a third project is copied too: the new one stands by itself.
        (coming / CONFIG).write_text(re.sub(r"^  like:.*\n", "", settings, flags=re.MULTILINE), encoding="utf-8")
        shutil.copy(like.described / DESCRIPTOR, coming / "data" / DESCRIPTOR)
        for part in ("notebooks", "book"):
            for name, path in like.files(part, "**/*").items():
                if not name.startswith(".") and "/." not in name:
                    (coming / part / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(path, coming / part / name)
        _copy_tables(like, coming / "data")
        write_registry(coming / "data")
        if folder.exists():
            folder.rmdir()
        coming.rename(folder)
    return open_project(folder)


def years_in(project: Project) -> tuple[int, ...]:
    """The years on which *project* has measurements, from station days, station hours and given days."""
    reader = Reader(project)
    days = [reader.raw(table)["date"] for table in ("air/station_daily", "air/area_daily")]
    # The hour that ends at midnight is of the day before.
    ended = pd.to_datetime(reader.raw("air/station_hourly")["time"])
    began = (ended - pd.Timedelta(hours=1)).dt.strftime("%Y")
    return tuple(sorted({int(day[:4]) for day in pd.concat([*days, began]).unique()}))


def _copy_tables(like: Project, data: Path) -> None:
    tables = read_tables(like.described)
    rows = {(name, path): _rows(like, table, path) for name, table in tables.items() for path in table.paths}
    stay = {name for name, _ in rows} - {"sources"}
    used = {row.get("source_id") for (name, _), part in rows.items() if name in stay for row in part}
    for (name, path), part in rows.items():
        chosen = [row for row in part if name in stay or row["source_id"] in used]
        write_csv(data / path, tables[name].columns, [list(row.values()) for row in chosen])


def _rows(like: Project, table: Table, path: str) -> list[Row]:
    """The rows of one file that a project without the instruments of *like* still has."""
    if table.name in MEASURED:
        return []
    rows = read_rows(like.table_file(path), table.columns)
    if table.name == "corrections":
        return [row for row in rows if row["table"] not in MEASURED]
    return [row for row in rows if row.get("status") != DEMONSTRATION]
