"""What is known about radiation (item Q7): rows, rules and figures; ``radiation.py`` shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from operator import methodcaller
from typing import Any, ClassVar

import pandas as pd

from reportkit import figures
from reportkit.chapters import (
    Chapter,
    of_standard,
    once_for_all,
)
from reportkit.chapters.periods import suffix
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import memo
from reportkit.standards import radiation, rules
from reportkit.standards.radiation import AUTOMATIC, FIELDS, TOLD

VERDICT_WORDS = {word: f"radiation.verdict.{word}" for word in radiation.VERDICTS}
LIMIT_WORDS = {word: f"radiation.verdict.{word}" for word in (radiation.MEETS, radiation.EXCEEDS)}
GUIDE_WORDS = {word: f"radiation.verdict.{word}" for word in (radiation.BELOW_GUIDE, radiation.ABOVE_GUIDE)}
# Spent sources have rows of the city's own; all else of supervision is the sum of its districts.
OF_THE_CITY = ("sources_collected", "sources_returned")
GROSS = {"gross_alpha": "gross_alpha_bq_l", "gross_beta": "gross_beta_bq_l"}
# What a disclosure of Q7 must publish of a year.
WANTED = {"dose_rate_mean", "state"}


class RadiationFigures(Chapter):
    """Every figure about radiation of one area in one year, and what it is measured from."""

    slug = "radiation"
    order = 80
    items = ("Q7",)
    wanted: ClassVar = {"Q7": WANTED}

    # --- rows ------------------------------------------------------------------------------------

    @property
    @memo
    def points(self) -> PublishedTable:
        """The points where the dose rate is measured, automatic ones first."""
        exact = ("usual_low_ngy_h", "usual_high_ngy_h")
        rows = self.reader.rows("radiation/points", exact=exact, area_code=self.codes)
        return PublishedTable("radiation/points", rows.sort_values(["kind", "point_id"]))

    @property
    @memo
    def quarters(self) -> PublishedTable:
        """The quarters of the points up to the year: whether each is valid, and whether it counts for its year."""
        about = self.points.rows.set_index("point_id")
        rows = self.reader.rows(
            "radiation/dose_rate",
            exact=("mean_ngy_h", "max_ngy_h"),
            point_id=sorted(about.index),
            year={"to": str(self.year)},
        )
        rows["area_code"], rows["kind"] = rows["point_id"].map(about["area_code"]), rows["point_id"].map(about["kind"])
        pairs = zip(rows["hours"], rows["possible_hours"], strict=True)
        rows["is_valid"] = _yes_no(rows, [radiation.is_valid_quarter(int(had), int(could)) for had, could in pairs])
        years = rows[rows["is_valid"]].groupby(["point_id", "year"]).size().to_dict()
        of_points = zip(rows["kind"], rows["point_id"], rows["year"], strict=True)
        enough = [radiation.is_enough(kind, years.get((point, year), 0)) for kind, point, year in of_points]
        rows["counts"] = rows["is_valid"] & _yes_no(rows, enough)
        return PublishedTable(self.table_name("quarters"), rows, rules=(self.rule("validity"),))

    @property
    @memo
    def backgrounds(self) -> PublishedTable:
        """The natural background of this area, or the city's where it has none of its own."""
        codes = [self.area.code, self.edition.city.code]
        rows = self.reader.rows("radiation/background", exact=("low_ngy_h", "high_ngy_h"), area_code=codes)
        own = rows[rows["area_code"] == self.area.code]
        return PublishedTable("radiation/background", rows if own.empty else own)

    @property
    @memo
    def limits(self) -> PublishedTable:
        """Limits of fields and guide values of drinking water, with the standard they stand in."""
        return of_standard("radiation_limits", "limit")

    @property
    @memo
    def doses(self) -> PublishedTable:
        """What a dose is compared with."""
        return of_standard("radiation_doses", "value")

    @property
    @memo
    def field_points(self) -> pd.DataFrame:
        """Where electromagnetic fields are measured."""
        return self.reader.rows("radiation/electromagnetic_points", area_code=self.codes).sort_values("field_id")

    @property
    def _field_ids(self) -> list[str]:
        return sorted(self.field_points["field_id"])

    @property
    @memo
    def fields(self) -> PublishedTable:
        """The fields measured up to the year."""
        name, until = "radiation/electromagnetic", {"to": str(self.year)}
        rows = self.reader.rows(name, exact=("value",), field_id=self._field_ids, year=until)
        return PublishedTable(name, rows)

    @property
    @memo
    def intakes(self) -> pd.DataFrame:
        """The sources of drinking water whose radioactivity was measured in the year."""
        rows = self.reader.rows("water/drinking_sources", area_code=self.codes)
        measured = self.samples.where({"year": self.year})["intake_id"]
        return rows[rows["intake_id"].isin(measured)].sort_values("intake_id")

    @property
    @memo
    def samples(self) -> PublishedTable:
        """The samples of the area's sources of drinking water up to the year."""
        name, columns = "radiation/drinking_water", tuple(GROSS.values())
        ids = sorted(self.reader.rows("water/drinking_sources", area_code=self.codes)["intake_id"])
        rows = self.reader.rows(name, exact=columns, intake_id=ids, year={"to": str(self.year)})
        return PublishedTable(name, rows)

    @property
    @memo
    def held(self) -> PublishedTable:
        """Sources and devices up to the year: of a district what may be told of it, of the city all categories."""
        name = "radiation/sources_city" if self.area.is_city else "radiation/sources"
        rows = self.reader.rows(name, area_code=self.area.code, year={"to": str(self.year)})
        return PublishedTable(name, rows, rules=(self.rule("categories"), self.rule("withheld")))

    @property
    @memo
    def supervised(self) -> PublishedTable:
        """Supervision up to the year: of a district, of all districts for the city, and what is of the city alone."""
        codes = [*self.codes, self.area.code] if self.area.is_city else self.codes
        rows = self.reader.rows("radiation/supervision", area_code=codes, year={"to": str(self.year)})
        return PublishedTable("radiation/supervision", rows)

    @property
    def has_values(self) -> bool:
        """Whether a dose rate is known for the year."""
        return self.dose_rate().value is not None

    def number(self, name: str, measured: Measured, year: int | None = None, unit: str = "1", **more: Any) -> Figure:
        """A figure of the page's year or of another; a bare number unless a *unit* is given."""
        year = year or self.year
        return self.figure(self.suffixed(name, year), measured, unit=unit, period=str(year), **more)

    # --- dose rates ------------------------------------------------------------------------------

    @memo
    def dose_rate(self, year: int | None = None) -> Figure:
        """The mean dose rate of a year: as published, or else of the automatic points."""
        year = year or self.year
        where = {"year": year, "kind": AUTOMATIC, "counts": True}
        computed = figures.under(figures.mean(self.quarters, "mean_ngy_h", 1, **where), self.rule("mean"))
        return self.number("dose_rate", self.official("dose_rate_mean", str(year)) or computed, year, "nGy/h")

    @memo
    def highest_hour(self, year: int | None = None) -> Figure:
        """The highest hour of any automatic point in a year."""
        year = year or self.year
        measured = figures.maximum(self.quarters, "max_ngy_h", year=year, kind=AUTOMATIC, is_valid=True)
        return self.number("highest_hour", measured, year, "nGy/h")

    def background(self, end: str) -> Figure:
        """The ``low`` or the ``high`` end of the natural background."""
        known = self.backgrounds.rows["area_code"]
        code = known.iloc[0] if len(known) else self.area.code
        measured = figures.select(self.backgrounds, f"{end}_ngy_h", area_code=code)
        return self.number(f"background_{end}", measured, unit="nGy/h")

    @memo
    def point_mean(self, point: str, year: int | None = None) -> Figure:
        """The mean of a point's year; none with too few valid quarters."""
        year = year or self.year
        measured = figures.mean(self.quarters, "mean_ngy_h", 1, point_id=point, year=year, counts=True)
        measured = figures.under(measured, self.rule("mean"))
        return self.number(f"mean_{point}", measured, year, "nGy/h")

    def point_highest(self, point: str) -> Figure:
        """The highest hour of a point in the year."""
        measured = figures.maximum(self.quarters, "max_ngy_h", point_id=point, year=self.year)
        return self.number(f"highest_{point}", measured, unit="nGy/h")

    @memo
    def quarter(self, point: str, year: int, quarter: int, column: str = "mean") -> Figure:
        """The ``mean`` or the highest (``max``) hour of a point in one quarter."""
        where = {"point_id": point, "year": year, "quarter": quarter}
        measured = figures.select(self.quarters, f"{column}_ngy_h", **where)
        name = f"{column}_{point}_{year}_{quarter}"
        return self.figure(name, measured, unit="nGy/h", period=str(year))

    def capture(self, point: str) -> Figure:
        """The hours with data in percent of the possible hours of the quarters."""
        had, possible = (
            self.number(f"{column}_{point}", figures.total(self.quarters, column, 0, point_id=point, year=self.year))
            for column in ("hours", "possible_hours")
        )
        return self.number(f"capture_{point}", figures.ratio(had, possible), unit="%")

    @memo
    def verdict(self, point: str) -> Figure:
        """What the year of a point is called beside the background and its own past."""
        mean, ends = self.point_mean(point), [self.background("low"), self.background("high")]
        about = self.points.where({"point_id": point}).iloc[0]
        valid = self.quarters.where({"point_id": point, "year": self.year, "is_valid": True})
        quarters = [self.quarter(point, self.year, int(number)) for number in sorted(valid["quarter"])]
        known = mean.value is not None and all(end.value is not None for end in ends)
        word = radiation.UNKNOWN
        if known:
            past = (about["usual_low_ngy_h"], about["usual_high_ngy_h"])
            word = radiation.verdict(
                Decimal(str(mean.value)),
                radiation.Range(*(Decimal(str(end.value)) for end in ends)),
                [Decimal(str(figure.value)) for figure in quarters],
                None if any(pd.isna(end) for end in past) else radiation.Range(*past),
            )
        measured = figures.classify([mean, *ends, *quarters], word, self.rule("normal"), at=self.year)
        return self.figure(f"verdict_{point}", measured, unit="", words=VERDICT_WORDS)

    @property
    @memo
    def verdicts(self) -> PublishedTable:
        """The verdict on each point that was measured in the year."""
        measured = set(self.quarters.where({"year": self.year})["point_id"])
        rows = [
            {
                "point_id": row["point_id"],
                "kind": row["kind"],
                "verdict": str(figure.value),
                "status": figure.status,
                "source_id": ";".join(figure.sources),
            }
            for row in self.points.rows.to_dict("records")
            if row["point_id"] in measured
            for figure in [self.verdict(row["point_id"])]
        ]
        columns = ["point_id", "kind", "verdict", "status", "source_id"]
        return PublishedTable(
            self.table_name("verdicts"), pd.DataFrame(rows, columns=columns), rules=(self.rule("normal"),)
        )

    @memo
    def points_with(self, *words: str) -> Figure:
        """How many points have one of these verdicts; all of them where none is named."""
        where: dict[str, Any] = {"verdict": list(words)} if words else {}
        return self.number("_".join(("points", *words)), figures.count(self.verdicts, **where))

    def dose(self, name: str) -> Figure:
        """A dose to compare with."""
        unit = str(self.doses.where({"name": name})["unit"].iloc[0])
        return self.number(f"dose_{name}", figures.select(self.doses, "value", name=name), unit=unit)

    def dose_of_year(self) -> Figure:
        """The dose of a year spent outdoors at the mean rate, in mSv."""
        measured = figures.quotient(self.dose_rate(), self.dose("nsv_per_msv"), 2, factor=radiation.NSV_A_YEAR)
        return self.number("dose_of_year", figures.under(measured, self.rule("dose")), unit="mSv")

    def published_value(self, indicator: str, period: str) -> Figure:
        """A published value, of whatever period."""
        measured = self.as_published(indicator, period)
        return self.figure(f"{indicator}_{suffix(period)}", measured, unit="nGy/h", period=period)

    @once_for_all
    def compared(self) -> dict[str, dict[str, Figure]]:
        """The mean dose rate of each area, its points, and its permits."""
        return self.of_all(
            {
                "dose_rate": methodcaller("dose_rate"),
                "points_within": methodcaller("points_with", radiation.WITHIN),
                "points": methodcaller("points_with"),
                "permits": methodcaller("supervision", "permits"),
            }
        )

    # --- fields ----------------------------------------------------------------------------------

    def limit(self, quantity: str) -> Figure:
        """The limit of a field or the guide value of drinking water for data of the year."""
        limit = radiation.limit(quantity, date(self.year, 12, 31))
        measured = figures.select(self.limits, "limit", standard=limit.standard, quantity=quantity)
        return self.number(f"limit_{quantity}", measured, unit=limit.unit, rules=[self._rule_of(quantity)])

    def _rule_of(self, quantity: str) -> rules.Rule:
        family = "exposure_rf" if quantity.startswith("rf_") else "exposure_power"
        return self.rule("drinking" if quantity in GROSS else family)

    @memo
    def highest_field(self, quantity: str, year: int | None = None) -> Figure:
        """The highest value of a field at any point in a year."""
        year = year or self.year
        measured = figures.maximum(self.fields, "value", quantity=quantity, year=year, field_id=self._field_ids)
        return self.number(f"highest_{quantity}", measured, year, radiation.unit(quantity))

    def field(self, point: str, quantity: str) -> Figure:
        """The value of a field at one point."""
        measured = figures.select(self.fields, "value", field_id=point, quantity=quantity, year=self.year)
        return self.number(f"{quantity}_{point}", measured, unit=self.limit(quantity).unit)

    @memo
    def field_share(self, quantity: str, year: int | None = None) -> Figure:
        """The highest value of a field in percent of its limit."""
        year = year or self.year
        measured = figures.ratio(self.highest_field(quantity, year), self.limit(quantity))
        return self.number(f"share_{quantity}", measured, year, "%")

    def field_verdict(self, value: Figure, quantity: str) -> Figure:
        """Whether a *value* of a field meets its limit."""
        limit = self.limit(quantity)
        meets = radiation.against([Decimal(str(value.value))], [Decimal(str(limit.value))])
        word = radiation.MEETS if meets else radiation.EXCEEDS
        measured = figures.classify([value, limit], word, self._rule_of(quantity))
        return self.figure(f"verdict_{value.name}", measured, unit="", words=LIMIT_WORDS)

    def fields_measured(self, quantity: str) -> Figure:
        """At how many points a field was measured."""
        where = {"quantity": quantity, "year": self.year, "field_id": self._field_ids}
        return self.number(f"measured_{quantity}", figures.count(self.fields, "value", **where))

    @property
    @memo
    def quantities(self) -> list[str]:
        """The fields that were measured in the year."""
        return [quantity for quantity in FIELDS if self.highest_field(quantity).value is not None]

    # --- drinking water --------------------------------------------------------------------------

    @memo
    def gross(self, quantity: str, intake: str = "") -> Figure:
        """The highest gross alpha or beta of the year, of one source of drinking water or of all."""
        measured = figures.maximum(self.samples, GROSS[quantity], **self._sampled(intake))
        return self.number("_".join(filter(None, (quantity, intake))), measured, unit="Bq/L")

    def gross_share(self, quantity: str, intake: str) -> Figure:
        """The same in percent of its guide value."""
        measured = figures.ratio(self.gross(quantity, intake), self.limit(quantity))
        return self.number(f"share_{quantity}_{intake}", measured, unit="%")

    def samples_taken(self, intake: str = "") -> Figure:
        """How many samples were taken in the year."""
        counted = figures.count(self.samples, **self._sampled(intake))
        return self.number("_".join(filter(None, ("samples", intake))), counted)

    def _sampled(self, intake: str) -> dict[str, Any]:
        """The condition on samples of the year, of one source or of all of the area."""
        return {"year": self.year, "intake_id": intake or sorted(self.intakes["intake_id"])}

    @memo
    def guide_verdict(self, intake: str = "") -> Figure:
        """Whether both stayed below their guide values; without an *intake* at all of them."""
        values = [self.gross(quantity, intake) for quantity in GROSS]
        guides = [self.limit(quantity) for quantity in GROSS]
        numbers = [[Decimal(str(figure.value)) for figure in part] for part in (values, guides)]
        word = radiation.BELOW_GUIDE if radiation.against(*numbers) else radiation.ABOVE_GUIDE
        measured = figures.classify([*values, *guides], word, self.rule("drinking"))
        return self.figure("_".join(filter(None, ("guide", intake))), measured, unit="", words=GUIDE_WORDS)

    # --- sources, devices, supervision -----------------------------------------------------------

    def holding(self, what: str, column: str, year: int | None = None) -> Figure:
        """The ``holders`` or the ``pieces`` of a category; no value where it is withheld or not known."""
        year = year or self.year
        measured = figures.select(self.held, column, area_code=self.area.code, holding=what, year=year)
        return self.number(f"{column}_{what}", measured, year)

    @property
    def categories(self) -> Sequence[str]:
        """The categories that are told of this area."""
        return radiation.HOLDINGS if self.area.is_city else TOLD

    def withheld(self) -> Figure:
        """How many numbers of the district are withheld."""
        where: dict[str, Any] = {"area_code": self.area.code, "year": self.year, "is_withheld": True}
        return self.number("withheld", figures.count(self.held, **where))

    @memo
    def supervision(self, column: str, year: int | None = None) -> Figure:
        """A number of the year's supervision: the district's, or the sum of all districts for the city."""
        year = year or self.year
        codes = [self.area.code] if column in OF_THE_CITY else self.codes
        measured = figures.total(self.supervised, column, 0, area_code=codes, year=year)
        return self.number(column, measured, year)

    def events(self, year: int | None = None) -> Figure:
        """The events of all levels in a year."""
        parts = [self.supervision(column, year) for column in radiation.EVENTS]
        measured = figures.under(figures.added(parts, 0), self.rule("events"))
        return self.number("events", measured, year)


def _yes_no(rows: pd.DataFrame, values: Sequence[bool]) -> pd.Series:
    """A column of *rows*, of yes and no even where there are none."""
    return pd.Series(values, index=rows.index, dtype=bool)
