"""Words: messages from the catalogues, filled with text and figures.

Every wording a reader sees stands once, in ``locale/<language>/<domain>.po``; the key
``air.answer`` is looked up in the catalogue ``air``. A message names what it wants filled in:
``"{year}年{area}优良天数为{good_days}"``. Values are text or figures, never markup: escaping is
done once, where a page is put together (``blocks.py``), and for Markdown in :func:`escape_markdown`.
"""

from __future__ import annotations

import functools
import re
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from reportkit.errors import TextError, nearest
from reportkit.memo import note

LOCALE = Path(__file__).with_name("locale")


def template(key: str, language: str) -> str:
    """The message *key* in *language*, unfilled; raises TextError for one that is not in the catalogue."""
    messages = catalogue(key.partition(".")[0], language)
    if key not in messages:
        raise TextError(f"There is no message '{key}' in {language}.", do=nearest(key, messages))
    note("message", (key, language))
    return messages[key]


def message(key: str, language: str, **values: object) -> str:
    """The message *key* in *language* as plain text, filled with *values*."""
    return "".join(str(part) for part in compose(key, language, **values))


def in_language(words: str, language: str) -> str:
    """What a cell says in *language*: Chinese stands before `` / ``, English after it, if there is any."""
    chinese, _, english = words.partition(" / ")
    return english if english and language == "en" else chinese


def compose(key: str, language: str, **values: Any) -> list[Any]:
    """The message *key* as a list of parts: strings, and the given values where they belong.

    A value that is itself a list of parts is spliced in. Raises TextError for a missing value.
    """
    parts: list[Any] = []
    for literal, name, _, _ in string.Formatter().parse(template(key, language)):
        if literal:
            parts.append(literal)
        if name is None:
            continue
        if name not in values:
            raise TextError(f"The message '{key}' in {language} wants '{name}'.", do=nearest(name, values))
        value = values[name]
        parts.extend(value if isinstance(value, list) else [value])
    return parts


@functools.cache
def catalogue(domain: str, language: str) -> Mapping[str, str]:
    """All messages of one *domain* in one *language*, by key."""
    path = LOCALE / language / f"{domain}.po"
    if not path.is_file():
        raise TextError(f"There is no catalogue for '{domain}' in {language}.", where=str(path))
    with path.open("rb") as stream:
        entries = read_po(stream, locale=language)
    return {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string}


def domains() -> list[str]:
    """The names of all catalogues."""
    return sorted({path.stem for path in LOCALE.glob("*/*.po")})


_PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")


def fill_markdown(source: str, values: Mapping[str, str], where: str) -> str:
    """*source* with each ``{{ name }}`` replaced by its value, escaped so that it stays text.

    Raises TextError for a name that is not among *values*, saying *where* it stands.
    """

    def replacement(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            raise TextError(f"Unknown placeholder '{{{{ {name} }}}}'.", where=where, do=nearest(name, values))
        return escape_markdown(values[name])

    return _PLACEHOLDER.sub(replacement, source)


def escape_markdown(text: str) -> str:
    """*text* with every ASCII punctuation mark escaped, so that MyST prints it and does nothing else."""
    flat = " ".join(text.split())
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", flat)
