"""A tidy file and its mapping: headings, names of places, printed numbers, sources, and what is wrong with either."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from projects import add, complaints, edit
from reportkit.errors import SettingsError
from reportkit.importers import Imported, import_files
from reportkit.load import Reader
from reportkit.project import Project, open_project
from reportkit.validate import check
from workbook import write_workbook

ROOT = Path(__file__).parents[2]

MAPPING = r"""
table: air/published
columns:
  area_code:
    column: 区域
    lookup: areas.name_zh
    also: {天河: 440106, 萝岗区: 440112}
    others: 广东省|全国
  period:
    column: 时段
    match:
      '([0-9]{4})-([0-9]{2})\.\.([0-9]{2})': '\1-\2/\1-\3'
      '(20[0-9]{2})年?([1-9])月': '\1-0\2'
  status: {value: official}
skip:
  - 区域: 二级标准
unpivot:
  - {heading: [PM2.5, 细颗粒物], indicator: pm2_5, unit: ug/m3}
  - {heading: CO, indicator: co_p95, unit: mg/m3, printed_in: ug/m3, decimals: 1}
  - {heading: 达标率, indicator: good_days_ratio, unit: "%"}
  - {heading: 排名, indicator: composite_index_rank, when: {版式: A}}
  - {heading: 排名, indicator: good_days_ratio_rank, when: {版式: B}}
