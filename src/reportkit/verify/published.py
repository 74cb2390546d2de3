"""How a figure is published: its entry, its number, and the words that a coded value may be printed in."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Entry = Mapping[str, Any]

# What a coded value may be called on a page: code → Chinese and English, each as one of several wordings.
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "meets": {"zh": ("达标",), "en": ("meets the limit",)},
    "exceeds": {"zh": ("超标",), "en": ("above the limit",)},
    "unknown": {"zh": ("数据不足，无法判定", "无法判断"), "en": ("cannot be judged: too few data", "cannot be judged")},
    "met": {"zh": ("已达到",), "en": ("met",)},
    "missed": {"zh": ("未达到",), "en": ("missed",)},
    "met_early": {"zh": ("已提前达到",), "en": ("met early",)},
    "on_track": {"zh": ("按进度",), "en": ("on track",)},
    "behind": {"zh": ("落后于进度",), "en": ("behind",)},
    "not_yet": {"zh": ("尚未达到",), "en": ("not met yet",)},
    "disclosed": {"zh": ("已公开",), "en": ("disclosed",)},
    "partly": {"zh": ("部分公开",), "en": ("partly disclosed",)},
    "not_disclosed": {"zh": ("尚未公开", "本网站尚未公开"), "en": ("not disclosed", "not yet disclosed here")},
    "not_applicable": {"zh": ("不适用",), "en": ("does not apply",)},
    "within_background": {"zh": ("本底范围内",), "en": ("within the background",)},
    "beyond_usual": {"zh": ("需要留意",), "en": ("unusual, within the background",)},
    "outside_background": {"zh": ("超出本底范围",), "en": ("outside the background",)},
    "below_guide": {"zh": ("不高于指导值",), "en": ("no higher than the guide value",)},
    "above_guide": {
        "zh": ("高于指导值，需做核素分析",),
        "en": ("above the guide value: nuclides to be analysed",),
    },
    "I": {"zh": ("Ⅰ类",), "en": ("class I",)},
    "II": {"zh": ("Ⅱ类",), "en": ("class II",)},
    "III": {"zh": ("Ⅲ类",), "en": ("class III",)},
    "IV": {"zh": ("Ⅳ类",), "en": ("class IV",)},
    "V": {"zh": ("Ⅴ类",), "en": ("class V",)},
    "worse": {"zh": ("劣Ⅴ类",), "en": ("worse than class V",)},
    "grade_excellent": {"zh": ("优",), "en": ("excellent",)},
    "grade_good": {"zh": ("良好",), "en": ("good",)},
    "grade_light": {"zh": ("轻度污染",), "en": ("lightly polluted",)},
    "grade_moderate": {"zh": ("中度污染",), "en": ("moderately polluted",)},
    "grade_heavy": {"zh": ("重度污染",), "en": ("heavily polluted",)},
    "on_target": {"zh": ("达到目标",), "en": ("meets its target",)},
    "off_target": {"zh": ("未达到目标",), "en": ("misses its target",)},
    "use_barred": {"zh": ("在名录内，禁建住宅",), "en": ("on the register: no homes",)},
    "use_breach": {"zh": ("在名录内，住宅类已开工",), "en": ("on the register, yet building began",)},
    "use_released": {"zh": ("已移出名录",), "en": ("removed from the register",)},
    "use_pending": {"zh": ("调查评估中",), "en": ("still being assessed",)},
    "duties_done": {"zh": ("尽责",), "en": ("did its duties",)},
    "duties_lacking": {"zh": ("有缺项",), "en": ("something is missing",)},
    "trophic_oligotrophic": {"zh": ("贫营养",), "en": ("oligotrophic",)},
    "trophic_mesotrophic": {"zh": ("中营养",), "en": ("mesotrophic",)},
    "trophic_lightly": {"zh": ("轻度富营养",), "en": ("lightly eutrophic",)},
    "trophic_moderately": {"zh": ("中度富营养",), "en": ("moderately eutrophic",)},
    "trophic_heavily": {"zh": ("重度富营养",), "en": ("heavily eutrophic",)},
    "noise_good": {"zh": ("一级（好）",), "en": ("grade 1 (good)",)},
    "noise_fairly_good": {"zh": ("二级（较好）",), "en": ("grade 2 (fairly good)",)},
    "noise_average": {"zh": ("三级（一般）",), "en": ("grade 3 (average)",)},
    "noise_fairly_poor": {"zh": ("四级（较差）",), "en": ("grade 4 (fairly poor)",)},
    "noise_poor": {"zh": ("五级（差）",), "en": ("grade 5 (poor)",)},
    "eqi_1": {"zh": ("一类",), "en": ("class 1",)},
    "eqi_2": {"zh": ("二类",), "en": ("class 2",)},
    "eqi_3": {"zh": ("三类",), "en": ("class 3",)},
    "eqi_4": {"zh": ("四类",), "en": ("class 4",)},
    "eqi_5": {"zh": ("五类",), "en": ("class 5",)},
    "eqi_stable": {"zh": ("基本稳定",), "en": ("about the same",)},
    "eqi_slight_better": {"zh": ("轻微变好",), "en": ("slightly better",)},
    "eqi_slight_worse": {"zh": ("轻微变差",), "en": ("slightly worse",)},
    "eqi_moderate_better": {"zh": ("一般变好",), "en": ("moderately better",)},
    "eqi_moderate_worse": {"zh": ("一般变差",), "en": ("moderately worse",)},
    "eqi_marked_better": {"zh": ("明显变好",), "en": ("markedly better",)},
    "eqi_marked_worse": {"zh": ("明显变差",), "en": ("markedly worse",)},
    "red_line_kept": {"zh": ("没有减少",), "en": ("not smaller",)},
    "red_line_smaller": {"zh": ("减少",), "en": ("smaller",)},
    "covers_all": {"zh": ("覆盖全部成本",), "en": ("covers the whole cost",)},
    "covers_operation": {"zh": ("只覆盖处理和污泥处置",), "en": ("covers the running cost only",)},
    "covers_part": {"zh": ("连处理和污泥处置也没有覆盖",), "en": ("falls short of running cost",)},
    "floor_met": {"zh": ("不低于最低标准",), "en": ("no lower than the floor",)},
    "floor_missed": {"zh": ("低于最低标准",), "en": ("below the floor",)},
}


def number(entry: Entry) -> Fraction | None:
    """The value of a figure, None where it has none."""
    return None if entry["value"] is None else Fraction(entry["value"])
