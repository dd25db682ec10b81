"""Who else computes working time, each given a calendar in the form it takes best; and ours.

A peer is made for a calendar and the intervals, before any time is taken, and is then a function: of how many intervals
(the first ones) it shall give the seconds, or numpy's timedeltas. One that cannot express a calendar at all refuses it; one that can express
it in part is asked all the same, and its wrong answers are counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cs_audit.schedules import DAYS, Coordinates, Horizon, Schedule, parse_week
from tests.bench.calendars import FIRST, LAST, Calendar, Hours

SECOND = 1_000_000
FEW = 20_000
"""How many intervals are kept as Python's datetimes."""
Answer = Callable[[int], Sequence[float] | NDArray[Any]]


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """The calendar cannot be expressed."""


@dataclass(frozen=True)
class Intervals:
    """Starts and ends in whole seconds since 1970."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]

    @classmethod
    def made(cls, number: int) -> Intervals:
        """Starts on any second of 350 days, lengths log-normal with a median of four hours, at most 30 days."""
        dice = np.random.default_rng(7)
        first = int(dt.datetime(2025, 1, 2, tzinfo=dt.UTC).timestamp())
        start = first + dice.integers(0, 350 * 86_400, number)
        return cls(start, start + dice.lognormal(np.log(14_400), 1.6, number).astype(np.int64).clip(1, 30 * 86_400))

    @classmethod
    def across(cls, calendar: Calendar, number: int) -> Intervals:
        """Intervals over the changes of clocks of a year: up to 20 hours before, up to three days after."""
        hours = [dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=each) for each in range(365 * 24)]
        changes = [
            int(after.timestamp())
            for before, after in pairwise(hours)
            if before.astimezone(calendar.tz).utcoffset() != after.astimezone(calendar.tz).utcoffset()
        ]
        dice = np.random.default_rng(8)
        change = dice.choice(np.array(changes, np.int64), number if changes else 0)
        return cls(
            change - dice.integers(1, 20 * 3_600, len(change)), change + dice.integers(1, 3 * 86_400, len(change))
        )

    @cached_property
    def few(self) -> list[tuple[int, int]]:
        """The first ones as numbers."""
        return list(zip(self.start[:FEW].tolist(), self.end[:FEW].tolist(), strict=True))

    def utc(self) -> list[tuple[dt.datetime, dt.datetime]]:
        """The first ones in UTC."""
        return [(dt.datetime.fromtimestamp(a, dt.UTC), dt.datetime.fromtimestamp(b, dt.UTC)) for a, b in self.few]

    def local(self, calendar: Calendar) -> list[tuple[dt.datetime, dt.datetime]]:
        """The first ones as the clock on the wall shows them."""
        return [tuple(each.astimezone(calendar.tz).replace(tzinfo=None) for each in pair) for pair in self.utc()]  # type: ignore[misc]


def clock(text: str) -> dt.time:
    """A time of day."""
    return dt.time.fromisoformat(text)


def by_hours(calendar: Calendar) -> dict[Hours, list[int]]:
    """The days of the week that have the same hours."""
    found: dict[Hours, list[int]] = {}
    for day, hours in calendar.week.items():
        found.setdefault(hours, []).append(day)
    return found


def whole_day(hours: Hours) -> tuple[str, str]:
    """From the first opening to the last closing, breaks and all.

    Raises:
        Refused: a shift ends on the next day.
    """
    if hours[-1][1] <= hours[0][0]:
        raise Refused("no shift may pass midnight")
    return hours[0][0], hours[-1][1]


def ours(calendar: Calendar, intervals: Intervals) -> Answer:
    week = {DAYS[day]: [f"{opens}-{closes}" for opens, closes in hours] for day, hours in calendar.week.items()}
    schedule = Schedule(calendar.name, calendar.zone, parse_week(week), off=dict.fromkeys(calendar.off, ""))
    worked = Coordinates([schedule.timetable(Horizon(FIRST.year, LAST.year))]).worked
    start, end = intervals.start * SECOND, intervals.end * SECOND
    return lambda number: (worked(0, end[:number]) - worked(0, start[:number])).view("timedelta64[us]")


def by_search(calendar: Calendar, intervals: Intervals) -> Answer:
    bisected = calendar.bisected
    return lambda number: [bisected(end) - bisected(start) for start, end in intervals.few[:number]]


def by_walking(calendar: Calendar, intervals: Intervals) -> Answer:
    return lambda number: [calendar.walked(start, end) for start, end in intervals.few[:number]]


def workclock(calendar: Calendar, intervals: Intervals) -> Answer:
    import workclock as package  # noqa: PLC0415 - may be missing

    shifts = [
        package.WorkDay(clock(opens), clock(closes), days)
        for hours, days in by_hours(calendar).items()
        for opens, closes in hours
    ]
    off = [package.Holidays(sorted(calendar.off))] if calendar.off else []
    schedule = package.Schedule([*shifts, *off], time_zone=calendar.tz)
    start, end = intervals.start.astype("datetime64[s]"), intervals.end.astype("datetime64[s]")
    return lambda number: schedule.between_many(start[:number], end[:number])


def timegrid(calendar: Calendar, intervals: Intervals) -> Answer:
    import timegrid as package  # noqa: PLC0415 - may be missing

    made = package.TimeGridCalendar.create()
    names = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
    for day, hours in calendar.week.items():
        for opens, closes in hours:
            made.add_open_rule(getattr(package.DayOfWeek, names[day]), clock(opens), clock(closes))
    for date in sorted(calendar.off):
        made.add_holiday(date)
    midnight = dt.time()
    line = made.compile(dt.datetime.combine(FIRST, midnight), dt.datetime.combine(LAST, midnight))
    pairs, took = intervals.local(calendar), line.get_working_duration
    return lambda number: [took(start, end).total_seconds() for start, end in pairs[:number]]


def businesstimedelta(calendar: Calendar, intervals: Intervals) -> Answer:
    import businesstimedelta as package  # noqa: PLC0415 - may be missing
    import pytz  # noqa: PLC0415

    zone = pytz.timezone(calendar.zone)
    rules: list[Any] = []
    for hours, days in by_hours(calendar).items():
        rules.append(package.WorkDayRule(*map(clock, whole_day(hours)), days, tz=zone))
        rules += [
            package.LunchTimeRule(clock(closes), clock(opens), days, tz=zone)
            for (_, closes), (opens, _) in pairwise(hours)
        ]
    if calendar.off:
        rules.append(package.HolidayRule(dict.fromkeys(calendar.off, "off"), tz=zone))
    made = package.Rules(rules)
    pairs = [tuple(each.astimezone(pytz.utc) for each in pair) for pair in intervals.utc()]

    def seconds(start: dt.datetime, end: dt.datetime) -> float:
        took = made.difference(start, end)
        return float(took.hours * 3_600 + took.seconds)

    return lambda number: [seconds(*pair) for pair in pairs[:number]]


def business_duration(calendar: Calendar, intervals: Intervals) -> Answer:
    from business_duration import businessDuration  # noqa: PLC0415 - may be missing

    opens, closes = map(clock, whole_day(calendar.week[0]))
    weekend, off = [day for day in range(7) if day not in calendar.week], set(calendar.off)
    pairs = intervals.local(calendar)

    def seconds(start: dt.datetime, end: dt.datetime) -> float:
        return float(businessDuration(start, end, opens, closes, weekend, off, "sec"))

    return lambda number: [seconds(*pair) for pair in pairs[:number]]


def pandas_offset(calendar: Calendar, intervals: Intervals) -> Answer:
    import pandas as pd  # noqa: PLC0415 - may be missing

    hours = calendar.week[0]
    offset = pd.offsets.CustomBusinessHour(
        start=[opens for opens, _ in hours],
        end=[closes for _, closes in hours],
        holidays=sorted(calendar.off),
        weekmask="".join("1" if day in calendar.week else "0" for day in range(7)),
    )
    pairs = intervals.local(calendar)
    return lambda number: [len(pd.date_range(*pair, freq=offset)) * 3_600.0 for pair in pairs[:number]]


Maker = Callable[[Calendar, Intervals], Answer]
PEERS: dict[str, tuple[Maker, int, Iterable[str]]] = {
    "cs-audit": (ours, 1_000_000, ()),
    "Python by hand, bisects": (by_search, FEW, ()),
    "Python by hand, walks days": (by_walking, 2_000, ()),
    "workclock": (workclock, 100_000, ("workclock",)),
    "timegrid": (timegrid, FEW, ("timegrid",)),
    "businesstimedelta": (businesstimedelta, 200, ("businesstimedelta", "pytz")),
    "business-duration": (business_duration, 1_000, ("business_duration", "pandas")),
    "pandas CustomBusinessHour": (pandas_offset, 100, ("pandas",)),
}
"""By name: how it is made, how many intervals it is asked at most, and what must be installed."""
