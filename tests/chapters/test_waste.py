"""The waste chapter: published figures first, the printed formulas exact, nothing invented counted as disclosed."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from projects import CODES, REPO, add, blocks_of, edit, read, small_project
from recomputed import published
from reportkit.blocks import Block
from reportkit.chapters import NOT_DISCLOSED, PARTLY
from reportkit.chapters.waste import Waste
from reportkit.chapters.waste_figures import DISPOSAL, FLOWS, GENERAL, HAZARDOUS, USE, WAYS
from reportkit.project import Project
from shown import notes, said, table, text

TABLES = ("published", "industrial", "household", "medical", "facilities")
OFFICIAL = {"status": "official", "source_id": "gz-waste-2022"}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped waste of the city and two districts."""
    folder = tmp_path_factory.mktemp("waste")
    return small_project(folder, districts=("liwan", "conghua"), years=(2022, 2024), data_years=())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The city and a district without any waste, for each test to change."""
    project = small_project(tmp_path, districts=("liwan",), data_years=())
    for name in TABLES:
        edit(project.data / f"waste/{name}.csv", lambda rows: [])
    return project


def waste(project: Project, area: str = "guangzhou", year: int = 2024, language: str = "zh") -> Waste:
    return Waste.open(area, year, language, project)


def publish(project: Project, year: int, area: str = "guangzhou", unit: str = "10k t", **values: str) -> None:
    """Published figures of a year by indicator."""
    names = {"item_id": "Q5", "name_zh": "例", "name_en": "example", "unit": unit, **OFFICIAL}
    rows = [
        {"area_code": CODES[area], "indicator": name, "year": str(year), "value": value, **names}
        for name, value in values.items()
    ]
    add(project.data / "waste/published.csv", *rows)


def leave(project: Project, year: int = 2024, area: str = "liwan", kind: str = "slag", **flows: str) -> None:
    """A kind of a district's general waste, in 10,000 tonnes; nothing of what is not given."""
    amounts = {f"{flow}_10k_t": flows.get(flow, "0.0000000") for flow in FLOWS}
    where = {"area_code": CODES[area], "year": str(year), "kind": kind, "source_id": "demo-waste"}
    category = HAZARDOUS if kind.startswith("HW") else GENERAL
    add(project.data / "waste/industrial.csv", {**where, **amounts, "category": category, "status": "demonstration"})


def records(block: Block) -> list[dict[str, Any]]:
    """The records that a chart was drawn from."""
    found: list[dict[str, Any]] = []

    def gather(part: Any) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("values"), list | tuple):
                found.extend(value for value in part["values"] if isinstance(value, dict))
            for value in part.values():
                gather(value)
        elif isinstance(part, list | tuple):
            for value in part:
                gather(value)

    gather(block.content["chart"].wide)
    return found


# --- the printed formulas -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "year", "expected"),
    [
        # the city's bulletin of 2021: 578.27 / (613.98 + 0.56) and 34.36 / (613.98 + 0.51), both as printed
        (USE, 2021, "94.10"),
        (DISPOSAL, 2021, "5.59"),
        # that of 2012, which prints no rate: 588.98 / (614.85 + 0.57) = 95.7037
        (USE, 2012, "95.70"),
    ],
)
def test_a_rate_adds_what_was_taken_from_storage_to_what_was_generated(
    shipped: Project, what: str, year: int, expected: str
) -> None:
    assert text(waste(shipped).recomputed_rate(GENERAL, what, year)) == expected


def test_plain_division_gives_another_number_and_the_page_says_so(shipped: Project) -> None:
    assert text(waste(shipped).plain_rate(GENERAL, USE, 2021)) == "94.18"  # 578.27 / 613.98
    assert "2021年综合利用率按公告的公式重算是94.10%，与公布的94.10%一致" in notes(waste(shipped).bulletins())
    assert "只除以产生量会得到94.18%" in notes(waste(shipped).bulletins())


def test_what_a_bulletin_does_not_print_is_computed_beneath_its_table_and_not_in_it(shipped: Project) -> None:
    bulletins = waste(shipped).bulletins()
    (row,) = (row for row in table(bulletins) if row["year"] == "2012")
    assert row["general_use_ratio"] == "—"
    assert "2012年的公告没有给出综合利用率，按公告的公式算是95.70%；只除以产生量会得到95.79%" in notes(bulletins)


