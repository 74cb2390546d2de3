"""Water rules give the published figures, and one section and a whole frame give the same class."""

import csv
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit import figures
from reportkit.errors import StandardError
from reportkit.standards import rules, water
from shown import figure

DAY = date(2024, 12, 31)
WATER_TABLES = (
    "water_limits",
    "water_levels",
    "water_river_grades",
    "water_tli",
    "water_trophic_levels",
    "water_trends",
)
FAMILIES = (
    "target",
    *("limits", "class", "shared_limits", "total_nitrogen", "section_grade", "river_grade", "main_pollutants"),
    *("exceedance_multiple", "section_ratio", "mean", "decimals", "non_detect", "annual", "tli", "trend"),
    *("drinking_source", "rank", "cwqi", "cwqi_city"),
)
NOT_READ = ("shared_limits", "total_nitrogen", "mean", "decimals", "non_detect", "annual", "trend", "cwqi", "cwqi_city")
GOOD_SECTION = {"ph": "7.2", "do": "6.5", "codmn": "3.1", "nh3n": "0.30", "tp": "0.080"}

# --- published figures and worked cases, with where they stand --------------------------------------------

GUANGXI_2025 = "http://sthjt.gxzf.gov.cn/zfxxgk/zfxxgkgl/fdzdgknr/zdlyxxgk/szlxx/t25442895.shtml"
GUANGZHOU_2017 = "http://www.ytwzpower.com/dujia/huanbao/34836.html"
GUANGDONG_2016_Q2 = "http://swhqglq.gov.cn/swhqglq/zdly/hjbh/szhj/content/post_434417.html"
# percent of sections in classes Ⅰ to Ⅲ and worse than Ⅴ → grade of the river
RIVER_GRADES = [
    ("90", "0", "优"),
    ("89.9", "0", "良好"),
    ("75", "0", "良好"),
    ("75", "25", "良好"),
    ("74.9", "19.9", "轻度污染"),
    ("60", "20", "中度污染"),
    ("60", "40", "重度污染"),
    ("30", "39.9", "中度污染"),
    ("30", "40", "重度污染"),
]
# one item, its value and kind of water → its part of the index
INDEX_PARTS = [
    ("ph", "6.5", "river", "0.5"),
    ("ph", "8.0", "river", "0.5"),
    ("ph", "7", "river", "0"),
    ("do", "10", "river", "0.5"),
    ("do", "5", "river", "1"),
    ("nh3n", "0.5", "river", "0.5"),
    ("tp", "0.1", "river", "0.5"),
    ("tp", "0.1", "lake", "2"),
    ("codmn", "3", "river", "0.5"),
]
LAKE = {"chl_a": "10", "tp": "0.05", "tn": "1.0", "transparency": "1.0", "codmn": "4.0"}
LAKE_PARTS = {"chl_a": "50.01", "tp": "45.71", "tn": "54.53", "transparency": "51.18", "codmn": "37.98"}


def guangxi_2025():
    return [1] * 32 + [2] * 65 + [3] * 12 + [4] * 3


def test_the_published_shares_of_classes_are_reproduced():
    assert str(water.good_section_ratio(guangxi_2025())) == "97.3", GUANGXI_2025
    printed = {number: str(share) for number, share in water.class_ratios(guangxi_2025()).items()}
    assert printed == {1: "28.6", 2: "58.0", 3: "10.7", 4: "2.7", 5: "0.0", 6: "0.0"}, GUANGXI_2025
    assert water.river_grade(guangxi_2025(), DAY).name_zh == "优"


def test_the_published_shares_of_guangzhou_in_2017_make_it_lightly_polluted():
    classes = [3] * 7 + [4] * 4 + [6] * 2
    assert str(water.good_section_ratio(classes)) == "53.8", GUANGZHOU_2017
    assert str(water.class_ratios(classes)[6]) == "15.4", GUANGZHOU_2017
    assert water.river_grade(classes, DAY).name_zh == "轻度污染"


@pytest.mark.parametrize(("good", "worst", "grade"), RIVER_GRADES)
def test_the_shares_of_sections_grade_a_river(good, worst, grade):
    assert water.grade_of_ratios(good, worst, DAY).name_zh == grade


