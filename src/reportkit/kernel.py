"""An IPython kernel inside this process: the messages of a kernel, without sockets, ports or a second process.

It is ipykernel's own application with its own shell, streams and display machinery, and nbclient's own way of making
outputs of messages, so that what lands in a notebook is what a kernel in a process of its own would have sent. It
takes this process over (streams, signals, ``__main__``), so it belongs into one that is used for one notebook.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import zmq
from ipykernel.inprocess.socket import DummySocket
from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from papermill.clientwrap import PapermillNotebookClient
from tornado.ioloop import IOLoop
from traitlets import Instance

# What a kernel has to say arrives in the notebook; no history is kept on the disk.
_ARGUMENTS = [
    "--IPKernelApp.log_level=CRITICAL",
    "--IPKernelApp.extra_extensions=reportkit.processes",
    "--HistoryManager.hist_file=:memory:",
]
# What a kernel imports when it starts, which a warm process does beforehand.
for _module in (
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "sqlite3",
    "tornado.platform.asyncio",
):
    importlib.import_module(_module)

_MESSAGE_SECONDS = 10  # how long a message may be on its way from the thread that sends it


class _Kernel(IPythonKernel):
    """A kernel whose requests come from the same process; papermill stops at an error, so none are ever waiting."""

    # As ipykernel's own in-process kernel has it.
    shell_stream = Instance(DummySocket)  # type: ignore[assignment]
    _supports_kernel_subshells = False
    # What a cell prints is in the queue when the cell is done; a kernel with sockets waits for it to get away.
    _execute_sleep = 0.0

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        pass


class _Application(IPKernelApp):
    """ipykernel's application, with a queue in the place of every socket."""

    kernel_class = _Kernel

    def init_connection_file(self) -> None:
        """There is no connection."""

    def write_connection_file(self, **_: Any) -> None:
        """There is no connection."""

    def log_connection_info(self) -> None:
        """There is no connection."""

    def init_poller(self) -> None:
        """Whether the parent still lives is looked after by those who forked this process."""

    def init_heartbeat(self) -> None:
        """Nobody listens."""

    def init_sockets(self) -> None:
        """Messages to the notebook go through ipykernel's own thread into a queue."""
        self.published = DummySocket()
        self.iopub_thread = IOPubThread(self.published, pipe=True, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def init_kernel(self) -> None:
        """The kernel, with queues for streams."""
        self.kernel = self.kernel_class.instance(
            parent=self,
            session=self.session,
            shell_stream=DummySocket(),
            # A cell that awaits may be interrupted if the shell's thread is the main one.
            shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),
            iopub_thread=self.iopub_thread,
            iopub_socket=self.iopub_socket,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count


class _Channel:
    """Where nbclient waits for messages: by then all of them have been sent."""

    def __init__(self, session: Session, socket: DummySocket) -> None:
        self._session, self._socket = session, socket

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """The next message."""
        parts = self._socket.queue.get(timeout=_MESSAGE_SECONDS)
        _, parts = self._session.feed_identities(parts, copy=False)
        message: dict[str, Any] = self._session.deserialize(parts, content=True, copy=False)
        return message


class _KernelClient:
    """As much of a kernel's client as nbclient asks for to execute a cell."""

    allow_stdin = False

    def __init__(self, application: Any) -> None:
        self._session, self._kernel = application.session, application.kernel
        self._pid = os.getpid()
        self.shell_channel = _Channel(self._session, self._kernel.shell_stream)
        self.iopub_channel = _Channel(self._session, application.published)

    async def is_alive(self) -> bool:
        """Whether the kernel lives: it is this process."""
        return True

    async def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True) -> str:
        """Execute *code* in the running event loop, as a kernel does, and give the id of the request."""
        content = {
            "code": code,
            "silent": False,
            "store_history": store_history,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": stop_on_error,
        }
        request = self._session.msg("execute_request", content)
        self._kernel.io_loop = IOLoop.current()
        await self._kernel.dispatch_shell([zmq.Message(part) for part in self._session.serialize(request)])
        if os.getpid() != self._pid:  # the code has forked, and this is its child: the notebook goes on in the other
            os._exit(0)
        return str(request["header"]["msg_id"])


class InProcessClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill is not typed
    """papermill's client with the kernel in this process; *on_cell* is told the source of each cell it begins."""

    def __init__(self, nb_man: Any, on_cell: Callable[[str], None], **options: Any) -> None:
        super().__init__(nb_man, on_cell_execute=lambda cell, **_: on_cell(cell.source), **options)

    def execute(self, **_: Any) -> Any:
        """Execute all cells, up to an error."""
        self.reset_execution_trackers()
        application = _Application.instance()
        sys.argv = [sys.argv[0]]
        os.environ.setdefault("PYDEVD_USE_FRAME_EVAL", "NO")  # a kernel's debugger sets it when it is imported
        application.initialize(_ARGUMENTS)  # type: ignore[no-untyped-call]
        self.kc = _KernelClient(application)
        self.papermill_execute_cells()
        self.nb.metadata["language_info"] = application.kernel.language_info
        self.set_widgets_metadata()
        return self.nb
