"""The climate chapter on few, hand-made rows: every expected number here was worked out by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import html

from projects import CODES, Row, add, blocks_of, edit, small_project, write
from reportkit.blocks import Block, render
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY, Disclosure
from reportkit.chapters.climate import Climate
from reportkit.project import Project
from shown import joined, text

ORIGIN = {"status": "demonstration", "source_id": "demo-climate"}
MADE = ("energy", "output", "assigned", "market_units", "ghg_monitoring", "adaptation", "published")


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    """The city and two districts, and nothing of this chapter."""
    project = small_project(tmp_path, districts=("liwan", "conghua"), data_years=())
    for name in MADE:
        write(project.data / f"climate/{name}.csv", [])
    return project


@pytest.fixture
def project(bare: Project) -> Project:
    """A district's energy of three years.

    In 2024: coal 90,000 t x 1.9003 = 17.1027; gas 1,000 (10,000 m³) x 2.1622 = 2.1622; power 10,000 (10,000 kWh) x
    0.5306 = 5.3060 (10,000 t); 500,000 t of coal in heat and power works, 95.0150, stand apart.
    """
    use(bare, 2022, ("industry", "coal", "110000"), ("industry", "power", "10000"))
    use(bare, 2023, ("industry", "coal", "100000"), ("industry", "power", "10000"))
    use(bare, 2024, ("industry", "coal", "90000"), ("households", "gas", "1000"), ("industry", "power", "10000"))
    use(bare, 2024, ("plants", "coal", "500000"))
    grow(bare, ("2022", "45.00"), ("2023", "50.00"), ("2024", "60.00"))
    return bare


UNITS = {"gas": "10k m3", "power": "10k kWh"}


def use(project: Project, year: int, *used: tuple[str, str, str], area: str = "liwan") -> None:
    """Add what an area used in a year: sector, carrier, amount."""
    same = {"area_code": CODES[area], "year": str(year), **ORIGIN}
    rows = [
        {**same, "sector": sector, "carrier": carrier, "amount": amount, "unit": UNITS.get(carrier, "t")}
        for sector, carrier, amount in used
    ]
    add(project.data / "climate/energy.csv", *rows)


def grow(project: Project, *years: tuple[str, str], area: str = "liwan") -> None:
    """Add the output of years, each with a hundred thousand people."""
    rows = [
        {"area_code": CODES[area], "year": year, "output_100m_yuan": output, "people_10k": "10.00", **ORIGIN}
        for year, output in years
    ]
    add(project.data / "climate/output.csv", *rows)


def assign(project: Project, level: str, due: str = "2025", change: str = "-20.0") -> None:
    """Give the district a level of 2020 and a cut of carbon dioxide per unit of GDP."""
    same = {"area_code": CODES["liwan"], "indicator": "co2_per_gdp", **ORIGIN}
    first = {**same, "year": "2020", "change_pct": "0.0", "intensity": level}
    add(project.data / "climate/assigned.csv", first, {**same, "year": due, "change_pct": change})


def publish(project: Project, period: str, indicator: str, value: str, unit: str, **more: str) -> None:
    row: Row = {"area_code": CODES["liwan"], "period": period, "indicator": indicator, "value": value, "unit": unit}
    add(project.data / "climate/published.csv", {**row, "status": "official", "source_id": "gz-annual-2024", **more})


def climate(project: Project, area: str = "liwan", language: str = "zh", year: int = 2024) -> Climate:
    return Climate.open(area, year, language, project)


def said(block: Block) -> str:
    return "".join(map(joined, block.as_json()["content"]["sentences"]))


def table(block: Block) -> list[list[str]]:
    content = block.as_json()["content"]
    rows = (content.get("chart") or content)["table"]["rows"]
    return [
        [it if isinstance(it, str) else joined(it) if isinstance(it, list) else it["text"] for it in row]
        for row in rows
    ]


def notes(block: Block) -> str:
    return "".join(map(joined, block.as_json()["notes"]))


# --- totals ---------------------------------------------------------------------------------------


def test_direct_and_indirect_emissions_stand_apart_and_add_up_without_heat_and_power_works(project: Project) -> None:
    chapter = climate(project)
    assert text(chapter.part("direct")) == "19.26"  # 17.1027 + 2.1622
    assert text(chapter.part("electricity")) == "5.31"
    assert text(chapter.part("plants")) == "95.02"
    assert text(chapter.co2()) == "24.57"  # 24.5709


def test_each_year_has_its_own_factor_of_the_grid(project: Project) -> None:
    """10,000 x 10,000 kWh at 0.5366 in 2022, at 0.5306 in 2023, and in 2024 still at that of 2023."""
    chapter = climate(project)
    assert [text(chapter.part("electricity", year)) for year in (2022, 2023, 2024)] == ["5.37", "5.31", "5.31"]
    assert "用的是此前最新的2023年因子" in notes(chapter.factors_used())
    assert "此前最新" not in notes(climate(project, year=2023).factors_used())


def test_energy_is_added_in_coal_equivalent_without_heat_and_power_works(project: Project) -> None:
    """Coal 90,000 t x 0.7143 = 6.4287; gas 1.3300; power 1.2290 (10,000 t of coal equivalent)."""
    assert text(climate(project).energy()) == "8.99"
    assert "热电企业烧的燃料不加进能源消费总量" in notes(climate(project).intensity())


def test_per_gdp_and_per_head_are_of_the_printed_totals(project: Project) -> None:
    chapter = climate(project)
    assert text(chapter.co2_per_gdp()) == "0.4095"  # 24.57 / 60.00
    assert text(chapter.co2_per_gdp(2023)) == "0.4862"  # 24.31 / 50.00
    assert text(chapter.energy_per_gdp()) == "0.1498"  # 8.99 / 60.00
    assert text(chapter.co2_per_head()) == "2.46"


def test_the_city_without_rows_of_its_own_is_the_sum_of_its_districts_and_says_so(project: Project) -> None:
    use(project, 2024, ("industry", "coal", "10000"), area="conghua")
    city = climate(project, "guangzhou")
    assert text(city.co2()) == "26.47"  # 24.5709 + 1.9003
    assert "各区之和" in notes(city.emitted())
    use(project, 2024, ("other", "coal", "200000"), area="guangzhou")
    own = climate(project, "guangzhou")
    assert text(own.co2()) == "38.01"
    assert "自己的能源数据" in notes(own.emitted())


def test_what_was_published_officially_is_printed_instead(project: Project) -> None:
    publish(project, "2024", "co2", "30.5", "10k t CO2")
    chapter = climate(project)
    assert (text(chapter.co2()), chapter.co2().status) == ("30.5", "official")
    assert text(chapter.co2_per_gdp()) == "0.5083"


# --- cuts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "cut", "verdict"),
    [
        ("0.5000", "-18.1", "on_track"),  # the path asks for 16
        ("0.4875", "-16.0", "on_track"),  # just that
        ("0.4870", "-15.9", "behind"),
        ("0.5200", "-21.2", "met_early"),
        ("0.4000", "2.4", "behind"),
    ],
)
def test_a_cut_is_held_against_the_straight_path_to_the_assigned_one(
    project: Project, level: str, cut: str, verdict: str
) -> None:
    assign(project, level)
    chapter = climate(project)
    assert text(chapter.path("co2_per_gdp")) == "-16.00"
    assert text(chapter.cut("co2_per_gdp", 2024)) == cut
    assert text(chapter.verdict("co2_per_gdp")) == verdict


@pytest.mark.parametrize(("level", "verdict"), [("0.5200", "met"), ("0.5000", "missed")])
def test_in_the_target_year_its_value_decides(project: Project, level: str, verdict: str) -> None:
    assign(project, level, due="2024")
    assert text(climate(project).verdict("co2_per_gdp")) == verdict


def test_without_an_assigned_cut_nothing_is_judged(project: Project) -> None:
    assert said(climate(project).cuts()) == "没有找到公开下达给荔湾区的下降目标，无法判断。"


def test_the_answer_says_how_much_whether_it_falls_and_where_it_stands(project: Project) -> None:
    assign(project, "0.5000")
    answer = said(climate(project).answer())
    assert "荔湾区2024年能源活动排放24.57万吨二氧化碳" in answer
    assert "总量比上年增加1.1%" in answer  # 24.57 against 24.31
    assert "比2020年下降18.1%，下达的目标是到2025年下降20.0%：符合进度" in answer
    assert "这里的目标是示例，不是真实下达的" in answer
    english = said(climate(project, language="en").answer())
    assert "has fallen by 18.1% since 2020; the cut assigned is 20.0% by 2025: on track." in english


def test_what_of_a_cut_is_the_factor_of_the_grid_is_said(project: Project) -> None:
    """With 0.5366 of 2022 throughout: 19.2649 + 5.3660 = 24.6309; / 60.00 = 0.4105, 17.9 % below 0.5000."""
    assign(project, "0.5000")
    found = notes(climate(project).cuts())
    assert "累计下降18.1%，其中一部分来自电网因子的变化：若一直用2022年的因子（0.5366" in found
    assert "2024年比2020年累计下降17.9%" in found
    assert "没有2020年的电网因子；示例的2020年水平按2022年的因子算。" in found
    publish(project, "2024", "co2", "30.5", "10k t CO2")
    assert "电网因子" not in notes(climate(project).cuts())


def test_the_rest_is_not_taken_for_services_alone(project: Project) -> None:
    assert "名录以外的工业企业也都在内" in notes(climate(project).sectors())


def test_a_text_alternative_names_no_carrier_without_a_value(project: Project) -> None:
    alternative = joined(climate(project).emitted().as_json()["content"]["chart"]["alternative"])
    assert "2024年：煤17.10万吨二氧化碳、天然气2.16万吨二氧化碳、用电（间接）5.31万吨二氧化碳。" in alternative


# --- factors --------------------------------------------------------------------------------------


def test_other_factors_of_the_grid_are_shown_beside(project: Project) -> None:
    rows = table(climate(project).other_factors())
    assert [row[-1] for row in rows] == [
        "5.31万吨二氧化碳",
        "6.10万吨二氧化碳",
        "4.04万吨二氧化碳",
        "4.40万吨二氧化碳",
    ]
    assert [row[-2] for row in rows] == ["读自报道或转载"] * 3 + ["未对照原文"]
    assert "所在省平均的二氧化碳因子：未对照原文，公告的表没有读到" in notes(climate(project).other_factors())


def test_every_factor_says_where_it_stands_and_whether_it_was_checked(project: Project) -> None:
    chapter = climate(project)
    rows = table(chapter.factors_used())
    of_the_grid = [row[2:4] for row in rows if row[:2] == ["二氧化碳", "电力"]]
    assert of_the_grid == [["0.5306千克二氧化碳/千瓦时", "2023"], ["0.5366千克二氧化碳/千瓦时", "2022"]]
    assert len(rows) == 12 + len(of_the_grid) - 1
    assert {row[-1] for row in rows if row[0] == "折标准煤"} == {"未对照原文"}
    assert {row[-1] for row in rows if row[0] == "二氧化碳"} == {"读自报道或转载"}
    found = notes(climate(project).factors_used())
    assert "电力（2023年）的二氧化碳因子：数值读自新闻报道，https://www.163.com" in found
    assert "原煤、天然气、柴油、汽油、液化石油气的二氧化碳因子：一张没有写明发布单位的参考因子表" in found
    assert "names no publisher" in notes(climate(project, language="en").factors_used())


# --- the market, monitoring, adaptation -------------------------------------------------------------


def test_units_of_the_market_are_counted_with_those_on_time(project: Project) -> None:
    unit = {"name_zh": "示例企业", "name_en": "Demo enterprise", "area_code": CODES["liwan"], "market": "pilot"}
    amounts = {"verified_t": "1000", "allowance_t": "900", "surrendered_t": "1000"}
    add(
        project.data / "climate/market_units.csv",
        {**unit, **amounts, **ORIGIN, "unit_id": "DEMO-C-1", "year": "2024", "is_on_time": "true"},
        {**unit, **amounts, **ORIGIN, "unit_id": "DEMO-C-2", "year": "2024", "is_on_time": "false"},
        {**unit, **amounts, **ORIGIN, "unit_id": "DEMO-C-2", "year": "2023", "is_on_time": "false"},
    )
    chapter = climate(project)
    assert (text(chapter.units()), text(chapter.units(is_on_time=True))) == ("2", "1")
    assert (text(chapter.on_time_share()), text(chapter.market_verified())) == ("50.0", "2000")
    assert [row[-1] for row in table(chapter.market())] == ["是", "否"]
    assert said(climate(project, "conghua").market()) == "没有找到从化区2024年有哪些企业纳入碳市场。"


def test_a_unit_without_an_allowance_has_no_bar(project: Project) -> None:
    unit = {"name_zh": "示例企业", "name_en": "Demo enterprise", "area_code": CODES["liwan"], "market": "pilot"}
    amounts = {"verified_t": "1000", "surrendered_t": "1000", "year": "2024", "is_on_time": "true"}
    given = ({"unit_id": f"DEMO-C-{number}", "allowance_t": number} for number in ("0", "900"))
    add(project.data / "climate/market_units.csv", *({**unit, **amounts, **ORIGIN, **it} for it in given))
    block = climate(project).market()
    assert len(table(block)) == 2
    assert set(re.findall(r'"percent": ([\d.]+)', json.dumps(block.content["chart"].wide))) == {"111.1"}


def test_a_point_shows_its_change_against_last_year(project: Project) -> None:
    point = {"point_id": "DEMO-G-1", "name_zh": "示例监测点", "name_en": "Demo point", "kind": "urban", "days": "350"}
    for year, co2, ch4 in (("2023", "430.2", "2100"), ("2024", "433.0", "2109")):
        row = {**point, "area_code": CODES["liwan"], "year": year, "co2_ppm": co2, "ch4_ppb": ch4, **ORIGIN}
        add(project.data / "climate/ghg_monitoring.csv", row)
    ((_, _, co2, more, ch4, more_ch4, days),) = table(climate(project).monitoring())
    assert (co2, more, ch4, more_ch4, days) == ("433.0ppm", "2.8ppm", "2,109ppb", "9ppb", "350天")
    assert "没有找到从化区2024年温室气体监测点的数据" in said(climate(project, "conghua").monitoring())


def test_the_sponge_share_is_of_the_built_up_area(project: Project) -> None:
    same = {"area_code": CODES["liwan"], "year": "2024", "unit": "km2", **ORIGIN}
    add(
        project.data / "climate/adaptation.csv",
        {**same, "measure": "sponge_area", "value": "12.50"},
        {**same, "measure": "built_area", "value": "50.00"},
    )
    assert text(climate(project).sponge_share(2024)) == "25.0"


# --- earlier years --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """What is shipped, of the city and two districts."""
    return small_project(tmp_path_factory.mktemp("climate"), districts=("liwan", "conghua"), data_years=())


def test_published_cuts_are_compounded_and_held_against_the_levels(shipped: Project) -> None:
    """Cuts of 4.62, 4.44, 4.56, 4.01 and 4.6 % come to 20.34 %; 0.621 against 0.782 is 20.6 % less."""
    block = climate(shipped, "guangzhou").history()
    assert "累计下降20.34%；由首尾两个水平算得20.6%" in notes(block)
    assert [row[0] for row in table(block)] == ["2001", "2005", "2006", "2007", "2008", "2009", "2010"]
    assert block.as_json()["status"] == "provisional"


def test_a_district_says_what_it_was_called_and_its_history_is_not_in_todays_series(shipped: Project) -> None:
    chapter = climate(shipped, "conghua")
    level = "从化区2010年单位地区生产总值能耗为0.5951吨标准煤/万元（当时的口径）。"
    assert said(chapter.history()) == f"{level}2006年至2010年累计下降20.8%。"
    assert "当时为从化市" in notes(chapter.history())
    assert "2010" not in [row[0] for row in table(chapter.intensity())]


def test_the_rain_of_each_published_year_stands_beside_what_is_done_about_it(shipped: Project) -> None:
    """Yearbook 2022, table 5-10: 1812.71 mm in 2020, 1392.46 mm in 2021; of the city alone."""
    said_of = notes(climate(shipped, "guangzhou").adaptation())
    assert "2020年全市降水量为1,812.71毫米。" in said_of
    assert "2021年全市降水量为1,392.46毫米。" in said_of
    assert "降水量" not in notes(climate(shipped, "conghua").adaptation())


def test_a_change_of_energy_says_its_direction(project: Project) -> None:
    publish(project, "2008", "energy_per_gdp_then", "0.7", "tce/10k yuan")
    publish(project, "2008", "energy_change", "7.2", "%")
    publish(project, "2009", "energy_change", "-1.5", "%")
    found = notes(climate(project).history())
    assert "2008年能源消费比上年增长7.2%。" in found
    assert "2009年能源消费比上年下降1.5%。" in found


def test_a_merged_district_is_in_no_row_of_todays_areas() -> None:
    from projects import REPO, read

    rows = [row for row in read(REPO / "data/climate/published.csv") if row["area_code"] == "440112"]
    assert {row["value"] for row in rows} == {"0.7366", "20.7"}
    assert all("不含2014年并入" in row["remark_zh"] for row in rows)


# --- what is missing, and what is disclosed ---------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_area_without_rows_says_so_in_every_block(bare: Project, language: str) -> None:
    blocks = blocks_of(bare, "liwan", 2024, language, Climate)
    assert {block.kind for block in blocks} == {"statement"}
    assert all(said(block) for block in blocks)


def test_what_is_missing_is_told_by_what_is_there(project: Project, bare: Project) -> None:
    """Energy is invented, and nothing is known of the others; what is published is named no more."""
    missing = said(climate(project).missing())
    named = "二氧化碳排放量、单位地区生产总值二氧化碳排放、能源消费总量"
    assert f"没有找到公布的2024年数字、本页用示例的：{named}" in missing
    assert "没有任何数据的：下达的下降目标、碳市场重点排放单位、温室气体监测、适应气候变化的措施" in missing
    assign(project, "0.5000")
    publish(project, "2024", "co2", "30.5", "10k t CO2")
    publish(project, "2024", "energy", "20.5", "10k tce", status="provisional")
    missing = said(climate(project).missing())
    assert "二氧化碳排放量、" not in missing
    assert "只有转引、没有找到主管部门发布的：能源消费总量。" in missing
    assert "本页用示例的：单位地区生产总值二氧化碳排放、单位地区生产总值能耗、下达的下降目标。" in missing
    assert "what is done to adapt" in said(climate(project, language="en").missing())


def test_demonstration_does_not_count_as_disclosed(project: Project) -> None:
    assert climate(project).disclosure("Q8").state == NOT_DISCLOSED
    publish(project, "2024", "co2", "30.5", "10k t CO2")
    assert climate(project).disclosure("Q8").state == PARTLY
    for name, unit in (("co2_per_gdp", "t CO2/10k yuan"), ("energy_per_gdp", "tce/10k yuan")):
        publish(project, "2024", name, "0.5", unit)
    assert climate(project).disclosure("Q8").state == DISCLOSED


def test_what_is_published_of_a_part_of_the_year_discloses_it_partly(project: Project) -> None:
    publish(project, "2024-01/2024-06", "co2", "15.5", "10k t CO2")
    assert climate(project).disclosure("Q8") == Disclosure("Q8", PARTLY, 2024)


def test_districts_are_compared_and_those_without_a_value_are_named(project: Project) -> None:
    block = climate(project, "conghua").per_head()
    assert [row[0] for row in table(block)] == ["广州市", "荔湾区"]
    assert "从化区" in notes(block)


def test_the_headline_is_the_total_and_nothing_where_nothing_is_known(project: Project) -> None:
    assert "24.57" in "".join(str(getattr(it, "value", it)) for it in climate(project).headline().sentence)
    assert climate(project, "conghua").headline().cards == ()


def test_text_from_the_tables_stays_text(project: Project) -> None:
    hostile = "<script>alert(1)</script>"
    publish(project, "2010", "energy_per_gdp_then", "0.6", "tce/10k yuan", remark_zh=hostile, remark_en=hostile)
    assert hostile in notes(climate(project).history())
    page = html.fromstring(str(render(climate(project).history().as_json())))
    assert hostile in page.text_content()
    assert page.xpath("//script") == []
    edit(project.data / "climate/published.csv", lambda rows: [row | {"remark_zh": ""} for row in rows])
    assert hostile not in notes(climate(project).history())
