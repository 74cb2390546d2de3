"""One report as one file that needs no other."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import lxml.html
import nbformat
import pytest

from projects import blocks_of, installed, small_project
from reportkit.blocks import MIMETYPE
from reportkit.chapters.air import Air
from reportkit.errors import ReportError, SettingsError
from reportkit.export import ReportExporter, export_html
from reportkit.project import CONFIG, Project, open_project
from reportkit.reports import Report

REPORT = Report(2024, "tianhe", "air", "en")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with one executed report: a title and two of its blocks, one of them a chart."""
    project = small_project(tmp_path_factory.mktemp("export"), data_years=(2024,))
    cells = [nbformat.v4.new_markdown_cell("# Air \\& more in Tianhe", id="c0")]
    for place, block in enumerate(blocks_of(project, "tianhe", 2024, "en", Air)[:3], start=1):
        cell = nbformat.v4.new_code_cell("chapter.secret_call()", id=f"c{place}")
        cell.outputs = [nbformat.v4.new_output("display_data", data={MIMETYPE: block.as_json()})]
        cells.append(cell)
    path = REPORT.path(project)
    path.parent.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return project


@pytest.fixture(scope="module")
def exported(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The exported file as the settings give the site's address."""
    config = project.root / CONFIG
    before = config.read_text(encoding="utf-8")

    def export(base_url: str) -> str:
        config.write_text(before.replace('base_url: ""', f'base_url: "{base_url}"'), encoding="utf-8")
        target = tmp_path_factory.mktemp("out") / "deep" / "report.html"
        assert export_html(open_project(project.root), REPORT, target) == target
        return target.read_text(encoding="utf-8")

    return export


def links(page: str) -> list[str]:
    found: list[str] = lxml.html.document_fromstring(page).xpath("//@href | //@src")
    return found


@pytest.mark.parametrize("base_url", ["", "https://example.org/disclosure/", "https://example.org/disclosure"])
def test_nothing_in_it_leads_to_another_file(exported: Callable[[str], str], base_url: str) -> None:
    page = exported(base_url)
    assert [link for link in links(page) if not re.match(r"https?://|#", link)] == []
    assert not re.search(r"@import|url\((?!#|data:)", page)


@pytest.mark.parametrize("base_url", ["https://example.org/disclosure/", "https://example.org/disclosure"])
def test_downloads_lead_to_the_site_where_its_address_is_known(exported: Callable[[str], str], base_url: str) -> None:
    downloads = [link for link in links(exported(base_url)) if link.endswith(".csv")]
    assert downloads
    assert all(link.startswith("https://example.org/disclosure/data/2024/tianhe/air/") for link in downloads)


def test_every_anchor_it_leads_to_is_in_it(exported: Callable[[str], str]) -> None:
    page = lxml.html.document_fromstring(exported(""))
    for link in page.xpath("//@href[starts-with(., '#')]"):
        assert page.xpath(f"//*[@id='{link[1:]}']"), link


def test_it_holds_the_charts_their_tables_and_the_words_on_demonstration(exported: Callable[[str], str]) -> None:
    page = lxml.html.document_fromstring(exported(""))
    assert len(page.xpath("//div[@role='img']/svg")) >= 2
    assert page.xpath("//table//tr")
    assert "Demonstration data, not an official release" in page.text_content()
    assert page.get("lang") == "en"
    assert page.findtext(".//title") == "Air & more in Tianhe"
    assert page.xpath("//style")


def test_the_notebooks_code_is_not_in_it(exported: Callable[[str], str]) -> None:
    assert "secret_call" not in exported("")


def test_no_program_runs_in_it(exported: Callable[[str], str]) -> None:
    page = lxml.html.document_fromstring(exported(""))
    assert [script.get("type") for script in page.iter("script") if script.get("type") != "application/json"] == []
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")


def test_the_same_report_gives_the_same_bytes(exported: Callable[[str], str]) -> None:
    assert exported("") == exported("")


def test_a_report_that_was_not_executed_is_an_error(project: Project, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        export_html(project, Report(2024, "nansha", "air", "en"), tmp_path / "a.html")


# --- as an exporter of nbconvert ------------------------------------------------------------------


def test_nbconvert_writes_the_same_file(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found by its name, and called from another folder: the project is found from the notebook."""
    monkeypatch.setenv("PYTHONPATH", installed(tmp_path / "entry", "nbconvert.exporters"))
    command = [sys.executable, "-m", "nbconvert", "--to", "reportkit-html"]
    subprocess.run(
        [*command, "--output-dir", str(tmp_path / "out"), str(REPORT.path(project))],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    ours = export_html(project, REPORT, tmp_path / "ours.html")
    assert (tmp_path / "out" / "air.en.html").read_bytes() == ours.read_bytes()


def test_a_notebook_elsewhere_is_of_the_project_one_works_in(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "copy.ipynb"
    elsewhere.write_bytes(REPORT.path(project).read_bytes())
    monkeypatch.chdir(project.book)
    page, _ = ReportExporter().from_filename(str(elsewhere))
    assert "Environmental disclosure of" in page
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="no project here"):
        ReportExporter().from_filename(str(elsewhere))


def test_a_notebook_that_was_not_executed_is_refused_in_words(project: Project) -> None:
    with pytest.raises(ReportError, match="shows nothing of a report"):
        ReportExporter().from_filename(str(project.notebooks / "air.ipynb"))
