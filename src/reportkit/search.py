"""Finished pages → the files of the site's search: which words stand in which sentences of which pages.

The files are classic scripts that call ``reportkitSearch.add(name, content)``; ``book/_static/search.js`` loads
those a query needs. Search libraries for browsers (lunr, MiniSearch, FlexSearch, Pagefind) want the whole index at
once, or modules, ``fetch`` or WebAssembly, which neither the policy nor a folder on a disk allows, and they cut
Chinese into words of their own. Terms here are one and two Chinese characters, whole Latin words and numbers. Only
the stemming of English words is a library's: the one that Sphinx brings along in Python and in JavaScript.

Pages of the same chapter say the same sentences about other areas with other numbers. So a sentence is kept once, as
a *pattern* with gaps for numbers and for the name of the page's own area, and a page adds little but its numbers.
Where patterns stand is kept apart from what they say: a frequent term leads to all the places and to few of the texts.
Headings come first, because their texts are wanted whenever they are found.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lxml.html
from opencc import OpenCC
from pypinyin import lazy_pinyin
from sphinx.search.en import SearchEnglish

TERM_FILES, PATTERNS_IN_FILE, TEXTS_IN_FILE, PAGES_IN_FILE = 256, 128, 5, 2  # many files, of which a query needs few
NUMBER_GAP, AREA_GAP = "\ue000", "\ue001"

_HAN = r"[\u3400-\u9fff]+"
# A Chinese run; letters before a number of a standard (`gb` in `gb3095`); a word or a number: `pm2.5`, `3095-2012`.
_TOKEN = re.compile(rf"{_HAN}|[a-z]+(?=\d{{3}})|[a-z0-9]+(?:(?:[.\-]|,(?=\d{{3}}))[a-z0-9]+)*")
_NUMBER = re.compile(r"\d[\d.,\-]*")
_SENTENCE_END = re.compile(r"(?<=[。！？；])|(?<=;)\s+|(?<=[.!?])\s+(?=[A-Z])")

# What a reader can be shown as a sentence: text of its own, not the long tables, downloads, rules and lists of links.
_LEFT_OUT = "|".join(
    f"//{path}"
    for path in (
        "script",
        "svg",
        "nav",
        "pre",
        "a[@class='permalink']",
        "p[@class='marks']",
        "p[@class='download']",
        "p[@class='legend']",
        "details[@class='provenance']",
        "p[count(.//a) > 8]",
        "section[@id='changes']//li",  # the key figures and the table of items say it again
        "summary",
        "small",
        "figcaption/strong",
        "*[contains(@class, 'status')]",
    )
)
_SHOWN = (
    "//h1|//h2|//h3|//h4|//dt|//caption|//p|//figcaption|//li[not(.//p)]|//dd[not(.//p)]"
    "|//tr[@data-catalogue]|//table[contains(@class, 'docutils')]//tr"
)
_ITS_TERM = (
    "self::dd/preceding-sibling::*[1][self::dt]"
    "|self::p[not(preceding-sibling::*)]/parent::dd/preceding-sibling::*[1][self::dt]"
)
# A passage with gaps: its anchor, its text, whether it is a heading. A page has hundreds: plain, they are read at once.
Pattern = tuple[str, str, bool]

_HEADINGS = {"h1", "h2", "h3", "h4", "dt"}


@dataclass(frozen=True)
class Facet:
    """An area or a chapter: its slug, and its names by language."""

    slug: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)  # a page has hundreds
class Passage:
    """A sentence or a heading of a page, and the id of the section it stands in (empty: the page itself)."""

    anchor: str
    text: str
    is_heading: bool


@dataclass(frozen=True)
class Document:
    """A page: its address without ``.html``, its title, what it says; a report also its year, area and chapter.

    What it says are patterns, each with the numbers in its gaps, and apart from these every number as a term.
    """

    name: str
    title: str
    says: Sequence[tuple[Pattern, Sequence[str]]]
    numbers: Sequence[str]
    year: int | None = None
    area: str = ""
    chapter: str = ""


def document(
    name: str, title: str, passages: Iterable[Passage], own: str = "", *, of: tuple[int, str, str] | None = None
) -> Document:
    """The page *name*, which calls its own area *own*; *of* is year, area and chapter of a report."""
    says, numbers = [], set[str]()
    for passage in passages:
        text, filled = _with_gaps(passage.text, own)
        says.append(((passage.anchor, text, passage.is_heading), filled))
        numbers |= _numbers(normalise(passage.text))
    return Document(name, title, says, sorted(numbers), *(of or ()))


def passages(body: str) -> list[Passage]:
    """What can be found in the *body* (HTML) of a page: headings, sentences, items of lists, rows of the catalogue."""
    root = lxml.html.document_fromstring(f"<div>{body}</div>")
    for element in root.xpath(_LEFT_OUT):
        element.drop_tree()
    found = []
    for element in root.xpath(_SHOWN):
        if element.tag != "tr" and element.xpath("ancestor::tr"):
            continue  # the row is one passage
        anchor = next(iter(element.xpath("ancestor::section[@id][1]/@id")), "")
        is_heading = element.tag in _HEADINGS
        for sentence in [_text(element)] if is_heading else _SENTENCE_END.split(_text(element)):
            if sentence.strip():
                found.append(Passage("" if element.tag == "h1" else anchor, sentence.strip(), is_heading))
    return found


def _text(element: lxml.html.HtmlElement) -> str:
    """The text of an element in one line: cells of a row stand apart, an explanation has its term before it."""
    if element.tag == "tr":
        return " · ".join(text for text in map(_line, element.xpath("td|th")) if text not in ("", "—"))
    return " — ".join(map(_line, [*element.xpath(_ITS_TERM), element]))


def _line(element: lxml.html.HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


# --- terms --------------------------------------------------------------------------------------------


def normalise(text: str) -> str:
    """*text* in small letters and plain digits, as long as it was, so that places in one are places in the other."""
    return "".join(_plain(character) for character in text)


@functools.cache
def _plain(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).lower()
    return plain if len(plain) == 1 and ord(character) < 0x10000 else character


def terms(text: str) -> set[str]:
    """Every term under which a normalised *text* is found, but for pairs of Chinese characters."""
    return set(itertools.chain.from_iterable(_terms(token) for token in _TOKEN.findall(text)))


def _numbers(text: str) -> set[str]:
    """Those of its terms that are numbers."""
    tokens = (token for token in _TOKEN.findall(text) if any(map(str.isdigit, token)))
    return {term for token in tokens for term in _terms(token) if _NUMBER.fullmatch(term)}


def pairs(text: str) -> list[tuple[str, int]]:
    """Every pair of Chinese characters of a normalised *text*, with the place where it stands."""
    runs = (token for token in _TOKEN.finditer(text) if re.match(_HAN, token[0]))
    return [(text[place : place + 2], place) for run in runs for place in range(run.start(), run.end() - 1)]


def _terms(token: str) -> Iterator[str]:
    """The terms of a token: each character of a Chinese run; a word; a compound and its parts."""
    if re.match(_HAN, token):
        yield from token
        return
    token = token.replace(",", "")
    parts = [part for part in token.split("-") if len(part) > 1] if "-" in token else []
    yield from (stem(word) for word in (token, *parts) if word not in _english().stopwords)


@functools.cache
def stem(word: str) -> str:
    """An English *word* without its ending; one with digits stays as it is."""
    return str(_english().stem(word)) if word.isalpha() else word


@functools.cache
def _english() -> SearchEnglish:
    return SearchEnglish({})


def _with_gaps(text: str, area: str) -> tuple[str, list[str]]:
    """*text* with gaps for its numbers and for the name of its *area*, and the numbers."""
    text = text.replace(NUMBER_GAP, "").replace(AREA_GAP, "")
    if area:
        text = text.replace(area, AREA_GAP)
    pattern, numbers, end = "", [], 0
    for token in _TOKEN.finditer(normalise(text)):
        if _NUMBER.fullmatch(token[0]):
            pattern += text[end : token.start()] + NUMBER_GAP
            numbers.append(text[token.start() : token.end()])
            end = token.end()
    return pattern + text[end:], numbers


# --- names --------------------------------------------------------------------------------------------


def names_of(facet: Facet, *, is_area: bool) -> dict[str, bool]:
    """Every way to write a name, or two and more characters or syllables of it: key → whether it is the whole name.

    Keys are small letters without spaces. The whole name of an area also stands without its last character.
    """
    keys = {facet.slug: True}
    for name in facet.names.values():
        tokens = _TOKEN.findall(normalise(name))
        han = "".join(token for token in tokens if re.match(_HAN, token))
        if not han:
            keys["".join(tokens)] = True
            continue
        for written in (list(han), lazy_pinyin(han)):
            wholes = {len(written), len(written) - 1} if is_area and len(written) > 2 else {len(written)}
            for start, end in itertools.combinations(range(len(written) + 1), 2):
                if end - start > 1 or end - start in wholes:
                    key = "".join(written[start:end])
                    keys[key] = keys.get(key, False) or (start == 0 and end in wholes)
    return keys


def variants(text: str) -> str:
    """Traditional characters, each followed by its simplified form, for every character of *text* that has one."""
    known = set(text)
    return "".join(old + new for old, new in _simplified() if old not in known and new in known)


@functools.cache
def _simplified() -> list[tuple[str, str]]:
    converter = OpenCC("t2s")
    return [(chr(code), converter.convert(chr(code))) for code in range(0x3400, 0xA000)]


# --- files --------------------------------------------------------------------------------------------


def stemmer_file() -> bytes:
    """The library that takes the endings off English words, as a script that names it ``Stemmer``."""
    return f"// From Sphinx, BSD licence.\n{SearchEnglish.js_stemmer_code.strip()}\n".encode()


def index_files(
    language: str, documents: Iterable[Document], areas: Sequence[Facet], chapters: Sequence[Facet]
) -> Iterator[tuple[str, bytes]]:
    """The index of one language's *documents*: (name of a file without ``.js``, content), the same each time.

    *areas* and *chapters* stand in the order in which equal results are shown.
    """
    place = {facet.slug: number for facets in (areas, chapters) for number, facet in enumerate(facets)}
    ordered = sorted(documents, key=lambda d: (-(d.year or 0), place.get(d.chapter, -1), place.get(d.area, -1), d.name))
    index = _Index()
    for document in ordered:
        index.add_headings(document)
    for page, document in enumerate(ordered):
        index.add(page, document)

    written = "".join([*(text for _, text, _ in index.patterns), *_every_name(areas, chapters)])
    first = {
        "areas": [[area.slug, area.names[language]] for area in areas],
        "chapters": [[chapter.slug, chapter.names[language]] for chapter in chapters],
        "names": _places_of_names(areas, chapters),
        "reports": [[d.year, place[d.area], place[d.chapter]] for d in ordered if d.year],
        "variants": variants(written),
        "stop": sorted(_english().stopwords),
        "files": [TERM_FILES, PATTERNS_IN_FILE, TEXTS_IN_FILE, PAGES_IN_FILE],
    }
    for name, content in {"index": first, **index.files()}.items():
        yield f"{language}/{name}", _script(f"{language}/{name}", content)


def _every_name(*facets: Sequence[Facet]) -> Iterator[str]:
    return (name for facet in itertools.chain(*facets) for name in facet.names.values())


def _places_of_names(areas: Sequence[Facet], chapters: Sequence[Facet]) -> dict[str, list[list[int]]]:
    """What is meant by a name: [0 area or 1 chapter, its number, whether it is the whole name] of each it may be."""
    names: dict[str, list[list[int]]] = defaultdict(list)
    for kind, facets in enumerate((areas, chapters)):
        for number, facet in enumerate(facets):
            for key, is_whole in names_of(facet, is_area=kind == 0).items():
                names[key].append([kind, number, int(is_whole)])
    return names


class _Index:
    """Pages taken up one after the other: patterns, where they stand, the numbers in their gaps, and terms."""

    def __init__(self) -> None:
        self.patterns: dict[Pattern, int] = {}
        self.pages: list[list[int]] = []  # of each pattern
        self.shown: list[list[Any]] = []  # of each page: its first sentence, the numbers in its gaps, its label
        self.postings: dict[str, dict[str, list[int]]] = {"words": defaultdict(list), "numbers": defaultdict(list)}
        self.places: dict[str, list[tuple[int, int]]] = defaultdict(list)  # of a pair: patterns, and where in them

    def add_headings(self, document: Document) -> None:
        """Number the headings of *document*, before any sentence is."""
        for pattern, _ in document.says:
            if pattern[2]:
                self._number(pattern)

    def add(self, page: int, document: Document) -> None:
        """Take up *document* as number *page*."""
        filled, lead = list[tuple[int, Sequence[str]]](), -1
        for said, numbers in document.says:
            pattern = self._number(said)
            if not self.pages[pattern] or self.pages[pattern][-1] != page:
                self.pages[pattern].append(page)
            if numbers:
                filled.append((pattern, numbers))
            if lead < 0 and not said[2]:
                lead = pattern
        for number in document.numbers:
            self.postings["numbers"][number].append(page)
        label = [] if document.year else [document.name, document.title]  # a report's follows from what it reports
        self.shown.append([max(lead, 0), _filled(filled), *label])

    def _number(self, pattern: Pattern) -> int:
        """The number of a *pattern*; a new one where it was not said before."""
        if pattern not in self.patterns:
            number = self.patterns[pattern] = len(self.patterns)
            self.pages.append([])
            plain = normalise(pattern[1])
            for term in terms(plain):
                if not _NUMBER.fullmatch(term):
                    self.postings["words"][term].append(number)
            for pair, place in pairs(plain):
                self.places[pair].append((number, place))
        return self.patterns[pattern]

    def files(self) -> dict[str, Any]:
        """What goes into the files: terms, patterns and where they stand, their texts, and what each page shows."""
        terms: list[dict[str, dict[str, list[int]]]] = [
            {"words": {}, "numbers": {}, "pairs": {}} for _ in range(TERM_FILES)
        ]
        for kind, postings in self.postings.items():
            for term in sorted(postings):
                terms[_file_of(term)][kind][term] = _runs(postings[term])
        for pair in sorted(self.places):
            terms[_file_of(pair)]["pairs"][pair] = _steps(self.places[pair])
        texts = [[anchor, text] for anchor, text, _ in self.patterns]
        patterns = [
            [int(is_heading), *_runs(self.pages[number])] for (_, _, is_heading), number in self.patterns.items()
        ]
        parts = {
            "terms": terms,
            "patterns": _cut(patterns, PATTERNS_IN_FILE),
            "texts": _cut(texts, TEXTS_IN_FILE),
            "pages": _cut(self.shown, PAGES_IN_FILE),
        }
        return {f"{kind}-{number}": part for kind in parts for number, part in enumerate(parts[kind])}


def _file_of(term: str) -> int:
    """The file a term stands in; ``search.js`` reckons the same."""
    return functools.reduce(lambda sum_, character: (sum_ * 31 + ord(character)) % 65521, term, 0) % TERM_FILES


def _runs(numbers: Sequence[int]) -> list[int]:
    """Rising *numbers* as how many are skipped before each; those that follow each other as −(how many more)."""
    runs: list[int] = []
    end = 0
    for number in numbers:
        if not runs or number > end:
            runs.append(number - end)
        elif runs[-1] < 0:
            runs[-1] -= 1
        else:
            runs.append(-1)
        end = number + 1
    return runs


def _steps(places: Sequence[tuple[int, int]]) -> list[int]:
    """(pattern, place) in the order of the patterns as one list: how far on the next pattern is, the place in it."""
    befores = [0, *(pattern for pattern, _ in places)]
    return [number for before, (pattern, at) in zip(befores, places, strict=False) for number in (pattern - before, at)]


def _filled(gaps: Sequence[tuple[int, Sequence[str]]]) -> str:
    """The numbers in the *gaps* of patterns as "how far on the next pattern is, number, number …; …"."""
    ordered = sorted(gaps, key=lambda gap: gap[0])
    befores = [0, *(pattern for pattern, _ in ordered)]
    steps = zip(befores, ordered, strict=False)
    return ";".join(" ".join([str(pattern - before), *numbers]) for before, (pattern, numbers) in steps)


def _cut(values: Sequence[Any], length: int) -> list[Any]:
    return [values[start : start + length] for start in range(0, len(values), length)]


def _script(name: str, content: Any) -> bytes:
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"reportkitSearch.add({json.dumps(name)},{written});\n".encode()
