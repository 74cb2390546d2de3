"""Units: one spelling in data, one way to print them, and the factors between them."""

from __future__ import annotations

from decimal import Decimal

from reportkit.errors import DataError, nearest

# spelling in data → what a reader sees, in Chinese and in English
LABELS: dict[str, tuple[str, str]] = {
    "ug/m3": ("微克/立方米", "µg/m³"),
    "mg/m3": ("毫克/立方米", "mg/m³"),
    "mg/L": ("毫克/升", "mg/L"),
    "1/L": ("个/升", "per litre"),
    "degC": ("℃", "°C"),
    "m": ("米", "m"),
    "%": ("%", "%"),
    "percentage points": ("个百分点", "percentage points"),
    "day": ("天", "days"),
    "h": ("小时", "hours"),
    "times": ("倍", "times"),
    "flat price": ("倍", "× the flat price"),
    "item": ("项", ""),
    "case": ("件", ""),
    "point": ("分", "points"),
    "10k persons": ("万人", "×10,000 people"),
    "km2": ("平方公里", "km²"),
    "100M yuan": ("亿元", "×100 million yuan"),
    "10k t": ("万吨", "×10,000 t"),
    "10k t/d": ("万吨/日", "×10,000 t a day"),
    "dB(A)": ("分贝", "dB(A)"),
    "tce/10k yuan": ("吨标准煤/万元", "t of coal equivalent per 10,000 yuan"),
    "km": ("公里", "km"),
    "hm2": ("公顷", "hectares"),
    "t": ("吨", "t"),
    "t/d": ("吨/日", "t a day"),
    "10k t CO2": ("万吨二氧化碳", "×10,000 t CO₂"),
    "t CO2/10k yuan": ("吨二氧化碳/万元", "t CO₂ per 10,000 yuan"),
    "10k tce": ("万吨标准煤", "×10,000 t of coal equivalent"),
    "kWh/10k yuan": ("千瓦时/万元", "kWh per 10,000 yuan"),
    "nGy/h": ("纳戈瑞/小时", "nGy/h"),
    "mSv": ("毫希沃特", "mSv"),
    "V/m": ("伏/米", "V/m"),
    "uT": ("微特斯拉", "µT"),
    "W/m2": ("瓦/平方米", "W/m²"),
    "Bq/L": ("贝可/升", "Bq/L"),
    "mg/kg": ("毫克/千克", "mg/kg"),
    "kg/hm2": ("千克/公顷", "kg per hectare"),
    "m2/person": ("平方米/人", "m² a person"),
    "10k m3": ("万立方米", "×10,000 m³"),
    "tree": ("株", "trees"),
    "10k mu": ("万亩", "×10,000 mu (15 mu to the hectare)"),
    "species": ("种", "species"),
    "10k t/a": ("万吨/年", "×10,000 t a year"),
    "kg/d": ("千克/日", "kg a day"),
    "10k kWh": ("万千瓦时", "×10,000 kWh"),
    "t CO2": ("吨二氧化碳", "t CO₂"),
    "t CO2/person": ("吨二氧化碳/人", "t CO₂ a person"),
    "kg CO2/kWh": ("千克二氧化碳/千瓦时", "kg CO₂/kWh"),
    "kg CO2/kg": ("千克二氧化碳/千克", "kg CO₂/kg"),
    "kg CO2/m3": ("千克二氧化碳/立方米", "kg CO₂/m³"),
    "kgce/kWh": ("千克标准煤/千瓦时", "kg of coal equivalent/kWh"),
    "kgce/kg": ("千克标准煤/千克", "kg of coal equivalent/kg"),
    "kgce/m3": ("千克标准煤/立方米", "kg of coal equivalent/m³"),
    "ppm": ("ppm", "ppm"),
    "ppb": ("ppb", "ppb"),
    "yuan": ("元", "yuan"),
    "10k yuan": ("万元", "×10,000 yuan"),
    "yuan/m3": ("元/立方米", "yuan/m³"),
    "yuan/kWh": ("元/千瓦时", "yuan/kWh"),
    "yuan/t": ("元/吨", "yuan/t"),
    "yuan/month": ("元/月", "yuan a month"),
    "yuan/equivalent": ("元/污染当量", "yuan per equivalent"),
    "equivalent": ("污染当量", "equivalents"),
    "enterprise": ("家", "enterprises"),
    "household": ("户", "households"),
    "month": ("个月", "months"),
    "MWh": ("兆瓦时", "MWh"),
    "kWh": ("千瓦时", "kWh"),
    "m3": ("立方米", "m³"),
    "kg": ("千克", "kg"),
    "m2": ("平方米", "m²"),
    "mm": ("毫米", "mm"),
    "kgce": ("千克标准煤", "kg of coal equivalent"),
    "kWh/person": ("千瓦时/人", "kWh a person"),
    "kWh/m2": ("千瓦时/平方米", "kWh/m²"),
    "kgce/person": ("千克标准煤/人", "kg of coal equivalent a person"),
    "kgce/m2": ("千克标准煤/平方米", "kg of coal equivalent/m²"),
    "m3/person": ("立方米/人", "m³ a person"),
    "m3/m2": ("立方米/平方米", "m³/m²"),
    "case/10k persons": ("件/万人", "per 10,000 people"),
    "1": ("", ""),  # a bare number, such as an index
    "": ("", ""),
}

