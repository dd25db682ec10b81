"""When: the deadlines that a sentence names, put together from neighbouring words ("tomorrow", "by 5 pm")."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from cs_audit.text.phrases.deadlines import AtTime, Deadline, EndOfDay, EndOfWeekday, OnDate
from cs_audit.text.phrases.time_words import DayTime, Piece, pieces


@dataclass(frozen=True, eq=False)
class Found:
    """A deadline and its place in a reading's `plain`."""

    start: int
    end: int
    deadline: Deadline


_BETWEEN = re.compile(r"[\s,(]*(?:at|by|in the|on|the|of|before|until|до|к|в|не позднее)?[\s,]*")
_OR = re.compile(r"[\s,]*(?:or|или|либо|максимум)[\s,]*(?:by |до |в )?")


def deadlines(plain: str, start: int, end: int) -> list[Found]:
    """The deadlines of a stretch of a reading, in their order."""
    apart = _apart(sorted(pieces(plain, start, end), key=lambda each: (each.start, -each.end)))
    merged = apart[:1]
    for left, right in pairwise(apart):
        last = merged[-1]
        value = _merged(last.value, right.value, plain[left.end : right.start])
        merged[-1:] = [last, right] if value is None else [Piece(last.start, right.end, value)]
    return [Found(each.start, each.end, done) for each in merged if (done := _done(each.value))]


def _apart(pieces: list[Piece]) -> list[Piece]:
    """The pieces without those that begin inside an earlier one."""
    kept: list[Piece] = []
    for each in pieces:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _done(value: Deadline | DayTime) -> Deadline | None:
    if isinstance(value, DayTime):
        return AtTime(0, value.hour, value.minute) if value.alone else None
    return value


def _merged(left: Deadline | DayTime, right: Deadline | DayTime, between: str) -> Deadline | None:
    """Two neighbours that say one time together, or None."""
    if _OR.fullmatch(between) and isinstance(left, EndOfDay) and isinstance(right, EndOfDay):
        return max(left, right, key=lambda each: each.days)
    if not _BETWEEN.fullmatch(between):
        return None
    if isinstance(left, DayTime):
        left, right = right, left
    if isinstance(right, DayTime) and not isinstance(left, DayTime):
        if isinstance(left, EndOfDay):
            return AtTime(left.days, right.hour, right.minute)
        return replace(left, at=(right.hour, right.minute)) if isinstance(left, EndOfWeekday | OnDate) else None
    if isinstance(right, OnDate) and isinstance(left, EndOfWeekday | EndOfDay):
        return right
    return left if isinstance(left, EndOfDay) and isinstance(right, EndOfWeekday) else None
