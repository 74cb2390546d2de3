"""Published figures: a number with an identity, a status, its rules, and how it follows from named rows.

A figure is measured from a published table (:func:`count`, :func:`mean` …) or from other figures
(:func:`ratio`, :func:`change` …). The same call computes the value and writes its derivation down,
so that the two cannot part. ``docs/data-formats.md`` gives the vocabulary for readers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy
import numpy.typing as npt
import pandas as pd

from reportkit.display import SHOWN_ROWS, Displayed, as_html
from reportkit.errors import ReportError
from reportkit.standards import air as air_standards
from reportkit.standards import rounding
from reportkit.standards import targets as target_standards
from reportkit.standards.rules import Rule
from reportkit.status import weakest
from reportkit.units import with_unit

# The closed vocabulary of derivations: what each operation does with its rows or figures.
OPERATIONS = {
    "select": "the one row of the table that meets the conditions",
    "count": "the number of rows that meet the conditions (and have a value in the column, if one is named)",
    "sum": "the sum of the column over the rows",
    "mean": "the arithmetic mean of the column over the rows that have a value, rounded half to even",
    "percentile": "the percentile p of the column: position 1+(n-1)p of the sorted values, linear, rounded half-even",
    "weighted_mean": "the mean of the column weighted by another: Σ(value × weight) / Σ weight, rounded half to even",
    "maximum": "the largest value of the column over the rows",
    "added": "the figures added up",
    "quotient": "the factor × the first figure / the second, rounded half to even",
    "ratio": "100 × the first figure / the second, rounded half to even",
    "share": "100 × the rows that also meet the conditions of the part / the rows that meet the conditions",
    "change": "100 × (first − second) / second in percent, from printed values, rounded half to even",
    "difference": "the first figure − the second",
    "multiple": "(first − second) / second, rounded half to even",
    "rank": "the place of the figure among the figures named, the smallest (or largest) first, ties sharing the place "
    "unless the figures of `then`, the smallest first, decide",
    "interpolate": "the straight line from the first figure to the second, each in its year, in one year; half to even",
    "index": "each figure / its limit, rounded half to even to two decimals, then added; of rows what the rule says",
    "class": "the figure, or the rows that meet the conditions, judged by the rule",
}

NO_DATA = "—"

Value = Decimal | int | str | None
Chosen = npt.NDArray[numpy.bool_]  # of each row of a table whether it counts
_ANY = object()  # any value at all


@dataclass(frozen=True)
class PublishedTable:
    """A table readers can download as ``data/<name>.csv``, with the rules its rows were made by.

    *rows* has a column ``status`` and a column ``source_id``; *decimals* says with how many
    decimals the numbers of a column are written (0 where a column is not named).
    """

    name: str
    rows: pd.DataFrame
    decimals: Mapping[str, int] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    _met: dict[tuple[str, Any], Chosen] = field(default_factory=dict, init=False, repr=False, compare=False)
    _cells: dict[str, npt.NDArray[Any]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def where(self, conditions: Mapping[str, Any]) -> pd.DataFrame:
        """The rows that meet *conditions*: column → a value, or a list of values."""
        return self.rows[self.chosen(conditions)]

    def chosen(self, conditions: Mapping[str, Any]) -> Chosen:
        """Of each row whether it meets *conditions*; figures ask for the same ones again and again."""
        meets = numpy.ones(len(self.rows), dtype=bool)
        for column, wanted in conditions.items():
            key = column, tuple(wanted) if isinstance(wanted, list) else wanted
            if key not in self._met:
                cells = self.rows[column]
                found = cells.isin(wanted) if isinstance(wanted, list) else cells == wanted
                self._met[key] = found.to_numpy(dtype=bool, na_value=False)
            meets &= self._met[key]
        return meets

    def present(self, column: str, chosen: Chosen) -> Chosen:
        """Those of the rows *chosen* that have a value in *column*."""
        if (column, _ANY) not in self._met:
            self._met[column, _ANY] = self.rows[column].notna().to_numpy()
        return chosen & self._met[column, _ANY]

    def cells(self, column: str, chosen: Chosen) -> npt.NDArray[Any]:
        """The cells of *column* in the rows *chosen*."""
        if column not in self._cells:
            self._cells[column] = self.rows[column].to_numpy()
        return self._cells[column][chosen]

    def __getstate__(self) -> dict[str, Any]:
        """What is kept of it: all but what is found again from its rows."""
        return {**vars(self), "_met": {}, "_cells": {}}

    def records(self) -> dict[str, Any]:
        """The table as text, as it goes into its download: name, columns, rows."""
        rows = pd.DataFrame({column: self._as_text(str(column)) for column in self.rows})
        return {"name": self.name, "columns": list(rows.columns), "rows": rows.to_numpy().tolist()}

    def _repr_html_(self) -> str:
        shown = PublishedTable(self.name, self.rows.head(SHOWN_ROWS), self.decimals).records()
        return as_html(self.name, shown["columns"], shown["rows"], len(self.rows))

    def _as_text(self, column: str) -> list[str]:
        values = self.rows[column]
        if pd.api.types.is_datetime64_any_dtype(values):
            values = values.dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_bool_dtype(values):
            values = values.map({True: "true", False: "false"})
        elif pd.api.types.is_numeric_dtype(values):
            places = self.decimals.get(column, 0)
            return ["" if pd.isna(value) else f"{value:.{places}f}" for value in values]
        return ["" if pd.isna(value) else str(value) for value in values]


@dataclass(frozen=True)
class Measured(Displayed):
    """A value, before it has a name: rounded and exact, with all that it inherits from what it rests on."""

    value: Value
    exact: Fraction | Decimal | int | str | None
    derivation: Mapping[str, Any]
    status: str
    sources: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    of: tuple[Figure, ...] = field(default=(), repr=False)  # what it was measured from


@dataclass(frozen=True)
class Figure(Displayed):
    """A published figure. *id* is ``2024/AREA/air#pm2_5_annual``; *printed* holds each way it is printed."""

    id: str
    value: Value
    unrounded: str | None
    unit: str
    period: str
    status: str
    sources: tuple[str, ...]
    rules: tuple[Rule, ...]
    derivation: Mapping[str, Any]
    printed: Mapping[str, tuple[str, ...]]
    of: tuple[Figure, ...] = field(default=(), compare=False, repr=False)

    @property
    def place(self) -> str:
        """The part of the id that says year and area."""
        return self.id.partition("#")[0].rpartition("/")[0]

    @property
    def name(self) -> str:
        """The part of the id after ``#``."""
        return self.id.partition("#")[2]

    @property
    def is_verified(self) -> bool:
        """Whether every rule it rests on was read in the original or reproduces published figures."""
        return all(rule.is_verified for rule in self.rules)

    def entry(self) -> dict[str, Any]:
        """The figure as it is published in ``data/figures/``."""
        return {
            "id": self.id,
            "value": None if self.value is None else str(self.value),
            "unrounded": self.unrounded,
            "unit": self.unit,
            "period": self.period,
            "status": self.status,
            "sources": list(self.sources),
            "standards": [
                {
                    "rule": rule.family,
                    "standard": rule.standard,
                    "clause": rule.clause,
                    "verification": rule.verification,
                }
                for rule in self.rules
            ],
            "derivation": dict(self.derivation),
            "printed": {language: list(texts) for language, texts in self.printed.items()},
        }


