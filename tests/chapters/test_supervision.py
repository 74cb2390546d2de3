"""Supervision: draws are run again and a change is said, points are counted in their tables, nothing is invented."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from pathlib import Path

import pytest

from projects import ALL_ENTERPRISES, CODES, REPO, add, blocks_of, edit, read, small_project
from recomputed import published
from reportkit.chapters import NOT_DISCLOSED, PARTLY
from reportkit.chapters.enterprises import Enterprises
from reportkit.chapters.law import Law
from reportkit.chapters.supervision import Supervision
from reportkit.chapters.supervision_figures import CLASSES, SOURCES, STAGES
from reportkit.figures import Figure
from reportkit.project import Project
from reportkit.standards import law, supervision
from reportkit.verify import supervision as verify_supervision
from shown import joined, notes, said, table, text

INVENTED = (
    *("pool", "ratios", "inspectors", "draws", "drawn", "inspections", "yearly", "datasets", "platform", "projects"),
    *("apportionment", "science"),
)
DEMO = {"status": "demonstration", "source_id": "demo-supervision"}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped rows of the city and two districts."""
    folder = tmp_path_factory.mktemp("supervision")
    return small_project(
        folder, districts=("liwan", "conghua"), years=(2023, 2024), data_years=(), enterprises=ALL_ENTERPRISES
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The shipped rows of the city and a district, for each test to change."""
    return small_project(tmp_path, districts=("liwan",), data_years=(), enterprises=ALL_ENTERPRISES)


@pytest.fixture
def empty(project: Project) -> Project:
    """The same without any rows of this chapter."""
    for name in (*INVENTED, "published"):
        edit(project.data / f"supervision/{name}.csv", lambda rows: [])
    return project


def chapter(project: Project, area: str = "liwan", year: int = 2024, language: str = "zh") -> Supervision:
    return Supervision.open(area, year, language, project)


def change_first(project: Project, name: str, **values: str) -> None:
    """Change the first row of the district's draws in a table."""

    def changed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        place = next(number for number, row in enumerate(rows) if CODES["liwan"] in row["draw_id"])
        return [{**row, **values} if number == place else row for number, row in enumerate(rows)]

    edit(project.data / f"supervision/{name}.csv", changed)


# --- the draw -------------------------------------------------------------------------------------


def test_every_draw_of_a_district_comes_out_again(shipped: Project) -> None:
    for area in ("liwan", "conghua"):
        found = chapter(shipped, area)
        assert (text(found.draws_run()), text(found.draws_run(supervision.REPEATS))) == ("4", "4")
        assert "结果全部一致" in said(found.answer())
        assert {row["outcome"] for row in table(found.draw_list())} == {"重算一致"}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("draws", {"seed": "another"}),
        ("draws", {"commitment": "0" * 64}),
        ("drawn", {"place": "99"}),
        ("drawn", {"inspector_1": "DEMO-J-440103-99"}),
    ],
)
def test_what_was_changed_afterwards_is_said(project: Project, name: str, values: dict[str, str]) -> None:
    change_first(project, name, **values)
    found = chapter(project)
    assert (text(found.draws_run()), text(found.draws_run(supervision.REPEATS))) == ("4", "3")
    assert "只有3次一致" in said(found.answer())
    assert [row["outcome"] for row in table(found.draw_list())].count("重算不一致") == 1


def test_the_example_is_what_anybody_gets(shipped: Project) -> None:
    """`printf 'seed\\nunit' | sha256sum` of the seed and the unit that the page names."""
    sentences = said(chapter(shipped).how_to_repeat())
    (line,) = [line for line in sentences.split("\n") if line.startswith("例子")]
    seed, unit, given = re.findall(r"是 ([0-9A-Za-z-]+)", line)
    assert hashlib.sha256(f"{seed}\n{unit}".encode()).hexdigest() == given


