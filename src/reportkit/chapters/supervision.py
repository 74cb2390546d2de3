"""Supervision (items S1 to S4, S6): the answer, data sets, platform, monitoring network, science and technology."""

from __future__ import annotations

from functools import partial
from typing import Any

from reportkit import charts
from reportkit.blocks import Block, TableContent
from reportkit.chapters import Card, Headline, common, of_every_area, spliced
from reportkit.chapters.supervision_draw import SupervisionDraw
from reportkit.chapters.supervision_figures import SHARINGS, SOURCES, THEMES, WANTED
from reportkit.chapters.supervision_points import ELEMENTS, MODES, WARNING
from reportkit.figures import NO_DATA
from reportkit.standards import supervision
from reportkit.status import DEMONSTRATION

MODE_COLOURS = dict(zip(MODES, (charts.ACCENT, charts.QUIET), strict=True))
SHARING_COLOURS = dict(zip(SHARINGS, ("#0f6e84", "#d9a441", "#c9d3da"), strict=True))
SHADES = (40, 30, 20, 10, 0)  # at least so many points in a district, from the darkest tile


class Supervision(SupervisionDraw):
    """How one area is watched over in one year: a method for each block of the notebook."""

    slug = "supervision"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """Who was inspected, whether the draw can be repeated, and what is measured and held? In a few sentences."""
        if not self.has_values:
            return self.statement("answer", self.say("no_values"))
        return self.statement(
            "answer",
            self._origin(),
            self._inspected_sentence(),
            self._draws_sentence(),
            self._network_sentence(),
            self._officers_sentence(),
            item="S4",
        )

    def headline(self) -> Headline:
        """How many units were inspected, and with how many problems."""
        inspected, last = self.checked("inspected", self.year), self.year - 1
        if inspected.value is None:
            return Headline(self.say("headline.none"))
        officers, before = self.yearly("officers", self.year), self.yearly("officers", last)
        cards = [
            Card(self.word("card.inspected"), inspected, self.checked("inspected", last), "random"),
            Card(self.word("card.officers"), officers, before, "officers"),
        ]
        said = {"inspected": inspected, "found": self.checked("found", self.year), "share": self.found_share(self.year)}
        return Headline(self.say("headline.some", **said), cards)

    def _origin(self) -> list[Any]:
        """That what follows is invented, where it is."""
        if self.checked("inspected", self.year).status != DEMONSTRATION:
            return []
        return self.say("answer.city_invented" if self.area.is_city else "answer.district_invented")

    def _inspected_sentence(self) -> list[Any]:
        stages = {stage: self.checked(stage, self.year) for stage in ("pool", "drawn", "inspected", "found")}
        if any(figure.value is None for figure in stages.values()):
            return self.say("answer.inspected_unknown")
        return self.say("answer.inspected", share=self.found_share(self.year), **stages)

    def _draws_sentence(self) -> list[Any]:
        count, repeated = self.draws_run(), self.draws_run(supervision.REPEATS)
        if not count.value:
            return self.say("answer.draws_unknown")
        key = "answer.draws_all" if count.value == repeated.value else "answer.draws_some"
        return self.say(key, count=count, repeated=repeated)

    def _network_sentence(self) -> list[Any]:
        count, capture = self.point_count(), self.capture("air")
        if not count.value:
            return self.say("answer.points_none")
        said = {"count": count, "automatic": self.point_count(mode="automatic")}
        if capture.value is None:
            return self.say("answer.points", **said)
        return self.say("answer.points_capture", capture=capture, **said)

    def _officers_sentence(self) -> list[Any]:
        officers = self.yearly("officers", self.year)
        if officers.value is None:
            return []
        return self.say("answer.officers", officers=officers, grids=self.yearly("grids", self.year))

    # --- data sets and platform ------------------------------------------------------------------

    def inventory(self) -> Block:
        """The data sets: whose, how often, how late, with whom shared, and how many rows the area has of the year."""
        title, about = self.say("inventory.title"), self.datasets.rows
        if about.empty:
            return self.statement("inventory", self.say("inventory.none"), title=title, item="S1")
        owners = about["owner"].value_counts(sort=False)
        names = {sharing: self.word(f"sharing.{sharing}") for sharing in SHARINGS}
        parts = [
            {"bar": self.word(f"owner.{owner}"), "part": names[sharing], "position": place, "value": float(count)}
            for owner in owners.index
            for place, sharing in enumerate(SHARINGS)
            if (count := int(((about["owner"] == owner) & (about["sharing"] == sharing)).sum()))
        ]
        totals = [
            {"bar": self.word(f"owner.{owner}"), "total": str(count), "end": float(count)}
            for owner, count in owners.items()
        ]
        rows = [self._dataset(row) for row in about.to_dict("records")]
        columns = [self.words("dataset"), self.words("owner"), self.words("frequency"), self.numbers("delay_days")]
        columns += [self.words("sharing"), self.numbers("rows"), self.numbers("districts_held")]
        held = {"due": self.due(), "held": self.held(), "share": self.held_share()}
        return self.chart(
            "inventory",
            charts.stacked_bars,
            parts,
            totals,
            {names[sharing]: colour for sharing, colour in SHARING_COLOURS.items()},
            {"axis": self.word("axis.datasets"), "step": "1"},
            alternative=self.say("inventory.alternative", count=str(len(about))),
            table=TableContent(columns, rows, self.download("inventory")),
            title=title,
            notes=[
                self.say("inventory.held", **held, official=self._official_clause()),
                self.say("inventory.note"),
                *([self.say("inventory.invented")] if DEMONSTRATION in set(about["status"]) else []),
            ],
            item="S1",
            tables=self.made_here(self.holdings),
        )

    def _official_clause(self) -> list[Any]:
        """How many data sets are not wholly a demonstration, where any is."""
        official = self.held_officially()
        return self.say("inventory.official", official=official) if official.value else []

    def _dataset(self, row: Any) -> list[Any]:
        """A data set of the inventory as a row of its table."""
        return [
            self.reader.tables[row["dataset"]].title[self.language],
            self.word(f"owner.{row['owner']}"),
            self.word(f"frequency.{row['frequency']}"),
            self.delay(row["dataset"]),
            self.word(f"sharing.{row['sharing']}"),
            self.rows_held(row["dataset"]),
            self._districts_held(row) if row["level"] == "district" else NO_DATA,
        ]

    def _districts_held(self, row: Any) -> list[Any]:
        """In how many of the districts that it applies to a data set has rows of the year: the same on every page."""
        held = self.city.districts_held(row["dataset"])
        asked = self.holdings.where({"dataset": row["dataset"], "is_applicable": True})
        return self.say("inventory.districts", held=held, count=str(len(asked)))

    def services(self) -> Block:
        """The services of the city's platform: data sets, layers, calls, and how late what they show is."""
        rows = self.platform_rows.where({"year": self.year})
        title = self.say("services.title")
        if rows.empty:
            return self.statement("services", self.say("services.none"), title=title, item="S2")
        units = {"datasets": "1", "layers": "1", "calls_10k": "1", "delay_days": "day"}
        table = [
            [
                row[f"name_{self.language}"],
                self.word("services.public" if row["is_public"] else "services.internal"),
                *(self.service(row["service_id"], column, unit) for column, unit in units.items()),
            ]
            for row in rows.to_dict("records")
        ]
        columns = [self.words("service"), self.words("for_whom"), *(self.numbers(name) for name in units)]
        return self.block(
            "table",
            "services",
            {"table": TableContent(columns, table, self.download("services"))},
            title=title,
            notes=[self.say("services.note")],
            item="S2",
        )

    def platform_years(self) -> Block:
        """Data sets and calls of the platform, and the delay of its slowest service, over the years."""
        lines = {
            column: partial(self.platform, name)
            for column, name in {"served": "datasets", "calls": "calls_10k", "slowest_delay": "delay_days"}.items()
        }
        notes = [self.say("platform_years.note")]
        return common.over_years(self, "platform_years", lines, self.last_years, notes=notes, item="S2")

    # --- the network -----------------------------------------------------------------------------

    def network(self) -> Block:
        """The points of each element, automatic and manual, and their data capture."""
        title = self.say("network.title")
        known = [element for element in ELEMENTS if self.point_count(element).value]
        if not known:
            published = self.made_here(self.points)
            return self.statement("network", self.say("answer.points_none"), title=title, item="S3", tables=published)
        names = {mode: self.word(f"mode.{mode}") for mode in MODES}
        parts = [
            {
                "bar": self.word(f"element.{element}"),
                "part": names[mode],
                "position": place,
                "value": float(str(self.point_count(element, mode).value)),
            }
            for element in known
            for place, mode in enumerate(MODES)
        ]
        ends = {element: str(self.point_count(element).value) for element in known}
        totals = [
            {"bar": self.word(f"element.{element}"), "total": end, "end": float(end)} for element, end in ends.items()
        ]
        rows = [
            [
                self.word(f"element.{element}"),
                self.point_count(element),
                *(self.point_count(element, mode) for mode in MODES),
                self.yearly(f"warning_points_{element}", self.year) if element in WARNING else NO_DATA,
                self.capture(element),
                self.word(f"counted.{element}"),
            ]
            for element in known
        ]
        columns = [self.words("element"), self.numbers("points"), *(self.numbers(mode) for mode in MODES)]
        columns += [self.numbers("warning"), self.numbers("capture"), self.words("counted")]
        listed = [
            self.say("part", name=self.word(f"element.{element}"), amount=self.point_count(element))
            for element in known
        ]
        return self.chart(
            "network",
            charts.stacked_bars,
            parts,
            totals,
            {names[mode]: colour for mode, colour in MODE_COLOURS.items()},
            {"axis": self.word("axis.points"), "step": "1"},
            alternative=self.say("network.alternative", parts=spliced(listed, self.separator)),
            table=TableContent(columns, rows, self.download("network")),
            is_open=True,
            title=title,
            notes=[self.say("network.note"), *self._other_warning_points(), *self._missing_elements(known)],
            item="S3",
            tables=self.made_here(self.points),
        )

    def _other_warning_points(self) -> list[list[Any]]:
        """The points with early warning of all other elements together."""
        others = self.yearly("warning_points_other", self.year)
        return [] if others.value is None else [self.say("network.warning", count=others)]

    def _missing_elements(self, known: list[str]) -> list[list[Any]]:
        """Which elements no point of the area watches."""
        missing = [self.word(f"element.{element}") for element in ELEMENTS if element not in known]
        return [self.say("network.missing", names=self.joined(missing))] if missing else []

    def tiles(self) -> Block:
        """The districts as tiles in their rough places, each with its number of points."""
        counts = {slug: count for slug, count in self.compared()["points"].items() if slug != self.edition.city.slug}
        columns = [self.words("area"), self.numbers("points")]
        content = {
            **common.tiled(self, counts, SHADES, columns, self.download("tiles")),
            "legend": [{"shade": place, "text": self._shade_words(place)} for place in range(len(SHADES))],
            "alternative": self.say("tiles.alternative"),
        }
        return self.block(
            "tiles", "tiles", content, title=self.say("tiles.title"), notes=[self.say("tiles.note")], item="S3"
        )

    def _shade_words(self, place: int) -> str:
        if place == 0:
            return self.word("tiles.from", low=SHADES[0])
        return self.word("tiles.between", low=SHADES[place], high=SHADES[place - 1] - 1)

    def warnings(self) -> Block:
        """Points with early warning, warnings, and how many were checked, over the years."""
        lines = {name: partial(self.yearly, name) for name in ("warning_points", "warnings", "warnings_checked")}
        return common.over_years(self, "warnings", lines, self.last_years, notes=[self.say("warnings.note")], item="S3")

    # --- science ---------------------------------------------------------------------------------

    def apportioned_years(self) -> Block:
        """Where the city's PM2.5 came from, year by year."""
        title = self.say("apportioned.title")
        years = [year for year in self.last_years if self.apportioned(SOURCES[0], year).value is not None]
        if not years:
            return self.statement("apportioned", self.say("apportioned.none"), title=title, item="S6")
        names = {source: self.word(f"source.{source}") for source in SOURCES}
        parts = [
            {
                "bar": str(year),
                "part": names[source],
                "position": place,
                "value": float(str(self.apportioned(source, year).value or 0)),
            }
            for year in years
            for place, source in enumerate(SOURCES)
        ]
        listed = [
            self.say("part", name=names[source], amount=self.apportioned(source, years[-1])) for source in SOURCES
        ]
        colours = (*charts.PALETTE, "#e3e8ec")
        is_invented = self.apportioned(SOURCES[0], years[-1]).status == DEMONSTRATION
        invented = [self.say("apportioned.invented")] if is_invented else []
        return self.chart(
            "apportioned",
            charts.stacked_bars,
            parts,
            [{"bar": str(year), "total": "", "end": 100} for year in years],
            dict(zip(names.values(), colours, strict=True)),
            {"axis": self.word("axis.share"), "step": "20"},
            alternative=self.say("apportioned.alternative", last=str(years[-1]), parts=spliced(listed, self.separator)),
            table=TableContent(
                [self.words("year"), *(self.numbers(f"source_{source}", names[source]) for source in SOURCES)],
                [[str(year), *(self.apportioned(source, year) for source in SOURCES)] for year in years],
                self.download("apportioned"),
                marked=years.index(self.year) if self.year in years else None,
            ),
            title=title,
            notes=[self.say("apportioned.note"), *invented],
            item="S6",
        )

    @of_every_area("S6")
    def themes(self) -> Block:
        """The projects by theme: how many, how much was granted, of how many the results are applied."""
        title = self.say("themes.title")
        known = [theme for theme in THEMES if self.project_count(theme).value]
        if not known:
            return self.statement("themes", self.say("themes.none"), title=title, item="S6")
        listed = self.projects.rows.sort_values("started_year", kind="stable")
        rows = [
            [
                self.word(f"theme.{theme}"),
                self.project_count(theme),
                self.funding(theme),
                self.project_count(theme, is_applied=True),
                self.joined(listed.loc[listed["theme"] == theme, f"name_{self.language}"].tolist()),
            ]
            for theme in known
        ]
        columns = [self.words("theme"), *(self.numbers(name) for name in ("projects", "funding", "applied"))]
        return self.block(
            "table",
            "themes",
            {"table": TableContent([*columns, self.words("titles")], rows, self.download("themes"))},
            title=title,
            notes=[self.say("themes.note", count=self.project_count(), applied=self.project_count(is_applied=True))],
            item="S6",
        )

    def science_years(self) -> Block:
        """Experts, shared instruments, exchanges, and what was cut of carbon and pollutants at once, year by year."""
        columns = {
            **{name: partial(self.science, name) for name in ("experts", "instruments", "exchanges")},
            "co2_cut": partial(self.science, "co2_cut_t", unit="t CO2"),
            "nox_cut": partial(self.science, "nox_cut_t", unit="t"),
        }
        notes = [self.say("science_years.note")]
        return common.by_year(self, "science_years", columns, self.last_years, notes=notes, item="S6")

    # --- what was published, and what is missing -------------------------------------------------

    def statements(self) -> Block:
        """All that was published about the area, as it was printed, the newest first."""
        rows = self.published.rows
        return common.as_printed(self, "statements", rows[rows["year"] <= self.year], self.printed_figure, item="S4")

    def missing(self) -> Block:
        """What was looked for and not found: items of whose wanted indicators none was published of the year."""
        published = set(self.published.rows.loc[self.published.rows["year"] == self.year, "indicator"])
        names = [self.word(f"missing.{item.lower()}") for item in self.items if published.isdisjoint(WANTED[item])]
        return self.statement(
            "missing",
            self.say("missing.items", names=self.joined(names)),
            title=self.say("missing.title"),
        )