@pytest.mark.parametrize(("parameter", "value", "body", "part"), INDEX_PARTS)
def test_the_worked_parts_of_the_index_come_out(parameter, value, body, part):
    assert water.cwqi_item(parameter, value, DAY, body) == Fraction(part)


def test_the_worked_trophic_level_comes_out():
    index = water.tli(LAKE, DAY)
    assert {name: str(part) for name, part in index.parts.items()} == LAKE_PARTS
    assert str(index.total) == "48.02"
    assert water.trophic_level(index.total, DAY).name_zh == "中营养"


def test_the_weights_of_the_trophic_level_are_the_shares_of_the_squared_correlations():
    rows = rules.table("water_tli")
    squares = [Fraction(row["r_squared"]) for row in rows]
    shares = [str(round(Decimal(float(square / sum(squares))), 4)) for square in squares]
    assert shares == [row["weight"] for row in rows] == ["0.2663", "0.1879", "0.1790", "0.1834", "0.1834"]


def test_multiples_are_printed_with_one_decimal_and_the_largest_comes_first():
    # Xihucun on the Longgang prints 氨氮/1.3、总磷/0.6、化学需氧量/0.2.
    section = {"cod": "24.0", "nh3n": "2.30", "tp": "0.320", "do": "5.1"}
    assert [(found.parameter, str(found.multiple)) for found in water.main_pollutants(section, DAY)] == [
        ("nh3n", "1.3"),
        ("tp", "0.6"),
        ("cod", "0.2"),
    ], GUANGDONG_2016_Q2


# --- the collected cases, one by one ----------------------------------------------------------------------

ORACLES = [f"O{number:03}" for number in range(64, 83)]
NAMES = {"chl": "chl_a", "TP": "tp", "TN": "tn", "SD": "transparency", "CODMn": "codmn", "COD": "codmn"}
NAMES |= {"pH": "ph", "DO": "do", "NH3-N": "nh3n"}


def oracle_rows(shared: Path):
    with (shared / "domain/standards/oracles.csv").open(encoding="utf-8") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}


def counted(text, *names):
    """The whole numbers that stand behind each of *names* in *text*."""
    return [int(re.search(rf"(?:^|[;,: ]){name} (\d+)", text)[1]) for name in names]


def published_sections(row):
    if row["id"] == "O064":
        by_class = counted(row["inputs"], "I", "II", "III", "IV", "V", "inferior V")
        return [number for number, count in enumerate(by_class, 1) for _ in range(count)]
    good, worst = counted(row["inputs"], "I-III", "inferior V")
    return [3] * good + [4] * (13 - good - worst) + [6] * worst


def test_each_collected_share_of_sections_comes_out(shared: Path):
    rows = oracle_rows(shared)
    guangxi, guangzhou = (published_sections(rows[row_id]) for row_id in ("O064", "O065"))
    shares = water.class_ratios(guangxi)
    listed = "; ".join(str(shares[number]) for number in (1, 2, 3, 4))
    assert rows["O064"]["expected"] == f"I-III 109 = {water.good_section_ratio(guangxi)}%; {listed}; 优"
    assert len(guangxi) == 112
    shares = f"{water.good_section_ratio(guangzhou)}%; {water.class_ratios(guangzhou)[6]}%"
    assert rows["O065"]["expected"].startswith(f"{shares}; -> {water.river_grade(guangzhou, DAY).name_zh} ")


@pytest.mark.parametrize("row_id", [f"O{number:03}" for number in range(66, 72)])
def test_each_collected_grade_of_a_river_comes_out(shared: Path, row_id):
    row = oracle_rows(shared)[row_id]
    good, *worst = re.findall(r"([\d.]+)%", row["inputs"])
    assert water.grade_of_ratios(good, *(worst or ["0"]), DAY).name_zh == row["expected"]


def test_the_collected_river_of_four_sections_is_judged_by_its_means(shared: Path):
    assert oracle_rows(shared)["O072"]["expected"].startswith("use mean concentrations")
    with pytest.raises(ValueError, match="5 sections or more, found 4"):
        water.river_grade([1, 1, 1, 6], DAY)


