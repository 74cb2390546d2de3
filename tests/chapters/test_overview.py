"""The overview: counts that add up, states that say no more than was disclosed, tiles of the districts."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from projects import CODES, REPO, add, edit, read, small_project
from reportkit import figures
from reportkit.chapters import LESS, MORE, Card, chapter_title
from reportkit.chapters.overview import CHANGES, SHADES, Overview
from reportkit.chapters.overview import _change as change_of
from reportkit.figures import Figure
from reportkit.project import Project, open_project
from shown import joined

CATALOGUE = read(REPO / "data" / "catalogue.csv")
STATES = ("disclosed", "partly", "not_disclosed", "not_applicable")
YEARLY = ("so2", "no2", "pm10", "pm2_5", "co_p95", "o3_8h_p90", "good_days_ratio", "composite_index")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return small_project(tmp_path_factory.mktemp("overview"), districts=("tianhe", "nansha"))


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    """The same without any data on air."""
    return small_project(tmp_path, districts=("tianhe", "nansha"), data_years=())


def overview(project: Project, area: str = "tianhe", language: str = "zh") -> Overview:
    return Overview.open(area, 2024, language, project)


def publish(project: Project, area: str, status: str, **values: str) -> None:
    rows = [{"indicator": name, "value": value} for name, value in values.items()]
    known = {"area_code": CODES[area], "period": "2024", "status": status, "source_id": "gz-annual-2024"}
    add(project.data / "air" / "published.csv", *[{**known, **row} for row in rows])


def said(chapter: Overview) -> str:
    return "\n".join(joined(sentence) for sentence in chapter.answer().as_json()["content"]["sentences"])


def states(chapter: Overview) -> dict[str, str]:
    rows = chapter.completeness_table.rows
    return dict(zip(rows["item_id"], rows["state"], strict=True))


# --- completeness ---------------------------------------------------------------------------------


@pytest.mark.parametrize("area", ["guangzhou", "tianhe", "nansha"])
def test_the_counts_of_the_states_add_up_to_the_catalogue(project: Project, area: str) -> None:
    chapter = overview(project, area)
    counts = {state: int(str(chapter.items_in(state).value)) for state in STATES}
    assert sum(counts.values()) == len(CATALOGUE)
    assert int(str(chapter.items_total().value)) == len(CATALOGUE) - counts["not_applicable"]
    assert counts == {state: Counter(states(chapter).values())[state] for state in STATES}


def test_every_item_of_the_catalogue_stands_in_its_own_row(project: Project) -> None:
    block = overview(project).completeness().as_json()
    table = block["content"]["chart"]["table"]
    assert table["catalogue"] == [row["item_id"] for row in read(project.data / "catalogue.csv")]
    assert table["catalogue"] == [row[0] for row in table["rows"]]
    assert block["item"] == "X1"


def test_the_chart_recounts_the_table(project: Project) -> None:
    chapter = overview(project)
    rows = chapter.completeness().content["chart"].wide["data"]["values"]
    parts = [row for row in rows if "part" in row]
    counted: Counter[str] = Counter()
    for row in parts:
        counted[row["part"]] += row["value"]
    words = {state: chapter.word(f"state.{state}") for state in STATES}
    found = Counter(states(chapter).values())
    assert counted == {words[state]: number for state, number in found.items()}


def test_what_concerns_the_city_alone_does_not_apply_to_a_district(project: Project) -> None:
    city_only = {row["item_id"] for row in read(project.data / "catalogue.csv") if row["scope"] == "city"}
    assert city_only
    district, city = states(overview(project)), states(overview(project, "guangzhou"))
    assert {item for item, state in district.items() if state == "not_applicable"} == city_only
    assert "not_applicable" not in city.values()


def test_an_item_without_a_chapter_is_not_yet_disclosed_here(project: Project, tmp_path: Path) -> None:
    project = open_project(shutil.copytree(project.root, tmp_path / "project"))
    (like,) = (row for row in read(project.data / "catalogue.csv") if row["item_id"] == "P1")
    add(project.data / "catalogue.csv", like | {"item_id": "Z9", "chapter": "odour"})
    for language, words in (("zh", "本站尚未公开"), ("en", "not yet disclosed here")):
        chapter = overview(project, language=language)
        assert chapter.state("Z9", states(chapter)["Z9"]).printed[language] == (words,)
        assert states(chapter)["Z9"] == "not_disclosed"


def test_the_overview_itself_is_disclosed(project: Project) -> None:
    chapter = overview(project)
    assert states(chapter)["X1"] == "disclosed"
    assert chapter.state("X1", "disclosed").printed["zh"] == ("已公开",)


def test_what_is_disclosed_is_counted_here_and_published_by_nobody(project: Project) -> None:
    card = overview(project).cards().as_json()["content"]["cards"][-1]
    assert card["value"]["status"] == "convention"


def test_demonstration_does_not_count_as_disclosed(project: Project) -> None:
    chapter = overview(project)
    assert chapter.air.good_days_ratio().status == "demonstration"
    assert states(chapter)["Q1"] == "not_disclosed"
    assert chapter.state("Q1", "not_disclosed").printed["zh"] == ("尚未公开",)


@pytest.mark.parametrize(
    ("status", "indicators", "state"),
    [
        ("official", YEARLY, "disclosed"),
        ("official", YEARLY[:3], "partly"),
        ("provisional", YEARLY, "partly"),
        ("demonstration", YEARLY, "not_disclosed"),
    ],
)
def test_an_item_is_as_disclosed_as_its_chapter_says(
    empty: Project, status: str, indicators: tuple[str, ...], state: str
) -> None:
    publish(empty, "tianhe", status, **dict.fromkeys(indicators, "20"))
    chapter = overview(empty)
    assert states(chapter)["Q1"] == state
    rows = chapter.completeness_table.rows.set_index("item_id")
    assert rows.at["Q1", "since"] == "2020"  # January to November 2020 were published


def test_the_sentence_and_the_card_count_the_same_items(project: Project) -> None:
    chapter = overview(project, "guangzhou")
    counted = Counter(states(chapter).values())
    sentence = said(chapter)
    assert f"应公开的{len(CATALOGUE) - counted['not_applicable']}项中，已公开{counted['disclosed']}项" in sentence
    assert f"部分公开{counted['partly']}项，尚未公开{counted['not_disclosed']}项" in sentence
    card = chapter.cards().as_json()["content"]["cards"][-1]
    assert card["label"] == "已公开和部分公开的项目"
    assert card["value"]["value"] == str(counted["disclosed"] + counted["partly"])


def test_states_are_our_own_whatever_the_air_rests_on(project: Project) -> None:
    assert overview(project).completeness().as_json()["status"] == "convention"


# --- sentences and cards --------------------------------------------------------------------------


def test_the_first_sentences_count_what_the_lists_hold(project: Project) -> None:
    chapter = overview(project)
    better, worse, same = (len(it["lines"]) for it in chapter.changes().as_json()["content"]["lists"][:3])
    assert better + worse > 0
    assert f"{better}个好了，{worse}个差了，{same}个没有变化" in said(chapter)


def test_each_chapter_that_has_something_to_say_has_a_line_that_leads_to_it(project: Project) -> None:
    chapter = overview(project)
    (only,) = chapter.by_chapter().as_json()["content"]["lists"]
    first = chapter.answer().as_json()["content"]["sentences"]
    leading = [line for line in first if isinstance(line[0], dict) and "href" in line[0]]
    told = [slug for slug, headline in chapter.headlines.items() if headline.sentence]
    assert len(told) > 10
    assert [line[0]["text"] for line in (*leading, *only["lines"])] == [chapter_title(slug, "zh") for slug in told]
    assert [line[0]["href"] for line in (*leading, *only["lines"])] == [chapter.href(chapter.area, it) for it in told]


def test_the_area_is_told_with_its_people_and_land(empty: Project) -> None:
    rows = [
        {"indicator": "resident_population", "year": "2023", "value": "224.24", "unit": "10k persons"},
        {"indicator": "resident_population", "year": "2024", "value": "225.00", "unit": "10k persons"},
        {"indicator": "resident_population", "year": "2025", "value": "226.00", "unit": "10k persons"},
        {"indicator": "land_area", "year": "", "value": "96.33", "unit": "km2"},
    ]
    known = {"area_code": CODES["tianhe"], "status": "official", "source_id": "gz-annual-2024"}
    edit(empty.data / "area_statistics.csv", lambda _: [{**row, **known} for row in rows])
    assert said(overview(empty)).startswith("天河区常住人口225.00万人（2024年），面积96.33平方公里。")
    assert "2.2500 million people" in said(overview(empty, language="en"))


def test_an_area_without_statistics_says_nothing_of_them(empty: Project) -> None:
    edit(empty.data / "area_statistics.csv", lambda _: [])
    assert "常住人口" not in said(overview(empty))


def test_the_air_is_told_with_its_change_in_points(empty: Project) -> None:
    publish(empty, "tianhe", "official", good_days_ratio="94.0", pm2_5="21")
    add(
        empty.data / "air" / "published.csv",
        {
            "area_code": CODES["tianhe"],
            "period": "2023",
            "indicator": "good_days_ratio",
            "value": "90.4",
            "status": "official",
            "source_id": "gz-annual-2024",
        },
    )
    assert "空气：2024年优良天数比例94.0%，比上年提高3.6个百分点；PM2.5年均21微克/立方米，限值35微克/立方米。" in said(
        overview(empty)
    )


def test_without_data_the_air_is_said_to_have_none(empty: Project) -> None:
    edit(empty.data / "air" / "published.csv", lambda _: [])
    chapter = overview(empty)
    assert "空气：2024年没有有效数据。" in said(chapter)
    assert "Air: No valid data for 2024." in said(overview(empty, language="en"))
    assert chapter.cards().as_json()["content"]["cards"][0]["value"]["text"] == "—"


def test_every_card_has_last_years_value_beside_it(project: Project) -> None:
    cards = overview(project).cards().as_json()["content"]["cards"]
    for card in cards[:-1]:
        assert joined(card["before"]).startswith("上年 "), card["label"]
    assert all(card["href"].startswith("2024/tianhe/") for card in cards)
    assert not any(card["is_mixed"] for card in cards[:-1])
    english = overview(project, language="en").cards().as_json()["content"]["cards"]
    assert all(card["href"].startswith("en/2024/tianhe/") for card in english)


@pytest.mark.parametrize(
    ("statuses", "shown"),
    [
        (("official", "demonstration"), ""),
        (("demonstration", "official"), ""),
        (("demonstration", "provisional"), ""),
        (("official", "provisional"), "上年 88.8%"),
        (("demonstration", "demonstration"), "上年 88.8%"),
    ],
)
def test_what_was_published_and_what_was_invented_do_not_stand_side_by_side(
    project: Project, statuses: Sequence[str], shown: str
) -> None:
    told = overview(project)._card("air", card("93.2", "88.8", MORE, statuses=statuses))
    assert "".join(part if isinstance(part, str) else part.printed["zh"][0] for part in told["before"]) == shown


def test_a_district_has_its_place_among_the_districts_and_the_city_has_none(project: Project) -> None:
    district = {entry["id"] for entry in overview(project).cards().as_json()["figures"]}
    city = {entry["id"] for entry in overview(project, "guangzhou").cards().as_json()["figures"]}
    assert "2024/tianhe/air#composite_index_rank" in district
    assert not any("rank" in id_ for id_ in city)


# --- tiles ----------------------------------------------------------------------------------------


def test_every_district_is_a_tile_with_its_share_of_good_days_and_a_way_to_its_page(project: Project) -> None:
    content = overview(project).tiles().as_json()["content"]
    assert [tile["name"] for tile in content["tiles"]] == ["天河区", "南沙区"]
    for tile, area in zip(content["tiles"], ("tianhe", "nansha"), strict=True):
        ratio = overview(project, area).air.good_days_ratio()
        assert (tile["value"]["figure"], tile["value"]["text"]) == (ratio.id, ratio.printed["zh"][0])
        assert tile["href"] == f"2024/{area}/overview.html"
    assert [tile["is_own"] for tile in content["tiles"]] == [True, False]
    assert len(content["table"]["rows"]) == 2
    assert content["table"]["marked"] == 0


@pytest.mark.parametrize(
    ("share", "shade"),
    [
        ("100.0", "0"),
        ("95.0", "0"),
        ("94.9", "1"),
        ("90.0", "1"),
        ("85.0", "2"),
        ("80.0", "3"),
        ("79.9", "4"),
        ("0.0", "4"),
    ],
)
def test_the_shade_of_a_tile_follows_from_its_share(empty: Project, share: str, shade: str) -> None:
    publish(empty, "tianhe", "official", good_days_ratio=share)
    tile = overview(empty).tiles().as_json()["content"]["tiles"][0]
    assert tile["shade"] == shade


def test_a_district_without_data_has_a_tile_without_a_shade(empty: Project) -> None:
    tile = overview(empty).tiles().as_json()["content"]["tiles"][1]
    assert (tile["shade"], tile["value"]["text"]) == ("none", "—")


def test_the_legend_names_every_shade_and_leaves_no_share_out(project: Project) -> None:
    legend = overview(project).tiles().as_json()["content"]["legend"]
    assert [key["text"] for key in legend] == ["95%及以上", "90%—95%", "85%—90%", "80%—85%", "低于80%"]
    assert [key["shade"] for key in legend] == list(range(len(SHADES)))


def test_a_district_whose_data_are_in_error_has_a_tile_and_keeps_no_other_page(tmp_path: Path) -> None:
    broken = small_project(tmp_path)
    edit(
        broken.data / "air" / "station_daily_2024.csv",
        lambda rows: [{**row, "co_mg_m3": "x"} if row["station_id"] == "DEMO-440115-1" else row for row in rows],
    )
    tiles = overview(broken).tiles().as_json()["content"]["tiles"]
    assert [tile["shade"] == "none" for tile in tiles] == [False, True]


def test_figures_carry_the_identity_of_the_page_they_belong_to(project: Project) -> None:
    chapter = overview(project)
    found: list[Figure] = [chapter.items_total(), *chapter.tiles().figures]
    assert {figure.id.partition("#")[0] for figure in found} == {
        "2024/tianhe/overview",
        "2024/tianhe/air",
        "2024/nansha/air",
    }


def test_every_chapter_may_put_a_sentence_and_cards_on_the_overview(project: Project) -> None:
    chapter = overview(project, "guangzhou")
    assert "水环境：2024年优良断面比例100%；城市饮用水水源达标率100%。" in said(chapter)
    cards = chapter.cards().as_json()["content"]["cards"]
    (card,) = (card for card in cards if card["label"] == "地表水优良断面比例")
    assert (card["value"]["figure"], card["value"]["status"]) == (
        "2024/guangzhou/water#good_section_ratio",
        "official",
    )
    assert card["href"] == "2024/guangzhou/water.html"
    assert [card["href"] for card in cards][-1] == "2024/guangzhou/overview.html#completeness"


# --- what changed ---------------------------------------------------------------------------------


def card(now: str | None, then: str | None, better: str, *, statuses: Sequence[str] = ("official", "official")) -> Card:
    """A card of a rate now and a year before."""
    value, before = (
        figures.name_figure(
            f"2024/liwan/air#{name}",
            figures.Measured(number and Decimal(number), number and Decimal(number), {"operation": "none"}, status, ()),
            unit="%",
            period="2024",
        )
        for name, number, status in zip(("now", "then"), (now, then), statuses, strict=True)
    )
    return Card("rate", value, before, better=better)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (card("93.2", "88.8", MORE), "better"),
        (card("93.2", "88.8", LESS), "worse"),
        (card("88.8", "93.2", LESS), "better"),
        (card("93.2", "93.20", MORE), "same"),
        (card("2440.47", "2440.99", LESS), "better"),  # less than a thousandth, and printed
        (card("2438.00", "2440.99", LESS), "better"),
        (card("93.2", "88.8", ""), ""),
        (card("93.2", None, MORE), ""),
        (card(None, "88.8", MORE), ""),
        (card("93.2", "88.8", MORE, statuses=("demonstration", "official")), ""),
        (card("93.2", "88.8", MORE, statuses=("provisional", "demonstration")), ""),
        (card("94.0", "90.4", MORE, statuses=("official", "provisional")), "better"),
        (card("93.2", "88.8", MORE, statuses=("demonstration", "demonstration")), "better"),
        (Card("rate", card("1", "1", MORE).value, None, better=MORE), ""),
    ],
)
def test_a_key_figure_got_better_or_worse_where_that_can_be_said(told: Card, expected: str) -> None:
    assert change_of(told) == expected


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_changed_is_told_of_every_card_that_can_be_told_and_of_no_other(project: Project, language: str) -> None:
    chapter = overview(project, language=language)
    cards = [card for headline in chapter.headlines.values() for card in headline.cards]
    parts = [part for one in chapter.changes().content["lists"][:3] for line in one["lines"] for part in line]
    told = [part["text"] for part in parts if isinstance(part, dict)]
    of_change = [[card for card in cards if change_of(card) == change] for change in CHANGES]
    wanted = [
        card.label
        for alike in of_change
        for is_invented in (False, True)
        for card in alike
        if (card.value.status == "demonstration") == is_invented
    ]
    assert told == wanted
    assert len(wanted) >= 10


def test_the_citys_published_news_come_first_though_a_newspaper_reported_one_year(project: Project) -> None:
    """2024, official: PM2.5 21, good days 94.0%; 2023, by a newspaper: 23 and 90.4%."""
    better, *_ = overview(project, "guangzhou").changes().as_json()["content"]["lists"]
    told = [joined(line) for line in better["lines"]]
    assert told[:2] == ["优良天数比例：94.0%（上年90.4%）", "PM2.5年均浓度：21微克/立方米（上年23微克/立方米）"]


@pytest.mark.parametrize("area", ["guangzhou", "tianhe"])
def test_what_is_missing_is_named_with_the_way_to_it_a_line_a_chapter(project: Project, area: str) -> None:
    chapter = overview(project, area)
    missing = [item for item, state in states(chapter).items() if state == "not_disclosed"]
    lines = chapter.changes().as_json()["content"]["lists"][-1]["lines"]
    named = [part for line in lines for part in line if isinstance(part, dict)]
    assert sorted(part["text"].split()[0] for part in named) == sorted(missing)
    assert all(part["href"].endswith(f"#item-{part['text'].split()[0]}") for part in named)
    heads = [joined(line).partition("：")[0] for line in lines]
    assert len(heads) == len(set(heads)) > 5


def test_of_the_targets_that_come_next_it_is_said_how_many_are_met_already(project: Project) -> None:
    """Shipped, of 2025: of eight targets five are met by the values of 2024 or before."""
    (coming, *_) = overview(project, "guangzhou").changes().as_json()["content"]["sentences"]
    assert "接下来：广州市有8项有数值的目标要在2025年达到，其中5项已经提前达到" in joined(coming)
    assert [part["is_tagged"] for part in coming if isinstance(part, dict) and "figure" in part] == [False, False]
