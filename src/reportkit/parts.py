"""What an executed report gives to a site: its prose, its blocks as HTML, its tables and figures to take along.

It is made once from an executed notebook and kept in ``build/cache/parts`` for as long as notebook and code are the
same, so that publishing reads, of a report that has not changed, neither its megabytes of notebook nor its charts.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from reportkit import open_data, render
from reportkit.blocks import as_text
from reportkit.dress import draw_charts, dress, html_of
from reportkit.findings import Finding
from reportkit.load import state_of
from reportkit.manifest import files_below, hash_value
from reportkit.modules import package_sha256
from reportkit.processes import cores
from reportkit.project import Project
from reportkit.quality import Quality, needed
from reportkit.reports import Report, blocks, with_notes_once
from reportkit.schema import DESCRIPTOR, read_tables
from reportkit.storage import keep, kept

# The first block on a page that answers an item, at which links to the item lead.
_BLOCK_OF_ITEM = re.compile(r'<section class="block[^>]* data-catalogue="(\w+)"')

_AT_A_TIME = 24  # notebooks read together: each holds megabytes, but drawing wants many charts

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

# Where a block goes: jupyter-book sees the prose of a report and these.
PLACE = '<div data-block="{name}"></div>'
PLACED = re.compile(PLACE.format(name=r"([\w-]+)"))

# What a written page may ask for: a block of the city's newest chapter, or links to the pages on data quality.
INSERT = re.compile(r'<div data-insert="([\w/-]+)#([\w-]+)"></div>')
QUALITY_LINKS = '<div data-insert="quality#links"></div>'


@dataclass(frozen=True)
class Contents:
    """What takes room of what a report gives: blocks as HTML by name, tables by address, figures as JSON by id."""

    shown: Mapping[str, str]
    tables: Mapping[str, bytes]
    figures: Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """What one report gives to the site, with a *key* that says what it was made of.

    Its *contents* are read when they are asked for, and not held.
    """

    key: str
    prose: str  # the notebook of it, as JSON: it is seldom read
    description: str
    quality: Sequence[Mapping[str, Any]]  # of its blocks, what the data-quality page needs
    contents: Callable[[], Contents]


def parts_of(project: Project, reports: Sequence[Report], root_of: Callable[[Report], str]) -> dict[Report, Part]:
    """The part of each report; *root_of* gives the way from its page to the site's root."""
    keys = {report: hash_value([state_of(report.path(project)), root_of(report), _facts()]) for report in reports}
    found = {report: kept(_place(project, report), keys[report]) for report in reports}
    missing = [report for report, summary in found.items() if summary is None]
    with render.renderers(cores()) as renderers:  # started when something has to be drawn

        def drawn(some: Sequence[Report]) -> tuple[Mapping[Report, Mapping[str, Any]], Mapping[str, str]]:
            notebooks = {report: read(project, report) for report in some}
            shown = list(chain.from_iterable(map(blocks, notebooks.values())))
            return notebooks, draw_charts(project, shown, renderers)

        batches = [missing[first : first + _AT_A_TIME] for first in range(0, len(missing), _AT_A_TIME)]
        for notebooks, charts in _one_ahead(drawn, batches):
            for report, notebook in notebooks.items():
                found[report] = summary_of(notebook)
                contents = contents_of(notebook, root_of(report), charts)
                keep(_place(project, report), keys[report], found[report], contents)

    def contents_of_report(report: Report) -> Contents:
        contents: Contents | None = kept(_place(project, report), keys[report], 1)
        if contents is not None:
            return contents
        notebook = read(project, report)  # there was no room to keep it, or what was kept is damaged
        return contents_of(notebook, root_of(report), draw_charts(project, list(blocks(notebook))))

    return {
        report: Part(keys[report], prose, description, quality, partial(contents_of_report, report))
        for report, (prose, description, quality) in found.items()
    }


def _one_ahead(function: Callable[[_Given], _Made], arguments: Iterable[_Given]) -> Iterator[_Made]:
    """*function* of each of the *arguments*, in a thread that is at the next while the last is used."""
    with ThreadPoolExecutor(1) as thread:
        begun: deque[Future[_Made]] = deque()
        for argument in arguments:
            begun.append(thread.submit(function, argument))
            if len(begun) > 1:
                yield begun.popleft().result()
        yield from (future.result() for future in begun)


def summary_of(notebook: Mapping[str, Any]) -> tuple[str, str, Sequence[Mapping[str, Any]]]:
    """The prose of the executed *notebook*, its description, and what tells of the quality of its data."""
    made = list(blocks(notebook))
    prose = dress(notebook, lambda block: PLACE.format(name=block["name"]))
    return json.dumps(prose, ensure_ascii=False), _description(made), needed(made)


