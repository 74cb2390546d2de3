"""Ambient air (item Q1): the answer first, then the days, the limits, the years, the districts, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, Self

from reportkit import charts
from reportkit.blocks import Block, Column, TableContent, absolute
from reportkit.chapters import LESS, MORE, Card, Headline, once_for_all, spliced
from reportkit.chapters.air_days import AirDays, of_days, of_the_year
from reportkit.chapters.air_figures import DAILY_PERCENTILES, INDICATORS
from reportkit.chapters.air_periods import FORMULA, number, percent
from reportkit.chapters.common import joints, left_out, pictured
from reportkit.figures import Figure
from reportkit.standards import air
from reportkit.status import DEMONSTRATION


class Air(AirDays):
    """The air of one area in one year, with the years before it beside it: a method for each block of the notebook."""

    slug = "air"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """Is the air good? In a few sentences, each computed."""
        if self.is_partial:
            return self._partial_answer()
        if not self.has_values:
            return self.statement("answer", self.say("no_values"))
        return self.statement(
            "answer",
            self._good_days_sentence(),
            self._pm2_5_sentence(),
            self._limits_sentence(),
            self._rank_sentence(),
            self._primary_sentence(),
        )

    def _good_days_sentence(self) -> list[Any]:
        ratio, change = self.good_days_ratio(), self.good_days_change()
        if ratio.value is None:
            return []
        key = "answer.ratio" if ratio.derivation["operation"] == "select" else "answer.days"
        sentence = self.say(key, ratio=ratio, good_days=self.good_days(), valid_days=self.valid_days())
        if change.value is None:
            return sentence
        before = self.good_days_ratio(self.year - 1)
        return sentence + self.say(f"answer.ratio_{_direction(change)}", before=before, points=absolute(change))

    def _pm2_5_sentence(self) -> list[Any]:
        value, limit, verdict = self.annual("pm2_5"), self.limit("pm2_5"), self.annual_verdict("pm2_5")
        return self.say(f"answer.pm2_5_{verdict.value}", value=value, limit=limit)

    def _limits_sentence(self) -> list[Any]:
        verdicts = {parameter: self.annual_verdict(parameter).value for parameter in air.PARAMETERS}
        over = [parameter for parameter, verdict in verdicts.items() if verdict == "exceeds"]
        if over:
            named = [self.say("answer.over_by", name=self.parameter(p), multiple=self.exceedance(p)) for p in over]
            return self.say("answer.over", names=spliced(named, self.separator))
        return self.say("answer.all_meet" if set(verdicts.values()) == {"meets"} else "answer.not_all_known")

    def _rank_sentence(self) -> list[Any]:
        ranked = list(self.ranked().values())
        if len(ranked) < 2:
            return []
        if self.area.is_city:
            return self.say("answer.spread", **self._ends(ranked))
        if self.index().value is None:
            return []
        words = {"index": self.index(), "rank": self.index_rank(), "count": str(len(ranked))}
        return self.say("answer.rank", **words) + self.shared_place()

    def _primary_sentence(self) -> list[Any]:
        over = {parameter: self.primary_days_over(parameter) for parameter in air.COLUMN}
        worst = max(over, key=lambda parameter: int(over[parameter].value or 0))
        if not over[worst].value:
            return []
        return self.say("answer.primary", name=self.parameter(worst), days=over[worst])

    def headline(self) -> Headline:
        """The share of good days, fine particles, ozone, the index and its rank; of the year or of parts of it."""
        return self._partial_headline() if self.is_partial else self._headline_of_year()

    def _headline_of_year(self) -> Headline:
        last = self.year - 1
        cards = [
            Card(self.word("card.good_days_ratio"), self.good_days_ratio(), self.good_days_ratio(last), better=MORE),
            Card(self.word("card.pm2_5"), self.annual("pm2_5"), self.annual("pm2_5", last), better=LESS),
            Card(self.word("card.o3"), self.annual("o3_8h"), self.annual("o3_8h", last), better=LESS),
            Card(self.word("card.index"), self.index(), self.index(last), better=LESS),
        ]
        if not self.area.is_city and self.index_rank().value is not None:
            label = self.word("card.rank", count=len(self.ranked()))
            cards.append(Card(label, self.index_rank(), self.index_rank(last)))
        return Headline(self._headline_sentence(), cards)

    def _headline_sentence(self) -> list[Any]:
        ratio, change = self.good_days_ratio(), self.good_days_change()
        if ratio.value is None:
            return self.say("headline.none")
        sentence = self.say("headline.ratio", ratio=ratio)
        if change.value is not None:
            sentence += self.say(f"headline.{_direction(change)}", points=absolute(change))
        return sentence + self.say("headline.pm2_5", value=self.annual("pm2_5"), limit=self.limit("pm2_5"))

    # --- the limits ------------------------------------------------------------------------------

    def pollutants(self) -> Block:
        """The six pollutants against their limits, with last year; of a part of a year without a verdict."""
        if self.is_partial:
            return self._partial_pollutants()
        if not self.has_values:
            return self.statement("pollutants", self.say("no_values"))
        rows, bars, over = [], [], []
        series = {year: self.word("series.year", year=year) for year in (self.year, self.year - 1)}
        for parameter in air.PARAMETERS:
            name, limit, verdict = self.parameter(parameter), self.limit(parameter), self.annual_verdict(parameter)
            now, before = self.annual(parameter), self.annual(parameter, self.year - 1)
            change = self.changed(parameter, now, before)
            rows.append([name, self.word(f"statistic.{parameter}"), now, limit, verdict, before, change])
            for year, figure in ((self.year, now), (self.year - 1, before)):
                if figure.value is not None:
                    bars.append({"name": name, "percent": percent(figure, limit), "series": series[year]})
            if verdict.value == "exceeds":
                over.append(parameter)
        columns = [
            self.words("parameter"),
            self.words("statistic"),
            self.numbers("value", str(self.year)),
            self.numbers("limit"),
            self.words("verdict"),
            self.numbers("value_last_year", str(self.year - 1)),
            self.numbers("change_pct", self.word("column.change")),
        ]
        verdict_key = "pollutants.over" if over else "pollutants.none_over"
        return self.chart(
            "pollutants",
            charts.against_limits,
            bars,
            list(series.values()),
            self.axes(),
            alternative=self.say("pollutants.alternative", limit_line="100%")
            + self.say(verdict_key, names=self._listed(over)),
            table=TableContent(columns, rows, self.download("pollutants")),
            title=self.say("pollutants.title"),
            notes=[self.say("pollutants.note")],
        )

    @of_days()
    def percentiles(self) -> Block:
        """The days near the top of the year against the 24-hour limits."""
        rows = []
        for parameter, p in DAILY_PERCENTILES.items():
            value, limit = self.daily_percentile(parameter), self.limit(parameter, "24h")
            verdict = self.verdict(f"{parameter}_p{p}", parameter, value, limit)
            rows.append([self.parameter(parameter), self.word("statistic.percentile", p=p), value, limit, verdict])
        columns = [
            self.words("parameter"),
            self.words("statistic"),
            self.numbers("value", str(self.year)),
            self.numbers("limit_24h"),
            self.words("verdict"),
        ]
        table = TableContent(columns, rows, self.download("percentiles"))
        return self.block("table", "percentiles", {"table": table}, title=self.say("percentiles.title"))

    # --- months and years ------------------------------------------------------------------------

    def months(self) -> Block:
        """The pollutants month by month, with last year's months beside them."""
        return self._monthsof_days() if self.has_days() else self._published_months()

    def _published_months(self) -> Block:
        is_known = self.has_values or self.is_partial
        return self._partial_months() if is_known else self.statement("months", self.say("no_values"))

    def _monthsof_days(self) -> Block:
        rows = [
            [
                self.month_name(month),
                *(self.monthly(parameter, self.year, month) for parameter in air.PARAMETERS),
                self.monthly_good_days(month),
            ]
            for month in range(1, 13)
        ]
        columns = [self.words("month"), *self._indicator_columns(), self.numbers("good_days_ratio")]
        return self.chart(
            "months",
            charts.small_lines,
            self.month_points(),
            self.limit_lines(),
            alternative=self._months_alternative(),
            table=TableContent(columns, rows, self.download("months")),
            title=self.say("months.title"),
            notes=[self.say("months.note"), *self.break_notes()],
        )

    def _months_alternative(self) -> list[Any]:
        parts = self.say("months.alternative")
        for parameter in ("pm2_5", "o3_8h"):
            months = {month: self.monthly(parameter, self.year, month) for month in range(1, 13)}
            known = {month: figure for month, figure in months.items() if figure.value is not None}
            if known:
                high = max(known, key=lambda month: number(known[month]))
                low = min(known, key=lambda month: number(known[month]))
                parts += self.say(
                    "months.extremes",
                    name=self.parameter(parameter),
                    high_month=self.month_name(high),
                    high=known[high],
                    low_month=self.month_name(low),
                    low=known[low],
                )
        return parts

    def years(self) -> Block:
        """The years in a row, with limits, the status of each year, and where the series breaks."""
        years = self.known_years()
        if all(self.annual(parameter, year).value is None for parameter in air.PARAMETERS for year in years):
            return self.statement("years", self.say("years.none" if self.is_partial else "no_values"))
        broken = self.breaks(years)
        breaks = sorted({row["date"].year for row in broken})
        cuts = {parameter: [*breaks, *joints(partial(self.annual, parameter), years)] for parameter in air.PARAMETERS}
        points = [
            {
                "panel": self.panel(parameter),
                "step": str(year),
                "value": float(number(figure)),
                "status": self.word(f"status.{figure.status}"),
                "segment": sum(year >= first for first in cuts[parameter]),  # no line is drawn across a break
            }
            for parameter in air.PARAMETERS
            for year in years
            if (figure := self.annual(parameter, year)).value is not None
        ]
        marks = [{"panel": self.panel(p), "break_at": str(first)} for p in air.PARAMETERS for first in breaks]
        rows = [
            [
                str(year),
                *(self.annual(parameter, year) for parameter in air.PARAMETERS),
                self.good_days_ratio(year),
                self.index(year),
            ]
            for year in years
        ]
        columns = [self.words("year"), *self._indicator_columns()]
        columns += [self.numbers("good_days_ratio"), self.numbers("composite_index", self.word("column.index"))]
        ends = {"first": str(years[0]), "last": str(years[-1])}
        alternative = self.say("years.alternative", **ends)
        first, last = self.annual("pm2_5", years[0]), self.annual("pm2_5", years[-1])
        is_one_series = (first.status == DEMONSTRATION) == (last.status == DEMONSTRATION)
        if first.value is not None and last.value is not None and is_one_series:
            alternative += self.say(
                "years.pm2_5", first=first, last=last, first_year=ends["first"], last_year=ends["last"]
            )
        elif last.value is not None:
            alternative += self.say("years.pm2_5_last", last=last, last_year=ends["last"])
        if breaks:
            alternative += self.say("years.broken", years=self.joined([str(year) for year in breaks]))
        return self.chart(
            "years",
            charts.trend,
            points,
            self.limit_lines(),
            marks,
            alternative=alternative,
            table=TableContent(columns, rows, self.download("years"), marked=len(rows) - 1),
            title=self.say("years.title", **ends),
            notes=[[row[f"text_{self.language}"]] for row in broken],
            tables=[] if self.has_days() or self.days.rows.empty else [self.days],
        )

    # --- causes, districts -----------------------------------------------------------------------

    @of_days("no_days.primaries")
    def primaries(self) -> Block:
        """Which pollutants made the AQI what it was."""
        counted = {parameter: self.primary_days(parameter) for parameter in air.COLUMN}
        order = sorted(counted, key=lambda parameter: -int(counted[parameter].value or 0))
        rows = [[self.parameter(p), counted[p], self.primary_days_over(p)] for p in order]
        bars = [{"name": self.parameter(p), "count": int(counted[p].value or 0)} for p in order if counted[p].value]
        columns = [
            self.words("parameter"),
            self.numbers("days", self.word("column.primary_days")),
            self.numbers("days_over", self.word("column.primary_days_over")),
        ]
        alternative = self.say("primaries.alternative")
        if bars:
            alternative += self.say("primaries.most", name=self.parameter(order[0]), days=counted[order[0]])
        return self.chart(
            "primaries",
            charts.counts,
            bars,
            self.word("axis.days"),
            alternative=alternative,
            table=TableContent(columns, rows, self.download("primaries")),
            title=self.say("primaries.title"),
            notes=[self.say("primaries.note")],
            tables=[self.primary],
        )

    def ranking(self) -> Block:
        """The districts by composite index, with the values it is made of."""
        ranked = self.ranked()
        if not ranked and self.common:
            return self._partial_ranking(self.common)
        if not ranked:
            return self.statement("ranking", self.say("ranking.none"))
        own = list(ranked).index(self.area.slug) if self.area.slug in ranked else None
        parts, totals, shown = [], [], pictured(len(ranked), own)
        for chapter, shares, _ in (self.compared()[place] for place in shown):
            name = f"▸ {chapter.name()}" if chapter.area == self.area else chapter.name()
            parts += [
                {"bar": name, "part": FORMULA[parameter], "position": position, "value": shares[parameter]}
                for position, parameter in enumerate(air.PARAMETERS)
            ]
            totals.append({"bar": name, "total": str(chapter.index().value), "end": float(number(chapter.index()))})
        columns = [
            self.numbers("rank"),
            self.words("area"),
            self.numbers("composite_index", self.word("column.index")),
            *self._indicator_columns(),
            self.numbers("good_days_ratio"),
        ]
        alternative = self.say("ranking.alternative", count=str(len(ranked)))
        if len(ranked) > 1:
            alternative += self.say("ranking.ends", **self._ends(list(ranked.values())))
        if own is not None:
            alternative += self.say("ranking.own", rank=self.index_rank())
        missing = [self.name(area) for area in self.edition.districts if area.slug not in ranked]
        return self.chart(
            "ranking",
            charts.stacked_bars,
            parts,
            totals,
            dict(zip(FORMULA.values(), charts.PALETTE, strict=True)),
            {"axis": self.word("axis.index"), "step": "0.2"},
            alternative=alternative,
            table=TableContent(columns, [row for *_, row in self.compared()], self.download("ranking"), marked=own),
            title=self.say("ranking.title"),
            notes=[
                self.say("ranking.note"),
                *([self.say("ranking.missing", names=self.joined(missing))] if missing else []),
                *left_out(self, len(ranked), len(shown)),
            ],
        )

    @once_for_all
    def compared(self) -> list[tuple[Self, dict[str, float], list[Any]]]:
        """Each ranked district, best first: what each pollutant adds to its index, and its row of the table."""
        found = []
        for chapter in self.ranked().values():
            values = {parameter: chapter.annual(parameter) for parameter in air.PARAMETERS}
            parts = air.composite_index({p: number(value) for p, value in values.items()}, self.as_of).parts
            row = [chapter.index_rank(), chapter.name(), chapter.index(), *values.values(), chapter.good_days_ratio()]
            found.append((chapter, {parameter: float(parts[parameter]) for parameter in air.PARAMETERS}, row))
        return found

    def _ends(self, ranked: Sequence[Air]) -> dict[str, Any]:
        """The first and the last of a ranking, for a sentence."""
        best, worst = ranked[0], ranked[-1]
        return {
            "best": best.name(),
            "best_index": best.index(),
            "worst": worst.name(),
            "worst_index": worst.index(),
        }

    # --- what is to come ----------------------------------------------------

    @of_the_year
    def next_standard(self) -> Block:
        """What limits and AQI rules that are known to come would say of the same data."""
        if not self.next_limits:
            return self.statement("next", self.say("next.none"), title=self.say("next.title"))
        rows, bars, ticks = [], [], []
        over: dict[date, list[str]] = {first: [] for first in self.next_limits}
        for parameter in air.PARAMETERS:
            name, value, today = self.parameter(parameter), self.annual(parameter), self.limit(parameter)
            row = [name, value, today]
            if value.value is not None:
                bars.append({"name": name, "percent": percent(value, today)})
            for first in self.next_limits:
                limit = self.limit(parameter, day=first)
                verdict = self.verdict(limit.name.removeprefix("limit_"), parameter, value, limit)
                row += [limit, verdict]
                ticks.append({"name": name, "at": percent(limit, today), "edition": self._edition(first)})
                if verdict.value == "exceeds":
                    over[first].append(parameter)
            rows.append(row)
        columns = [self.words("parameter"), self.numbers("value", str(self.year)), self.numbers("limit_today")]
        alternative = self.say("next.alternative")
        for first, names in over.items():
            columns += [self.numbers(f"limit_from_{first.year}", self._edition(first))]
            columns += [self.words(f"verdict_from_{first.year}", self.word("next.verdict", year=first.year))]
            key = "next.over" if names else "next.none_over"
            alternative += self.say(key, edition=self._edition(first), names=self._listed(names))
        return self.chart(
            "next",
            charts.limits_compared,
            bars,
            ticks,
            self.axes(),
            alternative=alternative,
            table=TableContent(columns, rows, self.download("next_standard")),
            title=self.say("next.title"),
            notes=self._next_notes(),
            tables=[self.days] if self.has_days() else [],
        )

    def _next_notes(self) -> list[list[Any]]:
        if not (self.next_aqi and self.has_days()):
            return []
        today, then = self.computed_good_days(), self.next_good_days()
        return [self.say("next.good_days", edition=self.next_aqi, today=today, ratio=then), self.say("next.note")]

    # --- words -----------------------------------------------------------------------------------

    def _indicator_columns(self) -> list[Column]:
        return [Column(INDICATORS[parameter], self.with_unit(parameter)) for parameter in air.PARAMETERS]

    def _edition(self, first: date) -> str:
        standard = air.limit("pm2_5", "annual", first).standard
        return self.word("next.edition", standard=standard, year=first.year)


def _direction(change: Figure) -> str:
    """Which way a share went: better, worse or same."""
    value = number(change)
    return "better" if value > 0 else "worse" if value < 0 else "same"
