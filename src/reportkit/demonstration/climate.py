"""Invented energy, carbon market, monitoring and adaptation of the invented city: tables below ``climate/``.

Coal equivalents of ``climate/energy.csv`` add up to the energy of the world's areas, but for a few kg: what its
enterprises burnt and used stands as it was, households and others have the rest, and the power of others is what is
missing to the whole. What the city has beyond its districts is fuel of ships and aircraft, and power.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from reportkit.demonstration.assumptions import YEARS
from reportkit.demonstration.stream import Stream
from reportkit.demonstration.world import World
from reportkit.standards.climate import CO2, TCE, factor, tonnes

SEED = 20_241_108
ORIGIN = {"status": "demonstration", "source_id": "demo-climate"}
Row = dict[str, object]
Amounts = dict[tuple[str, str], int]

# A unit of each carrier that is written, in kg, m³ or kWh, and the smallest part of it that is written.
UNITS = {
    "coal": ("t", 1000, 0),
    "gas": ("10k m3", 10_000, 2),
    "diesel": ("t", 1000, 0),
    "gasoline": ("t", 1000, 0),
    "lpg": ("t", 1000, 0),
    "power": ("10k kWh", 10_000, 2),
}
# Thousandths of the energy of households and others by carrier; power has the rest.
MIX: Mapping[str, Mapping[str, int]] = {
    "households": {"gas": 150, "lpg": 60, "gasoline": 430},
    "other": {"gas": 200, "diesel": 340, "gasoline": 200},
}
HOUSEHOLD_ENERGY = 320  # kg coal equivalent a head, as in the world
BEYOND_DISTRICTS = 800  # thousandths of it that are fuel; the rest is power

# Points: position of the district among all by code, names, kind.
POINTS = (
    (3, "示例监测点·城区", "Demo point, city", "urban"),
    (8, "示例监测点·沿海", "Demo point, coast", "urban"),
    (9, "示例监测点·背景", "Demo point, background", "background"),
)
THRESHOLD = 10_000  # tonnes of coal equivalent in a year: an enterprise above it is in the carbon market
ASSIGNED_YEARS = (2020, 2025)
ASSIGNED = {"co2_per_gdp": (160, 200), "energy_per_gdp": (130, 150)}  # tenths of a percent, least and most
CITY_ASSIGNED = {"co2_per_gdp": 180, "energy_per_gdp": 140}


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    stream = Stream(SEED)
    energy = list(_energy(world))
    rows = {
        "energy": energy,
        "output": list(_output(world)),
        "assigned": list(_assigned(stream, world, energy)),
        "market_units": list(_market(stream, world)),
        "ghg_monitoring": list(_monitoring(stream, world)),
        "adaptation": list(_adaptation(stream, world)),
    }
    return {f"climate/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


# --- energy and output ------------------------------------------------------------------------------


def _energy(world: World) -> Iterator[Row]:
    """What each area used of each carrier in each year, by sector."""
    codes = world.districts["area_code"].tolist()
    city = _city(world)
    for year in YEARS:
        of_areas = {code: _of_district(world, code, year) for code in codes}
        whole: Amounts = {}
        for amounts in of_areas.values():
            for key, amount in amounts.items():
                whole[key] = whole.get(key, 0) + amount
        of_areas[city] = _with_the_rest(whole, _of(world, city, year, "energy"))
        for code in (city, *codes):
            for (sector, carrier), amount in of_areas[code].items():
                if amount:
                    unit, size, places = UNITS[carrier]
                    yield {
                        "area_code": code,
                        "year": year,
                        "sector": sector,
                        "carrier": carrier,
                        "amount": _written(amount, size, places),
                        "unit": unit,
                    }


def _of_district(world: World, code: str, year: int) -> Amounts:
    """The amounts of a district by sector and carrier, in kg, m³ or kWh that can be written."""
    years = world.years[(world.years["area_code"] == code) & (world.years["year"] == year)]
    is_plant = years["industry"] == "power"
    amounts: Amounts = {("plants", name): int(years.loc[is_plant, name].sum()) for name in ("coal", "gas")}
    for name in ("coal", "gas"):
        amounts["industry", name] = int(years.loc[~is_plant, name].sum())
    for name in ("diesel", "power"):
        amounts["industry", name] = int(years[name].sum())
    amounts = {key: _cut(key[1], amount) for key, amount in amounts.items()}
    households = _of(world, code, year, "people") * HOUSEHOLD_ENERGY
    _add(amounts, "households", households)
    _add(amounts, "other", _of(world, code, year, "energy") - int(_equivalent(amounts)))
    return amounts


def _add(amounts: Amounts, sector: str, energy: int) -> None:
    """Give a *sector* its carriers, so that their coal equivalent comes to *energy* kg, as near as can be written."""
    own: Amounts = {}
    for carrier, share in MIX[sector].items():
        per_unit = Fraction(factor(TCE, carrier, YEARS[0]).value)
        own[sector, carrier] = _cut(carrier, int(energy * share / (1000 * per_unit)))
    own[sector, "power"] = _power_of(energy - _equivalent(own))
    amounts |= own


def _with_the_rest(whole: Amounts, energy: int) -> Amounts:
    """The sums of all districts and, as diesel and power of others, what the city has beyond them."""
    rest = energy - _equivalent(whole)
    fuel = int(rest * BEYOND_DISTRICTS / (1000 * Fraction(factor(TCE, "diesel", YEARS[0]).value)))
    found = {**whole, ("other", "diesel"): whole["other", "diesel"] + _cut("diesel", fuel)}
    found["other", "power"] += _power_of(energy - _equivalent(found))
    return found


def _equivalent(amounts: Amounts) -> Fraction:
    """Coal equivalent of *amounts*, in kg."""
    parts = (Fraction(factor(TCE, carrier, YEARS[0]).value) * amount for (_, carrier), amount in amounts.items())
    return sum(parts, Fraction(0))


def _power_of(energy: Fraction) -> int:
    """The kWh that stand for so many kg of coal equivalent, as they can be written."""
    exact: Fraction = energy / Fraction(factor(TCE, "power", YEARS[0]).value)
    return _cut("power", int(exact))


def _cut(carrier: str, amount: int) -> int:
    """*amount* as it can be written, without the smaller part that cannot."""
    _, size, places = UNITS[carrier]
    step: int = size // 10**places
    return amount - amount % step


def _written(amount: int, size: int, places: int) -> str:
    """*amount* in units of *size*."""
    return f"{Decimal(amount) / size:.{places}f}"


def _output(world: World) -> Iterator[Row]:
    for row in world.areas.sort_values(["area_code", "year"]).to_dict("records"):
        yield {
            "area_code": row["area_code"],
            "year": row["year"],
            "output_100m_yuan": _written(int(row["output"]) // 1000 * 1000, 100_000, 2),
            "people_10k": _written(int(row["people"]), 10_000, 2),
        }


def _assigned(stream: Stream, world: World, energy: list[Row]) -> Iterator[Row]:
    """What each area was told to reach: the level of the base year, and the change up to the target year."""
    base, due = ASSIGNED_YEARS
    for code in (_city(world), *world.districts["area_code"]):
        output = _of(world, code, YEARS[0], "output")
        first = [row for row in energy if (row["area_code"], row["year"]) == (code, YEARS[0])]
        for indicator, (least, most) in ASSIGNED.items():
            more, share = stream.words(2).tolist()
            used = CO2 if indicator == "co2_per_gdp" else TCE
            whole = sum((_stands_for(row, used) for row in first), Fraction(0))
            # Tonnes per 10,000 yuan: whole is in 10,000 tonnes, output in thousands of yuan.
            level = whole * 100_000 / output * (1030 + more % 12) / 1000
            cut = CITY_ASSIGNED[indicator] if code == _city(world) else least + 5 * (share % ((most - least) // 5 + 1))
            same = {"area_code": code, "indicator": indicator}
            yield {
                **same,
                "year": base,
                "change_pct": "0.0",
                "intensity": f"{Decimal(round(level * 10_000)) / 10_000:.4f}",
            }
            yield {**same, "year": due, "change_pct": f"-{cut // 10}.{cut % 10}", "intensity": ""}


def _stands_for(row: Row, measure: str) -> Fraction:
    """The carbon dioxide or coal equivalent of a row of energy, in 10,000 t; none of plants, whose power counts."""
    if row["sector"] == "plants":
        return Fraction(0)
    used = factor(measure, str(row["carrier"]), int(str(row["year"])))
    return Fraction(tonnes(str(row["amount"]), str(row["unit"]), used))


# --- the carbon market, monitoring, adaptation ---------------------------------------------------------


def _market(stream: Stream, world: World) -> Iterator[Row]:
    """The units of the carbon market, those whose energy of the first year is above the threshold."""
    used = world.years.set_index(["enterprise_id", "year"])
    for row in world.enterprises.to_dict("records"):
        first = used.loc[(row["enterprise_id"], YEARS[0])] if (row["enterprise_id"], YEARS[0]) in used.index else None
        if first is None or _kg(first, TCE, YEARS[0]) < THRESHOLD * 1000:
            continue
        for year in YEARS:
            if (row["enterprise_id"], year) not in used.index:
                continue
            given, late = stream.words(2).tolist()
            verified = int(_kg(used.loc[(row["enterprise_id"], year)], CO2, year)) // 1000
            is_late = late % 1000 < (1000 - int(row["diligence"])) // 6
            yield {
                "unit_id": row["enterprise_id"].replace("-E-", "-C-"),
                "enterprise_id": row["enterprise_id"],
                "year": year,
                "name_zh": row["name_zh"],
                "name_en": row["name_en"],
                "area_code": row["area_code"],
                "market": "national" if row["industry"] == "power" else "pilot",
                "verified_t": verified,
                "allowance_t": verified * (930 + given % 120) // 1000,
                "surrendered_t": verified * 9 // 10 if is_late else verified,
                "is_on_time": "false" if is_late else "true",
            }


def _kg(used: pd.Series, measure: str, year: int) -> Fraction:
    """The carbon dioxide or coal equivalent of what an enterprise burnt and used, in kg."""
    carriers = ("coal", "gas", "diesel", "power")
    parts = (int(used[name]) * Fraction(factor(measure, name, year).value) for name in carriers)
    return sum(parts, Fraction(0))


def _monitoring(stream: Stream, world: World) -> Iterator[Row]:
    codes = world.districts["area_code"].tolist()
    for number, (position, name_zh, name_en, kind) in enumerate(POINTS, start=1):
        carbon, methane = (4285, 2085) if kind == "urban" else (4190, 2010)  # tenths of ppm; ppb
        for year in YEARS:
            more, methane_more, lost = stream.words(3).tolist()
            carbon, methane = carbon + 18 + more % 14, methane + 5 + methane_more % 9
            yield {
                "point_id": f"DEMO-G-{number}",
                "year": year,
                "name_zh": name_zh,
                "name_en": name_en,
                "area_code": codes[position % len(codes)],
                "kind": kind,
                "days": 330 + lost % 33,
                "co2_ppm": f"{carbon // 10}.{carbon % 10}",
                "ch4_ppb": methane,
            }


def _adaptation(stream: Stream, world: World) -> Iterator[Row]:
    """Measures of each district by year; the city's are their sums, but for its own days with a warning."""
    land = world.land.set_index(["area_code", "use"])["hectares"]
    levels = {code: stream.words(3).tolist() for code in world.districts["area_code"]}
    for year in YEARS:
        whole: dict[str, int] = {}
        place, most = year - YEARS[0], 0
        for code, (share, shelters, points) in levels.items():
            built = int(land[code, "built"])
            (warned,) = stream.words(1).tolist()
            measures = {
                "sponge_area": built * (240 + share % 90 + 45 * place) // 1000,
                "built_area": built,
                "heat_shelters": 12 + shelters % 30 + 4 * place,
                "drainage_points": 3 + points % 9 + (2 + points % 3) * place,
                "warning_days": 60 + warned % 35,
            }
            most = max(most, measures["warning_days"])
            whole = {name: whole.get(name, 0) + number for name, number in measures.items()}
            yield from _measures(code, year, measures)
        yield from _measures(_city(world), year, whole | {"warning_days": most + 21})


def _measures(code: str, year: int, measures: Mapping[str, int]) -> Iterator[Row]:
    for name, number in measures.items():
        is_area = name in ("sponge_area", "built_area")
        yield {
            "area_code": code,
            "year": year,
            "measure": name,
            "value": _written(number, 100, 2) if is_area else str(number),
            "unit": "km2" if is_area else "day" if name == "warning_days" else "1",
        }


def _city(world: World) -> str:
    """The code of the city, the one area that is no district."""
    (city,) = set(world.areas["area_code"]) - set(world.districts["area_code"])
    return str(city)


def _of(world: World, code: str, year: int, column: str) -> int:
    areas = world.areas
    return int(areas.loc[(areas["area_code"] == code) & (areas["year"] == year), column].iloc[0])
