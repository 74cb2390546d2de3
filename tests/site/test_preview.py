"""What is saved is seen a moment later, errors too; nothing but this machine is served."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest

from projects import REPO, edit, small_project
from reportkit.errors import SettingsError
from reportkit.preview import Preview, serve
from reportkit.project import Project

PAGE = "2024/tianhe/air.html"
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def project(build: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a site of two areas, one chapter, one language."""
    folder = tmp_path_factory.mktemp("preview") / "project"
    made = small_project(folder, districts=("tianhe",), languages=("zh",), data_years=(2024,), chapters=["air"])
    build(folder)
    return made


@pytest.fixture(scope="module")
def address(project: Project) -> Iterator[str]:
    """Where a preview of it is served."""
    shown, stop = Preview(project), threading.Event()
    server = serve(shown, 0)
    assert server.server_address[0] == "127.0.0.1"  # and no other machine can ask it
    running = threading.Thread(target=shown.run, args=(server, stop))
    running.start()
    while shown._build is None and running.is_alive():  # from its first build on a save is noticed
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    stop.set()
    running.join(timeout=30)
    assert not running.is_alive()


def got(address: str, page: str = PAGE) -> str:
    with urllib.request.urlopen(address + page, timeout=10) as answer:
        content: bytes = answer.read()
        return content.decode()


@pytest.fixture
def unbuilt(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is saved now is seen without a build: the page that is looked at is made anew by itself."""
    monkeypatch.setattr(Preview, "_start_build", lambda preview: None)


def seen(address: str, words: str, page: str = PAGE) -> bool:
    """Whether *words* come to stand on a page, within some patience."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if words in got(address, page):
            return True
        time.sleep(0.1)
    return False


def change_notebook(project: Project, change: Callable[[nbformat.NotebookNode], None]) -> None:
    path = project.notebooks / "air.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def test_pages_come_with_the_script_that_loads_them_again_and_files_as_they_were_built(
    address: str, project: Project
) -> None:
    assert "/_preview/reload.js" in got(address)
    assert "EventSource" in got(address, "_preview/reload.js")
    assert got(address, "SHA256SUMS") == (project.build / "site" / "SHA256SUMS").read_text(encoding="utf-8")


def test_a_page_that_is_not_there_says_so(address: str) -> None:
    assert "There is no such page" in got(address, "2024/tianhe/none.html")


def test_nothing_outside_the_site_is_served(address: str) -> None:
    assert "There is no such page" in got(address, "..%2F..%2F..%2F..%2Fetc/passwd.html")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        got(address, "..%2F..%2F_config.yml")


def test_a_page_from_elsewhere_cannot_read_it(address: str) -> None:
    request = urllib.request.Request(address + PAGE, headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=10)


@pytest.mark.usefixtures("unbuilt")
def test_a_new_sentence_of_a_notebook_is_seen(address: str, project: Project) -> None:
    def add(notebook: nbformat.NotebookNode) -> None:
        cell = next(cell for cell in notebook.cells if "zh" in cell.metadata.get("tags", []))
        cell.source += "\n\n一句新话。"

    assert "一句新话" not in got(address)
    change_notebook(project, add)
    assert seen(address, "<p>一句新话。</p>")


