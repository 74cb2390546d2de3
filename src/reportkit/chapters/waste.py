"""Solid and hazardous waste (item Q5): the answer, then industry, households, hospitals, sites, districts."""

from __future__ import annotations

from typing import Any

from reportkit import charts
from reportkit.blocks import Block, TableContent
from reportkit.chapters import LESS, MORE, Card, Headline, common, of_every_area, spliced
from reportkit.chapters.waste_figures import DISPOSAL, GENERAL, HAZARDOUS, SITES, TREATED_AT, USE, WAYS
from reportkit.chapters.waste_industry import WasteIndustry
from reportkit.errors import DataError
from reportkit.status import DEMONSTRATION

OTHERS_COMPARED = ("hazardous_use_ratio", "general_generated", "general_use_ratio", "per_head")


class Waste(WasteIndustry):
    """The waste of one area in one year, with the years before it beside it: a method for each block."""

    slug = "waste"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """How much waste is there, and what becomes of it? In a few sentences."""
        if not self.has_values:
            return self.statement("answer", self._last_published(), self.say("no_values"))
        return self.statement(
            "answer",
            self._last_published(),
            self._origin(),
            self._general_sentence(),
            self._hazardous_sentence(),
            self._household_sentence(),
            self._medical_sentence(),
        )

    def headline(self) -> Headline:
        """How much of the general waste was used, and how much hazardous waste there was."""
        ratio, hazardous, last = self.rate(GENERAL, USE), self.flow(HAZARDOUS, "generated"), self.year - 1
        if ratio.value is None or hazardous.value is None:
            return Headline(self.say("headline.none"))
        return Headline(
            self.say("headline.some", ratio=ratio, hazardous=hazardous),
            [
                Card(self.word("card.use_ratio"), ratio, self.rate(GENERAL, USE, last), "over-time", better=MORE),
                Card(
                    self.word("card.hazardous"),
                    hazardous,
                    self.flow(HAZARDOUS, "generated", last),
                    "over-time",
                    better=LESS,
                ),
            ],
        )

    def _last_published(self) -> list[Any]:
        """What was published last of the city, on every page; nothing where it is the year of the page."""
        city = self.city
        last = city.last_published()
        if last is None or (self.area.is_city and last == self.year):
            return []
        words = {"city": city.name(), "last": str(last), "ratio": city.rate(GENERAL, USE, last)}
        sentence = self.say("answer.last", generated=city.flow(GENERAL, "generated", last), **words)
        hazardous = city.flow(HAZARDOUS, "generated", last)
        return sentence + self.say("answer.last_hazardous", hazardous=hazardous) if hazardous.value else sentence

    def _origin(self) -> list[Any]:
        """That what follows is invented, where it is."""
        if self.flow(GENERAL, "generated").status != DEMONSTRATION:
            return []
        return self.say("answer.city_invented" if self.area.is_city else "answer.district_invented")

    def _general_sentence(self) -> list[Any]:
        if not self.is_published(self.year):
            return self._balance_sentence(GENERAL)
        made, ratio, disposal = self.flow(GENERAL, "generated"), self.rate(GENERAL, USE), self.rate(GENERAL, DISPOSAL)
        if None in (made.value, ratio.value, disposal.value):
            return self.say("answer.general_amount", generated=made) if made.value is not None else []
        return self.say("answer.general", generated=made, ratio=ratio, disposal=disposal)

    def _balance_sentence(self, category: str) -> list[Any]:
        """What became of a year's waste, in amounts: rates of two divisors beside each other invite to be added up."""
        flows = {flow: self.flow(category, flow) for flow in ("generated", "used", "disposed", "closing")}
        if any(figure.value is None for figure in flows.values()):
            return []
        return self.say(
            "answer.balance", kind=self.word(f"category.{category}"), ratio=self.rate(category, USE), **flows
        )

    def _hazardous_sentence(self) -> list[Any]:
        if not self.is_published(self.year):
            return self._balance_sentence(HAZARDOUS)
        made, treated, stored = (self.flow(HAZARDOUS, flow) for flow in ("generated", "treated", "closing"))
        if None in (made.value, treated.value, stored.value):
            return []
        return self.say("answer.hazardous_treated", generated=made, treated=treated, stored=stored)

    def _household_sentence(self) -> list[Any]:
        made = self.household_amount("generated")
        if made.value is None:
            return []
        buried = self.household_share("landfilled")
        return self.say("answer.household", generated=made, per_head=self.per_head(), buried=buried)

    def _medical_sentence(self) -> list[Any]:
        if not self.published_medical_rates().empty:
            rate = self.medical_rate()
            return self.say("answer.medical", rate=rate) if rate.value is not None else []
        rate, kept = self.medical_within_year(), self.medical_amount("closing")
        if rate.value is None:
            return []
        return self.say("answer.medical_kept" if kept.value else "answer.medical_all", rate=rate, kept=kept)

    # --- household and medical waste -------------------------------------------------------------

    def household_waste(self) -> Block:
        """Household waste by way of treatment, over the years."""
        title = self.say("household.title")
        years = sorted({int(year) for year in self.household.rows["year"]})
        if not years:
            return self.statement("household", self.say("household.none"), title=title)
        parts = [
            {
                "bar": str(year),
                "part": self.word(f"way.{way}"),
                "position": place,
                "value": float(str(self.household_amount(way, year).value)),
            }
            for year in years
            for place, way in enumerate(WAYS)
        ]
        made = {year: self.household_amount("generated", year) for year in years}
        totals = [
            {"bar": str(year), "total": f"{made[year].value:,}", "end": float(str(made[year].value))} for year in years
        ]
        columns = [self.words("year"), self.numbers("household_generated"), self.numbers("per_head")]
        columns += [self.numbers(way, self.word(f"way.{way}")) for way in WAYS]
        columns += [self.numbers("recycled_share"), self.numbers("landfilled_share")]
        rows = [
            [
                str(year),
                made[year],
                self.per_head(year),
                *(self.household_amount(way, year) for way in WAYS),
                self.household_share("recycled", year),
                self.household_share("landfilled", year),
            ]
            for year in years
        ]
        last = years[-1]
        listed = [
            self.say("balance.part", flow=self.word(f"way.{way}"), amount=self.household_share(way, last))
            for way in WAYS
        ]
        words = {"last": str(last), "generated": made[last], "parts": spliced(listed, self.separator)}
        return self.chart(
            "household",
            charts.stacked_bars,
            parts,
            totals,
            dict(zip((self.word(f"way.{way}") for way in WAYS), charts.PALETTE, strict=False)),
            {"axis": self.word("axis.daily"), "step": "1"},
            alternative=self.say("household.alternative", **words),
            table=TableContent(
                columns, rows, self.download("household"), marked=years.index(self.year) if self.year in years else None
            ),
            title=title,
            notes=[self.say("household.note"), *self.goals_note("waste_recovery_ratio", "waste_sorting_capacity")],
        )

    def medical_waste(self) -> Block:
        """Medical waste and the share safely disposed of as published; or within the year, and what was still kept."""
        lines = {"medical_generated": lambda year: self.medical_amount("generated", year)}
        if self.published_medical_rates().empty:
            lines |= {"medical_within_year": self.medical_within_year}
            lines |= {"medical_closing": lambda year: self.medical_amount("closing", year)}
        else:
            lines |= {"medical_rate": self.medical_rate}
        return common.over_years(self, "medical", lines, self.years, notes=self._medical_notes())

    def _medical_notes(self) -> list[list[Any]]:
        """Which rate is shown, and that the amounts are not those that were published."""
        printed, more = self.published_medical_rates(), self.goals_note("medical_waste_harmless_ratio")
        if printed.empty:
            return [self.say("medical.computed"), self.say("medical.note"), *more]
        names = self.joined(list(dict.fromkeys(printed[f"name_{self.language}"])))
        return [self.say("medical.published", names=names), self.say("medical.note"), *more]

    # --- sites -----------------------------------------------------------------------------------

    @of_every_area()
    def sites_table(self) -> Block:
        """Where waste is used, treated and buried, and how much of that capacity the year took."""
        title, city = self.say("sites.title"), self.city
        listed = city.facilities.rows.to_dict("records")
        if not listed:
            return self.statement("sites", self.say("sites.none"), title=title)
        rows = [
            [
                row[f"name_{self.language}"],
                self.word(f"site.{row['kind']}"),
                city.site_capacity(row),
                self.area_named(row["area_code"]),
                str(row["opened_year"]),
            ]
            for row in listed
        ]
        columns = [self.words("site"), self.words("site_kind"), self.numbers("capacity"), self.words("area")]
        columns += [self.words("opened")]
        kinds = [kind for kind in SITES if any(row["kind"] == kind for row in listed)]
        own = [row[f"name_{self.language}"] for row in listed if row["area_code"] == self.area.code]
        notes = [self.say("sites.own" if own else "sites.own_none", names=self.joined(own))]
        return self.block(
            "table",
            "sites",
            {"table": TableContent(columns, rows, self.download("sites"))},
            title=title,
            notes=[*([] if self.area.is_city else notes), *self._capacities(kinds)],
        )

    def _capacities(self, kinds: list[str]) -> list[list[Any]]:
        """The sites of each kind together; and how much of their capacity the city's household waste took."""
        city = self.city
        sums = [
            self.say("sites.kind", kind=self.word(f"site.{kind}"), count=city.sites(kind), capacity=city.capacity(kind))
            for kind in kinds
        ]
        notes = [self.say("sites.sums", sums=spliced(sums, self.word("sites.stop")))]
        if city.household_amount("generated").value is None:
            return notes
        loads = [
            self.say("balance.part", flow=self.word(f"site.{kind}"), amount=city.load(kind))
            for kind in kinds
            if kind in TREATED_AT
        ]
        return [*notes, self.say("sites.loads", loads=spliced(loads, self.separator))] if loads else notes

    # --- districts, and what is missing ----------------------------------------------------------

    def districts(self) -> Block:
        """The hazardous waste of the districts, with their rates and other waste beside it."""
        compared = self.compared()
        return common.by_district(
            self,
            "districts",
            compared["districts"],
            others={name: compared[name].get for name in OTHERS_COMPARED},
            notes=[self.say("districts.note"), *self._not_adding_up()],
        )

    def _not_adding_up(self) -> list[list[Any]]:
        """Why the published city and the invented districts do not add up, with the numbers of the last such year."""
        city = self.city
        last = city.last_published()
        if last is None:
            return []
        try:
            parts = city.of_kinds(GENERAL, last)
        except DataError:
            return []  # the page of the district concerned says so
        if parts.status != DEMONSTRATION:
            return []
        words = {"city": city.name(), "last": str(last), "parts": parts}
        return [self.say("districts.sum", published=city.flow(GENERAL, "generated", last), **words)]

    def missing(self) -> Block:
        """What was looked for and not found."""
        names = [self.word(f"missing.{name}") for name in self.unpublished]
        is_known, has_districts = self.is_published(self.year), self.has_published_districts()
        is_told = is_known or not (self.area.is_city or has_districts)  # that no district has any says it of this one
        return self.statement(
            "missing",
            [] if is_told else self.say("missing.industry"),
            [] if has_districts else self.say("missing.districts"),
            self.say("missing.tables", names=self.joined(names)) if names else [],
            [] if self.city.has_printed_kinds() else self.say("missing.kinds"),
            title=self.say("missing.title"),
        )
