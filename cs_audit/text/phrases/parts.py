"""The pieces that phrases are made of: their patterns, what they can match, and what must occur in a match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product

LETTER = r"0-9a-z_\u00c0-\u024f\u0400-\u052f"
"""The inside of a character class: what words are made of, once texts are lower-case. Anything else parts words.

Written out, because the two regular expression engines disagree on what a word character is."""

STOPS = ".!?…;¶"
BREAK = "¤"
"""A character of the reading that stands for text that is not the author's own; no phrase reaches over it."""

WORD = f"[{LETTER}]"
_JOINT = rf"[^{LETTER}{STOPS}{BREAK}]{{1,4}}+"
_TIGHT = r"[ \n]{1,3}+"
_GAP = rf"(?:{_JOINT}{WORD}++){{0,4}}?"
ANY, NEXT = "...", "+"
"""Signs of a phrase that stand between parts: some words, nothing but blanks."""

SOFT = re.compile(r"[-.]|(?<=n)'(?=t)")
"""What may be missing between the pieces of a word."""

STEM = 3
"""The least length of the beginning of a word."""

MOST_WAYS = 160
"""How many spellings of what must occur are kept for one phrase; more are more selective and take more room."""


@dataclass(frozen=True)
class Part:
    """A piece of a pattern. `ways` are all the words it can match, none if they are too many to tell."""

    pattern: str
    ways: tuple[str, ...] = ()
    anchors: frozenset[str] = frozenset()
    ends_open: bool = False
    optional: bool = False


@cache
def word(token: str) -> Part:
    """A word, or with `*` at its end the beginning of one."""
    body = token.removesuffix("*").removeprefix("'")
    stem = token.endswith("*")
    pieces = [re.escape(each) for each in SOFT.split(body)]
    joints = [("'?" if each == "'" else r"[-. \u2013]{0,2}") for each in SOFT.findall(body)]
    pattern = pieces[0] + "".join(joint + piece for joint, piece in zip(joints, pieces[1:], strict=True))
    ways = product(*((piece,) if not n else (" " + piece, piece) for n, piece in enumerate(SOFT.split(body))))
    runs = tuple(dict.fromkeys(" ".join("".join(way).replace("'", " ").split()) for way in ways))
    anchors = frozenset(f" {run}" if stem else f" {run} " for run in runs)
    return Part(pattern + (f"{WORD}*+" if stem else ""), runs, anchors, ends_open=stem)


@lru_cache(maxsize=1 << 14)
def joined(parts: tuple[Part | str, ...]) -> Part:
    """Parts in a row, with what stands between them."""
    if len(parts) == 1 and isinstance(part := parts[0], Part) and part.anchors == _told(part.ways, part):
        return Part(f"(?:{part.pattern})", part.ways if is_told(part) else (), part.anchors)
    pattern, joint = "", ""
    for part in parts:
        if isinstance(part, Part):
            pattern, joint = _appended(pattern, part, joint)
        else:
            joint = _GAP + _JOINT if part == ANY else _TIGHT
    return Part(pattern, _ways(parts), _anchors(parts))


def _appended(pattern: str, part: Part, joint: str) -> tuple[str, str]:
    """The pattern with one more part, and the joint that the next one needs."""
    if not part.optional:
        return pattern + joint + f"(?:{part.pattern})", _JOINT
    if not joint:  # nothing stands before it yet: the joint belongs to the part
        return pattern + f"(?:(?:{part.pattern}){_JOINT})?", ""
    return pattern + f"(?:{joint if joint != _GAP + _JOINT else _JOINT}(?:{part.pattern}))?", joint


def is_told(part: Part) -> bool:
    """Whether all the words it can match are known."""
    return bool(part.ways) and not part.ends_open


def _ways(parts: Sequence[Part | str]) -> tuple[str, ...]:
    """All the words a row of parts can match, if they can be told."""
    found = [""]
    for part in parts:
        if part == NEXT:
            continue
        if not isinstance(part, Part) or not is_told(part) or len(found) * len(part.ways) > MOST_WAYS:
            return ()
        found = _followed(found, part)
    return tuple(found)


def _followed(before: list[str], part: Part) -> list[str]:
    ways = (*part.ways, "") if part.optional else part.ways
    return list(dict.fromkeys(f"{left} {right}".strip() for left in before for right in ways))


def _anchors(parts: Sequence[Part | str]) -> frozenset[str]:
    """What must occur: of all stretches of parts whose words can be told, the one whose shortest words are longest."""
    choices = [part.anchors for part in parts if isinstance(part, Part) and not part.optional and part.anchors]
    row = [part for part in parts if part != NEXT]
    choices += [anchors for first in range(len(row)) for anchors in _stretches(row[first:])]
    return max(choices, key=_rarity, default=frozenset())


def _rarity(anchors: frozenset[str]) -> tuple[int, float]:
    return min(map(len, anchors)), sum(map(len, anchors)) / len(anchors)


def _stretches(row: Sequence[Part | str]) -> Iterator[frozenset[str]]:
    """What the first, the first two, ... parts of a row can match, as long as it can be told."""
    found, required = [""], False
    for part in row:
        if not isinstance(part, Part) or not part.ways or len(found) * (len(part.ways) + 1) > MOST_WAYS:
            return
        found, required = _followed(found, part), required or not part.optional
        if required and "" not in found:
            yield _told(found, part)
        if part.ends_open:
            return


def _told(ways: Sequence[str], last: Part) -> frozenset[str]:
    """These words as anchors; the `last` part may end within a word."""
    return frozenset([f" {each}" if last.ends_open else f" {each} " for each in ways])
