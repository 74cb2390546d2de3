"""The water quality index as it was published for parts of a year; it stands for them, never for the year."""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import Any, Self

from reportkit import figures
from reportkit.blocks import Block, TableContent
from reportkit.chapters import Card, Headline, once_for_all
from reportkit.chapters.periods import is_within, order, suffix
from reportkit.chapters.water_figures import WaterFigures
from reportkit.figures import Figure
from reportkit.memo import memo

UNITS = {"cwqi": "1", "cwqi_change": "%", "cwqi_rank": "1", "cwqi_change_rank": "1"}


class WaterPeriods(WaterFigures):
    """What of the index was published for the districts in parts of the year."""

    @property
    @once_for_all
    def districts(self) -> list[Self]:
        """This chapter of every district."""
        return [self.of(area) for area in self.edition.districts]

    @property
    @memo
    def index_periods(self) -> list[str]:
        """The parts of the year for which the index of this area was published, the latest first."""
        rows = self.published.rows
        known = set(rows.loc[rows["indicator"] == "cwqi", "period"])
        return sorted((period for period in known if is_within(period, self.year)), key=order, reverse=True)

    @property
    @once_for_all
    def periods_of_districts(self) -> list[str]:
        """The parts of the year for which the index of any district was published, the latest first."""
        known = {period for chapter in self.districts for period in chapter.index_periods}
        return sorted(known, key=order, reverse=True)

    def of_period(self, indicator: str, period: str) -> Figure:
        """The published value of *indicator* for *period*; without a value where there is none."""
        measured = self.as_published(indicator, period)
        return self.figure(f"{indicator}_{suffix(period)}", measured, unit=UNITS[indicator], period=period)

    @once_for_all
    def _indices_in(self, period: str) -> list[Figure]:
        """The published index of every district."""
        return [chapter.of_period("cwqi", period) for chapter in self.districts]

    def place_in(self, period: str) -> Figure | None:
        """The place that follows from the published indices; nothing where one of a district is not known."""
        among = self._indices_in(period)
        if any(index.value is None for index in among):
            return None
        measured = figures.under(figures.rank(self.of_period("cwqi", period), among), self.rule("rank"))
        return self.figure(f"cwqi_rank_{suffix(period)}_recomputed", measured, unit="", period=period)

    def _answer_of_parts(self) -> Block:
        """What the published index of the latest part of the year says."""
        return self.statement("answer", *[self._index_sentence(period) for period in self.index_periods])

    def _index_sentence(self, period: str) -> list[Any]:
        index, change = self.of_period("cwqi", period), self.of_period("cwqi_change", period)
        key = "part.index" if change.value is None else "part.index_change"
        return self.say(key, period=self.period_words(period), index=index, change=change)

    def _headline_of_parts(self) -> Headline:
        period = self.index_periods[0]
        label = self.word("part.card", period=self.period_words(period))
        return Headline(self._index_sentence(period), [Card(label, self.of_period("cwqi", period))])

    def _published_indices(self) -> Block:
        """The published index of the districts in each part of the year, with its place and its change."""
        rows = []
        for period in self.periods_of_districts:
            known = [chapter for chapter in self.districts if chapter.of_period("cwqi", period).value is not None]
            for chapter in sorted(known, key=functools.partial(_index_in, period)):
                index, rank, change, change_rank = (
                    chapter.of_period(name, period) for name in ("cwqi", "cwqi_rank", "cwqi_change", "cwqi_change_rank")
                )
                words = self.period_words(period)
                rows.append([words, chapter.name(), index, rank, chapter.place_in(period), change, change_rank])
        columns = [
            self.words("period"),
            self.words("area"),
            self.numbers("cwqi"),
            self.numbers("cwqi_rank", self.word("part.place")),
            self.numbers("cwqi_rank_recomputed", self.word("part.place_recomputed")),
            self.numbers("cwqi_change", self.word("column.change")),
            self.numbers("cwqi_change_rank", self.word("part.change_place")),
        ]
        return self.block(
            "table",
            "places",
            {"table": TableContent(columns, rows, self.download("places"))},
            title=self.say("part.title"),
            notes=[self.say("part.note")],
        )


def _index_in(period: str, chapter: WaterPeriods) -> Decimal:
    """The published index of an area that has one, to sort by."""
    return Decimal(str(chapter.of_period("cwqi", period).value))
