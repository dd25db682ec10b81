"""Times by which something is to be done, as data: no instants, for these need the time of saying and a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Clock = Literal["calendar", "working"]
HourMinute = tuple[int, int]


@dataclass(frozen=True)
class Within:
    """Before so many seconds have passed, of working time or of any time."""

    seconds: int
    clock: Clock = "calendar"


@dataclass(frozen=True)
class WithinWorkingDays:
    """Before so many working days have passed."""

    days: int


@dataclass(frozen=True)
class EndOfDay:
    """Until the end of the day that comes so many days later, or of its working hours."""

    days: int
    clock: Clock = "calendar"


@dataclass(frozen=True)
class AtTime:
    """Until a time of the day that comes so many days later. A time of today already past is tomorrow's."""

    days: int
    hour: int
    minute: int = 0


@dataclass(frozen=True)
class EndOfWeekday:
    """Until the end (or `at` hour and minute) of a weekday, Monday being 0.

    It is the first one from the day of saying on, or, of `next_week`, the one of the following calendar week.
    """

    weekday: int
    next_week: bool = False
    at: HourMinute | None = None


@dataclass(frozen=True)
class EndOfWeek:
    """Until the end of the week that comes so many weeks later."""

    weeks: int


@dataclass(frozen=True)
class OnDate:
    """Until the end (or `at` hour and minute) of a date; without a month, the next such day of a month."""

    day: int
    month: int | None = None
    at: HourMinute | None = None


Deadline = Within | WithinWorkingDays | EndOfDay | AtTime | EndOfWeekday | EndOfWeek | OnDate
