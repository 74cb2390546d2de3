"""Surface water: classes, main pollutants, means, rivers, index (CWQI) and trophic level, all of it exact.

Every look-up takes the day of the data.

A class is a number: 1 to 5 for Ⅰ to Ⅴ, 6 for worse than Ⅴ. A *body* is ``river`` or ``lake`` (reservoirs too):
their limits for total phosphorus differ. Concentrations are in mg/L, dissolved oxygen too, of which more is
better; pH has no unit, ``coliform`` is in 1/L. A class is given to the value as it stands; the means that a
month or a year is judged by are rounded first, which :func:`mean_values` does.

``rules.rule("water.class", day)`` and its siblings say under which clause a result stands and whether that
clause was read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, localcontext
from fractions import Fraction

from reportkit.display import Displayed
from reportkit.errors import StandardError, nearest
from reportkit.memo import memo
from reportkit.standards import rules
from reportkit.standards.rounding import Number, exact, half_even

PARAMETERS = (
    *("water_temp", "ph", "do", "codmn", "cod", "bod5", "nh3n", "tp", "tn", "cu", "zn", "fluoride", "se", "as"),
    *("hg", "cd", "cr6", "pb", "cyanide", "phenol", "oil", "las", "sulfide", "coliform"),
)
COLUMN = {parameter: f"{parameter}_mg_l" for parameter in PARAMETERS} | {
    "water_temp": "water_temp_degc",
    "ph": "ph",
    "coliform": "coliform_per_l",
}
BODIES = ("river", "lake")
CODES = dict(enumerate(("I", "II", "III", "IV", "V", "worse"), start=1))  # how tables write the six classes

_GOOD = 3  # the worst class that is still good
_WORST = 6  # worse than class Ⅴ
_RATIO_SECTIONS = 5  # from this number of sections on, a river is judged by their shares
_MAIN = 3  # main pollutants that are named
_NEUTRAL = 7  # the pH that adds nothing to the index
_DIGITS = Context(prec=50)  # for powers and logarithms; their results are good to 30 decimals
_LOGARITHM_PLACES = 30

Values = Mapping[str, Number | None]


# --- items and their classes --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item(Displayed):
    """One row of the table of limits: five limits from class Ⅰ to Ⅴ, or the lower and upper one of pH.

    ``direction`` is ``le``, ``ge`` (dissolved oxygen), ``range`` (pH) or ``none`` (temperature, which has no
    limits). ``decimals`` are those a mean is rounded to.
    """

    parameter: str
    name_zh: str
    name_en: str
    unit: str
    direction: str
    limits: tuple[Fraction, ...]
    in_assessment: bool
    comes_first: bool
    decimals: int


def edition(as_of: date) -> str:
    """The standard in force for data of that day, such as ``GB 3838-2002``."""
    rows = rules.table("water_limits")
    valid = rules.in_force(rows, as_of)
    if not valid:
        what = f"no limits of surface water for {as_of:%Y-%m-%d}"
        raise StandardError(what, expected=f"a day in {rules.periods(rows)}")
    return valid[0]["standard"]


def items(as_of: date, body: str = "river") -> Mapping[str, Item]:
    """The items that have limits for such a *body*, in the order of the table, by parameter."""
    return _items(edition(as_of), body)


def assessed(as_of: date, body: str = "river") -> tuple[str, ...]:
    """The 21 parameters that decide a section's class."""
    return tuple(name for name, item in items(as_of, body).items() if item.in_assessment)


def item_class(parameter: str, value: Number, as_of: date, body: str = "river") -> int:
    """The class of one *value*, 1 to 6; where classes share a limit it is the better one.

    Class Ⅰ of dissolved oxygen is 7.5 mg/L; the standard also accepts a saturation of 90 %, which is not asked
    for here. A pH outside its range is 6, inside 1. StandardError for what has no classes: water temperature,
    and total nitrogen of rivers. ValueError for a negative value.
    """
    item = _item(parameter, as_of, body)
    if item.direction == "none":
        raise StandardError(f"{item.name_en} has no classes")
    return _class_of(item, _measured(parameter, value))


