"""The checker on the market: a bill, a tax or a verdict that does not follow from the tables is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportkit.verify import market
from reportkit.verify.tables import Tables

TARIFFS = """service,user,season,months,area_codes,per,tier,up_to,price,valid_from,valid_to
water,household,all,,440113,month,1,26,1.75,2018-12-12,
water,household,all,,440113,month,2,34,2.63,2018-12-12,
water,household,all,,440113,month,3,,5.25,2018-12-12,
water,household,all,,440103,month,1,,9.99,2018-12-12,
power,household,summer,7,4401,month,1,,0.60,2018-12-12,
power,household,other,1,4401,month,1,,0.50,2018-12-12,
gas,household,all,,4401,year,1,30,3.45,2018-12-12,
gas,household,all,,4401,year,2,,4.14,2018-12-12,
sewage,household,all,,440113,month,1,,0.94,2018-12-12,
sewage,non_household,all,,440113,month,1,,1.40,2018-12-12,
"""
TABLES = {
    "corrections": "table,key,column,value_before,value_after\n",
    "areas": "area_code,slug\n440113,panyu\n",
    "market/tariffs": TARIFFS,
    "standards/market_sewage_floors": "user,price\nhousehold,0.95\nnon_household,1.4\n",
    "standards/market_equivalents": (
        "group,pollutant,equivalent,unit,one_of,valid_from,valid_to\n"
        "air,so2,0.95,kg,,2018-01-01,\nair,nox,0.95,kg,,2018-01-01,\nair,smoke,2.18,kg,,2018-01-01,\n"
        "air,co,16.7,kg,,2018-01-01,\n"
    ),
    "standards/market_tax_rates": (
        "object,area_codes,from_db,rate,valid_from,valid_to\nair,44,,1.8,2018-01-01,\n"
        "tailings,,,15,2018-01-01,\nnoise_1_3,,1,350,2018-01-01,\nnoise_4_6,,4,700,2018-01-01,\n"
    ),
    "standards/market_tax_reductions": (
        "at_most_pct,paid_pct,valid_from,valid_to\n50,50,2018-01-01,\n70,75,2018-01-01,\n"
    ),
    "market/household_use": (
        "month,water_m3,power_kwh,gas_m3,status,source_id\n1,36,100,20,demonstration,s\n7,10,100,25,demonstration,s\n"
    ),
    "market/outlets": (
        "outlet_id,medium,pollutant,amount_kg,percent_of_limit,has_exceeded,status,source_id\n"
        "o,air,so2,95.000,50,false,demonstration,s\n"
        "o,air,nox,95.000,70,true,demonstration,s\n"
        "o,air,smoke,218.000,70,false,demonstration,s\n"
        "o,air,co,16.700,10,false,demonstration,s\n"
    ),
    "market/other_tax": (
        "case_id,object,made_t,used_t,stored_t,over_db,months,status,source_id\n"
        "w,tailings,1000.0,300.0,200.0,,,demonstration,s\n"
        "m,noise,,,,3,2,demonstration,s\nn,noise,,,,4,2,demonstration,s\n"
    ),
}
# Worked by hand: 36 m³ by three tiers; gas of July begins with 10 of the 30 m³ of the first tier.
BILL = """month,service,tier,amount,price,yuan,status,source_id
2024-01,power,1,100,0.50,50.00,demonstration,s
2024-01,water,1,26,1.75,45.50,demonstration,s
2024-01,water,2,8,2.63,21.04,demonstration,s
2024-01,water,3,2,5.25,10.50,demonstration,s
2024-01,sewage,1,36,0.94,33.84,demonstration,s
2024-01,gas,1,20,3.45,69.00,demonstration,s
2024-07,power,1,100,0.60,60.00,demonstration,s
2024-07,water,1,10,1.75,17.50,demonstration,s
2024-07,sewage,1,10,0.94,9.40,demonstration,s
2024-07,gas,1,10,3.45,34.50,demonstration,s
2024-07,gas,2,15,4.14,62.10,demonstration,s
"""
# 100 equivalents each of the first three at 1.8 yuan, of which half, all (an exceedance) and three quarters are paid.
TAXES = """outlet_id,pollutant,equivalents,is_taxed,paid_pct,tax_yuan,status,source_id
o,so2,100.00,true,50,90.0000,demonstration,s
o,nox,100.00,true,100,180.0000,demonstration,s
o,smoke,100.00,true,75,135.0000,demonstration,s
o,co,1.00,false,50,0.0000,demonstration,s
"""

# O095: 500 of 1000 t are left, at 15 yuan; two months of 3 and of 4 dB over the limit.
OTHERS = """case_id,object,taxed,rate,tax_yuan,status,source_id
w,tailings,500.0,15,7500.00,demonstration,s
m,noise_1_3,2,350,700.00,demonstration,s
n,noise_4_6,2,700,1400.00,demonstration,s
"""


def site(folder: Path, bill: str = BILL, taxes: str = TAXES, others: str = OTHERS) -> Tables:
    report = {"bill": bill, "outlet_tax": taxes, "other_tax_steps": others}
    report = {f"2024/panyu/market/{name}": rows for name, rows in report.items()}
    for name, rows in (TABLES | report).items():
        path = folder / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rows, encoding="utf-8")
    resources = [{"name": name, "path": f"{name}.csv"} for name in TABLES]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    return Tables(folder)


def found(tables: Tables) -> list[str]:
    return [problem.check for problem in market.problems(tables)]


def test_a_bill_and_taxes_worked_by_hand_pass(tmp_path: Path) -> None:
    assert [str(problem) for problem in market.problems(site(tmp_path))] == []


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("water,2,8,2.63,21.04", "water,2,9,2.63,23.67"),  # a tier that is too wide
        ("power,1,100,0.60,60.00", "power,1,100,0.50,50.00"),  # the price of another season
        ("gas,2,15,4.14,62.10", "gas,2,15,3.45,51.75"),  # a year's tiers begun anew
        ("2024-01,water,3,2,5.25,10.50,demonstration,s\n", ""),  # a tier left out
    ],
)
def test_another_bill_is_named(tmp_path: Path, line: str, other: str) -> None:
    assert line in BILL
    assert found(site(tmp_path, bill=BILL.replace(line, other))) == ["table.bill"]


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("nox,100.00,true,100,180.0000", "nox,100.00,true,75,135.0000"),  # reduced though a limit was exceeded
        ("co,1.00,false,50,0.0000", "co,1.00,true,50,0.9000"),  # the fourth pollutant
        ("smoke,100.00,true,75", "smoke,100.00,true,100"),  # exactly at the bound
    ],
)
def test_another_tax_is_named(tmp_path: Path, line: str, other: str) -> None:
    assert line in TAXES
    assert found(site(tmp_path, taxes=TAXES.replace(line, other))) == ["table.outlet_tax"]


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("tailings,500.0,15,7500.00", "tailings,700.0,15,10500.00"),  # what was stored is taxed
        ("m,noise_1_3,2,350,700.00", "m,noise_4_6,2,700,1400.00"),  # the band above
        ("n,noise_4_6,2,700,1400.00,demonstration,s\n", ""),  # an example left out
    ],
)
def test_another_tax_on_waste_or_noise_is_named(tmp_path: Path, line: str, other: str) -> None:
    assert line in OTHERS
    assert found(site(tmp_path, others=OTHERS.replace(line, other))) == ["table.other_tax"]


PARTS = ("collected", "treatment", "sludge", "network")


def account(*values: str | None, columns: tuple[str, ...] = PARTS) -> tuple[dict[str, Any], dict[str, Any]]:
    """Entries of an account, and the derivation of its verdict."""
    entries = {
        column: {"value": value, "derivation": {"column": f"{column}_10k_yuan"}}
        for column, value in zip(columns, values, strict=True)
    }
    return entries, {"of": list(columns)}


@pytest.mark.parametrize(
    ("collected", "word"),
    [("130", "covers_all"), ("129", "covers_operation"), ("110", "covers_operation"), ("109", "covers_part")],
)
def test_what_a_charge_covers(tmp_path: Path, collected: str, word: str) -> None:
    entries, derivation = account(collected, "100", "10", "20")
    assert market.cost_covered(site(tmp_path), entries, derivation) == word


def test_nothing_is_covered_where_a_cost_is_not_known_and_other_parts_are_refused(tmp_path: Path) -> None:
    assert market.cost_covered(site(tmp_path), *account("1", None, "1", "1")) is None
    wrong = ("collected", "network", "sludge", "treatment")
    with pytest.raises(ValueError, match="expected what was collected"):
        market.cost_covered(site(tmp_path), *account("1", "1", "1", "1", columns=wrong))


@pytest.mark.parametrize(("user", "word"), [("household", "floor_missed"), ("non_household", "floor_met")])
def test_a_charge_is_held_against_its_own_floor(tmp_path: Path, user: str, word: str) -> None:
    price = {"service": "sewage", "user": user, "tier": "1"}
    entries = {"p": {"derivation": {"where": price}}, "f": {"derivation": {"where": {"user": user}}}}
    assert market.sewage_floor(site(tmp_path), entries, {"of": ["p", "f"]}) == word
    entries["f"]["derivation"]["where"] = {"user": "special"}
    with pytest.raises(ValueError, match="the floor of the same user"):
        market.sewage_floor(site(tmp_path), entries, {"of": ["p", "f"]})
