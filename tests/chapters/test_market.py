"""The market chapter: bills and verdicts worked by hand, sums of districts, and nobody's own tax."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from projects import ALL_ENTERPRISES, CODES, add, blocks_of, edit, read, small_project, write
from recomputed import published
from reportkit.blocks import Block
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY
from reportkit.chapters.market import LISTED, Market
from reportkit.chapters.market_figures import WANTED
from reportkit.project import Project
from reportkit.standards.rounding import half_even
from reportkit.standards.tariffs import SERVICES
from reportkit.verify import market as verified
from shown import joined, notes, said, table, text

DEMO = {"status": "demonstration", "source_id": "demo-market"}
OFFICIAL = {"status": "official", "source_id": "gz-annual-2024"}
DISTRICTS = ("liwan", "panyu", "conghua")
TABLES = (
    *("published", "taxes", "reductions", "tax_bands", "outlets", "other_tax", "household_use"),
    *("projects", "industry", "power", "power_quotas", "sewage", "waste_charges"),
)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped rows of the city and three districts, of which one has a price list that was read."""
    folder = tmp_path_factory.mktemp("market")
    return small_project(folder, districts=DISTRICTS, years=(2023, 2024), data_years=(), enterprises=ALL_ENTERPRISES)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The city and two districts without any rows of this chapter, for each test to give some."""
    project = small_project(tmp_path, districts=("liwan", "panyu"), data_years=(), enterprises=ALL_ENTERPRISES)
    for name in TABLES:
        write(project.data / f"market/{name}.csv", [])
    return project


def market(project: Project, area: str = "liwan", year: int = 2024, language: str = "zh") -> Market:
    return Market.open(area, year, language, project)


def give(project: Project, table: str, *rows: dict[str, str], area: str = "liwan", year: int = 2024) -> None:
    """Invented rows of an area and year."""
    own = {"area_code": CODES[area], "year": str(year), **DEMO}
    add(project.data / f"market/{table}.csv", *({**own, **row} for row in rows))


def taxed(pollutant: str, due: str, tax: str) -> dict[str, str]:
    amounts = {"payers": "3", "amount_kg": "1.000", "equivalents": "1.00"}
    return {"pollutant": pollutant, **amounts, "due_10k_yuan": due, "tax_10k_yuan": tax}


def sewage(collected: int, treatment: int, sludge: int, network: int) -> dict[str, str]:
    values = {"charged": 200, "collected": collected, "treatment": treatment, "network": network, "sludge": sludge}
    volumes = {"household_10k_m3": "60", "other_10k_m3": "40"}
    return {**volumes, **{f"{name}_10k_yuan": str(value) for name, value in values.items()}}


WASTE = {
    **{"tonnes": "500", "household_10k_yuan": "3", "other_10k_yuan": "4", "cost_10k_yuan": "28"},
    **{"scheme_households": "90", "rewards_10k_yuan": "2"},
}


# --- the bill --------------------------------------------------------------------------------------


def test_the_steps_of_the_dearest_month_are_worked_out_tier_by_tier(shipped: Project) -> None:
    """August: 36 m³ are 26 x 1.75 + 8 x 2.63 + 2 x 5.25 of water, as many at 0.95, 1.43 and 2.85 of sewage."""
    rows = table(market(shipped, "panyu").bill_steps())
    found = [(row["amount"], row["price"], row["yuan"]) for row in rows if row["service"] in ("自来水", "污水处理")]
    assert found == [
        ("26立方米", "1.75元/立方米", "45.50元"),
        ("8立方米", "2.63元/立方米", "21.04元"),
        ("2立方米", "5.25元/立方米", "10.50元"),
        ("26立方米", "0.95元/立方米", "24.70元"),
        ("8立方米", "1.43元/立方米", "11.44元"),
        ("2立方米", "2.85元/立方米", "5.70元"),
    ]
    assert "8月合计" in notes(market(shipped, "panyu").bill_steps())
    assert "自来水77.04元、污水处理41.84元" in notes(market(shipped, "panyu").bill_steps())


def test_a_list_that_changed_in_the_year_is_charged_until_then_and_the_next_from_then_on(project: Project) -> None:
    """Water at 2 yuan until June, 3 yuan from July: 10 m³ a month are 6 x 20 + 6 x 30 yuan."""
    for name, since, until, price in (("A", "2020-01-01", "2024-06-30", "2"), ("B", "2024-07-01", "", "3")):
        change = {"standard": f"list {name}", "valid_from": since, "valid_to": until, "price": price, "up_to": ""}
        own = {"area_codes": "440113", "service": "water", "user": "household", "season": "all", "months": ""}
        listed = {"per": "month", "tier": "1", "unit": "yuan/m3", "scope_zh": "示例", "scope_en": "Demo", "clause": ""}
        if name == "A":
            write(project.data / "market/tariffs.csv", [])
        add(
            project.data / "market/tariffs.csv",
            {**own, **listed, "verification": "seen", "source": "", **change, **DEMO},
        )
    use = {"water_m3": "10", "power_kwh": "100", "gas_m3": "10", **DEMO}
    add(project.data / "market/household_use.csv", *({"month": str(month), **use} for month in range(1, 13)))
    chapter = market(project, "panyu")
    assert [text(chapter.bill_of(("water",), f"2024-{month}")) for month in ("06", "07")] == ["20.00", "30.00"]
    assert text(chapter.bill_of(("water",))) == "300.00"
    assert [rule.standard for rule in chapter.bill_of(("water",)).rules[-2:]] == ["list A", "list B"]
    for month, price in (("2024-06", "2"), ("2024-07", "3")):
        tariff = chapter.household_tariff("water", month)
        assert tariff is not None
        assert text(chapter.price(tariff, tariff.tiers[0])) == price


def test_gas_is_charged_by_what_was_used_since_january(shipped: Project) -> None:
    """353 m³ a year: 320 at 3.45 and 33 at 4.14 are 1240.62 yuan."""
    used = sum(Decimal(row["gas_m3"]) for row in read(shipped.data / "market/household_use.csv"))
    assert used == 353
    assert text(market(shipped).bill_of(("gas",))) == "1240.62"


def test_the_bill_is_the_sum_of_its_services_and_of_its_months(shipped: Project) -> None:
    chapter = market(shipped, "panyu")
    assert chapter.billed == list(SERVICES)
    months = [f"2024-{month:02}" for month in range(1, 13)]
    whole = chapter.bill_of(SERVICES).value
    assert whole == sum(Decimal(str(chapter.bill_of(SERVICES, month).value)) for month in months)
    assert whole == sum(Decimal(str(chapter.bill_of((service,)).value)) for service in SERVICES)


@pytest.mark.parametrize("area", ["guangzhou", "liwan", "panyu"])
def test_what_is_printed_of_a_bill_adds_up_by_row_and_by_column(shipped: Project, area: str) -> None:
    """Nobody pays a part of a fen: each step of each month is rounded, and all sums are of what was rounded."""
    chapter = market(shipped, area)
    *months, year = (
        [Decimal(cell.removesuffix("元").replace(",", "")) for name, cell in row.items() if name != "month"]
        for row in table(chapter.household_bill())
    )
    assert all(sum(row[:-1]) == row[-1] for row in (*months, year))
    assert [sum(column) for column in zip(*months, strict=True)] == year
    steps = [Decimal(row["yuan"].removesuffix("元")) for row in table(chapter.bill_steps())]
    assert sum(steps) == chapter.bill_of(tuple(chapter.billed), chapter.dearest_month).value


def test_a_bill_without_water_says_so_and_the_district_is_not_compared(shipped: Project) -> None:
    chapter = market(shipped, "conghua")
    assert chapter.billed == ["power", "gas", "waste"]
    assert "没有找到价格的：自来水、污水处理" in notes(chapter.household_bill())
    by_area = {row["area"]: row["water_bill"] for row in table(chapter.cover_districts())}
    assert (by_area["从化区"], by_area["荔湾区"] != "—") == ("—", True)


def test_prices_nobody_read_are_marked_and_never_official(shipped: Project) -> None:
    read_, unread = market(shipped, "panyu"), market(shipped, "liwan")
    water = {chapter.area.slug: chapter.bill_of(("water",)) for chapter in (read_, unread)}
    assert (water["panyu"].is_verified, water["liwan"].is_verified) == (True, False)
    assert {row["is_read"] for row in table(unread.price_lists())} == {"没有对照文件"}
    for chapter in (read_, unread):
        assert "official" not in {figure.status for figure in chapter.price_lists().figures}
    assert "没有对照文件、可能已经调整的：电、管道天然气、生活垃圾处理" in notes(read_.price_lists())


def test_the_bill_says_whether_all_some_or_none_of_its_prices_were_read(project: Project) -> None:
    use = {"water_m3": "10", "power_kwh": "100", "gas_m3": "10", **DEMO}
    add(project.data / "market/household_use.csv", *({"month": str(month), **use} for month in range(1, 13)))
    assert "有些价格没有对照文件" in said(market(project, "panyu").answer())
    path = project.data / "market/tariffs.csv"
    for verification, words in (
        ("seen", "（电、管道天然气、生活垃圾处理）。"),
        ("memory", "；这些价格都没有对照文件。"),
    ):
        edit(
            path,
            lambda rows, mark=verification: [
                row | {"verification": mark} for row in rows if row["service"] in ("power", "gas", "waste")
            ],
        )
        assert words in said(market(project, "panyu").answer())


def test_a_price_list_says_from_when_to_when_it_holds_and_that_days_from_memory_were_not_checked(
    project: Project,
) -> None:
    rows = table(market(project, "panyu").price_lists())
    dates = {row["service"].partition("（")[0]: (row["since"], row["until"]) for row in rows}
    assert dates == {
        **dict.fromkeys(("自来水", "污水处理"), ("2018-12-12", "未写明")),
        **dict.fromkeys(("电", "管道天然气", "生活垃圾处理"), ("未核对", "未核对")),
    }
    edit(
        project.data / "market/tariffs.csv",
        lambda listed: [row | {"valid_to": "2025-06-30"} if row["area_codes"] == "440113" else row for row in listed],
    )
    rows = table(market(project, "panyu", language="en").price_lists())
    assert {(row["since"], row["until"]) for row in rows} == {
        *(("2018-12-12", "2025-06-30"), ("not checked", "not checked"))
    }


def test_the_city_lists_the_prices_of_its_districts_with_their_names(shipped: Project) -> None:
    chapter = market(shipped, "guangzhou")
    rows = table(chapter.price_lists())
    water = [(row["area"], row["user"], row["price"]) for row in rows if row["service"] == "自来水"]
    assert water == [
        *(("荔湾区", "居民", f"{price}元/立方米") for price in ("1.98", "2.97", "3.96")),
        *(("番禺区", "居民", f"{price}元/立方米") for price in ("1.75", "2.63", "5.25")),
        ("番禺区", "非居民", "2.94元/立方米"),
        ("番禺区", "特种行业", "9.00元/立方米"),
    ]
    assert {row["area"] for row in rows if row["service"] == "管道天然气"} == {"广州市"}
    assert "area" not in table(market(shipped, "panyu").price_lists())[0]
    assert "只有部分区价格的：自来水、污水处理" in notes(chapter.price_lists())
    assert "没有找到价格的" not in notes(chapter.price_lists())
    floors = table(chapter.sewage_prices())
    assert [(row["area"], row["user"], row["verdict"]) for row in floors] == [
        *(
            (area, user, "不低于最低标准")
            for area, user in (("荔湾区", "居民"), ("番禺区", "居民"), ("番禺区", "非居民"))
        )
    ]


def test_a_list_of_several_districts_names_them_all_once(tmp_path: Path) -> None:
    project = small_project(tmp_path, districts=("liwan", "tianhe", "panyu"), data_years=())
    rows = table(market(project, "guangzhou").price_lists())
    assert {row["area"] for row in rows if row["service"] == "自来水"} == {"荔湾区、天河区", "番禺区"}
    assert len([row for row in rows if row["service"] == "自来水"]) == 3 + 5


def test_that_others_than_households_have_no_list_for_waste_is_said_until_there_is_one(project: Project) -> None:
    give(project, "waste_charges", WASTE)
    blocks = ("price_lists", "waste_account")
    for block in blocks:
        assert "没有找到单位（非居民）的生活垃圾处理费标准" in notes(getattr(market(project), block)())
        assert "others than households" in notes(getattr(market(project, language="en"), block)())
    (charge,) = [row for row in read(project.data / "market/tariffs.csv") if row["service"] == "waste"]
    add(project.data / "market/tariffs.csv", charge | {"user": "non_household", "area_codes": "440103"})
    for block in blocks:
        assert "非居民" not in notes(getattr(market(project), block)())


def test_who_has_a_quota_of_power_and_who_is_over_it_by_industry(project: Project) -> None:
    """8 + 4 + 1 + 3 of which 2 + 1 + 0 + 3 are over: 16 and 6, which is 37.5 percent."""
    counts = {"steel": (8, 2), "chemicals": (4, 1), "dyeing": (1, 0), "paper": (3, 3)}
    for industry, (units, over) in counts.items():
        give(project, "power_quotas", {"industry": industry, "units": str(units), "over_units": str(over)})
    block = market(project).power_quotas()
    assert [list(row.values()) for row in table(block)] == [
        ["金属冶炼", "8家", "2家", "25.0%"],
        ["化工", "4家", "1家", "25.0%"],
        ["印染", "1家", "0家", "0.0%"],
        ["造纸", "3家", "3家", "100.0%"],
        ["合计", "16家", "6家", "37.5%"],
    ]
    assert list(table(block)[0]) == ["industry", "with_quota", "over_quota", "over_share"]
    assert "没有找到荔湾区分行业的用电定额标准" in notes(block)
    assert block.as_json()["status"] == "demonstration"
    assert "没有找到番禺区分行业的用电定额标准" in said(market(project, "panyu").power_quotas())


def cells(block: Block, *headings: str) -> list[list[str]]:
    """The rows of a block's table whose *headings*, as a reader sees them in their order, are these."""
    content = block.as_json()["content"]["chart"]["table"]
    assert [column["heading"] for column in content["columns"]] == list(headings)
    return [list(row.values()) for row in table(block)]


