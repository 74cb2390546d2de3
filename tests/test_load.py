"""The reader of ``data/``: typed rows, remembered selections, corrections, and errors that say where."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import DataError
from reportkit.load import Reader, hash_rows
from reportkit.memo import noting
from reportkit.project import Project, Settings

FIELDS = {
    "id": "string",
    "year": "year",
    "days": "integer",
    "value": "number",
    "date": "date",
    "time": "datetime",
    "is_good": "boolean",
    "note": "string",
}
CORRECTION = "table,key,column,value_before,value_after,reason_zh,reason_en,date,source_id"
ROWS = [
    "a,2023,5,1.50,2023-01-01,2023-01-01T05:00,true,甲",
    "b,2024,,0.1,2024-02-29,2024-02-29T23:00,false,",
    'c,2024,7,,2024-12-31,,true,"x, ""y"""',
]


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Reader]:
    """Reader of a table ``things`` with *rows* below the *heading*, and of *corrections*."""

    def reader(rows: list[str] = ROWS, *, heading: str = ",".join(FIELDS), corrections: tuple[str, ...] = ()) -> Reader:
        data = tmp_path / "data"
        data.mkdir(exist_ok=True)
        fields = [{"name": name, "type": kind} for name, kind in FIELDS.items()]
        texts = [{"name": name, "type": "string"} for name in CORRECTION.split(",")]
        resources = [
            {"name": "things", "path": ["things.csv", "more.csv"], "schema": {"fields": fields}},
            {"name": "corrections", "path": "corrections.csv", "schema": {"fields": texts}},
        ]
        (data / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
        (data / "things.csv").write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
        (data / "more.csv").write_text(",".join(FIELDS) + "\n", encoding="utf-8")
        (data / "corrections.csv").write_text("\n".join([CORRECTION, *corrections, ""]), encoding="utf-8")
        return Reader(Project(tmp_path, Settings("440100", (2024,), ("zh",), {}, {})))

    return reader


# --- typed ----------------------------------------------------------------------------------------


def test_every_column_has_the_type_its_schema_says(make: Callable[..., Reader]) -> None:
    rows = make().rows("things")
    assert rows["id"].tolist() == ["a", "b", "c"]
    assert rows["year"].tolist() == [2023, 2024, 2024]
    assert rows["days"].dtype == "Int64"
    assert rows["value"].dtype == "float64"
    assert rows["date"].tolist() == [pd.Timestamp(day) for day in ("2023-01-01", "2024-02-29", "2024-12-31")]
    assert rows["time"][0] == pd.Timestamp("2023-01-01T05:00")
    assert rows["is_good"].tolist() == [True, False, True]
    assert rows["note"].tolist() == ["甲", None, 'x, "y"']


def test_an_empty_cell_is_a_missing_value_in_every_type(make: Callable[..., Reader]) -> None:
    rows = make(["a,,,,,,,"]).rows("things")
    assert rows.drop(columns="id").isna().all(axis=None)


def test_exact_columns_keep_the_decimals_they_are_written_with(make: Callable[..., Reader]) -> None:
    assert make().rows("things", exact=("value",))["value"].tolist() == [Decimal("1.50"), Decimal("0.1"), None]


def test_words_that_pandas_takes_for_missing_stay_words(make: Callable[..., Reader]) -> None:
    assert make(["NA,2024,,,,,,null"]).rows("things")[["id", "note"]].iloc[0].tolist() == ["NA", "null"]


def test_a_byte_order_mark_is_no_part_of_the_heading(make: Callable[..., Reader]) -> None:
    assert make(heading="\ufeff" + ",".join(FIELDS)).rows("things")["id"].tolist() == ["a", "b", "c"]


# --- conditions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"id": "b"}, "b"),
        ({"year": 2024}, "bc"),
        ({"id": ["a", "c"]}, "ac"),
        ({"id": []}, ""),
        ({"date": {"from": "2024-02-29"}}, "bc"),
        ({"date": {"to": "2024-02-29"}}, "ab"),
        ({"date": {"from": "2024-02-29", "to": "2024-12-30"}}, "b"),
        ({"year": 2024, "id": ["a", "b"]}, "b"),
        ({"note": ""}, "b"),
        ({}, "abc"),
    ],
)
def test_rows_are_those_that_meet_every_condition(make: Callable[..., Reader], where: Any, found: str) -> None:
    assert "".join(make().rows("things", **where)["id"]) == found


