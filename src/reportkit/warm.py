"""Calls run in fresh processes that are forked from a warm one: isolated like a cold start, ready at once.

The warm process is started anew, by its own command, and does nothing but import: it has one thread, holds no
renderer, and knows nothing of the process that asked for it. For each call it forks a child with a session, a
working directory and an environment of its own, watches its time and memory, and says how it ended. Where the
asking process goes, by whatever way, the warm one sees their connection close and ends every child.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import importlib
import math
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Any, NoReturn

import psutil

from reportkit.errors import WarmError
from reportkit.processes import end_with, limit_memory

# One thread in the warm process: a pool of threads that a library starts there is dead in every child.
_ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")} | {
    "VECLIB_MAXIMUM_THREADS": "1",
    "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",  # macOS: nothing of Objective-C runs before the fork
}
# A renderer that has started hangs in every child.
_FORBIDDEN = ("vl_convert", "py_mini_racer")
_GONE = "The process that notebooks are forked from did not start, or was ended from outside."
_INSTEAD = "start again; with REPORTKIT_COLD=1 in the environment each notebook gets a kernel of its own instead"
# A file in the working directory must not pass for a module while the warm process imports.
_START = "import sys; sys.path[:] = filter(None, sys.path); from reportkit.warm import serve; serve()"
_PR_SET_CHILD_SUBREAPER = 36
_POLL_SECONDS = 0.5  # how often memory is looked at where the system does not limit it


@dataclass(frozen=True)
class Limits:
    """What one call may use: *seconds* for each step it tells, *megabytes* of memory of its own; None is no limit."""

    seconds: float | None = None
    megabytes: int | None = None


@dataclass(frozen=True)
class Ended:
    """How a call ended: what it gave if it *is_done*, or the *error* it raised.

    Else *stopped* is the limit it met (``time``, ``memory``), or empty where its process ended by itself or from
    outside. *status* is the exit status, negative for a signal; *step* is what the call last told by
    :func:`tell_step`; *peak_megabytes* counts memory shared with the warm process.
    """

    is_done: bool
    value: Any
    error: Exception | None
    stopped: str
    step: str
    status: int
    seconds: float
    peak_megabytes: float


@dataclass(frozen=True)
class _Call:
    """A call on its way to the warm process; *payload* is the pickled function with its arguments."""

    number: int
    payload: bytes
    folder: str
    directory: str
    environment: Mapping[str, str]
    limits: Limits


@dataclass
class _Child:
    """A running call, as the warm process sees it."""

    call: _Call
    began: float  # by the clock, as files are dated
    stopped: str = ""

    @property
    def deadline(self) -> float:
        """When its present step has to be over; infinity without a limit."""
        if self.call.limits.seconds is None:
            return math.inf
        step = Path(self.call.folder, f"{self.call.number}.step")
        with contextlib.suppress(FileNotFoundError):
            return max(self.began, step.stat().st_mtime) + self.call.limits.seconds
        return self.began + self.call.limits.seconds


def is_possible() -> bool:
    """Whether processes can be forked here as this module needs it; ``REPORTKIT_COLD=1`` says no."""
    return hasattr(os, "fork") and sys.platform in ("linux", "darwin") and os.environ.get("REPORTKIT_COLD") != "1"


# --- the asking process ---------------------------------------------------------------------------


class Warm:
    """A warm process that imports *modules* and calls *prepare*; use it as a context, or :meth:`close` it.

    It gets ready while others go on; the first call waits for it, and raises WarmError where it did not start.
    """

    def __init__(self, modules: Sequence[str], prepare: Callable[..., None] | None = None, *arguments: Any) -> None:
        ours, theirs = Pipe()
        self._connection = ours
        self._folder = tempfile.TemporaryDirectory(prefix="reportkit-warm-")
        self._number = 0
        command = [sys.executable, "-X", "frozen_modules=off", "-c", _START]  # with the option a kernel is started with
        self._process = subprocess.Popen(
            [*command, str(theirs.fileno())],
            env={**os.environ, **_ONE_THREAD},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C at the terminal is answered by this process, which then closes
        )
        theirs.close()
        self._owner = os.getpid()
        atexit.register(self.close)
        self._connection.send((tuple(modules), prepare, arguments))
        self._is_ready = False

    def __enter__(self) -> Warm:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The warm process."""
        return self._process.pid

    def get_ready(self) -> None:
        """Wait until the warm process is ready; raises WarmError where it did not start."""
        if not self._is_ready:
            self._receive()
            self._is_ready = True

    def call(self, function: Callable[..., Any], *arguments: Any, limits: Limits = Limits()) -> Ended:
        """Run *function* in a child, here and with this environment, and wait for it."""
        number = self.submit(function, *arguments, limits=limits)
        return next(ended for answered, ended in self.ended() if answered == number)

    def submit(self, function: Callable[..., Any], *arguments: Any, limits: Limits = Limits()) -> int:
        """Start *function* in a child and give the number of the call; it must be importable, and all picklable."""
        self.get_ready()
        self._number += 1
        payload = pickle.dumps((function, arguments))
        call = _Call(self._number, payload, self._folder.name, str(Path.cwd()), dict(os.environ), limits)
        try:
            self._connection.send(call)
        except OSError as error:
            raise WarmError(_GONE, do=_INSTEAD) from error
        return self._number

    def ended(self) -> Iterator[tuple[int, Ended]]:
        """The number and the end of each call, as they come; ask for no more than were submitted."""
        while True:
            number, status, stopped, seconds, peak = self._receive()
            step, result = (Path(self._folder.name, f"{number}.{kind}") for kind in ("step", "result"))
            is_done = result.is_file()
            value, error = pickle.loads(result.read_bytes()) if is_done else (None, None)
            told = step.read_text(encoding="utf-8") if step.is_file() else ""
            for path in (step, result):
                path.unlink(missing_ok=True)
            yield number, Ended(is_done, value, error, stopped, told, status, seconds, peak)

    def close(self) -> None:
        """End the warm process and all its children, now."""
        atexit.unregister(self.close)
        if os.getpid() != self._owner:  # a fork of the asking process is not the one to end it
            return
        self._connection.close()
        if not self._is_ready:  # it has no children, and would first finish what it is at
            self._process.kill()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def _receive(self) -> Any:
        try:
            return self._connection.recv()
        except (EOFError, OSError) as error:
            self.close()
            raise WarmError(_GONE, do=_INSTEAD) from error