def test_power_by_the_time_of_day_is_so_many_times_the_flat_price_in_both_languages(project: Project) -> None:
    zh, en = (
        {row["price_name"]: row["price"] for row in table(market(project, language=language).power_prices())}
        for language in ("zh", "en")
    )
    assert [zh[name] for name in ("高峰", "平段", "限制类企业加价")] == ["1.7倍", "1倍", "0.1元/千瓦时"]
    assert [en[name] for name in ("peak", "flat")] == ["1.7 × the flat price", "1 × the flat price"]
    assert en["surcharge, restricted"] == "0.1 yuan/kWh"


def test_who_pays_more_and_less_for_power_by_hand(project: Project) -> None:
    """Of 60 + 30 + 10 households 10 percent are in the third tier."""
    values = {"households_tier_1": 60, "households_tier_2": 30, "households_tier_3": 10, "storage_mwh": 7}
    values |= {"time_of_day_units": 5, "surcharged_units": 2, "supported_units": 3}
    units = {"storage_mwh": "MWh", **dict.fromkeys(("time_of_day_units", "surcharged_units", "supported_units"), "")}
    for measure, value in values.items():
        unit = units.get(measure, "household") or "enterprise"
        give(project, "power", {"measure": measure, "value": str(value), "unit": unit})
    block = market(project).power_users()
    assert cells(block, "年份", "用电到第三档的居民", "执行分时电价的企业", "储能") == [
        ["2024", "10.0%", "5家", "7兆瓦时"]
    ]
    assert "落在第一档的有60户，第二档30户，第三档10户" in notes(block)
    assert "被加价的企业有2家，享受优惠电价的环保企业（如污水处理厂）有3家" in notes(block)


