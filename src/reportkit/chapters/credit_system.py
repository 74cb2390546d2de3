"""What comes of credit (items C2–C6): events, archives, repair, institutions, and what other departments do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from reportkit import charts
from reportkit.blocks import Block, TableContent
from reportkit.chapters import of_every_area, spliced
from reportkit.chapters.credit_results import CreditResults
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import credit
from reportkit.standards.credit import BAD, LEVELS
from reportkit.standards.rules import OWN, Row
from reportkit.status import OF_RULES

LISTED = 12  # rows of a list of enterprises on a page; the whole is in the open data
DAYS = ("days_to_apply", "days_taken")
OUTCOMES = ("restored", "too_late", "new_penalty")


class CreditSystem(CreditResults):
    """What comes of the credit of the enterprises of one area in one year."""

    def _listed_note(self, of: str, count: int) -> list[list[Any]]:
        """That not all of so many ``enterprises``, ``events`` or ``repairs`` are listed, where it is so."""
        return [self.say("listed", count=str(LISTED), of=self.word(f"listed.{of}"))] if count > LISTED else []

    # --- events (C2) -----------------------------------------------------------------------------

    def trigger_rules(self) -> Block:
        """What changes a level at once, and to what."""
        rules = credit.triggers(date(self.year, 12, 31)).values()
        statuses = [OF_RULES[row["verification"]] for row in rules]
        rows = [
            [
                row[f"name_{self.language}"],
                self._effect(row),
                self._veto(row),
                self.word("trigger.own" if row["standard"] == OWN else "trigger.quoted"),
            ]
            for row in rules
        ]
        columns = [self.words("event"), self.words("effect"), self.words("veto"), self.words("basis")]
        return self.block(
            "table",
            "trigger-rules",
            {"table": TableContent(columns, rows, self.download("trigger_rules"), statuses=statuses)},
            item="C2",
            rules=self.rules_of("trigger"),
            title=self.say("trigger.rules_title"),
            notes=[self.say("trigger.no_rule")],
        )

    def _effect(self, row: Row) -> str:
        if row["at_best"] == credit.RED:
            return self.word("trigger.red")
        if row["at_best"]:
            return self.word("trigger.at_best", level=self.level(row["at_best"]))
        return self.word("trigger.down" if row["levels_down"] else "trigger.recorded")

    def _veto(self, row: Row) -> str:
        """The number of the veto that an event is, or is taken for by this publication's own rule."""
        if not row["veto"]:
            return NO_DATA
        return self.word("trigger.taken_for", number=row["veto"]) if row["standard"] == OWN else str(row["veto"])

    def trigger_events(self) -> Block:
        """How many events there were of each kind, this year and the last."""
        title, year = self.say("trigger.title"), self.year
        names = {event: row[f"name_{self.language}"] for event, row in credit.triggers(date(year, 12, 31)).items()}
        counted = {event: self.events_in(year, event=event) for event in names}
        shown = {event: figure for event, figure in counted.items() if figure.value}
        if not shown:
            return self.statement("trigger-events", self.say("trigger.none"), item="C2", title=title)
        ordered = sorted(shown, key=lambda event: -int(str(shown[event].value)))
        bars = [{"name": names[event], "count": int(str(shown[event].value))} for event in ordered]
        rows = [[names[event], shown[event], self.events_in(year - 1, event=event)] for event in ordered]
        columns = [self.words("event"), self.numbers("events"), self.numbers("last_year", str(year - 1))]
        fallen = {level: self.events_in(year, level_after=level) for level in BAD}
        parts = [self.say("part", part=names[event], count=shown[event]) for event in ordered]
        others = not self.events.where({"year": year})["level_after"].isin(BAD).all()
        return self.chart(
            "trigger-events",
            charts.counts,
            bars,
            self.word("trigger.axis"),
            alternative=self.say("trigger.alternative", all=self.events_in(year), parts=spliced(parts, self.separator)),
            table=TableContent(columns, rows, self.download("trigger_events")),
            item="C2",
            title=title,
            notes=[
                self.say("trigger.note", all=self.events_in(year), **fallen)
                + (self.say("trigger.others") if others else [])
            ],
            tables=[self.events],
        )

    def latest_events(self) -> Block:
        """The latest events: whose level changed, when, why, and to what."""
        found = self.events.where({"year": self.year}).sort_values(["date", "event_id"], ascending=False)
        title = self.say("latest.title")
        if found.empty:
            return self.statement("latest-events", self.say("latest.none"), item="C2", title=title)
        names = credit.triggers(date(self.year, 12, 31))
        rows = [
            [
                f"{row['date']:%Y-%m-%d}",
                self.enterprise(row["enterprise_id"]),
                names[row["event"]][f"name_{self.language}"],
                self.level(row["level_before"]),
                self.level_after(row),
                row["number"] or NO_DATA,
            ]
            for row in found.head(LISTED).to_dict("records")
        ]
        columns = [self.words(name) for name in ("date", "enterprise", "event", "before", "after", "decision")]
        return self.block(
            "table",
            "latest-events",
            {"table": TableContent(columns, rows, self.download("latest_events"))},
            item="C2",
            title=title,
            notes=[self.say("latest.note"), *self._listed_note("events", len(found))],
        )

    # --- archives (C3) ---------------------------------------------------------------------------

    def archives_linked(self) -> Block:
        """How many archives there are, what is in them, and what they are linked to."""
        title, city = self.say("archives.title"), self.city
        if self.archives.rows.empty:
            return self.statement("archives", self.say("archives.none"), item="C3", title=title)
        listed = city.platforms.where({"year": self.year}).to_dict("records")
        rows = [
            [
                row[f"name_{self.language}"],
                self.word(f"shares.{row['shares']}"),
                str(row["linked_year"]),
                city.records(row["platform_id"], self.year),
            ]
            for row in listed
        ]
        notes = [self.say("archives.kept", count=self.archives_kept()), self.say("archives.holds")]
        if not rows:
            return self.statement("archives", *notes, self.say("archives.unlinked"), item="C3", title=title)
        columns = [self.words("platform"), self.words("shares"), self.words("linked"), self.numbers("records")]
        return self.block(
            "table",
            "archives",
            {"table": TableContent(columns, rows, self.download("archives"))},
            item="C3",
            title=title,
            notes=[*notes, self.say("archives.linked", city=city.name(), count=city.linked())],
            tables=[self.platforms],
        )

    def archive_list(self) -> Block:
        """Every enterprise with the way to its archive: its industry, its level, its last penalty, its permit."""
        title, listed = self.say("list.title"), self.archives.rows.sort_values(["area_code", "enterprise_id"])
        if listed.empty:
            return self.statement("archive-list", self.say("archives.none"), item="C3", title=title)
        levels = self.evaluations.where({"year": self.year}).set_index("enterprise_id")["level"].to_dict()
        penalised, valid = self._penalised(), self._permitted()
        rows = [
            [
                self.enterprise(row["enterprise_id"]),
                *([self.area_named(row["area_code"])] if self.area.is_city else []),
                self.industry(row["industry"]),
                self.level(levels.get(row["enterprise_id"])),
                penalised.get(row["enterprise_id"], NO_DATA),
                valid.get(row["enterprise_id"], NO_DATA),
            ]
            for row in listed.to_dict("records")
        ]
        shown = (
            "enterprise",
            *(["area"] if self.area.is_city else []),
            "industry",
            "level",
            "penalised",
            "valid_until",
        )
        content = TableContent([self.words(name) for name in shown], rows, self.download("archive_list"))
        notes = [self.say("list.note")]
        tables = [self.archives, self.evaluations]
        return self.block(
            "table", "archive-list", {"table": content}, item="C3", title=title, notes=notes, tables=tables
        )

    def _penalised(self) -> dict[str, str]:
        """The day of the last penalty of each enterprise, up to the year."""
        rows = self.shared_rows("law/penalties")
        last = rows[rows["decided_date"].dt.year <= self.year].groupby("enterprise_id")["decided_date"].max()
        return {str(enterprise): f"{day:%Y-%m-%d}" for enterprise, day in last.items()}

    def _permitted(self) -> dict[str, str]:
        """Until when the last permit of each enterprise is valid, or when it was cancelled, up to the year."""
        permits, changes = (self.shared_rows(f"enterprises/{name}") for name in ("permits", "permit_changes"))
        ended = changes[(changes["kind"] == "cancelled") & (changes["year"] <= self.year)].set_index("permit_id")
        last = permits[permits["issued_date"].dt.year <= self.year].sort_values("valid_until", kind="stable")
        found = {}
        for row in last.to_dict("records"):
            found[str(row["enterprise_id"])] = f"{row['valid_until']:%Y-%m-%d}"
            if row["permit_id"] in ended.index:
                end = ended.loc[row["permit_id"]]
                day = str(end["year"]) if pd.isna(end["date"]) else f"{end['date']:%Y-%m-%d}"
                found[str(row["enterprise_id"])] = self.word("list.cancelled", day=day)
        return found

    # --- repair (C4) -----------------------------------------------------------------------------

    def repair_steps(self) -> Block:
        """How many could apply, applied, applied in time, and were restored."""
        title, years = self.say("repair.title"), sorted({int(year) for year in self.repairs.rows["year"]})
        if self.year not in years:
            return self.statement("repair-steps", self.say("repair.none"), item="C4", title=title)
        steps = {year: self._steps(year) for year in years}
        now = steps[self.year]
        bars = [{"name": self.word(f"step.{step}"), "count": int(str(now[step].value))} for step in now]
        columns = [self.words("year", self.word("column.year_applied"))]
        columns += [self.numbers(step, self.word(f"step.{step}")) for step in now]
        columns += [self.numbers(step, self.word(f"column.mean_{step}")) for step in DAYS]
        rows = [[str(year), *steps[year].values(), *(self.mean_days(step, year) for step in DAYS)] for year in years]
        words = {"last_year": str(self.year - 1), **now}
        outcomes = {outcome: self.repairs_in(self.year, outcome=outcome) for outcome in OUTCOMES}
        return self.chart(
            "repair-steps",
            charts.counts,
            bars,
            self.word("repair.axis"),
            alternative=self.say("repair.alternative", **words),
            table=TableContent(columns, rows, self.download("repair_steps"), marked=years.index(self.year)),
            item="C4",
            title=title,
            notes=[*self._terms(), self.say("repair.outcomes", **outcomes)],
            tables=[self.repairs],
        )

    def _steps(self, year: int) -> dict[str, Figure]:
        """From those who could apply to those whose level was restored."""
        return {
            "eligible": self.eligible(year),
            "applied": self.repairs_in(year),
            "in_time": self.repairs_in(year, timeliness=credit.IN_TIME),
            "restored": self.repairs_in(year, outcome="restored"),
        }

    def _terms(self) -> list[list[Any]]:
        """Within how many months one may apply and what then happens; that the guide was not read, if so."""
        terms = credit.terms_of_repair(date(self.year, 12, 31), self.area.code)
        words = {"months": terms["months"], "levels": terms["levels_up"], "days": terms["notice_days"]}
        is_read = self.rule("repair").is_verified
        return [self.say("repair.rule", **words)] + ([] if is_read else [self.say("repair.unread")])

    def repair_list(self) -> Block:
        """The applications of the year, the latest first: days taken, in time or not, from what level to what."""
        found = self.applications.where({"year": self.year}).sort_values(["applied_date", "repair_id"], ascending=False)
        title = self.say("repairs.title")
        if found.empty:
            return self.statement("repair-list", self.say("repairs.none"), item="C4", title=title)
        rows = [
            [
                self.enterprise(row["enterprise_id"]),
                f"{row['applied_date']:%Y-%m-%d}",
                self.days_of(row, "days_to_apply"),
                self.timeliness_of(row),
                self.word(f"outcome.{row['outcome']}"),
                self.days_of(row, "days_taken") if row["outcome"] == "restored" else NO_DATA,
                self.level(row["level_before"]),
                self.level(row["level_after"]),
            ]
            for row in found.head(LISTED).to_dict("records")
        ]
        columns = [self.words("enterprise"), self.words("applied"), self.numbers("days_to_apply")]
        columns += [self.words("timeliness"), self.words("outcome"), self.numbers("days_taken")]
        columns += [self.words("before"), self.words("after")]
        return self.block(
            "table",
            "repair-list",
            {"table": TableContent(columns, rows, self.download("repair_list"))},
            item="C4",
            title=title,
            notes=self._listed_note("repairs", len(found)),
        )

    # --- institutions (C5) -----------------------------------------------------------------------

    @of_every_area("C5")
    def institutions_rated(self) -> Block:
        """The third-party institutions of the city: what they do, their level, and the one before."""
        title, city = self.say("institutions.title"), self.city
        rows = city.institutions.where({"year": self.year}).to_dict("records")
        if not rows:
            return self.statement("institutions", self.say("institutions.none"), item="C5", title=title)
        before = city.institutions.where({"year": self.year - 1}).set_index("institution_id")["level"].to_dict()
        table = [
            [
                row[f"name_{self.language}"],
                self.word(f"institution.{row['kind']}"),
                self.area_named(row["area_code"]),
                self.level(before.get(row["institution_id"])),
                self.level(row["level"]),
                city.problems_of(row["institution_id"]),
            ]
            for row in sorted(rows, key=lambda row: (-LEVELS.index(row["level"]), row["institution_id"]))
        ]
        columns = [self.words(name) for name in ("institution", "kind", "area", "before", "level")]
        own = [row[f"name_{self.language}"] for row in rows if row["area_code"] == self.area.code]
        here = self.say("institutions.own" if own else "institutions.own_none", names=self.joined(own))
        return self.block(
            "table",
            "institutions",
            {"table": TableContent([*columns, self.numbers("problems")], table, self.download("institutions"))},
            item="C5",
            title=title,
            notes=[city.institutions_counted(self), *([] if self.area.is_city else [here])],
            tables=[self.institutions],
        )

    def institutions_counted(self, page: CreditSystem) -> list[Any]:
        """How many institutions came to each level, for a *page*."""
        levels = {level: self.institutions_with(level, self.year) for level in LEVELS}
        words = {"city": self.name(), "all": self.institutions_with(None, self.year)}
        return page.say("institutions.counted", **words, **levels)

    # --- joint measures (C6) ---------------------------------------------------------------------

    def joint_measures(self) -> Block:
        """For how many enterprises each department did what, by their levels."""
        title = self.say("measures.title")
        found = self.measures.where({"year": self.year}).drop_duplicates("measure").to_dict("records")
        if not found:
            return self.statement("measures", self.say("measures.none"), item="C6", title=title)
        counted = {row["measure"]: self.taken(row["measure"], self.year) for row in found}
        bars = [
            {"name": self.word(f"measure.{measure}"), "count": int(str(figure.value))}
            for measure, figure in counted.items()
        ]
        rows = [
            [
                self.word(f"measure.{row['measure']}"),
                self.word(f"department.{row['department']}"),
                self.word(f"measures.{row['kind']}"),
                self.joined([self.level(level) for level in row["levels"].split(";")]),
                counted[row["measure"]],
                self._taken_before(row["measure"]),
            ]
            for row in found
        ]
        columns = [self.words(name) for name in ("measure", "department", "measure_kind", "levels")]
        columns += [self.numbers("taken"), self.numbers("last_year", str(self.year - 1))]
        return self.chart(
            "measures",
            charts.counts,
            bars,
            self.word("measures.axis"),
            alternative=self.say("measures.alternative", parts=self._listed_measures(counted)),
            table=TableContent(columns, rows, self.download("measures")),
            item="C6",
            title=title,
            notes=[self.say("measures.note")],
            tables=[self.measures],
        )

    def _taken_before(self, measure: str) -> Figure | str:
        before = self.taken(measure, self.year - 1)
        return before if before.value is not None else NO_DATA

    def _listed_measures(self, counted: dict[str, Figure]) -> list[Any]:
        parts: Sequence[list[Any]] = [
            self.say("part", part=self.word(f"measure.{measure}"), count=figure) for measure, figure in counted.items()
        ]
        return spliced(list(parts), self.separator)
