"""Specifications → static charts, drawn by long-lived renderers that no process is forked from.

A drawing depends on the specification, the language of numbers and dates, the font, the versions of the
renderer and our own part of it, and is kept by the hash of these. Text is laid out with one named font that comes with
the installation; pages then show it in the reader's own.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.metadata
import multiprocessing
import os
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path
from typing import Any

from reportkit import vega
from reportkit.errors import RenderError
from reportkit.font import FONT, font_file
from reportkit.manifest import hash_file, hash_value, write_if_changed
from reportkit.processes import cores, end_with

Chart = tuple[Mapping[str, Any], str]  # a specification, and the language of its numbers and dates

_LOCALES = {"zh": "zh-CN", "en": "en-US"}
_CHUNK = 4  # charts handed to a renderer at a time
_SCALE = 2  # pixels of a picture for each of the drawing, so that print is sharp


@functools.cache
def facts() -> dict[str, str]:
    """What a drawing depends on besides its specification: font with hash, renderer with versions."""
    return {
        "font": font_file().name,
        "font_sha256": hash_file(font_file()),
        "vl_convert": importlib.metadata.version("vl-convert-python"),
        "mini_racer": importlib.metadata.version("mini-racer"),
        "uharfbuzz": importlib.metadata.version("uharfbuzz"),
    }


def draw(charts: Sequence[Chart], cache: Path, renderers: Executor | None = None) -> list[str]:
    """The SVG of each (specification, language), from the folder *cache* where it was drawn before.

    The missing ones are drawn by the *renderers* given, or by some that end with it.
    """
    return [path.read_text(encoding="utf-8") for path in _drawn(charts, cache, "svg", renderers)]


def pictures(charts: Sequence[Chart], cache: Path) -> list[Path]:
    """The PNG of each (specification, language), in the folder *cache*, for documents that have no place for SVG."""
    return _drawn(charts, cache, "png", None)


def missing(charts: Sequence[Chart], cache: Path) -> list[Chart]:
    """Those of the *charts* whose SVG is not in *cache*."""
    return [chart for chart in charts if not _path(chart, cache, "svg").is_file()]


def renderers(number: int) -> ProcessPoolExecutor:
    """So many processes that draw; spawned, not forked: a process forked after a renderer has started hangs."""
    return ProcessPoolExecutor(number, multiprocessing.get_context("spawn"), end_with, (os.getpid(),))


def _drawn(charts: Sequence[Chart], cache: Path, form: str, pool: Executor | None) -> list[Path]:
    """The file of each drawing in *cache*; those that were not drawn before are drawn."""
    paths = [_path(chart, cache, form) for chart in charts]
    wanted = {path: chart for path, chart in zip(paths, charts, strict=True) if not path.is_file()}
    if wanted:
        own = renderers(min(len(wanted), cores())) if pool is None else contextlib.nullcontext(pool)
        with own as drawing:
            # The program of Vega is put together by one of them, for all.
            draw_one = _png if form == "png" else functools.partial(_svg, drawing.submit(program, cache).result())
            drawn = drawing.map(draw_one, wanted.values(), chunksize=_CHUNK)
            for path, content in zip(wanted, drawn, strict=True):
                write_if_changed(path, content)
    return paths


def _path(chart: Chart, cache: Path, form: str) -> Path:
    spec, language = chart
    return cache / f"{hash_value([spec, language, facts(), _own_code()])}.{form}"


@functools.cache
def _own_code() -> list[str]:
    return [hash_file(path) for path in (Path(__file__), *vega.OWN_FILES)]


def with_own_ids(svg: str, prefix: str) -> str:
    """*svg* with its ids numbered as they come, after *prefix*: no two charts of a page share one.

    A renderer numbers ids on from the chart it drew before, so its own numbers say nothing about the chart.
    """
    numbers: dict[str, int] = {}

    def own(tag: str) -> str:
        return re.sub(
            r'(\bid="|url\(#|href="#)([^")]+)',
            lambda found: f"{found[1]}{prefix}-{numbers.setdefault(found[2], len(numbers) + 1)}",
            tag,
        )

    return _in_tags(svg, own)


def _in_tags(svg: str, change: Callable[[str], str]) -> str:
    """*svg* with each of its tags changed and its texts, which may look like anything, left alone."""
    return re.sub(r"<[^<>]+>", lambda tag: change(tag[0]), svg)


def program(cache: Path) -> Path:
    """What draws charts, as :func:`vega.program` makes it, in the folder *cache*; it takes seconds to put together."""
    path = cache / f"vega-{hash_value([facts(), _own_code()])}.js"
    if not path.is_file():
        write_if_changed(path, vega.program(_LOCALES).encode())
    return path


def bundle(cache: Path) -> str:
    """The program that makes charts interactive, as one classic script, from *cache*: vega-embed and what it needs."""
    path = cache / f"charts-{facts()['vl_convert']}.js"
    if not path.is_file():
        import vl_convert

        write_if_changed(path, vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").encode())
    return path.read_text(encoding="utf-8")


def _svg(program: Path, chart: Chart) -> bytes:
    return _for_pages(_vega(program).svg(*chart)).encode()


@functools.cache
def _vega(program: Path) -> vega.Vega:
    """The one Vega of this process."""
    return vega.Vega(program.read_text(encoding="utf-8"))


def _png(chart: Chart) -> bytes:
    import vl_convert

    _register_font()
    spec, language = chart
    locale: Any = _LOCALES[language]
    try:
        picture: bytes = vl_convert.vegalite_to_png(
            dict(spec), scale=_SCALE, format_locale=locale, time_format_locale=locale
        )
    except ValueError as error:
        raise RenderError(f"A chart could not be drawn: {error}") from error
    return picture


@functools.cache
def _register_font() -> None:
    """Let vl-convert know the font, once in a process."""
    import vl_convert

    vl_convert.register_font_directory(str(font_file().parent))


def _for_pages(svg: str) -> str:
    """*svg* without a font of its own (the page's is used), sized by the page, plain to screen readers."""
    svg = _in_tags(svg, lambda tag: tag.replace(f' font-family="{FONT}"', ""))
    return svg.replace(
        'xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" class="marks"', 'aria-hidden="true"', 1
    )
