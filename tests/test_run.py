"""A report is executed again when something it was made from has changed, and not otherwise; failures stay alone."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

import reportkit
from projects import REPO, Row, add, edit, read, small_project
from reportkit import modules, render, run, text
from reportkit.blocks import MIMETYPE
from reportkit.chapters import discover
from reportkit.chapters.air import Air
from reportkit.errors import ReportError, SettingsError
from reportkit.held import hold
from reportkit.manifest import hash_file
from reportkit.memo import noting
from reportkit.project import CONFIG, Project, open_project
from reportkit.reports import Failure, Made, Report, blocks, used
from reportkit.run import plan
from reportkit.staleness import Manifest
from reportkit.standards import rules
from reportkit.storage import write_whole
from reportkit.warm import Ended

TIANHE = Report(2024, "tianhe", "air", "zh")
NANSHA = Report(2024, "nansha", "air", "zh")

# What a report says it was made from: the days of one station, one standard, one message, one module.
USED: dict[str, Any] = {
    "selections": [
        {"table": "air/station_daily", "where": {"station_id": ["DEMO-440106-1"], "date": {"to": "2024-12-31"}}},
        {"table": "areas", "where": {}},
    ],
    "messages": [["air.answer.days", "zh"]],
    "standards": ["air_limits"],
    "chapters": [],
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project", districts=("tianhe", "nansha"), data_years=(2024,))


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Code, messages and standards in a folder of their own, where a test may change them."""
    shutil.copytree(
        Path(reportkit.__file__).parent, tmp_path / "reportkit", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(REPO / "data" / "standards", tmp_path / "standards")
    monkeypatch.setattr(modules, "PACKAGE", tmp_path / "reportkit")
    monkeypatch.setattr(text, "LOCALE", tmp_path / "reportkit" / "locale")
    monkeypatch.setattr(rules, "folder", lambda: tmp_path / "standards")
    forget_messages()
    yield tmp_path
    forget_messages()


def forget_messages() -> None:
    text.catalogue.cache_clear()


def pretend(project: Project, report: Report, used: dict[str, Any] = USED) -> None:
    """Write the executed notebook of *report*, with one block that says what was *used*."""
    block = {"kind": "statement", "name": "answer", "language": report.language, "inputs": used}
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("chapter.answer()", id="cell-1")])
    made.cells[0].outputs = [nbformat.v4.new_output("display_data", data={MIMETYPE: block})]
    path = report.path(project)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, path)


def recorded(project: Project, *reports: Report) -> None:
    """Execute *reports*, as it were, and keep what they were made from."""
    manifest = Manifest(project)
    for report in reports:
        pretend(project, report)
        manifest.record(report, made(project, report))


def made(project: Project, report: Report) -> Made:
    """What *report* was made from, as its notebook says."""
    path = report.path(project)
    return Made(used(json.loads(path.read_bytes())), hash_file(path))


def is_stale(project: Project, report: Report = TIANHE) -> bool:
    """Whether *report* is stale, as a new run finds it."""
    forget_messages()
    return bool(Manifest(open_project(project.root)).changed(report))


