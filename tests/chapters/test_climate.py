"""Climate and greenhouse gases: what has been published is shown with its year, and what has not is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from projects import add, small_project, write
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED
from reportkit.chapters.climate import Climate
from reportkit.project import Project

ROW = {
    "area_code": "440103",
    "item_id": "Q8",
    "indicator": "example",
    "name_zh": "例子",
    "name_en": "Example",
    "year": "2024",
    "value": "12.50",
    "unit": "%",
    "status": "official",
    "source_id": "gz-annual-2014",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The city and a district, without any rows of this chapter."""
    project = small_project(tmp_path / "project", districts=("liwan",), data_years=())
    write(project.data / "climate" / "published.csv", [])
    return project


def test_without_rows_nothing_is_disclosed_and_the_page_says_so(project: Project) -> None:
    chapter = Climate.open("guangzhou", 2024, "zh", project)
    assert {chapter.disclosure(item).state for item in chapter.items} == {NOT_DISCLOSED}
    assert chapter.q8().content["sentences"] == [["尚未公开。"]]


def test_a_published_figure_is_shown_as_printed(project: Project) -> None:
    add(project.data / "climate" / "published.csv", ROW, ROW | {"year": "2023", "value": "11.0"})
    chapter = Climate.open("liwan", 2024, "en", project)
    assert chapter.disclosure("Q8").state == DISCLOSED
    assert chapter.disclosure("Q8").since == 2023
    ((name, before, now),) = chapter.q8().content["table"].rows
    assert (name, str(before.value), str(now.value)) == ("Example", "11.0", "12.50")
    assert str(chapter.count().value) == "1"


def test_made_up_rows_do_not_count(project: Project) -> None:
    add(project.data / "climate" / "published.csv", ROW | {"status": "demonstration", "source_id": "demo-air"})
    chapter = Climate.open("liwan", 2024, "en", project)
    assert chapter.disclosure("Q8").state == NOT_DISCLOSED
    assert str(chapter.count().value) == "0"
