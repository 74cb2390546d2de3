"""What is known of the enterprises that must disclose (item E3): rows, rules and figures of lists and reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd

from reportkit import figures
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY, Chapter, Disclosure
from reportkit.chapters.disclosers import DAYS, REASONS, disclosers, due_years, origin
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import memo
from reportkit.standards import enterprises as standards
from reportkit.standards import rules
from reportkit.status import DEMONSTRATION, OFFICIAL

NEW_LIST = 2023  # the year with which the classes of key units became others
DISCLOSERS = ("enterprise_id", "area_code", "year", *REASONS, "published_date", "state", "days_late", "is_complete")
TEMPORARY = ("enterprise_id", "area_code", "year", "occasion", "received_date", "deadline", "published_date", "state")
UNITS = ("enterprise_id", "area_code", "year", "kinds")
ORIGIN = ("status", "source_id")

STATE_WORDS = {state: f"enterprises.state.{state}" for state in standards.STATES}

# What a disclosure of an item must publish of a year.
WANTED = {
    "E1": ("monitoring_obliged", "monitoring_published", "monitoring_meets"),
    "E2": ("responsible_heads", "environmental_officers"),
    "E3": ("key_units", "disclosers", "disclosed_on_time"),
    "E4": ("front_runners",),
    "E5": ("recovery_electronics", "recovery_lead_acid", "recovery_traction"),
    "E6": ("permits_key", "permits_simplified", "permits_registered", "execution_reports"),
    "E7": ("eia_approved", "eia_registered", "eia_exempt", "eia_days"),
}

Row = dict[Any, Any]


class EnterprisesFigures(Chapter):
    """Who is on the list of key units, who had to disclose, and who did, in one area up to one year."""

    slug = "enterprises"
    order = 110
    items = tuple(WANTED)

    # --- rows ------------------------------------------------------------------------------------

    @memo
    def rows_of(self, name: str, *exact: str) -> PublishedTable:
        """The rows of a yearly table of this area up to the page's year; numbers named in *exact* as written."""
        whole = self.of_all_areas(name, *exact)
        return PublishedTable(whole.name, self.own(whole.rows))

    def of_all_areas(self, name: str, *exact: str) -> PublishedTable:
        """The same of all areas: a number of rows that may be none has the status of this table."""
        rows = self.shared_rows(f"enterprises/{name}", exact=exact, year={"to": str(self.year)})
        return PublishedTable(f"enterprises/{name}", rows)

    def own(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Those of *rows* that are of this area: tables are read whole, for each page compares all areas."""
        return rows[rows["area_code"].isin(self.codes)]

    def at(self, year: int, **where: Any) -> dict[str, Any]:
        """The condition that rows of a yearly table are of this area and a *year*."""
        return {"area_code": self.codes, "year": year, **where}

    def years_of(self, table: PublishedTable) -> list[int]:
        """The years that *table* has rows of."""
        return sorted({int(year) for year in table.rows["year"]})

    # --- the list of key units -------------------------------------------------------------------

    @property
    @memo
    def units(self) -> PublishedTable:
        """Each key unit of each year once, with the classes it is listed in."""
        listed = self.rows_of("key_units").rows
        rows = [
            {"enterprise_id": id_, "year": year, "kinds": ";".join(group["kind"]), **_kept(group, "area_code")}
            for (id_, year), group in listed.groupby(["enterprise_id", "year"], sort=True)
        ]
        found = pd.DataFrame(rows, columns=[*UNITS, *ORIGIN])
        return PublishedTable(self.table_name("units"), found, rules=self.rules_of("key_units"))

    @memo
    def is_published(self, year: int) -> bool:
        """Whether a year's list of this area was published: then nothing of it is counted in the table."""
        return any(self.official(name, year) for name in ("key_units", "key_unit_listings"))

    @property
    @memo
    def list_years(self) -> list[int]:
        """The years whose list was published or is in the table."""
        printed = self.published.where({"indicator": ["key_units", "key_unit_listings"]})
        years = {*printed["year"], *self.rows_of("key_units").rows["year"]}
        return sorted(int(year) for year in years if year <= self.year)

    def last_published(self) -> int | None:
        """The newest year, up to the page's, whose number of units was published."""
        return next((year for year in reversed(self.list_years) if self.official("key_units", year)), None)

    @memo
    def key_units(self, year: int) -> Figure:
        """How many units are on the list of a year, each counted once."""
        return self._listed("key_units", year, lambda: figures.count(self.units, year=year))

    @memo
    def listings(self, year: int) -> Figure:
        """How many listings the list of a year has: a unit counts in each of its classes."""
        of_year = self.at(year)
        return self._listed("key_unit_listings", year, lambda: figures.count(self.rows_of("key_units"), **of_year))

    @memo
    def listings_in(self, kind: str, year: int) -> Figure:
        """How many units one class of the list of a year has."""
        of_class = self.at(year, kind=kind)
        return self._listed(f"listings_{kind}", year, lambda: figures.count(self.rows_of("key_units"), **of_class))

    def _listed(self, name: str, year: int, count: Callable[[], Measured]) -> Figure:
        """As published of a year, or else counted where the year has rows and nothing of its list was published."""
        is_counted = not self.is_published(year) and year in self.years_of(self.rows_of("key_units"))
        measured = count() if is_counted else self.as_published(name, year)
        edition = date(year, 12, 31)
        known = rules.is_in_force("enterprises.key_units", edition)
        own = [rules.rule("enterprises.key_units", edition)] if known else []
        return self.of_year(name, figures.under(measured, *own), year)

    def listings_of_all(self) -> Figure:
        """How many listings of all areas the list of the year has, as far as its rows are known."""
        return self.of_year("listings_of_all", figures.count(self.of_all_areas("key_units"), year=self.year), self.year)

    def list_breaks(self) -> list[int]:
        """The years with which the list is another: new classes, and where published and invented lists meet."""
        invented = [(year, not self.is_published(year)) for year in self.list_years]
        met = {now for (_, before), (now, after) in pairwise(invented) if before != after}
        return sorted(year for year in self.list_years[1:] if year in met | {NEW_LIST})

    # --- who had to disclose ---------------------------------------------------------------------

    @property
    @memo
    def due_years(self) -> list[int]:
        """The years in whose March reports were due, as far as any report of the city is known."""
        return due_years(self.of_all_areas("disclosures").rows)

    @property
    @memo
    def disclosers(self) -> PublishedTable:
        """Each enterprise that had to report by the March of each year: why, and whether it did so in time."""
        given = (self._deciding, self.edition.enterprises, date(self.year, 12, 31))
        rows = disclosers(self.due_years, *given)
        found = pd.DataFrame(rows, columns=[*DISCLOSERS, *ORIGIN])
        found = found.astype({**dict.fromkeys((*REASONS, "is_complete"), bool), "days_late": "Int64"})
        found["published_date"] = pd.to_datetime(found["published_date"])
        families = ("disclosers", "annual_deadline", "complete")
        return PublishedTable(self.table_name("disclosers"), found, rules=self.rules_of(*families))

    def _deciding(self, table: str) -> pd.DataFrame:
        """The rows of the area, up to the page's year, of a *table* that decides who must disclose."""
        if table not in DAYS:
            return self.rows_of(table.removeprefix("enterprises/")).rows
        until: dict[str, Any] = {DAYS[table]: {"to": f"{self.year}-12-31"}}
        return self.own(self.shared_rows(table, **until))

    @memo
    def due(self, year: int) -> Figure:
        """How many enterprises had to report by the March of a year."""
        return self.of_year("disclosers", figures.count(self.disclosers, year=year), year)

    @memo
    def due_because(self, reason: str, year: int) -> Figure:
        """How many of them had to for one reason; some have several."""
        why: dict[str, Any] = {"year": year, reason: True}
        return self.of_year(f"disclosers_{reason}", figures.count(self.disclosers, **why), year)

    @memo
    def disclosed(self, state: str, year: int) -> Figure:
        """How many of them reported in time, late, or not at all."""
        return self.of_year(f"disclosed_{state}", figures.count(self.disclosers, year=year, state=state), year)

    @memo
    def on_time_share(self, year: int) -> Figure:
        """The share that reported in time, in percent."""
        measured = figures.share(self.disclosers, {"state": standards.ON_TIME}, {"year": year})
        return self.of_year("disclosed_on_time_share", measured, year, "%")

    @memo
    def complete(self, year: int) -> Figure:
        """How many reported all that they were asked for."""
        return self.of_year("disclosed_complete", figures.count(self.disclosers, year=year, is_complete=True), year)

    @memo
    def complete_share(self, year: int) -> Figure:
        """The share of those that had to report whose report has all that is asked for, in percent."""
        measured = figures.share(self.disclosers, {"is_complete": True}, {"year": year})
        return self.of_year("disclosed_complete_share", measured, year, "%")

    @memo
    def content_share(self, group: str, year: int) -> Figure:
        """The share of the reports that have one group of contents, of those that are asked for it, in percent."""
        asked = self.at(year, **{f"has_{group}": [True, False]})
        measured = figures.share(self.rows_of("disclosures"), {f"has_{group}": True}, asked)
        return self.of_year(f"content_{group}", measured, year, "%")

    def state_of(self, enterprise_id: str) -> Figure:
        """Whether one enterprise reported in time this year."""
        measured = figures.select(self.disclosers, "state", enterprise_id=enterprise_id, year=self.year)
        return self.figure(f"state_{enterprise_id}", measured, unit="", words=STATE_WORDS)

    def days_late(self, enterprise_id: str) -> Figure:
        """By how many days its report was late."""
        measured = figures.select(self.disclosers, "days_late", enterprise_id=enterprise_id, year=self.year)
        return self.figure(f"days_late_{enterprise_id}", measured, unit="day")

    # --- temporary reports -----------------------------------------------------------------------

    @property
    @memo
    def temporary(self) -> PublishedTable:
        """Each document that those who had to report in its year were to tell of, and whether they did in time."""
        until = {"from": f"{standards.IN_FORCE}", "to": f"{self.year}-12-31"}
        given = self.own(self.shared_rows("enterprises/temporary_reports", received_date=until))
        obliged = set(zip(self.disclosers.rows["enterprise_id"], self.disclosers.rows["year"], strict=True))
        rows = [self._temporary(row) for row in given.to_dict("records")]
        rows = [row for row in rows if (row["enterprise_id"], row["year"]) in obliged]
        found = pd.DataFrame(rows, columns=[*TEMPORARY, *ORIGIN])
        for column in ("received_date", "deadline", "published_date"):
            found[column] = pd.to_datetime(found[column])
        return PublishedTable(
            self.table_name("temporary"), found, rules=self.rules_of("disclosers", "temporary_deadline")
        )

    def _temporary(self, row: Row) -> Row:
        received = row["received_date"].date()
        told = row["published_date"]
        published: date | None = None if pd.isna(told) else told.date()
        deadline = standards.temporary_deadline(received)
        return {
            **{name: row[name] for name in ("enterprise_id", "area_code", "occasion", *ORIGIN)},
            "year": received.year,
            "received_date": received,
            "deadline": deadline,
            "published_date": published,
            "state": standards.state(published, deadline, date(self.year, 12, 31)),
        }

    @memo
    def documents(self, year: int, **where: Any) -> Figure:
        """How many documents of a year had to be told of, or of these one occasion's, or one state's."""
        name = "_".join(("documents", *where.values()))
        return self.of_year(name, figures.count(self.temporary, year=year, **where), year)

    @memo
    def documents_on_time(self, year: int) -> Figure:
        """The share that was told of in time, of those whose deadline has passed, in percent."""
        passed = [state for state in standards.STATES if state != standards.OPEN]
        whole = {"year": year, "state": passed}
        measured = figures.share(self.temporary, {"state": standards.ON_TIME}, whole)
        return self.of_year("documents_on_time", measured, year, "%")

    # --- disclosure ------------------------------------------------------------------------------

    def printed(self, year: int | None = None) -> pd.DataFrame:
        """What was published of a year, or up to the page's; demonstration does not count."""
        rows = self.published.rows[self.published.rows["status"] != DEMONSTRATION]
        return rows[rows["year"] <= self.year] if year is None else rows[rows["year"] == year]

    def disclosure(self, item: str) -> Disclosure:
        """An item is disclosed when all it must tell of the year is published, partly when some of it is."""
        wanted = list(WANTED[item])
        rows = self.printed()
        rows = rows[(rows["item_id"] == item) & rows["indicator"].isin(wanted)]
        own = rows[rows["year"] == self.year]
        if own.empty:
            return Disclosure(item, NOT_DISCLOSED, self.first_year(rows))
        official = set(own.loc[own["status"] == OFFICIAL, "indicator"])
        state = DISCLOSED if official >= set(wanted) else PARTLY
        return Disclosure(item, state, self.first_year(rows))


def _kept(group: pd.DataFrame, *columns: str) -> Row:
    """What all rows of a *group* share, and where they come from."""
    return {**{name: group[name].iloc[0] for name in columns}, **origin(group.to_dict("records"))}
