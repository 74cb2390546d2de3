"""Commands measured from outside: when they said what, how long they took, how much memory all their processes had."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

SAMPLED_EVERY = 0.5  # seconds; a look takes 5 ms a process, because the system walks all of its pages
BIN = Path(sys.executable).parent


class Failed(Exception):
    """A command that was measured did not end well; its output says why."""


@dataclass(frozen=True)
class Measured:
    """One command: its seconds, the most memory its processes had together, and each line with when it was said."""

    seconds: float
    peak_megabytes: float
    lines: Sequence[tuple[float, str]]

    @property
    def output(self) -> str:
        """All that was said."""
        return "".join(line for _, line in self.lines)

    def when(self, start: str) -> float:
        """When the first line with that *start* was said, in seconds from the beginning."""
        for at, line in self.lines:
            if line.startswith(start):
                return at
        raise Failed(f"no line begins with {start!r}\n{self.output}")


def measured(*command: str | Path) -> Measured:
    """Run *command* to its end; raises Failed with its output where that is not a good one."""
    began = time.perf_counter()
    with started(*command) as process, _watched(process.pid) as peak:
        assert process.stdout is not None
        lines = [(time.perf_counter() - began, line) for line in process.stdout]
        process.wait()
        seconds = time.perf_counter() - began
    done = Measured(seconds, max(peak), lines)
    if process.returncode:
        raise Failed(f"{' '.join(map(str, command))} ended with {process.returncode}\n{done.output}")
    return done


@contextlib.contextmanager
def started(*command: str | Path) -> Iterator[subprocess.Popen[str]]:
    """*command* as it runs, both its outputs in one; it is ended with the context, if it has not ended before."""
    with subprocess.Popen(
        list(map(str, command)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


@contextlib.contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    """What the process and all below it have in memory, looked at again and again, in megabytes."""
    found, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(SAMPLED_EVERY):
            found.append(_megabytes(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()


def _megabytes(pid: int) -> float:
    """The memory of a process and all below it; where the system can tell, what they share is counted once."""
    total = 0.0
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                memory = process.memory_full_info()
                total += getattr(memory, "pss", memory.rss) / 2**20
    return total


def growth(pages: Sequence[int], seconds: Sequence[float]) -> float | None:
    """What a further page costs between the last two sizes, as a multiple of what it costs between the first two.

    None where a larger site took no longer than a smaller one: then it is the noise that was measured.
    """
    (first, second, third), (early, later, last) = pages, seconds
    if not early < later < last:
        return None
    return round(((last - later) / (third - second)) / ((later - early) / (second - first)), 2)


def summary(numbers: Sequence[float]) -> dict[str, float]:
    """Median, least and most of *numbers*."""
    return {
        "median": round(statistics.median(numbers), 2),
        "least": round(min(numbers), 2),
        "most": round(max(numbers), 2),
    }
