"""What is measured about environmental emergencies (item S5): the figures; ``emergency.py`` shows them."""

from __future__ import annotations

from datetime import date
from operator import methodcaller
from typing import Any, ClassVar

from reportkit import figures
from reportkit.chapters import of_standard, once_for_all
from reportkit.chapters.emergency_tables import EmergencyTables, Row
from reportkit.figures import Figure, PublishedTable
from reportkit.memo import memo
from reportkit.standards import emergency

RISKS = ("major", "considerable", "ordinary")
KINDS = ("drinking_water", "health", "incident")
ALL_IN_TIME, SOME_LATE = "all_in_time", "some_late"
ALL_CURRENT, SOME_NOT_CURRENT = "all_plans_current", "some_plans_not_current"

# What a disclosure of the item must publish of a year.
WANTED = ("risk_units", "plans_filed", "drills", "outreach", "incidents", "teams", "experts", "stores")

# Shares in percent: the table, the column of the part and that of the whole; and the rule, where there is one.
SHARES = {
    "hospitals_checked_share": ("epidemic", "hospitals_checked", "hospitals", ()),
    "sewage_within_share": ("epidemic", "sewage_within", "sewage_samples", ("monitoring",)),
    "laboratories_checked_share": ("epidemic", "laboratories_checked", "laboratories", ()),
    "problems_fixed_share": ("epidemic", "problems_fixed", "problems", ()),
}

WORDS = {
    word: f"emergency.word.{word}"
    for word in (
        *emergency.LEVELS,
        *(*emergency.COUNTED, *emergency.OF_A_KIND, emergency.OTHER),
        *emergency.STATES,
        *(emergency.IN_TIME, emergency.LATE, emergency.UNKNOWN, ALL_IN_TIME, SOME_LATE),
        *(ALL_CURRENT, SOME_NOT_CURRENT),
    )
}


