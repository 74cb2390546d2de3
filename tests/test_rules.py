"""The tables of rules are whole: every row has its clause's source, its mark and its dates, without gaps."""

import csv
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise

import pytest

from reportkit.errors import StandardError
from reportkit.memo import noting
from reportkit.standards import rules

AIR_TABLES = [
    "aqi_breakpoints",
    "aqi_levels",
    "aqi_sensitive_groups",
    "air_limits",
    "air_data_validity",
    "air_annual_items",
    "rules",
]
FAMILIES = {
    "rounding",
    "air.aqi",
    "air.aqi_missing",
    "air.primary",
    "air.limits",
    "air.daily_validity",
    "air.annual_validity",
    "air.mda8",
    "air.percentile",
    "air.area_mean",
    "air.decimals",
    "air.good_days",
    "air.index",
    "air.change",
    "air.exceedance_multiple",
    "air.rank",
}
NOT_READ = [
    "mda8",
    "percentile",
    "area_mean",
    "decimals",
    "good_days",
    "index",
    "change",
    "exceedance_multiple",
]


def test_what_no_text_says_is_called_a_convention_of_our_own():
    for path in sorted(rules.folder().glob("*.csv")):
        for row in rules.table(path.stem):
            if "verification" in row and "source" in row:
                assert (row["verification"] == "convention") == row["source"].startswith("own convention"), row


@pytest.mark.parametrize("name", AIR_TABLES)
def test_every_row_says_where_it_stands_how_sure_it_is_and_when_it_holds(name):
    for row in rules.table(name):
        assert row["source"], row
        assert "clause" in row
        assert row["verification"] in {"seen", "memory", "convention"}, row
        assert date.fromisoformat(row["valid_from"]) <= date.fromisoformat(row["valid_to"] or "9999-12-31"), row


@pytest.mark.parametrize("name", AIR_TABLES)
def test_tables_are_plain_utf8_with_unix_line_ends(name):
    content = (rules.folder() / f"{name}.csv").read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.endswith(b"\n")
    width = {len(cells) for cells in csv.reader(content.decode().splitlines())}
    assert len(width) == 1


@pytest.mark.parametrize("area", ["440100", "441802"])
@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_the_periods_of_a_rule_follow_each_other_without_gap_or_overlap(family, area):
    """A place's own row stands in for that of all which begins on the same day."""
    held = [row for row in rules.table("rules") if row["rule"] == family and rules.holds_in(row, area)]
    held.sort(key=lambda row: (row["valid_from"], row["area_codes"]))
    rows = list({row["valid_from"]: row for row in held}.values())
    assert rows[0]["valid_from"] == "2013-01-01"
    assert rows[-1]["valid_to"] == ""
    for earlier, later in pairwise(rows):
        next_day = date.fromisoformat(earlier["valid_to"]) + timedelta(days=1)
        assert later["valid_from"] == next_day.isoformat()


def test_every_family_of_air_and_rounding_has_its_rule_in_both_languages():
    families = {row["rule"] for row in rules.table("rules")}
    assert families >= FAMILIES
    for row in rules.table("rules"):
        assert row["summary_zh"], row
        assert row["summary_en"], row


def test_a_table_row_is_given_once_a_period():
    key = ("standard", "parameter", "averaging", "iaqi", "valid_from")
    keys = [tuple(row[name] for name in key) for row in rules.table("aqi_breakpoints")]
    assert len(keys) == len(set(keys))


def test_the_six_levels_of_each_edition_leave_no_number_out():
    for _, rows in groupby(rules.table("aqi_levels"), key=lambda row: row["standard"]):
        levels = list(rows)
        assert [row["level"] for row in levels] == list("123456")
        assert (levels[0]["aqi_min"], levels[-1]["aqi_max"]) == ("0", "")
        for lower, upper in pairwise(levels):
            assert int(upper["aqi_min"]) == int(lower["aqi_max"]) + 1


def test_the_rule_of_the_last_february_day_is_not_that_of_the_first_of_march():
    before, after = (rules.rule("air.aqi", day) for day in (date(2026, 2, 28), date(2026, 3, 1)))
    assert (before.standard, after.standard) == ("HJ 633-2012", "HJ 633-2026")


