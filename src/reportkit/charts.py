"""Charts as Vega-Lite specifications, each in two widths; drawn later, by ``render.py``.

A chart function takes records that hold the drawn columns and nothing else (what is not drawn must not
travel in a page), the words it needs, and a *width*: ``wide`` for a desk, ``narrow`` for a phone.

Channels are given as altair's own objects: a shorthand or a condition alone takes altair ten milliseconds to look up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from reportkit.font import FONT

Record = Mapping[str, Any]
Words = Mapping[str, str]
Spec = dict[str, Any]
Drawing = alt.LayerChart | alt.FacetChart

# Our own words are short. A word with a limit is measured twice, and measuring is what a drawing takes longest to do.
_ANY_LENGTH = {"labelLimit": 0, "titleLimit": 0}
_NAME_LIMIT = 180  # pixels that a name out of a table may take on an axis

WIDTHS = {"wide": 700, "narrow": 340}

INK, MUTED, GRID = "#1f2d3a", "#5b6b7a", "#dfe6ec"
NO_DATA = "#e3e8ec"  # in pictures of classes, what was not measured
ACCENT, QUIET, ALERT = "#0f6e84", "#b7c7d1", "#b3261e"
PALETTE = [
    "#0f6e84",
    "#4fa3b5",
    "#d9a441",
    "#c77d4a",
    "#8d9db6",
    "#b9c4d6",
]  # told apart without red and green


class _Chart(alt.Chart):
    """A chart that altair copies without its parts: it would copy all of them with every step of a chart's making."""

    def __deepcopy__(self, _: object) -> _Chart:
        return self.copy(deep=False)


def in_both_widths(draw: Callable[..., Drawing], *arguments: Any) -> dict[str, Spec]:
    """The specification of ``draw(*arguments, width)`` for each width, in the house style."""
    # Whether it is valid Vega-Lite is a question for the tests: asked here, it would take longer than all the rest.
    with debug_mode(False):
        return {width: _styled(draw(*arguments, width)) for width in WIDTHS}


def calendar(days: Sequence[Record], colours: Mapping[str, str], width: str) -> Drawing:
    """A year of days, a row a month: records of ``month`` (1–12), ``day``, ``level`` (words), ``mark``.

    *mark* is the text printed on the cell (the AQI of a day over 100), so that colour is not all there is.
    """
    cell = 20 if width == "wide" else 9.2
    base = _Chart(_data(days)).encode(
        x=alt.X("day:O", title=None, axis=_calendar_axis(width)),
        y=alt.Y("month:O", title=None, sort=None, axis=alt.Axis(domain=False, ticks=False, labelPadding=4)),
    )
    cells = base.mark_rect(stroke="white", strokeWidth=1 if width == "narrow" else 1.5).encode(
        color=alt.Color(
            "level:N",
            scale=alt.Scale(domain=list(colours), range=list(colours.values())),
            legend=alt.Legend(title=None, orient="bottom", columns=4 if width == "wide" else 3, symbolStrokeWidth=0),
        )
    )
    layers: list[Any] = [cells]
    if width == "wide":
        layers.append(base.mark_text(fontSize=8, color=INK).encode(text=alt.Text("mark:N")))
    else:
        layers.append(base.transform_filter("datum.mark != ''").mark_point(filled=True, size=6, color=INK))
    return alt.layer(*layers, width=cell * 31, height=(cell + (4 if width == "narrow" else 0)) * 12)


def against_limits(bars: Sequence[Record], series: Sequence[str], words: Words, width: str) -> Drawing:
    """Bars in percent of the limit: records of ``name``, ``percent`` and ``series``, the *series* in their order."""
    base = _Chart(_data(bars)).encode(
        y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=_NAME_LIMIT)),
        x=alt.X("percent:Q", title=words["percent_of_limit"], scale=alt.Scale(domainMin=0, nice=True)),
    )
    drawn = base.mark_bar().encode(
        yOffset=alt.YOffset("series:N", sort=None),
        color=alt.Color(
            "series:N",
            sort=None,
            scale=alt.Scale(domain=list(series), range=[ACCENT, QUIET]),
            legend=_legend(series, width),
        ),
    )
    height = alt.Step(15 if width == "wide" else 13)
    return alt.layer(drawn, _rule_at(100, words["limit"]), width=_inner(width, 90), height=height)


