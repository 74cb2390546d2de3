"""The archive of one enterprise (item C3): credit, events, penalties, permits, disclosures, monitoring, tax band."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Self

import pandas as pd

from reportkit import figures, text
from reportkit.blocks import Block, TableContent
from reportkit.chapters import ENTERPRISE, ENTERPRISES, Area, Edition, Presenter, common
from reportkit.chapters.disclosers import DECIDING, KEY_UNITS, REASONS, REPORTS, disclosers, due_years, is_complete
from reportkit.figures import Figure, PublishedTable
from reportkit.memo import memo
from reportkit.project import Project, open_project
from reportkit.standards import credit as rules_of_credit
from reportkit.standards import enterprises as rules_of_disclosure
from reportkit.standards import law
from reportkit.standards.rules import OWN, Rule, is_in_force, rule
from reportkit.status import DEMONSTRATION

ITEM = "C3"
Row = Mapping[Any, Any]


class Archive(Presenter):
    """What is on record about one enterprise up to one year: a method for each block."""

    slug = "archive"
    order = 200
    items = (ITEM,)
    subject = ENTERPRISE

    def __init__(self, edition: Edition, area: Area, enterprise: str) -> None:
        super().__init__(edition, area)
        self.enterprise_id = enterprise

    @classmethod
    def open(cls, enterprise: str, year: int, language: str, project: Project | None = None) -> Self:
        """The archive of *enterprise* (its id in the register), ready for a notebook.

        Raises SettingsError for an unknown enterprise or language, naming the nearest known one.
        """
        edition = Edition.of(project or open_project(), year, language)
        return cls(edition, edition.area_of(enterprise), enterprise)

    @property
    def about(self) -> str:
        """The name of the enterprise."""
        return str(self.entry[f"name_{self.language}"])

    @property
    def page(self) -> str:
        """The address of its page among those of its language, as in ``2024/enterprises/ID``."""
        return f"{self.year}/{ENTERPRISES}/{self.enterprise_id}"

    def say(self, key: str, **values: Any) -> list[Any]:
        """The message *key*, with the name of the ``{enterprise}`` at hand."""
        return super().say(key, **{"enterprise": self.about, **values})

    def _rules(self, family: str, days: Iterable[date]) -> list[Rule]:
        """The rules of a *family* that were in force on the *days*, each once."""
        here = self.area.code
        return list(dict.fromkeys(rule(family, day, here) for day in days if is_in_force(family, day, here)))

    # --- rows ------------------------------------------------------------------------------------

    @memo
    def records(self, table: str) -> PublishedTable:
        """The rows of *table* about this enterprise, up to the page's year."""
        rows = self.reader.rows(table, enterprise_id=self.enterprise_id)
        return PublishedTable(table, rows[_year_of(rows) <= self.year])

    @property
    def entry(self) -> Mapping[str, Any]:
        """Its row in the register."""
        return self.edition.enterprise(self.enterprise_id)

    @property
    def registered(self) -> PublishedTable:
        """The register, of which only its own row."""
        return PublishedTable("enterprises/register", pd.DataFrame([self.entry]))

    @property
    def years(self) -> list[int]:
        """The years in which its credit was evaluated."""
        return sorted(int(year) for year in self.records("credit/evaluations").rows["year"])

    @memo
    def points(self, year: int) -> Figure:
        """The points of its credit in a *year*."""
        of = {"enterprise_id": self.enterprise_id, "year": year}
        measured = figures.select(self.records("credit/evaluations"), "points", **of)
        return self.figure(self.suffixed("points", year), measured, unit="point", period=str(year))

    @memo
    def penalties(self) -> Figure:
        """How many penalties there were, up to the page's year."""
        table = self.records("law/penalties")
        return self.figure("penalties", figures.count(table, number=sorted(table.rows["number"])), unit="case")

    def level(self, year: int) -> str:
        """The word for the level of its credit in a *year*; a dash where there is none."""
        rows = self.records("credit/evaluations").rows
        found = rows.loc[rows["year"] == year, "level"]
        return self._level(found.iloc[0] if len(found) else None)

    def _level(self, level: str | None) -> str:
        return self._of_chapter(f"credit.level.{level}") if level else figures.NO_DATA

    def _of_chapter(self, key: str) -> str:
        """The word that the chapter on it has for something."""
        return text.message(key, self.language)

    # --- blocks ----------------------------------------------------------------------------------

    def answer(self) -> Block:
        """Who is it, what is its credit now, and what was it penalised for? In a few sentences."""
        entry, last = self.entry, max(self.years, default=None)
        industry = self.industry(entry["industry"])
        return self.statement(
            "answer",
            self.say("answer.who", industry=industry, opened=str(entry["opened_year"])),
            [] if self.closed_year is None else self.say("answer.closed", closed=str(self.closed_year)),
            self.say("answer.credit", last=str(last), level=self.level(last), points=self.points(last)) if last else [],
            *(self._made_red(last) if last else []),
            self._penalties_sentence(),
            tables=[self.registered],
        )

    def _penalties_sentence(self) -> list[Any]:
        if self.records("law/penalties").rows.empty:
            return self.say("answer.no_penalties")
        return self.say("answer.penalties", count=self.penalties())

    @property
    def closed_year(self) -> int | None:
        """The year in which it closed; none where it works, or closed later."""
        closed = self.entry["closed_year"]
        return None if pd.isna(closed) or int(closed) > self.year else int(closed)

    def credit(self) -> Block:
        """Its credit over the years: points, the level they led to, and what made it red whatever they were."""
        levels = self.say("credit.levels", levels=self.joined([f"{year} {self.level(year)}" for year in self.years]))
        return common.over_years(
            self,
            "credit",
            {"points": self.points},
            self.years,
            notes=[levels, *(told for year in self.years for told in self._made_red(year))] if self.years else [],
            rules=self._rules("credit.level", (date(year, 12, 31) for year in self.years)),
        )

    def _made_red(self, year: int) -> list[list[Any]]:
        """What made it red in a *year*, whatever its points: each veto with its number and words, each emergency."""
        if self.records("credit/evaluations").where({"year": year, "level": rules_of_credit.RED}).empty:
            return []
        found = self.records("credit/events").where({"year": year}).sort_values("date")
        return list(filter(None, (self._reason(row, year) for row in found.to_dict("records"))))

    def _reason(self, row: Row, year: int) -> list[Any]:
        """Of an event that is a veto, or lowers a level, what it is; nothing of others."""
        day = row["date"].date()
        event = rules_of_credit.triggers(day)[row["event"]]
        said = {"of": str(year), "day": _day(day), "event": event[f"name_{self.language}"], "number": event["veto"]}
        if not event["veto"]:
            return self.say("credit.lowered", **said) if event["levels_down"] else []
        veto = rules_of_credit.vetoes(day)[event["veto"]][f"text_{self.language}"]
        key = "credit.taken_for_veto" if event["standard"] == OWN else "credit.veto"
        return self.say(key, veto=veto, **said)

    def events(self) -> Block:
        """What changed its level between two evaluations."""

        def cells(row: Row) -> list[Any]:
            event = rules_of_credit.triggers(row["date"].date())[row["event"]][f"name_{self.language}"]
            return [_day(row["date"]), event, self._level(row["level_before"]), self._level(row["level_after"])]

        return self._listed(
            *("events", self.say("events.none"), "credit/events", ("day", "event", "before", "after"), cells),
            notes=[self.say("events.note")],
            rules=self._rules("credit.trigger", self._days("credit/events", "date")),
        )

    def repairs(self) -> Block:
        """Its applications for repair, and what came of them."""

        def cells(row: Row) -> list[Any]:
            outcome = self._of_chapter(f"credit.outcome.{row['outcome']}")
            levels = [self._level(row[name]) for name in ("level_before", "level_after")]
            return [_day(row["applied_date"]), outcome, _day(row["restored_date"]), *levels]

        columns = ("applied", "outcome", "restored", "before", "after")
        return self._listed(
            *("repairs", self.say("repairs.none"), "credit/repairs", columns, cells),
            rules=self._rules("credit.repair", self._days("credit/repairs", "published_date")),
        )

    def decisions(self) -> Block:
        """Each penalty: when, what for, under which provision, of which kinds, how much, by whom."""

        def cells(row: Row) -> list[Any]:
            measured = figures.select(self.records("law/penalties"), "fine_yuan", number=row["number"])
            period = str(row["decided_date"].year)
            fine = self.figure(f"fine_{row['number']}", measured, unit="yuan", period=period)
            violation = self._of_chapter(f"law.violation.{row['violation']}")
            kinds = self.joined([self._of_chapter(f"law.penalty_kind.{kind}") for kind in row["kinds"].split(";")])
            basis = law.provision(row["violation"], row["basis"], row["decided_date"].date(), self.language)
            facts, authority = (row[f"{name}_{self.language}"] for name in ("facts", "authority"))
            why = [violation, facts, basis or figures.NO_DATA]
            return [row["number"], _day(row["decided_date"]), *why, kinds, fine, authority]

        columns = ("number", "decided", "violation", "facts", "provision", "kinds", "fine", "authority")
        return self._listed("decisions", self.say("decisions.none"), "law/penalties", columns, cells)

    def permits(self) -> Block:
        """Its discharge permits: from when until when each is valid, and when it was cancelled, if it was."""
        changes = self.records(CHANGES)
        ends = changes.where({"kind": "cancelled"}).to_dict("records")
        cancelled = {row["permit_id"]: str(row["year"]) if pd.isna(row["date"]) else _day(row["date"]) for row in ends}

        def cells(row: Row) -> list[Any]:
            days = [_day(row[name]) for name in ("issued_date", "valid_until")]
            ended = cancelled.get(row["permit_id"], figures.NO_DATA)
            return [row["permit_id"], self.word(f"management.{row['management']}"), *days, ended]

        columns = ("permit", "management", "issued", "valid_until", "cancelled")
        also = [changes] if cancelled else []
        return self._listed("permits", self.say("permits.none"), "enterprises/permits", columns, cells, also=also)

    def permit_changes(self) -> Block:
        """What became of its permits: when one was changed, or cancelled."""

        def cells(row: Row) -> list[Any]:
            return [row["permit_id"], _day(row["date"]), self.word(f"change.{row['kind']}")]

        columns = ("permit", "day", "change")
        none = self.say("permit_changes.none")
        return self._listed("permit_changes", none, CHANGES, columns, cells)

    def key_units(self) -> Block:
        """On which lists of key units it stands, year by year: it counts once in each class."""
        title, records = self.say("key_units.title"), self.records(KEY_UNITS)
        if records.rows.empty:
            return self.statement("key_units", self.say("key_units.none"), title=title, tables=[self.registered])
        kinds: dict[int, list[str]] = {}
        for row in records.rows.sort_values("year", ascending=False, kind="stable").to_dict("records"):
            kinds.setdefault(int(row["year"]), []).append(self._class(row["kind"], int(row["year"])))
        rows = [[str(year), self.joined(names), self.listings(year)] for year, names in kinds.items()]
        columns = [self.words("year"), self.words("classes"), self.numbers("listings")]
        content = TableContent(columns, rows, self.download("key_units"))
        notes = [self.say("key_units.note")]
        return self.block("table", "key_units", {"table": content}, title=title, notes=notes, tables=[records])

    @memo
    def listings(self, year: int) -> Figure:
        """On how many lists of key units it stands in a *year*."""
        measured = figures.count(self.records(KEY_UNITS), enterprise_id=self.enterprise_id, year=year)
        return self.figure(self.suffixed("listings", year), measured, unit="1", period=str(year))

    def _class(self, kind: str, year: int) -> str:
        """The name of a class of key units in the edition of a *year*."""
        one = rules_of_disclosure.key_unit_classes(date(year, 12, 31))[kind]
        return one.name_zh if self.language == "zh" else one.name_en

    @memo
    def due(self) -> dict[int, Row | None]:
        """For each year in whose March reports were due, why it had to report and how that stands; None if it had not.

        Of other enterprises only that there are reports of a year is looked at.
        """
        years = due_years(self.shared_rows(REPORTS, year={"to": str(self.year)}))
        today = date(self.year, 12, 31)
        own = {self.enterprise_id: self.entry}
        obliged = {row["year"]: row for row in disclosers(years, self._deciding, own, today)}
        return {year: obliged.get(year) for year in years}

    def _deciding(self, table: str) -> pd.DataFrame:
        return self.records(table).rows

    def disclosures(self) -> Block:
        """Its yearly reports: by when and why each was due, when it was out and whether it has all that is asked."""
        due, title = self.due(), self.say("disclosures.title")
        reports = {int(row["year"]): row for row in self.records(REPORTS).rows.to_dict("records")}
        obliged = {year for year, row in due.items() if row}
        years = sorted({*reports, *obliged}, reverse=True)
        rows = [self._disclosure(year, due.get(year), reports.get(year)) for year in years]
        free = [str(year) for year in sorted(due) if year not in obliged]
        said = [self.say("disclosures.not_obliged", years=self.joined(free))] if free else []
        tables = [table for table in map(self.records, DECIDING) if len(table.rows)] or [self.registered]
        if not rows:
            return self.statement("disclosures", self.say("disclosures.none"), *said, title=title, tables=tables)
        columns = [self.words(it) for it in ("year", "due", "published", "state", "why", "complete")]
        content = TableContent(columns, rows, self.download("disclosures"))
        notes, ends = [*said, self.say("disclosures.note")], [rules_of_disclosure.annual_deadline(it) for it in years]
        held = [one for family in ANNUAL for one in self._rules(family, ends)]
        more: dict[str, Any] = {"notes": notes, "tables": tables, "rules": held}
        return self.block("table", "disclosures", {"table": content}, title=title, **more)

    def _disclosure(self, year: int, obliged: Row | None, report: Row | None) -> list[Any]:
        """The cells of one yearly report, which came, had to come, or both."""
        due = rules_of_disclosure.annual_deadline(year)
        reasons = [f"enterprises.reason.{reason}" for reason in REASONS if obliged and obliged[reason]]
        return [
            str(year),
            _day(due),
            *self._published(report["published_date"] if report else None, due),
            self.joined([self._of_chapter(reason) for reason in reasons]) if obliged else self.word("not_obliged"),
            self.word(f"complete.{is_complete(report, due)}") if report else figures.NO_DATA,
        ]

    def temporary(self) -> Block:
        """Its temporary reports: on what, by when each was due, when it was out."""

        def cells(row: Row) -> list[Any]:
            due = rules_of_disclosure.temporary_deadline(row["received_date"].date())
            occasion = self.word(f"occasion.{row['occasion']}")
            return [occasion, _day(row["received_date"]), _day(due), *self._published(row["published_date"], due)]

        columns = ("occasion", "received", "due", "published", "state")
        table = "enterprises/temporary_reports"
        held = self._rules("enterprises.temporary_deadline", self._days(table, "received_date"))
        return self._listed("temporary", self.say("temporary.none"), table, columns, cells, rules=held)

    def _published(self, published: Any, due: date) -> list[str]:
        """When a report was out, and whether that was in time."""
        day = None if pd.isna(published) else published.date()
        state = rules_of_disclosure.state(day, due, date(self.year, 12, 31))
        return [_day(day), self._of_chapter(f"enterprises.state.{state}")]

    def monitoring(self) -> Block:
        """Its own measurements: how many were asked for, published and within limits, the one nearest to its."""
        table = "enterprises/self_monitoring"
        outlets = self.records("enterprises/installations").rows.set_index("installation_id")

        def cells(row: Row) -> list[Any]:
            year = int(row["year"])
            counts = [self._measurements(table, name, year) for name in ("required", "measured", "within")]
            if pd.isna(row["installation_id"]):
                return [str(year), *counts, *[figures.NO_DATA] * 3]
            outlet = outlets.loc[row["installation_id"]]
            values = [self._measurements(table, name, year, CONCENTRATION[outlet["medium"]]) for name in VALUES]
            return [str(year), *counts, self._outlet(outlet), *values]

        columns = ("year", "required", "measured", "within", "nearest", *VALUES)
        return self._listed("monitoring", self.say("monitoring.none"), table, columns, cells)

    def installations(self) -> Block:
        """What stands there and lets something out: since when, which pollutant is watched, and the permit's limit."""
        table = "enterprises/installations"

        def cells(row: Row) -> list[Any]:
            measured = figures.select(self.records(table), "permitted_limit", installation_id=row["installation_id"])
            name, unit = f"limit_{row['kind']}", CONCENTRATION[row["medium"]]
            limit = self.figure(name, measured, unit=unit, period=str(self.year))
            return [row["installation_id"], self._outlet(row), str(row["since_year"]), limit]

        columns = ("installation", "outlet", "since", "permitted_limit")
        return self._listed("installations", self.say("installations.none"), table, columns, cells)

    def _outlet(self, installation: Mapping[Any, Any]) -> str:
        pollutant = self._of_chapter(f"law.pollutant.{installation['pollutant']}")
        return self.word("outlet", kind=self.word(f"installation.{installation['kind']}"), pollutant=pollutant)

    def tax_band(self) -> Block:
        """The band in which its environmental protection tax lay, by year, where it is invented; never the amount."""
        if not self.records("market/payers").rows["status"].isin([DEMONSTRATION]).all():
            title, withheld = self.say("tax_band.title"), self.say("tax_band.withheld")
            return self.statement("tax_band", withheld, title=title, tables=[self.registered])

        def cells(row: Row) -> list[Any]:
            return [str(row["year"]), self._of_chapter(f"market.band.{row['band']}")]

        return self._listed("tax_band", self.say("tax_band.none"), "market/payers", ("year", "band"), cells)

    def _measurements(self, table: str, column: str, year: int, unit: str = "1") -> Figure:
        """What a *column* says of the measurements of a year: how many of one kind there were, or a value."""
        measured = figures.select(self.records(table), column, enterprise_id=self.enterprise_id, year=year)
        return self.figure(self.suffixed(column, year), measured, unit=unit, period=str(year))

    def _days(self, table: str, column: str) -> list[date]:
        """The days in a *column* of the records of a *table*, in their order."""
        return sorted(day.date() for day in self.records(table).rows[column])

    def _listed(
        self,
        name: str,
        none: list[Any],
        table: str,
        columns: Sequence[str],
        cells: Callable[[Row], list[Any]],
        *,
        notes: Sequence[list[Any]] = (),
        also: Sequence[PublishedTable] = (),
        rules: Sequence[Rule] = (),
    ) -> Block:
        """The records of a *table*, the newest first, or the words for that there are *none*."""
        title, records = self.say(f"{name}.title"), self.records(table)
        rows = [cells(row) for row in _newest_first(records.rows).to_dict("records")]
        if not rows:
            return self.statement(name, none, title=title, tables=[self.registered])
        numbers = {place for place, cell in enumerate(rows[0]) if isinstance(cell, Figure)}
        shown = [self.numbers(it) if place in numbers else self.words(it) for place, it in enumerate(columns)]
        content = TableContent(shown, rows, self.download(name))
        tables = [records, *also]
        return self.block("table", name, {"table": content}, title=title, notes=notes, tables=tables, rules=rules)