def test_the_hash_of_the_lists_is_that_of_the_lines_that_the_page_tells_of(shipped: Project) -> None:
    """As anybody makes them of the published files: cells parted by tabs, lines sorted and joined by line feeds."""
    told = said(chapter(shipped).how_to_repeat())
    assert "单位编号、区划代码、类别" in told
    assert "制表符" in told
    assert "承诺日期只是同一个文件里的一格" in told
    code = CODES["liwan"]
    rows = {name: read(shipped.data / f"supervision/{name}.csv") for name in ("draws", "pool", "ratios", "inspectors")}
    (pool, *_) = {row["pool_id"] for row in rows["draws"] if row["area_code"] == code}
    parted = {
        "pool": ("pool_id", pool, ("enterprise_id", "area_code", "class")),
        "ratios": ("pool_id", pool, ("class", "ratio_pct")),
        "inspectors": ("area_code", code, ("inspector_id", "conflicts")),
    }
    lines = [
        "\t".join(row[cell] for cell in cells)
        for name, (column, own, cells) in parted.items()
        for row in rows[name]
        if row[column] == own
    ]
    published = {row["lists_sha256"] for row in rows["draws"] if row["area_code"] == code}
    assert published == {hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()}


def test_a_ratio_is_held_against_what_is_asked(project: Project) -> None:
    """Guangdong's plan of 2016: a county draws at least 25 % of key units a quarter, a city 5 %."""
    found = chapter(project)
    assert [text(it) for it in (found.planned("key"), found.least("key"), found.ratio_verdict("key"))] == [
        *("25", "25", supervision.ENOUGH)
    ]
    assert found.ratio_verdict("special") is None
    assert text(chapter(project, "guangzhou").least("key")) == "5"
    edit(
        project.data / "supervision/ratios.csv",
        lambda rows: [{**row, "ratio_pct": "24.9"} if row["class"] == "key" else row for row in rows],
    )
    assert text(chapter(project).ratio_verdict("key")) == supervision.SHORT


def test_results_are_published_within_twenty_working_days(project: Project) -> None:
    """From 9 January 2024: 5 February is the 20th working day (Sunday 4 February is one), the 6th the 21st."""

    def published_on(first: str, second: str) -> None:
        def changed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
            own = [row for row in rows if CODES["liwan"] in row["draw_id"]][:2]
            days = {"inspected_date": "2024-01-09", "found": "nothing"}
            return [{**row, **days, "published_date": day} for row, day in zip(own, (first, second), strict=True)]

        edit(project.data / "supervision/drawn.csv", changed)

    published_on("2024-02-05", "2024-02-05")
    found = chapter(project)
    assert (text(found.slowest()), text(found.publication_verdict())) == ("20", law.ALL_IN_TIME)
    published_on("2024-02-05", "2024-02-06")
    found = chapter(project)
    assert (text(found.slowest()), text(found.publication_verdict())) == ("21", law.SOME_LATE)
    assert text(found.with_publication(law.LATE)) == "1"
    verdict = found.publication_verdict()
    assert verdict is not None
    assert not verdict.is_verified  # its text was not read
    published_on("2024-02-05", "")
    assert text(chapter(project).with_publication(law.UNPUBLISHED)) == "1"


def test_the_city_is_its_districts_and_its_own_bureau(shipped: Project) -> None:
    city, parts = chapter(shipped, "guangzhou"), [chapter(shipped, area) for area in ("liwan", "conghua")]
    own = {
        stage: sum(
            int(row[stage])
            for row in read(shipped.data / "supervision/inspections.csv")
            if (row["area_code"], row["year"]) == (CODES["guangzhou"], "2024")
        )
        for stage in STAGES
    }
    for stage in STAGES:
        districts = sum(int(str(part.checked(stage, 2024).value)) for part in parts)
        assert int(str(city.checked(stage, 2024).value)) == districts + own[stage]
    # A key unit that both may draw is one unit.
    assert city.checked("pool", 2024).value == sum(part.checked("pool", 2024).value for part in parts)


