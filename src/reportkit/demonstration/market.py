"""Demonstration of the market: what the enterprises of the one invented city paid in environmental protection tax."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reportkit.demonstration.world import World

ORIGIN = {"status": "demonstration", "source_id": "demo-market"}
Row = dict[str, str]


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    rows = {"taxes": _taxes(world)}
    return {f"market/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


def _taxes(world: World) -> Iterator[Row]:
    """The tax of each enterprise and year, and by how much it was reduced."""
    for row in world.years.to_dict("records"):
        yuan, fen = divmod(int(row["tax_fen"]), 100)
        yield {
            **{name: str(row[name]) for name in ("enterprise_id", "area_code", "year")},
            "reduction_pct": str(row["tax_reduction_pct"]),
            "tax_yuan": f"{yuan}.{fen:02}",
        }
