"""Counts that are left out: the small ones, and so many others that the totals tell none of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reportkit.suppression import is_told, left_out

Counts = Sequence[Sequence[int]]
Cells = set[tuple[int, int]]


def tables(largest: int) -> st.SearchStrategy[list[list[int]]]:
    """Tables of two or three rows and columns."""

    def of_width(width: int) -> st.SearchStrategy[list[list[int]]]:
        return st.lists(st.lists(st.integers(0, largest), min_size=width, max_size=width), min_size=2, max_size=3)

    return st.integers(2, 3).flatmap(of_width)


def possible(counts: Counts, hidden: Cells) -> Iterator[dict[tuple[int, int], int]]:
    """Every way to fill in the hidden cells that goes with the totals: none is nought but those that are."""
    cells = sorted(hidden)
    rows = {row: sum(counts[row][column] for row_, column in cells if row_ == row) for row, _ in cells}
    columns = {column: sum(counts[row][column] for row, column_ in cells if column_ == column) for _, column in cells}

    def fill(place: int, filled: dict[tuple[int, int], int]) -> Iterator[dict[tuple[int, int], int]]:
        if place == len(cells):
            yield dict(filled)
            return
        row, column = cells[place]
        left_in_row = rows[row] - sum(value for cell, value in filled.items() if cell[0] == row)
        left_in_column = columns[column] - sum(value for cell, value in filled.items() if cell[1] == column)
        is_last = (
            not any(cell[0] == row for cell in cells[place + 1 :]),
            not any(c[1] == column for c in cells[place + 1 :]),
        )
        for value in range(min(counts[row][column], 1), min(left_in_row, left_in_column) + 1):
            if (is_last[0] and value != left_in_row) or (is_last[1] and value != left_in_column):
                continue
            filled[row, column] = value
            yield from fill(place + 1, filled)
            del filled[row, column]

    return fill(0, {})


def told(counts: Counts, hidden: Cells) -> Cells:
    """The hidden cells that have the same value in every possible table."""
    values: dict[tuple[int, int], set[int]] = {cell: set() for cell in hidden}
    for filled in possible(counts, hidden):
        for cell, value in filled.items():
            values[cell].add(value)
        if all(len(found) > 1 for found in values.values()):
            break
    return {cell for cell, found in values.items() if len(found) == 1}


# --- worked by hand, with 5 as the least ------------------------------------------------------------


def test_nothing_is_left_out_where_nothing_is_small() -> None:
    assert left_out([[5, 0], [7, 9]], 5) == set()


def test_a_small_count_takes_three_others_with_it() -> None:
    """3 takes the 12 of its row, the 12 the 11 of its column, and the 3 the 7 of its own."""
    counts = [[12, 3, 20], [15, 9, 30], [11, 7, 25]]
    assert left_out(counts, 5) == {(0, 0), (0, 1), (2, 0), (2, 1)}


def test_small_counts_that_keep_each_other_secret_need_no_others() -> None:
    assert left_out([[1, 4, 20], [4, 1, 20]], 5) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_ones_are_told_by_a_sum_that_leaves_nothing_else() -> None:
    """What is left of a row is 2, and neither can be nought; only with all left out can one of them be 2."""
    counts = [[1, 1, 20], [1, 1, 20], [9, 9, 30]]
    assert told(counts, {(0, 0), (0, 1), (1, 0), (1, 1)}) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert left_out(counts, 5) == {(row, column) for row in range(3) for column in range(3)}


def test_a_nought_is_left_out_only_where_there_is_nothing_else() -> None:
    assert left_out([[4, 9], [30, 0]], 5) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert (1, 0) not in left_out([[4, 9, 9], [0, 30, 30], [8, 9, 9]], 5)


def test_the_first_of_equal_counts_is_left_out() -> None:
    hidden = left_out([[3, 8, 8], [9, 9, 9]], 5)
    assert hidden == {(0, 0), (0, 1), (1, 0), (1, 1)}


@pytest.mark.parametrize("counts", [[[1, 0], [20, 30]], [[3], [40]], [[2, 20], [1, 30]]])
def test_a_total_that_is_small_itself_has_to_be_joined_with_another(counts: Counts) -> None:
    with pytest.raises(ValueError, match="join rows or columns"):
        left_out(counts, 5)


def test_one_row_alone_cannot_be_kept_secret() -> None:
    """The totals of its columns are its counts."""
    with pytest.raises(ValueError, match="join rows or columns"):
        left_out([[3, 40, 50]], 4)


# --- whatever the counts ----------------------------------------------------------------------------


@given(tables(4), st.data())
def test_a_count_is_told_exactly_when_every_possible_table_has_it(counts: Counts, data: st.DataObject) -> None:
    cells = [(row, column) for row, line in enumerate(counts) for column in range(len(line))]
    hidden = data.draw(st.sets(st.sampled_from(cells)))
    assert {cell for cell in hidden if is_told(cell, hidden, counts)} == told(counts, hidden)


@given(tables(12))
def test_what_is_published_with_its_totals_tells_no_count_that_is_left_out(counts: Counts) -> None:
    try:
        hidden = left_out(counts, 4)
    except ValueError:
        assume(False)
    small = {(row, column) for row, line in enumerate(counts) for column, count in enumerate(line) if 0 < count < 4}
    assert small <= hidden
    assert told(counts, hidden) == set()
    assert left_out(counts, 4) == hidden
    if not small:
        assert hidden == set()
