"""The checker on targets: paths and verdicts are recomputed from the tables, and a wrong one is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportkit.verify import targets
from reportkit.verify.figures import Figures
from reportkit.verify.tables import Tables

PAGE = "2024/guangzhou/targets"
TABLES = {
    "corrections": "table,key,column,value_before,value_after\n",
    "sources": "source_id,trust\ns,A\ndoubtful,D\n",
    "targets/indicators": "indicator,measured_in,broken_by\nsections,air.sections,\n",
    "targets/targets": (
        "target_id,area_code,indicators,direction,value,unit,baseline_year,target_year,status,source_id\n"
        "t2_a,440100,sections,at_least,80,%,2022,2025,official,s\n"
    ),
    "targets/evidence": (
        "indicator,area_code,period,value,unit,status,source_id\n"
        "sections,440100,2022,71,%,official,s\n"
        "sections,440100,2024,78,%,official,s\n"
    ),
    "air/series_breaks": "date,kind,scope_area_code\n",
    "standards/rules": "standard,clause,verification\nreportkit,,seen\n",
}
VERDICTS = "target_id,verdict,is_reported,status,source_id\nt2_a,on_track,true,official,s\n"
WORDS = {
    "on_track": ("符合进度", "on track"),
    "behind": ("落后于进度", "behind"),
    "met": ("已达到", "met"),
    "missed": ("未达到", "missed"),
    "met_early": ("已提前达到", "met early"),
    "not_yet": ("尚未达到", "not met yet"),
    "unknown": ("无法判断", "cannot be judged"),
}


def figure(name: str, value: str, derivation: dict[str, Any], period: str, **more: Any) -> dict[str, Any]:
    zh, en = WORDS.get(value, (f"{value}%", f"{value}%"))
    return {
        "id": f"{PAGE}#{name}",
        "value": value,
        "unrounded": value.rstrip("0").rstrip(".") if "." in value else value,
        "unit": "" if value in WORDS else "%",
        "period": period,
        "status": "official",
        "sources": ["s"],
        "standards": [],
        "derivation": derivation,
        "printed": {"zh": [zh], "en": [en]},
        **more,
    }


def evidence(year: int, value: str) -> dict[str, Any]:
    where = {"indicator": "sections", "area_code": "440100", "period": year}
    selected = {"operation": "select", "table": "targets/evidence", "column": "value", "where": where}
    return figure(f"sections_{year}", value, selected, str(year))


TARGET = figure(
    "target_t2_a",
    "80",
    {"operation": "select", "table": "targets/targets", "column": "value", "where": {"target_id": "t2_a"}},
    "2025",
)
# From 71 in 2022 to 80 in 2025: three more each year, 77 in 2024.
PATH = figure(
    "path_t2_a",
    "77.0",
    {"operation": "interpolate", "of": [f"{PAGE}#sections_2022", f"{PAGE}#target_t2_a"], "places": 1, "at": 2024},
    "2024",
)


def verdict(word: str, *of: str, at: int = 2024) -> dict[str, Any]:
    names = [f"{PAGE}#{name}" for name in ("target_t2_a", *of)]
    under = {"operation": "class", "of": names, "rule": "targets.path", "held_against": names[0], "at": at}
    return figure("verdict_t2_a", word, under, "2024")


def problems(
    folder: Path, *figures: dict[str, Any], verdicts: str = VERDICTS, **tables: str
) -> list[tuple[str, str, str]]:
    """What the checker has against *figures* resting on the tables, of which some are changed."""
    written = {**TABLES, **{name.replace("__", "/"): content for name, content in tables.items()}}
    for name, content in {**written, f"{PAGE}/verdicts": verdicts}.items():
        path = folder / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    described = [{"name": name, "path": f"{name}.csv"} for name in written]
    (folder / "datapackage.json").write_text(json.dumps({"resources": described}), encoding="utf-8")
    page = folder / "figures" / f"{PAGE}.json"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(json.dumps({"figures": figures}), encoding="utf-8")
    known = Tables(folder)
    checked = Figures(known)
    found = [*checked.problems(), *targets.problems(known, checked.entries)]
    return [(problem.check, problem.expected, problem.found) for problem in found]


KNOWN = (TARGET, evidence(2022, "71"), evidence(2024, "78"), PATH)
BOTH = ("sections_2024", "sections_2022")


def test_a_path_and_a_verdict_that_follow_have_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, *KNOWN, verdict("on_track", *BOTH)) == []


def test_a_path_off_the_line_is_named(tmp_path: Path) -> None:
    wrong = {**PATH, "value": "76.9", "unrounded": "76.9", "printed": {"zh": ["76.9%"], "en": ["76.9%"]}}
    found = problems(tmp_path, *KNOWN[:3], wrong, verdict("on_track", *BOTH))
    assert ("figure.value", "77.0", "76.9") in found


def test_a_path_of_another_year_than_it_says_is_named(tmp_path: Path) -> None:
    found = problems(tmp_path, *KNOWN[:3], {**PATH, "period": "2023"}, verdict("on_track", *BOTH))
    assert ("figure.period", "2024", "2023") in found


def test_a_verdict_that_does_not_follow_is_named(tmp_path: Path) -> None:
    verdicts = VERDICTS.replace("on_track", "behind")
    assert problems(tmp_path, *KNOWN, verdict("behind", *BOTH), verdicts=verdicts) == [
        ("figure.value", "on_track", "behind")
    ]


@pytest.mark.parametrize(("value", "word"), [("76", "behind"), ("80", "met_early")])
def test_the_verdict_follows_the_newest_value(tmp_path: Path, value: str, word: str) -> None:
    rows = TABLES["targets/evidence"].replace("2024,78", f"2024,{value}")
    known = (TARGET, evidence(2022, "71"), evidence(2024, value))
    verdicts = VERDICTS.replace("on_track", word)
    assert problems(tmp_path, *known, verdict(word, *BOTH), verdicts=verdicts, targets__evidence=rows) == []


@pytest.mark.parametrize(("value", "word"), [("80", "met"), ("79", "missed")])
def test_in_the_target_year_its_value_decides(tmp_path: Path, value: str, word: str) -> None:
    rows = TABLES["targets/evidence"] + f"sections,440100,2025,{value},%,official,s\n"
    known = (TARGET, evidence(2025, value))
    verdicts = VERDICTS.replace("on_track", word)
    found = problems(
        tmp_path, *known, verdict(word, "sections_2025", at=2025), verdicts=verdicts, targets__evidence=rows
    )
    assert found == []


def test_a_newer_value_left_out_is_named(tmp_path: Path) -> None:
    found = problems(
        tmp_path, *KNOWN, verdict("not_yet", "sections_2022"), verdicts=VERDICTS.replace("on_track", "not_yet")
    )
    assert found == [("figure.derivation", "one that can be recomputed", "the value of 2024 is left out")]


def test_no_verdict_may_be_withheld_where_there_is_a_value(tmp_path: Path) -> None:
    found = problems(tmp_path, *KNOWN, verdict("unknown"), verdicts=VERDICTS.replace("on_track", "unknown"))
    assert found == [("figure.derivation", "one that can be recomputed", "the value of 2024 is left out")]


def test_another_baseline_than_the_tables_is_named(tmp_path: Path) -> None:
    rows = TABLES["targets/evidence"] + "sections,440100,2023,78,%,official,s\n"
    known = (*KNOWN, evidence(2023, "78"))
    found = problems(tmp_path, *known, verdict("on_track", "sections_2024", "sections_2023"), targets__evidence=rows)
    assert found == [("figure.derivation", "one that can be recomputed", "the baseline is not of 2022 but of 2023")]


def test_across_a_break_there_is_no_path(tmp_path: Path) -> None:
    cut = TABLES["air/series_breaks"] + "2023-01-01,sections,\n"
    assert problems(tmp_path, *KNOWN, verdict("on_track", *BOTH), air__series_breaks=cut) == [
        ("figure.value", "not_yet", "on_track")
    ]


def test_a_break_of_another_kind_than_those_that_break_the_indicator_leaves_the_path(tmp_path: Path) -> None:
    cut = TABLES["air/series_breaks"] + "2023-01-01,ranked_sections,\n"
    broken_by = TABLES["targets/indicators"].replace("air.sections,", "air.sections,sections")
    tables = {"air__series_breaks": cut, "targets__indicators": broken_by}
    assert problems(tmp_path, *KNOWN, verdict("on_track", *BOTH), **tables) == []


def test_a_list_of_verdicts_that_differs_from_the_figures_is_named(tmp_path: Path) -> None:
    found = problems(tmp_path, *KNOWN, verdict("on_track", *BOTH), verdicts=VERDICTS.replace("on_track", "met"))
    assert found == [("table.verdicts", "on_track", "met")]


def test_a_list_that_hides_evidence_or_leaves_a_target_out_is_named(tmp_path: Path) -> None:
    known = (*KNOWN, verdict("on_track", *BOTH))
    hidden = problems(tmp_path, *known, verdicts=VERDICTS.replace("true", "false"))
    assert hidden == [("table.verdicts", "is_reported true, for there is evidence", "false")]
    shortened = problems(tmp_path, *known, verdicts=VERDICTS.splitlines()[0] + "\n")
    assert shortened == [("table.verdicts", "t2_a", "no such row")]


def test_a_verdict_on_invented_values_is_on_no_list(tmp_path: Path) -> None:
    invented = [{**one, "status": "demonstration"} for one in (*KNOWN, verdict("on_track", *BOTH))]
    rows = TABLES["targets/evidence"].replace("official", "demonstration")
    none = VERDICTS.splitlines()[0] + "\n"
    about_the_list = [
        [
            found
            for found in problems(tmp_path, *invented, verdicts=listed, targets__evidence=rows)
            if "table" in found[0]
        ]
        for listed in (none, VERDICTS)
    ]
    assert about_the_list == [[], [("table.verdicts", "no verdict on invented values", "t2_a")]]


def test_a_target_from_a_doubtful_source_may_be_left_out(tmp_path: Path) -> None:
    more = TABLES["targets/targets"] + "t2_b,440100,sections,at_least,90,%,,2025,provisional,doubtful\n"
    assert problems(tmp_path, *KNOWN, verdict("on_track", *BOTH), targets__targets=more) == []
