"""One report as one self-contained file: by ``reportkit export``, and by nbconvert, of which it is an exporter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter

from reportkit.dress import draw_charts, dress, html_of
from reportkit.errors import ReportError
from reportkit.project import CONFIG, LANGUAGE_TAGS, Project, open_project
from reportkit.reports import Report, blocks, with_notes_once
from reportkit.storage import write_whole

_TEMPLATES = Path(__file__).with_name("templates") / "nbconvert"


def export_html(project: Project, report: Report, target: Path) -> Path:
    """Write the executed *report* to *target* as one HTML file that needs no other: style and charts are inside.

    Links lead to the site, whose address ``base_url`` gives; without one their words stay and the links go.
    """
    page, _ = ReportExporter().from_filename(str(report.path(project)))
    write_whole(target, page.encode())
    return target


class ReportExporter(HTMLExporter):
    """What nbconvert finds by its entry point ``reportkit-html``: an executed notebook says itself what it is of.

    Its blocks carry the language; the project is the one whose folder it lies in, or else the one here.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # nbconvert is typed in part
            template_name="reportkit",
            extra_template_basedirs=[str(_TEMPLATES)],
            exclude_input=True,
            exclude_anchor_links=True,
            **settings,
        )

    def from_notebook_node(  # type: ignore[override]  # every exporter to text gives a string
        self, nb: nbformat.NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page of the executed notebook *nb*; raises ReportError for one that shows no block."""
        resources = resources or {}
        about: Mapping[str, str] = resources.get("metadata", {})
        project = _project_around(Path(about.get("path") or ""))
        noted = with_notes_once(nb)
        made = list(blocks(noted))
        if not made:
            raise ReportError(
                "The notebook shows nothing of a report.",
                where=about.get("name"),
                do="execute it with 'reportkit run', and convert the one in build/reports/",
            )
        charts = draw_charts(project, made)
        dressed = dress(noted, lambda block: html_of(block, project.settings.address, charts))
        language = made[0]["language"]
        title = next((c.source.lstrip("# ") for c in dressed.cells if c.cell_type == "markdown"), about.get("name", ""))
        words = {
            "tag": LANGUAGE_TAGS[language],
            "title": title.replace("\\", ""),
            "site_title": project.settings.site_title[language],
            "publisher": project.settings.publisher[language],
            "style": project.file("book/_static/site.css").read_text(encoding="utf-8"),
        }
        page: tuple[str, dict[str, Any]] = super().from_notebook_node(
            dressed, {**resources, "reportkit": words}, **options
        )
        return page


def _project_around(folder: Path) -> Project:
    """The project that *folder* lies in, or else the one in or above the working directory."""
    start = folder.resolve()
    return open_project(next((root for root in (start, *start.parents) if (root / CONFIG).is_file()), None))