@pytest.mark.usefixtures("unbuilt")
def test_an_error_stands_on_the_page_and_in_the_terminal_with_notebook_and_cell_until_it_is_mended(
    address: str, project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    before = (project.notebooks / "air.ipynb").read_bytes()

    def spoil(notebook: nbformat.NotebookNode) -> None:
        notebook.cells.append(nbformat.v4.new_code_cell("chapter.no_such_block()"))

    got(address)
    change_notebook(project, spoil)
    assert seen(address, "preview-problem")
    shown = got(address)
    assert "notebooks/air.ipynb, cell " in shown
    assert "no_such_block" in shown
    assert re.search(r"preview: .*notebooks/air\.ipynb, cell \d", capfd.readouterr().err, re.DOTALL)
    (project.notebooks / "air.ipynb").write_bytes(before)
    until = time.monotonic() + PATIENCE_SECONDS
    while "preview-problem" in got(address) and time.monotonic() < until:
        time.sleep(0.1)
    assert "preview-problem" not in got(address)


@pytest.mark.usefixtures("unbuilt")
def test_a_row_that_has_changed_is_seen_and_pages_are_told_to_load_again(address: str, project: Project) -> None:
    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        row = next(row for row in rows if (row["indicator"], row["period"]) == ("pm2_5", "2024"))
        row["value"] = "987"
        return rows

    listening = urllib.request.urlopen(address + "_preview/events", timeout=PATIENCE_SECONDS)
    got(address, "2024/guangzhou/air.html")
    edit(project.data / "air" / "published.csv", change)
    assert seen(address, 'value="987"', "2024/guangzhou/air.html")
    assert listening.readline() == b"data: reload\n"
    listening.close()


def test_where_processes_are_not_forked_a_preview_says_so(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTKIT_COLD", "1")
    with pytest.raises(SettingsError, match="which is not done here"):
        serve(Preview(project), 0)


@pytest.fixture(scope="module")
def with_code(build: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A project with this package and its standards in it, and where that package's own preview serves it."""
    folder = tmp_path_factory.mktemp("preview") / "with code"
    small_project(folder, districts=("tianhe",), languages=("zh",), data_years=(2024,), chapters=["air"])
    shutil.copytree(REPO / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    own = {"PYTHONPATH": str(folder / "src")}
    build(folder, **own)
    command = [Path(sys.executable).with_name("reportkit"), "preview", "--project", folder, "--port", "0"]
    environment = {**os.environ, **own, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        first = next(line for line in process.stdout if line.startswith("preview: http"))
        yield folder, first.split()[1]
        process.terminate()


@pytest.mark.parametrize(
    ("file", "pattern", "by", "seen_as"),
    [
        ("src/reportkit/charts.py", '"#0f6e[0-9a-f]{2}"', '"#0f6e01"', "#0f6e01"),
        (
            "src/reportkit/locale/zh/air.po",
            r'(msgid "air\.months\.title"\nmsgstr ")',
            r"\g<1>改过的标题：",
            "改过的标题",
        ),
        ("data/standards/rules.csv", r"(?m)^(air\.rank,[^,]*,[^,]*,)", r"\g<1>改过的规则：", "改过的规则"),
    ],
    ids=["module", "message", "standard"],
)
def test_code_messages_and_standards_that_have_changed_are_seen(
    with_code: tuple[Path, str], file: str, pattern: str, by: str, seen_as: str
) -> None:
    folder, address = with_code
    assert seen_as not in got(address)
    before = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(re.sub(pattern, by, before, count=1), encoding="utf-8")
    assert seen(address, seen_as)


def test_a_page_of_the_book_and_its_style_are_seen(address: str, project: Project) -> None:
    page = project.root / "book" / "glossary.md"
    got(address, "glossary.html")
    page.write_text(page.read_text(encoding="utf-8") + "\n## 又一节\n\n新的一段。\n", encoding="utf-8")
    assert seen(address, "<p>新的一段。</p>", "glossary.html")
    style = project.root / "book" / "_static" / "site.css"
    listening = urllib.request.urlopen(address + "_preview/events", timeout=PATIENCE_SECONDS)
    style.write_text("/* new */", encoding="utf-8")
    assert listening.readline() == b"data: reload\n"
    listening.close()
    assert got(address, "_static/site.css") == "/* new */"


def test_in_the_end_the_site_is_built(address: str, project: Project) -> None:
    until = time.monotonic() + 2 * PATIENCE_SECONDS
    built = project.build / "site" / "glossary.html"
    while "新的一段。" not in built.read_text(encoding="utf-8") and time.monotonic() < until:
        time.sleep(0.2)
    assert "新的一段。" in built.read_text(encoding="utf-8")
    assert json.loads((project.build / "built.json").read_text(encoding="utf-8"))


def test_a_page_that_only_a_build_makes_is_loaded_again_when_it_is_built(address: str, project: Project) -> None:
    page = "2024/data-quality.html"
    before = got(address, page)
    listening = urllib.request.urlopen(address + "_preview/events", timeout=2 * PATIENCE_SECONDS)
    (project.data / "air" / "stray.csv").write_text("a\n1\n", encoding="utf-8")  # a finding for that page
    while listening.readline() != b"data: reload\n" or got(address, page) == before:
        pass
    listening.close()
    (project.data / "air" / "stray.csv").unlink()
