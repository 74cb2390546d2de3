"""Demonstration of enterprises: the register of the one invented city, and what each of them owes the public.

Key units are those that let out and leave most in the world; who exceeded a limit there did so in its own monitoring,
and whoever was penalised for not disclosing has disclosed nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from reportkit.demonstration import law, permits, soil
from reportkit.demonstration.assumptions import INDUSTRIES, YEARS
from reportkit.demonstration.stream import Stream
from reportkit.demonstration.world import World, as_text
from reportkit.standards.enterprises import IN_FORCE

SEED = 20_240_610
LEAVING_SEED = SEED + 4  # of those that had to report in a year for the last time
ORIGIN = {"status": "demonstration", "source_id": "demo-enterprises"}

# How many of those that let out most are on the list, by class; from NEW_LIST on the list has other classes.
NEW_LIST = 2023
LISTED = {"water": 48, "air": 30, "noise": 2}
LISTED_UNTIL = {"other": 16}
LISTED_SINCE = {"groundwater": 5, "risk": 36}
MUST_DISCLOSE = ("water", "groundwater", "air", "noise")  # of the new list
AUDITED = {"over_limit": 7, "toxic": 4}
FIRST_DUE = IN_FORCE.year  # the first year in which reports were due; none came before the order
LEAST_FINE = 100_000

GROUPS = ("basic", "management", "pollution", "carbon", "emergency", "violations", "temporary", "other")
HARD_GROUPS = {"carbon": 130, "temporary": 60}  # thousandths in which what is hard to tell is missing
TIERS = ("key", "simplified", "registered")
MONITORED = ("measured", "within", "result", "installation_id", "highest", "permitted_limit")
PRODUCTS = {"electronics": ("circuits", 310), "lead_acid": ("cars", 360), "traction": ("cars", 140)}
# Decisions on projects: thousands of yuan of a district's output for each, days each takes, thousandths that take long.
PROJECTS = {"report": (9_000_000, 34, 20), "form": (900_000, 17, 15), "pledge": (2_600_000, 3, 0)}
WITHOUT_DECISION = {"registration": 260_000, "exempt": 700_000}
CHECKS = {"document": 14, "preparer": 6, "person": 9, "expert": 5}

Row = dict[str, str]
Ids = Mapping[int, Collection[str]]
Tables = Mapping[str, pd.DataFrame]
Document = tuple[str, str, str]  # whom it reached, on what occasion, of which day


def tables(world: World) -> dict[str, pd.DataFrame]:
    """The tables of this module, by their path below ``data/``."""
    stream, of_law = Stream(SEED), law.tables(world)
    register, issued = list(_register(stream, world)), list(permits.issued(world))
    key_units, audits = list(_key_units(world)), list(_audits(world))
    discharging, audited = _dischargers(key_units), _by_year(audits)
    obliged = _obliged(world, of_law, register, discharging, audited)
    registrations, changes = list(permits.registrations(stream, world)), list(permits.changes(stream, world))
    in_force = permits.held(world)
    rows: dict[str, Sequence[Row]] = {
        "register": register,
        "permits": issued,
        "key_units": key_units,
        "cleaner_production": audits,
        "disclosures": list(_disclosures(stream, world, register, obliged, audited)),
        "temporary_reports": [
            *_temporary_reports(stream, world, _documents(world, of_law), obliged),
            *_temporary_reports(Stream(SEED + 3), world, _further_documents(world, of_law, changes), obliged),
        ],
        "installations": list(as_text(world.installations)),
        "self_monitoring": list(_self_monitoring(stream, world, discharging, changes)),
        "registrations": registrations,
        "permit_changes": changes,
        "permit_oversight": list(permits.oversight(stream, world, in_force)),
        "permit_links": list(permits.links(stream, world, in_force)),
        "responsibility": list(_responsibility(stream, world, in_force, registrations)),
        "front_runners": list(_front_runners(world)),
        "producer_responsibility": list(_producers(stream, world)),
        "eia": list(_eia(stream, world)),
        "eia_checks": list(_eia_checks(stream, world)),
    }
    return {f"enterprises/{name}.csv": pd.DataFrame([row | ORIGIN for row in part]) for name, part in rows.items()}


def _register(stream: Stream, world: World) -> Iterator[Row]:
    """Every enterprise; some of the large ones have shares or bonds on a market."""
    for row in world.enterprises.to_dict("records"):
        (luck,) = stream.words(1).tolist()
        yield {
            **{name: str(row[name]) for name in ("enterprise_id", "name_zh", "name_en", "area_code", "industry")},
            "is_listed": "true" if int(row["size"]) > 300 and luck % 4 == 0 else "false",
            "opened_year": str(row["opened_year"]),
            "closed_year": str(row["closed_year"] or ""),
        }


# --- who must disclose ------------------------------------------------------------------------------


def _key_units(world: World) -> Iterator[Row]:
    """The list of each year: of each class those that let out, use or leave most; for soil those of its own table."""
    supervised = soil.tables(world)["soil/supervised_units.csv"]
    area = _area_of(world)
    for year in YEARS:
        classes = {**LISTED, **(LISTED_SINCE if year >= NEW_LIST else LISTED_UNTIL)}
        most = _most(world, year)
        listed = {kind: most[kind][:count] for kind, count in classes.items()}
        listed["soil"] = supervised.loc[supervised["year"].astype(str) == str(year), "enterprise_id"].tolist()
        for kind, ids in listed.items():
            for id_ in sorted(ids):
                yield {"enterprise_id": id_, "area_code": area[id_], "year": str(year), "kind": kind}


def _most(world: World, year: int) -> dict[str, list[str]]:
    """The enterprises of a year by what each class of the list looks at, the most first."""
    rows = world.years[world.years["year"] == year].set_index("enterprise_id")
    waste = world.waste[(world.waste["year"] == year) & (world.waste["category"] == "hazardous")]
    hazardous = waste.groupby("enterprise_id")["generated"].sum()
    measures = {
        "water": rows["cod"],
        "air": rows[["so2", "nox", "pm", "voc"]].sum(axis=1),
        "noise": rows.loc[rows["industry"].isin(["steel", "cars"]), "power"],
        "other": rows.loc[rows["industry"] == "hospital", "cod"],
        "groundwater": hazardous[~hazardous.index.isin(rows.index[rows["industry"] == "hospital"])],
        "risk": hazardous,
    }
    return {kind: _ranked(measure) for kind, measure in measures.items()}


def _ranked(measure: pd.Series) -> list[str]:
    return [str(id_) for _, id_ in sorted((-int(much), str(id_)) for id_, much in measure.items())]


def _audits(world: World) -> Iterator[Row]:
    """Who had to audit its production: those that exceeded a limit the year before, and users of toxic substances."""
    area, care = _area_of(world), _care_of(world)
    waste = world.waste[world.waste["category"] == "hazardous"]
    toxic = waste[waste["enterprise_id"].isin(_of_industry(world, "plating"))]
    ranked = _ranked(toxic[toxic["year"] == YEARS[0]].groupby("enterprise_id")["generated"].sum())
    for number, year in enumerate(YEARS):
        rows = world.years[world.years["year"] == year].set_index("enterprise_id")
        before = world.years[(world.years["year"] == max(year - 1, YEARS[0])) & world.years["has_exceeded"]]
        exceeded = before[before["enterprise_id"].isin(rows.index)].set_index("enterprise_id")["output"]
        count = AUDITED["toxic"]
        listed = {
            "over_limit": _ranked(exceeded)[: AUDITED["over_limit"]],
            "toxic": [id_ for id_ in ranked if id_ in rows.index][number * count : (number + 1) * count],
        }
        for reason, ids in listed.items():
            for id_ in sorted(set(ids) - set(listed["over_limit"] if reason == "toxic" else ())):
                yield {
                    "enterprise_id": id_,
                    "area_code": area[id_],
                    "year": str(year),
                    "reason": reason,
                    "accepted_year": str(year + 1) if year < YEARS[-1] and care[id_] > 380 else "",
                }


def _dischargers(key_units: Sequence[Row]) -> dict[int, set[str]]:
    """The key units of each year that must disclose."""
    must = [row for row in key_units if int(row["year"]) < NEW_LIST or row["kind"] in MUST_DISCLOSE]
    return _by_year(must)


def _by_year(rows: Sequence[Row]) -> dict[int, set[str]]:
    return {year: {row["enterprise_id"] for row in rows if row["year"] == str(year)} for year in YEARS}


def _obliged(
    world: World, of_law: Tables, register: Sequence[Row], discharging: Ids, audited: Ids
) -> dict[int, list[str]]:
    """Who had to report on each year by the March after it, unless it has closed by then."""
    listed = {row["enterprise_id"] for row in register if row["is_listed"] == "true"}
    closed = {row["enterprise_id"]: int(row["closed_year"] or 9999) for row in register}
    fined, measures = world.penalties[world.penalties["fine_yuan"] >= LEAST_FINE], of_law["law/coercive_measures.csv"]
    transfers = of_law["law/transfers.csv"]
    detained, convicted = transfers.query("reason == 'detention'"), transfers.query("outcome == 'convicted'")
    came_upon = [
        (fined["enterprise_id"], fined["decided_date"]),
        (measures["enterprise_id"], measures["began_date"].where(measures["kind"].isin(("restrict", "daily")), "")),
        (detained["enterprise_id"], detained["sent_date"]),
        (convicted["enterprise_id"], convicted["outcome_date"]),
    ]
    found = {}
    for year in YEARS:
        triggered = listed & {id_ for ids, days in came_upon for id_ in ids[days.str[:4] == str(year)]}
        found[year] = sorted(id_ for id_ in {*discharging[year], *audited[year], *triggered} if closed[id_] > year)
    return found


# --- what they disclosed ----------------------------------------------------------------------------


def _disclosures(
    stream: Stream, world: World, register: Sequence[Row], obliged: Mapping[int, Sequence[str]], audited: Ids
) -> Iterator[Row]:
    """The reports that came, by the year they were due in: the careful report in time and leave less out."""
    about = {row["enterprise_id"]: row for row in register}
    care, area = _care_of(world), _area_of(world)
    silent = _penalised(world, "no_disclosure")
    for year in range(FIRST_DUE, YEARS[-1] + 1):
        for id_ in obliged[year - 1]:
            comes, day, *gaps = stream.words(2 + len(GROUPS) + 2).tolist()
            better = care[id_] // 4 + 25 * (year - FIRST_DUE)
            if (id_, year) in silent or comes % 1000 < 140 - better // 3:
                continue
            is_late = comes % 997 < 330 - better
            due = date(year, 3, 15)
            early = max(due - timedelta(days=day % 50), IN_FORCE)
            published = due + timedelta(days=1 + day % 55) if is_late else early
            holds = [
                gap % 1000 >= HARD_GROUPS.get(group, 30) * 2 - better // 3
                for gap, group in zip(gaps, (*GROUPS, "audit", "financing"), strict=True)
            ]
            has_audit, has_financing = id_ in audited[year - 1], about[id_]["is_listed"] == "true"
            yield {
                "enterprise_id": id_,
                "area_code": area[id_],
                "year": str(year),
                "published_date": published.isoformat(),
                **{f"has_{group}": _yes(there) for group, there in zip(GROUPS, holds, strict=False)},
                "has_audit": _yes(holds[-2]) if has_audit else "",
                "has_financing": _yes(holds[-1]) if has_financing else "",
            }


def _documents(world: World, of_law: Tables) -> list[Document]:
    """Permits granted or renewed in turn, penalties, agreements on damage and detentions, each with its day."""
    in_turn = world.permits[~world.permits["is_out_of_turn"]]
    documents = [(row["enterprise_id"], "permit", row["issued_date"]) for row in in_turn.to_dict("records")]
    documents += [(row["enterprise_id"], "penalty", row["decided_date"]) for row in world.penalties.to_dict("records")]
    settled = of_law["law/compensation.csv"].query("settled_date != ''").to_dict("records")
    documents += [(row["enterprise_id"], "damage", row["settled_date"]) for row in settled]
    for row in of_law["law/transfers.csv"].query("reason == 'detention'").to_dict("records"):
        documents.append((row["enterprise_id"], "detention", row["sent_date"]))
    return documents


def _further_documents(world: World, of_law: Tables, changes: Sequence[Row]) -> list[Document]:
    """Permits granted out of turn, changed or cancelled, and convictions, each with its day."""
    out_of_turn = world.permits[world.permits["is_out_of_turn"]].to_dict("records")
    documents = [(row["enterprise_id"], "permit", row["issued_date"]) for row in out_of_turn]
    documents += [(row["enterprise_id"], "permit", row["date"]) for row in changes]
    for row in of_law["law/transfers.csv"].query("outcome == 'convicted'").to_dict("records"):
        documents.append((row["enterprise_id"], "criminal", row["outcome_date"]))
    return documents


def _temporary_reports(
    stream: Stream, world: World, documents: Sequence[Document], obliged: Mapping[int, Sequence[str]]
) -> Iterator[Row]:
    """The *documents* that reached those who had to report in their year, and when they told of them, if they did.

    Those who have to from the next year on take their words of *stream* too, and tell nothing.
    """
    care, area, of_leaving = _care_of(world), _area_of(world), Stream(LEAVING_SEED)
    for id_, occasion, day in sorted(documents):
        year = int(day[:4])
        if day < IN_FORCE.isoformat() or id_ not in {*obliged[year - 1], *obliged[year]}:
            continue
        comes, post, delay = (stream if id_ in obliged[year] else of_leaving).words(3).tolist()
        if id_ not in obliged[year - 1]:
            continue
        received = min(date.fromisoformat(day) + timedelta(days=post % 4), date(year, 12, 31))
        is_late = comes % 1000 < 320 - care[id_] // 4
        published = received + timedelta(days=16 + delay % 30 if is_late else 1 + delay % 5)
        is_silent = comes % 997 < 150 - care[id_] // 8 or published > date(YEARS[-1], 12, 31)
        yield {
            "enterprise_id": id_,
            "area_code": area[id_],
            "occasion": occasion,
            "received_date": received.isoformat(),
            "published_date": "" if is_silent else published.isoformat(),
        }


def _self_monitoring(stream: Stream, world: World, discharging: Ids, changes: Sequence[Row]) -> Iterator[Row]:
    """What the key dischargers had to measure, up to their last month, and what they published of it, if anything.

    Of all that was measured, the value nearest to its limit, or furthest above it, is named with its installation.
    """
    outlets = {id_: own.to_dict("records") for id_, own in world.installations.groupby("enterprise_id")}
    values = Stream(SEED + 1)
    care, area = _care_of(world), _area_of(world)
    over = world.years[world.years["has_exceeded"]].to_dict("records")
    exceeded = {(row["enterprise_id"], int(row["year"])) for row in over}
    cancelled = [row for row in changes if row["kind"] == "cancelled"]
    months = {(row["enterprise_id"], int(row["year"])): date.fromisoformat(row["date"]).month for row in cancelled}
    for year in YEARS:
        for id_ in sorted(discharging[year]):
            comes, points, gaps, above = stream.words(4).tolist()
            which, near = values.words(2).tolist()
            required = months.get((id_, year), 12) * (3 + points % 6)
            row = {"enterprise_id": id_, "area_code": area[id_], "year": str(year), "required": str(required)}
            if comes % 1000 < 190 - care[id_] // 6 - 20 * (year - YEARS[0]):
                yield row | dict.fromkeys(MONITORED, "")
                continue
            measured = required - gaps % 3 * (gaps % 1000 > care[id_] // 2 + 300)
            within = measured - (1 + above % 4) * ((id_, year) in exceeded)
            result = "meets" if within == measured else "exceeds"
            exceeds = result == "exceeds"
            outlet = world.outlet(id_, year) if exceeds else outlets[id_][which % len(outlets[id_])]
            percent = 102 + near % 70 if exceeds else 98 - near % 60 * care[id_] // 1000
            yield row | {
                "measured": str(measured),
                "within": str(within),
                "result": result,
                "installation_id": str(outlet["installation_id"]),
                "highest": str(int(str(outlet["permitted_limit"])) * percent // 100),
                "permitted_limit": str(outlet["permitted_limit"]),
            }


# --- responsibility, front-runners, producers -------------------------------------------------------


def _responsibility(
    stream: Stream, world: World, in_force: Mapping[int, pd.DataFrame], registrations: Sequence[Row]
) -> Iterator[Row]:
    """How many of each tier have a responsible head and an environmental officer; never who they are."""
    registered = {(row["area_code"], row["year"]): int(row["in_force"]) for row in registrations}
    for code in world.districts["area_code"]:
        for number, year in enumerate(YEARS):
            own = Counter(in_force[year].loc[in_force[year]["area_code"] == code, "management"])
            units = (own["key"], own["simplified"], registered[str(code), str(year)])
            for tier, count, head, officer in zip(TIERS, units, (985, 930, 610), (955, 800, 260), strict=True):
                heads, officers = stream.words(2).tolist()
                with_head = count * min(1000, head - 40 + 20 * number + heads % 40) // 1000
                yield {
                    "area_code": str(code),
                    "year": str(year),
                    "tier": tier,
                    "units": str(count),
                    "with_head": str(with_head),
                    "with_officer": str(min(with_head, count * (officer - 60 + 25 * number + officers % 60) // 1000)),
                }


def _front_runners(world: World) -> Iterator[Row]:
    """The most careful of each industry and year that has not been penalised, and has not closed in it."""
    care = _care_of(world)
    closed = world.years["enterprise_id"].map(world.enterprises.set_index("enterprise_id")["closed_year"])
    penalised = {(row["enterprise_id"], row["year"]) for row in world.penalties.to_dict("records")}
    for year in YEARS:
        rows = world.years[(world.years["year"] == year) & ~world.years["has_exceeded"] & (closed != year)]
        for industry in INDUSTRIES:
            of_industry = rows[rows["industry"] == industry]
            fit = [
                (-care[row["enterprise_id"]], row["enterprise_id"], row["area_code"])
                for row in of_industry.to_dict("records")
                if (row["enterprise_id"], year) not in penalised and care[row["enterprise_id"]] > 880
            ]
            for _, id_, code in sorted(fit)[: 1 + (year - YEARS[0]) // 2]:
                yield {"enterprise_id": id_, "area_code": code, "year": str(year), "industry": industry}


def _producers(stream: Stream, world: World) -> Iterator[Row]:
    """What producers put on the market, a year's mean of the three before, and what they took back; in tonnes."""
    for code in world.districts["area_code"]:
        own = Counter(world.enterprises.loc[world.enterprises["area_code"] == code, "industry"])
        for product, (industry, share) in PRODUCTS.items():
            (size,) = stream.words(1).tolist()
            base = own[industry] * (700 + size % 500)
            for year in YEARS:
                sold, back = stream.words(2).tolist()
                if not base:
                    continue
                now = base * (1010 + sold % 90) // 1000
                yield {
                    "area_code": str(code),
                    "year": str(year),
                    "product": product,
                    "put_on_market_t": str(now),
                    "base_t": str(base),
                    "recovered_t": str(base * (share + 35 * (year - YEARS[0]) + back % 50) // 1000),
                }
                base = (2 * base + now) // 3


# --- environmental impact assessment ----------------------------------------------------------------


def _eia(stream: Stream, world: World) -> Iterator[Row]:
    """What was decided on projects, by district and year, and how many days it took."""
    output = world.areas.set_index(["area_code", "year"])["output"]
    for code in world.districts["area_code"]:
        for number, year in enumerate(YEARS):
            thousands = int(output[code, year])
            for kind, (each, days, long) in PROJECTS.items():
                luck, speed, over = stream.words(3).tolist()
                count = 1 + thousands * (800 + luck % 400) // 1000 // each
                late = count * (over % (1 + 2 * long)) // 1000
                yield {
                    "area_code": str(code),
                    "year": str(year),
                    "kind": kind,
                    "projects": str(count),
                    "within_limit": str(count - late),
                    "days": str(count * (days * 100 + speed % 300 - 150 * number) // 100 if days > 9 else count * days),
                }
            for kind, each in WITHOUT_DECISION.items():
                (luck,) = stream.words(1).tolist()
                count = thousands * (800 + luck % 400) // 1000 // each
                yield {
                    "area_code": str(code),
                    "year": str(year),
                    "kind": kind,
                    "projects": str(count),
                    "within_limit": "",
                    "days": "",
                }


def _eia_checks(stream: Stream, world: World) -> Iterator[Row]:
    """How many documents, those who prepared them, and experts were checked, and how many were at fault."""
    for code in world.districts["area_code"]:
        for number, year in enumerate(YEARS):
            for kind, most in CHECKS.items():
                checked, faulted = stream.words(2).tolist()
                count = most + checked % most
                faults = count * (faulted % (180 - 25 * number)) // 1000
                yield {
                    "area_code": str(code),
                    "year": str(year),
                    "kind": kind,
                    "checked": str(count),
                    "faulted": str(faults),
                }


# --- about the enterprises --------------------------------------------------------------------------


def _area_of(world: World) -> dict[str, str]:
    return dict(zip(world.enterprises["enterprise_id"], world.enterprises["area_code"], strict=True))


def _care_of(world: World) -> dict[str, int]:
    return {row["enterprise_id"]: int(row["diligence"]) for row in world.enterprises.to_dict("records")}


def _of_industry(world: World, industry: str) -> set[str]:
    return set(world.enterprises.loc[world.enterprises["industry"] == industry, "enterprise_id"])


def _penalised(world: World, violation: str) -> set[tuple[str, int]]:
    """Who was penalised for a violation, and in which year."""
    rows = world.penalties[world.penalties["violation"] == violation]
    return {(row["enterprise_id"], int(row["year"])) for row in rows.to_dict("records")}


def _yes(answer: bool) -> str:
    return "true" if answer else "false"
