"""What has been published about parts of a year: single months, and several months together."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Self

from reportkit import charts, figures, units
from reportkit.blocks import Block, Column, TableContent
from reportkit.chapters import Area, Card, Headline, once_for_all
from reportkit.chapters.air_figures import INDICATORS, UNIT, AirFigures
from reportkit.chapters.periods import end, is_within, months, order, suffix
from reportkit.errors import DataError
from reportkit.figures import Figure
from reportkit.memo import memo
from reportkit.standards import air
from reportkit.standards.air import composite_index

INDEX, GOOD_DAYS = "composite_index", "good_days_ratio"
UNITS = {**{INDICATORS[parameter]: UNIT[parameter] for parameter in air.PARAMETERS}, GOOD_DAYS: "%"}
FORMULA = {"so2": "SO2", "no2": "NO2", "pm10": "PM10", "pm2_5": "PM2.5", "co": "CO", "o3_8h": "O3"}


class AirPeriods(AirFigures):
    """The published periods of a year that are shorter than it; they stand for themselves, never for the year."""

    # --- which there are -------------------------------------------------------------------------

    @property
    @memo
    def parts_of_year(self) -> list[str]:
        """The periods inside the year about which anything was published, by their end, then the shorter first."""
        known = {period for period in self.published.rows["period"] if is_within(period, self.year)}
        return sorted(known, key=order)

    @property
    def published_months(self) -> list[str]:
        """Those that are a month, as in ``2024-03``."""
        return [period for period in self.parts_of_year if "/" not in period]

    @property
    def spans(self) -> list[str]:
        """Those that are longer, as in ``2024-01/2024-09``."""
        return [period for period in self.parts_of_year if "/" in period]

    @property
    def is_partial(self) -> bool:
        """Whether parts of the year are all that is known of it."""
        return not self.has_values and bool(self.parts_of_year)

    @property
    @memo
    def longest(self) -> str:
        """The period that says most about the year: the longest, the later of two."""
        return max(self.parts_of_year, key=lambda period: (months(period), order(period)))

    @property
    @memo
    def longest_of_pollutants(self) -> str | None:
        """The longest period for which concentrations were published, if there is one."""
        rows = self.published.rows
        measured = set(rows.loc[rows["indicator"].isin(INDICATORS.values()), "period"])
        known = [period for period in self.parts_of_year if period in measured]
        return max(known, key=lambda period: (months(period), order(period)), default=None)

    @property
    @once_for_all
    def common(self) -> str | None:
        """The period in which the districts are compared: the latest, of those that end together the best known."""

        def known(period: str) -> int:
            return sum(chapter.of_period(GOOD_DAYS, period).value is not None for chapter in self.districts)

        periods = {period for chapter in self.districts for period in chapter.parts_of_year if known(period) > 1}
        return max(periods, key=lambda period: (end(period), known(period), months(period)), default=None)

    @property
    @once_for_all
    def districts(self) -> list[Self]:
        """This chapter of every district; on a district's page without others whose published values are in error."""
        return [self.of(area) for area in self.edition.districts if self.of(area).is_readable(self.area)]

    def is_readable(self, on_page_of: Area) -> bool:
        """Whether the published values can be read; if not, it is an error on one's own page and that of the city."""
        try:
            return self.published is not None
        except DataError:
            if on_page_of in (self.area, self.edition.city):
                raise
            return False

    # --- figures ---------------------------------------------------------------------------------

    @memo
    def of_period(self, indicator: str, period: str) -> Figure:
        """The published value of *indicator* for *period*; without a value where there is none."""
        measured = self.as_published(indicator, period)
        return self.figure(f"{indicator}_{suffix(period)}", measured, unit=UNITS.get(indicator, "1"), period=period)

    def months_published(self) -> Figure:
        """In how many months of the year the indicator that is published most often has a value."""
        rows = self.published.rows
        monthly = rows[rows["period"].isin(self.published_months)]
        counted = monthly["indicator"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
        measured = figures.count(
            self.published,
            area_code=self.area.code,
            indicator=str(counted.index[0]) if len(counted) else GOOD_DAYS,
            period=[f"{self.year}-{month:02}" for month in range(1, 13)],
        )
        return self.figure("months_published", measured, unit="", period=str(self.year))

    @memo
    def recomputed_index(self, period: str) -> Figure:
        """The composite index of *period* from the six published values."""
        parts = [self.of_period(INDICATORS[parameter], period) for parameter in air.PARAMETERS]
        limits = [self.limit(parameter) for parameter in air.PARAMETERS]
        index = self.index_parts(period)
        measured = figures.index(parts, limits, index.total if index else None, self.rule("index"))
        return self.figure(f"composite_index_{suffix(period)}_recomputed", measured, unit="1", period=period)

    def index_parts(self, period: str) -> air.Index | None:
        """The six parts of that index; nothing where one of the values was not published."""
        values = {p: self.of_period(INDICATORS[p], period).value for p in air.PARAMETERS}
        known = {parameter: Decimal(str(value)) for parameter, value in values.items() if value is not None}
        return composite_index(known, self.as_of) if len(known) == len(values) else None

    @once_for_all
    def basis(self, period: str) -> str:
        """What the districts are ranked by in *period*: the composite index where it was published."""
        has_index = any(chapter.of_period(INDEX, period).value is not None for chapter in self.districts)
        return INDEX if has_index else GOOD_DAYS

    def published_rank(self, period: str) -> Figure:
        """The place of this area in *period* as it was published."""
        return self.of_period(f"{self.basis(period)}_rank", period)

    @memo
    def recomputed_rank(self, period: str) -> Figure:
        """The place that follows from what was published: by index, or by good days and then by PM2.5."""
        basis, among = self.basis(period), self._ranked_in(period)
        own, then = self.of_period(basis, period), self.tie_breakers(period)
        measured = figures.under(figures.rank(own, among, smallest_first=basis == INDEX, then=then), self.rule("rank"))
        return self.figure(f"{basis}_rank_{suffix(period)}_recomputed", measured, unit="", period=period)

    @once_for_all
    def _ranked_in(self, period: str) -> list[Figure]:
        """What the districts are ranked by, of every one."""
        return [chapter.of_period(self.basis(period), period) for chapter in self.districts]

    @once_for_all
    def tie_breakers(self, period: str) -> list[Figure]:
        """The PM2.5 of the districts, which decides between equal shares of good days where all of it is known."""
        if self.basis(period) == INDEX:
            return []
        ranked = [chapter for chapter in self.districts if chapter.of_period(GOOD_DAYS, period).value is not None]
        is_known = all(chapter.of_period("pm2_5", period).value is not None for chapter in ranked)
        return [chapter.of_period("pm2_5", period) for chapter in self.districts] if is_known else []

    # --- blocks ----------------------------------------------------------------------------------

    def periods(self) -> Block:
        """The periods of several months as they were published, in a table; nothing where there are none."""
        columns, rows = self.published_columns(self.spans)
        if not rows:
            return self.statement("periods")
        return self.block(
            "table",
            "periods",
            {"table": TableContent([self.words("period"), *columns], rows, self.download("periods"))},
            title=self.say("periods.title"),
            notes=[self.say("periods.note"), *([self.say("periods.invented")] if self.has_invented_days else [])],
        )

    def _partial_months(self) -> Block:
        """The months as they were published, the others with a gap; nothing is computed for them."""
        columns, rows = self.published_columns([f"{self.year}-{month:02}" for month in range(1, 13)])
        if not columns:
            return self.statement("months", self.say("partial.no_months"))
        table = TableContent([self.words("month"), *columns], rows, self.download("months"))
        notes = [self.say("partial.months.note"), *self.break_notes()]
        points = self.month_points()
        title = self.say("months.title")
        if not points:
            return self.block("table", "months", {"table": table}, title=title, notes=notes)
        drawn = {point["panel"] for point in points}
        return self.chart(
            "months",
            charts.small_lines,
            points,
            [line for line in self.limit_lines() if line["panel"] in drawn],
            alternative=self.say("partial.months.alternative"),
            table=table,
            is_open=True,
            title=title,
            notes=[*notes, self.say("partial.months.limits")],
        )

    def month_points(self) -> list[dict[str, Any]]:
        """The months of the year and of the year before, for a drawing; a month without a value is a gap."""
        points = []
        for year in (self.year, self.year - 1):
            series = self.word("series.year", year=year)
            for parameter in air.PARAMETERS:
                known = {month: self.monthly(parameter, year, month).value for month in range(1, 13)}
                if any(value is not None for value in known.values()):
                    points += [
                        {
                            "panel": self.panel(parameter),
                            "step": self.month_name(month),
                            "value": None if value is None else float(value),
                            "series": series,
                        }
                        for month, value in known.items()
                    ]
        return points

    def break_notes(self) -> list[list[Any]]:
        """What has to be said where the series breaks between the year before and this one."""
        return [[row[f"text_{self.language}"]] for row in self.breaks([self.year - 1, self.year])]

    def published_columns(self, periods: Sequence[str]) -> tuple[list[Column], list[list[Any]]]:
        """The columns of figures that were published for any of *periods*, and a row for each of them."""
        columns = [Column(INDICATORS[p], self.with_unit(p)) for p in air.PARAMETERS]
        columns += [self.numbers(GOOD_DAYS), self.numbers(INDEX, self.word("column.index"))]
        columns += [self.numbers(f"{basis}_rank", self.word(f"column.{basis}_rank")) for basis in (INDEX, GOOD_DAYS)]
        cells = {period: [self.of_period(column.name, period) for column in columns] for period in periods}
        columns, filled = _filled(columns, list(cells.values()))
        return columns, [[self.period_words(period), *row] for period, row in zip(cells, filled, strict=True)]

    def _partial_answer(self) -> Block:
        """What has been published of the year, and what it says; whether the year met the limits cannot be said."""
        return self.statement("answer", self.coverage_sentence(), self._period_sentence(), self._place_sentence())

    def coverage_sentence(self) -> list[Any]:
        """Which parts of the year were published, and that the year was not."""
        months, spans = (
            [self.month_name(int(p[5:7])) for p in self.published_months],
            [self.period_words(p) for p in self.spans],
        )
        separator = self.separator
        known = {"count": self.months_published(), "months": separator.join(months), "spans": separator.join(spans)}
        parts = "both" if months and spans else "months" if months else "spans"
        return self.say(f"partial.{parts}", **known)

    def _period_sentence(self) -> list[Any]:
        period, said = self.longest, list[Any]()
        for indicator in (GOOD_DAYS, "pm2_5", "o3_8h_p90"):
            figure = self.of_period(indicator, period)
            if figure.value is not None:
                said += [self.word("partial.comma")] if said else []
                said += self.say(f"partial.{indicator}", value=figure)
        return self.say("partial.period", period=self.period_words(period), said=said) if said else []

    def _partial_headline(self) -> Headline:
        """What the overview says of parts of the year, each figure with its period."""
        period, ratio = self.longest, self.of_period(GOOD_DAYS, self.longest)
        words = self.period_words(period)
        cards = [
            Card(self.word(f"card.part.{indicator}", period=words), figure)
            for indicator in (GOOD_DAYS, "pm2_5", "o3_8h_p90", INDEX)
            if (figure := self.of_period(indicator, period)).value is not None
        ]
        if self.common and not self.area.is_city and self.published_rank(self.common).value is not None:
            basis = self.word(f"basis.{self.basis(self.common)}")
            label = self.word("card.part.rank", period=self.period_words(self.common), basis=basis)
            cards.append(Card(label, self.published_rank(self.common)))
        key = "headline.parts" if ratio.value is None else "headline.part"
        return Headline(self.say(key, period=words, ratio=ratio), cards)

    def _place_sentence(self) -> list[Any]:
        period = self.common
        if period is None:
            return []
        basis, words = self.basis(period), self.period_words(period)
        if self.area.is_city:
            return self.say("partial.spread", period=words, **self._first_and_last(period))
        printed = self.published_rank(period)
        rank = printed if printed.value is not None else self.recomputed_rank(period)
        if rank.value is None:
            return []
        count = str(len(self._placed(period)))
        key = "partial.place" if printed.value is not None else "partial.place_recomputed"
        return self.say(key, period=words, count=count, rank=rank, basis=self.word(f"basis.{basis}"))

    def _first_and_last(self, period: str) -> dict[str, Any]:
        basis = self.basis(period)
        placed = self._placed(period)
        first, last = placed[0], placed[-1]
        return {
            "best": first.name(),
            "best_value": first.of_period(basis, period),
            "worst": last.name(),
            "worst_value": last.of_period(basis, period),
            "basis": self.word(f"basis.{basis}"),
        }

    @once_for_all
    def _placed(self, period: str) -> list[Self]:
        """The chapters of the districts that have a place in *period*, best first."""
        placed = [chapter for chapter in self.districts if chapter.recomputed_rank(period).value is not None]
        return sorted(placed, key=lambda chapter: (chapter.recomputed_rank(period).value, chapter.area.code))

    def _partial_pollutants(self) -> Block:
        """The six pollutants in the longest period against the limits of a year, by which it is not judged."""
        period = self.longest_of_pollutants
        if period is None:
            return self.statement("pollutants", self.say("partial.no_pollutants"))
        words, rows, bars = self.period_words(period), [], []
        for parameter in air.PARAMETERS:
            name, limit = self.parameter(parameter), self.limit(parameter)
            value = self.of_period(INDICATORS[parameter], period)
            verdict = self.verdict(value.name, parameter, value, limit)
            rows.append([name, self.word(f"partial.statistic.{parameter}"), value, limit, verdict])
            if value.value is not None:
                bars.append({"name": name, "percent": percent(value, limit), "series": words})
        columns = [
            self.words("parameter"),
            self.words("statistic"),
            self.numbers("value", words),
            self.numbers("limit"),
            self.words("verdict"),
        ]
        return self.chart(
            "pollutants",
            charts.against_limits,
            bars,
            [words],
            self.axes(),
            alternative=self.say("partial.pollutants.alternative", period=words, limit_line="100%"),
            table=TableContent(columns, rows, self.download("pollutants")),
            is_open=True,
            title=self.say("partial.pollutants.title", period=words),
            notes=[self.say("partial.pollutants.note")],
        )

    def _partial_ranking(self, period: str) -> Block:
        """The districts in *period*, each with its published place and the one that follows from the values."""
        basis, words, placed = self.basis(period), self.period_words(period), self._placed(period)
        rows = []
        for chapter in placed:
            values = [chapter.of_period(INDICATORS[parameter], period) for parameter in air.PARAMETERS]
            index = [chapter.of_period(INDEX, period)] if basis == INDEX else []
            ranks = [chapter.published_rank(period), chapter.recomputed_rank(period)]
            good_days = chapter.of_period(GOOD_DAYS, period)
            rows.append([*ranks, chapter.name(), *index, chapter.recomputed_index(period), good_days, *values])
        columns = [
            self.numbers("rank", self.word("column.rank_published")),
            self.numbers("rank_recomputed", self.word("column.rank_recomputed")),
            self.words("area"),
            *([self.numbers(INDEX, self.word("column.index_published"))] if basis == INDEX else []),
            self.numbers("index_recomputed", self.word("column.index_recomputed")),
            self.numbers(GOOD_DAYS),
            *(Column(INDICATORS[parameter], self.with_unit(parameter)) for parameter in air.PARAMETERS),
        ]
        own = next((place for place, chapter in enumerate(placed) if chapter.area == self.area), None)
        alternative = self.say("partial.ranking.alternative", period=words, count=str(len(placed)))
        alternative += self.say("partial.spread", period=words, **self._first_and_last(period))
        columns, rows = _filled(columns, rows)
        return self.chart(
            "ranking",
            *self._bars(placed, period),
            alternative=alternative,
            table=TableContent(columns, rows, self.download("ranking"), marked=own),
            is_open=True,
            title=self.say("partial.ranking.title", period=words, basis=self.word(f"basis.{basis}")),
            notes=self._ranking_notes(placed, period),
        )

    def _bars(self, placed: Sequence[Self], period: str) -> tuple[Any, ...]:
        """The chart of a ranking and its arguments: the parts of the index, or the share of good days."""

        def name(chapter: Self) -> str:
            return f"▸ {chapter.name()}" if chapter.area == self.area else chapter.name()

        if self.basis(period) == GOOD_DAYS:
            bars = [{"name": name(c), "count": float(number(c.of_period(GOOD_DAYS, period)))} for c in placed]
            return charts.counts, bars, f"{self.word('column.good_days_ratio')} (%)"
        parts, totals = [], []
        for chapter in placed:
            index, known = chapter.of_period(INDEX, period), chapter.index_parts(period)
            for position, parameter in enumerate(air.PARAMETERS if known else ()):
                assert known
                value = float(known.parts[parameter])
                parts.append({"bar": name(chapter), "part": FORMULA[parameter], "position": position, "value": value})
            totals.append({"bar": name(chapter), "total": str(index.value), "end": float(number(index))})
        colours = dict(zip(FORMULA.values(), charts.PALETTE, strict=True))
        return charts.stacked_bars, parts, totals, colours, {"axis": self.word("axis.index"), "step": "0.2"}

    def _ranking_notes(self, placed: Sequence[Self], period: str) -> list[list[Any]]:
        """How the places come about, where the publisher has others, and which districts have none."""
        rule = "good_days_and_pm2_5" if self.tie_breakers(period) else self.basis(period)
        notes = [self.say(f"partial.ranking.by.{rule}")]
        if any(chapter.index_parts(period) for chapter in placed):
            notes.append(self.say("partial.ranking.recomputed"))
        for chapter in placed:
            printed, own = chapter.published_rank(period), chapter.recomputed_rank(period)
            if printed.value is not None and Decimal(str(printed.value)) != own.value:
                notes.append(self.say("partial.ranking.differs", name=chapter.name(), printed=printed, own=own))
        missing = [self.name(chapter.area) for chapter in self.districts if chapter not in placed]
        if missing:
            notes.append(self.say("partial.ranking.missing", names=self.joined(missing)))
        return notes

    def _partial_completeness(self) -> Block:
        """Which parts of the year were published, where there are no days that could be complete."""
        return self.statement("completeness", self.say("partial.no_stations"))

    # --- words -----------------------------------------------------------------------------------

    def parameter(self, parameter: str) -> str:
        """The name of a pollutant as readers know it."""
        return self.word(f"parameter.{parameter}")

    def with_unit(self, parameter: str) -> str:
        """The name of a pollutant with the unit of its values."""
        return f"{self.parameter(parameter)} ({units.label(UNIT[parameter], self.language)})"

    def axes(self) -> dict[str, str]:
        """The words on a chart of values in percent of their limits."""
        return {"percent_of_limit": self.word("axis.percent_of_limit"), "limit": self.word("axis.limit")}

    def panel(self, parameter: str) -> str:
        """What stands above the panel of a pollutant in a drawing."""
        return f"{FORMULA[parameter]} ({units.label(UNIT[parameter], self.language)})"

    def limit_lines(self) -> list[dict[str, Any]]:
        """The limits of the year, for a drawing."""
        return [{"panel": self.panel(p), "limit": float(number(self.limit(p)))} for p in air.PARAMETERS]


def percent(figure: Figure, limit: Figure) -> float:
    """A figure in percent of its limit, for a drawing."""
    return round(float(number(figure) * 100 / number(limit)), 1)


def number(figure: Figure) -> Decimal:
    """The value of a figure that has one."""
    return Decimal(str(figure.value))


def _filled(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> tuple[list[Column], list[list[Any]]]:
    """The *columns* in which any of *rows* has text or a figure with a value, and the rows without the others."""

    def is_filled(cell: Any) -> bool:
        return not isinstance(cell, Figure) or cell.value is not None

    kept = [place for place in range(len(columns)) if any(is_filled(row[place]) for row in rows)]
    return [columns[place] for place in kept], [[row[place] for place in kept] for row in rows]
