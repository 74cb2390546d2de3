"""Notebooks → findings: whether they hold prose and calls alone, for any place and year."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

from reportkit.errors import DataError
from reportkit.findings import Finding, finding
from reportkit.load import Reader
from reportkit.project import LANGUAGES, Project

_OPENS = (
    r"from reportkit\.chapters\.\w+ import (?P<kind>\w+)\n"
    r"chapter = (?P=kind)\.open\((?:district|enterprise), year, language\)"
)
SHOWS = r"chapter\.[a-z]\w*\(\)"
_YEAR = re.compile(r"(?<!\d)(?:19[5-9]|20[0-9])\d(?!\d)")
_NOWHERE = re.compile("(?!)")
_WITHOUT_WORDS = re.compile(r"!\[\s*\]\(|<img(?![^>]*\balt=\"[^\"])")


def check_notebooks(project: Project) -> list[Finding]:
    """What the notebooks of *project* should not hold: logic, pandas, paths, places, years, pictures without words."""
    places = _places(project)
    return [found for path in sorted(project.notebooks.glob("*.ipynb")) for found in _of_notebook(path, places)]


def _of_notebook(path: Path, places: re.Pattern[str]) -> Iterator[Finding]:
    try:
        cells = nbformat.read(path, as_version=4).cells
    except (ValueError, OSError, nbformat.ValidationError) as error:
        yield finding("notebook-unreadable", f"notebooks/{path.name}", value=f"{error}".partition("\n")[0])
        return
    for number, cell in enumerate(cells, start=1):
        for code, value in _of_cell(cell, places):
            yield finding(code, f"notebooks/{path.name}", row=number, value=value, chapter=path.stem)


def _of_cell(cell: nbformat.NotebookNode, places: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Each code with what was found, of one cell."""
    if cell.cell_type == "markdown":
        prose = re.sub(r"\{\{.*?\}\}", "", cell.source)
        yield from (("notebook-place", name) for name in dict.fromkeys(places.findall(prose)))
        yield from (("notebook-year", year) for year in _YEAR.findall(prose))
        yield from (("notebook-picture", found) for found in _WITHOUT_WORDS.findall(cell.source))
    elif cell.cell_type == "code":
        if cell.outputs or cell.execution_count is not None:
            yield "notebook-output", cell.source.partition("\n")[0]
        if "parameters" not in cell.metadata.get("tags", []):
            yield from _of_code(cell.source, places)


def _of_code(source: str, places: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    python = TransformerManager().transform_cell(source)  # type: ignore[no-untyped-call]
    try:
        tree = ast.parse(python)
    except SyntaxError:
        yield "notebook-logic", source.partition("\n")[0]
        return
    if not re.fullmatch(f"{_OPENS}|{SHOWS}|", ast.unparse(tree)):
        yield "notebook-logic", source.partition("\n")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (("notebook-pandas", name) for name in names if name.partition(".")[0] != "reportkit")
        elif isinstance(node, ast.Constant):
            yield from _of_constant(node.value, places)


def _of_constant(value: Any, places: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and re.search(r"/|\\|\.(csv|json|xlsx|parquet)$", value):
        yield "notebook-path", value
    if isinstance(value, int | str) and places.fullmatch(str(value)):
        yield "notebook-place", str(value)
    if isinstance(value, int | str) and _YEAR.fullmatch(str(value)):
        yield "notebook-year", str(value)


def _places(project: Project) -> re.Pattern[str]:
    """Any area's name, long or short, slug or code, where it stands by itself; none where the table cannot be read."""
    try:
        rows = Reader(project).rows("areas").to_dict("records")
    except DataError:
        return _NOWHERE
    names = {name for row in rows for name in _names(row)}
    by_themselves = (rf"(?<![a-z]){re.escape(it)}(?![a-z])" if it.isascii() else re.escape(it) for it in names)
    return re.compile("|".join(sorted(by_themselves, key=len, reverse=True)) or _NOWHERE.pattern, re.IGNORECASE)


def _names(area: Mapping[Any, Any]) -> Iterator[str]:
    """What an area is called, and what its name is without the word for a district or city."""
    yield from filter(None, (area["slug"], area["area_code"]))
    for language in LANGUAGES:
        if name := str(area[f"name_{language}"]):
            yield from (name, re.sub("(?<=..)[市区县]$", "", name) if not name.isascii() else name.partition(" ")[0])
