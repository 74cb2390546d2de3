"""Public action: targets, green communities, deadlines; and that totals do not tell which counts are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from reportkit.verify.problems import Problem
from reportkit.verify.published import Entry, number
from reportkit.verify.tables import Row, Tables, is_in_force

COMPLAINTS, CROSSED = "participation/complaints", "participation/complaints_crossed"
CUTS, LIMITS = "standards/participation_targets", "standards/participation_limits"
ALL = "all"

Cell = tuple[str, str]  # of a table of counts: what stands at the head of its row and of its column
Equation = dict[Cell, Fraction]  # the cells that a total is made of and that are not shown


# --- verdicts ---------------------------------------------------------------------------------------


def target_verdict(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str:
    """Where a measure of public bodies stands: ``of`` names its change, nought of the base year, what is asked for.

    Raises ValueError where they are not of the same measure and of the years in question.
    """
    change, start, goal = (entries[identity] for identity in derivation["of"])
    today, measure = derivation["at"], goal["derivation"]["where"]["measure"]
    asked = {int(row["year"]): Fraction(row["change_pct"]) for row in _valid(tables, CUTS, "measure", measure, today)}
    base, due = min(asked), max(asked)
    if [int(entry["period"]) for entry in (change, start, goal)] != [today, base, due]:
        raise ValueError(f"expected the years {today}, {base} and {due}")
    for identity, period in zip(change["derivation"]["of"], ("", f"_{base}"), strict=True):
        is_printed = _name(identity) == f"{measure}{period}"
        if is_printed and entries[identity]["derivation"]["operation"] != "select":
            raise ValueError(f"expected the change of {measure} from values that were not rounded for print")
        if not is_printed and _name(identity) != f"{measure}_exact{period}":
            raise ValueError(f"expected the change of {measure} since {base}")
    if ("power" in measure) != (derivation["rule"] == "participation.power_target"):
        raise ValueError(f"{measure} is judged by another rule")
    so_far = number(change)
    if so_far is None:
        raise ValueError("a verdict on a change without a value")
    if today == due:
        return "met" if so_far <= asked[due] else "missed"
    if so_far <= asked[due]:
        return "met_early"
    return "on_track" if so_far * (due - base) <= asked[due] * (today - base) else "behind"


def green_verdict(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str:
    """Whether enough communities are green: ``of`` names their share, then what it was to be."""
    share, limit = (entries[identity] for identity in derivation["of"])
    (row,) = _valid(tables, LIMITS, "limit", "green_share", derivation["at"])
    if not _name(share["id"]).startswith("green_communities_share") or number(limit) != Fraction(row["value"]):
        raise ValueError("expected the share of green communities and its limit")
    found = number(share)
    if found is None:
        raise ValueError("a verdict on a share without a value")
    is_met, due = found >= Fraction(row["value"]), int(row["due_year"])
    if int(share["period"]) != derivation["at"] or derivation["at"] > due:
        raise ValueError(f"expected the share of the year of the verdict, {due} at the latest")
    if derivation["at"] < due:
        return "met_early" if is_met else "not_yet"
    return "met" if is_met else "missed"


def closing_verdict(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str:
    """Whether the slowest complaint was closed in time: ``of`` names the days it took, then the days allowed."""
    longest, limit = (entries[identity] for identity in derivation["of"])
    if longest["derivation"].get("column") != "days_longest":
        raise ValueError("expected the days of the slowest complaint")
    (row,) = _valid(tables, LIMITS, "limit", "closing_days", int(longest["period"]))
    days, allowed = number(longest), number(limit)
    if days is None or allowed != Fraction(row["value"]):
        raise ValueError("expected the days that are allowed")
    return "all_in_time" if days <= allowed else "some_late"


def _valid(tables: Tables, name: str, column: str, value: str, year: int) -> list[dict[str, str]]:
    """The rows of a standard for a value that are in force at the end of a year."""
    rows, day = tables.where(name, {column: value}), f"{year}-12-31"
    return [row for row in rows if is_in_force(row, day)]


def _name(identity: str) -> str:
    return identity.partition("#")[2]


# --- what is left out -------------------------------------------------------------------------------


def problems(tables: Tables) -> Iterator[Problem]:
    """Small counts of complaints that are published, and counts left out that the totals tell."""
    if COMPLAINTS not in tables.described:
        return
    for name in (COMPLAINTS, CROSSED):
        for row in tables.rows(name):
            yield from _count_problems(tables, name, row)
    for (year, breakdown), rows in sorted(_by_table(tables.rows(COMPLAINTS)).items()):
        shown = {(row["area_code"], row["group"]): row["count"] for row in rows if not _is_city(tables, row)}
        whole = {row["group"]: row["count"] for row in rows if _is_city(tables, row)}
        yield from _told(f"data/{COMPLAINTS}.csv, {year}, {breakdown}", shown, whole)
        if breakdown == "type":
            crossed = tables.where(CROSSED, {"year": year})
            shown = {(row["channel"], row["type"]): row["count"] for row in crossed}
            yield from _told(f"data/{CROSSED}.csv, {year}", shown, whole)


def _count_problems(tables: Tables, name: str, row: Row) -> Iterator[Problem]:
    """A count that is small, or that is there though it is said to be left out, or the other way round."""
    (limit,) = _valid(tables, LIMITS, "limit", "small_count", int(row["year"]))
    where = f"data/{name}.csv, {', '.join(list(row.values())[:4])}"
    if (row["count"] == "") != (row["is_suppressed"] == "true"):
        yield Problem("participation.suppressed", where, "a count, or that it is left out", row["count"])
    elif row["count"] and 0 < int(row["count"]) < int(limit["value"]):
        yield Problem("participation.small", where, f"no count from 1 to {int(limit['value']) - 1}", row["count"])


def _is_city(tables: Tables, row: Row) -> bool:
    (area,) = tables.where("areas", {"area_code": row["area_code"]})
    return area["kind"] == "city"


def _by_table(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["year"], row["breakdown"]].append(row)
    return found


def _told(where: str, shown: Mapping[Cell, str], whole: Mapping[str, str]) -> Iterator[Problem]:
    """A problem for each cell without a count that the totals tell.

    *shown* holds the cells and the total of each row, *whole* those of the columns; they count only where the rows are
    all there, so that their totals add up.
    """
    hidden = [cell for cell, count in shown.items() if not count]
    lines: dict[Cell, list[Cell]] = defaultdict(list)
    totals = [count for (_, column), count in shown.items() if column == ALL]
    is_whole = ALL in whole and sum(map(int, totals)) == int(whole[ALL])
    for row, column in hidden:
        lines["row", row].append((row, column))
        if is_whole and whole.get(column):
            lines["column", column].append((row, column))
    told = _determined([dict.fromkeys(cells, Fraction(1)) for cells in lines.values()])
    for (kind, name), cells in lines.items():
        if _rest(kind, name, shown, whole) <= len(cells):  # none of them is nought, so that each of them is one
            told |= set(cells)
    for row, column in sorted(told):
        yield Problem("participation.told", f"{where}, {row}, {column}", "a count that totals do not tell", "told")


def _rest(kind: str, name: str, shown: Mapping[Cell, str], whole: Mapping[str, str]) -> int:
    """What the counts that are left out of a row or column come to together."""
    total = int(shown[name, ALL] if kind == "row" else whole[name])
    of = 0 if kind == "row" else 1
    return total - sum(int(count) for cell, count in shown.items() if cell[of] == name and cell[1] != ALL and count)


def _determined(equations: list[Equation]) -> set[Cell]:
    """The cells that *equations* give one value: those that stand alone once they are solved as far as they go."""
    solved: list[tuple[Cell, Equation]] = []
    for equation in equations:
        for pivot, other in solved:
            equation = _without(equation, pivot, other)
        if not equation:
            continue
        pivot = min(equation)
        equation = {cell: factor / equation[pivot] for cell, factor in equation.items()}
        solved = [(own, _without(other, pivot, equation)) for own, other in solved]
        solved.append((pivot, equation))
    return {pivot for pivot, equation in solved if len(equation) == 1}


def _without(equation: Equation, pivot: Cell, other: Equation) -> Equation:
    """The *equation* less so many times the *other* that *pivot* falls out of it."""
    factor = equation.get(pivot, Fraction(0))
    found = {
        cell: equation.get(cell, Fraction(0)) - factor * other.get(cell, Fraction(0)) for cell in {*equation, *other}
    }
    return {cell: value for cell, value in found.items() if value}