def small_lines(points: Sequence[Record], limits: Sequence[Record], width: str) -> Drawing:
    """Small panels of lines: points have ``panel``, ``step`` (x), ``value``, ``series``; limits ``panel``, ``limit``.

    The first series is the one in focus; a line stops where the value is missing.
    """
    series = list(dict.fromkeys(point["series"] for point in points))
    panels = list(dict.fromkeys(row["panel"] for row in limits))
    colours = [ACCENT, *[QUIET, "#d9a441", "#7d8fb3"][: len(series) - 1]]
    values = _data([*points, *({"panel": row["panel"], "limit": row["limit"]} for row in limits)])
    base = _Chart().encode(x=alt.X("step:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)))
    lines = (
        base.transform_filter("isValid(datum.step)")
        .mark_line(point=alt.OverlayMarkDef(size=22, filled=True), strokeWidth=2)
        .encode(
            y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(tickCount=4)),
            color=alt.Color(
                "series:N",
                sort=None,
                scale=alt.Scale(domain=series, range=colours),
                legend=_legend(series, width),
            ),
        )
    )
    limit = (
        _Chart()
        .transform_filter("isValid(datum.limit)")
        .mark_rule(color=ALERT, strokeDash=[5, 3])
        .encode(y=alt.Y("limit:Q"))
    )
    columns = 3 if width == "wide" else 2
    of_one = alt.layer(lines, limit, width=_inner(width, 45 * columns) / columns, height=110 if width == "wide" else 90)
    return _panels(of_one, panels, columns, values, is_same_scale=False)


def trend(points: Sequence[Record], limits: Sequence[Record], breaks: Sequence[Record], width: str) -> Drawing:
    """Small panels over the years; points carry ``status`` (words, by shape) and ``segment`` (no line across a break).

    *breaks* have ``panel``, ``break_at``: the first year after the break; a dotted line stands before it.
    """
    return _over_years(points, limits, breaks, width, is_from_nought=True)


def levels(points: Sequence[Record], limits: Sequence[Record], breaks: Sequence[Record], width: str) -> Drawing:
    """The same of what has no nought, such as decibels: the axis begins a little below the least value."""
    return _over_years(points, limits, breaks, width, is_from_nought=False)


def _over_years(
    points: Sequence[Record], limits: Sequence[Record], breaks: Sequence[Record], width: str, *, is_from_nought: bool
) -> Drawing:
    statuses = list(dict.fromkeys(point["status"] for point in points))
    panels = list(dict.fromkeys(row["panel"] for row in limits))
    has_limit = any(row.get("limit") is not None for row in limits)
    # Vega warns of a panel without any limit; a value of the panel, which is not drawn again, stands for none.
    within = {point["panel"]: point["value"] for point in points}
    given = [(row["panel"], row.get("limit")) for row in limits]
    drawn = [
        {"panel": panel, "limit": within.get(panel, 0) if limit is None else limit, "is_limit": limit is not None}
        for panel, limit in given
    ]
    values = _data([*points, *(drawn if has_limit else []), *breaks])
    years = sorted({point["step"] for point in points})
    axis = alt.Axis(labelAngle=0, labelOverlap=True, labelSeparation=4)
    x = alt.X("step:O", title=None, scale=alt.Scale(domain=years), axis=axis)
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=is_from_nought, nice=True), axis=alt.Axis(tickCount=4))
    measured = _Chart().transform_filter("isValid(datum.value)")
    lines = measured.mark_line(color=ACCENT, strokeWidth=2).encode(x=x, y=y, detail=alt.Detail("segment:N"))
    dots = measured.mark_point(filled=True, size=60, color=ACCENT, opacity=1).encode(
        x=x,
        y=y,
        shape=alt.Shape(
            "status:N",
            sort=None,
            scale=alt.Scale(domain=statuses, range=["circle", "diamond", "triangle-up"][: len(statuses)]),
            legend=_legend(statuses, width),
        ),
    )
    limit = (
        _Chart()
        .transform_filter("isValid(datum.limit)")
        .mark_rule(strokeDash=[5, 3])
        .encode(y=alt.Y("limit:Q"), color=_either("datum.is_limit", ALERT, "transparent"))
    )
    columns = 3 if width == "wide" else 2
    panel = _inner(width, 45 * columns) / columns
    between = -panel / max(len(years), 1) / 2  # the break lies between this year and the one before
    cut = (
        _Chart()
        .transform_filter("isValid(datum.break_at)")
        .mark_rule(color=MUTED, strokeDash=[1, 3], strokeWidth=1.5, xOffset=between)
        .encode(x=alt.X("break_at:O"))
    )
    layers = [lines, dots, *([limit] if has_limit else []), *([cut] if breaks else [])]
    of_one = alt.layer(*layers, width=panel, height=110 if width == "wide" else 90)
    return _panels(of_one, panels, columns, values, is_same_scale=False)


