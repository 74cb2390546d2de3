"""Air rules give the published figures, and one value and a whole frame give the same."""

import csv
import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit import figures
from reportkit.errors import StandardError
from reportkit.memo import noting
from reportkit.standards import air
from reportkit.standards.rounding import half_even, half_up
from shown import figure

OLD, NEW = date(2026, 2, 28), date(2026, 3, 1)
DAYS = {"HJ 633-2012": OLD, "HJ 633-2026": NEW}

# --- published figures and worked cases, with where they stand --------------------------------------------

GUANGZHOU_2019_11 = "http://sthjj.gz.gov.cn/zwgk/hjgb/content/post_5304876.html"
ZENGCHENG_2022_07 = "http://www.im-tiy.com/gk/zdly/hjbhxxgk/kqhjxx/content/mpost_9172454.html"
ZENGCHENG_2020_08 = "http://www.zc.gov.cn/gk/zdly/hjbhxxgk/kqhjxx/content/post_7789055.html"
QINGYUAN_2019_05 = "http://www.gdqy.gov.cn/xxgk/zzjg/zfjg/qyssthjj/xxgk/wryhjjgxxgk/wryjc/content/post_858417.html"
# so2, no2, pm10, pm2_5, co, o3_8h → the printed index
PUBLISHED_INDICES = [
    (("11", "64", "92", "47", "1.2", "200"), "5.98", date(2019, 11, 30), GUANGZHOU_2019_11),
    (("8", "17", "32", "17", "0.8", "196"), "2.92", date(2022, 7, 31), ZENGCHENG_2022_07),
    (("6", "21", "32", "18", "0.8", "158"), "2.78", date(2020, 8, 31), ZENGCHENG_2020_08),
]
PUBLISHED_CHANGES = [  # Guangzhou 2019-11 against 2018-11: PM10, NO2, O3, CO
    ("92", "64", "43.8"),
    ("64", "56", "14.3"),
    ("200", "145", "37.9"),
    ("1.2", "1.1", "9.1"),
]
PUBLISHED_GOOD_DAYS = [
    (15, 30, "50.0", GUANGZHOU_2019_11),
    (194, 212, "91.5", ZENGCHENG_2022_07),
    (302, 335, "90.1", "http://w4vfr.cn/guonei/2020/1204/11124.html"),
    (282, 364, "77.5", "Guangzhou bulletin for 2014"),
]
# Worked from the tables of the standards: edition, parameter, averaging, concentration → sub-index
SUB_INDICES = [
    ("HJ 633-2026", "pm2_5", "daily", "75", 114),
    ("HJ 633-2026", "pm10", "daily", "150", 112),
    ("HJ 633-2026", "pm2_5", "daily", "60.5", 100),
    ("HJ 633-2026", "pm2_5", "daily", "61", 101),
    ("HJ 633-2026", "pm2_5", "daily", "800", 500),
    ("HJ 633-2026", "so2", "hourly", "801", 200),
    ("HJ 633-2026", "o3_8h", "daily", "801", 300),
    ("HJ 633-2026", "so2", "hourly", "475", 97),
    ("HJ 633-2026", "no2", "hourly", "350", 115),
    ("HJ 633-2026", "co", "daily", "2.2", 55),
    ("HJ 633-2026", "co", "hourly", "65.4", 218),
    ("HJ 633-2026", "pm2_5", "hourly", "35", 50),
    ("HJ 633-2012", "pm2_5", "daily", "75", 100),
    ("HJ 633-2012", "pm10", "daily", "150", 100),
    ("HJ 633-2012", "o3_1h", "daily", "200", 100),
]


def by_parameter(values):
    return dict(zip(air.PARAMETERS, values, strict=True))


@pytest.mark.parametrize(("values", "printed", "day", "source"), PUBLISHED_INDICES)
def test_the_published_index_is_reproduced(values, printed, day, source):
    index = air.composite_index(by_parameter(values), day)
    assert str(index.total) == printed, source
    assert index.rule.is_verified


