"""How the environmental protection tax is worked out, step by step, on examples that belong to no enterprise."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reportkit import figures
from reportkit.chapters import of_standard
from reportkit.chapters.market_prices import MarketPrices
from reportkit.figures import Figure, PublishedTable
from reportkit.memo import memo
from reportkit.standards import rules, tax
from reportkit.standards.rounding import half_even

TAX_PLACES, EQUIVALENT_PLACES, KILOGRAM_PLACES = 4, 2, 3
OTHER_TAXED = ("made_t", "used_t", "stored_t", "over_db", "months")


class MarketExamples(MarketPrices):
    """The figures of outlets, waste and noise that show how the tax comes about."""

    # --- how the tax of an outlet is worked out ----------------------------------------------------

    @property
    @memo
    def outlets(self) -> PublishedTable:
        """Invented outlets of no enterprise, whose tax is worked out as an example."""
        return PublishedTable("market/outlets", self.reader.rows("market/outlets", exact=("amount_kg",)))

    @property
    @memo
    def outlet_tax(self) -> PublishedTable:
        """The equivalents and the tax of each pollutant of each example."""
        columns = ["outlet_id", "pollutant", "equivalents", "is_taxed", "paid_pct", "tax_yuan", "status", "source_id"]
        found = [row for _, rows in self.outlets.rows.groupby("outlet_id") for row in self._worked(rows)]
        held = self.rules_for(found, "tax", "tax_reduction", "tax_choices")
        return PublishedTable(self.table_name("outlet_tax"), pd.DataFrame(found, columns=columns), rules=held)

    def _worked(self, rows: pd.DataFrame) -> list[dict[str, Any]]:
        listed = rows.to_dict("records")
        discharges = [
            tax.Discharge(row["pollutant"], row["amount_kg"], int(row["percent_of_limit"]), bool(row["has_exceeded"]))
            for row in listed
        ]
        medium = listed[0]["medium"]
        rate = tax.rate(medium, self.area.code, self.last_day)
        items = [] if rate is None else tax.tax(discharges, medium, rate, self.last_day)
        return [
            {
                "outlet_id": row["outlet_id"],
                "pollutant": item.pollutant,
                "equivalents": half_even(item.equivalents, EQUIVALENT_PLACES),
                "is_taxed": item.is_taxed,
                "paid_pct": item.paid_pct,
                "tax_yuan": half_even(item.tax, TAX_PLACES),
                **{name: row[name] for name in ("status", "source_id")},
            }
            for row, item in zip(listed, items, strict=rate is not None)
        ]

    def outlet_figure(self, row: Any, column: str, unit: str) -> Figure:
        """The kilograms, equivalents or yuan of one pollutant of an example, a row of the outlets."""
        where = {name: row[name] for name in ("outlet_id", "pollutant")}
        table, places = (self.outlets, KILOGRAM_PLACES) if column == "amount_kg" else (self.outlet_tax, 2)
        found = tax.equivalent(row["medium"], row["pollutant"], self.last_day)
        measured = figures.under(figures.total(table, column, places, **where), found.rule)
        return self.figure("_".join([*where.values(), column]).lower(), measured, unit=unit)

    def outlet_total(self, outlet: str) -> Figure:
        """The tax of an example, rounded to the fen."""
        measured = figures.total(self.outlet_tax, "tax_yuan", 2, outlet_id=outlet)
        return self.figure(f"{outlet.lower()}_tax", measured, unit="yuan")

    # --- how the tax on waste and noise is worked out ----------------------------------------------

    @property
    @memo
    def other_tax(self) -> PublishedTable:
        """Invented waste and noise of no enterprise, whose tax is worked out as an example."""
        return PublishedTable("market/other_tax", self.reader.rows("market/other_tax", exact=OTHER_TAXED))

    @property
    @memo
    def other_tax_steps(self) -> PublishedTable:
        """How many tonnes or months of each example are taxed, as what, at which rate, and the tax."""
        columns = ["case_id", "object", "taxed", "rate", "tax_yuan", "status", "source_id"]
        found = filter(None, map(self._other_taxed, self.other_tax.rows.to_dict("records")))
        return PublishedTable(self.table_name("other_tax_steps"), pd.DataFrame(found, columns=columns))

    def _other_taxed(self, row: Any) -> dict[str, Any] | None:
        """One row of the steps; nothing where no rate is held."""
        if row["object"] == tax.NOISE:
            what, taxed = tax.noise_band(int(row["over_db"]), self.last_day), row["months"]
        else:
            what, taxed = row["object"], row["made_t"] - row["used_t"] - row["stored_t"]
        rate = tax.rate(what, self.area.code, self.last_day) if what else None
        if rate is None:
            return None
        own = {name: row[name] for name in ("case_id", "status", "source_id")}
        return {**own, "object": what, "taxed": taxed, "rate": rate, "tax_yuan": half_even(taxed * rate, 2)}

    def other_tax_figure(self, row: Any, column: str, unit: str) -> Figure:
        """What was made, used or stored, the dB, or what is taxed, and the tax, of one example."""
        is_given = column in self.other_tax.rows
        table, places = self.other_tax if is_given else self.other_tax_steps, {"t": 1, "yuan": 2}.get(unit, 0)
        rule = self.rule("noise_tax" if row["object"] == tax.NOISE else "waste_tax")
        measured = figures.under(figures.total(table, column, places, case_id=row["case_id"]), rule)
        return self.figure(f"{row['case_id']}_{column}".lower(), measured, unit=unit)

    def other_rate(self, what: str) -> Figure:
        """The yuan for a tonne of one kind of waste, or for a month in a band of noise."""
        (row,) = (it for it in rules.in_force(rules.table("market_tax_rates"), self.last_day) if it["object"] == what)
        measured = figures.select(of_standard("market_tax_rates", "rate"), "rate", object=what)
        rule = rules.Rule.of(row, "market.tax_rates", "name")
        return self.figure(f"tax_rate_{what}", measured, unit=row["unit"], rules=[rule])
