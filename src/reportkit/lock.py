"""One at a time: who writes in a project holds its lock, which the system releases with the process that holds it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from reportkit.errors import BusyError
from reportkit.project import Project
from reportkit.storage import writing

_PATIENCE_SECONDS = 2.0  # a build that was killed a moment ago still has processes that are about to end


@contextlib.contextmanager
def alone(project: Project) -> Iterator[None]:
    """Hold the lock of *project*; what a build that was killed has left half-written is removed first.

    Raises BusyError where another process holds it, StorageError where nothing can be written.
    """
    path = project.build / ".lock"
    with contextlib.ExitStack() as opened:
        with writing("the folder build/", project.build):
            project.build.mkdir(parents=True, exist_ok=True)
            held = opened.enter_context(path.open("a+", encoding="ascii"))
        if not _could_be_taken(held):
            held.seek(0)
            raise BusyError(
                f"Another reportkit (process {held.read().strip() or 'unknown'}) is at work in this project.",
                where=str(project.root),
                do="wait until it has ended, and start again",
            )
        with writing("the folder build/", project.build):
            held.truncate(0)
            held.write(f"{os.getpid()}\n")
            held.flush()
            _clear(project.build)
        yield


def _could_be_taken(held: IO[str]) -> bool:
    """Whether the lock could be had, after a moment of patience."""
    if sys.platform == "win32":
        return True
    import fcntl

    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(0.1)
        else:
            return True


def _clear(build: Path) -> None:
    """Remove the half-written files that a killed build has left; they begin with a dot and say that they are parts."""
    for folder in (build / "reports", build / "cache"):
        for path in folder.rglob(".*.part*"):
            path.unlink()
    for path in build.glob(".*.part"):
        path.unlink()
    for path in build.glob(".*.coming"):
        shutil.rmtree(path)
