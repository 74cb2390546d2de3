"""The soil chapter on few, hand-made rows: every expected number here was worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from projects import CODES, HOSTILE, Row, add, blocks_of, small_project, write
from reportkit.blocks import plain, render
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY
from reportkit.chapters.soil import Soil
from reportkit.chapters.soil_figures import COUNTRYSIDE, WANTED
from reportkit.project import Project
from reportkit.status import DEMONSTRATION
from shown import joined, notes, said, table

ORIGIN = {"status": "demonstration", "source_id": "demo-soil"}
GOOD = {"status": "official", "source_id": "gz-annual-2024"}
TABLES = ("farmland", "construction", "plots", "supervised_units", "groundwater_points", "groundwater", "countryside")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The city and two districts, without any rows of this chapter; the targets stand as shipped."""
    project = small_project(tmp_path / "project", districts=("liwan", "conghua"), data_years=())
    for name in (*TABLES, "published"):
        write(project.data / "soil" / f"{name}.csv", [])
    return project


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped tables of the city and two districts."""
    return small_project(tmp_path_factory.mktemp("soil"), districts=("liwan", "conghua"), data_years=())


def put(project: Project, name: str, *rows: Row) -> None:
    add(project.data / "soil" / f"{name}.csv", *[{**ORIGIN, **row} for row in rows])


def farmland(area: str, year: int, whole: str, polluted: str, safe: str) -> Row:
    values = {"farmland_hm2": whole, "polluted_hm2": polluted, "safely_used_hm2": safe}
    return {"area_code": CODES[area], "year": str(year), **values}


def plot(number: int, area: str = "liwan", planned: str = "residential", **days: str) -> Row:
    """A plot of ten hectares, surveyed on the first day of 2022 unless *days* say else."""
    return {
        "plot_id": f"P{number}",
        "name_zh": f"地块{number}",
        "name_en": f"Plot {number}",
        "area_code": CODES[area],
        "former_use": "plating",
        "planned_use": planned,
        "area_hm2": "10.0",
        "pollutants": "nickel",
        "measure": "remediation",
        "investigated_date": "2022-01-01",
        **{f"{step}_date": day for step, day in days.items()},
    }


def unit(number: int, year: int, area: str = "liwan", **more: str) -> Row:
    return {
        "enterprise_id": f"E{number}",
        "year": str(year),
        "name_zh": f"企业{number}",
        "name_en": f"Enterprise {number}",
        "area_code": CODES[area],
        "industry": "plating",
        "is_reported": "true",
        "is_monitored": "true",
        "last_inspected_year": str(year),
        "result": "meets",
        **more,
    }


def point(number: int, area: str = "liwan", level: str = "municipal") -> Row:
    names = {"name_zh": f"点位{number}", "name_en": f"Point {number}"}
    return {"point_id": f"G{number}", **names, "area_code": CODES[area], "level": level}


def stated(indicator: str, value: str, area: str = "liwan", year: int = 2024, **more: str) -> Row:
    names = {"name_zh": "例子", "name_en": "Example", "unit": "%"}
    known = {"area_code": CODES[area], "item_id": "Q4", "indicator": indicator, "year": str(year), "value": value}
    return {**known, **names, **GOOD, **more}


def soil(project: Project, area: str = "liwan", language: str = "zh", year: int = 2024) -> Soil:
    return Soil.open(area, year, language, project)


# --- nothing known --------------------------------------------------------------------------------


@pytest.mark.parametrize("area", ["guangzhou", "liwan"])
def test_without_rows_every_block_says_so_and_nothing_is_disclosed(project: Project, area: str) -> None:
    chapter = soil(project, area)
    assert "数据尚未公开" in said(chapter.answer())
    assert chapter.disclosure("Q4").state == NOT_DISCLOSED
    for block in blocks_of(project, area, 2024, "zh", Soil):
        assert block.kind == "statement", block.name
        assert said(block), block.name
    assert not chapter.headline().cards


def test_what_no_row_tells_is_no_nought(project: Project) -> None:
    put(project, "farmland", farmland("conghua", 2024, "100.0", "10.0", "9.0"))
    (row,) = [row for row in table(soil(project, "conghua").districts()) if row["area"] == "从化区"]
    assert (row["listed"], row["duties_share"], row["construction"]) == ("—", "—", "—")


# --- safe use -------------------------------------------------------------------------------------


def test_the_citys_rate_is_of_the_areas_added_up(project: Project) -> None:
    """9 of 10 and 90 of 90 hectares: 99 of 100, not the mean of 90 % and 100 %."""
    put(project, "farmland", farmland("liwan", 2024, "100.0", "10.0", "9.0"))
    put(project, "farmland", farmland("conghua", 2024, "900.0", "90.0", "90.0"))
    rates = {slug: str(figure.value) for slug, figure in soil(project).compared()["farmland"].items()}
    assert rates == {"guangzhou": "99.0", "liwan": "90.0", "conghua": "100.0"}


@pytest.mark.parametrize(("safe", "word"), [("93.0", "已提前达到"), ("92.9", "尚未达到"), ("100.0", "已提前达到")])
def test_the_rate_is_held_against_the_citys_target(project: Project, safe: str, word: str) -> None:
    """The city's key points of work for 2025 ask for 93 %: data/targets/targets.csv, t4_farmland_2025."""
    put(project, "farmland", farmland("liwan", 2024, "1000.0", "100.0", safe))
    chapter = soil(project, "guangzhou")
    assert f"受污染耕地安全利用率为{safe}%；与2025年全市目标93%相比：{word}。" in said(chapter.answer())
    verdict = chapter._farmland_verdict()
    assert verdict is not None
    assert verdict.derivation["held_against"] == "2024/guangzhou/soil#target_t4_farmland_2025"
    assert word in notes(chapter.safe_use_rates())


