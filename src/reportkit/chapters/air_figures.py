"""What is measured about ambient air (item Q1): rows, rules and figures; ``air.py`` shows them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from reportkit import figures
from reportkit.chapters import (
    DISCLOSED,
    NOT_DISCLOSED,
    PARTLY,
    Disclosure,
    of_standard,
)
from reportkit.chapters.ranked import Ranked
from reportkit.evaluate import air as evaluate
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import memo
from reportkit.standards import air, rules
from reportkit.status import DEMONSTRATION, OFFICIAL

GOOD = [1, 2]  # levels of a good day
OVER = [3, 4, 5, 6]  # levels of a day over the limit
UNIT = {parameter: "mg/m3" if parameter == "co" else "ug/m3" for parameter in air.COLUMN}

# The six indicators of a year and of the composite index: the name of each in published figures.
INDICATORS = {
    "so2": "so2",
    "no2": "no2",
    "pm10": "pm10",
    "pm2_5": "pm2_5",
    "co": "co_p95",
    "o3_8h": "o3_8h_p90",
}
PERCENTILES = {"co": Fraction(95, 100), "o3_8h": Fraction(90, 100)}
# Besides the mean of the year, the percentile of its days is held against the 24-hour limit.
DAILY_PERCENTILES = {"so2": 98, "no2": 98, "pm10": 95, "pm2_5": 95}
AVERAGING = {"co": "24h", "o3_8h": "mda8"}

VERDICTS = {verdict: f"air.verdict.{verdict}" for verdict in ("meets", "exceeds", "unknown")}


class AirFigures(Ranked):
    """Every figure about the air of one area in one year, and what it is measured from."""

    slug = "air"
    order = 20
    items = ("Q1",)

    # --- rows ------------------------------------------------------------------------------------

    @property
    @memo
    def stations(self) -> pd.DataFrame:
        """The stations that speak for this area: a city's are the national ones without its control points."""
        if not self.area.is_city:
            return self.reader.rows("stations", area_code=self.area.code)
        rows = self.reader.rows("stations")
        return rows[(rows["network"] == "national") & ~rows["is_control_point"].astype(bool)]

    @property
    @memo
    def station_days(self) -> pd.DataFrame:
        """The daily rows of these stations up to the end of the year; of days without, those made from hourly ones."""
        ids = sorted(self.stations["station_id"])
        daily = self.reader.rows("air/station_daily", station_id=ids, date={"to": f"{self.year}-12-31"})
        # The hour that ends at midnight belongs to the day before.
        hourly = self.reader.rows("air/station_hourly", station_id=ids, time={"to": f"{self.year + 1}-01-01T00:00"})
        if hourly.empty:
            return daily
        both = pd.concat([daily, air.hourly_to_daily(hourly)])
        return both.drop_duplicates(["station_id", "date"], ignore_index=True)

    @property
    @memo
    def days(self) -> PublishedTable:
        """Every day up to the end of the year: concentrations, AQI, level, primary pollutants."""
        given = self.reader.rows("air/area_daily", area_code=self.area.code, date={"to": f"{self.year}-12-31"})
        rows = evaluate.air_days(self.station_days, given, self.next_aqi)
        return PublishedTable(self.table_name("days"), rows, {"co_mg_m3": 1}, self.day_rules)

    @property
    def has_invented_days(self) -> bool:
        """Whether days of the area are invented."""
        return DEMONSTRATION in set(self.days.rows["status"])

    @property
    @memo
    def primary(self) -> PublishedTable:
        """The days by primary pollutant."""
        return PublishedTable(
            self.table_name("primary"),
            evaluate.primary_days(self.days.rows),
            rules=(*self.day_rules, *self.aqi_rules, self.rule("primary")),
        )

    @property
    @memo
    def coverage(self) -> PublishedTable:
        """Every station on every day of the year, with the values that count."""
        in_year = self.station_days[self.station_days["date"].dt.year == self.year]
        rows = evaluate.station_coverage(in_year, self.stations, self.year)
        return PublishedTable(self.table_name("stations"), rows, {"co_mg_m3": 1}, (self.rule("daily_validity"),))

    @property
    @memo
    def limits(self) -> PublishedTable:
        """The limit values, with the standard they stand in."""
        return of_standard("air_limits", "limit")

    @property
    @memo
    def has_values(self) -> bool:
        """Whether anything at all is known about the air of this area in the year as a whole."""
        return self.has_days() or any(self.annual(parameter).value is not None for parameter in air.PARAMETERS)

    @memo
    def has_days(self, year: int | None = None) -> bool:
        """Whether there are days of a year that its figures can be computed from."""
        return bool((self.days.rows["year"] == (year or self.year)).any())

    # --- rules -----------------------------------------------------------------------------------

    @property
    def as_of(self) -> date:
        """The day whose rules judge the year: its last."""
        return date(self.year, 12, 31)

    def rules_of_year(self, *families: str) -> tuple[rules.Rule, ...]:
        """Every rule of these families that is in force on some day of the year; in some years editions change."""
        first = date(self.year, 1, 1)
        found = [rules.rules_between(f"air.{family}", first, self.as_of, self.area.code) for family in families]
        return tuple(rule for group in found for rule in group)

    @property
    def day_rules(self) -> tuple[rules.Rule, ...]:
        """What makes the day's concentrations of the area out of those of its stations."""
        return self.rules_of_year("daily_validity", "area_mean")

    @property
    def aqi_rules(self) -> tuple[rules.Rule, ...]:
        """What makes an AQI out of the day's concentrations."""
        return self.rules_of_year("aqi", "aqi_missing")

    @property
    @memo
    def next_aqi(self) -> str | None:
        """The edition of the AQI rules that follows the one in force, if one is known."""
        later = [row for row in rules.table("aqi_breakpoints") if row["valid_from"] > self.as_of.isoformat()]
        return later[0]["standard"] if later else None

    @property
    @memo
    def next_limits(self) -> list[date]:
        """The days on which limits that are known to come will apply, the earliest first."""
        rows = [row for row in rules.table("air_limits") if row["grade"] == "2"]
        later = {row["valid_from"] for row in rows if row["valid_from"] > self.as_of.isoformat()}
        return sorted(date.fromisoformat(first) for first in later)

    # --- figures ---------------------------------------------------------------------------------

    def official(self, indicator: str, period: str | int) -> Measured | None:
        """The published value of *indicator*, where there is one or no day to compute one from.

        It is printed before any computed one.
        """
        measured = self.as_published(indicator, period)
        return None if measured.value is None and self.has_days(int(str(period)[:4])) else measured

    @memo
    def annual(self, parameter: str, year: int | None = None) -> Figure:
        """The year's indicator of *parameter*: its mean, or the percentile that its limit is meant for."""
        year = year or self.year
        indicator = INDICATORS[parameter]
        name = indicator if parameter in PERCENTILES else f"{indicator}_annual"
        measured = self.official(indicator, str(year)) or self.statistic(parameter, year=year)
        return self.figure(self.suffixed(name, year), measured, unit=UNIT[parameter], period=str(year))

    def statistic(self, parameter: str, **where: Any) -> Measured:
        """The indicator of *parameter* over the days that meet the conditions, with its rules."""
        column, places = air.COLUMN[parameter], air.PLACES[parameter]
        if parameter in PERCENTILES:
            measured = figures.percentile(self.days, column, PERCENTILES[parameter], places, **where)
            return figures.under(measured, self.rule("percentile"), self.rule("decimals"))
        return figures.under(figures.mean(self.days, column, places, **where), self.rule("decimals"))

    @memo
    def daily_percentile(self, parameter: str) -> Figure:
        """The percentile of the year's days that is held against the 24-hour limit."""
        percent = DAILY_PERCENTILES[parameter]
        measured = figures.percentile(
            self.days, air.COLUMN[parameter], Fraction(percent, 100), air.PLACES[parameter], year=self.year
        )
        measured = figures.under(measured, self.rule("percentile"), self.rule("decimals"))
        return self.figure(f"{parameter}_p{percent}", measured, unit=UNIT[parameter])

    @memo
    def limit(self, parameter: str, averaging: str = "", day: date | None = None) -> Figure:
        """The grade 2 limit of *parameter* for data of *day*; without one, that which judges the year."""
        averaging, day = averaging or AVERAGING.get(parameter, "annual"), day or self.as_of
        limit, here = (air.limit(parameter, averaging, when) for when in (day, self.as_of))
        edition = {"standard": limit.standard, "phase": limit.phase}
        where = {**edition, "parameter": parameter, "averaging": averaging, "grade": "2"}
        name = f"limit_{parameter}_{averaging}"
        if limit != here:
            name += f"_{limit.phase}_{_digits(limit.standard)}"
        measured = figures.select(self.limits, "limit", **where)
        return self.figure(name, measured, unit=limit.unit, rules=[rules.rule("air.limits", day)])

    def days_with_value(self, parameter: str) -> Figure:
        """The days of the year on which *parameter* has a value that counts."""
        return self.figure(
            f"{parameter}_days", figures.count(self.days, air.COLUMN[parameter], year=self.year), unit="day"
        )

    def has_enough_days(self, parameter: str) -> bool:
        """Whether the year has so many days of *parameter* that they may be held against a limit."""
        return parameter in self._with_enough_days

    @property
    @memo
    def _with_enough_days(self) -> set[str]:
        in_year = self.days.rows[self.days.rows["year"] == self.year].assign(area_code=self.area.code)
        statistics = air.annual_statistics(in_year)
        return set(statistics.loc[statistics["is_valid"], "parameter"])

    def verdict(self, name: str, parameter: str, value: Figure, limit: Figure) -> Figure:
        """Whether *value* meets *limit*, in one word; one of too few days or of a part of the year is not judged."""
        is_published = value.derivation["operation"] == "select" and value.period == str(self.year)
        if value.value is None or not (is_published or self.has_enough_days(parameter)):
            word = "unknown"
        else:
            word = "meets" if Decimal(value.value) <= Decimal(str(limit.value)) else "exceeds"
        measured = figures.classify([value, limit], word, self.rule("annual_validity"), held_against=limit.id)
        return self.figure(f"{name}_verdict", measured, unit="", words=VERDICTS)

    def annual_verdict(self, parameter: str) -> Figure:
        """Whether the year's indicator of *parameter* meets its limit."""
        return self.verdict(parameter, parameter, self.annual(parameter), self.limit(parameter))

    def exceedance(self, parameter: str) -> Figure:
        """By how many times the year's indicator of *parameter* is over its limit."""
        measured = figures.multiple(self.annual(parameter), self.limit(parameter))
        return self.figure(
            f"{parameter}_exceedance", figures.under(measured, self.rule("exceedance_multiple")), unit="times"
        )

    def changed(self, name: str, now: Figure, before: Figure) -> Figure:
        """The change from last year in percent."""
        return self.figure(f"{name}_change", figures.under(figures.change(now, before), self.rule("change")), unit="%")

    @memo
    def valid_days(self, year: int | None = None) -> Figure:
        """The days of a year that have an AQI."""
        year = year or self.year
        return self.figure(
            self.suffixed("valid_days", year),
            figures.count(self.days, "aqi", year=year),
            unit="day",
            period=str(year),
            rules=self.aqi_rules,
        )

    @memo
    def good_days(self, year: int | None = None) -> Figure:
        """The days of a year of level 1 or 2."""
        year = year or self.year
        measured = figures.count(self.days, "aqi", year=year, level=GOOD)
        name = self.suffixed("good_days", year)
        return self.figure(name, measured, unit="day", period=str(year), rules=self.aqi_rules)

    @memo
    def good_days_ratio(self, year: int | None = None) -> Figure:
        """The share of good days among the valid ones: as published, or else computed."""
        year = year or self.year
        measured = self.official("good_days_ratio", str(year)) or self._good_share("level", year=year)
        return self.figure(self.suffixed("good_days_ratio", year), measured, unit="%", period=str(year))

    def good_days_change(self) -> Figure:
        """The change of that share from last year, in percentage points."""
        measured = figures.difference(self.good_days_ratio(), self.good_days_ratio(self.year - 1))
        return self.figure(
            "good_days_ratio_change", figures.under(measured, self.rule("change")), unit="percentage points"
        )

    def level_days(self, level: int) -> Figure:
        """The days of the year of one level."""
        measured = figures.count(self.days, "aqi", year=self.year, level=level)
        return self.figure(f"level_{level}_days", measured, unit="day", rules=self.aqi_rules)

    def highest_aqi(self) -> Figure:
        """The highest AQI of the year."""
        measured = figures.maximum(self.days, "aqi", year=self.year)
        return self.figure("highest_aqi", measured, unit="1", rules=self.aqi_rules)

    @memo
    def index(self, year: int | None = None) -> Figure:
        """The composite index of a year: as published, or else computed from the six printed values."""
        year = year or self.year
        parts = [self.annual(parameter, year) for parameter in air.PARAMETERS]
        limits = [self.limit(parameter, day=date(year, 12, 31)) for parameter in air.PARAMETERS]
        total = None
        if all(part.value is not None for part in parts):
            values = {
                parameter: Decimal(str(part.value)) for parameter, part in zip(air.PARAMETERS, parts, strict=True)
            }
            total = air.composite_index(values, date(year, 12, 31)).total
        measured = self.as_published("composite_index", str(year))
        if measured.value is None:
            measured = figures.index(parts, limits, total, rules.rule("air.index", date(year, 12, 31)))
        return self.figure(self.suffixed("composite_index", year), measured, unit="1", period=str(year))

    def index_rank(self, year: int | None = None) -> Figure:
        """The area's place among the districts by composite index of a year, the lowest first."""
        year = year or self.year
        measured = figures.under(figures.rank(self.index(year), self.ranked_by(year)), self.rule("rank"))
        return self.figure(self.suffixed("composite_index_rank", year), measured, unit="", period=str(year))

    @memo
    def monthly(self, parameter: str, year: int, month: int) -> Figure:
        """The indicator of *parameter* in one month: as published, or else computed."""
        period = f"{year}-{month:02}"
        measured = self.official(INDICATORS[parameter], period) or self.statistic(parameter, month=period)
        name = f"{INDICATORS[parameter]}_{year}_{month:02}"
        return self.figure(name, measured, unit=UNIT[parameter], period=period)

    def monthly_good_days(self, month: int) -> Figure:
        """The share of good days in one month of the year: as published, or else computed."""
        period = f"{self.year}-{month:02}"
        measured = self.official("good_days_ratio", period) or self._good_share("level", month=period)
        return self.figure(f"good_days_ratio_{self.year}_{month:02}", measured, unit="%", period=period)

    def primary_days(self, parameter: str) -> Figure:
        """The days of the year with *parameter* as a primary pollutant."""
        return self.figure(
            f"primary_{parameter}_days",
            figures.count(self.primary, year=self.year, parameter=parameter),
            unit="day",
        )

    @memo
    def primary_days_over(self, parameter: str) -> Figure:
        """Those of them that were over the limit."""
        measured = figures.count(self.primary, year=self.year, parameter=parameter, level=OVER)
        return self.figure(f"primary_{parameter}_days_over", measured, unit="day")

    def known_years(self) -> list[int]:
        """The years with days or with a published yearly value, up to this one."""
        rows = self.published.rows
        published = [int(period) for period in rows["period"] if len(period) == 4 and int(period) <= self.year]
        first = min([*self.days.rows["year"].tolist(), self.year]) if self.has_days() else 0
        return sorted({year for year in [*published, *self.days.rows["year"]] if year >= first} | {self.year})

    def breaks(self, years: list[int]) -> list[dict[Any, Any]]:
        """The breaks of the series inside *years*: their dates and what is said about each."""
        rows = self.reader.rows("air/series_breaks")
        if self.has_invented_days:
            # An invented series has no instruments or stations to change; standards bind it all the same.
            rows = rows[rows["kind"] == "standard"]
        concerns = rows["scope_area_code"].isna() | (rows["scope_area_code"] == self.area.code)
        found = rows[concerns].to_dict("records")
        return [row for row in found if years[0] < row["date"].year <= years[-1]]

    def complete_days(self, station: str) -> Figure:
        """The days of the year on which a station has a value that counts of all six pollutants."""
        measured = figures.count(self.coverage, station_id=station, is_complete=True)
        return self.figure(f"complete_days_{station}", measured, unit="day")

    def capture(self, station: str) -> Figure:
        """Those days in percent of the year."""
        measured = figures.share(self.coverage, {"is_complete": True}, {"station_id": station})
        return self.figure(f"capture_{station}", measured, unit="%")

    def monthly_capture(self, station: str) -> dict[int, Figure]:
        """The same share for each month of the year."""
        periods = {month: f"{self.year}-{month:02}" for month in range(1, 13)}
        return {
            month: self.figure(
                f"capture_{station}_{month:02}",
                figures.share(self.coverage, {"is_complete": True}, {"station_id": station, "month": period}),
                unit="%",
                period=period,
            )
            for month, period in periods.items()
        }

    def computed_good_days(self) -> Figure:
        """The share of good days as the daily series gives it, whatever was published."""
        return self.figure("good_days_ratio_computed", self._good_share("level", year=self.year), unit="%")

    def next_good_days(self) -> Figure:
        """What the edition of the AQI rules to come would make of the same days."""
        return self.figure("good_days_ratio_next", self._good_share("level_next", year=self.year), unit="%")

    def _good_share(self, column: str, **where: Any) -> Measured:
        measured = figures.share(self.days, {column: GOOD}, {**where, column: [*GOOD, *OVER]})
        return figures.under(measured, *self.aqi_rules, self.rule("good_days"))

    # --- disclosure ------------------------------------------------------------------------------

    def disclosure(self, item: str) -> Disclosure:
        """Q1 is disclosed when all eight yearly indicators are published, partly when some or parts of the year are.

        Demonstration does not count.
        """
        rows = self.published.rows
        rows = rows[(rows["period"].str[:4] <= str(self.year)) & (rows["status"] != DEMONSTRATION)]
        found = set(rows.loc[(rows["period"] == str(self.year)) & (rows["status"] == OFFICIAL), "indicator"])
        wanted = {*INDICATORS.values(), "good_days_ratio", "composite_index"}
        some = bool((rows["period"].str[:4] == str(self.year)).any())
        state = DISCLOSED if wanted <= found else PARTLY if some else NOT_DISCLOSED
        return Disclosure(item, state, self.first_year(rows))


def _digits(standard: str) -> str:
    return standard.rpartition("-")[2]
