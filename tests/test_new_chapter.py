"""A new chapter with one command: what it writes is formatted, typed and tested, and refuses to write over anything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from projects import REPO

Run = Callable[..., "subprocess.CompletedProcess[str]"]
WRITTEN = {
    "data/catalogue.csv",
    "data/datapackage.json",
    "data/sample/published.csv",
    "data/registry.txt",
    "notebooks/sample.ipynb",
    "src/reportkit/chapters/sample.py",
    "src/reportkit/locale/en/sample.po",
    "src/reportkit/locale/zh/sample.po",
    "tests/chapters/test_sample.py",
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
    for name in ("src", "data", "notebooks", "book", "docs", "tests", "examples"):
        shutil.copytree(REPO / name, there / name, ignore=ignored)
    for name in ("_config.yml", "pyproject.toml", "README.md"):
        shutil.copyfile(REPO / name, there / name)
    if (known := REPO / ".mypy_cache").is_dir():  # what has been found of all other modules
        shutil.copytree(known, there / known.name)
    before = files(there)
    done = run_in(there, "reportkit", "new-chapter", "sample", "--zh", "样例", "--en", "Samples")
    assert done.returncode == 0, done.stderr
    changed = {path for path, content in files(there).items() if before.get(path) != content}
    assert changed == WRITTEN
    known, now = (found["data/catalogue.csv"].decode() for found in (before, files(there)))
    assert now.removeprefix(known).count("\n") == 1  # a line was added, and the others are as they were
    return there


def files(folder: Path) -> dict[str, bytes]:
    generated = {"build", "__pycache__", ".mypy_cache"}
    found = (path for path in folder.rglob("*") if path.is_file() and not generated & set(path.parts))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "--quiet", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["lint-imports", "--no-logo"],
        ["reportkit", "check"],
        ["pytest", "-q", "tests/chapters/test_sample.py", "tests/test_notebooks.py", "tests/test_text.py"],
        pytest.param(["pytest", "-q", "tests/test_text.py", "tests/test_source.py"], marks=pytest.mark.slow),
    ],
    ids=" ".join,
)
def test_what_is_written_passes(repository: Path, command: list[str]) -> None:
    done = run_in(repository, *command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_report_of_it_is_executed_at_once(repository: Path) -> None:
    done = run_in(repository, "reportkit", "run", "--district", "tianhe", "--chapter", "sample")
    assert "run: 2 reports executed, 0 up to date, 0 failed" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sample"], "There is a chapter 'sample' already."),
        (["air"], "There is a chapter 'air' already."),
        (["Sample-2", "--zh", "样例", "--en", "Samples"], "'Sample-2' cannot be a chapter's name."),
        (["samples"], "The catalogue has no items for a chapter 'samples'."),
        (["samples", "--zh", "样例"], "did you mean 'sample'? Or name it: --zh … --en …"),
    ],
)
def test_what_cannot_be_a_new_chapter_is_refused(repository: Path, arguments: list[str], said: str) -> None:
    before = files(repository)
    done = run_in(repository, "reportkit", "new-chapter", *arguments)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert files(repository) == before


def test_no_file_is_written_over(repository: Path) -> None:
    there = repository / "notebooks" / "light.ipynb"
    there.write_text("mine", encoding="utf-8")
    before = files(repository)
    done = run_in(repository, "reportkit", "new-chapter", "light", "--zh", "光污染", "--en", "Light")
    assert done.returncode == 2
    assert str(there) in done.stderr
    assert files(repository) == before
    there.unlink()


def test_a_chapter_that_the_catalogue_names_is_made_of_its_items(repository: Path, tmp_path: Path) -> None:
    there = shutil.copytree(repository, tmp_path / "repository")
    for path in WRITTEN - {"data/catalogue.csv", "data/datapackage.json", "data/registry.txt"}:
        (there / path).unlink()
    descriptor = there / "data" / "datapackage.json"
    described = json.loads(descriptor.read_text(encoding="utf-8"))
    described["resources"] = [it for it in described["resources"] if it["name"] != "sample/published"]
    descriptor.write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
    done = run_in(there, "reportkit", "new-chapter", "sample")
    assert done.returncode == 0, done.stderr
    for path in WRITTEN - {"data/datapackage.json", "data/registry.txt"}:
        assert (there / path).read_bytes() == (repository / path).read_bytes()


@pytest.fixture(scope="module")
def guided(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with the blocks of the guide in the new chapter, their messages, cells and rows."""
    there = shutil.copytree(repository, tmp_path_factory.mktemp("guided") / "repository")
    guide = (REPO / "docs" / "adding-a-chapter.md").read_text(encoding="utf-8")
    methods = guide.split("```python\n")[1].split("```")[0].partition('methods."""\n')[2]
    module = there / "src" / "reportkit" / "chapters" / "sample.py"
    written = module.read_text(encoding="utf-8")
    for before, after in (
        ("import Block, TableContent", "import Block, TableContent, absolute"),
        ("from reportkit.figures", "from reportkit.chapters.common import over_years\nfrom reportkit.figures"),
        ("from reportkit.status", "from reportkit.memo import memo\nfrom reportkit.status"),
    ):
        written = written.replace(before, after)
    module.write_text(f"{written}\n{methods.strip(chr(10))}\n", encoding="utf-8")
    messages = {
        "response.slower": " {by}",
        "response.faster": " {by}",
        "response.now": " {area} {year} {hours}",
        "column.hours": "",
        "over_years.title": "",
        "over_years.alternative": " {first_year} {last_year}",
    }
    for language, name in (("zh", "甲"), ("en", "A")):
        with (there / "src" / "reportkit" / "locale" / language / "sample.po").open("a", encoding="utf-8") as catalogue:
            for key, names in messages.items():
                catalogue.write(f'\nmsgid "sample.{key}"\nmsgstr "{name} {key}{names}"\n')
    path = there / "notebooks" / "sample.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for call in ("response", "over_years"):
        for language in ("zh", "en"):
            heading = nbformat.v4.new_markdown_cell(
                f"({call.replace('_', '-')})=\n## {call}", id=f"{call[:4]}-{language}"
            )
            heading.metadata["tags"] = [language]
            notebook.cells.append(heading)
        notebook.cells.append(nbformat.v4.new_code_cell(f"chapter.{call}()", id=call))
    nbformat.write(notebook, path)
    rows = "".join(
        f"440103,Z1,site_{place},到场,On site,{year},{value},h,demonstration,demo-air\n"
        for year, values in ((2023, ("55.4", "60.1")), (2024, ("54.9", "59.6")))
        for place, value in enumerate(values)
    )
    with (there / "data" / "sample" / "published.csv").open("a", encoding="utf-8") as table:
        table.write(rows)
    assert run_in(there, "reportkit", "check", "--update-registry").returncode == 0
    return there