def test_the_published_share_used_or_disposed_of_stands_beside_plain_division(shipped: Project) -> None:
    """(485.55 + 109.16) / 598.26 in 2018 is 99.41 %; 99.33 % was printed."""
    assert "2018年公布的处置利用率是99.33%" in notes(waste(shipped).bulletins())
    assert "除以产生量会得到99.41%" in notes(waste(shipped).bulletins())


def test_targets_for_waste_stand_beside_it_and_lead_to_where_they_are_judged(shipped: Project) -> None:
    for area in ("guangzhou", "liwan"):
        chapter = waste(shipped, area)
        household = notes(chapter.household_waste())
        assert "2019年生活垃圾回收利用率不低于35%；2020年生活垃圾回收利用率不低于38%" in household
        assert "2021年生活垃圾回收利用率不低于40%" in household
        assert "2023年工业危险废物安全贮存利用处置率100%。" in notes(chapter.balance_hazardous())
        assert "2023年医疗废物无害化处置率100%。" in notes(chapter.medical_waste())
        links = [part for note in chapter.household_waste().notes for part in note if isinstance(part, dict)]
        assert links == [{"href": f"2024/{area}/targets.html", "text": "目标"}]


def test_a_printed_rate_that_cannot_be_tried_stands_beside_plain_division(shipped: Project) -> None:
    """660.94 of 692.95 in 2022 are 95.38 %; 95.28 % was printed, and nothing is said of earlier storage."""
    assert "2022年公布的综合利用率是95.28%" in notes(waste(shipped).bulletins())
    assert "只除以产生量会得到95.38%" in notes(waste(shipped).bulletins())


def test_printed_rates_stand_as_printed_though_their_parts_are_not_known(shipped: Project) -> None:
    """The copy of the bulletin of 2022 gives no earlier storage, so that its rates cannot be computed."""
    chapter = waste(shipped, year=2022)
    assert [text(chapter.rate(GENERAL, what)) for what in (USE, DISPOSAL)] == ["95.28", "4.3"]
    assert text(chapter.recomputed_rate(GENERAL, USE, 2022)) is None
    assert chapter.rate(GENERAL, USE).derivation["operation"] == "select"


def test_a_rate_is_a_ratio_over_added_figures_under_its_rule(shipped: Project) -> None:
    rate = waste(shipped).rate(GENERAL, USE, 2012)
    assert rate.derivation == {
        "operation": "ratio",
        "of": ["2024/guangzhou/waste#general_used_2012", "2024/guangzhou/waste#general_use_base_2012"],
        "places": 2,
    }
    (base,) = [figure for figure in rate.of if figure.name == "general_use_base_2012"]
    assert (base.derivation["operation"], str(base.value)) == ("added", "615.4200000")
    assert [(rule.family, rule.is_verified) for rule in rate.rules] == [("waste.use_ratio", True)]


def test_a_formula_that_does_not_give_the_printed_rate_is_named(project: Project) -> None:
    publish(project, 2024, general_generated="100.00", general_used="90.00", general_used_from_before="20.00")
    publish(project, 2024, unit="%", general_use_ratio="90.00")
    found = notes(waste(project).bulletins())
    assert "重算是75.00%，公布的是90.00%，两者不一致" in found  # 90 / 120
    assert "一致。公式的分母" not in found


# --- the balance ----------------------------------------------------------------------------------


def test_the_balance_of_hazardous_waste_gives_the_printed_storage(shipped: Project) -> None:
    """The city in 2022: 1.44 + 64.75 − 65.19 = 1.00, as the bulletin prints it."""
    chapter = waste(shipped, year=2022)
    assert text(chapter.remainder(HAZARDOUS, 2022)) == text(chapter.flow(HAZARDOUS, "closing")) == "1.00"
    assert "应余1.00万吨，与公布的年末贮存量1.00万吨一致" in notes(chapter.bulletins())


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (2021, "合计615.05万吨，利用、处置、贮存和倾倒丢弃的合计615.04万吨，相差0.01万吨；公布的各数都修约到百吨"),
        (2022, "产生692.95万吨，利用、处置、贮存和倾倒丢弃的合计693.87万吨，多出0.92万吨；动用往年贮存的量没有公布"),
        (2018, "产生598.26万吨，利用、处置、贮存和倾倒丢弃的合计599.38万吨，多出1.12万吨；动用往年贮存的量没有公布"),
    ],
)
def test_what_was_published_of_general_waste_is_weighed(shipped: Project, year: int, said: str) -> None:
    """2021: 613.98 + 0.56 + 0.51 and 578.27 + 34.36 + 2.41 + 0; 2022: 660.94 + 29.79 + 3.14 of 692.95."""
    assert f"{year}年一般工业固体废物：" in notes(waste(shipped, year=2022).bulletins())
    assert said in notes(waste(shipped, year=2022).bulletins())


