"""The command line: one verb a step, one library call a verb; an error becomes words and an exit code.

Exit codes: 0 all is well, 1 something has to be mended first, 2 the command itself was wrong.
"""

from __future__ import annotations

import gc
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from reportkit.errors import ReportkitError, SettingsError
from reportkit.findings import NOTE, REVIEW, STOP, Finding
from reportkit.lock import alone
from reportkit.project import CONFIG, Project, open_project

if TYPE_CHECKING:  # the verbs import what they need, so that each answers as fast as it can
    from reportkit.reports import Failure, Report
    from reportkit.run import Outcome
    from reportkit.snapshot import Snapshot

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


def _console(stream: TextIO, *, stderr: bool = False) -> Console:
    """A console of the terminal's width; where nobody watches, a line stays a line, however long."""
    return Console(stderr=stderr, highlight=False, soft_wrap=True, width=None if stream.isatty() else 10_000)


out, err = _console(sys.stdout), _console(sys.stderr, stderr=True)
STYLES = {STOP: "bold red", REVIEW: "yellow", NOTE: "dim"}  # of a finding, by its severity

Folder = Annotated[Path | None, typer.Option("--project", help="The project's folder; without it, the one here.")]
District = Annotated[
    list[str] | None,
    typer.Option("--district", help="Only this area, by its slug in data/areas.csv (may be repeated)."),
]
Chapter = Annotated[
    list[str] | None, typer.Option("--chapter", help="Only this chapter, by its slug (may be repeated).")
]
Jobs = Annotated[
    int | None, typer.Option(min=1, help="Reports at a time; without it, as many as cores and memory allow.")
]
Force = Annotated[bool, typer.Option("--force", help="Execute every report, stale or not.")]


@app.command()
def check(
    project: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    update_registry: Annotated[bool, typer.Option(help="Write data/registry.txt anew first.")] = False,
) -> None:
    """Check the tables in data/ and the notebooks; exit code 1 if a finding stops the line."""
    from reportkit.findings import stops
    from reportkit.manifest import write_registry
    from reportkit.validate import check as check_tables
    from reportkit.validate.notebooks import check_notebooks

    here = open_project(project)
    if update_registry:
        write_registry(here.data)
    findings = [*check_tables(here), *check_notebooks(here)]
    if as_json:
        print(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=1))
    else:
        _tell(findings, out)
        count = sum(it.count for it in findings)
        stopping = sum(it.count for it in findings if it.severity == STOP)
        out.print(f"check: {count} findings, {stopping} of them stop the line")
    raise typer.Exit(1 if stops(findings) else 0)


@app.command(name="import")
def import_(
    format_name: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT", help="city-daily, cnemc-daily-wide, cnemc-hourly, pm25in, water-auto, or tidy."
        ),
    ],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False)],
    mapping: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="For tidy: a YAML file that says what the columns are."),
    ] = None,
    project: Folder = None,
) -> None:
    """Bring real-world files into data/; exit code 1 if a file could not be read at all.

    A project folder that does not exist yet is made like the one here.
    """
    from reportkit.findings import stops
    from reportkit.importers import import_files, new_project

    if project and not (project / CONFIG).is_file():
        into = new_project(project, open_project())
        out.print(f"import: made a new project in {project}")
    else:
        into = open_project(project)
    with alone(into):
        imported = import_files(format_name, files, into, mapping)
    for finding in imported.findings:
        out.print(str(finding), markup=False)
    out.print(
        f"import: {imported.rows_added} rows added, {imported.rows_already_there} already there, "
        f"{imported.rows_of_other_places} of other places, {imported.rows_set_aside} set aside"
    )
    raise typer.Exit(1 if stops(imported.findings) else 0)


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
    with alone(here):
        outcome = _run(here, district, chapter, jobs, force)
    raise typer.Exit(1 if outcome.failed else 0)


@app.command()
def build(
    project: Folder = None,
    jobs: Jobs = None,
    force: Force = False,
    engine: Annotated[str, typer.Option(help="jupyter-book, or quarto into build/site.quarto/.")] = "jupyter-book",
) -> None:
    """From data to the site: check the tables, execute what is stale, publish into build/site/."""
    from reportkit.snapshot import Snapshot

    _refuse_unknown("engine", engine, ("jupyter-book", "quarto"))
    here = open_project(project)
    with alone(here):
        if engine == "quarto":
            _build_with_quarto(here, jobs, force)
            return
        snapshot = Snapshot(here)
        told = None if force else snapshot.told_before()
        if told is None:
            _build(here, jobs, force, snapshot)
        else:
            out.print(f"build: nothing has changed; {told['pages']} pages in {here.build / 'site'}")
            if told["to_look_at"]:
                out.print(f"build: {told['to_look_at']} findings to look at; 'reportkit check' lists them")


