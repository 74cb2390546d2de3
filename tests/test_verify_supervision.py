"""The checker on supervision: a draw, a result, a point or a data set that says other than its rows; verdicts."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from projects import ALL_ENTERPRISES, edit, read, small_project
from recomputed import with_tables_of
from reportkit.chapters.supervision import Supervision
from reportkit.verify import supervision
from reportkit.verify.tables import Tables

PAGE = "2024/guangzhou/supervision"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a small project, with the tables of one page as they are published."""
    project = small_project(
        tmp_path_factory.mktemp("supervision"), districts=("liwan",), data_years=(), enterprises=ALL_ENTERPRISES
    )
    return with_tables_of(project, Supervision, "guangzhou", 2024)


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


def found(data: Path) -> list[str]:
    return [problem.check for problem in supervision.problems(Tables(data))]


def test_what_was_published_follows_from_the_rows(data: Path) -> None:
    assert {path.stem for path in (data / PAGE).glob("*.csv")} == {"draws", "drawn", "points", "holdings"}
    assert all(read(path) for path in (data / PAGE).glob("*.csv"))
    assert found(data) == []


@pytest.mark.parametrize(
    ("part", "column", "value"),
    [
        ("draws", "differences", "7"),
        ("draws", "outcome", "draw_other"),
        ("draws", "drawn", "0"),
        ("drawn", "publication", "other"),
        ("drawn", "working_days", "0"),
        ("drawn", "has_problem", "other"),
        ("points", "mode", "other"),
        ("points", "had", "999"),
        ("holdings", "rows", "9999"),
        ("holdings", "is_held", "other"),
    ],
)
def test_a_row_that_says_otherwise_is_found(data: Path, part: str, column: str, value: str) -> None:
    def changed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        place = next(number for number, row in enumerate(rows) if row.get("element", "soil") == "soil")
        return [{**row, column: value} if number == place else row for number, row in enumerate(rows)]

    edit(data / PAGE / f"{part}.csv", changed)
    assert found(data) == [f"table.{part}"]


@pytest.mark.parametrize("part", ["draws", "drawn", "points", "holdings"])
def test_a_row_that_is_left_out_is_found(data: Path, part: str) -> None:
    edit(data / PAGE / f"{part}.csv", lambda rows: rows[1:])
    assert found(data) == [f"table.{part}"]


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [("draws", "seed", "another"), ("inspectors", "conflicts", "440103"), ("ratios", "ratio_pct", "90")],
)
def test_a_changed_file_of_a_draw_is_found(data: Path, name: str, column: str, value: str) -> None:
    """In the district's: the draws of the city have lost the units of other districts in a small project anyway."""
    edit(
        data / f"supervision/{name}.csv",
        lambda rows: [{**row, column: value} if row["area_code"] == "440103" else row for row in rows],
    )
    assert found(data) == ["table.draws"]


def test_rows_of_days_and_of_points_are_counted_too(data: Path) -> None:
    edit(data / "law/penalties.csv", lambda rows: [row for row in rows if row["decided_date"][:4] != "2024"])
    assert found(data) == ["table.holdings"]


def test_rows_of_points_are_those_of_the_area_of_the_point(data: Path) -> None:
    edit(data / "soil/groundwater_points.csv", lambda rows: [{**row, "area_code": "440100"} for row in rows])
    assert sorted(found(data)) == ["table.holdings", "table.points"]


def entry(value: str | None, **derivation: Any) -> dict[str, Any]:
    return {"value": value, "derivation": derivation}


@pytest.mark.parametrize(("ratio", "expected"), [("25", "draw_enough"), ("24.9", "draw_short"), (None, None)])
def test_a_ratio_is_held_against_the_least(data: Path, ratio: str | None, expected: str | None) -> None:
    asked = {"bureau": "district", "class": "key"}
    entries = {
        "a": entry(ratio, where={"area_code": "440103", "class": "key"}),
        "b": entry("25", where=asked),
        "c": entry("5", where={**asked, "bureau": "city"}),
    }
    assert supervision.ratio_verdict(Tables(data), entries, {"of": ["a", "b"]}) == expected
    with pytest.raises(ValueError, match="kind of bureau"):
        supervision.ratio_verdict(Tables(data), entries, {"of": ["a", "c"]})


@pytest.mark.parametrize(("days", "expected"), [("20", "all_in_time"), ("21", "some_late"), (None, None)])
def test_the_slowest_result_is_held_against_the_deadline(data: Path, days: str | None, expected: str | None) -> None:
    entries = {"a": entry(days, table="x"), "b": entry("20", table="standards/supervision_publication")}
    assert supervision.publication_verdict(Tables(data), entries, {"of": ["a", "b"]}) == expected
    with pytest.raises(ValueError, match="deadline"):
        supervision.publication_verdict(Tables(data), entries, {"of": ["b", "a"]})