def test_what_was_published_in_part_is_not_weighed(project: Project) -> None:
    publish(project, 2024, general_generated="10", general_used="8", general_stored="2")
    assert "2024年一般工业固体废物：" not in notes(waste(project).bulletins())


def test_a_balance_of_what_was_published_that_does_not_come_out_is_named(project: Project) -> None:
    """10 + 1 before; 8 + 1 + 1 + 2 dumped, which the bulletin prints by itself."""
    parts = {"generated": "10", "used": "8", "used_from_before": "1", "disposed": "1", "stored": "1", "dumped": "2"}
    publish(project, 2024, **{f"general_{flow}": amount for flow, amount in parts.items()})
    assert "合计11.00万吨，利用、处置、贮存和倾倒丢弃的合计12.00万吨，相差1.00万吨，两边不一致" in notes(
        waste(project).bulletins()
    )


def test_a_balance_that_does_not_give_the_printed_storage_is_named(project: Project) -> None:
    publish(project, 2024, general_generated="1")
    parts = {"opening": "1.44", "generated": "64.75", "treated": "65.19", "closing": "1.10"}
    publish(project, 2024, **{f"hazardous_{flow}": value for flow, value in parts.items()})
    assert "应余1.00万吨，公布的年末贮存量是1.10万吨，两者不一致" in notes(waste(project).bulletins())


def test_both_bars_of_a_year_are_as_long_and_the_table_gives_their_parts(project: Project) -> None:
    leave(
        project,
        **{"opening": "1.5000000", "generated": "10.0000000", "used": "8.0000000", "disposed": "2.5000000"},
        used_from_before="0.5000000",
        closing="1.0000000",
    )
    block = waste(project, "liwan").balance_general()
    ends = {row["bar"]: row["end"] for row in records(block) if "end" in row}
    assert ends == {"2024年来源": 11.5, "2024年去向": 11.5}
    (row,) = table(block)
    assert [row[flow] for flow in ("opening", "generated", "used", "used_from_before", "closing")] == [
        *("1.5000万吨", "10.0000万吨", "8.0000万吨", "0.5000万吨", "1.0000万吨")
    ]
    assert text(waste(project, "liwan").rate(GENERAL, USE)) == "76.19"  # 8 / (10 + 0.5)


def test_a_year_that_was_published_takes_nothing_from_the_districts_tables(shipped: Project) -> None:
    """Of 2021 the copy of the bulletin has no hazardous waste: a sum of invented districts does not fill the gap."""
    chapter = waste(shipped)
    assert text(chapter.flow(GENERAL, "generated", 2021)) == "613.98"
    assert text(chapter.flow(HAZARDOUS, "generated", 2021)) is None
    assert chapter.flow(HAZARDOUS, "generated", 2023).status == "demonstration"


def test_the_city_is_the_sum_of_its_districts_where_nothing_was_published(shipped: Project) -> None:
    city, parts = waste(shipped), [waste(shipped, area) for area in ("liwan", "conghua")]
    for flow in FLOWS:
        exact = sum(Decimal(str(part.flow(GENERAL, flow).unrounded)) for part in parts)
        assert Decimal(str(city.flow(GENERAL, flow).unrounded)) == exact
    assert city.household_amount("generated").value == sum(part.household_amount("generated").value for part in parts)


