"""Trouble that passes: how often the client asks, and how long it waits."""

from __future__ import annotations

import datetime as dt
import gzip
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_server import SILENCE, Step, Time, bad, good, reading, serving, silence

from cs_audit.sources.web.client import Client
from cs_audit.sources.web.errors import GaveUpError, TooBigError, Transient, UnreachableError
from cs_audit.sources.web.limits import LimitHeaders
from cs_audit.sources.web.retries import Patience, backoff, wait_after
from cs_audit.sources.web.site import Site

HTML = b"<html><body>Bad gateway</body></html>"
PACKED = gzip.compress(b'{"ok": true}' + b" " * 1_000_000)
JSON_TYPE = ("Content-Type", "application/json")
GZIP = ("Content-Encoding", "gzip")
IN_A_MINUTE = format_datetime(dt.datetime.fromtimestamp(1_800_000_060, dt.UTC), usegmt=True)
FAULTS = {
    "429 without Retry-After": (bad(429), 1.0),
    "429 with seconds": (bad(429, Retry_After="7"), 7.0),
    "429 with a date": (bad(429, Retry_After=IN_A_MINUTE), 60.0),
    "429 with an absurd wait is capped": (bad(429, Retry_After="99999999"), 900.0),
    "429 with a date in the year 9999 is capped": (bad(429, Retry_After="Fri, 31 Dec 9999 23:59:59 GMT"), 900.0),
    "429 with a negative wait": (bad(429, Retry_After="-5"), 1.0),
    "429 with a past date": (bad(429, Retry_After="Fri, 31 Dec 1999 23:59:59 GMT"), 1.0),
    "429 with nonsense": (bad(429, Retry_After="soon"), 1.0),
    "408": (bad(408), 1.0),
    "500": (bad(500, b"oops"), 1.0),
    "502 with HTML": (bad(502, HTML, Content_Type="text/html"), 1.0),
    "503": (bad(503), 1.0),
    "503 with seconds": (bad(503, Retry_After="30"), 30.0),
    "504": (bad(504), 1.0),
    "reset in mid-body": (Step(fault="reset"), 1.0),
    "read timeout": (Step(fault="silent"), 1.0),
    "short body": (Step(length=100), 1.0),
    "bad gzip": (Step(200, b"no gzip", (JSON_TYPE, GZIP)), 1.0),
    "gzip that ends early": (Step(200, PACKED[: len(PACKED) // 2], (JSON_TYPE, GZIP)), 1.0),
    "unasked encoding": (Step(200, b"{}", (JSON_TYPE, ("Content-Encoding", "gzip, gzip"))), 1.0),
    "bad JSON": (Step(body=b'{"ok": tru'), 1.0),
    "NaN": (Step(body=b'{"ok": NaN}'), 1.0),
    "endless brackets": (Step(body=b"[" * 200_000), 1.0),
    "endless number": (Step(body=b"9" * 6_000), 1.0),
    "no UTF-8": (Step(body=b'"\xff"'), 1.0),
    "empty body": (Step(body=b""), 1.0),
    "200 with a web page": (Step(body=HTML, headers=(("Content-Type", "text/html"),)), 1.0),
    "200 with a web page called JSON": (Step(body=b"\n " + HTML), 1.0),
    "200 with an error object": (good({"error": "try later"}), 1.0),
}


def trouble(value):
    return f"answered with the error {value['error']}" if "error" in value else ""


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_passes_with_one_more_request_and_the_right_wait(name):
    fault, wait = FAULTS[name]
    time = Time()
    with (
        serving(fault, good()) as server,
        reading(server, time=time, trouble=trouble, read_seconds=silence(fault, 1.5)) as client,
    ):
        assert client.get("/tickets").json == {"ok": True}
        assert (len(server.seen), time.waits) == (2, [wait])
        assert client.traffic.requests == 2
        assert client.traffic.answers == 1
        assert client.traffic.waited == wait


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_stays_ends_in_giving_up_after_the_attempts_allowed(name):
    fault, _ = FAULTS[name]
    with (
        serving(fault) as server,
        reading(server, patience=Patience(attempts=3), trouble=trouble, read_seconds=silence(fault)) as client,
    ):
        with pytest.raises(
            GaveUpError, match=r"gave up after 3 attempts and \d+ s of waiting: the helpdesk \w+"
        ) as caught:
            client.get("/tickets", {"page": 2})
        assert len(server.seen) == 3
    assert caught.value.where == f"desk: GET {server.url}/tickets"
    assert caught.value.hint
    assert caught.value.exit_code == 4
    assert caught.value.midway().exit_code == 3
    assert caught.value.__context__ is None


def test_the_backoff_doubles_up_to_its_longest_with_full_jitter():
    time = Time(share=0.5)
    with (
        serving(bad(500)) as server,
        reading(server, time=time, patience=Patience(attempts=9)) as client,
        pytest.raises(GaveUpError),
    ):
        client.get("/x")
    assert time.waits == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_all_waits_of_a_request_are_bounded_in_sum():
    time = Time()
    with (
        serving(bad(429, Retry_After="800")) as server,
        reading(server, time=time) as client,
        pytest.raises(GaveUpError, match=r"gave up after 5 attempts and 3200 s .* asked to wait 800 s"),
    ):
        client.get("/x")
    assert time.waits == [800.0] * 4


def test_the_helpdesks_own_clock_decides_what_a_date_means():
    time = Time(now=1_700_000_000.0)
    answer = bad(
        429,
        Retry_After=IN_A_MINUTE,
        Date=format_datetime(dt.datetime.fromtimestamp(1_800_000_000, dt.UTC), usegmt=True),
    )
    with serving(answer, good()) as server, reading(server, time=time) as client:
        client.get("/x")
    assert time.waits == [60.0]


def test_a_status_declared_as_passing_is_asked_again():
    with serving(bad(409), good()) as server, reading(server, passing=frozenset({409})) as client:
        assert client.get("/x").status == 200
        assert len(server.seen) == 2


VENDORS = {
    "zendesk": (
        LimitHeaders("ratelimit-remaining", "ratelimit-reset"),
        {"ratelimit_remaining": "0", "ratelimit_reset": "41"},
        41.0,
    ),
    "zendesk in parts": (
        LimitHeaders("zendesk-ratelimit-tickets-index;remaining", "zendesk-ratelimit-tickets-index;resets"),
        {"zendesk_ratelimit_tickets_index": "total=100; remaining=0; resets=41"},
        41.0,
    ),
    "intercom": (
        LimitHeaders("x-ratelimit-remaining", "x-ratelimit-reset", "epoch"),
        {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "1800000010"},
        10.0,
    ),
    "epoch in milliseconds": (
        LimitHeaders("x-left", "x-reset", "epoch-ms"),
        {"X_Left": "0", "X_Reset": "1800000010500"},
        10.5,
    ),
    "hubspot": (
        LimitHeaders("x-hubspot-ratelimit-remaining", "x-hubspot-ratelimit-interval-milliseconds", "milliseconds"),
        {"X_HubSpot_RateLimit_Remaining": "0", "X_HubSpot_RateLimit_Interval_Milliseconds": "10000"},
        10.0,
    ),
    "jira": (
        LimitHeaders("x-ratelimit-remaining", "x-ratelimit-reset", "iso"),
        {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "2027-01-15T08:01Z"},
        60.0,
    ),
}


@pytest.mark.parametrize("name", VENDORS)
def test_a_used_up_limit_is_waited_out_before_the_next_request(name):
    limits, headers, wait = VENDORS[name]
    time, told = Time(), []
    with (
        serving(good(**headers), good()) as server,
        reading(server, time=time, told=told.append, limits=(limits,)) as client,
    ):
        client.get("/x")
        assert time.waits == []
        client.get("/x")
        assert time.waits == [wait]
    assert told[0].wait == wait
    assert told[0].why == "the helpdesk's limit is used up"


@pytest.mark.parametrize("name", VENDORS)
def test_a_refusal_without_retry_after_is_waited_out_until_the_reset(name):
    limits, headers, wait = VENDORS[name]
    time = Time()
    with serving(bad(429, **headers), good()) as server, reading(server, time=time, limits=(limits,)) as client:
        client.get("/x")
    assert time.waits == [wait]


def test_a_vendors_own_retry_after_is_heard():
    time = Time()
    limits = (LimitHeaders("x-ratelimit-remaining-minute", wait="x-ratelimit-retry-after"),)
    with (
        serving(bad(429, X_RateLimit_Retry_After="12"), good()) as server,
        reading(server, time=time, limits=limits) as client,
    ):
        client.get("/x")
    assert time.waits == [12.0]


def test_requests_left_in_the_window_are_used():
    time = Time()
    limits = (LimitHeaders("ratelimit-remaining", "ratelimit-reset", reserve=2),)
    steps = (
        good(ratelimit_remaining="3", ratelimit_reset="50"),
        good(ratelimit_remaining="2", ratelimit_reset="40"),
        good(),
    )
    with serving(*steps) as server, reading(server, time=time, limits=limits) as client:
        for waits in ([], [], [40.0]):
            client.get("/x")
            assert time.waits == waits


def test_requests_keep_the_spacing_a_vendor_needs():
    time = Time()
    with serving(good()) as server, reading(server, time=time, spacing=0.3) as client:
        for _ in range(4):
            client.get("/x")
    assert time.waits == [0.3, 0.3, 0.3]


def test_a_504_asks_for_a_smaller_page_at_once():
    with serving(bad(504)) as server, reading(server) as client:
        with pytest.raises(TooBigError, match="answered 504"):
            client.get("/x", shrinkable=True)
        assert len(server.seen) == 1


def test_the_second_read_timeout_asks_for_a_smaller_page():
    with serving(Step(fault="silent")) as server, reading(server, read_seconds=SILENCE) as client:
        with pytest.raises(TooBigError, match="did not answer in time"):
            client.get("/x", shrinkable=True)
        assert len(server.seen) == 2


def test_an_answer_that_drips_is_cut_off():
    time, ticks = Time(), iter(range(0, 100_000, 400))
    outside = time.outside()
    with serving(good()) as server:
        slow = Client(
            Site("desk", server.url),
            outside=type(outside)(outside.now, lambda: next(ticks), outside.sleep, outside.random),
            patience=Patience(attempts=2),
        )
        with slow, pytest.raises(GaveUpError, match="took too long"):
            slow.get("/x")


class Failing(httpx.BaseTransport):
    """A network that fails so many times."""

    def __init__(self, *errors):
        self.errors, self.asked = list(errors), 0

    def handle_request(self, _):
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)
        return httpx.Response(200, stream=httpx.ByteStream(b'{"ok": true}'))


def test_a_connection_that_is_not_accepted_in_time_is_tried_again():
    time, network = (
        Time(),
        Failing(httpx.ConnectTimeout("x"), httpx.WriteError("x"), httpx.PoolTimeout("x"), httpx.ProxyError("x")),
    )
    with Client(Site("desk", "https://desk.example"), outside=time.outside(), transport=network) as client:
        assert client.get("/x").json == {"ok": True}
    assert network.asked == 5
    assert time.waits == [1, 2, 4, 8]


def test_a_helpdesk_that_was_reached_before_may_be_gone_for_a_while():
    network = Failing()
    with Client(Site("desk", "https://desk.example"), outside=Time().outside(), transport=network) as client:
        client.get("/x")
        network.errors = [httpx.ConnectError("x")] * 2
        client.get("/x")
        network.errors = [httpx.ConnectError("x")] * 99
        with pytest.raises(GaveUpError, match="could not be reached any more"):
            client.get("/x")
    assert network.asked == 1 + 3 + 8


def test_a_helpdesk_that_was_never_reached_is_not_tried_again():
    network = Failing(*[httpx.ConnectError("x")] * 9)
    with (
        Client(Site("desk", "https://desk.example"), outside=Time().outside(), transport=network) as client,
        pytest.raises(UnreachableError),
    ):
        client.get("/x")
    assert network.asked == 1


@given(st.integers(1, 2000), st.floats(0, 1, exclude_max=True))
def test_a_backoff_is_never_negative_and_never_above_its_longest(attempt, share):
    assert 0 <= backoff(attempt, Patience(), share) <= 60


@given(st.floats(min_value=1e-9, allow_infinity=True), st.integers(1, 50))
def test_no_helpdesk_gets_a_longer_wait_than_is_granted(asked, attempt):
    assert 0 < wait_after(Transient("x", asked=asked), attempt, Patience(), 0.0) <= 900
