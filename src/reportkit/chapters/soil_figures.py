"""What is measured about soil and groundwater (item Q4): rows, rules and figures; ``soil.py`` shows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from reportkit import figures
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY, Chapter, Disclosure
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import memo
from reportkit.standards import rules, soil, targets
from reportkit.status import DEMONSTRATION, OFFICIAL

FARMLAND, CONSTRUCTION = "farmland", "construction"
# The columns of each kind of land: what is used safely, and of how much.
PARTS = {FARMLAND: ("safely_used_hm2", "polluted_hm2"), CONSTRUCTION: ("safe_hm2", "area_hm2")}
NATIONAL = "national"

INTENSITIES = ("fertiliser", "pesticide")  # kilograms a hectare; the others are shares
# What the countryside is measured by: the units of the part and of the whole.
COUNTRYSIDE = {
    "fertiliser": ("t", "hm2"),
    "pesticide": ("t", "hm2"),
    "straw": ("t", "t"),
    "manure": ("t", "t"),
    "sewage": ("1", "1"),
    "improved": ("1", "1"),
    "black_waters": ("1", "1"),
}

# What a disclosure of Q4 must publish of a year; what is of farmland is not asked of an area without any.
OF_FARMLAND = ("farmland_safe_use_ratio", *COUNTRYSIDE)
WANTED = ("construction_safe_use_ratio", "plots_listed", "supervised_units", "groundwater_fair", *OF_FARMLAND)

USE_WORDS = {word: f"soil.use.{word}" for word in soil.USES}
RESULT_WORDS = {word: f"soil.result.{word}" for word in ("meets", "exceeds")}
DUTY_WORDS = {word: f"soil.duties.{word}" for word in (soil.DONE, soil.LACKING)}
CLASS_WORDS = {word: f"soil.class.{word}" for word in soil.CLASSES}
VERDICT_WORDS = {word: f"soil.verdict.{word}" for word in targets.VERDICTS}

_DAYS = (*soil.STAGES, "listed", "begun")


class SoilFigures(Chapter):
    """Every figure about the soil and groundwater of one area in one year, and what it is measured from."""

    slug = "soil"
    order = 50
    items = ("Q4",)

    # --- rows ------------------------------------------------------------------------------------

    @memo
    def land(self, kind: str) -> PublishedTable:
        """Polluted farmland, or key construction land, and what of it is used safely; values as written."""
        exact = (*PARTS[kind], *(["farmland_hm2"] if kind == FARMLAND else []))
        return PublishedTable(f"soil/{kind}", self.reader.rows(f"soil/{kind}", exact=exact, area_code=self.codes))

    @property
    @memo
    def plot_rows(self) -> list[dict[Any, Any]]:
        """The plots, each with its days; a day that has not come is None."""
        rows = self.reader.rows("soil/plots", exact=("area_hm2",), area_code=self.codes)
        records = rows.sort_values("plot_id").to_dict("records")
        for row in records:
            row["days"] = {name: _day(row[f"{name}_date"]) for name in _DAYS}
        return records

    @property
    @memo
    def plots(self) -> PublishedTable:
        """Each plot at the end of each year since its survey: stage, whether it is listed, how it may be used."""
        rows = [row for plot in self.plot_rows for row in self._plot_years(plot)]
        columns = ["plot_id", "year", "stage", "is_listed", "use", "area_hm2", "status", "source_id"]
        found = pd.DataFrame(rows, columns=columns).astype({"is_listed": bool})
        return PublishedTable(self.table_name("plots"), found, rules=(self.rule("stage"),))

    def _plot_years(self, plot: dict[Any, Any]) -> Iterator[dict[str, Any]]:
        days = plot["days"]
        for year in range(days["investigated"].year, self.year + 1):
            at = date(year, 12, 31)
            yield {
                "plot_id": plot["plot_id"],
                "year": year,
                "stage": soil.stage(days, at),
                "is_listed": soil.is_listed(days, at),
                "use": soil.use(days, plot["planned_use"], at),
                **{name: plot[name] for name in ("area_hm2", "status", "source_id")},
            }

    @property
    @memo
    def units(self) -> PublishedTable:
        """Each supervised unit in each year, with its duties."""
        exact = ("hazards_found", "hazards_removed")
        until = {"to": str(self.year)}
        rows = self.reader.rows("soil/supervised_units", exact=exact, area_code=self.codes, year=until)
        last = [None if pd.isna(year) else int(year) for year in rows["last_inspected_year"]]
        done = [
            soil.duties(is_reported=reported, is_monitored=monitored, last_inspected=inspected, year=int(year))
            for reported, monitored, inspected, year in zip(
                rows["is_reported"], rows["is_monitored"], last, rows["year"], strict=True
            )
        ]
        rows = rows.assign(duties=done).astype({"is_reported": bool, "is_monitored": bool})
        return PublishedTable(self.table_name("units"), rows, rules=self.rules_for(rows, "duties"))

    @property
    @memo
    def point_names(self) -> pd.DataFrame:
        """The groundwater points, the nation's before the others."""
        rows = self.reader.rows("soil/groundwater_points", area_code=self.codes)
        return rows.sort_values(["level", "point_id"], key=lambda column: column.replace({NATIONAL: ""}))

    @property
    @memo
    def groundwater(self) -> PublishedTable:
        """The yearly values of these points, as written."""
        columns = tuple(soil.columns().values())
        ids, until = sorted(self.point_names["point_id"]), {"to": str(self.year)}
        return PublishedTable(
            "soil/groundwater", self.reader.rows("soil/groundwater", exact=columns, point_id=ids, year=until)
        )

    @property
    @memo
    def points(self) -> PublishedTable:
        """Each point in each year: its class and the items that decide it."""
        level = dict(zip(self.point_names["point_id"], self.point_names["level"], strict=True))
        rows = []
        for row in self.groundwater.rows.to_dict("records"):
            as_of = date(int(row["year"]), 12, 31)
            values = {name: row[column] for name, column in soil.columns().items() if not pd.isna(row[column])}
            code, items = soil.groundwater_class(values, as_of)
            kept = {name: row[name] for name in ("point_id", "year", "status", "source_id")}
            rows.append({**kept, "level": level[row["point_id"]], "class": code, "items": ";".join(items)})
        columns = ["point_id", "year", "level", "class", "items", "status", "source_id"]
        held = self.rules_for(rows, "groundwater_class", "groundwater_limits")
        return PublishedTable(self.table_name("points"), pd.DataFrame(rows, columns=columns), rules=held)

    @property
    @memo
    def decisive(self) -> PublishedTable:
        """Each item that decides the class of a point in a year, if that is IV or V."""
        rows = self.points.rows[self.points.rows["class"].isin(soil.CLASSES[3:])]
        rows = rows.assign(item=rows["items"].str.split(";")).explode("item").drop(columns="items")
        return PublishedTable(self.table_name("decisive"), rows, rules=self.points.rules)

    @property
    @memo
    def countryside_rows(self) -> PublishedTable:
        """What is used on farmland, and how villages and their waters fare; values as written."""
        rows = self.reader.rows("soil/countryside", exact=("part", "whole"), area_code=self.codes)
        return PublishedTable("soil/countryside", rows)

    def known_years(self, table: PublishedTable) -> list[int]:
        """The years that *table* has rows of, up to the page's own."""
        return sorted({int(year) for year in table.rows["year"] if year <= self.year})

    @property
    def has_values(self) -> bool:
        """Whether anything at all is known of the year."""
        known = (self.land(FARMLAND), self.land(CONSTRUCTION), self.plots, self.units, self.points)
        return any(self.year in self.known_years(table) for table in known)

    @property
    def has_no_farmland(self) -> bool:
        """Whether it is known that the area has no farmland at all."""
        return self._is_nought("farmland_hm2")

    @property
    def has_clean_farmland(self) -> bool:
        """Whether it is known that none of the area's farmland is polluted."""
        return self._is_nought("polluted_hm2") and not self.has_no_farmland

    def _is_nought(self, column: str) -> bool:
        is_known = self.year in self.known_years(self.land(FARMLAND))
        return is_known and not self.hectares(FARMLAND, column, self.year).value

    # --- rules and targets -----------------------------------------------------------------------

    @memo
    def target(self, indicator: str) -> Figure | None:
        """The next numeric target that the city has set for *indicator*; on its own page, for all areas."""
        if self is not self.city:
            return self.city.target(indicator)
        table = self.facts("targets/targets", area_code=self.area.code, indicators=indicator, kind="numeric")
        ahead = table.rows[table.rows["target_year"] >= self.year].sort_values("target_year")
        if ahead.empty:
            return None
        row = ahead.iloc[0]
        measured = figures.select(table, "value", target_id=row["target_id"])
        unit = row["unit"] or "1"
        return self.figure(f"target_{row['target_id']}", measured, unit=unit, period=str(row["target_year"]))

    def verdict(self, name: str, value: Figure, indicator: str) -> Figure | None:
        """Where *value* stands against the city's target for *indicator*; nothing where there is no target."""
        target = self.target(indicator)
        if target is None:
            return None
        where = {"target_id": target.derivation["where"]["target_id"]}
        direction = self.city.facts("targets/targets", **where).rows["direction"].iloc[0]
        goal = targets.Target(int(target.period), Decimal(str(target.value)), direction)
        now = None if value.value is None else targets.Point(self.year, Decimal(str(value.value)))
        word = targets.verdict(goal, now, None, self.year)
        measured = figures.classify([value, target], word, self.rule("target"), held_against=target.id, at=self.year)
        return self.figure(name, measured, unit="", words=VERDICT_WORDS)

    # --- safe use --------------------------------------------------------------------------------

    def hectares(self, kind: str, column: str, year: int) -> Figure:
        """An area of farmland or construction land in hectares."""
        measured = figures.total(self.land(kind), column, 1, area_code=self.codes, year=year)
        return self.figure(self.suffixed(f"{kind}_{column}", year), measured, unit="hm2", period=str(year))

    @memo
    def safe_use(self, kind: str, year: int) -> Figure:
        """The safe-use rate of farmland or construction land in percent: as published, or else computed."""
        indicator = f"{kind}_safe_use_ratio"
        measured = self.official(indicator, year)
        if measured is None and rules.is_in_force(f"soil.{kind}_safe_use", date(year, 12, 31)):
            part, whole = (self.hectares(kind, column, year) for column in PARTS[kind])
            rule = rules.rule(f"soil.{kind}_safe_use", date(year, 12, 31))
            measured = figures.under(figures.ratio(part, whole), rule)
        if measured is None:  # a rate of a year before it had a rule is not computed
            measured = self.as_published(indicator, year)
        return self.figure(self.suffixed(f"{kind}_safe_use_ratio", year), measured, unit="%", period=str(year))

    def safe_use_change(self, kind: str) -> Figure:
        """The change of a safe-use rate from last year in percentage points."""
        measured = figures.difference(self.safe_use(kind, self.year), self.safe_use(kind, self.year - 1))
        return self.figure(f"{kind}_safe_use_change", measured, unit="percentage points")

    # --- plots -----------------------------------------------------------------------------------

    def number(self, name: str, measured: Measured, year: int) -> Figure:
        """A figure that is a bare number."""
        return self.figure(self.suffixed(name, year), measured, unit="1", period=str(year))

    def plots_at(self, stage: str, year: int) -> Figure:
        """How many plots are at one stage at the end of a year."""
        return self.number(f"plots_{stage}", figures.count(self.plots, year=year, stage=stage), year)

    @memo
    def listed(self, year: int) -> Figure:
        """How many plots are on the register at the end of a year: as published, or else counted."""
        counted = figures.count(self.plots, year=year, is_listed=True)
        return self.number("plots_listed", self.official("plots_listed", year) or counted, year)

    def listed_if_known(self) -> Figure | None:
        """The same of this year, where anything is known of plots: no plots known are not no plots."""
        return self.listed(self.year) if self.year in self.known_years(self.plots) else None

    def listed_area(self) -> Figure:
        """The area of the plots that are on the register, in hectares."""
        measured = figures.total(self.plots, "area_hm2", 1, year=self.year, is_listed=True)
        return self.figure("plots_listed_area", measured, unit="hm2")

    def breaches(self, year: int) -> Figure:
        """On how many plots of the register building for homes or public services has begun all the same."""
        counted = figures.count(self.plots, year=year, use=soil.BREACH)
        return self.number("plots_breach", figures.under(counted, self.rule("register_use")), year)

    def plot_use(self, plot: str) -> Figure:
        """How a plot may be used."""
        measured = figures.select(self.plots, "use", plot_id=plot, year=self.year)
        measured = figures.under(measured, self.rule("register_use"))
        return self.figure(f"use_{plot}", measured, unit="", words=USE_WORDS)

    def plot_area(self, plot: str) -> Figure:
        """Its area in hectares."""
        measured = figures.select(self.plots, "area_hm2", plot_id=plot, year=self.year)
        return self.figure(f"area_{plot}", measured, unit="hm2")

    # --- supervised units ------------------------------------------------------------------------

    @memo
    def units_listed(self, year: int) -> Figure:
        """How many units are supervised in a year: as published, or else counted."""
        counted = figures.count(self.units, year=year)
        return self.number("supervised_units", self.official("supervised_units", year) or counted, year)

    def units_with(self, name: str, year: int, **where: Any) -> Figure:
        """How many units of a year meet a condition, such as ``is_monitored=True``."""
        return self.number(f"units_{name}", figures.count(self.units, year=year, **where), year)

    @memo
    def duties_share(self, year: int) -> Figure:
        """The share of the units with rows that did all their duties, in percent."""
        measured = figures.share(self.units, {"duties": soil.DONE}, {"year": year})
        return self.figure(self.suffixed("duties_share", year), measured, unit="%", period=str(year))

    def unit_duties(self, unit: str) -> Figure:
        """Whether a unit did its duties this year."""
        measured = figures.select(self.units, "duties", enterprise_id=unit, year=self.year)
        return self.figure(f"duties_{unit}", measured, unit="", words=DUTY_WORDS)

    def unit_result(self, unit: str) -> Figure:
        """What a unit said of its own monitoring this year."""
        measured = figures.select(self.units, "result", enterprise_id=unit, year=self.year)
        measured = figures.under(measured, self.rule("unit_result"))
        return self.figure(f"result_{unit}", measured, unit="", words=RESULT_WORDS)

    def hazards(self, what: str) -> Figure:
        """How many hidden dangers were ``found`` this year, or of these ``removed``."""
        measured = figures.total(self.units, f"hazards_{what}", 0, year=self.year)
        return self.number(f"hazards_{what}", measured, self.year)

    # --- groundwater -----------------------------------------------------------------------------

    def points_of(self, code: str, year: int) -> Figure:
        """How many points have one class in a year."""
        return self.number(f"points_class_{code}", figures.count(self.points, year=year, **_of_class(code)), year)

    def points_judged(self, year: int) -> Figure:
        """How many points have a class in a year."""
        return self.number("points", figures.count(self.points, "class", year=year), year)

    def points_fair(self, year: int) -> Figure:
        """How many points are of class I to IV in a year."""
        return self.number("points_fair", figures.count(self.points, year=year, **_FAIR), year)

    @memo
    def national_fair(self, year: int) -> Figure:
        """How many of the points that the nation assesses are of class I to IV: as published, or else counted.

        No value of a year in which no such point is known: no points are not no good ones.
        """
        measured = self.as_published("groundwater_fair", year)
        where: dict[str, Any] = {"year": year, "level": NATIONAL}
        if measured.value is None and not self.points.where(where).empty:
            measured = figures.count(self.points, **where, **_FAIR)
        return self.number("groundwater_fair", measured, year)

    @memo
    def point_class(self, point: str, year: int) -> Figure:
        """The class of a point in a year."""
        rows = self.points.where({"point_id": point, "year": year})
        code = rows["class"].iloc[0] if len(rows) else None
        rule = self.rule("groundwater_class")
        measured = figures.classify_rows(self.groundwater, code, rule, point_id=point, year=year)
        measured = figures.under(measured, self.rule("groundwater_limits"))
        return self.figure(
            self.suffixed(f"class_{point}", year), measured, unit="", period=str(year), words=CLASS_WORDS
        )

    def point_value(self, point: str, item: str) -> Figure:
        """The value of an item at a point this year."""
        as_of = date(self.year, 12, 31)
        measured = figures.select(self.groundwater, soil.columns()[item], point_id=point, year=self.year)
        return self.figure(f"{item}_{point}", measured, unit=soil.limits(as_of)[item]["unit"])

    def item_points(self, item: str) -> Figure:
        """At how many points of class IV or V an item decides the class this year."""
        return self.number(f"decided_by_{item}", figures.count(self.decisive, year=self.year, item=item), self.year)

    # --- countryside -----------------------------------------------------------------------------

    @memo
    def rate(self, indicator: str, year: int) -> Figure:
        """A rate of the countryside: kilograms a hectare, or percent; as published, or else computed."""
        where = {"area_code": self.codes, "year": year, "indicator": indicator}
        is_intensity = indicator in INTENSITIES
        amounts = {
            "part": figures.total(self.countryside_rows, "part", int(is_intensity), **where),
            "whole": figures.total(self.countryside_rows, "whole", 0, **where),
        }
        part, whole = (
            self.figure(self.suffixed(f"{indicator}_{name}", year), amount, unit=unit, period=str(year))
            for (name, amount), unit in zip(amounts.items(), COUNTRYSIDE[indicator], strict=True)
        )
        if is_intensity:
            computed = figures.under(figures.quotient(part, whole, 1, factor=1000), self.rule("intensity"))
        else:
            computed = figures.ratio(part, whole)
        measured = self.official(indicator, year) or computed
        unit = "kg/hm2" if is_intensity else "%"
        return self.figure(self.suffixed(indicator, year), measured, unit=unit, period=str(year))

    # --- disclosure ------------------------------------------------------------------------------

    def selected(self, where: dict[str, Any]) -> Measured:
        """One published value."""
        return figures.select(self.published, "value", **where)

    def disclosed(self, year: int) -> dict[str, str]:
        """What has been published of a year, with its status; demonstration does not count."""
        rows = self.published.rows
        rows = rows[(rows["year"] == year) & (rows["status"] != DEMONSTRATION)]
        return dict(zip(rows["indicator"], rows["status"], strict=True))

    def not_disclosed(self) -> list[str]:
        """What a disclosure must publish of the year, and has not been published by the authority."""
        known = self.disclosed(self.year)
        left_out = OF_FARMLAND if self.has_no_farmland else ()
        return [name for name in WANTED if name not in left_out and known.get(name) != OFFICIAL]

    def disclosure(self, item: str) -> Disclosure:
        """Q4 is disclosed when every yearly indicator is published, partly when some are."""
        since = self.first_year(self.published.rows)
        if not self.disclosed(self.year):
            return Disclosure(item, NOT_DISCLOSED, since)
        return Disclosure(item, PARTLY if self.not_disclosed() else DISCLOSED, since)


def _of_class(wanted: Any) -> dict[str, Any]:
    """The condition on a row's class, whose name is a word of the language."""
    return {"class": wanted}


_FAIR = _of_class(list(soil.CLASSES[:4]))


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else value.date()
