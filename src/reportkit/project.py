"""Where a project lies and what it is told to do: ``_config.yml``, read once, frozen, passed down.

``_config.yml`` is jupyter-book's settings file with one part of ours, ``reportkit:``. jupyter-book
accepts a misspelt key in silence, so every key in the file is checked here.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from reportkit.display import Displayed
from reportkit.errors import SettingsError, nearest
from reportkit.yaml_file import Group, check_shape, key_lines, read_yaml, unknown_key

CONFIG = "_config.yml"
LANGUAGES = ("zh", "en")
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}

# Our part of the settings: each key with what its value must be.
_BOTH = Group({"zh": str, "en": str})
_OURS = Group(
    {
        "area": str,
        "years": list,
        "languages": list,
        "site_title": _BOTH,
        "publisher": _BOTH,
        "base_url": str,
        "like": str,
        "notebook_timeout_seconds": int,
        "notebook_memory_mb": int,
    },
    optional=frozenset({"base_url", "like", "notebook_timeout_seconds", "notebook_memory_mb"}),
)

# Tables below data/ that a project may have from the one it is like.
_FOR_ANY_PLACE = ("catalogue.csv", "checks/", "standards/")

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
class Settings(Displayed):
    """The ``reportkit:`` part of ``_config.yml``; texts come as ``{"zh": …, "en": …}``."""

    area: str
    years: tuple[int, ...]
    languages: tuple[str, ...]
    site_title: Mapping[str, str]
    publisher: Mapping[str, str]
    base_url: str = ""
    like: str = ""
    notebook_timeout_seconds: int = 600
    notebook_memory_mb: int = 2048

    @property
    def address(self) -> str | None:
        """Where the site will stand, with a slash at the end; nothing where that is not known."""
        return f"{self.base_url.rstrip('/')}/" if self.base_url else None


@dataclass(frozen=True)
class Project(Displayed):
    """A project folder and its settings; knows the names of the folders in it and reads none of them.

    A project may be *like* another one: what holds for any place (notebooks, pages, table descriptions, catalogue,
    standards) is then the other's, except for files of its own; its tables without a file have no rows.
    """

    root: Path
    settings: Settings

    @property
    def like(self) -> Path | None:
        """The folder of the project that this one is like."""
        return (self.root / self.settings.like).resolve() if self.settings.like else None

    @property
    def data(self) -> Path:
        """What is published: tables, their schema, their sources."""
        return self.root / "data"

    @property
    def notebooks(self) -> Path:
        """One notebook a chapter; in folders called like them, those of years that are closed."""
        return self.file("notebooks")

    def notebook(self, name: str, year: int) -> Path:
        """The notebook *name* that the pages of a *year* are made with: that of the year itself, if it has one."""
        closed = self.notebooks / str(year) / f"{name}.ipynb"
        return closed if closed.is_file() else self.notebooks / f"{name}.ipynb"

    @property
    def book(self) -> Path:
        """The pages people write once."""
        return self.root / "book"

    @property
    def described(self) -> Path:
        """The folder of the description of the tables."""
        return self.file("data/datapackage.json").parent

    @property
    def data_folders(self) -> list[Path]:
        """Where its tables and their descriptions may lie: its own folder, and that of the project it is like."""
        return [self.data, *([self.like / "data"] if self.like else [])]

    @property
    def build(self) -> Path:
        """Everything generated."""
        return self.root / "build"

    def file(self, path: str) -> Path:
        """The file *path* of this project: its own, or else that of the project it is like."""
        own = self.root / path
        return self.like / path if self.like and not own.exists() else own

    def files(self, folder: str, pattern: str) -> dict[str, Path]:
        """The files in *folder* that fit *pattern*, by their path in it: its own and those it has from the other."""
        roots = [root for root in (self.like, self.root) if root]
        found = {
            path.relative_to(root / folder).as_posix(): path
            for root in roots
            for path in (root / folder).glob(pattern)
            if path.is_file()
        }
        return dict(sorted(found.items()))

    def table_file(self, path: str) -> Path | None:
        """The file *path* below ``data/``; none for a table that a project like another one has no rows of."""
        own = self.data / path
        if self.like is None or own.is_file():
            return own
        return self.file(f"data/{path}") if path.startswith(_FOR_ANY_PLACE) else None


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
    lines, values = read_yaml(path)
    if not isinstance(values, dict) or "reportkit" not in values:
        raise SettingsError(
            f"{path.name} has no part 'reportkit:'.",
            where=str(path),
            do="add it; docs/data-formats.md shows one",
        )
    _check_keys(path, lines)
    ours = values["reportkit"] or {}
    check_shape(path, lines, "reportkit", ours, _OURS)
    _check_choices(path, lines, ours)
    return Settings(**{**ours, "years": tuple(sorted(ours["years"])), "languages": tuple(ours["languages"])})


def _check_keys(path: Path, lines: Mapping[str, int]) -> None:
    """Refuse the first key that neither jupyter-book nor we know."""
    known = _known_keys()
    for name, line in lines.items():
        if name in known or "[" in name or any(name.startswith(f"{free}.") for free in _FREE_FORM):
            continue
        parent = name.rpartition(".")[0]
        siblings = [key.rpartition(".")[2] for key in known if key.rpartition(".")[0] == parent]
        raise unknown_key(path, name, line, siblings)


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
    ours = {name for key, shape in _OURS.keys.items() for name in _names(f"reportkit.{key}", shape)}
    names = {name for name, _ in key_lines(yaml.compose(defaults, Loader=yaml.SafeLoader))}
    return frozenset(names | {"reportkit"} | ours | {f"sphinx.config.{key}" for key in _SPHINX_CONFIG})


def _names(name: str, shape: object) -> list[str]:
    """The dotted names of a key called *name* and of the keys below it."""
    below = shape.keys if isinstance(shape, Group) else ()
    return [name, *(f"{name}.{key}" for key in below)]
