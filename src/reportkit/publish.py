"""Executed notebooks → the site: pages, open data and checksums, swapped in at once.

jupyter-book's output is never the site: its page bodies are taken out and given navigation, charts and
downloads. What takes the place of the last good site, and how, is said in ``release.py``.
"""

from __future__ import annotations

import contextlib
import functools
import json
import platform
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup

from reportkit import __version__, book, quality, render, search, text
from reportkit import blocks as block_html
from reportkit.book import Page
from reportkit.chapters import ENTERPRISES, Edition, chapter_title, discover
from reportkit.findings import Finding
from reportkit.manifest import checksum_lines, files_below, hash_bytes, hash_file, hash_value
from reportkit.modules import package_sha256
from reportkit.parts import (
    INSERT,
    PLACED,
    QUALITY_LINKS,
    Part,
    block_of,
    data_of,
    parts_of,
    quality_of,
    with_anchors_of_items,
)
from reportkit.project import LANGUAGE_TAGS, LANGUAGES, Project
from reportkit.release import Put, refuse_other_data, swap_in
from reportkit.reports import Failure, Report
from reportkit.storage import keep, kept, writing
from reportkit.validate import check

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
_SEARCH = "search"


def publish(
    project: Project,
    reports: Sequence[Report],
    failed: Sequence[Failure] = (),
    *,
    findings: Sequence[Finding] | None = None,
    is_partial: bool = False,
    made_from: str | None = None,
) -> Path:
    """Make the site of all *reports* that were executed, and return where it stands.

    *findings* go onto the data-quality pages; without them the tables are checked anew.
    With *failed* reports, or where it *is_partial* for another reason, the site is put into
    ``build/site.partial`` and the last good ``build/site`` stays. *made_from* is what :func:`release.state_of_data`
    gave before the reports were executed. Raises PublishError where the tables are not the same any more, StorageError
    where the site cannot be written.
    """
    is_partial = is_partial or bool(failed)
    with (
        writing("the site", project.build),
        _making(project, reports, failed, check(project) if findings is None else findings) as site,
    ):

        def write(put: Put) -> None:
            site.write(put)
            if made_from is not None and not is_partial:
                refuse_other_data(project, made_from)

        return swap_in(project.build / ("site.partial" if is_partial else "site"), write)


@contextlib.contextmanager
def _making(
    project: Project, reports: Sequence[Report], failed: Sequence[Failure], findings: Sequence[Finding]
) -> Iterator[Site]:
    """The site of the *reports* that did not fail, while jupyter-book makes its pages."""
    broken = {failure.report.name for failure in failed}
    made = parts_of(
        project,
        [report for report in reports if report.name not in broken],
        lambda report: _root(project, report.language, 2),
    )
    dressed: dict[str, dict[str, str]] = {language: {} for language in project.settings.languages}
    for report, part in made.items():
        dressed[report.language][report.page] = part.prose
    for failure in failed:
        dressed[failure.report.language][failure.report.page] = _apology(failure)
    with book.making_pages(project, dressed) as pages:
        yield Site(project, pages, made, findings)


