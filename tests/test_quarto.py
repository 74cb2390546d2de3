"""The second engine: what is written for Quarto, how Quarto is called, and that text stays text on the way."""

from __future__ import annotations

import os
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import lxml.html
import nbformat
import pytest
from markdown_it import MarkdownIt

from projects import HOSTILE, REPO, blocks_of, small_project
from reportkit import quarto, snapshot
from reportkit import run as running
from reportkit.blocks import MIMETYPE, Block, ChartContent, Column, TableContent, figures_in
from reportkit.book import written
from reportkit.chapters.air import Air
from reportkit.cli import main
from reportkit.errors import PublishError, QuartoError, SettingsError
from reportkit.figures import Measured, name_figure
from reportkit.manifest import write_if_changed
from reportkit.project import Project, open_project
from reportkit.reports import Report
from reportkit.run import Outcome, _normalised, plan
from reportkit.standards.rules import Rule

EXPECTED = Path(__file__).parent / "data" / "quarto"
KINDS = ("statement", "chart", "table", "tiles", "quotes", "cards")
WORDS = {"zh": "示例数据，非官方发布", "en": "Demonstration data, not an official release"}
REPORT = Report(2024, "tianhe", "air", "en")
MEMORY = Rule("air.memory", "GB 2", "cl. 2", "记得", "remembered", "memory", "GB 2")
# Everything that the pages of book/ have of MyST's own.
PAGE = """\
# About {{ city_name }}

:::{admonition} Take care
:class: important

This is *not* real, see {ref}`the notes <of-notes>`.
:::

(first)=
## First "things"

[Notes](notes.md), [of them](notes.md#of-notes).

<div data-insert="water#answer"></div>

```{raw} html
<div data-insert="air#answer"></div>
```

<div data-insert="quality#links"></div>
"""


def block(kind: str, language: str = "zh", said: str = "said", *statuses: str) -> dict[str, Any]:
    """A block of *kind* with *said* wherever text can stand and a figure of each of the *statuses*, as JSON."""
    shown = [
        name_figure(
            f"2024/tianhe/air#f{place}",
            Measured(Decimal(place), Decimal(place), {"operation": "select"}, status, ("a",), (MEMORY,)),
            unit="ug/m3",
            period="2024",
        )
        for place, status in enumerate(statuses or ("demonstration",))
    ]
    table = TableContent([Column("name", said, False), Column("value", said)], [[said, it] for it in shown], "a/values")
    spec = {"data": {"values": []}, "mark": "bar"}
    content: dict[str, Any] = {
        "statement": {"sentences": [[said, " and ", *shown]]},
        "chart": {"chart": ChartContent(spec, spec, [said, *shown], table)},
        "table": {"table": table},
        "tiles": {"tiles": [], "legend": [], "alternative": [said], "table": table},
        "quotes": {"quotes": [{"words": said, "lines": [[said, *shown]]}]},
        "cards": {"cards": [{"label": said, "value": shown[0], "before": [said, shown[-1]], "href": "a.html"}]},
    }[kind]
    about = {"url": "http://example.org/?a=b&c", "trust": "A", "note": ""}
    sources = [{"id": "a", "title": said, "publisher": said, **about}]
    figures = list(figures_in(content))
    made = Block(kind, "answer", "Q1", language, content, [said], [[said]], figures, sources=sources)
    return made.as_json()