def contents_of(notebook: Mapping[str, Any], root: str, charts: Mapping[str, str]) -> Contents:
    """The contents of the executed *notebook*; *charts* are those of ``draw_charts``."""
    made = list(blocks(notebook))
    return Contents(
        shown={block["name"]: html_of(block, root, charts) for block in made},
        tables=open_data.tables(made),
        figures=open_data.figures(made),
    )


def with_anchors_of_items(body: str) -> str:
    """The *body* of a report's page with an anchor, as ``item-Q3``, before the first block of each catalogue item."""
    marked = set[str]()

    def first(block: re.Match[str]) -> str:
        anchor = "" if block[1] in marked else f'<span id="item-{block[1]}"></span>\n'
        marked.add(block[1])
        return anchor + block[0]

    return _BLOCK_OF_ITEM.sub(first, body)


def block_of(project: Project, report: Report, name: str, root: str) -> str:
    """The block *name* of the executed *report* as HTML; *root* leads to the site's root."""
    found = [block for block in blocks(_executed(project, report)) if block["name"] == name]
    return "".join(html_of(block, root, draw_charts(project, [block])) for block in found)


def quality_of(
    project: Project, made: Mapping[Report, Part], findings: Sequence[Finding]
) -> dict[tuple[int, str], Quality]:
    """What *findings* and reports tell of the quality of the data, by year and language."""
    found: dict[tuple[int, str], dict[str, list[Mapping[str, Any]]]] = {
        (year, language): {} for year in project.settings.years for language in project.settings.languages
    }
    for report, part in made.items():
        if not report.is_archive:
            found[report.year, report.language].setdefault(report.area, []).extend(part.quality)
    return {key: Quality(project, findings, key[0], of_areas) for key, of_areas in found.items()}


def data_of(
    project: Project, made: Mapping[Report, Part], quality: Mapping[tuple[int, str], Quality]
) -> Iterator[tuple[str, bytes]]:
    """The tables of ``data/`` as they are, those of the pages, and the figures of each page: (path, content).

    Where a page was made of rows of a table of ``data/``, the whole table stands there already.
    """
    there = dict(_tables_of(project))
    yield from there.items()
    for year in project.settings.years:
        for name, content in quality[year, project.settings.languages[0]].files():
            yield f"data/{name}", content
    figures: dict[str, str] = {}
    known = set(there)
    for report, part in made.items():
        contents = part.contents()
        for name, content in contents.tables.items():
            if (path := f"data/{name}") not in known:  # languages share most
                yield path, content
                known.add(path)
        open_data.unite(figures, contents.figures, report.name)
    for page, content in open_data.by_page(figures, {report.page for report in made}):
        yield f"data/figures/{page}.json", content


def _tables_of(project: Project) -> Iterator[tuple[str, bytes]]:
    """The tables of ``data/``, and of a project that is like another one what it has from that."""
    for path in sorted(files_below(project.data)):
        if path.suffix in {".csv", ".json", ".txt"}:
            yield f"data/{path.relative_to(project.data).as_posix()}", path.read_bytes()
    if project.like:
        yield from _tables_without_a_file(project)


def _tables_without_a_file(project: Project) -> Iterator[tuple[str, bytes]]:
    """What the project has from the one it is like, and the headings of tables it has no rows of."""
    yield f"data/{DESCRIPTOR}", (project.described / DESCRIPTOR).read_bytes()
    for table in read_tables(project.described).values():
        for path in table.paths:
            file = project.table_file(path)
            if file is None:
                yield f"data/{path}", f"{','.join(table.columns)}\n".encode()
            elif file != project.data / path:
                yield f"data/{path}", file.read_bytes()


def read(project: Project, report: Report) -> dict[str, Any]:
    """The executed notebook of *report* as its page has it."""
    return with_notes_once(_executed(project, report))


def _executed(project: Project, report: Report) -> dict[str, Any]:
    """The executed notebook of *report*; nbformat would validate and wrap megabytes that we wrote ourselves."""
    notebook: dict[str, Any] = json.loads(report.path(project).read_bytes())
    return notebook


def _description(made: Sequence[Mapping[str, Any]]) -> str:
    """The first sentence of a report, as text; empty where it makes none."""
    sentences = (block["content"]["sentences"][0] for block in made if block["kind"] == "statement")
    return as_text(next(sentences, []))


def _facts() -> list[Any]:
    """What a part depends on besides its notebook."""
    return [package_sha256(), render.facts()]


def _place(project: Project, report: Report) -> Path:
    return project.build / "cache" / "parts" / f"{report.name}.pickle"
