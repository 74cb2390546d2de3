"""Demonstration of supervision: the one invented city's enterprises as a pool that is drawn from, and who watches them.

Who is a key unit, who was penalised and what was cut are the city's. What is invented here is how the pool was drawn
from (by :mod:`reportkit.draw`, so that anyone can repeat it), what was found, officers, platforms and projects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from reportkit import draw
from reportkit.demonstration import air, climate, enterprises, radiation, water
from reportkit.demonstration.assumptions import YEARS
from reportkit.demonstration.stream import Stream
from reportkit.demonstration.world import World
from reportkit.standards.working_days import is_working_day

SEED = 20_240_614
ORIGIN = {"status": "demonstration", "source_id": "demo-supervision"}
Row = dict[str, str]

DRAWN_YEAR = YEARS[-1]  # the year whose lists and draws are published row by row
LAST_DAY = date(DRAWN_YEAR, 12, 31)
QUARTERS = (1, 2, 3, 4)
CLASSES = ("key", "special", "general")
RATIOS = {"key": 25, "special": 30, "general": 5}  # percent of a district's units in a quarter
CITY_RATIO = 5
BEHIND = 5  # the place of the one district that draws less than it is asked to
CITY_INSPECTORS = 10

# What is held about a year: the table, whose it is, of each district or of the city, how often, days until it is out,
# with whom it is shared; where that is not plain, the column of the period, and the table that says where a point is.
DATASETS: Sequence[tuple[str | int, ...]] = (
    ("air/station_daily", "monitoring", "district", "daily", 1, "open", "date", "stations"),
    ("climate/adaptation", "ecology", "district", "yearly", 200, "on_request"),
    ("climate/energy", "statistics", "district", "yearly", 270, "on_request"),
    ("climate/ghg_monitoring", "monitoring", "city", "daily", 60, "on_request"),
    ("climate/output", "statistics", "district", "yearly", 180, "open"),
    ("credit/evaluations", "ecology", "district", "yearly", 150, "open"),
    ("ecology/greenery", "forestry", "district", "yearly", 120, "open"),
    ("ecology/land", "planning", "district", "yearly", 240, "on_request"),
    ("ecology/quality", "monitoring", "district", "yearly", 210, "open"),
    ("ecology/red_lines", "planning", "district", "yearly", 240, "internal"),
    ("ecology/species", "forestry", "district", "yearly", 200, "on_request"),
    ("emergency/readiness", "ecology", "district", "yearly", 60, "on_request"),
    ("enterprises/eia", "ecology", "district", "monthly", 15, "open"),
    ("enterprises/key_units", "ecology", "district", "yearly", 90, "open"),
    ("enterprises/permit_oversight", "ecology", "district", "quarterly", 30, "on_request"),
    ("enterprises/permits", "ecology", "district", "daily", 7, "open", "issued_date"),
    ("enterprises/registrations", "ecology", "district", "quarterly", 30, "open"),
    ("enterprises/responsibility", "ecology", "district", "yearly", 60, "on_request"),
    ("law/penalties", "ecology", "district", "daily", 20, "open", "decided_date"),
    ("law/plans", "ecology", "city", "yearly", 90, "on_request"),
    ("law/reductions", "ecology", "district", "yearly", 120, "internal"),
    ("law/yearly", "ecology", "district", "yearly", 60, "open"),
    ("market/sewage", "water", "district", "yearly", 100, "open"),
    ("market/taxes", "taxation", "district", "yearly", 120, "on_request"),
    ("market/waste_charges", "urban", "district", "yearly", 100, "on_request"),
    ("noise/area_grid", "monitoring", "district", "yearly", 60, "open"),
    ("noise/functional_zones", "monitoring", "district", "quarterly", 45, "open"),
    ("noise/roads", "monitoring", "district", "yearly", 60, "open"),
    ("participation/complaints", "ecology", "district", "yearly", 60, "open"),
    ("radiation/dose_rate", "monitoring", "district", "quarterly", 30, "open", "year", "radiation/points"),
    ("radiation/sources_city", "ecology", "city", "yearly", 90, "internal"),
    ("radiation/supervision", "ecology", "district", "yearly", 60, "open"),
    ("soil/construction", "planning", "district", "yearly", 120, "open"),
    ("soil/countryside", "agriculture", "district", "yearly", 180, "on_request"),
    ("soil/farmland", "agriculture", "district", "yearly", 180, "internal"),
    ("soil/groundwater", "monitoring", "district", "yearly", 150, "on_request", "year", "soil/groundwater_points"),
    ("soil/supervised_units", "ecology", "district", "yearly", 90, "open"),
    ("waste/household", "urban", "district", "yearly", 90, "open"),
    ("waste/industrial", "ecology", "district", "yearly", 150, "open"),
    ("waste/medical", "health", "district", "yearly", 90, "open"),
    ("water/drinking_monthly", "monitoring", "district", "monthly", 20, "open", "month", "water/drinking_sources"),
    ("water/near_shore", "monitoring", "city", "quarterly", 45, "open"),
    ("water/outlets", "monitoring", "city", "monthly", 30, "open"),
    ("water/section_monthly", "monitoring", "district", "monthly", 20, "open", "month", "water/sections"),
)
SERVICES = (  # names, layers, is open to all, days until what it shows is up to date
    ("公众门户", "public portal", 0, True, 2),
    ("生态环境一张图", "map of the environment", 26, False, 3),
    ("监测数据共享", "sharing of measurements", 12, False, 1),
    ("移动执法", "mobile enforcement", 8, False, 1),
    ("指挥调度", "command and dispatch", 15, False, 1),
)
PROJECTS = (  # theme, names, begun, years, 10,000 yuan, with whom, years until it is applied (0: not yet)
    ("ozone", "臭氧生成机理", "how ozone forms", 2020, 3, 420, "university", 3),
    ("ozone", "臭氧污染预报", "ozone forecasts", 2022, 2, 260, "institute", 2),
    ("ozone", "挥发性有机物走航溯源", "tracing VOCs by mobile monitoring", 2023, 2, 180, "enterprise", 0),
    ("dissolved_oxygen", "感潮河段溶解氧", "oxygen in tidal rivers", 2021, 3, 310, "university", 3),
    ("dissolved_oxygen", "河涌低氧成因", "why creeks lack oxygen", 2023, 2, 150, "institute", 0),
    ("marine", "近岸海域无机氮来源", "sources of inorganic nitrogen near the shore", 2021, 3, 380, "bay_area", 3),
    ("marine", "河口湿地碳汇", "carbon in estuary wetlands", 2024, 3, 240, "bay_area", 0),
    ("emerging", "新污染物筛查", "screening for emerging pollutants", 2022, 3, 520, "university", 0),
    ("emerging", "饮用水水源抗生素", "antibiotics in drinking-water sources", 2023, 2, 190, "institute", 2),
    ("source_apportionment", "细颗粒物来源解析", "source apportionment of PM2.5", 2021, 4, 600, "institute", 1),
    ("co_reduction", "减污降碳协同评估", "cutting pollutants and carbon together", 2022, 2, 220, "university", 2),
    ("co_reduction", "园区协同治理", "parks that cut both", 2023, 2, 300, "enterprise", 0),
    ("supervision", "非现场监管", "supervision off site", 2021, 2, 140, "enterprise", 2),
    ("supervision", "无人机巡查识别", "recognition from drones", 2024, 2, 160, "enterprise", 0),
)
# Tenths of a percent of PM2.5 by where it came from in the first year, and what each year adds.
APPORTIONED = {
    "mobile": (301, 7),
    "industry": (232, -8),
    "combustion": (148, -9),
    "dust": (121, 3),
    "living": (84, 4),
    "farming": (41, 1),
}
WARNING = ("air", "water", "other")  # what the points with early warning are told apart by
CO2_OF_COAL = 19_003  # tenths of a gram of carbon dioxide of a kilogram of coal


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    stream = Stream(SEED)
    (city,) = map(str, set(world.areas["area_code"]) - set(world.districts["area_code"]))
    listed = _key_units(world)
    pool, ratios = list(_pool(world, city, listed)), list(_ratios(world, city))
    inspectors = list(_inspectors(stream, world, city, pool))
    draws = list(_draws(stream, pool, ratios, inspectors))
    drawn = list(_drawn(stream, world, draws, pool, ratios, inspectors))
    rows: dict[str, Sequence[Row]] = {
        "pool": pool,
        "ratios": ratios,
        "inspectors": inspectors,
        "draws": draws,
        "drawn": drawn,
        "inspections": list(_inspections(stream, world, city, listed, draws, pool, drawn)),
        "yearly": list(_yearly(stream, world, inspectors)),
        "datasets": [_plain(*map(str, about)) for about in DATASETS],
        "platform": list(_platform(stream, city)),
        "projects": list(_projects(city)),
        "apportionment": list(_apportionment(stream, city)),
        "science": list(_science(stream, world, city)),
    }
    return {f"supervision/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


def _plain(*about: str) -> Row:
    """A data set; most have a column ``year`` and say themselves where they are."""
    columns = ("dataset", "owner", "level", "frequency", "delay_days", "sharing", "period", "places")
    return dict(zip(columns, (*about, *("year", "")[len(about) - 6 :]), strict=True))


# --- what is drawn from -----------------------------------------------------------------------------


def _key_units(world: World) -> dict[int, set[str]]:
    """The key units of each year, as their own table lists them."""
    rows = enterprises.tables(world)["enterprises/key_units.csv"]
    return {year: set(rows.loc[rows["year"] == str(year), "enterprise_id"]) for year in YEARS}


def _classes(world: World, listed: Mapping[int, set[str]], year: int) -> dict[str, tuple[str, str]]:
    """District and class of each enterprise that works in a year: special are those penalised the year before."""
    penalised = set(world.penalties.loc[world.penalties["year"] == year - 1, "enterprise_id"])
    works = world.years[world.years["year"] == year]
    return {
        str(id_): (str(code), "special" if id_ in penalised else "key" if id_ in listed[year] else "general")
        for id_, code in zip(works["enterprise_id"], works["area_code"], strict=True)
    }


def _pool_id(code: str) -> str:
    return f"DEMO-POOL-{code}-{DRAWN_YEAR}"


def _pool(world: World, city: str, listed: Mapping[int, set[str]]) -> Iterator[Row]:
    """The units each bureau draws from: a branch from all of its district, the city's from the key units of all."""
    for id_, (code, class_) in sorted(_classes(world, listed, DRAWN_YEAR).items()):
        for bureau in (code, city) if class_ == "key" else (code,):
            yield {"pool_id": _pool_id(bureau), "enterprise_id": id_, "area_code": code, "class": class_}


