"""Demonstration of the market: tax, prices, charges, third-party projects and the environmental trade.

The tax is that of the enterprises of the one invented city, told only in sums and bands of at least :data:`FEWEST`
payers, since what one enterprise pays is nobody else's business. Sludge is that of its sewage works, household waste
that of its households. What outlets, projects and the trade look like is invented here.
"""

from __future__ import annotations

import itertools
from calendar import isleap
from collections.abc import Hashable, Iterator, Mapping, Sequence
from fractions import Fraction

import pandas as pd

from reportkit.demonstration import waste
from reportkit.demonstration.assumptions import TAX_EQUIVALENT, TAX_RATE, YEARS
from reportkit.demonstration.stream import Stream
from reportkit.demonstration.world import EXEMPT, World, earned
from reportkit.standards.rounding import half_even

SEED = 20_240_611
ORIGIN = {"status": "demonstration", "source_id": "demo-market"}

FEWEST = 3  # payers that a row of tax stands for
MEDIA = {"air": ("so2", "nox", "pm"), "water": ("cod", "nh3n")}
IN_ANNEX = {"pm": "smoke"}  # what the annex of the law calls it, where that is another name

# From how many yuan of a year's tax each band begins.
BANDS = {"below_1k": 0, "from_1k": 1_000, "from_10k": 10_000, "from_100k": 100_000}

# Invented outlets that show each clause of the law: names, medium, and of each pollutant kilograms, the mean in percent
# of the limit, and whether a single value exceeded it.
OUTLETS: Sequence[tuple[str, str, str, Sequence[tuple[str, int, int, bool]]]] = (
    ("锅炉排气筒", "boiler stack", "air",
     (("so2", 950, 68, False), ("nox", 1900, 55, False), ("smoke", 436, 45, False), ("co", 3340, 40, False))),
    ("喷涂排气筒", "coating stack", "air", (("xylene", 54, 50, False), ("toluene", 36, 70, False),
                                       ("benzene", 1, 30, False), ("nox", 190, 82, False))),
    ("印染总排口", "dyeing outfall", "water",
     (("ss", 4000, 60, False), ("cod", 6000, 48, False), ("bod5", 1500, 45, False), ("nh3n", 400, 66, True),
      ("tp", 25, 72, False), ("sulphide", 5, 35, False))),
    ("电镀车间排口", "plating workshop outfall", "water",
     (("nickel", 2, 64, False), ("chromium", 4, 42, False), ("chromium_vi", 1, 49, False), ("lead", 1, 90, False),
      ("cadmium", 1, 30, False), ("silver", 1, 20, False), ("copper", 6, 71, False))),
)  # fmt: skip

# Invented waste and noise that show how these are taxed: names, what it is, tonnes made, used and stored.
OTHER_SEED = SEED + 1
WASTE: Sequence[tuple[str, str, str, tuple[int, int, int]]] = (
    ("矸石堆场", "gangue heap", "coal_gangue", (1200, 500, 600)),
    ("尾矿库", "tailings pond", "tailings", (1000, 300, 200)),
    ("危废暂存间", "hazardous waste store", "hazardous_waste", (60, 22, 35)),
    ("锅炉灰渣场", "boiler ash yard", "other_waste", (900, 640, 120)),
)
OVER_DB = (3, 4, 9, 10, 15, 16)  # the noise at boundaries of the bands

# A household of three, by month: m³ of water, kWh, m³ of gas.
USE = (
    (22, 260, 34), (21, 240, 33), (23, 220, 32), (25, 240, 30), (27, 380, 28), (30, 520, 26),
    (33, 680, 25), (36, 720, 25), (31, 590, 27), (28, 410, 29), (24, 250, 31), (23, 250, 33),
)  # fmt: skip

KINDS = ("third_party", "ppp", "steward", "clinic", "park")
KIND_NAMES = {
    "third_party": ("第三方治理项目", "third-party treatment project"),
    "ppp": ("PPP项目", "public-private partnership"),
    "steward": ("环保管家项目", "environmental steward project"),
    "clinic": ("环境医院项目", "environmental clinic project"),
    "park": ("园区统一治理项目", "park-level project"),
}
BRANCHES = {"air": 38, "water": 95, "soil": 12, "waste": 71, "monitoring": 24}  # yuan of turnover in 10,000 of output
SMALLEST = {"air": 2200, "water": 5200, "soil": 1500, "waste": 3900, "monitoring": 900}  # 10,000 yuan an enterprise

