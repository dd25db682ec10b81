"""Retry-After: numbers, dates in three forms, and everything else."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_audit.sources.web.limits import LimitHeaders, asked_wait, courtesy_wait, http_date, retry_after, until_reset
from tests.patience import comes_to_an_end

NOW = 1_800_000_000.0
instants = st.integers(31_536_000, 253_000_000_000).map(lambda each: dt.datetime.fromtimestamp(each, dt.UTC))
texts = (
    st.text(max_size=80)
    | st.from_regex(r"\A[-+]?[0-9]{0,20}[.,eE:]?[0-9]{0,20}\Z")
    | st.sampled_from(["nan", "inf", "Infinity", "1e5", "٣", "", " "])
)


@given(st.integers(1, 10**15 - 1))
def test_seconds_are_read_as_they_are(seconds):
    assert retry_after(f" {seconds} ", NOW) == seconds


@given(st.integers(max_value=0))
def test_negative_and_no_seconds_ask_for_nothing(seconds):
    assert retry_after(str(seconds), NOW) is None


@given(instants, st.floats(0, 2e11))
def test_a_date_asks_for_the_time_until_it(instant, now):
    wait = retry_after(format_datetime(instant, usegmt=True), now)
    left = instant.timestamp() - now
    assert wait == (left if left > 0 else None)


@given(st.integers(31_536_000, 3_092_000_000))
def test_all_three_forms_of_a_date_are_the_same_instant(seconds):
    instant = dt.datetime.fromtimestamp(seconds, dt.UTC)
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    day, month = days[instant.weekday()], months[instant.month - 1]
    clock = f"{instant:%H:%M:%S}"
    assert http_date(f"{day[:3]}, {instant.day:02} {month} {instant.year} {clock} GMT") == instant.timestamp()
    assert http_date(f"{day}, {instant.day:02}-{month}-{instant.year % 100:02} {clock} GMT") == instant.timestamp()
    assert http_date(f"{day[:3]} {month} {instant.day:2} {clock} {instant.year}") == instant.timestamp()


@given(texts, st.floats(0, 4e9))
def test_whatever_is_written_the_wait_is_none_or_a_positive_number(text, now):
    wait = retry_after(text, now)
    assert wait is None or (0 < wait < 1e16)


@given(
    st.dictionaries(st.sampled_from(["retry-after", "left", "reset", "own"]), texts),
    st.sampled_from(["seconds", "milliseconds", "epoch", "epoch-ms", "iso"]),
    st.floats(0, 4e9),
)
def test_whatever_the_headers_say_a_wait_is_none_or_positive(headers, meaning, now):
    limit = LimitHeaders("left", "reset", meaning, wait="own")
    for wait in (asked_wait(headers, (limit,), now), until_reset(headers, limit, now)):
        assert wait is None or wait > 0
    assert courtesy_wait(headers, (limit,), now) >= 0


@pytest.mark.parametrize(
    "text", ["9" * 100_000, "1," * 50_000, "Mon, " * 20_000, "a=1;" * 25_000, "-" * 100_000, "(" * 100_000]
)
def test_long_hostile_headers_are_read_in_linear_time(text):
    limit = LimitHeaders("left;resets", "left", "iso", wait="left")
    with comes_to_an_end():
        asked_wait({"retry-after": text, "left": text}, (limit,), NOW)
        http_date(text[:64])


def test_retry_after_goes_before_the_vendors_headers():
    limit = LimitHeaders("left", "reset", wait="own")
    headers = {"retry-after": "5", "own": "6", "left": "0", "reset": "7"}
    assert asked_wait(headers, (limit,), NOW) == 5
    assert asked_wait({**headers, "retry-after": "x"}, (limit,), NOW) == 6
    assert asked_wait({"left": "0", "reset": "7"}, (limit,), NOW) == 7
    assert asked_wait({}, (limit,), NOW) is None


def test_a_reset_in_the_past_asks_for_nothing():
    assert until_reset({"reset": "1700000000"}, LimitHeaders("left", "reset", "epoch"), NOW) is None
    assert courtesy_wait({"left": "0", "reset": "1700000000"}, (LimitHeaders("left", "reset", "epoch"),), NOW) == 0