def test_a_district_is_not_judged_by_the_target_of_the_city(project: Project) -> None:
    """The chapter on targets does not judge it either."""
    put(project, "farmland", farmland("liwan", 2024, "1000.0", "100.0", "92.9"))
    chapter = soil(project)
    assert "受污染耕地安全利用率为92.9%。" in said(chapter.answer())
    assert "虚线是广州市2025年的目标93%，只作参照：没有发布各区的目标，不判断荔湾区是否达到。" in notes(
        chapter.safe_use_rates()
    )
    shown = [figure.name for block in (chapter.answer(), chapter.safe_use_rates()) for figure in block.figures]
    assert "verdict_farmland" not in shown


def test_the_change_is_said_in_percentage_points(project: Project) -> None:
    for year, safe in ((2023, "91.5"), (2024, "92.2")):
        put(project, "farmland", farmland("liwan", year, "1000.0", "100.0", safe))
    assert "，比上年高0.7个百分点。" in said(soil(project).answer())
    assert ", 0.7 percentage points more than the year before." in said(soil(project, language="en").answer())


def test_a_district_without_farmland_is_told_that_it_does_not_apply(project: Project) -> None:
    put(project, "farmland", farmland("liwan", 2024, "0.0", "0.0", "0.0"))
    put(project, "farmland", farmland("conghua", 2024, "100.0", "10.0", "9.0"))
    chapter = soil(project)
    assert "没有耕地，受污染耕地安全利用率不适用" in said(chapter.answer())
    block = chapter.countryside()
    assert said(block) == "荔湾区耕地0.0公顷，这一节不适用。"
    assert block.as_json()["status"] == DEMONSTRATION  # that there is none is as invented as how much there is
    assert "没有耕地、不适用：荔湾区" in notes(chapter.districts())
    assert [row["area"] for row in table(chapter.districts())] == ["广州市", "从化区"]


def test_a_district_without_farmland_is_compared_in_all_else(shipped: Project) -> None:
    row = table(soil(shipped).districts())[-1]
    assert (row["area"], row["districts"]) == ("荔湾区", "—")
    assert row["listed"] != "—"


def test_farmland_that_is_not_polluted_has_no_rate_and_is_not_without_farmland(project: Project) -> None:
    put(project, "farmland", farmland("liwan", 2024, "100.0", "0.0", "0.0"))
    assert "没有已知的受污染耕地" in said(soil(project).answer())
    put(project, "farmland", farmland("conghua", 2024, "100.0", "10.0", "9.0"))
    assert "没有已知的受污染耕地：荔湾区。" in notes(soil(project).districts())
    assert "不适用" not in said(soil(project).answer())


