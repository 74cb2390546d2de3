"""A built site, checked from outside: every figure is recomputed from the published tables, every page held to it.

Only what the site itself publishes is read, and nothing here is shared with what builds it, because a checker made
of the builder repeats its mistakes; only rounding, the AQI of one day, the words for statuses and the spelling of
units are the same. ``docs/data-formats.md`` describes the derivations that are recomputed here.
"""

from __future__ import annotations

import csv
import functools
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import html

from reportkit.errors import PublishError
from reportkit.manifest import hash_file
from reportkit.standards import air, rules
from reportkit.standards.rounding import half_even
from reportkit.status import OFFICIAL, weakest
from reportkit.units import with_unit

NO_DATA = "—"

# What a coded value may be called on a page: code → Chinese and English, each as one of several wordings.
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "meets": {"zh": ("达标",), "en": ("meets the limit",)},
    "exceeds": {"zh": ("超标",), "en": ("above the limit",)},
    "unknown": {"zh": ("数据不足，无法判定",), "en": ("cannot be judged: too few data",)},
    "disclosed": {"zh": ("已公开",), "en": ("disclosed",)},
    "partly": {"zh": ("部分公开",), "en": ("partly disclosed",)},
    "not_disclosed": {"zh": ("尚未公开", "本网站尚未公开"), "en": ("not disclosed", "not yet disclosed here")},
    "not_applicable": {"zh": ("不适用",), "en": ("does not apply",)},
}

Row = Mapping[str, str]
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """Something in a site that does not follow from the rest of it.

    *check* names the kind: ``figure.value``, ``figure.printed``, ``figure.status``, ``reference``, ``page.figure``,
    ``table.days``, ``checksum`` …; *where* is a figure's id or a file of the site.
    """

    check: str
    where: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.check}: {self.where}\n  expected: {self.expected}\n  found: {self.found}"


def verify(site: Path) -> list[Problem]:
    """Everything in *site* that does not follow from its own tables; an empty list where all does.

    Raises PublishError where there is no built site.
    """
    if not (site / "SHA256SUMS").is_file():
        raise PublishError("There is no built site.", where=str(site), do="build it first: reportkit build")
    tables = _Tables(site / "data")
    figures = _Figures(tables)
    return [
        *_file_problems(site),
        *_standards_problems(tables),
        *_day_problems(tables),
        *_catalogue_problems(tables),
        *figures.problems(),
        *_page_problems(site, tables, figures),
    ]


# --- published tables ----------------------------------------------------------------------------


class _Tables:
    """The tables below ``data/`` of a site as text, corrections applied."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.described = {
            resource["name"]: [resource["path"]] if isinstance(resource["path"], str) else resource["path"]
            for resource in json.loads((data / "datapackage.json").read_text(encoding="utf-8"))["resources"]
        }

    @functools.cache
    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of the table *name*; KeyError where there is none."""
        paths = [self.data / path for path in self.described.get(name, [f"{name}.csv"])]
        if not all(path.is_file() for path in paths):
            raise KeyError(f"there is no table {name}")
        rows = [row for path in paths for row in _read(path)]
        for correction in self.rows("corrections") if name != "corrections" else ():
            if correction["table"] == name:
                _correct(rows, correction)
        return rows

    @functools.cache
    def grouped(self, name: str, column: str) -> dict[str, list[dict[str, str]]]:
        """The rows of the table *name* by their value in *column*."""
        groups: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in self.rows(name):
            groups[row[column]].append(row)
        return groups

    def where(self, name: str, conditions: Mapping[str, Any]) -> list[dict[str, str]]:
        """The rows of the table *name* that meet *conditions*: column → a value, or a list of values."""
        if not conditions:
            return self.rows(name)
        first, *others = [(column, set(_texts(wanted))) for column, wanted in conditions.items()]
        groups = self.grouped(name, first[0])
        found = [row for value in sorted(first[1]) for row in groups.get(value, [])]
        return [row for row in found if all(row[column] in wanted for column, wanted in others)]

    def of_reports(self, name: str) -> list[tuple[str, str, str]]:
        """Every table called *name* that belongs to a report: (its full name, year, area's slug)."""
        found = [path.relative_to(self.data).with_suffix("") for path in self.data.glob(f"*/*/{name}.csv")]
        return sorted((path.as_posix(), path.parts[0], path.parts[1]) for path in found)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _correct(rows: Iterable[dict[str, str]], correction: Row) -> None:
    key = dict(part.split("=", 1) for part in correction["key"].split(";"))
    column = correction["column"]
    for row in rows:
        if key.items() <= row.items() and row[column] == correction["value_before"]:
            row[column] = correction["value_after"]


