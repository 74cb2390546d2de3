"""The checker's working days: the same as those of the program, and unknown beyond the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from reportkit.standards.working_days import between, deadline
from reportkit.verify.days import working_day_after, working_days


@pytest.mark.parametrize(
    ("since", "until"),
    [("2024-02-01", "2024-03-01"), ("2024-09-27", "2024-10-12"), ("2024-05-31", "2024-05-31")],
)
def test_both_count_the_same(since: str, until: str) -> None:
    assert working_days(since, until) == between(date.fromisoformat(since), date.fromisoformat(until))


def test_beyond_the_calendar_nothing_is_known() -> None:
    assert working_days("2098-12-31", "2099-01-31") is None


def test_a_day_is_found_though_the_calendar_ends_soon_after() -> None:
    assert working_day_after("2024-09-27", 5) == deadline(date(2024, 9, 27), 5).isoformat() == "2024-10-10"
    assert working_day_after("2026-12-01", 5) == "2026-12-08"