def section_class(values: Values, as_of: date, body: str = "river") -> int | None:
    """The class of a section: that of the worst of the 21 items that have a value, None without any.

    Total nitrogen, water temperature and faecal coliforms may be given and do not count.
    """
    return max(_classes(values, as_of, body).values(), default=None)


def _classes(values: Values, as_of: date, body: str) -> dict[str, int]:
    """The class of each of the 21 items that has a value."""
    known = items(as_of, body)
    return {name: _class_of(known[name], value) for name, value in _given(values, as_of, body).items()}


def _given(values: Values, as_of: date, body: str) -> dict[str, Fraction]:
    """Those of *values* that are there and are of the 21 items."""
    _known(values)
    given = {name: values.get(name) for name in assessed(as_of, body)}
    return {name: _measured(name, value) for name, value in given.items() if value is not None}


def _class_of(item: Item, value: Fraction) -> int:
    if item.direction == "range":
        return 1 if item.limits[0] <= value <= item.limits[1] else _WORST
    missed = [value < limit if item.direction == "ge" else value > limit for limit in item.limits]
    return 1 + sum(missed)


def _item(parameter: str, as_of: date, body: str) -> Item:
    _known([parameter])
    found = items(as_of, body).get(parameter)
    if found is None:
        raise StandardError(f"{edition(as_of)} has no limits of '{parameter}' for a {body}")
    return found


@memo
def _items(standard: str, body: str) -> dict[str, Item]:
    if body not in BODIES:
        raise StandardError(f"no body of water is called '{body}'", do=nearest(body, BODIES))
    return {
        row["parameter"]: _item_of(row)
        for row in rules.table("water_limits")
        if row["standard"] == standard and body in row["body"].split(";")
    }


def _item_of(row: rules.Row) -> Item:
    printed = [row[f"class_{number}"] for number in range(1, _WORST)]
    limits = printed[0].split("-") if row["direction"] == "range" else [text for text in printed if text]
    return Item(
        parameter=row["parameter"],
        name_zh=row["item_zh"],
        name_en=row["item_en"],
        unit=row["unit"],
        direction=row["direction"],
        limits=tuple(map(Fraction, limits)),
        in_assessment=row["in_assessment"] == "yes",
        comes_first=row["is_heavy_metal_or_cyanide"] == "yes",
        decimals=int(row["decimals"]),
    )


def _known(parameters: Iterable[str]) -> None:
    for parameter in parameters:
        if parameter not in PARAMETERS:
            raise StandardError(f"no item is called '{parameter}'", do=nearest(parameter, PARAMETERS))


def _measured(parameter: str, value: Number) -> Fraction:
    number = exact(value)
    if number < 0:
        raise ValueError(f"expected a value of 0 or more, found {value} of {parameter}")
    return number


# --- main pollutants and drinking-water sources -------------------------------------------------------------


@dataclass(frozen=True)
class Pollutant(Displayed):
    """An item that is not good enough; without ``item_class`` or ``multiple`` where there is no such thing."""

    parameter: str
    item_class: int | None
    multiple: Decimal | None


def main_pollutants(values: Values, as_of: date, body: str = "river") -> tuple[Pollutant, ...]:
    """The items worse than class Ⅲ that are named for a section, three at most, none when it is good.

    Heavy metals and cyanide come first, then the worst class, then the largest multiple; of one class, items
    without a multiple come last.
    """
    return exceeding_items(values, as_of, body)[:_MAIN]


def exceeding_items(values: Values, as_of: date, body: str = "river") -> tuple[Pollutant, ...]:
    """All items worse than class Ⅲ, in the order of :func:`main_pollutants`."""
    known, classes = items(as_of, body), _classes(values, as_of, body)
    over = {name: _over(known[name], value) for name, value in _given(values, as_of, body).items()}
    worse = [name for name, number in classes.items() if number > _GOOD]
    worse.sort(key=lambda name: (not known[name].comes_first, -classes[name], -(over[name] or 0)))
    multiples = {name: half_even(multiple, 1) for name, multiple in over.items() if multiple is not None}
    return tuple(Pollutant(name, classes[name], multiples.get(name)) for name in worse)


