"""Verdicts on targets, from the table of targets and what has been published about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from reportkit.verify.problems import Problem
from reportkit.verify.published import Entry, number
from reportkit.verify.tables import Row, Tables

PLAN_BEGINS = "2021"


def problems(tables: Tables, entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """Lists of verdicts that say something else than the figures, or that leave out a target that can be judged.

    A verdict on invented values is on no list.
    """
    for name, year, slug in tables.of_reports("targets/verdicts"):
        for row in tables.rows(name):
            target = _target(tables, row["target_id"])
            where = f"data/{name}.csv, {row['target_id']}"
            entry = entries.get(f"{year}/{slug}/targets#verdict_{row['target_id']}")
            expected = str(entry["value"]) if entry else ""
            if row["verdict"] != expected:
                yield Problem("table.verdicts", where, expected, row["verdict"])
            reported = [it for it in _reported(tables, target, year) if it["period"] >= PLAN_BEGINS]
            if row["is_reported"] == "false" and reported:
                yield Problem("table.verdicts", where, "is_reported true, for there is evidence", "false")
        listed = {row["target_id"] for row in tables.rows(name)}
        for row in tables.rows("targets/targets"):
            entry = entries.get(f"{year}/{slug}/targets#verdict_{row['target_id']}")
            if entry and entry["status"] == "demonstration":
                if row["target_id"] in listed:
                    yield Problem(
                        "table.verdicts", f"data/{name}.csv", "no verdict on invented values", row["target_id"]
                    )
            elif row["target_id"] not in listed and row["source_id"] not in tables.doubtful():
                yield Problem("table.verdicts", f"data/{name}.csv", row["target_id"], "no such row")


def verdict(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str:
    """Where a target stands: ``of`` names it, then its newest value and the baseline, as far as there are any.

    Raises ValueError where a newer value, or the baseline, is left out or is not the one the table asks for.
    """
    target = _target(tables, entries[derivation["held_against"]]["derivation"]["where"]["target_id"])
    due, today = int(target["target_year"]), derivation["at"]
    values = {int(entries[identity]["period"]): number(entries[identity]) for identity in derivation["of"][1:]}
    years = sorted(values)
    newest = max(
        (int(row["period"]) for row in _reported(tables, target, str(min(due, today))) if row["value"]), default=0
    )
    if newest > max(years, default=0):
        raise ValueError(f"the value of {newest} is left out")
    if not years or years[-1] > due:
        return "unknown"
    value, goal = values[years[-1]], Fraction(target["value"])
    if value is None:
        raise ValueError("a value without a number")
    sign = {"at_most": 1, "at_least": -1}[target["direction"]]
    is_met = sign * value <= sign * goal
    if years[-1] == due or today >= due:
        return "unknown" if years[-1] != due else "met" if is_met else "missed"
    if is_met:
        return "met_early"
    first, start = years[0], values[years[0]]
    if first == years[-1] or start is None or _breaks(tables, target, first, years[-1]):
        return "not_yet"
    if str(first) != target["baseline_year"]:
        raise ValueError(f"the baseline is not of {target['baseline_year']} but of {first}")
    straight = start + (goal - start) * Fraction(years[-1] - first, due - first)
    return "on_track" if sign * value <= sign * straight else "behind"


def _target(tables: Tables, target_id: str) -> Row:
    (row,) = tables.where("targets/targets", {"target_id": target_id})
    return row


def _reported(tables: Tables, target: Row, until: str) -> list[dict[str, str]]:
    """What has been published about a target for the years *until* one, by sources that are not in doubt."""
    where = {"indicator": target["indicators"].split(";"), "area_code": target["area_code"]}
    rows = tables.where("targets/evidence", where)
    return [row for row in rows if row["period"] <= until and row["source_id"] not in tables.doubtful()]


def _breaks(tables: Tables, target: Row, first: int, last: int) -> bool:
    """Whether the series of a target breaks after the year *first* and not after *last*."""
    (indicator,) = tables.where("targets/indicators", {"indicator": target["indicators"]})
    name = f"{indicator['measured_in'].partition('.')[0]}/series_breaks"
    rows = tables.rows(name) if name in tables.described else []
    kinds = indicator["broken_by"].split(";") if indicator["broken_by"] else [row["kind"] for row in rows]
    return any(
        first < int(row["date"][:4]) <= last
        and row["kind"] in kinds
        and row["scope_area_code"] in ("", target["area_code"])
        for row in rows
    )
