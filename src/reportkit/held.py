"""Editions with the results their reports share, computed once: held in the process reports are forked from, and kept.

What is kept in ``build/cache`` is good for as long as code, rules and messages are the same; of what was made from
rows, all but the changed is.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from reportkit import chapters
from reportkit.chapters import Edition
from reportkit.load import state_of
from reportkit.manifest import hash_value
from reportkit.modules import PACKAGE
from reportkit.project import Project
from reportkit.standards import rules
from reportkit.storage import keep, kept


def hold(project: Project, year: int, language: str) -> None:
    """Hold an edition in this process: as it was kept, where that is still good, and what is missing computed."""
    state = Edition(project, year, language).state()
    before, edition = kept_edition(project, year, language)
    if before != state:
        edition.forget_changed()
        edition.compute_shared()
        keep(_file(project, year, language), _code(project), (state, edition))
    chapters.held[state] = edition


def kept_edition(project: Project, year: int, language: str) -> tuple[str, Edition]:
    """An edition as it was kept by this code, after its state at that time; a new one, of no state, where none was."""
    found: tuple[str, Edition] | None = kept(_file(project, year, language), _code(project))
    return found or ("", Edition(project, year, language))


def _file(project: Project, year: int, language: str) -> Path:
    return project.build / "cache" / "editions" / f"{year}.{language}.pickle"


def _code(project: Project) -> str:
    return hash_value([repr(project), code_state()])


def code_state() -> str:
    """What makes code, messages and rules what they are: the state of their files, and the libraries beneath."""
    files = [path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".po"}]
    files += rules.folder().glob("*.csv")
    return hash_value([sys.version, pd.__version__, *([str(file), *state_of(file)] for file in sorted(files))])
