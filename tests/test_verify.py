"""The checker of built sites, against a site made by hand: two stations, three days, six figures, two languages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reportkit.errors import PublishError
from reportkit.manifest import checksums
from reportkit.standards import rules
from reportkit.verify import Problem, verify

AIR, PAGE = "2024/tianhe/air", "2024/tianhe/air.html"
BEHIND = {"status": "demonstration", "sources": ["demo"], "standards": []}

STATION_DAYS = """\
station_id,date,so2_ug_m3,no2_ug_m3,pm10_ug_m3,pm2_5_ug_m3,co_mg_m3,o3_8h_ug_m3,o3_1h_ug_m3,valid_hours,o3_8h_windows,\
status,source_id
S1,2024-01-01,6,30,60,20,0.6,80,90,24,17,demonstration,demo
S2,2024-01-01,7,33,63,21,0.7,81,91,24,17,demonstration,demo
S1,2024-01-02,6,30,160,100,0.6,80,90,24,17,demonstration,demo
S2,2024-01-02,6,30,160,900,0.6,80,90,19,13,demonstration,demo
S1,2024-01-03,6,30,,20,0.6,80,90,24,17,demonstration,demo
"""

# Day 1: means rounded half to even. Day 2: the second station has too few hours. Day 3: no AQI without PM10.
DAYS = """\
date,so2_ug_m3,no2_ug_m3,pm10_ug_m3,pm2_5_ug_m3,co_mg_m3,o3_8h_ug_m3,o3_1h_ug_m3,n_stations,status,source_id,year,month,\
aqi,level,primary,edition,aqi_next,level_next,edition_next,status_in_words
2024-01-01,6,32,62,20,0.6,80,90,2,demonstration,demo,2024,2024-01,56,2,pm10,HJ 633-2012,59,2,HJ 633-2026,示例
2024-01-02,6,30,160,100,0.6,80,90,2,demonstration,demo,2024,2024-01,132,3,pm2_5,HJ 633-2012,137,3,HJ 633-2026,示例
2024-01-03,6,30,,20,0.6,80,90,1,demonstration,demo,2024,2024-01,,,,HJ 633-2012,,,HJ 633-2026,示例
"""

TABLES = {
    "areas": "area_code,slug,kind\n440106,tianhe,district\n",
    "stations": "station_id,area_code,network,is_control_point\nS1,440106,national,false\nS2,440106,district,false\n",
    "corrections": "table,key,column,value_before,value_after\n",
    "catalogue": "item_id,scope\nQ1,city+district\nE7,city\n",
    "air/station_daily": STATION_DAYS,
    "air/station_hourly": "station_id,time,status,source_id\n",
    "air/area_daily": "area_code,date\n",
    "air/published": "area_code,period,indicator,value,unit,status,source_id\n440106,2023,pm2_5,21,ug/m3,official,gz\n",
    f"{AIR}/days": DAYS,
    "2024/tianhe/overview/completeness": "item_id,state\nQ1,disclosed\nE7,not_applicable\n",
    f"{AIR}/shown": "name,value,status,source_id,status_in_words\nPM2.5,47,demonstration,demo,示例\n",
}


def figure(name: str, value: str, printed: str, derivation: dict[str, object], **more: object) -> dict[str, object]:
    """A figure of the page; *printed* is its Chinese text, with the English one after a bar."""
    texts = printed.split("|") * 2
    return {
        "id": f"{AIR}#{name}",
        "value": value,
        "unrounded": value,
        "unit": "",
        "period": "2024",
        "derivation": derivation,
        "printed": {"zh": [texts[0]], "en": [texts[1]]},
        **BEHIND,
        **more,
    }


DAYS_OF_2024 = {"table": f"{AIR}/days", "where": {"year": 2024}}
FIGURES = [
    figure(
        "pm2_5_annual",
        "47",
        "47微克/立方米|47 µg/m³",
        {"operation": "mean", "column": "pm2_5_ug_m3", "places": 0, **DAYS_OF_2024},
        unrounded="46.6666666667",
        unit="ug/m3",
    ),
    figure(
        "pm2_5_2023",
        "21",
        "21微克/立方米|21 µg/m³",
        {
            "operation": "select",
            "table": "air/published",
            "column": "value",
            "where": {"area_code": "440106", "indicator": "pm2_5", "period": "2023"},
        },
        unit="ug/m3",
        period="2023",
        status="official",
        sources=["gz"],
    ),
    figure(
        "pm2_5_change",
        "123.8",
        "123.8%",
        {"operation": "change", "of": [f"{AIR}#pm2_5_annual", f"{AIR}#pm2_5_2023"], "places": 1},
        unrounded="123.8095238095",
        unit="%",
        sources=["demo", "gz"],
    ),
    figure(
        "limit",
        "35",
        "35微克/立方米|35 µg/m³",
        {
            "operation": "select",
            "table": "standards/air_limits",
            "column": "limit",
            "where": {
                "standard": "GB 3095-2012",
                "phase": "single",
                "grade": "2",
                "parameter": "pm2_5",
                "averaging": "annual",
            },
        },
        unit="ug/m3",
        status="rule",
        sources=[],
    ),
    figure(
        "verdict",
        "unknown",
        "数据不足，无法判定|cannot be judged: too few data",
        {
            "operation": "class",
            "rule": "air.annual_validity",
            "of": [f"{AIR}#pm2_5_annual", f"{AIR}#limit"],
            "held_against": f"{AIR}#limit",
        },
    ),
    figure(
        "pm2_5_sum",
        "140",
        "140微克/立方米|140 µg/m³",
        {"operation": "sum", "column": "pm2_5_ug_m3", "places": 0, **DAYS_OF_2024},
        unit="ug/m3",
    ),
    figure(  # (20 × 62 + 100 × 160) / 222: the third day has no PM10
        "pm2_5_weighted",
        "78",
        "78微克/立方米|78 µg/m³",
        {
            "operation": "weighted_mean",
            "column": "pm2_5_ug_m3",
            "weight": "pm10_ug_m3",
            "places": 0,
            "table": f"{AIR}/days",
            "where": {"date": ["2024-01-01", "2024-01-02"]},
        },
        unrounded="77.6576576577",
        unit="ug/m3",
    ),
    figure(
        "added",
        "68",
        "68微克/立方米|68 µg/m³",
        {"operation": "added", "of": [f"{AIR}#pm2_5_annual", f"{AIR}#pm2_5_2023"], "places": 0},
        unit="ug/m3",
        sources=["demo", "gz"],
    ),
    figure(
        "quotient",
        "22.4",
        "22.4|22.4",
        {"operation": "quotient", "of": [f"{AIR}#pm2_5_annual", f"{AIR}#pm2_5_2023"], "places": 1, "factor": 10},
        unrounded="22.380952381",
        sources=["demo", "gz"],
    ),
    figure("valid_days", "2", "2天|2 days", {"operation": "count", "column": "aqi", **DAYS_OF_2024}, unit="day"),
]


def page(language: str) -> str:
    """The page of the six figures in one *language*."""
    elements = [
        f'<data data-figure="{f["id"]}" data-status="{f["status"]}" value="{f["value"]}">{text}</data>'
        for f in FIGURES
        for text in f["printed"][language]
    ]
    return f"""<!doctype html><html><body><table><tr><th>value</th></tr></table>
