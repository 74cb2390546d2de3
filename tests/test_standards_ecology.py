"""Ecological quality: classes as they were published, limits that belong to one class, grades of change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from reportkit.errors import StandardError
from reportkit.standards import ecology, rules

DAY = date(2024, 12, 31)


@pytest.mark.parametrize(
    ("index", "year", "published"),
    [
        # 2021 and 2022 bulletins of the whole country: class 2, m.news.shi-fen.com/china/202207/50-1347028.html
        ("59.77", 2021, "eqi_2"),
        ("59.6", 2022, "eqi_2"),
        # a county-level city of Jiangsu in 2021: 62.7 and class 2, Environmental Monitoring and Forewarning 14(3), 82
        ("62.7", 2021, "eqi_2"),
        # a region of the south, 2020 to 2024: class 1 throughout, at least 74.63, 10.19316/j.issn.1002-6002.2026.02.09
        ("74.63", 2024, "eqi_1"),
        # a province of the centre in 2024: 54.76 and class 3; its counties reach down to 32.73 and none is of class 5,
        # www.86702007.net/news/359170
        ("54.76", 2024, "eqi_3"),
        ("32.73", 2024, "eqi_4"),
    ],
)
def test_published_indices_come_to_the_published_classes(index: str, year: int, published: str) -> None:
    assert ecology.quality_class(Decimal(index), date(year, 12, 31)) == published


@pytest.mark.parametrize(
    ("limit", "at", "beneath"),
    [("70", "eqi_1", "eqi_2"), ("55", "eqi_2", "eqi_3"), ("40", "eqi_3", "eqi_4"), ("30", "eqi_4", "eqi_5")],
)
def test_a_lower_limit_belongs_to_its_class(limit: str, at: str, beneath: str) -> None:
    assert ecology.quality_class(Decimal(limit), DAY) == at
    assert ecology.quality_class(Decimal(limit) - Decimal("0.01"), DAY) == beneath


def test_every_index_has_a_class() -> None:
    assert [ecology.quality_class(index, DAY) for index in (0, 100)] == ["eqi_5", "eqi_1"]
    with pytest.raises(StandardError):
        ecology.quality_class(-1, DAY)


@pytest.mark.parametrize(
    ("now", "word"),
    [
        ("60.99", "eqi_stable"),
        ("59.01", "eqi_stable"),
        ("61.00", "eqi_slight_better"),
        ("59.00", "eqi_slight_worse"),
        ("62.00", "eqi_moderate_better"),
        ("56.01", "eqi_moderate_worse"),
        ("64.00", "eqi_marked_better"),
        ("56.00", "eqi_marked_worse"),
    ],
)
def test_a_change_is_graded_by_its_size_and_says_its_way(now: str, word: str) -> None:
    assert ecology.change(now, "60.00", DAY) == word
    assert word in ecology.CHANGES


def test_a_red_line_that_stays_is_kept_and_one_hectare_less_is_smaller() -> None:
    assert [ecology.red_line(now, 5900) for now in (5901, 5900, 5899)] == [
        "red_line_kept",
        "red_line_kept",
        "red_line_smaller",
    ]


def test_clauses_nobody_read_are_marked() -> None:
    verified = {name: rules.rule(f"ecology.{name}", DAY).is_verified for name in ("class", "change", "red_line")}
    assert verified == {"class": False, "change": False, "red_line": True}
    for table in ("ecology_quality_classes", "ecology_quality_changes"):
        assert {row["verification"] for row in rules.table(table)} == {"memory"}


def test_before_the_rules_there_is_no_class() -> None:
    with pytest.raises(StandardError):
        ecology.quality_class(60, date(2020, 12, 31))


def test_each_class_has_a_colour() -> None:
    colours = ecology.colours(DAY)
    assert list(colours) == list(ecology.CLASSES)
    assert colours["eqi_1"] == "#1b7852"
