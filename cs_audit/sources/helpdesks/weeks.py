"""Opening intervals that helpdesks give as minutes, as clock times of days."""

from __future__ import annotations

from collections.abc import Iterator

DAY = 1440
"""Minutes."""


def by_days(start: int, end: int) -> Iterator[tuple[int, str]]:
    """An interval of minutes cut at midnights: the number of the day, and its hours as `09:00-18:00`."""
    while start < end:
        day = start // DAY
        until = min(end, (day + 1) * DAY)
        yield day, f"{_clock(start - day * DAY)}-{_clock(until - day * DAY)}"
        start = until


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
