"""Sources carry what rests on them, corrections fit, files are as they were registered."""

from __future__ import annotations

import pytest

from defects import about, edit_text
from projects import add
from reportkit.manifest import write_registry
from reportkit.project import Project
from reportkit.validate import check


def test_a_source_that_nothing_rests_on_is_noted(project: Project) -> None:
    with (project.data / "sources.csv").open("a", encoding="utf-8") as file:
        file.write("nobody,title,publisher,,,,C,licence,\n")
    (found,) = (found for found in check(project) if found.code == "source-unused")
    assert (found.severity, found.value) == ("note", "nobody")


def test_demonstration_and_its_source_go_together(project: Project) -> None:
    edit_text(project, "sources.csv", ",,,,D,", ",,,,demo,")
    assert not [found for found in check(project) if found.code == "status-demonstration"]
    edit_text(project, "sources.csv", ",C,", ",demo,")
    assert [found for found in check(project) if found.code == "status-demonstration"]


def test_an_official_figure_does_not_rest_on_a_doubtful_source(project: Project) -> None:
    row = "440100,2017,pm2_5,35,ug/m3,provisional,gz-annual-2017"
    edit_text(project, "air/published.csv", row, row.replace("provisional", "official"))
    (found,) = (found for found in about(project, "air/published.csv") if found.severity == "stop")
    assert (found.code, found.value) == ("status-official", "official")


@pytest.mark.parametrize(
    ("key", "column", "before", "after", "code"),
    [
        ("area_code=440100;period=2014;indicator=pm2_5", "value", "49", "48", None),
        ("area_code=440100;period=2014;indicator=pm2_5", "value", "50", "48", "correction"),
        ("area_code=440100;period=2014", "unit", "ug/m3", "mg/m3", "correction"),
        ("area_code=440100;period=2014;indicator=pm2_5", "velue", "49", "48", "correction"),
        ("area_code=440100;period=2014;indicator=pm2_5", "value", "49", "many", "type"),
    ],
)
def test_a_correction_fits_one_row_and_its_column(
    project: Project, key: str, column: str, before: str, after: str, code: str | None
) -> None:
    with (project.data / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write(f"air/published,{key},{column},{before},{after},因,why,2024-01-01,gz-annual-2014\n")
    found = [it.code for it in about(project, "corrections.csv") if it.severity == "stop"]
    assert found == ([code] if code else [])


def test_files_that_are_not_as_registered_are_named(project: Project) -> None:
    edit_text(project, "areas.csv", "Liwan District", "Liwan")
    (project.data / "air/new.csv").write_text("a\n", encoding="utf-8")
    (project.data / "air/area_daily.csv").unlink()
    found = {it.file: it.code for it in check(project) if it.code.startswith("registry-")}
    assert found == {
        "data/areas.csv": "registry-differs",
        "data/air/new.csv": "registry-unlisted",
        "data/air/area_daily.csv": "registry-gone",
    }
    assert "file-undescribed" in {it.code for it in check(project)}
    write_registry(project.data)
    assert not [it for it in check(project) if it.code.startswith("registry-")]


def test_what_lies_beyond_the_schema_is_asked_of_the_corrected_tables(project: Project) -> None:
    row = {"table": "area_statistics", "key": "area_code=440100;indicator=gdp;year=2023", "column": "value"}
    values = {"value_before": "30355.73", "value_after": "30287.75"}
    words = {"reason_zh": "因", "reason_en": "why", "date": "2024-05-01", "source_id": "gdp-2023-digest"}
    assert "sum-differs" in {found.code for found in check(project)}
    add(project.data / "corrections.csv", {**row, **values, **words})
    assert "sum-differs" not in {found.code for found in check(project)}
