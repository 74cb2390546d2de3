"""Projects with something wrong in them, and what the checks say of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from projects import add
from reportkit.findings import Finding
from reportkit.manifest import write_registry
from reportkit.project import Project
from reportkit.validate import check

DEFECTS = Path(__file__).parent / "data" / "defects"
DAYS = "air/area_daily.csv"


def defective(project: Project, defect: str) -> Project:
    """*project* with the file of a *defect* in place of its table of given days, in which nothing is wrong."""
    shutil.copy(DEFECTS / f"{defect}.csv", project.data / DAYS)
    write_registry(project.data)
    return project


def about(project: Project, *files: str) -> list[Finding]:
    """What is found about *files*; a few days are never a year, so that is left out."""
    files = tuple(f"data/{file}" for file in files)
    return [found for found in check(project) if found.file in files and found.code != "coverage-low"]


def of_code(project: Project, code: str) -> list[Finding]:
    """The findings of one *code*."""
    return [found for found in check(project) if found.code == code]


def publish(project: Project, area: str, period: str, source: str = "gz-bulletin-2016-07", **values: str) -> None:
    """Add published air figures of an area and period: indicator → value."""
    for indicator, value in values.items():
        unit = {"co_p95": "mg/m3", "good_days_ratio": "%", "composite_index": ""}.get(indicator, "ug/m3")
        row = {"area_code": area, "period": period, "indicator": indicator, "value": value, "unit": unit}
        add(project.data / "air/published.csv", {**row, "status": "official", "source_id": source})


def edit_text(project: Project, file: str, before: str, after: str) -> None:
    """Put *after* in the place of the first *before* in a file of ``data/``."""
    path = project.data / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
