"""Invented river and lake sections, drinking-water sources, sea and outlets: tables below ``water/``.

How dirty a section is, its *burden*, is planned by year: up to 20 makes class Ⅱ, up to 40 Ⅲ, 60 Ⅳ, 80 Ⅴ. So the
city's assessed sections come to the shares that were published, and its districts to the order of the published
ranking. Concentrations are whole numbers of a millionth of their unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from reportkit.demonstration.stream import Stream

SEED = 20_220_612
YEARS = (2021, 2022, 2023, 2024)
ORIGIN = {"status": "demonstration", "source_id": "demo-water"}
Row = dict[str, str]

FLAT = (1000,) * 12
DRY = (1280, 1220, 1150, 1020, 900, 820, 780, 800, 860, 960, 1080, 1180)  # diluted by the summer's rain
WET = (880, 880, 920, 1000, 1080, 1140, 1160, 1120, 1060, 980, 900, 880)  # washed in by it
COLD = (1120, 1110, 1060, 1000, 940, 890, 860, 870, 910, 970, 1040, 1100)  # cold water holds more oxygen
WARM = (700, 740, 830, 1000, 1150, 1240, 1300, 1300, 1240, 1130, 960, 760)


@dataclass(frozen=True)
class Item:
    """How one item behaves: its level in clean water, what each unit of burden adds, season (‰), spread (‰).

    ``in_lakes`` is what a lake has of the burden's part, in ‰. Below ``detection`` it is not detected.
    """

    column: str
    clean: int
    added: int
    season: tuple[int, ...]
    spread: int
    places: int
    detection: int = 0
    in_lakes: int = 1000
    only_lakes: bool = False


ITEMS = {
    "water_temp": Item("water_temp_degc", 23_000_000, 0, WARM, 40, 1),
    "ph": Item("ph", 7_450_000, 0, FLAT, 30, 1),
    "do": Item("do_mg_l", 8_500_000, -70_000, COLD, 60, 2, in_lakes=500),
    "codmn": Item("codmn_mg_l", 1_500_000, 60_000, WET, 100, 1, 500_000),
    "cod": Item("cod_mg_l", 8_000_000, 250_000, FLAT, 100, 1, 4_000_000),
    "bod5": Item("bod5_mg_l", 800_000, 60_000, DRY, 100, 1, 500_000),
    "nh3n": Item("nh3n_mg_l", 20_000, 25_000, DRY, 140, 3, 25_000, in_lakes=400),
    "tp": Item("tp_mg_l", 4_000, 5_000, WET, 120, 3, 10_000, in_lakes=250),
    "tn": Item("tn_mg_l", 400_000, 60_000, DRY, 100, 2, 50_000, in_lakes=400),
    "cu": Item("cu_mg_l", 2_000, 40, FLAT, 500, 4, 1_000),
    "zn": Item("zn_mg_l", 12_000, 200, FLAT, 500, 3, 4_000),
    "fluoride": Item("fluoride_mg_l", 220_000, 4_000, FLAT, 120, 2, 50_000),
    "se": Item("se_mg_l", 320, 0, FLAT, 400, 4, 400),
    "as": Item("as_mg_l", 1_100, 10, FLAT, 300, 4, 300),
    "hg": Item("hg_mg_l", 30, 0, FLAT, 500, 5, 40),
    "cd": Item("cd_mg_l", 80, 0, FLAT, 500, 5, 100),
    "cr6": Item("cr6_mg_l", 3_000, 10, FLAT, 400, 3, 4_000),
    "pb": Item("pb_mg_l", 900, 8, FLAT, 400, 4, 1_000),
    "cyanide": Item("cyanide_mg_l", 2_600, 12, FLAT, 400, 3, 4_000),
    "phenol": Item("phenol_mg_l", 260, 8, FLAT, 400, 5, 300),
    "oil": Item("oil_mg_l", 9_000, 300, FLAT, 250, 3, 10_000),
    "las": Item("las_mg_l", 40_000, 500, FLAT, 250, 3, 50_000),
    "sulfide": Item("sulfide_mg_l", 8_000, 100, FLAT, 300, 3, 10_000),
    "coliform": Item("coliform_per_l", 900_000_000, 240_000_000, WET, 300, 0, 20_000_000),
    "chl_a": Item("chl_a_mg_m3", 2_000_000, 600_000, WARM, 200, 1, 500_000, only_lakes=True),
    "transparency": Item("transparency_m", 2_500_000, -22_000, FLAT, 100, 2, only_lakes=True),
}
FLUSHED = ("nh3n", "tp", "codmn")  # what a storm brings at once


@dataclass(frozen=True)
class Section:
    """A planned section: its level, the class it is to reach, and its burden in each of ``YEARS``."""

    level: str
    target: int
    burden: tuple[int, int, int, int]
    body: str = "river"
    opened: str = "2021-01-01"
    closed: str = ""


def _added(year: int, level: str, target: int, *burden: int) -> Section:
    """A section that joins the others at the beginning of *year*."""
    first, second, third = burden if year == YEARS[1] else (0, *burden)
    return Section(level, target, (0, first, second, third), opened=f"{year}-01-01")


# Sixteen assessed sections (national and provincial) in 2021, twelve of them good; twenty from 2022, of which 17,
# 19 and 20 are good. Municipal sections join in 2023, so that the index of that year is not comparable.
# Districts are named by their place among all, by code.
PLAN: Mapping[int, Sequence[Section]] = {
    0: (
        Section("provincial", 4, (57, 51, 37, 32)),
        Section("municipal", 5, (86, 76, 66, 57)),
        _added(2023, "municipal", 5, 68, 60),
    ),
    1: (Section("provincial", 4, (55, 50, 36, 31)), Section("municipal", 4, (78, 70, 64, 59), "lake")),
    2: (
        Section("national", 3, (34, 31, 28, 26)),
        _added(2022, "provincial", 3, 33, 30, 28),
        Section("municipal", 4, (58, 52, 45, 41)),
    ),
    3: (
        Section("provincial", 3, (35, 32, 29, 27)),
        Section("municipal", 4, (62, 55, 46, 42)),
        _added(2023, "municipal", 4, 48, 43),
    ),
    4: (
        Section("national", 4, (58, 53, 47, 28)),
        Section("provincial", 3, (36, 34, 33, 31)),
        Section("municipal", 5, (94, 86, 76, 66)),
        Section("provincial", 4, (52, 0, 0, 0), closed="2021-12-31"),
    ),
    5: (
        Section("national", 3, (31, 29, 27, 24)),
        _added(2022, "provincial", 3, 33, 30, 27),
        _added(2023, "municipal", 4, 48, 43),
    ),
    6: (
        Section("national", 3, (29, 27, 25, 23)),
        _added(2022, "provincial", 3, 31, 28, 26),
        Section("municipal", 4, (45, 41, 38, 35)),
    ),
    7: (
        Section("provincial", 3, (33, 31, 29, 27)),
        Section("provincial", 3, (26, 25, 23, 21), "lake"),
        _added(2023, "municipal", 4, 45, 40),
    ),
    8: (
        Section("national", 3, (19, 18, 17, 16)),
        Section("national", 3, (22, 20, 19, 18)),
        _added(2022, "national", 3, 21, 19, 18),
        Section("municipal", 3, (36, 33, 31, 29)),
    ),
    9: (
        Section("national", 2, (11, 10, 9, 8)),
        Section("national", 2, (14, 13, 12, 11), "lake"),
        Section("municipal", 3, (20, 19, 18, 17)),
    ),
    10: (
        Section("national", 2, (15, 14, 13, 12)),
        _added(2022, "national", 3, 17, 16, 15),
        Section("municipal", 3, (29, 27, 26, 24)),
    ),
}

# Works in the river: the first months of a year without samples, too many for a class of the year.
WORKS = {(2, 2, 2024): 5}
# Each year, the river's reading nearest to a limit is moved onto it.
ON_LIMIT = {"nh3n": 1_000_000, "tp": 200_000}

# Drinking-water sources: district → (level, type) of each. Ten are the city's, one of them a reservoir.
SOURCES: Mapping[int, Sequence[tuple[str, str]]] = {
    4: (("city", "river"), ("city", "river"), ("township", "river")),
    6: (("city", "river"), ("city", "river")),
    7: (("city", "lake"), ("township", "river")),
    8: (("city", "river"), ("city", "river")),
    9: (("city", "river"), ("township", "river"), ("township", "groundwater")),
    10: (("city", "river"), ("city", "river"), ("township", "river")),
}
ITEMS_OF_SOURCE = {"city": "61", "township": "28"}
# Sources that did not comply: (district, number, month) → the item and by how many times it was over.
FAILED = {(10, 2, "2022-02"): "nh3n:0.2", (7, 1, "2024-03"): "tp:0.3"}

# Share of the sea of grades 1 and 2 (%) and inorganic nitrogen (hundredths of a mg/L) in spring, summer, autumn.
SEA = {
    2021: ((4, 148), (0, 171), (6, 139)),
    2022: ((6, 141), (2, 166), (8, 132)),
    2023: ((9, 133), (4, 158), (11, 124)),
    2024: ((12, 127), (5, 149), (14, 118)),
}
SEASONS = ("spring", "summer", "autumn")
RIVERS_TO_SEA = {"1": ("III", "II", "II", "II"), "2": ("III", "III", "II", "II"), "3": ("III", "III", "III", "II")}
OUTFALLS = {"4": (11, 12, 12, 12), "5": (10, 11, 12, 11)}  # checks passed, out of twelve


@dataclass(frozen=True)
class Places:
    """The codes of the districts, in order, and of the one by the sea."""

    districts: Sequence[str]
    coast: str

    @classmethod
    def of(cls, areas: pd.DataFrame) -> Places:
        """Those of *areas*, rows of ``areas.csv`` as text."""
        districts = areas[areas["kind"] == "district"].sort_values("area_code")
        coast = districts.loc[districts["has_coast"] == "true", "area_code"]
        return cls(districts["area_code"].tolist(), str(coast.iloc[0]))


def tables(areas: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    places = Places.of(areas)
    names = {row["area_code"]: {str(key): str(value) for key, value in row.items()} for _, row in areas.iterrows()}
    stream = Stream(SEED)
    rows = {
        "sections": list(_sections(names, places)),
        "drinking_sources": list(_sources(names, places)),
        "drinking_monthly": list(_source_months(stream, places)),
        "near_shore": list(_sea(places.coast)),
        "outlets": list(_outlets(names, places.coast)),
    }
    measured = _section_months(stream, places)
    for year in YEARS:
        rows[f"section_monthly_{year}"] = [row for row in measured if row["month"].startswith(str(year))]
    return {f"water/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


def _sections(names: Mapping[str, Mapping[str, str]], places: Places) -> Iterator[Row]:
    for place, sections in PLAN.items():
        code = places.districts[place]
        zh, en = _short(names[code])
        for number, section in enumerate(sections):
            water_zh, water_en = ("示例湖", "Demo lake") if section.body == "lake" else ("示例河", "Demo river")
            yield {
                "section_id": _section_id(code, number),
                "name_zh": f"示例断面·{zh}{'甲乙丙丁'[number]}",
                "name_en": f"Demo section {en} {'ABCD'[number]}",
                "river_zh": f"{water_zh}·{zh}{'一二三四'[number]}",
                "river_en": f"{water_en} {en} {number + 1}",
                "body": section.body,
                "level": section.level,
                "kind": "manual" if section.level == "municipal" else "automatic",
                "area_code": code,
                "target_class": str(section.target),
                "opened_date": section.opened,
                "closed_date": section.closed,
            }


def _section_months(stream: Stream, places: Places) -> list[Row]:
    """The months of every section while it is open; some months and some single values are lost."""
    found: list[tuple[Section, dict[str, int], Row]] = []
    for place, sections in PLAN.items():
        code = places.districts[place]
        for number, section in enumerate(sections):
            for year, burden in zip(YEARS, section.burden, strict=True):
                for month in range(1, 13):
                    values = _values(stream, section, burden, month)
                    is_lost = stream.chance(0.02, 1)[0] or month <= WORKS.get((place, number, year), 0)
                    is_open = section.opened <= f"{year}-{month:02}-01" and (section.closed or "~") > f"{year}"
                    if is_open and not is_lost:
                        row = {"section_id": _section_id(code, number), "month": f"{year}-{month:02}"}
                        found.append((section, values, row))
    _move_onto_limits(found)
    return [row | _printed(values) for _, values, row in found]


def _values(stream: Stream, section: Section, burden: int, month: int) -> dict[str, int]:
    """A month's sample of a section, in millionths, without the values that are lost."""
    weather = _factor(stream, 100)
    flush = 1600 if stream.chance(0.03, 1)[0] else 1000
    values = {}
    for name, item in ITEMS.items():
        part = 1000 if section.body == "river" else item.in_lakes
        level = item.clean + item.added * burden * part // 1000
        level = level * item.season[month - 1] * _factor(stream, item.spread) // 1_000_000
        if item.added > 0:
            level = level * weather * (flush if name in FLUSHED else 1000) // 1_000_000
        is_lost = stream.chance(0.004, 1)[0]
        if not is_lost and (section.body == "lake" or not item.only_lakes):
            values[name] = level
    return values


