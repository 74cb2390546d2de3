"""Whether anything has changed since the site was built, asked of the file system alone.

A build that went well leaves ``build/built.json``: every file it could depend on and every file of the site, each
with its size, time and SHA-256. Where sizes and times are as they were, nothing has to be read; where a time differs,
the content decides. Neither pandas nor Sphinx is imported for it, so that the answer comes at once.
"""

from __future__ import annotations

import json
import stat
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reportkit.manifest import files_below, hash_file, hash_value, write_if_changed
from reportkit.modules import PACKAGE
from reportkit.project import CONFIG, Project
from reportkit.standards import rules

_RECORD = "built.json"


class Snapshot:
    """Everything a build of *project* could depend on, as it is now: files, packages, the interpreter.

    It is taken before a build begins, so that what is saved meanwhile counts as changed afterwards.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        before = _recorded(project)
        self.site_before: Mapping[str, Any] = before.get("site", {})
        self.files = _files(_inputs(project), before.get("inputs", {}))
        self.environment = _environment()

    def keep(self, site: Path, told: Mapping[str, Any]) -> None:
        """Write down that *site* was built from this snapshot; *told* is what the build has to say of it."""
        record = {
            "inputs": self.files,
            "environment": self.environment,
            "site": _files(files_below(site), self.site_before),
            "told": told,
        }
        write_if_changed(self.project.build / _RECORD, json.dumps(record, ensure_ascii=False).encode())

    def told_before(self) -> dict[str, Any] | None:
        """What the last build said, if it was built from just this and its site is as it left it; else nothing."""
        before = _recorded(self.project)
        if not before or before["environment"] != self.environment:
            return None
        if _contents(before["inputs"]) != _contents(self.files):
            return None
        site = _files(files_below(self.project.build / "site"), before["site"])
        if _contents(before["site"]) != _contents(site):
            return None
        told: dict[str, Any] = before["told"]
        return told


def _recorded(project: Project) -> dict[str, Any]:
    """What the last good build wrote down; nothing where there was none, or where it cannot be read."""
    try:
        record: Any = json.loads((project.build / _RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    wanted = {"inputs", "environment", "site", "told"}
    return record if isinstance(record, dict) and record.keys() == wanted else {}


def _inputs(project: Project) -> Iterable[Path]:
    """Every file that a build of *project* could depend on."""
    for root in filter(None, (project.root, project.like)):
        yield root / CONFIG
        for name in ("data", "notebooks", "book"):
            yield from files_below(root / name)
    for folder in (PACKAGE, rules.folder()):
        yield from files_below(folder)


def _files(paths: Iterable[Path], known: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Size, time and hash of each of *paths*; the hash is taken from *known* where size and time are the same."""
    found: dict[str, list[Any]] = {}
    for path in paths:
        try:
            status, name = path.stat(), str(path)
        except FileNotFoundError:  # it went a moment ago
            continue
        if not stat.S_ISREG(status.st_mode):  # to read a pipe would be to wait
            continue
        seen = [status.st_size, status.st_mtime_ns]
        before = known.get(name)
        found[name] = [*seen, before[2] if before and before[:2] == seen else hash_file(path)]
    return found


def _contents(files: Mapping[str, Any]) -> dict[str, str]:
    return {name: entry[2] for name, entry in files.items()}


def _environment() -> str:
    """The hash of the interpreter's version and of the names of the installed packages, which hold their versions."""
    packages = Path(sysconfig.get_paths()["purelib"]).glob("*.dist-info")
    return hash_value([sys.version, sorted(path.name for path in packages)])
