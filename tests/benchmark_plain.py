"""The same pages the plain way: papermill in a loop, then jupyter-book, as a careful newcomer would write it.

``python benchmark_plain.py execute PROJECT OUT REPORT …`` executes notebooks, each in a kernel of its own;
``python benchmark_plain.py site PROJECT OUT`` builds one book a language of what lies in ``OUT/notebooks``; with
``quarto`` instead of ``execute``, Quarto does both. The chapters are the project's own; nothing else of reportkit is
used, neither its engine nor anything it has kept.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
import papermill
import yaml

ENTERPRISES, ARCHIVE = "enterprises", "archive"  # the folder of the archives, and their notebook
TITLES = {"zh": "首页", "en": "Contents"}
SPHINX_LANGUAGES = {"zh": "zh_CN", "en": "en"}
# The search index is spared: Sphinx has no setting for it, but an extension of one line.
NO_SEARCH = "def setup(app):\n    app.connect('builder-inited', lambda app: setattr(app.builder, 'search', False))\n"


def main(arguments: Sequence[str]) -> None:
    """Do one of the steps, named first on the command line."""
    step, project, out, *names = arguments
    if step == "site":
        build(Path(project), Path(out))
    else:
        one_by_one(Path(project), Path(out), names, {"execute": execute, "quarto": render}[step])


def settings(project: Path) -> dict[str, Any]:
    """The project's own part of its ``_config.yml``."""
    ours: dict[str, Any] = yaml.safe_load((project / "_config.yml").read_text(encoding="utf-8"))["reportkit"]
    return ours


def report_names(project: Path) -> Iterator[str]:
    """Every report, as in ``2024/AREA/air.zh``, then every archive."""
    chapters = sorted(path.stem for path in (project / "notebooks").glob("*.ipynb"))
    pages = [f"{area}/{chapter}" for area in areas(project) for chapter in chapters if chapter != ARCHIVE]
    pages += [f"{ENTERPRISES}/{enterprise}" for enterprise in enterprises(project) if ARCHIVE in chapters]
    for year in settings(project)["years"]:
        for page in pages:
            yield from (f"{year}/{page}.{language}" for language in settings(project)["languages"])


def areas(project: Path) -> dict[str, dict[str, str]]:
    """The rows of the table of areas, by slug."""
    return _by(project / "data" / "areas.csv", "slug")


def enterprises(project: Path) -> dict[str, dict[str, str]]:
    """The rows of the register of enterprises, by id."""
    return _by(project / "data" / "enterprises" / "register.csv", "enterprise_id")


def _by(table: Path, key: str) -> dict[str, dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as lines:
        return {row[key]: row for row in csv.DictReader(lines)}


def one_by_one(project: Path, out: Path, names: Sequence[str], make: Callable[..., None]) -> None:
    """Let *make* make each of the reports *names*; ``seconds.json`` tells what each took."""
    known, register = areas(project), enterprises(project)
    by_code = {row["area_code"]: row for row in known.values()}
    city = by_code[settings(project)["area"]]
    seconds = {}
    for name in names:
        began = time.perf_counter()
        year, area, file = name.split("/")
        chapter, language = file.split(".")
        is_archive = area == ENTERPRISES
        own = by_code[register[chapter]["area_code"]] if is_archive else known[area]
        words = {
            **({"enterprise_name": register[chapter][f"name_{language}"]} if is_archive else {}),
            "district_name": own[f"name_{language}"],
            "city_name": city[f"name_{language}"],
            "year": year,
            "previous_year": str(int(year) - 1),
        }
        path = project / "notebooks" / f"{ARCHIVE if is_archive else chapter}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        target = out / "notebooks" / language / year / area / f"{chapter}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        subject = {"enterprise": chapter} if is_archive else {"district": area}
        parameters = {**subject, "year": int(year), "language": language}
        make(project, in_one_language(notebook, language, words), target, parameters)
        seconds[name] = time.perf_counter() - began
    (out / "seconds.json").write_text(json.dumps(seconds, indent=1), encoding="utf-8")


def execute(project: Path, notebook: nbformat.NotebookNode, target: Path, parameters: dict[str, Any]) -> None:
    """Execute *notebook* into *target* in a kernel of its own."""
    papermill.execute_notebook(
        notebook, str(target), parameters=parameters, kernel_name="python3", cwd=str(project), progress_bar=False
    )


def render(project: Path, notebook: nbformat.NotebookNode, target: Path, parameters: dict[str, Any]) -> None:
    """Let Quarto execute *notebook* and make a page of it, beside *target*."""
    nbformat.write(notebook, target)
    given = [option for name, value in parameters.items() for option in ("-P", f"{name}:{value}")]
    command = ["quarto", "render", str(target), "--to", "html", "--execute", "--execute-dir", str(project), *given]
    subprocess.run(command, check=True)


def in_one_language(notebook: nbformat.NotebookNode, language: str, words: dict[str, str]) -> nbformat.NotebookNode:
    """*notebook* without the prose of other languages, its placeholders filled in, its code out of sight."""
    kept = []
    for cell in notebook.cells:
        tags = cell.metadata.setdefault("tags", [])
        if set(tags) & (set(TITLES) - {language}):
            continue
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"\{\{ *(\w+) *\}\}", lambda match: words[match[1]], cell.source)
        else:
            tags.append("remove-input")
        kept.append(cell)
    notebook.cells = kept
    return notebook


def build(project: Path, out: Path) -> None:
    """One book a language, one after the other."""
    for language in settings(project)["languages"]:
        book = out / "books" / language
        shutil.rmtree(book, ignore_errors=True)
        shutil.copytree(out / "notebooks" / language, book)
        pages = [path.relative_to(book).with_suffix("").as_posix() for path in sorted(book.rglob("*.ipynb"))]
        config = {
            "title": settings(project)["site_title"][language],
            "execute": {"execute_notebooks": "off"},
            "sphinx": {"local_extensions": {"no_search": "."}, "config": {"language": SPHINX_LANGUAGES[language]}},
        }
        contents = {"format": "jb-book", "root": "index", "chapters": [{"file": page} for page in pages]}
        (book / "_config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
        (book / "_toc.yml").write_text(yaml.safe_dump(contents), encoding="utf-8")
        (book / "index.md").write_text(f"# {TITLES[language]}\n", encoding="utf-8")
        (book / "no_search.py").write_text(NO_SEARCH, encoding="utf-8")
        program = Path(sys.executable).with_name("jupyter-book")
        subprocess.run([str(program), "build", "-q", str(book)], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
