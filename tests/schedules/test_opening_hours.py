"""Opening hours as people write them."""

import pytest
from schedules.walk import DAY

from cs_audit.schedules import ALWAYS, DAYS, parse_ranges, parse_week
from cs_audit.schedules.hours import clock, make_range, parse_clock, parse_days, show_ranges

HOUR = 3600


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("9:00", 9 * HOUR), ("09:00", 9 * HOUR), (" 17:30:15 ", 63_015), ("0:00", 0), ("24:00", DAY), ("23:59", DAY - 60)],
)
def test_a_time_of_day_is_seconds_since_midnight(text: str, seconds: int) -> None:
    assert parse_clock(text) == seconds


@pytest.mark.parametrize("text", ["24:01", "25:00", "9", "9.00", "09:60", "09:00:60", "24:00:01", "-1:00", "noon", ""])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time of day like 09:00 or 24:00"):
        parse_clock(text)


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("09:00-18:00", ((9 * HOUR, 18 * HOUR),)),
        ("09:00 – 18:00", ((9 * HOUR, 18 * HOUR),)),  # with a typographic dash
        ("00:00-24:00", ((0, DAY),)),
        ("22:00-06:00", ((22 * HOUR, 30 * HOUR),)),
        ("22:00-00:00", ((22 * HOUR, DAY),)),
        (["14:00-18:00", "09:00-13:00"], ((9 * HOUR, 13 * HOUR), (14 * HOUR, 18 * HOUR))),
        (["09:00-13:00", "13:00-18:00"], ((9 * HOUR, 13 * HOUR), (13 * HOUR, 18 * HOUR))),
        ([], ()),
    ],
)
def test_ranges_are_read_in_order(text: str | list[str], ranges: object) -> None:
    assert parse_ranges(text) == ranges


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("09:00", "is not a range of hours like 09:00-18:00"),
        ("09:00-09:00", "opens and closes at the same time; write 00:00-24:00 for the whole day"),
        ("24:00-06:00", "opens at 24:00; write 00:00 on the next day"),
        ("09:00-18:00-19:00", "is not a time of day"),
        (["09:00-13:00", "12:59-18:00"], "ranges overlap: one ends at 13:00, the next opens at 12:59"),
        (["20:00-06:00", "22:00-23:00"], "ranges overlap: one ends at 06:00, the next opens at 22:00"),
    ],
)
def test_ranges_that_make_no_sense_are_refused(text: str | list[str], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_ranges(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon", (0,)),
        ("Monday", (0,)),
        ("tues-Thurs", (1, 2, 3)),
        ("mon-thu", (0, 1, 2, 3)),
        ("Fri - Mon", (4, 5, 6, 0)),
        ("sun-sun", (6,)),
        ("mon-sun", tuple(range(7))),
    ],
)
def test_days_are_read_with_their_spans(text: str, days: tuple[int, ...]) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize("text", ["mo", "mon-", "-", "mon-xyz", "mon,wed", "mon/wed", "monkey", "weekdays", ""])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a day; the days are mon tue wed thu fri sat sun"):
        parse_days(text)


def test_a_week_has_seven_days_and_what_is_not_said_is_closed() -> None:
    week = parse_week({"mon-thu": ["09:00-13:00", "14:00-18:00"], "sat": "10:00-12:00"})
    full = ((9 * HOUR, 13 * HOUR), (14 * HOUR, 18 * HOUR))
    assert week == (full,) * 4 + ((), ((10 * HOUR, 12 * HOUR),), ())


def test_round_the_clock_has_a_name() -> None:
    assert parse_week("24/7") == ALWAYS == parse_week({"mon-sun": "00:00-24:00"})


def test_other_names_for_a_week_are_refused() -> None:
    with pytest.raises(ValueError, match="'always' is neither a table of days nor 24/7"):
        parse_week("always")


def test_a_day_may_not_have_its_hours_twice() -> None:
    with pytest.raises(ValueError, match="wed has its hours twice"):
        parse_week({"mon-wed": "09:00-17:00", "wed-fri": "10:00-17:00"})


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(
    "hours", [["09:00-18:00"], ["00:00-24:00"], ["22:00-06:00"], ["08:30:15-12:00", "12:30-16:00"]]
)
def test_hours_are_shown_as_they_are_read(day: str, hours: list[str]) -> None:
    shown = show_ranges(parse_week({day: hours})[DAYS.index(day)])
    assert shown == hours
    assert parse_ranges(shown) == parse_ranges(hours)


def test_midnight_is_shown_as_24_00_and_the_next_morning_by_its_own_clock() -> None:
    assert [clock(each) for each in (0, DAY, 30 * HOUR, 9 * HOUR + 5)] == ["00:00", "24:00", "06:00", "09:00:05"]


def test_an_end_before_the_start_belongs_to_the_next_day() -> None:
    assert make_range(22 * HOUR, 6 * HOUR) == (22 * HOUR, 30 * HOUR)
    assert make_range(6 * HOUR, 22 * HOUR) == (6 * HOUR, 22 * HOUR)
