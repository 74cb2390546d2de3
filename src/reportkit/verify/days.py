"""Working days as the checker counts them, from the same calendar and by itself."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count, islice

import chinese_calendar


def working_days(since: str, until: str) -> int | None:
    """The working days from the day after one day to another; none where the calendar does not know their years."""
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    try:
        return sum(_is_worked(first + timedelta(step)) for step in range(1, (last - first).days + 1))
    except LookupError:
        return None


def working_day_after(day: str, number: int) -> str:
    """The working day that is so many after a day; LookupError where the calendar ends before it."""
    later = (date.fromisoformat(day) + timedelta(step) for step in count(1))
    (found,) = islice(filter(_is_worked, later), number - 1, number)
    return found.isoformat()


def _is_worked(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:  # that is how the calendar says that a year is beyond it
        raise LookupError(f"no calendar of {day.year}") from error
