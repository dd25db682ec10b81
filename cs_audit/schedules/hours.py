"""Opening hours as people write them, and as seconds of the local day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from cs_audit.errors import ValueRefused
from cs_audit.worded import worded

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = 86_400

Range = tuple[int, int]
"""Seconds since local midnight, half-open; the end passes 86,400 when the shift runs into the next day."""

Week = tuple[tuple[Range, ...], ...]
"""Seven days from Monday, each with its ranges."""

ALWAYS: Week = (((0, DAY),),) * 7

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


def parse_clock(text: str) -> int:
    """Seconds since midnight of `9:00`, `17:30:15` or `24:00`.

    Raises:
        ValueError: not a time of day.
    """
    match = _CLOCK.fullmatch(text.strip())
    hour, minute, second = (int(part or 0) for part in match.groups()) if match else (99, 0, 0)
    seconds = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or seconds > DAY:
        raise ValueRefused(worded("{text!r} is not a time of day like 09:00 or 24:00", text=text))
    return seconds


def parse_range(text: str) -> Range:
    """`09:00-18:00` as seconds; `22:00-06:00` ends on the next day.

    Raises:
        ValueError: not two times with a dash, or an empty range.
    """
    opens, dash, closes = text.replace("–", "-").partition("-")
    if not dash:
        raise ValueRefused(worded("{text!r} is not a range of hours like 09:00-18:00", text=text))
    return make_range(parse_clock(opens), parse_clock(closes), text)


def make_range(start: int, end: int, text: str = "") -> Range:
    """A range from two times of day; an end at or before the start belongs to the next day."""
    if start == end:
        raise ValueRefused(
            worded("{text!r} opens and closes at the same time", text=text),
            worded("write 00:00-24:00 for the whole day"),
        )
    if start == DAY:
        raise ValueRefused(worded("{text!r} opens at 24:00", text=text), worded("write 00:00 on the next day"))
    return (start, end) if end > start else (start, end + DAY)


def parse_ranges(value: str | Sequence[str]) -> tuple[Range, ...]:
    """Ranges of one day, in order.

    Raises:
        ValueError: unreadable or overlapping ranges.
    """
    ranges = tuple(sorted(parse_range(text) for text in ([value] if isinstance(value, str) else value)))
    for (_, end), (start, _) in pairwise(ranges):
        if start < end:
            raise ValueRefused(
                worded(
                    "ranges overlap: one ends at {end}, the next opens at {start}", end=clock(end), start=clock(start)
                )
            )
    return ranges


def parse_days(text: str) -> tuple[int, ...]:
    """Week days of `mon`, `mon-thu` or `fri-mon`, Monday being 0.

    Raises:
        ValueError: not the name of a day.
    """
    first, dash, last = text.lower().replace(" ", "").partition("-")
    start = _day(first)
    end = _day(last) if dash else start
    return tuple((start + step) % 7 for step in range((end - start) % 7 + 1))


def _day(name: str) -> int:
    found = [number for number, full in enumerate(_NAMES) if len(name) >= len(DAYS[0]) and full.startswith(name)]
    if not found:
        raise ValueRefused(
            worded("{name!r} is not a day", name=name), worded("the days are {known}", known=" ".join(DAYS))
        )
    return found[0]


def parse_week(hours: str | Mapping[str, str | Sequence[str]]) -> Week:
    """A week of `{"mon-thu": ["09:00-13:00", "14:00-18:00"], "fri": "09:00-17:00"}` or of `"24/7"`.

    Raises:
        ValueError: an unknown day, a day given twice, or unreadable hours.
    """
    if isinstance(hours, str):
        if hours != "24/7":
            raise ValueRefused(worded("{hours!r} is neither a table of days nor 24/7", hours=hours))
        return ALWAYS
    week: dict[int, tuple[Range, ...]] = {}
    for days, value in hours.items():
        for day in parse_days(days):
            if day in week:
                raise ValueRefused(worded("{day} has its hours twice", day=DAYS[day]))
            week[day] = parse_ranges(value)
    return tuple(week.get(day, ()) for day in range(7))


def clock(seconds: int) -> str:
    """`09:00` of 32,400; seconds only where there are any; 06:00 of the next day is `06:00`."""
    seconds = seconds if seconds <= DAY else seconds - DAY
    text = f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text


def show_ranges(ranges: Sequence[Range]) -> list[str]:
    """Ranges as `parse_ranges` reads them."""
    return [f"{clock(start)}-{clock(end)}" for start, end in ranges]