<section>{" ".join(elements)}
<div><table><tbody><tr><td>PM2.5</td><td>{elements[0]}</td></tr></tbody></table></div>
<p class="download"><a href="{"../" * (2 + (language == "en"))}data/{AIR}/shown.csv" download>CSV</a></p>
</section></body></html>"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A whole site in which everything follows from everything."""
    site = tmp_path / "site"
    (site / "data" / "standards").mkdir(parents=True)
    for path in rules.folder().glob("*.csv"):
        shutil.copyfile(path, site / "data" / "standards" / path.name)
    described = [*TABLES, *(f"standards/{path.stem}" for path in rules.folder().glob("*.csv"))]
    resources = [{"name": name, "path": f"{name}.csv"} for name in described if not name.startswith("2024")]
    put(site, "data/datapackage.json", json.dumps({"resources": resources}))
    for name, content in TABLES.items():
        put(site, f"data/{name}.csv", content)
    put(site, f"data/figures/{AIR}.json", json.dumps({"figures": FIGURES}, ensure_ascii=False))
    put(site, "release.json", json.dumps({"languages": ["zh", "en"], "years": []}))
    put(site, PAGE, page("zh"))
    put(site, f"en/{PAGE}", page("en"))
    seal(site)
    return site


def put(site: Path, name: str, content: str) -> None:
    """Write one file of the site."""
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    (site / name).write_text(content, encoding="utf-8")


