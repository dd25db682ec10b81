"""Rows of Parquet files into the columns of events, on an executor: what `FileReader` does with a batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from cs_audit import __version__
from cs_audit.audit.gathered import time_range
from cs_audit.errors import UsageError
from cs_audit.sources.ledger import Input, Reject
from cs_audit.sources.tables import BATCH, ROW, BadRow, Table
from cs_audit.sources.typed_tables import plain
from cs_audit.spark.lake import as_written
from cs_audit.spark.pieces import Piece, dealt, of_value, packed
from cs_audit.worded import verbatim, worded

if TYPE_CHECKING:
    from cs_audit.sources.files import FileReader
    from cs_audit.sources.plan import Plan

FILE, PLACE = "__file", "__place"
"""Columns beside those of the file: its address, and the row's number in it, from 0."""
_THERE = "__there"
"""A column that says something in every row: whether one is blank in all columns is for the driver to find out."""
VERSIONS = {"cs-audit": __version__, "polars": pl.__version__}


@dataclass(frozen=True)
class Account:
    """What came of rows of the file `number` of a source: how many there were, those `kept`, the rejects, each with
    the place of its column in the plan, and the first and last instant.
    """

    source: int
    number: int
    rows: int
    kept: int
    rejects: Sequence[tuple[int, Reject]]
    first: int
    last: int


@dataclass(frozen=True)
class Part:
    """A file of a source: its number, its name, the rows before it in the source, and the plan to read it by."""

    number: int
    name: str
    offset: int
    plan: Plan


@dataclass(frozen=True)
class Intake:
    """Reads files of one schema, `parts` by their address, and deals their rows to `buckets` of whole tickets.

    `source` is the place of the reader among all sources, `group` the number of those that tell of the same tickets.
    """

    reader: FileReader
    source: int
    group: int
    parts: Mapping[str, Part]
    schema: Mapping[str, pl.DataType]
    columns: Sequence[str]
    buckets: int
    versions: Mapping[str, str]

    def read(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Pieces of batches that `sources.frame_of` laid out."""
        for held in _held(batches):
            yield from packed(self._pieces(pa.Table.from_batches(held))).to_batches()

    def _pieces(self, table: pa.Table) -> Iterator[Piece]:
        if self.versions != VERSIONS:
            told = worded(
                "an executor has {its}, the driver {ours}",
                its=verbatim(_told(VERSIONS)),
                ours=verbatim(_told(self.versions)),
            )
            raise UsageError(told, where="--engine spark", hint=worded("install the same on all machines"))
        taken = []
        for (address,), rows in as_in_file(table, self.columns, self.schema).partition_by(FILE, as_dict=True).items():
            part = self.parts[as_written(str(address))]
            frames, account = self._taken(part, rows.drop(FILE))
            taken += frames
            yield of_value("account", account, group=self.source, bucket=part.number, at=int(str(rows[ROW][0])))
        if taken:
            yield from dealt("rows", pl.concat(taken), "ticket", self.buckets, group=self.group, at=self.source)

    def _taken(self, part: Part, rows: pl.DataFrame) -> tuple[list[pl.DataFrame], Account]:
        """Events, or states, or tickets, of rows of one file, numbered as in the whole source."""

        def read(columns: Sequence[str], _: list[BadRow], __: int) -> Iterator[pl.DataFrame]:
            yield rows.select(ROW, *columns)

        source = Input(self.reader.name, part.name, "parquet", {}, Future())
        reader = replace(self.reader, inputs=[source], rejects=[])
        rows = rows.with_columns(pl.lit("something").alias(_THERE))
        table = Table(Path(part.name), "parquet", [*self.columns, _THERE], read, first_row=1)
        frames = list(reader.taken(table, part.plan, part.offset, slow=True))
        spans = [time_range(each) for each in frames]
        first, last = min(each for each, _ in spans), max(each for _, each in spans)
        kept = sum(each.height for each in frames)
        return frames, Account(self.source, part.number, source.rows, kept, self._ranked(reader, part), first, last)

    def _ranked(self, reader: FileReader, part: Part) -> list[tuple[int, Reject]]:
        """Rejects by the place of their column in the plan; last those that lack a ticket or a time."""
        specs = reader.config.columns
        shown = [(specs[each.name].column if each.name in specs else None) or each.name for each in part.plan.fields]
        places = {column: place for place, column in reversed(list(enumerate(shown)))}
        return [(places.get(each.column, len(shown)), replace(each, file=part.name)) for each in reader.rejects]


def _told(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def _held(batches: Iterator[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """Batches together, BATCH rows or a little more at a time: the fewer, the larger the pieces."""
    held: list[pa.RecordBatch] = []
    for each in batches:
        held.append(each)
        if sum(one.num_rows for one in held) >= BATCH:
            yield held
            held = []
    if held:
        yield held


def as_in_file(table: pa.Table, columns: Sequence[str], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Rows as one machine reads them from a file of this schema, with FILE and ROW.

    Spark knows fewer types than Parquet, so each column first becomes what it is in the file.
    """
    frame = pl.DataFrame(pl.from_arrow(table))
    frame = frame.rename({f"c{place}": name for place, name in enumerate(columns)})
    frame = frame.with_columns(_as_typed(name, frame.schema[name], schema[name]) for name in columns)
    number = (pl.col(PLACE) + 1).cast(pl.UInt32).alias(ROW)
    return frame.select(FILE, number, *(plain(name, schema[name]) for name in columns))


def _as_typed(name: str, got: pl.DataType, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if not isinstance(kind, pl.Datetime):
        return column if got == kind else column.cast(kind)
    if not isinstance(got, pl.Datetime):  # nanoseconds, which Spark reads as numbers
        column = column.cast(pl.Datetime(kind.time_unit))
    elif got.time_zone:
        column = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    if kind.time_zone:
        column = column.dt.replace_time_zone("UTC").dt.convert_time_zone(kind.time_zone)
    return column.cast(kind)
