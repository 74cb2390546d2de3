"""Before a notebook runs: other languages' prose goes, placeholders are filled from a closed list, tags are checked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from projects import HOSTILE, edit, installed, small_project
from reportkit.chapters import Edition
from reportkit.engine import NOT_HERE, check_notebook, fill, parameters, placeholders
from reportkit.errors import ReportError, TextError
from reportkit.project import Project
from reportkit.text import escape_markdown

PARAMETERS = 'district = "tianhe"\nyear = 2024\nlanguage = "zh"'


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return small_project(tmp_path_factory.mktemp("engine"), data_years=())


def notebook(*cells: tuple[str, str, list[str]], given: dict[str, Any] | None = None) -> nbformat.NotebookNode:
    """A notebook of (kind, source, tags), with the parameters papermill was *given*."""
    made = nbformat.v4.new_notebook()
    for kind, source, tags in cells:
        new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        made.cells.append(new(source, metadata={"tags": tags}))
    if given is not None:
        made.metadata["papermill"] = {"parameters": given}
    return made


def prose(source: str, *tags: str) -> tuple[str, str, list[str]]:
    return ("markdown", source, list(tags))


def code(source: str, *tags: str) -> tuple[str, str, list[str]]:
    return ("code", source, list(tags))


def sources(made: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in made.cells]


# --- placeholders ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "filled"),
    [
        ("zh", "天河区 广州市 2024 2023"),
        ("en", "Tianhe District Guangzhou 2024 2023"),
    ],
)
def test_the_closed_list_is_filled_in_the_language_of_the_report(project: Project, language: str, filled: str) -> None:
    everything = "{{ district_name }} {{ city_name }} {{ year }} {{ previous_year }}"
    made = notebook(code(PARAMETERS, "parameters"), prose(everything), given={"language": language})
    fill(made, Edition(project, 2024, language))
    assert sources(made)[1] == escape_markdown(filled)


def test_nothing_else_can_be_named(project: Project) -> None:
    everywhere = {"district_name", "city_name", "year", "previous_year"}
    values, edition = {"year": 2024, "language": "zh"}, Edition(project, 2024, "zh")
    assert set(placeholders(edition, {"district": "tianhe", **values})) == everywhere
    enterprise = next(iter(edition.enterprises))
    assert set(placeholders(edition, {"enterprise": enterprise, **values})) == {*everywhere, "enterprise_name"}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_name_that_looks_like_markup_is_filled_in_as_text(tmp_path: Path, hostile: str) -> None:
    project = small_project(tmp_path, data_years=())
    edit(
        project.data / "areas.csv",
        lambda rows: [{**row, "name_zh": hostile} if row["slug"] == "tianhe" else row for row in rows],
    )
    made = notebook(code(PARAMETERS, "parameters"), prose("# {{ district_name }}"))
    fill(made, Edition(project, 2024, "zh"))
    assert sources(made)[1] == f"# {escape_markdown(hostile)}"


def test_code_is_left_alone(project: Project) -> None:
    made = notebook(code(PARAMETERS, "parameters"), code('f"{{ year }}"'))
    fill(made, Edition(project, 2024, "zh"))
    assert sources(made)[1] == 'f"{{ year }}"'


def test_an_unknown_name_is_an_error_that_names_the_cell_and_the_nearest_name(project: Project) -> None:
    made = notebook(code(PARAMETERS, "parameters"), prose("# {{ distrct_name }}\n\nmore"))
    with pytest.raises(TextError, match=r"\{\{ distrct_name \}\}") as error:
        fill(made, Edition(project, 2024, "zh"))
    assert error.value.where == "cell 2: # {{ distrct_name }}"
    assert error.value.do == "did you mean 'district_name'?"


def test_the_cell_is_counted_as_the_notebook_shows_it(project: Project) -> None:
    """Neither the prose of the other language nor papermill's own cell shifts the numbers."""
    made = notebook(
        prose("# zh", "zh"),
        prose("# en", "en"),
        prose("more", "en"),
        code(PARAMETERS, "parameters"),
        code('language = "zh"', "injected-parameters"),
        prose("{{ nothing }}", "zh"),
    )
    with pytest.raises(TextError) as error:
        fill(made, Edition(project, 2024, "zh"))
    assert error.value.where == "cell 5: {{ nothing }}"


def test_a_cell_without_words_is_no_error(project: Project) -> None:
    made = notebook(code(PARAMETERS, "parameters"), prose(""))
    fill(made, Edition(project, 2024, "zh"))
    assert sources(made) == [PARAMETERS, ""]