def test_rows_of_several_files_follow_each_other(make: Callable[..., Reader], tmp_path: Path) -> None:
    reader = make()
    (tmp_path / "data" / "more.csv").write_text(",".join(FIELDS) + "\nd,2025,,,,,,\n", encoding="utf-8")
    assert "".join(reader.rows("things")["id"]) == "abcd"


# --- selections -----------------------------------------------------------------------------------


def selected(reader: Reader, year: int) -> str:
    """The hash of the rows of a year."""
    with noting() as notes:
        reader.rows("things", year=year)
    (selection,) = notes.things()["rows"].values()
    return str(selection.sha256)


def test_each_selection_is_remembered_once_with_its_conditions(make: Callable[..., Reader]) -> None:
    reader = make()
    with noting() as notes:
        for _ in range(2):
            reader.rows("things", year=2024)
        reader.rows("things", year=2023)
    made = list(notes.things()["rows"].values())
    assert [(entry.table, entry.where) for entry in made] == [("things", {"year": 2024}), ("things", {"year": 2023})]
    assert all(len(entry.sha256) == 64 for entry in made)


def test_a_selection_changes_with_its_own_rows_and_with_no_others(make: Callable[..., Reader]) -> None:
    def hashed(rows: list[str]) -> str:
        reader = make(rows)
        return selected(reader, 2024)

    before = hashed(ROWS)
    assert hashed([ROWS[0].replace("甲", "乙"), *ROWS[1:]]) == before
    assert hashed([ROWS[0], ROWS[1].replace("0.1", "0.10"), ROWS[2]]) != before
    assert hashed(ROWS[:2]) != before
    assert hashed([*ROWS, "d,2024,,,,,,"]) != before


def test_rows_in_error_are_noted_too_for_they_may_be_mended(make: Callable[..., Reader]) -> None:
    reader = make([*ROWS, "d,2024,,wrong,,,,"])
    with noting() as notes, pytest.raises(DataError):
        reader.rows("things", year=2024)
    (selection,) = notes.things()["rows"].values()
    assert not reader.is_changed(selection)
    assert make(ROWS).is_changed(selection)


def test_rows_can_be_read_as_they_are_written(make: Callable[..., Reader]) -> None:
    reader = make([*ROWS, "d,2024,,wrong,,,,"])
    with noting() as notes:
        rows = reader.text("things", id="d")
    assert rows["value"].tolist() == ["wrong"]
    assert [selection.where for selection in notes.things()["rows"].values()] == [{"id": "d"}]


def test_a_hash_knows_in_which_column_and_row_a_value_stands() -> None:
    frame = pd.DataFrame({"a": ["1", "2"], "b": ["", "3"]})
    assert hash_rows(frame) == hash_rows(frame.copy())
    assert hash_rows(frame) != hash_rows(pd.DataFrame({"a": ["", "2"], "b": ["1", "3"]}))
    assert hash_rows(frame) != hash_rows(frame.iloc[::-1])


# --- what does not fit ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("year", "MMXXIV"),
        ("days", "5.5"),
        ("days", "inf"),
        ("days", "9" * 30),
        ("value", "<1"),
        ("value", "inf"),
        ("value", "1,5"),
        ("date", "2024-02-30"),
        ("date", "31.12.2024"),
        ("time", "2024-01-01 05:00"),
        ("is_good", "yes"),
    ],
)
def test_a_value_of_another_type_is_named_with_file_row_and_column(
    make: Callable[..., Reader], column: str, text: str
) -> None:
    place = list(FIELDS).index(column)
    cells = ["d", *[""] * (len(FIELDS) - 1)]
    cells[place] = f'"{text}"'
    with pytest.raises(DataError) as error:
        make([*ROWS, ",".join(cells)]).rows("things")
    assert str(error.value.where).endswith(f"data/things.csv, row 5, column {column}")
    assert error.value.expected == FIELDS[column]
    assert error.value.found == repr(text)


@given(text=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8))
def test_whatever_a_cell_holds_it_is_a_number_or_a_data_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    reader = make.__wrapped__(tmp_path_factory.mktemp("cell"))([])  # type: ignore[attr-defined]
    folder = reader.project.data
    cell = '"' + text.replace('"', '""') + '"'
    (folder / "things.csv").write_text(",".join(FIELDS) + f"\na,{cell},{cell},{cell},,,,\n", encoding="utf-8")
    try:
        rows = reader.rows("things")
    except DataError:
        return
    assert rows["value"].notna().all()


