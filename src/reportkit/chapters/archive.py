"""The archive of one enterprise (item C3): what it makes, its credit by year, its penalties and permits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import pandas as pd

from reportkit import figures
from reportkit.blocks import Block, TableContent
from reportkit.chapters import ENTERPRISE, ENTERPRISES, Area, Chapter, Disclosure, Edition, common
from reportkit.errors import SettingsError, nearest
from reportkit.figures import Figure, PublishedTable
from reportkit.memo import memo
from reportkit.project import Project, open_project

ITEM = "C3"


class Archive(Chapter):
    """What is on record about one enterprise up to one year: a method for each block."""

    slug = "archive"
    order = 200
    items = (ITEM,)
    subject = ENTERPRISE

    def __init__(self, edition: Edition, area: Area, enterprise: str) -> None:
        super().__init__(edition, area)
        self.enterprise_id = enterprise

    @classmethod
    def open(cls, enterprise: str, year: int, language: str, project: Project | None = None) -> Self:
        """The archive of *enterprise* (its id in the register), ready for a notebook.

        Raises SettingsError for an unknown enterprise or language, naming the nearest known one.
        """
        edition = Edition.of(project or open_project(), year, language)
        if enterprise not in edition.enterprises:
            raise SettingsError(
                f"Unknown enterprise {enterprise!r}.",
                where="data/enterprises/register.csv",
                do=nearest(enterprise, edition.enterprises),
            )
        return cls(edition, edition.area_of(enterprise), enterprise)

    def identity(self, name: str) -> str:
        """The id of the figure *name*, as in ``2024/enterprises/ID#points``."""
        return f"{self.year}/{ENTERPRISES}/{self.enterprise_id}#{name}"

    def table_name(self, name: str) -> str:
        """The address of the table *name* below ``data/``, without ``.csv``."""
        return f"{self.year}/{ENTERPRISES}/{self.enterprise_id}/{name}"

    def disclosure(self, item: str) -> Disclosure:
        """Archives are counted by the chapter on credit, not one by one."""
        raise NotImplementedError

    def say(self, key: str, **values: Any) -> list[Any]:
        """The message *key*, with the name of the ``{enterprise}`` at hand."""
        return super().say(key, **{"enterprise": self.enterprise(self.enterprise_id)["text"], **values})

    # --- rows ------------------------------------------------------------------------------------

    @memo
    def records(self, table: str) -> PublishedTable:
        """The rows of *table* about this enterprise, up to the page's year."""
        rows = self.reader.rows(table, enterprise_id=self.enterprise_id)
        return PublishedTable(table, rows[_year_of(rows) <= self.year])

    @property
    def entry(self) -> Mapping[str, Any]:
        """Its row in the register."""
        return self.edition.enterprises[self.enterprise_id]

    @property
    def years(self) -> list[int]:
        """The years in which its credit was evaluated."""
        return sorted(int(year) for year in self.records("credit/evaluations").rows["year"])

    @memo
    def points(self, year: int) -> Figure:
        """The points of its credit in a *year*."""
        of = {"enterprise_id": self.enterprise_id, "year": year}
        measured = figures.select(self.records("credit/evaluations"), "points", **of)
        return self.figure(self.suffixed("points", year), measured, unit="point", period=str(year))

    @memo
    def penalties(self) -> Figure:
        """How many penalties there were, up to the page's year."""
        table = self.records("law/penalties")
        return self.figure("penalties", figures.count(table, number=sorted(table.rows["number"])), unit="case")

    def level(self, year: int) -> str:
        """The word for the level of its credit in a *year*; empty where there is none."""
        rows = self.records("credit/evaluations").rows
        found = rows.loc[rows["year"] == year, "level"]
        return self.word(f"level.{found.iloc[0]}") if len(found) else ""

    # --- blocks ----------------------------------------------------------------------------------

    def answer(self) -> Block:
        """Who is it, what is its credit now, and what was it penalised for? In a few sentences."""
        entry, last = self.entry, max(self.years, default=None)
        return self.statement(
            "answer",
            self.say(
                "answer.who", industry=self.word(f"industry.{entry['industry']}"), opened=str(entry["opened_year"])
            ),
            [] if pd.isna(entry["closed_year"]) else self.say("answer.closed", closed=str(entry["closed_year"])),
            self.say("answer.credit", last=str(last), level=self.level(last), points=self.points(last)) if last else [],
            self.say("answer.penalties", count=self.penalties()),
            tables=[PublishedTable("enterprises/register", pd.DataFrame([entry]))],
        )

    def credit(self) -> Block:
        """Its credit over the years: points, and the level they led to."""
        levels = self.say("credit.levels", levels=self.joined([f"{year} {self.level(year)}" for year in self.years]))
        return common.over_years(
            self, "credit", {"points": self.points}, self.years, notes=[levels] if self.years else []
        )

    def decisions(self) -> Block:
        """Each penalty: when, what for, how much."""
        rows = self.records("law/penalties").rows.sort_values("decided_date", ascending=False)
        return self._listed(
            "decisions",
            self.say("decisions.none"),
            "law/penalties",
            ["number", "decided", "violation", "fine"],
            [
                [
                    row["number"],
                    f"{row['decided_date']:%Y-%m-%d}",
                    self.word(f"violation.{row['violation']}"),
                    self._of_row("fine", "law/penalties", "fine_yuan", "yuan", row, "number"),
                ]
                for row in rows.to_dict("records")
            ],
        )

    def permits(self) -> Block:
        """Its discharge permits, the newest first."""
        rows = self.records("enterprises/permits").rows.sort_values("issued_date", ascending=False)
        return self._listed(
            "permits",
            self.say("permits.none"),
            "enterprises/permits",
            ["permit", "management", "issued", "valid_until"],
            [
                [
                    row["permit_id"],
                    self.word(f"management.{row['management']}"),
                    f"{row['issued_date']:%Y-%m-%d}",
                    f"{row['valid_until']:%Y-%m-%d}",
                ]
                for row in rows.to_dict("records")
            ],
        )

    def _of_row(self, name: str, table: str, column: str, unit: str, row: Mapping[Any, Any], key: str) -> Figure:
        """The number in a *column* of one *row*, which its *key* names."""
        measured = figures.select(self.records(table), column, **{key: row[key]})
        return self.figure(f"{name}_{row[key]}", measured, unit=unit)

    def _listed(self, name: str, none: list[Any], table: str, columns: list[str], rows: list[list[Any]]) -> Block:
        """A table of records, or the words for that there are *none*."""
        title = self.say(f"{name}.title")
        if not rows:
            return self.statement(name, none, title=title, tables=[self.records(table)])
        numbers = {place for place, cell in enumerate(rows[0]) if isinstance(cell, Figure)}
        shown = [self.numbers(it) if place in numbers else self.words(it) for place, it in enumerate(columns)]
        content = TableContent(shown, rows, self.download(name))
        return self.block("table", name, {"table": content}, title=title, tables=[self.records(table)])


def _year_of(rows: pd.DataFrame) -> pd.Series:
    """The year each record is of: as it is written, or that of its decision or issue."""
    dated = next(name for name in ("year", "decided_date", "issued_date") if name in rows)
    years: pd.Series = rows[dated] if dated == "year" else rows[dated].dt.year
    return years