def test_each_part_of_the_index_is_rounded_half_even_before_the_sum():
    # Zengcheng, August 2021, prints 0.52 for NO2 at 21: 21/40 is 0.525.
    index = air.composite_index(by_parameter((6, 21, 28, 15, "0.8", 142)), date(2021, 8, 31))
    assert index.parts["no2"] == Decimal("0.52")
    assert index.total == Decimal("2.54")  # 0.10 + 0.52 + 0.40 + 0.43 + 0.20 + 0.89


def test_one_bulletin_rounds_the_parts_half_up():
    values = by_parameter(("7", "12", "33", "21", "1.2", "100"))  # Lianzhou, May 2019
    assert air.composite_index(values, date(2019, 5, 31), half_up).total == Decimal("2.42"), QINGYUAN_2019_05
    assert air.composite_index(values, date(2019, 5, 31)).total == Decimal("2.41")


def test_the_index_wants_all_six():
    with pytest.raises(ValueError, match="none for co, o3_8h"):
        air.composite_index({"so2": 1, "no2": 1, "pm10": 1, "pm2_5": 1, "co": None}, OLD)


def test_from_march_2026_the_index_uses_the_new_limits_and_is_marked():
    index = air.composite_index(by_parameter(("6", "20", "30", "15", "1.0", "120")), NEW)
    assert index.parts["pm2_5"] == Decimal("0.50")
    assert not index.rule.is_verified


# What pages print with, from values as they were printed.


def changed(current, previous):
    return figures.change(figure("now", Decimal(current)), figure("before", Decimal(previous))).value


def good_share(good, valid):
    rows = pd.DataFrame({"is_good": [True] * good + [False] * (valid - good), "status": "official", "source_id": "a"})
    return figures.share(figures.PublishedTable("days", rows), {"is_good": True}, {}).value


def multiple(value, limit):
    return figures.multiple(figure("value", Decimal(value)), figure("limit", Decimal(limit))).value


@pytest.mark.parametrize(("current", "previous", "printed"), PUBLISHED_CHANGES)
def test_the_published_change_from_the_year_before_is_reproduced(current, previous, printed):
    assert str(changed(current, previous)) == printed


@pytest.mark.parametrize(("good", "valid", "printed", "source"), PUBLISHED_GOOD_DAYS)
def test_the_share_of_good_days_is_of_the_valid_days(good, valid, printed, source):
    assert str(good_share(good, valid)) == printed, source


def test_the_published_exceedance_multiple_is_reproduced():
    limit = air.limit("no2", "annual", date(2014, 12, 31))
    assert str(multiple("48", str(limit.value))) == "0.20"  # Guangzhou 2014


@pytest.mark.parametrize(("edition", "parameter", "averaging", "concentration", "expected"), SUB_INDICES)
def test_the_worked_sub_indices_come_out(edition, parameter, averaging, concentration, expected):
    assert air.iaqi(parameter, concentration, DAYS[edition], averaging) == expected


# --- the collected cases, one by one ----------------------------------------------------------------------

NAMES = {"PM25": "pm2_5", "PM10": "pm10", "NO2": "no2", "SO2": "so2", "CO": "co"}
NAMES |= {"O3_P90": "o3_8h", "CO_P95": "co", "O3_8h": "o3_8h"}
ORACLES = [
    *("O001", "O006", "O015", "O017", "O018", "O020", "O021", "O022", "O027", "O028", "O031"),
    *(f"O{number:03}" for number in range(33, 54)),
]
IN_WORDS = {  # cases whose answer is a sentence: AQI, primary pollutants
    "O050": (100, {"pm2_5", "pm10"}),
    "O051": (30, set()),
    "O052": (None, set()),
    "O053": (119, {"pm2_5"}),
}


def oracle_rows(shared: Path):
    with (shared / "domain/standards/oracles.csv").open(encoding="utf-8") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}


def concentrations(text):
    pairs = (pair.split("=") for pair in re.findall(r"\w+=[\d.]+", text))
    return {NAMES[name]: value for name, value in pairs}


