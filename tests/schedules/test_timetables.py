"""Schedules with exceptions, short days and zones; what is wrong with one is said."""

import datetime as dt
from typing import Any

import numpy as np
import pytest
from schedules.walk import MINUTE, instants, micros

from cs_audit.config.durations import parse_duration
from cs_audit.errors import ConfigError, UsageError
from cs_audit.schedules import Coordinates, Horizon, Schedule, parse_ranges, parse_week, zones
from cs_audit.schedules.words import describe, due, length, stretches

HOUR = 60 * MINUTE
NIGHT = {"mon-sun": "22:00-06:00"}


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def hours_of(schedule: Schedule, day: str) -> list[str]:
    """The local opening hours of one date."""
    table = schedule.timetable(Horizon(2024, 2024))
    midnight = micros(f"{day}T00:00", schedule.timezone)
    found = []
    for opens, closes in zip(table.opens.tolist(), table.closes.tolist(), strict=True):
        low, high = max(opens - midnight, 0), min(closes - midnight, 24 * HOUR)
        if low < high:
            found.append(f"{low // HOUR:02}:{low // MINUTE % 60:02}-{high // HOUR:02}:{high // MINUTE % 60:02}")
    return found


def schedule(hours: Any = "24/7", zone: str = "UTC", **more: Any) -> Schedule:
    for name in ("exceptions", "short_days"):
        more[name] = {date(day): parse_ranges(ranges) for day, ranges in more.get(name, {}).items()}
    return Schedule("desk", zone, parse_week(hours), **more)


def test_an_exception_replaces_the_whole_day() -> None:
    office = schedule({"mon-fri": "09:00-18:00"}, exceptions={"2024-05-07": ["10:00-11:00", "12:00-13:00"]})
    assert hours_of(office, "2024-05-06") == ["09:00-18:00"]
    assert hours_of(office, "2024-05-07") == ["10:00-11:00", "12:00-13:00"]


def test_an_exception_may_close_a_day_or_open_a_weekend() -> None:
    office = schedule({"mon-fri": "09:00-18:00"}, exceptions={"2024-05-07": [], "2024-05-11": "09:00-12:00"})
    assert hours_of(office, "2024-05-07") == []
    assert hours_of(office, "2024-05-11") == ["09:00-12:00"]


def test_an_exception_beats_a_short_day_which_beats_a_holiday() -> None:
    july_4, july_5 = "2024-07-04", "2024-07-05"
    office = schedule(
        {"mon-fri": "09:00-18:00"},
        holidays=("US",),
        exceptions={july_4: "10:00-11:00"},
        short_days={july_4: "09:00-17:00", july_5: "09:00-16:00", "2024-12-25": "09:00-12:00"},
    )
    assert hours_of(office, july_4) == ["10:00-11:00"]
    assert hours_of(office, july_5) == ["09:00-16:00"]
    assert hours_of(office, "2024-12-25") == ["09:00-12:00"]
    assert hours_of(office, "2024-11-28") == []


def test_an_explicit_date_beats_a_working_weekend_day() -> None:
    office = schedule({"mon-fri": "09:00-18:00"}, "Europe/Moscow", holidays=("RU",), exceptions={"2024-04-27": []})
    assert hours_of(office, "2024-04-27") == []
    assert hours_of(office, "2024-12-28") == ["09:00-18:00"]


def test_a_day_off_takes_its_own_date_from_the_shifts_around_it() -> None:
    off = schedule(NIGHT, off={date("2024-05-08"): "off"})
    assert hours_of(off, "2024-05-07") == ["00:00-06:00", "22:00-24:00"]
    assert hours_of(off, "2024-05-08") == []
    assert hours_of(off, "2024-05-09") == ["00:00-06:00", "22:00-24:00"]


def test_an_overnight_exception_reaches_into_a_plain_day_only() -> None:
    late = {"2024-05-08": "20:00-02:00"}
    day = {"mon-sun": "09:00-10:00"}
    assert hours_of(schedule(day, exceptions=late), "2024-05-09") == ["00:00-02:00", "09:00-10:00"]
    both = schedule(day, exceptions=late | {"2024-05-09": "12:00-13:00"})
    assert hours_of(both, "2024-05-08") == ["20:00-24:00"]
    assert hours_of(both, "2024-05-09") == ["12:00-13:00"]