def test_the_blocks_of_the_guide_run_on_what_the_command_writes(guided: Path) -> None:
    done = run_in(guided, "reportkit", "run", "--district", "liwan", "--chapter", "sample")
    assert "run: 2 reports executed, 0 up to date, 0 failed" in done.stdout, done.stdout + done.stderr
    asked = "from reportkit.chapters.sample import Sample\n"
    asked += "chapter = Sample.open('liwan', 2024, 'en')\n"
    asked += "print(chapter.response().as_json()['content'])\nprint(chapter.over_years().as_json()['content'])\n"
    done = run_in(guided, "python", "-c", asked)
    assert done.returncode == 0, done.stderr
    assert "A response.now " in done.stdout
    assert "57.2 hours" in done.stdout
    assert "A response.faster " in done.stdout
    assert "'0.6 hours'" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "--quiet", "."],
        ["ruff", "format", "--check", "--exclude", "build", "."],
        ["mypy"],
        ["pytest", "-q", "tests/chapters/test_sample.py", "tests/test_notebooks.py", "tests/test_text.py"],
    ],
    ids=" ".join,
)
def test_what_the_guide_leads_to_passes(guided: Path, command: list[str]) -> None:
    done = run_in(guided, *command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_with_a_new_chapter_the_site_is_built_and_looks_as_the_others_do(repository: Path) -> None:
    """The tests that look at all chapters, and at the built site, with one more of them."""
    files_of = (
        "test_book",
        "test_data",
        "test_open_data",
        "test_charts",
        "chapters/test_overview",
        "chapters/test_targets",
    )
    on_site = ("pages", "links", "plan", "agreement")
    paths = [*(f"tests/{name}.py" for name in files_of), *(f"tests/site/test_{name}.py" for name in on_site)]
    done = run_in(repository, "pytest", "-q", "-n", "2", "-m", "not slow", *paths)
    assert done.returncode == 0, done.stdout + done.stderr
