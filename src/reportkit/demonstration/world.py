"""One invented city behind all demonstration tables: its people and land, enterprises, and what became of them.

What several chapters tell of is drawn once here, so that they agree: an enterprise that is penalised is the one whose
credit falls and whose tax is not reduced, what it burns is in the energy of its district, and its waste in the waste.
All numbers are whole numbers of a small unit, so that sums are exact and the same on every machine.

Where the real city's districts add up to the city (people, land, waste), the invented ones do; where they do not, they
do not: the city's output and energy hold something that belongs to no district (see ``SHARED``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import pandas as pd

from reportkit.demonstration.stream import Stream
from reportkit.standards import working_days

SEED = 20_240_605
YEARS = (2021, 2022, 2023, 2024)

# What is of the whole city and of no district, in thousandths of what its districts have together: ships and aircraft,
# head offices, and the difference between two ways to add up.
SHARED = {"output": 2, "energy": 46}


@dataclass(frozen=True)
class Place:
    """What the model assumes of one district.

    ``people`` are thousands at the end of each of ``YEARS``; land is in hundredths of a km², of which ``forest``,
    ``farmland``, ``built`` and ``water`` are thousandths. ``output`` is the value added of 2020 in millions of yuan,
    ``growth`` what each of ``YEARS`` adds in thousandths, at the prices of 2020. ``works`` says how many enterprises
    of each industry stand there.
    """

    people: tuple[int, int, int, int]
    land: int
    forest: int
    farmland: int
    built: int
    water: int
    output: int
    growth: tuple[int, int, int, int]
    works: Mapping[str, int]


@dataclass(frozen=True)
class Industry:
    """An industry: names, and what a year's output of one million yuan takes and leaves in a middling enterprise.

    ``size`` is the output of a middling enterprise in millions of yuan. ``coal`` and ``diesel`` are kg, ``gas`` m³,
    ``power`` kWh. ``waste`` and ``hazardous`` are kg by kind or code; ``emits`` are grams by pollutant.
    """

    name_zh: str
    name_en: str
    size: int
    coal: int = 0
    gas: int = 0
    diesel: int = 0
    power: int = 0
    waste: Mapping[str, int] = field(default_factory=dict)
    hazardous: Mapping[str, int] = field(default_factory=dict)
    emits: Mapping[str, int] = field(default_factory=dict)


MEDICAL = "HW01"  # left by hospitals, which are no industry

INDUSTRIES: Mapping[str, Industry] = {
    "power": Industry(
        *("热电", "heat and power", 2400, 150_000, 9000, 20, 4000),
        waste={"fly_ash": 26_000, "slag": 8_000, "gypsum": 7_000},
        hazardous={"HW49": 20, "HW08": 9},
        emits={"so2": 26_000, "nox": 60_000, "pm": 5_000, "cod": 600, "nh3n": 40},
    ),
    "steel": Industry(
        *("金属冶炼", "metal smelting", 900, 12_000, 2200, 60, 30_000),
        waste={"smelting_slag": 21_000, "dust": 2_600},
        hazardous={"HW48": 900, "HW31": 60},
        emits={"so2": 17_000, "nox": 24_000, "pm": 12_000, "cod": 500, "nh3n": 30},
    ),
    "chemicals": Industry(
        *("化工", "chemical", 620, 900, 5200, 90, 12_000),
        waste={"sludge": 1_600, "other": 900},
        hazardous={"HW11": 620, "HW13": 260, "HW49": 150},
        emits={"so2": 2_600, "nox": 6_200, "pm": 1_700, "voc": 19_000, "cod": 2_900, "nh3n": 210},
    ),
    "dyeing": Industry(
        *("印染", "dyeing", 240, 2_600, 8_000, 40, 9_000),
        waste={"sludge": 7_200, "other": 700},
        hazardous={"HW12": 130},
        emits={"so2": 3_500, "nox": 5_400, "pm": 1_500, "voc": 2_600, "cod": 15_000, "nh3n": 820},
    ),
    "plating": Industry(
        *("电镀", "electroplating", 90, 0, 1_400, 30, 11_000),
        waste={"other": 900},
        hazardous={"HW17": 7_400, "HW34": 900},
        emits={"nox": 1_100, "pm": 400, "voc": 900, "cod": 3_600, "nh3n": 300},
    ),
    "circuits": Industry(
        *("电路板", "circuit board", 560, 0, 900, 20, 15_000),
        waste={"other": 1_200},
        hazardous={"HW22": 5_200, "HW13": 500, "HW17": 700},
        emits={"nox": 900, "pm": 300, "voc": 4_200, "cod": 3_200, "nh3n": 360},
    ),
    "cars": Industry(
        *("汽车", "car", 3_800, 0, 700, 60, 3_400),
        waste={"scrap": 3_600, "other": 500},
        hazardous={"HW12": 110, "HW08": 34, "HW49": 60},
        emits={"nox": 420, "pm": 260, "voc": 2_900, "cod": 210, "nh3n": 14},
    ),
    "paper": Industry(
        *("造纸", "paper", 380, 21_000, 2_000, 50, 16_000),
        waste={"sludge": 9_800, "slag": 3_900, "fly_ash": 4_100},
        hazardous={"HW49": 26},
        emits={"so2": 5_200, "nox": 9_400, "pm": 2_000, "cod": 9_800, "nh3n": 420},
    ),
    "food": Industry(
        *("食品饮料", "food and drink", 460, 0, 2_100, 40, 5_200),
        waste={"residues": 6_400, "sludge": 900},
        hazardous={"HW49": 6},
        emits={"so2": 300, "nox": 1_500, "pm": 300, "cod": 2_600, "nh3n": 180},
    ),
    "furniture": Industry(
        *("家具涂装", "furniture", 130, 0, 300, 60, 3_800),
        waste={"wood": 5_200, "other": 600},
        hazardous={"HW12": 320, "HW49": 260},
        emits={"nox": 300, "pm": 1_300, "voc": 14_000, "cod": 160, "nh3n": 10},
    ),
    "hospital": Industry(
        *("医院", "hospital", 420, 0, 260, 10, 4_600),
        hazardous={MEDICAL: 740},
        emits={"nox": 120, "cod": 900, "nh3n": 160},
    ),
    "sewage": Industry(
        *("污水处理", "sewage treatment", 160, 0, 0, 10, 62_000),
        waste={"sludge": 210_000},
        hazardous={"HW49": 9},
        emits={"cod": 96_000, "nh3n": 5_200},
    ),
}

# In the order of their codes. People and land of the districts are near what was published for 2023; the rest is not.
PLACES: Sequence[Place] = (
    Place((1136, 1132, 1133, 1137), 5910, 24, 18, 792, 150, 96_000, (64, 12, 40, 22),
          {"dyeing": 4, "food": 4, "furniture": 3, "plating": 2, "hospital": 4, "cars": 1, "sewage": 1, "power": 1}),
    Place((960, 952, 960, 965), 3380, 61, 0, 886, 40, 330_000, (60, 14, 42, 21),
          {"food": 2, "hospital": 9, "furniture": 1}),
    Place((1802, 1768, 1768, 1780), 9040, 52, 26, 756, 160, 210_000, (68, 12, 48, 24),
          {"dyeing": 4, "food": 4, "plating": 2, "furniture": 3, "hospital": 5, "chemicals": 1, "sewage": 1}),
    Place((2233, 2221, 2238, 2253), 9633, 214, 22, 690, 60, 540_000, (70, 16, 50, 26),
          {"food": 5, "circuits": 2, "furniture": 2, "hospital": 6, "power": 1, "sewage": 2}),
    Place((3687, 3642, 3667, 3682), 79579, 265, 160, 430, 70, 230_000, (62, 10, 44, 23),
          {"dyeing": 5, "food": 7, "furniture": 8, "plating": 6, "chemicals": 5, "hospital": 4, "cars": 2, "paper": 2,
           "sewage": 2}),
    Place((1238, 1186, 1222, 1243), 48417, 398, 110, 420, 40, 370_000, (80, 14, 36, 26),
          {"steel": 2, "chemicals": 8, "circuits": 7, "cars": 4, "food": 6, "power": 2, "plating": 4, "paper": 1,
           "hospital": 2, "sewage": 2}),
    Place((2810, 2817, 2823, 2833), 52994, 98, 190, 480, 190, 240_000, (72, 14, 46, 24),
          {"dyeing": 8, "plating": 6, "circuits": 5, "cars": 3, "furniture": 8, "food": 5, "chemicals": 4,
           "hospital": 3, "power": 1, "sewage": 2}),
    Place((1712, 1706, 1729, 1741), 97004, 362, 240, 260, 90, 160_000, (58, 8, 40, 22),
          {"cars": 4, "furniture": 7, "plating": 5, "dyeing": 4, "chemicals": 4, "food": 4, "steel": 1, "hospital": 2,
           "sewage": 1}),
    Place((902, 930, 968, 990), 78386, 82, 310, 270, 290, 200_000, (94, 26, 58, 34),
          {"chemicals": 7, "cars": 3, "steel": 2, "power": 3, "paper": 2, "circuits": 4, "dyeing": 3, "food": 3,
           "hospital": 1, "sewage": 2}),
    Place((718, 723, 733, 737), 197450, 688, 180, 60, 36, 40_000, (52, 10, 38, 20),
          {"food": 6, "furniture": 3, "cars": 1, "chemicals": 2, "hospital": 1, "sewage": 1}),
    Place((1512, 1552, 1587, 1609), 161647, 560, 210, 150, 50, 120_000, (76, 12, 44, 25),
          {"paper": 5, "cars": 3, "dyeing": 6, "circuits": 4, "chemicals": 4, "food": 4, "plating": 3, "furniture": 3,
           "power": 1, "hospital": 2, "sewage": 1}),
)  # fmt: skip

# Grams of coal equivalent of a kg, a m³ and a kWh; what of a pollutant is one equivalent for the tax (grams); its rate
# in hundredths of a yuan for each.
COAL_EQUIVALENT = {"coal": 714, "gas": 1330, "diesel": 1457, "power": 123}
TAX_EQUIVALENT = {"so2": 950, "nox": 950, "pm": 2180, "cod": 1000, "nh3n": 800}
TAX_RATE = {"so2": 180, "nox": 180, "pm": 180, "cod": 280, "nh3n": 280}

# What stands in an enterprise that lets out a pollutant: the medium, that pollutant, the limit of its permit in mg/m³
# of air or mg/L of water.
INSTALLATIONS = {
    "boiler": ("air", "nox", 100),
    "exhaust": ("air", "voc", 60),
    "wastewater": ("water", "cod", 80),
}

# What an enterprise may be penalised for: the fine in thousands of yuan at least and at most, points of credit lost,
# and whether that alone makes its credit bad.
VIOLATIONS = {
    "over_standard": (100, 400, 24, False),
    "without_permit": (200, 600, 100, True),
    "hazardous_waste": (100, 500, 30, False),
    "facilities_idle": (100, 300, 100, True),
    "no_disclosure": (10, 50, 12, False),
    "ledger": (5, 20, 8, False),
}
LEVELS = ("green", "blue", "yellow", "red")
Row = dict[str, object]


@dataclass(frozen=True)
class World:
    """The invented city as tables; each row of one is a place, an enterprise, or what happened to it.

    ``districts``: area_code and names. ``areas``: area_code, year, people, output (thousands of yuan at prices of
    2020), energy (kg coal equivalent), the city with what is of no district. ``land``: area_code, use, hectares.
    ``enterprises``: enterprise_id, area_code, industry, names, diligence (0–1000), opened_year, closed_year (0: open).
    ``years``: of each enterprise, output, what it burnt and used, grams of each pollutant, tax (hundredths of a yuan),
    the reduction in percent, whether it exceeded a limit. ``installations``: what stands there, since when, and the
    pollutant and limit of its outlet. ``waste``: of each enterprise, year and kind, kg.
    ``permits``, ``penalties`` and ``credit`` are of enterprises as well; a permit is out of turn where only a penalty
    for having none led to it.
    """

    districts: pd.DataFrame
    areas: pd.DataFrame
    land: pd.DataFrame
    enterprises: pd.DataFrame
    installations: pd.DataFrame
    permits: pd.DataFrame
    years: pd.DataFrame
    waste: pd.DataFrame
    penalties: pd.DataFrame
    credit: pd.DataFrame

    def outlet(self, enterprise_id: str, year: int) -> Mapping[object, object]:
        """The installation of an enterprise that is meant where it exceeded a limit, or cleaned nothing, in a year."""
        own = self.installations[self.installations["enterprise_id"] == enterprise_id]
        outlet: Mapping[object, object] = own.iloc[year % len(own)].to_dict()
        return outlet

    @classmethod
    def drawn(cls, areas: pd.DataFrame) -> World:
        """The city of the districts in *areas* (rows of ``areas.csv``), which take the places in turn."""
        stream = Stream(SEED)
        districts = areas[areas["kind"] == "district"].sort_values("area_code")
        places = {
            str(code): PLACES[number % len(PLACES)] for number, code in enumerate(districts["area_code"].tolist())
        }
        enterprises = pd.DataFrame(_enterprises(stream, districts, places))
        years = pd.DataFrame(_years(stream, enterprises))
        penalties = pd.DataFrame(_penalties(stream, enterprises, years))
        years = _taxed(years, penalties, enterprises)
        city = str(areas.loc[areas["kind"] == "city", "area_code"].iloc[0])
        return cls(
            districts=districts[["area_code", "name_zh", "name_en"]].reset_index(drop=True),
            areas=pd.DataFrame(_areas(stream, city, places, years)),
            land=pd.DataFrame(_land(places)),
            enterprises=enterprises,
            permits=pd.DataFrame(_permits(stream, enterprises, penalties)),
            years=years,
            waste=pd.DataFrame(_waste(stream, enterprises, years)),
            installations=pd.DataFrame(_installations(stream, enterprises)),
            penalties=penalties,
            credit=pd.DataFrame(_credit(enterprises, penalties)),
        )


def _enterprises(stream: Stream, districts: pd.DataFrame, places: Mapping[str, Place]) -> Iterator[Row]:
    """Each enterprise: where it stands, what it makes, how careful it is, and from when until when it works."""
    for row in districts.to_dict("records"):
        code, number = str(row["area_code"]), 0
        for industry, count in places[code].works.items():
            for nth in range(1, count + 1):
                number += 1
                size, care, age, end = stream.words(4).tolist()
                kind = INDUSTRIES[industry]
                yield {
                    "enterprise_id": f"DEMO-E-{code}-{number:02}",
                    "name_zh": f"示例{row['name_zh'].removesuffix('区')}{kind.name_zh}企业{nth:02}",
                    "name_en": f"Demo {row['name_en'].removesuffix(' District')} {kind.name_en} enterprise {nth:02}",
                    "area_code": code,
                    "industry": industry,
                    "size": kind.size * (500 + size % 1200) // 1000,
                    "diligence": 250 + care % 750,
                    "opened_year": 1998 + age % 22,
                    "closed_year": 2022 + end % 3 if end % 100 < 4 and industry not in ("power", "sewage") else 0,
                }


def _installations(stream: Stream, enterprises: pd.DataFrame) -> Iterator[Row]:
    """What stands in each enterprise: one installation for each pollutant that it lets out and that is watched."""
    for row in enterprises.to_dict("records"):
        emits = INDUSTRIES[row["industry"]].emits
        for number, (kind, (medium, pollutant, limit)) in enumerate(INSTALLATIONS.items(), 1):
            (later,) = stream.words(1).tolist()
            if pollutant in emits:
                yield {
                    "installation_id": f"{row['enterprise_id'].replace('-E-', '-F-')}-{number}",
                    "enterprise_id": row["enterprise_id"],
                    "area_code": row["area_code"],
                    "kind": kind,
                    "medium": medium,
                    "pollutant": pollutant,
                    "permitted_limit": limit,
                    "since_year": min(int(row["opened_year"]) + later % 12, YEARS[0]),
                }


def _works_in(enterprise: Mapping[object, object], year: int) -> bool:
    """Whether an enterprise still works in *year*; it does in the year in which it closes."""
    closed = int(str(enterprise["closed_year"]))
    return not closed or year <= closed


def _years(stream: Stream, enterprises: pd.DataFrame) -> Iterator[Row]:
    """What each enterprise made, burnt and used, and let out, in each year it worked."""
    for row in enterprises.to_dict("records"):
        kind, care = INDUSTRIES[row["industry"]], int(row["diligence"])
        output = int(row["size"]) * 1000
        for place, year in enumerate(YEARS):
            grown, saved, limit = stream.words(3).tolist()
            if not _works_in(row, year):
                continue
            output = output * (970 + grown % 100) // 1000
            # Better care, and every year, means less of everything for the same output.
            use = 1150 - care // 5 - 18 * place + saved % 40
            least = 1500 - care - 60 * place + saved % 120
            yield {
                "enterprise_id": row["enterprise_id"],
                "area_code": row["area_code"],
                "industry": row["industry"],
                "year": year,
                "output": output,
                **{
                    name: output * getattr(kind, name) * use // 1_000_000 for name in ("coal", "gas", "diesel", "power")
                },
                **{
                    name: output * kind.emits.get(name, 0) * max(least, 250) // 1_000_000
                    for name in ("so2", "nox", "pm", "voc", "cod", "nh3n")
                },
                "has_exceeded": limit % 1000 < (900 - care) // 4,
            }


def _penalties(stream: Stream, enterprises: pd.DataFrame, years: pd.DataFrame) -> Iterator[Row]:
    """Who was penalised, when, for what, and how much: those who exceeded a limit, and some of the careless."""
    care = dict(zip(enterprises["enterprise_id"], enterprises["diligence"], strict=True))
    numbers: dict[tuple[str, int], int] = {}
    others = [violation for violation in VIOLATIONS if violation != "over_standard"]
    for row in years.to_dict("records"):
        caught, which, day, fine = stream.words(4).tolist()
        found = "over_standard" if row["has_exceeded"] else others[which % len(others)]
        if not row["has_exceeded"] and caught % 1000 >= (800 - int(care[row["enterprise_id"]])) // 5:
            continue
        key = (str(row["area_code"]), int(row["year"]))
        numbers[key] = numbers.get(key, 0) + 1
        least, most, _, _ = VIOLATIONS[found]
        filed = date(int(row["year"]), 1, 4) + timedelta(days=day % 250)
        yield {
            "number": f"示例罚〔{row['year']}〕{row['area_code']}-{numbers[key]:02}号",
            "enterprise_id": row["enterprise_id"],
            "area_code": row["area_code"],
            "year": row["year"],
            "filed_date": f"{filed:%Y-%m-%d}",
            "decided_date": f"{working_days.from_day(filed + timedelta(days=30 + fine % 60)):%Y-%m-%d}",
            "violation": found,
            "fine_yuan": 1000 * (least + fine % (most - least + 1)),
        }


def _taxed(years: pd.DataFrame, penalties: pd.DataFrame, enterprises: pd.DataFrame) -> pd.DataFrame:
    """*years* with the tax of each: three quarters or half for those far below the limits, who exceeded none."""
    care = dict(zip(enterprises["enterprise_id"], enterprises["diligence"], strict=True))
    penalised = set(zip(penalties["enterprise_id"], penalties["year"], strict=True))
    reductions, taxes = [], []
    for row in years.to_dict("records"):
        clean = (row["enterprise_id"], row["year"]) not in penalised and not row["has_exceeded"]
        reduction = earned(care[row["enterprise_id"]]) * clean
        due = sum((Decimal(int(row[it])) / TAX_EQUIVALENT[it] * TAX_RATE[it] for it in TAX_EQUIVALENT), Decimal(0))
        reductions.append(reduction)
        taxes.append(int((due * (100 - reduction) / 100).quantize(Decimal(1), ROUND_HALF_EVEN)))
    return years.assign(tax_reduction_pct=reductions, tax_fen=taxes)


def earned(diligence: int) -> int:
    """By how many percent the tax of an enterprise is lower if it exceeded no limit and was not penalised."""
    return 50 if diligence > 850 else 25 if diligence > 600 else 0


def _permits(stream: Stream, enterprises: pd.DataFrame, penalties: pd.DataFrame) -> Iterator[Row]:
    """The discharge permits of each enterprise: five years from the issue, renewed before the last has ended.

    Whoever was penalised for having none has others, with a gap around the case (see ``_lapsed``).
    """
    cases: dict[str, list[tuple[date, date]]] = {}
    for row in penalties[penalties["violation"] == "without_permit"].to_dict("records"):
        filed, decided = (date.fromisoformat(str(row[name])) for name in ("filed_date", "decided_date"))
        cases.setdefault(str(row["enterprise_id"]), []).append((filed, decided))
    for row in enterprises.to_dict("records"):
        class_, month = stream.words(2).tolist()
        first = date(2018 + class_ % 4, 1 + month % 12, 1 + month % 28)
        regular = [
            (issued, issued.replace(year=issued.year + 5))
            for issued in (first, first.replace(year=first.year + 5))
            if issued.year <= YEARS[-1] and _works_in(row, issued.year)
        ]
        own = cases.get(row["enterprise_id"])
        for nth, (issued, ends) in enumerate(_lapsed(own, month) if own else regular):
            yield {
                "permit_id": f"{row['enterprise_id'].replace('-E-', '-P-')}-{issued.year}",
                "enterprise_id": row["enterprise_id"],
                "area_code": row["area_code"],
                "management": "key" if row["industry"] != "furniture" and int(row["size"]) > 100 else "simplified",
                "issued_date": f"{issued:%Y-%m-%d}",
                "valid_until": f"{ends - timedelta(days=1):%Y-%m-%d}",
                "is_out_of_turn": nth >= len(regular),
            }


def _lapsed(cases: Sequence[tuple[date, date]], wait: int) -> Iterator[tuple[date, date]]:
    """The permits of an enterprise that had none when *cases* were filed and decided: from when each is valid to when.

    The first was one of three years. Each ended with the month before a case was filed; the next, issued within weeks
    of the decision and in the same year, is valid for five years or until the next case.
    """
    issued = cases[0][0].replace(year=cases[0][0].year - 3, day=1)
    for filed, decided in cases:
        yield issued, filed.replace(day=1)
        later = decided + timedelta(days=7 + wait % 14)
        issued = later.replace(day=min(later.day, 28))
    yield issued, issued.replace(year=issued.year + 5)


def _waste(stream: Stream, enterprises: pd.DataFrame, years: pd.DataFrame) -> Iterator[Row]:
    """The waste of each enterprise, kind and year: kept from before, made, used, disposed of, kept at the end.

    A part of what was used and disposed of had been kept from years before.
    """
    care = dict(zip(enterprises["enterprise_id"], enterprises["diligence"], strict=True))
    closed = dict(zip(enterprises["enterprise_id"], enterprises["closed_year"], strict=True))
    stored: dict[tuple[str, str], int] = {}
    for row in years.to_dict("records"):
        kind = INDUSTRIES[row["industry"]]
        for category, kinds in (("general", kind.waste), ("hazardous", kind.hazardous)):
            for name, each in kinds.items():
                much, part, left, earlier = stream.words(4).tolist()
                key = (str(row["enterprise_id"]), name)
                opening = stored.get(key, 0)
                is_last = closed[key[0]] == row["year"]  # whoever closes leaves nothing
                made = int(row["output"]) * each // 1000 * _STANDS_FOR[category] // 10 * (850 + much % 300) // 1000
                is_medical = name == MEDICAL
                taken = opening if is_last or is_medical else opening * (600 + earlier % 400) // 1000
                most = _KEPT_OF_MEDICAL if is_medical else 10 + (1000 - int(care[key[0]])) // 40
                kept = 0 if is_last else made * (left % most) // 1000
                gone = made - kept
                used = gone * (_USED[category] + part % 60 - (0 if category == "general" else 30)) // 1000
                used_before = taken // 2
                stored[key] = opening - taken + kept
                yield {
                    "enterprise_id": row["enterprise_id"],
                    "area_code": row["area_code"],
                    "year": row["year"],
                    "category": category,
                    "kind": name,
                    "opening": opening,
                    "generated": made,
                    "used": used + used_before,
                    "used_from_before": used_before,
                    "disposed": gone - used + taken - used_before,
                    "disposed_from_before": taken - used_before,
                    "closing": stored[key],
                }


# Thousandths that are used; and for how many tenths of an enterprise each stands, so that the city has about as much
# waste as was published of 2021.
_USED = {"general": 925, "hazardous": 520}
_STANDS_FOR = {"general": 25, "hazardous": 33}
# A hospital may keep its waste for two days at most: what it keeps at the end of a year is fewer thousandths of it.
_KEPT_OF_MEDICAL = 5


def _credit(enterprises: pd.DataFrame, penalties: pd.DataFrame) -> Iterator[Row]:
    """The credit of each enterprise by year: points, and the level that points, good deeds and vetoes make of them.

    Whoever closes in a year is not rated for it. Green takes all points and two deeds beyond what is asked, of which
    the careful do more from year to year.
    """
    of_year = penalties.groupby(["enterprise_id", "year"])["violation"].agg(list).to_dict()
    for row in enterprises.to_dict("records"):
        care = int(row["diligence"])
        for year in YEARS:
            if not _works_in(row, year + 1):
                continue
            found = of_year.get((row["enterprise_id"], year), [])
            points = max(0, 100 - sum(VIOLATIONS[violation][2] for violation in found))
            has_veto = any(VIOLATIONS[violation][3] for violation in found)
            points -= min(points, max(0, 930 - care) // 50)
            deeds = max(0, (care - 880) // 50 + 1 + year - YEARS[0] - care % 3)
            is_green = points == 100 and deeds >= 2
            level = 3 if has_veto or points < 60 else 2 if points < 80 else 0 if is_green else 1
            yield {
                "enterprise_id": row["enterprise_id"],
                "area_code": row["area_code"],
                "year": year,
                "points": points,
                "green_indicators": deeds,
                "has_veto": has_veto,
                "level": LEVELS[level],
            }


def _areas(stream: Stream, city: str, places: Mapping[str, Place], years: pd.DataFrame) -> Iterator[Row]:
    """People, output and energy of each district and of the city, by year.

    Energy is that of the enterprises, of households by their people, and of all others by their output.
    """
    burnt = pd.DataFrame({name: years[name] * grams // 1000 for name, grams in COAL_EQUIVALENT.items()}).sum(axis=1)
    of_enterprises = burnt.groupby([years["area_code"], years["year"]]).sum().to_dict()
    output = {code: place.output * 1000 for code, place in places.items()}
    for position, year in enumerate(YEARS):
        rows: list[Row] = []
        for code, place in places.items():
            (saved,) = stream.words(1).tolist()
            output[code] = output[code] * (1000 + place.growth[position]) // 1000
            people = place.people[position] * 1000
            others = output[code] * (1500 - 45 * position + saved % 40) // 100
            energy = int(of_enterprises.get((code, year), 0)) + people * 320 + others
            rows.append({"area_code": code, "year": year, "people": people, "output": output[code], "energy": energy})
        whole = {name: sum(int(str(row[name])) for row in rows) for name in ("people", "output", "energy")}
        for name, thousandths in SHARED.items():
            whole[name] += whole[name] * thousandths // 1000
        yield {"area_code": city, "year": year, **whole}
        yield from rows


def _land(places: Mapping[str, Place]) -> Iterator[Row]:
    """What the land of each district is used for, in hectares; all of it adds up to the district."""
    for code, place in places.items():
        uses = {name: place.land * getattr(place, name) // 1000 for name in ("forest", "farmland", "built", "water")}
        uses["other"] = place.land - sum(uses.values())
        yield from ({"area_code": code, "use": use, "hectares": hectares} for use, hectares in uses.items())


def as_text(rows: pd.DataFrame) -> Iterator[dict[str, str]]:
    """*rows* of the world as they stand there, all text."""
    for row in rows.to_dict("records"):
        yield {str(name): str(value) for name, value in row.items()}
