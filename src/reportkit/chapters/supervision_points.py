"""The points of the monitoring network (item S3), counted in the tables of what they measure, and their capture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from reportkit.chapters import Chapter
from reportkit.chapters.air import Air

ELEMENTS = ("air", "water", "soil", "noise", "radiation", "ecology", "ghg")
WARNING = ("air", "water")  # elements whose points with early warning are counted by themselves
MODES = ("automatic", "manual")
COLUMNS = ("point_id", "element", "mode", "area_code", "had", "possible", "status", "source_id")


@dataclass(frozen=True)
class _Network:
    """Points of one kind: what they watch, the tables of the points and of what was measured there, and their key.

    ``possible`` is how many rows of measurements a year of one point should have; where ``had`` names a column, what
    stands in it is added up instead, and ``possible_in`` names the column of what it could be.
    """

    element: str
    points: str
    measured: str
    key: str
    possible: int = 1
    by_month: bool = False
    had: str = ""
    possible_in: str = ""


NETWORKS = (
    _Network("water", "water/sections", "water/section_monthly", "section_id", 12, by_month=True),
    _Network("water", "water/drinking_sources", "water/drinking_monthly", "intake_id", 12, by_month=True),
    _Network("soil", "soil/groundwater_points", "soil/groundwater", "point_id"),
    _Network("noise", "noise/area_grid", "noise/area_grid", "point_id"),
    _Network("noise", "noise/roads", "noise/roads", "road_id"),
    _Network("noise", "noise/functional_zones", "noise/functional_zones", "point_id", 4),
    _Network(
        "radiation", "radiation/points", "radiation/dose_rate", "point_id", had="hours", possible_in="possible_hours"
    ),
    _Network("radiation", "radiation/electromagnetic_points", "radiation/electromagnetic", "field_id"),
    _Network("ecology", "ecology/sites", "ecology/site_checks", "site_id"),
    _Network("ghg", "climate/ghg_monitoring", "climate/ghg_monitoring", "point_id", had="days"),
)
AUTOMATIC = ("air", "ghg")  # elements whose tables name no mode


def points(chapter: Chapter) -> pd.DataFrame:
    """Every point of the network that was there in the chapter's year, with the periods it had data and should have."""
    rows = list(_of_air(chapter))
    for network in NETWORKS:
        rows += _of_network(chapter, network)
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _of_air(chapter: Chapter) -> Iterator[list[object]]:
    """The stations of air: the days on which all six pollutants have a value that counts, of all days of the year."""
    for area in chapter.edition.districts if chapter.area.is_city else [chapter.area]:
        air: Air = chapter.edition.chapter(Air, area)
        stations = _there(air.stations, chapter.year)
        if stations.empty:
            continue
        measured = air.station_days
        has_days = bool((measured["date"].dt.year == chapter.year).any())
        days = air.coverage.rows.groupby("station_id")["is_complete"].agg(["sum", "size"]) if has_days else None
        for row in stations.to_dict("records"):
            counts: list[Decimal | None] = [None, None]
            if days is not None:
                counts = [Decimal(int(days[name][row["station_id"]])) for name in ("sum", "size")]
            yield [row["station_id"], "air", "automatic", area.code, *counts, row["status"], row["source_id"]]


def _of_network(chapter: Chapter, network: _Network) -> Iterator[list[object]]:
    """The points of one kind; those that have not measured all year have had nothing."""
    year = chapter.year
    when: dict[str, Any] = (
        {"month": {"from": f"{year}-01", "to": f"{year}-12"}} if network.by_month else {"year": str(year)}
    )
    own: dict[str, Any] = {} if chapter.area.is_city else {"area_code": chapter.area.code}
    if network.points == network.measured:
        measured = chapter.reader.rows(network.measured, **when, **own)
        there = measured.drop_duplicates(network.key)
    else:
        there = _there(chapter.reader.rows(network.points, **own), year)
        ids: dict[str, Any] = {network.key: sorted(there[network.key])} if own else {}
        measured = chapter.reader.rows(network.measured, **when, **ids)
    by_point = measured.groupby(network.key)
    had = by_point[network.had].sum() if network.had else by_point.size()
    asked = by_point[network.possible_in].sum() if network.possible_in else None
    every = (date(year + 1, 1, 1) - date(year, 1, 1)).days if network.had == "days" else network.possible
    automatic = "automatic" if network.element in AUTOMATIC else "manual"
    for row in there.to_dict("records"):
        name = row[network.key]
        possible = every if asked is None else int(asked.get(name, 0))
        counts: list[Decimal | None] = [None, None]
        if len(measured) and possible:
            counts = [Decimal(min(int(had.get(name, 0)), possible)), Decimal(possible)]
        mode = row["kind"] if row.get("kind") in MODES else automatic
        yield [name, network.element, mode, row["area_code"], *counts, row["status"], row["source_id"]]


def _there(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """The *rows* of places that were there in a year, where they say since when and until when."""
    if "opened_date" in rows:
        rows = rows[rows["opened_date"].isna() | (rows["opened_date"].dt.year <= year)]
    if "closed_date" in rows:
        rows = rows[rows["closed_date"].isna() | (rows["closed_date"].dt.year >= year)]
    if "opened_year" in rows:
        rows = rows[rows["opened_year"] <= year]
    return rows
