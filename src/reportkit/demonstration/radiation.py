"""Invented radiation: dose rates against the background, fields, drinking water, sources and devices, supervision.

Who holds a source or a device is drawn from the enterprises of the invented city, and is in no table: districts get
numbers of the lower categories alone, and of those only what tells of no single holder (see :func:`_told`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from reportkit.demonstration.assumptions import YEARS
from reportkit.demonstration.stream import Stream
from reportkit.demonstration.water import SOURCES
from reportkit.demonstration.world import World

SEED = 20_240_811
ORIGIN = {"status": "demonstration", "source_id": "demo-radiation"}
HOURS = (2160, 2184, 2208, 2208)  # of a year's quarters; a leap day more in the first
Row = dict[str, object]

# The level of each district in tenths of a nGy/h, by code: river plains lower, hills of granite higher.
LEVELS = (966, 1012, 984, 1058, 1121, 1186, 942, 1274, 884, 1692, 1446)
# (district, year, quarter) in which the station stood still for most of the time, or rain washed more than usual down.
STOPPED = {(6, 2022, 2), (6, 2022, 3), (2, 2024, 3)}
WASHED = {(3, 2024, 2): 1240}

# What enterprises of an industry hold: of 1000 how many, and how many pieces at most.
HOLDINGS: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "hospital": {
        **{"source_1": (120, 2), "source_2": (60, 1), "source_3": (330, 2), "source_5": (620, 9)},
        **{"device_1": (30, 1), "device_2": (760, 7), "device_3": (1000, 48)},
    },
    "power": {"source_4": (800, 6), "source_5": (500, 4), "device_2": (300, 1), "device_3": (500, 3)},
    "steel": {"source_2": (300, 2), "source_4": (900, 9), "device_2": (600, 3), "device_3": (600, 3)},
    "chemicals": {"source_1": (30, 1), "source_3": (90, 2), "source_4": (460, 7), "device_2": (200, 2)},
    "paper": {"source_4": (900, 8), "source_5": (300, 3)},
    "cars": {"source_5": (320, 4), "device_2": (700, 4), "device_3": (500, 5)},
    "food": {"source_2": (20, 1), "source_4": (420, 5), "device_3": (560, 4)},
    "circuits": {"source_5": (200, 2), "device_3": (900, 12)},
}
TOLD = ("source_3", "source_4", "source_5", "device_2", "device_3")
ONLY_OF_THE_CITY = ("source_1", "source_2", "device_1")
FEW = 3  # fewer holders than this would tell what one of them has

# Events by level, from the gravest: (district, year) → how many of each.
LEVELS_OF_EVENTS = ("events_extraordinary", "events_major", "events_larger", "events_general")
EVENTS = {(4, 2022): (0, 0, 0, 1)}
# Fields near a base station and a substation: at first in hundredths of a V/m, V/m and hundredths of a µT.
FIELDS = {"base_station": ("rf_electric", "rf_power"), "substation": ("power_electric", "power_magnetic")}


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    stream = Stream(SEED)
    districts = world.districts.to_dict("records")
    codes = [str(row["area_code"]) for row in districts]
    held = _held(stream, world)
    city = str(next(code for code in world.areas["area_code"].unique() if code not in codes))
    rows: dict[str, Iterator[Row]] = {
        "points": _points(districts),
        "dose_rate": _dose_rates(stream, codes),
        "electromagnetic_points": _field_points(districts),
        "electromagnetic": _fields(stream, codes),
        "drinking_water": _drinking(stream, codes),
        "sources": _of_districts(held, codes),
        "sources_city": _of_city(held, city),
        "supervision": _supervision(stream, held, codes, city),
    }
    return {f"radiation/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


# --- dose rates ----------------------------------------------------------------------------------


def _points(districts: Sequence[Mapping[object, object]]) -> Iterator[Row]:
    """An automatic point and one visited by hand in each district; the automatic one has a range it knows."""
    for place, row in enumerate(districts):
        code, level = str(row["area_code"]), LEVELS[place % len(LEVELS)]
        zh, en = str(row["name_zh"]).removesuffix("区"), str(row["name_en"]).removesuffix(" District")
        for kind, name_zh, name_en in (("automatic", "自动站", "station"), ("manual", "巡测点", "visited point")):
            is_automatic = kind == "automatic"
            yield {
                "point_id": f"DEMO-R-{code}-{kind[0].upper()}",
                "name_zh": f"示例{zh}辐射{name_zh}",
                "name_en": f"Demo {en} radiation {name_en}",
                "area_code": code,
                "kind": kind,
                "usual_low_ngy_h": _tenths(level * 92 // 100) if is_automatic else "",
                "usual_high_ngy_h": _tenths(level * 109 // 100) if is_automatic else "",
            }


def _dose_rates(stream: Stream, codes: Sequence[str]) -> Iterator[Row]:
    """The quarters of each automatic point, and a visit in the second and fourth quarter of each other."""
    for place, code in enumerate(codes):
        level = LEVELS[place % len(LEVELS)]
        for year in YEARS:
            for quarter, hours in enumerate(HOURS, start=1):
                drift, peak, lost, visit = stream.words(4).tolist()
                key = (place, year, quarter)
                possible = hours + (24 if quarter == 1 and year % 4 == 0 else 0)
                mean = level * WASHED.get(key, 980 + drift % 41) // 1000
                had = possible * 2 // 5 if key in STOPPED else possible - lost % 80
                when = {"year": year, "quarter": quarter}
                station = _rates(mean, mean * (1120 + peak % 380) // 1000, had, possible)
                yield {"point_id": f"DEMO-R-{code}-A", **when, **station}
                if quarter in (2, 4):
                    here = level * (1010 + visit % 90) // 1000
                    visited = _rates(here, here * (1004 + peak % 12) // 1000, 1, 1)
                    yield {"point_id": f"DEMO-R-{code}-M", **when, **visited}


def _rates(mean: int, highest: int, hours: int, possible: int) -> Row:
    """A quarter's rates, given in tenths of a nGy/h, and how much of it was measured."""
    return {"mean_ngy_h": _tenths(mean), "max_ngy_h": _tenths(highest), "hours": hours, "possible_hours": possible}


