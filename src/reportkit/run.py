"""In what order reports are executed, how, and what became of each."""

from __future__ import annotations

import contextlib
import functools
import json
import math
import multiprocessing
import os
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import papermill
import psutil
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from papermill.execute import raise_for_execution_errors
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from papermill.utils import chdir

from reportkit import warm
from reportkit.chapters import ENTERPRISES, Edition, discover
from reportkit.display import Displayed
from reportkit.engine import ReportEngine, check_notebook, fill, over_memory, start_warm, why_stopped
from reportkit.errors import SettingsError, StorageError, nearest
from reportkit.manifest import hash_bytes, write_if_changed
from reportkit.processes import cores, start_worker
from reportkit.project import Project, open_project
from reportkit.reports import ARCHIVE, Failure, Made, Report, used
from reportkit.staleness import NOTEBOOK, Manifest
from reportkit.validate.notebooks import SHOWS
from reportkit.warm import Ended, Limits, Warm

_MANY = 5  # fewer reports of an edition need less than all that its chapters compare
_MEGABYTES = 300.0  # of one report, until some have been measured


@dataclass
class Outcome(Displayed):
    """What a run did: reports executed, reports that were still good, reports that failed."""

    executed: list[Report] = field(default_factory=list)
    fresh: list[Report] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)


def plan(project: Project, areas: Sequence[str] = (), chapters: Sequence[str] = ()) -> list[Report]:
    """Every report of the project's years and languages, or of the *areas* and *chapters* named.

    A closed year has those of its own notebooks, also of one that is there no more for the years after it.

    The archives are those of the enterprises in these areas. Raises SettingsError for a name nobody knows, ReportError
    for a notebook that cannot be run.
    """
    years = project.settings.years
    notebooks = {
        slug: {year: path for year in years if (path := project.notebook(slug, year)).is_file()}
        for slug in (*discover(), ARCHIVE)
    }
    known_chapters = {slug: of_years for slug, of_years in notebooks.items() if of_years}
    edition = Edition.of(project, project.settings.years[-1], project.settings.languages[0])
    known_areas = edition.areas
    for what, wanted, known in (("district", areas, known_areas), ("chapter", chapters, known_chapters)):
        for name in wanted:
            if name not in known:
                raise SettingsError(f"Unknown {what} '{name}'.", do=nearest(name, known))
    wanted_areas, wanted_chapters = areas or list(known_areas), chapters or list(known_chapters)
    for path in dict.fromkeys(path for slug in wanted_chapters for path in known_chapters[slug].values()):
        check_notebook(path)
    pages = [(area, slug, slug) for area in wanted_areas for slug in wanted_chapters if slug != ARCHIVE]
    if ARCHIVE in wanted_chapters:
        wanted = [it for it, area in edition.areas_of_enterprises.items() if area.slug in wanted_areas]
        pages += [(ENTERPRISES, enterprise, ARCHIVE) for enterprise in wanted]
    return [
        Report(year, area, page, language)
        for year in years
        for area, page, notebook in pages
        if year in known_chapters[notebook]
        for language in project.settings.languages
    ]


def run(
    project: Project,
    reports: Sequence[Report],
    *,
    jobs: int | None = None,
    force: bool = False,
    progress: Callable[[Report, str], None] = lambda report, state: None,
) -> Outcome:
    """Execute the stale ones among *reports* (all with *force*), *jobs* at a time.

    One that fails does not keep the others; *progress* is told each report and what became of it.
    """
    manifest = Manifest(project)
    outcome = Outcome()
    edition_of = functools.cache(functools.partial(Edition.of, project))
    with _warm_for(project, reports) as process:  # it gets ready meanwhile
        stale = []
        for report in reports:
            changed = manifest.changed(report)
            if (
                not force
                and changed == {NOTEBOOK}
                and (same := with_new_prose(report, edition_of(report.year, report.language)))
            ):
                manifest.record(report, same)
                outcome.executed.append(report)
                progress(report, "executed")
            elif force or changed:
                stale.append(report)
            else:
                outcome.fresh.append(report)
                progress(report, "fresh")
        if stale:
            manifest.freeze()
        for report, made in _execute_all(project, stale, jobs, process):
            if isinstance(made, Made):
                manifest.record(report, made)
                outcome.executed.append(report)
                progress(report, "executed")
            else:
                manifest.forget(report)
                outcome.failed.append(made)
                progress(report, "failed")
    manifest.keep_hashes()
    return outcome


