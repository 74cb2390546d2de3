"""Radiation (item Q7): dose rates beside the background, fields, drinking water, sources and their supervision."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd

from reportkit import charts, text
from reportkit.blocks import Block, TableContent
from reportkit.chapters import LESS, Card, Headline, only_with
from reportkit.chapters.common import by_district, over_years
from reportkit.chapters.radiation_figures import GROSS, OF_THE_CITY, RadiationFigures
from reportkit.figures import NO_DATA, Figure, PublishedTable
from reportkit.standards import radiation
from reportkit.standards.radiation import AUTOMATIC, OUTSIDE, UNKNOWN, UNUSUAL, WITHIN

# Years that are shown up to the page's own, and of supervision what is drawn.
YEARS_SHOWN = 5
DRAWN = ("permits", "inspections", "problems", "problems_corrected")


class Radiation(RadiationFigures):
    """Radiation of one area in one year: a method for each block of the notebook."""

    slug = "radiation"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """Is the radiation normal here? In a few sentences, each counted."""
        return self.statement(
            "answer",
            self._rate_sentence(),
            self._points_sentence(),
            self._fields_sentence(),
            self._events_sentence(),
            tables=[self.verdicts],
        )

    def headline(self) -> Headline:
        """The mean dose rate beside the background, how many points lie within, and whether there were accidents."""
        if not self.has_values:
            return Headline()
        cards = [Card(self.word("card.dose_rate"), self.dose_rate(), self._last(self.dose_rate), "dose-rates")]
        if self.events().value is not None:
            cards.append(
                Card(
                    self.word("card.events"), self.events(), self._last(self.events), "safety-supervision", better=LESS
                )
            )
        if not self.points_with().value:
            return Headline(self._rate_sentence(), cards)
        return Headline(self.say("headline.within", rate=self.dose_rate()) + self._points_sentence(), cards)

    def _last(self, of: Any) -> Figure | None:
        """Last year's figure, where it has a value."""
        before: Figure = of(self.year - 1)
        return None if before.value is None else before

    def _rate_sentence(self) -> list[Any]:
        low, high = self.background("low"), self.background("high")
        if not self.has_values:
            return self.say("answer.nothing")
        if low.value is None:
            return self.say("answer.rate_alone", rate=self.dose_rate())
        place = self.area_named(self.backgrounds.rows["area_code"].iloc[0])
        return self.say("answer.rate", rate=self.dose_rate(), place=place, low=low, high=high)

    def _points_sentence(self) -> list[Any]:
        """How many points lie within; the others by what they are called."""
        if not self.points_with().value:
            return []
        sentence = self.say("answer.points", all=self.points_with(), within=self.points_with(WITHIN))
        for word in (UNUSUAL, OUTSIDE, UNKNOWN):
            if (count := self.points_with(word)).value:
                sentence += self.say(f"answer.points_{word}", count=count)
        return sentence + self.say("answer.stop")

    def _fields_sentence(self) -> list[Any]:
        if not self.quantities:
            return []
        found = {str(self.field_verdict(self.highest_field(name), name).value) for name in self.quantities}
        key = "answer.fields" if found == {radiation.MEETS} else "answer.fields_over"
        return self.say(key, count=self.fields_measured(self.quantities[0]))

    def _events_sentence(self) -> list[Any]:
        events = self.events()
        if events.value is None:
            return []
        return self.say("answer.events" if events.value else "answer.no_events", count=events)

    @only_with("has_values")
    def meaning(self) -> Block:
        """What the number means, beside doses that are known from elsewhere."""
        return self.statement(
            "meaning",
            self.say("meaning.unit"),
            self.say("meaning.year", rate=self.dose_rate(), dose=self.dose_of_year()),
            self.say("meaning.beside", world=self.dose("world_natural_year"), xray=self.dose("chest_xray")),
            self.say("meaning.limits"),
        )

    # --- dose rates ------------------------------------------------------------------------------

    def by_quarter(self) -> Block:
        """Each automatic point by quarter, before the natural background."""
        known = self.quarters.where({"kind": AUTOMATIC})
        names = self._names()
        points, rows = [], []
        for row in known.sort_values(["point_id", "year", "quarter"]).to_dict("records"):
            panel, step = names[row["point_id"]], f"{row['year']} Q{row['quarter']}"
            is_valid = bool(row["is_valid"])
            point = {"mean": float(row["mean_ngy_h"]), "highest": float(row["max_ngy_h"])} if is_valid else {}
            points.append({"panel": panel, "step": step, "mean": None, "highest": None, **point})
            if row["year"] == self.year:
                quarter = partial(self.quarter, row["point_id"], int(row["year"]), int(row["quarter"]))
                said = self.word("quarter.valid" if is_valid else "quarter.too_few")
                when = self.word("quarter.name", year=str(row["year"]), quarter=str(row["quarter"]))
                rows.append([panel, when, quarter("mean"), quarter("max"), said])
        low, high = self.background("low"), self.background("high")
        if not points or low.value is None:
            title = self.say("by_quarter.title")
            return self.statement("by-quarter", self.say("no_values"), title=title, tables=[self.quarters])
        band = {"low": float(str(low.value)), "high": float(str(high.value))}
        words = {name: self.word(f"line.{name}") for name in ("mean", "highest", "range")}
        columns = [self.words("point"), self.words("quarter"), self.numbers("mean"), self.numbers("highest")]
        return self.chart(
            "by-quarter",
            charts.within_ranges,
            points,
            [{"panel": panel, **band} for panel in dict.fromkeys(point["panel"] for point in points)],
            words,
            alternative=self.say("by_quarter.alternative", low=low, high=high)
            + self.say("by_quarter.highest", highest=self.highest_hour()),
            table=TableContent([*columns, self.words("data")], rows, self.download("by_quarter")),
            title=self.say("by_quarter.title"),
            notes=[self.say("by_quarter.note"), self.say("by_quarter.rain"), *self._background_notes()],
            tables=[self.quarters],
        )

    def _names(self) -> dict[str, str]:
        rows = self.points.rows
        return dict(zip(rows["point_id"], rows[f"name_{self.language}"], strict=True))

    def _background_notes(self) -> list[list[Any]]:
        """Where the range comes from, and whether it is the city's."""
        rows = self.backgrounds.rows
        if rows.empty:
            return []
        row = rows.iloc[0]
        notes = [self.say("background.survey", survey=row[f"survey_{self.language}"])]
        notes += [[row[f"note_{self.language}"]]] if row[f"note_{self.language}"] else []
        if row["area_code"] != self.area.code:
            notes.append(self.say("background.of_city", city=self.name(self.edition.city)))
        return notes

    def over_years(self) -> Block:
        """The mean and the highest hour over the years, with the upper end of the background."""
        high = self.background("high")
        return over_years(
            self,
            "over_years",
            {"dose_rate": self.dose_rate, "highest_hour": self.highest_hour},
            self._years,
            limits={"dose_rate": high},
            notes=[self.say("over_years.note", high=high)] if high.value is not None else [],
        )

    @property
    def _years(self) -> Sequence[int]:
        return range(self.year - YEARS_SHOWN + 1, self.year + 1)

    def points_table(self) -> Block:
        """Each point of the year: mean, highest hour, how complete, and its verdict."""
        title, listed = self.say("points.title"), set(self.verdicts.rows["point_id"])
        if not listed:
            return self.statement("points", self.say("no_values"), title=title)
        rows = [
            [
                row[f"name_{self.language}"],
                self.verdict(row["point_id"]),
                self.point_mean(row["point_id"]),
                self.point_mean(row["point_id"], self.year - 1),
                self.point_highest(row["point_id"]),
                self.capture(row["point_id"]),
                self.word(f"kind.{row['kind']}"),
            ]
            for row in self.points.rows.to_dict("records")
            if row["point_id"] in listed
        ]
        has_quarters = not self.quarters.where({"kind": AUTOMATIC}).empty
        columns = [self.words("point"), self.words("verdict"), self.numbers("mean")]
        columns += [self.numbers("mean_last_year"), self.numbers("highest"), self.numbers("capture")]
        return self.block(
            "table",
            "points",
            {"table": TableContent([*columns, self.words("kind")], rows, self.download("points"))},
            title=title,
            notes=[
                self.say("points.rule"),
                self.say("points.manual"),
                *([] if has_quarters else self._background_notes()),  # else they stand beside the quarters
            ],
            tables=[self.verdicts],
        )

    def among_districts(self) -> Block:
        """The dose rate of each district, with how many of its points lie within the background."""
        compared = self.compared()
        return by_district(
            self,
            "among_districts",
            compared["dose_rate"],
            others={name: compared[name].get for name in ("points_within", "points", "permits")},
            notes=[self.say("among_districts.note")],
        )

    # --- fields ----------------------------------------------------------------------------------

    def fields_table(self) -> Block:
        """The highest value of each field against its limit, this year's and last year's."""
        title = self.say("fields.title")
        if not self.quantities:
            return self.statement("fields", self.say("no_values"), title=title)
        years = [
            year for year in (self.year, self.year - 1) if self.field_share(self.quantities[0], year).value is not None
        ]
        bars = [
            {"name": self.word(f"quantity.{name}"), "percent": float(str(share.value)), "series": str(year)}
            for name in self.quantities
            for year in years
            if (share := self.field_share(name, year)).value is not None
        ]
        rows = [
            [
                self.word(f"quantity.{name}"),
                self.field_verdict(self.highest_field(name), name),
                self.highest_field(name),
                self.limit(name),
                self.field_share(name),
                self.field_share(name, self.year - 1),
                self.fields_measured(name),
            ]
            for name in self.quantities
        ]
        columns = [self.words("quantity"), self.words("verdict"), self.numbers("highest"), self.numbers("limit")]
        columns += [self.numbers("share"), self.numbers("share_last_year"), self.numbers("measured")]
        return self.chart(
            "fields",
            charts.against_limits,
            bars,
            [str(year) for year in years],
            self._axis(),
            alternative=self._fields_alternative(),
            table=TableContent(columns, rows, self.download("fields")),
            is_open=True,
            title=title,
            notes=[self.say("fields.note"), self.say("fields.kinds")],
        )

    def _fields_alternative(self) -> list[Any]:
        """The highest value of each field, and how far below its limit it is."""
        parts = self._fields_sentence()
        for name in self.quantities:
            words = {"quantity": self.word(f"quantity.{name}"), "highest": self.highest_field(name)}
            parts += self.say("fields.highest", share=self.field_share(name), **words)
        return parts

    def _axis(self) -> dict[str, str]:
        return {"percent_of_limit": self.word("axis.percent_of_limit"), "limit": self.word("axis.limit")}

    def field_places(self) -> Block:
        """Each place where fields are measured; the city's page leaves them to the districts'."""
        title = self.say("field_places.title")
        if self.area.is_city or not self.quantities:
            key = "field_places.on_districts" if self.quantities else "no_values"
            return self.statement("field-places", self.say(key), title=title)
        measured = self.fields.where({"year": self.year})
        rows = []
        for place in self.field_points.to_dict("records"):
            for quantity in [name for name in self.quantities if name in set(_of(measured, place["field_id"]))]:
                value = self.field(place["field_id"], quantity)
                verdict = self.field_verdict(value, quantity)
                rows.append([place[f"name_{self.language}"], self.word(f"quantity.{quantity}"), value, verdict])
        columns = [self.words("point"), self.words("quantity"), self.numbers("value"), self.words("verdict")]
        return self.block(
            "table",
            "field-places",
            {"table": TableContent(columns, rows, self.download("field_places"))},
            title=title,
        )

    # --- drinking water --------------------------------------------------------------------------

    def drinking(self) -> Block:
        """Gross alpha and beta of the sources of drinking water against their guide values."""
        title = self.say("drinking.title")
        if self.intakes.empty:
            return self.statement("drinking", self._drinking_elsewhere(), title=title)
        intakes = dict(zip(self.intakes["intake_id"], self.intakes[f"name_{self.language}"], strict=True))
        bars = [
            {
                "name": name,
                "percent": float(str(self.gross_share(quantity, intake).value)),
                "series": self.word(f"quantity.{quantity}"),
            }
            for intake, name in intakes.items()
            for quantity in GROSS
        ]
        rows = [
            [
                name,
                self.guide_verdict(intake),
                *(figure(quantity, intake) for quantity in GROSS for figure in (self.gross, self.gross_share)),
                self.samples_taken(intake),
            ]
            for intake, name in intakes.items()
        ]
        columns = [self.words("intake"), self.words("verdict")]
        columns += [self.numbers(name) for quantity in GROSS for name in (quantity, f"{quantity}_share")]
        guides = {quantity: self.limit(quantity) for quantity in GROSS}
        return self.chart(
            "drinking",
            charts.against_limits,
            bars,
            [self.word(f"quantity.{quantity}") for quantity in GROSS],
            {"percent_of_limit": self.word("axis.percent_of_guide"), "limit": self.word("axis.guide")},
            alternative=self._drinking_sentence(),
            table=TableContent([*columns, self.numbers("samples")], rows, self.download("drinking")),
            title=title,
            notes=[self.say("drinking.note", **guides)],
        )

    def _drinking_sentence(self) -> list[Any]:
        """What all samples of the area come to."""
        words = {"count": str(len(self.intakes)), "samples": self.samples_taken(), "verdict": self.guide_verdict()}
        return self.say("drinking.sentence", **words, **{quantity: self.gross(quantity) for quantity in GROSS})

    def _drinking_elsewhere(self) -> list[Any]:
        """A district without a source of its own drinks from those of the city."""
        city = self.city
        if self.area.is_city or city.intakes.empty:
            return self.say("no_values")
        words = {"city": city.name(), "count": str(len(city.intakes)), "samples": city.samples_taken()}
        return self.say("drinking.elsewhere", verdict=city.guide_verdict(), **words)

    # --- sources and devices ---------------------------------------------------------------------

    def held_table(self) -> Block:
        """Sources and devices by category: holders and pieces, as far as they are told."""
        title = self.say("held.title")
        if self.held.where({"year": self.year}).empty:
            return self.statement("held", self.say("no_values"), title=title)
        rows = []
        for what in self.categories:
            row = [
                self.word(f"holding.{what}"),
                *(self._told(what, column, year) for column, year in self._columns_held()),
            ]
            rows.append(row if self.area.is_city else [*row, self.city.holding(what, "pieces")])
        columns = [self.words("category"), self.numbers("holders"), self.numbers("pieces")]
        columns += [self.numbers("pieces_last_year")]
        columns += [] if self.area.is_city else [self.numbers("pieces_city", self.name(self.edition.city))]
        notes = [self.say("held.categories"), self.say("held.secret"), self.say("held.permits")]
        if not self.area.is_city and self.withheld().value:
            notes.append(self.say("held.withheld", count=self.withheld()))
        return self.block(
            "table",
            "held",
            {"table": TableContent(columns, rows, self.download("held"))},
            title=title,
            notes=notes,
        )

    def _columns_held(self) -> list[tuple[str, int]]:
        return [("holders", self.year), ("pieces", self.year), ("pieces", self.year - 1)]

    def _told(self, what: str, column: str, year: int) -> Any:
        """A number of a category, or the word for one that is withheld."""
        rows = self.held.where({"holding": what, "year": year})
        if rows.empty:
            return NO_DATA
        is_withheld = not self.area.is_city and bool(rows["is_withheld"].iloc[0])
        return self.word("held.not_told") if is_withheld else self.holding(what, column, year)

    # --- supervision -----------------------------------------------------------------------------

    def supervision_over_years(self) -> Block:
        """Permits, inspections and problems over the years."""
        return over_years(
            self,
            "supervision",
            {column: partial(self.supervision, column) for column in DRAWN},
            self._years,
            notes=[self.say("supervision.sum")] if self.area.is_city else [],
        )

    def safety(self) -> Block:
        """The year's supervision in sentences: problems, events by level, drills, spent sources."""
        title = self.say("safety.title")
        if self.supervision("permits").value is None:
            return self.statement("safety", self.say("no_values"), title=title)
        words = {column: self.supervision(column) for column in (*DRAWN, "drills")}
        return self.statement(
            "safety",
            self.say("safety.inspected", **words),
            self._levels_sentence(),
            self.say("safety.drills", drills=words["drills"]),
            self._spent_sentence(),
            title=title,
            notes=[self.say("safety.levels")],
        )

    def _levels_sentence(self) -> list[Any]:
        """How many events there were of each level, the gravest first."""
        events = self.events()
        if events.value is None:
            return self.say("safety.events_unknown")
        if not events.value:
            return self.say("safety.no_events", count=events)
        return self.say(
            "safety.events", count=events, **{column: self.supervision(column) for column in radiation.EVENTS}
        )

    def _spent_sentence(self) -> list[Any]:
        if not self.area.is_city:
            return self.say("safety.spent_of_city", city=self.name(self.edition.city))
        spent = {column: self.supervision(column) for column in OF_THE_CITY}
        if any(figure.value is None for figure in spent.values()):
            return []
        return self.say("safety.spent", **spent)

    # --- what is published, what is missing ------------------------------------------------------

    def published_table(self) -> Block:
        """What has been published about the city's radiation, of whatever year, with its source."""
        city, title = self.city, self.say("published.title", city=self.name(self.edition.city))
        rows = city.published.rows[city.published.rows["period"].str[:4] <= str(self.year)]
        if rows.empty:
            return self.statement("published", self.say("published.none", city=city.name()), title=title)
        listed = [
            [
                row["period"],
                self.word(f"indicator.{row['indicator']}"),
                row[f"statement_{self.language}"]
                if pd.isna(row["value"])
                else city.published_value(row["indicator"], row["period"]),
                self.word(f"status.{row['status']}"),
                text.in_language("" if pd.isna(row["note"]) else row["note"], self.language) or NO_DATA,
            ]
            for row in rows.sort_values(["period", "indicator"]).to_dict("records")
        ]
        columns = [self.words("period"), self.words("indicator"), self.numbers("value"), self.words("released")]
        columns.append(self.words("note"))
        return self.block(
            "table",
            "published",
            {"table": TableContent(columns, listed, self.download("published_before"))},
            title=title,
            notes=[self.say("published.note"), *self._survey_notes(city)],
            tables=[PublishedTable(self.table_name("published"), rows.drop(columns="note"))],
        )

    def _survey_notes(self, city: Radiation) -> list[list[Any]]:
        """That the last survey found a wider range than the background, where it did."""
        rows = city.published.where({"indicator": "outdoor_survey_low"})
        if rows.empty:
            return []
        period = rows["period"].max()
        survey = {end: city.published_value(f"outdoor_survey_{end}", period) for end in ("low", "high")}
        known = {end: self.background(end) for end in ("low", "high")}
        if any(figure.value is None for figure in (*survey.values(), *known.values())):
            return []
        is_wider = _number(survey["low"]) < _number(known["low"]) or _number(survey["high"]) > _number(known["high"])
        said = {f"survey_{end}": figure for end, figure in survey.items()}
        return [self.say("published.wider", **said, **known)] if is_wider else []

    def missing(self) -> Block:
        """What is not known: what was not published, and which points had too few data."""
        names = self._names()
        short = self.verdicts.where({"verdict": UNKNOWN})["point_id"]
        said = self.say("missing.none_short", count=self.points_with(UNKNOWN))
        if len(short):
            said = self.say("missing.short", names=self.joined([names[point] for point in short]))
        is_measured = bool(self.points_with().value)
        is_published = self.official("dose_rate_mean", str(self.year)) is not None
        return self.statement(
            "missing",
            [] if is_published else self.say("missing.official"),
            said if is_measured else [],
            self.say("missing.also"),
        )


def _number(figure: Figure) -> Decimal:
    return Decimal(str(figure.value))


def _of(rows: pd.DataFrame, point: str) -> list[str]:
    """What was measured at a *point*."""
    found: list[str] = rows.loc[rows["field_id"] == point, "quantity"].tolist()
    return found
