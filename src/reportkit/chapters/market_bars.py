"""Bars of the market chapter: parts of a whole, a bar a year, a month, or a side of an account."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportkit import charts
from reportkit.blocks import Block, Column, TableContent
from reportkit.chapters import spliced
from reportkit.chapters.market_figures import MarketFigures
from reportkit.display import Displayed
from reportkit.figures import NO_DATA, Figure

COLOURS = [*charts.PALETTE, "#5b6670"]


@dataclass(frozen=True)
class Bar(Displayed):
    """A bar with its *name*, its *parts* in order, and the *whole* that is printed at its end."""

    name: str
    parts: Mapping[str, Figure]
    whole: Figure


class MarketBars(MarketFigures):
    """What the sections of the chapter draw alike."""

    def stacked(
        self,
        block: str,
        bars: Sequence[Bar],
        table: TableContent,
        *,
        axis: str,
        step: str = "1",
        told: int = -1,
        **more: Any,
    ) -> Block:
        """The *bars*, and a *table* of them.

        Messages: ``BLOCK.title``, ``BLOCK.alternative`` (of the bar *told*: ``{bar}``, ``{whole}``, ``{parts}``),
        ``part.PART``, ``axis.AXIS``.
        """
        parts = list(dict.fromkeys(part for bar in bars for part in bar.parts))
        words = {part: self.word(f"part.{part}") for part in parts}
        drawn = [
            {"bar": bar.name, "part": words[part], "position": parts.index(part), "value": float(str(figure.value))}
            for bar in bars
            for part, figure in bar.parts.items()
        ]
        totals = [
            {"bar": bar.name, "total": f"{bar.whole.value:,}", "end": float(str(bar.whole.value))} for bar in bars
        ]
        bar = bars[told]
        listed = [self.say("part", name=words[part], amount=figure) for part, figure in bar.parts.items()]
        said = {"bar": bar.name, "whole": bar.whole, "parts": spliced(listed, self.separator)}
        return self.chart(
            block,
            charts.stacked_bars,
            drawn,
            totals,
            dict(zip(words.values(), COLOURS, strict=False)),
            {"axis": self.word(f"axis.{axis}"), "step": step},
            alternative=self.say(f"{block}.alternative", **said),
            table=table,
            title=self.say(f"{block}.title"),
            **more,
        )

    def bars_by_year(
        self,
        block: str,
        table: str,
        parts: Sequence[str],
        part: Callable[[str, int], Figure],
        whole: Callable[[int], Figure],
        others: Mapping[str, Callable[[int], Figure]] | None = None,
        **more: Any,
    ) -> Block:
        """A bar a year of those *parts* that there are in rows of a *table*; *others* are further columns.

        Message besides those of :meth:`stacked`: ``column.whole_BLOCK``, ``column.OTHER``.
        """
        years = [year for year in self.years(table) if whole(year).value is not None]
        if not years:
            return self.nothing(block, more.get("item"))
        found = {year: {name: part(name, year) for name in parts} for year in years}
        known = [name for name in parts if any(found[year][name].value is not None for year in years)]
        bars = [
            Bar(str(year), {name: of[name] for name in known if of[name].value is not None}, whole(year))
            for year, of in found.items()
        ]
        others = others or {}
        columns = [self.words("year"), self.numbers(f"whole_{block}"), *(self.numbers(name) for name in others)]
        columns += [self.numbers(name, self.word(f"part.{name}")) for name in known]
        rows = [
            [
                str(year),
                whole(year),
                *(of(year) for of in others.values()),
                *(shown(found[year][name]) for name in known),
            ]
            for year in years
        ]
        marked = years.index(self.year) if self.year in years else None
        return self.stacked(block, bars, TableContent(columns, rows, self.download(block), marked=marked), **more)

    @property
    def place_column(self) -> list[Column]:
        """A column for the district of a row, on the city's page alone."""
        return [self.words("area")] if self.area.is_city else []

    def place(self, code: str) -> list[str]:
        """The cell of that column."""
        return [self.area_named(code)] if self.area.is_city else []

    def nothing(self, block: str, item: str | None = None) -> Block:
        """That nothing is known of what the block would show."""
        return self.statement(block, self.say("no_values"), title=self.say(f"{block}.title"), item=item)


def shown(figure: Figure) -> Figure | str:
    """*figure* in a cell of a table, a dash where it has no value."""
    return NO_DATA if figure.value is None else figure
