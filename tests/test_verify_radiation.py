"""The checker on radiation: quarters and verdicts are recomputed from the rows, and what tells too much is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reportkit.verify import radiation
from reportkit.verify.tables import Tables

PAGE = "2024/a/radiation"
RATES = "point_id,year,quarter,mean_ngy_h,max_ngy_h,hours,possible_hours\n"
TABLES = {
    "corrections": "table,key,column,value_before,value_after\n",
    "areas": "area_code,slug,kind\n100000,city,city\n100001,a,district\n",
    "radiation/points": "point_id,area_code,kind,usual_low_ngy_h,usual_high_ngy_h\nP,100001,automatic,100.0,110.0\n",
    "radiation/background": "area_code,low_ngy_h,high_ngy_h\n100000,69.3,266.9\n",
    "radiation/dose_rate": RATES + "".join(f"P,2024,{n},{mean},120.0,2000,2208\n" for n, mean in
                                           enumerate(("101.0", "103.0", "108.0"), start=1)),
    "radiation/sources": "area_code,year,holding,holders,pieces,is_withheld\n100001,2024,source_4,5,9,false\n",
    "radiation/sources_city": "area_code,year,holding,holders,pieces\n100000,2024,source_4,8,17\n",
    "standards/radiation_limits": (
        "standard,quantity,limit,valid_from,valid_to\n"
        "old,gross_alpha,0.4,2007-01-01,2023-03-31\n"
        "new,gross_alpha,0.5,2023-04-01,\n"
        "field,rf_power,0.4,2015-01-01,\n"
    ),
}  # fmt: skip


def tables(folder: Path, **changed: str) -> Tables:
    written = {**TABLES, **{name.replace("__", "/"): content for name, content in changed.items()}}
    for name, content in written.items():
        path = folder / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    described = [{"name": name, "path": f"{name}.csv"} for name in written if not name.startswith("2024")]
    (folder / "datapackage.json").write_text(json.dumps({"resources": described}), encoding="utf-8")
    return Tables(folder)


def entry(name: str, value: str | None, **where: Any) -> dict[str, Any]:
    derivation = {"where": where, "column": where.pop("column", "")}
    return {"id": f"{PAGE}#{name}", "value": value, "period": "2024", "derivation": derivation}


def judged(folder: Path, low: str = "69.3", **changed: str) -> str:
    """The verdict on the point's year under changed tables."""
    figures = [entry("mean", None, point_id="P"), entry("low", low), entry("high", "266.9")]
    entries = {figure["id"]: figure for figure in figures}
    return radiation.normal(tables(folder, **changed), entries, {"of": list(entries), "at": 2024})


def rates(*means: str, hours: str = "2000") -> str:
    return RATES + "".join(f"P,2024,{n},{mean},999.0,{hours},2208\n" for n, mean in enumerate(means, start=1))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (rates("101.0", "103.0", "108.0"), "within_background"),
        (rates("101.0", "103.0", "111.0"), "beyond_usual"),
        (rates("267.0", "267.0", "267.0"), "outside_background"),
        (rates("101.0", "103.0"), "unknown"),
        (rates("101.0", "103.0", "108.0", hours="1655"), "unknown"),
        (rates("101.0", "103.0", "108.0", hours="1656"), "within_background"),
    ],
)
def test_a_verdict_follows_from_the_rows(tmp_path: Path, rows: str, expected: str) -> None:
    assert judged(tmp_path, radiation__dose_rate=rows) == expected


def test_a_background_of_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="background"):
        judged(tmp_path, low="50.0")


def kept(folder: Path, value: dict[str, Any], limit: dict[str, Any]) -> str:
    entries = {figure["id"]: figure for figure in (value, limit)}
    return radiation.drinking(tables(folder), entries, {"of": list(entries)})


def test_a_guide_value_is_kept_at_its_height_and_not_above(tmp_path: Path) -> None:
    guide = entry("guide", "0.5", standard="new", quantity="gross_alpha")
    assert kept(tmp_path, entry("value", "0.5", column="gross_alpha_bq_l"), guide) == "below_guide"
    assert kept(tmp_path, entry("value", "0.51", column="gross_alpha_bq_l"), guide) == "above_guide"


def test_a_limit_of_another_time_or_quantity_is_refused(tmp_path: Path) -> None:
    value = entry("value", "0.1", column="gross_alpha_bq_l")
    with pytest.raises(ValueError, match="not in force"):
        kept(tmp_path, value, entry("guide", "0.4", standard="old", quantity="gross_alpha"))
    with pytest.raises(ValueError, match="a limit of rf_power"):
        kept(tmp_path, value, entry("guide", "0.4", standard="field", quantity="rf_power"))


QUARTER = "P,100001,automatic,2024,{n},{mean},120.0,2000,2208,true,{counts}\n"
HEAD = "point_id,area_code,kind,year,quarter,mean_ngy_h,max_ngy_h,hours,possible_hours,is_valid,counts\n"


def found(folder: Path, counts: str = "true", verdict: str = "within_background", **changed: str) -> list[str]:
    rows = [(1, "101.0"), (2, "103.0"), (3, "108.0")]
    report = {
        f"{PAGE}/quarters": HEAD + "".join(QUARTER.format(n=n, mean=mean, counts=counts) for n, mean in rows),
        f"{PAGE}/verdicts": f"point_id,kind,verdict\nP,automatic,{verdict}\n",
    }
    entries = {f"{PAGE}#verdict_P": {"value": "within_background"}}
    known = tables(folder, **report, **changed)
    return [problem.check for problem in radiation.problems(known, entries)]


def test_a_page_that_follows_from_its_rows_is_clean(tmp_path: Path) -> None:
    assert found(tmp_path) == []


def test_a_wrong_quarter_and_a_wrong_verdict_are_named(tmp_path: Path) -> None:
    assert found(tmp_path, counts="false") == ["table.quarters"]
    assert found(tmp_path, verdict="beyond_usual") == ["table.verdicts"]


@pytest.mark.parametrize(
    ("rows", "times"),
    [
        ("100001,2024,source_4,,,true\n100002,2024,source_4,,,true\n", 0),
        ("100001,2024,source_1,3,5,false\n", 1),
        ("100001,2024,source_4,2,5,false\n", 1),
        ("100001,2024,source_4,2,5,true\n100002,2024,source_4,,,true\n", 1),
        # The city has 8 holders of 17 pieces: 4 of 9 are the withheld district's; then 2 of 2 of two districts.
        ("100001,2024,source_4,,,true\n100002,2024,source_4,4,8,false\n", 2),
        ("100001,2024,source_4,,,true\n100002,2024,source_4,,,true\n100003,2024,source_4,6,15,false\n", 2),
    ],
)
def test_sources_that_tell_too_much_are_named(tmp_path: Path, rows: str, times: int) -> None:
    heading = "area_code,year,holding,holders,pieces,is_withheld\n"
    assert found(tmp_path, radiation__sources=heading + rows) == ["table.withheld"] * times
