"""A notebook in a forked process: the outputs of a cold kernel, and nothing of it in the next notebook."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest

from projects import REPO, small_project
from reportkit import engine, run, warm
from reportkit.engine import execute_copy, start_warm
from reportkit.project import Project
from reportkit.reports import ENTERPRISES, Report
from reportkit.warm import Ended, Limits, Warm

pytestmark = pytest.mark.skipif(not warm.is_possible(), reason="processes are not forked here")


UNLIMITED = Limits()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return small_project(tmp_path_factory.mktemp("kernel"), data_years=(2023, 2024))


@pytest.fixture(scope="module")
def process(project: Project) -> Iterator[Warm]:
    with start_warm(project.root) as process:
        yield process


@pytest.fixture(autouse=True)
def _as_outside_of_pytest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """ipykernel leaves the streams of the system alone where it sees pytest, and the working directory is our own."""
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    monkeypatch.chdir(tmp_path)


def notebook(*sources: str) -> nbformat.NotebookNode:
    """A notebook of code cells, as papermill hands it to an engine."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made.metadata["papermill"] = {}
    for cell in made.cells:
        cell.metadata["papermill"] = {}
    return made


def executed(process: Warm, *sources: str, limits: Limits = UNLIMITED) -> Ended:
    return process.call(execute_copy, notebook(*sources), limits=limits)


def printed(ended: Ended) -> str:
    """All that the cells printed."""
    outputs = [output for cell in ended.value.cells for output in cell.outputs]
    return "".join(output.get("text", output.get("evalue", "")) for output in outputs)


# --- the outputs of a cold kernel -------------------------------------------------------------------

# One cell for each way in which output comes about.
WAYS = {
    "print": "print('one'); print('two')",
    "both streams": "import sys\nprint('out')\nsys.stdout.flush()\nprint('err', file=sys.stderr)",
    "value": "1 + 1",
    "nothing": "None",
    "text": "'a'\n'b'",
    "display": "display(1, 'two')",
    "rich": "from IPython.display import HTML, Markdown\ndisplay(HTML('<b>x</b>'), Markdown('*y*'))\nHTML('<i>z</i>')",
    "display again": "handle = display('before', display_id='one')\nhandle.update('after')",
    "clear": "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('left')",
    "bundle": "class B:\n  def _repr_mimebundle_(self, **_):\n"
    "    return {'text/plain': 'b', 'application/x+json': {'a': (1, 2)}}, {'text/plain': {'m': 1}}\nB()",
    "frame": "import pandas\npandas.DataFrame({'a': [1.5, None], 'b': ['x', '中文']})",
    "chart": "import altair\naltair.Chart(altair.Data(values=[{'a': 1}])).mark_bar().encode(x='a:Q')",
    "warning": "import warnings\nwarnings.warn('careful')",
    "log": "import logging\nlogging.getLogger('some').warning('logged')",
    "system": "import os\nos.system('echo from below')",
    "shell": "!echo $((6 * 7))",
    "magic": "%pwd",
    "capture": "%%capture kept\nprint('kept')",
    "captured": "kept.stdout",
    "await": "import asyncio\nawait asyncio.sleep(0.01)\nasyncio.get_running_loop().is_running()",
    "thread": "import threading\nt = threading.Thread(target=print, args=('from a thread\\n',), kwargs={'end': ''})\n"
    "t.start()\nt.join()",
    "forked": "import os, time\npid = os.fork()\nif pid == 0:\n"
    "    print('from a child', flush=True)\n    time.sleep(0.5)\n    os._exit(0)\n_ = os.waitpid(pid, 0)",
    "history": "In[1], Out[3], _i1, __name__",
    "input": "try:\n    input()\nexcept Exception as error:\n    print(type(error).__name__, error)",
    "main": "import __main__\n__main__.__dict__ is globals(), __name__",
    "thread is main": "threading.current_thread() is threading.main_thread()",
    "directory": "import os, sys\nos.getcwd(), sys.path[0], '' in sys.path",
    "environment": "sorted((k, v) for k, v in os.environ.items() if k not in ('JPY_PARENT_PID', 'PYTHONPATH'))",
    "locale": "import locale\nlocale.setlocale(locale.LC_ALL), locale.getencoding(), time.tzname",
    "signals": "import signal\n[str(signal.getsignal(n)) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)]",
    "umask": "old = os.umask(0)\nos.umask(old)\noct(old)",
    "package": "import reportkit.memo\nsorted(reportkit.memo.looked_at())",
    "error": "def f(x):\n    return 1 / x\n\nf(0)",
}