def test_the_answer_gives_amounts_and_no_two_rates_to_add_up(project: Project) -> None:
    """7 / (10 + 1) and 4 / (10 + 0.5) are of two divisors and come to more than 100 %."""
    leave(
        project,
        kind="HW22",
        **{"opening": "2.0000000", "generated": "10.0000000", "used": "7.0000000", "disposed": "4.0000000"},
        **{"used_from_before": "1.0000000", "disposed_from_before": "0.5000000", "closing": "1.0000000"},
    )
    chapter = waste(project, "liwan")
    assert [text(chapter.rate(HAZARDOUS, what)) for what in (USE, DISPOSAL)] == ["63.64", "38.10"]  # 101.74
    answer = said(chapter.answer())
    assert (
        "工业危险废物：产生10.0000万吨；连同上年末贮存的，综合利用7.0000万吨（综合利用率63.64%），处置4.0000万吨"
        in answer
    )
    assert "38.10" not in answer
    assert "所以不能相加" in notes(chapter.rates())


def test_a_small_districts_rate_does_not_come_from_rounded_tonnes(project: Project) -> None:
    leave(project, generated="0.0004444", used="0.0003333")
    assert text(waste(project, "liwan").rate(GENERAL, USE)) == "75.00"  # of whole tonnes it were 3 / 4, too; then:
    leave(project, kind="dust", generated="0.0000049", used="0.0000049")
    assert text(waste(project, "liwan").kind_use(GENERAL, "dust")) == "100.00"  # 49 kg are no whole tonne


# --- what was published ---------------------------------------------------------------------------


def test_every_published_row_of_the_reference_material_for_the_city_is_shipped(shared: Path) -> None:
    with (shared / "domain/figures/published_figures.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if (row["topic"], row["area"]) == ("solid_waste", "全市")]
    wanted = sorted((row["period"].strip("截至年底")[:4], Decimal(row["value"])) for row in rows if row["trust"] != "D")
    shipped = read(REPO / "data/waste/published.csv")
    assert sorted((row["year"], Decimal(row["value"])) for row in shipped) == wanted


def test_the_status_of_a_published_row_follows_the_trust_in_its_source() -> None:
    trust = {row["source_id"]: row["trust"] for row in read(REPO / "data/sources.csv")}
    for row in read(REPO / "data/waste/published.csv"):
        expected = {"A": "official", "B": "official", "C": "provisional"}[trust[row["source_id"]]]
        assert row["status"] == expected, row


def test_two_statements_on_medical_waste_that_differ_both_stand(shipped: Project) -> None:
    block = waste(shipped).statements()
    rows = {row["statement"]: row["value"] for row in table(block)}
    assert (rows["安全处置医疗废物"], rows["医疗垃圾处置量"]) == ("4.76万吨", "2.14万吨")
    assert "“安全处置医疗废物”是4.76万吨，“医疗垃圾处置量”是2.14万吨" in notes(block)


def test_the_rate_of_safe_disposal_is_the_published_one_or_none(shipped: Project) -> None:
    chapter = waste(shipped)
    assert [text(chapter.medical_rate(year)) for year in (2022, 2023, 2024)] == ["100", None, "100"]
    computed = waste(shipped, "liwan").medical_within_year()
    assert (computed.status, [rule.family for rule in computed.rules]) == ("demonstration", ["waste.medical_ratio"])


def keep(project: Project, opening: str, generated: str, disposed: str, closing: str) -> None:
    """The medical waste of a district in 2024, in tonnes."""
    amounts = {"opening_t": opening, "generated_t": generated, "disposed_t": disposed, "closing_t": closing}
    row = {"area_code": CODES["liwan"], "year": "2024", **amounts, "status": "demonstration", "source_id": "demo-waste"}
    add(project.data / "waste/medical.csv", row)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (("125.683", "10692.587", "10687.218", "131.052"), "98.79"),  # 10687.218 / 10818.270; of tonnes 98.78
        (("0.000", "606.145", "602.509", "3.636"), "99.40"),  # 602.509 / 606.145; of tonnes 603 / 606 = 99.50
        (("5.913", "691.250", "694.309", "2.854"), "99.59"),  # 694.309 / 697.163; of tonnes 694 / 697 = 99.57
    ],
)
def test_a_rate_of_medical_waste_does_not_come_from_rounded_tonnes(
    project: Project, amounts: tuple[str, str, str, str], expected: str
) -> None:
    keep(project, *amounts)
    assert text(waste(project, "liwan").medical_within_year()) == expected


