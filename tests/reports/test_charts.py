"""The arithmetic of the charts."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_audit.reports import charts, story


def test_a_scale_ends_at_its_ends():
    scale = charts.Scale(0, 100, 10, 210)
    assert [scale.at(value) for value in (-5, 0, 50, 100, 200)] == [10, 10, 110, 210, 210]


def test_the_scale_of_waits_gives_the_first_minutes_room():
    scale = charts.waiting_scale([0, 60, 2880], 0, 100)
    assert scale.at(0) == 0
    assert scale.at(60) > 50
    assert scale.at(2880) == 100


def test_a_staircase_rises_only_at_its_points():
    assert charts.staircase([(0, 9), (5, 4), (8, 1)]) == "M0 9H5V4H8V1"


@given(st.lists(st.floats(0, 100), max_size=8))
def test_labels_keep_apart_inside_and_in_order(places):
    made = charts.dodge(places, 10, 0, 100)
    assert all(0 <= each <= 100 for each in made)
    order = sorted(range(len(places)), key=lambda index: (places[index], index))
    assert all(made[b] - made[a] >= 9.9 for a, b in pairwise(order))


@pytest.mark.parametrize(("value", "most", "shade"), [(0, 10, 0), (1, 1000, 1), (1000, 1000, 5), (5, 0, 0)])
def test_shades(value, most, shade):
    assert charts.shade(value, most) == shade


@pytest.mark.parametrize(
    ("late", "every", "shade"), [(0, 100, 0), (29, 29, 0), (30, 30, 5), (1, 100, 1), (50, 100, 3), (100, 100, 5)]
)
def test_shades_of_shares_say_nothing_of_fewer_than_thirty(late, every, shade):
    assert charts.share_shade(late, every, story.FEW) == shade


@pytest.mark.parametrize(("each", "hours"), [(30, 1), (15, 2), (10, 3), (3, 12), (2, 24), (0, 1)])
def test_late_waits_are_drawn_by_as_few_hours_together_as_it_takes_to_tell(each, hours):
    numbers = [[each] * 168, [each // 2] * 168]
    assert story.telling_hours(numbers) == hours
    rows = story.week_rows(numbers, hours)
    assert [len(row) for row in rows] == [24 // hours] * 7
    assert sum(n for row in rows for n, _ in row) == 168 * each


def test_one_busy_hour_among_quiet_ones_does_not_make_the_map_fine():
    assert story.telling_hours([[30, *[29] * 167], [0] * 168]) == 2


BREACH = {
    "began_at": "2025-03-03T10:30:00Z",
    "ended_at": "2025-03-04T09:20:30Z",
    "counted": [
        {"from": "2025-03-03T11:00:00Z", "to": "2025-03-03T15:00:00Z", "seconds": 14400},
        {"skipped": 3, "seconds": 100},
        {"from": "2025-03-04T06:00:00Z", "to": "2025-03-04T09:00:00Z", "seconds": 10800},
    ],
}


def test_a_band_covers_the_whole_wait_without_gaps():
    pieces = charts.band(BREACH, "2025-04-01T00:00:00Z", 700)
    assert [each.kind for each in pieces] == ["closed", "counted", "skipped", "counted", "closed"]
    assert pieces[0].x == 0
    assert pieces[-1].x + pieces[-1].width == pytest.approx(700, abs=0.2)
    assert all(a.ends == b.begins for a, b in pairwise(pieces))


def test_an_open_wait_lasts_until_the_cut_off():
    pieces = charts.band({**BREACH, "ended_at": None}, "2025-04-01T00:00:00Z", 700)
    assert pieces[-1].ends.isoformat() == "2025-04-01T00:00:00+00:00"


def test_instants_lie_on_the_band_in_order_and_outside_it_nowhere():
    pieces = charts.band(BREACH, "2025-04-01T00:00:00Z", 700)
    told = ["2025-03-03T10:30:00Z", "2025-03-03T12:00:00Z", "2025-03-03T15:00:00Z", "2025-03-04T07:00:00Z"]
    places = [charts.place(pieces, each) for each in told]
    assert places == sorted(places)
    assert charts.place(pieces, "2025-03-03T10:29:59Z") is None
    assert charts.place(pieces, None) is None


def test_a_wait_with_no_time_counted_still_has_a_band():
    assert charts.band({**BREACH, "counted": []}, "2025-04-01T00:00:00Z", 700)[0].kind == "closed"


def test_what_lies_at_one_place_is_drawn_once_and_people_before_all_others():
    pieces = charts.band(BREACH, "2025-04-01T00:00:00Z", 700)
    events = [
        {"author": "requester", "occurred_at": "2025-03-03T10:30:00Z"},
        {"author": "requester", "occurred_at": "2025-03-03T10:30:00.5Z"},
        {"author": "bot", "automatic": True, "occurred_at": "2025-03-03T10:30:01Z"},
        {"author": "agent", "occurred_at": "2025-03-05T10:30:01Z"},
    ]
    assert charts.marks(pieces, events, 9) == [("r", "M0 9z")]
    assert charts.marks(pieces, events[2:3], 9) == [("o", "M0 9z")]


def test_a_gap_in_which_the_clock_was_paused_is_not_drawn_as_closed():
    paused = {**BREACH, "paused": [{"from": "2025-03-03T10:45:00Z", "to": "2025-03-03T11:00:00Z"}]}
    pieces = charts.band(paused, "2025-04-01T00:00:00Z", 700)
    assert [each.kind for each in pieces] == ["paused", "counted", "skipped", "counted", "closed"]
    assert charts.blocks(pieces, "paused", 27) == "M0 27h14"


def drawn(path):
    """Where the strokes of a path of relative moves lie, as (from, to)."""
    strokes, pen = [], 0
    for move, x, length in re.findall(r"([Mm])(\d+) \d+(?:h(\d+)|z)", path):
        begin = int(x) + (pen if move == "m" else 0)
        pen = begin + int(length or 0)
        strokes.append((begin, pen))
    return strokes


def test_strokes_lie_where_the_pieces_are():
    pieces = charts.band(BREACH, "2025-04-01T00:00:00Z", 700)
    for kind in ("counted", "closed", "skipped"):
        own = [(round(each.x), round(each.x) + round(each.width)) for each in pieces if each.kind == kind]
        assert drawn(charts.blocks(pieces, kind, 27)) == own


def test_events_of_a_ticket_lie_in_calendar_time():
    events = [{"author": "agent", "occurred_at": f"2025-03-{day:02}T00:00:00Z"} for day in (1, 2, 5)]
    assert charts.marks(charts.days(events, 400), events, 27) == [("a", "M0 27zm100 0zm300 0z")]
    assert charts.marks(charts.days(events[:1], 400), events[:1], 27) == [("a", "M0 27z")]


def test_limits_stand_in_the_order_of_their_length():
    given = ["recorded", "14400s", "2wd to closing", "2wd", "7200s", "10wd"]
    assert story.by_length(given) == ["7200s", "14400s", "2wd", "2wd to closing", "10wd", "recorded"]


@given(st.lists(st.tuples(st.floats(0, 700), st.text("abc", min_size=1, max_size=20)), max_size=12))
def test_labels_along_an_axis_keep_apart_and_the_last_one_stays(labels):
    given_ = sorted(labels)
    kept = charts.apart(given_)
    assert kept[-1:] == given_[-1:]
    assert all(b[0] - charts.half(b[1]) >= a[0] + charts.half(a[1]) for a, b in pairwise(kept))
