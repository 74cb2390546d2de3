"""The invented market: its tax is that of the invented enterprises to the fen, and tells what none of them pays."""

from __future__ import annotations

from calendar import isleap
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd

from reportkit.demonstration import market
from reportkit.demonstration.assumptions import YEARS
from reportkit.demonstration.world import EXEMPT, World
from reportkit.standards import tax
from reportkit.standards.rounding import half_even

DATA = Path(__file__).parents[1] / "data"
FEN = 1_000_000  # in 10,000 yuan
FEWEST = 3
POLLUTANTS = {"so2": ("air", "so2"), "nox": ("air", "nox"), "pm": ("air", "smoke"), "cod": ("water", "cod")}
POLLUTANTS["nh3n"] = ("water", "nh3n")
TABLES = [path.stem for path in sorted((DATA / "market").glob("*.csv")) if path.stem != "published"]


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / "market" / f"{name}.csv", dtype=str, keep_default_na=False)


def exact(rows: pd.DataFrame, column: str) -> Decimal:
    return sum(rows[column].map(Decimal), Decimal(0))


def test_the_tax_of_each_district_and_year_is_that_of_its_enterprises_to_the_fen(world: World) -> None:
    rows, owed = read("taxes"), world.years.groupby(["area_code", "year"])["tax_fen"].sum()
    assert len(owed) == 11 * len(YEARS)
    for (code, year), fen in owed.items():
        own = rows[(rows["area_code"] == code) & (rows["year"] == str(year))]
        assert exact(own, "tax_10k_yuan") * FEN == int(fen), (code, year)


def test_the_law_makes_of_what_an_enterprise_lets_out_the_tax_it_pays(world: World) -> None:
    """An outlet of air and one of water each: top three, rates of the province, and the reduction of the enterprise."""
    day, percent = date(2024, 12, 31), {50: "45", 25: "65", 0: "95"}
    owing = (world.years["year"] == 2024) & (world.years["tax_reduction_pct"] < EXEMPT)
    for row in world.years[owing].to_dict("records"):
        due = Fraction(0)
        for medium in ("air", "water"):
            mean, has_exceeded = percent[row["tax_reduction_pct"]], bool(row["has_exceeded"])
            discharges = [
                tax.Discharge(name, Fraction(int(row[column]), 1000), mean, has_exceeded)
                for column, (where, name) in POLLUTANTS.items()
                if where == medium
            ]
            rate = tax.rate(medium, "440100", day)
            assert rate
            items = tax.tax(discharges, medium, rate, day)
            assert all(item.is_taxed for item in items)
            due += sum((item.tax for item in items), Fraction(0))
        assert half_even(due * 100) == row["tax_fen"], row["enterprise_id"]


def test_sewage_works_pay_nothing_while_they_exceed_no_limit_and_all_of_it_where_they_do(world: World) -> None:
    works = world.years[world.years["industry"] == "sewage"]
    assert works["has_exceeded"].any()
    assert works.loc[~works["has_exceeded"], "tax_fen"].eq(0).all()
    assert works.loc[works["has_exceeded"], "tax_fen"].gt(0).all()
    others = world.years[world.years["industry"] != "sewage"]
    assert others["tax_reduction_pct"].lt(EXEMPT).all()
    counted = read("reductions").query("reason == 'exempt'")["enterprises"].astype(int).sum()
    assert counted == (~works["has_exceeded"]).sum()


def test_equivalents_are_the_amount_by_the_value_of_the_annex(world: World) -> None:
    values = {name: tax.equivalent(medium, name, date(2024, 12, 31)).value for medium, name in POLLUTANTS.values()}
    single = read("taxes").query("amount_kg != ''")
    assert len(single) > 150
    for row in single.to_dict("records"):
        expected = half_even(Fraction(row["amount_kg"]) / Fraction(values[row["pollutant"]]), 2)
        assert row["equivalents"] == str(expected)
    for name, (_, annex) in POLLUTANTS.items():
        rows = single[(single["pollutant"] == annex) & (single["year"] == "2024")]
        assert exact(rows, "amount_kg") * 1000 <= int(world.years.query("year == 2024")[name].sum())


def test_no_row_tells_what_fewer_than_three_pay() -> None:
    rows = read("taxes")
    assert rows["payers"].astype(int).min() >= FEWEST
    assert (rows["pollutant"] == "air_together").any()
    assert read("tax_bands")["enterprises"].astype(int).min() >= FEWEST
    for name in TABLES:
        assert "enterprise_id" not in read(name) or set(read(name)) == {
            *("enterprise_id", "area_code", "year", "band", "status", "source_id")
        }  # of one enterprise a band alone


def test_bands_hold_every_payer_and_all_the_tax(world: World) -> None:
    for year in YEARS:
        rows, own = read("tax_bands").query("year == @year_text", local_dict={"year_text": str(year)}), world.years
        own = own[own["year"] == year]
        assert rows["enterprises"].astype(int).sum() == len(own)
        assert exact(rows, "tax_10k_yuan") * FEN == int(own["tax_fen"].sum())


