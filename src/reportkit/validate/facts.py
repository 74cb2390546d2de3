"""Published facts against one another: said twice, or said differently.

A fact is a value of an indicator for an area and a period, whichever table it stands in; ``2024`` and
``2024-01/2024-12`` are the same period.
"""

from __future__ import annotations

import calendar
import functools
import itertools
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from reportkit.findings import Finding
from reportkit.standards import rules
from reportkit.validate.rows import Read, Rows

COLUMNS = ("area_code", "indicator", "value")
SHARES = ("good_days_ratio",)  # beside the means of the annual evaluation: what a whole period has between its parts


class Span(NamedTuple):
    """The days of a period, both ends included."""

    first: date
    last: date


class Fact(NamedTuple):
    """A published value, and the place of its row in its table."""

    area: str
    indicator: str
    unit: str
    span: Span
    value: Decimal
    table: str
    place: int


@functools.cache
def span_of(period: str) -> Span | None:
    """The days of ``2024``, ``2024-03`` or a range such as ``2024-01/2024-09``; None where it is no period."""
    first, _, last = period.partition("/")
    try:
        span = Span(_ends(first).first, _ends(last or first).last)
    except ValueError:
        return None
    return span if span.first <= span.last else None


def _ends(text: str) -> Span:
    year, month, day = (int(part) for part in f"{text}-0-0".split("-")[:3])
    last_month = month or 12
    last = day or calendar.monthrange(year, last_month)[1]
    return Span(date(year, month or 1, day or 1), date(year, last_month, last))


def number_of(text: str) -> Decimal | None:
    """*text* as a number, None where it is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def decimals(value: Decimal) -> int:
    """With how many decimals *value* is written."""
    return max(0, -int(value.as_tuple().exponent))


def period_column(rows: Rows) -> str:
    """The column that says of which period a fact is; empty where the table does not hold facts."""
    columns = rows.table.columns
    return next((name for name in ("period", "year") if name in columns and set(COLUMNS) <= set(columns)), "")


def findings(read: Read) -> Iterator[Finding]:
    """Facts that stand twice, that contradict one another, or that lie outside what their parts allow."""
    known = list(_facts(read))
    yield from _same(read, known)
    yield from _outside(read, known)


def _facts(read: Read) -> Iterator[Fact]:
    """Every fact of every table that holds facts."""
    for name, rows in read.items():
        column = period_column(rows)
        for place, row in enumerate(rows.records() if column else ()):
            span, value = span_of(row[column]), number_of(row["value"])
            if span is not None and value is not None:
                yield Fact(row["area_code"], row["indicator"], row.get("unit", ""), span, value, name, place)


def _same(read: Read, known: list[Fact]) -> Iterator[Finding]:
    """Facts of the same area, indicator, unit and days as one before them."""
    first: dict[tuple[str, str, str, Span], Fact] = {}
    for fact in known:
        before = first.setdefault((fact.area, fact.indicator, fact.unit, fact.span), fact)
        if before is fact or _key(read, before) == _key(read, fact):
            continue  # a key that stands twice is named as such
        code = "fact-repeated" if before.value == fact.value else "fact-contradicted"
        where = _where(read, before)
        yield read[fact.table].at(fact.place, code, "value", other=before.value, first=where)


def _outside(read: Read, known: list[Fact]) -> Iterator[Finding]:
    """Means of a period that two periods make up, and that do not lie between those of the two."""
    means = {row["indicator"] for row in rules.table("air_annual_items") if row["statistic"] == "mean"}
    series: dict[tuple[str, str, str], dict[Span, Fact]] = defaultdict(dict)
    for fact in known:
        if fact.indicator in {*means, *SHARES}:
            series[fact.area, fact.indicator, fact.unit][fact.span] = fact
    for facts in series.values():
        for one, other in itertools.permutations(facts.values(), 2):
            whole = facts.get(Span(one.span.first, other.span.last))
            if whole is None or one.span.last + timedelta(days=1) != other.span.first:
                continue
            low, high = sorted([one.value, other.value])
            step = Decimal(1).scaleb(-min(decimals(fact.value) for fact in (whole, one, other)))
            if not low - step <= whole.value <= high + step:
                where = f"{_where(read, one)} and in row {_where(read, other)}"
                both = f"{one.value} / {other.value}"
                yield read[whole.table].at(whole.place, "fact-contradicted", "value", other=both, first=where)


def _key(read: Read, fact: Fact) -> tuple[str, dict[str, str]]:
    rows = read[fact.table]
    return fact.table, rows.cells(fact.place, rows.table.primary_key)


def _where(read: Read, fact: Fact) -> str:
    rows = read[fact.table]
    return f"{rows.numbers[fact.place]} of {rows.files[fact.place]}"
