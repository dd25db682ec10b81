"""The official working calendar of Russia, day by day, against the schedule made from a configuration."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from real_data import DATA, audited, needs_data

from cs_audit.config import parse_config
from cs_audit.config.build import build_standard
from cs_audit.schedules import Horizon, Schedule
from cs_audit.schedules.zones import zone

pytestmark = needs_data

YEARS = range(2013, 2027)


@cache
def official() -> pl.DataFrame:
    """The exceptional days of Russia: date and type."""
    days = pl.read_csv(DATA / "working_calendars" / "cis_calendar_days.csv", try_parse_dates=True)
    return days.filter(pl.col("country") == "ru")


def office() -> dict[str, Any]:
    """09:00-18:00 on the days of the package, to 17:00 on the short days of the file."""
    short = official().filter(pl.col("type") == "short_working_day")["date"].to_list()
    return {
        "timezone": "Europe/Moscow",
        "hours": {"mon-fri": "09:00-18:00"},
        "holidays": ["RU"],
        "short_days": {"hours": "09:00-17:00", "dates": short},
    }


def asked(folder: Path, *times: str) -> list[str]:
    """When tickets asked at local times are due after 60 working minutes."""
    rows = [f"T{number},{text}" for number, text in enumerate(times)]
    (folder / "asked.csv").write_text("\n".join(["id,created", *rows]) + "\n", "utf-8")
    source = {
        "type": "csv",
        "path": str(folder / "asked.csv"),
        "rows": "tickets",
        "timezone": "Europe/Moscow",
        "columns": {"ticket": "id", "created_at": "created", "status": {"value": "open"}},
    }
    data = {
        "audit": {"as_of": dt.datetime(2025, 2, 1, tzinfo=dt.UTC)},
        "sources": {"desk": source},
        "schedules": {"office": office()},
        "policies": [{"name": "Hour", "schedule": "office", "targets": {"resolution": "60m"}}],
    }
    due = audited(data).of("resolution")["due_at"].str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC")
    return due.dt.convert_time_zone("Europe/Moscow").dt.strftime("%Y-%m-%d %H:%M").to_list()


@cache
def working_days() -> frozenset[dt.date]:
    """The days with any opening hours."""
    data = {"schedules": {"office": office()}, "policies": [{"name": "P", "schedule": "office"}]}
    schedule: Schedule = build_standard(parse_config(data)).schedules["office"]
    table = schedule.timetable(Horizon(YEARS[0], YEARS[-1]))
    moscow = zone("Europe/Moscow")
    days = {dt.datetime.fromtimestamp(each // 1_000_000, moscow).date() for each in table.opens.tolist()}
    return frozenset(day for day in days if day.year in YEARS)


def official_working_days() -> set[dt.date]:
    """What the file says: listed days by their type, the others by their week day."""
    listed = dict(official().select("date", "type").iter_rows())
    first, last = dt.date(YEARS[0], 1, 1), dt.date(YEARS[-1], 12, 31)
    days = (first + dt.timedelta(days=each) for each in range((last - first).days + 1))
    return {day for day in days if (listed[day] != "day_off" if day in listed else day.weekday() < 5)}


def test_an_hour_passes_over_a_worked_saturday_and_over_the_new_year(tmp_path: Path) -> None:
    due = asked(tmp_path, "2024-04-26 17:30", "2024-12-30 10:00")
    assert due == ["2024-04-27 09:30", "2025-01-09 10:00"]


@pytest.mark.parametrize(("year", "days"), [(2022, 247), (2023, 247), (2024, 248), (2025, 247)])
def test_working_days_of_a_year(year: int, days: int) -> None:
    assert sum(day.year == year for day in working_days()) == days


def test_the_package_differs_from_the_official_calendar_only_where_known() -> None:
    differ = sorted(working_days() ^ official_working_days())
    assert [day for day in differ if day.year not in (2020, 2021)] == [dt.date(2014, 3, 10)]
    assert sum(day.year == 2020 for day in differ) == 29
    assert sum(day.year == 2021 for day in differ) == 7
