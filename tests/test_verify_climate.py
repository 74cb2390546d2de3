"""The checker on climate: emissions and verdicts are recomputed from energy, factors and what was assigned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportkit.verify import climate
from reportkit.verify.tables import Tables

PAGE = "2024/liwan/climate"
TABLES = {
    "corrections": "table,key,column,value_before,value_after\n",
    "areas": "area_code,slug,kind\n440100,guangzhou,city\n440103,liwan,district\n",
    "climate/energy": (
        "area_code,year,sector,carrier,amount,unit,status,source_id\n"
        "440103,2024,industry,coal,100,t,demonstration,demo-climate\n"
        "440103,2024,industry,power,100.00,10k kWh,demonstration,demo-climate\n"
        "440103,2025,industry,coal,90,t,demonstration,demo-climate\n"
    ),
    "climate/published": (
        "area_code,period,indicator,value\n440103,2009,energy_per_gdp_cut,10\n440103,2010,energy_per_gdp_cut,5\n"
    ),
    "climate/assigned": (
        "area_code,indicator,year,change_pct,intensity\n"
        "440103,co2_per_gdp,2020,0.0,0.5000\n440103,co2_per_gdp,2025,-20.0,\n"
    ),
    "standards/climate_factors": (
        "measure,item,region,area_codes,value,of_year,valid_from,valid_to\n"
        "co2,coal,,,1.9003,,2013-01-01,\n"
        "co2,power,national,,0.5568,2021,2021-01-01,2022-12-31\n"
        "co2,power,national,,0.5306,2023,2023-01-01,\n"
        "co2,power,province,44,0.4403,2022,2022-01-01,\n"
        "tce,coal,,,0.7143,,2013-01-01,\n"
        "tce,power,,,0.1229,,2013-01-01,\n"
    ),
    # 100 t x 1.9003 = 190.03 t; 1,000,000 kWh x 0.5306 kg = 530.6 t; 71.43 t and 122.9 t of coal equivalent.
    f"{PAGE}/emissions": (
        "area_code,year,sector,carrier,part,amount,unit,co2_factor,factor_year,co2_10k_t,tce_factor,tce_10k_t,"
        "status,source_id\n"
        "440103,2024,industry,coal,direct,100,t,1.9003,,0.0190,0.7143,0.0071,demonstration,demo-climate\n"
        "440103,2024,industry,power,electricity,100.00,10k kWh,0.5306,2023,0.0531,0.1229,0.0123,"
        "demonstration,demo-climate\n"
    ),
    f"{PAGE}/by_grid_factor": (
        "region,factor_year,amount,factor,co2_10k_t\nnational,2023,100.00,0.5306,0.05\nprovince,2022,100.00,0.4403,0.04\n"
    ),
    # Energy is known of 2024 and after alone: 190.03 t, and 530.6 t of power.
    f"{PAGE}/at_first_factor": (
        "year,direct_10k_t,amount,factor_year,factor,co2_10k_t\n2024,0.0190,100.00,2023,0.5306,0.0721\n"
    ),
    f"{PAGE}/compounded": "year,cut_pct,cumulative_pct\n2009,10,10.00\n2010,5,14.50\n",
}


def tables(folder: Path, **changed: tuple[str, str]) -> Tables:
    """The tables above, in one of which a text is replaced by another."""
    for name, content in TABLES.items():
        before, after = changed.get(name.rpartition("/")[2], ("", ""))
        path = folder / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.replace(before, after) if before else content, encoding="utf-8")
    described = [{"name": name, "path": f"{name}.csv"} for name in TABLES if not name.startswith(PAGE)]
    (folder / "datapackage.json").write_text(json.dumps({"resources": described}), encoding="utf-8")
    return Tables(folder)


def test_tables_that_follow_have_no_problem(tmp_path: Path) -> None:
    assert list(climate.problems(tables(tmp_path), {})) == []


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("emissions", "0.0190", "0.0191"),
        ("emissions", "0.5306,2023", "0.5568,2021"),
        ("emissions", "electricity", "direct"),
        ("emissions", "0.0071", "0.0072"),
        ("by_grid_factor", "0.4403,0.04", "0.4403,0.05"),
        ("at_first_factor", "0.0721", "0.0720"),
        ("at_first_factor", "2023,0.5306", "2021,0.5568"),
        ("compounded", "14.50", "15.00"),
    ],
)
def test_a_row_that_does_not_follow_is_named(tmp_path: Path, name: str, before: str, after: str) -> None:
    found = list(climate.problems(tables(tmp_path, **{name: (before, after)}), {}))
    assert [problem.check for problem in found] == [f"table.{name}"]


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [("co2", "0.02", "0.04"), ("energy", "0.01", "0.03"), ("energy_2025", "0.01", "0.02")],
)
def test_a_total_leaves_out_what_heat_and_power_works_burn(tmp_path: Path, name: str, right: str, wrong: str) -> None:
    """100 t of coal are 0.0190 and 0.0071; works burnt as much again and 200 t; 90 t in 2025."""
    energy = "440103,2024,industry,coal,100,t,demonstration,demo-climate\n"
    works = energy + "440103,2024,plants,coal,300,t,demonstration,demo-climate\n"
    made = tables(tmp_path, energy=(TABLES["climate/energy"].splitlines()[2] + "\n", works.removeprefix(energy)))
    for value, checks in ((right, []), (wrong, ["climate.counted"])):
        entry = {"value": value, "derivation": {"operation": "sum"}}
        problems = climate.problems(made, {f"{PAGE}#{name}": entry})
        assert [problem.check for problem in problems if not problem.check.startswith("table.")] == checks


def entries(cut: str | None, base: int = 2020, at: int = 2024) -> dict[str, Any]:
    """The figures a verdict rests on."""
    own = {"area_code": "440103", "indicator": "co2_per_gdp"}
    level = {"derivation": {"column": "intensity", "where": {**own, "year": base}}}
    return {
        "level": level,
        "now": {},
        "cut": {"value": cut, "period": str(at), "derivation": {"of": ["now", "level"]}},
        "start": {"value": "0.0", "period": "2020", "derivation": {"where": {**own, "year": 2020}}},
        "target": {"value": "-20.0", "period": "2025", "derivation": {"where": {**own, "year": 2025}}},
    }


@pytest.mark.parametrize(
    ("cut", "at", "word"),
    [
        ("-16.0", 2024, "on_track"),  # four fifths of the way: 16
        ("-15.9", 2024, "behind"),
        ("-20.0", 2024, "met_early"),
        ("-20.0", 2025, "met"),
        ("-19.9", 2025, "missed"),
        ("-25.0", 2026, "unknown"),
        (None, 2024, "unknown"),
    ],
)
def test_a_verdict_follows_from_the_table_of_what_was_assigned(
    tmp_path: Path, cut: str | None, at: int, word: str
) -> None:
    derivation = {"of": ["cut", "start", "target"], "at": at}
    assert climate.verdict(tables(tmp_path), entries(cut, at=at), derivation) == word


def test_a_change_from_another_year_than_the_base_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not from the level of the base year"):
        climate.verdict(tables(tmp_path), entries("-16.0", base=2021), {"of": ["cut", "start", "target"], "at": 2024})