def test_the_collected_trophic_level_comes_out(shared: Path):
    row = oracle_rows(shared)["O073"]
    values = {NAMES[name]: value for name, value in re.findall(r"(\w+)=([\d.]+)", row["inputs"])}
    expected = re.findall(r"(\w+)=([\d.]+)", row["expected"])
    index = water.tli(values, DAY)
    assert {name: str(part) for name, part in index.parts.items()} == {NAMES[n]: v for n, v in expected[:-1]}
    assert row["expected"].endswith(f"TLI={index.total} -> {water.trophic_level(index.total, DAY).name_zh}")


def test_the_collected_weights_of_the_trophic_level_are_those_of_the_table(shared: Path):
    row = oracle_rows(shared)["O074"]
    table = rules.table("water_tli")
    assert row["inputs"] == "r2: " + ",".join(entry["r_squared"] for entry in table)
    assert row["expected"] == ";".join(entry["weight"] for entry in table)


@pytest.mark.parametrize("row_id", [f"O{number:03}" for number in range(75, 83)])
def test_each_collected_part_of_the_index_comes_out(shared: Path, row_id):
    row = oracle_rows(shared)[row_id]
    name, value, body = re.match(r"([\w-]+)=([\d.]+) ?(\w*)", row["inputs"]).groups()
    assert water.cwqi_item(NAMES[name], value, DAY, body or "river") == Fraction(row["expected"])


def test_no_collected_water_case_is_left_out(shared: Path):
    words = ("surface water", "河流", "TLI", "CWQI")
    rows = [row["id"] for row in oracle_rows(shared).values() if any(word in row["standard"] for word in words)]
    assert rows == ORACLES


# --- the tables -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WATER_TABLES)
def test_every_row_says_where_it_stands_how_sure_it_is_and_when_it_holds(name):
    for row in rules.table(name):
        assert row["source"], row
        assert row["verification"] in {"seen", "memory"}, row
        assert date.fromisoformat(row["valid_from"]) <= date.fromisoformat(row["valid_to"] or "9999-12-31"), row


def test_every_family_of_water_has_its_rule_and_those_nobody_read_are_marked():
    known = {row["rule"] for row in rules.table("rules") if row["rule"].startswith("water.")}
    assert known == {f"water.{family}" for family in FAMILIES}
    unread = {family for family in FAMILIES if not rules.rule(f"water.{family}", DAY).is_verified}
    assert unread == set(NOT_READ)


def test_the_limits_are_those_that_were_collected(shared: Path):
    with (shared / "domain/standards/gb3838_limits.csv").open(encoding="utf-8") as lines:
        collected = list(csv.DictReader(lines))
    limits = [f"class_{number}" for number in ("I", "II", "III", "IV", "V")]
    printed = [[row[name].split(" (")[0] for name in limits] for row in collected]
    assert printed == [[row[f"class_{number}"] for number in range(1, 6)] for row in rules.table("water_limits")]


def test_twenty_one_items_decide_in_rivers_and_in_lakes():
    rivers, lakes = water.assessed(DAY), water.assessed(DAY, "lake")
    assert len(rivers) == 21
    assert rivers == lakes == tuple(p for p in water.PARAMETERS if p not in {"water_temp", "tn", "coliform"})
    assert set(water.items(DAY, "lake")) == set(water.PARAMETERS)
    assert set(water.items(DAY)) == set(water.PARAMETERS) - {"tn"}


def test_limits_never_become_stricter_from_class_to_class():
    for body in water.BODIES:
        for item in water.items(DAY, body).values():
            assert list(item.limits) == sorted(item.limits, reverse=item.direction == "ge"), item.parameter


# --- classes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        ("codmn", "6", 3),
        ("codmn", "6.01", 4),
        ("codmn", "15.01", 6),
        ("do", "7.5", 1),
        ("do", "7.49", 2),
        ("do", "2", 5),
        ("do", "1.99", 6),
        ("ph", "6", 1),
        ("ph", "9", 1),
        ("ph", "5.99", 6),
        ("ph", "9.01", 6),
        ("hg", "0.00005", 1),
        ("hg", "0.00006", 3),
        ("coliform", "10001", 4),
    ],
)
def test_a_value_at_its_limit_still_keeps_to_it(parameter, value, expected):
    assert water.item_class(parameter, value, DAY) == expected


