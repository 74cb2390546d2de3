"""What a verdict has to be: for each rule that one is given under, how it follows from published figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reportkit.verify import (
    air,
    climate,
    credit,
    ecology,
    emergency,
    law,
    market,
    noise,
    participation,
    radiation,
    soil,
    supervision,
    targets,
    water,
)
from reportkit.verify.published import Entry
from reportkit.verify.tables import Row, Tables

# rule → the verdict that (tables, all figures by id, the derivation of the verdict) come to
VERDICTS: Mapping[str, Callable[[Tables, Mapping[str, Entry], Entry], str | None]] = {
    "air.annual_validity": air.verdict,
    "noise.grade": noise.grade,
    "ecology.change": ecology.quality_change,
    "ecology.class": ecology.quality_class,
    "ecology.red_line": ecology.red_line,
    "climate.assigned_cut": climate.verdict,
    "emergency.filing": emergency.filing_verdict,
    "emergency.review": emergency.plans_verdict,
    "law.decision_days": law.deadline_verdict,
    "law.publication": law.deadline_verdict,
    "law.reduction": law.reduction_verdict,
    "market.cost_covered": market.cost_covered,
    "market.sewage_floor": market.sewage_floor,
    "supervision.draw_ratio": supervision.ratio_verdict,
    "supervision.publication": supervision.publication_verdict,
    "participation.target": participation.target_verdict,
    "participation.power_target": participation.target_verdict,
    "participation.communities": participation.green_verdict,
    "participation.closing": participation.closing_verdict,
    "targets.path": targets.verdict,
    "soil.target": soil.target_verdict,
    "radiation.normal": radiation.normal,
    "radiation.exposure_rf": radiation.exposure,
    "radiation.exposure_power": radiation.exposure,
    "radiation.drinking": radiation.drinking,
}

# (operation, rule) → the class or the index, with its decimals, that the rule makes of the rows it rests on
BY_ROWS: Mapping[tuple[str, str], Callable[[Sequence[Row]], water.Result]] = {
    ("class", "credit.level"): credit.level,
    ("class", "credit.trigger"): credit.triggered,
    ("class", "credit.repair"): credit.repair,
    ("class", "soil.groundwater_class"): soil.groundwater_class,
    ("class", "water.class"): water.section_class,
    ("class", "water.river_grade"): water.river_grade,
    ("class", "water.tli"): water.trophic_level,
    ("index", "water.cwqi"): water.index,
    ("index", "water.tli"): water.tli,
}
