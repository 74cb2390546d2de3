"""The checker of built sites on noise: a road, a point and a level, and what follows from them; worked by hand."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from reportkit.standards import rules
from reportkit.verify import noise
from reportkit.verify.tables import Tables

PAGE = "2024/liwan/noise"
ORIGIN = {"status": "demonstration", "source_id": "demo-noise"}
ROAD = {"road_id": "R", "area_code": "440103", "length_km": "1.0", "year": "2024", "time": "day", "leq_db": "70.1"}
VISIT = {"point_id": "Z", "area_code": "440103", "zone": "2", "year": "2024", "quarter": "1"}
CHECK = {**VISIT, "limit_db": "60", "time": "day", "leq_db": "60.0", "is_compliant": "true", "over_db": ""}
# Zone 2: 60 by day, 50 by night. Elsewhere and later rows are none of the page's.
TABLES: dict[str, list[dict[str, str]]] = {
    "areas": [
        {"area_code": "440100", "slug": "guangzhou", "kind": "city"},
        {"area_code": "440103", "slug": "liwan", "kind": "district"},
    ],
    "corrections": [],
    "noise/roads": [{**ROAD, **ORIGIN}, {**ROAD, **ORIGIN, "area_code": "440199"}, {**ROAD, **ORIGIN, "year": "2025"}],
    "noise/functional_zones": [{**VISIT, "day_db": "60.0", "night_db": "50.1", **ORIGIN}],
    "standards/noise_grades": [dict(row) for row in rules.table("noise_grades")],
    "standards/noise_limits": [dict(row) for row in rules.table("noise_limits")],
    f"{PAGE}/roads": [{**ROAD, "is_loud": "true", **ORIGIN}],
    f"{PAGE}/checks": [
        {**CHECK, **ORIGIN},
        {**CHECK, "time": "night", "leq_db": "50.1", "limit_db": "50", "is_compliant": "false", "over_db": "0.1"}
        | ORIGIN,
    ],
}


def site(folder: Path, changed: dict[str, list[dict[str, str]]] | None = None) -> Tables:
    """The published tables in *folder*, some of them changed."""
    tables = TABLES | (changed or {})
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as lines:
            heading = list(rows[0]) if rows else ["table", "key", "column", "value_before", "value_after"]
            writer = csv.DictWriter(lines, heading)
            writer.writeheader()
            writer.writerows(rows)
    resources = [{"name": name, "path": f"{name}.csv"} for name in tables if not name.startswith("2024")]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    return Tables(folder)


def test_tables_that_follow_from_the_measurements_have_no_problem(tmp_path: Path) -> None:
    assert list(noise.problems(site(tmp_path))) == []


@pytest.mark.parametrize(
    ("table", "place", "changes", "found"),
    [
        ("roads", 0, {"is_loud": "false"}, "table.roads"),
        ("roads", 0, {"leq_db": "70.0"}, "table.roads"),
        ("checks", 0, {"is_compliant": "false"}, "table.checks"),
        ("checks", 0, {"limit_db": "65"}, "table.checks"),
        ("checks", 1, {"is_compliant": "true"}, "table.checks"),
        ("checks", 1, {"over_db": "0.2"}, "table.checks"),
        ("checks", 1, {"status": "official"}, "table.checks"),
    ],
)
def test_a_row_that_does_not_follow_is_named(
    tmp_path: Path, table: str, place: int, changes: dict[str, str], found: str
) -> None:
    rows = [dict(row) for row in TABLES[f"{PAGE}/{table}"]]
    rows[place] |= changes
    (problem,) = noise.problems(site(tmp_path, {f"{PAGE}/{table}": rows}))
    assert problem.check == found


def test_a_check_that_is_left_out_is_named(tmp_path: Path) -> None:
    (problem,) = noise.problems(site(tmp_path, {f"{PAGE}/checks": TABLES[f"{PAGE}/checks"][:1]}))
    assert problem.check == "table.checks"


@pytest.mark.parametrize(
    ("subject", "time", "value", "expected"),
    [
        ("area", "day", "55.0", "noise_fairly_good"),
        ("area", "day", "55.1", "noise_average"),
        ("area", "day", "55.3", "noise_average"),  # Guangzhou 2017 (O087)
        ("road", "day", "69.0", "noise_fairly_good"),  # Guangzhou 2017 (O088)
        ("road", "night", "64.1", "noise_poor"),
        ("area", "night", "40.0", "noise_good"),
        ("area", "day", None, None),
    ],
)
def test_a_grade_follows_from_the_level(
    tmp_path: Path, subject: str, time: str, value: str | None, expected: str | None
) -> None:
    entries: dict[str, Any] = {"x": {"id": "x", "value": value, "period": "2017"}}
    derivation = {"operation": "class", "rule": "noise.grade", "of": ["x"], "subject": subject, "time": time}
    assert noise.grade(site(tmp_path), entries, derivation) == expected