def answer(row):
    """What the row's question gives, as the text the row expects."""
    kind, inputs = row["standard"], row["inputs"]
    numbers = [Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", inputs)]
    if "composite index" in kind:
        year, month = re.search(r"(\d{4})-(\d\d):", inputs).groups()
        return str(air.composite_index(concentrations(inputs), date(int(year), int(month), 28)).total)
    if kind.startswith("year-on-year"):
        return f"{changed(*numbers):+}%"
    if kind.startswith("good-day"):
        return str(good_share(int(numbers[0]), int(numbers[1])))
    if kind.startswith("exceedance"):
        return str(multiple(*numbers[1:]))
    name, averaging, value = re.match(r"(\w+)_(24h|8h|1h)=([\d.]+)", inputs).groups()
    parameter = {"O3": f"o3_{averaging}"}.get(name) or NAMES[name]
    report = "hourly" if averaging == "1h" else "daily"
    return str(air.iaqi(parameter, value, DAYS[kind.removesuffix(" IAQI")], report))


@pytest.mark.parametrize("row_id", [row_id for row_id in ORACLES if row_id not in IN_WORDS])
def test_each_collected_air_case_comes_out(shared: Path, row_id):
    row = oracle_rows(shared)[row_id]
    assert answer(row) == row["expected"].split(" (")[0]


@pytest.mark.parametrize("row_id", IN_WORDS)
def test_each_collected_daily_case_comes_out(shared: Path, row_id):
    result = air.daily_aqi(concentrations(oracle_rows(shared)[row_id]["inputs"]), NEW)
    assert (result.aqi, set(result.primary)) == IN_WORDS[row_id]


def test_no_collected_air_case_is_left_out(shared: Path):
    air_and_rounding = [row_id for row_id in oracle_rows(shared) if row_id <= "O063"]
    rounding = [row_id for row_id in air_and_rounding if row_id >= "O054"]
    assert sorted(air_and_rounding) == sorted([*ORACLES, *rounding])
    assert len(rounding) == 7, "these are in test_rounding"


def index_rows(path: Path):
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    columns = [air.COLUMN[name] for name in air.PARAMETERS[:4]] + ["co_p95_mg_m3", "o3_8h_p90_ug_m3"]
    for row in rows:
        values = [row[column] for column in columns]
        if all(values) and row["composite_index"]:
            year, month = re.match(r"(\d{4})(?:-(\d\d))?", row["period"]).groups()
            yield row, by_parameter(values), date(int(year), int(month or 12), 28)


def test_every_published_row_of_guangzhou_with_six_values_and_an_index_is_reproduced(shared: Path):
    rows = list(index_rows(shared / "domain/figures/air_bulletins.csv"))
    wrong = [
        (row["period"], row["area"], row["composite_index"], str(total))
        for row, values, day in rows
        if (total := air.composite_index(values, day).total) != Decimal(row["composite_index"])
    ]
    assert len(rows) >= 7
    assert wrong == []


def test_every_published_row_of_other_places_is_reproduced_by_the_rule_it_names(shared: Path):
    rows = list(index_rows(shared / "domain/figures/other_places/index_oracle.csv"))
    both = {"half-even": [half_even], "half-up": [half_up], "both": [half_even, half_up]}
    wrong = [
        (row["city"], row["period"], row["area"], row["composite_index"], rounding.__name__)
        for row, values, day in rows
        for rounding in both[row["rule_that_matches"]]
        if air.composite_index(values, day, rounding).total != Decimal(row["composite_index"])
    ]
    assert len(rows) >= 70
    assert wrong == []


# --- sub-indices and the AQI ------------------------------------------------------------------------------

SIX = {"so2": 10, "no2": 15, "pm10": 30, "pm2_5": 20, "co": "0.5", "o3_8h": 60}


def test_the_day_of_the_data_chooses_the_edition():
    assert (air.edition(OLD), air.edition(NEW)) == ("HJ 633-2012", "HJ 633-2026")
    with pytest.raises(StandardError, match="no AQI rules for 1999-01-01"):
        air.edition(date(1999, 1, 1))


def test_concentrations_are_rounded_before_the_sub_index():
    assert air.iaqi("pm2_5", "35.5", NEW) == air.iaqi("pm2_5", 36, NEW)
    assert air.iaqi("co", "2.04", NEW) == air.iaqi("co", "2.0", NEW) == 50


def test_a_negative_concentration_is_refused():
    with pytest.raises(ValueError, match="0 or more, found -1 of so2"):
        air.iaqi("so2", -1, NEW)


def test_the_old_edition_has_no_sub_index_from_hourly_so2_above_800():
    with pytest.raises(StandardError, match=r"HJ 633-2012 gives no hourly sub-index for so2 at 801"):
        air.iaqi("so2", 801, OLD, "hourly")


def test_the_new_edition_has_no_daily_sub_index_from_hourly_ozone():
    with pytest.raises(StandardError, match="no daily sub-index for 'o3_1h'"):
        air.iaqi("o3_1h", 100, NEW)


def test_pollutants_that_tie_are_all_primary():
    assert air.daily_aqi({**SIX, "pm2_5": 60, "pm10": 120}, NEW).primary == ("pm10", "pm2_5")


def test_at_an_aqi_of_50_there_is_no_primary_pollutant():
    day = air.daily_aqi({**SIX, "pm2_5": 35}, NEW)
    assert (day.aqi, day.primary, day.level) == (50, (), 1)


def test_an_aqi_of_0_is_level_one():
    assert air.daily_aqi(dict.fromkeys(air.PARAMETERS, 0), NEW).level == 1


def test_with_a_pollutant_missing_an_aqi_of_100_is_not_given_and_one_of_101_is():
    assert air.daily_aqi({**SIX, "pm2_5": 60, "co": None}, NEW).aqi is None
    day = air.daily_aqi({**SIX, "pm2_5": 61, "co": None}, NEW)
    assert (day.aqi, day.level, day.primary) == (101, 3, ("pm2_5",))


def test_an_unknown_parameter_is_answered_with_the_nearest_name():
    with pytest.raises(StandardError, match=r"'pm25'[\s\S]*'pm2_5'"):
        air.daily_aqi({"pm25": 40}, NEW)


def test_sub_indices_are_given_even_where_the_aqi_is_not():
    assert air.daily_aqi({"pm2_5": 40}, NEW).iaqi == {"pm2_5": 60}


def test_the_highest_hourly_ozone_counts_until_february_2026_and_no_longer():
    assert air.daily_aqi({**SIX, "o3_1h": 200}, OLD).primary == ("o3_1h",)
    assert "o3_1h" not in air.daily_aqi({**SIX, "o3_1h": 200}, NEW).iaqi


def test_a_day_without_the_hourly_ozone_is_not_a_day_with_a_pollutant_missing():
    assert air.daily_aqi(SIX, OLD).aqi == 30


def test_in_the_old_edition_hourly_ozone_stands_in_for_an_mda8_above_800():
    day = air.daily_aqi({**SIX, "o3_8h": 801, "o3_1h": 900}, OLD)
    assert day.aqi == 350
    assert "o3_8h" not in day.iaqi
    assert air.daily_aqi({**SIX, "o3_8h": 801}, OLD).aqi is None


def test_another_edition_can_be_asked_about_the_same_day():
    assert air.daily_aqi({**SIX, "pm2_5": 75}, OLD).aqi == 100
    assert air.daily_aqi({**SIX, "pm2_5": 75}, OLD, as_edition="HJ 633-2026").aqi == 114
    with pytest.raises(StandardError, match="HJ 633-2025"):
        air.daily_aqi(SIX, OLD, as_edition="HJ 633-2025")


def test_levels_have_names_and_colours():
    good = air.levels(NEW)[1]
    assert (good.grade_zh, good.category_zh, good.rgb, good.aqi_max) == ("二级", "良", "255,255,0", 100)


def straddling_year():
    """Every day of 2026 at the limit of the old standard for PM2.5, which the new one lowers."""
    days = pd.DataFrame({"date": pd.date_range("2026-01-01", "2026-12-31")})
    values = {**SIX, "pm2_5": 75}
    return days.assign(**{air.COLUMN[name]: float(value) for name, value in values.items()})


def test_a_year_that_straddles_the_change_is_judged_by_both_editions_each_by_its_days():
    result = air.daily_aqi_frame(straddling_year())
    assert result["edition"].value_counts().to_dict() == {"HJ 633-2026": 306, "HJ 633-2012": 59}
    assert result["aqi"].iloc[58:60].tolist() == [100, 114]
    assert result["level"].iloc[58:60].tolist() == [2, 3]
    assert result["edition"].iloc[58:60].tolist() == ["HJ 633-2012", "HJ 633-2026"]


def test_the_next_edition_can_be_asked_about_a_whole_frame():
    result = air.daily_aqi_frame(straddling_year(), as_edition="HJ 633-2026")
    assert set(result["aqi"]) == {114}
    assert set(result["edition"]) == {"HJ 633-2026"}


def test_a_frame_keeps_its_index_and_its_order_and_may_be_empty():
    days = straddling_year().iloc[[70, 3, 40]].set_axis(["c", "a", "b"])
    result = air.daily_aqi_frame(days)
    assert result.index.tolist() == ["c", "a", "b"]
    assert result["aqi"].tolist() == [114, 100, 100]
    assert air.daily_aqi_frame(days.iloc[:0]).dtypes.equals(result.dtypes)


def test_a_negative_concentration_in_a_frame_is_named_with_its_day():
    days = straddling_year().assign(pm2_5_ug_m3=-3)
    with pytest.raises(ValueError, match="pm2_5_ug_m3 on 2026-01-01"):
        air.daily_aqi_frame(days)


concentration = st.none() | st.decimals(0, 1300, places=1) | st.integers(0, 70)
day_values = st.fixed_dictionaries(dict.fromkeys(air.PLACES, concentration))
either_day = st.sampled_from([OLD, NEW])


def frame_of(days, dates):
    columns = {air.COLUMN[name]: [day[name] for day in days] for name in air.PLACES}
    numbers = {column: pd.Series(values, dtype="Float64") for column, values in columns.items()}
    return pd.DataFrame({"date": pd.to_datetime(pd.Series(dates)), **numbers})


@settings(max_examples=60)
@given(st.lists(st.tuples(day_values, either_day), min_size=1, max_size=12))
def test_one_day_and_a_frame_of_days_give_the_same_aqi(pairs):
    frame = air.daily_aqi_frame(frame_of(*zip(*pairs, strict=True)))
    for (values, day), row in zip(pairs, frame.itertuples(index=False), strict=True):
        alone = air.daily_aqi(values, day)
        assert (alone.aqi, alone.level) == tuple(None if pd.isna(cell) else cell for cell in (row.aqi, row.level))
        assert (";".join(alone.primary), alone.edition) == (row.primary, row.edition)
        for name in air.PLACES:
            cell = getattr(row, f"iaqi_{name}")
            assert alone.iaqi.get(name) == (None if pd.isna(cell) else cell)


@given(st.sampled_from(air.PARAMETERS), st.decimals(0, 3000, places=2), st.decimals(0, 100, places=2), either_day)
def test_a_worse_concentration_never_lowers_the_sub_index(parameter, value, more, day):
    worse = value + more
    if parameter == "o3_8h" and day == OLD and half_even(worse) > 800:
        return  # that edition has none there
    assert air.iaqi(parameter, value, day) <= air.iaqi(parameter, worse, day)


@given(st.sampled_from(air.PARAMETERS[:5]), st.decimals(0, 10**5, places=2), either_day)
def test_every_concentration_has_exactly_one_level(parameter, value, day):
    index = air.iaqi(parameter, value, day)
    assert 0 <= index <= 500
    assert sum(level.aqi_min <= index <= (level.aqi_max or 500) for level in air.levels(day)) == 1


@settings(max_examples=30)
@given(st.lists(day_values, min_size=2, max_size=6), st.randoms())
def test_the_order_of_the_days_does_not_matter(days, random):
    frame = frame_of(days, [NEW] * len(days))
    order = list(range(len(days)))
    random.shuffle(order)
    shuffled = air.daily_aqi_frame(frame.iloc[order]).sort_index()
    pd.testing.assert_frame_equal(shuffled, air.daily_aqi_frame(frame))


# --- limit values -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 12, 31), ("35", "GB 3095-2012", "single")),
        (date(2026, 3, 1), ("30", "GB 3095-2026", "transition")),
        (date(2030, 12, 31), ("30", "GB 3095-2026", "transition")),
        (date(2031, 1, 1), ("25", "GB 3095-2026", "final")),
    ],
)
def test_the_limit_is_the_one_in_force_on_the_day(day, expected):
    limit = air.limit("pm2_5", "annual", day)
    assert (str(limit.value), limit.standard, limit.phase) == expected
    assert (limit.unit, limit.verification) == ("ug/m3", "seen")


