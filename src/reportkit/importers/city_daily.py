"""A city's daily series as it is archived from the national site: one row a day, for the city as a whole.

Columns used: ``time_point``, ``so2 no2 pm10 pm2_5 o3`` in µg/m³, ``co`` in mg/m³ and the printed ``aqi``.
``o3`` is the daily maximum 8-hour mean: taken as such it reproduces the printed AQI on every day of six of
the nine years that were compared. Each printed AQI is recomputed; where it differs, a finding says so and the
row is kept.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar

import pandas as pd

from reportkit.errors import StandardError
from reportkit.findings import Finding, finding
from reportkit.importers.importer import Feed
from reportkit.importers.reading import Kept, SourceFile, carbon_monoxide_of, day_of, number_of
from reportkit.importers.tables import Row
from reportkit.standards import air

# our column → theirs
_CELL = {air.COLUMN[parameter]: parameter.removesuffix("_8h") for parameter in air.PARAMETERS}


class CityDaily(Feed):
    """Days of the city → ``air/area_daily``."""

    table = "air/area_daily"
    columns = ("time_point", *_CELL.values(), "aqi")
    source: ClassVar[Row] = {
        "source_id": "city-daily-archive",
        "title": "城市空气质量逐日数据(存档)",
        "publisher": "中国环境监测总站(经第三方存档)",
        "trust": "C",
        "licence": "source's terms",
        "note": "第三方存档的逐日数据,未与主管部门的正式发布核对。 / "
        "A daily series archived by a third party, not checked against the authority's publication.",
    }

    def row(self, cells: Row, file: SourceFile) -> Row:
        whole = {name: number_of(cells, cell, 0) for name, cell in _CELL.items() if cell != "co"}
        return {
            "area_code": self.project.settings.area,
            "date": day_of(cells["time_point"], "time_point"),
            **whole,
            "co_mg_m3": carbon_monoxide_of(cells, "co"),
            "printed_aqi": number_of(cells, "aqi", 0),
            **self.origin,
        }

    def about_rows(self, kept: Sequence[Kept]) -> Iterator[Finding]:
        for day in kept:
            for column, cell in _CELL.items():
                if day.row[column] and Decimal(day.row[column]) == 0:
                    yield finding("import-zero", day.path, row=day.number, column=cell, value=day.row[column])
        judged = [day for day in kept if day.row["printed_aqi"] and _has_rules(day.row["date"])]
        for day, computed in zip(judged, _computed_aqi(judged), strict=True):
            printed = day.row["printed_aqi"]
            if computed not in (None, int(printed)):
                found = functools.partial(finding, "import-aqi", day.path, row=day.number)
                yield found(column="aqi", value=printed, computed=computed)


@functools.cache
def _has_rules(day: str) -> bool:
    """Whether rules of the AQI were in force that day; a series may begin before them."""
    try:
        air.edition(date.fromisoformat(day))
    except StandardError:
        return False
    return True


def _computed_aqi(days: Sequence[Kept]) -> list[int | None]:
    """The AQI of each of *days* from its six concentrations, None where it has none."""
    rows = pd.DataFrame([day.row for day in days], columns=["date", *_CELL])
    numbers = rows[list(_CELL)].apply(lambda column: pd.to_numeric(column.replace("", None)))
    aqi = air.daily_aqi_frame(numbers.assign(date=pd.to_datetime(rows["date"])))["aqi"]
    return [None if value is pd.NA else int(value) for value in aqi]
