"""The data-quality page: findings in both languages, by year, with breaks, coverage and standards."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from projects import HOSTILE, REPO, blocks_of, read, small_project
from reportkit import text
from reportkit.chapters import Edition
from reportkit.findings import Finding, codes, finding
from reportkit.project import LANGUAGES, Project
from reportkit.quality import Quality
from reportkit.validate import check
from reportkit.verify.quality import quality_problems
from reportkit.verify.tables import Tables


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return small_project(tmp_path_factory.mktemp("quality"), districts=("tianhe",), data_years=(2023, 2024))


@pytest.fixture(scope="module")
def made(project: Project) -> dict[str, list[dict[str, Any]]]:
    """The blocks of two areas in Chinese."""
    return {area: [it.as_json() for it in blocks_of(project, area, 2024, "zh")] for area in ("guangzhou", "tianhe")}


DETAILS = {"computed": "1", "parts": 2, "known": "x", "nearest": "x", "days": 3, "minimum": 324, "month": 1}
DETAILS |= {"monthly": 27, "fewest": 1}


def at(code: str, year: int | None, **more: Any) -> Finding:
    """A finding of that *code* about a row of *year*."""
    found = finding(code, "data/area_statistics.csv", row=2, column="value", value="5", **DETAILS)
    return replace(found, year=year, **more)


def page(project: Project, findings: list[Finding], language: str = "zh", made: Any = None) -> html.HtmlElement:
    body = Quality(project, findings, 2024, made or {}).page(Edition(project, 2024, language)).body
    return html.document_fromstring(body)


def listed(shown: html.HtmlElement, when: str) -> list[str]:
    return [str(row.text_content()) for row in shown.xpath(f"//tbody[@data-findings='{when}']/tr")]


def rows(project: Project, findings: list[Finding]) -> list[dict[str, str]]:
    content = dict(Quality(project, findings, 2024, {}).files())["quality/2024/findings.csv"]
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", codes())
def test_every_code_has_a_sentence_in_each_language(code: str, language: str) -> None:
    assert text.message(f"quality.code.{code.replace('-', '_')}", language)


def test_what_is_of_the_year_or_of_none_stands_first_and_earlier_years_apart(project: Project) -> None:
    shown = page(project, [at("sum-differs", 2024), at("enum", None), at("sum-differs", 2023), at("sum-differs", 2025)])
    assert len(listed(shown, "own")) == 2
    assert "必须改正" in listed(shown, "own")[0]  # the worst first
    assert len(listed(shown, "before")) == 1


def test_notes_are_added_up_and_the_download_has_each(project: Project) -> None:
    notes = [at("coverage-low", 2024), at("coverage-low", 2024), at("coverage-low", 2024, count=7)]
    shown = page(project, notes)
    assert listed(shown, "own") == []
    (row,) = shown.xpath("//section[@id='notes']//tbody/tr")
    assert [cell.text_content() for cell in row.xpath("td")][2:] == ["9", "0"]
    assert len(rows(project, notes)) == 3


def test_a_known_difference_is_listed_with_its_reason(project: Project) -> None:
    known = at("sum-differs", 2024, severity="note", known={"zh": "统计口径不同", "en": "counted otherwise"})
    (chinese,) = listed(page(project, [known]), "own")
    (english,) = listed(page(project, [known], "en"), "own")
    assert "原因已知" in chinese
    assert "统计口径不同" in chinese
    assert "counted otherwise" in english


def test_a_finding_says_where_it_is_in_the_words_of_the_language(project: Project) -> None:
    found = [it for it in check(project) if it.code == "sum-differs" and "gdp" in it.key]
    (chinese,) = listed(page(project, found), "before")
    (english,) = listed(page(project, found, "en"), "before")
    assert "广州市 · 地区生产总值 · 2023" in chinese
    assert "第2行" in chinese
    assert "转引" in chinese
    assert "Guangzhou · GDP · 2023" in english


def test_csv_and_json_hold_the_same_findings(project: Project) -> None:
    found = check(project)
    content = dict(Quality(project, found, 2024, {}).files())["quality/2024/findings.json"]
    assert json.loads(content) == rows(project, found)
    assert len(rows(project, found)) == len([it for it in found if it.year is None or it.year <= 2024])


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_cell_holds_stays_text(project: Project, hostile: str) -> None:
    shown = page(project, [at("enum", 2024, value=hostile, key=f"area_code={hostile}")])
    (row,) = listed(shown, "own")
    assert hostile in row
    assert shown.xpath("//script") == []


def test_each_area_has_its_items_by_chapter(project: Project, made: Any) -> None:
    shown = page(project, [], made=made)
    cells = [cell.text_content() for cell in shown.xpath("//tr[@data-area='tianhe']/td[@class='matrix']")]
    counted = [tuple(map(int, cell.split(" / "))) for cell in cells]
    *chapters, total = counted
    assert tuple(map(sum, zip(*chapters, strict=True))) == total
    assert counted[0] == (1, 0, 0)  # the overview itself


def test_data_capture_is_that_of_the_chapters_figures_with_its_status(project: Project, made: Any) -> None:
    shown = page(project, [], made=made)
    figures = shown.xpath("//tr[@data-area='tianhe']//data")
    chapters = [figure.get("data-figure").partition("#")[0] for figure in figures]
    assert chapters == [f"2024/tianhe/{chapter}" for chapter in ("air", "radiation", "supervision") for _ in range(2)]
    values = [float(figure.get("value")) for figure in figures]
    assert all(low <= high for low, high in zip(values[::2], values[1::2], strict=True))
    assert {figure.get("data-status") for figure in figures} == {"demonstration"}
    assert "示例" in shown.xpath("string(//tr[@data-area='tianhe'])")


def test_breaks_up_to_the_year_are_listed_and_later_ones_are_not(project: Project) -> None:
    dates = page(project, []).xpath("//section[@id='breaks']//tbody/tr/td[1]/text()")
    of_waste = ["2018-01-01", "2021-01-01"]
    assert dates == sorted(
        ["2018-01-01", "2020-01-01", "2021-01-01", "2021-01-01", "2022-01-01", "2023-01-01", *of_waste]
    )


def test_the_standards_of_the_year_are_listed_and_those_not_read_are_marked(project: Project) -> None:
    shown = page(project, []).xpath("//tbody[@data-standards='2024']/tr")
    standards = {row.xpath("string(td[1])") for row in shown}
    assert any("HJ 633-2012" in name for name in standards)
    assert not any("2026" in name for name in standards)
    assert any(row.xpath("td[4]/em") for row in shown)


def test_without_findings_the_page_says_so(project: Project) -> None:
    shown = page(project, [])
    assert listed(shown, "own") == []
    assert "没有。" in shown.xpath("string(//section[@id='findings'])")


# --- the checker ----------------------------------------------------------------------------------


@pytest.fixture
def site(project: Project, made: Any, tmp_path: Path) -> Path:
    """The part of a site that the checker of quality pages reads."""
    shutil.copytree(project.data, tmp_path / "data")
    quality = Quality(project, check(project), 2024, made)
    for name, content in quality.files():
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_bytes(content)
    for area, blocks in made.items():
        (table,) = {
            t["name"]: t for block in blocks for t in block["tables"] if t["name"].endswith("/completeness")
        }.values()
        path = tmp_path / f"data/2024/{area}/overview/completeness.csv"
        path.parent.mkdir(parents=True)
        with path.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([table["columns"], *table["rows"]])
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024/data-quality.html").write_text(quality.page(Edition(project, 2024, "zh")).body, encoding="utf-8")
    (tmp_path / "release.json").write_text(json.dumps({"languages": ["zh"], "years": [2024]}), encoding="utf-8")
    return tmp_path


def problems(site: Path) -> set[str]:
    return {problem.check for problem in quality_problems(site, Tables(site / "data"))}


def test_a_page_that_says_what_was_found_has_no_problem(site: Path) -> None:
    assert problems(site) == set()


@pytest.mark.parametrize(
    ("pattern", "new", "wrong"),
    [
        ('data-row="2"', 'data-row="3"', "quality.findings"),
        (
            'data-code="sum-differs" data-severity="review"',
            'data-code="sum-differs" data-severity="note"',
            "quality.counts",
        ),
        ('data-area="tianhe"', 'data-area="nansha"', "quality.coverage"),
        ("HJ 633-2012", "HJ 633-2026", "quality.standards"),
    ],
)
def test_a_page_that_says_something_else_is_found(site: Path, pattern: str, new: str, wrong: str) -> None:
    page = site / "2024/data-quality.html"
    before = page.read_text(encoding="utf-8")
    assert pattern in before
    page.write_text(before.replace(pattern, new, 1), encoding="utf-8")
    assert problems(site) == {wrong}


@pytest.mark.parametrize(
    ("spoil", "wrong"),
    [
        (lambda site: (site / "2024/data-quality.html").unlink(), "quality.missing"),
        (lambda site: (site / "data/quality/2024/findings.csv").unlink(), "quality.missing"),
        (lambda site: (site / "data/quality/2024/findings.json").write_text("[]"), "quality.download"),
    ],
)
def test_a_page_or_download_that_is_not_there_is_found(site: Path, spoil: Callable[[Path], Any], wrong: str) -> None:
    spoil(site)
    assert problems(site) == {wrong}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_indicator_that_was_published_has_a_name_of_its_own(language: str) -> None:
    tables = [*(REPO / "data").glob("*/published.csv"), *(REPO / "examples").glob("*/data/*/published.csv")]
    assert len(tables) >= 4
    known = {key.removeprefix("quality.indicator.") for key in text.catalogue("quality", language)}
    assert {row["indicator"] for table in tables for row in read(table)} <= known
