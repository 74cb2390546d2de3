"""Data is text: names that look like markup are shown as those characters in page, chart and download."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import Browser

from projects import read

ARCHIVE = "enterprises/DEMO-E-440115-01"
NAMING = ("nansha/law", "nansha/enterprises", "nansha/credit", "nansha/market", ARCHIVE)
LOOKED_AT = ("nansha/overview", *NAMING, "nansha/air")
BOTH = pytest.mark.parametrize(
    ("report", "language"), [("2024/nansha/air.html", "zh"), ("en/2024/nansha/air.html", "en")], indirect=["report"]
)


@pytest.fixture
def report(request: pytest.FixtureRequest, small_site: Path) -> html.HtmlElement:
    """One page of that site."""
    return html.parse(str(small_site / request.param), html.HTMLParser(encoding="utf-8")).getroot()


@BOTH
def test_names_are_shown_as_they_are_in_the_table(report: html.HtmlElement, language: str, harmful: Any) -> None:
    names = [row.xpath("string(td[1])") for row in report.xpath("//section[@id='completeness']//tbody/tr")]
    assert set(harmful.stations) <= set(names)
    assert report.xpath("//script[contains(text(), 'alert')][not(@type='application/json')]") == []


@BOTH
def test_names_are_shown_as_they_are_in_the_chart(report: html.HtmlElement, language: str, harmful: Any) -> None:
    for width in ("wide", "narrow"):
        drawing = report.xpath(f"//section[@id='completeness']//div[@class='drawing {width}']")[0]
        drawn = drawing.text_content()
        # What does not fit is cut short, with an ellipsis.
        assert all(name[:8] in drawn for name in harmful.stations)
        assert drawing.xpath(".//script|.//b") == []
    specification = json.loads(report.xpath("//section[@id='completeness']//script[@class='spec']")[0].text)
    assert harmful.stations[0] in json.dumps(specification, ensure_ascii=False)


@BOTH
def test_the_name_of_a_district_is_shown_as_it_is(report: html.HtmlElement, language: str, harmful: Any) -> None:
    name = harmful.district[language]
    assert name in report.findtext("head/title")
    assert name in report.xpath("string(//h1)")
    assert name in [link.text_content() for link in report.xpath("//nav[@class='switch']//a")]
    assert name in report.xpath("string(//section[@id='answer'])")
    assert name in report.xpath("string(//head/meta[@name='description']/@content)")
    assert report.xpath("//h1/*") == []
    assert report.xpath("//p[@class='sentence']//em|//p[@class='sentence']//b") == []


def test_names_are_as_they_are_in_the_downloads(small_site: Path, harmful: Any) -> None:
    assert set(harmful.stations) <= {row["name_zh"] for row in read(small_site / "data" / "stations.csv")}
    with (small_site / "data/2024/nansha/air/capture.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert set(harmful.stations) <= {row["station"] for row in csv.DictReader(lines)}
    with (small_site / "data/2024/nansha/overview/districts.en.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert harmful.district["en"] in {row["area"] for row in csv.DictReader(lines)}


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("page", NAMING)
def test_names_of_enterprises_documents_and_projects_are_text(
    small_site: Path, page: str, language: str, harmful: Any
) -> None:
    made = html.parse(str(small_site / f"{language}2024/{page}.html"), html.HTMLParser(encoding="utf-8")).getroot()
    assert harmful.stations[0] in made.find(".//article").text_content()
    assert made.xpath("//script[contains(text(), 'alert')][not(@type='application/json')]") == []
    assert "49" not in made.xpath("string(//h1)")
    if harmful.stations[1][:8] in (article := made.find(".//article").text_content()):
        assert harmful.stations[1] in article  # the sum in it is not worked out
    assert made.xpath("//h1/*") == []


@pytest.mark.parametrize("language", ["", "en/"])
def test_nothing_is_executed(browser: Browser, small_site: Path, language: str) -> None:
    page, heard = browser.new_page(), list[str]()
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    for name in ("index", *(f"2024/{page}" for page in LOOKED_AT)):
        page.goto(f"{small_site.as_uri()}/{language}{name}.html")
        for figure in page.locator("figure.chart").all():
            figure.locator("button").click()
            figure.locator(".interactive svg").first.wait_for(timeout=20_000)
    assert heard == []
    assert "49" not in page.locator("section#completeness").inner_text().split()
    page.close()
