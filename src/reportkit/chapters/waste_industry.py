"""Industrial waste (item Q5): what was published, where it came from and what became of it, rates, kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reportkit import charts
from reportkit.blocks import Block, TableContent
from reportkit.chapters import common, spliced
from reportkit.chapters.waste_figures import (
    CATEGORIES,
    COMPOSITION,
    DISPOSAL,
    FLOWS,
    GENERAL,
    HAZARDOUS,
    OUTFLOW,
    REST,
    TAKEN,
    USE,
    WasteFigures,
    known,
)
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import waste
from reportkit.standards.rounding import half_even

BALANCE_YEARS = 4
ROUNDED = Decimal("0.005")  # by which a published number may differ from what it was rounded from, in 10,000 tonnes
ASH = "HW18"  # of which a reader is told where it comes from
COLOURS = {
    "opening": "#8d9db6",
    "from_before": "#8d9db6",
    "generated": "#0f6e84",
    "used": "#4fa3b5",
    "treated": "#4fa3b5",
    "disposed": "#d9a441",
    "stored": "#c77d4a",
    "closing": "#c77d4a",
}
OFFICIAL_COLUMNS = ("generated", "used", "use_ratio", "disposed", "disposal_ratio", "stored")
# What begins so is in the table of the bulletins; all else that was published is listed.
IN_BULLETINS = ("general_generated", "general_used", "general_use_", "general_disp", "general_stored")
TWO_STATEMENTS = ("medical_safely_disposed", "medical_refuse_disposed")


class WasteIndustry(WasteFigures):
    """The industrial waste of one area in one year, with the years before it beside it."""

    # --- what was published ----------------------------------------------------------------------

    def bulletins(self) -> Block:
        """General industrial waste as it was published, the newest year first, and what its formulas give."""
        title = self.say("bulletins.title")
        years = [year for year in reversed(self.years) if self.is_published(year)]
        if not years:
            return self.statement("bulletins", self.say("bulletins.none"), title=title)
        columns = [self.words("year"), *(self.numbers(f"general_{name}") for name in OFFICIAL_COLUMNS)]
        rows = [[str(year), *(self._of_bulletin(name, year) for name in OFFICIAL_COLUMNS)] for year in years]
        notes = [self.say("bulletins.note"), *(note for year in years for note in self._tried(year))]
        return self.block(
            "table",
            "bulletins",
            {"table": TableContent(columns, rows, self.download("bulletins"))},
            title=title,
            notes=[*notes, *self._break_notes(years)],
        )

    def _of_bulletin(self, name: str, year: int) -> Figure:
        """A column of the bulletin's table, as printed; a rate that it does not print has no value there."""
        if not name.endswith("_ratio"):
            return self.flow(GENERAL, name, year)
        return self.printed_figure({"indicator": f"general_{name}", "year": year, "unit": "%"})

    def _tried(self, year: int) -> list[list[Any]]:
        """What the published numbers of a year give by the printed formulas, beside what was printed."""
        found = []
        for what in (USE, DISPOSAL):
            if self.flow(GENERAL, TAKEN[what], year).value is None:
                continue
            own, printed = self.recomputed_rate(GENERAL, what, year), self._of_bulletin(f"{what}_ratio", year)
            plain = self.plain_rate(GENERAL, what, year)
            words = {"what": self.word(f"rate.{what}"), "printed": printed, "plain": plain}
            if own.value is not None:
                key = "none" if printed.value is None else "same" if own.value == printed.value else "differs"
                found.append(self.say(f"bulletins.rate_{key}", year=str(year), own=own, **words))
            elif printed.value is not None and plain.value not in (None, printed.value):
                found.append(self.say("bulletins.rate_open", year=str(year), **words))
        found += self._tried_together(year) + self._balanced(year)
        left, stored = self.remainder(HAZARDOUS, year), self.flow(HAZARDOUS, "closing", year)
        if left.value is not None and stored.value is not None:
            key = "same" if left.value == stored.value else "differs"
            parts = {flow: self.flow(HAZARDOUS, flow, year) for flow in ("opening", "generated", "treated")}
            found.append(self.say(f"bulletins.balance_{key}", year=str(year), left=left, stored=stored, **parts))
        return found

    def _balanced(self, year: int) -> list[list[Any]]:
        """Whether what came of general waste in a year became something, where all of it was published."""
        wanted = ("generated", *TAKEN.values(), "stored")
        if any(self.flow(GENERAL, flow, year).value is None for flow in wanted):
            return []
        inflow = self.inflow(GENERAL, year)
        outflow = [*self.outflow(GENERAL, year), *known([("dumped", self.flow(GENERAL, "dumped", year))])]
        came, went = self.side("came", GENERAL, inflow, year), self.side("went", GENERAL, outflow, year)
        gap = self.gap(GENERAL, came, went, year)
        is_rounding = Decimal(str(gap.value)) <= ROUNDED * len(inflow + outflow)
        has_earlier = len(inflow) > 1
        key = "same" if not gap.value else "rounded" if is_rounding else "differs" if has_earlier else "open"
        return [self.say(f"bulletins.general_{key}", year=str(year), came=came, went=went, gap=gap)]

    def _tried_together(self, year: int) -> list[list[Any]]:
        """The printed rate of what was used or disposed of together, beside plain division, where they differ."""
        printed = self.printed_treated_rate(year)
        parts = (self.flow(GENERAL, flow, year) for flow in (*TAKEN.values(), "generated"))
        if printed.value is None or any(part.value is None for part in parts):
            return []
        plain = self.plain_treated_rate(year)
        is_same = plain.value == printed.value
        return [] if is_same else [self.say("bulletins.treated_open", year=str(year), printed=printed, plain=plain)]

    def statements(self) -> Block:
        """All else that was published of the city, with its year, as it was printed."""
        rows = self.published.rows
        rows = rows[(rows["year"] <= self.year) & ~rows["indicator"].str.startswith(IN_BULLETINS)]
        return common.as_printed(self, "statements", rows, self.printed_figure, notes=self._contradictions())

    def _contradictions(self) -> list[list[Any]]:
        """Two statements of one source and year about medical waste that differ, each in its own words."""
        rows = self.published.where({"indicator": list(TWO_STATEMENTS)})
        notes = []
        for year, pair in rows[rows["year"] <= self.year].groupby("year"):
            if len(pair) == len(TWO_STATEMENTS):
                first, second = (row for _, row in pair.iterrows())
                words = {"first": first[f"name_{self.language}"], "second": second[f"name_{self.language}"]}
                values = {"one": self.printed_figure(first), "other": self.printed_figure(second)}
                notes.append(self.say("statements.medical", year=str(year), **words, **values))
        return notes

    # --- the balance -----------------------------------------------------------------------------

    def balance_general(self) -> Block:
        """Where general industrial waste came from, and what became of it."""
        return self._balance(GENERAL)

    def balance_hazardous(self) -> Block:
        """Where industrial hazardous waste came from, and what became of it."""
        return self._balance(HAZARDOUS)

    def _balance(self, category: str) -> Block:
        """Two bars a year: what was stored and generated, and what was used, disposed of and stored."""
        block, title = f"balance-{category}", self.say(f"balance.{category}")
        years = [year for year in self.years[-BALANCE_YEARS:] if self.inflow(category, year)]
        if not years:
            return self.statement(block, self.say("balance.none"), title=title)
        parts: list[dict[str, Any]] = []
        totals: list[dict[str, Any]] = []
        for year in years:
            for side, flows in (("in", self.inflow(category, year)), ("out", self.outflow(category, year))):
                bar = self.word(f"balance.{side}", year=str(year))
                # Added up before they are rounded, so that bars that are as long say so.
                whole = half_even(sum(Fraction(str(figure.unrounded)) for _, figure in flows), self.places)
                totals.append({"bar": bar, "total": f"{whole:,}", "end": float(whole)})
                parts += [
                    {"bar": bar, "part": self.word(f"flow.{flow}"), "position": place, "value": float(str(part.value))}
                    for place, (flow, part) in enumerate(flows)
                ]
        shown = {part["part"] for part in parts}
        names = [
            name
            for name in dict.fromkeys((*FLOWS, *OUTFLOW))
            if any(self.flow(category, name, year).value is not None for year in years)
        ]
        columns = [self.words("year"), *(self.numbers(name) for name in names)]
        rows = [[str(year), *(self.flow(category, name, year) for name in names)] for year in years]
        return self.chart(
            block,
            charts.stacked_bars,
            parts,
            totals,
            {
                self.word(f"flow.{flow}"): colour
                for flow, colour in COLOURS.items()
                if self.word(f"flow.{flow}") in shown
            },
            {"axis": self.word("axis.amount"), "step": "0.0001"},
            alternative=self._balance_alternative(category, years[-1]),
            table=TableContent(
                columns,
                rows,
                self.download(f"balance_{category}"),
                marked=years.index(self.year) if self.year in years else None,
            ),
            title=title,
            notes=[*self._balance_notes(category, years), *self._break_notes(years)],
        )

    def _balance_notes(self, category: str, years: Sequence[int]) -> list[list[Any]]:
        notes = [self.say("balance.note")] + ([self.say("balance.industry")] if category == HAZARDOUS else [])
        is_printed = any(self.is_published(year) for year in years)
        goals = self.goals_note("hazardous_waste_safe_ratio") if category == HAZARDOUS else []
        return notes + ([self.say(f"balance.published_{category}")] if is_printed else []) + goals

    def _balance_alternative(self, category: str, year: int) -> list[Any]:
        parts = [
            self.say("balance.part", flow=self.word(f"flow.{flow}"), amount=figure)
            for flow, figure in [*self.inflow(category, year), *self.outflow(category, year)]
        ]
        return self.say("balance.alternative", last=str(year), parts=spliced(parts, self.separator))

    # --- over the years --------------------------------------------------------------------------

    def amounts(self) -> Block:
        """How much was generated, over the years."""
        lines = {
            f"{category}_generated": lambda year, category=category: self.flow(category, "generated", year)
            for category in CATEGORIES
        }
        return self._over_years("amounts", lines)

    def rates(self) -> Block:
        """What share was used, and what share was disposed of, over the years."""
        lines = {
            f"{category}_{what}_ratio": lambda year, category=category, what=what: self.rate(category, what, year)
            for category in CATEGORIES
            for what in (USE, DISPOSAL)
        }
        return self._over_years("rates", lines, self.say("rates.note"), *self._computed())

    def _computed(self) -> list[list[Any]]:
        """In which years a rate of the published amounts is none that was printed, but what the formula gives."""
        return [
            self.say("rates.computed", years=self.joined(years), what=self.word(f"rate.{what}"))
            for what in (USE, DISPOSAL)
            if (years := [str(year) for year in self.years if self._is_computed(what, year)])
        ]

    def _is_computed(self, what: str, year: int) -> bool:
        is_printed = self._of_bulletin(f"{what}_ratio", year).value is not None
        return self.is_published(year) and not is_printed and self.rate(GENERAL, what, year).value is not None

    def _over_years(self, name: str, lines: Mapping[str, Callable[[int], Figure]], *notes: list[Any]) -> Block:
        notes = (*notes, *self._break_notes(self.years))
        return common.over_years(self, name, lines, self.years, breaks=self.breaks(self.years), notes=notes)

    def _break_notes(self, years: Sequence[int]) -> list[list[Any]]:
        """Why the series of *years* breaks: what was noted, and where published and invented values meet."""
        first, *_, last = [min(years), *sorted(years)]
        noted = {row["date"].year: row[f"text_{self.language}"] for row in self.noted_breaks()}
        met = [str(year) for year in self.breaks(sorted(years)) if year not in noted]
        notes = [[words] for year, words in noted.items() if first < year <= last]
        return notes + ([self.say("breaks.origin", years=self.joined(met))] if met else [])

    # --- kinds -----------------------------------------------------------------------------------

    def kinds_general(self) -> Block:
        """The kinds of general industrial waste, the largest first."""
        return self._kinds(GENERAL)

    def kinds_hazardous(self) -> Block:
        """The categories of industrial hazardous waste, the largest first."""
        return self._kinds(HAZARDOUS)

    def _kinds(self, category: str) -> Block:
        """The kinds of a category: how much, what share, and how much of it was used."""
        name, title, kinds = f"kinds-{category}", self.say(f"kinds.{category}"), self.kinds(category)
        if not kinds:
            return self.statement(name, self.say("kinds.none"), title=title)
        made = {kind: self.kind_flow(category, kind, "generated") for kind in kinds}
        bars = [
            {
                "name": self.kind(kind),
                "value": float(str(made[kind].value)),
                "text": f"{made[kind].value:,}",
                "is_own": True,
            }
            for kind in kinds
        ]
        rows = [
            [
                self.kind(kind),
                made[kind],
                self.kind_share(category, kind),
                self.kind_use(category, kind),
                self._before(category, kind),
            ]
            for kind in kinds
        ]
        columns = [self.words("kind"), self.numbers("generated"), self.numbers("share"), self.numbers("use_ratio")]
        columns += [self.numbers("last_year", str(self.year - 1))]
        first = {"first": self.kind(kinds[0]), "share": self.kind_share(category, kinds[0])}
        return self.chart(
            name,
            charts.compared,
            bars,
            self.word("axis.amount"),
            alternative=self.say("kinds.alternative", count=str(len(kinds)), amount=made[kinds[0]], **first),
            table=TableContent(columns, rows, self.download(f"kinds_{category}")),
            title=title,
            notes=[
                self.say("kinds.note"),
                *([self.say("kinds.codes")] if category == HAZARDOUS else []),
                *([self.say("kinds.ash")] if ASH in kinds else []),
            ],
        )

    def _before(self, category: str, kind: str) -> Figure | str:
        before = self.kind_flow(category, kind, "generated", self.year - 1)
        return before if before.value is not None else NO_DATA

    def kind(self, kind: str) -> str:
        """The name of a kind; of a category of hazardous waste its code and its name in the national list."""
        found = waste.categories(date(self.year, 12, 31)).get(kind)
        if found is None:
            return kind if kind.startswith("HW") else self.word(f"kind.{kind}")
        return f"{kind} {found.name_zh if self.language == 'zh' else found.name_en}"

    def composition(self) -> Block:
        """What general industrial waste is made of, by the kinds whose shares were published, over the years."""
        title, kinds = self.say("composition.title"), (*COMPOSITION, REST)
        shares = {year: known([(kind, self.kind_share(GENERAL, kind, year)) for kind in kinds]) for year in self.years}
        shares = {year: found for year, found in shares.items() if found}
        if not shares:
            return self.statement("composition", self.say("kinds.none"), title=title)
        if all(kind == REST for found in shares.values() for kind, _ in found):
            return self.statement("composition", self.say("composition.rest_alone"), title=title)
        parts = [
            {"bar": str(year), "part": self.kind(kind), "position": kinds.index(kind), "value": float(str(share.value))}
            for year, found in shares.items()
            for kind, share in found
        ]
        totals = [{"bar": str(year), "total": "", "end": 100} for year in shares]
        columns = [self.words("year"), *(self.numbers(kind, self.kind(kind)) for kind in kinds)]
        rows = [[str(year), *(dict(found).get(kind, NO_DATA) for kind in kinds)] for year, found in shares.items()]
        last = max(shares)
        listed = [self.say("balance.part", flow=self.kind(kind), amount=share) for kind, share in shares[last]]
        return self.chart(
            "composition",
            charts.stacked_bars,
            parts,
            totals,
            dict(zip((self.kind(kind) for kind in kinds), charts.PALETTE, strict=False)),
            {"axis": self.word("axis.share"), "step": "20"},
            alternative=self.say("composition.alternative", last=str(last), parts=spliced(listed, self.separator)),
            table=TableContent(columns, rows, self.download("composition")),
            title=title,
            notes=[self.say("composition.note")],
        )
