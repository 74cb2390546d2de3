"""The second place: a site of published figures alone, made by the same command, none of it invented."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from projects import REPO, blocks_of, read
from reportkit.chapters.air import Air
from reportkit.importers import import_files
from reportkit.project import Project, open_project
from reportkit.validate import check
from reportkit.verify import verify

EXAMPLE = REPO / "examples" / "qingyuan"
NAMES = {"qingyuan", "qingcheng", "qingxin", "fogang", "yangshan", "lianshan", "liannan", "yingde", "lianzhou"}
INVENTED = re.compile(
    "示例数据|示例站|demonstration(?! programmes)", re.IGNORECASE
)  # these are an item of the catalogue
OTHER_PLACE = re.compile("广州|天河|Guangzhou|Tianhe|十一个区|eleven districts")
WRITTEN_FOR_ALL = {"how-to-read", "open-data", "glossary", "methods", "corrections"}  # they say what the word means

# Taken from the pages of the source by hand: area, period, indicator → what stands there.
PRINTED = {
    ("qingcheng", "2019-05", "composite_index"): "3.44",
    ("liannan", "2019-05", "composite_index"): "1.87",
    ("liannan", "2019-01/2019-05", "good_days_ratio"): "97.3",
    ("yangshan", "2019-01/2019-05", "composite_index_rank"): "3",
    ("qingyuan", "2019-08", "composite_index"): "2.58",
    ("yingde", "2020-07", "o3_8h_p90"): "166",
    ("yingde", "2020-01/2020-07", "composite_index"): "2.70",
    ("fogang", "2021-03", "composite_index_rank"): "4",
    ("lianshan", "2021-01/2021-05", "co_p95"): "1.0",
    ("yingde", "2022-11", "good_days_ratio_rank"): "3",
    ("qingyuan", "2022-09", "pm2_5"): "30.0",
    ("lianshan", "2022-01/2022-11", "good_days_ratio"): "97.0",
    ("qingxin", "2022-01/2022-11", "o3_8h_p90"): "167",
    ("qingcheng", "2023-03", "good_days_ratio_rank"): "8",
    ("qingyuan", "2025-01/2025-05", "composite_index"): "3.36",
    ("qingxin", "2025-01/2025-05", "good_days_ratio"): "87.8",
}
# The city water quality index as printed: area, period → index, its place.
PRINTED_WATER = {
    ("441802", "2025-01/2025-02"): ("3.7787", "6"),
    ("441882", "2025-01/2025-02"): ("2.7510", "1"),
    ("441803", "2025-01/2025-05"): ("5.1146", None),
    ("441821", "2025-01/2025-05"): ("5.2907", None),
}


@pytest.fixture(scope="module")
def example() -> Project:
    return open_project(EXAMPLE)


def _copy(folder: Path) -> Path:
    """The example elsewhere, still like the repository's own project."""
    there = shutil.copytree(EXAMPLE, folder / "there", ignore=shutil.ignore_patterns("build"))
    settings = (there / "_config.yml").read_text("utf-8")
    (there / "_config.yml").write_text(settings.replace("like: ../..", f"like: {REPO}"), "utf-8")
    return there


def test_it_holds_its_own_rows_and_pages_and_nothing_twice(example: Project) -> None:
    assert not (EXAMPLE / "notebooks").exists()
    shared = {path.relative_to(REPO).as_posix() for path in REPO.glob("book/**/*.md")}
    own = {path.relative_to(EXAMPLE).as_posix() for path in EXAMPLE.glob("book/**/*.md")}
    same = {name for name in own & shared if (REPO / name).read_bytes() == (EXAMPLE / name).read_bytes()}
    assert same == set()
    assert {path.name for path in example.files("book", "*.md").values()} == {
        path.name for path in example.files("book/en", "*.md").values()
    }


