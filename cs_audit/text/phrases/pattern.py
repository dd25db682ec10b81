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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import product

from cs_audit.errors import ValueRefused
from cs_audit.worded import worded

LETTER = r"0-9a-z_\u00c0-\u024f\u0400-\u052f"
"""The inside of a character class: what words are made of, once texts are lower-case. Anything else parts words.

Written out, because the two regular expression engines disagree on what a word character is."""

STOPS = ".!?…;¶"
BREAK = "¤"
"""A character of the reading that stands for text that is not the author's own; no phrase reaches over it."""

_WORD = f"[{LETTER}]"
_JOINT = rf"[^{LETTER}{STOPS}{BREAK}]{{1,4}}+"
_TIGHT = r"[ \n]{1,3}+"
_GAP = rf"(?:{_JOINT}{_WORD}++){{0,4}}?"
_BEGIN = rf"(?:\A|[{STOPS}\n])[^{LETTER}{STOPS}{BREAK}]{{0,4}}"
_END = rf"(?=[^{LETTER}{STOPS}{BREAK}]{{0,4}}(?:[{STOPS}\n]|\Z))"
_ANY, _NEXT = "...", "+"
_TOKEN = re.compile(rf"\s*(\)\??|[(|#+]|\.\.\.|@[a-z_]+|'?[{LETTER}][{LETTER}'.-]*\*?|\*)")
_SOFT = re.compile(r"[-.]|(?<=n)'(?=t)")

STEM = 3
"""The least length of the beginning of a word."""

MOST_WAYS = 160
"""How many spellings of what must occur are kept for one phrase; more are more selective and take more room."""

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
    front = _BEGIN if source.strip() != body else f"(?<!{_WORD})"
    back = _END if body.endswith("$") else f"(?!{_WORD})"
    return Phrase(source, f"{front}({part.pattern}){back}", part.anchors)


@dataclass(frozen=True)
class _Part:
    """A piece of a pattern. `ways` are all the words it can match, none if they are too many to tell."""

    pattern: str
    ways: tuple[str, ...] = ()
    anchors: frozenset[str] = frozenset()
    ends_open: bool = False
    optional: bool = False


class _Parser:
    def __init__(self, source: str, lists: Lists) -> None:
        self.source, self.lists = source, lists
        self.rest = _tokens(source)

    def alternatives(self) -> _Part:
        branches = [self._sequence()]
        while self.rest[:1] == ["|"]:
            self.rest.pop(0)
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        known, told = all(each.anchors for each in branches), all(_is_told(each) for each in branches)
        anchors: frozenset[str] = frozenset().union(*(each.anchors for each in branches))
        ways = tuple(dict.fromkeys(way for each in branches for way in each.ways)) if told else ()
        return _Part("|".join(each.pattern for each in branches), ways, anchors if known else frozenset())

    def _sequence(self) -> _Part:
        parts: list[_Part | str] = []
        while self.rest and self.rest[0] not in ("|", ")", ")?"):
            token = self.rest.pop(0)
            parts.append(token if token in (_ANY, _NEXT) else self._item(token))
        if not any(isinstance(each, _Part) and not each.optional for each in parts):
            raise ValueRefused(worded("{source!r}: an alternative has no word", source=self.source))
        return _joined(tuple(parts))

    def _item(self, sign: str) -> _Part:
        if sign == "(":
            inside = self.alternatives()
            if self.rest[:1] not in ([")"], [")?"]):
                raise ValueRefused(worded("{source!r}: a bracket is not closed", source=self.source))
            return _Part(inside.pattern, inside.ways, inside.anchors, optional=self.rest.pop(0) == ")?")
        if sign == "#":
            return _Part("[0-9]{1,9}+")
        if sign == "*":
            return _Part(f"{_WORD}++")
        if sign[0] == "@":
            return self._named(sign[1:])
        if sign.endswith("*") and len(_SOFT.split(sign.removesuffix("*").removeprefix("'"))[-1]) < STEM:
            raise ValueRefused(
                worded("{source!r}: {token!r} is too short a beginning", source=self.source, token=sign),
                worded("write three letters or whole words"),
            )
        return _word(sign)

    def _named(self, name: str) -> _Part:
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
def _one_of(phrases: tuple[str, ...]) -> _Part:
    return _Parser("|".join(phrases), {}).alternatives()