def test_a_time_of_day_does_not_move_a_day_out_of_its_period():
    assert rules.rule("air.aqi", datetime(2026, 2, 28, 23, 59)).standard == "HJ 633-2012"


@pytest.mark.parametrize("family", NOT_READ)
def test_a_standard_nobody_read_is_marked_and_says_which_rule_is_applied_instead(family):
    rule = rules.rule(f"air.{family}", date(2026, 6, 30))
    assert rule.standard == "HJ 663-2026"
    assert not rule.is_verified
    assert "2013/2014" in rule.summary_zh
    assert "2013/2014" in rule.summary_en


def test_rules_that_were_read_or_reproduced_are_verified():
    day = date(2024, 12, 31)
    assert rules.rule("air.index", day).is_verified
    assert not rules.rule("air.aqi_missing", day).is_verified
    assert rules.rule("air.aqi_missing", date(2026, 12, 31)).is_verified


def test_an_unknown_rule_is_answered_with_the_nearest_name():
    with pytest.raises(StandardError, match=r"no rule is called 'air\.indx'[\s\S]*'air\.index'"):
        rules.rule("air.indx", date(2024, 1, 1))


def test_a_day_before_all_rules_is_answered_with_the_periods_known():
    with pytest.raises(StandardError, match=r"'air\.aqi' for 1999-01-01[\s\S]*HJ 633-2012 2013-01-01"):
        rules.rule("air.aqi", date(1999, 1, 1))


def test_an_unknown_table_is_answered_with_the_nearest_name():
    with pytest.raises(StandardError, match=r"'air_limit'[\s\S]*'air_limits'"):
        rules.table("air_limit")


def test_tables_looked_at_are_noted_whenever_they_are():
    for _ in range(2):
        with noting() as notes:
            rules.table("aqi_sensitive_groups")
        assert set(notes.things()["standard"]) == {"aqi_sensitive_groups"}


def test_a_rule_is_in_force_from_its_first_day_on() -> None:
    assert not rules.is_in_force("water.cwqi", date(2016, 12, 31))
    assert rules.is_in_force("water.cwqi", date(2017, 1, 1))


@pytest.mark.parametrize(
    ("codes", "area", "expected"),
    [("44", "440103", True), ("45;44", "440103", True), ("45;46", "440103", False), ("", "440103", True)],
)
def test_a_row_holds_in_the_areas_whose_codes_begin_as_it_says(codes, area, expected):
    assert rules.holds_in({"area_codes": codes}, area) == expected


def test_a_rule_of_one_place_holds_there_and_nowhere_else() -> None:
    day = date(2024, 12, 31)
    assert rules.rule("credit.weights", day, "440106").standard == "穗环〔2015〕210号 广州市评分细则"
    assert not rules.is_in_force("credit.weights", day, "441802")
    assert not rules.is_in_force("credit.weights", day)
    with pytest.raises(StandardError, match=r"no rule 'credit.weights' for 2024-12-31 in the area 441802") as raised:
        rules.rule("credit.weights", day, "441802")
    assert "data/standards/rules.csv" in str(raised.value)


@pytest.mark.parametrize(
    ("area", "standard"), [("440100", "广州市环境空气质量通报"), ("441802", "reportkit"), ("", "reportkit")]
)
def test_where_a_place_has_no_rule_of_its_own_that_of_all_holds(area: str, standard: str) -> None:
    assert rules.rule("air.change", date(2024, 12, 31), area).standard == standard


def test_what_names_a_city_or_a_province_in_its_title_holds_there_alone() -> None:
    """A rule of another place on a page would be a false citation."""
    local = {"广州": "4401", "穗": "4401", "广东": "44", "粤": "44"}
    tables = [path.stem for path in rules.folder().glob("*.csv")]
    for row in (row for name in tables for row in rules.table(name)):
        begins = {code for word, code in local.items() if word in row["standard"]}
        assert not begins or row.get("area_codes") in begins, row
