"""The level of an incident by the criteria of the national plan, and the deadlines of reports, filings and reviews."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reportkit.errors import StandardError
from reportkit.standards import emergency, rules

DAY = date(2024, 7, 1)
HARMLESS: dict[str, Any] = {
    **dict.fromkeys(emergency.COUNTED, 0),
    **dict.fromkeys(emergency.OF_A_KIND),
}


def level(**harm: Any) -> str:
    return emergency.level({**HARMLESS, **harm}, DAY)[0]


@pytest.mark.parametrize(
    ("criterion", "thresholds"),
    [
        # 国家突发环境事件应急预案, annex 1: levels I, II and III; 以上 includes the number, 以下 does not.
        ("deaths", (30, 10, 3)),
        ("injured", (100, 50, 10)),
        ("evacuated", (50_000, 10_000, 5_000)),
        ("loss_yuan", (100_000_000, 20_000_000, 5_000_000)),
    ],
)
def test_a_number_belongs_to_the_level_it_reaches_and_one_less_to_the_next(
    criterion: str, thresholds: tuple[int, ...]
) -> None:
    for place, threshold in enumerate(thresholds):
        assert level(**{criterion: threshold}) == emergency.LEVELS[place]
        assert level(**{criterion: threshold - 1}) == emergency.LEVELS[place + 1]


@pytest.mark.parametrize(
    ("deaths", "expected"),
    [(30, "level_1"), (10, "level_2"), (3, "level_3"), (2, "level_4")],  # oracle O107
)
def test_the_published_oracle_of_deaths(deaths: int, expected: str) -> None:
    assert level(deaths=deaths) == expected


@pytest.mark.parametrize(
    ("criterion", "kinds"),
    [
        ("ecology", ("lost", "partly", "protected")),
        ("water_supply", ("city", "county", "township")),
        ("crossing", ("national", "provincial", "municipal", "county")),
    ],
)
def test_each_kind_of_effect_has_its_level(criterion: str, kinds: tuple[str, ...]) -> None:
    for place, kind in enumerate(kinds):
        assert emergency.level({**HARMLESS, criterion: kind}, DAY) == (emergency.LEVELS[place], criterion)


def test_the_gravest_criterion_decides_and_is_named() -> None:
    incident = {**HARMLESS, "injured": 9, "loss_yuan": 4_999_999, "water_supply": "township"}
    assert emergency.level(incident, DAY) == ("level_3", "water_supply")
    assert emergency.level({**incident, "evacuated": 10_000}, DAY) == ("level_2", "evacuated")


def test_of_equally_grave_criteria_the_first_of_the_plan_is_named() -> None:
    assert emergency.level({**HARMLESS, "loss_yuan": 5_000_000, "injured": 10}, DAY) == ("level_3", "injured")
    assert emergency.level({**HARMLESS, "crossing": "county", "loss_yuan": 1}, DAY) == ("level_4", "loss_yuan")


def test_what_meets_nothing_else_is_ordinary_by_its_effect_on_the_environment() -> None:
    assert emergency.level(HARMLESS, DAY) == ("level_4", "environment")


def test_before_there_were_criteria_nothing_is_judged() -> None:
    assert emergency.level(HARMLESS, date(2014, 12, 29))[0] == "level_4"
    with pytest.raises(StandardError, match="2014-12-28"):
        emergency.level(HARMLESS, date(2014, 12, 28))


@pytest.mark.parametrize(
    ("of", "minutes", "expected"),
    [
        # 突发环境事件信息报告办法, Art. 3: four hours for ordinary and serious incidents, two for graver ones.
        ("level_4", 240, emergency.IN_TIME),
        ("level_4", 241, emergency.LATE),
        ("level_3", 240, emergency.IN_TIME),
        ("level_2", 121, emergency.LATE),
        ("level_1", 120, emergency.IN_TIME),
    ],
)
def test_an_incident_is_reported_within_the_hours_of_its_level(of: str, minutes: int, expected: str) -> None:
    assert emergency.reported(of, minutes, DAY) == expected
    assert emergency.reported(of, minutes, date(2011, 4, 30)) == emergency.UNKNOWN


def test_a_plan_is_filed_within_twenty_working_days_over_the_national_holidays() -> None:
    """2024: 1 to 7 October are holidays; Sunday 29 September and Saturday 12 October are working days.

    From Friday 20 September: 23 to 27 September are five, 29 and 30 make seven, 8 to 12 October twelve, 14 to 18
    seventeen, and 21, 22 and 23 October twenty.
    """
    signed = date(2024, 9, 20)
    taken = [emergency.working_days_taken(signed, date(2024, 10, day)) for day in (22, 23, 24)]
    assert taken == [19, 20, 21]
    assert [emergency.filed(days, signed) for days in taken] == [emergency.IN_TIME, emergency.IN_TIME, emergency.LATE]


def test_a_day_of_rest_after_the_last_day_adds_no_working_day() -> None:
    """From Friday 1 March 2024 the twentieth working day is Friday 29 March; the day after is a Saturday."""
    signed = date(2024, 3, 1)
    assert [emergency.working_days_taken(signed, date(2024, 3, day)) for day in (29, 30)] == [20, 20]
    assert emergency.working_days_taken(signed, date(2024, 4, 1)) == 21


def test_without_a_deadline_or_a_calendar_no_filing_is_judged() -> None:
    assert emergency.filed(1, date(2015, 1, 8)) == emergency.UNKNOWN
    assert emergency.working_days_taken(date(2090, 1, 1), date(2090, 1, 9)) is None
    assert emergency.filed(None, date(2024, 1, 1)) == emergency.UNKNOWN


def test_a_plan_is_reviewed_after_three_years_at_the_latest() -> None:
    due = emergency.review_due(date(2021, 5, 31))
    assert due == date(2024, 5, 31)
    assert emergency.review_due(date(2020, 2, 29)) == date(2023, 2, 28)
    assert emergency.review_due(date(2015, 1, 8)) is None
    assert emergency.state(due, date(2024, 5, 31), is_filed=True) == emergency.CURRENT
    assert emergency.state(due, date(2024, 6, 1), is_filed=True) == emergency.OVERDUE
    assert emergency.state(None, DAY, is_filed=False) == emergency.MISSING


def test_what_was_not_read_is_marked_so() -> None:
    end = date(2024, 12, 31)
    assert not rules.rule("emergency.risk", end).is_verified
    for family in ("level", "report", "filing", "review"):
        assert rules.rule(f"emergency.{family}", end).is_verified
    for name in (emergency.CRITERIA, emergency.DEADLINES):
        assert all(row["source"] and row["clause"] for row in rules.table(name))
