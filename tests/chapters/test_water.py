"""The water chapter on few, hand-made sections: every expected number here was worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import html

from projects import CODES, HOSTILE, Row, add, blocks_of, edit, small_project, write
from reportkit.blocks import Block
from reportkit.chapters import Disclosure
from reportkit.chapters.water import Water
from reportkit.project import Project
from reportkit.text import catalogue as messages
from shown import joined, notes, said, table, text

ORIGIN = {"status": "demonstration", "source_id": "demo-water"}
LIWAN, LIWAN_2, NANSHA, CONGHUA, LAKE = "L1", "L2", "N1", "C1", "C2"

# Every item at half its class III limit, oil at two fifths: class III (by lead, cyanide and phenols), and an index of
# 20 × 0.5 + 0.4 = 10.4. The pH of 8 is half the way from 7 to 9; 10 mg/L of oxygen are twice the limit.
SAMPLE = {
    "water_temp_degc": "20",
    "ph": "8",
    "do_mg_l": "10",
    "codmn_mg_l": "3",
    "cod_mg_l": "10",
    "bod5_mg_l": "2",
    "nh3n_mg_l": "0.5",
    "tp_mg_l": "0.1",
    "tn_mg_l": "2",
    "cu_mg_l": "0.5",
    "zn_mg_l": "0.5",
    "fluoride_mg_l": "0.5",
    "se_mg_l": "0.005",
    "as_mg_l": "0.025",
    "hg_mg_l": "0.00005",
    "cd_mg_l": "0.0025",
    "cr6_mg_l": "0.025",
    "pb_mg_l": "0.025",
    "cyanide_mg_l": "0.1",
    "phenol_mg_l": "0.0025",
    "oil_mg_l": "0.02",
    "las_mg_l": "0.1",
    "sulfide_mg_l": "0.1",
    "coliform_per_l": "1000",
}
# The worked trophic level of the standards' tests.
TROPHIC = {"chl_a_mg_m3": "10", "tp_mg_l": "0.05", "tn_mg_l": "1.0", "transparency_m": "1.0", "codmn_mg_l": "4.0"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The city and three districts with four sections and a reservoir, nothing measured, nothing published."""
    project = small_project(tmp_path, districts=("liwan", "nansha", "conghua"), data_years=())
    edit(project.data / "water/published.csv", lambda rows: [])
    edit(project.data / "water/series_breaks.csv", lambda rows: [])
    edit(project.data / "water/drinking_sources.csv", lambda rows: [])
    sections = [
        section(LIWAN, "liwan", "provincial"),
        section(LIWAN_2, "liwan", "municipal"),
        section(NANSHA, "nansha", "national"),
        section(CONGHUA, "conghua", "national"),
        section(LAKE, "conghua", "municipal", body="lake"),
    ]
    write(project.data / "water/sections.csv", sections)
    return project


def section(id_: str, area: str, level: str, **more: str) -> Row:
    names = {"name_zh": f"断面{id_}", "name_en": f"Section {id_}", "river_zh": "河", "river_en": "River"}
    known = {"section_id": id_, "body": "river", "level": level, "area_code": CODES[area], "target_class": "3"}
    return {**names, **known, "kind": "manual", "opened_date": "2020-01-01", **ORIGIN, **more}


def put(project: Project, id_: str, months: int = 12, year: int = 2024, **values: str) -> None:
    """Samples of a section in the first months of a year, which differ from the ordinary one in *values*."""
    rows = [{"section_id": id_, "month": f"{year}-{m:02}", **SAMPLE, **ORIGIN, **values} for m in range(1, months + 1)]
    add(project.data / f"water/section_monthly_{year}.csv", *rows)


def replace_month(project: Project, id_: str, month: str, **values: str) -> None:
    def changed(rows: list[dict[str, str]]) -> list[Row]:
        return [row | values if (row["section_id"], row["month"]) == (id_, month) else row for row in rows]

    edit(project.data / f"water/section_monthly_{month[:4]}.csv", changed)


def publish(project: Project, area: str, period: str, status: str = "official", **values: str) -> None:
    rows = [{"area_code": CODES[area], "period": period, "indicator": name, "value": v} for name, v in values.items()]
    rows = [{**row, "status": status, "source_id": "gz-annual-2024"} for row in rows]
    units = {"good_section_ratio": "%", "drinking_compliance_ratio": "%"}
    add(project.data / "water/published.csv", *[{**row, "unit": units.get(row["indicator"], "")} for row in rows])


