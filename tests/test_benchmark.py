"""What of the benchmark can be wrong without being seen in its numbers; it measures nothing."""

from __future__ import annotations

import copy
import cProfile
import dataclasses
import json
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

import benchmark
import benchmark_report
from benchmark_areas import areas_for, generated_project
from benchmark_measure import Failed, growth, measured, summary
from benchmark_plain import in_one_language, report_names
from projects import ENTERPRISES, read
from reportkit.blocks import MIMETYPE
from reportkit.chapters import discover, kinds
from reportkit.findings import stops
from reportkit.manifest import hash_value
from reportkit.project import Project
from reportkit.validate import check


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The city and six generated districts."""
    return generated_project(tmp_path_factory.mktemp("areas"), 7)


# --- generated areas ----------------------------------------------------------------------------------------


def test_nothing_in_a_generated_project_stops_the_line(project: Project) -> None:
    assert not stops(check(project))


def test_a_generated_project_has_as_many_pages_as_are_asked_for(project: Project) -> None:
    pages = 7 * 2 * len(discover()) + 6 * 2 * ENTERPRISES
    assert areas_for(pages) == 7
    assert areas_for(pages + 1) == 8
    assert len(list(report_names(project.root))) == pages


def test_a_generated_district_has_the_rows_of_a_real_one(project: Project) -> None:
    areas = read(project.data / "areas.csv")
    assert [row["name_en"] for row in areas][:2] == ["Guangzhou", "Test district 001"]
    assert len({row["slug"] for row in areas} | {row["area_code"] for row in areas}) == 14
    stations = [row for row in read(project.data / "stations.csv") if row["area_code"] == areas[5]["area_code"]]
    days = read(project.data / "air" / "station_daily_2024.csv")
    for station in stations:
        assert sum(row["station_id"] == station["station_id"] for row in days) > 300
    assert len(stations) >= 2
    sections = read(project.data / "water" / "sections.csv")
    assert {row["area_code"] for row in sections} == {row["area_code"] for row in areas[1:]}


# --- numbers ------------------------------------------------------------------------------------------------


def test_growth_compares_what_a_further_page_costs() -> None:
    assert growth([10, 100, 1000], [5 + 10, 5 + 100, 5 + 1000]) == pytest.approx(1)
    assert growth([10, 100, 1000], [15, 105, 105 + 2 * 900]) == pytest.approx(2)


def test_a_larger_site_that_takes_less_is_noise() -> None:
    assert growth([10, 100, 1000], [15, 14, 100]) is None
    assert growth([10, 100, 1000], [15, 20, 19]) is None


def test_numbers_are_summed_up_with_their_spread() -> None:
    assert summary([3.0, 1.0, 2.004]) == {"median": 2.0, "least": 1.0, "most": 3.0}


def test_a_sample_has_each_chapter_as_often_and_both_languages(project: Project) -> None:
    names = list(report_names(project.root))
    chosen = benchmark.sample(names, 2 * len(kinds()))
    of_each = {chapter: len(found) for chapter, found in benchmark.of_chapters(chosen).items()}
    assert of_each == dict.fromkeys(kinds(), 2)
    assert {name[-2:] for name in chosen} == {"zh", "en"}
    assert benchmark.sample(names, None) == names


@pytest.mark.parametrize("scale", [benchmark.FULL, benchmark.QUICK])
def test_sizes_grow_and_their_samples_have_each_chapter(scale: benchmark.Scale, project: Project) -> None:
    areas = [areas_for(pages, scale.chapters) for pages in scale.pages]
    assert areas == sorted(set(areas))
    names = list(report_names(project.root))
    for count in (scale.sample, scale.sample_of_sizes or 1, benchmark.QUARTO_RENDERS):
        assert set(benchmark.of_chapters(benchmark.sample(names, count))) == set(kinds())


def test_what_was_not_executed_takes_as_long_as_its_chapter() -> None:
    names = [f"2024/{area}/{chapter}.zh" for area in "abc" for chapter in ("air", "water")]
    taken = {"2024/a/air.zh": 4.0, "2024/b/air.zh": 2.0, "2024/a/water.zh": 1.0}
    assert benchmark.extrapolated(taken, names) == pytest.approx(3 * 3 + 3 * 1)


# --- measuring ----------------------------------------------------------------------------------------------


def test_lines_are_measured_as_they_are_said() -> None:
    done = measured(sys.executable, "-c", "import time; print('one'); time.sleep(1); print('two')")
    assert done.output == "one\ntwo\n"
    assert 0.9 < done.when("two") - done.when("one") < done.seconds
    assert 1 < done.peak_megabytes < 100


def test_a_command_that_fails_says_what_it_said() -> None:
    with pytest.raises(Failed, match="so it is"):
        measured(sys.executable, "-c", "raise SystemExit('so it is')")


def test_a_leg_that_fails_ends_the_benchmark(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise Failed("the reason")

    monkeypatch.setattr(benchmark, "bench", fail)
    assert benchmark.main(["--quick"]) == 1
    assert "the reason" in capsys.readouterr().err


def test_a_profile_names_our_functions_alone(tmp_path: Path) -> None:
    profiler = cProfile.Profile()
    profiler.runcall(hash_value, {"a": 1})
    profiler.dump_stats(tmp_path / "profile")
    calls = [line.split("×")[1].strip() for line in benchmark.longest_calls(tmp_path / "profile")]
    assert [re.sub(r":\d+", "", call) for call in calls] == [
        "reportkit/manifest.py hash_value",
        "reportkit/manifest.py hash_bytes",
    ]


# --- the same pages -----------------------------------------------------------------------------------------


def executed(path: Path, value: str) -> None:
    """A notebook at *path* whose one block holds *value*."""
    block = {"name": "answer", "content": {"value": value}, "inputs": {"by": str(path)}}
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", {MIMETYPE: block})])
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)


def test_a_figure_that_differs_between_the_ways_is_noticed(project: Project) -> None:
    names = list(report_names(project.root))[:2]
    for name in names:
        executed(benchmark.plain_notebook(benchmark.plain_folder(project), name), "1")
        executed(project.build / "reports" / f"{name}.ipynb", "1")
    assert benchmark.assert_same(project, names) == 2
    executed(project.build / "reports" / f"{names[1]}.ipynb", "2")
    with pytest.raises(Failed, match=re.escape(names[1])):
        benchmark.assert_same(project, names)


def test_reports_without_blocks_are_not_taken_for_the_same(project: Project) -> None:
    name = list(report_names(project.root))[2]
    for path in (
        benchmark.plain_notebook(benchmark.plain_folder(project), name),
        project.build / "reports" / f"{name}.ipynb",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(), path)
    with pytest.raises(Failed, match=re.escape(name)):
        benchmark.assert_same(project, [name])


def test_the_plain_way_has_the_text_of_one_language_and_no_code_in_sight() -> None:
    cells = [
        nbformat.v4.new_markdown_cell("# {{ district_name }}", metadata={"tags": ["zh"]}),
        nbformat.v4.new_markdown_cell("# In {{ district_name }}", metadata={"tags": ["en"]}),
        nbformat.v4.new_code_cell("1"),
    ]
    made = in_one_language(nbformat.v4.new_notebook(cells=cells), "en", {"district_name": "A"})
    assert [cell.source for cell in made.cells] == ["# In A", "1"]
    assert made.cells[1].metadata.tags == ["remove-input"]


def test_the_ways_take_turns_round_after_round(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that slows down slows all of them."""
    made: list[str] = []

    def timed(way: str) -> benchmark.Timing:
        made.append(way)
        return benchmark.Timing(1.0, 1.0, 2.0, 100.0)

    monkeypatch.setattr(benchmark, "plain", lambda *_: timed("plain"))
    monkeypatch.setattr(benchmark, "ours", lambda _, *options: timed(" ".join(options) or "all"))
    monkeypatch.setattr(benchmark, "assert_same", lambda _, executed: len(executed))
    monkeypatch.setattr(benchmark.shutil, "which", lambda _: None)
    found = benchmark.compare(project, dataclasses.replace(benchmark.FULL, rounds=2))
    assert made == 2 * ["plain", "--jobs 1", "all"]
    assert found["reports_compared"] == len(benchmark.sample(list(report_names(project.root)), benchmark.FULL.sample))


