"""What is known about the market (items M1–M5): rows, rules and figures; the other modules show them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import methodcaller
from typing import Any

import pandas as pd

from reportkit import figures
from reportkit.chapters import Area, Chapter, of_standard, once_for_all
from reportkit.figures import Figure, PublishedTable
from reportkit.memo import memo
from reportkit.standards import rules, tariffs, tax

POLLUTANTS = {tax.AIR: ("so2", "nox", "smoke"), tax.WATER: ("cod", "nh3n")}
TAXED = ("so2", "nox", "smoke", "air_together", "cod", "nh3n", "water_together")  # as the pictures put them
GRANTED, REFUSED = ("half_paid", "three_quarters_paid"), ("exceeded", "penalised", "not_far_below")
EXEMPT = "exempt"  # both a reason to pay nothing and a band of tax
BANDS = (EXEMPT, "below_1k", "from_1k", "from_10k", "from_100k")
KINDS = ("third_party", "ppp", "steward", "clinic", "park")
BRANCHES = ("air", "water", "soil", "waste", "monitoring")
TIERS = (1, 2, 3)
WITH_QUOTA = ("steel", "chemicals", "dyeing", "paper")  # industries that have quotas of power
COSTS = ("treatment", "sludge", "network")
USED = {tariffs.POWER: "power_kwh", tariffs.WATER: "water_m3", tariffs.SEWAGE: "water_m3", tariffs.GAS: "gas_m3"}
WATER_BILL = (tariffs.WATER, tariffs.SEWAGE)
# The rules by which the rows of a table were made.
MADE_BY = {
    "taxes": ("tax", "withheld"),
    "tax_bands": ("tax", "withheld"),
    "reductions": ("tax_reduction", "tax_exempt"),
}

# What a disclosure of an item must publish of a year. A price list of an earlier year says nothing of this year unless
# somebody checked that it still holds.
WANTED = {
    "M1": ("projects_all", *(f"industry_turnover_{branch}" for branch in BRANCHES)),
    "M2": (
        *(f"{service}_household_1" for service in (tariffs.POWER, tariffs.WATER, tariffs.GAS)),
        *("power_quotas_units", "power_quotas_over_units", "surcharged_units", "time_of_day_units", "storage_mwh"),
        "supported_units",
    ),
    "M3": (
        *("taxes_tax", "taxes_due", "reductions_enterprises"),
        *(f"taxes_tax_{pollutant}" for pollutants in POLLUTANTS.values() for pollutant in pollutants),
        *(f"reductions_enterprises_{reason}" for reason in GRANTED),
    ),
    "M4": (
        *("sewage_household_1", "sewage_non_household", "sewage_collected"),
        *(f"sewage_{part}" for part in COSTS),
    ),
    "M5": (
        *("waste_household", "waste_charges_household", "waste_charges_other"),
        *("waste_charges_scheme_households", "waste_charges_rewards"),
    ),
}

COVERED = ("covers_all", "covers_operation", "covers_part")
FLOORS = ("floor_met", "floor_missed")


class MarketFigures(Chapter):
    """Every figure about the market of one area; the city's are of its own rows, or sums over its districts'."""

    slug = "market"
    order = 120
    items = tuple(WANTED)
    wanted = WANTED

    # --- rows ------------------------------------------------------------------------------------

    @property
    def last_day(self) -> date:
        """The day by which prices, rates and rules are chosen."""
        return date(self.year, 12, 31)

    @memo
    def counted(self, table: str) -> list[str]:
        """Whose rows of a table are counted: the area's own, or all districts' where the city has none."""
        if not self.area.is_city or not self.reader.rows(f"market/{table}", area_code=self.area.code).empty:
            return [self.area.code]
        return self.codes

    @memo
    def rows(self, table: str, *exact: str) -> PublishedTable:
        """The area's rows of a table up to this year."""
        where: dict[str, Any] = {"area_code": self.counted(table), "year": {"to": str(self.year)}}
        rows = self.reader.rows(f"market/{table}", exact=exact, **where)
        made_by = () if rows.empty else tuple(map(self.rule, MADE_BY.get(table, ())))
        return PublishedTable(f"market/{table}", rows, rules=made_by)

    @memo
    def years(self, table: str) -> list[int]:
        """The years up to this one that a table has rows of."""
        return sorted({int(year) for year in self.rows(table).rows["year"]})

    @property
    @memo
    def printed(self) -> PublishedTable:
        """What was published of the area, on the city's page of its districts as well, up to this year."""
        codes = [self.area.code, *(self.codes if self.area.is_city else [])]
        return self.facts("market/published", area_code=codes, year={"to": str(self.year)})

    def printed_figure(self, row: Any) -> Figure:
        """A row of what was published, as a figure of the area it is about."""
        year = int(row["year"])
        where = {"area_code": row["area_code"], "indicator": row["indicator"], "year": year}
        name = f"published_{row['area_code']}_{row['indicator']}_{year}"
        measured = figures.select(self.printed, "value", **where)
        return self.figure(name, measured, unit=row["unit"], period=str(year))

    def _sum(self, table: str, column: str, year: int, unit: str, places: int = 0, **where: Any) -> Figure:
        """A sum over the area's rows of a *year*: as published under the table's and the column's name, or computed."""
        name = "_".join([table, column.removesuffix("_10k_yuan"), *map(str, where.values())])
        own = {"area_code": self.counted(table), "year": year, **where}
        measured = self.official(name, year) or figures.total(self.rows(table, column), column, places, **own)
        return self.figure(self.suffixed(name, year), measured, unit=unit, period=str(year))

    def _money(self, table: str, column: str, year: int, places: int = 0, **where: Any) -> Figure:
        return self._sum(table, f"{column}_10k_yuan", year, "10k yuan", places, **where)

    # --- third parties and the trade -------------------------------------------------------------

    @property
    @memo
    def projects(self) -> PublishedTable:
        """All projects of the city and its districts that had begun by the end of the year, the newest first."""
        rows = self.shared_rows("market/projects", exact=("investment_10k_yuan",), started_year={"to": str(self.year)})
        order = ["started_year", "project_id"]
        return PublishedTable("market/projects", rows.sort_values(order, ascending=[False, True]))

    @memo
    def project_count(self, kind: str | None = None) -> Figure:
        """How many projects of the area there are, or of one kind."""
        counted = figures.count(self.projects, **self._begun, **_if_given("kind", kind))
        return self.figure(f"projects_{kind or 'all'}", counted, unit="item")

    def investment(self, kind: str) -> Figure:
        """What was put into the projects of a kind."""
        measured = figures.total(self.projects, "investment_10k_yuan", 0, kind=kind, **self._begun)
        return self.figure(f"investment_{kind}", measured, unit="10k yuan")

    @property
    def _begun(self) -> dict[str, Any]:
        years = sorted({int(year) for year in self.projects.rows["started_year"]})
        return {"area_code": self.codes, "started_year": years}

    @memo
    def turnover(self, year: int | None = None, branch: str | None = None) -> Figure:
        """What the environmental trade of the area, or one branch of it, turned over in a year."""
        return self._money("industry", "turnover", year or self.year, **_if_given("branch", branch))

    # --- the household's bill --------------------------------------------------------------------

    @property
    @memo
    def held(self) -> tuple[tariffs.Tariff, ...]:
        """The price lists that are held for the area at the end of the year."""
        return tariffs.tariffs(self.listed, self.area.code, self.last_day)

    @property
    @memo
    def held_where(self) -> dict[tariffs.Tariff, list[Area]]:
        """The price lists of the area, on the city's page those of its districts too, with the areas each is for."""
        found: dict[tariffs.Tariff, list[Area]] = {tariff: [self.area] for tariff in self.held}
        for area in self.edition.districts if self.area.is_city else []:
            for tariff in self.of(area).held:
                if tariff not in self.held:
                    found.setdefault(tariff, []).append(area)
        return dict(sorted(found.items(), key=lambda held: tariffs.SERVICES.index(held[0].service)))

    @property
    @memo
    def prices(self) -> PublishedTable:
        """All price lists, prices as they are written."""
        return PublishedTable("market/tariffs", self.reader.rows("market/tariffs", exact=("up_to", "price")))

    @property
    @memo
    def listed(self) -> list[rules.Row]:
        """The rows of the price lists as text."""
        text = self.prices.records()
        return [dict(zip(text["columns"], row, strict=True)) for row in text["rows"]]

    @memo
    def price(self, tariff: tariffs.Tariff, tier: tariffs.Tier) -> Figure:
        """The price of one tier of a list, which may have ended before the end of the year.

        That of a list of districts alone is the figure of the first of them.
        """
        first = self.held_where.get(tariff, [self.area])[0]
        if first != self.area:
            return self.of(first).price(tariff, tier)
        named = {name: getattr(tariff, name) for name in ("service", "user", "season")}
        where = {"standard": tariff.rule.standard, **named, "tier": tier.number, "valid_from": tariff.since}
        measured = figures.under(figures.select(self.prices, "price", **where), tariff.rule)
        ended = [] if tariff in self.held else [tariff.since]
        return self.figure("_".join(["price", *named.values(), str(tier.number), *ended]), measured, unit=tariff.unit)

    def household_tariff(self, service: str, month: str) -> tariffs.Tariff | None:
        """What the household is charged by for a *service* in a *month* (``2024-07``), if a list is held."""
        first = date(self.year, int(month[-2:]), 1)
        return tariffs.household_tariff(self.listed, self.area.code, service, first)

    @property
    @memo
    def bill(self) -> PublishedTable:
        """What one household pays by the lists of the area: each month, service and tier."""
        use = self.reader.rows("market/household_use", exact=tuple(sorted(set(USED.values()))))
        charged = [charge for row in use.to_dict("records") for charge in self._charges(use, row)]
        columns = ["month", "service", "tier", "amount", "price", "yuan", "status", "source_id"]
        return PublishedTable(self.table_name("bill"), pd.DataFrame(charged, columns=columns))

    def _charges(self, use: pd.DataFrame, row: Any) -> list[dict[str, Any]]:
        """The charges of one month, the services in their order."""
        month = f"{self.year}-{int(row['month']):02}"
        found = []
        for service in tariffs.SERVICES:
            tariff = self.household_tariff(service, month)
            if tariff is None:
                continue
            column = USED.get(service)
            amount, before = Decimal(1), Decimal(0)  # one month, where nothing is measured
            if column:
                earlier = use.loc[use["month"] < row["month"], column]
                amount, before = row[column], sum(earlier, Decimal(0)) if tariff.per == tariffs.YEARLY else Decimal(0)
            found += [
                {
                    "month": month,
                    "service": service,
                    "tier": charge.tier,
                    "amount": charge.amount,
                    "price": charge.price,
                    "yuan": charge.yuan,
                    **{name: row[name] for name in ("status", "source_id")},
                }
                for charge in tariff.charges(amount, before)
            ]
        return found

    @property
    @memo
    def billed(self) -> list[str]:
        """The services that the bill has."""
        rows = set(self.bill.rows["service"])
        return [service for service in tariffs.SERVICES if service in rows]

    @memo
    def bill_of(self, services: tuple[str, ...], month: str | None = None) -> Figure:
        """What the household pays for *services* in a month (``2024-07``) or in the whole year."""
        measured = figures.total(self.bill, "yuan", 2, service=list(services), **_if_given("month", month))
        months = [month] if month else sorted(set(self.bill.rows["month"]))
        charged_by = [self.household_tariff(service, each) for service in services for each in months]
        used = dict.fromkeys(tariff.rule for tariff in charged_by if tariff)
        name = "_".join(["bill", *services, *([month[-2:]] if month else [])])
        unit, period = "yuan", month or str(self.year)
        return self.figure(name, figures.under(measured, self.rule("bill"), *used), unit=unit, period=period)

    def step(self, row: Any, column: str, unit: str) -> Figure:
        """The amount or the yuan of one step of the bill."""
        where = {name: row[name] for name in ("month", "service", "tier")}
        name = f"step_{column}_{row['service']}_{row['tier']}"
        places = -min(row[column].as_tuple().exponent, 0)
        return self.figure(name, figures.total(self.bill, column, places, **where), unit=unit, period=row["month"])

    @property
    @memo
    def dearest_month(self) -> str:
        """The month whose bill is the highest; the bill needs to have rows."""
        yuan = self.bill.rows.groupby("month")["yuan"].sum()
        return str(max(yuan.index, key=lambda month: yuan[month]))

    @memo
    def measured(self, measure: str, year: int) -> Figure:
        """How many households are in a tier, how many units pay how, how much storage there is."""
        unit = "MWh" if measure == "storage_mwh" else "household" if measure.startswith("households") else "enterprise"
        own = {"area_code": self.counted("power"), "year": year, "measure": measure}
        return self.of_year(measure, figures.total(self.rows("power", "value"), "value", 0, **own), year, unit)

    def third_tier_share(self, year: int) -> Figure:
        """The share of households whose power reaches the dearest tier."""
        parts = [self.measured(f"households_tier_{tier}", year) for tier in TIERS]
        households = self.of_year("households", figures.added(parts, 0), year, "household")
        return self.of_year("third_tier_share", figures.ratio(parts[-1], households), year, "%")

    def quota(self, what: str, industry: str | None = None) -> Figure:
        """How many enterprises of one industry, or of all, have a quota of power, or are over it (``over_units``)."""
        where: dict[str, Any] = {"industry": industry} if industry else {}
        return self._sum("power_quotas", what, self.year, "enterprise", **where)

    def over_share(self, industry: str | None = None) -> Figure:
        """The share of the enterprises with a quota of power that are over it."""
        measured = figures.ratio(self.quota("over_units", industry), self.quota("units", industry))
        return self.figure(f"quota_{industry or 'all'}_over_share", measured, unit="%")

    # --- the tax ---------------------------------------------------------------------------------

    @memo
    def paid(self, year: int | None = None, pollutant: str | None = None) -> Figure:
        """The tax of a year, or of one pollutant of it, after what is remitted."""
        return self._taxed("tax", year or self.year, pollutant)

    def due(self, year: int | None = None, pollutant: str | None = None) -> Figure:
        """The tax before anything is remitted."""
        return self._taxed("due", year or self.year, pollutant)

    def _taxed(self, column: str, year: int, pollutant: str | None) -> Figure:
        return self._money("taxes", column, year, 2, **_if_given("pollutant", pollutant))

    def remitted(self, year: int | None = None, pollutant: str | None = None) -> Figure:
        """How much tax was remitted."""
        year = year or self.year
        measured = figures.difference(self.due(year, pollutant), self.paid(year, pollutant), 2)
        name = f"remitted_{pollutant}" if pollutant else "remitted"
        if measured.value is not None:  # there are years before the tax
            measured = figures.under(measured, self.rule("tax_reduction"))
        return self.of_year(name, measured, year, "10k yuan")

    def remitted_share(self, year: int | None = None) -> Figure:
        """The share of the tax that was remitted."""
        year = year or self.year
        return self.of_year("remitted_share", figures.ratio(self.remitted(year), self.due(year)), year, "%")

    def equivalents(self, pollutant: str) -> Figure:
        """The equivalents of one pollutant in the year."""
        return self._sum("taxes", "equivalents", self.year, "equivalent", pollutant=pollutant)

    def tax_change(self) -> Figure:
        """How much the tax changed against the year before."""
        return self.figure("tax_change", figures.change(self.paid(), self.paid(self.year - 1)), unit="%")

    def annex(self, medium: str, pollutant: str) -> Figure:
        """The kilograms of one equivalent."""
        row = tax.equivalent(medium, pollutant, self.last_day)
        table = of_standard("market_equivalents", "equivalent")
        measured = figures.select(table, "equivalent", group=row.group, pollutant=pollutant, unit="kg")
        return self.figure(f"annex_{pollutant}", measured, unit="kg", rules=[row.rule])

    def tax_rate(self, medium: str) -> Figure:
        """The yuan for one equivalent in the area."""
        rows = rules.in_force(rules.table("market_tax_rates"), self.last_day, self.area.code)
        areas = [row["area_codes"] for row in rows if row["object"] == medium]
        measured = figures.select(of_standard("market_tax_rates", "rate"), "rate", object=medium, area_codes=areas)
        return self.figure(f"tax_rate_{medium}", measured, unit="yuan/equivalent")

    @memo
    def assessed(self, year: int, reason: str | None = None) -> Figure:
        """How many enterprises were exempt, or granted or refused a reduction, for one *reason* or for any."""
        return self._sum("reductions", "enterprises", year, "enterprise", **_if_given("reason", reason))

    @memo
    def payers(self, year: int) -> Figure:
        """How many enterprises owed tax: all but those that were exempt."""
        where = {"area_code": self.counted("reductions"), "year": year, "reason": [*GRANTED, *REFUSED]}
        rows = self.rows("reductions", "enterprises")
        measured = self.official("payers", year) or figures.total(rows, "enterprises", 0, **where)
        return self.figure(self.suffixed("payers", year), measured, unit="enterprise", period=str(year))

    def band(self, band: str, column: str) -> Figure:
        """How many enterprises of the city are in a band of tax, or what they paid together."""
        if column == "enterprises":
            return self._sum("tax_bands", column, self.year, "enterprise", band=band)
        return self._money("tax_bands", "tax", self.year, 2, band=band)

    # --- charges ---------------------------------------------------------------------------------

    @memo
    def sewage(self, column: str, year: int | None = None) -> Figure:
        """What was charged or collected for sewage, or a part of what it costs, in a year."""
        return self._money("sewage", column, year or self.year)

    @memo
    def sewage_cost(self, year: int | None = None) -> Figure:
        """What treatment, sludge and pipes cost together."""
        year = year or self.year
        parts = [self.sewage(part, year) for part in COSTS]
        return self.of_year("sewage_cost", figures.added(parts, 0), year, "10k yuan")

    @memo
    def sewage_cover(self, year: int | None = None) -> Figure:
        """How much of the cost of sewage what was collected covers."""
        year = year or self.year
        measured = figures.ratio(self.sewage("collected", year), self.sewage_cost(year))
        return self.of_year("sewage_cover", measured, year, "%")

    def collection_rate(self, year: int | None = None) -> Figure:
        """How much of what was charged for sewage was collected."""
        year = year or self.year
        measured = figures.ratio(self.sewage("collected", year), self.sewage("charged", year))
        return self.of_year("sewage_collection", measured, year, "%")

    def sewage_cost_per_m3(self, year: int | None = None) -> Figure:
        """What a cubic metre of sewage costs."""
        year = year or self.year
        parts = [self._sum("sewage", f"{part}_10k_m3", year, "10k m3") for part in ("household", "other")]
        volume = self.of_year("sewage_volume", figures.added(parts, 0), year, "10k m3")
        measured = figures.quotient(self.sewage_cost(year), volume, 2)
        return self.of_year("sewage_cost_per_m3", measured, year, "yuan/m3")

    def sewage_verdict(self, year: int | None = None) -> Figure:
        """Whether what is collected covers all, or treatment and sludge at least, or not even these."""
        year = year or self.year
        parts = [self.sewage("collected", year), *(self.sewage(part, year) for part in COSTS)]
        word = None
        if all(part.value is not None for part in parts):
            collected, treatment, sludge, network = (Fraction(str(part.value)) for part in parts)
            operation = treatment + sludge
            word = COVERED[0 if collected >= operation + network else 1 if collected >= operation else 2]
        measured = figures.classify(parts, word, self.rule("cost_covered"))
        words = {verdict: f"market.verdict.{verdict}" for verdict in COVERED}
        name, period = self.suffixed("sewage_verdict", year), str(year)
        return self.figure(name, measured, unit="", period=period, words=words)

    def floor(self, user: str) -> Figure:
        """The lowest charge that the state asks for, for one kind of user."""
        measured = figures.select(of_standard("market_sewage_floors", "price"), "price", user=user)
        return self.figure(f"sewage_floor_{user}", measured, unit="yuan/m3", rules=[self.rule("sewage_floor")])

    def floor_verdict(self, tariff: tariffs.Tariff) -> Figure:
        """Whether the first tier of a sewage list is no lower than that; of a list of districts as in the first."""
        first = self.held_where[tariff][0]
        if first != self.area:
            return self.of(first).floor_verdict(tariff)
        price, floor = self.price(tariff, tariff.tiers[0]), self.floor(tariff.user)
        word = FLOORS[0 if Decimal(str(price.value)) >= Decimal(str(floor.value)) else 1]
        measured = figures.classify([price, floor], word, self.rule("sewage_floor"))
        words = {verdict: f"market.verdict.{verdict}" for verdict in FLOORS}
        return self.figure(f"floor_verdict_{tariff.user}", measured, unit="", words=words)

    @memo
    def waste(self, column: str, year: int | None = None) -> Figure:
        """What households or others paid for their waste, what it costs, what rewards were given, in a year."""
        return self._money("waste_charges", column, year or self.year)

    @memo
    def waste_collected(self, year: int | None = None) -> Figure:
        """What was collected for waste from all."""
        year = year or self.year
        parts = [self.waste(part, year) for part in ("household", "other")]
        return self.of_year("waste_collected", figures.added(parts, 0), year, "10k yuan")

    @memo
    def waste_cover(self, year: int | None = None) -> Figure:
        """How much of the cost of waste what was collected covers."""
        year = year or self.year
        measured = figures.ratio(self.waste_collected(year), self.waste("cost", year))
        return self.of_year("waste_cover", measured, year, "%")

    def waste_cost_per_t(self, year: int | None = None) -> Figure:
        """What a tonne of household waste costs."""
        year = year or self.year
        tonnes = self._sum("waste_charges", "tonnes", year, "t")
        measured = figures.quotient(self.waste("cost", year), tonnes, 0, factor=10_000)
        return self.of_year("waste_cost_per_t", measured, year, "yuan/t")

    @memo
    def in_scheme(self, year: int | None = None) -> Figure:
        """The households that collect points for sorting their waste."""
        return self._sum("waste_charges", "scheme_households", year or self.year, "household")

    # --- districts -------------------------------------------------------------------------------

    @once_for_all
    def compared(self) -> dict[str, dict[str, Figure]]:
        """What is set side by side of each area: by column, by the area's slug."""
        return self.of_all(
            {
                "tax_districts": methodcaller("paid"),
                "projects_all": methodcaller("project_count"),
                "cover_districts": methodcaller("sewage_cover"),
                "water_bill": methodcaller("bill_of", WATER_BILL),
                **{
                    name: methodcaller(name)
                    for name in ("remitted_share", "turnover", "sewage_cost_per_m3", "waste_cover")
                },
            }
        )

    def cover_rank(self) -> Figure:
        """The area's place among the districts by how much of its sewage cost is covered, the most first."""
        compared = self.compared()["cover_districts"]
        among = [compared[area.slug] for area in self.edition.districts if area.slug in compared]
        return self.figure("cover_rank", figures.rank(self.sewage_cover(), among, smallest_first=False), unit="")

    # --- disclosure ------------------------------------------------------------------------------

    @property
    def has_values(self) -> bool:
        """Whether anything of the year is known."""
        return self.paid().value is not None or self.sewage("collected").value is not None


def _if_given(column: str, value: str | None) -> dict[str, Any]:
    """The condition that *column* is a value, or none where no value is given."""
    return {column: value} if value else {}
