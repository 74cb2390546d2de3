"""Table schemas, as ``data/datapackage.json`` declares them (Frictionless Table Schema)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportkit.errors import DataError, nearest

DESCRIPTOR = "datapackage.json"


@dataclass(frozen=True)
class Field:
    """One column: its name, Frictionless type, unit (a spelling of ``reportkit.units``) and constraints."""

    name: str
    type: str
    title: Mapping[str, str]
    unit: str
    decimals: int | None
    constraints: Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """One table: the files that hold it (relative to ``data/``), its columns and keys."""

    name: str
    paths: tuple[str, ...]
    title: Mapping[str, str]
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: Mapping[str, tuple[str, str]]  # column → (table, column)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field:
        """The column called *name*."""
        return next(field for field in self.fields if field.name == name)


def read_tables(data: Path) -> dict[str, Table]:
    """Every table that ``datapackage.json`` in *data* declares, by name."""
    path = data / DESCRIPTOR
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError("The tables are not described.", expected=DESCRIPTOR, where=str(data)) from None
    except ValueError as error:
        raise DataError(f"{DESCRIPTOR} is not valid JSON: {error}", where=str(path)) from error
    tables = [_table(resource) for resource in descriptor["resources"]]
    return {table.name: table for table in tables}


def find_table(tables: Mapping[str, Table], name: str) -> Table:
    """The table called *name*; raises DataError with the nearest known name."""
    if name not in tables:
        raise DataError(f"There is no table '{name}'.", where=DESCRIPTOR, do=nearest(name, tables))
    return tables[name]


def _table(resource: Mapping[str, Any]) -> Table:
    schema, path = resource["schema"], resource["path"]
    key = schema.get("primaryKey", [])
    return Table(
        name=resource.get("table", resource["name"]),
        paths=tuple([path] if isinstance(path, str) else path),
        title=_titles(resource),
        fields=tuple(_field(field) for field in schema["fields"]),
        primary_key=tuple([key] if isinstance(key, str) else key),
        foreign_keys={
            _only(foreign["fields"]): (
                foreign["reference"]["resource"],
                _only(foreign["reference"]["fields"]),
            )
            for foreign in schema.get("foreignKeys", [])
        },
    )


def _field(field: Mapping[str, Any]) -> Field:
    return Field(
        name=field["name"],
        type=field["type"],
        title=_titles(field),
        unit=field.get("unit", ""),
        decimals=field.get("decimals"),
        constraints=field.get("constraints", {}),
    )


def _titles(described: Mapping[str, Any]) -> dict[str, str]:
    title = described.get("title", described["name"])
    return {"zh": title, "en": described.get("title_en", title)}


def _only(names: str | list[str]) -> str:
    """The one column of a key; our foreign keys never span several."""
    if isinstance(names, str):
        return names
    (name,) = names
    return name
