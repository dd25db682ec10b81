"""Schedules and their sums in words, for the calculator."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from cs_audit.errors import UsageError
from cs_audit.schedules.coordinate import Coordinates
from cs_audit.schedules.hours import DAYS, show_ranges
from cs_audit.schedules.schedule import EPOCH, Horizon
from cs_audit.schedules.zones import SECOND, zone

if TYPE_CHECKING:
    from cs_audit.config import Duration
    from cs_audit.schedules.schedule import Schedule, Timetable

_UTC_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def describe(schedule: Schedule, year: int | None) -> list[str]:
    """Weekly hours, then (with a year) every date that differs from its week day, and the year's sum."""
    lines = [f"{schedule.name}: {schedule.timezone}"]
    lines += [
        f"  {day}  {' '.join(show_ranges(hours)) or 'closed'}" for day, hours in zip(DAYS, schedule.week, strict=True)
    ]
    if year is None:
        return lines
    table = schedule.timetable(Horizon(year, year))
    days = [day for day in sorted(table.notes) if (EPOCH + dt.timedelta(days=day)).year == year]
    lines += [_special(schedule, table, day) for day in days]
    start, end = (_midnight(dt.date(each, 1, 1), schedule) for each in (year, year + 1))
    inside = np.minimum(table.closes, end) - np.maximum(table.opens, start)
    return [*lines, f"  {year}: {length(int(inside[inside > 0].sum()))} of working time"]


def _special(schedule: Schedule, table: Timetable, day: int) -> str:
    date = EPOCH + dt.timedelta(days=day)
    start, end = _midnight(date, schedule), _midnight(date + dt.timedelta(days=1), schedule)
    inside = [
        f"{_local(int(low), schedule):%H:%M}-{_local(int(high), schedule):%H:%M}"
        for low, high in zip(table.opens, table.closes, strict=True)
        if start <= low < end
    ]
    return f"  {date} {DAYS[date.weekday()]}  {' '.join(inside) or 'closed'}  {table.notes[day]}".rstrip()


def _midnight(date: dt.date, schedule: Schedule) -> int:
    return (dt.datetime.combine(date, dt.time(), zone(schedule.timezone)) - _UTC_EPOCH) // dt.timedelta(microseconds=1)


def stretches(schedule: Schedule, began: int, ended: int) -> list[str]:
    """Each stretch of working time between two instants, and their sum.

    Raises:
        UsageError: the end comes before the start.
    """
    from cs_audit.explain.derivation import counted  # noqa: PLC0415 - explain stands above schedules

    if ended < began:
        raise UsageError("the end comes before the start", hint="swap them")
    table = schedule.timetable(Horizon.around(began, ended))
    found = counted(table, began, ended)
    lines = [
        f"  {_local(each.begins, schedule):%a %Y-%m-%d %H:%M:%S} - {_local(each.ends, schedule):%H:%M:%S}"
        f"  {length(each.length)}"
        for each in found
    ]
    total = sum(each.length for each in found)
    return [*lines, f"{length(total)} ({total / SECOND:g} seconds)"]


def due(schedule: Schedule, start: int, duration: Duration) -> str:
    """The instant at which the duration is used up, in the schedule's zone.

    Raises:
        UsageError: not within ten years.
    """
    near = Horizon.around(start)
    for ahead in (0, 1, 10):
        coordinates = Coordinates([schedule.timetable(Horizon(near.first, near.last + ahead))])
        at = np.array([start], np.int64)
        found = (
            coordinates.after_days(0, at, duration.working_days)
            if duration.working_days
            else coordinates.due(0, at, duration.micros)
        )
        if found[0] >= 0:
            return _local(int(found[0]), schedule).isoformat()
    raise UsageError("not used up within ten years", hint="write a shorter duration")


def _local(instant: int, schedule: Schedule) -> dt.datetime:
    return (_UTC_EPOCH + dt.timedelta(microseconds=instant)).astimezone(zone(schedule.timezone))


def length(micros: int) -> str:
    """`33 h 05 min`, with seconds only where there are any."""
    hours, rest = divmod(micros // SECOND, 3600)
    minutes, seconds = divmod(rest, 60)
    text = f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
    return f"{text} {seconds:02} s" if seconds else text
