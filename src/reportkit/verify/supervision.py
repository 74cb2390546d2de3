"""Draws, results, points and data sets of supervision, worked out from the published tables alone."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from reportkit.standards.rules import table
from reportkit.verify.days import working_days
from reportkit.verify.problems import Problem
from reportkit.verify.published import Entry, number
from reportkit.verify.tables import Row, Tables, differences, is_in_force

Texts = dict[str, str]

# Element, the tables of its points and of what they measure, their key, and how much a point has in a year: rows, or
# the columns that say how much it had and could have.
_COUNTED: Sequence[tuple[str, str, str, str, int]] = (
    ("water", "water/sections", "water/section_monthly", "section_id", 12),
    ("water", "water/drinking_sources", "water/drinking_monthly", "intake_id", 12),
    ("soil", "soil/groundwater_points", "soil/groundwater", "point_id", 1),
    ("noise", "noise/area_grid", "noise/area_grid", "point_id", 1),
    ("noise", "noise/roads", "noise/roads", "road_id", 1),
    ("noise", "noise/functional_zones", "noise/functional_zones", "point_id", 4),
    ("radiation", "radiation/electromagnetic_points", "radiation/electromagnetic", "field_id", 1),
    ("ecology", "ecology/sites", "ecology/site_checks", "site_id", 1),
)


def problems(tables: Tables) -> Iterator[Problem]:
    """What in the tables of draws, results, points and data sets does not follow from the rows of the whole."""
    for name, year, _ in tables.of_reports("supervision/draws"):
        yield from differences("table.draws", name, list(_draws(tables, year)), tables.rows(name), ["draw_id"])
    for name, year, _ in tables.of_reports("supervision/drawn"):
        key = ["draw_id", "enterprise_id"]
        yield from differences("table.drawn", name, list(_drawn(tables, year)), tables.rows(name), key)
    for name, year, _ in tables.of_reports("supervision/points"):
        found = tables.rows(name)
        expected = [*_stations(tables, year, found), *_points(tables, year)]
        yield from differences("table.points", name, expected, found, ["element", "point_id"])
    for name, year, _ in tables.of_reports("supervision/holdings"):
        expected = list(_holdings(tables, year))
        yield from differences("table.holdings", name, expected, tables.rows(name), ["dataset", "area_code"])


# --- verdicts ------------------------------------------------------------------------------------


def ratio_verdict(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str | None:
    """Whether as much of a class is drawn as is asked of such a bureau: ``of`` names the ratio, then the least."""
    planned, least = (entries[identity] for identity in derivation["of"])
    own, asked = (entry["derivation"]["where"] for entry in (planned, least))
    (area,) = tables.where("areas", {"area_code": own["area_code"]})
    if (own["class"], area["kind"]) != (asked["class"], asked["bureau"]):
        raise ValueError("expected the ratio and the least ratio of the same class and kind of bureau")
    ratio, limit = number(planned), number(least)
    if ratio is None or limit is None:
        return None
    return "draw_enough" if ratio >= limit else "draw_short"


def publication_verdict(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str | None:
    """Whether the slowest result was published in time: ``of`` names the working days it took, then those allowed."""
    taken, limit = (entries[identity] for identity in derivation["of"])
    if limit["derivation"]["table"] != "standards/supervision_publication":
        raise ValueError("expected the deadline for the results of a draw")
    days, allowed = number(taken), number(limit)
    if days is None or allowed is None:
        return None
    return "all_in_time" if days <= allowed else "some_late"


# --- draws ---------------------------------------------------------------------------------------


def _hash(*lines: str) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def _draws(tables: Tables, year: str) -> Iterator[Texts]:
    """Each draw of a year, with the number of things in which it is other than it comes to."""
    for row in tables.rows("supervision/draws"):
        if row["drawn_date"][:4] != year:
            continue
        drawn = tables.where("supervision/drawn", {"draw_id": row["draw_id"]})
        wrong = _wrong(tables, row, drawn)
        yield {
            "draw_id": row["draw_id"],
            "bureau_code": row["area_code"],
            "year": year,
            "drawn": str(len(drawn)),
            "differences": str(wrong),
            "outcome": "draw_differs" if wrong else "draw_repeats",
        }


def _wrong(tables: Tables, row: Row, drawn: Sequence[Row]) -> int:
    """In how many things a draw is other than its seed and its lists make it."""
    if row["algorithm"] != "1":
        return 1
    pool = tables.where("supervision/pool", {"pool_id": row["pool_id"]})
    ratios = tables.where("supervision/ratios", {"pool_id": row["pool_id"]})
    crew = tables.where("supervision/inspectors", {"area_code": row["area_code"]})
    lists = ["\t".join((unit["enterprise_id"], unit["area_code"], unit["class"])) for unit in pool]
    lists += ["\t".join((ratio["class"], ratio["ratio_pct"])) for ratio in ratios]
    lists += ["\t".join((one["inspector_id"], one["conflicts"])) for one in crew]
    wrong = [
        row["commitment"] != _hash(row["seed"]),
        row["lists_sha256"] != _hash(*sorted(lists)),
        row["committed_date"] >= row["drawn_date"],
    ]
    columns = ("class", "place", "inspector_1", "inspector_2")
    published = {one["enterprise_id"]: tuple(one[column] for column in columns) for one in drawn}
    expected = {unit: rest for ratio in ratios for unit, *rest in _of_class(row["seed"], ratio, pool, crew)}
    units = expected.keys() | published.keys()
    others = sum(tuple(expected.get(unit, ())) != published.get(unit, ()) for unit in units)
    twice = sum(times > 1 for times in Counter(one["enterprise_id"] for one in drawn).values())
    return sum(wrong) + others + twice


def _of_class(seed: str, ratio: Row, pool: Sequence[Row], crew: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    """The units of one class that a seed draws: unit, class, place, both inspectors."""
    units = [(unit["enterprise_id"], unit["area_code"]) for unit in pool if unit["class"] == ratio["class"]]
    ranked = sorted((_hash(seed, unit[0]), unit) for unit in units)
    take = -(-len(ranked) * Fraction(ratio["ratio_pct"]) // 100)
    for place, (_, (id_, code)) in enumerate(ranked[: int(take)], start=1):
        able = [one["inspector_id"] for one in crew if not {id_, code} & set(one["conflicts"].split(";"))]
        pair = [name for _, name in sorted((_hash(seed, id_, name), name) for name in able)[:2]]
        yield (id_, ratio["class"], str(place), *pair, *[""] * (2 - len(pair)))


def _drawn(tables: Tables, year: str) -> Iterator[Texts]:
    """Each unit that was drawn in a year: inspected or not, with problems or not, and when that was published."""
    draws = [row for row in tables.rows("supervision/draws") if row["drawn_date"][:4] == year]
    bureau = {row["draw_id"]: row["area_code"] for row in draws}
    for row in tables.rows("supervision/drawn"):
        if row["draw_id"] in bureau:
            days, word = _published(row["inspected_date"], row["published_date"])
            yield {
                **{name: row[name] for name in ("draw_id", "enterprise_id", "class", "place", "found")},
                "bureau_code": bureau[row["draw_id"]],
                "year": year,
                "is_inspected": str(bool(row["inspected_date"])).lower(),
                "has_problem": str(row["found"] in ("put_right", "case")).lower(),
                "working_days": days,
                "publication": word,
            }


def _published(inspected: str, published: str) -> tuple[str, str]:
    """The working days from an inspection to its publication, and whether that was in time."""
    if not inspected or not published:
        return "", "unpublished" if inspected else ""
    days = working_days(inspected, published)
    if days is None:
        return "", "unknown"
    for rule in table("supervision_publication"):
        if is_in_force(rule, inspected):
            return str(days), "in_time" if days <= int(rule["working_days"]) else "late"
    return str(days), "unknown"


# --- points and data sets ------------------------------------------------------------------------


def _stations(tables: Tables, year: str, found: Sequence[Row]) -> Iterator[Row]:
    """The stations of air: as the tables of each district's page of air have them, or as found where there is none."""
    there = {row["station_id"]: row for row in tables.rows("stations") if _was_there(row, year)}
    days: dict[str, list[bool]] = defaultdict(list)
    for name, _, _ in (report for report in tables.of_reports("air/stations") if report[1] == year):
        of_page: dict[str, list[bool]] = defaultdict(list)
        for row in tables.rows(name):
            of_page[row["station_id"]].append(row["is_complete"] == "true")
        days |= of_page
    own = {row["point_id"]: row for row in found if row["element"] == "air"}
    districts = {row["area_code"] for row in tables.rows("areas") if row["kind"] != "city"}
    for id_, row in there.items():
        if row["area_code"] not in districts:
            continue
        counts = {"had": str(sum(days[id_])), "possible": str(len(days[id_]))} if id_ in days else {}
        if not own.get(id_, {"had": ""})["had"]:
            counts = {}  # no day of any station is known
        yield {"point_id": id_, "element": "air", "mode": "automatic", "area_code": row["area_code"], **counts}