def test_what_a_cell_puts_out_is_what_it_puts_out_in_a_cold_kernel(process: Warm, tmp_path: Path) -> None:
    made = notebook(*WAYS.values())
    nbformat.write(made, tmp_path / "ways.ipynb")
    with pytest.raises(papermill.PapermillExecutionError, match="ZeroDivisionError"):
        papermill.execute_notebook(tmp_path / "ways.ipynb", tmp_path / "cold.ipynb", progress_bar=False)
    cold = nbformat.read(tmp_path / "cold.ipynb", as_version=4)
    cells = [cell for cell in cold.cells if cell.cell_type == "code"]  # papermill marks the error in a cell of its own
    ended = process.call(execute_copy, made)
    assert ended.is_done
    other = {
        way: (ours.outputs, theirs.outputs)
        for way, ours, theirs in zip(WAYS, ended.value.cells, cells, strict=True)
        if (comparable(ours.outputs), ours.execution_count) != (comparable(theirs.outputs), theirs.execution_count)
    }
    assert other == {}
    assert ended.value.metadata.language_info == cold.metadata.language_info


def comparable(value: Any) -> Any:
    """*value* without random ids and the names of files that a kernel compiles cells as."""
    if isinstance(value, dict):
        return {name: comparable(part) for name, part in value.items()}
    if isinstance(value, list):
        return [comparable(part) for part in value]
    if isinstance(value, str):
        return re.sub(r"ipykernel_\d+/\d+\.py|(?<=altair-viz-)[0-9a-f]{32}", "some", value)
    return value


