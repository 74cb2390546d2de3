"""The public data-quality page of a year: what the checks found, breaks, coverage, and the standards in force.

It is made from findings and from the blocks of executed notebooks, so that a new chapter appears without an edit.
"""

from __future__ import annotations

import csv
import functools
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from reportkit import blocks as block_html
from reportkit import text
from reportkit.book import Page
from reportkit.chapters import STATES, Edition, chapter_title, discover
from reportkit.findings import FIELDS, NOTE, REVIEW, STOP, Finding
from reportkit.project import LANGUAGES, Project
from reportkit.schema import Table, read_tables
from reportkit.standards import rules

NAME = "data-quality"
KNOWN = "known"  # how a note is shown whose reason is known
COLUMNS = (
    *FIELDS,
    "year",
    "key",
    "status",
    "count",
    *(f"{what}_{code}" for what in ("says", "known") for code in LANGUAGES),
)

_ITEMS = {"item_id", "chapter", "state"}  # the columns of a table that says how far each item is disclosed
_CAPTURE = "capture_"  # how the name of a figure of data capture begins

Block = Mapping[str, Any]
Made = Mapping[str, Sequence[Block]]  # an area's slug → the blocks of its reports of one year and language


def page_name(year: int | str) -> str:
    """The address of the page of *year*, without the language's folder and ``.html``."""
    return f"{year}/{NAME}"


def links(project: Project, language: str, up: str) -> Markup:
    """A link to the page of each year; *up* leads to the folder that addresses start from."""
    items = [
        Markup('<li><a href="{}{}.html">{}</a></li>').format(
            up, page_name(year), text.message("quality.title", language, year=year)
        )
        for year in project.settings.years
    ]
    return Markup("<ul>{}</ul>").format(Markup("").join(items))


