"""The shipped site, page by page, without a browser."""

from __future__ import annotations

import csv
import itertools
import json
import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from projects import REPO, catalogue_of_the_plan, read
from reportkit.chapters import discover
from reportkit.project import Project
from reportkit.status import STATUSES
from reportkit.verify import verify

Pages = Mapping[str, html.HtmlElement]
Figures = Mapping[str, dict[str, Any]]

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
TAGS = {"": "zh-CN", "en/": "en"}
WORDS = {"": "示例数据，非官方发布", "en/": "Demonstration data, not an official release"}
MISSING = {
    "": ("还缺什么", "已公布的与还缺的", "数据是否齐全"),
    "en/": ("What is missing", "What is published, and what is missing", "How complete the data are"),
}
# What a reader must find of the environment on every page, whether with data or told that there are none.
BLOCKS = {
    "noise": (
        *("area-grades", "area_years", "road-grades", "road_years", "road-sections", "zones", "nights", "exceeding"),
        *("zones_years", "sources", "comparison", "words", "reported", "missing"),
    ),
    "soil": (
        *("rates", "plots", "each_plot", "units", "each_unit", "groundwater", "points", "items", "countryside"),
        *("districts", "disclosed"),
    ),
    "waste": (
        *("bulletins", "balance-general", "kinds-general", "balance-hazardous", "kinds-hazardous", "amounts", "rates"),
        *("household", "medical", "sites", "districts", "statements", "missing"),
    ),
    "ecology": (
        *("land_use", "forest", "red_lines", "reserves", "reserve_checks", "quality_classes", "quality_over_years"),
        *("species_groups", "species_over_years", "alien_species", "restoration", "forest_by_district"),
        *("red_line_by_district", "quality_by_district", "published_figures", "missing"),
    ),
    "radiation": (
        *("meaning", "by-quarter", "over_years", "points", "among_districts", "fields", "field-places", "drinking"),
        *("held", "supervision", "safety", "published", "missing"),
    ),
    "climate": (
        *("emitted", "sectors", "intensity", "cuts", "per_head", "per_gdp", "factors", "other-factors", "market"),
        *("monitoring", "adaptation", "history", "missing"),
    ),
}
TRENDS = {
    "noise": ("area_years", "road_years", "zones_years"),
    "soil": ("rates", "plots"),
    "waste": ("amounts", "rates", "household"),
    "ecology": ("forest", "quality_over_years"),
    "radiation": ("over_years",),
    "climate": ("emitted",),
}
COMPARISONS = {
    "noise": "comparison",
    "soil": "districts",
    "waste": "districts",
    "ecology": "forest_by_district",
    "radiation": "among_districts",
    "climate": "per_head",
}
OF_THE_PLAN = tuple(dict.fromkeys(row["chapter"] for row in catalogue_of_the_plan()))
ITEMS = [row["item_id"] for row in read(REPO / "data" / "catalogue.csv")]


def folder(name: str) -> str:
    """The folder of a page's language: none for Chinese."""
    return "en/" if name.startswith("en/") else ""


def in_shell(pages: Pages) -> Iterator[tuple[str, html.HtmlElement]]:
    """Every page but that for addresses that do not exist, which is one for all languages."""
    return ((name, page) for name, page in pages.items() if name != "404.html")


def reports(pages: Pages, chapter: str) -> Iterator[tuple[str, html.HtmlElement]]:
    """The pages of one chapter, of all areas in all languages."""
    return ((name, page) for name, page in pages.items() if name.endswith(f"/{chapter}.html"))


@pytest.fixture(scope="module")
def enterprises(shipped: Project) -> set[str]:
    """The ids of all enterprises of the site."""
    return {row["enterprise_id"] for row in read(shipped.data / "enterprises" / "register.csv")}


def test_every_area_has_each_chapter_in_each_language(pages: Pages, slugs: list[str], enterprises: set[str]) -> None:
    wanted = {f"{language}2024/{slug}/{chapter}.html" for language in TAGS for slug in slugs for chapter in discover()}
    assert len(wanted) == len(slugs) * 2 * len(discover()) >= 5 * 2 * 17
    quality = {f"{language}2024/data-quality.html" for language in TAGS}
    archives = {f"{language}2024/enterprises/{one}.html" for language in TAGS for one in enterprises}
    assert len(archives) > 50
    assert {name for name in pages if "2024/" in name} == wanted | quality | archives