def test_a_later_step_of_the_standard_in_force_can_be_asked_for():
    assert air.limit("pm2_5", "annual", NEW, phase="final").value == 25
    assert air.limit_of("GB 3095-2026", "final", "pm10", "24h").value == 100


def test_grade_one_is_for_protected_areas():
    assert air.limit("pm2_5", "24h", NEW, grade=1).value == 35


def test_a_limit_that_does_not_exist_is_said_so():
    with pytest.raises(StandardError, match="no grade 2 limit value of co annual"):
        air.limit("co", "annual", NEW)
    with pytest.raises(StandardError, match=r"GB 3095-2012 \(final\)"):
        air.limit_of("GB 3095-2012", "final", "pm10", "24h")


# --- hours to days ----------------------------------------------------------------------------------------


def test_a_daily_mean_needs_twenty_hours():
    assert air.daily_mean([10] * 20 + [None] * 4, "pm10", NEW) == 10
    assert air.daily_mean([10] * 19 + [None] * 5, "pm10", NEW) is None


def test_a_daily_mean_is_rounded_half_even_once():
    assert air.daily_mean([10, 11] * 12, "pm10", NEW) == 10
    assert str(air.daily_mean(["0.7", "0.8"] * 12, "co", NEW)) == "0.8"


def test_the_mda8_is_the_highest_mean_within_the_day():
    hours = [0] * 16 + [80] * 8
    assert air.mda8(hours, NEW) == air.Mda8(Decimal(80), 17)


