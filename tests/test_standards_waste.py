"""The categories of hazardous waste: each edition by its dates, and every code that the data use has a name."""

from __future__ import annotations

from datetime import date

import pytest

from projects import REPO, read
from reportkit.standards import rules, waste


@pytest.mark.parametrize("day", [date(2021, 1, 1), date(2024, 12, 31), date(2025, 1, 1)])
def test_each_edition_names_every_category_in_use(day: date) -> None:
    used = {row["kind"] for row in read(REPO / "data/waste/industrial.csv") if row["category"] == "hazardous"}
    known = waste.categories(day)
    assert len(used) > 5
    assert used <= known.keys()
    assert all(one.name_zh and one.name_en for one in known.values())


def test_a_category_has_the_name_of_the_list() -> None:
    found = waste.categories(date(2024, 12, 31))["HW17"]
    assert (found.name_zh, found.name_en) == ("表面处理废物", "Waste of surface treatment")


def test_before_the_first_edition_that_is_held_no_name_is_known() -> None:
    assert waste.categories(date(2020, 12, 31)) == {}
    assert not rules.is_in_force("waste.hazardous_codes", date(2020, 12, 31))


def test_names_that_were_not_read_in_the_list_are_marked_so() -> None:
    assert {row["verification"] for row in rules.table("waste_hazardous_codes")} == {"memory"}
    for day, standard in ((date(2024, 12, 31), "2021年版"), (date(2025, 1, 1), "2025年版")):
        rule = rules.rule("waste.hazardous_codes", day)
        assert (rule.is_verified, standard in rule.standard) == (False, True)
