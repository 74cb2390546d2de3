"""Words: the same messages in both languages, none missing, none unused; and data that stays text in Markdown."""

from __future__ import annotations

import functools
import re
import string
import warnings
from pathlib import Path

import pytest
import yaml
from docutils.core import publish_doctree
from docutils.nodes import document
from hypothesis import given
from hypothesis import strategies as st

from projects import HOSTILE, REPO
from reportkit import text
from reportkit.chapters import kinds
from reportkit.errors import TextError
from reportkit.memo import noting
from reportkit.project import LANGUAGES

PACKAGE = Path(text.__file__).parent
# A string, the f that makes a pattern of it, and in templates the sign that more is put behind it.
STRING = r"""(f?)"([^"\n]+)"(\s*~)?"""
ANYTHING = r"[\w.]+"
QUOTED = r"""["']([\w.-]+)["']"""
LOOKUP = re.compile(rf"(?<![\w.])(?:text\.|self\.|chapter\.)?(t|message|compose|say|word)\(\s*{STRING}")


def keys(language: str) -> dict[str, str]:
    """Every message of a language."""
    return {key: words for domain in text.domains() for key, words in text.catalogue(domain, language).items()}


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def sources() -> dict[Path, str]:
    """The code and the templates of the package."""
    found = [path for kind in ("py", "html", "j2") for path in PACKAGE.rglob(f"*.{kind}")]
    return {path: path.read_text(encoding="utf-8") for path in found}


def pattern(is_pattern: str, written: str, continued: str) -> str:
    """A key as it is written in code, as a regular expression for the keys it can become."""
    parts = re.split(r"\{[^}]*\}", written) if is_pattern else [written]
    return r"[\w.]+".join(map(re.escape, parts)) + (r"[\w.]+" if continued else "")


def domain_of(path: Path) -> str:
    """The catalogue that the chapter of a module speaks from: ``air`` for ``air.py`` and ``air_figures.py``."""
    return next((domain for domain in text.domains() if re.fullmatch(rf"{domain}(_\w+)?", path.stem)), "")


def asked_for() -> set[str]:
    """Every key that code and templates look up, as regular expressions; not those only known when it happens."""
    found = set()
    for path, source in sources().items():
        domain = domain_of(path)
        for call, is_pattern, key, continued in LOOKUP.findall(source):
            of_chapter = call in ("say", "word")
            if key[0] != "{" and (not of_chapter or domain):
                found.add((rf"{domain}\." if of_chapter else "") + pattern(is_pattern, key, continued))
        found |= {rf"{domain}\.column\.{name}" for name in re.findall(r'self\.(?:words|numbers)\("(\w+)"\)', source)}
    return found


def of_common_blocks(path: Path, source: str) -> set[str]:
    """What the blocks of ``common.py`` look up for the chapter of a module: by the block's name, and by its columns."""
    blocks = re.findall(r'\b(?:over_years|by_district|by_year|as_printed)\(\s*self,\s*(f?)"([^"]+)"()', source)
    if not blocks:
        return set()
    names = {pattern(*parts) for parts in blocks}
    columns = names | {pattern(*parts) for parts in re.findall(r'(f?)"([\w{}]+)"()', source)} - {r"[\w.]+"}
    domain = domain_of(path)
    return {rf"{domain}\.(?:{name})\.\w+" for name in names} | {rf"{domain}\.column\.{name}" for name in columns}


@functools.cache
def mentioned() -> frozenset[str]:
    """Every key looked up, and every string that could be a key, its beginning, or the end of a chapter's key."""
    found = asked_for()
    for path, source in sources().items():
        if path.suffix == ".py":
            written = [pattern(*parts) for parts in re.findall(r'(f?)"(\w+\.[^" \n]+)"()', source)]
            found |= {*written, *(rf"{domain_of(path)}\.{key}" for key in written), *of_common_blocks(path, source)}
            if path.parent.name == "chapters" and path.stem in (
                "__init__",
                "presenter",
            ):  # every chapter has what their base says
                found |= {rf"\w+\.{re.escape(key)}" for _, _, key, _ in LOOKUP.findall(source) if key}
            if path.parent.name == "chapters" and path.stem == "common":  # any chapter may have what its blocks say
                found |= {rf"\w+\.{pattern(*parts)}" for _, *parts in LOOKUP.findall(source)}
        else:
            found |= {re.escape(key) + r"[\w.]*" for key in re.findall(r'"(\w+\.\w+\.[\w.]*)"', source)}
    found |= {r"\w+\.chapter"}  # what each chapter is called
    # What is put behind a catalogue's bare name is a word that stands in quotation marks somewhere.
    words = "|".join(
        {re.escape(word.replace("-", "_")) for it in sources().values() for word in re.findall(QUOTED, it)}
    )
    anything = {rf"{domain}\.{ANYTHING}" for domain in text.domains()}
    return frozenset({*(found - anything), *(rf"{key.removesuffix(ANYTHING)}(?:{words})" for key in found & anything)})


# --- catalogues -----------------------------------------------------------------------------------


def test_every_chapter_has_a_catalogue() -> None:
    assert {*kinds(), "site", "quality"} == set(text.domains())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", text.domains())
