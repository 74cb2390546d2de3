"""Findings: problems in data as data. One list feeds the terminal, the tests and the pages.

Each kind of finding has a code; what was expected and what to do about it is worded once, here.
"""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from reportkit.display import Displayed

STOP, REVIEW, NOTE = "stop", "review", "note"
SHOWN = 20  # findings of one kind in one column that are listed; the rest is counted
SHOWN_CHARACTERS = 80  # of a cell, in a line for people

FIELDS = ("code", "severity", "file", "row", "column", "value", "expected", "do")

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
    "column-person": (
        STOP,
        "nothing about a natural person",
        "take the column out before the file goes on; what an office publishes of persons is counted here, not named",
    ),
    "column-many": (STOP, "the {width} columns of the schema", "look whether it is the right file, or turned about"),
    "column-doubled": (STOP, "each column once", "remove one of the two"),
    "column-order": (STOP, "the schema's order {columns}", "move the columns"),
    "cells": (STOP, "{width} cells, as in the heading", "look for a comma or quotation mark too many"),
    # the cells of a project
    "type": (STOP, "{type}", "correct the cell"),
    "required": (STOP, "a value", "fill the cell in, or remove the row"),
    "enum": (STOP, "one of {known}", "{nearest}"),
    "pattern": (STOP, "text of the form {pattern}", "correct the cell"),
    "line-break": (STOP, "text in one line, without control characters", "take out the line break or the character"),
    "formula": (
        STOP,
        "text that no spreadsheet takes for a formula",
        "write it without =, +, -, @ at its beginning; tables are published as they are",
    ),
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
    # what cannot be true, whatever the schema says
    "sum-differs": (
        REVIEW,
        "{computed}, the sum of its {parts} parts",
        "look in the source which is right; write a known reason into known_differences.csv",
    ),
    "balance-differs": (
        REVIEW,
        "{computed}, what is left of {inflow} after {others}",
        "look in the source which is right; write a known reason into known_differences.csv",
    ),
    "published-differs": (
        REVIEW,
        "{computed}, as {how} gives",
        "look in the source which is right; write a known reason into known_differences.csv",
    ),
    "fact-contradicted": (
        REVIEW,
        "a value that goes with {other} in row {first}",
        "look which source is right, and correct the other or take it out",
    ),
    "fact-repeated": (NOTE, "each fact once; row {first} has it too", "remove one of the two rows"),
    "jump": (
        REVIEW,
        "less than {step} away from, or less than {factor} times, the '{before}' of {time}",
        "ask the station whether both readings are valid",
    ),
    "stuck": (
        REVIEW,
        "readings that change; this one stands {times} times, until {last}, and {least} are suspect",
        "ask the station whether the instrument stood still; blank readings that are not valid",
    ),
    "coverage-low": (
        NOTE,
        "at least {minimum} days with a value that counts, {monthly} in month {month}",
        "nothing, if the days are lost; a verdict on that year says that the data do not suffice",
    ),
    "unit-suspect": (STOP, "at most {most} {unit}", "divide by 1000 if it is in µg/m³, and correct the unit"),
    "name-old": (REVIEW, "a name that one of our areas has today{meant}", "write today's name, or take the row out"),
    "name-person": (
        STOP,
        "the registered name of an enterprise or institution, in full",
        "write it as it is registered; if it is a person, take the row out and count it with others",
    ),
    "part-above-whole": (REVIEW, "at most {whole}, the {larger} that it is a part of", "ask which of the two is wrong"),
    "count-small": (
        STOP,
        "no count from 1 to {most}: so few can be recognised",
        "leave the cell empty, and others of its row and column so that totals do not tell it; see suppression.py",
    ),
    "source-missing": (STOP, "a source of sources.csv", "name where the row was read, or remove it"),
    # notebooks; a row is a cell
    "notebook-unreadable": (STOP, "a notebook", "open it in JupyterLab and save it, or bring it back from before"),
    "notebook-logic": (
        REVIEW,
        "a cell that opens the chapter, or calls one block of it",
        "move what it does into src/reportkit/chapters/{chapter}.py",
    ),
    "notebook-pandas": (
        REVIEW,
        "imports of reportkit alone",
        "compute in src/reportkit/chapters/{chapter}.py, where a test can reach it",
    ),
    "notebook-path": (REVIEW, "no paths", "read rows by the chapter's reader, which remembers what was read"),
    "notebook-place": (REVIEW, "text for any place", "write {{{{ district_name }}}}, or ask the chapter"),
    "notebook-year": (REVIEW, "text for any year", "write {{{{ year }}}}, or ask the chapter"),
    "notebook-picture": (REVIEW, "a picture with words for those who do not see it", "write them: ![what it shows](…)"),
    "notebook-output": (REVIEW, "a notebook without outputs", "run nbstripout on it, or install the pre-commit hooks"),
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
    "import-workbook": (STOP, "an XLSX workbook", "open it, and save it anew as XLSX or CSV"),
    "import-sheet": (STOP, "a sheet of the workbook", "name it in the mapping; {nearest}"),
    "import-columns": (STOP, "{columns}", "name them in row 1; nothing of the file was imported"),
    "import-cells": (
        REVIEW,
        "{width} cells, as in the heading",
        "look for a comma or quotation mark too many",
    ),
    "import-long": (REVIEW, "a cell of at most {longest} characters", "look what it holds, and import again"),
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
    "import-aqi": (REVIEW, "{computed}, from the concentrations", "nothing; the row was kept as it is"),
    "import-measured": (REVIEW, "a number, -- or *", "correct it, and import again"),
    "import-class": (REVIEW, "a class such as Ⅲ or 劣Ⅴ, -- or *", "correct it, and import again"),
    "import-water-class": (REVIEW, "{computed}, from the items", "ask why; the row was kept as it is"),
    "import-water-class-rounded": (
        NOTE,
        "{computed}, from the items as printed",
        "nothing: one of them is at a limit and was judged before it was rounded; the row was kept",
    ),
    "import-water-class-lake": (
        REVIEW,
        "{computed}, from the items by the limits of rivers",
        "see whether the section lies in a lake, whose limits give the printed class; the row was kept",
    ),
    "import-level": (REVIEW, "'{level}', for an AQI of {aqi}", "nothing; the row was kept as it is"),
    "import-type": (REVIEW, "one of {types}", "correct it, and import again; {nearest}"),
    "import-stations-unknown": (
        REVIEW,
        "a column with the code of a station in stations.csv",
        "write the stations there, or import an hourly file of them first",
    ),
    "import-station-twice": (REVIEW, "a name of one station, not of {stations}", "write its code instead"),
    "import-cell": (REVIEW, "{wanted}", "correct the cell or the mapping, and import again"),
    "import-unknown": (REVIEW, "a name the mapping finds in {table}", "write it there or under 'also:'; {nearest}"),
    "import-reference": (REVIEW, "a {key} of table '{table}'", "add it there first; {nearest}"),
    "import-no-figure": (REVIEW, "a figure in one of the columns {columns}", "fill it in, or skip the row"),
    "import-heading-absent": (
        REVIEW,
        "a column '{column}'",
        "correct the heading; there is nothing for {indicator}",
    ),
    "import-skipped": (NOTE, "rows of data", "see that the rule under 'skip:' is right; they were not read"),
    "import-time-from-name": (NOTE, "a column timepoint", "see that {time}, from the file's name, is right"),
    "import-station-new": (NOTE, "a station that is known", "complete its row: names, dates, control point"),
    "import-station-district": (REVIEW, "a district", "write its code; now it is the city's, {area}"),
}


