"""What people wrote by hand in ``book/`` says the same as the tables it speaks of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from projects import REPO
from reportkit.standards import air

PARAMETERS = {"SO2": "so2", "NO2": "no2", "PM10": "pm10", "PM2.5": "pm2_5", "CO": "co", "O3": "o3_8h"}
AVERAGING = {"年": "annual", "year": "annual", "24": "24h", "8": "mda8"}
EDITIONS = (("GB 3095-2012", "single"), ("GB 3095-2026", "transition"), ("GB 3095-2026", "final"))


def limit_rows(page: Path) -> list[list[str]]:
    """The rows of the table of limits in methods.md: pollutant, averaging period, a value for each edition."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.read_text("utf-8").splitlines()]
    return [row for row in rows if row[0] in PARAMETERS and len(row) == 5]


@pytest.mark.parametrize("page", ["methods.md", "en/methods.md"])
def test_the_limits_in_the_methods_are_those_of_the_standards(page: str) -> None:
    rows = limit_rows(REPO / "book" / page)
    assert len(rows) == 10
    for pollutant, period, *values in rows:
        key = next(key for key in AVERAGING if key in period.lower())
        for (standard, phase), value in zip(EDITIONS, values, strict=True):
            limit = air.limit_of(standard, phase, PARAMETERS[pollutant], AVERAGING[key])
            assert f"{limit.value}" == value, (pollutant, period, standard, phase)


def test_both_languages_of_the_book_have_the_same_pages_and_anchors() -> None:
    pages = {path.name for path in (REPO / "book").glob("*.md")}
    assert pages == {path.name for path in (REPO / "book" / "en").glob("*.md")}
    for page in pages:
        anchors = [
            re.findall(r"^\(([\w-]+)\)=$", (REPO / folder / page).read_text("utf-8"), re.MULTILINE)
            for folder in ("book", "book/en")
        ]
        assert anchors[0] == anchors[1], page
