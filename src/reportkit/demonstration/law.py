"""Demonstration of law: what the enterprises of the one invented city were penalised for, and what came of it.

Penalties, their reasons and fines are the city's; so are those who are insured or spared inspections, the land that is
zoned and the emissions that are cut. What is drawn here is how each case went on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pandas as pd

from reportkit.demonstration.assumptions import YEARS
from reportkit.demonstration.stream import Stream
from reportkit.demonstration.world import World
from reportkit.standards import working_days

SEED = 20_240_611
ORIGIN = {"status": "demonstration", "source_id": "demo-law"}
Row = dict[str, str]

LAST_DAY = date(YEARS[-1], 12, 31)  # what would come later has not happened

# The eleven special plans, and the master plan of the city's environment.
SPECIAL_PLANS = (
    *("air", "water", "soil", "sea", "ecology", "waste", "countryside", "climate", "radiation", "monitoring"),
    "information",
)
PLANS = (*SPECIAL_PLANS, "master")

CUT = ("cod", "nh3n", "nox", "voc")  # the pollutants whose total is planned
RISKY = ("power", "steel", "chemicals", "plating", "circuits", "dyeing")  # industries that are asked to be insured

DOCUMENTS = (  # kind, names, years it is valid (0: until it is replaced)
    ("normative", "扬尘污染防治管理办法", "rules on dust", 5),
    ("normative", "河涌排口管理办法", "rules on outlets into creeks", 3),
    ("plan", "生态环境保护规划", "environmental plan", 5),
    ("standard", "企业环境管理指引", "guide to environmental management", 0),
)
# Why a decision that was published is so no longer: ground, reason in both languages, days until it was withdrawn.
WITHDRAWN = (
    ("revoked", "行政复议查明排放口不属于该单位", "on review the outlet was found to belong to another", 3),
    ("changed", "人民法院减轻了罚款，另行公开", "a court lowered the fine, which is published anew", 3),
    ("void", "没有告知听证的权利", "the right to a hearing had not been told", 11),
)
# What a decision rests on, by violation, and by the medium of the outlet where it has two.
BASES = {
    **{"without_permit": "permits_33", "ledger": "permits_37", "hazardous_waste": "waste_112"},
    "no_disclosure": "disclosure_28",
}
BASES_OF_MEDIA = {"air": "air_99", "water": "water_83"}
DAMAGED = {"air_99": "air", "water_83": "water", "waste_112": "soil"}  # by the provision, what a damage is of
# The facts of a decision in both languages; {outlet}, {pollutant} and {medium} are those of the outlet.
FACTS = {
    "over_standard": (
        "示例：{outlet}中的{pollutant}超过{medium}污染物排放标准",
        "Demo: {pollutant} in the {outlet} above the emission standard for {medium} pollutants",
    ),
    "facilities_idle": (
        "示例：排放{outlet}时没有运行治理设施",
        "Demo: treatment facilities stood still while the {outlet} was let out",
    ),
    "without_permit": (
        "示例：排污许可证到期没有延续，继续排放污染物",
        "Demo: went on discharging after the permit had ended",
    ),
    "hazardous_waste": (
        "示例：没有按规定贮存、处置危险废物",
        "Demo: hazardous waste stored and disposed of against the rules",
    ),
    "no_disclosure": ("示例：没有按规定披露环境信息", "Demo: environmental information not disclosed as required"),
    "ledger": ("示例：环境管理台账记录不全", "Demo: records missing in the environmental ledger"),
}
OUTLETS = {
    "boiler": ("锅炉烟气", "flue gas of the boiler"),
    "exhaust": ("工艺废气", "exhaust of the process"),
    "wastewater": ("生产废水", "waste water"),
}
POLLUTANTS = {
    "nox": ("氮氧化物", "nitrogen oxides"),
    "voc": ("挥发性有机物", "volatile organic compounds"),
    "cod": ("化学需氧量", "chemical oxygen demand"),
}
MEDIA = {"air": ("大气", "air"), "water": ("水", "water")}
INSTITUTIONS = (  # names, place of the district among all by code, since, fields
    ("环境损害鉴定评估所", "damage appraisal institute", 3, 2016, "air;water;soil"),
    ("司法鉴定中心", "forensic centre", 1, 2018, "water;soil"),
    ("生态修复评估中心", "restoration appraisal centre", 6, 2020, "soil"),
    ("大气环境鉴定所", "air appraisal institute", 5, 2022, "air"),
)


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    stream = Stream(SEED)
    penalties = list(_penalties(stream, world))
    tasks = _tasks(stream, len(world.districts))
    rows = {
        "penalties": penalties,
        "withdrawals": list(_withdrawals(world)),
        "coercive_measures": list(_coercive(stream, penalties)),
        "transfers": _with_answers(penalties, list(_transfers(stream, penalties))),
        "compensation": list(_compensation(stream, penalties)),
        "litigation": list(_litigation(stream, world)),
        "institutions": list(_institutions(world)),
        "documents": list(_documents(stream, world)),
        "plans": list(_plans(stream, world, tasks)),
        "yearly": list(_yearly(stream, world, tasks)),
        "zoning": list(_zoning(stream, world)),
        "reductions": list(_reductions(stream, world)),
    }
    return {f"law/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


# --- cases ------------------------------------------------------------------------------------------


def _penalties(stream: Stream, world: World) -> Iterator[Row]:
    """The decisions: when filed, taken and published, the fine, how it was recorded, and when all was put right."""
    columns = ("number", "enterprise_id", "area_code", "filed_date", "decided_date", "violation")
    of_kinds = Stream(SEED + 2)
    names = {str(row["area_code"]): row for row in world.districts.to_dict("records")}
    for row in world.penalties.to_dict("records"):
        out, record, review, right = stream.words(4).tolist()
        decided = date.fromisoformat(str(row["decided_date"]))
        district = names[str(row["area_code"])]
        which, gained = of_kinds.words(2).tolist()
        kinds = _kinds(str(row["violation"]), which)
        is_major = int(row["fine_yuan"]) >= 250_000 or "stop_production" in kinds
        yield {
            **{name: str(row[name]) for name in columns},
            **_case_of(str(row["violation"]), world.outlet(str(row["enterprise_id"]), int(row["year"]))),
            "fine_yuan": str(row["fine_yuan"]) if "fine" in kinds else "0",
            "kinds": ";".join(kinds),
            "confiscated_yuan": str(1000 * (6 + gained % 90)) if "confiscate" in kinds else "",
            "authority_zh": f"示例生态环境局{str(district['name_zh']).removesuffix('区')}分局",
            "authority_en": f"Demo bureau, {str(district['name_en']).removesuffix(' District')} branch",
            "published_date": "" if out % 40 == 0 else _day(_at_work(decided + timedelta(days=1 + out % 11))),
            "is_major": _said(is_major),
            "has_legal_review": _said(is_major and review % 25 > 0),
            "has_full_record": _said(record % 14 > 0),
            "corrected_date": "" if right % 9 == 0 else _until_now(decided + timedelta(days=5 + right % 60)),
        }


def _case_of(violation: str, outlet: Mapping[object, object]) -> Row:
    """What a decision rests on, and its facts; both are of the *outlet* where the violation has to do with one."""
    kind, pollutant, medium = (str(outlet[name]) for name in ("kind", "pollutant", "medium"))
    names = zip(FACTS[violation], OUTLETS[kind], POLLUTANTS[pollutant], MEDIA[medium], strict=True)
    facts_zh, facts_en = (facts.format(outlet=of, pollutant=what, medium=where) for facts, of, what, where in names)
    basis = BASES.get(violation) or BASES_OF_MEDIA[medium]
    return {"basis": basis, "facts_zh": facts_zh, "facts_en": facts_en}


def _withdrawals(world: World) -> Iterator[Row]:
    """Decisions that are none of the city's penalties any more: one a year in the last years."""
    stream = Stream(SEED + 3)
    for year, (ground, zh, en, wait) in zip(YEARS[1:], WITHDRAWN, strict=True):
        where, day, later = stream.words(3).tolist()
        code = str(world.districts["area_code"].iloc[where % len(world.districts)])
        others = world.penalties[(world.penalties["area_code"] == code) & (world.penalties["year"] == year)]
        decided = _at_work(date(year, 2, 1) + timedelta(days=day % 150))
        ended = _at_work(decided + timedelta(days=50 + later % 60))
        yield {
            "number": f"示例罚〔{year}〕{code}-{len(others) + 1:02}号",
            "area_code": code,
            "decided_date": _day(decided),
            "ground": ground,
            "ended_date": _day(ended),
            "withdrawn_date": _day(_at_work(ended + timedelta(days=wait))),
            "reason_zh": zh,
            "reason_en": en,
        }


