"""A new year: its tables without rows, its notebooks; the year before is closed and stays as it is.

What is published of a closed year comes from notebooks of its own, so that whoever rewrites a sentence for the new year
does not rewrite the old one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportkit.display import Displayed
from reportkit.errors import SettingsError
from reportkit.load import Reader
from reportkit.manifest import write_registry
from reportkit.project import CONFIG, Project
from reportkit.schema import DESCRIPTOR
from reportkit.standards import rules
from reportkit.storage import write_whole

_YEARS = re.compile(r"^( +years: \[)(.*)(\].*)$", re.MULTILINE)
_WHEN = ("month", "period")  # columns of text that say of when a row is


@dataclass(frozen=True)
class NewYear(Displayed):
    """What was written, the tables that had rows of the year before and wait for the new one, rules that end."""

    files: Sequence[Path]
    tables: Sequence[str]
    rules: Sequence[str]


def new_year(project: Project, year: int) -> NewYear:
    """Prepare the *year* after the newest one; what a run that was cut off has written already is left as it is.

    Raises SettingsError for another year, for a project that is like another one, whose notebooks are not its own, and
    where the years of the settings are not on one line.
    """
    last = project.settings.years[-1]
    if year != last + 1:
        raise SettingsError(f"{year} cannot be the next year.", expected=str(last + 1), found=str(year))
    config = project.root / CONFIG
    if project.like:
        raise SettingsError(
            f"The notebooks of this project are those of {project.like}.",
            where=str(config),
            do="prepare the year there, and put it into the years of this project",
        )
    settings, found = _YEARS.subn(rf"\g<1>\g<2>, {year}\g<3>", config.read_text(encoding="utf-8"))
    if found != 1:
        raise SettingsError(
            "The years are not where a new one can be put.", expected=f"a line like years: [{last}]", where=str(config)
        )
    tables = list(_waiting(project, last))
    files = {**dict(_notebooks(project, last, year)), **dict(_tables(project, last, year)), config: settings}
    for path, content in files.items():  # the settings last: until then there is no new year
        write_whole(path, content.encode())
    return NewYear([*files, write_registry(project.data)], tables, list(_ending(project, year)))


def _notebooks(project: Project, last: int, year: int) -> Iterator[tuple[Path, str]]:
    """Each notebook as it was, in the folder of the year that closes, and each that starts from the new *year*."""
    for path in sorted(project.notebooks.glob("*.ipynb")):
        content = path.read_text(encoding="utf-8")
        closed = path.parent / str(last) / path.name
        if not closed.exists():
            yield closed, content
        yield path, re.sub(rf"(year = ){last}\b", rf"\g<1>{year}", content)


def _tables(project: Project, last: int, year: int) -> Iterator[tuple[Path, str]]:
    """An empty file of the new *year* for each table that has one a year, and the description that names it."""
    descriptor = project.data / DESCRIPTOR
    described = json.loads(descriptor.read_text(encoding="utf-8"))
    for resource in described["resources"]:
        paths = [resource["path"]] if isinstance(resource["path"], str) else resource["path"]
        own = next((path for path in paths if path.endswith(f"_{last}.csv")), None)
        added = own.replace(f"_{last}.csv", f"_{year}.csv") if own else None
        if own and added and added not in paths:
            resource["path"] = [*paths, added]
            heading = (project.data / own).read_text(encoding="utf-8").partition("\n")[0]
            yield project.data / added, f"{heading}\n"
    yield descriptor, f"{json.dumps(described, ensure_ascii=False, indent=2)}\n"


def _waiting(project: Project, last: int) -> Iterator[str]:
    """The tables in which a row says, as a year, a month or a day, that it is of the year *last*."""
    reader = Reader(project)
    for name, table in reader.tables.items():
        dated = [it.name for it in table.fields if it.type in ("year", "date", "datetime") or it.name in _WHEN]
        rows = reader.raw(name)
        of_the_year = (rows[column].str.startswith(str(last)).any() for column in dated)
        if not name.startswith(("standards/", "checks/")) and any(of_the_year):
            yield name


def _ending(project: Project, year: int) -> Iterator[str]:
    """The rules that are in force here when the *year* begins and not when it ends, with no successor."""
    first, end = f"{year}-01-01", f"{year}-12-31"
    codes = Reader(project).rows("areas")["area_code"]
    rows = [row for row in rules.table("rules") if any(rules.holds_in(row, code) for code in codes)]
    lasting = {row["rule"] for row in rows if row["valid_from"] <= end <= (row["valid_to"] or end)}
    for row in rows:
        if row["valid_from"] <= first <= row["valid_to"] < end and row["rule"] not in lasting:
            yield f"{row['rule']} ({row['valid_to']})"
