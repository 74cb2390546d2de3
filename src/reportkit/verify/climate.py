"""Carbon dioxide and coal equivalent from the energy used and the factors; and verdicts on assigned cuts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from reportkit.standards.rounding import half_even
from reportkit.verify.problems import Problem
from reportkit.verify.published import Entry, number
from reportkit.verify.tables import Row, Tables, differences, holds_in, is_in_force

_TOTAL = re.compile(r"(?P<page>[0-9]{4})/(?P<slug>[a-z0-9-]+)/climate#(?P<name>co2|energy)(_(?P<year>[0-9]{4}))?")
_COLUMNS = {"co2": "co2_10k_t", "energy": "tce_10k_t"}
THOUSANDS = {"t": 1, "10k m3": 10, "10k kWh": 10}  # of kg, m³ or kWh in one of each unit


def problems(tables: Tables, entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """What in the tables and totals of an area does not follow from energy, factors, and published cuts."""
    for name, year, slug in tables.of_reports("climate/emissions"):
        rows = [_emitted(tables, row) for row in _used(tables, slug) if row["year"] <= year]
        yield from differences(
            "table.emissions", name, rows, tables.rows(name), ["area_code", "year", "sector", "carrier"]
        )
    for name, year, slug in tables.of_reports("climate/by_grid_factor"):
        yield from differences(
            "table.by_grid_factor", name, list(_by_factor(tables, slug, year)), tables.rows(name), ["region"]
        )
    for name, year, slug in tables.of_reports("climate/at_first_factor"):
        yield from differences(
            "table.at_first_factor", name, list(_at_first_factor(tables, slug, year)), tables.rows(name), ["year"]
        )
    for name, year, slug in tables.of_reports("climate/compounded"):
        rows = list(_compounded(tables, slug, year))
        yield from differences("table.compounded", name, rows, tables.rows(name), ["year"])
    for identity, entry in entries.items():
        match = _TOTAL.fullmatch(identity)
        if match and entry["derivation"]["operation"] == "sum":
            yield from _otherwise_counted(tables, match, entry)


def _otherwise_counted(tables: Tables, match: re.Match[str], entry: Entry) -> Iterator[Problem]:
    """A total of a year that is not what was used in it: what heat and power works burn is in the power used."""
    year, column = match["year"] or match["page"], _COLUMNS[match["name"]]
    emitted = (_emitted(tables, row) for row in _used(tables, match["slug"]) if row["year"] == year)
    whole = half_even(sum(Fraction(row[column]) for row in emitted if row["part"] != "plants"), 2)
    if number(entry) != Fraction(whole):
        yield Problem("climate.counted", match.string, str(whole), str(entry["value"]))


def verdict(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str:
    """Where a cut stands: ``of`` names the change since the base year, then nought, then what was assigned.

    Raises ValueError where the change is not that from the base year to the year of the verdict.
    """
    cut, start, target = (entries[identity] for identity in derivation["of"])
    where = {name: target["derivation"]["where"][name] for name in ("area_code", "indicator")}
    asked = {int(row["year"]): Fraction(row["change_pct"]) for row in tables.where("climate/assigned", where)}
    base, due, today = min(asked), max(asked), derivation["at"]
    if [int(entry["period"]) for entry in (start, target, cut)] != [base, due, today]:
        raise ValueError(f"expected the years {base}, {due} and {today}")
    _, level = (entries[identity] for identity in cut["derivation"]["of"])
    if level["derivation"]["where"] != {**where, "year": base} or level["derivation"]["column"] != "intensity":
        raise ValueError("the change is not from the level of the base year")
    change = number(cut)
    if change is None or today > due:
        return "unknown"
    if today == due:
        return "met" if change <= asked[due] else "missed"
    if change <= asked[due]:
        return "met_early"
    straight = asked[base] + (asked[due] - asked[base]) * (today - base) / (due - base)
    return "on_track" if change <= straight else "behind"


def _used(tables: Tables, slug: str) -> list[dict[str, str]]:
    """The energy of an area; where a city has no rows of its own, that of its districts."""
    area = _area(tables, slug)
    own = tables.where("climate/energy", {"area_code": area["area_code"]})
    if own or area["kind"] != "city":
        return own
    districts = [row["area_code"] for row in tables.rows("areas") if row["kind"] != "city"]
    return tables.where("climate/energy", {"area_code": districts})


def _area(tables: Tables, slug: str) -> Row:
    (area,) = tables.where("areas", {"slug": slug})
    return area


def _factors(tables: Tables, measure: str, item: str, year: str) -> list[dict[str, str]]:
    """The factors in force at the end of a year."""
    day = f"{year}-12-31"
    rows = tables.where("standards/climate_factors", {"measure": measure, "item": item})
    return [row for row in rows if is_in_force(row, day)]


def _emitted(tables: Tables, row: Row) -> dict[str, str]:
    """A row of energy with what it comes to."""
    carrier, year = row["carrier"], row["year"]
    (co2,) = (it for it in _factors(tables, "co2", carrier, year) if it["region"] in ("", "national"))
    (tce,) = _factors(tables, "tce", carrier, year)
    amount = Fraction(row["amount"]) * THOUSANDS[row["unit"]] / 10_000
    part = "electricity" if carrier == "power" else "plants" if row["sector"] == "plants" else "direct"
    return {
        **{name: row[name] for name in ("area_code", "year", "sector", "carrier", "amount", "unit")},
        "part": part,
        "co2_factor": co2["value"],
        "factor_year": co2["of_year"],
        "co2_10k_t": str(half_even(amount * Fraction(co2["value"]), 4)),
        "tce_factor": tce["value"],
        "tce_10k_t": str(half_even(amount * Fraction(tce["value"]), 4)),
        "status": row["status"],
        "source_id": row["source_id"],
    }


def _by_factor(tables: Tables, slug: str, year: str) -> Iterator[dict[str, str]]:
    """The carbon dioxide of the power of a year, by each factor of the grid that holds for an area."""
    code = _area(tables, slug)["area_code"]
    power = [Fraction(row["amount"]) for row in _used(tables, slug) if (row["year"], row["carrier"]) == (year, "power")]
    for factor in _factors(tables, "co2", "power", year):
        if power and holds_in(factor, code):
            amount = sum(power, Fraction(0)) / 1000 * Fraction(factor["value"])
            yield {"region": factor["region"], "factor": factor["value"], "co2_10k_t": str(half_even(amount, 2))}


def _at_first_factor(tables: Tables, slug: str, year: str) -> Iterator[dict[str, str]]:
    """The carbon dioxide of a year, with the factor of the grid of the first year that is known."""
    known = _used(tables, slug)
    used = [_emitted(tables, row) for row in known if row["year"] == year]
    power = [Fraction(row["amount"]) for row in used if row["part"] == "electricity"]
    if power:
        first = min(row["year"] for row in known)
        (factor,) = (it for it in _factors(tables, "co2", "power", first) if it["region"] == "national")
        direct = sum((Fraction(row["co2_10k_t"]) for row in used if row["part"] == "direct"), Fraction(0))
        indirect = sum(power, Fraction(0)) / 1000 * Fraction(factor["value"])
        whole = direct + Fraction(half_even(indirect, 4))
        yield {
            "year": year,
            "factor_year": factor["of_year"],
            "factor": factor["value"],
            "co2_10k_t": str(half_even(whole, 4)),
        }


def _compounded(tables: Tables, slug: str, year: str) -> Iterator[dict[str, str]]:
    """The yearly cuts that were published of the years before energy is known, and what they come to together."""
    first = min((row["year"] for row in _used(tables, slug) if row["year"] <= year), default=year)
    where = {"area_code": _area(tables, slug)["area_code"], "indicator": "energy_per_gdp_cut"}
    left = Fraction(1)
    yearly = [
        row for row in tables.where("climate/published", where) if "/" not in row["period"] and row["period"] < first
    ]
    for row in sorted(yearly, key=lambda row: row["period"]):
        left *= 1 - Fraction(row["value"]) / 100
        yield {"year": row["period"], "cut_pct": row["value"], "cumulative_pct": str(half_even(100 * (1 - left), 2))}
