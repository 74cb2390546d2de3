"""Deadlines in working days, on the calendar of the State Council: shifted working days count, holidays do not."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from reportkit.errors import StandardError


def is_working_day(day: date) -> bool:
    """Whether people work on *day*; StandardError for a year whose holidays are not known."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        raise StandardError(f"the working days of {day.year} are not known", found=str(error)) from error


def deadline(received: date, days: int) -> date:
    """The last of so many working *days* after the day something was *received*, which itself does not count."""
    day = received
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day
