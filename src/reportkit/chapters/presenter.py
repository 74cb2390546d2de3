"""What chapters and archives have in common: figures with an id, words, and blocks about one subject of an edition."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import pandas as pd
from babel.dates import get_month_names

from reportkit import charts, figures, text
from reportkit.blocks import Block, ChartContent, Column, TableContent, figures_in
from reportkit.chapters.edition import Area, Edition
from reportkit.chapters.periods import end
from reportkit.display import as_html
from reportkit.errors import DataError
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import looked_at
from reportkit.project import LANGUAGES
from reportkit.standards.rules import Rule

ENTERPRISES = "enterprises"  # the folder of the archives, where other pages have their area


class Presenter(ABC):
    """Blocks about one subject of an edition: an area (see ``Chapter``) or an enterprise (see ``Archive``).

    Subclasses set ``slug`` (module, notebook, messages), ``order`` (place among all), ``items`` (catalogue items) and
    ``subject`` (the parameter of the notebook that says what it is about), and give a method for each block. Wordings
    are looked up in the catalogue called like the slug: ``self.say("answer.days", …)`` is the message
    ``<slug>.answer.days``.
    """

    slug: ClassVar[str]
    order: ClassVar[int]
    items: ClassVar[tuple[str, ...]]
    subject: ClassVar[str]

    def __init__(self, edition: Edition, area: Area) -> None:
        self.edition, self.area = edition, area
        self.reader, self.year, self.language = edition.reader, edition.year, edition.language

    def _repr_html_(self) -> str:
        """In JupyterLab: what page this is, and the blocks it has."""
        found = {
            name: method
            for kind in reversed(type(self).__mro__)
            for name, method in vars(kind).items()
            if not name.startswith("_") and getattr(method, "__annotations__", None) == {"return": "Block"}
        }
        kind = text.message(f"{self.slug}.chapter", self.language)
        title = f"{kind} · {self.about} · {self.year}"
        rows = [[f"{name}()", (method.__doc__ or "").partition("\n")[0]] for name, method in found.items()]
        return as_html(title, ["block", ""], rows)

    def shared_rows(self, table: str, exact: tuple[str, ...] = (), **where: Any) -> pd.DataFrame:
        """The rows of all areas, read once for all pages; on a district's without the others whose rows are in error.

        Raises DataError where its own are, or the page is the city's.
        """
        try:
            return self.reader.rows(table, exact, **where)
        except DataError:
            if self.area.is_city:
                raise
        codes = where.pop("area_code", [area.code for area in self.edition.areas.values()])
        sound = [code for code in codes if code == self.area.code or self._is_sound(table, exact, code, where)]
        return self.reader.rows(table, exact, area_code=sound, **where)

    def _is_sound(self, table: str, exact: tuple[str, ...], code: str, where: Mapping[str, Any]) -> bool:
        """Whether no row of the area with that *code* is in error."""
        try:
            self.reader.rows(table, exact, area_code=code, **where)
        except DataError:
            return False
        return True

    # --- naming ----------------------------------------------------------------------------------

    @property
    @abstractmethod
    def page(self) -> str:
        """The address of the page among those of its language, as in ``2024/AREA/air``."""

    def identity(self, name: str) -> str:
        """The id of the figure *name* of this page, as in ``2024/AREA/air#good_days``."""
        return f"{self.page}#{name}"

    def table_name(self, name: str) -> str:
        """The address of this page's table *name* below ``data/``, without ``.csv``."""
        return f"{self.page}/{name}"

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

    def of_year(self, name: str, measured: Measured, year: int, unit: str = "1") -> Figure:
        """The figure *name* of a year, which is the page's own or is said in the name; a bare number without *unit*."""
        return self.figure(self.suffixed(name, year), measured, unit=unit, period=str(year))

    def enterprise(self, enterprise_id: str, name: str = "") -> dict[str, str] | str:
        """The cell of a table that names an enterprise: it leads to its archive; the bare *name* if it has none."""
        if name and enterprise_id not in self.edition.enterprises:
            return name
        name = str(self.edition.enterprises[enterprise_id][f"name_{self.language}"])
        return {"href": self.href_of(ENTERPRISES, enterprise_id), "text": name}

    def industry(self, industry: str) -> str:
        """An industry of the register of enterprises in words."""
        return text.message(f"enterprises.industry.{industry}", self.language)

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
        """The name of *area* (or of the page's own) in the language of the page."""
        return (area or self.area).names[self.language]

    @property
    def about(self) -> str:
        """What the page is about, in its language: the area, unless it is something in it."""
        return self.name()

    def area_named(self, code: str) -> str:
        """The name of the area of that *code*."""
        return next(self.name(area) for area in self.edition.areas.values() if area.code == code)

    def joined(self, names: Sequence[str]) -> str:
        """The *names* as one list in the language of the page, a dash where there is none."""
        if len(names) < 2:
            return "".join(names) or figures.NO_DATA
        return self.separator.join(names[:-1]) + text.message("site.list.last", self.language) + names[-1]

    @property
    def separator(self) -> str:
        """What stands between the names of a list in the language of the page."""
        return text.message("site.list.separator", self.language)

    def month_name(self, month: int) -> str:
        """The month as a heading of a chart or table."""
        return str(get_month_names("abbreviated", locale=self.language)[month])

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
        rules: Sequence[Rule] = (),
    ) -> Block:
        """A block of this chapter; its figures are those in its content, *tables* add their status and sources.

        What they rest on of the same area and year is published with them; further figures are named in *also*, *rules*
        that are not those of a figure or table in *rules*.
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
            rules=rules,
            sources=self.edition.sources(sorted(ids - {""})),
            inputs=self.inputs,
        )

    def statement(
        self, name: str, *sentences: list[Any], lists: Sequence[Mapping[str, list[Any]]] = (), **more: Any
    ) -> Block:
        """A block of *sentences*, empty ones left out, after *lists*, each of some ``words`` and its ``lines``."""
        said = [sentence for sentence in sentences if sentence]
        content = {"lists": list(lists), "sentences": said} if lists else {"sentences": said}
        return self.block("statement", name, content, **more)

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
