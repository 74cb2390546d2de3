"""The checker on emergencies: a unit, a filing or an incident that says other than its rows, verdicts turned round."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from projects import ALL_ENTERPRISES, edit, small_project
from recomputed import with_tables_of
from reportkit.chapters.emergency import Emergency
from reportkit.verify import emergency
from reportkit.verify.tables import Tables

PAGE = "2024/guangzhou/emergency"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a small project, with the tables of one page as they are published."""
    project = small_project(
        tmp_path_factory.mktemp("emergency"),
        districts=("liwan", "conghua"),
        data_years=(),
        enterprises=ALL_ENTERPRISES,
    )
    return with_tables_of(project, Emergency, "guangzhou", 2024)


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


def found(data: Path) -> list[str]:
    return [problem.check for problem in emergency.problems(Tables(data))]


def test_what_was_published_follows_from_the_rows(data: Path) -> None:
    parts = {path.stem: len(path.read_text("utf-8").splitlines()) for path in (data / PAGE).glob("*.csv")}
    assert parts.keys() == {"units", "filings", "judged"}
    assert min(parts.values()) > 1
    assert found(data) == []


@pytest.mark.parametrize(
    ("part", "column", "value"),
    [
        ("units", "state", "unknown"),
        ("units", "risk_level", "none"),
        ("units", "review_due", "2019-01-01"),
        ("units", "due_year", "2019"),
        ("units", "filed_date", "2019-01-01"),
        ("units", "status", "official"),
        ("filings", "working_days", "0"),
        ("filings", "filing", "unknown"),
        ("filings", "year", "2019"),
        ("judged", "level", "level_1"),
        ("judged", "criterion", "deaths"),
        ("judged", "report", "unknown"),
        ("judged", "loss_10k_yuan", "0.0001"),
    ],
)
def test_a_row_that_says_otherwise_is_named(data: Path, part: str, column: str, value: str) -> None:
    edit(data / PAGE / f"{part}.csv", lambda rows: [rows[0] | {column: value}, *rows[1:]])
    assert found(data) == [f"table.{part}"]


@pytest.mark.parametrize("part", ["units", "filings", "judged"])
def test_a_row_that_is_left_out_is_missed(data: Path, part: str) -> None:
    edit(data / PAGE / f"{part}.csv", lambda rows: rows[1:])
    assert found(data) == [f"table.{part}"]


def entry(value: str | None, **derivation: Any) -> dict[str, Any]:
    return {"value": value, "derivation": derivation}


@pytest.mark.parametrize(("days", "expected"), [("20", "all_in_time"), ("21", "some_late"), (None, None)])
def test_the_deadline_is_kept_by_the_slowest_filing(data: Path, days: str | None, expected: str | None) -> None:
    entries = {"a": entry(days, column="working_days"), "b": entry("20", where={"duty": "filing"})}
    assert emergency.filing_verdict(Tables(data), entries, {"of": ["a", "b"]}) == expected


def test_a_filing_is_not_held_against_another_deadline(data: Path) -> None:
    entries = {"a": entry("5", column="working_days"), "b": entry("3", where={"duty": "review"})}
    with pytest.raises(ValueError, match="filing"):
        emergency.filing_verdict(Tables(data), entries, {"of": ["a", "b"]})


@pytest.mark.parametrize(
    ("overdue", "missing", "expected"),
    [
        ("0", "0", "all_plans_current"),
        ("1", "0", "some_plans_not_current"),
        ("0", "1", "some_plans_not_current"),
        (None, "0", None),
    ],
)
def test_plans_are_all_current_when_none_is_overdue_or_missing(
    data: Path, overdue: str | None, missing: str, expected: str | None
) -> None:
    entries = {
        "a": entry(overdue, where={"state": "plan_overdue"}),
        "b": entry(missing, where={"state": "plan_missing"}),
    }
    assert emergency.plans_verdict(Tables(data), entries, {"of": ["a", "b"]}) == expected
    with pytest.raises(ValueError, match="overdue"):
        emergency.plans_verdict(Tables(data), entries, {"of": ["b", "a"]})