# --- electromagnetic fields ----------------------------------------------------------------------


def _field_points(districts: Sequence[Mapping[object, object]]) -> Iterator[Row]:
    for row in districts:
        code = str(row["area_code"])
        zh, en = str(row["name_zh"]).removesuffix("区"), str(row["name_en"]).removesuffix(" District")
        for facility, name_zh, name_en in (
            ("base_station", "基站旁", "by a base station"),
            ("substation", "变电站旁", "by a substation"),
        ):
            yield {
                "field_id": _field_id(code, facility),
                "name_zh": f"示例{zh}{name_zh}",
                "name_en": f"Demo {en} {name_en}",
                "area_code": code,
                "facility": facility,
            }


def _fields(stream: Stream, codes: Sequence[str]) -> Iterator[Row]:
    """Both fields of each place in each year; far from an antenna the power follows from the field: E² / 377 Ω."""
    for code in codes:
        base, near = stream.words(2).tolist()
        for number, year in enumerate(YEARS):
            more, load = stream.words(2).tolist()
            field = 90 + base % 260 + 14 * number + more % 60  # hundredths of a V/m
            electric, magnetic = 40 + near % 620 + load % 50, 12 + near % 190 + load % 40
            values = {
                "rf_electric": _decimal(field, 2),
                "rf_power": _decimal(field * field // 377, 4),
                "power_electric": str(electric),
                "power_magnetic": _decimal(magnetic, 2),
            }
            for facility, quantities in FIELDS.items():
                for quantity in quantities:
                    yield {
                        "field_id": _field_id(code, facility),
                        "year": year,
                        "quantity": quantity,
                        "value": values[quantity],
                    }


def _field_id(code: str, facility: str) -> str:
    return f"DEMO-F-{code}-{'B' if facility == 'base_station' else 'S'}"


# --- drinking water ------------------------------------------------------------------------------


def _drinking(stream: Stream, codes: Sequence[str]) -> Iterator[Row]:
    """Two samples a year of each of the city's sources of drinking water."""
    for place, sources in SOURCES.items():
        for number, (level, _) in enumerate(sources, start=1):
            if level != "city" or place >= len(codes):
                continue
            for year in YEARS:
                for half in (1, 2):
                    alpha, beta = stream.words(2).tolist()
                    yield {
                        "intake_id": f"DEMO-D-{codes[place]}-{number}",
                        "year": year,
                        "half": half,
                        "gross_alpha_bq_l": _decimal(12 + alpha % 70, 3),
                        "gross_beta_bq_l": _decimal(60 + beta % 110, 3),
                    }


# --- sources and devices -------------------------------------------------------------------------

Held = Mapping[tuple[str, int, str], tuple[int, int]]  # (district, year, holding) → holders, pieces


def _held(stream: Stream, world: World) -> dict[tuple[str, int, str], tuple[int, int]]:
    """How many hold what, and how much of it; ``permit`` counts who holds anything."""
    holders: Counter[tuple[str, int, str]] = Counter()
    pieces: Counter[tuple[str, int, str]] = Counter()
    for row in world.enterprises.to_dict("records"):
        code, end = str(row["area_code"]), int(row["closed_year"]) or YEARS[-1]
        owned: dict[str, int] = {}
        for holding, (share, most) in HOLDINGS.get(str(row["industry"]), {}).items():
            has, number = stream.words(2).tolist()
            if has % 1000 < share:
                owned[holding] = 1 + number % most
        for place, year in enumerate(YEARS):
            if not owned or year > end:
                continue
            holders[code, year, "permit"] += 1
            for holding, number in owned.items():
                holders[code, year, holding] += 1
                # Devices become more with the years; what is spent of sources is replaced.
                pieces[code, year, holding] += number + (number * place // 12 if holding == "device_3" else 0)
    return {key: (holders[key], pieces[key]) for key in holders}


def _of_districts(held: Held, codes: Sequence[str]) -> Iterator[Row]:
    """What districts are told to have of the lower categories."""
    for holding in TOLD:
        cells = {year: {code: held.get((code, year, holding), (0, 0)) for code in codes} for year in YEARS}
        told = _told(list(cells.values()))
        for year in YEARS:
            for code in codes:
                holders, pieces = cells[year][code] if code in told else ("", "")
                yield {
                    "area_code": code,
                    "year": year,
                    "holding": holding,
                    "holders": holders,
                    "pieces": pieces,
                    "is_withheld": str(code not in told).lower(),
                }


def _told(years: Sequence[Mapping[str, tuple[int, int]]]) -> set[str]:
    """The districts whose numbers may be told beside the city's sum, in all of the *years* or in none.

    Those with fewer than ``FEW`` holders in some year are not: the other years would tell. What is withheld must not
    follow from the sum either: it is of two districts or more, and of more holders and pieces than one for each; until
    it is, the district with the fewest holders of the others is withheld as well.
    """
    last = years[-1]
    withheld = [code for code in last if any(0 < cells[code][0] < FEW for cells in years)]
    others = sorted((code for code in last if code not in withheld), key=lambda code: (not last[code][0], last[code]))

    def is_open() -> bool:
        sums = [sum(cells[code][column] for code in withheld) for cells in years for column in (0, 1)]
        return bool(withheld) and (len(withheld) < 2 or min(sums) <= len(withheld))

    while is_open() and others:
        withheld.append(others.pop(0))
    return set(others)


def _of_city(held: Held, city: str) -> Iterator[Row]:
    """What the city has of every category."""
    for year in YEARS:
        for holding in (*ONLY_OF_THE_CITY[:2], *TOLD[:3], ONLY_OF_THE_CITY[2], *TOLD[3:]):
            cells = [cell for (_, when, what), cell in held.items() if (when, what) == (year, holding)]
            yield {
                "area_code": city,
                "year": year,
                "holding": holding,
                "holders": sum(holders for holders, _ in cells),
                "pieces": sum(pieces for _, pieces in cells),
            }


# --- supervision ---------------------------------------------------------------------------------


def _supervision(stream: Stream, held: Held, codes: Sequence[str], city: str) -> Iterator[Row]:
    """The year's supervision of each district; spent sources are counted for the city alone."""
    for year in YEARS:
        for place, code in enumerate(codes):
            permits = held.get((code, year, "permit"), (0, 0))[0]
            more, found, left = stream.words(3).tolist()
            inspections = permits + more % (permits // 2 + 1)
            problems = inspections * (180 + found % 160) // 1000
            yield {
                "area_code": code,
                "year": year,
                "permits": permits,
                "inspections": inspections,
                "problems": problems,
                "problems_corrected": problems - (problems > 3 and left % 3 == 0),
                "drills": 1 + (left % 4 == 0),
                **dict(zip(LEVELS_OF_EVENTS, EVENTS.get((place, year), (0, 0, 0, 0)), strict=True)),
                "sources_collected": "",
                "sources_returned": "",
            }
        collected, returned = stream.words(2).tolist()
        blank = dict.fromkeys(
            ("permits", "inspections", "problems", "problems_corrected", "drills", *LEVELS_OF_EVENTS), ""
        )
        spent = {"sources_collected": 9 + collected % 18, "sources_returned": 3 + returned % 9}
        yield {"area_code": city, "year": year, **blank, **spent}


def _tenths(value: int) -> str:
    return _decimal(value, 1)


def _decimal(units: int, places: int) -> str:
    """So many *units* of the last of *places* decimals as text."""
    whole, rest = divmod(units, 10**places)
    return f"{whole}.{rest:0{places}}"
