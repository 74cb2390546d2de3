"""Surface and drinking water (item Q2): the answer first, then sections, pollutants, years, districts, the coast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Self

from reportkit import charts
from reportkit.blocks import Block, TableContent, absolute
from reportkit.chapters import MORE, Card, Headline, alike, of_every_area, once_for_all, only_with, spliced
from reportkit.chapters.common import joints, left_out, pictured
from reportkit.chapters.water_figures import CLASSES
from reportkit.chapters.water_places import WaterPlaces
from reportkit.evaluate import water as evaluate
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import water
from reportkit.status import DEMONSTRATION

LIGHT_ON = ("II", "worse")  # classes whose colour is so dark that text on it is white

# The parts of the index as the chart groups them.
GROUPS = {
    "oxygen": ("ph", "do"),
    "organic": ("codmn", "cod", "bod5"),
    "nutrients": ("nh3n", "tp"),
    "others": (
        *("cu", "zn", "fluoride", "se", "as", "hg", "cd", "cr6", "pb", "cyanide", "phenol", "oil", "las", "sulfide"),
    ),
}


class Water(WaterPlaces):
    """The water of one area in one year, with the years before it beside it: a method for each block."""

    slug = "water"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """Is the water clean? In a few sentences, each computed."""
        if not self.has_values:
            return self._answer_of_parts() if self.index_periods else self.statement("answer", self.say("no_values"))
        return self.statement(
            "answer",
            self._ratio_sentence(),
            self._target_sentence(),
            self._pollutant_sentence(),
            self._drinking_sentence(),
            self._rank_sentence(),
        )

    def headline(self) -> Headline:
        """The share of good sections and of drinking water that complied."""
        ratio, last = self.good_ratio(), self.year - 1
        if ratio.value is None:
            return self._headline_of_parts() if self.index_periods else Headline(self.say("headline.none"))
        cards = [Card(self.word("card.good_section_ratio"), ratio, self.good_ratio(last), better=MORE)]
        sentence = self.say("headline.ratio", ratio=ratio)
        if self.compliance().value is not None:
            cards.append(
                Card(
                    self.word("card.compliance"), self.compliance(), self.compliance(year=last), "drinking", better=MORE
                )
            )
            sentence += self.say("headline.compliance", compliance=self.compliance())
        return Headline(sentence + self.say("headline.stop"), cards)

    def _ratio_sentence(self) -> list[Any]:
        ratio, before = self.good_ratio(), self.good_ratio(self.year - 1)
        if ratio.value is None:
            return self.say("answer.not_judged")
        key = "answer.ratio" if ratio.derivation["operation"] == "select" else "answer.sections"
        sentence = self.say(key, ratio=ratio, good=self.sections_good(), total=self.sections_judged())
        worst = self.sections_worst()
        if worst.value is None and Decimal(str(ratio.value)) < 100:
            sentence += self.say("headline.stop")
        else:
            sentence += self.say("answer.worst", worst=worst) if worst.value else self.say("answer.no_worst")
        if before.value is None or (before.status == DEMONSTRATION and ratio.status != DEMONSTRATION):
            return sentence  # what is known is not compared with what is invented
        if self.year in self.section_breaks([self.year - 1, self.year]) or not self.has_same_sections:
            return sentence + self.say("answer.not_comparable", before=before)
        change = self.good_ratio_change()
        way = _direction(change, "better", "worse")
        return sentence + self.say(f"answer.ratio_{way}", before=before, points=absolute(change))

    def _target_sentence(self) -> list[Any]:
        counts = {verdict: self.sections_with(verdict) for verdict in (evaluate.ON_TARGET, evaluate.OFF_TARGET)}
        if not self.has_months:
            return []
        unknown = self.sections_with(evaluate.UNKNOWN)
        if not counts[evaluate.OFF_TARGET].value and not unknown.value:
            return self.say("answer.target_all", on=counts[evaluate.ON_TARGET])
        sentence = self.say("answer.target", on=counts[evaluate.ON_TARGET], off=counts[evaluate.OFF_TARGET])
        if unknown.value:
            sentence += self.say("answer.target_unknown", unknown=unknown)
        return sentence + self.say("answer.stop")

    def _pollutant_sentence(self) -> list[Any]:
        if not self.has_months:
            return []
        if not self.pollutants_found:
            return self.say("answer.none_over")
        words = {**self._most_often(), "total": self.months_judged()}
        return self.say("answer.pollutant", over=self.months_over(), **words)

    def _most_often(self) -> dict[str, Any]:
        """The items most often worse than class III, in how many months each."""
        months, first = {name: self.item_months(name) for name in self.pollutants_found}, self.pollutants_found[0]
        return {"name": self.joined([self.item(name) for name in alike(months, first)]), "months": months[first]}

    def _drinking_sentence(self) -> list[Any]:
        city, township = self.compliance(), self.compliance("township")
        sentence = self.say("answer.drinking", ratio=city) if city.value is not None else []
        if township.value is not None and not self.area.is_city:
            sentence += self.say("answer.drinking_township", ratio=township)
        return sentence

    def _rank_sentence(self) -> list[Any]:
        ranked = list(self.ranked().values())
        if len(ranked) < 2:
            return []
        if self.area.is_city:
            return self.say("answer.spread", **_ends(ranked))
        if self.index().value is None:
            return []
        sentence = self.say("answer.rank", index=self.index(), rank=self.rank(), count=str(len(ranked)))
        change = self.index_change()
        if change is None or change.value is None:
            return sentence + self.say("answer.stop") + self.shared_place()
        way = self.say(f"answer.index_{_direction(change, 'worse', 'better')}", percent=absolute(change))
        return sentence + way + self.shared_place()

    # --- sections --------------------------------------------------------------------------------

    @only_with("has_months")
    def heatmap(self) -> Block:
        """Each section month by month, in the colours of the classes, with the class in the cell."""
        rows, cells, table = self.months.rows[self.months.rows["year"] == self.year], [], []
        known = dict(zip(zip(rows["section_id"], rows["month"], strict=True), rows["class"], strict=True))
        for section in self._listed_sections():
            codes = [known.get((section["section_id"], f"{self.year}-{month:02}")) for month in range(1, 13)]
            name = section[f"name_{self.language}"]
            for month, code in enumerate(codes, start=1):
                level, mark = self._level(code), self.word(f"mark.{code}") if code else ""
                is_dark = code in LIGHT_ON
                cells.append(
                    {"row": name, "column": self.month_name(month), "level": level, "mark": mark, "is_dark": is_dark}
                )
            table.append([name, *(self._level(code) for code in codes)])
        shown = {cell["level"] for cell in cells}
        present = [code for code in [*CLASSES, None] if self._level(code) in shown]
        columns = [self.words("section")]
        columns += [self.words(f"month_{month:02}", self.month_name(month)) for month in range(1, 13)]
        return self.chart(
            "heatmap",
            charts.class_grid,
            cells,
            {self._level(code): self._colour(code) for code in present},
            alternative=self._heatmap_alternative(),
            table=TableContent(columns, table, self.download("classes_by_month")),
            title=self.say("heatmap.title"),
            notes=[self.say("heatmap.note")],
            tables=[self.months],
            also=[self.months_judged()],
        )

    def _heatmap_alternative(self) -> list[Any]:
        parts = self.say("heatmap.alternative", count=str(len(self._listed_sections())))
        if self.has_months:
            parts += self.say("heatmap.over", total=self.months_judged(), over=self.months_over())
        return parts

    @only_with("has_months")
    def sections_table(self) -> Block:
        """Each section against the class it is to reach, with last year's class beside it."""
        rows = []
        by_id = self.years.rows[self.years.rows["year"] == self.year].set_index("section_id")
        for section in self._listed_sections():
            id_ = section["section_id"]
            main = str(by_id.at[id_, "main"]) if id_ in by_id.index else ""
            rows.append(
                [
                    section[f"name_{self.language}"],
                    self.section_class(id_),
                    self._level(water.CODES.get(section["target_class"])),
                    self.section_verdict(id_),
                    self.section_class(id_, self.year - 1),
                    self.joined([self.item(name) for name in main.split(";") if name]),
                    section[f"river_{self.language}"],
                    self.word(f"level.{section['level']}"),
                ]
            )
        columns = [self.words("section"), self.words("class", str(self.year)), self.words("target")]
        columns += [self.words("verdict"), self.words("class_last_year", str(self.year - 1)), self.words("main")]
        columns += [self.words("river"), self.words("level")]
        return self.block(
            "table",
            "sections",
            {"table": TableContent(columns, rows, self.download("sections"))},
            title=self.say("sections.title"),
            notes=self._sections_notes(),
            tables=[self.years],
        )

    def _sections_notes(self) -> list[list[Any]]:
        notes = [self.say("sections.note")]
        if self.grade().value is not None:
            notes.append(self.say("sections.grade", grade=self.grade()))
        return notes

    # --- pollutants ------------------------------------------------------------------------------

    @only_with("has_months")
    def pollutants(self) -> Block:
        """Which items were worse than class Ⅲ, how often, and by how much."""
        found = self.pollutants_found
        if not found:
            told = [self.months_judged()]  # that nothing was worse may be invented, too
            return self.statement(
                "pollutants", self.say("pollutants.none"), title=self.say("pollutants.title"), also=told
            )
        rows = [
            [self.item(name), self.item_months(name), self.item_main_months(name), self.item_highest(name)]
            for name in found
        ]
        bars = [{"name": self.item(name), "count": int(str(self.item_months(name).value))} for name in found]
        columns = [
            self.words("item"),
            self.numbers("months_over"),
            self.numbers("months_main"),
            self.numbers("multiple"),
        ]
        alternative = self.say("pollutants.alternative")
        alternative += self.say("pollutants.most", **self._most_often())
        return self.chart(
            "pollutants",
            charts.counts,
            bars,
            self.word("axis.months"),
            alternative=alternative,
            table=TableContent(columns, rows, self.download("pollutants")),
            title=self.say("pollutants.title"),
            notes=[self.say("pollutants.note")],
            tables=[self.exceeding],
        )

    # --- years -----------------------------------------------------------------------------------

    def over_years(self) -> Block:
        """The share of good sections and the index over the years, the line broken where sections changed."""
        years = self.known_years()
        panels = {self.word(f"panel.{name}"): drawn for name, drawn in self._lines(years).items()}
        points, marks = [], []
        for panel, (measure, breaks) in panels.items():
            marks += [{"panel": panel, "break_at": str(first)} for first in breaks]
            cuts = [*breaks, *joints(measure, years)]  # no line is drawn across these
            for year in years:
                if (figure := measure(year)).value is None:
                    continue
                point = {"panel": panel, "step": str(year), "value": float(str(figure.value))}
                segment = sum(year >= first for first in cuts)
                points.append(point | {"status": self.word(f"status.{figure.status}"), "segment": segment})
        if not points:
            return self.statement("years", self.say("no_values"))
        measures = (self.good_ratio, self.sections_judged, self.sections_worst, self.index)
        rows = [
            [str(year), *(self._of_year(measure, year) for measure in measures), self.compliance(year=year)]
            for year in years
        ]
        columns = [self.words("year"), self.numbers("good_section_ratio"), self.numbers("sections")]
        columns += [self.numbers("sections_worse_than_5"), self.numbers("cwqi"), self.numbers("compliance")]
        ends = {"first": min(str(point["step"]) for point in points), "last": str(years[-1])}
        return self.chart(
            "years",
            charts.trend,
            points,
            [{"panel": panel} for panel in panels],
            marks,
            alternative=self.say("years.alternative", **ends) + self._years_told(years),
            table=TableContent(columns, rows, self.download("years_table"), marked=len(rows) - 1),
            title=self.say("years.title", **ends),
            notes=self._break_notes(years),
            tables=[self.years, self.source_months],
        )

    def _lines(self, years: list[int]) -> dict[str, tuple[Callable[[int], Figure], list[int]]]:
        """What is drawn over the years by name, and after which years with a value the line breaks."""
        breaks = {"ratio": self.section_breaks(years), "index": self.index_breaks(years)}
        measures: dict[str, Callable[[int], Figure]] = {"ratio": self.good_ratio, "index": self.index}
        known = {name: [year for year in years if of(year).value is not None] for name, of in measures.items()}
        return {
            name: (of, [year for year in breaks[name] if known[name] and year > known[name][0]])
            for name, of in measures.items()
        }

    def _of_year(self, measure: Any, year: int) -> Figure | str:
        """A figure of a year; where nothing was sampled or published, a dash and no nought."""
        figure: Figure = measure(year)
        is_counted = figure.derivation["operation"] == "count"
        return NO_DATA if is_counted and year not in set(self.years.rows["year"]) else figure

    def _years_told(self, years: list[int]) -> list[Any]:
        """How the share of good sections went from the first to the last year with one, and where the lines break."""
        parts: list[Any] = []
        known = [year for year in years if self.good_ratio(year).value is not None]
        if len(known) > 1:
            ends = {"first_year": str(known[0]), "last_year": str(known[-1])}
            parts += self.say("years.ratio", first=self.good_ratio(known[0]), last=self.good_ratio(known[-1]), **ends)
        for name, (_, breaks) in self._lines(years).items():
            if breaks:
                parts += self.say(f"years.broken_{name}", years=self.joined([str(year) for year in breaks]))
        return parts

    def _break_notes(self, years: list[int]) -> list[list[Any]]:
        """Why the series breaks: what was noted of published series, and which sections came and went."""
        ranked = () if self.area.is_city else ("ranked_sections",)
        noted = self.noted_breaks("sections", "standard", *ranked)
        notes = [[row[f"text_{self.language}"]] for row in noted if years[0] < row["date"].year <= years[-1]]
        for year in self.section_breaks(years):
            opened, closed = (self._names(part) for part in self.changes(year))
            if opened or closed:
                key = "changed" if opened and closed else "opened" if opened else "closed"
                words = {"opened": self.joined(opened), "closed": self.joined(closed)}
                notes.append(self.say(f"years.{key}", year=str(year), **words))
        return notes

    def _names(self, sections: Any) -> list[str]:
        return [str(name) for name in sections[f"name_{self.language}"]]

    @only_with("has_values")
    def class_shares(self) -> Block:
        """The sections by class, year by year."""
        sampled = sorted({int(year) for year in self.years.where({"is_valid": True})["year"]})
        if not sampled:
            return self.statement("shares", self.say("shares.none"))
        parts, totals, rows = [], [], []
        for year in sampled:
            numbers = {code: int(str(self.sections_of(code, year).value)) for code in CLASSES}
            for position, (code, number) in enumerate(numbers.items()):
                if number:
                    part = {"bar": str(year), "part": self._level(code), "position": position}
                    parts.append(part | {"value": number})
            end = sum(numbers.values())
            totals.append({"bar": str(year), "total": f"{self._computed_good(year)}%", "end": end})
            rows.append([str(year), *(self.sections_of(code, year) for code in CLASSES)])
        columns = [self.words("year"), *(self.numbers(f"class_{code}", self._level(code)) for code in CLASSES)]
        last = sampled[-1]
        counts = {code: self.sections_of(code, last) for code in CLASSES}
        listed = [self.say("shares.class", level=self._level(c), count=n) for c, n in counts.items() if n.value]
        alternative = self.say("shares.alternative", first=str(sampled[0]), last=str(last))
        alternative += self.say("shares.latest", last=str(last), classes=spliced(listed, self.separator))
        return self.chart(
            "shares",
            charts.stacked_bars,
            parts,
            totals,
            {self._level(code): self._colour(code) for code in CLASSES},
            {"axis": self.word("axis.sections"), "step": "1"},
            alternative=alternative,
            table=TableContent(columns, rows, self.download("classes")),
            title=self.say("shares.title"),
            notes=[self.say("shares.note")],
            tables=[self.years],
        )

    def _computed_good(self, year: int) -> Decimal | None:
        rows = self.years.where({"year": year, "class": CLASSES})
        return water.good_section_ratio([CLASSES.index(code) + 1 for code in rows["class"]])

    # --- districts -------------------------------------------------------------------------------

    def ranking(self) -> Block:
        """The districts by water quality index, with what it is made of."""
        ranked = self.ranked()
        if not ranked:
            return self.statement("ranking", [] if self.periods_of_districts else self.say("ranking.none"))
        own = list(ranked).index(self.area.slug) if self.area.slug in ranked else None
        parts, totals, shown = [], [], pictured(len(ranked), own)
        for chapter, shares, _ in (self.compared()[place] for place in shown):
            bar = f"▸ {chapter.name()}" if chapter.area == self.area else chapter.name()
            for position, (group, share) in enumerate(shares.items()):
                parts.append({"bar": bar, "part": self.word(f"group.{group}"), "position": position, "value": share})
            total = str(chapter.index().value)
            totals.append({"bar": bar, "total": total, "end": float(total)})
        columns = [self.numbers("rank"), self.words("area"), self.numbers("cwqi", str(self.year))]
        columns += [self.numbers("cwqi_last_year", str(self.year - 1)), self.numbers("change")]
        columns += [self.numbers("good_section_ratio")]
        missing = [self.name(area) for area in self.edition.districts if area.slug not in ranked]
        alternative = self.say("ranking.alternative", count=str(len(ranked)))
        if len(ranked) > 1:
            alternative += self.say("ranking.ends", **_ends(list(ranked.values())))
        if own is not None:
            alternative += self.say("ranking.own", rank=self.rank())
        notes = [self.say("ranking.note"), self.say("ranking.comparable")]
        notes += [self.say("ranking.missing", names=self.joined(missing))] if missing else []
        notes += left_out(self, len(ranked), len(shown))
        return self.chart(
            "ranking",
            charts.stacked_bars,
            parts,
            totals,
            dict(zip((self.word(f"group.{group}") for group in GROUPS), charts.PALETTE, strict=False)),
            {"axis": self.word("axis.index"), "step": "1"},
            alternative=alternative,
            table=TableContent(columns, [row for *_, row in self.compared()], self.download("ranking"), marked=own),
            title=self.say("ranking.title"),
            notes=notes,
        )

    @once_for_all
    def compared(self) -> list[tuple[Self, dict[str, float], list[Any]]]:
        """Each ranked district, best first: what each group of items adds to its index, and its row of the table."""
        found = []
        for chapter in self.ranked().values():
            change = chapter.index_change()
            row = [
                chapter.rank(),
                chapter.name(),
                chapter.index(),
                chapter.index(self.year - 1),
                self.word("ranking.not_comparable") if change is None else change,
                chapter.good_ratio(),
            ]
            found.append((chapter, chapter.index_groups(), row))
        return found

    def index_groups(self) -> dict[str, float]:
        """How much each group of items adds to the index; empty where it was published without its parts."""
        rows = self.years.where({"year": self.year, "is_valid": True}).to_dict("records")
        found = dict.fromkeys(GROUPS, 0.0)
        for body in water.BODIES:
            given = [{name: row[column] for name, column in water.COLUMN.items() if column in row} for row in rows]
            given = [values for values, row in zip(given, rows, strict=True) if row["body"] == body]
            if given:
                parts = water.cwqi_river(given, date(self.year, 12, 31), body).parts
                for group, names in GROUPS.items():
                    share = sum(parts[name] for name in names if name in parts) * len(given) / len(rows)
                    found[group] = round(found[group] + float(share), 4)
        return found

    @of_every_area()
    def published_places(self) -> Block:
        """The places that were published: the first three, and the last three as they were listed."""
        if self.periods_of_districts:
            return self._published_indices()
        rows = []
        found = self.published_ranks().rows.sort_values(
            ["period", "indicator", "value"], ascending=[False, False, True]
        )
        for row in found.to_dict("records"):
            kind = self.word(f"place.{row['indicator']}")
            place = self.area_named(row["area_code"])
            rows.append([self.period_words(row["period"]), place, kind, self.published_rank(row)])
        title = self.say("places.title")
        if not rows:
            return self.statement("places", self.say("places.none"), title=title)
        columns = [self.words("period"), self.words("area"), self.words("kind"), self.numbers("place")]
        return self.block(
            "table",
            "places",
            {"table": TableContent(columns, rows, self.download("places"))},
            title=title,
            notes=[self.say("places.note")],
        )

    # --- what is missing -------------------------------------------------------------------------

    @only_with("has_months")
    def completeness(self) -> Block:
        """How many of the 21 items were measured in each month, and which sections fall short of a year."""
        rows, cells = [], []
        known = self.months.rows.set_index(["section_id", "month"])["n_items"].to_dict()
        for section in self._listed_sections():
            id_, name = section["section_id"], section[f"name_{self.language}"]
            for month in range(1, 13):
                number = known.get((id_, f"{self.year}-{month:02}"), 0)
                share = round(100 * number / len(water.assessed(date(self.year, month, 1))), 1)
                mark = str(number) if number else ""
                cells.append({"row": name, "column": self.month_name(month), "value": share, "mark": mark})
            verdict = self.word("missing.enough" if self.section_class(id_).value else "missing.too_few")
            rows.append([name, self.months_measured(id_), verdict])
        if not rows:
            return self.statement("completeness", self.say("missing.no_sections"), self.say("missing.also"))
        columns = [self.words("section"), self.numbers("months"), self.words("judged")]
        short = [row[0] for row in rows if row[-1] == self.word("missing.too_few")]
        alternative = self.say("missing.alternative", count=str(len(rows)))
        key = "missing.short" if short else "missing.none_short"
        return self.chart(
            "completeness",
            charts.grid,
            cells,
            self.word("axis.items"),
            alternative=alternative + self.say(key, names=self.joined(short)),
            table=TableContent(columns, rows, self.download("months_measured")),
            title=self.say("missing.title"),
            notes=[self.say("missing.note"), self.say("missing.also")],
            tables=[self.months],
        )

    # --- what the pictures of sections share -----------------------------------------------------

    def _listed_sections(self) -> list[dict[Any, Any]]:
        """The sections measured at some time of the year, by level and code."""
        first, last = f"{self.year}-01-01", f"{self.year}-12-31"
        rows = self.sections
        is_open = ~(rows["opened_date"] > last) & ~(rows["closed_date"] < first)
        found: list[dict[Any, Any]] = rows[is_open].sort_values("section_id").to_dict("records")
        return found

    def _colour(self, code: str | None) -> str:
        if code is None:
            return charts.NO_DATA
        rgb = water.levels(date(self.year, 12, 31))[CLASSES.index(code)].grade.rgb
        return "#" + "".join(f"{int(part):02x}" for part in rgb.split(","))


def _ends(ranked: Sequence[Water]) -> dict[str, Any]:
    """The first and the last of a ranking, for a sentence."""
    best, worst = ranked[0], ranked[-1]
    return {
        "best": best.name(),
        "best_index": best.index(),
        "worst": worst.name(),
        "worst_index": worst.index(),
    }


def _direction(change: Figure, up: str, down: str) -> str:
    """Which way a figure went."""
    value = Decimal(str(change.value))
    return up if value > 0 else down if value < 0 else "same"
