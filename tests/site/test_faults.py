"""A line that does not break: killed, interrupted, without room, twice at once, robbed, with wild notebooks."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest

from faults import (
    PHASES,
    Counts,
    Files,
    Reader,
    broken_checksums,
    hashes,
    left_behind,
    phase,
    set_reading,
    start_build,
)
from projects import small_project

Serve = Callable[[Path], str]
READINGS = ("31", "32")


@pytest.fixture(scope="module")
def built(build: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two projects that differ in one reading, each built undisturbed: the city and one district, one chapter."""
    projects = []
    for reading in READINGS:
        folder = tmp_path_factory.mktemp("reference") / "project"
        small_project(folder, districts=("tianhe",), languages=("zh",), data_years=(2024,), chapters=["air"])
        set_reading(folder, reading)
        build(folder)
        projects.append(folder)
    return projects


@pytest.fixture(scope="module")
def sites(built: list[Path]) -> list[Files]:
    """The files of the two sites."""
    first, second = (hashes(project / "build" / "site") for project in built)
    assert len(first) > 40
    assert first.keys() == second.keys()
    assert first != second
    return [first, second]


@pytest.fixture
def project(built: list[Path], tmp_path: Path) -> Path:
    """The first of the two, with its site, in a folder of its own."""
    return shutil.copytree(built[0], tmp_path / "project")


def finish(project: Path, said: Path, *options: str, verb: str = "build") -> tuple[int, str]:
    """Exit code and words of a build of *project*, which must leave no process behind and show no traceback."""
    code = start_build(project, said, *options, verb=verb).wait(timeout=300)
    words = said.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in words, words
    assert not left_behind(project)
    return code, words


# --- killed ---------------------------------------------------------------------------------------


