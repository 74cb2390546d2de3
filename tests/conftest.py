"""What many tests stand on: a browser, the reference material beside the repository; how tests are shared out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from chromium import find_chromium, how_to_install
from projects import REPO
from reportkit.demonstration.world import World

collect_ignore = ["data"]  # notebooks that are broken on purpose are no tests

NO_CHROMIUM = "did not run: no Chromium here"
# Containers refuse the sandbox; the rest keeps Chromium silent, so that a request seen is the page's own.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium, one for a module: its event loop ends with it, and nothing else trips on it.

    `make test BROWSER=0` leaves its tests out.
    """
    if os.environ.get("REPORTKIT_BROWSER") == "0":
        pytest.skip("left out by BROWSER=0")
    executable = find_chromium()
    if executable is None:
        pytest.fail(NO_CHROMIUM, pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ``shared`` beside the repository; a test that needs it is skipped where it is absent."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared, which is not here")
    return folder


@pytest.fixture(scope="session")
def world() -> World:
    """The one invented city behind the demonstration data."""
    return World.drawn(pd.read_csv(REPO / "data" / "areas.csv", dtype=str))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the browser's tests and put them last in their module."""
    for item in items:
        if uses_browser(item):
            item.add_marker("browser")
    items.sort(key=lambda item: (item.path, uses_browser(item)))


class ByFile(LoadScopeScheduling):
    """Tests of a file stay together, and those of the built sites that many files look at, because they share these."""

    OF_THEIR_OWN = ("faults", "incremental", "new_year", "preview", "real_site", "reproducible", "second_place")

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        builds_its_own = file.endswith(tuple(f"test_{name}.py" for name in self.OF_THEIR_OWN))
        return "tests/site" if file.startswith("tests/site/") and not builds_its_own else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """How tests are shared out among processes."""
    return ByFile(config, log)


def uses_browser(item: pytest.Item) -> bool:
    """Whether *item* asks for the browser, itself or through another fixture."""
    return "browser" in getattr(item, "fixturenames", ())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """After all else but pytest's own last line, say which tests had no browser and what mends it."""
    yield
    errors = terminalreporter.stats.get("error", [])
    if missed := [report.nodeid for report in errors if NO_CHROMIUM in report.longreprtext]:
        terminalreporter.section("tests that did not run: no Chromium")
        terminalreporter.write_line("\n".join(missed))
        terminalreporter.write_line(f"{how_to_install()}    (then run the tests again)")
