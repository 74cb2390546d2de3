"""Demonstration of enterprises: the register of the one invented city, and what each of them has to show."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reportkit.demonstration.stream import Stream
from reportkit.demonstration.world import World

SEED = 20_240_610
ORIGIN = {"status": "demonstration", "source_id": "demo-enterprises"}
Row = dict[str, str]


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    rows = {"register": _register(Stream(SEED), world), "permits": _permits(world)}
    return {f"enterprises/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


def _register(stream: Stream, world: World) -> Iterator[Row]:
    """Every enterprise; some of the large ones have shares or bonds on a market."""
    for row in world.enterprises.to_dict("records"):
        (luck,) = stream.words(1).tolist()
        yield {
            **{name: str(row[name]) for name in ("enterprise_id", "name_zh", "name_en", "area_code", "industry")},
            "is_listed": "true" if int(row["size"]) > 300 and luck % 4 == 0 else "false",
            "opened_year": str(row["opened_year"]),
            "closed_year": str(row["closed_year"] or ""),
        }


def _permits(world: World) -> Iterator[Row]:
    """The discharge permits as they stand in the register."""
    for row in world.permits.to_dict("records"):
        yield {str(name): str(value) for name, value in row.items()}
