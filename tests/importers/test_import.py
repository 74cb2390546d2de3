"""What holds for every format: each row is accounted for, and importing twice changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from projects import complaints
from reportkit.errors import DataError, ImportFormatError, SettingsError
from reportkit.importers import Imported, import_files, new_project, years_in
from reportkit.load import Reader
from reportkit.project import Project, open_project

ROOT = Path(__file__).parents[2]
Write = Callable[..., Path]


def codes(imported: Imported) -> list[str]:
    return sorted({found.code for found in imported.findings})


def content(project: Project) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in project.root.rglob("*") if path.is_file()}


def set_aside(project: Project) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for path in sorted((project.root / "set_aside").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    return rows


def test_every_row_is_in_exactly_one_count(project: Project, hours: Write) -> None:
    file = hours(
        {},
        {},
        {"stationcode": "9002A", "area": "深圳市", "district": "天河"},
        {"timepoint": "noon"},
        {"pm10": "51"},
        {"timepoint": "2023-01-01T0200"},
    )
    done = import_files("cnemc-hourly", [file], project)
    counts = (done.rows_added, done.rows_already_there, done.rows_of_other_places, done.rows_set_aside)
    assert counts == (2, 1, 1, 2)
    assert done.rows_read == sum(counts)


def test_importing_twice_changes_nothing(project: Project, hours: Write) -> None:
    file = hours({}, {"timepoint": "noon"}, {"pm10": "51"}, {"timepoint": "2023-01-01T0200"})
    import_files("cnemc-hourly", [file], project)
    before = content(project)
    again = import_files("cnemc-hourly", [file], project)
    assert content(project) == before
    assert again.files_written == ()
    assert (again.rows_added, again.rows_already_there, again.rows_set_aside) == (0, 2, 2)


def test_what_was_imported_checks(project: Project, hours: Write, days: Write) -> None:
    import_files("cnemc-hourly", [hours({})], project)
    import_files("city-daily", [days({})], project)
    assert complaints(project) == []


def test_files_may_come_in_any_order(tmp_path: Path, hours: Write) -> None:
    first, second = hours({}, name="a.csv"), hours({"timepoint": "2023-01-01T0200"}, name="b.csv")
    one, other = (new_project(tmp_path / name, open_project(ROOT)) for name in ("one", "other"))
    import_files("cnemc-hourly", [first, second], one)
    import_files("cnemc-hourly", [second, first], other)
    table = "air/station_hourly.csv"
    assert (one.data / table).read_bytes() == (other.data / table).read_bytes()


def test_a_row_that_does_not_fit_is_set_aside_with_its_cells_and_the_reason(project: Project, hours: Write) -> None:
    done = import_files("cnemc-hourly", [hours({}, {"pm10": "many", "positionname": "乙站"})], project)
    (row,) = set_aside(project)
    assert (row["row"], row["column"], row["pm10"], row["positionname"]) == ("3", "pm10", "many", "乙站")
    assert "found 'many'" in row["reason"]
    (found,) = (found for found in done.findings if found.code == "import-number")
    assert (found.row, found.column, found.value) == (3, "pm10", "many")


def test_a_row_of_another_width_is_set_aside_whole(project: Project, hours: Write) -> None:
    file = hours({})
    with file.open("a", encoding="utf-8") as lines:
        lines.write("2023-01-01T0200,9001A,a,b\n")
    done = import_files("cnemc-hourly", [file], project)
    assert (done.rows_added, done.rows_set_aside) == (1, 1)
    assert "import-cells" in codes(done)
    (row,) = set_aside(project)
    assert (row["timepoint"], row["stationcode"], row["latitude"]) == ("2023-01-01T0200", "9001A", "b")


def test_two_files_of_one_name_keep_their_rows_apart(project: Project, hours: Write, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one = hours({"pm10": "one"}, name="same.csv")
    other = hours({"pm10": "other"}, name="other/same.csv")
    import_files("cnemc-hourly", [one], project)
    import_files("cnemc-hourly", [other], project)
    assert sorted(row["pm10"] for row in set_aside(project)) == ["one", "other"]


def test_the_row_that_came_first_stays_and_the_other_is_set_aside(project: Project, days: Write) -> None:
    done = import_files("city-daily", [days({}, {"pm10": "60"})], project)
    (found,) = (found for found in done.findings if found.code == "import-contradiction")
    assert (found.row, found.column, found.value) == (3, "pm10_ug_m3", "60")
    assert "'50'" in found.expected
    assert list(Reader(project).raw("air/area_daily")["pm10_ug_m3"]) == ["50"]


def test_a_corrected_row_that_stands_is_not_written_over(project: Project, days: Write) -> None:
    import_files("city-daily", [days({})], project)
    with (project.data / "corrections.csv").open("a", encoding="utf-8") as file:
        key = "area_code=440100;date=2023-01-01"
        file.write(f"air/area_daily,{key},pm10_ug_m3,50,55,因,why,2024-01-01,gz-annual-2024\n")
    import_files("city-daily", [days({"time_point": "2023-01-02"}, name="more.csv")], project)
    assert ",50," in (project.data / "air/area_daily.csv").read_text(encoding="utf-8")
    assert Reader(project).raw("air/area_daily")["pm10_ug_m3"].iloc[0] == "55"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_are_read_in_the_encodings_that_are_used(project: Project, hours: Write, encoding: str) -> None:
    done = import_files("cnemc-hourly", [hours({"positionname": "麓湖"}, encoding=encoding)], project)
    assert done.rows_added == 1
    assert list(Reader(project).raw("stations")["name_zh"]) == ["麓湖"]


def test_a_file_that_cannot_be_read_does_not_hide_the_others(project: Project, hours: Write, tmp_path: Path) -> None:
    broken, empty, absent = (tmp_path / name for name in ("broken.csv", "empty.csv", "absent.csv"))
    broken.write_bytes(b"timepoint\n\xff\xff\xff\n")
    empty.write_bytes(b"")
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    done = import_files("cnemc-hourly", [broken, empty, absent, other, hours({})], project)
    assert {found.code for found in done.findings if found.severity == "stop"} == {
        "file-encoding",
        "file-empty",
        "file-missing",
        "import-columns",
    }
    assert (done.rows_read, done.rows_added) == (1, 1)


def test_a_quotation_mark_that_is_not_closed_swallows_no_rows(project: Project, hours: Write) -> None:
    file = hours({"co_24h": "0.8"}, {"timepoint": "2023-01-01T0200"})
    text = file.read_text(encoding="utf-8").replace(",0.8\n2023", ',"0.8\n2023')
    file.write_text(text, encoding="utf-8")
    done = import_files("cnemc-hourly", [file], project)
    assert (done.rows_read, codes(done)) == (0, ["file-unreadable"])


def test_columns_are_found_by_their_heading(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "days.csv"
    file.write_text("\ufeffTIME_POINT, so2 ,pm2_5,pm10,o3,no2,co,aqi\n2023-01-01,1,2,3,4,5,0.6,7\n", encoding="utf-8")
    import_files("city-daily", [file], project)
    (row,) = Reader(project).raw("air/area_daily").to_dict("records")
    assert [row[name] for name in ("so2_ug_m3", "pm2_5_ug_m3", "pm10_ug_m3", "co_mg_m3")] == ["1", "2", "3", "0.6"]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=cmd()", 'a "quoted", name', "two\nlines", "{{ 7*7 }}"])
def test_text_is_kept_as_its_characters(project: Project, hours: Write, name: str) -> None:
    import_files("cnemc-hourly", [hours({"positionname": name, "stationcode": name})], project)
    stations = Reader(project).raw("stations")
    assert list(stations["name_zh"]) == [name]
    assert list(Reader(project).raw("air/station_hourly")["station_id"]) == [name]


def test_rows_come_with_their_source_once(project: Project, days: Write) -> None:
    import_files("city-daily", [days({})], project)
    import_files("city-daily", [days({"time_point": "2023-01-02"}, name="more.csv")], project)
    sources = Reader(project).raw("sources")
    (source,) = sources[sources["source_id"] == "city-daily-archive"].to_dict("records")
    assert source["trust"] == "C"
    assert set(Reader(project).raw("air/area_daily")["status"]) == {"provisional"}


def test_a_file_without_rows_that_fit_leaves_no_source(project: Project, days: Write) -> None:
    done = import_files("city-daily", [days({"time_point": "?"})], project)
    assert [path.parent.name for path in done.files_written] == ["set_aside"]
    assert "city-daily-archive" not in set(Reader(project).raw("sources")["source_id"])


def test_an_unknown_format_is_answered_with_the_nearest(project: Project) -> None:
    with pytest.raises(ImportFormatError, match="did you mean 'city-daily'"):
        import_files("city-dialy", [], project)


def test_a_broken_table_of_the_project_is_not_written_over(project: Project, days: Write) -> None:
    (project.data / "air/area_daily.csv").write_text("something else\n", encoding="utf-8")
    with pytest.raises(DataError, match="columns"):
        import_files("city-daily", [days({})], project)
    assert (project.data / "air/area_daily.csv").read_text(encoding="utf-8") == "something else\n"


def test_a_new_project_has_everything_but_measurements(project: Project) -> None:
    shipped = Reader(open_project(ROOT))
    new = Reader(project)
    assert {name for name in new.tables if new.raw(name).empty} >= {
        "stations",
        "air/station_daily",
        "air/station_hourly",
        "air/area_daily",
        "water/auto_readings",
    }
    for table in ("areas", "catalogue", "air/published", "air/series_breaks", "standards/air_limits"):
        assert new.raw(table).equals(shipped.raw(table)), table
    assert "demo-air" not in set(new.raw("sources")["source_id"])
    assert complaints(project) == []


def test_a_new_project_is_not_made_over_other_files(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SettingsError, match="an empty folder"):
        new_project(tmp_path, open_project(ROOT))


def test_the_years_of_a_project_are_those_it_has_measurements_for(project: Project, days: Write, hours: Write) -> None:
    assert years_in(project) == ()
    import_files("city-daily", [days({"time_point": "2019-05-01"})], project)
    # the hour that ends at midnight is the last of the year before
    import_files("cnemc-hourly", [hours({"timepoint": "2023-01-01T0000"})], project)
    assert years_in(project) == (2019, 2022)
