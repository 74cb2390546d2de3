"""Least ratios of a draw, and the deadline for its results, each by its date."""

from __future__ import annotations

from datetime import date

import pytest

from reportkit.standards import law, rules, supervision

DAY, GUANGZHOU = date(2024, 12, 31), "440100"


@pytest.mark.parametrize(("bureau", "least"), [("city", "5"), ("district", "25")])
def test_of_key_units_a_city_draws_five_percent_and_a_district_twenty_five(bureau: str, least: str) -> None:
    """Guangdong's plan of 2016: key units, city at least 5 % a quarter, county at least 25 %."""
    row = supervision.least(bureau, "key", DAY, GUANGZHOU)
    assert row is not None
    assert row["least_pct"] == least


@pytest.mark.parametrize(("bureau", "units"), [("city", "5"), ("district", "10")])
def test_of_general_units_each_inspector_draws_so_many(bureau: str, units: str) -> None:
    """The same plan: inspectors to units 1:5 in a city, 1:10 in a county."""
    row = supervision.least(bureau, "general", DAY, GUANGZHOU)
    assert row is not None
    assert (row["least_pct"], row["units_per_inspector"]) == ("", units)


def test_where_nothing_is_set_nothing_is_made_up() -> None:
    assert supervision.least("district", "special", DAY, GUANGZHOU) is None
    assert supervision.least("district", "key", date(2015, 12, 31), GUANGZHOU) is None
    assert supervision.deadline(date(2019, 1, 26)) is None


@pytest.mark.parametrize(("days", "expected"), [(20, law.IN_TIME), (21, law.LATE), (None, law.UNKNOWN)])
def test_a_result_is_published_within_twenty_working_days(days: int | None, expected: str) -> None:
    assert supervision.kept(days, DAY) == expected


def test_before_there_was_a_deadline_none_is_judged() -> None:
    assert supervision.kept(99, date(2019, 1, 26)) == law.UNKNOWN


def test_what_was_not_read_is_marked_so() -> None:
    assert rules.rule("supervision.draw_ratio", DAY, GUANGZHOU).is_verified
    assert not rules.rule("supervision.publication", DAY).is_verified
    for name in (supervision.RATIOS, supervision.DEADLINE):
        for row in rules.table(name):
            assert row["source"]
            assert row["verification"] in ("seen", "memory")
            assert row["valid_from"] <= (row["valid_to"] or "9999")
