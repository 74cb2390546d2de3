"""Demonstration of emergencies: the risk units of the one invented city, their plans, and what happened in it.

Risk units are the enterprises that are asked to be insured; the careful ones drill, file and review in time. One
incident is the doing of an enterprise of the register, whose credit was red in that year already; the others are not,
for then credit would have to fall. Hospitals are the city's; how often there was measuring because of an incident
follows from the incidents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pandas as pd

from reportkit.demonstration.assumptions import INDUSTRIES, YEARS
from reportkit.demonstration.law import RISKY
from reportkit.demonstration.stream import Stream
from reportkit.demonstration.world import World

SEED = 20_240_617
ORIGIN = {"status": "demonstration", "source_id": "demo-emergency"}
Row = dict[str, str]

LAST_DAY = date(YEARS[-1], 12, 31)  # what would come later has not happened
FIRST_PLANS = 2018
RISKS = ("ordinary", "considerable", "major")
GRAVE = {"chemicals": 2, "power": 2, "steel": 1, "plating": 1, "circuits": 1}  # what a large one is; a small one less
CAUSES = {"traffic": "water", "dumping": "soil", "production": "air", "weather": "water"}
GREATEST = (YEARS[1], 5_400_000)  # in one year one incident, in the production of an enterprise, cost so many yuan


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    stream = Stream(SEED)
    incidents = list(_incidents(stream, world))
    rows = {
        "risk_units": list(_risk_units(stream, world)),
        "plans": list(_plans(stream, world)),
        "incidents": incidents,
        "readiness": list(_readiness(stream, world)),
        "monitoring": list(_monitoring(stream, world, incidents)),
        "epidemic": list(_epidemic(stream, world)),
    }
    return {f"emergency/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


def _risky(world: World) -> pd.DataFrame:
    """The enterprises that could do great harm at once."""
    return world.enterprises[world.enterprises["industry"].isin(RISKY)]


def _risk_units(stream: Stream, world: World) -> Iterator[Row]:
    """Each risk unit at the end of each year: its level, its drill, and the dangers that it found and put right.

    Some of the careful ones come to be of less risk.
    """
    there = set(zip(world.at_year_end["enterprise_id"], world.at_year_end["year"], strict=True))
    for row in _risky(world).to_dict("records"):
        (change,) = stream.words(1).tolist()
        care = int(row["diligence"])
        is_large = int(row["size"]) >= INDUSTRIES[row["industry"]].size
        risk = max(0, GRAVE.get(row["industry"], 0) - (not is_large))
        better_from = YEARS[1] + change % 4 if care > 760 else YEARS[-1] + 1
        for place, year in enumerate(YEARS):
            drill, found, left = stream.words(3).tolist()
            dangers = 1 + found % 6 + (1000 - care) // 250
            if (row["enterprise_id"], year) in there:
                yield {
                    "enterprise_id": str(row["enterprise_id"]),
                    "area_code": str(row["area_code"]),
                    "year": str(year),
                    "risk_level": RISKS[max(0, risk - (year >= better_from))],
                    "has_drill": str(drill % 1000 < 420 + care // 2 + 30 * place).lower(),
                    "dangers_found": str(dangers),
                    "dangers_fixed": str(dangers - min(dangers, left % (1 + (1000 - care) // 220))),
                }


def _plans(stream: Stream, world: World) -> Iterator[Row]:
    """The plans that were filed: one after the other about every three years, the careless late or not at all."""
    for row in _risky(world).to_dict("records"):
        start, month, day, idle = stream.words(4).tolist()
        care, number = int(row["diligence"]), 0
        year = max(FIRST_PLANS + start % 3, int(row["opened_year"])) + (7 if care < 360 and idle % 2 else 0)
        signed = date(year, 1 + month % 12, 1 + day % 28)
        last = min(LAST_DAY, date(int(row["closed_year"]) or YEARS[-1], 12, 31))
        while True:
            wait, late, early, behind = stream.words(4).tolist()
            filed = signed + timedelta(days=4 + wait % 22 + (12 + late % 30 if late % 1000 < 400 - care // 3 else 0))
            if filed > last:
                break
            number += 1
            yield {
                "plan_id": f"{row['enterprise_id'].replace('-E-', '-Y-')}-{number}",
                "enterprise_id": str(row["enterprise_id"]),
                "area_code": str(row["area_code"]),
                "signed_date": f"{signed}",
                "filed_date": f"{filed}",
            }
            is_behind = behind % 1000 < 420 - care // 3
            signed += timedelta(days=3 * 365 + (30 + early % 360 if is_behind else -10 - early % 110))


def _incidents(stream: Stream, world: World) -> Iterator[Row]:
    """One to three a year in the whole city, none of them in a known place but for the greatest."""
    for year in YEARS:
        (many,) = stream.words(1).tolist()
        for nth in range(1, 2 + many % 3):
            where, day, why, hurt, moved, much, soon, end = stream.words(8).tolist()
            cause = list(CAUSES)[why % len(CAUSES)]
            happened = date(year, 1, 8) + timedelta(days=day % 340)
            is_greatest = (year, nth) == (GREATEST[0], 1)
            code = str(world.districts["area_code"].iloc[where % len(world.districts)])
            if cause == "production" and not is_greatest:
                cause = "traffic"
            yield {
                "incident_id": f"DEMO-N-{year}-{nth}",
                "area_code": code,
                "enterprise_id": _red(world, code, year) if is_greatest else "",
                "date": f"{happened}",
                "cause": cause,
                "medium": CAUSES[cause],
                "deaths": "0",
                "injured": str(1 + hurt % 4 if hurt % 5 == 0 else 0),
                "evacuated": str(10 * (1 + moved % 30) if moved % 3 == 0 else 0),
                "loss_yuan": str(GREATEST[1] if is_greatest else 10_000 * (2 + much % 90)),
                "ecology": "",
                "water_supply": "",
                "crossing": "county" if much % 5 == 0 else "",
                "report_minutes": str(25 + soon % 190 + (120 if soon % 6 == 0 else 0)),
                "ended_date": f"{min(LAST_DAY, happened + timedelta(days=1 + end % 7))}",
            }


def _red(world: World, code: str, year: int) -> str:
    """The first enterprise of a district whose credit was red in a year."""
    rated = world.credit
    red = rated[(rated["area_code"] == code) & (rated["year"] == year) & (rated["level"] == "red")]
    return str(min(red["enterprise_id"]))


def _readiness(stream: Stream, world: World) -> Iterator[Row]:
    """What each district did and held ready in a year; more from year to year."""
    for code in map(str, world.districts["area_code"]):
        team, crew, expert, store, supply = stream.words(5).tolist()
        for place, year in enumerate(YEARS):
            drill, joined, event, came = stream.words(4).tolist()
            drills, outreach, teams = 1 + drill % 4, 3 + event % 9, 2 + team % 3 + place // 2
            yield {
                "area_code": code,
                "year": str(year),
                "drills": str(drills),
                "drill_people": str(drills * (40 + joined % 80)),
                "outreach": str(outreach),
                "outreach_people": str(outreach * (60 + came % 240)),
                "teams": str(teams),
                "team_members": str(teams * (9 + crew % 10)),
                "experts": str(4 + expert % 9 + place),
                "stores": str(1 + store % 3 + place // 3),
                "supplies": str(24 + supply % 30 + 3 * place),
            }


def _monitoring(stream: Stream, world: World, incidents: Sequence[Row]) -> Iterator[Row]:
    """How often there was measuring in an emergency, how many samples were taken, and how many were within limits."""
    happened = Counter((row["area_code"], row["date"][:4]) for row in incidents)
    for code in map(str, world.districts["area_code"]):
        for year in map(str, YEARS):
            water, health, each, out = stream.words(4).tolist()
            occasions = {"drinking_water": 1 + water % 3, "health": health % 4, "incident": happened[code, year]}
            outside = {"health": out % 3, "incident": 2 + out % 4}
            for kind, times in occasions.items():
                samples = times * (6 + each % 9)
                yield {
                    "area_code": code,
                    "year": year,
                    "kind": kind,
                    "occasions": str(times),
                    "samples": str(samples),
                    "within": str(samples - times * outside.get(kind, 0)),
                }


def _epidemic(stream: Stream, world: World) -> Iterator[Row]:
    """Hospitals and laboratories: how many were checked, and what was found."""
    hospitals = world.years[world.years["industry"] == "hospital"].groupby(["area_code", "year"]).size().to_dict()
    for code in map(str, world.districts["area_code"]):
        (many,) = stream.words(1).tolist()
        for place, year in enumerate(YEARS):
            left, each, out, seen, wrong, fixed = stream.words(6).tolist()
            here = int(hospitals.get((code, year), 0))
            samples = here * (8 + each % 9)
            laboratories = 4 + many % 16 + place
            checked = max(1, laboratories * (600 + seen % 400) // 1000)
            problems = wrong % (1 + checked // 2)
            yield {
                "area_code": code,
                "year": str(year),
                "hospitals": str(here),
                "hospitals_checked": str(here - min(here, left % 3 // 2)),
                "sewage_samples": str(samples),
                "sewage_within": str(samples - min(samples, out % 4)),
                "laboratories": str(laboratories),
                "laboratories_checked": str(checked),
                "problems": str(problems),
                "problems_fixed": str(problems - min(problems, fixed % 3 // 2)),
            }