def replace(path: Path, before: str, after: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert before in content
    path.write_text(content.replace(before, after, 1), encoding="utf-8")


def set_value(project: Project, table: str, station: str, value: str) -> None:
    """Change one value of a station's days."""

    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        next(row for row in rows if row["station_id"] == station)["pm2_5_ug_m3"] = value
        return rows

    edit(project.data / table, change)


def rename_column(project: Project, before: str, after: str) -> None:
    """Give a column another name wherever it stands, in the tables and in their description."""
    for path in [project.data / "datapackage.json", *project.data.rglob("*.csv")]:
        path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


# --- staleness ------------------------------------------------------------------------------------

Change = Callable[[Project, Path], object]

STALE: dict[str, Change] = {
    "its notebook": lambda project, _: replace(
        project.notebooks / "air.ipynb", "chapter.answer()", "chapter.answer ()"
    ),
    "a module it reached": lambda _, places: replace(places / "reportkit" / "figures.py", '"""', '"""More. '),
    "its chapter": lambda _, places: replace(places / "reportkit" / "chapters" / "air.py", '"""', '"""More. '),
    "the templates of blocks": lambda _, places: replace(
        places / "reportkit" / "templates" / "blocks.html", "{#", "{#+"
    ),
    "a row it read": lambda project, _: set_value(project, "air/station_daily_2024.csv", "DEMO-440106-1", "77"),
    "a row less": lambda project, _: edit(project.data / "areas.csv", lambda rows: rows[:-1]),
    "a correction of a row it read": lambda project, _: add(
        project.data / "corrections.csv",
        {
            "table": "air/station_daily",
            "key": "station_id=DEMO-440106-1;date=2024-01-01",
            "column": "status",
            "value_before": "demonstration",
            "value_after": "provisional",
        },
    ),
    "the schema of a table it read": lambda project, _: replace(
        project.data / "datapackage.json",
        '"name": "tile_row",\n            "type": "integer"',
        '"name": "tile_row",\n            "type": "number"',
    ),
    "a standard it used": lambda _, places: replace(
        places / "standards" / "air_limits.csv", "transition", "transition "
    ),
    "a message it used": lambda _, places: replace(
        places / "reportkit" / "locale" / "zh" / "air.po", "空气优良，占有效监测", "空气优良，占监测"
    ),
    "a message it used being gone": lambda _, places: replace(
        places / "reportkit" / "locale" / "zh" / "air.po", 'msgid "air.answer.days"', 'msgid "air.answer.gone"'
    ),
    "the first language": lambda project, _: replace(project.root / CONFIG, "[zh, en]", "[en, zh]"),
    "the city": lambda project, _: replace(project.root / CONFIG, '"440100"', '"440106"'),
    "its output changed": lambda project, _: replace(TIANHE.path(project), "chapter.answer()", "something else"),
    "its output gone": lambda project, _: TIANHE.path(project).unlink(),
    "a table it read being gone": lambda project, _: (project.data / "areas.csv").unlink(),
    "a column it asked for being gone": lambda project, _: rename_column(project, "station_id", "station_code"),
    "a standard it used being gone": lambda _, places: (places / "standards" / "air_limits.csv").unlink(),
    "a heading of a table it read": lambda project, _: replace(project.data / "areas.csv", "area_code,", "code,"),
}

FRESH: dict[str, Change] = {
    "nothing": lambda project, _: None,
    "another notebook": lambda project, _: replace(
        project.notebooks / "overview.ipynb", "chapter.tiles()", "chapter.tiles ()"
    ),
    "a module it did not reach": lambda _, places: replace(places / "reportkit" / "cli.py", '"""', '"""More. '),
    "a template of pages": lambda _, places: replace(
        places / "reportkit" / "templates" / "page.html", "<body", "<body "
    ),
    "a row of another station": lambda project, _: set_value(
        project, "air/station_daily_2024.csv", "DEMO-440106-2", "77"
    ),
    "a later day of its station": lambda project, _: add(
        project.data / "air" / "station_daily_2024.csv", {"station_id": "DEMO-440106-1", "date": "2025-01-01"}
    ),
    "another table": lambda project, _: edit(project.data / "area_statistics.csv", lambda rows: rows[:-1]),
    "a standard it did not use": lambda _, places: replace(places / "standards" / "aqi_levels.csv", "HJ", "HJ "),
    "a message it did not use": lambda _, places: replace(
        places / "reportkit" / "locale" / "zh" / "air.po", "空气优良天数比例为", "优良天数比例为"
    ),
    "a message of the other language": lambda _, places: replace(
        places / "reportkit" / "locale" / "en" / "air.po", "the air of {area} was good", "the air in {area} was good"
    ),
    "another year of the site": lambda project, _: replace(
        project.root / CONFIG, "years: [2024]", "years: [2023, 2024]"
    ),
    "the address of the site": lambda project, _: replace(
        project.root / CONFIG, 'base_url: ""', 'base_url: "https://x/"'
    ),
    "who publishes": lambda project, _: replace(project.root / CONFIG, "zh: 示范站点", "zh: 某局"),
    "the patience with notebooks": lambda project, _: replace(project.root / CONFIG, "seconds: 600", "seconds: 60"),
    "the name of the site": lambda project, _: replace(
        project.root / CONFIG, "    en: Environmental", "    en: The environmental"
    ),
}


@pytest.mark.parametrize("changed", STALE)
def test_a_report_is_stale_when_what_it_was_made_from_has_changed(project: Project, places: Path, changed: str) -> None:
    recorded(project, TIANHE)
    STALE[changed](project, places)
    assert is_stale(project)


@pytest.mark.parametrize("changed", FRESH)
def test_a_report_is_fresh_whatever_else_has_changed(project: Project, places: Path, changed: str) -> None:
    recorded(project, TIANHE)
    FRESH[changed](project, places)
    assert not is_stale(project)


def test_another_font_makes_a_report_stale(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(project, TIANHE)
    facts = render.facts()
    monkeypatch.setattr(render, "facts", lambda: {**facts, "font_sha256": "another"})
    assert is_stale(project)


def test_a_report_of_other_parameters_is_another_report(project: Project) -> None:
    recorded(project, TIANHE)
    others = [Report(2023, "tianhe", "air", "zh"), NANSHA, Report(2024, "tianhe", "air", "en")]
    assert all(is_stale(project, other) for other in others)


def test_a_report_that_was_forgotten_is_stale(project: Project) -> None:
    recorded(project, TIANHE)
    Manifest(project).forget(TIANHE)
    assert is_stale(project)


def test_what_all_blocks_used_counts(project: Project) -> None:
    pretend(project, TIANHE)
    made = nbformat.read(TIANHE.path(project), as_version=4)
    made.cells.append(nbformat.from_dict(json.loads(json.dumps(made.cells[0]).replace("air_limits", "aqi_levels"))))
    found = used(made)
    assert found["standards"] == ["air_limits", "aqi_levels"]
    assert len(found["selections"]) == 2


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"{",
        b"\xff",
        b"null",
        b"[]",
        b"{}",
        b'{"output": ""}',
        b'{"output": "", "used": {}, "inputs": {}}',
        b'{"output": "OUTPUT", "used": {}, "inputs": {}}',
        b'{"output": "OUTPUT", "used": 1, "inputs": {}}',
    ],
)
def test_an_entry_that_is_garbage_makes_its_report_stale_and_is_written_anew(project: Project, garbage: bytes) -> None:
    pretend(project, TIANHE)
    path = TIANHE.path(project)
    path.with_suffix(".json").write_bytes(garbage.replace(b"OUTPUT", hash_file(path).encode()))
    manifest = Manifest(project)
    assert manifest.changed(TIANHE)
    manifest.record(TIANHE, made(project, TIANHE))
    assert not is_stale(project)


