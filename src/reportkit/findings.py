"""Findings: problems in data as data. One list feeds the terminal, the tests and the pages.

Each kind of finding has a code; what was expected and what to do about it is worded once, here.
"""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath

STOP, REVIEW, NOTE = "stop", "review", "note"
SHOWN = 20  # findings of one kind in one column that are listed; the rest is counted
SHOWN_CHARACTERS = 80  # of a cell, in a line for people

_LOOK = f"only {SHOWN} of a kind are listed, look for the others in the file"
_UPDATE = "run 'reportkit check --update-registry'"

# code → severity, what was expected, what to do; the one who finds fills in the names in braces
_KINDS: dict[str, tuple[str, str, str]] = {
    # the files of a project
    "descriptor": (STOP, "a description of every table", "mend data/datapackage.json: {why}"),
    "file-missing": (STOP, "a file, as data/datapackage.json says", "put it there, or out of the descriptor"),
    "file-empty": (STOP, "a heading in the first row", "write the heading {columns}"),
    "file-encoding": (STOP, "text in {encodings}", "save the file as CSV in UTF-8"),
    "file-unreadable": (STOP, "comma-separated values", "look for a quotation mark that is not closed"),
    "file-undescribed": (REVIEW, "a table of data/datapackage.json", "describe it, or move it out of data/"),
    "column-missing": (STOP, "a column '{column}'", "add it{nearest}"),
    "column-unknown": (STOP, "a column of the schema", "rename or remove it; {nearest}"),
    "column-doubled": (STOP, "each column once", "remove one of the two"),
    "column-order": (STOP, "the schema's order {columns}", "move the columns"),
    "cells": (STOP, "{width} cells, as in the heading", "look for a comma or quotation mark too many"),
    # the cells of a project
    "type": (STOP, "{type}", "correct the cell"),
    "required": (STOP, "a value", "fill the cell in, or remove the row"),
    "enum": (STOP, "one of {known}", "{nearest}"),
    "pattern": (STOP, "text of the form {pattern}", "correct the cell"),
    "minimum": (STOP, "at least {minimum}", "correct the cell"),
    "maximum": (STOP, "at most {maximum}", "correct the cell"),
    "decimals": (STOP, "at most {decimals} decimals", "check the unit, or round as the standard says"),
    "unique": (STOP, "each value once; row {first} has it too", "correct or remove one of the two rows"),
    "key-doubled": (STOP, "each key once; row {first} has it too", "correct or remove one of the two rows"),
    "reference-unknown": (STOP, "a {key} of table '{table}'", "add it there, or correct the cell{nearest}"),
    "date-future": (
        REVIEW,
        "nothing after {year}, the newest year set",
        "correct it, or add its year to _config.yml",
    ),
    "correction": (STOP, "one row with this key and value before", "correct this row"),
    # sources and what rests on them
    "source-unused": (NOTE, "rows that rest on this source", "remove it, or name it where it was used"),
    "status-demonstration": (
        STOP,
        "'demonstration' where the source has trust 'demo' and nowhere else; here it has '{trust}'",
        "correct the status or the source",
    ),
    "status-official": (
        STOP,
        "'official' where the source has trust A or B; here it has '{trust}'",
        "make the row provisional, or name the authority's own publication",
    ),
    "source-doubtful": (NOTE, "a source that was checked; this one has trust D", "look for the original"),
    # checksums
    "registry-missing": (NOTE, "a list of checksums", _UPDATE),
    "registry-unlisted": (NOTE, "a line in registry.txt", _UPDATE),
    "registry-gone": (REVIEW, "the file that registry.txt lists", f"bring it back, or {_UPDATE}"),
    "registry-differs": (REVIEW, "the content that registry.txt lists", f"look what changed, then {_UPDATE}"),
    # files that are imported: where a row does not fit, it is set aside
    "import-columns": (STOP, "{columns}", "name them in row 1; nothing of the file was imported"),
    "import-cells": (
        REVIEW,
        "{width} cells, as in the heading",
        "look for a comma or quotation mark too many",
    ),
    "import-required": (REVIEW, "a value", "fill it in, and import again"),
    "import-time": (REVIEW, "{form}", "correct it, and import again"),
    "import-number": (
        REVIEW,
        "a number, 0 or more, with {decimals} decimals",
        "correct it, and import again",
    ),
    "import-unit": (REVIEW, "less than 100 mg/m³", "divide by 1000 if it is in µg/m³, and import again"),
    "import-contradiction": (REVIEW, "'{before}', as in the row that came first", "find out which is right"),
    "import-zero": (REVIEW, "a mean above 0", "ask whether 0 stands for a missing value; the row was kept"),
    "import-aqi": (REVIEW, "{computed}, from the six concentrations", "nothing; the row was kept as it is"),
    "import-time-from-name": (NOTE, "a column timepoint", "see that {time}, from the file's name, is right"),
    "import-station-new": (NOTE, "a station that is known", "complete its row: names, dates, control point"),
    "import-station-district": (REVIEW, "a district", "write its code; now it is the city's, {area}"),
}


@dataclass(frozen=True)
class Finding:
    """One problem: its code and severity, where it is, what was found and expected, what to do about it.

    *file* is the path in the project, or of an imported file as it was named. *row* counts as a spreadsheet
    does, the heading is row 1; it is None where no one row is to blame. *value* is the cell as it stands,
    empty where there is nothing.
    """

    code: str
    severity: str
    file: str
    row: int | None
    column: str
    value: str
    expected: str
    do: str

    @property
    def what(self) -> str:
        """What was found and expected and what to do, without where."""
        found = repr(textwrap.shorten(self.value, SHOWN_CHARACTERS)) if self.value else "nothing"
        return f"found {found}, expected {self.expected}; {self.do}"

    def __str__(self) -> str:
        row = f"row {self.row}" if self.row else ""
        column = f"column {self.column}" if self.column else ""
        return f"{', '.join(part for part in (self.file, row, column) if part)}: {self.what}"

    def as_json(self) -> dict[str, str | int | None]:
        """The fields by name, ready for JSON."""
        return asdict(self)


def finding(
    code: str,
    file: PurePath | str,
    *,
    row: int | None = None,
    column: str = "",
    value: str = "",
    **details: object,
) -> Finding:
    """The finding of that *code*, worded from the one table; *details* fill the names in its wording."""
    severity, expected, do = _KINDS[code]
    expected, do = (words.format(column=column, **details) for words in (expected, do))
    return Finding(code, severity, str(file), row, column, value, expected, do)


def shortened(findings: Iterable[Finding]) -> list[Finding]:
    """*findings*, but of one code in one file and column only the first 20, and one that counts the rest."""
    listed: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    unlisted: Counter[tuple[str, str, str]] = Counter()
    for found in findings:
        kind = (found.code, found.file, found.column)
        if len(listed[kind]) < SHOWN:
            listed[kind].append(found)
        else:
            unlisted[kind] += 1
    for kind, more in unlisted.items():
        counted = replace(listed[kind][0], row=None, value=f"{more} more", expected="none", do=_LOOK)
        listed[kind].append(counted)
    return [found for group in listed.values() for found in group]


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """*findings* as one reads them beside the file: by file and row, those of no one row last."""
    return sorted(findings, key=lambda it: (it.file, it.row is None, it.row or 0, it.column, it.code))


def stops(findings: Iterable[Finding]) -> bool:
    """Whether any of *findings* forbids to go on."""
    return any(found.severity == STOP for found in findings)
