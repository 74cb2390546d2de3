"""Targets (items T1–T6): where each stands against its straight path; those in words keep their own words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from reportkit import charts, text, units
from reportkit.blocks import Block, TableContent
from reportkit.chapters import spliced
from reportkit.chapters.climate import Climate
from reportkit.chapters.targets_figures import PLAN_BEGINS, QUALITATIVE, VISION, Goal, TargetFigures
from reportkit.figures import NO_DATA, Figure, PublishedTable
from reportkit.standards.targets import BEHIND, MET, MET_EARLY, MISSED, NOT_YET, ON_TRACK, UNKNOWN
from reportkit.status import DEMONSTRATION, OFFICIAL

ASSIGNED = "co2_assigned_cut"

ELSEWHERE = ("law", "enterprises", "participation")  # chapters that hold the area against targets of others


class Targets(TargetFigures):
    """The targets of the city as seen from one area in one year: a method for each block of the notebook."""

    slug = "targets"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """Are the targets being reached? In a few sentences, each counted."""
        city = self.city
        if not city.goals:
            return self.statement("answer", self.say("answer.none", city=city.name()), tables=[city.verdicts])
        groups = {
            "good": city.judged(MET, MET_EARLY),
            "on_track": city.judged(ON_TRACK),
            "bad": city.judged(MISSED, BEHIND, NOT_YET),
            "unknown": city.not_judged(),
        }
        invented = sum(
            verdict.status == DEMONSTRATION and verdict.value != UNKNOWN
            for verdict in map(city.verdict, city.numeric())
        )
        words = {"all": city.qualitative_known(), "reported": city.qualitative_known(reported=True)}
        return self.statement(
            "answer",
            self.say("answer.numeric", city=city.name(), all=city.how_many(), **groups)
            + (self.say("answer.invented", count=str(invented)) if invented else []),
            self.say("answer.words", **words),
            [] if self.area.is_city else self.say("answer.district", city=city.name()),
            self.say("answer.elsewhere", **{name: self.way_to(name) for name in ELSEWHERE}),
            self._assigned_sentence(),
            tables=[city.verdicts, city.numbers_set],
        )

    def _assigned_sentence(self) -> list[Any]:
        """That the cuts which the chapter on climate holds the area against are invented, and none of the targets."""
        climate: Climate = self.edition.chapter(Climate, self.area)
        if not climate.with_assigned or DEMONSTRATION not in set(climate.assignments.rows["status"]):
            return []
        return self.say("answer.assigned", climate=self.way_to(climate.slug, self.indicators[ASSIGNED]["section"]))

    # --- targets in words ------------------------------------------------------------------------

    def green_words(self) -> Block:
        """Green and low-carbon development, in the words of the plan."""
        return self._in_words("T1")

    def quality_words(self) -> Block:
        """Environmental quality, in the words of the plan."""
        return self._in_words("T2")

    def ecosystem(self) -> Block:
        """Ecosystems, in the words of the plan."""
        return self._in_words("T3")

    def risk_words(self) -> Block:
        """Environmental risks, in the words of the plan."""
        return self._in_words("T4")

    def programmes(self) -> Block:
        """Demonstration programmes: what is reported, and of which year."""
        return self._in_words("T5")

    def vision(self) -> Block:
        """The vision for 2035 with the indicator that would show each statement; asked of the city alone."""
        if not self.area.is_city:
            return self.statement("vision", self.say("vision.not_applicable"), item=VISION)
        if not self.qualitative(VISION):
            return self.statement("vision", self.say("words.none", city=self.city.name()), item=VISION)
        rows = [
            [
                goal.wording[self.language],
                self._listed([self._indicator(name) for name in goal.indicators]) or self.word("vision.no_indicator"),
                self._latest_of(goal) or (self.word("words.nothing") if goal.indicators else NO_DATA),
            ]
            for goal in self.qualitative(VISION)
        ]
        columns = [self.words("statement"), self.words("indicators"), self.words("latest_known")]
        return self.block(
            "table",
            "vision",
            {"table": TableContent(columns, rows, self.download("vision"), statuses=[""] * len(rows))},
            item=VISION,
            title=self.say("vision.title"),
            notes=[self.say("vision.note"), *self._translated()],
            tables=[self._set_by(VISION)],
        )

    def _latest_of(self, goal: Goal) -> list[Any]:
        """The newest value of each indicator of *goal*, with its year; invented ones where nothing was published."""
        latest = {name: figure for name in goal.indicators if (figure := self.latest(name))}
        is_published = any(figure.status != DEMONSTRATION for figure in latest.values())
        parts: list[Any] = []
        for name, figure in latest.items():
            if figure.status != DEMONSTRATION or not is_published:
                separator = [self.word("list.stop")] if parts else []
                parts += separator + self.say(
                    "words.latest", indicator=self._indicator(name), value=figure, period=figure.period
                )
                parts += self._invented(figure)
        return parts

    def _in_words(self, item: str) -> Block:
        """The targets of *item* that are words, each with what has been reported about it."""
        goals = self.qualitative(item)
        if not goals:
            return self.statement(f"{item.lower()}-words", self.say("words.none", city=self.city.name()), item=item)
        quotes, told = [], set[str]()
        for goal in goals:
            quotes.append({"words": goal.wording[self.language], "lines": self._lines(goal, told)})
            told |= {name for name in goal.indicators if self.city.is_known(name)}
        return self.block(
            "quotes",
            f"{item.lower()}-words",
            {"quotes": quotes},
            item=item,
            title=self.say("words.title"),
            notes=[self.say("words.note"), *self._translated()] if item == self._first_in_words else [],
            tables=[self._set_by(item), *self._reported_about(goals)],
        )

    @property
    def _first_in_words(self) -> str:
        """The item whose targets in words come first: how they are read stands with it alone."""
        return next(name for name in self.items if self.qualitative(name))

    def _lines(self, goal: Goal, told: Collection[str]) -> list[list[Any]]:
        """What has been reported about *goal*, of the city first; and what nothing was found about.

        What was *told* of an indicator beneath an earlier target of the item is not said again.
        """
        names = [name for name in goal.indicators if name not in told]
        lines = self.city.reported_lines(names, self)
        if not self.area.is_city:
            lines += self.reported_lines(names, self)
        missing = [name for name in names if not self.city.is_known(name)]
        shown = [name for name in names if self.indicators[name]["chapter"]]
        links = spliced([[self._link(name)] for name in shown], self.word("list.separator"))
        above, elsewhere = ([name for name in goal.indicators if name not in own] for own in (names, {*told, *shown}))
        return [
            *self._of("words.above", above),
            *lines,
            *self._of("words.missing", missing),
            *([self.say("words.chapters", links=links)] if links else []),
            *self._of("words.no_chapter", elsewhere),
        ]

    def _of(self, key: str, names: list[str]) -> list[list[Any]]:
        """The message *key* on the indicators *names*, if there are any."""
        return [self.say(key, names=self._listed(list(map(self._indicator, names))))] if names else []

    def is_known(self, name: str) -> bool:
        """Whether anything has been published about an indicator."""
        return bool(self.published_elsewhere(name)) or not self.reported([name], range(self.year + 1)).empty

    def reported_lines(self, names: Sequence[str], page: Targets) -> list[list[Any]]:
        """A line for each published value of another chapter and each row of evidence, for a *page*."""
        lines = []
        for name in names:
            of_year = {
                int(figure.period): self._value_line(page, name, figure) for figure in self.published_elsewhere(name)
            }
            for _, row in self.reported([name], range(self.year + 1)).iterrows():
                year = int(row["period"])
                if year in of_year:
                    continue
                figure = None if pd.isna(row["value"]) else self.value(name, year)
                of_year[year] = self._value_line(page, name, figure) if figure else self.statement_line(page, row)
            lines += [of_year[year] for year in sorted(of_year)]
        return lines

    def _value_line(self, page: Targets, name: str, figure: Figure) -> list[Any]:
        return page.say(
            "words.value",
            where=self._where(page),
            period=page._since(figure.period),
            indicator=page._indicator(name),
            value=figure,
            sources=page._sources(figure.sources),
        )

    def statement_line(self, page: Targets, row: pd.Series) -> list[Any]:
        return page.say(
            "words.statement",
            where=self._where(page),
            period=page._since(str(row["period"])),
            statement=row[f"statement_{page.language}"],
            tag=page._tag(row["status"]),
            sources=page._sources([row["source_id"]]),
        )

    def _since(self, period: str) -> str:
        """A year of evidence; of one before the plan began, that it is."""
        return period if int(period) >= PLAN_BEGINS else self.word("words.before", period=period)

    def _where(self, page: Targets) -> str:
        """Whose the evidence is, on the page of a district; a city's page speaks of the city alone."""
        return "" if page.area.is_city else page.word("words.where", name=self.name())

    def _reported_about(self, goals: list[Goal]) -> list[PublishedTable]:
        """The rows of evidence behind *goals*, as a table of the page, if there are any."""
        names = [name for goal in goals for name in goal.indicators]
        chapters = dict.fromkeys([self.city, self])
        rows = pd.concat([chapter.reported(names, range(self.year + 1)) for chapter in chapters])
        if rows.empty:
            return []
        rows = rows.assign(value=rows["value"].map(lambda value: "" if value is None else str(value)))
        return [PublishedTable(self.table_name(f"evidence_{goals[0].item.lower()}"), rows.drop(columns="note"))]

    def _set_by(self, item: str) -> PublishedTable:
        """The targets of *item* that are words, as a table of the page."""
        rows = self.table.rows
        rows = rows[(rows["item_id"] == item) & (rows["kind"] == QUALITATIVE)]
        columns = ["target_id", "item_id", "area_code", "wording_zh", "wording_en", "indicators", "target_year"]
        return PublishedTable(self.table_name(f"words_{item.lower()}"), rows[[*columns, "status", "source_id"]])

    # --- targets that are numbers ----------------------------------------------------------------

    def green_numbers(self) -> Block:
        """Green and low-carbon development, in numbers."""
        return self._in_numbers("T1")

    def quality_numbers(self) -> Block:
        """Environmental quality, in numbers."""
        return self._in_numbers("T2")

    def risk_numbers(self) -> Block:
        """Environmental risks, in numbers."""
        return self._in_numbers("T4")

    def _in_numbers(self, item: str) -> Block:
        """The numeric targets of *item*: baseline, straight path, newest value, gap and verdict."""
        goals, city = self.numeric(item), self.city
        if not goals:
            return self.statement(f"{item.lower()}-numbers", self.say("numbers.none", city=city.name()), item=item)
        columns = [
            self.words("indicator"),
            self.words("verdict"),
            self.words("target_year"),
            self.words("direction"),
            self.numbers("target"),
            self.words("latest_year"),
            self.numbers("latest"),
            self.numbers("gap"),
            self.words("baseline_year"),
            self.numbers("baseline"),
            self.numbers("path"),
            self.numbers("yearly"),
        ]
        rows = [self._row(goal) for goal in goals]
        if not self.area.is_city:
            columns += [self.numbers("own", self.word("column.own", name=self.name())), self.words("own_year")]
            rows = [[*row, *self._own(goal)] for row, goal in zip(rows, goals, strict=True)]
        alternative = self.say(
            "numbers.alternative" if item == self._first_in_numbers else "numbers.alternative_again", city=city.name()
        )
        for goal in goals:
            alternative += self._sentence(goal)
        return self.chart(
            f"{item.lower()}-numbers",
            charts.paths,
            city.points(goals),
            city.marks(goals),
            city.lines_of(goals),
            {"target": self.word("chart.target"), "path": self.word("chart.path")},
            alternative=alternative,
            table=TableContent(columns, rows, self.download(f"{item.lower()}-numbers")),
            is_open=True,
            item=item,
            title=self.say("numbers.title", city=city.name()),
            notes=[*self._explained(), *self._broken(goals), *self._remarks(goals), *self._noted(goals)],
        )

    def _explained(self) -> list[list[Any]]:
        """How targets with a number are read."""
        ours = [] if self.area.is_city else [self.say("numbers.district", city=self.city.name())]
        return [*ours, *(self.say(f"numbers.{key}") for key in ("rule", "base", "invented"))]

    @property
    def _first_in_numbers(self) -> str:
        """The item whose targets with a number come first."""
        return next(name for name in self.items if self.numeric(name))

    def _row(self, goal: Goal) -> list[Any]:
        """A numeric target with its figures, which are the city's."""
        city = self.city
        start, latest = city.baseline(goal), city.newest(goal)
        return [
            self._link(goal.indicator),
            [city.verdict(goal), *self._invented(city.verdict(goal))],
            str(goal.year),
            self.word(f"direction.{goal.bound}"),
            city.target(goal),
            latest.period if latest else NO_DATA,
            latest or NO_DATA,
            city.gap(goal) or NO_DATA,
            start.period if start else NO_DATA,
            start or NO_DATA,
            city.path(goal) or NO_DATA,
            self._yearly(goal),
        ]

    def _yearly(self, goal: Goal) -> list[Any]:
        """The yearly values that the picture shows, each after its year."""
        parts: list[Any] = []
        for figure in self.city.series(goal.indicator, self.year):
            parts += [self.word("list.stop")] if parts else []
            parts += self.say("numbers.yearly", period=figure.period, value=figure)
        return parts or [NO_DATA]

    def _own(self, goal: Goal) -> list[Any]:
        """This district's newest value beside a target of the city, and its year."""
        own = self.newest(goal)
        return [own or NO_DATA, own.period if own else NO_DATA]

    def _sentence(self, goal: Goal) -> list[Any]:
        """Where a numeric target stands, in a sentence."""
        city = self.city
        latest, verdict = city.newest(goal), city.verdict(goal)
        without = "numbers.sentence_missed_year" if latest else "numbers.sentence_unknown"
        key = without if verdict.value == UNKNOWN else "numbers.sentence"
        return self.say(
            key,
            **self._named(goal),
            verdict=verdict,
            **({"latest": latest, "latest_year": latest.period} if latest else {}),
        )

    def _named(self, goal: Goal) -> dict[str, Any]:
        """A numeric target's indicator, year, and value from its side, for a sentence."""
        return {
            "indicator": self._indicator(goal.indicator),
            "target_year": str(goal.year),
            "bound": self.say(f"bound.{goal.bound}", target=self.city.target(goal)),
        }

    def _broken(self, goals: list[Goal]) -> list[list[Any]]:
        """Where the series in the picture break: what lies before cannot be compared with what comes after."""
        notes = []
        for name in dict.fromkeys(goal.indicator for goal in goals):
            series = [int(figure.period) for figure in self.city.series(name, self.year)]
            years = [str(year) for year in self.city.breaks(name) if series and series[0] < year <= series[-1]]
            if years:
                notes.append(self.say("numbers.broken", indicator=self._indicator(name), years=self.joined(years)))
        return notes

    def _remarks(self, goals: list[Goal]) -> list[list[Any]]:
        """What has been said, without a number, about the indicators of *goals*."""
        rows = self.city.reported([goal.indicator for goal in goals], range(self.year + 1))
        rows = rows[rows["value"].isna()]
        return [
            self.say("numbers.remark", indicator=self._indicator(row["indicator"]))
            + self.city.statement_line(self, row)
            for _, row in rows.iterrows()
        ]

    def _noted(self, goals: list[Goal]) -> list[list[Any]]:
        """What the sources of the values of *goals* print in words, or what else has to be known of one."""
        rows = self.city.reported([goal.indicator for goal in goals], range(self.year + 1))
        rows = rows[rows["value"].notna() & rows["note"].notna()]
        return [
            self.say(
                "numbers.note",
                indicator=self._indicator(row["indicator"]),
                period=str(row["period"]),
                note=text.in_language(row["note"], self.language),
            )
            for _, row in rows.iterrows()
        ]

    # --- the picture -----------------------------------------------------------------------------

    def points(self, goals: list[Goal]) -> list[dict[str, Any]]:
        """The yearly values of the indicators of *goals*."""
        return [
            {
                "panel": self._panel(name),
                "step": figure.period,
                "value": float(str(figure.value)),
                "status": self.word(f"status.{figure.status}"),
            }
            for name in dict.fromkeys(goal.indicator for goal in goals)
            for figure in self.series(name, self.year)
        ]

    def marks(self, goals: list[Goal]) -> list[dict[str, Any]]:
        """The targets themselves, each in its year."""
        return [
            {"panel": self._panel(goal.indicator), "step": str(goal.year), "target": float(str(goal.value))}
            for goal in goals
        ]

    def lines_of(self, goals: list[Goal]) -> list[dict[str, Any]]:
        """The two ends of each straight path."""
        ends = []
        for goal in goals:
            start = self.baseline(goal)
            if start is None or not self.has_path(goal):
                continue
            for year, value in ((start.period, start.value), (str(goal.year), goal.value)):
                end = {"panel": self._panel(goal.indicator), "line": goal.id, "step": year}
                ends.append({**end, "path": float(str(value))})
        return ends

    def _panel(self, name: str) -> str:
        return self.word("chart.panel", indicator=self._indicator(name), unit=self._unit(name))

    # --- for the overview ------------------------------------------------------------------------

    def cards(self) -> list[dict[str, Any]]:
        """The key targets, each with its newest value and its verdict, for the overview."""
        city, href = self.city, f"{self.href(self.area, self.slug)}#t2-numbers"
        return [
            {
                "label": self.word("card.label", city=city.name(), indicator=self._indicator(goal.indicator)),
                "value": city.newest(goal) or city.target(goal),
                "before": self.say(
                    "card.verdict",
                    **self._named(goal),
                    tag=self._tag(city.target(goal).status),
                    verdict=city.verdict(goal),
                )
                + self._invented(city.verdict(goal)),
                "href": href,
            }
            for goal in self.key_goals
        ]

    @property
    def key_goals(self) -> list[Goal]:
        """The targets that the overview shows."""
        return [goal for goal in self.numeric() if goal.is_key]

    # --- words -----------------------------------------------------------------------------------

    def _translated(self) -> list[list[Any]]:
        """That the English words are not the plan's own; nothing to say in Chinese."""
        return [self.say("words.translated")] if self.language != "zh" else []

    def _indicator(self, name: str) -> str:
        return self.indicators[name][f"name_{self.language}"]

    def _link(self, name: str) -> dict[str, str] | str:
        """The way from an indicator to the section about it, of the page's area; its bare name where there is none."""
        about = self.indicators[name]
        if not about["chapter"]:
            return self._indicator(name)
        return {"href": f"{self.href(self.area, about['chapter'])}#{about['section']}", "text": self._indicator(name)}

    def _unit(self, name: str) -> str:
        unit = units.label(self.indicators[name]["unit"], self.language)
        return self.word("chart.unit", unit=unit) if unit else ""

    def _tag(self, status: str) -> list[Any]:
        """What has to be said of a *status* in a line of words; nothing of an official one."""
        if status == OFFICIAL:
            return []
        return self.say("words.tag", status=text.message(f"site.tag.{status}", self.language))

    def _invented(self, figure: Figure) -> list[Any]:
        """That a *figure* among published ones is invented, where it is."""
        return self._tag(figure.status) if figure.status == DEMONSTRATION else []

    def _sources(self, ids: Any) -> str:
        return self._listed([source["title"] for source in self.edition.sources(sorted(ids))])

    def _listed(self, names: list[str]) -> str:
        return self.word("list.separator").join(names)
