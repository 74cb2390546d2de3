"""What is measured about water (item Q2): rows, rules and figures; ``water.py`` shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from reportkit import figures
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY, Disclosure
from reportkit.chapters.periods import is_within
from reportkit.chapters.ranked import Ranked
from reportkit.evaluate import water as evaluate
from reportkit.evaluate.water import ASSESSED, GOOD
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import memo
from reportkit.standards import rules, water
from reportkit.status import DEMONSTRATION, OFFICIAL

CLASSES = list(water.CODES.values())
OVER = CLASSES[len(GOOD) :]
GRADES = dict(enumerate(("excellent", "good", "light", "moderate", "heavy"), start=1))
TROPHIC = dict(enumerate(("oligotrophic", "mesotrophic", "lightly", "moderately", "heavily"), start=1))

CLASS_WORDS = {code: f"water.class.{code}" for code in CLASSES}
GRADE_WORDS = {f"grade_{code}": f"water.grade.{code}" for code in GRADES.values()}
TROPHIC_WORDS = {f"trophic_{code}": f"water.trophic.{code}" for code in TROPHIC.values()}
VERDICT_WORDS = {word: f"water.verdict.{word}" for word in (evaluate.ON_TARGET, evaluate.OFF_TARGET, evaluate.UNKNOWN)}

# What a disclosure of Q2 must publish of a year; a district with a coast adds what reaches the sea.
WANTED = {"good_section_ratio", "drinking_compliance_ratio", "cwqi", "cwqi_rank"}
OF_THE_SEA = {"sea_rivers_good"}


class WaterFigures(Ranked):
    """Every figure about the water of one area in one year, and what it is measured from."""

    slug = "water"
    order = 30
    items = ("Q2",)

    # --- rows ------------------------------------------------------------------------------------

    @property
    @memo
    def sections(self) -> pd.DataFrame:
        """The sections that speak for this area: a city's are those it is assessed by, of the nation and province."""
        rows = self.reader.rows("water/sections", area_code=self.codes)
        return rows[rows["level"].isin(ASSESSED)] if self.area.is_city else rows

    @property
    @memo
    def samples(self) -> pd.DataFrame:
        """Their months up to the end of the year, values as they are written."""
        return self.reader.rows(
            "water/section_monthly",
            exact=evaluate.VALUE_COLUMNS,
            section_id=sorted(self.sections["section_id"]),
            month={"to": f"{self.year}-12"},
        )

    @property
    @memo
    def months(self) -> PublishedTable:
        """Each section's months: class, number of items, main pollutants."""
        rows = evaluate.section_months(self.samples, self.sections)
        return PublishedTable(self.table_name("months"), rows, rules=self.class_rules)

    @property
    @memo
    def exceeding(self) -> PublishedTable:
        """Each month's items worse than class Ⅲ."""
        rows = evaluate.exceeding(self.samples, self.sections)
        more = (self.rule("main_pollutants"), self.rule("exceedance_multiple"))
        return PublishedTable(self.table_name("exceeding"), rows, {"multiple": 1}, (*self.class_rules, *more))

    @property
    @memo
    def years(self) -> PublishedTable:
        """Each section's years: mean concentrations, class, whether the target was met."""
        rows = evaluate.section_years(self.samples, self.sections)
        more = tuple(self.rule(family) for family in ("mean", "decimals", "annual"))
        return PublishedTable(self.table_name("years"), rows, rules=(*self.class_rules, *more))

    @property
    @memo
    def sources(self) -> pd.DataFrame:
        """The drinking-water sources of this area, the city's before those of townships."""
        return self.reader.rows("water/drinking_sources", area_code=self.codes).sort_values(["level", "intake_id"])

    @property
    @memo
    def source_months(self) -> PublishedTable:
        """Their months up to the end of the year, each with what its source is."""
        ids, last = sorted(self.sources["intake_id"]), f"{self.year}-12"
        rows = self.reader.rows("water/drinking_monthly", intake_id=ids, month={"to": last})
        about = self.sources.set_index("intake_id")
        rows["level"], rows["type"] = rows["intake_id"].map(about["level"]), rows["intake_id"].map(about["type"])
        rows["year"] = rows["month"].str[:4].astype(int)
        rows["is_compliant"] = rows["is_compliant"].astype(bool)
        return PublishedTable(self.table_name("sources"), rows, rules=(self.rule("drinking_source"),))

    @property
    @memo
    def near_shore(self) -> PublishedTable:
        """The sea along the coast by year and season."""
        exact = ("good_area_pct", "inorganic_nitrogen_mg_l")
        rows = self.reader.rows("water/near_shore", exact=exact, area_code=self.codes, year={"to": str(self.year)})
        return PublishedTable("water/near_shore", rows, {"good_area_pct": 1, "inorganic_nitrogen_mg_l": 3})

    @property
    @memo
    def outlets(self) -> PublishedTable:
        """Rivers and outfalls into the sea by year."""
        rows = self.reader.rows("water/outlets", area_code=self.codes, year={"to": str(self.year)})
        return PublishedTable("water/outlets", rows)

    @property
    def has_values(self) -> bool:
        """Whether anything is known about the sections of this area in this year."""
        return self.has_months or self.good_ratio().value is not None

    @property
    def has_months(self) -> bool:
        """Whether there are samples of the year."""
        return bool((self.months.rows["year"] == self.year).any())

    # --- rules -----------------------------------------------------------------------------------

    @property
    def class_rules(self) -> tuple[rules.Rule, ...]:
        """What makes a class out of concentrations."""
        return tuple(self.rule(family) for family in ("limits", "class", "shared_limits", "non_detect"))

    # --- classes ---------------------------------------------------------------------------------

    def number(self, name: str, measured: Measured, year: int | None = None, **more: Any) -> Figure:
        """A figure that is a bare number, of the page's year or of another."""
        year = year or self.year
        return self.figure(self.suffixed(name, year), measured, unit="1", period=str(year), **more)

    def ratio(self, name: str, measured: Measured, year: int | None = None) -> Figure:
        """A figure in percent, of the page's year or of another."""
        year = year or self.year
        return self.figure(self.suffixed(name, year), measured, unit="%", period=str(year))

    @memo
    def sections_judged(self, year: int | None = None) -> Figure:
        """The sections of a year that have a class: as published, or else counted."""
        return self._sections_counted("sections", "sections_assessed", year or self.year, "class")

    @memo
    def sections_good(self, year: int | None = None) -> Figure:
        """The sections of class Ⅰ to Ⅲ: as published, or else counted."""
        return self._sections_counted("sections_good", "sections_good", year or self.year, **_of_class(GOOD))

    @memo
    def sections_worst(self, year: int | None = None) -> Figure:
        """The sections worse than class Ⅴ: as published, or else counted."""
        name = "sections_worse_than_5"
        return self._sections_counted(name, name, year or self.year, **_of_class(CLASSES[-1]))

    def _sections_counted(
        self, name: str, indicator: str, year: int, column: str | None = None, **where: Any
    ) -> Figure:
        """A number of sections as published, or else counted; no value of a year in which no section is known."""
        measured = self.as_published(indicator, str(year))
        if measured.value is None and (self.years.rows["year"] == year).any():
            measured = figures.count(self.years, column, year=year, **where)
        return self.number(name, measured, year)

    def sections_of(self, code: str, year: int) -> Figure:
        """The sections of one class in a year."""
        measured = figures.count(self.years, year=year, **_of_class(code))
        return self.number(f"sections_class_{code}", measured, year)

    @memo
    def good_ratio(self, year: int | None = None) -> Figure:
        """The share of good sections: as published, from published numbers, or else computed."""
        year = year or self.year
        measured = self.official("good_section_ratio", str(year)) or self._ratio_of_published(year)
        if measured is None:
            whole = {"year": year, "class": CLASSES}
            measured = figures.share(self.years, {"class": GOOD}, whole)
        return self.ratio("good_section_ratio", figures.under(measured, self.rule("section_ratio")), year)

    def _ratio_of_published(self, year: int) -> Measured | None:
        parts = ("sections_good", "sections_assessed")
        if any(self.official(indicator, str(year)) is None for indicator in parts):
            return None
        return figures.ratio(self.sections_good(year), self.sections_judged(year))

    def good_ratio_change(self) -> Figure:
        """The change of that share from last year in percentage points."""
        measured = figures.difference(self.good_ratio(), self.good_ratio(self.year - 1))
        return self.figure("good_section_ratio_change", measured, unit="percentage points")

    @memo
    def section_class(self, section: str, year: int | None = None) -> Figure:
        """The class of a section in a year; none with fewer than eight months."""
        year = year or self.year
        rows = self.years.where({"section_id": section, "year": year})
        code = rows["class"].iloc[0] if len(rows) else None
        measured = figures.classify_rows(self.years, code, self.rule("class"), section_id=section, year=year)
        name = self.suffixed(f"class_{section}", year)
        return self.figure(name, measured, unit="", period=str(year), words=CLASS_WORDS)

    def section_verdict(self, section: str) -> Figure:
        """Whether a section reached its target class."""
        measured = figures.select(self.years, "verdict", section_id=section, year=self.year)
        measured = figures.under(measured, self.rule("target"))
        return self.figure(f"target_{section}", measured, unit="", words=VERDICT_WORDS)

    def sections_with(self, verdict: str) -> Figure:
        """The sections that reached their target, did not, or cannot be judged."""
        counted = figures.under(figures.count(self.years, year=self.year, verdict=verdict), self.rule("target"))
        official = self.official("sections_on_target", str(self.year)) if verdict == evaluate.ON_TARGET else None
        return self.number(f"sections_{verdict}", official or counted)

    def months_measured(self, section: str) -> Figure:
        """The months of the year in which a section has a class."""
        return self.number(f"months_{section}", figures.count(self.months, "class", section_id=section, year=self.year))

    def grade(self) -> Figure:
        """The grade of the area's rivers: by shares of five sections or more, by mean concentrations of fewer."""
        where = {"year": self.year, "body": "river", "is_valid": True}
        values = [_values(row) for row in self.years.where(where).to_dict("records")]
        found = water.river_grade_of_values(values, date(self.year, 12, 31)) if values else None
        code = None if found is None else f"grade_{GRADES[found.grade]}"
        measured = figures.classify_rows(self.years, code, self.rule("river_grade"), **where)
        return self.figure("grade", measured, unit="", words=GRADE_WORDS)

    # --- main pollutants -------------------------------------------------------------------------

    def months_judged(self) -> Figure:
        """The months of all sections that have a class."""
        return self.number("section_months", figures.count(self.months, "class", year=self.year))

    def months_over(self) -> Figure:
        """Their share worse than class Ⅲ."""
        whole = {"year": self.year, "class": CLASSES}
        return self.ratio("section_months_over", figures.share(self.months, {"class": OVER}, whole))

    @property
    @memo
    def pollutants_found(self) -> list[str]:
        """The items that were worse than class Ⅲ in the year, the most frequent first."""
        rows = self.exceeding.rows
        counts = rows.loc[rows["year"] == self.year, "parameter"].value_counts()
        return sorted(counts.index, key=lambda name: (-counts[name], water.PARAMETERS.index(name)))

    @memo
    def item_months(self, parameter: str) -> Figure:
        """In how many months of all sections an item was worse than class Ⅲ."""
        counted = figures.count(self.exceeding, year=self.year, parameter=parameter)
        return self.number(f"{parameter}_months", counted)

    def item_main_months(self, parameter: str) -> Figure:
        """In how many of these it was one of the three main pollutants."""
        counted = figures.count(self.exceeding, year=self.year, parameter=parameter, place=[1, 2, 3])
        return self.number(f"{parameter}_main_months", counted)

    def item_highest(self, parameter: str) -> Figure:
        """By how many times it was over class Ⅲ at most; dissolved oxygen and pH have no multiple."""
        measured = figures.maximum(self.exceeding, "multiple", year=self.year, parameter=parameter)
        return self.figure(f"{parameter}_highest", measured, unit="times")

    # --- index -----------------------------------------------------------------------------------

    @memo
    def index(self, year: int | None = None) -> Figure:
        """The water quality index of a year, of the means of its sections: as published, or else computed.

        Without a value for years before the index had a rule.
        """
        year = year or self.year
        published = self.as_published("cwqi", str(year))
        has_rule = rules.is_in_force("water.cwqi", date(year, 12, 31))
        is_given = published.value is not None or not has_rule
        return self.number("cwqi", published if is_given else self._computed_index(year), year)

    def _computed_index(self, year: int) -> Measured:
        """The index from the yearly means of the sections."""
        where = {"year": year, "is_valid": True}
        bodies: dict[str, list[Any]] = {body: [] for body in water.BODIES}
        for row in self.years.where(where).to_dict("records"):
            bodies[row["body"]].append(_values(row))
        exact = water.cwqi_area(bodies["river"], bodies["lake"], date(year, 12, 31))
        value = None if exact is None else water.round_cwqi(exact)
        computed = figures.index_rows(self.years, value, exact, self.rule("cwqi", year), **where)
        return figures.under(computed, self.rule("cwqi_city", year))

    def rank(self, year: int | None = None) -> Figure:
        """The area's place among the districts by that index, the lowest first."""
        year = year or self.year
        measured = figures.under(figures.rank(self.index(year), self.ranked_by(year)), self.rule("rank"))
        return self.figure(self.suffixed("cwqi_rank", year), measured, unit="", period=str(year))

    def index_change(self) -> Figure | None:
        """The change of the index in percent; nothing where it is not of the same sections as last year."""
        if not self.has_same_sections or self.year in self.index_breaks([self.year - 1, self.year]):
            return None
        return self.figure("cwqi_change", figures.change(self.index(), self.index(self.year - 1)), unit="%")

    @property
    def has_same_sections(self) -> bool:
        """Whether the sections judged this year are those judged last year."""
        judged = [
            set(self.years.where({"year": year, "is_valid": True})["section_id"]) for year in (self.year - 1, self.year)
        ]
        return judged[0] == judged[1]

    def published_ranks(self) -> PublishedTable:
        """The places that were published, of this area or for the city of every district."""
        table = self.facts("water/published", area_code=self.codes, indicator=["cwqi_rank", "cwqi_last_three"])
        return PublishedTable(table.name, table.rows[table.rows["period"].str[:4] <= str(self.year)])

    def published_rank(self, row: Any) -> Figure:
        """One of these places."""
        where = {name: row[name] for name in ("area_code", "indicator", "period")}
        measured = figures.select(self.published_ranks(), "value", **where)
        name = f"{row['indicator']}_{row['area_code']}_{row['period'].replace('/', '_')}"
        return self.figure(name, measured, unit="1", period=row["period"])

    # --- years -----------------------------------------------------------------------------------

    def known_years(self) -> list[int]:
        """The years with samples or with a published yearly value, up to this one."""
        shown = [
            "good_section_ratio",
            "sections_assessed",
            "sections_worse_than_5",
            "cwqi",
            "drinking_compliance_ratio",
        ]
        rows = self.published.rows[self.published.rows["indicator"].isin(shown)]
        published = {int(period) for period in rows["period"] if len(period) == 4}
        years = {*published, *self.years.rows["year"], *self.source_months.rows["year"], self.year}
        return sorted(year for year in years if year <= self.year)

    def changes(self, year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The sections that are measured from *year* on, and those no longer measured then; none before samples."""
        if year not in self.sampled_years[1:]:
            return self.sections.iloc[:0], self.sections.iloc[:0]
        opened, closed = self.sections["opened_date"].dt.year, self.sections["closed_date"].dt.year
        return self.sections[opened == year], self.sections[closed == year - 1]

    def section_breaks(self, years: Sequence[int]) -> list[int]:
        """The years from which the sections are others than the year before."""
        noted = {row["date"].year for row in self.noted_breaks("sections")}
        changed = {year for year in self.sampled_years if any(len(part) for part in self.changes(year))}
        return [year for year in years[1:] if year in noted | changed]

    @property
    def sampled_years(self) -> list[int]:
        """The years with samples."""
        return sorted({int(year) for year in self.years.rows["year"]})

    def index_breaks(self, years: Sequence[int]) -> list[int]:
        """The years from which the index is of other sections than the year before, here or in the ranking."""
        noted = set() if self.area.is_city else {row["date"].year for row in self.noted_breaks("ranked_sections")}
        own = set(self.section_breaks(years)) - set(years[:1])
        return [year for year in years[1:] if year in noted | own]

    def noted_breaks(self, *kinds: str) -> list[dict[Any, Any]]:
        """The breaks that ``water/series_breaks`` notes for this area."""
        rows = self.reader.rows("water/series_breaks")
        concerns = rows["scope_area_code"].isna() | (rows["scope_area_code"] == self.area.code)
        return rows[concerns & rows["kind"].isin(kinds)].to_dict("records")

    # --- lakes -----------------------------------------------------------------------------------

    @property
    def lakes(self) -> pd.DataFrame:
        """The sections of lakes and reservoirs that have the five values of the trophic level this year."""
        rows = self.years.where({"year": self.year, "body": "lake"})
        return rows[rows[list(_TROPHIC_COLUMNS.values())].notna().all(axis=1)]

    def tli(self, section: str) -> Figure:
        """The trophic level index of a lake."""
        total = self._tli(section).total
        measured = figures.index_rows(
            self.years, total, total, self.rule("tli"), section_id=section, year=self.year, body="lake"
        )
        return self.number(f"tli_{section}", measured)

    def trophic_level(self, section: str) -> Figure:
        """The trophic level of a lake."""
        level = water.trophic_level(self._tli(section).total, date(self.year, 12, 31))
        where = {"section_id": section, "year": self.year, "body": "lake"}
        code = f"trophic_{TROPHIC[level.level]}"
        measured = figures.classify_rows(self.years, code, self.rule("tli"), **where)
        return self.figure(f"trophic_{section}", measured, unit="", words=TROPHIC_WORDS)

    def _tli(self, section: str) -> water.Tli:
        row = self.lakes[self.lakes["section_id"] == section].iloc[0]
        return water.tli({name: row[column] for name, column in _TROPHIC_COLUMNS.items()}, date(self.year, 12, 31))

    # --- drinking water --------------------------------------------------------------------------

    @memo
    def compliance(self, level: str = "city", year: int | None = None) -> Figure:
        """The share of a year's checks of the sources of one *level* that complied; published for the city's."""
        year = year or self.year
        computed = figures.share(self.source_months, {"is_compliant": True}, {"year": year, "level": level})
        official = self.official("drinking_compliance_ratio", str(year)) if level == "city" else None
        name = "drinking_compliance_ratio" if level == "city" else f"{level}_compliance_ratio"
        return self.ratio(name, official or computed, year)

    def source_compliance(self, source: str) -> Figure:
        """The same of one source."""
        where = {"year": self.year, "intake_id": source}
        return self.ratio(f"compliance_{source}", figures.share(self.source_months, {"is_compliant": True}, where))

    def source_checks(self, source: str) -> Figure:
        """How many months of the year a source was checked in."""
        return self.number(f"checks_{source}", figures.count(self.source_months, year=self.year, intake_id=source))

    # --- coast -----------------------------------------------------------------------------------

    def sea(self, column: str, area: str, year: int, season: str) -> Figure:
        """A value of the sea off *area* in one season."""
        measured = figures.select(self.near_shore, column, area_code=area, year=year, season=season)
        unit = "%" if column.endswith("_pct") else "mg/L"
        return self.figure(f"sea_{column}_{area}_{year}_{season}", measured, unit=unit, period=str(year))

    def sea_mean(self, column: str, area: str, year: int) -> Figure:
        """The mean of its seasons."""
        measured = figures.mean(self.near_shore, column, 1 if column.endswith("_pct") else 2, area_code=area, year=year)
        unit = "%" if column.endswith("_pct") else "mg/L"
        return self.figure(f"sea_{column}_{area}_{year}", measured, unit=unit, period=str(year))

    @memo
    def sea_nitrogen(self, year: int) -> Figure:
        """Inorganic nitrogen in the sea along the area's coast: the mean of the seasons of a year."""
        column = "inorganic_nitrogen_mg_l"
        measured = figures.mean(self.near_shore, column, 2, area_code=self.codes, year=year)
        return self.figure(self.suffixed("sea_nitrogen", year), measured, unit="mg/L", period=str(year))

    def outlet_class(self, outlet: str, year: int) -> Figure:
        """The class of a river where it reaches the sea."""
        measured = figures.select(self.outlets, "water_class", outlet_id=outlet, year=year)
        name = self.suffixed(f"outlet_class_{outlet}", year)
        return self.figure(name, measured, unit="", period=str(year), words=CLASS_WORDS)

    def outlet_count(self, column: str, outlet: str) -> Figure:
        """How often an outfall was checked, or complied."""
        measured = figures.select(self.outlets, column, outlet_id=outlet, year=self.year)
        return self.number(f"{column}_{outlet}", measured)

    def sea_rivers_good(self) -> Figure:
        """The rivers of class Ⅰ to Ⅲ where they reach the sea: as published, or else counted."""
        counted = figures.count(self.outlets, year=self.year, kind="river", water_class=GOOD)
        return self.number("sea_rivers_good", self.official("sea_rivers_good", str(self.year)) or counted)

    # --- disclosure ------------------------------------------------------------------------------

    def disclosure(self, item: str) -> Disclosure:
        """Q2 is disclosed when every yearly indicator is published, partly when some are or anything of a part is.

        Demonstration does not count.
        """
        rows = self.published.rows[self.published.rows["status"] != DEMONSTRATION]
        yearly = rows[rows["period"].map(_is_year) & (rows["period"].str[:4] <= str(self.year))]
        own = yearly[yearly["period"].str[:4] == str(self.year)]
        of_parts = rows[rows["period"].map(lambda period: is_within(period, self.year)).astype(bool)]
        wanted = WANTED - ({"cwqi_rank"} if self.area.is_city else set())
        wanted |= OF_THE_SEA if self.area.has_coast else set()
        found = set(own.loc[own["status"] == OFFICIAL, "indicator"])
        state = DISCLOSED if wanted <= found else PARTLY if len(own) or len(of_parts) else NOT_DISCLOSED
        return Disclosure(item, state, self.first_year(rows))


_TROPHIC_COLUMNS = {name: water.COLUMN[name] for name in ("tp", "tn", "codmn")} | {
    name: column for name, (column, _) in evaluate.TROPHIC.items()
}


def _values(row: Any) -> dict[str, Any]:
    """The means of a section's year by item; rivers have no total nitrogen among them."""
    return {name: row[column] for name, column in water.COLUMN.items() if column in row}


def _of_class(wanted: Any) -> dict[str, Any]:
    """The condition on a row's class, whose name is a word of the language."""
    return {"class": wanted}


def _is_year(period: str) -> bool:
    """Whether a period is a whole year: ``2024``, or from January to December of it."""
    first, _, last = period.partition("/")
    return len(period) == 4 or (first.endswith("-01") and last == f"{first[:4]}-12")
