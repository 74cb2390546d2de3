"""A YAML file that a person writes: its values, the line of each key, and an answer to each key that is wrong."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any

import yaml

from reportkit.errors import SettingsError, nearest


@dataclass(frozen=True)
class Group:
    """A group of keys that are known, each with the shape of its value; those in *optional* may be absent."""

    keys: Mapping[str, Shape]
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Named:
    """A group whose keys are the writer's own, each with a value of one shape."""

    each: Shape


@dataclass(frozen=True)
class Several:
    """A list of values of one shape."""

    each: Shape


# What a value has to be.
Shape = Group | Named | Several | type | UnionType
Lines = Mapping[str, int]


def read_yaml(path: Path, loader: type[yaml.SafeLoader | yaml.BaseLoader] = yaml.SafeLoader) -> tuple[Lines, Any]:
    """The line of each key of the file at *path*, by its dotted name, and the values of the file.

    The items of a list count as keys: ``unpivot[0].heading``. Raises SettingsError for what is not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path.name} could not be read: {error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path.name} is not text in UTF-8.", where=str(path), do="save it in UTF-8") from error
    try:
        return _parsed(text, loader)  # type: ignore[arg-type]  # a class can be hashed
    except yaml.YAMLError as error:
        raise SettingsError(f"{path.name} is not valid YAML: {error}", where=str(path)) from error


@functools.lru_cache(maxsize=8)  # every report opens its project; nobody writes into the values
def _parsed(text: str, loader: type[yaml.SafeLoader | yaml.BaseLoader]) -> tuple[Lines, Any]:
    """The line of each key in the YAML *text*, and its values."""
    return dict(key_lines(yaml.compose(text, Loader=loader))), yaml.load(text, Loader=loader)


def key_lines(node: yaml.Node | None, name: str = "") -> Iterator[tuple[str, int]]:
    """Every key below *node*, which is called *name*, as (dotted name, line in the file)."""
    if isinstance(node, yaml.MappingNode):
        parts = [(f"{name}.{key.value}" if name else key.value, key, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        parts = [(f"{name}[{place}]", item, item) for place, item in enumerate(node.value)]
    else:
        return
    for part, where, value in parts:
        yield part, where.start_mark.line + 1
        yield from key_lines(value, part)


def check_shape(path: Path, lines: Lines, name: str, value: Any, shape: Shape) -> None:
    """Refuse, with its line, a key that *shape* does not know, one that is missing, or a value of another type.

    *value* stands under the dotted *name*; the file as a whole has no name. Raises SettingsError.
    """
    if isinstance(shape, (Group, Named)):
        _check_type(path, lines, name, value, dict, "a group of keys")
        known = shape.keys if isinstance(shape, Group) else dict.fromkeys(value, shape.each)
        if isinstance(shape, Group):
            _check_group(path, lines, name, value, shape)
        for key in value:
            check_shape(path, lines, f"{name}.{key}" if name else key, value[key], known[key])
    elif isinstance(shape, Several):
        _check_type(path, lines, name, value, list, "a list")
        for place, item in enumerate(value):
            check_shape(path, lines, f"{name}[{place}]", item, shape.each)
    else:
        _check_type(path, lines, name, value, shape, getattr(shape, "__name__", str(shape)))


def unknown_key(path: Path, name: str, line: int, known: Iterable[str]) -> SettingsError:
    """The error about the key of that dotted *name* where only those in *known* may stand."""
    key = name.rpartition(".")[2]
    what = f"Unknown key '{name}' in {path.name}."
    return SettingsError(what, found=key, where=f"{path}, line {line}", do=nearest(key, known))


def _check_group(path: Path, lines: Lines, name: str, value: Mapping[str, Any], group: Group) -> None:
    for key in value:
        if key not in group.keys:
            full = f"{name}.{key}" if name else str(key)
            raise unknown_key(path, full, lines[full], group.keys)
    for key in group.keys:
        if key not in value and key not in group.optional:
            raise SettingsError(
                f"The key '{name}.{key}' is missing." if name else f"The key '{key}' is missing.",
                where=f"{path}, line {lines.get(name, 1)}",
                do=f"add '{key}:' below '{name.rpartition('.')[2]}:'" if name else f"add '{key}:'",
            )


def _check_type(path: Path, lines: Lines, name: str, value: Any, expected: type | UnionType, words: str) -> None:
    if isinstance(value, bool) or not isinstance(value, expected):
        raise SettingsError(
            f"The value of '{name}' has the wrong type." if name else f"{path.name} has no keys.",
            expected=words,
            found=repr(value),
            where=f"{path}, line {lines.get(name, 1)}",
            do='put text that looks like a number in quotes, as in area: "440100"',
        )
