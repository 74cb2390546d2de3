"""Demonstration of credit: how the enterprises of the one invented city were rated."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reportkit.demonstration.world import World

ORIGIN = {"status": "demonstration", "source_id": "demo-credit"}
Row = dict[str, str]


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    rows = {"evaluations": _evaluations(world)}
    return {f"credit/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


def _evaluations(world: World) -> Iterator[Row]:
    """The points of each enterprise in each year it worked, whether one thing alone made it bad, and its level."""
    for row in world.credit.to_dict("records"):
        yield {
            **{name: str(row[name]) for name in ("enterprise_id", "area_code", "year", "points")},
            "has_veto": str(row["has_veto"]).lower(),
            "level": str(row["level"]),
        }
