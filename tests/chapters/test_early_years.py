"""Years before a law or a standard was in force: a page where nothing was measured, an error where rows need a rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from projects import CODES, blocks_of, small_project, write
from reportkit.chapters.soil import Soil
from reportkit.errors import StandardError
from reportkit.project import Project

UNIT = {
    "enterprise_id": "E1",
    "year": "2016",
    "name_zh": "企业",
    "name_en": "Enterprise",
    "area_code": CODES["tianhe"],
    "industry": "plating",
    "is_reported": "true",
    "is_monitored": "true",
    "last_inspected_year": "2016",
    "result": "meets",
    "status": "provisional",
    "source_id": "gz-annual-2014",
}
POINT = {"point_id": "G1", "name_zh": "点位", "name_en": "Point", "area_code": CODES["tianhe"], "level": "municipal"}
VALUES = {"point_id": "G1", "year": "2016", "ph": "7.0", "status": "provisional", "source_id": "gz-annual-2014"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path, districts=("tianhe",))


@pytest.mark.parametrize("year", [2014, 2017])
@pytest.mark.parametrize("area", ["guangzhou", "tianhe"])
def test_every_chapter_of_a_year_before_all_rows_has_its_blocks(project: Project, area: str, year: int) -> None:
    assert blocks_of(project, area, year, "zh")


def test_duties_before_the_law_are_not_judged_without_it(project: Project) -> None:
    write(project.data / "soil/supervised_units.csv", [UNIT])
    with pytest.raises(StandardError, match=r"no rule 'soil.duties' for 2016-12-31"):
        _ = Soil.open("tianhe", 2016, "zh", project).units


def test_groundwater_before_its_standard_is_not_classified_without_it(project: Project) -> None:
    write(project.data / "soil/groundwater_points.csv", [POINT])
    write(project.data / "soil/groundwater.csv", [VALUES])
    with pytest.raises(StandardError, match="no limits of groundwater for 2016-12-31"):
        _ = Soil.open("tianhe", 2016, "zh", project).points
