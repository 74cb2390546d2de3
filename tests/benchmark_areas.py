"""Projects of any size for the benchmark: the repository's own, with districts that are copies of real ones."""

from __future__ import annotations

import itertools
import math
import string
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from projects import CODES, ENTERPRISES, Row, edit, small_project
from reportkit.chapters import kinds
from reportkit.chapters.archive import Archive
from reportkit.project import Project, open_project

ORIGINS = ("tianhe", "nansha", "conghua", "liwan")  # with and without a coast, lakes, sources of drinking water
_OF_NO_AREA = ("source_id", "item_id", "target_id")
_ONE_OF_A_KIND = ("area_names", "series_breaks")  # their rows are of the place itself


def areas_for(pages: int, chapters: Collection[str] = ()) -> int:
    """How many areas, the city among them, make at least so many *pages* of reports, of all *chapters* or of some."""
    shown = set(chapters) or set(kinds())
    of_the_city = 2 * len(shown - {Archive.slug})  # in two languages
    of_a_district = of_the_city + 2 * ENTERPRISES * (Archive.slug in shown)
    return 1 + max(0, math.ceil((pages - of_the_city) / of_a_district))


def generated_project(folder: Path, areas: int, chapters: Sequence[str] = ()) -> Project:
    """A project of the city and as many generated districts as make *areas*, with days of two years.

    Each district has every row of a real one, in turn, under a code of its own. It has all *chapters*, or some.
    """
    small_project(folder, districts=ORIGINS, chapters=chapters)
    codes = dict(zip(map(_code, range(1, areas)), itertools.cycle(CODES[slug] for slug in ORIGINS), strict=False))
    for path in sorted((folder / "data").rglob("*.csv")):
        if path.stem in _ONE_OF_A_KIND:
            edit(path, lambda rows: [row for row in rows if not _owner(row)])
        elif "standards" not in path.parts:
            edit(path, lambda rows: _copied(rows, codes))
    numbers = {code: number for number, code in enumerate(codes, start=1)}
    edit(
        folder / "data" / "areas.csv",
        lambda rows: [row | _named(numbers[row["area_code"]]) if row["area_code"] in numbers else row for row in rows],
    )
    return open_project(folder)


def _code(number: int) -> str:
    return f"{990_000 + number}"


def _copied(rows: Sequence[Row], codes: Mapping[str, str]) -> list[Row]:
    """The *rows* of no district, then for each of *codes* those of the district it is a copy of."""
    of_district: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        of_district[_owner(row)].append(row)
    copies = [
        {column: _under(code, cell, origin) if _is_id(column) else cell for column, cell in row.items()}
        for code, origin in codes.items()
        for row in of_district[origin]
    ]
    return [*of_district[""], *copies]


def _under(code: str, name: str, origin: str) -> str:
    """An id that holds the code of its *origin*, or that of its place in it, under the *code* of the copy."""
    return name.replace(origin, code) if origin in name or not name else f"{name}-{code}"


def _owner(row: Row) -> str:
    """The code of the district whose row this is, which stands in its ids; empty where it is of none."""
    ids = " ".join(cell for column, cell in row.items() if _is_id(column))
    return next((CODES[slug] for slug in ORIGINS if CODES[slug] in ids), "")


def _is_id(column: str) -> bool:
    """Whether a column names an area, or what is in one, whose id holds the area's code."""
    return column in ("area_code", "number") or (column.endswith("_id") and column not in _OF_NO_AREA)


def _named(number: int) -> Row:
    """What tells the generated district of that *number* from others: slug, names, place on the map of tiles."""
    first, second = divmod(number, 26)
    row, column = divmod(number - 1, 12)
    return {
        "slug": f"test{string.ascii_lowercase[first]}{string.ascii_lowercase[second]}",
        "name_zh": f"测试区{number:03}",
        "name_en": f"Test district {number:03}",
        "tile_row": str(row + 1),
        "tile_column": str(column + 1),
    }
