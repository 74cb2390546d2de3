"""What is measured about public action (items P1 to P4): rows, rules and figures; ``participation.py`` shows them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from operator import methodcaller
from typing import Any

from reportkit import figures
from reportkit.chapters import Chapter, of_standard, once_for_all
from reportkit.chapters.law import Law
from reportkit.figures import Figure, PublishedTable
from reportkit.memo import memo
from reportkit.standards import participation, targets
from reportkit.standards.rules import Row, Rule

# What public bodies use: the column, what it is divided by, the decimals, the unit.
MEASURES = {
    "energy_per_head": ("energy_kgce", "staff", 1, "kgce/person"),
    "energy_per_area": ("energy_kgce", "floor_m2", 2, "kgce/m2"),
    "power_per_head": ("power_kwh", "staff", 1, "kWh/person"),
    "power_per_area": ("power_kwh", "floor_m2", 2, "kWh/m2"),
    "water_per_head": ("water_m3", "staff", 2, "m3/person"),
    "water_per_area": ("water_m3", "floor_m2", 3, "m3/m2"),
}
EXACT = 6  # decimals of use from which a change is computed: those printed would move it by tenths of a percent
POWER = ("power_per_head", "power_per_area")  # held against the cuts of all energy
UNITS = {
    **{"energy_kgce": "kgce", "power_kwh": "kWh", "water_m3": "m3", "floor_m2": "m2"},
    **{"purchases_10k_yuan": "10k yuan", "green_10k_yuan": "10k yuan"},
}

ALL = "all"
CHANNELS = ("phone", "online", "letters", "inspection")
TYPES = ("noise", "air", "water", "waste", "radiation", "other")
ACTIVITIES = ("events", "participants", "bases", "open_works", "visitors")
JOINED = ("groups", "volunteers")  # organisations for the environment, and its volunteers

# What a disclosure of an item must publish of a year.
WANTED = {
    "P1": ("power_per_head", "power_per_area", "water_per_head", "green_purchases_share"),
    "P2": ("communities", "green_communities"),
    "P3": ("complaints", *(f"type_{type_}" for type_ in TYPES), "days", "satisfied_share", "repeated_share"),
    "P4": (*JOINED, "events", "bases"),
}

WORDS = {
    word: f"participation.verdict.{word}"
    for word in (*targets.VERDICTS, participation.ALL_IN_TIME, participation.SOME_LATE)
}


class ParticipationFigures(Chapter):
    """Every figure about public bodies, communities, complaints and education of one area in one year.

    The city's complaints are rows of its own: small counts of districts are in them. All else is added up.
    """

    slug = "participation"
    order = 160
    items = ("P1", "P2", "P3", "P4")
    wanted = WANTED

    # --- rows ------------------------------------------------------------------------------------

    @property
    def as_of(self) -> date:
        """The day whose rules are asked for: the last of the year."""
        return date(self.year, 12, 31)

    @property
    @memo
    def bodies(self) -> PublishedTable:
        """What public bodies used and bought, by district and year."""
        columns = ("staff", "floor_m2", "energy_kgce", "power_kwh", "water_m3", "purchases_10k_yuan", "green_10k_yuan")
        return self._rows("public_bodies", self.codes, columns)

    @property
    @memo
    def communities(self) -> PublishedTable:
        """Communities, and those that meet the standard, by district and year."""
        return self._rows("communities", self.codes, ("communities", "green"))

    @property
    @memo
    def activities(self) -> PublishedTable:
        """Events, bases of education, open works, organisations and volunteers, by district and year."""
        return self._rows("activities", self.codes, (*ACTIVITIES, *JOINED))

    @property
    @memo
    def complaints(self) -> PublishedTable:
        """The area's own complaints by breakdown and group, small counts left out."""
        return self._rows("complaints", [self.area.code], ("count",), *self.rules_of("small_counts"))

    @property
    @memo
    def crossed(self) -> PublishedTable:
        """The area's own complaints by channel and type at once, small counts left out."""
        return self._rows("complaints_crossed", [self.area.code], ("count",), *self.rules_of("small_counts", "types"))

    @property
    @memo
    def handling(self) -> PublishedTable:
        """How long the area's own complaints took."""
        return self._rows("handling", [self.area.code], ("days_total", "days_longest"))

    def _rows(self, name: str, codes: list[str], exact: tuple[str, ...], *of: Rule) -> PublishedTable:
        table = f"{self.slug}/{name}"
        rows = self.reader.rows(table, exact=exact, area_code=codes, year={"to": str(self.year)})
        return PublishedTable(table, rows, rules=of)

    @property
    @memo
    def people_rows(self) -> PublishedTable:
        """Residents by year, of the chapter on climate."""
        return PublishedTable(
            "climate/output", self.reader.rows("climate/output", exact=("people_10k",), area_code=self.area.code)
        )

    @property
    @memo
    def has_values(self) -> bool:
        """Whether anything of the year is known."""
        tables = (self.bodies, self.communities, self.activities, self.complaints)
        return any((table.rows["year"] == self.year).any() for table in tables)

    def _share(self, name: str, part: Figure, whole: Figure, year: int) -> Figure:
        """*part* in percent of *whole*: as published, or else computed; no value where either has none."""
        measured = self.official(name, str(year)) or figures.quotient(part, whole, 1, factor=100)
        return self.of_year(name, measured, year, "%")

    def limit(self, name: str) -> Figure:
        """The limit *name* in force at the end of the year."""
        row = participation.limit(name, self.as_of)
        where = {"limit": name, "valid_from": row["valid_from"] if row else ""}
        measured = figures.select(of_standard(participation.LIMITS, "value"), "value", **where)
        return self.figure(f"limit_{name}", measured, unit=row["unit"] if row else "1")

    # --- public bodies ---------------------------------------------------------------------------

    @memo
    def amount(self, column: str, year: int) -> Figure:
        """What public bodies used or bought in a year, how many work there, or their floor area."""
        measured = figures.total(self.bodies, column, 0, area_code=self.codes, year=year)
        return self.of_year(f"bodies_{column}", measured, year, UNITS.get(column, "1"))

    @memo
    def use(self, measure: str, year: int) -> Figure:
        """Energy, power or water of public bodies by head or floor area in a year."""
        column, per, places, unit = MEASURES[measure]
        computed = figures.quotient(self.amount(column, year), self.amount(per, year), places)
        return self.of_year(measure, self.official(measure, str(year)) or computed, year, unit)

    def _exact(self, measure: str, year: int) -> Figure:
        """The same as a change is computed from: as published, or with more decimals than are printed."""
        if self.official(measure, str(year)):
            return self.use(measure, year)
        column, per, _, unit = MEASURES[measure]
        computed = figures.quotient(self.amount(column, year), self.amount(per, year), EXACT)
        return self.of_year(f"{measure}_exact", computed, year, unit)

    @property
    def base_year(self) -> int | None:
        """The year that later ones are held against; none where no cut is set."""
        asked = participation.cut(next(iter(MEASURES)), self.as_of)
        return int(asked[0]["year"]) if asked else None

    @memo
    def change(self, measure: str, year: int) -> Figure | None:
        """By how much a measure has changed since the base year, in percent; nothing without a base year."""
        if self.base_year is None:
            return None
        measured = figures.change(self._exact(measure, year), self._exact(measure, self.base_year), 2)
        return self.of_year(f"{measure}_change", measured, year, "%")

    @memo
    def asked(self, measure: str) -> tuple[Figure, Figure] | None:
        """Nought of the base year and the change asked for by the target year; nothing where none is asked for."""
        rows = participation.cut(measure, self.as_of)
        if rows is None:
            return None
        start, goal = (self._asked(measure, row) for row in rows)
        return start, goal

    def _asked(self, measure: str, row: Row) -> Figure:
        year = int(row["year"])
        where = {"measure": measure, "year": row["year"], "valid_from": row["valid_from"]}
        measured = figures.select(of_standard(participation.CUTS, "change_pct"), "change_pct", **where)
        return self.figure(f"{measure}_asked_{year}", measured, unit="%", period=str(year))

    def on_path(self, measure: str) -> Figure | None:
        """The change that the straight line to the target asks for this year."""
        asked = self.asked(measure)
        if asked is None:
            return None
        measured = figures.under(figures.interpolate(*asked, self.year, 1), *self.rules_of(_rule(measure)))
        return self.of_year(f"{measure}_path", measured, self.year, "%")

    def of_path(self, measure: str) -> Figure | None:
        """The change so far in percent of what the straight line asks for."""
        change, path = self.change(measure, self.year), self.on_path(measure)
        if change is None or path is None:
            return None
        return self.of_year(f"{measure}_of_path", figures.quotient(change, path, 1, factor=100), self.year, "%")

    @memo
    def standing(self, measure: str) -> Figure | None:
        """Where a measure stands against its target; nothing without a target or a value."""
        asked, change = self.asked(measure), self.change(measure, self.year)
        if asked is None or change is None or change.value is None:
            return None
        start, goal = asked
        word = targets.verdict(
            targets.Target(int(goal.period), Decimal(str(goal.value)), targets.AT_MOST),
            targets.Point(self.year, Decimal(change.value)),
            targets.Point(int(start.period), Decimal(str(start.value))),
            self.year,
        )
        (rule,) = self.rules_of(_rule(measure))
        measured = figures.classify([change, start, goal], word, rule, at=self.year)
        return self.figure(f"{measure}_standing", measured, unit="", words=WORDS)

    @memo
    def green_purchases(self, year: int) -> Figure:
        """The share of green products in what public bodies bought of kinds that can be green."""
        green, all_ = (self.amount(column, year) for column in ("green_10k_yuan", "purchases_10k_yuan"))
        return self._share("green_purchases_share", green, all_, year)

    # --- communities -----------------------------------------------------------------------------

    @memo
    def community_count(self, column: str, year: int) -> Figure:
        """The communities at the end of a year, or those that meet the standard: as published, or else added up."""
        name = {"communities": "communities", "green": "green_communities"}[column]
        computed = figures.total(self.communities, column, 0, area_code=self.codes, year=year)
        return self.of_year(name, self.official(name, str(year)) or computed, year)

    @memo
    def green_share(self, year: int) -> Figure:
        """The share of communities that meet the standard."""
        green, all_ = (self.community_count(column, year) for column in ("green", "communities"))
        return self._share("green_communities_share", green, all_, year)

    @property
    def green_due(self) -> int | None:
        """The year by which so many communities were to be green; none where no share was aimed at."""
        row = participation.limit(participation.GREEN, self.as_of)
        return int(row["due_year"]) if row else None

    @memo
    def green_standing(self) -> Figure | None:
        """Whether as many communities meet the standard as were to; nothing without a value or a limit.

        From the year of the target on, the end of that year alone decides.
        """
        limit, due = self.limit(participation.GREEN), self.green_due
        share = self.green_share(min(self.year, due or self.year))
        if share.value is None or limit.value is None or due is None:
            return None
        year = int(share.period)
        word = participation.green(Decimal(share.value), Decimal(limit.value), due, year)
        (rule,) = self.rules_of("communities")
        measured = figures.classify([share, limit], word, rule, at=year)
        return self.figure("green_standing", measured, unit="", words=WORDS, period=share.period)

    # --- complaints ------------------------------------------------------------------------------

    @memo
    def cases(self, year: int) -> Figure:
        """How many complaints there were in a year: as published, or else as the table has it."""
        where = {"area_code": self.area.code, "year": year, "breakdown": "channel", "group": ALL}
        measured = self.official("complaints", str(year)) or figures.select(self.complaints, "count", **where)
        return self.of_year("complaints", measured, year, "case")

    @memo
    def tally(self, breakdown: str, group: str, year: int) -> Figure:
        """How many complaints of a year are of a group; no value where that is left out."""
        where = {"area_code": self.area.code, "year": year, "breakdown": breakdown, "group": group}
        name = f"{breakdown}_{group}"
        measured = self.official(name, str(year)) or figures.select(self.complaints, "count", **where)
        families = ("types",) if breakdown == "type" else ()
        return self.of_year(name, figures.under(measured, *self.rules_of(*families)), year, "case")

    def is_left_out(self, breakdown: str, group: str, year: int) -> bool:
        """Whether a count is known and not published."""
        where = {"year": year, "breakdown": breakdown, "group": group, "is_suppressed": True}
        return self.tally(breakdown, group, year).value is None and not self.complaints.where(where).empty

    def left_out_count(self) -> Figure:
        """How many counts of the year are not published: of groups, and in the city of channels and types at once."""
        groups = self._left_out("left_out_groups", self.complaints, "group")
        if not self.area.is_city:
            return groups
        measured = figures.added([groups, self._left_out("left_out_crossed", self.crossed, "type")], 0)
        return self.of_year("left_out", measured, self.year)

    def _left_out(self, name: str, table: PublishedTable, column: str) -> Figure:
        """How many counts of the year in one *table* are not published."""
        own = {"area_code": self.area.code, "year": self.year}
        return self.of_year(name, figures.count(table, column, **own, is_suppressed=True), self.year)

    @memo
    def share(self, breakdown: str, group: str, year: int) -> Figure:
        """The share of a group in the complaints of a year, of opinions in those that were rated."""
        whole = self.tally(breakdown, ALL, year) if breakdown == "opinion" else self.cases(year)
        name = f"{group}_share" if breakdown in ("opinion", "repeat") else f"{breakdown}_{group}_share"
        return self._share(name, self.tally(breakdown, group, year), whole, year)

    @memo
    def people(self, year: int) -> Figure:
        """The residents of a year, as the chapter on climate has them."""
        measured = figures.select(self.people_rows, "people_10k", area_code=self.area.code, year=year)
        return self.of_year("people", measured, year, "10k persons")

    @memo
    def per_10k(self, year: int) -> Figure:
        """Complaints for 10,000 residents."""
        measured = figures.quotient(self.cases(year), self.people(year), 1)
        return self.of_year("complaints_per_10k", measured, year, "case/10k persons")

    @memo
    def days(self, year: int) -> Figure:
        """The days until a complaint was closed, on average."""
        where = {"area_code": self.area.code, "year": year}
        together = self.of_year("days_total", figures.total(self.handling, "days_total", 0, **where), year, "day")
        measured = self.official("days", str(year)) or figures.quotient(together, self.cases(year), 1)
        return self.of_year("days", measured, year, "day")

    @memo
    def longest(self, year: int) -> Figure:
        """The days that the slowest complaint of a year took."""
        measured = figures.maximum(self.handling, "days_longest", area_code=self.area.code, year=year)
        return self.of_year("days_longest", measured, year, "day")

    @memo
    def closing(self) -> Figure | None:
        """Whether the slowest complaint of the year was closed in time; nothing without a value or a limit."""
        longest, days = self.longest(self.year), self.limit(participation.CLOSING)
        if longest.value is None or days.value is None:
            return None
        word = participation.closing(Decimal(longest.value), Decimal(days.value))
        (rule,) = self.rules_of("closing")
        return self.figure("closing", figures.classify([longest, days], word, rule), unit="", words=WORDS)

    @memo
    def both(self, channel: str, type_: str) -> Figure:
        """How many complaints of the year came by a channel and are about a type; ``all``: mentions of all types."""
        where = {"area_code": self.area.code, "year": self.year, "channel": channel, "type": type_}
        measured = figures.select(self.crossed, "count", **where)
        return self.of_year(f"crossed_{channel}_{type_}", measured, self.year, "case")

    @memo
    def both_share(self, channel: str, type_: str) -> Figure:
        """The share of a type in all that the complaints of a channel are about."""
        measured = figures.quotient(self.both(channel, type_), self.both(channel, ALL), 1, factor=100)
        return self.of_year(f"crossed_{channel}_{type_}_share", measured, self.year, "%")

    # --- education -------------------------------------------------------------------------------

    @memo
    def activity(self, column: str, year: int) -> Figure:
        """What was counted of events, open works and who joined in a year: as published, or else added up."""
        computed = figures.total(self.activities, column, 0, area_code=self.codes, year=year)
        return self.of_year(column, self.official(column, str(year)) or computed, year)

    def participants_per_10k(self, year: int) -> Figure:
        """Participants of events for 10,000 residents."""
        measured = figures.quotient(self.activity("participants", year), self.people(year), 1)
        return self.of_year("participants_per_10k", measured, year)

    def of_suits(self, column: str, year: int) -> Figure:
        """Organisations that may sue in the public interest, or volunteers for suits: those of the chapter on law."""
        law: Law = self.edition.chapter(Law, self.area)
        return law.yearly(column, year)

    # --- districts -------------------------------------------------------------------------------

    @once_for_all
    def compared(self) -> dict[str, dict[str, Figure]]:
        """What is set side by side of each area: by column, by the area's slug."""
        of_year = (
            *("per_10k", "cases", "days", "longest", "green_purchases", "green_share"),
            "participants_per_10k",
        )
        return self.of_all(
            {
                **{name: methodcaller(name, self.year) for name in of_year},
                **{measure: methodcaller("use", measure, self.year) for measure in MEASURES},
                **{f"{measure}_standing": methodcaller("standing", measure) for measure in MEASURES},
                "satisfied_share": methodcaller("share", "opinion", "satisfied", self.year),
                "repeated_share": methodcaller("share", "repeat", "repeated", self.year),
                "communities": methodcaller("community_count", "communities", self.year),
                "green": methodcaller("community_count", "green", self.year),
                "green_standing": methodcaller("green_standing"),
                **{column: methodcaller("activity", column, self.year) for column in (*ACTIVITIES, *JOINED)},
            }
        )

    # --- published -------------------------------------------------------------------------------

    def printed(self, row: Any) -> Figure:
        """A row of what was published, as a figure."""
        name = f"published_{row['indicator']}_{row['period']}".replace("-", "_").replace("/", "_")
        measured = self.as_published(row["indicator"], row["period"])
        return self.figure(name, measured, unit=row["unit"], period=row["period"])


def _rule(measure: str) -> str:
    """The family of rules by which a measure is held against its target."""
    return "power_target" if measure in POWER else "target"
