"""``make bench``: what a site costs the plain way and with reportkit, what a change costs, what a further page costs.

Everything is measured from outside, as commands, in projects of their own below ``build/bench``. The legs take turns,
round after round, so that a machine that slows down slows all of them. The numbers go into ``build/bench.json`` and,
unless it is ``--quick``, into ``docs/performance.md``; the last lines printed are ``name: value``.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import json
import platform
import pstats
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

import benchmark_report
from benchmark_areas import areas_for, generated_project
from benchmark_measure import BIN, Failed, Measured, growth, measured, started, summary
from benchmark_plain import ARCHIVE, ENTERPRISES, areas, report_names
from projects import REPO, edit
from reportkit.blocks import MIMETYPE
from reportkit.chapters import kinds
from reportkit.modules import PACKAGE
from reportkit.processes import cores
from reportkit.project import CONFIG, Project, open_project

PLAIN = Path(__file__).with_name("benchmark_plain.py")
PROGRAMS = ("papermill", "jupyter-book", "Sphinx", "myst-nb", "ipykernel", "nbclient", "pandas", "altair")
# Values that are measured on the project the ways are compared on; the others are on the largest one.
AT_ONE_SIZE = ("cold_speedup", "one_worker_speedup", "noop_seconds", "one_notebook_seconds", "preview_seconds")
POLLED_EVERY = 0.05  # seconds
PATIENCE = 120.0  # seconds, for a preview
QUARTO_RENDERS = 4  # reports, in each round
Json = dict[str, Any]


@dataclass(frozen=True)
class Scale:
    """How much is measured: *sample* and *sample_of_sizes* are the notebooks papermill executes, None all of them.

    A sample has each chapter at least once; none is taken where it is 0. Sizes are the next that whole areas make.

    Generated areas have all *chapters*, or some. Without *compared_pages* the three ways are compared on the shipped
    data, and changes are made there. With *has_profiles* a bar that is not met comes with where the time goes.
    """

    rounds: int
    repeats: int
    pages: Sequence[int]
    chapters: Sequence[str] = ()
    compared_pages: int | None = None
    sample: int | None = None
    sample_of_sizes: int = 4
    has_profiles: bool = True


# Papermill would take hours for every notebook of every round: of each chapter it executes two.
FULL = Scale(rounds=3, repeats=3, pages=(12, 132, 1000), sample=2 * len(kinds()))
QUICK = Scale(
    rounds=1,
    repeats=1,
    pages=(8, 22, 36),
    chapters=("overview", "air", "water", "credit", ARCHIVE),
    compared_pages=22,
    sample=1,
    sample_of_sizes=0,
    has_profiles=False,
)


@dataclass(frozen=True)
class Timing:
    """One site made once: seconds of its executions, of all else, of both, and the most memory there was."""

    execution: float
    site: float
    total: float
    peak_megabytes: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write and print; 1 where a leg fails, with what it said."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="less of everything, in less than five minutes")
    is_quick = parser.parse_args(arguments).quick
    folder = REPO / "build" / "bench"
    began = time.perf_counter()
    try:
        found = bench(folder, QUICK if is_quick else FULL)
    except Failed as failure:
        print(f"bench: stopped: {failure}", file=sys.stderr)
        return 1
    found["seconds"] = round(time.perf_counter() - began)
    written = folder.with_name("bench-quick.json" if is_quick else "bench.json")
    written.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    say(f"took {found['seconds']} s")
    if is_quick:
        pages = found["ways"]["pages"]
        say(f"of {pages} pages, where what every build takes weighs most; the bars are for `make bench`")
    else:
        benchmark_report.write(found, REPO / "docs")
    print("\n".join(benchmark_report.lines(found)))
    shutil.rmtree(folder)
    return 0


def bench(folder: Path, scale: Scale) -> Json:
    """Everything of *scale*, in projects below *folder*."""
    shutil.rmtree(folder, ignore_errors=True)
    if scale.compared_pages is None:
        project, data = shipped_project(folder / "compared"), "shipped"
    else:
        number = areas_for(scale.compared_pages, scale.chapters)
        project, data = generated_project(folder / "compared", number, scale.chapters), "generated"
    found: Json = {"scale": asdict(scale), "machine": machine(), "versions": versions()}
    found["ways"] = {"data": data, **compare(project, scale)}
    found["changes"] = changes(project, scale.repeats)
    found["sizes"] = sizes(folder, scale)
    found["values"] = values(found)
    found["profiles"] = {
        name: profile(project if name in AT_ONE_SIZE else open_project(folder / str(scale.pages[-1])), name)
        for name in benchmark_report.missed(found["values"])
        if scale.has_profiles
    }
    return found


def shipped_project(folder: Path) -> Project:
    """The repository's own project in *folder*, without what was built of it."""
    for name in ("notebooks", "book", "data"):
        shutil.copytree(REPO / name, folder / name, ignore=shutil.ignore_patterns(".*", "registry.txt"))
    shutil.copy(REPO / CONFIG, folder)
    return open_project(folder)


