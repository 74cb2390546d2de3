"""One invented city behind all demonstration tables: its people and land, enterprises, and what became of them.

What several chapters tell of is drawn once here, so that they agree: an enterprise that is penalised is the one whose
credit falls and whose tax is not reduced, what it burns is in the energy of its district, and its waste in the waste.
All numbers are whole numbers of a small unit, so that sums are exact and the same on every machine.

Where the real city's districts add up to the city (people, land, waste), the invented ones do; where they do not, they
do not: the city's output and energy hold something that belongs to no district (see ``SHARED`` in assumptions.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import pandas as pd

from reportkit.demonstration.assumptions import (
    COAL_EQUIVALENT,
    INDUSTRIES,
    INSTALLATIONS,
    LEVELS,
    MEDICAL,
    PLACES,
    SHARED,
    TAX_EQUIVALENT,
    TAX_RATE,
    VIOLATIONS,
    YEARS,
    Place,
)
from reportkit.demonstration.stream import Stream
from reportkit.standards import working_days

SEED = 20_240_605
FIVE_YEARS_SINCE = date(2021, 3, 1)  # permits issued from this day on are for five years
EXEMPT = 100  # percent of the tax that sewage works are let off while they exceed no limit
Row = dict[str, object]


@dataclass(frozen=True)
class World:
    """The invented city as tables; each row of one is a place, an enterprise, or what happened to it.

    ``districts``: as in ``areas.csv``. ``areas``: area_code, year, people, output (thousands of yuan at prices of
    2020), energy (kg coal equivalent), the city with what is of no district. ``land``: area_code, use, hectares.
    ``enterprises``: enterprise_id, area_code, industry, names, diligence (0–1000), opened_year, closed_year (0: open).
    ``years``: of each enterprise, output, what it burnt and used, grams of each pollutant, tax (hundredths of a yuan),
    the reduction in percent, whether it exceeded a limit. ``installations``: what stands there, since when, and the
    pollutant and limit of its outlet. ``waste``: of each enterprise, year and kind, kg.
    ``permits``, ``penalties`` and ``credit`` are of enterprises as well; a permit is out of turn where only a penalty
    for having none led to it.
    """

    districts: pd.DataFrame
    areas: pd.DataFrame
    land: pd.DataFrame
    enterprises: pd.DataFrame
    installations: pd.DataFrame
    permits: pd.DataFrame
    years: pd.DataFrame
    waste: pd.DataFrame
    penalties: pd.DataFrame
    credit: pd.DataFrame

    def outlet(self, enterprise_id: str, year: int) -> Mapping[object, object]:
        """The installation of an enterprise that is meant where it exceeded a limit, or cleaned nothing, in a year."""
        own = self.installations[self.installations["enterprise_id"] == enterprise_id]
        outlet: Mapping[object, object] = own.iloc[year % len(own)].to_dict()
        return outlet

    @property
    def at_year_end(self) -> pd.DataFrame:
        """*years* without those in which an enterprise closed."""
        closed = self.years["enterprise_id"].map(self.enterprises.set_index("enterprise_id")["closed_year"])
        return self.years[self.years["year"] != closed]

    @classmethod
    def drawn(cls, areas: pd.DataFrame) -> World:
        """The city of the districts in *areas* (rows of ``areas.csv``), which take the places in turn."""
        stream = Stream(SEED)
        districts = areas[areas["kind"] == "district"].sort_values("area_code")
        places = {
            str(code): PLACES[number % len(PLACES)] for number, code in enumerate(districts["area_code"].tolist())
        }
        enterprises = pd.DataFrame(_enterprises(stream, districts, places))
        years = pd.DataFrame(_years(stream, enterprises))
        penalties = _numbered(pd.DataFrame(_penalties(stream, enterprises, years)))
        years = _taxed(years, penalties, enterprises)
        city = str(areas.loc[areas["kind"] == "city", "area_code"].iloc[0])
        return cls(
            districts=districts.reset_index(drop=True),
            areas=pd.DataFrame(_areas(stream, city, places, years)),
            land=pd.DataFrame(_land(places)),
            enterprises=enterprises,
            permits=pd.DataFrame(_permits(stream, enterprises, penalties)),
            years=years,
            waste=pd.DataFrame(_waste(stream, enterprises, years)),
            installations=pd.DataFrame(_installations(stream, enterprises)),
            penalties=penalties,
            credit=pd.DataFrame(_credit(enterprises, penalties)),
        )


def _enterprises(stream: Stream, districts: pd.DataFrame, places: Mapping[str, Place]) -> Iterator[Row]:
    """Each enterprise: where it stands, what it makes, how careful it is, and from when until when it works."""
    for row in districts.to_dict("records"):
        code, number = str(row["area_code"]), 0
        for industry, count in places[code].works.items():
            for nth in range(1, count + 1):
                number += 1
                size, care, age, end = stream.words(4).tolist()
                kind = INDUSTRIES[industry]
                zh, en = row["name_zh"].removesuffix("区"), row["name_en"].removesuffix(" District")
                yield {
                    "enterprise_id": f"DEMO-E-{code}-{number:02}",
                    "name_zh": f"示例{zh}{kind.name_zh}{kind.nouns[0]}{nth:02}",
                    "name_en": f"Demo {en} {kind.name_en}{kind.nouns[1]} {nth:02}",
                    "area_code": code,
                    "industry": industry,
                    "size": kind.size * (500 + size % 1200) // 1000,
                    "diligence": 250 + care % 750,
                    "opened_year": 1998 + age % 22,
                    "closed_year": 2022 + end % 3 if end % 100 < 4 and industry not in ("power", "sewage") else 0,
                }


def _installations(stream: Stream, enterprises: pd.DataFrame) -> Iterator[Row]:
    """What stands in each enterprise: one installation for each pollutant that it lets out and that is watched."""
    for row in enterprises.to_dict("records"):
        emits = INDUSTRIES[row["industry"]].emits
        for number, (kind, (medium, pollutant, limit)) in enumerate(INSTALLATIONS.items(), 1):
            (later,) = stream.words(1).tolist()
            if pollutant in emits:
                yield {
                    "installation_id": f"{row['enterprise_id'].replace('-E-', '-F-')}-{number}",
                    "enterprise_id": row["enterprise_id"],
                    "area_code": row["area_code"],
                    "kind": kind,
                    "medium": medium,
                    "pollutant": pollutant,
                    "permitted_limit": limit,
                    "since_year": min(int(row["opened_year"]) + later % 12, YEARS[0]),
                }


def _works_in(enterprise: Mapping[object, object], year: int) -> bool:
    """Whether an enterprise still works in *year*; it does in the year in which it closes."""
    closed = int(str(enterprise["closed_year"]))
    return not closed or year <= closed


def _years(stream: Stream, enterprises: pd.DataFrame) -> Iterator[Row]:
    """What each enterprise made, burnt and used, and let out, in each year it worked."""
    for row in enterprises.to_dict("records"):
        kind, care = INDUSTRIES[row["industry"]], int(row["diligence"])
        output = int(row["size"]) * 1000
        for place, year in enumerate(YEARS):
            grown, saved, limit = stream.words(3).tolist()
            if not _works_in(row, year):
                continue
            output = output * (970 + grown % 100) // 1000
            # Better care, and every year, means less of everything for the same output.
            use = 1150 - care // 5 - 18 * place + saved % 40
            least = 1500 - care - 60 * place + saved % 120
            yield {
                "enterprise_id": row["enterprise_id"],
                "area_code": row["area_code"],
                "industry": row["industry"],
                "year": year,
                "output": output,
                **{
                    name: output * getattr(kind, name) * use // 1_000_000 for name in ("coal", "gas", "diesel", "power")
                },
                **{
                    name: output * kind.emits.get(name, 0) * max(least, 250) // 1_000_000
                    for name in ("so2", "nox", "pm", "voc", "cod", "nh3n")
                },
                "has_exceeded": limit % 1000 < (900 - care) // 4,
            }


def _penalties(stream: Stream, enterprises: pd.DataFrame, years: pd.DataFrame) -> Iterator[Row]:
    """Who was penalised, when, for what, and how much: those who exceeded a limit, and some of the careless."""
    care = dict(zip(enterprises["enterprise_id"], enterprises["diligence"], strict=True))
    permitted: set[str] = set()  # whoever got a permit after a case has it for longer than the years last
    others = [violation for violation in VIOLATIONS if violation != "over_standard"]
    for row in years.to_dict("records"):
        caught, which, day, fine = stream.words(4).tolist()
        found = "over_standard" if row["has_exceeded"] else others[which % len(others)]
        if not row["has_exceeded"] and caught % 1000 >= (800 - int(care[row["enterprise_id"]])) // 5:
            continue
        if found == "without_permit":
            if row["enterprise_id"] in permitted:
                continue
            permitted.add(row["enterprise_id"])
        least, most, _, _ = VIOLATIONS[found]
        filed = date(int(row["year"]), 1, 4) + timedelta(days=day % 250)
        yield {
            "enterprise_id": row["enterprise_id"],
            "area_code": row["area_code"],
            "year": row["year"],
            "filed_date": f"{filed:%Y-%m-%d}",
            "decided_date": f"{working_days.from_day(filed + timedelta(days=30 + fine % 60)):%Y-%m-%d}",
            "violation": found,
            "fine_yuan": 1000 * (least + fine % (most - least + 1)),
        }


def _numbered(penalties: pd.DataFrame) -> pd.DataFrame:
    """*penalties* with a number each: those of a district and year in the order in which they were decided."""
    ordered = penalties.sort_values(["decided_date", "enterprise_id"])
    places = ordered.groupby(["area_code", "year"]).cumcount() + 1
    rows = penalties.assign(place=places).to_dict("records")
    numbers = [f"示例罚〔{row['year']}〕{row['area_code']}-{row['place']:02}号" for row in rows]
    penalties.insert(0, "number", numbers)
    return penalties


def _taxed(years: pd.DataFrame, penalties: pd.DataFrame, enterprises: pd.DataFrame) -> pd.DataFrame:
    """*years* with the tax of each: three quarters or half for those far below the limits, who exceeded none.

    Sewage works that exceeded none are exempt.
    """
    care = dict(zip(enterprises["enterprise_id"], enterprises["diligence"], strict=True))
    penalised = set(zip(penalties["enterprise_id"], penalties["year"], strict=True))
    reductions, taxes = [], []
    for row in years.to_dict("records"):
        clean = (row["enterprise_id"], row["year"]) not in penalised and not row["has_exceeded"]
        is_exempt = row["industry"] == "sewage" and not row["has_exceeded"]
        reduction = EXEMPT if is_exempt else earned(care[row["enterprise_id"]]) * clean
        due = sum((Decimal(int(row[it])) / TAX_EQUIVALENT[it] * TAX_RATE[it] for it in TAX_EQUIVALENT), Decimal(0))
        reductions.append(reduction)
        taxes.append(int((due * (100 - reduction) / 100).quantize(Decimal(1), ROUND_HALF_EVEN)))
    return years.assign(tax_reduction_pct=reductions, tax_fen=taxes)


def earned(diligence: int) -> int:
    """By how many percent the tax of an enterprise is lower if it exceeded no limit and was not penalised."""
    return 50 if diligence > 850 else 25 if diligence > 600 else 0


def _permits(stream: Stream, enterprises: pd.DataFrame, penalties: pd.DataFrame) -> Iterator[Row]:
    """The discharge permits of each enterprise: five years from the issue, renewed before the last has ended.

    Whoever was penalised for having none has others, with a gap around the case (see ``_lapsed``).
    """
    cases = {
        row["enterprise_id"]: (date.fromisoformat(row["filed_date"]), date.fromisoformat(row["decided_date"]))
        for row in penalties[penalties["violation"] == "without_permit"].to_dict("records")
    }
    for row in enterprises.to_dict("records"):
        class_, month = stream.words(2).tolist()
        first = date(2018 + class_ % 4, 1 + month % 12, 1 + month % 28)
        regular = [
            (issued, issued.replace(year=issued.year + 5))
            for issued in (first, first.replace(year=first.year + 5))
            if issued.year <= YEARS[-1] and _works_in(row, issued.year)
        ]
        own = cases.get(row["enterprise_id"])
        for nth, (issued, ends) in enumerate(_lapsed(*own, month) if own else regular):
            yield {
                "permit_id": f"{row['enterprise_id'].replace('-E-', '-P-')}-{issued.year}",
                "enterprise_id": row["enterprise_id"],
                "area_code": row["area_code"],
                "management": "key" if row["industry"] != "furniture" and int(row["size"]) > 100 else "simplified",
                "issued_date": f"{issued:%Y-%m-%d}",
                "valid_until": f"{ends - timedelta(days=1):%Y-%m-%d}",
                "is_out_of_turn": nth >= len(regular),
            }


def _lapsed(filed: date, decided: date, wait: int) -> list[tuple[date, date]]:
    """The permits of an enterprise that had none when its case was *filed* and *decided*: from when to when.

    The first, of three years if those were still allowed, ended with the month before the case was filed; the next was
    issued within weeks of the decision and in the same year.
    """
    ended = filed.replace(day=1)
    first = ended.replace(year=ended.year - 3)
    later = decided + timedelta(days=7 + wait % 14)
    issued = later.replace(day=min(later.day, 28))
    return [
        (first if first < FIVE_YEARS_SINCE else ended.replace(year=ended.year - 5), ended),
        (issued, issued.replace(year=issued.year + 5)),
    ]


def _waste(stream: Stream, enterprises: pd.DataFrame, years: pd.DataFrame) -> Iterator[Row]:
    """The waste of each enterprise, kind and year: kept from before, made, used, disposed of, kept at the end.

    A part of what was used and disposed of had been kept from years before.
    """
    care = dict(zip(enterprises["enterprise_id"], enterprises["diligence"], strict=True))
    closed = dict(zip(enterprises["enterprise_id"], enterprises["closed_year"], strict=True))
    stored: dict[tuple[str, str], int] = {}
    for row in years.to_dict("records"):
        kind = INDUSTRIES[row["industry"]]
        for category, kinds in (("general", kind.waste), ("hazardous", kind.hazardous)):
            for name, each in kinds.items():
                much, part, left, earlier = stream.words(4).tolist()
                key = (str(row["enterprise_id"]), name)
                opening = stored.get(key, 0)
                is_last = closed[key[0]] == row["year"]  # whoever closes leaves nothing
                made = int(row["output"]) * each // 1000 * _STANDS_FOR[category] // 10 * (850 + much % 300) // 1000
                is_medical = name == MEDICAL
                taken = opening if is_last or is_medical else opening * (600 + earlier % 400) // 1000
                most = _KEPT_OF_MEDICAL if is_medical else 10 + (1000 - int(care[key[0]])) // 40
                kept = 0 if is_last else made * (left % most) // 1000
                gone = made - kept
                used = gone * (_USED[category] + part % 60 - (0 if category == "general" else 30)) // 1000
                used_before = taken // 2
                stored[key] = opening - taken + kept
                yield {
                    "enterprise_id": row["enterprise_id"],
                    "area_code": row["area_code"],
                    "year": row["year"],
                    "category": category,
                    "kind": name,
                    "opening": opening,
                    "generated": made,
                    "used": used + used_before,
                    "used_from_before": used_before,
                    "disposed": gone - used + taken - used_before,
                    "disposed_from_before": taken - used_before,
                    "closing": stored[key],
                }


# Thousandths that are used; and for how many tenths of an enterprise each stands, so that the city has about as much
# waste as was published of 2021.
_USED = {"general": 925, "hazardous": 520}
_STANDS_FOR = {"general": 25, "hazardous": 33}
# A hospital may keep its waste for two days at most: what it keeps at the end of a year is fewer thousandths of it.
_KEPT_OF_MEDICAL = 5


def _credit(enterprises: pd.DataFrame, penalties: pd.DataFrame) -> Iterator[Row]:
    """The credit of each enterprise by year: points, and the level that points, good deeds and vetoes make of them.

    Whoever closes in a year is not rated for it. Green takes all points and two deeds beyond what is asked, of which
    the careful do more from year to year.
    """
    of_year = penalties.groupby(["enterprise_id", "year"])["violation"].agg(list).to_dict()
    for row in enterprises.to_dict("records"):
        care = int(row["diligence"])
        for year in YEARS:
            if not _works_in(row, year + 1):
                continue
            found = of_year.get((row["enterprise_id"], year), [])
            points = max(0, 100 - sum(VIOLATIONS[violation][2] for violation in found))
            has_veto = any(VIOLATIONS[violation][3] for violation in found)
            points -= min(points, max(0, 930 - care) // 50)
            deeds = max(0, (care - 880) // 50 + 1 + year - YEARS[0] - care % 3)
            is_green = points == 100 and deeds >= 2
            level = 3 if has_veto or points < 60 else 2 if points < 80 else 0 if is_green else 1
            yield {
                "enterprise_id": row["enterprise_id"],
                "area_code": row["area_code"],
                "year": year,
                "points": points,
                "green_indicators": deeds,
                "has_veto": has_veto,
                "level": LEVELS[level],
            }


def _areas(stream: Stream, city: str, places: Mapping[str, Place], years: pd.DataFrame) -> Iterator[Row]:
    """People, output and energy of each district and of the city, by year.

    Energy is that of the enterprises, of households by their people, and of all others by their output.
    """
    burnt = pd.DataFrame({name: years[name] * grams // 1000 for name, grams in COAL_EQUIVALENT.items()}).sum(axis=1)
    of_enterprises = burnt.groupby([years["area_code"], years["year"]]).sum().to_dict()
    output = {code: place.output * 1000 for code, place in places.items()}
    for position, year in enumerate(YEARS):
        rows: list[Row] = []
        for code, place in places.items():
            (saved,) = stream.words(1).tolist()
            output[code] = output[code] * (1000 + place.growth[position]) // 1000
            people = place.people[position] * 1000
            others = output[code] * (1500 - 45 * position + saved % 40) // 100
            energy = int(of_enterprises.get((code, year), 0)) + people * 320 + others
            rows.append({"area_code": code, "year": year, "people": people, "output": output[code], "energy": energy})
        whole = {name: sum(int(str(row[name])) for row in rows) for name in ("people", "output", "energy")}
        for name, thousandths in SHARED.items():
            whole[name] += whole[name] * thousandths // 1000
        yield {"area_code": city, "year": year, **whole}
        yield from rows


def _land(places: Mapping[str, Place]) -> Iterator[Row]:
    """What the land of each district is used for, in hectares; all of it adds up to the district."""
    for code, place in places.items():
        uses = {name: place.land * getattr(place, name) // 1000 for name in ("forest", "farmland", "built", "water")}
        uses["other"] = place.land - sum(uses.values())
        yield from ({"area_code": code, "use": use, "hectares": hectares} for use, hectares in uses.items())


def as_text(rows: pd.DataFrame) -> Iterator[dict[str, str]]:
    """*rows* of the world as they stand there, all text."""
    for row in rows.to_dict("records"):
        yield {str(name): str(value) for name, value in row.items()}