class Site:
    """The files of one site: pages in their shell, open data, static files, what it was made with."""

    def __init__(
        self,
        project: Project,
        pages: Callable[[], Sequence[Page]],
        made: Mapping[Report, Part],
        findings: Sequence[Finding] = (),
    ) -> None:
        self.project, self.made, self._made_pages = project, made, pages
        self.settings = project.settings
        self.parts = {(report.language, report.page): part for report, part in made.items()}
        self.editions = {
            language: Edition(project, self.settings.years[-1], language) for language in self.settings.languages
        }
        self.quality = quality_of(project, made, findings)

    @functools.cached_property
    def written(self) -> dict[str, list[Page]]:
        """The pages of ``book/``, by language."""
        return {
            language: [page for page in self._made_pages() if page.language == language and "/" not in page.name]
            for language in self.settings.languages
        }

    @functools.cached_property
    def pages(self) -> list[Page]:
        """All pages; waits for jupyter-book."""
        own = [of.page(self.editions[language]) for (_, language), of in self.quality.items()]
        return [*self._made_pages(), *own, *map(self._search_page, self.settings.languages)]

    @functools.cached_property
    def names(self) -> set[tuple[str, str]]:
        """Language and name of each page there is."""
        return {(page.language, page.name) for page in self.pages}

    def write(self, put: Put) -> None:
        """*put* every file of the site, then the checksums of all of them."""
        digests = {}
        for path, content in self.files():
            put(path, content)
            digests[path] = hash_bytes(content)
        put("SHA256SUMS", checksum_lines(digests).encode())

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the site but the checksums, pages last, because they wait for jupyter-book: (path, content)."""
        yield from data_of(self.project, self.made, self.quality)
        yield "404.html", self.not_found().encode()
        yield "_static/search/stemmer.js", search.stemmer_file()
        for name, path in self.project.files("book/_static", "**/*").items():
            yield f"_static/{name}", path.read_bytes()
        yield "_static/charts.js", render.bundle(self.project.build / "cache").encode()
        for language in self.settings.languages:
            yield from self._pages_of(language)
        if self.settings.base_url:
            yield "sitemap.xml", self._sitemap().encode()
        yield "release.json", self._release()

    def _pages_of(self, language: str) -> Iterator[tuple[str, bytes]]:
        """The pages of one language, and the index that search finds them by."""
        documents = []
        for page in self.pages:
            if page.language == language:
                content, document = self._file_of(page)
                yield self._path(page), content
                if page.name != _SEARCH:
                    documents.append(document)
        for name, content in self._search_index(language, documents):
            yield f"_static/search/{name}.js", content

    def _file_of(self, page: Page) -> tuple[bytes, search.Document]:
        """The file of *page* and what search knows of it; a report's is that of the last site while all of it is."""
        shell = self._shell(page)
        part = self.parts.get((page.language, page.name))
        if part is None or INSERT.search(page.body):  # what it asks for may have changed by itself
            return self._put_together(page, shell)
        made_of = hash_value([package_sha256(), part.key, {**shell, "page": asdict(page)}])
        place = self.project.build / "cache" / "written" / f"{self._path(page)}.pickle"
        if found := kept(place, made_of):
            digest, document = found
            with contextlib.suppress(OSError):
                content = (self.project.build / "site" / self._path(page)).read_bytes()
                if hash_bytes(content) == digest:
                    return content, document
        content, document = self._put_together(page, shell)
        keep(place, made_of, (hash_bytes(content), document))
        return content, document

    def _put_together(self, page: Page, shell: Mapping[str, Any]) -> tuple[bytes, search.Document]:
        """*page* with its blocks in its *shell*, and what search knows of it."""
        body = self._with_blocks(page)
        made = block_html.environment().get_template("page.html").render(**shell, body=Markup(body))
        return made.encode(), self._document(page, body)

    def _shell(self, page: Page) -> dict[str, Any]:
        """What stands around the body of *page*."""
        depth = page.name.count("/")
        return {
            "page": page,
            "contents": Markup(page.contents),
            "language": page.language,
            "tag": LANGUAGE_TAGS[page.language],
            "tags": LANGUAGE_TAGS,
            "root": _root(self.project, page.language, depth),
            "home": "../" * depth,
            "policy": POLICY,
            "description": self._description(page),
            "site_title": self.settings.site_title[page.language],
            "publisher": self.settings.publisher[page.language],
            "version": __version__,
            "figures": f"data/figures/{page.name}.json" if depth == 2 else "",
            **self._navigation(page),
        }

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

    def _search_page(self, language: str) -> Page:
        """The page on which ``search.js`` shows what it finds; without scripts it leads to the written pages."""
        homes = {code: _root(self.project, language, 0) + self._folder(code) for code in self.settings.languages}
        body = (
            block_html.environment()
            .get_template("search_page.html")
            .render(
                language=language,
                example=[*self.editions[language].districts, self.editions[language].city][0].names[language],
                root=_root(self.project, language, 0),
                written=self.written[language],
                languages=[
                    {"code": code, "tag": LANGUAGE_TAGS[code], "home": homes[code]}
                    for code in sorted(homes, key=lambda code: code != language)
                ],
            )
        )
        return Page(_SEARCH, language, text.message("site.search.title", language), body, "")

    def _search_index(self, language: str, documents: Sequence[search.Document]) -> Iterator[tuple[str, bytes]]:
        """The index of the *documents* of one language."""
        areas = [search.Facet(slug, area.names) for slug, area in self.editions[language].areas.items()]
        chapters = [search.Facet(slug, {code: chapter_title(slug, code) for code in LANGUAGES}) for slug in discover()]
        return search.index_files(language, documents, areas, chapters)

    def _document(self, page: Page, body: str) -> search.Document:
        """*page* with its *body* as the search takes it up."""
        found = search.passages(body)
        if (parts := _parts(page.name)) and parts[1] != ENTERPRISES:
            year, area, chapter = parts
            own = self.editions[page.language].areas[area].names[page.language]
            return search.document(page.name, page.title, found, own, of=(int(year), area, chapter))
        return search.document(page.name, page.title, found)

    def _path(self, page: Page) -> str:
        return f"{self._folder(page.language)}{page.name}.html"

    def _folder(self, language: str) -> str:
        return "" if language == self.settings.languages[0] else f"{language}/"

    def _navigation(self, page: Page) -> dict[str, Any]:
        """The switches of a page: each keeps the rest of the address where that page exists."""
        year, area, chapter = _parts(page.name) or (_year(page.name, self.settings.years[-1]), "", "overview")
        edition = self.editions[page.language]
        if area == ENTERPRISES:  # an archive is where its area's enterprises are
            area, chapter = edition.areas_of_enterprises[chapter].slug, ENTERPRISES

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
                    chapter_title(slug, page.language),
                    f"{year}/{area}/{slug}",
                    "index",
                    slug == chapter,
                )
                for slug in discover()
                if (page.language, f"{year}/{area}/{slug}") in self.names
            ],
            "years": self._years(page, link),
            "about": [
                link(other.title, other.name, "index", other.name == page.name)
                for other in self.written[page.language]
                if other.name != "index"
            ]
            + [
                link(
                    text.message("quality.nav", page.language),
                    quality.page_name(year),
                    "index",
                    page.name == quality.page_name(year),
                )
            ],
            "translations": [
                {"language": other, "href": self._translation(page, other)} for other in self.settings.languages
            ],
        }

    def _years(self, page: Page, link: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
        """The same page in other years; written pages have none."""
        rest = page.name.partition("/")[2]
        if not rest:
            return []
        fallback = f"{rest.partition('/')[0]}/overview"
        return [
            link(str(year), f"{year}/{rest}", f"{year}/{fallback}", page.name == f"{year}/{rest}")
            for year in self.settings.years
        ]

    def _translation(self, page: Page, language: str) -> str:
        """The address of *page* in another language: absolute where the site's own address is known."""
        name = page.name if (language, page.name) in self.names else "index"
        path = f"{self._folder(language)}{name}.html"
        base = self.settings.base_url.rstrip("/")
        return f"{base}/{path}" if base else _root(self.project, page.language, page.name.count("/")) + path

    def _with_blocks(self, page: Page) -> str:
        """The body of *page* with its blocks in their places.

        A report has its own; a written page may ask for one of the newest year of the city, in its language, by
        ``<div data-insert="overview#map"></div>``; ``quality#links`` stands for links to the data-quality pages.
        """
        own = self.parts.get((page.language, page.name))

        def inserted(match: re.Match[str]) -> str:
            if match[0] == QUALITY_LINKS:
                return quality.links(self.project, page.language, "../" * page.name.count("/"))
            return self._insert(page, match[1], match[2])

        shown = own.contents().shown if own else {}
        body = with_anchors_of_items(PLACED.sub(lambda match: shown[match[1]], page.body))
        return INSERT.sub(inserted, body)

    def _insert(self, page: Page, chapter: str, name: str) -> str:
        """The block *name* of a *chapter* of the city in the newest year, as a written page shows it."""
        report = Report(self.settings.years[-1], self.editions[page.language].city.slug, chapter, page.language)
        root = _root(self.project, page.language, page.name.count("/"))
        return block_of(self.project, report, name, root) if report in self.made else ""

    def _description(self, page: Page) -> str:
        """What a search engine or a messenger says of the page: its first sentence."""
        if page.name in {quality.page_name(year) for year in self.settings.years}:
            return text.message("quality.description", page.language, year=page.name[:4])
        own = self.parts.get((page.language, page.name))
        return (own.description if own else "") or self.settings.site_title[page.language]

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
        facts = {
            "reportkit": __version__,
            "code_sha256": package_sha256(),
            "notebooks": _hashes(self.project.notebooks),
            "years": list(self.settings.years),
            "languages": list(self.settings.languages),
            "engine": f"jupyter-book {version('jupyter-book')}, Sphinx {version('Sphinx')}",
            "python": platform.python_version(),
            "libraries": {name: version(name) for name in ("pandas", "numpy", "altair", "papermill")},
            "charts": render.facts(),
        }
        return (json.dumps(facts, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


# --- reports --------------------------------------------------------------------------------------


def _hashes(notebooks: Path) -> dict[str, str]:
    """The hash of each notebook by its path, those of closed years among them."""
    found = (path for path in sorted(files_below(notebooks)) if path.suffix == ".ipynb")
    return {path.relative_to(notebooks).as_posix(): hash_file(path) for path in found}


def _apology(failure: Failure) -> str:
    """The notebook of the page of a report that failed, for the partial site."""
    language = failure.report.language
    words = [text.escape_markdown(text.message(f"site.failed.{part}", language)) for part in ("title", "text")]
    page = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(f"# {words[0]}\n\n{words[1]}", id="failed")],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    return json.dumps(page, ensure_ascii=False)


# --- addresses ----------------------------------------------------------------------------------------


def _parts(name: str) -> tuple[str, str, str] | None:
    """Year, area and chapter of a report's page, as a report has them; nothing for a page of ``book/``."""
    parts = name.split("/")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def _year(name: str, newest: int) -> str:
    """The year a page is about: that of its address, or the newest."""
    first = name.partition("/")[0]
    return first if first.isdigit() else str(newest)


def _root(project: Project, language: str, depth: int) -> str:
    """The way from a page *depth* folders down in its language to the root of the site."""
    return "../" * (depth + (language != project.settings.languages[0]))
