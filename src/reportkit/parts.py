"""What an executed report gives to the site: its prose, its blocks as HTML, its tables and figures to take along.

It is made once from an executed notebook and kept in ``build/cache/parts`` for as long as notebook and code are the
same, so that publishing reads, of a report that has not changed, neither its megabytes of notebook nor its charts.
"""

from __future__ import annotations

import contextlib
import json
import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from reportkit import open_data, quality, render
from reportkit.dress import draw_charts, dress, html_of
from reportkit.manifest import hash_file, hash_value
from reportkit.modules import package_sha256
from reportkit.project import Project
from reportkit.run import Report, blocks
from reportkit.storage import write_whole

# Where a block goes: jupyter-book sees the prose of a report and these.
PLACE = '<div data-block="{name}"></div>'


@dataclass(frozen=True)
class Part:
    """What one report gives to the site; *shown* are its blocks as HTML by name, *figures* and *quality* what the open
    data and the data-quality page need of its blocks."""

    prose: nbformat.NotebookNode
    shown: Mapping[str, str]
    description: str
    tables: Mapping[str, bytes]
    figures: Sequence[Mapping[str, Any]]
    quality: Sequence[Mapping[str, Any]]


def parts_of(project: Project, reports: Sequence[Report], root_of: Callable[[Report], str]) -> dict[Report, Part]:
    """The part of each report; *root_of* gives the way from its page to the site's root."""
    keys = {report: hash_value([hash_file(report.path(project)), root_of(report), _facts()]) for report in reports}
    found = {report: _kept(_place(project, report), keys[report]) for report in reports}
    notebooks = {report: read(project, report) for report, part in found.items() if part is None}
    charts = draw_charts(project, [block for notebook in notebooks.values() for block in blocks(notebook)])
    for report, notebook in notebooks.items():
        found[report] = made = part_of(notebook, root_of(report), charts)
        write_whole(_place(project, report), pickle.dumps(keys[report]) + pickle.dumps(made))
    return {report: part for report, part in found.items() if part is not None}


def part_of(notebook: Mapping[str, Any], root: str, charts: Mapping[str, str]) -> Part:
    """What the executed *notebook* gives to the site; *charts* are those of ``draw_charts``."""
    made = list(blocks(notebook))
    return Part(
        prose=dress(notebook, lambda block: PLACE.format(name=block["name"])),
        shown={block["name"]: html_of(block, root, charts) for block in made},
        description=_description(made),
        tables=open_data.tables(made),
        figures=[{name: block[name] for name in ("name", "language", "figures")} for block in made],
        quality=quality.needed(made),
    )


def read(project: Project, report: Report) -> dict[str, Any]:
    """The executed notebook of *report*; nbformat would validate and wrap megabytes that we wrote ourselves."""
    notebook: dict[str, Any] = json.loads(report.path(project).read_bytes())
    return notebook


def _description(made: Sequence[Mapping[str, Any]]) -> str:
    """The first sentence of a report, as text; empty where it makes none."""
    sentences = (block["content"]["sentences"][0] for block in made if block["kind"] == "statement")
    return "".join(part if isinstance(part, str) else part["text"] for part in next(sentences, []))


def _facts() -> list[Any]:
    """What a part depends on besides its notebook."""
    return [package_sha256(), render.facts()]


def _place(project: Project, report: Report) -> Path:
    return project.build / "cache" / "parts" / f"{report.name}.pickle"


def _kept(file: Path, key: str) -> Part | None:
    """The part kept in *file*, if it was made of just this and the file is whole."""
    with contextlib.suppress(Exception), file.open("rb") as stream:  # a damaged file is as good as none
        if pickle.load(stream) == key:
            part: Part = pickle.load(stream)
            return part
    return None
