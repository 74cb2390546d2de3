"""What is measured about supervision (items S1 to S4, S6): the figures; ``supervision.py`` shows them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from operator import methodcaller
from typing import Any

from reportkit import figures
from reportkit.chapters import of_standard, once_for_all
from reportkit.chapters.enterprises import Enterprises
from reportkit.chapters.law import Law
from reportkit.chapters.supervision_tables import SupervisionTables
from reportkit.figures import Figure
from reportkit.memo import memo
from reportkit.standards import law, supervision

CLASSES = ("key", "special", "general")
STAGES = ("drawn", "inspected", "found", "cases", "published")
SOURCES = ("mobile", "industry", "combustion", "dust", "living", "farming", "other")
THEMES = ("ozone", "dissolved_oxygen", "marine", "emerging", "source_apportionment", "co_reduction", "supervision")
SHARINGS = ("open", "on_request", "internal")

# What a disclosure of an item must publish of a year.
WANTED = {
    "S1": ("datasets", "datasets_shared", "completeness"),
    "S2": ("platform_services", "platform_datasets", "platform_delay"),
    "S3": ("points_air", "points_water", "points_soil", "points_noise", "capture", "warning_points"),
    "S4": ("pool", *STAGES, "grids", "officers"),
    "S6": ("projects", "source_apportionment"),
}

WORDS = {
    word: f"supervision.word.{word}"
    for word in (
        *(supervision.ENOUGH, supervision.SHORT, supervision.REPEATS, supervision.DIFFERS),
        *(law.IN_TIME, law.LATE, law.UNPUBLISHED, law.UNKNOWN, law.ALL_IN_TIME, law.SOME_LATE),
    )
}


class SupervisionFigures(SupervisionTables):
    """Every figure about data, points, inspections and projects of one area in one year.

    The city's are the sums over its districts, and what the city's own bureau did beside them.
    """

    wanted = WANTED

    # --- random inspection -----------------------------------------------------------------------

    @memo
    def checked(self, stage: str, year: int, class_: str = "") -> Figure:
        """How many units came how far in a year: on the list (``pool``), drawn, inspected, with problems, published.

        The city's own bureau draws from units that are on the lists of the districts already.
        """
        codes = self.codes if stage == "pool" else self.bureaus
        where = {"area_code": codes, "year": year, **({"class": class_} if class_ else {})}
        measured = (None if class_ else self.official(stage, year)) or figures.total(
            self.inspections, stage, 0, **where
        )
        return self.of_year("_".join(filter(None, (stage, class_))), measured, year)

    def key_units(self) -> Figure:
        """The units on the year's list of key units, as the chapter on enterprises counts them."""
        enterprises: Enterprises = self.edition.chapter(Enterprises, self.area)
        return enterprises.key_units(self.year)

    @memo
    def special_key(self) -> Figure:
        """The units on the list of key units that are not drawn as key: penalised the year before, they are special."""
        measured = figures.difference(self.key_units(), self.checked("pool", self.year, "key"), 0)
        return self.of_year("special_key", measured, self.year)

    @memo
    def checked_share(self, stage: str, of: str, year: int) -> Figure:
        """The units that came to a *stage* in percent of those that came to another."""
        measured = figures.ratio(self.checked(stage, year), self.checked(of, year))
        return self.of_year(f"{stage}_share", measured, year, "%")

    def found_share(self, year: int) -> Figure:
        """The inspected units with problems, in percent."""
        return self.checked_share("found", "inspected", year)

    def planned(self, class_: str) -> Figure:
        """What percent of a class the area's bureau draws in a quarter."""
        where = {"area_code": self.area.code, "year": self.year, "class": class_}
        return self.of_year(f"ratio_{class_}", figures.select(self.ratios, "ratio_pct", **where), self.year, "%")

    def least(self, class_: str) -> Figure:
        """What percent of a class a bureau like the area's draws in a quarter at least."""
        bureau = supervision.CITY if self.area.is_city else supervision.DISTRICT
        row = supervision.least(bureau, class_, date(self.year, 12, 31), self.area.code)
        where = {"bureau": bureau, "class": class_, "valid_from": row["valid_from"] if row else ""}
        measured = figures.select(of_standard(supervision.RATIOS, "least_pct"), "least_pct", **where)
        return self.figure(f"least_{class_}", measured, unit="%")

    @memo
    def ratio_verdict(self, class_: str) -> Figure | None:
        """Whether as much of a class is drawn as is asked for; nothing where either is not known."""
        planned, least = self.planned(class_), self.least(class_)
        if planned.value is None or least.value is None:
            return None
        word = supervision.ENOUGH if Decimal(planned.value) >= Decimal(least.value) else supervision.SHORT
        (rule,) = self.rules_of("draw_ratio")
        measured = figures.classify([planned, least], word, rule)
        return self.figure(f"verdict_ratio_{class_}", measured, unit="", words=WORDS)

    @memo
    def draws_run(self, outcome: str = "") -> Figure:
        """How many draws of the year were run again, or came out in one way; no value where none was published."""
        where: dict[str, Any] = {"bureau_code": self.bureaus, **({"outcome": outcome} if outcome else {})}
        name = "_".join(filter(None, ("draws", outcome)))
        if self.draws.rows.empty:
            return self.of_year(name, self.as_published("draws", self.year), self.year)
        return self.of_year(name, figures.count(self.draws, **where), self.year)

    def of_draw(self, draw: str, column: str) -> Figure:
        """What the table of draws says of one of them."""
        measured = figures.select(self.draws, column, draw_id=draw)
        name = f"{column}_{draw}"
        return self.figure(name, measured, unit="" if column == "outcome" else "1", words=_words_of(column))

    def of_unit(self, draw: str, enterprise: str, column: str) -> Figure:
        """How many working days the publication of one result took, or whether it was in time."""
        measured = figures.select(self.drawn, column, draw_id=draw, enterprise_id=enterprise)
        if column == "publication":
            measured = figures.under(measured, *self.rules_of("publication"))
        unit = "" if column == "publication" else "day"
        return self.figure(f"{column}_{draw}_{enterprise}", measured, unit=unit, words=_words_of(column))

    @memo
    def slowest(self) -> Figure:
        """The working days that the slowest publication of a result took in the year."""
        measured = figures.maximum(self.drawn, "working_days", bureau_code=self.bureaus)
        return self.of_year("slowest", measured, self.year, "day")

    def deadline(self) -> Figure:
        """The working days within which a result is to be published."""
        row = supervision.deadline(date(self.year, 12, 31))
        table = of_standard(supervision.DEADLINE, "working_days")
        measured = figures.select(table, "working_days", valid_from=row["valid_from"] if row else "")
        return self.figure("deadline", measured, unit="day")

    @memo
    def publication_verdict(self) -> Figure | None:
        """Whether the slowest publication kept the deadline; nothing without one, or without a rule."""
        taken, limit = self.slowest(), self.deadline()
        if taken.value is None or limit.value is None:
            return None
        word = law.ALL_IN_TIME if int(taken.value) <= int(limit.value) else law.SOME_LATE
        (rule,) = self.rules_of("publication")
        return self.figure("verdict_publication", figures.classify([taken, limit], word, rule), unit="", words=WORDS)

    def with_publication(self, word: str) -> Figure:
        """How many results of the year were published late, or not at all."""
        counted = figures.count(self.drawn, bureau_code=self.bureaus, publication=word)
        return self.of_year(f"publication_{word}", figures.under(counted, *self.rules_of("publication")), self.year)

    # --- the network, and what is held -----------------------------------------------------------

    @memo
    def point_count(self, element: str = "", mode: str = "") -> Figure:
        """How many points the network has: all, of an element, automatic or manual."""
        where = {name: wanted for name, wanted in (("element", element), ("mode", mode)) if wanted}
        name = "_".join(filter(None, ("points", element, mode)))
        return self.of_year(name, figures.count(self.points, area_code=self.codes, **where), self.year)

    @memo
    def capture(self, element: str) -> Figure:
        """The periods with data in percent of those there should be, of an element."""
        had, possible = (
            self.of_year(
                f"{column}_{element}",
                figures.total(self.points, column, 0, area_code=self.codes, element=element),
                self.year,
            )
            for column in ("had", "possible")
        )
        return self.of_year(f"capture_{element}", figures.ratio(had, possible), self.year, "%")

    @memo
    def held(self) -> Figure:
        """How many data sets of the inventory have rows of the year, each district's counted by itself."""
        return self.of_year("held", figures.count(self.holdings, area_code=self.bureaus, is_held=True), self.year)

    @memo
    def due(self) -> Figure:
        """How many there should be: a data set on what an area has none of is not due there."""
        counted = figures.count(self.holdings, area_code=self.bureaus, is_applicable=True)
        return self.of_year("due", counted, self.year)

    @memo
    def held_share(self) -> Figure:
        """The same in percent of those there should be."""
        whole = {"area_code": self.bureaus, "is_applicable": True}
        measured = figures.share(self.holdings, {"is_held": True}, whole)
        return self.of_year("held_share", measured, self.year, "%")

    @memo
    def held_officially(self) -> Figure:
        """How many of them have rows that were not invented."""
        counted = figures.count(self.holdings, area_code=self.bureaus, has_official=True)
        return self.of_year("held_officially", counted, self.year)

    def delay(self, dataset: str) -> Figure:
        """After how many days a data set is out."""
        measured = figures.select(self.datasets, "delay_days", dataset=dataset)
        return self.figure(f"delay_{dataset.replace('/', '_')}", measured, unit="day")

    def districts_held(self, dataset: str) -> Figure:
        """How many districts have rows of the year of a data set that each should have."""
        codes = [area.code for area in self.edition.districts]
        measured = figures.count(self.holdings, dataset=dataset, area_code=codes, is_held=True)
        return self.of_year(f"districts_{dataset.replace('/', '_')}", measured, self.year)

    def rows_held(self, dataset: str) -> Figure:
        """How many rows of the year a data set has of the area."""
        measured = figures.total(self.holdings, "rows", 0, dataset=dataset, area_code=self.bureaus)
        return self.of_year(f"rows_{dataset.replace('/', '_')}", measured, self.year)

    # --- what is counted once a year -------------------------------------------------------------

    @memo
    def yearly(self, column: str, year: int, unit: str = "1") -> Figure:
        """What was counted in a year: as published, or else of the area's rows."""
        measured = self.official(column, year) or figures.total(
            self.yearly_rows, column, 0, area_code=self.codes, year=year
        )
        return self.of_year(column, measured, year, unit)

    def closed_share(self, year: int) -> Figure:
        """The problems found in grids that were closed, in percent."""
        measured = figures.ratio(self.yearly("grid_closed", year), self.yearly("grid_found", year))
        return self.of_year("closed_share", measured, year, "%")

    def positive_list(self, year: int) -> Figure:
        """The enterprises on the positive list, as the chapter of laws counts them."""
        laws: Law = self.edition.chapter(Law, self.area)
        return laws.yearly("positive_list", year)

    def service(self, service: str, column: str, unit: str = "1") -> Figure:
        """What is told of one service of the platform."""
        measured = figures.select(self.platform_rows, column, service_id=service, year=self.year)
        return self.of_year(f"{column}_{service}", measured, self.year, unit)

    @memo
    def platform(self, column: str, year: int) -> Figure:
        """Calls of all services in a year, the data sets of the one that serves most, the days of the slowest."""
        where = {"area_code": self.edition.city.code, "year": year}
        if column == "calls_10k":
            return self.of_year("calls", figures.total(self.platform_rows, column, 0, **where), year)
        unit = "day" if column == "delay_days" else "1"
        return self.of_year(f"most_{column}", figures.maximum(self.platform_rows, column, **where), year, unit)

    # --- science ---------------------------------------------------------------------------------

    def project_count(self, theme: str = "", *, is_applied: bool = False) -> Figure:
        """How many projects were begun up to the year, of one theme, or whose results are applied."""
        columns = ("started_year", "applied_year") if is_applied else ("started_year",)
        where: dict[str, Any] = {column: self._years_so_far(column) for column in columns}
        where |= {"theme": theme} if theme else {}
        name = "_".join(filter(None, ("projects", theme, "applied" if is_applied else "")))
        return self.of_year(name, figures.count(self.projects, **where), self.year)

    def funding(self, theme: str) -> Figure:
        """What was granted to the projects of a theme that were begun up to the year, in 10,000 yuan."""
        where = {"started_year": self._years_so_far("started_year"), "theme": theme}
        measured = figures.total(self.projects, "funding_10k_yuan", 0, **where)
        return self.of_year(f"funding_{theme}", measured, self.year, "10k yuan")

    def _years_so_far(self, column: str) -> list[int]:
        """The years that stand in a *column* of the projects, up to that of the page."""
        return sorted({int(year) for year in self.projects.rows[column].dropna() if year <= self.year})

    @memo
    def apportioned(self, source: str, year: int) -> Figure:
        """What percent of PM2.5 came from a source in a year."""
        where = {"area_code": self.edition.city.code, "year": year, "source": source}
        return self.of_year(f"pm_{source}", figures.select(self.apportionment, "share_pct", **where), year, "%")

    def science(self, column: str, year: int, unit: str = "1") -> Figure:
        """What was counted of science and technology in a year."""
        measured = figures.total(self.science_rows, column, 0, area_code=self.edition.city.code, year=year)
        return self.of_year(column, measured, year, unit)

    # --- districts -------------------------------------------------------------------------------

    @once_for_all
    def compared(self) -> dict[str, dict[str, Figure]]:
        """What is set side by side of each area: by column, by the area's slug."""
        return self.of_all(
            {
                "districts": methodcaller("checked", "inspected", self.year),
                "found_share": methodcaller("found_share", self.year),
                "officers": methodcaller("yearly", "officers", self.year),
                "drones": methodcaller("yearly", "drones", self.year),
                "points": methodcaller("point_count"),
                "capture_air": methodcaller("capture", "air"),
                "held_share": methodcaller("held_share"),
            }
        )


def _words_of(column: str) -> dict[str, str] | None:
    """The words of a column of codes."""
    return WORDS if column in ("outcome", "publication") else None
