"""Overview (item X1): the area in a few sentences and key figures, the districts at a glance, what is disclosed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from reportkit import charts, figures
from reportkit.blocks import Block, TableContent, untagged
from reportkit.chapters import (
    DISCLOSED,
    MORE,
    NOT_APPLICABLE,
    NOT_DISCLOSED,
    PARTLY,
    STATES,
    Area,
    Card,
    Chapter,
    Disclosure,
    Headline,
    chapter_title,
    common,
    discover,
    once_for_all,
    spliced,
)
from reportkit.chapters.air import Air
from reportkit.chapters.targets import Targets
from reportkit.errors import DataError
from reportkit.figures import Figure, PublishedTable
from reportkit.memo import memo
from reportkit.standards import rules
from reportkit.status import CONVENTION, DEMONSTRATION, weakest

NO_CHAPTER = "no_chapter"
STATE_WORDS = {state: f"overview.state.{state}" for state in (*STATES, NO_CHAPTER)}
STATE_COLOURS = {DISCLOSED: "#0f6e84", PARTLY: "#7fb4c1", NOT_DISCLOSED: "#d5dbe0", NOT_APPLICABLE: "#f4f6f8"}

LEADING = ("air", "water")  # the chapters whose words stand at the top of the page
CHANGES = BETTER, WORSE, SAME = "better", "worse", "same"

# The clauses of the plan in their order, as ``seed_clause`` of the catalogue names them, and the messages they have.
CLAUSES = {
    **{"标题": "name", "一": "aims", "三(一)": "law", "三(二)": "enterprises", "三(三)": "market", "三(四)": "credit"},
    **{"三(五)": "supervision", "三(六)": "participation", "全文": "whole"},
}
CLAUSE = re.compile("|".join(map(re.escape, sorted(CLAUSES, key=len, reverse=True))))

# Shades of the tile map: from which share of good days on each applies, the best first.
SHADES = (Decimal(95), Decimal(90), Decimal(85), Decimal(80), Decimal(0))


class Overview(Chapter):
    """The first page of an area: it reads the other chapters, and says what they do not hold."""

    slug = "overview"
    order = 10
    items = ("X1",)

    @property
    def air(self) -> Air:
        """The air chapter of the same area."""
        air: Air = self.edition.chapter(Air, self.area)
        return air

    # --- what is disclosed -----------------------------------------------------------------------

    def disclosure(self, item: str) -> Disclosure:
        """X1 is this page itself."""
        return Disclosure(item, DISCLOSED, self.year)

    @property
    @memo
    def completeness_table(self) -> PublishedTable:
        """Every item of the catalogue with the state of its disclosure for this area and year."""
        rows = self.reader.rows("catalogue")
        found = [self._disclosure(row) for _, row in rows.iterrows()]
        table = pd.DataFrame(
            {
                "item_id": rows["item_id"],
                "item_zh": rows["item_zh"],
                "item_en": rows["item_en"],
                "system_zh": rows["system"],
                "system_en": rows["system_en"],
                "chapter": rows["chapter"],
                "state": [entry.state for entry in found],
                "since": [str(entry.since or "") for entry in found],
                "status": CONVENTION,  # nobody published it: it is told, and counted, as the disclosure rule has it
                "source_id": "",
            }
        )
        return PublishedTable(self.table_name("completeness"), table, rules=(self.disclosure_rule,))

    @property
    def disclosure_rule(self) -> rules.Rule:
        """How the states of disclosure are told apart; ``book/`` says it at length."""
        return rules.rule("disclosure", self.air.as_of)

    def _disclosure(self, row: pd.Series) -> Disclosure:
        item, chapters = row["item_id"], discover()
        if self.area.kind not in row["scope"].split("+"):
            return Disclosure(item, NOT_APPLICABLE, None)
        if row["chapter"] not in chapters:
            return Disclosure(item, NOT_DISCLOSED, None)
        chapter = self.edition.chapter(chapters[row["chapter"]], self.area)
        found: Disclosure = chapter.disclosure(item)
        return found

    def items_in(self, state: str) -> Figure:
        """How many items are in one *state*."""
        return self.figure(f"items_{state}", figures.count(self.completeness_table, state=state), unit="item")

    def items_reported(self) -> Figure:
        """How many items are disclosed, wholly or in part."""
        measured = figures.count(self.completeness_table, state=[DISCLOSED, PARTLY])
        return self.figure("items_reported", measured, unit="item")

    def items_total(self) -> Figure:
        """How many items concern this area at all."""
        states = [DISCLOSED, PARTLY, NOT_DISCLOSED]
        return self.figure("items_total", figures.count(self.completeness_table, state=states), unit="item")

    def state(self, item: str, state: str) -> Figure:
        """The state of one item, in words."""
        measured = figures.select(self.completeness_table, "state", item_id=item)
        words = dict(STATE_WORDS)
        if state == NOT_DISCLOSED and self._has_no_chapter(item):
            words[NOT_DISCLOSED] = STATE_WORDS[NO_CHAPTER]
        return self.figure(f"disclosure_{item}", measured, unit="", words=words)

    def _has_no_chapter(self, item: str) -> bool:
        rows = self.completeness_table.rows
        return str(rows.loc[rows["item_id"] == item, "chapter"].iloc[0]) not in discover()

    # --- facts about the area --------------------------------------------------------------------

    @property
    @memo
    def statistics(self) -> PublishedTable:
        """People, land and economy of this area, as published."""
        return self.facts("area_statistics", area_code=self.area.code)

    def statistic(self, indicator: str, unit: str) -> Figure | None:
        """The newest value of *indicator* that is not later than the page's year."""
        rows = self.statistics.rows
        rows = rows[(rows["indicator"] == indicator) & ~(rows["year"] > self.year).fillna(False)]
        if rows.empty:
            return None
        year = rows["year"].max()
        where = {} if pd.isna(year) else {"year": int(year)}
        measured = figures.select(self.statistics, "value", area_code=self.area.code, indicator=indicator, **where)
        return self.figure(indicator, measured, unit=unit, period=str(where.get("year", "")))

    # --- blocks ----------------------------------------------------------------------------------

    def answer(self) -> Block:
        """The area in a few true sentences: its air and water, how much got better and worse, how much is disclosed."""
        leading = [
            self.say("answer.leading", chapter=self.way_to(slug), says=headline.sentence)
            for slug, headline in self.headlines.items()
            if slug in LEADING and headline.sentence
        ]
        return self.statement(
            "answer",
            self._area_sentence(),
            *leading,
            self._changes_sentence(),
            self._completeness_sentence(),
            tables=[self.changed],
        )

    def by_chapter(self) -> Block:
        """What each chapter but those of the answer has to say of the area, with the way to it."""
        lines = [
            self.say("chapters.one", chapter=self.way_to(slug), says=headline.sentence)
            for slug, headline in self.headlines.items()
            if headline.sentence and slug not in LEADING
        ]
        return self.statement("chapters", lists=[{"words": self.say("chapters.lead"), "lines": lines}])

    @property
    @memo
    def headlines(self) -> dict[str, Headline]:
        """What the other chapters have to say here, by slug, in the order of the navigation."""
        chapters = {slug: self.edition.chapter(kind, self.area) for slug, kind in discover().items()}
        return {slug: chapter.headline() for slug, chapter in chapters.items() if slug != self.slug}

    def _area_sentence(self) -> list[Any]:
        people, land = (
            self.statistic("resident_population", "10k persons"),
            self.statistic("land_area", "km2"),
        )
        if people is None:
            return []
        sentence = self.say("answer.people", people=people, year=people.period)
        return sentence + (self.say("answer.land", land=land) if land else self.say("answer.stop"))

    def _completeness_sentence(self) -> list[Any]:
        return self.say(
            "answer.completeness",
            total=self.items_total(),
            disclosed=self.items_in(DISCLOSED),
            partly=self.items_in(PARTLY),
            missing=self.items_in(NOT_DISCLOSED),
        )

    @property
    @memo
    def changed(self) -> PublishedTable:
        """The key figures of which it can be said whether they got better or worse, with last year's and that word."""
        found = [
            {
                **{"figure": card.value.id, "value": card.value.value, "before": card.before.value, "change": change},
                "status": weakest([card.value.status, card.before.status]),
                "source_id": ";".join(sorted({*card.value.sources, *card.before.sources})),
            }
            for _, card in self._key_figures()
            if (change := _change(card)) and card.before is not None
        ]
        columns = ["figure", "value", "before", "change", "status", "source_id"]
        return PublishedTable(self.table_name("changed"), pd.DataFrame(found, columns=columns))

    def _changes_sentence(self) -> list[Any]:
        """How many key figures got better since last year, how many worse."""
        if self.changed.rows.empty:
            return []
        counts = {change: figures.count(self.changed, change=change) for change in CHANGES}
        named = {change: self.figure(f"changed_{change}", count, unit="1") for change, count in counts.items()}
        return self.say("answer.changes", **{change: untagged(count) for change, count in named.items()})

    def _key_figures(self) -> list[tuple[str, Card]]:
        """The key figures of all chapters with the chapter of each, what was published first."""
        known = [(slug, card) for slug, headline in self.headlines.items() for card in headline.cards]
        return sorted(known, key=lambda told: _is_invented(told[1].value))

    def changes(self) -> Block:
        """What got better since last year, what got worse, what stayed, what is missing, and what comes next."""
        known, lists = self._key_figures(), []
        for change in CHANGES:
            lines = [
                self.say("changes.one", label=[self._link(slug, card)], value=card.value, before=card.before)
                for slug, card in known
                if _change(card) == change
            ]
            lists.append({"words": self.say(f"changes.{change}{'' if lines else '_none'}"), "lines": lines})
        return self.statement(
            "changes",
            *self._coming(),
            lists=[*lists, {"words": self._missing_sentence(), "lines": self._missing_lines()}],
            title=self.say("changes.title"),
            notes=[self.say("changes.note")],
        )

    def _missing_sentence(self) -> list[Any]:
        """How many items are not disclosed, and where each of them is named."""
        link = {"href": f"{self.href(self.area, self.slug)}#completeness", "text": self.word("changes.list")}
        return self.say("changes.missing", missing=self.items_in(NOT_DISCLOSED), list=[link])

    def _missing_lines(self) -> list[list[Any]]:
        """The items that are not disclosed, a line for each chapter, with the way to each of them."""
        known = self.completeness_table.rows
        missing = set(known.loc[known["state"] == NOT_DISCLOSED, "item_id"])
        of_chapter: dict[str, list[list[Any]]] = {}
        for row in self.reader.rows("catalogue").to_dict("records"):
            if row["item_id"] in missing:
                of_chapter.setdefault(row["chapter"], []).append([self._item_link(row)])
        chapters = discover()
        return [
            self.say(
                "changes.missing_of",
                chapter=chapter_title(chapter, self.language) if chapter in chapters else self.word("state.no_chapter"),
                items=spliced(items, self.separator),
            )
            for chapter, items in of_chapter.items()
        ]

    def _coming(self) -> list[list[Any]]:
        """What comes next: the targets of the coming year, and what the chapters say of it."""
        targets: Targets = self.edition.chapter(Targets, self.edition.city)
        due, early = targets.due(self.year + 1), targets.due_and_met(self.year + 1)
        words = {
            "city": self.name(self.edition.city),
            "next_year": str(self.year + 1),
            "targets": self.way_to(targets.slug),
        }
        already = self.say("changes.targets_met", count=untagged(early)) if early.value else []
        coming = [self.say("changes.targets", count=untagged(due), met=already, **words)] if due.value else []
        return [*coming, *(headline.coming for headline in self.headlines.values())]

    def _link(self, chapter: str, card: Card) -> dict[str, str]:
        """The way from a key figure to its section."""
        anchor = f"#{card.anchor}" if card.anchor else ""
        return {"href": f"{self.href(self.area, chapter)}{anchor}", "text": card.label}

    def cards(self) -> Block:
        """Key figures of every chapter, each with last year's beside it."""
        cards = [self._card(slug, card) for slug, headline in self.headlines.items() for card in headline.cards]
        own = Card(self.word("card.completeness"), self.items_reported(), anchor="completeness")
        return self.block("cards", "key-figures", {"cards": [*cards, self._card(self.slug, own)]})

    def _card(self, chapter: str, card: Card) -> dict[str, Any]:
        """A key figure with last year's beside it, which says its own status where it is another one.

        What was published and what was invented do not stand side by side.
        """
        before, href = card.before, self._link(chapter, card)["href"]
        is_shown = before is not None and before.value is not None and _is_invented(before) == _is_invented(card.value)
        beside = self.say("card.last_year", before=before) if is_shown else []
        is_mixed = before is not None and before.status != card.value.status
        return {"label": card.label, "value": card.value, "before": beside, "is_mixed": is_mixed, "href": href}

    def targets(self) -> Block:
        """The key targets of the city, each with where it stands."""
        targets: Targets = self.edition.chapter(Targets, self.area)
        if not (cards := targets.cards()):
            return self.statement("targets", self.say("targets.none", city=self.name(self.edition.city)))
        return self.block("cards", "targets", {"cards": cards}, title=self.say("targets.title"))

    def tiles(self) -> Block:
        """The districts as tiles in their rough places, each with its share of good days."""
        columns = [
            self.words("area", self.word("map.column.area")),
            self.numbers("good_days_ratio", self.word("map.column.value")),
        ]
        ratios = {area.slug: self._ratio_of(area) for area in self.edition.districts}
        content = {
            **common.tiled(self, ratios, SHADES, columns, self.download("districts")),
            "legend": [{"shade": place, "text": self._shade_words(place)} for place in range(len(SHADES))],
            "alternative": self.say("map.alternative", when=self._when),
        }
        title = self.say("map.title_of_part", when=self._when) if self._part else self.say("map.title")
        return self.block("tiles", "map", content, title=title, notes=[self.say("map.note")])

    @property
    @once_for_all
    def _part(self) -> str | None:
        """The part of the year in which the districts are compared, where no year of any is known."""
        ratios = [self._year_of(area) for area in self.edition.districts]
        return None if any(ratio and ratio.value is not None for ratio in ratios) else self.air.common

    @property
    def _when(self) -> str:
        """The year, or the part of it, in words."""
        return self.air.period_words(self._part) if self._part else self.word("year")

    def _ratio_of(self, area: Area) -> Figure | None:
        """The share of good days of *area* in the year or in the part of it that is compared."""
        return self._year_of(area) if self._part is None else self._in(area, self._part)

    @memo
    def _year_of(self, area: Area) -> Figure | None:
        """The share of good days of *area* in the year; nothing where its data are in error."""
        return self._in(area)

    def _in(self, area: Area, part: str | None = None) -> Figure | None:
        """The share of good days of *area* in the year, or a *part* of it; nothing where its data are in error."""
        air: Air = self.edition.chapter(Air, area)
        try:
            return air.good_days_ratio() if part is None else air.of_period("good_days_ratio", part)
        except DataError:
            if area == self.area:
                raise
            return None

    def _shade_words(self, place: int) -> str:
        if place == 0:
            return self.word("map.from", low=SHADES[0])
        if place == len(SHADES) - 1:
            return self.word("map.below", high=SHADES[place - 1])
        return self.word("map.between", low=SHADES[place], high=SHADES[place - 1])

    def completeness(self) -> Block:
        """Every item of the catalogue: disclosed, partly, not disclosed, does not apply."""
        known, rows = self.completeness_table.rows, []
        chapters = discover()
        for _, row in known.iterrows():
            chapter = row["chapter"]
            link = self.way_to(chapter) if chapter in chapters else figures.NO_DATA
            rows.append(
                [
                    row["item_id"],
                    row[f"item_{self.language}"],
                    self.state(row["item_id"], row["state"]),
                    row["since"],
                    link,
                ]
            )
        names = ("item", "name", "state", "since", "chapter")
        columns = [self.words(name, self.word(f"completeness.column.{name}")) for name in names]
        table = TableContent(columns, rows, self.completeness_table.name, catalogue=known["item_id"].tolist())
        parts, totals = self._by_system(known)
        return self.chart(
            "completeness",
            charts.stacked_bars,
            parts,
            totals,
            {self.word(f"state.{state}"): colour for state, colour in STATE_COLOURS.items()},
            {"axis": self.word("axis.items"), "step": "1"},
            alternative=self.say("completeness.alternative") + self._completeness_sentence(),
            table=table,
            is_open=True,
            title=self.say("completeness.title"),
            notes=[self.say("completeness.note"), [self._quality_link()]],
            tables=[self.completeness_table],
        )

    def plan(self) -> Block:
        """The clauses of the plan in their order: what each asks for, and where that stands for this area."""
        items = [(row, CLAUSE.findall(row["seed_clause"])) for row in self.reader.rows("catalogue").to_dict("records")]
        sentences = [
            self.say(
                "plan.clause",
                clause=self.word(f"plan.{name}"),
                asks=self.word(f"plan.{name}_asks"),
                items=spliced([[self._item_link(row)] for row, clauses in items if clause in clauses], self.separator),
            )
            for clause, name in CLAUSES.items()
        ]
        areas = [
            [{"href": f"{self.href(area, self.slug)}#plan", "text": self.name(area)}]
            for area in self.edition.areas.values()
        ]
        notes = [self.say("plan.note"), self.say("plan.areas", areas=spliced(areas, self.separator))]
        return self.statement("plan", *sentences, title=self.say("plan.title"), notes=notes)

    def _item_link(self, row: Mapping[Any, Any]) -> Any:
        """The way to an item on the page of its chapter: this area's, or the city's where it is the city's alone."""
        words, chapter = f"{row['item_id']} {row[f'item_{self.language}']}", row["chapter"]
        if chapter not in discover():
            return words
        area = self.area if self.area.kind in row["scope"].split("+") else self.edition.city
        return {"href": f"{self.href(area, chapter)}#item-{row['item_id']}", "text": words}

    def _quality_link(self) -> dict[str, str]:
        """The way to the data-quality page of the year."""
        city = self.href(self.edition.city, self.slug).rsplit("/", 2)[0]
        return {"href": f"{city}/data-quality.html", "text": self.word("completeness.quality")}

    def _by_system(self, known: pd.DataFrame) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """For each system of the plan how many items are in each state, for the chart."""
        parts, totals = [], []
        for system, items in known.groupby(f"system_{self.language}", sort=False):
            for position, state in enumerate(STATES):
                number = int((items["state"] == state).sum())
                if number:
                    word = self.word(f"state.{state}")
                    parts.append({"bar": system, "part": word, "position": position, "value": number})
            reported = int(items["state"].isin([DISCLOSED, PARTLY]).sum())
            totals.append({"bar": system, "total": f"{reported}/{len(items)}", "end": len(items)})
        return parts, totals


def _change(card: Card) -> str:
    """Whether a key figure got ``better`` or ``worse`` or is the ``same``; nothing where that cannot be said.

    It takes two values, as printed, both published or both invented, and that it is known what would be good news.
    """
    value, before = card.value, card.before
    if not card.better or before is None or None in (value.value, before.value):
        return ""
    if _is_invented(value) != _is_invented(before):
        return ""
    now, then = Decimal(str(value.value)), Decimal(str(before.value))
    if now == then or card.is_steady:
        return SAME
    return BETTER if (now > then) == (card.better == MORE) else WORSE


def _is_invented(figure: Figure) -> bool:
    return figure.status == DEMONSTRATION