def _over(item: Item, value: Fraction) -> Fraction | None:
    """The exact multiple over class Ⅲ, None where there is none."""
    if item.direction != "le":
        return None
    limit = item.limits[_GOOD - 1]
    return (value - limit) / limit if value > limit else None


# --- means, months and years --------------------------------------------------------------------------------


def non_detect(detection_limit: Number) -> Fraction:
    """What a value below the *detection_limit* counts as: half of it."""
    return exact(detection_limit) / 2


def mean_concentration(parameter: str, values: Iterable[Number]) -> Fraction:
    """The mean of *values*, exact; of pH that of the hydrogen ions, to 30 decimals. ValueError without values."""
    _known([parameter])
    given = [_measured(parameter, value) for value in values]
    if not given:
        raise ValueError(f"expected values of {parameter}, found none")
    return _mean_ph(given) if parameter == "ph" else Fraction(sum(given), len(given))


def round_for_assessment(parameter: str, value: Number, as_of: date) -> Decimal:
    """A mean rounded to the decimals of its item; one significant digit is kept where that would give zero."""
    _known([parameter])
    body = next(body for body in BODIES if parameter in items(as_of, body))
    number = _measured(parameter, value)
    rounded = half_even(number, items(as_of, body)[parameter].decimals)
    return rounded if rounded or not number else half_even(number, _first_digit(number))


def mean_values(samples: Iterable[Values], as_of: date, body: str = "river") -> dict[str, Decimal]:
    """The means of *samples* that an assessment is based on, rounded for it, of the 21 items with a value."""
    means = _means(samples, as_of, body)
    return {name: round_for_assessment(name, mean, as_of) for name, mean in means.items()}


def _means(samples: Iterable[Values], as_of: date, body: str) -> dict[str, Fraction]:
    given = [_given(values, as_of, body) for values in samples]
    columns = {name: [values[name] for values in given if name in values] for name in assessed(as_of, body)}
    return {name: mean_concentration(name, column) for name, column in columns.items() if column}


def _mean_ph(values: Sequence[Fraction]) -> Fraction:
    with localcontext(_DIGITS):
        ions = [10 ** -_decimal(value) for value in values]
        mean = -(sum(ions, Decimal(0)) / len(ions)).log10()
    return exact(half_even(mean, _LOGARITHM_PLACES))  # so that the mean of one value is that value


def _first_digit(number: Fraction) -> int:
    """How many decimals reach the first digit of a *number* below 1 that is not zero."""
    places = 1
    while number * 10**places < 1:
        places += 1
    return places


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


# --- grades of sections and rivers --------------------------------------------------------------------------


@dataclass(frozen=True)
class Grade(Displayed):
    """One of five grades, 1 (excellent) to 5 (heavily polluted); ``rgb`` is like ``0,112,255``."""

    grade: int
    name_zh: str
    name_en: str
    rgb: str


@dataclass(frozen=True)
class Level(Displayed):
    """One of the six classes by name, with the grade of a section that has it."""

    number: int
    name_zh: str
    name_en: str
    grade: Grade


@dataclass(frozen=True)
class Trend(Displayed):
    """A change of quality: ``none``, ``better``, ``much_better``, ``worse`` or ``much_worse``."""

    trend: str
    name_zh: str
    name_en: str


def levels(as_of: date) -> tuple[Level, ...]:
    """The six classes, best first."""
    return tuple(
        Level(
            number=int(row["class"]),
            name_zh=row["class_zh"],
            name_en=row["class_en"],
            grade=Grade(int(row["grade"]), row["grade_zh"], row["grade_en"], row["rgb"]),
        )
        for row in _in_force("water_levels", as_of)
    )


def section_grade(number: int, as_of: date) -> Grade:
    """The grade of a section of class *number*, 1 to 6."""
    return levels(as_of)[_class_number(number) - 1].grade


def river_grade(classes: Sequence[int], as_of: date) -> Grade:
    """The grade of a river or basin from the *classes* of its sections, of which it needs five.

    ValueError with fewer: then :func:`river_grade_of_values` judges the mean concentrations.
    """
    if len(classes) < _RATIO_SECTIONS:
        raise ValueError(f"expected {_RATIO_SECTIONS} sections or more, found {len(classes)}: give their values")
    good, worst = (_share(classes, chosen) for chosen in (range(1, _GOOD + 1), [_WORST]))
    return grade_of_ratios(good, worst, as_of)


