"""The second engine: executed notebooks and ``book/`` → a Quarto project; Quarto → a site, or one report as a document.

A page is its prose with each block as the HTML that the first engine shows. In a document of a format that has no
place for HTML, such as DOCX, each block is written as Markdown. Quarto itself is called last, so that what it would
render lies there to be looked at where it is not installed.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from reportkit import render, text
from reportkit.blocks import statuses_otherwise, tag_of_row
from reportkit.book import written
from reportkit.chapters import Edition, chapter_title
from reportkit.dress import charts_folder, draw_charts, dress, html_of
from reportkit.errors import PublishError, QuartoError, SettingsError
from reportkit.findings import Finding
from reportkit.font import FONT, font_file
from reportkit.parts import INSERT, PLACE, QUALITY_LINKS, block_of, data_of, parts_of, quality_of, read
from reportkit.project import LANGUAGE_TAGS, LANGUAGES, Project
from reportkit.quality import page_name
from reportkit.release import Put, refuse_other_data, swap_in
from reportkit.reports import Report, blocks
from reportkit.status import MARKED
from reportkit.storage import write_whole, writing
from reportkit.text import escape_markdown

# What a report can be written as, and what Quarto calls it: PDF it makes by Typst, which it brings along.
FORMATS = {"docx": "docx", "html": "html", "pdf": "typst"}

# Pandoc's Markdown as far as it is MyST's too: quotation marks, dollars and the like stay as they are written.
_READER = "markdown-smart-tex_math_dollars-raw_tex-citations-subscript-superscript"
# Nothing is asked of another host: no theme with fonts, no program that sets formulas. Tables stay as they are.
_HTML = {
    "theme": "default",
    "css": ["site.css", "quarto.css"],
    "html-math-method": "plain",
    "html-table-processing": "none",
}
_BUILT = "_site"

# What MyST has and Quarto writes in another way.
_ANCHOR = re.compile(r"^\(([\w-]+)\)=\n+(#+ .*)$", re.MULTILINE)
_REFERENCE = re.compile(r"\{ref\}`([^`<]*?)\s*<([\w-]+)>`")
_LINK = re.compile(r"\[([^\]]*)\]\(([\w./-]+)\.md(#[\w-]+)?\)")
_ADMONITION = re.compile(r"^:::\{admonition\} (.*)\n:class: (\w+)\n(.*?)^:::$", re.MULTILINE | re.DOTALL)
_RAW = re.compile(r"^```\{raw\} html\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
_OTHER = re.compile(r"^\([\w-]+\)=$|^(?::::+|```+)\{[\w-]+\}|(?<!\\)\{[a-z:]+\}`", re.MULTILINE)


@dataclass(frozen=True)
class _Page:
    """One page to be: *name* is its address in its language, without suffix; title and body are Quarto's Markdown."""

    name: str
    language: str
    title: str
    body: str


def build_site(
    project: Project, reports: Sequence[Report], findings: Sequence[Finding], *, made_from: str | None = None
) -> Path:
    """Let Quarto make its site of the executed *reports*, and return where it stands: ``build/site.quarto``.

    *made_from* is what :func:`release.state_of_data` gave before the reports were executed. Raises QuartoError where
    Quarto is not installed or fails, PublishError where the tables are not the same any more; its project is written
    all the same, and the last site it made stays.
    """
    built = write_project(project, reports, findings) / _BUILT
    _render(built.parent)

    def write(put: Put) -> None:
        for path in built.rglob("*"):
            if path.is_file():
                put(path.relative_to(built).as_posix(), path.read_bytes())
        if made_from is not None:
            refuse_other_data(project, made_from)

    with writing("the site", project.build):
        return swap_in(project.build / "site.quarto", write)


def write_project(project: Project, reports: Sequence[Report], findings: Sequence[Finding]) -> Path:
    """Write the Quarto project of the executed *reports* into ``build/quarto``, anew, and return that folder."""
    folder = project.build / "quarto"
    _write(folder, _Site(project, reports, findings).files())
    return folder


