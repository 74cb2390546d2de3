"""The books jupyter-book gets, and the page bodies that are taken out of what it makes."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import lxml.html
import nbformat
import pytest
import yaml

from projects import REPO, catalogue_of_the_plan, read, small_project
from reportkit import book
from reportkit.chapters import chapter_title, discover
from reportkit.errors import PublishError
from reportkit.project import CONFIG, Project
from reportkit.text import escape_markdown

NAME, OTHER = "2024/tianhe/air", "2024/tianhe/water"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path, districts=("tianhe",), data_years=())


def notebook(*sources: str) -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_markdown_cell(source, id=f"c{place}") for place, source in enumerate(sources)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def sources(made: str) -> list[str]:
    """What stands in the cells of a notebook."""
    return [cell.source for cell in nbformat.reads(made, as_version=4).cells]


def as_json(*sources: str) -> str:
    """The same as the JSON that a book takes."""
    return str(nbformat.writes(notebook(*sources)))


# --- what jupyter-book gets -----------------------------------------------------------------------


def test_the_pages_of_the_first_language_lie_at_the_top_and_others_in_their_folder(project: Project) -> None:
    chinese, english = book.pages_of(project, "zh"), book.pages_of(project, "en")
    assert {path.parent for path in chinese} == {project.book}
    assert {path.parent for path in english} == {project.book / "en"}
    assert [path.name for path in chinese] == [path.name for path in english]
    assert "index.md" in [path.name for path in chinese]


def test_every_written_page_has_the_same_anchors_in_both_languages() -> None:
    for path in sorted((REPO / "book").glob("*.md")):
        anchors = [
            [line for line in text.splitlines() if line.startswith("(") and line.endswith(")=")]
            for text in (
                path.read_text(encoding="utf-8"),
                (REPO / "book" / "en" / path.name).read_text(encoding="utf-8"),
            )
        ]
        assert anchors[0] == anchors[1], path.name


@pytest.mark.parametrize("language", ["", "en/"])
def test_the_list_of_rules_that_were_not_read_is_complete(language: str) -> None:
    unread = {row["rule"] for row in read(REPO / "data/standards/rules.csv") if row["verification"] == "memory"}
    methods = (REPO / "book" / language / "methods.md").read_text(encoding="utf-8")
    section = methods.partition("(rules-not-read)=")[2].partition("\n## ")[2].partition("\n## ")[0]
    assert set(re.findall(r"`(\w+\.\w+)`", section)) == unread


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("page", ["methods", "data-here"])
def test_every_list_of_breaks_is_named(page: str, language: str) -> None:
    lists = {str(path.relative_to(REPO)) for path in (REPO / "data").glob("*/series_breaks.csv")}
    text = (REPO / "book" / language / f"{page}.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(data/\w+/series_breaks\.csv)`", text)) == lists


@pytest.mark.parametrize(("language", "page"), [("zh", "index.md"), ("en", "en/index.md")])
def test_the_first_page_calls_the_chapters_of_the_plan_by_their_names(language: str, page: str) -> None:
    lines = (REPO / "book" / page).read_text(encoding="utf-8").splitlines()
    terms = [line for line, told in pairwise(lines) if told.startswith(": ")]
    titles = {slug: chapter_title(slug, language) for slug in discover()}
    assert {titles[row["chapter"]] for row in catalogue_of_the_plan()} <= {*terms} <= {*titles.values()}
    assert len(terms) == len({*terms})


def test_a_book_holds_nothing_from_the_time_before(project: Project) -> None:
    folder = book._Book(project, "zh", {NAME: as_json("# a")}).write()
    (folder / "old.md").write_text("old", encoding="utf-8")
    again = book._Book(project, "zh", {}).write()
    assert again == folder
    assert not (folder / "old.md").exists()
    assert not (folder / f"{NAME}.ipynb").exists()


def test_every_page_and_notebook_is_in_the_contents(project: Project) -> None:
    folder = book._Book(project, "en", {NAME: as_json("# a")}).write()
    contents = yaml.safe_load((folder / "_toc.yml").read_text(encoding="utf-8"))
    assert contents["root"] == "index"
    listed = {entry["file"] for entry in contents["chapters"]}
    assert listed == {path.stem for path in folder.glob("*.md")} - {"index"} | {NAME}


def made_before(project: Project, prose: str) -> book._Book:
    """A book of two reports of that prose whose pages have all been made."""
    made = book._Book(project, "zh", {NAME: as_json(f"# {prose}"), OTHER: as_json("# b")})
    made.keep(book.Page(file.rpartition(".")[0], "zh", "t", "b", "c") for file in made.kept)
    assert made.missing == []
    return made


def test_pages_that_were_made_before_are_not_made_again(project: Project) -> None:
    made = made_before(project, "a")
    assert [page.name for page in made.pages()][:2] == [NAME, OTHER]
    assert book._Book(project, "zh", {NAME: as_json("# other"), OTHER: as_json("# b")}).missing == [f"{NAME}.ipynb"]
    folder = book._Book(project, "zh", {NAME: as_json("# other"), OTHER: as_json("# b")}).write()
    assert (folder / f"{NAME}.ipynb").is_file()
    assert not (folder / f"{OTHER}.ipynb").exists()


@pytest.mark.parametrize(("prose", "depends"), [("a", False), ("a {ref}`b <c>`", True), ("[a](methods.md)", True)])
def test_a_report_is_made_again_with_the_written_pages_only_if_it_refers_to_a_page(
    project: Project, prose: str, depends: bool
) -> None:
    written = sorted(made_before(project, prose).written)
    (project.book / "methods.md").write_text("# Others", encoding="utf-8")
    missing = book._Book(project, "zh", {NAME: as_json(f"# {prose}"), OTHER: as_json("# b")}).missing
    assert sorted(missing) == sorted([*written, *([f"{NAME}.ipynb"] if depends else [])])


def test_a_book_executes_nothing_and_fills_nothing_in(project: Project) -> None:
    config = project.root / CONFIG
    config.write_text(
        config.read_text(encoding="utf-8").replace("[colon_fence,", "[substitution, colon_fence,"), "utf-8"
    )
    made = book._config(project, "zh")
    assert made["execute"] == {"execute_notebooks": "off"}
    assert "reportkit" not in made
    sphinx = made["sphinx"]
    assert isinstance(sphinx, dict)
    assert "substitution" not in sphinx["config"]["myst_enable_extensions"]
    assert "colon_fence" in sphinx["config"]["myst_enable_extensions"]
    assert sphinx["config"]["language"] == "zh_CN"
    assert book._config(project, "en")["title"] == project.settings.site_title["en"]


# --- anchors --------------------------------------------------------------------------------------


def test_the_same_anchor_on_two_pages_is_no_conflict_and_comes_out_as_it_was_written() -> None:
    marked = book._with_own_anchors(as_json("(days)=\n## Days\n\n[up](days)"), f"{NAME}.ipynb")
    assert sources(marked)[0].startswith("(at-2024-tianhe-air-days)=\n")
    for made_up in ("days-of-2024", "id1"):
        body = f'<section id="{made_up}">\n<span id="at-2024-tianhe-air-days"></span><h2>Days</h2>'
        contents = f'<a class="reference internal" href="#{made_up}">Days</a>'
        stable = book._stable(body, contents, NAME)
        assert stable[0].startswith('<section id="days">\n<h2>')
        assert 'href="#days"' in stable[1]


def test_links_within_a_page_keep_the_anchor_they_were_written_with() -> None:
    html = '<a class="reference internal" href="#at-2024-tianhe-air-days">Days</a>'
    assert all('href="#days"' in made for made in book._stable(html, html, NAME))


def test_anchors_of_a_page_with_capitals_in_its_name_come_out_as_they_were_written() -> None:
    name = "2024/enterprises/DEMO-E-440106-01"
    marked = book._with_own_anchors(as_json("(tax)=\n## Tax"), f"{name}.ipynb")
    assert sources(marked)[0].startswith("(at-2024-enterprises-demo-e-440106-01-tax)=\n")
    body = '<section id="id1">\n<span id="at-2024-enterprises-demo-e-440106-01-tax"></span><h2>Tax</h2>'
    assert book._stable(body, "", name)[0].startswith('<section id="tax">\n<h2>')


def test_ids_that_are_only_counted_are_left_out() -> None:
    assert book._stable('<section id="id1">x</section>', "", NAME)[0] == "<section>x</section>"


def test_the_contents_of_a_page_are_its_own_sections() -> None:
    contents = (
        '<ul><li><a class="reference internal" href="#">Title</a><ul>'
        '<li><a class="reference internal" href="#days">The days</a></li>'
        '<li><a class="reference internal" href="#id3">Unnamed</a></li></ul></li></ul>'
    )
    made = book._contents(contents)
    assert '<a href="#days">The days</a>' in made
    assert "Unnamed" not in made
    assert book._contents("<ul></ul>") == ""


# --- with jupyter-book ----------------------------------------------------------------------------

PLAIN = ["\"a\" -- 'b'... & <b>", "<script>alert(1)</script>", "{{ 7*7 }}"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, book.Page]:
    """A book in English of one written page and one notebook."""
    project = small_project(tmp_path_factory.mktemp("book"), districts=("tianhe",), languages=("en",), data_years=())
    for path in project.book.glob("*.md"):
        path.unlink()
    (project.book / "index.md").write_text("# Home\n\nText.\n", encoding="utf-8")
    title, *rest = map(escape_markdown, PLAIN)
    made = notebook(f"# Air in {title}", *rest, "(days)=\n## The days\n\nText.")
    shown = nbformat.v4.new_code_cell("chapter.answer()", id="shown", metadata={"tags": ["remove-input"]})
    shown.outputs = [
        nbformat.v4.new_output("display_data", data={"text/html": '<section class="block">said</section>'})
    ]
    made.cells.append(shown)
    with book.making_pages(project, {"en": {NAME: nbformat.writes(made)}}) as pages:
        return {page.name: page for page in pages()}


def test_written_pages_and_notebooks_become_pages(pages: dict[str, book.Page]) -> None:
    assert set(pages) == {"index", NAME}
    assert pages["index"].title == "Home"
    assert '<section class="block">said</section>' in pages[NAME].body
    assert '<section id="days">' in pages[NAME].body
    assert '<a href="#days">The days</a>' in pages[NAME].contents


def test_text_comes_out_of_a_book_as_it_went_in(pages: dict[str, book.Page]) -> None:
    body = lxml.html.fragment_fromstring(pages[NAME].body, create_parent=True)
    for text in PLAIN:
        assert text in body.text_content()
    assert body.find(".//script") is None


def test_a_title_is_plain_text_for_the_shell_of_its_page(pages: dict[str, book.Page]) -> None:
    assert pages[NAME].title == f"Air in {PLAIN[0]}"


def test_a_page_that_warns_stops_the_site_with_what_was_said(project: Project) -> None:
    for path in [*project.book.glob("*.md"), *(project.book / "en").glob("*.md")]:
        path.unlink()
    (project.book / "index.md").write_text("# Home\n\n[nowhere](nothing.md)\n", encoding="utf-8")
    (project.book / "more.md").write_text("# More\n", encoding="utf-8")
    with (
        pytest.raises(PublishError, match="could not build the pages in 'zh'") as error,
        book.making_pages(project, {"zh": {}}) as pages,
    ):
        pages()
    assert "nothing" in str(error.value.found)