def test_classes_add_up_and_the_years_before_have_totals_only(shipped: Project) -> None:
    for year in (2023, 2024):
        found = chapter(shipped, year=year)
        for stage in ("pool", *STAGES):
            parts = [found.checked(stage, year, class_).value for class_ in CLASSES]
            assert found.checked(stage, year).value == sum(parts)
    before = chapter(shipped, year=2023)
    assert before.draws_run().value is None
    assert "没有逐次公布" in said(before.answer())
    assert "没有公布抽取的名录和种子" in said(before.draw_list())


def test_published_numbers_are_printed_before_counted_ones(project: Project) -> None:
    names = {"name_zh": "例", "name_en": "example", "year": "2024", "status": "official", "source_id": "gz-law-2023"}
    row = {"area_code": CODES["liwan"], "item_id": "S4", "indicator": "inspected", "value": "777", "unit": "1"}
    add(project.data / "supervision/published.csv", row | names)
    found = chapter(project)
    figure = found.checked("inspected", 2024)
    assert (text(figure), figure.status) == ("777", "official")
    assert found.disclosure("S4").state == PARTLY
    assert "示例" not in said(found.answer())


def test_an_enterprise_leads_to_its_archive_and_inspectors_are_numbers(shipped: Project) -> None:
    block = chapter(shipped).latest_drawn()
    assert block.content["table"].rows
    for row in block.content["table"].rows:
        assert row[0]["href"].startswith("2024/enterprises/DEMO-E-440103-")
        assert row[6].count("DEMO-J-440103-") == 2


# --- points and data sets -------------------------------------------------------------------------


def test_points_are_those_of_the_tables_of_other_chapters(shipped: Project) -> None:
    found = chapter(shipped)
    own = CODES["liwan"]

    def ids(path: str, key: str, **where: str) -> int:
        rows = read(shipped.data / path)
        return len({row[key] for row in rows if row["area_code"] == own and where.items() <= row.items()})

    noise = ids("noise/area_grid.csv", "point_id") + ids("noise/functional_zones.csv", "point_id")
    expected = {
        "air": ids("stations.csv", "station_id"),
        "water": ids("water/sections.csv", "section_id") + ids("water/drinking_sources.csv", "intake_id"),
        "soil": ids("soil/groundwater_points.csv", "point_id"),
        "noise": noise + ids("noise/roads.csv", "road_id"),
        "radiation": ids("radiation/points.csv", "point_id") + ids("radiation/electromagnetic_points.csv", "field_id"),
        "ecology": ids("ecology/sites.csv", "site_id"),
    }
    assert {element: int(str(found.point_count(element).value)) for element in expected} == expected
    for element, path, key in (
        ("water", "water/sections", "section_id"),
        ("radiation", "radiation/points", "point_id"),
    ):
        automatic = ids(f"{path}.csv", key, kind="automatic")
        assert automatic
        assert text(found.point_count(element, "automatic")) == str(automatic)


def test_the_capture_of_hours_is_that_of_the_rows(shipped: Project) -> None:
    found = chapter(shipped)
    ids = {row["point_id"] for row in read(shipped.data / "radiation/points.csv") if row["area_code"] == CODES["liwan"]}
    rows = [
        row
        for row in read(shipped.data / "radiation/dose_rate.csv")
        if row["point_id"] in ids and row["year"] == "2024"
    ]
    fields = {
        row["field_id"]
        for row in read(shipped.data / "radiation/electromagnetic_points.csv")
        if row["area_code"] == CODES["liwan"]
    }
    had = sum(int(row["hours"]) for row in rows) + len(fields)
    possible = sum(int(row["possible_hours"]) for row in rows) + len(fields)
    assert Decimal(str(found.capture("radiation").value)) == round(Decimal(100 * had) / possible, 1)