def _texts(wanted: Any) -> list[str]:
    """The values of a condition as a table writes them."""
    if isinstance(wanted, list):
        return [text for value in wanted for text in _texts(value)]
    return [str(wanted).lower() if isinstance(wanted, bool) else str(wanted)]


# --- figures -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Result:
    """What a derivation comes to: a number or a code, how many decimals it is printed with, what it rests on."""

    exact: Fraction | str | None
    places: int | None
    status: str
    sources: list[str]


class _Figures:
    """The published figures of a site, each held against its recomputation."""

    def __init__(self, tables: _Tables) -> None:
        self.tables = tables
        self.entries: dict[str, Entry] = {}
        for path in sorted((tables.data / "figures").rglob("*.json")):
            published = json.loads(path.read_text(encoding="utf-8"))["figures"]
            self.entries |= {entry["id"]: entry for entry in published}

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the figures, each named once."""
        yield from filter(None, map(self.problem, self.entries))

    @functools.cache
    def problem(self, identity: str) -> Problem | None:
        """The first thing that is wrong with a figure; one that rests on a wrong figure is not judged."""
        entry = self.entries[identity]
        rests_on = _referred(entry["derivation"])
        for other in rests_on:
            if other not in self.entries:
                return Problem("reference", identity, "the id of a published figure", other)
        if any(self.problem(other) for other in rests_on):
            return None
        try:
            expected = self._expected(entry)
        except (LookupError, ValueError, ArithmeticError) as error:
            return Problem("figure.derivation", identity, "one that can be recomputed", str(error))
        for aspect, value in expected.items():
            if entry[aspect] != value:
                return Problem(f"figure.{aspect}", identity, str(value), str(entry[aspect]))
        return self._unknown_rule(entry)

    def _expected(self, entry: Entry) -> dict[str, Any]:
        """The entry as it follows from its derivation."""
        derivation = entry["derivation"]
        if derivation["operation"] == "none":
            if not derivation["reason"]:
                raise ValueError("no reason is given")
            return {}
        result = self._result(derivation)
        value = _written(result)
        return {
            "value": value,
            "unrounded": _unrounded(result.exact),
            "status": result.status,
            "sources": result.sources,
            "unit": self._unit(derivation) or entry["unit"],
            "period": self._period(derivation) or entry["period"],
            "printed": {
                language: _printed(value, entry["unit"], language, texts)
                for language, texts in entry["printed"].items()
            },
        }

    def _unknown_rule(self, entry: Entry) -> Problem | None:
        """A rule that the figure names and the tables of standards do not hold, if there is one."""
        known = {
            (row["standard"], row["clause"], row["verification"])
            for name in self.tables.described
            if name.startswith("standards/")
            for row in self.tables.rows(name)
        }
        for rule in entry["standards"]:
            if (rule["standard"], rule["clause"], rule["verification"]) not in known:
                return Problem("figure.standards", entry["id"], "a rule of data/standards", str(rule))
        return None

    def _result(self, derivation: Entry) -> _Result:
        if "table" in derivation:
            return self._from_rows(derivation)
        figures = [self.entries[identity] for identity in _referred(derivation)]
        exact, places = self._from_figures(derivation)
        sources = {source for figure in figures for source in figure["sources"]}
        return _Result(exact, places, weakest(figure["status"] for figure in figures), sorted(sources))

    # --- from rows ---

    def _from_rows(self, derivation: Entry) -> _Result:
        operation, column = derivation["operation"], derivation.get("column", "")
        rests_on = self.tables.where(derivation["table"], derivation.get("where", {}))
        places: int | None = derivation.get("places")
        exact: Fraction | str | None
        if operation == "select":
            exact = _only([row[column] for row in rests_on])
        elif operation == "count":
            exact = Fraction(sum(not column or row[column] != "" for row in rests_on))
            places = 0
            # What was counted may be nothing: the counting was done in the whole table.
            rests_on = rests_on or self.tables.rows(derivation["table"])
        elif operation == "share":
            part = {**derivation["where"], **derivation["part"]}
            number = len(self.tables.where(derivation["table"], part))
            exact = Fraction(100 * number, len(rests_on)) if rests_on else None
        else:
            rests_on = [row for row in rests_on if row[column]]
            numbers = [Fraction(row[column]) for row in rests_on]
            exact = _statistic(operation, numbers, derivation) if numbers else None
        sources = {source for row in rests_on for source in row.get("source_id", "").split(";") if source}
        # Standards are published by whoever issues them: their tables have no status of their own.
        return _Result(exact, places, weakest(row.get("status", OFFICIAL) for row in rests_on), sorted(sources))

    def _unit(self, derivation: Entry) -> str | None:
        """The unit that the rows or the operation give, where they give one."""
        operation, column = derivation["operation"], derivation.get("column", "")
        if operation in ("ratio", "share", "change"):
            return "%"
        if operation == "select":
            rows = self.tables.where(derivation["table"], derivation["where"])
            return (rows[0]["unit"] or "1") if rows and "unit" in rows[0] else None
        units = {"_ug_m3": "ug/m3", "_mg_m3": "mg/m3"}
        return units.get(column[-6:]) if operation in ("mean", "percentile", "maximum") else None

    def _period(self, derivation: Entry) -> str | None:
        """The period that the conditions on the rows name, where they name one."""
        where = derivation.get("where", {})
        return next((str(where[column]) for column in ("period", "month", "year") if column in where), None)

    # --- from figures ---

    def _from_figures(self, derivation: Entry) -> tuple[Fraction | str | None, int | None]:
        operation = derivation["operation"]
        numbers = [_number(self.entries[identity]) for identity in derivation["of"]]
        if operation == "class":
            return self._verdict(derivation), None
        if operation == "rank":
            own, known = numbers[0], [number for number in numbers[1:] if number is not None]
            sign = {"smallest": 1, "largest": -1}[derivation["first"]]
            return (None if own is None else Fraction(1 + sum(sign * other < sign * own for other in known))), 0
        if operation == "index":
            limits = [_number(self.entries[identity]) for identity in derivation["limits"]]
            return _index(numbers, limits), 2
        first, second = numbers
        if first is None or second is None:
            return None, None
        if operation == "difference":
            return first - second, derivation["places"]
        if not second:
            return None, None
        exact = {
            "ratio": 100 * first / second,
            "change": 100 * (first - second) / second,
            "multiple": (first - second) / second,
        }[operation]
        return exact, derivation["places"]

    def _verdict(self, derivation: Entry) -> str:
        """Whether the first figure meets the limit it is held against; unknown where it has too few days."""
        figure, limit = self.entries[derivation["of"][0]], self.entries[derivation["held_against"]]
        value, most = _number(figure), _number(limit)
        if value is None or most is None or not self._suffices(figure["derivation"]):
            return "unknown"
        return "meets" if value <= most else "exceeds"

    def _suffices(self, derivation: Entry) -> bool:
        """Whether a figure of a year rests on enough days in every month; a published one is taken as it is."""
        if derivation["operation"] == "select":
            return True
        column = derivation["column"]
        days = [row["date"] for row in self.tables.where(derivation["table"], derivation["where"]) if row[column]]
        if not days:
            return False
        parameter = next(name for name, its_column in air.COLUMN.items() if its_column == column)
        rule = _validity(self.tables, parameter, "annual", max(days))
        monthly = Counter(day[5:7] for day in days)
        least = {f"{month:02}": int(rule["minimum_in_a_month"]) for month in range(1, 13)}
        least["02"] = int(rule["minimum_in_february"])
        return len(days) >= int(rule["minimum"]) and all(monthly[month] >= least[month] for month in least)


def _referred(derivation: Entry) -> list[str]:
    """The ids of the figures a derivation names."""
    against = [derivation["held_against"]] if "held_against" in derivation else []
    return list(dict.fromkeys([*derivation.get("of", []), *derivation.get("limits", []), *against]))


def _only(values: Sequence[str]) -> str | None:
    if len(values) > 1:
        raise ValueError(f"{len(values)} rows meet the conditions, expected one")
    return (values[0] or None) if values else None


def _statistic(operation: str, numbers: Sequence[Fraction], derivation: Entry) -> Fraction:
    if operation == "sum":
        return sum(numbers, Fraction(0))
    if operation == "mean":
        return sum(numbers, Fraction(0)) / len(numbers)
    if operation == "maximum":
        return max(numbers)
    if operation == "percentile":
        ordered = sorted(numbers)
        whole, rest = divmod(Fraction(derivation["p"]) * (len(ordered) - 1), 1)
        return ordered[whole] + rest * (ordered[min(whole + 1, len(ordered) - 1)] - ordered[whole])
    raise ValueError(f"no operation is called '{operation}'")


def _index(parts: Sequence[Fraction | None], limits: Sequence[Fraction | None]) -> Fraction | None:
    pairs = list(zip(parts, limits, strict=True))
    if any(part is None or limit is None for part, limit in pairs):
        return None
    return sum((Fraction(half_even(part / limit, 2)) for part, limit in pairs if part and limit), Fraction(0))


def _number(entry: Entry) -> Fraction | None:
    return None if entry["value"] is None else Fraction(entry["value"])


def _written(result: _Result) -> str | None:
    """The value as it is published: a selected one as its row has it, others with their decimals."""
    if result.exact is None or isinstance(result.exact, str):
        return result.exact
    return str(half_even(result.exact, result.places or 0))


def _unrounded(exact: Fraction | str | None) -> str | None:
    """The exact value as a decimal of at most ten places, without noughts at its end; a code as it is."""
    if exact is None or exact in WORDS:
        return None if exact is None else str(exact)
    text = f"{half_even(exact, 10):f}"
    return text.rstrip("0").rstrip(".")


def _printed(value: str | None, unit: str, language: str, texts: list[str]) -> list[str]:
    """The ways *value* is printed: also without its sign if it is negative, a code in one of its wordings."""
    if value is None:
        return [NO_DATA]
    if value in WORDS:
        allowed = WORDS[value][language]
        return texts if len(texts) == 1 and texts[0] in allowed else [allowed[0]]
    number = Decimal(value)
    plain = with_unit(f"{number:,}".replace("-", "−"), unit, language)
    return [plain] if number >= 0 else [plain, with_unit(f"{-number:,}", unit, language)]


# --- the tables of days --------------------------------------------------------------------------


def _day_problems(tables: _Tables) -> Iterator[Problem]:
    """What in the tables of an area's days does not follow from the rows of its stations."""
    measured = _station_days(tables)
    for name, year, slug in tables.of_reports("air/days"):
        area = next(row for row in tables.rows("areas") if row["slug"] == slug)
        last = f"{year}-12-31"
        stations = [row for row in measured if row["station_id"] in _stations(tables, area) and row["date"] <= last]
        given = [row for row in tables.where("air/area_daily", {"area_code": area["area_code"]}) if row["date"] <= last]
        days = [_given_day(row) for row in given] or _area_days(tables, stations)
        yield from _differences("table.days", name, days, tables.rows(name), ["date"])
        yield from _aqi_problems(tables, name, year)
    for name, year, slug in tables.of_reports("air/stations"):
        area = next(row for row in tables.rows("areas") if row["slug"] == slug)
        ids = _stations(tables, area)
        in_year = [row for row in measured if row["station_id"] in ids and row["date"].startswith(year)]
        rows = _coverage(tables, in_year, sorted(ids), int(year))
        yield from _differences("table.stations", name, rows, tables.rows(name), ["station_id", "date"])
    for name, year, slug in tables.of_reports("air/primary"):
        rows = list(_primary(tables.rows(f"{year}/{slug}/air/days")))
        yield from _differences("table.primary", name, rows, tables.rows(name), ["date", "parameter"])


