"""The site takes its place at once and whole; what has not changed is not written; failures leave it as it was."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lxml.html
import nbformat
import pytest

from projects import HOSTILE, small_project
from reportkit import book, publish, release
from reportkit.blocks import MIMETYPE, Block
from reportkit.book import Page
from reportkit.chapters import ENTERPRISES
from reportkit.chapters.air import Air
from reportkit.chapters.overview import Overview
from reportkit.errors import PublishError
from reportkit.parts import parts_of
from reportkit.project import Project
from reportkit.publish import Site
from reportkit.release import Put, swap_in
from reportkit.reports import Failure, Report

Write = Callable[[Put], None]


def writing(**files: str) -> Write:
    """A writer of *files* (``__`` stands for a folder)."""

    def write(put: Put) -> None:
        for name, content in files.items():
            put(name.replace("__", "/"), content.encode())

    return write


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


# --- taking its place -----------------------------------------------------------------------------


def test_unchanged_files_stay_the_files_they_were_and_others_come_and_go(tmp_path: Path) -> None:
    site = tmp_path / "build" / "site"
    swap_in(site, writing(same="1", changed="1", en__same="1", gone="1"))
    before = {name: (site / name).stat() for name in ("same", "en/same", "changed")}
    swap_in(site, writing(same="1", changed="2", en__same="1", new="1"))
    assert contents(site) == {"same": "1", "changed": "2", "en/same": "1", "new": "1"}
    for name in ("same", "en/same"):
        after = (site / name).stat()
        assert (after.st_ino, after.st_mtime_ns) == (before[name].st_ino, before[name].st_mtime_ns)
    assert (site / "changed").stat().st_ino != before["changed"].st_ino
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_changed_file_does_not_change_the_one_of_the_site_before(tmp_path: Path) -> None:
    site = tmp_path / "site"
    swap_in(site, writing(a="1"))
    with (site / "a").open("rb") as before:
        swap_in(site, writing(a="2"))
        assert before.read() == b"1"


def test_until_all_is_written_the_old_site_stands(tmp_path: Path) -> None:
    site = tmp_path / "site"
    swap_in(site, writing(a="1"))
    seen = []

    def write(put: Put) -> None:
        put("a", b"2")
        seen.append(contents(site))

    swap_in(site, write)
    assert (seen, contents(site)) == ([{"a": "1"}], {"a": "2"})


def test_a_failure_while_writing_leaves_the_old_site_and_the_next_build_mends_it(tmp_path: Path) -> None:
    site = tmp_path / "site"
    swap_in(site, writing(a="1"))

    def write(put: Put) -> None:
        put("b", b"half")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        swap_in(site, write)
    assert contents(site) == {"a": "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    swap_in(site, writing(a="3"))
    assert contents(site) == {"a": "3"}


def test_where_the_system_cannot_exchange_folders_the_site_is_still_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release.platform, "system", lambda: "Windows")
    site = tmp_path / "site"
    swap_in(site, writing(a="1"))
    swap_in(site, writing(a="2"))
    assert contents(site) == {"a": "2"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("site_is_away", [True, False])
def test_where_a_build_was_killed_between_the_two_steps_the_next_one_mends_it(
    tmp_path: Path, site_is_away: bool
) -> None:
    site = tmp_path / "site"
    swap_in(site, writing(a="1"))
    if site_is_away:
        site.rename(tmp_path / ".site.old")
    else:
        swap_in(tmp_path / ".site.old", writing(a="0"))
    swap_in(site, writing(a="1", b="2"))
    assert contents(site) == {"a": "1", "b": "2"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


# --- from executed notebooks ----------------------------------------------------------------------

REPORTS = [
    Report(2024, area, chapter, language)
    for area in ("guangzhou", "tianhe")
    for chapter in ("overview", "air")
    for language in ("zh", "en")
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose reports are executed: one statement each; jupyter-book is played by :func:`making_pages`."""
    project = small_project(tmp_path, districts=("tianhe",), data_years=())
    for report in REPORTS:
        kind = {"overview": Overview, "air": Air}[report.chapter]
        chapter = kind.open(report.area, report.year, report.language, project)
        notebook_of(project, report, chapter.block("statement", "answer", {"sentences": [["said of ", report.name]]}))
    monkeypatch.setattr(publish.render, "bundle", lambda cache: "// charts")
    monkeypatch.setattr(book, "making_pages", making_pages)
    return project


def notebook_of(project: Project, report: Report, block: Block) -> None:
    """Write the executed notebook of *report*."""
    cells = [
        nbformat.v4.new_markdown_cell(f"# {report.name}", id="cell-1"),
        nbformat.v4.new_code_cell("x", id="cell-2"),
    ]
    cells[1].outputs = [nbformat.v4.new_output("display_data", data={MIMETYPE: block.as_json()})]
    report.path(project).parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), report.path(project))


