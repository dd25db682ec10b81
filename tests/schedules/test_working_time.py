"""Time worked as a coordinate, against a walk over the wall clock minute by minute."""

import datetime as dt
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schedules.walk import DAY, MINUTE, Plan, Ranges, instants, micros, worked

from cs_audit.errors import AuditError
from cs_audit.explain.derivation import counted
from cs_audit.schedules import ALWAYS, Coordinates, Horizon, Schedule

FEW = settings(max_examples=max(settings.default.max_examples // 25, 10))
SOME = settings(max_examples=max(settings.default.max_examples // 5, 50))
SECOND = 1_000_000
HOUR = 3600 * SECOND

CHANGES = {
    "Berlin forward": ("Europe/Berlin", "2024-03-31"),
    "Berlin back": ("Europe/Berlin", "2024-10-27"),
    "New York forward": ("America/New_York", "2024-03-10"),
    "New York back": ("America/New_York", "2024-11-03"),
    "Lord Howe half an hour forward": ("Australia/Lord_Howe", "2024-10-06"),
    "Lord Howe half an hour back": ("Australia/Lord_Howe", "2024-04-07"),
    "Sao Paulo forward at midnight": ("America/Sao_Paulo", "2018-11-04"),
    "Sao Paulo back at midnight": ("America/Sao_Paulo", "2018-02-18"),
    "Tehran forward at midnight": ("Asia/Tehran", "2022-03-22"),
    "Tehran back at midnight": ("Asia/Tehran", "2021-09-22"),
    "Samoa leaves out a day": ("Pacific/Apia", "2011-12-30"),
    "Moscow changes its standard time": ("Europe/Moscow", "2014-10-26"),
}


@st.composite
def ranges_of_a_day(draw: st.DrawFn, grid: int = 5) -> Ranges:
    """No, one or two ranges on a grid of minutes; the last may reach into the next day."""
    steps = DAY // 60 // grid
    edges = sorted(draw(st.lists(st.integers(0, steps), max_size=4, unique=True)))
    ranges = [(low * grid * 60, high * grid * 60) for low, high in zip(edges[::2], edges[1::2], strict=False)]
    if ranges and draw(st.booleans()):
        low = ranges[-1][0]
        ranges[-1] = (low, min(DAY + draw(st.integers(0, low // 60 // grid)) * grid * 60, low + DAY))
    return tuple(each for each in ranges if each[0] < min(each[1], DAY))


@st.composite
def plans(draw: st.DrawFn, zone: str, around: dt.date, grid: int = 5) -> Plan:
    """Hours of a week, and special days around a date."""
    hours = ranges_of_a_day(grid)
    days = [around + dt.timedelta(days=step) for step in (-2, -1, 0, 1, 2)]
    off = draw(st.lists(st.sampled_from(days), max_size=2, unique=True))
    week = tuple(draw(st.one_of(hours, st.just(((0, DAY),)))) for _ in range(7))
    exceptions = draw(st.dictionaries(st.sampled_from(days), hours, max_size=2))
    always = (9 * 3600, 17 * 3600)
    return Plan(zone, week if any(week) else ((always,),) * 7, off, exceptions)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@FEW
@given(st.data())
def test_worked_time_is_what_a_walk_over_the_wall_clock_counts(change: tuple[str, str], data: st.DataObject) -> None:
    zone, day = change
    plan = data.draw(plans(zone, dt.date.fromisoformat(day)))
    start = micros(f"{day}T00:00:00+00:00") - 36 * HOUR
    expected = worked(plan, start, 4 * 1440)
    found = plan.coordinates(int(day[:4]), int(day[:4]) + 1).worked(0, start + np.arange(len(expected)) * MINUTE)
    assert (found - found[0]).tolist() == expected


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2024-03-31", 23), ("2024-10-27", 25), ("2024-06-15", 24)],
)
def test_a_whole_day_has_the_hours_that_pass(day: str, hours: int) -> None:
    coordinates = Plan("Europe/Berlin", ALWAYS).coordinates(2024)
    end = (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()
    low, high = coordinates.worked(0, instants(*(micros(each, "Europe/Berlin") for each in (day, end))))
    assert high - low == hours * HOUR


def test_a_night_shift_is_an_hour_shorter_when_clocks_go_forward() -> None:
    night = Plan("Europe/Berlin", ((),) * 5 + (((22 * 3600, 30 * 3600),),) + ((),))
    low, high = night.coordinates(2024).worked(
        0, instants(*(micros(f"2024-03-{each}T12:00", "Europe/Berlin") for each in (30, 31)))
    )
    assert high - low == 7 * HOUR


def test_a_minute_of_the_day_is_lost_before_23_59_and_not_before_24_00() -> None:
    for closes, minutes in ((DAY, 1440), (DAY - 60, 1439)):
        coordinates = Plan("UTC", (((0, closes),),) * 7).coordinates(2024)
        low, high = coordinates.worked(0, instants(micros("2024-05-06T00:00Z"), micros("2024-05-07T00:00Z")))
        assert high - low == minutes * MINUTE


weeks = st.sampled_from(
    [
        ALWAYS,
        (((9 * 3600, 13 * 3600), (14 * 3600, 18 * 3600)),) * 4 + (((9 * 3600, 17 * 3600),),) + ((),) * 2,
        (((22 * 3600, 30 * 3600),),) * 5 + ((),) * 2,
        (((0, DAY - 60),),) * 7,
        (((8 * 3600 + 7, 12 * 3600 + 11),),) * 7,
        (((9 * 3600, 10 * 3600),),) + ((),) * 6,
    ]
)
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
moments = st.integers(micros("2024-01-03T00:00Z") // SECOND, micros("2024-12-20T00:00Z") // SECOND).map(
    lambda each: each * SECOND
)
tables: dict[tuple[str, object], Coordinates] = {}


@st.composite
def coordinates(draw: st.DrawFn) -> Coordinates:
    """Coordinates of a week in a zone, for 2023 to 2025."""
    zone, week = draw(zones), draw(weeks)
    if (zone, week) not in tables:
        tables[zone, week] = Plan(zone, week, [dt.date(2024, 5, 1)]).coordinates(2023, 2025)
    return tables[zone, week]


@SOME
@given(coordinates())
def test_cell_table_equals_the_search_beside_every_edge(clock: Coordinates) -> None:
    edges = np.concatenate([clock.tables[0].opens, clock.tables[0].closes])
    near = np.concatenate([edges + step for step in (-SECOND, -1, 0, 1, SECOND)])
    near = near[(near >= clock.starts) & (near <= clock.ends)]
    assert np.array_equal(clock.worked(0, near), clock._search(0, near))


@SOME
@given(coordinates(), st.lists(moments, min_size=2, max_size=6))
def test_worked_time_adds_up_and_is_never_longer_than_the_clock(clock: Coordinates, times: list[int]) -> None:
    times = sorted(times)
    coordinate = clock.worked(0, instants(*times)).tolist()
    for (early, late), (before, after) in zip(pairwise(times), pairwise(coordinate), strict=True):
        assert 0 <= after - before <= late - early
        assert sum(each.length for each in counted(clock.tables[0], early, late)) == after - before


@SOME
@given(coordinates(), moments, st.integers(1, 200_000))
def test_due_is_the_first_instant_with_so_much_more_working_time(clock: Coordinates, start: int, length: int) -> None:
    (due,) = clock.due(0, instants(start), length * SECOND)
    before, just, then = clock.worked(0, instants(start, due - 1, due))
    assert then - before == length * SECOND
    assert just < then


@SOME
@given(coordinates(), moments, st.integers(0, 200_000))
def test_back_is_the_first_instant_met_on_the_way_back(clock: Coordinates, start: int, length: int) -> None:
    (back,) = clock.back(0, instants(start), length * SECOND)
    before, then, after = clock.worked(0, instants(back, start, back + 1))
    assert then - before == length * SECOND
    assert back <= start
    assert back == start or after > before


@given(coordinates(), moments)
def test_nothing_more_is_due_at_once(clock: Coordinates, start: int) -> None:
    assert clock.due(0, instants(start), 0).tolist() == [start]


@SOME
@given(coordinates(), moments)
def test_next_opening_is_now_if_open_else_the_end_of_a_closed_time(clock: Coordinates, moment: int) -> None:
    (found,) = clock.next_open(0, instants(moment))
    start, end, later = clock.worked(0, instants(moment, found, found + 1))
    assert bool(clock.is_open(0, instants(moment))[0]) == (found == moment)
    assert start == end < later


def test_each_row_may_follow_its_own_timetable() -> None:
    office = Plan("UTC", (((9 * 3600, 17 * 3600),),) * 7)
    for closes in (17 * 3600, 17 * 3600 + 1):  # on the grid of cells, and off it
        other = Plan("Asia/Kolkata", (((9 * 3600, closes),),) * 7)
        both = Coordinates([plan.schedule.timetable(Horizon(2024, 2024)) for plan in (office, other)])
        noons = instants(*(micros(f"2024-05-0{day}T12:00Z") for day in (1, 1, 2, 2)))
        found = both.worked(np.array([0, 1, 0, 1]), noons)
        assert found[2] - found[0] == 8 * HOUR
        assert found[3] - found[1] == (closes - 9 * 3600) * SECOND
        assert found[0] == office.coordinates(2024).worked(0, noons[:1])[0]
        assert found[1] == other.coordinates(2024).worked(0, noons[:1])[0]


@pytest.mark.parametrize("closes", [17 * 3600, 17 * 3600 + 1])
def test_an_instant_outside_the_compiled_years_raises(closes: int) -> None:
    clock = Plan("UTC", (((9 * 3600, closes),),) * 7).coordinates(2024)
    clock.worked(0, instants(clock.starts, clock.ends))
    for outside in (clock.starts - 1, clock.ends + 1, micros("1970-01-01T00:00Z"), micros("2025-02-01T00:00Z")):
        with pytest.raises(AuditError, match="outside the compiled years"):
            clock.worked(0, instants(outside))


def test_no_instants_are_in_any_years() -> None:
    assert Plan("UTC", ALWAYS).coordinates(2024).worked(0, instants()).tolist() == []


def test_what_is_due_beyond_the_compiled_years_is_unknown() -> None:
    clock = Plan("UTC", (((9 * 3600, 17 * 3600),),) * 7).coordinates(2024)
    late, early = instants(micros("2024-12-31T16:30Z")), instants(micros("2024-01-01T09:30Z"))
    assert clock.due(0, late, HOUR).tolist() == [-1]
    assert clock.back(0, early, 100 * HOUR).tolist() == [-1]
    assert clock.next_open(0, instants(micros("2024-12-31T17:00Z"))).tolist() == [-1]
    assert clock.after_days(0, late, 1).tolist() == [-1]


def test_years_never_open_have_no_working_time() -> None:
    schedule = Schedule("once", "UTC", ((),) * 7, exceptions={dt.date(2030, 1, 2): ((0, DAY),)})
    clock = Coordinates([schedule.timetable(Horizon(2024, 2024))])
    low, high = clock.worked(0, instants(clock.starts, clock.ends))
    assert low == high
    assert clock.due(0, instants(clock.starts), 1).tolist() == [-1]
    assert clock.next_open(0, instants(clock.starts, clock.ends)).tolist() == [-1, -1]
    assert clock.after_days(0, instants(clock.starts), 1).tolist() == [-1]


@SOME
@given(zones, moments, st.sets(st.integers(1, 28), max_size=5))
def test_adding_closed_days_never_adds_working_time(zone: str, start: int, days: set[int]) -> None:
    week = (((9 * 3600, 13 * 3600), (14 * 3600, 27 * 3600)),) * 5 + ((),) * 2
    month = dt.datetime.fromtimestamp(start / SECOND, dt.UTC).month
    ends = instants(start, start + 30 * DAY * SECOND)
    low, high = (np.diff(Plan(zone, week, off).coordinates(2024, 2025).worked(0, ends)) for off in (
        [dt.date(2024, month, day) for day in days], []
    ))  # fmt: skip
    assert low <= high
