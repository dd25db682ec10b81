"""The quick order of events is the plain one."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_audit.sources.ordering import order

MICROS = st.sampled_from([0, 1, 999_999, 1_000_000, 10**15, 4 * 10**15]) | st.integers(0, 4 * 10**15)


def plain(frame):
    keys = [name for name in ("ticket", "occurred_at", "seq", "row") if name in frame.columns]
    return frame.sort(keys, maintain_order=True)


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
    assert order(frame).equals(plain(frame))


@given(st.lists(st.tuples(st.text(max_size=3), st.sampled_from([0, 1, 2]), st.none(), st.just(7)), max_size=30))
def test_rows_that_are_equal_in_all_keep_their_order(rows):
    frame = frame_of(rows)
    assert order(frame).equals(plain(frame))


@pytest.mark.parametrize("lost", ["ticket", "occurred_at"])
def test_rows_without_a_ticket_or_a_time_are_ordered_too(lost):
    frame = frame_of([("b", 5, None, 1), ("a", 9, 2, 2), ("a", 9, 1, 3)])
    frame = pl.concat([frame, frame.with_columns(pl.lit(None, frame.schema[lost]).alias(lost))])
    assert order(frame).equals(plain(frame))


def test_very_many_tickets_over_very_many_years_are_ordered_too():
    """So many that ticket and time have no room in one number."""
    first, last = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    number = 1_200_000
    frame = pl.DataFrame({"ticket": pl.int_range(number, eager=True).cast(pl.String)}).with_row_index("row")
    frame = frame.with_columns(occurred_at=pl.when(pl.col("row") % 2 == 0).then(first).otherwise(last))
    assert order(frame).equals(plain(frame))