def test_a_running_mean_needs_six_of_its_eight_hours():
    hours = [None] * 16 + [None, None, 60, 60, 60, 60, 60, 60]
    assert air.mda8(hours, NEW).windows == 1
    hours[-1] = None
    assert air.mda8(hours, NEW) == air.Mda8(None, 0)


def test_a_day_with_few_running_means_counts_only_above_the_limit():
    few = [None] * 12 + [160] * 12
    assert air.mda8(few, NEW).value is None
    assert air.mda8([None if hour is None else 161 for hour in few], NEW).value == 161


def test_a_day_has_24_entries():
    with pytest.raises(ValueError, match="24 hourly values, None where missing, found 23"):
        air.mda8([1] * 23, NEW)


def hours_of(day, ozone, no2):
    """A station's day of hourly rows, the first for the hour ending at 1:00."""
    frame = pd.DataFrame(
        {
            "station_id": "S1",
            "time": [pd.Timestamp(day) + timedelta(hours=hour + 1) for hour in range(24)],
            "o3_ug_m3": pd.Series(ozone, dtype="Float64"),
            "no2_ug_m3": pd.Series(no2, dtype="Float64"),
            "status": "provisional",
            "source_id": "feed",
        }
    )
    others = {air.COLUMN[name]: pd.Series([None] * 24, dtype="Float64") for name in ("so2", "pm10", "pm2_5", "co")}
    return frame.assign(**others)


