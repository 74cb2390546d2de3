"""Every named defect is found where it is, and a broken file does not hide another's."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reportkit.findings import Finding, stops
from reportkit.importers import new_project
from reportkit.manifest import write_registry
from reportkit.project import Project, open_project
from reportkit.validate import check

ROOT = Path(__file__).parents[1]
DEFECTS = Path(__file__).parent / "data" / "defects"
DAYS = "air/area_daily.csv"

# Each defect is a file of its own; it stands in for the table of given days, without which nothing is wrong.
EXPECTED: dict[str, list[tuple[str, int | None, str]]] = {
    "none": [],
    "cells": [("cells", 3, ""), ("cells", 4, "")],
    "column-doubled": [("column-doubled", 1, "date")],
    "column-missing": [("column-missing", 1, "pm10_ug_m3")],
    "column-order": [("column-order", 1, "")],
    "column-unknown": [("column-unknown", 1, "pm25_ug_m3"), ("column-missing", 1, "pm2_5_ug_m3")],
    "date-future": [("date-future", 3, "date")],
    "decimals": [("decimals", 3, "co_mg_m3")],
    "enum": [("enum", 3, "status")],
    "file-empty": [("file-empty", None, "")],
    "file-encoding": [("file-encoding", None, "")],
    "key-doubled": [("key-doubled", 4, "date")],
    "minimum": [("minimum", 3, "so2_ug_m3")],
    "pattern": [("pattern", 3, "area_code"), ("reference-unknown", 3, "area_code")],
    "reference-unknown": [("reference-unknown", 3, "source_id")],
    "required": [("required", 3, "status")],
    "status-demonstration": [("status-demonstration", 3, "status")],
    "status-official": [("status-official", 3, "status")],
    "type": [("type", 3, "pm2_5_ug_m3"), ("type", 4, "date")],
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return new_project(tmp_path / "project", open_project(ROOT))


def defective(project: Project, defect: str) -> Project:
    shutil.copy(DEFECTS / f"{defect}.csv", project.data / DAYS)
    write_registry(project.data)
    return project


def about(project: Project, *files: str) -> list[Finding]:
    return [found for found in check(project) if found.file in {f"data/{file}" for file in files}]


def edit(project: Project, file: str, before: str, after: str) -> None:
    path = project.data / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize("defect", EXPECTED)
def test_a_defect_is_found_where_it_is(project: Project, defect: str) -> None:
    found = about(defective(project, defect), DAYS)
    assert [(it.code, it.row, it.column) for it in found] == EXPECTED[defect]


def test_every_defect_has_a_file_and_every_file_is_a_defect() -> None:
    assert sorted(path.stem for path in DEFECTS.iterdir()) == sorted(EXPECTED)


def test_nothing_stops_the_shipped_tables() -> None:
    assert [str(found) for found in check(open_project(ROOT)) if found.severity == "stop"] == []


def test_a_broken_file_does_not_hide_what_is_wrong_elsewhere(project: Project) -> None:
    defective(project, "file-encoding")
    edit(project, "areas.csv", "liwan", "Liwan")
    (project.data / "stations.csv").unlink()
    found = check(project)
    assert {it.code for it in found} >= {"file-encoding", "pattern", "file-missing"}


def test_a_broken_descriptor_is_a_finding(project: Project) -> None:
    (project.data / "datapackage.json").write_text("{", encoding="utf-8")
    (found,) = check(project)
    assert found.code == "descriptor"
    assert stops([found])


def test_a_misspelt_name_is_answered_with_the_nearest(project: Project) -> None:
    unknown, missing = about(defective(project, "column-unknown"), DAYS)
    assert "did you mean 'pm25_ug_m3'?" in missing.do
    assert "did you mean 'pm2_5_ug_m3'?" in unknown.do
    (source,) = about(defective(project, "reference-unknown"), DAYS)
    assert "did you mean 'gz-annual-2014'?" in source.do


def test_a_doubled_key_names_the_row_that_has_it_too(project: Project) -> None:
    (found,) = about(defective(project, "key-doubled"), DAYS)
    assert found.value == "440100, 2023-01-01"
    assert "row 2 of data/air/area_daily.csv" in found.expected


def test_a_key_is_doubled_across_the_files_of_a_table_too(project: Project) -> None:
    row = "S1,2021-01-01,1,1,1,1,1.0,1,1,24,24,provisional,gz-annual-2014\n"
    for year in (2021, 2022):
        with (project.data / f"air/station_daily_{year}.csv").open("a", encoding="utf-8") as file:
            file.write(row)
    (found,) = (found for found in check(project) if found.code == "key-doubled")
    assert (found.file, found.row) == ("data/air/station_daily_2022.csv", 2)
    assert "row 2 of data/air/station_daily_2021.csv" in found.expected


def test_a_value_above_the_maximum_is_found(project: Project) -> None:
    path = project.data / "air/station_daily_2021.csv"
    with path.open("a", encoding="utf-8") as file:
        file.write("S1,2021-01-01,1,1,1,1,1.0,1,1,25,24,provisional,gz-annual-2014\n")
    assert "maximum" in {found.code for found in about(project, "air/station_daily_2021.csv")}


def test_a_slug_is_there_once(project: Project) -> None:
    edit(project, "areas.csv", "yuexiu", "liwan")
    found = [(it.code, it.row, it.value) for it in about(project, "areas.csv") if it.severity == "stop"]
    assert found == [("unique", 4, "liwan")]


def test_the_last_hour_of_the_newest_year_is_not_in_the_future(project: Project) -> None:
    with (project.data / "air/station_hourly.csv").open("a", encoding="utf-8") as file:
        file.writelines(
            f"S1,{time},1,1,1,1,1.0,1,provisional,gz-annual-2014\n" for time in ("2025-01-01T00:00", "2025-01-01T01:00")
        )
    found = [it.row for it in check(project) if it.code == "date-future"]
    assert found == [3]


def test_a_limit_value_of_a_coming_standard_is_not_in_the_future(project: Project) -> None:
    assert not [found for found in check(project) if found.code == "date-future"]


def test_blank_lines_and_cells_of_several_lines_keep_the_count_of_rows(project: Project) -> None:
    heading, row = (DEFECTS / "none.csv").read_text(encoding="utf-8").splitlines()[:2]
    several = row.replace("440100", '"44\n0100"')
    (project.data / DAYS).write_text("\n".join([heading, row, "", several, ""]), encoding="utf-8")
    found = [(it.code, it.row) for it in about(project, DAYS) if it.severity == "stop"]
    assert found == [("pattern", 4), ("reference-unknown", 4)]


def test_a_quotation_mark_that_is_not_closed_stops(project: Project) -> None:
    text = (DEFECTS / "none.csv").read_text(encoding="utf-8").replace("440100", '"440100', 1)
    (project.data / DAYS).write_text(text, encoding="utf-8")
    assert stops(about(project, DAYS))


def test_a_source_that_nothing_rests_on_is_noted(project: Project) -> None:
    with (project.data / "sources.csv").open("a", encoding="utf-8") as file:
        file.write("nobody,title,publisher,,,,C,licence,\n")
    (found,) = (found for found in check(project) if found.code == "source-unused")
    assert (found.severity, found.value) == ("note", "nobody")


def test_demonstration_and_its_source_go_together(project: Project) -> None:
    edit(project, "sources.csv", ",,,,D,", ",,,,demo,")
    assert not [found for found in check(project) if found.code == "status-demonstration"]
    edit(project, "sources.csv", ",C,", ",demo,")
    assert [found for found in check(project) if found.code == "status-demonstration"]


def test_an_official_figure_does_not_rest_on_a_doubtful_source(project: Project) -> None:
    row = "440100,2017,pm2_5,35,ug/m3,provisional,gz-annual-2017"
    edit(project, "air/published.csv", row, row.replace("provisional", "official"))
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
    edit(project, "areas.csv", "Liwan District", "Liwan")
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


def test_many_equal_findings_are_counted(project: Project) -> None:
    heading = (DEFECTS / "none.csv").read_text(encoding="utf-8").splitlines()[0]
    days = pd.date_range("2023-01-01", periods=100).strftime("%Y-%m-%d")
    rows = [f"440100,{day},x,1,1,1,1.0,1,1,provisional,gz-annual-2014" for day in days]
    (project.data / DAYS).write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    found = [it for it in about(project, DAYS) if it.code == "type"]
    assert len(found) == 21
    assert (found[-1].row, found[-1].value) == (None, "80 more")


@pytest.mark.slow
def test_a_million_rows_are_checked_in_seconds(project: Project) -> None:
    stations = [f"S{number:03}" for number in range(125)]
    with (project.data / "stations.csv").open("a", encoding="utf-8") as file:
        file.writelines(
            f"{name},{name},{name},440106,national,false,,,provisional,gz-annual-2014\n" for name in stations
        )
    times = pd.date_range("2023-01-01T01:00", periods=8000, freq="h").strftime("%Y-%m-%dT%H:%M")
    rows = pd.MultiIndex.from_product([stations, times], names=["station_id", "time"]).to_frame(index=False)
    random = np.random.default_rng(1)
    for column in ("so2_ug_m3", "no2_ug_m3", "pm10_ug_m3", "pm2_5_ug_m3"):
        rows[column] = random.integers(0, 200, len(rows))
    rows["co_mg_m3"] = random.integers(1, 30, len(rows)) / 10
    rows["o3_ug_m3"] = random.integers(0, 300, len(rows))
    rows = rows.assign(status="provisional", source_id="gz-annual-2014")
    rows.loc[999_999, "so2_ug_m3"] = -1
    rows.to_csv(project.data / "air/station_hourly.csv", index=False, lineterminator="\n")
    write_registry(project.data)

    began = time.monotonic()
    found = [(it.code, it.row, it.column) for it in check(project) if it.severity == "stop"]

    assert found == [("minimum", 1_000_001, "so2_ug_m3")]
    assert time.monotonic() - began < 30
