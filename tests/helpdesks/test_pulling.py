"""The run of a connector itself: circles are noticed, gaps refused, and what cannot be read is told."""

import datetime as dt
from dataclasses import replace

import pytest

from cs_audit.errors import UsageError
from cs_audit.sources.helpdesks import connector_of
from cs_audit.sources.helpdesks.connector import ExpiredCursorError, Gone, Page, Pulled, Start
from cs_audit.sources.helpdesks.lists import chunks, once
from cs_audit.sources.helpdesks.pulling import AnswerError, pull
from cs_audit.store import NoProgressError, open_store, read_store

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def run(path, pages, **options):
    """One run of a connector that gives these pages."""
    made = replace(connector_of("zendesk"), records=lambda *_: iter(()), pages=pages)
    with open_store(path, since=NOW) as store:
        return pull("desk", made, None, None, store, now=options.pop("now", NOW), **options)


def ticket(number):
    return Pulled(str(number), number, {"n": number})


def test_empty_pages_without_end_end_the_run(tmp_path):
    def forever(*_):
        while True:
            yield Page({"at": 1})

    with pytest.raises(NoProgressError, match="empty pages"):
        run(tmp_path / "s.db", forever)


def test_the_same_page_under_new_cursors_ends_the_run(tmp_path):
    def turning(*_):
        for number in range(10):
            yield Page({"at": number}, [ticket(1), ticket(2)])

    with pytest.raises(NoProgressError, match="same page"):
        run(tmp_path / "s.db", turning)


def test_pages_of_nothing_but_deletions_are_progress(tmp_path):
    def deletions(*_):
        for number in range(80):
            yield Page({"at": number}, gone=[Gone(str(number), "deleted", number)])
        yield Page({"end": True})

    assert run(tmp_path / "s.db", deletions).gone == 80


def test_what_was_given_before_a_circle_is_stored(tmp_path):
    def circle(*_):
        yield Page({"at": 1}, [ticket(1)])
        yield Page({"at": 2}, [ticket(2)])
        yield Page({"at": 2}, [ticket(3)])
        yield Page({"at": 2}, [ticket(4)])

    with pytest.raises(NoProgressError):
        run(tmp_path / "s.db", circle)
    with read_store(tmp_path / "s.db") as store:
        assert {each.bundle.ticket for each in store.bundles("desk")} >= {"1", "2"}


def test_a_page_that_stood_in_for_another_is_asked_for_again_by_the_next_run(tmp_path):
    starts: list[Start] = []

    def pages(_, __, start):
        starts.append(start)
        if start.cursor is None:
            yield Page({"at": 1}, [ticket(1)])
        yield Page({"at": 2}, [ticket(1 if len(starts) == 1 else 2)])
        yield Page({"end": True})

    with pytest.raises(NoProgressError, match="same page twice"):
        run(tmp_path / "s.db", pages)
    run(tmp_path / "s.db", pages)
    assert [each.cursor for each in starts] == [None, {"at": 1}]
    with read_store(tmp_path / "s.db") as store:
        assert [each.bundle.ticket for each in store.bundles("desk")] == ["1", "2"]


def test_a_last_page_that_came_before_ends_the_run(tmp_path):
    def pages(*_):
        yield Page({"at": 1}, [ticket(1)])
        yield Page({"at": 2}, [ticket(1)])

    assert run(tmp_path / "s.db", pages).given == 2


class TestListsReadPageByPage:
    def test_what_a_page_begins_with_again_counts_once(self):
        pages = [[{"id": 1}, {"id": 2}], [{"id": 2}, {"id": 3}], []]
        assert [each["id"] for each in once(pages)] == [1, 2, 3]

    def test_a_last_page_of_nothing_but_what_was_pushed_on_is_one(self):
        assert [each["id"] for each in once([[{"id": 1}, {"id": 2}], [{"id": 2}]])] == [1, 2]

    def test_a_page_that_came_before_is_none(self):
        with pytest.raises(ValueError, match="came twice"):
            list(once([[{"id": 1}, {"id": 2}], [{"id": 2}, {"id": 1}]]))

    def test_ids_are_put_together_in_their_order(self):
        assert chunks([5, 3, 4], 2) == [[5, 3], [4]]
        assert chunks([], 2) == []


def test_an_expired_cursor_begins_the_run_anew(tmp_path):
    starts: list[Start] = []

    def pages(_, __, start):
        starts.append(start)
        if start.cursor:
            raise ExpiredCursorError
        yield Page({"at": len(starts)}, [ticket(len(starts))])
        if len(starts) == 1:
            raise KeyError("tickets")
        yield Page({"end": True})

    with pytest.raises(AnswerError) as told:
        run(tmp_path / "s.db", pages)
    assert told.value.exit_code == 3
    assert "run it again" in told.value.hint
    run(tmp_path / "s.db", pages)
    assert [each.cursor for each in starts] == [None, {"at": 1}, None]


def test_a_second_run_asks_an_hour_back(tmp_path):
    asked = []

    def pages(_, __, start):
        asked.append(start.since)
        yield Page({"end": True, "run": len(asked)})

    run(tmp_path / "s.db", pages)
    run(tmp_path / "s.db", pages, now=NOW + dt.timedelta(days=1))
    run(tmp_path / "s.db", pages, now=NOW + dt.timedelta(days=2), full=True)
    assert asked == [None, NOW - connector_of("zendesk").withheld - dt.timedelta(hours=1), None]


def test_a_since_that_would_leave_a_gap_is_refused(tmp_path):
    def pages(*_):
        yield Page({"end": True})

    run(tmp_path / "s.db", pages)
    with pytest.raises(UsageError, match="would be missing") as told:
        run(tmp_path / "s.db", pages, now=NOW + dt.timedelta(days=2), since=NOW + dt.timedelta(days=1))
    assert "leave --since out" in told.value.hint
