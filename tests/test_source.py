"""Nothing in the package knows a place: neither its code nor its templates, its messages or its descriptors."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

import pytest

from projects import REPO, read

PACKAGE = REPO / "src" / "reportkit"
PLACES = sorted(path.parent for path in (REPO / "examples").glob("*/_config.yml"))
TEXT = {".py", ".html", ".j2", ".json", ".xml", ".po", ".css", ".js", ".txt", ".yml", ".csv"}
# Codes of divisions above the city end in noughts; a message may show one as the form of a code.
FORM_OF_A_CODE = "440100"


def names() -> Iterator[str]:
    """Every name, address and code of the places whose sites are made here, long and short."""
    for place in (REPO, *PLACES):
        for area in read(place / "data" / "areas.csv"):
            chinese, english = area["name_zh"], area["name_en"]
            yield from (chinese, re.sub("(市|区|县|自治县|.族.*自治县)$", "", chinese), english, english.split(" ")[0])
            yield area["slug"]
            if area["area_code"] != FORM_OF_A_CODE:
                yield area["area_code"]


def mentions(name: str) -> re.Pattern[str]:
    """Where *name* stands by itself; a Chinese name stands by itself anywhere."""
    return re.compile(rf"(?<![a-z]){re.escape(name)}(?![a-z])" if name.isascii() else re.escape(name), re.IGNORECASE)


@functools.cache
def lines() -> list[tuple[str, str]]:
    """Every line of the package that is text, with where it stands."""
    files = [path for path in sorted(PACKAGE.rglob("*")) if path.is_file() and path.suffix in TEXT]
    return [
        (f"{path.relative_to(REPO)}:{number}", line.strip())
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    ]


@pytest.mark.parametrize("name", sorted(set(names())))
def test_nothing_in_the_package_knows_the_name_of_a_place(name: str) -> None:
    pattern = mentions(name)
    assert len(lines()) > 1000
    assert [f"{place}: {line}" for place, line in lines() if pattern.search(line)] == []


def test_there_are_two_places_whose_names_are_looked_for() -> None:
    """One of them is the repository's own; a name of each, so that the test above cannot be empty."""
    assert len(PLACES) >= 1
    assert {"广州", "清远", "tianhe", "liannan", "441826", "连南"} <= set(names())


def test_a_name_is_found_where_it_stands_by_itself() -> None:
    assert mentions("tianhe").search('chapter = Air.open("tianhe", 2024)')
    assert mentions("广州").search("广州市")
    assert not mentions("nan").search("isnan(value)")