def _ratio(place: int, class_: str) -> int:
    """What percent of a class the branch of the district at a *place* draws in a quarter."""
    return RATIOS[class_] - 5 * (class_ == "key" and place == BEHIND)


def _ratios(world: World, city: str) -> Iterator[Row]:
    """What percent of each class is drawn in a quarter."""
    for place, code in enumerate(map(str, world.districts["area_code"])):
        for class_ in CLASSES:
            yield _of_year(_pool_id(code), code, class_, _ratio(place, class_))
    yield _of_year(_pool_id(city), city, "key", CITY_RATIO)


def _of_year(pool: str, code: str, class_: str, ratio: int) -> Row:
    return {"pool_id": pool, "area_code": code, "year": str(DRAWN_YEAR), "class": class_, "ratio_pct": str(ratio)}


def _inspectors(stream: Stream, world: World, city: str, pool: Sequence[Row]) -> Iterator[Row]:
    """The inspectors of each bureau, as numbers; those of the city's stay away from the district they live in."""
    districts = list(map(str, world.districts["area_code"]))
    for code in (city, *districts):
        own = [row["enterprise_id"] for row in pool if row["pool_id"] == _pool_id(code)]
        for number in range(1, 1 + (CITY_INSPECTORS if code == city else 4 + len(own) // 8)):
            home, has_conflict, which = stream.words(3).tolist()
            conflicts = [districts[home % len(districts)]] if code == city else []
            conflicts += [own[which % len(own)]] if own and has_conflict % 4 == 0 else []
            yield {
                "inspector_id": f"DEMO-J-{code}-{number:02}",
                "area_code": code,
                "conflicts": ";".join(conflicts),
            }


# --- the draws --------------------------------------------------------------------------------------


def _draws(stream: Stream, pool: Sequence[Row], ratios: Sequence[Row], inspectors: Sequence[Row]) -> Iterator[Row]:
    """The draw of each bureau and quarter: what was committed to, and the seed that was told on the day."""
    for pool_id, code in dict.fromkeys((row["pool_id"], row["area_code"]) for row in ratios):
        for quarter in QUARTERS:
            day, *words = stream.words(9).tolist()
            drawn = _working(date(DRAWN_YEAR, 3 * quarter - 2, 9 + day % 10))
            seed = f"{code}-{DRAWN_YEAR}-{quarter}-" + "".join(f"{word:04x}" for word in words)
            about = {"pool_id": pool_id, "area_code": code}
            lists = _files(pool, ratios, inspectors).lists_of(about)
            yield {
                "draw_id": f"DEMO-DRAW-{code}-{DRAWN_YEAR}-{quarter}",
                **about,
                "committed_date": _day(_working(drawn - timedelta(days=7))),
                "commitment": draw.digest(seed),
                "lists_sha256": draw.lists_hash(*lists),
                "drawn_date": _day(drawn),
                "seed": seed,
                "algorithm": draw.VERSION,
            }


def _files(pool: Sequence[Row], ratios: Sequence[Row], inspectors: Sequence[Row]) -> draw.Files:
    return draw.Files(draws=(), pool=pool, ratios=ratios, inspectors=inspectors, drawn=())


def _drawn(
    stream: Stream,
    world: World,
    draws: Sequence[Row],
    pool: Sequence[Row],
    ratios: Sequence[Row],
    inspectors: Sequence[Row],
) -> Iterator[Row]:
    """Who was drawn, who inspected, what was found: a case is a penalty of the city that was filed soon after."""
    care = dict(zip(world.enterprises["enterprise_id"], world.enterprises["diligence"], strict=True))
    district = dict(zip(world.enterprises["enterprise_id"], world.enterprises["area_code"], strict=True))
    filed = {
        str(row["enterprise_id"]): date.fromisoformat(str(row["filed_date"]))
        for row in world.penalties[world.penalties["year"] == DRAWN_YEAR].to_dict("records")
    }
    files = _files(pool, ratios, inspectors)
    for row in sorted(draws, key=lambda row: (row["drawn_date"], row["draw_id"])):
        day = date.fromisoformat(row["drawn_date"])
        for one in draw.rerun(row["seed"], *files.lists_of(row)):
            later, luck, out, gone = stream.words(4).tolist()
            case = filed.get(one.unit, day)
            is_case = day < case <= day + timedelta(days=60)
            inspected = case - timedelta(days=1) if is_case else _working(day + timedelta(days=3 + later % 25))
            if is_case:
                del filed[one.unit]
            found = "put_right" if luck % 1000 < (1000 - int(care[one.unit])) // 2 else "nothing"
            is_inspected = is_case or gone % 45 > 0
            published = _working(inspected + timedelta(days=4 + out % 29))
            yield {
                "draw_id": row["draw_id"],
                "enterprise_id": one.unit,
                "area_code": str(district[one.unit]),
                "class": one.class_,
                "place": str(one.place),
                "inspector_1": one.inspectors[0],
                "inspector_2": one.inspectors[1],
                "inspected_date": _day(max(inspected, day)) if is_inspected else "",
                "found": ("case" if is_case else found) if is_inspected else "",
                "published_date": _day(published) if is_inspected and out % 37 and published <= LAST_DAY else "",
            }


def _inspections(
    stream: Stream,
    world: World,
    city: str,
    listed: Mapping[int, set[str]],
    draws: Sequence[Row],
    pool: Sequence[Row],
    drawn: Sequence[Row],
) -> Iterator[Row]:
    """What each bureau drew of each class in a year; of the last year what its draws came to."""
    penalties = world.penalties.groupby(["area_code", "year"]).size().to_dict()
    for year in YEARS[:-1]:
        units = list(_classes(world, listed, year).values())
        for place, code in enumerate(map(str, world.districts["area_code"])):
            for class_ in CLASSES:
                count = units.count((code, class_))
                counts = _before(stream, count, _ratio(place, class_), int(penalties.get((code, year), 0)))
                yield _counted(code, year, class_, count, counts)
        count = sum(class_ == "key" for _, class_ in units)
        yield _counted(city, year, "key", count, _before(stream, count, CITY_RATIO, 1))
    bureau = {row["draw_id"]: row["area_code"] for row in draws}
    for code in (*map(str, world.districts["area_code"]), city):
        for class_ in CLASSES if code != city else ("key",):
            own = [row for row in drawn if bureau[row["draw_id"]] == code and row["class"] == class_]
            counts = (
                len(own),
                sum(bool(row["inspected_date"]) for row in own),
                sum(row["found"] in ("put_right", "case") for row in own),
                sum(row["found"] == "case" for row in own),
                sum(bool(row["published_date"]) for row in own),
            )
            count = sum(row["pool_id"] == _pool_id(code) and row["class"] == class_ for row in pool)
            yield _counted(code, DRAWN_YEAR, class_, count, counts)


def _before(stream: Stream, count: int, ratio: int, penalties: int) -> tuple[int, int, int, int, int]:
    """Drawn in four quarters, inspected, found, cases, published, in a year before the draws were published."""
    missed, found, case, out = stream.words(4).tolist()
    drawn = 4 * -(-count * ratio // 100)
    inspected = max(0, drawn - missed % 2)
    with_problems = (inspected * (14 + found % 16) + 50) // 100
    return drawn, inspected, with_problems, min(with_problems, penalties, case % 3), max(0, inspected - out % 3)


def _counted(code: str, year: int, class_: str, count: int, counts: tuple[int, int, int, int, int]) -> Row:
    names = ("drawn", "inspected", "found", "cases", "published")
    about = {"area_code": code, "year": str(year), "class": class_, "pool": str(count)}
    return about | dict(zip(names, map(str, counts), strict=True))


# --- officers, devices, warnings ----------------------------------------------------------------------


def _yearly(stream: Stream, world: World, inspectors: Sequence[Row]) -> Iterator[Row]:
    """What each district has to watch with in a year, and what it saw."""
    people = world.areas.set_index(["area_code", "year"])["people"]
    works = world.years.groupby(["area_code", "year"]).size()
    alarms = Stream(SEED + 1)  # which points give warning was asked for later: all else keeps its numbers
    automatic = _automatic(world)
    for code in map(str, world.districts["area_code"]):
        (of_air,) = alarms.words(1).tolist()
        crew = sum(row["area_code"] == code for row in inspectors)
        (start,) = stream.words(1).tolist()
        grids = 6 + int(people[code, YEARS[0]]) // 130_000 + start % 5
        for number, year in enumerate(YEARS):
            parks = int(works[code, year]) // 7
            hired, seen, left, flown, driven, alarm = stream.words(6).tolist()
            officers = 2 * grids + 3 * parks + 2 * number + hired % 4
            found = officers * (5 + seen % 6)
            warnings = 3 + alarm % 22
            drones = 1 + (start % 3 + number) // 2
            there = {element: automatic[code, year, element] for element in WARNING}
            wished = {"air": 1 + of_air % 2, "water": 1 + number // 2, "other": (number + start % 4) // 2}
            points = {element: min(wished[element], there[element]) for element in WARNING}
            yield {
                "area_code": code,
                "year": str(year),
                "grids": str(grids),
                "park_grids": str(parks),
                "officers": str(officers),
                "grid_found": str(found),
                "grid_closed": str(found - found * (left % 7) // 100),
                "drones": str(drones),
                "flights": str(drones * (11 + flown % 24)),
                "mobile_km": str(120 * (number + 1) + driven % 900),
                "devices": str(min(crew, 2 + number * crew // 3)),
                **{f"automatic_points_{element}": str(count) for element, count in there.items()},
                "warning_points": str(sum(points.values())),
                **{f"warning_points_{element}": str(count) for element, count in points.items()},
                "warnings": str(warnings),
                "warnings_checked": str(warnings - (left % 3 == 0)),
                "duties": str(40 + start % 12),
                "duties_assigned": str(40 + start % 12 - max(0, 4 - number - hired % 3)),
            }


def _automatic(world: World) -> Counter[tuple[str, int, str]]:
    """How many automatic points each district has in each year: of air, of water, of all other elements."""
    places = (
        ("air", air.stations(world.districts)),
        ("water", water.tables(world.districts)["water/sections.csv"]),
        ("other", radiation.tables(world)["radiation/points.csv"]),
        ("other", climate.tables(world)["climate/ghg_monitoring.csv"]),
    )
    return Counter(
        (str(row["area_code"]), year, element)
        for element, rows in places
        for row in rows.to_dict("records")
        for year in YEARS
        if row.get("kind") != "manual" and row.get("year", year) == year
        if row.get("opened_date", "") <= f"{year}-12-31" and (row.get("closed_date") or "9999") >= f"{year}"
    )


# --- data, platform, science --------------------------------------------------------------------------


def _platform(stream: Stream, city: str) -> Iterator[Row]:
    """The services of the city's platform in each year."""
    for number, (zh, en, layers, is_open, delay) in enumerate(SERVICES, start=1):
        for place, year in enumerate(YEARS):
            served, asked = stream.words(2).tolist()
            yield {
                "service_id": f"DEMO-S-{number}",
                "area_code": city,
                "year": str(year),
                "name_zh": f"示例{zh}",
                "name_en": f"Demo {en}",
                "datasets": str(min(len(DATASETS), 6 + 4 * place + 2 * number + served % 4)),
                "layers": str(layers * (6 + place) // 6),
                "calls_10k": str(20 * number + 15 * place + asked % 60),
                "delay_days": str(max(1, delay + 2 - place)),
                "is_public": str(is_open).lower(),
            }


def _projects(city: str) -> Iterator[Row]:
    """The science and technology projects."""
    for number, (theme, zh, en, begun, years, funding, partner, applied) in enumerate(PROJECTS, start=1):
        yield {
            "project_id": f"DEMO-K-{number:02}",
            "area_code": city,
            "name_zh": f"示例课题·{zh}",
            "name_en": f"Demo project: {en}",
            "theme": theme,
            "started_year": str(begun),
            "years": str(years),
            "funding_10k_yuan": str(funding),
            "partner": partner,
            "applied_year": str(begun + applied) if applied and begun + applied <= YEARS[-1] else "",
        }


def _apportionment(stream: Stream, city: str) -> Iterator[Row]:
    """Where the city's PM2.5 came from; all sources add up to a hundred percent."""
    for place, year in enumerate(YEARS):
        tenths = {
            source: first + place * each + int(stream.words(1)[0]) % 9 - 4
            for source, (first, each) in APPORTIONED.items()
        }
        tenths["other"] = 1000 - sum(tenths.values())
        for source, share in tenths.items():
            yield {
                "area_code": city,
                "year": str(year),
                "source": source,
                "share_pct": f"{share // 10}.{share % 10}",
            }


def _science(stream: Stream, world: World, city: str) -> Iterator[Row]:
    """Experts, sharing and exchange in each year, and what works that burn less coal than the year before have cut."""
    coal, nox = (world.years.pivot(index="enterprise_id", columns="year", values=name) for name in ("coal", "nox"))
    for place, year in enumerate(YEARS):
        experts, shared, met = stream.words(3).tolist()
        saved = "", ""
        if place:
            less = (coal[year - 1] - coal[year]).dropna()
            less = less[less > 0]
            cut = (nox[year - 1] - nox[year]).reindex(less.index).clip(lower=0)
            saved = str(int(less.sum()) * CO2_OF_COAL // 10**7), str(int(cut.sum()) // 10**6)
        yield {
            "area_code": city,
            "year": str(year),
            "experts": str(58 + 7 * place + experts % 5),
            "instruments": str(20 + 6 * place + shared % 8),
            "exchanges": str(3 + 2 * place + met % 4),
            "co2_cut_t": saved[0],
            "nox_cut_t": saved[1],
        }


# --- how it is written --------------------------------------------------------------------------------


def _working(day: date) -> date:
    """*day*, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d}"
