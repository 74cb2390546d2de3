"""What is known of nature in an area (item Q6): rows, rules and figures; ``ecology.py`` shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from operator import methodcaller
from typing import Any

from reportkit import figures
from reportkit.chapters import DISCLOSED, NOT_DISCLOSED, PARTLY, Chapter, Disclosure, once_for_all
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import memo
from reportkit.standards import ecology, rules
from reportkit.status import OFFICIAL, PROVISIONAL

USES = ("forest", "farmland", "built", "water", "other")
FUNCTIONS = ("water_conservation", "soil_water", "biodiversity", "coast")
PARTS = ("pattern", "function", "biodiversity", "stress")
GROUPS = ("plants", "birds", "mammals", "amphibians_reptiles", "fish", "insects")
SPECIES = ("recorded", "protected_1", "protected_2", "threatened")

# Tables whose rows of districts add up to the city. A species of two districts is one species of the city.
ADDED = ("land", "greenery", "red_lines", "sites", "site_checks", "restoration")
KM2 = ("area_km2", "lowered_km2", "altered_km2")  # red lines are set in square kilometres, land in hectares
DECIMALS = {"volume_10k_m3": 2, "eqi": 2, **dict.fromkeys((*PARTS, *KM2), 2)}
HM2_A_KM2 = 100

# What the catalogue asks for; a floor set by others is no disclosure of what there is.
ASKED = ("red_line_area", "reserve_area", "forest_cover", "eqi", "species_recorded")
REQUIRED = ("red_line_floor", "red_line_floor_sea")

# What has been published of other years, or of a part, of what the catalogue asks for.
RELATED = {
    "species": ("land_vertebrates", "vascular_plants"),
    "restoration": ("forest_improved",),
}

HARMED = ("lowered", "altered")  # what may happen within the red line: its function, its nature

CLASS_WORDS = {code: f"ecology.class.{code}" for code in ecology.CLASSES}
CHANGE_WORDS = {code: f"ecology.change.{code}" for code in ecology.CHANGES}
RED_LINE_WORDS = {code: f"ecology.red_line.{code}" for code in (ecology.KEPT, ecology.SMALLER)}


class EcologyFigures(Chapter):
    """Every figure about land, red lines, reserves, quality, species and restoration of one area."""

    slug = "ecology"
    order = 70
    items = ("Q6",)

    # --- rows ------------------------------------------------------------------------------------

    @property
    def years(self) -> range:
        """The years that are shown beside each other."""
        return range(self.year - 4, self.year + 1)

    @memo
    def table(self, name: str) -> PublishedTable:
        """The rows of ``ecology/NAME`` about this area: for a city without its own, what adds up of its districts'."""
        rows = self.reader.rows(f"ecology/{name}", area_code=self.area.code)
        if rows.empty and self.area.is_city and name in ADDED:
            rows = self.reader.rows(f"ecology/{name}", area_code=self.codes)
        return PublishedTable(f"ecology/{name}", rows, DECIMALS)

    def codes_in(self, name: str) -> str | list[str]:
        """The areas whose rows of a table speak for this one."""
        found = sorted(set(self.table(name).rows["area_code"]))
        return found if len(found) > 1 else self.area.code

    @property
    def is_sum(self) -> bool:
        """Whether what is shown of the city is added up from its districts."""
        return self.area.is_city and isinstance(self.codes_in("land"), list)

    @property
    def has_values(self) -> bool:
        """Whether anything at all is known for this area and year."""
        names = ("land", "greenery", "red_lines", "site_checks", "quality", "species", "alien_species", "restoration")
        return any((self.table(name).rows["year"] == self.year).any() for name in names)

    def _named(self, name: str, year: int, measured: Measured, unit: str, **more: Any) -> Figure:
        return self.figure(self.suffixed(name, year), measured, unit=unit, period=str(year), **more)

    def _total(self, table: str, column: str, year: int, unit: str, name: str = "", **where: Any) -> Figure:
        """The sum of a column over the rows of a year."""
        places = DECIMALS.get(column, 0)
        measured = figures.total(self.table(table), column, places, area_code=self.codes_in(table), year=year, **where)
        return self._named(name or column, year, measured, unit)

    # --- published -------------------------------------------------------------------------------

    @memo
    def value(self, indicator: str, year: int) -> Figure:
        """The published value of *indicator* in a year; no value where there is none."""
        where = {"area_code": self.area.code, "indicator": indicator, "year": year}
        units = self.published.where(where)["unit"].tolist()
        measured = figures.select(self.published, "value", **where)
        return self._named(indicator, year, measured, units[0] if units else "1")

    def known(self, indicator: str, year: int) -> Figure | None:
        """The published value of *indicator* in a year, if there is one: it is printed before any computed one."""
        figure = self.value(indicator, year)
        return None if figure.value is None else figure

    def indicators(self) -> dict[str, str]:
        """The name of each indicator published about the area up to the year."""
        rows = self.published.rows
        rows = rows[rows["year"] <= self.year].drop_duplicates("indicator")
        return dict(zip(rows["indicator"].tolist(), rows[f"name_{self.language}"].tolist(), strict=True))

    def published_years(self, indicator: str) -> list[int]:
        """The years up to the page's own for which *indicator* has been published, the newest first."""
        found = self.published.where({"area_code": self.area.code, "indicator": indicator})["year"].tolist()
        return sorted((int(year) for year in found if year <= self.year), reverse=True)

    def latest(self, indicator: str) -> Figure | None:
        """The newest published value of *indicator* up to the year."""
        return next((self.value(indicator, year) for year in self.published_years(indicator)), None)

    # --- land, forest and green ------------------------------------------------------------------

    @memo
    def land(self, year: int, use: str | None = None) -> Figure:
        """The land put to a *use*, or all of it, in hectares."""
        where = {"use": use} if use else {}
        return self._total("land", "area_hm2", year, "hm2", f"land_{use or 'all'}", **where)

    @memo
    def land_share(self, year: int, use: str) -> Figure:
        """The land put to a *use* in percent of all; that of forest is the forest cover, published values first."""
        name = "forest_cover" if use == "forest" else f"{use}_share"
        measured = _percent(self.land(year, use), self.land(year), 2)
        return self.known(name, year) or self._named(name, year, measured, "%")

    def forest_cover(self, year: int) -> Figure:
        """The forest cover in percent."""
        return self.land_share(year, "forest")

    @memo
    def volume(self, year: int) -> Figure:
        """The standing volume of the forests, in 10,000 m³."""
        return self._total("greenery", "volume_10k_m3", year, "10k m3", "volume")

    @memo
    def planted(self, year: int) -> Figure:
        """The forest planted in a year, in hectares."""
        return self._total("greenery", "planted_hm2", year, "hm2", "planted")

    @memo
    def ancient_trees(self, year: int) -> Figure:
        """The number of ancient and notable trees."""
        return self._total("greenery", "ancient_trees", year, "tree")

    @memo
    def park_green_per_head(self, year: int) -> Figure:
        """The park green for each resident in m², published values first."""
        green = self._total("greenery", "park_green_hm2", year, "hm2", "park_green")
        people = self._total("greenery", "people", year, "1")
        measured = figures.quotient(green, people, 2, factor=10_000)
        return self.known("park_green_per_head", year) or self._named(
            "park_green_per_head", year, measured, "m2/person"
        )

    # --- red line --------------------------------------------------------------------------------

    @memo
    def red_line(self, year: int, function: str | None = None) -> Figure:
        """The area within the red line for a *function*, or for all of them, in km²."""
        where = {"function": function} if function else {}
        return self._total("red_lines", "area_km2", year, "km2", f"red_line_{function or 'all'}", **where)

    @memo
    def red_line_of(self, year: int, nature: str) -> Figure:
        """The area within the red line on ``land`` or at ``sea``, in km²."""
        return self._total("red_lines", "area_km2", year, "km2", f"red_line_{nature}", nature=nature)

    @memo
    def red_line_harmed(self, year: int, how: str) -> Figure:
        """The area within the red line whose function was ``lowered``, or whose use was ``altered``, in a year."""
        return self._total("red_lines", f"{how}_km2", year, "km2", f"red_line_{how}")

    @memo
    def red_line_share(self, year: int) -> Figure:
        """The red line on land in percent of all land."""
        measured = _percent(self.red_line_of(year, "land"), self.land(year), 2, factor=HM2_A_KM2)
        return self._named("red_line_share", year, measured, "%")

    @memo
    def red_line_kept(self, year: int) -> Figure:
        """Whether the area within the red line is no smaller than a year before."""
        now, before = self.red_line(year), self.red_line(year - 1)
        known = now.value is not None and before.value is not None
        word = ecology.red_line(str(now.value), str(before.value)) if known else None
        measured = figures.classify([now, before], word, self.rule("red_line", year))
        return self._named("red_line_kept", year, measured, "", words=RED_LINE_WORDS)

    # --- reserves and parks ----------------------------------------------------------------------

    @property
    @memo
    def sites(self) -> list[dict[str, Any]]:
        """The reserves and parks set up by the year, the largest first."""
        rows = self.table("sites").rows
        rows = rows[rows["opened_year"] <= self.year].sort_values(["area_hm2", "site_id"], ascending=[False, True])
        return [{str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")]

    @property
    def site_ids(self) -> list[str]:
        """The identities of the reserves and parks, in order."""
        return sorted(str(site["site_id"]) for site in self.sites)

    @memo
    def site_count(self) -> Figure:
        """How many reserves and parks there are."""
        return self._named("sites", self.year, figures.count(self.table("sites"), site_id=self.site_ids), "1")

    @memo
    def site_area(self, column: str) -> Figure:
        """Their area, or that of them within the red line (*column*), in hectares."""
        measured = figures.total(self.table("sites"), column, 0, site_id=self.site_ids)
        return self._named(f"sites_{column}", self.year, measured, "hm2")

    @memo
    def site_value(self, site: str, column: str) -> Figure:
        """The area of one site, or of it within the red line, in hectares."""
        measured = figures.select(self.table("sites"), column, site_id=site)
        return self._named(f"{_name_of(site)}_{column}", self.year, measured, "hm2")

    @memo
    def checks_of(self, site: str, column: str) -> Figure:
        """Patrols of one site in the year, or problems found, closed or still open at the end of it."""
        measured = figures.select(self.table("site_checks"), column, site_id=site, year=self.year)
        return self._named(f"{_name_of(site)}_{column}", self.year, measured, "1")

    @memo
    def checks(self, year: int, column: str) -> Figure:
        """Patrols of all sites in a year, or problems found, closed or still open at the end of it."""
        return self._total("site_checks", column, year, "1", f"checks_{column}")

    # --- ecological quality ----------------------------------------------------------------------

    @memo
    def quality(self, year: int, part: str = "eqi") -> Figure:
        """The ecological quality index of a year, published values first, or one of its parts."""
        measured = figures.select(self.table("quality"), part, area_code=self.area.code, year=year)
        name = "eqi" if part == "eqi" else f"quality_{part}"
        return self.known(name, year) or self._named(name, year, measured, "1")

    def eqi(self, year: int) -> Figure:
        """The ecological quality index of a year."""
        return self.quality(year)

    @memo
    def quality_class(self, year: int) -> Figure | None:
        """The class of that index; nothing for a year before there were classes."""
        day, index = date(year, 12, 31), self.quality(year)
        if not rules.is_in_force("ecology.class", day):
            return None
        word = None if index.value is None else ecology.quality_class(str(index.value), day)
        measured = figures.classify([index], word, self.rule("class", year))
        return self._named("eqi_class", year, measured, "", words=CLASS_WORDS)

    @memo
    def quality_change(self, year: int) -> Figure | None:
        """How it differs from that of the year before, in words; nothing for a year before there were such words."""
        day, now, before = date(year, 12, 31), self.quality(year), self.quality(year - 1)
        if not rules.is_in_force("ecology.change", day):
            return None
        known = now.value is not None and before.value is not None
        word = ecology.change(str(now.value), str(before.value), day) if known else None
        measured = figures.classify([now, before], word, self.rule("change", year))
        return self._named("eqi_change", year, measured, "", words=CHANGE_WORDS)

    # --- species ---------------------------------------------------------------------------------

    @memo
    def species(self, year: int, column: str = "recorded", group: str | None = None) -> Figure:
        """The species recorded up to a year, or those protected or threatened; of one *group*, or of all."""
        name, where = (f"{column}_{group}", {"group": group}) if group else (f"species_{column}", {})
        return self._total("species", column, year, "species", name, **where)

    @memo
    def protected(self, year: int, group: str | None = None) -> Figure:
        """The nationally protected species, of both classes."""
        parts = [self.species(year, column, group) for column in ("protected_1", "protected_2")]
        return self._named(f"protected_{group or 'all'}", year, figures.added(parts, 0), "species")

    @memo
    def aliens(self, year: int, column: str) -> Figure:
        """Invasive alien species found or treated, and the hectares of either."""
        return self._total(
            "alien_species", column, year, "hm2" if column.endswith("_hm2") else "species", f"aliens_{column}"
        )

    # --- restoration -----------------------------------------------------------------------------

    @property
    @memo
    def projects(self) -> list[dict[str, Any]]:
        """The projects of restoration that were under way in the year, the largest first."""
        rows = self.table("restoration").rows
        rows = rows[rows["year"] == self.year].sort_values(["planned_hm2", "project_id"], ascending=[False, True])
        return [{str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")]

    @memo
    def restored(self, column: str, project: str | None = None) -> Figure:
        """The hectares planned or done (*column*) of one project, or of all."""
        if project is None:
            return self._total("restoration", column, self.year, "hm2", f"restoration_{column}")
        measured = figures.select(self.table("restoration"), column, project_id=project, year=self.year)
        return self._named(f"{_name_of(project)}_{column}", self.year, measured, "hm2")

    @memo
    def progress(self, project: str | None = None) -> Figure:
        """What is done in percent of what is planned, of one project or of all."""
        measured = _percent(self.restored("done_hm2", project), self.restored("planned_hm2", project), 1)
        return self._named(f"{_name_of(project or 'restoration')}_progress", self.year, measured, "%")

    @memo
    def remaining(self, project: str) -> Figure:
        """The hectares of a project that are still to be done."""
        measured = figures.difference(self.restored("planned_hm2", project), self.restored("done_hm2", project), 0)
        return self._named(f"{_name_of(project)}_remaining", self.year, measured, "hm2")

    # --- compared --------------------------------------------------------------------------------

    @once_for_all
    def compared(self) -> dict[str, dict[str, Figure]]:
        """What the pages of all areas show of each: name → slug → figure, in the order of the areas."""
        measures = {
            "forest_cover": methodcaller("forest_cover", self.year),
            "red_line_share": methodcaller("red_line_share", self.year),
            "red_line": methodcaller("red_line", self.year),
            "land": methodcaller("land", self.year),
            "class": methodcaller("quality_class", self.year),
            "change": methodcaller("quality_change", self.year),
            **{f"land_{use}": methodcaller("land_share", self.year, use) for use in USES},
            **{f"eqi_{year}": methodcaller("quality", year) for year in self.years},
            **{f"class_{year}": methodcaller("quality_class", year) for year in self.years},
        }
        return self.of_all(measures)

    def rank(self, name: str) -> Figure | None:
        """The place of this district by a compared figure, the highest first; nothing where it has none."""
        of_areas = self.compared()[name]
        own = of_areas.get(self.area.slug)
        if own is None or own.value is None or self.area.is_city:
            return None
        among = [of_areas[area.slug] for area in self.edition.districts if area.slug in of_areas]
        return self._named(f"{name}_rank", self.year, figures.rank(own, among, smallest_first=False), "")

    def ranked(self, name: str) -> int:
        """How many districts have that figure."""
        of_areas: Mapping[str, Figure] = self.compared()[name]
        return sum(of_areas[it.slug].value is not None for it in self.edition.districts if it.slug in of_areas)

    # --- disclosure ------------------------------------------------------------------------------

    def disclosure(self, item: str) -> Disclosure:
        """The item is disclosed when all that is asked for is published for the year, partly when anything is."""
        rows = self.published.where({"item_id": item, "status": [OFFICIAL, PROVISIONAL]})
        rows = rows[(rows["year"] <= self.year) & ~rows["indicator"].isin(REQUIRED)]
        now = rows[rows["year"] == self.year]
        if now.empty:
            return Disclosure(item, NOT_DISCLOSED, self.first_year(rows))
        official = set(now.loc[now["status"] == OFFICIAL, "indicator"])
        return Disclosure(item, DISCLOSED if official.issuperset(ASKED) else PARTLY, self.first_year(rows))


def _percent(part: Figure, whole: Figure, places: int, factor: int = 1) -> Measured:
    """*part* in percent of *whole*, which is in a unit of *factor* to one; no value where one of them has none."""
    return figures.quotient(part, whole, places, factor=100 * factor)


def _name_of(identity: str) -> str:
    """The identity of a site or project as a part of a figure's name."""
    return identity.lower().replace("-", "_")
