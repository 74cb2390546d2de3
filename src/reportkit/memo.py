"""Results computed once and kept, each with what was looked at to compute it.

A report is stale when something it was made from has changed. A kept result may serve many reports, so the rows,
messages and rules that were looked at while it was computed are kept with it, and count for whoever is given it.
"""

from __future__ import annotations

import contextlib
import functools
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, ParamSpec, TypeVar, cast

_P = ParamSpec("_P")
_T = TypeVar("_T")

_FEW = 3  # so many notes are copied rather than referred to


class Notes:
    """What was looked at: what was noted here, and the notes of the results that were used."""

    def __init__(self) -> None:
        self._own: dict[tuple[str, Hashable], Any] = {}
        self._used: set[Notes] = set()
        self._found: dict[str, dict[Any, Any]] = defaultdict(dict)
        self._reached: set[Notes] = set()

    def add(self, kind: str, key: Hashable, thing: Any) -> None:
        """Note one *thing*."""
        self._own[kind, key] = thing

    def use(self, other: Notes) -> None:
        """Count what stands in *other*, which is finished, as looked at here."""
        if other._used or len(other._own) > _FEW:
            self._used.add(other)
        else:  # a rule that was looked at for each of a thousand values is noted once
            self._own |= other._own

    def things(self) -> Mapping[str, Mapping[Any, Any]]:
        """Everything that was looked at: kind → key → thing."""
        found: dict[str, dict[Any, Any]] = defaultdict(dict)
        self._gather(found, set())
        return found

    def things_so_far(self) -> Mapping[str, Mapping[Any, Any]]:
        """The same, while more is being noted here: what was gathered before is not gathered again."""
        self._gather(self._found, self._reached)
        return self._found

    def _gather(self, found: dict[str, dict[Any, Any]], reached: set[Notes]) -> None:
        """Add to *found* what stands here, and in all used notes but those *reached* before: they are finished."""
        waiting = [self, *(self._used - reached)]
        while waiting:
            notes = waiting.pop()
            for (kind, key), thing in notes._own.items():
                found[kind][key] = thing
            if notes is not self and notes not in reached:
                reached.add(notes)
                waiting += notes._used - reached


_open = [Notes()]  # of the results that are being computed just now, the innermost last


def note(kind: str, key: Hashable, thing: Any = None) -> None:
    """Note that something of a *kind* was looked at."""
    _open[-1].add(kind, key, thing)


def looked_at() -> Mapping[str, Mapping[Any, Any]]:
    """What was looked at so far for what is being made just now: kind → key → thing."""
    return _open[-1].things_so_far()


@contextlib.contextmanager
def noting() -> Iterator[Notes]:
    """Notes of what is looked at within; they count for what stands around it as well."""
    notes = Notes()
    _open.append(notes)
    try:
        yield notes
    finally:
        _open.pop()
        _open[-1].use(notes)


def forget(holder: object, is_outdated: Callable[[Mapping[str, Mapping[Any, Any]]], bool]) -> None:
    """Forget the results of an object's methods of which *is_outdated* says so, given what was looked at for them."""
    kept = vars(holder).get("_kept", {})
    for key in [key for key, (_, notes) in kept.items() if is_outdated(notes.things())]:
        del kept[key]


def memo(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Compute *function* once for the same arguments; a method's results are kept by its object.

    An error is not kept: whoever asks again, computes again.
    """
    name = function.__qualname__
    is_method = "." in name.rpartition("<locals>")[2].strip(".")
    results: dict[Any, tuple[Any, Notes]] = {}

    @functools.wraps(function)
    def recall(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        kept, given = (vars(args[0]).setdefault("_kept", {}), args[1:]) if is_method else (results, args)
        key = (name, given, *kwargs.items())
        if key not in kept:
            with noting() as notes:
                value = function(*args, **kwargs)
            kept[key] = value, notes
        value, notes = kept[key]
        _open[-1].use(notes)
        return cast(_T, value)

    return recall
