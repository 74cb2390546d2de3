"""What a piece of Python imports of this package, read from the sources."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reportkit.modules import PACKAGE, sources


def names(python: str) -> set[str]:
    return {path.relative_to(PACKAGE).as_posix() for path in sources(python)}


@pytest.mark.parametrize(
    "python", ["import reportkit.text", "from reportkit import text", "from reportkit.text import x"]
)
def test_however_a_module_is_imported_it_and_what_it_imports_is_found(python: str) -> None:
    assert names(python) == {"__init__.py", "text.py", "errors.py", "memo.py"}


@pytest.mark.parametrize("python", ["", "import os, pandas", "x = (", "import reportkitten"])
def test_nothing_is_found_in_what_imports_nothing_of_it(python: str) -> None:
    assert names(python) == set()


@pytest.mark.parametrize("chapter", ["air", "water", "targets", "overview"])
def test_every_module_that_is_there_after_an_import_was_found(chapter: str) -> None:
    python = f"import reportkit.chapters.{chapter}"
    script = f"{python}; import sys; print(*(n for n in sys.modules if n.partition('.')[0] == 'reportkit'))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name.removeprefix("reportkit").removeprefix(".").replace(".", "/") for name in done.stdout.split()}
    found = {name.removesuffix(".py").removesuffix("__init__").removesuffix("/") for name in names(python)}
    assert loaded <= found
