"""Rows that could not be read at once: their raw texts, and a second, slower try."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from cs_audit.sources.fields import RAW, Field
from cs_audit.sources.tables import BATCH, LAST, ROW, Table


def raw_rows(table: Table, columns: Sequence[str], rows: Sequence[int], *, slow: bool) -> pl.DataFrame:
    """The raw texts of some rows, by their numbers."""
    wanted = pl.Series(rows, dtype=pl.UInt32)
    if table.lazy is None or slow:
        parts = [frame.filter(pl.col(ROW).is_in(wanted.implode())) for frame in table.read(columns, [], BATCH)]
        return pl.concat(parts)
    parts, seen = [], table.first_row
    for batch in table.lazy(columns).collect_batches(chunk_size=BATCH, maintain_order=True):
        parts.append(batch.with_row_index(ROW, seen).filter(pl.col(ROW).is_in(wanted.implode())).drop(LAST))
        seen += batch.height
    return pl.concat(parts)


def without_blank(raw: pl.DataFrame, table: Table, *, slow: bool) -> pl.DataFrame:
    """Rows of which at least one column of the file, read or not, has a value; the others are no rows."""
    empty = raw.filter(_nothing_in(raw))[ROW].to_list()
    if not empty:
        return raw
    whole = raw_rows(table, table.columns, empty, slow=slow)
    blank = whole.filter(_nothing_in(whole))[ROW]
    return raw.filter(~pl.col(ROW).is_in(blank.implode()))


def _nothing_in(rows: pl.DataFrame) -> pl.Expr:
    texts = (pl.col(name).cast(pl.String) for name in rows.columns if name != ROW)
    return pl.all_horizontal(text.is_null() | (text == "") for text in texts)


def places(rows: pl.DataFrame) -> Iterator[tuple[int, str | None]]:
    """Number and ticket of each row."""
    yield from rows.select(ROW, "ticket").iter_rows()


def rescued(frame: pl.DataFrame, each: Field, missing: list[str]) -> tuple[pl.DataFrame, pl.Series]:
    """The frame with left-over values read by the slow way where it can, and the rows where it cannot."""
    left = frame.select(each.left(missing).alias("left")).to_series()
    texts = frame[RAW + each.name].filter(left).unique().to_list()
    found = {text: value for text in texts if (value := each.rescue(text)) is not None}
    if not found:
        return frame, left
    kind = frame.schema[each.name]
    values = frame[RAW + each.name].replace_strict(list(found), list(found.values()), default=None, return_dtype=kind)
    frame = frame.with_columns(pl.when(left).then(values).otherwise(each.name).alias(each.name))
    return frame, left & frame[each.name].is_null()
