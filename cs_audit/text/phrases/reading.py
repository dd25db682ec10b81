"""A text made ready for reading: same length, lower case, with what is not the author's own word blanked out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise

from cs_audit.text.phrases.index import Index
from cs_audit.text.phrases.lexicon import data, index, vocabulary
from cs_audit.text.phrases.parts import BREAK, LETTER
from cs_audit.text.phrases.pattern import Phrase, plain

LATEST_GREETING = 240
"""Characters; greetings are looked for before."""

Span = tuple[int, int]

WORDS = re.compile(f"[{LETTER}]+")
_NAME = r"[^\W\d_][\w'-]{0,30}+\.?"
_NAME_WORD = re.compile(_NAME)
_OWN_LINE = re.compile(r"^[ \t]*>[^\n]*", re.MULTILINE)
_QUOTED = re.compile(r"«[^«»\n]{1,400}»|“[^“”\n]{1,400}”|„[^„“”\n]{1,400}[“”]|\"[^\"\n]{1,400}\"")
_PARAGRAPH = re.compile(r"\n(?=[ \t\r]*\n)")
_STOP = re.compile(r"[.!?…]+(?=[\s\"»”)¶]|\Z)|[;¶]+")
_SHORT = re.compile(
    r"(?:[ap]\.m|\b(?:г|ул|д|кв|стр|корп|обл|им|т\.е|т\.к|т\.д|т\.п|mr|mrs|ms|dr|st|vs|etc|e\.g|i\.e))\Z"
)


@dataclass(frozen=True)
class Reading:
    """A text as the lexicons read it.

    `plain` has the characters of `text` in their places: lower case, one spelling of ё, apostrophes and blanks; quoted
    words and lines replaced by `¤`, greetings (with the name greeted) and paragraph ends by `¶`.
    """

    text: str
    plain: str

    def quote(self, start: int, end: int) -> str:
        """The author's own words at a place."""
        return self.text[start:end]

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Start and end of every sentence, its closing mark included, without those that have no word."""
        stops = (each.end() for each in _STOP.finditer(self.plain) if not _is_short(self.plain, each))
        pairs = pairwise((0, *stops, len(self.text)))
        return tuple((low, high) for low, high in pairs if WORDS.search(self.plain, low, high))

    @cached_property
    def near(self) -> Near:
        """The bundled phrases that may be said."""
        return self.near_of(index())

    def near_of(self, phrases: Index) -> Near:
        """The phrases of an index that may be said."""
        return Near([phrases.at_hand(WORDS.findall(self.plain, low, high)) for low, high in self.sentences])

    def spans(self, phrase: Phrase, near: Near) -> Iterator[Span]:
        """Where a phrase is said."""
        for (low, high), said in zip(self.sentences, near.sentences, strict=True):
            if phrase in said:
                for found in phrase.regex.finditer(self.plain, max(low - 1, 0), high):
                    yield found.span(1)

    def place(self, at: int) -> int:
        """The number of the sentence that holds a place."""
        return max(bisect_right(self.sentences, (at, len(self.text))) - 1, 0)

    def sentence(self, at: int) -> tuple[int, int]:
        """The sentence that holds a place."""
        return self.sentences[self.place(at)]

    def asks(self, at: int) -> bool:
        """Whether the sentence that holds a place ends as a question."""
        low, high = self.sentence(at)
        return "?" in self.plain[max(low, high - 4) : high]


class Near:
    """Phrases that may be said: those of each sentence, and of all."""

    def __init__(self, sentences: list[set[Phrase]]) -> None:
        self.sentences = sentences
        self.all: set[Phrase] = set().union(*sentences)

    def __or__(self, other: Near) -> Near:
        """The phrases of both, sentence by sentence."""
        return Near([mine | theirs for mine, theirs in zip(self.sentences, other.sentences, strict=True)])


@lru_cache(maxsize=1 << 12)
def read(text: str) -> Reading:
    """The reading of a text, kept for a while: several readers ask for it."""
    made = plain(text)
    if "\n" in made:
        made = _OWN_LINE.sub(_blank, _PARAGRAPH.sub("¶", made))
    if any(mark in made for mark in '«“„"'):
        made = _QUOTED.sub(_blank, made)
    made = _without_greeting(text, made)
    return Reading(text, made)


def _blank(found: re.Match[str]) -> str:
    return BREAK * (found.end() - found.start())


@dataclass(frozen=True)
class _Greetings:
    pattern: re.Pattern[str]
    first: frozenset[str]
    greeted: frozenset[str]


@cache
def _greetings() -> _Greetings:
    table = data("words")["greetings"]
    words = sorted((word for part in ("en", "ru") for word in table[part]), key=len, reverse=True)
    pattern = re.compile(
        rf"(?P<vocative>\s*(?:{_NAME} ){{0,2}}{_NAME}[,!]? {{1,3}})?"
        rf"[\s¶]*(?P<greeting>{'|'.join(words)})(?![{LETTER}])"
        rf"(?P<rest>[ ,]{{1,3}}(?:{_NAME} ){{0,3}}{_NAME}(?=\s*[,!.:;\n—–-]|\s*\Z))?[ ,!.:;)\n—–-]*"
    )
    return _Greetings(pattern, frozenset(word.split()[0] for word in words), frozenset(table["greeted"].split()))


def _without_greeting(text: str, made: str) -> str:
    known, at = _greetings(), 0
    while at < LATEST_GREETING and not known.first.isdisjoint(WORDS.findall(made, at, at + 60)[:4]):
        found = known.pattern.match(made, at)
        if not found:
            break
        vocative, rest = (text[slice(*found.span(part))] for part in ("vocative", "rest"))
        if vocative and not _are_names(vocative, known):
            break
        at = found.end("greeting") if rest and not _are_names(rest, known) else found.end()
    return "¶" * at + made[at:] if at else made


def _are_names(text: str, known: _Greetings) -> bool:
    """Whether words that stand beside a greeting are names: they have capitals, and the lexicon does not know them."""
    words = _NAME_WORD.findall(text)
    return all(
        word.lower() in known.greeted or (word[0].isupper() and plain(word).strip("'.") not in vocabulary())
        for word in words
    )


def _is_short(made: str, stop: re.Match[str]) -> bool:
    return stop[0] == "." and bool(_SHORT.search(made, max(0, stop.start() - 5), stop.start()))