def test_no_row_of_it_is_invented_and_each_has_a_source_of_the_authority(example: Project) -> None:
    sources = {row["source_id"]: row for row in read(EXAMPLE / "data" / "sources.csv")}
    for path in sorted((EXAMPLE / "data").rglob("*.csv")):
        for row in read(path):
            assert row.get("status", "official") == "official", path
            assert sources[row["source_id"]]["trust"] in ("A", "B") if "source_id" in row else True
    assert len(read(EXAMPLE / "data" / "areas.csv")) == 9


def test_every_difference_from_what_was_recomputed_has_a_known_reason(example: Project) -> None:
    found = check(example)
    differing = [finding for finding in found if finding.code == "published-differs"]
    assert len(differing) == 28
    assert {finding.severity for finding in differing} == {"note"}
    assert [str(finding) for finding in found if finding.severity != "note"] == []


def test_a_difference_without_a_reason_is_found(tmp_path: Path) -> None:
    there = _copy(tmp_path)
    path = there / "data" / "air" / "published.csv"
    path.write_text(
        path.read_text("utf-8").replace(
            "441826,2022-11,good_days_ratio_rank,1,", "441826,2022-11,good_days_ratio_rank,2,"
        ),
        "utf-8",
    )
    codes = {finding.code for finding in check(open_project(there)) if finding.severity == "review"}
    assert "published-differs" in codes


@pytest.mark.parametrize(("area", "period", "indicator"), list(PRINTED))
def test_a_figure_is_the_one_that_was_printed(example: Project, area: str, period: str, indicator: str) -> None:
    figure = Air.open(area, int(period[:4]), "zh", example).of_period(indicator, period)
    assert str(figure.value) == PRINTED[area, period, indicator]
    assert figure.status == "official"
    assert figure.sources


def test_the_water_index_is_the_one_that_was_printed() -> None:
    rows = {
        (r["area_code"], r["period"], r["indicator"]): r["value"] for r in read(EXAMPLE / "data/water/published.csv")
    }
    for (area, period), (index, rank) in PRINTED_WATER.items():
        assert rows[area, period, "cwqi"] == index
        assert rows.get((area, period, "cwqi_rank")) == rank
    assert sum(indicator == "cwqi" for _, _, indicator in rows) == 13


def test_a_partial_year_says_so(example: Project) -> None:
    sentence = _said(Air.open("lianzhou", 2022, "zh", example).answer().as_json())
    assert "在12个月中有6个月发布了数字（1月、2月、4月、5月、9月、11月）" in sentence
    assert "2022年1月—11月" in sentence
    assert "全年的数字没有发布，这一年是否达标无法判定" in sentence


@pytest.mark.parametrize(
    "year", [2019, 2022, 2025, *(pytest.param(year, marks=pytest.mark.slow) for year in (2020, 2021, 2023))]
)
def test_no_block_of_any_year_rests_on_anything_invented(example: Project, year: int) -> None:
    for area in ("qingyuan", "liannan"):
        for block in blocks_of(example, area, year, "zh"):
            written = block.as_json()
            assert written["status"] in ("official", "rule", "convention", "unread", ""), (area, year, block.name)
            assert not {figure["status"] for figure in written["figures"]} & {"provisional", "memory", "demonstration"}
            if written["kind"] == "chart":
                assert written["content"]["chart"]["table"]["rows"]
                assert not INVENTED.search(str(written["content"]["chart"]["table"]))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_block_cites_a_rule_of_the_other_place(example: Project, language: str) -> None:
    for area in ("qingyuan", "liannan"):
        for block in blocks_of(example, area, 2022, language):
            assert not OTHER_PLACE.search(str(block.as_json())), (area, block.name)


def _said(written: Mapping[str, Any]) -> str:
    return "".join(
        part if isinstance(part, str) else part["text"]
        for sentence in written["content"]["sentences"]
        for part in sentence
    )


