"""What a notebook should not hold is named with its cell."""

from __future__ import annotations

import nbformat
import pytest

from projects import REPO, small_project
from reportkit.findings import Finding
from reportkit.project import Project, open_project
from reportkit.validate.notebooks import check_notebooks


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return small_project(tmp_path_factory.mktemp("notebooks"), data_years=(), chapters=["air"])


def found(project: Project, *cells: nbformat.NotebookNode) -> list[Finding]:
    """What is found in a notebook of these cells."""
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project.notebooks / "air.ipynb")
    return check_notebooks(project)


def code(source: str, **metadata: object) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(source, metadata=metadata)


def prose(source: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def test_the_shipped_notebooks_hold_nothing_they_should_not() -> None:
    assert [str(it) for it in check_notebooks(open_project(REPO))] == []


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        (code("chapter.answer()"), []),
        (code(""), []),
        (code("# a word to the next analyst"), []),
        (code('district = "tianhe"\nyear = 2024', tags=["parameters"]), []),
        (code("from reportkit.chapters.air import Air\n\nchapter = Air.open(district, year, language)"), []),
        (code("days = chapter.days"), ["notebook-logic"]),
        (code("chapter.answer(); chapter.days()"), ["notebook-logic"]),
        (code("%matplotlib inline"), ["notebook-logic"]),
        (code("this is no Python"), ["notebook-logic"]),
        (code("import pandas as pd"), ["notebook-logic", "notebook-pandas"]),
        (code("from altair import Chart"), ["notebook-logic", "notebook-pandas"]),
        (code('rows = open("data/areas.csv")'), ["notebook-logic", "notebook-path"]),
        (code('chapter.of("tianhe")'), ["notebook-logic", "notebook-place"]),
        (code("chapter.days(2023)"), ["notebook-logic", "notebook-year"]),
        (prose("# {{ district_name }} {{ year }} 年"), []),
        (prose("## 天河区的空气"), ["notebook-place"]),
        (prose("In 2024 the air was good."), ["notebook-year"]),
        (prose("GB 3095 and the number 12024 are no years."), []),
        (prose("![](picture.png)"), ["notebook-picture"]),
        (prose("![the river](picture.png)"), []),
        (prose('<img src="x.png">'), ["notebook-picture"]),
        (prose('<img alt="the river" src="x.png">'), []),
    ],
)
def test_each_thing_is_found_by_its_code(project: Project, cell: nbformat.NotebookNode, codes: list[str]) -> None:
    assert [it.code for it in found(project, prose("# {{ district_name }}"), cell)] == codes


def test_a_finding_names_file_and_cell_and_where_it_belongs(project: Project) -> None:
    (it,) = found(project, prose("# {{ district_name }}"), code("x = 1"))
    assert (it.file, it.row, it.value) == ("notebooks/air.ipynb", 2, "x = 1")
    assert "src/reportkit/chapters/air.py" in it.do


def test_what_was_executed_is_found(project: Project) -> None:
    cell = code("chapter.answer()")
    cell.execution_count = 3
    assert [it.code for it in found(project, cell)] == ["notebook-output"]


def test_a_file_that_is_no_notebook_stops_the_line(project: Project) -> None:
    (project.notebooks / "air.ipynb").write_text("{", encoding="utf-8")
    (it,) = check_notebooks(project)
    assert (it.code, it.severity) == ("notebook-unreadable", "stop")
