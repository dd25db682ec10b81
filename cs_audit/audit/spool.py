"""Rows gathered into whole tickets with bounded memory, whatever their order and number.

Few rows stay in memory. More are split by a hash of the ticket into buckets on disk, so that one bucket
at a time is judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

_BUCKET = "__bucket"
_SEED = 20_240_531
ROWS_HELD = 1_000_000
"""Rows in memory before they go to disk."""

BUCKETS = 32


class Spool:
    """Rows of one source, in as many parts as they need."""

    def __init__(self, folder: Path, rows_held: int = ROWS_HELD, buckets: int = BUCKETS) -> None:
        self._folder = folder
        self._rows_held = rows_held
        self._buckets = buckets
        self._held: list[pl.DataFrame] = []
        self._rows = 0
        self._runs = 0

    @property
    def parts(self) -> range:
        """The numbers of the buckets that `part` takes."""
        return range(self._buckets if self._runs else 1)

    def add(self, frame: pl.DataFrame) -> None:
        """Take rows; all frames must have the same columns."""
        self._held.append(frame)
        self._rows += frame.height
        if self._rows >= self._rows_held:
            self._write()

    def clear(self) -> None:
        """Forget everything."""
        self._held, self._rows, self._runs = [], 0, 0
        for path in self._folder.glob("*.arrow"):
            path.unlink()

    def close(self) -> None:
        """No more rows will come."""
        if self._runs and self._held:
            self._write()

    def spill(self) -> None:
        """Put everything on disk even if it is little, so that sources of one group have the same buckets."""
        if self._held or not self._runs:
            self._write()

    def part(self, number: int) -> pl.DataFrame | None:
        """The rows of one bucket, in the order they came; None where there are none."""
        if not self._runs:
            return pl.concat(self._held) if self._held else None
        files = sorted(self._folder.glob(f"{number:03}-*.arrow"))
        return pl.concat([pl.read_ipc(path) for path in files]) if files else None

    def _write(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._held:
            frame = pl.concat(self._held).with_columns(bucket_of(pl.col("ticket"), self._buckets))
            parts = frame.partition_by(_BUCKET, as_dict=True, include_key=False, maintain_order=True)
            for (number,), part in parts.items():
                part.write_ipc(self._folder / f"{number:03}-{self._runs:05}.arrow", compression="uncompressed")
        self._held, self._rows = [], 0
        self._runs += 1


def bucket_of(ticket: pl.Expr, buckets: int) -> pl.Expr:
    """The bucket of each ticket."""
    return (ticket.hash(_SEED) % buckets).cast(pl.UInt16).alias(_BUCKET)


def same_parts(spools: list[Spool]) -> Iterator[int]:
    """Bucket numbers over spools of one group, all on disk if any is."""
    for spool in spools:
        spool.close()
    if any(len(spool.parts) > 1 for spool in spools):
        for spool in spools:
            spool.spill()
    yield from spools[0].parts if spools else ()