# --- languages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "left"), [("zh", ["甲", "both", "code"]), ("en", ["a", "both", "code"])])
def test_the_prose_of_the_other_language_goes(project: Project, language: str, left: list[str]) -> None:
    made = notebook(
        code(PARAMETERS, "parameters"),
        prose("甲", "zh"),
        prose("a", "en"),
        prose("both"),
        code("code"),
        given={"language": language},
    )
    fill(made, Edition(project, 2024, language))
    assert sources(made)[1:] == left


# --- parameters -----------------------------------------------------------------------------------


def test_what_papermill_gives_goes_before_the_notebooks_own_values() -> None:
    made = notebook(code(PARAMETERS, "parameters"), given={"district": "nansha", "language": "en"})
    assert parameters(made) == {"district": "nansha", "year": 2024, "language": "en"}
    assert parameters(notebook(code(PARAMETERS, "parameters")))["district"] == "tianhe"


def written(tmp_path: Path, *cells: tuple[str, str, list[str]]) -> Path:
    path = tmp_path / "air.ipynb"
    nbformat.write(notebook(*cells), path)
    return path


def test_a_notebook_with_the_three_parameters_is_accepted(tmp_path: Path) -> None:
    check_notebook(written(tmp_path, code(f"# which\n{PARAMETERS}  # zh or en", "parameters"), code("x = 1")))


@pytest.mark.parametrize("number", [0, 2])
def test_just_one_cell_is_tagged_parameters(tmp_path: Path, number: int) -> None:
    with pytest.raises(ReportError, match=f"has {number} cells tagged 'parameters'") as error:
        check_notebook(written(tmp_path, *[code(PARAMETERS, "parameters")] * number, code("x = 1")))
    assert error.value.where == str(tmp_path / "air.ipynb")


@pytest.mark.parametrize("name", ["district", "year", "language"])
def test_a_missing_parameter_is_named(tmp_path: Path, name: str) -> None:
    left = "\n".join(line for line in PARAMETERS.splitlines() if not line.startswith(name))
    with pytest.raises(ReportError, match=f"has no parameter '{name}'"):
        check_notebook(written(tmp_path, code(left, "parameters")))


def test_an_unknown_parameter_is_named_with_the_nearest_known_one(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="has a parameter 'yaer'") as error:
        check_notebook(written(tmp_path, code(f"{PARAMETERS}\nyaer = 2024", "parameters")))
    assert error.value.do == "did you mean 'year'?"


@pytest.mark.parametrize("source", [f"{PARAMETERS}\nyear = date.today().year", "district = ", f"{PARAMETERS}\n%time"])
def test_parameters_that_are_not_plain_values_are_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises(ReportError):
        check_notebook(written(tmp_path, code(source, "parameters")))


def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "air.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(ReportError):
        check_notebook(tmp_path / "air.ipynb")


# --- from the shell -------------------------------------------------------------------------------


@pytest.fixture
def papermill_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry point of pyproject.toml is installed, also where the package was installed before it had one."""
    monkeypatch.setenv("PYTHONPATH", installed(tmp_path / "entry", "papermill.engine"))


@pytest.mark.usefixtures("papermill_finds_it")
@pytest.mark.parametrize("is_cold", [False, True])
def test_papermill_runs_a_notebook_by_the_engine_from_the_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_cold: bool
) -> None:
    project = small_project(tmp_path / "project", data_years=())
    made = notebook(
        prose("# {{ district_name }}"),
        code(PARAMETERS, "parameters"),
        code("print(district)"),
        code("import psutil\nprint('ipykernel_launcher' in psutil.Process().cmdline())"),
    )
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, project.notebooks / "some.ipynb")
    if is_cold:
        monkeypatch.setenv("REPORTKIT_COLD", "1")
    command = ["papermill", "--engine", "reportkit", "notebooks/some.ipynb", "out.ipynb", "-p", "district", "nansha"]
    ran = subprocess.run(
        [sys.executable, "-m", *command], cwd=project.root, capture_output=True, text=True, timeout=200
    )
    assert ran.returncode == 0, ran.stderr
    assert (NOT_HERE in ran.stderr) == is_cold
    executed = nbformat.read(project.root / "out.ipynb", as_version=4)
    assert executed.cells[0].source == "# 南沙区"
    assert executed.cells[-2].outputs[0].text == "nansha\n"
    assert executed.cells[-1].outputs[0].text == f"{is_cold}\n"  # or it is a fork of the warm process
    assert executed.metadata.papermill.exception is None


def test_importing_papermill_does_not_import_what_the_engine_needs() -> None:
    script = "import sys, reportkit.papermill_entry; sys.exit('pandas' in sys.modules or 'papermill' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
