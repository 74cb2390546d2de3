"""What the benchmark found, in words: the lines it ends with, and ``docs/performance.md`` with its chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from reportkit.charts import ACCENT, INK, QUIET

Found = Mapping[str, Any]

# The bar of each value: "at least" or "at most", and the number.
BARS = {
    "peak_memory_gb": ("at most", 1.5),
    "cold_speedup": ("at least", 12.0),
    "one_worker_speedup": ("at least", 6.0),
    "noop_seconds": ("at most", 1.5),
    "one_notebook_seconds": ("at most", 10.0),
    "preview_seconds": ("at most", 2.0),
    "per_page_growth_10x": ("at most", 1.2),
}
WAYS = {
    "plain": "plain: papermill in a loop, jupyter-book",
    "one_worker": "reportkit, one worker",
    "all_cores": "reportkit, all cores",
    "quarto": "Quarto, one report after the other",
}
CHANGES = {"noop": "nothing", "notebook": "a sentence in one notebook", "row": "one row of a table"}

DOCUMENT = """\
# Performance

Written by `make bench` from `build/bench.json`; `make bench-quick` measures less and leaves this page alone. Seconds
are of the clock, medians with the least and the most in parentheses.

Measured on {machine}, with {versions}.

## The bars

{bars}

* `cold_speedup`, `one_worker_speedup`: the total of the plain way divided by that of reportkit with all cores, and with
  one worker, of the same site from nothing.
* `noop_seconds`, `one_notebook_seconds`: `reportkit build` of a site that stands, after nothing, and after a new
  sentence in one notebook, whose reports keep what their cells gave. `preview_seconds`: from a saved sentence to the
  page that shows it.
* `per_page_growth_10x`: what a further page costs between the two larger sizes below, divided by what it costs between
  the two smaller: (t3 − t2) / (n3 − n2) over (t2 − t1) / (n2 − n1). The start of the programs is in neither; where a
  larger site took no longer than a smaller one, there is too much noise and it is not measured.
* `peak_memory_gb`: of the largest site below.

{profiles}## One site, three ways

{pages} pages of the {data} data; a page is a report: one chapter of one area, or the archive of one enterprise,
in one language. {rounds}, the ways in turn.

![Seconds of each way, executions and all else apart](performance.svg)

{ways}

* **Plain** is [tests/benchmark_plain.py](../tests/benchmark_plain.py): papermill's own engine with a cold kernel for
  each notebook, then one `jupyter-book build` a language. It executes the same notebooks with the same chapters and is
  given nothing that reportkit has kept. It is spared: search, downloads, checks, written pages, charts drawn as
  pictures. {sampled}
* **reportkit** is one `reportkit build` with an empty `build/`. Its executions begin with the start of the program and
  the check of the tables, and end with the line that counts the reports. With one worker, notebooks are executed one
  after the other; what all of them share is still computed, charts drawn and the books of the two languages made side
  by side.
* The blocks of {compared} reports were compared between the plain way and reportkit, every figure, table and chart
  specification of them, and are the same; a difference would have stopped the benchmark.
* Memory is that of all processes of a command together, looked at twice a second, what they share counted once
  (proportional set size; resident memory where the system cannot tell).{quarto}

## One small change

{changes}

Each is followed by `reportkit build` of the whole site; another sentence, another row each time. {preview}

## Many pages

{sizes}

