"""The search of the shipped site in Chromium: a list of queries with what each must find, and how results look."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import pytest
from lxml.html import HtmlElement, tostring
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from projects import REPO, read
from reportkit.search import Facet, document, index_files, passages

FIRST = 5  # a result counts when it is among so many
HOMES = {"zh": "", "en": "en/"}
DONE = "form#search[data-state=done]"


Query = tuple[str, str, str]


@pytest.fixture(scope="module")
def queries(slugs: list[str]) -> list[Query]:
    """Language, query and the beginning of an address it must find (nothing: it must find nothing).

    Those for districts that the site does not have are left out.
    """
    others = {row["slug"] for row in read(REPO / "data" / "areas.csv")} - {*slugs}
    with (REPO / "tests" / "data" / "search_queries.csv").open(encoding="utf-8", newline="") as lines:
        rows = [(row["language"], row["query"], row["must_find"]) for row in csv.DictReader(lines)]
    return [row for row in rows if not others & set(row[2].split("/"))]


@pytest.fixture(params=["http", "file"])
def address(request: pytest.FixtureRequest, site: Path, serve: Callable[[Path], str]) -> str:
    """Where the site begins: at a server that sends the policy, or in the file system."""
    return serve(site) if request.param == "http" else f"{site.as_uri()}/"


class Heard:
    """What a page asked for, and what went wrong on it."""

    def __init__(self, address: str, page: Page) -> None:
        self.address, self.requests, self.complaints = address, list[str](), list[str]()
        page.on("request", self._requested)
        page.on("requestfailed", self._failed)
        page.on("response", lambda answer: answer.status >= 400 and self.complaints.append(answer.url))
        page.on("console", self._spoke)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))

    def _requested(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith(self.address):
            self.complaints.append(f"request to {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # that is what becomes of a request when the page is left
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _spoke(self, message: ConsoleMessage) -> None:
        self.complaints.append(f"console: {message.text}")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh browser context, as wide as a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    yield context.new_page()
    context.close()


def look_up(page: Page, address: str, language: str, query: str) -> list[str]:
    """The addresses the search of *language* finds, the best first, from the site's root."""
    page.goto(f"{address}{HOMES[language]}search.html?q={quote(query)}")
    page.wait_for_selector(DONE)
    links: list[str] = page.locator("#search-results a").evaluate_all("links => links.map(link => link.href)")
    return [link.removeprefix(address) for link in links]


def test_the_list_is_long_enough_and_names_pages_that_exist(site: Path, queries: list[Query]) -> None:
    wanted = [must for _, _, must in queries if must]
    assert len(wanted) >= 80
    assert sum(1 for _, _, must in queries if not must) >= 10
    assert {must for must in wanted if not (site / must.partition("#")[0]).is_file()} == set()


def test_every_query_of_the_list_finds_what_it_must_among_the_first(
    page: Page, address: str, site: Path, queries: list[Query]
) -> None:
    heard, missed = Heard(address, page), []
    asked = (
        queries if address.startswith("http") else queries[::7]
    )  # from the disk the same program reads the same index
    for language, query, must in asked:
        found = look_up(page, address, language, query)
        if not (any(link.startswith(must) for link in found[:FIRST]) if must else not found):
            missed.append(f"{query} ({language}): expected {must or 'nothing'}, found {found[:FIRST]}")
        if not must and query not in page.locator("#search-count").inner_text():
            missed.append(f"{query} ({language}): does not say that nothing was found")
    assert "\n".join(missed) == ""
    assert "\n".join(heard.complaints) == ""


DISTRICTS = {"荔湾": "liwan", "增城區": "zengcheng", "nansha": "nansha", "tian he": "tianhe", "天河区": "tianhe"}


