"""What public bodies, communities and complaints are held against, by the day."""

from __future__ import annotations

from datetime import date

import pytest

from projects import REPO, read
from reportkit.standards import participation, rules, targets

END = date(2024, 12, 31)


def test_a_cut_runs_from_nought_in_the_base_year_to_the_target_year() -> None:
    """The plan of the 14th five years: 6% by head, 5% by floor area, from 2020 to 2025."""
    for measure, change in {
        "energy_per_head": "-6.0",
        "energy_per_area": "-5.0",
        "water_per_head": "-6.0",
        "power_per_head": "-6.0",
        "power_per_area": "-5.0",
    }.items():
        found = participation.cut(measure, END)
        assert found is not None
        assert [(row["year"], row["change_pct"]) for row in found] == [("2020", "0.0"), ("2025", change)]


@pytest.mark.parametrize(("measure", "day"), [("water_per_area", END), ("energy_per_head", date(2026, 1, 1))])
def test_where_no_cut_is_set_there_is_none(measure: str, day: date) -> None:
    assert participation.cut(measure, day) is None


@pytest.mark.parametrize(
    ("share", "year", "expected"),
    [
        ("60.0", 2022, targets.MET),
        ("59.9", 2022, targets.MISSED),
        ("60.0", 2021, targets.MET_EARLY),
        ("59.9", 2021, targets.NOT_YET),
    ],
)
def test_enough_communities_are_green_from_sixty_percent_on(share: str, year: int, expected: str) -> None:
    row = participation.limit(participation.GREEN, date(year, 12, 31))
    assert row is not None
    assert participation.green(share, row["value"], int(row["due_year"]), year) == expected


@pytest.mark.parametrize(("longest", "expected"), [("60", "all_in_time"), ("61", "some_late")])
def test_a_complaint_is_closed_in_time_within_sixty_days(longest: str, expected: str) -> None:
    for day, standard in {date(2022, 4, 30): "信访条例（国务院令第431号）", date(2022, 5, 1): "信访工作条例"}.items():
        row = participation.limit(participation.CLOSING, day)
        assert row is not None
        assert row["standard"] == standard
        assert participation.closing(longest, row["value"]) == expected


def test_the_check_of_small_counts_and_the_generator_have_one_limit() -> None:
    row = participation.limit(participation.SMALL, END)
    assert row is not None
    assert {check["least"] for check in read(REPO / "data/checks/small_counts.csv")} == {row["value"]}


def test_what_was_not_read_is_marked_so() -> None:
    """The plan's numbers and the share of communities were read in reposts; the deadline was not."""
    own = [row for row in rules.table("rules") if row["rule"].startswith("participation.")]
    assert {row["rule"] for row in own if row["verification"] == "memory"} == {"participation.closing"}
    limits = rules.table(participation.LIMITS)
    assert {row["limit"] for row in limits if row["verification"] == "memory"} == {participation.CLOSING}
    cuts = {(row["measure"].startswith("power"), row["verification"]) for row in rules.table(participation.CUTS)}
    assert cuts == {(True, "convention"), (False, "seen")}
