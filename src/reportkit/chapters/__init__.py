"""Chapters: rows in; sentences, tables and charts made of figures out. One module a chapter.

A chapter is a class with a ``slug``, the catalogue ``items`` it answers, and a method for each block of its
notebook. :func:`discover` finds them all; nothing else in the package names a chapter.
An archive is the same of one enterprise instead of an area; ``archive.py`` is the only one.
"""

from __future__ import annotations

import calendar
import contextlib
import functools
import importlib
import pkgutil
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar, Concatenate, ParamSpec, Self, TypeVar

import pandas as pd

from reportkit import charts, figures, text
from reportkit.blocks import Block, ChartContent, Column, TableContent, figures_in
from reportkit.chapters.periods import end
from reportkit.display import Displayed, as_html
from reportkit.errors import DataError, SettingsError, nearest
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.load import Reader
from reportkit.memo import forget, looked_at, memo, note
from reportkit.project import LANGUAGES, Project, open_project
from reportkit.standards import rules
from reportkit.standards.rules import Rule
from reportkit.status import OFFICIAL

DISCLOSED, PARTLY, NOT_DISCLOSED, NOT_APPLICABLE = "disclosed", "partly", "not_disclosed", "not_applicable"
STATES = (DISCLOSED, PARTLY, NOT_DISCLOSED, NOT_APPLICABLE)
DISTRICT, ENTERPRISE = "district", "enterprise"
ENTERPRISES = "enterprises"  # the folder of the archives, where other pages have their area


@dataclass(frozen=True, eq=False)
class Area(Displayed):
    """The city, or one of its districts; an edition holds each once."""

    code: str
    slug: str
    names: Mapping[str, str]
    kind: str
    tile_row: int | None
    tile_column: int | None
    has_coast: bool = False

    @property
    def is_city(self) -> bool:
        """Whether this is the city as a whole."""
        return self.kind == "city"


@dataclass(frozen=True)
class Disclosure(Displayed):
    """How far one catalogue item is disclosed for an area and year, and the first year it was."""

    item: str
    state: str
    since: int | None


@dataclass(frozen=True)
class Card(Displayed):
    """A key figure of a chapter, with last year's beside it; *anchor* is the section of the page it leads to."""

    label: str
    value: Figure
    before: Figure | None = None
    anchor: str = ""


@dataclass(frozen=True)
class Headline(Displayed):
    """What a chapter says on the overview of its area: a sentence (it may be empty) and key figures."""

    sentence: list[Any] = field(default_factory=list)
    cards: Sequence[Card] = ()


# Editions whose shared results are computed, for reports to come, by all that makes them what they are: see held.py.
held: dict[str, Edition] = {}


class Edition:
    """What the reports of one year and language share: the rows read so far, the areas, the sources."""

    def __init__(self, project: Project, year: int, language: str) -> None:
        if language not in LANGUAGES:
            raise SettingsError(f"Unknown language {language!r}.", do=nearest(language, LANGUAGES))
        self.project, self.year, self.language = project, year, language
        self.reader = Reader(project)
        self._chapters: dict[tuple[type[Chapter], str], Chapter] = {}

    @classmethod
    def of(cls, project: Project, year: int, language: str) -> Edition:
        """The edition of a *project*: that which is held, as long as no table has changed since, or else a new one."""
        edition = cls(project, year, language)
        return held.get(edition.state(), edition)

    def _repr_html_(self) -> str:
        title = f"{self.city.names[self.language]} · {self.year}"
        return as_html(title, ["area", ""], [[slug, area.names[self.language]] for slug, area in self.areas.items()])

    def state(self) -> str:
        """What makes the results of this edition what they are, besides the code."""
        return repr([self.project, self.year, self.language, self.reader.state()])

    def compute_shared(self) -> None:
        """Compute what all pages of a chapter compare, and what chapters ask of each other: what the overview does.

        Whatever goes wrong goes wrong again in the report that asks for it, and is said there.
        """
        for area in self.areas.values():
            for kind in discover().values():
                chapter = self.chapter(kind, area)
                with contextlib.suppress(Exception):
                    chapter.compared()
                with contextlib.suppress(Exception):
                    chapter.headline()
                for item in kind.items:
                    with contextlib.suppress(Exception):
                        chapter.disclosure(item)

    def forget_changed(self) -> None:
        """Forget every result that was made from rows that are others now."""
        self.reader = Reader(self.project)
        is_changed = functools.cache(self.reader.is_changed)
        for chapter in self._chapters.values():
            chapter.reader = self.reader
        for holder in (self, *self._chapters.values()):
            forget(holder, lambda things: any(map(is_changed, things["rows"].values())))

    @property
    @memo
    def areas(self) -> dict[str, Area]:
        """Every area by its slug, the city first."""
        rows = self.reader.rows("areas")
        areas = [_area(row) for _, row in rows.iterrows()]
        return {area.slug: area for area in sorted(areas, key=lambda area: (not area.is_city, area.code))}

    @property
    def city(self) -> Area:
        """The city itself."""
        return next(area for area in self.areas.values() if area.code == self.project.settings.area)

    @property
    def districts(self) -> list[Area]:
        """The districts, by code."""
        return [area for area in self.areas.values() if not area.is_city]

    def area_of(self, enterprise_id: str) -> Area:
        """The area in which an enterprise stands."""
        code = self.enterprises[enterprise_id]["area_code"]
        return next(area for area in self.areas.values() if area.code == code)

    @property
    @memo
    def enterprises(self) -> dict[str, dict[str, Any]]:
        """Every enterprise of the register by its id."""
        rows = self.reader.rows("enterprises/register").to_dict("records")
        return {str(row["enterprise_id"]): {str(name): value for name, value in row.items()} for row in rows}

    def sources(self, ids: Sequence[str]) -> list[dict[str, str]]:
        """Title, publisher and address of each source, in the order of *ids*."""
        known = self.reader.rows("sources").set_index("source_id")
        columns = ["title", "publisher", "url", "trust"]
        return [{"id": id_, **{column: str(known.at[id_, column] or "") for column in columns}} for id_ in ids]

    def chapter(self, kind: type[Chapter], area: Area) -> Any:
        """The chapter of that *kind* for *area*, made once."""
        key = (kind, area.slug)
        if key not in self._chapters:
            self._chapters[key] = kind(self, area)
        return self._chapters[key]


