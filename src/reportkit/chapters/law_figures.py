"""What is measured about laws, cases and plans (items L1 to L6): the figures; ``law.py`` shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from operator import methodcaller
from typing import Any

from reportkit import figures
from reportkit.chapters import NOT_DISCLOSED, PARTLY, Disclosure, of_standard, once_for_all
from reportkit.chapters.law_tables import COMPENSATION, DAILY, LawTables
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import memo
from reportkit.standards import law
from reportkit.status import DEMONSTRATION

VIOLATIONS = ("over_standard", "hazardous_waste", "facilities_idle", "without_permit", "no_disclosure", "ledger")
KINDS = ("warning", "fine", "confiscate", "suspend_permit", "revoke_permit", "stop_production", "close")
MEASURES = ("seal", "restrict", "daily")
RECEIVERS = ("police", "procuratorate", "court")  # of the bureau
AUTHORITIES = ("bureau", *RECEIVERS)
STAGES = ("leads", "screened", "claimed", "settled", "restored")
CLASSES = ("priority", "key", "general")
POLLUTANTS = ("cod", "nh3n", "nox", "voc")
STAFF = ("public_lawyers", "legal_officers", "educators")
SPECIAL_PLANS = (
    *("air", "water", "soil", "sea", "ecology", "waste", "countryside", "climate", "radiation", "monitoring"),
    "information",
)

# Shares of the year's decisions: the rule, and what meets the first conditions of what meets the second.
SHARES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "decided_in_time_share": ("decision_days", {"decision": law.IN_TIME}, {}),
    "published_in_time_share": ("publication", {"publication": law.IN_TIME}, {}),
    "published_share": ("three_systems", {"publication": [law.IN_TIME, law.LATE, law.UNKNOWN]}, {}),
    "recorded_share": ("three_systems", {"has_full_record": True}, {}),
    "reviewed_share": ("three_systems", {"has_legal_review": True}, {"is_major": True}),
}
SUITS: dict[str, dict[str, Any]] = {
    "suits": {},
    "organisation": {"plaintiff": "organisation"},
    "procuratorate": {"plaintiff": "procuratorate"},
    "appraised_first": {"is_appraised_first": True},
}

# What a disclosure of an item must publish of a year.
WANTED = {
    "L2": ("penalties", "fines_10k_yuan", "average_days", "published_share", "recorded_share", "reviewed_share"),
    "L3": (*STAFF, "officials_trained", "events", "cases_explained"),
    "L4": ("compensation_cases", "settled", "amount_10k_yuan", "restored", "insured"),
    "L5": ("suits", "appraised_first", "punitive_10k_yuan"),
}
DOCUMENTED = {
    "L1": ("law", "regulation", "local_regulation", "rules", "normative", "plan", "standard"),
    "L6": ("plan",),
}

# What districts are compared by besides their penalties.
COMPARED = ("fines", "average_days", "compensation", "insured_share", "tasks_share", "documents")

WORDS = {
    word: f"law.word.{word}"
    for word in (
        *(law.IN_TIME, law.LATE, law.UNPUBLISHED, law.UNKNOWN, law.ALL_IN_TIME, law.SOME_LATE),
        *(law.VALID, law.ENDED, law.NOT_YET, "met", "missed"),
    )
}


class LawFigures(LawTables):
    """Every figure about the cases, documents and plans of one area in one year.

    The city's are those of its own rows, or else the sums over its districts.
    """

    wanted = WANTED

    def tally(self, name: str, table: PublishedTable, at: int, *families: str, **where: Any) -> Figure:
        """How many of the area's rows in *table* meet the conditions *at* a year, under the rules of *families*.

        As published, or else counted; no value where no rows of any area are known.
        """
        measured = self.as_published(name, at)
        if measured.value is None and not table.rows.empty:
            counted = figures.count(table, area_code=self.codes, **where)
            measured = figures.under(counted, *self.rules_of(*families))
        return self.of_year(name, measured, at)

    # --- cases -----------------------------------------------------------------------------------

    @memo
    def penalties(self, year: int, violation: str = "") -> Figure:
        """How many penalties were decided in a year, or for one violation: as published, or else counted."""
        where = {"violation": violation} if violation else {}
        return self.tally("_".join(filter(None, ("penalties", violation))), self.cases, year, year=year, **where)

    @memo
    def fines(self, year: int) -> Figure:
        """The fines of a year in 10,000 yuan: as published, or else added up."""
        amounts = figures.total(self.cases, "fine_10k_yuan", 1, area_code=self.codes, year=year)
        measured = self.official("fines_10k_yuan", year) or _or_nothing(amounts, self.penalties(year))
        return self.of_year("fines", measured, year, "10k yuan")

    def fined_under(self, violation: str, basis: str) -> Figure:
        """The fines of the year for a violation under a provision, in yuan as that says its least and most."""
        where = {"area_code": self.codes, "year": self.year, "violation": violation, "basis": basis}
        measured = figures.total(self.cases, "fine_yuan", 0, **where)
        return self.of_year(f"fines_{violation}_{basis}", measured, self.year, "yuan")

    @memo
    def with_kind(self, kind: str, year: int) -> Figure:
        """How many decisions of a year impose a kind of penalty; one may impose several."""
        return self.tally(f"kind_{kind}", self.kinds, year, "penalty_kinds", year=year, kind=kind)

    def confiscated(self, year: int) -> Figure:
        """What was confiscated by the decisions of a year, in 10,000 yuan."""
        amounts = figures.total(self.cases, "confiscated_10k_yuan", 1, area_code=self.codes, year=year)
        measured = _or_nothing(amounts, self.with_kind("confiscate", year))
        return self.of_year("confiscated", measured, year, "10k yuan")

    @memo
    def average_days(self, year: int) -> Figure:
        """The days from filing to decision, on average."""
        computed = figures.mean(self.cases, "days", 1, area_code=self.codes, year=year)
        measured = self.official("average_days", year) or computed
        return self.of_year("average_days", measured, year, "day")

    @memo
    def slowest(self, duty: str, year: int) -> Figure:
        """The days that the slowest decision took, or the working days that the slowest publication did."""
        column = "days" if duty == law.DECISION else "working_days"
        measured = figures.maximum(self.cases, column, area_code=self.codes, year=year)
        return self.of_year(f"slowest_{duty}", measured, year, "day")

    def deadline(self, duty: str) -> Figure:
        """The days, or working days, that a *duty* may take by the rule in force at the end of the year."""
        row = law.deadline(duty, date(self.year, 12, 31))
        where = {"duty": duty, "valid_from": row["valid_from"] if row else ""}
        measured = figures.select(of_standard(law.DEADLINES, "days"), "days", **where)
        return self.figure(f"deadline_{duty}", measured, unit="day")

    @memo
    def verdict(self, duty: str) -> Figure | None:
        """Whether the slowest of the year kept the deadline; nothing without cases, or without a rule."""
        taken, limit = self.slowest(duty, self.year), self.deadline(duty)
        if taken.value is None or limit.value is None:
            return None
        word = law.ALL_IN_TIME if int(taken.value) <= int(limit.value) else law.SOME_LATE
        (rule,) = self.rules_of("decision_days" if duty == law.DECISION else duty)
        measured = figures.classify([taken, limit], word, rule)
        return self.figure(f"verdict_{duty}", measured, unit="", words=WORDS)

    @memo
    def share(self, name: str, year: int) -> Figure:
        """A share of the year's decisions in percent: decided or published in time, published, recorded, reviewed."""
        family, part, whole = SHARES[name]
        computed = figures.share(self.cases, part, {"area_code": self.codes, "year": year, **whole})
        measured = self.official(name, year) or figures.under(computed, *self.rules_of(family))
        return self.of_year(name, measured, year, "%")

    def with_publication(self, word: str) -> Figure:
        """How many of the year's decisions were published late, or not at all."""
        where = {"year": self.year, "publication": word}
        return self.tally(f"publication_{word}", self.cases, self.year, "publication", **where)

    def in_range(self, violation: str, basis: str, name: str) -> Figure:
        """How many fines of the year for a violation lie within what the provision allows, or do not."""
        found = {"fine_within": law.WITHIN, "fine_outside": [law.BELOW, law.ABOVE]}[name]
        where = {"year": self.year, "violation": violation, "basis": basis, "fine_range": found}
        return self.tally(f"{name}_{violation}_{basis}", self.cases, self.year, "fine_range", **where)

    def bound(self, violation: str, basis: str, column: str, day: date) -> Figure:
        """The least or the most that a provision allows, in yuan."""
        row = law.basis(violation, basis, day)
        where = {"violation": violation, "basis": basis, "valid_from": row["valid_from"] if row else ""}
        measured = figures.select(of_standard(law.BASES, column), column, **where)
        return self.figure(f"{column}_{violation}_{basis}", measured, unit="yuan")

    def of_case(self, number: str, column: str, unit: str) -> Figure:
        """What the table of cases says of one of them; words where it has no unit."""
        name = "_".join(re.findall("[0-9]+", number))
        measured = figures.select(self.cases, column, number=number)
        if column == "publication":
            measured = figures.under(measured, *self.rules_of("publication"))
        return self.figure(f"{column}_{name}", measured, unit=unit, words=None if unit else WORDS)

    @memo
    def withdrawn(self, *kept: str) -> Figure:
        """How many decisions were withdrawn this year; or how many of them in time, or late."""
        where: dict[str, Any] = {"year": self.year, **({"withdrawal": list(kept)} if kept else {})}
        name = "_".join(("withdrawn", *kept))
        return self.tally(name, self.withdrawn_rows, self.year, law.WITHDRAWAL, **where)

    def of_withdrawal(self, number: str, column: str, unit: str) -> Figure:
        """What the table of withdrawals says of one of them; words where it has no unit."""
        name = "_".join(["withdrawn", column, *re.findall("[0-9]+", number)])
        measured = figures.select(self.withdrawn_rows, column, number=number)
        return self.figure(name, measured, unit=unit, words=None if unit else WORDS)

    @memo
    def taken(self, kind: str, year: int) -> Figure:
        """How many coercive measures of a kind were taken in a year."""
        families = DAILY if kind == "daily" else ()
        return self.tally(kind, self.measures, year, *families, year=year, kind=kind)

    def daily_amount(self, year: int) -> Figure:
        """What was fined by the day in a year, in 10,000 yuan."""
        amounts = figures.total(self.measures, "amount_10k_yuan", 1, area_code=self.codes, year=year, kind="daily")
        measured = _or_nothing(amounts, self.taken("daily", year))
        return self.of_year("daily_amount", measured, year, "10k yuan")

    @memo
    def sent(self, receiver: str, year: int) -> Figure:
        """How many cases were handed on to the police, the procuratorate or the court in a year."""
        where = {"year": year, "sender": "bureau", "receiver": receiver}
        return self.tally(f"sent_{receiver}", self.transfers, year, "transfers", **where)

    def sent_for(self, reason: str) -> Figure:
        """How many cases were handed on this year for a reason."""
        where = {"year": self.year, "reason": reason}
        return self.tally(f"sent_for_{reason}", self.transfers, self.year, "transfers", **where)

    def handed(self, sender: str, receiver: str, **where: Any) -> Figure:
        """How many cases one authority handed to another; *where* says of which year, and whether accepted."""
        parts = ("accepted" if "is_accepted" in where else "handed", sender, receiver)
        name = "_".join(parts if "year" in where else (*parts, "so_far"))
        where |= {"sender": sender, "receiver": receiver}
        return self.tally(name, self.transfers, self.year, "transfers", **where)

    def handed_so_far(self) -> Figure:
        """How many cases were handed from one authority to another up to the year."""
        return self.tally("handed_so_far", self.transfers, self.year, "transfers")

    def convicted(self) -> Figure:
        """In how many cases that were handed to a court it had convicted an enterprise by the end of the year."""
        return self.tally("convicted", self.transfers, self.year, "transfers", outcome="convicted")

    # --- what is counted once a year -------------------------------------------------------------

    @memo
    def yearly(self, column: str, year: int, unit: str = "1") -> Figure:
        """What was counted in a year: as published, or else of the area's rows."""
        if column in STAFF:
            measured = self.as_published(column, year)
        else:
            measured = self.official(column, year) or figures.total(
                self.yearly_rows, column, 0, area_code=self.codes, year=year
            )
        return self.of_year(column, measured, year, unit)

    @memo
    def yearly_share(self, name: str, part: str, whole: str, year: int) -> Figure:
        """One thing counted in a year in percent of another."""
        return self.of_year(name, figures.ratio(self.yearly(part, year), self.yearly(whole, year)), year, "%")

    def insured_share(self, year: int) -> Figure:
        """The share of those asked to insure themselves that did."""
        return self.yearly_share("insured_share", "insured", "insurance_asked", year)

    def tasks_share(self, year: int) -> Figure:
        """The share of the plans' tasks of the year that was done."""
        return self.yearly_share("tasks_share", "plan_tasks_done", "plan_tasks", year)

    # --- compensation and suits ------------------------------------------------------------------

    @memo
    def stage(self, name: str) -> Figure:
        """How many of all leads up to the end of the year have come to a stage."""
        where: dict[str, Any] = {} if name == STAGES[0] else {f"is_{name}": True}
        return self.tally(f"stage_{name}", self.claims, self.year, *COMPENSATION, **where)

    @memo
    def compensation_cases(self, year: int) -> Figure:
        """How many claims were begun in a year: as published, or else counted."""
        return self.tally("compensation_cases", self.claims, year, *COMPENSATION, claim_year=year)

    @memo
    def compensation(self, year: int) -> Figure:
        """What was agreed or awarded in a year, in 10,000 yuan."""
        amounts = figures.total(self.claims, "amount_10k_yuan", 1, area_code=self.codes, settled_year=year)
        return self.of_year("compensation", self.official("amount_10k_yuan", year) or amounts, year, "10k yuan")

    def settled_by(self, way: str) -> Figure:
        """How many claims up to the year were settled by agreement, or in court."""
        return self.tally(f"settled_{way}", self.claims, self.year, way=way)

    def supervised(self) -> Figure:
        """How many restorations up to the year were checked before they were accepted."""
        return self.tally("supervised", self.claims, self.year, is_supervised=True)

    @memo
    def filed(self, kind: str, year: int) -> Figure:
        """How many suits were filed in a year: all, by organisations, by the procuratorate, or appraised first."""
        return self.tally(kind, self.suits, year, year=year, **SUITS[kind])

    def punitive(self, year: int) -> Figure:
        """The punitive damages in suits that were filed in a year, in 10,000 yuan."""
        amounts = figures.total(self.suits, "punitive_10k_yuan", 1, area_code=self.codes, year=year)
        return self.of_year("punitive", self.official("punitive_10k_yuan", year) or amounts, year, "10k yuan")

    # --- documents, plans and zones --------------------------------------------------------------

    @memo
    def documents(self, year: int) -> Figure:
        """How many documents of the register are valid at the end of a year."""
        measured = self.as_published("documents", year)
        if measured.value is None and not self.register.rows.empty:
            measured = figures.count(self.register, year=year, state=law.VALID)
        return self.of_year("documents", measured, year)

    def document_state(self, document: str) -> Figure:
        """Whether a document is valid at the end of the year."""
        measured = figures.select(self.register, "state", document_id=document, year=self.year)
        return self.figure(f"state_{document.lower()}", measured, unit="", words=WORDS)

    def plan_document(self, plan: str) -> Mapping[Any, Any] | None:
        """The row of the register that holds a plan; nothing where none does."""
        until = {"to": str(self.year)}
        rows = self.reader.rows("law/regulations", area_code=self.area.code, plan=plan, issued_year=until)
        return next(iter(rows.to_dict("records")), None)

    @memo
    def of_plan(self, plan: str, column: str) -> Figure:
        """What the year's assessment of a plan counted."""
        measured = figures.select(self.plan_rows, column, area_code=self.area.code, plan=plan, year=self.year)
        return self.of_year(f"{plan}_{column}", measured, self.year)

    def done(self, plan: str) -> Figure:
        """The share of a plan's tasks that was done."""
        measured = figures.ratio(self.of_plan(plan, "tasks_done"), self.of_plan(plan, "tasks"))
        return self.of_year(f"{plan}_done", measured, self.year, "%")

    def zone(self, class_: str, column: str, unit: str = "1") -> Figure:
        """The control units of a class: how many, or their hectares."""
        measured = figures.total(self.zones, column, 0, **{"class": class_, "area_code": self.codes, **self._edition})
        return self.of_year(f"zone_{class_}_{column}", measured, self.year, unit)

    @property
    def _edition(self) -> dict[str, int]:
        rows = self.zones.rows
        return {} if rows.empty else {"edition_year": int(rows["edition_year"].iloc[0])}

    @memo
    def zone_share(self, class_: str) -> Figure:
        """The share of the land that lies in control units of a class."""
        parts = [self.zone(one, "area_hm2", "hm2") for one in CLASSES]
        whole = self.of_year("zone_area_hm2", figures.added(parts, 0), self.year, "hm2")
        measured = figures.ratio(self.zone(class_, "area_hm2", "hm2"), whole)
        return self.of_year(f"zone_{class_}_share", measured, self.year, "%")

    @memo
    def cut(self, pollutant: str, column: str, year: int) -> Figure:
        """What was planned or achieved of the cut of a pollutant in a year, in tonnes."""
        where = {"area_code": self.codes, "pollutant": pollutant, "year": year}
        measured = figures.total(self.reduction_rows, f"{column}_t", 3, **where)
        return self.of_year(f"{pollutant}_{column}", measured, year, "t")

    def cut_share(self, pollutant: str, year: int) -> Figure:
        """What was achieved of a cut in percent of what was planned."""
        measured = figures.ratio(self.cut(pollutant, "achieved", year), self.cut(pollutant, "planned", year))
        return self.of_year(f"{pollutant}_cut_share", measured, year, "%")

    def cut_verdict(self, pollutant: str) -> Figure:
        """Whether the planned cut of a pollutant was met."""
        achieved, planned = (self.cut(pollutant, column, self.year) for column in ("achieved", "planned"))
        word = None
        if achieved.value is not None and planned.value is not None:
            word = "met" if Decimal(achieved.value) >= Decimal(planned.value) else "missed"
        (rule,) = self.rules_of("reduction")
        measured = figures.classify([achieved, planned], word, rule)
        return self.figure(f"verdict_{pollutant}", measured, unit="", words=WORDS)

    # --- districts -------------------------------------------------------------------------------

    @once_for_all
    def compared(self) -> dict[str, dict[str, Figure]]:
        """What is set side by side of each area: by column, by the area's slug."""
        measures = {name: methodcaller(name, self.year) for name in COMPARED}
        return self.of_all({"districts": methodcaller("penalties", self.year), **measures})

    # --- disclosure ------------------------------------------------------------------------------

    def disclosure(self, item: str) -> Disclosure:
        """An item is disclosed when all that is wanted of the year is published, partly when some is.

        Documents disclose only that they are there: a register of them is never whole. Demonstration does not count.
        """
        if item in DOCUMENTED:
            rows = self.document_rows
            rows = rows[rows["kind"].isin(DOCUMENTED[item]) & (rows["status"] != DEMONSTRATION)]
            since = int(rows["issued_year"].min()) if len(rows) else None
            return Disclosure(item, NOT_DISCLOSED if since is None else PARTLY, since)
        return super().disclosure(item)


def _or_nothing(amounts: Measured, cases: Figure) -> Measured:
    """The *amounts* of *cases* added up; nought where it is known that there was none, so that nothing was to add."""
    return figures.added([cases], 0) if amounts.value is None and cases.value == 0 else amounts
