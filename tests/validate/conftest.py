"""A project of its own for each test, without measurements."""

from __future__ import annotations

from pathlib import Path

import pytest

from projects import REPO
from reportkit.importers import new_project
from reportkit.project import Project, open_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The repository's project without its demonstration rows."""
    return new_project(tmp_path / "project", open_project(REPO))
