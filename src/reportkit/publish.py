"""Executed notebooks → the site: pages, open data and checksums, swapped in at once.

jupyter-book's output is never the site: its page bodies are taken out and given navigation, charts and
downloads. The new site is put together beside the old one and takes its place in one step, so that a build
that dies leaves the last good site whole.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import functools
import json
import os
import platform
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup

from reportkit import __version__, book, open_data, render, text
from reportkit import blocks as block_html
from reportkit.book import Page
from reportkit.chapters import Edition, discover
from reportkit.dress import draw_charts, dress, html_of
from reportkit.manifest import checksums, hash_file, hash_value
from reportkit.project import LANGUAGE_TAGS, Project
from reportkit.run import Failure, Report, blocks

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'"
_PACKAGE = Path(__file__).parent
_INSERT = re.compile(r'<div data-insert="([\w/-]+)#([\w-]+)"></div>')


def publish(
    project: Project, reports: Sequence[Report], failed: Sequence[Failure] = (), *, is_partial: bool = False
) -> Path:
    """Make the site of all *reports* that were executed, and return where it stands.

    With *failed* reports, or where it *is_partial* for another reason, the site is put into
    ``build/site.partial`` and the last good ``build/site`` stays.
    """
    broken = {failure.report.name for failure in failed}
    made = {report: _read(project, report) for report in reports if report.name not in broken}
    charts = draw_charts(project, [block for notebook in made.values() for block in blocks(notebook)])
    dressed: dict[str, dict[str, nbformat.NotebookNode]] = {language: {} for language in project.settings.languages}
    for report, notebook in made.items():
        dressed[report.language][_address(report)] = dress(notebook, _root(project, report.language, 2), charts)
    for failure in failed:
        dressed[failure.report.language][_address(failure.report)] = _apology(failure)
    pages = book.make_pages(project, dressed)

    site = Site(project, pages, {report: list(blocks(notebook)) for report, notebook in made.items()}, charts)
    return _swap_in(project.build / ("site.partial" if failed or is_partial else "site"), site.write)


class Site:
    """The files of one site: pages in their shell, open data, static files, what it was made with."""

    def __init__(
        self,
        project: Project,
        pages: Sequence[Page],
        made: Mapping[Report, list[Mapping[str, Any]]],
        charts: Mapping[str, str],
    ) -> None:
        self.project, self.pages, self.made, self.charts = project, pages, made, charts
        self.settings = project.settings
        self.names = {(page.language, page.name) for page in pages}
        self.editions = {
            language: Edition(project, self.settings.years[-1], language) for language in self.settings.languages
        }

    def write(self, folder: Path, keep: Callable[[Path, bytes], None]) -> None:
        """Put every file of the site into *folder* through *keep*, then the checksums of all of them."""
        for path, content in self.files():
            keep(folder / path, content)
        present = [path for path in folder.rglob("*") if path.is_file()]
        keep(folder / "SHA256SUMS", checksums(folder, present).encode())

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the site but the checksums: (path, content)."""
        for page in self.pages:
            yield f"{self._folder(page.language)}{page.name}.html", self.page(page).encode()
        yield "404.html", self.not_found().encode()
        yield from self._open_data()
        for path in sorted((self.project.book / "_static").rglob("*")):
            if path.is_file():
                yield (
                    f"_static/{path.relative_to(self.project.book / '_static').as_posix()}",
                    path.read_bytes(),
                )
        yield "_static/charts.js", _bundle().encode()
        if self.settings.base_url:
            yield "sitemap.xml", self._sitemap().encode()
        yield "release.json", self._release()

    def page(self, page: Page) -> str:
        """One page in its shell."""
        depth = page.name.count("/")
        return (
            block_html.environment()
            .get_template("page.html")
            .render(
                page=page,
                body=Markup(self._with_inserts(page)),
                contents=Markup(page.contents),
                language=page.language,
                tag=LANGUAGE_TAGS[page.language],
                tags=LANGUAGE_TAGS,
                root=_root(self.project, page.language, depth),
                home="../" * depth,
                policy=POLICY,
                description=self._description(page),
                site_title=self.settings.site_title[page.language],
                publisher=self.settings.publisher[page.language],
                version=__version__,
                figures=f"data/figures/{page.name}.json" if depth == 2 else "",
                **self._navigation(page),
            )
        )

    def not_found(self) -> str:
        """The page for addresses that do not exist; it is served from anywhere, so its links start at the root."""
        language = self.settings.languages[0]
        root = (self.settings.base_url or "/").rstrip("/") + "/"
        return (
            block_html.environment()
            .get_template("not_found.html")
            .render(
                languages=self.settings.languages,
                language=language,
                tag=LANGUAGE_TAGS[language],
                tags=LANGUAGE_TAGS,
                root=root,
                policy=POLICY,
                site_title=self.settings.site_title[language],
                folders={code: self._folder(code) for code in self.settings.languages},
            )
        )

    def _folder(self, language: str) -> str:
        return "" if language == self.settings.languages[0] else f"{language}/"

    def _navigation(self, page: Page) -> dict[str, Any]:
        """The switches of a page: each keeps the rest of the address where that page exists."""
        year, area, chapter = _parts(page.name) or (str(self.settings.years[-1]), "", "overview")
        edition = self.editions[page.language]

        def link(label: str, name: str, fallback: str, is_here: bool) -> dict[str, Any]:
            there = name if (page.language, name) in self.names else fallback
            return {"label": label, "href": f"{'../' * page.name.count('/')}{there}.html", "is_here": is_here}

        return {
            "areas": [
                link(
                    other.names[page.language],
                    f"{year}/{slug}/{chapter}",
                    f"{year}/{slug}/overview",
                    slug == area,
                )
                for slug, other in edition.areas.items()
            ],
            "chapters": [
                link(
                    text.message(f"site.chapter.{slug}", page.language),
                    f"{year}/{area}/{slug}",
                    "index",
                    slug == chapter,
                )
                for slug in discover()
                if (page.language, f"{year}/{area}/{slug}") in self.names
            ],
            "years": [
                link(str(other), f"{other}/{area}/{chapter}", f"{other}/{area}/overview", str(other) == year)
                for other in self.settings.years
            ]
            if area
            else [],
            "about": [
                link(other.title, other.name, "index", other.name == page.name)
                for other in self.pages
                if other.language == page.language and "/" not in other.name and other.name != "index"
            ],
            "translations": [
                {"language": other, "href": self._translation(page, other)} for other in self.settings.languages
            ],
        }

    def _translation(self, page: Page, language: str) -> str:
        """The address of *page* in another language: absolute where the site's own address is known."""
        name = page.name if (language, page.name) in self.names else "index"
        path = f"{self._folder(language)}{name}.html"
        base = self.settings.base_url.rstrip("/")
        return f"{base}/{path}" if base else _root(self.project, page.language, page.name.count("/")) + path

    def _with_inserts(self, page: Page) -> str:
        """The body of *page* with each ``<div data-insert="overview#map"></div>`` replaced by that block.

        The block is the newest one of the city, in the page's language.
        """

        def block(match: re.Match[str]) -> str:
            chapter, name = match.groups()
            report = Report(self.settings.years[-1], self.editions[page.language].city.slug, chapter, page.language)
            found = next((b for b in self.made.get(report, []) if b["name"] == name), None)
            root = _root(self.project, page.language, page.name.count("/"))
            return html_of(found, root, self.charts) if found else ""

        return _INSERT.sub(block, page.body)

    def _description(self, page: Page) -> str:
        """What a search engine or a messenger says of the page: its first sentence."""
        for report, made in self.made.items():
            if (_address(report), report.language) == (page.name, page.language):
                sentences = (b["content"]["sentences"][0] for b in made if b["kind"] == "statement")
                first = next(sentences, [self.settings.site_title[page.language]])
                return "".join(part if isinstance(part, str) else part["text"] for part in first)
        return self.settings.site_title[page.language]

    def _open_data(self) -> Iterator[tuple[str, bytes]]:
        """The tables of ``data/`` as they are, those of the pages, and the figures of each page."""
        data = self.project.data
        for path in sorted(data.rglob("*")):
            if path.is_file() and path.suffix in {".csv", ".json", ".txt"}:
                yield f"data/{path.relative_to(data).as_posix()}", path.read_bytes()
        shown = [block for made in self.made.values() for block in made]
        for name, content in sorted(open_data.tables(shown).items()):
            yield f"data/{name}", content
        figures = open_data.figures(shown)
        for page in sorted(figures.keys() | {_address(report) for report in self.made}):
            yield f"data/figures/{page}.json", figures.get(page) or open_data.figures_of_page(page, {})

    def _sitemap(self) -> str:
        return (
            block_html.environment()
            .get_template("sitemap.xml")
            .render(
                addresses=[
                    f"{self.settings.base_url.rstrip('/')}/{self._folder(page.language)}{page.name}.html"
                    for page in self.pages
                ]
            )
        )

    def _release(self) -> bytes:
        """What the site was made with and from, once for all its figures; nothing of when or where."""
        sources = sorted(path for path in _PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        facts = {
            "reportkit": __version__,
            "code_sha256": hash_value([[p.relative_to(_PACKAGE).as_posix(), hash_file(p)] for p in sources]),
            "notebooks": {path.name: hash_file(path) for path in sorted(self.project.notebooks.glob("*.ipynb"))},
            "years": list(self.settings.years),
            "languages": list(self.settings.languages),
            "engine": f"jupyter-book {version('jupyter-book')}, Sphinx {version('Sphinx')}",
            "python": platform.python_version(),
            "libraries": {name: version(name) for name in ("pandas", "numpy", "altair", "papermill")},
            "charts": render.facts(),
        }
        return (json.dumps(facts, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


# --- reports --------------------------------------------------------------------------------------


def _read(project: Project, report: Report) -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode = nbformat.read(report.path(project), as_version=4)
    return notebook


def _apology(failure: Failure) -> nbformat.NotebookNode:
    """The page of a report that failed, for the partial site."""
    language = failure.report.language
    words = [text.escape_markdown(text.message(f"site.failed.{part}", language)) for part in ("title", "text")]
    page: nbformat.NotebookNode = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(f"# {words[0]}\n\n{words[1]}", id="failed")],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    return page


# --- addresses ----------------------------------------------------------------------------------------


def _address(report: Report) -> str:
    return f"{report.year}/{report.area}/{report.chapter}"


def _parts(name: str) -> tuple[str, str, str] | None:
    """Year, area and chapter of a report's page; nothing for a page of ``book/``."""
    parts = name.split("/")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def _root(project: Project, language: str, depth: int) -> str:
    """The way from a page *depth* folders down in its language to the root of the site."""
    return "../" * (depth + (language != project.settings.languages[0]))


# --- putting it in place --------------------------------------------------------------------------------


def _swap_in(site: Path, write: Callable[[Path, Callable[[Path, bytes], None]], None]) -> Path:
    """Put a new site together beside *site* and let it take its place at once.

    A file that has not changed is the old one itself (a hard link), so only files that differ are written.
    """
    coming = site.with_name(f".{site.name}.coming")
    shutil.rmtree(coming, ignore_errors=True)

    def keep(path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        old = site / path.relative_to(coming)
        if old.is_file() and old.read_bytes() == content:
            with contextlib.suppress(OSError):  # not every file system has hard links
                os.link(old, path)
                return
        path.write_bytes(content)

    coming.mkdir(parents=True)
    write(coming, keep)
    if site.exists():
        _exchange(coming, site)
        shutil.rmtree(coming)
    else:
        coming.rename(site)
    return site


def _exchange(one: Path, other: Path) -> None:
    """Let two folders change names in one step where the system can, else in two as close as can be."""
    libc = ctypes.CDLL(None, use_errno=True)
    swap = {"Linux": ("renameat2", 2), "Darwin": ("renameatx_np", 2)}.get(platform.system())
    if swap and hasattr(libc, swap[0]):
        here = -100 if platform.system() == "Linux" else -2  # AT_FDCWD
        if getattr(libc, swap[0])(here, os.fsencode(one), here, os.fsencode(other), swap[1]) == 0:
            return
        if ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(other))
    away = other.with_name(f".{other.name}.old")
    other.rename(away)
    one.rename(other)
    away.rename(one)


@functools.cache
def _bundle() -> str:
    return render.bundle()
