"""The published figures of a site, each recomputed from its derivation."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reportkit.standards.rounding import half_even
from reportkit.status import OF_RULES, OFFICIAL, weakest
from reportkit.units import with_unit
from reportkit.verify.problems import Problem
from reportkit.verify.published import WORDS, Entry, number
from reportkit.verify.tables import Row, Tables
from reportkit.verify.verdicts import BY_ROWS, VERDICTS

NO_DATA = "—"
RULE = ("standard", "clause", "verification")


@dataclass(frozen=True)
class _Result:
    """What a derivation comes to: a number or a code, how many decimals it is printed with, what it rests on."""

    exact: Fraction | str | None
    places: int | None
    status: str
    sources: list[str]


class Figures:
    """The published figures of a site, each held against its recomputation."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.entries: dict[str, Entry] = {}
        for path in sorted((tables.data / "figures").rglob("*.json")):
            published = json.loads(path.read_text(encoding="utf-8"))["figures"]
            self.entries |= {entry["id"]: entry for entry in published}

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the figures, each named once."""
        yield from filter(None, map(self.problem, self.entries))

    @functools.cache
    def problem(self, identity: str) -> Problem | None:
        """The first thing that is wrong with a figure; one that rests on a wrong figure is not judged."""
        entry = self.entries[identity]
        rests_on = referred(entry["derivation"])
        for other in rests_on:
            if other not in self.entries:
                return Problem("reference", identity, "the id of a published figure", other)
        if any(self.problem(other) for other in rests_on):
            return None
        try:
            expected = self._expected(entry)
        except (LookupError, ValueError, ArithmeticError) as error:
            return Problem("figure.derivation", identity, "one that can be recomputed", str(error))
        for aspect, value in expected.items():
            if entry[aspect] != value:
                return Problem(f"figure.{aspect}", identity, str(value), str(entry[aspect]))
        return self._unknown_rule(entry)

    def _expected(self, entry: Entry) -> dict[str, Any]:
        """The entry as it follows from its derivation."""
        derivation = entry["derivation"]
        result = self._result(derivation)
        value = _written(result)
        return {
            "value": value,
            "unrounded": _unrounded(result.exact),
            "status": result.status,
            "sources": result.sources,
            "unit": self._unit(derivation) or entry["unit"],
            "period": self._period(derivation) or entry["period"],
            "printed": {
                language: _printed(value, entry["unit"], language, texts)
                for language, texts in entry["printed"].items()
            },
        }

    def _unknown_rule(self, entry: Entry) -> Problem | None:
        """A rule that the figure names and the tables of standards do not hold, if there is one."""
        for rule in entry["standards"]:
            if tuple(rule[column] for column in RULE) not in self.rules:
                return Problem("figure.standards", entry["id"], "a rule of data/", str(rule))
        return None

    @functools.cached_property
    def rules(self) -> set[tuple[str, ...]]:
        """What the published tables hold of rules: of standards, and of the city's own price lists."""
        tables = map(self.tables.rows, self.tables.described)
        return {tuple(row[column] for column in RULE) for rows in tables for row in rows if set(RULE) <= set(row)}

    def _result(self, derivation: Entry) -> _Result:
        if "table" in derivation:
            return self._from_rows(derivation)
        figures = [self.entries[identity] for identity in referred(derivation)]
        exact, places = self._from_figures(derivation)
        sources = {source for figure in figures for source in figure["sources"]}
        return _Result(exact, places, weakest(figure["status"] for figure in figures), sorted(sources))

    # --- from rows ---

    def _from_rows(self, derivation: Entry) -> _Result:
        operation, column = derivation["operation"], derivation.get("column", "")
        rests_on = self.tables.where(derivation["table"], derivation.get("where", {}))
        places: int | None = derivation.get("places")
        exact: Fraction | str | None
        if operation == "select":
            exact = _only([row[column] for row in rests_on])
        elif operation == "count":
            exact = Fraction(sum(not column or row[column] != "" for row in rests_on))
            places = 0
            # What was counted may be nothing: the counting was done in the whole table.
            rests_on = rests_on or self.tables.rows(derivation["table"])
        elif operation in ("class", "index"):
            exact, places = BY_ROWS[operation, derivation["rule"]](rests_on)
        elif operation == "share":
            part = {**derivation["where"], **derivation["part"]}
            number = len(self.tables.where(derivation["table"], part))
            exact = Fraction(100 * number, len(rests_on)) if rests_on else None
        else:
            rests_on = [row for row in rests_on if row[column]]
            numbers = [Fraction(row[column]) for row in rests_on]
            weights = [Fraction(row[derivation["weight"]]) for row in rests_on] if "weight" in derivation else []
            exact = _statistic(operation, numbers, weights, derivation) if numbers else None
        sources = {source for row in rests_on for source in row.get("source_id", "").split(";") if source}
        return _Result(exact, places, weakest(map(_status, rests_on)), sorted(sources))

    def _unit(self, derivation: Entry) -> str | None:
        """The unit that the rows or the operation give, where they give one."""
        operation, column = derivation["operation"], derivation.get("column", "")
        if operation in ("ratio", "share", "change"):
            return "%"
        if operation == "select":
            rows = self.tables.where(derivation["table"], derivation["where"])
            return (rows[0]["unit"] or "1") if rows and "unit" in rows[0] else None
        units = {"_ug_m3": "ug/m3", "_mg_m3": "mg/m3"}
        return units.get(column[-6:]) if operation in ("mean", "percentile", "maximum") else None

    def _period(self, derivation: Entry) -> str | None:
        """The period that the conditions on the rows name, where they name one."""
        if derivation["operation"] == "interpolate":
            return str(derivation["at"])
        where = derivation.get("where", {})
        named = (where[column] for column in ("period", "month", "year") if column in where)
        return next((str(period) for period in named if not isinstance(period, list)), None)

    # --- from figures ---

    def _from_figures(self, derivation: Entry) -> tuple[Fraction | str | None, int | None]:
        operation = derivation["operation"]
        numbers = [number(self.entries[identity]) for identity in derivation["of"]]
        if operation == "class":
            return VERDICTS[derivation["rule"]](self.tables, self.entries, derivation), None
        if operation == "interpolate":
            years = [int(self.entries[identity]["period"]) for identity in derivation["of"]]
            return _straight(numbers, years, derivation["at"]), derivation["places"]
        if operation == "rank":
            return self._place(derivation, numbers), 0
        if operation == "index":
            limits = [number(self.entries[identity]) for identity in derivation["limits"]]
            return _index(numbers, limits), 2
        if operation == "added":
            known = [part for part in numbers if part is not None]
            return sum(known, Fraction(0)) if len(known) == len(numbers) else None, derivation["places"]
        first, second = numbers
        if first is None or second is None:
            return None, None
        if operation == "difference":
            return first - second, derivation["places"]
        if not second:
            return None, None
        exact = {
            "ratio": 100 * first / second,
            "change": 100 * (first - second) / second,
            "multiple": (first - second) / second,
            "quotient": derivation.get("factor", 1) * first / second,
        }[operation]
        return exact, derivation["places"]

    def _place(self, derivation: Entry, numbers: Sequence[Fraction | None]) -> Fraction | None:
        """The place of the first of *numbers* among the others; equal ones are told apart by those of ``then``."""
        then = [number(self.entries[identity]) for identity in derivation.get("then", [])]
        sign = {"smallest": 1, "largest": -1}[derivation["first"]]
        (own, *others) = [
            None if first is None or second is None else (sign * first, second)
            for first, second in zip(numbers, then or [Fraction(0)] * len(numbers), strict=True)
        ]
        return None if own is None else Fraction(1 + sum(other < own for other in others if other is not None))


