"""The invented cases: those of the one invented city, each following from a penalty of it, none beyond the last day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from reportkit.demonstration.assumptions import VIOLATIONS, YEARS
from reportkit.demonstration.law import RISKY, SPECIAL_PLANS
from reportkit.demonstration.world import World
from reportkit.standards import law, rules, working_days

DATA = Path(__file__).parents[1] / "data"


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / "law" / f"{name}.csv", dtype=str, keep_default_na=False)


def test_the_penalties_are_those_of_the_city(world: World) -> None:
    rows = read("penalties")
    for column in ("number", "enterprise_id", "filed_date", "decided_date", "violation"):
        assert rows[column].tolist() == world.penalties[column].astype(str).tolist()
    is_fined = rows["kinds"].str.contains("fine")
    assert rows["fine_yuan"].tolist() == world.penalties["fine_yuan"].where(is_fined, 0).astype(str).tolist()


def test_each_amount_belongs_to_a_kind_of_penalty_and_no_permit_is_revoked_that_goes_on() -> None:
    rows = read("penalties")
    kinds = rows["kinds"].str.split(";")
    assert {kind for own in kinds for kind in own} == {"warning", "fine", "confiscate", "stop_production"}
    assert (kinds.map(len) > 1).any()
    assert all(("fine" in own) == (fine != "0") for own, fine in zip(kinds, rows["fine_yuan"], strict=True))
    gains = zip(kinds, rows["confiscated_yuan"], strict=True)
    assert all(("confiscate" in own) == (much != "") for own, much in gains)


def test_no_fine_lies_outside_what_the_law_allows() -> None:
    found = {
        law.fine_range(row["violation"], row["basis"], int(row["fine_yuan"]), date.fromisoformat(row["decided_date"]))
        for row in read("penalties").to_dict("records")
    }
    assert law.WITHIN in found
    assert found <= {law.WITHIN, law.UNKNOWN, law.NO_FINE}  # a provision may not have been in force yet
    assert set(VIOLATIONS) == {row["violation"] for row in rules.table(law.BASES)}


def test_each_decision_has_facts_and_one_provision_that_fit_its_outlet() -> None:
    installations = pd.read_csv(DATA / "enterprises/installations.csv", dtype=str).groupby("enterprise_id")["medium"]
    media = {str(enterprise): set(own) for enterprise, own in installations}
    began = [row for row in rules.table(law.BASES) if row["valid_from"] <= f"{YEARS[-1]}-12-31"]
    held = {(row["violation"], row["basis"]): row["medium"] for row in began}
    rows = read("penalties")
    for row in rows.to_dict("records"):
        medium = held[row["violation"], row["basis"]]
        assert row["facts_zh"].startswith("示例：")
        assert row["facts_en"].startswith("Demo: ")
        assert not medium or medium in media[row["enterprise_id"]]
        words = {"air": ("气",), "water": ("废水",), "": ("",)}[medium]
        assert all(word in row["facts_zh"] for word in words)
        if row["violation"] == "over_standard":  # what both articles fine is to exceed a standard, not a permit
            assert {"air": "超过大气污染物排放标准", "water": "超过水污染物排放标准"}[medium] in row["facts_zh"]
            assert f"above the emission standard for {medium} pollutants" in row["facts_en"]
    assert set(rows["basis"]) == {basis for _, basis in held}
    damage = read("compensation").set_index("number")["medium"]
    of = rows.set_index("number")["basis"]
    assert {(of[number], medium) for number, medium in damage.items()} == {
        ("air_99", "air"),
        ("water_83", "water"),
        ("waste_112", "soil"),
    }


def test_what_a_penalty_says_was_exceeded_is_what_the_enterprise_measured_above_its_limit() -> None:
    told = pd.read_csv(DATA / "enterprises/self_monitoring.csv", dtype=str).query("result == 'exceeds'")
    media = pd.read_csv(DATA / "enterprises/installations.csv", dtype=str).set_index("installation_id")["medium"]
    of = {(row["enterprise_id"], row["year"]): media[row["installation_id"]] for row in told.to_dict("records")}
    over = read("penalties").query("violation == 'over_standard'")
    pairs = zip(over["enterprise_id"], over["decided_date"].str[:4], strict=True)
    found = [(pair, basis) for pair, basis in zip(pairs, over["basis"], strict=True) if pair in of]
    assert found
    assert all({"air_99": "air", "water_83": "water"}[basis] == of[pair] for pair, basis in found)


def test_what_was_withdrawn_is_nowhere_else_and_not_all_of_it_went_in_time() -> None:
    rows = read("withdrawals")
    numbers = set(rows["number"])
    for name in ("law/penalties", "law/coercive_measures", "law/transfers", "law/compensation", "credit/events"):
        others = pd.read_csv(DATA / f"{name}.csv", dtype=str)
        assert not numbers & set(others["number"])
    words = []
    for row in rows.to_dict("records"):
        decided, ended, out = (date.fromisoformat(row[f"{name}_date"]) for name in ("decided", "ended", "withdrawn"))
        assert decided < ended < out
        words.append(law.kept(law.WITHDRAWAL, law.working_days(ended, out), ended))
    assert words == [law.IN_TIME, law.IN_TIME, law.LATE]


def test_only_major_decisions_are_reviewed_and_some_are_published_late_or_never() -> None:
    rows = read("penalties")
    assert set(rows.loc[rows["has_legal_review"] == "true", "is_major"]) == {"true"}
    assert set(rows["is_major"]) == {"true", "false"}
    words = set()
    for row in rows.to_dict("records"):
        if not row["published_date"]:
            words.add(law.UNPUBLISHED)
            continue
        decided, out = (date.fromisoformat(row[name]) for name in ("decided_date", "published_date"))
        assert out > decided
        words.add(law.kept(law.PUBLICATION, law.working_days(decided, out), decided))
    assert words == {law.IN_TIME, law.LATE, law.UNPUBLISHED}


@pytest.mark.parametrize(
    ("name", "columns"),
    [("penalties", ("decided_date", "published_date")), ("withdrawals", ("decided_date", "withdrawn_date"))],
)
def test_an_office_decides_and_publishes_on_working_days(name: str, columns: tuple[str, ...]) -> None:
    rows = read(name)
    for column in columns:
        days = [date.fromisoformat(day) for day in rows[column] if day]
        assert [day for day in days if not working_days.is_working_day(day)] == []


@pytest.mark.parametrize("name", ["coercive_measures", "transfers", "compensation"])
def test_each_case_follows_from_a_penalty_of_the_same_enterprise(name: str) -> None:
    penalties = read("penalties").set_index("number")
    rows = read(name)
    assert len(rows) > 10
    for row in rows.to_dict("records"):
        penalty = penalties.loc[row["number"]]
        assert (penalty["enterprise_id"], penalty["area_code"]) == (row["enterprise_id"], row["area_code"])


def test_cases_go_both_ways_and_a_court_judges_only_what_was_charged() -> None:
    rows = read("transfers")
    assert rows["case_id"].is_unique
    assert (rows["sender"] != rows["receiver"]).all()
    assert {"bureau", "police", "procuratorate"} <= set(rows["sender"])
    assert set(rows.loc[rows["outcome"] != "", "reason"]) == {"charge"}
    judged = rows[rows["outcome"] != ""]
    assert (judged["sent_date"] < judged["outcome_date"]).all()
    assert max(*rows["sent_date"], *rows["outcome_date"]) <= f"{YEARS[-1]}-12-31"


def test_what_was_not_prosecuted_came_to_the_bureau_before_it_was_penalised() -> None:
    filed = read("penalties").set_index("number")["filed_date"]
    rows = read("transfers").query("reason == 'no_prosecution'")
    assert len(rows)
    assert (rows["sent_date"].to_numpy() < filed[rows["number"]].to_numpy()).all()


def test_daily_fines_are_the_fine_of_the_penalty_for_each_day_from_the_first_to_the_last() -> None:
    fines = read("penalties").set_index("number")["fine_yuan"].astype(int)
    rows = read("coercive_measures")
    daily = rows[rows["kind"] == "daily"]
    assert len(daily)
    for row in daily.to_dict("records"):
        days = (date.fromisoformat(row["ended_date"]) - date.fromisoformat(row["began_date"])).days + 1
        assert int(row["amount_yuan"]) == days * fines[row["number"]]
    assert set(rows.loc[rows["kind"] != "daily", "amount_yuan"]) == {""}


def test_a_claim_goes_from_stage_to_stage_and_none_is_ahead_of_its_time() -> None:
    for row in read("compensation").to_dict("records"):
        days = [row[f"{name}_date"] for name in ("lead", "screened", "settled", "restored")]
        known = [day for day in days if day]
        assert known == sorted(known)
        assert days[: len(known)] == known  # no stage is left out
        assert all(day <= f"{YEARS[-1]}-12-31" for day in known)
        assert (bool(row["settled_date"]), bool(row["way"])) in ((True, True), (False, False))
        assert bool(row["amount_yuan"]) == bool(row["settled_date"])


def test_the_tasks_of_the_plans_are_those_of_the_districts() -> None:
    plans, yearly = read("plans"), read("yearly")
    special = plans[plans["plan"].isin(SPECIAL_PLANS)]
    for ours, theirs in (("tasks", "plan_tasks"), ("tasks_done", "plan_tasks_done")):
        by_plan = special[ours].astype(int).groupby(special["year"]).sum()
        by_district = yearly[theirs].astype(int).groupby(yearly["year"]).sum()
        assert by_plan.to_dict() == by_district.to_dict()
    assert len(SPECIAL_PLANS) == 11


def test_nobody_who_was_penalised_is_on_the_positive_list(world: World) -> None:
    rows = read("yearly").set_index(["area_code", "year"])
    penalised = set(zip(world.penalties["enterprise_id"], world.penalties["year"], strict=True))
    works = world.years.merge(world.enterprises[["enterprise_id", "diligence"]], on="enterprise_id")
    for (code, year), here in works.groupby(["area_code", "year"]):
        clean = [one for one in here["enterprise_id"] if (one, year) not in penalised]
        assert int(rows.at[(code, str(year)), "positive_list"]) <= len(clean)
        left = world.at_year_end[(world.at_year_end["area_code"] == code) & (world.at_year_end["year"] == year)]
        assert int(rows.at[(code, str(year)), "insurance_asked"]) == int(left["industry"].isin(RISKY).sum())


def test_the_zones_of_a_district_are_its_land(world: World) -> None:
    rows = read("zoning")
    land = world.land.groupby("area_code")["hectares"].sum()
    for (code, _), part in rows.groupby(["area_code", "edition_year"]):
        assert part["area_hm2"].astype(int).sum() == land[code]
        assert set(part["class"]) == {"priority", "key", "general"}


def test_nobody_cuts_more_than_there_is(world: World) -> None:
    emitted = world.years.groupby(["area_code", "year"])[["cod", "nh3n", "nox", "voc"]].sum()
    for row in read("reductions").to_dict("records"):
        tonnes = emitted.at[(row["area_code"], int(row["year"])), row["pollutant"]] / 1_000_000
        assert 0 <= float(row["achieved_t"]) <= tonnes / 10
