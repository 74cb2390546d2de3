"""The invented sections, sources and sea: as published where something was, odd where meant to be, plainly invented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reportkit.evaluate import water as evaluate
from reportkit.standards import water

DATA = Path(__file__).parents[1] / "data"
YEARS = (2021, 2022, 2023, 2024)


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / "water" / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def samples() -> pd.DataFrame:
    """Every shipped sample, values as they are written."""
    rows = pd.concat([read(f"section_monthly_{year}") for year in YEARS])
    for column in evaluate.VALUE_COLUMNS:
        rows[column] = [Decimal(text) if text else None for text in rows[column]]
    return rows


@pytest.fixture(scope="module")
def sections() -> pd.DataFrame:
    rows = read("sections")
    return rows.assign(target_class=rows["target_class"].astype(int))


@pytest.fixture(scope="module")
def years(samples: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """Every section's years, judged."""
    return evaluate.section_years(samples, sections)


def published(period: str, indicator: str) -> str:
    rows = read("published")
    (value,) = rows.query("area_code == '440100' and period == @period and indicator == @indicator")["value"]
    return str(value)


def means(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    """A section's yearly means by item."""
    return {name: row[column] for name, column in water.COLUMN.items() if column in row}


@pytest.mark.parametrize("year", [2021, 2022])
def test_the_citys_sections_are_as_many_and_as_good_as_published(years: pd.DataFrame, year: int) -> None:
    classes = years.loc[years["is_assessed"] & (years["year"] == year), "class"]
    assert str(len(classes)) == published(str(year), "sections_assessed")
    assert str(classes.isin(evaluate.GOOD).sum()) == published(str(year), "sections_good")
    assert str((classes == "worse").sum()) == published(str(year), "sections_worse_than_5") == "0"


@pytest.mark.parametrize(("year", "ratio"), [(2021, "75.0"), (2022, "85.0"), (2023, "95.0"), (2024, "100.0")])
def test_the_share_of_good_sections_is_the_published_one(years: pd.DataFrame, year: int, ratio: str) -> None:
    classes = years.loc[years["is_assessed"] & (years["year"] == year), "class"]
    numbers = {code: number for number, code in water.CODES.items()}
    assert str(water.good_section_ratio([numbers[code] for code in classes])) == ratio
    if year in (2022, 2024):
        assert Decimal(published(str(year), "good_section_ratio")) == Decimal(ratio)


@pytest.mark.parametrize(("year", "reached"), [(2021, 15), (2022, 20), (2024, 20)])
def test_as_many_of_them_reach_their_targets_as_published(years: pd.DataFrame, year: int, reached: int) -> None:
    rows = years[years["is_assessed"] & (years["year"] == year)]
    assert (rows["verdict"] == "on_target").sum() == reached
    if year == 2021:
        parts = [int(published("2021", f"{level}_sections_on_target")) for level in ("national", "provincial")]
        assert sum(parts) == reached


@pytest.mark.parametrize("year", YEARS)
def test_the_districts_stand_in_the_order_of_the_published_ranking(years: pd.DataFrame, year: int) -> None:
    indices = {}
    for code, rows in years[(years["year"] == year) & years["is_valid"]].groupby("area_code"):
        values = {body: rows[rows["body"] == body].to_dict("records") for body in water.BODIES}
        given = [[means(row) for row in values[body]] for body in water.BODIES]
        indices[str(code)] = water.cwqi_area(*given, pd.Timestamp(f"{year}-12-31").date())
    order = sorted(indices, key=lambda code: indices[code])
    assert order[:3] == ["440117", "440118", "440115"]
    assert set(order[-3:]) == {"440103", "440104", "440111"}


def test_every_district_has_its_sections_and_all_of_their_items(samples: pd.DataFrame, sections: pd.DataFrame) -> None:
    assert sections.groupby("area_code").size().between(2, 4).all()
    assert sections["area_code"].nunique() == 11
    assert set(sections["body"]) == {"river", "lake"}
    assert samples[[water.COLUMN[name] for name in water.PARAMETERS]].notna().mean().min() > 0.98


def test_districts_have_months_worse_than_class_three_and_oxygen_that_fails_in_summer(
    samples: pd.DataFrame, sections: pd.DataFrame
) -> None:
    found = evaluate.exceeding(samples, sections)
    assert {"nh3n", "tp", "do"} <= set(found["parameter"])
    months = Counter(found.loc[found["parameter"] == "do", "month"].str[5:])
    assert months["07"] > 2 * months["01"]
    ammonia = Counter(found.loc[found["parameter"] == "nh3n", "month"].str[5:])
    assert ammonia["01"] > ammonia["07"]


def test_some_months_are_lost_and_one_year_falls_short(years: pd.DataFrame) -> None:
    short = years[~years["is_valid"]]
    assert short[["section_id", "year"]].to_numpy().tolist() == [["DEMO-W-440105-3", 2024]]
    assert (years["months"] < 12).mean() > 0.1


def test_what_was_not_detected_stands_as_half_the_detection_limit(samples: pd.DataFrame) -> None:
    absent = samples[samples["non_detects"].str.split(";").map(lambda names: "hg" in names)]
    assert set(absent["hg_mg_l"]) == {Decimal("0.00002")}
    present = samples[~samples["non_detects"].str.split(";").map(lambda names: "hg" in names)]
    assert min(present["hg_mg_l"].dropna()) >= Decimal("0.00004")


@pytest.mark.parametrize(("column", "limit"), [("nh3n_mg_l", "1.000"), ("tp_mg_l", "0.200")])
def test_every_year_has_a_sample_exactly_at_a_limit(samples: pd.DataFrame, column: str, limit: str) -> None:
    assert set(samples.loc[samples[column] == Decimal(limit), "month"].str[:4]) == set(map(str, YEARS))


def test_the_sections_change_where_the_published_numbers_do(sections: pd.DataFrame) -> None:
    assessed = sections[sections["level"].isin(evaluate.ASSESSED)]
    assert (assessed["opened_date"] == "2022-01-01").sum() == 5
    assert (assessed["closed_date"] == "2021-12-31").sum() == 1
    assert set(sections.loc[sections["opened_date"] == "2023-01-01", "level"]) == {"municipal"}


def test_ten_sources_of_the_city_always_comply_and_two_of_townships_once_do_not() -> None:
    sources = read("drinking_sources").set_index("intake_id")
    assert str((sources["level"] == "city").sum()) == published("2022", "drinking_sources") == "10"
    months = read("drinking_monthly")
    failed = months[months["is_compliant"] == "false"]
    assert set(sources.loc[failed["intake_id"], "level"]) == {"township"}
    assert failed["month"].tolist() == ["2024-03", "2022-02"]


@pytest.mark.parametrize("year", ["2022", "2024"])
def test_three_rivers_reach_the_sea_in_good_quality_as_published(year: str) -> None:
    rivers = read("outlets").query("kind == 'river' and year == @year")
    assert str(rivers["water_class"].isin(evaluate.GOOD).sum()) == published(year, "sea_rivers_good") == "3"
