"""Chapters with an index by which the districts have places."""

from __future__ import annotations

import contextlib
from abc import abstractmethod
from typing import Any, Self

from reportkit import text
from reportkit.chapters import Chapter, alike, once_for_all
from reportkit.errors import DataError
from reportkit.figures import Figure


class Ranked(Chapter):
    """A chapter whose districts are ranked by an index, of which less is better."""

    @abstractmethod
    def index(self, year: int | None = None) -> Figure:
        """The index of a year; no value where it cannot be said."""

    @once_for_all
    def ranked_by(self, year: int) -> list[Figure]:
        """The indices of the districts that have a place, best first."""
        return [chapter.index(year) for chapter in self.ranked(year).values()]

    @once_for_all
    def ranked(self, year: int | None = None) -> dict[str, Self]:
        """The chapters of the districts whose index is known, best first; data in error leave a district out."""
        year, known = year or self.year, {}
        for area in self.edition.districts:
            with contextlib.suppress(DataError):  # the district's own page says so
                chapter = self.of(area)
                if chapter.index(year).value is not None:
                    known[area.slug] = chapter
        return dict(sorted(known.items(), key=lambda pair: (pair[1].index(year).value, pair[1].area.code)))

    def shared_place(self) -> list[Any]:
        """With whom the district shares its place; nothing where it has it alone."""
        ranked = self.ranked()
        indices = {slug: chapter.index() for slug, chapter in ranked.items()}
        others = [ranked[slug].name() for slug in alike(indices, self.area.slug) if slug != self.area.slug]
        return text.compose("site.by_district.shared", self.language, names=self.joined(others)) if others else []
