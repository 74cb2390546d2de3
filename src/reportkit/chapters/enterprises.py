"""Enterprise responsibility (items E1 to E7): the answer, key units and disclosure, then the other duties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from operator import methodcaller
from typing import Any

import pandas as pd

from reportkit import charts
from reportkit.blocks import Block, TableContent
from reportkit.chapters import MORE, Card, Headline, common, once_for_all
from reportkit.chapters.disclosers import REASONS
from reportkit.chapters.enterprises_items import MOST_ROWS, EnterprisesItems
from reportkit.figures import NO_DATA, Figure
from reportkit.standards import enterprises as standards
from reportkit.status import DEMONSTRATION

BOARD = (standards.ON_TIME, standards.LATE, standards.MISSING)
BOARD_COLOURS = dict(zip(BOARD, ("#0f6e84", "#d9a441", "#8d9db6"), strict=True))
# How many of the reports have a group of contents: at least so many percent, and the colour.
STEPS = {"all": (100, "#0f6e84"), "most": (90, "#4fa3b5"), "many": (75, "#e0bd74"), "few": (0, "#a85a2e")}
DARK = ("all", "few")  # colours on which text is white
TOTALS = ("key_units", "listings")  # units, each once, and listings: a unit counts in each of its classes
OTHERS_COMPARED = ("meets_share", "disclosed_on_time_share", "execution_reports", "permits_in_force", *TOTALS)
OCCASIONS = ("permit", "penalty", "damage", "detention", "criminal")


class Enterprises(EnterprisesItems):
    """What the enterprises of one area owe the public, and what of it they do: a method for each block."""

    slug = "enterprises"

    # --- the answer ------------------------------------------------------------------------------

    def answer(self) -> Block:
        """Do the enterprises do what they must? In a few sentences, each computed."""
        if not self.has_values:
            return self.statement("answer", self._last_published(), self.say("no_values"))
        return self.statement(
            "answer",
            self._last_published(),
            self._origin(),
            self._disclosure_sentence(),
            self._monitoring_sentence(),
            self._permits_sentence(),
            self._projects_sentence(),
        )

    @property
    def has_values(self) -> bool:
        """Whether anything is known of the year."""
        known = (self.monitoring, self.rows_of("key_units"), self.rows_of("eia"))
        return self.year in {*self.due_years, *self.permit_years, *(year for it in known for year in self.years_of(it))}

    def headline(self) -> Headline:
        """How many reported in time, and how many of those that monitor themselves meet all limits."""
        year = self.year
        on_time, meets = self.on_time_share(year), self.meets_share(year)
        if on_time.value is None:
            return Headline(self.say("headline.none"))
        before = self.on_time_share(year - 1)
        disclosed = Card(self.word("card.on_time"), on_time, before, "yearly-disclosure", better=MORE)
        if meets.value is None:
            return Headline(self.say("headline.on_time", on_time=on_time), [disclosed])
        measured = Card(self.word("card.meets"), meets, self.meets_share(year - 1), "self-monitoring", better=MORE)
        return Headline(self.say("headline.some", on_time=on_time, meets=meets), [disclosed, measured])

    def _last_published(self) -> list[Any]:
        """The list of key units that was published last of the city, on every page."""
        city = self.city
        last = city.last_published()
        if last is None:
            return []
        words = {"city": city.name(), "last": str(last)}
        return self.say("answer.last", units=city.key_units(last), listings=city.listings(last), **words)

    def _origin(self) -> list[Any]:
        """That what follows is invented, where it is."""
        known = (self.due(self.year), self.monitored(self.year), self.approved(self.year))
        is_invented = any(figure.value and figure.status == DEMONSTRATION for figure in known)
        return self.say("answer.city_invented" if self.area.is_city else "answer.invented") if is_invented else []

    def _disclosure_sentence(self) -> list[Any]:
        if not self.due(self.year).value:
            return self.say("answer.no_disclosers") if self.year in self.due_years else []
        counts = {state.removeprefix("report_"): self.disclosed(state, self.year) for state in BOARD}
        words = {"due": self.due(self.year), "complete": self.complete(self.year), "before": str(self.year - 1)}
        return self.say("answer.disclosure", day=self._deadline(), **counts, **words)

    def _deadline(self) -> str:
        """The day by which reports were due this year, in words."""
        due = standards.annual_deadline(self.year)
        return self.word("day", month=self.month_name(due.month), day=str(due.day))

    def _monitoring_sentence(self) -> list[Any]:
        obliged = self.monitored(self.year)
        if not obliged.value:
            return []
        return self.say(
            "answer.monitoring",
            obliged=obliged,
            published=self.published_share(self.year),
            meets=self.meets_share(self.year),
        )

    def _permits_sentence(self) -> list[Any]:
        if self.year not in self.permit_years:
            return []
        words = {"ending": self.permits_ending(self.year), "filed": self.reports_share(self.year)}
        return self.say("answer.permits", permits=self.permits_in_force(self.year), **words)

    def _projects_sentence(self) -> list[Any]:
        if not self.approved(self.year).value:
            return []
        days, exempt = self.days_taken("form", self.year), self.projects("exempt", self.year)
        return self.say("answer.projects", approved=self.approved(self.year), days=days, exempt=exempt)

    # --- key units -------------------------------------------------------------------------------

    def key_unit_list(self) -> Block:
        """How many units, and how many listings, the list of key units had over the years."""
        lines: dict[str, Callable[[int], Figure]] = {"key_units": self.key_units, "listings": self.listings}
        notes = [self.say("key_units.note"), self.say("key_units.break")]
        years = self.list_years
        return common.over_years(
            self,
            "key_units",
            lines,
            years,
            breaks=self.list_breaks(),
            notes=notes,
            item="E3",
            tables=[self.units],
        )

    def key_unit_classes(self) -> Block:
        """What classes the list has, and how many units are in each."""
        title, as_of = self.say("classes.title"), date(self.year, 12, 31)
        years = [year for year in (self.year, self.year - 1) if year in self.list_years]
        years = [year for year in years if self._is_like_this(year)]
        if not years:
            return self._no_key_units("classes", title, "E3")
        rows: list[list[Any]] = [
            [
                one.name_zh if self.language == "zh" else one.name_en,
                *(self.listings_in(one.code, year) for year in years),
                self.word(f"yes.{one.is_discharger}"),
            ]
            for one in standards.key_unit_classes(as_of).values()
        ]
        rows.append([self.word("classes.listings"), *map(self.listings, years), ""])
        rows.append([self.word("classes.units"), *map(self.key_units, years), ""])
        columns = [self.words("class"), *(self.numbers(f"in_{year}", str(year)) for year in years)]
        content = TableContent([*columns, self.words("must_disclose")], rows, self.download("classes"))
        notes = [self.say("classes.note")]
        return self.block("table", "classes", {"table": content}, title=title, notes=notes, item="E3")

    def _is_like_this(self, year: int) -> bool:
        """Whether the list of a year has this year's classes, and was published where this year's was."""
        classes = [standards.key_unit_classes(date(one, 12, 31)).keys() for one in (year, self.year)]
        return classes[0] == classes[1] and self.is_published(year) == self.is_published(self.year)

    def published_figures(self) -> Block:
        """All that was published about the area's enterprises, the newest first, as it was printed."""
        title = self.say("published.title")
        rows = self.printed().sort_values(["year", "indicator"], ascending=[False, True], kind="stable")
        if rows.empty:
            return self.statement("published", self.say("published.none"), title=title, item="E3")
        content = TableContent(
            [self.words("indicator"), self.words("year"), self.numbers("value")],
            [
                [
                    row[f"name_{self.language}"],
                    str(row["year"]),
                    self.of_year(f"printed_{row['indicator']}", self._as_printed(row), int(row["year"]), row["unit"]),
                ]
                for row in rows.to_dict("records")
            ],
            self.download("published"),
        )
        notes = [self.say("published.note")]
        return self.block("table", "published", {"table": content}, title=title, notes=notes, item="E3")

    def _as_printed(self, row: dict[Any, Any]) -> Any:
        return self.as_published(row["indicator"], int(row["year"]))

    # --- disclosure ------------------------------------------------------------------------------

    def disclosers_over_years(self) -> Block:
        """How many had to report by March, how many did so in time, and how many told everything."""
        lines: dict[str, Callable[[int], Figure]] = {
            "due": self.due,
            "on_time_share": self.on_time_share,
            "complete_share": self.complete_share,
        }
        notes = [self.say("disclosers.note")]
        if self.due(self.year).value:
            counts = {reason: self.due_because(reason, self.year) for reason in REASONS}
            notes.append(self.say("disclosers.reasons", **counts))
        tables = [self.disclosers]
        return common.over_years(self, "disclosers", lines, self.due_years, notes=notes, item="E3", tables=tables)

    def board(self) -> Block:
        """District by district: how many reported in time, late, or not at all."""
        title, compared = self.say("board.title"), self.compared()
        city, areas = self.edition.city.slug, self.edition.areas
        measures = ("due", *BOARD, "disclosed_on_time_share", "complete_share")
        known = [slug for slug in areas if all(slug in compared[measure] for measure in measures)]
        shown = [slug for slug in known if slug != city and compared["due"][slug].value]
        if not shown:
            return self.statement("board", self.say("board.none"), title=title, item="E3")
        own = shown.index(self.area.slug) if self.area.slug in shown else None
        drawn = [shown[place] for place in common.pictured(len(shown), own)]
        names = {state: self.word(f"state.{state}") for state in BOARD}
        parts = [
            {
                "bar": self.name(areas[slug]),
                "part": names[state],
                "position": BOARD.index(state),
                "value": int(str(compared[state][slug].value)),
            }
            for slug in drawn
            for state in BOARD
            if compared[state][slug].value
        ]
        dues = {slug: int(str(compared["due"][slug].value)) for slug in drawn}
        ends = [{"bar": self.name(areas[slug]), "total": str(dues[slug]), "end": dues[slug]} for slug in drawn]
        columns = [self.words("area"), self.numbers("due")]
        columns += [self.numbers(state, names[state]) for state in BOARD]
        columns += [self.numbers("on_time_share"), self.numbers("complete_share")]
        rows = [
            [
                self.way_to_area(areas[slug]),
                *(compared[measure][slug] for measure in measures),
            ]
            for slug in known
            if slug == city or slug in shown
        ]
        return self.chart(
            "board",
            charts.stacked_bars,
            parts,
            ends,
            {names[state]: BOARD_COLOURS[state] for state in BOARD},
            {"axis": self.word("board.axis"), "step": "1"},
            alternative=self._board_in_words(len(shown)),
            table=TableContent(
                columns,
                rows,
                self.download("board"),
                marked=0 if self.area.is_city else None if own is None else own + (city in known),
            ),
            title=title,
            notes=[self.say("board.note", day=self._deadline()), *common.left_out(self, len(shown), len(drawn))],
            item="E3",
        )

    def _board_in_words(self, districts: int) -> list[Any]:
        """What the board shows: of the city, or where the data of a district are in error of the other *districts*."""
        compared, city = self.compared(), self.city
        if city.area.slug not in compared["due"]:
            return self.say("board.alternative_districts", count=str(districts))
        whole = {state.removeprefix("report_"): compared[state][city.area.slug] for state in BOARD}
        return self.say("board.alternative", city=city.name(), due=compared["due"][city.area.slug], **whole)

    def contents(self) -> Block:
        """Of the reports that came, how many have each group of contents, over the years."""
        title = self.say("contents.title")
        if self.year not in self.years_of(self.rows_of("disclosures")):
            return self.statement("contents", self.say("contents.none"), title=title, item="E3")
        years = [year for year in self.due_years if year in self.years_of(self.rows_of("disclosures"))]
        groups = standards.contents(date(self.year, 12, 31))
        shares = {group: [self.content_share(group, year) for year in years] for group in groups}
        known = {group: found for group, found in shares.items() if found[-1].value is not None}
        names = {group: groups[group][f"name_{self.language}"] for group in known}
        cells = [
            self._cell(self.word(f"group.{group}"), year, share)
            for group, found in known.items()
            for year, share in zip(years, found, strict=True)
            if share.value is not None
        ]
        levels = {self.word(f"step.{step}"): colour for step, (_, colour) in STEPS.items()}
        used = {cell["level"] for cell in cells}
        least = min(known, key=lambda group: _float(known[group][-1]))
        columns = [self.words("group"), self.words("article")]
        columns += [self.numbers(f"in_{year}", str(year)) for year in years]
        return self.chart(
            "contents",
            charts.class_grid,
            cells,
            {level: colour for level, colour in levels.items() if level in used},
            alternative=self._least_told(names[least], known[least][-1]),
            table=TableContent(
                columns,
                [[names[group], self._article(groups[group]["clause"]), *found] for group, found in known.items()],
                self.download("contents"),
            ),
            title=title,
            notes=[self.say("contents.note")],
            item="E3",
        )

    def _article(self, clause: str) -> str:
        """An article of the order, and its item if it names one, in the language of the page."""
        article, _, item = clause.removeprefix("Art. ").rstrip(")").partition("(")
        return self.word("article.item" if item else "article.whole", article=article, item=item)

    def _least_told(self, group: str, share: Figure) -> list[Any]:
        """What the reports of the year leave out most, if anything."""
        is_whole = _float(share) == STEPS["all"][0]
        return self.say("contents.all" if is_whole else "contents.alternative", group=group, share=share)

    def _cell(self, row: str, year: int, share: Figure) -> dict[str, Any]:
        """A share as a cell of the picture."""
        step = next(step for step, (least, _) in STEPS.items() if _float(share) >= least)
        words = {"level": self.word(f"step.{step}"), "mark": f"{_float(share):.0f}%"}
        return {"row": row, "column": str(year), **words, "is_dark": step in DARK}

    def overdue(self) -> Block:
        """Who reported late or not at all this year."""
        title = self.say("overdue.title")
        if self.year not in self.due_years:
            return self.statement("overdue", self.say("no_values"), title=title, item="E3")
        late = self.disclosers.where({"year": self.year, "state": [standards.LATE, standards.MISSING]})
        if late.empty:
            said = self.say("overdue.none" if self.due(self.year).value else "answer.no_disclosers")
            return self.statement("overdue", said, title=title, item="E3")
        late = late.sort_values(["state", "days_late", "enterprise_id"], ascending=[False, False, True])
        columns = [self.words("enterprise"), self.words("state"), self.words("published")]
        columns += [self.numbers("days_late"), self.words("why")]
        content = TableContent(
            columns,
            [
                [
                    self.enterprise(row["enterprise_id"]),
                    self.state_of(row["enterprise_id"]),
                    _day(row["published_date"]),
                    self.days_late(row["enterprise_id"]),
                    self.joined([self.word(f"reason.{reason}") for reason in REASONS if row[reason]]),
                ]
                for row in late.head(MOST_ROWS).to_dict("records")
            ],
            self.download("overdue"),
        )
        return self.block(
            "table",
            "overdue",
            {"table": content},
            title=title,
            notes=[self.say("overdue.note"), *self.shortened("overdue", len(late))],
            item="E3",
        )

    def temporary_reports(self) -> Block:
        """How many documents, of which kinds, had to be told of within five working days, and how many were."""
        columns: dict[str, Callable[[int], Figure]] = {
            "documents": self.documents,
            **{f"of_{occasion}": partial(self.documents, occasion=occasion) for occasion in OCCASIONS},
            **{state: partial(self.documents, state=state) for state in BOARD},
            "documents_on_time": self.documents_on_time,
        }
        notes = [self.say("temporary.note")]
        waiting = self.documents(self.year, state=standards.OPEN)
        notes += [self.say("temporary.open", waiting=waiting)] if waiting.value else []
        years = self.years_of(self.temporary)
        return common.by_year(self, "temporary", columns, years[::-1], item="E3", notes=notes, tables=[self.temporary])

    def duties(self) -> Block:
        """What enterprises must disclose, who, by when, under which rule, and what breaking it costs."""
        rows = [
            [
                *(row[f"{name}_{self.language}"] for name in ("duty", "who", "when")),
                *(self.duty_fine(row, column) or NO_DATA for column in ("least_yuan", "most_yuan")),
                row[f"sanction_{self.language}"] or self.word("duties.no_sanction"),
                f"{row['standard']} {row['clause']}".strip(),
                row["valid_from"],
                self.word("duties.unread" if row["verification"] == "memory" else "duties.read"),
            ]
            for row in self.duty_rows
        ]
        columns = [self.words(name) for name in ("duty", "who", "when")]
        columns += [self.numbers(name) for name in ("least_fine", "most_fine")]
        columns += [self.words(name) for name in ("sanction", "provision", "since", "is_read")]
        sections = self.joined([row[f"name_{self.language}"] for row in standards.sections(date(self.year, 12, 31))])
        notes = [self.say(f"duties.{name}") for name in ("note", "code", "exchanges")]
        notes += [self.say("duties.sections", sections=sections)] if sections else []
        content = TableContent(columns, rows, self.download("duties"))
        return self.block("table", "duties", {"table": content}, title=self.say("duties.title"), notes=notes, item="E3")

    # --- districts, and what is missing ----------------------------------------------------------

    @once_for_all
    def compared(self) -> dict[str, dict[str, Figure]]:
        """What is set side by side of each area: by measure, by the area's slug."""
        of_year = ("published_share", "meets_share", "due", "complete_share", "permits_in_force", *TOTALS)
        return self.of_all(
            {
                **{name: methodcaller(name, self.year) for name in of_year},
                **{state: methodcaller("disclosed", state, self.year) for state in BOARD},
                "disclosed_on_time_share": methodcaller("on_time_share", self.year),
                "execution_reports": methodcaller("reports_share", self.year),
            }
        )

    def districts(self) -> Block:
        """The districts by how many of their units publish what they measure, with other duties beside it."""
        compared = self.compared()
        others = {name: compared[name].get for name in OTHERS_COMPARED}
        notes = [self.say("districts.note")]
        return common.by_district(self, "districts", compared["published_share"], others=others, notes=notes)

    def missing(self) -> Block:
        """What was looked for and not found."""
        printed = set(self.printed()["indicator"])
        lists = self.say("missing.lists" if "key_units" not in printed else "missing.names")
        return self.statement(
            "missing",
            self.say("missing.districts") if not self.area.is_city else [],
            lists,
            self.say("missing.items"),
            self.say("missing.rules"),
            self.say("missing.persons"),
            title=self.say("missing.title"),
        )


def _day(value: Any) -> str:
    return NO_DATA if pd.isna(value) else f"{value:%Y-%m-%d}"


def _float(figure: Figure) -> float:
    return float(str(figure.value))
