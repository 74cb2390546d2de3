"""The invented nature: the same bytes everywhere, sums that agree, and nowhere a place of a species."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pandas as pd

from projects import small_project
from reportkit.demonstration.world import World
from reportkit.validate import check

DATA = Path(__file__).parents[1] / "data"
CITY, YEARS = "440100", [2021, 2022, 2023, 2024]
TABLES = (
    *("land", "greenery", "red_lines", "sites", "site_checks"),
    *("quality", "species", "alien_species", "restoration"),
)
# What would tell where something is: never in a table of this subject.
A_PLACE = re.compile(r"lat|lon|lng|coord|geo|wkt|_x$|_y$|^x$|^y$|grid|utm|place|location|address|habitat|township")


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / "ecology" / f"{name}.csv", dtype={"area_code": str})


def test_no_table_tells_where_a_species_was_found() -> None:
    resources = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    own = [resource for resource in resources if resource["name"].startswith("ecology/")]
    assert {resource["name"].removeprefix("ecology/") for resource in own} == {*TABLES, "published"}
    columns = {field["name"] for resource in own for field in resource["schema"]["fields"]}
    assert [column for column in columns if A_PLACE.search(column)] == []
    species = next(resource for resource in own if resource["name"] == "ecology/species")
    assert [field["name"] for field in species["schema"]["fields"]] == [
        *("area_code", "year", "group"),
        *("recorded", "protected_1", "protected_2", "threatened"),
        *("status", "source_id"),
    ]


def test_a_table_of_species_with_coordinates_is_refused(tmp_path: Path) -> None:
    project = small_project(tmp_path, data_years=())
    path = project.data / "ecology" / "species.csv"
    rows = pd.read_csv(path, dtype=str)
    rows.assign(longitude="113.2", latitude="23.1").to_csv(path, index=False, lineterminator="\n")
    found = [it for it in check(project) if it.file == "data/ecology/species.csv" and it.severity == "stop"]
    assert "longitude" in " ".join(map(str, found))


def test_the_land_of_the_last_year_is_that_of_the_city_and_every_year_has_all_of_it(world: World) -> None:
    land = read("land")
    last = land[land["year"] == YEARS[-1]].set_index(["area_code", "use"])["area_hm2"].to_dict()
    assert last == world.land.set_index(["area_code", "use"])["hectares"].to_dict()
    assert (land.groupby("area_code")["area_hm2"].sum() % len(YEARS) == 0).all()
    assert land.groupby(["area_code", "year"])["area_hm2"].sum().groupby("area_code").nunique().eq(1).all()
    forest = land[land["use"] == "forest"].sort_values(["area_code", "year"])
    assert (forest.groupby("area_code")["area_hm2"].diff().dropna() >= 0).all()


def test_people_are_those_of_the_city_and_parks_come_near_what_was_published(world: World) -> None:
    greenery = read("greenery")
    people = world.areas.set_index(["area_code", "year"])["people"].to_dict()
    assert all(people[row.area_code, row.year] == row.people for row in greenery.itertuples())
    first = greenery[greenery["year"] == 2021]
    a_head = Decimal(int(first["park_green_hm2"].sum())) * 10_000 / int(first["people"].sum())
    assert abs(a_head - Decimal("17.20")) < 1  # 广州统计年鉴2022 表9-5


def test_forest_that_was_gained_was_planted() -> None:
    land, greenery = read("land"), read("greenery").set_index(["area_code", "year"])
    forest = land[land["use"] == "forest"].set_index(["area_code", "year"])["area_hm2"]
    for (code, year), planted in greenery["planted_hm2"].items():
        assert planted >= forest[code, year] - forest.get((code, year - 1), forest[code, year])


def test_red_lines_lie_within_forests_and_waters_and_reserves_partly_within_them(world: World) -> None:
    lines, sites = read("red_lines"), read("sites")
    on_land = lines[lines["nature"] == "land"].groupby(["area_code", "year"])["area_km2"].sum() * 100
    natural = world.land[world.land["use"].isin(["forest", "water"])].groupby("area_code")["hectares"].sum()
    for (code, _), area in on_land.items():
        assert area <= natural[code]
    assert (sites["in_red_line_hm2"] <= sites["area_hm2"]).all()
    inside = sites.groupby("area_code")["in_red_line_hm2"].sum()
    assert all(area <= on_land[code, 2021] for code, area in inside.items())
    # a tenth of what the State Council asks of the real city is near enough: 1289.37 km² on land
    assert abs(on_land.groupby("year").sum().loc[2024] - 128_937) < 12_900


def test_the_coast_is_of_the_district_by_the_sea_alone() -> None:
    lines = read("red_lines")
    areas = pd.read_csv(DATA / "areas.csv", dtype=str)
    by_the_sea = areas[(areas["kind"] == "district") & (areas["has_coast"] == "true")]["area_code"].tolist()
    assert sorted(set(lines[lines["nature"] == "sea"]["area_code"])) == by_the_sea
    assert ((lines["function"] == "coast") == (lines["nature"] == "sea")).all()


def test_one_district_has_a_smaller_red_line_in_one_year() -> None:
    steps = read("red_lines").groupby(["area_code", "year"])["area_km2"].sum().groupby("area_code").diff().dropna()
    assert (steps < 0).sum() == 1


def test_in_one_district_function_was_lowered_and_in_another_nature_changed() -> None:
    lines = read("red_lines")
    assert (lines[["lowered_km2", "altered_km2"]].max(axis="columns") <= lines["area_km2"]).all()
    assert [int((lines[name] > 0).sum()) for name in ("lowered_km2", "altered_km2")] == [1, 1]


def test_problems_are_open_found_closed_and_handed_on() -> None:
    checks = read("site_checks").sort_values(["site_id", "year"])
    assert (checks["open_before"] + checks["found"] - checks["closed"] == checks["open_after"]).all()
    assert (checks.filter(like="open") >= 0).all(axis=None)
    before = checks.groupby("site_id")["open_after"].shift(fill_value=0)
    assert (checks["open_before"] == before).all()
    opened = read("sites").set_index("site_id")["opened_year"]
    assert (checks["year"] >= checks["site_id"].map(opened)).all()
    assert checks["open_after"].sum() > 0


def test_the_index_is_that_of_its_parts_and_the_citys_lies_between() -> None:
    """The weights are those of the trial rules as remembered; no page names them."""
    quality = read("quality")
    parts = 36 * quality["pattern"] + 35 * quality["function"] + 19 * quality["biodiversity"]
    assert ((parts + 10 * (100 - quality["stress"])) / 100 - quality["eqi"]).abs().max() < 0.0051
    for _, rows in quality.groupby("year"):
        own = rows.set_index("area_code")["eqi"]
        assert own.drop(CITY).min() < own[CITY] < own.drop(CITY).max()


def test_a_citys_species_are_no_fewer_than_any_districts_and_no_more_than_all() -> None:
    columns = ["recorded", "protected_1", "protected_2", "threatened"]
    species = read("species")
    assert (species[columns[1:]].max(axis=1) <= species["recorded"]).all()
    for _, rows in species.groupby(["year", "group"]):
        city, districts = rows[rows["area_code"] == CITY], rows[rows["area_code"] != CITY]
        assert (districts[columns].max() <= city[columns].iloc[0]).all()
        assert city["recorded"].iloc[0] <= districts["recorded"].sum()
    recorded = species.sort_values("year").groupby(["area_code", "group"])["recorded"]
    assert (recorded.diff().dropna() >= 0).all()


def test_no_fewer_species_are_recorded_than_a_survey_reported_before() -> None:
    """中新网 2023-05-21: 3516 vascular plants, 307 birds, 58 mammals, 64 reptiles and 28 amphibians."""
    survey = (
        pd.read_csv(DATA / "ecology/published.csv").set_index(["indicator", "year"])["value"].xs(2023, level="year")
    )
    reported = {
        "plants": survey["vascular_plants"],
        "birds": survey["birds"],
        "mammals": survey["mammals"],
        "amphibians_reptiles": survey["amphibians"] + survey["reptiles"],
    }
    own = read("species")
    own = own[(own["area_code"] == CITY) & (own["year"] >= 2023)]
    for group, least in reported.items():
        assert (own.loc[own["group"] == group, "recorded"] >= least).all(), group
    vertebrates = own[own["group"].isin(["birds", "mammals", "amphibians_reptiles"])].groupby("year")["recorded"].sum()
    assert (vertebrates >= survey["land_vertebrates"]).all()


def test_alien_species_are_treated_only_where_they_are_and_areas_add_up() -> None:
    aliens = read("alien_species")
    assert (aliens["treated"] <= aliens["found"]).all()
    assert (aliens["treated_hm2"] <= aliens["found_hm2"]).all()
    for _, rows in aliens.groupby("year"):
        city, districts = rows[rows["area_code"] == CITY], rows[rows["area_code"] != CITY]
        assert (districts[["found_hm2", "treated_hm2"]].sum() == city[["found_hm2", "treated_hm2"]].iloc[0]).all()
        assert districts["found"].max() <= city["found"].iloc[0]


def test_projects_go_forward_and_never_beyond_their_plan() -> None:
    works = read("restoration").sort_values(["project_id", "year"])
    assert (works["done_hm2"] <= works["planned_hm2"]).all()
    assert (works.groupby("project_id")["done_hm2"].diff().dropna() >= 0).all()
    assert works.groupby("project_id")["planned_hm2"].nunique().eq(1).all()