def grade_of_ratios(good: Number, worst: Number, as_of: date) -> Grade:
    """The grade of a river from the percentages of sections in classes Ⅰ to Ⅲ and worse than Ⅴ."""
    for row in _in_force("water_river_grades", as_of):
        is_good_enough = _is_in(good, row["good_from"], row["good_below"])
        if is_good_enough and _is_in(worst, row["worst_from"], row["worst_below"]):
            return next(level.grade for level in levels(as_of) if level.grade.grade == int(row["grade"]))
    raise ValueError(f"expected percentages from 0 to 100, found {good} and {worst}")


def river_grade_of_values(sections: Sequence[Values], as_of: date) -> Grade | None:
    """The grade of a river from the values of its *sections*: by shares of five or more, by means of fewer.

    Sections without a value are left out; None when none has one.
    """
    found = [(values, section_class(values, as_of)) for values in sections]
    classes = [number for _, number in found if number is not None]
    if len(classes) >= _RATIO_SECTIONS:
        return river_grade(classes, as_of)
    mean_class = section_class(mean_values(sections, as_of), as_of)
    return None if mean_class is None else section_grade(mean_class, as_of)


def good_section_ratio(classes: Collection[int]) -> Decimal | None:
    """Sections of class Ⅰ to Ⅲ in percent of all, one decimal; None without sections."""
    return half_even(_share(classes, range(1, _GOOD + 1)), 1) if classes else None


def class_ratios(classes: Collection[int]) -> dict[int, Decimal]:
    """The sections of each class 1 to 6 in percent of all, one decimal; empty without sections."""
    numbers = range(1, _WORST + 1) if classes else ()
    return {number: half_even(_share(classes, [number]), 1) for number in numbers}


def trend(change_points: Number, as_of: date) -> Trend:
    """What a change of the share of classes Ⅰ to Ⅲ less that of worse than Ⅴ means, in percentage points."""
    change = exact(change_points)
    directions = {"any", "better" if change > 0 else "worse"}
    rows = [row for row in _in_force("water_trends", as_of) if row["direction"] in directions]
    row = next(row for row in rows if not row["points_max"] or abs(change) <= Fraction(row["points_max"]))
    return Trend(row["trend"], row["name_zh"], row["name_en"])


def _share(classes: Collection[int], chosen: Collection[int]) -> Fraction:
    return Fraction(100 * sum(_class_number(number) in chosen for number in classes), len(classes))


def _class_number(number: int) -> int:
    if not 1 <= number <= _WORST:
        raise ValueError(f"expected a class from 1 to {_WORST}, found {number}")
    return number


def _is_in(percent: Number, lower: str, upper: str) -> bool:
    """Whether *percent* is from *lower* to below *upper*; an empty end is that of the percentages."""
    value = exact(percent)
    return Fraction(lower or 0) <= value <= 100 and (not upper or value < Fraction(upper))


def _in_force(table: str, as_of: date) -> tuple[rules.Row, ...]:
    rows = rules.table(table)
    valid = rules.in_force(rows, as_of)
    if not valid:
        what = f"no rules in {table} for {as_of:%Y-%m-%d}"
        raise StandardError(what, expected=f"a day in {rules.periods(rows)}")
    return valid


# --- water quality index ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cwqi(Displayed):
    """The index of a water: its part for each item and their sum, exact, and ``rounded`` as it is published.

    ``is_complete`` says whether all 21 items have a value; indices rank together only over the same items.
    """

    parts: dict[str, Fraction]
    total: Fraction
    is_complete: bool
    rule: rules.Rule

    @property
    def rounded(self) -> Decimal:
        """The index with four decimals."""
        return round_cwqi(self.total)


