"""The wide daily file: a column for each station, a line for each item, rows for the stations we know."""

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

STATION = {
    **{"station_id": "9001A", "name_zh": "甲站", "name_en": "A", "area_code": "440106", "network": "national"},
    **{"is_control_point": "false", "status": "provisional", "source_id": "gbt-2260"},
}
VALUES = {"AQI": "50", "PM2.5": "25", "PM10": "50", "SO2": "7", "NO2": "30", "O3": "80", "CO": "0.8"}
RUNNING = ["PM2.5_24h", "PM10_24h", "SO2_24h", "NO2_24h", "O3_24h", "O3_8h", "O3_8h_24h", "CO_24h"]
HEADING = ("date", "hour", "type", "9001A", "1001A")


@pytest.fixture
def ours(project: Project) -> Project:
    add(project.data / "stations.csv", STATION)
    return project


def lines(hour: str = "1", day: str = "20240101", **changed: str) -> list[tuple[str, ...]]:
    """The lines of one hour; 9001A has the values that are *changed*, 1001A the ordinary ones."""
    named = {kind.replace(".", ""): kind for kind in VALUES}
    values = VALUES | {named[name]: value for name, value in changed.items()}
    running = [(day, hour, kind, "?", "?") for kind in RUNNING]
    return [*((day, hour, kind, value, VALUES[kind]) for kind, value in values.items()), *running]


def wide(path: Path, *rows: tuple[str, ...], heading: tuple[str, ...] = HEADING) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *rows])
    return path


def codes(imported: Imported) -> list[str]:
    return [found.code for found in imported.findings]


def rows_of(project: Project) -> pd.DataFrame:
    return Reader(project).raw("air/station_hourly")


def test_the_lines_of_an_hour_become_a_row_for_each_station_we_know(ours: Project, tmp_path: Path) -> None:
    done = import_files("cnemc-daily-wide", [wide(tmp_path / "a.csv", *lines(), *lines("2"))], ours)
    assert (done.rows_read, done.rows_added, done.rows_of_other_places, done.findings) == (4, 2, 2, ())
    assert (ours.data / "air/station_hourly.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "9001A,2024-01-01T01:00,7,30,50,25,0.8,80,provisional,cnemc-realtime-archive",
        "9001A,2024-01-01T02:00,7,30,50,25,0.8,80,provisional,cnemc-realtime-archive",
    ]
    assert [str(found) for found in check(ours) if found.severity == "stop"] == []


def test_the_wide_file_and_the_long_one_say_the_same_of_an_hour(ours: Project, tmp_path: Path, hours: object) -> None:
    assert callable(hours)
    import_files("cnemc-hourly", [hours({"timepoint": "2024-01-01T0100"})], ours)
    done = import_files("cnemc-daily-wide", [wide(tmp_path / "a.csv", *lines())], ours)
    assert (done.rows_added, done.rows_already_there) == (0, 1)


def test_without_a_station_we_know_all_are_of_other_places_and_that_is_said(project: Project, tmp_path: Path) -> None:
    done = import_files("cnemc-daily-wide", [wide(tmp_path / "a.csv", *lines())], project)
    assert (done.rows_read, done.rows_of_other_places, codes(done)) == (2, 2, ["import-stations-unknown"])


def test_a_cell_that_does_not_fit_is_named_by_its_line_and_station(ours: Project, tmp_path: Path) -> None:
    done = import_files("cnemc-daily-wide", [wide(tmp_path / "a.csv", *lines(), *lines("2", NO2="x"))], ours)
    (found,) = done.findings
    assert (found.code, found.row, found.column, found.value) == ("import-number", 21, "9001a", "x")
    assert (done.rows_added, done.rows_set_aside) == (1, 1)


def test_an_empty_cell_or_a_line_that_is_not_there_is_a_missing_value(ours: Project, tmp_path: Path) -> None:
    given = [line for line in lines(PM10="", AQI="") if line[2] != "SO2"]
    done = import_files("cnemc-daily-wide", [wide(tmp_path / "a.csv", *given)], ours)
    (row,) = rows_of(ours).to_dict("records")
    assert (done.findings, row["pm10_ug_m3"], row["so2_ug_m3"], row["no2_ug_m3"]) == ((), "", "", "30")


def test_a_line_of_an_unknown_type_is_set_aside_with_the_nearest(ours: Project, tmp_path: Path) -> None:
    done = import_files("cnemc-daily-wide", [wide(tmp_path / "a.csv", ("20240101", "1", "PM2_5", "1", "2"))], ours)
    (found,) = done.findings
    assert (done.rows_set_aside, found.code, found.row, found.value) == (1, "import-type", 2, "PM2_5")
    assert "did you mean 'PM2.5'" in found.do


def test_a_line_that_is_there_twice_is_already_there_or_contradicts(ours: Project, tmp_path: Path) -> None:
    again, other = lines()[1], ("20240101", "1", "PM2.5", "26", "25")
    done = import_files("cnemc-daily-wide", [wide(tmp_path / "a.csv", *lines(), again, other)], ours)
    assert (done.rows_added, done.rows_already_there, done.rows_set_aside) == (1, 1, 1)
    assert [(found.code, found.column, found.value) for found in done.findings] == [
        ("import-contradiction", "pm2_5_ug_m3", "26")
    ]


@pytest.mark.parametrize(
    ("day", "hour", "column"), [("20240230", "1", "date"), ("x", "1", "date"), ("20240101", "24", "hour")]
)
def test_what_is_no_full_hour_is_set_aside(ours: Project, tmp_path: Path, day: str, hour: str, column: str) -> None:
    done = import_files("cnemc-daily-wide", [wide(tmp_path / "a.csv", *lines(hour, day))], ours)
    assert (done.rows_set_aside, done.rows_of_other_places) == (1, 1)
    assert [(found.code, found.column) for found in done.findings] == [("import-time", column)]


def test_midnight_is_the_hour_it_is_written_as(ours: Project, tmp_path: Path) -> None:
    import_files("cnemc-daily-wide", [wide(tmp_path / "a.csv", *lines("0"))], ours)
    assert list(rows_of(ours)["time"]) == ["2024-01-01T00:00"]


def test_a_printed_index_that_does_not_follow_is_pointed_out_and_kept(ours: Project, tmp_path: Path) -> None:
    done = import_files("cnemc-daily-wide", [wide(tmp_path / "a.csv", *lines(AQI="51"))], ours)
    assert (done.rows_added, codes(done)) == (1, ["import-aqi"])


def test_a_column_that_is_there_twice_is_refused_only_where_it_is_used(ours: Project, tmp_path: Path) -> None:
    for code, counts in (("9001A", (0, ["column-doubled"])), ("1001A", (2, ["import-stations-unknown"]))):
        heading = ("date", "hour", "type", code, code)
        done = import_files("cnemc-daily-wide", [wide(tmp_path / f"{code}.csv", *lines(), heading=heading)], ours)
        assert (done.rows_read, codes(done)) == counts


def test_importing_twice_changes_nothing(ours: Project, tmp_path: Path) -> None:
    file = wide(tmp_path / "a.csv", *lines(), *lines("2", CO="x"), ("20240101", "3", "PM2_5", "1", "2"))
    import_files("cnemc-daily-wide", [file], ours)
    assert import_files("cnemc-daily-wide", [file], ours).files_written == ()