def within_ranges(points: Sequence[Record], ranges: Sequence[Record], words: Words, width: str) -> Drawing:
    """Small panels of a mean and a highest value over the steps, before the range each is held against.

    Points have ``panel``, ``step``, ``mean`` and ``highest``, ranges ``panel``, ``low`` and ``high``; *words* name
    ``mean``, ``highest`` and ``range``.
    """
    panels = list(dict.fromkeys(row["panel"] for row in ranges))
    steps = sorted({point["step"] for point in points})
    columns = min(len(panels), 3 if width == "wide" else 1)
    every = 4 if width == "wide" and columns < 3 else 8  # labels of narrow panels would run into each other
    x = alt.X(
        "step:O",
        title=None,
        scale=alt.Scale(domain=steps),
        axis=alt.Axis(labelAngle=0, values=steps[::every], labelAlign="left"),
    )
    names = [words[name] for name in ("mean", "highest", "range")]
    colour = alt.Color(
        "line:N",
        sort=None,
        scale=alt.Scale(domain=names, range=[ACCENT, ALERT, GRID]),
        legend=_legend(names, width),
    )

    def layer(column: str, line: str) -> alt.Chart:
        present = _Chart().transform_filter(f"datum.line == '{line}'")  # a missing value breaks the line
        y = alt.Y(f"{column}:Q", title=None, scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(tickCount=4))
        return present.encode(y=y, color=colour)

    band = layer("low", words["range"]).mark_rect(opacity=1).encode(y2=alt.Y2("high:Q"))
    line = layer("value", words["mean"]).mark_line(strokeWidth=2).encode(x=x)
    dots = layer("value", words["mean"]).mark_point(filled=True, size=24, opacity=1).encode(x=x)
    tops = layer("value", words["highest"]).mark_tick(thickness=2, size=8, orient="horizontal").encode(x=x)
    values = [
        *({**row, "line": words["range"]} for row in ranges),
        *(
            {"panel": point["panel"], "step": point["step"], "value": point[name], "line": words[name]}
            for point in points
            for name in ("mean", "highest")
        ),
    ]
    of_one = alt.layer(
        band, line, dots, tops, width=_inner(width, 45 * columns) / columns, height=120 if width == "wide" else 90
    )
    return _panels(of_one, panels, columns, _data(values), is_same_scale=True)