sources:
  prefix: test
  title: {column: 来源}
  url: {column: 网址}
  publisher: {value: 某局}
  trust: {column: 版式, match: {A: A, B: C}}
  licence: {value: source's terms}
"""
HEADING = ("区域", "时段", "PM2.5", "CO", "达标率", "排名", "版式", "来源", "网址")
USUAL = ("天河区", "2023-05", "20", "900", "96.8%", "3", "A", "某月公报", "http://example.org/a")


def row(**changed: str) -> tuple[str, ...]:
    """A row that differs from an ordinary one by what is *changed*."""
    return tuple(changed.get(name, cell) for name, cell in zip(HEADING, USUAL, strict=True))


def table(path: Path, *rows: tuple[str, ...], heading: tuple[str, ...] = HEADING, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *rows])
    return path


def imported(project: Project, *files: Path, mapping: str = MAPPING) -> Imported:
    path = project.root / "mapping.yml"
    path.write_text(mapping, encoding="utf-8")
    return import_files("tidy", files, project, path)


def new_figures(project: Project) -> dict[tuple[str, str, str], str]:
    rows = Reader(project).raw("air/published")
    ours = rows[rows["source_id"].str.startswith("test-")]
    return {(r["area_code"], r["period"], r["indicator"]): r["value"] for r in ours.to_dict("records")}


def refused(project: Project, *changes: tuple[str, str]) -> SettingsError:
    """What is said about the mapping once every *change* (before, after) is made."""
    mapping = MAPPING
    for before, after in changes:
        assert before in mapping
        mapping = mapping.replace(before, after, 1)
    with pytest.raises(SettingsError) as error:
        imported(project, mapping=mapping)
    return error.value


# --- figures ------------------------------------------------------------------------------------------------


def test_a_row_with_several_figures_becomes_a_row_for_each_as_it_is_printed(project: Project, tmp_path: Path) -> None:
    done = imported(project, table(tmp_path / "a.csv", row()))
    assert (done.rows_read, done.rows_added, done.findings) == (4, 4, ())
    assert new_figures(project) == {
        ("440106", "2023-05", "pm2_5"): "20",
        ("440106", "2023-05", "co_p95"): "0.9",
        ("440106", "2023-05", "good_days_ratio"): "96.8",
        ("440106", "2023-05", "composite_index_rank"): "3",
    }


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("100", "100"),
        ("100%", "100"),
        ("100.0%", "100.0"),
        ("96.8％", "96.8"),
        ("９", None),
        ("约90", None),
        ("-1", None),
    ],
)
def test_a_percentage_is_kept_with_the_digits_that_are_printed(
    project: Project, tmp_path: Path, printed: str, value: str | None
) -> None:
    done = imported(project, table(tmp_path / "a.csv", row(达标率=printed)))
    assert new_figures(project).get(("440106", "2023-05", "good_days_ratio")) == value
    assert [found.column for found in done.findings] == ([] if value else ["达标率"])


@pytest.mark.parametrize("printed", ["", "-", "—", "——", "/", " "])
def test_a_cell_that_says_nothing_is_no_figure(project: Project, tmp_path: Path, printed: str) -> None:
    done = imported(project, table(tmp_path / "a.csv", row(**{"PM2.5": printed})))
    assert (done.rows_read, done.rows_added, done.rows_set_aside) == (3, 3, 0)


def test_a_row_without_any_figure_is_set_aside(project: Project, tmp_path: Path) -> None:
    done = imported(project, table(tmp_path / "a.csv", row(**{"PM2.5": "-", "CO": "", "达标率": "/", "排名": "—"})))
    assert (done.rows_read, done.rows_set_aside, [found.code for found in done.findings]) == (
        1,
        1,
        ["import-no-figure"],
    )


def test_one_heading_may_mean_two_things_by_another_column(project: Project, tmp_path: Path) -> None:
    imported(project, table(tmp_path / "a.csv", row(版式="B", 来源="b")))
    assert new_figures(project)["440106", "2023-05", "good_days_ratio_rank"] == "3"


def test_a_heading_may_be_written_in_several_ways(project: Project, tmp_path: Path) -> None:
    heading = tuple("细颗粒物" if name == "PM2.5" else name for name in HEADING)
    done = imported(project, table(tmp_path / "a.csv", row(), heading=heading))
    assert (done.rows_added, done.findings) == (4, ())


def test_a_heading_that_is_not_there_is_pointed_out(project: Project, tmp_path: Path) -> None:
    done = imported(project, table(tmp_path / "a.csv", row(), heading=tuple("x" if n == "CO" else n for n in HEADING)))
    (found,) = done.findings
    assert (found.code, found.severity, found.column) == ("import-heading-absent", "review", "co")


def test_a_column_that_is_needed_is_named(project: Project, tmp_path: Path) -> None:
    done = imported(
        project, table(tmp_path / "a.csv", row(), heading=tuple("x" if n == "时段" else n for n in HEADING))
    )
    (found,) = done.findings
    assert (done.rows_read, found.code, found.expected) == (0, "import-columns", "the columns 时段")


# --- names and periods --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "code"), [("天河区", "440106"), ("天河", "440106"), ("萝岗区", "440112")])
def test_an_area_is_found_by_its_name_or_by_another_that_the_mapping_lists(
    project: Project, tmp_path: Path, name: str, code: str
) -> None:
    imported(project, table(tmp_path / "a.csv", row(区域=name)))
    assert {area for area, _, _ in new_figures(project)} == {code}


def test_an_area_that_is_neither_ours_nor_anothers_is_set_aside_with_the_nearest_name(
    project: Project, tmp_path: Path
) -> None:
    done = imported(project, table(tmp_path / "a.csv", row(), row(区域="天和区"), row(区域="广东省")))
    assert (done.rows_read, done.rows_added, done.rows_of_other_places, done.rows_set_aside) == (12, 4, 4, 4)
    found = done.findings[0]
    assert (found.code, found.row, found.column, found.value) == ("import-unknown", 3, "区域", "天和区")
    assert "did you mean '天河区'" in found.do


def test_all_names_but_ours_may_be_other_places(project: Project, tmp_path: Path) -> None:
    mapping = MAPPING.replace("others: 广东省|全国", 'others: ".*"')
    done = imported(project, table(tmp_path / "a.csv", row(), row(区域="肇庆市")), mapping=mapping)
    assert (done.rows_added, done.rows_of_other_places) == (4, 4)


def test_a_limit_row_is_skipped_and_that_is_noted(project: Project, tmp_path: Path) -> None:
    done = imported(project, table(tmp_path / "a.csv", row(), row(区域="二级标准", CO="4.0")))
    (found,) = done.findings
    assert (done.rows_read, found.code, found.value) == (4, "import-skipped", "1 rows that are skipped")


@pytest.mark.parametrize(
    ("written", "period"),
    [("2022-01..11", "2022-01/2022-11"), ("20224月", "2022-04"), ("2022年4月", "2022-04"), ("2022-04", "2022-04")],
)
def test_a_period_is_rewritten_by_the_first_pattern_that_fits(
    project: Project, tmp_path: Path, written: str, period: str
) -> None:
    imported(project, table(tmp_path / "a.csv", row(时段=written)))
    assert {found for _, found, _ in new_figures(project)} == {period}


def test_a_cell_that_the_table_does_not_take_is_set_aside(project: Project, tmp_path: Path) -> None:
    done = imported(project, table(tmp_path / "a.csv", row(时段="去年")))
    assert (done.rows_added, done.rows_set_aside) == (0, 4)
    assert {(found.code, found.row, found.column, found.value) for found in done.findings} == {
        ("import-cell", 2, "时段", "去年")
    }


# --- sources and status -------------------------------------------------------------------------------------


def test_each_title_and_address_is_one_source_and_its_name_does_not_depend_on_the_order(
    project: Project, tmp_path: Path
) -> None:
    imported(project, table(tmp_path / "a.csv", row(), row(区域="荔湾区"), row(区域="越秀区", 来源="另一份")))
    sources = Reader(project).raw("sources")
    ours = sources[sources["source_id"].str.startswith("test-")]
    assert sorted(ours["title"]) == ["另一份", "某月公报"]
    assert set(ours["publisher"]) == {"某局"}
    assert "test-ff754101" in set(ours["source_id"])


@pytest.mark.parametrize(("layout", "status"), [("A", "official"), ("B", "provisional")])
def test_a_row_is_official_only_on_the_authoritys_own_text(
    project: Project, tmp_path: Path, layout: str, status: str
) -> None:
    imported(project, table(tmp_path / "a.csv", row(版式=layout)))
    rows = Reader(project).raw("air/published")
    assert set(rows[rows["source_id"].str.startswith("test-")]["status"]) == {status}
    assert complaints(project) == []


def test_a_source_that_is_described_in_two_ways_is_a_contradiction(project: Project, tmp_path: Path) -> None:
    done = imported(project, table(tmp_path / "a.csv", row(), row(区域="荔湾区", 版式="B")))
    assert {(found.code, found.row, found.column) for found in done.findings} == {("import-contradiction", 3, "版式")}


# --- what holds for every import ----------------------------------------------------------------------------


def test_importing_twice_changes_nothing(project: Project, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", row(), row(区域="?"), row(**{"PM2.5": "21"}))
    first = imported(project, file)
    before = {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}
    again = imported(project, file)
    assert (first.rows_added, first.rows_already_there, first.rows_set_aside) == (4, 3, 5)
    assert (again.rows_added, again.rows_already_there, again.rows_set_aside, again.files_written) == (0, 7, 5, ())
    assert {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()} == before


def test_a_figure_that_contradicts_another_is_set_aside_alone_with_its_line(project: Project, tmp_path: Path) -> None:
    done = imported(project, table(tmp_path / "a.csv", row(), row(**{"PM2.5": "21"})))
    (found,) = done.findings
    assert (found.code, found.row, found.column, found.value) == ("import-contradiction", 3, "value", "21")
    (path,) = (project.root / "set_aside").glob("*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        (kept,) = csv.DictReader(file)
    assert (kept["row"], kept["区域"], kept["PM2.5"], kept["taken from"]) == ("3", "天河区", "21", "pm2.5 (pm2_5)")


def test_a_line_that_is_one_cell_too_long_is_set_aside(project: Project, tmp_path: Path) -> None:
    done = imported(project, table(tmp_path / "a.csv", (*row(), "more")))
    assert (done.rows_set_aside, [found.code for found in done.findings]) == (1, ["import-cells"])


def test_published_figures_may_stand_beside_demonstration_measurements(project: Project, tmp_path: Path) -> None:
    add(
        project.data / "stations.csv",
        {
            **{"station_id": "DEMO-1", "name_zh": "示例", "name_en": "Demo", "area_code": "440106"},
            **{"network": "national", "is_control_point": "false", "status": "demonstration", "source_id": "gbt-2260"},
        },
    )
    assert imported(project, table(tmp_path / "a.csv", row())).rows_added == 4


def test_without_figures_to_unpivot_a_row_is_a_row(project: Project, tmp_path: Path) -> None:
    mapping = """
table: area_statistics
columns:
  area_code: {column: area, lookup: areas.name_zh}
  indicator: {value: gdp}
  year: {column: year}
  value: {column: gdp, unit: 100M yuan}
  unit: {value: 100M yuan}
  source_id: {column: source}
"""
    heading = ("area", "year", "gdp", "source")
    file = table(
        tmp_path / "a.csv",
        ("天河区", "1999", "12.50", "gbt-2260"),
        ("天河区", "1998", "1", "gbt-2261"),
        heading=heading,
    )
    done = imported(project, file, mapping=mapping)
    (found,) = done.findings
    assert (found.code, found.row, found.column) == ("import-reference", 3, "source")
    assert "did you mean 'gbt-2260'" in found.do
    rows = Reader(project).raw("area_statistics")
    (added,) = rows[rows["year"] == "1999"].to_dict("records")
    assert (added["value"], added["status"]) == ("12.50", "provisional")


# --- files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_are_read_in_the_encodings_that_are_used(project: Project, tmp_path: Path, encoding: str) -> None:
    assert imported(project, table(tmp_path / "a.csv", row(), encoding=encoding)).rows_added == 4


def test_line_ends_of_old_are_read(project: Project, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", row(), row(区域="荔湾区"))
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r"))
    assert imported(project, file).rows_added == 8


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_row_with_a_cell_of_a_megabyte_is_set_aside(project: Project, tmp_path: Path, suffix: str) -> None:
    rows = row(来源="长" * 1_000_000), row()
    if suffix == "csv":
        file = table(tmp_path / "a.csv", *rows)
    else:
        file = write_workbook(tmp_path / "a.xlsx", {"表": [HEADING, *rows]})
    done = imported(project, file)
    assert (done.rows_added, done.rows_set_aside) == (4, 4)
    assert {(found.code, found.row, found.column) for found in done.findings} == {("import-long", 2, "来源")}
    assert max(len(str(found)) for found in done.findings) < 250


def test_a_workbook_is_read_like_the_csv_of_it(project: Project, tmp_path: Path) -> None:
    cells = [*row()[:2], 20, 900.0, 96.8, 3, *row()[6:]]
    done = imported(project, write_workbook(tmp_path / "a.xlsx", {"表": [HEADING, [], cells]}))
    assert (done.rows_added, done.findings) == (4, ())
    assert new_figures(project)["440106", "2023-05", "good_days_ratio"] == "96.8"


def test_rows_of_a_workbook_are_counted_as_it_counts_them(project: Project, tmp_path: Path) -> None:
    done = imported(project, write_workbook(tmp_path / "a.xlsx", {"表": [HEADING, [], row(区域="?")]}))
    assert {found.row for found in done.findings} == {3}


def test_a_sheet_is_chosen_by_its_name(project: Project, tmp_path: Path) -> None:
    file = write_workbook(tmp_path / "a.xlsx", {"说明": [["?"]], "表2": [HEADING, row()]})
    assert imported(project, file, mapping="sheet: 表2" + MAPPING).rows_added == 4
    (found,) = imported(project, file, mapping="sheet: 表3" + MAPPING).findings
    assert (found.code, found.value) == ("import-sheet", "表3")
    assert "did you mean '表2'" in found.do


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_a_finding(project: Project, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    (found,) = imported(project, tmp_path / "a.xlsx").findings
    assert found.code == "import-workbook"


# --- the mapping --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "line", "nearest"),
    [
        ("skip:", "skpi:", 15, "skip"),
        ("    lookup:", "    lokup:", 6, "lookup"),
        ("  period:", "  periode:", 9, "period"),
        ("indicator: pm2_5", "indicater: pm2_5", 18, "indicator"),
        ("  publisher:", "  publischer:", 27, "publisher"),
        ("table: air/published", "table: air/publishd", 2, "air/published"),
        ("areas.name_zh", "areas.name_hz", 6, "name_zh"),
        ("areas.name_zh", "area.name_zh", 6, "areas"),
        ("天河: 440106", "天河: 440166", 7, "440106"),
        ("unit: ug/m3}", "unit: ug/m}", 18, "ug/m3"),
    ],
)
def test_what_a_mapping_names_wrongly_is_said_with_its_line_and_the_nearest_known_name(
    project: Project, before: str, after: str, line: int, nearest: str
) -> None:
    error = refused(project, (before, after))
    assert str(error.where).endswith(f"mapping.yml, line {line}")
    assert error.do == f"did you mean '{nearest}'?"


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("table: air/published", "", 1, "'table' is missing"),
        ("  trust: {column: 版式, match: {A: A, B: C}}\n", "", 23, "'sources.trust' is missing"),
        ("  period:\n", "  note:\n", 3, "Nothing fills the column 'period'"),
        ("{column: 来源}", "{column: 来源, value: x}", 25, "filled by one thing"),
        ("{value: 某局}", "{value: 某局, match: {a: b}}", 27, "says nothing without 'column:'"),
        ("'(20[0-9]{2})年?([1-9])月'", "'(20'", 13, "is no pattern"),
        (r"'\1-0\2'", r"'\1-0\3'", 13, "cannot be made of the pattern"),
        ("printed_in: ug/m3", 'printed_in: "%"', 19, "cannot be converted"),
        ("decimals: 1", "decimals: one", 19, "no number of decimals"),
        ("table: air/published", "table: areas", 17, "takes no figures"),
        ("table: air/published", "table: air/station_daily", 2, "several files"),
        ("value: official", "value: demonstration", 14, "another status"),
        ("prefix: test", "prefix: 测试", 24, "cannot begin a source_id"),
        ("skip:\n  - 区域: 二级标准", "skip: 二级标准", 15, "wrong type"),
    ],
)
def test_a_mapping_that_does_not_check_is_refused_with_its_line(
    project: Project, before: str, after: str, line: int, words: str
) -> None:
    changes = [(before, after)]
    if after == "table: areas":
        changes += [("  area_code:", "  slug:"), ("  period:", "  name_zh:")]
    error = refused(project, *changes)
    assert words in error.what
    assert str(error.where).endswith(f"mapping.yml, line {line}")


def test_a_mapping_is_text_so_that_codes_and_words_need_no_quotes(project: Project, tmp_path: Path) -> None:
    mapping = MAPPING.replace("match: {A: A, B: C}", "match: {yes: A, no: B}")
    imported(project, table(tmp_path / "a.csv", row(版式="no")), mapping=mapping)
    sources = Reader(project).raw("sources")
    assert list(sources[sources["source_id"].str.startswith("test-")]["trust"]) == ["B"]


@pytest.mark.parametrize("content", ["", "- a\n", "text\n", "a: [\n"])
def test_what_is_no_mapping_is_refused(project: Project, content: str) -> None:
    with pytest.raises(SettingsError, match=r"mapping\.yml"):
        imported(project, mapping=content)


def test_a_mapping_that_is_not_there_or_not_utf_8_is_said(project: Project, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="could not be read"):
        import_files("tidy", [], project, tmp_path / "absent.yml")
    (tmp_path / "other.yml").write_bytes("表".encode("gb18030"))
    with pytest.raises(SettingsError, match="not text in UTF-8"):
        import_files("tidy", [], project, tmp_path / "other.yml")


def test_tidy_needs_a_mapping_and_no_other_format_takes_one(project: Project, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="needs a mapping"):
        import_files("tidy", [], project)
    with pytest.raises(SettingsError, match="take no mapping"):
        import_files("city-daily", [], project, tmp_path / "mapping.yml")


# --- its first user -----------------------------------------------------------------------------------------

QINGYUAN = {
    **{"441802": "清城区", "441803": "清新区", "441821": "佛冈县", "441823": "阳山县", "441825": "连山壮族瑶族自治县"},
    **{"441826": "连南瑶族自治县", "441881": "英德市", "441882": "连州市", "441800": "清远市"},
}


@pytest.mark.parametrize(("kind", "rows", "sources"), [("air", 1444, 16), ("water", 36, 2)], ids=["air", "water"])
def test_the_published_figures_of_qingyuan_are_imported_whole(
    project: Project, shared: Path, kind: str, rows: int, sources: int
) -> None:
    slugs = "abcdefghi"
    edit(
        project.data / "areas.csv",
        lambda known: [
            *known,
            *(
                {**known[1], "area_code": code, "slug": f"q{slug}", "name_zh": name, "has_coast": "false"}
                for slug, (code, name) in zip(slugs, QINGYUAN.items(), strict=True)
            ),
        ],
    )
    file = shared / f"domain/figures/other_places/qingyuan_{kind}.csv"
    mapping = ROOT / f"examples/qingyuan/import/{kind}.yml"
    done = import_files("tidy", [file], project, mapping)
    assert (done.rows_read, done.rows_added, done.findings) == (rows, rows, ())
    assert import_files("tidy", [file], project, mapping).files_written == ()
    cited = Reader(project).raw("sources")["source_id"]
    assert cited.str.startswith("qingyuan-").sum() == sources
    assert [str(it) for it in check(open_project(project.root)) if it.severity == "stop"] == []