def _kinds(violation: str, which: int) -> tuple[str, ...]:
    """What a decision imposes: mostly a fine; for some violations more than that, or a warning alone.

    No permit is suspended or revoked and no enterprise closed: in the city their permits go on.
    """
    if violation == "hazardous_waste" and which % 2 == 0:
        return ("fine", "confiscate")
    if violation == "facilities_idle" and which % 4 == 0:
        return ("fine", "stop_production")
    if violation == "no_disclosure":
        return ("warning",) if which % 3 == 0 else ("warning", "fine")
    return ("fine",)


def _coercive(stream: Stream, penalties: list[Row]) -> Iterator[Row]:
    """What was sealed, whose work was restricted, and who paid by the day because nothing was put right."""
    for penalty in penalties:
        which, length = stream.words(2).tolist()
        violation, decided = penalty["violation"], date.fromisoformat(penalty["decided_date"])
        began, days = decided - timedelta(days=10), 15 + length % 46
        if violation in ("facilities_idle", "hazardous_waste") and which % 3 == 0:
            kind, amount = "seal", ""
        elif violation in ("without_permit", "over_standard") and which % 4 == 0:
            kind, amount = "restrict", ""
        elif violation in ("without_permit", "over_standard") and which % 9 == 1:
            kind, began, days = "daily", decided + timedelta(days=1), 2 + length % 5
            amount = str(days * int(penalty["fine_yuan"]))
        else:
            continue
        ended = began + timedelta(days=days - 1)  # the last day counts
        yield {
            **_of(penalty, "DEMO-M"),
            "kind": kind,
            "began_date": _day(began),
            "ended_date": _day(ended) if ended <= LAST_DAY else "",
            "amount_yuan": amount,
        }


