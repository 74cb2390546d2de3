"""Price lists by area and day, and what a household pays by them: each part of its use at the price of its tier.

Prices are a city's own: the rows of its table of tariffs, as text, are given by whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from reportkit.display import Displayed
from reportkit.standards import rules
from reportkit.standards.rounding import Number, exact, half_even

HOUSEHOLD = "household"
POWER, WATER, SEWAGE, GAS, WASTE = "power", "water", "sewage", "gas", "waste"
SERVICES = (POWER, WATER, SEWAGE, GAS, WASTE)
FEN = 2  # decimals of what is paid
YEARLY = "year"  # tiers that count what was used since January, not in the month alone


@dataclass(frozen=True)
class Tier(Displayed):
    """A price in yuan for the use *above* one mark and *up_to* another, which belongs to it; None: without end."""

    number: int
    above: Decimal
    up_to: Decimal | None
    price: Decimal


@dataclass(frozen=True)
class Charge(Displayed):
    """What was used within one tier, and what it costs in yuan, rounded to the fen."""

    tier: int
    amount: Decimal
    price: Decimal
    yuan: Decimal


@dataclass(frozen=True)
class Tariff(Displayed):
    """The tiers of one service for one kind of user, in the *months* they hold for, and the list they stand in.

    *since* is the first day of the list, as it is written, and *until* the last; empty where no end is stated.
    """

    service: str
    user: str
    season: str
    months: tuple[int, ...]
    per: str
    unit: str
    tiers: tuple[Tier, ...]
    rule: rules.Rule
    since: str
    until: str

    @classmethod
    def of(cls, rows: Sequence[rules.Row]) -> Self:
        """The tariff whose tiers are *rows* of the table, the lowest first."""
        first = rows[0]
        marks = [Decimal(0), *(Decimal(row["up_to"]) for row in rows[:-1])]
        return cls(
            service=first["service"],
            user=first["user"],
            season=first["season"],
            months=tuple(int(month) for month in first["months"].split(";") if month) or tuple(range(1, 13)),
            per=first["per"],
            unit=first["unit"],
            tiers=tuple(
                Tier(int(row["tier"]), mark, Decimal(row["up_to"]) if row["up_to"] else None, Decimal(row["price"]))
                for row, mark in zip(rows, marks, strict=True)
            ),
            rule=rules.Rule.of(first, "market.tariffs", "scope"),
            since=first["valid_from"],
            until=first["valid_to"],
        )

    def charges(self, amount: Number, before: Number = 0) -> list[Charge]:
        """What *amount* costs, tier by tier, after *before* was used in the same period of tiers."""
        start, end = exact(before), exact(before) + exact(amount)
        found = []
        for tier in self.tiers:
            top = end if tier.up_to is None else min(end, exact(tier.up_to))
            within = top - max(start, exact(tier.above))
            if within > 0:
                used = Decimal(within.numerator) / within.denominator
                found.append(Charge(tier.number, used, tier.price, half_even(within * exact(tier.price), FEN)))
        return found


def tariffs(listed: Iterable[rules.Row], area_code: str, as_of: date) -> tuple[Tariff, ...]:
    """The tariffs *listed* for an area on a day, services in the order of :data:`SERVICES`."""
    groups: dict[tuple[str, str, str], list[rules.Row]] = {}
    for row in rules.in_force(listed, as_of, area_code):
        groups.setdefault((row["service"], row["user"], row["season"]), []).append(row)
    found = [Tariff.of(sorted(rows, key=lambda row: int(row["tier"]))) for rows in groups.values()]
    return tuple(sorted(found, key=lambda tariff: SERVICES.index(tariff.service)))


def household_tariff(listed: Iterable[rules.Row], area_code: str, service: str, month: date) -> Tariff | None:
    """What households of an area pay for a service in a *month* (its first day), if it is *listed*."""
    known = (it for it in tariffs(listed, area_code, month) if (it.service, it.user) == (service, HOUSEHOLD))
    return next((it for it in known if month.month in it.months), None)
