"""What has been published is not said to be missing: of all chapters, over the shipped tables."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from projects import REPO, edition_of, read
from reportkit.chapters import NOT_DISCLOSED, discover
from reportkit.chapters.ecology_figures import REQUIRED
from reportkit.project import open_project

DATA = REPO / "data"
YEARS = (2024,)  # of the shipped site


def with_rows(slug: str) -> Iterator[tuple[str, int, str]]:
    """Each area, year and item that something was published of in the table of a chapter, by a source not in doubt.

    A floor that others set for the years to come is no number of what there is.
    """
    doubtful = {row["source_id"] for row in read(DATA / "sources.csv") if row["trust"] == "D"}
    for row in read(DATA / slug / "published.csv"):
        year = int((row.get("period") or row["year"])[:4])
        is_counted = row["status"] != "demonstration" and row["source_id"] not in doubtful
        if is_counted and year in YEARS and row["indicator"] not in REQUIRED:
            yield row["area_code"], year, row.get("item_id") or discover()[slug].items[0]


def test_the_tables_without_items_are_of_chapters_with_one() -> None:
    for slug, kind in discover().items():
        path = DATA / slug / "published.csv"
        if path.is_file():
            assert len(kind.items) == 1 or all("item_id" in row for row in read(path)), slug


@pytest.mark.parametrize("slug", [slug for slug in discover() if (DATA / slug / "published.csv").is_file()])
def test_an_item_with_published_rows_is_not_said_to_be_undisclosed(slug: str) -> None:
    project = open_project(REPO)
    slugs = {row["area_code"]: row["slug"] for row in read(DATA / "areas.csv")}
    for code, year, item in sorted(set(with_rows(slug))):
        edition = edition_of(project, year, "zh")
        chapter = edition.chapter(discover()[slug], edition.areas[slugs[code]])
        assert chapter.disclosure(item).state != NOT_DISCLOSED, (code, year, item)


@pytest.mark.parametrize("slug", [slug for slug in discover() if (DATA / slug / "published.csv").is_file()])
def test_since_is_the_first_year_of_which_anything_was_published_also_where_nothing_is_of_the_year(slug: str) -> None:
    """Enterprises alone are more strict: what was published there need not be of what the item asks for."""
    edition = edition_of(open_project(REPO), YEARS[0], "zh")
    doubtful = {row["source_id"] for row in read(DATA / "sources.csv") if row["trust"] == "D"}
    chapter = edition.chapter(discover()[slug], edition.city)
    first: dict[str, int] = {}
    for row in read(DATA / slug / "published.csv"):
        year, item = int((row.get("period") or row["year"])[:4]), row.get("item_id") or chapter.items[0]
        is_left_out = row["status"] == "demonstration" or row["source_id"] in doubtful or row["indicator"] in REQUIRED
        if row["area_code"] == edition.city.code and item in chapter.items and not is_left_out and year <= YEARS[0]:
            first[item] = min(first.get(item, year), year)
    found = {item: chapter.disclosure(item).since for item in first}
    if slug == "enterprises":
        assert all(since is None or since >= first[item] for item, since in found.items())
    else:
        assert found == first


def test_the_years_since_when_items_are_disclosed_are_those_of_their_sources() -> None:
    """Area noise of 2014, safe use of 2022, green cover of 2020, a survey from 2004 on, coal of 2001."""
    edition = edition_of(open_project(REPO), YEARS[0], "zh")
    wanted = {"noise": 2014, "soil": 2022, "ecology": 2020, "radiation": 2004, "climate": 2001}
    chapters = {slug: edition.chapter(discover()[slug], edition.city) for slug in wanted}
    assert {slug: chapter.disclosure(chapter.items[0]).since for slug, chapter in chapters.items()} == wanted