def test_a_shift_of_the_last_sunday_of_the_old_year_reaches_into_the_new_one() -> None:
    assert hours_of(schedule(NIGHT), "2024-01-01") == ["00:00-06:00", "22:00-24:00"]


def test_hours_that_touch_are_one_opening() -> None:
    table = schedule({"mon": ["09:00-13:00", "13:00-18:00"]}).timetable(Horizon(2024, 2024))
    assert set((table.closes - table.opens).tolist()) == {9 * HOUR}
    round_the_clock = schedule().timetable(Horizon(2023, 2024))
    assert len(round_the_clock.opens) == 1


@pytest.mark.parametrize("hours", [{}, {"mon": []}])
def test_a_schedule_that_is_never_open_is_refused(hours: Any) -> None:
    with pytest.raises(ConfigError, match="is never open") as told:
        schedule(hours, exceptions={"2024-05-07": []}).timetable(Horizon(2024, 2024))
    assert told.value.where == "schedules.desk"
    assert "24/7" in told.value.hint


def test_a_schedule_of_exceptions_alone_is_open_then() -> None:
    fair = schedule({}, exceptions={"2024-05-07": "10:00-12:00"})
    assert hours_of(fair, "2024-05-07") == ["10:00-12:00"]
    assert hours_of(schedule({}, short_days={"2024-05-07": "10:00-12:00"}), "2024-05-07") == ["10:00-12:00"]


def test_dates_outside_the_compiled_years_are_left_to_their_years() -> None:
    office = schedule({"mon-fri": "09:00-17:00"}, exceptions={"2030-01-02": "09:00-17:00", "2019-01-02": "09:00-17:00"})
    table = office.timetable(Horizon(2024, 2024))
    assert table.opens.min() >= micros("2023-12-31T00:00Z")
    late = instants(micros("2024-12-31T16:00Z"))
    assert Coordinates([table]).due(0, late, 2 * HOUR).tolist() == [-1]


def test_a_horizon_is_a_day_wider_than_its_instants() -> None:
    assert Horizon.around(micros("2024-01-01T12:00Z"), micros("2024-12-30T12:00Z")) == Horizon(2023, 2024)
    assert Horizon.around(micros("2024-06-01T00:00Z"), ahead=2) == Horizon(2024, 2026)


# zones


@pytest.mark.parametrize("name", ["Europe/Moscow", "UTC", "utc", "", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
def test_a_zone_is_known_by_its_name(name: str) -> None:
    assert zones.zone(name).utcoffset(dt.datetime(2024, 1, 1)) is not None  # noqa: DTZ001


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Europe/Moskow", "write 'Europe/Moscow'"),
        ("europe/berlin", "write 'Europe/Berlin'"),
        ("Xqzj", "write a name like Europe/Moscow"),
        ("../zones", None),
        ("Europe", None),
    ],
)
def test_an_unknown_zone_is_an_error_that_offers_the_nearest(name: str, hint: str | None) -> None:
    with pytest.raises(ConfigError, match="is not a time zone") as told:
        zones.zone(name)
    assert told.value.hint == hint if hint else told.value.hint.startswith("write ")


def test_offsets_say_where_they_begin() -> None:
    start, end = micros("2024-01-01T00:00Z"), micros("2025-01-01T00:00Z")
    begins, values = zones.offsets("Europe/Berlin", start, end)
    assert begins.tolist() == [start, micros("2024-03-31T01:00Z"), micros("2024-10-27T01:00Z")]
    assert values.tolist() == [HOUR, 2 * HOUR, HOUR]


def test_wall_times_are_read_back() -> None:
    edges = zones.offsets("Europe/Berlin", micros("2024-01-01T00:00Z"), micros("2025-01-01T00:00Z"))
    walls = zones.local_times(instants(micros("2024-03-31T00:59Z"), micros("2024-07-01T10:00Z")), *edges)
    assert walls.tolist() == [micros("2024-03-31T01:59Z"), micros("2024-07-01T12:00Z")]
    assert zones.instants_of(walls, *edges).tolist() == [micros("2024-03-31T00:59Z"), micros("2024-07-01T10:00Z")]


