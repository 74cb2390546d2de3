"""What a verdict has to be: for each rule that one is given under, how it follows from published figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reportkit.verify import air
from reportkit.verify.published import Entry
from reportkit.verify.tables import Tables

# rule → the verdict that (tables, all figures by id, the derivation of the verdict) come to
VERDICTS: Mapping[str, Callable[[Tables, Mapping[str, Entry], Entry], str | None]] = {
    "air.annual_validity": air.verdict,
}
