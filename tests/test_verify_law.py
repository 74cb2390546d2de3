"""The checker on law: a case, a claim or a document that says other than its rows, and verdicts the other way round."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from projects import ALL_ENTERPRISES, CODES, add, edit, read, small_project
from recomputed import with_tables_of
from reportkit.chapters.law import Law
from reportkit.verify import law
from reportkit.verify.tables import Tables

PAGE = "2024/guangzhou/law"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a small project, with the tables of one page as they are published."""
    project = small_project(
        tmp_path_factory.mktemp("law"), districts=("liwan",), data_years=(), enterprises=ALL_ENTERPRISES
    )
    origin = {"area_code": CODES["liwan"], "status": "demonstration", "source_id": "demo-law"}
    days = {"decided_date": "2024-02-01", "ended_date": "2024-04-25", "withdrawn_date": "2024-04-29"}
    why = {"number": "示例", "ground": "void", "reason_zh": "示例", "reason_en": "Demo"}
    add(project.data / "law/withdrawals.csv", {**origin, **days, **why})
    return with_tables_of(project, Law, "guangzhou", 2024)


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


def found(data: Path) -> list[str]:
    return [problem.check for problem in law.problems(Tables(data))]


def test_what_was_published_follows_from_the_rows(data: Path) -> None:
    parts = {path.stem for path in (data / PAGE).glob("*.csv")}
    assert parts == {"cases", "kinds", "withdrawals", "coercive", "transfers", "litigation", "claims", "register"}
    assert found(data) == []


@pytest.mark.parametrize(
    ("part", "column", "value"),
    [
        ("cases", "days", "91"),
        ("cases", "decision", "late"),
        ("cases", "working_days", "0"),
        ("cases", "publication", "unknown"),
        ("cases", "fine_range", "fine_above"),
        ("cases", "fine_10k_yuan", "1.0000"),
        ("cases", "confiscated_10k_yuan", "1.0000"),
        ("kinds", "kind", "close"),
        ("kinds", "year", "2019"),
        ("withdrawals", "working_days", "9"),
        ("withdrawals", "withdrawal", "unknown"),
        ("claims", "is_screened", "false"),
        ("claims", "lead_year", "2020"),
        ("register", "state", "doc_not_yet"),
        ("coercive", "year", "2019"),
        ("transfers", "receiver", "nobody"),
        ("transfers", "sender", "court"),
        ("transfers", "outcome", "acquitted"),
    ],
)
def test_a_row_that_says_otherwise_is_named(data: Path, part: str, column: str, value: str) -> None:
    edit(data / PAGE / f"{part}.csv", lambda rows: [rows[0] | {column: value}, *rows[1:]])
    assert found(data) == [f"table.{part}"]


@pytest.mark.parametrize("part", ["cases", "kinds", "claims", "register"])
def test_a_row_that_is_left_out_is_missed(data: Path, part: str) -> None:
    edit(data / PAGE / f"{part}.csv", lambda rows: rows[1:])
    assert found(data) == [f"table.{part}"]


def test_a_decision_that_was_withdrawn_and_is_published_nevertheless_is_named(data: Path) -> None:
    number = read(data / "law/penalties.csv")[0]["number"]
    edit(data / "law/withdrawals.csv", lambda rows: [rows[0] | {"number": number}])
    assert "law.withdrawn" in found(data)


def entry(value: str | None, **derivation: Any) -> dict[str, Any]:
    return {"value": value, "derivation": derivation}


@pytest.mark.parametrize(("days", "expected"), [("90", "all_in_time"), ("91", "some_late"), (None, None)])
def test_a_deadline_is_kept_by_the_slowest(data: Path, days: str | None, expected: str | None) -> None:
    entries = {"a": entry(days, column="days"), "b": entry("90", where={"duty": "decision"})}
    verdict = {"of": ["a", "b"], "rule": "law.decision_days"}
    assert law.deadline_verdict(Tables(data), entries, verdict) == expected


def test_days_are_not_held_against_working_days(data: Path) -> None:
    entries = {"a": entry("5", column="days"), "b": entry("7", where={"duty": "publication"})}
    with pytest.raises(ValueError, match="publication"):
        law.deadline_verdict(Tables(data), entries, {"of": ["a", "b"], "rule": "law.publication"})


@pytest.mark.parametrize(("done", "expected"), [("10.0", "met"), ("9.9", "missed"), (None, None)])
def test_a_cut_is_met_by_no_less_than_was_planned(data: Path, done: str | None, expected: str | None) -> None:
    where = {"pollutant": "cod", "year": 2024}
    entries = {
        "a": entry(done, column="achieved_t", where=where),
        "b": entry("10.0", column="planned_t", where=where),
    }
    assert law.reduction_verdict(Tables(data), entries, {"of": ["a", "b"]}) == expected
    with pytest.raises(ValueError, match="same cut"):
        law.reduction_verdict(Tables(data), entries, {"of": ["b", "a"]})