def name_figure(
    identity: str,
    measured: Measured,
    *,
    unit: str,
    period: str,
    rules: Sequence[Rule] = (),
    labels: Mapping[str, Mapping[str, str]] | None = None,
) -> Figure:
    """Give *measured* its identity, unit, period and further *rules*.

    *labels* says in words what a coded value means: language → value → words.
    """
    return Figure(
        id=identity,
        value=measured.value,
        unrounded=None if measured.exact is None else _decimal_text(measured.exact),
        unit=unit,
        period=period,
        status=measured.status,
        sources=measured.sources,
        rules=_union(measured.rules, tuple(rules)),
        derivation=measured.derivation,
        printed={language: _printed(measured.value, unit, language, labels) for language in ("zh", "en")},
        of=measured.of,
    )


def with_those_beneath(shown: Iterable[Figure]) -> list[Figure]:
    """*shown*, each once, and the figures of the same area and year that they rest on, however far down.

    Raises ReportError for one name with two values.
    """
    found: dict[str, Figure] = {}
    waiting = list(shown)[::-1]
    while waiting:
        figure = waiting.pop()
        known = found.get(figure.id)
        if known is None:
            found[figure.id] = figure
            waiting += [other for other in reversed(figure.of) if other.place == figure.place]
        elif known.value != figure.value:
            raise ReportError(
                f"The figure {figure.id} has two values.",
                expected=str(known.value),
                found=str(figure.value),
                do="give figures that differ different names",
            )
    return list(found.values())


