"""A project of its own for each test, without measurements."""

from __future__ import annotations

from pathlib import Path

import pytest

from projects import empty_project
from reportkit.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The repository's project without its demonstration rows."""
    return empty_project(tmp_path / "project")