def test_every_archive_is_on_the_list_of_its_area_and_of_the_city(
    pages: Pages, slugs: list[str], enterprises: set[str]
) -> None:
    for language in TAGS:
        listed = {
            slug: {
                posixpath.basename(href).removesuffix(".html")
                for href in pages[f"{language}2024/{slug}/credit.html"].xpath("//*[@id='archive-list']//td/a/@href")
            }
            for slug in slugs
        }
        assert listed["guangzhou"] == enterprises
        assert set.union(*(found for slug, found in listed.items() if slug != "guangzhou")) == enterprises
        assert sum(map(len, listed.values())) == 2 * len(enterprises)


def test_the_written_pages_exist_in_each_language(pages: Pages) -> None:
    written = {name for name in pages if "2024/" not in name} - {"404.html"}
    assert {name for name in written if not folder(name)} == {
        name.removeprefix("en/") for name in written if folder(name)
    }
    assert {"index.html", "how-to-read.html", "methods.html", "glossary.html"} <= written


def test_a_page_says_its_language_and_names_its_translations(pages: Pages) -> None:
    for name, page in in_shell(pages):
        assert page.get("lang") == TAGS[folder(name)], name
        up = "../" * name.count("/")
        own = name.removeprefix("en/")
        links = page.xpath("//head/link[@rel='alternate']")
        found = {link.get("hreflang"): link.get("href") for link in links}
        assert found == {tag: f"{up}{language}{own}" for language, tag in TAGS.items()}, name


def test_titles_tell_pages_apart(pages: Pages) -> None:
    titles = Counter((folder(name), page.findtext("head/title")) for name, page in in_shell(pages))
    assert [title for title, number in titles.items() if number > 1] == []
    assert all(title.strip() for _, title in titles)


def test_a_page_describes_itself(pages: Pages) -> None:
    for name, page in in_shell(pages):
        assert page.xpath("string(//head/meta[@name='description']/@content)").strip(), name


def test_the_policy_stands_in_every_page_and_allows_nothing_from_outside(pages: Pages) -> None:
    for name, page in pages.items():
        policy = page.xpath("string(//head/meta[@http-equiv='Content-Security-Policy']/@content)")
        assert policy == POLICY, name


def test_nothing_in_a_page_needs_a_looser_policy(pages: Pages) -> None:
    for name, page in pages.items():
        assert page.xpath("//@style") == [], name
        assert page.xpath("//style") == [], name
        assert page.xpath("//script[not(@src) and not(@type='application/json')]") == [], name
        handlers = [key for element in page.iter(html.etree.Element) for key in element.attrib if key.startswith("on")]
        assert handlers == [], name
        assert page.xpath("//a[starts-with(@href, 'javascript:') or starts-with(@href, 'data:')]") == [], name


def test_ids_are_unique(pages: Pages) -> None:
    for name, page in pages.items():
        assert [id_ for id_, number in Counter(page.xpath("//@id")).items() if number > 1] == [], name


def test_a_page_has_one_title_and_no_heading_is_left_out(pages: Pages) -> None:
    for name, page in in_shell(pages):
        levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
        assert levels.count(1) == 1, name
        assert levels[0] == 1, name
        assert all(below <= level + 1 for level, below in itertools.pairwise(levels)), name


def test_pictures_and_controls_have_names(pages: Pages) -> None:
    for name, page in pages.items():
        ids = {element.get("id"): element for element in page.xpath("//*[@id]")}
        for element in page.xpath("//*[@aria-labelledby]"):
            assert ids[element.get("aria-labelledby")].text_content().strip(), name
        assert page.xpath("//img[not(@alt)]") == [], name
        bare = "not(ancestor-or-self::*[@role='img' and (@aria-labelledby or @aria-label)])"
        assert page.xpath(f"//svg[{bare}]") == [], name
        for control in page.xpath("//input|//select|//textarea"):
            assert control.get("aria-label") or page.xpath(f"//label[@for='{control.get('id')}']"), name
        for element in page.xpath("//a|//button|//summary"):
            assert element.text_content().strip() or element.get("aria-label"), name
        assert page.xpath("//nav[not(@aria-label)]|//*[@aria-label='']") == [], name


