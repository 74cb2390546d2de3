"""What papermill finds by its entry point: the engine, which is imported when it is first used.

papermill loads every engine it finds while it is itself being imported, whoever imports it and for what.
"""

from __future__ import annotations

from typing import Any


class _Engine:
    def __getattr__(self, name: str) -> Any:
        from reportkit.engine import ReportEngine

        return getattr(ReportEngine, name)


engine = _Engine()
