"""Inspection (item S4): the random draw and what it found, grids and officers, devices, the districts side by side."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from reportkit import charts, draw
from reportkit.blocks import Block, TableContent
from reportkit.chapters import common
from reportkit.chapters.supervision_figures import CLASSES, STAGES, SupervisionFigures
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import law, supervision

S4 = "S4"
LATEST = 12
SHOWN_OF_HASH = 12
# What the city bureau's own plan says, which carries no year: what is drawn at least, and of how many.
PLAN = (
    *("plan_key", "plan_special", "plan_general"),
    *("plan_units", "plan_projects", "plan_river_outlets", "plan_sea_outlets"),
)
OTHERS_COMPARED = ("found_share", "officers", "drones", "points", "capture_air", "held_share")


class SupervisionDraw(SupervisionFigures):
    """How one area inspects in one year, with the years before it beside it."""

    # --- the random draw -------------------------------------------------------------------------

    def funnel(self) -> Block:
        """How many units were on the list, drawn, inspected, found with problems, and published, by class."""
        title = self.say("funnel.title")
        if not self.checked("drawn", self.year).value:
            return self.statement("funnel", self.say("funnel.none"), title=title, item=S4)
        stages = {stage: self.checked(stage, self.year) for stage in STAGES}
        bars = [
            {"name": self.word(f"column.{stage}"), "count": int(str(it.value))}
            for stage, it in stages.items()
            if it.value is not None
        ]
        columns = ("pool", *STAGES)
        rows = [
            [self.word(f"class.{class_}"), *(self.checked(column, self.year, class_) for column in columns)]
            for class_ in CLASSES
            if self.checked("drawn", self.year, class_).value is not None
        ]
        rows.append([self.word("class.all"), *(self.checked(column, self.year) for column in columns)])
        headings = [self.words("class"), *map(self.numbers, columns)]
        return self.chart(
            "funnel",
            charts.counts,
            bars,
            self.word("axis.units"),
            alternative=self.say("funnel.alternative", **stages),
            table=TableContent(headings, rows, self.download("funnel"), marked=len(rows) - 1),
            is_open=True,
            title=title,
            notes=[
                *self._publication_notes(),
                self.say("funnel.note"),
                *self._special_note(),
                *self._only_city("funnel.city_note"),
            ],
            item=S4,
        )

    def _special_note(self) -> list[list[Any]]:
        """How many key units are drawn as special, where any is; of a published list the classes are not known."""
        listed, special, key = self.key_units(), self.special_key(), self.checked("pool", self.year, "key")
        if listed.status != key.status or special.value is None or int(special.value) <= 0:
            return []
        return [self.say("funnel.special", listed=listed, special=special, left=key)]

    def _only_city(self, key: str) -> list[list[Any]]:
        """The message *key* as a note, on the page of the city."""
        return [self.say(key)] if self.area.is_city else []

    def class_ratios(self) -> Block:
        """What percent of each class the area's own bureau draws in a quarter, and whether that is as much as asked."""
        known = [class_ for class_ in CLASSES if self.planned(class_).value is not None]
        title = self.say("ratios.title")
        if not known:
            return self.statement("ratios", self.say("draw_list.none"), *self._undated_plan(), title=title, item=S4)
        rows = [
            [
                self.word(f"class.{class_}"),
                self.planned(class_),
                self.least(class_),
                self.ratio_verdict(class_) or NO_DATA,
            ]
            for class_ in known
        ]
        columns = [self.words("class"), self.numbers("ratio"), self.numbers("least"), self.words("verdict")]
        return self.block(
            "table",
            "ratios",
            {"table": TableContent(columns, rows, self.download("ratios"))},
            title=title,
            notes=[self.say("ratios.note"), *self._undated_plan(), *self._only_city("ratios.city_note")],
            item=S4,
        )

    def _undated_plan(self) -> list[list[Any]]:
        """What the city bureau's own plan asks for, and that it carries no year; nothing where it was not found."""
        rows = self.city.published.where({"indicator": list(PLAN)}).to_dict("records")
        printed = {row["indicator"]: self.city.printed_figure(row) for row in rows}
        if set(printed) != set(PLAN):
            return []
        return [self.say("ratios.undated", inferred=str(rows[0]["year"]), **printed)]

    def _publication_notes(self) -> list[list[Any]]:
        """Whether the results were published in time."""
        verdict = self.publication_verdict()
        if verdict is None:
            return []
        late, never = self.with_publication(law.LATE), self.with_publication(law.UNPUBLISHED)
        limits = {"slowest": self.slowest(), "limit": self.deadline()}
        return [self.say("funnel.publication", verdict=verdict, late=late, never=never, **limits)]

    def inspected_years(self) -> Block:
        """What was drawn, inspected and found over the years."""
        lines: dict[str, Callable[[int], Figure]] = {
            "drawn": partial(self.checked, "drawn"),
            "inspected": partial(self.checked, "inspected"),
            "found_share": self.found_share,
        }
        notes = [self.say("inspected_years.note")]
        return common.over_years(self, "inspected_years", lines, self.last_years, notes=notes, item=S4)

    def draw_list(self) -> Block:
        """The draws of the area's own bureau: what was committed to and when, the seed, and how it came out again."""
        rows = self.reader.rows("supervision/draws", area_code=self.area.code)
        rows = rows[rows["drawn_date"].dt.year == self.year]
        title = self.say("draw_list.title")
        published = self.made_here(self.draws)
        if rows.empty:
            return self.statement("draw_list", self.say("draw_list.none"), title=title, item=S4, tables=published)
        table = [
            [
                f"{row['drawn_date']:%Y-%m-%d}",
                self.of_draw(row["draw_id"], "drawn"),
                self.of_draw(row["draw_id"], "outcome"),
                self.of_draw(row["draw_id"], "differences"),
                f"{row['committed_date']:%Y-%m-%d}",
                f"{row['commitment'][:SHOWN_OF_HASH]}…",
                row["seed"],
            ]
            for row in rows.to_dict("records")
        ]
        columns = [self.words("drawn_date"), self.numbers("units"), self.words("outcome"), self.numbers("differences")]
        columns += [self.words(name) for name in ("committed_date", "commitment", "seed")]
        counted = {"count": self.draws_run(), "repeated": self.draws_run(supervision.REPEATS)}
        notes = [self.say("draw_list.all", **counted)] if self.area.is_city else []
        return self.block(
            "table",
            "draw_list",
            {"table": TableContent(columns, table, self.download("draw_list"))},
            title=title,
            notes=[*notes, self.say("draw_list.note")],
            item=S4,
            tables=published,
        )

    def how_to_repeat(self) -> Block:
        """How anyone can repeat a draw, with the first unit of the area's latest one as the example."""
        rows = self._latest_rows()
        steps = [self.say(f"repeat.{step}") for step in ("committed", "lists", "order", "inspectors", "command")]
        if rows:
            seed = str(self.reader.rows("supervision/draws", draw_id=rows[0]["draw_id"])["seed"].iloc[0])
            unit = str(rows[0]["enterprise_id"])
            steps.append(self.say("repeat.example", seed=seed, unit=unit, hash=draw.digest(seed, unit)))
        steps.append(self.say("repeat.limits"))
        return self.statement("how_to_repeat", *steps, title=self.say("repeat.title"), item=S4)

    def _latest_rows(self) -> list[dict[Any, Any]]:
        """The units of the latest draw of the area's own bureau, in their order."""
        rows = self.drawn.where({"bureau_code": self.area.code})
        own = self.draws.where({"bureau_code": self.area.code}).sort_values("drawn_date")
        if own.empty:
            return []
        rows = rows[rows["draw_id"] == own["draw_id"].iloc[-1]]
        return list(rows.sort_values(["class", "place"]).to_dict("records"))

    def latest_drawn(self) -> Block:
        """Who was drawn last by the area's own bureau, who inspected, what was found, and when that was published."""
        title, rows = self.say("latest.title"), self._latest_rows()
        published = self.made_here(self.drawn)
        if not rows:
            return self.statement("latest", self.say("draw_list.none"), title=title, item=S4, tables=published)
        table = [
            [
                self.enterprise(row["enterprise_id"]),
                self.word(f"class.{row['class']}"),
                f"{row['inspected_date']:%Y-%m-%d}" if row["is_inspected"] else NO_DATA,
                self.word(f"found.{row['found'] or 'unknown'}"),
                *(
                    self.of_unit(row["draw_id"], row["enterprise_id"], column)
                    for column in ("working_days", "publication")
                ),
                self.joined([row["inspector_1"], row["inspector_2"]]),
            ]
            for row in rows[:LATEST]
        ]
        columns = [self.words(name) for name in ("enterprise", "class", "inspected_date", "result")]
        columns += [self.numbers("working_days"), self.words("publication"), self.words("inspectors")]
        return self.block(
            "table",
            "latest",
            {"table": TableContent(columns, table, self.download("latest"))},
            title=title,
            notes=[self.say("latest.note", shown=str(len(table)), count=self.of_draw(rows[0]["draw_id"], "drawn"))],
            item=S4,
            tables=published,
        )

    # --- officers and devices --------------------------------------------------------------------

    def grids(self) -> Block:
        """Grids of townships and parks, full-time officers, and what they found, over the years."""
        lines: dict[str, Callable[[int], Figure]] = {
            "grids": partial(self.yearly, "grids"),
            "park_grids": partial(self.yearly, "park_grids"),
            "officers": partial(self.yearly, "officers"),
            "grid_found": partial(self.yearly, "grid_found"),
            "closed_share": self.closed_share,
        }
        return common.over_years(self, "grids", lines, self.last_years, notes=[self.say("grids.note")], item=S4)

    def devices(self) -> Block:
        """Drones, mobile monitoring and enforcement, the positive list, and duties assigned, year by year."""
        columns: dict[str, Callable[[int], Figure]] = {
            **{name: partial(self.yearly, name) for name in ("drones", "flights")},
            "mobile_km": partial(self.yearly, "mobile_km", unit="km"),
            "devices": partial(self.yearly, "devices"),
            "positive_list": self.positive_list,
            **{name: partial(self.yearly, name) for name in ("duties", "duties_assigned")},
        }
        return common.by_year(self, "devices", columns, self.last_years, notes=[self.say("devices.note")], item=S4)

    def districts(self) -> Block:
        """The inspected units of the districts, with other columns beside them."""
        compared = self.compared()
        others = {name: compared[name].get for name in OTHERS_COMPARED}
        notes = [self.say("districts.note")]
        return common.by_district(self, "districts", compared["districts"], others=others, notes=notes, item=S4)
