"""Promises: what an agent says he or his side will do, and by when.

A promise has somebody of the agent's side do something in the future (call, message, do) and names a time. What is
usual ("we usually answer within 24 hours"), general ("refunds take 5 days"), tried, hoped for or conditional is none,
nor is a question, what somebody said before, and what others will do (the courier, the bank, the requester).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from cs_audit.text.phrases.deadlines import Deadline
from cs_audit.text.phrases.lexicon import Index, data, flat, phrases_of
from cs_audit.text.phrases.pattern import Phrase
from cs_audit.text.phrases.reading import WORDS, Reading, read
from cs_audit.text.phrases.when import Found, deadlines

What = Literal["call", "message", "do"]
WHATS: tuple[What, ...] = ("call", "message", "do")
"""From the most to the least telling: "we'll check and call you back tomorrow" promises a call."""

FAR = 120
"""Characters between what is promised and its time, at most."""


@dataclass(frozen=True)
class Promise:
    """A dated promise: `text[start:end] == quote` holds what is promised and by when."""

    start: int
    end: int
    quote: str
    what: What
    deadline: Deadline


@dataclass(frozen=True)
class _Act:
    start: int
    end: int
    what: What


def promises(text: str) -> tuple[Promise, ...]:
    """The dated promises of an agent's message, in the order of their words; one for each time that is named."""
    words, reading = _words(), read(text)
    at_hand = words.index.at_hand(reading.words)
    return tuple(
        promise
        for low, high in reading.sentences
        if not reading.asks(low)
        for promise in _promised(reading, _acts(reading, words, at_hand, low, high), low, high)
    )


def _promised(reading: Reading, acts: list[_Act], low: int, high: int) -> Iterator[Promise]:
    """The promises of one sentence: each act belongs to the nearest time."""
    times = deadlines(reading.plain, low, high) if acts else []
    owners = {act: _nearest(reading, act, times) for act in acts}
    for time in times:
        own = [act for act, owner in owners.items() if owner is time]
        if own:
            best = min(own, key=lambda act: (WHATS.index(act.what), act.start))
            start, end = min(best.start, time.start), max(best.end, time.end)
            yield Promise(start, end, reading.quote(start, end), best.what, time.deadline)


def _nearest(reading: Reading, act: _Act, times: list[Found]) -> Found | None:
    near = [(gap, time) for time in times if 0 <= (gap := _gap(act, time)) <= FAR and not _told(reading, act, time)]
    return min(near, key=lambda each: (each[0], each[1].start))[1] if near else None


def _gap(act: _Act, time: Found) -> int:
    return max(time.start - act.end, act.start - time.end, 0)


def _told(reading: Reading, act: _Act, time: Found) -> bool:
    """Whether the time belongs to something else that was said in between: the order you placed today."""
    between = reading.plain[act.end : time.start]
    return any(each.regex.search(between) for each in _words().elsewhere)


@dataclass(frozen=True)
class _Words:
    acts: tuple[tuple[What, tuple[Phrase, ...]], ...]
    vetoes: tuple[Phrase, ...]
    elsewhere: tuple[Phrase, ...]
    not_doing: frozenset[str]
    index: Index


@cache
def _words() -> _Words:
    table = data("promises")
    acts = tuple((what, phrases_of(table[what])) for what in WHATS)
    vetoes = phrases_of((*flat(table["conditions"]), *flat(table["hedges"])))
    not_doing = frozenset(word for line in flat(table["not_doing"].values()) for word in line.split())
    index = Index((*vetoes, *(each for _, phrases in acts for each in phrases)))
    return _Words(acts, vetoes, phrases_of(table["elsewhere"]), not_doing, index)


def _acts(reading: Reading, words: _Words, at_hand: set[Phrase], low: int, high: int) -> list[_Act]:
    """What the agent's side will do by one sentence; nothing if the sentence sets a condition or hedges."""
    found = [
        _Act(start, end, what)
        for what, phrases in words.acts
        for start, end in _spans(reading, phrases, at_hand, low, high)
        if not _is_denied(reading, start, low)
        if what != "do" or reading.plain[start:end].split()[-1] not in words.not_doing
    ]
    if not found or any(_spans(reading, words.vetoes, at_hand, low, high)):
        return []
    return sorted(found, key=lambda act: (act.start, WHATS.index(act.what)))


def _spans(
    reading: Reading, phrases: Iterable[Phrase], at_hand: set[Phrase], low: int, high: int
) -> Iterator[tuple[int, int]]:
    for each in phrases:
        if each in at_hand:
            for found in each.regex.finditer(reading.plain, low, high):
                yield found.span(1)


def _is_denied(reading: Reading, start: int, low: int) -> bool:
    return WORDS.findall(reading.plain, low, start)[-1:] in (["не"], ["not"], ["never"])
