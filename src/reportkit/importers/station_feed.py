"""What the feeds of stations have in common: an hour of a station, the station itself, the AQI that was printed."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar

from reportkit.errors import StandardError
from reportkit.findings import Finding, finding
from reportkit.importers.importer import Feed
from reportkit.importers.reading import Kept, carbon_monoxide_of, number_of
from reportkit.importers.tables import Row, TableFile
from reportkit.project import Project
from reportkit.standards import air

REALTIME: Row = {
    "source_id": "cnemc-realtime-archive",
    "title": "全国城市空气质量实时发布平台(存档)",
    "publisher": "中国环境监测总站",
    "trust": "C",
    "licence": "source's terms",
    "note": "实时数据的存档,未经审核,非最终发布数据。 / "
    "An archive of the real-time feed, before review; not the final data.",
}


class StationFeed(Feed):
    """Hours of stations → ``air/station_hourly``; stations that were met and are not known → ``stations``."""

    table = "air/station_hourly"
    # our column → theirs
    parameters: ClassVar[Mapping[str, str]]

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self.stations = TableFile(project, "stations")
        self.met = {row["station_id"]: row for row in self.stations.rows.values()}
        self.known = frozenset(self.met)
        self.printed_aqi: dict[tuple[str, str], str] = {}  # by station and hour, where the feed prints one

    @property
    def tables(self) -> tuple[TableFile, ...]:
        return self.stations, *super().tables

    def about_rows(self, kept: Sequence[Kept]) -> Iterator[Finding]:
        table = self.stations.path.relative_to(self.project.root).as_posix()
        city = self.project.settings.area
        for station_id in sorted(self.met.keys() - self.known):
            yield finding("import-station-new", table, column="station_id", value=station_id)
            if self.met[station_id]["area_code"] == city:
                yield finding("import-station-district", table, column="area_code", value=station_id, area=city)
        for hour in kept:
            printed = self.printed_aqi.get((hour.row["station_id"], hour.row["time"]), "")
            if printed and (computed := _hourly_aqi(hour.row)) not in (None, int(printed)):
                found = functools.partial(finding, "import-aqi", hour.path, row=hour.number)
                yield found(column="aqi", value=printed, computed=computed)

    def complete(self) -> None:
        super().complete()
        for station in self.met.values():
            self.stations.ensure(station)

    def hour(self, station_id: str, time: str, cells: Row) -> Row:
        """The row of our table for the values in *cells*; raises Misfit."""
        whole = {name: number_of(cells, theirs, 0) for name, theirs in self.parameters.items() if name != "co_mg_m3"}
        co = carbon_monoxide_of(cells, self.parameters["co_mg_m3"])
        return {"station_id": station_id, "time": time, **whole, "co_mg_m3": co, **self.origin}

    def meet(self, station_id: str, name: str, area_code: str) -> None:
        """Remember a station that has a row which fits."""
        new = {
            "station_id": station_id,
            "name_zh": name or station_id,
            "name_en": station_id,
            "area_code": area_code,
            "network": "national",
            "is_control_point": "false",
            **self.origin,
        }
        self.met.setdefault(station_id, new)


# our column → the parameter of the rules
_HOURLY = {air.COLUMN[name]: name for name in ("so2", "no2", "pm10", "pm2_5", "co")} | {"o3_ug_m3": "o3_1h"}


def _hourly_aqi(row: Row) -> int | None:
    """The AQI of an hour from the concentrations it has, None where there is none or no rule for it.

    Real-time reports take hourly values of the particles by the breakpoints of the day.
    """
    day = date.fromisoformat(row["time"][:10])
    with contextlib.suppress(StandardError):
        indices = [
            air.iaqi(name, Decimal(row[column]), day, "hourly") for column, name in _HOURLY.items() if row[column]
        ]
        return max(indices, default=None)
    return None
