"""Facts are said once, and in one way."""

from __future__ import annotations

from datetime import date

import pytest

from defects import of_code, publish
from projects import add
from reportkit.project import Project
from reportkit.validate.facts import span_of


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-01/2024-09", date(2024, 1, 1), date(2024, 9, 30)),
        ("2020-01-01/2020-12-29", date(2020, 1, 1), date(2020, 12, 29)),
    ],
)
def test_a_period_has_its_days(period: str, first: date, last: date) -> None:
    assert span_of(period) == (first, last)


@pytest.mark.parametrize("period", ["", "2024-13", "2024-09/2024-01", "x"])
def test_what_is_no_period_has_none(period: str) -> None:
    assert span_of(period) is None


def test_the_same_fact_under_two_names_of_its_period_is_noted(project: Project) -> None:
    publish(project, "440106", "2022", pm2_5="21")
    publish(project, "440106", "2022-01/2022-12", pm2_5="21.0")
    (found,) = of_code(project, "fact-repeated")
    assert (found.severity, found.value, found.year) == ("note", "21.0", 2022)
    assert of_code(project, "fact-contradicted") == []


def test_two_values_for_the_same_fact_contradict_one_another(project: Project) -> None:
    publish(project, "440106", "2022", pm2_5="21")
    publish(project, "440106", "2022-01/2022-12", source="gz-annual-2014", pm2_5="22")
    (found,) = of_code(project, "fact-contradicted")
    assert (found.severity, found.value) == ("review", "22")
    assert "goes with 21 in row" in found.expected


def test_facts_contradict_one_another_across_tables(project: Project) -> None:
    area = {"area_code": "440106", "indicator": "gdp", "year": "2022", "unit": "100M yuan", "status": "provisional"}
    add(project.data / "area_statistics.csv", {**area, "value": "6000", "source_id": "gdp-2023-digest"})
    published = {**area, "period": "2022", "source_id": "gdp-2023-digest", "value": "6001"}
    del published["year"]
    add(project.data / "air/published.csv", published)
    (found,) = of_code(project, "fact-contradicted")
    assert (found.file, found.value) == ("data/air/published.csv", "6001")


def test_other_areas_periods_indicators_and_units_are_other_facts(project: Project) -> None:
    publish(project, "440106", "2022", pm2_5="21", pm10="40")
    publish(project, "440115", "2022", pm2_5="22")
    publish(project, "440106", "2022-01/2022-11", pm2_5="20")
    assert of_code(project, "fact-contradicted") == []
    assert of_code(project, "fact-repeated") == []


@pytest.mark.parametrize(("whole", "is_possible"), [("20", True), ("19", True), ("23", True), ("24", False)])
def test_a_mean_lies_between_those_of_the_two_periods_that_make_it_up(
    project: Project, whole: str, is_possible: bool
) -> None:
    publish(project, "440106", "2022-01/2022-04", pm2_5="20")
    publish(project, "440106", "2022-05", pm2_5="22")
    publish(project, "440106", "2022-01/2022-05", pm2_5=whole)
    assert (of_code(project, "fact-contradicted") == []) == is_possible


def test_a_percentile_may_lie_anywhere(project: Project) -> None:
    publish(project, "440106", "2022-01/2022-04", o3_8h_p90="120")
    publish(project, "440106", "2022-05", o3_8h_p90="130")
    publish(project, "440106", "2022-01/2022-05", o3_8h_p90="140")
    assert of_code(project, "fact-contradicted") == []
