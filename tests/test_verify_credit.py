"""The checker on credit: levels, events and terms from the rows alone, and published results that come first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportkit.verify import credit
from reportkit.verify.tables import Tables

PAGE = "2024/liwan/credit"
EVALUATION = {
    **{"enterprise_id": "E1", "area_code": "440103", "year": "2024", "points": "100", "green_indicators": "2"},
    **{"has_veto": "false", "has_incident": "false", "level_before": "blue", "level": "green"},
}
TABLES = {
    "corrections": "table,key,column,value_before,value_after\n",
    "areas": "area_code,slug,kind\n440100,guangzhou,city\n440103,liwan,district\n",
    "sources": "source_id,trust\ns,A\ndoubtful,D\n",
    "credit/published": (
        "area_code,indicator,year,value,source_id\n"
        "440100,included,2023,2588,s\n440100,red,2023,13,s\n440100,red,2022,9,doubtful\n"
    ),
    "credit/evaluations": f"{','.join(EVALUATION)}\n{','.join(EVALUATION.values())}\n",
    "enterprises/key_units": (
        "enterprise_id,area_code,year,kind\n"
        "E1,440103,2024,water\nE1,440103,2024,risk\nE2,440103,2024,air\nE3,440103,2024,risk\nE1,440103,2023,water\n"
    ),
    "credit/repairs": (
        "repair_id,area_code,year,published_date,applied_date,restored_date\n"
        "R1,440103,2024,2024-05-24,2024-11-24,\nR2,440103,2023,2023-05-19,2023-06-18,2023-08-01\n"
    )
    .replace("area_code", "enterprise_id,area_code")
    .replace(",440103", ",E1,440103"),
    "enterprises/register": "enterprise_id,closed_year\nE1,\n",
    "law/transfers": "enterprise_id,outcome,outcome_date\n",
}
JUDGED = "enterprise_id,level,by_rule,is_same,moved,has_veto,is_convicted"
REPAIRS = "repair_id,timeliness,days_to_apply,days_taken"


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    resources = [{"name": name, "path": f"{name}.csv"} for name in TABLES]
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    for name, rows in TABLES.items():
        put(tmp_path, name, rows)
    return Tables(tmp_path)


def put(folder: Path, name: str, rows: str) -> None:
    path = folder / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rows, encoding="utf-8")


def found(tables: Tables, entries: dict[str, dict[str, Any]] | None = None) -> list[str]:
    return [problem.check for problem in credit.problems(tables, entries or {})]


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({}, "green"),
        ({"green_indicators": "1"}, "blue"),
        ({"points": "80", "green_indicators": "9"}, "blue"),
        ({"points": "79"}, "yellow"),
        ({"points": "59"}, "red"),
        ({"has_veto": "true"}, "red"),
        ({"has_incident": "true"}, "blue"),
        ({"points": "0", "has_incident": "true"}, "red"),
    ],
)
def test_the_level_of_an_evaluation(change: dict[str, str], level: str) -> None:
    assert credit.level([EVALUATION | change]) == (level, None)


@pytest.mark.parametrize(
    ("before", "event", "after"),
    [
        ("blue", "facilities_idle", "red"),
        ("", "over_standard", "yellow"),
        ("red", "over_standard", "red"),
        ("", "ledger", None),
        ("blue", "ledger", "blue"),
        ("blue", "general_incident", "yellow"),
    ],
)
def test_the_level_after_an_event(before: str, event: str, after: str | None) -> None:
    assert credit.triggered([{"date": "2024-03-01", "event": event, "level_before": before}]) == (after, None)


@pytest.mark.parametrize(
    ("applied", "word"),
    [("2024-11-24", "repair_in_time"), ("2024-11-25", "repair_too_late"), ("2024-06-30", "repair_in_time")],
)
def test_whether_an_application_is_in_time(applied: str, word: str) -> None:
    row = {"area_code": "440103", "published_date": "2024-05-24", "applied_date": applied}
    assert credit.repair([row]) == (word, None)


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        ("E1,green,green,true,up", []),
        ("E1,green,blue,false,up", ["table.judged"]),
        ("E1,green,green,true,same", ["table.judged"]),
        ("E2,green,green,true,up", ["table.judged"]),
    ],
)
def test_the_judged_levels_of_a_report(tables: Tables, row: str, problems: list[str]) -> None:
    put(tables.data, f"{PAGE}/judged", f"{JUDGED}\n{row},false,false\n")
    assert found(tables) == problems


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        ("true,true", []),
        ("true,false", ["table.judged"]),
        ("false,true", ["table.judged", "credit.crime"]),  # the evaluation has no veto either
    ],
)
def test_whom_a_court_convicted_in_the_year_has_a_veto(tables: Tables, row: str, problems: list[str]) -> None:
    convictions = "enterprise_id,outcome,outcome_date\nE1,convicted,2024-10-19\nE1,convicted,2023-03-01\n"
    put(tables.data, "law/transfers", convictions)
    if row.startswith("true"):
        own = EVALUATION | {"has_veto": "true", "level": "red"}
        put(tables.data, "credit/evaluations", f"{','.join(own)}\n{','.join(own.values())}\n")
    level = "red,red,true,down" if row.startswith("true") else "green,green,true,up"
    written = row if "credit.crime" not in problems else "false,false"
    put(tables.data, f"{PAGE}/judged", f"{JUDGED}\nE1,{level},{written}\n")
    assert found(tables) == problems


@pytest.mark.parametrize(
    ("closed", "problems"),
    [("2025", []), ("2024", ["credit.closed"] * 2), ("2023", ["credit.closed"] * 3)],
)
def test_whoever_closed_is_neither_rated_nor_repaired(tables: Tables, closed: str, problems: list[str]) -> None:
    put(tables.data, "enterprises/register", f"enterprise_id,closed_year\nE1,{closed}\n")
    assert found(tables) == problems


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        (["E1,2024,440103,true", "E2,2024,440103,false"], []),
        (["E1,2024,440103,true", "E2,2024,440103,true"], ["table.key_units"]),
        (["E1,2024,440103,true"], ["table.key_units"]),
        (["E1,2024,440103,true", "E2,2024,440103,false", "E3,2024,440103,false"], ["table.key_units"]),
        (["E1,2024,440103,true", "E2,2024,440103,false", "E1,2023,440103,false"], ["table.key_units"]),
    ],
)
def test_the_key_units_held_against_the_evaluations(tables: Tables, rows: list[str], problems: list[str]) -> None:
    put(tables.data, f"{PAGE}/key_units", "\n".join(["enterprise_id,year,area_code,is_evaluated", *rows, ""]))
    assert found(tables) == problems


@pytest.mark.parametrize(
    ("year", "rows", "problems"),
    [
        (2024, ["R1,repair_in_time,184,", "R2,repair_in_time,30,44"], []),
        (2023, ["R2,repair_in_time,30,44"], []),
        (2024, ["R2,repair_in_time,30,44"], ["table.repairs"]),
        (2024, ["R1,repair_too_late,184,", "R2,repair_in_time,30,44"], ["table.repairs"]),
        (2024, ["R1,repair_in_time,184,", "R2,repair_in_time,30,45"], ["table.repairs"]),
    ],
)
def test_the_repairs_of_a_report(tables: Tables, year: int, rows: list[str], problems: list[str]) -> None:
    put(tables.data, f"{year}/guangzhou/credit/repairs", "\n".join([REPAIRS, *rows, ""]))
    assert found(tables) == problems


@pytest.mark.parametrize(
    ("identity", "value", "problems"),
    [
        ("2023/guangzhou/credit#red", "13", []),
        ("2023/guangzhou/credit#red", "20", ["credit.published"]),
        ("2024/guangzhou/credit#red_2023", "20", ["credit.published"]),
        ("2023/guangzhou/credit#blue", "7", ["credit.published"]),  # the result was published without it
        ("2023/guangzhou/credit#blue", None, []),
        ("2022/guangzhou/credit#red", "20", []),  # the only source is in doubt
        ("2023/liwan/credit#red", "1", []),
        ("2023/guangzhou/credit#rows_red", "20", []),
    ],
)
def test_a_published_result_comes_first(tables: Tables, identity: str, value: str | None, problems: list[str]) -> None:
    assert found(tables, {identity: {"value": value}}) == problems


def test_a_site_without_credit_has_nothing_to_check(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text('{"resources": []}', encoding="utf-8")
    assert found(Tables(tmp_path), {"2023/guangzhou/credit#red": {"value": "20"}}) == []