# --- what is written ----------------------------------------------------------------------------------------


def timing(total: float, how: str = "measured") -> dict[str, Any]:
    """One way, three rounds, in *total* seconds."""
    return {
        "how": how,
        "execution": summary([total * 0.7]),
        "site": summary([total * 0.3]),
        "total": summary([total, total - 1, total + 1]),
        "peak_megabytes": summary([700.0]),
    }


def sample_found() -> dict[str, Any]:
    """What a benchmark finds: one bar is not met, the preview is not measured, plain was sampled."""
    found: dict[str, Any] = {
        "scale": {"rounds": 3},
        "machine": {"system": "Linux", "processor": "x86_64", "cores": 2, "memory_gb": 8.0},
        "versions": {"Python": "3.11.7", "papermill": "2.7.0"},
        "ways": {
            "data": "shipped",
            "pages": 96,
            "reports_compared": 12,
            "ways": {
                "plain": timing(800.0, "sampled: 12 of 96 reports"),
                "one_worker": timing(100.0),
                "all_cores": timing(80.0),
            },
        },
        "changes": {
            "noop": {"seconds": summary([0.51]), "reports_executed": [0]},
            "notebook": {"seconds": summary([8.75]), "reports_executed": [24]},
            "row": {"seconds": summary([31.5]), "reports_executed": [50]},
            "preview": {"not_measured": "there is none"},
        },
        "sizes": [
            {"areas": pages // 8, "pages": pages, "all_cores": timing(10.0 + pages)} for pages in (16, 136, 1000)
        ],
        "profiles": {"cold_speedup": ["1 0.1 0.1 80.0 80.0 reportkit/run.py:1(run)"]},
    }
    found["sizes"][0]["plain_execution"] = {"how": "computed: 4 of 16 notebooks", "seconds": 120.0}
    return json.loads(json.dumps(found | {"values": benchmark.values(found)}))


def test_the_last_lines_are_the_values_that_have_a_bar() -> None:
    assert benchmark_report.lines(sample_found()) == [
        "peak_memory_gb: 0.68",
        "cold_speedup: 10.0",
        "one_worker_speedup: 8.0",
        "noop_seconds: 0.51",
        "one_notebook_seconds: 8.75",
        "preview_seconds: not measured",
        "per_page_growth_10x: 1.0",
    ]


def test_a_bar_that_is_not_met_is_named_with_its_profile() -> None:
    found = sample_found()
    assert benchmark_report.missed(found["values"]) == ["cold_speedup"]
    written = benchmark_report.document(found)
    assert "| `cold_speedup` (plain sampled: 12 of 96 reports) | at least 12 | 10 | **not met** |" in written
    assert "### Why `cold_speedup` is not met" in written
    assert "reportkit/run.py:1(run)" in written


def test_the_page_says_what_was_sampled_computed_and_not_measured(tmp_path: Path) -> None:
    found = sample_found()
    benchmark_report.write(found, tmp_path)
    written = (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert "(sampled: 12 of 96 reports)" in written
    assert "120 (computed: 4 of 16 notebooks)" in written
    assert "their pages are copies" in written
    assert "The preview was not measured: there is none." in written
    assert "Quarto was not there" in written
    assert (tmp_path / "performance.svg").read_text(encoding="utf-8").startswith("<svg")
    whole = copy.deepcopy(found)
    whole["ways"]["ways"]["plain"] = timing(800.0)
    assert "sampled" not in benchmark_report.document(whole)
