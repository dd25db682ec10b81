"""Text to tokens: words with their meaning, numbers, signs and stops, each with its place in the text."""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from cs_audit.answers.lexicon import Lexicon, Word, consumes, extend
from cs_audit.answers.patterns import Phrase

_TOKEN = re.compile(
    r"24/7|[apAP]\.[mM]\.?|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:[-'’/][^\W\d_]+)*|[%€$£₽₹¥₸₴₺#№]|[-–—−+/.,;:!?…()«»\"“”\n]"
)
_NOTHING = Word()
_MOST = 1 << 17
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


class _Known(NamedTuple):
    """A word as it is written: what all its tokens have in common, the phrases it may begin, how these may go on."""

    text: str
    word: Word
    capital: bool
    phrases: tuple[Phrase, ...]
    whole: frozenset[str]
    begun: tuple[str, ...]


def tokens(text: str, lexicon: Lexicon) -> list[Token]:
    """The tokens of a text; a phrase's meaning is on its first word."""
    found: list[Token] = []
    known, make = _kept.setdefault(id(lexicon), (lexicon, {}))[1], partial(tuple.__new__, Token)
    begun: list[tuple[int, _Known]] = []
    for match in _TOKEN.finditer(text):
        raw = match[0]
        each = known.get(raw)
        if each is None:
            if raw[0].isdigit() and raw != "24/7":
                found.append(make((raw, *match.span(), _NOTHING, False, True)))
                continue
            each = _known(raw, lexicon, known)
        if each.phrases:
            begun.append((len(found), each))
        found.append(make((each.text, *match.span(), each.word, each.capital, False)))
    for index, each in begun:
        following = found[index + 1].text if index + 1 < len(found) else ""
        if following in each.whole or (each.begun and following.startswith(each.begun)):
            _apply(found, index, each.phrases)
    return found


_kept: dict[int, tuple[Lexicon, dict[str, _Known]]] = {}


def _known(raw: str, lexicon: Lexicon, known: dict[str, _Known]) -> _Known:
    if len(known) >= _MOST:
        known.clear()
    low = raw.lower().replace("ё", "е").replace("’", "'")
    word, phrases = lexicon.word(low)
    nexts = {phrase.rest[0] for phrase in phrases}
    made = known[raw] = _Known(
        low,
        word if raw[0].isalpha() or word.known else _NOTHING,
        raw[0].isupper(),
        phrases,
        frozenset(each for each in nexts if each[-1] != "*"),
        tuple(sorted(each[:-1] for each in nexts if each[-1] == "*")),
    )
    return made


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