hourly = st.lists(st.none() | st.integers(0, 400) | st.decimals(150, 170, places=1), min_size=24, max_size=24)


@settings(max_examples=60)
@given(hourly, hourly, either_day)
def test_hours_in_a_frame_give_the_day_they_give_alone(ozone, no2, day):
    (row,) = air.hourly_to_daily(hours_of(day, ozone, no2)).to_dict("records")
    highest, mean = air.mda8(ozone, day), air.daily_mean(no2, "no2", day)
    assert row["date"] == pd.Timestamp(day)
    assert (None if pd.isna(row["o3_8h_ug_m3"]) else row["o3_8h_ug_m3"]) == highest.value
    assert row["o3_8h_windows"] == highest.windows
    assert (None if pd.isna(row["no2_ug_m3"]) else row["no2_ug_m3"]) == mean
    assert row["valid_hours"] == sum(value is not None for value in no2)
    peak = max((value for value in ozone if value is not None), default=None)
    assert (None if pd.isna(row["o3_1h_ug_m3"]) else row["o3_1h_ug_m3"]) == (None if peak is None else half_even(peak))


def test_midnight_is_the_last_hour_of_the_day_before():
    days = air.hourly_to_daily(hours_of("2024-05-01", [100] * 24, [20] * 24))
    assert days["date"].tolist() == [pd.Timestamp("2024-05-01")]
    assert days["valid_hours"].tolist() == [24]


