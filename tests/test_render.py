"""Drawings: the same specification gives the same bytes, ids of their own, no font, no style, no script."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import lxml.etree
import pytest
import vl_convert

from projects import HOSTILE, blocks_of, edit, small_project
from reportkit import font, render, vega
from reportkit.chapters.air import Air
from reportkit.chapters.overview import Overview
from reportkit.errors import RenderError
from reportkit.manifest import hash_file
from reportkit.project import Project

SVG = "{http://www.w3.org/2000/svg}"
LOCALES = {"zh": "zh-CN", "en": "en-US"}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
# Names that would harm a drawing if they were taken for markup, or be harmed when ids are changed.
NAMES = [*HOSTILE, 'id="a"', "url(#a)", 'href="#a"', f'a font-family="{font.FONT}"', "<style>*{}</style>"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("charts")


@pytest.fixture(scope="module")
def wanted(folder: Path) -> dict[str, tuple[Any, str]]:
    """Every chart of the city and a district, by area, name and width; one with hostile names of stations."""
    project = small_project(folder / "project", data_years=(2023, 2024))
    found = specs(project, "guangzhou", "zh") | specs(project, "tianhe", "zh") | specs(project, "tianhe", "en")
    edit(project.data / "stations.csv", name_stations)
    return found | {"hostile": specs(project, "nansha", "zh")["zh nansha completeness wide"]}


def name_stations(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """A station in nansha, without any data, for each of the :data:`NAMES`."""
    model = next(row for row in rows if row["station_id"] == "DEMO-440115-2")
    named = [{**model, "station_id": f"X-{place}", "name_zh": name} for place, name in enumerate(NAMES)]
    return [*(row for row in rows if row["area_code"] != "440115"), model, *named]


def specs(project: Project, area: str, language: str) -> dict[str, tuple[Any, str]]:
    return {
        f"{language} {area} {block.name} {width}": (getattr(block.content["chart"], width), language)
        for kind in (Air, Overview)
        for block in blocks_of(project, area, 2024, language, kind)
        if block.kind == "chart" and not (kind is Overview and block.name == "completeness" and area == "nansha")
        for width in ("wide", "narrow")
    }


@pytest.fixture(scope="module")
def drawn(wanted: dict[str, tuple[Any, str]], folder: Path) -> dict[str, str]:
    """The drawings of them all, made at one time."""
    return dict(zip(wanted, render.draw(list(wanted.values()), folder / "cache"), strict=True))


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in lxml.etree.fromstring(svg).iter(f"{SVG}text", "text")]


def test_a_drawing_is_the_same_fresh_and_from_the_cache(
    wanted: dict[str, tuple[Any, str]], drawn: dict[str, str], folder: Path
) -> None:
    (cached,) = render.draw([wanted["hostile"]], folder / "cache")
    (fresh,) = render.draw([wanted["hostile"]], folder / "another")
    assert cached == fresh == drawn["hostile"]


def test_a_drawing_that_is_cached_is_not_drawn_again(
    wanted: dict[str, tuple[Any, str]], drawn: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "ProcessPoolExecutor", None)
    names = list(wanted)[::-1]
    again = render.draw([wanted[name] for name in names], folder / "cache")
    assert again == [drawn[name] for name in names]


@pytest.mark.parametrize("fact", ["font_sha256", "vl_convert", "mini_racer", "uharfbuzz"])
def test_another_font_or_renderer_is_another_drawing(
    wanted: dict[str, tuple[Any, str]], drawn: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch, fact: str
) -> None:
    assert "hostile" in drawn
    monkeypatch.setattr(render, "ProcessPoolExecutor", None)
    facts = render.facts()
    monkeypatch.setattr(render, "facts", lambda: {**facts, fact: "another"})
    with pytest.raises(TypeError):  # it would have to be drawn
        render.draw([wanted["hostile"]], folder / "cache")


def test_the_font_is_recorded_with_its_hash() -> None:
    facts = render.facts()
    assert facts["font"] == "NotoSansSC-Regular.ttf"
    assert facts["font_sha256"] == hash_file(font.font_file())
    assert re.fullmatch(r"\d+\.\d+.*", facts["vl_convert"])


def test_numbers_are_written_in_the_language_of_the_page(drawn: dict[str, str]) -> None:
    assert "1月" in texts(drawn["zh tianhe months wide"])
    assert "Jan" in texts(drawn["en tianhe months wide"])


def test_a_drawing_is_that_of_vl_convert(wanted: dict[str, tuple[Any, str]], folder: Path) -> None:
    """But for where texts stand whose width it takes from another font, having no such character in ours."""
    vl_convert.register_font_directory(str(font.font_file().parent))
    drawer, compared = vega.Vega(vega.program(LOCALES)), 0
    for name, (spec, language) in wanted.items():
        if name == "hostile" or "▸" in json.dumps(spec, ensure_ascii=False):
            continue
        locale: Any = LOCALES[language]
        expected = vl_convert.vegalite_to_svg(spec, format_locale=locale, time_format_locale=locale)
        ours, theirs = map(without_ids, (drawer.svg(spec, language), expected))
        assert NUMBER.sub("0", ours) == NUMBER.sub("0", theirs), name
        pairs = zip(NUMBER.findall(ours), NUMBER.findall(theirs), strict=True)
        assert max(abs(float(mine) - float(other)) for mine, other in pairs) < 0.1, name
        compared += 1
    assert compared > 30


def without_ids(svg: str) -> str:
    return re.sub(r'(\bid="|url\(#|href="#)[^")]+', r"\1", svg)


def test_numbers_and_dates_are_written_as_the_language_has_them() -> None:
    drawer = vega.Vega(vega.program(LOCALES))
    axis = {"field": "day", "type": "temporal", "axis": {"format": "%B %A"}}
    spec = {"mark": "point", "data": {"values": [{"day": "2024-03-03T00:00:00"}]}, "encoding": {"x": axis}}
    assert "三月 星期日" in texts(drawer.svg(spec, "zh"))
    assert "March Sunday" in texts(drawer.svg(spec, "en"))


def test_no_drawing_has_a_font_a_style_or_a_script(drawn: dict[str, str]) -> None:
    assert len(drawn) > 30
    for name, svg in drawn.items():
        for node in lxml.etree.fromstring(svg).iter():
            assert {"font-family", "style", "onclick", "onload"}.isdisjoint(node.attrib), name
            assert lxml.etree.QName(node).localname not in {"script", "style", "foreignObject", "image", "a"}, name


def test_a_drawing_is_out_of_a_screen_readers_way_and_sized_by_its_view_box(drawn: dict[str, str]) -> None:
    for svg in drawn.values():
        root = lxml.etree.fromstring(svg)
        assert root.get("aria-hidden") == "true"
        assert root.get("viewBox")


def test_hostile_names_are_drawn_as_they_are(drawn: dict[str, str]) -> None:
    """A name that is too long for its place ends in an ellipsis."""
    found = texts(drawn["hostile"])
    for name in NAMES:
        assert any(text == name or (text.endswith("…") and name.startswith(text[:-1])) for text in found), name


def test_names_that_look_like_ids_stay_what_they_are_when_ids_are_changed(drawn: dict[str, str]) -> None:
    assert texts(render.with_own_ids(drawn["hostile"], "p")) == texts(drawn["hostile"])


def test_two_charts_on_a_page_share_no_id_and_every_reference_resolves(drawn: dict[str, str]) -> None:
    ids: list[str] = []
    for place, svg in enumerate(drawn.values()):
        own = render.with_own_ids(svg, f"chart-{place}")
        root = lxml.etree.fromstring(own)
        here = [node.get("id") for node in root.iter() if node.get("id")]
        values = [value for node in root.iter() for value in node.attrib.values()]
        referred = {found for value in values for found in re.findall(r"url\(#([^)]+)\)", value)}
        referred |= {value[1:] for node in root.iter() if (value := node.get("href", "")).startswith("#")}
        assert referred <= set(here)
        assert all(id_.startswith(f"chart-{place}-") for id_ in here)
        ids += here
    assert ids
    assert len(ids) == len(set(ids))


def test_a_specification_that_cannot_be_drawn_is_an_error_of_ours(folder: Path) -> None:
    with pytest.raises(RenderError, match="could not be drawn"):
        render.draw([({"mark": "nothing", "data": {"values": []}}, "zh")], folder / "bad")


def test_a_picture_is_drawn_for_documents_that_take_no_svg_and_kept(
    wanted: dict[str, tuple[Any, str]], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (picture,) = render.pictures([wanted["hostile"]], folder / "pictures")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert list(picture.parent.iterdir()) == [picture]  # nothing is made ready for drawings that are not wanted
    monkeypatch.setattr(render, "ProcessPoolExecutor", None)
    assert render.pictures([wanted["hostile"]], folder / "pictures") == [picture]