def _transfers(stream: Stream, penalties: list[Row]) -> Iterator[Row]:
    """What the bureau handed on to the police, the procuratorate and the court."""
    for penalty in penalties:
        which, later, taken = stream.words(3).tolist()
        violation = penalty["violation"]
        if violation == "facilities_idle" and which % 5 < 2:
            receiver, reason = "police", "detention"
        elif violation == "hazardous_waste" and which % 4 == 0:
            receiver, reason = "police", "crime"
        elif violation == "over_standard" and which % 10 == 0:
            receiver, reason = "procuratorate", "lead"
        elif which % 17 == 3:
            receiver, reason = "court", "execution"
        else:
            continue
        sent = date.fromisoformat(penalty["decided_date"]) + timedelta(days=2 + later % 20)
        yield {
            **_of(penalty, "DEMO-T"),
            **_sent(sent, "bureau", receiver, reason),
            "is_accepted": _said(taken % 8 > 0),
        }


def _with_answers(penalties: list[Row], transfers: list[Row]) -> list[Row]:
    """The *transfers* with those of the other three: what followed from them, and cases that came to the bureau so.

    Of a case that the police took up, a court convicted the enterprise. Some leads came back as a suggestion of the
    procuratorate; some breaches of the rules on hazardous waste had not been prosecuted, and were then penalised.
    """
    stream, found = Stream(SEED + 4), list(transfers)
    for transfer in transfers:
        which, later = stream.words(2).tolist()
        sent = date.fromisoformat(transfer["sent_date"]) + timedelta(days=30 + later % 30)
        if transfer["reason"] == "lead" and which % 2 == 0:
            found.append(_next(transfer, 2) | _sent(sent, "procuratorate", "bureau", "suggestion"))
        if transfer["reason"] == "crime" and transfer["is_accepted"] == "true":
            charged, judged = sent + timedelta(days=45), sent + timedelta(days=120)
            found.append(_next(transfer, 2) | _sent(sent, "police", "procuratorate", "prosecution"))
            outcome = {"outcome": "convicted", "outcome_date": _day(judged)} if judged <= LAST_DAY else {}
            found.append(_next(transfer, 3) | _sent(charged, "procuratorate", "court", "charge") | outcome)
    handed_on = {transfer["number"] for transfer in transfers}
    for penalty in penalties:
        if penalty["violation"] == "hazardous_waste" and penalty["number"] not in handed_on:
            sent = date.fromisoformat(penalty["filed_date"]) - timedelta(days=7)
            own = _sent(sent, "procuratorate", "bureau", "no_prosecution")
            found.append(_of(penalty, "DEMO-T") | own | {"is_accepted": "true"})
    come = [row for row in found if row["sent_date"] <= _day(LAST_DAY)]
    return [{**row, **{name: row.get(name, "") for name in ("outcome", "outcome_date")}} for row in come]


