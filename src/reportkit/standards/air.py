"""Ambient air: sub-indices and AQI, limit values, daily and annual statistics, and the composite index.

One value at a time is worked out with Decimal and Fraction, whole frames with scaled int64; both are exact
and give the same answers. Every look-up takes the day of the data, because the standards changed on
2026-03-01 and change again on 2031-01-01.

Concentrations are in µg/m³, carbon monoxide in mg/m³. ``rules.rule("air.index", day)`` and its siblings
say under which clause a result stands and whether that clause was read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor, lcm
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportkit.display import Displayed
from reportkit.errors import StandardError, nearest
from reportkit.memo import memo
from reportkit.standards import rules
from reportkit.standards.rounding import (
    Booleans,
    Integers,
    Number,
    ceiling,
    divide_half_even,
    exact,
    half_even,
    scaled,
)
from reportkit.status import STATUSES

PARAMETERS = ("so2", "no2", "pm10", "pm2_5", "co", "o3_8h")
PLACES = {"so2": 0, "no2": 0, "pm10": 0, "pm2_5": 0, "co": 1, "o3_8h": 0, "o3_1h": 0}
COLUMN = {
    "so2": "so2_ug_m3",
    "no2": "no2_ug_m3",
    "pm10": "pm10_ug_m3",
    "pm2_5": "pm2_5_ug_m3",
    "co": "co_mg_m3",
    "o3_8h": "o3_8h_ug_m3",
    "o3_1h": "o3_1h_ug_m3",
}

_DAY_MEANS = PARAMETERS[:5]
_HOURLY_OZONE = "o3_ug_m3"
_FINE = 4  # decimals of a measured value that are kept until the one rounding
_WINDOW = 8  # hours of a running mean of ozone
_NONE = np.iinfo(np.int64).min  # "no value" while int64 columns are compared

Frame = pd.DataFrame


# --- sub-indices and the AQI --------------------------------------------------------------------------------


@dataclass(frozen=True)
class DailyAqi(Displayed):
    """One day under one edition: ``aqi`` and ``level`` are None where the AQI is published as NA.

    ``iaqi`` holds the sub-indices that could be computed; ``primary`` all pollutants that share the largest
    one, empty at an AQI of 50 or less.
    """

    aqi: int | None
    iaqi: dict[str, int]
    primary: tuple[str, ...]
    level: int | None
    edition: str


@dataclass(frozen=True)
class Level(Displayed):
    """One of the six levels of the AQI; ``aqi_max`` is None for the last, ``rgb`` is like ``0,228,0``."""

    level: int
    grade_zh: str
    category_zh: str
    category_en: str
    rgb: str
    aqi_min: int
    aqi_max: int | None


@dataclass(frozen=True)
class _Scale:
    """The breakpoints of one column of the table; ``above`` is the sub-index past its end, if it has one."""

    concentrations: tuple[Fraction, ...]
    indices: tuple[int, ...]
    above: int | None


def edition(as_of: date) -> str:
    """The edition of the AQI rules for data of that day: ``HJ 633-2012`` or ``HJ 633-2026``."""
    rows = rules.table("aqi_breakpoints")
    valid = rules.in_force(rows, as_of)
    if not valid:
        raise StandardError(f"no AQI rules for {as_of:%Y-%m-%d}", expected=f"a day in {rules.periods(rows)}")
    return valid[0]["standard"]


def levels(as_of: date) -> tuple[Level, ...]:
    """The six levels in force that day, best first."""
    return _levels(edition(as_of))


def iaqi(parameter: str, concentration: Number, as_of: date, averaging: str = "daily") -> int:
    """The sub-index of one *concentration*, which is rounded first; the result is rounded up.

    *averaging* is ``daily`` (24-h means, MDA8 of ozone) or ``hourly`` (1-h means, as in real-time reports).
    Above the last breakpoint it stays at 500, or where a note of the table says so at 200 or 300.
    Raises StandardError where the edition has no such sub-index (hourly SO2 and MDA8 above 800 in 2012),
    ValueError for a negative concentration.
    """
    standard = edition(as_of)
    index = _sub_index(_scale(standard, parameter, averaging), _rounded(parameter, concentration))
    if index is None:
        raise StandardError(f"{standard} gives no {averaging} sub-index for {parameter} at {concentration}")
    return index


def daily_aqi(concentrations: Mapping[str, Number | None], as_of: date, as_edition: str | None = None) -> DailyAqi:
    """The AQI of one day from its daily values by parameter; None or an absent key is a missing value.

    Until 2026-02-28 the highest hourly ozone, ``o3_1h``, counts when it is given, and stands in for an
    MDA8 above 800. *as_edition* asks what another edition would say of the same day.
    """
    standard = as_edition or edition(as_of)
    for parameter in concentrations.keys() - PLACES.keys():
        raise StandardError(f"no pollutant is called '{parameter}'", do=nearest(parameter, PLACES))
    given = {parameter: value for parameter, value in concentrations.items() if value is not None}
    found = {
        parameter: _sub_index(scale, _rounded(parameter, given[parameter]))
        for parameter, scale in _daily_scales(standard).items()
        if parameter in given
    }
    indices = {parameter: index for parameter, index in found.items() if index is not None}
    covered = indices.keys() | ({"o3_8h"} & given.keys() if "o3_1h" in indices else set())
    highest = max(indices.values(), default=None)
    # cl. 5.3.1: with a pollutant missing, only an AQI above 100 is certain enough to be published
    if highest is None or (not covered.issuperset(PARAMETERS) and highest <= 100):
        return DailyAqi(None, indices, (), None, standard)
    primary = tuple(name for name, index in indices.items() if index == highest and highest > 50)  # cl. 4.3.1
    return DailyAqi(highest, indices, primary, _level(highest, standard), standard)


def daily_aqi_frame(days: Frame, as_edition: str | None = None) -> Frame:
    """The AQI of many days: :func:`daily_aqi` for each row, by the edition of the row's ``date``.

    *days* has ``date`` and the six concentration columns, and may have ``o3_1h_ug_m3``; values have at most
    four decimals. The result has the same index and the columns ``aqi``, ``iaqi_<parameter>`` of seven
    parameters, ``level`` (Int64, NA where there is none), ``primary`` (joined by ``;``) and ``edition``.
    """
    rows = days.reset_index(drop=True)
    standards = np.full(len(rows), as_edition) if as_edition else _by_day(rows["date"], edition)
    asked = sorted(set(standards)) or [rules.table("aqi_breakpoints")[-1]["standard"]]
    parts = [_aqi_of_one_edition(rows[standards == standard], standard) for standard in asked]
    return pd.concat(parts).sort_index().set_axis(days.index)


def _aqi_of_one_edition(days: Frame, standard: str) -> Frame:
    scales = _daily_scales(standard)
    indices = np.full((len(days), len(PLACES)), _NONE)
    for place, parameter in enumerate(PLACES):
        if parameter in scales:
            units, given = _concentrations(days, parameter)
            column = _sub_indices(scales[parameter], units, PLACES[parameter])
            indices[:, place] = np.where(given, column, _NONE)
    highest = indices.max(axis=1)
    published = (_covered(days, indices) & (highest != _NONE)) | (highest > 100)
    is_primary = (indices == highest[:, None]) & (published & (highest > 50))[:, None]
    bounds = np.array([level.aqi_min for level in _levels(standard)][1:])
    return pd.DataFrame(
        {
            "aqi": _nullable(highest, published),
            **{
                f"iaqi_{parameter}": _nullable(column, column != _NONE)
                for parameter, column in zip(PLACES, indices.T, strict=True)
            },
            "primary": pd.Series(_joined(is_primary), index=days.index, dtype="str"),
            "level": _nullable(np.searchsorted(bounds, highest, side="right") + 1, published),
            "edition": pd.Series(standard, index=days.index, dtype="str"),
        },
        index=days.index,
    )


def _covered(days: Frame, indices: Integers) -> Booleans:
    """Which days miss none of the six pollutants; an MDA8 beyond the scale is covered by the hourly ozone."""
    has = indices != _NONE
    seventh = has[:, len(PARAMETERS)] & days[COLUMN["o3_8h"]].notna().to_numpy(np.bool_)
    has[:, PARAMETERS.index("o3_8h")] |= seventh
    return np.asarray(has[:, : len(PARAMETERS)].all(axis=1), np.bool_)


def _joined(is_primary: Booleans) -> list[str]:
    """For each row the names of the marked parameters, joined by ``;``."""
    # Few sets of pollutants ever occur, so each is spelled out once.
    sets, codes = np.unique(is_primary, axis=0, return_inverse=True)
    names = [";".join(np.array(list(PLACES))[marked]) for marked in sets]
    return [names[code] for code in codes]


def _concentrations(days: Frame, parameter: str) -> tuple[Integers, Booleans]:
    """The column of *parameter*, rounded, in units of its last printed decimal, and where it has values."""
    column = COLUMN[parameter]
    if column not in days and parameter not in PARAMETERS:
        return np.zeros(len(days), np.int64), np.zeros(len(days), np.bool_)
    units, given = scaled(days[column], _FINE)
    if (units < 0).any():
        row = int(np.argmax(units < 0))
        where = f"{column} on {days['date'].iloc[row]}"
        raise ValueError(f"expected a concentration of 0 or more, found {days[column].iloc[row]} in {where}")
    return divide_half_even(units, np.full(len(units), 10 ** (_FINE - PLACES[parameter]))), given


def _rounded(parameter: str, concentration: Number) -> Decimal:
    if exact(concentration) < 0:
        raise ValueError(f"expected a concentration of 0 or more, found {concentration} of {parameter}")
    return half_even(concentration, PLACES[parameter])


def _sub_index(scale: _Scale, concentration: Decimal) -> int | None:
    value = Fraction(concentration)
    if value > scale.concentrations[-1]:
        return scale.above
    high = max(1, bisect_left(scale.concentrations, value))
    c_low, c_high = scale.concentrations[high - 1 : high + 1]
    i_low, i_high = scale.indices[high - 1 : high + 1]
    return ceiling((i_high - i_low) * (value - c_low) / (c_high - c_low) + i_low)


def _sub_indices(scale: _Scale, units: Integers, places: int) -> Integers:
    """Sub-indices of concentrations in units of ``10**-places``; ``_NONE`` past a scale that just ends."""
    breaks = np.array([int(concentration * 10**places) for concentration in scale.concentrations])
    indices = np.array(scale.indices)
    high = np.clip(np.searchsorted(breaks, units), 1, len(breaks) - 1)
    rise, run = indices[high] - indices[high - 1], breaks[high] - breaks[high - 1]
    # minus the floor of the negative is the ceiling
    inside = indices[high - 1] - (-rise * (units - breaks[high - 1])) // run
    return np.where(units > breaks[-1], _NONE if scale.above is None else scale.above, inside)


@memo
def _scale(standard: str, parameter: str, report: str) -> _Scale:
    chosen = [
        row for row in _breakpoints(standard) if row["parameter"] == parameter and report in row["report"].split(";")
    ]
    if not chosen:
        raise StandardError(f"{standard} has no {report} sub-index for '{parameter}'")
    return _Scale(
        concentrations=tuple(Fraction(row["concentration"]) for row in chosen),
        indices=tuple(int(row["iaqi"]) for row in chosen),
        above=int(chosen[-1]["iaqi_above"]) if chosen[-1]["iaqi_above"] else None,
    )


@memo
def _daily_scales(standard: str) -> dict[str, _Scale]:
    """The scales of an edition's daily report: six, and that of hourly ozone where the edition counts it."""
    reported = {row["parameter"] for row in _breakpoints(standard) if "daily" in row["report"].split(";")}
    return {parameter: _scale(standard, parameter, "daily") for parameter in PLACES if parameter in reported}


