"""Demonstration of credit: how the enterprises of the one invented city were rated, and what came of it.

A penalty, an emergency or a conviction changes a level at once; who is warned or bad may have its credit repaired in
the year after. The platforms, the institutions and what other departments did are invented here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from reportkit.demonstration import emergency, law, permits
from reportkit.demonstration.assumptions import LEVELS, YEARS
from reportkit.demonstration.stream import Stream
from reportkit.demonstration.world import World

SEED = 20_240_613
ORIGIN = {"status": "demonstration", "source_id": "demo-credit"}

# When the result of a year is published, in the year after; of the last year that is still to come.
PUBLISHED = {2021: date(2022, 5, 20), 2022: date(2023, 5, 19), 2023: date(2024, 5, 24)}
DAYS_TO_APPLY = 184  # six months from any day of May

# The best level that a penalty, an emergency or a conviction leaves; the others are put on record only.
AT_BEST = {
    **{"without_permit": "red", "facilities_idle": "red", "hazardous_waste": "yellow", "over_standard": "yellow"},
    **{"serious_incident": "red", "criminal": "red"},
}

# What other departments do: department, kind, for which levels, and to how many thousandths of these.
MEASURES: Mapping[str, tuple[str, str, Sequence[str], int]] = {
    "inspection_fewer": ("ecology", "reward", ("green",), 1000),
    "green_credit": ("banking", "reward", ("green", "blue"), 160),
    "awards_preferred": ("industry", "reward", ("green",), 420),
    "inspection_more": ("ecology", "penalty", ("yellow", "red"), 1000),
    "credit_limited": ("banking", "penalty", ("red",), 1000),
    "awards_refused": ("industry", "penalty", ("yellow", "red"), 1000),
    "subsidy_refused": ("finance", "penalty", ("red",), 1000),
}
# Names, since when linked, and what is exchanged.
PLATFORMS = (
    ("市信用信息共享平台", "city credit platform", 2021, "evaluations"),
    ("排污许可管理平台", "discharge permit platform", 2021, "permits"),
    ("行政处罚公示平台", "penalty notice platform", 2022, "penalties"),
    ("银行信贷查询接口", "bank enquiry interface", 2023, "evaluations"),
    ("公共资源交易平台", "public procurement platform", 2024, "evaluations"),
)
INSTITUTIONS = (
    ("governance", "环境治理机构", "treatment institution", 5),
    ("testing", "环境检测机构", "testing institution", 6),
    ("service", "环境服务机构", "service institution", 5),
)
Row = dict[str, str]


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    stream, incidents, convictions = Stream(SEED), _incidents(world), _convictions(world)
    world = replace(world, credit=_vetoed(world, convictions))
    repairs = list(_repairs(stream, world))
    rows = {
        "evaluations": _evaluations(world, incidents),
        "events": _events(world, repairs, [*incidents, *convictions]),
        "repairs": repairs,
        "institutions": _institutions(stream, world),
        "measures": _measures(stream, world),
        "platforms": _platforms(world),
    }
    return {f"credit/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


def _incidents(world: World) -> list[Row]:
    """The emergencies that an enterprise of the register caused; the one there is was a serious one."""
    rows = emergency.tables(world)["emergency/incidents.csv"].to_dict("records")
    return [_happened(row, "date", "serious_incident") for row in rows if row["enterprise_id"]]


def _convictions(world: World) -> list[Row]:
    """The crimes against the environment of which a court convicted an enterprise."""
    rows = law.tables(world)["law/transfers.csv"].to_dict("records")
    return [_happened(row, "outcome_date", "criminal") for row in rows if row["outcome"] == "convicted"]


def _happened(row: Mapping[Any, Any], day: str, event: str) -> Row:
    """An event of an enterprise that is no penalty, on the *day* that its row tells."""
    whose = {name: str(row[name]) for name in ("enterprise_id", "area_code")}
    return {**whose, "date": str(row[day]), "year": str(row[day])[:4], "event": event, "number": ""}


def _vetoed(world: World, convictions: Sequence[Row]) -> pd.DataFrame:
    """The credit of the city, of which a conviction is a veto in its year."""
    convicted = {(row["enterprise_id"], int(row["year"])) for row in convictions}
    pairs = zip(world.credit["enterprise_id"], world.credit["year"], strict=True)
    has_crime = pd.Series([pair in convicted for pair in pairs], index=world.credit.index)
    levels = world.credit["level"].mask(has_crime, LEVELS[-1])
    return world.credit.assign(has_veto=world.credit["has_veto"] | has_crime, level=levels)


def _evaluations(world: World, incidents: Sequence[Row]) -> Iterator[Row]:
    """The evaluation of each enterprise in each year it was rated, with the level it had the year before."""
    harmed = {(row["enterprise_id"], row["year"]) for row in incidents}
    industry = dict(zip(world.enterprises["enterprise_id"], world.enterprises["industry"], strict=True))
    levels = _levels(world)
    for row in world.credit.to_dict("records"):
        yield {
            **{name: str(row[name]) for name in ("enterprise_id", "area_code")},
            "industry": str(industry[row["enterprise_id"]]),
            **{name: str(row[name]) for name in ("year", "points", "green_indicators")},
            "has_veto": str(row["has_veto"]).lower(),
            "has_incident": str((row["enterprise_id"], str(row["year"])) in harmed).lower(),
            "level_before": levels[str(row["enterprise_id"])].get(int(row["year"]) - 1, ""),
            "level": str(row["level"]),
        }


def _levels(world: World) -> dict[str, dict[int, str]]:
    """The level of each enterprise by year."""
    levels: dict[str, dict[int, str]] = defaultdict(dict)
    for row in world.credit.to_dict("records"):
        levels[str(row["enterprise_id"])][int(row["year"])] = str(row["level"])
    return levels


def _penalised(world: World) -> dict[str, list[str]]:
    """The days on which each enterprise was penalised, in their order."""
    days: dict[str, list[str]] = defaultdict(list)
    for row in world.penalties.sort_values("decided_date").to_dict("records"):
        days[str(row["enterprise_id"])].append(str(row["decided_date"]))
    return days


def _repairs(stream: Stream, world: World) -> Iterator[Row]:
    """Who, being yellow or red, applied for repair after the result was published, and what became of it."""
    levels, penalised = _levels(world), _penalised(world)
    bad = world.credit[world.credit["level"].isin(LEVELS[2:]) & world.credit["year"].isin(PUBLISHED)]
    numbers: dict[int, int] = defaultdict(int)
    for row in bad.sort_values(["year", "enterprise_id"], kind="stable").to_dict("records"):
        will, late, wait, work = stream.words(4).tolist()
        enterprise, year, level = str(row["enterprise_id"]), int(row["year"]), str(row["level"])
        if year + 1 not in levels[enterprise] or will % 100 >= 78:
            continue
        published = PUBLISHED[year]
        is_late = late % 100 < 14
        applied = published + timedelta(days=DAYS_TO_APPLY + 1 + wait % 20 if is_late else 10 + wait % 140)
        accepted = applied + timedelta(days=3 + work % 10)
        announced = accepted + timedelta(days=10 + work % 31)
        restored = announced + timedelta(days=7 + work % 4)
        is_new = any(f"{published}" < day <= f"{restored}" for day in penalised[enterprise])
        outcome = "too_late" if is_late else "new_penalty" if is_new else "restored"
        is_done = outcome == "restored"
        numbers[year + 1] += 1
        yield {
            "repair_id": f"DEMO-R-{year + 1}-{numbers[year + 1]:02}",
            "enterprise_id": enterprise,
            "area_code": str(row["area_code"]),
            "year": str(year + 1),
            "evaluated_year": str(year),
            "level_before": level,
            "published_date": f"{published}",
            "applied_date": f"{applied}",
            "accepted_date": "" if is_late else f"{accepted}",
            "announced_date": f"{announced}" if is_done else "",
            "restored_date": f"{restored}" if is_done else "",
            "level_after": LEVELS[LEVELS.index(level) - 1] if is_done else "",
            "outcome": outcome,
        }


def _events(world: World, repairs: Sequence[Row], others: Sequence[Row]) -> Iterator[Row]:
    """What penalties and *others* made of the level that stood on their day; before the first result there was none."""
    levels = _levels(world)
    repaired = {(row["enterprise_id"], int(row["evaluated_year"])): row for row in repairs if row["restored_date"]}
    earlier: dict[str, list[tuple[int, str]]] = defaultdict(list)
    numbers: dict[int, int] = defaultdict(int)
    penalties = world.penalties.rename(columns={"decided_date": "date", "violation": "event"})
    rows: list[Mapping[Any, Any]] = [*penalties.to_dict("records"), *others]
    for row in sorted(rows, key=lambda row: (str(row["date"]), str(row["number"]))):
        enterprise, day, year = str(row["enterprise_id"]), str(row["date"]), int(row["year"])
        results = [of for of in levels[enterprise] if of in PUBLISHED and f"{PUBLISHED[of]}" < day]
        standing = []
        if results:
            repair = repaired.get((enterprise, max(results)))
            is_repaired = repair is not None and repair["restored_date"] < day
            standing.append(repair["level_after"] if repair and is_repaired else levels[enterprise][max(results)])
        standing += [level for of, level in earlier[enterprise] if of > max(results, default=0)]
        before = max(standing, key=LEVELS.index, default="")
        best = AT_BEST.get(str(row["event"]), "")
        after = max(filter(None, (before, best)), key=LEVELS.index, default="")
        if best:
            earlier[enterprise].append((year, best))
        numbers[year] += 1
        yield {
            "event_id": f"DEMO-C-{year}-{numbers[year]:02}",
            "enterprise_id": enterprise,
            "area_code": str(row["area_code"]),
            "year": str(year),
            "date": day,
            "event": str(row["event"]),
            "number": str(row["number"]),
            "level_before": before,
            "level_after": after,
        }


def _institutions(stream: Stream, world: World) -> Iterator[Row]:
    """Institutions that treat, test and advise; who is found with more problems has the worse level."""
    districts = world.districts.to_dict("records")
    number = 0
    for kind, zh, en, count in INSTITUTIONS:
        for _ in range(count):
            (care,) = stream.words(1).tolist()
            place = districts[number % len(districts)]
            number += 1
            for year in YEARS:
                (luck,) = stream.words(1).tolist()
                problems = max(0, (700 - care % 700) // 160 + luck % 3 - 1)
                level = 3 if problems > 4 else 2 if problems > 2 else 1 if problems or care % 700 < 600 else 0
                yield {
                    "institution_id": f"DEMO-T-{number:02}",
                    "name_zh": f"示例{place['name_zh'].removesuffix('区')}{zh}{number:02}",
                    "name_en": f"Demo {place['name_en'].removesuffix(' District')} {en} {number:02}",
                    "area_code": str(place["area_code"]),
                    "kind": kind,
                    "year": str(year),
                    "problems": str(problems),
                    "level": LEVELS[level],
                }


def _measures(stream: Stream, world: World) -> Iterator[Row]:
    """How many enterprises of a district each measure was taken for, after the evaluation of each year."""
    counted = world.credit.groupby(["area_code", "year", "level"]).size().to_dict()
    for code in world.districts["area_code"].tolist():
        for year in YEARS:
            for measure, (department, kind, levels, part) in MEASURES.items():
                (luck,) = stream.words(1).tolist()
                concerned = sum(int(counted.get((code, year, level), 0)) for level in levels)
                taken = concerned if part == 1000 else concerned * (part + luck % 80 + 30 * (year - YEARS[0])) // 1000
                yield {
                    "area_code": str(code),
                    "year": str(year),
                    "measure": measure,
                    "department": department,
                    "kind": kind,
                    "levels": ";".join(levels),
                    "enterprises": str(taken),
                }


def _platforms(world: World) -> Iterator[Row]:
    """The platforms that the archives are linked to, and what was exchanged with each in a year."""
    city = str(world.areas["area_code"].iloc[0])
    in_force = permits.held(world)
    for number, (zh, en, linked, shares) in enumerate(PLATFORMS, start=1):
        for year in range(linked, YEARS[-1] + 1):
            records = {
                "evaluations": (world.credit["year"] == year).sum(),
                "permits": len(in_force[year]),
                "penalties": (world.penalties["year"] == year).sum(),
            }
            yield {
                "platform_id": f"DEMO-L-{number:02}",
                "name_zh": f"示例{zh}",
                "name_en": f"Demo {en}",
                "area_code": city,
                "linked_year": str(linked),
                "shares": shares,
                "year": str(year),
                "records": str(records[shares]),
            }
