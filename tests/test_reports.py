"""Executed reports as pages: notes that several blocks have stand once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from projects import small_project
from reportkit.blocks import MIMETYPE, Block, render
from reportkit.chapters.noise import Noise
from reportkit.reports import blocks, with_notes_once
from shown import notes, notes_on_a_page

TOLD = "夜间每五年监测一次"


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Noise:
    """A chapter two of whose blocks have notes in common."""
    project = small_project(tmp_path_factory.mktemp("noise"), districts=("liwan",), data_years=())
    return Noise.open("liwan", 2024, "zh", project)


def notebook(*shown: Block) -> dict[str, Any]:
    outputs = [{"data": {MIMETYPE: block.as_json()}} for block in shown]
    return {"cells": [{"cell_type": "markdown", "source": ""}, {"cell_type": "code", "outputs": outputs}]}


def test_a_note_stands_once_and_a_later_block_leads_back_to_it(noise: Noise) -> None:
    first, second = notes_on_a_page(noise.area_grades(), noise.road_grades())
    assert first == notes(noise.area_grades())
    assert TOLD in first
    assert TOLD not in second
    assert "道路声级按路段长度加权平均" in second, "its own notes stay"
    assert second.endswith("另见上文“区域声环境：声级与等级”的说明。")


def test_in_another_order_the_other_block_has_it(noise: Noise) -> None:
    first, second = notes_on_a_page(noise.road_grades(), noise.area_grades())
    assert TOLD in first
    assert TOLD not in second


def test_a_cell_by_itself_says_all_of_its_notes(noise: Noise) -> None:
    noise.area_grades()
    assert TOLD in notes(noise.road_grades())


def test_the_way_back_leads_to_the_block_on_the_same_page(noise: Noise) -> None:
    _, second = blocks(with_notes_once(notebook(noise.area_grades(), noise.road_grades())))
    for root in ("../../", None):
        assert '<a href="#area-grades">区域声环境：声级与等级</a>' in render(second, root=root)


def test_the_notebook_itself_stays_as_it_was(noise: Noise) -> None:
    given = notebook(noise.area_grades(), noise.road_grades())
    before = json.dumps(given)
    with_notes_once(given)
    assert json.dumps(given) == before
