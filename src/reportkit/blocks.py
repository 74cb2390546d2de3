"""Blocks: what a notebook cell shows, what its output carries, and the one place where a block becomes HTML.

A chapter returns a block from every call. In JupyterLab it displays itself; in an executed notebook its
output carries the block as JSON (:data:`MIMETYPE`), from which the site's pages are made. Every value in a
block is text; ``templates/blocks.html`` is rendered with escaping on, and nothing else writes the HTML of a block.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from reportkit import text
from reportkit.display import on_theme
from reportkit.figures import Figure, PublishedTable
from reportkit.standards.rules import Rule
from reportkit.status import MARKED, STATUSES, is_mixed, weakest
from reportkit.units import without_unit

MIMETYPE = "application/vnd.reportkit.block+json"
_MEASURE_WORD = re.compile("家次|人次|处(?![罚理置])|[个家件项次起条张场位]")
# Where in a standard something stands, as tables of rules write it, and the message that says it in a language.
_CLAUSES = {
    "site.clause.note": re.compile(r"note to the (?P<at>table)"),
    "site.clause.table": re.compile(r"table (?P<at>\d+)"),
    "site.clause.article": re.compile(r"article (?P<at>\d+)"),
    "site.clause.number": re.compile(r"cl\. (?P<at>[\d.]+(?:(?:-|, )[\d.]+)*)"),
}
_VEGALITE = "application/vnd.vegalite.v6+json"


@dataclass(frozen=True)
class Shown:
    """A figure in one of its printed forms: as it is, or without its sign where the words give the direction.

    A count that was made here, of what has its status elsewhere, is not *tagged* with one in a text of several.
    """

    figure: Figure
    is_absolute: bool = False
    is_tagged: bool = True

    def part(self, language: str) -> dict[str, Any]:
        """The figure as a part of a text: its id, its status, its value, and what is printed."""
        printed = self.figure.printed[language][-1 if self.is_absolute else 0]
        value = "" if self.figure.value is None else str(self.figure.value)
        part = {"figure": self.figure.id, "status": self.figure.status, "value": value, "text": printed}
        return part if self.is_tagged else part | {"is_tagged": False}


def absolute(figure: Figure) -> Shown:
    """*figure* printed without its sign."""
    return Shown(figure, is_absolute=True)


def untagged(figure: Figure) -> Shown:
    """*figure*, a count, without a tag of its status."""
    return Shown(figure, is_tagged=False)


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the download, its heading, and whether it holds numbers."""

    name: str
    heading: str
    is_number: bool = True