def export_document(project: Project, report: Report, to: str, target: Path) -> Path:
    """Let Quarto write the executed *report* to *target* as one file that needs no other, in one of the FORMATS.

    Raises SettingsError for another format, QuartoError where Quarto is not installed or fails.
    """
    if to not in FORMATS:
        raise SettingsError(f"Unknown format '{to}'.", expected=", ".join(FORMATS))
    notebook = read(project, report)
    made = list(blocks(notebook))
    files: dict[str, bytes] = {}
    if to == "html":
        charts = draw_charts(project, made)
        shown = {block["name"]: _raw(html_of(block, project.settings.address, charts)) for block in made}
        files |= _styles(project)
        settings: dict[str, Any] = {"format": {"html": {**_HTML, "embed-resources": True}}}
    else:
        specs = {block["name"]: block["content"]["chart"]["wide"] for block in made if block["kind"] == "chart"}
        drawn = render.pictures([(spec, report.language) for spec in specs.values()], charts_folder(project))
        files |= {f"{name}.png": picture.read_bytes() for name, picture in zip(specs, drawn, strict=True)}
        shown = {block["name"]: markdown_of(block) for block in made}
        settings = {"mainfont": FONT}  # one that has both languages
    prose = dress(notebook, lambda block: PLACE.format(name=block["name"]))
    page = _titled(report.page, report.language, _body(prose, shown, report.page, None))
    folder = project.build / "quarto.document"
    _write(folder, [("report.qmd", _source(page, {"from": _READER, **settings})), *files.items()])
    _render(folder, "report.qmd", "--to", FORMATS[to])
    write_whole(target, (folder / f"report.{to}").read_bytes())
    return target


