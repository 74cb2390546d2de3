"""Calls in processes forked from a warm one: each is alone, each is stopped at its limits, nothing is left behind."""

from __future__ import annotations

import mmap
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from reportkit import warm
from reportkit.errors import WarmError
from reportkit.warm import Limits, Warm

pytestmark = pytest.mark.skipif(not warm.is_possible(), reason="processes are not forked here")
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def process() -> Iterator[Warm]:
    """A warm process that has imported this module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), *sys.path]))
        with Warm(["test_warm"]) as process:
            yield process


# What is called in the children. --------------------------------------------------------------------

state: dict[str, Any] = {"number": 0}


def add(a: int, b: int) -> int:
    return a + b


def count() -> int:
    state["number"] += 1
    return int(state["number"])


def where_and_with(name: str) -> tuple[str, str | None]:
    return str(Path.cwd()), os.environ.get(name)


def who() -> tuple[int, int, int, int]:
    return os.getpid(), os.getppid(), os.getpgid(0), os.getsid(0)


def threads_and_renderer() -> tuple[int, bool]:
    return psutil.Process().num_threads(), not {"vl_convert", "py_mini_racer"}.isdisjoint(sys.modules)


def leave(status: int) -> None:
    warm.tell_step("leaving")
    os._exit(status)


def fail() -> None:
    raise ValueError("on purpose")


def sleep() -> None:
    time.sleep(600)


def sleep_deaf() -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(600)


def step_by_step(number: int, seconds: float) -> str:
    for step in range(1, number + 1):
        warm.tell_step(f"step {step}")
        time.sleep(seconds)
    return "done"


def leave_a_thread() -> str:
    threading.Thread(target=time.sleep, args=(600,)).start()
    return "done"


def eat() -> int:
    held = bytearray(3 * 2**30)
    held[::4096] = b"x" * len(held[::4096])
    return len(held)


def eat_shared() -> None:
    held = mmap.mmap(-1, 600 * 2**20)  # shared memory is not data of the process
    for start in range(0, len(held), 4096):
        held[start] = 1
    time.sleep(600)


def leave_a_child(note: str, *, is_alone: bool) -> str:
    if os.fork() == 0:
        if is_alone:
            os.setsid()
        Path(note).write_text(str(os.getpid()), encoding="ascii")
        time.sleep(600)
    while not Path(note).is_file() or not Path(note).read_text(encoding="ascii"):
        time.sleep(0.01)
    return "done"


def leave_an_orphan(note: str) -> str:
    return leave_a_child(note, is_alone=True)


def leave_a_sibling(note: str) -> str:
    return leave_a_child(note, is_alone=False)


def is_gone(pid: int, seconds: float = 5) -> bool:
    """Whether a process ends within some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


# --- calls ------------------------------------------------------------------------------------------


def test_a_call_gives_what_the_function_gives(process: Warm) -> None:
    ended = process.call(add, 2, 3)
    assert (ended.is_done, ended.value, ended.stopped, ended.status) == (True, 5, "", 0)
    assert ended.seconds > 0
    assert ended.peak_megabytes > 1


def test_what_a_call_changes_is_gone_with_it(process: Warm) -> None:
    assert [process.call(count).value for _ in range(3)] == [1, 1, 1]


def test_calls_run_at_the_same_time(process: Warm) -> None:
    numbers = {process.submit(add, number, number): number for number in range(8)}
    ended = process.ended()
    for _ in range(8):
        number, end = next(ended)
        assert end.value == 2 * numbers.pop(number)