@pytest.mark.timeout(5400)
@pytest.mark.parametrize("kills", [5, pytest.param(50, marks=pytest.mark.slow)])
def test_a_build_killed_at_any_point_leaves_a_whole_site_and_the_next_one_the_right_bytes(
    kills: int,
    project: Path,
    sites: list[Files],
    serve: Serve,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    chance, counts, said = random.Random(20240101), Counts(), tmp_path / "said"
    reader = Reader(serve(project / "build" / "site"), sites)
    reader.start()
    began = time.monotonic()
    assert finish(project, said, "--force")[0] == 0
    whole = time.monotonic() - began

    state = 0
    while counts.kills < kills:
        state = 1 - state
        set_reading(project, READINGS[state])
        forget_some_drawings(project, chance)
        # Writing the site takes a fraction of a second, so every fifth kill waits for it.
        killed_at = kill(project, said, chance.uniform(0, whole), chance.uniform(0, 0.3), counts.kills % 5 == 4)
        counts.add(killed_at)
        assert left_behind(project) == []
        assert broken_checksums(project / "build" / "site") == []
        assert hashes(project / "build" / "site") in sites
        while reader.rounds <= counts.kills and not reader.complaints:  # however fast builds are, each is read
            time.sleep(0.05)
        assert reader.complaints == []
        if killed_at and (counts.kills % 10 == 0 or counts.kills == kills):
            code, words = finish(project, said)
            assert code == 0, words
            assert hashes(project / "build" / "site") == sites[state]
            assert half_written(project) == []
            counts.recovered += 1
    reader.stop()

    with capfd.disabled():
        print(
            f"\nfaults: {counts}; a reader followed links {reader.rounds} times round the site, {reader.pages} pages "
            f"in {reader.fetches} fetches, {len(reader.complaints)} of them not whole"
        )
    assert reader.complaints == []
    assert reader.rounds > kills


def kill(project: Path, said: Path, delay: float, further: float, at_the_swap: bool) -> str | None:
    """Begin a build of *project* and kill it after *delay* seconds; what it was at, nothing if it had ended.

    Where it is to be *at_the_swap*, the kill comes *further* seconds after the new site begins to be written.
    """
    started = start_build(project, said)
    until = time.monotonic() + delay
    coming = project / "build" / ".site.coming"
    while started.poll() is None and (not coming.exists() if at_the_swap else time.monotonic() < until):
        time.sleep(0.002)
    if at_the_swap:
        time.sleep(further)
    was_at = phase(project, said)
    started.kill()
    code = started.wait()
    words = said.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in words, words
    assert code in (0, -9), words
    return was_at if code else None


def forget_some_drawings(project: Path, chance: random.Random) -> None:
    """Remove half of the drawings that are kept, so that there is something to draw."""
    drawings = sorted((project / "build" / "cache").rglob("*.svg"))
    for path in chance.sample(drawings, len(drawings) // 2):
        path.unlink()


def half_written(project: Path) -> list[str]:
    """What is left of files and folders that were being written."""
    build = project / "build"
    found = [*build.rglob(".*.part*"), *build.glob(".site*")]
    return [path.relative_to(build).as_posix() for path in found]


def test_the_reader_of_the_harness_notices_what_is_not_whole(project: Path, sites: list[Files], serve: Serve) -> None:
    page = project / "build" / "site" / "2024" / "tianhe" / "air.html"
    page.write_bytes(page.read_bytes()[:-1])
    (project / "build" / "site" / "404.html").unlink()
    reader = Reader(serve(project / "build" / "site"), sites)
    reader.start()
    while reader.rounds < 1:
        time.sleep(0.05)
    reader.stop()
    assert {complaint.partition(":")[0] for complaint in reader.complaints} == {"2024/tianhe/air.html", "404.html"}
    assert set(broken_checksums(project / "build" / "site")) == {"2024/tianhe/air.html", "404.html"}


# --- the disk -------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(project: Path) -> Iterator[Path]:
    """The ``build/`` of *project* on a small disk of its own; what was in it is there again."""
    build, kept = project / "build", project / "kept"
    build.rename(kept)
    build.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(build)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"needs the right to mount a small disk: {mounted.stderr.strip()}")
    try:
        shutil.copytree(kept, build, dirs_exist_ok=True)
        yield build
    finally:
        subprocess.run(["umount", "--lazy", str(build)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Fill *disk* up to *left* bytes, with a file that can be removed."""
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free
    filler.write_bytes(bytes(max(0, free - left)))
    return filler


@pytest.mark.parametrize(
    "left",
    [0, 700_000, *(pytest.param(left, marks=pytest.mark.slow) for left in (8_000, 200_000, 2_000_000, 4_000_000))],
)
def test_a_full_disk_is_told_in_one_sentence_and_the_last_good_site_stays(
    project: Path, small_disk: Path, sites: list[Files], tmp_path: Path, left: int
) -> None:
    set_reading(project, READINGS[1])
    shutil.rmtree(small_disk / "cache")
    shutil.rmtree(small_disk / "book")
    filler = fill(small_disk, left)
    code, words = finish(project, tmp_path / "said")
    assert code == 1, words
    (told,) = [line for line in words.splitlines() if line.startswith("The disk is full: ")]
    assert "could not be written" in told
    assert "MB left" in told
    assert hashes(small_disk / "site") == sites[0]
    filler.unlink()
    assert finish(project, tmp_path / "said")[0] == 0
    assert hashes(small_disk / "site") == sites[1]


def test_a_target_that_must_not_be_written_is_told_in_one_sentence_and_the_site_stays(
    project: Path, small_disk: Path, sites: list[Files], tmp_path: Path
) -> None:
    set_reading(project, READINGS[1])
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    code, words = finish(project, tmp_path / "said")
    assert code == 1
    assert words.startswith("The folder build/ could not be written: Read-only file system.")
    assert hashes(small_disk / "site") == sites[0]
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert finish(project, tmp_path / "said")[0] == 0
    assert hashes(small_disk / "site") == sites[1]


# --- interrupted ----------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [PHASES[1], *(pytest.param(PHASES[n], marks=pytest.mark.slow) for n in (0, 2))])
def test_ctrl_c_at_any_point_ends_the_build_and_all_its_children(
    project: Path, sites: list[Files], tmp_path: Path, at: str
) -> None:
    set_reading(project, READINGS[1])
    forget_some_drawings(project, random.Random(1))
    said = tmp_path / "said"
    started = start_build(project, said)
    if at == PHASES[0]:
        time.sleep(2)  # the process that notebooks are forked from is there by now
    while started.poll() is None and phase(project, said) != at:
        time.sleep(0.002)
    os.killpg(started.pid, signal.SIGINT)  # to all in the foreground, as a terminal does
    code, words = started.wait(timeout=60), said.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in words, words
    assert code == 130
    assert left_behind(project) == []
    assert hashes(project / "build" / "site") in sites
    assert finish(project, said)[0] == 0
    assert hashes(project / "build" / "site") == sites[1]


# --- others at work -------------------------------------------------------------------------------


def test_of_two_builds_at_once_the_second_says_that_the_first_is_at_work(
    project: Path, sites: list[Files], tmp_path: Path
) -> None:
    set_reading(project, READINGS[1])
    first = start_build(project, tmp_path / "first")
    lock = project / "build" / ".lock"
    while lock.read_text(encoding="ascii").strip() != str(first.pid):
        time.sleep(0.01)
    second = start_build(project, tmp_path / "second")
    assert second.wait(timeout=60) == 1
    told = (tmp_path / "second").read_text(encoding="utf-8")
    assert told.startswith(f"Another reportkit (process {first.pid}) is at work in this project.")
    assert first.wait(timeout=300) == 0
    assert hashes(project / "build" / "site") == sites[1]


def test_where_a_table_goes_while_reports_run_those_that_read_it_fail_and_the_others_go_on(
    project: Path, sites: list[Files], tmp_path: Path
) -> None:
    table = project / "data" / "air" / "station_daily_2024.csv"
    kept = table.read_bytes()
    gone_after_the_other = f"""import os, pathlib, time
if district == 'tianhe':
    other = pathlib.Path('build/reports/2024/guangzhou/air.zh.ipynb')
    while 'gone_after' not in other.read_text('utf-8'):
        time.sleep(0.1)  # gone_after
    os.remove({str(table)!r})"""
    put_first(project, gone_after_the_other)
    code, words = finish(project, tmp_path / "said", "--jobs", "2")
    assert code == 1
    assert "run: 1 reports executed, 0 up to date, 1 failed" in words
    assert "2024 · tianhe · air (zh)" in words
    assert "DataError: A file of table 'air/station_daily' is missing." in words
    assert str(table) in words
    assert hashes(project / "build" / "site") == sites[0]
    assert "这一章没有生成" in (project / "build/site.partial/2024/tianhe/air.html").read_text(encoding="utf-8")
    table.write_bytes(kept)


def test_where_a_table_goes_after_the_reports_ran_no_site_is_made_of_pages_without_their_table(
    project: Path, sites: list[Files], tmp_path: Path
) -> None:
    put_last(project, "import os\nif district == 'tianhe':\n    os.remove('data/catalogue.csv')")
    code, words = finish(project, tmp_path / "said", "--jobs", "1")
    assert code == 1
    assert "Tables were changed or removed while the site was being built from them." in words
    assert "found: catalogue.csv" in words
    assert hashes(project / "build" / "site") == sites[0]


# --- notebooks that run wild ----------------------------------------------------------------------

NEVER_ENDS = "while True:\n    pass"
HEARS_NOTHING = """import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    time.sleep(1)"""
EATS_AT_ONCE = "import numpy\nnumpy.ones(10**9)"
EATS_ON_AND_ON = "eaten = []\nwhile True:\n    eaten.append(bytes(10**6))"
KILLS_ITSELF = "import os\nos.kill(os.getpid(), 9)"


@pytest.mark.parametrize(
    ("wild", "reason", "is_cold"),
    [
        (NEVER_ENDS, "TimeLimit: the cell ran longer than 3 s (notebook_timeout_seconds)", False),
        (HEARS_NOTHING, "TimeLimit: the cell ran longer than 3 s (notebook_timeout_seconds)", False),
        (EATS_AT_ONCE, "MemoryLimit: the notebook used more than 500 MB (notebook_memory_mb)", False),
        (EATS_ON_AND_ON, "MemoryLimit: the notebook used more than 500 MB (notebook_memory_mb)", False),
        (KILLS_ITSELF, "KernelDied: its process was ended while it ran the cell", False),
        (NEVER_ENDS, "TimeLimit: the cell ran longer than 3 s (notebook_timeout_seconds)", True),
        (KILLS_ITSELF, "KernelDied: its process was ended while it ran the cell", True),
    ],
    ids=[
        *("never ends", "hears nothing", "eats memory at once", "eats memory on and on", "kills itself"),
        *("never ends, in a kernel of its own", "kills itself, in a kernel of its own"),
    ],
)
def test_a_wild_notebook_is_stopped_and_named_with_its_cell_while_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wild: str, reason: str, is_cold: bool
) -> None:
    if is_cold:  # where processes are not forked
        monkeypatch.setenv("REPORTKIT_COLD", "1")
    project = small_project(
        tmp_path / "project", districts=("tianhe",), languages=("zh",), data_years=(), chapters=["air"]
    )
    config = project.root / "_config.yml"
    settings = config.read_text("utf-8").replace("notebook_timeout_seconds: 600", "notebook_timeout_seconds: 3")
    config.write_text(settings.replace("notebook_memory_mb: 2048", "notebook_memory_mb: 500"), encoding="utf-8")
    path = project.notebooks / "air.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    indented = wild.replace("\n", "\n    ")
    notebook.cells += [
        nbformat.v4.new_markdown_cell("# {{ district_name }}"),
        nbformat.v4.new_code_cell(f"if district == 'tianhe':\n    {indented}"),
    ]
    nbformat.write(notebook, path)
    code, words = finish(project.root, tmp_path / "said", verb="run")
    assert code == 1
    assert "run: 1 reports executed, 0 up to date, 1 failed" in words
    assert "2024 · tianhe · air (zh)" in words
    assert "notebooks/air.ipynb, cell 3: line " in words
    assert reason in words
    entries = [path.relative_to(project.build).as_posix() for path in (project.build / "reports").rglob("*.json")]
    assert entries == ["reports/2024/guangzhou/air.zh.json"]


def put_first(project: Path, source: str) -> None:
    """Put a code cell of *source* after the parameters of the notebook."""
    path = project / "notebooks" / "air.ipynb"
    notebook = nbformat.read(path, as_version=4)
    place = next(n for n, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, path)


def put_last(project: Path, source: str) -> None:
    """Put a code cell of *source* at the end of the notebook."""
    path = project / "notebooks" / "air.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, path)
