"""What readers take along: every table as CSV, every figure as JSON, both as complete as the pages."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from projects import ALL_ENTERPRISES, HOSTILE, REPO, blocks_of, read, small_project
from reportkit import figures, open_data
from reportkit.chapters import discover
from reportkit.errors import PublishError
from reportkit.project import Project
from reportkit.standards import air
from reportkit.standards.rounding import half_even
from reportkit.status import STATUSES

PAGE = "2024/tianhe/air"
STATUS_WORDS = {
    "official": "官方发布 / Official",
    "demonstration": "示例数据，非官方发布 / Demonstration data, not an official release",
}
AREAS = ("guangzhou", "nansha")


def entry(name: str, value: str | None = "21", **changed: Any) -> dict[str, Any]:
    """A figure of the page as its block carries it."""
    return {"id": f"{PAGE}#{name}", "value": value, "status": "official", "sources": ["a"], **changed}


def shown(
    *cells: Any, figures: Sequence[dict[str, Any]] = (), status: str = "official", **block: Any
) -> dict[str, Any]:
    """A block with a table of one row."""
    columns = [{"name": f"c{place}", "heading": "x", "is_number": False} for place in range(len(cells))]
    table = {"columns": columns, "rows": [list(cells)], "download": f"{PAGE}/shown"}
    known = {"name": "b", "language": "zh", "status": status, "figures": list(figures), "tables": []}
    return {**known, "content": {"table": table}, **block}


def figure_cell(name: str, value: str = "21", status: str = "official") -> dict[str, str]:
    return {"figure": f"{PAGE}#{name}", "status": status, "value": value, "text": f"{value} µg/m³"}


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# --- tables ---------------------------------------------------------------------------------------


def test_a_table_begins_with_a_byte_order_mark_and_ends_its_lines_as_unix_does() -> None:
    (content,) = open_data.tables([shown("天河")]).values()
    assert content.startswith(b"\xef\xbb\xbfc0,")
    assert b"\r" not in content


def test_each_row_says_its_status_in_both_languages() -> None:
    table = {"name": f"{PAGE}/days", "columns": ["a", "status", "source_id"]}
    rows = [["1", "official", "x"], ["2", "demonstration", "y"]]
    files = open_data.tables([{"tables": [{**table, "rows": rows}], "content": {}, "figures": []}])
    found = rows_of(files[f"{PAGE}/days.csv"])
    assert found[1]["status_in_words"] == STATUS_WORDS["demonstration"]
    assert found[0]["status_in_words"].startswith("官方发布 / ")


def test_a_shown_table_holds_bare_values_and_the_weakest_status_of_its_row() -> None:
    figures = [entry("a", sources=["x", "y"]), entry("b", status="demonstration", sources=["z"])]
    block = shown(
        "PM2.5",
        figure_cell("a", "1234.5"),
        figure_cell("b", status="demonstration"),
        figures=figures,
        status="demonstration",
    )
    (row,) = rows_of(open_data.tables([block])[f"{PAGE}/shown.csv"])
    assert row == {
        "c0": "PM2.5",
        "c1": "1234.5",
        "c2": "21",
        "status": "demonstration",
        "source_id": "x;y;z",
        "status_in_words": "部分为示例数据，非官方发布 / Partly demonstration data, not an official release",
    }


def test_a_figure_within_a_sentence_counts_for_the_status_and_sources_of_its_row() -> None:
    figures = [entry("a", sources=["x"]), entry("b", status="demonstration", sources=["z"])]
    sentence = ["within ", figure_cell("b", status="demonstration"), " minutes"]
    (row,) = rows_of(open_data.tables([shown(figure_cell("a"), sentence, figures=figures)])[f"{PAGE}/shown.csv"])
    assert (row["c1"], row["status"], row["source_id"]) == ("within 21 minutes", "demonstration", "x;z")


def test_a_row_of_a_standard_says_how_far_its_text_was_read() -> None:
    block = shown("08", status="")
    block["content"]["table"]["statuses"] = ["unread"]
    (row,) = rows_of(open_data.tables([block])[f"{PAGE}/shown.csv"])
    assert (row["status"], row["status_in_words"].partition(" / ")[0]) == ("unread", "未对照原文")


def test_a_table_of_words_alone_has_no_status() -> None:
    (row,) = rows_of(open_data.tables([shown("a", status="")])[f"{PAGE}/shown.csv"])
    assert (row["status"], row["status_in_words"]) == ("", "")


def test_a_limit_beside_data_makes_no_row_a_mixed_one() -> None:
    figures = [entry("a", sources=["x"]), entry("b", status="rule")]
    block = shown(figure_cell("a"), figure_cell("b", status="rule"), figures=figures)
    (row,) = rows_of(open_data.tables([block])[f"{PAGE}/shown.csv"])
    assert (row["status"], row["status_in_words"].partition(" / ")[0]) == ("official", "官方发布")


def test_a_row_without_figures_has_the_status_of_its_block() -> None:
    (row,) = rows_of(open_data.tables([shown("a", status="provisional")])[f"{PAGE}/shown.csv"])
    assert row["status"] == "provisional"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (None, ""),
        ("", ""),
        ({"href": "a.html", "text": "Air"}, "Air"),
        ([figure_cell("a"), " (", "x)"], "21 (x)"),
    ],
)
def test_a_cell_is_written_as_its_bare_text(cell: Any, written: str) -> None:
    (row,) = rows_of(open_data.tables([shown(cell, figures=[entry("a")])])[f"{PAGE}/shown.csv"])
    assert row["c0"] == written


@pytest.mark.parametrize("hostile", [*HOSTILE, 'a,"b"\nc'])
def test_hostile_text_is_the_same_text_in_a_download(hostile: str) -> None:
    (row,) = rows_of(open_data.tables([shown(hostile)])[f"{PAGE}/shown.csv"])
    assert row["c0"] == hostile


def test_a_published_table_is_not_written_over_by_the_one_shown_of_it() -> None:
    published = {"name": f"{PAGE}/shown", "columns": ["raw", "status"], "rows": [["1", "official"]]}
    (row,) = rows_of(open_data.tables([shown("x", tables=[published])])[f"{PAGE}/shown.csv"])
    assert row["raw"] == "1"


# --- figures --------------------------------------------------------------------------------------


def figures_of(page: str, blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The figures published with *page*."""
    content = json.loads(dict(open_data.by_page(open_data.figures(blocks)))[page])
    assert content["page"] == page
    found: list[dict[str, Any]] = content["figures"]
    return found


