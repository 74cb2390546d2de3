"""The checker on public action: verdicts the other way round, small counts, and counts that the totals tell."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from projects import REPO, edit, read
from reportkit.verify import participation
from reportkit.verify.tables import Tables

PARTS = ("complaints", "complaints_crossed")
STANDARDS = ("participation_targets", "participation_limits")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The shipped tables that are looked at."""
    names = [*("datapackage.json", "areas.csv", "corrections.csv"), *(f"participation/{name}.csv" for name in PARTS)]
    for name in [*names, *(f"standards/{name}.csv" for name in STANDARDS)]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPO / "data" / name, tmp_path / name)
    return tmp_path


def found(data: Path) -> list[str]:
    return [problem.check for problem in participation.problems(Tables(data))]


def put(data: Path, name: str, place: int, count: str) -> None:
    """A count in the place of that of a row, which is then not left out."""

    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        rows[place] |= {"count": count, "is_suppressed": "false"}
        return rows

    edit(data / f"participation/{name}.csv", change)


def hidden(data: Path, name: str) -> list[int]:
    rows = read(data / f"participation/{name}.csv")
    return [place for place, row in enumerate(rows) if row["is_suppressed"] == "true"]


def test_what_is_shipped_tells_nothing(data: Path) -> None:
    assert all(hidden(data, name) for name in PARTS)
    assert found(data) == []


@pytest.mark.parametrize("name", PARTS)
def test_a_small_count_is_named(data: Path, name: str) -> None:
    put(data, name, hidden(data, name)[0], "4")
    assert "participation.small" in found(data)


@pytest.mark.parametrize("name", PARTS)
def test_a_count_without_which_the_totals_tell_another_is_missed(data: Path, name: str) -> None:
    """Of a rectangle of four that keep each other secret one is shown."""
    rows = read(data / f"participation/{name}.csv")
    row_of, column_of = ("area_code", "group") if name == "complaints" else ("channel", "type")
    for place in hidden(data, name):
        own = rows[place]
        alike = [
            other
            for other in hidden(data, name)
            if other != place
            and rows[other]["year"] == own["year"]
            and rows[other].get("breakdown") == own.get("breakdown")
            and rows[other][row_of] == own[row_of]
        ]
        if len(alike) == 1:
            put(data, name, place, "50")
            assert "participation.told" in found(data)
            assert column_of in own
            return
    pytest.fail("no row has two counts left out")


def test_counts_left_out_of_a_row_that_can_only_be_one_each_are_told(data: Path) -> None:
    """What is left out is not nought: two that come to two are told, though neither stands alone."""

    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        own = next(row for row in rows if row["is_suppressed"] == "true" and row["type"] != "all")
        line = [row for row in rows if (row["year"], row["channel"]) == (own["year"], own["channel"])]
        shown = sum(int(row["count"] or 0) for row in line if row["type"] != "all")
        left_out = sum(row["is_suppressed"] == "true" for row in line)
        next(row for row in line if row["type"] == "all")["count"] = str(shown + left_out)
        return rows

    edit(data / "participation/complaints_crossed.csv", change)
    assert "participation.told" in found(data)


@pytest.mark.parametrize("name", PARTS)
def test_a_count_that_is_said_to_be_left_out_is_not_there(data: Path, name: str) -> None:
    place = hidden(data, name)[0]
    edit(
        data / f"participation/{name}.csv",
        lambda rows: [row | {"count": "50"} if number == place else row for number, row in enumerate(rows)],
    )
    assert "participation.suppressed" in found(data)


# --- verdicts ---------------------------------------------------------------------------------------


def entry(value: str | None, period: str = "2024", name: str = "", **derivation: Any) -> dict[str, Any]:
    return {"id": f"2024/liwan/participation#{name}", "value": value, "period": period, "derivation": derivation}


