"""A random draw that anyone can repeat: who is inspected, and by whom, follows from published files and a seed.

Of the standard library alone, so that it can be read, and rewritten, by whoever doubts it. Version 1:

1. Before the draw the SHA-256 of the seed is published, and that of the lists it is drawn from (:func:`lists_hash`).
   Neither the seed nor the lists can be changed afterwards without that being seen.
2. On the day of the draw the seed is published. The units of each class are put in the order of the SHA-256 of
   ``seed + "\\n" + unit``, as hexadecimal text; the first of them are drawn: the ratio of the class, rounded up.
3. For each of them the inspectors of the bureau who have no conflict with the unit or its district are put in the order
   of the SHA-256 of ``seed + "\\n" + unit + "\\n" + inspector``; the first two inspect it.
"""

from __future__ import annotations

import csv
import hashlib
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Self

VERSION = "1"
PAIR = 2  # inspectors that go together
FOLDER = "supervision"

Row = Mapping[str, str]


@dataclass(frozen=True)
class Drawn:
    """A unit that was drawn: its class, its place in the order of its class, and who inspects it."""

    unit: str
    class_: str
    place: int
    inspectors: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """Something published of a draw that is other than what its files and its seed come to."""

    draw: str
    what: str
    published: str
    found: str

    def __str__(self) -> str:
        return f"{self.draw}: {self.what}: published {self.published or '-'}, found {self.found or '-'}"


@dataclass(frozen=True)
class Files:
    """The published files of draws: the draws, the units and ratios, the inspectors, and who was drawn."""

    draws: Sequence[Row]
    pool: Sequence[Row]
    ratios: Sequence[Row]
    inspectors: Sequence[Row]
    drawn: Sequence[Row]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The files in the folder ``supervision`` of a *folder* such as ``data/``; OSError where one is missing."""
        return cls(*(_rows(folder / FOLDER / f"{name}.csv") for name in cls.__dataclass_fields__))

    def lists_of(self, draw: Row) -> tuple[list[Row], dict[str, str], list[Row]]:
        """What a *draw* is made from: its units, the percent of each class, the inspectors of its bureau."""
        pool = [row for row in self.pool if row["pool_id"] == draw["pool_id"]]
        ratios = {row["class"]: row["ratio_pct"] for row in self.ratios if row["pool_id"] == draw["pool_id"]}
        return pool, ratios, [row for row in self.inspectors if row["area_code"] == draw["area_code"]]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


# --- the draw ------------------------------------------------------------------------------------


def digest(*parts: str) -> str:
    """The SHA-256 of the *parts*, a line each, as hexadecimal text."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def lists_hash(pool: Iterable[Row], ratios: Mapping[str, str], inspectors: Iterable[Row]) -> str:
    """The SHA-256 of all lists of a draw: each row a line, its cells parted by tabs, the lines in order."""
    lines = [f"{row['enterprise_id']}\t{row['area_code']}\t{row['class']}" for row in pool]
    lines += [f"{class_}\t{ratio_pct}" for class_, ratio_pct in ratios.items()]
    lines += [f"{row['inspector_id']}\t{row['conflicts']}" for row in inspectors]
    return digest(*sorted(lines))


def selected(seed: str, units: Iterable[str], ratio_pct: str) -> list[str]:
    """The *units* of one class that are drawn, in their order: so many percent of them, rounded up."""
    ordered = sorted(units, key=lambda unit: digest(seed, unit))
    return ordered[: math.ceil(Fraction(ratio_pct) * len(ordered) / 100)]


def pair(seed: str, unit: str, places: Collection[str], inspectors: Iterable[Row]) -> tuple[str, ...]:
    """The two who inspect a *unit*: none who has a conflict with it or with the *places* it is in."""
    barred = {unit, *places}
    free = [row["inspector_id"] for row in inspectors if barred.isdisjoint(row["conflicts"].split(";"))]
    return tuple(sorted(free, key=lambda inspector: digest(seed, unit, inspector))[:PAIR])


def rerun(seed: str, pool: Sequence[Row], ratios: Mapping[str, str], inspectors: Sequence[Row]) -> list[Drawn]:
    """Everybody who is drawn with a *seed*, class by class."""
    place_of = {row["enterprise_id"]: row["area_code"] for row in pool}
    return [
        Drawn(unit, class_, place, pair(seed, unit, {place_of[unit]}, inspectors))
        for class_, ratio_pct in sorted(ratios.items())
        for place, unit in enumerate(
            selected(seed, [row["enterprise_id"] for row in pool if row["class"] == class_], ratio_pct), start=1
        )
    ]


# --- the check -----------------------------------------------------------------------------------


def differences(files: Files) -> Iterator[Difference]:
    """Everything in which the published draws are other than they come to when they are run again."""
    known = {row["draw_id"] for row in files.draws}
    for name in sorted({row["draw_id"] for row in files.drawn} - known):
        yield Difference(name, "a draw", "units drawn in it", "no such draw")
    for row in files.draws:
        yield from differences_of(row, files)


def differences_of(draw: Row, files: Files) -> Iterator[Difference]:
    """The same of one *draw*."""
    name, seed = draw["draw_id"], draw["seed"]
    pool, ratios, inspectors = files.lists_of(draw)
    if draw["algorithm"] != VERSION:
        yield Difference(name, "algorithm", draw["algorithm"], VERSION)
        return
    if draw["commitment"] != digest(seed):
        yield Difference(name, "commitment", draw["commitment"], digest(seed))
    if draw["lists_sha256"] != (lists := lists_hash(pool, ratios, inspectors)):
        yield Difference(name, "lists", draw["lists_sha256"], lists)
    if draw["committed_date"] >= draw["drawn_date"]:
        yield Difference(name, "committed before the draw", draw["committed_date"], draw["drawn_date"])
    found = {one.unit: one for one in rerun(seed, pool, ratios, inspectors)}
    rows = [row for row in files.drawn if row["draw_id"] == name]
    published = {row["enterprise_id"]: _as_drawn(row) for row in rows}
    for unit, times in Counter(row["enterprise_id"] for row in rows).items():
        if times > 1:
            yield Difference(name, unit, f"listed {times} times", "once")
    for unit in sorted(found.keys() | published.keys()):
        if found.get(unit) != published.get(unit):
            yield Difference(name, unit, _said(published.get(unit)), _said(found.get(unit)))


def _as_drawn(row: Row) -> Drawn:
    inspectors = tuple(filter(None, (row["inspector_1"], row["inspector_2"])))
    return Drawn(row["enterprise_id"], row["class"], int(row["place"]), inspectors)


def _said(drawn: Drawn | None) -> str:
    """What is compared of a unit that was drawn; nothing where it was not."""
    return f"{drawn.class_} {drawn.place}, {' and '.join(drawn.inspectors)}" if drawn else ""