@pytest.mark.parametrize(("name", "table"), [("air", "air/published"), ("water", "water/published")])
def test_importing_the_source_again_gives_exactly_the_rows_that_are_shipped(
    shared: Path, tmp_path: Path, name: str, table: str
) -> None:
    there = _copy(tmp_path)
    path = there / "data" / f"{table}.csv"
    shipped, shipped_sources = path.read_bytes(), read(there / "data" / "sources.csv")
    path.write_text(shipped.decode().splitlines()[0] + "\n", "utf-8")
    source = shared / "domain" / "figures" / "other_places" / f"qingyuan_{name}.csv"
    imported = import_files("tidy", [source], open_project(there), there / "import" / f"{name}.yml")
    assert (imported.rows_set_aside, imported.rows_of_other_places) == (0, 0)
    assert path.read_bytes() == shipped
    assert read(there / "data" / "sources.csv") == shipped_sources


# --- the site ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def second_site(build: Callable[..., Path]) -> Path:
    return build(EXAMPLE)


@pytest.fixture(scope="module")
def second_pages(second_site: Path) -> Mapping[str, html.HtmlElement]:
    parser = html.HTMLParser(encoding="utf-8")
    return {
        path.relative_to(second_site).as_posix(): html.parse(str(path), parser).getroot()
        for path in sorted(second_site.rglob("*.html"))
    }


@pytest.mark.slow
def test_the_site_has_the_nine_areas_in_every_year(second_pages: Mapping[str, html.HtmlElement]) -> None:
    reports = [name.split("/") for name in second_pages if re.match(r"\d{4}/.*/", name)]
    assert {area for _, area, _ in reports} == NAMES
    assert {year for year, _, _ in reports} == {"2019", "2020", "2021", "2022", "2023", "2025"}


@pytest.mark.slow
def test_no_word_of_a_report_speaks_of_invented_data(second_pages: Mapping[str, html.HtmlElement]) -> None:
    for name, page in second_pages.items():
        if Path(name).stem not in WRITTEN_FOR_ALL:
            words = re.sub("示例数据不算公开|Demonstration data do not count", "", page.text_content())
            assert not INVENTED.search(words), name
        assert not page.xpath("//*[@data-status='demonstration']"), name


@pytest.mark.slow
def test_no_table_of_the_site_holds_an_invented_row(second_site: Path) -> None:
    for path in sorted((second_site / "data").rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            assert all(row.get("status") != "demonstration" for row in csv.DictReader(lines)), path


@pytest.mark.slow
def test_no_page_speaks_of_the_other_place(second_pages: Mapping[str, html.HtmlElement]) -> None:
    assert [name for name, page in second_pages.items() if OTHER_PLACE.search(page.text_content())] == []


@pytest.mark.slow
def test_the_printed_figures_stand_on_the_pages(second_pages: Mapping[str, html.HtmlElement]) -> None:
    for (area, period, indicator), value in PRINTED.items():
        page = second_pages[f"{period[:4]}/{area}/air.html"]
        name = f"{indicator}_{period.replace('-', '_').replace('/', '_to_')}"
        found = page.xpath(f"//data[@data-figure='{period[:4]}/{area}/air#{name}']/@value")
        assert set(found) == {value}, (area, period, indicator)


@pytest.mark.slow
def test_what_was_not_found_reads_not_disclosed(second_pages: Mapping[str, html.HtmlElement]) -> None:
    page = second_pages["2022/liannan/overview.html"]
    states = page.xpath("//tr[@data-catalogue]/td[3]")
    assert len(states) == 49
    assert sum(state.text_content() in ("尚未公开", "本站尚未公开") for state in states) >= 44


@pytest.mark.slow
def test_every_figure_of_the_site_is_recomputed_and_every_link_leads_somewhere(
    second_site: Path, second_pages: Mapping[str, html.HtmlElement]
) -> None:
    assert [str(problem) for problem in verify(second_site)] == []
    for name, page in second_pages.items():
        for address in page.xpath("//@href|//@src"):
            path = address.partition("#")[0]
            if path and "://" not in path and name != "404.html":
                assert ((second_site / name).parent / path).resolve().is_file(), (name, address)
