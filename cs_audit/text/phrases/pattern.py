"""The phrase language of the lexicons, and its translation to regular expressions that match in linear time.

    sorry                the word, in any case; `из-за` is also `из за`, `don't` is also `dont`
    извин*               a word that begins so
    (so|very)? sorry     one of several, or none of them; alternatives may have several words
    каждому ... отделу   up to four words between
    так+как              nothing but blanks between (elsewhere also commas, dashes, brackets)
    ^ no $               the whole sentence, or its beginning or end alone
    # hours              a number in digits
    * from support       any one word
    we ('ve|have)?       what follows an apostrophe is a word, too
    @staff               one of a named list of phrases

A phrase never reaches over the end of a sentence or paragraph. Gaps are bounded and words are matched possessively,
so the time is linear in the text, whatever a user's phrase says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from cs_audit.errors import ValueRefused
from cs_audit.text.phrases.parts import ANY, BREAK, LETTER, NEXT, SOFT, STEM, STOPS, WORD, Part, is_told, joined, word
from cs_audit.worded import worded

_BEGIN = rf"(?:\A|[{STOPS}\n])[^{LETTER}{STOPS}{BREAK}]{{0,4}}"
_END = rf"(?=[^{LETTER}{STOPS}{BREAK}]{{0,4}}(?:[{STOPS}\n]|\Z))"
_TOKEN = re.compile(rf"\s*(\)\??|[(|#+]|\.\.\.|@[a-z_]+|'?[{LETTER}][{LETTER}'.-]*\*?|\*)")
Lists = Mapping[str, Sequence[str]]


@dataclass(frozen=True, eq=False)
class Phrase:
    """One phrase of a lexicon.

    `anchors` are words or runs of words, framed by blanks (` read the `, ` инструкц`), one of which stands in every
    text the phrase matches once that text's words are joined by single blanks; empty: nothing is known.
    """

    source: str
    pattern: str
    anchors: frozenset[str]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern; group 1 is the phrase itself."""
        return re.compile(self.pattern)


def phrase(source: str, lists: Lists | None = None) -> Phrase:
    """The phrase that `source` writes down.

    Raises:
        ValueError: it is not written in the phrase language, or nothing in it must occur.
    """
    body = source.strip().removeprefix("^")
    parser = _Parser(body.removesuffix("$"), lists or {})
    part = parser.alternatives()
    if parser.rest:
        raise ValueRefused(worded("{source!r}: {rest!r} has no place here", source=source, rest=parser.rest[0]))
    if not part.anchors:
        raise ValueRefused(worded("{source!r} has no word that must occur", source=source))
    front = _BEGIN if source.strip() != body else f"(?<!{WORD})"
    back = _END if body.endswith("$") else f"(?!{WORD})"
    return Phrase(source, f"{front}({part.pattern}){back}", part.anchors)


class _Parser:
    def __init__(self, source: str, lists: Lists) -> None:
        self.source, self.lists = source, lists
        self.rest = _tokens(source)

    def alternatives(self) -> Part:
        branches = [self._sequence()]
        while self.rest[:1] == ["|"]:
            self.rest.pop(0)
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        known, told = all(each.anchors for each in branches), all(is_told(each) for each in branches)
        anchors: frozenset[str] = frozenset().union(*(each.anchors for each in branches))
        ways = tuple(dict.fromkeys(way for each in branches for way in each.ways)) if told else ()
        return Part("|".join(each.pattern for each in branches), ways, anchors if known else frozenset())

    def _sequence(self) -> Part:
        parts: list[Part | str] = []
        while self.rest and self.rest[0] not in ("|", ")", ")?"):
            token = self.rest.pop(0)
            parts.append(token if token in (ANY, NEXT) else self._item(token))
        if not any(isinstance(each, Part) and not each.optional for each in parts):
            raise ValueRefused(worded("{source!r}: an alternative has no word", source=self.source))
        return joined(tuple(parts))

    def _item(self, sign: str) -> Part:
        if sign == "(":
            inside = self.alternatives()
            if self.rest[:1] not in ([")"], [")?"]):
                raise ValueRefused(worded("{source!r}: a bracket is not closed", source=self.source))
            return Part(inside.pattern, inside.ways, inside.anchors, optional=self.rest.pop(0) == ")?")
        if sign == "#":
            return Part("[0-9]{1,9}+")
        if sign == "*":
            return Part(f"{WORD}++")
        if sign[0] == "@":
            return self._named(sign[1:])
        if sign.endswith("*") and len(SOFT.split(sign.removesuffix("*").removeprefix("'"))[-1]) < STEM:
            raise ValueRefused(
                worded("{source!r}: {token!r} is too short a beginning", source=self.source, token=sign),
                worded("write three letters or whole words"),
            )
        return word(sign)

    def _named(self, name: str) -> Part:
        if name not in self.lists:
            raise ValueRefused(worded("{source!r}: there is no list @{name}", source=self.source, name=name))
        phrases = tuple(self.lists[name])
        nested = any("@" in each for each in phrases)
        return _Parser("|".join(phrases), self.lists).alternatives() if nested else _one_of(phrases)


def _tokens(source: str) -> list[str]:
    text, found, at = plain(source), [], 0
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        if not token:
            sign = text[at:].strip()[0]
            raise ValueRefused(
                worded("{source!r}: {sign!r} is not part of the phrase language", source=source, sign=sign)
            )
        found.append(token[1])
        at = token.end()
    return found


@cache
def _one_of(phrases: tuple[str, ...]) -> Part:
    return _Parser("|".join(phrases), {}).alternatives()


_PLAIN = str.maketrans({
    "ё": "е", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "\u00a0": " ", "\t": " ", "\r": " ", "\u202f": " ",
    BREAK: " ", "¶": " ",
})  # fmt: skip


def plain(text: str) -> str:
    """The text in lower case with one spelling of ё, apostrophes and blanks, each character in its place."""
    return text.replace("İ", "i").lower().translate(_PLAIN)
