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
from cs_audit.worded import Worded, joined, worded

if TYPE_CHECKING:
    from cs_audit.config import Duration
    from cs_audit.schedules.schedule import Schedule, Timetable

_WEEKDAYS = (
    worded("Mon"), worded("Tue"), worded("Wed"), worded("Thu"), worded("Fri"), worded("Sat"), worded("Sun"),
)  # fmt: skip
_UTC_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def describe(schedule: Schedule, year: int | None) -> list[Worded]:
    """Weekly hours, then (with a year) every date that differs from its week day, and the year's sum."""
    lines = [joined([schedule.name, schedule.timezone], ": ")]
    lines += [
        joined(["", day, " ".join(show_ranges(hours)) or worded("closed")], "  ")
        for day, hours in zip(DAYS, schedule.week, strict=True)
    ]
    if year is None:
        return lines
    table = schedule.timetable(Horizon(year, year))
    days = [day for day in sorted(table.notes) if (EPOCH + dt.timedelta(days=day)).year == year]
    lines += [_special(schedule, table, day) for day in days]
    start, end = (_midnight(dt.date(each, 1, 1), schedule) for each in (year, year + 1))
    inside = np.minimum(table.closes, end) - np.maximum(table.opens, start)
    total = length(int(inside[inside > 0].sum()))
    return [*lines, worded("  {year}: {length} of working time", year=year, length=total)]


def _special(schedule: Schedule, table: Timetable, day: int) -> Worded:
    date = EPOCH + dt.timedelta(days=day)
    start, end = _midnight(date, schedule), _midnight(date + dt.timedelta(days=1), schedule)
    inside = [
        f"{_local(int(low), schedule):%H:%M}-{_local(int(high), schedule):%H:%M}"
        for low, high in zip(table.opens, table.closes, strict=True)
        if start <= low < end
    ]
    hours = " ".join(inside) or worded("closed")
    note = table.notes[day].rstrip()
    return joined(["", f"{date} {DAYS[date.weekday()]}", hours, *([note] if note else [])], "  ")


def _midnight(date: dt.date, schedule: Schedule) -> int:
    return (dt.datetime.combine(date, dt.time(), zone(schedule.timezone)) - _UTC_EPOCH) // dt.timedelta(microseconds=1)


def stretches(schedule: Schedule, began: int, ended: int) -> list[Worded]:
    """Each stretch of working time between two instants, and their sum.

    Raises:
        UsageError: the end comes before the start.
    """
    from cs_audit.explain.derivation import counted  # noqa: PLC0415 - explain stands above schedules

    if ended < began:
        raise UsageError(worded("the end comes before the start"), hint=worded("swap them"))
    table = schedule.timetable(Horizon.around(began, ended))
    found = counted(table, began, ended)
    lines = [
        joined(["", _stretch(_local(each.begins, schedule), _local(each.ends, schedule)), length(each.length)], "  ")
        for each in found
    ]
    total = sum(each.length for each in found)
    return [*lines, worded("{length} ({seconds} seconds)", length=length(total), seconds=f"{total / SECOND:g}")]


def _stretch(begins: dt.datetime, ends: dt.datetime) -> Worded:
    return joined([_WEEKDAYS[begins.weekday()], f"{begins:%Y-%m-%d %H:%M:%S} - {ends:%H:%M:%S}"], " ")


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
    raise UsageError(worded("not used up within ten years"), hint=worded("write a shorter duration"))


def _local(instant: int, schedule: Schedule) -> dt.datetime:
    return (_UTC_EPOCH + dt.timedelta(microseconds=instant)).astimezone(zone(schedule.timezone))


def length(micros: int) -> Worded:
    """`33 h 05 min`, with seconds only where there are any."""
    hours, rest = divmod(micros // SECOND, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [worded("{hours} h", hours=hours)] if hours else []
    parts.append(worded("{minutes} min", minutes=f"{minutes:02}" if hours else str(minutes)))
    return joined([*parts, worded("{seconds:02} s", seconds=seconds)] if seconds else parts, " ")
