"""Environmental credit (items C1–C6): the answer, industries and enterprises, the rules, districts, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from reportkit import charts
from reportkit.blocks import Block, TableContent
from reportkit.chapters import LESS, MORE, Card, Headline, alike, common, spliced
from reportkit.chapters.credit_figures import INCLUDED, PARTS
from reportkit.chapters.credit_results import COLOURS
from reportkit.chapters.credit_system import LISTED, CreditSystem
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import credit
from reportkit.standards.credit import BAD, LEVELS
from reportkit.standards.rules import table
from reportkit.status import DEMONSTRATION, OF_RULES

WAYS = (credit.UP, credit.SAME, credit.DOWN)
NOBODY = "nobody"
MOVES = {credit.UP: "#4fa3b5", credit.SAME: "#b9c4d6", credit.DOWN: "#c77d4a", NOBODY: "#f3f6f9"}


class Credit(CreditSystem):
    """The credit of the enterprises of one area in one year: a method for each block."""

    slug = "credit"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """How trustworthy are the enterprises? In a few sentences."""
        if not self.has_values:
            return self.statement("answer", self._of_city(), self.say("no_values"))
        return self.statement(
            "answer",
            self._of_city(),
            self._origin(),
            self._result(),
            self._before(),
            self._rest_invented(),
            self._moved(),
            self._came_of_it(),
            tables=[self.judged, self.repairs],
        )

    def headline(self) -> Headline:
        """How many are blue or better, and how many red."""
        good, red, last = self.good_share(), self.counted(credit.RED), self.year - 1
        if good.value is None or red.value is None:
            return Headline(self.say("headline.none"))
        return Headline(
            self.say("headline.some", good=good, red=red),
            [
                Card(self.word("card.good"), good, self.good_share(last), "results", better=MORE),
                Card(self.word("card.red"), red, self.counted(credit.RED, last), "results", better=LESS),
            ],
        )

    def _of_city(self) -> list[Any]:
        """What was published of the city last, on the page of a district, or of a year without a result."""
        city, years = self.city, self.city.published_years()
        if not years or (self.area.is_city and years[-1] == self.year):
            return []
        last = years[-1]
        words = {"city": city.name(), "last": str(last), "good": city.good_share(last)}
        return self.say("answer.city", **words, **{part: city.counted(part, last) for part in (INCLUDED, *LEVELS)})

    def _origin(self) -> list[Any]:
        """That the result is invented, where it is."""
        if self.is_published(self.year):
            return []
        return self.say("answer.city_invented" if self.area.is_city else "answer.district_invented")

    def _result(self) -> list[Any]:
        """How many came to each level; of a result that was published in part, that part."""
        if self.known_parts(self.year):
            counted = {part: self.counted(part) for part in (INCLUDED, *LEVELS)}
            return self.say("answer.counts", good=self.good_share(), **counted)
        good = self.good_share()
        parts = [self._part(part, self.counted(part)) for part in PARTS if self.counted(part).value is not None]
        parts += [self.say("part", part=self.word("good"), count=good)] if good.value is not None else []
        return self.say("answer.partly", parts=spliced(parts, self.separator))

    def _part(self, part: str, count: Figure) -> list[Any]:
        return self.say("part", part=self.level(part), count=count)

    def _before(self) -> list[Any]:
        """What the result before this year's was, if there is one of the same kind."""
        alike = [year for year in self.years if self.is_published(year) == self.is_published(self.year)]
        earlier = [year for year in alike if year < self.year and self.counted(credit.RED, year).value is not None]
        if not earlier:
            return []
        last = earlier[-1]
        words = {"last": str(last), "red": self.counted(credit.RED, last)}
        good = self.good_share(last)
        if good.value is None:
            return self.say("answer.before_red", **words)
        return self.say("answer.before", good=good, **words)

    def _rest_invented(self) -> list[Any]:
        """That what follows is invented though the result is not."""
        return self.say("answer.rest_invented") if self._has_invented_rows() else []

    def _has_invented_rows(self) -> bool:
        """Whether the result was published, and the single evaluations are invented beside it."""
        is_invented = self.has_rows and (self.evaluations.rows["status"] == DEMONSTRATION).all()
        return bool(is_invented and self.is_published(self.year))

    def _moved(self) -> list[Any]:
        up, down = self.moved(credit.UP), self.moved(credit.DOWN)
        return self.say("answer.moved", up=up, down=down) if up.value or down.value else []

    def _came_of_it(self) -> list[Any]:
        """How many events and applications for repair there were."""
        events, applied = self.events_in(self.year), self.repairs_in(self.year)
        if not events.value and not applied.value:
            return []
        restored = self.repairs_in(self.year, outcome="restored")
        return self.say("answer.came", events=events, applied=applied, restored=restored)

    # --- by industry, by movement, one by one ----------------------------------------------------

    def industries(self) -> Block:
        """The levels of each industry, and how many were good the year before."""
        title = self.say("industries.title")
        if not self.has_rows:
            return self.statement("industries", self.say("rows_none"), title=title)
        found = self.evaluations.where({"year": self.year})
        counted: dict[Any, int] = found.groupby(["industry", "level"]).size().to_dict()
        known = sorted(set(found["industry"]))
        whole = {name: self.in_industry(name) for name in known}
        ordered = sorted(known, key=lambda name: -int(str(whole[name].value)))
        parts = [
            {
                "bar": self.industry(name),
                "part": self.level(level),
                "position": place,
                "value": counted[name, level],
            }
            for name in ordered
            for place, level in enumerate(LEVELS)
            if (name, level) in counted
        ]
        totals = [
            {"bar": self.industry(name), "total": str(figure.value), "end": int(str(figure.value))}
            for name, figure in ((name, whole[name]) for name in ordered)
        ]
        good = {name: self.good_in_industry(name, self.year) for name in ordered}
        least = min(ordered, key=lambda name: float(str(good[name].value)))
        most, worst = (
            self.joined(list(map(self.industry, alike(of, first))))
            for of, first in ((whole, ordered[0]), (good, least))
        )
        columns = [self.words("industry"), self.numbers(INCLUDED), self.numbers("good"), self.numbers("good_before")]
        columns += [self.numbers(level, self.level(level)) for level in LEVELS]
        rows = [
            [
                self.industry(name),
                whole[name],
                good[name],
                self.good_in_industry(name, self.year - 1),
                *(self.in_industry(name, level) for level in LEVELS),
            ]
            for name in ordered
        ]
        shown = {part["part"] for part in parts}
        return self.chart(
            "industries",
            charts.stacked_bars,
            parts,
            totals,
            {self.level(level): COLOURS[level] for level in LEVELS if self.level(level) in shown},
            {"axis": self.word("industries.axis"), "step": "1"},
            alternative=self.say(
                "industries.alternative"
                if len({figure.value for figure in good.values()}) > 1
                else "industries.alternative_same",
                count=str(len(ordered)),
                first=most,
                first_count=whole[ordered[0]],
                worst=worst,
                share=good[least],
            ),
            table=TableContent(columns, rows, self.download("industries")),
            title=title,
            notes=self._rows_beside_published(),
            tables=[self.evaluations],
        )

    def _rows_beside_published(self) -> list[list[Any]]:
        """That single evaluations are not those of the published result, where there is one."""
        return [self.say("rows_note", rows=self.evaluated())] if self._has_invented_rows() else []

    def changes(self) -> Block:
        """Where the levels went from the year before: how many from each level to each."""
        title, before = self.say("changes.title"), str(self.year - 1)
        if not any(self.moved(way).value for way in WAYS):
            return self.statement("changes", self.say("changes.none"), title=title)
        pairs = {(first, now): self.moved_between(first, now) for first in LEVELS for now in LEVELS}
        cells = []
        for (first, now), figure in pairs.items():
            way = credit.movement(first, now) if figure.value else NOBODY
            cells.append(
                {
                    "row": self.word("changes.from", before=before, level=self.level(first)),
                    "column": self.level(now),
                    "level": self.word(f"changes.{way}"),
                    "mark": str(figure.value or ""),
                    "is_dark": way == credit.DOWN,
                }
            )
        columns = [self.words("before_level", before), *(self.numbers(level, self.level(level)) for level in LEVELS)]
        rows = [[self.level(first), *(pairs[first, now] for now in LEVELS)] for first in LEVELS]
        ways = {way: self.moved(way) for way in WAYS}
        return self.chart(
            "changes",
            charts.class_grid,
            cells,
            {self.word(f"changes.{way}"): colour for way, colour in MOVES.items()},
            alternative=self.say("changes.alternative", before=before, **ways),
            table=TableContent(columns, rows, self.download("changes")),
            title=title,
            notes=[self.say("changes.note", before=before, **ways)],
        )

    def watched(self) -> Block:
        """Who is yellow or red, the worst first: level, points, why."""
        title = self.say("watched.title")
        if not self.has_rows:
            return self.statement("watched", self.say("rows_none"), title=title)
        found = self.evaluations.where({"year": self.year, "level": list(BAD)})
        found = found.assign(order=found["level"].map(LEVELS.index)).sort_values(
            ["order", "points", "enterprise_id"], ascending=[False, True, True]
        )
        notes = [*self._by_rule(), *self._rows_beside_published()]
        if found.empty:
            return self.statement("watched", self.say("watched.none"), title=title, notes=notes, tables=[self.judged])
        rows = [
            [
                self.enterprise(row["enterprise_id"]),
                self.level(row["level"]),
                self.level_of(row),
                self.points_of(row),
                self.word("watched.veto" if row["has_veto"] else "watched.points"),
                self.level(row["level_before"]),
            ]
            for row in found.head(LISTED).to_dict("records")
        ]
        columns = [self.words("enterprise"), self.words("level"), self.words("by_rule")]
        columns += [self.numbers("points"), self.words("reason"), self.words("before")]
        veto = self.say("watched.vetoes", red=self.evaluated(level=credit.RED), veto=self.red_by_veto())
        return self.block(
            "table",
            "watched",
            {"table": TableContent(columns, rows, self.download("watched"))},
            title=title,
            notes=[veto, *notes, *self._listed_note("enterprises", len(found))],
            tables=[self.judged],
        )

    def _by_rule(self) -> list[list[Any]]:
        """How many levels are what the rule makes of an evaluation, and whether crimes are vetoes in it."""
        same, other = self.following_rule(is_same=True), self.following_rule(is_same=False)
        return [self.say("watched.by_rule", same=same, other=other), *self._crimes()]

    def _crimes(self) -> list[list[Any]]:
        """Whether those whom a court convicted in the year have the veto that it is; nothing where there are none."""
        convicted, missing = self.convicted(), self.convicted_without_veto()
        if not convicted.value:
            return []
        key = "watched.crimes_missing" if missing.value else "watched.crimes"
        return [self.say(key, convicted=convicted, missing=missing)]

    # --- the rules -------------------------------------------------------------------------------

    def level_rules(self) -> Block:
        """What each level takes, in words, and what the four kinds of indicators weigh, where that is settled."""
        parts = [self.say("part", part=name, count=figure) for name, figure in self.city.weights_of_kinds()]
        weighed = self.say("level_rule.weights", parts=spliced(parts, self.separator)) if parts else []
        levels, published = credit.levels(date(self.year, 12, 31)), self.city.published_years()
        return self.statement(
            "level-rules",
            *(
                self.say(f"level_rule.{level}", points=row["points_from"], extra=row["extra_least"])
                for level, row in levels.items()
            ),
            self.say("level_rule.incident"),
            self.say("level_rule.not_rated"),
            weighed or self.say("level_rule.no_weights"),
            self.say("level_rule.published", years=self.joined(list(map(str, published)))) if published else [],
            title=self.say("level_rule.title"),
            rules=self.rules_of("level", "weights"),
        )

    def vetoes(self) -> Block:
        """What makes an enterprise red all by itself, and whether its text was read."""
        rows = [
            [row["veto"], row[f"text_{self.language}"], self.word(f"verification.{row['verification']}")]
            for row in table("credit_vetoes")
        ]
        columns = [self.words("number"), self.words("veto_text"), self.words("verification")]
        return self.block(
            "table",
            "vetoes",
            {"table": TableContent(columns, rows, self.download("vetoes"), statuses=_read(table("credit_vetoes")))},
            title=self.say("vetoes.title"),
            rules=self.rules_of("vetoes"),
            notes=[self.say("vetoes.note")],
        )

    def indicators(self) -> Block:
        """What points are given for, and what each weighs as far as it was read."""
        city, listed = self.city, self.standard("indicators").rows.to_dict("records")
        rows = [
            [
                row["number"],
                row[f"name_{self.language}"],
                city.weight(row["number"]) if row["weight_pct"] is not None else NO_DATA,
                row[f"method_{self.language}"] or NO_DATA,
                self.word(f"verification.{row['verification']}"),
            ]
            for row in listed
        ]
        columns = [self.words("number"), self.words("indicator"), self.numbers("weight"), self.words("method")]
        columns.append(self.words("verification"))
        content = TableContent(columns, rows, self.download("indicators"), statuses=_read(listed))
        return self.block(
            "table",
            "indicators",
            {"table": content},
            title=self.say("indicators.title"),
            rules=self.rules_of("indicators"),
            notes=[self.say("indicators.note")],
        )

    # --- districts, and what is missing ----------------------------------------------------------

    def districts(self) -> Block:
        """The share of blue or better in each district, with the numbers of each level beside it."""
        compared = self.compared()
        return common.by_district(
            self,
            "districts",
            compared["districts"],
            others={name: compared[name].get for name in (INCLUDED, *LEVELS)},
            notes=[self.say("districts.note")],
        )

    def missing(self) -> Block:
        """What was looked for and not found."""
        own = self.disclosed_items()
        names = [self.word(f"missing.{item}") for item in self.items if item not in own]
        return self.statement(
            "missing",
            self.say("missing.items", names=self.joined(names)) if names else [],
            [] if self.area.is_city or "C1" in own else self.say("missing.district"),
            self.say("missing.rules"),
            title=self.say("missing.title"),
        )

    def disclosed_items(self) -> set[str]:
        """The items of which anything was published for the year."""
        rows = self.published.where({"year": self.year})
        return set(rows.loc[rows["status"] != DEMONSTRATION, "item_id"])


def _read(rows: Iterable[Mapping[Any, Any]]) -> list[str]:
    """Of each of the *rows* of a standard how far its text was read, as the status of a row of a download."""
    return [OF_RULES[row["verification"]] for row in rows]