# --- what is planned ------------------------------------------------------------------------------


def test_every_area_chapter_and_language_of_every_year_is_planned(project: Project) -> None:
    names = [report.name for report in plan(project)]
    archives = [name for name in names if name.startswith("2024/enterprises/")]
    assert len(archives) == 2 * len(read(project.data / "enterprises/register.csv")) > 0
    assert len(names) == len(set(names)) == 3 * len(discover()) * 2 + len(archives)
    assert names[:4] == [
        "2024/guangzhou/overview.zh",
        "2024/guangzhou/overview.en",
        "2024/guangzhou/air.zh",
        "2024/guangzhou/air.en",
    ]


def test_a_closed_year_keeps_the_reports_of_a_notebook_that_is_there_no_more(project: Project) -> None:
    closed = project.notebooks / "2024"
    closed.mkdir()
    shutil.move(project.notebooks / "air.ipynb", closed / "air.ipynb")
    planned = plan(project, ["tianhe"])
    assert TIANHE in planned
    (closed / "air.ipynb").unlink()
    assert TIANHE not in plan(project, ["tianhe"])


def test_archives_are_those_of_the_enterprises_of_the_districts_named(project: Project) -> None:
    rows = read(project.data / "enterprises/register.csv")
    own = [row["enterprise_id"] for row in rows if row["area_code"] == "440115"]
    planned = plan(project, ["nansha"], ["archive"])
    assert [report.chapter for report in planned[::2]] == own
    assert {(report.area, report.notebook) for report in planned} == {("enterprises", "archive")}


