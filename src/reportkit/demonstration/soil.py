"""Invented farmland, contaminated plots, supervised units, groundwater points and countryside: tables below ``soil/``.

Farmland is that of the invented city, in tenths of a hectare; the supervised units are its enterprises with the most
hazardous waste, and plots were left by those that closed, or by works older than all of them. A plot passes through
its stages one date after the other; what would come after the last year has no date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from reportkit.demonstration.assumptions import INDUSTRIES, YEARS
from reportkit.demonstration.stream import Stream
from reportkit.demonstration.world import World

SEED = 20_230_422
ORIGIN = {"status": "demonstration", "source_id": "demo-soil"}
LAST_DAY = date(YEARS[-1], 12, 31)
Row = dict[str, object]

SUPERVISED = ("chemicals", "plating", "steel", "circuits")
# How many units are on the list of each year: those of 2023 are as many as were reported.
LISTED = {2021: 46, 2022: 49, 2023: 52, 2024: 54}

# Industries whose closed enterprises leave a plot to be surveyed, and what is found in its soil.
LEAVING = {
    "chemicals": "benzene;arsenic",
    "plating": "chromium6;nickel",
    "steel": "lead;arsenic;benzopyrene",
    "dyeing": "antimony;petroleum",
    "paper": "petroleum",
    "power": "benzopyrene;arsenic",
    "cars": "petroleum;benzopyrene",
}
# Old works of each district, by its place among all by code.
OLD_WORKS = (3, 2, 4, 3, 3, 4, 2, 2, 2, 1, 2)
PLANS = ("residential", "public", "green", "commercial", "residential", "industrial")
SENSITIVE = ("residential", "public")
# Days that each step takes at least, and up to how many more: the register follows the assessment.
STEPS = (("assessed", 160, 120), ("listed", 20, 40), ("works", 90, 160), ("effect", 240, 420), ("removed", 30, 60))
# Homes were begun on one plot of the register: its district, its number there, and the year it was investigated.
BREACH = (2, 2, 2022)

# Natural villages, as many as the district has; none where all is town.
VILLAGES = (0, 0, 0, 0, 120, 32, 172, 184, 132, 224, 280)

# Each item's decimals, its spread in percent, and a value in the middle of each class, in its last decimal.
ITEMS: Mapping[str, tuple[int, int, Sequence[int]]] = {
    "ph": (1, 3, (72, 72, 72, 61, 52)),
    "hardness_mg_l": (0, 10, (110, 220, 380, 540, 800)),
    "tds_mg_l": (0, 10, (230, 400, 750, 1500, 2600)),
    "sulfate_mg_l": (0, 10, (30, 100, 200, 300, 420)),
    "chloride_mg_l": (0, 10, (30, 100, 200, 300, 460)),
    "fe_mg_l": (2, 10, (6, 15, 25, 90, 300)),
    "mn_mg_l": (2, 10, (3, 3, 8, 60, 210)),
    "codmn_mg_l": (1, 10, (7, 15, 25, 50, 130)),
    "nh3n_mg_l": (3, 10, (12, 60, 300, 950, 2100)),
    "nitrite_mg_l": (3, 10, (5, 50, 400, 2500, 6000)),
    "nitrate_mg_l": (1, 10, (12, 35, 120, 250, 380)),
    "fluoride_mg_l": (2, 10, (40, 40, 40, 150, 260)),
    "as_mg_l": (4, 10, (6, 6, 60, 250, 800)),
    "pb_mg_l": (4, 10, (20, 20, 80, 300, 2000)),
    "cd_mg_l": (5, 10, (6, 50, 300, 800, 2000)),
}
# Points of each district: level, the items that trouble it, and its class in each of ``YEARS``. Six are the nation's.
POINTS: Sequence[Sequence[tuple[str, str, tuple[int, int, int, int]]]] = (
    (("municipal", "nh3n_mg_l;mn_mg_l", (5, 5, 4, 4)), ("municipal", "fe_mg_l", (4, 4, 4, 4))),
    (("municipal", "nitrate_mg_l", (4, 4, 3, 3)),),
    (("municipal", "nh3n_mg_l", (5, 4, 4, 4)), ("municipal", "chloride_mg_l;tds_mg_l", (4, 4, 4, 4))),
    (("municipal", "mn_mg_l", (4, 4, 4, 3)),),
    (("national", "mn_mg_l;nh3n_mg_l", (5, 4, 4, 4)), ("municipal", "nitrate_mg_l", (4, 4, 4, 4))),
    (("national", "mn_mg_l", (4, 4, 4, 4)), ("municipal", "as_mg_l", (5, 5, 4, 4))),
    (("municipal", "chloride_mg_l", (4, 4, 4, 4)), ("municipal", "nh3n_mg_l", (5, 5, 5, 4))),
    (("national", "ph", (4, 4, 4, 4)), ("municipal", "hardness_mg_l", (3, 3, 3, 3))),
    (("national", "chloride_mg_l;tds_mg_l", (5, 5, 5, 5)), ("municipal", "mn_mg_l;nh3n_mg_l", (5, 5, 5, 4))),
    (("national", "ph", (4, 3, 3, 3)), ("municipal", "codmn_mg_l", (2, 2, 2, 2))),
    (("national", "mn_mg_l", (4, 4, 3, 3)), ("municipal", "nitrate_mg_l", (3, 3, 3, 3))),
)


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    stream = Stream(SEED)
    plots = list(_plots(stream, world))
    farmland = list(_farmland(stream, world))
    rows = {
        "farmland": farmland,
        "plots": plots,
        "construction": _construction(stream, world, plots),
        "supervised_units": _units(stream, world),
        "groundwater_points": _points(world),
        "groundwater": _groundwater(stream, world),
        "countryside": _countryside(stream, world),
    }
    return {f"soil/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


def _farmland(stream: Stream, world: World) -> Iterator[Row]:
    """Farmland, what of it is polluted and what of that is used safely: ever more; none polluted where little is."""
    for code, hectares in _hectares(world).items():
        (share,) = stream.words(1).tolist()
        polluted = hectares * (12 + share % 26) // 100
        polluted = polluted if polluted >= 20 else 0
        for place, year in enumerate(YEARS):
            (more,) = stream.words(1).tolist()
            safe = polluted * (886 + 11 * place + more % 28) // 1000
            yield {
                "area_code": code,
                "year": year,
                "farmland_hm2": f"{hectares}.0",
                "polluted_hm2": _decimal(polluted, 1),
                "safely_used_hm2": _decimal(safe, 1),
            }


def _hectares(world: World) -> dict[str, int]:
    """The farmland of each district."""
    rows = world.land[world.land["use"] == "farmland"]
    return {str(row["area_code"]): int(row["hectares"]) for row in rows.to_dict("records")}


def _plots(stream: Stream, world: World) -> Iterator[Row]:
    """Each plot: whose it was, what was found, what it is to become, and the day of each step that has been taken."""
    closed = world.enterprises[world.enterprises["closed_year"] > 0]
    for place, district in enumerate(world.districts.to_dict("records")):
        code, left = str(district["area_code"]), []
        for row in closed[closed["area_code"] == code].to_dict("records"):
            if row["industry"] in LEAVING:
                left.append((str(row["enterprise_id"]), str(row["industry"]), int(row["closed_year"])))
        for _ in range(OLD_WORKS[place % len(OLD_WORKS)]):
            kind, year = stream.words(2).tolist()
            left.append(("", list(LEAVING)[kind % len(LEAVING)], 2019 + year % 6))
        for number, (enterprise, industry, year) in enumerate(left, start=1):
            is_breach = (place, number) == BREACH[:2]
            year = BREACH[2] if is_breach else year
            yield _plot(stream, district, number, enterprise, industry, year, is_breach=is_breach)


def _plot(
    stream: Stream,
    district: Mapping[object, object],
    number: int,
    enterprise: str,
    industry: str,
    year: int,
    *,
    is_breach: bool,
) -> Row:
    """The *number*-th plot of a district, investigated in *year*."""
    day, size, plan, measure = stream.words(4).tolist()
    zh, en = str(district["name_zh"]).removesuffix("区"), str(district["name_en"]).removesuffix(" District")
    dates = {"investigated": date(year, 7 if enterprise else 1 + day % 12, 1 + day % 28)}
    for before, (step, least, more) in zip(("investigated", *(it[0] for it in STEPS)), STEPS, strict=False):
        (word,) = stream.words(1).tolist()
        dates[step] = dates[before] + timedelta(days=least + word % more)
    planned = "residential" if is_breach else PLANS[plan % len(PLANS)]
    (wait,) = stream.words(1).tolist()
    begun = dates["works"] + timedelta(days=60) if is_breach else dates["removed"] + timedelta(days=50 + wait % 200)
    return {
        "plot_id": f"DEMO-S-{district['area_code']}-{number:02}",
        "name_zh": f"示例{zh}{INDUSTRIES[industry].name_zh}{'企业' if enterprise else '旧厂'}地块{number:02}",
        "name_en": f"Demo {en} {'' if enterprise else 'old '}{INDUSTRIES[industry].name_en} plot {number:02}",
        "area_code": district["area_code"],
        "enterprise_id": enterprise,
        "former_use": industry,
        "planned_use": planned,
        "area_hm2": _decimal(8 + size % 90, 1),
        "pollutants": LEAVING[industry],
        "measure": "control" if measure % 3 == 0 else "remediation",
        **{f"{step}_date": _known(when) for step, when in dates.items()},
        "begun_date": "" if planned == "green" else _known(begun),
    }


def _known(when: date) -> str:
    """A day as it is written, nothing where it has not come."""
    return f"{when:%Y-%m-%d}" if when <= LAST_DAY else ""


def _construction(stream: Stream, world: World, plots: Sequence[Row]) -> Iterator[Row]:
    """Land newly used for homes and public services in each year: plots of the register, and others found clean."""
    for code in world.districts["area_code"].tolist():
        for year in YEARS:
            many, size = stream.words(2).tolist()
            others = 3 + many % 7
            clean = others * (15 + size % 30)
            begun = [it for it in plots if it["area_code"] == code and it["planned_use"] in SENSITIVE]
            begun = [it for it in begun if str(it["begun_date"]).startswith(str(year))]
            safe = [it for it in begun if it["removed_date"] and str(it["removed_date"]) <= str(it["begun_date"])]
            yield {
                "area_code": code,
                "year": year,
                "plots": others + len(begun),
                "plots_safe": others + len(safe),
                "area_hm2": _decimal(clean + _tenths(begun), 1),
                "safe_hm2": _decimal(clean + _tenths(safe), 1),
            }


def _tenths(plots: Sequence[Row]) -> int:
    """The area of *plots* in tenths of a hectare."""
    return sum(int(str(plot["area_hm2"]).replace(".", "")) for plot in plots)


def _units(stream: Stream, world: World) -> Iterator[Row]:
    """The supervised units of each year, and which of their duties each did: the more careful, the more."""
    waste = world.waste[(world.waste["category"] == "hazardous") & (world.waste["year"] == YEARS[0])]
    made = waste.groupby("enterprise_id")["generated"].sum().to_dict()
    about = {str(row["enterprise_id"]): row for row in world.enterprises.to_dict("records")}
    ranked = sorted((-int(kg), str(id_)) for id_, kg in made.items() if about[str(id_)]["industry"] in SUPERVISED)
    inspected: dict[str, int] = {}
    for year in YEARS:
        for _, id_ in ranked[: LISTED[year]]:
            unit = about[id_]
            reports, monitors, inspects, found, result = stream.words(5).tolist()
            if unit["closed_year"] and unit["closed_year"] < year:
                continue
            luck = 25 + (int(unit["diligence"]) - 250) // 12 + 4 * (year - YEARS[0])  # in percent
            is_due = year - inspected.get(id_, 0) > 1
            is_new = is_due and inspects % 100 < luck + 20
            inspected[id_] = year if is_new else inspected.get(id_, 0)
            hazards, is_monitored = found % 9, monitors % 100 < luck + 30
            yield {
                "enterprise_id": id_,
                "year": year,
                "name_zh": unit["name_zh"],
                "name_en": unit["name_en"],
                "area_code": unit["area_code"],
                "industry": unit["industry"],
                "is_reported": _yes(reports % 100 < luck + 40),
                "is_monitored": _yes(is_monitored),
                "last_inspected_year": inspected[id_] or "",
                "hazards_found": hazards if is_new else "",
                "hazards_removed": hazards - min(hazards, found % 3) if is_new else "",
                "result": ("exceeds" if result % 100 < 6 else "meets") if is_monitored else "",
            }


def _points(world: World) -> Iterator[Row]:
    for place, district in enumerate(world.districts.to_dict("records")):
        zh, en = str(district["name_zh"]).removesuffix("区"), str(district["name_en"]).removesuffix(" District")
        for number, (level, _, _) in enumerate(POINTS[place % len(POINTS)]):
            yield {
                "point_id": _point_id(district, number),
                "name_zh": f"示例地下水点位·{zh}{'甲乙'[number]}",
                "name_en": f"Demo groundwater point {en} {'AB'[number]}",
                "area_code": district["area_code"],
                "level": level,
            }


def _groundwater(stream: Stream, world: World) -> Iterator[Row]:
    """The yearly values of each point: those of its troubled items lie in its class, others in class I or II."""
    for place, district in enumerate(world.districts.to_dict("records")):
        for number, (_, troubles, classes) in enumerate(POINTS[place % len(POINTS)]):
            for year, worst in zip(YEARS, classes, strict=True):
                values = {}
                for name, (places, spread, middles) in ITEMS.items():
                    which, near = stream.words(2).tolist()
                    number_ = worst if name in troubles.split(";") else 1 + which % min(2, worst)
                    middle = middles[number_ - 1]
                    values[name] = _decimal(middle * (1000 + (near % 21 - 10) * spread) // 1000, places)
                yield {"point_id": _point_id(district, number), "year": year, **values}


def _point_id(district: Mapping[object, object], number: int) -> str:
    return f"DEMO-G-{district['area_code']}-{number + 1}"


def _countryside(stream: Stream, world: World) -> Iterator[Row]:
    """What is used on farmland, what becomes of straw and manure, and how villages and their waters fare."""
    for place, (code, hectares) in enumerate(_hectares(world).items()):
        villages = VILLAGES[place % len(VILLAGES)]
        for step, year in enumerate(YEARS):
            more = [word % 20 for word in stream.words(7).tolist()]
            straw, manure, waters = hectares * 7, villages * 610, villages // 6
            pairs = {}
            if hectares:
                pairs["fertiliser"] = (hectares * (452 - 11 * step + more[0]) // 100, 1, hectares)
                pairs["pesticide"] = (hectares * (152 - 6 * step + more[1]) // 1000, 1, hectares)
                pairs["straw"] = (straw * (905 + 12 * step + more[2]) // 1000, 0, straw)
            if villages:
                pairs["manure"] = (manure * (868 + 16 * step + more[3]) // 1000, 0, manure)
                pairs["sewage"] = (villages * (690 + 62 * step + more[4]) // 1000, 0, villages)
                pairs["improved"] = (villages * (640 + 80 * step + more[5]) // 1000, 0, villages)
            if waters:
                pairs["black_waters"] = (waters * (560 + 140 * step + more[6]) // 1000, 0, waters)
            for indicator, (part, places, whole) in pairs.items():
                yield {
                    "area_code": code,
                    "year": year,
                    "indicator": indicator,
                    "part": _decimal(part, places),
                    "whole": whole,
                    **UNITS[indicator],
                }


UNITS = {
    "fertiliser": {"part_unit": "t", "whole_unit": "hm2"},
    "pesticide": {"part_unit": "t", "whole_unit": "hm2"},
    "straw": {"part_unit": "t", "whole_unit": "t"},
    "manure": {"part_unit": "t", "whole_unit": "t"},
    "sewage": {"part_unit": "1", "whole_unit": "1"},
    "improved": {"part_unit": "1", "whole_unit": "1"},
    "black_waters": {"part_unit": "1", "whole_unit": "1"},
}


def _decimal(number: int, places: int) -> str:
    """A whole *number* of the last decimal, written with that many *places*."""
    whole, rest = divmod(number, 10**places)
    return f"{whole}.{rest:0{places}}" if places else str(whole)


def _yes(answer: bool) -> str:
    return "true" if answer else "false"
