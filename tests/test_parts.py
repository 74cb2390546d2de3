"""What a report gives to the site is made once, and again when its notebook or the code has changed."""

from __future__ import annotations

import json

import nbformat
import pytest

from projects import blocks_of, small_project
from reportkit import parts
from reportkit.blocks import MIMETYPE
from reportkit.chapters.air import Air
from reportkit.manifest import write_if_changed
from reportkit.parts import Part, parts_of
from reportkit.project import Project
from reportkit.reports import Report
from reportkit.run import _normalised

REPORT = Report(2024, "tianhe", "air", "zh")
KEPT = "build/cache/parts/2024/tianhe/air.zh.pickle"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return small_project(tmp_path_factory.mktemp("parts"), districts=("tianhe",), data_years=(2024,))


@pytest.fixture
def project(shipped: Project) -> Project:
    """A project with one executed report."""
    cells = [nbformat.v4.new_markdown_cell("# title")]
    for block in blocks_of(shipped, "tianhe", 2024, "zh", Air):
        cell = nbformat.v4.new_code_cell(f"chapter.{block.name}()")
        cell.outputs = [nbformat.v4.new_output("display_data", data={MIMETYPE: block.as_json()})]
        cells.append(cell)
    write_if_changed(REPORT.path(shipped), _normalised(nbformat.v4.new_notebook(cells=cells)))
    return shipped


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    """The reports whose notebooks are read, as they are."""
    calls: list[Report] = []
    real = parts.read
    monkeypatch.setattr(parts, "read", lambda project, report: calls.append(report) or real(project, report))
    return calls


def made(project: Project, root: str = "../../") -> Part:
    return parts_of(project, [REPORT], lambda report: root)[REPORT]


def test_a_part_holds_prose_without_blocks_and_blocks_without_prose(project: Project) -> None:
    part = made(project)
    assert json.loads(part.prose)["cells"][0]["source"] == "# title"
    assert '<div data-block="answer"></div>' in str(json.loads(part.prose))
    contents = part.contents()
    assert 'id="answer"' in contents.shown["answer"]
    assert "天河区" in part.description
    assert "2024/tianhe/air/days.csv" in contents.tables
    assert {id_.partition("#")[0] for id_ in contents.figures} >= {"2024/tianhe/air"}
    captured = [entry["id"] for block in part.quality for entry in block["figures"]]
    assert captured
    assert all("#capture_" in id_ for id_ in captured)


def test_a_notebook_that_has_not_changed_is_not_read_again(project: Project, read: list[Report]) -> None:
    first = made(project)
    read.clear()
    again = made(project)
    assert read == []
    assert (again.contents(), again.description) == (first.contents(), first.description)


@pytest.mark.parametrize("change", ["notebook", "code", "root", "damage"])
def test_a_part_of_another_notebook_other_code_or_another_place_is_made_anew(
    project: Project, read: list[Report], change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(project)
    read.clear()
    if change == "notebook":
        notebook = nbformat.read(REPORT.path(project), as_version=4)
        notebook.cells[0].source = "# another title"
        write_if_changed(REPORT.path(project), _normalised(notebook))
    elif change == "code":
        monkeypatch.setattr(parts, "_facts", lambda: ["other"])
    elif change == "damage":
        (project.root / KEPT).write_bytes(b"half")
    part = made(project, "../../../" if change == "root" else "../../")
    assert read == [REPORT]
    assert json.loads(part.prose)["cells"][0]["source"] == ("# another title" if change == "notebook" else "# title")


@pytest.mark.parametrize("loss", ["cut off", "no room"])
def test_contents_that_are_not_there_when_they_are_asked_for_are_made_again(
    project: Project, loss: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = made(project).contents()
    if loss == "no room":
        (project.root / KEPT).unlink()
        monkeypatch.setattr(parts, "keep", lambda *_: None)
    part = made(project)
    if loss == "cut off":
        content = (project.root / KEPT).read_bytes()
        (project.root / KEPT).write_bytes(content[: len(content) // 2])
    assert part.contents() == whole
