"""Grades of noise and limits of zones: on levels that authorities printed, at every bound, and just beyond it."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reportkit.errors import StandardError
from reportkit.standards import noise, rules

YEAR_END = date(2024, 12, 31)
NAMES = {1: "好", 2: "较好", 3: "一般", 4: "较差", 5: "差"}


@pytest.mark.parametrize(
    ("subject", "time", "level", "expected"),
    [
        # Xuancheng printed these four levels with their grades for 2018 (O083-O086),
        # https://www.xuancheng.gov.cn/OpennessContent/show/1373565.html
        ("area", "day", "54.5", "较好"),
        ("area", "night", "46.1", "一般"),
        ("road", "day", "59.3", "好"),
        ("road", "night", "51.4", "好"),
        # Levels printed for Guangzhou in 2017, grades worked out (O087, O088).
        ("area", "day", "55.3", "一般"),
        ("road", "day", "69.0", "较好"),
    ],
)
def test_published_levels_have_their_grades(subject: str, time: str, level: str, expected: str) -> None:
    assert NAMES[noise.grade(level, subject, time, date(2018, 12, 31))] == expected


def test_every_oracle_of_the_reference_material_is_reproduced(shared: Path) -> None:
    with (shared / "domain/standards/oracles.csv").open(encoding="utf-8") as lines:
        oracles = [row for row in csv.DictReader(lines) if row["standard"] == "HJ 640-2012 level"]
    assert [row["id"] for row in oracles] == ["O083", "O084", "O085", "O086", "O087", "O088"]
    subjects = {"区域": "area", "道路": "road"}
    for row in oracles:
        subject, time, level = row["inputs"].split(" ")[-3:]
        grade = noise.grade(level, subjects[subject], time, date(2017, 12, 31))
        assert NAMES[grade] == row["expected"].split(" ")[-1], row["id"]


@pytest.mark.parametrize("subject", noise.SUBJECTS)
@pytest.mark.parametrize("time", noise.TIMES)
def test_a_level_on_a_bound_gets_the_better_grade_and_a_tenth_more_the_next(subject: str, time: str) -> None:
    bounds = noise.bounds(subject, time, YEAR_END)
    assert len(bounds) == 4
    for number, bound in enumerate(bounds, start=1):
        assert noise.grade(bound, subject, time, YEAR_END) == number
        assert noise.grade(bound + Decimal("0.1"), subject, time, YEAR_END) == number + 1


@pytest.mark.parametrize(
    ("level", "grade"),
    [("55.04", 2), ("55.05", 2), ("55.0500001", 3), ("55.15", 3), ("60.05", 3), ("60.15", 4)],
)
def test_a_level_is_rounded_half_to_even_to_a_tenth_before_it_is_graded(level: str, grade: int) -> None:
    """55.05 becomes 55.0, the last level of grade 2; half up would make 55.1 and grade 3 of it."""
    assert noise.grade(level, "area", "day", YEAR_END) == grade


def test_the_bounds_are_not_those_of_a_copy_with_a_slip_in_it() -> None:
    """One public transcription has 50, 55, 50, 65 for areas by day."""
    assert noise.bounds("area", "day", YEAR_END) == tuple(map(Decimal, ("50.0", "55.0", "60.0", "65.0")))


def test_the_tables_are_those_of_the_reference_material(shared: Path) -> None:
    with (shared / "domain/standards/hj640_levels.csv").open(encoding="utf-8") as lines:
        levels = list(csv.DictReader(lines))
    subjects = {"区域": "area", "道路交通": "road"}
    wanted = [(subjects[row["evaluation"]], row["period"], row["description"], row["upper_incl_dB"]) for row in levels]
    found = [
        (row["subject"], row["time"], NAMES[int(row["grade"])], row["up_to_db"]) for row in rules.table("noise_grades")
    ]
    assert found == wanted
    with (shared / "domain/standards/gb3096_limits.csv").open(encoding="utf-8") as lines:
        limits = [row for row in csv.DictReader(lines) if row["zone"] != "all"]
    assert [(row["zone"], row["day_db"], row["night_db"]) for row in rules.table("noise_limits")] == [
        (row["zone"], row["day_limit_dBA"], row["night_limit_dBA"]) for row in limits
    ]


@pytest.mark.parametrize(
    ("zone", "day", "night"),
    [("0", 50, 40), ("1", 55, 45), ("2", 60, 50), ("3", 65, 55), ("4a", 70, 55), ("4b", 70, 60)],
)
def test_a_zone_has_a_limit_by_day_and_one_by_night(zone: str, day: int, night: int) -> None:
    """GB 3096-2008, cl. 5.1-5.4, as re-posted in http://www.irmawy.com/News/Newsin127.html."""
    limit = noise.limit(zone, YEAR_END)
    assert (limit.at("day"), limit.at("night")) == (day, night)
    assert limit.is_met_by(str(night), "night")
    assert not limit.is_met_by(f"{night}.1", "night")
    assert limit.is_met_by_peak(str(night + 15))
    assert not limit.is_met_by_peak(f"{night + 15}.1")


def test_the_zones_stand_from_the_quietest_on() -> None:
    assert noise.zones(YEAR_END) == ("0", "1", "2", "3", "4a", "4b")


def test_what_has_no_limit_or_no_grade_is_said() -> None:
    with pytest.raises(StandardError, match="no limit of noise"):
        noise.limit("5", YEAR_END)
    with pytest.raises(StandardError, match="no grades of noise"):
        noise.grade("50", "sea", "day", YEAR_END)
    with pytest.raises(StandardError, match="no grades of noise"):
        noise.grade("50", "area", "day", date(2000, 1, 1))


@pytest.mark.parametrize("name", ["noise_grades", "noise_limits"])
def test_every_row_says_where_it_stands_and_how_sure_it_is(name: str) -> None:
    for row in rules.table(name):
        assert row["source"]
        assert row["verification"] == "seen"
        assert row["valid_from"] == "2013-01-01"


def test_what_was_not_read_is_marked() -> None:
    marks = {row["rule"]: row["verification"] for row in rules.table("rules") if row["rule"].startswith("noise.")}
    assert marks == {
        "noise.grade": "seen",
        "noise.area_mean": "memory",
        "noise.road_mean": "memory",
        "noise.loud_roads": "memory",
        "noise.schedule": "memory",
        "noise.limits": "seen",
        "noise.compliance": "memory",
    }
