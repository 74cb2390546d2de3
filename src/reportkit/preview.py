"""The site while it is being written: served on this machine, and what a save touches is seen a moment later.

The page that is being looked at comes first: a process forked from a warm one makes it anew, and it is shown in the
place of the built one. The build of everything else goes on behind it, and starts again when more is saved.
"""

from __future__ import annotations

import contextlib
import html
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from watchfiles import DefaultFilter, watch

from reportkit import preview_page, render
from reportkit.dress import charts_folder
from reportkit.errors import SettingsError
from reportkit.modules import PACKAGE
from reportkit.processes import ending_with_us
from reportkit.project import CONFIG, Project
from reportkit.standards import rules
from reportkit.warm import Ended, Limits, Warm, is_possible

_OURS = "/_preview/"
_STATIC = "/_static/"
_SCRIPT = b"""new EventSource("/_preview/events").onmessage = () => location.reload();\n"""
_STYLE = b".preview-problem { margin: 0; padding: 1rem; background: #b3261e; color: #fff; white-space: pre-wrap; }\n"
_HEAD = f'<script defer src="{_OURS}reload.js"></script>\n<link rel="stylesheet" href="{_OURS}problem.css">\n</head>'
_NOT_THERE = "<!doctype html><html><head><title>preview</title>"
_NOT_YET = "<p>There is no such page, or not yet: the site is being built.</p>"
_SIGN_OF_LIFE_SECONDS = 15  # how often a page that listens hears from us, so that we notice when it is gone
_QUIET_MILLISECONDS = 60  # a save in several steps is over when nothing has happened for so long
_LOOKED_AGAIN_MILLISECONDS = 500  # how soon the watch first answers, though nothing was saved