def _differences(
    check: str, name: str, expected: Sequence[Row], found: Sequence[Row], key: Sequence[str]
) -> Iterator[Problem]:
    """One problem for a table whose rows are not the expected ones; only the expected columns are looked at."""
    wanted = {tuple(row[column] for column in key): row for row in expected}
    present = {tuple(row[column] for column in key): row for row in found}
    wrong = [
        identity
        for identity in sorted(wanted.keys() | present.keys())
        if identity not in present or not wanted.get(identity, {"": ""}).items() <= present[identity].items()
    ]
    if wrong or len(present) != len(found):
        first = wrong[0] if wrong else ()
        row, other = wanted.get(first, {}), present.get(first, {})
        yield Problem(
            check,
            f"data/{name}.csv, {len(wrong)} of {len(found)} rows, the first: {', '.join(first)}",
            ", ".join(f"{column} {value}" for column, value in row.items() if other.get(column) != value),
            ", ".join(f"{column} {other.get(column)}" for column, value in row.items() if other.get(column) != value),
        )


def _stations(tables: _Tables, area: Row) -> set[str]:
    """The stations of a district; for the city the national ones without its control points."""
    rows = tables.rows("stations")
    if area["kind"] == "city":
        chosen = [row for row in rows if row["network"] == "national" and row["is_control_point"] == "false"]
    else:
        chosen = [row for row in rows if row["area_code"] == area["area_code"]]
    return {row["station_id"] for row in chosen}


