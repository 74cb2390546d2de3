"""Laws, regulations and policies (items L1 to L6): the answer, documents, lessons, compensation, suits, plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from operator import methodcaller
from typing import Any

import pandas as pd

from reportkit import charts, figures
from reportkit.blocks import Block, TableContent
from reportkit.chapters import LESS, Area, Card, Headline, alike, common, of_every_area, spliced
from reportkit.chapters.law_cases import LawCases
from reportkit.chapters.law_figures import CLASSES, POLLUTANTS, SPECIAL_PLANS, STAFF, STAGES, SUITS
from reportkit.chapters.law_tables import earliest
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import law
from reportkit.status import DEMONSTRATION

LEVELS = ("municipal", "district", "provincial", "national")
LESSONS = ("officials_trained", "events", "cases_explained")
ZONE_COLOURS = dict(zip(CLASSES, ("#4fa3b5", "#d9a441", "#c9d3da"), strict=True))


class Law(LawCases):
    """The laws, cases and plans of one area in one year: a method for each block of the notebook."""

    slug = "law"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """How many penalties were there, were they in time, and what came of damage and plans? In a few sentences."""
        if not self.has_values:
            return self.statement("answer", self._published_sentence(), self.say("no_values"))
        return self.statement(
            "answer",
            self._published_sentence(),
            self._origin(),
            self._cases_sentence(),
            self._damage_sentence(),
            self._tasks_sentence(),
            item="L2",
        )

    def headline(self) -> Headline:
        """How many penalties were decided, and how long they took."""
        last = self.year - 1
        if not self.has_cases:
            return Headline(self.say("headline.none"))
        count, days = self.penalties(self.year), self.average_days(self.year)
        cards = [Card(self.word("card.penalties"), count, self.penalties(last), "cases")]
        if days.value is None:
            return Headline(self.say("headline.no_cases"), cards)
        cards.append(Card(self.word("card.days"), days, self.average_days(last), "cases", better=LESS))
        return Headline(self.say("headline.some", count=count, fines=self.fines(self.year), days=days), cards)

    def _published_sentence(self) -> list[Any]:
        """What was published of the city in the year, first."""
        city, said = self.city, []
        staff = [
            self.say(f"staff.{name}", amount=city.yearly(name, self.year))
            for name in STAFF
            if city.yearly(name, self.year).value is not None
        ]
        if staff:
            said += self.say("answer.staff", city=city.name(), parts=spliced(staff, self.separator))
        cases = city.as_published("compensation_cases", self.year)
        if cases.value is not None:
            said += self.say("answer.published_cases", city=city.name(), count=city.compensation_cases(self.year))
        return said

    def _origin(self) -> list[Any]:
        """That what follows is invented, where it is."""
        if self.penalties(self.year).status != DEMONSTRATION:
            return []
        return self.say("answer.city_invented" if self.area.is_city else "answer.district_invented")

    def _cases_sentence(self) -> list[Any]:
        if not self.has_cases:
            return self.say("answer.cases_unknown")
        count, verdict = self.penalties(self.year), self.verdict(law.DECISION)
        if not count.value or verdict is None:
            return self.say("answer.cases_none")
        said = {"count": count, "fines": self.fines(self.year), "days": self.average_days(self.year)}
        limits = {"slowest": self.slowest(law.DECISION, self.year), "limit": self.deadline(law.DECISION)}
        return self.say("answer.cases", verdict=verdict, **said, **limits)

    def _damage_sentence(self) -> list[Any]:
        if not self.stage(STAGES[0]).value:
            return []
        stages, since = {name: self.stage(name) for name in STAGES}, earliest(self.claims, "lead_year")
        if not stages["settled"].value:
            return self.say("answer.damage_unsettled", since=since, **stages)
        return self.say("answer.damage", since=since, amount=self.compensation_so_far(), **stages)

    def compensation_so_far(self) -> Figure:
        """What was agreed or awarded in all years up to the page's, in 10,000 yuan."""
        measured = figures.total(self.claims, "amount_10k_yuan", 1, area_code=self.codes, is_settled=True)
        return self.of_year("compensation_so_far", measured, self.year, "10k yuan")

    def _tasks_sentence(self) -> list[Any]:
        share = self.tasks_share(self.year)
        if share.value is None:
            return []
        key = "answer.tasks" if self.area.is_city else "answer.tasks_of"
        return self.say(key, tasks=self.yearly("plan_tasks", self.year), share=share)

    # --- documents -------------------------------------------------------------------------------

    def documents_register(self) -> Block:
        """The register of laws, documents and plans, the area's own first, each with number, day and state."""
        title, rows = self.say("register.title"), self.document_rows
        if rows.empty:
            return self.statement("register", self.say("register.none"), title=title)
        by = ["order", "issued_year", "document_id"]
        rows = rows.assign(order=rows["level"].map(LEVELS.index)).sort_values(by, ascending=[True, False, True])
        table = [
            [
                row[f"name_{self.language}"],
                self.word(f"kind.{row['kind']}"),
                self.word(f"level.{row['level']}"),
                row["number"] or NO_DATA,
                self._issued(row),
                self._ends(row),
                self.document_state(row["document_id"]),
            ]
            for row in rows.to_dict("records")
        ]
        columns = [self.words(name) for name in ("document", "kind", "level", "number", "issued", "ends", "state")]
        counted = self.say("register.counted", count=self.documents(self.year), before=self.documents(self.year - 1))
        notes = [counted, self.say("register.city_note" if self.area.is_city else "register.note")]
        return self.block(
            "table",
            "register",
            {"table": TableContent(columns, table, self.download("register_list"))},
            title=title,
            notes=notes,
            tables=[self.register],
        )

    def _issued(self, document: Mapping[Any, Any]) -> str:
        """The day on which a document was issued, or from which it is in force, or its year if no more is known."""
        if not pd.isna(document["issued_date"]):
            return f"{document['issued_date']:%Y-%m-%d}"
        if not pd.isna(document["in_force_date"]):
            return self.word("register.in_force", day=f"{document['in_force_date']:%Y-%m-%d}")
        return str(document["issued_year"])

    def _ends(self, document: Mapping[Any, Any]) -> str:
        """The last day of a document, or which one replaced it."""
        if not pd.isna(document["valid_until"]):
            return f"{document['valid_until']:%Y-%m-%d}"
        later = self.replacement(document)
        return NO_DATA if later is None else self.word("register.replaced", name=later[f"name_{self.language}"])

    # --- lessons ---------------------------------------------------------------------------------

    def education(self) -> Block:
        """Who teaches the law, who was taught, and how often, over the years."""
        lines = {name: self._yearly(name) for name in (*STAFF, *LESSONS)}
        known = {name: of for name, of in lines.items() if any(of(year).value is not None for year in self.last_years)}
        advice = self.city.as_published("consultations_at_least", self.year)
        notes = [self.say("education.note")]
        if advice.value is not None:
            figure = self.city.of_year("consultations_at_least", advice, self.year)
            notes.insert(0, self.say("education.advice", city=self.city.name(), count=figure))
        return common.over_years(self, "education", known or lines, self.last_years, notes=notes, item="L3")

    # --- compensation ----------------------------------------------------------------------------

    def funnel(self) -> Block:
        """How many leads to damage came how far by the end of the year."""
        title = self.say("funnel.title")
        if not self.stage(STAGES[0]).value:
            return self.statement("funnel", self.say("funnel.none"), title=title, item="L4")
        stages = {name: self.stage(name) for name in STAGES}
        bars = [{"name": self.word(f"stage.{name}"), "count": int(str(it.value))} for name, it in stages.items()]
        leads = stages[STAGES[0]]
        rows = [[self.word(f"stage.{name}"), it, self._of_leads(name, it, leads)] for name, it in stages.items()]
        said = {name: self.settled_by(name) for name in ("negotiated", "sued")}
        has_published = any(self.as_published("compensation_cases", year).value is not None for year in self.last_years)
        return self.chart(
            "funnel",
            charts.counts,
            bars,
            self.word("axis.claims"),
            alternative=self.say("funnel.alternative", **stages),
            table=TableContent(
                [self.words("stage"), self.numbers("count"), self.numbers("of_leads")], rows, self.download("funnel")
            ),
            title=title,
            notes=[
                self.say("funnel.ways", supervised=self.supervised(), **said),
                self.say("funnel.note", since=earliest(self.claims, "lead_year")),
                *([self.say("funnel.published")] if has_published else []),
            ],
            item="L4",
            tables=self.made_here(self.claims),
        )

    def _of_leads(self, name: str, stage: Figure, leads: Figure) -> Figure:
        """A stage in percent of all leads."""
        return self.of_year(f"stage_{name}_share", figures.ratio(stage, leads), self.year, "%")

    def claims_by_year(self) -> Block:
        """Claims begun, and what was agreed or awarded, year by year."""
        columns = {"compensation_cases": self.compensation_cases, "compensation": self.compensation}
        printed = [str(year) for year in self.last_years if self.compensation_cases(year).status != DEMONSTRATION]
        notes = [self.say("claims.note")]
        if printed and len(printed) < len(self.last_years):
            notes.insert(0, self.say("claims.published", years=self.joined(printed)))
        return common.by_year(
            self,
            "claims_yearly",
            columns,
            self.last_years,
            notes=notes,
            item="L4",
            tables=self.made_here(self.claims),
        )

    def insurance(self) -> Block:
        """Who of those asked to is insured, and for how much, over the years."""
        lines: dict[str, Callable[[int], Figure]] = {
            "insured_share": self.insured_share,
            "cover": lambda year: self.yearly("cover_10k_yuan", year, "10k yuan"),
            "paid": lambda year: self.yearly("paid_10k_yuan", year, "10k yuan"),
        }
        claims = self.yearly("insurance_claims", self.year)
        notes = [self.say("insurance.note")]
        if claims.value is not None:
            notes.insert(0, self.say("insurance.claims", count=claims))
        return common.over_years(self, "insurance", lines, self.last_years, notes=notes, item="L4")

    @of_every_area("L4")
    def institutions(self) -> Block:
        """Who appraises damage in the city."""
        rows = self.reader.rows("law/institutions", since_year={"to": str(self.year)})
        title = self.say("institutions.title")
        if rows.empty:
            return self.statement("institutions", self.say("institutions.none"), title=title, item="L4")
        table = [
            [
                row[f"name_{self.language}"],
                self.area_named(row["area_code"]),
                str(row["since_year"]),
                self.joined([self.word(f"medium.{medium}") for medium in row["media"].split(";")]),
            ]
            for row in rows.to_dict("records")
        ]
        columns = [self.words(name) for name in ("institution", "seat", "since", "media")]
        return self.block(
            "table",
            "institutions",
            {"table": TableContent(columns, table, self.download("institutions"))},
            title=title,
            item="L4",
            tables=[figures.PublishedTable("law/institutions", rows)],
        )

    # --- suits -----------------------------------------------------------------------------------

    def suits_by_year(self) -> Block:
        """Suits in the public interest year by year: by whom, appraised first, punitive damages; who may sue."""
        columns: dict[str, Callable[[int], Figure]] = {
            **{kind: self._filed(kind) for kind in SUITS},
            "punitive": self.punitive,
            "organisations": self._yearly("organisations"),
            "volunteers": self._yearly("volunteers"),
        }
        return common.by_year(
            self,
            "suits",
            columns,
            self.last_years,
            notes=[self.say("suits.note")],
            item="L5",
            tables=self.made_here(self.suits),
        )

    def _filed(self, kind: str) -> Callable[[int], Figure]:
        return lambda year: self.filed(kind, year)

    # --- plans -----------------------------------------------------------------------------------

    def plans(self) -> Block:
        """What of the tasks of each special plan of the city was done this year."""
        city, title = self.city, self.say("plans.title")
        done = {plan: city.done(plan) for plan in (*SPECIAL_PLANS, "master")}
        known = {plan: share for plan, share in done.items() if share.value is not None}
        if not known:
            return self.statement("plans", self.say("plans.none"), title=title, item="L6")
        ordered = sorted(known, key=lambda plan: -float(str(known[plan].value)))
        bars = [
            {
                "name": self.word(f"plan.{plan}"),
                "value": float(str(known[plan].value)),
                "text": f"{known[plan].value}",
                "is_own": True,
            }
            for plan in ordered
        ]
        counted = ("tasks", "tasks_done", "indicators", "indicators_met")
        rows = [
            [
                self.word(f"plan.{plan}"),
                known[plan],
                *(city.of_plan(plan, column) for column in counted),
                *self._plan_document(plan),
            ]
            for plan in ordered
        ]
        columns = [self.words("plan"), self.numbers("done"), *(self.numbers(name) for name in counted)]
        columns += [self.words(name) for name in ("number", "issued", "state")]
        ends = {"first": self.word(f"plan.{ordered[0]}"), "last": self.word(f"plan.{ordered[-1]}")}
        values = {"first_value": known[ordered[0]], "last_value": known[ordered[-1]]}
        most = len(alike(known, ordered[0]))
        words = "plans.alternative_many" if most > 1 else "plans.alternative"
        return self.chart(
            "plans",
            charts.compared,
            bars,
            self.word("axis.done"),
            alternative=self.say(words, count=str(len(known)), many=str(most), **ends, **values),
            table=TableContent(columns, rows, self.download("plans")),
            title=title,
            notes=[*self._district_tasks(), self.say("plans.note"), *self._plans_not_found()],
            item="L6",
        )

    def _plan_document(self, plan: str) -> list[Any]:
        """Number, day and state of a plan, as the city's register holds it; that it was not found where it does not."""
        row = self.city.plan_document(plan)
        if row is None:
            return [self.word("plans.not_found")] * 3
        return [row["number"] or NO_DATA, self._issued(row), self.city.document_state(row["document_id"])]

    def _plans_not_found(self) -> list[list[Any]]:
        """Which of the special plans the city's register does not hold."""
        missing = [plan for plan in SPECIAL_PLANS if self.city.plan_document(plan) is None]
        if len(missing) == len(SPECIAL_PLANS):
            return [self.say("plans.none_found")]
        names = self.joined([self.word(f"plan.{plan}") for plan in missing])
        return [self.say("plans.some_found", names=names)] if missing else []

    def platform(self) -> Block:
        """What is on the platform of plans, and how often a site was looked up in it, over the years."""
        lines = {
            column: partial(self.yearly, name)
            for column, name in {"layers": "platform_layers", "looked_up": "sites_looked_up"}.items()
        }
        return common.over_years(self, "platform", lines, self.last_years, notes=[self.say("platform.note")], item="L6")

    def _district_tasks(self) -> list[list[Any]]:
        """What of the plans' tasks fell to the district, and was done."""
        share = self.tasks_share(self.year)
        if share.value is None or self.area.is_city:
            return []
        return [self.say("plans.own", tasks=self.yearly("plan_tasks", self.year), share=share)]

    def zoning(self) -> Block:
        """The land of each district by how it is controlled."""
        title, compared = self.say("zoning.title"), self.of_all({"land": methodcaller("zone_share", CLASSES[0])})
        areas = [self.edition.areas[slug] for slug, share in compared["land"].items() if share.value is not None]
        if not areas:
            return self.statement("zoning", self.say("zoning.none"), title=title, item="L6")
        first = self.of(areas[0])  # the city, unless the rows of a district are in error
        names = {class_: self.word(f"zone.{class_}") for class_ in CLASSES}
        own = [area for area in areas if area is self.area]
        drawn = [areas[place] for place in common.pictured(len(areas), areas.index(own[0]) if own else None)]
        parts = [
            {
                "bar": self.name(area),
                "part": names[class_],
                "position": place,
                "value": float(str(self.of(area).zone_share(class_).value)),
            }
            for area in drawn
            for place, class_ in enumerate(CLASSES)
        ]
        totals = [{"bar": self.name(area), "total": "", "end": 100} for area in drawn]
        shares = [
            self.say("part", name=names[class_], amount=self.zone_share(class_))
            for class_ in CLASSES
            if self.zone_share(class_).value is not None
        ]
        return self.chart(
            "zoning",
            charts.stacked_bars,
            parts,
            totals,
            {names[class_]: colour for class_, colour in ZONE_COLOURS.items()},
            {"axis": self.word("axis.land"), "step": "20"},
            alternative=self.say("zoning.alternative", parts=spliced(shares, self.separator)),
            table=TableContent(
                [
                    self.words("area"),
                    *(self.numbers(f"{class_}_share") for class_ in CLASSES),
                    *(self.numbers(f"{class_}_units") for class_ in CLASSES),
                ],
                [self._zone_row(area) for area in areas],
                self.download("zoning"),
                marked=areas.index(own[0]) if own else None,
            ),
            title=title,
            notes=[
                self.say("zoning.note", edition=str(first._edition.get("edition_year", NO_DATA))),
                *([self.say("zoning.unpublished")] if first.zone_share(CLASSES[0]).status == DEMONSTRATION else []),
                *common.left_out(self, len(areas), len(drawn)),
            ],
            item="L6",
            tables=[first.zones],
        )

    def _zone_row(self, area: Area) -> list[Any]:
        chapter = self.of(area)
        return [
            self.way_to_area(area),
            *(chapter.zone_share(class_) for class_ in CLASSES),
            *(chapter.zone(class_, "units") for class_ in CLASSES),
        ]

    def reductions(self) -> Block:
        """What was cut of each pollutant by works, in percent of what was planned, this year and last."""
        title, years = self.say("reductions.title"), (self.year, self.year - 1)
        known = [name for name in POLLUTANTS if self.cut_share(name, self.year).value is not None]
        if not known:
            return self.statement("reductions", self.say("reductions.none"), title=title, item="L6")
        bars = [
            {"name": self.word(f"pollutant.{name}"), "percent": float(str(share.value)), "series": str(year)}
            for name in known
            for year in years
            if (share := self.cut_share(name, year)).value is not None
        ]
        rows = [
            [
                self.word(f"pollutant.{name}"),
                *(self.cut(name, column, self.year) for column in ("planned", "achieved")),
                self.cut_share(name, self.year),
                self.cut_verdict(name),
            ]
            for name in known
        ]
        columns = [self.words("pollutant"), *(self.numbers(name) for name in ("planned", "achieved", "cut_share"))]
        listed = [
            self.say("part", name=self.word(f"pollutant.{name}"), amount=self.cut_share(name, self.year))
            for name in known
        ]
        return self.chart(
            "reductions",
            charts.against_limits,
            bars,
            [str(year) for year in years],
            {"percent_of_limit": self.word("axis.cut"), "limit": self.word("reductions.planned")},
            alternative=self.say("reductions.alternative", parts=spliced(listed, self.separator)),
            table=TableContent([*columns, self.words("verdict")], rows, self.download("reductions")),
            is_open=True,
            title=title,
            notes=[self.say("reductions.note")],
            item="L6",
        )

    # --- what was published, and what is missing -------------------------------------------------

    def statements(self) -> Block:
        """All that was published about the area, as it was printed, the newest first."""
        rows = self.published.rows
        return common.as_printed(self, "statements", rows[rows["year"] <= self.year], self.printed_figure)

    def missing(self) -> Block:
        """What was looked for and not found."""
        published = set(self.published.rows.loc[self.published.rows["year"] == self.year, "item_id"])
        names = [self.word(f"missing.{item.lower()}") for item in self.items if item not in published]
        return self.statement(
            "missing",
            self.say("missing.items", names=self.joined(names)),
            self.say("missing.never"),
            title=self.say("missing.title"),
        )