def write_report(project: Project, report: Report, *shown: Any) -> None:
    """An executed notebook with a title, *shown*, and a section."""
    cells = [nbformat.v4.new_markdown_cell("# Air \\& more")]
    for content in shown:
        cells.append(nbformat.v4.new_code_cell("chapter.secret_call()"))
        cells[-1].outputs = [nbformat.v4.new_output("display_data", data={MIMETYPE: content})]
    cells.append(nbformat.v4.new_markdown_cell("(days)=\n## Day by day"))
    write_if_changed(report.path(project), _normalised(nbformat.v4.new_notebook(cells=cells)))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a district, two written pages and one chapter, executed, in both languages."""
    folder = tmp_path_factory.mktemp("quarto")
    project = small_project(folder, districts=("tianhe",), data_years=(2024,), chapters=("air",))
    shutil.rmtree(project.book / "en")
    for path in project.book.glob("*.md"):
        path.unlink()
    for place in (project.book, project.book / "en"):
        place.mkdir(exist_ok=True)
        (place / "index.md").write_text(PAGE, encoding="utf-8")
        (place / "notes.md").write_text("# Notes\n\n(of-notes)=\n## Of {{ district_name }}\n", encoding="utf-8")
    for report in plan(project):
        write_report(project, report, block("statement", report.language, "a < b {{"))
    return project


@pytest.fixture
def without_quarto(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def pretend_quarto(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """Put a program called quarto onto the path; what it was called with goes into the file that is returned."""

    def put(script: str) -> Path:
        called = tmp_path / "called"
        program = tmp_path / "bin" / "quarto"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\necho "$PWD: $*" >> "{called}"\n{script}\n', encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        return called

    return put


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- the project ----------------------------------------------------------------------------------


def test_the_project_is_as_expected(project: Project) -> None:
    """The files of tests/data/quarto are what is expected, the open data apart."""
    found = files_of(quarto.write_project(project, plan(project), []))
    pages = ["index", "notes", "2024/data-quality", "2024/guangzhou/air", "2024/tianhe/air"]
    expected = {f"{folder}{page}.qmd" for folder in ("", "en/") for page in pages}
    assert {name for name in found if not name.startswith("data/")} == {
        *expected,
        "_quarto.yml",
        "site.css",
        "quarto.css",
    }
    for name, content in files_of(EXPECTED).items():
        assert found[name].decode() == content.decode(), name


def test_what_pages_lead_to_is_there(project: Project) -> None:
    folder = quarto.write_project(project, plan(project), [])
    for page in folder.rglob("*.qmd"):
        source = page.read_text(encoding="utf-8")
        for href in re.findall(r'href="([^"#]+)', source) + re.findall(r"\]\(([^)#]+)", source):
            if not href.startswith("http"):
                target = (page.parent / href).with_suffix(".qmd") if href.endswith(".html") else page.parent / href
                assert target.is_file(), f"{page}: {href}"


def test_the_same_reports_give_the_same_bytes_and_leave_nothing_of_others(project: Project) -> None:
    first = files_of(quarto.write_project(project, plan(project), []))
    stray = project.build / "quarto" / "stray.qmd"
    stray.write_text("# left over\n", encoding="utf-8")
    assert files_of(quarto.write_project(project, plan(project), [])) == first


def test_nothing_is_asked_of_another_host_and_nothing_is_executed(project: Project) -> None:
    folder = quarto.write_project(project, plan(project), [])
    config = (folder / "_quarto.yml").read_text(encoding="utf-8")
    assert "http" not in config + (folder / "quarto.css").read_text(encoding="utf-8")
    assert "enabled: false" in config
    for page in folder.rglob("*.qmd"):
        assert "\nengine: markdown\n" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_the_book_has_a_form_for_quarto(language: str) -> None:
    sources = written(open_project(REPO), language)
    anchors = {anchor: name for name in sources for anchor in re.findall(r"^\(([\w-]+)\)=$", sources[name], re.M)}
    for name, source in sources.items():
        made = quarto.from_myst(source, name, anchors)
        assert not re.search(r"^\(.*\)=$|\{ref\}|\.md\)|^:::\{|\{raw\}", made, re.MULTILINE), name


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{ref}`that <nowhere>`", "'nowhere'"),
        ("(lonely)=\n\ntext", "(lonely)="),
        ("```{note}\nx\n```", "```{note}"),
        ("{doc}`x`", "{doc}`"),
    ],
)
def test_what_quarto_would_take_for_something_else_is_refused(source: str, told: str) -> None:
    with pytest.raises(PublishError, match=re.escape(told)):
        quarto.from_myst(source, "page", {})


def test_in_a_document_the_words_of_links_stay_and_the_links_go() -> None:
    assert quarto.from_myst("{ref}`that <nowhere>`, [a page](x/y.md#z)", "page", None) == "that, a page"


@pytest.mark.parametrize("hostile", ["`````\nx", "```{python}\nprint(1)\n```", "{{<b>"])
def test_no_text_gets_out_of_a_block_of_html(hostile: str) -> None:
    first, *inside, last = quarto._raw(hostile).splitlines()
    assert first == f"{last}{{=html}}"
    assert set(last) == {"`"}
    assert all(last not in line for line in inside)
    assert "{{<" not in "".join(inside)


# --- blocks as Markdown ---------------------------------------------------------------------------


def shown(markdown: str) -> Any:
    return lxml.html.fragment_fromstring(MarkdownIt().enable("table").render(markdown), create_parent="div")


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_stays_text_in_markdown(kind: str, hostile: str) -> None:
    page, plain = (shown(quarto.markdown_of(block(kind, "en", said))) for said in (hostile, "said"))
    assert [element.tag for element in page.iter()] == [element.tag for element in plain.iter()]
    assert page.text_content().split() == plain.text_content().replace("said", hostile).split()
    assert [picture.get("src") for picture in page.iter("img")] == ["answer.png"] * (kind == "chart")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_demonstration_is_said_in_words_in_every_kind_of_block(kind: str, language: str) -> None:
    assert WORDS[language] in shown(quarto.markdown_of(block(kind, language))).text_content()


@pytest.mark.parametrize("kind", ["chart", "table", "tiles"])
def test_every_row_of_a_table_that_is_not_all_official_says_its_status(kind: str) -> None:
    page = shown(quarto.markdown_of(block(kind, "en", "said", "official", "demonstration", "provisional")))
    assert [row.xpath("string(td[last()])") for row in page.iter("tr")][1:] == ["official", "demonstration", "reported"]
    assert "Partly demonstration data" in page.text_content()


def test_a_text_of_figures_of_several_kinds_marks_those_that_are_not_official() -> None:
    page = shown(quarto.markdown_of(block("statement", "en", "said", "official", "demonstration")))
    assert re.search(r"0\D+1\D* \[demonstration\]", page.text_content())
    assert "[official]" not in page.text_content()


def test_a_document_holds_what_the_blocks_hold(project: Project, pretend_quarto: Callable[[str], Path]) -> None:
    """The real chapter: every sentence, every row, every chart as a picture, no HTML, no code."""
    report = Report(2023, "tianhe", "air", "zh")  # one that no other test knows
    made = [it.as_json() for it in blocks_of(project, "tianhe", 2024, "zh", Air)]
    write_report(project, report, *made)
    called = pretend_quarto("cp report.qmd report.docx")
    target = project.build / "export" / "air.docx"
    assert quarto.export_document(project, report, "docx", target) == target
    assert called.read_text(encoding="utf-8").endswith("quarto.document: render report.qmd --to docx\n")
    source = target.read_text(encoding="utf-8")
    page = shown(source.partition("---\n\n")[2])
    charts = [it for it in made if it["kind"] == "chart"]
    pictures = {picture.get("src"): picture.get("alt") for picture in page.iter("img")}
    assert set(pictures) == {f"{it['name']}.png" for it in charts}
    assert all(pictures.values())
    folder = project.build / "quarto.document"
    assert all((folder / name).read_bytes().startswith(b"\x89PNG") for name in pictures)
    tables = [(it["content"].get("chart") or it["content"]).get("table", {"rows": []}) for it in made]
    assert len(page.xpath(".//tbody/tr")) == sum(len(table["rows"]) for table in tables)
    assert "345天" in page.text_content()
    assert page.text_content().count(WORDS["zh"]) >= len(charts)
    assert not re.search("<[a-z]|secret_call", source)


# --- the program ----------------------------------------------------------------------------------


def test_where_quarto_is_missing_one_sentence_says_so_and_the_project_is_written(
    project: Project, without_quarto: None
) -> None:
    shutil.rmtree(project.build / "quarto", ignore_errors=True)
    with pytest.raises(QuartoError) as error:
        quarto.build_site(project, plan(project), [])
    assert str(error.value) == (
        "Quarto is not installed: get version 1.5 or later from its publisher, quarto.org; "
        f"what it would render is in {project.build / 'quarto'}."
    )
    assert (project.build / "quarto" / "_quarto.yml").is_file()
    assert not (project.build / "site.quarto").exists()


def test_a_site_takes_the_place_of_the_last_one(project: Project, pretend_quarto: Callable[[str], Path]) -> None:
    called = pretend_quarto("mkdir _site; cp index.qmd _site/index.html; echo working >&2")
    stray = project.build / "site.quarto" / "old.html"
    stray.parent.mkdir(parents=True)
    stray.touch()
    site = quarto.build_site(project, plan(project), [])
    assert site == project.build / "site.quarto"
    assert list(files_of(site)) == ["index.html"]
    assert called.read_text(encoding="utf-8") == f"{project.build / 'quarto'}: render\n"
    assert not (project.build / "site").exists()


def test_what_quarto_says_when_it_fails_is_told_and_the_last_site_stays(
    project: Project, pretend_quarto: Callable[[str], Path]
) -> None:
    pretend_quarto("mkdir _site; echo half > _site/index.html; echo 'ERROR: no such filter' >&2; exit 3")
    (project.build / "site.quarto").mkdir(exist_ok=True)
    (project.build / "site.quarto" / "index.html").write_text("good", encoding="utf-8")
    with pytest.raises(QuartoError, match="ERROR: no such filter"):
        quarto.build_site(project, plan(project), [])
    assert (project.build / "site.quarto" / "index.html").read_text(encoding="utf-8") == "good"


def test_another_format_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="docx, html, pdf"):
        quarto.export_document(project, REPORT, "odt", tmp_path / "a.odt")


def test_html_and_pdf_are_made_as_well(project: Project, pretend_quarto: Callable[[str], Path], tmp_path: Path) -> None:
    called = pretend_quarto("cp report.qmd report.html; cp report.qmd report.pdf")
    page = quarto.export_document(project, REPORT, "html", tmp_path / "a.html").read_text(encoding="utf-8")
    assert '<section class="block block-statement" id="answer"' in page
    assert "embed-resources: true" in page
    page = quarto.export_document(project, REPORT, "pdf", tmp_path / "a.pdf").read_text(encoding="utf-8")
    assert "<section" not in page
    assert called.read_text(encoding="utf-8").endswith("--to typst\n")


# --- the command line -----------------------------------------------------------------------------


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the console script, with reports that are executed already: exit code, output, errors."""
    monkeypatch.setattr(running, "run", lambda *_, **__: Outcome())
    # A build by Quarto neither asks whether something has changed nor writes down what it was made from.
    monkeypatch.setattr(snapshot, "Snapshot", None)

    def called(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["reportkit", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capfd.readouterr()
        return (end.value.code if isinstance(end.value.code, int) else 0), out, err

    return called


@pytest.mark.parametrize("command", [["build"], ["export", "tianhe", "--to", "docx"]])
def test_without_quarto_a_build_and_a_document_end_with_1(
    project: Project, call: Callable[..., Any], without_quarto: None, command: list[str]
) -> None:
    code, _, err = call(*command, "--engine", "quarto", "--project", project.root)
    assert code == 1
    assert "Quarto is not installed" in err
    assert "Traceback" not in err


def test_a_build_and_a_document_with_quarto_end_with_0(
    project: Project, call: Callable[..., Any], pretend_quarto: Callable[[str], Path]
) -> None:
    pretend_quarto("mkdir -p _site; cp *.qmd _site; echo > _site/index.html; echo > report.docx")
    code, out, _ = call("build", "--engine", "quarto", "--project", project.root)
    assert code == 0
    assert f"1 pages in {project.build / 'site.quarto'}" in out
    code, out, _ = call("export", "tianhe", "air", "--engine", "quarto", "--to", "docx", "--project", project.root)
    assert code == 0
    assert (project.build / "export" / "2024-tianhe-air.zh.docx").is_file()
    shutil.rmtree(project.build / "export")
    code, out, _ = call(
        "export", "tianhe", "--engine", "quarto", "--to", "docx", "--language", "en", "--project", project.root
    )
    assert code == 0
    assert [path.name for path in (project.build / "export").iterdir()] == ["2024-tianhe-air.en.docx"]


def test_reports_that_fail_are_not_handed_to_quarto(
    project: Project, call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = [running.Failure(REPORT, 5, "line 1: x", "DataError: row 7")]
    monkeypatch.setattr(running, "run", lambda *_, **__: Outcome([], [], failed))
    monkeypatch.setattr(quarto, "build_site", None)
    code, out, _ = call("build", "--engine", "quarto", "--project", project.root)
    assert code == 1
    assert f"1 reports failed, so {project.build / 'site.quarto'} was left as it was" in out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["build", "--engine", "quatro"], "jupyter-book, quarto"),
        (["export", "tianhe", "air", "--engine", "quatro"], "nbconvert, quarto"),
        (["export", "tianhe", "air", "--to", "docx"], "html"),
        (["export", "tianhe", "--year", "2020"], "a year of [2024] and a language of ['zh', 'en']"),
        (["export", "tianhe", "air", "--engine", "quarto", "--to", "odt"], "docx, html, pdf"),
    ],
)
def test_an_engine_or_a_format_nobody_knows_ends_with_2(
    project: Project, call: Callable[..., Any], arguments: list[str], expected: str
) -> None:
    code, _, err = call(*arguments, "--project", project.root)
    assert code == 2
    assert f"expected: {expected}" in err