def seal(site: Path) -> None:
    """Write the checksums anew, so that a change is not found by them."""
    (site / "SHA256SUMS").unlink(missing_ok=True)
    files = [path for path in site.rglob("*") if path.is_file()]
    put(site, "SHA256SUMS", checksums(site, files))


def replace(site: Path, name: str, old: str, new: str, *, count: int = -1) -> list[Problem]:
    """What is wrong once *old* has become *new* in one file, checksums made anew."""
    text = (site / name).read_text(encoding="utf-8")
    assert old in text
    put(site, name, text.replace(old, new, count))
    seal(site)
    return verify(site)


def change_figure(name: str, **changes: object) -> Callable[[Path], list[Problem]]:
    """What is wrong once a published figure says something else."""

    def change(site: Path) -> list[Problem]:
        figures = [f | changes if f["id"] == f"{AIR}#{name}" else f for f in FIGURES]
        put(site, f"data/figures/{AIR}.json", json.dumps({"figures": figures}))
        seal(site)
        return verify(site)

    return change


def only(problems: list[Problem]) -> str:
    """The name of the one problem there is."""
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0].check


def test_a_site_in_which_all_follows_has_no_problem(site: Path) -> None:
    assert verify(site) == []


@pytest.mark.parametrize(
    ("name", "changes", "found"),
    [
        ("pm2_5_annual", {"value": "46"}, "figure.value"),
        ("pm2_5_annual", {"unrounded": "46.6"}, "figure.unrounded"),
        ("pm2_5_annual", {"printed": {"zh": ["47微克/立方米"], "en": ["74 µg/m³"]}}, "figure.printed"),
        ("pm2_5_annual", {"status": "official"}, "figure.status"),
        ("pm2_5_change", {"status": "provisional"}, "figure.status"),
        ("pm2_5_annual", {"sources": ["gz"]}, "figure.sources"),
        ("pm2_5_annual", {"unit": "mg/m3"}, "figure.unit"),
        ("pm2_5_annual", {"period": "2023"}, "figure.period"),
        ("pm2_5_2023", {"value": "21.0"}, "figure.value"),
        ("pm2_5_change", {"value": "123.9"}, "figure.value"),
        ("verdict", {"value": "exceeds"}, "figure.value"),
        ("verdict", {"printed": {"zh": ["达标"], "en": ["meets the limit"]}}, "figure.printed"),
        ("valid_days", {"value": "3"}, "figure.value"),
        ("pm2_5_sum", {"value": "141"}, "figure.value"),
        ("pm2_5_weighted", {"value": "79"}, "figure.value"),
        ("added", {"value": "69"}, "figure.value"),
        ("quotient", {"value": "22.3"}, "figure.value"),
        ("pm2_5_change", {"derivation": {"operation": "change", "of": [f"{AIR}#gone"] * 2}}, "reference"),
        ("verdict", {"derivation": {"operation": "guess", "of": [f"{AIR}#limit"] * 2}}, "figure.derivation"),
        ("valid_days", {"derivation": {"operation": "count", "table": "gone", "where": {}}}, "figure.derivation"),
        ("valid_days", {"derivation": {"operation": "none", "reason": ""}}, "figure.derivation"),
        (
            "limit",
            {"standards": [{"standard": "GB 3095-2012", "clause": "cl. 99", "verification": "seen"}]},
            "figure.standards",
        ),
    ],
)
def test_a_figure_that_does_not_follow_is_named_once(
    site: Path, name: str, changes: dict[str, object], found: str
) -> None:
    problems = change_figure(name, **changes)(site)
    assert only(problems) == found
    assert problems[0].where == f"{AIR}#{name}"