@contextlib.contextmanager
def _warm_for(project: Project, reports: Sequence[Report]) -> Iterator[Warm | None]:
    """The process that *reports* are forked from; nothing where processes cannot be forked."""
    if not warm.is_possible():
        yield None
        return
    counts = Counter((report.year, report.language) for report in reports)
    editions = sorted(edition for edition, count in counts.items() if count >= _MANY)
    with start_warm(project.root, editions) as process:
        yield process


def _execute_all(
    project: Project, reports: Sequence[Report], jobs: int | None, process: Warm | None
) -> Iterator[tuple[Report, Made | Failure]]:
    """Execute *reports*, each in a process of its own, the longest first, and give each with what became of it."""
    durations = Durations(project)
    if not reports:
        return
    waiting = deque(sorted(reports, key=durations.expected, reverse=True))
    at_a_time = min(len(waiting), jobs or workers(durations.megabytes))
    if process is None:
        yield from _execute_cold(project, waiting, at_a_time)
        return
    limits = Limits(project.settings.notebook_timeout_seconds, project.settings.notebook_memory_mb)
    running: dict[int, Report] = {}
    with durations.kept():
        ended = process.ended()
        for _ in range(at_a_time):
            report = waiting.popleft()
            running[process.submit(execute, project.root, report, limits=limits)] = report
        while running:
            number, end = next(ended)
            report = running.pop(number)
            if waiting:
                following = waiting.popleft()
                running[process.submit(execute, project.root, following, limits=limits)] = following
            if end.error:
                raise end.error
            durations.record(report, end)
            yield report, end.value if end.is_done else _cut_short(project, report, end)


def workers(megabytes: float) -> int:
    """How many reports of so many *megabytes* this machine executes at a time."""
    return max(1, min(cores(), int(psutil.virtual_memory().available / 2**20 / megabytes)))


def _cut_short(project: Project, report: Report, end: Ended) -> Failure:
    """The failure of a report whose process ended before the notebook did."""
    number = _cell_number(report.source(project), end.step)
    first = end.step.partition("\n")[0]
    return _failed(project, report, number, f"line 1: {first}", ": ".join(why_stopped(end, project.settings)))


def _execute_cold(project: Project, reports: Iterable[Report], jobs: int) -> Iterator[tuple[Report, Made | Failure]]:
    # papermill changes the working directory of its process, so reports at the same time need processes.
    pool = ProcessPoolExecutor(
        jobs,
        multiprocessing.get_context("spawn"),
        start_worker,
        (os.getpid(), project.settings.notebook_memory_mb),
    )
    try:
        waiting: dict[Future[Made | Failure], Report] = {
            pool.submit(execute, project.root, report): report for report in reports
        }
        for done in as_completed(waiting):
            try:
                yield waiting[done], done.result()
            except BrokenProcessPool as error:
                why = f"the process that ran it died: {error}"
                yield waiting[done], _failed(project, waiting[done], None, "", why)
    finally:  # where nothing can be written, the rest is not even begun
        pool.shutdown(cancel_futures=True)


def execute(root: Path, report: Report) -> Made | Failure:
    """Execute one report as papermill does and keep its notebook; say what it was made from, or what went wrong.

    Raises StorageError where it cannot be kept: so it is with every other.
    """
    project = open_project(root)
    try:
        # papermill's own steps, without the files it writes on the way: a notebook holds megabytes.
        notebook = _parameterized(report.source(project), report)
        with chdir(str(root)):
            notebook = ReportEngine.execute_notebook(
                notebook,
                NATIVE_KERNEL_NAME,
                project=str(root),
                progress_bar=False,
                record_timing=False,
                autosave_cell_every=0,
                execution_timeout=project.settings.notebook_timeout_seconds,
            )
        raise_for_execution_errors(notebook, None)
        return _keep(project, report, notebook)
    except papermill.PapermillExecutionError as error:
        return _failure(project, report, error)
    except StorageError:
        raise
    except Exception as error:  # a report must not take the others with it
        return _failed(project, report, None, "", f"{type(error).__name__}: {error}")


def with_new_prose(report: Report, edition: Edition) -> Made | None:
    """Keep the notebook of a report of *edition*, of which nothing else has changed, with the outputs it had before.

    That is right where it does what it did before: set up the same, and then call blocks of the chapter, each of which
    was called before. Nothing where it does not, or cannot be read: it has to be executed.
    """
    project = edition.project
    try:
        notebook = _parameterized(report.source(project), report)
        fill(notebook, edition)
        before = json.loads(report.path(project).read_bytes())
        outputs = {cell["source"]: cell["outputs"] for cell in _code(before)}
    except Exception:  # executing it says what is wrong
        return None
    if _setup(notebook) is None or _setup(notebook) != _setup(before):
        return None
    if any(cell.source not in outputs for cell in _code(notebook)):
        return None
    notebook.metadata = before["metadata"]
    for number, cell in enumerate(_code(notebook), start=1):
        cell.outputs, cell.execution_count = outputs[cell.source], number
        for output in cell.outputs:
            if "execution_count" in output:
                output["execution_count"] = number
    return _keep(project, report, notebook)


