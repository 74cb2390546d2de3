"""Law enforcement (item L2): penalties, how long they took, what was recorded, measures, transfers, service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import permutations
from typing import Any

from reportkit import charts
from reportkit.blocks import Block, TableContent
from reportkit.chapters import common, only_with, spliced
from reportkit.chapters.law_figures import AUTHORITIES, COMPARED, KINDS, MEASURES, RECEIVERS, VIOLATIONS, LawFigures
from reportkit.chapters.law_tables import earliest
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import law

COLOURS = dict(zip(VIOLATIONS, charts.PALETTE, strict=True))
IN_TIME = {law.DECISION: "decided_in_time_share", law.PUBLICATION: "published_in_time_share"}
SYSTEMS = ("published_share", "recorded_share", "reviewed_share")
LATEST = 10
SERVICE = ("positive_list", "offsite_checks", "exempted", "visits")
REASONS = ("detention", "crime", "lead", "execution")  # why the bureau hands a case on
ANSWERS = ("prosecution", "charge", "no_prosecution", "suggestion")  # why the other three do


class LawCases(LawFigures):
    """The cases of one area in one year, with the years before it beside it."""

    @only_with("has_cases")
    def penalties_by_violation(self) -> Block:
        """Penalties by what they were for, over the years."""
        years = [year for year in self.last_years if self.penalties(year).value is not None]
        if not any(self.penalties(year).value for year in years):
            return self._no_penalties("penalties", self.say("penalties.title"))
        names = {violation: self.word(f"violation.{violation}") for violation in VIOLATIONS}
        parts = [
            {"bar": str(year), "part": names[violation], "position": place, "value": float(str(count.value))}
            for year in years
            for place, violation in enumerate(VIOLATIONS)
            if (count := self.penalties(year, violation)).value
        ]
        counts = {year: self.penalties(year) for year in years}
        ends = {str(year): str(count.value) for year, count in counts.items()}
        totals = [{"bar": year, "total": count, "end": float(count)} for year, count in ends.items()]
        columns = [self.words("year"), self.numbers("penalties"), self.numbers("fines")]
        columns += [self.numbers(violation, names[violation]) for violation in VIOLATIONS]
        rows = [
            [str(year), counts[year], self.fines(year), *(self.penalties(year, violation) for violation in VIOLATIONS)]
            for year in years
        ]
        listed = [
            self.say("part", name=names[violation], amount=self.penalties(self.year, violation))
            for violation in VIOLATIONS
            if self.penalties(self.year, violation).value
        ]
        said = {"count": self.penalties(self.year), "fines": self.fines(self.year)}
        return self.chart(
            "penalties",
            charts.stacked_bars,
            parts,
            totals,
            {names[violation]: colour for violation, colour in COLOURS.items()},
            {"axis": self.word("axis.penalties"), "step": "1"},
            alternative=self.say("penalties.alternative", parts=spliced(listed, self.separator), **said)
            if listed
            else self.say("penalties.alternative_none"),
            table=TableContent(columns, rows, self.download("penalties"), marked=_place(years, self.year)),
            title=self.say("penalties.title"),
            notes=[self.say("penalties.note")],
            item="L2",
            tables=self.made_here(self.cases),
        )

    def _no_penalties(self, name: str, title: list[Any]) -> Block:
        """That there were no penalties: a number too, which may be invented."""
        return self.statement(name, self.say(f"{name}.none"), title=title, item="L2", also=[self.penalties(self.year)])

    @only_with("has_cases")
    def fines_and_law(self) -> Block:
        """What each violation was fined this year, beside what the law allows."""
        day = date(self.year, 12, 31)
        title = self.say("fines.title")
        found = self.cases.where({"area_code": self.codes, "year": self.year})
        pairs = {(row["violation"], row["basis"]) for row in found.to_dict("records")}
        fined = sorted(pairs, key=lambda pair: (VIOLATIONS.index(pair[0]), str(pair[1])))
        if not fined:
            return self._no_penalties("fines", title)
        rows = [
            [
                self.word(f"violation.{violation}"),
                law.provision(violation, basis, day, self.language) or NO_DATA,
                *(self.bound(violation, basis, column, day) for column in ("least_yuan", "most_yuan")),
                self.fined_under(violation, basis),
                *(self.in_range(violation, basis, name) for name in ("fine_within", "fine_outside")),
            ]
            for violation, basis in fined
        ]
        columns = [self.words("violation"), self.words("provision")]
        columns += [self.numbers(name) for name in ("least", "most", "fines", "fine_within", "fine_outside")]
        return self.block(
            "table",
            "fines",
            {"table": TableContent(columns, rows, self.download("fines"))},
            title=title,
            notes=[self.say("fines.note")],
            item="L2",
        )

    @only_with("has_cases")
    def penalty_kinds(self) -> Block:
        """How many decisions impose each kind of penalty, and the amounts, over the years."""
        columns: dict[str, Callable[[int], Figure]] = {
            "penalties": self.penalties,
            **{f"kind_{kind}": partial(self.with_kind, kind) for kind in KINDS},
            "fines": self.fines,
            "confiscated": self.confiscated,
        }
        return common.by_year(
            self,
            "penalty_kinds",
            columns,
            self.last_years,
            notes=[self.say("penalty_kinds.note")],
            item="L2",
            tables=self.made_here(self.kinds),
        )

    def procedure(self) -> Block:
        """How long cases took, and how many were published, recorded and reviewed, over the years."""
        lines: dict[str, Callable[[int], Figure]] = {
            "average_days": self.average_days,
            "slowest": lambda year: self.slowest(law.DECISION, year),
            **{name: self._share(name) for name in SYSTEMS},
        }
        limits = {"slowest": self.deadline(law.DECISION)} if self.verdict(law.DECISION) else {}
        notes = [*self._deadline_notes(), self.say("procedure.note")]
        return common.over_years(self, "procedure", lines, self.last_years, limits=limits, notes=notes, item="L2")

    def _share(self, name: str) -> Callable[[int], Figure]:
        return lambda year: self.share(name, year)

    def _deadline_notes(self) -> list[list[Any]]:
        """Whether the year's decisions, and their publication, kept their deadlines."""
        notes = []
        for duty, share in IN_TIME.items():
            if verdict := self.verdict(duty):
                said = {"slowest": self.slowest(duty, self.year), "limit": self.deadline(duty)}
                share_kept = self.share(share, self.year)
                notes.append(self.say(f"procedure.{duty}", verdict=verdict, share=share_kept, **said))
        late, never = self.with_publication(law.LATE), self.with_publication(law.UNPUBLISHED)
        if self.has_cases and (late.value or never.value):
            notes.append(self.say("procedure.late", late=late, never=never))
        return notes

    @only_with("has_cases")
    def latest_cases(self) -> Block:
        """The latest decisions: who, for what, how much, and how long it took."""
        rows = self.cases.where({"area_code": self.codes, "year": self.year})
        rows = rows.sort_values(["decided_date", "number"], ascending=False)
        title = self.say("latest.title")
        if rows.empty:
            return self._no_penalties("latest", title)
        table = [
            [
                row["number"],
                self.enterprise(row["enterprise_id"]),
                self.word(f"violation.{row['violation']}"),
                row[f"facts_{self.language}"],
                law.provision(row["violation"], row["basis"], row["decided_date"].date(), self.language) or NO_DATA,
                self.joined([self.word(f"penalty_kind.{kind}") for kind in row["kinds"].split(";")]),
                self.of_case(row["number"], "fine_yuan", "yuan"),
                row[f"authority_{self.language}"],
                f"{row['decided_date']:%Y-%m-%d}",
                self.of_case(row["number"], "days", "day"),
                self.of_case(row["number"], "publication", ""),
                f"{row['corrected_date']:%Y-%m-%d}" if not self._is_open(row) else self.word("latest.open"),
            ]
            for row in rows.head(LATEST).to_dict("records")
        ]
        columns = [self.words("number"), self.words("enterprise"), self.words("violation")]
        columns += [self.words("facts"), self.words("provision"), self.words("kinds"), self.numbers("fine")]
        columns += [self.words("authority"), self.words("decided"), self.numbers("days")]
        columns += [self.words("publication"), self.words("corrected")]
        return self.block(
            "table",
            "latest",
            {"table": TableContent(columns, table, self.download("latest"))},
            title=title,
            notes=[self.say("latest.note", shown=str(len(table)), count=self.penalties(self.year))],
            item="L2",
            tables=self.made_here(self.cases),
        )

    def _is_open(self, row: Mapping[Any, Any]) -> bool:
        """Whether nothing had been put right by the end of the year."""
        return self._come(row["corrected_date"]) is None

    @only_with("has_cases")
    def withdrawals(self) -> Block:
        """The decisions that were withdrawn this year: why, and how soon."""
        count, title, tables = self.withdrawn(), self.say("withdrawals.title"), self.made_here(self.withdrawn_rows)
        if not count.value:
            none = self.say("no_values") if count.value is None else self.say("withdrawals.none", count=count)
            return self.statement("withdrawals", none, title=title, item="L2", tables=tables)
        rows = self.withdrawn_rows.where({"area_code": self.codes, "year": self.year})
        table = [
            [
                row["number"],
                self.word(f"ground.{row['ground']}"),
                row[f"reason_{self.language}"],
                *(f"{row[name]:%Y-%m-%d}" for name in ("ended_date", "withdrawn_date")),
                self.of_withdrawal(row["number"], "working_days", "day"),
                self.of_withdrawal(row["number"], "withdrawal", ""),
            ]
            for row in rows.sort_values("withdrawn_date", ascending=False).to_dict("records")
        ]
        columns = [self.words(name) for name in ("number", "ground", "reason", "ended", "withdrawn")]
        columns += [self.numbers("working_days"), self.words("withdrawal")]
        said = {"kept": self.withdrawn(law.IN_TIME), "limit": self.deadline(law.WITHDRAWAL)}
        return self.block(
            "table",
            "withdrawals",
            {"table": TableContent(columns, table, self.download("withdrawn"))},
            title=title,
            notes=[self.say("withdrawals.counted", count=count, **said), self.say("withdrawals.note")],
            item="L2",
            tables=tables,
        )

    @only_with("has_cases")
    def measures_and_transfers(self) -> Block:
        """Coercive and other measures, and cases handed on to police, procuratorate and court, over the years."""
        columns = {
            **{kind: self._measure(kind) for kind in MEASURES},
            "daily_amount": self.daily_amount,
            **{f"sent_{receiver}": self._sent(receiver) for receiver in RECEIVERS},
        }
        sent = [self.say("part", name=self.word(f"reason.{name}"), amount=self.sent_for(name)) for name in REASONS]
        notes = [self.say("measures.sent", parts=spliced(sent, self.separator)), self.say("measures.note")]
        return common.by_year(
            self,
            "measures",
            columns,
            self.last_years,
            notes=notes,
            item="L2",
            tables=self.made_here(self.measures),
        )

    @only_with("has_cases")
    def transfers_between(self) -> Block:
        """Who of bureau, police, procuratorate and court handed how many cases to whom, and how many were accepted."""
        this_year, accepted = {"year": self.year}, {"is_accepted": True}
        pairs = [pair for pair in permutations(AUTHORITIES, 2) if self.handed(*pair).value]
        if not pairs:
            title, count = self.say("transfers_between.title"), self.handed_so_far()
            none = self.say("no_values") if count.value is None else self.say("transfers_between.none", count=count)
            return self.statement(
                "transfers_between", none, title=title, item="L2", tables=self.made_here(self.transfers)
            )
        table = [
            [
                *(self.word(f"authority.{one}") for one in (sender, receiver)),
                self.handed(sender, receiver, **this_year),
                self.handed(sender, receiver, **this_year, **accepted),
                self.handed(sender, receiver),
                self.handed(sender, receiver, **accepted),
            ]
            for sender, receiver in pairs
        ]
        columns = [self.words("sender"), self.words("receiver")]
        columns += [self.numbers(name) for name in ("handed", "accepted", "handed_so_far", "accepted_so_far")]
        reasons = [self.say("part", name=self.word(f"reason.{name}"), amount=self.sent_for(name)) for name in ANSWERS]
        notes = [
            self.say("transfers_between.others", parts=spliced(reasons, self.separator)),
            self.say("transfers_between.convicted", count=self.convicted()),
            self.say("transfers_between.note", since=earliest(self.transfers)),
        ]
        return self.block(
            "table",
            "transfers_between",
            {"table": TableContent(columns, table, self.download("transfers_between"))},
            title=self.say("transfers_between.title"),
            notes=notes,
            item="L2",
            tables=self.made_here(self.transfers),
        )

    def _measure(self, kind: str) -> Callable[[int], Figure]:
        return lambda year: self.taken(kind, year)

    def _sent(self, receiver: str) -> Callable[[int], Figure]:
        return lambda year: self.sent(receiver, year)

    def service(self) -> Block:
        """Enterprises on the positive list, and what was done for others, year by year."""
        columns = {name: self._yearly(name) for name in SERVICE}
        return common.by_year(self, "service", columns, self.last_years, notes=[self.say("service.note")], item="L2")

    def _yearly(self, name: str) -> Callable[[int], Figure]:
        return lambda year: self.yearly(name, year)

    def districts(self) -> Block:
        """The penalties of the districts, with other columns beside them."""
        compared = self.compared()
        others = {name: compared[name].get for name in COMPARED}
        notes = [self.say("districts.note")]
        return common.by_district(self, "districts", compared["districts"], others=others, notes=notes, item="L2")


def _place(years: Sequence[int], year: int) -> int | None:
    """Where the page's own year stands among *years*."""
    return years.index(year) if year in years else None
