"""How a notebook is executed: papermill's engine, after the text has been filled in for its area and language."""

from __future__ import annotations

import ast
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from papermill.engines import NBClientEngine, papermill_engines
from traitlets.config import Config

from reportkit.chapters import Edition
from reportkit.errors import ReportError, nearest
from reportkit.project import LANGUAGES, Project, open_project
from reportkit.text import fill_markdown

PARAMETERS = ("district", "year", "language")


class ReportEngine(NBClientEngine):  # type: ignore[misc]  # papermill is not typed
    """papermill's own engine; before it runs, prose of other languages goes and placeholders are filled.

    A Markdown cell tagged with a language (``zh``, ``en``) is for that language alone.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Fill the notebook in, then execute it; *project* (a path) may say where its data lie."""
        project = open_project(kwargs.pop("project", None))
        fill(nb_man.nb, project)
        # The kernel is talked to through sockets in a folder of its own, not through network ports.
        with tempfile.TemporaryDirectory(prefix="reportkit-") as folder:
            config = Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}})
            # What a kernel has to say arrives in the notebook; its log is of being stopped.
            quiet = ["--IPKernelApp.log_level=CRITICAL"]
            return super().execute_managed_notebook(nb_man, kernel_name, config=config, extra_arguments=quiet, **kwargs)


papermill_engines.register("reportkit", ReportEngine)


def fill(notebook: nbformat.NotebookNode, project: Project) -> None:
    """Drop the prose of other languages from *notebook* and fill in its placeholders, in place.

    Raises TextError for an unknown placeholder, with the cell it stands in.
    """
    values = parameters(notebook)
    language = str(values["language"])
    others = set(LANGUAGES) - {language}
    names = placeholders(project, str(values["district"]), int(values["year"]), language)
    number = 0  # as JupyterLab shows the stored notebook: the cell that papermill put in is not counted
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", []))
        number += "injected-parameters" not in tags
        if cell.cell_type == "markdown" and not others & tags:
            first = cell.source.partition("\n")[0]
            cell.source = fill_markdown(cell.source, names, where=f"cell {number}: {first}")
    notebook.cells = [cell for cell in notebook.cells if not others & set(cell.metadata.get("tags", []))]


def placeholders(project: Project, district: str, year: int, language: str) -> dict[str, str]:
    """The closed list of what Markdown may name, with its values for one report."""
    edition = Edition(project, year, language)
    return {
        "district_name": edition.areas[district].names[language],
        "city_name": edition.city.names[language],
        "year": str(year),
        "previous_year": str(year - 1),
    }


def parameters(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """The parameters a notebook will run with: its defaults, and papermill's values over them."""
    (cell,) = tagged_parameters(notebook)
    given: Mapping[str, Any] = notebook.metadata.get("papermill", {}).get("parameters", {})
    return {**_defaults(cell.source), **given}


def tagged_parameters(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells of *notebook* that are tagged ``parameters``."""
    return [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]


def check_notebook(path: Path) -> None:
    """Refuse a notebook that cannot be run for an area, a year and a language.

    papermill only warns about a missing tag or an unknown parameter; here both are a ReportError.
    """
    try:
        notebook = nbformat.read(str(path), as_version=4)
    except (ValueError, OSError, nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise ReportError(f"{path.name} is not a notebook: {error}", where=str(path)) from error
    tagged = tagged_parameters(notebook)
    if len(tagged) != 1:
        raise ReportError(
            f"{path.name} has {len(tagged)} cells tagged 'parameters'.",
            expected="exactly one",
            where=str(path),
            do="tag the cell that sets district, year and language (in JupyterLab: property inspector, cell tags)",
        )
    try:
        named = set(_defaults(tagged[0].source))
    except (SyntaxError, ValueError) as error:
        raise ReportError(
            f"The parameters of {path.name} are not plain values: {error}",
            expected='lines such as district = "tianhe"',
            where=f"{path}, the cell tagged 'parameters'",
        ) from error
    for name in sorted(set(PARAMETERS) - named):
        raise ReportError(
            f"{path.name} has no parameter '{name}'.",
            expected=", ".join(PARAMETERS),
            found=", ".join(sorted(named)) or "none",
            where=f"{path}, the cell tagged 'parameters'",
        )
    for name in sorted(named - set(PARAMETERS)):
        raise ReportError(
            f"{path.name} has a parameter '{name}' that no run sets.",
            where=f"{path}, the cell tagged 'parameters'",
            do=nearest(name, PARAMETERS),
        )


def _defaults(source: str) -> dict[str, Any]:
    """Name → value of each plain assignment in *source*."""
    return {
        target.id: ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
