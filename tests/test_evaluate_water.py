"""Samples of sections made into classes by month and year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from reportkit.evaluate import water as evaluate
from reportkit.standards import water

RIVER = {"section_id": "R", "body": "river", "level": "national", "area_code": "440103", "target_class": 3}
LAKE = {"section_id": "L", "body": "lake", "level": "municipal", "area_code": "440103", "target_class": None}


def samples(section: str, months: range, **values: str) -> list[dict[str, Any]]:
    """Samples with these values and no others."""
    blank: dict[str, Any] = dict.fromkeys(evaluate.VALUE_COLUMNS)
    given = {column: Decimal(value) for column, value in values.items()}
    about = {"non_detects": None, "status": "official", "source_id": "a"}
    return [{"section_id": section, "month": f"2024-{month:02}", **blank, **given, **about} for month in months]


def years(*rows: dict[str, Any]) -> dict[str, Any]:
    found = evaluate.section_years(pd.DataFrame(rows), pd.DataFrame([RIVER, LAKE]))
    return found.set_index("section_id").to_dict("index")


def test_a_month_has_the_class_of_its_worst_item() -> None:
    rows = samples("R", range(1, 2), nh3n_mg_l="0.4", tp_mg_l="0.25")
    (month,) = evaluate.section_months(pd.DataFrame(rows), pd.DataFrame([RIVER])).to_dict("records")
    assert (month["class"], month["n_items"], month["main"], month["is_assessed"]) == ("IV", 2, "tp", True)


def test_a_month_without_the_21_items_has_no_class() -> None:
    rows = samples("R", range(1, 2), tn_mg_l="9", water_temp_degc="30")
    (month,) = evaluate.section_months(pd.DataFrame(rows), pd.DataFrame([RIVER])).to_dict("records")
    assert (month["class"], month["n_items"]) == (None, 0)


def test_items_worse_than_class_three_stand_in_the_order_of_the_main_pollutants() -> None:
    rows = samples("R", range(1, 2), nh3n_mg_l="1.8", tp_mg_l="0.25", do_mg_l="4", cod_mg_l="20")
    found = evaluate.exceeding(pd.DataFrame(rows), pd.DataFrame([RIVER]))
    assert found[["parameter", "class", "multiple", "place"]].to_numpy().tolist() == [
        ["nh3n", "V", Decimal("0.8"), 1],
        ["tp", "IV", Decimal("0.2"), 2],
        ["do", "IV", None, 3],
    ]


def test_a_year_has_rounded_means_and_is_judged_by_them() -> None:
    year = years(*samples("R", range(1, 9), nh3n_mg_l="1.004"))["R"]  # 1.00 once rounded: still class III
    assert (year["nh3n_mg_l"], year["class"], year["verdict"]) == (Decimal("1.00"), "III", "on_target")


def test_a_year_is_judged_by_its_means_and_not_by_its_worst_month() -> None:
    rows = [*samples("R", range(1, 12), codmn_mg_l="2"), *samples("R", range(12, 13), codmn_mg_l="12")]
    assert evaluate.section_months(pd.DataFrame(rows), pd.DataFrame([RIVER]))["class"].tolist() == [*["I"] * 11, "V"]
    assert years(*rows)["R"]["class"] == "II"


def test_an_item_measured_in_some_months_counts_by_its_mean() -> None:
    rows = samples("R", range(1, 13), codmn_mg_l="2")
    rows[2]["oil_mg_l"], rows[8]["oil_mg_l"] = Decimal("0.02"), Decimal("0.30")
    assert years(*rows)["R"]["class"] == "IV"


def test_a_year_of_seven_months_has_no_class() -> None:
    year = years(*samples("R", range(1, 8), nh3n_mg_l="0.1"))["R"]
    assert (year["months"], year["is_valid"], year["class"], year["verdict"]) == (7, False, None, "unknown")


def test_a_month_without_any_of_the_21_items_does_not_count_towards_the_eight() -> None:
    rows = [*samples("R", range(1, 8), nh3n_mg_l="0.1"), *samples("R", range(8, 9), tn_mg_l="1")]
    assert years(*rows)["R"]["months"] == 7


def test_a_lake_keeps_the_means_of_its_trophic_level_and_has_no_verdict_without_a_target() -> None:
    rows = samples("L", range(1, 9), tp_mg_l="0.05", tn_mg_l="1.0", chl_a_mg_m3="10", transparency_m="1.25")
    year = years(*rows)["L"]
    kept = [year[column] for column in ("tn_mg_l", "chl_a_mg_m3", "transparency_m")]
    assert kept == [Decimal("1.00"), Decimal("10.0"), Decimal("1.25")]
    assert (year["class"], year["verdict"]) == ("III", "unknown")


def test_the_weakest_status_and_every_source_stay_with_a_year() -> None:
    rows = samples("R", range(1, 9), nh3n_mg_l="0.1")
    rows[0] |= {"status": "provisional", "source_id": "b"}
    year = years(*rows)["R"]
    assert (year["status"], year["source_id"]) == ("provisional", "a;b")


def test_without_samples_the_tables_have_their_columns_and_no_rows() -> None:
    nothing = pd.DataFrame(columns=["section_id", "month", *evaluate.VALUE_COLUMNS, "status", "source_id"])
    for made in (evaluate.section_months, evaluate.exceeding, evaluate.section_years):
        assert made(nothing, pd.DataFrame([RIVER])).empty
    assert set(evaluate.section_years(nothing, pd.DataFrame([RIVER]))) >= {water.COLUMN["nh3n"], "class", "verdict"}