Sites of generated areas: the city, and districts that have every row of a real one under a code of their own, two years
of days. All cores, from nothing. Areas are whole, so the sizes are the next above those asked for. What plain
would take to execute them is computed, by chapter, from the notebooks that the table counts; its site is not timed.
"""


def lines(found: Found) -> list[str]:
    """``name: value`` of everything that has a bar."""
    values = found["values"]
    return [f"{name}: {'not measured' if values[name] is None else values[name]}" for name in BARS]


def missed(values: Mapping[str, float | None]) -> list[str]:
    """The names of the values that were measured and do not reach their bar."""
    return [name for name, value in values.items() if value is not None and not _is_met(name, value)]


def write(found: Found, folder: Path) -> None:
    """Write ``performance.md`` and its chart into *folder*."""
    (folder / "performance.md").write_text(document(found), encoding="utf-8")
    (folder / "performance.svg").write_text(chart(found["ways"]["ways"]) + "\n", encoding="utf-8")


def document(found: Found) -> str:
    """The page; every number on it is one that was *found*."""
    machine, ways, scale = found["machine"], found["ways"], found["scale"]
    preview = found["changes"]["preview"]
    return DOCUMENT.format(
        machine=f"{machine['cores']} cores ({machine['processor']}), {machine['memory_gb']} GB, {machine['system']}",
        versions=", ".join(f"{name} {version}" for name, version in found["versions"].items()),
        bars=_bars(found["values"], ways["ways"]["plain"]["how"]),
        profiles="".join(_profile(name, profile) for name, profile in found["profiles"].items()),
        pages=ways["pages"],
        data=ways["data"],
        rounds="One round" if scale["rounds"] == 1 else f"{scale['rounds']} rounds",
        ways=_ways(ways),
        sampled=(
            "Every notebook was executed."
            if ways["ways"]["plain"]["how"] == "measured"
            else "Not all notebooks were executed: the time of the others is computed by chapter, and their pages are "
            "copies."
        ),
        compared=ways["reports_compared"],
        quarto=(
            "\n* **Quarto** renders a few reports, one after the other; the time of the others is computed by chapter."
            if "quarto" in ways["ways"]
            else "\n* Quarto was not there and is not compared."
        ),
        changes=_changes(found["changes"]),
        preview=(
            f"The preview showed a saved sentence after {_spread(preview['seconds'])} s, asked twenty times a second."
            if "seconds" in preview
            else f"The preview was not measured: {preview['not_measured']}."
        ),
        sizes=_sizes(found["sizes"]),
    )


def chart(ways: Found) -> str:
    """The seconds of each of the *ways* as bars, as SVG."""
    parts = {"execution": "executions", "site": "all else"}
    rows = [
        {"way": WAYS[way], "part": label, "seconds": it[part]["median"], "order": number}
        for way, it in ways.items()
        for number, (part, label) in enumerate(parts.items())
    ]
    drawing = (
        alt.Chart(alt.Data(values=rows), width=420)
        .mark_bar()
        .encode(
            x=alt.X("seconds:Q", title="seconds, median"),
            y=alt.Y("way:N", title=None, sort=[WAYS[way] for way in ways], axis=alt.Axis(labelLimit=300)),
            color=alt.Color(
                "part:N",
                title=None,
                scale=alt.Scale(domain=list(parts.values()), range=[ACCENT, QUIET]),
                legend=alt.Legend(orient="bottom"),
            ),
            order="order:Q",
        )
        .configure_axis(labelColor=INK, titleColor=INK)
    )
    return str(vl_convert.vegalite_to_svg(drawing.to_dict()))


def _bars(values: Mapping[str, float | None], plain: str) -> str:
    return _table(
        ("value", "bar", "measured", ""),
        [
            (
                f"`{name}` (plain {plain})" if name.endswith("_speedup") else f"`{name}`",
                f"{kind} {bar:g}",
                "not measured" if values[name] is None else f"{values[name]:g}",
                "" if values[name] is None else "met" if _is_met(name, values[name]) else "**not met**",
            )
            for name, (kind, bar) in BARS.items()
        ],
    )


def _is_met(name: str, value: float) -> bool:
    kind, bar = BARS[name]
    return value >= bar if kind == "at least" else value <= bar


def _profile(name: str, profile: Sequence[str]) -> str:
    listing = "\n".join(profile)
    return (
        f"### Why `{name}` is not met\n\nWhat reports took in processes of their own, by chapter; then the calls of "
        "reportkit's own process that took longest, with what they waited for, under cProfile, which slows them:\n\n"
        f"```text\n{listing}\n```\n\n"
    )


def _ways(ways: Found) -> str:
    return _table(
        ("way", "executions, s", "all else, s", "total, s", "peak memory, MB"),
        [
            (
                f"{WAYS[way]} ({it['how']})",
                *(_spread(it[part]) for part in ("execution", "site", "total")),
                f"{it['peak_megabytes']['most']:.0f}",
            )
            for way, it in ways["ways"].items()
        ],
    )


def _changes(changes: Found) -> str:
    return _table(
        ("what changed", "seconds", "reports executed"),
        [
            (label, _spread(changes[kind]["seconds"]), ", ".join(map(str, changes[kind]["reports_executed"])))
            for kind, label in CHANGES.items()
        ],
    )


def _sizes(sizes: Sequence[Found]) -> str:
    return _table(
        ("pages", "areas", "executions, s", "all else, s", "total, s", "peak memory, MB", "plain executions, s"),
        [
            (
                f"{size['pages']}",
                f"{size['areas']}",
                *(_spread(size["all_cores"][part]) for part in ("execution", "site", "total")),
                f"{size['all_cores']['peak_megabytes']['most']:.0f}",
                f"{size['plain_execution']['seconds']:.0f} ({size['plain_execution']['how']})"
                if "plain_execution" in size
                else "not measured",
            )
            for size in sizes
        ],
    )


def _spread(numbers: Mapping[str, float]) -> str:
    return f"{numbers['median']:.1f} ({numbers['least']:.1f}–{numbers['most']:.1f})"


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heading, ["---"] * len(heading), *rows))
