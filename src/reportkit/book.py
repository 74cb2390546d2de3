"""Executed notebooks and ``book/`` → page bodies, by jupyter-book: one book a language, in a scratch folder."""

from __future__ import annotations

import contextlib
import errno
import functools
import html
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import Any

import nbformat
import yaml

from reportkit.chapters import Edition
from reportkit.errors import PublishError
from reportkit.manifest import hash_file, hash_value, write_if_changed
from reportkit.processes import ending_with_us
from reportkit.project import CONFIG, LANGUAGE_TAGS, Project
from reportkit.text import fill_markdown

_REFERENCE = re.compile(r"\{[a-z]+\}`|\]\(")  # of a page to another, or to itself
_EXTENSIONS = ["myst_nb", "jupyter_book", "sphinx_external_toc", "reportkit.book_extension"]


@dataclass(frozen=True)
class Page:
    """One page as jupyter-book made it: *name* is its address without ``.html``; body and contents are HTML."""

    name: str
    language: str
    title: str
    body: str
    contents: str


@contextlib.contextmanager
def making_pages(
    project: Project, notebooks: Mapping[str, Mapping[str, str]]
) -> Iterator[Callable[[], Sequence[Page]]]:
    """Let jupyter-book begin with the pages of every language; what is given waits for them, and gives them all.

    They are those of ``book/`` and those of its *notebooks* (language → name → JSON). What jupyter-book made of the
    same page before is taken from ``build/cache``. Waiting raises PublishError with what jupyter-book said, warnings
    included.
    """
    books = {language: _Book(project, language, reports) for language, reports in notebooks.items()}
    folders = {language: book.write() for language, book in books.items() if book.missing}

    @functools.cache
    def pages() -> list[Page]:
        _wait(running, folders)
        for language, folder in folders.items():
            books[language].keep(_read(folder, language))
        return [page for book in books.values() for page in book.pages()]

    with contextlib.ExitStack() as ends:
        running = {language: ends.enter_context(_building(folder)) for language, folder in folders.items()}
        yield pages


class _Book:
    """The sources of one language's pages, and the pages made of them so far."""

    def __init__(self, project: Project, language: str, reports: Mapping[str, str]) -> None:
        self.project, self.language = project, language
        self.written = written(project, language)
        self.reports = {f"{name}.ipynb": notebook for name, notebook in reports.items()}
        self.config = yaml.safe_dump(_config(project, language), allow_unicode=True)
        self.kept = {file: self._place(file) for file in (*self.written, *self.reports)}

    @property
    def missing(self) -> list[str]:
        """The files of which no page has been made."""
        return [file for file, page in self.kept.items() if not page.is_file()]

    def write(self) -> Path:
        """The book of all written pages, to which a report may refer, and of the missing reports, ready to be built."""
        missing = {file: _with_own_anchors(self.reports[file], file) for file in self.missing if file in self.reports}
        sources = self.written | missing
        names = [file.rpartition(".")[0] for file in sources]
        contents = {
            "format": "jb-book",
            "root": "index",
            "chapters": [{"file": name} for name in names if name != "index"],
        }
        folder = self.project.build / "book" / self.language
        shutil.rmtree(folder, ignore_errors=True)
        for file, source in {**sources, "_toc.yml": yaml.safe_dump(contents), CONFIG: self.config}.items():
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(source, encoding="utf-8")
        return folder

    def keep(self, pages: Iterable[Page]) -> None:
        """Keep what was made."""
        files = {file.rpartition(".")[0]: file for file in self.kept}
        for page in pages:
            write_if_changed(self.kept[files[page.name]], json.dumps(asdict(page), ensure_ascii=False).encode())

    def pages(self) -> list[Page]:
        """All pages, by name."""
        pages = [Page(**json.loads(page.read_text(encoding="utf-8"))) for page in self.kept.values()]
        return sorted(pages, key=lambda page: PurePath(f"{page.name}.html"))

    def _place(self, file: str) -> Path:
        """Where the page made of *file* is kept: written pages refer to each other, reports only where they say so."""
        made_of: list[Any] = [file, self.config, _facts()]
        source = self.reports.get(file, "")
        if source:
            made_of.append(source)
        if not source or _REFERENCE.search(source):
            made_of.append(self.written)
        return self.project.build / "cache" / "pages" / f"{hash_value(made_of)}.json"


@functools.cache
def _facts() -> list[str]:
    """What a page depends on besides its source: the programs that make it, and this module."""
    programs = ("jupyter-book", "Sphinx", "myst-nb", "myst-parser", "docutils")
    here = Path(__file__)
    ours = [here, here.with_name("book_extension.py"), *sorted((here.parent / "templates" / "book").iterdir())]
    return [*map(importlib.metadata.version, programs), *map(hash_file, ours)]


def written(project: Project, language: str) -> dict[str, str]:
    """The pages of ``book/`` in one language, by file name, with their placeholders filled in."""
    values = _placeholders(project, language)
    return {
        path.name: fill_markdown(path.read_text(encoding="utf-8"), values, where=str(path))
        for path in pages_of(project, language)
    }


def pages_of(project: Project, language: str) -> list[Path]:
    """The files of ``book/`` in one language: the first language's lie at its top, others in folders of their own."""
    folder = "book" if language == project.settings.languages[0] else f"book/{language}"
    return list(project.files(folder, "*.md").values())


