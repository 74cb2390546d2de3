"""The invented complaints and public bodies: totals add up, small counts are left out, parts are within the whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from reportkit.demonstration.assumptions import YEARS
from reportkit.demonstration.participation import ALL, CHANNELS, GROUPS, TYPES
from reportkit.demonstration.world import World
from reportkit.standards import participation

DATA = Path(__file__).parents[1] / "data"
CITY = "440100"


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / "participation" / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def complaints() -> pd.DataFrame:
    return read("complaints")


def total(rows: pd.DataFrame, **where: str) -> int:
    for column, value in where.items():
        rows = rows[rows[column] == value]
    (count,) = rows["count"]
    return int(count)


def test_no_small_count_is_written_and_what_is_left_out_is_empty(complaints: pd.DataFrame) -> None:
    row = participation.limit(participation.SMALL, date(YEARS[-1], 12, 31))
    assert row is not None
    for rows in (complaints, read("complaints_crossed")):
        counts = rows.loc[rows["count"] != "", "count"].astype(int)
        assert ((counts == 0) | (counts >= int(row["value"]))).all()
        assert ((rows["count"] == "") == (rows["is_suppressed"] == "true")).all()
        assert 0 < (rows["is_suppressed"] == "true").sum() < len(rows) / 5


def test_no_total_is_left_out(complaints: pd.DataFrame) -> None:
    hidden = complaints[complaints["is_suppressed"] == "true"]
    assert ALL not in set(hidden["group"])
    assert CITY not in set(hidden["area_code"])


def test_the_totals_of_the_city_are_those_of_the_districts(complaints: pd.DataFrame) -> None:
    for year in map(str, YEARS):
        for breakdown in GROUPS:
            own = complaints[(complaints["year"] == year) & (complaints["breakdown"] == breakdown)]
            alls = own[own["group"] == ALL].set_index("area_code")["count"].astype(int)
            assert alls[CITY] == alls.drop(CITY).sum()
            of_city = own[(own["area_code"] == CITY) & (own["group"] != ALL)]["count"].astype(int)
            assert of_city.sum() == alls[CITY]


def test_a_complaint_has_one_channel_and_may_have_several_types(complaints: pd.DataFrame) -> None:
    totals = complaints[complaints["group"] == ALL].set_index(["breakdown", "area_code", "year"])["count"].astype(int)
    assert (totals["channel"] == totals["repeat"]).all()
    assert (totals["type"] > totals["channel"]).all()
    assert (totals["opinion"] < totals["channel"]).all()


def test_the_crossed_table_has_the_totals_of_the_other(complaints: pd.DataFrame) -> None:
    crossed = read("complaints_crossed")
    assert set(crossed["area_code"]) == {CITY}
    for year in map(str, YEARS):
        mentions = sum(total(crossed, year=year, channel=channel, type=ALL) for channel in CHANNELS)
        assert mentions == total(complaints, area_code=CITY, year=year, breakdown="type", group=ALL)
        for type_ in TYPES:
            own = crossed[(crossed["year"] == year) & (crossed["type"] == type_)]
            if (own["count"] != "").all():
                whole = total(complaints, area_code=CITY, year=year, breakdown="type", group=type_)
                assert own["count"].astype(int).sum() == whole


def test_the_days_of_the_city_are_those_of_the_districts() -> None:
    rows = read("handling")
    for _, own in rows.groupby("year"):
        is_city = own["area_code"] == CITY
        days, longest = own["days_total"].astype(int), own["days_longest"].astype(int)
        assert days[is_city].item() == days[~is_city].sum()
        assert longest[is_city].item() == longest[~is_city].max()


def test_who_works_in_public_bodies_lives_in_the_city_and_buys_no_more_green_than_at_all(world: World) -> None:
    rows = read("public_bodies")
    assert set(rows["year"].astype(int)) == {2020, *YEARS}
    people = world.areas.set_index(["area_code", "year"])["people"]
    for row in rows.to_dict("records"):
        assert 0 < int(row["staff"]) < people[row["area_code"], max(int(row["year"]), YEARS[0])] // 10
        assert 0 < int(row["green_10k_yuan"]) <= int(row["purchases_10k_yuan"])
        assert int(row["power_kwh"]) * 123 // 1000 <= int(row["energy_kgce"])


def test_some_districts_are_on_their_way_and_some_behind() -> None:
    rows = read("public_bodies").set_index(["area_code", "year"])
    by_head = rows["energy_kgce"].astype(int) / rows["staff"].astype(int)
    changes = [by_head[code, "2024"] / by_head[code, "2020"] - 1 for code in by_head.index.levels[0]]
    assert min(changes) < -0.06 < -0.048 < max(changes)


def test_no_more_communities_are_green_than_there_are_and_they_stay_green() -> None:
    for _, own in read("communities").groupby("area_code"):
        green, all_ = own["green"].astype(int).tolist(), own["communities"].astype(int).tolist()
        assert green == sorted(green)
        assert green[-1] <= all_[-1]


def test_organisations_and_volunteers_are_at_least_those_for_suits_and_become_no_fewer() -> None:
    suing = pd.read_csv(DATA / "law/yearly.csv", dtype=str).set_index(["area_code", "year"])
    rows = read("activities")
    for row in rows.to_dict("records"):
        own = suing.loc[(row["area_code"], row["year"])]
        assert int(row["groups"]) >= int(own["organisations"])
        assert int(row["volunteers"]) >= int(own["volunteers"])
    for _, own in rows.groupby("area_code"):
        for column in ("groups", "volunteers"):
            counts = own[column].astype(int).tolist()
            assert counts == sorted(counts)


def test_bases_of_education_and_open_works_stay() -> None:
    for _, own in read("activities").groupby("area_code"):
        for column in ("bases", "open_works"):
            counts = own[column].astype(int).tolist()
            assert counts == sorted(counts)
            assert counts[0] > 0