def test_an_official_rate_goes_before_the_computed_one(project: Project) -> None:
    put(project, "farmland", farmland("liwan", 2024, "1000.0", "100.0", "92.9"))
    put(project, "published", stated("farmland_safe_use_ratio", "94.25"))
    figure = soil(project).safe_use("farmland", 2024)
    assert (str(figure.value), figure.status, figure.derivation["operation"]) == ("94.25", "official", "select")


def test_the_rate_of_construction_land_is_that_of_its_area(project: Project) -> None:
    values = {"plots": "5", "plots_safe": "4", "area_hm2": "30.0", "safe_hm2": "20.0"}
    put(project, "construction", {"area_code": CODES["liwan"], "year": "2024", **values})
    assert str(soil(project).safe_use("construction", 2024).value) == "66.7"


# --- plots ----------------------------------------------------------------------------------------


@pytest.fixture
def plots(project: Project) -> Project:
    """Four plots of ten hectares: surveyed, being cleaned, built on too early, removed."""
    early = {"assessed": "2022-06-01", "listed": "2022-07-01", "works": "2023-01-01"}
    done = {"effect": "2023-08-01", "removed": "2023-09-01", "begun": "2024-02-01"}
    put(project, "plots", plot(1, investigated="2024-05-01"), plot(2, **early), plot(3, **early, begun="2024-03-01"))
    put(project, "plots", plot(4, **early, **done))
    return project


def test_the_stages_are_counted_at_the_end_of_each_year(plots: Project) -> None:
    rows = {row.pop("year"): list(row.values()) for row in table(soil(plots).register())}
    # surveyed, assessed, works, effect, removed; of these listed, and built on too early
    assert rows == {
        "2022": ["0", "3", "0", "0", "0", "3", "0"],
        "2023": ["0", "0", "2", "0", "1", "2", "0"],
        "2024": ["1", "0", "2", "0", "1", "2", "1"],
    }


def test_homes_begun_on_a_listed_plot_are_shown_and_counted(plots: Project) -> None:
    chapter = soil(plots)
    assert "2个污染地块在建设用地土壤污染风险管控和修复名录内，共20.0公顷；其中1个" in said(chapter.answer())
    uses = {row["plot"]: row["use"] for row in table(chapter.plot_list())}
    assert uses == {
        "地块1": "调查评估中",
        "地块2": "在名录内，禁建住宅",
        "地块3": "在名录内，住宅类已开工",
        "地块4": "已移出名录，可按规划用途使用",
    }


def test_with_no_plot_left_on_the_register_there_is_no_area(project: Project) -> None:
    days = {"assessed": "2022-06-01", "listed": "2022-07-01", "works": "2022-09-01", "effect": "2023-01-01"}
    put(project, "plots", plot(1, **days, removed="2023-02-01"))
    assert "没有污染地块在建设用地土壤污染风险管控和修复名录内，已有1个移出名录" in said(soil(project).answer())
    assert joined(plain(soil(project).headline().sentence, "zh")) == "年末没有污染地块在土壤污染风险管控和修复名录内。"


def test_on_the_page_of_a_year_nothing_is_known_of_later_years(plots: Project) -> None:
    chapter = soil(plots, year=2023)
    rows = {row["plot"]: row for row in table(chapter.plot_list())}
    assert set(rows) == {"地块2", "地块3", "地块4"}
    assert (rows["地块3"]["use"], rows["地块3"]["begun"]) == ("在名录内，禁建住宅", "—")


def test_a_plot_has_neither_coordinates_nor_an_address(shipped: Project) -> None:
    columns = set(table(soil(shipped).plot_list())[0])
    assert columns.isdisjoint({"longitude", "latitude", "address", "enterprise_id"})


# --- supervised units -----------------------------------------------------------------------------


