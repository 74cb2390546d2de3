"""Waste: what was published is shown before anything computed, and a rate is that of the printed formula."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reportkit.verify.problems import Problem
from reportkit.verify.published import Entry
from reportkit.verify.tables import Tables

_CATEGORY = "(?P<category>general|hazardous)"
_PLACE = "(?P<page>[0-9]{4})/(?P<slug>[a-z0-9-]+)/waste#"
_FLOW = re.compile(
    rf"{_PLACE}{_CATEGORY}_(?P<flow>opening|generated|(used|disposed)(_from_before)?|closing)(_(?P<year>[0-9]{{4}}))?"
)
_RATE = re.compile(rf"{_PLACE}{_CATEGORY}_(?P<what>use|disposal)_ratio(_recomputed)?(_(?P<year>[0-9]{{4}}))?")
_MEDICAL = re.compile(rf"{_PLACE}medical_within_year(_(?P<year>[0-9]{{4}}))?")
_TAKEN = {"use": "used", "disposal": "disposed"}


def problems(tables: Tables, entries: Mapping[str, Entry]) -> Iterator[Problem]:
    """Amounts computed though they were published, and rates made of other parts than the formula names, or rounded."""
    if "waste/published" not in tables.described:
        return
    for identity, entry in entries.items():
        if match := _FLOW.fullmatch(identity):
            yield from _not_published_first(tables, match, entry)
        elif match := _RATE.fullmatch(identity):
            own = _TAKEN[match["what"]]
            parts = [f"{match['category']}_{flow}" for flow in (own, "generated", f"{own}_from_before")]
            yield from _other_formula(entries, identity, entry, parts, "(_kg)?")
        elif _MEDICAL.fullmatch(identity):
            parts = [f"medical_{part}_kg" for part in ("disposed", "opening", "generated")]
            yield from _other_formula(entries, identity, entry, parts)


def _not_published_first(tables: Tables, match: re.Match[str], entry: Entry) -> Iterator[Problem]:
    """An amount of a year whose waste was published of the area, and that was computed nevertheless."""
    (area,) = tables.where("areas", {"slug": match["slug"]})
    generated = [f"{category}_generated" for category in ("general", "hazardous")]
    where = {"area_code": area["area_code"], "indicator": generated, "year": match["year"] or match["page"]}
    rows = [row for row in tables.where("waste/published", where) if row["source_id"] not in tables.doubtful()]
    table = entry["derivation"].get("table")
    if rows and table != "waste/published":
        yield Problem("waste.published", match.string, "the published figure", str(table))


def _other_formula(
    entries: Mapping[str, Entry], identity: str, entry: Entry, wanted: list[str], ending: str = ""
) -> Iterator[Problem]:
    """A computed rate that is not the first of the *wanted* parts divided by the others added up.

    Parts go without their year, and without an *ending* that says how finely they were measured.
    """
    derivation = entry["derivation"]
    if derivation["operation"] != "ratio":
        return
    taken, whole = derivation["of"]
    parts = (taken, *entries[whole]["derivation"].get("of", []))
    found = [re.sub(f"{ending}(_[0-9]{{4}})?$", "", part.partition("#")[2]) for part in parts]
    if found != wanted or entries[whole]["derivation"]["operation"] != "added":
        yield Problem("waste.formula", identity, ", ".join(wanted), ", ".join(found))
