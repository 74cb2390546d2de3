"""Demonstration of waste: what the invented enterprises, hospitals and households leave, and what becomes of it.

Industrial and medical waste is that of the enterprises of the one invented city, added up by district to the kilogram.
Household waste follows from its people; the places it goes to are invented here, and the fly ash of those that
incinerate it follows from what they burn.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator, Sequence

import pandas as pd

from reportkit.demonstration.assumptions import MEDICAL, YEARS
from reportkit.demonstration.stream import Stream
from reportkit.demonstration.world import World

SEED, ASH_SEED = 20_240_606, 20_240_607
ORIGIN = {"status": "demonstration", "source_id": "demo-waste"}

FLOWS = ("opening", "generated", "used", "used_from_before", "disposed", "disposed_from_before", "closing")

# Grams of household waste a head and day; and in each of YEARS the thousandths of it that are recycled, treated
# biologically and landfilled. The rest is incinerated.
GRAMS_A_HEAD = 1_310
WAYS = ((372, 118, 84), (381, 131, 46), (388, 142, 17), (394, 151, 4))

ASH = "HW18"  # of places that incinerate household waste, which are no enterprises of the world
# Kilograms of fly ash that a tonne of household waste leaves in a grate furnace, with what cleans the flue gas: two to
# five hundredths is usual, and three bring the city near what was published of 2022.
ASH_OF_A_TONNE = 30
ASH_USED = 40  # thousandths of it: washed for cement. The rest is made solid and buried.

# Where it goes: names, place of the district among all by code, kind, capacity as written, unit, in operation since.
FACILITIES = (
    ("危险废物综合处置中心", "hazardous waste centre", 7, "hazardous", "31.60", "10k t/a", 2015),
    ("含铜废物利用厂", "copper waste works", 5, "hazardous", "14.20", "10k t/a", 2011),
    ("表面处理废物利用厂", "surface waste works", 8, "hazardous", "12.50", "10k t/a", 2017),
    ("废酸废矿物油利用厂", "acid and oil works", 10, "hazardous", "4.80", "10k t/a", 2022),
    ("医疗废物处置中心", "medical waste centre", 4, "medical", "240", "t/d", 2006),
    ("医疗废物应急处置站", "medical waste reserve", 7, "medical", "140", "t/d", 2020),
    ("第一资源热力电厂", "incineration plant 1", 4, "incineration", "3200", "t/d", 2013),
    ("第二资源热力电厂", "incineration plant 2", 5, "incineration", "4000", "t/d", 2018),
    ("第三资源热力电厂", "incineration plant 3", 8, "incineration", "2800", "t/d", 2018),
    ("第四资源热力电厂", "incineration plant 4", 9, "incineration", "1200", "t/d", 2019),
    ("第五资源热力电厂", "incineration plant 5", 10, "incineration", "3000", "t/d", 2022),
    ("厨余垃圾处理厂一", "kitchen waste plant 1", 4, "kitchen", "1600", "t/d", 2019),
    ("厨余垃圾处理厂二", "kitchen waste plant 2", 5, "kitchen", "1400", "t/d", 2020),
    ("厨余垃圾处理厂三", "kitchen waste plant 3", 8, "kitchen", "1100", "t/d", 2022),
    ("生活垃圾填埋场", "landfill", 5, "landfill", "2500", "t/d", 2004),
    ("焚烧飞灰固化填埋场", "fly ash landfill", 5, "hazardous", "14.50", "10k t/a", 2013),
)

Row = dict[str, str]


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    household = list(_household(Stream(SEED), world))
    rows = {
        "industrial": sorted([*_industrial(world), *_ash(Stream(ASH_SEED), world, household)], key=_in_order),
        "household": household,
        "medical": _medical(world),
        "facilities": _facilities(world),
    }
    return {f"waste/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


def _industrial(world: World) -> Iterator[Row]:
    """Each kind of each district's industry by year; a kilogram is the seventh decimal of 10,000 tonnes."""
    key = ["area_code", "year", "category", "kind"]
    waste = world.waste[world.waste["kind"] != MEDICAL]
    for row in waste.groupby(key, as_index=False)[list(FLOWS)].sum().to_dict("records"):
        amounts = {f"{flow}_10k_t": _decimal(int(row[flow]), 7) for flow in FLOWS}
        yield {name: str(row[name]) for name in key} | amounts


