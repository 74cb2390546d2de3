"""Writing that can fail: a full disk, a folder that must not be written, told in one sentence each; results kept."""

from __future__ import annotations

import contextlib
import errno
import os
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportkit.errors import StorageError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextlib.contextmanager
def writing(what: str, folder: Path) -> Iterator[None]:
    """Turn a failure of the disk below *folder*, while *what* is written there, into a StorageError.

    Other errors of the system pass, among them those about files that are read.
    """
    try:
        yield
    except OSError as error:
        if isinstance(error, StorageError) or error.errno not in _FULL | _FORBIDDEN:
            raise
        where = str(error.filename or folder)
        if error.errno in _FULL:
            raise StorageError(
                f"The disk is full: {what} could not be written ({_free(Path(where))} left).",
                where=where,
                do="make room and build again; what was there before is whole",
            ) from error
        raise StorageError(
            f"{what[:1].upper()}{what[1:]} could not be written: {os.strerror(error.errno or 0)}.",
            where=where,
            do="let this user write there; what was there before is whole",
        ) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write *content* to *path* in one step: whoever looks finds what was there before, or all of it.

    Raises StorageError where the disk is full or must not be written.
    """
    part = path.with_name(f".{path.name}.part")
    with writing(path.name, path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(content)
            part.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()
            raise


def _free(place: Path) -> str:
    """The room left where *place* lies, or will lie."""
    there = next(folder for folder in (place, *place.resolve().parents) if folder.exists())
    return f"{shutil.disk_usage(there).free / 2**20:.1f} MB"


def keep(file: Path, key: str, *values: Any) -> None:
    """Keep *values* in *file* for whoever asks for one with the same *key*; without room they are not kept."""
    with contextlib.suppress(StorageError):
        write_whole(file, b"".join(map(pickle.dumps, (key, *values))))


def kept(file: Path, key: str, place: int = 0) -> Any:
    """The value at a *place* in *file*, kept with just this *key*; None where there is none, or the file is damaged."""
    with contextlib.suppress(Exception), file.open("rb") as stream:
        if pickle.load(stream) == key:
            return [pickle.load(stream) for _ in range(place + 1)][place]
    return None