# --- measured from rows -------------------------------------------------------------------------


def select(table: PublishedTable, column: str, **where: Any) -> Measured:
    """The value of *column* in the one row that meets the conditions; no value where there is no row."""
    chosen = table.chosen(where)
    cells = table.cells(column, chosen)
    value = _cell(cells[0], table.decimals.get(column, 0)) if len(cells) == 1 else None
    return _from_rows("select", table, chosen, column, where, value, value)


def count(table: PublishedTable, column: str | None = None, **where: Any) -> Measured:
    """How many rows meet the conditions and, if *column* is named, have a value in it."""
    chosen = table.chosen(where)
    number = int((chosen if column is None else table.present(column, chosen)).sum())
    # What was counted may be nothing: the status is that of the table the counting was done in.
    counted_in = chosen if chosen.any() else table.chosen({})
    return _from_rows("count", table, counted_in, column, where, number, number)


def mean(table: PublishedTable, column: str, places: int, **where: Any) -> Measured:
    """The arithmetic mean of *column*, rounded half to even to *places*; no value without rows."""
    chosen, units, scale = _units(table, column, where)
    exact = Fraction(sum(units), len(units) * scale) if units else None
    return _rounded("mean", table, chosen, column, where, exact, places)


def total(table: PublishedTable, column: str, places: int, **where: Any) -> Measured:
    """The sum of *column*, rounded half to even to *places*; no value without rows."""
    chosen, units, scale = _units(table, column, where)
    return _rounded("sum", table, chosen, column, where, Fraction(sum(units), scale) if units else None, places)


def weighted_mean(table: PublishedTable, column: str, weight: str, places: int, **where: Any) -> Measured:
    """The mean of *column* weighted by the column *weight*, rounded half to even; no value without any weight."""
    chosen, units, scale = _units(table, column, where)
    weights, _ = _in_units(table.cells(weight, chosen), table.decimals.get(weight, 0))
    sum_ = sum(unit * own for unit, own in zip(units, weights, strict=True))
    exact = Fraction(sum_, sum(weights) * scale) if sum(weights) else None
    return _rounded("weighted_mean", table, chosen, column, where, exact, places, weight=weight)


def percentile(table: PublishedTable, column: str, p: Fraction, places: int, **where: Any) -> Measured:
    """The percentile *p* of *column*, rounded half to even to *places*; no value without rows."""
    chosen, units, scale = _units(table, column, where)
    exact = air_standards.percentile(units, p) / scale if units else None
    return _rounded("percentile", table, chosen, column, where, exact, places, p=f"{float(p):g}")


def maximum(table: PublishedTable, column: str, **where: Any) -> Measured:
    """The largest value of *column*; no value without rows."""
    chosen, units, scale = _units(table, column, where)
    places = table.decimals.get(column, _written_places(table.cells(column, chosen)))
    return _rounded("maximum", table, chosen, column, where, Fraction(max(units), scale) if units else None, places)


def share(table: PublishedTable, part: Mapping[str, Any], whole: Mapping[str, Any]) -> Measured:
    """The rows that meet *part* as well as *whole*, in percent of those that meet *whole*."""
    chosen = table.chosen(whole)
    number = int(table.chosen({**whole, **part}).sum())
    exact = Fraction(100 * number, int(chosen.sum())) if chosen.any() else None
    return _rounded("share", table, chosen, None, whole, exact, 1, part=dict(part))


def classify_rows(table: PublishedTable, value: str | None, rule: Rule, **where: Any) -> Measured:
    """A verdict in one word (*value*) on the rows that meet the conditions under a *rule*."""
    return _by_rule("class", table, value, value, rule, where)


def index_rows(table: PublishedTable, value: Decimal | None, exact: Any, rule: Rule, **where: Any) -> Measured:
    """An index (*value*, rounded from *exact*) of the rows that meet the conditions under its *rule*."""
    return _by_rule("index", table, value, exact, rule, where)


# --- measured from figures ----------------------------------------------------------------------


def added(parts: Sequence[Figure], places: int) -> Measured:
    """The *parts* added up; no value where one of them has none."""
    known = bool(parts) and all(part.value is not None for part in parts)
    return _from_figures("added", parts, sum(map(_number, parts), Fraction(0)) if known else None, places)


