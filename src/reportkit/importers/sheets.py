"""The cells of a spreadsheet (XLSX) as the text that a CSV of it would hold."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from reportkit.errors import nearest
from reportkit.findings import Finding, finding


def read_sheet(path: Path, content: bytes, sheet: str) -> list[list[str]] | Finding:
    """The rows of the *sheet* of that name in the file with that *content*, without a name of its first one.

    Every row has as many cells as the widest, one without any text has none. A number comes with the digits that
    are stored: a workbook says ``100`` where it shows ``100.0%`` or ``100.0``.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if sheet and sheet not in workbook.sheet_names:
            return finding("import-sheet", path, value=sheet, nearest=nearest(sheet, workbook.sheet_names))
        chosen = workbook.get_sheet_by_name(sheet) if sheet else workbook.get_sheet_by_index(0)
        rows = chosen.to_python(skip_empty_area=False)
    except CalamineError as error:
        return finding("import-workbook", path, value=str(error))
    lines = [[_text(cell) for cell in row] for row in rows]
    return [line if any(line) else [] for line in lines]


def _text(cell: Any) -> str:
    match cell:
        case bool():
            return str(cell).lower()
        case float():
            return f"{cell:.15g}"  # as many digits as a spreadsheet keeps
        case datetime() if cell.time() == datetime.min.time():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case _:
            return str(cell)
