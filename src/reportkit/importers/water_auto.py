"""Readings of automatic water stations, every four hours, with the class that the feed prints.

Two layouts of one feed: its own Chinese heading (``断面名称 监测时间 水质类别 水温(℃) pH 溶解氧 …``), with or without
units in brackets, and the archived one (``station monitor_time water_class temp_c …``). ``--`` is no value and ``*``
not measured; both are empty in our table, as is a class that is not printed while a station is in maintenance.
Chlorophyll is in mg/L in both layouts; a heading in µg/L is converted. Rows of another province count as other
places; within the province the file has to hold the sections that are wanted.

Each printed class is compared with the one that follows from the items of the row by the limits of rivers. The feed
judges what was measured before it is rounded for print: where that is enough to explain the printed class, the
finding says so, likewise where the limits of lakes do.
"""

from __future__ import annotations

import contextlib
import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar

from reportkit.errors import StandardError
from reportkit.findings import Finding, finding
from reportkit.importers.importer import Feed
from reportkit.importers.reading import Kept, Misfit, SourceFile, hour_of, measured_of, text_of
from reportkit.importers.tables import Row
from reportkit.project import Project
from reportkit.standards import water

# our column → the headings of the two layouts, without units
_HEADINGS = {
    "section": ("断面名称", "station"),
    "time": ("监测时间", "monitor_time"),
    "printed_class": ("水质类别", "water_class"),
    "water_temp_degc": ("水温", "temp_c"),
    "ph": ("ph",),
    "do_mg_l": ("溶解氧", "do_mg_l"),
    "conductivity_us_cm": ("电导率", "cond_us_cm"),
    "turbidity_ntu": ("浊度", "turbidity_ntu"),
    "codmn_mg_l": ("高锰酸盐指数", "codmn_mg_l"),
    "nh3n_mg_l": ("氨氮", "nh3n_mg_l"),
    "tp_mg_l": ("总磷", "tp_mg_l"),
    "tn_mg_l": ("总氮", "tn_mg_l"),
    "chl_a_mg_l": ("叶绿素α", "chl_a_mg_l"),
    "algae_cells_l": ("藻密度", "algae_cells_l"),
    "station_state": ("站点情况", "station_status"),
}
_TEXTS = ("section", "time", "printed_class", "station_state")
_UNITS = {"": 0, "mg/l": 0, "μg/l": -3, "ug/l": -3, "mg/m3": -3}  # unit of a concentration → power of ten to mg/L

# the parameters that decide the class → our column
_JUDGED = {name: water.COLUMN[name] for name in ("ph", "do", "codmn", "nh3n", "tp")}
_CLASSES = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "劣V": "6"}
_NO_CLASS = ("", "*", "--")

# first two digits of an area code → how the province's name begins
_PROVINCES: dict[str, str] = dict(
    re.findall(
        "([0-9]+)([^0-9 ]+)",
        "11北京 12天津 13河北 14山西 15内蒙古 21辽宁 22吉林 23黑龙江 31上海 32江苏 33浙江 34安徽 35福建 36江西 "
        "37山东 41河南 42湖北 43湖南 44广东 45广西 46海南 "
        "50重庆 51四川 52贵州 53云南 54西藏 61陕西 62甘肃 63青海 64宁夏 65新疆",
    )
)