def _build(project: Project, jobs: int | None, force: bool, snapshot: Snapshot) -> None:
    """Build the site; exit code 1, and the last good site left as it was, where something has to be mended."""
    from reportkit.findings import stops
    from reportkit.publish import publish
    from reportkit.release import state_of_data
    from reportkit.run import plan

    made_from = state_of_data(project)
    findings = _check(project)
    outcome = _run(project, None, None, jobs, force)
    with out.status("publishing"):
        site = publish(
            project,
            plan(project),
            outcome.failed,
            findings=findings,
            is_partial=stops(findings),
            made_from=made_from,
        )
    pages = len(list(site.rglob("*.html")))
    out.print(f"build: {pages} pages in {site}")
    _end_if_to_mend(findings, outcome, project.build / "site")
    to_look_at = sum(it.count for it in findings if it.severity != NOTE)
    snapshot.keep(site, {"pages": pages, "to_look_at": to_look_at})


def _build_with_quarto(project: Project, jobs: int | None, force: bool) -> None:
    """Build the site by Quarto, of nothing but reports and tables that are good; it has no partial one."""
    from reportkit.quarto import build_site
    from reportkit.release import state_of_data
    from reportkit.run import plan

    made_from = state_of_data(project)
    findings = _check(project)
    outcome = _run(project, None, None, jobs, force)
    _end_if_to_mend(findings, outcome, project.build / "site.quarto")
    with out.status("publishing"):
        site = build_site(project, plan(project), findings, made_from=made_from)
    out.print(f"build: {len(list(site.rglob('*.html')))} pages in {site}")


@app.command()
def preview(
    project: Folder = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port on this machine; 0 for any.")] = 8765,
) -> None:
    """Show the site on this machine while it is being written: what is saved is seen a moment later."""
    import threading

    from reportkit.preview import Preview, serve

    shown = Preview(open_project(project))
    shown.run(serve(shown, port), threading.Event())


@app.command(name="new-chapter")
def new_chapter_(
    slug: Annotated[str, typer.Argument(metavar="NAME", help="Its name in addresses and code, as in 'odour'.")],
    zh: Annotated[str | None, typer.Option(help="Its name in Chinese, where data/catalogue.csv has none.")] = None,
    en: Annotated[str | None, typer.Option(help="Its name in English.")] = None,
    project: Folder = None,
) -> None:
    """Write a new chapter: module, notebook, table with its description, catalogue item, messages, and a test."""
    from reportkit.new_chapter import new_chapter

    here = open_project(project)
    with alone(here):
        for path in new_chapter(here, slug, {"zh": zh, "en": en} if zh and en else None):
            out.print(f"new-chapter: {path}")
    out.print(
        "new-chapter: put rows into its table, then 'reportkit build'; docs/adding-a-chapter.md goes on from here"
    )


@app.command(name="new-year")
def new_year_(
    year: Annotated[int, typer.Argument(help="The year after the newest one.")],
    project: Folder = None,
) -> None:
    """Prepare the next year: its notebooks and tables, the years of the settings; the year before stays as it is."""
    from reportkit.new_year import new_year

    here = open_project(project)
    with alone(here):
        made = new_year(here, year)
    for path in made.files:
        out.print(f"new-year: {path}")
    for table in made.tables:
        out.print(f"new-year: waits for rows of {year}: {table}")
    for rule in made.rules:
        out.print(f"new-year: ends within {year}, without a successor: {rule}")
    out.print("new-year: put rows in, then 'reportkit check --update-registry' and 'reportkit build'")


@app.command()
def export(
    area: Annotated[str, typer.Argument(help="The slug of the district, or of the city.")],
    chapter: Annotated[str | None, typer.Argument(help="The chapter's slug; without it, all of them.")] = None,
    to: Annotated[str, typer.Option(help="html; with quarto also docx or pdf.")] = "html",
    year: Annotated[int | None, typer.Option(help="The year; without it, the newest.")] = None,
    language: Annotated[str | None, typer.Option(help="The language; without it, the first.")] = None,
    output: Annotated[Path | None, typer.Option(help="The file to write one chapter to.")] = None,
    engine: Annotated[str, typer.Option(help="nbconvert, or quarto.")] = "nbconvert",
    project: Folder = None,
) -> None:
    """Reports of an area, each as one self-contained file."""
    from reportkit.export import export_html
    from reportkit.quarto import FORMATS, export_document
    from reportkit.run import plan
    from reportkit.run import run as run_reports

    formats = {"nbconvert": ["html"], "quarto": list(FORMATS)}
    _refuse_unknown("engine", engine, list(formats))
    _refuse_unknown("format", to, formats[engine])
    here = open_project(project)
    edition = year or here.settings.years[-1], language or here.settings.languages[0]
    planned = plan(here, [area], [chapter] if chapter else ())
    if planned and all(it.is_archive for it in planned):
        raise SettingsError("Archives are not exported.", do="open their pages on the site")
    reports = [it for it in planned if (it.year, it.language) == edition and not it.is_archive]
    if not reports:
        raise SettingsError(
            f"There is no report of {edition[0]} in the language '{edition[1]}'.",
            expected=f"a year of {list(here.settings.years)} and a language of {list(here.settings.languages)}",
        )
    if output and not chapter:
        raise SettingsError("One file cannot hold several reports.", do="name a chapter, or leave --output out")
    with alone(here):
        outcome = run_reports(here, reports)
        _tell_failures(outcome.failed)
        for report in () if outcome.failed else reports:
            target = output or here.build / "export" / f"{report.name.replace('/', '-')}.{to}"
            if engine == "quarto":
                export_document(here, report, to, target)
            else:
                export_html(here, report, target)
            out.print(f"export: {target}")
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


