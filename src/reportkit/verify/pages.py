"""The pages and files of a site, held to its figures, its tables and its checksums."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html

from reportkit.manifest import hash_file
from reportkit.verify.figures import Figures, referred
from reportkit.verify.problems import Problem
from reportkit.verify.tables import Tables


def page_problems(site: Path, tables: Tables, figures: Figures) -> Iterator[Problem]:
    """Pages that show what is not published, link what is not there, or differ between the languages."""
    languages = json.loads((site / "release.json").read_text(encoding="utf-8"))["languages"]
    shown: dict[str, dict[str, Counter[str]]] = defaultdict(dict)
    for path in sorted(site.rglob("*.html")):
        page, name = (
            html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot(),
            path.relative_to(site).as_posix(),
        )
        language = next((code for code in languages[1:] if name.startswith(f"{code}/")), languages[0])
        elements = page.xpath("//*[@data-figure]")
        shown[name.removeprefix(f"{language}/").removesuffix(".html")][language] = Counter(
            element.get("data-figure") for element in elements
        )
        for element in elements:
            yield from _element_problems(element, name, language, figures)
        for link in page.xpath("//a[@download]/@href"):
            if not (path.parent / unquote(urlsplit(link).path)).is_file():
                yield Problem("page.link", name, "a file of the site", link)
        yield from _download_problems(page, path, name, tables, figures)
    for name, by_language in shown.items():
        (first, expected), *others = by_language.items()
        for language, found in others:
            for identity in sorted(expected.keys() ^ found.keys()):
                yield Problem("page.languages", f"{name} ({first}, {language})", "the same figures", identity)
    everywhere = {identity for by_language in shown.values() for found in by_language.values() for identity in found}
    rested_on = {identity for entry in figures.entries.values() for identity in referred(entry["derivation"])}
    for identity in sorted(figures.entries.keys() - everywhere - rested_on):
        yield Problem("page.missing", identity, "on a page, or a figure others rest on", "neither")


def _element_problems(element: html.HtmlElement, name: str, language: str, figures: Figures) -> Iterator[Problem]:
    """What an element says of its figure and the figure does not; a wrong figure is named elsewhere."""
    identity = element.get("data-figure")
    if identity not in figures.entries:
        yield Problem("reference", name, "the id of a published figure", identity)
    elif figures.problem(identity) is None:
        entry, text = figures.entries[identity], element.text_content()
        found = (element.get("value") or None, element.get("data-status"), text)
        if found[:2] != (entry["value"], entry["status"]) or text not in entry["printed"][language]:
            expected = (entry["value"], entry["status"], entry["printed"][language])
            yield Problem("page.figure", f"{name}, {identity}", str(expected), str(found))


def _download_problems(
    page: html.HtmlElement, path: Path, name: str, tables: Tables, figures: Figures
) -> Iterator[Problem]:
    """Shown tables whose download says something else; one that gives the rows behind them is checked elsewhere."""
    derived_from = {entry["derivation"].get("table") for entry in figures.entries.values()}
    for table in page.xpath("//table[../following-sibling::p[@class='download']]"):
        link = table.xpath("../following-sibling::p[@class='download']//a/@href")[0]
        file = (path.parent / unquote(urlsplit(link).path)).resolve()
        if not file.is_file():
            continue  # named among the links
        address = file.relative_to(tables.data.resolve()).with_suffix("").as_posix()
        if address in derived_from:
            continue
        given = [list(row.values())[:-3] for row in tables.rows(address)]  # without status, sources, status in words
        width = len(given[0]) if given else None
        rows = [[_shown(cell) for cell in row.xpath("td")][:width] for row in table.xpath(".//tbody/tr")]
        if rows != given:
            first = next(pair for pair in zip([*rows, []], [*given, []], strict=False) if pair[0] != pair[1])
            yield Problem("page.download", f"{name}, data/{address}.csv", str(first[0]), str(first[1]))


def _shown(cell: html.HtmlElement) -> str:
    """A cell as its download has it: its text, with the value of a figure in place of what is printed for it."""
    parts = [cell.text or ""]
    for part in cell:
        parts += [part.get("value") if part.tag == "data" else part.text_content(), part.tail or ""]
    return "".join(parts)


def file_problems(site: Path) -> Iterator[Problem]:
    """Files that are not what the checksums say, are not there, or are not listed."""
    lines = (site / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    present = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*")) if path.is_file()}
    present.pop("SHA256SUMS")
    for name in sorted(listed.keys() | present.keys()):
        if name not in present:
            yield Problem("checksum", name, "a file", "nothing")
        elif name not in listed:
            yield Problem("checksum", name, "no file, for it is not listed", "a file")
        elif (found := hash_file(present[name])) != listed[name]:
            yield Problem("checksum", name, listed[name], found)