@pytest.fixture(scope="module")
def both_ways(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> dict[Report, tuple[dict[str, Any], dict[str, Any]]]:
    """Every notebook, executed cold and warm: one after the other for a district in Chinese, another in English."""
    planned = run.plan(project, ["tianhe", "nansha"])
    names = sorted(path.stem for path in (REPO / "notebooks").glob("*.ipynb"))
    editions = itertools.cycle([("tianhe", "zh"), ("nansha", "en")])
    reports = [
        next(it for it in planned if (it.notebook, it.language) == (name, language) and it.area in (area, ENTERPRISES))
        for name, (area, language) in zip(names, editions, strict=False)
    ]
    found: list[dict[Report, bytes]] = []
    for is_cold in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            if is_cold:
                patch.setenv("REPORTKIT_COLD", "1")
            outcome = run.run(project, reports, jobs=2, force=True)
        assert outcome.failed == []
        found.append({report: report.path(project).read_bytes() for report in reports})
        for report in reports:
            report.path(project).unlink()
    cold, warm_ = found
    return {report: (cold[report], warm_[report]) for report in reports}


def test_every_notebook_is_byte_for_byte_that_of_a_cold_kernel(
    both_ways: dict[Report, tuple[bytes, bytes]],
) -> None:
    """After ids and times are taken out, as they are before a report is kept (``run._normalised``)."""
    for report, (cold, warm_) in both_ways.items():
        assert len(cold) > 10_000
        assert warm_ == cold, report.name


# --- nothing of one notebook in the next ------------------------------------------------------------

# Each leaves something behind, or tries to.
UNRULY = {
    "directory": "import os\nos.chdir('/')",
    "environment": "import os\nos.environ['A_NAME'] = 'changed'\nos.environ.pop('PATH')\nos.putenv('B_NAME', 'x')",
    "locale": "import locale\nlocale.setlocale(locale.LC_ALL, 'C')",
    "time zone": "import os, time\nos.environ['TZ'] = 'Pacific/Auckland'\ntime.tzset()",
    "pandas options": "import pandas\npandas.set_option('display.max_rows', 7, 'display.precision', 1)",
    "altair": "import altair\naltair.data_transformers.disable_max_rows()\naltair.renderers.enable('json')",
    "warnings": "import warnings\nwarnings.simplefilter('error')",
    "seeds": "import random, numpy\nrandom.seed(1)\nnumpy.random.seed(1)",
    "our modules": "import reportkit.text\nreportkit.text.message = lambda *_, **k: ''\nreportkit.text.catalogue = {}",
    "others' modules": "import json, nbformat, pandas\njson.dumps = nbformat.writes = pandas.DataFrame = None",
    "builtins": "import builtins\nbuiltins.print = builtins.len = None",
    "umask": "import os\nos.umask(0)",
    "recursion": "import sys\nsys.setrecursionlimit(120)",
    "streams": "import os, sys\nsys.stdout.close()\nos.close(1)\nos.close(2)\nsys.stdout = sys.stderr = None",
    "signals": "from signal import *\nfor number in (SIGTERM, SIGINT, SIGCHLD):\n  signal(number, SIG_IGN)",
    "thread": "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()",
    "child": "import os, time\nif os.fork() == 0:\n    time.sleep(600)",
    "child that goes on": "import os\nos.fork()",
    "children": "import multiprocessing\nmultiprocessing.get_context('fork').Process(target=print).start()",
    "exit": "import sys\nsys.exit(3)",
    "quit": "quit()",
    "end": "import os\nos._exit(0)",
    "kill": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "kill group": "import os, signal\nos.killpg(0, signal.SIGKILL)",
    "crash": "import ctypes\nctypes.string_at(0)",
    "at exit": "import atexit, os\natexit.register(lambda: os.write(1, b'late'))\natexit.register(lambda: 1 / 0)",
    "at exit, hanging": "import atexit, time\natexit.register(time.sleep, 600)",
    "hang": "while True: pass",
    "hang deaf": "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)",
    "memory": "held = []\nwhile True: held.append(bytearray(50 * 2**20))",
    "files": "held = [open('/dev/null') for _ in range(5000)]",
}
NEIGHBOUR = """
import json, locale, os, random, signal, sys, threading, time, warnings
import numpy, pandas, altair
import reportkit.memo, reportkit.text
state = [
    os.getcwd(), sorted(os.environ.items()), locale.setlocale(locale.LC_ALL), time.tzname, oct(os.umask(0o22)),
    pandas.get_option("display.max_rows"), pandas.get_option("display.precision"), sys.getrecursionlimit(),
    altair.renderers.active, [str(f) for f in warnings.filters], threading.active_count(),
    sorted(reportkit.memo.looked_at()),
    [str(signal.getsignal(n)) for n in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)],
    reportkit.text.message("air.chapter", "zh"), len(reportkit.text.catalogue("air", "zh")),
    len(os.listdir("/dev/fd")), len(json.dumps([1])),
]
print(json.dumps(state, default=str))
"""


@pytest.mark.parametrize("name", UNRULY)
def test_whatever_a_notebook_does_its_neighbours_are_as_before(process: Warm, name: str) -> None:
    before = printed(executed(process, NEIGHBOUR))
    seconds = 3 if "hang" in name else 60
    unruly = process.submit(execute_copy, notebook(UNRULY[name], "1"), limits=Limits(seconds, 600))
    process.submit(execute_copy, notebook(NEIGHBOUR))
    ends = process.ended()
    ended = dict([next(ends), next(ends)])
    assert ended[unruly].seconds < 50
    del ended[unruly]
    (beside,) = ended.values()
    after = printed(executed(process, NEIGHBOUR))
    assert before.startswith("[")
    assert before == printed(beside) == after


def test_two_notebooks_do_not_draw_the_same_random_numbers(process: Warm) -> None:
    source = "import random, numpy, uuid\nprint(random.random(), numpy.random.rand(), uuid.uuid4())"
    first, second = printed(executed(process, source)).split(), printed(executed(process, source)).split()
    assert all(one != other for one, other in zip(first, second, strict=True))


def test_a_notebook_that_ends_its_process_is_told_with_the_cell(process: Warm) -> None:
    ended = executed(process, "1", "import os\nos._exit(0)", "2")
    assert not ended.is_done
    assert ended.step == "import os\nos._exit(0)"


def test_a_child_that_goes_on_does_not_execute_the_rest_of_the_notebook(process: Warm, tmp_path: Path) -> None:
    note = tmp_path / "note"
    ended = executed(process, "import os\nx = os.fork()", f"open({str(note)!r}, 'a').write('once')")
    assert ended.is_done
    assert note.read_text(encoding="utf-8") == "once"


def test_a_notebook_out_of_memory_says_so_in_its_cell(process: Warm) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux limits memory")
    ended = executed(process, "held = bytearray(3 * 2**30)", limits=Limits(megabytes=600))
    assert ended.value.cells[0].outputs[0].ename == "MemoryError"


def test_what_a_notebook_asked_to_be_done_at_its_end_is_done(process: Warm, tmp_path: Path) -> None:
    note = tmp_path / "note"
    executed(process, f"import atexit, pathlib\natexit.register(pathlib.Path({str(note)!r}).write_text, 'done')")
    assert note.read_text(encoding="utf-8") == "done"


def test_no_renderer_is_in_the_process_that_is_forked_from(process: Warm) -> None:
    source = "import sys, threading\nprint('vl_convert' in sys.modules)"
    assert printed(executed(process, source)).strip() == "False"


def test_tables_are_read_before_the_fork_and_again_when_their_files_change(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project", data_years=())
    source = (
        "from reportkit import load\nfrom reportkit.project import open_project\nread = []\n"
        "real = load._read_text\nload._read_text = lambda *a: read.append(a[0].name) or real(*a)\n"
        f"rows = load.Reader(open_project({str(project.root)!r})).rows('areas')\nprint(read, len(rows))"
    )
    with start_warm(project.root) as process:
        assert printed(executed(process, source)).strip() == "[] 3"
        areas = project.data / "areas.csv"
        areas.write_text("".join(areas.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8")
        assert printed(executed(process, source)).strip() == "['areas.csv'] 2"


def test_the_engine_uses_the_same_warm_process_again_while_the_code_is_the_same(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = engine.warm_process(project.root)
    assert engine.warm_process(project.root) is first
    monkeypatch.setattr(engine, "code_state", lambda: "other code")
    assert engine.warm_process(project.root) is not first