# --- the trade and what waste costs ------------------------------------------------------------------


def test_the_environmental_trade_by_branch_by_hand(project: Project) -> None:
    turnover = {"air": 1, "water": 20, "soil": 300, "waste": 4000, "monitoring": 50_000}
    for branch, value in turnover.items():
        give(project, "industry", {"branch": branch, "enterprises": "1", "turnover_10k_yuan": str(value)})
    headings = ("年份", "合计", "大气治理", "水治理", "土壤修复", "固体废物", "环境监测")
    assert cells(market(project).trade(), *headings) == [
        ["2024", "54,321万元", "1万元", "20万元", "300万元", "4,000万元", "50,000万元"]
    ]


def test_the_account_of_waste_by_hand(project: Project) -> None:
    """3 + 4 collected of 28 are a quarter; 28 x 10,000 yuan for 500 t are 560 yuan a tonne."""
    give(project, "waste_charges", WASTE)
    headings = ("年份", "居民缴纳", "单位缴纳", "收运处理成本", "垃圾收费占成本", "每吨成本")
    assert cells(market(project).waste_account(), *headings) == [
        ["2024", "3万元", "4万元", "28万元", "25.0%", "560元/吨"]
    ]


def test_the_rewards_for_sorting_by_hand(project: Project) -> None:
    give(project, "waste_charges", WASTE)
    assert cells(market(project).incentives(), "年份", "参加积分的住户", "兑换的奖励") == [["2024", "90户", "2万元"]]


