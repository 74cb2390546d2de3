"""The shipped notebooks: parameters, prose in pairs, one call a cell, and nothing else."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from projects import REPO
from reportkit.chapters import ENTERPRISE, kinds
from reportkit.engine import PARAMETERS, check_notebook, tagged_parameters
from reportkit.project import LANGUAGES

NOTEBOOKS = sorted((REPO / "notebooks").glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


def cells(path: Path, kind: str) -> list[Any]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def calls(path: Path) -> list[Any]:
    """The code cells after the parameters and the one that opens the chapter."""
    return cells(path, "code")[2:]


def test_every_chapter_has_its_notebook_and_every_notebook_its_chapter() -> None:
    assert {path.stem for path in NOTEBOOKS} == set(kinds())


@each_notebook
def test_a_notebook_is_valid_and_can_be_run_for_any_report(path: Path) -> None:
    nbformat.validate(nbformat.read(path, as_version=4))
    check_notebook(path)


@each_notebook
def test_the_parameters_are_set_one_a_line_and_explained(path: Path) -> None:
    (cell,) = tagged_parameters(nbformat.read(path, as_version=4))
    lines = cell.source.splitlines()
    assert [line.split(" = ")[0] for line in lines] == list(PARAMETERS[kinds()[path.stem].subject])
    assert all(re.search(r"  # \w", line) for line in lines)


@each_notebook
def test_nothing_that_was_executed_is_stored(path: Path) -> None:
    for cell in cells(path, "code"):
        assert (cell.outputs, cell.execution_count) == ([], None)
    assert {"papermill", "widgets"}.isdisjoint(nbformat.read(path, as_version=4).metadata)


@each_notebook
def test_the_chapter_is_opened_with_the_parameters(path: Path) -> None:
    opening = ast.parse(cells(path, "code")[1].source).body
    assert len(opening) == 2
    imported, opened = opening
    assert isinstance(imported, ast.ImportFrom)
    assert imported.module == f"reportkit.chapters.{path.stem}"
    name = kinds()[path.stem].__name__
    assert [alias.name for alias in imported.names] == [name]
    assert ast.unparse(opened) == f"chapter = {name}.open({', '.join(PARAMETERS[kinds()[path.stem].subject])})"


@each_notebook
def test_every_other_cell_is_one_call_of_a_block_of_the_chapter(path: Path) -> None:
    chapter = kinds()[path.stem]
    for cell in calls(path):
        found = re.fullmatch(r"chapter\.([a-z]\w*)\(\)", cell.source)
        assert found, cell.source
        method = getattr(chapter, found[1], None)
        assert callable(method), f"{chapter.__name__} has no block '{found[1]}'"
        assert method.__doc__


@each_notebook
def test_a_block_is_called_once(path: Path) -> None:
    sources = [cell.source for cell in calls(path)]
    assert len(sources) == len(set(sources))


@each_notebook
def test_every_block_of_a_chapter_is_shown(path: Path) -> None:
    chapter = kinds()[path.stem]
    blocks = {
        name
        for kind in chapter.__mro__[:-1]
        for name, method in vars(kind).items()
        if not name.startswith("_")
        and getattr(method, "__annotations__", {}).get("return") == "Block"
        and list(method.__annotations__) == ["return"]
    }
    assert blocks == {cell.source.removeprefix("chapter.").removesuffix("()") for cell in calls(path)}


@each_notebook
def test_prose_comes_in_pairs_with_the_same_anchors_and_headings(path: Path) -> None:
    prose = cells(path, "markdown")
    tags = [cell.metadata.get("tags", []) for cell in prose]
    assert tags == [[language] for _ in range(len(prose) // 2) for language in LANGUAGES]
    for chinese, english in zip(prose[::2], prose[1::2], strict=True):
        assert shape(chinese.source) == shape(english.source)


def shape(source: str) -> list[str]:
    """The anchors and the levels of the headings of a cell, in order."""
    return [
        line if line.endswith(")=") else line.split(" ")[0] for line in source.splitlines() if line[:1] in "(#" if line
    ]


@each_notebook
def test_every_section_has_an_anchor_of_its_own(path: Path) -> None:
    for language in range(2):
        source = "\n\n".join(cell.source for cell in cells(path, "markdown")[language::2])
        anchors = re.findall(r"^\(([\w-]+)\)=\n## ", source, flags=re.MULTILINE)
        assert len(anchors) == len(re.findall(r"^## ", source, flags=re.MULTILINE))
        assert len(set(anchors)) == len(anchors)


@each_notebook
def test_a_notebook_begins_with_one_title_and_says_whose_it_is(path: Path) -> None:
    for language in range(2):
        titles = [
            line
            for cell in cells(path, "markdown")[language::2]
            for line in cell.source.splitlines()
            if line[:2] == "# "
        ]
        (title,) = titles
        subject = "enterprise" if kinds()[path.stem].subject == ENTERPRISE else "district"
        assert f"{{{{ {subject}_name }}}}" in title
        assert "{{ year }}" in title


@each_notebook
def test_no_figure_is_typed_into_prose(path: Path) -> None:
    """The levels of an index are words of its scale; any other number has to come from a chapter."""
    for cell in cells(path, "markdown"):
        prose = re.sub(r"\{\{.*?\}\}|PM2\.5|PM10|AQI\D{0,20}|100", "", cell.source)
        assert not re.search(r"\d", prose), cell.source
