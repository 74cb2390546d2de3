"""What is known about the targets of the plan (items T1–T6): rows, rule and figures; ``targets.py`` shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from reportkit import figures
from reportkit.chapters import (
    DISCLOSED,
    NOT_APPLICABLE,
    NOT_DISCLOSED,
    PARTLY,
    Chapter,
    Disclosure,
    discover,
)
from reportkit.display import Displayed
from reportkit.errors import DataError
from reportkit.figures import Figure, PublishedTable
from reportkit.memo import memo
from reportkit.project import LANGUAGES
from reportkit.standards import rules, targets
from reportkit.status import DEMONSTRATION, OFFICIAL

NUMERIC, QUALITATIVE = "numeric", "qualitative"
VISION = "T6"  # asked of the city alone
FIRST_YEAR = 2015  # no value before it is looked for in other chapters
PLAN_BEGINS = 2021

VERDICT_WORDS = {verdict: f"targets.verdict.{verdict}" for verdict in targets.VERDICTS}


@dataclass(frozen=True, eq=False)
class Goal(Displayed):
    """A row of ``targets/targets``: what is to be reached by when, in words or as a number."""

    id: str
    item: str
    kind: str
    wording: Mapping[str, str]
    indicators: tuple[str, ...]
    direction: str
    value: Decimal | None
    unit: str
    baseline_year: int | None
    year: int
    is_key: bool
    status: str
    source: str

    @property
    def indicator(self) -> str:
        """The one indicator of a numeric target."""
        (indicator,) = self.indicators
        return indicator

    @property
    def bound(self) -> str:
        """From which side a numeric target is to be reached."""
        return targets.bound(self.direction, Decimal(str(self.value)), self.unit)


class TargetFigures(Chapter):
    """Every figure about the targets, which are the city's, and about what an area reports on them."""

    slug = "targets"
    order = 170
    items = ("T1", "T2", "T3", "T4", "T5", VISION)

    # --- rows ------------------------------------------------------------------------------------

    @property
    @memo
    def table(self) -> PublishedTable:
        """The targets set for the city, values as printed."""
        return self.facts("targets/targets", area_code=self.edition.city.code)

    @property
    @memo
    def evidence(self) -> PublishedTable:
        """What has been published about this area's progress."""
        return self.facts("targets/evidence", area_code=self.area.code)

    @property
    @memo
    def goals(self) -> list[Goal]:
        """The targets, in the order of their table."""
        return [_goal(row) for _, row in self.table.rows.iterrows()]

    def numeric(self, *items: str) -> list[Goal]:
        """The targets of *items* that are numbers."""
        return [goal for goal in self.goals if goal.kind == NUMERIC and goal.item in (items or self.items)]

    def qualitative(self, item: str) -> list[Goal]:
        """The targets of *item* that are words."""
        return [goal for goal in self.goals if goal.kind == QUALITATIVE and goal.item == item]

    @property
    @memo
    def indicators(self) -> dict[str, dict[str, str]]:
        """What targets look at, by name: its names in both languages, its unit, and where it is measured."""
        rows = self.reader.rows("targets/indicators")
        return {row["indicator"]: {str(name): _text(cell) for name, cell in row.items()} for _, row in rows.iterrows()}

    def reported(self, indicators: Sequence[str], years: Sequence[int]) -> pd.DataFrame:
        """The rows of evidence about *indicators* in *years*, in the order of the indicators, then of time."""
        rows = self.evidence.rows
        rows = rows[rows["indicator"].isin(indicators) & rows["period"].isin(years)]
        place = rows["indicator"].map(list(indicators).index)
        return rows.assign(place=place).sort_values(["place", "period"], kind="stable").drop(columns="place")

    # --- values ----------------------------------------------------------------------------------

    @memo
    def value(self, indicator: str, year: int) -> Figure | None:
        """The value of *indicator* in a *year*: of the chapter that measures it, else as reported about the targets.

        What has been reported goes before what that chapter has made up.
        """
        measured = self._measured(indicator, year)
        if measured is not None and measured.status != DEMONSTRATION:
            return measured
        return self._reported(indicator, year) or measured

    def _measured(self, indicator: str, year: int) -> Figure | None:
        """The figure of another chapter; nothing while there is no such chapter, or it has no value."""
        slug, *call = self.indicators[indicator]["measured_in"].split(".")
        kind = discover().get(slug)
        if kind is None or not hasattr(kind, call[0]):
            return None
        chapter = self.edition.chapter(kind, self.area)
        try:
            figure: Figure = getattr(chapter, call[0])(*call[1:], year)
        except DataError:
            return None  # that chapter says what is wrong with its data; here they are no evidence
        return None if figure.value is None else figure

    def _reported(self, indicator: str, year: int) -> Figure | None:
        where = {"area_code": self.area.code, "indicator": indicator, "period": year}
        measured = figures.select(self.evidence, "value", **where)
        if measured.value is None:
            return None
        unit = self.indicators[indicator]["unit"] or "1"
        return self.figure(f"{indicator}_{year}", measured, unit=unit, period=str(year))

    @memo
    def series(self, indicator: str, last: int) -> list[Figure]:
        """The yearly values of *indicator* up to the year *last*: the published ones, or else what there is."""
        years = range(FIRST_YEAR, min(last, self.year) + 1)
        known = [figure for year in years if (figure := self.value(indicator, year))]
        return [figure for figure in known if figure.status != DEMONSTRATION] or known

    def latest(self, indicator: str, last: int | None = None) -> Figure | None:
        """The newest value of *indicator* up to the year *last*, and not after the page's own."""
        return next(reversed(self.series(indicator, last or self.year)), None)

    # --- numeric targets -------------------------------------------------------------------------

    @property
    def path_rule(self) -> rules.Rule:
        """How this publication judges a numeric target."""
        return rules.rule("targets.path", date(self.year, 12, 31))

    @memo
    def target(self, goal: Goal) -> Figure:
        """The value to be reached."""
        measured = figures.select(self.table, "value", target_id=goal.id)
        return self.figure(f"target_{goal.id}", measured, unit=goal.unit or "1", period=str(goal.year))

    def newest(self, goal: Goal) -> Figure | None:
        """The newest value that counts for *goal*: none after its year."""
        return self.latest(goal.indicator, goal.year)

    def baseline(self, goal: Goal) -> Figure | None:
        """Where the straight path to *goal* begins, if there is a base year and it has a value."""
        series = self.series(goal.indicator, goal.year)
        return next((figure for figure in series if figure.period == str(goal.baseline_year)), None)

    @memo
    def breaks(self, indicator: str) -> list[int]:
        """The years with which the series of *indicator* breaks, as its chapter's table says."""
        about = self.indicators[indicator]
        name = f"{about['measured_in'].partition('.')[0]}/series_breaks"
        if name not in self.reader.tables:
            return []
        rows = self.reader.rows(name)
        if about["broken_by"]:
            rows = rows[rows["kind"].isin(about["broken_by"].split(";"))]
        concerned = rows[rows["scope_area_code"].isna() | (rows["scope_area_code"] == self.area.code)]
        return sorted(concerned["date"].dt.year)

    def has_path(self, goal: Goal) -> bool:
        """Whether a straight path leads from a baseline to the newest value of the same series."""
        start, latest = self.baseline(goal), self.newest(goal)
        if start is None or latest is None or not int(start.period) < int(latest.period):
            return False
        return not any(int(start.period) < year <= int(latest.period) for year in self.breaks(goal.indicator))

    def path(self, goal: Goal) -> Figure | None:
        """What the straight path asks for in the year of the newest value."""
        start, latest, target = self.baseline(goal), self.newest(goal), self.target(goal)
        if start is None or latest is None or not self.has_path(goal):
            return None
        places = 1 + max(_places(start), _places(target))
        measured = figures.interpolate(start, target, int(latest.period), places)
        return self.figure(f"path_{goal.id}", measured, unit=target.unit, period=latest.period, rules=[self.path_rule])

    def gap(self, goal: Goal) -> Figure | None:
        """The newest value less the target, where the two can be compared."""
        latest, target = self.newest(goal), self.target(goal)
        if latest is None or self.verdict(goal).value == targets.UNKNOWN:
            return None
        measured = figures.difference(latest, target, max(_places(latest), _places(target)))
        unit = "percentage points" if target.unit == "%" else target.unit
        return self.figure(f"gap_{goal.id}", measured, unit=unit, period=latest.period)

    @memo
    def verdict(self, goal: Goal) -> Figure:
        """Where *goal* stands, in one word."""
        latest, start, target = self.newest(goal), self.baseline(goal), self.target(goal)
        word = targets.verdict(
            targets.Target(goal.year, Decimal(str(goal.value)), goal.direction),
            _point(latest),
            _point(start) if self.has_path(goal) else None,
            self.year,
        )
        rests_on = [target, *([latest] if latest else []), *([start] if latest and start and start != latest else [])]
        measured = figures.classify(rests_on, word, self.path_rule, held_against=target.id, at=self.year)
        return self.figure(f"verdict_{goal.id}", measured, unit="", words=VERDICT_WORDS)

    # --- how many --------------------------------------------------------------------------------

    @property
    @memo
    def verdicts(self) -> PublishedTable:
        """Every target with its verdict, or whether anything is reported about its words.

        What only invented values could judge is left out.
        """
        rows = [
            {
                "target_id": goal.id,
                "item_id": goal.item,
                "kind": goal.kind,
                "target_year": goal.year,
                "verdict": str(self.verdict(goal).value) if goal.kind == NUMERIC else "",
                "is_reported": self.is_reported(goal),
                "status": self.verdict(goal).status if goal.kind == NUMERIC else goal.status,
                "source_id": ";".join(self.verdict(goal).sources) if goal.kind == NUMERIC else goal.source,
            }
            for goal in self.goals
            if goal.kind != NUMERIC or self.verdict(goal).status != DEMONSTRATION
        ]
        columns = ["target_id", "item_id", "kind", "target_year", "verdict", "is_reported", "status", "source_id"]
        return PublishedTable(self.table_name("verdicts"), pd.DataFrame(rows, columns=columns), rules=(self.path_rule,))

    def is_reported(self, goal: Goal) -> bool:
        """Whether anything has been published about *goal* since the plan began; demonstration does not count."""
        if not self.reported(goal.indicators, range(PLAN_BEGINS, self.year + 1)).empty:
            return True
        return any(self.published_elsewhere(name) for name in goal.indicators)

    @memo
    def published_elsewhere(self, indicator: str) -> list[Figure]:
        """What another chapter gives for *indicator* since the plan began, as far as it was published."""
        measured = (self._measured(indicator, year) for year in range(PLAN_BEGINS, self.year + 1))
        return [figure for figure in measured if figure and figure.status != DEMONSTRATION]

    @property
    @memo
    def numbers_set(self) -> PublishedTable:
        """The targets that are numbers, as they were set."""
        columns = ["target_id", "item_id", "area_code", "indicators", "direction", "value", "unit", "target_year"]
        rows = self.table.rows[self.table.rows["kind"] == NUMERIC]
        return PublishedTable(self.table_name("numbers_set"), rows[[*columns, "status", "source_id"]])

    def how_many(self) -> Figure:
        """How many targets are numbers."""
        return self.figure("numeric", figures.count(self.numbers_set), unit="item")

    def judged(self, *verdicts: str) -> Figure:
        """How many numeric targets have one of these *verdicts* by what was published."""
        measured = figures.count(self.verdicts, kind=NUMERIC, verdict=list(verdicts))
        return self.figure("_".join(("numeric", *verdicts)), measured, unit="item")

    def not_judged(self) -> Figure:
        """How many numeric targets cannot be judged by what was published, with those that invented values judge."""
        known = self.judged(*(verdict for verdict in targets.VERDICTS if verdict != targets.UNKNOWN))
        return self.figure("numeric_not_judged", figures.difference(self.how_many(), known, 0), unit="item")

    def due(self, year: int) -> Figure:
        """How many of the targets that are numbers are to be met by a *year*."""
        measured = figures.count(self.numbers_set, target_year=year)
        return self.figure(f"due_{year}", measured, unit="item")

    def due_and_met(self, year: int) -> Figure:
        """How many of the targets that are to be met by a *year* are met already, by what was published."""
        met = [targets.MET, targets.MET_EARLY]
        measured = figures.count(self.verdicts, kind=NUMERIC, target_year=year, verdict=met)
        return self.figure(f"due_{year}_met", measured, unit="item")

    def qualitative_known(self, *, reported: bool = False) -> Figure:
        """How many targets for the end of the plan are words, or of these those that something is *reported* about."""
        where: dict[str, Any] = {"is_reported": True} if reported else {}
        items = [item for item in self.items if item != VISION]
        measured = figures.count(self.verdicts, kind=QUALITATIVE, item_id=items, **where)
        return self.figure("qualitative_reported" if reported else "qualitative", measured, unit="item")

    # --- disclosure ------------------------------------------------------------------------------

    def disclosure(self, item: str) -> Disclosure:
        """An item is disclosed when each indicator of its targets is published for the area and the year."""
        if item == VISION and not self.area.is_city:
            return Disclosure(item, NOT_APPLICABLE, None)
        names = dict.fromkeys(name for goal in self.goals if goal.item == item for name in goal.indicators)
        now = {name: self._published(name, self.year) for name in names}
        years = range(FIRST_YEAR, self.year + 1)
        since = next((year for year in years if any(self._published(name, year) for name in names)), None)
        if not any(now.values()):
            return Disclosure(item, NOT_DISCLOSED, since)
        return Disclosure(item, DISCLOSED if set(now.values()) == {OFFICIAL} else PARTLY, since)

    def _published(self, indicator: str, year: int) -> str | None:
        """The status of what is published about *indicator* for a *year*; nothing where it is invented or absent."""
        figure = self.value(indicator, year)
        if figure is not None and figure.status != DEMONSTRATION:
            return figure.status
        rows = self.evidence.where({"indicator": indicator, "period": year})
        return None if rows.empty else str(rows["status"].iloc[0])


def _goal(row: pd.Series) -> Goal:
    return Goal(
        id=row["target_id"],
        item=row["item_id"],
        kind=row["kind"],
        wording={language: _text(row[f"wording_{language}"]) for language in LANGUAGES},
        indicators=tuple(name for name in _text(row["indicators"]).split(";") if name),
        direction=_text(row["direction"]),
        value=row["value"],
        unit=_text(row["unit"]),
        baseline_year=None if pd.isna(row["baseline_year"]) else int(row["baseline_year"]),
        year=int(row["target_year"]),
        is_key=bool(row["is_key"]),
        status=row["status"],
        source=row["source_id"],
    )


def _text(cell: Any) -> str:
    """A cell of text; nothing where it is empty."""
    return "" if pd.isna(cell) else str(cell)


def _point(figure: Figure | None) -> targets.Point | None:
    return None if figure is None else targets.Point(int(figure.period), _number(figure))


def _number(figure: Figure) -> Decimal:
    return Decimal(str(figure.value))


def _places(figure: Figure) -> int:
    """The decimals a figure is printed with."""
    return max(0, -int(_number(figure).as_tuple().exponent))
