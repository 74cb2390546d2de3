"""Who must disclose, what, and by when: each rule on days and cases worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from reportkit.errors import StandardError
from reportkit.standards import enterprises, rules
from reportkit.standards.working_days import deadline, is_working_day

TODAY = date(2024, 12, 31)


# The notice of the State Council of 25 October 2023 on the holidays of 2024: 10 to 17 February and 1 to 7 October are
# free; 4 and 18 February (Sundays), 14 September (a Saturday), 29 September (a Sunday) and 12 October (a Saturday) are
# worked. 9 February, the eve, is a working day.
@pytest.mark.parametrize(
    ("received", "last"),
    [
        (date(2024, 2, 7), date(2024, 2, 20)),  # 8, 9 | 18 (Sunday), 19, 20
        (date(2024, 2, 2), date(2024, 2, 8)),  # 4 (Sunday), 5, 6, 7, 8
        (date(2024, 9, 27), date(2024, 10, 10)),  # 29 (Sunday), 30 | 8, 9, 10
        (date(2024, 10, 8), date(2024, 10, 14)),  # 9, 10, 11, 12 (Saturday), 14
        (date(2024, 9, 13), date(2024, 9, 23)),  # 14 (Saturday) | 18, 19, 20, 23
        (date(2024, 6, 3), date(2024, 6, 11)),  # 4, 5, 6, 7 | 10 is the dragon-boat festival | 11
        (date(2024, 3, 4), date(2024, 3, 11)),  # an ordinary week
    ],
)
def test_five_working_days_after_a_document(received: date, last: date) -> None:
    assert enterprises.temporary_deadline(received) == deadline(received, 5) == last


def test_what_is_received_on_a_holiday_counts_from_the_next_working_day() -> None:
    assert deadline(date(2024, 10, 3), 1) == date(2024, 10, 8)


def test_a_year_whose_holidays_are_not_known_is_named() -> None:
    with pytest.raises(StandardError, match="2003"):
        is_working_day(date(2003, 5, 1))


def test_the_yearly_report_is_due_on_15_march_even_on_a_day_of_rest() -> None:
    """15 March 2025 was a Saturday."""
    assert enterprises.annual_deadline(2025) == date(2025, 3, 15)
    assert not is_working_day(date(2025, 3, 15))
    assert rules.rule("enterprises.annual_deadline", TODAY).is_verified


@pytest.mark.parametrize(
    ("published", "state"),
    [
        (date(2024, 1, 2), enterprises.ON_TIME),
        (date(2024, 3, 15), enterprises.ON_TIME),
        (date(2024, 3, 16), enterprises.LATE),
        (None, enterprises.MISSING),
    ],
)
def test_a_report_is_in_time_late_or_missing(published: date | None, state: str) -> None:
    assert enterprises.state(published, date(2024, 3, 15), TODAY) == state


def test_a_report_whose_deadline_is_to_come_is_not_missing() -> None:
    assert enterprises.state(None, date(2025, 1, 3), TODAY) == enterprises.OPEN
    assert enterprises.state(None, TODAY, TODAY) == enterprises.MISSING


@pytest.mark.parametrize(("fines", "has"), [([], False), ([99_999, 99_999], False), ([1_000, 100_000], True)])
def test_one_fine_of_a_hundred_thousand_yuan_obliges_a_listed_enterprise(fines: list[int], has: bool) -> None:
    """Art. 8 of order 24: 十万元以上, which includes the number itself; fines are not added up."""
    assert enterprises.has_trigger(fines, [], TODAY) is has


@pytest.mark.parametrize("code", ["criminal", "daily", "restricted", "revoked", "detained"])
def test_other_measures_of_the_year_before_oblige_it_too(code: str) -> None:
    """Art. 8 of order 24, each case of its own; a warning is none of them."""
    assert enterprises.has_trigger([], [code], TODAY)
    assert not enterprises.has_trigger([], ["warning"], TODAY)


def test_the_list_has_the_classes_of_its_edition() -> None:
    """Five by 环办监测〔2017〕86号, six by order 27, as in the list of 2023: 339 + 5 + 189 + 2 + 52 + 276 = 863."""
    assert list(enterprises.key_unit_classes(date(2022, 12, 31))) == ["water", "air", "soil", "noise", "other"]
    now = enterprises.key_unit_classes(date(2023, 1, 1))
    assert list(now) == ["water", "groundwater", "air", "noise", "soil", "risk"]
    assert now["risk"].name_zh == "环境风险重点管控单位"
    assert enterprises.key_unit_classes(date(2015, 12, 31)) == {}


def test_only_units_called_key_dischargers_must_disclose() -> None:
    assert enterprises.dischargers(TODAY) == ["water", "groundwater", "air", "noise"]
    assert "soil" in enterprises.dischargers(date(2022, 12, 31))


def test_a_report_has_eight_groups_and_two_that_are_asked_of_some() -> None:
    """Art. 12 (1) to (8), 14 and 15 of order 24."""
    found = enterprises.contents(TODAY)
    clauses = [row["clause"] for row in found.values()]
    assert clauses == [*(f"Art. 12({n})" for n in range(1, 9)), "Art. 14", "Art. 15"]
    assert [code for code, row in found.items() if row["value"]] == ["audit", "financing"]


def test_what_was_not_read_is_marked() -> None:
    rows = {row["code"]: row["verification"] for row in rules.table("enterprises_disclosure")}
    assert (rows["detention"], rows["penalty"]) == ("memory", "seen")
    for row in rules.table("enterprises_disclosure"):
        assert row["verification"] in {"seen", "memory"}
        assert row["source"]
