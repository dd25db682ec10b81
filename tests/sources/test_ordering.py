"""The quick order of events is the plain one."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_audit.sources import ordering
from cs_audit.sources.ordering import order

MICROS = st.sampled_from([0, 1, 999_999, 1_000_000, 10**15, 4 * 10**15]) | st.integers(0, 4 * 10**15)


def plain(frame):
    keys = [name for name in ("ticket", "occurred_at", "seq", "row") if name in frame.columns]
    return frame.sort(keys, maintain_order=True)


def ordered(frame):
    """What `order` makes of it, the tickets by name, each of which must have come whole."""
    found = order(frame)
    assert (found["ticket"].rle().len() if found.height else 0) == found["ticket"].n_unique()
    return found.sort("ticket", maintain_order=True)


def frame_of(rows, *, seq=True):
    schema = {"ticket": pl.String, "occurred_at": pl.Datetime("us", "UTC"), "seq": pl.Int64, "row": pl.UInt32}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_row_index("place")
    return frame if seq else frame.drop("seq")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "B", "заявка", "10", "9", ""]), MICROS, st.none() | st.integers(-1, 3), st.integers(0, 4)
        ),
        max_size=40,
    ),
    st.booleans(),
)  # fmt: skip
def test_rows_come_by_ticket_time_sequence_and_row(rows, seq):
    frame = frame_of(rows, seq=seq)
    assert ordered(frame).equals(plain(frame))


@given(st.lists(st.tuples(st.text(max_size=3), st.sampled_from([0, 1, 2]), st.none(), st.just(7)), max_size=30))
def test_rows_that_are_equal_in_all_keep_their_order(rows):
    frame = frame_of(rows)
    assert ordered(frame).equals(plain(frame))


@pytest.mark.parametrize("lost", ["ticket", "occurred_at"])
def test_rows_without_a_ticket_or_a_time_are_ordered_too(lost):
    frame = frame_of([("b", 5, None, 1), ("a", 9, 2, 2), ("a", 9, 1, 3)])
    frame = pl.concat([frame, frame.with_columns(pl.lit(None, frame.schema[lost]).alias(lost))])
    assert ordered(frame).equals(plain(frame))


def test_very_many_tickets_over_very_many_years_are_ordered_too():
    """So many that time and place have no room in one number."""
    first, last = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    number = 300_000
    frame = pl.DataFrame({"ticket": (pl.int_range(number, eager=True) % 99_991).cast(pl.String)}).with_row_index("row")
    later = pl.duration(microseconds=pl.col("row") % 7)
    frame = frame.with_columns(occurred_at=pl.when(pl.col("row") % 2 == 0).then(first).otherwise(last) + later)
    assert ordered(frame).equals(plain(frame))


def test_tickets_whose_hashes_are_alike_stay_apart(monkeypatch):
    monkeypatch.setattr(ordering, "_codes", lambda ticket: np.zeros(len(ticket), np.int64))
    frame = frame_of([("b", 5, None, 1), ("a", 9, 2, 2), ("b", 7, 1, 3), ("a", 3, 1, 4)])
    assert ordered(frame).equals(plain(frame))


def test_a_sequence_may_begin_with_the_least_number_there_is():
    frame = frame_of([("a", 9, 1, 1), ("a", 9, -(2**63), 2), ("a", 9, None, 3), ("a", 9, 2**63 - 1, 4)])
    assert ordered(frame)["row"].to_list() == [2, 3, 1, 4]