def _station_days(tables: _Tables) -> list[dict[str, str]]:
    """The days of all stations, with the values that do not count blanked."""
    days = [*tables.rows("air/station_daily"), *_from_hours(tables.rows("air/station_hourly"))]
    return [{**row, **dict.fromkeys(_not_counting(tables, row), "")} for row in days]


def _not_counting(tables: _Tables, row: Row) -> list[str]:
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


def _validity(tables: _Tables, parameter: str, averaging: str, day: str) -> Row:
    for row in tables.rows("standards/air_data_validity"):
        is_in_force = row["valid_from"] <= day <= (row["valid_to"] or "9999")
        if is_in_force and row["averaging"] == averaging and parameter in row["parameters"].split(";"):
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
            **{air.COLUMN[p]: _text(air.daily_mean(values(air.COLUMN[p]), p, as_of)) for p in five},
            air.COLUMN["o3_8h"]: _text(highest.value),
            air.COLUMN["o3_1h"]: _text(None if peak is None else half_even(peak)),
            "valid_hours": str(sum(any(row[air.COLUMN[p]] for p in five) for row in of_day.values())),
            "o3_8h_windows": str(highest.windows),
            "status": weakest(row["status"] for row in of_day.values()),
            "source_id": _joined(of_day.values()),
        }