def water(project: Project, area: str = "liwan", year: int = 2024, language: str = "zh") -> Water:
    return Water.open(area, year, language, project)


def alternative(block: Block) -> str:
    return joined(block.as_json()["content"]["chart"]["alternative"])


# --- classes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("months", "expected", "verdict"), [(8, "III", "on_target"), (7, None, "unknown")])
def test_a_year_has_a_class_from_eight_months_on(
    project: Project, months: int, expected: str | None, verdict: str
) -> None:
    put(project, LIWAN, months)
    chapter = water(project)
    assert text(chapter.section_class(LIWAN)) == expected
    assert text(chapter.section_verdict(LIWAN)) == verdict


def test_the_year_is_judged_by_its_means_and_the_month_by_itself(project: Project) -> None:
    """Eleven months at 0.5 and one at 3.0 mg/L of ammonia have mean 0.71: class III, though May is worse than V."""
    put(project, LIWAN)
    replace_month(project, LIWAN, "2024-05", nh3n_mg_l="3.0")
    chapter = water(project)
    assert text(chapter.section_class(LIWAN)) == "III"
    (row,) = (row for row in table(chapter.heatmap()) if row["section"] == "断面L1")
    assert (row["month_04"], row["month_05"]) == ("Ⅲ类", "劣Ⅴ类")
    assert text(chapter.months_over()) == "8.3"
    (pollutant,) = table(chapter.pollutants())
    assert pollutant == {"item": "氨氮", "months_over": "1", "months_main": "1", "multiple": "2.0倍"}


def test_that_nothing_was_worse_is_marked_as_invented(project: Project) -> None:
    put(project, LIWAN)
    block = water(project).pollutants()
    assert "没有一项" in said(block)
    assert block.as_json()["status"] == "demonstration"


def test_the_class_is_written_in_the_cell(project: Project) -> None:
    put(project, LIWAN)
    replace_month(project, LIWAN, "2024-05", do_mg_l="1")
    cells = water(project).heatmap().content["chart"].narrow["data"]["values"]
    marks = {(row["row"], row["column"]): row["mark"] for row in cells}
    assert marks["断面L1", "4月"] == "Ⅲ"
    assert marks["断面L1", "5月"] == "劣Ⅴ"
    assert marks["断面L2", "5月"] == ""


def test_oxygen_has_no_multiple(project: Project) -> None:
    put(project, LIWAN, do_mg_l="4")
    assert [(row["item"], row["multiple"]) for row in table(water(project).pollutants())] == [("溶解氧", "—")]


def test_a_section_that_misses_its_target_says_so_with_its_main_pollutants(project: Project) -> None:
    put(project, LIWAN, nh3n_mg_l="1.2", tp_mg_l="0.35")
    (row, _) = table(water(project).sections_table())
    assert (row["class"], row["verdict"], row["main"]) == ("Ⅴ类", "未达到目标", "总磷、氨氮")


def test_fewer_than_five_sections_are_graded_by_their_means(project: Project) -> None:
    """0.5 and 1.7 mg/L of ammonia have a mean of 1.1: class IV, lightly polluted, though one section is of class V."""
    put(project, LIWAN)
    put(project, LIWAN_2, nh3n_mg_l="1.7")
    assert text(water(project).grade()) == "grade_light"


def test_the_city_is_assessed_by_the_sections_of_nation_and_province(project: Project) -> None:
    for id_ in (LIWAN, LIWAN_2, NANSHA, CONGHUA):
        put(project, id_)
    assert text(water(project, "guangzhou").sections_judged()) == "3"
    assert text(water(project, "liwan").sections_judged()) == "2"


# --- shares -----------------------------------------------------------------------------------------------


@pytest.fixture
def two_years(project: Project) -> Project:
    """Both sections of Liwan good in 2024, one of the two in 2023."""
    for year in (2023, 2024):
        put(project, LIWAN, year=year)
    put(project, LIWAN_2)
    put(project, LIWAN_2, year=2023, nh3n_mg_l="1.2")
    return project


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "zh",
            "2024年，荔湾区评价的2个断面中，有2个水质优良（Ⅰ～Ⅲ类），占100.0%，没有劣Ⅴ类。优良比例比上年的50.0%提高50.0个百分点。",
        ),
        (
            "en",
            "In 2024, 2 of the 2 sections assessed in Liwan District had good water (classes I to III): 100.0%,"
            " and none was worse than class V. That is 50.0 percentage points more than the 50.0% of the year before.",
        ),
    ],
)
def test_the_first_sentence_says_the_good_sections(two_years: Project, language: str, sentence: str) -> None:
    assert said(water(two_years, language=language).answer()).splitlines()[0] == sentence


