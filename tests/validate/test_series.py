"""Jumps that no air makes, and instruments that stand still."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from defects import of_code
from projects import REPO, add
from reportkit.project import Project, open_project

DAY = {"station_id": "S1", "status": "provisional", "source_id": "gz-annual-2014"}


def days(project: Project, column: str, values: Iterable[str], station: str = "S1", first: int = 1) -> None:
    """Days of January 2024 with one reading each."""
    rows = [
        {**DAY, "station_id": station, "date": f"2024-01-{day:02}", column: value}
        for day, value in enumerate(values, first)
    ]
    add(project.data / "air/station_daily_2024.csv", *rows)


def hours(project: Project, station: str, column: str, values: Iterable[str]) -> None:
    """Hours of 1 January 2024 with one reading each."""
    rows = [
        {**DAY, "station_id": station, "time": f"2024-01-01T{hour:02}:00", column: value}
        for hour, value in enumerate(values, 1)
    ]
    add(project.data / "air/station_hourly.csv", *rows)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["25", "125"], ["125"]),  # five times, and 100 more
        (["125", "25"], ["25"]),  # down as well as up
        (["25", "124"], []),  # the step is short of 100
        (["34", "134"], []),  # the factor is short of 4
        (["25", "", "125"], []),  # a day between is not known
        (["25", "125", "125"], ["125"]),
    ],
)
def test_a_jump_is_beyond_both_its_step_and_its_factor(project: Project, values: list[str], found: list[str]) -> None:
    days(project, "pm2_5_ug_m3", values)
    assert [it.value for it in of_code(project, "jump")] == found


def test_a_jump_is_from_one_day_to_the_next_of_the_same_station(project: Project) -> None:
    days(project, "pm2_5_ug_m3", ["25"])
    days(project, "pm2_5_ug_m3", ["200"], station="S2", first=2)
    days(project, "pm2_5_ug_m3", ["200"], first=3)
    assert of_code(project, "jump") == []


def test_rows_may_come_in_any_order(project: Project) -> None:
    days(project, "pm2_5_ug_m3", ["200"], first=2)
    days(project, "pm2_5_ug_m3", ["25"], first=1)
    (found,) = of_code(project, "jump")
    assert (found.row, found.details["before"], found.details["time"]) == (2, "25", "2024-01-01")


@pytest.mark.parametrize(("times", "is_stuck"), [(6, False), (7, True)])
def test_a_reading_that_repeats_a_week_is_stuck(project: Project, times: int, is_stuck: bool) -> None:
    days(project, "no2_ug_m3", ["41", *["42"] * times, "43"])
    found = of_code(project, "stuck")
    assert [(it.row, it.details["times"], it.details["last"]) for it in found] == [(3, "7", "2024-01-08")] * is_stuck


def test_a_missing_day_does_not_hide_a_stuck_instrument(project: Project) -> None:
    days(project, "no2_ug_m3", ["42", "42", "42", "", "42", "42", "42", "42"])
    assert len(of_code(project, "stuck")) == 1


def test_the_same_reading_at_two_stations_is_not_a_run(project: Project) -> None:
    days(project, "no2_ug_m3", ["42"] * 4)
    days(project, "no2_ug_m3", ["42"] * 4, station="S2")
    assert of_code(project, "stuck") == []


def test_sulphur_dioxide_repeats_by_nature(project: Project) -> None:
    days(project, "so2_ug_m3", ["6"] * 20)
    assert of_code(project, "stuck") == []
    days(project, "so2_ug_m3", ["6"], first=21)
    assert len(of_code(project, "stuck")) == 1


def test_hours_have_limits_of_their_own(project: Project) -> None:
    hours(project, "S1", "no2_ug_m3", ["42"] * 11)
    hours(project, "S2", "pm2_5_ug_m3", ["30", "329"])
    assert of_code(project, "stuck") == of_code(project, "jump") == []
    hours(project, "S3", "no2_ug_m3", ["42"] * 12)
    hours(project, "S4", "pm2_5_ug_m3", ["30", "330"])
    assert [it.key for it in of_code(project, "stuck")] == ["station_id=S3;time=2024-01-01T01:00"]
    assert [it.value for it in of_code(project, "jump")] == ["330"]


def test_the_one_stuck_instrument_of_the_demonstration_is_found_and_no_other() -> None:
    (found,) = of_code(open_project(REPO), "stuck")
    assert found.key == "station_id=DEMO-440103-2;date=2024-07-08"
    assert (found.column, found.details["times"], found.status) == ("no2_ug_m3", "14", "demonstration")
