"""A district whose rows are in error: its pages and the city's say so, those of the others stand with their values."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from projects import CODES, block_methods, edition_of, small_project
from reportkit import text
from reportkit.blocks import Block
from reportkit.chapters import discover
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
