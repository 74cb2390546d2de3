"""Notebooks in a plain kernel by nbval: two districts, both languages, together with the defaults in `make test`."""

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
    ("nansha", "en"),
    pytest.param("nansha", "zh", marks=pytest.mark.slow),
    pytest.param("liwan", "en", marks=pytest.mark.slow),
]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
@pytest.mark.parametrize(("district", "language"), VALUES)
def test_every_cell_runs(path: Path, district: str, language: str, tmp_path: Path) -> None:
    for name in ("_config.yml", "data"):  # a kernel starts in the notebook's folder, and looks for its project there
        (tmp_path / name).symlink_to(REPO / name)
    subject = {"enterprise": f"DEMO-E-{CODES[district]}-01"} if path.stem == ARCHIVE else {"district": district}
    values = {**subject, "year": 2024, "language": language}
    notebook = parameterize_notebook(load_notebook_node(str(path)), values)
    nbformat.write(notebook, tmp_path / path.name)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval-lax", "--nbval-current-env"]
    ran = subprocess.run([*command, str(tmp_path)], cwd=REPO, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    assert re.search(rf"\b{cells} passed\b", ran.stdout), ran.stdout
