"""Working time counted the slow way: minute by minute over the wall clock, with nothing but zoneinfo."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np

from cs_audit.schedules import Coordinates, Horizon, Schedule

DAY = 86_400
MINUTE = 60_000_000
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Plan:
    """Weekly hours, days that are off and days with other hours; what the schedule under test is made of."""

    zone: str
    week: tuple[Ranges, ...]
    off: Sequence[dt.date] = ()
    exceptions: Mapping[dt.date, Ranges] = field(default_factory=dict)

    @property
    def schedule(self) -> Schedule:
        """The same as cs-audit knows it."""
        return Schedule("plan", self.zone, self.week, off=dict.fromkeys(self.off, ""), exceptions=self.exceptions)

    def coordinates(self, *years: int) -> Coordinates:
        """Its coordinates for some years."""
        return Coordinates([self.schedule.timetable(Horizon(min(years), max(years)))])

    def is_open(self, instant: int) -> bool:
        """Whether the wall clock shows an open time at an instant in microseconds."""
        wall = moment(instant).astimezone(ZoneInfo(self.zone))
        second = wall.hour * 3600 + wall.minute * 60 + wall.second
        if _inside(second, self._hours(wall.date())):
            return True
        return not self._replaced(wall.date()) and _inside(
            second + DAY, self._shifts(wall.date() - dt.timedelta(days=1))
        )

    def _replaced(self, day: dt.date) -> bool:
        return day in self.exceptions or day in self.off

    def _hours(self, day: dt.date) -> Ranges:
        return self.exceptions.get(day, () if day in self.off else self.week[day.weekday()])

    def _shifts(self, day: dt.date) -> Ranges:
        """Shifts that may reach beyond midnight: a day off takes its own date from them, not the next one."""
        return self.week[day.weekday()] + self.exceptions.get(day, ())


def _inside(second: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(opens <= second < closes for opens, closes in ranges)


def worked(plan: Plan, start: int, minutes: int) -> list[int]:
    """Open microseconds from `start` to each of the next minutes."""
    opened = [plan.is_open(start + minute * MINUTE) for minute in range(minutes)]
    return [0, *(np.cumsum(opened) * MINUTE).tolist()]


def moment(instant: int) -> dt.datetime:
    """An instant of microseconds."""
    return EPOCH + dt.timedelta(microseconds=instant)


def micros(text: str, zone: str | None = None) -> int:
    """Microseconds of an ISO time, which may lie in a zone."""
    when = dt.datetime.fromisoformat(text)
    when = when.replace(tzinfo=ZoneInfo(zone)) if zone else when
    return (when - EPOCH) // dt.timedelta(microseconds=1)


def instants(*each: int) -> np.ndarray:
    """Instants as the coordinates take them."""
    return np.array(each, np.int64)