def _area_days(tables: _Tables, stations: Sequence[Row]) -> list[dict[str, str]]:
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
    return _text(half_even(sum(values, Fraction(0)) / len(values), places) if values else None)


def _given_day(row: Row) -> dict[str, str]:
    """A day that a source gives for the area as a whole."""
    columns = ("date", *(air.COLUMN[parameter] for parameter in air.PARAMETERS), "status", "source_id")
    kept = {column: row[column] for column in columns}
    return {**kept, air.COLUMN["o3_1h"]: "", "n_stations": "0", "year": row["date"][:4], "month": row["date"][:7]}


def _aqi_problems(tables: _Tables, name: str, year: str) -> Iterator[Problem]:
    """Days whose AQI, level or primary pollutants do not follow from their concentrations."""
    later = [r for r in tables.rows("standards/aqi_breakpoints") if r["valid_from"] > f"{year}-12-31"]
    upcoming = min(later, key=lambda row: row["valid_from"])["standard"] if later else None
    judged = []
    for row in tables.rows(name):
        values = {parameter: row[column] or None for parameter, column in air.COLUMN.items()}
        found = air.daily_aqi(values, date.fromisoformat(row["date"]))
        expected = {
            "date": row["date"],
            "aqi": _text(found.aqi),
            "level": _text(found.level),
            "primary": ";".join(found.primary),
            "edition": found.edition,
        }
        if upcoming:
            then = air.daily_aqi(values, date.fromisoformat(row["date"]), as_edition=upcoming)
            expected |= {"aqi_next": _text(then.aqi), "level_next": _text(then.level), "edition_next": upcoming}
        judged.append(expected)
    yield from _differences("table.aqi", name, judged, tables.rows(name), ["date"])


def _coverage(tables: _Tables, measured: Sequence[Row], ids: Sequence[str], year: int) -> list[dict[str, str]]:
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


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _catalogue_problems(tables: _Tables) -> Iterator[Problem]:
    """Lists of what is disclosed that leave an item out, or say it applies where the catalogue says otherwise."""
    for name, _, slug in tables.of_reports("overview/completeness"):
        area = next(row for row in tables.rows("areas") if row["slug"] == slug)
        expected = {row["item_id"]: area["kind"] in row["scope"].split("+") for row in tables.rows("catalogue")}
        found = {row["item_id"]: row["state"] != "not_applicable" for row in tables.rows(name)}
        for item in sorted(expected.keys() ^ found.keys()):
            yield Problem("table.completeness", f"data/{name}.csv", "the items of the catalogue", item)
        for item in sorted(item for item in expected.keys() & found.keys() if expected[item] != found[item]):
            wanted = "an item that applies" if expected[item] else "not_applicable"
            yield Problem("table.completeness", f"data/{name}.csv, {item}", wanted, "the contrary")


def _standards_problems(tables: _Tables) -> Iterator[Problem]:
    """Tables of standards that are not those this program judges by."""
    for name in tables.described:
        folder, _, table = name.partition("/")
        if folder == "standards" and tables.rows(name) != list(rules.table(table)):
            yield Problem("table.standards", f"data/{name}.csv", "the rules this program knows", "other rows")


