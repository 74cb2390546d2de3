"""The command line: every verb is there, told of in the documents, and ends with the right code and words."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from projects import REPO, edit, small_project
from reportkit import cli
from reportkit import run as running
from reportkit.cli import app, main
from reportkit.findings import finding
from reportkit.importers import FORMATS
from reportkit.project import Project
from reportkit.reports import Failure, Report
from reportkit.run import Outcome

VERBS = {"check", "import", "run", "build", "export"}
Called = tuple[int, str, str]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project", data_years=(2024,))


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Called]:
    """Run the console script with arguments: exit code, output, errors."""

    def called(*arguments: object) -> Called:
        monkeypatch.setattr(sys, "argv", ["reportkit", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        code = end.value.code
        out, err = capfd.readouterr()
        return (code if isinstance(code, int) else 0), out, err

    return called


def commands() -> list[str]:
    return [command.name or command.callback.__name__ for command in app.registered_commands]  # type: ignore[union-attr]


# --- what there is --------------------------------------------------------------------------------


def test_help_lists_every_verb() -> None:
    shown = CliRunner().invoke(app, ["--help"])
    assert shown.exit_code == 0
    assert set(commands()) >= VERBS
    for verb in commands():
        assert f"  {verb} " in shown.output


@pytest.mark.parametrize("verb", commands())
def test_every_verb_says_what_it_does(verb: str) -> None:
    shown = CliRunner().invoke(app, [verb, "--help"])
    assert shown.exit_code == 0
    assert len(shown.output.splitlines()) > 4


@pytest.mark.parametrize("verb", commands())
def test_every_verb_is_told_of_in_the_readme_or_the_documents(verb: str) -> None:
    told = "\n".join(path.read_text(encoding="utf-8") for path in [REPO / "README.md", *(REPO / "docs").glob("*.md")])
    assert f"reportkit {verb}" in told, f"neither README.md nor docs/ tells of 'reportkit {verb}'"


def test_without_a_verb_help_is_shown(call: Callable[..., Called]) -> None:
    code, out, err = call()
    assert code == 2
    assert "check" in out + err


# --- exit codes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        (["run", "--district", "tianeh"], "did you mean 'tianhe'?"),
        (["run", "--chapter", "iar"], "did you mean 'air'?"),
        (["export", "tianeh", "air"], "did you mean 'tianhe'?"),
        (["export", "tianhe", "air", "--year", "1999"], "2024"),
        (["export", "tianhe", "air", "--language", "fr"], "zh"),
        (["export", "tianhe", "air", "--to", "pdf"], "html"),
        (["export", "tianhe", "archive"], "Archives are not exported."),
    ],
)
def test_a_name_nobody_knows_ends_with_2_and_the_nearest_one(
    call: Callable[..., Called], project: Project, arguments: list[str], nearest: str
) -> None:
    code, _, err = call(*arguments, "--project", project.root)
    assert code == 2
    assert nearest in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments", [["no-such-verb"], ["run", "--no-such-option"], ["export"], ["run", "--jobs", "0"]]
)
def test_a_command_that_is_none_ends_with_2(call: Callable[..., Called], arguments: list[str]) -> None:
    assert call(*arguments)[0] == 2


def test_a_folder_without_a_project_ends_with_2(call: Callable[..., Called], tmp_path: Path) -> None:
    code, _, err = call("check", "--project", tmp_path)
    assert code == 2
    assert "There is no project here." in err


def test_a_wrong_key_in_the_settings_ends_with_2_and_its_line(call: Callable[..., Called], project: Project) -> None:
    config = project.root / "_config.yml"
    config.write_text(config.read_text(encoding="utf-8").replace("base_url:", "base_ulr:"), encoding="utf-8")
    code, _, err = call("run", "--project", project.root)
    assert code == 2
    assert "did you mean 'base_url'?" in err
    assert ", line " in err


def test_data_that_check_end_with_0(call: Callable[..., Called], project: Project) -> None:
    code, out, _ = call("check", "--project", project.root)
    assert code == 0, out
    assert "0 of them stop the line" in out


def test_a_finding_that_stops_the_line_ends_with_1_and_says_where(
    call: Callable[..., Called], project: Project
) -> None:
    edit(project.data / "stations.csv", lambda rows: [{**rows[0], "area_code": "999999"}, *rows[1:]])
    code, out, _ = call("check", "--project", project.root)
    assert code == 1
    assert "stations.csv" in out
    assert "999999" in out


def test_findings_can_be_had_as_json(call: Callable[..., Called], project: Project) -> None:
    edit(project.data / "stations.csv", lambda rows: [{**rows[0], "area_code": "999999"}, *rows[1:]])
    code, out, _ = call("check", "--json", "--project", project.root)
    assert code == 1
    assert any("999999" in json.dumps(finding) for finding in json.loads(out))


def test_a_table_that_is_missing_ends_with_1(call: Callable[..., Called], project: Project) -> None:
    (project.data / "areas.csv").unlink()
    code, _, err = call("run", "--project", project.root)
    assert code == 1
    assert "areas" in err
    assert "Traceback" not in err


# --- running --------------------------------------------------------------------------------------


@pytest.fixture
def pretend_run(monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    """Reports that were asked for; those of nansha fail and the rest are as good as executed."""
    asked: list[Report] = []

    def run(project: Project, reports: list[Report], **options: object) -> Outcome:
        asked.extend(reports)
        failed = [Failure(report, 5, "line 1: x", "DataError: row 7") for report in reports if report.area == "nansha"]
        return Outcome([report for report in reports if report.area != "nansha"], [], failed)

    monkeypatch.setattr(running, "run", run)
    return asked


def test_a_run_without_failures_ends_with_0(
    call: Callable[..., Called], project: Project, pretend_run: list[Report]
) -> None:
    code, out, _ = call("run", "--district", "tianhe", "--chapter", "air", "--project", project.root)
    assert code == 0
    assert [report.name for report in pretend_run] == ["2024/tianhe/air.zh", "2024/tianhe/air.en"]
    assert "2 reports executed, 0 up to date, 0 failed" in out


def test_a_failing_report_ends_with_1_and_is_told_while_the_rest_is_counted(
    call: Callable[..., Called], project: Project, pretend_run: list[Report]
) -> None:
    code, out, err = call("run", "--chapter", "air", "--project", project.root)
    assert code == 1
    assert "4 reports executed, 0 up to date, 2 failed" in out
    assert "2024 · nansha · air (zh)" in err
    assert "cell 5: line 1: x" in err
    assert "row 7" in err


@pytest.mark.parametrize(
    ("areas", "broken", "code", "told"),
    [
        (("tianhe",), False, 0, "pages in"),
        (("tianhe", "nansha"), False, 1, "2 reports failed"),
        (("tianhe",), True, 1, "stop the line"),
    ],
)
def test_a_build_ends_with_1_when_a_report_failed_or_a_finding_stops_the_line(
    call: Callable[..., Called],
    project: Project,
    pretend_run: list[Report],
    monkeypatch: pytest.MonkeyPatch,
    areas: tuple[str, ...],
    broken: bool,
    code: int,
    told: str,
) -> None:
    from reportkit import publish

    monkeypatch.setattr(
        running,
        "plan",
        lambda *_: [Report(2024, area, chapter, "zh") for area in areas for chapter in ("air", "overview")],
    )
    monkeypatch.setattr(publish, "publish", lambda here, reports, failed, **_: here.build / "site")
    if broken:
        edit(project.data / "stations.csv", lambda rows: [{**rows[0], "area_code": "999999"}, *rows[1:]])
    ended, out, _ = call("build", "--project", project.root)
    assert ended == code
    assert told in out


def test_help_lists_every_format_that_can_be_imported() -> None:
    shown = CliRunner().invoke(app, ["import", "--help"], terminal_width=200)
    documented = (REPO / "docs" / "data-formats.md").read_text(encoding="utf-8")
    for name in FORMATS:
        assert name in shown.output
        assert f"| `{name}` |" in documented


def test_a_tidy_file_is_imported_by_its_mapping(project: Project, call: Callable[..., Called], tmp_path: Path) -> None:
    file, mapping = tmp_path / "figures.csv", tmp_path / "figures.yml"
    file.write_text("区,GDP\n天河区,12.5\n海珠区,?\n", encoding="utf-8")
    mapping.write_text(
        "table: area_statistics\n"
        "columns: {area_code: {column: 区, lookup: areas.name_zh}, indicator: {value: gdp}, year: {value: 1999},\n"
        "  value: {column: GDP}, unit: {value: 100M yuan}, source_id: {value: gbt-2260}}\n",
        encoding="utf-8",
    )
    code, out, _ = call("import", "tidy", file, "--mapping", mapping, "--project", project.root)
    assert code == 0
    assert "row 3, column 区: found '海珠区'" in out
    assert "1 rows added, 0 already there, 0 of other places, 1 set aside" in out
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("lookup", "look_up"), encoding="utf-8")
    code, _, err = call("import", "tidy", file, "--mapping", mapping, "--project", project.root)
    assert code == 2
    assert "did you mean 'lookup'" in err


def test_an_import_of_an_unknown_format_names_the_known_ones(
    call: Callable[..., Called], project: Project, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a\n", encoding="utf-8")
    code, _, err = call("import", "city-dialy", file, "--project", project.root)
    assert code in (1, 2)
    assert "city-daily" in err
    assert "Traceback" not in err


def test_progress_is_told_a_line_at_a_time_where_nobody_watches(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    reports = [Report(2024, "tianhe", "air", "zh")] * 20
    with cli._progress(len(reports)) as told:
        for report in reports:
            told(report, "executed")
    lines = capfd.readouterr().out.splitlines()
    assert lines[-1].startswith("run: 20 of 20 reports")
    assert lines[-1].endswith("tianhe air")
    assert len(lines) == 10


def test_where_no_process_can_be_forked_it_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportkit.warm.is_possible", lambda: False)
    monkeypatch.setattr("reportkit.validate.check_unless_kept", lambda project: [])
    monkeypatch.setattr("reportkit.run.run", lambda project, reports, **options: Outcome())
    done = CliRunner().invoke(app, ["run", "--force", "--project", str(REPO)])
    assert " ".join(done.output.split()).count("Processes are not forked here") == 1


def test_data_that_stop_the_line_leave_the_last_good_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stop = finding("type", "data/areas.csv", row=2, column="tile_row", value="x", type="a whole number")
    told: dict[str, object] = {}
    monkeypatch.setattr("reportkit.validate.check_unless_kept", lambda project: [stop])
    monkeypatch.setattr("reportkit.run.run", lambda project, reports, **options: Outcome())
    monkeypatch.setattr("reportkit.publish.publish", lambda *given, **named: told.update(named) or tmp_path)
    done = CliRunner().invoke(app, ["build", "--force", "--project", str(REPO)])
    assert done.exit_code == 1
    assert told == {"findings": [stop], "is_partial": True, "made_from": told["made_from"]}
    assert "left as it was" in done.output