def test_districts_and_chapters_may_be_named(project: Project) -> None:
    assert plan(project, ["nansha"], ["air"]) == [NANSHA, Report(2024, "nansha", "air", "en")]


@pytest.mark.parametrize(("districts", "chapters", "nearest"), [(["tinahe"], [], "tianhe"), ([], ["aiir"], "air")])
def test_an_unknown_name_is_refused_with_the_nearest_known_one(
    project: Project, districts: list[str], chapters: list[str], nearest: str
) -> None:
    with pytest.raises(SettingsError) as error:
        plan(project, districts, chapters)
    assert error.value.do == f"did you mean '{nearest}'?"


def test_a_notebook_that_cannot_be_run_is_refused_before_anything_runs(project: Project) -> None:
    replace(project.notebooks / "overview.ipynb", '"parameters"', '"parameter"')
    with pytest.raises(ReportError, match="0 cells tagged"):
        plan(project)
    assert len(plan(project, ["tianhe"], ["air"])) == 2


# --- in which order, and how many at a time -------------------------------------------------------


class Asked:
    """Stands in for the warm process: whatever is asked of it is done at once."""

    def __init__(self) -> None:
        self.reports = list[Report]()

    def submit(self, function: object, root: Path, report: Report, limits: object) -> int:
        self.reports.append(report)
        return len(self.reports)

    def ended(self) -> Iterator[tuple[int, Ended]]:
        for number in itertools.count(1):
            yield number, Ended(True, Made(USED, ""), None, "", "", 0, 1.0, 100.0)


def test_the_longest_are_executed_first(project: Project) -> None:
    reports = plan(project, ["tianhe"], ["air", "water", "noise"])
    took = {"air": 2.0, "water": 9.0, "noise": 5.0}
    known = {report.name: [took[report.chapter], 100] for report in reports}
    write_whole(project.build / "durations.json", json.dumps(known).encode())
    asked = Asked()
    done = [report for report, _ in run._execute_all(project, reports, 1, asked)]  # type: ignore[arg-type]
    assert [report.chapter for report in asked.reports[::2]] == ["water", "noise", "air"]
    assert done == asked.reports


@pytest.mark.parametrize(("free", "number"), [(100, 1), (1000, 3), (64_000, 8)])
def test_as_many_are_executed_at_a_time_as_cores_and_memory_allow(
    monkeypatch: pytest.MonkeyPatch, free: int, number: int
) -> None:
    monkeypatch.setattr(run, "cores", lambda: 8)
    monkeypatch.setattr(run.psutil, "virtual_memory", lambda: SimpleNamespace(available=free * 2**20))
    assert run.workers(300.0) == number


# --- what is run ----------------------------------------------------------------------------------


