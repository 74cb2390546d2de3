"""Settings: every key is checked, and what is wrong is said with its line and the nearest known key."""

from __future__ import annotations

from pathlib import Path

import pytest

from projects import REPO
from reportkit.errors import SettingsError
from reportkit.project import CONFIG, Project, open_project, read_settings

SETTINGS = """\
title: t
execute:
  execute_notebooks: "off"
sphinx:
  config:
    language: zh_CN
reportkit:
  area: "440100"
  years: [2024, 2023]
  languages: [zh, en]
  site_title:
    zh: 题
    en: title
  publisher: {zh: 某局, en: a bureau}
"""


def refused(tmp_path: Path, *changes: tuple[str, str], settings: str = SETTINGS) -> SettingsError:
    """What is said about the settings once every *change* (before, after) is made."""
    for before, after in changes:
        assert before in settings
        settings = settings.replace(before, after, 1)
    path = tmp_path / CONFIG
    path.write_text(settings, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        read_settings(path)
    return error.value


def test_the_settings_of_the_repository_check() -> None:
    settings = read_settings(REPO / CONFIG)
    assert (settings.area, settings.years, settings.languages) == ("440100", (2024,), ("zh", "en"))


def test_settings_are_read_with_the_years_in_order_and_what_is_left_out_filled_in(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text(SETTINGS, encoding="utf-8")
    settings = read_settings(tmp_path / CONFIG)
    assert settings.years == (2023, 2024)
    assert settings.languages == ("zh", "en")
    assert settings.publisher["zh"] == "某局"
    assert (settings.base_url, settings.notebook_timeout_seconds) == ("", 600)


@pytest.mark.parametrize(
    ("before", "after", "line", "key", "nearest"),
    [
        ("title: t", "titel: t", 1, "titel", "title"),
        ("execute:", "excute:", 2, "excute", "execute"),
        ("  execute_notebooks:", "  execute_notebook:", 3, "execute_notebook", "execute_notebooks"),
        ("    language: zh_CN", "    langage: zh_CN", 6, "langage", "language"),
        ("  config:", "  confg:", 5, "confg", "config"),
        ("reportkit:\n", "reportkit:\n  yeers: []\n", 8, "yeers", "years"),
        ("    zh: 题", "    hz: 题", 12, "hz", "zh"),
        ("en: a bureau}", "en: a bureau, fr: x}", 14, "fr", None),
        ('  area: "440100"', "  base_ulr: x\n", 8, "base_ulr", "base_url"),
    ],
)
def test_an_unknown_key_anywhere_is_named_with_its_line_and_the_nearest_known_one(
    tmp_path: Path, before: str, after: str, line: int, key: str, nearest: str | None
) -> None:
    error = refused(tmp_path, (before, after))
    assert (error.found, error.where) == (key, f"{tmp_path / CONFIG}, line {line}")
    assert error.do == (f"did you mean '{nearest}'?" if nearest else "known names: en, zh")


@pytest.mark.parametrize("key", ["area", "years", "languages", "site_title", "publisher"])
def test_each_key_that_has_no_default_must_be_there(tmp_path: Path, key: str) -> None:
    lines = SETTINGS.splitlines(keepends=True)
    start = next(place for place, line in enumerate(lines) if line.startswith(f"  {key}:"))
    end = start + (3 if key == "site_title" else 1)
    error = refused(tmp_path, settings="".join([*lines[:start], *lines[end:]]))
    assert f"reportkit.{key}' is missing" in error.what
    assert error.where == f"{tmp_path / CONFIG}, line 7"


def test_a_text_is_needed_in_both_languages(tmp_path: Path) -> None:
    error = refused(tmp_path, ("    en: title\n", ""))
    assert "reportkit.site_title.en' is missing" in error.what
    assert error.where == f"{tmp_path / CONFIG}, line 11"


@pytest.mark.parametrize(
    ("before", "after", "line", "expected"),
    [
        ('area: "440100"', "area: 440100", 8, "str"),
        ("years: [2024, 2023]", "years: 2024", 9, "list"),
        ("languages: [zh, en]", "languages: zh", 10, "list"),
        ("    zh: 题", "    zh: 2024", 12, "str"),
        ("  publisher: {zh: 某局, en: a bureau}", "  publisher: 某局", 14, "a group of keys"),
        ('area: "440100"', 'area: "440100"\n  base_url: true', 9, "str"),
        ('area: "440100"', 'area: "440100"\n  notebook_timeout_seconds: "60"', 9, "int"),
        ('area: "440100"', 'area: "440100"\n  notebook_timeout_seconds: true', 9, "int"),
    ],
)
def test_a_value_of_another_type_is_named_with_its_line(
    tmp_path: Path, before: str, after: str, line: int, expected: str
) -> None:
    error = refused(tmp_path, (before, after))
    assert (error.expected, error.where) == (expected, f"{tmp_path / CONFIG}, line {line}")


@pytest.mark.parametrize("language", ["fr", "zh-CN", "1"])
def test_a_language_without_a_catalogue_is_refused(tmp_path: Path, language: str) -> None:
    error = refused(tmp_path, ("[zh, en]", f"[zh, {language}]"))
    assert error.where == f"{tmp_path / CONFIG}, line 10"
    assert error.do is not None
    assert "zh" in error.do


@pytest.mark.parametrize("year", ["'2024'", "24", "2024.5", "true", "3000"])
def test_a_year_is_a_whole_number_of_our_time(tmp_path: Path, year: str) -> None:
    error = refused(tmp_path, ("[2024, 2023]", f"[2023, {year}]"))
    assert "is not a year" in error.what
    assert error.where == f"{tmp_path / CONFIG}, line 9"


@pytest.mark.parametrize(
    "change", [("[2024, 2023]", "[2024, 2024]"), ("[zh, en]", "[zh, zh]")], ids=["years", "languages"]
)
def test_a_year_or_language_stands_there_once(tmp_path: Path, change: tuple[str, str]) -> None:
    assert "line" in str(refused(tmp_path, change).where)


@pytest.mark.parametrize("change", [("[2024, 2023]", "[]"), ("[zh, en]", "[]")])
def test_a_site_has_at_least_one_year_and_one_language(tmp_path: Path, change: tuple[str, str]) -> None:
    assert "at least one year and one language" in refused(tmp_path, change).what


@pytest.mark.parametrize("settings", ["", "title: t\n", "- a\n", "text\n"])
def test_a_file_without_our_part_is_refused(tmp_path: Path, settings: str) -> None:
    assert "has no part 'reportkit:'" in refused(tmp_path, settings=settings).what


@pytest.mark.parametrize("settings", ["title: [\n", "a: b: c\n"])
def test_what_is_not_yaml_is_said(tmp_path: Path, settings: str) -> None:
    assert "not valid YAML" in refused(tmp_path, settings=settings).what


@pytest.mark.parametrize("part", ["reportkit:", "reportkit: []", "reportkit: text"])
def test_an_empty_part_of_ours_is_refused(tmp_path: Path, part: str) -> None:
    assert "reportkit" in refused(tmp_path, settings=f"title: t\n{part}\n").what


@pytest.mark.parametrize("known", ["myst_enable_extensions: []", "nb_execution_mode: off", "linkcheck_ignore: []"])
def test_keys_of_sphinx_that_a_book_uses_are_known(tmp_path: Path, known: str) -> None:
    (tmp_path / CONFIG).write_text(SETTINGS.replace("    language: zh_CN", f"    {known}"), encoding="utf-8")
    assert read_settings(tmp_path / CONFIG).area == "440100"


def test_the_users_own_keys_below_free_parts_are_theirs(tmp_path: Path) -> None:
    parse = "parse:\n  myst_url_schemes:\n    doi: https://doi.org\n"
    (tmp_path / CONFIG).write_text(parse + SETTINGS, encoding="utf-8")
    assert read_settings(tmp_path / CONFIG).area == "440100"


# --- where a project is ---------------------------------------------------------------------------


def test_a_project_is_found_from_any_folder_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / CONFIG).write_text(SETTINGS, encoding="utf-8")
    deep = tmp_path / "notebooks" / "more"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    project = open_project()
    assert project.root == tmp_path
    assert (project.data, project.build) == (tmp_path / "data", tmp_path / "build")


def test_a_folder_that_was_named_is_the_one_looked_at(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "inner").mkdir()
    with pytest.raises(SettingsError, match="no project here"):
        open_project(tmp_path / "inner")
    assert open_project(tmp_path).root == tmp_path


# --- a project like another one -------------------------------------------------------------------


def like_another(tmp_path: Path) -> Project:
    """A project beside another one that has notebooks, pages, a description, standards and stations."""
    other, own = tmp_path / "other", tmp_path / "own"
    for name in ("notebooks/air.ipynb", "book/index.md", "book/methods.md", "data/datapackage.json"):
        (other / name).parent.mkdir(parents=True, exist_ok=True)
        (other / name).write_text("other", encoding="utf-8")
    for name in ("data/standards/rules.csv", "data/catalogue.csv", "data/stations.csv"):
        (other / name).parent.mkdir(parents=True, exist_ok=True)
        (other / name).write_text("other", encoding="utf-8")
    (own / "book").mkdir(parents=True)
    (own / "book" / "index.md").write_text("own", encoding="utf-8")
    (own / CONFIG).write_text(SETTINGS.replace("  years:", "  like: ../other\n  years:"), encoding="utf-8")
    return open_project(own)


def test_a_project_like_another_one_has_what_holds_for_any_place_from_there(tmp_path: Path) -> None:
    project, other = like_another(tmp_path), tmp_path / "other"
    assert project.notebooks == other / "notebooks"
    assert project.described == other / "data"
    assert project.table_file("standards/rules.csv") == other / "data" / "standards" / "rules.csv"
    assert project.table_file("catalogue.csv") == other / "data" / "catalogue.csv"


def test_its_own_files_come_first_and_no_row_of_the_other_place_comes_along(tmp_path: Path) -> None:
    project = like_another(tmp_path)
    pages = {name: path.read_text("utf-8") for name, path in project.files("book", "*.md").items()}
    assert pages == {"index.md": "own", "methods.md": "other"}
    assert project.table_file("stations.csv") is None
    (project.root / "data").mkdir()
    (project.root / "data" / "stations.csv").write_text("own", encoding="utf-8")
    assert project.table_file("stations.csv") == project.data / "stations.csv"
