"""Status of a row and of what rests on it: official, provisional, from memory or demonstration; of a rule how far read.

A standard is no measurement: what rests on data too is as good as these, and its rules say by themselves what was read.
"""

from __future__ import annotations

from collections.abc import Iterable

RULE, CONVENTION, UNREAD = "rule", "convention", "unread"
OFFICIAL, PROVISIONAL, MEMORY, DEMONSTRATION = "official", "provisional", "memory", "demonstration"
OF_RULES = {"seen": RULE, "convention": CONVENTION, "memory": UNREAD}  # by the verification of a row of a standard
OF_DATA = (OFFICIAL, PROVISIONAL, MEMORY, DEMONSTRATION)  # from the strongest to the weakest
STATUSES = (RULE, CONVENTION, UNREAD, *OF_DATA)
MARKED = (UNREAD, PROVISIONAL, MEMORY, DEMONSTRATION)  # what a page marks
AUTHORITY = ("A", "B")  # trust of the sources that official rows may rest on


def weakest(statuses: Iterable[str]) -> str:
    """The weakest of *statuses*: what rests on several rows is as good as the worst of them.

    Without any row nothing was measured and nothing invented: ``official``.
    """
    return max(statuses, key=STATUSES.index, default=OFFICIAL)


def is_mixed(statuses: Iterable[str]) -> bool:
    """Whether data of several *statuses* stand side by side; rules do not count."""
    return len({status for status in statuses if status in OF_DATA}) > 1
