"""The figures of climate (item Q8): energy and carbon dioxide, per unit of GDP and per head, cuts and verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from operator import methodcaller
from typing import Any, ClassVar

import pandas as pd

from reportkit import figures
from reportkit.chapters import (
    Chapter,
    of_standard,
    once_for_all,
)
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import memo
from reportkit.standards import climate, targets
from reportkit.standards.rounding import half_even
from reportkit.status import weakest

DIRECT, ELECTRICITY, PLANTS = "direct", "electricity", "plants"
COUNTED = [DIRECT, ELECTRICITY]  # what the total is made of
SECTORS = ("industry", "households", "other")
# Carriers as the pictures group them.
GROUPS: Mapping[str, list[str]] = {
    "coal": ["coal"],
    "oil": ["diesel", "gasoline", "lpg"],
    "gas": ["gas"],
    "power": [climate.POWER],
}
# What is published of a year: unit and decimals.
YEARLY = {
    "co2": ("10k t CO2", 2),
    "energy": ("10k tce", 2),
    "co2_per_gdp": ("t CO2/10k yuan", 4),
    "energy_per_gdp": ("tce/10k yuan", 4),
    "co2_per_head": ("t CO2/person", 2),
}
ASSIGNED = ("co2_per_gdp", "energy_per_gdp")
# What a disclosure of Q8 must publish of a year.
WANTED = {"co2", "co2_per_gdp", "energy_per_gdp"}
VERDICT_WORDS = {verdict: f"targets.verdict.{verdict}" for verdict in targets.VERDICTS}


class ClimateFigures(Chapter):
    """Every figure about energy and carbon dioxide of one area; the city's is of its own rows, or of its districts."""

    slug = "climate"
    order = 90
    items = ("Q8",)
    wanted: ClassVar = {"Q8": WANTED}

    # --- rows ------------------------------------------------------------------------------------

    @property
    @memo
    def counted(self) -> list[str]:
        """Whose energy is counted: the area's own, or all districts' where the city has no rows of its own."""
        if not self.area.is_city or not self.reader.rows("climate/energy", area_code=self.area.code).empty:
            return [self.area.code]
        return [area.code for area in self.edition.districts]

    @property
    @memo
    def emissions(self) -> PublishedTable:
        """What was used up to this year, by sector and carrier, with its carbon dioxide and coal equivalent."""
        used = self.reader.rows("climate/energy", exact=("amount",), area_code=self.counted)
        rows = [_emitted(row) for row in used[used["year"] <= self.year].to_dict("records")]
        families = ("co2", "fuel_factor", "grid_factor", "tce")
        table = self.table_name("emissions")
        return PublishedTable(table, pd.DataFrame(rows, columns=_COLUMNS), rules=tuple(map(self.rule, families)))

    @property
    @memo
    def economy(self) -> PublishedTable:
        """Output at constant prices, and people."""
        exact = ("output_100m_yuan", "people_10k")
        return PublishedTable("climate/output", self.reader.rows("climate/output", exact=exact, area_code=self.counted))

    @property
    @memo
    def assignments(self) -> PublishedTable:
        """What the area was told to reach."""
        rows = self.reader.rows("climate/assigned", exact=("change_pct", "intensity"), area_code=self.area.code)
        return PublishedTable("climate/assigned", rows)

    @property
    @memo
    def known_years(self) -> list[int]:
        """The years up to this one that energy is known of."""
        return sorted({int(year) for year in self.emissions.rows["year"]})

    @property
    def has_values(self) -> bool:
        """Whether the carbon dioxide of the year is known."""
        return self.co2().value is not None

    # --- totals ----------------------------------------------------------------------------------

    def _yearly(self, name: str, year: int, measured: Measured) -> Figure:
        """The value of a *year* as it was published, else as *measured* here."""
        unit, _ = YEARLY[name]
        given = self.official(name, str(year)) or measured
        return self.figure(self.suffixed(name, year), given, unit=unit, period=str(year))

    def _sum(self, name: str, year: int, **where: Any) -> Figure:
        """Carbon dioxide of some rows of a *year*."""
        measured = figures.total(self.emissions, "co2_10k_t", 2, year=year, **where)
        return self.figure(self.suffixed(name, year), measured, unit="10k t CO2", period=str(year))

    @memo
    def co2(self, year: int | None = None) -> Figure:
        """All carbon dioxide of energy: direct, and of the power used."""
        year = year or self.year
        return self._yearly("co2", year, figures.total(self.emissions, "co2_10k_t", 2, year=year, part=COUNTED))

    @memo
    def part(self, part: str, year: int | None = None) -> Figure:
        """The direct carbon dioxide, that of power used, or that of heat and power works."""
        return self._sum(f"co2_{part}", year or self.year, part=part)

    @memo
    def of_carrier(self, group: str, year: int) -> Figure:
        """The carbon dioxide of a group of carriers, without what heat and power works burn."""
        return self._sum(f"co2_of_{group}", year, carrier=GROUPS[group], part=COUNTED)

    @memo
    def of_sector(self, sector: str, group: str) -> Figure:
        """The carbon dioxide of a group of carriers in one sector this year."""
        return self._sum(f"co2_{sector}_{group}", self.year, sector=sector, carrier=GROUPS[group])

    @memo
    def of_whole_sector(self, sector: str) -> Figure:
        """All carbon dioxide of one sector this year."""
        return self._sum(f"co2_{sector}", self.year, sector=sector)

    @memo
    def energy(self, year: int | None = None) -> Figure:
        """All energy, in coal equivalent, without what heat and power works burn: their power is counted where used."""
        year = year or self.year
        return self._yearly("energy", year, figures.total(self.emissions, "tce_10k_t", 2, year=year, part=COUNTED))

    def output(self, year: int) -> Figure:
        """Output at constant prices."""
        measured = figures.total(self.economy, "output_100m_yuan", 2, area_code=self.counted, year=year)
        return self.figure(self.suffixed("output", year), measured, unit="100M yuan", period=str(year))

    def people(self, year: int) -> Figure:
        """Residents at the end of a year."""
        measured = figures.total(self.economy, "people_10k", 2, area_code=self.counted, year=year)
        return self.figure(self.suffixed("people", year), measured, unit="10k persons", period=str(year))

    # --- by output and by people -------------------------------------------------------------------

    @memo
    def co2_per_gdp(self, year: int | None = None) -> Figure:
        """Tonnes of carbon dioxide per 10,000 yuan of output at constant prices."""
        return self._quotient("co2_per_gdp", self.co2, self.output, year or self.year)

    @memo
    def energy_per_gdp(self, year: int | None = None) -> Figure:
        """Tonnes of coal equivalent per 10,000 yuan of output at constant prices."""
        return self._quotient("energy_per_gdp", self.energy, self.output, year or self.year)

    @memo
    def co2_per_head(self, year: int | None = None) -> Figure:
        """Tonnes of carbon dioxide a person."""
        return self._quotient("co2_per_head", self.co2, self.people, year or self.year)

    def _quotient(self, name: str, of: Callable[[int], Figure], by: Callable[[int], Figure], year: int) -> Figure:
        measured = figures.quotient(of(year), by(year), YEARLY[name][1])
        return self._yearly(name, year, figures.under(measured, self.rule("intensity")))

    def per_gdp(self, indicator: str, year: int) -> Figure:
        """One of the two that cuts are assigned for."""
        return self.co2_per_gdp(year) if indicator == "co2_per_gdp" else self.energy_per_gdp(year)

    def change(self, of: Callable[[int], Figure], name: str, year: int | None = None) -> Figure:
        """The change of a yearly figure against the year before."""
        year = year or self.year
        return self.figure(
            self.suffixed(f"{name}_change", year), figures.change(of(year), of(year - 1)), unit="%", period=str(year)
        )

    @once_for_all
    def compared(self) -> dict[str, dict[str, Figure]]:
        """Carbon dioxide and energy, per head and per unit of GDP, and the verdicts, of each area."""
        return self.of_all(
            {
                "per_head": methodcaller("co2_per_head"),
                "co2": methodcaller("co2"),
                "per_gdp": methodcaller("co2_per_gdp"),
                "energy_per_gdp": methodcaller("energy_per_gdp"),
                "verdict_co2": methodcaller("judged", "co2_per_gdp"),
            }
        )

    def rank_per_head(self) -> Figure:
        """The area's place among the districts by carbon dioxide per head, the lowest first."""
        among = [figure for slug, figure in self.compared()["per_head"].items() if slug != self.edition.city.slug]
        return self.figure("co2_per_head_rank", figures.rank(self.co2_per_head(), among), unit="")

    # --- cuts ------------------------------------------------------------------------------------

    @memo
    def assigned_years(self, indicator: str) -> tuple[int, int] | None:
        """The base year and the target year of an assigned cut, if there is one."""
        rows = self.assignments.rows
        years = sorted(int(year) for year in rows.loc[rows["indicator"] == indicator, "year"])
        return (years[0], years[-1]) if len(years) > 1 else None

    def assigned(self, indicator: str, year: int) -> Figure:
        """The change from the base year: nought in that year itself, what was assigned in the target year."""
        measured = figures.select(self.assignments, "change_pct", indicator=indicator, year=year, **self._own)
        return self.figure(f"assigned_{indicator}_{year}", measured, unit="%", period=str(year))

    def base(self, indicator: str, year: int) -> Figure:
        """The level of the base *year*."""
        measured = figures.select(self.assignments, "intensity", indicator=indicator, year=year, **self._own)
        return self.figure(f"base_{indicator}", measured, unit=YEARLY[indicator][0], period=str(year))

    @property
    def _own(self) -> dict[str, str]:
        return {"area_code": self.area.code}

    @memo
    def cut(self, indicator: str, year: int) -> Figure:
        """The change of a level per unit of GDP since the base year."""
        base, _ = self.assigned_years(indicator) or (year, year)
        measured = figures.change(self.per_gdp(indicator, year), self.base(indicator, base))
        measured = figures.under(measured, self.rule("intensity"))
        return self.figure(self.suffixed(f"{indicator}_cut", year), measured, unit="%", period=str(year))

    def path(self, indicator: str) -> Figure:
        """The change that the straight path asks for this year; there has to be an assigned cut."""
        base, due = self.assigned_years(indicator) or (0, 0)
        start, target = self.assigned(indicator, base), self.assigned(indicator, due)
        measured = figures.interpolate(start, target, min(self.year, due), 2)
        measured = figures.under(measured, self.rule("assigned_cut"))
        return self.figure(f"{indicator}_path", measured, unit="%", period=str(min(self.year, due)))

    @memo
    def verdict(self, indicator: str) -> Figure:
        """Where the cut stands against the assigned one, in one word; there has to be an assigned cut."""
        base, due = self.assigned_years(indicator) or (0, 0)
        start, target = self.assigned(indicator, base), self.assigned(indicator, due)
        cut = self.cut(indicator, self.year)
        word = targets.verdict(
            targets.Target(due, Decimal(str(target.value)), targets.AT_MOST),
            None if cut.value is None else targets.Point(self.year, Decimal(str(cut.value))),
            targets.Point(base, Decimal(str(start.value))),
            self.year,
        )
        measured = figures.classify(
            [cut, start, target], word, self.rule("assigned_cut"), held_against=target.id, at=self.year
        )
        return self.figure(f"{indicator}_verdict", measured, unit="", words=VERDICT_WORDS)

    def judged(self, indicator: str) -> Figure | None:
        """The verdict on an assigned cut, if there is one."""
        return self.verdict(indicator) if indicator in self.with_assigned else None

    @property
    def with_assigned(self) -> list[str]:
        """The indicators that a cut was assigned for."""
        return [indicator for indicator in ASSIGNED if self.assigned_years(indicator)]

    # --- factors ---------------------------------------------------------------------------------

    @property
    @memo
    def factors(self) -> PublishedTable:
        """The table of factors, which standards publish."""
        return of_standard("climate_factors", "value")

    def factor(self, measure: str, factor: climate.Factor) -> Figure:
        """A factor as a figure."""
        where = {"measure": measure, "item": factor.item, "region": factor.region, "valid_from": factor.valid_from}
        of_year = str(factor.of_year or "")
        name = "_".join(filter(None, (measure, factor.item, factor.region, "factor", of_year)))
        return self.figure(name, figures.select(self.factors, "value", **where), unit=factor.unit)

    @property
    @memo
    def by_grid_factor(self) -> PublishedTable:
        """The carbon dioxide of this year's power, by each factor of the grid that may be asked for."""
        rows = self.emissions.rows
        used = rows[(rows["year"] == self.year) & (rows["part"] == ELECTRICITY)]
        amount = sum(used["amount"], Decimal(0))
        found = [
            {
                "region": factor.region,
                "factor_year": str(factor.of_year),
                "amount": amount,
                "factor": factor.value,
                "co2_10k_t": climate.tonnes(amount, "10k kWh", factor, 2),
                "status": weakest(used["status"]),
                "source_id": ";".join(sorted(set(used["source_id"]))),
            }
            for factor in climate.grid_factors(self.area.code, self.year)
            if not used.empty
        ]
        columns = ["region", "factor_year", "amount", "factor", "co2_10k_t", "status", "source_id"]
        name = self.table_name("by_grid_factor")
        return PublishedTable(name, pd.DataFrame(found, columns=columns), rules=(self.rule("grid_factor"),))

    def power_by(self, factor: climate.Factor) -> Figure:
        """The carbon dioxide of this year's power by one factor of the grid."""
        measured = figures.select(self.by_grid_factor, "co2_10k_t", region=factor.region)
        return self.figure(f"co2_power_by_{factor.region}", measured, unit="10k t CO2")

    @property
    @memo
    def at_first_factor(self) -> PublishedTable:
        """The carbon dioxide of this year as it were with the factor of the grid of the first year that is known."""
        rows = self.emissions.rows
        used = rows[(rows["year"] == self.year) & rows["part"].isin(COUNTED)]
        is_power = used["part"] == ELECTRICITY
        found = []
        if is_power.any():
            first = climate.factor(climate.CO2, climate.POWER, self.known_years[0])
            direct, amount = (
                sum(part, Decimal(0)) for part in (used.loc[~is_power, "co2_10k_t"], used.loc[is_power, "amount"])
            )
            found.append(
                {
                    "year": self.year,
                    "direct_10k_t": direct,
                    "amount": amount,
                    "factor_year": str(first.of_year),
                    "factor": first.value,
                    "co2_10k_t": direct + climate.tonnes(amount, "10k kWh", first),
                    "status": weakest(used["status"]),
                    "source_id": ";".join(sorted(set(used["source_id"]))),
                }
            )
        columns = ["year", "direct_10k_t", "amount", "factor_year", "factor", "co2_10k_t", "status", "source_id"]
        rules = tuple(map(self.rule, ("co2", "fuel_factor", "grid_factor")))
        return PublishedTable(self.table_name("at_first_factor"), pd.DataFrame(found, columns=columns), rules=rules)

    def first_grid_factor(self) -> Figure:
        """The factor of the grid of the first year that energy is known of."""
        first = climate.factor(climate.CO2, climate.POWER, self.known_years[0])
        where = {"measure": climate.CO2, "item": first.item, "region": first.region, "valid_from": first.valid_from}
        measured = figures.select(self.factors, "value", **where)
        return self.figure("first_grid_factor", measured, unit=first.unit, period=str(first.of_year))

    def cut_at_first_factor(self) -> Figure:
        """The change of carbon dioxide per unit of GDP since the base year, had the factor of the grid stayed."""
        measured = figures.total(self.at_first_factor, "co2_10k_t", 2, year=self.year)
        co2 = self.figure("co2_at_first_factor", measured, unit="10k t CO2")
        unit, places = YEARLY["co2_per_gdp"]
        measured = figures.under(figures.quotient(co2, self.output(self.year), places), self.rule("intensity"))
        level = self.figure("co2_per_gdp_at_first_factor", measured, unit=unit)
        base, _ = self.assigned_years("co2_per_gdp") or (self.year, self.year)
        measured = figures.under(figures.change(level, self.base("co2_per_gdp", base)), self.rule("intensity"))
        return self.figure("co2_per_gdp_cut_at_first_factor", measured, unit="%")

    # --- earlier years, as published ----------------------------------------------------------------

    @property
    @memo
    def earlier_rows(self) -> pd.DataFrame:
        """What was published of the years before today's series, in the order of time."""
        rows = self.published.rows
        first = min(self.known_years, default=self.year)
        return rows[rows["period"].str[:4].astype(int) < first].sort_values("period", kind="stable")

    def earlier_periods(self, indicator: str) -> list[str]:
        """The periods before today's series that *indicator* was published of."""
        rows = self.earlier_rows
        return rows.loc[rows["indicator"] == indicator, "period"].tolist()

    def earlier(self, indicator: str, period: str, unit: str) -> Figure:
        """What was published of an earlier *period*."""
        name = f"{indicator}_{period.replace('/', '_')}"
        return self.figure(name, self.as_published(indicator, period), unit=unit, period=period)

    @property
    @memo
    def compounded(self) -> PublishedTable:
        """The yearly cuts that were published of a run of years, and what they come to from the first year on."""
        rows, cumulative = [], Fraction(0)
        cuts = self.earlier_rows
        cuts = cuts[(cuts["indicator"] == "energy_per_gdp_cut") & ~cuts["period"].str.contains("/")]
        for row in cuts.to_dict("records"):
            cumulative = climate.cumulated(cumulative, row["value"])
            rows.append(
                {
                    "year": row["period"],
                    "cut_pct": row["value"],
                    "cumulative_pct": half_even(cumulative, 2),
                    "status": row["status"],
                    "source_id": row["source_id"],
                }
            )
        columns = ["year", "cut_pct", "cumulative_pct", "status", "source_id"]
        name = self.table_name("compounded")
        return PublishedTable(name, pd.DataFrame(rows, columns=columns), rules=(self.rule("cumulative"),))


_COLUMNS = [
    *("area_code", "year", "sector", "carrier", "part", "amount", "unit", "co2_factor", "factor_year", "co2_10k_t"),
    *("tce_factor", "tce_10k_t", "status", "source_id"),
]


def _emitted(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row of energy with its part, factors, carbon dioxide and coal equivalent."""
    year, carrier = int(row["year"]), str(row["carrier"])
    co2, tce = (climate.factor(measure, carrier, year) for measure in (climate.CO2, climate.TCE))
    is_power = carrier == climate.POWER
    return {
        **{name: row[name] for name in ("area_code", "sector", "carrier", "amount", "unit", "status", "source_id")},
        "year": year,
        "part": ELECTRICITY if is_power else PLANTS if row["sector"] == PLANTS else DIRECT,
        "co2_factor": co2.value,
        "factor_year": "" if co2.of_year is None else str(co2.of_year),
        "co2_10k_t": climate.tonnes(row["amount"], row["unit"], co2),
        "tce_factor": tce.value,
        "tce_10k_t": climate.tonnes(row["amount"], row["unit"], tce),
    }