# --- what is disclosed ----------------------------------------------------------------------------


def test_every_item_of_the_catalogue_stands_on_every_overview(pages: Pages) -> None:
    assert len(ITEMS) >= 49
    for name, page in reports(pages, "overview"):
        assert set(page.xpath("//*/@data-catalogue")) == set(ITEMS), name
        rows = page.xpath("//section[@id='completeness']//tbody/tr/@data-catalogue")
        assert rows == ITEMS, name


@pytest.mark.parametrize("chapter", [chapter for chapter in discover() if chapter != "overview"])
def test_a_chapter_answers_its_items_on_every_page_and_no_other(pages: Pages, chapter: str) -> None:
    rows = read(REPO / "data" / "catalogue.csv")
    items = {row["item_id"] for row in rows if row["chapter"] == chapter}
    assert items
    for name, page in reports(pages, chapter):
        answered = {section.get("data-catalogue") for section in page.xpath("//*[@data-catalogue][normalize-space()]")}
        of_the_city = {row["item_id"] for row in rows if row["scope"] == "city"}
        assert answered <= items, name
        assert answered >= (items if "/guangzhou/" in name else items - of_the_city), name


@pytest.mark.parametrize("chapter", [chapter for chapter in OF_THE_PLAN if chapter not in ("overview", "targets")])
def test_a_chapter_has_an_answer_a_picture_and_a_comparison_or_says_that_nothing_is_known(
    pages: Pages, slugs: list[str], chapter: str
) -> None:
    for name, page in reports(pages, chapter):
        assert page.xpath("//section[@id='answer']//p[@class='sentence'][normalize-space()]"), name
        assert len(page.xpath("//div[@class='drawing wide']")) >= 2, name
        others = {
            link.split("/")[-2] for link in page.xpath("//main//td//a/@href") if link.endswith(f"/{chapter}.html")
        }
        named = sum(slug in others for slug in slugs) or len(
            page.xpath(f"//section//tbody[count(tr) >= {len(slugs) - 2}]")
        )
        assert named, name


@pytest.mark.parametrize("chapter", BLOCKS)
def test_the_environment_chapters_have_every_block_on_every_page(pages: Pages, chapter: str) -> None:
    for name, page in reports(pages, chapter):
        for block in BLOCKS[chapter]:
            (section,) = page.xpath(f"//section[@id='{block}']")
            assert section.xpath(".//data[@data-figure]|.//p[@class='sentence'][normalize-space()]|.//blockquote"), (
                name,
                block,
            )


@pytest.mark.parametrize("chapter", TRENDS)
def test_a_trend_is_drawn_over_three_years_at_least(pages: Pages, chapter: str) -> None:
    for name, page in reports(pages, chapter):
        for block in TRENDS[chapter]:
            (section,) = page.xpath(f"//section[@id='{block}']")
            cells = section.xpath(".//thead//th|.//tbody/tr/*[1]")
            years = {year for cell in cells for year in re.findall(r"\b20\d\d\b|20\d\d(?=年)", cell.text_content())}
            assert section.xpath(".//div[@class='drawing wide']"), (name, block)
            assert len(years) >= 3, (name, block)


@pytest.mark.parametrize("chapter", COMPARISONS)
def test_a_comparison_has_a_picture_and_names_every_area(pages: Pages, shipped: Project, chapter: str) -> None:
    areas = read(shipped.data / "areas.csv")
    for name, page in reports(pages, chapter):
        (section,) = page.xpath(f"//section[@id='{COMPARISONS[chapter]}']")
        named = set(section.xpath(".//tbody/tr/*[1]//a/text()"))
        assert section.xpath(".//div[@class='drawing wide']"), name
        assert named == {row[f"name_{folder(name)[:2] or 'zh'}"] for row in areas}, name


@pytest.mark.parametrize("chapter", [chapter for chapter in OF_THE_PLAN if chapter not in ("overview", "targets")])
def test_a_chapter_has_a_section_on_what_is_missing(pages: Pages, chapter: str) -> None:
    for name, page in reports(pages, chapter):
        found = [section for section in page.iter("section") if section.findtext("h2") in MISSING[folder(name)]]
        assert any(section.xpath(".//section[contains(@class, 'block')]") for section in found), name