class EmergencyFigures(EmergencyTables):
    """Every figure about risk units, plans, incidents and what is held ready in one area up to one year.

    The city's are those published of it, or else the sums over its districts.
    """

    slug = "emergency"
    wanted: ClassVar = {"S5": WANTED}

    def tally(self, name: str, table: PublishedTable, at: int, *families: str, **where: Any) -> Figure:
        """How many of the area's rows of a year in *table* meet the conditions, under the rules of *families*.

        As published, or else counted; no value for a year of which nothing was counted anywhere.
        """
        measured = self.as_published(name, at)
        if measured.value is None and at in self.known_years and not table.rows.empty:
            counted = figures.count(table, area_code=self.codes, year=at, **where)
            measured = figures.under(counted, *self.rules_of(*families))
        return self.of_year(name, measured, at)

    # --- risk units and their plans --------------------------------------------------------------

    @memo
    def risk_units(self, year: int, risk: str = "") -> Figure:
        """How many risk units there were in a year, or of one level: as published, or else counted."""
        where = {"risk_level": risk} if risk else {}
        return self.tally("_".join(filter(None, ("risk_units", risk))), self.units, year, **where)

    @memo
    def in_state(self, state: str, year: int) -> Figure:
        """How many of them had, at the end of a year, a current plan, one past its review, or none filed."""
        return self.tally(state, self.units, year, "review", state=state)

    def units_by_state(self, year: int, state: str = "") -> Figure:
        """All risk units of a year, or those whose plans are in one state."""
        return self.in_state(state, year) if state else self.risk_units(year)

    @memo
    def current_share(self, year: int) -> Figure:
        """The share of the risk units with a current plan, in percent."""
        return self._of_units("current_share", {"state": emergency.CURRENT}, year, "review")

    @memo
    def drill_share(self, year: int) -> Figure:
        """The share of the risk units that held a drill of their own, in percent."""
        return self._of_units("drill_share", {"has_drill": True}, year, "drill")

    def _of_units(self, name: str, part: dict[str, Any], year: int, *families: str) -> Figure:
        shared = figures.share(self.units, part, {"area_code": self.codes, "year": year})
        measured = self.official(name, year) or figures.under(shared, *self.rules_of(*families))
        return self.of_year(name, measured, year, "%")

    @memo
    def due_next(self) -> Figure:
        """How many of them have a plan that has to be reviewed in the year to come."""
        return self.tally("due_next", self.units, self.year, "review", due_year=self.year + 1)

    @memo
    def dangers(self, part: str, year: int) -> Figure:
        """The dangers that the risk units found in a year, or put right."""
        measured = figures.total(self.units, f"dangers_{part}", 0, area_code=self.codes, year=year)
        return self.of_year(f"dangers_{part}", measured, year)

    def fixed_share(self, year: int) -> Figure:
        """The share of the dangers found in a year that was put right, in percent."""
        parts = self.dangers("fixed", year), self.dangers("found", year)
        return self.percent("dangers_fixed_share", *parts, year, "drill")

    @memo
    def plans_filed(self, year: int) -> Figure:
        """How many plans were filed in a year: as published, or else counted."""
        return self.tally("plans_filed", self.filings, year, "filing")

    @memo
    def filed_in_time_share(self, year: int) -> Figure:
        """The share of the year's plans that were filed in time, in percent."""
        shared = figures.share(self.filings, {"filing": emergency.IN_TIME}, {"area_code": self.codes, "year": year})
        measured = self.official("filed_in_time_share", year) or figures.under(shared, *self.rules_of("filing"))
        return self.of_year("filed_in_time_share", measured, year, "%")

    @memo
    def slowest_filing(self, year: int) -> Figure:
        """The working days that the slowest filing of a year took."""
        measured = figures.maximum(self.filings, "working_days", area_code=self.codes, year=year)
        return self.of_year("slowest_filing", measured, year)

    def deadline(self, duty: str) -> Figure:
        """The working days, years or hours that a *duty* may take by the rule in force at the end of the year."""
        row = emergency.deadline(duty, date(self.year, 12, 31))
        where = {"duty": duty, "valid_from": row["valid_from"] if row else ""}
        measured = figures.select(of_standard(emergency.DEADLINES, "amount"), "amount", **where)
        return self.figure(f"deadline_{duty}", measured, unit="1")

    def filing_verdict(self) -> Figure | None:
        """Whether the slowest filing of the year kept the deadline; nothing without filings, or without a rule."""
        taken, limit = self.slowest_filing(self.year), self.deadline(emergency.FILING)
        if taken.value is None or limit.value is None:
            return None
        word = ALL_IN_TIME if int(taken.value) <= int(limit.value) else SOME_LATE
        (rule,) = self.rules_of("filing")
        return self.figure("verdict_filing", figures.classify([taken, limit], word, rule), unit="", words=WORDS)

    def plans_verdict(self) -> Figure | None:
        """Whether every risk unit has a current plan at the end of the year; nothing where none is known."""
        parts = [self.in_state(state, self.year) for state in (emergency.OVERDUE, emergency.MISSING)]
        if not self.risk_units(self.year).value or any(part.value is None for part in parts):
            return None
        word = SOME_NOT_CURRENT if any(part.value for part in parts) else ALL_CURRENT
        (rule,) = self.rules_of("review")
        return self.figure("verdict_plans", figures.classify(parts, word, rule), unit="", words=WORDS)

    def state_of(self, enterprise_id: str) -> Figure:
        """How the plan of one unit stands at the end of the year."""
        measured = figures.select(self.units, "state", enterprise_id=enterprise_id, year=self.year)
        measured = figures.under(measured, *self.rules_of("review"))
        return self.figure(f"state_{enterprise_id}", measured, unit="", words=WORDS)

    # --- incidents -------------------------------------------------------------------------------

    @memo
    def incident_count(self, year: int, level: str = "") -> Figure:
        """How many incidents there were in a year, or of one level: as published, or else counted."""
        name = "_".join(filter(None, ("incidents", level)))
        return self.tally(name, self.incidents, year, "level", **({"level": level} if level else {}))

    @memo
    def loss(self, year: int) -> Figure:
        """The direct loss in the incidents of a year, in 10,000 yuan."""
        measured = figures.total(self.incidents, "loss_10k_yuan", 1, area_code=self.codes, year=year)
        return self.of_year("loss", measured, year, "10k yuan")

    def of_incident(self, incident: Row, column: str, unit: str = "1") -> Figure:
        """What the table of incidents says of one of them; words where it has no unit."""
        family = {"level": "level", "criterion": "level", "report": "report"}.get(column)
        measured = figures.select(self.incidents, column, incident_id=incident["incident_id"])
        measured = figures.under(measured, *(self.rules_of(family) if family else ()))
        name, words = f"{column}_{incident['incident_id'].lower()}", None if unit else WORDS
        return self.figure(name, measured, unit=unit, period=str(incident["year"]), words=words)

    # --- what is counted once a year -------------------------------------------------------------

    @memo
    def yearly(self, table: str, column: str, year: int) -> Figure:
        """What was counted in a year: as published, or else of the area's rows."""
        own = self.counted_in(table)
        measured = self.official(column, year) or figures.total(own, column, 0, area_code=self.codes, year=year)
        return self.of_year(column, measured, year)

    @memo
    def share(self, name: str, year: int) -> Figure:
        """One of the shares of what was counted in a year, in percent."""
        table, part, whole, families = SHARES[name]
        return self.percent(name, self.yearly(table, part, year), self.yearly(table, whole, year), year, *families)

    def percent(self, name: str, part: Figure, whole: Figure, year: int, *families: str) -> Figure:
        """A *part* in percent of the *whole* under the rules of *families*; no value where either has none."""
        measured = figures.quotient(part, whole, 1, factor=100)
        return self.of_year(name, figures.under(measured, *self.rules_of(*families)), year, "%")

    @memo
    def monitored(self, kind: str, column: str, year: int) -> Figure:
        """How often there was measuring of a kind in a year, the samples taken, or those within limits."""
        where = {"area_code": self.codes, "kind": kind, "year": year}
        measured = figures.total(self.counted_in("monitoring"), column, 0, **where)
        return self.of_year(f"{kind}_{column}", measured, year)

    def within_share(self, kind: str, year: int) -> Figure:
        """The share of the samples of a kind that was within limits, in percent."""
        parts = self.monitored(kind, "within", year), self.monitored(kind, "samples", year)
        return self.percent(f"{kind}_within_share", *parts, year, "monitoring")

    # --- districts -------------------------------------------------------------------------------

    @once_for_all
    def compared(self) -> dict[str, dict[str, Figure]]:
        """What is set side by side of each area: by column, by the area's slug."""
        measures = {
            "districts": methodcaller("risk_units", self.year),
            "major": methodcaller("risk_units", self.year, RISKS[0]),
            **{state: methodcaller("in_state", state, self.year) for state in emergency.STATES},
            **{name: methodcaller(name, self.year) for name in ("current_share", "drill_share")},
            "incidents": methodcaller("incident_count", self.year),
            **{name: methodcaller("yearly", "readiness", name, self.year) for name in ("drills", "team_members")},
        }
        return self.of_all(measures)