def paths(
    points: Sequence[Record], marks: Sequence[Record], lines: Sequence[Record], words: Words, width: str
) -> Drawing:
    """Small panels of yearly values on their way to targets.

    Points have ``panel``, ``step`` (a year), ``value`` and ``status`` (words, by shape); marks ``panel``, ``step`` and
    ``target``; lines, two rows each, ``panel``, ``line``, ``step`` and ``path``. *words* name ``target`` and ``path``.
    """
    statuses = list(dict.fromkeys(point["status"] for point in points))
    panels = list(dict.fromkeys(row["panel"] for row in marks))
    years = sorted({int(row["step"]) for row in (*points, *marks, *lines)})
    steps = [str(year) for year in range(years[0], years[-1] + 1)]
    x = alt.X("step:O", title=None, scale=alt.Scale(domain=steps), axis=alt.Axis(labelAngle=0, labelOverlap=True))
    scale = alt.Scale(zero=False, nice=False)
    kinds = [words["target"], *([words["path"]] if lines else [])]
    colour = alt.Scale(domain=kinds, range=[ALERT, MUTED][: len(kinds)])
    legend = _legend(kinds, width, symbolType="stroke")

    def layer(column: str) -> alt.Chart:
        axis = alt.Axis(tickCount=3)
        present = _Chart().transform_filter(f"isValid(datum.{column})")
        return present.encode(x=x, y=alt.Y(f"{column}:Q", title=None, scale=scale, axis=axis))

    way = layer("path").mark_line(strokeDash=[4, 3], strokeWidth=1.5)
    way = way.encode(color=alt.Color("kind:N", scale=colour, legend=legend), detail=alt.Detail("line:N"))
    goal = layer("target").mark_tick(thickness=3, size=26, orient="horizontal")
    goal = goal.encode(color=alt.Color("kind:N", scale=colour, legend=legend))
    dots = layer("value").mark_point(filled=True, size=60, color=ACCENT, opacity=1)
    dots = dots.encode(
        shape=alt.Shape(
            "status:N",
            sort=None,
            scale=alt.Scale(domain=statuses, range=["circle", "diamond", "triangle-up"][: len(statuses)]),
            legend=_legend(statuses, width) if statuses else None,
        )
    )
    # An unseen point below and above the values of a panel gives it room, even where there is but one value.
    room = layer("bound").mark_point(opacity=0)
    values = [
        *points,
        *(bound for panel in panels for bound in _bounds(panel, [*points, *marks, *lines])),
        *({**mark, "kind": words["target"]} for mark in marks),
        *({**line, "kind": words["path"]} for line in lines),
    ]
    columns = 2 if width == "wide" else 1
    of_one = alt.layer(
        room, way, goal, dots, width=_inner(width, 50 * columns) / columns, height=100 if width == "wide" else 80
    )
    return _panels(of_one, panels, columns, _data(values), is_same_scale=False)


def _bounds(panel: str, rows: Sequence[Record]) -> list[Spec]:
    """A value a little below and one a little above those of *panel*; none below nought."""
    own = [row for row in rows if row["panel"] == panel]
    values = [float(row[column]) for row in own for column in ("value", "target", "path") if column in row]
    low, high = min(values), max(values)
    margin = (high - low or abs(high) or 1) / 8
    return [{"panel": panel, "step": own[0]["step"], "bound": value} for value in (max(0, low - margin), high + margin)]


def counts(bars: Sequence[Record], axis: str, width: str) -> Drawing:
    """Horizontal bars of a count: records of ``name`` and ``count``; the number stands at the bar's end."""
    ticks = min(5, max((bar["count"] for bar in bars), default=1))  # never halves of what is counted
    base = _Chart(_data(bars)).encode(
        y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=_NAME_LIMIT)),
        x=alt.X("count:Q", title=axis, axis=alt.Axis(tickMinStep=1, tickCount=ticks, format="d")),
    )
    return alt.layer(
        base.mark_bar(color=ACCENT, height={"band": 0.7}),
        base.mark_text(align="left", dx=4, color=INK).encode(text=alt.Text("count:Q")),
        width=_inner(width, 100),
        height=alt.Step(24),
    )


def stacked_bars(
    parts: Sequence[Record], totals: Sequence[Record], colours: Mapping[str, str], words: Words, width: str
) -> Drawing:
    """Stacked bars, in the given order, with a text at the end of each.

    Parts have ``bar``, ``part``, ``position`` (in the stack) and ``value``; totals ``bar``, ``total`` (text), ``end``.
    *words* name the ``axis`` and the smallest ``step`` between its ticks.
    """
    values = _data([*parts, *totals])
    step = float(words["step"])
    steps = int(max((total["end"] for total in totals), default=step) / step)
    axis = alt.Axis(tickMinStep=step)
    if steps < 5:  # a short axis would be parted into halves
        axis = alt.Axis(tickMinStep=step, tickCount=max(steps, 1))
    y = alt.Y("bar:N", title=None, sort=None, axis=alt.Axis(labelLimit=150))
    bars = (
        _Chart(values)
        .transform_filter("isValid(datum.value)")
        .mark_bar(height={"band": 0.75}, stroke="#9fb0bc", strokeWidth=0.4)
        .encode(
            y=y,
            x=alt.X("value:Q", title=words["axis"], stack="zero", axis=axis),
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=list(colours), range=list(colours.values())),
                legend=alt.Legend(title=None, orient="top", columns=6 if width == "wide" else 2),
            ),
            order=alt.Order("position:Q"),
        )
    )
    ends = (
        _Chart(values)
        .transform_filter("isValid(datum.end)")
        .mark_text(align="left", dx=4, color=INK)
        .encode(y=y, x=alt.X("end:Q"), text=alt.Text("total:N"))
    )
    return alt.layer(bars, ends, width=_inner(width, 125), height=alt.Step(22))


