"""Limits in working days: the same time of day so many working days later."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schedules.walk import DAY, MINUTE, Plan, instants, micros, moment

from cs_audit.schedules import Coordinates, Horizon, Schedule, parse_week

SOME = settings(max_examples=max(settings.default.max_examples // 5, 50))
BOSTON_2015 = [
    dt.date.fromisoformat(f"2015-{day}")
    for day in "01-01 01-19 02-16 04-20 05-25 07-03 09-07 10-12 11-11 11-26 12-25".split()  # noqa: SIM905
]


def after(plan: Plan, asked: str, days: int) -> str:
    """The promise made at a local time, as a local time."""
    at = instants(micros(asked, plan.zone))
    found = plan.coordinates(int(asked[:4]), int(asked[:4]) + 1).after_days(0, at, days)
    return moment(int(found[0])).astimezone(ZoneInfo(plan.zone)).replace(tzinfo=None).isoformat(" ")


def boston() -> Plan:
    return Plan("America/New_York", parse_week({"mon-fri": "08:30-16:30"}), BOSTON_2015)


@pytest.mark.parametrize(
    ("asked", "days", "due"),
    [
        ("2015-01-01 13:20:33", 1, "2015-01-05 08:30:00"),  # New Year, so asked on Friday at opening
        ("2015-01-05 13:20:33", 1, "2015-01-06 13:20:33"),
        ("2015-01-02 13:20:33", 1, "2015-01-05 13:20:33"),  # Friday, then Monday
        ("2015-01-16 10:00:00", 1, "2015-01-20 10:00:00"),  # Martin Luther King's day between
        ("2015-01-05 17:00:00", 1, "2015-01-07 08:30:00"),  # after hours: asked on Tuesday at opening
        ("2015-01-05 06:00:00", 10, "2015-01-20 08:30:00"),
        ("2015-12-24 16:30:00", 1, "2015-12-29 08:30:00"),
    ],
)
def test_boston_promises_the_same_time_so_many_working_days_later(asked: str, days: int, due: str) -> None:
    assert after(boston(), asked, days) == due


def test_a_short_day_ends_the_promise_at_its_closing() -> None:
    friday = Plan("UTC", parse_week({"mon-thu": "09:00-18:00", "fri": "10:00-13:00"}))
    assert after(friday, "2024-05-02 17:00:00", 1) == "2024-05-03 13:00:00"
    assert after(friday, "2024-05-02 09:15:00", 1) == "2024-05-03 10:00:00"


def test_a_promise_may_fall_into_a_break() -> None:
    lunch = Plan("UTC", parse_week({"mon": "09:00-18:00", "tue": ["09:00-12:00", "13:00-18:00"]}))
    assert after(lunch, "2024-05-06 12:30:00", 1) == "2024-05-07 12:30:00"


@pytest.mark.parametrize(
    ("zone", "asked", "due"),
    [
        ("Europe/Berlin", "2024-03-30 12:00:00", "2024-03-31 12:00:00"),
        ("Europe/Berlin", "2024-03-30 00:30:00", "2024-03-31 00:30:00"),
        ("Europe/Berlin", "2024-03-31 00:30:00", "2024-04-01 00:30:00"),
        ("Europe/Berlin", "2024-10-26 12:00:00", "2024-10-27 12:00:00"),
        ("Europe/Berlin", "2024-10-27 23:30:00", "2024-10-28 23:30:00"),
        ("Europe/Berlin", "2024-03-30 02:30:00", "2024-03-31 03:30:00"),  # there is no half past two
        ("America/Sao_Paulo", "2018-11-03 12:00:00", "2018-11-04 12:00:00"),
        ("America/Sao_Paulo", "2018-11-03 00:30:00", "2018-11-04 01:30:00"),  # nor half past midnight
        ("America/Sao_Paulo", "2018-02-17 23:30:00", "2018-02-18 23:30:00"),
    ],
)
def test_clocks_that_change_do_not_move_the_time_of_day(zone: str, asked: str, due: str) -> None:
    assert after(Plan(zone, parse_week("24/7")), asked, 1) == due


def test_a_night_shift_keeps_the_time_of_day_when_clocks_change() -> None:
    night = Plan("Europe/Berlin", (((22 * 3600, 30 * 3600),),) * 7)
    assert after(night, "2024-03-30 04:00:00", 1) == "2024-03-31 04:00:00"
    assert after(night, "2024-10-26 04:00:00", 1) == "2024-10-27 04:00:00"


def reference(plan: Plan, asked: int, days: int) -> int:
    """The promise by a walk from day to day; `asked` is an open instant."""
    wall = moment(asked).astimezone(ZoneInfo(plan.zone))
    day = wall.date()
    while days:
        day += dt.timedelta(days=1)
        days -= bool(plan._hours(day))
    edges = [edge for ranges in plan._hours(day) for edge in ranges]
    seconds = min(max(wall.hour * 3600 + wall.minute * 60 + wall.second, min(edges)), max(edges))
    clock = dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=seconds)
    return micros(clock.isoformat(), plan.zone)


days = st.integers(dt.date(2024, 1, 5).toordinal(), dt.date(2024, 12, 1).toordinal()).map(dt.date.fromordinal)


@SOME
@given(
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    week=st.sampled_from(["24/7", {"mon-fri": "09:00-18:00"}, {"mon-sat": ["03:30-12:00", "13:00-24:00"]}]),
    off=st.lists(days, max_size=20),
    day=days,
    minute=st.integers(0, 1439),
    number=st.integers(1, 12),
)
def test_promises_are_those_of_a_walk_from_day_to_day(
    zone: str, week: object, off: list[dt.date], day: dt.date, minute: int, number: int
) -> None:
    plan = Plan(zone, parse_week(week), off)
    clock = plan.coordinates(2024, 2025)
    asked = clock.next_open(0, instants(micros(day.isoformat(), zone) + minute * MINUTE))
    assert clock.after_days(0, asked, number).tolist() == [reference(plan, int(asked[0]), number)]


def test_days_of_another_schedule_do_not_count() -> None:
    office = Schedule("office", "UTC", parse_week({"mon-fri": "09:00-17:00"}))
    weekend = Schedule("weekend", "UTC", parse_week({"sat-sun": "10:00-12:00"}))
    both = Coordinates([each.timetable(Horizon(2024, 2024)) for each in (office, weekend)])
    asked = instants(micros("2024-05-03T11:00Z"))  # a Friday
    assert both.after_days(0, asked, 1).tolist() == [micros("2024-05-06T11:00Z")]
    assert both.after_days(1, asked, 1).tolist() == [micros("2024-05-05T10:00Z")]
    assert both.after_days(1, asked, 3)[0] - both.after_days(1, asked, 1)[0] == 7 * DAY * 1_000_000