def test_a_day_made_of_several_sources_is_as_good_as_the_weakest_and_names_them_all():
    hours = hours_of("2024-05-01", [100] * 24, [20] * 24)
    hours.loc[3, ["status", "source_id"]] = ["demonstration", "generator"]
    (row,) = air.hourly_to_daily(hours).to_dict("records")
    assert (row["status"], row["source_id"]) == ("demonstration", "feed;generator")


def test_the_daily_table_has_the_columns_of_station_daily():
    days = air.hourly_to_daily(hours_of("2024-05-01", [100] * 24, [20] * 24))
    concentrations_ = [air.COLUMN[name] for name in air.PLACES]
    assert days.columns.tolist() == [
        *("station_id", "date", *concentrations_),
        *("valid_hours", "o3_8h_windows", "status", "source_id"),
    ]


def test_an_hour_given_twice_is_refused():
    hours = hours_of("2024-05-01", [100] * 24, [20] * 24)
    with pytest.raises(ValueError, match="each hour once, found twice"):
        air.hourly_to_daily(pd.concat([hours, hours.iloc[[5]]]))


def station_days(**columns):
    defaults = {air.COLUMN[name]: [50.0] for name in air.PLACES} | {
        "valid_hours": [24],
        "o3_8h_windows": [17],
    }
    return pd.DataFrame({"date": [pd.Timestamp("2024-05-01")], **defaults, **columns})


def test_values_of_a_day_with_too_few_hours_are_blanked():
    result = air.valid_station_days(station_days(valid_hours=[19]))
    assert result[[air.COLUMN[name] for name in air.PARAMETERS[:5]]].isna().all(axis=None)
    assert result[["o3_8h_ug_m3", "o3_1h_ug_m3"]].notna().all(axis=None)


def test_an_mda8_of_few_means_is_blanked_unless_it_exceeds_the_limit():
    assert air.valid_station_days(station_days(o3_8h_windows=[13])).isna()["o3_8h_ug_m3"].all()
    assert air.valid_station_days(station_days(o3_8h_windows=[13], o3_8h_ug_m3=[161]))["o3_8h_ug_m3"].item() == 161
    assert air.valid_station_days(station_days(o3_8h_windows=[14])).notna()["o3_8h_ug_m3"].all()


def test_an_unknown_count_is_not_enough_and_the_given_frame_is_left_alone():
    days = station_days(valid_hours=pd.array([None], "Int64"))
    assert air.valid_station_days(days).isna()["pm10_ug_m3"].all()
    assert days["pm10_ug_m3"].item() == 50


# --- areas and periods ------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("AB"), st.none() | st.integers(0, 999)), min_size=1, max_size=15))
def test_the_mean_of_stations_is_the_exact_mean_rounded_half_even(pairs):
    columns = {air.COLUMN[name]: pd.Series([value for _, value in pairs], dtype="Int64") for name in air.PLACES}
    tenths = pd.Series([None if value is None else value / 10 for _, value in pairs], dtype="float64")
    areas = [area for area, _ in pairs]
    stations = pd.DataFrame({"area_code": areas, "date": "2024-05-01", **columns} | {"co_mg_m3": tenths})
    result = air.area_daily(stations).set_index("area_code")
    for area in set(areas):
        values = [value for name, value in pairs if name == area and value is not None]
        row = result.loc[area]
        if not values:
            assert pd.isna(row["pm10_ug_m3"])
            continue
        mean = Fraction(sum(values), len(values))
        assert row["pm10_ug_m3"] == half_even(mean)
        assert str(row["co_mg_m3"]) == str(half_even(mean / 10, 1))


