"""Tables → findings: whether they fit their schema, and whether what they say can be true.

A broken file, column or cell never hides what is wrong elsewhere. What lies beyond the schema is asked of the tables
as corrected, by the rows of ``data/checks/``: each names a table and its columns, so that a chapter adds rows, no code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reportkit.errors import DataError
from reportkit.findings import Finding, finding, in_order, shortened
from reportkit.manifest import hash_file, hash_value
from reportkit.modules import package_sha256
from reportkit.project import Project
from reportkit.schema import DESCRIPTOR, Table, read_tables
from reportkit.storage import keep, kept
from reportkit.validate import coverage, facts, plausibility, recomputed, schema, series, sources
from reportkit.validate.context import in_context
from reportkit.validate.rows import Rows, read


def check(project: Project) -> list[Finding]:
    """Everything that is wrong with the tables of *project*, by file and row.

    Of one kind in one column of a file and in one year the first 20 are listed and the others counted.
    """
    try:
        tables = read_tables(project.described)
    except DataError as error:
        return [finding("descriptor", f"data/{DESCRIPTOR}", why=error.what)]
    rows: dict[str, Rows] = {}
    found = list(_findings(project, tables, rows))
    return in_order(shortened(in_context(found, rows)))


def check_unless_kept(project: Project) -> list[Finding]:
    """The same; as they were found before, while tables, settings and code are what they were."""
    files = [path for folder in project.data_folders for path in sorted(folder.rglob("*")) if path.is_file()]
    key = hash_value([repr(project), package_sha256(), *([str(file), hash_file(file)] for file in files)])
    file = project.build / "cache" / "findings.pickle"
    found: list[Finding] | None = kept(file, key)
    if found is None:
        found = check(project)
        keep(file, key, found)
    return found


def _findings(project: Project, tables: Mapping[str, Table], rows: dict[str, Rows]) -> Iterator[Finding]:
    """Every finding as it comes; the tables that were read are put into *rows*."""
    yield from schema.of_persons(tables.values())
    for table in tables.values():
        rows[table.name] = yield from read(project, table)
    for of_table in rows.values():
        if of_table.text.empty:
            continue
        yield from schema.cells(of_table)
        yield from schema.future(of_table, max(project.settings.years))
        yield from schema.doubled(of_table)
        yield from schema.references(of_table, rows)
        yield from sources.trust(of_table, rows)
    yield from sources.corrections(rows)
    yield from sources.unused_sources(rows)
    yield from sources.undescribed(project.data, tables)
    yield from sources.registry(project.data)
    corrected = sources.corrected(rows)
    for beyond in (facts, recomputed, plausibility, series, coverage):
        yield from beyond.findings(corrected)
