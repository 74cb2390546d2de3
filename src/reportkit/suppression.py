"""Small counts are left out of a table, and so many others that its totals do not tell them; pure and exact.

A table of counts is published with the total of each row and column. Who reads it may know that what was left out is
not nought, and may add and subtract: a count is kept secret when the totals leave it more than one value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

Cell = tuple[int, int]  # the row and the column of a count
Line = tuple[str, int]  # a row or a column
Steps = Mapping[Line, set[Line]]

ROW, COLUMN = "row", "column"


def left_out(counts: Sequence[Sequence[int]], least: int) -> set[Cell]:
    """The cells of *counts* that are not published: those from 1 to *least* − 1, and what would tell them.

    Where a count can be computed from the totals, the smallest other one of its row or column that is not nought is
    left out as well (a nought where there is nothing else), the first of equal ones. Raises ValueError where that does
    not help: a total is small itself, or nothing is left to leave out; rows or columns have to be joined then.
    """
    _ask_for_large_totals(counts, least)
    hidden = {
        (row, column) for row, line in enumerate(counts) for column, count in enumerate(line) if 0 < count < least
    }
    while told := [cell for cell in sorted(hidden) if is_told(cell, hidden, counts)]:
        hidden.add(_companion(told, hidden, counts))
    return hidden


def is_told(cell: Cell, hidden: set[Cell], counts: Sequence[Sequence[int]]) -> bool:
    """Whether the totals leave a *hidden* count one value only, to one who knows that none of them is nought.

    It has another value where one more in it can be evened out by one less and one more in turn in other hidden cells,
    along rows and columns and back to it; or one less by one more. A count of 1 cannot be less.
    """
    steps: dict[Line, set[Line]] = defaultdict(set)
    for row, column in hidden - {cell}:
        steps[ROW, row].add((COLUMN, column))  # one more there
        if counts[row][column] > 1:
            steps[COLUMN, column].add((ROW, row))  # or one less
    own_row, own_column = (ROW, cell[0]), (COLUMN, cell[1])
    can_be_more = _leads(own_column, own_row, steps)
    can_be_less = counts[cell[0]][cell[1]] > 1 and _leads(own_row, own_column, steps)
    return not (can_be_more or can_be_less)


def _leads(start: Line, end: Line, steps: Steps) -> bool:
    """Whether *steps* lead from one line to another."""
    reached, waiting = {start}, [start]
    while waiting:
        further = steps.get(waiting.pop(), set()) - reached
        reached |= further
        waiting += further
    return end in reached


def _companion(told: Sequence[Cell], hidden: set[Cell], counts: Sequence[Sequence[int]]) -> Cell:
    """What is left out next: the smallest count of a line in which a *told* one is alone, else of all their lines."""
    lines = [line for cell in told for line in _lines(cell, counts)]
    alone = [line for line in lines if len(line & hidden) == 1]
    shown = (alone[0] if alone else set().union(*lines)) - hidden
    if not shown:
        row, column = told[0]
        raise ValueError(f"the count in row {row}, column {column} cannot be kept secret: join rows or columns")
    return min(shown, key=lambda cell: (not counts[cell[0]][cell[1]], counts[cell[0]][cell[1]], cell))


def _lines(cell: Cell, counts: Sequence[Sequence[int]]) -> tuple[set[Cell], set[Cell]]:
    """The cells of the row and of the column of a *cell*."""
    row, column = cell
    return {(row, other) for other in range(len(counts[row]))}, {(other, column) for other in range(len(counts))}


def _ask_for_large_totals(counts: Sequence[Sequence[int]], least: int) -> None:
    """Raise ValueError where the total of a row or column is a small count itself."""
    for kind, lines in ((ROW, counts), (COLUMN, list(zip(*counts, strict=True)))):
        for place, line in enumerate(lines):
            if 0 < sum(line) < least:
                raise ValueError(f"the total of {kind} {place} is a small count itself: join rows or columns")