def test_where_classes_share_a_limit_the_value_gets_the_better_class():
    assert water.item_class("cod", 15, DAY) == 1
    assert water.item_class("cod", "15.1", DAY) == 3
    assert water.item_class("cu", "1.0", DAY) == 2
    assert water.item_class("cu", "1.1", DAY) == 6


def test_phosphorus_is_judged_by_the_kind_of_water():
    assert water.item_class("tp", "0.1", DAY) == 2
    assert water.item_class("tp", "0.1", DAY, "lake") == 4


def test_nitrogen_has_a_class_in_lakes_only_and_decides_nowhere():
    assert water.item_class("tn", "2.1", DAY, "lake") == 6
    with pytest.raises(StandardError, match="no limits of 'tn' for a river"):
        water.item_class("tn", "2.1", DAY)
    for body, number in (("river", 2), ("lake", 4)):
        assert water.section_class(GOOD_SECTION | {"tn": "9"}, DAY, body) == number
        assert water.section_class({"tn": "9"}, DAY, body) is None


def test_water_temperature_has_no_classes():
    with pytest.raises(StandardError, match="water temperature has no classes"):
        water.item_class("water_temp", 30, DAY)


def test_the_worst_item_decides_the_section():
    assert water.section_class(GOOD_SECTION, DAY) == 2
    assert water.section_class(GOOD_SECTION | {"oil": "0.06"}, DAY) == 4
    assert water.section_class(GOOD_SECTION | {"do": None}, DAY) == 2
    assert water.section_class({}, DAY) is None


def test_unknown_names_are_answered_with_the_nearest():
    with pytest.raises(StandardError, match=r"'nh3-n'[\s\S]*'nh3n'"):
        water.section_class({"nh3-n": 1}, DAY)
    with pytest.raises(StandardError, match=r"'lakes'[\s\S]*'lake'"):
        water.section_class(GOOD_SECTION, DAY, "lakes")
    with pytest.raises(StandardError, match=r"1999-01-01[\s\S]*GB 3838-2002"):
        water.section_class(GOOD_SECTION, date(1999, 1, 1))


def test_a_negative_value_is_refused():
    with pytest.raises(ValueError, match="0 or more, found -1 of tp"):
        water.item_class("tp", -1, DAY)


def test_every_class_has_its_name_and_its_grade():
    assert [level.number for level in water.levels(DAY)] == [1, 2, 3, 4, 5, 6]
    names = [water.section_grade(number, DAY).name_zh for number in range(1, 7)]
    assert names == ["优", "优", "良好", "轻度污染", "中度污染", "重度污染"]
    with pytest.raises(ValueError, match="found 7"):
        water.section_grade(7, DAY)


either_body = st.sampled_from(water.BODIES)
measured = st.decimals(0, 50, places=5)
ordinary = [name for name in water.PARAMETERS if name not in {"water_temp", "tn", "ph"}]
samples = st.dictionaries(st.sampled_from(water.PARAMETERS), st.none() | measured, max_size=12)


def edges(parameter, body):
    """Values at, and just beside, the limits of an item."""
    limits = water.items(DAY, body)[parameter].limits
    return [limit + step * Fraction(1, 10**7) for limit in limits for step in (-1, 0, 1)]


@given(st.sampled_from(ordinary), measured, measured, either_body)
def test_a_worse_concentration_never_gives_a_better_class(parameter, one, other, body):
    better, worse = sorted((one, other), reverse=parameter == "do")
    assert water.item_class(parameter, better, DAY, body) <= water.item_class(parameter, worse, DAY, body)


@given(samples, st.sampled_from(ordinary), measured, measured, either_body)
def test_a_worse_concentration_never_gives_a_better_section(values, parameter, one, other, body):
    better, worse = sorted((one, other), reverse=parameter == "do")
    first, second = (water.section_class(values | {parameter: value}, DAY, body) for value in (better, worse))
    assert (first or 0) <= (second or 0)


