"""Calendars and tickets of a running Request Tracker, as its own code and its REST interface told them."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from schedules.walk import Ranges

from cs_audit.schedules import Coordinates, Horizon, Schedule

PATH = Path(__file__).parents[2].parent / "shared" / "vectors" / "rt_working_time.json"
YEARS = Horizon(2022, 2027)


@cache
def rt() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PATH.read_text("utf-8"))
    return found


@cache
def rt_clock(name: str) -> Coordinates:
    """The coordinates of one of Request Tracker's calendars."""
    return Coordinates([rt_schedule(name).timetable(YEARS)])


def rt_schedule(name: str) -> Schedule:
    """One of Request Tracker's calendars."""
    calendar = rt()["calendars"][name]
    days = [str((number + 1) % 7) for number in range(7)]  # 0 is Sunday there
    week = tuple(tuple(_open(calendar["week"].get(day), calendar["breaks"].get(day, ()))) for day in days)
    off = dict.fromkeys(_dates(calendar["holidays"]), "")
    return Schedule(name, calendar["tz"], week, off=off)


def _open(hours: list[str] | None, breaks: Iterable[list[str]]) -> Ranges:
    if hours is None:
        return ()
    start, end = (_seconds(each) for each in hours)
    edges = [start, *(_seconds(each) for pause in breaks for each in pause), end if end > start else end + 86_400]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def _seconds(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 3600 + int(minute) * 60


def _dates(holidays: Iterable[str]) -> Iterator[dt.date]:
    for each in holidays:
        years = range(2022, 2028) if len(each) == 5 else [int(each[:4])]
        yield from (dt.date.fromisoformat(f"{year}-{each[-5:]}") for year in years)