def test_a_published_share_is_printed_and_not_the_computed_one(two_years: Project) -> None:
    publish(two_years, "liwan", "2024", good_section_ratio="75.0")
    ratio = water(two_years).good_ratio()
    assert (text(ratio), ratio.status) == ("75.0", "official")
    sentence = said(water(two_years).answer()).splitlines()[0]
    assert sentence == "2024年，荔湾区地表水水质优良（Ⅰ～Ⅲ类）断面比例为75.0%，没有劣Ⅴ类。"  # last year's is invented


def test_published_numbers_of_sections_make_a_published_share(project: Project) -> None:
    publish(project, "guangzhou", "2024", sections_assessed="16", sections_good="12")
    ratio = water(project, "guangzhou").good_ratio()
    assert (text(ratio), ratio.status, ratio.derivation["operation"]) == ("75.0", "official", "ratio")


def test_years_of_other_sections_are_not_compared(two_years: Project) -> None:
    edit(
        two_years.data / "water/sections.csv",
        lambda rows: [row | {"opened_date": "2024-01-01"} if row["section_id"] == LIWAN_2 else row for row in rows],
    )
    chapter = water(two_years)
    assert "两年评价的断面不同，不可直接比较" in said(chapter.answer())
    block = chapter.over_years()
    assert "断面在2024年有调整（点线）" in alternative(block)
    assert "2024年起，本页新增断面：断面L2。" in notes(block)
    rows = block.content["chart"].wide["data"]["values"]
    assert {row["break_at"] for row in rows if "break_at" in row} == {"2024"}
    shares = [row for row in rows if row["panel"] == "优良断面比例（%）" and "step" in row]
    assert {row["step"]: row["segment"] for row in shares} == {"2023": 0, "2024": 1}


def test_a_year_in_which_a_section_fell_short_is_not_compared(two_years: Project) -> None:
    edit(
        two_years.data / "water/section_monthly_2024.csv",
        lambda rows: [row for row in rows if row["section_id"] != LIWAN_2 or row["month"] < "2024-08"],
    )
    chapter = water(two_years)
    assert "两年评价的断面不同" in said(chapter.answer())
    assert "数据不足无法判定的1个" in said(chapter.answer())
    assert chapter.index_change() is None
    assert "不足8个月、没有年度类别的断面：断面L2" in alternative(chapter.completeness())


def test_a_year_without_samples_has_dashes_and_no_noughts(two_years: Project) -> None:
    publish(two_years, "liwan", "2020", sections_assessed="13")
    first = table(water(two_years).over_years())[0]
    assert (first["year"], first["sections"], first["sections_worse_than_5"]) == ("2020", "13", "—")


# --- index ------------------------------------------------------------------------------------------------


def test_the_index_adds_the_means_over_their_limits(project: Project) -> None:
    put(project, LIWAN)
    put(project, LIWAN_2, nh3n_mg_l="1.5")  # the mean of 0.5 and 1.5 is at the limit: half a point more
    assert text(water(project).index()) == "10.9000"


def test_without_one_item_there_is_no_index_and_no_rank(project: Project) -> None:
    put(project, LIWAN, se_mg_l="")
    put(project, NANSHA)
    chapter = water(project)
    assert text(chapter.index()) is None
    assert list(chapter.ranked()) == ["nansha"]
    assert "没有排名（无数据、项目不全或数据有误）：荔湾区、从化区" in notes(chapter.ranking())


def test_districts_are_ranked_and_ties_share_the_place(project: Project) -> None:
    put(project, LIWAN, nh3n_mg_l="0.9")
    put(project, NANSHA)
    put(project, CONGHUA)
    places = {slug: text(water(project, slug).rank()) for slug in ("liwan", "nansha", "conghua")}
    assert places == {"liwan": "3", "nansha": "1", "conghua": "1"}


def test_the_change_of_the_index_is_from_rounded_values_and_below_nought_is_better(project: Project) -> None:
    """From 10.9 to 10.4 is 4.587 percent less."""
    put(project, LIWAN)
    put(project, LIWAN, year=2023, nh3n_mg_l="1.0")
    put(project, NANSHA)
    assert text(water(project).index_change()) == "-4.6"
    assert "比上年下降4.6%，水质变好。" in said(water(project).answer())


