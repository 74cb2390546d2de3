"""Sources and what rests on them, corrections, checksums, and files that nothing describes."""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from reportkit.findings import Finding, finding
from reportkit.manifest import REGISTRY, hash_file, registered
from reportkit.schema import Table
from reportkit.status import AUTHORITY, DEMONSTRATION, OFFICIAL
from reportkit.validate.rows import Cells, Read, Rows
from reportkit.validate.schema import problem

DOUBTFUL = "D"
INVENTED = "demo"


def trust(rows: Rows, read: Read) -> Iterator[Finding]:
    """Rows whose status and the trust in their source do not go together."""
    if "sources" not in read or not {"status", "source_id"} <= set(rows.table.columns):
        return
    sources = read["sources"].text.dropna(subset=["source_id", "trust"])
    trusted = rows.looked_up("source_id", dict(zip(sources["source_id"], sources["trust"], strict=True)))
    status, is_figure = rows.text["status"].to_numpy(object), rows.table.name.endswith("/published")
    wrong = {
        "status-demonstration": (status == DEMONSTRATION) != (trusted == INVENTED),
        "status-official": (status == OFFICIAL) & ~np.isin(trusted, [*AUTHORITY, INVENTED]),
        "source-doubtful": (status != OFFICIAL) & (trusted == DOUBTFUL) & is_figure,
    }
    for code, is_wrong in wrong.items():
        places = np.flatnonzero(is_wrong & pd.notna(trusted) & pd.notna(status))
        yield from rows.each(places, functools.partial(_wrong, rows, code, trusted))


def _wrong(rows: Rows, code: str, trusted: Cells, place: int) -> Finding:
    return rows.at(place, code, "status", trust=trusted[place])


def unused_sources(read: Read) -> Iterator[Finding]:
    """Sources that no row of any table names."""
    if "sources" not in read:
        return
    used = {
        source
        for rows in read.values()
        for column, (table, _) in rows.table.foreign_keys.items()
        if table == "sources"
        for source in rows.text[column].unique()
    }
    sources = read["sources"]
    yield from sources.judged("source_id", lambda name: None if name in used else ("source-unused", {}))


def undescribed(data: Path, tables: Mapping[str, Table]) -> Iterator[Finding]:
    """Tables that lie in *data* and that the descriptor does not know."""
    described = {path for table in tables.values() for path in table.paths}
    for path in sorted(data.rglob("*.csv")):
        if (name := path.relative_to(data).as_posix()) not in described:
            yield finding("file-undescribed", f"data/{name}", value=path.name)


def registry(data: Path) -> Iterator[Finding]:
    """Files that are not as ``registry.txt`` lists them."""
    if not (data / REGISTRY).is_file():
        yield finding("registry-missing", f"data/{REGISTRY}")
        return
    lines = (data / REGISTRY).read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    files = {path.relative_to(data).as_posix(): path for path in registered(data)}
    for name in sorted(listed.keys() | files.keys()):
        if name not in listed:
            yield finding("registry-unlisted", f"data/{name}")
        elif name not in files:
            yield finding("registry-gone", f"data/{name}")
        elif (digest := hash_file(files[name])) != listed[name]:
            yield finding("registry-differs", f"data/{name}", value=f"SHA-256 {digest[:12]}…")


def corrections(read: Read) -> Iterator[Finding]:
    """Corrections that do not fit exactly one row, or put in what the column does not take."""
    if "corrections" not in read:
        return
    listed = read["corrections"]
    for place, correction in enumerate(listed.text.fillna("").to_dict("records")):
        rows, column = read.get(correction["table"]), correction["column"]
        if rows is None or _hit(rows, correction) is None:
            yield listed.at(place, "correction", "key")
        elif wrong := problem(rows.table.field(column), correction["value_after"]):
            yield listed.at(place, wrong[0], "value_after", **wrong[1])


def corrected(read: Read) -> Read:
    """*read* with the corrections that fit put in, as the pages show them."""
    after = dict(read)
    listed = read["corrections"].text.fillna("").to_dict("records") if "corrections" in read else []
    for correction in listed:
        rows = after.get(correction["table"])
        if rows is not None and (hit := _hit(rows, correction)) is not None:
            text = rows.text.copy()
            text.loc[hit, correction["column"]] = correction["value_after"]
            after[correction["table"]] = replace(rows, text=text)
    return after


def _hit(rows: Rows, correction: Mapping[Hashable, str]) -> int | None:
    """The place of the one row that has the key and the value before of *correction*; None unless it is one."""
    if correction["column"] not in rows.table.columns:
        return None
    hit = rows.text[correction["column"]] == correction["value_before"]
    for column, value in key_of(correction["key"]).items():
        hit &= rows.text[column] == value if column in rows.text else False
    return int(np.flatnonzero(hit)[0]) if hit.sum() == 1 else None


def key_of(written: str) -> dict[str, str]:
    """The cells by column that a key such as ``area_code=440100;period=2014`` names."""
    parts = (part.partition("=") for part in written.split(";"))
    return {column: value for column, _, value in parts}
