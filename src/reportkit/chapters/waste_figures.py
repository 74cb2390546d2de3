"""What is known about waste (item Q5): rows, rules and figures; ``waste.py`` shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from operator import methodcaller
from typing import Any

import pandas as pd

from reportkit import figures, text
from reportkit.chapters import (
    DISCLOSED,
    NOT_DISCLOSED,
    PARTLY,
    Chapter,
    Disclosure,
    once_for_all,
    spliced,
)
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import memo
from reportkit.standards import rules, targets
from reportkit.status import DEMONSTRATION, OFFICIAL

CATEGORIES = GENERAL, HAZARDOUS = "general", "hazardous"
USE, DISPOSAL = "use", "disposal"
TAKEN = {USE: "used", DISPOSAL: "disposed"}  # what each rate is a rate of

KILOGRAM, MEDICAL_KILOGRAM = 7, 3  # the decimals of 10,000 tonnes, and of tonnes, that are kilograms
FLOWS = ("opening", "generated", "used", "used_from_before", "disposed", "disposed_from_before", "closing")
# What becomes of waste; a bulletin may print what was used and disposed of as one, or what was stored of the year's.
OUTFLOW = ("used", "disposed", "treated", "stored", "closing")

COMPOSITION = ("fly_ash", "smelting_slag", "slag", "gypsum")  # the kinds whose shares were published
REST = "other_kinds"
WAYS = ("incinerated", "biological", "recycled", "landfilled")
SITES = ("hazardous", "medical", "incineration", "kitchen", "landfill")
# What each kind of site treats, where the year's amount is known in the unit of its capacity.
TREATED_AT = {"incineration": "incinerated", "kitchen": "biological", "landfill": "landfilled"}

MEDICAL_RATIOS = ("medical_safe_ratio", "medical_harmless_ratio")
# What a disclosure of Q5 must publish of a year: of each group at least one.
WANTED = (("general_generated",), ("general_use_ratio",), ("hazardous_generated",), MEDICAL_RATIOS, ("household",))


class WasteFigures(Chapter):
    """Every figure about the waste of one area in one year, and what it is measured from.

    The city's are those that were published of it, or else the sums over its districts.
    """

    slug = "waste"
    order = 60
    items = ("Q5",)

    # --- rows ------------------------------------------------------------------------------------

    @property
    def places(self) -> int:
        """The decimals of 10,000 tonnes: two for the city, as in its bulletins, whole tonnes for a district."""
        return 2 if self.area.is_city else 4

    @property
    @memo
    def industrial(self) -> PublishedTable:
        """Industrial waste by year, category and kind."""
        return self._rows("industrial", tuple(f"{flow}_10k_t" for flow in FLOWS))

    @property
    @memo
    def household(self) -> PublishedTable:
        """Household waste by year and way of treatment."""
        return self._rows("household", ("people", "generated_t_d", *(f"{way}_t_d" for way in WAYS)))

    @property
    @memo
    def medical(self) -> PublishedTable:
        """Medical waste by year."""
        return self._rows("medical", ("opening_t", "generated_t", "disposed_t", "closing_t"))

    def _rows(self, name: str, exact: tuple[str, ...]) -> PublishedTable:
        rows = self.reader.rows(f"waste/{name}", exact=exact, area_code=self.codes, year={"to": str(self.year)})
        return PublishedTable(f"waste/{name}", rows)

    @property
    @memo
    def facilities(self) -> PublishedTable:
        """The sites of the whole city in operation by the end of the year, of one kind after the other."""
        rows = self.shared_rows("waste/facilities", exact=("capacity",), opened_year={"to": str(self.year)})
        order = rows["kind"].map(SITES.index)
        return PublishedTable("waste/facilities", rows.assign(order=order).sort_values(["order", "facility_id"]))

    @property
    @memo
    def years(self) -> list[int]:
        """The years up to the page's with industrial waste published or in the tables, the page's among them."""
        rows = self.published.rows
        printed = rows[rows["indicator"].isin([f"{category}_generated" for category in CATEGORIES])]
        years = {*printed["year"], *self.industrial.rows["year"], self.year}
        return sorted(int(year) for year in years if year <= self.year)

    @property
    def has_values(self) -> bool:
        """Whether any waste of the year is known."""
        known = (self.flow(GENERAL, "generated"), self.flow(HAZARDOUS, "generated"), self.household_amount("generated"))
        return any(figure.value is not None for figure in known)

    # --- what was published ----------------------------------------------------------------------

    @memo
    def is_published(self, year: int) -> bool:
        """Whether a year's waste of this area was published: then nothing of it is computed from districts' rows."""
        return any(self.as_published(f"{category}_generated", year).value is not None for category in CATEGORIES)

    def last_published(self) -> int | None:
        """The newest year, up to the page's, whose general industrial waste was published."""
        rows = self.published.where({"indicator": "general_generated"})
        return max((int(year) for year in rows["year"] if year <= self.year), default=None)

    def breaks(self, years: Sequence[int]) -> list[int]:
        """The years with which the series breaks: what was noted, and where published and invented values meet."""
        noted = {row["date"].year for row in self.noted_breaks()}
        made = {year: self.flow(GENERAL, "generated", year) for year in years}
        invented = [(year, figure.status == DEMONSTRATION) for year, figure in made.items() if figure.value is not None]
        met = {now for (_, before), (now, after) in pairwise(invented) if before != after}
        return sorted(year for year in years[1:] if year in noted | met)

    def noted_breaks(self) -> list[dict[Any, Any]]:
        """The breaks that ``waste/series_breaks`` notes for this area."""
        rows = self.reader.rows("waste/series_breaks")
        concerns = rows["scope_area_code"].isna() | (rows["scope_area_code"] == self.area.code)
        return rows[concerns].to_dict("records")

    # --- industrial waste ------------------------------------------------------------------------

    @memo
    def flow(self, category: str, flow: str, year: int | None = None) -> Figure:
        """A part of a year's balance of general or hazardous waste, in 10,000 tonnes."""
        year = year or self.year
        if self.is_published(year) or flow not in FLOWS:
            measured = self.as_published(f"{category}_{flow}", year)
        else:
            where = {"area_code": self.codes, "category": category, "year": year}
            measured = figures.total(self.industrial, f"{flow}_10k_t", self.places, **where)
        return self._amount(f"{category}_{flow}", measured, year)

    @memo
    def rate(self, category: str, what: str, year: int | None = None) -> Figure:
        """The use or disposal rate of a year: as printed, or else by the printed formula."""
        year = year or self.year
        measured = self.as_published(f"{category}_{what}_ratio", year)
        if measured.value is None:
            measured = self._by_formula(category, what, year)
        measured = figures.under(measured, self.rule(f"{what}_ratio"))
        return self._ratio(f"{category}_{what}_ratio", measured, year)

    def recomputed_rate(self, category: str, what: str, year: int) -> Figure:
        """The rate of a year by the printed formula, to be held against the printed one."""
        measured = figures.under(self._by_formula(category, what, year), self.rule(f"{what}_ratio"))
        return self._ratio(f"{category}_{what}_ratio_recomputed", measured, year)

    def _by_formula(self, category: str, what: str, year: int) -> Measured:
        """What was taken / (what was generated + what of it was stored before), in percent with two decimals."""
        taken, *parts = (
            self.flow(category, flow, year) if self.is_published(year) else self._to_the_kilogram(category, flow, year)
            for flow in (TAKEN[what], "generated", f"{TAKEN[what]}_from_before")
        )
        whole = self._amount(f"{category}_{what}_base", figures.added(parts, KILOGRAM), year)
        if taken.value is None:
            return self.as_published(f"{category}_{what}", year)
        return figures.ratio(taken, whole, 2)

    def plain_rate(self, category: str, what: str, year: int) -> Figure:
        """What plain division by the amount generated would give, which is not the rate."""
        taken, made = (self.flow(category, flow, year) for flow in (TAKEN[what], "generated"))
        return self._ratio(f"{category}_{what}_ratio_plain", figures.ratio(taken, made, 2), year)

    def printed_treated_rate(self, year: int) -> Figure:
        """The rate of what was used or disposed of together, as it was printed."""
        return self.printed_figure({"indicator": "general_treated_ratio", "year": year, "unit": "%"})

    def plain_treated_rate(self, year: int) -> Figure:
        """What was used and what was disposed of, added up, in percent of what was generated."""
        parts = [self.flow(GENERAL, flow, year) for flow in TAKEN.values()]
        both = self._amount("general_used_and_disposed", figures.added(parts, self.places), year)
        measured = figures.ratio(both, self.flow(GENERAL, "generated", year), 2)
        return self._ratio("general_treated_ratio_plain", measured, year)

    def _to_the_kilogram(self, category: str, flow: str, year: int, **kind: str) -> Figure:
        """A part of the balance that is not rounded, for rates: a small district's tonnes are few."""
        where = {"area_code": self.codes, "category": category, "year": year, **kind}
        name = "_".join((kind.get("kind", category), flow, "kg")).lower()
        return self._amount(name, figures.total(self.industrial, f"{flow}_10k_t", KILOGRAM, **where), year)

    def inflow(self, category: str, year: int) -> list[tuple[str, Figure]]:
        """What came in a year: stored at its beginning, or what is known of it to have been taken up; generated."""
        opening = self.flow(category, "opening", year)
        if opening.value is not None:
            parts = [("opening", opening)]
        else:
            parts = [("from_before", self.flow(category, f"{taken}_from_before", year)) for taken in TAKEN.values()]
        return known([*parts, ("generated", self.flow(category, "generated", year))])

    def outflow(self, category: str, year: int) -> list[tuple[str, Figure]]:
        """What became of it."""
        return known([(flow, self.flow(category, flow, year)) for flow in OUTFLOW])

    def remainder(self, category: str, year: int) -> Figure:
        """What the balance leaves to be stored of what was stored before and generated, after what was treated."""
        parts = [self.flow(category, flow, year) for flow in ("opening", "generated")]
        whole = self._amount(f"{category}_inflow", figures.added(parts, self.places), year)
        left = figures.difference(whole, self.flow(category, "treated", year), self.places)
        return self._amount(f"{category}_remainder", figures.under(left, self.rule("balance")), year)

    def side(self, name: str, category: str, parts: Sequence[tuple[str, Figure]], year: int) -> Figure:
        """One side of a year's balance: its *parts* added up."""
        added = figures.added([part for _, part in parts], self.places)
        return self._amount(f"{category}_{name}", added, year)

    def gap(self, category: str, one: Figure, other: Figure, year: int) -> Figure:
        """By how much the two sides of a year's balance differ."""
        less, more = sorted((one, other), key=lambda side: Decimal(str(side.value)))
        return self._amount(f"{category}_gap", figures.difference(more, less, self.places), year)

    def _amount(self, name: str, measured: Measured, year: int) -> Figure:
        return self.figure(self.suffixed(name, year), measured, unit="10k t", period=str(year))

    def _ratio(self, name: str, measured: Measured, year: int) -> Figure:
        return self.figure(self.suffixed(name, year), measured, unit="%", period=str(year))

    # --- kinds -----------------------------------------------------------------------------------

    @memo
    def kinds(self, category: str) -> list[str]:
        """The kinds of a category in the year, the largest first."""
        rows = self.industrial.where({"category": category, "year": self.year})
        made = rows.groupby("kind")["generated_10k_t"].sum()
        return sorted(made[made > 0].index, key=lambda kind: (-made[kind], kind))

    @memo
    def kind_flow(self, category: str, kind: str, flow: str, year: int | None = None) -> Figure:
        """What was generated, or became of, one kind in a year; ``other_kinds`` are those without a published share."""
        year = year or self.year
        where = {"area_code": self.codes, "category": category, "kind": self._named(kind), "year": year}
        measured = figures.total(self.industrial, f"{flow}_10k_t", self.places, **where)
        if category == HAZARDOUS and rules.is_in_force("waste.hazardous_codes", date(self.year, 12, 31)):
            measured = figures.under(measured, self.rule("hazardous_codes"))
        return self._amount(f"{kind.lower()}_{flow}", measured, year)

    def _named(self, kind: str) -> str | list[str]:
        if kind != REST:
            return kind
        return sorted(set(self.industrial.where({"category": GENERAL})["kind"]) - set(COMPOSITION))

    @memo
    def of_kinds(self, category: str, year: int | None = None) -> Figure:
        """What was generated of all kinds by the tables, beside which a kind's share is a share."""
        year = year or self.year
        where = {"area_code": self.codes, "category": category, "year": year}
        measured = figures.total(self.industrial, "generated_10k_t", self.places, **where)
        return self._amount(f"{category}_of_kinds", measured, year)

    def kind_share(self, category: str, kind: str, year: int | None = None) -> Figure:
        """The share of a kind in what was generated: as published, or else computed."""
        year = year or self.year
        measured = self.as_published(f"composition_{'other' if kind == REST else kind}", year)
        made = self.kind_flow(category, kind, "generated", year)
        if measured.value is None and made.value is not None:
            measured = figures.ratio(made, self.of_kinds(category, year), 2)
        return self._ratio(f"{kind.lower()}_share", measured, year)

    def kind_use(self, category: str, kind: str) -> Figure:
        """The use rate of one kind in the year."""
        taken, *parts = (
            self._to_the_kilogram(category, flow, self.year, kind=kind)
            for flow in (TAKEN[USE], "generated", "used_from_before")
        )
        whole = self._amount(f"{kind.lower()}_use_base", figures.added(parts, KILOGRAM), self.year)
        measured = figures.under(figures.ratio(taken, whole, 2), self.rule("use_ratio"))
        return self._ratio(f"{kind.lower()}_use_ratio", measured, self.year)

    # --- household waste -------------------------------------------------------------------------

    @memo
    def household_amount(self, part: str, year: int | None = None) -> Figure:
        """The household waste of a year, or what was treated in one way, in tonnes a day."""
        year = year or self.year
        measured = figures.total(self.household, f"{part}_t_d", 0, area_code=self.codes, year=year)
        return self.figure(self.suffixed(f"household_{part}", year), measured, unit="t/d", period=str(year))

    def household_share(self, way: str, year: int | None = None) -> Figure:
        """The share that was treated in one way."""
        year = year or self.year
        measured = figures.ratio(self.household_amount(way, year), self.household_amount("generated", year))
        return self._ratio(f"household_{way}_share", measured, year)

    @memo
    def per_head(self, year: int | None = None) -> Figure:
        """The household waste of one resident, in kilograms a day."""
        year = year or self.year
        counted = figures.total(self.household, "people", 0, area_code=self.codes, year=year)
        people = self.figure(self.suffixed("people", year), counted, unit="1", period=str(year))
        measured = figures.quotient(self.household_amount("generated", year), people, 2, factor=1000)
        return self.figure(self.suffixed("household_per_head", year), measured, unit="kg/d", period=str(year))

    # --- medical waste ---------------------------------------------------------------------------

    @memo
    def medical_amount(self, part: str, year: int | None = None) -> Figure:
        """The medical waste of a year in tonnes: kept before, generated, safely disposed of, still kept."""
        year = year or self.year
        measured = figures.total(self.medical, f"{part}_t", 0, area_code=self.codes, year=year)
        return self.figure(self.suffixed(f"medical_{part}", year), measured, unit="t", period=str(year))

    @memo
    def medical_rate(self, year: int | None = None) -> Figure:
        """The share safely disposed of, as it was published."""
        year = year or self.year
        printed = [self.as_published(indicator, year) for indicator in MEDICAL_RATIOS]
        return self._ratio("medical_rate", next((one for one in printed if one.value is not None), printed[0]), year)

    @memo
    def medical_within_year(self, year: int | None = None) -> Figure:
        """The share disposed of within the year, to the kilogram; the rest is kept at its end and is none the worse."""
        year = year or self.year
        disposed, *parts = (self._medical_to_the_kilogram(part, year) for part in ("disposed", "opening", "generated"))
        added = figures.added(parts, MEDICAL_KILOGRAM)
        whole = self.figure(self.suffixed("medical_base", year), added, unit="t", period=str(year))
        measured = figures.under(figures.ratio(disposed, whole, 2), self.rule("medical_ratio"))
        return self._ratio("medical_within_year", measured, year)

    def _medical_to_the_kilogram(self, part: str, year: int) -> Figure:
        measured = figures.total(self.medical, f"{part}_t", MEDICAL_KILOGRAM, area_code=self.codes, year=year)
        return self.figure(self.suffixed(f"medical_{part}_kg", year), measured, unit="t", period=str(year))

    def published_medical_rates(self) -> pd.DataFrame:
        """The rates of safe disposal that were published up to the year of the page."""
        rows = self.published.where({"indicator": list(MEDICAL_RATIOS)})
        return rows[rows["year"] <= self.year]

    # --- sites -----------------------------------------------------------------------------------

    def site_capacity(self, row: Any) -> Figure:
        """The capacity of one site."""
        measured = figures.select(self.facilities, "capacity", facility_id=row["facility_id"])
        return self.figure(f"capacity_{row['facility_id'].lower()}", measured, unit=row["unit"])

    def sites(self, kind: str) -> Figure:
        """How many sites of a kind are in operation."""
        ids = self.facilities.where({"kind": kind})["facility_id"].tolist()
        return self.figure(f"sites_{kind}", figures.count(self.facilities, facility_id=ids), unit="1")

    def capacity(self, kind: str) -> Figure:
        """What the sites of a kind can treat together; each kind has one unit."""
        rows = self.facilities.where({"kind": kind})
        places = max((-value.as_tuple().exponent for value in rows["capacity"]), default=0)
        measured = figures.total(self.facilities, "capacity", places, facility_id=rows["facility_id"].tolist())
        return self.figure(f"capacity_{kind}", measured, unit=rows["unit"].iloc[0] if len(rows) else "1")

    def load(self, kind: str) -> Figure:
        """The year's amount in percent of what the sites of a kind can treat."""
        return self._ratio(
            f"load_{kind}", figures.ratio(self.household_amount(TREATED_AT[kind]), self.capacity(kind)), self.year
        )

    # --- targets ---------------------------------------------------------------------------------

    def goals(self, *indicators: str) -> list[tuple[dict[Any, Any], Figure]]:
        """The numbers that were set for the city's *indicators*, by their years: the row and the figure of each."""
        if self is not self.city:
            return self.city.goals(*indicators)
        where = {"area_code": self.area.code, "kind": "numeric", "indicators": list(indicators)}
        table = self.facts("targets/targets", **where)
        return [
            (row, self.figure(f"target_{row['target_id']}", measured, unit=row["unit"], period=str(row["target_year"])))
            for row in table.rows.sort_values(["target_year", "target_id"]).to_dict("records")
            for measured in [figures.select(table, "value", target_id=row["target_id"])]
        ]

    def goals_note(self, *indicators: str) -> list[list[Any]]:
        """What was set for the city, as a note that leads to where it is judged; none where nothing was set."""
        names = self.reader.rows("targets/indicators").set_index("indicator")[f"name_{self.language}"]
        listed = [
            self.say("goals.one", due=figure.period, name=names[row["indicators"]], bound=self._bound(row, figure))
            for row, figure in self.goals(*indicators)
        ]
        if not listed:
            return []
        goals = spliced(listed, self.word("sites.stop"))
        return [self.say("goals.note", goals=goals, link=self.way_to("targets"))]

    def _bound(self, row: Mapping[Any, Any], target: Figure) -> list[Any]:
        """A target from the side from which it is to be reached, in the words of the chapter on targets."""
        bound = targets.bound(row["direction"], Decimal(str(target.value)), row["unit"])
        return text.compose(f"targets.bound.{bound}", self.language, target=target)

    # --- what is not published -------------------------------------------------------------------

    @property
    @memo
    def unpublished(self) -> list[str]:
        """The tables of this area in which nothing was published: none of their rows is, or they have none."""
        tables = {"household": self.household, "medical": self.medical, "facilities": self.facilities}
        return [name for name, table in tables.items() if (table.rows["status"] == DEMONSTRATION).all()]

    def has_printed_kinds(self) -> bool:
        """Whether it was published of what kinds the year's general waste is."""
        return any(self.as_published(f"composition_{kind}", self.year).value is not None for kind in COMPOSITION)

    def has_published_districts(self) -> bool:
        """Whether anything was published of a single district."""
        rows = self.reader.rows("waste/published", area_code=[area.code for area in self.edition.districts])
        return not rows.empty

    # --- districts -------------------------------------------------------------------------------

    @once_for_all
    def compared(self) -> dict[str, dict[str, Figure]]:
        """What is set side by side of each area: by column, by the area's slug."""
        return self.of_all(
            {
                "districts": methodcaller("flow", HAZARDOUS, "generated"),
                "hazardous_use_ratio": methodcaller("rate", HAZARDOUS, USE),
                "general_generated": methodcaller("flow", GENERAL, "generated"),
                "general_use_ratio": methodcaller("rate", GENERAL, USE),
                "per_head": methodcaller("per_head"),
            }
        )

    # --- disclosure ------------------------------------------------------------------------------

    def disclosure(self, item: str) -> Disclosure:
        """Q5 is disclosed when amounts, rates, medical and household waste are published, partly when some are.

        Demonstration does not count.
        """
        rows = self.published.rows[self.published.rows["status"] != DEMONSTRATION]
        rows = rows[rows["year"] <= self.year]
        own = rows[rows["year"] == self.year]
        if own.empty:
            return Disclosure(item, NOT_DISCLOSED, self.first_year(rows))
        found = set(own.loc[own["status"] == OFFICIAL, "indicator"])
        state = DISCLOSED if all(found & set(group) for group in WANTED) else PARTLY
        return Disclosure(item, state, self.first_year(rows))


def known(parts: Sequence[tuple[str, Figure]]) -> list[tuple[str, Figure]]:
    """Those of the named *parts* that have a value."""
    return [(name, figure) for name, figure in parts if figure.value is not None]