@pytest.mark.parametrize("body", water.BODIES)
def test_every_value_has_exactly_one_class(body):
    for parameter in water.items(DAY, body).keys() - {"water_temp"}:
        values = sorted(edges(parameter, body), reverse=parameter == "do")
        classes = [water.item_class(parameter, value, DAY, body) for value in values]
        assert set(classes) <= {1, 2, 3, 4, 5, 6}
        if parameter != "ph":
            assert (classes[0], classes[-1]) == (1, 6)
            assert classes == sorted(classes)


@given(samples, st.randoms(), either_body)
def test_the_order_of_the_items_does_not_matter(values, random, body):
    pairs = list(values.items())
    random.shuffle(pairs)
    assert water.section_class(dict(pairs), DAY, body) == water.section_class(values, DAY, body)
    assert water.main_pollutants(dict(pairs), DAY, body) == water.main_pollutants(values, DAY, body)


# --- automatic stations, whose feed prints a class --------------------------------------------------------

FEED = {"ph": "ph", "do_mg_l": "do", "codmn_mg_l": "codmn", "nh3n_mg_l": "nh3n", "tp_mg_l": "tp", "tn_mg_l": "tn"}
PRINTED = {name: number for number, name in enumerate(["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"], 1)}


def automatic_readings(shared: Path):
    """Each reading of the feed: the printed class or None, the values, and whether it is under maintenance."""
    with (shared / "real/guangzhou_water_auto_stations_2020_2021.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            values = {name: row[column] for column, name in FEED.items() if row[column] not in {"--", "*"}}
            yield PRINTED.get(row["water_class"]), values, row["station_status"] == "维护"


def test_the_class_printed_for_automatic_stations_is_computed_but_where_the_oxygen_is_printed_at_a_limit(shared: Path):
    readings = [(printed, values) for printed, values, _ in automatic_readings(shared) if printed]
    found = [(printed, water.section_class(values, DAY), values) for printed, values in readings]
    different = [entry for entry in found if entry[0] != entry[1]]
    assert (len(found), len(found) - len(different)) == (238, 236)
    # The feed judges the reading it holds and prints it with two decimals: a little under 5 or 6 prints as 5.00 or
    # 6.00, which keeps to the limit, so that the class printed is one worse.
    for printed, computed, values in different:
        assert printed == computed + 1
        assert Decimal(values["do"]) in (5, 6)


def test_the_feed_prints_no_class_under_maintenance_when_one_of_its_items_was_not_measured(shared: Path):
    without = [(values, maintained) for printed, values, maintained in automatic_readings(shared) if not printed]
    assert len(without) == 7
    assert all(maintained and not {"ph", "do", "codmn", "nh3n", "tp"} <= set(values) for values, maintained in without)
    assert all(water.section_class(values, DAY) for values, _ in without), "the other items still have a class"


def test_counting_nitrogen_in_rivers_would_contradict_every_class_the_feed_prints(shared: Path):
    readings = [(printed, values) for printed, values, _ in automatic_readings(shared) if printed and "tn" in values]
    # A river has no limits of nitrogen, so those of lakes are tried.
    agreeing = sum(water.item_class("tn", values["tn"], DAY, "lake") <= printed for printed, values in readings)
    assert (len(readings), agreeing) == (237, 0)


def test_the_feed_judges_readings_as_they_are_and_not_rounded_like_means(shared: Path):
    readings = [(printed, values) for printed, values, _ in automatic_readings(shared) if printed]
    rounded = [
        (printed, {name: water.round_for_assessment(name, value, DAY) for name, value in values.items()})
        for printed, values in readings
    ]
    assert sum(water.section_class(values, DAY) != printed for printed, values in rounded) == 14


# --- main pollutants --------------------------------------------------------------------------------------


def names(pollutants):
    return [pollutant.parameter for pollutant in pollutants]


def test_a_good_section_has_no_main_pollutants():
    assert water.main_pollutants(GOOD_SECTION | {"do": "5.0", "codmn": "6.0"}, DAY) == ()


def test_the_worst_class_comes_before_the_larger_multiple():
    # Fluoride is worse than class Ⅴ at 0.6 over its limit, phosphorus still class Ⅴ at 0.9.
    section = GOOD_SECTION | {"bod5": "5", "codmn": "11", "tp": "0.38", "fluoride": "1.6", "coliform": "99999"}
    assert names(water.main_pollutants(section, DAY)) == ["fluoride", "tp", "codmn"]


def test_of_one_class_items_without_a_multiple_come_last():
    section = {"do": "4.9", "codmn": "6.1", "ph": "9.5"}
    assert water.main_pollutants(section, DAY) == (
        water.Pollutant("ph", 6, None),
        water.Pollutant("codmn", 4, Decimal("0.0")),
        water.Pollutant("do", 4, None),
    )


def test_heavy_metals_and_cyanide_come_first_whatever_their_class():
    section = {"cod": "200", "nh3n": "5", "tp": "1.9", "zn": "1.5"}
    assert names(water.main_pollutants(section, DAY)) == ["zn", "cod", "tp"]


def test_the_multiple_is_over_class_three_and_only_where_there_is_one():
    def multiples(body="river", **values):
        return [found.multiple for found in water.exceeding_items(values, DAY, body)]

    assert multiples(tp="0.25") == [Decimal("0.2")]  # 0.25 exactly, half to even
    assert multiples("lake", tp="0.25") == [Decimal("4.0")]
    assert multiples(tp="0.2") == []
    assert multiples(ph="1", do="1") == [None, None]


# --- means and decimals -----------------------------------------------------------------------------------


def test_half_the_detection_limit_stands_for_a_value_below_it():
    assert water.non_detect("0.00004") == Fraction("0.00002")


def test_concentrations_are_averaged_as_they_are_and_ph_as_hydrogen_ions():
    assert water.mean_concentration("tp", ["0.1", "0.2", "0.2"]) == Fraction(1, 6)
    assert water.mean_concentration("ph", ["7.3", "7.3"]) == Fraction("7.3")
    mean = water.mean_concentration("ph", ["6", "8"])  # (1e-6 + 1e-8) / 2
    assert round(float(mean), 4) == 6.2967
    with pytest.raises(ValueError, match="values of tp, found none"):
        water.mean_concentration("tp", [])


@pytest.mark.parametrize(
    ("parameter", "value", "rounded"),
    [
        ("nh3n", "0.245", "0.24"),
        ("nh3n", "0.255", "0.26"),
        ("codmn", "6.05", "6.0"),
        ("tp", "0.2005", "0.200"),
        ("tn", "1.005", "1.00"),
        ("oil", "0.005", "0.005"),
        ("oil", "0.0051", "0.01"),
        ("hg", "0.0000023", "0.000002"),
        ("hg", "0", "0.00000"),
        ("ph", "7.5", "8"),
    ],
)
def test_means_are_rounded_half_even_and_never_to_zero(parameter, value, rounded):
    assert format(water.round_for_assessment(parameter, value, DAY), "f") == rounded


# --- rivers and trend -------------------------------------------------------------------------------------


def test_a_river_of_four_sections_is_judged_by_its_means_and_one_of_five_by_shares():
    sections = [GOOD_SECTION] * 3 + [GOOD_SECTION | {"codmn": "16"}]
    assert water.river_grade_of_values(sections, DAY).name_zh == "轻度污染"  # the mean of CODMn is 6.3
    assert water.river_grade_of_values([*sections, GOOD_SECTION], DAY).name_zh == "良好"  # 80 %, the worst 20 %
    assert water.river_grade_of_values([{}, {"tn": "3"}], DAY) is None


def test_without_sections_there_is_no_share():
    assert water.good_section_ratio([]) is None
    assert water.class_ratios([]) == {}


def test_percentages_beyond_a_hundred_are_refused():
    with pytest.raises(ValueError, match="from 0 to 100, found 101 and 0"):
        water.grade_of_ratios(101, 0, DAY)


@given(st.lists(st.integers(1, 6), min_size=5, max_size=40))
def test_every_river_has_a_grade_and_a_better_section_never_makes_it_worse(classes):
    grade = water.river_grade(classes, DAY).grade
    assert 1 <= grade <= 5
    assert water.river_grade([max(1, classes[0] - 1), *classes[1:]], DAY).grade <= grade


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ("10", "none"),
        ("-10", "none"),
        ("0", "none"),
        ("10.1", "better"),
        ("20", "better"),
        ("20.1", "much_better"),
        ("-20", "worse"),
        ("-20.1", "much_worse"),
    ],
)
def test_a_change_of_shares_has_a_name(points, expected):
    assert water.trend(points, DAY).trend == expected


