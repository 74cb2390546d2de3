"""What the rules on enterprises come to, worked out from the published tables alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from reportkit.standards.rules import table
from reportkit.status import weakest
from reportkit.verify.days import working_day_after
from reportkit.verify.problems import Problem
from reportkit.verify.published import Entry
from reportkit.verify.tables import Row, Tables, differences, is_in_force

ORIGIN = ("status", "source_id")
GROUPS = ("basic", "management", "pollution", "carbon", "emergency", "violations", "temporary", "other")
ASKED_OF_SOME = ("audit", "financing")
LISTS = ("key_units", "key_unit_listings")

_LIST = re.compile(rf"[0-9]{{4}}/(?P<slug>[a-z0-9-]+)/enterprises#({'|'.join(LISTS)}|listings_[a-z]+)(_[0-9]{{4}})?")


def problems(tables: Tables, entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """What in the tables of an area does not follow from the whole, and lists that were counted though published."""
    makers = {
        "units": (_units, ["enterprise_id", "year"]),
        "disclosers": (_disclosers, ["enterprise_id", "year"]),
        "temporary": (_temporary, ["enterprise_id", "occasion", "received_date"]),
        "permits": (_permits, ["permit_id"]),
    }
    for part, (make, key) in makers.items():
        for name, year, slug in tables.of_reports(f"enterprises/{part}"):
            expected = list(make(tables, tables.codes_of(slug), int(year)))
            yield from differences(f"table.{part}", name, expected, tables.rows(name), key)
    yield from _not_published_first(tables, entries)


def _until(tables: Tables, name: str, codes: list[str], year: int) -> list[dict[str, str]]:
    """The rows of a yearly table of an area, up to a year."""
    return [row for row in tables.where(f"enterprises/{name}", {"area_code": codes}) if int(row["year"]) <= year]


def _origin(rows: Sequence[Row]) -> dict[str, str]:
    sources = sorted({row["source_id"] for row in rows})
    return {"status": weakest(row["status"] for row in rows), "source_id": ";".join(sources)}


def _units(tables: Tables, codes: list[str], until: int) -> Iterator[dict[str, str]]:
    """Each key unit of each year once."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in _until(tables, "key_units", codes, until):
        found[row["enterprise_id"], row["year"]].append(row)
    for (id_, year), rows in found.items():
        kinds = ";".join(row["kind"] for row in rows)
        yield {"enterprise_id": id_, "year": year, "kinds": kinds, "area_code": rows[0]["area_code"], **_origin(rows)}


def _disclosers(tables: Tables, codes: list[str], until: int) -> Iterator[dict[str, str]]:
    """Each enterprise that had to report, year by year: why, when it did, and how that stands."""
    everywhere = [row["area_code"] for row in tables.rows("areas")]
    years = {int(row["year"]) for row in _until(tables, "disclosures", everywhere, until)}
    register = {row["enterprise_id"]: row for row in tables.rows("enterprises/register")}
    for year in sorted(year for year in years if year >= 2022):
        reports = {
            row["enterprise_id"]: row for row in _until(tables, "disclosures", codes, until) if row["year"] == str(year)
        }
        reasons = _reasons(tables, codes, str(year - 1), register)
        for id_ in sorted(set().union(*reasons.values())):
            if (register[id_]["closed_year"] or "9999") < str(year):
                continue
            report = reports.get(id_)
            said_by = [row for found in reasons.values() for row in found.get(id_, [])] + ([report] if report else [])
            yield {
                "enterprise_id": id_,
                "year": str(year),
                "area_code": register[id_]["area_code"],
                **{reason: _yes(id_ in found) for reason, found in reasons.items()},
                **_stands(report, date(year, 3, 15)),
                **_origin(said_by),
            }


