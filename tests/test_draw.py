"""The random draw: worked by hand, the same whatever the order of rows, and every change of a file is found."""

from __future__ import annotations

import csv
import hashlib
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from projects import REPO, edit
from reportkit import draw
from reportkit.cli import app
from reportkit.draw import Drawn, Files

SEED = "2024-Q1 example seed"
# `printf '2024-Q1 example seed' | sha256sum`
COMMITMENT = "b368af804c2e9b4a0d3cd80e22520eed1b38d10b7aa23f06f3c0101c952636b2"
# `printf '2024-Q1 example seed\nA' | sha256sum`, and so on: in their order B, D, A, C, E.
HASHES = {
    "A": "465bb734d7d2cb0562673748ca6171fe38fef7923e8d440adf28d1565e0a6eeb",
    "B": "3ceb452d887ed5b41dce3f799af3a087ffe0bce0dc077ac3d3f726c97ee3c43f",
    "C": "771e35d750c4b78e0267a68a48633311b3e0b4ea3586188e6dfeda6b5bc61b2d",
    "D": "44325f374126329f85e7fc223a1670c4685143b2ccd4f68d1f13a167480e37f6",
    "E": "c736fec987105626454ddb799f258963b6d27f09c27f7a4cbb0aa4049d90e11e",
}
# `printf '2024-Q1 example seed\nB\nI-1' | sha256sum`, the first eight digits.
INSPECTOR_HASHES = {
    "B": {"I-1": "bd37d52d", "I-2": "715ecc18", "I-3": "c2379718"},
    "D": {"I-1": "0a74290d", "I-2": "7cf5723c", "I-3": "b0cb6a81"},
}


def files(conflicts: str = "") -> Files:
    """A draw of two of five units by three inspectors, of whom the second may have *conflicts*."""
    pool = [{"pool_id": "P", "enterprise_id": unit, "area_code": "440103", "class": "key"} for unit in "ABCDE"]
    ratios = [{"pool_id": "P", "class": "key", "ratio_pct": "40"}]
    inspectors = [
        {"inspector_id": name, "area_code": "440103", "conflicts": conflicts if name == "I-2" else ""}
        for name in ("I-1", "I-2", "I-3")
    ]
    lists = draw.lists_hash(pool, {"key": "40"}, inspectors)
    about = {"draw_id": "D-1", "pool_id": "P", "area_code": "440103", "seed": SEED, "algorithm": "1"}
    days = {"committed_date": "2024-01-02", "drawn_date": "2024-01-10"}
    draws = [{**about, **days, "commitment": COMMITMENT, "lists_sha256": lists}]
    found = draw.rerun(SEED, pool, {"key": "40"}, inspectors)
    drawn = [
        {"draw_id": "D-1", "enterprise_id": one.unit, "class": one.class_, "place": str(one.place)}
        | dict(zip(("inspector_1", "inspector_2"), (*one.inspectors, "", ""), strict=False))
        for one in found
    ]
    return Files(draws, pool, ratios, inspectors, drawn)


# --- worked by hand -------------------------------------------------------------------------------


def test_the_hashes_are_those_of_any_other_program() -> None:
    assert draw.digest(SEED) == hashlib.sha256(SEED.encode()).hexdigest() == COMMITMENT
    assert {unit: draw.digest(SEED, unit) for unit in "ABCDE"} == HASHES
    for unit, known in INSPECTOR_HASHES.items():
        assert {name: draw.digest(SEED, unit, name)[:8] for name in known} == known


def test_two_of_five_are_drawn_and_two_inspectors_for_each() -> None:
    """40 % of five units are the two with the smallest hashes, B (3c…) and D (44…)."""
    given = files()
    pool, ratios, inspectors = given.lists_of(given.draws[0])
    assert draw.rerun(SEED, pool, ratios, inspectors) == [
        Drawn("B", "key", 1, ("I-2", "I-1")),  # 71… before bd… before c2…
        Drawn("D", "key", 2, ("I-1", "I-2")),  # 0a… before 7c… before b0…
    ]


@pytest.mark.parametrize(
    ("ratio_pct", "expected"),
    [("0", ""), ("0.1", "B"), ("20", "B"), ("20.1", "BD"), ("41", "BDA"), ("100", "BDACE")],
)
def test_a_ratio_is_rounded_up(ratio_pct: str, expected: str) -> None:
    assert "".join(draw.selected(SEED, "ABCDE", ratio_pct)) == expected


@pytest.mark.parametrize("conflicts", ["B", "440103", "Z;B", "440103;Z"])
def test_nobody_inspects_a_unit_or_a_district_he_has_a_conflict_with(conflicts: str) -> None:
    given = files(conflicts)
    pool, ratios, inspectors = given.lists_of(given.draws[0])
    first, second = draw.rerun(SEED, pool, ratios, inspectors)
    assert first.inspectors == ("I-1", "I-3")
    assert ("I-2" in second.inspectors) == ("440103" not in conflicts)


