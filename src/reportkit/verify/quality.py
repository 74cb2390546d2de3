"""The data-quality pages, held to the findings, the tables and the rules that the site publishes beside them."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import html

from reportkit.verify.problems import Problem
from reportkit.verify.tables import Row, Tables, holds_in

SHOWN_STATES = ("disclosed", "partly", "not_disclosed")
ANYWHERE = "//tbody[@data-findings]/tr"


def quality_problems(site: Path, tables: Tables) -> Iterator[Problem]:
    """Pages that list other findings than their download, or count items and rules otherwise than the tables do."""
    release = json.loads((site / "release.json").read_text(encoding="utf-8"))
    for year in release["years"]:
        file = site / f"data/quality/{year}/findings.csv"
        if not file.is_file():
            yield Problem("quality.missing", f"data/quality/{year}/findings.csv", "a file", "nothing")
            continue
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        if json.loads(file.with_suffix(".json").read_text(encoding="utf-8")) != rows:
            yield Problem("quality.download", f"data/quality/{year}", "the same findings as CSV and JSON", "others")
        for language in release["languages"]:
            folder = "" if language == release["languages"][0] else f"{language}/"
            name = f"{folder}{year}/data-quality.html"
            if not (site / name).is_file():
                yield Problem("quality.missing", name, "a page", "nothing")
                continue
            page = html.parse(str(site / name), html.HTMLParser(encoding="utf-8")).getroot()
            yield from _differing(name, "findings", _listed(rows, str(year)), _shown(page))
            yield from _differing(name, "counts", _counted(rows, str(year)), _counts(page))
            yield from _differing(name, "coverage", _items(tables, str(year)), _coverage(page))
            yield from _differing(name, "standards", _in_force(tables, int(year)), _standards(page))


def _differing(name: str, what: str, expected: Counter[str], found: Counter[str]) -> Iterator[Problem]:
    for entry in sorted((expected - found) | (found - expected)):
        yield Problem(f"quality.{what}", name, f"{expected[entry]} × {entry}", f"{found[entry]} × {entry}")


def _listed(rows: list[dict[str, str]], year: str) -> Counter[str]:
    """What a page has to list: all that is more than a note, and notes whose reason is known."""
    listed = [row for row in rows if row["severity"] != "note" or row["known_zh"]]
    return Counter(f"{_when(row, year)} {row['file']} {row['row']}" for row in listed)


def _shown(page: html.HtmlElement) -> Counter[str]:
    rows = page.xpath(ANYWHERE)
    return Counter(
        f"{row.getparent().get('data-findings')} {row.get('data-file')} {row.get('data-row')}" for row in rows
    )


def _counted(rows: list[dict[str, str]], year: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    for row in rows:
        counted[f"{row['severity']} {row['code']} {_when(row, year)}"] += int(row["count"])
    return counted


def _counts(page: html.HtmlElement) -> Counter[str]:
    shown: Counter[str] = Counter()
    for row in page.xpath("//tr[@data-code]"):
        for when, cell in zip(("own", "before"), row.xpath("td[@class='number']"), strict=True):
            shown[f"{row.get('data-severity')} {row.get('data-code')} {when}"] += int(cell.text_content())
    return shown


def _when(row: Row, year: str) -> str:
    return "own" if row["year"] in ("", year) else "before"


def _items(tables: Tables, year: str) -> Counter[str]:
    """For each area the items in each state, all chapters together, as its list of items says."""
    found = Counter[str]()
    for name, of_year, slug in tables.of_reports("overview/completeness"):
        if of_year == year:
            states = Counter(row["state"] for row in tables.rows(name))
            found[f"{slug}: {' / '.join(str(states[state]) for state in SHOWN_STATES)}"] += 1
    return found


def _coverage(page: html.HtmlElement) -> Counter[str]:
    """The column of totals, where it holds numbers."""
    totals = {
        row.get("data-area"): row.xpath("string(td[@class='matrix'][last()])") for row in page.xpath("//tr[@data-area]")
    }
    return Counter(f"{area}: {total}" for area, total in totals.items() if "/" in total)


def _in_force(tables: Tables, year: int) -> Counter[str]:
    """The rules that were in force on some day of the year where one of the areas is."""
    first, last = f"{year}-01-01", f"{year}-12-31"
    codes = [area["area_code"] for area in tables.rows("areas")]
    rows: list[Mapping[str, str]] = [*tables.rows("standards/rules")]
    held = [
        row
        for row in rows
        if row["valid_from"] <= last
        and (not row["valid_to"] or row["valid_to"] >= first)
        and any(holds_in(row, code) for code in codes)
    ]
    return Counter(f"{row['standard']}{row['clause']} {row['verification']}" for row in held)


def _standards(page: html.HtmlElement) -> Counter[str]:
    """The rules of the page, with how far they were checked; what is from memory, and no other, has to look so."""
    rows = page.xpath("//tbody[@data-standards]/tr[boolean(td[4]/em) = (td[4]/@data-verification = 'memory')]")
    return Counter(f"{row.xpath('string(td[1])')} {row.xpath('string(td[4]/@data-verification)')}" for row in rows)
