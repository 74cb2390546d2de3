"""A process that works for a build ends with it, however the build ends, and leaves memory for others."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

CHILD = "import time\nprint('works', flush=True)\ntime.sleep(60)"
PARENT = """import os, subprocess, sys
worker = subprocess.Popen([sys.executable, '-P', '-m', 'reportkit.processes', str(os.getpid()), sys.argv[1]],
                          stdout=subprocess.PIPE)
worker.stdout.readline()
print(worker.pid, flush=True)
worker.wait()
"""


@pytest.mark.parametrize("how", ["kill", "terminate"])
def test_a_process_ends_with_the_one_it_works_for(tmp_path: Path, how: str) -> None:
    (tmp_path / "program.py").write_text(CHILD, encoding="utf-8")
    command = [sys.executable, "-c", PARENT, str(tmp_path / "program.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        getattr(parent, how)()
        parent.wait()
        until = time.monotonic() + 10
        while worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < until
            time.sleep(0.01)


def test_one_whose_builder_has_ended_already_does_not_begin(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("print('began')", encoding="utf-8")
    nobody = "1" if psutil.Process().pid != 1 else "2"
    command = [sys.executable, "-P", "-m", "reportkit.processes", nobody, str(tmp_path / "program.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")


def test_memory_beyond_the_limit_is_a_memory_error() -> None:
    code = "from reportkit.processes import limit_memory\nlimit_memory(200)\nbytes(10**8)\nbytes(3 * 10**8)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == "MemoryError"
    assert "line 4" in done.stderr
