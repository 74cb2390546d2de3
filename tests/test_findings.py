"""Findings say where, what was found, what was expected and what to do."""

from __future__ import annotations

import json
import string

from projects import REPO
from reportkit import findings
from reportkit.findings import Finding, finding, in_order, shortened, stops


def test_a_finding_is_one_readable_line() -> None:
    found = finding("type", "data/air/x.csv", row=17, column="pm2_5_ug_m3", value="abc", type="a number")
    assert str(found) == (
        "data/air/x.csv, row 17, column pm2_5_ug_m3: found 'abc', expected a number; correct the cell"
    )


def test_a_finding_about_a_whole_file_names_no_row_and_no_column() -> None:
    assert str(finding("file-missing", "data/stations.csv")).startswith("data/stations.csv: found nothing,")


def test_a_cell_of_many_lines_is_one_short_line_for_people_and_whole_as_json() -> None:
    found = finding("import-cells", "x.csv", row=2, value="word\n" * 1000, width=3)
    assert "\n" not in str(found)
    assert len(str(found)) < 250
    assert found.as_json()["value"] == "word\n" * 1000


def test_a_finding_is_json() -> None:
    found = finding("required", "data/x.csv", row=2, column="status")
    assert json.loads(json.dumps(found.as_json())) == {
        "code": "required",
        "severity": "stop",
        "file": "data/x.csv",
        "row": 2,
        "column": "status",
        "value": "",
        "expected": "a value",
        "do": "fill the cell in, or remove the row",
    }


def test_every_code_has_a_severity_and_two_wordings() -> None:
    for code, (severity, expected, do) in findings._KINDS.items():
        assert severity in {"stop", "review", "note"}, code
        names = {name for text in (expected, do) for _, name, _, _ in string.Formatter().parse(text) if name}
        assert str(finding(code, "x.csv", **dict.fromkeys(names, "…"))).startswith("x.csv"), code


def test_of_many_equal_findings_twenty_are_listed_and_the_others_counted() -> None:
    many = [finding("required", "x.csv", row=row, column="status") for row in range(2, 102)]
    one = finding("required", "x.csv", row=5, column="value")
    listed = shortened([*many, one])
    assert listed[:20] == many[:20]
    assert (listed[20].row, listed[20].value, listed[20].severity) == (None, "80 more", "stop")
    assert listed[21] == one


def test_findings_are_ordered_by_file_and_row_with_the_counted_ones_last() -> None:
    def at(file: str, row: int | None) -> Finding:
        return finding("required", file, row=row, column="status")

    ordered = [at("a.csv", 2), at("a.csv", 10), at("a.csv", None), at("b.csv", 1)]
    assert in_order(reversed(ordered)) == ordered


def test_only_a_finding_that_stops_stops() -> None:
    assert not stops([])
    assert not stops([finding("registry-missing", "registry.txt"), finding("import-zero", "x.csv")])
    assert stops([finding("registry-missing", "registry.txt"), finding("required", "x.csv")])


def test_every_code_is_told_of_in_the_page_on_formats() -> None:
    page = (REPO / "docs" / "data-formats.md").read_text(encoding="utf-8")
    assert [code for code in findings._KINDS if f"`{code}`" not in page] == []
