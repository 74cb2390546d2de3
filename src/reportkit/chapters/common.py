"""Blocks that many chapters have: figures over the years, of the districts side by side, and as they were printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pandas as pd

from reportkit import charts, text, units
from reportkit.blocks import Block, Column, TableContent
from reportkit.chapters import Chapter, Presenter, alike
from reportkit.figures import NO_DATA, Figure
from reportkit.status import DEMONSTRATION

_NAMED = 3  # districts with the same value that a text alternative names
_SAID = 3  # lines that a text alternative tells the ends of
_FIRST, _LAST, _BESIDE, _ALL = 10, 5, 2, 24  # bars of a picture of many areas; all where there are no more than that


def pictured(count: int, own: int | None) -> list[int]:
    """Which of so many places a picture shows: all, or of very many the first, the last, and some beside *own*."""
    beside = [] if own is None else range(own - _BESIDE, own + _BESIDE + 1)
    shown = {*range(_FIRST), *range(count - _LAST, count), *beside} if count > _ALL else {*range(count)}
    return sorted(shown & {*range(count)})


def joints(of: Callable[[int], Figure], years: Sequence[int]) -> list[int]:
    """The years before which no line is drawn: the year before is not known, or one of the two values is invented."""
    known = [(year, of(year).status == DEMONSTRATION) for year in years if of(year).value is not None]
    return [
        year
        for (before, was_invented), (year, is_invented) in pairwise(known)
        if year > before + 1 or was_invented != is_invented
    ]


def tiled(
    chapter: Chapter,
    values: Mapping[str, Figure | None],
    shades: Sequence[Any],
    columns: Sequence[Column],
    download: str,
) -> dict[str, Any]:
    """Districts (by their slugs) with their *values*, as tiles in their rough places and as a table.

    The shade of a tile is the place of the first of the *shades*, the darkest first, that its value reaches.
    """
    areas = [chapter.edition.areas[slug] for slug in values]
    href = {area.slug: chapter.href(area, chapter.slug) for area in areas}
    tiles = [
        {
            "name": chapter.name(area),
            "row": area.tile_row,
            "column": area.tile_column,
            "shade": _shade(values[area.slug], shades),
            "value": values[area.slug],
            "href": href[area.slug],
            "is_own": area == chapter.area,
        }
        for area in areas
        if area.tile_row is not None
    ]
    rows = [[{"href": href[area.slug], "text": chapter.name(area)}, values[area.slug]] for area in areas]
    own = next((place for place, area in enumerate(areas) if area == chapter.area), None)
    return {"tiles": tiles, "table": TableContent(columns, rows, download, marked=own)}


def _shade(value: Figure | None, shades: Sequence[Any]) -> str:
    """The number of the shade of a value, ``none`` without one."""
    if value is None or value.value is None:
        return "none"
    return str(next(place for place, least in enumerate(shades) if Decimal(str(value.value)) >= least))


def left_out(chapter: Chapter, count: int, drawn: int) -> list[list[Any]]:
    """That not all of *count* places are *drawn*, as a note, where it is so."""
    return [text.compose("site.pictured", chapter.language)] if drawn < count else []


def over_years(
    chapter: Presenter,
    name: str,
    lines: Mapping[str, Callable[[int], Figure]],
    years: Sequence[int],
    *,
    limits: Mapping[str, Figure] | None = None,
    breaks: Sequence[int] = (),
    others: Mapping[str, Callable[[int], Figure]] | None = None,
    notes: Sequence[list[Any]] = (),
    **more: Any,
) -> Block:
    """The figures of *years*, a panel for each of *lines*, with *limits*; no line across *breaks*, first years after.

    No line joins years that are not one after the other either. An axis begins at nought where its unit has one.
    *lines* gives, by the name of a panel's column, the figure of a year; *others* stand in the table alone. Messages:
    ``NAME.title``, ``NAME.alternative`` (``{first_year}``, ``{last_year}``, where there are two), ``column.COLUMN``.
    """
    known = [year for year in years if any(of(year).value is not None for of in lines.values())]
    if not known:
        return chapter.statement(name, chapter.say("no_values"), title=chapter.say(f"{name}.title"), **more)
    panels = {line: chapter.word(f"column.{line}") for line in lines}
    is_level = all(of(known[-1]).unit in units.LOGARITHMIC for of in lines.values())
    points = [
        {
            "panel": panels[line],
            "step": str(year),
            "value": float(str(of(year).value)),
            "status": text.message(f"site.status.{of(year).status}", chapter.language),
            "segment": sum(year >= first for first in (*breaks, *joints(of, known))),
        }
        for line, of in lines.items()
        for year in known
        if of(year).value is not None
    ]
    held_against = {line: float(str(limit.value)) for line, limit in (limits or {}).items() if limit.value is not None}
    marks = [{"panel": panel, "limit": held_against.get(line)} for line, panel in panels.items()]
    cuts = [{"panel": panel, "break_at": str(first)} for panel in panels.values() for first in breaks if first in known]
    columns = [Column("year", text.message("site.column.year", chapter.language), is_number=False)]
    in_table = {**lines, **(others or {})}
    columns += [chapter.numbers(name) for name in in_table]
    return chapter.chart(
        name,
        charts.levels if is_level else charts.trend,
        points,
        marks,
        cuts,
        alternative=_in_words(chapter, name, panels, lines, known),
        table=TableContent(
            columns,
            [[str(year), *(of(year) for of in in_table.values())] for year in known],
            chapter.download(name),
            marked=known.index(chapter.year) if chapter.year in known else None,
        ),
        title=chapter.say(f"{name}.title"),
        notes=notes,
        also=list((limits or {}).values()),
        **more,
    )


def _in_words(
    chapter: Presenter,
    name: str,
    panels: Mapping[str, str],
    lines: Mapping[str, Callable[[int], Figure]],
    years: Sequence[int],
) -> list[Any]:
    """What the picture *name* shows: from when to when, and the first *lines* with their ends; of one year its values.

    *panels* has the words for each line.
    """
    if len(years) == 1:
        return [part for line, of in lines.items() for part in _alone(chapter, panels[line], of, years[0])]
    said = chapter.say(f"{name}.alternative", first_year=str(years[0]), last_year=str(years[-1]))
    return said + [part for line in list(lines)[:_SAID] for part in _ends(chapter, panels[line], lines[line], years)]


def _alone(chapter: Presenter, line: str, of: Callable[[int], Figure], year: int) -> list[Any]:
    """The value a *line* has in its one *year*, in words; nothing where it has none."""
    value = of(year)
    if value.value is None:
        return []
    words = {"line": units.without_unit(line, value.unit, chapter.language), "year": str(year), "value": value}
    return text.compose("site.over_years.one", chapter.language, **words)


def _ends(chapter: Presenter, line: str, of: Callable[[int], Figure], years: Sequence[int]) -> list[Any]:
    """Where a *line* begins and ends, in words; nothing where it has no two years."""
    known = [year for year in years if of(year).value is not None]
    if len(known) < 2:
        return []
    first, last = known[0], known[-1]
    line = units.without_unit(line, of(first).unit, chapter.language)
    words = {"line": line, "first_year": str(first), "first": of(first), "last_year": str(last), "last": of(last)}
    return text.compose("site.over_years.line", chapter.language, **words)


def by_year(
    chapter: Presenter,
    name: str,
    columns: Mapping[str, Callable[[int], Figure]],
    years: Sequence[int],
    *,
    notes: Sequence[list[Any]] = (),
    **more: Any,
) -> Block:
    """A table of figures, a row for each of *years* of which any is known, in their order.

    Messages: ``NAME.title``, ``column.year``, ``column.COLUMN`` for each of *columns*.
    """
    title = chapter.say(f"{name}.title")
    known = [year for year in years if any(of(year).value is not None for of in columns.values())]
    if not known:
        return chapter.statement(name, chapter.say("no_values"), title=title, **more)
    content = TableContent(
        [chapter.words("year"), *map(chapter.numbers, columns)],
        [[str(year), *(of(year) for of in columns.values())] for year in known],
        chapter.download(name),
        marked=known.index(chapter.year) if chapter.year in known else None,
    )
    return chapter.block("table", name, {"table": content}, title=title, notes=notes, **more)


def as_printed(
    chapter: Presenter,
    name: str,
    rows: pd.DataFrame,
    printed: Callable[[Mapping[Any, Any]], Figure],
    *,
    notes: Sequence[list[Any]] = (),
    **more: Any,
) -> Block:
    """Published *rows* with their year, the newest first, each figure as it was *printed*.

    Messages: ``NAME.title``, ``NAME.none``, ``column.statement``, ``column.year`` and ``column.value``.
    """
    title = chapter.say(f"{name}.title")
    if rows.empty:
        return chapter.statement(name, chapter.say(f"{name}.none"), title=title, **more)
    listed = rows.sort_values("year", ascending=False, kind="stable").to_dict("records")
    content = TableContent(
        [chapter.words("statement"), chapter.words("year"), chapter.numbers("value")],
        [[row[f"name_{chapter.language}"], str(row["year"]), printed(row)] for row in listed],
        chapter.download(name),
    )
    return chapter.block("table", name, {"table": content}, title=title, notes=notes, **more)


def by_district(
    chapter: Chapter,
    name: str,
    of_areas: Mapping[str, Figure],
    *,
    others: Mapping[str, Callable[[str], Any]] | None = None,
    notes: Sequence[list[Any]] = (),
    **more: Any,
) -> Block:
    """A figure of each district in order, the city's above them; *others* are further columns by the area's slug.

    *of_areas* gives the figure by slug; districts without a value are named in a note, and stand at the end of the
    table where another column has one. Messages: ``NAME.title``, ``NAME.axis``, ``NAME.alternative`` (``{count}``
    districts, ``{first}`` with ``{first_value}``, ``{last}`` with ``{last_value}``), ``column.NAME``, and
    ``column.OTHER`` for each other.
    """
    areas = chapter.edition.areas
    city = chapter.edition.city.slug
    known = {slug: figure for slug, figure in of_areas.items() if slug != city and figure.value is not None}
    if not known:
        return chapter.statement(name, chapter.say("no_values"), title=chapter.say(f"{name}.title"), **more)
    ordered = sorted(known, key=lambda slug: (-float(str(known[slug].value)), areas[slug].code))
    shown = ([city] if city in of_areas and of_areas[city].value is not None else []) + ordered
    own = shown.index(chapter.area.slug) if chapter.area.slug in shown else None
    bars = [
        {
            "name": chapter.name(areas[slug]),
            "value": float(str(of_areas[slug].value)),
            "text": f"{of_areas[slug].value:,}",
            "is_own": slug == chapter.area.slug,
        }
        for slug in (shown[place] for place in pictured(len(shown), own))
    ]
    columns = [Column("area", text.message("site.column.area", chapter.language), is_number=False)]
    columns += [chapter.numbers(name), *(chapter.numbers(other) for other in others or {})]
    missing = [area for area in chapter.edition.districts if area.slug not in known]
    beside = {slug: [of(slug) for of in (others or {}).values()] for slug in areas}
    listed = shown + [area.slug for area in missing if any(map(_has_value, beside[area.slug]))]
    rows = [
        [
            chapter.way_to_area(areas[slug]),
            of_areas.get(slug) or NO_DATA,
            *(other or NO_DATA for other in beside[slug]),
        ]
        for slug in listed
    ]
    names = chapter.joined([chapter.name(area) for area in missing])
    without = text.compose("site.by_district.missing", chapter.language, names=names)
    return chapter.chart(
        name,
        charts.compared,
        bars,
        chapter.word(f"{name}.axis"),
        alternative=chapter.say(
            f"{name}.alternative",
            count=str(len(ordered)),
            first=_with_its_value(chapter, known, ordered[0]),
            first_value=known[ordered[0]],
            last=_with_its_value(chapter, known, ordered[-1]),
            last_value=known[ordered[-1]],
        ),
        table=TableContent(
            columns,
            rows,
            chapter.download(name),
            marked=listed.index(chapter.area.slug) if chapter.area.slug in listed else None,
        ),
        title=chapter.say(f"{name}.title"),
        notes=[*notes, *([without] if missing else []), *left_out(chapter, len(shown), len(bars))],
        **more,
    )


def _with_its_value(chapter: Chapter, known: Mapping[str, Figure], slug: str) -> str:
    """The name of a district; where others have the same value, theirs with it, or how many they are."""
    areas = chapter.edition.areas
    names = [chapter.name(areas[one]) for one in sorted(alike(known, slug), key=list(areas).index)]
    if len(names) <= _NAMED:
        return chapter.joined(names)
    return text.message("site.by_district.several", chapter.language, first=names[0], count=str(len(names)))


def _has_value(other: Any) -> bool:
    """Whether a cell of a further column says something: a figure with a value, or words."""
    return bool(other) and getattr(other, "value", other) is not None
