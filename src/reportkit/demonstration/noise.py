"""Invented noise: grid points, road sections and functional zones of each district, as tables below ``noise/``.

How loud a district is follows from how many people live on its land (``world.py``); roads and zones add what they are.
Levels are whole numbers of a tenth of a decibel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import pandas as pd

from reportkit.demonstration.assumptions import YEARS
from reportkit.demonstration.stream import Stream
from reportkit.demonstration.world import World

SEED = 20_080_830
ORIGIN = {"status": "demonstration", "source_id": "demo-noise"}
NIGHT_YEAR = 2023  # areas and roads are measured by night in the third year of a five-year plan
POINTS = 8  # grid points of a district
ROADS = 5
Row = dict[str, object]

# The main sources of sound: of a hundred grid points, and by how much it is louder there.
SOURCES = {"life": 47, "traffic": 31, "industry": 12, "construction": 10}
LOUDER = {"life": 0, "traffic": 14, "industry": 8, "construction": 20}
MOVES = 15  # of a hundred points, those where another is the main source in the next year

# The zones where each district is checked, by the place of the district; and how far from its limit each zone is.
ZONES: Mapping[int, Sequence[str]] = {
    0: ("1", "2", "4a"),
    1: ("1", "2", "4a"),
    2: ("1", "2", "4a"),
    3: ("1", "2", "4a", "4b"),
    4: ("1", "2", "3", "4b"),
    5: ("2", "3", "4a"),
    6: ("1", "2", "4a"),
    7: ("2", "3", "4a"),
    8: ("2", "3", "4a"),
    9: ("0", "1", "2"),
    10: ("1", "2", "3", "4a"),
}
LIMITS = {"0": (500, 400), "1": (550, 450), "2": (600, 500), "3": (650, 550), "4a": (700, 550), "4b": (700, 600)}
FROM_LIMIT = {"0": (-35, 2), "1": (-22, -8), "2": (-36, -24), "3": (-50, -34), "4a": (-16, 6), "4b": (-40, -14)}
ON_LIMIT = (0, "2", 1)  # by day and night, every year: a district's place, a zone, a quarter
LOST = (5, "3", YEARS[-1], 2)  # a night that was not measured


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    stream = Stream(SEED)
    crowded = _crowded(world)
    districts = world.districts.to_dict("records")
    rows = {
        "area_grid": list(_area_grid(stream, crowded)),
        "roads": list(_roads(stream, districts, crowded)),
        "functional_zones": list(_functional_zones(stream, districts)),
    }
    return {f"noise/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


def _crowded(world: World) -> dict[str, int]:
    """By how many tenths of a decibel each district is louder for its people: the more live on a km², the louder."""
    first = world.areas[world.areas["year"] == YEARS[0]].set_index("area_code")["people"]
    land = world.land.groupby("area_code")["hectares"].sum()
    return {str(code): min(int(first[code]) * 100 // int(land[code]) // 650, 36) for code in land.index}


def _area_grid(stream: Stream, crowded: Mapping[str, int]) -> Iterator[Row]:
    for code, louder in crowded.items():
        for number in range(1, POINTS + 1):
            usual, kind = 526 + louder + _spread(stream, 42), _source(stream)
            for place, year in enumerate(YEARS):
                kind = _source(stream) if stream.chance(MOVES / 100, 1)[0] else kind
                for time, level in _day_and_night(stream, usual + LOUDER[kind] - 2 * place, 92, year):
                    yield {
                        "point_id": f"DEMO-NG-{code}-{number}",
                        "area_code": code,
                        "sound_source": kind,
                        "year": year,
                        "time": time,
                        "leq_db": _tenths(level),
                    }


def _roads(stream: Stream, districts: Sequence[Mapping[object, object]], crowded: Mapping[str, int]) -> Iterator[Row]:
    for district in districts:
        code, (zh, en) = str(district["area_code"]), _short(district)
        for number in range(1, ROADS + 1):
            length = 6 + int(stream.words(1)[0]) % 38
            usual = 678 + crowded[code] // 3 + _spread(stream, 34)
            for place, year in enumerate(YEARS):
                for time, level in _day_and_night(stream, usual - place, 84, year):
                    yield {
                        "road_id": f"DEMO-NR-{code}-{number}",
                        "name_zh": f"示例道路·{zh}{number}",
                        "name_en": f"Demo road {en} {number}",
                        "area_code": code,
                        "length_km": _tenths(length),
                        "year": year,
                        "time": time,
                        "leq_db": _tenths(level),
                    }


def _functional_zones(stream: Stream, districts: Sequence[Mapping[object, object]]) -> Iterator[Row]:
    sudden = Stream(SEED + 1)
    for place, district in enumerate(districts):
        code, (zh, en) = str(district["area_code"]), _short(district)
        for number, zone in enumerate(ZONES[place % len(ZONES)], start=1):
            for step, year in enumerate(YEARS):
                for quarter in range(1, 5):
                    day, night = (
                        limit + usual - 3 * step + _spread(stream, 30)
                        for limit, usual in zip(LIMITS[zone], FROM_LIMIT[zone], strict=True)
                    )
                    if (place, zone, quarter) == ON_LIMIT:
                        day, night = LIMITS[zone]
                    peak = night + 90 + int(sudden.words(1)[0]) % 62
                    is_lost = (place, zone, year, quarter) == LOST
                    yield {
                        "point_id": f"DEMO-NZ-{code}-{number}",
                        "name_zh": f"示例测点·{zh}{number}",
                        "name_en": f"Demo point {en} {number}",
                        "area_code": code,
                        "zone": zone,
                        "year": year,
                        "quarter": quarter,
                        "day_db": _tenths(day),
                        "night_db": "" if is_lost else _tenths(night),
                        "night_peak_db": "" if is_lost else _tenths(peak),
                    }


def _day_and_night(stream: Stream, usual: int, quieter: int, year: int) -> Iterator[tuple[str, int]]:
    """A year's level by day, and by night where it is measured; both are drawn, so that no year moves another."""
    day, night = usual + _spread(stream, 9), usual - quieter + _spread(stream, 14)
    yield "day", day
    if year == NIGHT_YEAR:
        yield "night", night


def _source(stream: Stream) -> str:
    """A main source of sound, each as often as it is of a hundred."""
    place = int(stream.words(1)[0]) % 100
    bounds = accumulate(SOURCES.values())
    return next(kind for kind, bound in zip(SOURCES, bounds, strict=True) if place < bound)


def _spread(stream: Stream, most: int) -> int:
    """Evenly spread whole numbers from -*most* to *most*."""
    return int(stream.words(1)[0]) * (2 * most + 1) // 65536 - most


def _tenths(number: int) -> str:
    return f"{number // 10}.{number % 10}"


def _short(name: Mapping[object, object]) -> tuple[str, str]:
    """The name of a district without the word for it, in both languages."""
    return str(name["name_zh"]).removesuffix("区"), str(name["name_en"]).removesuffix(" District")
