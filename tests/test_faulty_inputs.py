"""Each faulty input, a file named for its fault, gives one clear finding or error on the command line, no traceback."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from projects import REPO, edit, read, small_project, write
from reportkit.chapters.air import Air
from reportkit.cli import main
from reportkit.importers import new_project
from reportkit.open_data import tables
from reportkit.project import open_project
from reportkit.schema import read_tables
from reportkit.validate import check
from reportkit.validate.notebooks import check_notebooks

FAULTS = Path(__file__).parent / "data" / "faults"
DAYS, PUBLISHED = "data/air/area_daily.csv", "data/air/published.csv"
Called = tuple[int, str, str]


class Found(NamedTuple):
    """The one finding that is expected: its code and place, and words of what was found, expected or to be done."""

    code: str
    row: int | None
    column: str
    words: str
    exit_code: int = 1


# A table of data/ is replaced by the file, and checked. Markup is good text: nothing is found.
DAY_TABLES = {
    "cell-too-many": Found("cells", 3, "", "11 cells"),
    "column-doubled": Found("column-doubled", 1, "so2_ug_m3", "remove one of the two"),
    "column-missing": Found("column-missing", 1, "so2_ug_m3", "a column 'so2_ug_m3'"),
    "column-person": Found("column-person", 1, "联系人", "nothing about a natural person"),
    "columns-10000": Found("column-many", 1, "", "10000 columns"),
    "date-impossible": Found("type", 3, "date", "a day such as 2024-01-31"),
    "date-in-another-form": Found("type", 3, "date", "2023/1/2"),
    "date-to-come": Found("date-future", 3, "date", "2999-01-01", exit_code=0),
    "empty": Found("file-empty", None, "", "a heading in the first row"),
    "encoding-utf-16": Found("file-encoding", None, "", "save the file as CSV in UTF-8"),
    "full-width-digits": Found("type", 3, "pm2_5_ug_m3", "２５"),
    "key-doubled": Found("key-doubled", 4, "date", "row 2 of data/air/area_daily.csv has it too"),
    "not-a-number": Found("type", 3, "pm2_5_ug_m3", "NaN"),
    "source-unknown": Found("reference-unknown", 3, "source_id", "did you mean 'gz-annual-2014'?"),
    "status-unknown": Found("enum", 3, "status", "official, provisional, demonstration"),
    "text-in-number": Found("type", 3, "pm2_5_ug_m3", "twenty"),
    "thousands-comma-in-number": Found("type", 3, "pm2_5_ug_m3", "1,025"),
    "truncated": Found("cells", 3, "", "8 cells"),
    "truncated-in-quotes": Found("file-unreadable", None, "", "a quotation mark that is not closed"),
    "value-negative": Found("minimum", 3, "so2_ug_m3", "at least 0"),
}
FIGURE_TABLES = {
    "area-unknown": Found("reference-unknown", 2, "area_code", "a area_code of table 'areas'"),
    "control-character": Found("line-break", 2, "note", "without control characters"),
    "encoding-gb18030": Found("file-encoding", None, "", "text in UTF-8"),
    "formula": Found("formula", 2, "note", "no spreadsheet takes for a formula"),
    "formula-with-at": Found("formula", 2, "note", "no spreadsheet takes for a formula"),
    "line-break-in-field": Found("line-break", 2, "note", "take out the line break"),
    "markup": None,
    "unit-unknown": Found("enum", 2, "unit", "did you mean 'ug/m3'?"),
    "value-missing": Found("required", 2, "value", "fill the cell in"),
}
OTHER_TABLES = {
    "path-like-area.csv": ("data/areas.csv", Found("pattern", 6, "slug", "../../outside")),
    "name-person.csv": (
        "data/enterprises/register.csv",
        Found("name-person", 3, "name_zh", "the registered name of an enterprise or institution"),
    ),
    "descriptor-path-like.json": (
        "data/datapackage.json",
        Found("descriptor", None, "", "outside its folder: '../../outside.csv'"),
    ),
    "descriptor-truncated.json": ("data/datapackage.json", Found("descriptor", None, "", "not valid JSON")),
    "descriptor-without-tables.json": ("data/datapackage.json", Found("descriptor", None, "", "'resources'")),
}
TABLES: dict[str, tuple[str, Found | None]] = {
    **{f"{name}.csv": (DAYS, found) for name, found in DAY_TABLES.items()},
    **{f"{name}.csv": (PUBLISHED, found) for name, found in FIGURE_TABLES.items()},
    **OTHER_TABLES,
}

# A file is imported; what fits of it stands, and the one row that does not is set aside.
# file → format, rows added, rows set aside, words of the one finding, exit code
IMPORTS: dict[str, tuple[str, int, int, str, int]] = {
    "carbon-monoxide-in-micrograms": ("city-daily", 1, 1, "row 3, column co: found '812', expected less than 100", 0),
    "column-doubled": ("city-daily", 0, 0, "row 1, column pm10: found 'pm10', expected each column once", 1),
    "column-missing": ("city-daily", 0, 0, "expected the columns pm2_5; name them in row 1", 1),
    "column-person": (
        "city-daily",
        0,
        0,
        "row 1, column 姓名: found '姓名', expected nothing about a natural person",
        1,
    ),
    "date-in-another-form": ("city-daily", 1, 1, "row 3, column time_point: found '02.03.2024'", 0),
    "empty": ("city-daily", 0, 0, "found nothing, expected a heading in the first row", 1),
    "encoding-unknown": ("city-daily", 0, 0, "expected text in UTF-8 or GB18030", 1),
    "gb18030": ("city-daily", 2, 0, "", 0),
    "key-contradicted": ("city-daily", 1, 1, "row 3, column pm2_5_ug_m3: found '26', expected '25'", 0),
    "path-like-station": ("cnemc-hourly", 1, 0, "found '../../outside', expected a station that is known", 0),
    "text-in-number": ("city-daily", 1, 1, "row 3, column pm2_5: found '—', expected a number", 0),
    "truncated": ("city-daily", 1, 1, "row 3: found '2024-03-02,50,7,30,5', expected 8 cells", 0),
    "value-negative": ("city-daily", 1, 1, "row 3, column pm2_5: found '-25', expected a number, 0 or more", 0),
}

# A notebook or the settings are replaced, and the reports run: exit code, first line of the error, where.
REFUSED: dict[str, tuple[str, int, str]] = {
    "notebook-empty.ipynb": ("notebooks/air.ipynb", 1, "air.ipynb is not a notebook"),
    "notebook-parameter-missing.ipynb": ("notebooks/air.ipynb", 1, "air.ipynb has no parameter 'year'."),
    "notebook-parameter-unknown.ipynb": (
        "notebooks/air.ipynb",
        1,
        "air.ipynb has a parameter 'seasn' that no run sets.",
    ),
    "notebook-parameters-broken.ipynb": ("notebooks/air.ipynb", 1, "The parameters of air.ipynb are not plain values"),
    "notebook-truncated.ipynb": ("notebooks/air.ipynb", 1, "air.ipynb is not a notebook"),
    "notebook-without-tag.ipynb": ("notebooks/air.ipynb", 1, "air.ipynb has 0 cells tagged 'parameters'."),
    "settings-area-as-number.yml": ("_config.yml", 2, "The value of 'reportkit.area' has the wrong type."),
    "settings-empty.yml": ("_config.yml", 2, "_config.yml has no part 'reportkit:'."),
    "settings-gb18030.yml": ("_config.yml", 2, "_config.yml is not text in UTF-8."),
    "settings-key-unknown.yml": ("_config.yml", 2, "Unknown key 'reportkit.base_ulr' in _config.yml."),
    "settings-truncated.yml": ("_config.yml", 2, "_config.yml is not valid YAML"),
}


@pytest.fixture(scope="module")
def empty_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project without measurements, about which there is nothing to be found."""
    made = new_project(tmp_path_factory.mktemp("empty") / "project", open_project(REPO))
    edit(made.data / "area_statistics.csv", lambda rows: [row for row in rows if row["indicator"] != "gdp"])
    return made.root