def test_a_call_gets_the_directory_and_the_environment_of_the_one_who_asks(
    process: Warm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("A_NAME", "a value")
    assert process.call(where_and_with, "A_NAME").value == (str(tmp_path), "a value")
    monkeypatch.delenv("A_NAME")
    assert process.call(where_and_with, "A_NAME").value == (str(tmp_path), None)
    assert process.call(where_and_with, "OMP_NUM_THREADS").value[1] == os.environ.get("OMP_NUM_THREADS")


def test_a_call_is_a_child_of_the_warm_process_with_a_session_of_its_own(process: Warm) -> None:
    pid, parent, group, session = process.call(who).value
    assert parent == process.pid
    assert pid == group == session
    assert is_gone(pid)


def test_the_warm_process_has_one_thread_and_no_renderer(process: Warm) -> None:
    assert process.call(threads_and_renderer).value == (1, False)
    assert psutil.Process(process.pid).num_threads() == 1


@pytest.mark.parametrize("module", ["vl_convert", "py_mini_racer", "a_module_with_a_thread"])
def test_a_process_with_a_renderer_or_with_threads_is_never_forked_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, capfd: pytest.CaptureFixture[str]
) -> None:
    source = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
    (tmp_path / "a_module_with_a_thread.py").write_text(source, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    with Warm([module]) as process, pytest.raises(WarmError):
        process.call(os.getpid)
    assert ("2 threads" if module == "a_module_with_a_thread" else "renderer") in capfd.readouterr().err


# --- how calls end ----------------------------------------------------------------------------------


def test_a_call_that_ends_its_process_is_told_with_its_status_and_its_last_step(process: Warm) -> None:
    ended = process.call(leave, 3)
    assert (ended.is_done, ended.status, ended.stopped, ended.step) == (False, 3, "", "leaving")
    ended = process.call(leave, 0)
    assert (ended.is_done, ended.status) == (False, 0)


def test_an_exception_ends_only_its_own_call(process: Warm) -> None:
    ended = process.call(fail)
    assert isinstance(ended.error, ValueError)
    assert str(ended.error) == "on purpose"
    assert process.call(add, 1, 1).value == 2


@pytest.mark.parametrize("function", [sleep, sleep_deaf])
def test_a_call_that_hangs_is_stopped_at_its_limit_and_its_neighbour_goes_on(process: Warm, function: Any) -> None:
    hanging = process.submit(function, limits=Limits(seconds=0.5))
    process.submit(add, 1, 2, limits=Limits(seconds=60))
    ends = process.ended()
    _, neighbour = next(ends)
    number, ended = next(ends)
    assert neighbour.value == 3
    assert number == hanging
    assert (ended.is_done, ended.stopped) == (False, "time")
    assert ended.seconds < 5


def test_the_limit_of_time_is_that_of_one_step(process: Warm) -> None:
    assert process.call(step_by_step, 4, 0.5, limits=Limits(seconds=1)).value == "done"
    ended = process.call(step_by_step, 4, 1.5, limits=Limits(seconds=1))
    assert (ended.stopped, ended.step) == ("time", "step 1")


def test_a_call_that_eats_memory_ends_alone(process: Warm) -> None:
    ended = process.call(eat, limits=Limits(megabytes=500))
    assert isinstance(ended.error, MemoryError) or ended.stopped == "memory"
    assert process.call(add, 1, 1).value == 2


def test_memory_that_the_system_does_not_limit_is_watched(process: Warm) -> None:
    ended = process.call(eat_shared, limits=Limits(megabytes=300))
    assert ended.stopped == "memory"


def test_a_thread_left_running_is_not_waited_for(process: Warm) -> None:
    ended = process.call(leave_a_thread)
    assert ended.value == "done"
    assert ended.seconds < 30


@pytest.mark.parametrize("function", [leave_a_sibling, leave_an_orphan])
def test_processes_that_a_call_has_started_end_with_it(process: Warm, tmp_path: Path, function: Any) -> None:
    if function is leave_an_orphan and sys.platform != "linux":
        pytest.skip("only Linux hands such a process over")
    note = tmp_path / "pid"
    assert process.call(function, str(note)).value == "done"
    assert is_gone(int(note.read_text(encoding="ascii")))


# --- how the warm process ends ----------------------------------------------------------------------

ASKING = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are born deaf to it
sys.path[:0] = [sys.argv[1]]
os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
import test_warm
from reportkit.warm import Warm
with Warm(["test_warm"]) as process:
    for _ in range(2):
        process.submit(test_warm.sleep_deaf)
    print(process.pid, flush=True)
    list(process.ended())
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_the_asking_process_ends_all_at_once(number: signal.Signals) -> None:
    asking = subprocess.Popen(
        [sys.executable, "-c", ASKING, str(HERE)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert asking.stdout is not None
    server = psutil.Process(int(asking.stdout.readline()))
    end = time.monotonic() + 10
    while len(children := server.children()) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    assert len(children) == 2
    asking.send_signal(number)
    asking.wait(timeout=10)
    assert all(is_gone(ended.pid) for ended in [server, *children])


def test_children_end_with_the_warm_process_and_the_asker_is_told() -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux ends them")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), *sys.path]))
        process = Warm(["test_warm"])
    process.submit(sleep)
    server = psutil.Process(process.pid)
    while not (children := server.children()):
        time.sleep(0.02)
    server.kill()
    with pytest.raises(WarmError):
        next(process.ended())
    assert all(is_gone(child.pid) for child in children)


def test_closing_ends_all(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), *sys.path]))
        process = Warm(["test_warm"])
    process.submit(sleep_deaf)
    began = time.monotonic()
    process.close()
    assert time.monotonic() - began < 3
    assert is_gone(process.pid)
    with pytest.raises(WarmError):
        process.submit(sleep)


def test_cold_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTKIT_COLD", "1")
    assert not warm.is_possible()


@pytest.mark.parametrize("platform", ["win32", "emscripten", "sunos5"])
def test_nothing_is_forked_on_systems_this_was_not_made_for(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert not warm.is_possible()


def test_what_runs_reports_is_there_on_systems_without_limits_of_resources() -> None:
    """Windows has no module ``resource``; notebooks are executed by plain papermill there."""
    script = (
        "import psutil, sys; sys.modules['resource'] = None; import reportkit.cli, reportkit.run, reportkit.preview"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
