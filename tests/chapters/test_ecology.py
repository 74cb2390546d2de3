"""The ecology chapter: figures worked by hand, official ones first, verdicts with their rule, gaps that are said."""

from __future__ import annotations

from pathlib import Path

import pytest

from projects import CODES, add, blocks_of, edit, small_project, write
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY
from reportkit.chapters.ecology import Ecology
from reportkit.chapters.ecology_figures import ASKED
from reportkit.project import Project
from reportkit.verify import ecology as verify
from shown import joined, notes, said, table

TABLES = (
    *("published", "land", "greenery", "red_lines", "sites", "site_checks"),
    *("quality", "species", "alien_species", "restoration"),
)
MADE_UP = {"status": "demonstration", "source_id": "demo-ecology"}
LIWAN, TIANHE, CITY = CODES["liwan"], CODES["tianhe"], CODES["guangzhou"]


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    """The city and two districts, without any rows of this chapter."""
    project = small_project(tmp_path / "project", districts=("liwan", "tianhe"), data_years=())
    for name in TABLES:
        write(project.data / "ecology" / f"{name}.csv", [])
    return project


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped tables, of the city and three districts."""
    folder = tmp_path_factory.mktemp("ecology")
    return small_project(folder, districts=("liwan", "nansha", "conghua"), data_years=())


def put(project: Project, name: str, *rows: dict[str, str]) -> None:
    add(project.data / "ecology" / f"{name}.csv", *[MADE_UP | row for row in rows])


def land(project: Project, code: str, year: int, **hectares: int) -> None:
    rows = [{"area_code": code, "year": str(year), "use": use, "area_hm2": str(n)} for use, n in hectares.items()]
    put(project, "land", *rows)


def red_line(project: Project, code: str, year: int, area: int, nature: str = "land") -> None:
    row = {"area_code": code, "year": str(year), "nature": nature, "area_km2": str(area)}
    put(project, "red_lines", row | {"function": "coast" if nature == "sea" else "biodiversity"})


def index(project: Project, code: str, **eqi: str) -> None:
    put(project, "quality", *[{"area_code": code, "year": year[1:], "eqi": value} for year, value in eqi.items()])


def publish(project: Project, indicator: str, value: str, year: str = "2024", **more: str) -> None:
    row = {
        "area_code": LIWAN,
        "item_id": "Q6",
        "indicator": indicator,
        "name_zh": "例子",
        "name_en": "Example",
        "year": year,
        "value": value,
        "unit": "%",
        "status": "official",
        "source_id": "gz-annual-2014",
    }
    add(project.data / "ecology" / "published.csv", row | more)


def ecology(project: Project, area: str = "liwan", language: str = "zh", year: int = 2024) -> Ecology:
    return Ecology.open(area, year, language, project)


# --- without data ---------------------------------------------------------------------------------


@pytest.mark.parametrize("area", ["liwan", "guangzhou"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_area_without_rows_says_so_in_every_block(bare: Project, area: str, language: str) -> None:
    chapter = ecology(bare, area, language)
    assert not chapter.has_values
    assert (
        said(chapter.answer())
        == {
            "zh": f"{chapter.name()}2024年的生态数据尚未公开。",
            "en": f"No data on ecology have been disclosed for {chapter.name()} in 2024.",
        }[language]
    )
    blocks = blocks_of(bare, area, 2024, language, Ecology)
    assert {block.kind for block in blocks} == {"statement"}
    assert all(block.as_json()["content"]["sentences"] for block in blocks)
    assert chapter.disclosure("Q6").state == NOT_DISCLOSED
    assert not chapter.headline().cards


def test_what_is_missing_is_named(bare: Project) -> None:
    index(bare, LIWAN, y2024="39.18")
    text = said(ecology(bare).missing())
    assert "只有示例数据、没有官方数据的：生态质量。" in text
    assert "没有任何数据的：生态保护红线面积、自然保护地、森林覆盖率、物种记录、外来入侵物种、生态修复。" in text
    assert "坐标" in text


def test_what_was_published_of_other_years_is_not_said_to_be_invented_alone(shipped: Project) -> None:
    """Species and improved forests were reported of 2023; nothing of them of 2024."""
    for area in ("guangzhou", "conghua"):
        text = said(ecology(shipped, area).missing())
        assert "2024年没有官方数据，但广州市别的年份或其中一部分有已发布的数字（见上表）的：" in text
        only_invented = text.split("只有示例数据、没有官方数据的：")[1].split("。")[0]
        assert {"物种记录", "生态修复"}.isdisjoint(only_invented.split("、"))
        assert "的：物种记录、生态修复。" in text
        assert "自然保护地" in only_invented


# --- land and forest ------------------------------------------------------------------------------


def test_forest_cover_is_forest_by_all_land(bare: Project) -> None:
    """141 of 5910 hectares are 2.386 %."""
    land(bare, LIWAN, 2024, forest=141, farmland=106, built=4680, water=886, other=97)
    chapter = ecology(bare)
    cover = chapter.forest_cover(2024)
    assert (str(cover.value), cover.unit, cover.id) == ("2.39", "%", "2024/liwan/ecology#forest_cover")
    assert cover.derivation["of"] == ["2024/liwan/ecology#land_forest", "2024/liwan/ecology#land_all"]
    (row,) = table(chapter.land_use())
    assert (row["land"], row["land_forest"], row["land_built"]) == ("5,910公顷", "2.39%", "79.19%")


def test_a_published_cover_is_printed_instead_of_the_computed_one(bare: Project) -> None:
    land(bare, LIWAN, 2024, forest=141, built=5769)
    publish(bare, "forest_cover", "3.1")
    cover = ecology(bare).forest_cover(2024)
    assert (str(cover.value), cover.status, cover.derivation["operation"]) == ("3.1", "official", "select")


def test_the_citys_cover_is_that_of_all_its_districts_land(bare: Project) -> None:
    """10 of 100 and 60 of 300 hectares are 70 of 400: 17.5 %, not the mean of 10 and 20 %."""
    land(bare, LIWAN, 2024, forest=10, built=90)
    land(bare, TIANHE, 2024, forest=60, built=240)
    city = ecology(bare, "guangzhou")
    assert str(city.forest_cover(2024).value) == "17.50"
    assert "2个区" in notes(city.land_use())
    assert said(ecology(bare).answer()).startswith("2024年荔湾区森林覆盖率为10.00%，在有数据的2个区中从高到低排第2位。")


def test_a_city_with_rows_of_its_own_is_not_added_up(bare: Project) -> None:
    land(bare, LIWAN, 2024, forest=10, built=90)
    land(bare, CITY, 2024, forest=30, built=70)
    assert str(ecology(bare, "guangzhou").forest_cover(2024).value) == "30.00"


def test_parks_are_by_residents(bare: Project) -> None:
    """900 hectares for 1,137,000 people are 7.916 m² each."""
    row = {"area_code": LIWAN, "year": "2024", "volume_10k_m3": "0.93", "planted_hm2": "0", "ancient_trees": "50"}
    put(bare, "greenery", row | {"park_green_hm2": "900", "people": "1137000"})
    green = ecology(bare).park_green_per_head(2024)
    assert (str(green.value), green.printed["zh"][0]) == ("7.92", "7.92平方米/人")


def test_the_yearbooks_parks_go_before_the_invented_ones(shipped: Project) -> None:
    """广州统计年鉴2022 表9-5: 17.33 in 2020, 17.20 in 2021."""
    city = ecology(shipped, "guangzhou")
    shown = {year: city.park_green_per_head(year) for year in (2020, 2021, 2022)}
    assert [str(shown[year].value) for year in (2020, 2021)] == ["17.33", "17.20"]
    assert [shown[year].status for year in (2020, 2021, 2022)] == ["official", "official", "demonstration"]
    assert "人均公园绿地面积中，2020、2021年的是统计年鉴等公布的数，其余年份是示例" in notes(city.forest())
    assert "其余年份是示例" not in notes(ecology(shipped).forest())


# --- red line -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "word", "sentence"),
    [(300, "red_line_kept", "面积与上年相比没有减少。"), (299, "red_line_smaller", "面积与上年相比减少。")],
)
def test_a_red_line_may_not_shrink(bare: Project, now: int, word: str, sentence: str) -> None:
    red_line(bare, LIWAN, 2023, 300)
    red_line(bare, LIWAN, 2024, now)
    chapter = ecology(bare)
    kept = chapter.red_line_kept(2024)
    assert (kept.value, kept.rules[-1].family) == (word, "ecology.red_line")
    assert said(chapter.answer()).splitlines()[0].endswith(sentence)


def test_a_first_year_is_not_judged(bare: Project) -> None:
    red_line(bare, LIWAN, 2024, 300)
    chapter = ecology(bare)
    assert chapter.red_line_kept(2024).value is None
    (row,) = table(chapter.red_lines())
    assert row["red_line_kept"] == "—"


def test_what_was_lowered_or_changed_within_the_red_line_is_told(bare: Project) -> None:
    red_line(bare, LIWAN, 2024, 300)
    assert "功能降低" not in said(ecology(bare).answer())
    harm = {"function": "coast", "nature": "sea", "area_km2": "40", "lowered_km2": "0.08", "altered_km2": "0"}
    put(bare, "red_lines", {"area_code": LIWAN, "year": "2024"} | harm)
    chapter = ecology(bare)
    assert "，功能降低的0.08平方公里，性质改变的0.00平方公里。" in said(chapter.answer())
    (row,) = table(chapter.red_lines())
    assert (row["red_line_lowered"], row["red_line_altered"]) == ("0.08平方公里", "0.00平方公里")


def test_the_sea_is_within_the_red_line_and_not_of_the_land(bare: Project) -> None:
    """1 of 10 km² of land, which are 1000 hectares, and 4 at sea: 5 in all, 10 % of the land."""
    land(bare, LIWAN, 2024, forest=200, built=800)
    red_line(bare, LIWAN, 2024, 1)
    red_line(bare, LIWAN, 2024, 4, "sea")
    chapter = ecology(bare)
    assert [str(chapter.red_line(2024).value), str(chapter.red_line_share(2024).value)] == ["5.00", "10.00"]
    assert "生态保护红线面积5.00平方公里，其中海域4.00平方公里；陆域部分占土地面积的10.00%。" in said(chapter.answer())


def test_none_drawn_is_not_the_same_as_nothing_known(bare: Project) -> None:
    red_line(bare, LIWAN, 2024, 0)
    block = ecology(bare).red_lines()
    assert said(block) == "荔湾区的生态保护红线面积为0.00平方公里，即没有划定。"
    assert [figure.status for figure in block.figures] == ["demonstration"]
    assert said(ecology(bare, "tianhe").red_lines()) == "天河区2024年没有这方面的数据。"


def test_what_the_state_council_asks_stands_on_every_page_from_2024_on(shipped: Project) -> None:
    """国函〔2024〕137号: 1429.15 km² in all, 139.78 km² at sea."""
    for area in ("guangzhou", "conghua"):
        assert "1,429.15平方公里" in said(ecology(shipped, area).answer())
        assert "139.78平方公里" in said(ecology(shipped, area).answer())
    assert "1,429.15" not in said(ecology(shipped, year=2023).answer())


# --- reserves -------------------------------------------------------------------------------------


def test_reserves_are_those_set_up_by_the_year_with_their_problems(bare: Project) -> None:
    site = {"area_code": LIWAN, "kind": "forest_park", "level": "city", "area_hm2": "420", "in_red_line_hm2": "240"}
    for number, opened in (("1", "2005"), ("2", "2025")):
        name = {"name_zh": f"示例森林公园{number}", "name_en": f"Demo forest park {number}", "opened_year": opened}
        put(bare, "sites", site | name | {"site_id": f"S-{number}"})
    check = {"site_id": "S-1", "area_code": LIWAN, "year": "2024", "patrols": "60", "open_before": "1"}
    put(bare, "site_checks", check | {"found": "3", "closed": "2", "open_after": "2"})
    chapter = ecology(bare)
    (row,) = table(chapter.reserves())
    assert row == {
        "site": "示例森林公园1",
        "kind": "市级森林公园",
        "area_hm2": "420公顷",
        "in_red_line_hm2": "240公顷",
        "checks_patrols": "60",
        "checks_found": "3",
        "checks_closed": "2",
        "checks_open_after": "2",
    }
    assert "有自然保护区和自然公园1处，共420公顷；检查发现的问题到年末还有2个没有整改完。" in said(chapter.answer())


# --- ecological quality ---------------------------------------------------------------------------


def test_the_index_has_its_class_its_change_and_their_rules(bare: Project) -> None:
    index(bare, LIWAN, y2023="55.67", y2024="58.07")
    chapter = ecology(bare)
    class_, change = chapter.quality_class(2024), chapter.quality_change(2024)
    assert [class_.value, change.value] == ["eqi_2", "eqi_moderate_better"]
    assert [class_.rules[-1].family, change.rules[-1].family] == ["ecology.class", "ecology.change"]
    assert not class_.is_verified
    assert (
        said(chapter.answer()).splitlines()[0]
        == "生态质量指数（EQI）为58.07，属二类（一类最好，五类最差），与上年相比一般变好。"
    )
    (row,) = table(chapter.quality_classes())
    assert row == {
        "area": "荔湾区",
        "eqi_2023": "55.67",
        "eqi_2024": "58.07",
        "eqi_class": "二类",
        "eqi_change": "一般变好",
    }


def test_a_page_marks_its_own_row_among_the_areas(bare: Project) -> None:
    index(bare, LIWAN, y2024="39.18")
    index(bare, TIANHE, y2024="45.56")
    index(bare, CITY, y2024="60.91")
    content = ecology(bare, "tianhe", "en").quality_classes().as_json()["content"]["chart"]["table"]
    assert content["marked"] == 2
    compared = table(ecology(bare, "tianhe", "en").quality_by_district())
    assert [row["area"] for row in compared] == ["Guangzhou", "Tianhe District", "Liwan District"]


def test_the_overview_says_cover_and_class(shipped: Project) -> None:
    headline = ecology(shipped, "conghua", "en").headline()
    assert [card.anchor for card in headline.cards] == ["land-and-forest", "ecological-quality"]
    text = "".join(part if isinstance(part, str) else part.printed["en"][0] for part in headline.sentence)
    assert text == "Forests covered 68.80% of Conghua District in 2024; the ecological quality was class 1."


# --- species and restoration ----------------------------------------------------------------------


def test_species_of_districts_are_not_added_up_to_the_citys(bare: Project) -> None:
    row = {"year": "2024", "group": "birds", "recorded": "90", "protected_1": "1", "protected_2": "12"}
    for code in (LIWAN, TIANHE):
        put(bare, "species", row | {"area_code": code, "threatened": "6"})
    assert ecology(bare, "guangzhou").species(2024).value is None
    chapter = ecology(bare)
    assert str(chapter.protected(2024).value) == "13"
    assert table(chapter.species_groups())[0] == {
        "group": "鸟类",
        "recorded": "90种",
        "protected_1": "1种",
        "protected_2": "12种",
        "threatened": "6种",
        "protected": "13种",
    }


def test_restoration_says_what_is_done_of_the_plan(bare: Project) -> None:
    """24 and 46 hectares are planned, 17 and 40 done: 57 of 70, 81.4 %."""
    for number, planned, done in (("1", "24", "17"), ("2", "46", "40")):
        row = {"project_id": f"R-{number}", "area_code": LIWAN, "kind": "wetland", "year": "2024"}
        name = {"name_zh": f"示例修复{number}", "name_en": f"Demo restoration {number}"}
        put(bare, "restoration", row | name | {"planned_hm2": planned, "done_hm2": done})
    block = ecology(bare).restoration()
    assert (
        joined(block.as_json()["content"]["chart"]["alternative"])
        == "2项工程计划修复70公顷，到2024年末累计完成57公顷，为计划的81.4%。"
    )
    assert [row["remaining"] for row in table(block)] == ["6公顷", "7公顷"]


# --- published ------------------------------------------------------------------------------------


def test_published_figures_stand_with_their_year_and_status(shipped: Project) -> None:
    rows = table(ecology(shipped, "guangzhou").published_figures())
    birds = next(row for row in rows if row["indicator"] == "其中鸟类")
    assert (birds["year"], birds["value"]) == ("2023", "307种")  # 中新网 2023-05-21
    bird = ecology(shipped, "guangzhou").value("birds", 2023)
    assert (bird.status, bird.sources) == ("provisional", ("chinanews-2023-05-21",))
    assert "没有荔湾区单独的数字" in notes(ecology(shipped).published_figures())
    greenways = next(row for row in rows if "碧道" in row["indicator"])
    assert (greenways["year"], greenways["value"]) == ("2023", "1,242公里")  # 广州日报 2024-09-30
    for area in ("guangzhou", "conghua"):
        assert "没有年份的数字不列" in notes(ecology(shipped, area).published_figures())
    assert {row["year"] for row in table(ecology(shipped, "guangzhou", year=2022).published_figures())} <= {
        "2020",
        "2021",
    }


def test_the_item_is_partly_disclosed_by_some_and_disclosed_by_all_that_is_asked(bare: Project) -> None:
    publish(bare, "red_line_floor", "1429.15")
    assert ecology(bare).disclosure("Q6").state == NOT_DISCLOSED
    publish(bare, "forest_cover", "3.1", year="2023")
    publish(bare, "forest_cover", "3.2")
    found = ecology(bare).disclosure("Q6")
    assert (found.state, found.since) == (PARTLY, 2023)
    for name in ASKED[:2] + ASKED[3:]:
        publish(bare, name, "1")
    assert ecology(bare).disclosure("Q6").state == DISCLOSED


def test_made_up_rows_disclose_nothing(shipped: Project) -> None:
    assert ecology(shipped, "conghua").disclosure("Q6").state == NOT_DISCLOSED


@pytest.mark.parametrize("area", ["guangzhou", "liwan", "nansha", "conghua"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_block_can_be_shown_for_every_area(shipped: Project, area: str, language: str) -> None:
    blocks = blocks_of(shipped, area, 2024, language, Ecology)
    assert sum(block.kind == "chart" for block in blocks) >= 11
    assert len(said(ecology(shipped, area, language).answer()).splitlines()) >= 5


# --- recomputed -----------------------------------------------------------------------------------


class Standards:
    """The tables of standards as the recomputation reads them."""

    def rows(self, name: str) -> list[dict[str, str]]:
        from projects import REPO, read

        return [dict(row) for row in read(REPO / "data" / f"{name}.csv")]


@pytest.mark.parametrize(("now", "class_"), [("70", "eqi_1"), ("69.99", "eqi_2"), ("40", "eqi_3"), ("29.99", "eqi_5")])
def test_a_class_is_recomputed(now: str, class_: str) -> None:
    entries = {"now": {"value": now, "period": "2024"}}
    assert verify.quality_class(Standards(), entries, {"of": ["now"]}) == class_  # type: ignore[arg-type]


@pytest.mark.parametrize(("now", "word"), [("60.99", "eqi_stable"), ("58", "eqi_moderate_worse"), (None, None)])
def test_a_change_is_recomputed(now: str | None, word: str | None) -> None:
    entries = {"now": {"value": now, "period": "2024"}, "before": {"value": "60", "period": "2023"}}
    derivation = {"of": ["now", "before"]}
    assert verify.quality_change(Standards(), entries, derivation) == word  # type: ignore[arg-type]


def test_a_comparison_with_another_year_than_the_last_is_found() -> None:
    entries = {"now": {"value": "300", "period": "2024"}, "before": {"value": "300", "period": "2022"}}
    with pytest.raises(ValueError, match="2022 is not the year before 2024"):
        verify.red_line(Standards(), entries, {"of": ["now", "before"]})  # type: ignore[arg-type]


def test_a_red_line_is_recomputed() -> None:
    entries = {"now": {"value": "299", "period": "2024"}, "before": {"value": "300", "period": "2023"}}
    assert verify.red_line(Standards(), entries, {"of": ["now", "before"]}) == "red_line_smaller"  # type: ignore[arg-type]


def test_rows_of_another_year_change_nothing(bare: Project) -> None:
    index(bare, LIWAN, y2024="39.18")
    first = ecology(bare).quality(2024).value
    edit(bare.data / "ecology/quality.csv", lambda rows: [*rows, rows[0] | {"year": "2022", "eqi": "10.00"}])
    assert ecology(bare).quality(2024).value == first
