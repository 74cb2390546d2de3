"""Invented air stations and their days: ``stations.csv`` and ``air/station_daily_<year>.csv``.

Only the shape of the seasons and the yearly level of the whole city are set near what is known of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportkit.demonstration.stream import Field, Mask, Stream, Whole

SEED = 20_210_121
DAYS = pd.date_range("2021-01-01", "2024-12-31")
ORIGIN = {"status": "demonstration", "source_id": "demo-air"}

FULL_DAY_HOURS = 24
FULL_DAY_WINDOWS = 17  # eight-hour means that end at hour 8 to 24 of the day itself
SPARE_HOURS = 2  # an eight-hour mean stands on six of its hours


@dataclass(frozen=True)
class Behaviour:
    """How one quantity behaves in the invented city.

    ``season`` holds the twelve mid-month levels in ug/m3 (CO: tenths of mg/m3), ``years`` the factors of 2021
    to 2024. ``still``, ``sun`` and ``local`` are the relative swings with stagnant air, with photochemistry
    and from place to place; ``rain`` is what a wet day leaves of the level, ``sunday`` what a Sunday leaves
    (a Saturday loses half as much), ``outward`` the relative change for each tile away from the centre.
    """

    season: tuple[float, ...]
    years: tuple[float, float, float, float]
    still: float
    sun: float
    local: float
    rain: float
    sunday: float
    outward: float


# The seasons have the shape of the city's months of 2021 and 2022. The factors of the years bring its PM2.5
# to 24, 22, 23 and 21 ug/m3 and, through ozone, its good days to about 88, 85, 91 and 94 in a hundred.
FINE = Behaviour(  # PM2.5
    season=(35, 26, 26, 23, 18, 13, 15, 15, 24, 25, 27, 33),
    years=(1.04, 0.97, 1.07, 1.00),
    still=0.34,
    sun=0.10,
    local=0.16,
    rain=0.70,
    sunday=1.00,
    outward=-0.02,
)
COARSE = Behaviour(  # what PM10 has above PM2.5
    season=(29, 19, 27, 25, 18, 16, 17, 16, 21, 22, 24, 26),
    years=(1.21, 0.94, 1.06, 1.00),
    still=0.30,
    sun=0.08,
    local=0.20,
    rain=0.60,
    sunday=0.95,
    outward=-0.04,
)
NO2 = Behaviour(
    season=(49, 35, 45, 39, 32, 28, 27, 29, 36, 35, 41, 44),
    years=(1.14, 0.99, 1.05, 1.00),
    still=0.26,
    sun=0.02,
    local=0.18,
    rain=0.88,
    sunday=0.86,
    outward=-0.11,
)
SO2 = Behaviour(
    season=(7.4, 6.1, 6.5, 6.1, 5.8, 5.4, 5.6, 5.4, 6.0, 6.3, 6.1, 6.3),
    years=(1.08, 1.00, 1.00, 1.00),
    still=0.10,
    sun=0.02,
    local=0.10,
    rain=0.93,
    sunday=0.99,
    outward=0.02,
)
CO = Behaviour(
    season=(9.4, 8.6, 8.3, 7.9, 7.2, 6.6, 6.4, 6.6, 7.2, 7.2, 7.6, 8.1),
    years=(1.06, 1.00, 1.00, 1.00),
    still=0.12,
    sun=0.00,
    local=0.08,
    rain=0.96,
    sunday=0.98,
    outward=-0.02,
)
O3_8H = Behaviour(
    season=(76, 84, 88, 100, 104, 96, 118, 110, 148, 132, 98, 76),
    years=(1.083, 1.220, 1.138, 0.929),
    still=0.06,
    sun=0.25,
    local=0.09,
    rain=0.64,
    sunday=1.02,
    outward=0.03,
)
O3_PEAK = Behaviour(  # what the highest hour has above the highest eight hours
    season=(14, 15, 16, 20, 22, 22, 28, 26, 30, 24, 17, 14),
    years=(1.00, 1.00, 1.00, 1.00),
    still=0.05,
    sun=0.25,
    local=0.30,
    rain=0.70,
    sunday=1.00,
    outward=0.01,
)

# A month is the wetter the lower the mark that its rain index has to pass.
RAIN_MARK = (1.1, 0.8, 0.6, 0.3, 0.0, -0.1, 0.1, 0.0, 0.7, 1.3, 1.3, 1.4)

# How much farther out than its district the control point lies.
CONTROL_POINT_TILES = 2

# One instrument that shows the same reading for two weeks, for the checks to find.
STUCK_STATION, STUCK_DAYS = 1, pd.date_range("2024-07-08", periods=14)

# Readings that lie exactly on a limit: each year, the nearest valid day of the last station is moved onto it.
ON_LIMIT = {"pm2_5": (35, 75), "pm10": (50, 150), "no2": (40, 80), "o3_8h": (100, 160)}


class Days(Stream):
    """Random numbers for each of ``DAYS``."""

    def persistent(self, memory: float, columns: int = 1) -> Field:
        """Deviates for each of ``DAYS`` (rows) that remember the day before by the factor ``memory``."""
        series = self.normal(len(DAYS), columns)
        fresh = math.sqrt(1 - memory * memory)
        for day in range(1, len(DAYS)):
            series[day] = memory * series[day - 1] + fresh * series[day]
        return series

    def breaks(self, yearly: float, longest: int, columns: int) -> Mask:
        """True on days of breaks that begin ``yearly`` times a year and last from two to ``longest`` days."""
        begins = self.chance(yearly / 365, len(DAYS), columns)
        lengths = 2 + self.words(len(DAYS), columns) % (longest - 1)
        broken = begins.copy()
        for later in range(1, longest):
            broken[later:] |= (begins & (lengths > later))[:-later]
        return broken


@dataclass(frozen=True)
class Weather:
    """The city's days (rows, one column): indices of still air and of sunshine, and whether rain fell."""

    still: Field
    sun: Field
    rain: Mask

    @classmethod
    def drawn(cls, stream: Days) -> Weather:
        """Weather from ``stream``: sunny spells are a little stiller than others, rain comes in episodes."""
        sun = stream.persistent(0.62)
        still = 0.3 * sun + 0.95 * stream.persistent(0.68)
        mark = np.asarray(RAIN_MARK)[DAYS.month - 1][:, None]
        return cls(still, sun, stream.persistent(0.60) > mark)


