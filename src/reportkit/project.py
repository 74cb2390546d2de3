"""Where a project lies and what it is told to do: ``_config.yml``, read once, frozen, passed down.

``_config.yml`` is jupyter-book's settings file with one part of ours, ``reportkit:``. jupyter-book
accepts a misspelt key in silence, so every key in the file is checked here.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from reportkit.errors import SettingsError, nearest

CONFIG = "_config.yml"
LANGUAGES = ("zh", "en")
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}

# Our part of the settings: each key with the type its value must have.
_OURS: dict[str, Any] = {
    "area": str,
    "years": list,
    "languages": list,
    "site_title": {"zh": str, "en": str},
    "publisher": {"zh": str, "en": str},
    "base_url": str,
    "notebook_timeout_seconds": int,
}

# `sphinx.config` is handed to Sphinx as it is; these are the keys a book here has use for.
_SPHINX_CONFIG = (
    "extensions",
    "html_theme",
    "language",
    "linkcheck_ignore",
    "myst_enable_extensions",
    "myst_heading_anchors",
    "nb_execution_mode",
    "suppress_warnings",
    "templates_path",
)

# Parts of jupyter-book's settings whose keys are the user's own.
_FREE_FORM = {"parse.myst_substitutions", "parse.myst_url_schemes", "sphinx.local_extensions"}


@dataclass(frozen=True)
class Settings:
    """The ``reportkit:`` part of ``_config.yml``; texts come as ``{"zh": …, "en": …}``."""

    area: str
    years: tuple[int, ...]
    languages: tuple[str, ...]
    site_title: Mapping[str, str]
    publisher: Mapping[str, str]
    base_url: str = ""
    notebook_timeout_seconds: int = 600


@dataclass(frozen=True)
class Project:
    """A project folder and its settings; knows the names of the folders in it and reads none of them."""

    root: Path
    settings: Settings

    @property
    def data(self) -> Path:
        """What is published: tables, their schema, their sources."""
        return self.root / "data"

    @property
    def notebooks(self) -> Path:
        """One notebook a chapter."""
        return self.root / "notebooks"

    @property
    def book(self) -> Path:
        """The pages people write once."""
        return self.root / "book"

    @property
    def build(self) -> Path:
        """Everything generated."""
        return self.root / "build"


def open_project(folder: Path | str | None = None) -> Project:
    """The project in *folder*; without one, in the working directory or the nearest folder above it.

    Raises SettingsError where there is no ``_config.yml`` or where it does not check.
    """
    start = Path(folder or ".").resolve()
    candidates = [start] if folder else [start, *start.parents]
    for root in candidates:
        if (root / CONFIG).is_file():
            return Project(root, read_settings(root / CONFIG))
    raise SettingsError(
        "There is no project here.",
        expected=f"a file {CONFIG}",
        where=str(start),
        do="change into the project's folder, or name it with --project",
    )


def read_settings(path: Path) -> Settings:
    """The checked settings of the file at *path*; raises SettingsError with line and nearest known key."""
    try:
        text = path.read_text(encoding="utf-8")
        document = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"{path.name} is not valid YAML: {error}", where=str(path)) from error
    if not isinstance(document, yaml.MappingNode) or "reportkit" not in values:
        raise SettingsError(
            f"{path.name} has no part 'reportkit:'.",
            where=str(path),
            do="add it; docs/data-formats.md shows one",
        )
    lines = dict(_keys(document))
    _check_keys(path, lines)
    ours = values["reportkit"] or {}
    _check_types(path, lines, "reportkit", ours, _OURS)
    _check_choices(path, lines, ours)
    return Settings(
        area=ours["area"],
        years=tuple(sorted(ours["years"])),
        languages=tuple(ours["languages"]),
        site_title=ours["site_title"],
        publisher=ours["publisher"],
        base_url=ours.get("base_url", ""),
        notebook_timeout_seconds=ours.get("notebook_timeout_seconds", 600),
    )


def _keys(node: yaml.MappingNode, prefix: str = "") -> Iterator[tuple[str, int]]:
    """Every key below *node* as (dotted name, line in the file)."""
    for key, value in node.value:
        name = f"{prefix}{key.value}"
        yield name, key.start_mark.line + 1
        if isinstance(value, yaml.MappingNode):
            yield from _keys(value, f"{name}.")


def _check_keys(path: Path, lines: Mapping[str, int]) -> None:
    """Refuse the first key that neither jupyter-book nor we know."""
    known = _known_keys()
    for name, line in lines.items():
        if name in known or any(name.startswith(f"{free}.") for free in _FREE_FORM):
            continue
        parent = name.rpartition(".")[0]
        siblings = [key.rpartition(".")[2] for key in known if key.rpartition(".")[0] == parent]
        raise SettingsError(
            f"Unknown key '{name}' in {path.name}.",
            found=name.rpartition(".")[2],
            where=f"{path}, line {line}",
            do=nearest(name.rpartition(".")[2], siblings),
        )


def _check_types(path: Path, lines: Mapping[str, int], name: str, value: Any, expected: Any) -> None:
    """Refuse a missing key of ours, or one whose value has another type than *expected*."""
    if isinstance(expected, dict) and isinstance(value, dict):
        optional = {"base_url", "notebook_timeout_seconds"}
        for key in expected.keys() - value.keys() - optional:
            raise SettingsError(
                f"The key '{name}.{key}' is missing.",
                where=f"{path}, line {lines[name]}",
                do=f"add '{key}:' below '{name.rpartition('.')[2]}:'",
            )
        for key in value:
            _check_types(path, lines, f"{name}.{key}", value[key], expected[key])
    elif isinstance(expected, dict) or not isinstance(value, expected) or isinstance(value, bool):
        wanted = "a group of keys" if isinstance(expected, dict) else expected.__name__
        raise SettingsError(
            f"The value of '{name}' has the wrong type.",
            expected=wanted,
            found=repr(value),
            where=f"{path}, line {lines[name]}",
            do='put text that looks like a number in quotes, as in area: "440100"',
        )


def _check_choices(path: Path, lines: Mapping[str, int], ours: Mapping[str, Any]) -> None:
    """Refuse languages we have no catalogue for, and years that are not years."""
    for language in ours["languages"]:
        if language not in LANGUAGES:
            raise SettingsError(
                f"Unknown language {language!r}.",
                where=f"{path}, line {lines['reportkit.languages']}",
                do=nearest(language, LANGUAGES),
            )
    for year in ours["years"]:
        if not isinstance(year, int) or not 1990 <= year <= 2100:
            raise SettingsError(
                f"{year!r} is not a year.",
                expected="whole numbers such as 2024",
                where=f"{path}, line {lines['reportkit.years']}",
            )
    for key in ("years", "languages"):
        if len(set(ours[key])) < len(ours[key]):
            raise SettingsError(
                f"The list '{key}' names something twice.",
                found=str(ours[key]),
                where=f"{path}, line {lines[f'reportkit.{key}']}",
            )
    if not ours["years"] or not ours["languages"]:
        raise SettingsError(
            "A site needs at least one year and one language.", where=f"{path}, line {lines['reportkit']}"
        )


@functools.cache
def _known_keys() -> frozenset[str]:
    """Dotted names of every key jupyter-book documents in its own default settings, and of ours."""
    spec = importlib.util.find_spec("jupyter_book")
    assert spec is not None
    assert spec.origin is not None
    defaults = Path(spec.origin).with_name("default_config.yml").read_text(encoding="utf-8")
    tree = yaml.compose(defaults, Loader=yaml.SafeLoader)
    assert isinstance(tree, yaml.MappingNode)
    ours = yaml.compose(yaml.safe_dump({"reportkit": _named(_OURS)}), Loader=yaml.SafeLoader)
    assert isinstance(ours, yaml.MappingNode)
    names = {name for name, _ in _keys(tree)} | {name for name, _ in _keys(ours)}
    return frozenset(names | {f"sphinx.config.{key}" for key in _SPHINX_CONFIG})


def _named(tree: Any) -> Any:
    """*tree* with the types at its ends replaced by nothing, so that only its keys are left."""
    return {key: _named(value) for key, value in tree.items()} if isinstance(tree, dict) else None
