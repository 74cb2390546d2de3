"""Each operation computes its value and says how; the weakest status goes along with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit import figures
from reportkit.errors import ReportError
from reportkit.figures import Figure, Measured, PublishedTable, name_figure
from reportkit.standards.rules import Rule
from shown import figure

SEEN = Rule("air.seen", "GB 1", "cl. 1", "看过", "seen", "seen", "GB 1")
MEMORY = Rule("air.memory", "GB 2", "cl. 2", "记得", "remembered", "memory", "GB 2")


def table(values: list[Any], status: str | list[str] = "official", **columns: list[Any]) -> PublishedTable:
    """A table with a column ``value`` (one decimal), and the *columns* given."""
    statuses = [status] * len(values) if isinstance(status, str) else status
    rows = pd.DataFrame({"value": pd.array(values, dtype="Float64"), **columns})
    rows["status"] = pd.Series(statuses, dtype=object)
    rows["source_id"] = pd.Series([f"s{place};common" for place in range(len(values))], dtype=object)
    return PublishedTable("t", rows, {"value": 1}, (SEEN,))


# --- from rows ------------------------------------------------------------------------------------


def test_select_takes_the_one_row() -> None:
    measured = figures.select(table([1.5, 2.5], year=[2023, 2024]), "value", year=2024)
    assert measured.value == Decimal("2.5")
    assert measured.derivation == {"operation": "select", "table": "t", "column": "value", "where": {"year": 2024}}


@pytest.mark.parametrize("years", [[2023, 2023], [2024, 2024]])
def test_select_has_no_value_unless_there_is_one_row(years: list[int]) -> None:
    assert figures.select(table([1.5, 2.5], year=years), "value", year=2024).value is None


def test_select_keeps_decimals_as_they_were_printed() -> None:
    rows = pd.DataFrame({"value": [Decimal("94.0")], "status": "official", "source_id": "a"})
    measured = figures.select(PublishedTable("t", rows), "value")
    assert (str(measured.value), name_figure("a#b", measured, unit="%", period="").printed["zh"]) == (
        "94.0",
        ("94.0%",),
    )


def test_select_does_not_cut_decimals_off() -> None:
    rows = pd.DataFrame({"value": [3.5], "status": "official", "source_id": "a"})
    with pytest.raises(ValueError, match="decimals"):
        figures.select(PublishedTable("t", rows), "value")


def test_count_counts_rows_and_with_a_column_only_those_with_a_value() -> None:
    shown = table([1.0, None, 3.0], year=[2024, 2024, 2023])
    assert figures.count(shown, year=2024).value == 2
    assert figures.count(shown, "value", year=2024).value == 1
    assert figures.count(shown, "value", year=2024).derivation == {
        "operation": "count",
        "table": "t",
        "column": "value",
        "where": {"year": 2024},
    }


def test_a_count_of_nothing_has_the_status_of_the_table_it_was_counted_in() -> None:
    measured = figures.count(table([1.0], "demonstration", year=[2024]), year=1999)
    assert (measured.value, measured.status) == (0, "demonstration")


@pytest.mark.parametrize(
    ("values", "places", "mean"),
    [
        ([1.0, 2.0], 0, "2"),  # 1.5, half to the even digit above
        ([2.0, 3.0], 0, "2"),  # 2.5, half to the even digit below
        ([0.1, 0.2], 1, "0.2"),  # 0.15, which no binary float is
        ([0.2, 0.3], 1, "0.2"),  # 0.25
        ([1.0, None, 2.1], 1, "1.6"),  # 1.55, the blank left out
    ],
)
def test_a_mean_is_rounded_once_half_to_even(values: list[float | None], places: int, mean: str) -> None:
    measured = figures.mean(table(values), "value", places)
    assert str(measured.value) == mean
    assert measured.derivation["operation"] == "mean"
    assert measured.derivation["places"] == places


def test_a_mean_keeps_its_exact_value() -> None:
    measured = figures.mean(table([1.0, 1.0, 2.0]), "value", 1)
    assert measured.exact == Fraction(4, 3)
    assert name_figure("a#b", measured, unit="ug/m3", period="2024").unrounded == "1.3333333333"


def test_a_percentile_is_interpolated_between_the_sorted_values() -> None:
    # position 1 + (5 - 1) × 0.9 = 4.6: 4 + 0.6 × (10 - 4)
    measured = figures.percentile(table([10.0, 1.0, 2.0, 3.0, 4.0]), "value", Fraction(9, 10), 1)
    assert measured.value == Decimal("7.6")
    assert measured.derivation["p"] == "0.9"


def test_a_maximum_is_the_largest_value() -> None:
    assert figures.maximum(table([1.5, 9.5, 3.0]), "value").value == Decimal("9.5")


def test_a_sum_adds_the_rows_that_meet_the_conditions() -> None:
    measured = figures.total(table([0.1, 0.2, 5.0, None], year=[2024, 2024, 2023, 2024]), "value", 1, year=2024)
    assert (str(measured.value), measured.derivation["operation"]) == ("0.3", "sum")
    assert figures.total(table([1.0], year=[2023]), "value", 1, year=2024).value is None


def test_a_weighted_mean_gives_each_row_as_much_as_its_weight() -> None:
    shown = table([70.0, 66.0], length=[Decimal("0.5"), Decimal("1.5")])
    measured = figures.weighted_mean(shown, "value", "length", 1)  # (70 × 0.5 + 66 × 1.5) / 2
    assert (str(measured.value), measured.derivation["weight"]) == ("67.0", "length")
    assert figures.weighted_mean(table([70.0], length=[0]), "value", "length", 1).value is None


def test_figures_are_added_up_unless_one_is_missing() -> None:
    parts = [figure("a", "613.98"), figure("b", "0.56")]
    assert str(figures.added(parts, 2).value) == "614.54"
    assert figures.added([*parts, figure("c", None)], 2).value is None
    assert figures.added([], 2).value is None


def test_a_quotient_is_one_thing_by_another() -> None:
    measured = figures.quotient(figure("energy", "5200"), figure("output", "27000"), 3, factor=10)
    assert (str(measured.value), measured.derivation["factor"]) == ("1.926", 10)
    assert figures.quotient(figure("a", "1"), figure("b", "0"), 1).value is None


def test_a_share_is_the_part_of_the_whole_in_percent() -> None:
    shown = table([1.0] * 8, year=[2024] * 8, level=[1, 1, 2, 2, 2, 2, 3, 4])
    measured = figures.share(shown, {"level": [1, 2]}, {"year": 2024})
    assert measured.value == Decimal("75.0")
    assert measured.derivation["part"] == {"level": [1, 2]}
    assert measured.derivation["where"] == {"year": 2024}


@pytest.mark.parametrize(("good", "of", "share"), [(1, 800, "0.1"), (1, 2000, "0.0"), (3, 2000, "0.2"), (2, 3, "66.7")])
def test_a_share_is_rounded_half_to_even(good: int, of: int, share: str) -> None:
    shown = table([1.0] * of, level=[1] * good + [3] * (of - good))
    assert str(figures.share(shown, {"level": 1}, {}).value) == share


@pytest.mark.parametrize(
    "measured",
    [
        lambda rows: figures.select(rows, "value"),
        lambda rows: figures.mean(rows, "value", 0),
        lambda rows: figures.percentile(rows, "value", Fraction(1, 2), 0),
        lambda rows: figures.maximum(rows, "value"),
        lambda rows: figures.share(rows, {"value": 1}, {}),
    ],
)
def test_without_rows_there_is_no_value_and_a_dash_is_printed(measured: Any) -> None:
    shown = name_figure("a#b", measured(table([])), unit="ug/m3", period="2024")
    assert (shown.value, shown.unrounded) == (None, None)
    assert shown.printed == {"zh": ("—",), "en": ("—",)}
    assert shown.entry()["value"] is None


def test_blank_values_lend_neither_status_nor_source_to_a_mean() -> None:
    measured = figures.mean(table([1.0, None], ["official", "demonstration"]), "value", 0)
    assert (measured.status, measured.sources) == ("official", ("common", "s0"))


@given(st.lists(st.integers(0, 9999), min_size=1, max_size=30))
def test_a_mean_is_never_further_than_half_a_place_from_the_exact_one(tenths: list[int]) -> None:
    measured = figures.mean(table([number / 10 for number in tenths]), "value", 1)
    assert measured.exact == Fraction(sum(tenths), 10 * len(tenths))
    assert isinstance(measured.value, Decimal)
    assert abs(Fraction(measured.value) - measured.exact) <= Fraction(1, 20)


# --- from figures ---------------------------------------------------------------------------------


def test_a_change_is_made_from_the_printed_values() -> None:
    # From the exact 20.6 and 22.4 it would be -8.0.
    now = name_figure("a#now", Measured(Decimal(21), Fraction(206, 10), {}, "official"), unit="ug/m3", period="")
    before = name_figure("a#before", Measured(Decimal(22), Fraction(224, 10), {}, "official"), unit="ug/m3", period="")
    measured = figures.change(now, before)
    assert str(measured.value) == "-4.5"
    assert measured.derivation == {"operation": "change", "of": ["a#now", "a#before"], "places": 1}


@pytest.mark.parametrize(("part", "whole"), [(None, "5"), ("5", None), ("5", "0"), (None, None)])
@pytest.mark.parametrize("operation", [figures.ratio, figures.multiple])
def test_of_nothing_and_by_nothing_there_is_no_value(
    operation: Callable[[Figure, Figure], Measured], part: str | None, whole: str | None
) -> None:
    assert operation(figure("a", part), figure("b", whole)).value is None


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [("21", "20", "5.0"), ("2001", "2000", "0.0"), ("2003", "2000", "0.2"), ("0", "5", "-100.0")],
)
def test_a_change_is_rounded_half_to_even(now: str, before: str, change: str) -> None:
    assert str(figures.change(figure("a", now), figure("b", before)).value) == change


@pytest.mark.parametrize(("now", "before"), [(None, "5"), ("5", None), ("5", "0"), ("5", 0)])
def test_a_change_from_nothing_has_no_value(now: str | None, before: str | int | None) -> None:
    assert figures.change(figure("a", now), figure("b", before)).value is None


def test_a_difference_of_shares_is_in_points() -> None:
    measured = figures.difference(figure("a", "94.0", unit="%"), figure("b", "90.4", unit="%"))
    assert str(measured.value) == "3.6"


def test_a_difference_with_nothing_has_no_value() -> None:
    assert figures.difference(figure("a", None), figure("b", "1")).value is None


def test_ties_share_the_place_and_the_next_place_is_left_out() -> None:
    among = [
        figure(name, value, unit="1") for name, value in [("a", "3.10"), ("b", "2.90"), ("c", "3.1"), ("d", "3.2")]
    ]
    assert [figures.rank(one, among).value for one in among] == [2, 1, 2, 4]
    assert [figures.rank(one, among, smallest_first=False).value for one in among] == [2, 4, 2, 1]


def test_what_has_no_value_has_no_place_and_takes_none() -> None:
    among = [figure("a", "3.1"), figure("b", None), figure("c", "2.1")]
    assert [figures.rank(one, among).value for one in among] == [2, None, 1]
    ranked = figures.rank(among[0], among).derivation["of"]
    assert ranked[0] == "2024/tianhe/air#a"
    assert "2024/tianhe/air#b" not in ranked


def test_a_verdict_names_what_was_compared_and_its_rule() -> None:
    value, limit = figure("value", "36"), figure("limit", "35", rules=(SEEN,))
    measured = figures.classify([value, limit], "exceeds", MEMORY, held_against=limit.id)
    assert measured.derivation == {
        "operation": "class",
        "of": [value.id, limit.id],
        "rule": "air.memory",
        "held_against": limit.id,
    }
    assert measured.rules == (SEEN, MEMORY)


def test_an_index_names_its_parts_and_limits() -> None:
    parts, limits = [figure("a", "20")], [figure("limit", "40")]
    derivation = figures.index(parts, limits, Decimal("0.50"), SEEN).derivation
    assert derivation == {
        "operation": "index",
        "of": [parts[0].id],
        "limits": [limits[0].id],
        "rule": "air.seen",
    }


def test_interpolate_goes_straight_from_one_year_to_another() -> None:
    """From 23 in 2023 to 23.1 in 2025, half of the way: 23.05, which rounds half to even."""
    start, end = (
        name_figure(f"a#{period}", Measured(Decimal(value), Decimal(value), {}, status), unit="ug/m3", period=period)
        for period, value, status in (("2023", "23", "official"), ("2025", "23.1", "provisional"))
    )
    measured = figures.interpolate(start, end, 2024, 1)
    assert (measured.value, measured.exact, measured.status) == (Decimal("23.0"), Fraction(461, 20), "provisional")
    assert measured.derivation == {"operation": "interpolate", "of": ["a#2023", "a#2025"], "places": 1, "at": 2024}


# --- status, rules and sources go along -----------------------------------------------------------


@pytest.mark.parametrize(
    ("statuses", "weakest"),
    [
        (["official", "official"], "official"),
        (["official", "provisional"], "provisional"),
        (["provisional", "demonstration"], "demonstration"),
        (["demonstration", "official"], "demonstration"),
    ],
)
def test_a_figure_is_as_good_as_the_worst_it_rests_on(statuses: list[str], weakest: str) -> None:
    rows = table([1.0, 2.0], statuses)
    one, other = (figure(name, "1", status=status) for name, status in zip("ab", statuses, strict=True))
    measured = [
        figures.count(rows),
        figures.mean(rows, "value", 0),
        figures.percentile(rows, "value", Fraction(1, 2), 0),
        figures.maximum(rows, "value"),
        figures.share(rows, {"value": 1}, {}),
        figures.change(one, other),
        figures.difference(one, other),
        figures.rank(one, [one, other]),
        figures.classify([one, other], "meets", SEEN),
        figures.index([one], [other], Decimal(1), SEEN),
    ]
    assert {entry.status for entry in measured} == {weakest}


def test_status_goes_through_means_ranks_and_verdicts_to_the_last_figure() -> None:
    mean = name_figure(
        "a#mean", figures.mean(table([1.0, 2.0], ["official", "demonstration"]), "value", 0), unit="ug/m3", period=""
    )
    rank = name_figure("a#rank", figures.rank(mean, [mean, figure("b", "5")]), unit="", period="")
    assert figures.classify([rank], "meets", SEEN).status == "demonstration"


def test_sources_are_each_named_once_and_rules_are_inherited() -> None:
    measured = figures.mean(table([1.0, 2.0]), "value", 0)
    assert measured.sources == ("common", "s0", "s1")
    mean = name_figure("a#mean", measured, unit="ug/m3", period="", rules=[MEMORY, SEEN])
    assert mean.rules == (SEEN, MEMORY)
    change = figures.change(mean, figure("b", "5"))
    assert (change.sources, change.rules) == (("common", "s0", "s1", "source-b"), (SEEN, MEMORY))


def test_one_rule_from_memory_makes_a_figure_unverified() -> None:
    assert figure("a", "1", rules=(SEEN,)).is_verified
    assert not figure("a", "1", rules=(SEEN, MEMORY)).is_verified


# --- printing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        ("21", "ug/m3", ("21微克/立方米",), ("21 µg/m³",)),
        ("0.9", "mg/m3", ("0.9毫克/立方米",), ("0.9 mg/m³",)),
        ("94.0", "%", ("94.0%",), ("94.0%",)),
        ("-4.5", "%", ("−4.5%", "4.5%"), ("−4.5%", "4.5%")),
        (
            "-0.3",
            "percentage points",
            ("−0.3个百分点", "0.3个百分点"),
            ("−0.3 percentage points", "0.3 percentage points"),
        ),
        ("0.3", "percentage points", ("0.3个百分点",), ("0.3 percentage points",)),
        ("1897.80", "10k persons", ("1,897.80万人",), ("18.9780 million people",)),
        ("45.4735", "10k t", ("45.4735万吨",), ("454,735 t",)),
        ("0.00", "10k t", ("0.00万吨",), ("0 t",)),
        ("30355.73", "100M yuan", ("30,355.73亿元",), ("3.035573 trillion yuan",)),
        ("-61.66", "10k yuan", ("−61.66万元", "61.66万元"), ("−616,600 yuan", "616,600 yuan")),
        ("1.15", "flat price", ("1.15倍",), ("1.15 × the flat price",)),
        (366, "day", ("366天",), ("366 days",)),
        (1, "1", ("1",), ("1",)),
        (1, "month", ("1个月",), ("1 month",)),
    ],
)
def test_a_value_is_printed_with_its_unit_in_each_language(
    value: Any, unit: str, zh: tuple[str, ...], en: tuple[str, ...]
) -> None:
    assert figure("a", value, unit=unit).printed == {"zh": zh, "en": en}


def test_a_coded_value_is_printed_in_words() -> None:
    labels = {"zh": {"meets": "达标"}, "en": {"meets": "met"}}
    measured = Measured("meets", "meets", {"operation": "class"}, "official")
    shown = name_figure("a#b", measured, unit="", period="", labels=labels)
    assert shown.printed == {"zh": ("达标",), "en": ("met",)}
    assert shown.unrounded == "meets"


def test_an_entry_says_all_that_a_reader_may_ask_of_a_figure() -> None:
    mean = name_figure(
        "2024/tianhe/air#pm2_5_annual",
        figures.mean(table([20.0, 21.0], "demonstration"), "value", 0),
        unit="ug/m3",
        period="2024",
    )
    assert mean.name == "pm2_5_annual"
    assert mean.entry() == {
        "id": "2024/tianhe/air#pm2_5_annual",
        "value": "20",
        "unrounded": "20.5",
        "unit": "ug/m3",
        "period": "2024",
        "status": "demonstration",
        "sources": ["common", "s0", "s1"],
        "standards": [{"rule": "air.seen", "standard": "GB 1", "clause": "cl. 1", "verification": "seen"}],
        "derivation": {"operation": "mean", "table": "t", "column": "value", "places": 0},
        "printed": {"zh": ["20微克/立方米"], "en": ["20 µg/m³"]},
    }


# --- published tables -----------------------------------------------------------------------------


def test_a_published_table_writes_numbers_with_their_decimals_and_blanks_as_nothing() -> None:
    rows = pd.DataFrame(
        {
            "date": pd.to_datetime(["2024-01-02", "2024-01-03"]),
            "co_mg_m3": pd.array([0.7, None], dtype="Float64"),
            "aqi": pd.array([None, 51], dtype="Int64"),
            "is_complete": [True, False],
            "name": ["<b>", None],
            "status": "official",
            "source_id": "a",
        }
    )
    records = PublishedTable("2024/tianhe/air/days", rows, {"co_mg_m3": 1}).records()
    assert records["columns"][:5] == ["date", "co_mg_m3", "aqi", "is_complete", "name"]
    assert [row[:5] for row in records["rows"]] == [
        ["2024-01-02", "0.7", "", "true", "<b>"],
        ["2024-01-03", "", "51", "false", ""],
    ]


def test_conditions_are_a_value_or_a_list_and_blanks_meet_none() -> None:
    rows = PublishedTable("t", pd.DataFrame({"level": pd.array([1, 2, None, 3], dtype="Int64")}))
    assert len(rows.where({"level": 1})) == 1
    assert len(rows.where({"level": [1, 2]})) == 2
    assert len(rows.where({})) == 4


# --- places that a second value decides -----------------------------------------------------------


def placed(identity: str, value: str) -> Figure:
    measured = Measured(Decimal(value), Decimal(value), {"operation": "none", "reason": "given"}, "official")
    return name_figure(identity, measured, unit="%", period="2024-03")


def test_equal_values_share_a_place_unless_a_second_one_decides() -> None:
    among = [placed("a", "97.0"), placed("b", "97.0"), placed("c", "90.0")]
    then = [placed("x", "20"), placed("y", "18"), placed("z", "10")]
    assert [figures.rank(own, among, smallest_first=False).value for own in among] == [1, 1, 3]
    assert [figures.rank(own, among, smallest_first=False, then=then).value for own in among] == [2, 1, 3]
    derivation = figures.rank(among[0], among, smallest_first=False, then=then).derivation
    assert (derivation["of"], derivation["then"]) == (["a", "a", "b", "c"], ["x", "x", "y", "z"])


def test_one_name_for_two_values_is_refused_where_a_block_shows_both() -> None:
    one, same, other = (figure("mean", value) for value in ("2", "2", "3"))
    assert figures.with_those_beneath([one, same]) == [one]
    with pytest.raises(ReportError, match="has two values") as error:
        figures.with_those_beneath([one, other])
    assert (error.value.expected, error.value.found) == ("2", "3")


def test_what_many_figures_rest_on_is_looked_at_once() -> None:
    """Each of forty layers rests twice on the one beneath: a walk along every way would never end."""
    layers = [figure("layer-0", "1")]
    for number in range(1, 40):
        layers.append(replace(figure(f"layer-{number}", "1"), of=(layers[-1], layers[-1])))
    assert figures.with_those_beneath([layers[-1]]) == layers[::-1]