@contextlib.contextmanager
def making_pages(project: Project, notebooks: dict[str, dict[str, str]]) -> Iterator[Callable[[], list[Page]]]:
    """Each notebook as a page: its Markdown and its HTML outputs one after the other."""
    pages = []
    for language, made in notebooks.items():
        pages.append(Page("index", language, "home", '<div data-insert="air#answer"></div>', ""))
        pages.append(Page("methods", language, "methods", "<p>written</p>", ""))
        for name, written in made.items():
            notebook = nbformat.reads(written, as_version=4)
            parts = [f"<p>{cell.source}</p>" for cell in notebook.cells if cell.cell_type == "markdown"]
            parts += [output.data["text/html"] for cell in notebook.cells for output in cell.get("outputs", [])]
            pages.append(Page(name, language, name, "\n".join(parts), "<ul><li>x</li></ul>"))
    yield lambda: pages


def page(site: Path, name: str) -> Any:
    return lxml.html.parse(site / name).getroot()


def test_every_report_has_its_page_in_its_language_and_address(project: Project) -> None:
    site = publish.publish(project, REPORTS)
    assert site == project.build / "site"
    for name, language in (("2024/tianhe/air.html", "zh-CN"), ("en/2024/tianhe/air.html", "en")):
        shown = page(site, name)
        assert shown.get("lang") == language
        (policy,) = shown.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'self'")
        assert "unsafe" not in policy
        assert f"said of 2024/tianhe/air.{language[:2]}" in shown.text_content()


def test_every_link_to_the_site_itself_leads_to_a_file(project: Project) -> None:
    site = publish.publish(project, REPORTS)
    for path in site.rglob("*.html"):
        for link in lxml.html.parse(path).getroot().xpath("//@href | //@src"):
            address = link.partition("#")[0]
            if not address or re.match("https?:", address):
                continue
            target = site / address[1:] if address.startswith("/") else path.parent / address
            assert target.resolve().is_file(), f"{path.relative_to(site)} → {link}"


def test_the_switches_keep_the_rest_of_the_address(project: Project) -> None:
    shown = page(publish.publish(project, REPORTS), "en/2024/tianhe/air.html")
    links = {link.text: link.get("href") for link in shown.xpath("//nav//a")}
    assert links["Guangzhou"] == "../../2024/guangzhou/air.html"
    alternates = {link.get("hreflang"): link.get("href") for link in shown.xpath("//link[@rel='alternate']")}
    assert alternates == {"zh-CN": "../../../2024/tianhe/air.html", "en": "../../../en/2024/tianhe/air.html"}


def test_a_block_is_put_into_a_written_page_where_it_is_asked_for(project: Project) -> None:
    site = publish.publish(project, REPORTS)
    assert "said of 2024/guangzhou/air.zh" in page(site, "index.html").text_content()
    assert "said of 2024/guangzhou/air.en" in page(site, "en/index.html").text_content()


def test_data_figures_checksums_and_facts_go_along(project: Project) -> None:
    site = publish.publish(project, REPORTS)
    assert json.loads((site / "data/figures/2024/tianhe/air.json").read_text())["page"] == "2024/tianhe/air"
    assert (site / "data/areas.csv").read_bytes() == (project.data / "areas.csv").read_bytes()
    assert {"reportkit", "code_sha256", "charts"} <= json.loads((site / "release.json").read_text()).keys()
    listed = {line.partition("  ")[2] for line in (site / "SHA256SUMS").read_text().splitlines()}
    assert listed == set(contents(site)) - {"SHA256SUMS"}


def test_the_same_reports_give_the_same_bytes(project: Project) -> None:
    first = contents(publish.publish(project, REPORTS))
    inodes = {path: path.stat().st_ino for path in (project.build / "site").rglob("*") if path.is_file()}
    assert contents(publish.publish(project, REPORTS)) == first
    assert {path: path.stat().st_ino for path in inodes} == inodes


def test_a_page_that_is_not_as_it_was_made_is_made_anew(project: Project) -> None:
    site = publish.publish(project, REPORTS)
    made = contents(site)
    (site / "2024/tianhe/air.html").write_text("changed by hand", encoding="utf-8")
    (site / "en/2024/tianhe/air.html").unlink()
    assert contents(publish.publish(project, REPORTS)) == made