def target_entries(change: str, measure: str = "energy_per_head", goal: str = "-6.0") -> dict[str, dict[str, Any]]:
    page = "2024/liwan/participation#"
    return {
        "a": entry(change, of=[f"{page}{measure}_exact", f"{page}{measure}_exact_2020"]),
        "b": entry("0.0", "2020", where={"measure": measure, "year": "2020"}),
        "c": entry(goal, "2025", where={"measure": measure, "year": "2025"}),
    }


@pytest.mark.parametrize(
    ("change", "expected"), [("-4.7", "behind"), ("-4.8", "on_track"), ("-6.0", "met_early"), ("1.0", "behind")]
)
def test_a_measure_is_on_track_from_the_straight_line_on(data: Path, change: str, expected: str) -> None:
    """Four of five years on: 4.8 of 6."""
    verdict = {"of": ["a", "b", "c"], "rule": "participation.target", "at": 2024}
    assert participation.target_verdict(Tables(data), target_entries(change), verdict) == expected


def test_power_is_not_judged_by_the_rule_of_energy_nor_energy_by_its(data: Path) -> None:
    for measure, rule in (("power_per_head", "target"), ("energy_per_head", "power_target")):
        verdict = {"of": ["a", "b", "c"], "rule": f"participation.{rule}", "at": 2024}
        with pytest.raises(ValueError, match="another rule"):
            participation.target_verdict(Tables(data), target_entries("-5.0", measure), verdict)


def test_the_change_is_that_since_the_base_year_of_the_same_measure(data: Path) -> None:
    entries = target_entries("-5.0")
    entries["a"]["derivation"]["of"][1] = "2024/liwan/participation#energy_per_head_exact_2021"
    verdict = {"of": ["a", "b", "c"], "rule": "participation.target", "at": 2024}
    with pytest.raises(ValueError, match="since 2020"):
        participation.target_verdict(Tables(data), entries, verdict)


def test_the_change_is_not_that_of_values_rounded_for_print_but_may_be_of_published_ones(data: Path) -> None:
    verdict = {"of": ["a", "b", "c"], "rule": "participation.target", "at": 2024}
    entries = target_entries("-5.0")
    printed = entries["a"]["derivation"]["of"][0] = "2024/liwan/participation#energy_per_head"
    entries[printed] = entry("95.0", operation="select")
    assert participation.target_verdict(Tables(data), entries, verdict) == "on_track"
    entries[printed] = entry("95.0", operation="quotient")
    with pytest.raises(ValueError, match="not rounded"):
        participation.target_verdict(Tables(data), entries, verdict)


@pytest.mark.parametrize(
    ("share", "year", "expected"),
    [("60.0", 2022, "met"), ("59.9", 2022, "missed"), ("60.0", 2021, "met_early"), ("59.9", 2021, "not_yet")],
)
def test_enough_communities_are_green_from_sixty_percent_on(data: Path, share: str, year: int, expected: str) -> None:
    found = entry(share, str(year), name="green_communities_share")
    entries = {"a": found, "b": entry("60", where={"limit": "green_share"})}
    assert participation.green_verdict(Tables(data), entries, {"of": ["a", "b"], "at": year}) == expected
    with pytest.raises(ValueError, match="share of green communities"):
        participation.green_verdict(Tables(data), entries, {"of": ["b", "a"], "at": year})
    for wrong in (year - 1, 2024):
        with pytest.raises(ValueError, match="2022 at the latest"):
            participation.green_verdict(Tables(data), entries, {"of": ["a", "b"], "at": wrong})


@pytest.mark.parametrize(("days", "expected"), [("60", "all_in_time"), ("61", "some_late")])
def test_the_slowest_complaint_decides(data: Path, days: str, expected: str) -> None:
    entries = {"a": entry(days, column="days_longest"), "b": entry("60", where={"limit": "closing_days"})}
    assert participation.closing_verdict(Tables(data), entries, {"of": ["a", "b"]}) == expected
    with pytest.raises(ValueError, match="slowest"):
        participation.closing_verdict(Tables(data), entries, {"of": ["b", "a"]})