def test_the_sentence_on_completeness_counts_the_rows_of_the_page(pages: Pages) -> None:
    for name, page in reports(pages, "overview"):
        states = Counter(page.xpath("//section[@id='completeness']//tbody/tr//data/@value"))
        assert sum(states.values()) == len(ITEMS), name
        (sentence,) = [
            element
            for element in page.xpath("//section[@id='answer']//p[@class='sentence']")
            if element.xpath("data[contains(@data-figure, '#items_')]")
        ]
        said = {
            data.get("data-figure").partition("#items_")[2]: int(data.get("value")) for data in sentence.xpath("data")
        }
        applies = sum(states.values()) - states["not_applicable"]
        parts = {state: states[state] for state in ("disclosed", "partly", "not_disclosed")}
        assert said == {"total": applies, **parts}, name


def test_the_state_of_the_air_follows_from_what_is_published(site: Path, pages: Pages) -> None:
    published = read(site / "data" / "air" / "published.csv")
    unchecked = {row["source_id"] for row in read(site / "data" / "sources.csv") if row["trust"] == "D"}
    for area in read(site / "data" / "areas.csv"):
        rows = [
            row
            for row in published
            if (row["area_code"], row["period"]) == (area["area_code"], "2024") and row["source_id"] not in unchecked
        ]
        official = {row["indicator"] for row in rows if row["status"] == "official"}
        expected = "disclosed" if len(official) == 8 else "partly" if rows else "not_disclosed"
        for language in TAGS:
            page = pages[f"{language}2024/{area['slug']}/overview.html"]
            assert page.xpath("//tr[@data-catalogue='Q1']//data/@value") == [expected], area["slug"]


# --- status -------------------------------------------------------------------------------------


def test_demonstration_is_said_in_words_where_it_is_shown_and_nowhere_else(pages: Pages) -> None:
    for name, page in pages.items():
        for block in page.xpath("//section[contains(@class, 'block')]"):
            says_so = WORDS[folder(name)].casefold() in block.text_content().casefold()
            assert says_so == (block.get("data-status") == "demonstration"), f"{name}#{block.get('id')}"


def test_a_block_is_as_weak_as_its_weakest_figure(pages: Pages) -> None:
    for name, page in pages.items():
        for block in page.xpath("//section[contains(@class, 'block')]"):
            status = block.get("data-status")  # none where there are words alone
            shown = [STATUSES.index(status) for status in block.xpath(".//data/@data-status")]
            assert max(shown, default=-1) <= (STATUSES.index(status) if status else -1), f"{name}#{block.get('id')}"


def test_a_rule_that_was_not_read_is_marked_where_its_result_is_shown(pages: Pages, site: Path) -> None:
    mark = {"": "规则未对照原文核实", "en/": "rule not verified against the original"}
    entries = {
        figure["id"]: figure
        for path in (site / "data" / "figures").rglob("*.json")
        for figure in json.loads(path.read_text(encoding="utf-8"))["figures"]
    }
    for name, page in pages.items():
        for block in page.xpath("//section[contains(@class, 'block')]"):
            rules = [
                rule["verification"] for id_ in block.xpath(".//@data-figure") for rule in entries[id_]["standards"]
            ]
            if "memory" in rules:
                assert mark[folder(name)] in block.text_content(), f"{name}#{block.get('id')}"


def test_no_table_has_a_heading_twice(pages: Pages) -> None:
    for name, page in pages.items():
        for table in page.iter("table"):
            headings = [cell.text_content() for cell in table.iterfind("thead//th")]
            assert len({*headings}) == len(headings), f"{name}: {headings}"


def test_every_chart_has_words_and_its_data_beneath(pages: Pages) -> None:
    for name, page in pages.items():
        for block in page.xpath("//section[contains(@class, 'block-chart')]"):
            where = f"{name}#{block.get('id')}"
            assert len(block.xpath(".//figcaption")[0].text_content()) >= 30, where
            assert len(block.xpath(".//div[contains(@class, 'drawing')]//*[local-name()='svg']")) == 2, where
            assert block.xpath(".//details[@class='rows']//tbody/tr"), where
            assert block.xpath(".//p[@class='download']/a"), where
            assert block.xpath(".//details[@class='provenance']"), where