class WaterAuto(Feed):
    """Readings of automatic stations → ``water/auto_readings``."""

    table = "water/auto_readings"
    columns = tuple(headings[0] for headings in _HEADINGS.values())
    source: ClassVar[Row] = {
        "source_id": "water-auto-archive",
        "title": "国家地表水水质自动监测实时数据(存档)",
        "publisher": "中国环境监测总站(经第三方存档)",
        "trust": "C",
        "licence": "source's terms",
        "note": "自动监测的实时数据,未经审核,不是月度水质评价。 / "
        "Real-time readings before review; not the monthly assessment of water quality.",
    }

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self.province = _PROVINCES.get(project.settings.area[:2], "")

    def columns_of(self, file: SourceFile) -> Sequence[str]:
        found = _columns(file.columns)
        return [found.get(ours, headings[0]) for ours, headings in _HEADINGS.items()]

    def row(self, cells: Row, file: SourceFile) -> Row | None:
        if not cells.get("省份", self.province).strip().startswith(self.province):
            return None
        theirs = _columns(file.columns)
        row = {
            "section": text_of(cells, theirs["section"]),
            "time": hour_of(cells[theirs["time"]], theirs["time"]),
            "printed_class": _class_of(cells, theirs["printed_class"]),
            **{ours: _value(cells, column, ours) for ours, column in theirs.items() if ours not in _TEXTS},
            "station_state": cells[theirs["station_state"]].strip(),
            **self.origin,
        }
        self.check_cells(row, self.target, theirs)
        return row

    def about_rows(self, kept: Sequence[Kept]) -> Iterator[Finding]:
        for reading in kept:
            printed, computed = reading.row["printed_class"], _class(reading.row, "river")
            if printed and computed and int(printed) != computed:
                code = _why(reading.row, int(printed))
                found = functools.partial(finding, code, reading.path, row=reading.number)
                yield found(column="printed_class", value=printed, computed=computed)


@functools.cache
def _columns(present: tuple[str, ...]) -> dict[str, str]:
    """Our column → theirs, of those that are *present* in a unit we know."""
    found = {}
    for theirs in present:
        heading, unit = _split(theirs)
        for ours, headings in _HEADINGS.items():
            if heading in headings and (not ours.endswith("_mg_l") or unit in _UNITS):
                found[ours] = theirs
    return found


def _split(heading: str) -> tuple[str, str]:
    """A *heading* and the unit that stands in brackets behind it; bracketed or not, in one way of writing."""
    plain = unicodedata.normalize("NFKC", heading)
    name, _, unit = plain.partition("(")
    return name.strip(), unit.removesuffix(")").strip()


def _value(cells: Row, column: str, ours: str) -> str:
    """What was measured, with the digits that are printed; of concentrations in mg/L."""
    printed = measured_of(cells, column)
    power = _UNITS.get(_split(column)[1], 0) if ours.endswith("_mg_l") else 0
    return f"{Decimal(printed).scaleb(power):f}" if printed and power else printed


def _class_of(cells: Row, column: str) -> str:
    """The class 1 to 6 that is printed as ``Ⅲ``, ``III`` or ``Ⅲ类``; empty where none is."""
    text = cells[column].strip()
    if text in _NO_CLASS:
        return ""
    plain = unicodedata.normalize("NFKC", text).removesuffix("类")
    if plain not in _CLASSES:
        raise Misfit("import-class", column, text)
    return _CLASSES[plain]


def _class(row: Row, body: str) -> int | None:
    values = {name: Decimal(row[column]) for name, column in _JUDGED.items() if row[column]}
    with contextlib.suppress(StandardError):
        return water.section_class(values, date.fromisoformat(row["time"][:10]), body)
    return None


def _why(row: Row, printed: int) -> str:
    """The finding's code for a *printed* class that does not follow from the items as they are printed."""
    best, worst = _classes_before_rounding(row)
    if best <= printed <= worst:
        return "import-water-class-rounded"
    return "import-water-class-lake" if _class(row, "lake") == printed else "import-water-class"


def _classes_before_rounding(row: Row) -> tuple[int, int]:
    """The best and the worst class of the numbers that are printed as those in *row*."""
    day = date.fromisoformat(row["time"][:10])
    classes: Mapping[str, list[int]] = {
        name: [water.item_class(name, max(end, Decimal(0)), day) for end in _ends(Decimal(row[column]))]
        for name, column in _JUDGED.items()
        if row[column]
    }
    return max(min(ends) for ends in classes.values()), max(max(ends) for ends in classes.values())


def _ends(printed: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """A printed number between the smallest and the largest that are printed so."""
    half = Decimal(5).scaleb(int(printed.as_tuple().exponent) - 1)
    return printed - half, printed, printed + half
