"""The error tree. Every message says what was expected, what was found, where, and what to do::

ReportkitError
├── SettingsError      _config.yml, or the command line, asks for something impossible
├── DataError          a table in data/ is missing or does not fit its schema
├── StandardError      no rule is known for this question and date
├── TextError          a message, a placeholder or a language that is not in the catalogues
├── ImportFormatError  a file is not what its format says
├── RenderError        a chart could not be drawn
├── ReportError        a notebook could not be executed
├── WarmError          the process that notebooks are forked from did not start, or is gone
├── BusyError          another process is at work in the project
├── StorageError       the disk is full, or must not be written
├── PublishError       the site could not be put together; the last good site stands
└── QuartoError        Quarto is not installed, or could not make what it was asked for
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ReportkitError(Exception):
    """Base of all errors raised on purpose; the fields are optional and make up the message."""

    def __init__(
        self,
        what: str,
        *,
        expected: str | None = None,
        found: str | None = None,
        where: str | None = None,
        do: str | None = None,
    ) -> None:
        self.what, self.expected, self.found, self.where, self.do = what, expected, found, where, do
        super().__init__(str(self))

    def __str__(self) -> str:
        parts = [
            ("where", self.where),
            ("expected", self.expected),
            ("found", self.found),
            ("what to do", self.do),
        ]
        return "\n".join([self.what, *(f"  {label}: {text}" for label, text in parts if text)])


class SettingsError(ReportkitError, ValueError):
    """The settings file or the command line asks for something impossible."""


class DataError(ReportkitError, ValueError):
    """A table in ``data/`` is missing or does not fit its schema."""


class StandardError(ReportkitError, LookupError):
    """No rule is known for this question and this date."""


class TextError(ReportkitError, LookupError):
    """A message, a placeholder or a language is not in the catalogues."""


class ImportFormatError(ReportkitError, ValueError):
    """A file handed to an importer is not what its format says."""


class RenderError(ReportkitError, RuntimeError):
    """A chart could not be drawn."""


class ReportError(ReportkitError, RuntimeError):
    """A notebook could not be executed."""


class WarmError(ReportkitError, RuntimeError):
    """The process that notebooks are forked from did not start, or is gone."""


class BusyError(ReportkitError, RuntimeError):
    """Another process is at work in the project; two at once would write into each other's files."""


class StorageError(ReportkitError, OSError):
    """Something could not be written: the disk is full, or this user must not write there."""


class PublishError(ReportkitError, RuntimeError):
    """The site could not be put together; the last good site stands."""


class QuartoError(ReportkitError, RuntimeError):
    """Quarto is not installed, or could not make what it was asked for."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which of the *known* names was probably meant, in the one wording used everywhere."""
    known = sorted(map(str, known))
    close = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'?" if close else f"known names: {', '.join(known)}"
