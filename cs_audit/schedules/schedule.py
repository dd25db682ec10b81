"""A schedule as people define it, and the timetable of opening intervals made of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cs_audit.errors import ConfigError
from cs_audit.schedules import zones
from cs_audit.schedules.holidays import Calendar, holidays_of
from cs_audit.schedules.hours import ALWAYS, Range, Week
from cs_audit.schedules.zones import DAY, SECOND
from cs_audit.worded import worded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Horizon:
    """The calendar years a timetable is made for, both included."""

    first: int
    last: int

    @classmethod
    def around(cls, *instants: int, ahead: int = 0) -> Horizon:
        """The years of these instants (microseconds UTC), a day wider for the zones, and `ahead` years more."""
        low, high = min(instants) - DAY, max(instants) + DAY
        years = [dt.datetime.fromtimestamp(each // SECOND, dt.UTC).year for each in (low, high)]
        return cls(years[0], years[1] + ahead)

    @property
    def days(self) -> range:
        """Local days since 1970."""
        return range((dt.date(self.first, 1, 1) - EPOCH).days, (dt.date(self.last + 1, 1, 1) - EPOCH).days)


@dataclass(frozen=True)
class Timetable:
    """Opening intervals of one schedule: half-open, sorted, disjoint, in microseconds UTC.

    `notes` says of each local date (days since 1970) that differs from its week day why it does.
    """

    opens: NDArray[np.int64]
    closes: NDArray[np.int64]
    starts: int
    ends: int
    zone_begins: NDArray[np.int64]
    zone_offsets: NDArray[np.int64]
    notes: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Schedule:
    """When a team works: weekly hours in a zone, holidays, short days and exceptions.

    An explicit date (exception, then short day, then officially worked weekend day) beats a holiday,
    which beats the weekly hours. An overnight shift belongs to the day it starts; a day that is off or
    replaced loses all its hours from midnight to midnight, also those of a shift begun the day before.
    """

    name: str
    timezone: str = "UTC"
    week: Week = ALWAYS
    holidays: tuple[str, ...] = ()
    exceptions: Mapping[dt.date, tuple[Range, ...]] = field(default_factory=dict)
    short_days: Mapping[dt.date, tuple[Range, ...]] = field(default_factory=dict)
    off: Mapping[dt.date, str] = field(default_factory=dict)
    folder: Path = Path()

    def timetable(self, horizon: Horizon) -> Timetable:
        """The opening intervals of all years of `horizon`.

        Raises:
            ConfigError: the schedule is never open.
            HolidayError: its holidays are not known for one of the years.
        """
        where = f"schedules.{self.name}"
        if not any(self.week) and not any(self.exceptions.values()) and not any(self.short_days.values()):
            raise ConfigError(
                worded("is never open"), where=where, hint=worded("give it some hours, or use the schedule 24/7")
            )
        calendar = self._calendar(horizon, where)
        days = horizon.days
        near = range(days.start - 1, days.stop)
        replaced = {day: hours for day, hours in self._replaced_days(calendar).items() if _number(day) in near}
        start, end = days.start * DAY, days.stop * DAY
        begins, values = zones.offsets(self.timezone, start - 2 * DAY, end + 2 * DAY)
        plain = _clear_days(_weekly(self.week, days), [_number(day) for day in replaced])
        special = [_shift(replaced[day], day, replaced) for day in sorted(replaced)]
        local = np.concatenate([plain, *special]) if special else plain
        opens, closes = _to_utc(local, begins, values)
        if not len(opens):  # never open in these years: one empty interval at their end keeps the arithmetic whole
            opens = closes = np.array([end], np.int64)
        notes = {_number(day): calendar.off.get(day, "") for day in replaced}
        return Timetable(opens, closes, start + DAY // 2, end - DAY // 2, begins, values, notes)

    def _calendar(self, horizon: Horizon, where: str) -> Calendar:
        years = range(horizon.first, horizon.last + 1)
        calendar = Calendar(dict(self.off))
        for name in self.holidays:
            calendar |= holidays_of(name, years, f"{where}.holidays", self.folder)
        return calendar

    def _replaced_days(self, calendar: Calendar) -> dict[dt.date, tuple[Range, ...]]:
        off: dict[dt.date, tuple[Range, ...]] = dict.fromkeys(calendar.off, ())
        worked = {day: self.week[like.weekday()] for day, like in calendar.worked.items()}
        return {**off, **worked, **self.short_days, **self.exceptions}


def _number(day: dt.date) -> int:
    return (day - EPOCH).days


def _weekly(week: Week, days: range) -> NDArray[np.int64]:
    """Local intervals (n, 2) of the plain week, in microseconds since a local 1970."""
    numbers = np.arange(days.start - 1, days.stop, dtype=np.int64)
    pieces = [
        np.stack([numbers[(numbers + 3) % 7 == weekday] * DAY + edge * SECOND for edge in hours], axis=1)
        for weekday, ranges in enumerate(week)
        for hours in ranges
    ]
    return np.concatenate(pieces) if pieces else np.empty((0, 2), np.int64)


def _clear_days(local: NDArray[np.int64], days: Iterable[int]) -> NDArray[np.int64]:
    """Take whole local days out of local intervals; what lies on both sides of midnight is split."""
    off = np.array(sorted(days), np.int64) * DAY
    if not len(off) or not len(local):
        return local
    midnight = (local[:, 0] // DAY + 1) * DAY
    first = np.stack([local[:, 0], np.minimum(local[:, 1], midnight)], axis=1)
    second = np.stack([midnight, local[:, 1]], axis=1)[local[:, 1] > midnight]
    pieces = np.concatenate([first, second])
    return pieces[~np.isin(pieces[:, 0] // DAY * DAY, off)]


def _shift(ranges: tuple[Range, ...], day: dt.date, replaced: Mapping[dt.date, object]) -> NDArray[np.int64]:
    """Local intervals of one replaced day; its tail after midnight yields to a next day that is replaced too."""
    tail = dt.timedelta(days=1)
    limit = DAY // SECOND if day + tail in replaced else 2 * DAY // SECOND
    edges = [(start, min(end, limit)) for start, end in ranges]
    return np.array(edges, np.int64).reshape(-1, 2) * SECOND + _number(day) * DAY


def _to_utc(
    local: NDArray[np.int64], begins: NDArray[np.int64], values: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Instants whose local reading lies in a local interval, merged.

    The one definition that adds up across daylight saving: a gap loses no open minute that exists, a
    repeated hour counts twice.
    """
    ends = np.append(begins[1:], np.iinfo(np.int64).max)
    pieces = []
    for begin, end, offset in zip(begins, ends, values, strict=True):
        inside = np.stack([np.maximum(local[:, 0] - offset, begin), np.minimum(local[:, 1] - offset, end)], axis=1)
        pieces.append(inside[inside[:, 0] < inside[:, 1]])
    spans = np.concatenate(pieces)
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    if not len(spans):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    reach = np.maximum.accumulate(spans[:, 1])
    new = np.append(True, spans[1:, 0] > reach[:-1])
    last = np.append(np.flatnonzero(new)[1:] - 1, len(spans) - 1)
    return spans[new, 0], reach[last]
