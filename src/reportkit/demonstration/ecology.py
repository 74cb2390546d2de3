"""Invented land, greenery, red lines, reserves, ecological quality, species and restoration: tables below ``ecology/``.

Land in the last year is that of the invented city; before, what has become forest since was other land. Red lines lie
within forests and waters, reserves partly within the red lines. Species are counted by group and area, and nothing
says where one was found. A species of two districts is one species of the city: the city has rows of its own there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from reportkit.demonstration.assumptions import PLACES, YEARS
from reportkit.demonstration.stream import Stream
from reportkit.demonstration.world import World

SEED = 20_210_918
ORIGIN = {"status": "demonstration", "source_id": "demo-ecology"}
Row = dict[str, object]

# The city's red line on land, by place of the district: hectares for conserving water, soil and water, and species.
RED_LINES: Sequence[tuple[int, int, int]] = (
    (0, 0, 0),
    (0, 0, 0),
    (0, 0, 90),
    (80, 0, 210),
    (2600, 400, 2900),
    (2500, 700, 2100),
    (120, 0, 460),
    (6400, 1900, 3900),
    (0, 0, 2900),
    (29_800, 8200, 24_600),
    (17_900, 5100, 13_000),
)
BY_THE_SEA, AT_SEA = 8, 9400  # the place of the district by the sea, and its hectares of red line there
# A redrawing gives one district more and, a year later, another a little less than before: (place, year) → hectares.
REDRAWN = {(7, 2022): 260, (4, 2023): -12, (9, 2023): 340}
# Where in one year the function of some hectares was lowered, or some were turned to another use.
LOWERED, ALTERED = {(5, 2022): 8}, {(4, 2023): 3}
FUNCTIONS = ("water_conservation", "soil_water", "biodiversity")

# Tenths of a square metre of park for each resident, by place.
PARKS = (62, 58, 84, 104, 166, 236, 190, 236, 268, 270, 246)
ANCIENT = (48, 96, 210, 260, 1480, 690, 640, 820, 310, 1560, 1720)  # trees of a hundred years and more


@dataclass(frozen=True)
class Site:
    """A reserve or park: its hectares, those of them within the red line, and since when it is one."""

    kind: str
    level: str
    area: int
    in_red_line: int
    opened: int


SITES: Mapping[int, Sequence[Site]] = {
    2: (Site("wetland_park", "national", 310, 80, 2012),),
    3: (Site("forest_park", "city", 420, 240, 2005),),
    4: (Site("forest_park", "national", 2200, 1500, 1996), Site("wetland_park", "city", 160, 0, 2017)),
    5: (Site("forest_park", "provincial", 1100, 700, 2003), Site("wetland_park", "city", 130, 60, 2019)),
    6: (Site("forest_park", "national", 640, 380, 1999),),
    7: (Site("forest_park", "provincial", 1500, 900, 2001), Site("wetland_park", "city", 220, 120, 2015)),
    8: (Site("nature_reserve", "city", 900, 860, 2008), Site("wetland_park", "national", 420, 390, 2018)),
    9: (
        Site("nature_reserve", "provincial", 4200, 4200, 1998),
        Site("forest_park", "national", 3100, 2300, 1994),
        Site("nature_reserve", "county", 1800, 1700, 2006),
        Site("wetland_park", "city", 260, 180, 2023),
    ),
    10: (
        Site("nature_reserve", "city", 5200, 5000, 2000),
        Site("forest_park", "provincial", 2100, 1300, 2004),
        Site("wetland_park", "provincial", 310, 260, 2016),
    ),
}
KINDS = {
    "nature_reserve": ("自然保护区", "nature reserve"),
    "forest_park": ("森林公园", "forest park"),
    "wetland_park": ("湿地公园", "wetland park"),
}

# What the parts of the index are of land that is all built on, and what each thousandth of nature adds (hundredths).
PARTS = {"pattern": (2500, 7), "function": (3100, 6), "biodiversity": (3500, 5), "stress": (8500, -7)}
WEIGHTS = {"pattern": 36, "function": 35, "biodiversity": 19, "stress": 10}
# Where a year moved a district more than the weather does: (place, year) → hundredths of each part, from then on.
MOVED = {(5, 2023): 260, (8, 2022): -190, (10, 2024): 150}


@dataclass(frozen=True)
class Group:
    """A group of species in the city: recorded, and thousandths of them protected in either class, and threatened."""

    recorded: int
    first: int
    second: int
    threatened: int


# A survey reported in 2023 counted 3516 plants, 307 birds, 58 mammals, 92 amphibians and reptiles: from then on there
# are no fewer here.
GROUPS = {
    "plants": Group(3505, 3, 24, 41),
    "birds": Group(304, 21, 146, 70),
    "mammals": Group(57, 60, 125, 196),
    "amphibians_reptiles": Group(91, 12, 84, 180),
    "fish": Group(148, 7, 28, 95),
    "insects": Group(1720, 1, 3, 6),
}
ALIENS = 96  # invasive species in the city


@dataclass(frozen=True)
class Work:
    """A project of restoration: hectares planned, and thousandths done at the end of each year from its first."""

    kind: str
    planned: int
    began: int
    done: tuple[int, ...]


WORKS: Mapping[int, Sequence[Work]] = {
    0: (Work("riverbank", 24, 2022, (250, 710, 1000)),),
    2: (Work("wetland", 46, 2021, (180, 520, 870, 1000)),),
    4: (Work("mine", 62, 2021, (90, 310, 560, 820)), Work("riverbank", 38, 2023, (340, 760))),
    5: (Work("forest", 410, 2022, (280, 590, 910)),),
    6: (Work("riverbank", 57, 2022, (210, 480, 700)),),
    7: (Work("mine", 118, 2021, (150, 420, 640, 780)),),
    8: (Work("wetland", 260, 2021, (220, 450, 730, 960)), Work("wetland", 90, 2024, (120,))),
    9: (Work("forest", 1350, 2021, (230, 470, 720, 1000)),),
    10: (Work("forest", 980, 2022, (190, 440, 690)), Work("mine", 74, 2023, (260, 610))),
}
WORK_NAMES = {
    "wetland": ("湿地修复", "wetland restoration"),
    "forest": ("退化林修复", "restoration of degraded forest"),
    "mine": ("矿山复绿", "regreening of a mine"),
    "riverbank": ("生态岸线修复", "restoration of a riverbank"),
}


@dataclass(frozen=True)
class District:
    """A district: its place among all by code, names, the land of the last year by use, and people by year."""

    place: int
    code: str
    zh: str
    en: str
    land: Mapping[str, int]
    people: Mapping[int, int]

    @property
    def area(self) -> int:
        """All its land, in hectares."""
        return sum(self.land.values())

    @property
    def nature(self) -> int:
        """Forests and waters, in thousandths of its land."""
        return 1000 * (self.land["forest"] + self.land["water"]) // self.area


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    stream, districts = Stream(SEED), list(_districts(world))
    city = str(world.areas.loc[~world.areas["area_code"].isin(world.districts["area_code"]), "area_code"].iloc[0])
    forest = {district.code: _forest(stream, district) for district in districts}
    rows = {
        "land": list(_land(districts, forest)),
        "greenery": list(_greenery(stream, districts, forest)),
        "red_lines": list(_red_lines(districts)),
        "sites": list(_sites(districts)),
        "site_checks": list(_site_checks(stream, districts)),
        "quality": list(_quality(stream, districts, city)),
        "species": list(_species(stream, districts, city)),
        "alien_species": list(_aliens(stream, districts, city)),
        "restoration": list(_restoration(districts)),
    }
    return {f"ecology/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


def _districts(world: World) -> Iterator[District]:
    for number, row in enumerate(world.districts.to_dict("records")):
        code = str(row["area_code"])
        land = world.land[world.land["area_code"] == code]
        years = world.areas[world.areas["area_code"] == code]
        yield District(
            number % len(PLACES),
            code,
            str(row["name_zh"]).removesuffix("区"),
            str(row["name_en"]).removesuffix(" District"),
            dict(zip(land["use"].tolist(), land["hectares"].tolist(), strict=True)),
            dict(zip(years["year"].tolist(), years["people"].tolist(), strict=True)),
        )


def _forest(stream: Stream, district: District) -> dict[int, int]:
    """The hectares of forest in each year, from the last one back: a few thousandths were added in every year."""
    forest = {YEARS[-1]: district.land["forest"]}
    for year in reversed(YEARS[:-1]):
        (gain,) = stream.words(1).tolist()
        forest[year] = forest[year + 1] - forest[year + 1] * (1 + gain % 4) // 1000
    return {year: forest[year] for year in YEARS}


def _land(districts: Sequence[District], forest: Mapping[str, Mapping[int, int]]) -> Iterator[Row]:
    for district in districts:
        for year in YEARS:
            wooded = forest[district.code][year]
            uses = {
                **district.land,
                "forest": wooded,
                "other": district.land["other"] + district.land["forest"] - wooded,
            }
            for use, area in uses.items():
                yield {"area_code": district.code, "year": year, "use": use, "area_hm2": area}


def _greenery(stream: Stream, districts: Sequence[District], forest: Mapping[str, Mapping[int, int]]) -> Iterator[Row]:
    for district in districts:
        wooded, old = forest[district.code], ANCIENT[district.place]
        for position, year in enumerate(YEARS):
            dense, planted, park = stream.words(3).tolist()
            gain = wooded[year] - wooded.get(year - 1, wooded[year])
            stock = wooded[year] * (62 + district.place // 2 + position + dense % 3) // 100  # in hundreds of m³
            green = district.people[year] * (PARKS[district.place] + 2 * position + park % 3) // 100_000
            yield {
                "area_code": district.code,
                "year": year,
                "volume_10k_m3": f"{stock // 100}.{stock % 100:02}",
                "planted_hm2": gain + wooded[year] * (2 + planted % 4) // 1000,
                "ancient_trees": old + old * position // 60,
                "park_green_hm2": green,
                "people": district.people[year],
            }


def _red_lines(districts: Sequence[District]) -> Iterator[Row]:
    for district in districts:
        for year in YEARS:
            areas = list(RED_LINES[district.place])
            areas[0] += _moved(REDRAWN, district, year)
            harm = [(LOWERED.get((district.place, year), 0), ALTERED.get((district.place, year), 0)), (0, 0), (0, 0)]
            rows = [(*row, "land") for row in zip(FUNCTIONS, areas, harm, strict=True)]
            if district.place == BY_THE_SEA:
                rows.append(("coast", AT_SEA, (0, 0), "sea"))
            for function, area, (lowered, altered), nature in rows:
                yield {
                    "area_code": district.code,
                    "year": year,
                    "function": function,
                    "nature": nature,
                    "area_km2": _km2(area),
                    "lowered_km2": _km2(lowered),
                    "altered_km2": _km2(altered),
                }


def _km2(hectares: int) -> Decimal:
    """The unit in which red lines are set."""
    return Decimal(hectares).scaleb(-2)


def _sites(districts: Sequence[District]) -> Iterator[Row]:
    for district in districts:
        for number, site in enumerate(SITES.get(district.place, ()), start=1):
            zh, en = KINDS[site.kind]
            yield {
                "site_id": _site_id(district, number),
                "name_zh": f"示例{zh}·{district.zh}{'甲乙丙丁'[number - 1]}",
                "name_en": f"Demo {en} {district.en} {'ABCD'[number - 1]}",
                "area_code": district.code,
                "kind": site.kind,
                "level": site.level,
                "opened_year": site.opened,
                "area_hm2": site.area,
                "in_red_line_hm2": site.in_red_line,
            }


def _site_checks(stream: Stream, districts: Sequence[District]) -> Iterator[Row]:
    """The patrols of each site and year, and the problems found: what is not closed is open in the next year."""
    for district in districts:
        for number, site in enumerate(SITES.get(district.place, ()), start=1):
            still_open = 0
            for position, year in enumerate(YEARS):
                walked, found, closed = stream.words(3).tolist()
                if year < site.opened:
                    continue
                found = found % (5 - position)
                closed = min(still_open + found, closed % 4 + position // 2)
                yield {
                    "site_id": _site_id(district, number),
                    "area_code": district.code,
                    "year": year,
                    "patrols": 48 + walked % 120 + 14 * position,
                    "open_before": still_open,
                    "found": found,
                    "closed": closed,
                    "open_after": still_open + found - closed,
                }
                still_open += found - closed


def _quality(stream: Stream, districts: Sequence[District], city: str) -> Iterator[Row]:
    """The parts of the index in hundredths: the more forest and water the better; the city's by area."""
    area = sum(district.area for district in districts)
    for position, year in enumerate(YEARS):
        parts = [_parts(stream, district, position, year) for district in districts]
        whole = dict.fromkeys(PARTS, area // 2)
        for district, own in zip(districts, parts, strict=True):
            whole = {name: sum_ + own[name] * district.area for name, sum_ in whole.items()}
        whole = {name: sum_ // area for name, sum_ in whole.items()}
        codes = [city, *(district.code for district in districts)]
        for code, own in zip(codes, [whole, *parts], strict=True):
            row: Row = {"area_code": code, "year": year, "eqi": _hundredths(_index(own))}
            yield row | {name: _hundredths(value) for name, value in own.items()}


def _parts(stream: Stream, district: District, position: int, year: int) -> dict[str, int]:
    found, moved = {}, _moved(MOVED, district, year)
    for (name, (bare, each)), weather in zip(PARTS.items(), stream.words(len(PARTS)).tolist(), strict=True):
        better = 12 * position + moved + weather % 70 - 35
        found[name] = bare + each * district.nature + (-better if name == "stress" else better)
    return found


def _index(parts: Mapping[str, int]) -> int:
    """The index in hundredths, rounded half up: three parts by their weights, and what is free of stress."""
    good = {**parts, "stress": 10_000 - parts["stress"]}
    return (sum(WEIGHTS[name] * value for name, value in good.items()) + 50) // 100


def _species(stream: Stream, districts: Sequence[District], city: str) -> Iterator[Row]:
    """What has been recorded up to each year: more every year, and in a district never more than in the city."""
    for group, known in GROUPS.items():
        for code, nature in [(city, None), *((district.code, district.nature) for district in districts)]:
            recorded = known.recorded
            if nature is not None:
                recorded = recorded * (260 + nature * 8 // 10 + int(stream.words(1)[0]) % 40) // 1000
            for position, year in enumerate(YEARS):
                total = recorded + recorded * 4 * position // 1000 + (position if nature is None else 0)
                yield {
                    "area_code": code,
                    "year": year,
                    "group": group,
                    "recorded": total,
                    "protected_1": total * known.first // 1000,
                    "protected_2": total * known.second // 1000,
                    "threatened": total * known.threatened // 1000,
                }


def _aliens(stream: Stream, districts: Sequence[District], city: str) -> Iterator[Row]:
    """What spreads in each district, a little more every year, and what is treated, of which more still."""
    drawn = [(district, *stream.words(3).tolist()) for district in districts]
    for position, year in enumerate(YEARS):
        rows: list[Row] = []
        spread = treated_area = 0
        for district, many, wide, part in drawn:
            found = ALIENS * (340 + many % 260) // 1000 + position
            area = district.area * (2000 + wide % 4000) // 1_000_000
            area += area * 25 * position // 1000
            treated = area * (380 + 90 * position + part % 120) // 1000
            spread, treated_area = spread + area, treated_area + treated
            rows.append(_alien(district.code, year, found, found * (350 + 60 * position) // 1000, area, treated))
        yield _alien(city, year, ALIENS + 2 * position, ALIENS * (420 + 60 * position) // 1000, spread, treated_area)
        yield from rows


def _alien(code: str, year: int, found: int, treated: int, area: int, treated_area: int) -> Row:
    return {
        "area_code": code,
        "year": year,
        "found": found,
        "treated": treated,
        "found_hm2": area,
        "treated_hm2": treated_area,
    }


def _restoration(districts: Sequence[District]) -> Iterator[Row]:
    for district in districts:
        for number, work in enumerate(WORKS.get(district.place, ()), start=1):
            zh, en = WORK_NAMES[work.kind]
            for year, done in enumerate(work.done, start=work.began):
                yield {
                    "project_id": f"DEMO-R-{district.code}-{number}",
                    "name_zh": f"示例{zh}·{district.zh}{'甲乙丙丁'[number - 1]}",
                    "name_en": f"Demo {en} {district.en} {'ABCD'[number - 1]}",
                    "area_code": district.code,
                    "kind": work.kind,
                    "year": year,
                    "planned_hm2": work.planned,
                    "done_hm2": work.planned * done // 1000,
                }


def _moved(by: Mapping[tuple[int, int], int], district: District, year: int) -> int:
    """What a plan of moves, each in force from its year on, comes to for a district in *year*."""
    return sum(more for (place, first), more in by.items() if place == district.place and first <= year)


def _site_id(district: District, number: int) -> str:
    return f"DEMO-N-{district.code}-{number}"


def _hundredths(value: int) -> str:
    return f"{value // 100}.{value % 100:02}"
