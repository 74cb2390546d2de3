"""Editions: what the reports of one year and language share, the areas and enterprises they are about among it."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from reportkit import text
from reportkit.display import Displayed, as_html
from reportkit.errors import DataError, SettingsError, nearest
from reportkit.load import Reader
from reportkit.memo import forget, memo
from reportkit.project import LANGUAGES, Project

if TYPE_CHECKING:
    from reportkit.chapters import Chapter


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


# Editions whose shared results are computed, for reports to come, by all that makes them what they are: see held.py.
held_editions: dict[str, Edition] = {}


class Edition:
    """What the reports of one year and language share: the rows read so far, areas, enterprises, sources."""

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
        return held_editions.get(edition.state(), edition)

    def _repr_html_(self) -> str:
        title = f"{self.city.names[self.language]} · {self.year}"
        return as_html(title, ["area", ""], [[slug, area.names[self.language]] for slug, area in self.areas.items()])

    def state(self) -> str:
        """What makes the results of this edition what they are, besides the code."""
        return repr([self.project, self.year, self.language, self.reader.state()])

    def compute_shared(self, kinds: Iterable[type[Chapter]]) -> None:
        """Compute what all pages of chapters of these *kinds* compare, and what chapters ask of each other.

        Whatever goes wrong goes wrong again in the report that asks for it, and is said there.
        """
        for area in self.areas.values():
            for kind in kinds:
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
        """The area in which an enterprise stands, for a report that rests on no other row of the register."""
        code = self.enterprise(enterprise_id)["area_code"]
        return next(area for area in self.areas.values() if area.code == code)

    @memo
    def enterprise(self, enterprise_id: str) -> dict[str, Any]:
        """The row of one enterprise in the register, and of it alone; SettingsError names the nearest where none is."""
        rows = self.reader.rows("enterprises/register", enterprise_id=enterprise_id).to_dict("records")
        if not rows:
            raise SettingsError(
                f"Unknown enterprise {enterprise_id!r}.",
                where="data/enterprises/register.csv",
                do=nearest(enterprise_id, self.enterprises),
            )
        return {str(name): value for name, value in rows[0].items()}

    @property
    @memo
    def enterprises(self) -> dict[str, dict[str, Any]]:
        """Every enterprise of the register by its id."""
        rows = self.reader.rows("enterprises/register").to_dict("records")
        return {str(row["enterprise_id"]): {str(name): value for name, value in row.items()} for row in rows}

    @property
    @memo
    def areas_of_enterprises(self) -> dict[str, Area]:
        """The area in which each enterprise of the register stands, by the enterprise's id."""
        by_code = {area.code: area for area in self.areas.values()}
        return {it: by_code[row["area_code"]] for it, row in self.enterprises.items()}

    def sources(self, ids: Sequence[str]) -> list[dict[str, str]]:
        """Title, publisher, address and note of each source, in the order of *ids*; in English where there is any."""
        known = self.reader.rows("sources").set_index("source_id")
        columns = ["title", "publisher", "url", "trust", "note"]
        found = [{"id": id_, **{column: str(known.at[id_, column] or "") for column in columns}} for id_ in ids]
        for source in found:
            source |= {column: text.in_language(source[column], self.language) for column in ("title", "note")}
        return found

    def chapter(self, kind: type[Chapter], area: Area) -> Any:
        """The chapter of that *kind* for *area*, made once."""
        key = (kind, area.slug)
        if key not in self._chapters:
            self._chapters[key] = kind(self, area)
        return self._chapters[key]


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
