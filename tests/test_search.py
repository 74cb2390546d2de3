"""The index of the search: what is taken from pages, under which terms it stands, and how it grows."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit import search
from reportkit.search import Document, Facet, Passage, document, names_of, normalise, passages, terms

AREAS = [
    Facet("guangzhou", {"zh": "广州市", "en": "Guangzhou"}),
    Facet("liwan", {"zh": "荔湾区", "en": "Liwan District"}),
]
CHAPTERS = [Facet("overview", {"zh": "概况", "en": "Overview"}), Facet("air", {"zh": "环境空气", "en": "Air"})]


def report(area: str, *sentences: str, chapter: str = "air", year: int = 2024) -> Document:
    found = [Passage("answer", sentence, is_heading=False) for sentence in sentences]
    own = {it.slug: it.names["zh"] for it in AREAS}.get(area, "")
    return document(f"{year}/{area}/{chapter}", "", found, own, of=(year, area, chapter))


class Reader:
    """An index as the browser reads it."""

    def __init__(self, documents: Sequence[Document], areas: Sequence[Facet] = AREAS, language: str = "zh") -> None:
        self.files: dict[str, Any] = {}
        self.bytes = dict(search.index_files(language, documents, areas, CHAPTERS))
        for content in self.bytes.values():
            (call,) = re.findall(r"\AreportkitSearch\.add\((.*)\);\n\Z", content.decode())
            name, part = json.loads(f"[{call}]")
            self.files[name.partition("/")[2]] = part
        self.reports = self.files["index"]["reports"]

    def postings(self, kind: str, term: str) -> list[int]:
        return list(unpacked(self.files[f"terms-{search._file_of(term)}"][kind].get(term, [])))

    def pattern(self, number: int) -> list[Any]:
        pattern: list[Any] = self.files[f"patterns-{number // 512}"][number % 512]
        return pattern

    def places(self, pair: str) -> list[tuple[int, int]]:
        steps = self.files[f"terms-{search._file_of(pair)}"]["pairs"].get(pair, [])
        return list(zip(itertools.accumulate(steps[::2]), steps[1::2], strict=True))

    def texts(self) -> list[str]:
        names = sorted((name for name in self.files if name.startswith("texts-")), key=lambda name: int(name[6:]))
        return [text for name in names for _, text in self.files[name]]

    def pages_with(self, term: str) -> set[int]:
        if re.fullmatch("[\u3400-\u9fff]{2}", term):
            return {page for number, _ in self.places(term) for page in unpacked(self.pattern(number)[1:])}
        return {page for number in self.postings("words", term) for page in unpacked(self.pattern(number)[1:])}


def unpacked(runs: Sequence[int]) -> Iterator[int]:
    place = 0
    for run in runs:
        place += max(run, 0)
        length = max(1, -run)
        yield from range(place, place + length)
        place += length


# --- what is taken from a page --------------------------------------------------------------------

BLOCK = """
<h1>荔湾区 2024 年环境空气</h1>
<p>这一年。下一年！</p>
<section id="days"><h2>每一天</h2>
<section class="block" id="calendar"><h3>日历 <a class="permalink" href="#calendar">#</a></h3>
<p class="marks"><span class="status">示例数据</span></p>
<figure><div class="drawing"><svg><text>图里的字</text></svg></div>
<figcaption><strong>图中内容</strong> 优<data>203天</data>。</figcaption>
<script type="application/json">{"a": "脚本"}</script></figure>
<details class="rows"><summary>数据表</summary>
<table><caption>标题</caption><tbody><tr><td>2024-01-01</td></tr></tbody></table>
<p class="download">下载</p></details>
<p class="note">说明<small class="tag">示例</small>文字。</p>
<details class="provenance"><summary>来源</summary><ul><li>来源一</li></ul></details>
</section></section>
<table><tbody><tr data-catalogue="L6"><td>L6</td><td>三线一单</td><td>尚未公开</td><td></td><td>—</td>
<td class="row-status">官方</td></tr></tbody></table>
<nav>导航</nav>
"""


def test_headings_sentences_captions_and_notes_are_taken_with_their_anchor() -> None:
    assert passages(BLOCK) == [
        Passage("", "荔湾区 2024 年环境空气", True),
        Passage("", "这一年。", False),
        Passage("", "下一年！", False),
        Passage("days", "每一天", True),
        Passage("calendar", "日历", True),
        Passage("calendar", "优203天。", False),
        Passage("calendar", "标题", False),
        Passage("calendar", "说明文字。", False),
        Passage("", "L6 · 三线一单 · 尚未公开", False),
    ]


def test_an_explanation_has_its_term_before_it() -> None:
    found = passages("<dl><dt>AQI</dt><dd><p>一个数。</p><p>越低越好。</p></dd><dt>站点</dt><dd>一个地方</dd></dl>")
    assert [passage.text for passage in found] == ["AQI", "AQI — 一个数。", "越低越好。", "站点", "站点 — 一个地方"]


def test_english_sentences_end_where_a_capital_follows() -> None:
    found = passages("<p>PM2.5 was 22.5 µg/m³. It met the limit. See cl. 6.2 there.</p>")
    assert [passage.text for passage in found] == ["PM2.5 was 22.5 µg/m³.", "It met the limit.", "See cl. 6.2 there."]


@pytest.mark.parametrize("body", ["", "<p></p>", "text", "<p>&lt;b&gt;</p>"])
def test_a_page_of_little_is_no_error(body: str) -> None:
    assert all(passage.text for passage in passages(body))


# --- terms --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("天河区", {"天", "河", "区"}),
        ("PM2.5年均", {"pm2.5", "年", "均"}),
        ("ＰＭ２．５ O₃", {"pm2.5", "o3"}),
        ("GB 3095-2012", {"gb", "3095-2012", "3095", "2012"}),
        ("GB3095", {"gb", "3095"}),
        ("30,287.75亿", {"30287.75", "亿"}),
        ("2023、2024", {"2023", "2024"}),
        ("the days of good air", {"dai", "good", "air"}),
        ("good-air day", {"good-air", "good", "air", "dai"}),
        ("？！…", set()),
    ],
)
def test_terms_are_characters_words_and_numbers(text: str, expected: set[str]) -> None:
    assert terms(normalise(text)) == expected


@given(st.text(alphabet="天河区 pm2.5-10年,gbGB3095-2012、好 ", max_size=40))
def test_numbers_are_the_terms_that_are_numbers(text: str) -> None:
    assert search._numbers(text) == {term for term in terms(text) if search._NUMBER.fullmatch(term)}


def test_pairs_of_chinese_characters_are_found_where_they_stand() -> None:
    assert search.pairs("天河区pm2.5年均、好") == [("天河", 0), ("河区", 1), ("年均", 8)]
    assert search.pairs("好air") == []


@given(st.text())
def test_a_normalised_text_is_as_long_as_the_text(text: str) -> None:
    assert len(normalise(text)) == len(text)


# --- names --------------------------------------------------------------------------------------------


def test_an_area_is_found_by_its_names_in_both_languages_and_as_it_is_spoken() -> None:
    keys = names_of(AREAS[1], is_area=True)
    whole = {key for key, is_whole in keys.items() if is_whole}
    assert whole == {"liwan", "liwanqu", "荔湾", "荔湾区", "liwandistrict"}
    assert {"湾区", "wanqu"} == keys.keys() - whole


def test_a_chapter_is_found_by_parts_of_its_name_too() -> None:
    keys = names_of(CHAPTERS[1], is_area=False)
    assert {key for key, is_whole in keys.items() if is_whole} == {"air", "环境空气", "huanjingkongqi"}
    assert {"空气", "kongqi", "环境"} <= keys.keys()


def test_names_that_are_read_in_several_ways_are_read_as_names() -> None:
    facets = {"番禺区": "panyuqu", "增城区": "zengchengqu", "从化区": "conghuaqu", "黄埔区": "huangpuqu"}
    for name, spoken in facets.items():
        assert spoken in names_of(Facet("x", {"zh": name}), is_area=True)


def test_traditional_characters_lead_to_the_simplified_ones_of_the_pages() -> None:
    pairs = search.variants("荔湾优良天数环境空气著名")
    simplified = dict(zip(pairs[::2], pairs[1::2], strict=True))
    assert (
        "".join(simplified.get(character, character) for character in "荔灣優良天數環境空氣") == "荔湾优良天数环境空气"
    )
    assert "著" not in simplified  # it stands in the pages as it is


# --- the index ----------------------------------------------------------------------------------------


def test_every_term_leads_to_the_pages_where_it_stands() -> None:
    index = Reader([report("liwan", "臭氧超标19天。"), report("guangzhou", "没有超标。")])
    assert index.reports == [[2024, 0, 1], [2024, 1, 1]]
    assert index.pages_with("臭氧") == {1}
    assert index.pages_with("超标") == {0, 1}
    assert index.pages_with("炸锅") == set()
    assert index.postings("numbers", "19") == [1]


def test_the_same_sentence_about_other_areas_with_other_numbers_is_kept_once() -> None:
    index = Reader(
        [report("liwan", "荔湾区有341天优良，占93.2%。"), report("guangzhou", "广州市有344天优良，占94.0%。")]
    )
    gap, area = search.NUMBER_GAP, search.AREA_GAP
    assert index.files["patterns-0"] == [[0, 0, -1]]
    assert index.files["texts-0"] == [["answer", f"{area}有{gap}天优良，占{gap}%。"]]
    assert index.files["pages-0"] == [[0, "0 344 94.0"], [0, "0 341 93.2"]]


@given(st.lists(st.text(alphabet="荔湾区天河空气优良数比例PM2.5 19，。\ue000\ue001", max_size=30), max_size=4))
def test_every_sentence_can_be_put_together_again(sentences: list[str]) -> None:
    index = Reader([report("liwan", *sentences)])
    patterns = [text.replace(search.AREA_GAP, "荔湾区") for text in index.texts()]
    said = {pattern for pattern in patterns if search.NUMBER_GAP not in pattern}
    number = 0
    for gaps in filter(None, index.files["pages-0"][0][1].split(";")):
        step, *values = gaps.split(" ")
        number += int(step)
        pieces = patterns[number].split(search.NUMBER_GAP)
        said.add("".join(part for pair in zip(pieces, [*values, ""], strict=True) for part in pair))
    assert said == {sentence.replace("\ue000", "").replace("\ue001", "") for sentence in sentences}


def test_headings_come_first_so_that_a_frequent_word_leads_to_few_texts() -> None:
    index = Reader([report("guangzhou", "一。"), document("glossary", "术语", [Passage("", "术语", True)])])
    assert index.texts() == ["术语", "一。"]
    assert [row[0] for row in index.files["patterns-0"]] == [1, 0]


@given(st.sets(st.integers(0, 300)))
def test_runs_say_the_same_numbers(numbers: set[int]) -> None:
    assert list(unpacked(search._runs(sorted(numbers)))) == sorted(numbers)


def test_pages_stand_newest_first_then_by_chapter_and_area_and_a_new_chapter_needs_no_edit() -> None:
    documents = [
        report("liwan", "一"),
        report("guangzhou", "二", year=2023),
        report("liwan", "三", chapter="overview"),
        document("glossary", "术语", [Passage("", "术语", True)]),
    ]
    index = Reader(documents)
    assert index.reports == [[2024, 1, 0], [2024, 1, 1], [2023, 0, 1]]
    assert index.files["pages-1"][1][2:] == ["glossary", "术语"]


def test_the_same_pages_give_the_same_bytes_in_any_order() -> None:
    documents = [
        report("liwan", "臭氧19天。"),
        report("guangzhou", "没有。"),
        report("liwan", "人口。", chapter="overview"),
    ]
    assert Reader(documents).bytes == Reader(documents[::-1]).bytes


def test_text_that_looks_like_script_stays_text() -> None:
    index = Reader([report("liwan", '</script><script>alert()</script> "a" \\ \u2028')])
    assert index.texts()[0] == '</script><script>alert()</script> "a" \\ \u2028'


def test_the_stemmer_is_the_same_library_in_both_worlds() -> None:
    script = search.stemmer_file().decode()
    assert "var Stemmer = function" in script
    assert "eval" not in script
    assert [search.stem(word) for word in ("days", "pollutants", "pm2.5")] == ["dai", "pollut", "pm2.5"]


# --- growth -------------------------------------------------------------------------------------------


def pages_of(areas: Sequence[Facet]) -> list[Document]:
    """Two chapters of each area: sentences that differ in names and numbers only, as those of real chapters do."""
    said = [
        "{}2024年有{}天空气优良，占{}.{}%。",
        "{}的PM2.5年均{}微克/立方米，比上年的{}微克下降{}%。",
        "目录还要求公开移动源的情况。",
    ]
    documents = []
    for place, area in enumerate(areas):
        for chapter in CHAPTERS:
            numbers = [300 + place, 20 + place % 9, 80 + place % 17]
            sentences = [sentence.format(area.names["zh"], *numbers) for sentence in said for _ in range(5)]
            documents.append(report(area.slug, *sentences, chapter=chapter.slug))
    return documents


def test_each_further_page_adds_the_same_few_bytes() -> None:
    def size(number: int) -> int:
        areas = [
            Facet(f"area{place:03}", {"zh": f"第{chr(0x5000 + place)}区", "en": f"Area {place:03}"})
            for place in range(number)
        ]
        return sum(map(len, Reader(pages_of(areas), areas).bytes.values()))

    sizes = {number: size(number) for number in (1, 11, 12, 110, 220)}
    first = (sizes[11] - sizes[1]) / 20
    assert first < 700
    assert (sizes[12] - sizes[11]) / 2 < 1.25 * first
    assert (sizes[220] - sizes[110]) / 220 < 1.25 * first
