"""What an agent asks the requester for, and what the requester gives: order number, phone, screenshot, ..."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

from cs_audit.text.phrases.index import Phrases
from cs_audit.text.phrases.lexicon import data, flat, phrases_of
from cs_audit.text.phrases.reading import WORDS, Reading, read

NEAR = 25
"""How far before a thing, in characters, words that take the request back may end."""

SHORT = 6
"""Words of a sentence that names a thing and asks for it by its question mark, or by "please", alone."""

_POLITE = frozenset(("please", "pls", "plz", "kindly", "пожалуйста", "пож", "плиз"))
_GAP = r"[\s:#№=«\"'(*–—-]{0,6}"
_CAPITAL = r"[A-ZА-ЯЁ][\w'’-]{1,30}"
_MONTH = (
    "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек)"
    r"[a-zа-я]{0,7}"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th|-го)?"
_SHAPES = {
    "code": re.compile(_GAP + r"(?P<value>[A-Za-zА-Яа-яЁё0-9][\w/.-]{0,40}\w)"),
    "phone": re.compile(_GAP + r"(?P<value>\+?\d[\d ()–-]{4,20}\d)"),
    "email": re.compile(_GAP + r"(?P<value>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})"),
    "name": re.compile(rf"[\s:–—-]{{0,6}}(?P<value>{_CAPITAL}(?: {_CAPITAL}){{0,2}})"),
    "address": re.compile(_GAP + r"(?P<value>[^\n.!?]{0,60}[.]?[^\n!?]{0,60}\d[^\n!?.]{0,40})"),
    "date": re.compile(
        _GAP + rf"(?P<value>\d{{4}}-\d\d-\d\d|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|"
        rf"{_DAY} (?:of )?{_MONTH}(?:,? \d{{4}})?|{_MONTH} {_DAY}(?:,? \d{{4}})?|(?:19|20)\d\d\b)"
    ),
}
_DIGITS = {"code": 4, "phone": 6, "address": 1, "account_number": 3, "version": 2, "model": 2}
_ANYWHERE = {
    "email": re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"),
    "phone": re.compile(
        r"(?<![\w+-])(?:\+\d[\d ()–-]{8,18}\d|\(?\d{3}\)?[ -]\d{3}[ -]\d{2}[ -]?\d{2}|8[ (-]{1,2}\d{3}[ )-]{1,2}\d{3}"
        r"[ -]?\d{2}[ -]?\d{2}|[78]9\d{9})(?![\w-])"
    ),
    "address": re.compile(
        r"(?i:\b(?:ул\.|улица|проспект|пр-т|переулок|пер\.|бульвар|шоссе)\s?)[А-ЯЁ][^\n!?]{2,60}?\d[\w/]{0,5}"
        r"|\b\d{1,5} (?:[A-Z][a-z]{1,20} ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Drive|Boulevard|Blvd)\b"
    ),
    "order_number": re.compile(r"(?<![\w#№])[#№] ?\d{4,20}\b"),
}
_SIGNS = {"email": "@", "phone": r"\d{2}", "address": r"\d", "order_number": "[#№]"}
_SIGN = {name: re.compile(sign) for name, sign in _SIGNS.items()}
"""What every match has: quickly looked for in the many texts that have none."""
_CANNOT = re.compile(
    r"\b(?:can't|cannot|can not|unable to|not able to|couldn't|how (?:do|can) i|will|i'll|want to|try to|не могу|"
    r"не удается|не получается|как|могу ли|нужно ли|надо ли|не)(?: \w{1,20}){0,3}\s*\Z"
)


class Quote(NamedTuple):
    """Words of a text and their place: `text[start:end] == quote`."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Kind:
    """One kind of information: what it is called, phrases that ask for it and give it, and the shape of its value."""

    name: str
    nouns: Phrases
    asked: Phrases
    given: Phrases
    value: str


@dataclass(frozen=True)
class _Words:
    kinds: tuple[Kind, ...]
    asking: Phrases
    not_asking: Phrases