@dataclass(frozen=True)
class Finding(Displayed):
    """One problem: its code and severity, where it is, what was found and expected, what to do about it.

    *file* is the path in the project, or of an imported file as it was named. *row* counts as a spreadsheet
    does, the heading is row 1; it is None where no one row is to blame. *value* is the cell as it stands,
    empty where there is nothing.

    What follows is for pages, which say it in words of their own: the *details* of the wording, the *key*
    (``station_id=…;date=…``), *status* and *year* of the row, the reason in each language where it is *known*, and
    for how many findings this one stands.
    """

    code: str
    severity: str
    file: str
    row: int | None
    column: str
    value: str
    expected: str
    do: str
    details: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    key: str = field(default="", repr=False, compare=False)
    status: str = field(default="", repr=False, compare=False)
    year: int | None = field(default=None, repr=False, compare=False)
    known: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    count: int = field(default=1, repr=False, compare=False)

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
        """The fields by name, ready for JSON, without those that are for pages."""
        return {name: getattr(self, name) for name in FIELDS}


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
    written = {name: str(detail) for name, detail in details.items()}
    return Finding(code, severity, str(file), row, column, value, expected, do, written)


def codes() -> dict[str, str]:
    """Every code a finding can have, and its severity."""
    return {code: severity for code, (severity, _, _) in _KINDS.items()}


def shortened(findings: Iterable[Finding]) -> list[Finding]:
    """*findings*, but of one code in one file, column and year only the first 20, and one that counts the rest."""
    listed: dict[tuple[str, str, str, str, int | None], list[Finding]] = defaultdict(list)
    unlisted: Counter[tuple[str, str, str, str, int | None]] = Counter()
    for found in findings:
        kind = (found.code, found.severity, found.file, found.column, found.year)
        if len(listed[kind]) < SHOWN and found.count == 1:
            listed[kind].append(found)
        else:
            unlisted[kind] += found.count
    for kind, more in unlisted.items():
        counted = replace(
            listed[kind][0], row=None, value=f"{more} more", expected="none", do=_LOOK, key="", known={}, count=more
        )
        listed[kind].append(counted)
    return [found for group in listed.values() for found in group]


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """*findings* as one reads them beside the file: by file and row, those of no one row last."""
    return sorted(findings, key=lambda it: (it.file, it.row is None, it.row or 0, it.column, it.code))


def stops(findings: Iterable[Finding]) -> bool:
    """Whether any of *findings* forbids to go on."""
    return any(found.severity == STOP for found in findings)
