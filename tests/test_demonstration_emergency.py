"""The invented emergencies: those of the one invented city, plans one after the other, few incidents of known level."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd

from reportkit.demonstration.assumptions import YEARS
from reportkit.demonstration.law import RISKY
from reportkit.demonstration.world import World
from reportkit.standards import emergency

DATA = Path(__file__).parents[1] / "data"


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)


def test_the_risk_units_are_those_that_work_at_the_end_of_the_year_and_are_asked_to_be_insured(world: World) -> None:
    rows = read("emergency/risk_units")
    worked = world.at_year_end[world.at_year_end["industry"].isin(RISKY)]
    assert len(worked) < world.years["industry"].isin(RISKY).sum()
    expected = sorted(zip(worked["enterprise_id"], worked["year"].astype(str), strict=True))
    assert sorted(zip(rows["enterprise_id"], rows["year"], strict=True)) == expected
    asked = read("law/yearly").set_index(["area_code", "year"])["insurance_asked"].astype(int)
    assert rows.groupby(["area_code", "year"]).size().to_dict() == asked[asked > 0].to_dict()
    assert set(rows["risk_level"]) == {"major", "considerable", "ordinary"}


def test_nobody_puts_right_more_dangers_than_were_found() -> None:
    rows = read("emergency/risk_units")
    assert (rows["dangers_fixed"].astype(int) <= rows["dangers_found"].astype(int)).all()
    assert (rows["dangers_fixed"].astype(int) < rows["dangers_found"].astype(int)).any()


def test_plans_follow_one_another_and_none_is_ahead_of_its_time(world: World) -> None:
    closed = dict(zip(world.enterprises["enterprise_id"], world.enterprises["closed_year"], strict=True))
    for id_, plans in read("emergency/plans").groupby("enterprise_id"):
        days = [day for plan in plans.to_dict("records") for day in (plan["signed_date"], plan["filed_date"])]
        assert days == sorted(days)
        assert days[-1] <= f"{int(closed[id_]) or YEARS[-1]}-12-31"


def test_some_plans_are_late_and_at_the_end_some_are_overdue_or_were_never_filed() -> None:
    plans = read("emergency/plans")
    days = [
        tuple(date.fromisoformat(row[name]) for name in ("signed_date", "filed_date"))
        for row in plans.to_dict("records")
    ]
    words = Counter(emergency.filed(emergency.working_days_taken(*pair), pair[0]) for pair in days)
    assert words.keys() == {emergency.IN_TIME, emergency.LATE}
    assert words[emergency.IN_TIME] > words[emergency.LATE]
    last = plans.groupby("enterprise_id")["signed_date"].max().to_dict()
    end, units = date(YEARS[-1], 12, 31), read("emergency/risk_units").query(f"year == '{YEARS[-1]}'")
    states = Counter()
    for id_ in units["enterprise_id"]:
        due = emergency.review_due(date.fromisoformat(last[id_])) if id_ in last else None
        states[emergency.state(due, end, is_filed=id_ in last)] += 1
    assert states.keys() == set(emergency.STATES)
    assert states[emergency.CURRENT] > sum(states.values()) / 2


def test_incidents_are_few_and_the_one_of_an_enterprise_is_serious() -> None:
    """An accident in production has an enterprise that it happened in, which is of the same district."""
    rows = read("emergency/incidents")
    per_year = Counter(day[:4] for day in rows["date"])
    assert {str(year) for year in YEARS} == per_year.keys()
    assert max(per_year.values()) <= 4
    own = rows[rows["enterprise_id"] != ""]
    assert list(own["incident_id"]) == list(rows.loc[rows["cause"] == "production", "incident_id"])
    assert list(own["loss_yuan"]) == ["5400000"]
    area_of = read("enterprises/register").set_index("enterprise_id")["area_code"]
    assert list(own["enterprise_id"].map(area_of)) == list(own["area_code"])
    levels = [
        emergency.level({name: row[name] or None for name in row}, date.fromisoformat(row["date"]))
        for row in rows.to_dict("records")
    ]
    assert levels.count(("level_3", "loss_yuan")) == 1
    assert {level for level, _ in levels} == {"level_3", "level_4"}
    assert all(row["ended_date"] >= row["date"] for row in rows.to_dict("records"))


def test_there_was_measuring_for_each_incident() -> None:
    rows = read("emergency/monitoring")
    measured = rows[rows["kind"] == "incident"].set_index(["area_code", "year"])["occasions"].astype(int)
    happened = Counter((row["area_code"], row["date"][:4]) for row in read("emergency/incidents").to_dict("records"))
    assert {key: times for key, times in measured.items() if times} == dict(happened)
    assert (rows["within"].astype(int) <= rows["samples"].astype(int)).all()
    assert (rows.loc[rows["occasions"] == "0", "samples"] == "0").all()


def test_the_hospitals_are_those_of_the_city(world: World) -> None:
    here = world.years[world.years["industry"] == "hospital"].groupby(["area_code", "year"]).size().to_dict()
    for row in read("emergency/epidemic").to_dict("records"):
        assert int(row["hospitals"]) == here.get((row["area_code"], int(row["year"])), 0)
        pairs = [("hospitals_checked", "hospitals"), ("sewage_within", "sewage_samples")]
        pairs += [("laboratories_checked", "laboratories"), ("problems_fixed", "problems")]
        assert all(int(row[part]) <= int(row[whole]) for part, whole in pairs)
