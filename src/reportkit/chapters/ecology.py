"""Ecology and biodiversity (item Q6): what has been published, item by item."""

from __future__ import annotations

from typing import Any

from reportkit import figures
from reportkit.blocks import Block, TableContent
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY, Chapter, Disclosure
from reportkit.figures import Figure
from reportkit.status import OFFICIAL, PROVISIONAL


class Ecology(Chapter):
    """Ecology and biodiversity of one area in one year: a method for each block of the notebook."""

    slug = "ecology"
    order = 70
    items = ("Q6",)

    # --- figures ---------------------------------------------------------------------------------

    def indicators(self, item: str) -> dict[str, dict[str, Any]]:
        """What has been published under *item* about the area: each indicator's names and unit."""
        rows = self.published.rows
        rows = rows[rows["item_id"] == item].drop_duplicates("indicator").set_index("indicator")
        return {str(name): dict(row) for name, row in rows.iterrows()}

    def value(self, indicator: str, unit: str, year: int) -> Figure:
        """The published value of *indicator* in a year; no value where there is none."""
        measured = figures.select(self.published, "value", indicator=indicator, year=year)
        return self.figure(self.suffixed(indicator, year), measured, unit=unit, period=str(year))

    def count(self) -> Figure:
        """How many figures of the year have been published; made-up ones do not count."""
        measured = figures.count(self.published, year=self.year, status=[OFFICIAL, PROVISIONAL])
        return self.figure("count", measured, unit="item")

    def disclosure(self, item: str) -> Disclosure:
        """An item is disclosed when figures of it are published for the year; made-up ones do not count."""
        rows = self.published.where({"item_id": item, "status": [OFFICIAL, PROVISIONAL]})
        rows = rows[rows["year"] <= self.year]
        now = set(rows.loc[rows["year"] == self.year, "status"])
        if not now:
            return Disclosure(item, NOT_DISCLOSED, None)
        return Disclosure(item, DISCLOSED if now == {OFFICIAL} else PARTLY, int(rows["year"].min()))

    # --- blocks ----------------------------------------------------------------------------------

    def answer(self) -> Block:
        """What is known, in a sentence."""
        count = self.count()
        said = self.say("answer.some", count=count) if count.value else self.say("answer.nothing")
        return self.statement("answer", said, tables=[self.published])

    def q6(self) -> Block:
        """Ecology and biodiversity."""
        return self._published("Q6")

    def _published(self, item: str) -> Block:
        """The figures of *item*, this year's and last year's."""
        rows = [
            [about[f"name_{self.language}"], *(self.value(name, about["unit"], year) for year in self._years)]
            for name, about in self.indicators(item).items()
        ]
        if not rows:
            return self.statement(item.lower(), self.say("nothing"), item=item)
        years = [self.numbers(f"in_{year}", str(year)) for year in self._years]
        table = TableContent([self.words("indicator"), *years], rows, self.download(item.lower()))
        return self.block("table", item.lower(), {"table": table}, item=item, title=self.say("title"))

    @property
    def _years(self) -> tuple[int, int]:
        return self.year - 1, self.year
