"""What an object looks like in JupyterLab, in its light and its dark theme: its fields, or its rows, as a table."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import jinja2

SHOWN_ROWS = 20


class Displayed:
    """A dataclass that shows its fields; those that are empty, or hidden from its ``repr``, are left out."""

    def _repr_html_(self) -> str:
        given = {field.name: getattr(self, field.name) for field in fields(self) if field.repr}  # type: ignore[arg-type]
        shown = {name: value for name, value in given.items() if value or value == 0}  # nought is not empty
        return as_html(type(self).__name__, ["", ""], [[name, words(value)] for name, value in shown.items()])


def as_html(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], count: int | None = None) -> str:
    """A table of text in the colours of the theme; *count* is the number of rows there are, if not all are given."""
    return _template("display.html").render(title=title, columns=columns, rows=rows, count=count)


def on_theme(html: str) -> str:
    """The *html* of a block with as much style as it needs in a notebook, in the colours of the theme."""
    return _template("display_block.html").render(html=html)


def words(value: Any) -> str:
    """A value in words: lists and mappings as lists, anything else as it says itself."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {words(part)}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(map(words, value))
    return str(value)


@functools.cache
def _template(name: str) -> jinja2.Template:
    folder = Path(__file__).with_name("templates")
    loader = jinja2.FileSystemLoader(folder)
    return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template(name)