def _placeholders(project: Project, language: str) -> dict[str, str]:
    """The closed list of what the pages of ``book/`` may name: the city, its newest year, a district as an example."""
    edition = Edition(project, project.settings.years[-1], language)
    example = next(iter(edition.districts), edition.city)
    return {
        "city_name": edition.city.names[language],
        "district_name": example.names[language],
        "district": example.slug,
        "year": str(edition.year),
    }


def extensions(project: Project) -> list[str]:
    """What of MyST the settings ask for, but for templates: data is text, and ``{{ … }}`` in it would be executed."""
    config = yaml.safe_load((project.root / CONFIG).read_text(encoding="utf-8"))
    asked = config.get("parse", {}).get("myst_enable_extensions", [])
    return [name for name in asked if name != "substitution"]


def _config(project: Project, language: str) -> dict[str, object]:
    """The project's settings as jupyter-book gets them: without our part, in one language, pages without a theme."""
    config = yaml.safe_load((project.root / CONFIG).read_text(encoding="utf-8"))
    config.pop("reportkit")
    config["title"] = project.settings.site_title[language]
    config["execute"] = {"execute_notebooks": "off"}
    sphinx = config.setdefault("sphinx", {})
    sphinx["config"] = {
        **sphinx.get("config", {}),
        "language": LANGUAGE_TAGS[language].replace("-", "_"),
        "extensions": _EXTENSIONS,
        "html_theme": "basic",
        "html_copy_source": False,
        "html_permalinks": False,
        "smartquotes": False,  # names stay as they are written
        "myst_enable_extensions": extensions(project),
    }
    return dict(config)


@contextlib.contextmanager
def _building(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """jupyter-book at work on the book in *folder*, warnings being errors; it ends with what it is wanted for."""
    command = ending_with_us("jupyter-book", "build", "-W", "-n", "--keep-going", "-q", str(folder))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _wait(running: Mapping[str, subprocess.Popen[str]], folders: Mapping[str, Path]) -> None:
    """Wait for the books; PublishError where one of them could not be built."""
    said = {language: (process.communicate()[0], process.returncode) for language, process in running.items()}
    for language, (output, code) in said.items():
        if code and os.strerror(errno.ENOSPC) in output:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folders[language]))
        if code:
            raise PublishError(
                f"jupyter-book could not build the pages in '{language}'.",
                found=_complaints(output),
                where=str(folders[language]),
                do="mend the page or notebook it names; the last good site stands",
            )


def _complaints(output: str) -> str:
    """The lines of jupyter-book's *output* that complain, or all of it."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    lines = [line for line in plain.splitlines() if re.search(r"WARNING|ERROR|Error", line)]
    return "\n    ".join(lines or plain.splitlines()[-20:])


def _read(folder: Path, language: str) -> list[Page]:
    """The pages of a built book; generated indices are left out."""
    built = folder / "_build" / "html"
    pages = []
    for path in sorted(built.rglob("*.html")):
        name = path.relative_to(built).with_suffix("").as_posix()
        if name in ("genindex", "search"):
            continue
        made = json.loads(path.read_text(encoding="utf-8"))
        title = html.unescape(re.sub(r"<[^>]+>", "", made["title"]))
        body, contents = _stable(made["body"], made["contents"], name)
        pages.append(Page(name, language, title, body, _contents(contents)))
    return pages


def _with_own_anchors(notebook: str, file: str) -> str:
    """*notebook* with its page's name before each anchor, because Sphinx wants every anchor of a book to be unique."""
    marked, mark = nbformat.reads(notebook, as_version=4), _mark(file.removesuffix(".ipynb"))
    for cell in marked.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"^\(([\w-]+)\)=$", rf"({mark}\1)=", cell.source, flags=re.MULTILINE)
    return str(nbformat.writes(marked))


def _mark(name: str) -> str:
    return f"at-{name.replace('/', '-').lower()}-"  # Sphinx makes small letters of what it makes ids of


def _stable(body: str, contents: str, name: str) -> tuple[str, str]:
    """A page's body and contents with the anchors as they were written, and no ids that Sphinx makes up of headings."""
    mark = _mark(name)
    body = body.replace(f'id="{mark}', 'id="').replace(f'href="#{mark}', 'href="#')
    contents = contents.replace(f'href="#{mark}', 'href="#')
    # A section and the span at its start share two ids: one made of the heading's words (`id1` if Chinese), and ours.
    pairs: Sequence[tuple[str, str]] = re.findall(r'<section id="([^"]+)">\n<span id="([\w-]+)"></span>', body)
    ours = {first: first if re.fullmatch(r"id\d+", second) else second for first, second in pairs}
    body = re.sub(
        r'<section id="([^"]+)">\n<span id="[\w-]+"></span>', lambda m: f'<section id="{ours[m[1]]}">\n', body
    )
    contents = re.sub(r'href="#([^"]+)"', lambda m: f'href="#{ours.get(m[1], m[1])}"', contents)
    return re.sub(r'<section id="id\d+">', "<section>", body), contents


def _contents(contents: str) -> str:
    """The list of a page's own sections: the level below its title."""
    found: Sequence[tuple[str, str]] = re.findall(r'<a class="reference internal" href="(#[^"]+)">(.*?)</a>', contents)
    items = "".join(
        f'<li><a href="{anchor}">{words}</a></li>' for anchor, words in found if not re.match(r"#id\d+$", anchor)
    )
    return f"<ul>{items}</ul>" if items else ""