def test_a_report_that_asks_for_a_block_of_another_changes_with_it(project: Project) -> None:
    path = REPORTS[4].path(project)  # of Tianhe's overview
    text = path.read_text(encoding="utf-8").replace("# 2024", '<div data-insert=\\"air#answer\\"></div># 2024')
    path.write_text(text, encoding="utf-8")
    assert (
        "said of 2024/guangzhou/air.zh"
        in page(publish.publish(project, REPORTS), "2024/tianhe/overview.html").text_content()
    )
    chapter = Air.open("guangzhou", 2024, "zh", project)
    notebook_of(project, REPORTS[2], chapter.block("statement", "answer", {"sentences": [["said anew"]]}))
    assert "said anew" in page(publish.publish(project, REPORTS), "2024/tianhe/overview.html").text_content()


def test_pages_of_reports_are_not_put_together_again_while_nothing_on_them_changes(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish.publish(project, REPORTS)
    put_together = []
    whole = Site._put_together
    monkeypatch.setattr(
        Site, "_put_together", lambda self, page, shell: (put_together.append(page.name), whole(self, page, shell))[1]
    )
    publish.publish(project, REPORTS)
    assert not {report.page for report in REPORTS} & set(put_together)
    publish.publish(project, REPORTS[:-2])  # those that led to the air of Tianhe lead elsewhere now
    assert {report.page for report in REPORTS} & set(put_together) == {"2024/tianhe/overview", "2024/guangzhou/air"}


def test_with_failed_reports_the_site_stays_and_a_partial_one_says_what_is_missing(project: Project) -> None:
    before = contents(publish.publish(project, REPORTS))
    failed = REPORTS[-2]
    failed.path(project).unlink()
    partial = publish.publish(project, REPORTS, [Failure(failed, 5, "line 1: x", "secret reason")])
    assert partial == project.build / "site.partial"
    assert contents(project.build / "site") == before
    shown = (partial / f"{failed.year}/{failed.area}/{failed.chapter}.html").read_text(encoding="utf-8")
    assert "这一章没有生成" in shown
    assert "secret reason" not in shown
    assert "said of 2024/tianhe/air.en" in (partial / "en/2024/tianhe/air.html").read_text(encoding="utf-8")


def test_an_archive_that_failed_is_said_to_be_missing_and_leads_back_to_its_area(project: Project) -> None:
    failed = Report(2024, ENTERPRISES, "DEMO-E-440106-01", "zh")
    partial = publish.publish(project, [*REPORTS, failed], [Failure(failed, 5, "line 1: x", "secret reason")])
    shown = lxml.html.parse(str(partial / f"{failed.page}.html"), lxml.html.HTMLParser(encoding="utf-8")).getroot()
    assert "这一章没有生成" in shown.text_content()
    here = shown.xpath("//nav[@class='switch']//a[@aria-current]")[0]
    assert here.text == "天河区"


@pytest.mark.parametrize(
    "change",
    [lambda data: (data / "catalogue.csv").unlink(), lambda data: (data / "catalogue.csv").write_text("x")],
    ids=["gone", "changed"],
)
def test_tables_that_are_not_what_the_reports_were_made_from_are_not_published(
    project: Project, change: Callable[[Path], object]
) -> None:
    state = release.state_of_data(project)
    before = contents(publish.publish(project, REPORTS, made_from=state))
    change(project.data)
    with pytest.raises(PublishError, match="changed or removed") as error:
        publish.publish(project, REPORTS, made_from=state)
    assert error.value.found == "catalogue.csv"
    assert contents(project.build / "site") == before


def test_a_site_of_one_language_has_no_folder_and_no_switch_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: Project
) -> None:
    only = small_project(tmp_path / "one", districts=("tianhe",), languages=("en",), data_years=())
    reports = [report for report in REPORTS if report.language == "en"]
    for report in reports:
        chapter = Air.open(report.area, report.year, "en", only)
        notebook_of(only, report, chapter.block("statement", "answer", {"sentences": [["said"]]}))
    site = publish.publish(only, reports)
    assert not (site / "en").exists()
    assert not page(site, "index.html").xpath("//nav[@class='languages']/a")


@pytest.mark.parametrize("hostile", HOSTILE[:3])
def test_titles_and_names_stay_text_in_the_shell_of_a_page(project: Project, hostile: str) -> None:
    shown = Page("2024/tianhe/air", "zh", hostile, "<p>body</p>", "")
    site = Site(project, lambda: [shown], parts_of(project, REPORTS, lambda report: "../../"))
    content, _ = site._put_together(shown, site._shell(shown))
    made = lxml.html.document_fromstring(content.decode())
    assert made.findtext(".//title").startswith(hostile)
    assert all(script.get("src") and not script.text for script in made.iter("script"))


def test_the_page_for_lost_readers_speaks_every_language(project: Project) -> None:
    shown = page(publish.publish(project, REPORTS), "404.html")
    assert [section.get("lang") for section in shown.iter("section")] == ["zh-CN", "en"]
    assert shown.xpath("//section//a/@href") == ["/index.html", "/en/index.html"]