def _in_order(row: Row) -> tuple[str, ...]:
    """The place of a row of industrial waste in its table."""
    return tuple(row[name] for name in ("area_code", "year", "category", "kind"))


def _ash(stream: Stream, world: World, household: Sequence[Row]) -> Iterator[Row]:
    """The fly ash of the places that incinerate, in their districts, by what each can take of what the city burns."""
    codes = world.districts["area_code"].tolist()
    stored: dict[str, int] = {}
    for year in YEARS:
        works: dict[str, int] = {}
        for _, _, place, kind, capacity, _, opened in FACILITIES:
            if kind == "incineration" and opened <= year:
                code = str(codes[place % len(codes)])
                works[code] = works.get(code, 0) + int(capacity)
        daily = sum(int(row["incinerated_t_d"]) for row in household if row["year"] == str(year))
        for code, own in works.items():
            much, part, left = stream.words(3).tolist()
            burnt = daily * (366 if isleap(year) else 365) * own // sum(works.values())
            made, opening = burnt * ASH_OF_A_TONNE * (960 + much % 80) // 1000, stored.get(code, 0)
            kept = made * (3 + left % 6) // 1000
            used = made * (ASH_USED + part % 20) // 1000
            stored[code] = kept
            flows = (opening, made, used, 0, made - kept - used + opening, opening, kept)
            amounts = {f"{flow}_10k_t": _decimal(kg, 7) for flow, kg in zip(FLOWS, flows, strict=True)}
            yield {"area_code": code, "year": str(year), "category": "hazardous", "kind": ASH} | amounts


def _medical(world: World) -> Iterator[Row]:
    """The waste of each district's hospitals by year; whatever leaves a hospital is safely disposed of."""
    waste = world.waste[world.waste["kind"] == MEDICAL]
    for row in waste.groupby(["area_code", "year"], as_index=False)[list(FLOWS)].sum().to_dict("records"):
        yield {
            "area_code": str(row["area_code"]),
            "year": str(row["year"]),
            "opening_t": _decimal(int(row["opening"]), 3),
            "generated_t": _decimal(int(row["generated"]), 3),
            "disposed_t": _decimal(int(row["used"]) + int(row["disposed"]), 3),
            "closing_t": _decimal(int(row["closing"]), 3),
        }


def _household(stream: Stream, world: World) -> Iterator[Row]:
    """The household waste of each district by year; whoever lives in the country leaves a little less."""
    people = world.areas.set_index(["area_code", "year"])["people"]
    for code in world.districts["area_code"]:
        (habit,) = stream.words(1).tolist()
        for year, ways in zip(YEARS, WAYS, strict=True):
            (luck,) = stream.words(1).tolist()
            heads = int(people[code, year])
            grams = GRAMS_A_HEAD + habit % 160 - 80 + luck % 24 - 6 * (year - YEARS[0])
            generated = heads * grams // 1_000_000
            recycled, biological, landfilled = (generated * (way + luck % 8) // 1000 for way in ways)
            yield {
                "area_code": str(code),
                "year": str(year),
                "people": str(heads),
                "generated_t_d": str(generated),
                "incinerated_t_d": str(generated - recycled - biological - landfilled),
                "biological_t_d": str(biological),
                "recycled_t_d": str(recycled),
                "landfilled_t_d": str(landfilled),
            }


def _facilities(world: World) -> Iterator[Row]:
    """The places where waste is used, burnt, treated or buried."""
    districts = world.districts.to_dict("records")
    for number, (zh, en, place, kind, capacity, unit, opened) in enumerate(FACILITIES, start=1):
        yield {
            "facility_id": f"DEMO-F-{number:02}",
            "name_zh": f"示例{zh}",
            "name_en": f"Demo {en}",
            "area_code": str(districts[place % len(districts)]["area_code"]),
            "kind": kind,
            "capacity": capacity,
            "unit": unit,
            "opened_year": str(opened),
        }


def _decimal(units: int, places: int) -> str:
    """*units* of ``10**-places`` with so many decimals."""
    whole, rest = divmod(units, 10**places)
    return f"{whole}.{rest:0{places}}"
