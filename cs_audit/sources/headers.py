"""The names that helpdesks give their columns, and what each can stand for.

Only names are judged here; whether the values bear a name out is asked of the file. `First response` heads a column of
timestamps in one export and of durations in another.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

_NAMES: Mapping[str, Any] = tomllib.loads(resources.files(__package__).joinpath("headers.toml").read_text("utf-8"))
_TICKET, _DATE, _FILLER, _NUMBER = (frozenset(_NAMES["words"][key]) for key in ("ticket", "date", "filler", "number"))
Ranks = Sequence[Sequence[str]]

_LENGTHS = re.compile(
    r"\b(in (minutes?|mins?|hours?|hrs?|seconds?|secs?|days?)|hh mm( ss)?|mins?|hrs|minutes|duration|elapsed|spent|"
    r"tracked|estimate|wait time|handle time|stc|длительность|продолжительность|минут\w*|часов|часах|секунд\w*|сек|мин|"
    r"время (обработки|ожидания|решения|реакции|выполнения|первого ответа))\b|^time to\b|\btime to (first|resol)"
)
_LIMITS = re.compile(r"\b(due|deadline|escalation|destination|target|срок|крайний|регламентн\w*|норматив\w*)\b")


def normalise(header: str) -> str:
    """A header in lower case, words parted by one space: `Custom field (TicketID) [list]` is `ticket id`."""
    text = re.sub(r"\s*\[[^\]]*\]\s*$", "", header)
    text = re.sub(r"(?i)^\s*custom field \((.*)\)\s*$", r"\1", text)
    text = text.replace("№", " номер ").replace("#", " number ")
    text = re.sub(r"(?<=[a-zа-яё0-9])(?=[A-ZА-ЯЁ])|(?<=[A-ZА-ЯЁ])(?=[A-ZА-ЯЁ][a-zа-яё])", " ", text)
    return " ".join(re.findall(r"\w+", text.casefold().replace("ё", "е").replace("_", " ")))


def _without(name: str, *words: frozenset[str]) -> str:
    gone = frozenset().union(*words)
    return " ".join(word for word in name.split() if word not in gone)


def _rank(name: str, ranks: Ranks) -> int | None:
    return next((rank for rank, names in enumerate(ranks) if name in names), None)


def about_ticket(header: str) -> bool:
    """Whether the header names the ticket itself, as `Ticket created at` does."""
    return not _TICKET.isdisjoint(normalise(header).split())


def zone_in(header: str) -> str | None:
    """The time zone a header names, as `Created (UTC)` does."""
    found = {_NAMES["zones"][word] for word in normalise(header).split() if word in _NAMES["zones"]}
    return found.pop() if len(found) == 1 else None


def is_length(header: str) -> bool:
    """Whether the name is that of a length of time."""
    return bool(_LENGTHS.search(normalise(header)))


def is_limit(header: str) -> bool:
    """Whether the name is that of a promised time."""
    return bool(_LIMITS.search(normalise(header)))


def verdict_of(header: str) -> str | None:
    """The rule about which this column holds the helpdesk's own verdict."""
    rule: str | None = _NAMES["verdicts"].get(normalise(header))
    return rule


def meanings(header: str) -> Iterator[tuple[str, int]]:
    """Each column of events that the header can stand for, and how good a name for it it is (0 is best)."""
    name = normalise(header)
    if (rank := _ticket_rank(name)) is not None:
        yield "ticket", rank
    yield from _time_meanings(name)
    bare = _without(name, _TICKET)
    for column, ranks in _NAMES["others"].items():
        rank = _rank(name, ranks)
        rank = _rank(bare, ranks) if rank is None else rank
        if rank is not None:
            yield column, rank


def _ticket_rank(name: str) -> int | None:
    words = set(name.split())
    if words & _TICKET and words <= _TICKET | _NUMBER:
        return 0
    return _rank(name, _NAMES["ticket"]["bare"])


def _time_meanings(name: str) -> Iterator[tuple[str, int]]:
    words = set(name.split())
    core = _without(name, _TICKET, _DATE, _FILLER)
    if not core and words & _DATE:
        yield ("created_at", 2) if words & _TICKET else ("occurred_at", 1)
        return
    for column, ranks in _NAMES["times"].items():
        rank = _rank(core, ranks)
        if rank is not None:
            yield column, rank


def candidates(headers: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """For each column of events, the headers that can stand for it, the best first."""
    found: dict[str, list[tuple[int, str]]] = {}
    for header in headers:
        for column, rank in meanings(header):
            found.setdefault(column, []).append((rank, header))
    return {column: sorted(each, key=lambda pair: pair[0]) for column, each in found.items()}
