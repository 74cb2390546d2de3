"""The categories of hazardous waste of the national list: their names, by the data's date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reportkit.display import Displayed
from reportkit.errors import StandardError, nearest
from reportkit.standards.rules import in_force, table


@dataclass(frozen=True)
class Category(Displayed):
    """A category of hazardous waste, such as HW22, and its name in both languages."""

    code: str
    name_zh: str
    name_en: str


def category(code: str, as_of: date) -> Category:
    """The category *code* of the edition in force on the day *as_of*.

    Raises StandardError for a code that this edition, as far as it is held here, does not have.
    """
    rows = {row["code"]: row for row in in_force(table("waste_hazardous_codes"), as_of)}
    if code not in rows:
        raise StandardError(f"no category of hazardous waste is called '{code}'", do=nearest(code, rows))
    return Category(code, rows[code]["name_zh"], rows[code]["name_en"])
