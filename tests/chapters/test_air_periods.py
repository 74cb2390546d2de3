"""A year of which only parts were published: what is said of them, and what cannot be said of the year."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from projects import CODES, add, edit, small_project
from reportkit.blocks import Block
from reportkit.chapters.air import Air
from reportkit.chapters.overview import Overview
from reportkit.project import Project
from shown import joined, notes, table, text

# Six parts of .10 + .50 + .43 + .43 + .15 + .50
SIX = {"so2": "6", "no2": "20", "pm10": "30", "pm2_5": "15", "co_p95": "0.6", "o3_8h_p90": "80"}
INDEX_OF_SIX = "2.11"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The city and three districts, without any data on their air."""
    project = small_project(tmp_path, districts=("tianhe", "nansha", "conghua"), data_years=())
    edit(project.data / "air" / "published.csv", lambda rows: [])
    return project


def publish(project: Project, area: str, period: str, **values: str) -> None:
    """Published values of an area for a period."""
    rows = [
        {"area_code": CODES[area], "period": period, "indicator": name, "value": value, "status": "official"}
        for name, value in values.items()
    ]
    add(project.data / "air" / "published.csv", *[{**row, "source_id": "gz-annual-2024"} for row in rows])


def air(project: Project, area: str = "tianhe", year: int = 2024, language: str = "zh") -> Air:
    return Air.open(area, year, language, project)


def said(block: Block) -> list[str]:
    return [joined(sentence) for sentence in block.as_json()["content"]["sentences"]]


# --- which parts there are ------------------------------------------------------------------------


def test_periods_are_those_inside_the_year_and_shorter_than_it(project: Project) -> None:
    for period in ("2024", "2024-03", "2024-01/2024-09", "2024-01-01/2024-11-28", "2023-12/2024-03", "2023-05"):
        publish(project, "tianhe", period, pm2_5="20")
    chapter = air(project)
    assert chapter.parts_of_year == ["2024-03", "2024-01/2024-09", "2024-01-01/2024-11-28"]
    assert not chapter.is_partial  # the year itself is published


def test_a_year_of_days_is_not_a_partial_one_whatever_else_is_published(tmp_path: Path) -> None:
    project = small_project(tmp_path, districts=("tianhe",))
    edit(project.data / "air" / "published.csv", lambda rows: [])
    publish(project, "tianhe", "2024-03", pm2_5="20")
    chapter = air(project)
    assert (chapter.parts_of_year, chapter.is_partial) == (["2024-03"], False)


@pytest.fixture
def partial(project: Project) -> Project:
    """Two months and nine months together of one district, one month of another, nothing of the third."""
    publish(project, "tianhe", "2024-03", **SIX, good_days_ratio="96.8")
    publish(project, "tianhe", "2024-05", good_days_ratio="93.5")
    publish(project, "tianhe", "2024-01/2024-09", **{**SIX, "pm2_5": "36"}, good_days_ratio="95.0")
    publish(project, "nansha", "2024-03", **SIX, good_days_ratio="90.3")
    return project


def test_the_answer_says_which_parts_were_published_and_that_the_year_was_not(partial: Project) -> None:
    assert said(air(partial).answer())[:2] == [
        "2024年，天河区在12个月中有2个月发布了数字（3月、5月），另有累计数字（2024年1月—9月）；"
        "全年的数字没有发布，这一年是否达标无法判定。",
        "2024年1月—9月：优良天数比例95.0%，PM2.5平均36微克/立方米，O3第90百分位数80微克/立方米。",
    ]
    english = said(air(partial, language="en").answer())[0]
    assert english.startswith("For 2024, figures of Tianhe District were published for 2 of 12 months (Mar, May)")
    assert "The year's figures were not published" in english


def test_a_part_of_a_year_is_never_judged_however_high(partial: Project) -> None:
    rows = table(air(partial).pollutants())
    assert [row["value"] for row in rows if row["parameter"].endswith("PM2.5")] == ["36微克/立方米"]  # limit: 35
    assert {row["verdict"] for row in rows} == {"数据不足，无法判定"}


def test_months_that_were_not_published_are_gaps_in_the_table_and_in_the_line(partial: Project) -> None:
    block = air(partial).months()
    rows = table(block)
    assert len(rows) == 12
    assert [row["month"] for row in rows if row["good_days_ratio"] != "—"] == [
        "2024年3月",
        "2024年5月",
    ]
    values = [row for row in _values(block.content["chart"].wide) if "step" in row and "PM2.5" in row["panel"]]
    assert [row["value"] for row in values] == [None, None, 15.0, *[None] * 9]


