"""Where Chromium is. Run as a program, exits 0 where there is one and 1 where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Path of the first Chromium that starts, or None."""
    return next((path for path in candidates() if starts(path)), None)


def candidates() -> Iterator[str]:
    """Where to look: where ``REPORTKIT_CHROMIUM`` says; without it on the PATH, then at Playwright's own."""
    if named := os.environ.get("REPORTKIT_CHROMIUM"):
        yield named
        return
    yield from filter(None, map(shutil.which, NAMES))
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def starts(path: str) -> bool:
    """Whether the program at *path* says its version; a stand-in, or one without its libraries, does not."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def how_to_install() -> str:
    """The one command that brings Chromium to this machine."""
    if shutil.which("apt-get"):
        return "apt-get install chromium" if os.geteuid() == 0 else "sudo apt-get install chromium"
    return f"{Path(sys.executable).with_name('playwright')} install chromium"


if __name__ == "__main__":
    sys.exit(find_chromium() is None)