# --- pages and files -----------------------------------------------------------------------------


def _page_problems(site: Path, tables: _Tables, figures: _Figures) -> Iterator[Problem]:
    """Pages that show what is not published, link what is not there, or differ between the languages."""
    languages = json.loads((site / "release.json").read_text(encoding="utf-8"))["languages"]
    shown: dict[str, dict[str, Counter[str]]] = defaultdict(dict)
    for path in sorted(site.rglob("*.html")):
        page, name = (
            html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot(),
            path.relative_to(site).as_posix(),
        )
        language = next((code for code in languages[1:] if name.startswith(f"{code}/")), languages[0])
        elements = page.xpath("//*[@data-figure]")
        shown[name.removeprefix(f"{language}/").removesuffix(".html")][language] = Counter(
            element.get("data-figure") for element in elements
        )
        for element in elements:
            yield from _element_problems(element, name, language, figures)
        for link in page.xpath("//a[@download]/@href"):
            if not (path.parent / unquote(urlsplit(link).path)).is_file():
                yield Problem("page.link", name, "a file of the site", link)
        yield from _download_problems(page, path, name, tables, figures)
    for name, by_language in shown.items():
        (first, expected), *others = by_language.items()
        for language, found in others:
            for identity in sorted(expected.keys() ^ found.keys()):
                yield Problem("page.languages", f"{name} ({first}, {language})", "the same figures", identity)
    everywhere = {identity for by_language in shown.values() for found in by_language.values() for identity in found}
    rested_on = {identity for entry in figures.entries.values() for identity in _referred(entry["derivation"])}
    for identity in sorted(figures.entries.keys() - everywhere - rested_on):
        yield Problem("page.missing", identity, "on a page, or a figure others rest on", "neither")


def _element_problems(element: html.HtmlElement, name: str, language: str, figures: _Figures) -> Iterator[Problem]:
    """What an element says of its figure and the figure does not; a wrong figure is named elsewhere."""
    identity = element.get("data-figure")
    if identity not in figures.entries:
        yield Problem("reference", name, "the id of a published figure", identity)
    elif figures.problem(identity) is None:
        entry, text = figures.entries[identity], element.text_content()
        found = (element.get("value") or None, element.get("data-status"), text)
        if found[:2] != (entry["value"], entry["status"]) or text not in entry["printed"][language]:
            expected = (entry["value"], entry["status"], entry["printed"][language])
            yield Problem("page.figure", f"{name}, {identity}", str(expected), str(found))


def _download_problems(
    page: html.HtmlElement, path: Path, name: str, tables: _Tables, figures: _Figures
) -> Iterator[Problem]:
    """Shown tables whose download says something else; one that gives the rows behind them is checked elsewhere."""
    derived_from = {entry["derivation"].get("table") for entry in figures.entries.values()}
    for table in page.xpath("//table[../following-sibling::p[@class='download']]"):
        link = table.xpath("../following-sibling::p[@class='download']//a/@href")[0]
        file = (path.parent / unquote(urlsplit(link).path)).resolve()
        if not file.is_file():
            continue  # named among the links
        address = file.relative_to(tables.data.resolve()).with_suffix("").as_posix()
        if address in derived_from:
            continue
        given = [list(row.values())[:-3] for row in tables.rows(address)]  # without status, sources, status in words
        rows = [[_shown(cell) for cell in row.xpath("td")][: len(given[0])] for row in table.xpath(".//tbody/tr")]
        if rows != given:
            first = next(pair for pair in zip([*rows, []], [*given, []], strict=False) if pair[0] != pair[1])
            yield Problem("page.download", f"{name}, data/{address}.csv", str(first[0]), str(first[1]))


def _shown(cell: html.HtmlElement) -> str:
    """A cell as its download has it: the value of a figure, else its text."""
    figure = cell.find("data")
    return str(cell.text_content() if figure is None else figure.get("value"))


def _file_problems(site: Path) -> Iterator[Problem]:
    """Files that are not what the checksums say, are not there, or are not listed."""
    lines = (site / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    present = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*")) if path.is_file()}
    present.pop("SHA256SUMS")
    for name in sorted(listed.keys() | present.keys()):
        if name not in present:
            yield Problem("checksum", name, "a file", "nothing")
        elif name not in listed:
            yield Problem("checksum", name, "no file, for it is not listed", "a file")
        elif (found := hash_file(present[name])) != listed[name]:
            yield Problem("checksum", name, listed[name], found)