def test_figures_are_sorted_and_each_stands_once() -> None:
    blocks = [shown(figures=[entry("b"), entry("a")]), shown(figures=[entry("b")], language="en")]
    assert [figure["id"] for figure in figures_of(PAGE, blocks)] == [f"{PAGE}#a", f"{PAGE}#b"]
    assert open_data.figures(blocks) == open_data.figures(blocks[::-1])


def test_a_figure_is_published_with_its_own_page_wherever_it_is_shown() -> None:
    other = entry("a", id="2024/nansha/air#a")
    files = open_data.by_page(open_data.figures([shown(figures=[other, entry("a")])]))
    assert [page for page, _ in files] == ["2024/nansha/air", PAGE]
    assert figures_of("2024/nansha/air", [shown(figures=[other, entry("a")])]) == [other]


def test_languages_that_disagree_about_a_figure_stop_the_site() -> None:
    blocks = [shown(figures=[entry("a")]), shown(figures=[entry("a", "22")], language="en", name="years")]
    with pytest.raises(PublishError, match=f"{PAGE}#a") as error:
        open_data.figures(blocks)
    assert error.value.where == "block 'years' (en)"
    assert '"21"' in str(error.value.expected)
    assert '"22"' in str(error.value.found)


# --- a whole site's -------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[2024, 2026])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """Every block of a small site, by page; 2026 has two editions of the rules, and the days of 2024 moved there."""
    year = request.param
    folder = tmp_path_factory.mktemp("site")
    project = small_project(
        folder, districts=AREAS[1:], years=(year,), data_years=(2023, 2024), enterprises=ALL_ENTERPRISES
    )
    if year == 2026:
        move_days(project)
    made = {}
    for area in AREAS:
        for language in ("zh", "en") if year == 2024 else ("zh",):
            for block in blocks_of(project, area, year, language):
                made.setdefault((area, language), []).append(block.as_json())
    pages: dict[str, list[dict[str, Any]]] = {}
    for (area, _), blocks in made.items():
        for chapter, kind in discover().items():
            pages.setdefault(f"{year}/{area}/{chapter}", []).extend(b for b in blocks if b["item"] in kind.items)
    return pages


