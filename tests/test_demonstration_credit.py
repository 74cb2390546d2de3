"""The invented credit: that of the one invented city, in keeping with its penalties and with the rules."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from reportkit.standards import credit, emergency

DATA = Path(__file__).parents[1] / "data"


def read(name: str, folder: str = "credit") -> pd.DataFrame:
    return pd.read_csv(DATA / folder / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def evaluations() -> pd.DataFrame:
    return read("evaluations")


def test_every_level_is_what_the_rule_makes_of_it(evaluations: pd.DataFrame) -> None:
    for row in evaluations.to_dict("records"):
        conditions = {name: row[name] == "true" for name in ("has_veto", "has_incident")}
        day = date(int(row["year"]), 12, 31)
        assert row["level"] == credit.level(int(row["points"]), int(row["green_indicators"]), day, **conditions), row


def test_every_level_is_there_and_green_becomes_more_frequent(evaluations: pd.DataFrame) -> None:
    counted = evaluations.groupby(["year", "level"]).size().unstack(fill_value=0)
    assert (counted > 0).all(axis=None)
    assert counted["green"].is_monotonic_increasing
    full = evaluations[evaluations["points"] == "100"]
    assert set(full["level"]) == {"green", "blue"}  # 100 points alone do not make it green


def test_the_level_before_is_that_of_the_year_before(evaluations: pd.DataFrame) -> None:
    levels = evaluations.set_index(["enterprise_id", "year"])["level"].to_dict()
    for row in evaluations.to_dict("records"):
        assert row["level_before"] == levels.get((row["enterprise_id"], str(int(row["year"]) - 1)), "")


def test_industry_and_area_are_those_of_the_register(evaluations: pd.DataFrame) -> None:
    register = read("register", "enterprises").set_index("enterprise_id")
    for column in ("industry", "area_code"):
        assert (evaluations["enterprise_id"].map(register[column]) == evaluations[column]).all()


def caused() -> list[dict[str, str]]:
    """The incidents that an enterprise of the register caused."""
    rows = read("incidents", "emergency")
    return rows[rows["enterprise_id"] != ""].to_dict("records")


def test_each_penalty_and_each_incident_of_an_enterprise_is_one_event_on_its_day() -> None:
    penalties = read("penalties", "law").set_index("number")
    events = read("events")
    incidents = events[events["event"].str.endswith("_incident")]
    convictions = events[events["event"] == "criminal"]
    expected = sorted((row["enterprise_id"], row["date"], row["area_code"]) for row in caused())
    assert sorted(zip(*(incidents[name] for name in ("enterprise_id", "date", "area_code")), strict=True)) == expected
    assert {*incidents["number"], *convictions["number"]} == {""}
    events = events.drop([*incidents.index, *convictions.index])
    assert sorted(events["number"]) == sorted(penalties.index)
    for column, other in (("date", "decided_date"), ("event", "violation"), ("enterprise_id", "enterprise_id")):
        assert (events["number"].map(penalties[other]) == events[column]).all()


def test_whoever_caused_an_incident_in_a_year_has_it_in_that_years_evaluation(evaluations: pd.DataFrame) -> None:
    """One more than ordinary is a veto, after which the level is red."""
    marked = evaluations[evaluations["has_incident"] == "true"].set_index(["enterprise_id", "year"])
    assert set(marked.index) == {(row["enterprise_id"], row["date"][:4]) for row in caused()}
    for row in caused():
        name, _ = emergency.level({name: row[name] or None for name in row}, date.fromisoformat(row["date"]))
        assert name == "level_3"
        own = marked.loc[row["enterprise_id"], row["date"][:4]]
        assert (own["has_veto"], own["level"]) == ("true", "red")
    assert caused()


def test_a_conviction_is_an_event_of_its_day_and_a_veto_in_that_years_evaluation(evaluations: pd.DataFrame) -> None:
    transfers = read("transfers", "law").query("outcome == 'convicted'")
    events = read("events").query("event == 'criminal'")
    expected = sorted(zip(transfers["enterprise_id"], transfers["outcome_date"], strict=True))
    assert sorted(zip(events["enterprise_id"], events["date"], strict=True)) == expected
    own = evaluations.set_index(["enterprise_id", "year"])
    for enterprise, day in expected:
        row = own.loc[enterprise, day[:4]]
        assert (row["has_veto"], row["level"]) == ("true", "red")
    assert expected


def test_whoever_closes_is_neither_rated_nor_repaired_for_that_year_nor_measures_after_its_last_month() -> None:
    closed = read("register", "enterprises").set_index("enterprise_id")["closed_year"]
    for name in ("evaluations", "repairs"):
        own = read(name)
        years = own["enterprise_id"].map(closed)
        assert not ((years != "") & (own["year"] >= years)).any()
    changes = read("permit_changes", "enterprises").query("kind == 'cancelled'")
    last = dict(zip(zip(changes["enterprise_id"], changes["year"], strict=True), changes["date"], strict=True))
    asked = read("self_monitoring", "enterprises").set_index(["enterprise_id", "year"])["required"].astype(int)
    concerned = sorted(last.keys() & set(asked.index))
    assert concerned
    for one in concerned:
        assert asked[one] <= int(last[one][5:7]) * 8  # eight a month are the most that are asked for


def test_each_event_leaves_the_level_that_the_rule_gives_and_the_evaluation_is_no_better() -> None:
    levels = read("evaluations").set_index(["enterprise_id", "year"])["level"].to_dict()
    events = read("events")
    assert Counter(events["year"])["2024"] > 10
    for row in events.to_dict("records"):
        after = credit.triggered(row["level_before"] or None, row["event"], date.fromisoformat(row["date"]))
        assert row["level_after"] == (after or "")
        worst = credit.triggered(None, row["event"], date.fromisoformat(row["date"]))
        if worst:
            own = levels[row["enterprise_id"], row["year"]]
            assert credit.LEVELS.index(own) >= credit.LEVELS.index(worst), row


def test_the_level_before_an_event_follows_a_result_a_repair_or_an_earlier_event() -> None:
    """Before the first result was published there was none."""
    events = read("events")
    first = min(read("repairs")["published_date"])
    assert (events.loc[events["date"] <= first, "level_before"] == "").sum() > 10
    alone = events[(events["date"] > first) & ~events["enterprise_id"].duplicated(keep=False)]
    assert (alone["level_before"] != "").all()


def test_only_yellow_and_red_enterprises_apply_after_the_publication_and_in_order() -> None:
    levels = read("evaluations").set_index(["enterprise_id", "year"])["level"].to_dict()
    repairs = read("repairs")
    assert len(repairs) > 20
    assert set(repairs["outcome"]) == {"restored", "too_late", "new_penalty"}
    for row in repairs.to_dict("records"):
        assert levels[row["enterprise_id"], row["evaluated_year"]] == row["level_before"]
        assert row["level_before"] in credit.BAD
        assert row["applied_date"][:4] == row["year"] == str(int(row["evaluated_year"]) + 1)
        days = [row[f"{step}_date"] for step in ("published", "applied", "accepted", "announced", "restored")]
        assert [day for day in days if day] == sorted(day for day in days if day)
        assert days[-1][:4] in ("", row["year"])


def test_whoever_is_restored_goes_up_one_level_after_seven_days_and_was_not_penalised_meanwhile() -> None:
    penalties = read("penalties", "law")
    for row in read("repairs").to_dict("records"):
        published, applied = (date.fromisoformat(row[f"{step}_date"]) for step in ("published", "applied"))
        is_late = credit.timeliness(published, applied, row["area_code"]) == credit.TOO_LATE
        assert is_late == (row["outcome"] == "too_late") == (row["accepted_date"] == "")
        if row["outcome"] != "restored":
            assert row["level_after"] == row["restored_date"] == ""
            continue
        assert credit.LEVELS.index(row["level_before"]) - credit.LEVELS.index(row["level_after"]) == 1
        notice = date.fromisoformat(row["restored_date"]) - date.fromisoformat(row["announced_date"])
        assert notice.days >= 7
        own = penalties[penalties["enterprise_id"] == row["enterprise_id"]]["decided_date"]
        assert not ((own > row["published_date"]) & (own <= row["restored_date"])).any()


def test_measures_are_taken_for_enterprises_of_their_levels(evaluations: pd.DataFrame) -> None:
    counted = evaluations.groupby(["area_code", "year", "level"]).size().to_dict()
    for row in read("measures").to_dict("records"):
        concerned = sum(counted.get((row["area_code"], row["year"], level), 0) for level in row["levels"].split(";"))
        assert int(row["enterprises"]) <= concerned
        if row["kind"] == "penalty":
            assert int(row["enterprises"]) == concerned


def test_platforms_exchange_what_there_is_since_they_were_linked() -> None:
    evaluations, penalties = Counter(read("evaluations")["year"]), read("penalties", "law")["decided_date"].str[:4]
    permits, changes = read("permits", "enterprises"), read("permit_changes", "enterprises")
    ended = changes[changes["kind"] == "cancelled"].set_index("permit_id")["date"]
    ends = permits["permit_id"].map(ended).fillna(permits["valid_until"])
    for row in read("platforms").to_dict("records"):
        assert row["linked_year"] <= row["year"]
        if row["shares"] == "evaluations":
            assert int(row["records"]) == evaluations[row["year"]]
        if row["shares"] == "permits":
            end = f"{row['year']}-12-31"
            assert int(row["records"]) == ((permits["issued_date"] <= end) & (ends >= end)).sum()
        if row["shares"] == "penalties":
            assert int(row["records"]) == (penalties == row["year"]).sum()


def test_institutions_of_each_kind_are_rated_every_year_and_problems_cost_the_level() -> None:
    rows = read("institutions")
    assert rows.groupby("institution_id").size().eq(4).all()
    assert set(rows["kind"]) == {"governance", "testing", "service"}
    place = rows["level"].map(credit.LEVELS.index)
    assert place[rows["problems"].astype(int) > 4].eq(3).all()
    assert place[rows["problems"] == "0"].le(1).all()
