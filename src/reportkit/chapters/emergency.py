"""Environmental emergencies (item S5): the answer, risk units and their plans, government plans, what is missing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from reportkit import text
from reportkit.blocks import Block, TableContent
from reportkit.chapters import LESS, MORE, Card, Headline, common, spliced
from reportkit.chapters.emergency_figures import RISKS, WANTED
from reportkit.chapters.emergency_incidents import EmergencyIncidents, Parted, own_place
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import emergency
from reportkit.status import DEMONSTRATION, OFFICIAL

RISK_COLOURS = dict(zip(RISKS, ("#c77d4a", "#d9a441", "#c9d3da"), strict=True))
STATE_COLOURS = dict(zip(emergency.STATES, ("#4fa3b5", "#d9a441", "#c77d4a"), strict=True))
COMPARED = ("major", "current_share", "drill_share", "incidents", "drills", "team_members")
LISTED = 15
URGENT = [emergency.MISSING, emergency.OVERDUE, emergency.CURRENT]  # the order in which units are listed


class Emergency(EmergencyIncidents):
    """Risk units, plans, incidents and what is held ready in one area and year: a method for each block."""

    slug = "emergency"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """Was there an incident, and how many risk units have a current plan? In a few sentences."""
        if not self.has_values:
            return self.statement("answer", self._government_sentence(), self.say("no_values"))
        return self.statement(
            "answer",
            self._government_sentence(),
            self._origin(),
            self._incidents_sentence(),
            self._units_sentence(),
            self._plans_sentence(),
            self._readiness_sentence(),
        )

    def headline(self) -> Headline:
        """How many incidents there were, and how many risk units have a current plan."""
        incidents, units, share = self._now()
        last, cards = self.year - 1, []
        if incidents.value is not None:
            cards.append(
                Card(self.word("card.incidents"), incidents, self.incident_count(last), "what-happened", better=LESS)
            )
        if share.value is not None:
            cards.append(
                Card(self.word("card.current_share"), share, self.current_share(last), "emergency-plans", better=MORE)
            )
        said = [
            self.say("headline.incidents", count=incidents) if incidents.value is not None else [],
            self.say("headline.units", units=units, share=share) if share.value is not None else [],
        ]
        due = self.due_next()
        coming = self.say("headline.coming", next_year=str(self.year + 1), count=due) if due.value else []
        return Headline([part for sentence in said for part in sentence] or self.say("headline.none"), cards, coming)

    def _now(self) -> tuple[Figure, Figure, Figure]:
        """The incidents of the year, the risk units at its end, and the share of these with a current plan."""
        return self.incident_count(self.year), self.risk_units(self.year), self.current_share(self.year)

    def _government_sentence(self) -> list[Any]:
        """The newest plan of the area's own government, first."""
        own = self.government_plans.where({"area_code": self.area.code})
        if own.empty:
            return []
        newest = own.iloc[0]
        name, day = newest[f"name_{self.language}"], f"{newest['issued_date']:%Y-%m-%d}"
        key = "answer.government" if newest["status"] == OFFICIAL else "answer.government_told"
        tag = text.message(f"site.tag.{newest['status']}", self.language)
        return self.say(key, plan=name, number=newest["number"], day=day, tag=tag)

    def _origin(self) -> list[Any]:
        """That what follows is invented, where it is."""
        if DEMONSTRATION not in {figure.status for figure in self._now()}:
            return []
        return self.say("answer.city_invented" if self.area.is_city else "answer.district_invented")

    def _incidents_sentence(self) -> list[Any]:
        count = self.incident_count(self.year)
        if count.value is None:
            return self.say("answer.incidents_unknown")
        if not count.value:
            return self.say("answer.incidents_none")
        told = self.parted_now(self.incident_count, emergency.LEVELS)
        if told is None:
            return self.say("answer.incidents_counted", count=count)
        known = [
            self.say("part", name=self.word(f"incidents.{level}"), amount=amount)
            for level, amount in told.parts.items()
            if amount.value
        ]
        return self.say("answer.incidents", count=count, parts=spliced(known, self.separator))

    def _units_sentence(self) -> list[Any]:
        units = self.risk_units(self.year)
        if not units.value:
            return self.say("answer.units_unknown" if units.value is None else "answer.units_none")
        told = self.parted_now(self.risk_units, RISKS)
        if told is None:
            return self.say("answer.units_counted", units=units)
        return self.say("answer.units", units=units, major=told.parts[RISKS[0]])

    def _plans_sentence(self) -> list[Any]:
        verdict, told = self.plans_verdict(), self.parted_now(self.units_by_state, emergency.STATES)
        if verdict is None or told is None:
            return []
        return self.say("answer.plans", verdict=verdict, share=self.current_share(self.year), **told.parts)

    def _readiness_sentence(self) -> list[Any]:
        counted = {name: self.yearly("readiness", name, self.year) for name in ("drills", "teams", "experts", "stores")}
        if any(figure.value is None for figure in counted.values()):
            return []
        return self.say("answer.readiness", **counted)

    # --- risk units ------------------------------------------------------------------------------

    def risk_units_by_level(self) -> Block:
        """The risk units of each year by their level."""
        rows = self.parted_by_year(self.risk_units, RISKS)
        if not any(row.whole.value for row in rows):
            nothing = self.say("risk_units.no_units" if rows else "no_values")
            title, published = self.say("risk_units.title"), self.made_here(self.units)
            return self.statement("risk_units", nothing, self.year_by_year(rows), title=title, tables=published)
        return self.stacked(
            "risk_units",
            rows,
            RISK_COLOURS,
            self.words("year"),
            own=own_place(rows, str(self.year)),
            notes=[self.say("risk_units.note")],
            tables=self.made_here(self.units),
        )

    def districts(self) -> Block:
        """The risk units of the districts, with other columns beside them."""
        compared = self.compared()
        others = {name: compared[name].get for name in COMPARED}
        return common.by_district(
            self, "districts", compared["districts"], others=others, notes=[self.say("districts.note")]
        )

    def unit_list(self) -> Block:
        """The risk units whose plans want looking after, the others after them: level, filing, review, state."""
        rows = self.units.where({"area_code": self.codes, "year": self.year})
        title = self.say("unit_list.title")
        if rows.empty:
            units = self.risk_units(self.year)
            if units.value is None:
                return self.statement("unit_list", self.say("unit_list.none"), title=title)
            return self.statement("unit_list", self.say("unit_list.no_units"), title=title, also=[units])
        ranked = rows.assign(urgent=rows["state"].map(URGENT.index), risk=rows["risk_level"].map(RISKS.index))
        ranked = ranked.sort_values(["urgent", "risk", "review_due", "enterprise_id"])
        table = [
            [
                self.enterprise(row["enterprise_id"]),
                self.industry(self.edition.enterprises[row["enterprise_id"]]["industry"]),
                self.word(f"risk_units.{row['risk_level']}"),
                _day(row["filed_date"]),
                _day(row["review_due"]),
                self.state_of(row["enterprise_id"]),
            ]
            for row in ranked.head(LISTED).to_dict("records")
        ]
        columns = [self.words(name) for name in ("enterprise", "industry", "risk", "filed", "review_due", "state")]
        said = {"shown": str(len(table)), "count": self.risk_units(self.year)}
        return self.block(
            "table",
            "unit_list",
            {"table": TableContent(columns, table, self.download("unit_list"))},
            title=title,
            notes=[self.say("unit_list.note", **said)],
            tables=self.made_here(self.units),
        )

    # --- plans -----------------------------------------------------------------------------------

    def plan_states(self) -> Block:
        """How the plans of the risk units of each area stand at the end of the year."""
        compared = self.compared()
        known = {
            area: Parted(
                self.way_to_area(area),
                self.name(area),
                compared["districts"][slug],
                {state: compared[state][slug] for state in emergency.STATES},
            )
            for slug, area in self.edition.areas.items()
            if slug in compared["districts"]
        }
        known = {area: parted for area, parted in known.items() if parted.is_whole}
        districts = [area for area in known if not area.is_city]
        if not districts:
            return self.statement("plan_states", self.say("no_values"), title=self.say("plan_states.title"))
        return self.stacked(
            "plan_states",
            [known[area] for area in districts],
            STATE_COLOURS,
            self.words("area"),
            own=districts.index(self.area) if self.area in districts else None,
            words_in="word",
            told=known.get(self.area),
            notes=[self.say("plan_states.note")],
        )

    def plans_over_years(self) -> Block:
        """Plans filed, and the shares current, filed in time and drilled, over the years."""
        lines = {
            "current_share": self.current_share,
            "plans_filed": self.plans_filed,
            "filed_in_time_share": self.filed_in_time_share,
            "drill_share": self.drill_share,
        }
        notes = [*self._filing_notes(), self.say("plans.note")]
        return common.over_years(
            self, "plans", lines, self.last_years, notes=notes, tables=self.made_here(self.filings)
        )

    def _filing_notes(self) -> list[list[Any]]:
        """Whether the year's filings kept their deadline, and how many plans are to be reviewed next year."""
        notes, due = [], self.due_next()
        if verdict := self.filing_verdict():
            said = {"slowest": self.slowest_filing(self.year), "limit": self.deadline(emergency.FILING)}
            notes.append(self.say("plans.filing", verdict=verdict, **said))
        if due.value is not None:
            notes.append(self.say("plans.due", next_year=str(self.year + 1), count=due))
        return notes

    def dangers_by_year(self) -> Block:
        """The dangers that risk units found in themselves and put right, year by year."""
        units = self.risk_units(self.year)
        if units.value == 0:
            return self.statement(
                "dangers", self.say("dangers.no_units"), title=self.say("dangers.title"), also=[units]
            )
        columns: dict[str, Callable[[int], Figure]] = {
            "dangers_found": partial(self.dangers, "found"),
            "dangers_fixed": partial(self.dangers, "fixed"),
            "dangers_fixed_share": self.fixed_share,
        }
        return common.by_year(self, "dangers", columns, self.last_years, notes=[self.say("dangers.note")])

    def government(self) -> Block:
        """The emergency plans of the city's and the area's own government."""
        plans, title = self.government_plans, self.say("government.title")
        if plans.rows.empty:
            return self.statement("government", self.say("government.none"), title=title)
        rows = [
            [row[f"name_{self.language}"], row["number"], _day(row["issued_date"])]
            for row in plans.rows.to_dict("records")
        ]
        columns = [self.words(name) for name in ("plan", "number", "issued")]
        return self.block(
            "table",
            "government",
            {"table": TableContent(columns, rows, self.download("government"))},
            title=title,
            notes=[self.say("government.note")],
            tables=[plans],
        )

    # --- what was published, and what is missing -------------------------------------------------

    def statements(self) -> Block:
        """All that was published about the area, as it was printed, the newest first."""
        rows = self.published.rows
        return common.as_printed(self, "statements", rows[rows["year"] <= self.year], self.printed_figure)

    def missing(self) -> Block:
        """What was looked for and not found."""
        published = set(self.published.rows.loc[self.published.rows["year"] == self.year, "indicator"])
        names = [self.word(f"column.{name}") for name in WANTED if name not in published]
        return self.statement(
            "missing",
            self.say("missing.items", names=self.joined(names)) if names else [],
            self.say("missing.never"),
            title=self.say("missing.title"),
        )


def _day(day: Any) -> str:
    """A day as it is written; a dash where there is none."""
    return NO_DATA if pd.isna(day) else f"{day:%Y-%m-%d}"
