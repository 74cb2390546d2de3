"""What a mapping file says of a tidy file: how each column of a table of ours is filled out of its columns.

Everything in the file is text, so ``440100`` and ``yes`` need no quotes. docs/data-formats.md tells of each key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from reportkit.errors import SettingsError, nearest
from reportkit.importers.reading import Misfit
from reportkit.importers.tables import Row, read_rows
from reportkit.project import Project
from reportkit.schema import Table, read_tables
from reportkit.standards.rounding import half_even
from reportkit.status import OFFICIAL, PROVISIONAL
from reportkit.units import LABELS, convert
from reportkit.yaml_file import Group, Lines, Named, Several, check_shape, read_yaml, unknown_key

NOTHING = {"", "-", "--", "–", "—", "——", "/"}  # what stands in a cell that says nothing
FIGURE = ("indicator", "value", "unit")  # the columns that an unpivoted figure fills

_CELL_KEYS: Mapping[str, Any] = {
    "column": str,
    "value": str,
    "match": Named(str),
    "lookup": str,
    "also": Named(str),
    "others": str,
    "printed_in": str,
    "unit": str,
    "decimals": str,
}
_CELL = Group(_CELL_KEYS, optional=frozenset(_CELL_KEYS))
_FIGURE_KEYS: Mapping[str, Any] = {
    "heading": str | list,
    "indicator": str,
    "unit": str,
    "printed_in": str,
    "decimals": str,
    "when": Named(str),
}
_SOURCE_KEYS = ("title", "url", "publisher", "published_date", "accessed_date", "trust", "licence", "note")
_NEEDED_OF_SOURCE = {"prefix", "title", "publisher", "trust", "licence"}
_SOURCES: Mapping[str, Any] = {"prefix": str, **dict.fromkeys(_SOURCE_KEYS, _CELL)}
_SHAPE = Group(
    {
        "table": str,
        "sheet": str,
        "columns": Named(_CELL),
        "unpivot": Several(Group(_FIGURE_KEYS, optional=frozenset({"unit", "printed_in", "decimals", "when"}))),
        "skip": Several(Named(str)),
        "sources": Group(_SOURCES, optional=frozenset(_SOURCES) - _NEEDED_OF_SOURCE),
    },
    optional=frozenset({"sheet", "unpivot", "skip", "sources"}),
)


@dataclass(frozen=True)
class Printed:
    """How a number is printed and in which unit we keep it."""

    unit: str = ""
    printed_in: str = ""
    decimals: int | None = None

    def number(self, text: str) -> str:
        """The number in *text* as it is printed, converted where it is in another unit; *text* if it is none."""
        # the minus and the percent sign as they are typed in Chinese texts
        plain = text.translate(_TYPED)
        plain = plain.removesuffix("%").strip() if self.unit == "%" else plain
        if not self.printed_in or self.printed_in == self.unit:
            return plain
        try:
            converted = convert(Decimal(plain), self.printed_in, self.unit)
        except InvalidOperation:
            return text
        return f"{converted if self.decimals is None else half_even(converted, self.decimals):f}"


@dataclass(frozen=True)
class Rule:
    """Columns and what their cells have to be, all of them, for the rule to hold."""

    cells: Mapping[str, re.Pattern[str]]

    def holds(self, cells: Row) -> bool:
        return all(pattern.fullmatch(cells.get(name, "").strip()) for name, pattern in self.cells.items())


@dataclass(frozen=True)
class Cell:
    """How one column is filled: out of a column of the file, or with the same *value* in every row."""

    column: str
    value: str
    match: Mapping[re.Pattern[str], str]
    known: Mapping[str, str] | None  # name → key of the table that *lookup* names
    lookup: str
    others: re.Pattern[str] | None
    printed: Printed | None

    def text(self, cells: Row) -> str:
        """What stands in our column for the row with *cells*; Misfit for a name that is not known."""
        text = self._matched(cells[self.column].strip()) if self.column else self.value
        if self.known is not None:
            if text not in self.known:
                raise Misfit("import-unknown", self.column, text, table=self.lookup, nearest=nearest(text, self.known))
            return self.known[text]
        if text in NOTHING:
            return ""
        return self.printed.number(text) if self.printed else text

    def is_elsewhere(self, cells: Row) -> bool:
        """Whether the cell names another place, by a name that is none of ours."""
        if self.known is None or self.others is None:
            return False
        text = self._matched(cells[self.column].strip())
        return text not in self.known and bool(self.others.fullmatch(text))

    def _matched(self, text: str) -> str:
        """*text* as the first pattern that fits the whole of it turns it, else as it is."""
        fits = ((pattern.fullmatch(text), to) for pattern, to in self.match.items())
        return next((found.expand(to) for found, to in fits if found), text)


@dataclass(frozen=True)
class FigureColumn:
    """A column of figures: its heading, or one of several, and the indicator that they are."""

    headings: tuple[str, ...]
    indicator: str
    printed: Printed
    when: Rule


@dataclass(frozen=True)
class MappedSources:
    """How the sources of rows are made: each column of ``sources``, and how their names begin."""

    prefix: str
    columns: Mapping[str, Cell]


@dataclass(frozen=True)
class TidyMapping:
    """A mapping file, checked."""

    table: str
    sheet: str
    columns: Mapping[str, Cell]
    figures: tuple[FigureColumn, ...]
    skip: tuple[Rule, ...]
    sources: MappedSources | None


def read_mapping(path: Path, project: Project) -> TidyMapping:
    """The mapping in the file at *path* for a table of *project*.

    Raises SettingsError with the line: for a key, column, table or unit that is not known, with the nearest that
    is; for one that is missing; for a pattern that is none.
    """
    return _Reading(path, project).mapping()


class _Reading:
    """The reading of one mapping file."""

    def __init__(self, path: Path, project: Project) -> None:
        self.path, self.project = path, project
        self.tables = read_tables(project.described)
        self.lines: Lines
        self.lines, self.values = read_yaml(path, yaml.BaseLoader)
        check_shape(path, self.lines, "", self.values, _SHAPE)

    def mapping(self) -> TidyMapping:
        table = self._table("table", self.values["table"])
        if len(table.paths) > 1:
            raise self._wrong("table", f"Table '{table.name}' lies in several files.", expected="a table in one file")
        columns = {name: self._cell(f"columns.{name}", given) for name, given in self.values["columns"].items()}
        figures = [self._figure(place, given) for place, given in enumerate(self.values.get("unpivot", []))]
        sources = self._sources() if "sources" in self.values else None
        self._check_columns(table, {*columns, *(FIGURE if figures else ())}, has_sources=sources is not None)
        return TidyMapping(
            table=table.name,
            sheet=self.values.get("sheet", ""),
            columns=columns,
            figures=tuple(figures),
            skip=tuple(self._rule(f"skip[{place}]", given) for place, given in enumerate(self.values.get("skip", []))),
            sources=sources,
        )

    def _check_columns(self, table: Table, filled: set[str], has_sources: bool) -> None:
        """Refuse columns that *table* has not, and columns it needs that nothing fills."""
        for name in self.values["columns"]:
            if name not in table.columns:
                raise unknown_key(self.path, f"columns.{name}", self.lines[f"columns.{name}"], table.columns)
        if self.values.get("unpivot") and (absent := set(FIGURE) - set(table.columns)):
            what = f"Table '{table.name}' takes no figures by indicator."
            raise self._wrong("unpivot", what, expected=f"a table with the columns {', '.join(sorted(absent))}")
        given = filled | {"status"} | ({"source_id"} if has_sources else set())
        for field in table.fields:
            if field.constraints.get("required") and field.name not in given:
                what = f"Nothing fills the column '{field.name}' of table '{table.name}'."
                raise self._wrong("columns", what, do=f"add '{field.name}:' below 'columns:'")
        status = self.values["columns"].get("status", {}).get("value", PROVISIONAL)
        if status not in (OFFICIAL, PROVISIONAL):
            raise self._wrong(
                "columns.status.value", "What is imported has another status.", f"{OFFICIAL} or {PROVISIONAL}"
            )

    def _cell(self, name: str, given: Mapping[str, Any]) -> Cell:
        if ("column" in given) == ("value" in given):
            raise self._wrong(name, f"'{name}' is filled by one thing.", expected="'column:' or 'value:'")
        for key, needs in (("match", "column"), ("lookup", "column"), ("also", "lookup"), ("others", "lookup")):
            if key in given and needs not in given:
                raise self._wrong(f"{name}.{key}", f"'{key}:' says nothing without '{needs}:'.")
        return Cell(
            column=_bare(given.get("column", "")),
            value=given.get("value", ""),
            match=dict(self._rewriting(f"{name}.match.{key}", key, to) for key, to in given.get("match", {}).items()),
            known=self._known(name, given) if "lookup" in given else None,
            lookup=given.get("lookup", ""),
            others=self._pattern(f"{name}.others", given["others"]) if "others" in given else None,
            printed=self._printed(name, given) if given.keys() & {"unit", "decimals"} else None,
        )

    def _known(self, name: str, given: Mapping[str, Any]) -> dict[str, str]:
        """What stands in the column that ``lookup:`` names → the key of its row; other names for it beside it."""
        table_name, _, column = given["lookup"].rpartition(".")
        table = self._table(f"{name}.lookup", table_name)
        if column not in table.columns:
            what = f"Table '{table.name}' has no column '{column}'."
            raise self._wrong(f"{name}.lookup", what, do=nearest(column, table.columns))
        (key,) = table.primary_key
        rows = [row for path in table.paths for row in read_rows(self.project.table_file(path), table.columns)]
        keys = {row[key] for row in rows}
        for alias, to in given.get("also", {}).items():
            if to not in keys:
                what = f"Table '{table.name}' has no {key} '{to}'."
                raise self._wrong(f"{name}.also.{alias}", what, do=nearest(to, keys))
        return {**{row[column]: row[key] for row in rows}, **given.get("also", {})}

    def _figure(self, place: int, given: Mapping[str, Any]) -> FigureColumn:
        name = f"unpivot[{place}]"
        headings = [given["heading"]] if isinstance(given["heading"], str) else given["heading"]
        return FigureColumn(
            headings=tuple(_bare(heading) for heading in headings),
            indicator=given["indicator"],
            printed=self._printed(name, given),
            when=self._rule(f"{name}.when", given.get("when", {})),
        )

    def _printed(self, name: str, given: Mapping[str, Any]) -> Printed:
        unit, printed_in, decimals = (given.get(key, "") for key in ("unit", "printed_in", "decimals"))
        for key in ("unit", "printed_in"):
            if (spelt := given.get(key, "")) not in LABELS:
                raise self._wrong(f"{name}.{key}", f"Unknown unit '{spelt}'.", do=nearest(spelt, LABELS))
        if decimals and not re.fullmatch("[0-9]", decimals):
            raise self._wrong(f"{name}.decimals", f"'{decimals}' is no number of decimals.", "a digit")
        try:
            convert(Decimal(1), printed_in or unit, unit)
        except KeyError:
            what = f"'{printed_in}' cannot be converted into '{unit}'."
            raise self._wrong(f"{name}.printed_in", what, "mass concentrations, ug/m3 and mg/m3") from None
        return Printed(unit, printed_in, int(decimals) if decimals else None)

    def _rule(self, name: str, given: Mapping[str, str]) -> Rule:
        return Rule({_bare(key): self._pattern(f"{name}.{key}", to) for key, to in given.items()})

    def _sources(self) -> MappedSources:
        given = self.values["sources"]
        if not re.fullmatch("[a-z0-9-]+", given["prefix"]):
            raise self._wrong("sources.prefix", f"'{given['prefix']}' cannot begin a source_id.", "a-z, 0-9 and -")
        cells = {name: self._cell(f"sources.{name}", given[name]) for name in _SOURCE_KEYS if name in given}
        return MappedSources(given["prefix"], cells)

    def _table(self, name: str, table: str) -> Table:
        if table not in self.tables:
            raise self._wrong(name, f"There is no table '{table}'.", do=nearest(table, self.tables))
        return self.tables[table]

    def _pattern(self, name: str, text: str) -> re.Pattern[str]:
        try:
            return re.compile(text)
        except re.error as error:
            raise self._wrong(name, f"'{text}' is no pattern: {error}.", "a regular expression") from error

    def _rewriting(self, name: str, pattern: str, to: str) -> tuple[re.Pattern[str], str]:
        """A pattern and what becomes of a cell that fits it."""
        compiled = self._pattern(name, pattern)
        try:
            # matches without any group, which is enough to ask whether all that *to* names are there
            next(re.finditer(f"(?:{pattern})|$", "")).expand(to)
        except (re.error, IndexError) as error:
            expected = f"text with at most {compiled.groups} groups"
            raise self._wrong(name, f"'{to}' cannot be made of the pattern: {error}.", expected) from error
        return compiled, to

    def _wrong(self, name: str, what: str, expected: str | None = None, do: str | None = None) -> SettingsError:
        """The error about the key of that dotted *name*."""
        return SettingsError(what, expected=expected, where=f"{self.path}, line {self.lines.get(name, 1)}", do=do)


def used_columns(mapping: TidyMapping, present: tuple[str, ...]) -> Iterator[str]:
    """The columns of a file that *mapping* uses, each once; of the headings of a figure the one that is *present*."""
    sources = mapping.sources.columns.values() if mapping.sources else ()
    cells = [cell.column for cell in (*mapping.columns.values(), *sources) if cell.column]
    rules = [name for rule in (*mapping.skip, *(figure.when for figure in mapping.figures)) for name in rule.cells]
    figures = [name for figure in mapping.figures for name in figure.headings if name in present]
    yield from dict.fromkeys((*cells, *rules, *figures))


def _bare(heading: str) -> str:
    """A heading as columns are found by it."""
    return heading.strip().lower()


_TYPED = str.maketrans({"−": "-", "－": "-", "％": "%", "．": "."})