# --- index and trophic level ------------------------------------------------------------------------------


def test_the_index_adds_the_items_that_were_measured_and_says_when_some_were_not():
    index = water.cwqi_river([{"ph": "8", "do": "10", "codmn": "3"}], DAY)
    assert index.parts == {"ph": Fraction(1, 2), "do": Fraction(1, 2), "codmn": Fraction(1, 2)}
    assert (index.total, index.rounded, index.is_complete) == (Fraction(3, 2), Decimal("1.5000"), False)
    assert not index.rule.is_verified
    assert water.cwqi_river([dict.fromkeys(water.assessed(DAY), 5)], DAY).is_complete


def test_the_index_of_a_river_is_that_of_the_means():
    sections = [{"do": "4"}, {"do": "6"}]
    assert water.cwqi_river(sections, DAY).total == 1
    assert sum(water.cwqi_river([values], DAY).total for values in sections) / 2 != 1


def test_a_city_weighs_rivers_and_lakes_by_their_sections():
    whole = dict.fromkeys(water.assessed(DAY), "0.02") | {"ph": "7", "do": "8"}
    rivers, lakes = [whole | {"tp": "0.1"}, whole | {"tp": "0.3"}], [whole | {"tp": "0.1"}]
    of_rivers, of_lakes = water.cwqi_river(rivers, DAY), water.cwqi_river(lakes, DAY, "lake")
    assert (of_rivers.parts["tp"], of_lakes.parts["tp"]) == (1, 2)
    assert water.cwqi_area(rivers, lakes, DAY) == (of_rivers.total * 2 + of_lakes.total) / 3
    assert water.cwqi_area(rivers, [], DAY) == of_rivers.total
    assert water.cwqi_area([], [], DAY) is None
    assert water.cwqi_area([{"tp": "0.1"}], [], DAY) is None  # not of all items


