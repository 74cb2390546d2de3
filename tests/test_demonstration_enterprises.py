"""The invented enterprises: what each of them did agrees with what the one invented city knows of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from projects import REPO, edition_of
from reportkit.chapters.enterprises import Enterprises
from reportkit.demonstration.assumptions import YEARS
from reportkit.demonstration.world import World
from reportkit.project import open_project
from reportkit.standards import enterprises as standards

DATA = Path(__file__).parents[1] / "data"


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)


def numbers(rows: pd.DataFrame, *names: str) -> list[pd.Series]:
    return [rows[name].astype(int) for name in names]


def pairs(rows: pd.DataFrame) -> set[tuple[str, int]]:
    return {(row["enterprise_id"], int(row["year"])) for row in rows.to_dict("records")}


def test_the_units_for_soil_are_those_of_the_table_on_soil() -> None:
    listed = read("enterprises/key_units")
    assert pairs(listed[listed["kind"] == "soil"]) == pairs(read("soil/supervised_units"))


def test_the_list_of_a_year_has_the_classes_of_its_edition() -> None:
    rows = read("enterprises/key_units")
    for year in YEARS:
        kinds = set(rows.loc[rows["year"] == str(year), "kind"])
        assert kinds == set(standards.key_unit_classes(date(year, 12, 31)))


def test_some_units_are_in_several_classes() -> None:
    rows = read("enterprises/key_units")
    assert len(rows) > len(rows.drop_duplicates(["enterprise_id", "year"])) > 300


def test_whoever_exceeded_a_limit_did_so_in_its_own_monitoring(world: World) -> None:
    exceeded = pairs(world.years[world.years["has_exceeded"]])
    rows = read("enterprises/self_monitoring")
    told = rows[rows["result"] != ""]
    assert {pair for pair in pairs(told) if pair in exceeded} == pairs(told[told["result"] == "exceeds"])
    required, measured, within = numbers(told, "required", "measured", "within")
    assert ((within <= measured) & (measured <= required)).all()
    assert ((told["result"] == "meets") == (within == measured)).all()
    assert (rows.loc[rows["result"] == "", ["measured", "within"]] == "").all(axis=None)


def test_the_value_nearest_to_its_limit_is_of_an_installation_there_and_above_where_one_was_exceeded() -> None:
    rows = read("enterprises/self_monitoring").query("result != ''")
    outlets = read("enterprises/installations").set_index("installation_id").loc[rows["installation_id"]]
    assert (outlets["enterprise_id"].to_numpy() == rows["enterprise_id"].to_numpy()).all()
    assert (outlets["permitted_limit"].to_numpy() == rows["permitted_limit"].to_numpy()).all()
    highest, limit = numbers(rows, "highest", "permitted_limit")
    assert ((highest > limit) == (rows["result"] == "exceeds")).all()


def test_nobody_discloses_or_is_listed_after_closing(world: World) -> None:
    closed = dict(zip(world.enterprises["enterprise_id"], world.enterprises["closed_year"], strict=True))
    for name in ("key_units", "disclosures", "self_monitoring", "front_runners"):
        for id_, year in pairs(read(f"enterprises/{name}")):
            assert not closed[id_] or year <= closed[id_], (name, id_)


def test_whoever_was_penalised_for_not_disclosing_has_disclosed_nothing(world: World) -> None:
    silent = pairs(world.penalties[world.penalties["violation"] == "no_disclosure"])
    assert silent
    assert not silent & pairs(read("enterprises/disclosures"))


def test_temporary_reports_are_of_documents_that_there_are(world: World) -> None:
    rows = read("enterprises/temporary_reports")
    documents = {("permit", row["enterprise_id"], row["issued_date"][:7]) for row in world.permits.to_dict("records")}
    documents |= {
        ("penalty", row["enterprise_id"], row["decided_date"][:7]) for row in world.penalties.to_dict("records")
    }
    settled, handed_on = read("law/compensation"), read("law/transfers")
    transfers, convicted = handed_on.query("reason == 'detention'"), handed_on.query("outcome == 'convicted'")
    documents |= {("damage", row["enterprise_id"], row["settled_date"][:7]) for row in settled.to_dict("records")}
    documents |= {("criminal", row["enterprise_id"], row["outcome_date"][:7]) for row in convicted.to_dict("records")}
    changes = read("enterprises/permit_changes").to_dict("records")
    documents |= {("permit", row["enterprise_id"], row["date"][:7]) for row in changes}
    documents |= {("detention", row["enterprise_id"], row["sent_date"][:7]) for row in transfers.to_dict("records")}
    for row in rows.to_dict("records"):
        day = date.fromisoformat(row["received_date"])
        months = {f"{day:%Y-%m}", f"{day.replace(day=1) - pd.Timedelta(days=1):%Y-%m}"}
        assert any((row["occasion"], row["enterprise_id"], month) in documents for month in months), row


def test_documents_are_of_those_that_had_to_report_in_their_year() -> None:
    edition = edition_of(open_project(REPO), 2024, "zh")
    chapter = edition.chapter(Enterprises, edition.city)
    obliged = pairs(chapter.disclosers.rows)
    told = read("enterprises/temporary_reports")
    own = {(row["enterprise_id"], int(row["received_date"][:4])) for row in told.to_dict("records")}
    assert own <= obliged
    assert len(told) == len(chapter.temporary.rows)


def test_a_permit_that_was_changed_is_told_of_by_those_that_had_to_report(world: World) -> None:
    """Art. 17 of order 24: permits granted, changed, renewed or withdrawn; the list of a year is for the next."""
    closed = dict(zip(world.enterprises["enterprise_id"], world.enterprises["closed_year"], strict=True))
    listed = read("enterprises/key_units")
    must = pairs(listed[listed["kind"].isin(["water", "air"])])
    told = {
        (row["enterprise_id"], row["received_date"])
        for row in read("enterprises/temporary_reports").to_dict("records")
        if row["occasion"] == "permit"
    }
    seen = set()
    for row in read("enterprises/permit_changes").to_dict("records"):
        id_, year = row["enterprise_id"], int(row["year"])
        day = date.fromisoformat(row["date"])
        if day >= standards.IN_FORCE and (id_, year - 1) in must and not 0 < closed[id_] <= year:
            assert {(id_, str(min(day + timedelta(days), date(year, 12, 31)))) for days in range(4)} & told, row
            seen.add(year)
    assert seen == {2022, 2023, 2024}


def test_a_permit_is_changed_in_the_year_that_is_named_and_while_it_is_in_force() -> None:
    permits = read("enterprises/permits").set_index("permit_id")
    for row in read("enterprises/permit_changes").to_dict("records"):
        assert row["date"][:4] == row["year"]
        own = permits.loc[row["permit_id"]]
        assert own["issued_date"] <= row["date"] <= own["valid_until"]


def test_no_report_came_before_the_order_that_asks_for_it() -> None:
    assert read("enterprises/disclosures")["published_date"].min() >= str(standards.IN_FORCE)


def test_reports_in_time_late_and_missing_all_occur() -> None:
    rows = read("enterprises/temporary_reports")
    states = {
        standards.state(
            date.fromisoformat(row["published_date"]) if row["published_date"] else None,
            standards.temporary_deadline(date.fromisoformat(row["received_date"])),
            date(2024, 12, 31),
        )
        for row in rows.to_dict("records")
    }
    assert states >= {standards.ON_TIME, standards.LATE, standards.MISSING}


def test_responsibility_and_links_count_the_permits_in_force() -> None:
    permits = read("enterprises/permits").merge(read("enterprises/register")[["enterprise_id", "closed_year"]])
    tiers, links = read("enterprises/responsibility"), read("enterprises/permit_links")
    for year in YEARS:
        end = f"{year}-12-31"
        is_open = (permits["closed_year"] == "") | (permits["closed_year"] > str(year))
        held = permits[(permits["issued_date"] <= end) & (permits["valid_until"] >= end) & is_open]
        own = tiers[(tiers["year"] == str(year)) & (tiers["tier"] != "registered")]
        assert own["units"].astype(int).sum() == len(held)
        assert links.loc[links["year"] == str(year), "permits"].astype(int).sum() == len(held)


def test_registered_places_are_those_of_the_year_before_with_who_came_and_went() -> None:
    rows = read("enterprises/registrations")
    known = {(row["area_code"], int(row["year"])): row for row in rows.to_dict("records")}
    for (code, year), row in known.items():
        before = known.get((code, year - 1))
        if before:
            assert int(before["in_force"]) + int(row["new"]) - int(row["cancelled"]) == int(row["in_force"])


@pytest.mark.parametrize(
    ("name", "smaller", "larger"),
    [
        ("permit_oversight", "reports_filed", "reports_due"),
        ("permit_oversight", "problems", "checked"),
        ("permit_oversight", "corrected", "problems"),
        ("responsibility", "with_officer", "with_head"),
        ("responsibility", "with_head", "units"),
        ("eia_checks", "faulted", "checked"),
    ],
)
def test_a_part_is_no_more_than_the_whole(name: str, smaller: str, larger: str) -> None:
    part, whole = numbers(read(f"enterprises/{name}"), smaller, larger)
    assert (part <= whole).all()
    assert (part < whole).any()


def test_front_runners_were_not_penalised_exceeded_nothing_and_have_not_closed(world: World) -> None:
    named = pairs(read("enterprises/front_runners"))
    assert named
    assert not named & pairs(world.penalties)
    assert not named & pairs(world.years[world.years["has_exceeded"]])
    assert not named & set(zip(world.enterprises["enterprise_id"], world.enterprises["closed_year"], strict=True))


def test_a_closed_enterprise_has_no_permit_left(world: World) -> None:
    closed = world.enterprises[world.enterprises["closed_year"] > 0]
    changes = read("enterprises/permit_changes")
    cancelled = pairs(changes[changes["kind"] == "cancelled"])
    assert cancelled
    assert cancelled <= set(zip(closed["enterprise_id"], closed["closed_year"], strict=True))