def _next(transfer: Row, number: int) -> Row:
    """What a further transfer of a case, which was accepted, has from the first."""
    kept = {name: transfer[name] for name in ("number", "enterprise_id", "area_code")}
    return {"case_id": f"{transfer['case_id']}-{number}", **kept, "is_accepted": "true"}


def _sent(day: date, sender: str, receiver: str, reason: str) -> Row:
    return {"sent_date": _day(day), "sender": sender, "receiver": receiver, "reason": reason}


def _compensation(stream: Stream, penalties: list[Row]) -> Iterator[Row]:
    """Leads to damage that followed from penalties: screened, agreed or sued for, paid for, restored."""
    for penalty in penalties:
        which, pace, much, way, end = stream.words(5).tolist()
        if penalty["basis"] not in DAMAGED or which % 10 == 0:
            continue
        lead = date.fromisoformat(penalty["decided_date"]) + timedelta(days=3)
        screened = lead + timedelta(days=15 + pace % 45)
        is_claimed = way % 10 < 7
        settled = screened + timedelta(days=40 + much % 150)
        restored = settled + timedelta(days=60 + end % 300)
        yield {
            **_of(penalty, "DEMO-C"),
            "medium": DAMAGED[penalty["basis"]],
            "lead_date": _day(lead),
            "screened_date": _until_now(screened),
            "is_claimed": _said(is_claimed and screened <= LAST_DAY),
            "settled_date": _until_now(settled) if is_claimed else "",
            "way": ("sued" if way % 70 < 6 else "negotiated") if is_claimed and settled <= LAST_DAY else "",
            "amount_yuan": str(1000 * (8 + much % 420)) if is_claimed and settled <= LAST_DAY else "",
            "restored_date": _until_now(restored) if is_claimed and end % 6 else "",
            "is_supervised": _said(is_claimed and bool(end % 6) and restored <= LAST_DAY),
        }


def _of(penalty: Row, prefix: str) -> Row:
    """What a case has from the penalty it follows from; there is one such case of a penalty at most."""
    own = penalty["enterprise_id"].replace("DEMO-E", prefix)
    return {
        "case_id": f"{own}-{penalty['decided_date'][:4]}",
        "number": penalty["number"],
        "enterprise_id": penalty["enterprise_id"],
        "area_code": penalty["area_code"],
    }


