"""The rows behind laws, cases and plans (items L1 to L6), and what the rules make of each of them.

Cases of all areas are one table, that of the city's page: a district's figures are measured from its rows in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from reportkit.chapters import Chapter, once_for_all
from reportkit.figures import PublishedTable
from reportkit.memo import memo
from reportkit.standards import law

# The rules of what is fined by the day, and of what damage is paid for: in general, and of single media.
DAILY = ("daily", "daily_air", "daily_water", "daily_permit")
COMPENSATION = ("compensation", "compensation_waste")


class LawTables(Chapter):
    """The rows of one area in one year, and the tables that are made of them."""

    slug = "law"
    order = 100
    items = ("L1", "L2", "L3", "L4", "L5", "L6")

    # --- rows ------------------------------------------------------------------------------------

    @property
    @once_for_all
    def cases(self) -> PublishedTable:
        """The penalties up to the year, each with the days it took, and whether deadlines and range were kept."""
        rows = self.shared_rows("law/penalties", exact=("fine_yuan", "confiscated_yuan"), area_code=self.city.codes)
        rows = self._dated(rows, "decided_date")
        found = [_judged(row) for row in rows.to_dict("records")]
        columns = ["fine_10k_yuan", "confiscated_10k_yuan", "days", "decision", "working_days"]
        columns += ["publication", "fine_range"]
        more = pd.DataFrame(found, columns=columns, index=rows.index, dtype=object)
        return PublishedTable(self.table_name("cases"), rows.join(more))

    @property
    @once_for_all
    def kinds(self) -> PublishedTable:
        """Each kind of penalty that each decision up to the year imposed; a decision may impose several."""
        kept = ["number", "enterprise_id", "area_code", "year", "kinds", "status", "source_id"]
        rows = self.cases.rows[kept]
        rows = rows.assign(kind=rows["kinds"].str.split(";")).explode("kind").drop(columns="kinds")
        return PublishedTable(self.table_name("kinds"), rows, rules=self.rules_of("penalty_kinds"))

    @property
    @once_for_all
    def withdrawn_rows(self) -> PublishedTable:
        """The decisions withdrawn up to the year, each with the working days that took, and whether it was in time."""
        rows = self._dated(self.shared_rows("law/withdrawals", area_code=self.city.codes), "withdrawn_date")
        found = [_withdrawn(row) for row in rows.to_dict("records")]
        more = pd.DataFrame(found, columns=["working_days", "withdrawal"], index=rows.index, dtype=object)
        return PublishedTable(self.table_name("withdrawals"), rows.join(more), rules=self.rules_of(law.WITHDRAWAL))

    @property
    @once_for_all
    def measures(self) -> PublishedTable:
        """What was sealed, restricted or fined by the day, up to the year."""
        rows = self.shared_rows("law/coercive_measures", exact=("amount_yuan",), area_code=self.city.codes)
        rows = _in_10k(self._dated(rows, "began_date"), "amount")
        return PublishedTable(self.table_name("coercive"), rows, rules=self.rules_of(*DAILY))

    @property
    @once_for_all
    def transfers(self) -> PublishedTable:
        """What was handed on between the four authorities up to the year, with what a court had made of it by then."""
        rows = self._dated(self.shared_rows("law/transfers", area_code=self.city.codes), "sent_date")
        is_judged = rows["outcome_date"].dt.year <= self.year
        rows = rows.assign(**{name: rows[name].where(is_judged) for name in ("outcome", "outcome_date")})
        return PublishedTable(self.table_name("transfers"), rows, rules=self.rules_of("transfers"))

    @property
    @once_for_all
    def suits(self) -> PublishedTable:
        """The suits in the public interest that were filed up to the year."""
        rows = self.shared_rows("law/litigation", exact=("claimed_yuan", "punitive_yuan"), area_code=self.city.codes)
        rows = _in_10k(_in_10k(self._dated(rows, "filed_date"), "claimed"), "punitive")
        return PublishedTable(self.table_name("litigation"), rows)

    def _dated(self, rows: pd.DataFrame, column: str) -> pd.DataFrame:
        """The *rows* of days up to the end of the year, with the year of each."""
        flags = {name: bool for name in rows if str(name).startswith(("is_", "has_"))}
        rows = rows.assign(year=rows[column].dt.year).astype({**flags, "year": "int64"})
        return rows[rows["year"] <= self.year]

    @property
    @once_for_all
    def claims(self) -> PublishedTable:
        """Each lead to damage as it stands at the end of the year."""
        rows = self.shared_rows("law/compensation", exact=("amount_yuan",), area_code=self.city.codes)
        found = [self._at_year_end(row) for row in rows.to_dict("records") if row["lead_date"].year <= self.year]
        columns = [
            *("case_id", "number", "area_code", "medium", "lead_year", "is_screened", "is_claimed", "claim_year"),
            *("is_settled", "settled_year", "way", "amount_10k_yuan", "is_restored", "is_supervised"),
            *("status", "source_id"),
        ]
        flags = {name: bool for name in columns if name.startswith("is_")}
        years = {"claim_year": "Int64", "settled_year": "Int64"}
        table = pd.DataFrame(found, columns=columns).astype({**flags, **years})
        return PublishedTable(self.table_name("claims"), table, rules=self.rules_of(*COMPENSATION))

    def _at_year_end(self, row: Any) -> dict[str, Any]:
        screened, settled, restored = (self._come(row[f"{name}_date"]) for name in ("screened", "settled", "restored"))
        is_claimed = bool(row["is_claimed"]) and screened is not None
        return {
            **{name: row[name] for name in ("case_id", "number", "area_code", "medium", "status", "source_id")},
            "lead_year": row["lead_date"].year,
            "is_screened": screened is not None,
            "is_claimed": is_claimed,
            "claim_year": screened.year if is_claimed and screened else None,
            "is_settled": settled is not None,
            "settled_year": settled.year if settled else None,
            "way": row["way"] if settled else None,
            "amount_10k_yuan": _in_ten_thousands(row["amount_yuan"]) if settled else None,
            "is_restored": restored is not None,
            "is_supervised": bool(row["is_supervised"]) and restored is not None,
        }

    def _come(self, day: Any) -> date | None:
        """A day, if it has come by the end of the year."""
        return None if pd.isna(day) or day.year > self.year else day.date()

    @property
    @memo
    def document_rows(self) -> pd.DataFrame:
        """The laws, documents and plans that the area's register holds, up to the year."""
        until = {"to": str(self.year)}
        parts = [
            self.reader.rows(f"law/{name}", area_code=self.area.code, issued_year=until)
            for name in ("regulations", "documents")
        ]
        rows = pd.concat([part for part in parts if len(part)] or parts[:1])
        known: pd.DataFrame = rows[rows["issued_date"].isna() | (rows["issued_date"].dt.year <= self.year)]
        return known

    @property
    @memo
    def register(self) -> PublishedTable:
        """Each document at the end of each year: whether it is valid."""
        rows = [row for one in self.document_rows.to_dict("records") for row in self._states(one)]
        columns = ["document_id", "level", "kind", "year", "state", "status", "source_id"]
        table = pd.DataFrame(rows, columns=columns)
        return PublishedTable(self.table_name("register"), table, rules=self.rules_of("validity"))

    def replacement(self, row: Any) -> Any:
        """The document that has replaced that of *row* by the end of the year, as far as the register holds it."""
        if pd.isna(row.get("replaced_by")):
            return None
        rows = self.document_rows[self.document_rows["document_id"] == row["replaced_by"]]
        return next(iter(rows.to_dict("records")), None)

    def _states(self, row: Any) -> Iterator[dict[str, Any]]:
        begins, until = (None if pd.isna(row[name]) else row[name].date() for name in ("in_force_date", "valid_until"))
        later = self.replacement(row)
        if later is not None and until is None:
            until = _replaced_since(later) - timedelta(days=1)
        for year in self.last_years:
            if year >= row["issued_year"]:
                kept = {name: row[name] for name in ("document_id", "level", "kind", "status", "source_id")}
                yield {**kept, "year": year, "state": law.state(begins, until, date(year, 12, 31))}

    @property
    @memo
    def yearly_rows(self) -> PublishedTable:
        """What is counted once a year."""
        return PublishedTable("law/yearly", self.reader.rows("law/yearly", area_code=self.codes))

    @property
    @memo
    def plan_rows(self) -> PublishedTable:
        """The yearly assessment of the city's plans."""
        return PublishedTable("law/plans", self.reader.rows("law/plans", area_code=self.area.code))

    @property
    @memo
    def zones(self) -> PublishedTable:
        """The control units of the edition that is the newest at the end of the year."""
        until = {"to": str(self.year)}
        rows = self.reader.rows("law/zoning", area_code=self.codes, edition_year=until)
        rows = rows[rows["edition_year"] == rows["edition_year"].max()]
        return PublishedTable("law/zoning", rows, rules=self.rules_of("zoning"))

    @property
    @memo
    def reduction_rows(self) -> PublishedTable:
        """What was to be cut of each pollutant, and was."""
        rows = self.reader.rows("law/reductions", exact=("planned_t", "achieved_t"), area_code=self.codes)
        return PublishedTable("law/reductions", rows)

    @property
    def has_cases(self) -> bool:
        """Whether any penalties are known; where they are, an area without one had none."""
        return not self.cases.rows.empty

    @property
    @memo
    def has_values(self) -> bool:
        """Whether anything but documents is known of the area."""
        tables = (self.cases, self.yearly_rows, self.claims, self.zones, self.reduction_rows)
        return any(not table.rows.empty for table in tables)


