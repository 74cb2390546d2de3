"""Observations × standards → assessments: pure functions from frames to frames, one module a medium."""

from __future__ import annotations

import pandas as pd

from reportkit.status import STATUSES


def weakest_by(rows: pd.DataFrame, column: str) -> list[str]:
    """The weakest status of the *rows* that share a value of *column*, in the order of the values."""
    weakness = rows["status"].map(STATUSES.index).groupby(rows[column]).max().sort_index()
    return [STATUSES[place] for place in weakness]
