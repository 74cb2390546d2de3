"""Series of measurements: steps that no air makes, and instruments that stand still."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from reportkit.findings import Finding
from reportkit.validate.rows import Integers, Read, Rows

STEPS = {"date": np.timedelta64(1, "D"), "datetime": np.timedelta64(1, "h")}  # from one reading to the next


def findings(read: Read) -> Iterator[Finding]:
    """Jumps and repeated readings beyond the limits in ``checks/series``: a row for each table and column."""
    orders: dict[str, Integers] = {}
    for check in read["checks/series"].records() if "checks/series" in read else ():
        rows = read.get(check["table"])
        if rows is None or rows.text.empty:
            continue
        if check["table"] not in orders:
            orders[check["table"]] = np.lexsort((rows.times(), rows.groups(rows.members)))
        order = orders[check["table"]]
        if check["jump_step"]:
            yield from _jumps(rows, order, check)
        if check["stuck"]:
            yield from _stuck(rows, order, check)


def _jumps(rows: Rows, order: Integers, check: Mapping[str, str]) -> Iterator[Finding]:
    """Readings that lie above or below the one just before them by both a step and a factor."""
    column, kind = check["column"], rows.table.field(rows.time_column).type
    values, times, members = rows.values(column)[order], rows.times()[order], rows.groups(rows.members)[order]
    before, after = values[:-1], values[1:]
    low, high = np.minimum(before, after), np.maximum(before, after)
    is_next = (members[:-1] == members[1:]) & (times[1:] - times[:-1] == STEPS[kind])
    is_jump = is_next & (high - low >= float(check["jump_step"])) & (high >= low * float(check["jump_factor"]))
    numbers = np.flatnonzero(is_jump)
    just_before = dict(zip(order[numbers + 1].tolist(), order[numbers].tolist(), strict=True))

    def jump(place: int) -> Finding:
        last = just_before[place]
        words = {"before": rows.text[column].iat[last], "time": rows.text[rows.time_column].iat[last]}
        return rows.at(place, "jump", column, step=check["jump_step"], factor=check["jump_factor"], **words)

    yield from rows.each(order[numbers + 1], jump)


def _stuck(rows: Rows, order: Integers, check: Mapping[str, str]) -> Iterator[Finding]:
    """Runs of the same reading, missing ones left out, found at their first row."""
    column, least = check["column"], int(check["stuck"])
    values, members = rows.values(column)[order], rows.groups(rows.members)[order]
    given = np.flatnonzero(~np.isnan(values))
    is_same = (values[given][1:] == values[given][:-1]) & (members[given][1:] == members[given][:-1])
    starts = np.flatnonzero(np.append(True, ~is_same)) if len(given) else np.array([], np.int64)
    lengths = np.diff(np.append(starts, len(given)))
    is_long = lengths >= least
    first, last = (order[given[ends[is_long]]] for ends in (starts, starts + lengths - 1))
    runs = dict(zip(first.tolist(), zip(last.tolist(), lengths[is_long].tolist(), strict=True), strict=True))

    def stuck(place: int) -> Finding:
        end, times = runs[place]
        until = rows.text[rows.time_column].iat[end]
        return rows.at(place, "stuck", column, times=times, last=until, least=least)

    yield from rows.each(first, stuck)
