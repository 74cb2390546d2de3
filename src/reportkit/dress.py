"""Blocks of an executed notebook → drawn charts and HTML, and the notebook with its code out of sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import nbformat

from reportkit import blocks, render
from reportkit.manifest import hash_value
from reportkit.project import Project


def draw_charts(
    project: Project, made: Sequence[Mapping[str, Any]], renderers: Executor | None = None
) -> dict[str, str]:
    """Every chart of the blocks, drawn by *renderers* or some of its own: hash of specification and language → SVG."""
    wanted = charts_of(made)
    drawn = render.draw(list(wanted.values()), charts_folder(project), renderers)
    return dict(zip(wanted, drawn, strict=True))


def charts_folder(project: Project) -> Path:
    """Where drawings are kept."""
    return project.build / "cache" / "charts"


def charts_of(made: Sequence[Mapping[str, Any]]) -> dict[str, render.Chart]:
    """Every chart of the blocks, in both widths: hash of specification and language → the two."""
    return {
        _chart_key(block, width): (block["content"]["chart"][width], block["language"])
        for block in made
        if block["kind"] == "chart"
        for width in ("wide", "narrow")
    }


def _chart_key(block: Mapping[str, Any], width: str) -> str:
    return hash_value([block["content"]["chart"][width], block["language"]])


def html_of(block: Mapping[str, Any], root: str | None, charts: Mapping[str, str]) -> str:
    """One block as HTML; *root* leads to the site's root, *charts* are those of :func:`draw_charts`."""
    drawn = {}
    if block["kind"] == "chart":
        drawn = {
            width: render.with_own_ids(charts[_chart_key(block, width)], f"{block['name']}-{width}")
            for width in ("wide", "narrow")
        }
    return str(blocks.render(block, root=root, charts=drawn))


def dress(notebook: Mapping[str, Any], show: Callable[[Mapping[str, Any]], str]) -> nbformat.NotebookNode:
    """*notebook* with each of its blocks as the HTML that *show* gives for it, and its code out of sight."""
    dressed: nbformat.NotebookNode = nbformat.from_dict({**notebook, "cells": []})
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            dressed.cells.append(nbformat.from_dict(cell))
        for output in cell.get("outputs", []):
            if blocks.MIMETYPE in output.get("data", {}):
                shown = nbformat.v4.new_code_cell(cell["source"], id=f"{cell['id']}-shown")
                shown.metadata.tags = ["remove-input"]
                html = show(output["data"][blocks.MIMETYPE])
                shown.outputs = [nbformat.v4.new_output("display_data", data={"text/html": html})]
                dressed.cells.append(shown)
    return dressed