class _Site:
    """The files of the Quarto project: pages, what they look like, and the open data they lead to."""

    def __init__(self, project: Project, reports: Sequence[Report], findings: Sequence[Finding]) -> None:
        self.project, self.settings = project, project.settings
        self.made = parts_of(project, reports, lambda report: _up(self._path(report.page, report.language)))
        self.quality = quality_of(project, self.made, findings)
        self.editions = {
            language: Edition(project, self.settings.years[-1], language) for language in self.settings.languages
        }
        self.pages = [page for language in self.settings.languages for page in self._pages(language)]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the project: (path, content)."""
        yield "_quarto.yml", _yaml(self._config()).encode()
        for page in self.pages:
            yield self._path(f"{page.name}.qmd", page.language), _source(page)
        yield from _styles(self.project).items()
        yield from data_of(self.project, self.made, self.quality)

    def _path(self, name: str, language: str) -> str:
        """Where a page lies: the first language's at the top, others' in folders of their own."""
        return name if language == self.settings.languages[0] else f"{language}/{name}"

    def _pages(self, language: str) -> Iterator[_Page]:
        """The pages of one language: the written ones, the reports, and those on the quality of the data."""
        sources = {file.removesuffix(".md"): source for file, source in written(self.project, language).items()}
        anchors = {match[1]: name for name, source in sources.items() for match in _ANCHOR.finditer(source)}
        for name, source in sources.items():
            body = self._with_inserts(name, language, from_myst(source, name, anchors))
            yield _titled(name, language, body)
        for report, part in self.made.items():
            if report.language == language:
                shown = {name: _raw(html) for name, html in part.contents().shown.items()}
                yield _titled(report.page, language, _body(json.loads(part.prose), shown, report.page, anchors))
        for year in self.settings.years:
            made = self.quality[year, language].page(self.editions[language])
            body = made.body.partition("</h1>")[2]  # Quarto writes a title itself
            yield _Page(made.name, language, escape_markdown(made.title), _raw(body))

    def _with_inserts(self, name: str, language: str, body: str) -> str:
        """The *body* of a written page with what it asks for: a block of the city's newest report, or links."""
        edition = self.editions[language]

        def inserted(match: re.Match[str]) -> str:
            if match[0] == QUALITY_LINKS:
                return "\n".join(
                    f"- [{_say('quality.title', language, year=year)}]({_up(name)}{page_name(year)}.qmd)"
                    for year in self.settings.years
                )
            report = Report(edition.year, edition.city.slug, match[1], language)
            if report not in self.made:
                return ""
            return _raw(block_of(self.project, report, match[2], _up(self._path(name, language))))

        return INSERT.sub(inserted, body)

    def _config(self) -> dict[str, Any]:
        """What ``_quarto.yml`` says."""
        languages = self.settings.languages
        website = {
            "title": escape_markdown(self.settings.site_title[languages[0]]),
            "navbar": {"right": [self._link("index", language, _own_name(language)) for language in languages]},
            "sidebar": [self._sidebar(language) for language in languages],
            "page-footer": " · ".join(escape_markdown(self.settings.publisher[language]) for language in languages),
        }
        if self.settings.address:
            website["site-url"] = self.settings.address
        return {
            "project": {
                "type": "website",
                "output-dir": _BUILT,
                "render": [self._path(f"{page.name}.qmd", page.language) for page in self.pages],
                "resources": ["data/**"],
            },
            "lang": LANGUAGE_TAGS[languages[0]],
            "from": _READER,
            "execute": {"enabled": False},
            "website": website,
            "format": {"html": {**_HTML, "toc": True}},
        }

    def _sidebar(self, language: str) -> dict[str, Any]:
        """The pages of one language: home, each year's reports from the newest on, and what tells of the site."""
        told = [page for page in self.pages if page.language == language and "/" not in page.name]
        links = {page.name: self._link(page.name, language, page.title) for page in told}
        home = links.pop("index")
        return {
            "id": language,
            "title": escape_markdown(self.settings.site_title[language]),
            "contents": [
                home,
                *(self._year(year, language) for year in reversed(self.settings.years)),
                {"section": _say("site.nav.pages", language), "contents": list(links.values())},
            ],
        }

    def _year(self, year: int, language: str) -> dict[str, Any]:
        """The part of the sidebar on one year: its areas with their chapters, and the quality of its data.

        Archives are reached from the pages that name the enterprise.
        """
        names = {slug: escape_markdown(area.names[language]) for slug, area in self.editions[language].areas.items()}
        of_year = [report for report in self.made if (report.year, report.language) == (year, language)]
        reports = [report for report in of_year if not report.is_archive]
        titles = {report.chapter: escape_markdown(chapter_title(report.chapter, language)) for report in reports}
        areas = [
            {
                "section": names[slug],
                "contents": [self._link(it.page, language, titles[it.chapter]) for it in of_area],
            }
            for slug, of_area in itertools.groupby(reports, key=lambda report: report.area)
        ]
        quality = self._link(page_name(year), language, _say("quality.nav", language))
        return {"section": str(year), "contents": [*areas, quality]}

    def _link(self, name: str, language: str, words: str) -> dict[str, str]:
        return {"text": words, "href": self._path(f"{name}.qmd", language)}


# --- pages ----------------------------------------------------------------------------------------


def from_myst(source: str, page: str, anchors: Mapping[str, str] | None) -> str:
    """The *source* of a *page*, written for MyST, as Quarto reads it; *anchors* says in which page each one is.

    Without *anchors* other pages are out of reach: the words of links stay and the links go. Raises PublishError for
    an anchor that is nowhere, and for what is written in a way that Quarto would take for something else.
    """

    def reference(match: re.Match[str]) -> str:
        if anchors is None:
            return match[1]
        if match[2] not in anchors:
            raise PublishError(f"No page has the anchor '{match[2]}'.", where=page)
        return f"[{match[1]}]({_up(page)}{anchors[match[2]]}.qmd#{match[2]})"

    made = _ANCHOR.sub(r"\2 {#\1}", source)
    made = _REFERENCE.sub(reference, made)
    made = _LINK.sub(r"\1" if anchors is None else r"[\1](\2.qmd\3)", made)
    made = _ADMONITION.sub(r"::: {.callout-\2}\n\n## \1\n\3:::", made)
    made = _RAW.sub(r"\1", made)
    if other := _OTHER.search(made):
        raise PublishError(
            f"Quarto has no equivalent here for '{other[0]}'.",
            where=page,
            do="write it in plain Markdown, or build with the first engine",
        )
    return made