def compared(bars: Sequence[Record], axis: str, width: str) -> Drawing:
    """A bar for each area: records of ``name``, ``value``, ``text`` (as it is printed) and ``is_own`` (this page's)."""
    base = _Chart(_data(bars)).encode(
        y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=170)),
        x=alt.X("value:Q", title=axis, scale=alt.Scale(domainMin=0, nice=True)),
    )
    drawn = base.mark_bar().encode(color=_either("datum.is_own", ACCENT, QUIET))
    said = base.mark_text(align="left", dx=4, color=INK, fontSize=10).encode(text=alt.Text("text:N"))
    return alt.layer(drawn, said, width=_inner(width, 130), height=18 * len(bars))


def grid(cells: Sequence[Record], axis: str, width: str) -> Drawing:
    """A heat map of percentages: records of ``row``, ``column``, ``value`` (0–100, or missing) and ``mark`` (text)."""
    base = _Chart(_data(cells)).encode(
        x=alt.X("column:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("row:N", title=None, sort=None, axis=alt.Axis(labelLimit=170 if width == "wide" else 95)),
    )
    shades = base.mark_rect(stroke="white").encode(
        color=alt.Color(
            "value:Q",
            title=axis,
            scale=alt.Scale(domain=[50, 100], range=["#f3d7c6", "#0f6e84"], clamp=True),
            legend=alt.Legend(orient="bottom", gradientLength=160, format="d"),
        )
    )
    marks = base.mark_text(fontSize=10 if width == "wide" else 7).encode(
        text=alt.Text("mark:N"),
        color=_either("datum.value > 85", "white", INK),
    )
    return alt.layer(shades, marks, width=_inner(width, 190 if width == "wide" else 105), height=alt.Step(26))


def class_grid(cells: Sequence[Record], colours: Mapping[str, str], width: str) -> Drawing:
    """A heat map of classes: records of ``row``, ``column``, ``level`` (words), ``mark`` (text), ``is_dark``.

    The *mark* stands in the cell, white where ``is_dark``, so that colour is not all there is.
    """
    base = _Chart(_data(cells)).encode(
        x=alt.X("column:O", title=None, sort=None, axis=alt.Axis(orient="top", labelAngle=0, labelOverlap=True)),
        y=alt.Y("row:N", title=None, sort=None, axis=alt.Axis(labelLimit=180 if width == "wide" else 135)),
    )
    shades = base.mark_rect(stroke="white").encode(
        color=alt.Color(
            "level:N",
            scale=alt.Scale(domain=list(colours), range=list(colours.values())),
            legend=alt.Legend(title=None, orient="bottom", columns=7 if width == "wide" else 3, symbolStrokeWidth=0),
        )
    )
    marks = base.mark_text(fontSize=12 if width == "wide" else 8).encode(
        text=alt.Text("mark:N"), color=_either("datum.is_dark", "white", INK)
    )
    return alt.layer(
        shades,
        marks,
        width=_inner(width, 190 if width == "wide" else 140),
        height=alt.Step(26 if width == "wide" else 22),
    )


def limits_compared(bars: Sequence[Record], ticks: Sequence[Record], words: Words, width: str) -> Drawing:
    """Bars in percent of today's limit, ticks for the limits to come.

    Bars have ``name`` and ``percent``; ticks ``name``, ``at`` (percent) and ``edition``.
    """
    editions = list(dict.fromkeys(tick["edition"] for tick in ticks))
    values = _data([*bars, *ticks])
    y = alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=_NAME_LIMIT))
    drawn = (
        _Chart(values)
        .transform_filter("isValid(datum.percent)")
        .mark_bar(color=QUIET, height={"band": 0.55})
        .encode(y=y, x=alt.X("percent:Q", title=words["percent_of_limit"], scale=alt.Scale(domainMin=0)))
    )
    marks = (
        _Chart(values)
        .transform_filter("isValid(datum.at)")
        .mark_tick(thickness=3, size=20)
        .encode(
            y=y,
            x=alt.X("at:Q"),
            color=alt.Color(
                "edition:N",
                sort=None,
                scale=alt.Scale(domain=editions, range=["#d9a441", "#7b4ea3", INK][: len(editions)]),
                legend=alt.Legend(title=None, orient="top", columns=3 if width == "wide" else 1),
            ),
        )
    )
    return alt.layer(drawn, _rule_at(100, words["limit"]), marks, width=_inner(width, 90), height=alt.Step(28))


