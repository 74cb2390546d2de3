"""A built site, checked from outside: every figure is recomputed from the published tables, every page held to it.

Only what the site itself publishes is read, and rules from the standards of this program, which those of the site have
to equal. Nothing here is shared with what builds it, because a checker made of the builder repeats its mistakes; only
rounding, the AQI of one day with its means and limits, what the rules of water make of given values, the words for
statuses and the spelling of units are the same. ``docs/data-formats.md`` describes the derivations recomputed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

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
    return [*file_problems(site), *_unless_damaged("data", partial(_content_problems, site))]


def _content_problems(site: Path) -> Iterator[Problem]:
    """What does not follow; a damaged file keeps from being looked at only what is looked at together with it."""
    tables = Tables(site / "data")
    figures = Figures(tables)
    groups: dict[str, Callable[[], Iterable[Problem]]] = {
        "data/standards": partial(standards_problems, tables),
        "data/catalogue.csv": partial(catalogue_problems, tables),
        "data/figures": figures.problems,
        "pages": partial(page_problems, site, tables, figures),
        "pages on the quality of data": partial(quality_problems, site, tables),
    }
    for of_tables in (air, water, noise, soil, law, emergency, market, supervision, participation):
        groups[f"tables of {_chapter(of_tables)}"] = partial(of_tables.problems, tables)
    for of_figures in (targets, climate, waste, radiation, credit, enterprises):
        groups[f"tables of {_chapter(of_figures)}"] = partial(of_figures.problems, tables, figures.entries)
    for where, problems in groups.items():
        yield from _unless_damaged(where, problems)


def _chapter(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def _unless_damaged(where: str, problems: Callable[[], Iterable[Problem]]) -> Iterator[Problem]:
    """The *problems*; and where something cannot be read, that as the last one."""
    try:
        yield from problems()
    except (LookupError, ValueError, ArithmeticError, TypeError, OSError) as error:
        yield Problem("damaged", where, "what can be read and reckoned with", f"{type(error).__name__}: {error}")
