"""Deadlines, ranges of fines and the state of documents, each by its date."""

from __future__ import annotations

from datetime import date

import pytest

from reportkit.standards import law, rules, working_days

DECIDED = date(2024, 9, 27)


@pytest.mark.parametrize(
    ("decided", "published", "expected"),
    [
        # The State Council's arrangement for 2024: 1 to 7 October are holidays; Sunday 29 September and Saturday 12
        # October are working days.
        (DECIDED, date(2024, 9, 28), 0),
        (DECIDED, date(2024, 9, 29), 1),
        (DECIDED, date(2024, 9, 30), 2),
        (DECIDED, date(2024, 10, 7), 2),
        (DECIDED, date(2024, 10, 12), 7),
        (DECIDED, date(2024, 10, 13), 7),
        (DECIDED, date(2024, 10, 14), 8),
        (DECIDED, DECIDED, 0),
        (date(2024, 3, 4), date(2024, 3, 13), 7),  # a Monday, and the Wednesday of the week after
    ],
)
def test_working_days_are_counted_from_the_day_after_and_follow_the_holidays(
    decided: date, published: date, expected: int
) -> None:
    assert law.working_days(decided, published) == expected


def test_beyond_the_known_calendar_nothing_is_counted() -> None:
    assert law.working_days(date(2090, 1, 1), date(2090, 1, 9)) is None
    assert law.kept(law.PUBLICATION, None, DECIDED) == law.UNKNOWN


@pytest.mark.parametrize(("days", "expected"), [(89, law.IN_TIME), (90, law.IN_TIME), (91, law.LATE)])
def test_a_decision_may_take_ninety_days(days: int, expected: str) -> None:
    """行政处罚法 Art. 60: within 90 days of being filed."""
    assert law.kept(law.DECISION, days, DECIDED) == expected


def test_days_run_from_filing_to_decision() -> None:
    assert law.days_taken(date(2024, 1, 1), date(2024, 3, 31)) == 90  # 30 + 29 + 31


@pytest.mark.parametrize(("days", "expected"), [(7, law.IN_TIME), (8, law.LATE)])
def test_a_decision_is_published_within_seven_working_days(days: int, expected: str) -> None:
    assert law.kept(law.PUBLICATION, days, DECIDED) == expected


@pytest.mark.parametrize(("days", "expected"), [(3, law.IN_TIME), (4, law.LATE)])
def test_a_decision_is_withdrawn_within_three_working_days(days: int, expected: str) -> None:
    """行政处罚法 Art. 48, and Art. 85: three days are working days."""
    assert law.kept(law.WITHDRAWAL, days, DECIDED) == expected


def test_before_there_was_a_deadline_none_is_judged() -> None:
    assert law.kept(law.PUBLICATION, 99, date(2018, 12, 4)) == law.UNKNOWN


@pytest.mark.parametrize(
    ("violation", "code", "yuan", "expected"),
    [
        ("ledger", "permits_37", 4_999, law.BELOW),  # 排污许可管理条例 Art. 37: 5,000 to 20,000
        ("ledger", "permits_37", 5_000, law.WITHIN),
        ("ledger", "permits_37", 20_000, law.WITHIN),
        ("ledger", "permits_37", 20_001, law.ABOVE),
        ("without_permit", "permits_33", 199_999, law.BELOW),  # Art. 33: 200,000 to 1,000,000
        (
            "hazardous_waste",
            "waste_112",
            1_000_000,
            law.WITHIN,
        ),  # solid waste, Art. 112: 100,000 to 1,000,000
        ("no_disclosure", "disclosure_28", 100_001, law.ABOVE),  # order 24, Art. 28: 10,000 to 100,000
        ("noise", "noise_1", 1, law.UNKNOWN),
        ("ledger", "permits_37", 0, law.NO_FINE),  # a warning alone
    ],
)
def test_a_fine_is_held_against_its_provision(violation: str, code: str, yuan: int, expected: str) -> None:
    assert law.fine_range(violation, code, yuan, DECIDED) == expected


def test_a_provision_counts_from_the_day_it_is_in_force() -> None:
    assert law.fine_range("no_disclosure", "disclosure_28", 20_000, date(2022, 2, 7)) == law.UNKNOWN
    assert law.fine_range("no_disclosure", "disclosure_28", 20_000, date(2022, 2, 8)) == law.WITHIN
    assert law.fine_range("no_disclosure", "disclosure_28", 15_000, date(2026, 8, 14)) == law.WITHIN
    # the Code, Art. 1110: from 20,000
    assert law.fine_range("no_disclosure", "code_1110", 15_000, date(2026, 8, 15)) == law.BELOW
    for code in ("air_99", "water_83"):
        assert law.basis("over_standard", code, date(2026, 8, 14)) is not None
        assert law.basis("over_standard", code, date(2026, 8, 15)) is None  # the day the Code replaces both laws


def test_what_exceeds_a_limit_of_air_or_of_water_is_fined_under_one_law_in_both_languages() -> None:
    assert law.provision("over_standard", "air_99", DECIDED, "zh") == "大气污染防治法 第九十九条"
    words = law.provision("over_standard", "water_83", DECIDED, "en")
    assert words == "Law on the Prevention and Control of Water Pollution Art. 83"
    assert law.provision("over_standard", "permits_33", DECIDED, "en") is None


def test_a_document_is_valid_from_its_first_day_until_its_last() -> None:
    begins, until = date(2022, 2, 8), date(2024, 12, 30)
    assert [law.state(begins, until, day) for day in (date(2022, 2, 7), begins, until, date(2024, 12, 31))] == [
        law.NOT_YET,
        law.VALID,
        law.VALID,
        law.ENDED,
    ]
    assert law.state(None, None, begins) == law.VALID


def test_what_was_not_read_is_marked_so() -> None:
    assert rules.rule("law.decision_days", date(2024, 12, 31)).is_verified
    assert not rules.rule("law.decision_days", date(2021, 7, 14)).is_verified
    assert not rules.rule("law.publication", date(2024, 12, 31)).is_verified
    for name in (law.DEADLINES, law.BASES):
        assert all(row["source"] for row in rules.table(name))


@pytest.mark.parametrize(
    ("day", "moved"),
    [("2024-09-30", "2024-09-30"), ("2024-10-03", "2024-10-08"), ("2024-10-12", "2024-10-12")],  # a shifted Saturday
)
def test_what_would_fall_on_a_day_of_rest_falls_on_the_next_working_day(day: str, moved: str) -> None:
    assert working_days.from_day(date.fromisoformat(day)) == date.fromisoformat(moved)