def _body(prose: Mapping[str, Any], shown: Mapping[str, str], page: str, anchors: Mapping[str, str] | None) -> str:
    """The *prose* of a report with its blocks, each as it is *shown*, in their places."""
    places = {PLACE.format(name=name): block for name, block in shown.items()}
    return "\n\n".join(
        from_myst(cell["source"], page, anchors)
        if cell["cell_type"] == "markdown"
        else places[cell["outputs"][0]["data"]["text/html"]]
        for cell in prose["cells"]
    )


def _titled(name: str, language: str, body: str) -> _Page:
    """The page of that *body*, whose first line is its title; without one, its address is."""
    title, _, rest = body.partition("\n")
    if not title.startswith("# "):
        return _Page(name, language, escape_markdown(name), body)
    return _Page(name, language, title.removeprefix("# "), rest)


def _source(page: _Page, settings: Mapping[str, Any] | None = None) -> bytes:
    """A page as Quarto wants it; naming its engine, nothing in it can be taken for a program to run."""
    head = {"title": page.title, "lang": LANGUAGE_TAGS[page.language], "engine": "markdown", **(settings or {})}
    return f"---\n{_yaml(head)}---\n\n{page.body.strip()}\n".encode()


def _raw(html: str) -> str:
    """*html* handed on as it is: in a fence longer than any in it, and with nothing that looks like a shortcode."""
    longest = max((len(run) for run in re.findall("`+", html)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{{=html}}\n{html.strip().replace('{{<', '&#123;{<')}\n{fence}"


def _up(name: str) -> str:
    """The way from a page to the folder that its address starts from."""
    return "../" * name.count("/")


def _own_name(language: str) -> str:
    """What a language calls itself: pages of the others show it to lead there."""
    return _say("site.nav.language", next(other for other in LANGUAGES if other != language))


def _say(key: str, language: str, **values: object) -> str:
    """A message as Markdown."""
    return escape_markdown(text.message(key, language, **values))


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False)


def _styles(project: Project) -> dict[str, bytes]:
    """The site's own style, and what it takes to live in Quarto's pages."""
    ours = Path(__file__).with_name("templates") / "quarto.css"
    return {"site.css": project.file("book/_static/site.css").read_bytes(), ours.name: ours.read_bytes()}


# --- blocks as Markdown ---------------------------------------------------------------------------


def markdown_of(block: Mapping[str, Any]) -> str:
    """One block as Markdown, for formats that have no place for HTML; a chart is the picture of the block's name."""
    content, status = block["content"], block["status"]
    is_mixed = block["is_mixed"]

    def say(key: str, **values: object) -> str:
        return _say(f"site.{key}", block["language"], **values)

    def words(parts: Sequence[Any]) -> str:
        return escape_markdown("".join(_plain(part, block["language"] if is_mixed else None) for part in parts))

    def table(shown: Mapping[str, Any]) -> str:
        return f"**{say('block.table', count=len(shown['rows']))}**\n\n{_table(shown, block)}"

    pieces = [f"### {words(block['title'])}"] if block["title"] else []
    if status in MARKED:
        pieces.append(f"**{say(f'partly.{status}' if is_mixed else f'status.{status}')}**")
    if any(not rule["is_verified"] for rule in block["rules"]):
        pieces.append(f"*{say('block.unverified')}*")
    match block["kind"]:
        case "statement":
            for listed in content.get("lists", []):
                pieces += [words(listed["words"])]
                pieces += [_list(map(words, listed["lines"]))] if listed["lines"] else []
            pieces += [words(sentence) for sentence in content["sentences"]]
        case "chart":
            chart = content["chart"]
            pieces += [f"![{words(chart['alternative'])}]({block['name']}.png)", table(chart["table"])]
        case "table":
            pieces.append(table(content["table"]))
        case "tiles":
            pieces += [words(content["alternative"]), table(content["table"])]
        case "quotes":
            for quote in content["quotes"]:
                pieces += [f"> {escape_markdown(quote['words'])}", _list(words(line) for line in quote["lines"])]
        case "cards":
            pieces.append(_list(_card_words(card, block["language"]) for card in content["cards"]))
    pieces += [words(note) for note in block["notes"]]
    if block["sources"]:
        pieces += [
            f"**{say('block.sources')}**",
            _list(_source_words(it, block["language"]) for it in block["sources"]),
        ]
    if block["tables"]:
        pieces += [f"**{say('block.rows')}**", _list(escape_markdown(f"{it['name']}.csv") for it in block["tables"])]
    if block["rules"]:
        pieces += [f"**{say('block.rules')}**", _list(_rule_words(it, block["language"]) for it in block["rules"])]
    return "\n\n".join(pieces)


def _table(shown: Mapping[str, Any], block: Mapping[str, Any]) -> str:
    """A table as Markdown; where not all of its block is official or rules, each row says its status."""
    headings = [escape_markdown(column["heading"]) for column in shown["columns"]]
    rules = ["---:" if column["is_number"] else "---" for column in shown["columns"]]
    rows = [[escape_markdown(_plain(cell)) for cell in row] for row in shown["rows"]]
    if block["status"] in MARKED:
        headings.append(_say("site.column.status", block["language"]))
        rules.append("---")
        statuses = statuses_otherwise(shown, block["status"])
        for cells, row, otherwise in zip(rows, shown["rows"], statuses, strict=True):
            cells.append(escape_markdown(tag_of_row(row, otherwise, block["language"])))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [headings, rules, *rows])


