"""A city's daily series: units, the printed index, and cells that say nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reportkit.importers import Imported, import_files
from reportkit.load import Reader
from reportkit.project import Project

Write = Callable[..., Path]


def codes(imported: Imported) -> list[str]:
    return [found.code for found in imported.findings]


def test_a_day_becomes_a_row_of_the_city(project: Project, days: Write) -> None:
    done = import_files("city-daily", [days({})], project)
    assert done.findings == ()
    assert (project.data / "air/area_daily.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "440100,2023-01-01,7,30,50,25,0.8,100,50,provisional,city-daily-archive"
    ]


def test_a_printed_index_that_does_not_follow_is_pointed_out_and_kept(project: Project, days: Write) -> None:
    done = import_files("city-daily", [days({"aqi": "49"})], project)
    (found,) = done.findings
    assert (found.code, found.severity, found.row, found.value) == ("import-aqi", "review", 2, "49")
    assert found.expected.startswith("50,")
    assert (done.rows_added, done.rows_set_aside) == (1, 0)
    assert list(Reader(project).raw("air/area_daily")["printed_aqi"]) == ["49"]


def test_where_no_index_can_be_computed_none_is_compared(project: Project, days: Write) -> None:
    rows = {"pm10": "", "aqi": "20"}, {"time_point": "2011-01-01", "aqi": "20"}, {"time_point": "2023-01-02", "aqi": ""}
    done = import_files("city-daily", [days(*rows)], project)
    assert (done.rows_added, done.findings) == (3, ())


def test_a_mean_of_zero_is_pointed_out_and_kept(project: Project, days: Write) -> None:
    done = import_files("city-daily", [days({"o3": "0"})], project)
    assert codes(done) == ["import-zero"]
    assert list(Reader(project).raw("air/area_daily")["o3_8h_ug_m3"]) == ["0"]


def test_carbon_monoxide_in_micrograms_is_set_aside(project: Project, days: Write) -> None:
    done = import_files("city-daily", [days({}, {"time_point": "2023-01-02", "co": "800"})], project)
    (found,) = done.findings
    assert (found.code, found.row, found.column, found.value) == ("import-unit", 3, "co", "800")
    assert (done.rows_added, done.rows_set_aside) == (1, 1)


@pytest.mark.parametrize("written", ["", "2023-02-30", "2023-1-1", "20230101", "2023-W01-1"])
def test_what_is_no_day_is_set_aside(project: Project, days: Write, written: str) -> None:
    done = import_files("city-daily", [days({"time_point": written})], project)
    assert (done.rows_set_aside, codes(done)) == (1, ["import-time"])


def test_a_missing_column_is_named(project: Project, days: Write) -> None:
    done = import_files("city-daily", [days({}, without=("co",))], project)
    (found,) = done.findings
    assert (found.code, found.expected) == ("import-columns", "the columns co")
