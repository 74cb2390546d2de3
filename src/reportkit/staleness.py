"""Which reports are stale: what each was made from is kept beside it, and compared with what is there now."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

from reportkit import modules, render, text
from reportkit.chapters import discover
from reportkit.errors import ReportkitError
from reportkit.load import Reader, hash_rows, state_of
from reportkit.manifest import hash_file, hash_value, write_if_changed
from reportkit.project import Project
from reportkit.reports import Made, Report
from reportkit.standards import rules
from reportkit.storage import keep, kept

NOTEBOOK = "notebook"  # among the inputs of a report
_SELECTIONS = "state and hash of the rows of each selection"


class Manifest:
    """What each report was made from; a report is stale when any of it has changed, and not otherwise.

    Code, notebooks, rules and messages are looked at when it is made, tables by :meth:`freeze`: what is saved after
    that makes reports stale for the next run instead of passing for what they were made from.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._reader = Reader(project)
        self._files: dict[Path, str] = {}
        self._selections: dict[str, tuple[str, str]] = kept(self._kept("selections"), _SELECTIONS) or {}
        self._states = {name: self._reader.state_of_table(name) for name in self._reader.tables}
        self._rules = rules.folder()
        templates = sorted((modules.PACKAGE / "templates").glob("blocks*"))
        for path in [*modules.PACKAGE.rglob("*.py"), *project.notebooks.rglob("*.ipynb"), *self._rules.glob("*.csv")]:
            self._file_hash(path)
        for language in project.settings.languages:
            for domain in text.domains():
                text.catalogue(domain, language)
        self._same_for_all = {
            "templates": hash_value([self._file_hash(path) for path in templates]),
            "settings": hash_value([project.settings.area, project.settings.languages]),
            "libraries": hash_value(modules.libraries()),
            "font": render.facts()["font_sha256"],
        }
        self._chapters = {asked: hash_value(list(discover()) if asked else []) for asked in (True, False)}
        package = sorted(modules.PACKAGE.rglob("*.py"))
        self._package = hash_value(
            [[path.relative_to(modules.PACKAGE).as_posix(), self._file_hash(path)] for path in package]
        )
        self._codes: dict[tuple[str, bool], str] = kept(self._kept("codes"), self._package) or {}

    def _kept(self, what: str) -> Path:
        return self.project.build / "cache" / f"{what}.pickle"

    def freeze(self) -> None:
        """Look at every table as it is now."""
        for table in self._reader.tables:
            with contextlib.suppress(ReportkitError):  # a report that needs the table will say what is wrong with it
                self._reader.raw(table)

    def keep_hashes(self) -> None:
        """Keep the hashes of rows and of code, for runs to come while tables and code are the same."""
        keep(self._kept("selections"), _SELECTIONS, self._selections)
        keep(self._kept("codes"), self._package, self._codes)

    def changed(self, report: Report) -> set[str]:
        """Which of its inputs have changed since *report* was executed; all, where it is not known what they were."""
        target = report.path(self.project)
        try:
            entry = json.loads(self._place(report).read_text(encoding="utf-8"))
            if entry["state"] == [*state_of(target)] or hash_file(target) == entry["output"]:
                inputs = self.inputs(report, entry["used"])
                return {name for name in inputs if inputs[name] != entry["inputs"][name]}
        # There is no entry or no notebook, what it used is gone, or the entry is not what an entry is.
        except (OSError, ReportkitError, LookupError, ValueError, TypeError, AttributeError):
            pass
        return {"all"}

    def record(self, report: Report, made: Made) -> None:
        """Keep what *report*, just executed, was made from."""
        entry = {
            "used": made.used,
            "inputs": self.inputs(report, made.used),
            "output": made.output,
            "state": state_of(report.path(self.project)),
        }
        content = json.dumps(entry, ensure_ascii=False, indent=1, sort_keys=True)
        write_if_changed(self._place(report), content.encode())

    def forget(self, report: Report) -> None:
        """Take *report* out: it has to be executed again."""
        self._place(report).unlink(missing_ok=True)

    def inputs(self, report: Report, used: Mapping[str, Any]) -> dict[str, str]:
        """The hash of each thing *report* depends on, given what it *used*."""
        return {
            **self._same_for_all,
            NOTEBOOK: self._file_hash(report.source(self.project)),
            "code": self._code_hash(report.source(self.project), bool(used["chapters"])),
            # A report that asked which chapters there are changes with the next one.
            "chapters": self._chapters[bool(used["chapters"])],
            "rows": hash_value([self._rows_hash(s["table"], s["where"]) for s in used["selections"]]),
            "standards": hash_value([self._file_hash(self._rules / f"{name}.csv") for name in used["standards"]]),
            "messages": hash_value([_message(key, language) for key, language in used["messages"]]),
        }

    def _code_hash(self, notebook: Path, asked_for_chapters: bool) -> str:
        """The hash of the sources that a *notebook* imports; of every chapter's too if it asked which there are."""
        code = _code_of(notebook)
        key = hash_value(code), asked_for_chapters
        if key not in self._codes:
            files = modules.sources(code)
            if asked_for_chapters:
                files |= modules.with_imports((modules.PACKAGE / "chapters").glob("*.py"))
            self._codes[key] = hash_value([self._file_hash(path) for path in sorted(files)])
        return self._codes[key]

    def _file_hash(self, path: Path) -> str:
        """The hash of a file when it was first asked about; empty where there was none."""
        if path not in self._files:
            self._files[path] = hash_file(path) if path.is_file() else ""
        return self._files[path]

    def _rows_hash(self, table: str, where: Mapping[str, Any]) -> str:
        """The hash of the rows of a selection as they are now, and of their schema."""
        name, state = f"{table} {sorted(where.items())}", self._states.get(table, "")
        if name not in self._selections or self._selections[name][0] != state:
            described = self._reader.tables.get(table)
            rows = hash_rows(self._reader.select(table, where)) if described else ""
            self._selections[name] = state, hash_value([described.sha256 if described else "", rows])
        return self._selections[name][1]

    def _place(self, report: Report) -> Path:
        """Where the entry of *report* is kept: beside its notebook."""
        return report.path(self.project).with_suffix(".json")


@functools.cache
def _code_of(notebook: Path) -> str:
    """The code cells of a notebook as Python, one after the other; what only IPython knows is written out."""
    cells = nbformat.read(notebook, as_version=4).cells
    as_python = TransformerManager().transform_cell  # type: ignore[no-untyped-call]
    return "\n".join(as_python(cell.source) for cell in cells if cell.cell_type == "code")


def _message(key: str, language: str) -> str | None:
    """A message as it is now; nothing where it is gone."""
    return text.catalogue(key.partition(".")[0], language).get(key)