def test_a_value_that_does_not_fit_in_a_row_nobody_asked_for_stops_nobody(make: Callable[..., Reader]) -> None:
    assert len(make([*ROWS, "d,1999,,wrong,,,,"]).rows("things", year=2024)) == 2


@pytest.mark.parametrize("heading", ["id,year", ",".join(reversed(FIELDS)), ",".join([*FIELDS, "more"])])
def test_another_heading_than_the_schemas_is_refused(make: Callable[..., Reader], heading: str) -> None:
    with pytest.raises(DataError, match="heading of table 'things'") as error:
        make([], heading=heading).rows("things")
    assert error.value.expected == ", ".join(FIELDS)
    assert error.value.found == heading.replace(",", ", ")
    assert str(error.value.where).endswith("things.csv, row 1")


@pytest.mark.parametrize("row", ["a,2024,,,,,,,more", "x,a,2024,,,,,,", "a,2024"])
def test_a_row_with_more_or_fewer_cells_than_the_heading_is_refused(make: Callable[..., Reader], row: str) -> None:
    with pytest.raises(DataError):
        make([row]).rows("things")


def test_rows_are_counted_as_they_stand_in_the_file_blank_lines_included(make: Callable[..., Reader]) -> None:
    with pytest.raises(DataError) as error:
        make([ROWS[0], "", "b,2024,,wrong,,,,"]).rows("things", id="b")
    assert "row 4, column value" in str(error.value.where)


def test_a_missing_file_is_named(make: Callable[..., Reader], tmp_path: Path) -> None:
    reader = make()
    (tmp_path / "data" / "more.csv").unlink()
    with pytest.raises(DataError, match="file of table 'things' is missing") as error:
        reader.rows("things")
    assert str(error.value.where).endswith("more.csv")


@pytest.mark.parametrize("content", ["甲".encode("gb18030"), b"", b'id,"year\n'])
def test_a_file_that_is_no_table_is_named(make: Callable[..., Reader], tmp_path: Path, content: bytes) -> None:
    reader = make()
    (tmp_path / "data" / "more.csv").write_bytes(content)
    with pytest.raises(DataError) as error:
        reader.rows("things")
    assert "more.csv" in str(error.value.where)


def test_an_unknown_table_is_named_with_the_nearest_known_one(make: Callable[..., Reader]) -> None:
    with pytest.raises(DataError, match="did you mean 'things'"):
        make().rows("thngs")


# --- corrections ----------------------------------------------------------------------------------


def test_a_correction_takes_the_place_of_the_value(make: Callable[..., Reader]) -> None:
    reader = make(corrections=("things,id=a;year=2023,days,5,6,,,2025-01-01,x",))
    assert reader.rows("things")["days"].tolist()[0] == 6
    assert reader.raw("things")["days"].tolist() == ["6", "", "7"]


def test_a_correction_changes_the_hash_of_the_rows_it_concerns(make: Callable[..., Reader]) -> None:
    def hashed(reader: Reader, year: int) -> str:
        return selected(reader, year)

    plain, corrected = {}, {}
    for year in (2023, 2024):
        plain[year] = hashed(make(), year)
        corrected[year] = hashed(make(corrections=("things,id=a,days,5,6,,,2025-01-01,x",)), year)
    assert plain[2023] != corrected[2023]
    assert plain[2024] == corrected[2024]


@pytest.mark.parametrize(
    "correction",
    [
        "things,id=z,days,5,6,,,2025-01-01,x",  # no such row
        "things,id=a,days,4,6,,,2025-01-01,x",  # another value before
        "things,year=2024,year,2024,2025,,,2025-01-01,x",  # two rows
        "things,id=a,dys,5,6,,,2025-01-01,x",  # no such column
        "things,di=a,days,5,6,,,2025-01-01,x",  # no such column in the key
        "things,a,days,5,6,,,2025-01-01,x",  # a key that is none
    ],
)
def test_a_correction_that_fits_no_one_row_is_an_error(make: Callable[..., Reader], correction: str) -> None:
    with pytest.raises(DataError) as error:
        make(corrections=(correction,)).rows("things")
    assert "corrections.csv, row 2" in str(error.value.where)