def _factor(stream: Stream, spread: int) -> int:
    """An evenly spread factor around 1000, in ‰."""
    return 1000 - spread + int(stream.words(1)[0]) * (2 * spread + 1) // 65536


def _move_onto_limits(found: Sequence[tuple[Section, dict[str, int], Row]]) -> None:
    """Move, each year, the reading of a river nearest to each of ``ON_LIMIT`` onto it."""
    for year in YEARS:
        for name, limit in ON_LIMIT.items():
            samples = [
                values
                for section, values, row in found
                if row["month"].startswith(str(year)) and section.body == "river" and name in values
            ]
            nearest = min(samples, key=lambda values, name=name, limit=limit: abs(values[name] - limit))  # type: ignore[misc]
            nearest[name] = limit


def _printed(values: Mapping[str, int]) -> Row:
    """Values as text; what was not detected stands as half the detection limit and is named."""
    row, absent = {}, []
    for name, item in ITEMS.items():
        row[item.column] = ""
        if name in values:
            value = values[name]
            if value < item.detection:
                value = item.detection // 2
                absent.append(name)
            row[item.column] = _decimal(value, item.places)
    return row | {"non_detects": ";".join(absent)}


def _decimal(millionths: int, places: int) -> str:
    """A number of millionths with so many decimals, rounded half up."""
    unit = 10 ** (6 - places)
    whole, rest = divmod((millionths + unit // 2) // unit, 10**places)
    return f"{whole}.{rest:0{places}}" if places else str(whole)


def _sources(names: Mapping[str, Mapping[str, str]], places: Places) -> Iterator[Row]:
    for place, sources in SOURCES.items():
        code = places.districts[place]
        zh, en = _short(names[code])
        for number, (level, kind) in enumerate(sources):
            yield {
                "intake_id": _intake_id(code, number),
                "name_zh": f"示例水源·{zh}{'甲乙丙'[number]}",
                "name_en": f"Demo source {en} {'ABC'[number]}",
                "type": kind,
                "level": level,
                "area_code": code,
            }


def _source_months(stream: Stream, places: Places) -> Iterator[Row]:
    for place, sources in SOURCES.items():
        code = places.districts[place]
        for number, (level, kind) in enumerate(sources):
            for month in (f"{year}-{month:02}" for year in YEARS for month in range(1, 13)):
                failed = FAILED.get((place, number, month), "")
                is_second = stream.chance(0.7, 1)[0]
                water_class = "IV" if failed else "II" if is_second else "III"
                yield {
                    "intake_id": _intake_id(code, number),
                    "month": month,
                    "water_class": "" if kind == "groundwater" else water_class,
                    "is_compliant": "false" if failed else "true",
                    "items_measured": ITEMS_OF_SOURCE[level],
                    "exceeding": failed,
                }


def _sea(coast: str) -> Iterator[Row]:
    for year, seasons in SEA.items():
        for season, (share, nitrogen) in zip(SEASONS, seasons, strict=True):
            yield {
                "area_code": coast,
                "year": str(year),
                "season": season,
                "good_area_pct": f"{share}.0",
                "inorganic_nitrogen_mg_l": f"{nitrogen // 100}.{nitrogen % 100:02}",
            }


def _outlets(names: Mapping[str, Mapping[str, str]], coast: str) -> Iterator[Row]:
    zh, en = _short(names[coast])
    for place, year in enumerate(YEARS):
        for number, classes in RIVERS_TO_SEA.items():
            name = {"name_zh": f"示例入海河流·{zh}{number}", "name_en": f"Demo river to the sea {en} {number}"}
            yield _outlet(coast, number, name, year, "river", water_class=classes[place])
        for number, passed in OUTFALLS.items():
            name = {"name_zh": f"示例入海排污口·{zh}{number}", "name_en": f"Demo outfall {en} {number}"}
            yield _outlet(coast, number, name, year, "outfall", checks="12", checks_compliant=str(passed[place]))


def _outlet(coast: str, number: str, name: Row, year: int, kind: str, **values: str) -> Row:
    blank = {"water_class": "", "checks": "", "checks_compliant": ""}
    identity = {"outlet_id": f"DEMO-O-{coast}-{number}", "year": str(year)}
    return identity | name | {"kind": kind, "area_code": coast} | blank | values


def _section_id(code: str, number: int) -> str:
    return f"DEMO-W-{code}-{number + 1}"


def _intake_id(code: str, number: int) -> str:
    return f"DEMO-D-{code}-{number + 1}"


def _short(name: Mapping[str, str]) -> tuple[str, str]:
    """The name of a district without the word for it, in both languages."""
    return name["name_zh"].removesuffix("区"), name["name_en"].removesuffix(" District")
