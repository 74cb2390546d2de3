"""The rules of environmental credit, held to their own words; what was not read is marked."""

from __future__ import annotations

from datetime import date

import pytest

from projects import REPO, read
from reportkit.errors import StandardError
from reportkit.standards import credit, rules

DAY, GUANGZHOU = date(2024, 12, 31), "440100"


@pytest.mark.parametrize(
    ("points", "extra", "expected"),
    [
        # The notices of the city: green is 100 points and at least two green extra indicators, blue 80 to 100,
        # yellow 60 to 79, red below 60.
        (100, 2, "green"),
        (100, 3, "green"),
        (100, 1, "blue"),
        (99, 11, "blue"),
        (80, 0, "blue"),
        (79, 11, "yellow"),
        (60, 0, "yellow"),
        (59, 11, "red"),
        (0, 0, "red"),
    ],
)
def test_a_level_is_the_best_whose_points_and_extra_indicators_are_reached(
    points: int, extra: int, expected: str
) -> None:
    assert credit.level(points, extra, DAY, has_veto=False, has_incident=False) == expected


@pytest.mark.parametrize("points", [0, 80, 100])
def test_any_veto_makes_it_red_whatever_the_points(points: int) -> None:
    assert credit.level(points, 11, DAY, has_veto=True, has_incident=False) == "red"


@pytest.mark.parametrize(("points", "expected"), [(100, "blue"), (90, "yellow"), (70, "red"), (10, "red")])
def test_an_ordinary_emergency_lowers_it_by_one(points: int, expected: str) -> None:
    assert credit.level(points, 2, DAY, has_veto=False, has_incident=True) == expected


@pytest.mark.parametrize(
    ("before", "event", "after"),
    [
        ("green", "without_permit", "red"),
        ("blue", "over_standard", "yellow"),
        ("red", "over_standard", "red"),  # what is lower stays
        (None, "over_standard", "yellow"),
        ("blue", "ledger", "blue"),
        (None, "ledger", None),
        ("green", "general_incident", "blue"),
        ("red", "general_incident", "red"),
        (None, "general_incident", None),
        ("green", "serious_incident", "red"),  # a veto
    ],
)
def test_an_event_leaves_no_better_level_than_its_own(before: str | None, event: str, after: str | None) -> None:
    assert credit.triggered(before, event, DAY) == after


def test_an_unknown_event_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(StandardError, match=r"'over_standart'[\s\S]*'over_standard'"):
        credit.triggered("blue", "over_standart", DAY)


@pytest.mark.parametrize(
    ("published", "last"),
    [
        (date(2024, 5, 24), date(2024, 11, 24)),
        (date(2023, 8, 31), date(2024, 2, 29)),  # February has no 31st
        (date(2022, 8, 31), date(2023, 2, 28)),
        (date(2024, 12, 1), date(2025, 6, 1)),
    ],
)
def test_six_months_end_on_the_same_day_of_the_sixth_month(published: date, last: date) -> None:
    assert credit.last_day_to_apply(published, GUANGZHOU) == last
    assert credit.timeliness(published, last, GUANGZHOU) == credit.IN_TIME
    day_after = date.fromordinal(last.toordinal() + 1)
    assert credit.timeliness(published, day_after, GUANGZHOU) == credit.TOO_LATE


@pytest.mark.parametrize(
    ("before", "now", "way"), [("red", "yellow", "up"), ("green", "red", "down"), ("blue", "blue", "same")]
)
def test_a_movement_is_up_where_the_level_is_better(before: str, now: str, way: str) -> None:
    assert credit.movement(before, now) == way
    assert credit.movement(None, now) is None


def test_there_are_as_many_vetoes_and_indicators_as_the_city_counts() -> None:
    """21 general indicators and 14 vetoes; the four kinds weigh 29, 5, 54 and 12 percent."""
    assert len(rules.table("credit_vetoes")) == 14
    assert len(rules.table("credit_indicators")) == 21
    weights = [int(row["weight_pct"]) for row in rules.table("credit_weights")]
    assert (weights, sum(weights)) == ([29, 5, 54, 12], 100)


def test_what_was_not_read_is_marked_row_by_row() -> None:
    """As the reference material has it: eight of the vetoes read, weights only where they were read."""
    not_read = [row["veto"] for row in rules.table("credit_vetoes") if row["verification"] == "memory"]
    assert not_read == ["08", "09", "10", "12", "13", "14"]
    for row in rules.table("credit_indicators"):
        assert (row["verification"] == "seen") == bool(row["weight_pct"])


def test_the_present_guide_to_repair_was_not_read() -> None:
    assert rules.rule("credit.repair", date(2022, 12, 31), GUANGZHOU).is_verified
    assert not rules.rule("credit.repair", DAY, GUANGZHOU).is_verified
    assert "没有读到" in rules.rule("credit.repair", DAY, GUANGZHOU).summary_zh


def test_every_event_of_the_tables_has_a_rule() -> None:
    used = {row["event"] for row in read(REPO / "data/credit/events.csv")}
    assert used <= set(credit.triggers(DAY))


def test_a_day_before_the_rules_is_answered_with_the_days_known() -> None:
    with pytest.raises(StandardError, match="2014-01-01"):
        credit.levels(date(2013, 12, 31))
