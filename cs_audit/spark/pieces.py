"""What travels between the machines: rows of few columns that each carry a table or a value packed whole.

So a table keeps its types to the letter, and Spark moves thousands of rows as one.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa

from cs_audit.audit.spool import bucket_of
from cs_audit.errors import AuditError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, Row

SCHEMA = "what string, group_no int, bucket int, at long, blob binary"
"""The columns of a frame of pieces, as Spark writes them."""
_ARROW = pa.schema(
    [("what", pa.string()), ("group_no", pa.int32()), ("bucket", pa.int32()), ("at", pa.int64()), ("blob", pa.binary())]
)
_ERROR = "error"
_BUCKET = "__bucket"


@dataclass(frozen=True)
class Piece:
    """`blob` is a table or a value of the kind `what`; `group` and `bucket` say who is to have it, `at` its place among
    those that he gets.
    """

    what: str
    group: int
    bucket: int
    at: int
    blob: bytes

    @property
    def table(self) -> pl.DataFrame:
        """The table it carries."""
        return pl.read_ipc(io.BytesIO(self.blob))

    @property
    def value(self) -> Any:
        """The value it carries, which an executor of this audit packed."""
        return pickle.loads(self.blob)  # noqa: S301 - it comes from our own executors


Kernel = Callable[[list[Piece]], Iterator[Piece]]


def of_table(what: str, table: pl.DataFrame, *, group: int = 0, bucket: int = 0, at: int = 0) -> Piece:
    """A table as a piece."""
    packed = io.BytesIO()
    table.write_ipc(packed, compression="lz4")
    return Piece(what, group, bucket, at, packed.getvalue())


def of_value(what: str, value: object, *, group: int = 0, bucket: int = 0, at: int = 0) -> Piece:
    """A value as a piece."""
    return Piece(what, group, bucket, at, pickle.dumps(value))


def dealt(what: str, table: pl.DataFrame, key: str, buckets: int, *, group: int = 0, at: int = 0) -> Iterator[Piece]:
    """A table as pieces for the buckets of its `key`, in which one machine would put them, too."""
    parts = table.with_columns(bucket_of(pl.col(key), buckets)).partition_by(
        _BUCKET, as_dict=True, include_key=False, maintain_order=True
    )
    for (bucket,), part in parts.items():
        yield of_table(what, part, group=group, bucket=int(bucket), at=at)


def packed(pieces: Iterable[Piece]) -> pa.Table:
    """Pieces as Spark takes them. What stops an audit travels as one of them, and the driver raises it."""
    rows: list[tuple[Any, ...]] = []
    try:
        rows.extend(astuple(each) for each in pieces)
    except AuditError as error:
        rows.append(astuple(of_value(_ERROR, error)))
    columns = list(zip(*rows, strict=True)) or [()] * len(_ARROW)
    return pa.table([pa.array(each, kind.type) for each, kind in zip(columns, _ARROW, strict=True)], schema=_ARROW)


def unpacked(table: pa.Table) -> list[Piece]:
    """Pieces as Spark gives them, in their order."""
    columns = [table.column(name).to_pylist() for name in _ARROW.names]
    return sorted((Piece(*row) for row in zip(*columns, strict=True)), key=lambda each: (each.at, each.what))


def of_row(row: Row) -> Piece:
    """A piece as Spark hands it to the driver."""
    what, group, bucket, at, blob = row
    return Piece(what, group, bucket, at, bytes(blob))


def by_bucket(frame: DataFrame, kernel: Kernel, parts: int) -> DataFrame:
    """What `kernel` makes of the pieces of each group's buckets, one bucket at a time, in `parts` tasks."""
    whole = frame.repartition(parts, "group_no", "bucket").groupBy("group_no", "bucket")
    return whole.applyInArrow(lambda table: packed(kernel(unpacked(table))), SCHEMA)


def only(frame: DataFrame, *whats: str) -> DataFrame:
    """The pieces of these kinds."""
    return frame.where(frame.what.isin(*whats))


def brought(frame: DataFrame, *whats: str) -> list[Piece]:
    """The pieces of these kinds, on the driver, in order of group, bucket and place.

    Raises:
        AuditError: what stopped an executor.
    """
    pieces = sorted(
        map(of_row, only(frame, _ERROR, *whats).collect()),
        key=lambda each: (each.group, each.bucket, each.at, each.what),
    )
    for each in pieces:
        if each.what == _ERROR:
            raise each.value
    return pieces
