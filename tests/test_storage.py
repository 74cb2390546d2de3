"""What is written is there whole or not at all; a disk that refuses is told in one sentence."""

from __future__ import annotations

import errno
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reportkit.errors import ReportkitError, StorageError
from reportkit.manifest import files_below, registered
from reportkit.storage import keep, kept, write_whole, writing


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file can grow beyond *size* bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_file_that_cannot_be_written_whole_stays_what_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_whole(path, b"before")
    with room_for(1000), pytest.raises(StorageError, match=r"The disk is full: a\.json could not be written"):
        write_whole(path, bytes(5000))
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_folders_are_made(tmp_path: Path) -> None:
    write_whole(tmp_path / "new" / "folder" / "a", b"1")
    assert (tmp_path / "new" / "folder" / "a").read_bytes() == b"1"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The disk is full: the site could not be written ("),
        (errno.EROFS, "The site could not be written: Read-only file system."),
        (errno.EACCES, "The site could not be written: Permission denied."),
    ],
)
def test_what_was_being_written_where_and_what_to_do_are_said(tmp_path: Path, number: int, words: str) -> None:
    with pytest.raises(StorageError) as error, writing("the site", tmp_path):
        raise OSError(number, os.strerror(number))
    assert error.value.what.startswith(words)
    assert error.value.where == str(tmp_path)
    assert error.value.do
    assert isinstance(error.value, ReportkitError)


def test_other_errors_pass(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), writing("the site", tmp_path):
        (tmp_path / "none").read_bytes()


def test_what_is_kept_is_had_by_its_key_alone(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "sums"
    assert kept(file, "a") is None
    keep(file, "a", {"sum": 3})
    assert kept(file, "a") == {"sum": 3}
    assert kept(file, "b") is None
    file.write_bytes(file.read_bytes()[:-3])
    assert kept(file, "a") is None


def test_what_an_editor_leaves_is_none_of_the_files_below_a_folder(tmp_path: Path) -> None:
    for name in ("a.csv", "air/b.csv", ".~lock.a.csv#", "air/.ipynb_checkpoints/b-checkpoint.csv", "__pycache__/c.pyc"):
        write_whole(tmp_path / name, b"")
    assert sorted(path.relative_to(tmp_path).as_posix() for path in files_below(tmp_path)) == ["a.csv", "air/b.csv"]
    assert sorted(path.name for path in registered(tmp_path)) == ["a.csv", "b.csv"]
