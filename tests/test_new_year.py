"""A new year is prepared whole, or not at all, or in two runs; ``tests/site/test_new_year.py`` builds it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from projects import ALL_ENTERPRISES, REPO, edit, small_project
from reportkit import new_year as module
from reportkit.errors import SettingsError
from reportkit.new_chapter import new_chapter
from reportkit.new_year import new_year
from reportkit.project import CONFIG, Project, open_project
from reportkit.storage import write_whole


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project", districts=("liwan",), data_years=(2024,))


def files(project: Project) -> dict[str, bytes]:
    found = (path for path in project.root.rglob("*") if path.is_file())
    return {path.relative_to(project.root).as_posix(): path.read_bytes() for path in found}


def cut_off_after(number: int) -> Callable[[Path, bytes], None]:
    """A writer of files that is interrupted after so many."""
    left = iter(range(number))

    def write(path: Path, content: bytes) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        write_whole(path, content)

    return write


def test_what_was_cut_off_is_finished_by_the_next_run(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = small_project(tmp_path / "whole", districts=("liwan",), data_years=(2024,))
    new_year(whole, 2025)
    for number in (1, 10, 18):
        with monkeypatch.context() as patch:
            patch.setattr(module, "write_whole", cut_off_after(number))
            with pytest.raises(KeyboardInterrupt):
                new_year(open_project(project.root), 2025)
    new_year(open_project(project.root), 2025)
    assert files(project) == files(whole)


def test_a_project_like_another_one_has_no_notebooks_to_close(tmp_path: Path) -> None:
    before = sorted(path.name for path in (REPO / "notebooks").iterdir())
    with pytest.raises(SettingsError, match="The notebooks of this project are those of"):
        new_year(open_project(REPO / "examples" / "qingyuan"), 2026)
    assert sorted(path.name for path in (REPO / "notebooks").iterdir()) == before


def test_no_chapter_is_written_into_a_project_like_another_one() -> None:
    with pytest.raises(SettingsError, match="The chapters of this project are those of"):
        new_chapter(open_project(REPO / "examples" / "qingyuan"), "odour", {"zh": "异味", "en": "Odour"})


def test_settings_with_years_on_several_lines_are_left_to_people(project: Project) -> None:
    config = project.root / CONFIG
    text = config.read_text(encoding="utf-8").replace("years: [2024]", "years:\n    - 2024")
    config.write_text(text, encoding="utf-8")
    before = files(project)
    with pytest.raises(SettingsError, match="The years are not where a new one can be put"):
        new_year(open_project(project.root), 2025)
    assert files(project) == before


def test_a_rule_that_ends_within_the_year_is_named_unless_another_follows(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {"rule": "ends", "valid_from": "2020-01-01", "valid_to": "2025-06-30"},
        {"rule": "follows", "valid_from": "2020-01-01", "valid_to": "2025-06-30"},
        {"rule": "follows", "valid_from": "2025-07-01", "valid_to": ""},
        {"rule": "stays", "valid_from": "2020-01-01", "valid_to": ""},
        {"rule": "ended", "valid_from": "2020-01-01", "valid_to": "2022-12-31"},
    ]
    monkeypatch.setattr(module.rules, "table", lambda name: rows)
    assert new_year(project, 2025).rules == ["ends (2025-06-30)"]


def test_only_tables_with_rows_of_the_year_before_wait(project: Project) -> None:
    edit(project.data / "waste" / "household.csv", lambda rows: [row for row in rows if row["year"] != "2024"])
    tables = new_year(project, 2025).tables
    assert "waste/industrial" in tables
    assert "waste/household" not in tables


def test_tables_that_are_dated_by_the_day_of_what_they_tell_wait_too(tmp_path: Path) -> None:
    tables = new_year(small_project(tmp_path, enterprises=ALL_ENTERPRISES), 2025).tables
    assert {"law/penalties", "supervision/draws", "enterprises/permits", "emergency/plans"} <= set(tables)
