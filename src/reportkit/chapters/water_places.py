"""Water beside the rivers (item Q2): drinking-water sources, lakes, the sea and the rivers that reach it."""

from __future__ import annotations

from datetime import date
from typing import Any

from reportkit import charts
from reportkit.blocks import Block, TableContent
from reportkit.chapters.water_periods import WaterPeriods
from reportkit.figures import Figure
from reportkit.standards import water


class WaterPlaces(WaterPeriods):
    """The drinking water, the lakes and the sea of one area in one year."""

    slug = "water"

    # --- drinking water, lakes, coast ------------------------------------------------------------

    def drinking(self) -> Block:
        """Each source of drinking water: how often it was checked and complied, and what was over."""
        rows = []
        months = self.source_months.rows[self.source_months.rows["year"] == self.year]
        for source in self.sources.to_dict("records"):
            failed = months[(months["intake_id"] == source["intake_id"]) & ~months["is_compliant"]]
            rows.append(
                [
                    source[f"name_{self.language}"],
                    self.word(f"source_level.{source['level']}"),
                    self.word(f"source_type.{source['type']}"),
                    self.source_checks(source["intake_id"]),
                    self.source_compliance(source["intake_id"]),
                    self.joined([self._failure(row) for row in failed.to_dict("records")]),
                ]
            )
        title = self.say("drinking.title")
        if not rows:
            return self.statement("drinking-sources", self.say("drinking.none"), title=title)
        columns = [self.words("source"), self.words("source_level"), self.words("source_type")]
        columns += [self.numbers("checks"), self.numbers("compliance"), self.words("failures")]
        notes = []
        for level in ("city", "township"):
            if (ratio := self.compliance(level)).value is not None:
                notes.append(self.say(f"drinking.{level}", ratio=ratio))
        return self.block(
            "table",
            "drinking-sources",
            {"table": TableContent(columns, rows, self.download("drinking"))},
            title=title,
            notes=[*notes, self.say("drinking.note")],
            tables=[self.source_months],
        )

    def _failure(self, row: Any) -> str:
        """A month in which a source did not comply, with the items that were over."""
        over = [part.partition(":")[::2] for part in str(row["exceeding"] or "").split(";")]
        items = [self.word("drinking.over", name=self.item(name), multiple=multiple) for name, multiple in over if name]
        return self.word("drinking.failed", month=row["month"], items=self.joined(items))

    def trophic(self) -> Block:
        """How rich in nutrients the lakes and reservoirs are."""
        title, lakes = self.say("lakes.title"), self.lakes["section_id"].tolist()
        if not lakes:
            return self.statement("lakes", self.say("lakes.none"), title=title)
        names = self.sections.set_index("section_id")
        rows = [
            [
                names.at[id_, f"name_{self.language}"],
                names.at[id_, f"river_{self.language}"],
                self.tli(id_),
                self.trophic_level(id_),
            ]
            for id_ in lakes
        ]
        columns = [self.words("section"), self.words("river"), self.numbers("tli"), self.words("trophic")]
        return self.block(
            "table",
            "lakes",
            {"table": TableContent(columns, rows, self.download("lakes"))},
            title=title,
            notes=[self.say("lakes.note")],
            tables=[self.years],
        )

    def sea_quality(self) -> Block:
        """The sea along the coast by season and year; an area without a coast says that it has none."""
        title = self.say("sea.title")
        if not self.area.has_coast:
            return self.statement("sea", self.say("sea.no_coast"), title=title)
        rows = self.near_shore.rows
        if rows.empty:
            return self.statement("sea", self.say("sea.none"), title=title)
        keys = rows[["area_code", "year", "season"]].to_dict("records")
        panels = {name: self.word(f"panel.{name}") for name in ("good_area_pct", "inorganic_nitrogen_mg_l")}
        table = [
            [str(key["year"]), self.word(f"season.{key['season']}"), *(self._sea(name, key) for name in panels)]
            for key in keys
        ]
        points = [
            {
                "panel": panel,
                "step": str(key["year"]),
                "value": float(str(figure.value)),
                "series": self.word(f"season.{key['season']}"),
            }
            for name, panel in panels.items()
            for key in keys
            if (figure := self._sea(name, key)).value is not None
        ]
        columns = [self.words("year"), self.words("season")]
        columns += [self.numbers("good_area_pct"), self.numbers("inorganic_nitrogen_mg_l")]
        alternative = self.say("sea.alternative")
        for area in rows["area_code"].unique():
            years = sorted(rows.loc[rows["area_code"] == area, "year"].astype(int))
            first, last = (self.sea_mean("good_area_pct", area, year) for year in (years[0], years[-1]))
            ends = {"first_year": str(years[0]), "last_year": str(years[-1])}
            alternative += self.say("sea.change", first=first, last=last, **ends)
        return self.chart(
            "sea",
            charts.small_lines,
            points,
            [{"panel": panel, "limit": None} for panel in panels.values()],
            alternative=alternative,
            table=TableContent(columns, table, self.download("sea")),
            title=title,
            notes=[self.say("sea.note")],
        )

    def _sea(self, column: str, key: Any) -> Figure:
        return self.sea(column, key["area_code"], int(key["year"]), key["season"])

    def sea_outlets(self) -> Block:
        """What flows into the sea: the class of rivers, the checks of outfalls."""
        title = self.say("outlets.title")
        if not self.area.has_coast:
            return self.statement("outlets", self.say("outlets.no_coast"), title=title)
        known = self.outlets.rows[self.outlets.rows["year"] == self.year]
        if known.empty:
            return self.statement("outlets", self.say("outlets.none"), title=title)
        rows = []
        for outlet in known.sort_values("outlet_id").to_dict("records"):
            id_, is_river = outlet["outlet_id"], outlet["kind"] == "river"
            rows.append(
                [
                    outlet[f"name_{self.language}"],
                    self.word(f"outlet.{outlet['kind']}"),
                    self.outlet_class(id_, self.year) if is_river else "",
                    self.outlet_class(id_, self.year - 1) if is_river else "",
                    "" if is_river else self.outlet_count("checks", id_),
                    "" if is_river else self.outlet_count("checks_compliant", id_),
                ]
            )
        columns = [self.words("outlet"), self.words("kind"), self.words("class", str(self.year))]
        columns += [self.words("class_last_year", str(self.year - 1))]
        columns += [self.numbers("checks"), self.numbers("checks_compliant")]
        return self.block(
            "table",
            "outlets",
            {"table": TableContent(columns, rows, self.download("outlets"))},
            title=title,
            notes=[self.say("outlets.good", count=self.sea_rivers_good())],
        )

    # --- words -----------------------------------------------------------------------------------

    def item(self, parameter: str) -> str:
        """The name of an item in the language of the page."""
        item = water.items(date(self.year, 12, 31), "lake").get(parameter)
        if item is None:
            return parameter
        return item.name_zh if self.language == "zh" else item.name_en

    def _level(self, code: str | None) -> str:
        return self.word("class.none" if code is None else f"class.{code}")
