"""What pages publish, as ``verify`` finds it, without a site being built."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from projects import blocks_of
from reportkit import open_data
from reportkit.chapters import Chapter
from reportkit.project import Project
from reportkit.verify.figures import Figures
from reportkit.verify.tables import Tables


def published(
    project: Project,
    folder: Path,
    kind: type[Chapter],
    areas: Sequence[str],
    year: int,
    language: str,
    *others: type[Chapter],
) -> Figures:
    """The figures of one chapter of *areas*, with the tables of *project* and of these pages put into *folder*.

    It may rest on what *others* publish: then their tables are put there too.
    """
    site = Path(shutil.copytree(project.data, folder / "data"))
    blocks = [block.as_json() for area in areas for block in blocks_of(project, area, year, language, kind)]
    (site / "figures").mkdir()
    entries = {"figures": [entry for block in blocks for entry in block["figures"]]}
    (site / "figures" / f"{kind.slug}.json").write_text(json.dumps(entries), encoding="utf-8")
    beside = [
        block.as_json()
        for other in others
        for area in areas
        for block in blocks_of(project, area, year, language, other)
    ]
    for name, content in open_data.tables([*blocks, *beside]).items():
        if name.startswith(f"{year}/"):
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_bytes(content)
    return Figures(Tables(site))


def with_tables_of(project: Project, kind: type[Chapter], area: str, year: int) -> Path:
    """The data of *project*, with the tables of one page put there as they are published."""
    for block in blocks_of(project, area, year, "zh", kind):
        for table in block.tables:
            if table.name.startswith(f"{year}/"):
                path = project.data / f"{table.name}.csv"
                path.parent.mkdir(parents=True, exist_ok=True)
                records = table.records()
                with path.open("w", encoding="utf-8", newline="") as stream:
                    csv.writer(stream, lineterminator="\n").writerows([records["columns"], *records["rows"]])
    return project.data
