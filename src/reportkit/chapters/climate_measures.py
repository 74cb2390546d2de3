"""What is done about climate (item Q8): the carbon market, monitoring, adaptation; and what earlier years published."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pandas as pd

from reportkit import charts, figures
from reportkit.blocks import Block, TableContent, absolute
from reportkit.chapters.climate_figures import ClimateFigures
from reportkit.chapters.common import over_years
from reportkit.figures import Figure, PublishedTable
from reportkit.memo import memo

MEASURES = ("heat_shelters", "drainage_points", "warning_days")
RAIN = "precipitation"


class ClimateMeasures(ClimateFigures):
    """The market, the points, the measures and the history of one area: a method for each block of the notebook."""

    slug = "climate"

    # --- the carbon market -------------------------------------------------------------------------

    @property
    @memo
    def market_table(self) -> PublishedTable:
        """The units of the carbon market in the area, or in all districts of the city."""
        rows = self.reader.rows("climate/market_units", area_code=self.codes)
        return PublishedTable("climate/market_units", rows, rules=(self.rule("market"),))

    def market(self) -> Block:
        """The units in the carbon market: verified emissions, allowances, and whether they surrendered on time."""
        rows = self.market_table.rows
        rows = rows[rows["year"] == self.year].sort_values(["verified_t", "unit_id"], ascending=[False, True])
        if rows.empty:
            return self.statement("market", self.say("market.none"), title=self.say("market.title"))
        series = [str(self.year)]
        names = [str(name) for name in rows[f"name_{self.language}"]]
        named = map(self.enterprise, rows["enterprise_id"], names)
        verified, allowed = self._of_units(rows, "verified_t"), self._of_units(rows, "allowance_t")
        bars = [
            {
                "name": name,
                "percent": round(100 * float(str(own.value)) / float(str(given.value)), 1),
                "series": series[0],
            }
            for name, own, given in zip(names, verified, allowed, strict=True)
            if float(str(given.value))  # of no allowance, no share can be told
        ]
        columns = [
            *(self.words(name) for name in ("unit", "market")),
            *(self.numbers(name) for name in ("verified", "allowance", "surrendered")),
            self.words("on_time"),
        ]
        surrendered = self._of_units(rows, "surrendered_t")
        table = [
            [
                name,
                self.word(f"market.{kind}"),
                *amounts,
                self.word("market.yes" if is_on_time else "market.no"),
            ]
            for name, kind, *amounts, is_on_time in zip(
                named, rows["market"], verified, allowed, surrendered, rows["is_on_time"], strict=True
            )
        ]
        counted = {"count": self.units(), "on_time": self.units(is_on_time=True), "verified": self.market_verified()}
        return self.chart(
            "market",
            charts.against_limits,
            bars,
            series,
            {"percent_of_limit": self.word("axis.allowance"), "limit": self.word("market.limit")},
            alternative=self.say("market.alternative", **counted),
            table=TableContent(columns, table, self.download("market")),
            is_open=True,
            title=self.say("market.title"),
            notes=[self.say("market.counted", share=self.on_time_share(), **counted), self.say("market.note")],
        )

    def units(self, **where: Any) -> Figure:
        """How many units were in the carbon market this year, or how many of a kind."""
        measured = figures.count(self.market_table, year=self.year, area_code=self.codes, **where)
        return self.figure("units_on_time" if where else "units", measured, unit="1")

    def on_time_share(self) -> Figure:
        """The share of units that surrendered in full and on time."""
        where = {"year": self.year, "area_code": self.codes}
        measured = figures.share(self.market_table, {"is_on_time": True}, where)
        return self.figure("units_on_time_share", measured, unit="%")

    def market_verified(self) -> Figure:
        """The verified emissions of all units of the year."""
        measured = figures.total(self.market_table, "verified_t", 0, year=self.year, area_code=self.codes)
        return self.figure("units_verified", measured, unit="t CO2")

    def _of_units(self, rows: pd.DataFrame, column: str) -> list[Figure]:
        """A column of the market's table, unit by unit."""
        return [
            self.figure(
                f"{column}_{unit.lower().replace('-', '_')}",
                figures.select(self.market_table, column, unit_id=unit, year=self.year),
                unit="t CO2",
            )
            for unit in rows["unit_id"]
        ]

    # --- monitoring --------------------------------------------------------------------------------

    @property
    @memo
    def points(self) -> PublishedTable:
        """The points that monitor greenhouse gases in the area, or in all districts of the city."""
        rows = self.reader.rows("climate/ghg_monitoring", exact=("co2_ppm", "ch4_ppb"), area_code=self.codes)
        return PublishedTable("climate/ghg_monitoring", rows)

    def monitoring(self) -> Block:
        """Greenhouse gases in the air, point by point, and how they changed."""
        points = self.points
        here = points.where({"year": self.year}).to_dict("records")
        if not here:
            return self.statement("monitoring", self.say("monitoring.none"), title=self.say("monitoring.title"))
        columns = [
            *(self.words(name) for name in ("point", "kind")),
            *(self.numbers(name) for name in ("co2_ppm", "co2_ppm_change", "ch4_ppb", "ch4_ppb_change", "days")),
        ]
        rows = []
        for row in here:
            point = str(row["point_id"])
            amounts: list[Figure] = []
            for gas, unit, places in (("co2_ppm", "ppm", 1), ("ch4_ppb", "ppb", 0)):
                now, before = (self._at_point(points, gas, unit, point, year) for year in (self.year, self.year - 1))
                name = f"{gas}_change_{point.lower().replace('-', '_')}"
                more = figures.difference(now, before, places)
                amounts += [now, self.figure(name, more, unit=unit)]
            days = self._at_point(points, "days", "day", point, self.year)
            rows.append([row[f"name_{self.language}"], self.word(f"kind.{row['kind']}"), *amounts, days])
        return self.block(
            "table",
            "monitoring",
            {"table": TableContent(columns, rows, self.download("monitoring"))},
            title=self.say("monitoring.title"),
            notes=[self.say("monitoring.note")],
        )

    def _at_point(self, points: PublishedTable, column: str, unit: str, point: str, year: int) -> Figure:
        measured = figures.select(points, column, point_id=point, year=year)
        name = self.suffixed(f"{column}_{point.lower().replace('-', '_')}", year)
        return self.figure(name, measured, unit=unit, period=str(year))

    # --- adaptation --------------------------------------------------------------------------------

    @property
    @memo
    def measures(self) -> PublishedTable:
        """What is done to cope with a changing climate."""
        rows = self.reader.rows("climate/adaptation", exact=("value",), area_code=self.area.code)
        return PublishedTable("climate/adaptation", rows)

    @memo
    def measure(self, name: str, unit: str, year: int) -> Figure:
        """The value of one measure in a year."""
        measured = figures.select(self.measures, "value", area_code=self.area.code, measure=name, year=year)
        return self.figure(self.suffixed(name, year), measured, unit=unit, period=str(year))

    @memo
    def sponge_share(self, year: int) -> Figure:
        """The share of the built-up area that keeps its rain."""
        measured = figures.ratio(self.measure("sponge_area", "km2", year), self.measure("built_area", "km2", year))
        return self.figure(self.suffixed("sponge_share", year), measured, unit="%", period=str(year))

    def adaptation(self) -> Block:
        """Adaptation in numbers: rain kept, shelters from heat, places no longer flooded, days with a warning."""
        years = sorted({int(year) for year in self.measures.rows["year"] if year <= self.year})
        return over_years(
            self,
            "adaptation",
            {"sponge_share": self.sponge_share, **{name: self._yearly_measure(name) for name in MEASURES}},
            years,
            notes=[self.say("adaptation.note"), *self._rainfall()],
        )

    def _rainfall(self) -> list[list[Any]]:
        """How much rain fell in each year that it was published of, up to the year of the page."""
        rows = self.published.rows[self.published.rows["indicator"] == RAIN]
        return [
            self.say("adaptation.rain", period=period, value=self.earlier(RAIN, period, "mm"))
            for period in sorted(rows["period"])
            if int(period) <= self.year
        ]

    def _yearly_measure(self, name: str) -> Callable[[int], Figure]:
        return lambda year: self.measure(name, "day" if name == "warning_days" else "1", year)

    # --- earlier years, as published ----------------------------------------------------------------

    def history(self) -> Block:
        """What was published of earlier years, apart from today's series."""
        years = list(map(int, self.earlier_periods("energy_per_gdp_then")))
        notes = [*self._history_more(), *self._remarks()]
        if len(years) > 1:
            gaps = [year for before, year in pairwise(years) if year > before + 1]
            lines = {"energy_per_gdp_then": self._level}
            notes = [self.say("history.note"), *notes]
            return over_years(self, "history", lines, years, breaks=gaps, notes=notes, tables=[self.compounded])
        sentence: list[Any] = []
        for year in years:
            sentence += self.say("history.level", period=str(year), level=self._level(year))
        for period in filter(_is_range, self.earlier_periods("energy_per_gdp_cut")):
            sentence += self.say("history.cut", **_ends(period), cut=self.earlier("energy_per_gdp_cut", period, "%"))
        if not sentence:
            return self.statement("history", self.say("history.none"), title=self.say("history.title"))
        notes = [self.say("history.note"), *notes]
        return self.statement("history", sentence, title=self.say("history.title"), notes=notes)

    def _level(self, year: int) -> Figure:
        return self.earlier("energy_per_gdp_then", str(year), "tce/10k yuan")

    def _history_more(self) -> list[list[Any]]:
        """What the yearly cuts come to together, and what else was published."""
        more = []
        if not self.compounded.rows.empty:
            first, last = (str(self.compounded.rows["year"].iloc[place]) for place in (0, -1))
            measured = figures.select(self.compounded, "cumulative_pct", year=last)
            compounded = self.figure("compounded_cut", measured, unit="%", period=last)
            between = figures.change(self._level(int(last)), self._level(int(first) - 1))
            change = self.figure("change_of_levels", between, unit="%", period=last)
            if change.value is not None:
                said = {"first": first, "last": last, "compounded": compounded, "change": absolute(change)}
                more.append(self.say("history.compounded", **said))
        for indicator, unit in (
            ("energy_at_least", "10k tce"),
            ("energy_change", "%"),
            ("power_per_gdp", "kWh/10k yuan"),
        ):
            for period in self.earlier_periods(indicator):
                value = self.earlier(indicator, period, unit)
                is_change = indicator == "energy_change"
                key = f"energy_{'rose' if float(str(value.value)) > 0 else 'fell'}" if is_change else indicator
                shown = absolute(value) if is_change else value
                more.append(self.say(f"history.{key}", period=period, value=shown))
        return more

    def _remarks(self) -> list[list[Any]]:
        """What the source or the boundaries of the time ask to be said, each once."""
        column = f"remark_{self.language}"
        said = self.earlier_rows.dropna(subset=[column]).drop_duplicates(column)
        return [
            self.say("history.remark", period=row["period"].replace("/", "–"), remark=row[column])
            for row in said.to_dict("records")
        ]


def _is_range(period: str) -> bool:
    return "/" in period


def _ends(period: str) -> dict[str, str]:
    """The first and the last year of a period."""
    first, _, last = period.partition("/")
    return {"first": first, "last": last}
