"""Table schemas, as ``data/datapackage.json`` declares them (Frictionless Table Schema)."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

from reportkit.display import Displayed
from reportkit.errors import DataError, nearest
from reportkit.manifest import hash_bytes

DESCRIPTOR = "datapackage.json"

# type in the schema → how it is written, and the same in words
_FORMS = {
    "integer": (r"-?[0-9]+", "a whole number"),
    "number": (r"-?[0-9]+(\.[0-9]+)?", "a number"),
    "year": (r"[0-9]{4}", "a year"),
    "boolean": (r"true|false", "true or false"),
    "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day such as 2024-01-31"),
    "datetime": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}", "a time such as 2024-01-31T08:00"),
}
_NUMERIC = {"integer", "number", "year"}
_CALENDAR = {"date", "datetime"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_FORMULA = re.compile(r"[=@]|[+-](?![0-9]+(\.[0-9]+)?$)")

# Columns that would be about one natural person, of whom nothing is ever told; compared without spaces and case.
_OF_PERSONS = {
    *("姓名", "当事人姓名", "法定代表人", "法人代表", "负责人姓名", "联系人", "身份证", "身份证号", "身份证号码"),
    *("手机号", "手机号码", "person", "person_name", "full_name", "legal_representative", "contact_person"),
    *("id_card", "id_number", "identity_number", "mobile"),
}

# The code of a finding and the details of its wording.
Problem = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Field(Displayed):
    """One column: its name, Frictionless type, unit (a spelling of ``reportkit.units``) and constraints."""

    name: str
    type: str
    title: Mapping[str, str]
    unit: str
    decimals: int | None
    constraints: Mapping[str, Any]


@dataclass(frozen=True)
class Table(Displayed):
    """One table: the files that hold it (relative to ``data/``), its columns and keys."""

    name: str
    paths: tuple[str, ...]
    title: Mapping[str, str]
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: Mapping[str, tuple[str, str]]  # column → (table, column)

    @functools.cached_property
    def sha256(self) -> str:
        """The hash of all of it, made once: it is compared with what it was for every report."""
        return hash_bytes(repr(self).encode())

    @functools.cached_property
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
        tables, outside = _described(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError("The tables are not described.", expected=DESCRIPTOR, where=str(data)) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{DESCRIPTOR} is not valid JSON: {error}", where=str(path)) from error
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"{DESCRIPTOR} does not describe tables: {error!r}", where=str(path)) from error
    if outside:
        raise DataError(f"{DESCRIPTOR} names a file outside its folder: '{outside[0]}'", where=str(path))
    return dict(tables)


@functools.lru_cache(maxsize=4)  # every report asks, and most for the same
def _described(descriptor: str) -> tuple[dict[str, Table], list[str]]:
    """The tables of a *descriptor* as it is written, by name, and those of their files that lie outside its folder."""
    tables = [_table(resource) for resource in json.loads(descriptor)["resources"]]
    outside = [path for table in tables for path in table.paths if not _is_inside(path)]
    return {table.name: table for table in tables}, outside


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


def _is_inside(path: str) -> bool:
    """Whether *path* leads to a file of ``data/``, as the data package's standard asks."""
    return not PurePosixPath(path).is_absolute() and ".." not in PurePosixPath(path).parts


def _only(names: str | list[str]) -> str:
    """The one column of a key; our foreign keys never span several."""
    if isinstance(names, str):
        return names
    (name,) = names
    return name


def is_of_persons(*names: str) -> bool:
    """Whether a column of one of these *names* would be about a natural person."""
    return any("".join(name.split()).casefold() in _OF_PERSONS for name in names)


# --- cells --------------------------------------------------------------------------------------------------


def cell_problem(field: Field, cell: str) -> Problem | None:
    """What *field* has against *cell*, the first thing only; None if nothing."""
    constraints = field.constraints
    if not cell:
        return ("required", {}) if constraints.get("required") else None
    if not has_type(field.type, cell):
        return "type", {"type": _FORMS[field.type][1]}
    known = [str(value) for value in constraints.get("enum", [cell])]
    if cell not in known:
        return "enum", {"known": ", ".join(known), "nearest": nearest(cell, known)}
    if not re.fullmatch(constraints.get("pattern", ".*"), cell, re.DOTALL):
        return "pattern", {"pattern": constraints["pattern"]}
    return _size_problem(field, cell) if field.type in _NUMERIC else _text_problem(cell)


def _text_problem(cell: str) -> Problem | None:
    """What must not stand in text, whatever its field: it would be another thing in a download."""
    if _CONTROL.search(cell):
        return "line-break", {}
    return ("formula", {}) if _FORMULA.match(cell) else None


def has_type(name: str, cell: str) -> bool:
    """Whether *cell* is written as the type called *name* is."""
    if name not in _FORMS:
        return True  # text
    if not re.fullmatch(_FORMS[name][0], cell):
        return False
    try:
        return name not in _CALENDAR or bool(datetime.fromisoformat(cell))
    except ValueError:
        return False


def _size_problem(field: Field, cell: str) -> Problem | None:
    number, constraints = Decimal(cell), field.constraints
    if "minimum" in constraints and number < Decimal(str(constraints["minimum"])):
        return "minimum", {"minimum": constraints["minimum"]}
    if "maximum" in constraints and number > Decimal(str(constraints["maximum"])):
        return "maximum", {"maximum": constraints["maximum"]}
    if field.decimals is not None and len(cell.partition(".")[2]) > field.decimals:
        return "decimals", {"decimals": field.decimals}
    return None
