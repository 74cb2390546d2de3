"""Specifications of charts: only what is drawn travels, in both widths, in the house style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import altair as alt
import pytest
from altair.utils.schemapi import SchemaValidationError

from projects import blocks_of, small_project
from reportkit import charts, font
from reportkit.blocks import Block, plain
from reportkit.chapters.air import Air
from reportkit.chapters.overview import Overview
from reportkit.chapters.radiation import Radiation
from reportkit.chapters.water import Water

EDITIONS = [("guangzhou", "zh"), ("tianhe", "zh"), ("tianhe", "en")]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Block]:
    """Every chart of the city and of one district, by language, area and name."""
    project = small_project(tmp_path_factory.mktemp("charts"), data_years=(2023, 2024))
    return {
        f"{language}/{area}/{kind.slug}/{block.name}": block
        for area, language in EDITIONS
        for kind in (Overview, Air, Water, Radiation)
        for block in blocks_of(project, area, 2024, language, kind)
        if block.kind == "chart"
    }


def specs(drawn: dict[str, Block]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, block in drawn.items():
        for width in charts.WIDTHS:
            yield f"{name} {width}", getattr(block.content["chart"], width)


def test_every_specification_is_valid_vega_lite(drawn: dict[str, Block]) -> None:
    for name, spec in specs(drawn):
        try:
            alt.Chart.from_dict(spec)
        except SchemaValidationError as error:
            pytest.fail(f"{name}: {error}")


def data_columns(spec: dict[str, Any]) -> set[str]:
    """Every column of every row that travels with a specification."""
    rows = [row for dataset in spec.get("datasets", {}).values() for row in dataset]
    for node in nodes(spec):
        rows += node["data"].get("values", []) if isinstance(node.get("data"), dict) else []
    return {column for row in rows for column in row}


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping inside a specification, but not the rows of its data."""
    if isinstance(value, dict):
        yield value
        for name, part in value.items():
            if name not in ("values", "datasets"):
                yield from nodes(part)
    elif isinstance(value, list):
        for part in value:
            yield from nodes(part)


def used_columns(spec: dict[str, Any]) -> set[str]:
    """Every column an encoding, a filter or a condition of a specification names."""
    used = set()
    for node in nodes(spec):
        if isinstance(node.get("field"), str):
            used.add(node["field"])
        for expression in (node.get("filter"), node.get("test")):
            used |= set(re.findall(r"datum\.(\w+)", expression)) if isinstance(expression, str) else set()
    return used


def test_every_chart_of_the_chapters_is_looked_at(drawn: dict[str, Block]) -> None:
    names = {name.split("/", 2)[2] for name in drawn}
    assert {"overview/completeness", "air/calendar", "air/pollutants", "air/months", "air/years"} <= names
    assert {"air/primaries", "air/ranking", "air/completeness", "air/next"} <= names


def test_only_columns_that_are_drawn_travel(drawn: dict[str, Block]) -> None:
    idle = {name: data_columns(spec) - used_columns(spec) for name, spec in specs(drawn)}
    assert {name: columns for name, columns in idle.items() if columns} == {}


def test_every_column_that_is_drawn_is_there(drawn: dict[str, Block]) -> None:
    lacking = {name: used_columns(spec) - data_columns(spec) for name, spec in specs(drawn)}
    # A series without a break has no row to mark one, and one without a limit none to draw it.
    assert {name: columns for name, columns in lacking.items() if not columns <= {"break_at", "limit"}} == {}


def test_every_chart_is_drawn_in_both_widths(drawn: dict[str, Block]) -> None:
    for block in drawn.values():
        content = block.content["chart"]
        assert content.wide != content.narrow
        assert data_columns(content.wide) == data_columns(content.narrow)


def test_a_text_alternative_says_what_the_picture_says(drawn: dict[str, Block]) -> None:
    for name, block in drawn.items():
        parts = plain(block.content["chart"].alternative, block.language)
        words = "".join(part if isinstance(part, str) else part["text"] for part in parts)
        assert len(words) > 20, name
        assert re.search(r"\d", words), name


def test_the_same_data_stand_in_a_table_beneath(drawn: dict[str, Block]) -> None:
    for block in drawn.values():
        table = block.content["chart"].table
        assert table.rows
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert all(column.heading for column in table.columns)
        assert len({column.name for column in table.columns}) == len(table.columns)


def test_the_house_style_names_one_font_and_leaves_words_to_the_page(drawn: dict[str, Block]) -> None:
    for _, spec in specs(drawn):
        assert spec["config"]["font"] == font.FONT
        assert spec["config"]["aria"] is False


def test_a_specification_holds_no_address(drawn: dict[str, Block]) -> None:
    for _, spec in specs(drawn):
        assert {node["url"] for node in nodes(spec) if "url" in node} == set()


@pytest.mark.parametrize(("width", "panels", "has_own"), [("wide", 3, False), ("wide", 4, True), ("narrow", 4, False)])
def test_labels_of_a_column_stand_beneath_a_panel(width: str, panels: int, has_own: bool) -> None:
    names = [f"panel {number}" for number in range(panels)]
    points = [
        {"panel": name, "step": year, "value": 1.0, "status": "official", "segment": 0}
        for name in names
        for year in ("2023", "2024")
    ]
    spec = charts.in_both_widths(charts.trend, points, [{"panel": name} for name in names], [])[width]
    assert (spec.get("resolve", {}).get("axis") == {"x": "independent"}) == has_own
