"""Figures that can be computed from others: totals, means, balances, ranks, the composite index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from reportkit.errors import StandardError
from reportkit.findings import Finding
from reportkit.standards import air, rules
from reportkit.standards.rounding import half_even
from reportkit.validate.facts import Span, decimals, number_of, period_column, span_of
from reportkit.validate.rows import Read, Rows

Mask = npt.NDArray[np.bool_]
AIR = "air/published"
CITY = "city"


def findings(read: Read) -> Iterator[Finding]:
    """Totals, means, balances, ranks and indices that are not what the other values give."""
    for check in read["checks/totals"].records() if "checks/totals" in read else ():
        if check["table"] in read:
            yield from _totals(read[check["table"]], check, read)
    for check in read["checks/balances"].records() if "checks/balances" in read else ():
        if check["table"] in read:
            yield from _balances(read[check["table"]], check)
    for check in read["checks/ranks"].records() if "checks/ranks" in read else ():
        if check["table"] in read:
            yield from _ranks(read[check["table"]], check, read)
    if AIR in read:
        yield from _indices(read[AIR])


# --- parts and wholes ---------------------------------------------------------------------------------------


def _totals(rows: Rows, check: Mapping[str, str], read: Read) -> Iterator[Finding]:
    """Wholes that differ from the sum, or the mean, of their parts by more than the tolerance.

    Nothing is said where a part is missing.
    """
    by, column = check["by"].split(";"), check["column"]
    asked = _meets(rows, check["where"], read) & _within(rows, check)
    whole, part = (asked & _meets(rows, check[side], read) for side in ("whole", "parts"))
    member = check["parts"].partition("=")[0].partition(".")[0]
    expected = _members(rows, check["parts"], read)
    parts: dict[tuple[str, ...], dict[str, Decimal | None]] = defaultdict(dict)
    for place in np.flatnonzero(part).tolist():
        cells = rows.cells(place, [*by, member, column])
        parts[tuple(cells[name] for name in by)][cells[member]] = number_of(cells[column])
    for place in np.flatnonzero(whole).tolist():
        cells = rows.cells(place, [*by, column])
        found, given = parts[tuple(cells[name] for name in by)], number_of(cells[column])
        values = [value for value in found.values() if value is not None]
        if given is None or found.keys() != expected or len(values) < len(expected):
            continue
        total = sum(values, Decimal(0))
        is_sum = check["operation"] == "sum"
        computed = total if is_sum else half_even(Fraction(total) / len(values), decimals(given))
        if abs(computed - given) > Decimal(check["tolerance"] or 0):
            code = "sum-differs" if is_sum else "published-differs"
            how = f"the mean of its {len(values)} parts"
            yield rows.at(place, code, column, computed=computed, parts=len(values), how=how)


def _balances(rows: Rows, check: Mapping[str, str]) -> Iterator[Finding]:
    """Rows in which what becomes of something is not as much as what comes; told of the last column of it.

    Nothing is said of a row in which a number is missing.
    """
    inflow, (*others, last) = check["inflow"].split(";"), check["outflow"].split(";")
    for place in range(len(rows.text)):
        amounts = {name: number_of(cell) for name, cell in rows.cells(place, [*inflow, *others, last]).items()}
        known = {name: amount for name, amount in amounts.items() if amount is not None}
        if len(known) < len(amounts):
            continue
        computed = sum((known[name] for name in inflow), Decimal(0)) - sum(known[name] for name in others)
        if abs(computed - known[last]) > Decimal(check["tolerance"] or 0):
            words = {"inflow": " + ".join(inflow), "others": " + ".join(others)}
            yield rows.at(place, "balance-differs", last, computed=computed, **words)


def _meets(rows: Rows, condition: str, read: Read) -> Mask:
    """Which rows meet ``column=value|value``; ``area_code.kind=city`` asks the row that ``area_code`` points to."""
    if not condition:
        return np.ones(len(rows.text), np.bool_)
    column = condition.partition("=")[0].partition(".")[0]
    return rows.text[column].isin(_members(rows, condition, read)).to_numpy(np.bool_)


def _members(rows: Rows, condition: str, read: Read) -> set[str]:
    """The cells of the column itself that meet *condition*, all of them, whether they occur or not."""
    path, _, wanted = condition.partition("=")
    column, _, attribute = path.partition(".")
    values = set(wanted.split("|"))
    if not attribute:
        return values
    table, key = rows.table.foreign_keys[column]
    other = read[table].text
    return set(other.loc[other[attribute].isin(values), key])


def _within(rows: Rows, check: Mapping[str, str]) -> Mask:
    """Which rows are of a period that ends while *check* holds."""
    column = period_column(rows)
    if not column or not (check["valid_from"] or check["valid_to"]):
        return np.ones(len(rows.text), np.bool_)
    return np.array([_holds(span_of(str(period)), check) for period in rows.text[column]], np.bool_)


def _holds(span: Span | None, check: Mapping[str, str]) -> bool:
    return span is not None and check["valid_from"] <= f"{span.last}" <= (check["valid_to"] or "9999-12-31")


# --- ranks and the composite index --------------------------------------------------------------------------


def _ranks(rows: Rows, check: Mapping[str, str], read: Read) -> Iterator[Finding]:
    """Printed places among the districts that their values do not give; ties share a place.

    ``by`` names the indicators in turn, with ``-`` behind one of which more is better. Nothing is said of a period in
    which a district's place or value is missing.
    """
    by, areas = check["by"].split(";"), read["areas"].text
    districts = set(areas.loc[areas["kind"] != CITY, "area_code"])
    for period, values in _by_period(rows).items():
        if not _holds(span_of(period), check):
            continue
        keys = {}
        for area in districts & values.keys():
            wanted = [values[area].get(name.rstrip("-")) for name in by]
            given = [(value, name[-1] == "-") for (_, value), name in zip(filter(None, wanted), by, strict=False)]
            if len(given) == len(by) and check["indicator"] in values[area]:
                keys[area] = tuple(-value if is_more_better else value for value, is_more_better in given)
        for area, key in keys.items() if keys.keys() == districts else ():
            place, printed = values[area][check["indicator"]]
            computed = 1 + sum(other < key for other in keys.values())
            if printed != computed:
                how = f"the order by {check['by']}"
                yield rows.at(place, "published-differs", "value", computed=computed, how=how)


def _indices(rows: Rows) -> Iterator[Finding]:
    """Printed composite indices that their six printed values do not give."""
    for period, areas in _by_period(rows).items():
        if (span := span_of(period)) is None:
            continue
        parts = _index_parts(span.last)
        for values in areas.values():
            six = {parameter: values[name][1] for name, parameter in parts.items() if name in values}
            if "composite_index" in values and six.keys() == set(air.PARAMETERS):
                place, printed = values["composite_index"]
                computed = air.composite_index(six, span.last).total
                if printed != computed:
                    how = "the composite index of the six printed values"
                    yield rows.at(place, "published-differs", "value", computed=computed, how=how)


def _index_parts(as_of: date) -> dict[str, str]:
    """Indicator → parameter of the six values of the composite index; nothing where no rule is known."""
    try:
        rules.rule("air.index", as_of)
    except StandardError:
        return {}
    items = rules.in_force(rules.table("air_annual_items"), as_of)
    return {item["indicator"]: item["parameter"] for item in items if item["in_index"] == "yes"}


def _by_period(rows: Rows) -> dict[str, dict[str, dict[str, tuple[int, Decimal]]]]:
    """The values of a table of facts: period → area → indicator → (place of the row, value)."""
    known: dict[str, dict[str, dict[str, tuple[int, Decimal]]]] = defaultdict(lambda: defaultdict(dict))
    for place, row in enumerate(rows.records()):
        if (value := number_of(row["value"])) is not None:
            known[row[period_column(rows)]][row["area_code"]][row["indicator"]] = (place, value)
    return known