def _litigation(stream: Stream, world: World) -> Iterator[Row]:
    """Suits in the public interest, brought by organisations and by the procuratorate."""
    for year in YEARS:
        for nth in range(1, 7):
            where, day, who, much, end = stream.words(5).tolist()
            filed = date(year, 1, 10) + timedelta(days=day % 330)
            closed = filed + timedelta(days=90 + end % 260)
            is_closed = closed <= LAST_DAY
            yield {
                "case_id": f"DEMO-L-{year}-{nth}",
                "area_code": str(world.districts["area_code"].iloc[where % len(world.districts)]),
                "filed_date": _day(filed),
                "plaintiff": "organisation" if who % 3 == 0 else "procuratorate",
                "medium": ("air", "water", "soil", "ecology")[who % 4],
                "is_appraised_first": _said(who % 5 == 0),
                "claimed_yuan": str(10_000 * (5 + much % 240)),
                "punitive_yuan": str(10_000 * (1 + much % 60)) if is_closed and who % 7 == 0 else "",
                "closed_date": _day(closed) if is_closed else "",
                "outcome": ("settled" if end % 3 else "judged") if is_closed else "",
            }


def _institutions(world: World) -> Iterator[Row]:
    """Who appraises damage to the environment."""
    for number, (zh, en, place, since, fields) in enumerate(INSTITUTIONS, start=1):
        yield {
            "institution_id": f"DEMO-I-{number}",
            "name_zh": f"示例{zh}",
            "name_en": f"Demo {en}",
            "area_code": str(world.districts["area_code"].iloc[place % len(world.districts)]),
            "since_year": str(since),
            "media": fields,
        }


# --- documents and plans ----------------------------------------------------------------------------


def _documents(stream: Stream, world: World) -> Iterator[Row]:
    """What each district has issued: rules that end after some years, a plan, a guide."""
    for district in world.districts.to_dict("records"):
        code = str(district["area_code"])
        for nth, (kind, zh, en, valid) in enumerate(DOCUMENTS, start=1):
            start, day = stream.words(2).tolist()
            issued = date(2018 + start % 7, 1 + day % 12, 1 + day % 28)
            force = issued + timedelta(days=30)
            yield {
                "document_id": f"DEMO-R-{code}-{nth}",
                "area_code": code,
                "level": "district",
                "kind": kind,
                "name_zh": f"示例{district['name_zh']}{zh}",
                "name_en": f"Demo {str(district['name_en']).removesuffix(' District')} {en}",
                "number": f"示例{'规' if kind == 'normative' else '办'}〔{issued.year}〕{nth}号",
                "issued_year": str(issued.year),
                "issued_date": _day(issued),
                "in_force_date": _day(force),
                "valid_until": _day(force.replace(day=1, year=force.year + valid) - timedelta(days=1)) if valid else "",
            }


def _tasks(stream: Stream, districts: int) -> dict[tuple[str, int], list[tuple[int, bool]]]:
    """Each task of each special plan and year: the district it is for, by its place, and whether it was done."""
    found = {}
    for plan in SPECIAL_PLANS:
        for place, year in enumerate(YEARS):
            (many,) = stream.words(1).tolist()
            drawn = stream.words(10 + many % 14, 2).tolist()
            found[plan, year] = [(where % districts, luck % 100 < 84 + 4 * place) for where, luck in drawn]
    return found


def _plans(stream: Stream, world: World, tasks: Mapping[tuple[str, int], list[tuple[int, bool]]]) -> Iterator[Row]:
    """The yearly assessment of each plan of the city."""
    (city,) = set(world.areas["area_code"]) - set(world.districts["area_code"])
    for plan in PLANS:
        for year in YEARS:
            many, luck = stream.words(2).tolist()
            own = tasks.get((plan, year), [(0, True)] * (8 + many % 4))
            yield {
                "area_code": str(city),
                "plan": plan,
                "year": str(year),
                "tasks": str(len(own)),
                "tasks_done": str(sum(is_done for _, is_done in own)),
                "indicators": str(6 + many % 7),
                "indicators_met": str(6 + many % 7 - (luck % 3 if luck % 2 else 0)),
            }


