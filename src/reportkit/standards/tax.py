"""The environmental protection tax of an outlet: equivalents, which of them are taxed, and what is remitted.

Amounts are kilograms (or what the row of the annex counts), tax is in yuan. Published worked examples round in
different places, so that where it is done is said by whoever asks: see :class:`Rounding`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from reportkit.display import Displayed
from reportkit.errors import StandardError
from reportkit.memo import memo
from reportkit.standards import rules
from reportkit.standards.rounding import Number, exact, half_even

AIR, WATER = "air", "water"
FIRST_CLASS = "water_class1"
GROUPS = {AIR: ("air",), WATER: (FIRST_CLASS, "water_class2", "water_other")}
FIRST_TAXED, OTHERS_TAXED = 5, 3  # of one outlet, those with the most equivalents
FULL = 100
NOISE = "noise"


class Rounding(Enum):
    """Where a worked example rounds to two decimals before the sum; the sum itself is always rounded to the fen."""

    SUM = "sum"
    ITEMS = "items"
    EQUIVALENTS = "equivalents"
    EQUIVALENTS_CUT = "equivalents_cut"


@dataclass(frozen=True)
class Discharge(Displayed):
    """What left an outlet of one pollutant: *amount*, and its mean concentration in percent of the limit.

    *has_exceeded*: an hourly mean (air), daily mean (water) or a check of the month was above the limit.
    """

    pollutant: str
    amount: Number
    percent_of_limit: Number = FULL
    has_exceeded: bool = False


@dataclass(frozen=True)
class Equivalent(Displayed):
    """How much of a pollutant is one equivalent; of those that share *one_of*, an outlet is taxed for one only."""

    group: str
    pollutant: str
    value: Decimal
    unit: str
    one_of: str
    rule: rules.Rule


@dataclass(frozen=True)
class Item(Displayed):
    """One pollutant of an outlet: its equivalents, whether it is taxed, the percent that is paid, and the tax."""

    pollutant: str
    equivalents: Fraction
    is_taxed: bool
    paid_pct: int
    tax: Fraction


@memo
def equivalent(medium: str, pollutant: str, as_of: date) -> Equivalent:
    """The row of the annex for a pollutant of air or water; StandardError where it has none (total nitrogen, VOC)."""
    for row in rules.in_force(rules.table("market_equivalents"), as_of):
        if row["group"] in GROUPS[medium] and row["pollutant"] == pollutant:
            return Equivalent(
                group=row["group"],
                pollutant=pollutant,
                value=Decimal(row["equivalent"]),
                unit=row["unit"],
                one_of=row["one_of"],
                rule=rules.Rule.of(row, "market.equivalents", "name"),
            )
    raise StandardError(f"'{pollutant}' is not taxed in {medium} in {as_of.year}", where="market_equivalents.csv")


@memo
def rate(what: str, area_code: str, as_of: date) -> Decimal | None:
    """The yuan for an equivalent of air or water, a tonne of waste, a month of noise; None where none is held."""
    rows = rules.in_force(rules.table("market_tax_rates"), as_of, area_code)
    return next((Decimal(row["rate"]) for row in rows if row["object"] == what), None)


@memo
def noise_band(over_db: int, as_of: date) -> str | None:
    """The object of the rates that noise of so many dB over the limit is; None for noise below the first band.

    A band begins with its own dB and ends where the next begins.
    """
    rows = (row for row in rules.in_force(rules.table("market_tax_rates"), as_of) if row["from_db"])
    reached = {int(row["from_db"]): row["object"] for row in rows if int(row["from_db"]) <= over_db}
    return reached[max(reached)] if reached else None


def paid_pct(percent_of_limit: Number, has_exceeded: bool, as_of: date) -> int:
    """How many percent of the tax are paid: 75 or 50 for a mean far below the limit, all where one value exceeded it.

    A mean of exactly 70 (or 50) percent of the limit counts as 30 (or 50) percent below it: a choice of this
    publication, since the law says "below by 30 percent" and no more.
    """
    if has_exceeded:
        return FULL
    rows = rules.in_force(rules.table("market_tax_reductions"), as_of)
    granted = (int(row["paid_pct"]) for row in rows if exact(percent_of_limit) <= int(row["at_most_pct"]))
    return min(granted, default=FULL)


def tax(
    discharges: Sequence[Discharge], medium: str, yuan: Number, as_of: date, rounding: Rounding = Rounding.SUM
) -> list[Item]:
    """What each pollutant of one outlet is taxed at *yuan* for an equivalent, in the order given."""
    rows = [equivalent(medium, it.pollutant, as_of) for it in discharges]
    counted = [
        _counted(exact(it.amount) / exact(row.value), rounding) for it, row in zip(discharges, rows, strict=True)
    ]
    taxed = _taxed(rows, counted)
    items = []
    for place, (discharge, number) in enumerate(zip(discharges, counted, strict=True)):
        paid = paid_pct(discharge.percent_of_limit, discharge.has_exceeded, as_of)
        due = number * exact(yuan) * paid / FULL if place in taxed else Fraction(0)
        is_rounded = rounding is Rounding.ITEMS
        items.append(
            Item(discharge.pollutant, number, place in taxed, paid, exact(half_even(due, 2)) if is_rounded else due)
        )
    return items


def total(items: Iterable[Item]) -> Decimal:
    """The tax of an outlet in yuan, rounded to the fen."""
    return half_even(sum((item.tax for item in items), Fraction(0)), 2)


def waste_tax(made: Number, used: Number, stored: Number, yuan: Number) -> Decimal:
    """The tax on tonnes of waste that were neither used nor stored or disposed of as the standards ask."""
    return half_even((exact(made) - exact(used) - exact(stored)) * exact(yuan), 2)


def _counted(number: Fraction, rounding: Rounding) -> Fraction:
    """Equivalents as the example counts them."""
    if rounding is Rounding.EQUIVALENTS:
        return exact(half_even(number, 2))
    return Fraction(math.floor(number * 100), 100) if rounding is Rounding.EQUIVALENTS_CUT else number


def _taxed(rows: Sequence[Equivalent], counted: Sequence[Fraction]) -> set[int]:
    """Which of an outlet's pollutants are taxed: the first by equivalents, five of class 1 and three of the others.

    Of COD, BOD5 and TOC only the one with the most equivalents stands in line; so of coliforms and chlorine.
    """
    first: list[int] = []
    others: list[int] = []
    met: set[str] = set()
    for place in sorted(range(len(rows)), key=lambda place: (-counted[place], place)):
        if rows[place].one_of in met:
            continue
        met |= {rows[place].one_of} - {""}
        (first if rows[place].group == FIRST_CLASS else others).append(place)
    return {*first[:FIRST_TAXED], *others[:OTHERS_TAXED]}
