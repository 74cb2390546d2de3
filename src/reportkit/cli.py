"""The command line: one verb a step, one library call a verb; an error becomes words and an exit code.

Exit codes: 0 all is well, 1 something has to be mended first, 2 the command itself was wrong.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from reportkit.errors import ReportkitError, SettingsError
from reportkit.project import CONFIG, Project, open_project

if TYPE_CHECKING:  # the verbs import what they need, so that each answers as fast as it can
    from reportkit.run import Failure, Outcome, Report

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Folder = Annotated[Path | None, typer.Option("--project", help="The project's folder; without it, the one here.")]
District = Annotated[list[str] | None, typer.Option("--district", help="Only this district (may be repeated).")]
Chapter = Annotated[list[str] | None, typer.Option("--chapter", help="Only this chapter (may be repeated).")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Reports at a time; without it, one for each core.")]
Force = Annotated[bool, typer.Option("--force", help="Execute every report, stale or not.")]


@app.command()
def check(
    project: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    update_registry: Annotated[bool, typer.Option(help="Write data/registry.txt anew first.")] = False,
) -> None:
    """Check the tables in data/ against their schema; exit code 1 if a finding stops the line."""
    from reportkit.findings import stops
    from reportkit.manifest import write_registry
    from reportkit.validate import check as check_tables

    here = open_project(project)
    if update_registry:
        write_registry(here.data)
    findings = check_tables(here)
    if as_json:
        print(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            out.print(str(finding), markup=False)
        out.print(
            f"check: {len(findings)} findings, {sum(f.severity == 'stop' for f in findings)} of them stop the line"
        )
    raise typer.Exit(1 if stops(findings) else 0)


@app.command(name="import")
def import_(
    format_name: Annotated[str, typer.Argument(metavar="FORMAT", help="cnemc-hourly or city-daily.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False)],
    project: Folder = None,
) -> None:
    """Bring real-world files into data/; a project folder that does not exist yet is made like the one here."""
    from reportkit.importers import import_files, new_project

    if project and not (project / CONFIG).is_file():
        into = new_project(project, open_project())
        out.print(f"import: made a new project in {project}")
    else:
        into = open_project(project)
    imported = import_files(format_name, files, into)
    for finding in imported.findings:
        out.print(str(finding), markup=False)
    out.print(
        f"import: {imported.rows_added} rows added, {imported.rows_already_there} already there, "
        f"{imported.rows_of_other_places} of other places, {imported.rows_set_aside} set aside"
    )


@app.command()
def run(
    project: Folder = None,
    district: District = None,
    chapter: Chapter = None,
    jobs: Jobs = None,
    force: Force = False,
) -> None:
    """Execute the notebooks whose inputs have changed, for each area, year and language."""
    here = open_project(project)
    outcome = _run(here, district, chapter, jobs, force)
    raise typer.Exit(1 if outcome.failed else 0)


@app.command()
def build(project: Folder = None, jobs: Jobs = None, force: Force = False) -> None:
    """From data to the site: check the tables, execute what is stale, publish into build/site/."""
    from reportkit.findings import stops
    from reportkit.publish import publish
    from reportkit.run import plan
    from reportkit.validate import check as check_tables

    here = open_project(project)
    findings = check_tables(here)
    for finding in findings:
        if finding.severity != "note":
            err.print(str(finding), markup=False)
    outcome = _run(here, None, None, jobs, force)
    with out.status("publishing"):
        site = publish(here, plan(here), outcome.failed, is_partial=stops(findings))
    pages = len(list(site.rglob("*.html")))
    out.print(f"build: {pages} pages in {site}")
    if outcome.failed:
        out.print(f"build: {len(outcome.failed)} reports failed, so {here.build / 'site'} was left as it was")
    if stops(findings):
        out.print(f"build: findings above stop the line, so {here.build / 'site'} was left as it was; mend them")
    raise typer.Exit(1 if outcome.failed or stops(findings) else 0)


@app.command()
def export(
    district: Annotated[str, typer.Argument(help="The district's slug.")],
    chapter: Annotated[str, typer.Argument(help="The chapter's slug.")],
    to: Annotated[str, typer.Option(help="html")] = "html",
    year: Annotated[int | None, typer.Option(help="The newest year without it.")] = None,
    language: Annotated[str | None, typer.Option(help="The first language without it.")] = None,
    output: Annotated[Path | None, typer.Option(help="The file to write.")] = None,
    project: Folder = None,
) -> None:
    """One report as one self-contained file."""
    from reportkit.export import export_html
    from reportkit.run import Report, plan
    from reportkit.run import run as run_reports

    if to != "html":
        raise SettingsError(f"Unknown format '{to}'.", expected="html")
    here = open_project(project)
    wanted = Report(year or here.settings.years[-1], district, chapter, language or here.settings.languages[0])
    reports = [report for report in plan(here, [district], [chapter]) if report == wanted]
    if not reports:
        raise SettingsError(
            f"There is no report {wanted.name}.",
            expected=f"a year of {list(here.settings.years)} and a language of {list(here.settings.languages)}",
        )
    outcome = run_reports(here, reports)
    _tell_failures(outcome.failed)
    if not outcome.failed:
        name = f"{wanted.year}-{district}-{chapter}.{wanted.language}.html"
        out.print(f"export: {export_html(here, wanted, output or here.build / 'export' / name)}")
    raise typer.Exit(1 if outcome.failed else 0)


@app.command()
def verify(
    site: Annotated[Path | None, typer.Argument(help="The site's folder; without it, the project's own.")] = None,
    project: Folder = None,
) -> None:
    """Recompute every figure of a built site from its published tables; exit code 1 if anything differs."""
    from reportkit.verify import verify as verify_site

    folder = site or open_project(project).build / "site"
    problems = verify_site(folder)
    for problem in problems:
        out.print(str(problem), markup=False)
    out.print(f"verify: {len(problems)} problems in {folder}")
    raise typer.Exit(1 if problems else 0)


def main() -> None:
    """The entry point of the console script."""
    try:
        app()
    except SettingsError as error:
        err.print(str(error), markup=False)
        raise SystemExit(2) from error
    except ReportkitError as error:
        err.print(str(error), markup=False)
        raise SystemExit(1) from error


def _run(
    project: Project, districts: list[str] | None, chapters: list[str] | None, jobs: int | None, force: bool
) -> Outcome:
    """Execute what is stale, tell what failed, and sum up."""
    from reportkit.run import plan
    from reportkit.run import run as run_reports

    reports = plan(project, districts or (), chapters or ())
    with _progress(len(reports)) as told:
        outcome = run_reports(project, reports, jobs=jobs, force=force, progress=told)
    _tell_failures(outcome.failed)
    done, fresh, failed = len(outcome.executed), len(outcome.fresh), len(outcome.failed)
    out.print(f"run: {done} reports executed, {fresh} up to date, {failed} failed")
    return outcome


def _tell_failures(failed: Sequence[Failure]) -> None:
    for failure in failed:
        err.print(f"failed: {failure}", markup=False)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Report, str], None]]:
    """A bar with the remaining time; where nobody watches, one line for each tenth of the way."""
    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()]
    done, began = 0, time.monotonic()
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task("reports", total=total)

        def told(report: Report, state: str) -> None:
            nonlocal done
            done += 1
            bar.update(task, advance=1, description=f"{report.year} · {report.area} · {report.chapter}")
            is_due = done % max(total // 10, 1) == 0 or done == total
            if not out.is_terminal and state != "fresh" and is_due:
                left = (time.monotonic() - began) / done * (total - done)
                out.print(f"run: {done} of {total} reports, about {left:.0f} s left")

        yield told
