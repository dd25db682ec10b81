"""Verdicts and findings as Parquet of the cluster, written by the executors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from cs_audit.audit.export import COLUMNS, LENGTHS, ORDER, Export, redacted, shown
from cs_audit.errors import UsageError
from cs_audit.spark.pieces import SCHEMA, Piece, of_table
from cs_audit.worded import verbatim, worded

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from cs_audit.redact.redaction import Redaction

_PLACE = ("group_no", "bucket", "at", "row_no")
_LAST = 1 << 30
"""The group of what the driver found: after all others."""


class ClusterExport(Export):
    """An export some of whose tables are addresses of the cluster."""

    def __init__(self, folder: Path, verdicts: Path | str | None, findings: Path | str | None) -> None:
        targets = {"verdicts": verdicts, "findings": findings}
        here = {kind: each if isinstance(each, Path) else None for kind, each in targets.items()}
        super().__init__(folder, here["verdicts"], here["findings"])
        self._addresses = {kind: each for kind, each in targets.items() if isinstance(each, str)}
        self._frames: list[DataFrame] = []
        self._own: list[Piece] = []

    @property
    def wanted(self) -> frozenset[str]:
        """The kinds of rows that are written."""
        return super().wanted | self._addresses.keys()

    @property
    def brought(self) -> frozenset[str]:
        """The kinds of rows that the driver writes."""
        return super().wanted

    def take(self, frame: DataFrame) -> None:
        """Pieces among which are rows for the addresses, to be written at the end."""
        self._frames.append(frame)

    def _keep(self, kind: str, frame: pl.DataFrame) -> None:
        super()._keep(kind, frame)
        if kind in self._addresses:
            self._own.append(of_table(kind, frame, group=_LAST, at=len(self._own)))

    def close(self, redaction: Redaction | None = None) -> None:
        """Write the files, and what belongs to the cluster."""
        super().close(redaction)
        for kind, address in self._addresses.items():
            spark = self._frames[0].sparkSession
            pieces = spark.createDataFrame([astuple(each) for each in self._own], SCHEMA)
            for each in self._frames:
                pieces = pieces.union(each)
            write(pieces, kind, address, redaction)


def write(pieces: DataFrame, kind: str, address: str, redaction: Redaction | None = None) -> None:
    """The rows of one kind as a folder of Parquet, in the order of every other export.

    Raises:
        UsageError: it cannot be written there.
    """
    from py4j.protocol import Py4JJavaError  # noqa: PLC0415 - it comes with PySpark
    from pyspark.errors import PySparkException  # noqa: PLC0415

    types = [f"{name} {'double' if name in LENGTHS else 'string'}" for name in COLUMNS[kind]]
    schema = ", ".join([*types, *(f"{name} long" for name in _PLACE)])
    rows = pieces.where(pieces.what == kind).mapInArrow(lambda batches: _rows(batches, kind, redaction), schema)
    order = [rows[name].asc_nulls_last() for name in ORDER[kind]] + [rows[name] for name in _PLACE]
    try:
        rows.orderBy(*order).drop(*_PLACE).write.mode("overwrite").parquet(address)
    except (PySparkException, Py4JJavaError) as error:
        told = (str(error).splitlines() or [""])[0][:200]
        problem = worded("cannot be written ({told})", told=verbatim(told))
        raise UsageError(problem, where=f"--{kind} {address}", hint=worded("ask Spark")) from None


def _rows(batches: Iterator[pa.RecordBatch], kind: str, redaction: Redaction | None) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for row in batch.to_pylist():
            piece = Piece(*row.values())
            table = redacted(shown(piece.table.lazy(), kind).collect(), redaction)
            kinds = {name: pl.Float64() if name in LENGTHS else pl.String() for name in COLUMNS[kind]}
            places = {"group_no": piece.group, "bucket": piece.bucket, "at": piece.at}
            told = table.select(pl.col(name).cast(each) for name, each in kinds.items()).with_columns(
                *(pl.lit(value, pl.Int64).alias(name) for name, value in places.items()),
                pl.int_range(pl.len()).alias("row_no"),
            )
            yield from told.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(_plain(told)).to_batches()


def _plain(frame: pl.DataFrame) -> pa.Schema:
    """The types of a frame as Spark takes them: it knows no large strings."""
    kinds = {pl.String(): pa.string(), pl.Float64(): pa.float64(), pl.Int64(): pa.int64()}
    return pa.schema([(name, kinds[kind]) for name, kind in frame.schema.items()])
