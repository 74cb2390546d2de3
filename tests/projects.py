"""Small projects for tests: the repository's own, with few areas, few stations and the years asked for."""

from __future__ import annotations

import csv
import functools
import io
import itertools
import json
import os
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from reportkit import render
from reportkit.blocks import Block
from reportkit.chapters import Chapter, Edition, discover
from reportkit.chapters.edition import held_editions
from reportkit.importers import new_project
from reportkit.project import CONFIG, Project, open_project
from reportkit.validate import check

REPO = Path(__file__).parents[1]
CODES = {
    "guangzhou": "440100",
    "liwan": "440103",
    "tianhe": "440106",
    "baiyun": "440111",
    "panyu": "440113",
    "huadu": "440114",
    "nansha": "440115",
    "conghua": "440117",
    "zengcheng": "440118",
}
BEYOND_THE_PLAN = "规划之外"  # what the catalogue says of an item that the plan does not ask for
ENTERPRISES, ALL_ENTERPRISES = 3, 1000  # that a small project has in each district
Row = Mapping[str, str]

# Text that would do harm, or vanish, anywhere it were taken for markup.
HOSTILE = [
    "<script>alert(1)</script>",
    "```{eval-rst}",
    "`{eval-rst}`",
    "{{ 7*7 }}",
    "*a*",
    "[x](javascript:1)",
    "(anchor)=",
    "# x",
    "{ref}`a`",
    "| a | b |",
    "$x$",
    "</script><b>",
    "a & b &amp; c",
    "\"a\" 'b'",
    "1. a",
    "- a",
    "http://example.org/?a=b&c",
    "a\\b",
    "::: note",
    "%a",
]


def small_project(
    folder: Path,
    *,
    districts: Sequence[str] = ("tianhe", "nansha"),
    years: Sequence[int] = (2024,),
    languages: Sequence[str] = ("zh", "en"),
    data_years: Sequence[int] | None = None,
    chapters: Sequence[str] = (),
    enterprises: int = ENTERPRISES,
) -> Project:
    """The repository's project in *folder*: the city, *districts*, days of *data_years* (years and the one before).

    With *chapters*, it has the notebooks of these alone. Each district has its first *enterprises*.
    """
    like = _small_project(
        *(tuple(districts), tuple(years), tuple(languages), enterprises),
        data_years=tuple(data_years) if data_years is not None else (min(years) - 1, *years),
        chapters=tuple(chapters),
    )
    return open_project(shutil.copytree(like.name, folder, dirs_exist_ok=True))


@functools.cache
def _small_project(
    districts: Sequence[str],
    years: Sequence[int],
    languages: Sequence[str],
    enterprises: int,
    *,
    data_years: Sequence[int],
    chapters: Sequence[str],
) -> tempfile.TemporaryDirectory[str]:
    """The same in a folder that others are copied from: many tests want the same, and cutting tables takes longer."""
    made = tempfile.TemporaryDirectory(prefix="reportkit-small-")
    folder, kept = Path(made.name), {str(year) for year in data_years}
    codes = {CODES[slug] for slug in ("guangzhou", *districts)}
    for name in ("notebooks", "book", "data"):
        shutil.copytree(REPO / name, folder / name, ignore=shutil.ignore_patterns(".*", "registry.txt"))
    shutil.copytree(_programs_of_charts().name, folder / "build" / "cache")
    for path in (folder / "notebooks").glob("*.ipynb"):
        if chapters and path.stem not in chapters:
            path.unlink()
    config = (REPO / CONFIG).read_text(encoding="utf-8")
    config = config.replace("years: [2024]", f"years: {list(years)}")
    (folder / CONFIG).write_text(config.replace("languages: [zh, en]", f"languages: [{', '.join(languages)}]"), "utf-8")
    data = folder / "data"
    for path in (data / "air").glob("station_daily_*.csv"):
        if path.stem[-4:] not in kept:
            write(path, [])
    _cut_water(data, kept)
    edit(data / "areas.csv", lambda rows: [row for row in rows if row["area_code"] in codes])
    edit(data / "enterprises" / "register.csv", lambda rows: _first_of_each_area(rows, enterprises))
    _cut_what_is_lost(data)
    return made


@functools.cache
def _programs_of_charts() -> tempfile.TemporaryDirectory[str]:
    """The programs that draw and move charts, as a build keeps them: made in seconds, and always the same."""
    made = tempfile.TemporaryDirectory(prefix="reportkit-charts-")
    render.bundle(Path(made.name))
    render.program(Path(made.name, "charts"))
    return made


def empty_project(folder: Path) -> Project:
    """The repository's project in *folder*, without its demonstration rows."""
    return open_project(shutil.copytree(_empty_project().name, folder, dirs_exist_ok=True))


@functools.cache
def _empty_project() -> tempfile.TemporaryDirectory[str]:
    """The same in a folder that others are copied from."""
    made = tempfile.TemporaryDirectory(prefix="reportkit-empty-")
    new_project(Path(made.name), open_project(REPO))
    return made


