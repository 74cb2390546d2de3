"""What is wrong with a site, as data."""

from __future__ import annotations

from dataclasses import dataclass

from reportkit.display import Displayed


@dataclass(frozen=True)
class Problem(Displayed):
    """Something in a site that does not follow from the rest of it.

    *check* names the kind: ``figure.value``, ``figure.printed``, ``figure.status``, ``reference``, ``page.figure``,
    ``table.days``, ``checksum``, ``damaged`` …; *where* is a figure's id, a file of the site, or what was looked at.
    """

    check: str
    where: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.check}: {self.where}\n  expected: {self.expected}\n  found: {self.found}"