@pytest.mark.parametrize(("name", "slug"), DISTRICTS.items())
def test_a_district_and_a_chapter_together_put_that_page_first(page: Page, site: Path, name: str, slug: str) -> None:
    for chapter, address in (("空气", "air"), ("環境空氣", "air"), ("概况", "overview"), ("air", "air")):
        for query in (f"{name} {chapter}", f"2024 {chapter} {name}"):
            found = look_up(page, f"{site.as_uri()}/", "zh", query)
            assert found[0].partition("#")[0] == f"2024/{slug}/{address}.html", query


def test_a_district_alone_leads_to_its_overview_and_a_chapter_alone_to_the_city(page: Page, site: Path) -> None:
    for name, slug in DISTRICTS.items():
        found = look_up(page, f"{site.as_uri()}/", "zh", name)
        assert [link.partition("#")[0] for link in found[:2]] == [
            f"2024/{slug}/{part}.html" for part in ("overview", "air")
        ]
    for name, slug in (("概况", "overview"), ("环境空气", "air"), ("huanjingkongqi", "air")):
        assert look_up(page, f"{site.as_uri()}/", "zh", name)[0].startswith(f"2024/guangzhou/{slug}.html")


def test_the_newest_year_comes_first_and_a_year_that_is_asked_for_before_it(page: Page, small_site: Path) -> None:
    address = f"{small_site.as_uri()}/"
    assert [link[:16] for link in look_up(page, address, "zh", "广州 环境空气")][:2] == [
        "2024/guangzhou/a",
        "2023/guangzhou/a",
    ]
    assert look_up(page, address, "zh", "广州 环境空气 2023")[0].startswith("2023/guangzhou/air.html")
    assert look_up(page, address, "zh", "2023")[0].startswith("2023/guangzhou/overview.html")


def test_a_result_shows_area_chapter_year_and_the_sentence_that_matched(page: Page, address: str) -> None:
    look_up(page, address, "zh", "荔湾 臭氧")
    first = page.locator("#search-results li").first
    expect(first.locator("a")).to_have_text("荔湾区 · 环境空气 · 2024")
    sentence = first.locator("p").inner_text()
    assert "臭氧" in first.locator("mark").all_inner_texts()
    first.locator("a").click()
    page.wait_for_url(re.compile(r"2024/liwan/air\.html#"))
    section = page.locator(f"[id='{page.url.partition('#')[2]}']")
    assert sentence in re.sub(r"\s+", " ", section.inner_text())


def test_a_number_is_found_where_it_stands(page: Page, site: Path) -> None:
    text = (site / "2024/tianhe/air.html").read_text(encoding="utf-8")
    (value,) = set(re.findall(r'data-figure="2024/tianhe/air#good_days"[^>]*value="(\d+)"', text))
    found = look_up(page, f"{site.as_uri()}/", "zh", f"天河 {value}")
    assert found[0] == "2024/tianhe/air.html#answer"
    assert value in page.locator("#search-results li").first.locator("mark").all_inner_texts()


def test_every_result_can_be_shown_ten_at_a_time(page: Page, site: Path) -> None:
    first = look_up(page, f"{site.as_uri()}/", "zh", "空气")
    number = int(re.findall(r"\d+", page.locator("#search-count").inner_text())[0])
    assert len(first) == 10 < number
    while page.locator("#search-more").count():
        shown = page.locator("#search-results li").count()
        page.locator("#search-more").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#search-results li").nth(shown)).to_be_visible()
        expect(page.locator("#search-results li").nth(shown).locator("a")).to_be_focused()
    links = page.locator("#search-results a").evaluate_all("links => links.map(link => link.href.split('#')[0])")
    assert len(set(links)) == len(links) == number


@pytest.mark.parametrize(
    "start", ["2024/tianhe/air.html", "en/glossary.html", "index.html", "search.html", "en/search.html"]
)
def test_the_box_of_every_page_leads_to_the_search_by_keyboard(page: Page, address: str, start: str) -> None:
    heard = Heard(address, page)
    page.goto(address + start)
    box = page.get_by_role("searchbox")
    expect(box).to_have_count(1)
    box.focus()
    page.keyboard.type("荔湾 PM2.5")
    page.keyboard.press("Enter")
    page.wait_for_selector(DONE)
    home = "en/" if start.startswith("en/") else ""
    assert page.url.startswith(urljoin(address, f"{home}search.html?q="))
    expect(page.get_by_role("searchbox")).to_have_value("荔湾 PM2.5")
    assert page.locator("#search-results a").first.get_attribute("href") is not None
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert "\n".join(heard.complaints) == ""