def quotient(first: Figure, second: Figure, places: int, factor: int = 1) -> Measured:
    """*factor* × *first* / *second*, for one thing by another: emissions by output, areas by people."""
    known = first.value is not None and second.value is not None and _number(second)
    exact = factor * _number(first) / _number(second) if known else None
    return _from_figures("quotient", [first, second], exact, places, factor=factor)


def ratio(part: Figure, whole: Figure, places: int = 1) -> Measured:
    """*part* in percent of *whole*; no value where either has none, or the whole is nothing."""
    known = part.value is not None and whole.value is not None and _number(whole)
    exact = _number(part) * 100 / _number(whole) if known else None
    return _from_figures("ratio", [part, whole], exact, places)


def change(now: Figure, before: Figure, places: int = 1) -> Measured:
    """How much *now* differs from *before* in percent, from their values as printed."""
    known = now.value is not None and before.value not in (None, 0)
    exact = (_number(now) - _number(before)) * 100 / _number(before) if known and _number(before) else None
    return _from_figures("change", [now, before], exact, places)


def difference(now: Figure, before: Figure, places: int = 1) -> Measured:
    """*now* − *before*, for shares in percentage points and for places in a ranking."""
    known = now.value is not None and before.value is not None
    return _from_figures("difference", [now, before], _number(now) - _number(before) if known else None, places)


def multiple(value: Figure, limit: Figure) -> Measured:
    """How many times over the limit: (value − limit) / limit, two decimals; no value where the limit is nothing."""
    known = value.value is not None and limit.value is not None and _number(limit)
    exact = (_number(value) - _number(limit)) / _number(limit) if known else None
    return _from_figures("multiple", [value, limit], exact, 2)


def interpolate(baseline: Figure, target: Figure, year: int, places: int) -> Measured:
    """The straight line from *baseline* to *target*, whose periods are years, in *year*; both need to have a value."""
    start, end = (target_standards.Point(int(figure.period), _decimal(figure)) for figure in (baseline, target))
    return _from_figures("interpolate", [baseline, target], target_standards.on_path(start, end, year), places, at=year)


def rank(
    figure: Figure, among: Sequence[Figure], *, smallest_first: bool = True, then: Sequence[Figure] = ()
) -> Measured:
    """The place of *figure* among those that have a value (it has to be one of them).

    *then*, one for each of *among* and with a value where that has one, decides between equal ones, the smallest first.
    """
    second = {other.id: more for other, more in zip(among, then, strict=bool(then))}
    known = [other for other in among if other.value is not None]

    def order(other: Figure) -> tuple[Fraction, Fraction]:
        value = _number(other) if smallest_first else -_number(other)
        return value, _number(second[other.id]) if then else Fraction(0)

    place = None if figure.value is None else 1 + sum(order(other) < order(figure) for other in known)
    ranked = [figure, *known]
    measured = _from_figures("rank", ranked, place, 0, first="smallest" if smallest_first else "largest")
    if not then:
        return measured
    more = [second[other.id] for other in ranked]
    derivation = {**measured.derivation, "then": [other.id for other in more]}
    return _inherit([*ranked, *more], measured.value, measured.exact, derivation, ())


def classify(figures: Sequence[Figure], value: str | None, rule: Rule, **under: Any) -> Measured:
    """A verdict in one word (*value*) on *figures* under a *rule*; *under* says what they are held against."""
    derivation = _derivation("class", of=[figure.id for figure in figures], rule=rule.family, **under)
    return _inherit(figures, value, value, derivation, (rule,))


def index(parts: Sequence[Figure], limits: Sequence[Figure], total: Decimal | None, rule: Rule) -> Measured:
    """An index *total* of *parts* against *limits* under its *rule*."""
    derivation = _derivation(
        "index", of=[part.id for part in parts], limits=[limit.id for limit in limits], rule=rule.family
    )
    return _inherit([*parts, *limits], total, total, derivation, (rule,))


def under(measured: Measured, *more: Rule) -> Measured:
    """*measured*, resting on *more* rules."""
    return replace(measured, rules=_union(measured.rules, more))


# --- how it is done -----------------------------------------------------------------------------


def _derivation(operation: str, **arguments: Any) -> dict[str, Any]:
    return {
        "operation": operation,
        **{name: value for name, value in arguments.items() if value not in (None, {})},
    }


def _units(table: PublishedTable, column: str, where: Mapping[str, Any]) -> tuple[Chosen, list[int], int]:
    """The rows that meet the conditions and have a value; their values, exact, in so many units to one.

    Values read as they are written need no decimals; others have those that the table gives their column.
    """
    chosen = table.present(column, table.chosen(where))
    return chosen, *_in_units(table.cells(column, chosen), table.decimals.get(column, 0))


