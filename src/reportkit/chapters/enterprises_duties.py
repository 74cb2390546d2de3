"""What else is known of enterprises (items E1, E2, E4 to E7): their monitoring, permits, projects and products."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from reportkit import figures
from reportkit.chapters import of_standard
from reportkit.chapters.enterprises_figures import ORIGIN, EnterprisesFigures, Row
from reportkit.figures import Figure, Measured, PublishedTable
from reportkit.memo import memo
from reportkit.standards import rules

TIERS = ("key", "simplified", "registered")
LINKS = ("eia", "total_control", "statistics", "monitoring", "enforcement")
PRODUCTS = ("electronics", "lead_acid", "traction")
DECIDED = ("report", "form", "pledge")  # decided on by the authority; the others are filed, or exempt
PROJECTS = (*DECIDED, "registration", "exempt")
LIMITED = ("report", "form")  # the law says within how many days
CHECKED = ("document", "preparer", "person", "expert")
PERMITS = ("permit_id", "enterprise_id", "area_code", "management", "kind", "first_year", "last_year")
FIRST, RENEWED = "first", "renewed"


class EnterprisesDuties(EnterprisesFigures):
    """What the enterprises of one area measured, were permitted, built and took back, up to one year."""

    # --- what the duties are, and what breaking them costs ---------------------------------------

    @property
    def duty_rows(self) -> list[rules.Row]:
        """The duties to disclose that have not ended by the end of the year; one to come is among them."""
        return [row for row in rules.table("enterprises_duties") if (row["valid_to"] or "9999") >= f"{self.year}-12-31"]

    def duty_fine(self, row: rules.Row, column: str) -> Figure | None:
        """The least or the largest fine for breaking a duty, in yuan; nothing where the rule names none."""
        if not row[column]:
            return None
        measured = figures.select(of_standard("enterprises_duties", column), column, duty=row["duty"])
        rule = rules.Rule.of(row, "enterprises.duties", "duty")
        return self.figure(f"{column}_{row['duty']}", measured, unit="yuan", rules=[rule])

    # --- self-monitoring (E1) --------------------------------------------------------------------

    @property
    def monitoring(self) -> PublishedTable:
        """What each unit that must monitor itself had to measure in a year, and what it published of it."""
        return self.rows_of("self_monitoring", "required", "measured", "within")

    @memo
    def monitored(self, year: int, **where: Any) -> Figure:
        """How many units had to monitor themselves in a year, or of these those with one result."""
        name = "_".join(("monitoring", *where.values())) if where else "monitoring_obliged"
        return self.of_year(name, figures.count(self.monitoring, **self.at(year, **where)), year)

    @memo
    def monitoring_published(self, year: int) -> Figure:
        """How many of them published their results."""
        measured = figures.count(self.monitoring, "result", **self.at(year))
        return self.of_year("monitoring_published", measured, year)

    @memo
    def published_share(self, year: int) -> Figure:
        """The share of them that did, in percent."""
        measured = _percent(self.monitoring_published(year), self.monitored(year))
        return self.of_year("monitoring_published_share", measured, year, "%")

    @memo
    def meets_share(self, year: int) -> Figure:
        """The share of those with results that meet all limits, in percent."""
        measured = _percent(self.monitored(year, result="meets"), self.monitoring_published(year))
        measured = figures.under(measured, self.rule("self_monitoring"))
        return self.of_year("monitoring_meets_share", measured, year, "%")

    @memo
    def measured_share(self, year: int) -> Figure:
        """The share of what had to be measured of which there is a published result, in percent."""
        parts = (
            self.of_year(f"monitoring_{name}", figures.total(self.monitoring, name, 0, **self.at(year)), year)
            for name in ("measured", "required")
        )
        return self.of_year("monitoring_measured_share", _percent(*parts), year, "%")

    def measured_by(self, enterprise_id: str, what: str) -> Figure:
        """How often a unit had to measure this year, did so with a published result, or met the limit."""
        where = {"enterprise_id": enterprise_id, "year": self.year}
        return self.figure(f"{what}_{enterprise_id}", figures.select(self.monitoring, what, **where), unit="1")

    # --- responsibility (E2) ---------------------------------------------------------------------

    @memo
    def responsible(self, part: str, tier: str, year: int) -> Figure:
        """How many units of a tier there are, or have a responsible head, or an environmental officer."""
        measured = figures.total(self.rows_of("responsibility", part), part, 0, **self.at(year, tier=tier))
        return self.of_year(f"tier_{tier}_{part}", measured, year)

    @memo
    def responsible_share(self, part: str, tier: str, year: int) -> Figure:
        """The share of a tier's units that have one, in percent."""
        measured = _percent(self.responsible(part, tier, year), self.responsible("units", tier, year))
        return self.of_year(f"tier_{tier}_{part}_share", measured, year, "%")

    # --- front-runners (E4) ----------------------------------------------------------------------

    @memo
    def front_runners(self, year: int, industry: str | None = None) -> Figure:
        """How many front-runners were named in a year, in all or of one industry."""
        where = {} if industry is None else {"industry": industry}
        measured = figures.count(self.rows_of("front_runners"), **self.at(year, **where))
        return self.of_year("_".join(("front_runners", *where.values())), measured, year)

    # --- what producers take back (E5) -----------------------------------------------------------

    @memo
    def product(self, part: str, product: str, year: int) -> Figure:
        """What was put on the market of a product, was so on average in the three years before, or was recovered."""
        table = self.rows_of("producer_responsibility", f"{part}_t")
        measured = figures.total(table, f"{part}_t", 0, **self.at(year, product=product))
        return self.of_year(f"{product}_{part}", measured, year, "t")

    @memo
    def recovery(self, product: str, year: int) -> Figure:
        """The recovery rate of a product in percent: as published, or else computed."""
        measured = self.official(f"recovery_{product}", year)
        if measured is None:
            computed = _percent(self.product("recovered", product, year), self.product("base", product, year))
            measured = figures.under(computed, self.rule("recovery"))
        return self.of_year(f"{product}_recovery", measured, year, "%")

    def recovery_target(self, product: str) -> Figure:
        """The nation's target for a product, or for all on average, in percent; nothing before there was one."""
        table = of_standard("enterprises_recovery_targets", "target_pct")
        in_force = rules.in_force(rules.table("enterprises_recovery_targets"), date(self.year, 12, 31))
        held = [rules.Rule.of(row, "enterprises.recovery_targets") for row in in_force if row["product"] == product]
        measured = figures.select(table, "target_pct", product=product, standard=[rule.standard for rule in held])
        return self.figure(f"{product}_recovery_target", measured, unit="%", rules=held)

    # --- permits (E6) ----------------------------------------------------------------------------

    @property
    @memo
    def permits(self) -> PublishedTable:
        """Each permit: whether it renews one, and the first and last year at whose end it was in force."""
        issued = {"to": f"{self.year}-12-31"}
        given = self.own(self.shared_rows("enterprises/permits", issued_date=issued))
        given = given.sort_values(["enterprise_id", "issued_date", "permit_id"])
        changes = self.rows_of("permit_changes").rows
        cancelled = changes[changes["kind"] == "cancelled"].groupby("permit_id")["year"].min().to_dict()
        is_renewed = given.duplicated("enterprise_id")
        rows = [
            self._permit(row, RENEWED if renewed else FIRST, cancelled.get(row["permit_id"]))
            for row, renewed in zip(given.to_dict("records"), is_renewed, strict=True)
        ]
        found = pd.DataFrame(rows, columns=[*PERMITS, *ORIGIN])
        return PublishedTable(self.table_name("permits"), found, rules=self.rules_of("permit", "permit_in_force"))

    def _permit(self, row: Row, kind: str, cancelled: int | None) -> Row:
        end: pd.Timestamp = row["valid_until"]
        last = end.year if (end.month, end.day) == (12, 31) else end.year - 1
        return {
            **{name: row[name] for name in ("permit_id", "enterprise_id", "area_code", "management", *ORIGIN)},
            "kind": kind,
            "first_year": row["issued_date"].year,
            "last_year": last if cancelled is None else min(last, int(cancelled) - 1),
        }

    @property
    def permit_years(self) -> list[int]:
        """The years of which it is known what permits were changed, reported on or registered."""
        names = ("permit_oversight", "registrations", "permit_changes")
        return sorted({year for name in names for year in self.years_of(self.rows_of(name))})

    def _in_force(self, year: int) -> dict[str, Any]:
        """The condition that a permit was in force at the end of a year."""
        first, last = (self.permits.rows[name] for name in ("first_year", "last_year"))
        if first.empty:
            return {"first_year": year, "last_year": year}
        starts, ends = range(int(first.min()), year + 1), range(year, int(last.max()) + 1)
        return {"first_year": list(starts), "last_year": list(ends)}

    @memo
    def permits_at(self, management: str, year: int) -> Figure:
        """How many permits of one kind were in force at the end of a year, or how many places were registered."""
        if management == TIERS[-1]:
            measured = figures.total(self.rows_of("registrations", "in_force"), "in_force", 0, **self.at(year))
        else:
            measured = figures.count(self.permits, management=management, **self._in_force(year))
        official = self.official(f"permits_{management}", year)
        return self.of_year(f"permits_{management}", official or measured, year)

    @memo
    def permits_in_force(self, year: int) -> Figure:
        """How many permits were in force at the end of a year."""
        return self.of_year("permits_in_force", figures.count(self.permits, **self._in_force(year)), year)

    @memo
    def permits_issued(self, kind: str, year: int) -> Figure:
        """How many permits were issued in a year, for the first time or to renew one."""
        return self.of_year(f"permits_{kind}", figures.count(self.permits, first_year=year, kind=kind), year)

    @memo
    def permits_changed(self, kind: str, year: int) -> Figure:
        """How many permits were changed, or cancelled, in a year."""
        measured = figures.count(self.of_all_areas("permit_changes"), **self.at(year, kind=kind))
        return self.of_year(f"permits_{kind}", measured, year)

    @memo
    def permits_ending(self, year: int) -> Figure:
        """How many permits in force at the end of a year end in the year after."""
        where = {**self._in_force(year), "last_year": year}
        return self.of_year("permits_ending", figures.count(self.permits, **where), year)

    @memo
    def oversight(self, part: str, year: int) -> Figure:
        """Execution reports due or filed, permits checked, checks with problems, problems corrected, in a year."""
        measured = figures.total(self.rows_of("permit_oversight", part), part, 0, **self.at(year))
        return self.of_year(f"permits_{part}", measured, year)

    @memo
    def reports_share(self, year: int) -> Figure:
        """The share of the execution reports due that were filed, in percent: as published, or else computed."""
        computed = _percent(self.oversight("reports_filed", year), self.oversight("reports_due", year))
        return self.of_year("execution_reports", self.official("execution_reports", year) or computed, year, "%")

    @memo
    def linked(self, link: str, industry: str | None = None) -> Figure:
        """For how many permits, of all or of one industry, other work goes by the permit this year, in percent."""
        where = self.at(self.year) if industry is None else self.at(self.year, industry=industry)
        part, whole = (
            self.of_year(
                "_".join(filter(None, ("linked", name, industry))),
                figures.total(self.rows_of("permit_links", "permits", *LINKS), name, 0, **where),
                self.year,
            )
            for name in (link, "permits")
        )
        name = "_".join(filter(None, ("linked", link, "share", industry)))
        return self.of_year(name, _percent(part, whole), self.year, "%")

    # --- environmental impact assessment (E7) ----------------------------------------------------

    @memo
    def projects(self, kind: str, year: int, part: str = "projects") -> Figure:
        """How many projects were decided on, filed or exempt in a year; or the days that decisions took."""
        table = self.rows_of("eia", "projects", "within_limit", "days")
        measured = figures.total(table, part, 0, **self.at(year, kind=kind))
        return self.of_year(f"eia_{kind}_{part}", measured, year, "day" if part == "days" else "1")

    @memo
    def approved(self, year: int) -> Figure:
        """How many projects the authority decided on in a year: as published, or else added up."""
        computed = figures.added([self.projects(kind, year) for kind in DECIDED], 0)
        return self.of_year("eia_approved", self.official("eia_approved", year) or computed, year)

    @memo
    def days_taken(self, kind: str, year: int) -> Figure:
        """How many days a decision took on average."""
        measured = figures.quotient(self.projects(kind, year, "days"), self.projects(kind, year), 1)
        return self.of_year(f"eia_{kind}_days_taken", measured, year, "day")

    @memo
    def in_time(self, kind: str, year: int) -> Figure:
        """The share decided on within the time that the law gives, in percent."""
        measured = _percent(self.projects(kind, year, "within_limit"), self.projects(kind, year))
        measured = figures.under(measured, *self.rules_of("eia_time"))
        return self.of_year(f"eia_{kind}_in_time", measured, year, "%")

    @memo
    def checks(self, part: str, kind: str, year: int) -> Figure:
        """How many documents, those who prepare them, or experts were checked, or found at fault, in a year."""
        measured = figures.total(self.rows_of("eia_checks", part), part, 0, **self.at(year, kind=kind))
        return self.of_year(f"eia_{kind}_{part}", measured, year)


def _percent(part: Figure, whole: Figure) -> Measured:
    """*part* in percent of *whole*; no value where either of them has none."""
    return figures.quotient(part, whole, 1, factor=100)