def test_a_unit_lacking_one_duty_did_not_do_them_all(project: Project) -> None:
    put(project, "supervised_units", unit(1, 2024), unit(2, 2024, is_monitored="false", result=""))
    put(project, "supervised_units", unit(3, 2024, last_inspected_year="2021"), unit(4, 2024, is_reported="false"))
    chapter = soil(project)
    assert "三项义务（报告排放、自行监测、排查隐患）都做到的占25.0%" in said(chapter.answer())
    verdicts = {row["unit"]: row["duties"] for row in table(chapter.unit_list())}
    assert verdicts == {"企业1": "尽责", "企业2": "有缺项", "企业3": "有缺项", "企业4": "有缺项"}
    block = chapter.unit_list()
    results = {row["unit"]: row["result"] for row in table(block)}
    assert (results["企业1"], results["企业2"]) == ("自报未超过", "—")
    assert {rule.standard for figure in block.figures for rule in figure.rules} == {"土壤污染防治法", "GB 36600-2018"}
    assert "GB 36600-2018建设用地第二类用地筛选值" in notes(block)
    ((row),) = table(chapter.supervised())
    assert [row[name] for name in ("units", "units_reported", "units_monitored", "duties_share")] == [
        *("4", "3", "3", "25.0%"),
    ]


def test_the_reported_number_of_units_is_printed_instead_of_the_counted_one(shipped: Project) -> None:
    figure = soil(shipped, "guangzhou", year=2023).units_listed(2023)
    assert (str(figure.value), figure.status) == ("52", "provisional")


def test_hidden_dangers_are_added_up(project: Project) -> None:
    put(project, "supervised_units", unit(1, 2024, hazards_found="5", hazards_removed="3"))
    put(project, "supervised_units", unit(2, 2024, hazards_found="2", hazards_removed="2"), unit(3, 2024))
    assert "发现隐患7处，已整改5处" in notes(soil(project).supervised())


# --- groundwater ----------------------------------------------------------------------------------


@pytest.fixture
def points(project: Project) -> Project:
    """Three points: class IV by manganese and ammonia, V by manganese, II; limits as in GB/T 14848-2017."""
    put(project, "groundwater_points", point(1, level="national"), point(2, level="national"), point(3, "conghua"))
    put(
        project,
        "groundwater",
        {"point_id": "G1", "year": "2024", "ph": "7.0", "mn_mg_l": "0.30", "nh3n_mg_l": "1.20"},
        {"point_id": "G2", "year": "2024", "ph": "7.0", "mn_mg_l": "1.60", "nh3n_mg_l": "1.20"},
        {"point_id": "G3", "year": "2024", "ph": "7.0", "nh3n_mg_l": "0.08"},
    )
    return project


def test_points_are_counted_by_the_class_of_their_worst_item(points: Project) -> None:
    ((row),) = table(soil(points, "guangzhou").groundwater_classes())
    assert list(row.values()) == ["2024", "0", "1", "0", "1", "1", "2"]


def test_the_items_that_decide_are_named_with_their_values(points: Project) -> None:
    found = {row["point"]: row["items"] for row in table(soil(points, "guangzhou").groundwater_points())}
    assert found == {
        "点位1": "锰 0.30毫克/升、氨氮 1.20毫克/升",
        "点位2": "锰 1.60毫克/升",
        "点位3": "—",
    }
    counts = {row["item"]: row["points_decided"] for row in table(soil(points, "guangzhou").groundwater_items())}
    assert counts == {"锰": "2", "氨氮": "1"}


def test_the_citys_regional_points_are_held_against_the_target_and_a_districts_are_not(points: Project) -> None:
    """Of six points five are to be of class IV or better in 2025: data/targets/targets.csv, t2_groundwater_2025."""
    assert "Ⅳ类或更好的有1个；与2025年目标5个相比：尚未达到。" in said(soil(points, "guangzhou").answer())
    assert "目标" not in said(soil(points, "conghua").answer())


def test_without_bad_points_no_item_is_blamed(points: Project) -> None:
    assert "没有Ⅳ、Ⅴ类点位" in said(soil(points, "conghua").groundwater_items())


# --- countryside ----------------------------------------------------------------------------------


def test_rates_of_the_countryside(project: Project) -> None:
    """40.5 t on 100 ha are 405.0 kg a hectare; 30 of 40 villages are 75.0 %."""
    own = {"area_code": CODES["conghua"], "year": "2024"}
    put(
        project,
        "countryside",
        {**own, "indicator": "fertiliser", "part": "40.5", "whole": "100", "part_unit": "t", "whole_unit": "hm2"},
        {**own, "indicator": "sewage", "part": "30", "whole": "40", "part_unit": "1", "whole_unit": "1"},
    )
    for area in ("conghua", "guangzhou"):
        chapter = soil(project, area)
        ((row),) = table(chapter.countryside())
        assert row == {"year": "2024", "fertiliser": "405.0千克/公顷", "sewage": "75.0%"}
        assert "秸秆综合利用率" in notes(chapter.countryside())


