"""The checker of built sites on soil: what follows from a few rows is accepted, and what does not is named."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reportkit.standards import rules
from reportkit.verify import soil
from reportkit.verify.tables import Tables

PAGE = "2024/conghua/soil"
ORIGIN = {"status": "demonstration", "source_id": "demo"}
DAYS = ("investigated", "assessed", "listed", "works", "effect", "removed", "begun")
PLOT = {
    "plot_id": "P",
    "area_code": "440117",
    "planned_use": "residential",
    "area_hm2": "2.5",
    **{f"{name}_date": "" for name in DAYS},
    "investigated_date": "2023-03-01",
    "assessed_date": "2023-09-01",
    "listed_date": "2023-10-01",
    "works_date": "2024-02-01",
    "begun_date": "2024-06-01",
    **ORIGIN,
}
UNIT = {
    "enterprise_id": "E",
    "year": "2024",
    "area_code": "440117",
    "is_reported": "true",
    "is_monitored": "true",
    "last_inspected_year": "2022",
    "result": "meets",
    **ORIGIN,
}
VALUES = {row["parameter"] + ("" if row["unit"] == "1" else "_mg_l"): "" for row in rules.table("soil_groundwater")}
POINT = {"point_id": "G", "year": "2024", **VALUES, "ph": "7.0", "mn_mg_l": "0.30", "nh3n_mg_l": "1.2", **ORIGIN}
OF_PLOT = {"plot_id": "P", "area_hm2": "2.5", **ORIGIN}
TABLES: dict[str, list[dict[str, str]]] = {
    "areas": [{"area_code": "440117", "slug": "conghua", "kind": "district"}],
    "corrections": [],
    "soil/plots": [PLOT],
    "soil/supervised_units": [UNIT],
    "soil/groundwater_points": [{"point_id": "G", "area_code": "440117", "level": "national"}],
    "soil/groundwater": [POINT],
    "targets/targets": [{"target_id": "t", "direction": "at_least", "value": "93", "target_year": "2025"}],
    f"{PAGE}/plots": [
        {**OF_PLOT, "year": "2023", "stage": "assessed", "is_listed": "true", "use": "use_barred"},
        {**OF_PLOT, "year": "2024", "stage": "works", "is_listed": "true", "use": "use_breach"},
    ],
    f"{PAGE}/units": [{**UNIT, "duties": "duties_done"}],
    f"{PAGE}/points": [
        {"point_id": "G", "year": "2024", "level": "national", "class": "IV", "items": "mn;nh3n", **ORIGIN}
    ],
    f"{PAGE}/decisive": [
        {"point_id": "G", "year": "2024", "level": "national", "class": "IV", "item": item, **ORIGIN}
        for item in ("mn", "nh3n")
    ],
}


def tables(folder: Path, **changed: list[dict[str, str]]) -> Tables:
    """The tables as a site publishes them, of which some are *changed*."""
    written = {**TABLES, **{name.replace("__", "/"): rows for name, rows in changed.items()}}
    for name, rows in written.items():
        path = folder / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0]) if rows else ["table"])
            writer.writeheader()
            writer.writerows(rows)
    described = [{"name": name, "path": f"{name}.csv"} for name in written if not name.startswith("2024")]
    (folder / "datapackage.json").write_text(json.dumps({"resources": described}), encoding="utf-8")
    return Tables(folder)


def found(folder: Path, **changed: list[dict[str, str]]) -> list[tuple[str, str, str]]:
    return [(it.check, it.expected, it.found) for it in soil.problems(tables(folder, **changed))]


def test_what_follows_has_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("table", "row", "column", "right", "wrong"),
    [
        ("plots", 1, "use", "use_breach", "use_barred"),
        ("plots", 1, "stage", "works", "effect"),
        ("plots", 0, "is_listed", "true", "false"),
        ("units", 0, "duties", "duties_done", "duties_lacking"),
        ("points", 0, "class", "IV", "III"),
        ("points", 0, "items", "mn;nh3n", "mn"),
    ],
)
def test_what_does_not_follow_is_named(
    tmp_path: Path, table: str, row: int, column: str, right: str, wrong: str
) -> None:
    rows = [dict(it) for it in TABLES[f"{PAGE}/{table}"]]
    rows[row][column] = wrong
    assert found(tmp_path, **{f"{PAGE}/{table}": rows}) == [
        (f"table.{table}", f"{column} {right}", f"{column} {wrong}")
    ]


@pytest.mark.parametrize("table", ["plots", "decisive"])
def test_a_row_left_out_is_named(tmp_path: Path, table: str) -> None:
    ((check, _, _),) = found(tmp_path, **{f"{PAGE}/{table}": TABLES[f"{PAGE}/{table}"][:1]})
    assert check == f"table.{table}"


def test_an_inspection_too_long_ago_is_a_duty_not_done(tmp_path: Path) -> None:
    rows = [{**UNIT, "last_inspected_year": "2021"}]
    assert found(tmp_path, soil__supervised_units=rows) == [
        ("table.units", "duties duties_lacking", "duties duties_done")
    ]


@pytest.mark.parametrize(
    ("value", "period", "at", "word"),
    [
        ("93.0", "2024", 2024, "met_early"),
        ("92.9", "2024", 2024, "not_yet"),
        ("93.0", "2025", 2025, "met"),
        ("92.9", "2025", 2025, "missed"),
        ("99.0", "2025", 2026, "unknown"),
        (None, "2024", 2024, "unknown"),
    ],
)
def test_a_value_is_held_against_the_target(tmp_path: Path, value: str | None, period: str, at: int, word: str) -> None:
    entries: Mapping[str, Any] = {
        "v": {"value": value, "period": period},
        "t": {"value": "93", "period": "2025", "derivation": {"where": {"target_id": "t"}}},
    }
    derivation = {"operation": "class", "of": ["v", "t"], "rule": "soil.target", "held_against": "t", "at": at}
    assert soil.target_verdict(tables(tmp_path), entries, derivation) == word


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"mn_mg_l": "0.05"}, "I"),
        ({"ph": "6.4"}, "IV"),
        ({"ph": "9.1"}, "V"),
        ({"nh3n_mg_l": "0.50", "hardness_mg_l": "200"}, "III"),
        ({}, None),
    ],
)
def test_the_class_of_a_point_is_worked_out_from_its_values(values: dict[str, str], expected: str | None) -> None:
    assert soil.groundwater_class([{**POINT, **VALUES, **values}]) == (expected, None)