def stations(areas: pd.DataFrame) -> pd.DataFrame:
    """Invented stations for the districts of ``areas``, as rows of ``stations.csv``.

    Three in districts next to the centre of the tile map, two elsewhere; the first of each belongs to the
    national network. The outermost district has a third one, the control point.
    """
    districts = _districts(areas)
    remoteness, outermost = _remoteness(districts), districts["tile_row"].astype(int).idxmax()
    rows = []
    for code, district in districts.iterrows():
        is_outermost = code == outermost
        count = 3 if is_outermost or remoteness[str(code)] <= 1 else 2
        name_zh = district["name_zh"].removesuffix("区")
        name_en = district["name_en"].removesuffix(" District")
        for number in range(1, count + 1):
            is_control = is_outermost and number == count
            rows.append(
                {
                    "station_id": f"DEMO-{code}-{number}",
                    "name_zh": f"示例站·{name_zh}{'甲乙丙'[number - 1]}",
                    "name_en": f"Demo station {name_en} {'ABC'[number - 1]}",
                    "area_code": code,
                    "network": "national" if number == 1 or is_control else "district",
                    "is_control_point": "true" if is_control else "false",
                    "opened_date": f"{DAYS[0]:%Y-%m-%d}",
                    "closed_date": "",
                    **ORIGIN,
                }
            )
    return pd.DataFrame(rows)


def station_days(areas: pd.DataFrame) -> pd.DataFrame:
    """The invented days of every station of ``stations(areas)``: rows of ``air/station_daily``, as text.

    Days without any valid hour have no values; days with some have them, valid or not by the standard's rule.
    """
    posts = stations(areas)
    stream = Days(SEED)
    readings = _readings(stream, areas, posts)
    hours, windows, absent = _capture(stream, len(posts))
    _hold_instrument(readings["no2"])
    _move_onto_limits(readings, (hours >= 20) & (windows >= 14) & ~np.any(list(absent.values()), axis=0))
    columns = {
        "station_id": np.repeat(posts["station_id"].to_numpy(), len(DAYS)),
        "date": np.tile(DAYS.strftime("%Y-%m-%d").to_numpy(), len(posts)),
        **{_column(name): _text(values, absent[name], name) for name, values in readings.items()},
        "valid_hours": hours.T.ravel(),
        "o3_8h_windows": windows.T.ravel(),
    }
    return pd.DataFrame(columns).assign(**ORIGIN)