def _status(row: Row) -> str:
    """The status of a row; that of a rule, whose table has none, is how far its text was read."""
    return row["status"] if "status" in row else OF_RULES.get(row.get("verification", ""), OFFICIAL)


def referred(derivation: Entry) -> list[str]:
    """The ids of the figures a derivation names."""
    against = [derivation["held_against"]] if "held_against" in derivation else []
    named = (*derivation.get("of", []), *derivation.get("then", []), *derivation.get("limits", []), *against)
    return list(dict.fromkeys(named))


def _only(values: Sequence[str]) -> str | None:
    if len(values) > 1:
        raise ValueError(f"{len(values)} rows meet the conditions, expected one")
    return (values[0] or None) if values else None


def _statistic(
    operation: str, numbers: Sequence[Fraction], weights: Sequence[Fraction], derivation: Entry
) -> Fraction | None:
    if operation == "weighted_mean":
        sum_ = sum((own * weight for own, weight in zip(numbers, weights, strict=True)), Fraction(0))
        return sum_ / sum(weights) if sum(weights) else None
    if operation == "sum":
        return sum(numbers, Fraction(0))
    if operation == "mean":
        return sum(numbers, Fraction(0)) / len(numbers)
    if operation == "maximum":
        return max(numbers)
    if operation == "percentile":
        ordered = sorted(numbers)
        whole, rest = divmod(Fraction(derivation["p"]) * (len(ordered) - 1), 1)
        return ordered[whole] + rest * (ordered[min(whole + 1, len(ordered) - 1)] - ordered[whole])
    raise ValueError(f"no operation is called '{operation}'")


def _straight(numbers: Sequence[Fraction | None], years: Sequence[int], at: int) -> Fraction | None:
    """The straight line between two values of their years, in the year *at*."""
    (start, end), (first, last) = numbers, years
    if start is None or end is None:
        return None
    return (start * (last - at) + end * (at - first)) / (last - first)


def _index(parts: Sequence[Fraction | None], limits: Sequence[Fraction | None]) -> Fraction | None:
    pairs = list(zip(parts, limits, strict=True))
    if any(part is None or limit is None for part, limit in pairs):
        return None
    return sum((Fraction(half_even(part / limit, 2)) for part, limit in pairs if part and limit), Fraction(0))


def _written(result: _Result) -> str | None:
    """The value as it is published: a selected one as its row has it, others with their decimals."""
    if result.exact is None or isinstance(result.exact, str):
        return result.exact
    return str(half_even(result.exact, result.places or 0))


def _unrounded(exact: Fraction | str | None) -> str | None:
    """The exact value as a decimal of at most ten places, without noughts at its end; a code as it is."""
    if exact is None or exact in WORDS:
        return None if exact is None else str(exact)
    text = f"{half_even(exact, 10):f}"
    return text.rstrip("0").rstrip(".")


def _printed(value: str | None, unit: str, language: str, texts: list[str]) -> list[str]:
    """The ways *value* is printed: also without its sign if it is negative, a code in one of its wordings."""
    if value is None:
        return [NO_DATA]
    if value in WORDS:
        allowed = WORDS[value][language]
        return texts if len(texts) == 1 and texts[0] in allowed else [allowed[0]]
    number = Decimal(value)
    plain = with_unit(number, unit, language)
    return [plain] if number >= 0 else [plain, with_unit(abs(number), unit, language)]