def a_year(year=2024):
    dates = pd.date_range(f"{year}-01-01", f"{year}-12-31")
    values = {air.COLUMN[name]: np.arange(len(dates)) % 50 for name in air.PARAMETERS}
    return pd.DataFrame({"area_code": "440106", "date": dates, **values})


def one(statistics, indicator):
    return statistics.set_index("indicator").loc[indicator]


def test_a_year_has_ten_statistics_an_area_rounded_and_not():
    days = a_year()
    statistics = air.annual_statistics(days)
    assert statistics["indicator"].tolist() == [
        *("so2", "so2_p98", "no2", "no2_p98", "pm10", "pm10_p95", "pm2_5", "pm2_5_p95"),
        *("co_p95", "o3_8h_p90"),
    ]
    mean = one(statistics, "pm2_5")
    assert mean["value"] == Fraction(int(days["pm2_5_ug_m3"].sum()), 366)
    assert (mean["rounded"], mean["n_days"], mean["is_valid"]) == (Decimal(24), 366, True)
    assert str(one(statistics, "co_p95")["rounded"]) == "47.0"


def test_a_year_needs_324_days():
    days = a_year()
    twelve_times_27 = days[days["date"].dt.day <= 27]
    one_less = twelve_times_27[twelve_times_27["date"] != "2024-02-27"]
    assert one(air.annual_statistics(twelve_times_27), "pm2_5")["is_valid"]
    assert not one(air.annual_statistics(one_less), "pm2_5")["is_valid"]


def test_a_year_needs_27_days_in_each_month_and_25_in_february():
    days = a_year()
    march, february = days["date"].dt.month == 3, days["date"].dt.month == 2
    for month, fewest in ((march, 27), (february, 25)):
        enough = days[~month | (days["date"].dt.day <= fewest)]
        too_few = days[~month | (days["date"].dt.day < fewest)]
        assert one(air.annual_statistics(enough), "no2")["is_valid"]
        assert not one(air.annual_statistics(too_few), "no2")["is_valid"]


def test_a_year_without_any_value_has_no_statistics_and_is_not_valid():
    days = a_year().assign(co_mg_m3=np.nan)
    row = one(air.annual_statistics(days), "co_p95")
    assert (row["value"], row["rounded"], row["n_days"], row["is_valid"]) == (None, None, 0, False)


def test_days_of_two_years_are_refused():
    with pytest.raises(ValueError, match="one year, found 2023-01-01 to 2024-12-31"):
        air.annual_statistics(pd.concat([a_year(2023), a_year(2024)]))


def test_statistics_can_be_taken_by_month():
    days = a_year().assign(month=lambda frame: frame["date"].dt.month)
    statistics = air.period_statistics(days, ["area_code", "month"])
    assert len(statistics) == 12 * 10
    assert statistics["n_days"].iloc[0] == 31


def test_a_percentile_lies_between_its_neighbours():
    assert air.percentile([1, 2, 3, 4], Fraction(1, 2)) == Fraction(5, 2)
    assert air.percentile(["0.7"], Fraction(95, 100)) == Fraction(7, 10)
    with pytest.raises(ValueError, match="found 0 values"):
        air.percentile([], Fraction(1, 2))


@given(st.lists(st.integers(0, 500), min_size=1, max_size=40), st.integers(0, 100))
def test_the_percentile_is_that_of_numpy_but_exact(values, percent):
    expected = np.percentile(values, percent)
    assert float(air.percentile(values, Fraction(percent, 100))) == pytest.approx(expected)


def test_every_result_names_the_tables_it_rests_on():
    with noting() as notes:
        air.composite_index(by_parameter((1, 1, 1, 1, 1, 1)), NEW)
    assert set(notes.things()["standard"]) >= {"air_limits", "air_annual_items", "rules"}
