"""The categories of hazardous waste of the national list: their names, by the data's date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reportkit.display import Displayed
from reportkit.standards.rules import in_force, table


@dataclass(frozen=True)
class Category(Displayed):
    """A category of hazardous waste, such as HW22, and its name in both languages."""

    code: str
    name_zh: str
    name_en: str


def categories(as_of: date) -> dict[str, Category]:
    """The categories by their codes, as far as they are held here, in the edition in force on the day *as_of*."""
    rows = in_force(table("waste_hazardous_codes"), as_of)
    return {row["code"]: Category(row["code"], row["name_zh"], row["name_en"]) for row in rows}