# --- disclosure -----------------------------------------------------------------------------------


def test_it_is_disclosed_when_all_that_is_wanted_is_official(project: Project) -> None:
    put(project, "published", *(stated(name, "90.0") for name in WANTED))
    chapter = soil(project)
    assert (chapter.disclosure("Q4").state, chapter.disclosure("Q4").since) == (DISCLOSED, 2024)
    assert "都已发布" in notes(chapter.disclosed_figures())


@pytest.mark.parametrize("status", ["official", "provisional"])
def test_a_part_of_it_is_partly(project: Project, status: str) -> None:
    put(project, "published", stated("supervised_units", "5", unit="1", status=status))
    chapter = soil(project)
    assert chapter.disclosure("Q4").state == PARTLY
    assert ("重点监管单位数" in notes(chapter.disclosed_figures())) == (status == "provisional")


def test_made_up_rows_do_not_count(project: Project) -> None:
    put(project, "published", stated("supervised_units", "5", **ORIGIN))
    assert soil(project).disclosure("Q4").state == NOT_DISCLOSED


def test_nothing_of_farmland_is_wanted_where_there_is_none(project: Project) -> None:
    put(project, "farmland", farmland("liwan", 2024, "0.0", "0.0", "0.0"))
    assert set(soil(project).not_disclosed()).isdisjoint({"farmland_safe_use_ratio", *COUNTRYSIDE})


def test_the_published_figures_stand_as_printed(shipped: Project) -> None:
    found = [(row["indicator"], row["published_year"], row["value"]) for row in _published(shipped)]
    assert ("完成评审的建设用地土壤污染状况调查报告", "2022", "140") in found


def _published(project: Project) -> list[dict[str, str]]:
    return table(soil(project, "guangzhou").disclosed_figures())


def test_the_authoritys_own_words_come_first(shipped: Project) -> None:
    assert "土壤环境质量总体稳定" in said(soil(shipped).answer()).splitlines()[0]
    assert "gz-annual-2024" in [source["id"] for source in soil(shipped).answer().as_json()["sources"]]


# --- both languages, all areas --------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("area", ["guangzhou", "liwan", "conghua"])
def test_every_area_has_a_whole_page_in_both_languages(shipped: Project, area: str, language: str) -> None:
    blocks = {block.name: block for block in blocks_of(shipped, area, 2024, language, Soil)}
    assert len(blocks) == 12
    assert {name for name, block in blocks.items() if block.kind == "chart"} >= {"rates", "plots", "groundwater"}
    assert soil(shipped, area, language).headline().sentence


def test_data_that_look_like_markup_stay_text(project: Project) -> None:
    for number, text in enumerate(HOSTILE):
        put(project, "plots", {**plot(number), "name_zh": text})
    block = soil(project).plot_list()
    assert {row["plot"] for row in table(block)} == set(HOSTILE)
    page = html.fromstring(str(render(block.as_json())))
    assert all(text in page.text_content() for text in HOSTILE)
    assert page.xpath("//script|//b") == []


def test_a_source_of_invented_data_has_a_title_in_each_language(shipped: Project) -> None:
    titles = {
        language: {source["title"] for source in soil(shipped, language=language).groundwater_points().sources}
        for language in ("zh", "en")
    }
    assert titles["zh"] == {"示例土壤、地下水与农村环境数据"}
    assert titles["en"] == {"Demonstration data on soil, groundwater and the countryside"}


def test_sentences_on_groundwater_stand_apart(shipped: Project) -> None:
    answer = said(soil(shipped, "guangzhou", "en").answer()).splitlines()
    assert any(sentence.startswith("Of the regional points") for sentence in answer)


def test_where_no_unit_is_listed_it_is_not_said_that_none_is_disclosed(shipped: Project) -> None:
    assert said(soil(shipped, "conghua", "en").unit_list()).startswith("No units of Conghua")
    assert "are listed for 2024" in said(soil(shipped, "conghua", "en").unit_list())
