"""What the page on noise shows of functional zones: how often they complied, where and when they did not."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from reportkit import charts
from reportkit.blocks import Block, TableContent
from reportkit.chapters import only_with, spliced
from reportkit.chapters.common import over_years
from reportkit.chapters.noise_figures import NoiseFigures
from reportkit.figures import Figure
from reportkit.standards.noise import NIGHT, TIMES

# How far over its limit a level is, in dB(A), and how seldom nights complied, in percent: the steps of the pictures,
# with their colours; the last is without end.
STEPS = {"meets": 0, "little": 3, "clearly": 5, "far": None}
RATES = {"meets": 100, "little": 75, "clearly": 50, "far": 0}
STEP_COLOURS = {"meets": "#cfe3e8", "little": "#f3d9a4", "clearly": "#d98f4e", "far": "#8f2d1c", "none": "#eceff1"}
QUARTERS = (1, 2, 3, 4)


class NoiseZones(NoiseFigures):
    """The functional zones of one area and year: by kind, point, quarter and time of day."""

    # --- functional zones ------------------------------------------------------------------------

    @only_with("has_checks")
    def zones(self) -> Block:
        """How often each kind of functional zone complied, by day and by night."""
        zones, series = self.zones_known(), [self.word(f"time.{time}") for time in TIMES]
        bars = [
            {"name": self._zone(zone), "percent": float(str(rate.value)), "series": name}
            for zone in zones
            for time, name in zip(TIMES, series, strict=True)
            if (rate := self.zone_compliance(zone, time)).value is not None
        ]
        rows = [
            [
                self._zone(zone),
                *(find(zone, time) for time in TIMES for find in (self.limit, self.zone_checks, self.zone_compliance)),
                self._of_zone(zone, "name"),
            ]
            for zone in zones
        ]
        columns = [
            self.words("zone"),
            *(
                self.numbers(f"{time}_{kind}", self.word(f"zones.{time}_{kind}"))
                for time in TIMES
                for kind in ("limit", "checks", "rate")
            ),
            self.words("zone_means"),
        ]
        rates = [
            self.say("zones.rate", zone=self._zone(zone), **{time: self.zone_compliance(zone, time) for time in TIMES})
            for zone in zones
        ]
        return self.chart(
            "zones",
            charts.against_limits,
            bars,
            series,
            {"percent_of_limit": self.word("zones.axis"), "limit": self.word("zones.all")},
            alternative=self.say("zones.alternative", rates=spliced(rates, self.word("zones.stop"))),
            table=TableContent(columns, rows, self.download("zones")),
            is_open=True,
            title=self.say("zones.title"),
            notes=[*self._failed_notes(), self.say("zones.note"), self._peak_note(), *self._conditions()],
            tables=[self.checks, self.peaks],
        )

    def _peak_note(self) -> list[Any]:
        """What the limit of sudden noise at night is, and on how many nights it was kept."""
        nights = self.peak_nights()
        if not nights.value:
            return self.say("zones.no_peak")
        return self.say("zones.peak", nights=nights, loud=self.peak_nights(loud=True))

    def _conditions(self) -> list[list[Any]]:
        """Where a limit holds only on a condition, or is not all read, for each kind of zone that is shown."""
        notes = {zone: self._of_zone(zone, "note") for zone in self.zones_known()}
        return [self.say("zones.condition", zone=self._zone(zone), note=note) for zone, note in notes.items() if note]

    def _failed_notes(self) -> list[list[Any]]:
        """How many checks failed, and how many nights were not measured."""
        counts = {f"{time}_failed": self.checks_of(time, failed=True) for time in TIMES}
        notes = [self.say("zones.failed", **counts, **{time: self.checks_of(time) for time in TIMES})]
        lost = self.lost(NIGHT)
        return [*notes, self.say("zones.lost", lost=lost)] if lost.value else notes

    @only_with("has_checks")
    def nights(self) -> Block:
        """Where and when nights are too loud: each point by quarter; for the city each district by zone."""
        return self._nights_of_districts() if self.area.is_city else self._nights_of_points()

    def _nights_of_points(self) -> Block:
        points = self.zone_points()
        cells = [self._night(point, quarter) for point in points for quarter in QUARTERS]
        rows = [
            [
                self._point(point),
                self.limit(point["zone"], NIGHT),
                *(self.point_level(point["point_id"], NIGHT, quarter) for quarter in QUARTERS),
            ]
            for point in points
        ]
        columns = [self.words("point"), self.numbers("night_limit", self.word("zones.night_limit"))]
        columns += [self.numbers(f"q{it}", self.word("nights.quarter", quarter=str(it))) for it in QUARTERS]
        return self.chart(
            "nights",
            charts.class_grid,
            cells,
            self._colours("nights", cells),
            alternative=self.say(
                "nights.alternative", failed=self.checks_of(NIGHT, failed=True), checks=self.checks_of(NIGHT)
            ),
            table=TableContent(columns, rows, self.download("nights")),
            title=self.say("nights.title"),
            notes=[self.say("nights.note")],
            tables=[self.checks],
        )

    def _night(self, point: Mapping[Any, Any], quarter: int) -> dict[str, Any]:
        """A point's night of a quarter as a cell of the picture: how far over the limit it is."""
        excess = self.excess(point["point_id"], NIGHT, quarter)
        step = _step(excess)
        return {
            "row": self._point(point),
            "column": self.word("nights.quarter", quarter=str(quarter)),
            "level": self.word(f"nights.{step}"),
            "mark": f"+{excess}" if excess else "",
            "is_dark": step == "far",
        }

    def _colours(self, words: str, cells: list[dict[str, Any]]) -> dict[str, str]:
        """The colours of the steps that there are among *cells*, in their order."""
        shown = {cell["level"] for cell in cells}
        colours = {self.word(f"{words}.{step}"): colour for step, colour in STEP_COLOURS.items()}
        return {level: colour for level, colour in colours.items() if level in shown}

    def _nights_of_districts(self) -> Block:
        zones, districts = self.zones_known(), [self.of(area) for area in self.edition.districts]
        cells = [self._rate(chapter, zone) for chapter in districts for zone in zones]
        rows = [
            [
                chapter.name(),
                *(chapter.zone_compliance(zone, NIGHT) for zone in zones),
                chapter.compliance(NIGHT),
            ]
            for chapter in districts
        ]
        columns = [self.words("district"), *(self.numbers(f"zone_{zone}", self._zone(zone)) for zone in zones)]
        return self.chart(
            "nights",
            charts.class_grid,
            cells,
            self._colours("rates", cells),
            alternative=self.say("nights.city_alternative", night=self.compliance(NIGHT), count=str(len(districts))),
            table=TableContent([*columns, self.numbers("zones_night")], rows, self.download("nights")),
            title=self.say("nights.city_title"),
            notes=[self.say("nights.city_note")],
            tables=[self.checks],
        )

    def _rate(self, chapter: NoiseZones, zone: str) -> dict[str, Any]:
        """How often a district's zone complied at night, as a cell of the picture."""
        rate = chapter.zone_compliance(zone, NIGHT)
        step = _step_of_rate(rate)
        return {
            "row": chapter.name(),
            "column": self._zone(zone),
            "level": self.word(f"rates.{step}"),
            "mark": "" if rate.value is None else f"{rate.value}%",
            "is_dark": step == "far",
        }

    @only_with("has_checks")
    def exceeding(self) -> Block:
        """The points that did not always comply: how often, and by how much at most."""
        title = self.say("exceeding.title")
        found = [
            point for point in self.zone_points() if any(self.failures(point["point_id"], time).value for time in TIMES)
        ]
        if not found:
            return self.statement("exceeding", self.say("exceeding.none"), title=title, tables=[self.checks])
        rows = [
            [
                self._point(point),
                *(find(point["point_id"], time) for time in TIMES for find in (self.failures, self.worst)),
            ]
            for point in found
        ]
        columns = [self.words("point"), self.numbers("day_failed"), self.numbers("day_over")]
        columns += [self.numbers("night_failed"), self.numbers("night_over")]
        return self.block(
            "table",
            "exceeding",
            {"table": TableContent(columns, rows, self.download("exceeding"))},
            title=title,
            notes=[self.say("exceeding.note")],
            tables=[self.checks],
        )

    def zones_years(self) -> Block:
        """How often functional zones complied over the years."""
        lines = {f"zones_{time}": partial(self.compliance, time) for time in TIMES}
        return over_years(self, "zones_years", lines, self.zone_years())

    # --- words -----------------------------------------------------------------------------------

    def _zone(self, zone: str) -> str:
        return self.word("zone", zone=zone)

    def _of_zone(self, zone: str, what: str) -> str:
        """The ``name`` of a kind of zone, or the ``note`` on its limits, as the standard's table has it."""
        rows = self.limits.where({"standard": self.rule("limits").standard, "zone": zone})
        return str(rows[f"{what}_{self.language}"].iloc[0])

    def _point(self, point: Mapping[Any, Any]) -> str:
        """A point with the zone it stands in."""
        return self.word("point", point=point[f"name_{self.language}"], zone=self._zone(point["zone"]))


def _step(excess: Decimal | None) -> str:
    """How far over its limit a level is, as a step of the picture."""
    if excess is None:
        return "none"
    return next(step for step, most in STEPS.items() if most is None or excess <= most)


def _step_of_rate(rate: Figure) -> str:
    """How many nights complied, as a step of the picture."""
    if rate.value is None:
        return "none"
    return next(step for step, least in RATES.items() if Decimal(str(rate.value)) >= least)