# whose nought is no absence of anything: a picture of lines need not begin there
LOGARITHMIC = {"dB(A)"}

_TIGHT = {"%"}  # printed without a space before it
# what one of them is called in English, where more are called otherwise
_ONE = {
    "day": "day",
    "h": "hour",
    "point": "point",
    "hm2": "hectare",
    "tree": "tree",
    "equivalent": "equivalent",
    "enterprise": "enterprise",
    "household": "household",
    "month": "month",
}
# how Chinese units count, as powers of ten, and in what English counts
_FACTORS = {"×10,000 ": 4, "×100 million ": 8}
_WORDS = {12: "trillion ", 9: "billion ", 6: "million "}
_PER_MILLIGRAM = {"mg/m3": Decimal(1), "ug/m3": Decimal(1000)}


def label(unit: str, language: str) -> str:
    """How *unit* is printed in *language* (``zh`` or ``en``); DataError for a unit that has no label."""
    if unit not in LABELS:
        raise DataError(
            f"There is no unit '{unit}'.",
            do=f"{nearest(unit, LABELS)}; a new one goes into LABELS in reportkit/units.py",
        )
    return LABELS[unit][0 if language == "zh" else 1]


def with_unit(value: Decimal | int, unit: str, language: str) -> str:
    """*value* followed by its unit, as the language writes it: Chinese counts in ten thousands, English in millions."""
    text = label(unit, language)
    if language == "zh":
        return f"{_written(value)}{text}"
    if value == 1:
        text = _ONE.get(unit, text)
    for factor, places in _FACTORS.items():
        if text.startswith(factor):
            exact = Decimal(value).scaleb(places)
            word, fewer = next(((word, n) for n, word in _WORDS.items() if abs(exact) >= 10**n), ("", 0))
            value, text = exact.scaleb(-fewer), f"{word}{text.removeprefix(factor)}"
    return f"{_written(value)}{'' if not text or unit in _TIGHT else ' '}{text}"


def without_unit(words: str, unit: str, language: str) -> str:
    """*words* without the unit that stands in parentheses at their end."""
    shown = label(unit, language)
    return words.removesuffix(f"（{shown}）").removesuffix(f" ({shown})") if shown else words


def _written(value: Decimal | int) -> str:
    return f"{Decimal(value):,f}".replace("-", "−")


def convert(value: Decimal, unit: str, to: str) -> Decimal:
    """*value* given in *unit*, expressed in the unit *to*; only mass concentrations convert."""
    if unit == to:
        return value
    return value * _PER_MILLIGRAM[to] / _PER_MILLIGRAM[unit]
