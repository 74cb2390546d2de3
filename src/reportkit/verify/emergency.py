"""Risk units, plans and incidents: what the rules make of them, worked out from the published tables alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from reportkit.standards.rules import table
from reportkit.verify.days import working_days
from reportkit.verify.problems import Problem
from reportkit.verify.published import Entry, number
from reportkit.verify.tables import Row, Tables, differences, is_in_force

YEARS = 4
STATES_LACKING = ["plan_overdue", "plan_missing"]
_STATUSES = ("official", "provisional", "demonstration")


def problems(tables: Tables) -> Iterator[Problem]:
    """What in a report's tables of units, filings and incidents does not follow from the rows of the whole."""
    makers = {"units": (_units, ["enterprise_id", "year"]), "filings": (_filings, ["plan_id"])}
    for part, (make, key) in {**makers, "judged": (_incidents, ["incident_id"])}.items():
        for name, year, slug in tables.of_reports(f"emergency/{part}"):
            expected = list(make(tables, tables.codes_of(slug), int(year)))
            yield from differences(f"table.{part}", name, expected, tables.rows(name), key)


def filing_verdict(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str | None:
    """Whether the slowest filing kept the deadline: ``of`` names the working days it took, then those allowed.

    Raises ValueError where they are something else.
    """
    taken, limit = (entries[identity] for identity in derivation["of"])
    if taken["derivation"]["column"] != "working_days" or limit["derivation"]["where"]["duty"] != "filing":
        raise ValueError("expected what the filing of a plan took and may take")
    days, allowed = number(taken), number(limit)
    if days is None or allowed is None:
        return None
    return "all_in_time" if days <= allowed else "some_late"


def plans_verdict(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str | None:
    """Whether every unit has a current plan: ``of`` names how many plans are overdue, then how many are not filed.

    Raises ValueError where it names something else.
    """
    parts = [entries[identity] for identity in derivation["of"]]
    states = [part["derivation"]["where"].get("state", part["derivation"]["where"].get("indicator")) for part in parts]
    if states != STATES_LACKING:
        raise ValueError("expected the plans that are overdue and those that were not filed")
    counts = [number(part) for part in parts]
    if None in counts:
        return None
    return "some_plans_not_current" if any(counts) else "all_plans_current"


def _units(tables: Tables, codes: list[str], year: int) -> Iterator[dict[str, str]]:
    """Each risk unit of each year shown, with the plan that it had filed last."""
    plans = tables.grouped("emergency/plans", "enterprise_id")
    for row in tables.where("emergency/risk_units", {"area_code": codes}):
        if not year - YEARS < int(row["year"]) <= year:
            continue
        end = f"{row['year']}-12-31"
        filed = [plan for plan in plans.get(row["enterprise_id"], []) if plan["filed_date"] <= end]
        plan = max(filed, key=lambda one: one["filed_date"], default={"signed_date": "", "filed_date": ""})
        due = _review(plan["signed_date"]) if filed else ""
        rests_on = [row, *([plan] if filed else [])]
        yield {
            **row,
            "signed_date": plan["signed_date"],
            "filed_date": plan["filed_date"],
            "review_due": due,
            "due_year": due[:4],
            "state": "plan_missing" if not filed else "plan_overdue" if "" < due < end else "plan_current",
            "status": max((one["status"] for one in rests_on), key=_STATUSES.index),
            "source_id": ";".join(sorted({one["source_id"] for one in rests_on})),
        }


def _filings(tables: Tables, codes: list[str], year: int) -> Iterator[dict[str, str]]:
    """Each plan filed in the years shown, with the working days that took."""
    for row in tables.where("emergency/plans", {"area_code": codes}):
        if not year - YEARS < int(row["filed_date"][:4]) <= year:
            continue
        days = working_days(row["signed_date"], row["filed_date"])
        limit = _deadline("filing", row["signed_date"])
        word = "unknown" if limit is None or days is None else "in_time" if days <= int(limit["amount"]) else "late"
        taken = "" if days is None else str(days)
        yield {**row, "year": row["filed_date"][:4], "working_days": taken, "filing": word}


def _incidents(tables: Tables, codes: list[str], year: int) -> Iterator[dict[str, str]]:
    """Each incident of the years shown, with its level and what decides it."""
    for row in tables.where("emergency/incidents", {"area_code": codes}):
        if not year - YEARS < int(row["date"][:4]) <= year:
            continue
        level, criterion = _level(row)
        padded = row["loss_yuan"].rjust(5, "0")
        yield {
            **row,
            "year": row["date"][:4],
            "loss_10k_yuan": f"{padded[:-4]}.{padded[-4:]}",
            "level": level,
            "criterion": criterion,
            "report": _report(row, level),
        }


def _level(row: Row) -> tuple[str, str]:
    """The gravest level that any criterion gives; the levels are called so that their names are in this order."""
    standard = [it for it in table("emergency_levels") if is_in_force(it, row["date"])]
    for level in sorted({it["level"] for it in standard}):
        for it in standard:
            found = row.get(it["criterion"], "")
            over = bool(it["at_least"]) and int(found) >= int(it["at_least"])
            is_kind = bool(it["kind"]) and found == it["kind"]
            if it["level"] == level and (over or is_kind or not (it["at_least"] or it["kind"])):
                return level, it["criterion"]
    raise ValueError(f"no level for {row['incident_id']}")


def _report(row: Row, level: str) -> str:
    for limit in table("emergency_deadlines"):
        if level in limit["levels"].split(";") and is_in_force(limit, row["date"]):
            return "in_time" if int(row["report_minutes"]) <= int(limit["amount"]) * 60 else "late"
    return "unknown"


def _deadline(duty: str, day: str) -> Row | None:
    return next((row for row in table("emergency_deadlines") if row["duty"] == duty and is_in_force(row, day)), None)


def _review(signed: str) -> str:
    """The day some years after a plan was signed; the last of February for its 29th."""
    limit = _deadline("review", signed)
    if limit is None:
        return ""
    year, rest = int(signed[:4]) + int(limit["amount"]), signed[4:]
    try:
        return f"{date.fromisoformat(f'{year}{rest}')}"
    except ValueError:
        return f"{year}-02-28"
