"""Sources of Parquet files as the driver sees them: which files, how to read them, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from cs_audit.audit.gathered import Gathered
from cs_audit.errors import UsageError
from cs_audit.sources.files import FileReader
from cs_audit.sources.ledger import Input, Reject
from cs_audit.sources.plan import make_plan
from cs_audit.sources.raw import without_blank
from cs_audit.sources.tables import ROW, BadRow, Table
from cs_audit.spark import pieces
from cs_audit.spark.lake import ParquetFile, as_written, here, is_address, literal, of_cluster, same
from cs_audit.spark.reading import FILE, PLACE, VERSIONS, Account, Intake, Part, as_in_file
from cs_audit.worded import verbatim, worded

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_HEAD = 10_000
"""Rows from which the form of a column of times is told."""

_COMMAND = (
    "python -c \"import polars; polars.read_csv('events.csv', infer_schema=False).write_parquet('events.parquet')\""
)


@dataclass
class Source:
    """A configured source, its place among all, the number of its group, and its files by name."""

    reader: FileReader
    place: int
    group: int
    files: list[ParquetFile] = field(default_factory=list)

    @property
    def alike(self) -> list[list[int]]:
        """Numbers of files that have the same columns of the same types, which Spark reads together."""
        found: dict[str, list[int]] = {}
        for number, each in enumerate(self.files):
            found.setdefault(repr(list(each.schema.items())), []).append(number)
        return list(found.values())


def laid_out(spark: SparkSession, readers: Sequence[FileReader]) -> list[Source]:
    """The sources with their files.

    Raises:
        UsageError: a source is not of Parquet files.
        SourceError: a file is missing or damaged.
    """
    groups = list(dict.fromkeys(each.group for each in readers))
    return [
        Source(each, place, groups.index(each.group), list({file.name: file for file in _files(spark, each)}.values()))
        for place, each in enumerate(readers)
    ]


def check(readers: Sequence[object]) -> None:
    """Demand that all sources are of Parquet files.

    Raises:
        UsageError: one is not.
    """
    for each in readers:
        if not isinstance(each, FileReader):
            hint = worded("pull it, and audit it on one machine: leave --engine out")
            name = getattr(each, "name", "")
            raise UsageError(worded("Spark reads no helpdesk"), where=f"sources.{name}", hint=hint)
        if each.config.type != "parquet":
            problem = worded("Spark reads Parquet files, not {type}", type=each.config.type)
            hint = worded("write it as Parquet once, like: {command}", command=verbatim(_COMMAND))
            raise UsageError(problem, where=f"sources.{each.name}.type", hint=hint)


def _files(spark: SparkSession, reader: FileReader) -> Iterator[ParquetFile]:
    for text in reader.config.path:
        if is_address(text):
            yield from of_cluster(spark, text, f"sources.{reader.name}.path")
        else:
            pattern = f"{text}/*.parquet" if (reader.folder / text).is_dir() else text
            own = reader.config.model_copy(update={"path": [pattern]})
            yield from map(here, replace(reader, config=own).paths())


def pieces_of(spark: SparkSession, source: Source, buckets: int) -> list[DataFrame]:
    """All rows of a source as pieces, `rows` for the buckets and an `account` for the driver.

    Raises:
        AuditError: see `plan.make_plan`.
    """
    source.reader.inputs[:] = [
        Input(source.reader.name, each.name, "parquet", {}, source.reader.hashes.submit(each.survey))
        for each in source.files
    ]
    offsets = [0, *accumulate(each.rows for each in source.files)]
    return [_read(spark, source, numbers, offsets, buckets) for numbers in source.alike]


def _read(
    spark: SparkSession, source: Source, numbers: Sequence[int], offsets: Sequence[int], buckets: int
) -> DataFrame:
    files = [source.files[number] for number in numbers]
    reader, heads = source.reader, Heads(spark, files)
    plans = [
        make_plan(reader.config, reader.name, heads.table(each), reader.automatic, reader.needs, reader.timezone)
        for each in files
    ]
    parts = {
        same(each.address): Part(number, each.name, offsets[number], plan)
        for number, each, plan in zip(numbers, files, plans, strict=True)
    }
    columns = plans[0].columns
    intake = Intake(reader, source.place, source.group, parts, files[0].schema, columns, buckets, VERSIONS)
    return frame_of(spark, files, columns).mapInArrow(intake.read, pieces.SCHEMA)


def frame_of(spark: SparkSession, files: Sequence[ParquetFile], columns: Sequence[str]) -> DataFrame:
    """Some columns of files of one schema, as c0, c1 and so on, with FILE and PLACE."""
    frame = spark.read.parquet(*(literal(each.address) for each in files))
    about = frame.metadataColumn("_metadata")
    named = [frame[f"`{name.replace('`', '``')}`"].alias(f"c{place}") for place, name in enumerate(columns)]
    return frame.select(*named, about.getField("file_path").alias(FILE), about.getField("row_index").alias(PLACE))


@dataclass(frozen=True)
class Heads:
    """Files of one schema as tables of which plans are made: texts of times are read as far as that takes."""

    spark: SparkSession
    files: Sequence[ParquetFile]
    read: dict[str, Mapping[str, pl.DataFrame]] = field(default_factory=dict)

    def table(self, file: ParquetFile) -> Table:
        """One of them, to be read column by column."""

        def read(columns: Sequence[str], _: list[BadRow], size: int) -> Iterator[pl.DataFrame]:
            (column,) = columns
            nothing = pl.DataFrame(schema={column: file.schema[column]})
            if file.schema[column].is_temporal():
                yield nothing
                return
            yield self._first(column).get(same(file.address), nothing.cast(pl.String))
            frame = frame_of(self.spark, [file], columns)
            rest = frame.where(frame[PLACE] >= _HEAD).toLocalIterator()
            while held := list(islice(rest, size)):
                yield pl.DataFrame({column: [row[0] for row in held]}).cast(pl.String)

        return Table(Path(file.name), "parquet", list(file.schema), read, first_row=1)

    def _first(self, column: str) -> Mapping[str, pl.DataFrame]:
        """The first values of a column in each file, by address."""
        if column not in self.read:
            frame = frame_of(self.spark, self.files, [column])
            table = frame.where(frame[PLACE] < _HEAD).toArrow()
            parts = as_in_file(table, [column], self.files[0].schema).sort(ROW).partition_by(FILE, as_dict=True)
            self.read[column] = {as_written(str(address)): part.select(column) for (address,), part in parts.items()}
        return self.read[column]


def settled(spark: SparkSession, sources: Sequence[Source], accounts: Iterable[Account]) -> Gathered:
    """The account of all that was read, put in the readers as if they had read it themselves."""
    gathered = Gathered([each.reader for each in sources])
    rejects: list[list[tuple[int, int, Reject]]] = [[] for _ in sources]
    for each in accounts:
        file = sources[each.source].reader.inputs[each.number]
        file.rows += each.rows
        gathered.rows += each.kept
        gathered.first, gathered.last = min(gathered.first, each.first), max(gathered.last, each.last)
        rejects[each.source] += [(each.number, rank, reject) for rank, reject in each.rejects]
    for source, own in zip(sources, rejects, strict=True):
        own.sort(key=lambda each: (each[0], each[1], each[2].row))
        blank = _blank(spark, source, [(number, reject) for number, _, reject in own])
        for number, _, reject in own:
            if (number, reject.row) in blank:
                source.reader.inputs[number].rows -= 1
            else:
                source.reader.inputs[number].rejected += 1
                source.reader.rejects.append(reject)
    return gathered


def _blank(spark: SparkSession, source: Source, rejects: Sequence[tuple[int, Reject]]) -> set[tuple[int, int]]:
    """Of rejected rows without a ticket those in which no column of the file has a value: they are no rows."""
    suspects: dict[int, list[int]] = {}
    for number, each in rejects:
        if not each.ticket and not each.column:
            suspects.setdefault(number, []).append(each.row)
    found = set()
    for number, rows in suspects.items():
        raw = pl.DataFrame({ROW: rows}, schema={ROW: pl.UInt32}).with_columns(nothing=pl.lit(None, pl.String))
        table = _whole_rows(spark, source.files[number], rows)
        found |= {(number, row) for row in set(rows) - set(without_blank(raw, table, slow=True)[ROW])}
    return found


def _whole_rows(spark: SparkSession, file: ParquetFile, rows: Sequence[int]) -> Table:
    """Some rows of a file as a table."""

    def read(columns: Sequence[str], _: list[BadRow], __: int) -> Iterator[pl.DataFrame]:
        frame = frame_of(spark, [file], columns)
        found = frame.where(frame[PLACE].isin([row - 1 for row in rows])).toArrow()
        yield as_in_file(found, columns, file.schema).drop(FILE)

    return Table(Path(file.name), "parquet", list(file.schema), read, first_row=1)