def test_medical_waste_that_is_still_kept_is_not_called_unsafe(project: Project) -> None:
    keep(project, "5.913", "691.250", "694.309", "2.854")
    leave(project, generated="1.0000000")
    chapter = waste(project, "liwan")
    assert "医疗废物：当年处置了99.59%，其余3吨年末暂存在医院，等待处置。" in said(chapter.answer())
    ((row,), columns) = (table(chapter.medical_waste()), chapter.medical_waste().content["chart"].table.columns)
    assert (row["medical_within_year"], row["medical_closing"]) == ("99.59%", "3吨")
    assert not any("安全" in column.heading for column in columns)
    assert "不是没有安全处置" in notes(chapter.medical_waste())


def test_what_comes_after_the_year_of_the_page_is_not_known_to_it(shipped: Project) -> None:
    rows = {row["year"] for row in table(waste(shipped, year=2022).statements())}
    assert max(rows) == "2022"
    assert [row["year"] for row in table(waste(shipped, year=2022).bulletins())] == ["2022", "2021", "2018", "2012"]


def test_where_none_of_the_published_kinds_arises_that_is_said_and_not_drawn(project: Project) -> None:
    leave(project, kind="sludge", generated="1.0000000", used="1.0000000")
    assert "公告公布过占比的种类，荔湾区的数据里一种也没有" in said(waste(project, "liwan").composition())
    leave(project, kind="slag", generated="3.0000000", used="3.0000000")
    assert text(waste(project, "liwan").kind_share(GENERAL, "slag")) == "75.00"


def test_the_composition_of_2012_stands_beside_the_later_years(shipped: Project) -> None:
    rows = {row["year"]: row for row in table(waste(shipped).composition())}
    of_2012 = [rows["2012"][kind] for kind in ("fly_ash", "smelting_slag", "slag", "gypsum", "other_kinds")]
    assert of_2012 == ["38.4%", "19.87%", "9.18%", "5.41%", "27.14%"]
    assert sum(Decimal(share.rstrip("%")) for share in of_2012) == 100


# --- breaks ---------------------------------------------------------------------------------------


def test_the_series_breaks_where_the_survey_changed_and_where_invented_values_begin(shipped: Project) -> None:
    chapter = waste(shipped)
    assert chapter.years == [2012, 2018, 2021, 2022, 2023, 2024]
    assert chapter.breaks(chapter.years) == [2018, 2021, 2023]
    assert "2021 年起只统计重点调查工业企业" in notes(chapter.rates())
    drawn = {row["break_at"] for row in records(chapter.amounts()) if "break_at" in row}
    assert drawn == {"2018", "2021", "2023"}


def test_a_districts_series_has_no_break(shipped: Project) -> None:
    chapter = waste(shipped, "liwan")
    assert (chapter.years, chapter.breaks(chapter.years)) == ([2021, 2022, 2023, 2024], [])


# --- kinds, households, sites ---------------------------------------------------------------------


def test_the_largest_kind_comes_first_and_shares_are_of_all_kinds(project: Project) -> None:
    leave(project, kind="slag", generated="1.0000000", used="0.5000000")
    leave(project, kind="sludge", generated="3.0000000", used="3.0000000")
    rows = table(waste(project, "liwan").kinds_general())
    assert [(row["kind"], row["share"], row["use_ratio"]) for row in rows] == [
        ("污泥", "75.00%", "100.00%"),
        ("炉渣", "25.00%", "50.00%"),
    ]


def test_a_category_of_hazardous_waste_has_its_name_and_the_mark_of_a_rule_that_was_not_read(project: Project) -> None:
    leave(project, kind="HW22", generated="1.0000000")
    chapter = waste(project, "liwan")
    assert table(chapter.kinds_hazardous())[0]["kind"] == "HW22 含铜废物"
    assert not chapter.kind_flow(HAZARDOUS, "HW22", "generated").is_verified
    assert waste(project, "liwan", language="en").kind("HW22") == "HW22 Waste containing copper"


def test_fly_ash_is_on_the_page_of_the_district_that_incinerates(shipped: Project) -> None:
    kinds = waste(shipped, "conghua").kinds_hazardous()
    assert "HW18 焚烧处置残渣" in {row["kind"] for row in table(kinds)}
    assert "生活垃圾焚烧厂的飞灰" in notes(kinds)
    assert "飞灰" not in notes(waste(shipped, "liwan").kinds_hazardous())