def earliest(table: PublishedTable, column: str = "year") -> str:
    """The first year that the rows of a *table* are of, from which on it counts."""
    return str(table.rows[column].min())


def _replaced_since(later: Any) -> date:
    """From when a *later* document stands in the place of another: from its first day, or the year of its issue."""
    known = [later[name].date() for name in ("in_force_date", "issued_date") if not pd.isna(later[name])]
    return known[0] if known else date(int(later["issued_year"]), 1, 1)


def _judged(row: Any) -> dict[str, Any]:
    """What the rules make of one penalty."""
    filed, decided = row["filed_date"].date(), row["decided_date"].date()
    days = law.days_taken(filed, decided)
    is_out = not pd.isna(row["published_date"])
    working = law.working_days(decided, row["published_date"].date()) if is_out else None
    return {
        "fine_10k_yuan": _in_ten_thousands(row["fine_yuan"]),
        "confiscated_10k_yuan": _in_ten_thousands(row["confiscated_yuan"]),
        "days": Decimal(days),
        "decision": law.kept(law.DECISION, days, decided),
        "working_days": None if working is None else Decimal(working),
        "publication": law.kept(law.PUBLICATION, working, decided) if is_out else law.UNPUBLISHED,
        "fine_range": law.fine_range(row["violation"], row["basis"], int(row["fine_yuan"]), decided),
    }


def _withdrawn(row: Any) -> dict[str, Any]:
    """What the rules make of one decision that was withdrawn."""
    ended = row["ended_date"].date()
    working = law.working_days(ended, row["withdrawn_date"].date())
    return {
        "working_days": None if working is None else Decimal(working),
        "withdrawal": law.kept(law.WITHDRAWAL, working, ended),
    }


def _in_10k(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """The *rows* with an amount of yuan also in 10,000 yuan."""
    amounts = map(_in_ten_thousands, rows[f"{name}_yuan"])
    return rows.assign(**{f"{name}_10k_yuan": pd.Series(list(amounts), index=rows.index, dtype=object)})


def _in_ten_thousands(yuan: Any) -> Decimal | None:
    """Whole yuan in 10,000 yuan, exact: with four decimals."""
    return None if pd.isna(yuan) else Decimal(yuan).scaleb(-4)
