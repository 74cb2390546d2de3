"""The checker on waste: a computed amount of a published year is named, and a rate by another formula is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportkit.verify import waste
from reportkit.verify.tables import Tables

PAGE = "2024/guangzhou/waste"
TABLES = {
    "corrections": "table,key,column,value_before,value_after\n",
    "areas": "area_code,slug\n440100,guangzhou\n440103,liwan\n",
    "sources": "source_id,trust\ns,A\ndoubtful,D\n",
    "waste/published": (
        "area_code,indicator,year,value,source_id\n"
        "440100,general_generated,2022,692.95,s\n"
        "440100,general_generated,2023,700,doubtful\n"
    ),
}
Entries = dict[str, dict[str, Any]]


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    for name, rows in TABLES.items():
        path = tmp_path / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(rows, encoding="utf-8")
    resources = [{"name": name, "path": f"{name}.csv"} for name in TABLES]
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    return Tables(tmp_path)


def found(tables: Tables, entries: Entries) -> list[tuple[str, str]]:
    return [(problem.check, problem.where) for problem in waste.problems(tables, entries)]


def amount(name: str, table: str = "waste/industrial", page: str = PAGE) -> Entries:
    return {f"{page}#{name}": {"derivation": {"operation": "select", "table": table}}}


def rate(*parts: str, name: str = "general_use_ratio", operation: str = "added") -> Entries:
    """A rate whose first part is over the others, added up."""
    taken, *others = (f"{PAGE}#{part}" for part in parts)
    return {
        f"{PAGE}#{name}": {"derivation": {"operation": "ratio", "of": [taken, f"{PAGE}#base"]}},
        f"{PAGE}#base": {"derivation": {"operation": operation, "of": others}},
    }


@pytest.mark.parametrize("name", ["general_generated_2022", "general_used_2022", "hazardous_closing_2022"])
def test_an_amount_of_a_published_year_is_not_computed(tables: Tables, name: str) -> None:
    assert found(tables, amount(name, "waste/published")) == []
    assert found(tables, amount(name)) == [("waste.published", f"{PAGE}#{name}")]


def test_the_page_of_the_published_year_itself_is_held_to_it(tables: Tables) -> None:
    page = "2022/guangzhou/waste"
    assert found(tables, amount("general_used", page=page)) == [("waste.published", f"{page}#general_used")]


@pytest.mark.parametrize("name", ["general_generated", "general_generated_2023"])
def test_other_years_and_doubtful_sources_leave_it_to_the_districts(tables: Tables, name: str) -> None:
    assert found(tables, amount(name)) == []


def test_another_area_was_not_published(tables: Tables) -> None:
    assert found(tables, amount("general_generated_2022", page="2024/liwan/waste")) == []


def test_a_rate_by_the_printed_formula_passes(tables: Tables) -> None:
    assert found(tables, rate("general_used", "general_generated", "general_used_from_before")) == []
    fine = ("general_used_kg_2021", "general_generated_kg_2021", "general_used_from_before_kg_2021")
    assert found(tables, rate(*fine, name="general_use_ratio_2021")) == []


@pytest.mark.parametrize(
    "parts",
    [
        ("general_used", "general_generated"),  # plain division
        ("general_used", "general_generated", "general_disposed_from_before"),
        ("general_disposed", "general_generated", "general_used_from_before"),
        ("general_used", "hazardous_generated", "general_used_from_before"),
    ],
)
def test_a_rate_of_other_parts_is_named(tables: Tables, parts: tuple[str, ...]) -> None:
    assert found(tables, rate(*parts)) == [("waste.formula", f"{PAGE}#general_use_ratio")]


def test_a_medical_rate_is_of_kilograms_and_of_what_was_kept_and_generated(tables: Tables) -> None:
    kilograms = ("medical_disposed_kg_2023", "medical_opening_kg_2023", "medical_generated_kg_2023")
    assert found(tables, rate(*kilograms, name="medical_within_year_2023")) == []
    for parts in (
        ("medical_disposed", "medical_opening", "medical_generated"),  # of whole tonnes
        ("medical_disposed_kg", "medical_generated_kg"),
    ):
        name = "medical_within_year"
        assert found(tables, rate(*parts, name=name)) == [("waste.formula", f"{PAGE}#{name}")]


def test_the_parts_have_to_be_added(tables: Tables) -> None:
    parts = ("general_used", "general_generated", "general_used_from_before")
    assert found(tables, rate(*parts, operation="difference")) == [("waste.formula", f"{PAGE}#general_use_ratio")]


def test_plain_division_shown_for_comparison_is_not_taken_for_a_rate(tables: Tables) -> None:
    plain = rate("general_used", "general_generated", name="general_use_ratio_plain_2021")
    assert found(tables, plain) == []


def test_a_site_without_waste_has_nothing_to_check(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text('{"resources": []}', encoding="utf-8")
    assert found(Tables(tmp_path), amount("general_generated_2022")) == []
