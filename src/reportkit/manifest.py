"""Hashes: what a file, a value or a folder is, said in SHA-256."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reportkit.storage import write_whole

REGISTRY = "registry.txt"


def hash_bytes(content: bytes) -> str:
    """SHA-256 of *content*, in hex."""
    return hashlib.sha256(content).hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of the file at *path*, in hex."""
    return hash_bytes(path.read_bytes())


def hash_value(value: Any) -> str:
    """SHA-256 of a JSON-able *value*, whatever the order of its keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hash_bytes(text.encode())


def checksums(folder: Path, paths: Iterable[Path]) -> str:
    """The lines ``<sha256>  <path>`` for *paths* below *folder*, sorted by path, as ``sha256sum`` reads them."""
    return checksum_lines({path.relative_to(folder).as_posix(): hash_file(path) for path in paths})


def checksum_lines(digests: Mapping[str, str]) -> str:
    """The lines ``<sha256>  <path>`` of *digests* by path, sorted, as ``sha256sum`` reads them."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))


def write_registry(data: Path) -> Path:
    """Write ``data/registry.txt``: the checksum of every file below *data* that is :func:`registered`."""
    registry = data / REGISTRY
    write_whole(registry, checksums(data, registered(data)).encode())
    return registry


def registered(data: Path) -> list[Path]:
    """The files below *data* that its registry lists: tables and descriptors."""
    return [path for path in files_below(data) if path.suffix in {".csv", ".json"}]


def files_below(folder: Path) -> Iterator[Path]:
    """The files below *folder* that are not an editor's or the interpreter's own."""
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "__pycache__"]
        yield from (Path(root, name) for name in names if not name.startswith("."))


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write *content* to *path*, in one step, unless it holds just that already; say whether it was written."""
    if path.is_file() and path.read_bytes() == content:
        return False
    write_whole(path, content)
    return True
