"""The invented city: it agrees with itself, adds up where a real one does, and cannot be taken for one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from reportkit.demonstration.assumptions import SHARED, TAX_EQUIVALENT, TAX_RATE, VIOLATIONS, YEARS
from reportkit.demonstration.world import World, _lapsed

DATA = Path(__file__).parents[1] / "data"
CITY = "440100"


def drawn() -> World:
    return World.drawn(pd.read_csv(DATA / "areas.csv", dtype=str))


@pytest.fixture(scope="module")
def statistics() -> pd.DataFrame:
    rows = pd.read_csv(DATA / "area_statistics.csv", dtype={"area_code": str})
    return rows[(rows["year"] == 2023) | (rows["indicator"] == "land_area")].set_index(["indicator", "area_code"])[
        "value"
    ]


def test_the_same_seed_draws_the_same_city(world: World) -> None:
    again = drawn()
    for name, rows in vars(world).items():
        pd.testing.assert_frame_equal(rows, getattr(again, name))


def test_each_place_has_the_people_and_the_land_that_were_published_of_it(
    world: World, statistics: pd.DataFrame
) -> None:
    people = world.areas[world.areas["year"] == 2023].set_index("area_code")["people"]
    for code in world.districts["area_code"]:
        assert abs(people[code] / 10_000 - statistics["resident_population", code]) < 1
        assert abs(world.land.query("area_code == @code")["hectares"].sum() / 100 - statistics["land_area", code]) < 1


def test_districts_add_up_to_the_city_but_for_what_is_of_none_of_them(world: World) -> None:
    for year in YEARS:
        rows = world.areas[world.areas["year"] == year].set_index("area_code")
        parts = rows.drop(CITY)[["people", "output", "energy"]].sum()
        assert rows.at[CITY, "people"] == parts["people"]
        for name, thousandths in SHARED.items():
            assert rows.at[CITY, name] == parts[name] + parts[name] * thousandths // 1000


def test_waste_is_used_disposed_of_or_kept_and_what_is_kept_is_there_the_year_after(world: World) -> None:
    waste = world.waste
    assert (waste["opening"] + waste["generated"] == waste["used"] + waste["disposed"] + waste["closing"]).all()
    assert (waste[["opening", "generated", "used", "disposed", "closing"]] >= 0).all(axis=None)
    assert (waste["used_from_before"] + waste["disposed_from_before"] <= waste["opening"]).all()
    key = ["enterprise_id", "kind"]
    after = waste.assign(year=waste["year"] - 1).merge(waste, on=[*key, "year"], suffixes=("_after", ""))
    assert (after["opening_after"] == after["closing"]).all()
    assert (waste[waste["year"] == YEARS[0]]["opening"] == 0).all()


def test_whoever_closes_leaves_no_waste_and_does_nothing_afterwards(world: World) -> None:
    closed = world.enterprises[world.enterprises["closed_year"] > 0].set_index("enterprise_id")["closed_year"]
    assert len(closed) > 3
    for rows in (world.years, world.waste, world.credit, world.penalties):
        of_closed = rows[rows["enterprise_id"].isin(closed.index)]
        assert (of_closed["year"] <= of_closed["enterprise_id"].map(closed)).all()
    last = world.waste[world.waste["year"] == world.waste["enterprise_id"].map(closed)]
    assert (last["closing"] == 0).all()


def test_everything_that_happens_happens_to_an_enterprise_of_that_district(world: World) -> None:
    area = world.enterprises.set_index("enterprise_id")["area_code"]
    assert area.index.is_unique
    for rows in (world.years, world.installations, world.waste, world.permits, world.penalties, world.credit):
        assert (rows["enterprise_id"].map(area) == rows["area_code"]).all()


def test_what_an_enterprise_lets_out_has_an_installation_that_is_watched(world: World) -> None:
    assert world.installations["installation_id"].is_unique
    let_out = world.years.groupby("enterprise_id")[["nox", "voc", "cod"]].sum()
    watched = world.installations.groupby("enterprise_id")["pollutant"].agg(set)
    for id_, grams in let_out.to_dict("index").items():
        assert watched[id_] == {name for name, much in grams.items() if much}
    opened = world.installations["enterprise_id"].map(world.enterprises.set_index("enterprise_id")["opened_year"])
    assert world.installations["since_year"].between(opened, YEARS[0]).all()


def test_a_penalty_costs_credit_and_a_veto_makes_it_bad(world: World) -> None:
    credit = world.credit.set_index(["enterprise_id", "year"])
    assert len(world.penalties) > 50
    for row in world.penalties.to_dict("records"):
        own = credit.loc[(row["enterprise_id"], row["year"])]
        _, _, points, is_veto = VIOLATIONS[row["violation"]]
        assert own["points"] <= 100 - points
        assert own["level"] == "red" if is_veto else own["level"] != "green"
    unpenalised = credit.drop(index=list(zip(world.penalties["enterprise_id"], world.penalties["year"], strict=True)))
    assert set(unpenalised["level"]) == {"green", "blue"}


def test_who_exceeded_a_limit_was_penalised_and_has_no_reduction_of_tax(world: World) -> None:
    penalised = set(zip(world.penalties["enterprise_id"], world.penalties["year"], strict=True))
    for row in world.years.to_dict("records"):
        was_penalised = (row["enterprise_id"], row["year"]) in penalised
        assert was_penalised or not row["has_exceeded"]
        is_exempt = row["industry"] == "sewage" and not row["has_exceeded"]
        assert is_exempt or not was_penalised or row["tax_reduction_pct"] == 0
        due = sum(Decimal(row[name]) / TAX_EQUIVALENT[name] * TAX_RATE[name] for name in TAX_EQUIVALENT)
        assert abs(row["tax_fen"] - due * (100 - row["tax_reduction_pct"]) / 100) <= Decimal("0.5")


def test_every_enterprise_that_works_has_a_permit_on_each_last_day_of_a_year(world: World) -> None:
    for row in world.years[world.years["year"] >= 2022].to_dict("records"):
        own = world.permits[world.permits["enterprise_id"] == row["enterprise_id"]]
        assert ((own["issued_date"] <= f"{row['year']}-12-31") & (own["valid_until"] >= f"{row['year']}-12-31")).any()


def test_nobody_is_penalised_for_having_no_permit_who_has_one(world: World) -> None:
    cases = world.penalties[world.penalties["violation"] == "without_permit"]
    assert len(cases) > 10
    for row in cases.to_dict("records"):
        own = world.permits[world.permits["enterprise_id"] == row["enterprise_id"]]
        assert ((own["valid_until"] < row["filed_date"]) | (own["issued_date"] > row["decided_date"])).all()
        assert (own["issued_date"] > row["decided_date"]).any()
    assert world.permits["permit_id"].is_unique


def test_a_permit_issued_since_the_regulations_is_for_five_years(world: World) -> None:
    """Art. 14 of the Regulations on the Administration of Pollutant Discharge Permits, in force from 2021-03-01."""
    since = world.permits[world.permits["issued_date"] >= "2021-03-01"]
    for row in since.to_dict("records"):
        issued = date.fromisoformat(row["issued_date"])
        assert date.fromisoformat(row["valid_until"]) == issued.replace(year=issued.year + 5) - timedelta(days=1), row


def test_who_was_penalised_for_having_no_permit_had_two_with_a_gap_around_the_case() -> None:
    assert _lapsed(date(2021, 3, 5), date(2021, 12, 8), wait=0) == [
        (date(2018, 3, 1), date(2021, 3, 1)),
        (date(2021, 12, 15), date(2026, 12, 15)),
    ]
    assert _lapsed(date(2024, 3, 5), date(2024, 4, 8), wait=0)[0] == (date(2019, 3, 1), date(2024, 3, 1))


def test_penalties_are_decided_after_they_are_filed_within_their_year_and_bounds(world: World) -> None:
    rows = world.penalties
    assert rows["number"].is_unique
    assert (rows["filed_date"] < rows["decided_date"]).all()
    assert (rows["decided_date"].str[:4].astype(int) == rows["year"]).all()
    for row in rows.to_dict("records"):
        least, most, _, _ = VIOLATIONS[row["violation"]]
        assert 1000 * least <= row["fine_yuan"] <= 1000 * most


def test_no_name_can_be_taken_for_a_real_enterprise(world: World) -> None:
    rows = world.enterprises
    assert rows["name_zh"].str.fullmatch(r"示例\S+(企业|医院)\d\d").all()
    assert rows["name_en"].str.fullmatch(r"Demo .+ (enterprise|hospital) \d\d").all()
    assert not rows["name_zh"].str.contains("医院企业").any()
    assert rows["name_zh"].is_unique
    assert rows["enterprise_id"].str.startswith("DEMO-E-").all()
