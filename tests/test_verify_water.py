"""The checker of built sites on water: one river, eight months, and what follows from them; all worked by hand."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from reportkit.standards import water as standard
from reportkit.verify.figures import Figures
from reportkit.verify.tables import Tables
from reportkit.verify.water import problems

PAGE = "2024/tianhe/water"
ORIGIN = {"status": "demonstration", "source_id": "demo"}
VALUES = [*standard.COLUMN.values(), "chl_a_mg_m3", "transparency_m"]
MEANS = [standard.COLUMN[name] for name in standard.PARAMETERS if name not in ("water_temp", "coliform")]
MONTHS = [f"2024-{month:02}" for month in range(1, 9)]

# Ammonia at 0.5 mg/L, in August at 4.5: the mean is exactly 1.00, class III; August is worse than V, 3.5 times over.
AMMONIA = ["0.5"] * 7 + ["4.5"]
SAMPLES = [
    {"section_id": "R", "month": month, **dict.fromkeys(VALUES, ""), "nh3n_mg_l": value, "non_detects": "", **ORIGIN}
    for month, value in zip(MONTHS, AMMONIA, strict=True)
]
TABLES: dict[str, list[dict[str, str]]] = {
    "areas": [{"area_code": "440106", "slug": "tianhe", "kind": "district"}],
    "corrections": [],
    "water/sections": [
        {"section_id": "R", "area_code": "440106", "level": "national", "body": "river", "target_class": "2", **ORIGIN}
    ],
    "water/section_monthly": SAMPLES,
    "water/drinking_sources": [{"intake_id": "D", "area_code": "440106", "level": "city", "type": "river"}],
    "water/drinking_monthly": [{"intake_id": "D", "month": "2024-01", "is_compliant": "true", **ORIGIN}],
    f"{PAGE}/months": [
        {
            "section_id": "R",
            "month": month,
            "year": "2024",
            "is_assessed": "true",
            "body": "river",
            "class": "worse" if value == "4.5" else "II",
            "n_items": "1",
            "main": "nh3n" if value == "4.5" else "",
            **ORIGIN,
        }
        for month, value in zip(MONTHS, AMMONIA, strict=True)
    ],
    f"{PAGE}/exceeding": [
        {
            "section_id": "R",
            "month": "2024-08",
            "year": "2024",
            "parameter": "nh3n",
            "class": "worse",
            "multiple": "3.5",
            "place": "1",
            **ORIGIN,
        }
    ],
    f"{PAGE}/years": [
        {
            "section_id": "R",
            "body": "river",
            "target_class": "2",
            "year": "2024",
            "months": "8",
            "is_valid": "true",
            "class": "III",
            "verdict": "off_target",
            "main": "",
            **dict.fromkeys(MEANS, ""),
            "nh3n_mg_l": "1.00",
            **ORIGIN,
        }
    ],
    f"{PAGE}/sources": [
        {
            "intake_id": "D",
            "month": "2024-01",
            "is_compliant": "true",
            "level": "city",
            "type": "river",
            "year": "2024",
            **ORIGIN,
        }
    ],
}


def site(folder: Path, changed: dict[str, list[dict[str, str]]] | None = None, figures: Sequence[Any] = ()) -> Tables:
    """The published tables in *folder*, some of them changed, and the figures of the page."""
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
    published = folder / "figures" / f"{PAGE}.json"
    published.parent.mkdir(parents=True, exist_ok=True)
    published.write_text(json.dumps({"figures": list(figures)}, ensure_ascii=False), encoding="utf-8")
    return Tables(folder)


def with_row(table: str, at: int, /, **changes: str) -> dict[str, list[dict[str, str]]]:
    rows = [dict(row) for row in TABLES[table]]
    rows[at] |= changes
    return {table: rows}


def test_tables_that_follow_from_the_samples_have_no_problem(tmp_path: Path) -> None:
    assert list(problems(site(tmp_path))) == []


@pytest.mark.parametrize(
    ("table", "place", "changes", "found"),
    [
        (f"{PAGE}/months", 7, {"class": "V"}, "table.months"),
        (f"{PAGE}/months", 7, {"main": ""}, "table.months"),
        (f"{PAGE}/months", 0, {"n_items": "2"}, "table.months"),
        (f"{PAGE}/exceeding", 0, {"multiple": "3.4"}, "table.exceeding"),
        (f"{PAGE}/exceeding", 0, {"place": "2"}, "table.exceeding"),
        (f"{PAGE}/years", 0, {"nh3n_mg_l": "1.01"}, "table.years"),
        (f"{PAGE}/years", 0, {"class": "IV"}, "table.years"),
        (f"{PAGE}/years", 0, {"verdict": "on_target"}, "table.years"),
        (f"{PAGE}/years", 0, {"months": "9"}, "table.years"),
        (f"{PAGE}/years", 0, {"status": "official"}, "table.years"),
        (f"{PAGE}/sources", 0, {"is_compliant": "false"}, "table.sources"),
    ],
)
def test_a_row_that_does_not_follow_is_named(
    tmp_path: Path, table: str, place: int, changes: dict[str, str], found: str
) -> None:
    (problem,) = problems(site(tmp_path, with_row(table, place, **changes)))
    assert problem.check == found


def test_a_year_with_seven_months_must_have_no_class(tmp_path: Path) -> None:
    short = {"water/section_monthly": SAMPLES[1:], f"{PAGE}/months": TABLES[f"{PAGE}/months"][1:]}
    (problem,) = problems(site(tmp_path, short))
    assert (problem.check, "class" in problem.found) == ("table.years", True)


def figure(operation: str, rule: str, value: str | None, printed: Sequence[str], **more: Any) -> dict[str, Any]:
    where = {"section_id": "R", "year": 2024} if rule == "water.class" else {"year": 2024, "is_valid": True}
    return {
        "id": f"{PAGE}#figure",
        "value": value,
        "unrounded": value,
        "unit": "",
        "period": "2024",
        "status": "demonstration",
        "sources": ["demo"],
        "standards": [],
        "derivation": {"operation": operation, "rule": rule, "table": f"{PAGE}/years", "where": where},
        "printed": {"zh": [printed[0]], "en": [printed[1]]},
        **more,
    }


CLASS_III = figure("class", "water.class", "III", ("Ⅲ类", "class III"))
# One section of class III is graded by its means: good.
GRADE = figure("class", "water.river_grade", "grade_good", ("良好", "good"))
ALL_MEANS = {
    **{"ph": "8", "do_mg_l": "10.0", "codmn_mg_l": "3.0", "cod_mg_l": "10.0", "bod5_mg_l": "2.0", "tp_mg_l": "0.100"},
    **{"cu_mg_l": "0.500", "zn_mg_l": "0.500", "fluoride_mg_l": "0.500", "se_mg_l": "0.0050", "as_mg_l": "0.0250"},
    **{"hg_mg_l": "0.00005", "cd_mg_l": "0.00250", "cr6_mg_l": "0.025", "pb_mg_l": "0.025", "cyanide_mg_l": "0.100"},
    **{"phenol_mg_l": "0.0025", "oil_mg_l": "0.02", "las_mg_l": "0.10", "sulfide_mg_l": "0.100", "nh3n_mg_l": "1.00"},
}
# Nineteen items at half their limit, oil at 0.4, ammonia at its limit: 9.5 + 0.4 + 1.
INDEX = figure("index", "water.cwqi", "10.9000", ("10.9000", "10.9000"), unrounded="10.9", unit="1")


@pytest.mark.parametrize(
    ("entry", "changed", "wrong"),
    [
        (CLASS_III, {}, "IV"),
        (GRADE, {}, "grade_light"),
        (INDEX, with_row(f"{PAGE}/years", 0, **ALL_MEANS), "10.9001"),
    ],
)
def test_what_a_rule_makes_of_rows_is_worked_out_again(
    tmp_path: Path, entry: dict[str, Any], changed: dict[str, list[dict[str, str]]], wrong: str
) -> None:
    assert list(Figures(site(tmp_path, changed, [entry])).problems()) == []
    (problem,) = Figures(site(tmp_path, changed, [entry | {"value": wrong}])).problems()
    assert problem.check == "figure.value"


def test_an_index_without_all_items_has_no_value(tmp_path: Path) -> None:
    nothing = figure("index", "water.cwqi", None, ("—", "—"), unit="1")
    assert list(Figures(site(tmp_path, {}, [nothing])).problems()) == []
    assert [problem.check for problem in Figures(site(tmp_path, {}, [INDEX])).problems()] == ["figure.value"]


def test_a_section_that_fell_short_has_no_class(tmp_path: Path) -> None:
    nothing = figure("class", "water.class", None, ("—", "—"))
    short = with_row(f"{PAGE}/years", 0, is_valid="false", months="7")
    assert list(Figures(site(tmp_path, short, [nothing])).problems()) == []
    assert [problem.check for problem in Figures(site(tmp_path, short, [CLASS_III])).problems()] == ["figure.value"]


def test_a_lake_has_its_trophic_level(tmp_path: Path) -> None:
    """The worked case of the standards' tests: 48.02, mesotrophic."""
    five = {"chl_a_mg_m3": "10.0", "tp_mg_l": "0.050", "tn_mg_l": "1.00", "transparency_m": "1.00", "codmn_mg_l": "4.0"}
    lake = with_row(f"{PAGE}/years", 0, body="lake", **five)
    index = figure("index", "water.tli", "48.02", ("48.02", "48.02"), unit="1")
    level = figure("class", "water.tli", "trophic_mesotrophic", ("中营养", "mesotrophic"))
    for entry in (index, level):
        assert list(Figures(site(tmp_path, lake, [entry])).problems()) == []
    (problem,) = Figures(site(tmp_path, lake, [index | {"value": "48.03"}])).problems()
    assert problem.check == "figure.value"
