"""Cases and documents: what the rules make of them, worked out from the published tables alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from reportkit.standards.rules import table
from reportkit.verify.days import working_days
from reportkit.verify.problems import Problem
from reportkit.verify.published import Entry, number
from reportkit.verify.tables import Row, Tables, differences, is_in_force

YEARS = 4
DUTIES = {"law.decision_days": ("decision", "days"), "law.publication": ("publication", "working_days")}
# The tables that are rows with the year of a day: table, the day, amounts that stand in 10,000 yuan as well.
DATED = {
    "coercive": ("law/coercive_measures", "began_date", ("amount",)),
    "litigation": ("law/litigation", "filed_date", ("claimed", "punitive")),
}


def problems(tables: Tables) -> Iterator[Problem]:
    """What in an area's tables of cases, claims and documents does not follow from the rows of the whole."""
    for name, year, slug in tables.of_reports("law/cases"):
        rows = [_case(row) for row in _dated(tables, "law/penalties", "decided_date", slug, year)]
        yield from differences("table.cases", name, rows, tables.rows(name), ["number"])
    for name, year, slug in tables.of_reports("law/kinds"):
        rows = list(_kinds(_dated(tables, "law/penalties", "decided_date", slug, year)))
        yield from differences("table.kinds", name, rows, tables.rows(name), ["number", "kind"])
    for name, year, slug in tables.of_reports("law/withdrawals"):
        rows = [_withdrawal(row) for row in _dated(tables, "law/withdrawals", "withdrawn_date", slug, year)]
        yield from differences("table.withdrawals", name, rows, tables.rows(name), ["number"])
        yield from _still_there(tables)
    for part, (source, day, amounts) in DATED.items():
        for name, year, slug in tables.of_reports(f"law/{part}"):
            rows = [_with_amounts(row, amounts) for row in _dated(tables, source, day, slug, year)]
            yield from differences(f"table.{part}", name, rows, tables.rows(name), ["case_id"])
    for name, year, slug in tables.of_reports("law/transfers"):
        rows = [_transfer(row, year) for row in _dated(tables, "law/transfers", "sent_date", slug, year)]
        yield from differences("table.transfers", name, rows, tables.rows(name), ["case_id"])
    for name, year, slug in tables.of_reports("law/claims"):
        rows = [_claim(row, year) for row in _dated(tables, "law/compensation", "lead_date", slug, year)]
        yield from differences("table.claims", name, rows, tables.rows(name), ["case_id"])
    for name, year, slug in tables.of_reports("law/register"):
        rows = list(_register(tables, slug, int(year)))
        yield from differences("table.register", name, rows, tables.rows(name), ["document_id", "year"])