@dataclass(frozen=True)
class TableContent:
    """Rows to read and to take along: each cell is text, a figure, a list of both, or empty.

    *download* is its address below ``data/`` without ``.csv``: that of a published table of the same block, whose
    rows then go into the file, or one of its own. *marked* is the row of the reader's own area; *catalogue* names
    the catalogue item each row stands for, *statuses* says what each row is where no figure of it does.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    download: str
    marked: int | None = None
    catalogue: Sequence[str] = ()
    statuses: Sequence[str] = ()


@dataclass(frozen=True)
class ChartContent:
    """A chart in two widths (Vega-Lite specifications), its text alternative, and its data as a table."""

    wide: Mapping[str, Any]
    narrow: Mapping[str, Any]
    alternative: list[Any]
    table: TableContent
    is_open: bool = False  # whether the table is shown without being asked for


@dataclass(frozen=True)
class Block:
    """Something shown on a page: sentences, quotations, key figures, a table, a chart or a map of tiles.

    *name* is its stable anchor, *item* the catalogue item it answers, *tables* are the tables it is drawn from
    and publishes, *rules* hold beside those of its figures and tables, *inputs* tells what the report was made from up
    to this block.
    """

    kind: str
    name: str
    item: str
    language: str
    content: Mapping[str, Any]
    title: list[Any] = field(default_factory=list)
    notes: Sequence[list[Any]] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[PublishedTable] = ()
    rules: Sequence[Rule] = ()
    sources: Sequence[Mapping[str, str]] = ()
    inputs: Callable[[], Mapping[str, Any]] = dict

    def as_json(self) -> dict[str, Any]:
        """The block as its notebook output carries it: plain text, figures as entries, and what it was made from."""
        parts: list[Figure | PublishedTable] = [*self.figures, *self.tables]
        rules = dict.fromkeys([*self.rules, *(rule for part in parts for rule in part.rules)])
        statuses = [figure.status for figure in self.figures]
        statuses += [status for table in self.tables for status in table.rows["status"].unique()]
        return {
            "kind": self.kind,
            "name": self.name,
            "item": self.item,
            "language": self.language,
            "status": weakest(statuses) if statuses else "",  # of words alone nothing was published or invented
            # Limits come from standards, not from a source of data: they do not make a text a mixed one.
            "is_mixed": len({figure.status for figure in self.figures if figure.sources}) > 1,
            "title": plain(self.title, self.language),
            "content": plain(self.content, self.language),
            "notes": [plain(note, self.language) for note in self.notes],
            "rules": [_rule(rule, self.language) for rule in rules],
            "sources": list(self.sources),
            "tables": [table.records() for table in self.tables],
            "figures": [figure.entry() for figure in {figure.id: figure for figure in self.figures}.values()],
            "inputs": self.inputs(),
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        block = json.loads(json.dumps(self.as_json(), ensure_ascii=False))
        bundle = {
            MIMETYPE: block,
            "text/html": on_theme(render(block)),
            "text/plain": f"<{self.kind} {self.name}>",
        }
        if self.kind == "chart":
            wide = block["content"]["chart"]["wide"]
            # Its ink is for paper: in a dark theme it needs some beneath it.
            bundle[_VEGALITE] = wide | {"config": wide.get("config", {}) | {"background": "white"}}
        return bundle


def parts_of_row(row: Sequence[Any]) -> Iterator[Mapping[str, str]]:
    """The figures and links in the cells of a *row* of a plain table, those within a sentence too."""
    for cell in row:
        yield from (part for part in (cell if isinstance(cell, list) else [cell]) if isinstance(part, Mapping))


def status_of_row(row: Sequence[Any], otherwise: str) -> str:
    """The weakest status of the figures in a *row* of a plain table; *otherwise* where there is none."""
    statuses = [part["status"] for part in parts_of_row(row) if "status" in part]
    return weakest(statuses) if statuses else otherwise


def is_row_mixed(row: Sequence[Any]) -> bool:
    """Whether the figures in a *row* of a plain table that have a value differ in their status."""
    return is_mixed(part["status"] for part in parts_of_row(row) if part.get("value"))


def statuses_otherwise(table: Mapping[str, Any], otherwise: str) -> Sequence[str]:
    """What each row of a plain *table* is where no figure of it says so: what the table has for it, or *otherwise*."""
    return table.get("statuses") or [otherwise] * len(table["rows"])


def tag_of_row(row: Sequence[Any], otherwise: str, language: str) -> str:
    """What is said at the end of a *row* of its status: of which kind it is, or a part of it; nothing without one."""
    status = status_of_row(row, otherwise)
    if not status:
        return ""
    return text.message(f"site.tag.{'partly.' if is_row_mixed(row) else ''}{status}", language)


def as_text(parts: Sequence[Any]) -> str:
    """The *parts* of a plain text as one string, figures as they are printed."""
    return "".join(part if isinstance(part, str) else str(part["text"]) for part in parts)


def plain(value: Any, language: str) -> Any:
    """*value* with every figure in it replaced by what is printed for it, ready to be written as JSON."""
    if isinstance(value, Figure):
        return Shown(value).part(language)
    if isinstance(value, Shown):
        return value.part(language)
    if isinstance(value, TableContent):
        value = replace(value, columns=[_beside_figures(value, place, language) for place in range(len(value.columns))])
    if isinstance(value, Column | TableContent | ChartContent):
        return {name: plain(getattr(value, name), language) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {name: plain(part, language) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part, language) for part in value]
    return value


def _beside_figures(table: TableContent, place: int, language: str) -> Column:
    """The column at a *place* without the unit in its heading where its cells, being figures, have it already.

    English may count them otherwise: millions stand in no column of ten thousands.
    """
    column = table.columns[place]
    found = {figure.unit for row in table.rows for figure in figures_in(row[place])}
    return replace(column, heading=without_unit(column.heading, found.pop(), language)) if len(found) == 1 else column


def figures_in(value: Any) -> Iterator[Figure]:
    """Every figure anywhere in *value*: texts, tables, charts."""
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, Shown):
        yield value.figure
    elif isinstance(value, Column | TableContent | ChartContent):
        for name in value.__dataclass_fields__:
            yield from figures_in(getattr(value, name))
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from figures_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from figures_in(part)


def render(
    block: Mapping[str, Any],
    *,
    root: str | None = "",
    charts: Mapping[str, str] | None = None,
) -> Markup:
    """A block (as JSON) as HTML; *charts* holds it drawn (wide, narrow).

    *root* leads to the root of the site; without one (None) links become plain words.
    """
    template = environment().get_template("blocks.html")
    drawn = {width: Markup(svg) for width, svg in (charts or {}).items()}
    return Markup(template.render(block=block, root=root, charts=drawn, language=block["language"]))


@functools.cache
def environment() -> jinja2.Environment:
    """The templates of blocks and pages, with escaping on and the messages at hand as ``t(key, language)``."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["t"] = text.message
    environment.globals["tag_of_row"], environment.globals["statuses_otherwise"] = tag_of_row, statuses_otherwise
    environment.globals["marked"], environment.globals["statuses"] = MARKED, STATUSES
    environment.globals["spec_json"] = _script_json
    environment.filters["measure_word"] = _measure_word
    return environment


def _measure_word(following: Any) -> str:
    """The measure word with which the text after a Chinese number begins; none before anything else."""
    found = _MEASURE_WORD.match(following) if isinstance(following, str) else None
    return found[0] if found else ""


def _script_json(value: Any) -> Markup:
    """*value* as JSON that can stand in a script element: nothing in it can end the element."""
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for character in "<>&":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return Markup(written)


def _clause(clause: str, language: str) -> str:
    """Where in its standard a rule stands, in the words of the *language*; what is no clause of ours stays."""
    for words, pattern in _CLAUSES.items():
        if found := pattern.search(clause):
            clause = clause.replace(found[0], text.message(words, language, at=found["at"]))
    return text.message("site.list.clauses", language).join(clause.split("; "))


def _rule(rule: Rule, language: str) -> dict[str, Any]:
    return {
        "standard": rule.standard,
        "clause": _clause(rule.clause, language),
        "summary": rule.summary_zh if language == "zh" else rule.summary_en,
        "is_verified": rule.is_verified,
    }
