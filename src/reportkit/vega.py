"""Vega and Vega-Lite, as vl-convert carries them, in a JavaScript engine of a process's own.

vl-convert draws SVG itself, but outlines each text to know how wide it is, which takes longer than all the rest of a
chart. Here HarfBuzz is asked once for the widths of all characters and pairs, and texts are added up.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportkit.errors import RenderError
from reportkit.font import font_file

# The names under which vl-convert holds what it brings along; nothing is fetched from there.
_LIBRARIES = {
    "Vega": "https://cdn.jsdelivr.net/npm/vega@6.2.0/+esm.js",
    "VegaLite": "https://cdn.jsdelivr.net/npm/vega-lite@6.4.1/+esm.js",
}
# What Vega expects of any browser, as far as a drawing comes to need it.
_BROWSER = """\
globalThis.window = globalThis;
globalThis.console = { debug() {}, error() {}, log() {}, warn() {} };
globalThis.structuredClone = (value) => JSON.parse(JSON.stringify(value));
"""
_EM = 1000
OWN_FILES = (Path(__file__), Path(__file__).with_suffix(".js"))


class Vega:
    """Vega with one *program*, as :func:`program` made it; it draws one chart after the other."""

    def __init__(self, program: str) -> None:
        from py_mini_racer import MiniRacer

        self._engine = MiniRacer()
        self._engine.eval(program)

    def svg(self, specification: Mapping[str, Any], language: str) -> str:
        """The SVG of a chart, with numbers and dates as *language* has them; raises RenderError."""
        from py_mini_racer import JSPromiseError

        arguments = ", ".join(map(json.dumps, (json.dumps(specification), language)))
        try:
            promised: Any = self._engine.eval(f"svg({arguments})")
            return str(promised.get())
        except JSPromiseError as error:
            raise RenderError(f"A chart could not be drawn: {error.reason}") from error


def program(locales: Mapping[str, Any]) -> str:
    """The script :class:`Vega` runs: the libraries, widths, *locales* (language → name of one), our own part."""
    import vl_convert

    imports = "".join(f"import * as {name} from '{file}';" for name, file in _LIBRARIES.items())
    given = "".join(f"window.{name} = {name};" for name in _LIBRARIES)
    known = {
        language: {"number": vl_convert.get_format_locale(name), "time": vl_convert.get_time_format_locale(name)}
        for language, name in locales.items()
    }
    advances, kerning = _widths()
    values = {"EM": _EM, "advances": advances, "kerning": kerning, "locales": known}
    return "\n".join(
        [
            _BROWSER,
            vl_convert.javascript_bundle(imports + given),
            *(f"const {name} = {json.dumps(value, ensure_ascii=False)};" for name, value in values.items()),
            Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
        ]
    )


def _widths() -> tuple[dict[str, int], dict[str, int]]:
    """How wide each character of the font is, in thousandths of an em, and how much wider pairs of ASCII are."""
    import uharfbuzz

    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(font_file()))))
    font.scale = (_EM, _EM)

    def width(text: str) -> int:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        uharfbuzz.shape(font, buffer)
        return sum(position.x_advance for position in buffer.glyph_positions)

    advances = {chr(code): width(chr(code)) for code in sorted(font.face.unicodes)}
    pairs = itertools.product(filter(str.isprintable, map(chr, range(128))), repeat=2)
    kerning = {first + second: width(first + second) - advances[first] - advances[second] for first, second in pairs}
    return _without(_EM, advances), _without(0, kerning)


def _without(usual: int, values: Mapping[str, int]) -> dict[str, int]:
    return {text: value for text, value in values.items() if value != usual}
