"""The one font that charts are laid out with: Noto Sans SC (OFL), carried by the package ``zhplot``."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

from reportkit.errors import RenderError

FONT = "Noto Sans SC"


@functools.cache
def font_file() -> Path:
    """The file of the font; RenderError where it is not installed."""
    spec = importlib.util.find_spec("zhplot")
    if spec is None or not spec.submodule_search_locations:
        raise RenderError(
            f"The font '{FONT}' is not installed.",
            expected="the package zhplot",
            do="install requirements.lock",
        )
    return Path(spec.submodule_search_locations[0]) / "fonts" / "NotoSansSC-Regular.ttf"