# --- the tax ---------------------------------------------------------------------------------------


def test_the_tax_by_hand(project: Project) -> None:
    give(project, "taxes", taxed("so2", "4.000000", "2.500000"), taxed("cod", "1.000000", "1.000000"))
    give(project, "taxes", taxed("so2", "2.000000", "2.000000"), year=2023)
    chapter = market(project)
    assert [text(figure) for figure in (chapter.paid(), chapter.remitted(), chapter.remitted_share())] == [
        *("3.50", "1.50", "30.0")
    ]
    assert text(chapter.tax_change()) == "75.0"
    assert "比上年多75.0%" in said(chapter.answer())
    assert [row["whole_tax_years"] for row in table(chapter.tax_years())] == ["2.00万元", "3.50万元"]


def test_what_was_published_is_printed_instead_of_what_was_made_up(project: Project) -> None:
    give(project, "taxes", taxed("so2", "4.000000", "2.500000"))
    names = {"item_id": "M3", "name_zh": "税", "name_en": "tax", "unit": "10k yuan", "year": "2024", **OFFICIAL}
    row = {"area_code": CODES["liwan"], "indicator": "taxes_tax", "value": "12.30", **names}
    add(project.data / "market/published.csv", row)
    chapter = market(project)
    assert (text(chapter.paid()), chapter.paid().status) == ("12.30", "official")
    assert chapter.disclosure("M3").state == PARTLY
    assert chapter.disclosure("M4").state == NOT_DISCLOSED


