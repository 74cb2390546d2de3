"""Table schemas are read from ``datapackage.json``, which says what is wrong with it when it cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from projects import REPO
from reportkit.errors import DataError
from reportkit.schema import find_table, read_tables


def test_every_table_of_the_repository_is_described() -> None:
    tables = read_tables(REPO / "data")
    described = {path for table in tables.values() for path in table.paths}
    present = {path.relative_to(REPO / "data").as_posix() for path in (REPO / "data").rglob("*.csv")}
    assert described == present


def test_a_column_has_its_type_unit_decimals_and_titles_in_both_languages() -> None:
    table = read_tables(REPO / "data")["air/station_daily"]
    carbon_monoxide = table.field("co_mg_m3")
    assert (carbon_monoxide.type, carbon_monoxide.unit, carbon_monoxide.decimals) == ("number", "mg/m3", 1)
    assert set(carbon_monoxide.title) == {"zh", "en"}
    assert len(table.paths) == 4
    assert table.primary_key == ("station_id", "date")
    assert table.foreign_keys["station_id"] == ("stations", "station_id")
    assert table.columns[:2] == ("station_id", "date")


def test_keys_may_be_written_as_a_word_or_as_a_list(tmp_path: Path) -> None:
    fields = [{"name": "a", "type": "string"}]
    foreign = [{"fields": ["a"], "reference": {"resource": "u", "fields": "b"}}]
    schema = {"fields": fields, "primaryKey": "a", "foreignKeys": foreign}
    resources = [{"name": "t", "path": "t.csv", "schema": schema}]
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    table = read_tables(tmp_path)["t"]
    assert (table.paths, table.primary_key, table.foreign_keys) == (("t.csv",), ("a",), {"a": ("u", "b")})


def test_a_missing_description_is_said_with_where_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read_tables(tmp_path)
    assert (error.value.expected, error.value.where) == ("datapackage.json", str(tmp_path))


def test_a_description_that_is_not_json_is_said(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="not valid JSON"):
        read_tables(tmp_path)


def test_an_unknown_table_is_named_with_the_nearest_known_one() -> None:
    with pytest.raises(DataError, match="did you mean 'air/station_daily'"):
        find_table(read_tables(REPO / "data"), "air/station_dialy")