def _in_units(values: npt.NDArray[Any], places: int) -> tuple[list[int], int]:
    """*values* as whole numbers, exact, and how many of them make one."""
    if values.dtype == object:
        exact = [rounding.exact(value) for value in values]
        scale = math.lcm(*(value.denominator for value in exact))
        return [value.numerator * (scale // value.denominator) for value in exact], scale
    integers, _ = rounding.scaled(values, places)
    return integers.tolist(), 10**places


def _written_places(values: npt.NDArray[Any]) -> int:
    """The decimals that *values* read as they are written have at most; none of other numbers."""
    exponents = [value.as_tuple().exponent for value in values if isinstance(value, Decimal)]
    return max((-exponent for exponent in exponents if isinstance(exponent, int)), default=0)


def _rounded(
    operation: str,
    table: PublishedTable,
    chosen: Chosen,
    column: str | None,
    where: Mapping[str, Any],
    exact: Fraction | None,
    places: int,
    **options: Any,
) -> Measured:
    value = None if exact is None else rounding.half_even(exact, places)
    return _from_rows(operation, table, chosen, column, where, value, exact, places=places, **options)


def _from_rows(
    operation: str,
    table: PublishedTable,
    chosen: Chosen,
    column: str | None,
    where: Mapping[str, Any],
    value: Value,
    exact: Any,
    **options: Any,
) -> Measured:
    derivation = _derivation(operation, table=table.name, column=column, where=dict(where), **options)
    named, statuses = (set(table.cells(own, chosen)) for own in ("source_id", "status"))
    sources = tuple(sorted({source for ids in named for source in ids.split(";") if source}))
    return Measured(value, exact, derivation, weakest(statuses), sources, table.rules)


def _by_rule(
    operation: str, table: PublishedTable, value: Value, exact: Any, rule: Rule, where: Mapping[str, Any]
) -> Measured:
    measured = _from_rows(operation, table, table.chosen(where), None, where, value, exact, rule=rule.family)
    return under(measured, rule)


def _from_figures(
    operation: str, figures: Sequence[Figure], exact: Fraction | int | None, places: int, **options: Any
) -> Measured:
    value: Value = None
    if exact is not None:
        value = int(exact) if operation == "rank" else rounding.half_even(exact, places)
    derivation = _derivation(operation, of=[figure.id for figure in figures], places=places, **options)
    return _inherit(figures, value, exact, derivation, ())


def _inherit(
    figures: Sequence[Figure],
    value: Value,
    exact: Any,
    derivation: Mapping[str, Any],
    rules: tuple[Rule, ...],
) -> Measured:
    """A value that rests on *figures*: the weakest of their statuses, all their sources and rules."""
    return Measured(
        value,
        exact,
        derivation,
        weakest(figure.status for figure in figures),
        tuple(sorted({source for figure in figures for source in figure.sources})),
        _union(*(figure.rules for figure in figures), rules),
        tuple(figures),
    )


def _union(*groups: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return tuple(dict.fromkeys(rule for group in groups for rule in group))


def _number(figure: Figure) -> Fraction:
    return rounding.exact(_decimal(figure))


def _decimal(figure: Figure) -> Decimal:
    assert figure.value is not None
    return Decimal(figure.value)


def _cell(value: Any, places: int) -> Value:
    """The value of one cell as it was written: a number with its decimals, else text."""
    if pd.isna(value):
        return None
    if isinstance(value, str | Decimal):
        return value
    integers, _ = rounding.scaled([value], places)
    return rounding.half_even(Fraction(int(integers[0]), 10**places), places)


def _decimal_text(exact: Fraction | Decimal | int | str) -> str:
    """*exact* as a decimal of at most ten places, without trailing noughts; text as it is."""
    if isinstance(exact, str):
        return exact
    text = f"{rounding.half_even(exact, 10):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _printed(value: Value, unit: str, language: str, labels: Mapping[str, Mapping[str, str]] | None) -> tuple[str, ...]:
    """Each way the value is printed: as it is, and without its sign where the words say which way it went."""
    if value is None:
        return (NO_DATA,)
    if isinstance(value, str):
        if labels is None:
            return (value,)
        return (labels[language][value],)
    plain = with_unit(value, unit, language)
    return (plain,) if value >= 0 else (plain, with_unit(-value, unit, language))