def _values(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The records a specification draws."""
    return list(spec["data"]["values"])


def test_cumulative_values_are_those_published_and_never_made_of_months(partial: Project) -> None:
    (row,) = table(air(partial).periods())
    assert (row["period"], row["pm2_5"], row["o3_8h_p90"]) == ("2024年1月—9月", "36微克/立方米", "80微克/立方米")
    publish(partial, "nansha", "2024-04", **SIX)
    assert said(air(partial, "nansha").periods()) == []


def test_what_needs_days_or_a_year_says_so_and_draws_nothing(partial: Project) -> None:
    chapter = air(partial)
    for name in ("calendar", "percentiles", "primaries", "years", "completeness", "next_standard"):
        block = getattr(chapter, name)()
        assert block.kind == "statement", name
        assert not block.figures, name
    assert said(chapter.calendar()) == ["没有发布这一年的逐日数据。"]
    assert said(chapter.percentiles()) == []


def test_a_district_without_anything_says_just_that(partial: Project) -> None:
    chapter = air(partial, "conghua")
    assert not chapter.is_partial
    for name in ("answer", "calendar", "pollutants", "months", "years", "completeness"):
        assert said(getattr(chapter, name)()) == ["从化区2024年的空气质量数据尚未公开。"]


def test_a_break_before_the_year_is_said_beside_its_months(project: Project) -> None:
    publish(project, "tianhe", "2020-03", **SIX)
    assert "2020 年初" in notes(air(project, year=2020).months())


# --- places ---------------------------------------------------------------------------------------


@pytest.fixture
def ranked(project: Project) -> Project:
    """Three districts in March: two with equal good days and PM2.5, the third with fewer good days."""
    for area, good_days, rank in (("tianhe", "96.8", "1"), ("nansha", "96.8", "2"), ("conghua", "90.3", "3")):
        publish(project, area, "2024-03", **SIX, good_days_ratio=good_days, good_days_ratio_rank=rank)
    return project


def test_places_are_recomputed_beside_the_published_ones_and_ties_share_them(ranked: Project) -> None:
    block = air(ranked).ranking()
    rows = table(block)
    assert [(row["area"], row["rank"], row["rank_recomputed"]) for row in rows] == [
        ("天河区", "1", "1"),
        ("南沙区", "2", "1"),
        ("从化区", "3", "3"),
    ]
    assert "南沙区：发布的名次是2，按这里的规则重算是1。" in notes(block)
    assert {row["index_recomputed"] for row in rows} == {INDEX_OF_SIX}


def test_equal_good_days_are_told_apart_by_pm2_5(ranked: Project) -> None:
    edit(
        ranked.data / "air" / "published.csv",
        lambda rows: [
            {**row, "value": "14"} if (row["area_code"], row["indicator"]) == (CODES["nansha"], "pm2_5") else row
            for row in rows
        ],
    )
    chapter = air(ranked, "nansha")
    rank = chapter.recomputed_rank("2024-03")
    assert text(rank) == "1"
    assert text(air(ranked).recomputed_rank("2024-03")) == "2"
    assert rank.derivation["first"] == "largest"
    assert rank.derivation["then"][0] == "2024/nansha/air#pm2_5_2024_03"


def test_where_the_index_was_published_it_decides_and_is_recomputed(ranked: Project) -> None:
    for area, index in (("tianhe", "2.12"), ("nansha", "2.11"), ("conghua", "2.11")):
        publish(ranked, area, "2024-03", composite_index=index)
    chapter = air(ranked)
    rows = {row["area"]: row for row in table(chapter.ranking())}
    assert rows["天河区"]["composite_index"] == "2.12"
    assert rows["天河区"]["index_recomputed"] == INDEX_OF_SIX
    assert [rows[name]["rank_recomputed"] for name in ("南沙区", "从化区", "天河区")] == ["1", "1", "3"]


def test_districts_are_compared_in_the_latest_period_that_most_of_them_have(ranked: Project) -> None:
    publish(ranked, "tianhe", "2024-01/2024-03", good_days_ratio="97.0")
    assert air(ranked).common == "2024-03"
    publish(ranked, "nansha", "2024-01/2024-03", good_days_ratio="97.0")
    publish(ranked, "conghua", "2024-01/2024-03", good_days_ratio="97.0")
    assert air(ranked).common == "2024-01/2024-03"
    publish(ranked, "tianhe", "2024-04", good_days_ratio="99.0")
    assert air(ranked).common == "2024-01/2024-03"  # one district alone is no comparison


# --- the overview ---------------------------------------------------------------------------------


def test_the_overview_shows_the_part_and_names_it(partial: Project) -> None:
    overview = Overview.open("tianhe", 2024, "zh", partial)
    assert "环境空气：2024年1月—9月优良天数比例95.0%；2024年全年的数字没有发布。" in said(overview.answer())
    cards = {card["label"]: joined(card["value"]) for card in overview.cards().as_json()["content"]["cards"]}
    assert cards["PM2.5平均浓度（2024年1月—9月）"] == "36微克/立方米"
    tiles = overview.tiles().as_json()
    assert joined(tiles["title"]) == "各区域优良天数比例（2024年3月）"
    assert {tile["name"]: joined(tile["value"]) for tile in tiles["content"]["tiles"]} == {
        "天河区": "96.8%",
        "南沙区": "90.3%",
        "从化区": "—",
    }
