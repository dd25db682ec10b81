"""Promises: what an agent says he or his side will do, and by when.

A promise has somebody of the agent's side do something in the future (call, message, do) and names a time. What is
usual ("we usually answer within 24 hours"), general ("refunds take 5 days"), tried, hoped for or conditional is none,
nor is a question, what somebody said before, and what others will do (the courier, the bank, the requester).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from cs_audit.text.phrases.deadlines import Deadline
from cs_audit.text.phrases.index import Phrases
from cs_audit.text.phrases.lexicon import data, flat, phrases_of
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
    reading = read(text)
    acts = _acts(reading)
    return tuple(
        promise
        for place, (low, high) in enumerate(reading.sentences)
        if acts.get(place) and not reading.asks(low)
        for promise in _promised(reading, acts[place], deadlines(reading.plain, low, high))
    )


def _promised(reading: Reading, acts: list[_Act], times: list[Found]) -> Iterator[Promise]:
    """The promises of one sentence: each act belongs to the nearest time, and the most telling act of a time counts."""
    best: dict[Found, _Act] = {}
    for act in sorted(acts, key=lambda each: (WHATS.index(each.what), each.start)):
        if time := _nearest(reading, act, times):
            best.setdefault(time, act)
    for time, act in sorted(best.items(), key=lambda each: each[0].start):
        start, end = min(act.start, time.start), max(act.end, time.end)
        yield Promise(start, end, reading.quote(start, end), act.what, time.deadline)


def _nearest(reading: Reading, act: _Act, times: list[Found]) -> Found | None:
    """The time next before or after an act, unless it is far or belongs to something else said in between."""
    place = bisect_left(times, act.start, key=lambda each: each.start)
    near = [(_gap(act, time), time.start, time) for time in times[max(place - 1, 0) : place + 1]]
    fit = [each for each in near if each[0] <= FAR and not _told(reading, act, each[2])]
    return min(fit)[2] if fit else None


def _gap(act: _Act, time: Found) -> int:
    return max(time.start - act.end, act.start - time.end, 0)


def _told(reading: Reading, act: _Act, time: Found) -> bool:
    """Whether the time belongs to something else that was said in between: the order you placed today."""
    between = reading.plain[act.end : time.start]
    return any(each.regex.search(between) for each in _words().elsewhere)


@dataclass(frozen=True)
class _Words:
    acts: tuple[tuple[What, tuple[Phrase, ...]], ...]
    doing: Phrases
    vetoes: tuple[Phrase, ...]
    elsewhere: tuple[Phrase, ...]
    not_doing: frozenset[str]


@cache
def _words() -> _Words:
    table = data("promises")
    acts = tuple((what, phrases_of(table[what])) for what in WHATS)
    vetoes = phrases_of((*flat(table["conditions"]), *flat(table["hedges"])))
    not_doing = frozenset(word for line in flat(table["not_doing"].values()) for word in line.split())
    doing = frozenset(each for _, phrases in acts for each in phrases)
    return _Words(acts, doing, vetoes, phrases_of(table["elsewhere"]), not_doing)


def _acts(reading: Reading) -> dict[int, list[_Act]]:
    """What the agent's side will do, by the number of the sentence; nothing where it sets a condition or hedges."""
    words = _words()
    found: defaultdict[int, list[_Act]] = defaultdict(list)
    if reading.near.all.isdisjoint(words.doing):
        return found
    for what, phrases in words.acts:
        for start, end in _spans(reading, phrases):
            said = WORDS.findall(reading.plain, start, end)
            if not _is_denied(reading, start) and (what != "do" or said[-1] not in words.not_doing):
                found[reading.place(start)].append(_Act(start, end, what))
    if found:
        for start, _ in _spans(reading, words.vetoes):
            found.pop(reading.place(start), None)
    return found


def _spans(reading: Reading, phrases: Iterable[Phrase]) -> Iterator[tuple[int, int]]:
    near = reading.near
    return (span for each in phrases if each in near.all for span in reading.spans(each, near))


def _is_denied(reading: Reading, start: int) -> bool:
    return WORDS.findall(reading.plain, max(0, start - 10), start)[-1:] in (["не"], ["not"], ["never"])
