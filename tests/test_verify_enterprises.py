"""The checker of built sites on enterprises: what follows from a few rows is accepted, and what does not is named."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from reportkit.verify import enterprises
from reportkit.verify.tables import Tables

PAGE = "2024/conghua/enterprises"
ORIGIN = {"status": "demonstration", "source_id": "demo"}
OF = {"enterprise_id": "E", "area_code": "440117", **ORIGIN}
GROUPS = {f"has_{group}": "true" for group in enterprises.GROUPS}
REPORT = {**OF, "year": "2024", "published_date": "2024-03-20", **GROUPS, "has_audit": "", "has_financing": ""}
DISCLOSER = {
    **OF,
    "year": "2024",
    "is_discharger": "true",
    "is_audited": "false",
    "is_triggered": "false",
    "published_date": "2024-03-20",
    "state": "report_late",
    "days_late": "5",
    "is_complete": "true",
}
DOCUMENT = {**OF, "occasion": "permit", "received_date": "2024-02-07", "published_date": "2024-02-20"}
PERMIT = {"permit_id": "P", **OF, "management": "key"}
TABLES: dict[str, list[dict[str, str]]] = {
    "areas": [
        {"area_code": "440100", "slug": "guangzhou", "kind": "city"},
        {"area_code": "440117", "slug": "conghua", "kind": "district"},
    ],
    "corrections": [],
    "sources": [{"source_id": "s", "trust": "C"}, {"source_id": "doubtful", "trust": "D"}],
    "law/penalties": [],
    "law/coercive_measures": [],
    "law/transfers": [],
    "enterprises/register": [{**OF, "is_listed": "false", "closed_year": ""}],
    "enterprises/key_units": [{**OF, "year": "2023", "kind": kind} for kind in ("water", "risk")],
    "enterprises/cleaner_production": [],
    "enterprises/disclosures": [REPORT],
    "enterprises/temporary_reports": [DOCUMENT],
    "enterprises/permit_changes": [{**OF, "permit_id": "P", "year": "2024", "kind": "cancelled"}],
    "enterprises/permits": [{**PERMIT, "issued_date": "2021-05-01", "valid_until": "2026-04-30"}],
    "enterprises/published": [
        {"area_code": "440100", "indicator": "key_units", "year": "2023", "value": "671", "source_id": "s"},
        {"area_code": "440100", "indicator": "key_units", "year": "2022", "value": "1", "source_id": "doubtful"},
    ],
    f"{PAGE}/units": [{**OF, "year": "2023", "kinds": "water;risk"}],
    f"{PAGE}/disclosers": [DISCLOSER],
    f"{PAGE}/temporary": [{**DOCUMENT, "year": "2024", "deadline": "2024-02-20", "state": "report_on_time"}],
    f"{PAGE}/permits": [{**PERMIT, "kind": "first", "first_year": "2021", "last_year": "2023"}],
}


def tables(folder: Path, **changed: list[dict[str, str]]) -> Tables:
    """The tables as a site publishes them, of which some are *changed*."""
    written = {**TABLES, **{name.replace("__", "/"): rows for name, rows in changed.items()}}
    for name, rows in written.items():
        path = folder / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0]) if rows else ["table", "area_code", "year"])
            writer.writeheader()
            writer.writerows(rows)
    described = [{"name": name, "path": f"{name}.csv"} for name in written if not name.startswith("2024")]
    (folder / "datapackage.json").write_text(json.dumps({"resources": described}), encoding="utf-8")
    return Tables(folder)


def checks(given: Tables, entries: dict[str, Any] | None = None) -> list[str]:
    return [problem.check for problem in enterprises.problems(given, entries or {})]


def test_what_follows_from_the_rows_is_accepted(tmp_path: Path) -> None:
    assert checks(tables(tmp_path)) == []


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("units", {"kinds": "water"}),
        ("disclosers", {"state": "report_on_time"}),
        ("disclosers", {"days_late": "4"}),
        ("disclosers", {"is_complete": "false"}),
        ("disclosers", {"is_discharger": "false"}),
        ("temporary", {"deadline": "2024-02-14"}),
        ("temporary", {"state": "report_late"}),
        ("permits", {"last_year": "2025"}),
        ("permits", {"kind": "renewed"}),
    ],
)
def test_a_row_that_does_not_follow_is_named(tmp_path: Path, part: str, wrong: dict[str, str]) -> None:
    (row,) = TABLES[f"{PAGE}/{part}"]
    changed = {f"{PAGE}/{part}".replace("/", "__"): [{**row, **wrong}]}
    assert checks(tables(tmp_path, **changed)) == [f"table.{part}"]


def test_a_document_of_one_that_did_not_have_to_report_is_named_where_it_is_counted(tmp_path: Path) -> None:
    other = {**DOCUMENT, "enterprise_id": "F"}
    (row,) = TABLES[f"{PAGE}/temporary"]
    assert checks(tables(tmp_path, enterprises__temporary_reports=[DOCUMENT, other])) == []
    counted = {f"{PAGE}/temporary".replace("/", "__"): [row, {**row, "enterprise_id": "F"}]}
    changed = tables(tmp_path, enterprises__temporary_reports=[DOCUMENT, other], **counted)
    assert checks(changed) == ["table.temporary"]


def test_a_discloser_that_is_left_out_is_named(tmp_path: Path) -> None:
    other = {**OF, "enterprise_id": "F", "year": "2023", "kind": "air"}
    given = tables(
        tmp_path,
        enterprises__register=[{**OF, "enterprise_id": id_, "is_listed": "false", "closed_year": ""} for id_ in "EF"],
        enterprises__key_units=[*TABLES["enterprises/key_units"], other],
    )
    assert checks(given) == ["table.units", "table.disclosers"]


PENALTY = {**OF, "decided_date": "2023-06-01", "fine_yuan": "50000", "kinds": "fine;revoke_permit"}
TRANSFER = {**OF, "sent_date": "2022-12-01", "reason": "charge", "outcome": "convicted", "outcome_date": "2023-06-01"}


@pytest.mark.parametrize(
    ("table", "row", "is_triggered"),
    [
        ("law__penalties", PENALTY, "true"),
        ("law__penalties", {**PENALTY, "kinds": "fine"}, "false"),
        ("law__transfers", TRANSFER, "true"),
        ("law__transfers", {**TRANSFER, "outcome_date": "2022-12-31"}, "false"),
    ],
)
def test_a_permit_revoked_or_a_conviction_obliges_a_listed_enterprise(
    tmp_path: Path, table: str, row: dict[str, str], is_triggered: str
) -> None:
    register = [{**OF, "is_listed": "true", "closed_year": ""}]
    given: dict[str, list[dict[str, str]]] = {"enterprises__register": register, table: [row]}
    page = f"{PAGE}/disclosers".replace("/", "__")
    for said in ("true", "false"):
        given[page] = [{**DISCLOSER, "is_triggered": said}]
        assert checks(tables(tmp_path, **given)) == ([] if said == is_triggered else ["table.disclosers"])


def figure(name: str, period: str, operation: str, page: str = "2024/guangzhou/enterprises") -> dict[str, Any]:
    return {f"{page}#{name}": {"period": period, "derivation": {"operation": operation}}}


@pytest.mark.parametrize("name", ["key_units_2023", "key_unit_listings_2023", "listings_water_2023"])
def test_a_list_that_was_published_is_not_counted(tmp_path: Path, name: str) -> None:
    given = tables(tmp_path)
    assert checks(given, figure(name, "2023", "select")) == []
    assert checks(given, figure(name, "2023", "count")) == ["enterprises.published"]


def test_other_years_areas_and_doubtful_sources_leave_it_to_the_table(tmp_path: Path) -> None:
    given = tables(tmp_path)
    assert checks(given, figure("key_units", "2024", "count")) == []
    assert checks(given, figure("key_units_2022", "2022", "count")) == []
    assert checks(given, figure("key_units_2023", "2023", "count", page=PAGE)) == []
