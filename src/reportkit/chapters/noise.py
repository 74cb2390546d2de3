"""Acoustic environment (item Q3): the answer first, then areas, roads, functional zones, sources, districts."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from operator import methodcaller
from typing import Any

import pandas as pd

from reportkit import charts, text
from reportkit.blocks import Block, TableContent, absolute
from reportkit.chapters import LESS, MORE, Card, Headline, once_for_all, only_with, spliced
from reportkit.chapters.common import as_printed, by_district, over_years
from reportkit.chapters.noise_figures import SOUND_SOURCES
from reportkit.chapters.noise_zones import NoiseZones
from reportkit.figures import NO_DATA, Figure, PublishedTable
from reportkit.standards.noise import AREA, DAY, NIGHT, ROAD, SUBJECTS, TIMES
from reportkit.status import OFFICIAL


class Noise(NoiseZones):
    """The noise of one area in one year, with the years before it beside it: a method for each block."""

    slug = "noise"

    # --- the answer ------------------------------------------------------------------------------

    @only_with("has_values")
    def answer(self) -> Block:
        """Is it quiet, by day and by night? In a few sentences, each computed."""
        return self.statement(
            "answer",
            self._level_sentence(AREA),
            self._level_sentence(ROAD),
            self._zones_sentence(),
            self._night_sentence(),
            tables=[self.checks],
        )

    def headline(self) -> Headline:
        """The level by day with its grade, and how often functional zones complied at night."""
        level, nights = self.level(AREA, DAY), self.compliance(NIGHT)
        if level.value is None and nights.value is None:
            return Headline(self.say("headline.none"))
        said: list[list[Any]] = []
        cards: list[Card] = []
        if level.value is not None:
            said.append(self.say("headline.level", level=level, grade=self.grade(AREA, DAY)))
            before = None if self.year in self.breaks(AREA) else self.level(AREA, DAY, self.year - 1)
            cards.append(Card(self.word("card.area_day"), level, before, better=LESS))
        if nights.value is not None:
            said.append(self.say("headline.nights", nights=nights))
            before = self.compliance(NIGHT, self.year - 1)
            cards.append(Card(self.word("card.zones_night"), nights, before, "functional-zones", better=MORE))
        return Headline(self.say("headline.all", parts=spliced(said, self.word("zones.stop"))), cards)

    def _level_sentence(self, subject: str) -> list[Any]:
        """The level by day, its grade, and how it changed; or the newest one there is."""
        level, latest = self.level(subject, DAY), self.latest(subject, DAY)
        if level.value is None:
            if latest is None:
                return self.say(f"answer.{subject}_none")
            return self.say(f"answer.{subject}_latest", period=latest.period, level=latest)
        sentence = self.say(f"answer.{subject}", level=level, grade=self.grade(subject, DAY))
        change = self.change(subject)
        if change is None:
            return sentence + self.say("answer.stop")
        return sentence + self.say(f"answer.{_direction(change)}", by=absolute(change))

    def _zones_sentence(self) -> list[Any]:
        """How often functional zones complied, and which complied least at night."""
        day, night = (self.compliance(time) for time in TIMES)
        if night.value is None:
            return self.say("answer.zones_none")
        sentence = self.say("answer.zones", day=day, night=night)
        least = self._noisiest_zone()
        if least is None:
            return sentence + self.say("answer.stop")
        return sentence + self.say("answer.least", zone=self._zone(least), rate=self.zone_compliance(least, NIGHT))

    def _noisiest_zone(self) -> str | None:
        """The kind of zone that complied least at night; none where all always did."""
        rates = {zone: self.zone_compliance(zone, NIGHT).value for zone in self.zones_known()}
        known = {zone: Decimal(str(rate)) for zone, rate in rates.items() if rate is not None}
        least = min(known, key=lambda zone: known[zone], default="")
        return least if least and known[least] < 100 else None

    def _night_sentence(self) -> list[Any]:
        """Of which year the newest level by night is, where it is not this one."""
        night = self.latest(AREA, NIGHT)
        if night is None or night.period == str(self.year):
            return []
        return self.say("answer.night", period=night.period, level=night, grade=self.grade(AREA, NIGHT, _year(night)))

    # --- areas and roads -------------------------------------------------------------------------

    def area_grades(self) -> Block:
        """The level of the area and its grade, year by year."""
        return self._grades(AREA, self.say("grades.area_note"))

    def area_years(self) -> Block:
        """The level of the area over the years, beside the bound of the second grade."""
        return self._over_years(AREA)

    def road_grades(self) -> Block:
        """The level of the roads and its grade, year by year."""
        return self._grades(ROAD, self.say("grades.road_note"))

    def road_years(self) -> Block:
        """The level of the roads over the years, beside the bound of the second grade."""
        return self._over_years(ROAD)

    def _grades(self, subject: str, note: list[Any]) -> Block:
        name, title, years = f"{subject}-grades", self.say(f"grades.{subject}"), self.known_years(subject)
        tables = [self.grid if subject == AREA else self.roads]  # also without any of this year: the answer says so
        if not years:
            return self.statement(name, self.say("no_values"), title=title, tables=tables)
        rows = [
            [str(year), *(find(subject, time, year) for time in TIMES for find in (self.level, self.grade))]
            for year in years
        ]
        columns = [self.words("year"), self.numbers("day"), self.words("day_grade")]
        columns += [self.numbers("night"), self.words("night_grade")]
        marked = years.index(self.year) if self.year in years else None
        return self.block(
            "table",
            name,
            {"table": TableContent(columns, rows, self.download(name), marked)},
            title=title,
            notes=[note, self.say("grades.night"), *self._bounds_notes(subject)],
            tables=tables,
        )

    def _bounds_notes(self, subject: str) -> list[list[Any]]:
        """How far up grade two reaches, by day and by night; and that the city's value is of all districts."""
        bounds = {time: self.bound(subject, time) for time in TIMES}
        notes = [self.say("grades.bounds", **bounds)]
        return [*notes, self.say("grades.city")] if self.area.is_city else notes

    def _over_years(self, subject: str) -> Block:
        breaks = self.breaks(subject)
        return over_years(
            self,
            f"{subject}_years",
            {f"{subject}_{time}": partial(self.level, subject, time) for time in TIMES},
            self.known_years(subject),
            limits={f"{subject}_{time}": self.bound(subject, time) for time in TIMES},
            breaks=breaks,
            notes=[self.say("years.note"), *(self.say("years.broken", first=str(year)) for year in breaks)],
        )

    def road_sections(self) -> Block:
        """Each road section, the loudest first; on the city's page those above 70 dB(A) alone."""
        rows = self.roads.rows
        now = rows[(rows["year"] == self.year) & (rows["time"] == DAY)]
        title = self.say("sections.title_city" if self.area.is_city else "sections.title")
        if now.empty:
            return self.statement("road-sections", self.say("no_values"), title=title)
        shown = now[now["is_loud"]] if self.area.is_city else now
        if shown.empty:
            return self.statement("road-sections", self._loud_sentence(), title=title, tables=[self.roads])
        night = self.latest(ROAD, NIGHT)
        years = [(DAY, self.year), *([(NIGHT, _year(night))] if night else [])]
        ordered = shown.sort_values(["leq_db", "road_id"], ascending=[False, True]).to_dict("records")
        table = [
            [
                road[f"name_{self.language}"],
                self.road_km(road["road_id"]),
                *(self.road_level(road["road_id"], time, year) for time, year in years),
            ]
            for road in ordered
        ]
        columns = [self.words("road"), self.numbers("length")]
        columns += [self.numbers(time, self.word(f"sections.{time}", in_year=str(year))) for time, year in years]
        return self.block(
            "table",
            "road-sections",
            {"table": TableContent(columns, table, self.download("road-sections"))},
            title=title,
            notes=[self._loud_sentence()],
            tables=[self.roads],
        )

    def _loud_sentence(self) -> list[Any]:
        """How much of the roads is above 70 dB(A) by day."""
        loud, whole = self.road_length(loud=True), self.road_length()
        if loud.value is None:
            return self.say("sections.quiet", whole=whole)
        return self.say("sections.loud", loud=loud, whole=whole, share=self.loud_share())

    # --- sources of sound ------------------------------------------------------------------------

    def sound_sources(self) -> Block:
        """What is heard at the grid points, year by year."""
        title, years = self.say("sources.title"), self.source_years()
        published = self.of(self.edition.city).published_sources()
        if not years:
            return self.statement("sources", self.say("no_values"), *published, title=title)
        parts, totals = [], []
        for year in years:
            shares = {kind: self.source_share(kind, year) for kind in SOUND_SOURCES}
            known = {kind: float(str(share.value)) for kind, share in shares.items() if share.value is not None}
            for position, (kind, share) in enumerate(known.items()):
                part = {"bar": str(year), "part": self.word(f"sources.{kind}"), "position": position}
                parts.append(part | {"value": share})
            status = text.message(f"site.tag.{shares[SOUND_SOURCES[0]].status}", self.language)
            totals.append({"bar": str(year), "total": status, "end": round(sum(known.values()), 1)})
        rows = [
            [str(year), *(self.source_share(kind, year) for kind in SOUND_SOURCES), self._points(year)]
            for year in years
        ]
        columns = [self.words("year"), *(self.numbers(kind, self.word(f"sources.{kind}")) for kind in SOUND_SOURCES)]
        last = {kind: self.source_share(kind, years[-1]) for kind in SOUND_SOURCES}
        return self.chart(
            "sources",
            charts.stacked_bars,
            parts,
            totals,
            dict(zip((self.word(f"sources.{kind}") for kind in SOUND_SOURCES), charts.PALETTE, strict=False)),
            {"axis": self.word("sources.axis"), "step": "10"},
            alternative=self.say("sources.alternative", last_year=str(years[-1]), **last),
            table=TableContent([*columns, self.numbers("points")], rows, self.download("sources")),
            title=title,
            notes=[self.say("sources.note"), *published],
        )

    def _points(self, year: int) -> Figure | str:
        """The grid points of a year; a dash where none were given."""
        points = self.points(year)
        return points if points.value else NO_DATA

    def published_sources(self) -> list[list[Any]]:
        """What was published of the sources of sound of this area last, as a sentence; none if nothing was."""
        years = self.published_years("source_life")
        if not years:
            return []
        life, traffic = (self.source_share(kind, years[-1]) for kind in ("life", "traffic"))
        words = {"city": self.name(), "period": str(years[-1]), "life": life, "traffic": traffic}
        return [self.say("sources.published", **words)]

    # --- districts and words ---------------------------------------------------------------------

    @once_for_all
    def compared(self) -> dict[str, dict[str, Figure]]:
        """What the pages of all areas compare: the level by day and its grade, that of the roads, and the nights."""
        return self.of_all(
            {
                "comparison": methodcaller("level", AREA, DAY),
                "grade": methodcaller("grade", AREA, DAY),
                "road_level": methodcaller("level", ROAD, DAY),
                "zones_night": methodcaller("compliance", NIGHT),
            }
        )

    def comparison(self) -> Block:
        """The districts by their level by day, the loudest first, the city above them."""
        compared = self.compared()
        return by_district(
            self,
            "comparison",
            compared["comparison"],
            others={name: compared[name].get for name in ("grade", "road_level", "zones_night")},
            notes=[self.say("comparison.note")],
        )

    def official_words(self) -> Block:
        """What the authority has said without a number; said of the city."""
        city = self.of(self.edition.city)
        title, rows = self.say("words.title"), city.statements.rows
        if rows.empty:
            return self.statement("words", self.say("words.none", city=city.name()), title=title)
        quotes = [
            {
                "words": row[f"statement_{self.language}"],
                "lines": [
                    self.say(
                        "words.line",
                        period=str(row["year"]),
                        city=city.name(),
                        status=text.message(f"site.status.{row['status']}", self.language),
                    )
                ],
            }
            for row in rows.sort_values("year", ascending=False).to_dict("records")
        ]
        translated = [] if self.language == "zh" else [self.say("words.translated")]
        return self.block(
            "quotes",
            "words",
            {"quotes": quotes},
            title=title,
            notes=[self.say("words.note"), *translated],
            tables=[PublishedTable(self.table_name("statements"), rows)],
        )

    def reported(self) -> Block:
        """What was published of single cases, of complaints, and of units that are listed for their noise."""
        rows = pd.concat([table.rows for table in self.asides])
        notes = [] if rows.empty else [self.say("reported.note")]
        return as_printed(self, "reported", rows, self.aside, notes=notes)

    # --- what is missing -------------------------------------------------------------------------

    def missing(self) -> Block:
        """What has not been found, and what is left out on purpose."""
        return self.statement(
            "missing",
            [] if self._is_published(self.year) else self.say("missing.year"),
            *(self._last_published(subject) for subject in SUBJECTS),
            self.say("missing.night"),
            self.say("missing.complaints"),
        )

    def _is_published(self, year: int) -> bool:
        """Whether the authority has published a figure of the year."""
        return not self.published.where({"year": year, "status": OFFICIAL}).empty

    def _last_published(self, subject: str) -> list[Any]:
        """The newest level of the city that was published or reported, with its grade."""
        city = self.of(self.edition.city)
        years = city.published_years(f"{subject}_{DAY}")
        if not years:
            return []
        level, grade = (find(subject, DAY, years[-1]) for find in (city.level, city.grade))
        return self.say(f"missing.last_{subject}", city=city.name(), period=str(years[-1]), level=level, grade=grade)


def _direction(change: Figure) -> str:
    """Which way a level went."""
    value = Decimal(str(change.value))
    return "louder" if value > 0 else "quieter" if value < 0 else "same"


def _year(figure: Figure) -> int:
    return int(figure.period)
