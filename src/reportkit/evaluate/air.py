"""The days of an area: concentrations, AQI, primary pollutants, and how complete its stations are."""

from __future__ import annotations

import pandas as pd

from reportkit.evaluate import weakest_by
from reportkit.standards import air
from reportkit.status import weakest


def air_days(station_days: pd.DataFrame, given_days: pd.DataFrame, next_edition: str | None) -> pd.DataFrame:
    """The days of one area with concentrations, AQI, level and primary pollutants, sorted by date.

    *station_days* are rows of ``air/station_daily`` of the area's stations; values that do not count are left
    out of the mean. *given_days* are rows of ``air/area_daily``, a series given for the area as a whole, which
    is taken instead in the years it has days of. ``aqi_next`` and ``level_next`` say what *next_edition* of the rules
    would make of the day. ``n_stations`` counts the stations behind the day (0 for a given series).
    """
    left = station_days[~station_days["date"].dt.year.isin(given_days["date"].dt.year)]
    if given_days.empty:
        days = _measured_days(left)
    elif left.empty:
        days = _given_days(given_days)
    else:
        days = pd.concat([_measured_days(left), _given_days(given_days)]).sort_values("date", ignore_index=True)
    days["year"] = days["date"].dt.year
    days["month"] = days["date"].dt.strftime("%Y-%m")
    judged = air.daily_aqi_frame(days)
    days[["aqi", "level", "primary", "edition"]] = judged[["aqi", "level", "primary", "edition"]]
    if next_edition:
        judged = air.daily_aqi_frame(days, as_edition=next_edition)
        days[["aqi_next", "level_next", "edition_next"]] = judged[["aqi", "level", "edition"]]
    return days


def _measured_days(station_days: pd.DataFrame) -> pd.DataFrame:
    """The days of an area as its stations have them."""
    valid = air.valid_station_days(station_days).assign(area_code="area")
    days = air.area_daily(valid).drop(columns="area_code")
    counted = valid.groupby("date", sort=True)
    days["n_stations"] = counted["station_id"].nunique().to_numpy()
    days["status"] = weakest_by(valid, "date")
    days["source_id"] = counted["source_id"].agg(lambda ids: ";".join(sorted(set(ids)))).to_numpy()
    return days


def _given_days(rows: pd.DataFrame) -> pd.DataFrame:
    """The days of an area as they were given, with the columns that measured ones have."""
    days = rows.sort_values("date").reset_index(drop=True)
    return days.assign(o3_1h_ug_m3=pd.array([None] * len(days), dtype="Int64"), n_stations=0)


def primary_days(days: pd.DataFrame) -> pd.DataFrame:
    """One row for each day and primary pollutant of that day (ties give several), from :func:`air_days`."""
    named = days[days["primary"] != ""]
    rows = named.assign(parameter=named["primary"].str.split(";")).explode("parameter")
    return rows[["date", "year", "month", "parameter", "aqi", "level", "status", "source_id"]].reset_index(drop=True)


def station_coverage(station_days: pd.DataFrame, stations: pd.DataFrame, year: int) -> pd.DataFrame:
    """One row for each of *stations* (rows of that table) and each day of *year*, the missing days too.

    ``is_complete``: all six pollutants have a value that counts. Values that do not count are blank.
    """
    valid = air.valid_station_days(station_days)
    every_day = pd.MultiIndex.from_product(
        [sorted(stations["station_id"]), pd.date_range(f"{year}-01-01", f"{year}-12-31")], names=["station_id", "date"]
    )
    rows = valid.set_index(["station_id", "date"]).reindex(every_day).reset_index()
    rows["month"] = rows["date"].dt.strftime("%Y-%m")
    six = [air.COLUMN[parameter] for parameter in air.PARAMETERS]
    rows["is_complete"] = rows[six].notna().all(axis=1)
    # A day without a row has no status or source of its own: it takes those of the other days, or of the stations.
    known = stations if station_days.empty else station_days
    rows["status"] = rows["status"].fillna(weakest(known["status"].unique()))
    rows["source_id"] = rows["source_id"].fillna(";".join(sorted(known["source_id"].unique())))
    return rows
