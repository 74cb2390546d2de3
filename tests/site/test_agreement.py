"""What several chapters count is the same number in each, or the difference between them is one of the numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from projects import REPO
from reportkit.project import Project

YEAR = "2024"
CHANNELS = ("phone", "online", "letters", "inspection")
# A figure of one chapter, that of another which counts the same, and how many of the second are one of the first.
SAME = (
    ("climate#people", "participation#people", 1),
    ("climate#people", "ecology#people", 10_000),
    ("climate#people", "waste#people", 10_000),
    ("law#penalties", "supervision#rows_law_penalties", 1),
    ("enterprises#key_unit_listings", "supervision#rows_enterprises_key_units", 1),
)
# A figure, and those that add up to it.
KEY_UNITS = ("enterprises#key_units", ("supervision#pool_key", "supervision#special_key"))
SUMS = (
    ("participation#complaints", tuple(f"participation#channel_{name}" for name in CHANNELS)),
    ("participation#type_all", tuple(f"participation#crossed_{name}_all" for name in CHANNELS)),
    KEY_UNITS,
)


def figures(site: Path, slug: str) -> dict[str, Decimal]:
    """The invented numbers of an area by chapter and name: published ones come from several hands, and need not agree.

    Words have no unit.
    """
    folder = site / "data" / "figures" / YEAR / slug
    entries = [
        entry
        for path in sorted(folder.glob("*.json"))
        for entry in json.loads(path.read_text(encoding="utf-8"))["figures"]
    ]
    numbers = [entry for entry in entries if entry["unit"] and entry["status"] == "demonstration"]
    return {entry["id"].split("/", 2)[2]: Decimal(entry["value"]) for entry in numbers if entry["value"] is not None}


def having(site: Path, slugs: Sequence[str], *names: str) -> list[dict[str, Decimal]]:
    """The figures of each area that has all of *names*; of some area they are known."""
    found = [of for slug in slugs if {*names} <= set(of := figures(site, slug))]
    assert found, names
    return found


@pytest.mark.parametrize(("one", "other", "factor"), SAME)
def test_what_two_chapters_count_is_one_number(
    site: Path, shipped: Project, slugs: list[str], one: str, other: str, factor: int
) -> None:
    # These add up the residents of the districts, of which a part of the project lacks some; its city's row does not.
    is_summed = other in ("ecology#people", "waste#people") and shipped.root != REPO
    found = having(site, slugs[1:] if is_summed else slugs, one, other)
    assert [of[one] * factor for of in found] == [of[other] for of in found]


@pytest.mark.parametrize(("whole", "parts"), SUMS)
def test_what_differs_adds_up_with_what_is_said_of_it(
    site: Path, shipped: Project, slugs: list[str], whole: str, parts: Sequence[str]
) -> None:
    if whole == KEY_UNITS[0] and shipped.root != REPO:
        pytest.skip("lists of units to draw from are counted in all enterprises, of which this site has a part")
    found = having(site, slugs, whole, *parts)
    assert [of[whole] for of in found] == [sum(of[part] for part in parts) for of in found]
