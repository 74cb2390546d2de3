"""Chapters: rows in; sentences, tables and charts made of figures out. One module a chapter.

A chapter is a class with a ``slug``, the catalogue ``items`` it answers, and a method for each block of its
notebook. :func:`discover` finds them all. By name they are known only to chapters that speak of others: the overview
of air and targets, targets of climate, supervision of whose tables the points are counted in.
An archive is the same of one enterprise instead of an area; ``archive.py`` is the only one.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar, Concatenate, ParamSpec, Self, TypeVar

import pandas as pd

from reportkit import figures, text
from reportkit.blocks import Block
from reportkit.chapters.edition import Area, Edition
from reportkit.chapters.presenter import ENTERPRISES, Presenter
from reportkit.display import Displayed
from reportkit.errors import DataError, SettingsError, nearest
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import memo, note
from reportkit.project import Project, open_project
from reportkit.standards import rules
from reportkit.status import DEMONSTRATION, OF_RULES, OFFICIAL

__all__ = ["ENTERPRISES", "Area", "Edition", "Presenter"]

DISCLOSED, PARTLY, NOT_DISCLOSED, NOT_APPLICABLE = "disclosed", "partly", "not_disclosed", "not_applicable"
STATES = (DISCLOSED, PARTLY, NOT_DISCLOSED, NOT_APPLICABLE)
DISTRICT, ENTERPRISE = "district", "enterprise"
MORE, LESS = "more", "less"


@dataclass(frozen=True)
class Disclosure(Displayed):
    """How far one catalogue item is disclosed for an area and year, and the first year it was."""

    item: str
    state: str
    since: int | None


@dataclass(frozen=True)
class Card(Displayed):
    """A key figure of a chapter, with last year's beside it; *anchor* is the section of the page it leads to.

    *better* says what would be good news: ``MORE`` or ``LESS``; nothing where that cannot be said. Where *is_steady*,
    the chapter calls the two the same, by a rule or because the change rounds to nought.
    """

    label: str
    value: Figure
    before: Figure | None = None
    anchor: str = ""
    better: str = ""
    is_steady: bool = False


@dataclass(frozen=True)
class Headline(Displayed):
    """What a chapter says on the overview of its area: a sentence (it may be empty), key figures, what comes next."""

    sentence: list[Any] = field(default_factory=list)
    cards: Sequence[Card] = ()
    coming: list[Any] = field(default_factory=list)


class Chapter(Presenter):
    """One chapter of one area, year and language; the base of all chapters, whose ``slug`` is their data folder too."""

    subject = DISTRICT
    # What a disclosure of each item must publish of a year.
    wanted: ClassVar[Mapping[str, Iterable[str]]] = {}

    @property
    def page(self) -> str:
        """The address of its page among those of its language, as in ``2024/AREA/air``."""
        return f"{self.year}/{self.area.slug}/{self.slug}"

    @classmethod
    def open(cls, district: str, year: int, language: str, project: Project | None = None) -> Self:
        """The chapter of *district* (a slug; the city has one too), ready for a notebook.

        Raises SettingsError for an unknown district or language, naming the nearest known one.
        """
        edition = Edition.of(project or open_project(), year, language)
        if district not in edition.areas:
            raise SettingsError(
                f"Unknown district {district!r}.", where="data/areas.csv", do=nearest(district, edition.areas)
            )
        chapter: Self = edition.chapter(cls, edition.areas[district])
        return chapter

    def way_to(self, chapter: str, section: str = "") -> dict[str, str]:
        """The way to another chapter of the area, or to a *section* of it, under the name it has."""
        href = self.href(self.area, chapter) + (f"#{section}" if section else "")
        return {"href": href, "text": chapter_title(chapter, self.language)}

    def way_to_area(self, area: Area) -> dict[str, str]:
        """The way to the same chapter of another area, under the name of that."""
        return {"href": self.href(area, self.slug), "text": self.name(area)}

    @property
    def codes(self) -> list[str]:
        """The codes of the areas whose rows this page is made of: its own, or for the city those of all districts."""
        return [area.code for area in self.edition.districts] if self.area.is_city else [self.area.code]

    def of(self, area: Area) -> Self:
        """The same chapter of another area."""
        chapter: Self = self.edition.chapter(type(self), area)
        return chapter

    @property
    def city(self) -> Self:
        """The same chapter of the city, where what is of no district stands."""
        return self.of(self.edition.city)

    def rule(self, family: str, year: int | None = None) -> rules.Rule:
        """The rule of a *family* of this chapter, as in ``rules.csv`` after its slug, in force at the end of a year."""
        return rules.rule(f"{self.slug}.{family}", date(year or self.year, 12, 31), self.area.code)

    def rules_of(self, *families: str) -> tuple[rules.Rule, ...]:
        """Those of the rules that are in force at the end of the year."""
        return tuple(self.rule(family) for family in families if self.has_rule(family))

    def has_rule(self, family: str) -> bool:
        """Whether there is a rule of a *family* of this chapter at the end of the year, here."""
        return rules.is_in_force(f"{self.slug}.{family}", date(self.year, 12, 31), self.area.code)

    def rules_for(self, rows: Sized, *families: str) -> tuple[rules.Rule, ...]:
        """The rules by which *rows* were worked out; StandardError where there are rows, but no rule at that time."""
        return tuple(map(self.rule, families)) if len(rows) else ()

    @property
    def last_years(self) -> list[int]:
        """The page's year and the three before it, which many a picture shows."""
        return list(range(self.year - 3, self.year + 1))

    def made_here(self, *tables: PublishedTable) -> list[PublishedTable]:
        """Those of *tables* that this page makes and has to publish; others share what the city's page publishes."""
        return [table for table in tables if table.name.startswith(f"{self.page}/")]

    def disclosure(self, item: str) -> Disclosure:
        """How far *item* is disclosed by published figures: wholly when all ``wanted`` are official, of all the year.

        Partly when anything of the year is published; demonstration does not count.
        """
        rows = self.published.rows[self.published.rows["status"] != DEMONSTRATION]
        if "item_id" in rows:  # the rows of a chapter of one item are all of that
            rows = rows[rows["item_id"] == item]
        periods, since = _periods(rows), self.first_year(rows)
        if not (periods.str[:4] == str(self.year)).any():
            return Disclosure(item, NOT_DISCLOSED, since)
        found = set(rows.loc[(periods == str(self.year)) & (rows["status"] == OFFICIAL), "indicator"])
        return Disclosure(item, DISCLOSED if found >= {*self.wanted.get(item, ())} else PARTLY, since)

    def first_year(self, rows: pd.DataFrame) -> int | None:
        """The earliest year, up to the page's own, for which *rows* say that anything was published or reported."""
        years = _periods(rows[rows["status"] != DEMONSTRATION]).str[:4].astype(int)
        return min(years[years <= self.year], default=None)

    @property
    def has_values(self) -> bool:
        """Whether anything at all is known for this area and year."""
        return True

    def compared(self) -> Any:
        """What the pages of all areas show of each district; nothing unless a chapter compares them."""
        return None

    def of_all(self, measures: Mapping[str, Callable[[Self], Figure | None]]) -> dict[str, dict[str, Figure]]:
        """Each of *measures* of every area that has it: its name → slug → figure, in the order of the areas.

        Where the data of an area are in error, its own page says so.
        """
        found: dict[str, dict[str, Figure]] = {name: {} for name in measures}
        for slug, area in self.edition.areas.items():
            for name, of in measures.items():
                with contextlib.suppress(DataError):
                    figure = of(self.of(area))
                    found[name] |= {slug: figure} if figure is not None else {}
        return found

    def headline(self) -> Headline:
        """What the overview of the area says of this chapter; nothing unless a chapter has more to say."""
        return Headline()

    def facts(self, table: str, **where: Any) -> PublishedTable:
        """The rows of a table of published figures as they stand in ``data/``, values as printed.

        Figures whose source has yet to be checked (trust D) are in the open data, but on no page.
        """
        unchecked = self.reader.rows("sources", trust="D")["source_id"]
        rows = self.reader.rows(table, exact=("value",), **where)
        return PublishedTable(table, rows[~rows["source_id"].isin(unchecked)])

    def as_published(self, indicator: str, period: str | int) -> Measured:
        """The value of *indicator* in ``published`` for a period or year; no value where there is none."""
        column = "period" if "period" in self.published.rows else "year"
        where = {"area_code": self.area.code, "indicator": indicator, column: period}
        return figures.select(self.published, "value", **where)

    def official(self, indicator: str, period: str | int) -> Measured | None:
        """The value of *indicator* in ``published``, if there is one: it is printed before any computed one."""
        found = self.as_published(indicator, period)
        return None if found.value is None else found

    def printed_figure(self, row: Any) -> Figure:
        """A row of what was published, as a figure."""
        year = int(row["year"])
        name = self.suffixed(f"published_{row['indicator']}", year)
        return self.figure(name, self.as_published(row["indicator"], year), unit=row["unit"], period=str(year))

    @property
    @memo
    def published(self) -> PublishedTable:
        """What has been published about this area and the chapter's subject."""
        return self.facts(f"{self.slug}/published", area_code=self.area.code)


