"""Editions computed once for their reports: kept on the disk, and of what was made from rows all but the changed."""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from projects import blocks_of, edit, small_project
from reportkit import held, run, warm
from reportkit.chapters import Edition, discover
from reportkit.chapters.air import Air
from reportkit.chapters.edition import held_editions
from reportkit.chapters.water import Water
from reportkit.held import hold, hold_all
from reportkit.memo import noting
from reportkit.project import Project

KEPT = "build/cache/editions/2024.zh.pickle"


@pytest.fixture(autouse=True)
def _hold_nothing() -> Iterator[None]:
    held_editions.clear()
    yield
    held_editions.clear()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project", data_years=(2024,), chapters=("air", "water"))


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The (area, indicator) of each yearly value that is computed from days, as it is."""
    calls: list[tuple[str, str]] = []
    real = Air.statistic

    def statistic(self: Air, parameter: str, **where: Any) -> Any:
        if "year" in where:
            calls.append((self.area.slug, parameter))
        return real(self, parameter, **where)

    monkeypatch.setattr(Air, "statistic", statistic)
    return calls


def worse(project: Project, station: str) -> None:
    """Give the first day of a station other values."""

    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        first = next(row for row in rows if row["station_id"] == station)
        return [row | {"pm2_5_ug_m3": "13"} if row is first else row for row in rows]

    edit(project.data / "air" / "station_daily_2024.csv", change)


def shown(project: Project, area: str) -> list[str]:
    with noting():
        return [
            json.dumps(block.as_json(), ensure_ascii=False)
            for block in blocks_of(project, area, 2024, "zh", Air, Water)
        ]


def test_a_report_of_a_held_edition_shows_what_it_shows_without(project: Project) -> None:
    without = shown(project, "tianhe")
    hold(project, 2024, "zh")
    assert len(held_editions) == 1
    assert shown(project, "tianhe") == without


def test_what_is_held_is_taken_from_the_disk_the_next_time(project: Project, computed: list[Any]) -> None:
    hold(project, 2024, "zh")
    assert computed
    computed.clear()
    held_editions.clear()
    hold(project, 2024, "zh")
    assert computed == []
    held = shown(project, "nansha")
    held_editions.clear()
    assert held == shown(project, "nansha")


def test_after_a_change_of_a_row_all_but_what_was_made_from_it_is_kept(project: Project, computed: list[Any]) -> None:
    hold(project, 2024, "zh")
    computed.clear()
    held_editions.clear()
    worse(project, "DEMO-440115-1")
    hold(project, 2024, "zh")
    assert {area for area, _ in computed} == {"guangzhou", "nansha"}  # the station is of both
    with_it = shown(project, "tianhe")
    held_editions.clear()
    assert with_it == shown(project, "tianhe")


def test_several_editions_are_made_side_by_side_and_taken_from_the_disk(project: Project, computed: list[Any]) -> None:
    hold_all(project, [(2024, "zh"), (2024, "en")])
    assert computed == []  # by other processes
    assert [edition.language for edition in held_editions.values()] == ["zh", "en"]
    with_them = shown(project, "tianhe")
    held_editions.clear()
    assert with_them == shown(project, "tianhe")


def test_an_edition_whose_process_ended_badly_is_made_here(
    project: Project, computed: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, real = os.getpid(), held.hold

    def die(*edition: Any) -> None:
        if os.getpid() != here:
            os._exit(1)
        real(*edition)

    monkeypatch.setattr(held, "hold", die)
    hold_all(project, [(2024, "zh"), (2024, "en")])
    assert len(held_editions) == 2
    assert computed


def test_what_pages_compare_is_computed_before_any_asks_for_it(project: Project, computed: list[Any]) -> None:
    hold(project, 2024, "zh")
    computed.clear()
    shown(project, "tianhe")
    assert {area for area, _ in computed} <= {"tianhe"}


def test_what_is_the_same_for_every_area_is_computed_once(project: Project) -> None:
    edition = Edition(project, 2024, "zh")
    tianhe, nansha = (edition.chapter(Air, edition.areas[slug]) for slug in ("tianhe", "nansha"))
    assert tianhe.ranked() is nansha.ranked()
    assert tianhe.compared() is nansha.compared()


def test_an_edition_whose_tables_have_changed_since_is_not_used(project: Project) -> None:
    hold(project, 2024, "zh")
    assert Edition.of(project, 2024, "zh") in held_editions.values()
    worse(project, "DEMO-440115-1")
    assert Edition.of(project, 2024, "zh") not in held_editions.values()


@pytest.mark.parametrize("content", [b"", b"garbage", None])
def test_a_damaged_file_or_one_of_other_code_is_as_good_as_none(
    project: Project, content: bytes | None, computed: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(project, 2024, "zh")
    computed.clear()
    if content is None:
        monkeypatch.setattr(held, "code_state", lambda: "other code")
    else:
        (project.root / KEPT).write_bytes(content)
    hold(project, 2024, "zh")
    assert computed


def test_a_chapter_that_fails_is_left_to_the_report_that_asks_for_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Air) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Air, "headline", fail)
    hold(project, 2024, "zh")
    assert len(held_editions) == 1


def test_an_edition_is_packed_without_following_chapters_into_each_other(project: Project) -> None:
    edition = Edition(project, 2024, "zh")
    edition.compute_shared(discover().values())
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 400)  # as little as an edition of a hundred areas would leave to each
    try:
        again = held.unpacked(held.packed(edition))
    finally:
        sys.setrecursionlimit(before)
    for key, chapter in edition._chapters.items():
        assert again._chapters[key].edition is again
        assert again._chapters[key].headline() == chapter.headline()
        assert again._chapters[key].area is again.areas[chapter.area.slug]


@pytest.mark.skipif(not warm.is_possible(), reason="processes are not forked here")
def test_a_few_reports_do_not_wait_for_what_all_would_compare_and_are_the_same(project: Project) -> None:
    few = run.plan(project, ["tianhe"], ["air"])
    run.run(project, few)
    assert not (project.root / KEPT).exists()
    alone = [report.path(project).read_bytes() for report in few]
    run.run(project, run.plan(project), force=True)
    assert (project.root / KEPT).exists()
    assert [report.path(project).read_bytes() for report in few] == alone
