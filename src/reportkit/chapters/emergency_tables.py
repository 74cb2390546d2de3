"""The rows behind environmental emergencies (item S5), and what the rules make of each of them.

Units, plans and incidents of all areas are one table each, that of the city's page: a district's figures are measured
from its rows in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from reportkit.chapters import Chapter, once_for_all
from reportkit.figures import PublishedTable
from reportkit.memo import memo
from reportkit.standards import emergency
from reportkit.status import weakest

Row = Mapping[Any, Any]


class EmergencyTables(Chapter):
    """The rows of one area in one year, and the tables that are made of them."""

    slug = "emergency"
    order = 150
    items = ("S5",)

    @property
    @once_for_all
    def units(self) -> PublishedTable:
        """Each risk unit at the end of each year: its last plan, by when that is to be reviewed, how it stands."""
        until = {"from": str(self.last_years[0]), "to": str(self.year)}
        rows = self.shared_rows("emergency/risk_units", area_code=self.city.codes, year=until)
        plans = self.shared_rows("emergency/plans", area_code=self.city.codes).sort_values("filed_date", kind="stable")
        of_unit = {id_: group.to_dict("records") for id_, group in plans.groupby("enterprise_id")}
        found = [_with_plan(row, of_unit.get(row["enterprise_id"], [])) for row in rows.to_dict("records")]
        columns = ["signed_date", "filed_date", "review_due", "due_year", "state", "status", "source_id"]
        more = pd.DataFrame(found, columns=columns, index=rows.index)
        for column in ("signed_date", "filed_date", "review_due"):
            more[column] = pd.to_datetime(more[column])
        rows = rows.drop(columns=["status", "source_id"]).astype({"has_drill": bool})
        table = rows.join(more.astype({"due_year": "Int64"}))
        return PublishedTable(self.table_name("units"), table, rules=self.rules_of("risk"))

    @property
    @once_for_all
    def filings(self) -> PublishedTable:
        """The plans filed in the years that are shown, each with the working days it took."""
        until = {"from": f"{self.last_years[0]}-01-01", "to": f"{self.year}-12-31"}
        rows = self.shared_rows("emergency/plans", area_code=self.city.codes, filed_date=until)
        rows = rows.assign(year=rows["filed_date"].dt.year).astype({"year": "int64"})
        found = [_filing(row["signed_date"].date(), row["filed_date"].date()) for row in rows.to_dict("records")]
        more = pd.DataFrame(found, columns=["working_days", "filing"], index=rows.index, dtype=object)
        return PublishedTable(self.table_name("filings"), rows.join(more))

    @property
    @once_for_all
    def incidents(self) -> PublishedTable:
        """The incidents of the years that are shown, each with its level, what decides it, and its report."""
        until = {"from": f"{self.last_years[0]}-01-01", "to": f"{self.year}-12-31"}
        rows = self.shared_rows("emergency/incidents", exact=("loss_yuan",), area_code=self.city.codes, date=until)
        rows = rows.assign(year=rows["date"].dt.year).astype({"year": "int64"})
        found = [_judged(row) for row in rows.to_dict("records")]
        more = pd.DataFrame(
            found, columns=["loss_10k_yuan", "level", "criterion", "report"], index=rows.index, dtype=object
        )
        return PublishedTable(self.table_name("judged"), rows.join(more))

    @memo
    def counted_in(self, name: str) -> PublishedTable:
        """A table of what is counted once a year: of readiness, monitoring or epidemics."""
        return PublishedTable(f"emergency/{name}", self.reader.rows(f"emergency/{name}", area_code=self.codes))

    @property
    @once_for_all
    def known_years(self) -> set[int]:
        """The years of which anything was counted: in these, an area without an incident had none."""
        tables = (self.units, self.filings, self.incidents, self.counted_in("readiness"))
        return {int(year) for table in tables for year in table.rows["year"]}

    @property
    @memo
    def government_plans(self) -> PublishedTable:
        """The plans of the city's government and of the area's own, the newest first."""
        codes = sorted({self.edition.city.code, self.area.code})
        until = {"to": f"{self.year}-12-31"}
        rows = self.reader.rows("emergency/government_plans", area_code=codes, issued_date=until)
        newest = rows.sort_values("issued_date", ascending=False, kind="stable")
        return PublishedTable("emergency/government_plans", newest)

    @property
    @memo
    def has_values(self) -> bool:
        """Whether anything was published of the area and the year, or counted, in it or in another area."""
        tables = (self.published, *(self.counted_in(name) for name in ("monitoring", "epidemic")))
        return self.year in self.known_years or any(not table.where({"year": self.year}).empty for table in tables)


def _with_plan(row: Row, plans: Sequence[Row]) -> dict[str, Any]:
    """How the plan of a unit stands at the end of a year: the last that had been filed by then."""
    end = date(int(row["year"]), 12, 31)
    plan = next((plan for plan in reversed(plans) if plan["filed_date"].date() <= end), None)
    due = None if plan is None else emergency.review_due(plan["signed_date"].date())
    rests_on = [row] if plan is None else [row, plan]
    return {
        "signed_date": plan and plan["signed_date"],
        "filed_date": plan and plan["filed_date"],
        "review_due": due,
        "due_year": due and due.year,
        "state": emergency.state(due, end, is_filed=plan is not None),
        "status": weakest(one["status"] for one in rests_on),
        "source_id": ";".join(sorted({one["source_id"] for one in rests_on})),
    }


def _filing(signed: date, filed: date) -> dict[str, Any]:
    """How long the filing of a plan took, and whether that was in time."""
    taken = emergency.working_days_taken(signed, filed)
    return {"working_days": None if taken is None else Decimal(taken), "filing": emergency.filed(taken, signed)}


def _judged(row: Row) -> dict[str, Any]:
    """What the rules make of one incident."""
    day = row["date"].date()
    level, criterion = emergency.level(row, day)
    return {
        "loss_10k_yuan": Decimal(row["loss_yuan"]).scaleb(-4),
        "level": level,
        "criterion": criterion,
        "report": emergency.reported(level, int(row["report_minutes"]), day),
    }
