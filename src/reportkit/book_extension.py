"""The Sphinx extension of our books: each page is written as JSON (title, body, contents), without theme or search.

The site's own pages are put around these by ``publish.py``, so nothing of a page depends on its neighbours.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.add_config_value("comments_config", {}, "env")  # jupyter-book sets it, whether or not anything declares it
    app.connect("config-inited", _bare)
    app.connect("builder-inited", _without_search)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _bare(app: Sphinx, config: Config) -> None:
    config.html_theme_options = {}  # jupyter-book gives those of its own theme
    config.templates_path = [str(Path(__file__).with_name("templates") / "book")]


def _without_search(app: Sphinx) -> None:
    app.builder.search = False  # type: ignore[attr-defined]  # of the HTML builders only