def _rule_at(value: float, words: str) -> Drawing:
    base = _Chart(_data([{"at": value, "words": words}])).encode(x=alt.X("at:Q"))
    return alt.layer(
        base.mark_rule(color=ALERT, strokeDash=[5, 3], strokeWidth=1.5),
        base.mark_text(y=-6, color=ALERT).encode(text=alt.Text("words:N")),  # above the bars, where it hides none
    )


def _legend(words: Sequence[str], width: str, **options: Any) -> alt.Legend:
    """A legend above the drawing with as many *words* in a row as there is room for, in fonts wider than ours too."""
    length = sum(24 + sum(12 if ord(character) > 0x2E7F else 6.5 for character in word) for word in words)
    columns = max(1, min(len(words), int(len(words) * WIDTHS[width] / max(length, 1))))
    return alt.Legend(title=None, orient="top", columns=columns, **options)


def _either(test: str, one: str, other: str) -> alt.ColorValue:
    """The colour *one* where the *test* holds, else the *other*."""
    return alt.ColorValue(other, condition={"test": test, "value": one})


def _calendar_axis(width: str) -> alt.Axis:
    days = [1, 5, 10, 15, 20, 25, 31] if width == "wide" else [1, 10, 20, 31]
    return alt.Axis(orient="top", values=days, labelAngle=0, domain=False, ticks=False)


def _panels(of_one: Drawing, panels: Sequence[str], columns: int, data: alt.Data, is_same_scale: bool) -> Drawing:
    """The drawing *of_one* panel for each of the *panels*; without methods, each of which would copy it.

    Where they do not fill the last row each has its own labels, for those of the columns would stand beneath nothing.
    """
    resolve = alt.Resolve(scale=alt.Undefined if is_same_scale else alt.ScaleResolveMap(y="independent"))
    if len(panels) % columns:
        resolve.axis = alt.AxisResolveMap(x="independent")
    return alt.FacetChart(
        data=data,
        spec=of_one,
        facet=alt.Facet("panel:N", title=None, sort=panels),
        columns=columns,
        resolve=resolve,
    )


def _inner(width: str, reserved: float) -> float:
    """The width of the drawing itself once *reserved* pixels are kept for labels."""
    return WIDTHS[width] - reserved


def _data(records: Sequence[Record]) -> alt.Data:
    """The *records* of a chart; altair copies lists with every step of a chart's making, but not a tuple."""
    return alt.Data(values=tuple(records))


def _styled(chart: Any) -> Spec:
    """*chart* as a specification in the house style; text sizes that can be read on paper and phone."""
    labels = {
        "labelFontSize": 11,
        "titleFontSize": 11,
        "labelColor": INK,
        "titleColor": MUTED,
        "titleFontWeight": "normal",
    }
    spec: Spec = chart.to_dict(validate=False)
    spec["config"] |= {
        "font": FONT,
        "background": "transparent",
        "padding": 2,
        "view": spec["config"]["view"] | {"stroke": None},
        "axis": {
            "gridColor": GRID,
            "domainColor": GRID,
            "tickColor": GRID,
            "labelSeparation": 6,
            **labels,
            **_ANY_LENGTH,
        },
        "axisQuantitative": {"labelSeparation": 12},  # in a reader's font numbers may be wider than in ours
        "legend": {"symbolType": "square", **labels, **_ANY_LENGTH},
        "header": {"labelFontSize": 12, "labelColor": INK, "labelPadding": 4, "labelLimit": 0},
        "aria": False,  # the page says what the picture says, once, in words
    }
    return spec