def tables(areas: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    days = station_days(areas)
    years = days.groupby(days["date"].str[:4])
    return {"stations.csv": stations(areas)} | {f"air/station_daily_{year}.csv": rows for year, rows in years}


def _districts(areas: pd.DataFrame) -> pd.DataFrame:
    """The districts among ``areas``, by their code."""
    return areas[areas["kind"] == "district"].set_index("area_code").sort_index()


def _remoteness(districts: pd.DataFrame) -> pd.Series[int]:
    """Tiles between each of ``districts`` and the middle of the map, by the longer of the two ways."""
    tiles = districts[["tile_row", "tile_column"]].astype(int)
    return (tiles - tiles.median().astype(int)).abs().max(axis=1)


def _readings(stream: Days, areas: pd.DataFrame, posts: pd.DataFrame) -> dict[str, Whole]:
    """Whole readings (days x stations) for each parameter, before anything is lost; CO in tenths of mg/m3."""
    weather = Weather.drawn(stream)
    is_control = posts["is_control_point"].eq("true").to_numpy()
    tiles = _remoteness(_districts(areas))[posts["area_code"]].to_numpy()
    distance = tiles + CONTROL_POINT_TILES * is_control

    def drawn(behaviour: Behaviour) -> Field:
        return _levels(behaviour, stream, weather, posts["area_code"], distance)

    fine, o3_8h = drawn(FINE), drawn(O3_8H)
    fields = {
        "so2": drawn(SO2),
        "no2": drawn(NO2),
        "pm10": fine + drawn(COARSE),
        "pm2_5": fine,
        "co": drawn(CO),
        "o3_8h": o3_8h,
        "o3_1h": o3_8h + drawn(O3_PEAK),
    }
    return {name: np.rint(field).astype(np.int64) for name, field in fields.items()}


def _levels(behaviour: Behaviour, stream: Days, weather: Weather, districts: pd.Series[str], distance: Whole) -> Field:
    """Levels (days x stations) of one quantity by season, year, weather, weekday and place."""
    codes, members = np.unique(districts.to_numpy(dtype=str), return_inverse=True)
    local = 0.7 * stream.persistent(0.5, len(codes))[:, members] + 0.7 * stream.persistent(0.5, len(members))
    place = 1 + 0.06 * stream.normal(len(members)) + behaviour.outward * distance
    middle_of_month = np.arange(12) * 30.44 + 15.2
    season = np.interp(DAYS.day_of_year.to_numpy(), middle_of_month, behaviour.season, period=365.25)
    year = np.asarray(behaviour.years)[DAYS.year - DAYS[0].year]
    rest = np.asarray((0, 0, 0, 0, 0, 0.5, 1))[DAYS.day_of_week]
    weekend = 1 - (1 - behaviour.sunday) * rest
    swing = behaviour.still * weather.still + behaviour.sun * weather.sun + behaviour.local * local
    washed = np.where(weather.rain, behaviour.rain, 1.0)
    levels: Field = (season * year * weekend)[:, None] * washed * place * _growth(swing)
    return levels


def _growth(swing: Field) -> Field:
    """Factors for relative swings: never negative, reaching further up than down, without an endless tail."""
    half = 1 + swing / 2
    return half * half


def _capture(stream: Days, count: int) -> tuple[Whole, Whole, dict[str, Mask]]:
    """Valid hours, valid eight-hour windows and missing readings by parameter, each days x stations.

    Stations stop for maintenance, single analysers fail, and about one day in forty falls short of the hours
    that a daily mean needs.
    """
    shape = (len(DAYS), count)
    lost = np.where(stream.chance(0.10, *shape), 1 + stream.words(*shape) % 4, 0)
    lost = np.where(stream.chance(0.025, *shape), 5 + stream.words(*shape) % 16, lost)
    hours = np.where(stream.breaks(2.0, 6, count), 0, FULL_DAY_HOURS - lost)
    faults = {name: stream.breaks(0.5, 8, count) for name in ("so2", "no2", "pm10", "pm2_5", "co", "o3")}
    windows = np.clip(FULL_DAY_WINDOWS + SPARE_HOURS + hours - FULL_DAY_HOURS, 0, FULL_DAY_WINDOWS)
    windows[faults["o3"]] = 0
    absent = {name: fault | (hours == 0) for name, fault in faults.items()}
    absent["o3_8h"], absent["o3_1h"] = windows == 0, absent.pop("o3")
    return hours, windows, absent


def _hold_instrument(values: Whole) -> None:
    """Let one station repeat its first reading of ``STUCK_DAYS`` through all of them."""
    held = DAYS.isin(STUCK_DAYS)
    values[held, STUCK_STATION] = values[held, STUCK_STATION][0]


def _move_onto_limits(readings: dict[str, Whole], valid: Mask) -> None:
    """Move, each year, the last station's valid reading nearest to each of ``ON_LIMIT`` onto it."""
    for year in DAYS.year.unique():
        days = np.flatnonzero((DAYS.year == year) & valid[:, -1])
        for name, limit in ((name, limit) for name, limits in ON_LIMIT.items() for limit in limits):
            nearest = days[np.abs(readings[name][days, -1] - limit).argmin()]
            readings[name][nearest, -1] = limit


def _column(name: str) -> str:
    """The column of a parameter, with its unit."""
    return f"{name}_mg_m3" if name == "co" else f"{name}_ug_m3"


def _text(values: Whole, absent: Mask, name: str) -> list[str]:
    """Readings as printed, station by station: whole numbers, CO with one decimal, empty where missing."""
    printed = [f"{v // 10}.{v % 10}" if name == "co" else str(v) for v in values.T.ravel().tolist()]
    return ["" if gone else text for text, gone in zip(printed, absent.T.ravel().tolist(), strict=True)]
