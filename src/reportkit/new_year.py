"""A new year: its tables without rows, its notebooks; the year before is closed and stays as it is.

What is published of a closed year comes from notebooks of its own, so that whoever rewrites a sentence for the new year
does not rewrite the old one.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportkit.errors import SettingsError
from reportkit.load import Reader
from reportkit.manifest import write_registry
from reportkit.project import CONFIG, Project
from reportkit.schema import DESCRIPTOR
from reportkit.standards import rules
from reportkit.storage import write_whole

_YEARS = re.compile(r"^( +years: \[)(.*)(\].*)$", re.MULTILINE)


@dataclass(frozen=True)
class NewYear:
    """What was written, the tables that had rows of the year before and wait for the new one, rules that end."""

    files: Sequence[Path]
    tables: Sequence[str]
    rules: Sequence[str]


def new_year(project: Project, year: int) -> NewYear:
    """Prepare the *year* after the newest one.

    Raises SettingsError for another year, and where the years of the settings are not on one line.
    """
    last = project.settings.years[-1]
    if year != last + 1:
        raise SettingsError(f"{year} cannot be the next year.", expected=str(last + 1), found=str(year))
    config = project.root / CONFIG
    settings, found = _YEARS.subn(rf"\g<1>\g<2>, {year}\g<3>", config.read_text(encoding="utf-8"))
    if found != 1:
        raise SettingsError(
            "The years are not where a new one can be put.", expected="years: [2024]", where=str(config)
        )
    tables = list(_waiting(project, last))
    files = dict(_files(project, last, year)) | {config: settings}
    closed = shutil.copytree(project.notebooks, project.root / "notebooks" / str(last), ignore=_only_notebooks)
    for path, content in files.items():
        write_whole(path, content.encode())
    return NewYear([*files, closed, write_registry(project.data)], tables, list(_ending(year)))


def _only_notebooks(folder: str, names: Sequence[str]) -> list[str]:
    """What of the *names* in a *folder* is not copied: everything but the notebooks of the year."""
    return [name for name in names if not name.endswith(".ipynb")]


def _files(project: Project, last: int, year: int) -> Iterator[tuple[Path, str]]:
    """Each file of the new *year* with its content: notebooks that start from it, tables that have a file a year."""
    for path in sorted(project.notebooks.glob("*.ipynb")):
        yield path, re.sub(rf"(year = ){last}\b", rf"\g<1>{year}", path.read_text(encoding="utf-8"))
    descriptor = project.data / DESCRIPTOR
    described = json.loads(descriptor.read_text(encoding="utf-8"))
    for resource in described["resources"]:
        paths = [resource["path"]] if isinstance(resource["path"], str) else resource["path"]
        if own := next((path for path in paths if path.endswith(f"_{last}.csv")), None):
            added = own.replace(f"_{last}.csv", f"_{year}.csv")
            resource["path"] = [*paths, added]
            heading = (project.data / own).read_text(encoding="utf-8").partition("\n")[0]
            yield project.data / added, f"{heading}\n"
    yield descriptor, f"{json.dumps(described, ensure_ascii=False, indent=2)}\n"


def _waiting(project: Project, last: int) -> Iterator[str]:
    """The tables with rows of the year *last*: by their column of years, months or days."""
    reader = Reader(project)
    for name in reader.tables:
        if not name.startswith(("standards/", "checks/")) and len(_of_year(reader.raw(name), last)):
            yield name


def _of_year(rows: Any, year: int) -> Any:
    """Those of the *rows* that are of a *year*, if they say so."""
    columns = [name for name in ("year", "month", "date", "period") if name in rows]
    return rows[rows[columns[0]].str.startswith(str(year))] if columns else rows[:0]


def _ending(year: int) -> Iterator[str]:
    """The rules that are in force when the *year* begins and not when it ends, with no successor."""
    first, end = f"{year}-01-01", f"{year}-12-31"
    rows = rules.table("rules")
    lasting = {row["rule"] for row in rows if row["valid_from"] <= end <= (row["valid_to"] or end)}
    for row in rows:
        if row["valid_from"] <= first <= row["valid_to"] < end and row["rule"] not in lasting:
            yield f"{row['rule']} ({row['valid_to']})"
