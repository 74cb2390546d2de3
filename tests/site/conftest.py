"""Built sites: the shipped project's own, and small ones; their pages read once, and a server that sends the policy."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from lxml import html

from projects import CODES, REPO, Row, cut_what_is_withheld, edit, part_of_the_project, read, small_project
from reportkit.project import Project, open_project

Build = Callable[..., Path]
Pages = Mapping[str, html.HtmlElement]

# Tables of the chapters on law, enterprises, credit and market that have names in them.
NAMED = (
    *("law/documents", "law/institutions", "enterprises/register", "credit/institutions", "credit/platforms"),
    *("market/projects", "market/outlets", "market/other_tax"),
)

# The districts of the site that is looked at where the whole is not: two of the centre, two of the outskirts.
PART = ("liwan", "tianhe", "nansha", "zengcheng")

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"


def is_whole() -> bool:
    """Whether the whole site is built and looked at, as ``make test-slow`` has it."""
    return os.environ.get("REPORTKIT_WHOLE_SITE") == "1"


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let a test here wait for a whole build."""
    item.add_marker(pytest.mark.timeout(1500))


@pytest.fixture(scope="session")
def build() -> Build:
    """``reportkit build`` of a project, as a command of its own; returns the site."""

    def run(project: Path, *options: str, **environment: str) -> Path:
        program = Path(sys.executable).with_name("reportkit")
        command = [str(program), "build", "--project", str(project), *options]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
        if done.returncode:
            pytest.fail(f"{' '.join(command)}\n{done.stdout}{done.stderr}", pytrace=False)
        return project / "build" / "site"

    return run


@pytest.fixture(scope="session")
def shipped() -> Project:
    """The shipped project; without REPORTKIT_WHOLE_SITE=1 that of some areas, every fourth enterprise in them.

    Its folder stays from run to run.
    """
    if is_whole():
        return open_project(REPO)
    return part_of_the_project(REPO / "build" / "tests", PART, every=4)


@pytest.fixture(scope="session")
def site(build: Build, shipped: Project) -> Path:
    """Its site, brought up to date once a run."""
    return build(shipped.root)


@pytest.fixture(scope="session")
def slugs(shipped: Project) -> list[str]:
    """The areas of the site, the city first."""
    return [row["slug"] for row in read(shipped.data / "areas.csv")]


@pytest.fixture(scope="session")
def pages(site: Path) -> Pages:
    """Every page of the site by its address from the site's root."""
    parser = html.HTMLParser(encoding="utf-8")
    return {
        path.relative_to(site).as_posix(): html.parse(str(path), parser).getroot()
        for path in sorted(site.rglob("*.html"))
    }


class Harmful(NamedTuple):
    """Names that would do harm, or vanish, if they were taken for markup."""

    stations: tuple[str, str] = ("<script>alert(1)</script>", "`{eval-rst}` {{ 7*7 }}")
    district: Mapping[str, str] = MappingProxyType({"zh": "南*沙*|区|{{ x }}", "en": "*Nan|sha* <b>&amp;"})


@pytest.fixture(scope="session")
def harmful() -> Harmful:
    """What the first two stations, enterprises, documents … of the small site are called, and its district."""
    return Harmful()


@pytest.fixture(scope="session")
def small_site(build: Build, harmful: Harmful, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city and a district in 2023 and 2024, with harmful names."""
    project = small_project(tmp_path_factory.mktemp("small"), districts=("nansha",), years=(2023, 2024))
    cut_what_is_withheld(project.data)
    code, names = CODES["nansha"], {f"name_{language}": name for language, name in harmful.district.items()}

    def rename_stations(rows: list[dict[str, str]]) -> list[Row]:
        chosen = [row["station_id"] for row in rows if row["area_code"] == code]
        new = zip(chosen, harmful.stations, strict=False)
        named = {station: {"name_zh": name, "name_en": name} for station, name in new}
        return [row | named.get(row["station_id"], {}) for row in rows]

    def rename_first(rows: list[dict[str, str]]) -> list[Row]:
        new = [{"name_zh": name, "name_en": name} for name in harmful.stations]
        return [*(row | names for row, names in zip(rows, new, strict=False)), *rows[len(new) :]]

    edit(project.data / "stations.csv", rename_stations)
    for name in NAMED:
        edit(project.data / f"{name}.csv", rename_first)

    def report_late(rows: list[dict[str, str]]) -> list[Row]:
        """So that the chapter on enterprises names the first one."""
        late, first = {"published_date": "2024-03-18"}, (f"DEMO-E-{code}-01", "2024")
        return [row | (late if (row["enterprise_id"], row["year"]) == first else {}) for row in rows]

    edit(project.data / "enterprises/disclosures.csv", report_late)
    edit(project.data / "areas.csv", lambda rows: [row | names if row["area_code"] == code else row for row in rows])
    return build(project.root)


class _Handler(SimpleHTTPRequestHandler):
    """Files as they are, each with the pages' policy as a header too."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves a page before all of it has come is no error."""


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """The address of a site, at a server of its own on a free port."""
    running: list[_Server] = []

    @functools.cache
    def start(site: Path) -> str:
        server = _Server(("127.0.0.1", 0), functools.partial(_Handler, directory=str(site)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()
