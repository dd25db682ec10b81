"""The three calendars of the benchmark, written down once more without cs-audit, for its rivals and its oracle.

Moscow has a lunch hour, Berlin Saturdays and daylight saving, the night a shift across midnight and daylight saving.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

import holidays

FIRST, LAST = dt.date(2024, 12, 1), dt.date(2026, 12, 31)
DAY = dt.timedelta(days=1)
YEARS = range(FIRST.year, LAST.year + 1)
Hours = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Calendar:
    """Hours by day of the week (Monday is 0); an end that is not after its start lies on the next day.

    On `off` days nobody works; `worked` are weekend days with the hours of a Friday.
    """

    name: str
    zone: str
    week: dict[int, Hours]
    off: frozenset[dt.date] = frozenset()
    worked: frozenset[dt.date] = field(default=frozenset())

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def hours(self, day: dt.date) -> Hours:
        """The hours of a date."""
        if day in self.worked:
            return self.week[4]
        return () if day in self.off else self.week.get(day.weekday(), ())

    def spans(self, day: dt.date) -> list[tuple[int, int]]:
        """When the shifts of a date open and close, in seconds since 1970."""
        found = []
        for opens, closes in self.hours(day):
            last = day if closes > opens else day + DAY
            found.append((self._instant(day, opens), self._instant(last, closes)))
        return found

    def _instant(self, day: dt.date, clock: str) -> int:
        return int(dt.datetime.combine(day, dt.time.fromisoformat(clock), self.tz).timestamp())

    def walked(self, start: int, end: int) -> int:
        """Seconds worked between two instants, day by day of the calendar: plain, slow, and the oracle."""
        day = dt.datetime.fromtimestamp(start, self.tz).date() - DAY
        last = dt.datetime.fromtimestamp(end, self.tz).date()
        total = 0
        while day <= last:
            for opens, closes in self.spans(day):
                total += max(min(closes, end) - max(opens, start), 0)
            day += DAY
        return total

    @cached_property
    def edges(self) -> tuple[list[int], list[int]]:
        """Every opening and closing of the years, in order, and the seconds worked up to each."""
        day, instants, worked = FIRST, [0], [0]
        while day <= LAST:
            for opens, closes in self.spans(day):
                instants += [opens, closes]
                worked += [worked[-1], worked[-1] + closes - opens]
            day += DAY
        return instants, worked

    def bisected(self, instant: int) -> int:
        """Seconds worked up to an instant, by a search among the edges."""
        instants, worked = self.edges
        at = bisect_right(instants, instant) - 1
        return worked[at] + (instant - instants[at] if at % 2 else 0)


def _days(country: str, region: str | None = None) -> tuple[frozenset[dt.date], frozenset[dt.date]]:
    found = holidays.country_holidays(country, subdiv=region, years=YEARS)
    return frozenset(found), frozenset(getattr(found, "weekend_workdays", ()))


MOSCOW = Calendar(
    "Moscow", "Europe/Moscow", dict.fromkeys(range(5), (("09:00", "13:00"), ("14:00", "18:00"))), *_days("RU")
)
BERLIN = Calendar(
    "Berlin", "Europe/Berlin", {**dict.fromkeys(range(5), (("08:00", "20:00"),)), 5: (("10:00", "16:00"),)},
    *_days("DE", "BE"),
)  # fmt: skip
NIGHT = Calendar("Night", "America/New_York", dict.fromkeys(range(7), (("20:00", "04:00"),)))
CALENDARS = (MOSCOW, BERLIN, NIGHT)
