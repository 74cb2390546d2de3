"""A finding knows the key, status and year of its row, and a known reason takes its place in the list."""

from __future__ import annotations

from defects import about, of_code
from projects import add
from reportkit.project import Project

GDP = "area_code=440100;indicator=gdp;year=2023"


def known(project: Project, key: str) -> None:
    why = {"why_zh": "另有来源", "why_en": "counted otherwise", "source_id": "gdp-2023-digest"}
    add(project.data / "known_differences.csv", {"table": "area_statistics", "key": key, **why})


def test_a_difference_whose_reason_is_known_becomes_a_note_with_its_reason(project: Project) -> None:
    (before,) = of_code(project, "sum-differs")
    known(project, GDP)
    (after,) = of_code(project, "sum-differs")
    assert (before.severity, after.severity) == ("review", "note")
    assert after.known == {"zh": "另有来源", "en": "counted otherwise"}
    assert "counted otherwise" in str(after)


def test_a_reason_for_another_row_changes_nothing(project: Project) -> None:
    known(project, GDP.replace("2023", "2022"))
    (found,) = of_code(project, "sum-differs")
    assert (found.severity, found.known) == ("review", {})


def test_what_stops_the_line_stops_it_whatever_is_known(project: Project) -> None:
    known(project, "area_code=440106;indicator=gdp;year=2022")
    row = {"area_code": "440106", "indicator": "gdp", "year": "2022", "value": "x", "unit": "100M yuan"}
    add(project.data / "area_statistics.csv", {**row, "status": "provisional", "source_id": "gdp-2023-digest"})
    assert "stop" in {it.severity for it in about(project, "area_statistics.csv")}


def test_a_finding_knows_the_year_and_status_of_its_row(project: Project) -> None:
    (found,) = of_code(project, "sum-differs")
    assert (found.key, found.year, found.status) == (GDP, 2023, "provisional")


def test_a_finding_about_a_row_of_no_year_has_none(project: Project) -> None:
    add(
        project.data / "sources.csv",
        {"source_id": "nobody", "title": "t", "publisher": "p", "trust": "C", "licence": "x"},
    )
    (found,) = of_code(project, "source-unused")
    assert (found.key, found.year) == ("source_id=nobody", None)
