"""A million rows are checked in seconds, right ones and wrong ones."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from projects import add
from reportkit.findings import Finding
from reportkit.project import Project
from reportkit.validate import check

ORIGIN = {"status": "provisional", "source_id": "gz-annual-2014"}
COLUMNS = ("so2_ug_m3", "no2_ug_m3", "pm10_ug_m3", "pm2_5_ug_m3")


def checked(project: Project, file: str, rows: pd.DataFrame) -> list[Finding]:
    """What is found with *rows* in *file*; says how long it took."""
    station = {
        "name_zh": "x",
        "name_en": "x",
        "area_code": "440106",
        "network": "national",
        "is_control_point": "false",
    }
    add(
        project.data / "stations.csv",
        *({**station, **ORIGIN, "station_id": id_} for id_ in rows["station_id"].unique()),
    )
    rows.to_csv(project.data / file, index=False, lineterminator="\n")
    began = time.monotonic()
    found = check(project)
    print(f"{len(rows)} rows of {file}: {time.monotonic() - began:.1f} s, {sum(it.count for it in found)} findings")
    return found


def measured(stations: int, times: pd.Index, highest: dict[str, int]) -> pd.DataFrame:
    """A row for each station and time, with even random numbers up to the *highest* of each column."""
    names = [f"S{number:03}" for number in range(stations)]
    rows = pd.MultiIndex.from_product([names, times], names=["station_id", times.name]).to_frame(index=False)
    random = np.random.default_rng(1)
    for column, most in highest.items():
        rows[column] = random.integers(most // 2, most, len(rows))
    rows["co_mg_m3"] = random.integers(1, 30, len(rows)) / 10
    return rows


@pytest.mark.slow
def test_a_million_hours_are_checked_in_seconds(project: Project) -> None:
    times = pd.date_range("2023-01-01T01:00", periods=8000, freq="h").strftime("%Y-%m-%dT%H:%M").rename("time")
    rows = measured(125, times, {"so2_ug_m3": 60, "no2_ug_m3": 90, "pm10_ug_m3": 200, "pm2_5_ug_m3": 90})
    rows = rows.assign(o3_ug_m3=rows["no2_ug_m3"], **ORIGIN)
    rows.loc[999_999, "so2_ug_m3"] = -1
    found = checked(project, "air/station_hourly.csv", rows)
    assert [(it.code, it.row) for it in found if it.severity == "stop"] == [("minimum", 1_000_001)]


@pytest.mark.slow
def test_a_million_days_are_checked_in_seconds(project: Project) -> None:
    times = pd.date_range("2018-01-01", periods=2000).strftime("%Y-%m-%d").rename("date")
    rows = measured(500, times, {"so2_ug_m3": 60, "no2_ug_m3": 90, "pm10_ug_m3": 200, "pm2_5_ug_m3": 90})
    rows = rows.assign(o3_8h_ug_m3=rows["pm10_ug_m3"], o3_1h_ug_m3=200, valid_hours=24, o3_8h_windows=17, **ORIGIN)
    found = checked(project, "air/station_daily_2021.csv", rows)
    assert (
        sum(it.count for it in found if it.code == "coverage-low") == 500 * 6
    )  # the pollutants of 2023, which ends in June


@pytest.mark.slow
def test_a_million_rows_most_of_them_wrong_are_checked_in_seconds(project: Project) -> None:
    times = pd.date_range("2018-01-01", periods=2000).strftime("%Y-%m-%d").rename("date")
    rows = measured(500, times, {"so2_ug_m3": 60, "no2_ug_m3": 90, "pm10_ug_m3": 90, "pm2_5_ug_m3": 200})
    rows = rows.assign(o3_8h_ug_m3="x", o3_1h_ug_m3=-1, valid_hours=24, o3_8h_windows=17, **ORIGIN)
    found = checked(project, "air/station_daily_2021.csv", rows)
    assert sum(it.count for it in found if it.code in ("type", "minimum")) == 2_000_000
