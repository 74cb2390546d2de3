"""Status of a row and of what rests on it: official, provisional or demonstration."""

from __future__ import annotations

from collections.abc import Iterable

OFFICIAL, PROVISIONAL, DEMONSTRATION = "official", "provisional", "demonstration"
STATUSES = (OFFICIAL, PROVISIONAL, DEMONSTRATION)  # from the strongest to the weakest
AUTHORITY = ("A", "B")  # trust of the sources that official rows may rest on


def weakest(statuses: Iterable[str]) -> str:
    """The weakest of *statuses*: what rests on several rows is as good as the worst of them.

    Without any row nothing was measured and nothing invented: ``official``.
    """
    return max(statuses, key=STATUSES.index, default=OFFICIAL)
