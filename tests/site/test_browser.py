"""The shipped site in Chromium: wide and narrow, with and without scripts, over http with the policy and from files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

REPORTS = [
    f"2024/{area}/{chapter}.html" for area in ("guangzhou", "tianhe", "zengcheng") for chapter in ("overview", "air")
]
WRITTEN = [
    f"{name}.html" for name in ("index", "how-to-read", "methods", "glossary", "open-data", "plan", "corrections")
]
# A page of each other chapter on the environment, and two beside them, in either language.
OTHERS = [
    *(
        "2024/guangzhou/water.html",
        "en/2024/tianhe/noise.html",
        "2024/nansha/soil.html",
        "en/2024/guangzhou/waste.html",
    ),
    *("2024/zengcheng/ecology.html", "en/2024/tianhe/radiation.html", "en/2024/guangzhou/climate.html"),
    *("en/2024/tianhe/market.html", "2024/guangzhou/supervision.html"),
]
NAMES = [f"{language}{name}" for language in ("", "en/") for name in (*REPORTS, *WRITTEN)]
WIDTHS = {"wide": 1280, "narrow": 390}
MARKS = 8  # a chart with fewer shapes and texts than these shows nothing


@pytest.fixture(params=["http", "file"])
def address(request: pytest.FixtureRequest, site: Path, serve: Callable[[Path], str]) -> str:
    """Where the site begins: at a server that sends the policy, or in the file system."""
    return serve(site) if request.param == "http" else f"{site.as_uri()}/"


class Watch:
    """What a browser did besides showing pages: requests to elsewhere, failed ones, words on its console."""

    def __init__(self, address: str) -> None:
        self.address, self.requests, self.complaints = address, list[str](), list[str]()

    def follow(self, page: Page) -> None:
        """Take down all that happens on *page*."""
        page.on("request", lambda request: self._requested(request.url))
        page.on("requestfailed", self._failed)
        page.on("response", lambda answer: answer.status >= 400 and self.complaints.append(f"{answer.url}"))
        page.on("console", self._spoke)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _requested(self, url: str) -> None:
        self.requests.append(url)
        if not url.startswith(self.address):
            self.complaints.append(f"request to {url}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # that is what becomes of a request when the page is left
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _spoke(self, message: ConsoleMessage) -> None:
        self.complaints.append(f"console: {message.text}")


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[tuple[Page, Watch]]:
    """A page of a fresh browser context, watched."""
    context = browser.new_context(**options)
    watch, page = Watch(address), context.new_page()
    watch.follow(page)
    yield page, watch
    context.close()


def size(width: str) -> dict[str, int]:
    """A window of that width."""
    return {"width": WIDTHS[width], "height": 800}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_pages_are_whole_silent_and_ask_for_nothing_outside(
    browser: Browser, address: str, scripts: bool, width: str
) -> None:
    with opened(browser, address, java_script_enabled=scripts, viewport=size(width)) as (page, watch):
        for name in NAMES:
            page.goto(address + name)
            watch.complaints += [f"{name}: {flaw}" for flaw in flaws(page, scripts)]
        assert "\n".join(watch.complaints) == ""


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_other_chapters_are_no_wider_than_the_window_and_draw_their_charts(
    browser: Browser, site: Path, width: str
) -> None:
    with opened(browser, f"{site.as_uri()}/", viewport=size(width)) as (page, watch):
        for name in OTHERS:
            page.goto(f"{site.as_uri()}/{name}")
            watch.complaints += [f"{name}: {flaw}" for flaw in flaws(page, scripts=True)]
        assert "\n".join(watch.complaints) == ""


def flaws(page: Page, scripts: bool) -> list[str]:
    """What is wrong with the look of a page: it scrolls sideways, or a chart is not drawn."""
    found = []
    room, needed = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollWidth]")
    if needed > room:
        found.append(f"{needed - room} pixels wider than the window")
    charts: Sequence[Any] = page.evaluate(
        """Array.from(document.querySelectorAll("figure.chart"), figure => {
            const drawn = Array.from(figure.querySelectorAll(".drawing svg"))
                .filter(svg => svg.getClientRects().length);
            const marks = drawn.length ? drawn[0].querySelectorAll("path, rect, line, text, circle").length : 0;
            const box = drawn.length ? drawn[0].getBoundingClientRect() : {width: 0, height: 0};
            return [figure.closest("section").id, drawn.length, marks, box.width, box.height,
                    figure.querySelectorAll("button").length];
        })"""
    )
    for name, drawn, marks, width, height, buttons in charts:
        if drawn != 1 or marks < MARKS or width < 150 or height < 60:
            found.append(f"chart {name}: {drawn} drawings, {marks} marks, {width} × {height}")
        if buttons != int(scripts):
            found.append(f"chart {name}: {buttons} buttons")
    return found


def test_every_chart_of_every_district_is_drawn(browser: Browser, site: Path) -> None:
    address = f"{site.as_uri()}/"
    with opened(browser, address, viewport=size("wide")) as (page, watch):
        archives = sorted(site.glob("2024/enterprises/*.html"))[::25]
        for path in [*archives, *sorted(set(site.glob("2024/*/*.html")) - set(site.glob("2024/enterprises/*.html")))]:
            page.goto(path.as_uri())
            watch.complaints += [f"{path.parent.name}/{path.name}: {flaw}" for flaw in flaws(page, scripts=True)]
        assert "\n".join(watch.complaints) == ""


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_data_beneath_a_chart_opens_and_can_be_read(browser: Browser, address: str, scripts: bool) -> None:
    with opened(browser, address, java_script_enabled=scripts, viewport=size("narrow")) as (page, watch):
        page.goto(f"{address}2024/tianhe/air.html")
        for block in page.locator("section.block-chart").all():
            rows = block.locator("details.rows")
            expect(rows.locator("table")).not_to_be_visible()
            rows.locator("summary").click()
            expect(rows.locator("tbody tr").first).to_be_visible()
            assert rows.locator("tbody tr").first.inner_text().strip()
            expect(block.locator("p.download a")).to_be_visible()
        assert "\n".join(watch.complaints) == ""


@pytest.mark.parametrize("width", WIDTHS)
def test_of_every_table_more_than_the_first_column_is_seen(browser: Browser, site: Path, width: str) -> None:
    with opened(browser, site.as_uri(), viewport=size(width)) as (page, _):
        for path in sorted([*site.glob("2024/guangzhou/*.html"), *site.glob("en/2024/guangzhou/*.html")]):
            page.goto(path.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true; })")
            hidden = page.evaluate(
                """[...document.querySelectorAll('.table-scroll')].filter(it => {
                    const second = it.querySelector('thead th:nth-child(2)');
                    return second && second.offsetLeft + 48 > it.clientWidth;
                }).map(it => it.closest('section').id)"""
            )
            assert hidden == [], path.relative_to(site)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_name_of_a_district_fits_into_its_tile(browser: Browser, site: Path, width: str) -> None:
    with opened(browser, site.as_uri(), viewport=size(width)) as (page, _):
        for path in (site / "index.html", site / "en" / "index.html", site / "en/2024/guangzhou/supervision.html"):
            page.goto(path.as_uri())
            assert page.locator(".tile").count()
            wide = page.evaluate(
                """[...document.querySelectorAll('.tile-name')].filter(it =>
                    Math.max(it.scrollWidth, it.offsetWidth) > it.closest('.tile').clientWidth
                ).map(it => it.textContent)"""
            )
            assert wide == [], path.relative_to(site)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_table_is_searched_filtered_and_sorted(browser: Browser, address: str, width: str) -> None:
    with opened(browser, address, viewport=size(width)) as (page, watch):
        page.goto(f"{address}2024/guangzhou/credit.html")
        block = page.locator("#archive-list")
        rows, told = block.locator("tbody tr:visible"), block.locator("output")
        everyone = rows.count()
        assert everyone > 20
        expect(told).to_have_text(f"{everyone}行中的{everyone}行")
        block.get_by_label("在本表中查找").fill("南沙化工")
        found = rows.count()
        assert 0 < found < 20
        assert all("南沙化工" in name for name in rows.locator("td:first-child").all_inner_texts())
        block.get_by_label("在本表中查找").fill("")
        block.get_by_label("所在区").select_option("增城区")
        assert set(rows.locator("td:nth-child(2)").all_inner_texts()) == {"增城区"}
        block.get_by_label("所在区").select_option("")
        heading = block.get_by_role("columnheader", name="许可证有效期至")
        for order, way in (("ascending", 1), ("descending", -1)):
            heading.get_by_role("button").click()
            expect(heading).to_have_attribute("aria-sort", order)
            days = rows.locator("td:nth-child(6)").all_inner_texts()
            known = [day for day in days if day != "—"]
            assert known == sorted(known)[::way]
        assert "\n".join(watch.complaints) == ""


def test_without_scripts_a_long_table_is_as_it_was_written(browser: Browser, address: str) -> None:
    with opened(browser, address, java_script_enabled=False, viewport=size("narrow")) as (page, _):
        page.goto(f"{address}2024/guangzhou/credit.html")
        block = page.locator("#archive-list")
        assert block.locator("tbody tr:visible").count() > 20
        expect(block.locator("input, select, th button")).to_have_count(0)
        block.locator("tbody a").first.click()
        expect(page.locator("h1")).to_contain_text("示例")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["", "en/"])
def test_interactive_charts_open_when_asked_for(browser: Browser, address: str, language: str, width: str) -> None:
    with opened(browser, address, viewport=size(width)) as (page, watch):
        page.goto(f"{address}{language}2024/tianhe/air.html")
        assert not any("charts.js" in url for url in watch.requests)
        figures = page.locator("figure.chart").all()
        for figure in figures:
            figure.locator("button").click()
            live = figure.locator(".interactive svg").first
            expect(live).to_be_visible(timeout=20_000)
            box = live.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) > 60
            expect(figure.locator(".drawing").first).not_to_be_visible()
        assert sum("charts.js" in url for url in watch.requests) == 1
        figures[0].locator("button").click()
        expect(figures[0].locator(".interactive")).not_to_be_visible()
        expect(figures[0].locator(f".drawing.{width}")).to_be_visible()
        assert "\n".join(watch.complaints) == ""
        room, needed = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollWidth]")
        assert needed <= room


def test_the_keyboard_reaches_the_text_first(browser: Browser, address: str) -> None:
    with opened(browser, address, viewport=size("wide")) as (page, watch):
        page.goto(f"{address}2024/tianhe/air.html")
        page.keyboard.press("Tab")
        skip = page.locator("a.skip")
        expect(skip).to_be_focused()
        box = skip.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["y"] >= 0
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"#text$"))
        page.keyboard.press("Tab")
        expect(page.locator("main :focus")).to_have_count(1)
        assert "\n".join(watch.complaints) == ""


def test_everything_that_can_be_clicked_can_be_reached_by_keyboard(browser: Browser, site: Path) -> None:
    with opened(browser, f"{site.as_uri()}/", viewport=size("wide")) as (page, _):
        page.goto(f"{site.as_uri()}/2024/tianhe/air.html")
        unreachable = page.evaluate(
            """Array.from(document.querySelectorAll("a[href], button, summary, .table-scroll"))
                .filter(element => element.tabIndex < 0).map(element => element.outerHTML.slice(0, 80))"""
        )
        assert unreachable == []


def test_switches_keep_the_rest_of_the_address(browser: Browser, address: str) -> None:
    with opened(browser, address, viewport=size("narrow")) as (page, watch):
        page.goto(f"{address}2024/tianhe/air.html")
        page.locator(".switch a", has_text="南沙区").click()
        assert page.url == f"{address}2024/nansha/air.html"
        page.locator("nav.languages a").click()
        assert page.url == f"{address}en/2024/nansha/air.html"
        page.locator(".switch a", has_text="Overview").click()
        assert page.url == f"{address}en/2024/nansha/overview.html"
        page.locator(".switch a", has_text="Guangzhou").click()
        assert page.url == f"{address}en/2024/guangzhou/overview.html"
        page.locator("nav.languages a").click()
        assert page.url == f"{address}2024/guangzhou/overview.html"
        page.goto(f"{address}en/methods.html")
        page.locator("nav.languages a").click()
        assert page.url == f"{address}methods.html"
        assert "\n".join(watch.complaints) == ""


def test_the_map_is_the_way_in(browser: Browser, address: str, slugs: list[str]) -> None:
    with opened(browser, address, viewport=size("narrow")) as (page, watch):
        page.goto(f"{address}index.html")
        expect(page.locator("a.tile")).to_have_count(len(slugs) - 1)
        page.locator("a.tile", has_text="天河区").click()
        assert page.url == f"{address}2024/tianhe/overview.html"
        assert "\n".join(watch.complaints) == ""


def test_print_leaves_out_what_paper_cannot_use(browser: Browser, site: Path) -> None:
    with opened(browser, f"{site.as_uri()}/", viewport=size("wide")) as (page, _):
        page.goto(f"{site.as_uri()}/2024/tianhe/air.html")
        page.emulate_media(media="print")
        for useless in (".switches", "nav.languages", "figure.chart button"):
            assert not any(element.is_visible() for element in page.locator(useless).all()), useless
        for block in page.locator("figure.chart").all():
            assert sum(drawing.is_visible() for drawing in block.locator(".drawing").all()) == 1
        assert page.locator("h1").is_visible()
        assert page.locator(".status-demonstration").first.is_visible()


# The ratio of contrast as WCAG 2 defines it, of every text to what lies behind it.
CONTRAST = """() => {
    const numbers = text => text.match(/[\\d.]+/g).map(Number);
    const light = rgb => {
        const linear = v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        const [r, g, b] = rgb.slice(0, 3).map(v => linear(v / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = numbers(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    const faded = element => {
        let opacity = 1;
        for (let at = element; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
        return opacity;
    };
    const found = {};
    for (const element of document.body.querySelectorAll("*:not(svg *)")) {
        const ownText = Array.from(element.childNodes).some(node => node.nodeType === 3 && node.data.trim());
        if (!ownText || !element.getClientRects().length) continue;
        const style = getComputedStyle(element), back = behind(element), opacity = faded(element);
        const front = numbers(style.color).slice(0, 3).map((v, place) => v * opacity + back[place] * (1 - opacity));
        const [low, high] = [light(front), light(back)].sort((a, b) => a - b);
        const pixels = parseFloat(style.fontSize);
        const isLarge = pixels >= 24 || (pixels >= 18.66 && Number(style.fontWeight) >= 700);
        const ratio = (high + 0.05) / (low + 0.05);
        if (ratio < (isLarge ? 3 : 4.5))
            found[`${element.tagName}.${element.className}: ${style.color} on ${back}`] = ratio.toFixed(2);
    }
    return found;
}"""


@pytest.mark.parametrize(
    "name", ["index.html", "2024/tianhe/overview.html", "2024/guangzhou/overview.html", "2024/tianhe/air.html"]
)
def test_text_stands_out_from_what_lies_behind_it(browser: Browser, site: Path, name: str) -> None:
    with opened(browser, f"{site.as_uri()}/", viewport=size("wide")) as (page, _):
        page.goto(f"{site.as_uri()}/{name}")
        assert page.evaluate(CONTRAST) == {}


def test_an_address_that_does_not_exist_has_a_page_of_its_own(browser: Browser, site: Path, serve: Any) -> None:
    address = serve(site)
    with opened(browser, address, viewport=size("narrow")) as (page, watch):
        page.goto(f"{address}404.html")
        expect(page.locator("h1")).to_have_count(2)
        assert "\n".join(watch.complaints) == ""
        page.locator("a", has_text="Home").click()
        assert page.url == f"{address}en/index.html"
