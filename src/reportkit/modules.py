"""What a piece of Python rests on: modules of this package, read from their sources, and the libraries beneath."""

from __future__ import annotations

import ast
import functools
import importlib.metadata
from collections.abc import Iterable, Iterator
from pathlib import Path

from reportkit.manifest import hash_file, hash_value

PACKAGE = Path(__file__).parent
# Whose versions can change what a notebook computes or prints.
_LIBRARIES = ("altair", "Babel", "chinesecalendar", "ipykernel", "Jinja2", "nbclient", "numpy", "pandas", "papermill")


@functools.cache
def libraries() -> tuple[str, ...]:
    """The versions of the libraries beneath, as far as they decide what a report says."""
    return tuple(importlib.metadata.version(name) for name in _LIBRARIES)


@functools.cache
def package_sha256() -> str:
    """The hash of everything in this package: code, messages, templates."""
    files = sorted(path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return hash_value([[path.relative_to(PACKAGE).as_posix(), hash_file(path)] for path in files])


def sources(python: str) -> frozenset[Path]:
    """The files of this package that *python* needs; what it imports by a computed name is not seen."""
    return with_imports(_imported(python))


def with_imports(files: Iterable[Path]) -> frozenset[Path]:
    """*files* of this package and every file of it that they import, themselves or through others."""
    waiting, known = list(files), set[Path]()
    while waiting:
        file = waiting.pop()
        if file not in known:
            known.add(file)
            waiting += _imports_of(file)
    return frozenset(known)


@functools.cache
def _imports_of(file: Path) -> frozenset[Path]:
    return _imported(file.read_text(encoding="utf-8"))


def _imported(python: str) -> frozenset[Path]:
    """The files of the modules that *python* names, and of the packages they are in; none where it does not parse."""
    try:
        nodes = ast.walk(ast.parse(python))
    except SyntaxError:  # whoever runs it will say so
        return frozenset()
    names = {name for node in nodes for name in _names(node)}
    return frozenset(file for name in names for file in _files(name))


def _names(node: ast.AST) -> Iterator[str]:
    """What an import may mean: ``from a import b`` the module a, and b in it where it is a module too."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _files(name: str) -> Iterator[Path]:
    """The sources that importing the module *name* runs: none for what is no module of this package."""
    first, *rest = name.split(".")
    if first != PACKAGE.name:
        return
    for depth in range(len(rest) + 1):
        path = PACKAGE.joinpath(*rest[:depth])
        for file in (path / "__init__.py", path.with_suffix(".py")):
            if file.is_file():
                yield file
