"""The credit chapter: published results first, levels by the rule, nothing invented counted as disclosed."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from projects import ALL_ENTERPRISES, CODES, REPO, add, blocks_of, edit, read, small_project
from recomputed import published
from reportkit.blocks import status_of_row
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY
from reportkit.chapters.credit import Credit
from reportkit.chapters.credit_figures import PARTS
from reportkit.figures import Figure
from reportkit.project import Project
from reportkit.standards.credit import LEVELS
from reportkit.verify import credit as verified
from shown import joined, notes, said, table, text

TABLES = ("published", "remarks", "evaluations", "events", "repairs", "institutions", "measures", "platforms")
DEMO = {"status": "demonstration", "source_id": "demo-credit"}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped credit of the city and two districts."""
    folder = tmp_path_factory.mktemp("credit")
    return small_project(
        folder, districts=("liwan", "conghua"), years=(2022, 2024), data_years=(), enterprises=ALL_ENTERPRISES
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The city and a district without anything on credit, for each test to change."""
    project = small_project(
        tmp_path,
        districts=("liwan",),
        data_years=(),
        enterprises=ALL_ENTERPRISES,
    )
    for name in TABLES:
        edit(project.data / f"credit/{name}.csv", lambda rows: [])
    return project


def credit(project: Project, area: str = "guangzhou", year: int = 2024, language: str = "zh") -> Credit:
    return Credit.open(area, year, language, project)


def publish(project: Project, year: int, area: str = "guangzhou", **values: str) -> None:
    """Published figures of a year by indicator."""
    names = {"item_id": "C1", "name_zh": "例", "name_en": "example", "unit": "1"}
    rows = [
        {"area_code": CODES[area], "indicator": name, "year": str(year), "value": value, **names}
        for name, value in values.items()
    ]
    sources = {"status": "official", "source_id": "gz-credit-2024"}
    add(project.data / "credit/published.csv", *({**row, **sources} for row in rows))


def evaluate(project: Project, number: int, level: str, points: int, **more: str) -> None:
    """The evaluation of an enterprise of the district in 2024."""
    row = {
        **{"enterprise_id": f"DEMO-E-440103-{number:02}", "area_code": CODES["liwan"], "industry": "dyeing"},
        **{"year": "2024", "points": str(points), "green_indicators": "0", "has_veto": "false"},
        **{"has_incident": "false", "level": level},
    }
    add(project.data / "credit/evaluations.csv", {**row, **DEMO, **more})


def number(figure: Figure) -> int:
    return int(str(figure.value))


# --- what was published ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "included", "parts"),
    [
        # The notices of the city (oracles O100, O102, O103, and the notices of 2021 and 2023).
        (2018, 2930, [51, 1361, 347, 349, 822]),
        (2020, 1945, [117, 1235, 96, 93, 404]),
        (2021, 2710, [182, 2154, 83, 61, 230]),
        (2023, 2588, [298, 2251, 26, 13, None]),
        (2024, 2929, [436, 2450, 37, 6, None]),
    ],
)
def test_published_results_stand_as_printed_and_their_parts_add_up(
    shipped: Project, year: int, included: int, parts: list[int | None]
) -> None:
    chapter = credit(shipped)
    assert [text(chapter.counted(part, year)) for part in PARTS] == [None if it is None else str(it) for it in parts]
    assert text(chapter.parts_added(year)) == text(chapter.counted("included", year)) == str(included)
    same = next(note for note in notes(chapter.bulletins()).split("\n") if "企业数一致" in note)
    assert f"{year}年度{included:,}家" in same


def test_an_address_that_nobody_opened_is_said_to_be_so_beside_the_link(shipped: Project) -> None:
    for language, words in (("zh", "未打开"), ("en", "not opened")):
        for block in (credit(shipped, language=language).answer(), credit(shipped, language=language).bulletins()):
            (source,) = [source for source in block.sources if source["id"] == "gz-credit-2024"]
            assert words in source["note"]


def test_parts_that_do_not_add_up_are_named(project: Project) -> None:
    publish(project, 2024, included="10", green="1", blue="7", yellow="1", red="2")
    assert "相加是11家，公布的参加评价企业是10家，两者不一致" in notes(credit(project).bulletins())


def test_shares_have_one_decimal(shipped: Project) -> None:
    """436, 2450, 37 and 6 of 2929: 14.885, 83.646, 1.263 and 0.205."""
    chapter = credit(shipped)
    assert [text(chapter.share(level)) for level in LEVELS] == ["14.9", "83.6", "1.3", "0.2"]
    assert text(chapter.good_share()) == "98.5"  # 2886 / 2929
    assert [text(chapter.share(part, 2021)) for part in PARTS] == ["6.7", "79.5", "3.1", "2.3", "8.5"]


def test_a_stated_change_that_the_numbers_contradict_is_said(shipped: Project) -> None:
    """The notice of 2021 has red enterprises fall by 8.05 %; from 93 to 61 they fell by 34.4 %."""
    found = notes(credit(shipped).bulletins())
    assert "2021年度的公告称红牌企业同比变化−8.05%" in found
    assert "2020年度是93家、2021年度是61家，变化应是−34.4%。两者不符" in found
    assert "2020年度是公示的拟评结果，不是最终结果" in found


def test_the_published_sources_of_2021_add_up_to_those_evaluated(shipped: Project) -> None:
    """The notice of 2021: 470 + 131 + 2,109 = 2,710; 2 are red because they refused."""
    block = credit(shipped).who_is_evaluated()
    (row,) = table(block)
    assert list(row.values()) == ["2021", "470", "131", "2,109", "2,710", "2"]
    assert "2021年度三种来源相加2,710家，与公布的参加评价企业数一致" in notes(block)
    assert "规则原文没有找到" in notes(block)


def test_sources_that_do_not_add_up_are_named(project: Project) -> None:
    publish(project, 2023, included="10", from_key_units="4", from_volunteers="3", from_others="2")
    block = credit(project).who_is_evaluated()
    assert "2023年度三种来源相加是9家，公布的参加评价企业是10家，两者不一致" in notes(block)
    assert table(block)[0]["red_by_refusal"] == "—"


def test_where_no_sources_were_published_that_and_the_missing_rule_are_said(project: Project) -> None:
    publish(project, 2024, included="10", green="10")
    told = said(credit(project).who_is_evaluated())
    assert "没有找到公布的参加评价企业的来源" in told
    assert "规则原文没有找到" in told
    publish(project, 2024, from_key_units="4")
    assert "没有找到公布的参加评价企业的来源" in said(credit(project, year=2023).who_is_evaluated())


def test_key_units_are_held_against_the_evaluations(project: Project) -> None:
    """01 in two classes is one unit and was evaluated, 02 was not, 03 need not disclose, 04 is on no list."""
    listed = [("01", "water"), ("01", "air"), ("02", "noise"), ("03", "risk")]
    unit = {"area_code": CODES["liwan"], "status": "demonstration", "source_id": "demo-enterprises"}
    edit(
        project.data / "enterprises/key_units.csv",
        lambda rows: [
            {**unit, "enterprise_id": f"DEMO-E-440103-{id_}", "year": year, "kind": kind}
            for id_, kind in listed
            for year in ("2023", "2024")
        ],
    )
    for number_ in (1, 3, 4):
        evaluate(project, number_, "blue", 90)
    for area in ("liwan", "guangzhou"):
        (row,) = table(credit(project, area).units_held_against_evaluations())
        assert list(row.values()) == ["2024", "2", "1", "1"]
    sources = credit(project).key_units.rows["source_id"].tolist()
    assert sources == ["demo-credit;demo-enterprises", "demo-enterprises"]


def test_every_published_row_of_the_reference_material_is_shipped(shared: Path) -> None:
    areas = {"全市": "440100", "白云区": "440111"}
    with (shared / "domain/figures/published_figures.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if "信用" in row["indicator"] and row["trust"] != "D"]
    wanted = sorted((areas[row["area"]], row["period"][:4], Decimal(row["value"])) for row in rows)
    found = [row for row in read(REPO / "data/credit/published.csv") if row["indicator"] != "stated_red_change"]
    assert sorted((row["area_code"], row["year"], Decimal(row["value"])) for row in found) == wanted


def test_the_status_of_a_published_row_follows_the_trust_in_its_source() -> None:
    trust = {row["source_id"]: row["trust"] for row in read(REPO / "data/sources.csv")}
    for row in [*read(REPO / "data/credit/published.csv"), *read(REPO / "data/credit/remarks.csv")]:
        assert (row["status"], trust[row["source_id"]] in "AB") == ("official", True), row


def test_a_result_published_in_part_takes_nothing_from_the_rows(project: Project) -> None:
    """As of one district, of which the green, the red and a share were published."""
    evaluate(project, 1, "blue", 90)
    publish(project, 2024, "liwan", green="27", red="1")
    chapter = credit(project, "liwan")
    assert [text(chapter.counted(part)) for part in ("included", *PARTS)] == [None, "27", None, None, "1", None]
    assert "公布的荔湾区2024年度评价结果（家数或占比）：绿牌27、红牌1；其余没有公布" in said(chapter.answer())
    assert "逐家列出的1家是示例企业" in notes(chapter.industries())


def test_no_line_joins_what_was_published_with_what_was_invented(project: Project) -> None:
    for year in (2021, 2022, 2023, 2024):
        evaluate(project, 1, "blue", 90, year=str(year))
    publish(project, 2021, "liwan", green="16", red="17")
    publish(project, 2024, "liwan", green="27", red="1", good_share="98.48")
    chapter = credit(project, "liwan")
    assert chapter.breaks() == [2022, 2024]
    assert "没有找到2021、2024年度完整的评价结果" in notes(chapter.colours())
    assert "2022、2024年度起" in notes(chapter.over_time())
    assert "公布的2021年度红牌是17家" in said(chapter.answer())
    assert "2023年度，" not in said(chapter.answer())


def test_the_city_is_counted_over_its_districts_where_nothing_was_published(shipped: Project) -> None:
    city, parts = credit(shipped, year=2022), [credit(shipped, area, 2022) for area in ("liwan", "conghua")]
    for part in ("included", *LEVELS):
        assert number(city.counted(part)) == sum(number(chapter.counted(part)) for chapter in parts)
    assert city.counted("red").status == "demonstration"
    assert city.years == [2018, 2020, 2021]  # what was published is not drawn beside what was invented
    assert "没有找到2019、2022年度完整的评价结果" in notes(city.colours())


# --- levels ---------------------------------------------------------------------------------------


def test_levels_are_worked_out_anew_and_a_deviation_is_counted(project: Project) -> None:
    evaluate(project, 1, "green", 100, green_indicators="2")
    evaluate(project, 2, "blue", 75)  # 75 points are yellow
    evaluate(project, 3, "red", 95, has_veto="true")
    chapter = credit(project, "liwan")
    assert "2家一致，1家不一致" in notes(chapter.watched())
    assert "红牌企业1家，其中因一票否决的1家" in notes(chapter.watched())
    (row,) = table(chapter.watched())
    assert (row["level"], row["by_rule"], row["points"], row["reason"]) == ("红牌", "红牌", "95", "一票否决")


def convict(project: Project, number: int, day: str) -> None:
    """A court finds an enterprise of the district guilty of a crime against the environment."""
    whose = {"case_id": f"K{number}", "enterprise_id": f"DEMO-E-440103-{number:02}", "area_code": CODES["liwan"]}
    way = {"sender": "procuratorate", "receiver": "court", "reason": "charge", "sent_date": "2023-01-05"}
    found = {"is_accepted": "true", "outcome": "convicted", "outcome_date": day}
    own = {"number": "示例", "status": "demonstration", "source_id": "demo-law"}
    add(project.data / "law/transfers.csv", {**whose, **way, **found, **own})


@pytest.mark.parametrize(
    ("day", "veto", "words"),
    [
        ("2024-12-31", "true", "追究环境犯罪刑事责任的有1家，评价表里都记有一票否决"),
        ("2024-01-01", "false", "追究环境犯罪刑事责任的有1家，其中1家的评价没有记一票否决"),
    ],
)
def test_whoever_a_court_convicted_in_the_year_must_have_a_veto(
    project: Project, day: str, veto: str, words: str
) -> None:
    edit(project.data / "law/transfers.csv", lambda rows: [])
    evaluate(project, 1, "red", 65, has_veto=veto)
    convict(project, 1, day)
    assert words in notes(credit(project, "liwan").watched())


def test_a_conviction_of_another_year_is_none_of_this_years(project: Project) -> None:
    edit(project.data / "law/transfers.csv", lambda rows: [])
    evaluate(project, 1, "yellow", 65)
    convict(project, 1, "2023-12-31")
    assert "刑事责任" not in notes(credit(project, "liwan").watched())


def test_every_shipped_level_follows_the_rule(shipped: Project) -> None:
    chapter = credit(shipped)
    assert (text(chapter.following_rule(is_same=False)), text(chapter.evaluated())) == (
        "0",
        text(chapter.following_rule(is_same=True)),
    )


def test_the_worst_come_first_and_the_list_is_short(project: Project) -> None:
    for number in range(1, 19):
        evaluate(project, number, "yellow", 60 + number)
    evaluate(project, 19, "red", 40)
    block = credit(project, "liwan").watched()
    rows = table(block)
    assert [row["points"] for row in rows] == ["40", *map(str, range(61, 72))]
    assert "这里只列前12家" in notes(block)
    assert block.content["table"].rows[0][0]["href"] == "2024/enterprises/DEMO-E-440103-19.html"


def test_movements_add_up_to_those_rated_in_both_years(shipped: Project) -> None:
    block = credit(shipped, "liwan").changes()
    cells = [int(row[level]) for row in table(block) for level in LEVELS]
    rows = [row for row in read(shipped.data / "credit/evaluations.csv") if row["area_code"] == CODES["liwan"]]
    both = [row for row in rows if row["year"] == "2024" and row["level_before"]]
    assert sum(cells) == len(both)
    up = sum(LEVELS.index(row["level"]) < LEVELS.index(row["level_before"]) for row in both)
    assert f"升级{up}家" in notes(block)


def test_industries_add_up_to_those_evaluated(shipped: Project) -> None:
    chapter = credit(shipped, "liwan")
    rows = table(chapter.industries())
    assert sum(int(row["included"]) for row in rows) == number(chapter.evaluated())
    assert all(sum(int(row[level]) for level in LEVELS) == int(row["included"]) for row in rows)
    before = {row["industry"]: row["good"] for row in table(credit(shipped, "liwan", year=2023).industries())}
    assert {row["industry"]: row["good_before"] for row in rows if row["industry"] in before} == before


def test_the_rules_are_told_with_their_numbers_and_marks(shipped: Project) -> None:
    chapter = credit(shipped, "liwan")
    rules = said(chapter.level_rules())
    assert "绿牌（环保诚信）：得100分，并且绿色附加指标不少于2项" in rules
    assert "污染防治29%、生态保护5%、环境管理54%、社会监督12%" in rules
    for block in (chapter.vetoes(), chapter.indicators()):  # what was seen of both was seen in reposts
        assert {row["verification"] for row in table(block)} == {"见于转载", "未对照原文"}
    assert [row["verification"] for row in table(chapter.vetoes())].count("未对照原文") == 6
    for block, name in (
        *((chapter.level_rules(), "穗环〔2015〕210号"), (chapter.level_rules(), "环发〔2013〕150号")),
        *((chapter.vetoes(), "环发〔2013〕150号"), (chapter.indicators(), "环发〔2013〕150号")),
    ):
        assert any(name in rule["standard"] for rule in block.as_json()["rules"])
    for block, found in (
        *((chapter.vetoes(), {"rule", "unread"}), (chapter.indicators(), {"rule", "unread"})),
        (chapter.trigger_rules(), {"rule", "convention"}),
    ):
        content = block.as_json()["content"]["table"]
        assert {status_of_row(row, own) for row, own in zip(content["rows"], content["statuses"], strict=True)} == found
    assert "本站的约定" in chapter.trigger_rules().as_json()["rules"][0]["summary"]
    assert [row["weight"] for row in table(chapter.indicators())][:6] == ["15%", "5%", "5%", "4%", "2%", "—"]


# --- events, repair, and the rest -----------------------------------------------------------------


def test_an_event_shows_what_the_rule_makes_of_the_level(shipped: Project) -> None:
    chapter = credit(shipped)
    rows = table(chapter.latest_events())
    dates = [row["date"] for row in rows]
    assert dates == sorted(dates, reverse=True)
    by_number = {row["number"]: row for row in read(shipped.data / "credit/events.csv")}
    for row in rows:
        expected = by_number[row["decision"]]["level_after"]
        assert row["after"] == {"": "—", "blue": "蓝牌", "green": "绿牌", "yellow": "黄牌", "red": "红牌"}[expected]
    assert "没有找到“触发性评价”的规则原文" in notes(chapter.trigger_rules())


def test_events_are_the_decisions_of_the_penalties(shipped: Project) -> None:
    penalties = [row for row in read(shipped.data / "law/penalties.csv") if row["decided_date"][:4] == "2024"]
    assert text(credit(shipped).events_in(2024)) == str(len(penalties))


def test_repair_is_a_way_of_steps_each_no_larger_than_the_one_before(shipped: Project) -> None:
    chapter = credit(shipped)
    steps_of, repairs = table(chapter.repair_steps()), table(chapter.repair_list())
    assert steps_of
    assert repairs
    for row in steps_of:
        steps = [int(row[step]) for step in ("eligible", "applied", "in_time", "restored")]
        assert steps == sorted(steps, reverse=True)
    assert "现行修复指引的原文没有读到" in notes(chapter.repair_steps())
    assert not chapter.repairs_in(2024).is_verified
    for row in repairs:
        assert (row["timeliness"] == "已过期限") == (row["outcome"] == "逾期，未受理")


def test_a_year_without_applications_says_so(shipped: Project) -> None:
    assert "没有找到广州市2021年的信用修复申请" in said(credit(shipped, year=2021).repair_steps())


def test_platforms_and_institutions_of_the_city_are_on_every_page(shipped: Project) -> None:
    city, district = credit(shipped), credit(shipped, "conghua")
    for method in ("archives_linked", "institutions_rated"):
        assert table(getattr(city, method)()) == table(getattr(district, method)())
    assert re.search(r"从化区有\d+家企业建有信用档案", notes(district.archives_linked()))


def test_joint_measures_of_the_city_are_those_of_its_districts(shipped: Project) -> None:
    city, parts = credit(shipped), [credit(shipped, area) for area in ("liwan", "conghua")]
    for row in read(shipped.data / "credit/measures.csv"):
        measure = row["measure"]
        assert number(city.taken(measure, 2024)) == sum(number(part.taken(measure, 2024)) for part in parts)


# --- what is disclosed, and the answer ------------------------------------------------------------


def test_demonstration_is_not_disclosure(shipped: Project) -> None:
    district, city = credit(shipped, "liwan"), credit(shipped)
    assert {district.disclosure(item).state for item in district.items} == {NOT_DISCLOSED}
    assert [city.disclosure(item).state for item in city.items] == [DISCLOSED, *[NOT_DISCLOSED] * 5]
    assert city.disclosure("C1").since == 2018
    assert credit(shipped, year=2022).disclosure("C1").state == NOT_DISCLOSED


def test_a_result_without_all_levels_is_disclosed_in_part(project: Project) -> None:
    publish(project, 2024, included="10", green="1")
    assert credit(project).disclosure("C1").state == PARTLY


def test_without_anything_every_block_says_so(project: Project) -> None:
    chapter = credit(project, "liwan")
    assert said(chapter.answer()) == "没有找到荔湾区2024年度的评价结果。"
    for block in blocks_of(project, "liwan", 2024, "zh", Credit):
        assert block.kind in ("statement", "table")
    assert text(chapter.good_share()) is None
    assert "没有找到" in joined(chapter.headline().sentence)


@pytest.mark.parametrize(
    ("area", "language", "words"),
    [
        ("guangzhou", "zh", "广州市2024年度有2,929家企业参加环境信用评价：绿牌（诚信）436家"),
        ("guangzhou", "zh", "2023年度，蓝牌及以上占98.5%，红牌13家"),
        ("guangzhou", "zh", "公布的只有汇总的数字"),
        ("guangzhou", "en", "2,929 enterprises were evaluated for 2024: 436 green (honest)"),
        ("liwan", "zh", "广州市最近一次公布的是2024年度的评价结果：2,929家企业参加"),
        ("liwan", "zh", "下面的数字是示例，不是荔湾区的真实情况"),
        ("liwan", "en", "is invented and not how things are in Liwan District"),
    ],
)
def test_the_answer_is_of_the_numbers_that_are_there(shipped: Project, area: str, language: str, words: str) -> None:
    assert words in said(credit(shipped, area, language=language).answer())


def test_the_overview_has_a_sentence_and_two_figures(shipped: Project) -> None:
    headline = credit(shipped).headline()
    assert [text(card.value) for card in headline.cards] == ["98.5", "6"]
    assert [text(card.before) for card in headline.cards if card.before] == ["98.5", "13"]


def test_what_is_missing_is_told_by_what_is_there(shipped: Project) -> None:
    city = said(credit(shipped).missing())
    assert "触发性评价、企业信用档案、信用修复" in city
    assert "企业环境信用评价结果" not in city
    assert "没有找到荔湾区按等级公布的家数" in said(credit(shipped, "liwan").missing())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("year", [2022, 2024])
def test_every_figure_follows_from_its_derivation(shipped: Project, year: int, language: str, tmp_path: Path) -> None:
    """Recomputed by ``verify``, which shares no code with the chapter."""
    found = published(shipped, tmp_path, Credit, ("guangzhou", "liwan", "conghua"), year, language)
    assert len(found.entries) > 300
    assert [str(problem) for problem in found.problems()] == []
    assert [str(problem) for problem in verified.problems(found.tables, found.entries)] == []