# --- the same fact reads the same ------------------------------------------------------------------


@pytest.fixture(scope="module")
def figures(site: Path) -> Figures:
    """Every published figure of the site by its id."""
    paths = (site / "data" / "figures").rglob("*.json")
    return {
        figure["id"]: figure for path in paths for figure in json.loads(path.read_text(encoding="utf-8"))["figures"]
    }


def read_differently(told: Iterable[tuple[Any, Any, str]]) -> dict[str, dict[str, list[str]]]:
    """Of what is *told* (a fact, how it reads, by which figure) the facts that read in more than one way."""
    readings: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fact, reading, id_ in told:
        readings[json.dumps(fact, sort_keys=True)][json.dumps(reading, sort_keys=True)].append(id_)
    return {fact: dict(found) for fact, found in readings.items() if len(found) > 1}


def test_one_target_has_one_verdict(figures: Figures) -> None:
    """Two verdicts on one area held against the same target, in the same year, are the same verdict."""
    verdicts = [
        ([id_.split("/")[:2], figures[under["held_against"]]["derivation"], figure["period"]], figure["value"], id_)
        for id_, figure in figures.items()
        if (under := figure["derivation"])["operation"] == "class" and "held_against" in under
    ]
    assert len(verdicts) > 20
    assert read_differently(verdicts) == {}


def test_what_is_derived_in_the_same_way_is_printed_in_the_same_way(figures: Figures) -> None:
    """Figures of one derivation, unit and period are printed alike."""
    assert len(figures) > 10_000
    assert (
        read_differently(
            ([figure["derivation"], figure["unit"], figure["period"]], figure["printed"], id_)
            for id_, figure in figures.items()
        )
        == {}
    )


def test_a_published_number_is_printed_alike_wherever_it_stands(figures: Figures) -> None:
    """Numbers that were taken over from one source, of one period, unit and value, are printed alike.

    What stands in no source, a limit of a standard, is taken over from the table of that standard.
    """
    taken = [
        (
            [
                figure["sources"] or figure["derivation"]["table"],
                *(figure["period"], figure["unit"], str(Decimal(figure["value"]).normalize())),
            ],
            figure["printed"],
            id_,
        )
        for id_, figure in figures.items()
        if figure["derivation"]["operation"] == "select" and figure["status"] != "demonstration"
        if re.fullmatch(r"-?\d+(\.\d+)?", str(figure["value"]))
    ]
    assert len(taken) > 100
    assert read_differently(taken) == {}


# --- what can be taken along --------------------------------------------------------------------------


def test_downloads_open_in_a_spreadsheet_and_say_their_status_in_every_row(site: Path) -> None:
    paths = sorted((site / "data" / "2024").rglob("*.csv"))
    assert paths
    for path in paths:
        assert path.read_bytes().startswith(b"\xef\xbb\xbf"), path
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                is_demonstration = row["status"] == "demonstration"
                told = row["status_in_words"].casefold()  # in mixed rows "partly" stands before them
                assert all((words.casefold() in told) == is_demonstration for words in WORDS.values()), path


def test_the_release_tells_what_it_was_made_with(site: Path) -> None:
    release = json.loads((site / "release.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"[0-9a-f]{64}", release["charts"]["font_sha256"])
    assert re.fullmatch(r"[0-9a-f]{64}", release["code_sha256"])
    assert release["languages"] == ["zh", "en"]


@pytest.mark.parametrize("words", [str(REPO), "/tmp/", "Traceback", "nan%", ">nan<", "None</"])
def test_no_page_shows_what_only_its_makers_should_see(site: Path, words: str) -> None:
    for path in [*site.rglob("*.html"), *site.rglob("*.json")]:
        assert words not in path.read_text(encoding="utf-8"), path


def test_everything_follows_from_the_published_tables(site: Path) -> None:
    assert list(map(str, verify(site))) == []


def test_every_table_is_published_whole(site: Path, shipped: Project) -> None:
    tables = [path.relative_to(shipped.data) for path in shipped.data.rglob("*.csv")]
    assert len(tables) > 50
    assert [path for path in tables if (site / "data" / path).read_bytes() != (shipped.data / path).read_bytes()] == []
