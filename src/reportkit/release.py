"""How a new site takes the place of the last one: at once, whole, and only where it tells of the tables there are.

It is put together beside the old one and takes its place in one step, so that a build that dies leaves the last good
site whole.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import shutil
from collections.abc import Callable
from pathlib import Path

from reportkit.errors import PublishError
from reportkit.manifest import checksums, files_below
from reportkit.project import Project

Put = Callable[[str, bytes], None]  # takes the path of a file below its site, and its content


def state_of_data(project: Project) -> str:
    """The checksums of everything the project's tables and their descriptions are read from, as it is now."""
    folders = project.data_folders
    return "".join(checksums(it, list(files_below(it))) for it in folders)


def refuse_other_data(project: Project, before: str) -> None:
    """Raise PublishError where :func:`state_of_data` is not as it was: pages and downloads would contradict."""
    lines = set(before.splitlines()) ^ set(state_of_data(project).splitlines())
    if lines:
        raise PublishError(
            "Tables were changed or removed while the site was being built from them.",
            found=", ".join(sorted({line.partition("  ")[2] for line in lines})),
            where=", ".join(map(str, project.data_folders)),
            do="build again; the last good site stands",
        )


def swap_in(site: Path, write: Callable[[Put], None]) -> Path:
    """Put a new site together beside *site* and let it take its place at once.

    *write* is given what puts a file into it, and puts every one. A file that has not changed is the old one itself
    (a hard link), so only files that differ are written.
    """
    coming = site.with_name(f".{site.name}.coming")
    shutil.rmtree(coming, ignore_errors=True)
    away = _away(site)
    if away.exists():  # a build was killed between the two steps of a system that needs two
        shutil.rmtree(away) if site.exists() else away.rename(site)

    folders = set[str]()  # that are there: asking for ten thousand files takes its time

    def put(name: str, content: bytes) -> None:
        new, old, folder = f"{coming}/{name}", f"{site}/{name}", name.rpartition("/")[0]
        if folder not in folders:
            (coming / folder).mkdir(parents=True, exist_ok=True)
            folders.add(folder)
        with contextlib.suppress(OSError):  # there is no old one; not every file system has hard links
            if Path(old).read_bytes() == content:
                os.link(old, new)
                return
        Path(new).write_bytes(content)

    try:
        coming.mkdir(parents=True)
        write(put)
    except BaseException:  # the room it takes may be what is wanting
        shutil.rmtree(coming, ignore_errors=True)
        raise
    if site.exists():
        _exchange(coming, site)
        shutil.rmtree(coming)
    else:
        coming.rename(site)
    return site


def _away(site: Path) -> Path:
    return site.with_name(f".{site.name}.old")


def _exchange(one: Path, other: Path) -> None:
    """Let two folders change names in one step where the system can, else in two as close as can be."""
    libc = ctypes.CDLL(None, use_errno=True)
    swap = {"Linux": ("renameat2", 2), "Darwin": ("renameatx_np", 2)}.get(platform.system())
    if swap and hasattr(libc, swap[0]):
        here = -100 if platform.system() == "Linux" else -2  # AT_FDCWD
        if getattr(libc, swap[0])(here, os.fsencode(one), here, os.fsencode(other), swap[1]) == 0:
            return
        if ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(other))
    away = _away(other)
    other.rename(away)
    one.rename(other)
    away.rename(one)
