"""The invented radiation: the shipped bytes, odd where meant to be, and no holder to be made out of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from projects import Row, read
from reportkit.demonstration.radiation import _told

DATA = Path(__file__).parents[1] / "data"
TABLES = (
    *("points", "dose_rate", "electromagnetic_points", "electromagnetic", "drinking_water"),
    *("sources", "sources_city", "supervision"),
)
CITY = "440100"


def table(name: str) -> list[dict[str, str]]:
    return read(DATA / "radiation" / f"{name}.csv")


def test_no_table_names_an_enterprise() -> None:
    assert not any("DEMO-E-" in value for name in TABLES for row in table(name) for value in row.values())


def groups() -> Iterator[tuple[list[Row], Row]]:
    """The districts' rows of each year and category, with the city's."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in table("sources"):
        found[row["year"], row["holding"]].append(row)
    city = {(row["year"], row["holding"]): row for row in table("sources_city")}
    for key, rows in found.items():
        yield rows, city[key]


def test_districts_tell_nothing_of_the_gravest_categories() -> None:
    assert not {row["holding"] for row in table("sources")} & {"source_1", "source_2", "device_1"}
    assert {row["area_code"] for row in table("sources_city")} == {CITY}


def test_a_number_that_is_told_is_of_three_holders_or_of_none() -> None:
    told = [int(row["holders"]) for row in table("sources") if row["is_withheld"] == "false"]
    assert all(holders == 0 or holders >= 3 for holders in told)
    assert max(told) > 3
    hidden = [row for row in table("sources") if row["is_withheld"] == "true"]
    assert hidden
    assert not any(row["holders"] or row["pieces"] for row in hidden)


@pytest.mark.parametrize("column", ["holders", "pieces"])
def test_no_withheld_number_follows_from_the_sum_of_the_city(column: str) -> None:
    """What the city has beyond what is told leaves each withheld district more than one possible number."""
    for rows, city in groups():
        hidden = [row for row in rows if row["is_withheld"] == "true"]
        rest = int(city[column]) - sum(int(row[column]) for row in rows if row["is_withheld"] == "false")
        if not hidden:
            assert rest == 0
        else:
            # Each has at least one of them: the most that one may have must be more than that.
            assert len(hidden) >= 2
            assert rest - (len(hidden) - 1) > 1


def test_what_is_withheld_in_one_year_is_withheld_in_all() -> None:
    """Otherwise a holder who stays would be told of by the year before."""
    years: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in table("sources"):
        years[row["area_code"], row["holding"]].add(row["is_withheld"])
    assert all(len(answers) == 1 for answers in years.values())


def test_a_district_is_withheld_with_the_only_one_that_has_few_holders() -> None:
    """Worked by hand: b has one holder and would follow from the sum; d has the fewest of the others."""
    year = {"a": (9, 30), "b": (1, 4), "c": (5, 9), "d": (4, 8), "e": (0, 0)}
    assert _told([year]) == {"a", "c", "e"}
    assert _told([year, year | {"c": (2, 3)}]) == {"a", "d", "e"}  # c has few holders in the second year
    assert _told([{"a": (3, 5), "b": (0, 0)}]) == {"a", "b"}


def test_two_holders_of_one_piece_each_are_not_left_alone() -> None:
    """Two districts with one each would follow from a sum of two: a third is withheld with them."""
    assert _told([{"a": (1, 1), "b": (1, 1), "c": (6, 9), "d": (3, 3)}]) == {"c"}


def test_every_piece_has_a_holder_and_every_permit_is_inspected() -> None:
    for row in table("sources_city"):
        assert int(row["pieces"]) >= int(row["holders"]) > 0
    for row in table("supervision"):
        if row["area_code"] != CITY:
            assert int(row["inspections"]) >= int(row["permits"])
            assert int(row["inspections"]) >= int(row["problems"]) >= int(row["problems_corrected"])


def test_the_power_density_near_a_base_station_follows_from_its_field() -> None:
    """S = E² / 377 Ω, cut to four decimals."""
    values = {
        (row["field_id"], row["year"], row["quantity"]): Fraction(row["value"]) for row in table("electromagnetic")
    }
    fields = [key for key in values if key[2] == "rf_electric"]
    assert len(fields) == 44
    for point, year, _ in fields:
        power = values[point, year, "rf_electric"] ** 2 / 377
        assert 0 <= power - values[point, year, "rf_power"] < Fraction(1, 10_000)


def test_means_are_below_the_highest_hours_and_hours_below_what_is_possible() -> None:
    for row in table("dose_rate"):
        assert Fraction(row["mean_ngy_h"]) <= Fraction(row["max_ngy_h"])
        assert int(row["hours"]) <= int(row["possible_hours"]) <= 2208


def test_there_are_quarters_that_do_not_count_and_one_event() -> None:
    short = [row for row in table("dose_rate") if int(row["hours"]) * 4 < int(row["possible_hours"]) * 3]
    assert len(short) == 3
    assert sum(int(row["events_general"] or 0) for row in table("supervision")) == 1