def test_the_city_is_the_sum_of_its_districts(shipped: Project) -> None:
    city, parts = market(shipped, "guangzhou"), [market(shipped, area) for area in DISTRICTS]
    for figure in (
        lambda it: it.paid(),
        lambda it: it.due(),
        lambda it: it.sewage("collected"),
        lambda it: it.sewage_cost(),
        lambda it: it.waste_collected(),
        lambda it: it.turnover(),
        lambda it: it.project_count(),
        lambda it: it.assessed(2024),
        lambda it: it.payers(2024),
    ):
        exact = sum(Decimal(figure(part).unrounded or 0) for part in parts)
        assert Decimal(figure(city).unrounded or 0) == exact


def test_who_is_exempt_is_not_said_to_have_paid(shipped: Project) -> None:
    panyu = market(shipped, "panyu")
    assert [text(figure) for figure in (panyu.assessed(2024), panyu.assessed(2024, "exempt"))] == ["45", "2"]
    assert text(panyu.payers(2024)) == "43"
    assert "2024年43家企业缴纳环境保护税" in said(panyu.answer())


def test_how_many_paid_is_printed_where_it_was_published(project: Project) -> None:
    names = {"item_id": "M3", "name_zh": "纳税人", "name_en": "payers", "unit": "enterprise", **OFFICIAL}
    row = {"area_code": CODES["liwan"], "indicator": "payers", "value": "7", "year": "2024", **names}
    add(project.data / "market/published.csv", row)
    payers = market(project).payers(2024)
    assert (text(payers), payers.status) == ("7", "official")