def test_the_capture_of_air_is_that_of_the_chapter_of_air(tmp_path: Path) -> None:
    from reportkit.chapters.air import Air

    project = small_project(tmp_path, districts=("liwan",), data_years=(2024,), chapters=("overview",))
    found, air = chapter(project), Air.open("liwan", 2024, "zh", project)
    days = [int(str(air.complete_days(id_).value)) for id_ in air.stations["station_id"]]
    assert Decimal(str(found.capture("air").value)) == round(Decimal(100 * sum(days)) / (366 * len(days)), 1)


def test_without_measurements_the_capture_is_not_known(shipped: Project) -> None:
    assert chapter(shipped).capture("air").value is None
    assert "获取率为" not in said(chapter(shipped).answer())


def test_a_data_set_is_held_where_it_has_rows_of_the_year(project: Project) -> None:
    before = int(str(chapter(project).held().value))
    edit(project.data / "noise/roads.csv", lambda rows: [row for row in rows if row["year"] != "2024"])
    after = chapter(project)
    assert before - int(str(after.held().value)) == 1
    assert text(after.rows_held("noise/roads")) == "0"
    assert text(after.held_officially()) == "0"
    edit(
        project.data / "waste/household.csv",
        lambda rows: [{**row, "status": "official", "source_id": "gz-law-2023"} for row in rows],
    )
    assert text(chapter(project).held_officially()) == "1"


def test_where_there_is_no_place_to_measure_at_a_data_set_does_not_apply(shipped: Project) -> None:
    """Conghua has sources of drinking water, Liwan has none: there is nothing that could be held, or be missing."""
    rows = {(row["dataset"], row["area_code"]): row for row in chapter(shipped).city.holdings.rows.to_dict("records")}
    applies = {area: rows["water/drinking_monthly", CODES[area]]["is_applicable"] for area in ("liwan", "conghua")}
    assert applies == {"liwan": False, "conghua": True}
    found = chapter(shipped)
    asked = sum(row["area_code"] == CODES["liwan"] for row in rows.values()) - 1
    assert Decimal(str(found.held_share().value)) == round(Decimal(100 * int(str(found.held().value))) / asked, 1)
    held = {row["dataset"]: row["districts_held"] for row in table(found.inventory())}
    assert held["饮用水水源逐月水质"].endswith("／1")


def test_that_nothing_is_official_is_not_told_as_a_nought(shipped: Project) -> None:
    assert text(chapter(shipped).held_officially()) == "0"
    assert "不全是示例" not in notes(chapter(shipped).inventory())


def test_points_with_early_warning_are_told_by_element(project: Project) -> None:
    edit(
        project.data / "supervision/yearly.csv",
        lambda rows: [
            row | {"warning_points_air": "2", "warning_points_water": "1", "warning_points_other": "4"}
            if (row["area_code"], row["year"]) == (CODES["liwan"], "2024")
            else row
            for row in rows
        ],
    )
    block = chapter(project).network()
    warning = {row["element"]: row["warning"] for row in table(block)}
    assert (warning["大气"], warning["地表水和水源"], warning["噪声"]) == ("2", "1", "—")
    assert "其他要素的预警点位没有分开，共4个" in notes(block)


def test_rows_of_days_and_of_points_are_counted_where_they_are(tmp_path: Path) -> None:
    """Three stations of 366 days, three sections of twelve months but one, two wells, six readings of dose rate."""
    project = small_project(tmp_path, districts=("liwan",), data_years=(2024,), chapters=("overview",))
    found = chapter(project)
    expected = {"air/station_daily": "1098", "water/section_monthly": "35", "soil/groundwater": "2"}
    expected |= {"radiation/dose_rate": "6", "water/drinking_monthly": "0", "participation/complaints": "18"}
    assert {name: text(found.rows_held(name)).replace(",", "") for name in expected} == expected
    edit(project.data / "law/penalties.csv", lambda rows: [])
    days = ("2023-12-31", "2024-01-01", "2024-12-31")
    permits = read(project.data / "enterprises/permits.csv")[:3]
    edit(
        project.data / "enterprises/permits.csv",
        lambda rows: [row | {"issued_date": day} for row, day in zip(permits, days, strict=True)],
    )
    found = chapter(project)
    assert [text(found.rows_held(name)) for name in ("law/penalties", "enterprises/permits")] == ["0", "2"]


