"""The market system (items M1–M5): the answer first, then third parties, prices, the tax, charges, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from reportkit import charts
from reportkit.blocks import Block, TableContent, absolute
from reportkit.chapters import MORE, NOT_DISCLOSED, Card, Headline, common
from reportkit.chapters.market_bars import Bar
from reportkit.chapters.market_figures import BRANCHES, COSTS, KINDS
from reportkit.chapters.market_tax import MarketTax
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import tariffs
from reportkit.status import DEMONSTRATION

M1, M4, M5 = "M1", "M4", "M5"
LISTED = 20  # projects that a page names; all are in the open data
Yearly = Callable[[int], Figure]
Accounted = Mapping[str, Yearly]
OTHERS_COMPARED = ("sewage_cost_per_m3", "waste_cover", "water_bill")


class Market(MarketTax):
    """The market system of one area in one year: a method for each block of the notebook."""

    slug = "market"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """What does it cost to foul and to clean, and who pays? In a few sentences."""
        if not self.has_values:
            return self.statement("answer", self.say("answer.none"), self._bill_sentence())
        return self.statement(
            "answer",
            self.say("answer.invented") if self._is_invented() else [],
            self._tax_sentence(),
            self._sewage_sentence(),
            self._waste_sentence(),
            self._bill_sentence(),
            self._project_sentence(),
        )

    def headline(self) -> Headline:
        """The tax of the year, and how much of the cost of sewage is covered."""
        paid, cover, last = self.paid(), self.sewage_cover(), self.year - 1
        if paid.value is None or cover.value is None:
            return Headline(self.say("headline.none"))
        return Headline(
            self.say("headline.some", paid=paid, cover=cover),
            [
                Card(self.word("card.tax"), paid, self.paid(last), "environmental-tax"),
                Card(self.word("card.cover"), cover, self.sewage_cover(last), "sewage-charges", better=MORE),
            ],
        )

    def _is_invented(self) -> bool:
        return DEMONSTRATION in (self.paid().status, self.sewage("collected").status)

    def _tax_sentence(self) -> list[Any]:
        if self.paid().value is None:
            return []
        sentence, change = self.say("answer.tax", payers=self.payers(self.year), paid=self.paid()), self.tax_change()
        if change.value is not None:
            key = "same" if not change.value else "more" if float(str(change.value)) > 0 else "less"
            sentence += self.say(f"answer.tax_{key}", by=absolute(change))
        return sentence + self.say("answer.tax_remitted", remitted=self.remitted(), share=self.remitted_share())

    def _sewage_sentence(self) -> list[Any]:
        if self.sewage_cover().value is None:
            return []
        words = {"collected": self.sewage("collected"), "cost": self.sewage_cost(), "cover": self.sewage_cover()}
        sentence = self.say("answer.sewage", verdict=self.sewage_verdict(), **words)
        if self.area.is_city:
            return sentence
        compared = self.compared()["cover_districts"]
        districts = [compared[area.slug] for area in self.edition.districts if area.slug in compared]
        known = sum(figure.value is not None for figure in districts)
        return sentence + self.say("answer.sewage_rank", rank=self.cover_rank(), count=str(known))

    def _waste_sentence(self) -> list[Any]:
        if self.waste_cover().value is None:
            return []
        words = {"collected": self.waste_collected(), "cost": self.waste("cost"), "cover": self.waste_cover()}
        return self.say("answer.waste", **words)

    def _bill_sentence(self) -> list[Any]:
        if not self.billed:
            return []
        services = self.joined([self.word(f"service.{service}") for service in self.billed])
        are_read = {it.rule.is_verified for it in self.held}
        key = "answer.bill" if len(are_read) > 1 else "answer.bill_read" if True in are_read else "answer.bill_unread"
        return self.say(key, services=services, yuan=self.bill_of(tuple(self.billed)))

    def _project_sentence(self) -> list[Any]:
        if not self.project_count().value:
            return []
        return self.say("answer.projects", count=self.project_count(), turnover=self.turnover())

    # --- third parties and the trade -------------------------------------------------------------

    def projects_by_kind(self) -> Block:
        """How many projects of each model there are, and what was put into them."""
        title = self.say("projects.title")
        if not self.project_count().value:
            return self.statement("projects", self.say("projects.none"), title=title, item=M1)
        counted = {kind: self.project_count(kind) for kind in KINDS}
        bars = [
            {"name": self.word(f"kind.{kind}"), "count": int(str(figure.value))} for kind, figure in counted.items()
        ]
        rows = [[self.word(f"kind.{kind}"), figure, self._invested(kind)] for kind, figure in counted.items()]
        most = max(counted, key=lambda kind: int(str(counted[kind].value)))
        words = {"all": self.project_count(), "most": self.word(f"kind.{most}"), "count": counted[most]}
        columns = [self.words("kind"), self.numbers("projects"), self.numbers("investment")]
        return self.chart(
            "projects",
            charts.counts,
            bars,
            self.word("axis.projects"),
            alternative=self.say("projects.alternative", **words),
            table=TableContent(columns, rows, self.download("projects_by_kind")),
            title=title,
            item=M1,
            notes=[self.say("projects.note")],
        )

    def _invested(self, kind: str) -> Figure | str:
        invested = self.investment(kind)
        return NO_DATA if invested.value is None else invested

    def projects_listed(self) -> Block:
        """The newest projects, with what each treats, since when, and for how many enterprises."""
        title = self.say("project_list.title")
        rows = self.projects.where({"area_code": self.codes}).head(LISTED)
        if rows.empty:
            return self.statement("project_list", self.say("projects.none"), title=title, item=M1)
        listed = [
            [
                row[f"name_{self.language}"],
                *self.place(row["area_code"]),
                self.word(f"kind.{row['kind']}"),
                self.word(f"part.{row['branch']}"),
                str(row["started_year"]),
                str(row["served"]),
            ]
            for row in rows.to_dict("records")
        ]
        columns = [self.words("project"), *self.place_column]
        columns += [self.words(name) for name in ("kind", "branch", "started", "served")]
        is_cut = len(rows) < int(str(self.project_count().value))
        return self.block(
            "table",
            "project_list",
            {"table": TableContent(columns, listed, self.download("project_list"))},
            item=M1,
            title=title,
            notes=[self.say("project_list.cut", count=str(LISTED))] if is_cut else [],
            tables=[self.projects],
        )

    def trade(self) -> Block:
        """What the environmental trade turned over, branch by branch, year by year."""
        return self.bars_by_year(
            "trade",
            "industry",
            BRANCHES,
            lambda branch, year: self.turnover(year, branch),
            self.turnover,
            axis="money",
            item=M1,
        )

    # --- sewage ----------------------------------------------------------------------------------

    def sewage_prices(self) -> Block:
        """The charge for sewage against the lowest that the state asks for, for each user that a list names."""
        title = self.say("floors.title")
        lists = [it for it in self.held_where if it.service == tariffs.SEWAGE]
        judged = [it for it in lists if self.floor(it.user).value is not None]
        if not judged:
            return self.statement("floors", self.say("floors.none"), title=title, item=M4)
        rows = [
            [
                *self.places_of(it),
                self.word(f"user.{it.user}"),
                self.price(it, it.tiers[0]),
                self.floor(it.user),
                self.floor_verdict(it),
                self.word("prices.read" if it.rule.is_verified else "prices.unread"),
            ]
            for it in judged
        ]
        columns = [*self.place_column, self.words("user")]
        columns += [self.numbers("price"), self.numbers("floor"), self.words("verdict")]
        return self.block(
            "table",
            "floors",
            {"table": TableContent([*columns, self.words("is_read")], rows, self.download("sewage_floors"))},
            item=M4,
            title=title,
            notes=[self.say("floors.note")],
        )

    def sewage_account(self) -> Block:
        """What was collected for sewage beside what treatment, sludge and pipes cost, year by year."""
        collected = partial(self.sewage, "collected")
        others = {"cost": self.sewage_cost, "cover": self.sewage_cover, "collection": self.collection_rate}
        return self._account(
            "sewage_account",
            self.years("sewage"),
            ({"collected": collected}, collected),
            ({part: partial(self.sewage, part) for part in COSTS}, self.sewage_cost),
            {**others, "cost_per_m3": self.sewage_cost_per_m3, "verdict": self.sewage_verdict},
            item=M4,
            notes=[self.say("sewage_account.note")],
        )

    def cover_districts(self) -> Block:
        """How much of its cost the charge for sewage covers in the districts; waste and a household's water beside."""
        compared = self.compared()
        return common.by_district(
            self,
            "cover_districts",
            compared["cover_districts"],
            others={name: compared[name].get for name in OTHERS_COMPARED},
            notes=[self.say("cover_districts.note")],
            item=M4,
        )

    # --- waste -----------------------------------------------------------------------------------

    def waste_account(self) -> Block:
        """What was collected for household waste beside what it costs, year by year."""
        charges = {"household_charge": partial(self.waste, "household"), "other_charge": partial(self.waste, "other")}
        cost = partial(self.waste, "cost")
        return self._account(
            "waste_account",
            self.years("waste_charges"),
            (charges, self.waste_collected),
            ({"waste_cost": cost}, cost),
            {"waste_cover": self.waste_cover, "cost_per_t": self.waste_cost_per_t},
            item=M5,
            notes=[self.say("waste_account.note"), *self.no_waste_list()],
        )

    def incentives(self) -> Block:
        """The households in schemes that reward sorting, and what they were given, over the years."""
        lines: Accounted = {"scheme_households": self.in_scheme, "rewards": partial(self.waste, "rewards")}
        years = self.years("waste_charges")
        return common.over_years(self, "incentives", lines, years, notes=[self.say("incentives.note")], item=M5)

    def _account(
        self,
        block: str,
        years: Sequence[int],
        income: tuple[Accounted, Yearly],
        cost: tuple[Accounted, Yearly],
        others: Accounted,
        **more: Any,
    ) -> Block:
        """Two bars a year: the parts and the whole of what was collected, and of what it costs."""
        years = [year for year in years if income[1](year).value is not None and cost[1](year).value is not None]
        if not years:
            return self.nothing(block, more["item"])
        bars = [
            Bar(
                self.word(f"account.{side}", year=str(year)),
                {name: of(year) for name, of in parts.items()},
                whole(year),
            )
            for year in years
            for side, (parts, whole) in (("in", income), ("out", cost))
        ]
        parts = {**income[0], **cost[0]}
        columns = [self.words("year"), *(self.numbers(name, self.word(f"part.{name}")) for name in parts)]
        columns += [self.words(name) if name == "verdict" else self.numbers(name) for name in others]
        rows = [[str(year), *(of(year) for of in (*parts.values(), *others.values()))] for year in years]
        marked = years.index(self.year) if self.year in years else None
        content = TableContent(columns, rows, self.download(block), marked=marked)
        return self.stacked(block, bars, content, axis="money", **more)

    # --- what is missing -------------------------------------------------------------------------

    def missing(self) -> Block:
        """What was looked for and not found."""
        names = [self.word(f"item.{item}") for item in self.items if self.disclosure(item).state == NOT_DISCLOSED]
        return self.statement(
            "missing",
            self.say("missing.items", names=self.joined(names)) if names else [],
            self.say("missing.prices") if len(self.billed) < len(tariffs.SERVICES) else [],
            [] if all(it.rule.is_verified for it in self.held) else self.say("missing.unread"),
            self.say("missing.tax"),
            title=self.say("missing.title"),
        )