def test_the_city_takes_its_own_row_where_there_is_one(project: Project) -> None:
    give(project, "sewage", sewage(100, 60, 20, 40))
    give(project, "sewage", sewage(900, 500, 100, 300), area="guangzhou")
    assert text(market(project, "guangzhou").sewage("collected")) == "900"


def test_why_the_tax_was_paid_in_full_is_said_in_words_that_stand_alone(shipped: Project) -> None:
    city = market(shipped, "guangzhou").reductions()
    drawn = joined(
        Market.open("guangzhou", 2024, "en", shipped).reductions().as_json()["content"]["chart"]["alternative"]
    )
    for part in ("paid half: ", "paid in full (a limit exceeded): ", "paid in full (penalised in the year): "):
        assert part in drawn
    assert "当年受过处罚，全缴" in joined(city.as_json()["content"]["chart"]["alternative"])


def test_no_block_names_an_enterprise(shipped: Project) -> None:
    names = {row["name_zh"] for row in read(shipped.data / "enterprises/register.csv")}
    assert names
    for area in ("guangzhou", "liwan"):
        for block in blocks_of(shipped, area, 2024, "zh", Market):
            shown = {name: part for name, part in block.as_json().items() if name != "inputs"}
            written = json.dumps(shown, ensure_ascii=False)
            assert "DEMO-E" not in written, block.name
            assert [name for name in names if name in written] == [], block.name


def test_examples_of_outlets_show_who_is_not_taxed_and_where_an_exceedance_costs_the_reduction(
    shipped: Project,
) -> None:
    rows = {(row["outlet"], row["pollutant"]): row for row in table(market(shipped).worked_outlets())}
    dyeing = {pollutant: row for (outlet, pollutant), row in rows.items() if "印染" in outlet}
    assert dyeing["生化需氧量(BOD5)"]["paid_pct"] == "不征"
    assert dyeing["化学需氧量(CODcr)"]["paid_pct"] == "按50%"
    assert (dyeing["氨氮"]["percent_of_limit"], dyeing["氨氮"]["paid_pct"]) == ("限值的66%，有超标", "按100%")
    assert sum(row["paid_pct"] != "不征" for row in dyeing.values()) == 3


def test_the_equivalents_of_an_outlet_follow_from_the_kilograms_and_the_value_beside_them(shipped: Project) -> None:
    """2.060 kg of nickel at 0.025 kg an equivalent are 82.40 equivalents."""
    for area in ("guangzhou", "liwan"):
        block = market(shipped, area).worked_outlets()
        for row in table(block):
            let_out, value = (Decimal(row[name].removesuffix("千克").replace(",", "")) for name in ("let_out", "annex"))
            assert let_out.as_tuple().exponent == -3
            counted = str(half_even(let_out / value, 2))
            assert row["equivalents"].removesuffix("污染当量").replace(",", "") == counted, row
        assert "大气1.8元/污染当量" in notes(block)
        assert "水2.8元/污染当量" in notes(block)


def example(what: str, **measured: str) -> dict[str, str]:
    """An example of waste or noise."""
    nothing = dict.fromkeys(("made_t", "used_t", "stored_t", "over_db", "months"), "")
    own = {
        "case_id": f"DEMO-{what}-{'-'.join(measured.values())}",
        "name_zh": "示例",
        "name_en": "Demo",
        "object": what,
    }
    return {**own, **nothing, **measured, **DEMO}