def _parameterized(notebook: Path, report: Report) -> nbformat.NotebookNode:
    """The *notebook* as papermill would run it for *report*."""
    made: nbformat.NotebookNode = parameterize_notebook(load_notebook_node(str(notebook)), report.parameters)
    return made


def _setup(notebook: Mapping[str, Any]) -> list[str] | None:
    """The sources of the code cells before the first call of a block; nothing where other code follows."""
    sources = [cell["source"] for cell in _code(notebook)]
    is_call = re.compile(SHOWS).fullmatch
    first = next((place for place, source in enumerate(sources) if is_call(source)), len(sources))
    return sources[:first] if all(map(is_call, sources[first:])) else None


def _code(notebook: Mapping[str, Any]) -> list[Any]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _keep(project: Project, report: Report, notebook: nbformat.NotebookNode) -> Made:
    """Keep the executed *notebook* of a report, and say what it was made from."""
    content = _normalised(notebook)
    write_if_changed(report.path(project), content)
    return Made(used(notebook), hash_bytes(content))


class Durations:
    """How long each report took when it was last executed, and how much memory; kept in ``build/durations.json``."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._path = project.build / "durations.json"
        self._known: dict[str, list[float]] = {}
        with contextlib.suppress(FileNotFoundError, ValueError, AttributeError):
            known = json.loads(self._path.read_text(encoding="utf-8"))
            self._known = {name: [float(number) for number in numbers] for name, numbers in known.items()}

    @property
    def megabytes(self) -> float:
        """What one report is expected to need at most: what one ever has, and half as much again."""
        return 1.5 * max((megabytes for _, megabytes in self._known.values()), default=_MEGABYTES)

    def expected(self, report: Report) -> tuple[float, int]:
        """Something to sort by: its seconds, or those of the slowest of its kind; then the size of its notebook."""
        kind = f"/{ENTERPRISES}/" if report.is_archive else f"/{report.chapter}."
        others = (seconds for name, (seconds, _) in self._known.items() if kind in name)
        seconds, _ = self._known.get(report.name) or (max(others, default=math.inf), 0.0)
        return seconds, report.source(self._project).stat().st_size

    def record(self, report: Report, end: Ended) -> None:
        """Keep what *report* took."""
        self._known[report.name] = [round(end.seconds, 2), round(end.peak_megabytes)]

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Whatever happens, what was recorded is written."""
        try:
            yield
        finally:
            write_if_changed(self._path, json.dumps(self._known, indent=1, sort_keys=True).encode())


def _normalised(notebook: nbformat.NotebookNode) -> bytes:
    """The executed notebook without what varies from run to run: times, paths, random ids."""
    notebook.metadata.pop("papermill", None)
    for number, cell in enumerate(notebook.cells, start=1):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        cell.id = f"cell-{number}"
    # As nbformat writes it, but on one line: indenting megabytes takes longer than many a notebook.
    return f"{json.dumps(notebook, ensure_ascii=False, sort_keys=True)}\n".encode()


def _failure(project: Project, report: Report, error: papermill.PapermillExecutionError) -> Failure:
    """Where in the analyst's notebook *error* happened, in the numbering JupyterLab shows from top to bottom."""
    trace = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback))
    line = 1
    if found := re.search(r"Cell In\[\d+\],? line (\d+)", trace):
        line = int(found[1])
    lines = error.source.splitlines() or [""]
    reason = f"{error.ename}: {error.evalue}"
    if error.ename.endswith("MemoryError"):  # numpy has its own
        reason = ": ".join(over_memory(project.settings))
    at = f"line {line}: {lines[min(line, len(lines)) - 1]}"
    return _failed(project, report, _cell_number(report.source(project), error.source), at, reason)


def _failed(project: Project, report: Report, cell: int | None, line: str, reason: str) -> Failure:
    """The failure of a report, with the folder its notebook lies in."""
    folder = report.source(project).parent.relative_to(project.notebooks.parent)
    return Failure(report, cell, line, reason, folder.as_posix())


def _cell_number(notebook: Path, source: str) -> int | None:
    """The place of the cell with that *source* in the analyst's notebook, from 1; None where it is not there."""
    cells = nbformat.read(notebook, as_version=4).cells
    return next((place for place, cell in enumerate(cells, start=1) if cell.source == source), None)
