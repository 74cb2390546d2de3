"""Complaints (item P3): what they were about, how they came, how they were closed, and what is withheld of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from reportkit import charts
from reportkit.blocks import Block, TableContent
from reportkit.chapters import common, spliced
from reportkit.chapters.participation_figures import ALL, CHANNELS, TYPES, ParticipationFigures
from reportkit.figures import Figure
from reportkit.standards import participation

ITEM = "P3"
COLOURS = dict(zip(CHANNELS, charts.PALETTE, strict=False))
# From which share of a channel's mentions a type is shaded how; the last is what is not published.
BANDS = ((0, "few", "#e8f1f4"), (10, "some", "#9cc7d3"), (30, "many", "#0f6e84"))
LEFT_OUT_COLOUR = "#f1e3d3"
OTHERS_COMPARED = ("cases", "days", "longest", "satisfied_share", "repeated_share")


class ParticipationComplaints(ParticipationFigures):
    """The complaints of one area in one year, with the years before it beside it."""

    slug = "participation"

    @property
    def has_cases(self) -> bool:
        """Whether it is known how many complaints there were this year."""
        return self.cases(self.year).value is not None

    # --- what they were about --------------------------------------------------------------------

    def complaint_types(self) -> Block:
        """What the complaints of the year were about: the share of each type in all of them, beside last year's."""
        title = self.say("types.title")
        if not self.has_cases:
            return self.statement("types", self.say("complaints.none"), title=title, item=ITEM)
        shares = {type_: self.share("type", type_, self.year) for type_ in TYPES}
        known = sorted(
            (type_ for type_ in TYPES if shares[type_].value is not None),
            key=lambda type_: -float(str(shares[type_].value)),
        )
        bars = [
            {
                "name": self.word(f"type.{type_}"),
                "value": float(str(shares[type_].value)),
                "text": f"{shares[type_].value}%",
                "is_own": True,
            }
            for type_ in known
        ]
        listed = [self.say("part", name=self.word(f"type.{type_}"), amount=shares[type_]) for type_ in known]
        columns = [self.numbers(name) for name in ("count", "share", "count_before", "share_before")]
        years = (self.year, self.year - 1)
        rows = [
            [
                self.word(f"type.{type_}"),
                *(self._of_group("type", type_, year, figure) for year in years for figure in self._both(type_, year)),
            ]
            for type_ in (*known, *(type_ for type_ in TYPES if type_ not in known))
        ]
        return self.chart(
            "types",
            charts.compared,
            bars,
            self.word("axis.types"),
            alternative=self.say("types.alternative", parts=spliced(listed, self.separator)),
            table=TableContent([self.words("type"), *columns], rows, self.download("types")),
            is_open=True,
            title=title,
            notes=[*self._sum_note(), *self._left_out_note("type", TYPES, years)],
            item=ITEM,
        )

    def _both(self, type_: str, year: int) -> tuple[Figure, Figure]:
        """How many complaints of a year are about a type, and their share."""
        return self.tally("type", type_, year), self.share("type", type_, year)

    def _of_group(self, breakdown: str, group: str, year: int, figure: Figure) -> Any:
        """The cell of a *figure* of a group: that it is not published, where its count is not."""
        return self.word("left_out.cell") if self.is_left_out(breakdown, group, year) else figure

    def _sum_note(self) -> list[list[Any]]:
        """That the shares add up to more than a hundred, with the sum, where they do."""
        sum_ = self._share("types_share_sum", self.tally("type", ALL, self.year), self.cases(self.year), self.year)
        if sum_.value is None or float(sum_.value) <= 100:
            return []
        is_any_left_out = any(self.is_left_out("type", type_, self.year) for type_ in TYPES)
        return [self.say("types.sum_with" if is_any_left_out else "types.sum", sum=sum_)]

    def _left_out_note(self, breakdown: str, groups: Iterable[str], years: Iterable[int]) -> list[list[Any]]:
        """That small counts are not published, where any of the *groups* shown of the *years* shown is not."""
        is_any = any(self.is_left_out(breakdown, group, year) for group, year in itertools.product(groups, years))
        return [self.say("left_out.note")] if is_any else []

    def types_over_years(self) -> Block:
        """The share of each type in the complaints, over the years; of a type that is never told, nothing."""
        lines = {type_: partial(self.share, "type", type_) for type_ in TYPES}
        told = {type_: of for type_, of in lines.items() if any(of(year).value is not None for year in self.last_years)}
        shown = told or lines
        notes = self._left_out_note("type", shown, self.last_years)
        return common.over_years(self, "types_yearly", shown, self.last_years, notes=notes, item=ITEM)

    # --- how they came ---------------------------------------------------------------------------

    def complaint_channels(self) -> Block:
        """By which channel complaints came, over the years."""
        title = self.say("channels.title")
        years = [year for year in self.last_years if self.cases(year).value is not None]
        if not years:
            return self.statement("channels", self.say("complaints.none"), title=title, item=ITEM)
        names = {channel: self.word(f"channel.{channel}") for channel in CHANNELS}
        parts = [
            {"bar": str(year), "part": names[channel], "position": place, "value": float(str(count.value))}
            for year in years
            for place, channel in enumerate(CHANNELS)
            if (count := self.tally("channel", channel, year)).value is not None
        ]
        totals = [
            {"bar": str(year), "total": f"{self.cases(year).value:,}", "end": float(str(self.cases(year).value))}
            for year in years
        ]
        rows = [
            [
                str(year),
                self.cases(year),
                *(
                    self._of_group("channel", channel, year, self.tally("channel", channel, year))
                    for channel in CHANNELS
                ),
            ]
            for year in years
        ]
        columns = [self.words("year"), self.numbers("cases")]
        columns += [self.numbers(channel, names[channel]) for channel in CHANNELS]
        last = years[-1]
        listed = [
            self.say("part", name=names[channel], amount=self.share("channel", channel, last))
            for channel in CHANNELS
            if self.share("channel", channel, last).value is not None
        ]
        words = {"last": str(last), "cases": self.cases(last), "parts": spliced(listed, self.separator)}
        return self.chart(
            "channels",
            charts.stacked_bars,
            parts,
            totals,
            {names[channel]: colour for channel, colour in COLOURS.items()},
            {"axis": self.word("axis.cases"), "step": "1"},
            alternative=self.say("channels.alternative", **words),
            table=TableContent(
                columns,
                rows,
                self.download("channels"),
                marked=years.index(self.year) if self.year in years else None,
            ),
            title=title,
            notes=[self.say("channels.note"), *self._left_out_note("channel", CHANNELS, years)],
            item=ITEM,
        )

    def channels_and_types(self) -> Block:
        """What the complaints of the whole city are about, by channel, on every page."""
        city, title = self.city, self.say("crossed.title", city=self.name(self.edition.city))
        known = [channel for channel in CHANNELS if city.both(channel, ALL).value is not None]
        if not known:
            return self.statement("crossed", self.say("complaints.none"), title=title, item=ITEM)
        cells = [self._cell(channel, type_) for channel in known for type_ in TYPES]
        colours = {self.word(f"band.{band}"): colour for _, band, colour in BANDS}
        colours |= {self.word("left_out.cell"): LEFT_OUT_COLOUR}
        shown = {cell["level"] for cell in cells}
        rows = [
            [
                self.word(f"channel.{channel}"),
                *(self._of_both(channel, type_) for type_ in TYPES),
                city.both(channel, ALL),
            ]
            for channel in known
        ]
        columns = [self.words("channel"), *(self.numbers(type_, self.word(f"type.{type_}")) for type_ in TYPES)]
        return self.chart(
            "crossed",
            charts.class_grid,
            cells,
            {words: colour for words, colour in colours.items() if words in shown},
            alternative=self.say("crossed.alternative", channels=str(len(known)), types=str(len(TYPES))),
            table=TableContent([*columns, self.numbers("mentions")], rows, self.download("crossed")),
            title=title,
            notes=[self.say("crossed.note"), *([] if self.area.is_city else [self.say("crossed.only_city")])],
            item=ITEM,
        )

    def _cell(self, channel: str, type_: str) -> dict[str, Any]:
        """A cell of the grid: shaded by the share of the type in the channel, its count written on it."""
        count, share = self.city.both(channel, type_), self.city.both_share(channel, type_)
        cell = {"row": self.word(f"channel.{channel}"), "column": self.word(f"type.{type_}")}
        if count.value is None or share.value is None:
            return cell | {"level": self.word("left_out.cell"), "mark": "*", "is_dark": False}
        band = [name for least, name, _ in BANDS if float(share.value) >= least][-1]
        return cell | {"level": self.word(f"band.{band}"), "mark": f"{count.value:,}", "is_dark": band == "many"}

    def _of_both(self, channel: str, type_: str) -> Any:
        """The cell of the table: a count, or that it is not published."""
        count = self.city.both(channel, type_)
        return self.word("left_out.cell") if count.value is None else count

    # --- how they were closed --------------------------------------------------------------------

    def complaint_handling(self) -> Block:
        """The days until complaints were closed, how satisfied people were, and how many came again, over the years."""
        lines: dict[str, Callable[[int], Figure]] = {
            "days": self.days,
            "longest": self.longest,
            "satisfied_share": partial(self.share, "opinion", "satisfied"),
            "repeated_share": partial(self.share, "repeat", "repeated"),
        }
        days = self.limit(participation.CLOSING)
        notes, verdict = [self.say("handling.note")], self.closing()
        if verdict is not None:
            notes.insert(0, self.say("handling.closing", longest=self.longest(self.year), limit=days, verdict=verdict))
        limits = {"longest": days} if verdict is not None else {}
        return common.over_years(self, "handling", lines, self.last_years, limits=limits, notes=notes, item=ITEM)

    def complaints_by_district(self) -> Block:
        """Complaints for 10,000 residents in each district, with days, satisfaction and repetition beside it."""
        compared = self.compared()
        return common.by_district(
            self,
            "complaints_districts",
            compared["per_10k"],
            others={name: compared[name].get for name in OTHERS_COMPARED},
            notes=[self.say("complaints_districts.note")],
            item=ITEM,
        )

    def privacy(self) -> Block:
        """What is withheld of complaints, and why."""
        count = self.left_out_count()
        return self.statement(
            "privacy",
            self.say("privacy.never"),
            self.say("privacy.small", least=self.limit(participation.SMALL)),
            self.say("privacy.count", count=count) if self.has_cases and count.value else [],
            title=self.say("privacy.title"),
            item=ITEM,
        )