def _breakpoints(standard: str) -> list[rules.Row]:
    rows = rules.table("aqi_breakpoints")
    known = {row["standard"] for row in rows}
    if standard not in known:
        what = f"no edition of the AQI rules is called '{standard}'"
        raise StandardError(what, do=nearest(standard, known))
    return [row for row in rows if row["standard"] == standard]


@memo
def _levels(standard: str) -> tuple[Level, ...]:
    return tuple(
        Level(
            level=int(row["level"]),
            grade_zh=row["grade_zh"],
            category_zh=row["category_zh"],
            category_en=row["category_en"],
            rgb=row["rgb"],
            aqi_min=int(row["aqi_min"]),
            aqi_max=int(row["aqi_max"]) if row["aqi_max"] else None,
        )
        for row in rules.table("aqi_levels")
        if row["standard"] == standard
    )


def _level(aqi: int, standard: str) -> int:
    return max(level.level for level in _levels(standard) if level.aqi_min <= aqi)


# --- limit values -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limit(Displayed):
    """A limit value with the unit it is given in (``ug/m3`` or ``mg/m3``) and where it stands."""

    value: Decimal
    unit: str
    standard: str
    phase: str
    clause: str
    verification: str
    averaging: str


@memo
def limit(parameter: str, averaging: str, as_of: date, grade: int = 2, phase: str | None = None) -> Limit:
    """The limit value in force for data of that day; grade 2 is for all but the protected areas.

    *averaging* is ``annual``, ``24h``, ``1h`` (ozone: parameter ``o3_1h``) or ``mda8`` (``o3_8h``).
    *phase* names another step of the standard in force, such as ``final``. StandardError if there is none.
    """
    rows = _limit_rows(parameter, averaging, grade)
    valid = rules.in_force(rows, as_of)
    if not valid:
        what = f"no grade {grade} limit value of {parameter} {averaging} for {as_of:%Y-%m-%d}"
        raise StandardError(what, expected=f"a day in {rules.periods(rows)}")
    if phase is None:
        return _limit(valid[0])
    return limit_of(valid[0]["standard"], phase, parameter, averaging, grade)


