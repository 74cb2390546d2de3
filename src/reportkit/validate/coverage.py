"""Years of a station, or of an area's own series, with fewer daily values than the validity rule asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from reportkit.findings import Finding, finding
from reportkit.standards import air, rules
from reportkit.validate.rows import Integers, Read, Rows

COUNTS = ("valid_hours", "o3_8h_windows")
PARAMETERS = {column: parameter for parameter, column in air.COLUMN.items()}


def findings(read: Read) -> Iterator[Finding]:
    """A note for each station, parameter and year below the rule in force at the end of that year."""
    for rows in read.values():
        is_daily = rows.time_column and rows.table.field(rows.time_column).type == "date"
        if is_daily and set(PARAMETERS) & set(rows.table.columns) and not rows.text.empty:
            yield from _short_years(rows)


def _short_years(rows: Rows) -> Iterator[Finding]:
    days = _counted(rows)
    year, month = days["date"].dt.year.rename("year"), days["date"].dt.month.rename("month")
    first = days.groupby([days["group"], year])["place"].first()
    for column in (column for column in PARAMETERS if column in days):
        given = days[column].notna().groupby([days["group"], year, month]).sum()
        by_month = given.unstack("month", fill_value=0).reindex(columns=range(1, 13), fill_value=0)
        for place, of_year, counts in zip(first, by_month.index.get_level_values("year"), by_month.values, strict=True):
            rule = _rule(PARAMETERS[column], int(of_year))
            if rule is not None:
                yield from _low(rows, int(place), column, int(of_year), counts, rule)


def _low(rows: Rows, place: int, column: str, year: int, counts: Integers, rule: rules.Row) -> Iterator[Finding]:
    """What *rule* has against the days in each month of one *year* of the series that begins at *place*."""
    least = np.full(12, int(rule["minimum_in_a_month"]))
    least[1] = int(rule["minimum_in_february"])
    worst = int(np.argmin(counts - least))
    if counts.sum() >= int(rule["minimum"]) and counts[worst] >= least[worst]:
        return
    of = rows.cells(place, rows.members)
    low = finding(
        "coverage-low",
        rows.files[place],
        column=column,
        value=f"{', '.join(of.values())}: {counts.sum()} days in {year}, {counts[worst]} in month {worst + 1}",
        days=counts.sum(),
        minimum=rule["minimum"],
        fewest=counts[worst],
        month=worst + 1,
        monthly=least[worst],
    )
    key = ";".join(f"{name}={cell}" for name, cell in [*of.items(), ("year", year)])
    yield replace(low, key=key, year=year, status=rows.status(place))


def _counted(rows: Rows) -> pd.DataFrame:
    """The days of a table with the values that count; one row a row, with its place and the series it belongs to."""
    days = pd.DataFrame({"group": rows.groups(rows.members), "place": np.arange(len(rows.text))})
    days["date"] = rows.days()
    for column in (*PARAMETERS, *COUNTS):
        if column in rows.table.columns:
            days[column] = pd.array(rows.values(column), dtype="Float64")
    days = days[days["date"].notna()]
    return air.valid_station_days(days) if set(COUNTS) <= set(rows.table.columns) else days


def _rule(parameter: str, year: int) -> rules.Row | None:
    """The rule of validity for yearly values of *parameter* on the last day of *year*."""
    for row in rules.in_force(rules.table("air_data_validity"), date(year, 12, 31)):
        if row["averaging"] == "annual" and row["minimum_in_a_month"] and parameter in row["parameters"].split(";"):
            return row
    return None