def test_every_message_says_something_and_stands_in_the_catalogue_it_is_named_after(domain: str, language: str) -> None:
    path = text.LOCALE / language / f"{domain}.po"
    ids = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(ids) == len(set(ids))
    assert {key.partition(".")[0] for key in ids} == {domain}
    assert set(ids) == set(text.catalogue(domain, language)), "a message without words"


def test_both_languages_have_the_same_messages() -> None:
    assert keys("zh").keys() == keys("en").keys()


def test_a_message_wants_the_same_values_in_both_languages() -> None:
    chinese, english = keys("zh"), keys("en")
    assert [key for key in chinese if placeholders(chinese[key]) != placeholders(english[key])] == []


def test_every_message_asked_for_exists() -> None:
    assert [wanted for wanted in asked_for() if not any(re.fullmatch(wanted, key) for key in keys("zh"))] == []


def test_every_message_is_asked_for_somewhere() -> None:
    anywhere = re.compile("|".join(mentioned()))
    assert [key for key in keys("zh") if not anywhere.fullmatch(key)] == []


def test_a_missing_message_names_the_nearest_one() -> None:
    with pytest.raises(TextError, match=r"did you mean 'air\.answer\.days'"):
        text.message("air.answer.dayz", "zh")


@pytest.mark.parametrize("key", ["wind.answer", "nothing"])
def test_a_missing_catalogue_is_an_error_that_says_where_it_should_be(key: str) -> None:
    with pytest.raises(TextError, match="There is no catalogue") as error:
        text.message(key, "en")
    assert str(error.value.where).endswith(f"{key.partition('.')[0]}.po")


def test_a_missing_value_names_the_nearest_given_one() -> None:
    with pytest.raises(TextError, match="wants 'year'") as error:
        text.message("air.series.year", "zh", years=2024)
    assert error.value.do == "did you mean 'years'?"


def test_a_message_is_filled_with_text_whatever_it_holds() -> None:
    assert text.message("air.series.year", "zh", year="{year} <b>") == "{year} <b>年"


def test_a_message_composed_of_parts_keeps_figures_whole_and_splices_lists() -> None:
    figure = object()
    parts = text.compose("air.headline.ratio", "zh", year=["20", "24"], ratio=figure)
    assert parts == ["20", "24", "年优良天数比例", figure]


def test_what_was_looked_up_is_noted() -> None:
    with noting() as notes:
        text.message("site.colon", "en")
        text.message("air.axis.days", "zh")
    assert sorted(notes.things()["message"]) == [("air.axis.days", "zh"), ("site.colon", "en")]


# --- placeholders ---------------------------------------------------------------------------------


def test_placeholders_are_filled_with_or_without_spaces_and_escaped() -> None:
    assert text.fill_markdown("# {{a}} {{  b }} {c}", {"a": "x", "b": "*y*"}, "here") == r"# x \*y\* {c}"


def test_an_unknown_placeholder_names_place_and_nearest() -> None:
    with pytest.raises(TextError, match=r"\{\{ distict_name \}\}") as error:
        text.fill_markdown("{{ distict_name }}", {"district_name": "x", "year": "y"}, "cell 3")
    assert (error.value.where, error.value.do) == ("cell 3", "did you mean 'district_name'?")


def test_a_value_that_looks_like_a_placeholder_is_not_filled_again() -> None:
    assert "secret" not in text.fill_markdown("{{ a }}", {"a": "{{ b }}", "b": "secret"}, "here")


# --- Markdown -------------------------------------------------------------------------------------


def parsed(source: str) -> document:
    """*source* as MyST reads it with the extensions of the repository's books."""
    from myst_parser.parsers.docutils_ import Parser

    settings = yaml.safe_load((REPO / "_config.yml").read_text(encoding="utf-8"))
    extensions = settings["parse"]["myst_enable_extensions"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # docutils and MyST warn of each other
        return publish_doctree(
            source,
            parser=Parser(),
            settings_overrides={"myst_enable_extensions": extensions, "report_level": 5, "output_encoding": "unicode"},
        )


def paragraphs(source: str) -> list[str]:
    """The text of each paragraph, heading and cell, and of whatever is neither."""
    read = parsed(source)
    assert {node.tagname for node in read.findall()} <= {"document", "#text", "paragraph", "title", "section"}
    return [node.astext() for node in read.findall() if node.tagname in ("paragraph", "title")]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("context", ["{}", "a {} b", "{}\n\nb"])
def test_hostile_text_in_markdown_is_shown_as_it_is(hostile: str, context: str) -> None:
    shown = paragraphs(context.format(text.escape_markdown(hostile)))
    assert shown == context.format(hostile).split("\n\n")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_in_a_heading_is_shown_as_it_is(hostile: str) -> None:
    read = parsed(f"# {text.escape_markdown(hostile)} 2024")
    assert read.astext() == f"{hostile} 2024"


@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=40))
def test_any_text_in_markdown_is_shown_as_it_is(anything: str) -> None:
    flat = " ".join(anything.split())
    assert paragraphs(text.escape_markdown(anything)) == ([flat] if flat else [])


def test_lines_of_a_value_become_one_line() -> None:
    assert paragraphs(text.escape_markdown("a\n\n# b\n    c")) == ["a # b c"]
