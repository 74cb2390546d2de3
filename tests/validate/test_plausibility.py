"""Units, fine dust and names."""

from __future__ import annotations

import pytest

from defects import about, defective, edit_text, of_code, publish
from projects import add, read
from reportkit.project import Project


@pytest.mark.parametrize("printed", ["1181", "1404"])
def test_carbon_monoxide_that_was_printed_in_micrograms_stops(project: Project, printed: str) -> None:
    publish(project, "440115", "2017-05", co_p95=printed)
    (found,) = of_code(project, "unit-suspect")
    assert (found.severity, found.value) == ("stop", printed)
    assert "at most 60 mg/m3" in found.expected


def test_a_row_that_names_another_unit_than_its_indicator_has_stops(project: Project) -> None:
    row = "440115,2017-03,co_p95,1.181,mg/m3"
    edit_text(project, "air/published.csv", row, row.replace("mg/m3", "ug/m3"))
    (found,) = of_code(project, "unit-suspect")
    assert found.key == "area_code=440115;period=2017-03;indicator=co_p95"


def test_hours_have_a_limit_of_their_own(project: Project) -> None:
    hour = {"station_id": "S1", "co_mg_m3": "100.0", "status": "provisional", "source_id": "gz-annual-2014"}
    add(project.data / "air/station_hourly.csv", {**hour, "time": "2024-01-01T01:00"})
    assert of_code(project, "unit-suspect") == []
    add(project.data / "air/station_hourly.csv", {**hour, "time": "2024-01-01T02:00", "co_mg_m3": "800.0"})
    assert [it.value for it in of_code(project, "unit-suspect")] == ["800.0"]


def test_published_fine_dust_is_not_above_coarse_dust_of_the_same_area_and_period(project: Project) -> None:
    publish(project, "440106", "2022", pm2_5="41", pm10="40")
    publish(project, "440106", "2021", pm2_5="40", pm10="40")
    publish(project, "440115", "2022", pm2_5="99")
    (found,) = of_code(project, "part-above-whole")
    assert found.key == "area_code=440106;period=2022;indicator=pm2_5"
    assert found.expected.startswith("at most 40")


def test_equal_fine_and_coarse_dust_is_possible(project: Project) -> None:
    (found,) = about(defective(project, "part-above-whole"), "air/area_daily.csv")
    assert found.value == "51"


@pytest.mark.parametrize("element", ["air", "water", "other"])
def test_points_that_give_warning_are_not_more_than_the_automatic_ones(project: Project, element: str) -> None:
    """22 points of water with early warning stood beside none that is automatic."""
    own = {"area_code": "440103", "year": "2024", "status": "official", "source_id": "gz-annual-2014"}
    counts = {f"automatic_points_{element}": "21", f"warning_points_{element}": "22", "warning_points": "22"}
    add(project.data / "supervision/yearly.csv", own | counts)
    (found,) = of_code(project, "part-above-whole")
    assert (found.column, found.value) == (f"warning_points_{element}", "22")


@pytest.mark.parametrize("name", ["萝岗区", "从化市", "增城市", "广东省", "全国", "全国8个超大城市"])
def test_names_of_other_times_and_places_are_found_in_columns_of_names(project: Project, name: str) -> None:
    row = {"name_en": "x", "area_code": "440112", "network": "district", "is_control_point": "false"}
    station = {**row, "station_id": "S1", "name_zh": name, "status": "official", "source_id": "gbt-2260"}
    add(project.data / "stations.csv", station, {**station, "station_id": "S2", "name_zh": f"{name}站"})
    (found,) = of_code(project, "name-old")
    assert (found.severity, found.value, found.key) == ("review", name, "station_id=S1")


def test_the_names_are_rows_and_not_code(project: Project) -> None:
    names = {row["name"] for row in read(project.data / "area_names.csv")}
    assert {"萝岗区", "从化市", "增城市"} <= names
    edit_text(project, "area_names.csv", "萝岗区", "天河区")
    assert [it.value for it in of_code(project, "name-old")] == ["天河区"]


def test_a_small_count_of_complaints_stops_and_a_nought_does_not(project: Project) -> None:
    own = {"area_code": "440103", "year": "2020", "breakdown": "type", "is_suppressed": "false", "status": "official"}
    for group, count in (("noise", "4"), ("air", "0"), ("water", "5"), ("waste", "")):
        row = {**own, "group": group, "count": count, "source_id": "gz-law-2023"}
        add(project.data / "participation/complaints.csv", row)
    (found,) = of_code(project, "count-small")
    assert (found.severity, found.value, found.key.rpartition("=")[2]) == ("stop", "4", "noise")


@pytest.mark.parametrize("name", ["张某", "欧阳某某", "张**", "李××", "阿依古丽·某某"])
def test_a_name_like_a_persons_stops_wherever_a_party_is_named(project: Project, name: str) -> None:
    own = {"name_zh": name, "area_code": "440103", "status": "provisional", "source_id": "gz-annual-2014"}
    add(project.data / "enterprises/register.csv", {"enterprise_id": "E1", **own})
    add(project.data / "credit/institutions.csv", {"institution_id": "T1", **own})
    add(project.data / "soil/supervised_units.csv", {"enterprise_id": "E1", **own})
    found = of_code(project, "name-person")
    assert {it.file.removeprefix("data/") for it in found} == {
        "enterprises/register.csv",
        "credit/institutions.csv",
        "soil/supervised_units.csv",
    }
    assert {(it.severity, it.column, it.value) for it in found} == {("stop", "name_zh", name)}


@pytest.mark.parametrize("name", ["五金厂", "南海电站", "某某医院", "某公司", "广州某某环保科技", "土华地块", "A1"])
def test_names_of_enterprises_and_of_other_things_stand(project: Project, name: str) -> None:
    own = {"area_code": "440103", "status": "provisional", "source_id": "gz-annual-2014"}
    add(project.data / "enterprises/register.csv", {"enterprise_id": "E1", "name_zh": name, **own})
    add(project.data / "stations.csv", {"station_id": "S1", "name_zh": "天河", **own})
    assert of_code(project, "name-person") == []