def limit_of(standard: str, phase: str, parameter: str, averaging: str, grade: int = 2) -> Limit:
    """The limit value of a *standard* and its *phase* (``single``, ``transition``, ``final``), on any day."""
    for row in _limit_rows(parameter, averaging, grade):
        if (row["standard"], row["phase"]) == (standard, phase):
            return _limit(row)
    raise StandardError(f"{standard} ({phase}) has no grade {grade} limit value of {parameter} {averaging}")


def _limit_rows(parameter: str, averaging: str, grade: int) -> list[rules.Row]:
    wanted = (parameter, averaging, str(grade))
    rows = rules.table("air_limits")
    return [row for row in rows if (row["parameter"], row["averaging"], row["grade"]) == wanted]


def _limit(row: rules.Row) -> Limit:
    return Limit(
        value=Decimal(row["limit"]),
        unit=row["unit"],
        standard=row["standard"],
        phase=row["phase"],
        clause=row["clause"],
        verification=row["verification"],
        averaging=row["averaging"],
    )


# --- from hours to days -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mda8(Displayed):
    """The highest 8-h mean of ozone in a day, None if it does not count, and how many means were valid."""

    value: Decimal | None
    windows: int


def daily_mean(hourly: Sequence[Number | None], parameter: str, as_of: date) -> Decimal | None:
    """The rounded mean of a day's hourly values; None with fewer than 20 (rule ``air.daily_validity``)."""
    values = [exact(value) for value in hourly if value is not None]
    if len(values) < _minimum(parameter, "24h", as_of):
        return None
    return half_even(sum(values, Fraction(0)) / len(values), PLACES[parameter])


