"""The order of events: whole tickets, and in each by time, the source's sequence and its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_SEED = 20_261_122
_SECOND = 1_000_000
_LEAST = np.iinfo(np.int64).min
_BITS = 63
"""Of a whole number, without its sign."""


def order(frame: pl.DataFrame) -> pl.DataFrame:
    """One ticket after another (which first, does not matter), each by time, the source's sequence and its rows; what
    stands first among equals stays first.

    The keys are sorted by from the last to the first, each as whole numbers with the place of their row in them: that
    takes a third of the time of sorting by columns.
    """
    keys = ["occurred_at", *(["seq"] if "seq" in frame.columns else []), "row"]
    rows = np.arange(frame.height)
    for name in reversed(keys):
        rows = _sorted(rows, _numbers(frame[name]))
    codes = _codes(frame["ticket"])
    rows = _sorted(rows, codes)
    ordered, codes = frame[pl.Series(rows.astype(np.uint32))], codes[rows]
    ticket = ordered["ticket"]
    if ticket[1:].ne_missing(ticket[:-1]).sum() > np.count_nonzero(codes[1:] != codes[:-1]):  # two have one code
        return frame.sort("ticket", *keys, maintain_order=True)
    return ordered


def _codes(ticket: pl.Series) -> Ints:
    """A number for each ticket: as much of a hash as leaves room for a place beside it."""
    return (ticket.hash(_SEED).to_numpy() >> np.uint64(len(ticket).bit_length() + 1)).astype(np.int64)


def _numbers(column: pl.Series) -> Ints:
    """The column as numbers; what is missing comes first. Instants are told in seconds, where nothing is lost."""
    told = column.to_physical().cast(pl.Int64)
    if told.null_count():
        told = told.fill_null(max(cast("int", told.min() or 0) - 1, _LEAST))
    numbers = told.to_numpy()
    return numbers // _SECOND if column.dtype.is_temporal() and not (numbers % _SECOND).any() else numbers


def _sorted(rows: Ints, key: Ints) -> Ints:
    """The rows by their keys; those with the same key stay in order."""
    key = key[rows]
    if (key[1:] >= key[:-1]).all():
        return rows
    first, room = int(key.min()), len(key).bit_length()
    if (int(key.max()) - first).bit_length() + room > _BITS:
        return rows[np.argsort(key, kind="stable")]
    key -= first
    key <<= room
    key |= np.arange(len(key))
    key.sort()
    key &= (1 << room) - 1
    return rows[key]