# --- three ways to one site -------------------------------------------------------------------------------


def compare(project: Project, scale: Scale) -> Json:
    """The same reports the plain way, with one worker, and with all cores, in turn; Quarto too where it is."""
    names = list(report_names(project.root))
    executed = sample(names, scale.sample)
    ways: dict[str, Callable[[], Timing]] = {
        "plain": lambda: plain(project, names, executed),
        "one_worker": lambda: ours(project, "--jobs", "1"),
        "all_cores": lambda: ours(project),
    }
    if shutil.which("quarto"):
        ways["quarto"] = lambda: quarto(project, names, sample(names, QUARTO_RENDERS))
    taken: dict[str, list[Timing]] = defaultdict(list)
    compared = 0
    for number in range(scale.rounds):
        for way, make in ways.items():
            say(f"{len(names)} pages, round {number + 1} of {scale.rounds}: {way}")
            taken[way].append(make())
        compared = assert_same(project, executed)
    return {
        "pages": len(names),
        "reports_compared": compared,
        "ways": {way: {"how": how(way, executed, names), **summed_up(timings)} for way, timings in taken.items()},
    }


def how(way: str, executed: Sequence[str], names: Sequence[str]) -> str:
    """Whether the seconds of a *way* were measured, or come from a sample of the reports *names*."""
    if way == "quarto":
        executed = sample(names, QUARTO_RENDERS)
    is_whole = way in ("one_worker", "all_cores") or len(executed) == len(names)
    return "measured" if is_whole else f"sampled: {len(executed)} of {len(names)} reports"


def ours(project: Project, *options: str) -> Timing:
    """``reportkit build`` where nothing was built before; its executions end with the line that counts them."""
    shutil.rmtree(project.build, ignore_errors=True)
    done = reportkit("build", project, *options)
    execution = done.when("run: " + str(len(list(report_names(project.root)))) + " reports executed")
    return Timing(execution, done.seconds - execution, done.seconds, done.peak_megabytes)


def plain(project: Project, names: Sequence[str], executed: Sequence[str]) -> Timing:
    """papermill, then jupyter-book. Of reports not *executed*, the time is computed and the page is one of a copy."""
    out = plain_folder(project)
    shutil.rmtree(out, ignore_errors=True)
    running = measured(sys.executable, PLAIN, "execute", project.root, out, *executed)
    execution = running.seconds
    if len(executed) < len(names):
        execution = extrapolated(json.loads((out / "seconds.json").read_text(encoding="utf-8")), names)
        copy_to_others(out, names, executed)
    building = measured(sys.executable, PLAIN, "site", project.root, out)
    peak = max(running.peak_megabytes, building.peak_megabytes)
    return Timing(execution, building.seconds, execution + building.seconds, peak)


def quarto(project: Project, names: Sequence[str], executed: Sequence[str]) -> Timing:
    """Quarto, which executes and renders one report after the other; all of it computed from those *executed*."""
    out = plain_folder(project).with_name("quarto")
    shutil.rmtree(out, ignore_errors=True)
    running = measured(sys.executable, PLAIN, "quarto", project.root, out, *executed)
    seconds = extrapolated(json.loads((out / "seconds.json").read_text(encoding="utf-8")), names)
    return Timing(seconds, 0.0, seconds, running.peak_megabytes)