def mda8(hourly: Sequence[Number | None], as_of: date) -> Mda8:
    """The daily maximum 8-h mean of ozone from 24 hourly values, the first for the hour ending at 1:00.

    The running means end at hours 8 to 24, so all their hours are of the day itself: 17 of them, each needing
    6 values. With fewer than 14 valid means the day counts only if the rounded maximum exceeds the grade 2
    limit (rule ``air.mda8``, not verified). ValueError unless there are 24 entries.
    """
    if len(hourly) != 24:
        raise ValueError(f"expected 24 hourly values, None where missing, found {len(hourly)}")
    means = []
    for end in range(_WINDOW, 25):
        window = [exact(value) for value in hourly[end - _WINDOW : end] if value is not None]
        if len(window) >= _minimum("o3_8h", "8h", as_of):
            means.append(sum(window, Fraction(0)) / len(window))
    if not means:
        return Mda8(None, 0)
    highest = half_even(max(means), PLACES["o3_8h"])
    counts = len(means) >= _minimum("o3_8h", "mda8", as_of) or highest > limit("o3_8h", "mda8", as_of).value
    return Mda8(highest if counts else None, len(means))


def hourly_to_daily(hours: Frame) -> Frame:
    """Rows of ``station_hourly`` made into rows of ``station_daily``, one a station and day, sorted.

    ``time`` names the end of the hour, as the national feed does: 0:00 is hour 24 of the day before.
    Means and MDA8 are those of :func:`daily_mean` and :func:`mda8`, NA where they do not count;
    ``o3_1h_ug_m3`` is the highest hourly value there is; ``valid_hours`` counts the hours with any of the
    five other pollutants. ``status`` is the weakest of the hours, ``source_id`` all joined by ``;``.
    ValueError for an hour that is given twice.
    """
    began = pd.to_datetime(hours["time"]).reset_index(drop=True) - pd.Timedelta(hours=1)
    keys = pd.DataFrame({"station_id": hours["station_id"].to_numpy(), "date": began.dt.normalize()})
    hour = began.dt.hour.to_numpy(np.int64)
    _refuse_doubles(keys.assign(hour=hour), "hour")
    groups, days = _grouped(keys, ["station_id", "date"])

    def cube(column: str) -> tuple[Integers, Booleans]:
        """The column as days × 24 hours."""
        units, given = np.zeros((len(days), 24), np.int64), np.zeros((len(days), 24), np.bool_)
        units[groups, hour], given[groups, hour] = scaled(hours[column], _FINE)
        return units, given

    any_of_five = np.zeros((len(days), 24), np.bool_)
    for parameter in _DAY_MEANS:
        units, given = cube(COLUMN[parameter])
        any_of_five |= given
        enough = given.sum(axis=1) >= _minimums(days["date"], parameter, "24h")
        mean = _means(units.sum(axis=1), given.sum(axis=1), PLACES[parameter])
        days[COLUMN[parameter]] = _printed(mean, enough, parameter)
    ozone, given = cube(_HOURLY_OZONE)
    highest, windows = _highest_running_means(ozone, given, _minimums(days["date"], "o3_8h", "8h"))
    days[COLUMN["o3_8h"]] = _nullable(highest, _mda8_counts(days["date"], highest, windows))
    has_ozone = given.any(axis=1)
    peak = np.where(has_ozone, np.where(given, ozone, _NONE).max(axis=1), 0)
    days[COLUMN["o3_1h"]] = _nullable(_means(peak, np.ones_like(peak), PLACES["o3_1h"]), has_ozone)
    days["valid_hours"] = any_of_five.sum(axis=1)
    days["o3_8h_windows"] = windows
    days["status"] = _weakest(hours["status"], groups, len(days))
    days["source_id"] = _sources(hours["source_id"], groups)
    return days


