"""Notebooks in plain kernels by nbval: two districts, both languages, together with the defaults in `make test`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from projects import CODES, REPO
from reportkit.reports import ARCHIVE

NOTEBOOKS = sorted((REPO / "notebooks").glob("*.ipynb"))
# The defaults of the notebooks are an inner district's in Chinese; this one has a coast.
VALUES = [
    pytest.param(("nansha", "en"), id="nansha-en"),
    pytest.param(("nansha", "zh"), id="nansha-zh", marks=pytest.mark.slow),
    pytest.param(("liwan", "en"), id="liwan-en", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module", params=VALUES)
def nbval(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """nbval over all notebooks, for a district in a language: what it said of every cell, and its exit code."""
    district, language = request.param
    folder = tmp_path_factory.mktemp("notebooks")
    for name in ("_config.yml", "data"):  # a kernel starts in the notebook's folder, and looks for its project there
        (folder / name).symlink_to(REPO / name)
    for path in NOTEBOOKS:
        subject = {"enterprise": f"DEMO-E-{CODES[district]}-01"} if path.stem == ARCHIVE else {"district": district}
        values = {**subject, "year": 2024, "language": language}
        nbformat.write(parameterize_notebook(load_notebook_node(str(path)), values), folder / path.name)
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "--nbval-lax", "--nbval-current-env"]
    return subprocess.run([*command, str(folder)], cwd=REPO, capture_output=True, text=True, check=False)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_every_cell_runs(path: Path, nbval: subprocess.CompletedProcess[str]) -> None:
    ran = re.findall(rf"\b{path.stem}::ipynb::Cell \d+ (\w+)", nbval.stdout)
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert ran == ["PASSED"] * (len(cells) + 1), nbval.stdout  # the values put in are a cell of their own


def test_nothing_else_went_wrong(nbval: subprocess.CompletedProcess[str]) -> None:
    assert nbval.returncode == 0, nbval.stdout