def test_each_data_set_says_in_how_many_districts_it_is_held(shipped: Project) -> None:
    """Nobody was penalised in Conghua in 2023; the sea is the city's."""
    for area, year, penalties in (("guangzhou", 2024, "2／2"), ("liwan", 2024, "2／2"), ("liwan", 2023, "1／2")):
        held = {row["dataset"]: row["districts_held"] for row in table(chapter(shipped, area, year).inventory())}
        assert held["行政处罚决定"] == penalties
        assert [value for value in held.values() if value == "—"] == ["—"] * 5


def test_the_sources_of_pm_are_the_citys_on_every_page(shipped: Project) -> None:
    assert table(chapter(shipped).apportioned_years()) == table(chapter(shipped, "guangzhou").apportioned_years())
    shares = [Decimal(str(chapter(shipped).apportioned(source, 2024).value)) for source in SOURCES]
    assert sum(shares) == 100


def test_the_centre_that_the_plan_names_is_said_not_to_be_found(shipped: Project) -> None:
    assert "粤港澳生态环境科学中心建设，它的进展没有找到" in notes(chapter(shipped).science_years())


def test_a_project_counts_from_the_year_it_was_begun(shipped: Project) -> None:
    rows = read(shipped.data / "supervision/projects.csv")
    for year in (2023, 2024):
        city = chapter(shipped, "guangzhou", year)
        assert int(str(city.project_count().value)) == sum(int(row["started_year"]) <= year for row in rows)
        applied = sum("" < row["applied_year"] <= str(year) for row in rows)
        assert int(str(city.project_count(is_applied=True).value)) == applied


def test_a_project_of_the_last_century_counts_too(tmp_path: Path) -> None:
    project = small_project(tmp_path, chapters=("supervision",))
    before = int(str(chapter(project, "guangzhou").project_count().value))
    old = {**read(project.data / "supervision/projects.csv")[0], "project_id": "DEMO-S-OLD", "started_year": "1999"}
    add(project.data / "supervision/projects.csv", old)
    assert int(str(chapter(project, "guangzhou").project_count().value)) == before + 1


def test_the_positive_list_is_that_of_the_chapter_of_laws(shipped: Project) -> None:
    laws = Law.open("liwan", 2024, "zh", shipped)
    rows = {row["year"]: row["positive_list"] for row in table(chapter(shipped).devices())}
    assert rows["2024"] == text(laws.yearly("positive_list", 2024))


# --- pages ----------------------------------------------------------------------------------------


def test_an_area_without_rows_says_so(empty: Project) -> None:
    for area in ("guangzhou", "liwan"):
        found = chapter(empty, area)
        assert "没有找到" in said(found.answer())
        assert {found.disclosure(item).state for item in found.items} == {NOT_DISCLOSED}
        own = ("points", "had", "possible", "capture", "verdict", "least", "deadline", "positive_list")
        known = [
            figure.name
            for block in blocks_of(empty, area, 2024, "zh", Supervision)
            for figure in block.figures
            if figure.value not in (None, 0) and not figure.name.startswith(own)
        ]
        assert known == []


def test_made_up_rows_do_not_count_as_disclosed(shipped: Project) -> None:
    for area in ("guangzhou", "liwan"):
        found = chapter(shipped, area)
        assert {found.disclosure(item).state for item in found.items} == {NOT_DISCLOSED}
        assert "下面是示例" in said(found.answer())


def test_published_rows_keep_to_the_trust_in_their_sources() -> None:
    trust = {row["source_id"]: row["trust"] for row in read(REPO / "data/sources.csv")}
    rows = read(REPO / "data/supervision/published.csv")
    assert rows
    for row in rows:
        assert row["status"] == {"A": "official", "B": "official", "C": "provisional"}[trust[row["source_id"]]], row


