"""What the invented city is assumed to be like: its places, its industries, and what one thing leads to another by.

Whole numbers of a small unit. People and land are near what was published; the rest has the size it could have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
    ``power`` kWh. ``waste`` and ``hazardous`` are kg by kind or code; ``emits`` are grams by pollutant. What
    follows the names of the industry in that of an enterprise are ``nouns``.
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
    nouns: tuple[str, str] = ("企业", " enterprise")


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
        nouns=("", ""),
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
