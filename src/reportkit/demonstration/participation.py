"""Demonstration of participation: public bodies, green communities, complaints, events.

How many people work in public bodies, live in communities and complain follows from the people of the one invented
city. Complaints are drawn one kind at a time and written as they may be published: small counts left out, and so many
others that the totals do not tell them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from reportkit.demonstration.assumptions import COAL_EQUIVALENT, YEARS
from reportkit.demonstration.stream import Stream
from reportkit.demonstration.world import World
from reportkit.standards import participation
from reportkit.suppression import left_out

SEED = 20_240_616
ORIGIN = {"status": "demonstration", "source_id": "demo-participation"}
Row = dict[str, str]

BASE_YEAR = 2020  # what public bodies use is held against it
PEOPLE_A_COMMUNITY = 10_500

# In thousandths of the complaints of a district; what is left comes by telephone. In YEARS with an inspection of the
# central or the provincial government more are handed over by it.
ONLINE = 400
HANDED_OVER = (70, 11, 12, 62)
CHANNELS = ("phone", "online", "letters", "inspection")

# How many of a thousand complaints are about a type; one may be about several. Inspections hear of other things.
TYPES = {"noise": 430, "air": 370, "water": 130, "waste": 110, "radiation": 4, "other": 150}
OF_INSPECTION = {"noise": 160, "air": 400, "water": 290, "waste": 190, "radiation": 5, "other": 260}

ALL = "all"
GROUPS = {
    "channel": CHANNELS,
    "type": tuple(TYPES),
    "repeat": ("repeated", "first"),
    "opinion": ("satisfied", "dissatisfied"),
}


@dataclass(frozen=True)
class Complaints:
    """The complaints of a district in a year as they are, with nothing left out; ``days`` are those of all together."""

    by_channel: Mapping[str, int]
    by_both: Mapping[tuple[str, str], int]  # channel and type
    repeated: int
    rated: int
    dissatisfied: int
    days: int
    longest: int

    @property
    def cases(self) -> int:
        """How many there were."""
        return sum(self.by_channel.values())

    def counts(self, breakdown: str) -> list[int]:
        """How many there were of each group of a *breakdown*."""
        of_type = {type_: sum(self.by_both[channel, type_] for channel in CHANNELS) for type_ in TYPES}
        counted = {
            "channel": dict(self.by_channel),
            "type": of_type,
            "repeat": {"repeated": self.repeated, "first": self.cases - self.repeated},
            "opinion": {"satisfied": self.rated - self.dissatisfied, "dissatisfied": self.dissatisfied},
        }
        return [counted[breakdown][group] for group in GROUPS[breakdown]]


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    stream = Stream(SEED)
    bodies, communities = list(_public_bodies(stream, world)), list(_communities(stream, world))
    people = world.areas.set_index(["area_code", "year"])["people"]
    codes = [str(code) for code in world.districts["area_code"]]
    habits = {code: stream.words(1).tolist()[0] for code in codes}
    found = {
        (code, year): _drawn(stream, int(people[code, year]), habits[code], year) for code in codes for year in YEARS
    }
    (city,) = set(world.areas["area_code"]) - set(codes)
    rows = {
        "public_bodies": bodies,
        "communities": communities,
        "complaints": list(_complaints(found, str(city), codes)),
        "complaints_crossed": list(_crossed(found, str(city), codes)),
        "handling": list(_handling(found, str(city), codes)),
        "activities": list(_activities(stream, world)),
    }
    return {f"participation/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


# --- public bodies and communities ------------------------------------------------------------------


def _public_bodies(stream: Stream, world: World) -> Iterator[Row]:
    """What the public bodies of each district used and bought; a little less by head and area from year to year."""
    people = world.areas.set_index(["area_code", "year"])["people"]
    for code in map(str, world.districts["area_code"]):
        habit, space, thrift, green = stream.words(4).tolist()
        for place, year in enumerate((BASE_YEAR, *YEARS)):
            power_luck, water_luck, other_luck, bought = stream.words(4).tolist()
            staff = int(people[code, max(year, YEARS[0])]) * (34 + space % 9) // 1000
            floor = staff * (160 + habit % 60 + place) // 10
            saved = place * (7 + thrift % 9)  # thousandths of what was used in the base year
            power = staff * (2150 + habit % 700) * (1000 - saved + power_luck % 9) // 1000
            others = staff * (48 + other_luck % 5) * (1000 - saved) // 1000  # fuels, in kg of coal equivalent
            purchases = staff * (21 + bought % 6) // 100
            yield {
                "area_code": code,
                "year": str(year),
                "staff": str(staff),
                "floor_m2": str(floor),
                "energy_kgce": str(power * COAL_EQUIVALENT["power"] // 1000 + others),
                "power_kwh": str(power),
                "water_m3": str(staff * (2300 + space % 900) * (1000 - saved - water_luck % 12) // 100_000),
                "purchases_10k_yuan": str(purchases),
                "green_10k_yuan": str(purchases * (640 + green % 150 + 22 * place) // 1000),
            }


def _communities(stream: Stream, world: World) -> Iterator[Row]:
    """How many communities each district has, and how many of them meet the standard by the end of each year."""
    people = world.areas.set_index(["area_code", "year"])["people"]
    for code in map(str, world.districts["area_code"]):
        start, pace = stream.words(2).tolist()
        communities = int(people[code, YEARS[0]]) // PEOPLE_A_COMMUNITY
        for place, year in enumerate(YEARS):
            share = min(480 + start % 90 + place * (38 + pace % 40), 960)
            yield {
                "area_code": code,
                "year": str(year),
                "communities": str(communities),
                "green": str(communities * share // 1000),
            }


# --- complaints -------------------------------------------------------------------------------------


def _drawn(stream: Stream, people: int, habit: int, year: int) -> Complaints:
    """The complaints of so many *people* in a year."""
    luck, letters, again, rated, bad, days, longest = stream.words(7).tolist()
    place = YEARS.index(year)
    cases = people * (105 + habit % 50 + luck % 10 + 4 * place) // 100_000
    shares = {"online": ONLINE + 14 * place, "letters": 5 + letters % 20, "inspection": HANDED_OVER[place]}
    by_channel = {channel: cases * share // 1000 for channel, share in shares.items()}
    by_channel = {"phone": cases - sum(by_channel.values())} | by_channel
    asked = cases * (300 + rated % 200) // 1000
    return Complaints(
        by_channel=by_channel,
        by_both=dict(_by_both(stream, by_channel)),
        repeated=cases * (22 + again % 40) // 1000,
        rated=asked,
        dissatisfied=asked * (24 + bad % 60) // 1000,
        days=cases * (78 + days % 60 - 5 * place) // 10,
        longest=38 + longest % 27,
    )


def _by_both(stream: Stream, by_channel: Mapping[str, int]) -> Iterator[tuple[tuple[str, str], int]]:
    """What the complaints of each channel are about; whatever is about nothing else is about something other."""
    for channel in CHANNELS:
        cases = by_channel[channel]
        shares = OF_INSPECTION if channel == "inspection" else TYPES
        drawn = stream.words(len(TYPES)).tolist()
        counts = {
            type_: min(cases, cases * share * (850 + luck % 300) // 1_000_000)
            for (type_, share), luck in zip(shares.items(), drawn, strict=True)
        }
        without = cases - sum(count for type_, count in counts.items() if type_ != "other")
        counts["other"] = max(counts["other"], without)
        yield from (((channel, type_), counts[type_]) for type_ in TYPES)


def _complaints(found: Mapping[tuple[str, int], Complaints], city: str, codes: Sequence[str]) -> Iterator[Row]:
    """The complaints of each area and year by channel, type, repetition and opinion, each with its total."""
    for year in YEARS:
        for breakdown, groups in GROUPS.items():
            counts = [found[code, year].counts(breakdown) for code in codes]
            hidden = left_out(counts, _least(year))
            whole = [sum(column) for column in zip(*counts, strict=True)]
            for place, (code, line) in enumerate([(city, whole), *zip(codes, counts, strict=True)]):
                about = {"area_code": code, "year": str(year), "breakdown": breakdown}
                for column, (group, count) in enumerate(zip(groups, line, strict=True)):
                    yield about | {"group": group} | _shown(count, (place - 1, column) in hidden)
                yield about | {"group": ALL} | _shown(sum(line), False)


def _crossed(found: Mapping[tuple[str, int], Complaints], city: str, codes: Sequence[str]) -> Iterator[Row]:
    """What the complaints of the whole city are about, by channel; how many are of a type stands with the others."""
    for year in YEARS:
        own = [found[code, year].by_both for code in codes]
        counts = [[sum(both[channel, type_] for both in own) for type_ in TYPES] for channel in CHANNELS]
        hidden = left_out(counts, _least(year))
        for row, channel in enumerate(CHANNELS):
            about = {"area_code": city, "year": str(year), "channel": channel}
            for column, type_ in enumerate(TYPES):
                yield about | {"type": type_} | _shown(counts[row][column], (row, column) in hidden)
            yield about | {"type": ALL} | _shown(sum(counts[row]), False)


def _shown(count: int, is_suppressed: bool) -> Row:
    """A count as it is published."""
    return {"count": "" if is_suppressed else str(count), "is_suppressed": str(is_suppressed).lower()}


def _least(year: int) -> int:
    """The smallest count but nought that is published of a *year*."""
    row = participation.limit(participation.SMALL, date(year, 12, 31))
    assert row is not None
    return int(row["value"])


def _handling(found: Mapping[tuple[str, int], Complaints], city: str, codes: Sequence[str]) -> Iterator[Row]:
    """The days that the complaints of each area and year took together, and that the slowest took."""
    for year in YEARS:
        own = {code: found[code, year] for code in codes}
        days, longest = sum(one.days for one in own.values()), max(one.longest for one in own.values())
        taken = {city: (days, longest)} | {code: (one.days, one.longest) for code, one in own.items()}
        for code, (together, slowest) in taken.items():
            yield {"area_code": code, "year": str(year), "days_total": str(together), "days_longest": str(slowest)}


# --- events -----------------------------------------------------------------------------------------


def _activities(stream: Stream, world: World) -> Iterator[Row]:
    """Events on the environment, who came, bases of education, works open to visitors; organisations, volunteers."""
    people = world.areas.set_index(["area_code", "year"])["people"]
    joined = Stream(SEED + 1)  # organisations and volunteers were asked for later: all else keeps its numbers
    for code in map(str, world.districts["area_code"]):
        bases, works = stream.words(2).tolist()
        founded, eager = joined.words(2).tolist()
        for place, year in enumerate(YEARS):
            more, came, visits = stream.words(3).tolist()
            events = int(people[code, year]) // 24_000 + more % 14 + 3 * place
            opened = 1 + works % 3 + place // 2
            yield {
                "area_code": code,
                "year": str(year),
                "events": str(events),
                "participants": str(events * (70 + came % 90)),
                "bases": str(1 + bases % 4 + (place + bases % 3) // 2),
                "open_works": str(opened),
                "visitors": str(opened * (320 + visits % 700)),
                "groups": str(2 + int(people[code, year]) // 700_000 + founded % 4 + place // 2),
                "volunteers": str(int(people[code, year]) * (6 + eager % 9 + place) // 10_000),
            }
