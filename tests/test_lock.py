"""One at a time: a second one is told who is at work; what a killed one left half-written is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from projects import small_project
from reportkit import lock
from reportkit.errors import BusyError
from reportkit.lock import alone
from reportkit.project import Project

HOLD = "import sys, time\nfrom reportkit.lock import alone\nfrom reportkit.project import open_project\n"
HOLD += "with alone(open_project(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project", data_years=())


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_PATIENCE_SECONDS", 0.0)


def test_a_second_one_is_told_which_process_is_at_work(project: Project, impatient: None) -> None:
    with (
        alone(project),
        pytest.raises(BusyError, match=rf"process {os.getpid()}\) is at work") as error,
        alone(project),
    ):
        pass
    assert error.value.where == str(project.root)


def test_after_one_has_ended_the_next_one_may(project: Project, impatient: None) -> None:
    for _ in range(2):
        with alone(project):
            pass


def test_one_that_was_killed_holds_nothing(project: Project) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(project.root)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    with alone(project):
        pass


def test_what_was_being_written_is_removed_and_what_was_written_stays(project: Project) -> None:
    half = ["reports/2024/tianhe/.air.zh.part.ipynb", "reports/2024/tianhe/.air.zh.ipynb.part"]
    half += ["cache/.abc.svg.part", ".durations.json.part", ".site.coming/index.html"]
    whole = ["reports/2024/tianhe/air.zh.ipynb", "cache/abc.svg", "durations.json", "site/a.part"]
    before = {path.relative_to(project.build).as_posix() for path in project.build.rglob("*") if path.is_file()}
    for name in [*half, *whole]:
        (project.build / name).parent.mkdir(parents=True, exist_ok=True)
        (project.build / name).write_bytes(b"x")
    with alone(project):
        left = {path.relative_to(project.build).as_posix() for path in project.build.rglob("*") if path.is_file()}
    assert left == {*before, *whole, ".lock"}