def valid_station_days(days: Frame) -> Frame:
    """Rows of ``station_daily`` with the values that do not count blanked (NA); nothing else is changed.

    The five 24-h means need 20 ``valid_hours``, the MDA8 14 ``o3_8h_windows`` unless it exceeds the limit;
    a missing count is not enough. The hourly ozone maximum is left as it is.
    """
    result = days.copy()
    hours = _counted(result["valid_hours"])
    for parameter in _DAY_MEANS:
        column = COLUMN[parameter]
        result[column] = result[column].where(hours >= _minimums(days["date"], parameter, "24h"))
    highest, _ = _concentrations(days, "o3_8h")
    windows = _counted(result["o3_8h_windows"])
    result[COLUMN["o3_8h"]] = result[COLUMN["o3_8h"]].where(_mda8_counts(days["date"], highest, windows))
    return result


def area_daily(station_days: Frame) -> Frame:
    """For each ``area_code`` and ``date`` the mean over the stations, rounded half-even.

    *station_days* are valid rows of ``station_daily`` with ``area_code`` joined, blanks left out of the mean.
    The result has ``area_code``, ``date`` and the seven concentration columns, Int64 or for CO Float64, which
    holds the float nearest to the printed decimal. Rule ``air.area_mean``, not verified.
    """
    keys = pd.DataFrame(
        {"area_code": station_days["area_code"].to_numpy(), "date": _days(station_days["date"]).to_numpy()}
    )
    groups, days = _grouped(keys, ["area_code", "date"])
    for parameter in PLACES:
        totals, counts = np.zeros(len(days), np.int64), np.zeros(len(days), np.int64)
        if COLUMN[parameter] in station_days or parameter in PARAMETERS:
            units, given = scaled(station_days[COLUMN[parameter]], _FINE)
            np.add.at(totals, groups, units)
            np.add.at(counts, groups, given)
        days[COLUMN[parameter]] = _printed(_means(totals, counts, PLACES[parameter]), counts > 0, parameter)
    return days


