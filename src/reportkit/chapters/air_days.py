"""What the page on air shows of its days: the calendar, how complete the measurements are; blocks that need days."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pandas as pd

from reportkit import charts
from reportkit.blocks import Block, Column, TableContent
from reportkit.chapters.air_figures import OVER
from reportkit.chapters.air_periods import AirPeriods, number
from reportkit.standards import air

NO_DATA_COLOUR = "#d5dbe0"

Draw = Callable[[Any], Block]


def of_the_year(draw: Draw) -> Draw:
    """A block of values of the year; where it has none, or only parts of it, the block says just that."""

    @functools.wraps(draw)
    def block(chapter: AirDays) -> Block:
        if chapter.has_values:
            return draw(chapter)
        key = "partial.no_year" if chapter.is_partial else "no_values"
        return chapter.statement(draw.__name__, chapter.say(key))

    return block


def of_days(otherwise: str = "") -> Callable[[Draw], Draw]:
    """A block of the days of the year; where there are none, the block is the message *otherwise*, or nothing."""

    def with_a_word_instead(draw: Draw) -> Draw:
        @functools.wraps(draw)
        def block(chapter: AirDays) -> Block:
            if chapter.has_days():
                return draw(chapter)
            key = otherwise if chapter.has_values or chapter.is_partial else "no_values"
            return chapter.statement(draw.__name__, chapter.say(key) if key else [])

        return block

    return with_a_word_instead


class AirDays(AirPeriods):
    """What the days of one area and year give to its page."""

    # --- the days --------------------------------------------------------------------------------

    @of_days("no_days.calendar")
    def calendar(self) -> Block:
        """The year day by day, in the colours of the levels."""
        rows = self._days_of_year()
        levels = {level.level: level for level in air.levels(self.as_of)}
        names = {0: self.word("level.none"), **{number: self._level(level) for number, level in levels.items()}}
        cells = [
            {
                "month": self.month_name(day.month),
                "day": day.day,
                "level": names[_whole(level)],
                "mark": _plain(aqi) if _whole(level) in OVER else "",
            }
            for day, level, aqi in zip(rows["date"], rows["level"], rows["aqi"], strict=True)
        ]
        present = [level for level in [*levels, 0] if (rows["level"].fillna(0) == level).any()]
        colours = {names[level]: _rgb(levels[level].rgb) if level else NO_DATA_COLOUR for level in present}
        alternative = self.say("calendar.alternative")
        for level in filter(None, present):
            alternative += self.say("calendar.level", level=names[level], days=self.level_days(level))
        return self.chart(
            "calendar",
            charts.calendar,
            cells,
            colours,
            alternative=alternative + self._worst_day(rows),
            table=self._days_table(rows, names),
            title=self.say("calendar.title"),
            notes=self._calendar_notes(rows),
            tables=[self.days],
        )

    def _worst_day(self, rows: pd.DataFrame) -> list[Any]:
        known = rows.dropna(subset=["aqi"])
        if known.empty:
            return []
        worst = known.sort_values("aqi", ascending=False, kind="stable").iloc[0]
        names = self._listed(worst["primary"].split(";"))
        return self.say("calendar.worst", date=f"{worst['date']:%Y-%m-%d}", aqi=self.highest_aqi(), names=names)

    def _calendar_notes(self, rows: pd.DataFrame) -> list[list[Any]]:
        """What has to be said beside the days: two editions of the rules in a year, a published share of good days."""
        editions = sorted(set(rows["edition"].dropna()))
        notes = [self.say("calendar.note")]
        if len(editions) > 1:
            notes.append(self.say("calendar.two_editions", editions=self.joined(editions)))
        ratio = self.good_days_ratio()
        if ratio.derivation["operation"] == "select":
            is_demonstration = self.has_invented_days
            key = "calendar.demonstration_beside" if is_demonstration else "calendar.published_beside"
            notes.append(self.say(key, ratio=ratio))
        return notes

    def _days_of_year(self) -> pd.DataFrame:
        """Every day of the year, the missing ones blank."""
        rows = self.days.rows[self.days.rows["year"] == self.year].set_index("date")
        every_day = pd.date_range(f"{self.year}-01-01", f"{self.year}-12-31", name="date")
        return rows.reindex(every_day).reset_index()

    def _days_table(self, rows: pd.DataFrame, levels: dict[int, str]) -> TableContent:
        columns = [self.words("date"), self.numbers("aqi", "AQI"), self.words("level"), self.words("primary")]
        columns += [Column(air.COLUMN[parameter], self.with_unit(parameter)) for parameter in air.COLUMN]
        columns += [self.words("edition")]
        cells = [
            [
                f"{row['date']:%Y-%m-%d}",
                _plain(row["aqi"]),
                levels[_whole(row["level"])],
                self._listed(str(row["primary"]).split(";")) if _whole(row["level"]) else "",
                *[_plain(row[air.COLUMN[parameter]], air.PLACES[parameter]) for parameter in air.COLUMN],
                "" if pd.isna(row["edition"]) else row["edition"],
            ]
            for _, row in rows.iterrows()
        ]
        return TableContent(columns, cells, self.days.name)

    # --- how many there are ----------------------------------------------------------------------

    def completeness(self) -> Block:
        """How complete the measurements are and what is missing: by station, or of a series given as a whole."""
        if not self.has_days():
            is_known = self.has_values or self.is_partial
            return self._partial_completeness() if is_known else self.statement("completeness", self.say("no_values"))
        return self._of_series() if self.stations.empty else self._of_stations()

    def _of_stations(self) -> Block:
        cells, rows = [], []
        for station in self.stations.to_dict("records"):
            id_, name = station["station_id"], station[f"name_{self.language}"]
            complete, shares = self.complete_days(id_), self.monthly_capture(id_)
            for month, share in shares.items():
                value = None if share.value is None else float(number(share))
                mark = "" if value is None else f"{value:.0f}"
                cells.append({"row": name, "column": self.month_name(month), "value": value, "mark": mark})
            rows.append([name, id_, self.word(f"network.{station['network']}"), complete, self.capture(id_)])
        columns = [
            self.words("station"),
            self.words("station_id"),
            self.words("network"),
            self.numbers("complete_days"),
            self.numbers("capture_pct", self.word("column.capture")),
        ]
        lowest = min(rows, key=lambda row: number(row[-1]))
        return self.chart(
            "completeness",
            charts.grid,
            cells,
            self.word("axis.capture"),
            alternative=self.say("capture.alternative", count=str(len(rows)))
            + self.say("capture.lowest", station=lowest[0], share=lowest[-1]),
            table=TableContent(columns, rows, self.download("capture")),
            title=self.say("capture.title"),
            notes=[self.say("capture.gaps"), self.say("capture.note"), self.say("missing.mobile_sources")],
            tables=[self.coverage],
        )

    def _of_series(self) -> Block:
        rows = [[self.parameter(parameter), self.days_with_value(parameter)] for parameter in air.PARAMETERS]
        columns = [self.words("parameter"), self.numbers("days", self.word("column.days_with_value"))]
        return self.block(
            "table",
            "completeness",
            {"table": TableContent(columns, rows, self.download("coverage"))},
            title=self.say("coverage.title"),
            notes=[self.say("capture.gaps"), self.say("coverage.note"), self.say("missing.mobile_sources")],
            tables=[self.days],
        )

    # --- words -----------------------------------------------------------------------------------

    def _listed(self, parameters: list[str]) -> str:
        return self.joined([self.parameter(parameter) for parameter in parameters if parameter])

    def _level(self, level: air.Level) -> str:
        return level.category_zh if self.language == "zh" else level.category_en


def _whole(level: Any) -> int:
    return 0 if pd.isna(level) else int(level)


def _plain(value: Any, places: int = 0) -> str:
    return "" if pd.isna(value) else f"{value:.{places}f}"


def _rgb(text: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in text.split(","))
