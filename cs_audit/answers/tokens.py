"""Text to tokens: words with their meaning, numbers, signs and stops, each with its place in the text."""

from __future__ import annotations

import re
from typing import NamedTuple

from cs_audit.answers.lexicon import Lexicon, Word, consumes, extend
from cs_audit.answers.patterns import Phrase

_TOKEN = re.compile(
    r"24/7|[ap]\.m\.?|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:[-'’/][^\W\d_]+)*|[%€$£₽₹¥₸₴₺#№]|[-–—−+/.,;:!?…()«»\"“”\n]",
    re.IGNORECASE,
)
_NOTHING = Word()
_CONSUMED = frozenset({"stop"})


class Token(NamedTuple):
    """`text` in lower case with е for ё, where it stands, and what it means."""

    text: str
    start: int
    end: int
    word: Word
    capital: bool
    numeric: bool
    """Whether it is written in digits."""


def tokens(text: str, lexicon: Lexicon) -> list[Token]:
    """The tokens of a text; a phrase's meaning is on its first word."""
    found: list[Token] = []
    open_phrases: list[tuple[int, tuple[Phrase, ...]]] = []
    words = lexicon.words
    for match in _TOKEN.finditer(text):
        raw = match[0]
        low = raw.lower().replace("ё", "е").replace("’", "'")
        if raw[0].isdigit() and raw != "24/7":
            found.append(Token(low, match.start(), match.end(), _NOTHING, capital=False, numeric=True))
            continue
        entry = words.get(low) or lexicon.word(low)
        if entry[1]:
            open_phrases.append((len(found), entry[1]))
        word = entry[0] if raw[0].isalpha() or entry[0].known else _NOTHING
        found.append(Token(low, match.start(), match.end(), word, raw[0].isupper(), numeric=False))
    for index, phrases in open_phrases:
        _apply(found, index, phrases)
    return found


def _apply(found: list[Token], index: int, phrases: tuple[Phrase, ...]) -> None:
    token, taken, first = found[index], 0, True
    word = token.word
    for phrase in phrases:
        size = len(phrase.rest)
        if size > len(found) - index - 1 or not _fits(found, index + 1, phrase.rest):
            continue
        if consumes(phrase):
            if first and phrase.table == "topics":
                word, first = word._replace(term="", weight=0.0), False
            taken = max(taken, size)
        word = extend(word, phrase.table, phrase.value)
    if word is not token.word:
        found[index] = token._replace(word=word)
    if taken:
        found[index] = found[index]._replace(end=found[index + taken].end)
    for place in range(index + 1, index + 1 + taken):
        found[place] = found[place]._replace(word=found[place].word._replace(term="", weight=0.0, marks=_CONSUMED))


def _fits(found: list[Token], start: int, patterns: tuple[str, ...]) -> bool:
    for offset, pattern in enumerate(patterns):
        text = found[start + offset].text
        if not (text.startswith(pattern[:-1]) if pattern[-1] == "*" else text == pattern):
            return False
    return True