# --- the warm process -----------------------------------------------------------------------------


def serve() -> None:
    """Be the warm process: import and prepare what is asked for, then fork a child for each call."""
    connection = Connection(int(sys.argv[1]))
    os.set_inheritable(connection.fileno(), False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _take_in_orphans()
    modules, prepare, arguments = connection.recv()
    for name in modules:
        importlib.import_module(name)
    if prepare is not None:
        prepare(*arguments)
    _assert_can_be_forked()
    gc.collect()
    gc.freeze()  # the collector would write to, and so copy, memory the children share
    woken, waking = os.pipe()
    os.set_blocking(waking, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
    running: dict[int, _Child] = {}
    connection.send("ready")
    try:
        while True:
            if connection in (ready := wait([connection, woken], _patience(list(running.values())))):
                call = connection.recv()
                running[_fork(call, (connection, woken, waking))] = _Child(call, time.time())
            if woken in ready:
                os.read(woken, 4096)
            _stop_at_limits(running)
            for ended in _reap(running):
                connection.send(ended)
    except (EOFError, OSError):  # the asking process is done, or gone
        pass
    finally:
        _end_all(running)


def _assert_can_be_forked() -> None:
    """Raise WarmError where a child would hang: other threads in this process, or a renderer."""
    threads = psutil.Process().num_threads()
    if threading.active_count() > 1 or threads > 1:
        raise WarmError(f"The warm process has {threads} threads: {threading.enumerate()}")
    if loaded := [name for name in _FORBIDDEN if name in sys.modules]:
        raise WarmError(f"The warm process has loaded a renderer: {', '.join(loaded)}")


def _fork(call: _Call, not_for_children: Iterable[Any]) -> int:
    warm = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        _be_child(call, warm, not_for_children)
    finally:
        os._exit(70)  # whatever happens, a child does not go on as the warm process


def _be_child(call: _Call, warm: int, not_for_children: Iterable[Any]) -> NoReturn:
    """Be a process of one's own, run the call, keep its result, and end."""
    import resource  # which systems without a fork do not have

    os.setsid()
    end_with(warm)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for held in not_for_children:
        held.close() if isinstance(held, Connection) else os.close(held)
    with Path(os.devnull).open("r+b", buffering=0) as nothing:
        for stream in range(3):
            os.dup2(nothing.fileno(), stream)
    os.environ.clear()
    os.environ.update(call.environment)
    time.tzset()
    os.chdir(call.directory)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if call.limits.megabytes is not None:
        # What it has from the warm process is not its own, as far as the system tells (Linux).
        held = getattr(psutil.Process().memory_info(), "data", 0)
        limit_memory(call.limits.megabytes + held // 2**20)
    global _step
    _step = Path(call.folder, f"{call.number}.step")
    pid = os.getpid()
    value = error = None
    try:
        function, arguments = pickle.loads(call.payload)
        value = function(*arguments)
    except Exception as raised:
        error = raised
    if os.getpid() == pid:
        part = Path(call.folder, f"{call.number}.part")
        part.write_bytes(pickle.dumps((value, error)))
        part.rename(part.with_suffix(".result"))
        # What the call asked to be done at the end is done; threads it has left are not waited for.
        atexit._run_exitfuncs()
    os._exit(0)


_step: Path | None = None


def is_child() -> bool:
    """Whether this process was forked from a warm one for one call."""
    return _step is not None


def tell_step(step: str) -> None:
    """Say what the call is at, for :attr:`Ended.step`; elsewhere than in a child it is of no interest."""
    if _step is not None:
        _step.write_text(step, encoding="utf-8")


def _take_in_orphans() -> None:
    """What a child leaves behind becomes a child of this process (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _patience(children: Iterable[_Child]) -> float | None:
    """How long nothing has to be looked at, in seconds; None while there is no limit to watch."""
    waits = [_POLL_SECONDS for child in children if child.call.limits.megabytes is not None]
    waits += [max(0.0, child.deadline - time.time()) for child in children if child.deadline < math.inf]
    return min(waits, default=None)


def _stop_at_limits(running: Mapping[int, _Child]) -> None:
    """Kill the children that are over their time, or over their memory by more than the system let them."""
    for pid, child in running.items():
        most = child.call.limits.megabytes
        if child.stopped:
            continue
        if time.time() >= child.deadline:
            child.stopped = "time"
        elif most is not None and _megabytes(pid) > most:
            child.stopped = "memory"
        if child.stopped:
            _kill(pid)


def _megabytes(pid: int) -> float:
    """The memory of a process beyond what the warm one holds, of which it shares most."""
    with contextlib.suppress(psutil.Error):
        return float(psutil.Process(pid).memory_info().rss - psutil.Process().memory_info().rss) / 2**20
    return 0.0


def _reap(running: dict[int, _Child]) -> Iterator[tuple[int, int, str, float, float]]:
    """Each child that has ended, with what it has left in its process group ended too."""
    for pid, child in list(running.items()):
        with contextlib.suppress(ChildProcessError):
            ended, status, used = os.wait4(pid, os.WNOHANG)
            if ended:
                _kill_group(pid)
                del running[pid]
                seconds = time.time() - child.began
                peak = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
                yield child.call.number, os.waitstatus_to_exitcode(status), child.stopped, seconds, peak
    if not running:
        _end_orphans()


def _end_all(running: Mapping[int, _Child]) -> None:
    for pid in running:
        _kill(pid)
    for pid in running:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
    _end_orphans()


def _end_orphans() -> None:
    """End what children have left behind in sessions of its own (where the system hands it to this process)."""
    while orphans := psutil.Process().children():
        for orphan in orphans:
            with contextlib.suppress(psutil.Error):
                orphan.kill()
        psutil.wait_procs(orphans, timeout=1)


def _kill(child: int) -> None:
    """End a child and its process group, of which it is not yet the leader in its first moments."""
    _kill_group(child)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
