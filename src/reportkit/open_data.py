"""What readers can take along: tables as CSV, figures as JSON, all from the blocks of executed notebooks."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from reportkit import text
from reportkit.blocks import is_row_mixed, parts_of_row, status_of_row, statuses_otherwise
from reportkit.errors import PublishError
from reportkit.project import LANGUAGES

Block = Mapping[str, Any]


def tables(blocks: Iterable[Block]) -> dict[str, bytes]:
    """Every table of the *blocks* as CSV, by its address below ``data/``; with BOM, so that Excel reads Chinese."""
    files: dict[str, bytes] = {}
    for block in blocks:
        for table in block["tables"]:
            files[f"{table['name']}.csv"] = _csv(table["columns"], table["rows"])
        shown = _shown_table(block)
        if shown and f"{shown['download']}.csv" not in files:
            files[f"{shown['download']}.csv"] = _shown_csv(shown, block)
    return files


def figures(blocks: Iterable[Block]) -> dict[str, str]:
    """Every figure of the *blocks* as JSON, by id; PublishError where two blocks disagree about one."""
    found: dict[str, str] = {}
    for block in blocks:
        entries = {entry["id"]: _json(entry) for entry in block["figures"]}
        unite(found, entries, f"block '{block['name']}' ({block['language']})")
    return found


def unite(known: dict[str, str], more: Mapping[str, str], where: str) -> None:
    """Add *more* figures, of a place called *where*, to the *known* ones; PublishError where they disagree."""
    for id_, entry in more.items():
        if known.setdefault(id_, entry) != entry:
            raise PublishError(
                f"The figure {id_} is not the same everywhere.",
                expected=known[id_],
                found=entry,
                where=where,
                do="give figures that differ different names",
            )


def by_page(figures: Mapping[str, str], pages: Iterable[str] = ()) -> Iterator[tuple[str, bytes]]:
    """The *figures* as a file of each page they belong to (``2024/AREA/air``), and of *pages* that have none.

    A figure is published with its own page wherever it is shown.
    """
    found: dict[str, list[str]] = {page: [] for page in pages}
    for id_ in sorted(figures):
        found.setdefault(id_.partition("#")[0], []).append(figures[id_])
    for page, entries in sorted(found.items()):
        yield page, f'{{"figures":[{",".join(entries)}],"page":{_json(page)}}}\n'.encode()


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def status_words(status: str, *, is_mixed: bool = False) -> str:
    """The status in the words of both languages, for a row of a download, or a part of one; nothing without one."""
    key = f"site.{'partly' if is_mixed else 'status'}.{status}"
    return " / ".join(text.message(key, language) for language in LANGUAGES) if status else ""


def _shown_table(block: Block) -> Mapping[str, Any] | None:
    content = block["content"]
    table: Mapping[str, Any] | None = (content.get("chart") or content).get("table")
    return table


def _shown_csv(table: Mapping[str, Any], block: Block) -> bytes:
    """A table as it is shown, its figures as bare values; each row with its status and sources."""
    entries = {entry["id"]: entry for entry in block["figures"]}
    rows, words = [], []
    for row, otherwise in zip(table["rows"], statuses_otherwise(table, block["status"]), strict=True):
        figures = [entries[part["figure"]] for part in parts_of_row(row) if "figure" in part]
        sources = sorted({source for entry in figures for source in entry["sources"]})
        status = status_of_row(row, otherwise)
        rows.append([*(_bare(cell) for cell in row), status, ";".join(sources)])
        words.append(status_words(status, is_mixed=is_row_mixed(row)))
    return _written([*(column["name"] for column in table["columns"]), "status", "source_id"], rows, words)


def _bare(cell: Any) -> str:
    if isinstance(cell, list):
        return "".join(_bare(part) for part in cell)
    if isinstance(cell, dict):
        return str(cell["value"] if "figure" in cell else cell["text"])
    return "" if cell is None else str(cell)


def _csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """*rows* as CSV; the status of each row is said in words too."""
    status = list(columns).index("status")
    return _written(columns, rows, [status_words(row[status]) for row in rows])


def _written(columns: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[str]) -> bytes:
    """*rows* as CSV with BOM, each followed by its status in *words*."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*columns, "status_in_words"])
    writer.writerows([*row, own] for row, own in zip(rows, words, strict=True))
    return stream.getvalue().encode("utf-8-sig")