def _reasons(
    tables: Tables, codes: list[str], year: str, register: Mapping[str, Row]
) -> dict[str, dict[str, list[Row]]]:
    """The rows of a year that oblige: by reason, by enterprise."""
    own = {"area_code": codes, "year": year}
    day = f"{year}-12-31"
    obliging = {
        row["code"]
        for row in table("enterprises_key_unit_classes")
        if row["is_discharger"] == "true" and is_in_force(row, day)
    }
    fines = [row for row in tables.where("law/penalties", {"area_code": codes}) if row["decided_date"][:4] == year]
    large = {row["enterprise_id"] for row in fines if int(row["fine_yuan"]) >= 100_000}
    others = [
        row
        for name, day, column, triggers in (
            ("law/penalties", "decided_date", "kinds", {"revoke_permit"}),
            ("law/coercive_measures", "began_date", "kind", {"restrict", "daily"}),
            ("law/transfers", "sent_date", "reason", {"detention"}),
            ("law/transfers", "outcome_date", "outcome", {"convicted"}),
        )
        for row in tables.where(name, {"area_code": codes})
        if row[day][:4] == year and triggers & set(row[column].split(";"))
    ]
    triggered = large | {row["enterprise_id"] for row in others}
    obliges = {
        "is_discharger": [row for row in tables.where("enterprises/key_units", own) if row["kind"] in obliging],
        "is_audited": tables.where("enterprises/cleaner_production", own),
        "is_triggered": [
            row
            for row in [*fines, *others]
            if row["enterprise_id"] in triggered and register[row["enterprise_id"]]["is_listed"] == "true"
        ],
    }
    found: dict[str, dict[str, list[Row]]] = {}
    for reason, rows in obliges.items():
        found[reason] = defaultdict(list)
        for row in rows:
            found[reason][row["enterprise_id"]].append(row)
    return found


def _stands(report: Row | None, due: date) -> dict[str, str]:
    """How a report stands that was *due* on a day."""
    if report is None:
        return {"published_date": "", "state": "report_missing", "days_late": "", "is_complete": "false"}
    late = (date.fromisoformat(report["published_date"]) - due).days
    is_complete = all(report[f"has_{group}"] == "true" for group in GROUPS)
    is_complete &= all(report[f"has_{group}"] != "false" for group in ASKED_OF_SOME)
    return {
        "published_date": report["published_date"],
        "state": "report_late" if late > 0 else "report_on_time",
        "days_late": str(late) if late > 0 else "",
        "is_complete": _yes(is_complete),
    }


def _temporary(tables: Tables, codes: list[str], until: int) -> Iterator[dict[str, str]]:
    """Each document of those who had to report in its year, its deadline, and how that stands at the end of *until*."""
    obliged = {(row["enterprise_id"], row["year"]) for row in _disclosers(tables, codes, until)}
    for row in tables.where("enterprises/temporary_reports", {"area_code": codes}):
        if not "2022-02-08" <= row["received_date"] <= f"{until}-12-31":
            continue
        if (row["enterprise_id"], row["received_date"][:4]) not in obliged:
            continue
        deadline = working_day_after(row["received_date"], 5)
        state = "report_on_time" if row["published_date"] <= deadline else "report_late"
        if not row["published_date"]:
            state = "report_open" if deadline > f"{until}-12-31" else "report_missing"
        kept = ("enterprise_id", "area_code", "occasion", "received_date", "published_date", *ORIGIN)
        yield {
            **{name: row[name] for name in kept},
            "year": row["received_date"][:4],
            "deadline": deadline,
            "state": state,
        }


def _permits(tables: Tables, codes: list[str], until: int) -> Iterator[dict[str, str]]:
    """Each permit, and the first and last year at whose end it was in force."""
    cancelled: dict[str, int] = {}
    for row in sorted(_until(tables, "permit_changes", codes, until), key=lambda row: row["year"], reverse=True):
        if row["kind"] == "cancelled":
            cancelled[row["permit_id"]] = int(row["year"])
    seen: set[str] = set()
    for row in sorted(tables.where("enterprises/permits", {"area_code": codes}), key=lambda row: row["issued_date"]):
        if row["issued_date"] > f"{until}-12-31":
            continue
        ends = int(row["valid_until"][:4]) - (row["valid_until"][5:] < "12-31")
        kept = ("permit_id", "enterprise_id", "area_code", "management", *ORIGIN)
        yield {
            **{name: row[name] for name in kept},
            "kind": "renewed" if row["enterprise_id"] in seen else "first",
            "first_year": row["issued_date"][:4],
            "last_year": str(min(ends, cancelled.get(row["permit_id"], 9999) - 1)),
        }
        seen.add(row["enterprise_id"])


def _not_published_first(tables: Tables, entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """A list of key units that was published of an area and year, and was counted nevertheless."""
    if "enterprises/published" not in tables.described:
        return
    slugs = {row["area_code"]: row["slug"] for row in tables.rows("areas")}
    printed = {
        (slugs[row["area_code"]], row["year"])
        for row in tables.where("enterprises/published", {"indicator": list(LISTS)})
        if row["source_id"] not in tables.doubtful()
    }
    for identity, entry in entries.items():
        found = _LIST.fullmatch(identity)
        operation = entry["derivation"]["operation"]
        if found and (found["slug"], entry["period"]) in printed and operation != "select":
            yield Problem("enterprises.published", identity, "the published figure", operation)


def _yes(answer: bool) -> str:
    return "true" if answer else "false"
