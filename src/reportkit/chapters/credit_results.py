"""The results of the credit evaluation (item C1): what was published, and the levels over the years."""

from __future__ import annotations

from typing import Any

from reportkit import charts, text
from reportkit.blocks import Block, TableContent
from reportkit.chapters import common, spliced
from reportkit.chapters.credit_figures import INCLUDED, PARTS, REFUSED, RESULT, SOURCES, CreditFigures
from reportkit.figures import NO_DATA
from reportkit.standards import credit
from reportkit.status import DEMONSTRATION

# The levels are called by colours; they are told apart by how light they are as well.
COLOURS = {"green": "#1e7b57", "blue": "#6db3e0", "yellow": "#f2d166", "red": "#a8281f", "not_rated": "#d5dbe1"}


class CreditResults(CreditFigures):
    """The results of the evaluations of one area up to one year."""

    # --- words -----------------------------------------------------------------------------------

    def level(self, level: str | None) -> str:
        """A level in words; a dash where there is none."""
        return self.word(f"level.{level}") if level else NO_DATA

    # --- what was published ----------------------------------------------------------------------

    def bulletins(self) -> Block:
        """The results as they were published, the newest first, and whether their parts add up."""
        title = self.say("bulletins.title")
        rows = self.published.where({"indicator": sorted(RESULT)})
        years = sorted({int(year) for year in rows["year"] if year <= self.year}, reverse=True)
        if not years:
            return self.statement("bulletins", self.say("bulletins.none"), title=title)
        columns = [self.words("year"), self.numbers(INCLUDED)]
        columns += [self.numbers(part, self.level(part)) for part in PARTS]
        return self.block(
            "table",
            "bulletins",
            {
                "table": TableContent(
                    columns,
                    [[str(year), *(self.counted(part, year) for part in (INCLUDED, *PARTS))] for year in years],
                    self.download("bulletins"),
                    marked=years.index(self.year) if self.year in years else None,
                )
            },
            title=title,
            notes=[*self._sums(years), *self._stated_changes(years), *self._remarks(years)],
        )

    def _sums(self, years: list[int]) -> list[list[Any]]:
        """In which years the parts add up to those evaluated, and in which they do not."""
        same, notes = [], []
        for year in years:
            whole, parts = self.counted(INCLUDED, year), self.parts_added(year)
            if whole.value is None or parts.value is None:
                continue
            if whole.value == parts.value:
                same.append(self.say("bulletins.sum_of_year", of=str(year), parts=parts))
            else:
                notes.append(self.say("bulletins.sum_differs", of=str(year), parts=parts, whole=whole))
        return ([self.say("bulletins.sum_same", years=spliced(same, self.separator))] if same else []) + notes

    def _stated_changes(self, years: list[int]) -> list[list[Any]]:
        """A change that a notice states and the published numbers do not give."""
        notes = []
        for row in self.published.where({"indicator": "stated_red_change", "year": years}).to_dict("records"):
            year, stated = int(row["year"]), self.printed_figure(row)
            own = self.red_change(year)
            if own.value is not None and own.value != stated.value:
                words = {"of": str(year), "last": str(year - 1), "stated": stated, "own": own}
                before = self.counted(credit.RED, year - 1)
                words["now"] = self.counted(credit.RED, year)
                notes.append(self.say("bulletins.red_change", before=before, **words))
        return notes

    def _remarks(self, years: list[int]) -> list[list[Any]]:
        rows = self.reader.rows("credit/remarks", area_code=self.area.code)
        return [[row[f"text_{self.language}"]] for row in rows.to_dict("records") if row["year"] in years]

    def statements(self) -> Block:
        """All else that was published of the area's credit, with its year, as it was printed."""
        rows = self.published.rows
        rows = rows[(rows["year"] <= self.year) & ~rows["indicator"].isin(RESULT)]
        return common.as_printed(self, "statements", rows, self.printed_figure)

    # --- who is evaluated ------------------------------------------------------------------------

    def who_is_evaluated(self) -> Block:
        """How those evaluated came in, as published, whether the parts add up, and who is red for refusing."""
        title, years = self.say("who.title"), self.source_years()
        if not years:
            return self.statement("who", self.say("who.none"), self.say("who.rule"), title=title)
        columns = [self.words("year"), *map(self.numbers, SOURCES), self.numbers(INCLUDED), self.numbers(REFUSED)]
        rows = [
            [
                str(year),
                *(self.came_in(source, year) for source in SOURCES),
                self.counted(INCLUDED, year),
                self.came_in(REFUSED, year),
            ]
            for year in years
        ]
        content = TableContent(columns, rows, self.download("who"))
        notes = [*(self._sum_of_sources(year) for year in years), self.say("who.rule")]
        return self.block("table", "who", {"table": content}, title=title, notes=notes)

    def _sum_of_sources(self, year: int) -> list[Any]:
        """Whether the ways in which enterprises came in add up to those evaluated in a year."""
        whole, parts = self.counted(INCLUDED, year), self.sources_added(year)
        key = "who.sum_same" if whole.value == parts.value else "who.sum_differs"
        return self.say(key, of=str(year), parts=parts, whole=whole)

    def units_held_against_evaluations(self) -> Block:
        """How many key units that must disclose were evaluated, and how many were not, year by year."""
        columns = {
            "key_units": self.units_to_evaluate,
            "units_evaluated": self.units_evaluated,
            "units_left_out": self.units_left_out,
        }
        years = sorted({int(year) for year in self.key_units.rows["year"]}, reverse=True)
        return common.by_year(
            self, "units", columns, years, notes=[self.say("units.note")] if years else [], tables=[self.key_units]
        )

    # --- over the years --------------------------------------------------------------------------

    def colours(self) -> Block:
        """The shares of the levels over the years, each bar with how many were evaluated."""
        title = self.say("colours.title")
        known = {year: self.known_parts(year) for year in self.years}
        years = [year for year in self.years if known[year]]
        if not years:
            return self.statement("colours", self.say("colours.none"), title=title)
        parts = [
            {
                "bar": self._bar(year),
                "part": self.level(part),
                "position": PARTS.index(part),
                "value": float(str(self.share(part, year).value)),
            }
            for year in years
            for part in known[year]
        ]
        totals = [
            {"bar": self._bar(year), "total": f"{self.counted(INCLUDED, year).value:,}", "end": 100} for year in years
        ]
        shown = [part for part in PARTS if any(part in known[year] for year in years)]
        columns = [self.words("year"), self.numbers(INCLUDED)]
        columns += [self.numbers(f"{part}_share", self.level(part)) for part in shown]
        rows = [
            [
                str(year),
                self.counted(INCLUDED, year),
                *(self.share(part, year) if part in known[year] else NO_DATA for part in shown),
            ]
            for year in years
        ]
        last = years[-1]
        listed = [self.say("part", part=self.level(part), count=self.share(part, last)) for part in known[last]]
        return self.chart(
            "colours",
            charts.stacked_bars,
            parts,
            totals,
            {self.level(part): COLOURS[part] for part in shown},
            {"axis": self.word("colours.axis"), "step": "20"},
            alternative=self.say("colours.alternative", last=str(last), parts=spliced(listed, self.separator)),
            table=TableContent(
                columns, rows, self.download("colours"), marked=years.index(self.year) if self.year in years else None
            ),
            title=title,
            notes=[self.say("colours.note"), *self._years_left_out(years)],
        )

    def _bar(self, year: int) -> str:
        """A year as the name of a bar, with a mark where its result is invented."""
        status = self.counted(INCLUDED, year).status
        return str(year) if status != DEMONSTRATION else f"{year} {text.message(f'site.tag.{status}', self.language)}"

    def _years_left_out(self, shown: list[int]) -> list[list[Any]]:
        """Of which years between the first and this one no whole result is *shown*."""
        missing = [str(year) for year in range(self.years[0], self.year + 1) if year not in shown]
        return [self.say("colours.left_out", years=self.joined(missing))] if missing else []

    def over_time(self) -> Block:
        """The share that is blue or better, and how many are yellow and red, over the years."""
        lines = {
            "good": self.good_share,
            "yellow": lambda year: self.counted(credit.YELLOW, year),
            "red": lambda year: self.counted(credit.RED, year),
        }
        return common.over_years(self, "over_time", lines, self.years, breaks=self.breaks(), notes=self._break_notes())

    def _break_notes(self) -> list[list[Any]]:
        """From which years on published and invented results cannot be compared."""
        breaks = [str(year) for year in self.breaks()]
        return [self.say("over_time.breaks", years=self.joined(breaks))] if breaks else []