def _points(tables: Tables, year: str) -> Iterator[Texts]:
    """All other points, with what they had and could have had in a year."""
    for element, points, measured, key, possible in _COUNTED:
        rows = [row for row in tables.rows(measured) if row.get("month", row.get("year", ""))[:4] == year]
        had = Counter(row[key] for row in rows)
        for id_, row in _places(tables, points, measured, key, rows, year).items():
            counts = (str(min(had[id_], possible)), str(possible)) if rows else ("", "")
            mode = "automatic" if row.get("kind") == "automatic" else "manual"
            yield _point(id_, element, mode, row, counts)
    hours = [row for row in tables.rows("radiation/dose_rate") if row["year"] == year]
    for row in tables.rows("radiation/points"):
        own = [other for other in hours if other["point_id"] == row["point_id"]]
        filled, asked = (sum(int(other[name]) for other in own) for name in ("hours", "possible_hours"))
        counts = (str(min(filled, asked)), str(asked)) if asked else ("", "")
        yield _point(row["point_id"], "radiation", row["kind"], row, counts)
    length = (date(int(year) + 1, 1, 1) - date(int(year), 1, 1)).days
    for row in tables.where("climate/ghg_monitoring", {"year": year}):
        yield _point(row["point_id"], "ghg", "automatic", row, (str(min(int(row["days"]), length)), str(length)))


