"""What a finding is about: the key, the status and the year of its row, and whether its reason is known."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from reportkit.findings import NOTE, REVIEW, Finding
from reportkit.validate.rows import Integers, Read, Rows
from reportkit.validate.sources import key_of

Known = Mapping[str, list[tuple[Mapping[str, str], Mapping[str, str]]]]


def in_context(found: Iterable[Finding], read: Read) -> Iterator[Finding]:
    """*found*, each with key, status and year of its row; those whose reason is known say it and become notes.

    The reasons are rows of ``known_differences``: table, key, why, and the source that says so.
    """
    by_file = {f"data/{path}": rows for rows in read.values() for path in rows.table.paths}
    known = _known_differences(read)

    @functools.cache
    def places(file: str) -> tuple[int, Integers, Integers]:
        rows = by_file[file]
        own = np.flatnonzero(rows.files == file)
        return int(own[0]) if len(own) else 0, rows.numbers[own], rows.years[own]

    for it in found:
        if it.row is None or it.file not in by_file:
            yield it
            continue
        first, numbers, years = places(it.file)
        offset = int(np.searchsorted(numbers, it.row))
        if offset == len(numbers) or numbers[offset] != it.row:
            yield it  # the heading, or a row that could not be read
            continue
        yield _placed(it, by_file[it.file], first + offset, int(years[offset]) or None, known)


def _placed(it: Finding, rows: Rows, place: int, year: int | None, known: Known) -> Finding:
    """The finding *it* about the row at *place*."""
    cells = rows.cells(place, rows.table.primary_key)
    key = ";".join(f"{column}={cell}" for column, cell in cells.items())
    it = replace(it, key=key, status=rows.status(place), year=year)
    if it.severity == REVIEW:
        for own, why in known.get(rows.table.name, ()):
            if own.items() <= cells.items():
                return replace(it, severity=NOTE, known=why, do=f"nothing, the reason is known: {why['en']}")
    return it


def _known_differences(read: Read) -> Known:
    known: dict[str, list[tuple[Mapping[str, str], Mapping[str, str]]]] = defaultdict(list)
    for row in read["known_differences"].records() if "known_differences" in read else ():
        known[row["table"]].append((key_of(row["key"]), {"zh": row["why_zh"], "en": row["why_en"]}))
    return known
