"""Years with too few days that count."""

from __future__ import annotations

import pandas as pd
import pytest

from defects import of_code
from projects import add
from reportkit.project import Project

FULL = {"valid_hours": "24", "o3_8h_windows": "17", "status": "provisional", "source_id": "gz-annual-2014"}


def year(project: Project, without: list[str], **cells: str) -> None:
    """A station's 2023 with PM2.5 on each day but those *without*."""
    dates = pd.date_range("2023-01-01", "2023-12-31").strftime("%Y-%m-%d")
    rows = [
        {**FULL, "station_id": "S1", "date": day, "pm2_5_ug_m3": "20", **cells} for day in dates if day not in without
    ]
    add(project.data / "air/station_daily_2023.csv", *rows)


def of_pm2_5(project: Project) -> list[str]:
    return [it.value for it in of_code(project, "coverage-low") if it.column == "pm2_5_ug_m3"]


def days(month: int, number: int) -> list[str]:
    return [f"2023-{month:02}-{day:02}" for day in range(1, number + 1)]


@pytest.mark.parametrize(
    ("without", "is_low"),
    [
        ([], False),
        (days(1, 4), False),  # 27 days are left
        (days(1, 5), True),
        (days(2, 3), False),  # 25 in February
        (days(2, 4), True),
        ([day for month in range(1, 12) for day in days(month, 3)] + days(12, 4), False),  # 328 days
        ([day for month in range(1, 13) for day in days(month, 3)] + days(12, 4) + ["2023-01-04", "2023-03-04"], False),
        (
            [d for m in (1, 3, 5, 7, 8, 10, 12) for d in days(m, 4)] + [d for m in (4, 6, 9, 11) for d in days(m, 3)],
            False,
        ),
        (  # each month has enough, and 322 days are too few
            [d for m in (1, 3, 5, 7, 8, 10, 12) for d in days(m, 4)]
            + [d for m in (4, 6, 9, 11) for d in days(m, 3)]
            + days(2, 3),
            True,
        ),
    ],
)
def test_a_year_needs_its_days_and_each_month_its_own(project: Project, without: list[str], is_low: bool) -> None:
    year(project, without)
    assert bool(of_pm2_5(project)) == is_low


def test_a_day_with_too_few_hours_does_not_count(project: Project) -> None:
    year(project, [], valid_hours="19")
    assert of_pm2_5(project) == ["S1: 0 days in 2023, 0 in month 1"]


def test_there_is_one_note_for_a_station_parameter_and_year(project: Project) -> None:
    year(project, days(3, 20))
    (found,) = [it for it in of_code(project, "coverage-low") if it.column == "pm2_5_ug_m3"]
    assert (found.severity, found.row, found.year, found.key) == ("note", None, 2023, "station_id=S1;year=2023")
    assert (found.details["days"], found.details["month"], found.details["fewest"]) == ("345", "3", "11")
