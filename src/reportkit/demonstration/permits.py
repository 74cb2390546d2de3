"""Demonstration of permits: those that the one invented city holds, what became of them, and what goes by them.

Small places without a permit are invented here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pandas as pd

from reportkit.demonstration.assumptions import INDUSTRIES, YEARS
from reportkit.demonstration.stream import Stream
from reportkit.demonstration.world import World, as_text

OUT_OF_TURN_SEED, DAYS_SEED = 20_240_612, 20_240_614

REPORTS = {"key": 5, "simplified": 1}  # execution reports a year
LINKS = {"eia": 730, "total_control": 610, "statistics": 700, "monitoring": 770, "enforcement": 660}

Row = dict[str, str]


def issued(world: World) -> Iterator[Row]:
    """The permits as they are issued, which do not tell what led to them."""
    return as_text(world.permits.drop(columns="is_out_of_turn"))


def changes(stream: Stream, world: World) -> Iterator[Row]:
    """Permits that were changed, and those of enterprises that closed."""
    out_of_turn = Stream(OUT_OF_TURN_SEED)
    closed = dict(zip(world.enterprises["enterprise_id"], world.enterprises["closed_year"], strict=True))
    days = Stream(DAYS_SEED)
    for row in world.permits.to_dict("records"):
        for year in YEARS:
            (luck,) = (out_of_turn if row["is_out_of_turn"] else stream).words(1).tolist()
            is_valid = row["issued_date"][:4] <= str(year) and row["valid_until"] >= f"{year}-12-31"
            if is_valid and (closed[row["enterprise_id"]] == year or luck % 100 < 9):
                (day,) = days.words(1).tolist()
                first = max(date(year, 1, 1), date.fromisoformat(row["issued_date"]))
                yield {
                    **{name: str(row[name]) for name in ("permit_id", "enterprise_id", "area_code")},
                    "year": str(year),
                    "date": (first + timedelta(days=day % ((date(year, 12, 31) - first).days + 1))).isoformat(),
                    "kind": "cancelled" if closed[row["enterprise_id"]] == year else "changed",
                }


def held(world: World) -> dict[int, pd.DataFrame]:
    """The permits in force at the end of each year, with the industry of whoever holds them."""
    about = world.enterprises[["enterprise_id", "industry", "closed_year"]]
    permits = world.permits.merge(about, on="enterprise_id")
    found = {}
    for year in YEARS:
        end = f"{year}-12-31"
        is_open = (permits["closed_year"] == 0) | (permits["closed_year"] > year)
        found[year] = permits[(permits["issued_date"] <= end) & (permits["valid_until"] >= end) & is_open]
    return found


def registrations(stream: Stream, world: World) -> Iterator[Row]:
    """Small places that are registered without a permit, by district and year."""
    for code in world.districts["area_code"]:
        works = int((world.enterprises["area_code"] == code).sum())
        known = works * 26
        for year in YEARS:
            comes, goes, same = stream.words(3).tolist()
            new, cancelled = known * (30 + comes % 40) // 1000, known * (12 + goes % 26) // 1000
            known += new - cancelled
            yield {
                "area_code": str(code),
                "year": str(year),
                "in_force": str(known),
                "new": str(new),
                "renewed": str(known * (90 + same % 60) // 1000),
                "cancelled": str(cancelled),
            }


def oversight(stream: Stream, world: World, in_force: Mapping[int, pd.DataFrame]) -> Iterator[Row]:
    """Execution reports due and filed, and what checks after the permit found, by district, year and kind of permit."""
    for code in world.districts["area_code"]:
        for number, year in enumerate(YEARS):
            own = Counter(in_force[year].loc[in_force[year]["area_code"] == code, "management"])
            for management, each in REPORTS.items():
                filed, checked, found, mended = stream.words(4).tolist()
                due = own[management] * each
                looked = own[management] * (330 + 60 * number + checked % 120) // 1000
                problems = looked * (120 + found % 160 - 15 * number) // 1000
                yield {
                    "area_code": str(code),
                    "year": str(year),
                    "management": management,
                    "reports_due": str(due),
                    "reports_filed": str(due - due * (filed % 90 // (number + 1)) // 1000),
                    "checked": str(looked),
                    "problems": str(problems),
                    "corrected": str(problems - mended % 2 * (problems > 0)),
                }


def links(stream: Stream, world: World, in_force: Mapping[int, pd.DataFrame]) -> Iterator[Row]:
    """For how many permits of each industry other work of the authority goes by the permit."""
    for code in world.districts["area_code"]:
        for number, year in enumerate(YEARS):
            own = Counter(in_force[year].loc[in_force[year]["area_code"] == code, "industry"])
            for industry in (name for name in INDUSTRIES if own[name]):
                lucks = stream.words(len(LINKS)).tolist()
                shares = [
                    min(1000, share - 60 + 40 * number + luck % 120)
                    for share, luck in zip(LINKS.values(), lucks, strict=True)
                ]
                yield {
                    "area_code": str(code),
                    "year": str(year),
                    "industry": industry,
                    "permits": str(own[industry]),
                    **{
                        name: str((own[industry] * share + 500) // 1000)
                        for name, share in zip(LINKS, shares, strict=True)
                    },
                }