# --- with Quarto ----------------------------------------------------------------------------------

needs_quarto = pytest.mark.skipif(shutil.which("quarto") is None, reason="needs Quarto, which is not installed")


@needs_quarto
def test_quarto_renders_the_site(project: Project) -> None:
    site = quarto.build_site(project, plan(project), [])
    for name in ("index.html", "en/index.html", "2024/tianhe/air.html", "en/2024/tianhe/air.html"):
        page = lxml.html.parse(site / name).getroot()
        assert page.xpath("//section[@id='answer']"), name
        asked = page.xpath("//link[@rel='stylesheet']/@href | //script/@src | //img/@src")
        assert [address for address in asked if re.match("(https?:)?//", address)] == []
    words = lxml.html.parse(site / "en/2024/tianhe/air.html").getroot().text_content()
    assert WORDS["en"] in words
    assert "a < b {{" in words


@needs_quarto
def test_quarto_renders_a_document(project: Project, tmp_path: Path) -> None:
    target = quarto.export_document(project, REPORT, "docx", tmp_path / "air.docx")
    with zipfile.ZipFile(target) as document:
        words = "".join(re.findall(r"<w:t[^>]*>([^<]*)", document.read("word/document.xml").decode()))
    assert WORDS["en"] in words
    assert "a &lt; b {{" in words