def deadline_verdict(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str | None:
    """Whether the slowest of a year kept the deadline: ``of`` names the days it took, then the days allowed.

    Raises ValueError where they are not those of the same duty.
    """
    taken, limit = (entries[identity] for identity in derivation["of"])
    duty, column = DUTIES[derivation["rule"]]
    if taken["derivation"]["column"] != column or limit["derivation"]["where"]["duty"] != duty:
        raise ValueError(f"expected what a {duty} took and may take")
    days, allowed = number(taken), number(limit)
    if days is None or allowed is None:
        return None
    return "all_in_time" if days <= allowed else "some_late"


def reduction_verdict(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str | None:
    """Whether a planned cut was met: ``of`` names what was achieved, then what was planned."""
    achieved, planned = (entries[identity] for identity in derivation["of"])
    columns = [entry["derivation"]["column"] for entry in (achieved, planned)]
    if columns != ["achieved_t", "planned_t"] or achieved["derivation"]["where"] != planned["derivation"]["where"]:
        raise ValueError("expected what was achieved and planned of the same cut")
    done, asked = number(achieved), number(planned)
    if done is None or asked is None:
        return None
    return "met" if done >= asked else "missed"


def _dated(tables: Tables, name: str, day: str, slug: str, until: str) -> list[dict[str, str]]:
    """The rows of an area up to a year, each with its year."""
    rows = tables.where(name, {"area_code": tables.codes_of(slug)})
    return [{**row, "year": row[day][:4]} for row in rows if row[day][:4] <= until]


def _with_amounts(row: Row, amounts: Sequence[str]) -> dict[str, str]:
    return {**row, **{f"{name}_10k_yuan": _ten_thousands(row[f"{name}_yuan"]) for name in amounts}}


def _ten_thousands(yuan: str) -> str:
    """Whole yuan as 10,000 yuan, with four decimals."""
    padded = yuan.rjust(5, "0")
    return f"{padded[:-4]}.{padded[-4:]}" if yuan else ""


def _case(row: Row) -> dict[str, str]:
    """A penalty with what it took, and whether deadlines and range were kept."""
    filed, decided = (date.fromisoformat(row[name]) for name in ("filed_date", "decided_date"))
    days, working, publication = (decided - filed).days, None, "unpublished"
    if row["published_date"]:
        working = working_days(row["decided_date"], row["published_date"])
        publication = _kept("publication", working, row["decided_date"])
    return {
        **row,
        "fine_10k_yuan": _ten_thousands(row["fine_yuan"]),
        "confiscated_10k_yuan": _ten_thousands(row["confiscated_yuan"]),
        "days": str(days),
        "decision": _kept("decision", days, row["decided_date"]),
        "working_days": _text(working),
        "publication": publication,
        "fine_range": _range(row),
    }


def _text(count: int | None) -> str:
    return "" if count is None else str(count)


def _withdrawal(row: Row) -> dict[str, str]:
    """A decision that was withdrawn, with how soon that was."""
    working = working_days(row["ended_date"], row["withdrawn_date"])
    return {**row, "working_days": _text(working), "withdrawal": _kept("withdrawal", working, row["ended_date"])}


def _still_there(tables: Tables) -> Iterator[Problem]:
    """Decisions that were withdrawn and are published nevertheless."""
    numbers = [row["number"] for row in tables.rows("law/withdrawals")]
    for name in ("law/penalties", "credit/events"):
        for row in tables.where(name, {"number": numbers}):
            yield Problem("law.withdrawn", f"data/{name}.csv", "no decision that was withdrawn", row["number"])


def _transfer(row: Row, until: str) -> dict[str, str]:
    """A case that was handed on, with what a court made of it if that was by the end of a year."""
    return {**row, **({} if row["outcome_date"][:4] <= until else {"outcome": "", "outcome_date": ""})}


def _kinds(penalties: Sequence[Row]) -> Iterator[dict[str, str]]:
    """A row for each kind of penalty in each decision."""
    kept = ("number", "enterprise_id", "area_code", "year", "status", "source_id")
    for row in penalties:
        for kind in row["kinds"].split(";"):
            yield {**{name: row[name] for name in kept}, "kind": kind}


def _valid(name: str, day: str, **where: str) -> Row | None:
    """The row of a standard for some values that is in force on a day."""
    for row in table(name):
        is_meant = all(row[column] == value for column, value in where.items())
        if is_meant and is_in_force(row, day):
            return row
    return None


def _kept(duty: str, taken: int | None, day: str) -> str:
    limit = _valid("law_deadlines", day, duty=duty)
    return "unknown" if limit is None or taken is None else "in_time" if taken <= int(limit["days"]) else "late"


def _range(row: Row) -> str:
    if row["fine_yuan"] == "0":
        return "no_fine"
    allowed = _valid("law_bases", row["decided_date"], violation=row["violation"], basis=row["basis"])
    if allowed is None:
        return "unknown"
    least, fine, most = (Fraction(text) for text in (allowed["least_yuan"], row["fine_yuan"], allowed["most_yuan"]))
    return "fine_below" if fine < least else "fine_above" if fine > most else "fine_within"


def _claim(row: Row, until: str) -> dict[str, str]:
    """A lead as it stands at the end of a year."""
    screened, settled, restored = (
        row[name] if row[name][:4] <= until else "" for name in ("screened_date", "settled_date", "restored_date")
    )
    is_claimed = row["is_claimed"] == "true" and bool(screened)
    flags = {
        "is_screened": bool(screened),
        "is_claimed": is_claimed,
        "is_settled": bool(settled),
        "is_restored": bool(restored),
        "is_supervised": row["is_supervised"] == "true" and bool(restored),
    }
    return {
        **{name: row[name] for name in ("case_id", "number", "area_code", "medium", "status", "source_id")},
        **{name: str(flag).lower() for name, flag in flags.items()},
        "lead_year": row["year"],
        "claim_year": screened[:4] if is_claimed else "",
        "settled_year": settled[:4],
        "way": row["way"] if settled else "",
        "amount_10k_yuan": _ten_thousands(row["amount_yuan"]) if settled else "",
    }


def _later(rows: Sequence[Row], row: Row, year: int) -> list[Row]:
    """The document that replaced that of *row*, if it was issued by the *year* of the page."""
    named = row.get("replaced_by", "")
    return [
        it for it in rows if it["document_id"] == named and (it["issued_date"] or it["issued_year"])[:4] <= str(year)
    ]


def _begins(row: Row) -> str:
    return row["in_force_date"] or row["issued_date"] or f"{row['issued_year']}-01-01"


def _register(tables: Tables, slug: str, year: int) -> Iterator[dict[str, str]]:
    """Each document that an area's register holds, at the end of each year that is shown."""
    (area,) = tables.where("areas", {"slug": slug})
    rows = [row for name in ("regulations", "documents") for row in tables.rows(f"law/{name}")]
    for row in rows:
        if row["area_code"] != area["area_code"] or row["issued_date"][:4] > str(year):
            continue
        for shown in range(max(int(row["issued_year"]), year - YEARS + 1), year + 1):
            end = f"{shown}-12-31"
            state = "doc_ended" if "" < row["valid_until"] < end else "doc_valid"
            if not row["valid_until"] and any(_begins(later) <= end for later in _later(rows, row, year)):
                state = "doc_ended"
            if row["in_force_date"] > end:
                state = "doc_not_yet"
            kept = ("document_id", "level", "kind", "status", "source_id")
            yield {**{name: row[name] for name in kept}, "year": str(shown), "state": state}
