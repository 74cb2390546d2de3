"""What is known about credit (items C1–C6): rows, rules and figures; ``credit.py`` shows them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from operator import methodcaller
from typing import Any

import pandas as pd

from reportkit import figures
from reportkit.chapters import Chapter, of_standard, once_for_all
from reportkit.chapters.disclosers import origin
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import memo
from reportkit.standards import credit
from reportkit.standards.credit import BAD, GOOD, LEVELS
from reportkit.standards.enterprises import dischargers
from reportkit.standards.rules import in_force, table

INCLUDED, NOT_RATED = "included", "not_rated"
PARTS = (*LEVELS, NOT_RATED)
RESULT = {INCLUDED, *PARTS}
SOURCES = ("from_key_units", "from_volunteers", "from_others")  # how enterprises came into the evaluation
REFUSED = "red_by_refusal"

LEVEL_WORDS = {level: f"credit.level.{level}" for level in LEVELS}
TIME_WORDS = {word: f"credit.{word}" for word in (credit.IN_TIME, credit.TOO_LATE)}

# What a disclosure of each item must publish of a year.
WANTED = {
    "C1": (INCLUDED, *LEVELS),
    "C2": ("triggered",),
    "C3": ("archives", "platforms"),
    "C4": ("repairs_applied", "repairs_accepted", "repairs_restored"),
    "C5": ("institutions",),
    "C6": ("joint_measures",),
}


class CreditFigures(Chapter):
    """Every figure about the credit of the enterprises of one area in one year, and what it is measured from.

    The city's results are those that were published of it, or else counted over its districts.
    """

    slug = "credit"
    order = 130
    items = tuple(WANTED)
    wanted = WANTED

    # --- rows ------------------------------------------------------------------------------------

    @property
    @memo
    def evaluations(self) -> PublishedTable:
        """The evaluations of the enterprises, up to the year."""
        return self._rows("evaluations", self.codes)

    @property
    @memo
    def events(self) -> PublishedTable:
        """What changed a level between two evaluations, up to the year."""
        return self._rows("events", self.codes)

    @property
    @memo
    def applications(self) -> PublishedTable:
        """The applications for repair, up to the year."""
        return self._rows("repairs", self.codes)

    @property
    @memo
    def measures(self) -> PublishedTable:
        """What other departments did after the evaluations, up to the year."""
        return self._rows("measures", self.codes)

    @property
    @memo
    def institutions(self) -> PublishedTable:
        """The institutions of the whole city and their levels, up to the year."""
        return self._rows("institutions", self.city.codes)

    @property
    @memo
    def platforms(self) -> PublishedTable:
        """What the archives are linked to, up to the year."""
        return self._rows("platforms", [self.edition.city.code])

    def _rows(self, name: str, codes: list[str]) -> PublishedTable:
        rows = self.reader.rows(f"credit/{name}", area_code=codes, year={"to": str(self.year)})
        return PublishedTable(f"credit/{name}", rows)

    @property
    @memo
    def archives(self) -> PublishedTable:
        """The enterprises of the register: each has its archive."""
        return PublishedTable("enterprises/register", self.reader.rows("enterprises/register", area_code=self.codes))

    @property
    @memo
    def judged(self) -> PublishedTable:
        """Each evaluation of the year: what the rule makes of it, where it went, and whether a court found a crime."""
        as_of, found = date(self.year, 12, 31), []
        crimes = {row["enterprise_id"]: row for row in self._convictions().to_dict("records")}
        for row in self.evaluations.where({"year": self.year}).to_dict("records"):
            conditions = {name: bool(row[name]) for name in ("has_veto", "has_incident")}
            by_rule = credit.level(int(row["points"]), int(row["green_indicators"]), as_of, **conditions)
            found.append(
                {
                    "enterprise_id": row["enterprise_id"],
                    "level": row["level"],
                    "by_rule": by_rule,
                    "is_same": by_rule == row["level"],
                    "moved": credit.movement(row["level_before"], row["level"]),
                    "has_veto": conditions["has_veto"],
                    "is_convicted": row["enterprise_id"] in crimes,
                    **origin([row, *([crimes[row["enterprise_id"]]] if row["enterprise_id"] in crimes else [])]),
                }
            )
        columns = ["enterprise_id", "level", "by_rule", "is_same", "moved", "has_veto", "is_convicted"]
        rows = pd.DataFrame(found, columns=[*columns, "status", "source_id"])
        rows = rows.astype(dict.fromkeys(("is_same", "has_veto", "is_convicted"), bool))
        return PublishedTable(self.table_name("judged"), rows, rules=(self.rule("level"),))

    def _convictions(self) -> pd.DataFrame:
        """The crimes against the environment of which a court convicted an enterprise in the year."""
        days = {"from": f"{self.year}-01-01", "to": f"{self.year}-12-31"}
        return self.reader.rows("law/transfers", area_code=self.codes, outcome="convicted", outcome_date=days)

    @property
    @memo
    def repairs(self) -> PublishedTable:
        """Each application: whether it came in time, and how many days each step took."""
        rows = self.applications.rows
        days = {name: rows[f"{name}_date"].dt.date for name in ("published", "applied")}
        dated = zip(days["published"], days["applied"], strict=True)
        timely = [credit.timeliness(published, applied, self.area.code) for published, applied in dated]
        kept = rows[["repair_id", "year", "outcome", "status", "source_id"]]
        taken: dict[str, Any] = {
            "timeliness": pd.Series(timely, index=rows.index, dtype=object),
            "days_to_apply": (rows["applied_date"] - rows["published_date"]).dt.days,
            "days_taken": (rows["restored_date"] - rows["applied_date"]).dt.days,
        }
        return PublishedTable(self.table_name("repairs"), kept.assign(**taken), rules=self.rules_for(rows, "repair"))

    # --- the results -----------------------------------------------------------------------------

    @memo
    def published_years(self) -> list[int]:
        """The years whose whole result was published of this area, up to the page's."""
        rows = self.published.where({"indicator": INCLUDED})
        return sorted(int(year) for year in rows["year"] if year <= self.year)

    @memo
    def is_published(self, year: int) -> bool:
        """Whether anything of a year's result was published: then nothing of it is counted in rows."""
        return not self.published.where({"indicator": sorted(RESULT), "year": year}).empty

    @memo
    def evaluated_years(self) -> list[int]:
        """The years with evaluations in the tables."""
        return sorted({int(year) for year in self.evaluations.rows["year"]})

    @property
    @memo
    def years(self) -> list[int]:
        """The years of the results; where whole ones were published, no others are set beside them."""
        return self.published_years() or self.evaluated_years()

    def breaks(self) -> list[int]:
        """The years with which published results and those counted in rows meet."""
        return [now for before, now in pairwise(self.years) if self.is_published(before) != self.is_published(now)]

    @memo
    def counted(self, part: str, year: int | None = None) -> Figure:
        """How many enterprises were ``included`` in the evaluation of a year, or came to one level."""
        year = year or self.year
        measured = self.as_published(part, year)
        if not self.is_published(year) and part != NOT_RATED and year in self.evaluated_years():
            where = {} if part == INCLUDED else {"level": part}
            measured = figures.count(self.evaluations, area_code=self.codes, year=year, **where)
        return self.of_year(part, measured, year)

    @memo
    def share(self, part: str, year: int | None = None) -> Figure:
        """The share of a level in percent of the enterprises evaluated."""
        year = year or self.year
        return self.of_year(f"{part}_share", self._of_included(self.counted(part, year), year), year, "%")

    def _of_included(self, part: Figure, year: int) -> Measured:
        """A number of enterprises in percent of those evaluated."""
        return figures.ratio(part, self.counted(INCLUDED, year))

    def known_parts(self, year: int) -> list[str]:
        """The levels that a year's result is known by, whole: none where the number of those evaluated is not known."""
        if self.counted(INCLUDED, year).value is None:
            return []
        return [part for part in PARTS if self.counted(part, year).value is not None]

    @memo
    def good_share(self, year: int | None = None) -> Figure:
        """The share that came to blue or better: as published, or else computed."""
        year = year or self.year
        measured = self.as_published("good_share", year)
        if measured.value is None:
            good = self.of_year("good", figures.added([self.counted(level, year) for level in GOOD], 0), year)
            measured = self._of_included(good, year)
        return self.of_year("good_share", measured, year, "%")

    def parts_added(self, year: int) -> Figure:
        """The published parts of a year added up, to be held against the enterprises evaluated."""
        parts = [self.counted(part, year) for part in PARTS]
        known = [part for part in parts if part.value is not None]
        return self.of_year("parts_added", figures.added(known, 0), year)

    def red_change(self, year: int) -> Figure:
        """By how much the published number of red enterprises changed from the year before, in percent."""
        measured = figures.change(self.counted(credit.RED, year), self.counted(credit.RED, year - 1))
        return self.of_year("red_change", measured, year, "%")

    # --- who is evaluated ------------------------------------------------------------------------

    @memo
    def source_years(self) -> list[int]:
        """The years of which it was published how those evaluated came in, up to the page's, the newest first."""
        rows = self.published.where({"indicator": list(SOURCES)})
        return sorted({int(year) for year in rows["year"] if year <= self.year}, reverse=True)

    def came_in(self, source: str, year: int) -> Figure:
        """How many came into the evaluation of a year in one way, or are red because they refused, as published."""
        return self.of_year(f"published_{source}", self.as_published(source, year), year)

    def sources_added(self, year: int) -> Figure:
        """The ways in which enterprises came in added up, to be held against those evaluated."""
        known = [figure for figure in (self.came_in(it, year) for it in SOURCES) if figure.value is not None]
        return self.of_year("sources_added", figures.added(known, 0), year)

    @property
    @memo
    def key_units(self) -> PublishedTable:
        """Each key unit that must disclose, in the years with evaluations in the tables, and whether it was in them."""
        until = {"to": str(self.year)}
        listed = self.reader.rows("enterprises/key_units", area_code=self.codes, year=until)
        judged = {(row["enterprise_id"], row["year"]): row for row in self.evaluations.rows.to_dict("records")}
        classes = {(year, kind) for year in self.evaluated_years() for kind in dischargers(date(year, 12, 31))}
        is_due = [pair in classes for pair in zip(listed["year"], listed["kind"], strict=True)]
        must = listed[pd.Series(is_due, index=listed.index, dtype=bool)]
        found = []
        for (id_, year), group in must.groupby(["enterprise_id", "year"], sort=True):
            rows, own = group.to_dict("records"), judged.get((id_, year))
            known = {"enterprise_id": id_, "year": year, "area_code": rows[0]["area_code"]}
            found.append({**known, "is_evaluated": own is not None, **origin([*rows, *([own] if own else [])])})
        columns = ["enterprise_id", "year", "area_code", "is_evaluated", "status", "source_id"]
        table = pd.DataFrame(found, columns=columns).astype({"is_evaluated": bool})
        return PublishedTable(self.table_name("key_units"), table)

    def units_to_evaluate(self, year: int) -> Figure:
        """How many key units of a year must disclose, each counted once."""
        return self.of_year("key_units", figures.count(self.key_units, year=year), year)

    def units_evaluated(self, year: int) -> Figure:
        """How many of them were evaluated."""
        return self.of_year("units_evaluated", figures.count(self.key_units, year=year, is_evaluated=True), year)

    def units_left_out(self, year: int) -> Figure:
        """How many of them were not."""
        return self.of_year("units_left_out", figures.count(self.key_units, year=year, is_evaluated=False), year)

    def printed_figure(self, row: Any) -> Figure:
        """A row of what was published, as a figure."""
        year = int(row["year"])
        measured = self.as_published(row["indicator"], year)
        name = row["indicator"] if row["indicator"] in RESULT | {"good_share"} else f"published_{row['indicator']}"
        return self.of_year(name, measured, year, row["unit"])

    # --- single enterprises ----------------------------------------------------------------------

    @property
    def has_rows(self) -> bool:
        """Whether single evaluations of the year are in the tables."""
        return self.year in self.evaluated_years()

    @property
    def has_values(self) -> bool:
        """Whether anything of the year's result is known."""
        return self.has_rows or self.is_published(self.year)

    def evaluated(self, **where: Any) -> Figure:
        """How many single evaluations of the year meet the conditions, by which the figure is named."""
        name = "_".join(("rows", *(str(value) for value in where.values())))
        measured = figures.count(self.evaluations, area_code=self.codes, year=self.year, **where)
        return self.of_year(name, measured, self.year)

    def in_industry(self, industry: str, level: str | None = None) -> Figure:
        """How many enterprises of an industry were evaluated, or came to one level."""
        return self.evaluated(industry=industry, **({"level": level} if level else {}))

    def good_in_industry(self, industry: str, year: int) -> Figure:
        """The share of an industry that came to blue or better in a year."""
        whole = {"area_code": self.codes, "year": year, "industry": industry}
        measured = figures.share(self.evaluations, {"level": list(GOOD)}, whole)
        return self.of_year(f"{industry}_good_share", measured, year, "%")

    def moved_between(self, before: str, now: str) -> Figure:
        """How many went from one level to another, or stayed there."""
        return self.evaluated(level_before=before, level=now)

    def moved(self, way: str) -> Figure:
        """How many levels are better than the year before, the same, or worse."""
        return self.of_year(f"moved_{way}", figures.count(self.judged, moved=way), self.year)

    def following_rule(self, *, is_same: bool) -> Figure:
        """How many levels are what the rule makes of the evaluation, or are not."""
        name = "by_rule" if is_same else "not_by_rule"
        return self.of_year(name, figures.count(self.judged, is_same=is_same), self.year)

    def convicted(self) -> Figure:
        """How many of those evaluated were convicted of a crime against the environment in the year."""
        return self.of_year("convicted", figures.count(self.judged, is_convicted=True), self.year)

    def convicted_without_veto(self) -> Figure:
        """How many of them were evaluated as if that were no veto."""
        measured = figures.count(self.judged, is_convicted=True, has_veto=False)
        return self.of_year("convicted_without_veto", measured, self.year)

    def red_by_veto(self) -> Figure:
        """How many are red because one thing alone made them so."""
        where: dict[str, Any] = {"area_code": self.codes, "level": credit.RED, "has_veto": True}
        return self.of_year("rows_red_by_veto", figures.count(self.evaluations, year=self.year, **where), self.year)

    def level_of(self, row: Any) -> Figure:
        """The level that the rule makes of an evaluation."""
        conditions = {name: bool(row[name]) for name in ("has_veto", "has_incident")}
        as_of = date(self.year, 12, 31)
        found = credit.level(int(row["points"]), int(row["green_indicators"]), as_of, **conditions)
        where = {"enterprise_id": row["enterprise_id"], "year": self.year}
        measured = figures.classify_rows(self.evaluations, found, self.rule("level"), **where)
        return self.figure(f"level_{row['enterprise_id']}", measured, unit="", words=LEVEL_WORDS)

    def points_of(self, row: Any) -> Figure:
        """The points of an evaluation."""
        measured = figures.select(self.evaluations, "points", enterprise_id=row["enterprise_id"], year=self.year)
        return self.of_year(f"points_{row['enterprise_id']}", measured, self.year)

    # --- events and repair -----------------------------------------------------------------------

    def events_in(self, year: int, **where: Any) -> Figure:
        """How many events of a year meet the conditions, by which the figure is named."""
        name = "_".join(("events", *(str(value) for value in where.values())))
        return self.of_year(name, figures.count(self.events, area_code=self.codes, year=year, **where), year)

    def level_after(self, row: Any) -> Figure:
        """What an event made of the level that stood."""
        found = credit.triggered(row["level_before"], row["event"], row["date"].date())
        rule = self.rule("trigger")
        measured = figures.classify_rows(self.events, found, rule, event_id=row["event_id"], year=int(row["year"]))
        return self.figure(f"after_{row['event_id']}", measured, unit="", words=LEVEL_WORDS)

    def eligible(self, year: int) -> Figure:
        """How many were yellow or red in the evaluation before, and may apply in *year*."""
        measured = figures.count(self.evaluations, area_code=self.codes, year=year - 1, level=list(BAD))
        return self.figure(self.suffixed("eligible", year), measured, unit="1", period=str(year - 1))

    def repairs_in(self, year: int, **where: Any) -> Figure:
        """How many applications of a year meet the conditions, by which the figure is named."""
        name = "_".join(("repairs", *(str(value) for value in where.values())))
        return self.of_year(name, figures.count(self.repairs, year=year, **where), year)

    def mean_days(self, step: str, year: int) -> Figure:
        """How many days it took to apply, or from then until the level was restored, on average."""
        return self.of_year(f"mean_{step}", figures.mean(self.repairs, step, 0, year=year), year, "day")

    def days_of(self, row: Any, step: str) -> Figure:
        """How many days a step of one application took."""
        measured = figures.select(self.repairs, step, repair_id=row["repair_id"])
        return self.of_year(f"{step}_{row['repair_id']}", measured, int(row["year"]), "day")

    def timeliness_of(self, row: Any) -> Figure:
        """Whether an application came in time."""
        found = credit.timeliness(row["published_date"].date(), row["applied_date"].date(), self.area.code)
        where = {"repair_id": row["repair_id"], "year": int(row["year"])}
        measured = figures.classify_rows(self.applications, found, self.rule("repair"), **where)
        return self.figure(f"time_{row['repair_id']}", measured, unit="", words=TIME_WORDS)

    # --- archives, institutions, measures --------------------------------------------------------

    def archives_kept(self) -> Figure:
        """How many enterprises have an archive."""
        return self.of_year("archives", figures.count(self.archives, area_code=self.codes), self.year)

    def linked(self) -> Figure:
        """How many platforms the archives are linked to."""
        return self.of_year("platforms", figures.count(self.platforms, year=self.year), self.year)

    def records(self, platform: str, year: int) -> Figure:
        """What was exchanged with a platform in a year."""
        measured = figures.select(self.platforms, "records", platform_id=platform, year=year)
        return self.of_year(f"records_{platform}", measured, year)

    def institutions_with(self, level: str | None, year: int) -> Figure:
        """How many institutions were rated in a year, or came to one level."""
        where = {"level": level} if level else {}
        measured = figures.count(self.institutions, area_code=self.city.codes, year=year, **where)
        return self.of_year(f"institutions_{level or 'rated'}", measured, year)

    def problems_of(self, institution: str) -> Figure:
        """How many problems were found at an institution in the year."""
        measured = figures.select(self.institutions, "problems", institution_id=institution, year=self.year)
        return self.of_year(f"problems_{institution}", measured, self.year)

    @memo
    def taken(self, measure: str, year: int) -> Figure:
        """For how many enterprises a measure was taken after the evaluation of a year."""
        where = {"area_code": self.codes, "year": year, "measure": measure}
        return self.of_year(f"taken_{measure}", figures.total(self.measures, "enterprises", 0, **where), year)

    # --- the standard ----------------------------------------------------------------------------

    @memo
    def standard(self, name: str) -> PublishedTable:
        """A table of the standard: its ``indicators`` with their weights, or the ``weights`` of their kinds."""
        return of_standard(f"credit_{name}", "weight_pct")

    def weight(self, indicator: str) -> Figure:
        """The weight of an indicator, by its number, in percent."""
        measured = figures.select(self.standard("indicators"), "weight_pct", number=indicator)
        return self.of_year(f"weight_{indicator}", measured, self.year, "%")

    def weights_of_kinds(self) -> list[tuple[str, Figure]]:
        """What each kind of indicators is called, and its weight in percent by the area's own scoring rules."""
        found = []
        for row in in_force(table("credit_weights"), date(self.year, 12, 31), self.area.code):
            which = {"category": row["category"], "area_codes": row["area_codes"]}
            measured = figures.select(self.standard("weights"), "weight_pct", **which)
            figure = self.of_year(f"weight_{row['category']}", measured, self.year, "%")
            found.append((row[f"name_{self.language}"], figure))
        return found

    # --- districts -------------------------------------------------------------------------------

    @once_for_all
    def compared(self) -> dict[str, dict[str, Figure]]:
        """What is set side by side of each area: by column, by the area's slug."""
        counts = {part: methodcaller("counted", part) for part in (INCLUDED, *LEVELS)}
        return self.of_all({"districts": methodcaller("good_share"), **counts})
