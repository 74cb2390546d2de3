"""The national real-time feed, one row a station and hour, as it is archived in one file an hour or longer.

Columns used: ``timepoint``, ``stationcode``, ``positionname``, ``area`` (the city) or a column that names the
district, and the hourly values ``pm10 pm2_5 o3 no2 so2 co``; the running means beside them are not taken.
``timepoint`` is the end of the hour; at 0:00 it closes the day before. Carbon monoxide is in mg/m³, the rest
in µg/m³; an empty cell is a missing value.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from reportkit.findings import Finding, finding
from reportkit.importers.reading import Misfit, SourceFile, hour_of, text_of
from reportkit.importers.station_feed import REALTIME, StationFeed
from reportkit.importers.tables import Row, TableFile
from reportkit.project import Project

_DISTRICT_COLUMNS = ("district", "district_inferred")
_HOUR_IN_NAME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}")


class StationHourly(StationFeed):
    """Rows of the national feed → ``air/station_hourly``; new stations of our area → ``stations``."""

    columns = ("stationcode", "positionname", "pm10", "pm2_5", "o3", "no2", "so2", "co")
    parameters = {f"{name}_ug_m3": name for name in ("so2", "no2", "pm10", "pm2_5", "o3")} | {"co_mg_m3": "co"}
    source = REALTIME

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        areas = TableFile(project, "areas").rows.values()
        self.area_codes = {_bare(area["name_zh"]): area["area_code"] for area in areas}

    def missing_columns(self, file: SourceFile) -> list[str]:
        missing = super().missing_columns(file)
        if not {"area", *_DISTRICT_COLUMNS} & set(file.columns):
            missing.append("area")
        if "timepoint" not in file.columns and not _hour_in_name(file.path):
            missing.append("timepoint")
        return missing

    def row(self, cells: Row, file: SourceFile) -> Row | None:
        if (area_code := self._area_code(cells)) is None:
            return None
        station_id = text_of(cells, "stationcode")
        time = cells["timepoint"] if "timepoint" in cells else _hour_in_name(file.path)
        row = self.hour(station_id, hour_of(time, "timepoint"), cells)
        self.meet(station_id, cells["positionname"].strip(), area_code)
        return row

    def about_file(self, file: SourceFile) -> Iterator[Finding]:
        if "timepoint" not in file.columns:
            hour = _hour_in_name(file.path)
            yield finding("import-time-from-name", file.path, column="timepoint", time=hour)

    def _area_code(self, cells: Row) -> str | None:
        """The area of a row's station: as we know it, else as the row names it; None for another place."""
        station_id = cells["stationcode"].strip()
        if station_id in self.met:
            return self.met[station_id]["area_code"]
        district = next((cells[name] for name in _DISTRICT_COLUMNS if name in cells), "")
        named = self.area_codes.get(_bare(cells.get("area", "") or district))
        # Districts of other cities bear the same names as ours, so the district counts only within our city.
        if named == self.project.settings.area:
            return self.area_codes.get(_bare(district), named)
        return named


def _hour_in_name(path: Path) -> str:
    """The hour that the name of the file says, as in ``…2022-01-02T00.csv``; empty where it says none."""
    for found in _HOUR_IN_NAME.findall(path.stem):
        with contextlib.suppress(Misfit):
            return hour_of(found, "timepoint")
    return ""


def _bare(name: str) -> str:
    """The name of an area without the word for city, district or county at its end."""
    return re.sub("[市区县]$", "", name.strip())
