"""Editions with the results their reports share, computed once: held in the process reports are forked from, and kept.

What is kept in ``build/cache`` is good for as long as code, rules and messages are the same; of what was made from
rows, all but the changed is.
"""

from __future__ import annotations

import contextlib
import pickle
import sys
from pathlib import Path

import pandas as pd

from reportkit import chapters
from reportkit.chapters import Edition
from reportkit.errors import StorageError
from reportkit.load import state_of
from reportkit.manifest import hash_value
from reportkit.modules import PACKAGE
from reportkit.project import Project
from reportkit.standards import rules
from reportkit.storage import write_whole


def hold(project: Project, year: int, language: str) -> None:
    """Hold an edition in this process: as it was kept, where that is still good, and what is missing computed."""
    file = project.build / "cache" / "editions" / f"{year}.{language}.pickle"
    code = hash_value([repr(project), code_state()])
    edition = Edition(project, year, language)
    state = edition.state()
    kept = _kept(file, code)
    if kept is not None:
        edition = kept[1]
    if kept is None or kept[0] != state:
        edition.forget_changed()
        edition.compute_shared()
        with contextlib.suppress(StorageError):  # without room it is computed again next time
            write_whole(file, pickle.dumps(code) + pickle.dumps((state, edition)))
    chapters.held[state] = edition


def _kept(file: Path, code: str) -> tuple[str, Edition] | None:
    """The state and the edition kept in *file*, if they were made by this *code* and the file is whole."""
    with contextlib.suppress(Exception), file.open("rb") as stream:  # a damaged file is as good as none
        if pickle.load(stream) == code:
            kept: tuple[str, Edition] = pickle.load(stream)
            return kept
    return None


def code_state() -> str:
    """What makes code, messages and rules what they are: the state of their files, and the libraries beneath."""
    files = [path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".po"}]
    files += rules.folder().glob("*.csv")
    return hash_value([sys.version, pd.__version__, *([str(file), *state_of(file)] for file in sorted(files))])
