"""The tables of an area's days, from those of its stations; and whether a year's figure meets its limit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from reportkit.standards import air
from reportkit.standards.rounding import half_even
from reportkit.status import weakest
from reportkit.verify.problems import Problem
from reportkit.verify.published import Entry, number
from reportkit.verify.tables import Row, Tables, differences, is_in_force


def problems(tables: Tables) -> Iterator[Problem]:
    """What in the tables of an area's days does not follow from the rows of its stations."""
    measured = _station_days(tables)
    for name, year, slug in tables.of_reports("air/days"):
        area = next(row for row in tables.rows("areas") if row["slug"] == slug)
        last = f"{year}-12-31"
        stations = [row for row in measured if row["station_id"] in _stations(tables, area) and row["date"] <= last]
        given = [row for row in tables.where("air/area_daily", {"area_code": area["area_code"]}) if row["date"] <= last]
        years = {row["date"][:4] for row in given}
        days = [*map(_given_day, given), *_area_days([row for row in stations if row["date"][:4] not in years])]
        yield from differences("table.days", name, days, tables.rows(name), ["date"])
        yield from _aqi_problems(tables, name, year)
    for name, year, slug in tables.of_reports("air/stations"):
        area = next(row for row in tables.rows("areas") if row["slug"] == slug)
        ids = _stations(tables, area)
        in_year = [row for row in measured if row["station_id"] in ids and row["date"].startswith(year)]
        rows = _coverage(in_year, sorted(ids), int(year))
        yield from differences("table.stations", name, rows, tables.rows(name), ["station_id", "date"])
    for name, year, slug in tables.of_reports("air/primary"):
        rows = list(_primary(tables.rows(f"{year}/{slug}/air/days")))
        yield from differences("table.primary", name, rows, tables.rows(name), ["date", "parameter"])


def _stations(tables: Tables, area: Row) -> set[str]:
    """The stations of a district; for the city the national ones without its control points."""
    rows = tables.rows("stations")
    if area["kind"] == "city":
        chosen = [row for row in rows if row["network"] == "national" and row["is_control_point"] == "false"]
    else:
        chosen = [row for row in rows if row["area_code"] == area["area_code"]]
    return {row["station_id"] for row in chosen}


def _station_days(tables: Tables) -> list[dict[str, str]]:
    """The days of all stations, with the values that do not count blanked."""
    # Where a day is there as such, its hours are not asked.
    days = [*_from_hours(tables.rows("air/station_hourly")), *tables.rows("air/station_daily")]
    once = {(row["station_id"], row["date"]): row for row in days}
    return [{**row, **dict.fromkeys(_not_counting(tables, row), "")} for row in once.values()]


def _not_counting(tables: Tables, row: Row) -> list[str]:
    """The columns of a station's day whose values do not count: too few hours behind them."""
    hours, windows = int(row["valid_hours"] or 0), int(row["o3_8h_windows"] or 0)
    short = [
        air.COLUMN[parameter]
        for parameter in ("so2", "no2", "pm10", "pm2_5", "co")
        if hours < int(_validity(tables, parameter, "24h", row["date"])["minimum"])
    ]
    # A maximum of ozone above its limit counts however few means there are.
    limit = air.limit("o3_8h", "mda8", date.fromisoformat(row["date"])).value
    is_high = Decimal(row[air.COLUMN["o3_8h"]] or 0) > limit
    if not is_high and windows < int(_validity(tables, "o3_8h", "mda8", row["date"])["minimum"]):
        short.append(air.COLUMN["o3_8h"])
    return short


def _validity(tables: Tables, parameter: str, averaging: str, day: str) -> Row:
    for row in tables.rows("standards/air_data_validity"):
        if is_in_force(row, day) and row["averaging"] == averaging and parameter in row["parameters"].split(";"):
            return row
    raise LookupError(f"no rule of validity for {parameter} {averaging} on {day}")


def _from_hours(hours: Sequence[Row]) -> Iterator[dict[str, str]]:
    """The days that rows of ``air/station_hourly`` make; ``time`` is the end of its hour."""
    days: dict[tuple[str, str], dict[int, Row]] = defaultdict(dict)
    for row in hours:
        began = datetime.fromisoformat(row["time"]) - timedelta(hours=1)
        days[row["station_id"], f"{began:%Y-%m-%d}"][began.hour] = row
    five = ("so2", "no2", "pm10", "pm2_5", "co")
    for (station, day), of_day in days.items():
        as_of = date.fromisoformat(day)

        def values(column: str, of_day: Mapping[int, Row] = of_day) -> list[str | None]:
            return [(of_day[hour][column] or None) if hour in of_day else None for hour in range(24)]

        ozone = values("o3_ug_m3")
        highest = air.mda8(ozone, as_of)
        peak = max((Fraction(value) for value in ozone if value), default=None)
        yield {
            "station_id": station,
            "date": day,
            **{air.COLUMN[p]: as_text(air.daily_mean(values(air.COLUMN[p]), p, as_of)) for p in five},
            air.COLUMN["o3_8h"]: as_text(highest.value),
            air.COLUMN["o3_1h"]: as_text(None if peak is None else half_even(peak)),
            "valid_hours": str(sum(any(row[air.COLUMN[p]] for p in five) for row in of_day.values())),
            "o3_8h_windows": str(highest.windows),
            "status": weakest(row["status"] for row in of_day.values()),
            "source_id": _joined(of_day.values()),
        }