def _places(tables: Tables, points: str, measured: str, key: str, rows: Sequence[Row], year: str) -> Mapping[str, Row]:
    """The points of one kind by their keys: those that were there, or were measured where nothing else names them."""
    if points == measured:
        return {row[key]: row for row in reversed(rows)}
    return {row[key]: row for row in tables.rows(points) if _was_there(row, year)}


def _point(id_: str, element: str, mode: str, row: Row, counts: tuple[str, str]) -> Texts:
    had, possible = counts
    about = {"point_id": id_, "element": element, "mode": mode, "area_code": row["area_code"]}
    return {**about, "had": had, "possible": possible}


def _was_there(row: Row, year: str) -> bool:
    opened = row.get("opened_date", row.get("opened_year", ""))[:4]
    closed = row.get("closed_date", "")[:4]
    return opened <= year <= (closed or "9999")


def _holdings(tables: Tables, year: str) -> Iterator[Texts]:
    """How many rows of a year each data set of the inventory has, of each area that should have some."""
    areas = tables.rows("areas")
    for about in tables.rows("supervision/datasets"):
        places = {row["area_code"] for row in tables.rows(about["places"])} if about["places"] else set()
        rows = [row for row in tables.rows(about["dataset"]) if row[about["period"]][:4] == year]
        by_area = _by_area(tables, about, rows)
        for area in (row for row in areas if row["kind"] == about["level"]):
            own = rows if about["level"] == "city" else by_area[area["area_code"]]
            yield {
                "dataset": about["dataset"],
                "area_code": area["area_code"],
                "rows": str(len(own)),
                "is_held": str(bool(own)).lower(),
                "is_applicable": str(about["level"] == "city" or not places or area["area_code"] in places).lower(),
                "has_official": str(any(row["status"] != "demonstration" for row in own)).lower(),
            }


def _by_area(tables: Tables, about: Row, rows: Sequence[Row]) -> Mapping[str, Sequence[Row]]:
    """The *rows* of a data set by area; a table of points, whose first column names them, may say where they are."""
    places = tables.rows(about["places"]) if about["places"] else []
    key = next(iter(places[0])) if places else ""
    code_of = {row[key]: row["area_code"] for row in places}
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[code_of[row[key]] if key else row.get("area_code", "")].append(row)
    return found
