"""Intercom's office hours as the configuration writes them. Its SLA definitions are not in its API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.moments import epoch
from cs_audit.sources.helpdesks.weeks import by_days, week

if TYPE_CHECKING:
    from cs_audit.sources.helpdesks.connector import Records

Json = Any

_YEARS = 10
"""How long an exception that comes every year is written down for."""


def schedules(records: Records) -> dict[str, Json]:
    """Weeks in minutes since Monday 00:00, in the schedule's own zone; an exception replaces its whole day."""
    return {
        each["name"]: {
            "timezone": each["time_zone_name"],
            "hours": "24/7" if each["twenty_four_seven"] else week(map(_minutes, each["time_intervals"]), "mon"),
            "exceptions": dict(sorted(_exceptions(each["exceptions"]))),
        }
        for each in records.get("schedule", {}).values()
    }


def _minutes(interval: Json) -> tuple[int, int]:
    return interval["start_minute"], interval["end_minute"]


def _exceptions(exceptions: list[Json]) -> Iterator[tuple[dt.date, list[str]]]:
    for each in exceptions:
        parts = each["time_intervals"] if each["exception_type"] == "custom_hours" else []
        hours = [text for part in parts for _, text in by_days(*_minutes(part))]
        for date in _dates(each):
            yield date, hours


def _dates(exception: Json) -> Iterator[dt.date]:
    """The date of an exception, and where it comes every year, that day of each year since it was made."""
    date = dt.date.fromisoformat(exception["exception_date"])
    if not exception["recurring_annually"]:
        yield date
        return
    first = min(date.year, epoch(exception["created_at"]).year)
    for year in range(first, date.year + _YEARS):
        try:
            yield date.replace(year=year)
        except ValueError:  # 29 February
            continue