def cwqi_item(parameter: str, value: Number, as_of: date, body: str = "river") -> Fraction:
    """The part of one of the 21 items: the value over its limit of class Ⅲ, exact.

    Of dissolved oxygen the limit over the value (ValueError for 0), of pH its distance from 7 as a share of
    the distance from 7 to the end of the range on that side.
    """
    item, number = _item(parameter, as_of, body), _measured(parameter, value)
    if not item.in_assessment:
        raise StandardError(f"{item.name_en} is not part of the index")
    if item.direction == "range":
        end = item.limits[0] if number <= _NEUTRAL else item.limits[1]
        return (number - _NEUTRAL) / (end - _NEUTRAL)
    limit = item.limits[_GOOD - 1]
    if item.direction == "le":
        return number / limit
    if not number:
        raise ValueError(f"expected {item.name_en} above 0, found {value}")
    return limit / number


def cwqi_river(sections: Iterable[Values], as_of: date, body: str = "river") -> Cwqi:
    """The index of rivers, or with *body* ``lake`` of lakes: that of the mean concentrations of *sections*."""
    means = _means(sections, as_of, body)
    if not means:
        raise ValueError("expected values for the index, found none")
    parts = {name: cwqi_item(name, mean, as_of, body) for name, mean in means.items()}
    is_complete = set(parts) == set(assessed(as_of, body))
    return Cwqi(parts, sum(parts.values(), Fraction(0)), is_complete, rules.rule("water.cwqi", as_of))


def cwqi_area(rivers: Sequence[Values], lakes: Sequence[Values], as_of: date) -> Fraction | None:
    """The index, exact, of an area that is to be ranked: of its rivers and lakes, weighted by their sections.

    None without sections, or when an item was not measured.
    """
    bodies = [(given, body) for given, body in ((rivers, "river"), (lakes, "lake")) if given]
    is_complete = all(set(_means(given, as_of, body)) == set(assessed(as_of, body)) for given, body in bodies)
    if not bodies or not is_complete:
        return None
    weighted = [cwqi_river(given, as_of, body).total * len(given) for given, body in bodies]
    return sum(weighted, Fraction(0)) / (len(rivers) + len(lakes))


def round_cwqi(index: Fraction) -> Decimal:
    """An index as it is published: four decimals."""
    return half_even(index, 4)


# --- trophic level of lakes ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tli(Displayed):
    """The trophic level index: its five parts before weighting and the weighted sum, two decimals each."""

    parts: dict[str, Decimal]
    total: Decimal


@dataclass(frozen=True)
class TrophicLevel(Displayed):
    """One of five levels, 1 (oligotrophic) to 5 (heavily eutrophic)."""

    level: int
    name_zh: str
    name_en: str


def tli(values: Values, as_of: date) -> Tli:
    """The trophic level index of a lake from ``chl_a`` (mg/m³), ``tp``, ``tn``, ``codmn`` and ``transparency`` (m).

    The sum is taken before rounding. ValueError unless all five are there and above zero.
    """
    rows = {row["parameter"]: row for row in _in_force("water_tli", as_of)}
    given = {name: exact(values.get(name) or 0) for name in rows}
    if wrong := [name for name, value in given.items() if value <= 0]:
        raise ValueError(f"expected five values above 0 for the index, found none for {', '.join(wrong)}")
    parts = {name: _tli_part(row, given[name]) for name, row in rows.items()}
    total = sum((Fraction(rows[name]["weight"]) * part for name, part in parts.items()), Fraction(0))
    return Tli({name: half_even(part, 2) for name, part in parts.items()}, half_even(total, 2))


def trophic_level(index: Number, as_of: date) -> TrophicLevel:
    """The level of a lake with that trophic level *index*."""
    row = next(row for row in _in_force("water_trophic_levels", as_of) if _is_up_to(exact(index), row))
    return TrophicLevel(int(row["level"]), row["name_zh"], row["name_en"])


def _tli_part(row: rules.Row, value: Fraction) -> Fraction:
    with localcontext(_DIGITS):
        logarithm = _decimal(value).ln()
    return 10 * (Fraction(row["intercept"]) + Fraction(row["slope"]) * exact(logarithm))


def _is_up_to(index: Fraction, row: rules.Row) -> bool:
    if not row["tli_max"]:
        return True
    highest = Fraction(row["tli_max"])
    return index < highest or (index == highest and row["includes_max"] == "yes")
