"""Results that are kept: computed once, and what was looked at for them counts for whoever is given them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.memo import forget, looked_at, memo, note, noting


class Sums:
    """The sum of the numbers up to one, made from the sum before; each looks at its own number."""

    def __init__(self) -> None:
        self.computed: list[int] = []

    @memo
    def up_to(self, last: int) -> int:
        """The sum."""
        note("number", last, last)
        self.computed.append(last)
        return last + (self.up_to(last - 1) if last else 0)

    @property
    @memo
    def three(self) -> int:
        """The sum of three."""
        return self.up_to(3)


def looked_at_for(sums: Sums, numbers: Iterable[int]) -> set[int]:
    with noting() as notes:
        for number in numbers:
            sums.up_to(number)
    return set(notes.things()["number"])


@given(st.lists(st.integers(0, 6), max_size=6))
def test_what_was_looked_at_is_the_same_however_much_was_kept_before(numbers: list[int]) -> None:
    sums = Sums()
    first = looked_at_for(sums, numbers)
    assert first == {below for number in numbers for below in range(number + 1)}
    assert looked_at_for(sums, numbers) == first
    assert len(sums.computed) == len(set(sums.computed))


def test_objects_keep_results_of_their_own() -> None:
    one, other = Sums(), Sums()
    assert (one.three, other.three) == (6, 6)
    assert one.computed == other.computed == [3, 2, 1, 0]


def test_what_is_looked_at_within_counts_around() -> None:
    with noting() as outer:
        with noting():
            note("number", 1)
        assert set(looked_at()["number"]) == {1}
    assert set(outer.things()["number"]) == {1}


def test_an_error_is_raised_again_and_what_led_to_it_was_looked_at() -> None:
    calls = []

    @memo
    def fail(number: int) -> None:
        note("number", number)
        calls.append(number)
        raise ValueError(number)

    for _ in range(2):
        with noting() as notes, pytest.raises(ValueError, match="7"):
            fail(7)
        assert set(notes.things()["number"]) == {7}
    assert calls == [7, 7]


def test_results_that_looked_at_something_outdated_are_forgotten_and_no_others() -> None:
    sums = Sums()
    sums.up_to(4)
    forget(sums, lambda things: 3 in things["number"])
    sums.up_to(4)
    assert sums.computed == [4, 3, 2, 1, 0, 4, 3]
