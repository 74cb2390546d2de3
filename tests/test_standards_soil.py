"""The rules of soil and groundwater, on numbers of the standard and on cases worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from reportkit.errors import StandardError
from reportkit.standards import rules, soil

DAY = date(2024, 12, 31)
NEVER = dict.fromkeys((*soil.STAGES, "listed", "begun"))


# --- groundwater: table 1 of GB/T 14848-2017 ------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "value", "expected"),
    [
        ("nh3n", "0.02", "I"),
        ("nh3n", "0.10", "II"),
        ("nh3n", "0.500", "III"),
        ("nh3n", "0.501", "IV"),
        ("nh3n", "1.50", "IV"),
        ("nh3n", "1.51", "V"),
        ("hardness", "450", "III"),
        ("hardness", "651", "V"),
        ("as", "0.0101", "IV"),
        ("cd", "0.00011", "II"),
    ],
)
def test_a_limit_itself_belongs_to_the_better_class(item: str, value: str, expected: str) -> None:
    assert soil.item_class(item, value, DAY) == expected


@pytest.mark.parametrize(("item", "value"), [("mn", "0.05"), ("fluoride", "1.0"), ("pb", "0.005"), ("ph", "7.0")])
def test_where_classes_share_a_limit_the_better_one_is_given(item: str, value: str) -> None:
    assert soil.item_class(item, value, DAY) == "I"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("6.5", "I"), ("8.5", "I"), ("6.4", "IV"), ("5.5", "IV"), ("9.0", "IV"), ("5.4", "V"), ("9.1", "V")],
)
def test_ph_is_judged_from_both_sides(value: str, expected: str) -> None:
    assert soil.item_class("ph", value, DAY) == expected


def test_the_worst_item_decides_and_those_of_its_class_are_named() -> None:
    values = {"ph": "7.0", "nh3n": "1.2", "mn": "0.3", "nitrate": "12"}
    assert soil.groundwater_class(values, DAY) == ("IV", ("mn", "nh3n"))


def test_items_not_measured_are_left_out_and_nothing_measured_has_no_class() -> None:
    assert soil.groundwater_class({"ph": "7.0", "nh3n": None}, DAY) == ("I", ())
    assert soil.groundwater_class({"nh3n": None}, DAY) == (None, ())


def test_before_the_standard_there_are_no_limits() -> None:
    with pytest.raises(StandardError, match="no limits of groundwater for 2018-04-30"):
        soil.limits(date(2018, 4, 30))


def test_limits_never_fall_from_class_to_class() -> None:
    for row in rules.table("soil_groundwater"):
        if row["direction"] == "le":
            limits = [float(row[f"class_{number}"]) for number in range(1, 5)]
            assert limits == sorted(limits), row["parameter"]


def test_every_rule_of_the_chapter_is_marked_as_it_was_read() -> None:
    seen = {row["rule"] for row in rules.table("rules") if row["rule"].startswith("soil.")}
    marked = {family: rules.rule(family, DAY).verification for family in seen}
    assert marked == {
        "soil.farmland_safe_use": "memory",
        "soil.construction_safe_use": "memory",
        "soil.groundwater_class": "memory",
        "soil.groundwater_limits": "memory",
        "soil.target": "convention",
        "soil.unit_result": "memory",
        "soil.stage": "convention",
        "soil.register_use": "seen",
        "soil.duties": "seen",
        "soil.intensity": "convention",
    }


def test_from_the_code_on_the_old_articles_are_no_longer_cited() -> None:
    for family in ("soil.register_use", "soil.duties"):
        assert rules.rule(family, date(2026, 8, 14)).standard == "土壤污染防治法"
        assert rules.rule(family, date(2026, 8, 15)).standard == "生态环境法典"
        assert not rules.rule(family, date(2026, 8, 15)).is_verified


# --- plots ----------------------------------------------------------------------------------------


def plot(**days: str) -> dict[str, date | None]:
    return {**NEVER, **{name: date.fromisoformat(day) for name, day in days.items()}}


FULL = plot(
    investigated="2021-02-01",
    assessed="2021-09-01",
    listed="2021-10-01",
    works="2022-03-01",
    effect="2023-05-01",
    removed="2023-06-01",
    begun="2023-09-01",
)


@pytest.mark.parametrize(
    ("day", "stage", "is_listed", "use"),
    [
        ("2021-01-31", None, False, "use_pending"),
        ("2021-02-01", "investigated", False, "use_pending"),
        ("2021-09-30", "assessed", False, "use_pending"),
        ("2021-10-01", "assessed", True, "use_barred"),
        ("2022-12-31", "works", True, "use_barred"),
        ("2023-05-31", "effect", True, "use_barred"),
        ("2023-06-01", "removed", False, "use_released"),
    ],
)
def test_a_plot_goes_from_step_to_step(day: str, stage: str | None, is_listed: bool, use: str) -> None:
    at = date.fromisoformat(day)
    assert (soil.stage(FULL, at), soil.is_listed(FULL, at), soil.use(FULL, "residential", at)) == (
        stage,
        is_listed,
        use,
    )


def test_building_homes_on_a_listed_plot_is_a_breach_until_it_is_removed() -> None:
    early = {**FULL, "begun": date(2022, 5, 1)}
    assert soil.use(early, "residential", date(2022, 4, 30)) == "use_barred"
    assert soil.use(early, "residential", date(2022, 5, 1)) == "use_breach"
    assert soil.use(early, "public", DAY.replace(year=2022)) == "use_breach"
    assert soil.use(early, "residential", DAY) == "use_released"


def test_what_the_register_does_not_bar_or_what_began_before_it_is_no_breach() -> None:
    assert soil.use({**FULL, "begun": date(2022, 5, 1)}, "industrial", date(2022, 12, 31)) == "use_barred"
    assert soil.use({**FULL, "begun": date(2021, 9, 1)}, "residential", date(2022, 12, 31)) == "use_barred"


# --- supervised units -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reported", "monitored", "last", "expected"),
    [
        (True, True, 2024, "duties_done"),
        (True, True, 2022, "duties_done"),
        (True, True, 2021, "duties_lacking"),
        (True, True, None, "duties_lacking"),
        (True, True, 2025, "duties_lacking"),
        (False, True, 2024, "duties_lacking"),
        (True, False, 2024, "duties_lacking"),
    ],
)
def test_all_three_duties_are_needed(reported: bool, monitored: bool, last: int | None, expected: str) -> None:
    assert soil.duties(is_reported=reported, is_monitored=monitored, last_inspected=last, year=2024) == expected