def test_a_changed_row_is_named_by_the_figure_that_rests_on_it(site: Path) -> None:
    assert only(replace(site, "data/air/published.csv", ",21,", ",22,")) == "figure.value"


def test_a_weaker_row_weakens_its_figure(site: Path) -> None:
    assert only(replace(site, "data/air/published.csv", "official", "provisional")) == "figure.status"


def test_a_correction_counts_as_if_the_row_had_been_so(site: Path) -> None:
    put(
        site,
        "data/corrections.csv",
        "table,key,column,value_before,value_after\nair/published,area_code=440106;period=2023,value,21,20\n",
    )
    seal(site)
    assert only(verify(site)) == "figure.value"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("S1,2024-01-01,6,", "S1,2024-01-01,9,"),
        ("S2,2024-01-02,6,30,160,900,0.6,80,90,19", "S2,2024-01-02,6,30,160,900,0.6,80,90,20"),
        ("S1,2024-01-03,6,30,,20,0.6,80,90,24,17,demonstration", "S1,2024-01-03,6,30,,20,0.6,80,90,24,17,provisional"),
    ],
)
def test_a_day_follows_from_the_rows_of_its_stations(site: Path, old: str, new: str) -> None:
    assert only(replace(site, "data/air/station_daily.csv", old, new)) == "table.days"


@pytest.mark.parametrize(
    ("old", "new"), [(",132,3,pm2_5", ",131,3,pm2_5"), (",132,3,pm2_5", ",132,3,pm10"), (",59,2,HJ", ",60,2,HJ")]
)
def test_the_aqi_of_a_day_follows_from_its_concentrations(site: Path, old: str, new: str) -> None:
    assert only(replace(site, f"data/{AIR}/days.csv", old, new)) == "table.aqi"


def test_a_station_may_be_given_hour_by_hour(site: Path) -> None:
    hours = "station_id,time,so2_ug_m3,no2_ug_m3,pm10_ug_m3,pm2_5_ug_m3,co_mg_m3,o3_ug_m3,status,source_id\n"
    ends = [f"2024-01-01T{hour:02}:00" for hour in range(1, 24)] + ["2024-01-02T00:00"]
    put(
        site,
        "data/air/station_hourly.csv",
        hours + "".join(f"S2,{end},7,33,63,21,0.7,81,demonstration,demo\n" for end in ends),
    )
    without = STATION_DAYS.replace("S2,2024-01-01,7,33,63,21,0.7,81,91,24,17,demonstration,demo\n", "")
    put(site, "data/air/station_daily.csv", without)
    days = (site / f"data/{AIR}/days.csv").read_text(encoding="utf-8")
    put(site, f"data/{AIR}/days.csv", days.replace("0.6,80,90,2,demonstration,demo,2024,2024-01,56", days_with_hours))
    seal(site)
    assert verify(site) == []


# The highest hourly ozone of the second station is 81 when all its hours are 81: the mean of 90 and 81 is 85.5.
days_with_hours = "0.6,80,86,2,demonstration,demo,2024,2024-01,56"