@cache
def _word(token: str) -> _Part:
    body = token.removesuffix("*").removeprefix("'")
    stem = token.endswith("*")
    pieces = [re.escape(each) for each in _SOFT.split(body)]
    joints = [("'?" if each == "'" else r"[-. \u2013]{0,2}") for each in _SOFT.findall(body)]
    pattern = pieces[0] + "".join(joint + piece for joint, piece in zip(joints, pieces[1:], strict=True))
    ways = product(*((piece,) if not n else (" " + piece, piece) for n, piece in enumerate(_SOFT.split(body))))
    runs = tuple(dict.fromkeys(" ".join("".join(way).replace("'", " ").split()) for way in ways))
    anchors = frozenset(f" {run}" if stem else f" {run} " for run in runs)
    return _Part(pattern + (f"{_WORD}*+" if stem else ""), runs, anchors, ends_open=stem)


@lru_cache(maxsize=1 << 14)
def _joined(parts: tuple[_Part | str, ...]) -> _Part:
    """Parts in a row, with what stands between them."""
    if len(parts) == 1 and isinstance(part := parts[0], _Part) and part.anchors == _told(part.ways, part):
        return _Part(f"(?:{part.pattern})", part.ways if _is_told(part) else (), part.anchors)
    pattern, joint = "", ""
    for part in parts:
        if isinstance(part, _Part):
            pattern, joint = _appended(pattern, part, joint)
        else:
            joint = _GAP + _JOINT if part == _ANY else _TIGHT
    return _Part(pattern, _ways(parts), _anchors(parts))


def _appended(pattern: str, part: _Part, joint: str) -> tuple[str, str]:
    """The pattern with one more part, and the joint that the next one needs."""
    if not part.optional:
        return pattern + joint + f"(?:{part.pattern})", _JOINT
    if not joint:  # nothing stands before it yet: the joint belongs to the part
        return pattern + f"(?:(?:{part.pattern}){_JOINT})?", ""
    return pattern + f"(?:{joint if joint != _GAP + _JOINT else _JOINT}(?:{part.pattern}))?", joint


def _is_told(part: _Part) -> bool:
    return bool(part.ways) and not part.ends_open


def _ways(parts: Sequence[_Part | str]) -> tuple[str, ...]:
    """All the words a row of parts can match, if they can be told."""
    found = [""]
    for part in parts:
        if part == _NEXT:
            continue
        if not isinstance(part, _Part) or not _is_told(part) or len(found) * len(part.ways) > MOST_WAYS:
            return ()
        found = _followed(found, part)
    return tuple(found)


def _followed(before: list[str], part: _Part) -> list[str]:
    ways = (*part.ways, "") if part.optional else part.ways
    return list(dict.fromkeys(f"{left} {right}".strip() for left in before for right in ways))


def _anchors(parts: Sequence[_Part | str]) -> frozenset[str]:
    """What must occur: of all stretches of parts whose words can be told, the one whose shortest words are longest."""
    choices = [part.anchors for part in parts if isinstance(part, _Part) and not part.optional and part.anchors]
    row = [part for part in parts if part != _NEXT]
    choices += [anchors for first in range(len(row)) for anchors in _stretches(row[first:])]
    return max(choices, key=_rarity, default=frozenset())


def _rarity(anchors: frozenset[str]) -> tuple[int, float]:
    return min(map(len, anchors)), sum(map(len, anchors)) / len(anchors)


def _stretches(row: Sequence[_Part | str]) -> Iterator[frozenset[str]]:
    """What the first, the first two, ... parts of a row can match, as long as it can be told."""
    found, required = [""], False
    for part in row:
        if not isinstance(part, _Part) or not part.ways or len(found) * (len(part.ways) + 1) > MOST_WAYS:
            return
        found, required = _followed(found, part), required or not part.optional
        if required and "" not in found:
            yield _told(found, part)
        if part.ends_open:
            return


def _told(ways: Sequence[str], last: _Part) -> frozenset[str]:
    """These words as anchors; the `last` part may end within a word."""
    return frozenset([f" {each}" if last.ends_open else f" {each} " for each in ways])


_PLAIN = str.maketrans({
    "ё": "е", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "\u00a0": " ", "\t": " ", "\r": " ", "\u202f": " ",
    BREAK: " ", "¶": " ",
})  # fmt: skip


def plain(text: str) -> str:
    """The text in lower case with one spelling of ё, apostrophes and blanks, each character in its place."""
    return text.replace("İ", "i").lower().translate(_PLAIN)
