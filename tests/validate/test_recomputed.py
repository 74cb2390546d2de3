"""Totals, means, ranks and indices that were published are what other published figures give."""

from __future__ import annotations

import pytest

from defects import of_code, publish
from projects import add, edit, read
from reportkit.project import Project

SIX = {"so2": "7", "no2": "21", "pm10": "28", "pm2_5": "15", "co_p95": "0.8", "o3_8h_p90": "143"}
DISTRICTS = [
    "440103",
    "440104",
    "440105",
    "440106",
    "440111",
    "440112",
    "440113",
    "440114",
    "440115",
    "440117",
    "440118",
]


def test_the_districts_gdp_of_2023_does_not_add_up_but_people_and_land_do(project: Project) -> None:
    (found,) = of_code(project, "sum-differs")
    assert (found.severity, found.file, found.value) == ("review", "data/area_statistics.csv", "30355.73")
    assert "30287.75, the sum of its 11 parts" in found.expected
    assert found.key == "area_code=440100;indicator=gdp;year=2023"


def test_a_sum_within_the_tolerance_passes_and_just_beyond_it_does_not(project: Project) -> None:
    def gdp(value: str) -> None:
        path = project.data / "area_statistics.csv"
        edit(path, lambda rows: [{**row, "value": value} if row["value"].startswith("30") else row for row in rows])

    gdp("30287.80")
    assert of_code(project, "sum-differs") == []
    gdp("30287.81")
    assert len(of_code(project, "sum-differs")) == 1


def test_nothing_is_said_where_a_part_is_missing(project: Project) -> None:
    path = project.data / "area_statistics.csv"
    edit(path, lambda rows: [row for row in rows if (row["area_code"], row["indicator"]) != ("440118", "gdp")])
    assert of_code(project, "sum-differs") == []


def test_parts_may_be_values_of_a_column(project: Project) -> None:
    whole = {"whole": "indicator=pm10", "parts": "indicator=pm2_5|no2", "operation": "sum", "tolerance": "0"}
    rule = {
        "table": "air/published",
        "column": "value",
        "by": "area_code;period",
        "reason_zh": "因",
        "reason_en": "why",
    }
    edit(project.data / "checks/totals.csv", lambda rows: [{**rule, **whole}])
    edit(project.data / "air/published.csv", lambda rows: [])
    publish(project, "440106", "2022", pm10="50", pm2_5="30", no2="20")
    publish(project, "440106", "2021", pm10="50", pm2_5="30", no2="21")
    publish(project, "440106", "2020", pm10="50", pm2_5="30")
    (found,) = of_code(project, "sum-differs")
    assert found.key == "area_code=440106;period=2021;indicator=pm10"


@pytest.mark.parametrize(("printed", "differs"), [("2.44", False), ("2.45", True)])
def test_a_citys_mean_is_compared_where_the_project_says_so_and_rounds_half_to_even(
    project: Project, printed: str, differs: bool
) -> None:
    mean = {"whole": "area_code.kind=city", "parts": "area_code.kind=district", "operation": "mean", "tolerance": "0"}
    rule = {"table": "air/published", "column": "value", "by": "indicator;period", "where": "indicator=composite_index"}
    until = {"valid_to": "2022-12-31", "reason_zh": "因", "reason_en": "why"}
    edit(project.data / "checks/totals.csv", lambda rows: [{**rule, **mean, **until}])
    for year in ("2022", "2023"):
        for area in DISTRICTS:
            publish(project, area, year, composite_index="2.445")
    publish(project, "440100", "2022", composite_index=printed)
    publish(project, "440100", "2023", composite_index="9.99")
    found = [it.key for it in of_code(project, "published-differs")]
    assert found == (["area_code=440100;period=2022;indicator=composite_index"] if differs else [])


@pytest.mark.parametrize(("printed", "differs"), [("2.56", False), ("2.57", True)])
def test_a_printed_index_follows_from_its_six_values(project: Project, printed: str, differs: bool) -> None:
    publish(project, "440106", "2021-08", **SIX, composite_index=printed)
    found = of_code(project, "published-differs")
    assert [it.severity for it in found] == (["review"] if differs else [])
    assert all(it.expected.startswith("2.56,") for it in found)


def test_an_index_with_fewer_than_six_values_is_not_judged(project: Project) -> None:
    publish(project, "440106", "2021-08", **{**SIX, "composite_index": "9"})
    assert of_code(project, "published-differs")
    edit(project.data / "air/published.csv", lambda rows: [row for row in rows if row["value"] != "143"])
    assert of_code(project, "published-differs") == []


@pytest.mark.parametrize(("last", "found"), [("10", []), ("11", ["440118"])])
def test_ranks_follow_their_order_and_ties_share_a_place(project: Project, last: str, found: list[str]) -> None:
    rule = {"table": "air/published", "indicator": "pm10", "by": "good_days_ratio-;pm2_5"}
    add(project.data / "checks/ranks.csv", {**rule, "reason_zh": "因", "reason_en": "why"})
    for place, area in enumerate(DISTRICTS[:9], start=1):
        publish(project, area, "2022", pm10=str(place), good_days_ratio=str(100 - place), pm2_5="20")
    for area, rank in zip(DISTRICTS[9:], ("10", last), strict=True):
        publish(project, area, "2022", pm10=rank, good_days_ratio="50", pm2_5="20")
    assert [it.key[10:16] for it in of_code(project, "published-differs")] == found


def test_no_printed_index_of_the_shipped_tables_differs(project: Project) -> None:
    assert any(row["indicator"] == "composite_index" for row in read(project.data / "air/published.csv"))
    assert of_code(project, "published-differs") == []
