"""Periods that are shorter than a year, as published figures name them: ``2024-03``, ``2024-01/2024-09``."""

from __future__ import annotations


def is_within(period: str, year: int) -> bool:
    """Whether *period* lies inside the year and is shorter than it."""
    return len(period) > len("2024") and period[:4] == end(period)[:4] == str(year)


def end(period: str) -> str:
    """The month or day with which a period ends."""
    return period.rpartition("/")[2]


def months(period: str) -> int:
    """How many months a period reaches over."""
    return int(end(period)[5:7]) - int(period[5:7]) + 1


def order(period: str) -> tuple[str, int]:
    """What periods are sorted by: their end, then the shorter first."""
    return end(period), months(period)


def suffix(period: str) -> str:
    """A period as a part of a figure's name."""
    return period.replace("-", "_").replace("/", "_to_")
