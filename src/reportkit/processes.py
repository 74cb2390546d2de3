"""What a process that works for a build owes it: to end when the build ends, and to leave memory for others.

A build may be killed without a word; then its workers, their kernels and jupyter-book must not write on. It is an
IPython extension too, which is how it gets into a kernel; ``python -m reportkit.processes PARENT PROGRAM …`` is how it
gets into a program of others.
"""

from __future__ import annotations

import ctypes
import logging
import os
import runpy
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1


def cores() -> int:
    """How many processes can work at a time here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ending_with_us(program: str, *arguments: str) -> list[str]:
    """The command of a *program* that was installed beside this Python and ends when this process does."""
    beside = Path(sys.executable).with_name(program)
    return [sys.executable, "-P", "-m", "reportkit.processes", str(os.getpid()), str(beside), *arguments]


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


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    sys.argv = sys.argv[2:]
    runpy.run_path(sys.argv[0], run_name="__main__")
