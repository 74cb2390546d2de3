"""Every link of the shipped site leads somewhere."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html

from projects import read
from reportkit.chapters import discover

Pages = Mapping[str, html.HtmlElement]


def links(pages: Pages) -> Iterator[tuple[str, str]]:
    """Every address in every page: (page, address)."""
    for name, page in pages.items():
        for address in page.xpath("//@href|//@src"):
            yield name, address


def test_every_address_inside_the_site_is_there_with_its_anchor(site: Path, pages: Pages) -> None:
    anchors = {name: set(page.xpath("//@id")) for name, page in pages.items()}
    lost = set()
    for name, address in links(pages):
        parts = urlsplit(address)
        if parts.scheme:
            continue
        start = "" if address.startswith("/") else posixpath.dirname(name)
        path = unquote(parts.path).lstrip("/")
        target = posixpath.normpath(posixpath.join(start, path)) if path else name
        is_anchored = not parts.fragment or unquote(parts.fragment) in anchors.get(target, ())
        if target.startswith("..") or not (site / target).is_file() or not is_anchored:
            lost.add(f"{name} → {address}")
    assert sorted(lost) == []


def test_other_sites_are_only_linked_never_loaded(pages: Pages) -> None:
    for name, page in pages.items():
        loaded = page.xpath("//link/@href|//*[@src]/@src|//*[@srcset]/@srcset|//object/@data|//svg//@href")
        assert [address for address in loaded if urlsplit(address).scheme or address.startswith("//")] == [], name
        for address in page.xpath("//article//a/@href"):
            assert urlsplit(address).scheme in ("", "http", "https"), (name, address)


def test_addresses_of_other_sites_are_those_of_the_sources(site: Path, pages: Pages) -> None:
    sources = {row["url"] for row in read(site / "data" / "sources.csv")}
    for name, page in pages.items():
        for address in page.xpath("//section[contains(@class, 'block')]//a[starts-with(@href, 'http')]/@href"):
            assert address in sources, f"{name}: {address}"


def test_a_table_that_names_an_enterprise_leads_to_its_archive(site: Path, pages: Pages) -> None:
    names = {row[f"name_{it}"] for row in read(site / "data" / "enterprises" / "register.csv") for it in ("zh", "en")}
    named = [
        (name, cell)
        for name, page in pages.items()
        if "/enterprises/" not in name
        for cell in page.xpath("//article//td")
        if cell.text_content().strip() in names
    ]
    assert {name.rsplit("/", 1)[1] for name, _ in named} >= {"law.html", "credit.html", "enterprises.html", "soil.html"}
    assert [f"{name}: {cell.text_content()}" for name, cell in named if not cell.xpath(".//a[@href]")] == []


def test_switches_keep_the_rest_of_the_address(pages: Pages, slugs: list[str]) -> None:
    for name, page in pages.items():
        own = name.removeprefix("en/").removesuffix(".html").split("/")
        if len(own) != 3:
            continue
        year, area, chapter = own
        districts, chapters, years = [
            [posixpath.normpath(posixpath.join(posixpath.dirname(name), href)) for href in nav.xpath(".//a/@href")]
            for nav in page.xpath("//div[@class='switches']/nav")
        ]
        language = "en/" if name.startswith("en/") else ""
        assert years == [f"{language}{year}/{area}/{chapter}.html"]
        if area == "enterprises":  # an archive stands where the enterprises of its area do
            (here,) = page.xpath("//div[@class='switches']/nav[1]//a[@aria-current]/@href")
            area, chapter = posixpath.basename(posixpath.dirname(here)), "enterprises"
        assert len(districts) == len(slugs), name
        assert all(link.startswith(f"{language}{year}/") and link.endswith(f"/{chapter}.html") for link in districts)
        assert chapters == [f"{language}{year}/{area}/{other}.html" for other in discover()]


def test_the_home_page_leads_into_every_district(pages: Pages, slugs: list[str]) -> None:
    for name, language in (("index.html", ""), ("en/index.html", "en/")):
        tiles = pages[name].xpath("//a[contains(concat(' ', @class, ' '), ' tile ')]/@href")
        found = {posixpath.normpath(posixpath.join(posixpath.dirname(name), href)) for href in tiles}
        assert len(found) == len(slugs) - 1
        assert found <= {page for page in pages if page.startswith(f"{language}2024/")}