def plain_folder(project: Project) -> Path:
    """Where the plain way keeps what it makes: outside of the project."""
    return project.root.with_name(f"{project.root.name}-plain")


def plain_notebook(out: Path, name: str) -> Path:
    """Where the plain way keeps the executed notebook of a report."""
    address, language = name.rsplit(".", 1)
    return out / "notebooks" / language / f"{address}.ipynb"


def sample(names: Sequence[str], count: int | None) -> list[str]:
    """*count* of the reports *names*, each chapter as often as any other, areas and languages as they come."""
    by_chapter = list(of_chapters(names).values())
    count = len(names) if count is None else max(count, len(by_chapter)) if count else 0
    if count >= len(names):
        return list(names)
    rounds = -(-count // len(by_chapter))
    chosen = []
    for number in range(count):
        nth, which = divmod(number, len(by_chapter))
        reports = by_chapter[which]
        chosen.append(reports[(nth * (len(reports) // rounds) + nth + which) % len(reports)])
    return list(dict.fromkeys(chosen))


def chapter(name: str) -> str:
    """The chapter of the report *name*; all archives are of one."""
    _, area, file = name.split("/")
    return ARCHIVE if area == ENTERPRISES else file.split(".")[0]


def of_chapters(names: Sequence[str]) -> dict[str, list[str]]:
    """The reports *names* by chapter."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        found[chapter(name)].append(name)
    return found


def extrapolated(seconds: Mapping[str, float], names: Sequence[str]) -> float:
    """What all reports *names* would take, each as long as those of its chapter did on average."""
    known = of_chapters(list(seconds))
    return sum(statistics.mean(seconds[one] for one in known[chapter(name)]) for name in names)


def copy_to_others(out: Path, names: Sequence[str], executed: Sequence[str]) -> None:
    """Put a copy of an executed notebook of its chapter in the place of each report that was not *executed*."""
    known = of_chapters(executed)
    for name in set(names) - set(executed):
        target = plain_notebook(out, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(plain_notebook(out, known[chapter(name)][0]), target)


def assert_same(project: Project, names: Sequence[str]) -> int:
    """How many reports hold the same blocks, executed either way; raises Failed, naming them, where some do not."""
    out = plain_folder(project)
    differing = []
    for name in names:
        one, other = blocks_of(plain_notebook(out, name)), blocks_of(project.build / "reports" / f"{name}.ipynb")
        if not one or one != other:
            differing.append(name)
    if differing:
        raise Failed(f"{len(differing)} reports differ between the plain way and reportkit: {', '.join(differing)}")
    return len(names)


def blocks_of(notebook: Path) -> list[Json]:
    """The blocks that an executed notebook shows, without what they were made from."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    data = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return [{name: part for name, part in one[MIMETYPE].items() if name != "inputs"} for one in data if MIMETYPE in one]


# --- one small change ---------------------------------------------------------------------------------------


def changes(project: Project, repeats: int) -> Json:
    """What ``reportkit build`` takes of a site that stands: with nothing to do, a notebook and a row that changed."""
    reportkit("build", project)
    kinds: dict[str, Callable[[int], None]] = {
        "noop": lambda number: None,
        "notebook": lambda number: add_sentence(project, f"第{number + 1}次修改。"),
        "row": lambda number: change_row(project, number),
    }
    taken: dict[str, list[Measured]] = defaultdict(list)
    for number in range(repeats):
        for kind, change in kinds.items():
            say(f"change {number + 1} of {repeats}: {kind}")
            change(number)
            taken[kind].append(reportkit("build", project))
    found: Json = {kind: {**summed_up_changes(done)} for kind, done in taken.items()}
    say("preview")
    return {**found, "preview": preview(project, repeats)}


def summed_up_changes(done: Sequence[Measured]) -> Json:
    """Seconds, and how many reports were executed each time."""
    counts = [re.search(r"^run: (\d+) reports executed", it.output, re.MULTILINE) for it in done]
    return {
        "seconds": summary([it.seconds for it in done]),
        "reports_executed": [int(count[1]) if count else 0 for count in counts],
    }


def add_sentence(project: Project, sentence: str) -> None:
    """Save the notebook *water* with *sentence* at the end of its last Chinese text."""
    path = project.notebooks / "water.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = [cell for cell in notebook["cells"] if "zh" in cell["metadata"].get("tags", [])][-1]
    cell["source"] = "".join(cell["source"]) + sentence
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def change_row(project: Project, number: int) -> None:
    """Save the newest year's station days with one reading that is another."""

    def changed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        measured_rows = [row for row in rows if row["pm10_ug_m3"]]
        row = measured_rows[100 + number]
        row["pm10_ug_m3"] = str(int(row["pm10_ug_m3"]) + 1)
        return rows

    edit(project.data / "air" / f"station_daily_{project.settings.years[-1]}.csv", changed)


def preview(project: Project, repeats: int) -> Json:
    """From a saved sentence to the page that shows it, while ``reportkit preview`` serves the site."""
    with started(BIN / "reportkit", "preview", "--project", project.root) as server:
        assert server.stdout is not None
        said = ""
        for line in server.stdout:
            said += line
            if address := re.match(r"preview: (http://\S+)", line):
                break
        else:
            if server.wait() == 2:
                return {"not_measured": "this reportkit has no command 'preview'"}
            raise Failed(f"reportkit preview ended with {server.returncode}\n{said}")
        area = list(areas(project.root))[-1]
        page = f"{address[1].rstrip('/')}/{project.settings.years[-1]}/{area}/water.html"
        return {"seconds": summary([seen_after(project, page, f"预览第{n + 1}次修改。") for n in range(repeats)])}


def seen_after(project: Project, page: str, sentence: str) -> float:
    """The seconds until *page*, which was looked at before, shows a *sentence* that is saved now."""
    fetch(page)
    add_sentence(project, sentence)
    began = time.perf_counter()
    while sentence not in fetch(page):
        if time.perf_counter() - began > PATIENCE:
            raise Failed(f"{page} did not show what was saved {PATIENCE:.0f} s ago")
        time.sleep(POLLED_EVERY)
    return time.perf_counter() - began


def fetch(page: str) -> str:
    """What is at that address now; nothing while it is being replaced."""
    with contextlib.suppress(OSError), urllib.request.urlopen(page, timeout=PATIENCE) as answer:
        return str(answer.read().decode())
    return ""


# --- sites of many sizes ------------------------------------------------------------------------------------


def sizes(folder: Path, scale: Scale) -> list[Json]:
    """Sites of generated areas with all cores, the sizes in turn; the plain way of each computed from a sample."""
    numbers = {pages: areas_for(pages, scale.chapters) for pages in scale.pages}
    projects = {pages: generated_project(folder / str(pages), n, scale.chapters) for pages, n in numbers.items()}
    taken: dict[int, list[Timing]] = defaultdict(list)
    for number in range(scale.rounds):
        for pages, project in projects.items():
            say(f"{pages} pages, round {number + 1} of {scale.rounds}: all_cores")
            taken[pages].append(ours(project))
    found = []
    for pages, project in projects.items():
        names = list(report_names(project.root))
        size: Json = {"areas": numbers[pages], "pages": len(names), "all_cores": summed_up(taken[pages])}
        if executed := sample(names, scale.sample_of_sizes):
            say(f"{pages} pages: plain, {len(executed)} notebooks of {len(names)}")
            size["plain_execution"] = {
                "how": f"computed: {len(executed)} of {len(names)} notebooks",
                "seconds": sampled_execution(project, names, executed),
            }
            size["reports_compared"] = assert_same(project, executed)
        found.append(size)
    return found


def sampled_execution(project: Project, names: Sequence[str], executed: Sequence[str]) -> float:
    """What papermill would take for all reports, from those it has *executed* now."""
    out = plain_folder(project)
    measured(sys.executable, PLAIN, "execute", project.root, out, *executed)
    return round(extrapolated(json.loads((out / "seconds.json").read_text(encoding="utf-8")), names), 2)


# --- what came out ------------------------------------------------------------------------------------------


def values(found: Json) -> dict[str, float | None]:
    """The numbers that have a bar, by name; None for what could not be measured."""
    total = {way: it["total"]["median"] for way, it in found["ways"]["ways"].items()}
    change = {kind: it["seconds"]["median"] if "seconds" in it else None for kind, it in found["changes"].items()}
    pages = [size["pages"] for size in found["sizes"]]
    seconds = [size["all_cores"]["total"]["median"] for size in found["sizes"]]
    return {
        "cold_speedup": round(total["plain"] / total["all_cores"], 2),
        "one_worker_speedup": round(total["plain"] / total["one_worker"], 2),
        "noop_seconds": change["noop"],
        "one_notebook_seconds": change["notebook"],
        "preview_seconds": change["preview"],
        "per_page_growth_10x": growth(pages, seconds),
        "peak_memory_gb": round(found["sizes"][-1]["all_cores"]["peak_megabytes"]["most"] / 1024, 2),
    }


def profile(project: Project, name: str) -> list[str]:
    """Where the time goes in what the value *name* is of: by chapter, and the calls of reportkit that take longest."""
    say(f"profile: {name}")
    if name in ("one_notebook_seconds", "preview_seconds"):
        reportkit("build", project)
        add_sentence(project, "又一句。")
    elif name != "noop_seconds":
        shutil.rmtree(project.build)
    options = ["--jobs", "1"] if name == "one_worker_speedup" else []
    profiler = [sys.executable, "-m", "cProfile", "-o", project.build.with_name("profile")]
    measured(*profiler, BIN / "reportkit", "build", "--project", project.root, *options)
    return [*of_executions(project), "", *longest_calls(project.build.with_name("profile"))]


def of_executions(project: Project) -> list[str]:
    """What the reports took in processes of their own, by chapter: seconds together, and the most memory of one."""
    known = json.loads((project.build / "durations.json").read_text(encoding="utf-8"))
    by_chapter = {name: [known[report] for report in reports] for name, reports in of_chapters(list(known)).items()}
    lines = [
        (sum(seconds for seconds, _ in taken), len(taken), name, max(megabytes for _, megabytes in taken))
        for name, taken in by_chapter.items()
    ]
    return [
        f"{seconds:7.2f} s {number:7} ×  reports of {name}, at most {megabytes:.0f} MB"
        for seconds, number, name, megabytes in sorted(lines, reverse=True)
    ]


def longest_calls(profile: Path, count: int = 20) -> list[str]:
    """The functions of reportkit in a *profile* whose calls took longest, with what they called and waited for."""
    stats: Mapping[tuple[str, int, str], Any] = pstats.Stats(str(profile)).stats  # type: ignore[attr-defined]
    calls = [
        (cumulative, number, f"{Path(file).relative_to(PACKAGE.parent)}:{line} {function}")
        for (file, line, function), (_, number, _, cumulative, _) in stats.items()
        if Path(file).is_relative_to(PACKAGE) and function != "<module>"
    ]
    return [f"{seconds:7.2f} s {number:7} ×  {where}" for seconds, number, where in sorted(calls, reverse=True)[:count]]


def summed_up(timings: Sequence[Timing]) -> Json:
    """Each number of the *timings* with its spread."""
    return {name: summary([getattr(it, name) for it in timings]) for name in Timing.__dataclass_fields__}


def machine() -> Json:
    """What it was measured on."""
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": cores(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
    }


def versions() -> dict[str, str]:
    """Of all that takes part."""
    found = {"Python": platform.python_version()} | {name: importlib.metadata.version(name) for name in PROGRAMS}
    if quarto_program := shutil.which("quarto"):
        asked = subprocess.run([quarto_program, "--version"], capture_output=True, text=True, check=True)
        found["Quarto"] = asked.stdout.strip()
    return found


def reportkit(verb: str, project: Project, *options: str) -> Measured:
    """A verb of the command line, measured."""
    return measured(BIN / "reportkit", verb, "--project", project.root, *options)


def say(what: str) -> None:
    """Where it is."""
    print(f"bench: {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