def part_of_the_project(folder: Path, districts: Sequence[str], every: int) -> Project:
    """The repository's project in *folder*, which may be there: *districts*, one of *every* so many enterprises.

    What is withheld among all districts is left out.
    """
    for name in ("notebooks", "book", "data"):
        shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree(REPO / name, folder / name, ignore=shutil.ignore_patterns(".*", "registry.txt"))
    shutil.copy(REPO / CONFIG, folder)
    data, codes = folder / "data", {CODES[slug] for slug in ("guangzhou", *districts)}
    edit(data / "areas.csv", lambda rows: [row for row in rows if row["area_code"] in codes])
    edit(data / "enterprises" / "register.csv", lambda rows: rows[::every])
    cut_what_is_withheld(data)
    _cut_what_is_lost(data)
    return open_project(folder)


def cut_what_is_withheld(data: Path) -> None:
    """Leave out counts of which small ones are withheld among all districts."""
    for name in ("sources", "sources_city"):
        edit(data / "radiation" / f"{name}.csv", lambda _: [])


def _first_of_each_area(rows: list[dict[str, str]], count: int) -> Iterator[Row]:
    """The first *count* enterprises of each area."""
    for _, of_area in itertools.groupby(rows, key=lambda row: row["area_code"]):
        yield from itertools.islice(of_area, count)


def _cut_what_is_lost(data: Path) -> None:
    """Leave the rows whose keys lead somewhere: to an area that is left, or to a place in one."""
    resources = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    paths = {it["name"]: [it["path"]] if isinstance(it["path"], str) else it["path"] for it in resources}
    waiting, cut = ["areas"], {"areas"}
    while waiting:
        there = waiting.pop()
        for resource in resources:
            for key in resource["schema"].get("foreignKeys", []):
                if key["reference"]["resource"] == there != resource["name"]:
                    (column,), (other,) = key["fields"], key["reference"]["fields"]
                    left = {row[other] for path in paths[there] for row in read(data / path)} | {""}
                    for path in paths[resource["name"]]:
                        write(data / path, [row for row in read(data / path) if row[column] in left])
                    waiting += {resource["name"]} - cut
                    cut.add(resource["name"])


def _cut_water(data: Path, years: set[str]) -> None:
    """Leave the months of *years*."""
    for path in (*(data / "water").glob("section_monthly_*.csv"), data / "water" / "drinking_monthly.csv"):
        edit(path, lambda rows: [row for row in rows if row["month"][:4] in years])
    for name in ("near_shore", "outlets"):
        edit(data / "water" / f"{name}.csv", lambda rows: [row for row in rows if row["year"] in years])


def catalogue_of_the_plan() -> list[dict[str, str]]:
    """The items that the plan asks for; others may have been put beside them."""
    return [row for row in read(REPO / "data" / "catalogue.csv") if row["system"] != BEYOND_THE_PLAN]


def installed(folder: Path, group: str) -> str:
    """A search path of modules on which the entry points of a *group* of pyproject.toml are, as when it is installed.

    Where the package was installed before it had one, they would be missing.
    """
    described = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    told = folder / "reportkit_entry-1.dist-info"
    told.mkdir(parents=True)
    lines = [f"[{group}]", *(f"{name} = {value}" for name, value in described[group].items())]
    (told / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: reportkit_entry\nVersion: 1\n", encoding="utf-8")
    return os.pathsep.join([str(folder), *sys.path])


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a table, as text."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write(path: Path, rows: Iterable[Row]) -> None:
    """Put *rows* into the table at *path*, which keeps its heading; columns not given stay empty."""
    with path.open(encoding="utf-8", newline="") as lines:
        heading = next(csv.reader(lines))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, heading, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(stream.getvalue(), encoding="utf-8")


def edit(path: Path, change: Callable[[list[dict[str, str]]], Iterable[Row]]) -> None:
    """Put what *change* makes of the rows of a table in their place."""
    write(path, change(read(path)))


def add(path: Path, *rows: Row) -> None:
    """Append *rows* to a table."""
    edit(path, lambda known: [*known, *rows])


def complaints(project: Project) -> list[str]:
    """What somebody is asked to look at in the tables of *project*, but for what is so in the world.

    The districts' GDP of 2023 never added up to the city's; on a few real days PM2.5 was printed above PM10, and ozone
    stood still.
    """
    found = [it for it in check(project) if it.severity != "note" and it.code not in ("part-above-whole", "stuck")]
    return [str(it) for it in found if (it.code, it.file) != ("sum-differs", "data/area_statistics.csv")]


def blocks_of(project: Project, area: str, year: int, language: str, *kinds: type[Chapter]) -> list[Block]:
    """Every block of the chapters of one area, year and language, as their notebooks call them."""
    shown, edition = [], edition_of(project, year, language)
    for kind in kinds or discover().values():
        chapter = edition.chapter(kind, edition.areas[area])
        shown += [getattr(chapter, method)() for method in block_methods(kind)]
    return shown


def edition_of(project: Project, year: int, language: str) -> Edition:
    """An edition of a *project*: the held one, or the same as long as no table has changed; the last few are kept."""
    edition = Edition.of(project, year, language)
    if edition in held_editions.values():
        return edition
    found = _editions.pop(edition.state(), edition)
    _editions[edition.state()] = found
    for oldest in list(_editions)[:-4]:
        del _editions[oldest]
    return found


_editions: dict[str, Edition] = {}


def block_methods(kind: type[Chapter]) -> list[str]:
    """The names of the methods that the notebook of a chapter calls, in its order."""
    import nbformat

    notebook = nbformat.read(REPO / "notebooks" / f"{kind.slug}.ipynb", as_version=4)
    calls = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return [source.strip()[len("chapter.") : -len("()")] for source in calls if source.startswith("chapter.")]
