"""The national real-time feed in one file a day: a row for each hour and item, a column for each station.

Columns used: ``date``, ``hour``, ``type`` and those of our stations; of the types ``PM2.5 PM10 SO2 NO2 O3 CO`` and
``AQI``, which is recomputed. The file says nothing of where a station is, so it must stand in ``stations``
beforehand; every other column is another place's. As in the long files, 0:00 closes the day before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from reportkit.errors import nearest
from reportkit.findings import Finding, finding
from reportkit.importers.reading import Misfit, SourceFile, SourceRow, hour_of_day, number_of
from reportkit.importers.station_feed import REALTIME, StationFeed
from reportkit.importers.tables import Row
from reportkit.project import Project

_WHEN = ("date", "hour", "type")
_HOURLY = ("PM2.5", "PM10", "SO2", "NO2", "O3", "CO", "AQI")
_RUNNING = {f"{name}_24h" for name in _HOURLY} | {"O3_8h", "O3_8h_24h"}

Lines = dict[str, SourceRow]  # the lines of one hour by their type


class DailyWide(StationFeed):
    """Hours of the stations we know → ``air/station_hourly``."""

    columns = _WHEN
    parameters: ClassVar[Row] = {
        **{"so2_ug_m3": "so2", "no2_ug_m3": "no2", "pm10_ug_m3": "pm10", "pm2_5_ug_m3": "pm2.5"},
        **{"o3_ug_m3": "o3", "co_mg_m3": "co"},
    }
    source = REALTIME

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self.codes = {code.lower(): code for code in self.known}

    def columns_of(self, file: SourceFile) -> Sequence[str]:
        return [*self.columns, *(self.codes.keys() & set(file.columns))]

    def about_file(self, file: SourceFile) -> Iterator[Finding]:
        if not self.codes.keys() & set(file.columns):
            yield finding("import-stations-unknown", file.path, value=f"{len(file.columns) - len(_WHEN)} columns")

    def laid_out(self, file: SourceFile) -> SourceFile:
        """One row for each station and hour, with what its lines say; a line of an unknown type is one of its own."""
        place = {name: file.columns.index(name) for name in _WHEN}
        stations = [(at, name) for at, name in enumerate(file.columns) if name and name not in _WHEN]
        hours: dict[tuple[str, str], list[Lines]] = {}
        rows = []
        for line in file.rows:
            day, hour, kind = (line.cells[place[name]].strip() for name in _WHEN)
            if kind in _HOURLY:
                _put(hours.setdefault((day, hour), []), kind, line)
            elif kind not in _RUNNING:
                rows.append(SourceRow(line.number, (day, hour, kind, "", *("" for _ in _HOURLY), "")))
        for (day, hour), groups in hours.items():
            for lines in groups:
                numbers = " ".join(str(lines[kind].number) if kind in lines else "0" for kind in _HOURLY)
                for at, station in stations:
                    values = (lines[kind].cells[at] if kind in lines else "" for kind in _HOURLY)
                    first = min(line.number for line in lines.values())
                    rows.append(SourceRow(first, (day, hour, "", station, *values, numbers)))
        return SourceFile(file.path, (*_WHEN, "station", *_HOURLY, "rows"), tuple(rows))

    def row(self, cells: Row, file: SourceFile) -> Row | None:
        if cells["type"]:
            hint = nearest(cells["type"], _HOURLY)
            raise Misfit("import-type", "type", cells["type"], types=", ".join(_HOURLY), nearest=hint)
        if cells["station"] not in self.codes:
            return None
        station_id = self.codes[cells["station"]]
        try:
            row = self.hour(station_id, hour_of_day(cells["date"], cells["hour"]), cells)
            self.printed_aqi[station_id, row["time"]] = number_of(cells, "aqi", 0)
        except Misfit as misfit:
            raise _where_it_stands(misfit, cells) from misfit
        return row


def _put(groups: list[Lines], kind: str, line: SourceRow) -> None:
    """Put *line* with the others of its hour; one that is there twice makes a second reading of the hour."""
    for lines in groups:
        if kind not in lines:
            lines[kind] = line
            return
    groups.append({**(groups[0] if groups else {}), kind: line})


def _where_it_stands(misfit: Misfit, cells: Row) -> Misfit:
    """*misfit* with the line of its item and the column of its station, of which the row was made."""
    kinds = [kind.lower() for kind in _HOURLY]
    if misfit.column in kinds:
        misfit.row = int(cells["rows"].split()[kinds.index(misfit.column)])
        misfit.column = cells["station"]
    return misfit
