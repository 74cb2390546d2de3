"""What a process that works for a build owes it: to end when the build ends, and to leave memory for others.

A build may be killed without a word; then its workers, their kernels and jupyter-book must not write on. It is an
IPython extension too, which is how it gets into a kernel; ``python -m reportkit.processes PARENT PROGRAM …`` is how it
gets into a program of others.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import multiprocessing
import os
import runpy
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

_PR_SET_PDEATHSIG = 1


def cores() -> int:
    """How many processes can work at a time here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def end_with(parent: int) -> None:
    """End this process as soon as *parent*, the process that started it, has ended, in whatever way.

    Linux does it at once; elsewhere a thread looks every second.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def limit_memory(megabytes: int) -> None:
    """Let this process, and each one it starts, have so many *megabytes* of memory of its own; then MemoryError."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = megabytes * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (wanted if most < 0 else min(wanted, most), most))


def load_ipython_extension(shell: Any) -> None:
    """Called by IPython in a kernel, which knows the process that started it."""
    end_with(int(os.environ.get("JPY_PARENT_PID", os.getppid())))
    # On a busy machine a kernel that is stopped may meet sockets that are closed already, and log a traceback.
    logging.getLogger("tornado.general").setLevel(logging.CRITICAL)
    shell.set_custom_exc((MemoryError,), _tell_memory_error)


def _tell_memory_error(shell: Any, kind: type, error: BaseException, trace: Any, tb_offset: int | None = None) -> None:
    """Tell it as any error, but with memory to tell it: what the cell took is still held by its traceback."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def start_worker(parent: int, megabytes: int) -> None:
    """Called first in a process that executes notebooks for *parent*; its kernels inherit the limit."""
    end_with(parent)
    limit_memory(megabytes)


def side_by_side(calls: Sequence[Callable[[], None]]) -> None:
    """Make all *calls*, each in a process forked from this one, and the last in this one; raise the first error.

    What they leave behind is files. Where processes cannot be forked safely, one call follows the other.
    """
    *others, own = calls
    if sys.platform != "linux":
        for call in calls:
            call()
        return
    context = multiprocessing.get_context("fork")
    gc.freeze()  # the collector would write to, and so copy, memory the processes share
    begun = []
    for call in others:
        heard, said = context.Pipe(duplex=False)
        process = context.Process(target=_say_error, args=(call, said, os.getpid()))
        process.start()
        said.close()
        begun.append((process, heard))
    try:
        own()
        for _, heard in begun:
            if error := heard.recv():
                raise error
    except EOFError:
        raise ChildProcessError("A process that wrote pages was ended from outside.") from None
    finally:
        gc.unfreeze()
        for process, _ in begun:
            process.kill()
            process.join()


def _say_error(call: Callable[[], None], said: Connection, parent: int) -> None:
    """Make the *call* and say what it raised, or that it raised nothing."""
    end_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        call()
        said.send(None)
    except Exception as error:
        said.send(error)


def spare_grammar() -> None:
    """Let jsonschema do without a grammar of addresses, a second to import; no schema here has one."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as Python has it for what is not there


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    spare_grammar()
    sys.argv = sys.argv[2:]
    runpy.run_path(sys.argv[0], run_name="__main__")