def test_the_index_has_no_part_for_oxygen_of_zero_or_for_what_does_not_count():
    with pytest.raises(ValueError, match="dissolved oxygen above 0"):
        water.cwqi_item("do", 0, DAY)
    with pytest.raises(StandardError, match="total nitrogen is not part of the index"):
        water.cwqi_item("tn", 1, DAY, "lake")
    with pytest.raises(ValueError, match="found none"):
        water.cwqi_river([{}], DAY)


def test_published_indices_rank_in_the_order_they_were_published_in(shared: Path):
    with (shared / "domain/figures/other_places/qingyuan_water.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["rank"]]
    by_period = {(row["period"], row["area"]): Decimal(row["cwqi"]) for row in rows}
    among = {key: figure(" ".join(key), value, unit="") for key, value in by_period.items()}
    ordered = sorted(rows, key=lambda row: int(row["rank"]))
    ranks = [figures.rank(among[row["period"], row["area"]], [*among.values()]).value for row in ordered]
    assert ranks == list(range(1, len(rows) + 1))
    assert all(len(row["cwqi"].split(".")[1]) == 4 for row in rows)


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        ("29.99", "贫营养"),
        ("30", "中营养"),
        ("50", "中营养"),
        ("50.01", "轻度富营养"),
        ("60", "轻度富营养"),
        ("70", "中度富营养"),
        ("70.01", "重度富营养"),
    ],
)
def test_trophic_levels_meet_at_their_limits(index, expected):
    assert water.trophic_level(index, DAY).name_zh == expected


def test_the_trophic_level_wants_all_five():
    with pytest.raises(ValueError, match="found none for tn, transparency"):
        water.tli(LAKE | {"tn": None, "transparency": "0"}, DAY)
