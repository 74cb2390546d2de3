"""Real measurements along the same line: the city's days 2014 to 2022 become a site with a page for each year."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from projects import REPO, edit
from reportkit.importers import import_files, new_project, years_in
from reportkit.project import CONFIG, open_project
from reportkit.verify import verify


@pytest.fixture(scope="module")
def real_site(shared: Path, build: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the city alone, from its imported days, with all their years."""
    project = new_project(tmp_path_factory.mktemp("real") / "project", open_project(REPO))
    city = project.settings.area
    for path in project.data.rglob("*.csv"):
        edit(path, lambda rows: [row for row in rows if row.get("area_code", city) == city])
    import_files("city-daily", [shared / "real/guangzhou_city_daily_2014_2022.csv"], project)
    config = (project.root / CONFIG).read_text(encoding="utf-8")
    (project.root / CONFIG).write_text(config.replace("[2024]", str(list(years_in(project)))), encoding="utf-8")
    return build(project.root)


@pytest.mark.slow
def test_every_year_of_the_real_series_has_its_pages_and_every_figure_follows_from_the_rows(real_site: Path) -> None:
    for year in range(2014, 2023):
        for chapter in ("overview", "air"):
            assert (real_site / f"{year}/guangzhou/{chapter}.html").is_file()
            assert (real_site / f"en/{year}/guangzhou/{chapter}.html").is_file()
    assert [str(problem) for problem in verify(real_site)] == []


@pytest.mark.slow
def test_no_figure_of_the_real_site_is_demonstration_and_breaks_are_marked(real_site: Path) -> None:
    for path in (real_site / "data" / "figures").rglob("*.json"):
        for figure in json.loads(path.read_text(encoding="utf-8"))["figures"]:
            assert figure["status"] != "demonstration", figure["id"]
    page = (real_site / "2022/guangzhou/air.html").read_text(encoding="utf-8")
    assert "示例数据" not in page
    assert "序列在2018、2020、2021年有断点" in page