def _area_days(stations: Sequence[Row]) -> list[dict[str, str]]:
    """The days of an area as the means of its stations."""
    by_day: dict[str, list[Row]] = defaultdict(list)
    for row in stations:
        by_day[row["date"]].append(row)
    return [
        {
            "date": day,
            **{column: _mean(rows, column, air.PLACES[parameter]) for parameter, column in air.COLUMN.items()},
            "n_stations": str(len({row["station_id"] for row in rows})),
            "status": weakest(row["status"] for row in rows),
            "source_id": _joined(rows),
            "year": day[:4],
            "month": day[:7],
        }
        for day, rows in by_day.items()
    ]


def _mean(rows: Iterable[Row], column: str, places: int) -> str:
    values = [Fraction(row[column]) for row in rows if row[column]]
    return as_text(half_even(sum(values, Fraction(0)) / len(values), places) if values else None)


def _given_day(row: Row) -> dict[str, str]:
    """A day that a source gives for the area as a whole."""
    columns = ("date", *(air.COLUMN[parameter] for parameter in air.PARAMETERS), "status", "source_id")
    kept = {column: row[column] for column in columns}
    return {**kept, air.COLUMN["o3_1h"]: "", "n_stations": "0", "year": row["date"][:4], "month": row["date"][:7]}


def _aqi_problems(tables: Tables, name: str, year: str) -> Iterator[Problem]:
    """Days whose AQI, level or primary pollutants do not follow from their concentrations."""
    later = [r for r in tables.rows("standards/aqi_breakpoints") if r["valid_from"] > f"{year}-12-31"]
    upcoming = min(later, key=lambda row: row["valid_from"])["standard"] if later else None
    judged = []
    for row in tables.rows(name):
        values = {parameter: row[column] or None for parameter, column in air.COLUMN.items()}
        found = air.daily_aqi(values, date.fromisoformat(row["date"]))
        expected = {
            "date": row["date"],
            "aqi": as_text(found.aqi),
            "level": as_text(found.level),
            "primary": ";".join(found.primary),
            "edition": found.edition,
        }
        if upcoming:
            then = air.daily_aqi(values, date.fromisoformat(row["date"]), as_edition=upcoming)
            expected |= {"aqi_next": as_text(then.aqi), "level_next": as_text(then.level), "edition_next": upcoming}
        judged.append(expected)
    yield from differences("table.aqi", name, judged, tables.rows(name), ["date"])


def _coverage(measured: Sequence[Row], ids: Sequence[str], year: int) -> list[dict[str, str]]:
    """One row for each station and each day of *year*, the missing days too."""
    present = {(row["station_id"], row["date"]): row for row in measured}
    status = weakest({row["status"] for row in measured})
    sources = ";".join(sorted({row["source_id"] for row in measured}))
    columns = [*air.COLUMN.values(), "valid_hours", "o3_8h_windows"]
    first = date(year, 1, 1)
    days = [str(first + timedelta(days=n)) for n in range((date(year + 1, 1, 1) - first).days)]
    return [
        {
            **{column: row.get(column, "") for column in columns},
            "station_id": station,
            "date": day,
            "month": day[:7],
            "is_complete": str(all(row.get(air.COLUMN[parameter]) for parameter in air.PARAMETERS)).lower(),
            "status": row.get("status", status),
            "source_id": row.get("source_id", sources),
        }
        for station in ids
        for day in days
        for row in [present.get((station, day), {})]
    ]


def _primary(days: Iterable[Row]) -> Iterator[dict[str, str]]:
    """One row for each day and primary pollutant of that day."""
    kept = ("date", "year", "month", "aqi", "level", "status", "source_id")
    for row in days:
        for parameter in filter(None, row["primary"].split(";")):
            yield {**{column: row[column] for column in kept}, "parameter": parameter}


def _joined(rows: Iterable[Row]) -> str:
    return ";".join(sorted({row["source_id"] for row in rows}))


def as_text(value: object) -> str:
    return "" if value is None else str(value)


# --- verdicts ------------------------------------------------------------------------------------


def verdict(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str:
    """Whether the first figure meets the limit it is held against; unknown where it has too few days."""
    figure, limit = entries[derivation["of"][0]], entries[derivation["held_against"]]
    value, most = number(figure), number(limit)
    if value is None or most is None or not _suffices(tables, figure):
        return "unknown"
    return "meets" if value <= most else "exceeds"


def _suffices(tables: Tables, figure: Entry) -> bool:
    """Whether a figure of a year rests on enough days in every month; one published for a year is taken as it is."""
    derivation = figure["derivation"]
    if derivation["operation"] == "select":
        return len(figure["period"]) == len("2024")
    column = derivation["column"]
    days = [row["date"] for row in tables.where(derivation["table"], derivation["where"]) if row[column]]
    if not days:
        return False
    parameter = next(name for name, its_column in air.COLUMN.items() if its_column == column)
    rule = _validity(tables, parameter, "annual", max(days))
    monthly = Counter(day[5:7] for day in days)
    least = {f"{month:02}": int(rule["minimum_in_a_month"]) for month in range(1, 13)}
    least["02"] = int(rule["minimum_in_february"])
    return len(days) >= int(rule["minimum"]) and all(monthly[month] >= least[month] for month in least)
