"""Public action (items P1 to P4): the answer, then public bodies, communities, education, and what was published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from reportkit import charts
from reportkit.blocks import Block, TableContent
from reportkit.chapters import LESS, NOT_DISCLOSED, PARTLY, Card, Headline, common, spliced
from reportkit.chapters.participation_complaints import ParticipationComplaints
from reportkit.chapters.participation_figures import ACTIVITIES, JOINED, MEASURES
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import participation
from reportkit.status import DEMONSTRATION

INSPECTIONS = ("inspection_central", "inspection_provincial")  # totals of a day that were published
BODIES_COMPARED = (
    *("energy_per_head", "energy_per_head_standing", "power_per_area", "water_per_head", "water_per_head_standing"),
    *("water_per_area", "green_purchases"),
)
COMMUNITIES_COMPARED = ("green", "communities", "green_standing")


class Participation(ParticipationComplaints):
    """What the public and public bodies did in one area and year: a method for each block of the notebook."""

    slug = "participation"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """How many complained and how they fared, what public bodies used, how many communities are green?"""
        if not self.has_values:
            return self.statement("answer", self._published_sentence(), self.say("no_values"), item="P3")
        return self.statement(
            "answer",
            self._published_sentence(),
            self._origin(),
            self._complaints_sentence(),
            self._bodies_sentence(),
            self._communities_sentence(),
            self._education_sentence(),
            item="P3",
        )

    def headline(self) -> Headline:
        """How many complaints there were, and how long they took."""
        last = self.year - 1
        if not self.has_cases:
            return Headline(self.say("headline.none"))
        cases, days = self.cases(self.year), self.days(self.year)
        cards = [
            Card(self.word("card.cases"), cases, self.cases(last), "complaints"),
            Card(self.word("card.days"), days, self.days(last), "how-handled", better=LESS),
        ]
        counted = {"per_10k": self.per_10k(self.year), "people": self.people(self.year)}
        return Headline(self.say("headline.some", cases=cases, days=days, **counted), cards)

    def _published_sentence(self) -> list[Any]:
        """The last number of a day that was published of the city in the year, on every page."""
        rows = self.city.published.where({"indicator": list(INSPECTIONS)})
        rows = rows[rows["period"].str.startswith(str(self.year))].sort_values("period")
        if rows.empty:
            return self.say("answer.unpublished", city=self.city.name())
        last = rows.iloc[-1]
        words = {"city": self.city.name(), "day": last["period"], "what": last[f"name_{self.language}"]}
        return self.say("answer.published", count=self.city.printed(last), **words)

    def _origin(self) -> list[Any]:
        """That what follows is invented, where it is."""
        if self.cases(self.year).status != DEMONSTRATION:
            return []
        return self.say("answer.city_invented" if self.area.is_city else "answer.district_invented")

    def _complaints_sentence(self) -> list[Any]:
        verdict = self.closing()
        if not self.has_cases or verdict is None:
            return self.say("complaints.none")
        longest = {"longest": self.longest(self.year), "limit": self.limit(participation.CLOSING), "verdict": verdict}
        said = self.say("answer.complaints", cases=self.cases(self.year), days=self.days(self.year), **longest)
        satisfied = self.share("opinion", "satisfied", self.year)
        return said if satisfied.value is None else said + self.say("answer.satisfied", satisfied=satisfied)

    def _bodies_sentence(self) -> list[Any]:
        energy, water = self.standing("energy_per_head"), self.standing("water_per_head")
        if energy is None or water is None:
            return []
        changes = {
            "energy": self.change("energy_per_head", self.year),
            "water": self.change("water_per_head", self.year),
        }
        verdicts = {"energy_standing": energy, "water_standing": water}
        return self.say("answer.bodies", base=str(self.base_year), **changes, **verdicts)

    def _communities_sentence(self) -> list[Any]:
        standing = self.green_standing()
        if standing is None:
            return []
        counts = {name: self.community_count(name, self.year) for name in ("green", "communities")}
        return self.say("answer.communities", share=self.green_share(self.year), **counts, **self._judged(standing))

    def _judged(self, standing: Figure) -> dict[str, Any]:
        """What a *standing* of green communities is said with: the target, its year, and the share that decided."""
        judged = int(standing.period)
        return {
            "standing": standing,
            "limit": self.limit(participation.GREEN),
            "due": str(self.green_due),
            "judged": str(judged),
            "then": self.green_share(judged),
        }

    def _education_sentence(self) -> list[Any]:
        if self.activity("events", self.year).value is None:
            return []
        counts = {name: self.activity(name, self.year) for name in ("events", "participants", "bases")}
        return self.say("answer.education", **counts)

    # --- public bodies ---------------------------------------------------------------------------

    def body_targets(self) -> Block:
        """How far public bodies are on their way to the targets for energy and water, beside the straight line."""
        title, base = self.say("targets.title"), self.base_year
        known = [name for name in MEASURES if base is not None and self.use(name, self.year).value is not None]
        if base is None or not known:
            return self.statement("targets", self.say("bodies.none"), title=title, item="P1")
        reached = {name: share for name in known if (share := self.of_path(name)) and share.value is not None}
        bars = [
            {
                "name": self.word(f"column.{name}"),
                "percent": max(0.0, float(str(share.value))),  # what rose has gone no part of the way
                "series": str(self.year),
            }
            for name, share in reached.items()
        ]
        rows = [
            [
                self.word(f"column.{name}"),
                self.standing(name) or NO_DATA,
                self.change(name, self.year),
                self.on_path(name) or NO_DATA,
                self._goal(name),
                self.use(name, base),
                self.use(name, self.year),
            ]
            for name in known
        ]
        columns = [self.words("measure"), self.words("standing")]
        columns += [self.numbers(name) for name in ("change", "path", "goal", "base", "now")]
        listed = [self.say("part", name=self.word(f"column.{name}"), amount=share) for name, share in reached.items()]
        return self.chart(
            "targets",
            charts.against_limits,
            bars,
            [str(self.year)],
            {"percent_of_limit": self.word("axis.path"), "limit": self.word("targets.line")},
            alternative=self.say("targets.alternative", parts=spliced(listed, self.separator)),
            table=TableContent(columns, rows, self.download("targets")),
            is_open=True,
            title=title,
            notes=[self.say("targets.note", base=str(base), due=self._due(known)), *self._sum_of_districts()],
            item="P1",
        )

    def _due(self, measures: Sequence[str]) -> str:
        """The target year of the *measures* that have one."""
        return max((asked[-1].period for name in measures if (asked := self.asked(name))), default=NO_DATA)

    def _goal(self, measure: str) -> Any:
        """The change that is asked for by the target year; a dash where none is."""
        asked = self.asked(measure)
        return asked[-1] if asked else NO_DATA

    def _sum_of_districts(self) -> list[list[Any]]:
        """That the city's numbers are those of its districts together, on its page."""
        return [self.say("bodies.sum")] if self.area.is_city else []

    def body_use(self) -> Block:
        """Energy, power and water by head and floor area, and the share of green purchases, over the years."""
        lines: dict[str, Callable[[int], Figure]] = {
            **{measure: partial(self.use, measure) for measure in MEASURES},
            "green_purchases": self.green_purchases,
        }
        return common.over_years(self, "bodies", lines, self.last_years, notes=[self.say("bodies.note")], item="P1")

    def bodies_by_district(self) -> Block:
        """The power that the public bodies of each district use by head, with their other measures beside it."""
        compared = self.compared()
        return common.by_district(
            self,
            "bodies_districts",
            compared["power_per_head"],
            others={name: compared[name].get for name in BODIES_COMPARED},
            item="P1",
        )

    # --- communities -----------------------------------------------------------------------------

    def communities_over_years(self) -> Block:
        """How many communities meet the standard, of all, over the years."""
        lines: dict[str, Callable[[int], Figure]] = {
            "green_share": self.green_share,
            "green": partial(self.community_count, "green"),
            "communities": partial(self.community_count, "communities"),
        }
        standing, limit = self.green_standing(), self.limit(participation.GREEN)
        notes = [self.say("communities_yearly.note")]
        if standing is not None:
            notes.insert(0, self.say("communities_yearly.standing", **self._judged(standing)))
        limits = {"green_share": limit} if standing is not None else {}
        return common.over_years(
            self, "communities_yearly", lines, self.last_years, limits=limits, notes=notes, item="P2"
        )

    def communities_by_district(self) -> Block:
        """The share of green communities in each district, with their numbers beside it."""
        compared = self.compared()
        return common.by_district(
            self,
            "communities_districts",
            compared["green_share"],
            others={name: compared[name].get for name in COMMUNITIES_COMPARED},
            notes=[self.say("communities_districts.note", due=str(self.green_due))],
            item="P2",
        )

    # --- education -------------------------------------------------------------------------------

    def activities_over_years(self) -> Block:
        """Events, who came, bases of education and open works, over the years."""
        lines = {name: partial(self.activity, name) for name in ACTIVITIES}
        return common.over_years(
            self, "activities_yearly", lines, self.last_years, notes=[self.say("activities_yearly.note")], item="P4"
        )

    def activities_by_district(self) -> Block:
        """Who came to events in each district for 10,000 residents, with the numbers beside it."""
        compared = self.compared()
        return common.by_district(
            self,
            "activities_districts",
            compared["participants_per_10k"],
            others={name: compared[name].get for name in (*ACTIVITIES, *JOINED)},
            item="P4",
        )

    def suing(self) -> Block:
        """Organisations and volunteers for the environment, and those of them for suits, over the years."""
        columns: dict[str, Callable[[int], Figure]] = {
            **{name: partial(self.activity, name) for name in JOINED},
            "organisations": partial(self.of_suits, "organisations"),
            "suit_volunteers": partial(self.of_suits, "volunteers"),
        }
        return common.by_year(self, "suing", columns, self.last_years, notes=[self.say("suing.note")], item="P4")

    # --- what was published, and what is missing -------------------------------------------------

    def statements(self) -> Block:
        """All that was published about the area, as it was printed, the newest first."""
        rows = self.published.rows
        rows = rows[rows["period"].str[:4] <= str(self.year)]
        explained = {
            "statements.note": rows["indicator"].str.startswith(INSPECTIONS).any(),
            "statements.totals": (rows["item_id"] != "P3").any(),
        }
        notes = [self.say(key) for key, is_needed in explained.items() if is_needed]
        return common.as_printed(
            self,
            "statements",
            rows.assign(year=rows["period"]),
            self.printed,
            notes=notes,
            item="P3",
        )

    def missing(self) -> Block:
        """What was looked for and not found."""
        states = {item: self.disclosure(item).state for item in self.items}
        names = [self.word(f"missing.{item.lower()}") for item, state in states.items() if state == NOT_DISCLOSED]
        return self.statement(
            "missing",
            self.say("missing.items", names=self.joined(names)) if names else [],
            *(self.say(f"missing.partly_{item.lower()}") for item, state in states.items() if state == PARTLY),
            self.say("missing.ours"),
            title=self.say("missing.title"),
        )
