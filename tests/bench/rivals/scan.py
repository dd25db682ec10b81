"""`python -m tests.bench.rivals.scan FILE [text]`: the floor. Nothing but the columns that the audit uses, read and summed.

Timestamps are parsed, and everything is summed, so that nothing can be skipped. Other columns may be named besides.
"""

from __future__ import annotations

import sys

import polars as pl

TEXT = ("ticket", "kind", "author", "channel", "status", "priority", "team")


def scan(path: str, *more: str) -> tuple[int, ...]:
    """The sums of a CSV or Parquet file."""
    time, public = pl.col("occurred_at"), pl.col("public")
    if path.endswith(".csv"):
        names = pl.read_csv(path, n_rows=0).columns
        frame = pl.scan_csv(path, schema=dict.fromkeys(names, pl.String))
        time, public = time.str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us"), public.str.len_bytes()
    else:
        frame = pl.scan_parquet(path)
    lengths = (pl.col(each).str.len_bytes().cast(pl.Int64).sum() for each in (*TEXT, *more))
    sums = frame.select(time.dt.epoch("s").sum(), public.sum(), pl.col("event_id").cast(pl.Int64).sum(), *lengths)
    return sums.collect(engine="streaming").row(0)


if __name__ == "__main__":
    print(scan(*sys.argv[1:]))
