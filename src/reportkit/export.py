"""One report as one self-contained file, through nbconvert."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

from reportkit.dress import draw_charts, dress, html_of
from reportkit.project import LANGUAGE_TAGS, Project
from reportkit.run import Report, blocks
from reportkit.storage import write_whole

_TEMPLATES = Path(__file__).with_name("templates") / "nbconvert"


def export_html(project: Project, report: Report, target: Path) -> Path:
    """Write the executed *report* to *target* as one HTML file that needs no other: style and charts are inside.

    Links lead to the site, whose address ``base_url`` gives; without one their words stay and the links go.
    """
    notebook = nbformat.read(report.path(project), as_version=4)
    address = project.settings.base_url
    root = f"{address.rstrip('/')}/" if address else None
    charts = draw_charts(project, list(blocks(notebook)))
    dressed = dress(notebook, lambda block: html_of(block, root, charts))
    exporter = HTMLExporter(
        template_name="reportkit",
        extra_template_basedirs=[str(_TEMPLATES)],
        exclude_input=True,
        exclude_anchor_links=True,
    )
    title = next((c.source.lstrip("# ") for c in dressed.cells if c.cell_type == "markdown"), report.name)
    words = {
        "tag": LANGUAGE_TAGS[report.language],
        "title": title.replace("\\", ""),
        "site_title": project.settings.site_title[report.language],
        "publisher": project.settings.publisher[report.language],
        "style": project.file("book/_static/site.css").read_text(encoding="utf-8"),
    }
    page, _ = exporter.from_notebook_node(dressed, resources={"reportkit": words})
    write_whole(target, page.encode())
    return target
