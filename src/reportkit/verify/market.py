"""Bills and taxes worked out from the price lists and the annex; verdicts on what charges cover and on their floor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from reportkit.standards.rounding import half_even
from reportkit.verify.problems import Problem
from reportkit.verify.published import Entry, number
from reportkit.verify.tables import Row, Tables, differences, holds_in, is_in_force

SERVICES = {"power": "power_kwh", "water": "water_m3", "sewage": "water_m3", "gas": "gas_m3", "waste": ""}
FULL = 100


def problems(tables: Tables) -> Iterator[Problem]:
    """Bills of areas, and taxes of outlets, waste and noise, that do not follow from the tables they rest on."""
    for name, year, slug in tables.of_reports("market/bill"):
        rows = list(_bill(tables, _code(tables, slug), year))
        yield from differences("table.bill", name, rows, tables.rows(name), ["month", "service", "tier"])
    for name, year, slug in tables.of_reports("market/outlet_tax"):
        rows = list(_outlet_taxes(tables, _code(tables, slug), f"{year}-12-31"))
        yield from differences("table.outlet_tax", name, rows, tables.rows(name), ["outlet_id", "pollutant"])
    for name, year, slug in tables.of_reports("market/other_tax_steps"):
        rows = list(_other_taxes(tables, _code(tables, slug), f"{year}-12-31"))
        yield from differences("table.other_tax", name, rows, tables.rows(name), ["case_id"])


def cost_covered(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str | None:
    """What a charge covers: ``of`` names what was collected, then the costs of treatment, sludge and pipes."""
    found = [number(entries[identity]) for identity in derivation["of"]]
    columns = [entries[identity]["derivation"]["column"] for identity in derivation["of"]]
    if columns != [f"{part}_10k_yuan" for part in ("collected", "treatment", "sludge", "network")]:
        raise ValueError("expected what was collected, then the costs of treatment, sludge and pipes")
    known = [part for part in found if part is not None]
    if len(known) < len(found):
        return None
    collected, treatment, sludge, pipes = known
    if collected < treatment + sludge:
        return "covers_part"
    return "covers_all" if collected >= treatment + sludge + pipes else "covers_operation"


def sewage_floor(tables: Tables, entries: Mapping[str, Entry], derivation: Entry) -> str:
    """Whether a charge is at least the floor: ``of`` names the first tier of a list, then the floor of that user."""
    price, floor = (entries[identity]["derivation"]["where"] for identity in derivation["of"])
    if (price["service"], str(price["tier"]), price["user"]) != ("sewage", "1", floor["user"]):
        raise ValueError("expected the first tier of sewage, and the floor of the same user")
    (own,) = tables.where("market/tariffs", price)
    (least,) = tables.where("standards/market_sewage_floors", floor)
    return "floor_missed" if Fraction(own["price"]) < Fraction(least["price"]) else "floor_met"


def _code(tables: Tables, slug: str) -> str:
    (area,) = tables.where("areas", {"slug": slug})
    return area["area_code"]


def _in_force(rows: Sequence[Row], day: str) -> list[Row]:
    return [row for row in rows if is_in_force(row, day)]


def _bill(tables: Tables, code: str, year: str) -> Iterator[dict[str, str]]:
    """What the household pays in each month of a year for each tier of each service that has a list."""
    use = sorted(tables.rows("market/household_use"), key=lambda row: int(row["month"]))
    for place, row in enumerate(use):
        day = f"{year}-{int(row['month']):02}-01"
        for service, column in SERVICES.items():
            where = {"service": service, "user": "household"}
            listed = [it for it in _in_force(tables.where("market/tariffs", where), day) if _holds(it, code, row)]
            before = Decimal(0)
            if column and listed and listed[0]["per"] == "year":
                before = sum((Decimal(it[column]) for it in use[:place]), Decimal(0))
            after = before + (Decimal(row[column]) if column else 1)
            low = Decimal(0)
            for tier in sorted(listed, key=lambda it: int(it["tier"])):
                top = min(after, Decimal(tier["up_to"])) if tier["up_to"] else after
                amount = top - max(low, before)
                low = top if tier["up_to"] == "" else Decimal(tier["up_to"])
                if amount > 0:
                    yield {
                        "month": day[:7],
                        "service": service,
                        "tier": tier["tier"],
                        "amount": str(amount),
                        "price": tier["price"],
                        "yuan": str(half_even(amount * Decimal(tier["price"]), 2)),
                        "status": row["status"],
                        "source_id": row["source_id"],
                    }


def _holds(tier: Row, code: str, row: Row) -> bool:
    """Whether a tier is of the area and of the month of a *row* of use."""
    is_of_month = not tier["months"] or row["month"] in tier["months"].split(";")
    return is_of_month and holds_in(tier, code)


def _outlet_taxes(tables: Tables, code: str, day: str) -> Iterator[dict[str, str]]:
    """The equivalents and the tax of each pollutant of each outlet."""
    annex = _in_force(tables.rows("standards/market_equivalents"), day)
    remitted = _in_force(tables.rows("standards/market_tax_reductions"), day)
    for outlet in sorted({row["outlet_id"] for row in tables.rows("market/outlets")}):
        rows = tables.where("market/outlets", {"outlet_id": outlet})
        medium = rows[0]["medium"]
        rates = _in_force(tables.where("standards/market_tax_rates", {"object": medium}), day)
        held = [Fraction(it["rate"]) for it in rates if holds_in(it, code)]
        if not held:
            continue
        of = {it["pollutant"]: it for it in annex if it["group"].split("_")[0] == medium and it["unit"] == "kg"}
        counted = {
            row["pollutant"]: Fraction(row["amount_kg"]) / Fraction(of[row["pollutant"]]["equivalent"]) for row in rows
        }
        taxed = _largest(counted, of)
        for row in rows:
            pollutant = row["pollutant"]
            paid = _paid(row, remitted)
            due = counted[pollutant] * held[0] * paid / FULL if pollutant in taxed else Fraction(0)
            yield {
                "outlet_id": outlet,
                "pollutant": pollutant,
                "equivalents": str(half_even(counted[pollutant], 2)),
                "is_taxed": str(pollutant in taxed).lower(),
                "paid_pct": str(paid),
                "tax_yuan": str(half_even(due, 4)),
                "status": row["status"],
                "source_id": row["source_id"],
            }


def _other_taxes(tables: Tables, code: str, day: str) -> Iterator[dict[str, str]]:
    """What each example of waste or noise is taxed: tonnes that are left, or months in its band of dB."""
    rates = _in_force(tables.rows("standards/market_tax_rates"), day)
    held = [it for it in rates if holds_in(it, code)]
    for row in tables.rows("market/other_tax"):
        if row["object"] == "noise":
            reached = [it for it in held if it["from_db"] and int(it["from_db"]) <= int(row["over_db"])]
            own = sorted(reached, key=lambda it: int(it["from_db"]))[-1:]
            taxed = Decimal(row["months"])
        else:
            own = [it for it in held if it["object"] == row["object"]]
            taxed = Decimal(row["made_t"]) - Decimal(row["used_t"]) - Decimal(row["stored_t"])
        for rate in own:
            yield {
                "case_id": row["case_id"],
                "object": rate["object"],
                "taxed": str(taxed),
                "rate": rate["rate"],
                "tax_yuan": str(half_even(Fraction(taxed) * Fraction(rate["rate"]), 2)),
                "status": row["status"],
                "source_id": row["source_id"],
            }


def _paid(row: Row, remitted: Sequence[Row]) -> int:
    """How many percent of the tax are paid."""
    if row["has_exceeded"] == "true":
        return FULL
    allowed = [int(it["paid_pct"]) for it in remitted if Fraction(row["percent_of_limit"]) <= int(it["at_most_pct"])]
    return min(allowed, default=FULL)


def _largest(counted: Mapping[str, Fraction], of: Mapping[str, Row]) -> set[str]:
    """The pollutants that are taxed: five of class 1 and three others with the most equivalents, one of a kind each."""
    taxed: set[str] = set()
    for is_first, most in ((True, 5), (False, 3)):
        ordered = sorted(
            (name for name in counted if (of[name]["group"] == "water_class1") is is_first),
            key=lambda name: -counted[name],
        )
        kinds: set[str] = set()
        kept = []
        for name in ordered:
            if of[name]["one_of"] not in kinds:
                kept.append(name)
                kinds |= {of[name]["one_of"]} - {""}
        taxed |= set(kept[:most])
    return taxed
