"""Rows gathered into whole tickets with bounded memory, whatever their order and number.

Few rows stay in memory. More are split by a hash of the ticket into buckets on disk, so that one bucket
at a time is judged.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import polars as pl

_BUCKET = "__bucket"
_SEED = 20_240_531
ROWS_HELD = 250_000
"""Rows in memory before they go to disk: little beside what reading them takes."""

BUCKETS = 8
_BYTES_A_BUCKET = 72 << 20


def buckets_for(size: int) -> int:
    """How many buckets the rows of so many bytes of text want, so that one of them is small beside the memory."""
    return max(BUCKETS, -(-size // _BYTES_A_BUCKET))


class Spool:
    """Rows of one source, in as many parts as they need; those that share a `key` are in one part.

    Each bucket on disk is one file of Arrow streams, one behind the other.
    """

    def __init__(
        self, folder: Path, rows_held: int = ROWS_HELD, buckets: int = BUCKETS, *, key: str = "ticket"
    ) -> None:
        self._key = key
        self._folder = folder
        self._rows_held = rows_held
        self._buckets = buckets
        self._held: list[pl.DataFrame] = []
        self._rows = 0
        self._spilt = False
        self._lengths: dict[int, list[int]] = defaultdict(list)
        self._writer = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None

    @property
    def parts(self) -> range:
        """The numbers of the buckets that `part` takes."""
        return range(self._buckets if self._spilt else 1)

    def add(self, frame: pl.DataFrame) -> None:
        """Take rows; all frames must have the same columns."""
        self._held.append(frame)
        self._rows += frame.height
        if self._rows >= self._rows_held:
            self._write()

    def clear(self) -> None:
        """Forget everything."""
        self._written()
        self._held, self._rows, self._spilt = [], 0, False
        self._lengths.clear()
        for path in self._folder.glob("*.arrows"):
            path.unlink()

    def close(self) -> None:
        """No more rows will come."""
        if self._spilt and self._held:
            self._write()
        self._written()

    def spill(self) -> None:
        """Put everything on disk even if it is little, so that sources of one group have the same buckets."""
        if self._held or not self._spilt:
            self._write()

    def part(self, number: int) -> pl.DataFrame | None:
        """The rows of one bucket, in the order they came; None where there are none."""
        if not self._spilt:
            return pl.concat(self._held) if self._held else None
        self._written()
        lengths = self._lengths.get(number)
        if not lengths:
            return None
        with self._file(number).open("rb") as file:
            return pl.concat([pl.read_ipc_stream(file.read(length)) for length in lengths], rechunk=True)

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:03}.arrows"

    def _write(self) -> None:
        """Put the rows held on disk, beside the reading of further ones; one such write at a time."""
        self._written()
        self._writing = self._writer.submit(self._append, self._held)
        self._held, self._rows, self._spilt = [], 0, True

    def _written(self) -> None:
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def _append(self, held: list[pl.DataFrame]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if not held:
            return
        frame = pl.concat(held, rechunk=True).with_columns(bucket_of(pl.col(self._key), self._buckets))
        held.clear()
        parts = frame.partition_by(_BUCKET, as_dict=True, include_key=False, maintain_order=True)
        for (number,), part in parts.items():
            stream = io.BytesIO()
            part.write_ipc_stream(stream, compression="uncompressed")
            with self._file(number).open("ab") as file:
                self._lengths[number].append(file.write(stream.getbuffer()))


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