def test_a_wall_time_left_out_or_shown_twice_is_read_as_python_does() -> None:
    edges = zones.offsets("Europe/Berlin", micros("2024-01-01T00:00Z"), micros("2025-01-01T00:00Z"))
    for wall in ("2024-03-31T02:30", "2024-10-27T02:30", "2024-10-27T03:00", "2024-03-31T03:00"):
        found = zones.instants_of(np.array([micros(f"{wall}Z")]), *edges)
        assert found.tolist() == [micros(wall, "Europe/Berlin")]


# words


def test_a_schedule_is_described_by_its_week() -> None:
    assert describe(
        schedule({"mon-tue": ["09:00-13:00", "14:00-18:00"], "sat": "22:00-06:00"}, "Europe/Moscow"), None
    ) == [
        "desk: Europe/Moscow",
        "  mon  09:00-13:00 14:00-18:00",
        "  tue  09:00-13:00 14:00-18:00",
        "  wed  closed",
        "  thu  closed",
        "  fri  closed",
        "  sat  22:00-06:00",
        "  sun  closed",
    ]


def test_a_year_is_described_with_its_special_days_and_sum() -> None:
    office = schedule(
        {"mon-fri": "09:00-17:00"},
        "America/New_York",
        holidays=("US-MA",),
        exceptions={"2024-12-24": "09:00-13:00", "2025-01-02": []},
    )
    lines = describe(office, 2024)
    assert "  2024-04-15 mon  closed  Patriots' Day" in lines
    assert "  2024-12-24 tue  09:00-13:00" in lines
    assert not any("2025" in line for line in lines)
    weekdays, holidays_on_weekdays = 262, 12
    assert lines[-1] == f"  2024: {(weekdays - holidays_on_weekdays) * 8 - 4} h 00 min of working time"


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"])
def test_a_whole_year_has_all_its_hours(zone: str) -> None:
    assert describe(schedule(zone=zone), 2024)[-1] == f"  2024: {366 * 24} h 00 min of working time"


def test_stretches_are_listed_and_summed_up() -> None:
    office = schedule({"mon-fri": ["09:00-13:00", "14:00-18:00"]}, "Europe/Moscow")
    began, ended = micros("2024-05-06T12:30", "Europe/Moscow"), micros("2024-05-07T09:10:05", "Europe/Moscow")
    assert stretches(office, began, ended) == [
        "  Mon 2024-05-06 12:30:00 - 13:00:00  30 min",
        "  Mon 2024-05-06 14:00:00 - 18:00:00  4 h 00 min",
        "  Tue 2024-05-07 09:00:00 - 09:10:05  10 min 05 s",
        "4 h 40 min 05 s (16805 seconds)",
    ]


def test_stretches_do_not_run_backwards() -> None:
    with pytest.raises(UsageError, match="the end comes before the start"):
        stretches(schedule(), 1, 0)


@pytest.mark.parametrize(
    ("start", "duration", "found"),
    [
        ("2024-12-31T09:00", "1h", "2024-12-31T10:00:00+03:00"),
        ("2024-12-31T09:00", "8h", "2024-12-31T17:00:00+03:00"),
        ("2024-12-31T09:30", "8h", "2025-01-01T09:30:00+03:00"),
        ("2024-12-31T09:30", "2wd", "2025-01-02T09:30:00+03:00"),
        ("2024-12-31T09:30", "4000h", "2026-12-01T09:30:00+03:00"),  # 500 working days are 100 weeks
    ],
)
def test_due_is_told_in_the_schedules_zone(start: str, duration: str, found: str) -> None:
    office = schedule({"mon-fri": "09:00-17:00"}, "Europe/Moscow")
    assert due(office, micros(start, "Europe/Moscow"), parse_duration(duration)) == found


def test_what_is_not_due_within_ten_years_is_refused() -> None:
    once = schedule({}, exceptions={"2024-05-07": "10:00-12:00"})
    with pytest.raises(UsageError, match="not used up within ten years"):
        due(once, micros("2024-05-07T09:00Z"), parse_duration("3h"))


@pytest.mark.parametrize(
    ("micros", "text"),
    [(0, "0 min"), (59_000_000, "0 min 59 s"), (60 * MINUTE, "1 h 00 min"), (33 * HOUR + 5 * MINUTE, "33 h 05 min")],
)
def test_a_length_is_told_in_hours_and_minutes(micros: int, text: str) -> None:
    assert length(micros) == text