def test_the_tax_on_waste_and_noise_by_hand(project: Project) -> None:
    """O095: 1000 t less 300 used and 200 stored are 500 t at 15 yuan; 3 dB are 350 yuan a month, 4 dB 700."""
    add(
        project.data / "market/other_tax.csv",
        example("tailings", made_t="1000.0", used_t="300.0", stored_t="200.0"),
        *(example("noise", over_db=over, months="2") for over in ("3", "4", "15", "16")),
    )
    rows = [list(row.values()) for row in table(market(project).other_tax_worked())]
    waste = "产生1,000.0吨，综合利用300.0吨，贮存、处置200.0吨"
    assert rows == [
        ["示例", "尾矿", waste, "500.0吨", "15元/吨", "7,500.00元", "见于转引页"],
        ["示例", "噪声超标1—3分贝", "超标3分贝", "2个月", "350元/月", "700.00元", "没有对照文件"],
        ["示例", "噪声超标4—6分贝", "超标4分贝", "2个月", "700元/月", "1,400.00元", "没有对照文件"],
        ["示例", "噪声超标13—15分贝", "超标15分贝", "2个月", "5,600元/月", "11,200.00元", "没有对照文件"],
        ["示例", "噪声超标16分贝及以上", "超标16分贝", "2个月", "11,200元/月", "22,400.00元", "没有对照文件"],
    ]
    block = market(project, "guangzhou").other_tax_worked().as_json()
    assert block["status"] == "demonstration"
    assert [published["name"] for published in block["tables"]] == ["2024/guangzhou/market/other_tax_steps"]
    marks = {rule["summary"]: rule["is_verified"] for rule in block["rules"]}
    assert (marks["尾矿"], marks["噪声超标1—3分贝"]) == (True, False)


def test_an_example_of_waste_or_noise_changes_no_sum_of_the_tax(project: Project) -> None:
    before = text(market(project).paid())
    add(project.data / "market/other_tax.csv", example("noise", over_db="3", months="2"))
    assert text(market(project).paid()) == before


def test_the_sums_of_the_tax_are_said_to_be_without_waste_and_noise(shipped: Project) -> None:
    assert "不含这两项" in notes(market(shipped).other_tax_worked())
    assert "不含固体废物和噪声" in notes(market(shipped).tax_years())
    english = market(shipped, language="en")
    assert "without these two" in notes(english.other_tax_worked())
    assert "not solid waste and noise" in notes(english.tax_years())


def test_a_year_without_the_tax_works_out_no_example(project: Project) -> None:
    add(project.data / "market/other_tax.csv", example("noise", over_db="3", months="2"))
    assert "没有找到" in said(market(project, year=2017).other_tax_worked())


# --- charges ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("collected", "verdict"),
    [(130, "covers_all"), (129, "covers_operation"), (110, "covers_operation"), (109, "covers_part")],
)
def test_what_a_charge_covers(project: Project, collected: int, verdict: str) -> None:
    """Treatment 100 and sludge 10 are 110, with pipes of 20 it is 130."""
    give(project, "sewage", sewage(collected, 100, 10, 20))
    assert text(market(project).sewage_verdict()) == verdict


def test_the_account_of_sewage_by_hand(project: Project) -> None:
    give(project, "sewage", sewage(104, 100, 10, 20))
    chapter = market(project)
    assert text(chapter.sewage_cost()) == "130"
    assert text(chapter.sewage_cover()) == "80.0"  # 104 / 130
    assert text(chapter.collection_rate()) == "52.0"  # 104 / 200
    assert text(chapter.sewage_cost_per_m3()) == "1.30"  # 130 / (60 + 40)


def test_charges_are_held_against_the_floor_of_the_state(shipped: Project) -> None:
    rows = {row["user"]: row for row in table(market(shipped, "panyu").sewage_prices())}
    assert [rows["居民"][name] for name in ("price", "floor", "verdict")] == [
        *("0.95元/立方米", "0.95元/立方米", "不低于最低标准")
    ]
    assert [rows["非居民"][name] for name in ("price", "floor", "verdict")] == [
        *("1.40元/立方米", "1.4元/立方米", "不低于最低标准")
    ]
    assert "特种行业" not in rows  # the state names no floor for them
    assert "没有找到适用于从化区的污水处理费标准" in said(market(shipped, "conghua").sewage_prices())


# --- pages -----------------------------------------------------------------------------------------


def test_an_area_without_rows_says_so(project: Project) -> None:
    for area in ("guangzhou", "liwan"):
        chapter = market(project, area)
        assert "没有找到" in said(chapter.answer())
        assert not chapter.has_values
        for item in chapter.items:
            assert chapter.disclosure(item).state == NOT_DISCLOSED
        for language in ("zh", "en"):
            blocks_of(project, area, 2024, language, Market)