def _highest_running_means(ozone: Integers, given: Booleans, minimums: Integers) -> tuple[Integers, Integers]:
    """For each row of 24 hours the highest 8-h mean, rounded, and how many of the 17 means are valid."""
    totals, counts = _running_sums(ozone), _running_sums(given.astype(np.int64))
    valid = counts >= minimums[:, None]
    common = lcm(*range(1, _WINDOW + 1))  # means over 6, 7 and 8 hours compared as whole numbers
    means = np.where(valid, totals * (common // np.maximum(counts, 1)), _NONE)
    windows = valid.sum(axis=1)
    highest = np.where(windows > 0, means.max(axis=1, initial=_NONE), 0)
    return _means(highest, np.full(len(highest), common), PLACES["o3_8h"]), windows


def _running_sums(hourly: Integers) -> Integers:
    """Sums over each 8 hours on end within the 24 of a row."""
    sums = np.pad(hourly.cumsum(axis=1), ((0, 0), (1, 0)))
    return np.asarray(sums[:, _WINDOW:] - sums[:, :-_WINDOW], np.int64)


def _mda8_counts(dates: pd.Series, highest: Integers, windows: Integers) -> Booleans:
    limits = _by_day(dates, lambda day: int(limit("o3_8h", "mda8", day).value))
    return np.asarray((windows >= _minimums(dates, "o3_8h", "mda8")) | (highest > limits), np.bool_)


def _means(totals: Integers, counts: Integers, places: int) -> Integers:
    """Totals with ``_FINE`` decimals over counts, in units of ``10**-places``; 0 for no values."""
    return divide_half_even(totals, np.maximum(counts, 1) * 10 ** (_FINE - places))


def _printed(units: Integers, present: Booleans, parameter: str) -> Any:
    if PLACES[parameter] == 0:
        return _nullable(units, present)
    return pd.arrays.FloatingArray(units / 10.0 ** PLACES[parameter], ~present)


def _nullable(values: Integers, present: Any) -> Any:
    return pd.arrays.IntegerArray(np.where(present, values, 0).astype(np.int64), ~present)


def _counted(counts: pd.Series) -> Integers:
    return np.asarray(counts.astype("Int64").fillna(0), np.int64)


def _weakest(statuses: pd.Series, groups: Integers, size: int) -> list[str]:
    weakest = np.zeros(size, np.int64)
    np.maximum.at(weakest, groups, [STATUSES.index(status) for status in statuses])
    return [STATUSES[weakness] for weakness in weakest]


def _sources(source_ids: pd.Series, groups: Integers) -> Any:
    pairs = pd.DataFrame({"group": groups, "source_id": source_ids.to_numpy()}).drop_duplicates()
    return pairs.sort_values(["group", "source_id"]).groupby("group")["source_id"].agg(";".join).to_numpy()


def _grouped(keys: Frame, by: list[str]) -> tuple[Integers, Frame]:
    """Which group each row is in, and one row a group, sorted."""
    grouping = keys.groupby(by, sort=True)
    groups = np.asarray(grouping.ngroup(), np.int64)
    return groups, keys.drop_duplicates(by).sort_values(by).reset_index(drop=True)


def _refuse_doubles(rows: Frame, what: str) -> None:
    doubled = rows[rows.duplicated()]
    if len(doubled):
        raise ValueError(f"expected each {what} once, found twice: {dict(doubled.iloc[0])}")


def _days(dates: pd.Series) -> pd.Series:
    days = pd.to_datetime(dates).dt.normalize()
    if days.isna().any():
        raise ValueError("expected a date in every row, found a row without one")
    return cast("pd.Series", days)


def _by_day(dates: pd.Series, lookup: Callable[[date], Any]) -> npt.NDArray[Any]:
    """What *lookup* says of each row's day; asked once a day, however many rows share it."""
    codes, days = pd.factorize(_days(dates))
    return np.array([lookup(day.date()) for day in days])[codes]


def _minimums(dates: pd.Series, parameter: str, averaging: str) -> Integers:
    return np.asarray(_by_day(dates, lambda day: _minimum(parameter, averaging, day)), np.int64)


def _minimum(parameter: str, averaging: str, as_of: date) -> int:
    return int(_validity(parameter, averaging, as_of)["minimum"])


@memo
def _validity(parameter: str, averaging: str, as_of: date) -> rules.Row:
    for row in rules.in_force(rules.table("air_data_validity"), as_of):
        if row["averaging"] == averaging and parameter in row["parameters"].split(";"):
            return row
    raise StandardError(f"no data validity rule for {parameter} {averaging} on {as_of:%Y-%m-%d}")


# --- statistics of a period ---------------------------------------------------------------------------------


def period_statistics(days: Frame, by: Sequence[str] = ("area_code",)) -> Frame:
    """Means and percentiles of daily values for each group *by*, one row for each of the ten indicators.

    *days* has ``date``, the columns *by* and the six concentration columns. The result has the columns *by*,
    ``indicator`` (``pm2_5``, ``pm2_5_p95``, ``co_p95``, ``o3_8h_p90`` …), ``parameter``, ``statistic``
    (``mean`` or ``percentile``), ``value`` (Fraction), ``rounded`` (Decimal) and ``n_days``, the days with a
    value; without any, ``value`` and ``rounded`` are None. Whether the days suffice is not asked.
    """
    rows = [
        {**dict(zip(by, key, strict=True)), **row}
        for key, group in days.groupby(list(by), sort=True)
        for row in _statistics(group)
    ]
    columns = [*by, "indicator", "parameter", "statistic", "value", "rounded", "n_days"]
    kinds = {"value": object, "rounded": object, "n_days": np.int64}
    return pd.DataFrame(rows, columns=columns).astype(kinds)


def annual_statistics(days: Frame) -> Frame:
    """:func:`period_statistics` of one year by ``area_code``, with ``is_valid``: whether the days suffice.

    324 days with a value are needed, and 27 in each month (25 in February). Of means this is rule
    ``air.annual_validity``, of percentiles part of ``air.percentile``. ValueError for days of two years.
    """
    dates = _days(days["date"])
    first, last = dates.min(), dates.max()
    if len(days) and first.year != last.year:
        raise ValueError(f"expected the days of one year, found {first:%Y-%m-%d} to {last:%Y-%m-%d}")
    statistics = period_statistics(days)
    valid = {
        (area, parameter): _is_year_valid(_days(group.loc[group[COLUMN[parameter]].notna(), "date"]), parameter)
        for area, group in days.groupby("area_code")
        for parameter in PARAMETERS
    }
    keys = zip(statistics["area_code"], statistics["parameter"], strict=True)
    return statistics.assign(is_valid=np.array([valid[key] for key in keys], np.bool_))


def percentile(values: Iterable[Number], p: Fraction) -> Fraction:
    """The exact *p* quantile, *p* from 0 to 1: position 1+(n-1)p of the sorted values, linear in between.

    ValueError without values.
    """
    ordered = sorted(value if isinstance(value, int) else exact(value) for value in values)
    if not ordered or not 0 <= p <= 1:
        raise ValueError(f"expected values and a share from 0 to 1, found {len(ordered)} values and {p}")
    position = (len(ordered) - 1) * Fraction(p)
    low = floor(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (position - low) * (ordered[high] - ordered[low])


def _statistics(days: Frame) -> list[dict[str, object]]:
    last = _days(days["date"]).max().date()
    rows: list[dict[str, object]] = []
    for item in rules.in_force(rules.table("air_annual_items"), last):
        parameter = item["parameter"]
        units, given = scaled(days[COLUMN[parameter]], _FINE)
        value = _statistic(item, units[given].tolist())
        rounded = None if value is None else half_even(value, PLACES[parameter])
        rows.append(
            {
                "indicator": item["indicator"],
                "parameter": parameter,
                "statistic": item["statistic"],
                "value": value,
                "rounded": rounded,
                "n_days": int(given.sum()),
            }
        )
    return rows


def _statistic(item: rules.Row, units: list[int]) -> Fraction | None:
    if not units:
        return None
    if item["statistic"] == "mean":
        return Fraction(sum(units), len(units) * 10**_FINE)
    return percentile(units, Fraction(int(item["percent"]), 100)) * Fraction(1, 10**_FINE)


def _is_year_valid(days: pd.Series, parameter: str) -> bool:
    if days.empty:
        return False
    row = _validity(parameter, "annual", days.max().date())
    monthly = days.dt.month.value_counts()
    least = dict.fromkeys(range(1, 13), int(row["minimum_in_a_month"])) | {2: int(row["minimum_in_february"])}
    return len(days) >= int(row["minimum"]) and all(monthly.get(month, 0) >= least[month] for month in least)


# --- index, shares, changes and ranks -----------------------------------------------------------------------


@dataclass(frozen=True)
class Index(Displayed):
    """The composite index: its part for each parameter, their sum, and the rule it stands under."""

    parts: dict[str, Decimal]
    total: Decimal
    rule: rules.Rule


def composite_index(
    values: Mapping[str, Number],
    as_of: date,
    rounding: Callable[[Number, int], Decimal] = half_even,
) -> Index:
    """The composite index of a period: each value over its grade 2 limit, rounded to 0.01, then added.

    *values* by parameter: means of so2, no2, pm10 and pm2_5, the 95th percentile of co and the 90th of o3_8h,
    all as printed. ValueError unless all six are there. Few bulletins round ``half_up``.
    """
    missing = [parameter for parameter in PARAMETERS if values.get(parameter) is None]
    if missing:
        raise ValueError(f"expected six values for the index, found none for {', '.join(missing)}")
    averaging = {
        item["parameter"]: item["limit_averaging"]
        for item in rules.in_force(rules.table("air_annual_items"), as_of)
        if item["in_index"] == "yes"
    }
    parts = {
        parameter: rounding(exact(values[parameter]) / exact(limit(parameter, averaging[parameter], as_of).value), 2)
        for parameter in PARAMETERS
    }
    return Index(parts, sum(parts.values(), Decimal("0.00")), rules.rule("air.index", as_of))
