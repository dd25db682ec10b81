"""Runs: begun, interrupted, gone on with, finished; and counts compared with the helpdesk's own."""

import datetime as dt

import pytest
from pulled import START, minute

from cs_audit.errors import AuditError
from cs_audit.store import Bundle, Completeness, NoProgressError, Progress, Record, Tombstone, open_store

HOUR = dt.timedelta(hours=1)
RUN = {"source": "desk", "stream": "tickets"}


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "store.db", since=START) as opened:
        yield opened


def run(store, cursor, at, **options):
    store.begin(**RUN, started_at=minute(at), **options)
    store.put_page(**RUN, cursor=cursor)
    store.finish(**RUN, as_of=minute(at))


def test_a_stream_never_begun_has_no_cursor(store):
    assert store.cursor(**RUN) is None


def test_the_first_run_is_full_and_asks_for_everything(store):
    first = store.begin(**RUN, started_at=START)
    assert (first.full, first.value, first.last, first.finished) == (True, None, None, False)
    assert first.since(HOUR) is None


def test_the_next_run_begins_an_overlap_before_the_last_and_knows_its_cursor(store):
    run(store, "end", 90)
    second = store.begin(**RUN, started_at=minute(200))
    assert (second.full, second.value, second.last) == (False, None, "end")
    assert second.since(HOUR) == minute(30)


def test_an_interrupted_run_goes_on_from_its_last_page_with_its_first_start(store):
    store.begin(**RUN, started_at=START)
    store.put_page(**RUN, cursor={"page": 2})
    again = store.begin(**RUN, started_at=minute(60))
    assert (again.value, again.started_at, again.full) == ({"page": 2}, START, True)


def test_a_run_without_a_page_keeps_the_cursor_of_the_run_before(store):
    run(store, "end", 1)
    store.begin(**RUN, started_at=minute(2))
    store.finish(**RUN, as_of=minute(2))
    assert store.begin(**RUN, started_at=minute(3)).last == "end"


def test_an_interrupted_full_run_is_still_owed_to_a_smaller_one(store):
    run(store, "end", 1)
    store.begin(**RUN, started_at=minute(2), full=True)
    store.put_page(**RUN, cursor="half")
    again = store.begin(**RUN, started_at=minute(3))
    assert (again.full, again.value, again.since(HOUR)) == (True, "half", None)


def test_a_full_run_gives_up_an_interrupted_smaller_one(store):
    run(store, "end", 1)
    store.begin(**RUN, started_at=minute(2))
    store.put_page(**RUN, cursor="half")
    again = store.begin(**RUN, started_at=minute(3), full=True)
    assert (again.full, again.value, again.started_at) == (True, None, minute(3))


def test_a_restart_gives_up_the_cursor_and_stays_full_if_it_was(store):
    run(store, "end", 1)
    store.begin(**RUN, started_at=minute(2), full=True)
    store.put_page(**RUN, cursor="expired")
    again = store.begin(**RUN, started_at=minute(3), restart=True)
    assert (again.full, again.value, again.started_at) == (True, None, minute(3))
    store.finish(**RUN, as_of=minute(3))
    store.begin(**RUN, started_at=minute(4))
    assert not store.begin(**RUN, started_at=minute(5), restart=True).full


def test_streams_stand_apart(store):
    run(store, "end", 1)
    store.begin("desk", "users", started_at=START)
    store.begin("other", "tickets", started_at=START)
    assert store.cursor(**RUN).finished
    assert not store.cursor("other", "tickets").finished
    assert (store.sources(), store.streams("desk")) == (["desk", "other"], ["tickets", "users"])


@pytest.mark.parametrize(
    "call",
    [
        lambda store: store.put_page(**RUN, cursor=1),
        lambda store: store.finish(**RUN, as_of=START),
        lambda store: store.expected(**RUN, count=1),
    ],
)
def test_a_run_that_was_not_begun_or_is_finished_takes_nothing(store, call):
    with pytest.raises(AuditError, match="was not begun"):
        call(store)
    run(store, "end", 1)
    with pytest.raises(AuditError, match="was not begun"):
        call(store)


