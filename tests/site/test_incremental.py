"""After whatever change, the site that was built on is the one built anew, byte for byte; no more was rewritten."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from faults import hashes
from projects import REPO, edit, read, small_project

CHAPTERS = ("overview", "air", "law", "targets")
ENTERPRISES = 2
REPORTS = 2 * len(CHAPTERS) + ENTERPRISES


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two areas with this package and its standards in it, so that code may be changed too; built."""
    folder = tmp_path_factory.mktemp("incremental") / "project"
    of_one = {"districts": ("liwan",), "languages": ("zh",), "data_years": (2024,), "enterprises": ENTERPRISES}
    small_project(folder, **of_one, chapters=(*CHAPTERS, "archive"))
    shutil.copytree(REPO / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    build(folder)
    return folder


def build(folder: Path) -> str:
    """Build the project in *folder* with the package in it, and give what was said."""
    program = Path(sys.executable).with_name("reportkit")
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    command = [str(program), "build", "--project", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def replace(path: Path, pattern: str, by: str) -> None:
    before = path.read_text(encoding="utf-8")
    after = re.sub(pattern, by, before, count=1)
    assert after != before, f"{pattern} is not in {path}"
    path.write_text(after, encoding="utf-8")


# --- what may be changed: each takes the project, and a number that makes it another change ---------------------------


def a_reading(folder: Path, number: int) -> None:
    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        rows[number % len(rows)]["pm2_5_ug_m3"] = str(20 + number % 30)
        return rows

    edit(folder / "data" / "air" / "station_daily_2024.csv", change)


def a_published_figure(folder: Path, number: int) -> None:
    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        rows[number % len(rows)]["value"] = str(30 + number % 40)
        return rows

    edit(folder / "data" / "air" / "published.csv", change)


def a_penalty(folder: Path, number: int) -> None:
    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        rows[number % len(rows)]["fine_yuan"] = str(10_000 + number)
        return rows

    edit(folder / "data" / "law" / "penalties.csv", change)


def another_row(folder: Path, number: int) -> None:
    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [*rows, rows[0] | {"period": str(1000 + number)}]

    edit(folder / "data" / "air" / "published.csv", change)


def a_row_less(folder: Path, number: int) -> None:
    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [row for place, row in enumerate(rows) if place != number % len(rows)]

    edit(folder / "data" / "air" / "published.csv", change)


def a_name(folder: Path, number: int) -> None:
    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        rows[number % len(rows)]["name_zh"] = f"示例{number}厂"
        return rows

    edit(folder / "data" / "enterprises" / "register.csv", change)


def prose(folder: Path, number: int) -> None:
    change_notebook(folder, lambda notebook: add_sentence(notebook, number))


def add_sentence(notebook: nbformat.NotebookNode, number: int) -> None:
    texts = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    for cell in texts[:2]:
        cell.source += f"\n\nNo. {number}, {{{{ district_name }}}}."


def order(folder: Path, _: int) -> None:
    change_notebook(folder, lambda notebook: notebook.cells.append(notebook.cells.pop(-2)))


def change_notebook(folder: Path, change: Callable[[nbformat.NotebookNode], None]) -> None:
    path = folder / "notebooks" / "air.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def a_module(folder: Path, number: int) -> None:
    replace(folder / "src" / "reportkit" / "charts.py", r'"#0f6e\w\w"', f'"#0f6e{16 + number % 200:02x}"')


def a_standard(folder: Path, number: int) -> None:
    replace(folder / "data" / "standards" / "rules.csv", r"(?m)^(air\.rank,[^,]*,[^,]*,)", rf"\g<1>{number}号：")


def a_message(folder: Path, number: int) -> None:
    path = folder / "src" / "reportkit" / "locale" / "zh" / "air.po"
    replace(path, r'(msgid "air\.months\.title"\nmsgstr ")', rf"\g<1>{number}：")


def a_setting(folder: Path, number: int) -> None:
    replace(folder / "_config.yml", r"zh: \S*示范站点", f"zh: {number}示范站点")


def a_written_page(folder: Path, number: int) -> None:
    replace(folder / "book" / "glossary.md", r"\Z", f"\n\nNo. {number}.\n")


CHANGES = (
    *(a_reading, a_published_figure, a_penalty, another_row, a_row_less, a_name, prose, order),
    *(a_module, a_standard, a_message, a_setting, a_written_page),
)


@pytest.mark.parametrize(
    "seed",
    [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 15))],
)
@pytest.mark.timeout(900)
def test_built_on_or_built_anew_the_site_is_the_same(project: Path, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    # The first three have every kind of change once.
    changes = CHANGES[seed::3] if seed < 3 else chance.sample(CHANGES, 3)
    site = project / "build" / "site"
    before = {path: (path.stat().st_ino, path.read_bytes()) for path in chapter_pages(site)}
    for change in changes:
        change(project, chance.randrange(1000))
    build(project)
    anew = shutil.copytree(project, tmp_path / "anew", ignore=shutil.ignore_patterns("build", "__pycache__"))
    build(anew)
    assert hashes(site) == hashes(anew / "build" / "site")
    for path, (number, content) in before.items():
        assert (path.stat().st_ino == number) == (path.read_bytes() == content), path
    assert "nothing has changed" in build(project)


def chapter_pages(site: Path) -> list[Path]:
    found = [path for path in site.rglob("*.html") if path.stem in CHAPTERS or path.parent.name == "enterprises"]
    assert len(found) == REPORTS
    return found


def rows_read(folder: Path) -> dict[str, list[list[dict[str, str]]]]:
    """The rows that each report says it read, looked up in the tables as they are now, by plain Python."""
    resources = json.loads((folder / "data" / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    paths = {it["name"]: [it["path"]] if isinstance(it["path"], str) else it["path"] for it in resources}
    reports, tables, found = folder / "build" / "reports", dict[str, list[dict[str, str]]](), {}
    for path in sorted(reports.rglob("*.json")):
        found[path.relative_to(reports).with_suffix("").as_posix()] = of_report = list[list[dict[str, str]]]()
        for selection in json.loads(path.read_text(encoding="utf-8"))["used"]["selections"]:
            name, where = selection["table"], selection["where"].items()
            rows = tables.setdefault(name, [row for file in paths[name] for row in read(folder / "data" / file)])
            of_report.append([row for row in rows if all(meets(row[column], wanted) for column, wanted in where)])
    return found


def meets(cell: str, wanted: Any) -> bool:
    """Whether a cell is the one that is wanted, one of several, or between two."""
    if isinstance(wanted, dict):
        return wanted.get("from", "") <= cell <= wanted.get("to", "\uffff")
    return cell in wanted if isinstance(wanted, list) else cell == str(wanted)


def rewritten(folder: Path) -> dict[str, int]:
    """When each report was written last."""
    reports = folder / "build" / "reports"
    return {
        path.relative_to(reports).with_suffix("").as_posix(): path.stat().st_mtime_ns
        for path in reports.rglob("*.ipynb")
    }


@pytest.mark.parametrize("change", [a_reading, a_published_figure, a_penalty, a_name, another_row, a_row_less])
def test_the_reports_that_read_a_row_are_executed_and_no_others(
    project: Path, change: Callable[[Path, int], None]
) -> None:
    build(project)
    rows, written = rows_read(project), rewritten(project)
    change(project, 11)
    concerned = {name for name, of_report in rows_read(project).items() if of_report != rows[name]}
    build(project)
    assert {name for name, when in rewritten(project).items() if when != written[name]} == concerned
    assert len(concerned) < REPORTS


@pytest.mark.parametrize(("change", "executed"), [(prose, 2), (a_setting, 0), (a_written_page, 0), (a_message, 2)])
def test_no_more_is_executed_than_what_reads_it(
    project: Path, change: Callable[[Path, int], None], executed: int
) -> None:
    change(project, 7)
    assert f"run: {executed} reports executed, {REPORTS - executed} up to date" in build(project)


def test_a_build_that_has_nothing_to_do_imports_neither_pandas_nor_sphinx(project: Path) -> None:
    build(project)
    program = Path(sys.executable).with_name("reportkit")
    command = [sys.executable, "-X", "importtime", str(program), "build", "--project", str(project)]
    environment = {**os.environ, "PYTHONPATH": str(project / "src")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert "nothing has changed" in done.stdout
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "reportkit" in imported
    assert not imported & {"pandas", "numpy", "sphinx", "altair", "papermill"}
