"""A built site, checked from outside: every figure is recomputed from the published tables, every page held to it.

Only what the site itself publishes is read, and nothing here is shared with what builds it, because a checker made
of the builder repeats its mistakes; only rounding, the AQI of one day, what the rules of water make of given values,
the words for statuses and the spelling of units are the same. ``docs/data-formats.md`` describes the derivations that
are recomputed here.
"""

from __future__ import annotations

from pathlib import Path

from reportkit.errors import PublishError
from reportkit.verify import (
    air,
    climate,
    credit,
    emergency,
    enterprises,
    law,
    market,
    noise,
    participation,
    radiation,
    soil,
    supervision,
    targets,
    waste,
    water,
)
from reportkit.verify.figures import Figures
from reportkit.verify.pages import file_problems, page_problems
from reportkit.verify.problems import Problem
from reportkit.verify.quality import quality_problems
from reportkit.verify.tables import Tables, catalogue_problems, standards_problems

__all__ = ["Problem", "verify"]


def verify(site: Path) -> list[Problem]:
    """Everything in *site* that does not follow from its own tables; an empty list where all does.

    Raises PublishError where there is no built site.
    """
    if not (site / "SHA256SUMS").is_file():
        raise PublishError("There is no built site.", where=str(site), do="build it first: reportkit build")
    tables = Tables(site / "data")
    figures = Figures(tables)
    return [
        *file_problems(site),
        *standards_problems(tables),
        *air.problems(tables),
        *water.problems(tables),
        *noise.problems(tables),
        *soil.problems(tables),
        *law.problems(tables),
        *emergency.problems(tables),
        *market.problems(tables),
        *supervision.problems(tables),
        *participation.problems(tables),
        *catalogue_problems(tables),
        *figures.problems(),
        *targets.problems(tables, figures.entries),
        *climate.problems(tables, figures.entries),
        *waste.problems(tables, figures.entries),
        *radiation.problems(tables, figures.entries),
        *credit.problems(tables, figures.entries),
        *enterprises.problems(tables, figures.entries),
        *page_problems(site, tables, figures),
        *quality_problems(site, tables),
    ]
