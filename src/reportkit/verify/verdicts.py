"""What a verdict has to be: for each rule that one is given under, how it follows from published figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reportkit.verify import air, climate, targets, water
from reportkit.verify.published import Entry
from reportkit.verify.tables import Row, Tables

# rule → the verdict that (tables, all figures by id, the derivation of the verdict) come to
VERDICTS: Mapping[str, Callable[[Tables, Mapping[str, Entry], Entry], str | None]] = {
    "air.annual_validity": air.verdict,
    "climate.assigned_cut": climate.verdict,
    "targets.path": targets.verdict,
}

# (operation, rule) → the class or the index, with its decimals, that the rule makes of the rows it rests on
BY_ROWS: Mapping[tuple[str, str], Callable[[Sequence[Row]], water.Result]] = {
    ("class", "water.class"): water.section_class,
    ("class", "water.river_grade"): water.river_grade,
    ("class", "water.tli"): water.trophic_level,
    ("index", "water.cwqi"): water.index,
    ("index", "water.tli"): water.tli,
}