# Industries that the surcharge on power is for, and how careful an enterprise is that escapes it.
SURCHARGED, ESCAPES = ("steel", "chemicals", "dyeing", "paper"), 330
PEAK_KWH = 1_000_000  # whoever uses more pays by the time of day
QUOTA_SEED, KEEPS = SEED + 2, 520  # how careful an enterprise is that keeps its quota of power in any year

Row = dict[str, str]


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    stream = Stream(SEED)
    paid = _paid(world)
    rows = {
        "taxes": _taxes(paid),
        "reductions": _reductions(world),
        "tax_bands": _bands(world),
        "payers": _bands_of_payers(world),
        "outlets": _outlets(stream),
        "other_tax": _other_tax(),
        "household_use": _household_use(),
        "projects": _projects(stream, world),
        "industry": _industry(stream, world),
        "power": _power(stream, world),
        "power_quotas": _power_quotas(world),
        "sewage": _sewage(stream, world),
        "waste_charges": _waste_charges(stream, world),
    }
    return {f"market/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


# --- the tax ---------------------------------------------------------------------------------------


def _paid(world: World) -> pd.DataFrame:
    """What each enterprise owed and paid for each pollutant in a year, in fen; those that are exempt are left out."""
    found = []
    for row in world.years[world.years["tax_reduction_pct"] < EXEMPT].to_dict("records"):
        due = {name: Fraction(int(row[name]), TAX_EQUIVALENT[name]) * TAX_RATE[name] for name in TAX_EQUIVALENT}
        whole = int(half_even(sum(due.values(), Fraction(0))))
        paid = _shared({name: fen * (100 - int(row["tax_reduction_pct"])) / 100 for name, fen in due.items()},
                       int(row["tax_fen"]))  # fmt: skip
        found += [
            {
                **{name: row[name] for name in ("enterprise_id", "area_code", "year")},
                "pollutant": name,
                "grams": int(row[name]),
                "due_fen": fen,
                "tax_fen": paid[name],
            }
            for name, fen in _shared(due, whole).items()
            if row[name]
        ]
    return pd.DataFrame(found)


def _shared(exact: Mapping[str, Fraction], whole: int) -> dict[str, int]:
    """Each part rounded to the fen, the largest so that together they are the *whole*."""
    parts = {name: int(half_even(fen)) for name, fen in exact.items()}
    largest = max(exact, key=lambda name: exact[name])
    return parts | {largest: parts[largest] + whole - sum(parts.values())}


def _taxes(paid: pd.DataFrame) -> Iterator[Row]:
    """The tax of each district and year by pollutant; those with few payers together, so that no row is of fewer."""
    for (code, year), rows in paid.groupby(["area_code", "year"]):
        for medium, pollutants in MEDIA.items():
            own = rows[rows["pollutant"].isin(pollutants)]
            joined = _joined(own)
            for pollutant in pollutants:
                if pollutant not in joined and pollutant in set(own["pollutant"]):
                    name = IN_ANNEX.get(pollutant, pollutant)
                    yield _taxed(str(code), str(year), name, own[own["pollutant"] == pollutant])
            if joined:
                name = f"{medium}_together"
                yield _taxed(str(code), str(year), name, own[own["pollutant"].isin(joined)]) | {"amount_kg": ""}


def _joined(rows: pd.DataFrame) -> list[str]:
    """The pollutants that are told together: those with the fewest payers, until the others have enough."""
    payers = rows.groupby("pollutant")["enterprise_id"].nunique()
    waiting = sorted(payers.index, key=lambda name: (payers[name], name))
    joined: list[str] = []
    while waiting and (payers[waiting[0]] < FEWEST or (joined and _payers(rows, joined) < FEWEST)):
        joined.append(waiting.pop(0))
    return joined


def _payers(rows: pd.DataFrame, pollutants: Sequence[str]) -> int:
    return int(rows.loc[rows["pollutant"].isin(pollutants), "enterprise_id"].nunique())


def _taxed(code: str, year: str, pollutant: str, rows: pd.DataFrame) -> Row:
    counted = rows.groupby("pollutant")["grams"].sum()
    equivalents = sum((Fraction(int(grams), TAX_EQUIVALENT[str(name)]) for name, grams in counted.items()), Fraction(0))
    return {
        "area_code": code,
        "year": year,
        "pollutant": pollutant,
        "payers": str(rows["enterprise_id"].nunique()),
        "amount_kg": _decimal(int(rows["grams"].sum()), 3),
        "equivalents": str(half_even(equivalents, 2)),
        "due_10k_yuan": _decimal(int(rows["due_fen"].sum()), 6),
        "tax_10k_yuan": _decimal(int(rows["tax_fen"].sum()), 6),
    }


def _reductions(world: World) -> Iterator[Row]:
    """How many enterprises of each district paid less, and how many did not, and why not."""
    reason = world.years["tax_reduction_pct"].map({50: "half_paid", 25: "three_quarters_paid", 0: "not_far_below"})
    earns = world.enterprises.set_index("enterprise_id")["diligence"].map(earned) > 0
    has_lost = (world.years["tax_reduction_pct"] == 0) & world.years["enterprise_id"].map(earns)
    reason = reason.mask(has_lost, "penalised").mask(world.years["has_exceeded"], "exceeded")
    reason = reason.mask(world.years["tax_reduction_pct"] == EXEMPT, "exempt")
    counted = world.years.assign(reason=reason).groupby(["area_code", "year", "reason"]).size()
    every = counted.unstack(fill_value=0).reset_index().melt(["area_code", "year"], value_name="enterprises")
    for row in every.sort_values(["area_code", "year", "reason"]).to_dict("records"):
        yield {str(name): str(value) for name, value in row.items()}


def _bands(world: World) -> Iterator[Row]:
    """How many enterprises of the city paid how much, and what those of a band paid together."""
    (city,) = set(world.areas["area_code"]) - set(world.districts["area_code"])
    bands = [_band(row) for row in world.years.to_dict("records")]
    counted = world.years.assign(band=bands).groupby(["year", "band"])["tax_fen"]
    for year, band in itertools.product(YEARS, ("exempt", *BANDS)):
        within = counted.get_group((year, band))
        yield {
            "area_code": str(city),
            "year": str(year),
            "band": band,
            "enterprises": str(len(within)),
            "tax_10k_yuan": _decimal(int(within.sum()), 6),
        }


def _band(row: Mapping[Hashable, int]) -> str:
    """The band that the tax of an enterprise is in."""
    if row["tax_reduction_pct"] == EXEMPT:
        return "exempt"
    return next(band for band, least in reversed(BANDS.items()) if int(row["tax_fen"]) >= least * 100)


def _bands_of_payers(world: World) -> Iterator[Row]:
    """In which band each enterprise paid in each year."""
    for row in world.years.to_dict("records"):
        yield {
            **{name: str(row[name]) for name in ("enterprise_id", "area_code", "year")},
            "band": _band(row),
        }


def _outlets(stream: Stream) -> Iterator[Row]:
    """Outlets of no enterprise, which show how the tax is worked out; their kilograms are not quite round."""
    for number, (zh, en, medium, pollutants) in enumerate(OUTLETS, start=1):
        for pollutant, kilograms, percent, has_exceeded in pollutants:
            (more,) = stream.words(1).tolist()
            yield {
                "outlet_id": f"DEMO-O-{number}",
                "name_zh": f"示例{zh}",
                "name_en": f"Demo {en}",
                "medium": medium,
                "pollutant": pollutant,
                "amount_kg": _decimal(kilograms * (1000 + more % 40), 3),
                "percent_of_limit": str(percent),
                "has_exceeded": str(has_exceeded).lower(),
            }


def _other_tax() -> Iterator[Row]:
    """Waste and noise of no enterprise, which show how they are taxed; what is made is not quite round."""
    stream, nothing = Stream(OTHER_SEED), dict.fromkeys(("made_t", "used_t", "stored_t", "over_db", "months"), "")
    for number, (zh, en, what, tonnes) in enumerate(WASTE, start=1):
        (more,) = stream.words(1).tolist()
        made, used, stored = (
            _decimal(10 * tonne + extra, 1) for tonne, extra in zip(tonnes, (more % 40, 0, 0), strict=True)
        )
        names = {"case_id": f"DEMO-W-{number}", "name_zh": f"示例{zh}", "name_en": f"Demo {en}", "object": what}
        yield {**names, **nothing, "made_t": made, "used_t": used, "stored_t": stored}
    for number, decibels in enumerate(OVER_DB, start=1):
        (more,) = stream.words(1).tolist()
        names = {"name_zh": f"示例厂界{number}", "name_en": f"Demo site boundary {number}", "object": "noise"}
        measured = {"over_db": str(decibels), "months": str(1 + more % 12)}
        yield {"case_id": f"DEMO-N-{number}", **names, **nothing, **measured}


# --- prices ----------------------------------------------------------------------------------------


def _household_use() -> Iterator[Row]:
    """What a household of three uses in each month."""
    for month, (water, power, gas) in enumerate(USE, start=1):
        yield {"month": str(month), "water_m3": str(water), "power_kwh": str(power), "gas_m3": str(gas)}


def _power(stream: Stream, world: World) -> Iterator[Row]:
    """Households by tier of power; who pays by the time of day, a surcharge, a lower price; storage built so far."""
    people = world.areas.set_index(["area_code", "year"])["people"]
    care = world.enterprises.set_index("enterprise_id")["diligence"]
    years = world.years.assign(diligence=world.years["enterprise_id"].map(care))
    for code in world.districts["area_code"]:
        (habit, built) = stream.words(2).tolist()
        storage = built % 40
        for year in YEARS:
            (more, moved) = stream.words(2).tolist()
            own = years[(years["area_code"] == code) & (years["year"] == year)]
            households = int(people[code, year]) * 10 // 31
            second, third = (households * (part + habit % 50 + moved % 12) // 1000 for part in (180, 50))
            storage += 8 + more % 60
            is_surcharged = own["industry"].isin(SURCHARGED) & (own["diligence"] < ESCAPES)
            measured = {
                "households_tier_1": (households - second - third, "household"),
                "households_tier_2": (second, "household"),
                "households_tier_3": (third, "household"),
                "time_of_day_units": (int((own["power"] > PEAK_KWH).sum()), "enterprise"),
                "surcharged_units": (int(is_surcharged.sum()), "enterprise"),
                "supported_units": (int((own["industry"] == "sewage").sum()), "enterprise"),
                "storage_mwh": (storage, "MWh"),
            }
            for measure, (value, unit) in measured.items():
                row = {"area_code": str(code), "year": str(year), "measure": measure}
                yield row | {"value": str(value), "unit": unit}


def _power_quotas(world: World) -> Iterator[Row]:
    """How many enterprises have a quota of power for each unit of what they make, and how many are over it."""
    care = world.years["enterprise_id"].map(world.enterprises.set_index("enterprise_id")["diligence"])
    years = world.years.assign(is_over=care + Stream(QUOTA_SEED).words(len(care)) % 240 < KEEPS)
    for code, year, industry in itertools.product(world.districts["area_code"], YEARS, SURCHARGED):
        of = years[(years["area_code"] == code) & (years["year"] == year) & (years["industry"] == industry)]
        row = {"area_code": str(code), "year": str(year), "industry": industry}
        yield row | {"units": str(len(of)), "over_units": str(int(of["is_over"].sum()))}


# --- projects and trade ----------------------------------------------------------------------------


def _projects(stream: Stream, world: World) -> Iterator[Row]:
    """Who treats the pollution of others, since when, and for how many; parks where there are many enterprises."""
    working = world.enterprises[world.enterprises["closed_year"] == 0].groupby("area_code").size()
    for district in world.districts.to_dict("records"):
        code = str(district["area_code"])
        kinds = [kind for kind in KINDS if kind != "park" or working[code] > 20]
        for number in range(1, 4 + int(working[code]) // 12):
            which, field, start, size = stream.words(4).tolist()
            kind = "third_party" if number == 1 else kinds[which % len(kinds)]
            zh, en = KIND_NAMES[kind]
            yield {
                "project_id": f"DEMO-T-{code}-{number}",
                "name_zh": f"示例{str(district['name_zh']).removesuffix('区')}{zh}{number}",
                "name_en": f"Demo {str(district['name_en']).removesuffix(' District')} {en} {number}",
                "area_code": code,
                "kind": kind,
                "branch": list(BRANCHES)[field % len(BRANCHES)],
                "started_year": str(2017 + start % 8),
                "investment_10k_yuan": str(300 + size % 9000),
                "served": str(1 if kind == "ppp" else 2 + size % min(int(working[code]), 18)),
            }


def _industry(stream: Stream, world: World) -> Iterator[Row]:
    """The environmental trade of each district in five branches: it grows a little faster than all output."""
    output = world.areas.set_index(["area_code", "year"])["output"]
    for code in world.districts["area_code"]:
        for branch, share in BRANCHES.items():
            (habit,) = stream.words(1).tolist()
            for place, year in enumerate(YEARS):
                (luck,) = stream.words(1).tolist()
                # Output is in thousands of yuan, of which ten make 10,000.
                turnover = int(output[code, year]) // 10 * share * (600 + habit % 800 + 25 * place + luck % 50)
                turnover //= 10_000 * 1000
                yield {
                    "area_code": str(code),
                    "year": str(year),
                    "branch": branch,
                    "enterprises": str(1 + turnover // SMALLEST[branch]),
                    "turnover_10k_yuan": str(turnover),
                }


# --- charges ---------------------------------------------------------------------------------------


def _sewage(stream: Stream, world: World) -> Iterator[Row]:
    """The sewage of each district, what was charged and collected for it, and what it costs; sludge by its volume."""
    of_year = world.areas.set_index(["area_code", "year"])
    people, output = of_year["people"], of_year["output"]
    works = set(world.enterprises.loc[world.enterprises["industry"] == "sewage", "enterprise_id"])
    is_sludge = (world.waste["kind"] == "sludge") & world.waste["enterprise_id"].isin(works)
    sludge = world.waste[is_sludge].groupby("year")["generated"].sum()
    volumes = {
        (str(code), year): (
            int(people[code, year]) * 60 // 10_000,  # 60 m³ a head, in 10,000 m³
            int(output[code, year]) * 3 // 100_000,  # 3 m³ for 10,000 yuan
        )
        for code in world.districts["area_code"]
        for year in YEARS
    }
    for code in map(str, world.districts["area_code"]):
        (habit, pipes) = stream.words(2).tolist()
        for place, year in enumerate(YEARS):
            (paid, luck) = stream.words(2).tolist()
            household, other = volumes[code, year]
            volume = household + other
            all_volumes = sum(sum(volumes[it, year]) for it in map(str, world.districts["area_code"]))
            charged = (household * 98 + other * 140) // 100
            yield {
                "area_code": code,
                "year": str(year),
                "household_10k_m3": str(household),
                "other_10k_m3": str(other),
                "charged_10k_yuan": str(charged),
                "collected_10k_yuan": str(charged * (930 + 10 * place + paid % 30) // 1000),
                "treatment_10k_yuan": str(volume * (1020 + habit % 200 + luck % 30) // 1000),
                "network_10k_yuan": str(volume * (210 + pipes % 240 + 12 * place) // 1000),
                # Kilograms at 300 yuan a tonne; ten million make 10,000 tonnes.
                "sludge_10k_yuan": str(int(sludge[year]) * 300 // 10_000_000 * volume // all_volumes),
            }


def _waste_charges(stream: Stream, world: World) -> Iterator[Row]:
    """What households and others pay for their waste, what it costs, and what is given to who sorts it."""
    for row in waste.tables(world)["waste/household.csv"].to_dict("records"):
        cost, paid, other, joined = stream.words(4).tolist()
        year = int(row["year"])
        place, tonnes = year - YEARS[0], int(row["generated_t_d"]) * (366 if isleap(year) else 365)
        households = int(row["people"]) * 10 // 31
        in_scheme = households * (80 + 45 * place + joined % 160) // 1000
        yield {
            "area_code": str(row["area_code"]),
            "year": str(row["year"]),
            "tonnes": str(tonnes),
            "household_10k_yuan": str(households * 60 * (680 + 25 * place + paid % 120) // 10_000_000),
            "other_10k_yuan": str(tonnes * (38 + other % 24) // 10_000),
            "cost_10k_yuan": str(tonnes * (290 + cost % 60 + 4 * place) // 10_000),
            "scheme_households": str(in_scheme),
            "rewards_10k_yuan": str(in_scheme * (14 + joined % 9) // 10_000),
        }


def _decimal(units: int, places: int) -> str:
    """*units* of ``10**-places`` with so many decimals."""
    whole, rest = divmod(units, 10**places)
    return f"{whole}.{rest:0{places}}"