# Rows of trust A or B on enforcement that are shown elsewhere, or nowhere, and why.
SHOWN_ELSEWHERE = {
    **dict.fromkeys(("公职律师", "法制员", "普法队伍", "法律咨询服务(约)"), "staff and advice of the law: law"),
    **dict.fromkeys(("生态环境损害赔偿案件", "入选省厅典型案例的损害赔偿案件"), "compensation: law"),
    "中央生态环境保护督察交办群众举报件": "complaints: participation",
    "受理环境信访投诉": "complaints: participation",
    **dict.fromkeys(("立案", "立案同比", "查封", "行政处理", "行政处罚同比", "罚款金额", "罚款金额同比"), "cases: law"),
    **dict.fromkeys(("移送涉嫌环境犯罪案件", "申请法院强制执行案件"), "cases: law"),
    "市领导环保批示": "what the mayors wrote on files is no supervision of anybody",
    "VOCs排放企业治理(省控重点)": "works of enterprises, not supervision",
    "VOCs重点监管企业完成治理": "works of enterprises, not supervision",
    "市桥河沿岸已办环保审批企业(第一阶段整治)": "approvals of projects, not supervision",
}
# Rows of trust C that are taken.
TAKEN_OF_REPOSTS = {"排查村级工业园(约)", "村级工业园内企业(下限)", "抽查村级工业园(约)", "抽查企业(下限)"}
TAKEN_OF_REPOSTS |= {"抽查出动人次", "餐饮油烟在线监控设备(台)"}


def test_every_row_of_the_reference_material_on_supervision_is_shipped(shared: Path) -> None:
    """Of trust A and B all but those named, of trust C those named; the penalties of Huadu belong to law as well."""
    lines = [row for row in read(shared / "domain/figures/published_figures.csv") if row["topic"] == "enforcement"]
    checked = [row for row in lines if row["trust"] in ("A", "B") and row["area"] != "广东省"]
    assert {row["indicator"] for row in checked} >= SHOWN_ELSEWHERE.keys()
    wanted = [row for row in checked if row["indicator"] not in SHOWN_ELSEWHERE]
    wanted = [row for row in wanted if (row["indicator"], row["area"]) != ("行政处罚", "花都区")]
    wanted += [row for row in lines if row["trust"] == "C" and row["indicator"] in TAKEN_OF_REPOSTS]
    names = {row["name_zh"]: row["area_code"] for row in read(REPO / "data/areas.csv")} | {"全市": CODES["guangzhou"]}
    expected = [
        (names[row["area"]], re.findall("[0-9]{4}", row["period"])[0], Decimal(row["value"].removeprefix("1:")))
        for row in wanted
    ]
    own = read(REPO / "data/supervision/published.csv")
    assert sorted((row["area_code"], row["year"], Decimal(row["value"])) for row in own) == sorted(expected)


def test_what_is_doubtful_says_so_in_its_name_in_both_languages() -> None:
    rows = read(REPO / "data/supervision/published.csv") + read(REPO / "data/participation/published.csv")
    doubtful = ("gz-random-plan", "huadu-enforcement-2017", "yuexiu-catering-2018")
    found = [row for row in rows if row["source_id"] in doubtful]
    assert len(found) == 7 + 4 + 1
    for row in found:
        assert "推断" in row["name_zh"] or "年份待核" in row["name_zh"], row
        assert "inferred" in row["name_en"] or "to be checked" in row["name_en"], row