class Chapter(ABC):
    """One chapter of one area, year and language; the base of all chapters.

    Subclasses set ``slug`` (module, notebook, data folder and address), ``order`` (place in the navigation) and
    ``items`` (catalogue items), and give a method for each block. Wordings are looked up in the catalogue
    called like the slug: ``self.say("answer.days", …)`` is the message ``<slug>.answer.days``. ``subject`` is the
    parameter of its notebook that says what it is about.
    """

    slug: ClassVar[str]
    order: ClassVar[int]
    items: ClassVar[tuple[str, ...]]
    subject: ClassVar[str] = DISTRICT

    def __init__(self, edition: Edition, area: Area) -> None:
        self.edition, self.area = edition, area
        self.reader, self.year, self.language = edition.reader, edition.year, edition.language

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

    @property
    def codes(self) -> list[str]:
        """The codes of the areas whose rows this page is made of: its own, or for the city those of all districts."""
        return [area.code for area in self.edition.districts] if self.area.is_city else [self.area.code]

    def of(self, area: Area) -> Self:
        """The same chapter of another area."""
        chapter: Self = self.edition.chapter(type(self), area)
        return chapter

    @abstractmethod
    def disclosure(self, item: str) -> Disclosure:
        """How far *item* is disclosed; a chapter says it for each of its items."""

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

    def _repr_html_(self) -> str:
        """In JupyterLab: what chapter this is, and the blocks it has."""
        found = {
            name: method
            for kind in reversed(type(self).__mro__)
            for name, method in vars(kind).items()
            if not name.startswith("_") and getattr(method, "__annotations__", None) == {"return": "Block"}
        }
        title = f"{chapter_title(self.slug, self.language)} · {self.name()} · {self.year}"
        rows = [[f"{name}()", (method.__doc__ or "").partition("\n")[0]] for name, method in found.items()]
        return as_html(title, ["block", ""], rows)

    # --- naming ----------------------------------------------------------------------------------

    def identity(self, name: str) -> str:
        """The id of the figure *name* of this chapter, as in ``2024/AREA/air#good_days``."""
        return f"{self.year}/{self.area.slug}/{self.slug}#{name}"

    def table_name(self, name: str) -> str:
        """The address of this chapter's table *name* below ``data/``, without ``.csv``."""
        return f"{self.year}/{self.area.slug}/{self.slug}/{name}"

    def download(self, name: str) -> str:
        """The address of a table as it is shown on this page, in the page's language."""
        is_first = self.language == self.edition.project.settings.languages[0]
        return self.table_name(name) + ("" if is_first else f".{self.language}")

    def figure(
        self,
        name: str,
        measured: Measured,
        *,
        unit: str,
        period: str | None = None,
        rules: Sequence[Rule] = (),
        words: Mapping[str, str] | None = None,
    ) -> Figure:
        """A published figure of this chapter; *words* gives the message for each coded value."""
        labels = None
        if words is not None:
            labels = {
                language: {value: text.message(key, language) for value, key in words.items()} for language in LANGUAGES
            }
        return figures.name_figure(
            self.identity(name),
            measured,
            unit=unit,
            period=str(self.year) if period is None else period,
            rules=rules,
            labels=labels,
        )

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

    @property
    @memo
    def published(self) -> PublishedTable:
        """What has been published about this area and the chapter's subject."""
        return self.facts(f"{self.slug}/published", area_code=self.area.code)

    def suffixed(self, name: str, year: int) -> str:
        """*name*, followed by the year where it is not the page's own."""
        return name if year == self.year else f"{name}_{year}"

    def href(self, area: Area, chapter: str) -> str:
        """The address of the page of *area* and *chapter* in this language, from the site's root."""
        return self.href_of(area.slug, chapter)

    def href_of(self, folder: str, page: str) -> str:
        """The address of a *page* of this year and language in a *folder*, from the site's root."""
        language = "" if self.language == self.edition.project.settings.languages[0] else f"{self.language}/"
        return f"{language}{self.year}/{folder}/{page}.html"

    def enterprise(self, enterprise_id: str) -> dict[str, str]:
        """The cell of a table that names an enterprise: it leads to the enterprise's archive."""
        name = str(self.edition.enterprises[enterprise_id][f"name_{self.language}"])
        return {"href": self.href_of(ENTERPRISES, enterprise_id), "text": name}

    # --- words -----------------------------------------------------------------------------------

    def say(self, key: str, **values: Any) -> list[Any]:
        """The message *key* of this chapter, as parts of a text, filled with figures and words.

        ``{area}`` and ``{year}`` are the page's own unless they are given.
        """
        own = {"area": self.name(), "year": str(self.year)}
        return text.compose(f"{self.slug}.{key}", self.language, **{**own, **values})

    def word(self, key: str, **values: object) -> str:
        """The message *key* of this chapter as plain text, filled like :meth:`say`."""
        return "".join(str(part) for part in self.say(key, **values))

    def words(self, name: str, heading: str = "") -> Column:
        """A column of words; without a *heading* the message ``column.<name>`` stands over it."""
        return Column(name, heading or self.word(f"column.{name}"), is_number=False)

    def numbers(self, name: str, heading: str = "") -> Column:
        """A column of numbers; without a *heading* the message ``column.<name>`` stands over it."""
        return Column(name, heading or self.word(f"column.{name}"))

    def name(self, area: Area | None = None) -> str:
        """The name of *area* (or of this chapter's own) in the language of the page."""
        return (area or self.area).names[self.language]

    def joined(self, names: Sequence[str]) -> str:
        """The *names* as one list in the language of the page, a dash where there is none."""
        return self.separator.join(names) or figures.NO_DATA

    @property
    def separator(self) -> str:
        """What stands between the names of a list in the language of the page."""
        return text.message("site.list.separator", self.language)

    def month_name(self, month: int) -> str:
        """The month as a heading of a chart or table."""
        return f"{month}月" if self.language == "zh" else calendar.month_abbr[month]

    def period_words(self, period: str) -> str:
        """A part of a year in words, as in 2024年1月—9月."""
        first, last = period.partition("/")[0], end(period)
        words = {"year": first[:4], "first": self.month_name(int(first[5:7])), "last": self.month_name(int(last[5:7]))}
        if len(last) > len("2024-09"):
            return text.message("site.period.days", self.language, first=first, last=last)
        key = "site.period.month" if first == last else "site.period.months"
        return text.message(key, self.language, **words)

    # --- blocks ----------------------------------------------------------------------------------

    def block(
        self,
        kind: str,
        name: str,
        content: Mapping[str, Any],
        *,
        item: str | None = None,
        title: list[Any] | None = None,
        notes: Sequence[list[Any]] = (),
        tables: Sequence[PublishedTable] = (),
        also: Sequence[Figure] = (),
    ) -> Block:
        """A block of this chapter; its figures are those in its content, *tables* add their status and sources.

        What they rest on of the same area and year is published with them; further figures are named in *also*.
        """
        found = figures_in([content, title or [], list(notes), list(also)])
        shown = figures.with_those_beneath(found)
        ids = {source for figure in shown for source in figure.sources}
        ids |= {
            source for table in tables for joined in table.rows["source_id"].unique() for source in joined.split(";")
        }
        return Block(
            kind=kind,
            name=name,
            item=item or self.items[0],
            language=self.language,
            content=content,
            title=title or [],
            notes=notes,
            figures=shown,
            tables=tables,
            sources=self.edition.sources(sorted(ids - {""})),
            inputs=self.inputs,
        )

    def statement(self, name: str, *sentences: list[Any], **more: Any) -> Block:
        """A block of *sentences*; empty ones are left out."""
        return self.block("statement", name, {"sentences": [sentence for sentence in sentences if sentence]}, **more)

    def chart(
        self,
        name: str,
        draw: Callable[..., charts.Drawing],
        *arguments: Any,
        alternative: list[Any],
        table: TableContent,
        is_open: bool = False,
        **more: Any,
    ) -> Block:
        """A block with a chart of ``charts.py`` in both widths, its text alternative, and its numbers as a table."""
        specs = charts.in_both_widths(draw, *arguments)
        content = ChartContent(specs["wide"], specs["narrow"], alternative, table, is_open)
        return self.block("chart", name, {"chart": content}, **more)

    def inputs(self) -> dict[str, Any]:
        """Everything this report was made from so far; a change in any of it makes the report stale."""
        found = looked_at()
        return {
            "selections": [
                {"table": selection.table, "where": dict(selection.where), "sha256": selection.sha256}
                for _, selection in sorted(found["rows"].items())
            ],
            "messages": [list(pair) for pair in sorted(found["message"])],
            "standards": sorted(found["standard"]),
            "chapters": sorted(found["chapters"]),
        }


