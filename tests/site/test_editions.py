"""Two years side by side, in a small project: the city and two districts."""

from __future__ import annotations

import csv
import posixpath
from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import html

from reportkit.verify import verify

AREAS, CHAPTERS, LANGUAGES = ("guangzhou", "nansha"), ("overview", "air"), ("", "en/")


@pytest.fixture(scope="module")
def reports(small_site: Path) -> Mapping[str, html.HtmlElement]:
    """Its reports by address."""
    parser = html.HTMLParser(encoding="utf-8")
    names = [
        f"{language}{year}/{area}/{chapter}.html"
        for language in LANGUAGES
        for year in (2023, 2024)
        for area in AREAS
        for chapter in CHAPTERS
    ]
    return {name: html.parse(str(small_site / name), parser).getroot() for name in names}


def test_the_year_switch_keeps_the_rest_of_the_address(reports: Mapping[str, html.HtmlElement]) -> None:
    for name, page in reports.items():
        links = page.xpath("//div[@class='switches']/nav[3]//a")
        assert [link.text for link in links] == ["2023", "2024"]
        found = [posixpath.normpath(posixpath.join(posixpath.dirname(name), link.get("href"))) for link in links]
        rest = name.replace("2023", "{year}").replace("2024", "{year}")
        assert found == [rest.format(year=2023), rest.format(year=2024)]
        assert page.xpath("string(//div[@class='switches']/nav[3]//a[@aria-current])") in name


def test_each_edition_shows_figures_of_its_own(reports: Mapping[str, html.HtmlElement]) -> None:
    for name, page in reports.items():
        year = name.removeprefix("en/")[:4]
        shown = page.xpath("//article//@data-figure")
        assert shown
        assert {figure[:4] for figure in shown} == {year}
        assert year in page.findtext("head/title")


def test_last_year_in_the_later_edition_is_this_year_in_the_earlier(reports: Mapping[str, html.HtmlElement]) -> None:
    for area in AREAS:
        earlier, later = reports[f"2023/{area}/air.html"], reports[f"2024/{area}/air.html"]
        for name in ("pm2_5_annual", "o3_8h_p90", "good_days_ratio", "composite_index"):
            then = set(earlier.xpath(f"//data[@data-figure='2023/{area}/air#{name}']/@value"))
            now = set(later.xpath(f"//data[@data-figure='2024/{area}/air#{name}_2023']/@value"))
            assert then == now
            assert len(then) == 1


def test_an_edition_knows_nothing_of_the_years_after_it(small_site: Path) -> None:
    paths = [
        path for name in ("days", "stations", "primary") for path in small_site.glob(f"data/2023/*/air/{name}.csv")
    ]
    assert len(paths) == 6
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            assert max(row["date"] for row in csv.DictReader(lines)) == "2023-12-31"


def test_the_home_page_leads_to_the_newest_edition(small_site: Path) -> None:
    home = html.parse(str(small_site / "index.html")).getroot()
    assert {href[:4] for href in home.xpath("//a[contains(@class, 'tile ')]/@href")} == {"2024"}


def test_everything_follows_from_the_published_tables(small_site: Path) -> None:
    assert list(map(str, verify(small_site))) == []