def _periods(rows: pd.DataFrame) -> pd.Series:
    """What time published *rows* are of, each as it is written: a year, or a part of it."""
    return (rows["period"] if "period" in rows else rows["year"]).astype(str)


_Kind = TypeVar("_Kind", bound=Chapter)
_T = TypeVar("_T")
_K = TypeVar("_K")
_P = ParamSpec("_P")


def once_for_all(function: Callable[Concatenate[_Kind, _P], _T]) -> Callable[Concatenate[_Kind, _P], _T]:
    """A result that is the same for every area: the city's chapter computes it once, and it is kept.

    Where the data of one area are in error, every other computes its own without it.
    """
    kept = memo(function)

    @memo  # so that what the city cannot compute is tried once an area, and not each time it is asked for
    @functools.wraps(function)
    def recall(chapter: _Kind, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return kept(chapter.city, *args, **kwargs)
        except DataError:
            if chapter.area.is_city:
                raise
            return kept(chapter, *args, **kwargs)

    return recall


def only_with(what: str) -> Callable[[Callable[[_Kind], Block]], Callable[[_Kind], Block]]:
    """A block that says that nothing is known where its chapter has not *what* it is drawn from, a property of it."""

    def or_say_so(draw: Callable[[_Kind], Block]) -> Callable[[_Kind], Block]:
        @functools.wraps(draw)
        def block(chapter: _Kind) -> Block:
            has_it = getattr(chapter, what)
            return draw(chapter) if has_it else chapter.statement(draw.__name__, chapter.say("no_values"))

        return block

    return or_say_so


def of_every_area(
    item: str | None = None,
) -> Callable[[Callable[[_Kind], Block]], Callable[[_Kind], Block]]:
    """A block about all areas, of a catalogue *item* if of one: on a district's page it says so if another's rows fail.

    The other blocks of the page stand. The city's page raises.
    """

    def or_say_so(draw: Callable[[_Kind], Block]) -> Callable[[_Kind], Block]:
        @functools.wraps(draw)
        def block(chapter: _Kind) -> Block:
            try:
                return draw(chapter)
            except DataError:
                if chapter.area.is_city:
                    raise
                said = text.compose("site.others_in_error", chapter.language)
                return chapter.statement(draw.__name__, said, item=item)

        return block

    return or_say_so


def discover() -> dict[str, type[Chapter]]:
    """Every chapter by its slug, in the order of the navigation."""
    return {slug: kind for slug, kind in kinds().items() if issubclass(kind, Chapter)}


@memo
def kinds() -> dict[str, type[Presenter]]:
    """Every chapter and archive by its slug, in their order."""
    note("chapters", "all")
    found = []
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        found += [
            kind
            for kind in vars(loaded).values()
            if isinstance(kind, type) and issubclass(kind, Presenter) and vars(kind).get("slug") == module.name
        ]
    return {kind.slug: kind for kind in sorted(found, key=lambda kind: kind.order)}


def chapter_title(chapter: str, language: str) -> str:
    """What the chapter of that slug is called."""
    return text.message(f"{chapter}.chapter", language)


def of_standard(table: str, *numbers: str) -> PublishedTable:
    """A table of a standard, its *numbers* as they are written; the status of a row says whether its text was read."""
    rows = pd.DataFrame(rules.table(table)).assign(source_id="")
    rows["status"] = rows["verification"].map(OF_RULES)
    for column in numbers:
        rows[column] = rows[column].map(lambda text: Decimal(text) if text else None)
    return PublishedTable(f"standards/{table}", rows)


def alike(known: Mapping[_K, Figure], one: _K) -> list[_K]:
    """The keys of all figures that have the value of *one*, itself among them: nobody is first alone who shares it."""
    return [key for key, figure in known.items() if figure.value == known[one].value]


def spliced(parts: list[list[Any]], separator: str) -> list[Any]:
    """The *parts* of several texts as one text."""
    return [piece for place, part in enumerate(parts) for piece in ([separator] if place else []) + part]
