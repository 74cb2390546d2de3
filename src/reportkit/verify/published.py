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
    "unknown": {"zh": ("数据不足，无法判定",), "en": ("cannot be judged: too few data",)},
    "disclosed": {"zh": ("已公开",), "en": ("disclosed",)},
    "partly": {"zh": ("部分公开",), "en": ("partly disclosed",)},
    "not_disclosed": {"zh": ("尚未公开", "本网站尚未公开"), "en": ("not disclosed", "not yet disclosed here")},
    "not_applicable": {"zh": ("不适用",), "en": ("does not apply",)},
}


def number(entry: Entry) -> Fraction | None:
    """The value of a figure, None where it has none."""
    return None if entry["value"] is None else Fraction(entry["value"])
