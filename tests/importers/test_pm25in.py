"""A city's stations by name: which station it is, text for numbers, and what is printed beside the values."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from projects import add
from reportkit.importers import Imported, import_files
from reportkit.load import Reader
from reportkit.project import Project
from reportkit.validate import check

USUAL = {
    **{"Date": "20200326", "Hour": "18", "WatchPoint": "甲站", "AQI": "50", "Level": "优", "PrimaryPollution": "NaN"},
    **{"PM2.5": "12", "PM10": "50", "CO": "0.6", "NO2": "30", "O3_1h": "53", "O3_8h": "56", "SO2": "6"},
}
STATION = {
    **{"station_id": "9001A", "name_zh": "甲站(对照点)", "name_en": "A", "area_code": "440106", "network": "national"},
    **{"is_control_point": "false", "status": "provisional", "source_id": "gbt-2260"},
}


def hours(path: Path, *rows: dict[str, str], line_end: str = "\n", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(USUAL), lineterminator=line_end, quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows({**USUAL, **row} for row in rows)
    return path


def codes(imported: Imported) -> set[str]:
    return {found.code for found in imported.findings}


def rows_of(project: Project, name: str = "air/station_hourly") -> pd.DataFrame:
    return Reader(project).raw(name)


def test_an_hour_becomes_a_row_of_the_station_with_that_name(project: Project, tmp_path: Path) -> None:
    add(project.data / "stations.csv", STATION)
    done = import_files("pm25in", [hours(tmp_path / "a.csv", {})], project)
    assert done.findings == ()
    assert (project.data / "air/station_hourly.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "9001A,2020-03-26T18:00,6,30,50,12,0.6,53,provisional,pm25in-archive"
    ]


def test_a_name_that_is_not_known_becomes_a_station_of_the_city(project: Project, tmp_path: Path) -> None:
    done = import_files("pm25in", [hours(tmp_path / "a.csv", {})], project)
    assert codes(done) == {"import-station-new", "import-station-district"}
    (station,) = rows_of(project, "stations").to_dict("records")
    assert (station["station_id"], station["name_zh"], station["area_code"]) == ("甲站", "甲站", "440100")
    assert [str(found) for found in check(project) if found.severity == "stop"] == []


def test_a_name_that_came_in_first_stays_itself_when_its_code_comes_later(project: Project, tmp_path: Path) -> None:
    file = hours(tmp_path / "a.csv", {})
    import_files("pm25in", [file], project)
    add(project.data / "stations.csv", STATION)
    assert import_files("pm25in", [file], project).rows_already_there == 1


def test_a_name_of_two_stations_is_set_aside(project: Project, tmp_path: Path) -> None:
    add(project.data / "stations.csv", STATION, {**STATION, "station_id": "9002A", "name_zh": "甲站"})
    done = import_files("pm25in", [hours(tmp_path / "a.csv", {})], project)
    (found,) = done.findings
    assert (done.rows_set_aside, found.code, found.column) == (1, "import-station-twice", "watchpoint")
    assert "9001A, 9002A" in found.expected


def test_the_text_nan_is_a_missing_value(project: Project, tmp_path: Path) -> None:
    nothing = dict.fromkeys(("AQI", "PM2.5", "PM10", "CO", "NO2", "O3_1h", "O3_8h", "SO2"), "NaN")
    done = import_files("pm25in", [hours(tmp_path / "a.csv", {**nothing, "Level": ""})], project)
    assert (done.rows_added, done.rows_set_aside) == (1, 0)
    (row,) = rows_of(project).to_dict("records")
    assert {row[name] for name in ("so2_ug_m3", "no2_ug_m3", "pm10_ug_m3", "co_mg_m3", "o3_ug_m3")} == {""}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_cell_may_be_of_several_lines(project: Project, tmp_path: Path, line_end: str, encoding: str) -> None:
    two = "\n      颗粒物(PM10)\n\n      细颗粒物(PM2.5)\n"
    rows = {"PrimaryPollution": two}, {"Hour": "19", "PM10": "?"}
    done = import_files("pm25in", [hours(tmp_path / "a.csv", *rows, line_end=line_end, encoding=encoding)], project)
    assert (done.rows_read, done.rows_added, done.rows_set_aside) == (2, 1, 1)
    assert next(found.row for found in done.findings if found.code == "import-number") == 3


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"Date": "20200230"}, "date"),
        ({"Date": "200326"}, "date"),
        ({"Date": ""}, "date"),
        ({"Hour": "24"}, "hour"),
        ({"Hour": "1.5"}, "hour"),
        ({"Hour": "NaN"}, "hour"),
    ],
)
def test_what_is_no_full_hour_is_set_aside(
    project: Project, tmp_path: Path, changed: dict[str, str], column: str
) -> None:
    done = import_files("pm25in", [hours(tmp_path / "a.csv", changed)], project)
    (found,) = done.findings
    assert (done.rows_set_aside, found.code, found.column) == (1, "import-time", column)


def test_a_printed_index_that_does_not_follow_is_pointed_out_and_kept(project: Project, tmp_path: Path) -> None:
    done = import_files("pm25in", [hours(tmp_path / "a.csv", {"AQI": "49"}, {"Hour": "19", "CO": "NaN"})], project)
    (found,) = (found for found in done.findings if found.code == "import-aqi")
    assert (found.row, found.value, done.rows_added) == (2, "49", 2)
    assert found.expected.startswith("50,")


def test_a_printed_level_that_is_not_that_of_the_index_is_pointed_out(project: Project, tmp_path: Path) -> None:
    done = import_files("pm25in", [hours(tmp_path / "a.csv", {"Level": "良"})], project)
    (found,) = (found for found in done.findings if found.code == "import-level")
    assert (found.row, found.value, found.expected) == (2, "良", "'优', for an AQI of 50")


def test_before_there_were_rules_nothing_is_compared(project: Project, tmp_path: Path) -> None:
    done = import_files("pm25in", [hours(tmp_path / "a.csv", {"Date": "20110101", "AQI": "1", "Level": "?"})], project)
    assert codes(done) == {"import-station-new", "import-station-district"}