@pytest.mark.parametrize(
    "query",
    ["", "   ", "的", "a" * 5000, "空" * 5000, "\ue000\ue001", "😀 \ud83d", "constructor __proto__", "%", "q&q=1#x"],
)
def test_odd_queries_do_no_harm(page: Page, address: str, query: str) -> None:
    heard = Heard(address, page)
    page.goto(f"{address}search.html?q={quote(query, errors='surrogatepass')}")
    page.wait_for_selector(DONE)
    assert "\n".join(heard.complaints) == ""
    expect(page.locator("h1")).to_have_count(1)


def test_markup_in_a_query_is_shown_as_text(page: Page, address: str) -> None:
    heard = Heard(address, page)
    query = "<img src=x onerror=alert(1)>荔湾"
    look_up(page, address, "zh", query)
    assert query in page.locator("#search-count").inner_text()
    assert page.locator("main img").count() == 0
    assert heard.complaints == []


def test_names_that_look_like_markup_are_shown_as_text(page: Page, small_site: Path, harmful: Any) -> None:
    heard = Heard(f"{small_site.as_uri()}/", page)
    look_up(page, f"{small_site.as_uri()}/", "en", "nansha air")
    name = harmful.district["en"]
    expect(page.locator("#search-results a").first).to_have_text(f"{name} · Air · 2024")
    assert page.locator("#search-results b").count() == 0
    assert heard.complaints == []


def test_a_query_loads_little(page: Page, site: Path) -> None:
    address = f"{site.as_uri()}/"
    for query in ("优良天数比例", "气", "荔湾 臭氧", "PM2.5", "2024", "处罚"):
        heard = Heard(address, page)
        look_up(page, address, "zh", query)
        loaded = {url for url in heard.requests if "/_static/search/" in url}
        assert loaded, query
        assert sum((site / url.removeprefix(address)).stat().st_size for url in loaded) < 100_000, query


def test_the_index_grows_by_the_same_few_bytes_with_each_area(site: Path, pages: Mapping[str, HtmlElement]) -> None:
    areas = [Facet(row["slug"], {"zh": row["name_zh"]}) for row in read(site / "data" / "areas.csv")]
    chapters = [Facet("overview", {"zh": "概况"}), Facet("air", {"zh": "环境空气"})]

    def size(number: int) -> int:
        kept = [
            document(name, "", passages(body), area.names["zh"], of=(2024, area.slug, chapter.slug))
            for area in areas[:number]
            for chapter in chapters
            for name in [f"2024/{area.slug}/{chapter.slug}"]
            for body in [tostring(pages[f"{name}.html"].find(".//article"), encoding="unicode")]
        ]
        return sum(len(content) for _, content in index_files("zh", kept, areas[:number], chapters))

    most = len(areas)
    first, last = (size(most - 1) - size(1)) / 2 / (most - 2), (size(most) - size(most - 1)) / 2
    assert (size(11) - size(1)) / 20 < 2000  # the overview has a sentence of each chapter
    assert last < 1.25 * first


def test_without_scripts_the_page_says_so_and_leads_on(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for home, words in (("", "搜索需要浏览器运行脚本"), ("en/", "The search needs scripts")):
        page.goto(f"{site.as_uri()}/{home}2024/tianhe/air.html")
        page.get_by_role("searchbox").fill("x")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{home}search.html?q=x")
        expect(page.locator("noscript p")).to_be_visible()
        assert words in page.locator("noscript p").inner_text()
        page.locator("noscript a[href='plan.html']").click()
        page.wait_for_url(f"{site.as_uri()}/{home}plan.html")
    context.close()
