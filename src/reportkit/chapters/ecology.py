"""Ecology and biodiversity (item Q6): land and forest, red line, reserves, quality, species, restoration."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from reportkit import charts, text
from reportkit.blocks import Block, Column, TableContent
from reportkit.chapters import MORE, Card, Headline
from reportkit.chapters.common import by_district, over_years
from reportkit.chapters.ecology_figures import FUNCTIONS, GROUPS, HARMED, PARTS, RELATED, SPECIES, USES, EcologyFigures
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import ecology
from reportkit.status import DEMONSTRATION

LIGHT_ON = (ecology.CLASSES[0],)  # the class whose colour is so dark that text on it is white

# Light and dark take turns, so that neighbours in a bar differ without their colours too.
USE_COLOURS = dict(zip(USES, ("#2f6f4e", "#e3cf7a", "#8d8d93", "#7cc0d8", "#d9dee2"), strict=True))
FUNCTION_COLOURS = dict(zip(FUNCTIONS, ("#0f6e84", "#d9a441", "#4f8a5b", "#9fc6dd"), strict=True))
PROTECTED_COLOURS = {"protected_1": "#8c3b1f", "protected_2": "#e0a96d"}
DONE_COLOURS = {"done_hm2": "#2f6f4e", "remaining": "#d9dee2"}
CHECKS = ("patrols", "found", "closed", "open_after")
ALIENS = ("found", "treated", "found_hm2", "treated_hm2")

Of = Callable[[int], Figure]


class Ecology(EcologyFigures):
    """Nature in one area in one year: a method for each block of the notebook."""

    slug = "ecology"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """How is nature doing? In a few sentences of what is known."""
        sentences = [
            self._forest_sentence(),
            self._quality_sentence(),
            self._red_line_sentence(),
            self._reserve_sentence(),
            self._species_sentence(),
        ]
        if not any(sentences):
            sentences = [self.say("answer.nothing")]
        return self.statement("answer", *sentences, self._floor_sentence(), tables=[self.published])

    def headline(self) -> Headline:
        """The forest cover and the class of the ecological quality."""
        cover, quality, last = self.forest_cover(self.year), self.quality(self.year), self.year - 1
        change = self.quality_change(self.year)
        if cover.value is None and quality.value is None:
            return Headline(self.say("headline.none"))
        known = [
            Card(
                self.word("column.forest_by_district"), cover, self.forest_cover(last), "land-and-forest", better=MORE
            ),
            Card(
                self.word("column.eqi"),
                quality,
                self.quality(last),
                "ecological-quality",
                better=MORE,
                is_steady=change is not None and change.value == ecology.STABLE,
            ),
        ]
        cards = [card for card in known if card.value.value is not None]
        class_ = self.quality_class(self.year)
        if len(cards) < len(known) or class_ is None:
            return Headline(self._forest_sentence() or self._quality_sentence(), cards)
        return Headline(self.say("headline.both", cover=cover, class_=class_), cards)

    def _forest_sentence(self) -> list[Any]:
        cover, rank = self.forest_cover(self.year), self.rank("forest_cover")
        if cover.value is None:
            return []
        if rank is None:
            return self.say("answer.forest", cover=cover)
        return self.say("answer.forest_ranked", cover=cover, rank=rank, count=str(self.ranked("forest_cover")))

    def _quality_sentence(self) -> list[Any]:
        index, class_, change = (of(self.year) for of in (self.quality, self.quality_class, self.quality_change))
        if index is None or index.value is None:
            return []
        if class_ is None:
            return self.say("answer.quality_unjudged", index=index)
        if change is None or change.value is None:
            return self.say("answer.quality", index=index, class_=class_)
        return self.say("answer.quality_changed", index=index, class_=class_, change=change)

    def _red_line_sentence(self) -> list[Any]:
        area, share, kept = self.red_line(self.year), self.red_line_share(self.year), self.red_line_kept(self.year)
        if area.value is None:
            return []
        if not area.value:
            return self.say("answer.red_line_none", none=area)
        sea = self.red_line_of(self.year, "sea")
        sentence = self.say("answer.red_line", area=area)
        sentence += self.say("answer.red_line_sea", sea=sea) if sea.value else []
        sentence += self.say("answer.red_line_share", share=share) if share.value is not None else []
        sentence += self.say("answer.red_line_kept", kept=kept) if kept.value is not None else []
        harmed = {how: self.red_line_harmed(self.year, how) for how in HARMED}
        is_known = all(figure.value is not None for figure in harmed.values())
        sentence += self.say("answer.red_line_harmed", **harmed) if is_known else []
        return sentence + self.say("answer.stop")

    def _reserve_sentence(self) -> list[Any]:
        if not self.sites:
            return []
        still_open = self.checks(self.year, "open_after")
        sentence = self.say("answer.sites", count=self.site_count(), area=self.site_area("area_hm2"))
        if still_open.value is not None:
            sentence += self.say("answer.sites_open" if still_open.value else "answer.sites_closed", open=still_open)
        return sentence + self.say("answer.stop")

    def _species_sentence(self) -> list[Any]:
        recorded = self.species(self.year)
        if recorded.value is None:
            return []
        return self.say("answer.species", recorded=recorded, protected=self.protected(self.year))

    def _floor_sentence(self) -> list[Any]:
        """What the city has to keep within its red line, as set by the State Council."""
        city = self.of(self.edition.city)
        floor, sea = city.latest("red_line_floor"), city.latest("red_line_floor_sea")
        if floor is None or sea is None:
            return []
        sentence = self.say("answer.floor", city=city.name(), floor=floor, sea=sea)
        is_invented = self.area.is_city and self.red_line(self.year).status == DEMONSTRATION
        return sentence + (self.say("answer.floor_apart") if is_invented else [])

    # --- land and forest -------------------------------------------------------------------------

    def land_use(self) -> Block:
        """What the land of each district is used for, in percent of it."""
        compared = self.compared()
        slugs = [slug for slug, figure in compared["land"].items() if figure.value is not None]
        if not slugs:
            return self.statement("land_use", self.say("no_values"), title=self.say("land_use.title"))
        names = {slug: self.name(self.edition.areas[slug]) for slug in slugs}
        parts = [
            {
                "bar": names[slug],
                "part": self.word(f"use.{use}"),
                "position": place,
                "value": float(str(compared[f"land_{use}"][slug].value)),
            }
            for slug in slugs
            for place, use in enumerate(USES)
            if compared[f"land_{use}"][slug].value is not None
        ]
        totals = [
            {"bar": names[slug], "total": compared["land"][slug].printed[self.language][0], "end": 100.0}
            for slug in slugs
        ]
        columns = [self._area_column(), self.numbers("land")]
        columns += [self.numbers(f"land_{use}", self.word(f"use.{use}")) for use in USES]
        rows = [
            [
                self.way_to_area(self.edition.areas[slug]),
                compared["land"][slug],
                *(compared[f"land_{use}"][slug] for use in USES),
            ]
            for slug in slugs
        ]
        return self.chart(
            "land_use",
            charts.stacked_bars,
            parts,
            totals,
            {self.word(f"use.{use}"): colour for use, colour in USE_COLOURS.items()},
            {"axis": self.word("land_use.axis"), "step": "20"},
            alternative=self.say("land_use.alternative", count=str(len(slugs))),
            table=self._own_marked(columns, rows, slugs, "land_use"),
            title=self.say("land_use.title"),
            notes=[self.say("land_use.note"), *self._sum_note()],
        )

    def forest(self) -> Block:
        """Forest cover, volume, planting, ancient trees and parks over the years."""
        lines: dict[str, Of] = {
            "forest_cover": self.forest_cover,
            "volume": self.volume,
            "planted": self.planted,
            "ancient_trees": self.ancient_trees,
            "park_green_per_head": self.park_green_per_head,
        }
        notes = [self.say("forest.note"), *self._parks_note(), *self._sum_note()]
        return over_years(self, "forest", lines, self.years, notes=notes)

    def _parks_note(self) -> list[list[Any]]:
        """Of which years the park green a head was published, where that of others is invented."""
        parks = {str(year): self.park_green_per_head(year) for year in self.years}
        printed = [
            year for year, figure in parks.items() if figure.value is not None and figure.status != DEMONSTRATION
        ]
        is_mixed = any(figure.status == DEMONSTRATION for figure in parks.values() if figure.value is not None)
        return [self.say("forest.mixed", years=self.joined(printed))] if printed and is_mixed else []

    def forest_by_district(self) -> Block:
        """The forest cover of each district beside the others."""
        compared = self.compared()
        others = {"land": compared["land"].get}
        return by_district(self, "forest_by_district", compared["forest_cover"], others=others)

    # --- red line --------------------------------------------------------------------------------

    def red_lines(self) -> Block:
        """The area within the red line by its function, year by year."""
        years = [year for year in self.years if self.red_line(year).value]
        if not years:
            none = self.red_line(self.year)
            said = self.say("no_values") if none.value is None else self.say("answer.red_line_none", none=none)
            return self.statement("red_lines", said, title=self.say("red_lines.title"))
        known = [name for name in FUNCTIONS if any(self.red_line(year, name).value for year in years)]
        parts = [
            {
                "bar": str(year),
                "part": self.word(f"function.{name}"),
                "position": place,
                "value": float(str(self.red_line(year, name).value or 0)),
            }
            for year in years
            for place, name in enumerate(known)
        ]
        totals = [
            {"bar": str(year), "total": f"{self.red_line(year).value:,}", "end": float(str(self.red_line(year).value))}
            for year in years
        ]
        columns = [self._year_column(), *(self.numbers(name, self.word(f"function.{name}")) for name in known)]
        columns += [self.numbers("red_line"), self.numbers("red_line_sea"), self.numbers("red_line_share")]
        columns += [*(self.numbers(f"red_line_{how}") for how in HARMED), self.words("red_line_kept")]
        rows = [
            [
                str(year),
                *(self.red_line(year, name) for name in known),
                self.red_line(year),
                self.red_line_of(year, "sea"),
                self.red_line_share(year),
                *(self.red_line_harmed(year, how) for how in HARMED),
                self.red_line_kept(year) if self.red_line_kept(year).value is not None else NO_DATA,
            ]
            for year in years
        ]
        return self.chart(
            "red_lines",
            charts.stacked_bars,
            parts,
            totals,
            {self.word(f"function.{name}"): FUNCTION_COLOURS[name] for name in known},
            {"axis": self.word("red_lines.axis"), "step": "1"},
            alternative=self.say("red_lines.alternative", year=str(years[-1]), area=self.red_line(years[-1])),
            table=TableContent(columns, rows, self.download("red_lines")),
            title=self.say("red_lines.title"),
            notes=[self.say("red_lines.note"), self.say("red_lines.rule"), *self._sum_note()],
        )

    def red_line_by_district(self) -> Block:
        """The red line of each district in percent of its land."""
        compared = self.compared()
        others = {"red_line": compared["red_line"].get}
        notes = [self.say("red_line_by_district.note")]
        if any(figure.status == DEMONSTRATION for figure in compared["red_line"].values()):
            notes.append(self.say("red_line_by_district.invented"))
        return by_district(self, "red_line_by_district", compared["red_line_share"], others=others, notes=notes)

    # --- reserves and parks ----------------------------------------------------------------------

    def _kind(self, kind: str, level: str) -> str:
        """What a reserve or park is, and of what level, as their names have it."""
        words = self.word(f"level.{level}") if kind == "nature_reserve" else self.word(f"park_level.{level}")
        return self.word(f"kind.{kind}", level=words)

    def reserves(self) -> Block:
        """Each reserve and park: what it is, how large, and what patrols and inspections found there."""
        title = self.say("reserves.title")
        if not self.sites:
            return self.statement("reserves", self.say("reserves.none"), title=title)
        columns = [self.words("site"), self.words("kind"), self.numbers("area_hm2"), self.numbers("in_red_line_hm2")]
        columns += [self.numbers(f"checks_{column}") for column in CHECKS]
        rows = [
            [
                site[f"name_{self.language}"],
                self._kind(site["kind"], site["level"]),
                self.site_value(site["site_id"], "area_hm2"),
                self.site_value(site["site_id"], "in_red_line_hm2"),
                *(self.checks_of(site["site_id"], column) for column in CHECKS),
            ]
            for site in self.sites
        ]
        sums = {"area": self.site_area("area_hm2"), "inside": self.site_area("in_red_line_hm2")}
        return self.block(
            "table",
            "reserves",
            {"table": TableContent(columns, rows, self.download("reserves"))},
            title=title,
            notes=[self.say("reserves.sum", count=self.site_count(), **sums), self.say("reserves.note")],
        )

    def reserve_checks(self) -> Block:
        """Patrols, and problems found, closed and still open, over the years."""
        lines: dict[str, Of] = {f"checks_{column}": functools.partial(self.checks, column=column) for column in CHECKS}
        return over_years(self, "reserve_checks", lines, self.years, notes=[self.say("reserve_checks.note")])

    # --- ecological quality ----------------------------------------------------------------------

    def quality_over_years(self) -> Block:
        """The index and its four parts over the years."""
        lines: dict[str, Of] = {"eqi": self.eqi}
        lines |= {f"quality_{part}": functools.partial(self.quality, part=part) for part in PARTS}
        return over_years(self, "quality_over_years", lines, self.years, notes=[self.say("quality_over_years.note")])

    def quality_classes(self) -> Block:
        """The index of every area, year by year, in the colour of its class."""
        compared, title = self.compared(), self.say("quality_classes.title")
        years = [year for year in self.years if any(it.value is not None for it in compared[f"eqi_{year}"].values())]
        slugs = [slug for slug in self.edition.areas if any(self._if_known(f"eqi_{year}", slug) for year in years)]
        if not slugs:
            return self.statement("quality_classes", self.say("no_values"), title=title)
        cells, rows = [], []
        for slug in slugs:
            for year in years:
                index = compared[f"eqi_{year}"].get(slug)
                class_ = compared[f"class_{year}"].get(slug)
                code = None if class_ is None else class_.value
                cells.append(
                    {
                        "row": self.name(self.edition.areas[slug]),
                        "column": str(year),
                        "level": self._class_word(code),
                        "mark": "" if index is None or index.value is None else str(index.value),
                        "is_dark": code in LIGHT_ON,
                    }
                )
            indices = [compared[f"eqi_{year}"].get(slug) or NO_DATA for year in years]
            latest = [self._if_known(name, slug) or NO_DATA for name in ("class", "change")]
            rows.append([self.way_to_area(self.edition.areas[slug]), *indices, *latest])
        colours = ecology.colours(date(self.year, 12, 31))
        shown = {cell["level"] for cell in cells}
        present = [code for code in (*ecology.CLASSES, None) if self._class_word(code) in shown]
        columns = [self._area_column(), *(self.numbers(f"eqi_{year}", str(year)) for year in years)]
        columns += [self.words("eqi_class"), self.words("eqi_change")]
        return self.chart(
            "quality_classes",
            charts.class_grid,
            cells,
            {self._class_word(code): colours.get(str(code), charts.NO_DATA) for code in present},
            alternative=self.say("quality_classes.alternative", count=str(len(slugs)), years=str(len(years))),
            table=self._own_marked(columns, rows, slugs, "quality_classes"),
            title=title,
            notes=[self.say("quality_classes.rule"), self.say("quality_classes.change")],
        )

    def quality_by_district(self) -> Block:
        """The index of each district beside the others."""
        compared = self.compared()
        others = {f"eqi_{name}": functools.partial(self._if_known, name) for name in ("class", "change")}
        return by_district(self, "quality_by_district", compared[f"eqi_{self.year}"], others=others)

    # --- species ---------------------------------------------------------------------------------

    def species_groups(self) -> Block:
        """The protected species of each group, of all that are recorded."""
        known = [group for group in GROUPS if self.species(self.year, group=group).value is not None]
        if not known:
            return self.statement("species_groups", self.say("no_values"), title=self.say("species_groups.title"))
        parts = [
            {
                "bar": self.word(f"group.{group}"),
                "part": self.word(f"column.{column}"),
                "position": place,
                "value": float(str(self.species(self.year, column, group).value)),
            }
            for group in known
            for place, column in enumerate(PROTECTED_COLOURS)
        ]
        totals = [
            {
                "bar": self.word(f"group.{group}"),
                "total": f"{self.protected(self.year, group).value:,} / {self.species(self.year, group=group).value:,}",
                "end": float(str(self.protected(self.year, group).value)),
            }
            for group in known
        ]
        columns = [self.words("group"), *(self.numbers(column) for column in SPECIES), self.numbers("protected")]
        rows = [
            [
                self.word(f"group.{group or 'all'}"),
                *(self.species(self.year, column, group) for column in SPECIES),
                self.protected(self.year, group),
            ]
            for group in (*known, None)
        ]
        return self.chart(
            "species_groups",
            charts.stacked_bars,
            parts,
            totals,
            {self.word(f"column.{column}"): colour for column, colour in PROTECTED_COLOURS.items()},
            {"axis": self.word("species_groups.axis"), "step": "1"},
            alternative=self.say(
                "species_groups.alternative", recorded=self.species(self.year), protected=self.protected(self.year)
            ),
            table=TableContent(columns, rows, self.download("species_groups")),
            title=self.say("species_groups.title"),
            notes=[self.say("species_groups.note"), self.say("species_groups.places")],
        )

    def species_over_years(self) -> Block:
        """The species recorded, protected and threatened, and the invasive ones, over the years."""
        lines: dict[str, Of] = {column: functools.partial(self.species, column=column) for column in SPECIES}
        return over_years(self, "species_over_years", lines, self.years, notes=[self.say("species_over_years.note")])

    def alien_species(self) -> Block:
        """The invasive alien species found and treated, and the land they took, over the years."""
        lines: dict[str, Of] = {f"aliens_{column}": functools.partial(self.aliens, column=column) for column in ALIENS}
        return over_years(self, "alien_species", lines, self.years, notes=[self.say("alien_species.note")])

    # --- restoration -----------------------------------------------------------------------------

    def restoration(self) -> Block:
        """The projects of restoration: the hectares done and those still to be done."""
        if not self.projects:
            return self.statement("restoration", self.say("restoration.none"), title=self.say("restoration.title"))
        ids = {project["project_id"]: project[f"name_{self.language}"] for project in self.projects}
        parts = [
            {"bar": name, "part": self.word(f"column.{column}"), "position": place, "value": float(str(figure.value))}
            for id_, name in ids.items()
            for place, (column, figure) in enumerate(
                {"done_hm2": self.restored("done_hm2", id_), "remaining": self.remaining(id_)}.items()
            )
        ]
        totals = [
            {
                "bar": name,
                "total": self.progress(id_).printed[self.language][0],
                "end": float(str(self.restored("planned_hm2", id_).value)),
            }
            for id_, name in ids.items()
        ]
        columns = [self.words("project"), self.words("project_kind"), self.numbers("planned_hm2")]
        columns += [self.numbers("done_hm2"), self.numbers("remaining"), self.numbers("progress")]
        rows = [
            [
                ids[project["project_id"]],
                self.word(f"project_kind.{project['kind']}"),
                self.restored("planned_hm2", project["project_id"]),
                self.restored("done_hm2", project["project_id"]),
                self.remaining(project["project_id"]),
                self.progress(project["project_id"]),
            ]
            for project in self.projects
        ]
        sums = {"planned": self.restored("planned_hm2"), "done": self.restored("done_hm2"), "part": self.progress()}
        return self.chart(
            "restoration",
            charts.stacked_bars,
            parts,
            totals,
            {self.word(f"column.{column}"): colour for column, colour in DONE_COLOURS.items()},
            {"axis": self.word("restoration.axis"), "step": "1"},
            alternative=self.say("restoration.sum", count=str(len(ids)), **sums),
            table=TableContent(columns, rows, self.download("restoration")),
            title=self.say("restoration.title"),
        )

    # --- what is published, and what is missing --------------------------------------------------

    def published_figures(self) -> Block:
        """What authorities and papers have published of the city, each value with its year."""
        city, title = self.of(self.edition.city), self.say("published_figures.title")
        named = city.indicators()
        if not named:
            return self.statement("published_figures", self.say("published_figures.none"), title=title)
        rows = [
            [name, str(year), city.value(indicator, year)]
            for indicator, name in named.items()
            for year in city.published_years(indicator)
        ]
        columns = [self.words("indicator"), self._year_column(), self.numbers("value")]
        notes = [self.say("published_figures.note")]
        if not self.area.is_city:
            notes.insert(0, self.say("published_figures.district", city=city.name()))
        table = TableContent(columns, rows, self.download("published_figures"))
        return self.block("table", "published_figures", {"table": table}, title=title, notes=notes)

    def missing(self) -> Block:
        """What the catalogue asks for and is not published for this area and year."""
        asked = {
            "red_line": [self.red_line(self.year)],
            "reserves": [self.site_area("area_hm2")] if self.sites else [],
            "forest": [self.forest_cover(self.year)],
            "quality": [self.quality(self.year)],
            "species": [self.species(self.year)],
            "aliens": [self.aliens(self.year, "found")],
            "restoration": [self.restored("done_hm2")] if self.projects else [],
        }
        by_state: dict[str, list[str]] = {DEMONSTRATION: [], "partly": [], "nothing": []}
        for name, figures_of in asked.items():
            known = [figure for figure in figures_of if figure.value is not None]
            state = known[0].status if known else "nothing"
            if state in by_state and any(self.city.published_years(it) for it in RELATED.get(name, ())):
                state = "partly"
            if state in by_state:
                by_state[state].append(self.word(f"topic.{name}"))
        sentences = [
            self.say(f"missing.{state}", names=self.joined(names), city=self.city.name())
            for state, names in by_state.items()
            if names
        ]
        return self.statement("missing", *(sentences or [self.say("missing.none")]), self.say("missing.places"))

    # --- parts of blocks -------------------------------------------------------------------------

    def _sum_note(self) -> list[list[Any]]:
        """That the city is added up from its districts, where it is, and from how many."""
        return [self.say("sum_note", count=str(len(self.codes_in("land"))))] if self.is_sum else []

    def _area_column(self) -> Column:
        return Column("area", text.message("site.column.area", self.language), is_number=False)

    def _year_column(self) -> Column:
        return Column("year", text.message("site.column.year", self.language), is_number=False)

    def _own_marked(
        self, columns: Sequence[Column], rows: Sequence[Sequence[Any]], slugs: Sequence[str], name: str
    ) -> TableContent:
        """A table with a row for each of *slugs*, this page's own marked."""
        marked = slugs.index(self.area.slug) if self.area.slug in slugs else None
        return TableContent(columns, rows, self.download(name), marked=marked)

    def _if_known(self, name: str, slug: str) -> Figure | None:
        """The compared figure of an area where it has a value."""
        figure = self.compared()[name].get(slug)
        return None if figure is None or figure.value is None else figure

    def _class_word(self, code: Any) -> str:
        return self.word("class.none" if code is None else f"class.{code}")
