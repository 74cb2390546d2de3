"""A city's stations as pm25.in showed them: names instead of codes, ``NaN`` for a missing value.

Columns used: ``Date`` (``20200326``), ``Hour``, ``WatchPoint``, ``AQI``, ``Level`` and the hourly values ``PM2.5
PM10 CO NO2 O3_1h SO2``; the running mean of ozone beside them is not taken. A station is looked up in
``stations`` by its Chinese name; one that is not there comes in under its name, into the city as a whole. Each
printed AQI is recomputed; where it differs, or the level is not that of the AQI, a finding says so and the row is
kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar

from reportkit.errors import StandardError
from reportkit.findings import Finding, finding
from reportkit.importers.reading import Kept, Misfit, SourceFile, hour_of_day, number_of, text_of
from reportkit.importers.station_feed import StationFeed
from reportkit.importers.tables import Row
from reportkit.project import Project
from reportkit.standards import air


class Pm25In(StationFeed):
    """Rows of a city's stations by name → ``air/station_hourly``; new stations → ``stations``."""

    columns = ("date", "hour", "watchpoint", "aqi", "level", "pm2.5", "pm10", "co", "no2", "o3_1h", "so2")
    parameters: ClassVar[Row] = {
        **{"so2_ug_m3": "so2", "no2_ug_m3": "no2", "pm10_ug_m3": "pm10", "pm2_5_ug_m3": "pm2.5"},
        **{"o3_ug_m3": "o3_1h", "co_mg_m3": "co"},
    }
    source: ClassVar[Row] = {
        "source_id": "pm25in-archive",
        "title": "城市空气质量逐时数据(pm25.in,存档)",
        "publisher": "中国环境监测总站(经第三方存档)",
        "trust": "C",
        "licence": "source's terms",
        "note": "第三方转载的实时数据,未经审核,非最终发布数据。 / "
        "Real-time data republished by a third party, before review; not the final data.",
    }

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self.by_name: dict[str, set[str]] = defaultdict(set)
        for station in self.stations.rows.values():
            self.by_name[_bare(station["name_zh"])].add(station["station_id"])
        self.levels: dict[tuple[str, str], str] = {}

    def row(self, cells: Row, file: SourceFile) -> Row | None:
        given = {name: "" if cell.strip().lower() == "nan" else cell for name, cell in cells.items()}
        name = text_of(given, "watchpoint")
        station_id = self._station_id(name)
        row = self.hour(station_id, hour_of_day(given["date"], given["hour"]), given)
        hour = station_id, row["time"]
        self.printed_aqi[hour], self.levels[hour] = number_of(given, "aqi", 0), given["level"].strip()
        self.meet(station_id, name, self.project.settings.area)
        return row

    def about_rows(self, kept: Sequence[Kept]) -> Iterator[Finding]:
        yield from super().about_rows(kept)
        for hour in kept:
            key = hour.row["station_id"], hour.row["time"]
            level, aqi = self.levels[key], self.printed_aqi[key]
            if level and aqi and (named := _level(int(aqi), hour.row["time"])) not in ("", level):
                yield finding(
                    "import-level", hour.path, row=hour.number, column="level", value=level, level=named, aqi=aqi
                )

    def _station_id(self, name: str) -> str:
        """The station of that *name*, or the name itself for one that is not known."""
        if name in self.met:
            return name
        known = self.by_name.get(_bare(name), {name})
        if len(known) > 1:
            raise Misfit("import-station-twice", "watchpoint", name, stations=", ".join(sorted(known)))
        return next(iter(known))


def _level(aqi: int, time: str) -> str:
    """What the level of an *aqi* is called, empty for a day before there were rules."""
    try:
        levels = air.levels(date.fromisoformat(time[:10]))
    except StandardError:
        return ""
    return next(level.category_zh for level in levels if level.aqi_max is None or aqi <= level.aqi_max)


def _bare(name: str) -> str:
    """The name of a station without what stands in brackets behind it, such as （对照点）."""
    return re.sub(r"[(（][^)）]*[)）]$", "", name.strip())
