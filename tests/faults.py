"""What a build is put through: killed at any point, watched by a reader who never stops, left without room."""

from __future__ import annotations

import hashlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import psutil
from lxml import html

from projects import edit

MARK = "REPORTKIT_TEST_BUILD"  # in the environment of a build and of every process it starts
Files = Mapping[str, str]


def hashes(site: Path) -> dict[str, str]:
    """Every file of a site with the hash of its content."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def broken_checksums(site: Path) -> list[str]:
    """The files of *site* that are not what its SHA256SUMS says, missing and unlisted ones among them."""
    lines = (site / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    there = {name: digest for name, digest in hashes(site).items() if name != "SHA256SUMS"}
    return sorted(name for name in listed.keys() | there.keys() if listed.get(name) != there.get(name))


def start_build(project: Path, said: Path, *options: str, verb: str = "build") -> subprocess.Popen[bytes]:
    """``reportkit build`` of *project*, begun; what it says goes to the file *said*."""
    command = [str(Path(sys.executable).with_name("reportkit")), verb, "--project", str(project), *options]
    with said.open("wb") as stream:
        return subprocess.Popen(
            command,
            stdout=stream,
            stderr=stream,
            env={**os.environ, MARK: str(project)},
            start_new_session=True,
            preexec_fn=_hear_ctrl_c,
        )


def _hear_ctrl_c() -> None:
    """Be a program in the foreground; one that a shell starts in the background has to ignore the signal."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def left_behind(project: Path, patience: float = 10.0) -> list[str]:
    """The processes of builds of *project* that still run after *patience* seconds."""
    until = time.monotonic() + patience
    while (left := _running(project)) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def _running(project: Path) -> list[str]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and process.environ().get(MARK) == str(project):
                found.append(f"{process.pid} {' '.join(process.cmdline())[:160]}")
        except psutil.Error:  # ended meanwhile, or another user's
            continue
    return found


def set_reading(project: Path, value: str) -> None:
    """Let one reading of the first station be *value*, so that every report has something new to say."""

    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [rows[0] | {"pm2_5_ug_m3": value}, *rows[1:]]

    edit(project / "data" / "air" / "station_daily_2024.csv", change)


@dataclass
class Reader(threading.Thread):
    """Reads the site over HTTP without a pause, link after link, and notes whatever is not whole.

    A file is whole if it is that of one of the *sites*; it must be there if all of them have it.
    """

    address: str
    sites: list[Files]
    fetches: int = 0
    pages: int = 0
    rounds: int = 0
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self._stop_asked = threading.Event()

    def __hash__(self) -> int:  # a thread is known by itself
        return id(self)

    def run(self) -> None:
        where = urlsplit(self.address)
        assert where.hostname
        while not self._stop_asked.is_set():
            connection = http.client.HTTPConnection(where.hostname, where.port, timeout=30)
            self._read_all(connection)
            self.rounds += 1
            connection.close()

    def stop(self) -> None:
        """End after the file that is being read."""
        self._stop_asked.set()
        self.join()

    def _read_all(self, connection: http.client.HTTPConnection) -> None:
        waiting, seen = ["index.html", "SHA256SUMS", "release.json"], set[str]()
        while waiting and not self._stop_asked.is_set():
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            body = self._fetch(connection, path)
            if path == "SHA256SUMS":  # what no page links to is read too
                waiting += [line.partition("  ")[2] for line in body.decode().splitlines()]
            elif path.endswith(".html") and body:
                self.pages += 1
                waiting += _links(path, body)
            time.sleep(0.004)

    def _fetch(self, connection: http.client.HTTPConnection, path: str) -> bytes:
        try:
            connection.request("GET", f"/{path}")
            answer = connection.getresponse()
            body = answer.read()
        except (http.client.HTTPException, OSError) as error:
            self.complaints.append(f"{path}: {error!r}")
            connection.close()
            return b""
        self.fetches += 1
        if answer.status != 200:
            if all(path in site for site in self.sites):
                self.complaints.append(f"{path}: status {answer.status}")
            return b""
        if hashlib.sha256(body).hexdigest() not in {site.get(path) for site in self.sites}:
            self.complaints.append(f"{path}: {len(body)} bytes that are of no site")
        return body


def _links(path: str, body: bytes) -> list[str]:
    """The files of the site that a page leads to."""
    found = (urlsplit(urljoin(f"http://site/{path}", link)) for link in html.fromstring(body).xpath("//@href | //@src"))
    return [link.path.lstrip("/") for link in found if link.netloc == "site" and not link.path.endswith("/")]


@dataclass
class Counts:
    """What the harness did, for its last line."""

    kills: int = 0
    ended_before: int = 0
    recovered: int = 0
    phases: Counter[str] = field(default_factory=Counter)

    def add(self, killed_at: str | None) -> None:
        """Count a build that was killed at a phase, or had ended."""
        self.kills += killed_at is not None
        self.ended_before += killed_at is None
        if killed_at:
            self.phases[killed_at] += 1

    def __str__(self) -> str:
        phases = ", ".join(f"{self.phases[phase]} while {phase}" for phase in PHASES)
        return (
            f"{self.kills} kills ({phases}), {self.ended_before} builds that ended before theirs, "
            f"{self.recovered} undisturbed builds afterwards"
        )


PHASES = ("checking tables and running reports", "making pages", "swapping the site in")


def phase(project: Path, said: Path) -> str:
    """What a running build is at."""
    if (project / "build" / ".site.coming").exists():
        return PHASES[2]
    return PHASES["reports executed" in said.read_text(encoding="utf-8", errors="replace")]