def test_the_plan_without_a_year_is_told_of_beneath_the_ratios_on_every_page(shipped: Project) -> None:
    """post_10130573: 12.5 % and 25 % a quarter, one inspector to 2.5 units, 49,670 / 14,931 / 162 / 32 to draw from."""
    for area in ("guangzhou", "liwan"):
        told = notes(chapter(shipped, area).class_ratios())
        assert "没有写年份的计划（推断为2025年）" in told
        assert "不低于12.5%，特殊监管对象不低于25%，一般监管对象每名执法人员每年不少于2.5家" in told
        assert "排污单位49,670个、建设项目14,931个、入河排污口162个、入海排污口32个" in told
        assert "是否适用于2024年没有读到" in told
        assert "没有找到要求" not in told
    assert "没有写年份的计划" in said(chapter(shipped, year=2023).class_ratios())


def test_what_is_not_found_is_told_by_the_indicators_that_are_wanted(project: Project) -> None:
    """Patrols of building sites in one month are shown; lists, results and officers are still not found."""
    rows = read(REPO / "data/supervision/published.csv")
    patrols = [row for row in rows if row["source_id"] == "panyu-sites-2024-08"]
    add(project.data / "supervision/published.csv", *(row | {"area_code": CODES["liwan"]} for row in patrols))
    found = chapter(project)
    shown = {row["statement"]: row["value"] for row in table(found.statements())}
    assert shown["巡查工地（个次，8月，住建部门）"] == "495"
    assert found.disclosure("S4").state == PARTLY
    assert "随机抽查的名录和结果、网格和专职环保员" in said(found.missing())
    assert "没有找到荔湾区2024年公布的随机抽查、监测点位和网格数字" in said(found.answer())


def test_what_was_published_is_shown_as_printed(shipped: Project) -> None:
    rows = table(chapter(shipped, "guangzhou").statements())
    assert {row["value"] for row in rows} >= {"1,561", "2,240"}


def test_the_overview_has_a_sentence_and_two_figures(shipped: Project) -> None:
    found = chapter(shipped)
    headline = found.headline()
    assert [card.value for card in headline.cards] == [found.checked("inspected", 2024), found.yearly("officers", 2024)]
    assert joined([part.printed["zh"][0] if isinstance(part, Figure) else part for part in headline.sentence])


def test_the_answer_is_in_both_languages(shipped: Project) -> None:
    assert "all came out the same" in said(chapter(shipped, language="en").answer())


def test_what_is_late_is_told_beneath_the_funnel(shipped: Project) -> None:
    assert "按工作日计，结果公开最慢用了24天，期限是20天" in notes(chapter(shipped).funnel())


def test_key_units_of_the_list_are_drawn_as_key_or_as_special_and_the_note_adds_them_up(shipped: Project) -> None:
    """Those of the list that were penalised the year before stand among the special ones of the lists drawn from."""
    pool = read(shipped.data / "supervision/pool.csv")
    listed = read(shipped.data / "enterprises/key_units.csv")
    seen = 0
    for area in ("guangzhou", "liwan", "conghua"):
        found = chapter(shipped, area)
        keys = {row["enterprise_id"] for row in listed if row["year"] == "2024" and row["area_code"] in found.codes}
        own = {row["enterprise_id"]: row["class"] for row in pool if row["area_code"] in found.codes}
        special, key = (sum(own[unit] == class_ for unit in keys) for class_ in ("special", "key"))
        assert (text(found.special_key()), text(found.checked("pool", 2024, "key"))) == (str(special), str(key))
        said_so = f"重点单位名录有{len(keys)}家，其中{special}家上一年受过处罚" in notes(found.funnel())
        assert said_so == (special > 0)
        seen += special
    assert seen


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("year", [2023, 2024])
def test_every_figure_follows_from_its_derivation(shipped: Project, year: int, language: str, tmp_path: Path) -> None:
    """Recomputed by ``verify``, which shares no code with the chapter."""
    areas = ("guangzhou", "liwan", "conghua")
    found = published(shipped, tmp_path, Supervision, areas, year, language, Enterprises)
    assert len(found.entries) > 400
    assert [str(problem) for problem in found.problems()] == []
    assert [str(problem) for problem in verify_supervision.problems(found.tables)] == []
