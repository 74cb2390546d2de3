"""Automatic water stations: two layouts, what was not measured, units, and the class that is printed."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from reportkit.importers import Imported, import_files
from reportkit.load import Reader
from reportkit.project import Project
from reportkit.validate import check

CHINESE = {
    **{"省份": "广东省", "流域": "珠江流域", "断面名称": "甲断面", "监测时间": "2021-04-01 04:00", "水质类别": "Ⅱ"},
    **{"水温(℃)": "22.8", "pH(无量纲)": "7.53", "溶解氧(mg/L)": "6.86", "电导率(μS/cm)": "317.5", "浊度(NTU)": "21.0"},
    **{"高锰酸盐指数(mg/L)": "2.13", "氨氮(mg/L)": "0.082", "总磷(mg/L)": "0.051", "总氮(mg/L)": "2.60"},
    **{"叶绿素α(mg/L)": "0.004", "藻密度(cells/L)": "1200", "站点情况": "正常"},
}
_ARCHIVED_HEADING = (
    *("station", "monitor_time", "water_class", "temp_c", "ph", "do_mg_l", "cond_us_cm", "turbidity_ntu"),
    *("codmn_mg_l", "nh3n_mg_l", "tp_mg_l", "tn_mg_l", "chl_a_mg_l", "algae_cells_l", "station_status"),
)
ARCHIVED = dict(zip(_ARCHIVED_HEADING, list(CHINESE.values())[2:], strict=True))
ROW = (
    "甲断面,2021-04-01T04:00,2,22.8,7.53,6.86,317.5,21.0,2.13,0.082,0.051,2.60,0.004,1200,正常,"
    "provisional,water-auto-archive"
)


def readings(path: Path, *rows: dict[str, str], usual: dict[str, str] = CHINESE) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(usual), lineterminator="\n")
        writer.writeheader()
        writer.writerows({**usual, **row} for row in rows)
    return path


def renamed(**headings: str) -> dict[str, str]:
    """The ordinary row with other headings."""
    return {headings.get(name.partition("(")[0], name): value for name, value in CHINESE.items()}


def codes(imported: Imported) -> list[str]:
    return [found.code for found in imported.findings]


def rows_of(project: Project) -> pd.DataFrame:
    return Reader(project).raw("water/auto_readings")


@pytest.mark.parametrize("usual", [CHINESE, ARCHIVED, renamed(水温="水温", 溶解氧="溶解氧", 总磷="总磷（mg/L）")])
def test_a_reading_becomes_a_row_whichever_layout_it_comes_in(
    project: Project, tmp_path: Path, usual: dict[str, str]
) -> None:
    done = import_files("water-auto", [readings(tmp_path / "a.csv", {}, usual=usual)], project)
    assert done.findings == ()
    assert (project.data / "water/auto_readings.csv").read_text(encoding="utf-8").splitlines()[1:] == [ROW]
    assert [str(found) for found in check(project) if found.severity == "stop"] == []


@pytest.mark.parametrize("mark", ["--", "*", "", " "])
def test_no_value_and_not_measured_are_empty(project: Project, tmp_path: Path, mark: str) -> None:
    done = import_files(
        "water-auto", [readings(tmp_path / "a.csv", {"叶绿素α(mg/L)": mark, "总磷(mg/L)": mark})], project
    )
    (row,) = rows_of(project).to_dict("records")
    assert (done.findings, row["chl_a_mg_l"], row["tp_mg_l"], row["tn_mg_l"]) == ((), "", "", "2.60")


def test_a_station_in_maintenance_has_no_class_and_its_reading_is_kept(project: Project, tmp_path: Path) -> None:
    rows = {"水质类别": "", "站点情况": "维护"}, {"水质类别": "*", "站点情况": "维护", "监测时间": "2021-04-01 08:00"}
    done = import_files("water-auto", [readings(tmp_path / "a.csv", *rows)], project)
    assert (done.rows_added, done.findings) == (2, ())
    assert list(rows_of(project)["printed_class"]) == ["", ""]
    assert set(rows_of(project)["station_state"]) == {"维护"}


@pytest.mark.parametrize(
    ("unit", "printed", "kept"),
    [("(mg/L)", "0.004", "0.004"), ("(μg/L)", "4.0", "0.0040"), ("（µg/L）", "4", "0.004"), ("(mg/m³)", "4", "0.004")],
)
def test_chlorophyll_is_kept_in_milligrams_per_litre(
    project: Project, tmp_path: Path, unit: str, printed: str, kept: str
) -> None:
    usual = renamed(叶绿素α=f"叶绿素α{unit}")
    import_files("water-auto", [readings(tmp_path / "a.csv", {f"叶绿素α{unit}": printed}, usual=usual)], project)
    assert list(rows_of(project)["chl_a_mg_l"]) == [kept]


def test_a_unit_we_do_not_know_is_a_column_that_is_missing(project: Project, tmp_path: Path) -> None:
    done = import_files("water-auto", [readings(tmp_path / "a.csv", {}, usual=renamed(氨氮="氨氮(mmol/L)"))], project)
    (found,) = done.findings
    assert (done.rows_read, found.code, found.expected) == (0, "import-columns", "the columns 氨氮")


@pytest.mark.parametrize(
    ("printed", "number"), [("Ⅰ", "1"), ("II", "2"), ("Ⅲ类", "3"), ("Ⅳ", "4"), ("Ⅴ", "5"), ("劣Ⅴ", "6"), ("劣V类", "6")]
)
def test_a_class_is_read_as_it_is_written(project: Project, tmp_path: Path, printed: str, number: str) -> None:
    import_files("water-auto", [readings(tmp_path / "a.csv", {"水质类别": printed})], project)
    assert list(rows_of(project)["printed_class"]) == [number]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("水质类别", "Ⅵ", "import-class"),
        ("水质类别", "良", "import-class"),
        ("溶解氧(mg/L)", "-1", "import-cell"),
        ("溶解氧(mg/L)", "6,86", "import-measured"),
        ("溶解氧(mg/L)", "<0.01", "import-measured"),
        ("pH(无量纲)", "75.3", "import-cell"),
        ("监测时间", "04-01 04:00", "import-time"),
        ("断面名称", " ", "import-required"),
    ],
)
def test_what_does_not_fit_is_set_aside(project: Project, tmp_path: Path, column: str, value: str, code: str) -> None:
    done = import_files("water-auto", [readings(tmp_path / "a.csv", {column: value})], project)
    (found,) = done.findings
    assert (done.rows_set_aside, found.code, found.row, found.column) == (1, code, 2, column.lower())


def test_rows_of_another_province_are_of_other_places(project: Project, tmp_path: Path) -> None:
    rows = {}, {"省份": "广西壮族自治区", "断面名称": "乙"}, {"省份": "广东", "断面名称": "丙"}
    done = import_files("water-auto", [readings(tmp_path / "a.csv", *rows)], project)
    assert (done.rows_added, done.rows_of_other_places) == (2, 1)


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ({}, None),
        # 6.00 may have been 5.996 before it was rounded, which is class Ⅲ
        ({"溶解氧(mg/L)": "6.00", "水质类别": "Ⅲ"}, "import-water-class-rounded"),
        ({"溶解氧(mg/L)": "6.0", "水质类别": "Ⅲ"}, "import-water-class-rounded"),
        ({"溶解氧(mg/L)": "6.01", "水质类别": "Ⅲ"}, "import-water-class"),
        # the other way about: 5.99 is never a number that was 6 or more
        ({"溶解氧(mg/L)": "5.99", "水质类别": "Ⅱ"}, "import-water-class"),
        ({"总磷(mg/L)": "0.1000", "水质类别": "Ⅲ"}, "import-water-class-rounded"),
        # total phosphorus of 0.051 is class Ⅱ in a river and class Ⅳ in a lake
        ({"水质类别": "Ⅳ"}, "import-water-class-lake"),
        ({"水质类别": "劣Ⅴ"}, "import-water-class"),
    ],
)
def test_a_printed_class_that_does_not_follow_is_pointed_out_with_the_reason_and_kept(
    project: Project, tmp_path: Path, printed: dict[str, str], code: str | None
) -> None:
    done = import_files("water-auto", [readings(tmp_path / "a.csv", printed)], project)
    assert (done.rows_added, codes(done)) == (1, [code] if code else [])


def test_where_nothing_was_measured_no_class_is_compared(project: Project, tmp_path: Path) -> None:
    judged = ("pH(无量纲)", "溶解氧(mg/L)", "高锰酸盐指数(mg/L)", "氨氮(mg/L)", "总磷(mg/L)")
    done = import_files("water-auto", [readings(tmp_path / "a.csv", dict.fromkeys(judged, "--"))], project)
    assert (done.rows_added, done.findings) == (1, ())


def test_importing_twice_changes_nothing(project: Project, tmp_path: Path) -> None:
    file = readings(tmp_path / "a.csv", {}, {"pH(无量纲)": "x"}, {"总磷(mg/L)": "0.052"})
    done = import_files("water-auto", [file], project)
    assert (done.rows_added, done.rows_set_aside) == (1, 2)
    assert import_files("water-auto", [file], project).files_written == ()
