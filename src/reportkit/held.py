"""Editions with the results their reports share, computed once: held in the process reports are forked from, and kept.

What is kept in ``build/cache`` is good for as long as code, rules and messages are the same; of what was made from
rows, all but the changed is.
"""

from __future__ import annotations

import io
import multiprocessing
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reportkit.chapters import Chapter, Edition, discover
from reportkit.chapters.edition import held_editions
from reportkit.load import state_of
from reportkit.manifest import hash_value
from reportkit.modules import PACKAGE, libraries
from reportkit.processes import cores
from reportkit.project import Project
from reportkit.standards import rules
from reportkit.storage import keep, kept


def hold_all(project: Project, editions: Sequence[tuple[int, str]]) -> None:
    """Hold *editions* (year, language); several that are not kept as they are now are made so side by side before."""
    stale = [edition for edition in editions if not _is_kept(project, *edition)]
    if len(stale) > 1:
        # In processes forked from this one, which has read the tables; where one ends badly, it is made below.
        forked, at_a_time = multiprocessing.get_context("fork"), cores()
        for first in range(0, len(stale), at_a_time):
            some = stale[first : first + at_a_time]
            processes = [forked.Process(target=hold, args=(project, *edition)) for edition in some]
            for process in processes:
                process.start()
            for process in processes:
                process.join()
    for edition in editions:
        hold(project, *edition)


def hold(project: Project, year: int, language: str) -> None:
    """Hold an edition in this process: as it was kept, where that is still good, and what is missing computed."""
    state = Edition(project, year, language).state()
    before, edition = kept_edition(project, year, language)
    if before != state:
        edition.forget_changed()
        edition.compute_shared(_shown(project).values())
        keep(_file(project, year, language), _code(project), (state, packed(edition)))
    held_editions[state] = edition


def kept_edition(project: Project, year: int, language: str) -> tuple[str, Edition]:
    """An edition as it was kept by this code, after its state at that time; a new one, of no state, where none was."""
    found: tuple[str, bytes] | None = kept(_file(project, year, language), _code(project))
    return (found[0], unpacked(found[1])) if found else ("", Edition(project, year, language))


def _is_kept(project: Project, year: int, language: str) -> bool:
    found: tuple[str, bytes] | None = kept(_file(project, year, language), _code(project))
    return found is not None and found[0] == Edition(project, year, language).state()


def packed(edition: Edition) -> bytes:
    """An edition as bytes. Chapters name each other: followed from one to the next, they would nest without end."""
    stream = io.BytesIO()
    of_chapters = {key: vars(chapter) for key, chapter in edition._chapters.items()}
    _Packer(stream).dump((vars(edition) | {"_chapters": {}}, of_chapters))
    return stream.getvalue()


def unpacked(content: bytes) -> Edition:
    """The edition that was packed."""
    unpacker = _Unpacker(io.BytesIO(content))
    of_edition, of_chapters = unpacker.load()
    vars(unpacker.edition).update(of_edition)
    for (kind, area), of_chapter in of_chapters.items():
        vars(unpacker.chapter(kind, area)).update(of_chapter)
    unpacker.edition._chapters = unpacker.chapters
    return unpacker.edition


class _Packer(pickle.Pickler):
    """Writes the edition, and chapters, as what they are called."""

    def persistent_id(self, thing: Any) -> Any:
        """The kind and area of a chapter, nothing but that for the edition; other things are written as they are."""
        if isinstance(thing, Chapter):
            return type(thing), thing.area.slug
        return () if isinstance(thing, Edition) else None


class _Unpacker(pickle.Unpickler):
    """Reads what :class:`_Packer` wrote; an edition and chapters stand for their names before they are filled."""

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream)
        self.edition = Edition.__new__(Edition)
        self.chapters: dict[tuple[type[Chapter], str], Chapter] = {}

    def persistent_load(self, name: Any) -> Any:
        """The chapter, or the edition, of that name."""
        return self.chapter(*name) if name else self.edition

    def chapter(self, kind: type[Chapter], area: str) -> Chapter:
        """The chapter of an area, made once."""
        return self.chapters.setdefault((kind, area), kind.__new__(kind))


def _file(project: Project, year: int, language: str) -> Path:
    return project.build / "cache" / "editions" / f"{year}.{language}.pickle"


def _code(project: Project) -> str:
    return hash_value([repr(project), list(_shown(project)), code_state()])


def _shown(project: Project) -> dict[str, type[Chapter]]:
    """The chapters of which the project has a notebook."""
    return {slug: kind for slug, kind in discover().items() if (project.notebooks / f"{slug}.ipynb").is_file()}


def code_state() -> str:
    """What makes code, messages and rules what they are: the state of their files, and the libraries beneath."""
    files = [path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".po"}]
    files += rules.folder().glob("*.csv")
    return hash_value([sys.version, *libraries(), *([str(file), *state_of(file)] for file in sorted(files))])
