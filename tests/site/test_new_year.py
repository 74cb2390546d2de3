"""The next year: prepared by one command, built, written anew by an analyst; the year before stays as it was."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from lxml import html

from projects import Row, add, edit, read, small_project
from reportkit.manifest import write_registry
from reportkit.project import Project, open_project
from reportkit.verify import verify

CHAPTERS = ("overview", "air", "waste", "law", "emergency")
NEW_SENTENCE = "这一年的话是新写的。"
SWITCH = re.compile(r'<nav[^>]*aria-label="年份".*?</nav>', re.DOTALL)


def command(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("reportkit")
    return subprocess.run(
        [str(program), *arguments, "--project", str(project.root)], capture_output=True, text=True, check=False
    )


def of_2024(site: Path) -> dict[str, str]:
    """Everything that is of 2024, by address: pages without their switch of years, tables, figures."""
    found = {}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.is_file() and re.match(r"(data/)?(figures/|quality/)?2024/", name):
            content = path.read_bytes()
            if name.endswith(".html"):
                content = SWITCH.sub("", content.decode()).encode()
            found[name] = hashlib.sha256(content).hexdigest()
    return found


def problems(site: Path) -> list[str]:
    """What is wrong with the pages of the chapters that there are."""
    return [str(it) for it in verify(site) if re.search(rf"/(?:{'|'.join(CHAPTERS)})[#/.]", str(it).partition("\n")[0])]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("year") / "project"
    return small_project(folder, districts=("liwan",), languages=("zh",), data_years=(2023, 2024), chapters=CHAPTERS)


@pytest.fixture(scope="module")
def before(project: Project, build: Callable[..., Path]) -> dict[str, str]:
    """What was published of 2024 before there was another year."""
    write_registry(project.data)
    return of_2024(build(project.root))


@pytest.fixture(scope="module")
def said(project: Project, before: dict[str, str]) -> str:
    """What the command says."""
    done = command(project, "new-year", "2025")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def empty(project: Project, said: str, build: Callable[..., Path]) -> Path:
    """The site with the new year, of which nothing is known yet."""
    return build(project.root)


@pytest.fixture(scope="module")
def filled(project: Project, empty: Path, build: Callable[..., Path]) -> Path:
    """The site with rows of the new year, and a sentence written for it."""
    for resource in json.loads((project.data / "datapackage.json").read_text(encoding="utf-8"))["resources"]:
        if "year" in resource["schema"].get("primaryKey", []) and not resource["name"].endswith("/published"):
            path = project.data / resource["path"]
            add(path, *(row | {"year": "2025"} for row in read(path) if row["year"] == "2024"))
    days = [row for row in read(project.data / "air" / "station_daily_2024.csv") if row["date"] != "2024-02-29"]
    edit(project.data / "air" / "station_daily_2025.csv", lambda _: list(map(a_year_later, days)))
    write_registry(project.data)
    path = project.notebooks / "air.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if "zh" in cell.metadata.get("tags", []) and "##" in cell.source)
    cell.source += f"\n\n{NEW_SENTENCE}"
    nbformat.write(notebook, path)
    return build(project.root)


def a_year_later(row: Row) -> Row:
    return {name: re.sub("^2024-", "2025-", value) if name == "date" else value for name, value in row.items()}


def test_the_command_says_what_it_wrote_and_which_tables_wait(project: Project, said: str) -> None:
    assert open_project(project.root).settings.years == (2024, 2025)
    assert (project.data / "air" / "station_daily_2025.csv").read_text(encoding="utf-8").count("\n") == 1
    assert "waits for rows of 2025: air/station_daily\n" in said
    assert "waits for rows of 2025: waste/industrial\n" in said
    assert "checks/" not in said
    closed = sorted(path.name for path in (project.notebooks / "2024").iterdir())
    assert closed == sorted(f"{name}.ipynb" for name in CHAPTERS)
    assert "year = 2025 " in (project.notebooks / "air.ipynb").read_text(encoding="utf-8")
    assert "year = 2024 " in (project.notebooks / "2024" / "air.ipynb").read_text(encoding="utf-8")


def test_another_year_is_refused(project: Project, said: str) -> None:
    for year in ("2025", "2028"):
        done = command(project, "new-year", year)
        assert done.returncode == 2
        assert f"{year} cannot be the next year." in done.stderr


def test_the_old_year_stays_byte_for_byte_and_the_switch_between_years_appears(
    before: dict[str, str], empty: Path, project: Project
) -> None:
    assert of_2024(empty) == before
    for area in ("guangzhou", "liwan"):
        for year, other in (("2024", "2025"), ("2025", "2024")):
            page = html.parse(str(empty / year / area / "air.html")).getroot()
            ways = page.xpath("//div[@class='switches']/nav[3]//a/@href")
            assert f"../../{other}/{area}/air.html" in ways


def test_a_year_of_which_nothing_is_known_says_so(empty: Path) -> None:
    page = html.parse(str(empty / "2025/liwan/overview.html")).getroot()
    rows = page.xpath("//section[@id='completeness']//tbody/tr")
    states = {row.get("data-catalogue"): row.xpath("td[3]//data/@value")[0] for row in rows}
    assert states.pop("X1") == "disclosed"  # this list itself
    assert len(states) == 48
    assert set(states.values()) <= {"not_disclosed", "not_applicable"}
    assert problems(empty) == []


def test_what_is_written_for_the_new_year_is_of_the_new_year_alone(before: dict[str, str], filled: Path) -> None:
    assert of_2024(filled) == before
    for area in ("guangzhou", "liwan"):
        assert NEW_SENTENCE in (filled / "2025" / area / "air.html").read_text(encoding="utf-8")
        assert NEW_SENTENCE not in (filled / "2024" / area / "air.html").read_text(encoding="utf-8")


def test_trends_and_comparisons_with_the_year_before_pick_the_new_year_up(filled: Path) -> None:
    now, before = (html.parse(str(filled / year / "liwan/air.html")).getroot() for year in ("2025", "2024"))
    assert now.xpath("//data[@data-figure='2025/liwan/air#good_days_ratio']/@value")
    (then,) = set(before.xpath("//data[@data-figure='2024/liwan/air#good_days_ratio']/@value"))
    assert set(now.xpath("//data[@data-figure='2025/liwan/air#good_days_ratio_2024']/@value")) == {then}
    for page, last in ((now, "2025"), (before, "2024")):
        assert page.xpath("//section[@id='years']//tbody/tr[last()]/td[1]/text()") == [last]
    assert problems(filled) == []
