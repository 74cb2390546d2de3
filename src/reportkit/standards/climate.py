"""Factors of carbon dioxide and coal equivalent by the year of the data, and how cuts are put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from reportkit.display import Displayed
from reportkit.errors import StandardError
from reportkit.memo import memo
from reportkit.standards import rules
from reportkit.standards.rounding import Number, exact, half_even

CO2, TCE = "co2", "tce"
FUELS = ("coal", "gas", "diesel", "gasoline", "lpg")
POWER = "power"
NATIONAL = "national"  # the region whose factor of the grid is used

# Tonnes of what a factor gives (per kg, m³ or kWh) for one of each unit that energy is measured in.
TONNES = {"t": 1, "10k m3": 10, "10k kWh": 10}


@dataclass(frozen=True)
class Factor(Displayed):
    """What a kg, m³ or kWh of a carrier stands for; ``of_year`` is the year a factor of the grid was worked out for.

    ``source`` says in each language where it was read.
    """

    item: str
    region: str
    value: Decimal
    unit: str
    of_year: int | None
    standard: str
    source: Mapping[str, str]
    verification: str
    valid_from: str


@memo
def factor(measure: str, item: str, year: int) -> Factor:
    """The factor of *measure* (``co2`` or ``tce``) for *item* in the data of a *year*; of power the national one.

    Where that year's has not been published, it is the newest before it. Raises StandardError where there is none.
    """
    found = [it for it in _in_force(measure, item, year) if it.region in ("", NATIONAL)]
    if not found:
        raise StandardError(
            f"no factor of {measure} for '{item}' in {year}", where="data/standards/climate_factors.csv"
        )
    return found[0]


def grid_factors(area_code: str, year: int) -> list[Factor]:
    """Every factor of the grid that may be asked for in an area, for the data of a *year*; the national one first."""
    return _in_force(CO2, POWER, year, area_code)


def tonnes(amount: Number, unit: str, by: Factor, places: int = 4) -> Decimal:
    """What *amount* (t, 10k m³ or 10k kWh) stands for *by* a factor: in 10,000 tonnes, as a rule to the tonne."""
    return half_even(exact(amount) * TONNES[unit] * exact(by.value) / 10_000, places)


def cumulated(before: Number, year: Number) -> Fraction:
    """The cut in percent up to a year, from that up to the year *before* and that of the *year* itself."""
    left = (1 - exact(before) / 100) * (1 - exact(year) / 100)
    return 100 * (1 - left)


def _in_force(measure: str, item: str, year: int, area_code: str = rules.EVERYWHERE) -> list[Factor]:
    rows = [row for row in rules.table("climate_factors") if (row["measure"], row["item"]) == (measure, item)]
    return [
        Factor(
            item=item,
            region=row["region"],
            value=Decimal(row["value"]),
            unit=row["unit"],
            of_year=int(row["of_year"]) if row["of_year"] else None,
            standard=row["standard"],
            source={"zh": row["source_zh"], "en": row["source"]},
            verification=row["verification"],
            valid_from=row["valid_from"],
        )
        for row in rules.in_force(rows, date(year, 12, 31), area_code)
    ]
