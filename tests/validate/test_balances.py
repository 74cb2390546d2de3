"""What comes is as much as what becomes of it, in every row of a table that ``checks/balances`` names."""

from __future__ import annotations

import pytest

from defects import of_code
from projects import add, edit, read
from reportkit.findings import codes
from reportkit.project import Project

ROW = {
    "area_code": "440103",
    "year": "2024",
    "people": "1000",
    "generated_t_d": "100",
    "incinerated_t_d": "60",
    "biological_t_d": "10",
    "recycled_t_d": "25",
    "landfilled_t_d": "5",
    "status": "official",
    "source_id": "gz-waste-2022",
}


def test_a_row_that_balances_passes(project: Project) -> None:
    add(project.data / "waste/household.csv", ROW)
    assert of_code(project, "balance-differs") == []


@pytest.mark.parametrize("column", ["generated_t_d", "incinerated_t_d", "landfilled_t_d"])
def test_a_row_that_does_not_is_named_with_what_the_balance_gives(project: Project, column: str) -> None:
    add(project.data / "waste/household.csv", ROW | {column: str(int(ROW[column]) + 1)})
    (found,) = of_code(project, "balance-differs")
    assert (found.severity, found.file, found.row) == ("review", "data/waste/household.csv", 2)
    assert (found.column, found.year) == ("landfilled_t_d", 2024)
    left = {"generated_t_d": 6, "incinerated_t_d": 4, "landfilled_t_d": 5}[column]
    assert found.expected.startswith(f"{left}, what is left of generated_t_d")


def test_what_was_stored_before_counts_as_what_comes(project: Project) -> None:
    row = {"area_code": "440103", "year": "2024", "opening_t": "0.500", "generated_t": "2.000", "disposed_t": "2.400"}
    more = {"closing_t": "0.100", "status": "official", "source_id": "gz-waste-2022"}
    add(project.data / "waste/medical.csv", row | more)
    assert of_code(project, "balance-differs") == []
    edit(project.data / "waste/medical.csv", lambda rows: [rows[0] | {"opening_t": "0.499"}])
    (found,) = of_code(project, "balance-differs")
    assert "0.099, what is left of opening_t + generated_t after disposed_t" in found.expected


def test_a_difference_within_the_tolerance_passes(project: Project) -> None:
    add(project.data / "waste/household.csv", ROW | {"landfilled_t_d": "6"})
    edit(project.data / "checks/balances.csv", lambda rows: [row | {"tolerance": "1"} for row in rows])
    assert of_code(project, "balance-differs") == []


def test_nothing_is_said_of_a_row_in_which_a_number_is_missing(project: Project) -> None:
    add(project.data / "waste/household.csv", ROW | {"recycled_t_d": "", "landfilled_t_d": "6"})
    assert of_code(project, "balance-differs") == []


def test_every_balance_is_of_columns_that_there_are(project: Project) -> None:
    assert codes()["balance-differs"] == "review"
    for check in read(project.data / "checks/balances.csv"):
        columns = {*check["inflow"].split(";"), *check["outflow"].split(";")}
        heading = (project.data / f"{check['table']}.csv").read_text(encoding="utf-8").partition("\n")[0].split(",")
        assert columns <= set(heading)