@pytest.fixture
def project(empty_project: Path, tmp_path: Path) -> Path:
    """A copy of it, deep enough in a folder that a path out of it would be seen."""
    return shutil.copytree(empty_project, tmp_path / "outer" / "inner" / "project")


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Called]:
    """Run the console script with arguments: exit code, output, errors; never a traceback."""

    def called(*arguments: object) -> Called:
        monkeypatch.setattr(sys, "argv", ["reportkit", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        code = end.value.code
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return (code if isinstance(code, int) else 0), out, err

    return called


def findings(call: Callable[..., Called], project: Path) -> tuple[int, list[dict[str, object]]]:
    code, out, _ = call("check", "--update-registry", "--json", "--project", project)
    return code, json.loads(out)


def test_there_are_thirty_faults_and_each_is_expected() -> None:
    expected = {*TABLES, *REFUSED, *(f"import-{name}.csv" for name in IMPORTS)}
    assert {path.name for path in FAULTS.iterdir()} == expected
    assert len(expected) >= 30


def test_nothing_is_to_be_found_without_a_fault(call: Callable[..., Called], project: Path) -> None:
    code, found = findings(call, project)
    assert (code, [it for it in found if it["severity"] != "note"]) == (0, [])


@pytest.mark.parametrize("fault", TABLES)
def test_a_faulty_table_gives_one_finding(call: Callable[..., Called], project: Path, fault: str) -> None:
    place, expected = TABLES[fault]
    shutil.copyfile(FAULTS / fault, project / place)
    code, found = findings(call, project)
    # Two days are no year: that is not the fault.
    here = [it for it in found if it["file"] == place and it["code"] != "coverage-low"]
    assert [it for it in found if it["severity"] != "note" and it not in here] == []
    if expected is None:
        assert (code, here) == (0, [])
        return
    (one,) = here
    assert (one["code"], one["row"], one["column"]) == expected[:3]
    assert expected.words in f"{one['value']} {one['expected']} {one['do']}"
    assert one["do"]
    assert code == expected.exit_code


@pytest.mark.parametrize("fault", IMPORTS)
def test_a_faulty_import_gives_one_finding_and_keeps_what_fits(
    call: Callable[..., Called], project: Path, fault: str
) -> None:
    format_name, added, set_aside, words, exit_code = IMPORTS[fault]
    code, out, err = call("import", format_name, FAULTS / f"import-{fault}.csv", "--project", project)
    *told, summed_up = out.splitlines()
    assert err == ""
    assert summed_up.startswith(f"import: {added} rows added, 0 already there, ")
    assert summed_up.endswith(f"{set_aside} set aside")
    assert len(told) == (1 if words else 0)
    assert words in out
    assert code == exit_code


@pytest.mark.parametrize("fault", REFUSED)
def test_a_faulty_notebook_or_settings_file_is_refused_before_anything_runs(
    call: Callable[..., Called], project: Path, fault: str
) -> None:
    place, exit_code, words = REFUSED[fault]
    shutil.copyfile(FAULTS / fault, project / place)
    code, out, err = call("run", "--project", project)
    assert (code, out) == (exit_code, "")
    assert err.startswith(words)
    assert err.count("where: ") == 1
    assert str(project / place) in err
    assert not (project / "build" / "reports").exists()


def test_a_cell_of_ten_megabytes_is_one_finding(call: Callable[..., Called], project: Path) -> None:
    """The file is too big to be shipped, so it is made here."""
    csv.field_size_limit(131_072)  # libraries of other tests raise it
    heading = (project / PUBLISHED).read_text(encoding="utf-8").splitlines()[0]
    row = f"440100,2014,pm2_5,49,ug/m3,official,gz-annual-2014,{'长' * (10 * 2**20 // 3)}"
    (project / PUBLISHED).write_text(f"{heading}\n{row}\n", encoding="utf-8")
    code, found = findings(call, project)
    ((kind, value),) = [(it["code"], it["value"]) for it in found if it["file"] == PUBLISHED]
    assert (code, kind) == (1, "file-unreadable")
    assert "field larger than field limit" in str(value)


def test_a_path_like_name_of_an_area_never_becomes_a_path(call: Callable[..., Called], project: Path) -> None:
    shutil.copyfile(FAULTS / "path-like-area.csv", project / "data" / "areas.csv")
    outside = project.parent.parent
    before = {path for path in outside.rglob("*") if project not in path.parents}
    code, _, err = call("build", "--project", project)
    assert code == 1
    assert "The area 440106 has no usable slug." in err
    assert {path for path in outside.rglob("*") if project not in path.parents} == before


def test_a_path_like_name_of_a_station_is_a_word_in_a_table_and_nothing_else(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project", districts=("tianhe",), data_years=(2024,))
    for path in project.data.rglob("*.csv"):
        content = path.read_text(encoding="utf-8")
        path.write_text(content.replace("DEMO-440106-1", "../../outside"), encoding="utf-8")
    assert "../../outside" in {row["station_id"] for row in read(project.data / "stations.csv")}
    air = Air.open("tianhe", 2024, "zh", project)
    names = tables([air.completeness().as_json()])
    assert names
    assert all(name.startswith("2024/tianhe/air/") for name in names)


@pytest.mark.parametrize("table", ["areas", "area_names", "sources", "catalogue", "stations", "corrections"])
def test_a_blank_cell_in_what_everything_rests_on_is_a_finding_and_no_traceback(table: str, tmp_path: Path) -> None:
    project = small_project(tmp_path / "project", data_years=())
    path = project.data / f"{table}.csv"
    rows = read(path) or [dict.fromkeys(path.read_text(encoding="utf-8").strip().split(","), "x")]
    fields = read_tables(project.data)[table].fields
    required = [column.name for column in fields if column.constraints.get("required")]
    write(path, [*rows[:-1], rows[-1] | {column.name: "" for column in fields if column.name not in required}])
    assert all(map(str, [*check(project), *check_notebooks(project)]))
    write(path, [*rows[:-1], *(rows[-1] | {column: ""} for column in required)])
    stops = [it for it in [*check(project), *check_notebooks(project)] if it.severity == "stop"]
    assert set(required) <= {it.column for it in stops if it.file.endswith(path.name)}
