"""What is measured about noise (item Q3): rows, rules and figures; ``noise.py`` shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pandas as pd

from reportkit import figures
from reportkit.chapters import (
    DISCLOSED,
    NOT_DISCLOSED,
    PARTLY,
    Chapter,
    Disclosure,
    of_standard,
)
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import memo
from reportkit.standards import noise
from reportkit.standards.noise import AREA, DAY, NIGHT, SUBJECTS, TIMES
from reportkit.status import DEMONSTRATION, OFFICIAL

GRADE_WORDS = {code: f"noise.grade_word.{number}" for number, code in noise.CODES.items()}
FAIRLY_GOOD = 2  # the grade whose upper bound the pictures show
LOUD_ROAD = Decimal(70)
SOUND_SOURCES = ("life", "traffic", "industry", "construction")

# What is published beside the levels: cases of enforcement and complaints, and the units listed for their noise.
ASIDE: dict[str, dict[str, Any]] = {
    "noise/published": {"item_id": ["L2", "P3"]},
    "enterprises/published": {"indicator": "listings_noise"},
}

# What a disclosure of Q3 must publish of a year.
WANTED = {"area_day", "road_day", "zones_day", "zones_night"}


class NoiseFigures(Chapter):
    """Every figure about the noise of one area in one year, and what it is measured from."""

    slug = "noise"
    order = 40
    items = ("Q3",)

    # --- rows ------------------------------------------------------------------------------------

    def _rows(self, table: str, *exact: str) -> pd.DataFrame:
        """The rows of these areas up to the end of the year, the columns *exact* as they are written."""
        return self.reader.rows(table, exact=exact, area_code=self.codes, year={"to": str(self.year)})

    @property
    @memo
    def grid(self) -> PublishedTable:
        """The grid points of area noise, a row for each year and time."""
        return PublishedTable("noise/area_grid", self._rows("noise/area_grid", "leq_db"))

    @property
    @memo
    def roads(self) -> PublishedTable:
        """The road sections, a row for each year and time, each with whether it is above 70 dB(A)."""
        rows = self._rows("noise/roads", "leq_db", "length_km")
        rows["is_loud"] = [level > LOUD_ROAD for level in rows["leq_db"]]
        return PublishedTable(self.table_name("roads"), rows.astype({"is_loud": bool}))

    @property
    @memo
    def visits(self) -> PublishedTable:
        """The quarterly measurements of functional zones, day and night in one row."""
        levels = ("day_db", "night_db", "night_peak_db")
        return PublishedTable("noise/functional_zones", self._rows("noise/functional_zones", *levels))

    @property
    @memo
    def checks(self) -> PublishedTable:
        """Each level measured in a functional zone, by day or by night, held against its limit."""
        columns = ["point_id", "area_code", "zone", "year", "quarter", "time", "leq_db", "limit_db", "is_compliant"]
        columns += ["over_db", "status", "source_id"]
        found = [
            _check(row, time)
            for row in self.visits.rows.to_dict("records")
            for time in TIMES
            if not pd.isna(row[f"{time}_db"])
        ]
        rows = pd.DataFrame(found, columns=columns).astype({"is_compliant": bool})
        families = ("limits", "compliance", "schedule")
        return PublishedTable(self.table_name("checks"), rows, rules=tuple(map(self.rule, families)))

    @property
    @memo
    def limits(self) -> PublishedTable:
        """The limits of functional zones as the standard has them."""
        return of_standard("noise_limits", "day_db", "night_db", "night_peak_over_db")

    @property
    @memo
    def bounds(self) -> PublishedTable:
        """The bounds of the grades as the standard has them."""
        return of_standard("noise_grades", "up_to_db")

    @property
    @memo
    def published(self) -> PublishedTable:
        """What has been published of the area's levels and compliance; cases and complaints are no such thing."""
        return self.facts("noise/published", area_code=self.area.code, item_id=self.items[0])

    @property
    @memo
    def asides(self) -> list[PublishedTable]:
        """What has been published beside them up to the year, of this area, and for the city of all districts."""
        codes, until = sorted({self.area.code, *self.codes}), {"to": str(self.year)}
        return [self.facts(table, area_code=codes, year=until, **where) for table, where in ASIDE.items()]

    @property
    @memo
    def statements(self) -> PublishedTable:
        """What has been published in words about this area, up to the year."""
        rows = self.reader.rows("noise/statements", area_code=self.area.code, year={"to": str(self.year)})
        return PublishedTable(self.table_name("statements"), rows)

    @property
    def has_values(self) -> bool:
        """Whether anything at all is known about this area up to this year."""
        return any(self.latest(subject, DAY) for subject in SUBJECTS) or self.compliance(NIGHT).value is not None

    @property
    def has_checks(self) -> bool:
        """Whether functional zones were measured in the year."""
        return bool((self.checks.rows["year"] == self.year).any())

    def published_years(self, *indicators: str) -> list[int]:
        """The years up to this one for which one of *indicators* is published."""
        rows = self.published.where({"indicator": list(indicators)})
        return sorted({int(year) for year in rows["year"] if year <= self.year})

    @property
    @memo
    def peaks(self) -> PublishedTable:
        """The highest level of sudden noise of each night that has one, held against the limit of its zone."""
        columns = ["point_id", "area_code", "zone", "year", "quarter", "peak_db", "limit_db", "is_compliant"]
        found = [_peak(row) for row in self.visits.rows.to_dict("records") if not pd.isna(row["night_peak_db"])]
        rows = pd.DataFrame(found, columns=[*columns, "status", "source_id"]).astype({"is_compliant": bool})
        return PublishedTable(self.table_name("peaks"), rows, rules=(self.rule("limits"),))

    # --- levels and grades -----------------------------------------------------------------------

    @memo
    def level(self, subject: str, time: str, year: int | None = None) -> Figure:
        """The mean level of the grid points or of the roads in dB(A): as published, or else computed."""
        year = year or self.year
        measured = self.as_published(f"{subject}_{time}", year)
        if measured.value is None:
            measured = self._mean_of_points(time, year) if subject == AREA else self._mean_of_roads(time, year)
        return self.figure(self.suffixed(f"{subject}_{time}", year), measured, unit="dB(A)", period=str(year))

    def _mean_of_points(self, time: str, year: int) -> Measured:
        mean = figures.mean(self.grid, "leq_db", 1, area_code=self.codes, year=year, time=time)
        return figures.under(mean, self.rule("area_mean", year), self.rule("schedule", year))

    def _mean_of_roads(self, time: str, year: int) -> Measured:
        mean = figures.weighted_mean(self.roads, "leq_db", "length_km", 1, year=year, time=time)
        return figures.under(mean, self.rule("road_mean", year), self.rule("schedule", year))

    @memo
    def grade(self, subject: str, time: str, year: int | None = None) -> Figure:
        """The grade of that level; none where there is no level."""
        year = year or self.year
        level, as_of = self.level(subject, time, year), date(year, 12, 31)
        code = None if level.value is None else noise.CODES[noise.grade(level.value, subject, time, as_of)]
        measured = figures.classify([level], code, self.rule("grade", year), subject=subject, time=time)
        name = self.suffixed(f"{subject}_{time}_grade", year)
        return self.figure(name, measured, unit="", period=str(year), words=GRADE_WORDS)

    def change(self, subject: str, time: str = DAY) -> Figure | None:
        """The level less that of the year before; nothing where one is published and the other made up."""
        if self.year in self.breaks(subject):
            return None
        measured = figures.difference(self.level(subject, time), self.level(subject, time, self.year - 1))
        return None if measured.value is None else self.figure(f"{subject}_{time}_change", measured, unit="dB(A)")

    @memo
    def known_years(self, subject: str) -> list[int]:
        """The years up to this one for which a level by day or by night is known."""
        measured = (self.grid if subject == AREA else self.roads).rows["year"]
        return sorted({*self.published_years(*(f"{subject}_{time}" for time in TIMES)), *map(int, measured)})

    def latest(self, subject: str, time: str) -> Figure | None:
        """The newest level up to this year, if there is any."""
        known = (self.level(subject, time, year) for year in reversed(self.known_years(subject)))
        return next((level for level in known if level.value is not None), None)

    @memo
    def breaks(self, subject: str) -> list[int]:
        """The years from which levels are made up where those before were published, or the other way round."""
        known = self.known_years(subject)
        is_made_up = {
            year: DEMONSTRATION in {self.level(subject, time, year).status for time in TIMES} for year in known
        }
        return [year for before, year in pairwise(known) if is_made_up[before] != is_made_up[year]]

    def bound(self, subject: str, time: str) -> Figure:
        """The highest level that still is fairly good."""
        rule = self.rule("grade")
        where = {"standard": rule.standard, "subject": subject, "time": time, "grade": str(FAIRLY_GOOD)}
        measured = figures.select(self.bounds, "up_to_db", **where)
        return self.figure(f"bound_{subject}_{time}", measured, unit="dB(A)", rules=[rule])

    # --- what levels are made of -----------------------------------------------------------------

    def points(self, year: int) -> Figure:
        """The grid points measured by day in a year."""
        measured = figures.count(self.grid, "leq_db", area_code=self.codes, year=year, time=DAY)
        return self.figure(self.suffixed("grid_points", year), measured, unit="1", period=str(year))

    @memo
    def source_share(self, kind: str, year: int) -> Figure:
        """The grid points whose main source of sound is of one *kind*, in percent: as published, or else counted."""
        measured = self.as_published(f"source_{kind}", year)
        if measured.value is None:
            whole = {"area_code": self.codes, "year": year, "time": DAY}
            measured = figures.share(self.grid, {"sound_source": kind}, whole)
        return self.figure(self.suffixed(f"source_{kind}", year), measured, unit="%", period=str(year))

    def source_years(self) -> list[int]:
        """The years up to this one for which sources of sound are known."""
        published = self.published_years(*(f"source_{kind}" for kind in SOUND_SOURCES))
        return sorted({*published, *map(int, self.grid.rows["year"])})

    def road_length(self, *, loud: bool = False) -> Figure:
        """The length of the roads measured by day; of those above 70 dB(A)."""
        where = {"is_loud": True} if loud else {}
        measured = figures.total(self.roads, "length_km", 1, year=self.year, time=DAY, **where)
        return self.figure("road_length_loud" if loud else "road_length", measured, unit="km")

    def loud_share(self) -> Figure:
        """The latter in percent of the former."""
        loud, whole = self.road_length(loud=True), self.road_length()
        measured = figures.under(figures.ratio(loud, whole), self.rule("loud_roads"))
        return self.figure("road_loud_share", measured, unit="%")

    def road_level(self, road: str, time: str, year: int) -> Figure:
        """The level of one road section."""
        measured = figures.select(self.roads, "leq_db", road_id=road, year=year, time=time)
        return self.figure(self.suffixed(f"road_{road}_{time}", year), measured, unit="dB(A)", period=str(year))

    def road_km(self, road: str) -> Figure:
        """Its length."""
        measured = figures.select(self.roads, "length_km", road_id=road, year=self.year, time=DAY)
        return self.figure(f"road_{road}_length", measured, unit="km")

    # --- functional zones ------------------------------------------------------------------------

    def zone_years(self) -> list[int]:
        """The years up to this one for which compliance is known."""
        published = self.published_years(*(f"zones_{time}" for time in TIMES))
        return sorted({*published, *map(int, self.checks.rows["year"])})

    def zones_known(self) -> list[str]:
        """The kinds of functional zones measured in the year, the quietest first."""
        rows = self.checks.rows
        found = set(rows.loc[rows["year"] == self.year, "zone"])
        return [zone for zone in noise.zones(date(self.year, 12, 31)) if zone in found]

    def limit(self, zone: str, time: str) -> Figure:
        """The limit of a zone."""
        rule = self.rule("limits")
        measured = figures.select(self.limits, f"{time}_db", standard=rule.standard, zone=zone)
        return self.figure(f"limit_{zone}_{time}", measured, unit="dB(A)", rules=[rule])

    @memo
    def compliance(self, time: str, year: int | None = None) -> Figure:
        """The checks of all zones that complied by day or by night, in percent: as published, or else counted."""
        year = year or self.year
        measured = self.as_published(f"zones_{time}", year)
        if measured.value is None:
            measured = figures.share(self.checks, {"is_compliant": True}, {"year": year, "time": time})
        return self.figure(self.suffixed(f"zones_{time}", year), measured, unit="%", period=str(year))

    def peak_nights(self, *, loud: bool = False) -> Figure:
        """The nights of this year whose sudden noise was measured; those on which it was too loud."""
        where: dict[str, Any] = {"is_compliant": False} if loud else {}
        measured = figures.count(self.peaks, year=self.year, **where)
        return self.figure("peak_nights_loud" if loud else "peak_nights", measured, unit="1")

    @memo
    def zone_compliance(self, zone: str, time: str) -> Figure:
        """The same of one kind of zone this year."""
        whole = {"year": self.year, "time": time, "zone": zone}
        measured = figures.share(self.checks, {"is_compliant": True}, whole)
        return self.figure(f"zone_{zone}_{time}", measured, unit="%")

    def zone_checks(self, zone: str, time: str) -> Figure:
        """How often that kind of zone was measured this year."""
        measured = figures.count(self.checks, year=self.year, time=time, zone=zone)
        return self.figure(f"zone_{zone}_{time}_checks", measured, unit="1")

    def checks_of(self, time: str, *, failed: bool = False) -> Figure:
        """How often all zones were measured this year; how often they did not comply."""
        where: dict[str, Any] = {"is_compliant": False} if failed else {}
        measured = figures.count(self.checks, year=self.year, time=time, **where)
        return self.figure(f"zones_{time}_{'failed' if failed else 'checks'}", measured, unit="1")

    def visits_of(self, time: str | None = None) -> Figure:
        """How many quarters of points there are this year; how many have a level of a *time*."""
        where: dict[str, Any] = {"area_code": self.codes, "year": self.year}
        measured = figures.count(self.visits, f"{time}_db" if time else None, **where)
        return self.figure(f"visits_{time}" if time else "visits", measured, unit="1")

    def lost(self, time: str) -> Figure:
        """How many of them have none."""
        measured = figures.difference(self.visits_of(), self.visits_of(time), 0)
        return self.figure(f"lost_{time}", measured, unit="1")

    def zone_points(self) -> list[dict[Any, Any]]:
        """The points in functional zones measured in the year: their zone and names, by zone and code."""
        rows = self.visits.rows[self.visits.rows["year"] == self.year].drop_duplicates("point_id")
        found: list[dict[Any, Any]] = rows.sort_values(["zone", "point_id"]).to_dict("records")
        return found

    def point_level(self, point: str, time: str, quarter: int) -> Figure:
        """The level of a point in a quarter."""
        where = {"point_id": point, "year": self.year, "quarter": quarter, "time": time}
        measured = figures.select(self.checks, "leq_db", **where)
        return self.figure(f"{point}_{time}_q{quarter}", measured, unit="dB(A)")

    def excess(self, point: str, time: str, quarter: int) -> Decimal | None:
        """By how much it is over the limit: nought where it complies, nothing where it was not measured."""
        where = {"point_id": point, "year": self.year, "quarter": quarter, "time": time}
        rows = self.checks.where(where)
        return None if rows.empty else rows["over_db"].iloc[0] or Decimal(0)

    def failures(self, point: str, time: str) -> Figure:
        """In how many quarters a point did not comply."""
        where: dict[str, Any] = {"point_id": point, "year": self.year, "time": time, "is_compliant": False}
        return self.figure(f"{point}_{time}_failed", figures.count(self.checks, **where), unit="1")

    def worst(self, point: str, time: str) -> Figure:
        """By how much a point was over its limit at most; no value where it always complied."""
        measured = figures.maximum(self.checks, "over_db", point_id=point, year=self.year, time=time)
        return self.figure(f"{point}_{time}_over", measured, unit="dB(A)")

    def aside(self, row: Mapping[Any, Any]) -> Figure:
        """A row of what was published beside the levels, as a figure."""
        where = {name: row[name] for name in ("area_code", "indicator", "year")}
        (table,) = (table for table in self.asides if not table.where(where).empty)
        name = f"published_{row['area_code']}_{row['indicator']}_{row['year']}"
        measured = figures.select(table, "value", **where)
        return self.figure(name, measured, unit=row["unit"], period=str(row["year"]))

    # --- disclosure ------------------------------------------------------------------------------

    def disclosure(self, item: str) -> Disclosure:
        """Q3 is disclosed when levels and compliance of the year are published; partly when some are, or words.

        Demonstration does not count.
        """
        rows = self.published.rows[self.published.rows["status"] != DEMONSTRATION]
        words = self.statements.rows[self.statements.rows["status"] != DEMONSTRATION]
        known = sorted(int(year) for year in (*rows["year"], *words["year"]) if year <= self.year)
        since = known[0] if known else None
        if self.year not in known:
            return Disclosure(item, NOT_DISCLOSED, since)
        own = rows[(rows["year"] == self.year) & (rows["status"] == OFFICIAL)]
        return Disclosure(item, DISCLOSED if set(own["indicator"]) >= WANTED else PARTLY, since)


def _peak(row: Any) -> dict[str, Any]:
    """The highest level of a night held against what the zone of the point allows."""
    limit = noise.limit(row["zone"], date(int(row["year"]), 12, 31))
    return {
        **{name: row[name] for name in ("point_id", "area_code", "zone", "year", "quarter")},
        "peak_db": row["night_peak_db"],
        "limit_db": limit.night + limit.peak_over,
        "is_compliant": limit.is_met_by_peak(row["night_peak_db"]),
        **{name: row[name] for name in ("status", "source_id")},
    }


def _check(row: Any, time: str) -> dict[str, Any]:
    """A level of a functional zone held against the limit of its year."""
    level = row[f"{time}_db"]
    limit = noise.limit(row["zone"], date(int(row["year"]), 12, 31))
    is_compliant = limit.is_met_by(level, time)
    return {
        **{name: row[name] for name in ("point_id", "area_code", "zone", "year", "quarter")},
        "time": time,
        "leq_db": level,
        "limit_db": limit.at(time),
        "is_compliant": is_compliant,
        "over_db": None if is_compliant else level - limit.at(time),
        "status": row["status"],
        "source_id": row["source_id"],
    }