def test_an_index_of_other_ranked_sections_has_no_change(project: Project) -> None:
    for year in (2023, 2024):
        put(project, LIWAN, year=year)
        put(project, NANSHA, year=year)
    known = {"date": "2024-01-01", "kind": "ranked_sections", "text_zh": "调整", "text_en": "changed"}
    add(project.data / "water/series_breaks.csv", {**known, "verification": "seen", "source_id": "gz-annual-2024"})
    assert water(project).index_change() is None
    assert {row["change"] for row in table(water(project).ranking())} == {"断面有调整，不可比"}


def test_published_places_stand_beside_on_the_page_they_are_about(project: Project) -> None:
    publish(project, "conghua", "2023-01/2023-12", cwqi_rank="1")
    publish(project, "liwan", "2023-01/2023-12", cwqi_last_three="3")
    (row,) = table(water(project, "conghua").published_places())
    assert (row["period"], row["kind"], row["place"]) == ("2023年1月—12月", "前三位", "1")
    assert len(table(water(project, "guangzhou").published_places())) == 2
    assert "读到的排名通报里没有" in said(water(project, "nansha").published_places())


# --- drinking water, lakes, coast -------------------------------------------------------------------------


def drink(project: Project, area: str, level: str, *compliant: bool) -> None:
    id_ = f"{area}-{level}"
    source = {"intake_id": id_, "name_zh": "水源", "name_en": "Source", "type": "river", "level": level}
    add(project.data / "water/drinking_sources.csv", {**source, "area_code": CODES[area], **ORIGIN})
    rows = [
        {
            "intake_id": id_,
            "month": f"2024-{month:02}",
            "is_compliant": str(passed).lower(),
            "exceeding": "" if passed else "tp:0.3",
            **ORIGIN,
        }
        for month, passed in enumerate(compliant, start=1)
    ]
    add(project.data / "water/drinking_monthly.csv", *rows)


def test_the_share_of_checks_that_complied(project: Project) -> None:
    drink(project, "nansha", "city", *([True] * 11), False)
    chapter = water(project, "nansha")
    assert text(chapter.compliance()) == "91.7"
    (row,) = table(chapter.drinking())
    assert (row["checks"], row["compliance"], row["failures"]) == ("12", "91.7%", "2024-12（总磷超标0.3倍）")


def test_the_published_share_is_of_the_sources_of_the_city(project: Project) -> None:
    drink(project, "nansha", "city", True, False)
    drink(project, "nansha", "township", True)
    publish(project, "guangzhou", "2024", drinking_compliance_ratio="100")
    chapter = water(project, "guangzhou")
    assert (text(chapter.compliance()), chapter.compliance().status) == ("100", "official")
    assert (text(chapter.compliance("township")), chapter.compliance("township").status) == ("100.0", "demonstration")


def test_a_district_without_sources_says_so(project: Project) -> None:
    assert said(water(project).drinking()) == "荔湾区没有集中式饮用水水源的数据。"


def test_a_lake_has_a_trophic_level_and_phosphorus_limits_of_its_own(project: Project) -> None:
    put(project, LAKE, **TROPHIC)
    chapter = water(project, "conghua")
    assert text(chapter.section_class(LAKE)) == "III"
    (row,) = table(chapter.trophic())
    assert (row["tli"], row["trophic"]) == ("48.02", "中营养")


def test_an_area_without_a_coast_says_that_the_sea_does_not_apply(project: Project) -> None:
    assert said(water(project).sea_quality()) == "荔湾区不临海，近岸海域一项不适用。"
    assert "does not apply" in said(water(project, language="en").sea_quality())
    assert "不适用" in said(water(project).sea_outlets())


def test_the_coast_has_its_sea_and_what_flows_into_it(project: Project) -> None:
    sea = [("spring", "4.0", "1.40"), ("summer", "1.0", "1.60"), ("autumn", "5.0", "1.30")]
    known = {"area_code": CODES["nansha"], "year": "2024", **ORIGIN}
    rows = [{**known, "season": s, "good_area_pct": a, "inorganic_nitrogen_mg_l": n} for s, a, n in sea]
    add(project.data / "water/near_shore.csv", *rows)
    outlet = {**known, "outlet_id": "R", "name_zh": "河", "name_en": "River", "kind": "river", "water_class": "IV"}
    add(project.data / "water/outlets.csv", outlet)
    for slug in ("nansha", "guangzhou"):
        chapter = water(project, slug)
        assert text(chapter.sea_mean("good_area_pct", CODES["nansha"], 2024)) == "3.3"
        assert [row["class"] for row in table(chapter.sea_outlets())] == ["Ⅳ类"]
        assert text(chapter.sea_rivers_good()) == "0"


