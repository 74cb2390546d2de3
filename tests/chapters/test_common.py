"""What chapters have in common: places of a ranking that are pictured, where lines break, notes and names said once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from projects import small_project
from reportkit.chapters.common import joints, pictured
from reportkit.chapters.law_cases import VIOLATIONS
from reportkit.chapters.noise import Noise
from reportkit.standards.credit import triggers
from reportkit.text import message
from shown import notes


@pytest.mark.parametrize("own", [None, 0, 10])
def test_a_picture_of_few_places_shows_all(own: int | None) -> None:
    assert pictured(11, own) == list(range(11))


def test_a_picture_of_many_places_shows_the_first_the_last_and_those_beside_ones_own() -> None:
    assert pictured(125, 60) == [*range(10), *range(58, 63), *range(120, 125)]
    assert pictured(125, None) == [*range(10), *range(120, 125)]
    assert pictured(125, 0) == [*range(10), *range(120, 125)]
    assert pictured(125, 124) == [*range(10), *range(120, 125)]


def test_no_line_joins_published_and_invented_values() -> None:
    known: dict[int, Any] = {
        2019: SimpleNamespace(value="1", status="provisional"),
        2020: SimpleNamespace(value="1", status="official"),
        2021: SimpleNamespace(value=None, status="demonstration"),
        2022: SimpleNamespace(value="1", status="demonstration"),
        2023: SimpleNamespace(value="1", status="official"),
    }
    assert joints(known.__getitem__, list(known)) == [2022, 2023]
    assert joints(known.__getitem__, [2019, 2020]) == []


def test_no_line_joins_years_that_are_not_one_after_the_other() -> None:
    known: dict[int, Any] = {year: SimpleNamespace(value="1", status="official") for year in (2014, 2016, 2017, 2018)}
    known[2017] = SimpleNamespace(value=None, status="official")
    assert joints(known.__getitem__, list(known)) == [2016, 2018]


def test_a_note_stands_on_a_page_once_and_a_later_block_leads_back_to_it(tmp_path: Path) -> None:
    project = small_project(tmp_path, districts=("liwan",), data_years=())

    def page() -> list[str]:
        chapter = Noise.open("liwan", 2024, "zh", project)
        return [notes(draw()) for draw in (chapter.area_grades, chapter.road_grades, chapter.area_grades)]

    first, second, again = page()
    (said_once,) = (note for note in first.splitlines() if note.startswith("夜间每五年监测一次"))
    assert said_once not in second
    assert "道路声级按路段长度加权平均" in second  # its own stay
    assert second.endswith("另见上文“区域声环境：声级与等级”的说明。")
    assert again == first, "a cell that is run again says what it said"
    assert page() == [first, second, again], "and so does a notebook"


def test_a_reference_to_notes_leads_to_the_block_that_has_them(tmp_path: Path) -> None:
    chapter = Noise.open("liwan", 2024, "en", small_project(tmp_path, districts=("liwan",), data_years=()))
    chapter.area_grades()
    (link,) = (part for note in chapter.road_grades().as_json()["notes"] for part in note if "href" in part)
    assert link["href"] == "en/2024/liwan/noise.html#area-grades"


def test_a_violation_is_called_the_same_where_it_is_punished_and_where_it_lowers_the_credit() -> None:
    events = triggers(date(2024, 12, 31))
    for violation in VIOLATIONS:
        for language in ("zh", "en"):
            named = message(f"law.violation.{violation}", language)
            assert named.lower() == events[violation][f"name_{language}"].lower()
