"""What is measured about laws, cases and plans (items L1 to L6): rows, rules and figures; ``law.py`` shows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self

import pandas as pd

from reportkit import figures
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY, Chapter, Disclosure, of_standard, once_for_all
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import memo
from reportkit.standards import law, rules
from reportkit.status import DEMONSTRATION, OFFICIAL

YEARS_SHOWN = 4

VIOLATIONS = ("over_standard", "hazardous_waste", "facilities_idle", "without_permit", "no_disclosure", "ledger")
MEASURES = ("seal", "restrict", "daily")
RECEIVERS = ("police", "procuratorate", "court")
STAGES = ("leads", "screened", "claimed", "settled", "restored")
CLASSES = ("priority", "key", "general")
POLLUTANTS = ("cod", "nh3n", "nox", "voc")
STAFF = ("public_lawyers", "legal_officers", "educators")
SPECIAL_PLANS = (
    *("air", "water", "soil", "sea", "ecology", "waste", "countryside", "climate", "radiation", "monitoring"),
    "information",
)

# Shares of the year's decisions: what meets the first conditions, of what meets the second.
SHARES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "decided_in_time_share": ({"decision": law.IN_TIME}, {}),
    "published_in_time_share": ({"publication": law.IN_TIME}, {}),
    "published_share": ({"publication": [law.IN_TIME, law.LATE, law.UNKNOWN]}, {}),
    "recorded_share": ({"has_full_record": True}, {}),
    "reviewed_share": ({"has_legal_review": True}, {"is_major": True}),
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
DOCUMENTED = {"L1": ("law", "regulation", "rules", "normative", "plan", "standard"), "L6": ("plan",)}

WORDS = {
    word: f"law.word.{word}"
    for word in (
        *(law.IN_TIME, law.LATE, law.UNPUBLISHED, law.UNKNOWN, law.ALL_IN_TIME, law.SOME_LATE),
        *(law.VALID, law.ENDED, law.NOT_YET, "met", "missed"),
    )
}


class LawFigures(Chapter):
    """Every figure about the cases, documents and plans of one area in one year, and what it is measured from.

    The city's are those of its own rows, or else the sums over its districts.
    """

    slug = "law"
    order = 100
    items = ("L1", "L2", "L3", "L4", "L5", "L6")

    # --- rows ------------------------------------------------------------------------------------

    @property
    def city(self) -> Self:
        """The same chapter of the city, whose plans and documents hold for all districts."""
        return self.of(self.edition.city)

    @property
    def years(self) -> list[int]:
        """The years that are shown, the page's the last."""
        return list(range(self.year - YEARS_SHOWN + 1, self.year + 1))

    @property
    @memo
    def cases(self) -> PublishedTable:
        """The penalties up to the year, each with the days it took, and whether deadlines and range were kept."""
        rows = self.reader.rows("law/penalties", exact=("fine_yuan",), area_code=self.codes)
        rows = self._dated(rows, "decided_date")
        found = [_judged(row) for row in rows.to_dict("records")]
        columns = ["fine_10k_yuan", "days", "decision", "working_days", "publication", "fine_range"]
        more = pd.DataFrame(found, columns=columns, index=rows.index, dtype=object)
        families = ("decision_days", "publication", "three_systems", "fine_range")
        return PublishedTable(self.table_name("cases"), rows.join(more), rules=self.rules(*families))

    @property
    @memo
    def measures(self) -> PublishedTable:
        """What was sealed, restricted or fined by the day, up to the year."""
        rows = self.reader.rows("law/coercive_measures", exact=("amount_yuan",), area_code=self.codes)
        rows = _in_10k(self._dated(rows, "began_date"), "amount")
        return PublishedTable(self.table_name("coercive"), rows, rules=self.rules("daily"))

    @property
    @memo
    def transfers(self) -> PublishedTable:
        """What was handed on, up to the year."""
        rows = self.reader.rows("law/transfers", area_code=self.codes)
        return PublishedTable(self.table_name("transfers"), self._dated(rows, "sent_date"))

    @property
    @memo
    def suits(self) -> PublishedTable:
        """The suits in the public interest that were filed up to the year."""
        rows = self.reader.rows("law/litigation", exact=("claimed_yuan", "punitive_yuan"), area_code=self.codes)
        rows = _in_10k(_in_10k(self._dated(rows, "filed_date"), "claimed"), "punitive")
        return PublishedTable(self.table_name("litigation"), rows)

    def _dated(self, rows: pd.DataFrame, column: str) -> pd.DataFrame:
        """The *rows* of days up to the end of the year, with the year of each."""
        flags = {name: bool for name in rows if str(name).startswith(("is_", "has_"))}
        rows = rows.assign(year=rows[column].dt.year).astype({**flags, "year": "int64"})
        return rows[rows["year"] <= self.year]

    @property
    @memo
    def claims(self) -> PublishedTable:
        """Each lead to damage as it stands at the end of the year."""
        rows = self.reader.rows("law/compensation", exact=("amount_yuan",), area_code=self.codes)
        found = [self._at_year_end(row) for row in rows.to_dict("records") if row["lead_date"].year <= self.year]
        columns = [
            *("case_id", "number", "area_code", "medium", "lead_year", "is_screened", "is_claimed", "claim_year"),
            *("is_settled", "settled_year", "way", "amount_10k_yuan", "is_restored", "is_supervised"),
            *("status", "source_id"),
        ]
        flags = {name: bool for name in columns if name.startswith("is_")}
        years = {"claim_year": "Int64", "settled_year": "Int64"}
        table = pd.DataFrame(found, columns=columns).astype({**flags, **years})
        return PublishedTable(self.table_name("claims"), table, rules=self.rules("compensation"))

    def _at_year_end(self, row: Any) -> dict[str, Any]:
        screened, settled, restored = (self._come(row[f"{name}_date"]) for name in ("screened", "settled", "restored"))
        is_claimed = bool(row["is_claimed"]) and screened is not None
        return {
            **{name: row[name] for name in ("case_id", "number", "area_code", "medium", "status", "source_id")},
            "lead_year": row["lead_date"].year,
            "is_screened": screened is not None,
            "is_claimed": is_claimed,
            "claim_year": screened.year if is_claimed and screened else None,
            "is_settled": settled is not None,
            "settled_year": settled.year if settled else None,
            "way": row["way"] if settled else None,
            "amount_10k_yuan": _in_ten_thousands(row["amount_yuan"]) if settled else None,
            "is_restored": restored is not None,
            "is_supervised": bool(row["is_supervised"]) and restored is not None,
        }

    def _come(self, day: Any) -> date | None:
        """A day, if it has come by the end of the year."""
        return None if pd.isna(day) or day.year > self.year else day.date()

    @property
    @memo
    def document_rows(self) -> pd.DataFrame:
        """The laws, documents and plans that the area's register holds, up to the year."""
        until = {"to": str(self.year)}
        parts = [
            self.reader.rows(f"law/{name}", area_code=self.area.code, issued_year=until)
            for name in ("regulations", "documents")
        ]
        rows = pd.concat([part for part in parts if len(part)] or parts[:1])
        known: pd.DataFrame = rows[rows["issued_date"].isna() | (rows["issued_date"].dt.year <= self.year)]
        return known

    @property
    @memo
    def register(self) -> PublishedTable:
        """Each document at the end of each year: whether it is valid."""
        rows = [row for one in self.document_rows.to_dict("records") for row in self._states(one)]
        columns = ["document_id", "level", "kind", "year", "state", "status", "source_id"]
        table = pd.DataFrame(rows, columns=columns)
        return PublishedTable(self.table_name("register"), table, rules=self.rules("validity"))

    def _states(self, row: Any) -> Iterator[dict[str, Any]]:
        begins, until = (None if pd.isna(row[name]) else row[name].date() for name in ("in_force_date", "valid_until"))
        for year in self.years:
            if year >= row["issued_year"]:
                kept = {name: row[name] for name in ("document_id", "level", "kind", "status", "source_id")}
                yield {**kept, "year": year, "state": law.state(begins, until, date(year, 12, 31))}

    @property
    @memo
    def yearly_rows(self) -> PublishedTable:
        """What is counted once a year."""
        return PublishedTable("law/yearly", self.reader.rows("law/yearly", area_code=self.codes))

    @property
    @memo
    def plan_rows(self) -> PublishedTable:
        """The yearly assessment of the city's plans."""
        return PublishedTable("law/plans", self.reader.rows("law/plans", area_code=self.area.code))

    @property
    @memo
    def zones(self) -> PublishedTable:
        """The control units of the edition that is the newest at the end of the year."""
        until = {"to": str(self.year)}
        rows = self.reader.rows("law/zoning", area_code=self.codes, edition_year=until)
        rows = rows[rows["edition_year"] == rows["edition_year"].max()]
        return PublishedTable("law/zoning", rows, rules=self.rules("zoning"))

    @property
    @memo
    def reduction_rows(self) -> PublishedTable:
        """What was to be cut of each pollutant, and was."""
        rows = self.reader.rows("law/reductions", exact=("planned_t", "achieved_t"), area_code=self.codes)
        return PublishedTable("law/reductions", rows)

    @property
    def has_cases(self) -> bool:
        """Whether any penalties are known of the area."""
        return not self.cases.rows.empty

    @property
    @memo
    def has_values(self) -> bool:
        """Whether anything but documents is known of the area."""
        tables = (self.cases, self.yearly_rows, self.claims, self.zones, self.reduction_rows)
        return any(not table.rows.empty for table in tables)

    # --- rules -----------------------------------------------------------------------------------

    def rules(self, *families: str) -> tuple[rules.Rule, ...]:
        """The rules of these *families* that are in force at the end of the year."""
        at = date(self.year, 12, 31)
        names = [f"law.{family}" for family in families]
        return tuple(rules.rule(name, at) for name in names if rules.is_in_force(name, at))

    def counted(self, name: str, measured: Measured, year: int, unit: str = "1") -> Figure:
        """A figure of a year, a bare number unless it has a *unit*."""
        return self.figure(self.suffixed(name, year), measured, unit=unit, period=str(year))

    # --- cases -----------------------------------------------------------------------------------

    @memo
    def penalties(self, year: int, violation: str = "") -> Figure:
        """How many penalties were decided in a year, or for one violation: as published, or else counted."""
        where = {"violation": violation} if violation else {}
        published = None if violation else self.official("penalties", year)
        measured = published or figures.count(self.cases, year=year, **where)
        return self.counted("_".join(filter(None, ("penalties", violation))), measured, year)

    @memo
    def fines(self, year: int, violation: str = "") -> Figure:
        """The fines of a year in 10,000 yuan: as published, or else added up."""
        where = {"violation": violation} if violation else {}
        published = None if violation else self.official("fines_10k_yuan", year)
        measured = published or figures.total(self.cases, "fine_10k_yuan", 1, year=year, **where)
        return self.counted("_".join(filter(None, ("fines", violation))), measured, year, "10k yuan")

    @memo
    def average_days(self, year: int) -> Figure:
        """The days from filing to decision, on average."""
        measured = self.official("average_days", year) or figures.mean(self.cases, "days", 1, year=year)
        return self.counted("average_days", measured, year, "day")

    def median_days(self, year: int) -> Figure:
        """The days that half of the cases took at most."""
        return self.counted(
            "median_days", figures.percentile(self.cases, "days", Fraction(1, 2), 1, year=year), year, "day"
        )

    @memo
    def slowest(self, duty: str, year: int) -> Figure:
        """The days that the slowest decision took, or the working days that the slowest publication did."""
        column = "days" if duty == law.DECISION else "working_days"
        return self.counted(f"slowest_{duty}", figures.maximum(self.cases, column, year=year), year, "day")

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
        (rule,) = self.rules("decision_days" if duty == law.DECISION else duty)
        measured = figures.classify([taken, limit], word, rule)
        return self.figure(f"verdict_{duty}", measured, unit="", words=WORDS)

    @memo
    def share(self, name: str, year: int) -> Figure:
        """A share of the year's decisions in percent: decided or published in time, published, recorded, reviewed."""
        part, whole = SHARES[name]
        measured = self.official(name, year) or figures.share(self.cases, part, {"year": year, **whole})
        return self.counted(name, measured, year, "%")

    def with_publication(self, word: str) -> Figure:
        """How many of the year's decisions were published late, or not at all."""
        measured = figures.count(self.cases, year=self.year, publication=word)
        return self.counted(f"publication_{word}", measured, self.year)

    def in_range(self, violation: str, word: str) -> Figure:
        """How many fines of the year for a violation lie within, below or above what the provision allows."""
        measured = figures.count(self.cases, year=self.year, violation=violation, fine_range=word)
        return self.counted(f"{word}_{violation}", measured, self.year)

    def bound(self, violation: str, column: str, day: date) -> Figure:
        """The least or the most that a provision allows, in 10,000 yuan."""
        row = law.basis(violation, day)
        where = {"violation": violation, "valid_from": row["valid_from"] if row else ""}
        measured = figures.select(of_standard(law.BASES, column), column, **where)
        return self.figure(f"{column}_{violation}", measured, unit="yuan")

    def of_case(self, number: str, column: str, unit: str) -> Figure:
        """What the table of cases says of one of them; words where it has no unit."""
        name = "_".join(re.findall("[0-9]+", number))
        measured = figures.select(self.cases, column, number=number)
        return self.figure(f"{column}_{name}", measured, unit=unit, words=None if unit else WORDS)

    @memo
    def taken(self, kind: str, year: int) -> Figure:
        """How many coercive measures of a kind were taken in a year."""
        return self.counted(kind, figures.count(self.measures, year=year, kind=kind), year)

    def daily_amount(self, year: int) -> Figure:
        """What was fined by the day in a year, in 10,000 yuan."""
        measured = figures.total(self.measures, "amount_10k_yuan", 1, year=year, kind="daily")
        return self.counted("daily_amount", measured, year, "10k yuan")

    @memo
    def sent(self, receiver: str, year: int) -> Figure:
        """How many cases were handed on to the police, the procuratorate or the court in a year."""
        return self.counted(f"sent_{receiver}", figures.count(self.transfers, year=year, receiver=receiver), year)

    def sent_for(self, reason: str) -> Figure:
        """How many cases were handed on this year for a reason."""
        measured = figures.count(self.transfers, year=self.year, reason=reason)
        return self.counted(f"sent_for_{reason}", measured, self.year)

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
        return self.counted(column, measured, year, unit)

    @memo
    def yearly_share(self, name: str, part: str, whole: str, year: int) -> Figure:
        """One thing counted in a year in percent of another."""
        return self.counted(name, figures.ratio(self.yearly(part, year), self.yearly(whole, year)), year, "%")

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
        return self.counted(f"stage_{name}", figures.count(self.claims, **where), self.year)

    @memo
    def compensation_cases(self, year: int) -> Figure:
        """How many claims were begun in a year: as published, or else counted."""
        measured = self.official("compensation_cases", year) or figures.count(self.claims, claim_year=year)
        return self.counted("compensation_cases", measured, year)

    @memo
    def compensation(self, year: int) -> Figure:
        """What was agreed or awarded in a year, in 10,000 yuan."""
        measured = figures.total(self.claims, "amount_10k_yuan", 1, settled_year=year)
        return self.counted("compensation", measured, year, "10k yuan")

    def settled_by(self, way: str) -> Figure:
        """How many claims up to the year were settled by agreement, or in court."""
        return self.counted(f"settled_{way}", figures.count(self.claims, way=way), self.year)

    def supervised(self) -> Figure:
        """How many restorations up to the year were checked before they were accepted."""
        return self.counted("supervised", figures.count(self.claims, is_supervised=True), self.year)

    @memo
    def filed(self, kind: str, year: int) -> Figure:
        """How many suits were filed in a year: all, by organisations, by the procuratorate, or appraised first."""
        return self.counted(f"filed_{kind}", figures.count(self.suits, year=year, **SUITS[kind]), year)

    def punitive(self, year: int) -> Figure:
        """The punitive damages in suits that were filed in a year, in 10,000 yuan."""
        measured = figures.total(self.suits, "punitive_10k_yuan", 0, year=year)
        return self.counted("punitive", measured, year, "10k yuan")

    # --- documents, plans and zones --------------------------------------------------------------

    @memo
    def documents(self, year: int) -> Figure:
        """How many documents of the register are valid at the end of a year."""
        return self.counted("documents", figures.count(self.register, year=year, state=law.VALID), year)

    def document_state(self, document: str) -> Figure:
        """Whether a document is valid at the end of the year."""
        measured = figures.select(self.register, "state", document_id=document, year=self.year)
        return self.figure(f"state_{document.lower()}", measured, unit="", words=WORDS)

    @memo
    def of_plan(self, plan: str, column: str) -> Figure:
        """What the year's assessment of a plan counted."""
        measured = figures.select(self.plan_rows, column, area_code=self.area.code, plan=plan, year=self.year)
        return self.counted(f"{plan}_{column}", measured, self.year)

    def done(self, plan: str) -> Figure:
        """The share of a plan's tasks that was done."""
        measured = figures.ratio(self.of_plan(plan, "tasks_done"), self.of_plan(plan, "tasks"))
        return self.counted(f"{plan}_done", measured, self.year, "%")

    def zone(self, class_: str, column: str, unit: str = "1") -> Figure:
        """The control units of a class: how many, or their hectares."""
        measured = figures.total(self.zones, column, 0, **{"class": class_, "area_code": self.codes, **self._edition})
        return self.counted(f"zone_{class_}_{column}", measured, self.year, unit)

    @property
    def _edition(self) -> dict[str, int]:
        rows = self.zones.rows
        return {} if rows.empty else {"edition_year": int(rows["edition_year"].iloc[0])}

    @memo
    def zone_share(self, class_: str) -> Figure:
        """The share of the land that lies in control units of a class."""
        parts = [self.zone(one, "area_hm2", "hm2") for one in CLASSES]
        whole = self.counted("zone_area_hm2", figures.added(parts, 0), self.year, "hm2")
        measured = figures.ratio(self.zone(class_, "area_hm2", "hm2"), whole)
        return self.counted(f"zone_{class_}_share", measured, self.year, "%")

    @memo
    def cut(self, pollutant: str, column: str, year: int) -> Figure:
        """What was planned or achieved of the cut of a pollutant in a year, in tonnes."""
        where = {"area_code": self.codes, "pollutant": pollutant, "year": year}
        measured = figures.total(self.reduction_rows, f"{column}_t", 1, **where)
        return self.counted(f"{pollutant}_{column}", measured, year, "t")

    def cut_share(self, pollutant: str, year: int) -> Figure:
        """What was achieved of a cut in percent of what was planned."""
        measured = figures.ratio(self.cut(pollutant, "achieved", year), self.cut(pollutant, "planned", year))
        return self.counted(f"{pollutant}_cut_share", measured, year, "%")

    def cut_verdict(self, pollutant: str) -> Figure:
        """Whether the planned cut of a pollutant was met."""
        achieved, planned = (self.cut(pollutant, column, self.year) for column in ("achieved", "planned"))
        word = None
        if achieved.value is not None and planned.value is not None:
            word = "met" if Decimal(achieved.value) >= Decimal(planned.value) else "missed"
        (rule,) = self.rules("reduction")
        measured = figures.classify([achieved, planned], word, rule)
        return self.figure(f"verdict_{pollutant}", measured, unit="", words=WORDS)

    # --- districts -------------------------------------------------------------------------------

    @once_for_all
    def compared(self) -> dict[str, dict[str, Figure]]:
        """What is set side by side of each area: by column, by the area's slug."""
        chapters = {slug: self.of(area) for slug, area in self.edition.areas.items()}
        measures: dict[str, Callable[[LawFigures], Figure]] = {
            "districts": lambda chapter: chapter.penalties(chapter.year),
            "fines": lambda chapter: chapter.fines(chapter.year),
            "average_days": lambda chapter: chapter.average_days(chapter.year),
            "compensation": lambda chapter: chapter.compensation(chapter.year),
            "insured_share": lambda chapter: chapter.insured_share(chapter.year),
            "tasks_share": lambda chapter: chapter.tasks_share(chapter.year),
            "documents": lambda chapter: chapter.documents(chapter.year),
        }
        return {name: {slug: of(chapter) for slug, chapter in chapters.items()} for name, of in measures.items()}

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
        rows = self.published.rows
        rows = rows[(rows["item_id"] == item) & (rows["status"] != DEMONSTRATION) & (rows["year"] <= self.year)]
        own = rows[rows["year"] == self.year]
        if own.empty:
            return Disclosure(item, NOT_DISCLOSED, None)
        known = set(own.loc[own["status"] == OFFICIAL, "indicator"])
        return Disclosure(item, DISCLOSED if known >= set(WANTED[item]) else PARTLY, int(rows["year"].min()))


