"""How a notebook is executed: papermill's engine, after the text has been filled in for its area and language."""

from __future__ import annotations

import ast
import itertools
import signal
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
import numpy
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.log import logger
from traitlets.config import Config

from reportkit import charts, text, warm
from reportkit.blocks import environment
from reportkit.chapters import DISTRICT, ENTERPRISE, Edition
from reportkit.errors import ReportError, nearest
from reportkit.held import code_state, hold_all
from reportkit.load import Reader
from reportkit.memo import noting
from reportkit.project import LANGUAGES, Project, Settings, open_project
from reportkit.text import fill_markdown
from reportkit.warm import Ended, Limits, Warm

PARAMETERS = {subject: (subject, "year", "language") for subject in (DISTRICT, ENTERPRISE)}

NOT_HERE = "Processes are not forked here: each notebook gets a kernel of its own, by plain papermill, which is slow."


class ReportEngine(NBClientEngine):  # type: ignore[misc]  # papermill is not typed
    """Executes a notebook in a process of its own, forked from a warm one; text is filled in before.

    A Markdown cell tagged with a language (``zh``, ``en``) is for that language alone. Where processes cannot be
    forked, and for kernels other than this Python's, papermill's own engine does the work.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Fill the notebook in, then execute it; *project* (a path) may say where its data lie.

        Raises PapermillExecutionError, with the cell, where its process is ended before the notebook is.
        """
        project = open_project(kwargs.pop("project", None))
        values = parameters(nb_man.nb)
        fill(nb_man.nb, Edition.of(project, int(values["year"]), str(values["language"])))
        if warm.is_child():
            return execute_here(nb_man, **kwargs)
        if kernel_name == NATIVE_KERNEL_NAME and warm.is_possible():
            return cls._execute_warm(project, nb_man, **kwargs)
        if kernel_name == NATIVE_KERNEL_NAME:
            logger.warning(NOT_HERE)
        return cls._execute_cold(project, nb_man, kernel_name, **kwargs)

    @classmethod
    def _execute_warm(cls, project: Project, nb_man: Any, **kwargs: Any) -> Any:
        settings = project.settings
        seconds = kwargs.get("execution_timeout") or kwargs.get("timeout") or settings.notebook_timeout_seconds
        limits = Limits(seconds, settings.notebook_memory_mb)
        ended = warm_process(project.root).call(execute_copy, nb_man.nb, limits=limits)
        if ended.error:
            raise ended.error
        if not ended.is_done:
            place = next((n for n, cell in enumerate(nb_man.nb.cells) if cell.source == ended.step), 0)
            raise _error_at(nb_man.nb, place, *why_stopped(ended, settings))
        nb_man.nb = ended.value
        if asked := {name: kwargs[name] for name in _TOLD if kwargs.get(name)}:
            client = PapermillNotebookClient(nb_man, log=logger, **asked)
            for output in (output for cell in nb_man.nb.cells for output in cell.get("outputs", [])):
                client.log_output_message(output)
        nb_man.complete_pbar()
        return nb_man.nb

    @classmethod
    def _execute_cold(cls, project: Project, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        # The kernel is talked to through sockets in a folder of its own, not through network ports.
        with tempfile.TemporaryDirectory(prefix="reportkit-") as folder:
            config = Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}})
            # What a kernel has to say arrives in the notebook; its log is of being stopped.
            arguments = ["--IPKernelApp.log_level=CRITICAL", "--IPKernelApp.extra_extensions=reportkit.processes"]
            try:
                return super().execute_managed_notebook(
                    nb_man, kernel_name, config=config, extra_arguments=arguments, **kwargs
                )
            except (CellTimeoutError, DeadKernelError) as error:
                raise _stopped(nb_man.nb, error, project) from error


papermill_engines.register("reportkit", ReportEngine)

# Where papermill is asked to repeat what cells print.
_TOLD = ("log_output", "stdout_file", "stderr_file")


def start_warm(project: Path, editions: Sequence[tuple[int, str]] = ()) -> Warm:
    """A warm process for the notebooks of the project in that folder: modules imported, tables read.

    What several reports of the *editions* (year, language) would compute, it has computed for all of them.
    """
    return Warm(("reportkit.kernel", "reportkit.engine", "reportkit.run"), prepare, project, editions)


def warm_process(project: Path) -> Warm:
    """The warm process of this one for a project and the code as it is now, started when it is first asked for."""
    code = code_state()
    if project in _warm and _warm[project][0] != code:
        _warm.pop(project)[1].close()
    if project not in _warm:
        _warm[project] = code, start_warm(project)
    return _warm[project][1]


_warm: dict[Path, tuple[str, Warm]] = {}  # of each project; they end with this process


def prepare(root: Path, editions: Sequence[tuple[int, str]]) -> None:
    """In the warm process: read the tables once for all reports, compile what each uses, compute what they share."""
    project = open_project(root)
    Reader(project).hold()
    for domain, (_, language) in itertools.product(text.domains(), editions):
        text.catalogue(domain, language)
    environment().get_template("blocks.html")
    nbformat.validate(nbformat.v4.new_notebook())
    charts.in_both_widths(charts.counts, [], "")  # altair looks through all installed packages before its first
    hold_all(project, editions)