def test_household_waste_is_what_was_treated_in_each_of_the_ways(shipped: Project) -> None:
    chapter = waste(shipped, "liwan")
    parts = [chapter.household_amount(way).value for way in WAYS]
    assert sum(parts) == chapter.household_amount("generated").value
    people = next(row for row in read(shipped.data / "waste/household.csv") if row["year"] == "2024")["people"]
    per_head = Decimal(1000) * chapter.household_amount("generated").value / Decimal(people)
    assert abs(chapter.per_head().value - per_head) <= Decimal("0.005")


def test_sites_of_the_whole_city_are_on_every_page_with_what_they_can_treat(shipped: Project) -> None:
    city, district = waste(shipped), waste(shipped, "conghua")
    assert table(city.sites_table()) == table(district.sites_table())
    assert "在从化区的有：示例第四资源热力电厂" in notes(district.sites_table())
    rows = [row for row in read(shipped.data / "waste/facilities.csv") if row["kind"] == "incineration"]
    assert city.capacity("incineration").value == sum(Decimal(row["capacity"]) for row in rows)


# --- pages ----------------------------------------------------------------------------------------


def test_an_area_without_rows_says_so(project: Project) -> None:
    for area in ("guangzhou", "liwan"):
        chapter = waste(project, area)
        assert "没有找到" in said(chapter.answer())
        assert chapter.disclosure("Q5").state == NOT_DISCLOSED
        for block in blocks_of(project, area, 2024, "zh", Waste):
            assert not any(figure.value is not None for figure in block.figures), block.name


def test_made_up_rows_do_not_count_as_disclosed_and_published_ones_do(shipped: Project) -> None:
    assert waste(shipped, "liwan").disclosure("Q5").state == NOT_DISCLOSED
    disclosure = waste(shipped, year=2022).disclosure("Q5")
    assert (disclosure.state, disclosure.since) == (PARTLY, 2012)  # household waste is not


def test_the_answer_says_first_what_was_published_and_that_the_rest_is_invented(shipped: Project) -> None:
    for area, words in (("guangzhou", "下面是示例各区之和"), ("liwan", "没有找到分区公布的数字")):
        first, second, *_ = said(waste(shipped, area).answer()).split("\n")
        assert "2022年：产生一般工业固体废物692.95万吨，综合利用率95.28%。产生工业危险废物64.75万吨" in first
        assert words in second
    english = said(waste(shipped, "liwan", language="en").answer())
    assert "6.9295 million t of general industrial solid waste, of which 95.28% was used" in english


def test_the_answer_of_a_published_year_is_the_published_figures(shipped: Project) -> None:
    answer = said(waste(shipped, year=2022).answer())
    assert "产生692.95万吨，综合利用率95.28%，处置率4.3%" in answer
    assert "利用处置65.19万吨，年末还贮存1.00万吨" in answer
    assert "示例" not in answer


def test_the_page_says_why_city_and_districts_do_not_add_up(shipped: Project) -> None:
    found = notes(waste(shipped).districts())
    assert "公布的广州市2022年一般工业固体废物是692.95万吨" in found
    assert "两者不会相等" in found


def test_what_is_missing_is_told_by_what_is_there(project: Project, shipped: Project) -> None:
    assert "下列内容没有找到公布的数字：生活垃圾" in said(waste(shipped).missing())
    publish(project, 2024, area="liwan", general_generated="1")
    chapter = waste(project, "liwan")
    assert "没有找到任何一个区" not in said(chapter.missing())
    assert "公布的工业固体废物产生" not in said(chapter.missing())


def test_the_overview_has_a_sentence_and_two_figures(shipped: Project) -> None:
    headline = waste(shipped, year=2022).headline()
    assert [text(card.value) for card in headline.cards] == ["95.28", "64.75"]
    assert [text(card.before) for card in headline.cards if card.before] == ["94.10", None]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("year", [2022, 2024])
def test_every_figure_follows_from_its_derivation(shipped: Project, year: int, language: str, tmp_path: Path) -> None:
    """Recomputed by ``verify``, which shares no code with the chapter."""
    found = published(shipped, tmp_path, Waste, ("guangzhou", "liwan", "conghua"), year, language)
    assert len(found.entries) > 300
    assert [str(problem) for problem in found.problems()] == []
