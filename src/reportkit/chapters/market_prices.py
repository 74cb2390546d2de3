"""Prices (item M2): what was published, the lists that are held, a household's bill step by step, power by use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from reportkit import figures
from reportkit.blocks import Block, TableContent
from reportkit.chapters import common, of_standard, spliced
from reportkit.chapters.market_bars import Bar, MarketBars
from reportkit.chapters.market_figures import TIERS, USED, WITH_QUOTA
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import rules, tariffs

M2 = "M2"
MEASURED_IN = {"water_m3": "m3", "gas_m3": "m3", "power_kwh": "kWh"}


class MarketPrices(MarketBars):
    """Prices and what a household pays, of one area in one year."""

    # --- what was published ----------------------------------------------------------------------

    def published_prices(self) -> Block:
        """Prices as they were published of the area, or of the districts of the city, with their year."""
        rows = self.printed.rows
        title = self.say("printed.title")
        if rows.empty:
            return self.statement("printed", self.say("printed.none"), title=title, item=M2)
        listed = [
            [row[f"name_{self.language}"], *self.place(row["area_code"]), str(row["year"]), self.printed_figure(row)]
            for row in rows.to_dict("records")
        ]
        columns = [self.words("price_name"), *self.place_column, self.words("year"), self.numbers("price")]
        return self.block(
            "table",
            "printed",
            {"table": TableContent(columns, listed, self.download("printed"))},
            item=M2,
            title=title,
            notes=[self.say("printed.note")],
        )

    # --- lists and the bill ----------------------------------------------------------------------

    def price_lists(self) -> Block:
        """Every price list that is held for the area or its districts: tiers, prices, from when to when, if read."""
        title = self.say("prices.title")
        if not self.held_where:
            return self.statement("prices", self.say("prices.none"), title=title, item=M2)
        rows = [self._list_row(tariff, tier) for tariff in self.held_where for tier in tariff.tiers]
        columns = [*self.place_column, *(self.words(name) for name in ("service", "user", "tier"))]
        columns += [self.numbers("price"), *(self.words(name) for name in ("since", "until", "is_read"))]
        return self.block(
            "table",
            "prices",
            {"table": TableContent(columns, rows, self.download("prices"))},
            item=M2,
            title=title,
            notes=[
                *(self.say(f"prices.{key}") for key in ("note", "dates")),
                *self._unread(self.held_where),
                *self._without(),
                *self.no_waste_list(),
            ],
        )

    def places_of(self, tariff: tariffs.Tariff) -> list[str]:
        """The cell that names the areas a list is for, on the city's page alone."""
        return [self.joined([self.name(area) for area in self.held_where[tariff]])] if self.area.is_city else []

    def no_waste_list(self) -> list[list[Any]]:
        """That no list was found of what others than households pay for their waste, where it is so."""
        users = {it.user for it in self.held_where if it.service == tariffs.WASTE}
        return [] if users - {tariffs.HOUSEHOLD} else [self.say("prices.no_waste")]

    def _list_row(self, tariff: tariffs.Tariff, tier: tariffs.Tier) -> list[Any]:
        user = self.word(f"user.{tariff.user}")
        service = self.word(f"service.{tariff.service}")
        if tariff.season != "all":
            service += self.word(f"season.{tariff.season}")
        is_read = self.word("prices.read" if tariff.rule.is_verified else "prices.unread")
        words = [*self.places_of(tariff), service, user, self._tier_words(tariff, tier)]
        return [*words, self.price(tariff, tier), *self._dates(tariff), is_read]

    def _dates(self, tariff: tariffs.Tariff) -> list[str]:
        """From when to when a list holds; of one that nobody read neither day was checked."""
        if not tariff.rule.is_verified:
            return [self.word("prices.unchecked")] * 2
        return [tariff.since, tariff.until or self.word("prices.no_end")]

    def _tier_words(self, tariff: tariffs.Tariff, tier: tariffs.Tier) -> str:
        """Which use a tier is for, as in 27—34 m³ a month."""
        if len(tariff.tiers) == 1:
            return self.word("tier.only")
        unit = self.word(f"tier.unit.{tariff.service}")
        words = {"above": str(tier.above), "up_to": str(tier.up_to), "unit": unit}
        key = "first" if not tier.above else "last" if tier.up_to is None else "middle"
        return self.word(f"tier.{key}", per=self.word(f"tier.per.{tariff.per}"), **words)

    def _unread(self, lists: Iterable[tariffs.Tariff]) -> list[list[Any]]:
        """Which of the *lists* nobody has held against their document."""
        services = [it.service for it in lists if not it.rule.is_verified]
        names = [self.word(f"service.{service}") for service in dict.fromkeys(services)]
        return [self.say("prices.memory", names=self.joined(names))] if names else []

    def _without(self) -> list[list[Any]]:
        """Which services no list is held for, and which have lists of districts alone."""
        of_districts = {it.service for it in self.held_where} - set(self.billed)
        found: dict[str, list[str]] = {"without": [], "by_district": []}
        for service in tariffs.SERVICES:
            if service not in self.billed:
                found["by_district" if service in of_districts else "without"].append(self.word(f"service.{service}"))
        return [self.say(f"prices.{key}", names=self.joined(names)) for key, names in found.items() if names]

    def household_bill(self) -> Block:
        """What one household pays, month by month and service by service."""
        if not self.billed:
            return self.nothing("bill", M2)
        months = sorted(set(self.bill.rows["month"]))
        services = self.billed
        bars = [
            Bar(
                self.month_name(int(month[-2:])),
                {f"bill_{service}": self.bill_of((service,), month) for service in services},
                self.bill_of(tuple(services), month),
            )
            for month in months
        ]
        columns = [self.words("month"), *(self.numbers(name, self.word(f"part.bill_{name}")) for name in services)]
        rows = [[bar.name, *bar.parts.values(), bar.whole] for bar in bars]
        year = self.bill_of(tuple(services))
        rows.append([self.word("bill.year"), *(self.bill_of((service,)) for service in services), year])
        return self.stacked(
            "bill",
            bars,
            TableContent([*columns, self.numbers("whole_bill")], rows, self.download("bill_by_month")),
            axis="yuan",
            step="20",
            told=months.index(self.dearest_month),
            item=M2,
            notes=[
                self.say("bill.note"),
                self.say("bill.whole_year", yuan=year),
                *self._unread(self.held),
                *self._without(),
            ],
            tables=[self.bill],
        )

    def bill_steps(self) -> Block:
        """How the bill of the dearest month is worked out: so much of each tier at its price."""
        title = self.say("steps.title")
        if not self.billed:
            return self.statement("steps", self.say("no_values"), title=title, item=M2)
        month = self.dearest_month
        rows = []
        for row in self.bill.where({"month": month}).to_dict("records"):
            tariff, column = self.household_tariff(row["service"], month), USED.get(row["service"])
            assert tariff is not None  # a row of the bill was charged by one
            tier = tariff.tiers[int(row["tier"]) - 1]
            amount = self.step(row, "amount", MEASURED_IN[column]) if column else NO_DATA
            words = [self.word(f"service.{tariff.service}"), self._tier_words(tariff, tier)]
            rows.append([*words, amount, self.price(tariff, tier), self.step(row, "yuan", "yuan")])
        parts = [
            self.say("part", name=self.word(f"service.{service}"), amount=self.bill_of((service,), month))
            for service in self.billed
        ]
        sum_ = {"parts": spliced(parts, self.separator), "whole": self.bill_of(tuple(self.billed), month)}
        columns = [self.words("service"), self.words("tier"), self.numbers("amount"), self.numbers("price")]
        return self.block(
            "table",
            "steps",
            {"table": TableContent([*columns, self.numbers("yuan")], rows, self.download("bill_steps"))},
            item=M2,
            title=title,
            notes=[self.say("steps.sum", month=self.month_name(int(month[-2:])), **sum_), self.say("steps.note")],
            tables=[self.bill],
        )

    # --- power -----------------------------------------------------------------------------------

    def power_prices(self) -> Block:
        """Power by the time of day, and what some enterprises pay on top."""
        title = self.say("power.title")
        listed = rules.in_force(rules.table("market_power"), self.last_day, self.area.code)
        if not listed:
            return self.statement("power", self.say("no_values"), title=title, item=M2)
        rows = [
            [
                self.word(f"power.{row['measure']}"),
                row[f"name_{self.language}"],
                row["hours"].replace(";", self.separator) or NO_DATA,
                self._power_price(row),
            ]
            for row in listed
        ]
        columns = [self.words("measure"), self.words("price_name"), self.words("hours"), self.numbers("price")]
        return self.block(
            "table",
            "power",
            {"table": TableContent(columns, rows, self.download("power"))},
            item=M2,
            title=title,
            notes=[self.say("power.note")],
        )

    def _power_price(self, row: rules.Row) -> Figure:
        where = {"measure": row["measure"], "item": row["item"], "valid_from": row["valid_from"]}
        measured = figures.select(of_standard("market_power", "value"), "value", **where)
        return self.figure(f"power_{row['item']}", measured, unit=row["unit"], rules=[self.rule("power")])

    def power_users(self) -> Block:
        """Households in the dearest tier, enterprises that pay by the time of day, and storage, over the years."""
        lines: dict[str, Callable[[int], Figure]] = {
            "third_tier_share": self.third_tier_share,
            **{name: partial(self.measured, name) for name in ("time_of_day_units", "storage_mwh")},
        }
        tiers = {f"tier_{tier}": self.measured(f"households_tier_{tier}", self.year) for tier in TIERS}
        units = {name: self.measured(f"{name}_units", self.year) for name in ("surcharged", "supported")}
        notes = [self.say("power_users.note")]
        for key, found in (("tiers", tiers), ("units", units)):
            if all(figure.value is not None for figure in found.values()):
                notes.append(self.say(f"power_users.{key}", **found))
        return common.over_years(self, "power_users", lines, self.years("power"), notes=notes, item=M2)

    def power_quotas(self) -> Block:
        """How many enterprises have a quota of power for what they make, and how many are over it, by industry."""
        title, unknown = self.say("power_quotas.title"), self.say("power_quotas.unknown")
        if self.quota("units").value is None:
            return self.statement("power_quotas", unknown, title=title, item=M2)
        classes = [(self.industry(industry), industry) for industry in WITH_QUOTA]
        rows = [
            [word, self.quota("units", industry), self.quota("over_units", industry), self.over_share(industry)]
            for word, industry in [*classes, (self.word("power_quotas.all"), None)]
        ]
        columns = [self.words("industry"), *map(self.numbers, ("with_quota", "over_quota", "over_share"))]
        return self.block(
            "table",
            "power_quotas",
            {"table": TableContent(columns, rows, self.download("power_quotas"))},
            item=M2,
            title=title,
            notes=[unknown, self.say("power_quotas.note")],
        )