def execute_copy(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """In a forked process: *notebook* executed. papermill writes it once, when it is done."""
    return execute_here(NotebookExecutionManager(notebook, progress_bar=False))


def execute_here(nb_man: Any, *, record_timing: bool = True, **_: Any) -> nbformat.NotebookNode:
    """Execute the notebook of *nb_man* in this very process, which is good for nothing else afterwards."""
    from reportkit.kernel import InProcessClient

    numpy.random.seed()  # the generators of Python itself start anew after a fork
    with noting():  # what was looked at before is not of this notebook
        client = InProcessClient(nb_man, on_cell=warm.tell_step, log=logger, record_timing=record_timing)
        executed: nbformat.NotebookNode = client.execute()
    return executed


def why_stopped(ended: Ended, settings: Settings) -> tuple[str, str]:
    """Why a notebook was not executed to its end: a name as an error has one, and words."""
    if ended.stopped == "time":
        return over_time(settings)
    if ended.stopped == "memory":
        return over_memory(settings)
    how = f"by {signal.Signals(-ended.status).name}" if ended.status < 0 else f"with exit status {ended.status}"
    return "KernelDied", f"its process was ended while it ran the cell, {how}"


def over_time(settings: Settings) -> tuple[str, str]:
    """That a cell reached the limit of its time."""
    return "TimeLimit", f"the cell ran longer than {settings.notebook_timeout_seconds} s (notebook_timeout_seconds)"


def over_memory(settings: Settings) -> tuple[str, str]:
    """That a notebook reached the limit of its memory."""
    return "MemoryLimit", f"the notebook used more than {settings.notebook_memory_mb} MB (notebook_memory_mb)"


def _stopped(notebook: nbformat.NotebookNode, error: Exception, project: Project) -> PapermillExecutionError:
    """What became of a notebook that never ended, or whose kernel died: papermill's own error, with the cell."""
    begun = [place for place, cell in enumerate(notebook.cells) if cell.metadata.papermill.get("start_time")]
    settings = project.settings
    name, why = (
        over_time(settings)
        if isinstance(error, CellTimeoutError)
        else (
            "KernelDied",
            f"its process was ended while it ran the cell; it may use {settings.notebook_memory_mb} MB "
            "of memory (notebook_memory_mb)",
        )
    )
    return _error_at(notebook, begun[-1] if begun else 0, name, why)


def _error_at(notebook: nbformat.NotebookNode, place: int, name: str, why: str) -> PapermillExecutionError:
    return PapermillExecutionError(place, place + 1, notebook.cells[place].source, name, why, [])


def fill(notebook: nbformat.NotebookNode, edition: Edition) -> None:
    """Drop the prose of languages other than that of its *edition* from *notebook* and fill in its placeholders.

    Raises TextError for an unknown placeholder, with the cell it stands in.
    """
    others = set(LANGUAGES) - {edition.language}
    names = placeholders(edition, parameters(notebook))
    number = 0  # as JupyterLab shows the stored notebook: the cell that papermill put in is not counted
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", []))
        number += "injected-parameters" not in tags
        if cell.cell_type == "markdown" and not others & tags:
            first = cell.source.partition("\n")[0]
            cell.source = fill_markdown(cell.source, names, where=f"cell {number}: {first}")
    notebook.cells = [cell for cell in notebook.cells if not others & set(cell.metadata.get("tags", []))]


def placeholders(edition: Edition, values: Mapping[str, Any]) -> dict[str, str]:
    """The closed list of what Markdown may name, for one report of *edition* of which *values* are the parameters."""
    year, language = edition.year, edition.language
    if enterprise := values.get(ENTERPRISE):
        area = edition.area_of(str(enterprise))
        own = {"enterprise_name": str(edition.enterprise(str(enterprise))[f"name_{language}"])}
    else:
        area, own = edition.areas[str(values[DISTRICT])], {}
    return {
        **own,
        "district_name": area.names[language],
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
    """Refuse a notebook that cannot be run for an area or enterprise, a year and a language.

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
            expected='lines such as district = "a-district"',
            where=f"{path}, the cell tagged 'parameters'",
        ) from error
    expected = PARAMETERS[ENTERPRISE if ENTERPRISE in named else DISTRICT]
    for name in sorted(set(expected) - named):
        raise ReportError(
            f"{path.name} has no parameter '{name}'.",
            expected=", ".join(expected),
            found=", ".join(sorted(named)) or "none",
            where=f"{path}, the cell tagged 'parameters'",
        )
    for name in sorted(named - set(expected)):
        raise ReportError(
            f"{path.name} has a parameter '{name}' that no run sets.",
            where=f"{path}, the cell tagged 'parameters'",
            do=nearest(name, expected),
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