class Quality:
    """What is known of the quality of the data behind one year's pages."""

    def __init__(self, project: Project, findings: Sequence[Finding], year: int, made: Made) -> None:
        self.project, self.year, self.made = project, year, made
        # A page compares with the years before; what is wrong in later ones does not concern it.
        self.findings = [found for found in findings if found.year is None or found.year <= year]
        self.tables = _by_file(project)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """What readers can take along: (address below ``data/``, content)."""
        rows = [self._record(found) for found in self.findings]
        yield f"quality/{self.year}/findings.csv", _csv(COLUMNS, [list(row.values()) for row in rows])
        yield f"quality/{self.year}/findings.json", (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()
        columns = ("area", "chapter", *STATES)
        cells = [(area, chapter, *map(str, states)) for area, chapter, states in self.coverage]
        yield f"quality/{self.year}/coverage.csv", _csv(columns, cells)

    def page(self, edition: Edition) -> Page:
        """The page in the language of *edition*."""
        language = edition.language
        template = block_html.environment().get_template("data_quality.html")
        body = template.render(
            language=language,
            year=self.year,
            numbers=self._numbers(),
            kinds=self._kinds(language),
            own=[self._shown(found, edition) for found in self._listed(is_own=True)],
            before=[self._shown(found, edition) for found in self._listed(is_own=False)],
            notes=self._notes(language),
            breaks=self._breaks(edition),
            coverage=_Coverage.of(self, edition),
            standards=self._standards(edition),
            root="../" * (1 + (language != self.project.settings.languages[0])),
        )
        contents = (
            block_html.environment()
            .get_template("data_quality_contents.html")
            .render(language=language, year=self.year)
        )
        return Page(page_name(self.year), language, _say("title", language, year=self.year), body, contents)

    # --- findings --------------------------------------------------------------------------------

    def _is_own(self, found: Finding) -> bool:
        return found.year in (None, self.year)

    def _listed(self, *, is_own: bool) -> list[Finding]:
        """What is to be corrected or looked at, and what was until its reason was known, the worst first."""
        order = [STOP, REVIEW, NOTE]
        chosen = [it for it in self.findings if self._is_own(it) == is_own and (it.severity != NOTE or it.known)]
        return sorted(chosen, key=lambda it: (order.index(it.severity), -(it.year or 0)))

    def _numbers(self) -> dict[str, int]:
        """How many findings there are of each severity, of this year and of those before."""
        numbers: Counter[str] = Counter()
        for found in self.findings:
            numbers[found.severity if self._is_own(found) else f"{found.severity}_before"] += found.count
        return {
            f"{severity}{when}": numbers[f"{severity}{when}"]
            for severity in (STOP, REVIEW, NOTE)
            for when in ("", "_before")
        }

    def _kinds(self, language: str) -> list[dict[str, Any]]:
        """Each code with how many findings there are of it, the worst first."""
        counted: Counter[tuple[str, str, bool]] = Counter()
        for found in self.findings:
            counted[found.severity, found.code, self._is_own(found)] += found.count
        order = [STOP, REVIEW, NOTE]
        kinds = sorted({(order.index(severity), severity, code) for severity, code, _ in counted})
        return [
            {
                "code": code,
                "severity": severity,
                "words": _kind(code, language),
                "own": counted[severity, code, True],
                "before": counted[severity, code, False],
            }
            for _, severity, code in kinds
        ]

    def _notes(self, language: str) -> list[dict[str, Any]]:
        """The notes, added up by kind and table."""
        counted: Counter[tuple[str, str, bool]] = Counter()
        for found in self.findings:
            if found.severity == NOTE and not found.known:
                counted[found.code, self._table(found, language), self._is_own(found)] += found.count
        return [
            {
                "words": _kind(code, language),
                "table": table,
                "own": counted[code, table, True],
                "before": counted[code, table, False],
            }
            for code, table in dict.fromkeys((code, table) for code, table, _ in counted)
        ]

    def _shown(self, found: Finding, edition: Edition) -> dict[str, Any]:
        """One finding as a row of the page."""
        language = edition.language
        where = [self._table(found, language), self._column(found, language)]
        where += [_words_of(cell, edition) for cell in _cells(found.key).values()]
        return {
            "severity": KNOWN if found.known else found.severity,
            "words": _says(found, language),
            "known": found.known.get(language, ""),
            "where": " · ".join(filter(None, where)),
            "file": found.file,
            "row": found.row or "",
            "value": found.value,
            "status": found.status,
            "count": found.count,
        }

    def _table(self, found: Finding, language: str) -> str:
        table = self.tables.get(found.file)
        return table.title[language] if table else found.file

    def _column(self, found: Finding, language: str) -> str:
        table = self.tables.get(found.file)
        known = table is not None and found.column in table.columns
        return table.field(found.column).title[language] if table and known else found.column

    def _record(self, found: Finding) -> dict[str, str]:
        """One finding as a row of the downloads."""
        row: dict[str, Any] = {
            **found.as_json(),
            "year": found.year,
            "key": found.key,
            "status": found.status,
            "count": found.count,
        }
        row |= {f"says_{language}": _says(found, language) for language in LANGUAGES}
        row |= {f"known_{language}": found.known.get(language, "") for language in LANGUAGES}
        return {column: "" if row[column] is None else str(row[column]) for column in COLUMNS}

    # --- breaks, coverage, standards -------------------------------------------------------------

    def _breaks(self, edition: Edition) -> list[dict[str, str]]:
        """Every break of a series up to the end of the year, from the tables of that name of all chapters."""
        names = {area.code: area.names[edition.language] for area in edition.areas.values()}
        found = []
        for name in edition.reader.tables:
            if name.endswith("/series_breaks"):
                rows = edition.reader.raw(name)
                found += rows[rows["date"] <= f"{self.year}-12-31"].to_dict("records")
        return [
            {
                "date": row["date"],
                "text": row[f"text_{edition.language}"],
                "scope": names.get(row["scope_area_code"], row["scope_area_code"]),
                "verification": row["verification"],
            }
            for row in sorted(found, key=lambda row: row["date"])
        ]

    @functools.cached_property
    def coverage(self) -> list[tuple[str, str, tuple[int, ...]]]:
        """For each area (slug) and chapter how many items of the catalogue are in each of ``STATES``."""
        found = []
        for slug, made in self.made.items():
            for table in _completeness(made):
                chapter, state = table["columns"].index("chapter"), table["columns"].index("state")
                counted = Counter((row[chapter], row[state]) for row in table["rows"])
                chapters = dict.fromkeys(row[chapter] for row in table["rows"])
                found += [(slug, name, tuple(counted[name, each] for each in STATES)) for name in chapters]
        return found

    def _standards(self, edition: Edition) -> list[dict[str, Any]]:
        """Every rule that was in force here on some day of the year."""
        first, last = f"{date(self.year, 1, 1)}", f"{date(self.year, 12, 31)}"
        rows = [row for row in rules.table("rules") if row["valid_from"] <= last and (row["valid_to"] or last) >= first]
        rows = [row for row in rows if any(rules.holds_in(row, area.code) for area in edition.areas.values())]
        return [
            {
                "summary": row[f"summary_{edition.language}"],
                "standard": row["standard"],
                "clause": row["clause"],
                "verification": row["verification"],
                "first": row["valid_from"],
                "last": row["valid_to"],
            }
            for row in rows
        ]


@dataclass(frozen=True)
class _Coverage:
    """The matrix of areas and chapters: headings, and for each area its name, its cells and its data capture."""

    chapters: list[str]
    captures: list[str]
    areas: list[dict[str, Any]]

    @classmethod
    def of(cls, quality: Quality, edition: Edition) -> _Coverage:
        """The matrix of a year in the language of *edition*; chapters without a page stand together."""
        language, chapters = edition.language, list(discover())
        names = {slug: chapter_title(slug, language) for slug in chapters}
        captured = {
            (area, chapter): _captures(made, f"{quality.year}/{area}/{chapter}")
            for area, made in quality.made.items()
            for chapter in chapters
        }
        with_capture = [slug for slug in chapters if any(captured[area, slug] for area in quality.made)]
        without_page = {chapter for _, chapter, _ in quality.coverage} - {*chapters}
        areas = []
        for area in edition.areas.values():
            states = {chapter: numbers for slug, chapter, numbers in quality.coverage if slug == area.slug}
            cells = [states.get(slug) for slug in chapters]
            if without_page:
                cells.append(_added([numbers for chapter, numbers in states.items() if chapter in without_page]))
            areas.append(
                {
                    "name": area.names[language],
                    "slug": area.slug,
                    "cells": [*cells, _added(list(states.values()))],
                    "captures": [_ends(captured.get((area.slug, slug), [])) for slug in with_capture],
                }
            )
        captures = [_say("coverage.capture", language, chapter=names[slug]) for slug in with_capture]
        rest = [_say("coverage.rest", language)] if without_page else []
        return cls([*names.values(), *rest], captures, areas)


def needed(made: Sequence[Block]) -> list[Block]:
    """What the page needs of the blocks of a report: how far each item is disclosed, and the year's data capture."""
    return [
        {
            "tables": [table for table in block["tables"] if set(table["columns"]) >= _ITEMS],
            "figures": [entry for entry in block["figures"] if f"#{_CAPTURE}" in entry["id"]],
        }
        for block in made
    ]


def _completeness(made: Sequence[Block]) -> list[Mapping[str, Any]]:
    """The tables among the blocks that say of each item of the catalogue how far it is disclosed, each once."""
    tables = (table for block in made for table in block["tables"])
    found = {table["name"]: table for table in tables if set(table["columns"]) >= _ITEMS}
    return list(found.values())


def _captures(made: Sequence[Block], page: str) -> list[Mapping[str, Any]]:
    """The figures of the year's data capture on a page (``2024/AREA/air``), a station each, the lowest first."""
    figures = {entry["id"]: entry for block in made for entry in block["figures"]}
    found = [
        entry
        for identity, entry in figures.items()
        if identity.startswith(f"{page}#{_CAPTURE}") and entry["period"] == page[:4] and entry["value"] is not None
    ]
    return sorted(found, key=lambda entry: float(entry["value"]))


def _ends(figures: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The first and the last of *figures*, once where they are the same."""
    return [figures[0], figures[-1]] if len(figures) > 1 else list(figures)


def _added(rows: Sequence[tuple[int, ...]]) -> tuple[int, ...] | None:
    return tuple(map(sum, zip(*rows, strict=True))) if rows else None


def _by_file(project: Project) -> dict[str, Table]:
    """Each table by the files that hold it, as findings name them."""
    return {f"data/{path}": table for table in read_tables(project.described).values() for path in table.paths}


def _cells(key: str) -> dict[str, str]:
    parts = (part.partition("=") for part in key.split(";") if part)
    return {column: cell for column, _, cell in parts}


def _words_of(cell: str, edition: Edition) -> str:
    """*cell* of a key in words, where it is the code of an area or of an indicator."""
    indicator = f"quality.indicator.{cell}"
    if indicator in text.catalogue("quality", edition.language):
        return text.message(indicator, edition.language)
    return next((area.names[edition.language] for area in edition.areas.values() if area.code == cell), cell)


def _says(found: Finding, language: str) -> str:
    """What is wrong, in a sentence or two."""
    if found.count > 1:
        return f"{_kind(found.code, language)} · {_say('list.more', language, count=found.count)}"
    code = found.code.replace("-", "_")
    key = f"quality.detail.{code}"
    if key not in text.catalogue("quality", language):
        return _kind(found.code, language)
    note = found.details.get(f"note_{language}", "")
    detail = text.message(key, language, **{**found.details, "note": note})
    return f"{_kind(found.code, language)}{text.message('site.colon', language)}{detail}"


def _kind(code: str, language: str) -> str:
    return text.message(f"quality.code.{code.replace('-', '_')}", language)


def _say(key: str, language: str, **values: object) -> str:
    return text.message(f"quality.{key}", language, **values)


def _csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """*rows* as CSV with BOM."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8-sig")
