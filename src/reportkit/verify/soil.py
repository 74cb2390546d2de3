"""What the rules of soil and groundwater come to, worked out from the published tables alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction

from reportkit.standards.rules import table
from reportkit.verify.problems import Problem
from reportkit.verify.published import Entry, number
from reportkit.verify.tables import Row, Tables, differences, is_in_force

CLASSES = ["I", "II", "III", "IV", "V"]
STEPS = ["investigated_date", "assessed_date", "works_date", "effect_date", "removed_date"]
BARRED_USES = ("residential", "public")


def problems(tables: Tables) -> Iterator[Problem]:
    """What in the tables of an area's plots, units and points does not follow from the rows of the whole."""
    makers = {
        "plots": (_plots, ["plot_id", "year"]),
        "units": (_units, ["enterprise_id", "year"]),
        "points": (_points, ["point_id", "year"]),
        "decisive": (_decisive, ["point_id", "year", "item"]),
    }
    for part, (make, key) in makers.items():
        for name, year, slug in tables.of_reports(f"soil/{part}"):
            codes = tables.codes_of(slug)
            expected = [row for row in make(tables, codes, int(year)) if int(row["year"]) <= int(year)]
            yield from differences(f"table.{part}", name, expected, tables.rows(name), key)


def target_verdict(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str:
    """Where a value stands against a target: ``of`` names the value, then the target."""
    value_id, target_id = derivation["of"]
    where = entries[target_id]["derivation"]["where"]
    (target,) = tables.where("targets/targets", {"target_id": where["target_id"]})
    due, at, value = int(target["target_year"]), int(derivation["at"]), number(entries[value_id])
    if value is None or int(entries[value_id]["period"]) != at or at > due:
        return "unknown"
    goal = Fraction(target["value"])
    is_met = value <= goal if target["direction"] == "at_most" else value >= goal
    if at == due:
        return "met" if is_met else "missed"
    return "met_early" if is_met else "not_yet"


def groundwater_class(rows: Sequence[Row]) -> tuple[str | None, None]:
    """The class of one point in one year: that of its worst item."""
    (row,) = rows
    return _worst(row)[0] or None, None


def _plots(tables: Tables, codes: Collection[str], until: int) -> Iterator[dict[str, str]]:
    """Each plot at the end of each year since its survey."""
    for plot in tables.where("soil/plots", {"area_code": sorted(codes)}):
        for year in range(int(plot["investigated_date"][:4] or until + 1), until + 1):
            taken = [step for step in STEPS if "" < plot[step] <= f"{year}-12-31"]
            listed = _is_on_register(plot, f"{year}-12-31")
            begun = plot["begun_date"]
            is_breach = "" < begun <= f"{year}-12-31" and _is_on_register(plot, begun)
            use = "use_breach" if is_breach and plot["planned_use"] in BARRED_USES else "use_barred"
            if not listed:
                use = "use_released" if "removed_date" in taken else "use_pending"
            yield {
                "plot_id": plot["plot_id"],
                "year": str(year),
                "stage": taken[-1].removesuffix("_date"),
                "is_listed": str(listed).lower(),
                "use": use,
                "area_hm2": plot["area_hm2"],
                "status": plot["status"],
                "source_id": plot["source_id"],
            }


def _is_on_register(plot: Row, day: str) -> bool:
    return "" < plot["listed_date"] <= day and not "" < plot["removed_date"] <= day


def _units(tables: Tables, codes: Collection[str], until: int) -> Iterator[dict[str, str]]:
    """Each supervised unit in each year, and whether it did its duties."""
    for unit in tables.where("soil/supervised_units", {"area_code": sorted(codes)}):
        inspected = int(unit["last_inspected_year"] or 0)
        is_recent = 0 <= int(unit["year"]) - inspected <= 2
        done = is_recent and unit["is_reported"] == unit["is_monitored"] == "true"
        kept = ("enterprise_id", "year", "is_reported", "is_monitored", "result", "status", "source_id")
        yield {**{name: unit[name] for name in kept}, "duties": "duties_done" if done else "duties_lacking"}


def _points(tables: Tables, codes: Collection[str], until: int) -> Iterator[dict[str, str]]:
    """Each groundwater point in each year: its class and the items that decide it."""
    points = {row["point_id"]: row for row in tables.where("soil/groundwater_points", {"area_code": sorted(codes)})}
    for row in tables.where("soil/groundwater", {"point_id": sorted(points)}):
        name, items = _worst(row)
        yield {
            "point_id": row["point_id"],
            "year": row["year"],
            "level": points[row["point_id"]]["level"],
            "class": name,
            "items": ";".join(items),
            "status": row["status"],
            "source_id": row["source_id"],
        }


def _decisive(tables: Tables, codes: Collection[str], until: int) -> Iterator[dict[str, str]]:
    """Each item that decides the class of a point of class IV or V."""
    for row in _points(tables, codes, until):
        items = row.pop("items").split(";")
        yield from ({**row, "item": item} for item in items if row["class"] in ("IV", "V"))


def _worst(row: Row) -> tuple[str, list[str]]:
    """The worst class among the items that have a value, and the items of that class."""
    day, found = f"{row['year']}-12-31", {}
    for limit in table("soil_groundwater"):
        name = limit["parameter"]
        text = row.get(name if limit["unit"] == "1" else f"{name}_mg_l", "")
        if text and is_in_force(limit, day):
            found[name] = _class(limit, Fraction(text))
    if not found:
        return "", []
    worst = max(found.values())
    return CLASSES[worst], [name for name, own in found.items() if own == worst > 0]


def _class(limit: Row, value: Fraction) -> int:
    """How many of the classes I to IV a value has left behind."""
    for place in range(len(CLASSES) - 1):
        bounds = [Fraction(part) for part in limit[f"class_{place + 1}"].split("-")]
        if value <= bounds[-1] and (len(bounds) == 1 or value >= bounds[0]):
            return place
    return len(CLASSES) - 1
