"""Demonstration data: invented places and measurements, the same bytes on every machine.

``python -m reportkit.demonstration DATA_DIR`` reads ``areas.csv`` there and writes the tables of each module of
this package beside it. Nothing in them was measured.

Everything is raw generator words, additions, multiplications and roundings: vectorised logarithms and a
library's distributions may differ in the last bit between processors or versions.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pandas as pd

from reportkit.demonstration import (
    air,
    climate,
    credit,
    ecology,
    emergency,
    enterprises,
    law,
    market,
    noise,
    participation,
    radiation,
    soil,
    supervision,
    waste,
    water,
)
from reportkit.demonstration.world import World

PARTS = (air, water)
OF_WORLD: Sequence[ModuleType] = (
    *(climate, ecology, noise, radiation, soil, waste),
    *(enterprises, law, credit, market),
    *(supervision, emergency, participation),
)


def write(data_dir: Path) -> None:
    """Write the tables of every part below *data_dir*."""
    areas = pd.read_csv(data_dir / "areas.csv", dtype=str)
    world = World.drawn(areas)
    for tables in [*(part.tables(areas) for part in PARTS), *(part.tables(world) for part in OF_WORLD)]:
        for name, rows in tables.items():
            _write_table(rows, data_dir / name)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the demonstration tables into the folder named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m reportkit.demonstration", description=__doc__.splitlines()[0])
    parser.add_argument("data_dir", metavar="DATA_DIR", type=Path, help="folder that holds areas.csv")
    write(parser.parse_args(arguments).data_dir)


def _write_table(rows: pd.DataFrame, path: Path) -> None:
    """Write ``rows`` as UTF-8 CSV with LF line ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
