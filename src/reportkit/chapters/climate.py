"""Climate and greenhouse gases (item Q8): the answer first, then emissions, cuts, factors, districts, the market."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportkit import charts, text
from reportkit.blocks import Block, TableContent, absolute
from reportkit.chapters import LESS, Card, Headline, only_with, spliced
from reportkit.chapters.climate_figures import (
    DIRECT,
    ELECTRICITY,
    GROUPS,
    PLANTS,
    SECTORS,
)
from reportkit.chapters.climate_measures import ClimateMeasures
from reportkit.chapters.common import by_district, over_years
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import climate
from reportkit.status import DEMONSTRATION, PROVISIONAL, weakest

COLOURS = dict(zip(GROUPS, ("#5b6670", "#c98b3c", "#d9c27a", "#2a7f9e"), strict=True))


class Climate(ClimateMeasures):
    """Climate and greenhouse gases of one area in one year: a method for each block of the notebook."""

    slug = "climate"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """How much carbon dioxide, is it falling, and as assigned? In a few sentences, each computed."""
        if not self.has_values:
            return self.statement("answer", self.say("no_values"))
        return self.statement(
            "answer",
            self._total_sentence(),
            self._change_sentence("co2", self.change(self.co2, "co2")),
            *(self._cut_sentence(indicator) for indicator in self.with_assigned),
            self._invented_sentence(),
            self._rank_sentence(),
        )

    def headline(self) -> Headline:
        """The carbon dioxide of the year, per head and per unit of GDP."""
        if not self.has_values:
            return Headline(self.say("headline.none"))
        cards = [
            Card(
                self.word("card.co2"),
                self.co2(),
                self.co2(self.year - 1),
                better=LESS,
                is_steady=_is_nought(self.change(self.co2, "co2")),
            ),
            Card(
                self.word("card.co2_per_gdp"),
                self.co2_per_gdp(),
                self.co2_per_gdp(self.year - 1),
                "intensity",
                better=LESS,
            ),
        ]
        return Headline(self._total_sentence(), cards)

    def _total_sentence(self) -> list[Any]:
        sentence = self.say("answer.total", co2=self.co2())
        direct, power = self.part(DIRECT), self.part(ELECTRICITY)
        if direct.value is not None and power.value is not None:
            sentence += self.say("answer.parts", direct=direct, power=power)
        if self.co2_per_head().value is not None:
            sentence += self.say("answer.per_head", per_head=self.co2_per_head(), people=self.people(self.year))
        return sentence + self.say("answer.stop")

    def _change_sentence(self, name: str, change: Figure) -> list[Any]:
        if change.value is None:
            return []
        key = "same" if _is_nought(change) else "more" if float(str(change.value)) > 0 else "less"
        return self.say(f"answer.{name}_{key}", by=absolute(change))

    def _cut_sentence(self, indicator: str) -> list[Any]:
        """How far a level per unit of GDP has come since the base year, and what was assigned."""
        base, due = self.assigned_years(indicator) or (0, 0)
        cut = self.cut(indicator, self.year)
        if cut.value is None:
            return []
        return self.say(
            f"answer.{indicator}",
            base=str(base),
            change=self._moved(cut),
            due=str(due),
            target=absolute(self.assigned(indicator, due)),
            verdict=self.verdict(indicator),
        )

    def _invented_sentence(self) -> list[Any]:
        """That the assigned cuts are invented, where they are: nobody should take them for real ones."""
        is_invented = bool(self.with_assigned) and DEMONSTRATION in set(self.assignments.rows["status"])
        return self.say("answer.assigned_invented", area=self.name()) if is_invented else []

    def _moved(self, change: Figure) -> list[Any]:
        """A change in percent, in words for its direction, for a sentence."""
        return self.say(f"moved.{_way(change)}", by=absolute(change))

    def _cell(self, change: Figure) -> list[Any]:
        """The same for a table."""
        return [NO_DATA] if change.value is None else self.say(f"cell.{_way(change)}", by=absolute(change))

    def _rank_sentence(self) -> list[Any]:
        if self.area.is_city or self.co2_per_head().value is None:
            return []
        known = sum(
            figure.value is not None
            for slug, figure in self.compared()["per_head"].items()
            if slug != self.edition.city.slug
        )
        return self.say("answer.rank", rank=self.rank_per_head(), count=str(known))

    # --- emissions -------------------------------------------------------------------------------

    @only_with("has_values")
    def emitted(self) -> Block:
        """The carbon dioxide by carrier, year by year; what heat and power works burn stands by itself."""
        years = [year for year in self.known_years if any(self.of_carrier(it, year).value is not None for it in GROUPS)]
        if not years:
            return self.statement("emitted", self.say("no_parts"))
        parts, totals = [], []
        for year in years:
            of_groups = {group: self.of_carrier(group, year) for group in GROUPS}
            parts += self._stack(str(year), of_groups)
            counted = sum(float(str(figure.value or 0)) for figure in of_groups.values())
            totals.append({"bar": str(year), "total": f"{self.co2(year).value:,}", "end": counted})
        columns = [
            self.words("year"),
            *(self.numbers(f"of_{group}", self.word(f"group.{group}")) for group in GROUPS),
            *(self.numbers(name) for name in ("direct", "electricity", "co2", "plants")),
        ]
        rows = [
            [
                str(year),
                *(self.of_carrier(group, year) for group in GROUPS),
                *(self.part(part, year) for part in (DIRECT, ELECTRICITY)),
                self.co2(year),
                self.part(PLANTS, year),
            ]
            for year in years
        ]
        last = spliced(
            [
                self.say("emitted.part", group=self.word(f"group.{group}"), value=value)
                for group in GROUPS
                if (value := self.of_carrier(group, years[-1])).value is not None
            ],
            self.separator,
        )
        alternative = self.say("emitted.alternative", first_year=str(years[0]), last_year=str(years[-1]), parts=last)
        return self.chart(
            "emitted",
            charts.stacked_bars,
            parts,
            totals,
            self._colours,
            {"axis": self.word("axis.co2"), "step": "1"},
            alternative=alternative,
            table=TableContent(columns, rows, self.download("emitted"), marked=len(years) - 1),
            title=self.say("emitted.title"),
            notes=[self.say("emitted.note"), *self._whose()],
            tables=[self.emissions],
        )

    @only_with("has_values")
    def sectors(self) -> Block:
        """Where the carbon dioxide of the year comes from: enterprises, households and others, by carrier."""
        known = {
            sector: {group: self.of_sector(sector, group) for group in GROUPS}
            for sector in SECTORS
            if any(self.of_sector(sector, group).value is not None for group in GROUPS)
        }
        if not known:
            return self.statement("sectors", self.say("no_parts"))
        parts, totals = [], []
        for sector, of_groups in known.items():
            bar = self.word(f"sector.{sector}")
            parts += self._stack(bar, of_groups)
            whole = self.of_whole_sector(sector).value
            totals.append({"bar": bar, "total": f"{whole:,}", "end": float(str(whole))})
        columns = [self.words("sector"), *(self.numbers(f"of_{it}", self.word(f"group.{it}")) for it in GROUPS)]
        columns.append(self.numbers("all_carriers"))
        rows = [
            [self.word(f"sector.{sector}"), *of_groups.values(), self.of_whole_sector(sector)]
            for sector, of_groups in known.items()
        ]
        return self.chart(
            "sectors",
            charts.stacked_bars,
            parts,
            totals,
            self._colours,
            {"axis": self.word("axis.co2"), "step": "1"},
            alternative=self.say("sectors.alternative"),
            table=TableContent(columns, rows, self.download("sectors")),
            title=self.say("sectors.title"),
            notes=[self.say("sectors.note")],
        )

    def _stack(self, bar: str, of_groups: dict[str, Figure]) -> list[dict[str, Any]]:
        """The parts of one bar."""
        return [
            {"bar": bar, "part": self.word(f"group.{group}"), "position": position, "value": float(str(figure.value))}
            for position, (group, figure) in enumerate(of_groups.items())
            if figure.value is not None
        ]

    @property
    def _colours(self) -> dict[str, str]:
        return {self.word(f"group.{group}"): colour for group, colour in COLOURS.items()}

    def _whose(self) -> list[list[Any]]:
        """Whose energy the city's figures are of."""
        if not self.area.is_city:
            return []
        return [self.say("whose.city" if self.counted == [self.area.code] else "whose.districts")]

    def intensity(self) -> Block:
        """Energy and carbon dioxide per unit of GDP and per head, and all energy, over the years."""
        return over_years(
            self,
            "intensity",
            {
                "co2_per_gdp": self.co2_per_gdp,
                "energy_per_gdp": self.energy_per_gdp,
                "co2_per_head": self.co2_per_head,
                "energy": self.energy,
            },
            self.known_years,
            notes=[self.say("intensity.prices"), self.say("intensity.energy")],
            tables=[self.emissions],
        )

    # --- cuts ------------------------------------------------------------------------------------

    @only_with("has_values")
    def cuts(self) -> Block:
        """The cuts per unit of GDP against those assigned, on the straight path to them."""
        if not self.with_assigned:
            return self.statement("cuts", self.say("cuts.none"))
        alternative = self.say("cuts.alternative")
        for indicator in self.with_assigned:
            alternative += self.say("cuts.said", sentence=self._cut_sentence(indicator))
        columns = [
            *(self.words(name) for name in ("indicator", "verdict", "base_year")),
            self.numbers("base"),
            self.numbers("now"),
            *(self.words(name) for name in ("cut", "asked_now", "asked", "cut_of_year")),
        ]
        return self.chart(
            "cuts",
            charts.paths,
            [point for indicator in self.with_assigned for point in self._points(indicator)],
            [self._mark(indicator) for indicator in self.with_assigned],
            [row for indicator in self.with_assigned for row in self._line(indicator)],
            {"target": self.word("chart.target"), "path": self.word("chart.path")},
            alternative=alternative,
            table=TableContent(columns, list(map(self._cut_row, self.with_assigned)), self.download("cuts")),
            is_open=True,
            title=self.say("cuts.title"),
            notes=[self.say("cuts.note"), *self._grid_notes()],
            tables=[self.at_first_factor],
        )

    def _grid_notes(self) -> list[list[Any]]:
        """What of a cut of carbon dioxide is the grid's doing, and by which factor its invented base is worked out.

        Of what was published nobody knows by which factors.
        """
        is_published = any(self.official(name, str(self.year)) for name in ("co2", "co2_per_gdp"))
        if is_published or "co2_per_gdp" not in self.with_assigned:
            return []
        base, _ = self.assigned_years("co2_per_gdp") or (0, 0)
        cut, fixed, factor = self.cut("co2_per_gdp", self.year), self.cut_at_first_factor(), self.first_grid_factor()
        if cut.value is None or fixed.value is None or cut.value == fixed.value:
            return []
        said = {"base": str(base), "of_year": factor.period, "factor": factor}
        said |= {"indicator": self.word("column.co2_per_gdp"), "change": self._cell(cut), "fixed": self._cell(fixed)}
        is_invented = self.base("co2_per_gdp", base).status == DEMONSTRATION
        return [self.say("cuts.grid", **said), *([self.say("cuts.base_factor", **said)] if is_invented else [])]

    def _cut_row(self, indicator: str) -> list[Any]:
        base, due = self.assigned_years(indicator) or (0, 0)
        assigned = self._cell(self.assigned(indicator, due))
        return [
            self.word(f"column.{indicator}"),
            self.verdict(indicator),
            str(base),
            self.base(indicator, base),
            self.per_gdp(indicator, self.year),
            self._cell(self.cut(indicator, self.year)),
            self._cell(self.path(indicator)),
            self.say("cuts.by", year=str(due), change=assigned),
            self._cell(self._of_year(indicator)),
        ]

    def _of_year(self, indicator: str) -> Figure:
        """The change of a level per unit of GDP against the year before."""
        return self.change(lambda year: self.per_gdp(indicator, year), indicator)

    def _points(self, indicator: str) -> list[dict[str, Any]]:
        """The cuts reached so far, in percent below the base year."""
        known = [cut for year in self.known_years if (cut := self.cut(indicator, year)).value is not None]
        return [
            {
                "panel": self.word(f"column.{indicator}"),
                "step": cut.period,
                "value": -float(str(cut.value)),
                "status": text.message(f"site.status.{cut.status}", self.language),
            }
            for cut in known
        ]

    def _mark(self, indicator: str) -> dict[str, Any]:
        _, due = self.assigned_years(indicator) or (0, 0)
        asked = -float(str(self.assigned(indicator, due).value))
        return {"panel": self.word(f"column.{indicator}"), "step": str(due), "target": asked}

    def _line(self, indicator: str) -> list[dict[str, Any]]:
        """The two ends of the straight path."""
        panel = self.word(f"column.{indicator}")
        ends = (self.assigned(indicator, year) for year in self.assigned_years(indicator) or ())
        return [
            {"panel": panel, "line": indicator, "step": end.period, "path": abs(float(str(end.value)))} for end in ends
        ]

    # --- factors ---------------------------------------------------------------------------------

    @only_with("has_values")
    def factors_used(self) -> Block:
        """Which factors were used in any year of the page, where they stand, and where they were read."""
        years = sorted({self.year, *self.known_years}, reverse=True)
        every = (
            (measure, climate.factor(measure, item, year))
            for measure in (climate.CO2, climate.TCE)
            for item in (*climate.FUELS, climate.POWER)
            for year in years
        )
        used = list({(measure, it.item, it.valid_from): (measure, it) for measure, it in every}.values())
        rows = [
            [
                self.word(f"measure.{measure}"),
                self.word(f"carrier.{found.item}"),
                self.factor(measure, found),
                NO_DATA if found.of_year is None else str(found.of_year),
                found.standard,
                self.word(f"verification.{found.verification}"),
            ]
            for measure, found in used
        ]
        grid = climate.factor(climate.CO2, climate.POWER, self.year)
        is_older = grid.of_year is not None and grid.of_year < self.year
        columns = [
            *(self.words(name) for name in ("measure", "carrier")),
            self.numbers("factor"),
            *(self.words(name) for name in ("factor_year", "standard", "verification")),
        ]
        return self.block(
            "table",
            "factors",
            {"table": TableContent(columns, rows, self.download("factors"))},
            title=self.say("factors.title"),
            notes=[
                *([self.say("factors.older", of_year=str(grid.of_year))] if is_older else []),
                *self._read_in([(measure, self._dated(found), found) for measure, found in used]),
            ],
        )

    def _dated(self, factor: climate.Factor) -> str:
        """What a factor is of, and of which year, where it has one."""
        name = self.word(f"carrier.{factor.item}")
        return name if factor.of_year is None else self.word("factors.of_year", name=name, year=str(factor.of_year))

    def _read_in(self, factors: Sequence[tuple[str, str, climate.Factor]]) -> list[list[Any]]:
        """Where factors, each with its measure and a name, were read: a note for each measure and place."""
        places: dict[tuple[str, str], list[str]] = {}
        for measure, name, factor in factors:
            places.setdefault((measure, factor.source[self.language]), []).append(name)
        return [
            self.say(f"factors.source_{measure}", items=self.joined(list(dict.fromkeys(names))), source=source)
            for (measure, source), names in places.items()
        ]

    @only_with("has_values")
    def other_factors(self) -> Block:
        """What this year's power comes to by other factors of the grid."""
        known = [
            factor
            for factor in climate.grid_factors(self.area.code, self.year)
            if self.power_by(factor).value is not None
        ]
        if not known:
            return self.statement("other-factors", self.say("no_parts"))
        columns = [
            self.words("region"),
            self.numbers("factor"),
            self.words("factor_year"),
            self.words("verification"),
            self.numbers("power_co2"),
        ]
        rows = [
            [
                self.word(f"region.{factor.region}"),
                self.factor(climate.CO2, factor),
                str(factor.of_year),
                self.word(f"verification.{factor.verification}"),
                self.power_by(factor),
            ]
            for factor in known
        ]
        return self.block(
            "table",
            "other-factors",
            {"table": TableContent(columns, rows, self.download("other-factors"), marked=0)},
            title=self.say("other_factors.title"),
            notes=[
                self.say("other_factors.note"),
                *self._read_in([(climate.CO2, self.word(f"region.{it.region}"), it) for it in known]),
            ],
            tables=[self.by_grid_factor],
        )

    # --- districts -------------------------------------------------------------------------------

    def per_head(self) -> Block:
        """Carbon dioxide per head in each district, beside all of it."""
        return by_district(
            self,
            "per_head",
            self.compared()["per_head"],
            others={"co2": self.compared()["co2"].get},
            notes=[self.say("per_head.note")],
        )

    def per_gdp_compared(self) -> Block:
        """Carbon dioxide per unit of GDP in each district, with energy and where the assigned cut stands."""
        return by_district(
            self,
            "per_gdp",
            self.compared()["per_gdp"],
            others={name: self.compared()[name].get for name in ("energy_per_gdp", "verdict_co2")},
            notes=[self.say("per_gdp.note")],
        )

    # --- what is missing -------------------------------------------------------------------------

    def missing(self) -> Block:
        """What is not disclosed of the year: what has invented rows, what others alone report, what has nothing."""
        by_state: dict[str, list[str]] = {DEMONSTRATION: [], PROVISIONAL: [], "nothing": []}
        for name, statuses in self._statuses().items():
            state = weakest(statuses) if statuses else "nothing"
            if state in by_state:
                by_state[state].append(self.word(f"topic.{name}"))
        sentences = [
            self.say(f"missing.{state}", names=self.joined(names)) for state, names in by_state.items() if names
        ]
        return self.statement("missing", *(sentences or [self.say("missing.none")]))

    def _statuses(self) -> dict[str, list[str]]:
        """The statuses of what is known of the year, by what it is known of; none where nothing is."""
        shown = {"co2": self.co2, "co2_per_gdp": self.co2_per_gdp}
        shown |= {"energy": self.energy, "energy_per_gdp": self.energy_per_gdp}
        tables = {"market": self.market_table, "monitoring": self.points, "adaptation": self.measures}
        return {
            **{name: [] if of().value is None else [of().status] for name, of in shown.items()},
            "assigned": self.assignments.rows["status"].unique().tolist(),
            **{name: table.where({"year": self.year})["status"].unique().tolist() for name, table in tables.items()},
        }


def _way(change: Figure) -> str:
    """Which way a change went."""
    return "up" if float(str(change.value)) > 0 else "down"


def _is_nought(change: Figure) -> bool:
    """Whether a *change* is known, and rounds to nought."""
    return change.value is not None and not float(str(change.value))
