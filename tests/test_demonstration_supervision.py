"""The invented supervision: drawn by the algorithm from the city's own enterprises, its totals those of its rows."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from reportkit import draw
from reportkit.demonstration.assumptions import YEARS
from reportkit.demonstration.supervision import DATASETS, DRAWN_YEAR
from reportkit.demonstration.world import World
from reportkit.schema import read_tables
from reportkit.standards import law, supervision

DATA = Path(__file__).parents[1] / "data"
CITY = "440100"
LAST = str(YEARS[-1])
Rows = list[dict[str, str]]


def read(name: str, folder: str = "supervision") -> Rows:
    rows: Rows = pd.read_csv(DATA / folder / f"{name}.csv", dtype=str, keep_default_na=False).to_dict("records")
    return rows


def bureaus() -> dict[str, str]:
    return {row["draw_id"]: row["area_code"] for row in read("draws")}


# --- the pool -------------------------------------------------------------------------------------


def test_a_branch_draws_from_every_enterprise_that_works_in_its_district(world: World) -> None:
    works = world.years[world.years["year"] == DRAWN_YEAR]
    own = Counter(row["area_code"] for row in read("pool") if CITY not in row["pool_id"])
    assert own == Counter(works["area_code"])


def test_key_units_are_those_of_the_list_and_special_ones_were_penalised_the_year_before(world: World) -> None:
    listed = {row["enterprise_id"] for row in read("key_units", "enterprises") if row["year"] == str(DRAWN_YEAR)}
    penalised = set(world.penalties.loc[world.penalties["year"] == DRAWN_YEAR - 1, "enterprise_id"])
    for row in read("pool"):
        is_special, is_listed = row["enterprise_id"] in penalised, row["enterprise_id"] in listed
        assert row["class"] == ("special" if is_special else "key" if is_listed else "general")


def test_the_bureau_of_the_city_draws_from_the_key_units_of_all_districts() -> None:
    rows = read("pool")
    city = {row["enterprise_id"] for row in rows if CITY in row["pool_id"]}
    assert city == {row["enterprise_id"] for row in rows if CITY not in row["pool_id"] and row["class"] == "key"}


def test_one_district_draws_less_than_it_is_asked_to() -> None:
    least = supervision.least("district", "key", date(DRAWN_YEAR, 12, 31), "440100")
    assert least is not None
    ratios = [row for row in read("ratios") if row["class"] == "key" and row["area_code"] != CITY]
    assert sum(Decimal(row["ratio_pct"]) < Decimal(least["least_pct"]) for row in ratios) == 1


# --- the draws ------------------------------------------------------------------------------------


def test_every_bureau_draws_once_a_quarter_after_it_has_committed_itself() -> None:
    rows = read("draws")
    assert Counter(Counter(row["area_code"] for row in rows).values()) == {4: 12}
    for row in rows:
        assert row["committed_date"] < row["drawn_date"]
        assert len(row["seed"].rpartition("-")[2]) == 32  # 128 bits: nobody guesses it from its hash
    assert len({row["seed"] for row in rows}) == len(rows)


def test_two_inspectors_of_the_bureau_go_and_none_has_a_conflict() -> None:
    bureau, crew = bureaus(), {row["inspector_id"]: row for row in read("inspectors")}
    assert any(row["conflicts"] for row in crew.values())
    for row in read("drawn"):
        first, second = row["inspector_1"], row["inspector_2"]
        assert first != second
        for name in (first, second):
            assert crew[name]["area_code"] == bureau[row["draw_id"]]
            assert not {row["enterprise_id"], row["area_code"]} & set(crew[name]["conflicts"].split(";"))


def test_a_case_is_a_penalty_that_was_filed_after_the_inspection(world: World) -> None:
    drawn = {row["draw_id"]: row["drawn_date"] for row in read("draws")}
    filed = {
        row["enterprise_id"]: row["filed_date"]
        for row in world.penalties.to_dict("records")
        if row["year"] == DRAWN_YEAR
    }
    cases = [row for row in read("drawn") if row["found"] == "case"]
    assert cases
    assert len({row["enterprise_id"] for row in cases}) == len(cases)
    for row in cases:
        assert drawn[row["draw_id"]] <= row["inspected_date"] < filed[row["enterprise_id"]]


def test_results_are_published_after_the_inspection_some_late_some_never() -> None:
    words = set()
    for row in read("drawn"):
        assert bool(row["inspected_date"]) == bool(row["found"])
        if not row["published_date"]:
            words.add(law.UNPUBLISHED)
            continue
        inspected, out = (date.fromisoformat(row[name]) for name in ("inspected_date", "published_date"))
        assert inspected < out <= date(DRAWN_YEAR, 12, 31)
        words.add(supervision.kept(law.working_days(inspected, out), inspected))
    assert words == {law.IN_TIME, law.LATE, law.UNPUBLISHED}


def test_the_totals_of_the_year_are_those_of_its_draws() -> None:
    drawn, bureau = read("drawn"), bureaus()
    pool = Counter((row["pool_id"], row["class"]) for row in read("pool"))
    rows = [row for row in read("inspections") if row["year"] == str(DRAWN_YEAR)]
    assert len(rows) == 11 * 3 + 1
    for row in rows:
        own = [one for one in drawn if (bureau[one["draw_id"]], one["class"]) == (row["area_code"], row["class"])]
        expected = {
            "pool": pool[f"DEMO-POOL-{row['area_code']}-{DRAWN_YEAR}", row["class"]],
            "drawn": len(own),
            "inspected": sum(one["inspected_date"] != "" for one in own),
            "found": sum(one["found"] in ("put_right", "case") for one in own),
            "cases": sum(one["found"] == "case" for one in own),
            "published": sum(one["published_date"] != "" for one in own),
        }
        assert {name: int(row[name]) for name in expected} == expected


@pytest.mark.parametrize("year", YEARS)
def test_no_stage_has_more_than_the_one_before(year: int) -> None:
    for row in read("inspections"):
        if row["year"] == str(year):
            drawn, inspected, found, cases, published = (
                int(row[name]) for name in ("drawn", "inspected", "found", "cases", "published")
            )
            assert drawn >= inspected >= found >= cases
            assert inspected >= published


def test_no_more_cases_than_penalties(world: World) -> None:
    penalties = Counter(zip(world.penalties["area_code"], world.penalties["year"].astype(str), strict=True))
    for row in read("inspections"):
        if row["area_code"] != CITY:
            assert int(row["cases"]) <= penalties[row["area_code"], row["year"]]


# --- the rest -------------------------------------------------------------------------------------


def test_what_is_a_part_is_no_more_than_its_whole() -> None:
    for row in read("yearly"):
        for part, whole in (
            ("grid_closed", "grid_found"),
            ("warnings_checked", "warnings"),
            ("duties_assigned", "duties"),
        ):
            assert 0 <= int(row[part]) <= int(row[whole])


def test_points_with_early_warning_are_a_part_of_the_automatic_ones_of_each_element() -> None:
    automatic = {
        "air": Counter(row["area_code"] for row in read("stations", ".")),
        "water": Counter(
            row["area_code"]
            for row in read("sections", "water")
            if row["kind"] == "automatic" and not row["closed_date"]
        ),
        "other": Counter(
            row["area_code"]
            for row in (*read("points", "radiation"), *read("ghg_monitoring", "climate"))
            if row["kind"] != "manual" and row.get("year", LAST) == LAST
        ),
    }
    rows = read("yearly")
    for row in rows:
        warning = {element: int(row[f"warning_points_{element}"]) for element in automatic}
        assert sum(warning.values()) == int(row["warning_points"])
        assert warning["air"] > 0
        assert warning["water"] > 0
        for element, count in automatic.items():
            assert warning[element] <= int(row[f"automatic_points_{element}"])
            assert row["year"] != LAST or int(row[f"automatic_points_{element}"]) == count[row["area_code"]]
    assert any(row["warning_points_other"] != "0" for row in rows)


def test_the_sources_of_pm_add_up_to_a_hundred_percent() -> None:
    shares: dict[str, Decimal] = {}
    for row in read("apportionment"):
        shares[row["year"]] = shares.get(row["year"], Decimal(0)) + Decimal(row["share_pct"])
    assert shares == {str(year): Decimal(100) for year in YEARS}


def test_every_data_set_of_the_inventory_says_of_which_year_and_where_its_rows_are() -> None:
    tables = read_tables(DATA)
    for row in read("datasets"):
        table = tables[row["dataset"]]
        assert row["period"] in table.columns, row
        if row["level"] == "district":
            where = tables[row["places"]] if row["places"] else table
            assert "area_code" in where.columns, row
            assert not row["places"] or set(where.primary_key) <= set(table.columns), row


def test_the_inventory_has_what_is_measured_and_what_is_decided() -> None:
    """Air, rivers, drinking water, groundwater, dose rates; penalties, permits, complaints, emergencies."""
    wanted = {"air/station_daily", "water/section_monthly", "water/drinking_monthly", "soil/groundwater"}
    wanted |= {"radiation/dose_rate", "law/penalties", "enterprises/permits", "participation/complaints"}
    assert {row["dataset"] for row in read("datasets")} >= wanted | {"emergency/readiness"}


def test_no_service_has_more_data_sets_than_there_are() -> None:
    assert max(int(row["datasets"]) for row in read("platform")) <= len(DATASETS)


def test_coal_that_was_not_burnt_is_carbon_that_was_not_let_out(world: World) -> None:
    """1.9003 kg of carbon dioxide of a kilogram of raw coal, as the chapter of climate counts it."""
    coal = world.years.pivot(index="enterprise_id", columns="year", values="coal")
    for row in read("science"):
        year = int(row["year"])
        if year == YEARS[0]:
            assert (row["co2_cut_t"], row["nox_cut_t"]) == ("", "")
            continue
        less = (coal[year - 1] - coal[year]).dropna()
        kilograms = int(less[less > 0].sum())
        assert abs(int(row["co2_cut_t"]) - kilograms * 1.9003 / 1000) < 1


def test_the_draws_come_out_again() -> None:
    assert list(draw.differences(draw.Files.read(DATA))) == []
