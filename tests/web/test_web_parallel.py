"""Several requests at once: bounded, in order, stopped by the first failure."""

from __future__ import annotations

import threading
import time
from itertools import count, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_server import Time, bad, good, reading, serving

from cs_audit.sources.web.errors import NotFoundError
from cs_audit.sources.web.gate import Gate
from cs_audit.sources.web.parallel import Stopped, in_parallel, nap


@settings(max_examples=50)
@given(st.lists(st.integers(), max_size=30), st.integers(1, 8))
def test_results_come_in_the_order_of_the_items(items, at_most):
    assert list(in_parallel(lambda each: each * 2, items, at_most=at_most)) == [each * 2 for each in items]


def test_at_most_so_many_are_at_work_and_so_many_really_are():
    lock, now, most = threading.Lock(), [0], [0]
    together = threading.Barrier(3, timeout=5)

    def work(each):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        together.wait()
        with lock:
            now[0] -= 1
        return each

    assert list(in_parallel(work, range(30), at_most=3)) == list(range(30))
    assert most[0] == 3


def test_items_are_taken_as_results_are():
    taken = []
    items = (taken.append(each) or each for each in count())
    results = in_parallel(lambda each: each, items, at_most=4)
    assert list(islice(results, 10)) == list(range(10))
    results.close()
    assert len(taken) <= 14


def test_the_first_failure_stops_the_rest_even_while_an_earlier_item_works():
    started, go = [], threading.Event()

    def work(each):
        started.append(each)
        if each == 0:
            go.wait(5)
            time.sleep(0.05)  # the failure is on record by then
        if each == 2:
            go.set()
            raise ValueError(each)
        return each

    results = in_parallel(work, range(100), at_most=3)
    assert next(results) == 0
    with pytest.raises(ValueError, match="2"):
        next(results)
    assert sorted(started) == [0, 1, 2]


def test_whoever_waits_between_attempts_is_woken_by_a_failure():
    asleep, woken = threading.Event(), []

    def work(each):
        if each == 0:
            asleep.set()
            try:
                nap(600)
            except Stopped:
                woken.append(each)
                raise
        asleep.wait(5)
        raise ValueError(each)

    # item 0 would sleep for ten minutes, and its result comes first
    results = in_parallel(work, [1, 0], at_most=2)
    with pytest.raises(ValueError, match="1"):
        next(results)
    assert woken == [0]


def test_a_nap_outside_a_round_is_a_sleep():
    nap(0.001)


def test_many_tickets_are_read_in_order_and_the_first_refusal_stops():
    def step(seen):
        number = int(seen.path.rpartition("/")[2])
        return bad(404) if number == 40 else good(number)

    with serving(step) as server, reading(server, parallel=4) as client:
        assert list(client.map(lambda each: client.get(f"/tickets/{each}").json, range(30))) == list(range(30))
        before = len(server.seen)
        with pytest.raises(NotFoundError):
            list(client.map(lambda each: client.get(f"/tickets/{each}").json, range(38, 99)))
        assert len(server.seen) - before <= 8


def test_a_wait_one_request_was_asked_for_holds_all_others():
    clock = Time()
    gate = Gate(lambda: clock.now, clock.sleep)
    gate.hold(20)
    gate.hold(5)
    gate.enter()
    gate.enter()
    assert clock.waits == [20]


def test_a_hold_that_comes_while_someone_sleeps_is_kept():
    clock = Time()
    holds = [7.0]

    def sleep(seconds):
        if holds:
            gate.hold(seconds + holds.pop())
        clock.sleep(seconds)

    gate = Gate(lambda: clock.now, sleep)
    gate.hold(3)
    gate.enter()
    assert clock.waits == [3, 7]


@pytest.mark.parametrize(
    ("fault", "held"),
    [(bad(429, Retry_After="20"), 20.0), (bad(503, Retry_After="5"), 5.0), (bad(429), 1.0), (bad(500), 0.0)],
)
def test_a_limit_met_by_one_request_holds_all_and_other_trouble_does_not(fault, held):
    holds = []
    with (
        serving(fault, good()) as server,
        reading(server, told=lambda _: holds.append(client._gate._turn())) as client,
    ):
        client.get("/x")
    assert holds == [held, 0.0]
