"""One enterprise of each violation through all chapters: penalty, credit, permit, tax, archive, statistics agree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from projects import ALL_ENTERPRISES, REPO, edition_of, read, small_project
from reportkit.chapters import Edition
from reportkit.chapters.archive import Archive
from reportkit.chapters.credit import Credit
from reportkit.chapters.enterprises import Enterprises
from reportkit.chapters.law import Law
from reportkit.chapters.law_figures import VIOLATIONS
from reportkit.chapters.market import Market
from reportkit.project import Project
from reportkit.standards import credit as standards
from reportkit.text import message

YEARS = (2022, 2023, 2024)
DATA = REPO / "data"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The city and two districts with all their enterprises."""
    folder = tmp_path_factory.mktemp("one")
    return small_project(folder, districts=("nansha", "panyu"), years=YEARS, data_years=(), enterprises=ALL_ENTERPRISES)


@pytest.fixture(scope="module", params=VIOLATIONS)
def penalty(request: pytest.FixtureRequest, project: Project) -> dict[str, str]:
    """The last decision for a violation."""
    found = [row for row in read(project.data / "law/penalties.csv") if row["violation"] == request.param]
    return max(found, key=lambda row: row["decided_date"])


@pytest.fixture(scope="module")
def year(penalty: dict[str, str]) -> int:
    """The year of the decision: the pages are those of that year."""
    return int(penalty["decided_date"][:4])


@pytest.fixture(scope="module")
def edition(project: Project, year: int) -> Edition:
    return edition_of(project, year, "zh")


def of(table: str, enterprise: str, **where: str) -> list[dict[str, str]]:
    """The shipped rows of *table* about one enterprise that meet the conditions."""
    rows = (row for row in read(DATA / f"{table}.csv") if row["enterprise_id"] == enterprise)
    return [row for row in rows if all(row[name] == value for name, value in where.items())]


def flat(cells: Iterable[Any]) -> list[str]:
    """The words of the cells of a row."""
    return [cell["text"] if isinstance(cell, dict) else str(cell) for cell in cells]


def table(block: Any) -> list[list[str]]:
    """The rows of the table that a block shows."""
    content = block.as_json()["content"]
    found = content["table"] if "table" in content else content["chart"]["table"]
    return [flat(row) for row in found["rows"]]


def test_the_penalty_is_an_event_and_the_evaluation_of_its_year_is_no_better(
    penalty: dict[str, str], year: int
) -> None:
    (event,) = of("credit/events", penalty["enterprise_id"], number=penalty["number"])
    assert (event["date"], event["event"]) == (penalty["decided_date"], penalty["violation"])
    day = date.fromisoformat(event["date"])
    assert (event["level_after"] or None) == standards.triggered(event["level_before"], event["event"], day)
    (evaluation,) = of("credit/evaluations", penalty["enterprise_id"], year=str(year))
    best = standards.triggered(None, event["event"], day) or "blue"
    assert standards.LEVELS.index(evaluation["level"]) >= standards.LEVELS.index(best)
    of_year = of("credit/events", penalty["enterprise_id"], year=str(year))
    is_veto = any(standards.triggers(day)[row["event"]]["veto"] for row in of_year)
    assert evaluation["has_veto"] == str(is_veto).lower()


def test_it_had_a_permit_unless_it_was_penalised_for_having_none(penalty: dict[str, str]) -> None:
    permits = of("enterprises/permits", penalty["enterprise_id"])
    filed, decided = penalty["filed_date"], penalty["decided_date"]
    during = [row for row in permits if row["issued_date"] <= decided and row["valid_until"] >= filed]
    if penalty["violation"] == "without_permit":
        assert during == []
        assert any(row["issued_date"] > decided for row in permits)
    else:
        assert any(row["issued_date"] <= filed and decided <= row["valid_until"] for row in during)