def test_the_standards_published_are_those_judged_by(site: Path) -> None:
    problems = replace(site, "data/standards/aqi_levels.csv", "0,228,0", "0,229,0", count=1)
    assert only(problems) == "table.standards"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('value="47">47 µg/m³', 'value="47">48 µg/m³', "page.figure"),
        ('value="2"', 'value="20"', "page.figure"),
        ('data-status="official"', 'data-status="provisional"', "page.figure"),
        (" download>CSV", ' download>CSV</a><a href="gone.csv" download>', "page.link"),
        ("<td>PM2.5</td>", "<td>PM10</td>", "page.download"),
    ],
)
def test_a_page_says_what_is_published(site: Path, old: str, new: str, found: str) -> None:
    problems = replace(site, f"en/{PAGE}", old, new, count=1)
    assert only(problems) == found
    assert problems[0].where.startswith(f"en/{PAGE}")


def test_a_figure_on_a_page_has_to_be_published(site: Path) -> None:
    for name in (PAGE, f"en/{PAGE}"):
        problems = replace(site, name, "</section>", f'<data data-figure="{AIR}#gone">1</data></section>')
    assert [problem.check for problem in problems] == ["reference", "reference"]


def test_both_languages_show_the_same_figures(site: Path) -> None:
    last = f'<data data-figure="{AIR}#valid_days" data-status="demonstration" value="2">2 days</data>'
    assert only(replace(site, f"en/{PAGE}", last, "")) == "page.languages"


def test_a_published_figure_is_shown_somewhere(site: Path) -> None:
    unseen = figure("unseen", "2", "2天|2 days", FIGURES[-1]["derivation"], unit="day")  # type: ignore[arg-type]
    put(site, f"data/figures/{AIR}.json", json.dumps({"figures": [*FIGURES, unseen]}))
    seal(site)
    assert only(verify(site)) == "page.missing"


def test_a_changed_file_is_not_what_its_checksum_says(site: Path) -> None:
    put(site, "release.json", json.dumps({"languages": ["zh", "en"], "years": []}) + "\n")
    assert only(verify(site)) == "checksum"


def test_a_file_that_is_not_listed_is_found(site: Path) -> None:
    put(site, "data/more.csv", "a\n")
    assert only(verify(site)) == "checksum"


def test_a_file_that_is_listed_and_gone_is_found(site: Path) -> None:
    put(site, "robots.txt", "")
    seal(site)
    (site / "robots.txt").unlink()
    assert only(verify(site)) == "checksum"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data/stations.csv", None),
        ("data/air/station_daily.csv", STATION_DAYS.replace("S1,2024-01-01,6", "S1,2024-01-01,six")),
    ],
)
def test_what_is_damaged_is_told_beside_all_else(site: Path, name: str, content: str | None) -> None:
    put(site, "data/more.csv", "a\n")
    put(site, name, content or "")
    if content is None:
        (site / name).unlink()
    found = verify(site)
    assert {"checksum", "damaged"} <= {problem.check for problem in found}


def test_a_folder_without_a_site_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="no built site"):
        verify(tmp_path)


@pytest.mark.parametrize("line", ["Q1,not_applicable\nE7,not_applicable", "Q1,disclosed\nE7,disclosed", "Q1,disclosed"])
def test_a_list_of_what_is_disclosed_that_is_not_the_catalogue_is_named(site: Path, line: str) -> None:
    table = site / "data/2024/tianhe/overview/completeness.csv"
    table.write_text(f"item_id,state\n{line}\n", encoding="utf-8")
    assert "table.completeness" in {it.check for it in verify(site)}


CHECKERS = (
    *("air", "water", "noise", "soil", "law", "emergency", "market", "supervision", "participation", "targets"),
    *("climate", "waste", "radiation", "credit", "enterprises", "quality"),
)


@pytest.mark.parametrize("name", CHECKERS)
def test_every_checker_is_asked(site: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def asked(*_: object) -> Iterator[Problem]:
        yield Problem("asked", name, "", "")

    if name == "quality":
        monkeypatch.setattr("reportkit.verify.quality_problems", asked)
    else:
        monkeypatch.setattr(f"reportkit.verify.{name}.problems", asked)
    assert ("asked", name) in {(it.check, it.where) for it in verify(site)}
