"""Environmental incidents (item S5): how many of each level, what decided the level, and what the levels are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from reportkit import charts
from reportkit.blocks import Block, Column, TableContent
from reportkit.chapters import common, spliced
from reportkit.chapters.emergency_readiness import EmergencyReadiness
from reportkit.display import Displayed
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import emergency

LEVEL_COLOURS = dict(zip(emergency.LEVELS, ("#b3261e", "#c77d4a", "#d9a441", "#4fa3b5"), strict=True))
MEASURED = {"deaths": "1", "injured": "1", "evacuated": "1", "loss_yuan": "yuan"}


@dataclass(frozen=True)
class Parted(Displayed):
    """A whole and its parts: a row of a table, and the bar above it, which has the *name* of the *cell*."""

    cell: Any
    name: str
    whole: Figure
    parts: Mapping[str, Figure]

    @property
    def is_whole(self) -> bool:
        """Whether the number and all its parts are known, and add up: a published number may have no parts."""
        values = [part.value for part in (self.whole, *self.parts.values())]
        whole, *parts = [Decimal(value) if value is not None else None for value in values]
        return whole is not None and None not in parts and whole == sum(filter(None, parts))


class EmergencyIncidents(EmergencyReadiness):
    """The incidents of one area in one year, with the years before it beside it."""

    slug = "emergency"

    def stacked(
        self,
        name: str,
        rows: Sequence[Parted],
        colours: Mapping[str, str],
        first: Column,
        *,
        own: int | None,
        words_in: str = "",
        told: Parted | None = None,
        notes: Sequence[list[Any]] = (),
        **more: Any,
    ) -> Block:
        """Bars of so many parts with the whole at their ends, the *own* one marked; beneath them the table.

        The text alternative tells the parts of the bar *told*, or of the own one, or of the last. Messages:
        ``NAME.title``, ``NAME.axis``, ``NAME.alternative`` (``{bar}``, ``{count}``, ``{parts}``) or, where there is
        nothing to tell, ``NAME.none`` (``{bar}``), ``column.NAME``, and ``NAME.PART`` for each of *colours*, or
        ``WORDS_IN.PART``.
        """
        words = {part: self.word(f"{words_in or name}.{part}") for part in colours}
        drawn = [rows[place] for place in common.pictured(len(rows), own)]
        parts = [
            {"bar": row.name, "part": words[part], "position": place, "value": float(str(row.parts[part].value))}
            for row in drawn
            for place, part in enumerate(colours)
        ]
        totals = [
            {"bar": row.name, "total": f"{row.whole.value:,}", "end": float(str(row.whole.value))} for row in drawn
        ]
        told = told or rows[-1 if own is None else own]
        listed = [
            self.say("part", name=words[part], amount=told.parts[part]) for part in colours if told.parts[part].value
        ]
        columns = [first, self.numbers(name), *(self.numbers(part, words[part]) for part in colours)]
        return self.chart(
            name,
            charts.stacked_bars,
            parts,
            totals,
            {words[part]: colour for part, colour in colours.items()},
            {"axis": self.word(f"{name}.axis"), "step": "1"},
            alternative=self.say(
                f"{name}.{'alternative' if listed else 'none'}",
                **{"bar": told.name, "count": told.whole, "parts": spliced(listed, self.separator)},
            ),
            table=TableContent(
                columns,
                [[row.cell, row.whole, *(row.parts[part] for part in colours)] for row in rows],
                self.download(name),
                marked=own,
            ),
            title=self.say(f"{name}.title"),
            notes=[*notes, *common.left_out(self, len(rows), len(drawn))],
            **more,
        )

    def parted_by_year(self, of: Callable[..., Figure], parts: Sequence[str]) -> list[Parted]:
        """A number *of* each year with its *parts*, of the years of which all are known."""
        rows = [
            Parted(str(year), str(year), of(year), {part: of(year, part) for part in parts}) for year in self.last_years
        ]
        return [row for row in rows if row.is_whole]

    def year_by_year(self, rows: Sequence[Parted]) -> list[Any]:
        """The wholes of *rows* of years in words; that they are zero is a number too, and may be invented."""
        told = [self.say("in_year", year=row.name, amount=row.whole) for row in rows]
        return self.say("year_by_year", parts=spliced(told, self.separator)) if told else []

    def parted_now(self, of: Callable[..., Figure], parts: Sequence[str]) -> Parted | None:
        """The same of the page's year; nothing where the number or its parts are not known."""
        return next((row for row in self.parted_by_year(of, parts) if row.name == str(self.year)), None)

    def incidents_by_level(self) -> Block:
        """The incidents of each year by their level."""
        rows = self.parted_by_year(self.incident_count, emergency.LEVELS)
        title, published = self.say("incidents.title"), self.made_here(self.incidents)
        if not rows:
            return self.statement("incidents", self.say("incidents.unknown"), title=title, tables=published)
        if not any(row.whole.value for row in rows):
            ends = {"first_year": rows[0].name, "last_year": rows[-1].name}
            said = self.say("incidents.never", **ends)
            return self.statement("incidents", said, self.year_by_year(rows), title=title, tables=published)
        return self.stacked(
            "incidents",
            rows,
            LEVEL_COLOURS,
            self.words("year"),
            own=own_place(rows, str(self.year)),
            notes=[self.say("incidents.note", radiation=self.way_to("radiation"))],
            tables=published,
        )

    def incident_list(self) -> Block:
        """Each incident of the years shown, the latest first: what it did, its level, and what decided that."""
        rows = self.incidents.where({"area_code": self.codes})
        title, published = self.say("incident_list.title"), self.made_here(self.incidents)
        if rows.empty:
            none = [count for year in self.last_years if (count := self.incident_count(year)).value is not None]
            return self.statement(
                "incident_list", self.say("incident_list.none"), title=title, tables=published, also=none
            )
        names = {area.code: self.name(area) for area in self.edition.areas.values()}
        table = [
            [
                f"{row['date']:%Y-%m-%d}",
                names[row["area_code"]],
                self._cause(row),
                self.of_incident(row, "level", ""),
                self.of_incident(row, "criterion", ""),
                self._harm(row),
                self.say(
                    "incident_list.reported",
                    minutes=self.of_incident(row, "report_minutes"),
                    verdict=self.of_incident(row, "report", ""),
                ),
            ]
            for row in rows.sort_values(["date", "incident_id"], ascending=False).to_dict("records")
        ]
        columns = [self.words(name) for name in ("day", "area", "cause", "level", "criterion", "harm", "report")]
        return self.block(
            "table",
            "incident_list",
            {"table": TableContent(columns, table, self.download("incident_list"))},
            title=title,
            notes=[self.say("incident_list.note"), self.say("incident_list.report")],
            tables=published,
        )

    def _harm(self, row: Mapping[Any, Any]) -> Any:
        """How many people an incident harmed, and what it cost; a dash where it did neither."""
        harmed = {name: self.of_incident(row, name, unit) for name, unit in MEASURED.items()}
        said = [
            self.say("part", name=self.word(f"word.{name}"), amount=amount)
            for name, amount in harmed.items()
            if amount.value
        ]
        return spliced(said, self.separator) if said else NO_DATA

    def _cause(self, row: Mapping[Any, Any]) -> Any:
        """What caused an incident, and in which enterprise where it was one of the register."""
        cause = self.word(f"cause.{row['cause']}")
        if not isinstance(row["enterprise_id"], str):
            return cause
        return self.say("incident_list.cause", cause=cause, enterprise=[self.enterprise(row["enterprise_id"])])

    def level_criteria(self) -> Block:
        """What makes an incident of each level, criterion by criterion."""
        rows = emergency.criteria(date(self.year, 12, 31))
        said = {(row["level"], row["criterion"]): row[f"name_{self.language}"] for row in rows}
        criteria = list(dict.fromkeys(row["criterion"] for row in rows))
        table = [
            [
                self.word(f"word.{criterion}"),
                *(said.get((level, criterion), NO_DATA) for level in emergency.LEVELS),
            ]
            for criterion in criteria
        ]
        columns = [
            self.words("criterion"),
            *(self.words(level, self.word(f"word.{level}")) for level in emergency.LEVELS),
        ]
        return self.block(
            "table",
            "level_criteria",
            {"table": TableContent(columns, table, self.download("level_criteria"))},
            title=self.say("level_criteria.title"),
            notes=[self.say("level_criteria.note", provision=f"{rows[0]['standard']} {rows[0]['clause'].split()[0]}")],
        )


def own_place(rows: Sequence[Parted], name: str) -> int | None:
    """Where the row called *name* stands among *rows*."""
    names = [row.name for row in rows]
    return names.index(name) if name in names else None
