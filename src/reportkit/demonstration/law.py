"""Demonstration of law: what the enterprises of the one invented city were penalised for."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reportkit.demonstration.world import World

ORIGIN = {"status": "demonstration", "source_id": "demo-law"}
Row = dict[str, str]


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    rows = {"penalties": _penalties(world)}
    return {f"law/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


def _penalties(world: World) -> Iterator[Row]:
    """The decisions, each with the day it was filed, the day it was taken, and the fine."""
    columns = ("number", "enterprise_id", "area_code", "filed_date", "decided_date", "violation", "fine_yuan")
    for row in world.penalties.to_dict("records"):
        yield {name: str(row[name]) for name in columns}
