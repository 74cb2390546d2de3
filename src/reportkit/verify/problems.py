"""What is wrong with a site, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something in a site that does not follow from the rest of it.

    *check* names the kind: ``figure.value``, ``figure.printed``, ``figure.status``, ``reference``, ``page.figure``,
    ``table.days``, ``checksum`` …; *where* is a figure's id or a file of the site.
    """

    check: str
    where: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.check}: {self.where}\n  expected: {self.expected}\n  found: {self.found}"
