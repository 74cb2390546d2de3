"""Reports: each is one chapter of one area, or the archive of one enterprise, executed into ``build/reports``.

What became of one is a notebook whose outputs carry its blocks, or a failure with its cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportkit import text
from reportkit.blocks import MIMETYPE, as_text
from reportkit.chapters import DISTRICT, ENTERPRISE, ENTERPRISES
from reportkit.display import Displayed
from reportkit.project import Project

ARCHIVE = "archive"  # the one notebook of all enterprises


@dataclass(frozen=True)
class Report(Displayed):
    """One chapter of one area, year and language; among ENTERPRISES the archive of the one that *chapter* names."""

    year: int
    area: str
    chapter: str
    language: str

    @property
    def page(self) -> str:
        """The address of its page among those of its language, as in ``2024/AREA/air``."""
        return f"{self.year}/{self.area}/{self.chapter}"

    @property
    def name(self) -> str:
        """Its name in the manifest, as in ``2024/AREA/air.zh``."""
        return f"{self.page}.{self.language}"

    @property
    def is_archive(self) -> bool:
        """Whether it is about an enterprise."""
        return self.area == ENTERPRISES

    @property
    def notebook(self) -> str:
        """The notebook it is made with, without ``.ipynb``."""
        return ARCHIVE if self.is_archive else self.chapter

    @property
    def parameters(self) -> dict[str, Any]:
        """What its notebook is given."""
        subject = {ENTERPRISE: self.chapter} if self.is_archive else {DISTRICT: self.area}
        return {**subject, "year": self.year, "language": self.language}

    def source(self, project: Project) -> Path:
        """The notebook as it is written."""
        return project.notebook(self.notebook, self.year)

    def path(self, project: Project) -> Path:
        """Where the executed notebook is kept."""
        return project.build / "reports" / f"{self.name}.ipynb"


@dataclass(frozen=True)
class Failure(Displayed):
    """A report that could not be made: where it stopped, at which line of the analyst's, and why.

    *folder* is where its notebook lies in the project: another one for a year that is closed.
    """

    report: Report
    cell: int | None
    line: str
    reason: str
    folder: str = "notebooks"

    def __str__(self) -> str:
        at = f"cell {self.cell}: {self.line}" if self.cell else "before the first cell"
        reason = self.reason.replace("\n", "\n    ")
        return (
            f"{self.report.year} · {self.report.area} · {self.report.chapter} ({self.report.language})\n"
            f"  {self.folder}/{self.report.notebook}.ipynb, {at}\n    {reason}"
        )


@dataclass(frozen=True)
class Made(Displayed):
    """A report that was executed: what its blocks *used*, and the hash of the notebook that was kept."""

    used: Mapping[str, Any]
    output: str


def blocks(notebook: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The blocks that the outputs of an executed notebook carry, in order."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if MIMETYPE in output.get("data", {}):
                yield output["data"][MIMETYPE]


def with_notes_once(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """The executed *notebook* as a page: a note stands with the first block that has it, and others lead back there."""
    above: dict[str, Mapping[str, Any]] = {}

    def once(output: Mapping[str, Any]) -> Mapping[str, Any]:
        block = output.get("data", {}).get(MIMETYPE)
        if block is None:
            return output
        return {**output, "data": {**output["data"], MIMETYPE: {**block, "notes": _notes_once(block, above)}}}

    cells = [
        {**cell, "outputs": [once(output) for output in cell["outputs"]]} if cell["cell_type"] == "code" else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


def _notes_once(block: Mapping[str, Any], above: dict[str, Mapping[str, Any]]) -> list[Any]:
    """The notes of a *block* but those that a block *above* it has, and the way to these; its own are added to them."""
    first = [above.setdefault(json.dumps(note), block) if block["title"] else block for note in block["notes"]]
    kept = [note for note, other in zip(block["notes"], first, strict=True) if other is block]
    others = {other["name"]: other for other in first if other is not block}
    return kept + [
        text.compose(
            "site.block.notes_above",
            block["language"],
            block={"href": f"#{name}", "text": as_text(other["title"])},
        )
        for name, other in others.items()
    ]


def used(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """What all blocks of an executed notebook say they were made from, together."""
    found = [block["inputs"] for block in blocks(notebook)]
    return {
        name: _distinct(entry for inputs in found for entry in inputs[name])
        for name in ("selections", "messages", "standards", "chapters")
    }


def _distinct(entries: Iterable[Any]) -> list[Any]:
    keyed = {json.dumps(entry, sort_keys=True): entry for entry in entries}
    return [keyed[key] for key in sorted(keyed)]