def test_who_exceeded_a_limit_or_was_penalised_is_among_those_who_paid_all(world: World) -> None:
    rows = read("reductions")
    granted = rows[rows["reason"].isin(["half_paid", "three_quarters_paid"])]
    assert granted["enterprises"].astype(int).sum() == int(world.years["tax_reduction_pct"].isin([25, 50]).sum())
    exceeded = rows[rows["reason"] == "exceeded"]
    assert exceeded["enterprises"].astype(int).sum() == int(world.years["has_exceeded"].sum())
    assert rows["enterprises"].astype(int).sum() == len(world.years)


def test_who_lost_the_reduction_by_a_penalty_alone_is_not_said_to_be_too_near_the_limit(world: World) -> None:
    """One in Panyu and two in Huadu in 2024, careful enough for three quarters, above no limit, but penalised."""
    lost = set(zip(world.penalties["enterprise_id"], world.penalties["year"], strict=True))
    care = dict(zip(world.enterprises["enterprise_id"], world.enterprises["diligence"], strict=True))
    for code, named in (("440113", {"DEMO-E-440113-13"}), ("440114", {"DEMO-E-440114-24", "DEMO-E-440114-28"})):
        own = world.years[(world.years["year"] == 2024) & (world.years["area_code"] == code)]
        own = own[own["tax_reduction_pct"] < EXEMPT]
        reached = own[~own["has_exceeded"] & own["enterprise_id"].map(care).gt(600)]
        assert {row for row in reached["enterprise_id"] if (row, 2024) in lost} == named
        counted = read("reductions").query("year == '2024' & area_code == @code", local_dict={"code": code})
        by_reason = dict(zip(counted["reason"], counted["enterprises"].astype(int), strict=True))
        assert by_reason["penalised"] == len(named)
        assert by_reason["not_far_below"] == len(own) - own["has_exceeded"].sum() - len(reached)


def test_sewage_costs_more_than_is_collected_and_sludge_is_that_of_the_works(world: World) -> None:
    rows = read("sewage")
    works = world.enterprises.loc[world.enterprises["industry"] == "sewage", "enterprise_id"]
    for year in YEARS:
        own = rows[rows["year"] == str(year)]
        made = world.waste[(world.waste["year"] == year) & world.waste["enterprise_id"].isin(works)]
        sludge = int(made.loc[made["kind"] == "sludge", "generated"].sum())
        assert 0 <= sludge * 300 // 10_000_000 - exact(own, "sludge_10k_yuan") <= len(own)
        assert exact(own, "collected_10k_yuan") < exact(own, "charged_10k_yuan")
        cost = sum(exact(own, f"{part}_10k_yuan") for part in ("treatment", "network", "sludge"))
        assert Decimal("0.4") < exact(own, "collected_10k_yuan") / cost < 1


def test_waste_is_that_of_the_chapter_on_waste() -> None:
    waste = pd.read_csv(DATA / "waste/household.csv", dtype=str).set_index(["area_code", "year"])["generated_t_d"]
    for row in read("waste_charges").to_dict("records"):
        days = 366 if isleap(int(row["year"])) else 365
        assert int(row["tonnes"]) == days * int(waste[row["area_code"], row["year"]])


def test_households_in_all_tiers_are_the_households_of_the_district(world: World) -> None:
    people = world.areas.set_index(["area_code", "year"])["people"]
    rows = read("power")
    tiers = rows[rows["measure"].str.startswith("households")]
    for (code, year), own in tiers.groupby(["area_code", "year"]):
        assert own["value"].astype(int).sum() == int(people[code, int(year)]) * 10 // 31
        assert own["value"].astype(int).is_monotonic_decreasing


def test_who_has_a_quota_of_power_is_of_four_industries_and_fewer_are_over_it(world: World) -> None:
    rows = read("power_quotas").set_index(["area_code", "year", "industry"])[["units", "over_units"]].astype(int)
    counted = world.years.groupby(["area_code", "year", "industry"]).size()
    for code in world.districts["area_code"]:
        for year in YEARS:
            for industry in ("steel", "chemicals", "dyeing", "paper"):
                units, over = rows.loc[(code, str(year), industry)]
                assert units == counted.get((code, year, industry), 0)
                assert 0 <= over <= units
    assert Fraction(1, 10) < Fraction(int(rows["over_units"].sum()), int(rows["units"].sum())) < Fraction(1, 2)


def test_outlets_are_of_no_enterprise_and_show_each_clause(world: World) -> None:
    rows = read("outlets")
    assert not set(rows["outlet_id"]) & set(world.enterprises["enterprise_id"])
    assert rows["has_exceeded"].eq("true").any()
    assert {"50", "70"} <= set(rows["percent_of_limit"])  # exactly at a bound
    assert {"cod", "bod5"} <= set(rows["pollutant"])


def test_the_tables_stay_small(world: World) -> None:
    for name, rows in market.tables(world).items():
        assert 10 <= len(rows) < (len(world.years) + 1 if name == "market/payers.csv" else 400), name
