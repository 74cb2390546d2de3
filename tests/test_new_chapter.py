"""A new chapter with one command: what it writes is formatted, typed and tested, and refuses to write over anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from projects import REPO

Run = Callable[..., "subprocess.CompletedProcess[str]"]
WRITTEN = {
    "data/datapackage.json",
    "data/market/published.csv",
    "data/registry.txt",
    "notebooks/market.ipynb",
    "src/reportkit/chapters/market.py",
    "src/reportkit/locale/en/market.po",
    "src/reportkit/locale/zh/market.po",
    "tests/chapters/test_market.py",
}


def run_in(repository: Path, *command: str) -> subprocess.CompletedProcess[str]:
    program, *rest = command
    return subprocess.run(
        [str(Path(sys.executable).with_name(program)), *rest],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": str(repository / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository elsewhere, with a new chapter of several items."""
    there = tmp_path_factory.mktemp("new") / "repository"
    ignored = shutil.ignore_patterns(".*", "build", "__pycache__")
    for name in ("src", "data", "notebooks", "book", "tests", "examples"):
        shutil.copytree(REPO / name, there / name, ignore=ignored)
    for name in ("_config.yml", "pyproject.toml", "README.md"):
        shutil.copyfile(REPO / name, there / name)
    before = files(there)
    done = run_in(there, "reportkit", "new-chapter", "market")
    assert done.returncode == 0, done.stderr
    changed = {path for path, content in files(there).items() if before.get(path) != content}
    assert changed == WRITTEN
    return there


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and not {"build", "__pycache__"} & set(path.parts))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "--quiet", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["lint-imports", "--no-logo"],
        ["reportkit", "check"],
        ["pytest", "-q", "tests/chapters/test_market.py", "tests/test_notebooks.py", "tests/test_texts.py"],
        pytest.param(["pytest", "-q", "tests/test_text.py", "tests/test_source.py"], marks=pytest.mark.slow),
    ],
    ids=" ".join,
)
def test_what_is_written_passes(repository: Path, command: list[str]) -> None:
    done = run_in(repository, *command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_report_of_it_is_executed_at_once(repository: Path) -> None:
    done = run_in(repository, "reportkit", "run", "--district", "tianhe", "--chapter", "market")
    assert "run: 2 reports executed, 0 up to date, 0 failed" in done.stdout, done.stdout + done.stderr


def test_a_chapter_that_is_there_or_that_the_catalogue_does_not_name_is_refused(repository: Path) -> None:
    before = files(repository)
    for name, nearest in (("market", ""), ("air", ""), ("nois", "did you mean 'noise'?")):
        done = run_in(repository, "reportkit", "new-chapter", name)
        assert done.returncode == 2
        assert f"The catalogue has no items for a new chapter '{name}'." in done.stderr
        assert nearest in done.stderr
    assert files(repository) == before


def test_no_file_is_written_over(repository: Path) -> None:
    there = repository / "notebooks" / "noise.ipynb"
    there.write_text("mine", encoding="utf-8")
    before = files(repository)
    done = run_in(repository, "reportkit", "new-chapter", "noise")
    assert done.returncode == 2
    assert str(there) in done.stderr
    assert files(repository) == before
    there.unlink()
