"""How it is shown what enterprises measured, were permitted, built and took back (items E1, E2, E4 to E7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from reportkit import charts
from reportkit.blocks import Block, TableContent
from reportkit.chapters import common
from reportkit.chapters.enterprises_duties import (
    CHECKED,
    DECIDED,
    FIRST,
    LIMITED,
    LINKS,
    PRODUCTS,
    PROJECTS,
    RENEWED,
    TIERS,
    EnterprisesDuties,
)
from reportkit.figures import Figure

MOST_ROWS = 20  # of enterprises that a page lists; all of them are in the open data
PROJECT_COLOURS = dict(zip(PROJECTS, charts.PALETTE, strict=False))

Columns = Mapping[str, Callable[[int], Figure]]


class EnterprisesItems(EnterprisesDuties):
    """A block for each of these items."""

    # --- self-monitoring -------------------------------------------------------------------------

    def self_monitoring(self) -> Block:
        """How many units must monitor themselves, publish what they find, and meet the limits, over the years."""
        lines: Columns = {
            "monitoring_obliged": self.monitored,
            "published_share": self.published_share,
            "measured_share": self.measured_share,
            "meets_share": self.meets_share,
        }
        years = self.years_of(self.monitoring)
        notes = [self.say("self_monitoring.note")]
        if self.year in years:
            counts = {name: self.monitored(self.year, result=name) for name in ("meets", "exceeds")}
            notes.append(self.say("self_monitoring.counts", **counts, published=self.monitoring_published(self.year)))
        return common.over_years(self, "self_monitoring", lines, years, item="E1", notes=notes)

    def monitoring_list(self) -> Block:
        """The units above a limit this year, and those that published nothing."""
        title = self.say("monitoring_list.title")
        rows = self.monitoring.where({"year": self.year})
        if rows.empty:
            return self._no_key_units("monitoring_list", title, "E1")
        troubled = rows[rows["result"].isna() | (rows["result"] == "exceeds")]
        if troubled.empty:
            told = [self.monitored(self.year), self.meets_share(self.year)]  # that all is well may be invented, too
            return self.statement(
                "monitoring_list", self.say("monitoring_list.none"), title=title, item="E1", also=told
            )
        troubled = troubled.sort_values(["result", "enterprise_id"], na_position="last")
        columns = [self.words("enterprise"), self.words("result"), *map(self.numbers, ("required", "measured"))]
        columns.append(self.numbers("within"))
        content = TableContent(
            columns,
            [
                [
                    self.enterprise(row["enterprise_id"]),
                    self.word("result.none" if pd.isna(row["result"]) else f"result.{row['result']}"),
                    *(self.measured_by(row["enterprise_id"], name) for name in ("required", "measured", "within")),
                ]
                for row in troubled.head(MOST_ROWS).to_dict("records")
            ],
            self.download("monitoring_list"),
        )
        return self.block(
            "table",
            "monitoring_list",
            {"table": content},
            title=title,
            notes=self.shortened("monitoring_list", len(troubled)),
            item="E1",
        )

    def _no_key_units(self, name: str, title: list[Any], item: str) -> Block:
        """That no unit of the area is on the list of the year, where there is one; else that nothing is known."""
        listings = self.listings_of_all()
        said = self.say(f"no_units.{name}", listings=listings) if listings.value else self.say("no_values")
        return self.statement(name, said, title=title, item=item)

    def shortened(self, block: str, count: int) -> list[list[Any]]:
        """That a *block* lists no more of so many enterprises, as a note, where it is so."""
        words = {"list": self.word(f"{block}.title"), "count": str(count), "shown": str(MOST_ROWS)}
        return [self.say("shortened", **words)] if count > MOST_ROWS else []

    # --- responsibility, front-runners, producers ------------------------------------------------

    def responsibility(self) -> Block:
        """The units that have a responsible head and an environmental officer, tier by tier."""
        title, years = self.say("responsibility.title"), self.years_of(self.rows_of("responsibility"))
        if self.year not in years:
            return self.statement("responsibility", self.say("no_values"), title=title, item="E2")
        parts = ("with_head", "with_officer")
        before = [year for year in years if year < self.year][-1:]
        columns = [self.words("tier"), self.numbers("tier_units")]
        columns += [self.numbers(f"{part}{suffix}") for part in parts for suffix in ("", "_share")]
        columns += [
            self.numbers(f"{part}_{year}", self.word(f"then.{part}", then=str(year)))
            for year in before
            for part in parts
        ]
        rows = [
            [
                self.word(f"tier.{tier}"),
                self.responsible("units", tier, self.year),
                *(
                    figure
                    for part in parts
                    for figure in (
                        self.responsible(part, tier, self.year),
                        self.responsible_share(part, tier, self.year),
                    )
                ),
                *(self.responsible_share(part, tier, year) for year in before for part in parts),
            ]
            for tier in TIERS
        ]
        content = TableContent(columns, rows, self.download("responsibility"))
        notes = [self.say("responsibility.note")]
        return self.block("table", "responsibility", {"table": content}, title=title, notes=notes, item="E2")

    def front_runners_table(self) -> Block:
        """The front-runners by industry and year, and who they are this year."""
        table = self.rows_of("front_runners")
        title, years = self.say("front_runners.title"), self.years_of(table)
        if not years:
            return self.statement("front_runners", self.say("front_runners.none"), title=title, item="E4")
        industries = [name for name in self.industries if name in set(table.rows["industry"])]
        named: dict[str, list[Any]] = {}
        for row in table.where({"year": self.year}).to_dict("records"):
            named.setdefault(row["industry"], []).append(self.enterprise(row["enterprise_id"]))
        most = max(map(len, named.values()), default=0)
        columns = [self.words("industry"), *(self.numbers(f"in_{year}", str(year)) for year in years)]
        columns += [
            self.words(f"named_{place}", self.word("column.named", place=str(place))) for place in range(1, most + 1)
        ]
        rows = [
            [
                self.industry(name),
                *(self.front_runners(year, name) for year in years),
                *(dict(enumerate(named.get(name, []))).get(place, "") for place in range(most)),
            ]
            for name in industries
        ]
        rows.append([self.word("all"), *(self.front_runners(year) for year in years), *[""] * most])
        content = TableContent(columns, rows, self.download("front_runners"))
        notes = [self.say("front_runners.note")]
        return self.block("table", "front_runners", {"table": content}, title=title, notes=notes, item="E4")

    @property
    def industries(self) -> list[str]:
        """The industries of the register, in the order of their first enterprise."""
        rows = self.edition.enterprises.values()
        return list(dict.fromkeys(str(row["industry"]) for row in rows))

    def producers(self) -> Block:
        """How much of electronics and batteries producers took back, over the years."""
        table = self.rows_of("producer_responsibility")
        known = [product for product in PRODUCTS if product in set(table.rows["product"])]
        years = self.years_of(table)
        lines: Columns = {
            **{f"recovery_{product}": partial(self.recovery, product) for product in known},
            **{f"sold_{product}": partial(self.product, "put_on_market", product) for product in known},
        }
        if not known:
            title = self.say("producers.title")
            return self.statement("producers", self.say("producers.none"), title=title, item="E5")
        lead, average = self.recovery_target("lead_acid"), self.recovery_target("all")
        limits = {"recovery_lead_acid": lead} if "lead_acid" in known and lead.value is not None else {}
        notes = [self.say("producers.note")]
        notes += [self.say("producers.targets", lead=lead, average=average)] if average.value is not None else []
        notes += [self.say("producers.line")] if limits else []
        return common.over_years(self, "producers", lines, years, limits=limits, notes=notes, item="E5")

    # --- permits ---------------------------------------------------------------------------------

    def permits_over_years(self) -> Block:
        """The permits in force and the places registered at the end of each year, and the reports on them."""
        lines: Columns = {f"permits_{tier}": partial(self.permits_at, tier) for tier in TIERS}
        lines = {**lines, "execution_reports": self.reports_share}
        notes = [self.say("permits.note")]
        if self.year in self.permit_years:
            notes.append(self.say("permits.ending", ending=self.permits_ending(self.year), next=str(self.year + 1)))
        tables = [self.permits]
        return common.over_years(self, "permits", lines, self.permit_years, notes=notes, item="E6", tables=tables)

    def permit_work(self) -> Block:
        """What was done about permits in each year: issued, renewed, changed, cancelled, checked."""
        columns: Columns = {
            "issued": partial(self.permits_issued, FIRST),
            "renewed": partial(self.permits_issued, RENEWED),
            "changed": partial(self.permits_changed, "changed"),
            "cancelled": partial(self.permits_changed, "cancelled"),
            "ending": self.permits_ending,
            **{part: partial(self.oversight, part) for part in ("reports_due", "reports_filed", "checked")},
            "problems": partial(self.oversight, "problems"),
            "corrected": partial(self.oversight, "corrected"),
        }
        return common.by_year(
            self, "permit_work", columns, self.permit_years[::-1], item="E6", notes=[self.say("permit_work.note")]
        )

    def permit_links(self) -> Block:
        """For how many permits of each industry other work of the authority goes by the permit this year."""
        title = self.say("links.title")
        rows = self.rows_of("permit_links").where({"year": self.year})
        if rows.empty:
            return self.statement("links", self.say("no_values"), title=title, item="E6")
        names: list[str | None] = [name for name in self.industries if name in set(rows["industry"])]
        shares = {(name, link): self.linked(link, name) for name in [*names, None] for link in LINKS}
        words = {name: self.industry(name) if name else self.word("all") for name in [*names, None]}
        cells = [
            {
                "row": words[name],
                "column": self.word(f"link.{link}"),
                "value": None if share.value is None else float(str(share.value)),
                "mark": "" if share.value is None else f"{float(str(share.value)):.0f}",
            }
            for (name, link), share in shares.items()
        ]
        columns = [self.words("industry"), *(self.numbers(link, self.word(f"link.{link}")) for link in LINKS)]
        return self.chart(
            "links",
            charts.grid,
            cells,
            self.word("links.axis"),
            alternative=self.say("links.alternative", **{link: shares[None, link] for link in LINKS}),
            table=TableContent(
                columns,
                [[words[name], *(shares[name, link] for link in LINKS)] for name in [*names, None]],
                self.download("links"),
            ),
            title=title,
            notes=[self.say("links.note")],
            item="E6",
        )

    # --- environmental impact assessment ---------------------------------------------------------

    def assessments(self) -> Block:
        """The projects that were decided on, filed or exempt, over the years, and how long decisions took."""
        title, years = self.say("eia.title"), self.years_of(self.rows_of("eia"))
        if self.year not in years:
            return self.statement("eia", self.say("no_values"), title=title, item="E7")
        counts = {(kind, year): self.projects(kind, year) for year in years for kind in PROJECTS}
        names = {kind: self.word(f"project.{kind}") for kind in PROJECTS}
        parts = [
            {"bar": str(year), "part": names[kind], "position": PROJECTS.index(kind), "value": _float(figure)}
            for (kind, year), figure in counts.items()
            if figure.value
        ]
        sums = {year: sum(_float(counts[kind, year]) for kind in PROJECTS) for year in years}
        ends = [{"bar": str(year), "total": f"{sums[year]:,.0f}", "end": sums[year]} for year in years]
        columns = [self.words("year"), self.numbers("approved")]
        columns += [self.numbers(kind, names[kind]) for kind in PROJECTS]
        columns += [self.numbers(f"days_{kind}", self.word("column.days_of", kind=names[kind])) for kind in DECIDED]
        columns += [self.numbers(f"in_time_{kind}", self.word("column.in_time", kind=names[kind])) for kind in LIMITED]
        rows = [
            [
                str(year),
                self.approved(year),
                *(counts[kind, year] for kind in PROJECTS),
                *(self.days_taken(kind, year) for kind in DECIDED),
                *(self.in_time(kind, year) for kind in LIMITED),
            ]
            for year in years
        ]
        return self.chart(
            "eia",
            charts.stacked_bars,
            parts,
            ends,
            {names[kind]: PROJECT_COLOURS[kind] for kind in PROJECTS},
            {"axis": self.word("eia.axis"), "step": str(_round_step(max(sums.values())))},
            alternative=self.say(
                "eia.alternative", approved=self.approved(self.year), exempt=counts["exempt", self.year]
            ),
            table=TableContent(columns, rows, self.download("eia"), marked=years.index(self.year)),
            title=title,
            notes=[self.say("eia.note"), self.say("eia.days")],
            item="E7",
        )

    def eia_checks(self) -> Block:
        """How many assessments, those who prepare them and experts were checked, and how many were at fault."""
        columns: Columns = {
            f"{kind}_{part}": partial(self.checks, part, kind) for kind in CHECKED for part in ("checked", "faulted")
        }
        years = self.years_of(self.rows_of("eia_checks"))
        return common.by_year(self, "eia_checks", columns, years[::-1], item="E7", notes=[self.say("eia_checks.note")])


def _float(figure: Figure) -> float:
    return float(str(figure.value or 0))


def _round_step(most: float) -> int:
    """A round number of about a fifth of *most*, so that the ticks of an axis do not touch."""
    fifth = max(1, int(most) // 5)
    digits = int("1" + "0" * (len(str(fifth)) - 1))
    return fifth // digits * digits
