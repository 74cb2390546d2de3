"""The environmental protection tax (item M3): by pollutant, what was remitted and why, districts, worked examples."""

from __future__ import annotations

from typing import Any

from reportkit.blocks import Block, TableContent
from reportkit.chapters import common
from reportkit.chapters.market_examples import MarketExamples
from reportkit.chapters.market_figures import BANDS, EXEMPT, GRANTED, POLLUTANTS, REFUSED, TAXED
from reportkit.figures import NO_DATA
from reportkit.standards import tax

M3 = "M3"
OTHERS_COMPARED = ("remitted_share", "turnover", "projects_all")


class MarketTax(MarketExamples):
    """The environmental protection tax of one area in one year, with the years before it beside it."""

    def tax_years(self) -> Block:
        """The tax of each pollutant, year by year, with what was due and what was remitted."""
        others = {"due": self.due, "remitted": self.remitted, "remitted_share": self.remitted_share}
        return self.bars_by_year(
            "tax_years",
            "taxes",
            TAXED,
            lambda pollutant, year: self.paid(year, pollutant),
            self.paid,
            others,
            axis="money",
            item=M3,
            notes=[self.say("tax_years.note"), self.say("tax_years.withheld")],
        )

    def by_pollutant(self) -> Block:
        """From equivalents to tax, pollutant by pollutant, with the value and the rate of each."""
        title = self.say("by_pollutant.title")
        known = [
            (medium, name)
            for medium, names in POLLUTANTS.items()
            for name in (*names, f"{medium}_together")
            if self.paid(self.year, name).value is not None
        ]
        if not known:
            return self.nothing("by_pollutant", M3)
        rows = [
            [
                self.word(f"part.{name}"),
                self.annex(medium, name) if name in POLLUTANTS[medium] else NO_DATA,
                self.equivalents(name),
                self.tax_rate(medium),
                self.due(pollutant=name),
                self.remitted(pollutant=name),
                self.paid(self.year, name),
            ]
            for medium, name in known
        ]
        columns = [self.words("pollutant"), *(self.numbers(name) for name in ("annex", "equivalents", "rate"))]
        columns += [self.numbers(name) for name in ("due", "remitted", "paid")]
        return self.block(
            "table",
            "by_pollutant",
            {"table": TableContent(columns, rows, self.download("tax_by_pollutant"))},
            item=M3,
            title=title,
            notes=[self.say("by_pollutant.note")],
        )

    def reductions(self) -> Block:
        """How many enterprises were exempt or paid less, and how many did not and why not, year by year."""
        return self.bars_by_year(
            "reductions",
            "reductions",
            (EXEMPT, *GRANTED, *REFUSED),
            lambda reason, year: self.assessed(year, reason),
            self.assessed,
            axis="enterprises",
            item=M3,
            notes=[self.say("reductions.note")],
        )

    def tax_districts(self) -> Block:
        """The tax of the districts, with the share remitted, the environmental trade and the projects beside it."""
        compared = self.compared()
        return common.by_district(
            self,
            "tax_districts",
            compared["tax_districts"],
            others={name: compared[name].get for name in OTHERS_COMPARED},
            notes=[self.say("tax_districts.note")],
            item=M3,
        )

    def tax_bands(self) -> Block:
        """How many enterprises of the city paid how much; never what one of them paid."""
        city = self.city
        title = self.say("tax_bands.title", city=city.name())
        found = {band: [city.band(band, column) for column in ("enterprises", "tax")] for band in BANDS}
        if any(figure.value is None for of in found.values() for figure in of):
            return self.statement("tax_bands", self.say("no_values"), title=title, item=M3)
        rows = [[self.word(f"band.{band}"), *of] for band, of in found.items()]
        columns = [self.words("band"), self.numbers("enterprises"), self.numbers("paid")]
        return self.block(
            "table",
            "tax_bands",
            {"table": TableContent(columns, rows, self.download("tax_bands"))},
            item=M3,
            title=title,
            notes=[self.say("tax_bands.note")],
        )

    def worked_outlets(self) -> Block:
        """How the tax of an outlet is worked out: invented outlets of no enterprise, pollutant by pollutant."""
        city, title = self.city, self.say("outlets.title")
        listed = city.outlets.rows.to_dict("records")
        if city.outlet_tax.rows.empty:
            return self.statement("outlets", self.say("no_values"), title=title, item=M3)
        worked = city.outlet_tax.rows.set_index(["outlet_id", "pollutant"])
        rows = [self._outlet_row(row, worked.loc[(row["outlet_id"], row["pollutant"])]) for row in listed]
        outlets = {row["outlet_id"]: row[f"name_{self.language}"] for row in listed}
        sums = [self.say("outlets.sum", name=name, yuan=city.outlet_total(outlet)) for outlet, name in outlets.items()]
        rates = {medium: city.tax_rate(medium) for medium in POLLUTANTS}
        columns = [self.words("outlet"), self.words("pollutant")]
        columns += [self.numbers(name) for name in ("let_out", "annex", "equivalents")]
        columns += [self.words("percent_of_limit"), self.words("paid_pct"), self.numbers("yuan")]
        return self.block(
            "table",
            "outlets",
            {"table": TableContent(columns, rows, self.download("outlets"))},
            item=M3,
            title=title,
            notes=[*sums, self.say("outlets.rates", **rates), self.say("outlets.note")],
            tables=[city.outlet_tax] if self.area.is_city else [],
        )

    def other_tax_worked(self) -> Block:
        """How the tax on waste and noise is worked out: invented examples of no enterprise, step by step."""
        city, title = self.city, self.say("other_tax.title")
        worked = city.other_tax_steps.rows.set_index("case_id")["object"]
        if worked.empty:
            return self.statement("other_tax", self.say("no_values"), title=title, item=M3)
        listed = [row for row in city.other_tax.rows.to_dict("records") if row["case_id"] in worked]
        rows = [self._other_row(row, worked[row["case_id"]]) for row in listed]
        columns = [self.words("example"), self.words("object"), self.words("counted"), self.numbers("taxed")]
        columns += [self.numbers("rate"), self.numbers("yuan"), self.words("is_read")]
        return self.block(
            "table",
            "other_tax",
            {"table": TableContent(columns, rows, self.download("other_tax"))},
            item=M3,
            title=title,
            notes=[self.say("other_tax.note"), self.say("other_tax.excluded")],
            tables=self.made_here(city.other_tax_steps),
        )

    def _other_row(self, row: Any, what: str) -> list[Any]:
        """One example: what is counted, how much of it is taxed, the rate and whether anybody read it, the tax."""
        city, is_noise = self.city, row["object"] == tax.NOISE
        counted = {"over_db": "dB(A)"} if is_noise else dict.fromkeys(("made_t", "used_t", "stored_t"), "t")
        found = {column: city.other_tax_figure(row, column, unit) for column, unit in counted.items()}
        rate = city.other_rate(what)
        named = rate.rules[-1]
        return [
            row[f"name_{self.language}"],
            named.summary_zh if self.language == "zh" else named.summary_en,
            self.say("other_tax.noise" if is_noise else "other_tax.waste", **found),
            city.other_tax_figure(row, "taxed", "month" if is_noise else "t"),
            rate,
            city.other_tax_figure(row, "tax_yuan", "yuan"),
            self.word("prices.read" if named.is_verified else "prices.unread"),
        ]

    def _outlet_row(self, row: Any, worked: Any) -> list[Any]:
        """A pollutant of an example: kilograms, equivalents, how far below the limit, what part is paid, the tax."""
        pollutant = tax.equivalent(row["medium"], row["pollutant"], self.last_day).rule
        mean = self.word("outlets.exceeded" if row["has_exceeded"] else "outlets.mean", pct=row["percent_of_limit"])
        part = self.word("outlets.part", pct=worked["paid_pct"]) if worked["is_taxed"] else self.word("outlets.untaxed")
        return [
            row[f"name_{self.language}"],
            pollutant.summary_zh if self.language == "zh" else pollutant.summary_en,
            self.city.outlet_figure(row, "amount_kg", "kg"),
            self.city.annex(row["medium"], row["pollutant"]),
            self.city.outlet_figure(row, "equivalents", "equivalent"),
            mean,
            part,
            self.city.outlet_figure(row, "tax_yuan", "yuan"),
        ]
