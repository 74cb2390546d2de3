"""Whether anything has changed since the site was built: every file counts, by its content."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reportkit import snapshot
from reportkit.project import Project, Settings
from reportkit.snapshot import Snapshot

TOLD = {"pages": 2, "to_look_at": 1}
NAMES = {"zh": "城", "en": "City"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with a file of each kind and a built site, whose build told something."""
    project = Project(tmp_path, Settings("440100", (2024,), ("zh",), NAMES, NAMES))
    for name in ("_config.yml", "data/areas.csv", "data/air/days.csv", "notebooks/air.ipynb", "book/index.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    (project.build / "site" / "2024").mkdir(parents=True)
    (project.build / "site" / "2024" / "air.html").write_text("page", encoding="utf-8")
    before = Snapshot(project)
    before.keep(project.build / "site", TOLD)
    return project


def told(project: Project) -> dict[str, Any] | None:
    return Snapshot(project).told_before()


def test_where_nothing_has_changed_the_last_build_has_told_all(project: Project) -> None:
    assert told(project) == TOLD


def test_times_alone_and_files_of_an_editor_are_no_change(project: Project) -> None:
    os.utime(project.data / "areas.csv", (0, 0))
    (project.data / ".areas.csv.swp").write_text("x", encoding="utf-8")
    assert told(project) == TOLD


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_is_not_waited_for(project: Project) -> None:
    os.mkfifo(project.data / "pipe")
    assert told(project) == TOLD


@pytest.mark.parametrize(
    "name",
    [
        "_config.yml",
        "data/areas.csv",
        "data/air/days.csv",
        "notebooks/air.ipynb",
        "book/index.md",
        "build/site/2024/air.html",
    ],
)
def test_a_file_that_is_changed_or_removed_is_a_change(project: Project, name: str) -> None:
    (project.root / name).write_text("other", encoding="utf-8")
    assert told(project) is None
    (project.root / name).unlink()
    assert told(project) is None


@pytest.mark.parametrize("folder", ["data", "data/air", "notebooks", "book", "build/site"])
def test_a_file_more_is_a_change(project: Project, folder: str) -> None:
    (project.root / folder / "another.csv").write_text("", encoding="utf-8")
    assert told(project) is None


def test_what_is_saved_while_a_build_runs_is_a_change_afterwards(project: Project) -> None:
    before = Snapshot(project)
    (project.data / "areas.csv").write_text("saved meanwhile", encoding="utf-8")
    before.keep(project.build / "site", TOLD)
    assert told(project) is None


def test_other_packages_are_a_change(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "_environment", lambda: "other")
    assert told(project) is None


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "null"])
def test_a_record_that_is_garbage_is_as_good_as_none(project: Project, content: str) -> None:
    (project.build / "built.json").write_text(content, encoding="utf-8")
    assert told(project) is None


def test_neither_pandas_nor_sphinx_is_needed_to_know_that_nothing_has_changed() -> None:
    script = "import sys, reportkit.cli, reportkit.snapshot; sys.exit(bool({'pandas', 'sphinx'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
