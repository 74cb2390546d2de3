"""A project without measurements, and files as the formats write them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from projects import empty_project
from reportkit.project import Project

Write = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return empty_project(tmp_path / "project")


@pytest.fixture
def hours(tmp_path: Path) -> Write:
    """Writes an hourly file; each row is given by what differs from one ordinary row."""
    usual = {
        "timepoint": "2023-01-01T0100",
        "stationcode": "9001A",
        "longitude": "113.2",
        "latitude": "23.1",
        "area": "广州市",
        "positionname": "甲站",
        "district": "天河",
        "primarypollutant": "",
        "aqi": "50",
        **dict.fromkeys(("pm10", "pm10_24h"), "50"),
        **dict.fromkeys(("pm2_5", "pm2_5_24h"), "25"),
        **dict.fromkeys(("o3", "o3_24h", "o3_8h", "o3_8h_24h"), "80"),
        **dict.fromkeys(("no2", "no2_24h"), "30"),
        **dict.fromkeys(("so2", "so2_24h"), "7"),
        **dict.fromkeys(("co", "co_24h"), "0.8"),
    }
    return _writer(tmp_path, "hours.csv", usual)


@pytest.fixture
def days(tmp_path: Path) -> Write:
    """Writes a daily series; each row is given by what differs from one ordinary row."""
    usual = {"aqi": "50", "co": "0.8", "no2": "30", "o3": "100", "pm10": "50", "pm2_5": "25"}
    usual |= {"quality": "优", "rank": "1", "so2": "7", "time_point": "2023-01-01"}
    return _writer(tmp_path, "days.csv", usual)


def _writer(folder: Path, file_name: str, usual: dict[str, str]) -> Write:
    def write(
        *rows: dict[str, str], name: str = file_name, without: tuple[str, ...] = (), encoding: str = "utf-8"
    ) -> Path:
        columns = [column for column in usual if column not in without]
        path = folder / name
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows({**usual, **row} for row in rows)
        return path

    return write