_Kind = TypeVar("_Kind", bound=Chapter)
_T = TypeVar("_T")
_P = ParamSpec("_P")


def once_for_all(function: Callable[Concatenate[_Kind, _P], _T]) -> Callable[Concatenate[_Kind, _P], _T]:
    """A result that is the same for every area: the city's chapter computes it once, and it is kept."""
    kept = memo(function)

    @functools.wraps(function)
    def recall(chapter: _Kind, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return kept(chapter.of(chapter.edition.city), *args, **kwargs)

    return recall


def only_with(what: str) -> Callable[[Callable[[_Kind], Block]], Callable[[_Kind], Block]]:
    """A block that, where its chapter has not *what* it is drawn from (``has_values``), says that nothing is known."""

    def or_say_so(draw: Callable[[_Kind], Block]) -> Callable[[_Kind], Block]:
        @functools.wraps(draw)
        def block(chapter: _Kind) -> Block:
            has_it = getattr(chapter, what)
            return draw(chapter) if has_it else chapter.statement(draw.__name__, chapter.say("no_values"))

        return block

    return or_say_so


def discover() -> dict[str, type[Chapter]]:
    """Every chapter of an area by its slug, in the order of the navigation."""
    return {slug: kind for slug, kind in kinds().items() if kind.subject == DISTRICT}


@memo
def kinds() -> dict[str, type[Chapter]]:
    """Every chapter by its slug, whatever its subject, in their order."""
    note("chapters", "all")
    found = []
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        found += [
            kind
            for kind in vars(loaded).values()
            if isinstance(kind, type) and issubclass(kind, Chapter) and vars(kind).get("slug") == module.name
        ]
    return {kind.slug: kind for kind in sorted(found, key=lambda kind: kind.order)}


def chapter_title(chapter: str, language: str) -> str:
    """What the chapter of that slug is called."""
    return text.message(f"{chapter}.chapter", language)


def of_standard(table: str, *numbers: str) -> PublishedTable:
    """A table of a standard, its *numbers* as they are written; standards are published by whoever issues them."""
    rows = pd.DataFrame(rules.table(table)).assign(status=OFFICIAL, source_id="")
    for column in numbers:
        rows[column] = rows[column].map(lambda text: Decimal(text) if text else None)
    return PublishedTable(f"standards/{table}", rows)


def spliced(parts: list[list[Any]], separator: str) -> list[Any]:
    """The *parts* of several texts as one text."""
    return [piece for place, part in enumerate(parts) for piece in ([separator] if place else []) + part]


def _area(row: pd.Series) -> Area:
    def place(value: Any) -> int | None:
        return None if pd.isna(value) else int(value)

    if not re.fullmatch(r"[a-z][a-z0-9-]*", row["slug"] or ""):  # it becomes the name of folders
        raise DataError(
            f"The area {row['area_code']} has no usable slug.",
            expected="small Latin letters",
            found=repr(row["slug"]),
            where="data/areas.csv, column slug",
        )
    names = {language: row[f"name_{language}"] for language in LANGUAGES}
    tile = place(row["tile_row"]), place(row["tile_column"])
    return Area(row["area_code"], row["slug"], names, row["kind"], *tile, bool(row["has_coast"]))