def test_made_up_rows_do_not_count_as_disclosed_and_a_price_list_of_another_year_does_not(shipped: Project) -> None:
    assert {market(shipped, "liwan").disclosure(item).state for item in Market.items} == {NOT_DISCLOSED}
    assert market(shipped, "panyu").disclosure("M2").state == NOT_DISCLOSED


@pytest.mark.parametrize("item", Market.items)
def test_an_item_is_disclosed_when_all_that_it_asks_for_is_official(project: Project, item: str) -> None:
    names = {"item_id": item, "name_zh": "数", "name_en": "figure", "unit": "1", "year": "2024", "value": "1"}
    own = {"area_code": CODES["liwan"], **names, **OFFICIAL}
    first, *others = WANTED[item]
    add(project.data / "market/published.csv", own | {"indicator": first})
    assert market(project).disclosure(item).state == PARTLY
    add(project.data / "market/published.csv", *(own | {"indicator": name} for name in others))
    assert market(project).disclosure(item).state == DISCLOSED
    edit(
        project.data / "market/published.csv",
        lambda rows: [*rows[:-1], rows[-1] | {"status": "provisional", "source_id": "panyu-water-2018"}],
    )
    assert market(project).disclosure(item).state == PARTLY


def test_figures_of_a_copy_are_partly_disclosed(project: Project) -> None:
    names = {"item_id": "M2", "name_zh": "价", "name_en": "price", "unit": "yuan/m3", "year": "2024"}
    row = {"area_code": CODES["panyu"], "indicator": "water_household_1", "value": "1.75", **names}
    add(project.data / "market/published.csv", row | {"status": "provisional", "source_id": "panyu-water-2018"})
    assert market(project, "panyu").disclosure("M2").state == PARTLY


def test_published_prices_stand_as_printed_with_their_year(shipped: Project) -> None:
    for area in ("panyu", "guangzhou"):
        rows = table(market(shipped, area).published_prices())
        assert len(rows) == 10
        assert {row["year"] for row in rows} == {"2018"}
        assert {row.get("area") for row in rows} == {"番禺区" if area == "guangzhou" else None}
    assert "没有找到" in said(market(shipped, "liwan").published_prices())


def test_the_answer_says_that_numbers_are_invented_and_gives_them_in_both_languages(shipped: Project) -> None:
    assert "不是荔湾区的真实情况" in said(market(shipped).answer())
    english = said(market(shipped, language="en").answer())
    assert "What follows is invented" in english
    assert "of environmental protection tax" in english
    assert "of 3 districts, the highest first" in english


def test_a_page_lists_a_few_projects_and_says_so(shipped: Project) -> None:
    block = market(shipped, "guangzhou").projects_listed()
    count = market(shipped, "guangzhou").project_count().value
    assert isinstance(count, Decimal | int)
    assert len(table(block)) == min(LISTED, int(count))
    assert (f"只列最新的{LISTED}项" in notes(block)) == (int(count) > LISTED)
    years = [row["started"] for row in table(block)]
    assert years == sorted(years, reverse=True)


def test_an_earlier_year_does_not_know_later_ones(shipped: Project) -> None:
    chapter = market(shipped, year=2023)
    assert [row["year"] for row in table(chapter.tax_years())] == ["2021", "2022", "2023"]
    assert all(row["started"] <= "2023" for row in table(chapter.projects_listed()))


def test_the_overview_has_a_sentence_and_two_figures(shipped: Project) -> None:
    headline = market(shipped).headline()
    assert len(headline.cards) == 2
    assert all(card.before is not None and card.before.value is not None for card in headline.cards)
    assert "缴纳环境保护税" in joined([part if isinstance(part, str) else "" for part in headline.sentence])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_and_table_follows_from_what_is_published(shipped: Project, language: str, tmp_path: Path) -> None:
    """Recomputed by ``verify``, which shares no code with the chapter."""
    found = published(shipped, tmp_path, Market, ("guangzhou", *DISTRICTS), 2024, language)
    assert len(found.entries) > 300
    assert len(found.tables.of_reports("market/bill")) == 1 + len(DISTRICTS)
    assert len(found.tables.of_reports("market/other_tax_steps")) == 1
    assert [str(problem) for problem in [*found.problems(), *verified.problems(found.tables)]] == []