@app.command(name="draw")
def draw_(
    folder: Annotated[
        Path | None,
        typer.Argument(exists=True, file_okay=False, help="data/ of a site or a project; without it, the one here."),
    ] = None,
    is_checked: Annotated[
        bool, typer.Option("--check", help="Tell only what differs from what was published.")
    ] = False,
    project: Folder = None,
) -> None:
    """Run the published random draws again; exit code 1 if somebody else should inspect or be inspected."""
    from reportkit import draw

    files = draw.Files.read(folder or open_project(project).data)
    differing = list(draw.differences(files))
    known = [row for row in files.draws if row["algorithm"] == draw.VERSION]
    for row in known if not is_checked else ():
        for one in draw.rerun(row["seed"], *files.lists_of(row)):
            out.print(
                f"{row['draw_id']} {one.class_} {one.place} {one.unit}: {', '.join(one.inspectors)}", markup=False
            )
    for difference in differing:
        out.print(str(difference), markup=False)
    out.print(f"draw: {len(files.draws)} draws run again, {len(differing)} differences")
    raise typer.Exit(1 if differing else 0)


def main() -> None:
    """The entry point of the console script."""
    gc.set_threshold(100_000)  # what is read for a site stays to the end: to look through it finds nothing
    try:
        app()
    except SettingsError as error:
        err.print(str(error), markup=False)
        raise SystemExit(2) from error
    except ReportkitError as error:
        err.print(str(error), markup=False)
        raise SystemExit(1) from error
    except OSError as error:  # of a file that was there a moment ago, or that this user must not read
        err.print(f"{error.strerror or error}: {error.filename or 'a file of the project'}", markup=False)
        raise SystemExit(1) from error


def _refuse_unknown(what: str, given: str, known: Sequence[str]) -> None:
    """Raise SettingsError for what an option was *given*, if it is none of the *known* ones."""
    if given not in known:
        raise SettingsError(f"Unknown {what} '{given}'.", expected=", ".join(known))


def _check(project: Project) -> list[Finding]:
    """Check the tables before a build, and tell what is to be looked at."""
    from reportkit.validate import check_unless_kept

    findings = check_unless_kept(project)
    _tell([finding for finding in findings if finding.severity != NOTE], err)
    return findings


def _end_if_to_mend(findings: Sequence[Finding], outcome: Outcome, site: Path) -> None:
    """Say why *site* was left as it was, and end with exit code 1, where something has to be mended."""
    from reportkit.findings import stops

    if outcome.failed:
        out.print(f"build: {len(outcome.failed)} reports failed, so {site} was left as it was")
    if stops(findings):
        out.print(f"build: findings above stop the line, so {site} was left as it was; mend them")
    if outcome.failed or stops(findings):
        raise typer.Exit(1)


def _run(
    project: Project, districts: list[str] | None, chapters: list[str] | None, jobs: int | None, force: bool
) -> Outcome:
    """Execute what is stale, tell what failed, and sum up."""
    from reportkit import warm
    from reportkit.engine import NOT_HERE
    from reportkit.run import plan
    from reportkit.run import run as run_reports

    if not warm.is_possible():
        out.print(f"run: {NOT_HERE}")
    reports = plan(project, districts or (), chapters or ())
    with _progress(len(reports)) as told:
        outcome = run_reports(project, reports, jobs=jobs, force=force, progress=told)
    _tell_failures(outcome.failed)
    done, fresh, failed = len(outcome.executed), len(outcome.fresh), len(outcome.failed)
    out.print(f"run: {done} reports executed, {fresh} up to date, {failed} failed")
    return outcome


def _tell(findings: Sequence[Finding], console: Console) -> None:
    """Findings, in order, file by file and aligned; the notes of one kind in a file as one line."""
    for file, in_file in itertools.groupby(findings, key=lambda it: it.file):
        found = list(in_file)
        notes = {it.code: [same for same in found if same.code == it.code] for it in found if it.severity == NOTE}
        grid = Table.grid(padding=(0, 2, 0, 0))
        for it in found:
            if it.severity != NOTE:
                grid.add_row(*_line(it, f"row {it.row}" if it.row else ""))
        for code, same in notes.items():
            count = sum(it.count for it in same)
            grid.add_row(*_line(same[0], f"{count} of {code}, one:" if count > 1 else ""))
        console.print(Text(file, style="bold"))
        console.print(Padding(grid, (0, 0, 0, 2), expand=False), soft_wrap=False)


def _line(finding: Finding, where: str) -> list[Text]:
    return [
        Text(finding.severity, style=STYLES[finding.severity]),
        Text(where),
        Text(finding.column),
        Text(finding.what),
    ]


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
                out.print(f"run: {done} of {total} reports, about {left:.0f} s left, {report.area} {report.chapter}")

        yield told