def info_asked(text: str) -> frozenset[str]:
    """The kinds of information an agent's message asks for.

    A sentence asks if it names the thing after words of asking, or consists of little else and ends with a question
    mark or says please. Another or a new number, its last digits, and what the sentence gives itself are not asked for.
    """
    words, reading = _words(), read(text)
    look = _Look(reading)
    cues, vetoes = list(look.spans(words.asking)), list(look.spans(words.not_asking))
    found = {kind.name for kind in look.near(words.kinds, "asked") if any(look.spans(kind.asked))}
    for kind in look.near(words.kinds, "nouns"):
        for span in look.spans(kind.nouns):
            if look.is_asked(span, cues) and not look.is_taken_back(span, vetoes):
                found.add(kind.name)
    given = info_given(text) if found else {}
    return frozenset(
        kind.name for kind in words.kinds if kind.name in found and not (kind.value and kind.name in given)
    )


def info_given(text: str) -> dict[str, Quote]:
    """The information a requester's message gives: its kinds, each with the words that give it.

    A number needs digits: "my order number is below" gives none.
    """
    words, reading = _words(), read(text)
    look = _Look(reading)
    found: dict[str, Quote] = {}
    for kind in look.near(words.kinds, "given"):
        spans = (value for span in look.spans(kind.given) for value in look.values(kind, span))
        for low, high in sorted(spans)[:1]:
            found[kind.name] = Quote(low, high, text[low:high])
    for name, shape in _ANYWHERE.items():
        if name not in found and _SIGN[name].search(text) and (place := _first_free(shape, text, found)):
            found[name] = place
    return found


def _first_free(shape: re.Pattern[str], text: str, taken: dict[str, Quote]) -> Quote | None:
    """The first match that is not part of what was found before: an order number is no phone."""
    for match in shape.finditer(text):
        low, high = match.span()
        if not any(low < each.end and each.start < high for each in taken.values()):
            return Quote(low, high, match[0])
    return None


@dataclass(frozen=True)
class _Look:
    reading: Reading

    def near(self, kinds: Iterable[Kind], part: Literal["nouns", "asked", "given"]) -> Iterator[Kind]:
        """The kinds of which a part may be found."""
        at_hand = self.reading.near.all
        return (kind for kind in kinds if not at_hand.isdisjoint(getattr(kind, part)))

    def spans(self, phrases: Phrases) -> Iterator[tuple[int, int]]:
        near = self.reading.near
        return (span for each in near.all & phrases for span in self.reading.spans(each, near))

    def is_asked(self, noun: tuple[int, int], cues: list[tuple[int, int]]) -> bool:
        low, high = self.reading.sentence(noun[0])
        if any(low <= start < noun[0] for start, _ in cues):
            return True
        words = WORDS.findall(self.reading.plain, low, high)
        return len(words) <= SHORT and (self.reading.asks(noun[0]) or not _POLITE.isdisjoint(words))

    def is_taken_back(self, noun: tuple[int, int], vetoes: list[tuple[int, int]]) -> bool:
        low, _ = self.reading.sentence(noun[0])
        return any(low <= start < noun[1] and noun[0] - end <= NEAR for start, end in vetoes)

    def values(self, kind: Kind, span: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """The value that follows the words that announce it, or those words if they give it themselves."""
        start, end = span
        if not kind.value:
            before = self.reading.plain[max(self.reading.sentence(start)[0], start - 60) : start]
            if not self.reading.asks(start) and not _CANNOT.search(before):
                yield span
        elif found := _SHAPES[kind.value].match(self.reading.text, end):
            digits = sum(map(str.isdigit, found["value"]))
            if digits >= _DIGITS.get(kind.name, _DIGITS.get(kind.value, 0)):
                yield found.span("value")


@cache
def _words() -> _Words:
    table = data("info")
    kinds = tuple(_kind(name, each) for name, each in table["kinds"].items())
    asking, not_asking = (frozenset(phrases_of(flat(table[each]))) for each in ("asking", "not_asking"))
    return _Words(kinds, asking, not_asking)


def _kind(name: str, table: dict[str, Any]) -> Kind:
    nouns, asked, given = (frozenset(phrases_of(table.get(each, ()))) for each in ("nouns", "asked", "given"))
    return Kind(name, nouns, asked, given, table.get("value", ""))