@pytest.fixture
def executions(monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    """Reports are only pretended to be executed, and listed here; those of nansha fail."""
    executed: list[Report] = []

    def execute_all(
        project: Project, reports: Sequence[Report], jobs: int | None, process: object
    ) -> Iterator[tuple[Report, Made | Failure]]:
        for report in reports:
            executed.append(report)
            pretend(project, report)
            yield report, Failure(report, 5, "line 1: x", "why") if report.area == "nansha" else made(project, report)

    monkeypatch.setattr(run, "_execute_all", execute_all)
    return executed


def test_only_stale_reports_are_executed_and_failed_ones_again(project: Project, executions: list[Report]) -> None:
    first = run.run(project, [NANSHA, TIANHE])
    assert (first.executed, first.fresh, [failure.report for failure in first.failed]) == ([TIANHE], [], [NANSHA])
    executions.clear()
    told: list[tuple[Report, str]] = []
    second = run.run(project, [NANSHA, TIANHE], progress=lambda report, state: told.append((report, state)))
    assert executions == [NANSHA]
    assert second.fresh == [TIANHE]
    assert sorted(state for _, state in told) == ["failed", "fresh"]


def test_force_executes_fresh_reports_too(project: Project, executions: list[Report]) -> None:
    run.run(project, [TIANHE])
    assert run.run(project, [TIANHE], force=True).executed == [TIANHE]
    assert executions == [TIANHE, TIANHE]


def test_a_report_that_fails_after_it_was_good_is_not_taken_for_good(
    project: Project, executions: list[Report]
) -> None:
    recorded(project, NANSHA)
    run.run(project, [NANSHA], force=True)
    assert is_stale(project, NANSHA)


def test_a_failure_of_a_closed_year_names_the_notebook_of_that_year(project: Project) -> None:
    closed = project.notebooks / "2024" / "air.ipynb"
    closed.parent.mkdir()
    notebook = nbformat.read(project.notebooks / "air.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "parameters" not in cell.metadata.get("tags", [])]
    nbformat.write(notebook, closed)
    failure = run.execute(project.root, TIANHE)
    assert "  notebooks/2024/air.ipynb, before the first cell" in str(failure).splitlines()


def test_a_failure_names_district_chapter_cell_line_and_reason() -> None:
    told = str(Failure(TIANHE, 5, "line 1: chapter.answer()", "DataError: wrong\n  where: row 7"))
    assert told.splitlines() == [
        "2024 · tianhe · air (zh)",
        "  notebooks/air.ipynb, cell 5: line 1: chapter.answer()",
        "    DataError: wrong",
        "      where: row 7",
    ]


def test_a_chapter_says_what_it_was_made_from(project: Project) -> None:
    with noting():
        chapter = Air.open("tianhe", 2024, "zh", project)
        inputs = chapter.pollutants().as_json()["inputs"]
    read_tables = {selection["table"] for selection in inputs["selections"]}
    assert {"areas", "stations", "air/station_daily", "air/published", "sources"} <= read_tables
    assert ["air.pollutants.title", "zh"] in inputs["messages"]
    assert ["air.pollutants.title", "en"] not in inputs["messages"]
    assert "air_limits" in inputs["standards"]


def test_of_an_edition_computed_before_a_chapter_says_what_it_looked_at_and_no_more(project: Project) -> None:
    def inputs(language: str) -> dict[str, Any]:
        with noting():
            found: dict[str, Any] = Air.open("tianhe", 2024, language, project).pollutants().as_json()["inputs"]
        return found

    before = inputs("zh")
    hold(project, 2024, "zh")
    assert inputs("zh") == before
    assert inputs("en") != before


# --- with kernels ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, run.Outcome]:
    """A run of two reports at a time, in which a value of one district is no number."""
    project = small_project(tmp_path_factory.mktemp("real"), data_years=(2024,))
    set_value(project, "air/station_daily_2024.csv", "DEMO-440115-1", "twelve")
    return project, run.run(project, [NANSHA, TIANHE], jobs=2)


def test_one_failing_report_does_not_hide_the_others(real: tuple[Project, run.Outcome]) -> None:
    project, outcome = real
    assert outcome.executed == [TIANHE]
    assert TIANHE.path(project).is_file()
    (failure,) = outcome.failed
    assert failure.report == NANSHA
    notebook = nbformat.read(project.notebooks / "air.ipynb", as_version=4)
    assert failure.cell is not None
    assert notebook.cells[failure.cell - 1].source == "chapter.answer()"
    assert failure.line == "line 1: chapter.answer()"
    rows = read(project.data / "air" / "station_daily_2024.csv")
    row = next(place for place, found in enumerate(rows, start=2) if found["pm2_5_ug_m3"] == "twelve")
    assert f"station_daily_2024.csv, row {row}, column pm2_5_ug_m3" in str(failure)
    assert "'twelve'" in str(failure)


def test_an_executed_report_is_fresh_and_holds_nothing_of_when_or_where(real: tuple[Project, run.Outcome]) -> None:
    project, _ = real
    assert not is_stale(project)
    written = TIANHE.path(project).read_text(encoding="utf-8")
    assert str(project.root) not in written
    assert "papermill" not in nbformat.reads(written, as_version=4).metadata
    assert not list(project.build.rglob("*.part.ipynb"))


def test_an_executed_report_depends_on_its_own_rows_alone(real: tuple[Project, run.Outcome]) -> None:
    project, _ = real
    statistics = (project.data / "area_statistics.csv").read_bytes()
    edit(project.data / "area_statistics.csv", lambda rows: rows[:-1])
    assert not is_stale(project)
    (project.data / "area_statistics.csv").write_bytes(statistics)
    set_value(project, "air/station_daily_2024.csv", "DEMO-440106-2", "77")
    assert is_stale(project)


def test_an_executed_report_shows_the_name_of_its_district_and_one_language(real: tuple[Project, run.Outcome]) -> None:
    project, _ = real
    notebook = nbformat.read(TIANHE.path(project), as_version=4)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "天河区 2024 年" in prose
    assert "Tianhe" not in prose
    assert "{{" not in prose


def edit_notebook(project: Project, change: Callable[[nbformat.NotebookNode], None]) -> None:
    """Save the notebook of the chapter on air with a *change*."""
    path = project.notebooks / "air.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def a_new_sentence(notebook: nbformat.NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source += "\n\nIn {{ district_name }}."


def other_order(notebook: nbformat.NotebookNode) -> None:
    """The last block first of all, and none of the second."""
    calls = [place for place, cell in enumerate(notebook.cells) if cell.source.startswith("chapter.")]
    last = notebook.cells.pop(calls[-1])
    del notebook.cells[calls[1]]
    notebook.cells.insert(calls[0], last)


def more_code(notebook: nbformat.NotebookNode) -> None:
    call = next(place for place, cell in enumerate(notebook.cells) if cell.source.startswith("chapter."))
    notebook.cells.insert(call, nbformat.v4.new_code_cell("print('more')"))


@pytest.mark.parametrize(("change", "is_executed"), [(a_new_sentence, False), (other_order, False), (more_code, True)])
def test_a_notebook_with_other_prose_or_order_keeps_what_its_cells_gave(
    change: Callable[[nbformat.NotebookNode], None], is_executed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = small_project(tmp_path / "project", data_years=(2024,), chapters=["air"])
    assert run.run(project, [TIANHE]).executed == [TIANHE]
    edit_notebook(project, change)
    with monkeypatch.context() as patch:
        if not is_executed:
            patch.setattr(run, "_execute_all", lambda project, reports, *_: iter([(it, None) for it in reports]))
        assert run.run(project, [TIANHE]).executed == [TIANHE]
    found = shown(project)
    assert not is_stale(project)
    assert run.run(project, [TIANHE], force=True).executed == [TIANHE]
    assert found == shown(project)


def shown(project: Project) -> Any:
    """The executed notebook but for what each block says it was made from, which counts what came before it."""
    notebook = json.loads(TIANHE.path(project).read_bytes())
    for block in blocks(notebook):
        del block["inputs"]
    return notebook


def test_a_penalty_and_a_row_of_the_register_make_one_archive_stale(tmp_path: Path) -> None:
    project = small_project(
        tmp_path / "project", districts=("tianhe",), languages=("zh",), data_years=(), chapters=["archive"]
    )
    one, other, last = run.plan(project)
    assert run.run(project, [one, other, last]).failed == []
    row = read(project.data / "law" / "penalties.csv")[0] | {
        "number": "示例罚〔2024〕1号",
        "enterprise_id": other.chapter,
    }
    add(project.data / "law" / "penalties.csv", row | {"area_code": "440106"})
    assert run.run(project, [one, other, last]).executed == [other]

    def opened_later(rows: list[dict[str, str]]) -> list[Row]:
        return [it | {"opened_year": "2003"} if it["enterprise_id"] == last.chapter else it for it in rows]

    edit(project.data / "enterprises" / "register.csv", opened_later)
    assert run.run(project, [one, other, last]).executed == [last]
