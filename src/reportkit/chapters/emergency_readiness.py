"""What is held ready (item S5): drills and outreach, teams, experts and stores, monitoring, epidemics, laboratories."""

from __future__ import annotations

from functools import partial

from reportkit.blocks import Block
from reportkit.chapters import common
from reportkit.chapters.emergency_figures import KINDS, EmergencyFigures

HELD = ("teams", "team_members", "experts", "stores", "supplies")
DONE = ("drills", "drill_people", "outreach", "outreach_people")
LABORATORIES = ("laboratories", "laboratories_checked", "problems", "problems_fixed")
HOSPITALS = ("hospitals", "hospitals_checked", "sewage_samples", "sewage_within")


class EmergencyReadiness(EmergencyFigures):
    """What one area held ready in one year, with the years before it beside it."""

    slug = "emergency"

    def readiness(self) -> Block:
        """Teams and their members, experts, stores and kinds of supplies, over the years."""
        lines = {name: partial(self.yearly, "readiness", name) for name in HELD}
        return common.over_years(self, "readiness", lines, self.last_years, notes=[self.say("readiness.note")])

    def drills_and_outreach(self) -> Block:
        """The government's drills and what was told to the public, year by year."""
        columns = {name: partial(self.yearly, "readiness", name) for name in DONE}
        return common.by_year(
            self,
            "drills",
            columns,
            self.last_years,
            notes=[self.say("drills.note", radiation=self.way_to("radiation"))],
        )

    def monitoring(self) -> Block:
        """How often there was measuring for drinking water, for people's health and in incidents, over the years."""
        lines = {f"{kind}_occasions": partial(self.monitored, kind, "occasions") for kind in KINDS}
        return common.over_years(self, "monitoring", lines, self.last_years, notes=[self.say("monitoring.note")])

    def samples(self) -> Block:
        """The samples of each kind of emergency monitoring, and the share within limits, year by year."""
        columns = {
            column: of
            for kind in KINDS
            for column, of in (
                (f"{kind}_samples", partial(self.monitored, kind, "samples")),
                (f"{kind}_within_share", partial(self.within_share, kind)),
            )
        }
        return common.by_year(self, "samples", columns, self.last_years, notes=[self.say("samples.note")])

    def epidemic(self) -> Block:
        """How many hospitals were checked, and how their sewage was disinfected, over the years."""
        lines = {name: partial(self.share, name) for name in ("hospitals_checked_share", "sewage_within_share")}
        counted = {name: self.yearly("epidemic", name, self.year) for name in HOSPITALS}
        notes = [self.say("epidemic.note", waste=self.way_to("waste"))]
        if all(figure.value is not None for figure in counted.values()):
            notes.insert(0, self.say("epidemic.counted", **counted))
        return common.over_years(self, "epidemic", lines, self.last_years, notes=notes)

    def laboratories(self) -> Block:
        """How many laboratories there are and were checked, and what came of it, year by year."""
        columns = {
            **{name: partial(self.yearly, "epidemic", name) for name in LABORATORIES},
            **{name: partial(self.share, name) for name in ("laboratories_checked_share", "problems_fixed_share")},
        }
        return common.by_year(self, "laboratories", columns, self.last_years, notes=[self.say("laboratories.note")])
