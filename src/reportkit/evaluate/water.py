"""The sections of an area: classes by month and year, what exceeds class Ⅲ, the means a year is judged by.

*samples* are rows of ``water/section_monthly`` with exact values, *sections* rows of ``water/sections``. Classes are
written as in :data:`reportkit.standards.water.CODES`, None where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from reportkit.standards import water
from reportkit.standards.rounding import exact, half_even
from reportkit.status import weakest

ASSESSED = ("national", "provincial")  # levels of the sections that a city is assessed by
GOOD = ["I", "II", "III"]
ON_TARGET, OFF_TARGET, UNKNOWN = "on_target", "off_target", "unknown"

# What only the trophic level of a lake asks for: column → decimals of its mean.
TROPHIC = {"chl_a": ("chl_a_mg_m3", 1), "transparency": ("transparency_m", 2)}
VALUE_COLUMNS = (*water.COLUMN.values(), *(column for column, _ in TROPHIC.values()))
MONTHS_NEEDED = 8
ABOUT = ["section_id", "body", "level", "area_code", "is_assessed", "target_class"]

Row = Mapping[Any, Any]
MONTH_COLUMNS = [
    "section_id",
    "month",
    "year",
    "is_assessed",
    "body",
    "class",
    "n_items",
    "main",
    "status",
    "source_id",
]
EXCEEDING_COLUMNS = [
    *("section_id", "month", "year", "is_assessed", "parameter", "class", "multiple", "place", "status", "source_id"),
]


def section_months(samples: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """One row for each section and month: its class, how many of the 21 items it rests on, the main pollutants."""
    rows = []
    for sample in _known(samples, sections):
        values, day = _values(sample), date.fromisoformat(f"{sample['month']}-01")
        main = water.main_pollutants(values, day, sample["body"])
        rows.append(
            {
                **sample,
                "year": day.year,
                "class": _code(water.section_class(values, day, sample["body"])),
                "n_items": sum(values[name] is not None for name in water.assessed(day, sample["body"])),
                "main": ";".join(pollutant.parameter for pollutant in main),
            }
        )
    return _frame(rows, MONTH_COLUMNS)


def exceeding(samples: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """One row for each section, month and item worse than class Ⅲ: its class, multiple, and place among them.

    Places 1 to 3 are the main pollutants of that month.
    """
    rows = []
    for sample in _known(samples, sections):
        day = date.fromisoformat(f"{sample['month']}-01")
        over = water.exceeding_items(_values(sample), day, sample["body"])
        for place, pollutant in enumerate(over, start=1):
            found = {"parameter": pollutant.parameter, "class": _code(pollutant.item_class), "place": place}
            rows.append({**sample, **found, "year": day.year, "multiple": pollutant.multiple})
    return _frame(rows, EXCEEDING_COLUMNS)


def section_years(samples: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """One row for each section and year: its mean concentrations, rounded as they are judged, class and target.

    With fewer than eight months that have a value there is no class. ``main`` names the main pollutants of the means.
    """
    rows = []
    found = pd.DataFrame(list(_known(samples, sections)))
    groups = found.groupby(["section_id", found["month"].str[:4]], sort=True) if len(found) else ()
    for (section, year), group in groups:
        months: list[Row] = [*group.to_dict("records")]
        day, body = date(int(str(year)), 12, 31), months[0]["body"]
        given = [_values(month) for month in months]
        means = water.mean_values(given, day, body)
        measured = sum(any(values[name] is not None for name in water.assessed(day, body)) for values in given)
        is_valid = measured >= MONTHS_NEEDED
        number = water.section_class(means, day, body) if is_valid else None
        main = water.main_pollutants(means, day, body) if is_valid else ()
        rows.append(
            {
                **{name: months[0][name] for name in ABOUT},
                "section_id": section,
                "year": day.year,
                "months": measured,
                "is_valid": is_valid,
                "class": _code(number),
                "verdict": verdict(number, months[0]["target_class"]),
                "main": ";".join(pollutant.parameter for pollutant in main),
                **{water.COLUMN[name]: means.get(name) for name in water.assessed(day, body)},
                **_reference_means(given, months, day, body),
                "status": weakest(group["status"].unique()),
                "source_id": ";".join(sorted(group["source_id"].unique())),
            }
        )
    return _frame(rows, year_columns())


def year_columns() -> list[str]:
    """The columns of :func:`section_years`."""
    values = [column for name, column in water.COLUMN.items() if name not in {"water_temp", "coliform"}]
    trophic = [column for column, _ in TROPHIC.values()]
    judged = ["year", "months", "is_valid", "class", "verdict", "main"]
    return [*ABOUT, *judged, *values, *trophic, "status", "source_id"]


def verdict(number: int | None, target: int | None) -> str:
    """Whether a class is at least as good as its target; unknown without either."""
    if number is None or target is None or pd.isna(target):
        return UNKNOWN
    return ON_TARGET if number <= target else OFF_TARGET


def _reference_means(given: list[dict[str, Any]], months: list[Row], day: date, body: str) -> dict[str, Decimal | None]:
    """The means of a lake that do not decide its class: total nitrogen, chlorophyll a, transparency."""
    if body != "lake":
        return {}
    nitrogen = [values["tn"] for values in given if values["tn"] is not None]
    means: dict[str, Decimal | None] = {water.COLUMN["tn"]: None}
    if nitrogen:
        means[water.COLUMN["tn"]] = water.round_for_assessment("tn", water.mean_concentration("tn", nitrogen), day)
    for column, places in TROPHIC.values():
        values = [month[column] for month in months if month[column] is not None]
        means[column] = half_even(Fraction(sum(map(exact, values)), len(values)), places) if values else None
    return means


def _frame(rows: list[dict[Any, Any]], columns: list[str]) -> pd.DataFrame:
    """The *rows* with the columns named; where a class or a multiple is missing it is None."""
    frame = pd.DataFrame(rows, columns=columns)
    for column in {"class", "multiple", "target_class"} & set(columns):
        frame[column] = pd.Series([row[column] for row in rows], dtype=object)
    return frame


def _known(samples: pd.DataFrame, sections: pd.DataFrame) -> Iterator[Row]:
    """The samples of the *sections*, by section and month, each with what its section is."""
    about = sections.assign(is_assessed=sections["level"].isin(ASSESSED))[ABOUT]
    about["target_class"] = [None if pd.isna(target) else int(target) for target in about["target_class"]]
    joined = samples.merge(about, on="section_id").sort_values(["section_id", "month"])
    yield from joined.to_dict("records")


def _values(sample: Row) -> dict[str, Any]:
    return {name: sample[column] for name, column in water.COLUMN.items()}


def _code(number: int | None) -> str | None:
    return None if number is None else water.CODES[number]