def _judged(row: Any) -> dict[str, Any]:
    """What the rules make of one penalty."""
    filed, decided = row["filed_date"].date(), row["decided_date"].date()
    days = law.days_taken(filed, decided)
    is_out = not pd.isna(row["published_date"])
    working = law.working_days(decided, row["published_date"].date()) if is_out else None
    return {
        "fine_10k_yuan": _in_ten_thousands(row["fine_yuan"]),
        "days": Decimal(days),
        "decision": law.kept(law.DECISION, days, decided),
        "working_days": None if working is None else Decimal(working),
        "publication": law.kept(law.PUBLICATION, working, decided) if is_out else law.UNPUBLISHED,
        "fine_range": law.fine_range(row["violation"], int(row["fine_yuan"]), decided),
    }


def _in_10k(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """The *rows* with an amount of yuan also in 10,000 yuan."""
    amounts = map(_in_ten_thousands, rows[f"{name}_yuan"])
    return rows.assign(**{f"{name}_10k_yuan": pd.Series(list(amounts), index=rows.index, dtype=object)})


def _in_ten_thousands(yuan: Any) -> Decimal | None:
    """Whole yuan in 10,000 yuan, exact: with four decimals."""
    return None if pd.isna(yuan) else Decimal(yuan).scaleb(-4)