def _plain(part: Any, tagged: str | None = None) -> str:
    """A part of a text, or a cell, as text; with a language, figures that are not official say so."""
    if isinstance(part, list):
        return "".join(_plain(piece, tagged) for piece in part)
    if isinstance(part, Mapping):
        printed, status = str(part["text"]), part.get("status", "")
        is_tagged = status in MARKED and part.get("is_tagged", True)
        return printed if tagged is None or not is_tagged else f"{printed} [{_tag(status, tagged)}]"
    return "" if part is None else str(part)


def _tag(status: str, language: str) -> str:
    return text.message(f"site.tag.{status}", language)


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _card_words(card: Mapping[str, Any], language: str) -> str:
    """A key figure: what it is, its value, that of the year before, and its status."""
    label, value = (escape_markdown(_plain(card[name])) for name in ("label", "value"))
    before = escape_markdown(_plain(card["before"], language if card.get("is_mixed") else None))
    status = _say(f"site.status.{card['value']['status']}", language)
    return " — ".join(filter(None, (f"{label} **{value}**", before, status)))


def _source_words(source: Mapping[str, str], language: str) -> str:
    """A source: title, publisher, how far it is trusted, its address, which paper has to show, and its note."""
    title = ", ".join(filter(None, (source["title"], source["publisher"])))
    trust = text.message(f"site.source.trust_{source['trust']}", language)
    address = source["url"] if source["url"].startswith("http") else ""
    return escape_markdown(" ".join(filter(None, (f"{title} ({trust})", address, source["note"]))))


def _rule_words(rule: Mapping[str, Any], language: str) -> str:
    """A rule: standard, clause, what it says, and whether that was read in the original."""
    standard = " ".join(filter(None, (rule["standard"], rule["clause"])))
    doubt = "" if rule["is_verified"] else f" ({text.message('site.block.unverified', language)})"
    return escape_markdown(f"{standard}: {rule['summary']}{doubt}")


# --- the program ----------------------------------------------------------------------------------


def _write(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Put *files* into *folder*, and nothing else."""
    with writing("what Quarto is to render", folder):
        shutil.rmtree(folder, ignore_errors=True)
        for name, content in files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _render(folder: Path, *arguments: str) -> None:
    """Let Quarto render what lies in *folder*; raises QuartoError where it is not installed or fails."""
    program = shutil.which("quarto")
    if program is None:
        raise QuartoError(
            "Quarto is not installed: get version 1.5 or later from its publisher, quarto.org; "
            f"what it would render is in {folder}."
        )
    done = subprocess.run(
        [program, "render", *arguments],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", "TYPST_FONT_PATHS": str(font_file().parent)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise QuartoError(
            "Quarto could not render what it was given.",
            found="\n    ".join(done.stderr.splitlines()[-20:]) or f"exit status {done.returncode}",
            where=str(folder),
            do="mend what it names; what was there before is whole",
        )