# --- what is missing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_any_value_every_block_still_speaks(project: Project, language: str) -> None:
    for slug in ("guangzhou", "liwan", "nansha"):
        blocks = blocks_of(project, slug, 2024, language, Water)
        assert all(block.content for block in blocks)
        assert all(said(block) for block in blocks if block.kind == "statement")
        assert all(block.item == "Q2" for block in blocks)
    assert said(water(project).answer()) == "荔湾区2024年的水质断面数据尚未公开。"


def test_a_city_of_which_only_a_share_is_known_has_a_page(project: Project) -> None:
    publish(project, "guangzhou", "2024", good_section_ratio="100")
    blocks = {block.name: block for block in blocks_of(project, "guangzhou", 2024, "zh", Water)}
    assert said(blocks["answer"]) == "2024年，广州市地表水水质优良（Ⅰ～Ⅲ类）断面比例为100%，没有劣Ⅴ类。"


def test_where_the_sections_are_not_known_none_is_said_to_be_free_of_the_worst_class(project: Project) -> None:
    publish(project, "guangzhou", "2024", good_section_ratio="90")
    city = water(project, "guangzhou")
    assert city.sections_worst().value is None
    assert said(city.answer()) == "2024年，广州市地表水水质优良（Ⅰ～Ⅲ类）断面比例为90%。"


def disclosures() -> Iterator[tuple[Callable[[Project], None], str, Disclosure]]:
    every = {"good_section_ratio": "100", "drinking_compliance_ratio": "100", "cwqi": "4.1", "cwqi_rank": "2"}
    nothing = Disclosure("Q2", "not_disclosed", None)
    yield (lambda project: None), "liwan", nothing
    yield (lambda project: publish(project, "liwan", "2024", **every)), "liwan", Disclosure("Q2", "disclosed", 2024)
    yield (lambda project: publish(project, "nansha", "2024", **every)), "nansha", Disclosure("Q2", "partly", 2024)
    yield (lambda project: publish(project, "liwan", "2024", cwqi_rank="2")), "liwan", Disclosure("Q2", "partly", 2024)
    yield (
        (lambda project: publish(project, "liwan", "2024-01/2024-06", **every)),
        "liwan",
        Disclosure("Q2", "partly", 2024),
    )
    yield (
        (lambda project: publish(project, "liwan", "2024-12", township_sources="1")),
        "liwan",
        Disclosure("Q2", "partly", 2024),
    )
    yield (lambda project: publish(project, "liwan", "2023", **every)), "liwan", Disclosure("Q2", "not_disclosed", 2023)
    yield (
        (lambda project: publish(project, "liwan", "2024", "provisional", **every)),
        "liwan",
        Disclosure("Q2", "partly", 2024),
    )
    yield (lambda project: publish(project, "liwan", "2024", "demonstration", **every)), "liwan", nothing
    yield (
        (lambda project: publish(project, "liwan", "2024-01/2024-12", **every)),
        "liwan",
        Disclosure("Q2", "disclosed", 2024),
    )


@pytest.mark.parametrize(("published", "area", "expected"), list(disclosures()))
def test_how_far_water_is_disclosed(
    project: Project, published: Callable[[Project], None], area: str, expected: Disclosure
) -> None:
    published(project)
    assert water(project, area).disclosure("Q2") == expected


@pytest.mark.parametrize("hostile", HOSTILE[:6])
def test_a_hostile_name_of_a_section_is_text_everywhere(project: Project, hostile: str) -> None:
    put(project, LIWAN)
    edit(
        project.data / "water/sections.csv",
        lambda rows: [row | {"name_zh": hostile} if row["section_id"] == LIWAN else row for row in rows],
    )
    block = water(project).sections_table()
    assert hostile in [row["section"] for row in table(block)]
    page = html.fromstring(block._repr_mimebundle_()["text/html"])
    assert hostile in page.text_content()
    assert page.xpath("//script|//b") == []


def test_an_urban_source_is_not_called_the_citys() -> None:
    """A district has urban sources too: 城市 is the kind of the source, not whose it is."""
    english = messages("water", "en")
    urban = [key for key, words in messages("water", "zh").items() if "城市" in words and "水源" in words]
    assert len(urban) >= 4
    assert [key for key in (*urban, "water.source_level.city") if "urban" not in english[key].casefold()] == []
