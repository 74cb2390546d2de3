"""The plan and where to find it: each clause, each of its items, on the pages of every area in both languages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

import pytest
from lxml import html

from projects import catalogue_of_the_plan
from reportkit import text
from reportkit.chapters import discover
from reportkit.chapters.overview import CLAUSE, CLAUSES

Pages = Mapping[str, html.HtmlElement]

CATALOGUE = {row["item_id"]: row for row in catalogue_of_the_plan()}
LINKS = "//section[@id='plan']//p[@class='sentence']/a"
FOLDERS = {"zh": "", "en": "en/"}


def overviews(pages: Pages) -> Iterator[tuple[str, str, html.HtmlElement]]:
    """The overview of each area in each language, and the page on the plan, which has the city's: area, name, page."""
    for name, page in pages.items():
        if name.endswith("/overview.html"):
            yield name.split("/")[-2], name, page
        elif posixpath.basename(name) == "plan.html":
            yield "guangzhou", name, page


def says_that_nothing_was_found(block: html.HtmlElement, chapter: str) -> bool:
    """Whether a sentence of a block is one of the chapter's that begin with it, in the language of the page."""
    keys = [key for key, words in text.catalogue(chapter, "zh").items() if re.fullmatch("没有找到.+。", words)]
    language = block.xpath("string(/html/@lang)")[:2]
    known = [re.sub(r"\\{\w+\\}", ".+", re.escape(text.template(key, language))) for key in keys]
    sentences = block.xpath(".//p[@class='sentence']|.//ul[@class='quotes']//li[not(.//li)]")
    return any(re.match(words, said.text_content()) for words in known for said in sentences)


def test_the_items_of_every_clause_are_linked_in_the_order_of_the_plan(pages: Pages, slugs: list[str]) -> None:
    wanted = [
        name for clause in CLAUSES for name, row in CATALOGUE.items() if clause in CLAUSE.findall(row["seed_clause"])
    ]
    assert {*wanted} == {*CATALOGUE}
    found = [name for _, name, page in overviews(pages) if [a.text.split()[0] for a in page.xpath(LINKS)] == wanted]
    assert len(found) == 2 * (len(slugs) + 1)


def test_each_link_leads_to_what_answers_the_item_for_the_area_or_the_city_where_it_is_the_citys(pages: Pages) -> None:
    for area, name, page in overviews(pages):
        for link in page.xpath(LINKS):
            item = link.text.split()[0]
            row = CATALOGUE[item]
            target, _, anchor = posixpath.normpath(posixpath.join(posixpath.dirname(name), link.get("href"))).partition(
                "#"
            )
            own = area if row["scope"] == "city+district" else "guangzhou"
            assert target.split("/")[-2:] == [own, f"{row['chapter']}.html"], (name, item)
            assert target.startswith("en/") == name.startswith("en/")
            (block,) = pages[target].xpath(f"//*[@id='{anchor}']/following-sibling::section[1]")
            assert block.get("data-catalogue") == item
            blocks = pages[target].xpath(f"//section[@data-catalogue='{item}']")
            has_figure = any(block.xpath(".//data[@data-figure][@value!='']") for block in blocks)
            says_so = any(says_that_nothing_was_found(block, row["chapter"]) for block in blocks)
            assert has_figure or says_so, (target, item)


@pytest.mark.parametrize("language", FOLDERS)
def test_the_page_on_the_plan_leads_to_the_same_of_every_area(pages: Pages, slugs: list[str], language: str) -> None:
    ways = pages[f"{FOLDERS[language]}plan.html"].xpath("//section[@id='plan']//p[not(@class='sentence')]/a/@href")
    found = [posixpath.normpath(f"{FOLDERS[language]}{way}") for way in ways if way.endswith("#plan")]
    assert found == [f"{FOLDERS[language]}2024/{slug}/overview.html#plan" for slug in slugs]


@pytest.mark.parametrize("language", FOLDERS)
def test_nothing_is_a_stub(pages: Pages, language: str) -> None:
    not_built = text.message("overview.state.no_chapter", language)
    beyond_the_plan = {*discover()} - {row["chapter"] for row in CATALOGUE.values()}
    for name, page in pages.items():
        if name.startswith(f"{FOLDERS[language]}2024/") and "/enterprises/" not in name:
            body = page.xpath("string(//main)")
            assert not_built not in body, name
            assert len(body) > 3000 or posixpath.basename(name).partition(".")[0] in beyond_the_plan, name
            assert page.xpath("//section[@data-catalogue][*][not(normalize-space())]") == [], name