def move_days(project: Project) -> None:
    """Let the days of 2023 and 2024 be those of 2025 and 2026; a leap day is left out."""
    for year in (2023, 2024):
        path = project.data / "air" / f"station_daily_{year}.csv"
        text = path.read_text(encoding="utf-8").replace(f",{year}-", f",{year + 2}-")
        lines = [line for line in text.splitlines(keepends=True) if "2026-02-29" not in line]
        path.write_text("".join(lines), encoding="utf-8")


def published(site: Mapping[str, list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Every published figure of the site, by id."""
    written = open_data.figures([block for blocks in site.values() for block in blocks])
    return {id_: json.loads(figure) for id_, figure in written.items()}


def test_every_figure_shown_anywhere_is_published_on_its_own_page(site: dict[str, list[dict[str, Any]]]) -> None:
    known = published(site)
    shown = {entry["id"]: entry for blocks in site.values() for block in blocks for entry in block["figures"]}
    assert sorted(shown.keys() - known.keys()) == []
    assert [id_ for id_, entry in shown.items() if known[id_] != entry] == []


def test_every_figure_a_derivation_names_is_published(site: dict[str, list[dict[str, Any]]]) -> None:
    known = published(site)
    named = {
        other
        for entry in known.values()
        for other in [*entry["derivation"].get("of", []), *entry["derivation"].get("limits", [])]
    }
    assert sorted(named - known.keys()) == []


def test_every_derivation_speaks_the_closed_vocabulary(site: dict[str, list[dict[str, Any]]]) -> None:
    assert {entry["derivation"]["operation"] for entry in published(site).values()} <= figures.OPERATIONS.keys()


def test_every_figure_follows_from_the_downloads_by_its_derivation(site: dict[str, list[dict[str, Any]]]) -> None:
    """What a reader with a spreadsheet would do: the rows of the CSV, the conditions, the operation."""
    tables: dict[str, list[dict[str, str]]] = {}  # of a table of data/ each page has the rows it was made of
    for blocks in site.values():
        for name, content in open_data.tables(blocks).items():
            there = tables.setdefault(name, [])
            seen = {tuple(row.items()) for row in there}
            there += [row for row in rows_of(content) if tuple(row.items()) not in seen]
    known = published(site)
    wrong = {}
    for id_, entry in known.items():
        again = worked_out(entry["derivation"], tables, known)
        if again is not ... and again != entry["value"]:
            wrong[id_] = (entry["value"], again, entry["derivation"])
    assert wrong == {}


def worked_out(derivation: dict[str, Any], tables: dict[str, list[dict[str, str]]], known: dict[str, Any]) -> Any:
    """The value that *derivation* gives, as text; ``...`` for verdicts, which are tested with their chapters."""
    operation, places = derivation["operation"], derivation.get("places", 0)
    if "table" in derivation:
        name = f"{derivation['table']}.csv"
        if operation in ("class", "index"):
            return ...
        rows = tables[name] if name in tables else read(REPO / "data" / name)
        return from_rows(operation, rows, derivation, places)
    values = [known[id_]["value"] for id_ in derivation["of"]]
    numbers = [None if value is None else Fraction(Decimal(value)) for value in values if operation != "class"]
    if operation == "class":
        return ...
    if operation == "index":
        if None in numbers:
            return None
        limits = [Fraction(Decimal(known[id_]["value"])) for id_ in derivation["limits"]]
        return str(sum(half_even(value / limit, 2) for value, limit in zip(numbers, limits, strict=True)))  # type: ignore[operator]
    if operation == "added":
        parts = [number for number in numbers if number is not None]
        return str(half_even(sum(parts, Fraction(0)), places)) if len(parts) == len(numbers) else None
    if numbers[0] is None:
        return None
    if operation == "rank":
        others = dict(zip(derivation["of"][1:], numbers[1:], strict=True))
        sign = {"smallest": 1, "largest": -1}[derivation["first"]]
        return str(1 + sum(sign * value < sign * numbers[0] for value in others.values() if value is not None))
    if numbers[1] is None:
        return None
    if operation == "interpolate":
        first, last = (int(known[id_]["period"]) for id_ in derivation["of"])
        gone = Fraction(derivation["at"] - first, last - first)
        return str(half_even(numbers[0] * (1 - gone) + numbers[1] * gone, places))
    difference = numbers[0] - numbers[1]
    if operation == "difference":
        return str(half_even(difference, places))
    if operation == "quotient":
        return str(half_even(derivation.get("factor", 1) * numbers[0] / numbers[1], places)) if numbers[1] else None
    if operation == "ratio":
        return str(half_even(numbers[0] * 100 / numbers[1], places))
    return str(half_even(difference / numbers[1] * {"change": 100, "multiple": 1}[operation], places))


def from_rows(operation: str, rows: list[dict[str, str]], derivation: dict[str, Any], places: int) -> str | None:
    """What *operation* makes of the rows of a download."""
    column = derivation.get("column", "")
    rows = [row for row in rows if meets(row, derivation.get("where", {}))]
    if operation == "select":
        return (rows[0][column] or None) if len(rows) == 1 else None
    if operation == "count":
        return str(sum(not column or row[column] != "" for row in rows))
    if operation == "share":
        part = sum(meets(row, derivation["part"]) for row in rows)
        return str(half_even(Fraction(100 * part, len(rows)), places)) if rows else None
    numbers = [Fraction(Decimal(row[column])) for row in rows if row[column]]
    if not numbers:
        return None
    if operation == "mean":
        return str(half_even(sum(numbers, Fraction(0)) / len(numbers), places))
    if operation == "percentile":
        return str(half_even(air.percentile(numbers, Fraction(Decimal(derivation["p"]))), places))
    if operation == "sum":
        return str(half_even(sum(numbers, Fraction(0)), places))
    if operation == "weighted_mean":
        weights = [Fraction(Decimal(row[derivation["weight"]])) for row in rows if row[column]]
        return str(half_even(sum(map(Fraction.__mul__, numbers, weights), Fraction(0)) / sum(weights), places))
    assert operation == "maximum"
    return str(half_even(max(numbers), places))


def meets(row: dict[str, str], conditions: dict[str, Any]) -> bool:
    """Whether a row of a download meets the *conditions* of a derivation."""

    def texts(wanted: Any) -> list[str]:
        return [str(value).lower() if isinstance(value, bool) else str(value) for value in wanted]

    return all(
        row[column] in texts(wanted if isinstance(wanted, list) else [wanted]) for column, wanted in conditions.items()
    )


def test_every_download_a_page_links_to_is_there(site: dict[str, list[dict[str, Any]]]) -> None:
    files = {name for blocks in site.values() for name in open_data.tables(blocks)}
    for blocks in site.values():
        for block in blocks:
            table = (block["content"].get("chart") or block["content"]).get("table")
            if table:
                assert f"{table['download']}.csv" in files


def test_no_figure_is_said_to_be_stronger_than_the_rows_of_its_table(site: dict[str, list[dict[str, Any]]]) -> None:
    tables = {name: rows_of(content) for blocks in site.values() for name, content in open_data.tables(blocks).items()}
    for id_, entry in published(site).items():
        derivation = entry["derivation"]
        if rows := tables.get(f"{derivation.get('table')}.csv"):
            column = derivation.get("column", "")
            found = {
                row["status"] for row in rows if meets(row, derivation.get("where", {})) and (not column or row[column])
            }
            assert entry["status"] == max(found, key=STATUSES.index, default=entry["status"]), id_
