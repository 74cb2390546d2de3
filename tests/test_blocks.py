"""Blocks: text stays text in HTML and JSON; what is invented or unverified says so wherever it is shown."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import lxml.html
import pandas as pd
import pytest

from projects import HOSTILE
from reportkit import text
from reportkit.blocks import (
    MIMETYPE,
    Block,
    ChartContent,
    Column,
    TableContent,
    absolute,
    figures_in,
    plain,
    render,
    statuses_otherwise,
    tag_of_row,
    untagged,
)
from reportkit.figures import Figure, Measured, PublishedTable, name_figure
from reportkit.standards.rules import Rule

KINDS = ("statement", "chart", "table", "tiles", "cards", "quotes")
WORDS = {"zh": "示例数据，非官方发布", "en": "Demonstration data, not an official release"}
SEEN = Rule("air.seen", "GB 1", "cl. 1", "看过", "seen", "seen", "GB 1")
MEMORY = Rule("air.memory", "GB 2", "cl. 2", "记得", "remembered", "memory", "GB 2")


def figure(
    name: str = "pm2_5_annual", value: Any = "21", status: str = "official", rules: tuple[Rule, ...] = (SEEN,)
) -> Figure:
    value = Decimal(value) if isinstance(value, str) else value
    measured = Measured(value, value, {"operation": "select"}, status, ("a",), rules)
    return name_figure(f"2024/tianhe/air#{name}", measured, unit="ug/m3", period="2024")


def block(kind: str = "statement", *figures: Figure, said: str = "said", language: str = "zh", **options: Any) -> Block:
    """A block of *kind* that shows *figures* and, wherever text can stand, what is *said*."""
    shown = list(figures) or [figure()]
    columns = [Column("name", said, False), Column("value", said)]
    table = TableContent(
        columns, [[said, one] for one in shown], "2024/tianhe/air/values", catalogue=options.pop("items", ())
    )
    card = {"label": said, "value": shown[0], "before": [said, shown[-1]], "href": "2024/tianhe/air.html"}
    tile = {"name": said, "row": 1, "column": 1, "shade": "1", "value": shown[0], "href": "a.html", "is_own": True}
    content: dict[str, Any] = {
        "statement": {"sentences": [[said, *shown]]},
        "chart": {"chart": ChartContent({"data": said}, {"data": said}, [said, *shown], table)},
        "table": {"table": table},
        "tiles": {"tiles": [tile], "legend": [{"shade": 0, "text": said}], "alternative": [said], "table": table},
        "cards": {"cards": [card]},
        "quotes": {"quotes": [{"words": said, "lines": [[said, *shown]]}]},
    }[kind]
    options = {"title": [said], "notes": [[said]], **options}
    return Block(kind, "answer", "Q1", language, content, figures=list(figures_in(content)), **options)


def source(**words: str) -> dict[str, str]:
    return {"id": "a", "title": "A", "publisher": "B", "url": "", "trust": "A", "note": "", **words}


def html(shown: Block, **options: Any) -> Any:
    """The block as a parsed page."""
    return lxml.html.fragment_fromstring(str(render(shown._repr_mimebundle_()[MIMETYPE], **options)))


def demonstration_table() -> PublishedTable:
    rows = pd.DataFrame({"value": [1], "status": ["demonstration"], "source_id": ["a"]})
    return PublishedTable("2024/tianhe/air/days", rows, rules=(MEMORY,))


@pytest.mark.parametrize(("is_mixed", "expected"), [(True, ["示例"]), (False, [])])
def test_last_years_figure_of_a_card_says_its_own_status_where_it_differs(is_mixed: bool, expected: list[str]) -> None:
    shown = block("cards", figure(), figure(status="demonstration"))
    shown.content["cards"][0]["is_mixed"] = is_mixed
    page = html(shown)
    assert [tag.text for tag in page.xpath("//span[@class='card-before']/small")] == expected
    assert [status.text for status in page.xpath("//li[@class='card']/span[contains(@class, 'status')]")] == [
        "官方发布"
    ]


# --- text is text ---------------------------------------------------------------------------------


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_is_shown_as_it_is_wherever_it_stands(kind: str, hostile: str) -> None:
    shown = block(kind, said=hostile, sources=[source(title=hostile, publisher=hostile)])
    page = html(shown)
    plain_page = html(block(kind, said="said", sources=[source(title="said", publisher="said")]))
    assert [element.tag for element in page.iter()] == [element.tag for element in plain_page.iter()]
    assert page.find("h3").text.strip() == hostile
    assert page.findall("p[@class='note']")[0].text_content() == hostile
    assert f"{hostile}, {hostile}" in page.find(".//ul[@class='sources']").text_content()
    # Wherever the harmless word stood, in text or in an attribute, the hostile one stands whole.
    for one, other in zip(page.iter(), plain_page.iter(), strict=True):
        if one.tag != "script" and "said" in (other.text or "") and "…" not in (one.text or ""):
            assert one.text == other.text.replace("said", hostile)
        if other.get("aria-label") == "said":
            assert one.get("aria-label") == hostile


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_in_a_specification_can_end_its_script_element(hostile: str) -> None:
    written = str(render(block("chart", said=hostile).as_json()))
    ((script,),) = [re.findall(r"<script[^>]*>(.*?)</script>", written, flags=re.DOTALL)]
    assert json.loads(script) == {"data": hostile}
    assert not re.search("[<>&]", script)


def test_a_source_is_a_link_only_when_it_is_an_address_of_the_web() -> None:
    page = html(block(sources=[source(url="javascript:alert(1)"), source(url="http://example.org/?a&b")]))
    assert [link.get("href") for link in page.findall(".//ul[@class='sources']//a")] == ["http://example.org/?a&b"]


def test_the_note_of_a_source_stands_beside_its_link() -> None:
    page = html(block(sources=[source(url="http://example.org", note="Not opened.")]))
    (listed,) = page.findall(".//ul[@class='sources']/li")
    assert listed.text_content() == "A, B (主管部门发布) Not opened."


def test_drawn_charts_come_in_as_they_are_with_the_words_that_describe_them() -> None:
    page = html(block("chart"), charts={"wide": "<svg><g></g></svg>", "narrow": "<svg></svg>"})
    drawings = page.findall(".//div[@role='img']")
    assert [drawing.get("class") for drawing in drawings] == ["drawing wide", "drawing narrow"]
    for drawing in drawings:
        assert drawing.find("svg") is not None
        (words,) = page.xpath(f".//*[@id='{drawing.get('aria-labelledby')}']")
        assert "said" in words.text_content()


# --- status ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_demonstration_is_said_in_words_in_every_kind_of_block(kind: str, language: str) -> None:
    page = html(block(kind, figure(status="demonstration"), language=language))
    assert WORDS[language] in page.text_content()
    assert page.get("data-status") == "demonstration"


@pytest.mark.parametrize("kind", KINDS)
def test_an_official_block_says_nothing_of_demonstration(kind: str) -> None:
    page = html(block(kind, figure()))
    assert page.get("data-status") == "official"
    assert not re.search("示例|[Dd]emonstration|转引|[Pp]rovisional", page.text_content())


@pytest.mark.parametrize("kind", ["chart", "table", "tiles"])
def test_every_row_of_a_table_that_is_not_all_official_says_its_status(kind: str) -> None:
    page = html(block(kind, figure("a"), figure("b", status="demonstration"), figure("c", status="provisional")))
    statuses = [cell.text_content() for cell in page.findall(".//td[@class='row-status']")]
    assert statuses == [
        text.message(f"site.tag.{status}", "zh") for status in ("official", "demonstration", "provisional")
    ]


def test_where_statuses_are_mixed_each_figure_that_is_not_official_is_tagged() -> None:
    page = html(block("statement", figure("a"), figure("b", status="demonstration")))
    first, second = page.findall(".//data")
    assert (first.get("data-status"), second.get("data-status")) == ("official", "demonstration")
    (tag,) = page.findall(".//small")
    assert tag.text == text.message("site.tag.demonstration", "zh")
    assert second.getnext() is tag


@pytest.mark.parametrize(
    ("following", "word"),
    [("家次，其中", "家次"), ("个", "个"), ("处没有整改完", "处"), ("处罚", ""), ("，比上年", "")],
)
def test_a_measure_word_stays_with_its_number_before_the_tag(following: str, word: str) -> None:
    shown = block("statement", figure("a"), figure("b", status="demonstration"))
    shown.content["sentences"] = [["共", *list(shown.figures), following]]
    (sentence,) = html(shown).findall(".//p[@class='sentence']")
    value = text.message("site.tag.demonstration", "zh")
    assert sentence.text_content().split(value) == [f"共{'21微克/立方米' * 2}{word}", following.removeprefix(word)]


def test_a_unit_stands_with_the_figures_of_a_column_and_not_over_them_too() -> None:
    rows = [["a", figure("a")], ["b", ["about ", figure("b")]], ["c", None]]
    columns = [Column("name", "名称（微克/立方米）", False), Column("value", "浓度（微克/立方米）")]
    shown = block("table")
    shown.content["table"] = TableContent(columns, rows, "2024/tianhe/air/values")
    assert [cell.text for cell in html(shown).findall(".//thead//th")] == ["名称（微克/立方米）", "浓度"]


def test_a_list_has_its_words_before_it_and_none_of_no_lines() -> None:
    shown = block("statement", figure())
    shown.content["lists"] = [{"words": ["好了："], "lines": [["一"], ["二"]]}, {"words": ["没有差了的"], "lines": []}]
    page = html(shown)
    assert [line.text for line in page.findall(".//ul[@class='lines']/li")] == ["一", "二"]
    assert [it.text_content() for it in page.findall(".//p[@class='sentence']")][:2] == ["好了：", "没有差了的"]


def test_a_table_of_demonstration_rows_makes_its_block_demonstration() -> None:
    assert block("chart", figure(), tables=[demonstration_table()]).as_json()["status"] == "demonstration"


@pytest.mark.parametrize("kind", ["chart", "table", "tiles"])
def test_the_link_to_a_download_says_what_is_in_it(kind: str) -> None:
    download = html(block(kind, figure(status="demonstration")), root="../../").find(".//p[@class='download']")
    assert download.find("a").get("href") == "../../data/2024/tianhe/air/values.csv"
    assert WORDS["zh"] in download.text_content()


# --- rules ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause", "zh", "en"),
    [
        ("cl. 5.1-5.4", "第5.1-5.4条", "cl. 5.1-5.4"),
        ("table 4; cl. 6.4", "表4；第6.4条", "table 4; cl. 6.4"),
        ("article 61", "第61条", "article 61"),
        ("note to the table", "表注", "note to the table"),
        ("第十四条", "第十四条", "第十四条"),
    ],
)
def test_a_clause_is_named_in_the_language_of_the_page(clause: str, zh: str, en: str) -> None:
    rule = Rule("air.seen", "GB 1", clause, "看过", "seen", "seen", "GB 1")
    for language, words in (("zh", zh), ("en", en)):
        (found,) = block("statement", figure(rules=(rule,)), language=language).as_json()["rules"]
        assert found["clause"] == words


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_rule_from_memory_is_said_to_be_unverified_and_no_other_is(kind: str, language: str) -> None:
    words = text.message("site.block.unverified", language)
    verified = html(block(kind, figure(rules=(SEEN,)), language=language))
    unverified = html(block(kind, figure(rules=(SEEN, MEMORY)), language=language))
    assert words not in verified.text_content()
    (mark,) = unverified.findall("p[@class='marks']/a")
    assert mark.text == words
    (rules,) = unverified.xpath(f"//*[@id='{mark.get('href')[1:]}']")
    assert [words in rule.text_content() for rule in rules] == [False, True]


def test_a_table_brings_its_rules_along() -> None:
    page = html(block("statement", figure(rules=()), tables=[demonstration_table()]))
    assert "GB 2 第2条: 记得" in page.find(".//ul[@class='rules']").text_content()


def test_rules_are_told_in_the_language_of_the_page() -> None:
    assert "seen" in html(block(language="en")).find(".//ul[@class='rules']").text_content()
    assert "看过" in html(block(language="zh")).find(".//ul[@class='rules']").text_content()


# --- identity -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_shown_has_its_id_status_and_value_on_its_element(kind: str) -> None:
    shown = block(kind, figure("a", "1234.5"), figure("b", "0.7"))
    elements = html(shown).findall(".//data")
    entries = {entry["id"]: entry for entry in shown.as_json()["figures"]}
    assert {element.get("data-figure") for element in elements} == set(entries)
    for element in elements:
        entry = entries[element.get("data-figure")]
        assert element.get("value") == entry["value"]
        assert element.text in entry["printed"]["zh"]


def test_a_figure_is_listed_once_however_often_it_is_shown() -> None:
    assert [entry["id"] for entry in block("table", figure(), figure()).as_json()["figures"]] == [figure().id]


def test_a_figure_without_its_sign_keeps_the_sign_in_its_value() -> None:
    measured = Measured(Decimal("-3.6"), Decimal("-3.6"), {"operation": "difference"}, "official")
    fall = name_figure("a#change", measured, unit="percentage points", period="2024")
    assert plain(absolute(fall), "en") == {
        "figure": "a#change",
        "status": "official",
        "value": "-3.6",
        "text": "3.6 percentage points",
    }
    assert plain(fall, "en")["text"] == "−3.6 percentage points"


def test_a_block_carries_its_catalogue_item_and_its_anchor() -> None:
    page = html(block())
    assert (page.get("data-catalogue"), page.get("id")) == ("Q1", "answer")


def test_rows_carry_the_catalogue_items_they_stand_for() -> None:
    page = html(block("table", figure("a"), figure("b"), items=["Q1", "X1"]))
    assert [row.get("data-catalogue") for row in page.findall(".//tbody/tr")] == ["Q1", "X1"]


# --- in a notebook --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_notebook_output_carries_the_block_as_json_and_as_html(kind: str) -> None:
    bundle = block(kind, tables=[demonstration_table()])._repr_mimebundle_()
    assert json.loads(json.dumps(bundle)) == bundle
    assert bundle[MIMETYPE]["kind"] == kind
    assert "\n<section" in bundle["text/html"]
    assert ("application/vnd.vegalite.v6+json" in bundle) == (kind == "chart")
    assert "text/markdown" not in bundle


def test_a_missing_cell_is_empty() -> None:
    shown = TableContent([Column("a", "a")], [[None]], "x")
    page = html(Block("table", "t", "Q1", "zh", {"table": shown}))
    assert [cell.text_content() for cell in page.findall(".//td")] == [""]


def test_a_row_of_which_only_a_part_is_invented_says_so() -> None:
    row = [{"figure": "a", "status": "official", "value": "1", "text": "1"}]
    invented = {"figure": "b", "status": "demonstration", "value": "2", "text": "2"}
    assert tag_of_row([*row, invented], "official", "zh") == "部分示例"
    assert tag_of_row([invented], "official", "zh") == "示例"
    assert tag_of_row([{**row[0], "value": ""}, invented], "official", "zh") == "示例"  # a dash is of no kind
    assert tag_of_row([{**row[0], "status": "rule"}, invented], "official", "zh") == "示例"  # a limit is no data


def test_a_row_without_figures_has_the_status_that_its_table_has_for_it() -> None:
    assert statuses_otherwise({"rows": [[], []], "statuses": ["unread", ""]}, "official") == ["unread", ""]
    assert statuses_otherwise({"rows": [[], []], "statuses": []}, "official") == ["official"] * 2


def test_a_count_that_was_made_here_has_no_tag() -> None:
    counted, invented = figure("a", status="provisional"), figure("b", status="demonstration")
    sentence = [untagged(counted), " of ", invented]
    page = html(Block("statement", "s", "Q1", "en", {"sentences": [sentence]}, figures=[counted, invented]))
    assert [tag.text_content() for tag in page.xpath("//*[contains(@class, 'tag')]")] == ["demonstration"]
    assert page.xpath("//data/@data-status") == ["provisional", "demonstration"]


def test_a_block_of_words_alone_has_no_status_and_a_rule_none_that_is_marked() -> None:
    assert replace(block("statement"), figures=()).as_json()["status"] == ""
    page = html(block("table", figure(status="rule")))
    assert page.xpath("//*[contains(@class, 'status')]") == []
    assert "未对照原文" in html(block("table", figure(status="unread"))).text_content()
