"""One page of a built site made anew, a moment after something it depends on was saved; the rest of the site waits.

What is executed is kept as a build keeps it, so the build that follows has it already. Prose that jupyter-book has not
yet seen is set by its own parser, without Sphinx: links to other pages work, references to their anchors are words.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils.core import publish_parts
from myst_parser.parsers.docutils_ import Parser

from reportkit import book, held, parts, quality, render, run
from reportkit.chapters import Edition
from reportkit.chapters.edition import held_editions
from reportkit.dress import charts_folder, charts_of, draw_charts
from reportkit.lock import alone
from reportkit.project import Project, open_project
from reportkit.reports import Failure, Made, Report, blocks
from reportkit.staleness import NOTEBOOK, Manifest

_ARTICLE = re.compile(r"(?<=<article>\n).*(?=\n</article>)", re.DOTALL)
_TO_PAGE = re.compile(r'(href="[^":#]+)\.md(?=[#"])')
_QUIET = {"report_level": 5, "doctitle_xform": False, "myst_heading_anchors": 0, "embed_stylesheet": False}


@dataclass(frozen=True)
class Remade:
    """What became of a page: its *html*, or the *charts* that have to be drawn first, or what is *wrong*.

    All are empty where nothing it depends on has changed, or where it is no page of which this module knows.
    """

    html: str = ""
    charts: Sequence[render.Chart] = ()
    wrong: str = ""


def forget_ours() -> None:
    """In a warm process: forget this package but for what it is at, so that each child imports it as it is by then."""
    here = {"reportkit.warm", "reportkit.processes", "reportkit.errors"}
    for name in [name for name in sys.modules if name.partition(".")[0] == "reportkit" and name not in here]:
        del sys.modules[name]


def remake(root: Path, address: str) -> Remade:
    """Make the page at *address* of the project in *root*, as in ``en/2024/AREA/air.html``, if it has changed."""
    project = open_project(root)
    first, *others = project.settings.languages
    folder, _, rest = address.partition("/")
    language, name = (folder, rest) if folder in others else (first, address)
    name = name.removesuffix(".html")
    if name in {path.stem for path in book.pages_of(project, language)}:
        return _written(project, language, name, address)
    match name.split("/"):
        case [year, area, chapter] if year.isdigit():
            report = Report(int(year), area, chapter, language)
            if report.source(project).is_file():
                return _of_report(project, report, address)
    return Remade()


def _in_shell(project: Project, address: str, article: str) -> str:
    """The page that was built at *address*, with another *article*; nothing where none was built."""
    built = project.build / "site" / address
    if not built.is_file():
        return ""
    return _ARTICLE.sub(lambda _: article, built.read_text(encoding="utf-8"))


def _of_report(project: Project, report: Report, address: str) -> Remade:
    """The page of *report*, executed if it is stale."""
    with alone(project):
        manifest = Manifest(project)
        changed = manifest.changed(report)
        made: Made | Failure | None = None
        if changed == {NOTEBOOK}:
            made = run.with_new_prose(report, Edition.of(project, report.year, report.language))
        if changed and made is None:
            manifest.freeze()
            _hold_what_is_left(project, report)
            made = run.execute(project.root, report)
        if isinstance(made, Failure):
            return Remade(wrong=str(made))
        if made is not None:
            manifest.record(report, made)
    return _shown(project, report, address)


def _shown(project: Project, report: Report, address: str) -> Remade:
    """The page of an executed *report*, or the charts that are missing."""
    notebook = parts.read(project, report)
    found = list(blocks(notebook))
    if missing := render.missing(list(charts_of(found).values()), charts_folder(project)):
        return Remade(charts=missing)
    root = "../" * address.count("/")
    prose, _, _ = parts.summary_of(notebook)
    shown = parts.contents_of(notebook, root, draw_charts(project, found)).shown
    article = parts.PLACED.sub(lambda place: shown[place[1]], _set(project, _source(prose)))
    return Remade(_in_shell(project, address, parts.with_anchors_of_items(article)))


def _source(prose: str) -> str:
    """The *prose* of a report as one text, with the places of its blocks."""
    return "\n\n".join(
        cell["source"] if cell["cell_type"] == "markdown" else cell["outputs"][0]["data"]["text/html"]
        for cell in json.loads(prose)["cells"]
    )


def _hold_what_is_left(project: Project, report: Report) -> None:
    """Hold of the edition of *report* what was kept and has not changed; the rest is computed as it is asked for."""
    _, edition = held.kept_edition(project, report.year, report.language)
    edition.forget_changed()
    held_editions[Edition(project, report.year, report.language).state()] = edition


def _written(project: Project, language: str, name: str, address: str) -> Remade:
    """A page of ``book/``."""
    up = "../" * name.count("/")
    root = "../" * address.count("/")
    city = Edition(project, project.settings.years[-1], language).city

    def inserted(found: re.Match[str]) -> str:
        if found[0] == parts.QUALITY_LINKS:
            return quality.links(project, language, up)
        report = Report(project.settings.years[-1], city.slug, found[1], language)
        return parts.block_of(project, report, found[2], root) if report.path(project).is_file() else ""

    body = _set(project, book.written(project, language)[f"{name}.md"])
    return Remade(_in_shell(project, address, parts.INSERT.sub(inserted, body)))


def _set(project: Project, source: str) -> str:
    """MyST as HTML, with the anchors where the pages of the site have them."""
    settings: Mapping[str, Any] = {**_QUIET, "myst_enable_extensions": book.extensions(project)}
    made: str = publish_parts(source, parser=Parser(), writer_name="html5", settings_overrides=settings)["body"]
    made = re.sub(r'<section id="[^"]*">\n<span id="([\w-]+)"></span>', r'<section id="\1">', made)
    return _TO_PAGE.sub(r"\1.html", made)
