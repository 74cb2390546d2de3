"""Objects show themselves in JupyterLab: in the colours of its theme, and with text that stays text."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

import reportkit
from projects import HOSTILE, REPO
from reportkit.chapters.air import Air
from reportkit.chapters.archive import Archive
from reportkit.display import Displayed
from reportkit.figures import PublishedTable
from reportkit.project import open_project
from reportkit.standards import air, rules

# What only other objects hold, and a reader of a notebook never has in hand.
HELD_BY_OTHERS = {"Shown", "Column", "TableContent", "ChartContent"}
PUBLIC = (
    *("figures", "blocks", "chapters", "findings", "project", "schema", "standards"),
    *("load", "reports", "run", "verify", "new_year", "importers"),
)


def dataclasses_of(package: str) -> list[type[Any]]:
    module = importlib.import_module(f"reportkit.{package}")
    names = [info.name for info in pkgutil.iter_modules(getattr(module, "__path__", []), f"reportkit.{package}.")]
    submodules = [] if package == "importers" else names  # how a file is read is nobody else's business
    modules = [module.__name__, *submodules]
    found = [vars(importlib.import_module(name)) for name in modules]
    kinds = {kind for of in found for kind in of.values() if isinstance(kind, type) and dataclasses.is_dataclass(kind)}
    return sorted((kind for kind in kinds if kind.__module__ in modules), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("package", PUBLIC)
def test_every_public_object_shows_itself(package: str) -> None:
    found = dataclasses_of(package)
    assert found
    for kind in found:
        if not kind.__name__.startswith("_") and kind.__name__ not in HELD_BY_OTHERS:
            assert hasattr(kind, "_repr_html_") or hasattr(kind, "_repr_mimebundle_"), kind


def objects() -> list[Any]:
    chapter = Air.open("tianhe", 2024, "en", open_project(REPO))
    archive = Archive.open("DEMO-E-440103-01", 2024, "en", open_project(REPO))
    day = date(2024, 6, 1)
    found = [
        archive,
        chapter,
        chapter.edition,
        chapter.area,
        chapter.good_days_ratio(),
        chapter.days,
        chapter.edition.project,
    ]
    return [*found, air.limit("pm2_5", "annual", day), rules.rule("air.index", day), chapter.disclosure("Q1")]


@pytest.mark.parametrize("shown", objects(), ids=lambda shown: type(shown).__name__)
def test_colours_are_those_of_the_theme(shown: Any) -> None:
    html = shown._repr_html_()
    assert "<td>" in html
    assert re.findall(r"(?:color|border[\w-]*|background[\w-]*):\s*[^;]*(?:#|rgb)", html) == []


def test_a_chapter_tells_its_blocks() -> None:
    html = Air.open("tianhe", 2024, "zh", open_project(REPO))._repr_html_()
    assert "answer()" in html
    assert "天河区" in html
    assert reportkit.__version__ not in html


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text: str) -> None:
    @dataclasses.dataclass
    class Thing(Displayed):
        name: str

    table = PublishedTable(text, pd.DataFrame({"a": [text], "status": [""], "source_id": [""]}))
    for html in (Thing(text)._repr_html_(), table._repr_html_()):
        assert "<script" not in html
        assert "<b>" not in html


def test_nought_is_shown_and_nothing_is_not() -> None:
    @dataclasses.dataclass
    class Thing(Displayed):
        value: object

    for value in (0, Decimal("0.0"), False):
        assert f"<td>{value}</td>" in Thing(value)._repr_html_()
    for value in (None, "", (), {}):
        assert "value" not in Thing(value)._repr_html_()


def test_of_a_long_table_the_first_rows_are_shown() -> None:
    rows = pd.DataFrame({"number": range(50), "status": "official", "source_id": ""})
    assert "20 of 50 rows" in PublishedTable("t", rows)._repr_html_()
