"""Every named defect is found where it is, and a broken file does not hide another's."""

from __future__ import annotations

import pandas as pd
import pytest

from defects import DAYS, DEFECTS, about, defective, edit_text
from projects import REPO
from reportkit.findings import Finding, stops
from reportkit.manifest import write_registry
from reportkit.project import Project, open_project
from reportkit.validate import check

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
    "jump": [("jump", 3, "pm10_ug_m3"), ("jump", 3, "pm2_5_ug_m3")],
    "key-doubled": [("key-doubled", 4, "date")],
    "minimum": [("minimum", 3, "so2_ug_m3")],
    "pattern": [("pattern", 3, "area_code"), ("reference-unknown", 3, "area_code")],
    "part-above-whole": [("part-above-whole", 4, "pm2_5_ug_m3")],
    "reference-unknown": [("reference-unknown", 3, "source_id")],
    "required": [("required", 3, "status")],
    "source-missing": [("source-missing", 3, "source_id")],
    "status-demonstration": [("status-demonstration", 3, "status")],
    "status-official": [("status-official", 3, "status")],
    "stuck": [("stuck", 4, "no2_ug_m3")],
    "type": [("type", 3, "pm2_5_ug_m3"), ("type", 4, "date")],
    "unit-suspect": [("unit-suspect", 3, "co_mg_m3")],
}


@pytest.mark.parametrize("defect", EXPECTED)
def test_a_defect_is_found_where_it_is(project: Project, defect: str) -> None:
    found = about(defective(project, defect), DAYS)
    assert [(it.code, it.row, it.column) for it in found] == EXPECTED[defect]


def test_every_defect_has_a_file_and_every_file_is_a_defect() -> None:
    assert sorted(path.stem for path in DEFECTS.iterdir()) == sorted(EXPECTED)


@pytest.mark.parametrize("name", ["姓名", "法定代表人", "身份证号", "Legal_Representative", "id_card"])
def test_a_column_about_a_person_is_refused_in_a_table_and_in_its_description(project: Project, name: str) -> None:
    path = project.data / DAYS
    heading, _, rows = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(f"{heading},{name}\n{rows}", encoding="utf-8")
    write_registry(project.data)
    edit_text(project, "datapackage.json", '"title": "名称"', f'"title": "{name}"')
    assert [(it.code, it.row, it.column, it.severity) for it in about(project, DAYS)] == [
        ("column-person", 1, name, "stop")
    ]
    assert [it.column for it in about(project, "datapackage.json") if it.code == "column-person"] == ["item_zh"]


def test_nothing_stops_the_shipped_tables() -> None:
    assert [str(found) for found in check(open_project(REPO)) if found.severity == "stop"] == []


def test_a_broken_file_does_not_hide_what_is_wrong_elsewhere(project: Project) -> None:
    defective(project, "file-encoding")
    edit_text(project, "areas.csv", "liwan", "Liwan")
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
    edit_text(project, "areas.csv", "yuexiu", "liwan")
    found = [(it.code, it.row, it.value) for it in about(project, "areas.csv") if it.severity == "stop"]
    assert found == [("unique", 4, "liwan")]


def in_the_future(project: Project) -> list[Finding]:
    """What is dated after the newest year, but for the one published plan whose year was inferred."""
    plan = "data/supervision/published.csv"
    return [found for found in check(project) if found.code == "date-future" and found.file != plan]


def test_the_last_hour_of_the_newest_year_is_not_in_the_future(project: Project) -> None:
    with (project.data / "air/station_hourly.csv").open("a", encoding="utf-8") as file:
        file.writelines(
            f"S1,{time},1,1,1,1,1.0,1,provisional,gz-annual-2014\n" for time in ("2025-01-01T00:00", "2025-01-01T01:00")
        )
    found = [it.row for it in in_the_future(project)]
    assert found == [3]


def test_a_limit_value_of_a_coming_standard_is_not_in_the_future(project: Project) -> None:
    assert in_the_future(project) == []


def test_how_long_a_permit_is_valid_is_not_in_the_future(project: Project) -> None:
    with (project.data / "enterprises/permits.csv").open("a", encoding="utf-8") as file:
        file.write("P1,E1,440100,key,2024-07-03,2029-07-02,provisional,gz-annual-2014\n")
        file.write("P2,E1,440100,key,2029-07-03,2034-07-02,provisional,gz-annual-2014\n")
    found = [(it.row, it.column) for it in in_the_future(project)]
    assert found == [(3, "issued_date")]


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


def test_many_equal_findings_are_counted(project: Project) -> None:
    heading = (DEFECTS / "none.csv").read_text(encoding="utf-8").splitlines()[0]
    days = pd.date_range("2023-01-01", periods=100).strftime("%Y-%m-%d")
    rows = [f"440100,{day},x,1,1,1,1.0,1,1,provisional,gz-annual-2014" for day in days]
    (project.data / DAYS).write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    found = [it for it in about(project, DAYS) if it.code == "type"]
    assert len(found) == 21
    assert (found[-1].row, found[-1].value) == (None, "80 more")
