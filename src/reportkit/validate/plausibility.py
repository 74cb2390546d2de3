"""Values and names that cannot be right where they stand: units, parts above wholes, old names, persons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np

from reportkit.findings import Finding
from reportkit.schema import Problem
from reportkit.validate.rows import Read, Rows

NAMES = re.compile(r"(.*_)?(name|area|district)(_zh|_en|_name)?")  # columns that hold names of areas

# A table with one of these columns names enterprises or institutions, never a natural person.
PARTIES = ("enterprise_id", "institution_id")
# A person's name: 2 to 4 characters of which all but the first may be masked (张某, 张**), or parts with dots between.
# A convention of ours: it cannot know, so a short name must have a word that persons' names do not have.
PERSON = re.compile(r"[一-鿿][一-鿿*×xX○〇]{1,3}|[一-鿿]+(·[一-鿿]+)+")
ORGANISATION = re.compile("公司|集团|企业|机构|中心|银行|酒店|大学|码头|地块|协会|[厂院店站部场所社局校馆库坊矿]")


def findings(read: Read) -> Iterator[Finding]:
    """Values in the wrong unit, PM2.5 above PM10, counts too small, names of no area of ours today, of persons."""
    for rows in read.values():
        if "name_zh" in rows.table.columns and not set(PARTIES).isdisjoint(rows.table.columns):
            yield from rows.judged("name_zh", _person)
    for check in read["checks/units"].records() if "checks/units" in read else ():
        if check["table"] in read:
            yield from _units(read[check["table"]], check)
    for check in read["checks/orders"].records() if "checks/orders" in read else ():
        if check["table"] in read:
            yield from _orders(read[check["table"]], check)
    for check in read["checks/small_counts"].records() if "checks/small_counts" in read else ():
        if check["table"] in read:
            yield from _small_counts(read[check["table"]], check)
    if "area_names" in read:
        known = {row["name"]: row for row in read["area_names"].records()}
        for rows in read.values():
            if rows.table.name != "area_names":
                yield from _names(rows, known)


def _units(rows: Rows, check: Mapping[str, str]) -> Iterator[Finding]:
    """Values above what the unit of their column, or of their indicator, can reach; rows that name another unit."""
    is_suspect = rows.values(check["column"]) > float(check["at_most"])
    if check["indicator"]:
        if "unit" in rows.text:
            is_suspect |= (rows.text["unit"] != check["unit"]).to_numpy(np.bool_)
        is_suspect &= (rows.text["indicator"] == check["indicator"]).to_numpy(np.bool_)
    column, words = check["column"], {"unit": check["unit"], "most": check["at_most"]}
    yield from rows.each(np.flatnonzero(is_suspect), lambda place: rows.at(place, "unit-suspect", column, **words))


def _orders(rows: Rows, check: Mapping[str, str]) -> Iterator[Finding]:
    """Rows in which what is a part of something is more than the whole of it.

    *smaller* and *larger* are two columns, or two indicators of a table that has one row for each value.
    """
    smaller, larger = check["smaller"], check["larger"]
    is_wide = smaller in rows.table.columns
    column = smaller if is_wide else "value"
    wholes = _columns(rows, smaller, larger) if is_wide else _indicators(rows, smaller, larger)

    def above(place: int) -> Finding:
        whole = rows.text[larger if is_wide else "value"].iat[wholes[place]]
        return rows.at(place, "part-above-whole", column, larger=larger, whole=whole)

    yield from rows.each(np.array(list(wholes), np.int64), above)


def _columns(rows: Rows, smaller: str, larger: str) -> dict[int, int]:
    """The rows in which the column *smaller* is above *larger*: place → place of the larger."""
    places = np.flatnonzero(rows.values(smaller) > rows.values(larger)).tolist()
    return dict(zip(places, places, strict=True))


def _indicators(rows: Rows, smaller: str, larger: str) -> dict[int, int]:
    """The rows of the indicator *smaller* above that of *larger*: place → place of the larger."""
    indicator, value = rows.text["indicator"], rows.values("value")
    key = rows.groups([name for name in rows.table.primary_key if name != "indicator"])
    wholes = {key[place]: place for place in np.flatnonzero(indicator == larger).tolist()}
    places = [place for place in np.flatnonzero(indicator == smaller).tolist() if key[place] in wholes]
    return {place: wholes[key[place]] for place in places if value[place] > value[wholes[key[place]]]}


def _small_counts(rows: Rows, check: Mapping[str, str]) -> Iterator[Finding]:
    """Counts, other than nought, that are less than the smallest that may be published."""
    column, least = check["column"], int(check["least"])
    counts = rows.values(column)
    places = np.flatnonzero((counts > 0) & (counts < least))
    yield from rows.each(places, lambda place: rows.at(place, "count-small", column, most=least - 1))


def _names(rows: Rows, known: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    """Names of areas that are names of other times or of other places."""

    def judge(cell: str) -> Problem | None:
        if (name := known.get(cell)) is None:
            return None
        meant = f"; today it is in {name['area_code']}" if name["area_code"] else ""
        return "name-old", {"meant": meant, "note_zh": name["note_zh"], "note_en": name["note_en"]}

    for field in rows.table.fields:
        if field.type == "string" and NAMES.fullmatch(field.name):
            yield from rows.judged(field.name, judge)


def _person(cell: str) -> Problem | None:
    """What looks like a person's name where an enterprise or institution is named."""
    return ("name-person", {}) if PERSON.fullmatch(cell) and not ORGANISATION.search(cell) else None
