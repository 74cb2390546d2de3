"""The national hourly feed: whose station it is, which hour it is, and what its cells may be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reportkit.importers import Imported, import_files
from reportkit.load import Reader
from reportkit.project import Project

Write = Callable[..., Path]


def codes(imported: Imported) -> set[str]:
    return {found.code for found in imported.findings}


def table(project: Project, name: str) -> pd.DataFrame:
    return Reader(project).raw(name)


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2024-01-01T0000", "2024-01-01T00:00"),
        ("2024-01-01T23:00", "2024-01-01T23:00"),
        ("2024-01-01 05:00:00", "2024-01-01T05:00"),
        ("2024-01-01T05", "2024-01-01T05:00"),
        ("2024-01-01T05:00:00+08:00", "2024-01-01T05:00"),
        ("2023-12-31T21:00:00Z", "2024-01-01T05:00"),
    ],
)
def test_an_hour_is_read_in_the_forms_it_is_written(project: Project, hours: Write, written: str, hour: str) -> None:
    import_files("cnemc-hourly", [hours({"timepoint": written})], project)
    assert list(table(project, "air/station_hourly")["time"]) == [hour]


@pytest.mark.parametrize("written", ["", "2024-01-01", "2024-13-01T0000", "2024-01-01T0030", "20240101", "0"])
def test_what_is_no_full_hour_is_set_aside(project: Project, hours: Write, written: str) -> None:
    done = import_files("cnemc-hourly", [hours({"timepoint": written})], project)
    assert (done.rows_set_aside, codes(done)) == (1, {"import-time"})


def test_the_hour_may_be_in_the_name_of_the_file_and_that_is_noted(project: Project, hours: Write) -> None:
    file = hours({}, name="snapshot_2022-01-02T00.csv", without=("timepoint",))
    done = import_files("cnemc-hourly", [file], project)
    assert list(table(project, "air/station_hourly")["time"]) == ["2022-01-02T00:00"]
    (note,) = (found for found in done.findings if found.code == "import-time-from-name")
    assert note.severity == "note"
    assert "2022-01-02T00:00" in note.do


@pytest.mark.parametrize("name", ["snapshot.csv", "snapshot_2022-13-02T00.csv"])
def test_without_any_hour_nothing_is_imported(project: Project, hours: Write, name: str) -> None:
    done = import_files("cnemc-hourly", [hours({}, name=name, without=("timepoint",))], project)
    assert (done.rows_read, codes(done)) == (0, {"import-columns"})


@pytest.mark.parametrize(
    ("area", "district", "area_code"),
    [
        ("广州市", "天河区", "440106"),
        ("广州", "天河", "440106"),
        ("", "荔湾", "440103"),
        ("天河区", "", "440106"),
        ("广州市", "", "440100"),
        ("广州市", "不详", "440100"),
    ],
)
def test_a_new_station_of_ours_is_put_into_the_district_it_names(
    project: Project, hours: Write, area: str, district: str, area_code: str
) -> None:
    done = import_files("cnemc-hourly", [hours({"area": area, "district": district})], project)
    (station,) = table(project, "stations").to_dict("records")
    assert (station["station_id"], station["name_zh"], station["name_en"]) == ("9001A", "甲站", "9001A")
    assert (station["area_code"], station["network"], station["status"]) == (area_code, "national", "provisional")
    assert station["opened_date"] == ""
    assert "import-station-new" in codes(done)
    assert ("import-station-district" in codes(done)) == (area_code == "440100")


@pytest.mark.parametrize(("area", "district"), [("贵阳市", "白云区"), ("", "南山"), ("广东省", "天河"), ("", "")])
def test_another_places_station_is_counted_and_nothing_else(
    project: Project, hours: Write, area: str, district: str
) -> None:
    done = import_files("cnemc-hourly", [hours({"area": area, "district": district, "pm10": "?"})], project)
    assert (done.rows_read, done.rows_of_other_places, done.findings, done.files_written) == (1, 1, (), ())


def test_a_station_we_know_needs_no_district(project: Project, hours: Write) -> None:
    import_files("cnemc-hourly", [hours({})], project)
    later = hours({"timepoint": "2023-01-01T0200"}, name="later.csv", without=("district",))
    import_files("cnemc-hourly", [later], project)
    assert list(table(project, "stations")["area_code"]) == ["440106"]
    assert len(table(project, "air/station_hourly")) == 2


def test_a_file_without_any_place_is_refused(project: Project, hours: Write) -> None:
    done = import_files("cnemc-hourly", [hours({}, without=("area", "district"))], project)
    assert (done.rows_read, codes(done)) == (0, {"import-columns"})


def test_a_station_of_ours_without_a_code_is_set_aside(project: Project, hours: Write) -> None:
    done = import_files("cnemc-hourly", [hours({"stationcode": ""})], project)
    assert codes(done) == {"import-required"}


def test_hourly_values_are_taken_not_running_means(project: Project, hours: Write) -> None:
    row = {"pm10": "1", "pm10_24h": "2", "o3": "3", "o3_8h": "4", "o3_8h_24h": "5", "co": "0.6", "co_24h": "0.7"}
    import_files("cnemc-hourly", [hours(row)], project)
    (kept,) = table(project, "air/station_hourly").to_dict("records")
    assert (kept["pm10_ug_m3"], kept["o3_ug_m3"], kept["co_mg_m3"]) == ("1", "3", "0.6")


def test_an_empty_cell_is_a_missing_value(project: Project, hours: Write) -> None:
    import_files("cnemc-hourly", [hours({"pm10": "", "co": " "})], project)
    (row,) = table(project, "air/station_hourly").to_dict("records")
    assert (row["pm10_ug_m3"], row["co_mg_m3"], row["so2_ug_m3"]) == ("", "", "7")


def test_numbers_are_written_with_the_decimals_of_their_column(project: Project, hours: Write) -> None:
    import_files("cnemc-hourly", [hours({"pm10": "12.0", "co": "1"})], project)
    (row,) = table(project, "air/station_hourly").to_dict("records")
    assert (row["pm10_ug_m3"], row["co_mg_m3"]) == ("12", "1.0")


@pytest.mark.parametrize("cell", ["-1", "NaN", "—", "1e2", "12.5", "١٢", "9" * 20, "=1+1"])
def test_what_is_no_number_of_its_column_is_set_aside(project: Project, hours: Write, cell: str) -> None:
    done = import_files("cnemc-hourly", [hours({"pm10": cell})], project)
    assert (done.rows_added, done.rows_set_aside, codes(done)) == (0, 1, {"import-number"})
    assert table(project, "stations").empty


@pytest.mark.parametrize("cell", ["100", "1181", "1404.0"])
def test_carbon_monoxide_in_micrograms_is_set_aside(project: Project, hours: Write, cell: str) -> None:
    done = import_files("cnemc-hourly", [hours({"co": cell})], project)
    assert codes(done) == {"import-unit"}


def test_a_primary_pollutant_may_hold_two_names_in_quotes(project: Project, hours: Write) -> None:
    done = import_files("cnemc-hourly", [hours({"primarypollutant": "颗粒物(PM10),细颗粒物(PM2.5)"})], project)
    assert done.rows_added == 1
