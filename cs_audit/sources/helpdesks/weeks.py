"""Hours and limits as helpdesks give them, as the configuration writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

DAY = 1440
"""Minutes."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def week(intervals: Iterable[tuple[int, int]], first: str) -> dict[str, list[str]]:
    """The hours of each day, of intervals in minutes since the day `first` began."""
    days: dict[str, list[str]] = {}
    for start, end in sorted(intervals):
        for day, hours in by_days(start, end):
            days.setdefault(_DAYS[(_DAYS.index(first) + day) % 7], []).append(hours)
    return days


def by_days(start: int, end: int) -> Iterator[tuple[int, str]]:
    """An interval of minutes cut at midnights: the number of the day, and its hours as `09:00-18:00`."""
    while start < end:
        day = start // DAY
        until = min(end, (day + 1) * DAY)
        yield day, f"{_clock(start - day * DAY)}-{_clock(until - day * DAY)}"
        start = until


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def closing(clock: str) -> str:
    """When a day's hours end: its last minute, and midnight, mean the end of the day."""
    return "24:00" if clock in ("23:59", "00:00") else clock


def limit(seconds: float) -> str:
    """A time limit, in minutes where they are whole."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{round(seconds)}s" if rest else f"{minutes}m"