def test_where_too_few_have_no_conflict_there_is_one_or_none() -> None:
    assert draw.pair(SEED, "B", ["440103"], [{"inspector_id": "I-1", "conflicts": "440103"}]) == ()


# --- what the order of rows does ------------------------------------------------------------------


def test_the_order_of_rows_does_not_matter() -> None:
    given, shuffle = files(), random.Random(1)
    for _ in range(20):
        pool, inspectors = list(given.pool), list(given.inspectors)
        shuffle.shuffle(pool)
        shuffle.shuffle(inspectors)
        assert list(draw.differences(replace(given, pool=pool, inspectors=inspectors))) == []


def test_classes_are_drawn_each_for_itself() -> None:
    pool = [{"enterprise_id": unit, "area_code": "", "class": "key" if unit < "D" else "general"} for unit in "ABCDE"]
    found = draw.rerun(SEED, pool, {"key": "34", "general": "50"}, [])
    assert [(one.class_, one.place, one.unit) for one in found] == [
        ("general", 1, "D"),
        ("key", 1, "B"),
        ("key", 2, "A"),
    ]


# --- what the check finds -------------------------------------------------------------------------


def with_first(rows: Sequence[draw.Row], values: dict[str, str]) -> list[draw.Row]:
    """The *rows* with other *values* in the first."""
    return [{**rows[0], **values}, *rows[1:]]


def found(given: Files) -> set[str]:
    return {difference.what for difference in draw.differences(given)}


def test_what_was_published_as_it_was_drawn_has_no_differences() -> None:
    assert found(files()) == set()


@pytest.mark.parametrize(
    ("part", "values", "expected"),
    [
        ("draws", {"seed": SEED + "!"}, {"commitment"}),
        ("draws", {"commitment": "0" * 64}, {"commitment"}),
        ("draws", {"lists_sha256": "0" * 64}, {"lists"}),
        ("draws", {"committed_date": "2024-01-10"}, {"committed before the draw"}),
        ("draws", {"algorithm": "2"}, {"algorithm"}),
        ("pool", {"class": "general"}, {"lists"}),
        ("ratios", {"ratio_pct": "60"}, {"lists", "A"}),
        ("inspectors", {"conflicts": "B"}, {"lists", "B"}),
        ("drawn", {"enterprise_id": "C"}, {"B", "C"}),
        ("drawn", {"place": "2"}, {"B"}),
        ("drawn", {"inspector_1": "I-3"}, {"B"}),
        ("drawn", {"draw_id": "D-2"}, {"a draw", "B"}),
    ],
)
def test_every_change_of_a_file_is_found(part: str, values: dict[str, str], expected: set[str]) -> None:
    given = files()
    assert found(replace(given, **{part: with_first(getattr(given, part), values)})) >= expected


def test_a_unit_that_is_listed_twice_is_found_though_one_of_the_two_is_right() -> None:
    given = files()
    first = given.drawn[0]
    assert found(replace(given, drawn=[{**first, "inspector_1": "I-3"}, *given.drawn])) == {first["enterprise_id"]}


def test_a_unit_that_was_left_out_of_the_list_is_found() -> None:
    given = files()
    assert found(replace(given, pool=given.pool[1:])) == {
        "lists"
    }  # A was not drawn; that it is gone is seen all the same
    assert found(replace(given, drawn=given.drawn[1:])) == {"B"}


# --- the shipped draws, and the command -----------------------------------------------------------


def test_the_shipped_draws_come_out_as_they_are_published() -> None:
    given = Files.read(REPO / "data")
    assert len(given.draws) > 40
    assert list(draw.differences(given)) == []


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with nothing but the files of the draws."""
    shutil.copytree(REPO / "data" / "supervision", tmp_path / "supervision")
    return tmp_path


def called(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["draw", *arguments])
    return result.exit_code, result.output


def tamper_with_a_seed(rows: list[dict[str, str]]) -> list[draw.Row]:
    return with_first(rows, {"seed": "another"})


def leave_one_out(rows: list[dict[str, str]]) -> list[draw.Row]:
    return [*rows[1:]]


@pytest.mark.parametrize(("name", "change"), [("draws", tamper_with_a_seed), ("drawn", leave_one_out)])
def test_the_command_names_what_differs(
    data: Path, name: str, change: Callable[[list[dict[str, str]]], list[draw.Row]]
) -> None:
    code, said = called("--check", str(data))
    assert (code, "0 differences" in said) == (0, True)
    edit(data / "supervision" / f"{name}.csv", change)
    code, said = called("--check", str(data))
    assert code == 1
    assert "DEMO-DRAW-" in said


def test_the_command_lists_who_is_drawn(data: Path) -> None:
    code, said = called(str(data))
    with (data / "supervision" / "drawn.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert code == 0
    for row in rows:
        assert f"{row['draw_id']} {row['class']} {row['place']} {row['enterprise_id']}: " in said
