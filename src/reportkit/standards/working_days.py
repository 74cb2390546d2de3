"""Working days on the calendar of the State Council: shifted working days count, holidays do not.

What is counted begins on the day after. Each raises StandardError for a year whose holidays are not known.
"""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from reportkit.errors import StandardError


def is_working_day(day: date) -> bool:
    """Whether people work on *day*."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:  # that is how the calendar says that a year is beyond it
        raise StandardError(f"the working days of {day.year} are not known", found=str(error)) from error


def between(first: date, last: date) -> int:
    """How many working days there are after the day *first*, up to the day *last*."""
    return sum(is_working_day(first + timedelta(days=number + 1)) for number in range((last - first).days))


def from_day(day: date) -> date:
    """The *day* itself where people work on it, else the next on which they do."""
    return deadline(day - timedelta(days=1), 1)


def deadline(received: date, days: int) -> date:
    """The last of so many working *days* after the day something was *received*, which itself does not count."""
    day = received
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day
