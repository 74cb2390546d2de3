"""The rows behind supervision (items S1 to S4, S6): draws run again, points of the network, data sets that are held.

What is worked out of all areas is one table, that of the city's page: a district's figures are measured from its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from reportkit import draw
from reportkit.chapters import Chapter, once_for_all, supervision_points
from reportkit.figures import PublishedTable
from reportkit.memo import memo
from reportkit.standards import law, supervision
from reportkit.status import DEMONSTRATION, weakest

FOUND = ("put_right", "case")


class SupervisionTables(Chapter):
    """The rows of one area in one year, and the tables that are made of them."""

    slug = "supervision"
    order = 140
    items = ("S1", "S2", "S3", "S4", "S6")

    @property
    def bureaus(self) -> list[str]:
        """Whose inspections, and whose data sets, the page tells of: the area's own, for the city those of all."""
        return [self.area.code, *self.codes] if self.area.is_city else self.codes

    # --- random inspection -----------------------------------------------------------------------

    @property
    @memo
    def inspections(self) -> PublishedTable:
        """What was drawn, inspected and found of each class, year by year."""
        return self._own("inspections", self.bureaus)

    @property
    @memo
    def ratios(self) -> PublishedTable:
        """What percent of each class the area's bureau draws in a quarter."""
        rows = self.reader.rows("supervision/ratios", exact=("ratio_pct",), area_code=self.area.code)
        return PublishedTable("supervision/ratios", rows)

    @property
    @once_for_all
    def draws(self) -> PublishedTable:
        """The draws of the year, each run again: how many units were drawn, how much differs from what it comes to."""
        files = draw.Files(*(self._written(name) for name in ("draws", "pool", "ratios", "inspectors", "drawn")))
        found = [_rerun(row, files) for row in files.draws if row["drawn_date"][:4] == str(self.year)]
        columns = [
            *("draw_id", "bureau_code", "year", "committed_date", "drawn_date", "drawn", "differences", "outcome"),
            *("status", "source_id"),
        ]
        return PublishedTable(
            self.table_name("draws"), pd.DataFrame(found, columns=columns), rules=self.rules_of("repeat")
        )

    @property
    @once_for_all
    def drawn(self) -> PublishedTable:
        """The units drawn in the year: whether they were inspected, what was found, and when that was published."""
        bureau = {row["draw_id"]: row["bureau_code"] for row in self.draws.rows.to_dict("records")}
        rows = self.shared_rows("supervision/drawn")
        rows = rows[rows["draw_id"].isin(bureau)]
        found = [_followed(row, bureau[row["draw_id"]]) for row in rows.to_dict("records")]
        columns = ["bureau_code", "year", "is_inspected", "has_problem", "working_days", "publication"]
        more = pd.DataFrame(found, columns=columns, index=rows.index, dtype=object)
        flags = {"is_inspected": bool, "has_problem": bool}
        return PublishedTable(self.table_name("drawn"), rows.join(more.assign(year=self.year).astype(flags)))

    def _written(self, name: str) -> list[dict[str, str]]:
        """The rows of a table as they are written."""
        exact = ("ratio_pct",) if name == "ratios" else ()
        written = PublishedTable(name, self.shared_rows(f"supervision/{name}", exact=exact)).records()
        return [dict(zip(written["columns"], row, strict=True)) for row in written["rows"]]

    # --- the network, and what is held -----------------------------------------------------------

    @property
    @once_for_all
    def points(self) -> PublishedTable:
        """Every point of the network in the year, with the periods it had data and should have."""
        return PublishedTable(
            self.table_name("points"), supervision_points.points(self), rules=self.rules_of("capture")
        )

    @property
    @memo
    def datasets(self) -> PublishedTable:
        """The inventory of data sets."""
        return PublishedTable("supervision/datasets", self.reader.rows("supervision/datasets"))

    @property
    @once_for_all
    def holdings(self) -> PublishedTable:
        """How many rows of the year each data set of the inventory has, of each area that should have some."""
        flags = {"is_applicable": bool, "is_held": bool, "has_official": bool}
        columns = ["dataset", "area_code", "sharing", "rows", *flags, "status", "source_id"]
        found = [held for about in self.datasets.rows.to_dict("records") for held in self._held(about)]
        table = pd.DataFrame(found, columns=columns).astype(flags)
        return PublishedTable(self.table_name("holdings"), table, rules=self.rules_of("completeness"))

    def _held(self, about: Mapping[Any, Any]) -> Iterator[dict[str, Any]]:
        """What is held of one data set: by district, or in the whole city.

        A district without any of the places at which it is measured elsewhere has nothing to measure.
        """
        rows = self._of_dataset(about)
        of_each, with_places = {self.edition.city.code: rows}, set[str]()
        if about["level"] == "district":
            where = self._areas_of(rows, about["places"])
            of_each = {area.code: rows[where == area.code] for area in self.edition.districts}
            if about["places"]:
                with_places = set(self.reader.text(about["places"])["area_code"])
        for code, own in of_each.items():
            known = own if len(own) else pd.DataFrame([about])
            yield {
                **{"dataset": about["dataset"], "area_code": code, "sharing": about["sharing"]},
                **{"rows": len(own), "is_held": len(own) > 0},
                "is_applicable": not with_places or code in with_places,
                "has_official": bool((own["status"] != DEMONSTRATION).any()),
                "status": weakest(known["status"].unique()),
                "source_id": ";".join(sorted(known["source_id"].unique())),
            }

    def _of_dataset(self, about: Mapping[Any, Any]) -> pd.DataFrame:
        """The rows of the year of one data set as written, by its column of the period: a year, month or day."""
        if about["period"] == "year":
            return self.reader.text(about["dataset"], year=str(self.year))
        ends = ("01", "12") if about["period"] == "month" else ("01-01", "12-31")
        first, last = (f"{self.year}-{end}" for end in ends)
        when: dict[str, Any] = {about["period"]: {"from": first, "to": last}}
        return self.reader.text(about["dataset"], **when)

    def _areas_of(self, rows: pd.DataFrame, places: str | None) -> pd.Series:
        """In which area each of the *rows* is: as it says itself, or as the table of its points says."""
        if not places:
            return rows["area_code"]
        (key,) = self.reader.tables[places].primary_key
        return rows[key].map(self.reader.text(places).set_index(key)["area_code"])

    # --- what is counted once a year -------------------------------------------------------------

    @property
    @memo
    def yearly_rows(self) -> PublishedTable:
        """Officers, devices and warnings of each year."""
        return self._own("yearly", self.codes)

    @property
    @memo
    def platform_rows(self) -> PublishedTable:
        """The services of the city's platform in each year."""
        return self._own("platform", [self.edition.city.code])

    @property
    @memo
    def science_rows(self) -> PublishedTable:
        """Experts, instruments and exchanges of each year."""
        return self._own("science", [self.edition.city.code])

    @property
    @memo
    def projects(self) -> PublishedTable:
        """The science and technology projects that were begun by the end of the year."""
        rows = self.reader.rows("supervision/projects", started_year={"to": str(self.year)})
        return PublishedTable("supervision/projects", rows)

    @property
    @memo
    def apportionment(self) -> PublishedTable:
        """Where PM2.5 came from in each year."""
        rows = self.reader.rows("supervision/apportionment", exact=("share_pct",), area_code=self.edition.city.code)
        return PublishedTable("supervision/apportionment", rows)

    def _own(self, name: str, codes: list[str]) -> PublishedTable:
        """The rows of a table that are of the areas with these *codes*."""
        table = f"supervision/{name}"
        return PublishedTable(table, self.reader.rows(table, area_code=codes))

    @property
    @memo
    def has_values(self) -> bool:
        """Whether anything is known of the area in the year beside points and data sets of others."""
        tables = (self.inspections, self.yearly_rows)
        return any(bool((table.rows["year"] == self.year).any()) for table in tables)


def _rerun(row: Mapping[str, str], files: draw.Files) -> dict[str, Any]:
    """One draw, run again."""
    differing = len(list(draw.differences_of(row, files)))
    return {
        **{name: row[name] for name in ("draw_id", "committed_date", "drawn_date", "status", "source_id")},
        "bureau_code": row["area_code"],
        "year": int(row["drawn_date"][:4]),
        "drawn": sum(one["draw_id"] == row["draw_id"] for one in files.drawn),
        "differences": differing,
        "outcome": supervision.DIFFERS if differing else supervision.REPEATS,
    }


def _followed(row: Mapping[Any, Any], bureau: str) -> dict[str, Any]:
    """What came of one unit that was drawn."""
    is_inspected, is_out = not pd.isna(row["inspected_date"]), not pd.isna(row["published_date"])
    taken, word = None, law.UNPUBLISHED if is_inspected else None
    if is_inspected and is_out:
        inspected = row["inspected_date"].date()
        taken = law.working_days(inspected, row["published_date"].date())
        word = supervision.kept(taken, inspected)
    return {
        "bureau_code": bureau,
        "is_inspected": is_inspected,
        "has_problem": row["found"] in FOUND,
        "working_days": None if taken is None else Decimal(taken),
        "publication": word,
    }
