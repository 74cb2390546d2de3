"""Soil and groundwater (item Q4): the answer first, then land, plots, supervised units, groundwater, countryside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import methodcaller
from typing import Any

import pandas as pd

from reportkit import charts
from reportkit.blocks import Block, TableContent, absolute
from reportkit.chapters import MORE, Card, Headline, alike, once_for_all, spliced
from reportkit.chapters.common import by_district, over_years
from reportkit.chapters.soil_figures import (
    CONSTRUCTION,
    COUNTRYSIDE,
    FARMLAND,
    INTENSITIES,
    PARTS,
    SoilFigures,
)
from reportkit.figures import NO_DATA, Figure, PublishedTable
from reportkit.standards import soil
from reportkit.status import DEMONSTRATION

FARMLAND_TARGET, GROUNDWATER_TARGET = "farmland_safe_use_ratio", "groundwater_points"
STATEMENT = "soil_safety"  # what the bureau says of the soil in words, among the evidence for the targets

STAGE_COLOURS = dict(zip(soil.STAGES, ("#d9a441", "#c77d4a", "#0f6e84", "#4fa3b5", "#c9d3da"), strict=True))
CLASS_COLOURS = dict(zip(soil.CLASSES, ("#0f6e84", "#4fa3b5", "#b5d3cf", "#e0bd74", "#a85a2e"), strict=True))
LIGHT_ON = ("I", "V")  # classes whose colour is so dark that text on it is white
DUTY_COLOURS = {soil.DONE: "#0f6e84", soil.LACKING: "#d9a441"}


class Soil(SoilFigures):
    """The soil and groundwater of one area in one year, with the years before it: a method for each block."""

    slug = "soil"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """Is the land safely used, and is the groundwater clean? In a few sentences, each computed."""
        if not self.has_values:
            return self.statement("answer", self._official_words(), self.say("no_values"), tables=self._statements())
        return self.statement(
            "answer",
            self._official_words(),
            self._farmland_sentence(),
            self._plots_sentence(),
            self._units_sentence(),
            self._groundwater_sentence(),
            *self._national_notes(),
            tables=self._statements(),
        )

    def headline(self) -> Headline:
        """The safe use of farmland, and the plots of the register."""
        rate, last, cards = self.safe_use(FARMLAND, self.year), self.year - 1, []
        if not self.has_values:
            return Headline(self.say("headline.none"))
        sentence = []
        if rate.value is not None:
            cards.append(Card(self.word("card.farmland"), rate, self.safe_use(FARMLAND, last), "rates", better=MORE))
            sentence += self.say("headline.farmland", rate=rate)
        if self.year in self.known_years(self.plots):
            listed = self.listed(self.year)
            before = self.listed(last) if last in self.known_years(self.plots) else None
            cards.append(Card(self.word("card.listed"), listed, before, "plots"))
            sentence += self.say(f"headline.{'listed' if listed.value else 'listed_none'}", listed=listed)
        return Headline(sentence or self.say("headline.none"), cards)

    def _official_words(self) -> list[Any]:
        """What the bureau says of the soil in words this year, for the whole city."""
        rows = self._said_by_bureau()
        if rows.empty:
            return []
        statement = rows[f"statement_{self.language}"].iloc[-1]
        return self.say("answer.official", city=self.city.name(), statement=statement)

    def _said_by_bureau(self) -> pd.DataFrame:
        code, year = self.edition.city.code, str(self.year)
        rows = self.reader.rows("targets/evidence", area_code=code, indicator=STATEMENT, period=year)
        return rows.drop(columns="value")

    def _statements(self) -> list[PublishedTable]:
        rows = self._said_by_bureau()
        return [] if rows.empty else [PublishedTable(self.table_name("statements"), rows)]

    def _farmland_sentence(self) -> list[Any]:
        rate = self.safe_use(FARMLAND, self.year)
        if self.has_no_farmland:
            return self.say("answer.no_farmland")
        if rate.value is None:
            return self.say(f"answer.farmland_{'none' if self.has_clean_farmland else 'unknown'}")
        sentence = self.say("answer.farmland", rate=rate) + self._change(FARMLAND)
        verdict, target = self._farmland_verdict(), self.target(FARMLAND_TARGET)
        if verdict is None or target is None:
            return sentence + self.say("answer.stop")
        return sentence + self.say("answer.farmland_target", target=target, due=target.period, verdict=verdict)

    def _change(self, kind: str) -> list[Any]:
        """By how much a safe-use rate differs from last year's."""
        change = self.safe_use_change(kind)
        if change.value is None:
            return []
        way = "same" if not change.value else "higher" if float(str(change.value)) > 0 else "lower"
        return self.say(f"answer.{way}", points=absolute(change))

    def _farmland_verdict(self) -> Figure | None:
        """Where the city stands against its target; a district has none of its own."""
        if not self.area.is_city:
            return None
        return self.verdict("verdict_farmland", self.safe_use(FARMLAND, self.year), FARMLAND_TARGET)

    def _plots_sentence(self) -> list[Any]:
        if self.year not in self.known_years(self.plots):
            return self.say("answer.plots_unknown")
        listed, breaches = self.listed(self.year), self.breaches(self.year)
        if not listed.value:
            return self.say("answer.plots_none", removed=self.plots_at(soil.STAGES[-1], self.year))
        sentence = self.say("answer.plots", listed=listed, area=self.listed_area())
        return sentence + self.say(f"answer.{'breaches' if breaches.value else 'no_breach'}", breaches=breaches)

    def _units_sentence(self) -> list[Any]:
        if self.year not in self.known_years(self.units):
            return []
        return self.say("answer.units", units=self.units_listed(self.year), share=self.duties_share(self.year))

    def _groundwater_sentence(self) -> list[Any]:
        if self.year not in self.known_years(self.points):
            return []
        return self.say("answer.points", points=self.points_judged(self.year), fair=self.points_fair(self.year))

    def _national_sentence(self) -> list[Any]:
        """How the points that the nation assesses stand against the target; a question of the city alone."""
        value, target = self.national_fair(self.year), self.target(GROUNDWATER_TARGET)
        verdict = self.verdict("verdict_groundwater", value, GROUNDWATER_TARGET) if self.area.is_city else None
        if verdict is None or target is None:
            return []
        return self.say("answer.national", value=value, target=target, due=target.period, verdict=verdict)

    # --- safe use --------------------------------------------------------------------------------

    def safe_use_rates(self) -> Block:
        """How much of the polluted farmland, and of the key construction land, is used safely, over the years."""
        tables = [self.land(kind) for kind in PARTS]
        years = sorted({year for table in tables for year in self.known_years(table)})
        rates = {kind: self._of(self.safe_use, kind) for kind in PARTS}
        known = {kind: rate for kind, rate in rates.items() if any(rate(year).value is not None for year in years)}
        target = self.target(FARMLAND_TARGET) if FARMLAND in known else None
        limits = {FARMLAND: target} if target else {}
        notes = [self.say("rates.note"), *self._farmland_notes(target)]
        areas = {
            f"{kind}_{column}": self._of(self.hectares, kind, column)
            for kind in known
            for column in reversed(PARTS[kind])
            if not any(self.official(f"{kind}_safe_use_ratio", year) for year in years)  # which rests on other land
        }
        return over_years(self, "rates", known or rates, years, limits=limits, others=areas, notes=notes)

    def _farmland_notes(self, target: Figure | None) -> list[list[Any]]:
        """Why there is no rate of farmland, or how it stands against the target."""
        if self.has_no_farmland:
            return [self.say("rates.no_farmland")]
        if self.has_clean_farmland:
            return [self.say("answer.farmland_none")]
        return self._target_notes(target)

    def _target_notes(self, target: Figure | None) -> list[list[Any]]:
        """What the city's target is, and where the area stands against it."""
        if target is None:
            return [self.say("rates.no_target", city=self.city.name())]
        words, verdict = {"city": self.city.name(), "target": target, "due": target.period}, self._farmland_verdict()
        if verdict is None:
            return [self.say("rates.target_of_city", **words), self.say("rates.words_only")]
        said = self.say("rates.target", **words, verdict=verdict)
        invented = [self.say("rates.invented")] if verdict.status == DEMONSTRATION else []
        return [said, *invented, self.say("rates.words_only")]

    # --- plots -----------------------------------------------------------------------------------

    def register(self) -> Block:
        """The contaminated plots by the stage they had reached at the end of each year."""
        names = {stage: self.word(f"stage.{stage}") for stage in soil.STAGES}
        return self._by_year(
            "plots",
            self.plots,
            {names[stage]: (STAGE_COLOURS[stage], self._of(self.plots_at, stage)) for stage in soil.STAGES},
            others={"listed": self.listed, "breaches": self.breaches},
            notes=[self.say("plots.note")],
        )

    def plot_list(self) -> Block:
        """Each plot with its stage, whether it may be built on, what it was and what it is to become."""
        now = {row["plot_id"]: row for row in self.plots.where({"year": self.year}).to_dict("records")}
        plots = [plot for plot in self.plot_rows if plot["plot_id"] in now]
        if not plots:
            return self.statement("each_plot", self.say("plots.none"), title=self.say("each_plot.title"))
        plots.sort(key=lambda plot: soil.USES.index(now[plot["plot_id"]]["use"]))  # what matters most stands first
        rows = [
            [
                plot[f"name_{self.language}"],
                self.plot_use(plot["plot_id"]),
                self.word(f"stage.{now[plot['plot_id']]['stage']}"),
                self.plot_area(plot["plot_id"]),
                self.word(f"industry.{plot['former_use']}"),
                self.word(f"plan.{plot['planned_use']}"),
                self.joined([self.word(f"pollutant.{name}") for name in plot["pollutants"].split(";")]),
                *(self._day(plot["days"][step]) for step in ("investigated", "listed", "removed", "begun")),
            ]
            for plot in plots
        ]
        columns = [self.words("plot"), self.words("use"), self.words("stage"), self.numbers("plot_area")]
        columns += [self.words("former"), self.words("plan"), self.words("pollutants")]
        columns += [self.words(step) for step in ("investigated", "listed_date", "removed_date", "begun")]
        return self.block(
            "table",
            "each_plot",
            {"table": TableContent(columns, rows, self.download("plot_list"))},
            title=self.say("each_plot.title"),
            notes=[self.say("each_plot.note"), self.say("each_plot.rule")],
        )

    def _day(self, day: Any) -> str:
        """A day that has come by the end of the year."""
        return f"{day:%Y-%m-%d}" if day and day.year <= self.year else NO_DATA

    # --- supervised units ------------------------------------------------------------------------

    def supervised(self) -> Block:
        """How many of the supervised units did their duties, year by year."""
        counted = {
            "units_reported": self._of(self.units_with, "reported", is_reported=True),
            "units_monitored": self._of(self.units_with, "monitored", is_monitored=True),
        }
        notes = [self.say("units.note")]
        if self.hazards("found").value is not None:
            notes.append(self.say("units.hazards", found=self.hazards("found"), removed=self.hazards("removed")))
        return self._by_year(
            "units",
            self.units,
            {
                self.word(f"duties.{word}"): (DUTY_COLOURS[word], self._of(self.units_with, word, duties=word))
                for word in DUTY_COLOURS
            },
            others={"units": self.units_listed, **counted, "duties_share": self.duties_share},
            notes=notes,
        )

    def unit_list(self) -> Block:
        """Each supervised unit of the year and what it did."""
        units = self.units.where({"year": self.year}).sort_values("enterprise_id").to_dict("records")
        if not units:
            return self.statement("each_unit", self.say("each_unit.none"), title=self.say("each_unit.title"))
        rows = [
            [
                self.enterprise(unit["enterprise_id"], unit[f"name_{self.language}"]),
                self.unit_duties(unit["enterprise_id"]),
                self.word(f"yes.{unit['is_reported']}"),
                self.word(f"yes.{unit['is_monitored']}"),
                NO_DATA if pd.isna(unit["last_inspected_year"]) else str(unit["last_inspected_year"]),
                self.unit_result(unit["enterprise_id"]) if unit["result"] else NO_DATA,
                self.word(f"industry.{unit['industry']}"),
            ]
            for unit in units
        ]
        columns = [self.words(name) for name in ("unit", "duties", "reported", "monitored", "inspected", "result")]
        return self.block(
            "table",
            "each_unit",
            {"table": TableContent([*columns, self.words("industry")], rows, self.download("unit_list"))},
            title=self.say("each_unit.title"),
            notes=[self.say("each_unit.note")],
        )

    # --- groundwater -----------------------------------------------------------------------------

    def groundwater_classes(self) -> Block:
        """The groundwater points by class, year by year."""
        return self._by_year(
            "groundwater",
            self.points,
            {
                self.word(f"class.{code}"): (CLASS_COLOURS[code], self._of(self.points_of, code))
                for code in soil.CLASSES
            },
            others={"points_fair": self.points_fair},
            notes=[self.say("groundwater.note"), *self._national_notes()],
        )

    def _national_notes(self) -> list[list[Any]]:
        said = self._national_sentence()
        return [said] if said and self.year in self.known_years(self.points) else []

    def groundwater_points(self) -> Block:
        """Each point's class through the years, and the items that decide it this year."""
        years = self.known_years(self.points)
        if self.year not in years:
            return self.statement("points", self.say("groundwater.none"), title=self.say("points.title"))
        decisive = self.decisive.where({"year": self.year}).groupby("point_id")["item"].agg(list).to_dict()
        cells, rows = [], []
        for point in self.point_names.to_dict("records"):
            id_, name = point["point_id"], point[f"name_{self.language}"]
            classes = [self.point_class(id_, year) for year in years]
            cells += [self._cell(name, year, of) for year, of in zip(years, classes, strict=True) if of.value]
            *before, now = classes
            items, level = self._values(id_, decisive.get(id_, [])), self.word(f"level.{point['level']}")
            rows.append([name, now, items, *reversed(before), level])
        columns = [self.words(f"class_{year}", str(year)) for year in reversed(years)]
        columns = [self.words("point"), columns[0], self.words("items"), *columns[1:], self.words("level")]
        shown = {cell["level"] for cell in cells}
        colours = {self.word(f"class.{code}"): colour for code, colour in CLASS_COLOURS.items()}
        return self.chart(
            "points",
            charts.class_grid,
            cells,
            {words: colour for words, colour in colours.items() if words in shown},
            alternative=self.say("points.alternative", points=self.points_judged(self.year), first_year=str(years[0])),
            table=TableContent(columns, rows, self.download("point_list")),
            is_open=True,
            title=self.say("points.title"),
            notes=[self.say("points.note")],
            tables=[self.groundwater],
        )

    def _cell(self, name: str, year: int, figure: Figure) -> dict[str, Any]:
        code = figure.value
        words = {"level": self.word(f"class.{code}"), "mark": self.word(f"mark.{code}")}
        return {"row": name, "column": str(year), **words, "is_dark": code in LIGHT_ON}

    def _values(self, point: str, items: Sequence[str]) -> list[Any]:
        """The items that decide a point's class, each with its value."""
        said = [self.say("points.item", item=self._item(item), value=self.point_value(point, item)) for item in items]
        return spliced(said, self.separator) or [NO_DATA]

    def _item(self, item: str) -> str:
        return self.word(f"item.{item}")

    def groundwater_items(self) -> Block:
        """The items that make points class IV or V this year, and at how many points each does."""
        rows = self.decisive.where({"year": self.year})
        found = sorted(rows["item"].unique(), key=lambda item: (-(rows["item"] == item).sum(), item))
        if not found:
            said = "items.none" if self.year in self.known_years(self.points) else "groundwater.none"
            return self.statement("items", self.say(said), title=self.say("items.title"), tables=[self.decisive])
        counts = {item: self.item_points(item) for item in found}
        most = self.joined([self._item(item) for item in alike(counts, found[0])])
        return self.chart(
            "items",
            charts.counts,
            [{"name": self._item(item), "count": int(str(figure.value))} for item, figure in counts.items()],
            self.word("items.axis"),
            alternative=self.say("items.alternative", item=most, points=counts[found[0]]),
            table=TableContent(
                [self.words("item"), self.numbers("points_decided")],
                [[self._item(item), figure] for item, figure in counts.items()],
                self.download("items"),
            ),
            title=self.say("items.title"),
            notes=[self.say("items.note")],
            tables=[self.decisive],
        )

    # --- countryside -----------------------------------------------------------------------------

    def countryside(self) -> Block:
        """Fertiliser and pesticide, straw and manure, villages and their waters, over the years."""
        years = self.known_years(self.countryside_rows)
        known = [name for name in COUNTRYSIDE if any(self.rate(name, year).value is not None for year in years)]
        if not known:
            said = self.say("countryside.none")
            if self.has_no_farmland:
                land = self.hectares(FARMLAND, "farmland_hm2", self.year)
                said = self.say("countryside.not_applicable", land=land)
            return self.statement("countryside", said, title=self.say("countryside.title"))
        missing = [self.word(f"column.{name}") for name in COUNTRYSIDE if name not in known]
        notes = [self.say("countryside.note"), self.say("countryside.wholes")]
        notes += [self.say("countryside.missing", names=self.joined(missing))] if missing else []
        return over_years(self, "countryside", {name: self._of(self.rate, name) for name in known}, years, notes=notes)

    # --- districts -------------------------------------------------------------------------------

    @once_for_all
    def compared(self) -> dict[str, dict[str, Figure]]:
        """The safe use of polluted farmland of the city and of each district, and what stands beside it."""
        return self.of_all(
            {
                "farmland": methodcaller("safe_use", FARMLAND, self.year),
                "construction": methodcaller("safe_use", CONSTRUCTION, self.year),
                "listed": methodcaller("listed_if_known"),
                "duties_share": methodcaller("duties_share", self.year),
                **{name: methodcaller("rate", name, self.year) for name in (*INTENSITIES, "sewage")},
            }
        )

    def districts(self) -> Block:
        """The districts beside one another and the city."""
        compared = self.compared()
        chapters = [self.of(self.edition.areas[slug]) for slug in compared["farmland"]]
        without = [chapter.name() for chapter in chapters if chapter.has_no_farmland]
        clean = [chapter.name() for chapter in chapters if chapter.has_clean_farmland]
        others = {name: of_areas.get for name, of_areas in compared.items() if name != "farmland"}
        notes = [self.say("districts.note")]
        notes += [self.say("districts.no_farmland", names=self.joined(without))] if without else []
        notes += [self.say("districts.clean", names=self.joined(clean))] if clean else []
        return by_district(self, "districts", compared["farmland"], others=others, notes=notes)

    # --- what is published and what is missing ---------------------------------------------------

    def disclosed_figures(self) -> Block:
        """What has been published about the area, of which year, and what has not."""
        rows = self.published.rows[self.published.rows["year"] <= self.year].sort_values("year", ascending=False)
        missing = [self.word(f"wanted.{name}") for name in self.not_disclosed()]
        lacking = self.say("disclosed.missing", names=self.joined(missing)) if missing else self.say("disclosed.all")
        if rows.empty:
            return self.statement("disclosed", self.say("disclosed.nothing"), lacking, tables=[self.published])
        content = TableContent(
            [self.words("indicator"), self.words("published_year"), self.numbers("value")],
            [[row[f"name_{self.language}"], str(row["year"]), self._stated(row)] for row in rows.to_dict("records")],
            self.download("disclosed"),
        )
        title, tables = self.say("disclosed.title"), [self.published]
        return self.block("table", "disclosed", {"table": content}, title=title, notes=[lacking], tables=tables)

    def _stated(self, row: dict[Any, Any]) -> Figure:
        """A published value as printed."""
        where = {name: row[name] for name in ("area_code", "indicator", "year")}
        name = f"stated_{row['indicator']}_{row['year']}"
        return self.figure(name, self.selected(where), unit=row["unit"], period=str(row["year"]))

    # --- how it is drawn -------------------------------------------------------------------------

    def _of(self, measure: Callable[..., Figure], *names: str, **where: Any) -> Callable[[int], Figure]:
        """A figure of a year, of what is named."""
        return lambda year: measure(*names, year, **where)

    def _by_year(
        self,
        name: str,
        table: PublishedTable,
        parts: dict[str, tuple[str, Callable[[int], Figure]]],
        *,
        others: dict[str, Callable[[int], Figure]],
        notes: Sequence[list[Any]],
    ) -> Block:
        """Stacked bars, one a year: *parts* gives colour and figure by the words for each; *others* are more columns.

        Messages: ``NAME.title``, ``NAME.axis``, ``NAME.alternative`` and ``NAME.none``.
        """
        years = self.known_years(table)
        if self.year not in years:
            return self.statement(name, self.say(f"{name}.none"), title=self.say(f"{name}.title"), tables=[table])
        numbers = {year: [int(str(of(year).value)) for _, of in parts.values()] for year in years}
        stacked = [
            {"bar": str(year), "part": part, "position": position, "value": number}
            for year in years
            for position, (part, number) in enumerate(zip(parts, numbers[year], strict=True))
            if number
        ]
        ends = [{"bar": str(year), "total": str(sum(numbers[year])), "end": sum(numbers[year])} for year in years]
        columns = [self.words("year"), *(self.numbers(f"part_{n}", part) for n, part in enumerate(parts))]
        return self.chart(
            name,
            charts.stacked_bars,
            stacked,
            ends,
            {part: colour for part, (colour, _) in parts.items()},
            {"axis": self.word(f"{name}.axis"), "step": "1"},
            alternative=self.say(f"{name}.alternative", first_year=str(years[0]), last_year=str(years[-1]))
            + self._last(parts, years[-1]),
            table=TableContent(
                [*columns, *(self.numbers(other) for other in others)],
                [
                    [str(year), *(of(year) for _, of in parts.values()), *(of(year) for of in others.values())]
                    for year in years
                ],
                self.download(f"{name}_by_year"),
                marked=len(years) - 1,
            ),
            title=self.say(f"{name}.title"),
            notes=notes,
            tables=[table],
        )

    def _last(self, parts: dict[str, tuple[str, Callable[[int], Figure]]], year: int) -> list[Any]:
        """The parts of one year, in words."""
        said = [self.say("part", name=part, number=of(year)) for part, (_, of) in parts.items() if of(year).value]
        return [*spliced(said, self.separator), self.word("answer.stop")] if said else []