CONCENTRATION = {"air": "mg/m3", "water": "mg/L"}
VALUES = ("highest", "permitted_limit")
CHANGES = "enterprises/permit_changes"
ANNUAL = ("enterprises.disclosers", "enterprises.annual_deadline", "enterprises.complete")  # rules of yearly reports
YEARS = ("year", "since_year")
# By which of them a record without a year is filed, and those of a year are put in order.
DATES = ("decided_date", "issued_date", "received_date", "began_date", "sent_date", "date", "applied_date")


def _year_of(rows: pd.DataFrame) -> pd.Series:
    """The year each record is of: as it is written, or that of its day."""
    dated = next(name for name in (*YEARS, *DATES) if name in rows)
    years: pd.Series = rows[dated] if dated in YEARS else rows[dated].dt.year
    return years


def _newest_first(rows: pd.DataFrame) -> pd.DataFrame:
    """The records by their years and, within one, by their days, the newest first; the last written where they tie."""
    days = next((rows[name] for name in DATES if name in rows), pd.Series(pd.NaT, index=rows.index))
    order = pd.DataFrame({"year": _year_of(rows), "day": days})[::-1]
    order = order.sort_values(["year", "day"], ascending=False, kind="stable", na_position="first")
    newest: pd.DataFrame = rows.loc[order.index]
    return newest


def _day(day: Any) -> str:
    """A day as it is written; a dash where there is none."""
    return figures.NO_DATA if pd.isna(day) else f"{day:%Y-%m-%d}"
