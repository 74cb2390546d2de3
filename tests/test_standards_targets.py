"""The rule of targets, on numbers worked out by hand, and what must hold for any numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.standards import rules, targets
from reportkit.standards.targets import DIRECTIONS, VERDICTS, Point, Target, on_path, verdict

FALL = Target(2025, "20", "at_most")  # from 30 in 2020: two less each year
RISE = Target(2025, "90", "at_least")  # from 80 in 2020: two more each year
START = {FALL: Point(2020, "30"), RISE: Point(2020, "80")}

values = st.decimals(min_value=0, max_value=200, places=2)
directions = st.sampled_from(DIRECTIONS)
years = st.integers(2021, 2030)


@pytest.mark.parametrize(
    ("baseline", "target", "year", "value"),
    [
        (Point(2020, "30"), FALL, 2020, Fraction(30)),
        (Point(2020, "30"), FALL, 2023, Fraction(24)),
        (Point(2020, "30"), FALL, 2025, Fraction(20)),
        (Point(2022, "85.0"), Target(2025, "80", "at_least"), 2024, Fraction(245, 3)),  # 85 − 5 × 2/3
        (Point(2023, "90.4"), Target(2025, "91", "at_least"), 2024, Fraction(907, 10)),
    ],
)
def test_the_path_is_a_straight_line(baseline: Point, target: Target, year: int, value: Fraction) -> None:
    assert on_path(baseline, target, year) == value


def test_a_baseline_has_to_lie_before_the_target() -> None:
    with pytest.raises(ValueError, match="expected a baseline before 2025, found 2025"):
        on_path(Point(2025, "1"), FALL, 2025)


@pytest.mark.parametrize(
    ("target", "latest", "today", "expected"),
    [
        (FALL, "24", 2023, "on_track"),
        (FALL, "23.9", 2023, "on_track"),
        (FALL, "24.1", 2023, "behind"),
        (FALL, "20", 2023, "met_early"),
        (RISE, "86", 2023, "on_track"),
        (RISE, "85.9", 2023, "behind"),
        (RISE, "90.0", 2023, "met_early"),
    ],
)
def test_before_its_year_a_target_is_held_against_its_path(
    target: Target, latest: str, today: int, expected: str
) -> None:
    assert verdict(target, Point(2023, latest), START[target], today) == expected


@pytest.mark.parametrize(("latest", "expected"), [("20", "met"), ("19.9", "met"), ("20.1", "missed"), ("30", "missed")])
def test_in_its_year_the_value_of_that_year_decides(latest: str, expected: str) -> None:
    assert verdict(FALL, Point(2025, latest), START[FALL], 2025) == expected
    assert verdict(FALL, Point(2025, latest), None, 2030) == expected


def test_without_a_baseline_there_is_no_path_to_be_on() -> None:
    assert verdict(FALL, Point(2023, "24"), None, 2023) == "not_yet"
    assert verdict(FALL, Point(2023, "20"), None, 2023) == "met_early"


def test_the_baseline_alone_says_nothing_about_the_way() -> None:
    assert verdict(FALL, Point(2020, "30"), Point(2020, "30"), 2023) == "not_yet"


def test_without_a_value_nothing_can_be_said() -> None:
    assert verdict(FALL, None, START[FALL], 2023) == "unknown"


def test_a_target_whose_year_has_no_value_cannot_be_judged_by_another_year() -> None:
    assert verdict(FALL, Point(2024, "18"), START[FALL], 2025) == "unknown"
    assert verdict(FALL, Point(2026, "18"), START[FALL], 2026) == "unknown"


def test_the_unrounded_path_decides() -> None:
    """On the way from 85.0 to 80 the path of 2024 is 81.666…; to one decimal it would be 81.7."""
    down = Target(2025, "80", "at_most")
    assert verdict(down, Point(2024, "81.66"), Point(2022, "85.0"), 2024) == "on_track"
    assert verdict(down, Point(2024, "81.67"), Point(2022, "85.0"), 2024) == "behind"


def test_a_direction_is_one_of_two() -> None:
    with pytest.raises(ValueError, match="expected one of at_most, at_least, found 'down'"):
        Target(2025, "1", "down")


@given(values, values, values, values, directions, years, years)
def test_a_better_value_never_gives_a_worse_verdict(
    goal: Decimal, start: Decimal, one: Decimal, other: Decimal, direction: str, year: int, today: int
) -> None:
    target, baseline = Target(2025, goal, direction), Point(2020, start)
    better, worse = (min(one, other), max(one, other))[:: 1 if direction == "at_most" else -1]
    found = [verdict(target, Point(year, value), baseline, today) for value in (better, worse)]
    assert VERDICTS.index(found[0]) <= VERDICTS.index(found[1])


@given(values, values, directions, st.integers(2021, 2024))
def test_a_value_on_the_path_is_never_behind(goal: Decimal, start: Decimal, direction: str, year: int) -> None:
    target, baseline = Target(2025, goal, direction), Point(2020, start)
    assert verdict(target, Point(year, on_path(baseline, target, year)), baseline, year) in ("met_early", "on_track")


@given(values, values, st.integers(2020, 2025))
def test_the_path_stays_between_its_ends(start: Decimal, goal: Decimal, year: int) -> None:
    value = on_path(Point(2020, start), Target(2025, goal, "at_most"), year)
    assert min(start, goal) <= value <= max(start, goal)


def test_the_rule_says_that_it_is_this_publications_own() -> None:
    rule = next(row for row in rules.table("rules") if row["rule"] == "targets.path")
    assert (rule["standard"], rule["verification"]) == ("reportkit", "convention")
    assert "本站的约定" in rule["summary_zh"]
    assert "convention of this publication" in rule["summary_en"]
    assert "baseline + (target - baseline) x (year - baseline year)" in rule["summary_en"]


@pytest.mark.parametrize(
    ("direction", "value", "unit", "expected"),
    [
        ("at_least", "100", "%", "all"),
        ("at_least", "100.0", "%", "all"),
        ("at_least", "100", "km", "at_least"),
        ("at_least", "93", "%", "at_least"),
        ("at_most", "0.0", "%", "none"),
        ("at_most", "0.1", "%", "at_most"),
    ],
)
def test_at_least_all_is_all_and_at_most_nought_is_none(direction: str, value: str, unit: str, expected: str) -> None:
    assert targets.bound(direction, value, unit) == expected