def test_it_pays_in_a_band_and_gets_nothing_off(project: Project, penalty: dict[str, str], year: int) -> None:
    """Whoever was penalised in a year pays all of its tax."""
    import pandas as pd

    from reportkit.demonstration.world import World

    years = World.drawn(pd.read_csv(DATA / "areas.csv", dtype=str)).years
    own = years[(years["enterprise_id"] == penalty["enterprise_id"]) & (years["year"] == year)].iloc[0]
    assert own["tax_reduction_pct"] == 0
    (payer,) = of("market/payers", penalty["enterprise_id"], year=str(year))
    bands = {"below_1k": 0, "from_1k": 1_000, "from_10k": 10_000, "from_100k": 100_000}
    assert payer["band"] == max((band for band in bands if bands[band] * 100 <= own["tax_fen"]), key=bands.__getitem__)
    alike = [
        row for row in read(DATA / "market/payers.csv") if (row["year"], row["band"]) == (str(year), payer["band"])
    ]
    assert Market.open("guangzhou", year, "zh", project).band(payer["band"], "enterprises").value == len(alike)


def test_its_archive_says_the_same(project: Project, penalty: dict[str, str], year: int) -> None:
    archive = Archive.open(penalty["enterprise_id"], year, "zh", project)
    (decision,) = [row for row in table(archive.decisions()) if row[0] == penalty["number"]]
    assert decision[1] == penalty["decided_date"]
    assert decision[6] == f"{int(penalty['fine_yuan']):,}元"
    (evaluation,) = of("credit/evaluations", penalty["enterprise_id"], year=str(year))
    assert str(archive.points(year).value) == evaluation["points"]
    (payer,) = of("market/payers", penalty["enterprise_id"], year=str(year))
    assert [str(year), message(f"market.band.{payer['band']}", "zh")] in table(archive.tax_band())
    assert penalty["decided_date"] in [row[0] for row in table(archive.events())]
    installations = of("enterprises/installations", penalty["enterprise_id"])
    assert {row[0] for row in table(archive.installations())} == {row["installation_id"] for row in installations}
    permits = of("enterprises/permits", penalty["enterprise_id"])
    assert sorted(row[0] for row in table(archive.permits())) == sorted(row["permit_id"] for row in permits)


def test_the_chapters_name_it_and_lead_to_its_archive(edition: Edition, penalty: dict[str, str], year: int) -> None:
    area = edition.area_of(penalty["enterprise_id"])
    credit: Credit = edition.chapter(Credit, area)
    address = f"{year}/enterprises/{penalty['enterprise_id']}.html"
    law: Law = edition.chapter(Law, area)
    assert penalty["number"] in [row[0] for row in table(law.latest_cases())]
    (evaluation,) = of("credit/evaluations", penalty["enterprise_id"], year=str(year))
    is_watched = evaluation["level"] in ("yellow", "red")
    for block in (credit.archive_list(), law.latest_cases(), *([credit.watched()] if is_watched else [])):
        links = [cell["href"] for row in block.as_json()["content"]["table"]["rows"] for cell in row if "href" in cell]
        assert address in links
    name = edition.enterprises[penalty["enterprise_id"]]["name_zh"]
    shown = [row for row in table(credit.watched()) if row[0] == name]
    assert len(shown) == is_watched
    assert all(evaluation["points"] in row for row in shown)


def test_the_statistics_count_it_once(edition: Edition, project: Project, penalty: dict[str, str], year: int) -> None:
    area = edition.area_of(penalty["enterprise_id"])
    law: Law = edition.chapter(Law, area)
    decided = [
        row
        for row in read(project.data / "law/penalties.csv")
        if row["area_code"] == area.code and row["decided_date"][:4] == str(year)
    ]
    assert law.penalties(year).value == len(decided)
    assert law.penalties(year, penalty["violation"]).value == sum(
        row["violation"] == penalty["violation"] for row in decided
    )
    yuan = sum(int(row["fine_yuan"]) for row in decided)
    assert float(str(law.fines(year).value)) == pytest.approx(yuan / 10_000, abs=0.05)
    permits: Enterprises = edition.chapter(Enterprises, area)
    end = date(year, 12, 31).isoformat()
    valid = {
        row["permit_id"]
        for row in read(project.data / "enterprises/permits.csv")
        if row["area_code"] == area.code and row["issued_date"] <= end <= row["valid_until"]
    }
    changes = read(project.data / "enterprises/permit_changes.csv")
    cancelled = {row["permit_id"] for row in changes if row["kind"] == "cancelled" and int(row["year"]) <= year}
    assert permits.permits_in_force(year).value == len(valid - cancelled)
