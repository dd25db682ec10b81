"""Dated promises: when what an agent said he would do is due, on the calendar of the policy that judges it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import singledispatch
from typing import TYPE_CHECKING

import numpy as np

from cs_audit.schedules.zones import DAY, SECOND, instants_of, local_times
from cs_audit.text import phrases

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.schedules import Coordinates

    Ints = NDArray[np.int64]

EPOCH = dt.date(1970, 1, 1)
_WEEK = 7


def written(deadline: phrases.Deadline) -> str:
    """A deadline as text, for a column of events."""
    return json.dumps([type(deadline).__name__, asdict(deadline)])


def due_instants(deadlines: Sequence[str], said: Ints, tables: Ints, coordinates: Coordinates) -> Ints:
    """When each promise is due: its deadline as `written`, the instant it was said at, and its timetable.

    A deadline by the day ends with that day on the timetable's wall clock (midnight), or with its working hours.
    """
    calendars = [_Calendar(coordinates, index) for index in range(len(coordinates.tables))]
    return np.array(
        [
            _due(_read(text), calendars[table], int(at))
            for text, at, table in zip(deadlines, said.tolist(), tables.tolist(), strict=True)
        ],
        np.int64,
    )


def _read(text: str) -> phrases.Deadline:
    name, given = json.loads(text)
    at = {"at": tuple(given["at"])} if given.get("at") else {}
    made: phrases.Deadline = getattr(phrases, name)(**{**given, **at})
    return made


class _Calendar:
    """The local days of one timetable."""

    def __init__(self, coordinates: Coordinates, index: int) -> None:
        self.coordinates, self.index = coordinates, index
        self._zone = (coordinates.tables[index].zone_begins, coordinates.tables[index].zone_offsets)

    def day(self, instant: int) -> int:
        """The local date of an instant, in days since 1970."""
        return int(local_times(_one(instant), *self._zone)[0] // DAY)

    def at(self, day: int, seconds: int) -> int:
        """The instant of a local date and seconds since its midnight."""
        return int(instants_of(_one(day * DAY + seconds * SECOND), *self._zone)[0])

    def end(self, day: int, at: tuple[int, int] | None = None) -> int:
        """The end of a local date, or a time of day on it."""
        return self.at(day, at[0] * 3600 + at[1] * 60) if at else self.at(day + 1, 0)


def _one(number: int) -> Ints:
    return np.array([number], np.int64)


@singledispatch
def _due(deadline: phrases.Deadline, calendar: _Calendar, said: int) -> int:
    raise NotImplementedError(deadline)


@_due.register
def _(deadline: phrases.Within, calendar: _Calendar, said: int) -> int:
    if deadline.clock == "calendar":
        return said + deadline.seconds * SECOND
    return int(calendar.coordinates.due(calendar.index, _one(said), deadline.seconds * SECOND)[0])


@_due.register
def _(deadline: phrases.WithinWorkingDays, calendar: _Calendar, said: int) -> int:
    return int(calendar.coordinates.after_days(calendar.index, _one(said), deadline.days, closing=True)[0])


@_due.register
def _(deadline: phrases.EndOfDay, calendar: _Calendar, said: int) -> int:
    day = calendar.day(said) + deadline.days
    if deadline.clock == "calendar":
        return calendar.end(day)
    start = max(said, calendar.at(day, 0))
    return int(calendar.coordinates.after_days(calendar.index, _one(start), 0, closing=True)[0])


@_due.register
def _(deadline: phrases.AtTime, calendar: _Calendar, said: int) -> int:
    clock = (deadline.hour, deadline.minute)
    due = calendar.end(calendar.day(said) + deadline.days, clock)
    return calendar.end(calendar.day(said) + 1, clock) if due <= said and not deadline.days else due


@_due.register
def _(deadline: phrases.EndOfWeekday, calendar: _Calendar, said: int) -> int:
    today = calendar.day(said)
    monday = today - (today + 3) % _WEEK
    day = monday + deadline.weekday + (_WEEK if deadline.next_week or monday + deadline.weekday < today else 0)
    return calendar.end(day, deadline.at)


@_due.register
def _(deadline: phrases.EndOfWeek, calendar: _Calendar, said: int) -> int:
    today = calendar.day(said)
    return calendar.end(today - (today + 3) % _WEEK + _WEEK * deadline.weeks + 6)


@_due.register
def _(deadline: phrases.OnDate, calendar: _Calendar, said: int) -> int:
    today = EPOCH + dt.timedelta(days=calendar.day(said))
    for ahead in range(13):
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        if deadline.month in (None, month + 1):
            try:
                day = dt.date(year, month + 1, deadline.day)
            except ValueError:  # there is no such day in that month
                continue
            if day >= today:
                return calendar.end((day - EPOCH).days, deadline.at)
    return calendar.end((today - EPOCH).days, deadline.at)