class Preview:
    """One preview of a *project*: pages made anew, what is wrong, and who wants to be told of changes."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.looked_at = "index.html"
        self.served: bytes | None = None  # what was shown there last
        self.remade: dict[str, bytes] = {}
        self.problem = ""
        self.listeners: set[queue.Queue[str]] = set()
        self._build: subprocess.Popen[str] | None = None
        self._changing = threading.Lock()

    def run(self, server: ThreadingHTTPServer, stop: threading.Event) -> None:
        """Serve, watch and make anew until *stop* is set; say where, as soon as a save would be seen at once."""
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        limits = Limits(self.project.settings.notebook_timeout_seconds, self.project.settings.notebook_memory_mb)
        modules = ("reportkit.kernel", "reportkit.engine", "reportkit.preview_page")
        with Warm(modules, preview_page.forget_ours) as warm, render.renderers(2) as renderers:
            warm.get_ready()
            changes = self._changes(stop)
            next(changes, None)  # from here on a save is noticed
            print(f"preview: http://127.0.0.1:{server.server_address[1]}/ until Ctrl-C", flush=True)
            self._start_build()
            try:
                for is_changed in changes:
                    if is_changed:
                        self._end_build()
                        self._remake(warm, renderers, limits)
                        self._start_build()
            finally:
                self._end_build()
        server.shutdown()

    def _changes(self, stop: threading.Event) -> Iterator[bool]:
        """Again and again whether anything was saved which a page could be made of."""
        roots = [root for root in (self.project.root, self.project.like) if root]
        watched = [root / name for root in roots for name in (CONFIG, "data", "notebooks", "book")]
        watched += [PACKAGE, rules.folder()]
        yield from map(
            bool,
            watch(
                *(path for path in watched if path.exists()),
                watch_filter=DefaultFilter(ignore_entity_patterns=(*DefaultFilter.ignore_entity_patterns, r"^\.")),
                debounce=1000,
                step=_QUIET_MILLISECONDS,
                rust_timeout=_LOOKED_AGAIN_MILLISECONDS,
                yield_on_timeout=True,
                stop_event=stop,
                raise_interrupt=False,
            ),
        )

    def _remake(self, warm: Warm, renderers: Any, limits: Limits) -> None:
        """Make the page that is being looked at anew, if it has changed, and have it seen."""
        address = self.looked_at
        made = _told(warm.call(preview_page.remake, self.project.root, address, limits=limits))
        if made.charts:
            render.draw(made.charts, charts_folder(self.project), renderers)
            made = _told(warm.call(preview_page.remake, self.project.root, address, limits=limits))
        self.problem = made.wrong
        if made.wrong:
            print(f"preview: {made.wrong}", file=sys.stderr, flush=True)
        elif made.html:
            self.remade[address] = made.html.encode()
        self.tell()

    def _start_build(self) -> None:
        """Build everything, behind what is seen."""
        self._build = subprocess.Popen(
            ending_with_us("reportkit", "build", "--project", str(self.project.root)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._await_build, args=(self._build,), daemon=True).start()

    def _await_build(self, build: subprocess.Popen[str]) -> None:
        """When a build has ended by itself, show what it made, or what is wrong."""
        _, said = build.communicate()
        with self._changing:
            if build is not self._build:  # it was ended because more was saved
                return
            self._build = None
            had_problem, self.problem = bool(self.problem), ""
            if build.returncode:
                self.problem = said.strip() or f"The build was ended ({build.returncode}) without a word."
            if self.problem:
                print(f"preview: {self.problem}", file=sys.stderr, flush=True)
            else:
                self.remade.clear()
            if self.problem or had_problem or self.page(self.looked_at) != self.served:
                self.tell()

    def _end_build(self) -> None:
        """End the build that is going on, with all its processes."""
        with self._changing:
            build, self._build = self._build, None
        if build is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(build.pid, signal.SIGTERM)
            build.wait()

    def tell(self) -> None:
        """Have every page that listens load again."""
        for listener in list(self.listeners):
            listener.put("reload")

    def page(self, address: str) -> bytes | None:
        """The page at *address* as it is now; None where there is none."""
        built = self.project.build / "site" / address
        with contextlib.suppress(OSError):
            return self.remade.get(address) or built.read_bytes()
        return None


def _told(ended: Ended) -> preview_page.Remade:
    """What a process that made a page gave, or why it gave nothing."""
    if ended.is_done and ended.error is None:
        made: preview_page.Remade = ended.value
        return made
    why = f"stopped by its limit of {ended.stopped}" if ended.stopped else f"ended with {ended.status}"
    return preview_page.Remade(wrong=str(ended.error or f"{ended.step}\n{why}"))


def serve(preview: Preview, port: int) -> ThreadingHTTPServer:
    """A server for this machine alone; raises SettingsError where the *port* is taken, or pages cannot be made anew."""
    if not is_possible():
        raise SettingsError(
            "A preview forks a process for each page, which is not done here.",
            expected="Linux or macOS, without REPORTKIT_COLD in the environment",
            do="run 'reportkit build' after a save",
        )

    class Handler(_Handler):
        shown = preview

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError as error:
        raise SettingsError(f"Port {port} is taken.", do="name another with --port, or 0 for any") from error
    server.daemon_threads = True
    return server


class _Handler(SimpleHTTPRequestHandler):
    """Answers with pages as they are now, files of the built site, and the preview's own few."""

    shown: Preview
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer one request."""
        path = unquote(urlsplit(self.path).path)
        port = self.connection.getsockname()[1]
        if self.headers.get("Host") not in {f"127.0.0.1:{port}", f"localhost:{port}"}:
            self.send_error(HTTPStatus.FORBIDDEN)  # a page from elsewhere must not read this machine's
        elif path == f"{_OURS}events":
            self._events()
        elif path == f"{_OURS}reload.js":
            self._send(_SCRIPT, "text/javascript")
        elif path == f"{_OURS}problem.css":
            self._send(_STYLE, "text/css")
        elif path.endswith(("/", ".html")):
            self._page(path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
        else:
            super().do_GET()

    def translate_path(self, path: str) -> str:
        """The file for an address: style and scripts as they are in ``book/``, everything else as it was built."""
        project, clean = self.shown.project, unquote(urlsplit(path).path)
        static = project.files("book/_static", "**/*")
        if clean.startswith(_STATIC) and clean.removeprefix(_STATIC) in static:
            return str(static[clean.removeprefix(_STATIC)])
        self.directory = str(project.build / "site")
        return super().translate_path(path)

    def end_headers(self) -> None:
        """Nothing is kept by a browser."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """The terminal is for what is wrong."""

    def _page(self, address: str) -> None:
        path = Path(os.path.normpath(address))
        is_outside = path.is_absolute() or ".." in path.parts
        content = None if is_outside else self.shown.page(address)
        problem = f'<pre class="preview-problem">{html.escape(self.shown.problem)}</pre>' if self.shown.problem else ""
        if not is_outside:
            self.shown.looked_at, self.shown.served = address, content
        if content is None:
            self._send(f"{_NOT_THERE}{_HEAD}<body>{problem}{_NOT_YET}</body></html>".encode())
            return
        shown = content.decode().replace("</head>", _HEAD, 1)
        before, body, after = shown.partition("<body")
        tag, end, rest = after.partition(">")
        self._send(f"{before}{body}{tag}{end}{problem}{rest}".encode())

    def _events(self) -> None:
        """Tell a page to load again, until it is gone."""
        told: queue.Queue[str] = queue.Queue()
        self.shown.listeners.add(told)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while True:
                try:
                    self.wfile.write(f"data: {told.get(timeout=_SIGN_OF_LIFE_SECONDS)}\n\n".encode())
                except queue.Empty:
                    self.wfile.write(b": still there\n\n")
                self.wfile.flush()
        except OSError:
            self.close_connection = True
        finally:
            self.shown.listeners.discard(told)

    def _send(self, content: bytes, kind: str = "text/html") -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(content)
