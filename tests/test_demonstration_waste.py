"""The invented waste: that of the one invented city to the kilogram, in balance, and plainly invented."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from reportkit.demonstration.assumptions import YEARS
from reportkit.demonstration.world import World

DATA = Path(__file__).parents[1] / "data"
KILOGRAMS = 10**7  # in 10,000 tonnes


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / "waste" / f"{name}.csv", dtype=str, keep_default_na=False)


def exact(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows[column].map(Decimal)


def test_industry_and_hospitals_together_have_the_waste_of_the_invented_enterprises(world: World) -> None:
    """All but the fly ash of places that incinerate, which are no enterprises."""
    industrial, medical = read("industrial").query("kind != 'HW18'"), read("medical")
    for year in YEARS:
        own = world.waste[world.waste["year"] == year]
        rows = industrial[industrial["year"] == str(year)]
        assert sum(exact(rows, "generated_10k_t")) * KILOGRAMS == int(own.loc[own["kind"] != "HW01", "generated"].sum())
        rows = medical[medical["year"] == str(year)]
        assert sum(exact(rows, "generated_t")) * 1000 == int(own.loc[own["kind"] == "HW01", "generated"].sum())
    assert "HW01" not in set(industrial["kind"])


@pytest.mark.parametrize(
    ("name", "inflow", "outflow"),
    [
        ("industrial", ["opening_10k_t", "generated_10k_t"], ["used_10k_t", "disposed_10k_t", "closing_10k_t"]),
        ("medical", ["opening_t", "generated_t"], ["disposed_t", "closing_t"]),
        ("household", ["generated_t_d"], ["incinerated_t_d", "biological_t_d", "recycled_t_d", "landfilled_t_d"]),
    ],
)
def test_each_row_balances(name: str, inflow: list[str], outflow: list[str]) -> None:
    rows = read(name)
    comes, goes = (sum(exact(rows, column) for column in columns) for columns in (inflow, outflow))
    assert (comes == goes).all()


def test_what_is_stored_at_the_end_of_a_year_is_there_the_year_after() -> None:
    rows = read("industrial")
    rows = rows.assign(year=rows["year"].astype(int), closing=exact(rows, "closing_10k_t"))
    rows = rows.assign(opening=exact(rows, "opening_10k_t"), from_before=exact(rows, "used_from_before_10k_t"))
    key = ["area_code", "category", "kind", "year"]
    after = rows.assign(year=rows["year"] - 1).merge(rows, on=key, suffixes=("_after", ""))
    assert len(after) > 400
    assert (after["opening_after"] == after["closing"]).all()
    assert (rows["from_before"] <= rows["opening"]).all()


def test_hospitals_keep_less_than_two_days_of_their_waste() -> None:
    rows = read("medical")
    kept, made = exact(rows, "closing_t"), exact(rows, "generated_t")
    assert (kept * 366 < 2 * made).all()
    assert (kept > 0).any()


def test_households_leave_what_people_leave_and_landfill_ends() -> None:
    rows = read("household")
    per_head = exact(rows, "generated_t_d") * 1000 / exact(rows, "people")
    assert per_head.between(Decimal("1.1"), Decimal("1.5")).all()
    buried = exact(rows, "landfilled_t_d").groupby(rows["year"]).sum()
    assert buried.is_monotonic_decreasing
    assert set(rows["year"]) == set(map(str, YEARS))


def test_sites_can_take_what_the_city_sends_them() -> None:
    sites, rows = read("facilities"), read("household")
    for year in YEARS:
        of_year = rows[rows["year"] == str(year)]
        for kind, column in (("incineration", "incinerated"), ("kitchen", "biological"), ("landfill", "landfilled")):
            open_ = sites[(sites["kind"] == kind) & (sites["opened_year"].astype(int) <= year)]
            assert sum(exact(of_year, f"{column}_t_d")) <= sum(exact(open_, "capacity")), (year, kind)
        for kind, treated in (("hazardous", hazardous(year)), ("medical", medical(year))):
            open_ = sites[(sites["kind"] == kind) & (sites["opened_year"].astype(int) <= year)]
            assert treated <= sum(exact(open_, "capacity")), (year, kind)


def hazardous(year: int) -> Decimal:
    """What hazardous waste was used and disposed of in a year, in 10,000 tonnes."""
    rows = read("industrial")
    rows = rows[(rows["category"] == "hazardous") & (rows["year"] == str(year))]
    return sum(exact(rows, "used_10k_t")) + sum(exact(rows, "disposed_10k_t"))


def medical(year: int) -> Decimal:
    """What medical waste was disposed of in a year, in tonnes a day."""
    rows = read("medical")
    return sum(exact(rows[rows["year"] == str(year)], "disposed_t")) / 365


def test_places_that_incinerate_leave_fly_ash_in_their_districts() -> None:
    """Two to five hundredths of what they burn; so much that it is among the three largest categories."""
    sites, rows, household = read("facilities").query("kind == 'incineration'"), read("industrial"), read("household")
    ash = rows[rows["kind"] == "HW18"]
    for year in YEARS:
        of_year = ash[ash["year"] == str(year)]
        assert set(of_year["area_code"]) == set(sites.loc[sites["opened_year"].astype(int) <= year, "area_code"])
        burnt = 365 * sum(exact(household[household["year"] == str(year)], "incinerated_t_d"))
        made = sum(exact(of_year, "generated_10k_t"))
        assert Decimal("0.02") < made * 10_000 / burnt < Decimal("0.05")
        others = rows[(rows["year"] == str(year)) & (rows["category"] == "hazardous")]
        sums = exact(others, "generated_10k_t").groupby(others["kind"]).sum().astype(float)
        assert set(sums.nlargest(3).index) == {"HW18", "HW22", "HW17"}