def test_a_page_needs_a_cursor(store):
    store.begin(**RUN, started_at=START)
    with pytest.raises(AuditError, match="needs a cursor"):
        store.put_page(**RUN, cursor=None)


def test_a_store_is_not_written_inside_its_own_snapshot(store):
    store.begin(**RUN, started_at=START)
    with store.snapshot(), pytest.raises(AuditError, match="snapshot"):
        store.put_page(**RUN, cursor=1)


def bundle(name, at):
    return Bundle(name, at, minute(at), {})


def test_the_count_of_all_is_compared_with_the_tickets_that_are_not_gone(store):
    store.begin(**RUN, started_at=START)
    gone = [Tombstone("2", "deleted", 9, minute(9)), Tombstone("never", "deleted", 9, minute(9))]
    store.put_page(**RUN, cursor=1, bundles=[bundle("1", 1), bundle("2", 1), bundle("3", 1)], tombstones=gone)
    assert store.completeness() == []
    store.expected(**RUN, count=4)
    [found] = store.completeness()
    assert found == Completeness("desk", "tickets", "ticket", expected=4, held=2)
    assert found.missing == 2


def test_the_count_of_a_run_is_compared_with_what_came_in_it_each_ticket_once(store):
    store.begin(**RUN, started_at=START)
    store.put_page(**RUN, cursor=1, bundles=[bundle("1", 1), bundle("2", 1)])
    store.finish(**RUN, as_of=minute(1))
    store.begin(**RUN, started_at=minute(10))
    gone = [Tombstone("1", "deleted", 12, minute(12)), Tombstone("3", "deleted", 12, minute(12))]
    for cursor in (2, 3):
        store.put_page(**RUN, cursor=cursor, bundles=[bundle("1", 11)], tombstones=gone)
    store.expected(**RUN, count=2, whole=False)
    assert [each.missing for each in store.completeness()] == [0]


def test_records_beside_tickets_have_their_own_counts_and_a_new_run_forgets_the_old_one(store):
    store.begin("desk", "users", started_at=START)
    store.put_page(
        "desk", "users", cursor=1, records=[Record("user", "a", 1, START, {}), Record("group", "a", 1, START, {})]
    )
    store.expected("desk", "users", 1, kind="user")
    store.finish("desk", "users", as_of=START)
    assert [each.missing for each in store.completeness()] == [0]
    assert store.kinds("desk") == ["group", "user"]
    assert list(store.changed_since("desk", 0, "group")) == ["a"]
    store.begin("desk", "users", started_at=START)
    assert store.completeness() == []


def test_a_cursor_that_comes_twice_stops_the_pull_with_exit_3():
    watch = Progress("desk, tickets", start={"after": 1})
    watch.turn({"after": 2}, [("1", 1)])
    watch.turn({"after": 3}, [("2", 1)])
    with pytest.raises(NoProgressError, match="same cursor twice") as stopped:
        watch.turn({"after": 1}, [("3", 1)])
    assert stopped.value.exit_code == 3
    assert "desk, tickets" in str(stopped.value)
    assert "run again" in stopped.value.hint


def test_a_page_that_comes_twice_stops_the_pull_in_whatever_order_its_tickets_are():
    watch = Progress("desk, tickets")
    watch.turn(2, [("1", 1), ("2", 1)])
    watch.turn(3, [("1", 2), ("2", 1)])
    with pytest.raises(NoProgressError, match="same page twice"):
        watch.turn(4, [("2", 1), ("1", 1)])


def test_overlapping_pages_and_a_few_empty_ones_are_progress():
    watch = Progress("desk, tickets", empty_pages=2)
    for cursor, refs in enumerate([[("1", 1)], [("1", 1), ("2", 1)], [], [], [("3", 1)], [], []]):
        watch.turn(cursor, refs)
    with pytest.raises(NoProgressError, match="3 empty pages in a row"):
        watch.turn("more", [])
