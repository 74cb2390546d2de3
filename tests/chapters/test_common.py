"""What chapters have in common: which places of a ranking are pictured, where lines break, names of violations."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from reportkit.chapters.common import joints, pictured
from reportkit.chapters.law_cases import VIOLATIONS
from reportkit.standards.credit import triggers
from reportkit.text import message


@pytest.mark.parametrize("own", [None, 0, 10])
def test_a_picture_of_few_places_shows_all(own: int | None) -> None:
    assert pictured(11, own) == list(range(11))


def test_a_picture_of_many_places_shows_the_first_the_last_and_those_beside_ones_own() -> None:
    assert pictured(125, 60) == [*range(10), *range(58, 63), *range(120, 125)]
    assert pictured(125, None) == [*range(10), *range(120, 125)]
    assert pictured(125, 0) == [*range(10), *range(120, 125)]
    assert pictured(125, 124) == [*range(10), *range(120, 125)]


def test_no_line_joins_published_and_invented_values() -> None:
    known: dict[int, Any] = {
        2019: SimpleNamespace(value="1", status="provisional"),
        2020: SimpleNamespace(value="1", status="official"),
        2021: SimpleNamespace(value=None, status="demonstration"),
        2022: SimpleNamespace(value="1", status="demonstration"),
        2023: SimpleNamespace(value="1", status="official"),
    }
    assert joints(known.__getitem__, list(known)) == [2022, 2023]
    assert joints(known.__getitem__, [2019, 2020]) == []


def test_no_line_joins_years_that_are_not_one_after_the_other() -> None:
    known: dict[int, Any] = {year: SimpleNamespace(value="1", status="official") for year in (2014, 2016, 2017, 2018)}
    known[2017] = SimpleNamespace(value=None, status="official")
    assert joints(known.__getitem__, list(known)) == [2016, 2018]


def test_a_violation_is_called_the_same_where_it_is_punished_and_where_it_lowers_the_credit() -> None:
    events = triggers(date(2024, 12, 31))
    for violation in VIOLATIONS:
        for language in ("zh", "en"):
            named = message(f"law.violation.{violation}", language)
            assert named.lower() == events[violation][f"name_{language}"].lower()
