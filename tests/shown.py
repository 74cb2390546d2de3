"""What a reader sees of blocks, without their markup: sentences, notes, the cells of tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from reportkit.blocks import MIMETYPE, Block
from reportkit.figures import Figure, Measured, name_figure
from reportkit.reports import blocks, with_notes_once


def text(figure: Figure | None) -> str | None:
    """The value of a figure as it is written; nothing where it has none."""
    return None if figure is None or figure.value is None else str(figure.value)


def joined(parts: Any) -> str:
    """A text or a cell, its figures and links as they are printed."""
    if parts is None or isinstance(parts, str):
        return parts or ""
    return str(parts["text"]) if isinstance(parts, dict) else "".join(map(joined, parts))


def said(block: Block) -> str:
    """The sentences of a statement, one a line."""
    return "\n".join(map(joined, block.as_json()["content"]["sentences"]))


def notes(block: Block) -> str:
    """The notes beneath a block, one a line."""
    return "\n".join(map(joined, block.as_json()["notes"]))


def notes_on_a_page(*shown: Block) -> list[str]:
    """The notes beneath each of the blocks *shown*, one a line, where they follow each other on a page."""
    outputs = [{"data": {MIMETYPE: block.as_json()}} for block in shown]
    page = with_notes_once({"cells": [{"cell_type": "code", "outputs": outputs}]})
    return ["\n".join(map(joined, block["notes"])) for block in blocks(page)]


def table(block: Block) -> list[dict[str, str]]:
    """The rows of a block's table, or of that beneath its chart, by the names of the columns."""
    content = block.as_json()["content"]
    found = (content.get("chart") or content)["table"]
    names = [column["name"] for column in found["columns"]]
    return [dict(zip(names, map(joined, row), strict=True)) for row in found["rows"]]


def figure(name: str, value: Any, *, unit: str = "ug/m3", status: str = "official", **options: Any) -> Figure:
    """A figure of the air of Tianhe with that *value*; text is taken for a decimal."""
    value = Decimal(value) if isinstance(value, str) else value
    measured = Measured(value, value, {"operation": "select"}, status, (f"source-{name}",), options.pop("rules", ()))
    return name_figure(f"2024/tianhe/air#{name}", measured, unit=unit, period="2024", **options)