def _yearly(stream: Stream, world: World, tasks: Mapping[tuple[str, int], list[tuple[int, bool]]]) -> Iterator[Row]:
    """What is counted once a year in each district: lessons, service, insurance, who may sue, tasks of the plans."""
    penalised = set(zip(world.penalties["enterprise_id"], world.penalties["year"], strict=True))
    care = world.enterprises[["enterprise_id", "diligence"]]
    works, left = (of.merge(care, on="enterprise_id") for of in (world.years, world.at_year_end))
    later = Stream(SEED + 1)
    for place, code in enumerate(map(str, world.districts["area_code"])):
        for year in YEARS:
            paid, layers, looked_up = later.words(3).tolist()
            taught, events, told, helped, joined, cover = stream.words(6).tolist()
            here = works[(works["area_code"] == code) & (works["year"] == year)]
            is_clean = ~here["enterprise_id"].isin([one for one, when in penalised if when == year])
            listed = int((is_clean & (here["diligence"] > 780)).sum())
            risky = left[(left["area_code"] == code) & (left["year"] == year) & left["industry"].isin(RISKY)]
            insured = int((risky["diligence"] > 420 - 30 * (year - YEARS[0])).sum())
            own = [is_done for (_, when), each in tasks.items() if when == year for at, is_done in each if at == place]
            yield {
                "area_code": code,
                "year": str(year),
                "officials_trained": str(60 + taught % 120),
                "events": str(4 + events % 18),
                "cases_explained": str(1 + told % 6),
                "positive_list": str(listed),
                "offsite_checks": str(listed * (2 + helped % 3)),
                "exempted": str(helped % 5),
                "visits": str(len(here) // 2 + helped % 20),
                "organisations": str(1 if joined % 4 == 0 else 0),
                "volunteers": str(20 + joined % 160),
                "insurance_asked": str(len(risky)),
                "insured": str(insured),
                "cover_10k_yuan": str(insured * (100 + cover % 200)),
                "insurance_claims": str(min(insured, paid % 3)),
                "paid_10k_yuan": str(min(insured, paid % 3) * (2 + paid % 17)),
                "plan_tasks": str(len(own)),
                "plan_tasks_done": str(sum(own)),
                "platform_layers": str(8 + 4 * (year - YEARS[0]) + layers % 5),
                "sites_looked_up": str(len(here) // 3 + looked_up % 30),
            }


def _zoning(stream: Stream, world: World) -> Iterator[Row]:
    """The control units of each district in two editions; their land adds up to that of the district."""
    hectares = world.land.set_index(["area_code", "use"])["hectares"]
    for code in map(str, world.districts["area_code"]):
        for edition in (2021, 2024):
            (more,) = stream.words(1).tolist()
            land = {use: int(hectares[code, use]) for use in ("forest", "farmland", "built", "water", "other")}
            priority = land["forest"] * 7 // 10 + land["water"] // 2
            key = land["built"] * (6 + (edition == 2024)) // 10
            areas = {"priority": priority, "key": key, "general": sum(land.values()) - priority - key}
            for number, (class_, area) in enumerate(areas.items()):
                yield {
                    "area_code": code,
                    "edition_year": str(edition),
                    "class": class_,
                    "units": str(2 + (more >> 4 * number) % 5 + area // 8000),
                    "area_hm2": str(area),
                }


def _reductions(stream: Stream, world: World) -> Iterator[Row]:
    """What each district was to cut of a pollutant's yearly total, and did, by works that were finished; in tonnes."""
    emitted = world.years.groupby(["area_code", "year"])[list(CUT)].sum()
    for code in map(str, world.districts["area_code"]):
        for year in YEARS:
            for pollutant in CUT:
                asked, made = stream.words(2).tolist()
                kilograms = int(str(emitted.at[(code, year), pollutant])) // 1000
                planned = kilograms * (20 + asked % 16) // 1000
                yield {
                    "area_code": code,
                    "year": str(year),
                    "pollutant": pollutant,
                    "planned_t": _tonnes(planned),
                    "achieved_t": _tonnes(planned * (88 + made % 50) // 100),
                }


# --- how it is written ------------------------------------------------------------------------------


_at_work = working_days.from_day  # what an office decides, publishes or withdraws, it does on a working day


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def _until_now(day: date) -> str:
    """A day, if it has come."""
    return _day(day) if day <= LAST_DAY else ""


def _said(is_so: bool) -> str:
    return str(bool(is_so)).lower()


def _tonnes(kilograms: int) -> str:
    return f"{kilograms // 1000}.{kilograms % 1000:03}"
