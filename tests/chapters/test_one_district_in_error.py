"""A district whose rows are in error: its pages and the city's say so, those of the others stand with their values."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import ignore_patterns

import pytest

from projects import CODES, REPO, block_methods, edit, edition_of, read, small_project
from reportkit import text
from reportkit.blocks import Block
from reportkit.chapters import Chapter, discover
from reportkit.chapters.air import Air
from reportkit.chapters.overview import Overview
from reportkit.errors import DataError
from reportkit.project import Project, open_project
from reportkit.schema import Table, read_tables

BROKEN, SOUND = "nansha", "tianhe"
COUNTED = ("number", "integer", "date")
# What an area is among the others is another thing without one of them.
AMONG_OTHERS = ("_rank", "_rank_2023", "#changed_same")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return small_project(tmp_path_factory.mktemp("sound"))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same project in which no number and no day of one district can be read."""
    project = small_project(tmp_path_factory.mktemp("broken"))
    for table in read_tables(project.data).values():
        if "area_code" in table.columns and table.name != "areas":
            for path in filter(Path.is_file, (project.data / name for name in table.paths)):
                _break(path, table)
    return open_project(project.root)


def _break(path: Path, table: Table) -> None:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    columns = [field.name for field in table.fields if field.type in COUNTED and field.name != "year"]
    for row in rows:
        if row["area_code"] == CODES[BROKEN]:
            row.update({column: "x" for column in columns if row[column]})
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, table.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _blocks(project: Project, area: str) -> Iterator[tuple[str, Block | DataError]]:
    """Every block of the pages of an area by chapter and name, or why it cannot be made."""
    edition = edition_of(project, 2024, "zh")
    for slug, kind in discover().items():
        chapter = edition.chapter(kind, edition.areas[area])
        for method in block_methods(kind):
            try:
                yield f"{slug}.{method}", getattr(chapter, method)()
            except DataError as error:
                yield f"{slug}.{method}", error


def _own_figures(blocks: Mapping[str, Block | DataError]) -> dict[str, object]:
    """The values of the figures of the sound district, by identity."""
    written = [block.as_json() for block in blocks.values() if isinstance(block, Block)]
    return {it["id"]: it["value"] for one in written for it in one["figures"] if f"/{SOUND}/" in it["id"]}


def test_every_block_of_the_other_district_stands_with_its_values(sound: Project, broken: Project) -> None:
    before, after = (dict(_blocks(project, SOUND)) for project in (sound, broken))
    assert {name: str(error) for name, error in after.items() if isinstance(error, DataError)} == {}
    values, found = _own_figures(before), _own_figures(after)
    differing = {name for name in values.keys() & found.keys() if values[name] != found[name]}
    assert {name for name in differing if not name.endswith(AMONG_OTHERS)} == set()
    assert len(found) > 1000


def test_what_is_of_the_whole_city_is_left_out_in_words_and_not_cut_short(broken: Project) -> None:
    left_out = text.message("site.others_in_error", "zh")
    shown = {name: block for name, block in _blocks(broken, SOUND) if isinstance(block, Block)}
    found = {name for name, block in shown.items() if left_out in str(block.as_json()["content"])}
    assert found == {"credit.institutions_rated", "waste.sites_table", "water.published_places"}


def test_where_only_parts_of_a_year_are_known_the_others_stand_too(tmp_path: Path) -> None:
    place = shutil.copytree(REPO / "examples" / "qingyuan", tmp_path / "qingyuan", ignore=ignore_patterns("build"))
    config = place / "_config.yml"
    config.write_text(config.read_text(encoding="utf-8").replace("../..", str(REPO)), encoding="utf-8")
    (code,) = (row["area_code"] for row in read(place / "data/areas.csv") if row["slug"] == "yangshan")

    def break_one(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        next(row for row in rows if row["area_code"] == code and row["period"][:4] == "2021")["value"] = "abc"
        return rows

    edit(place / "data/air/published.csv", break_one)
    edition = edition_of(open_project(place), 2021, "zh")
    for area, stands in (("fogang", True), ("yangshan", False), ("qingyuan", False)):
        for kind in (Air, Overview):
            chapter = edition.chapter(kind, edition.areas[area])
            wrong = [name for name in block_methods(kind) if not _can_be_made(chapter, name)]
            assert (wrong == []) == stands, (area, kind.slug, wrong)


def _can_be_made(chapter: Chapter, method: str) -> bool:
    try:
        getattr(chapter, method)()
    except DataError:
        return False
    return True


@pytest.mark.parametrize("area", [BROKEN, "guangzhou"])
def test_its_own_pages_and_those_of_the_city_name_the_cell(broken: Project, area: str) -> None:
    told: dict[str, str] = {}
    for name, block in _blocks(broken, area):
        if isinstance(block, DataError):
            told.setdefault(name.partition(".")[0], str(block))
    assert told.keys() >= discover().keys() - {"targets"}  # whose rows are of the plan and of other chapters
    for words in told.values():
        assert ", row " in words
        assert "found: 'x'" in words
