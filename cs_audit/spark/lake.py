"""Parquet files where the cluster has them: found, and known by their footers."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import polars as pl
from pyarrow import parquet

from cs_audit.errors import SourceError
from cs_audit.sources.ledger import Survey, survey_of
from cs_audit.worded import verbatim, worded

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_MAGIC = b"PAR1"
_HIDDEN = ("_", ".")


def is_address(path: str) -> bool:
    """Whether a path is the address of something in a file system of the cluster, as `s3a://bucket/events` is."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", path) is not None


@dataclass(frozen=True)
class ParquetFile:
    """A file by the name that reports give it and the `address` Spark has it by; `size` in bytes, `rows` and `schema`
    as its footer says, and a way to the SHA-256 of its bytes.
    """

    name: str
    address: str
    size: int
    rows: int
    schema: Mapping[str, pl.DataType]
    survey: Callable[[], Survey]


def here(path: Path) -> ParquetFile:
    """A file of this machine, which all others must have under the same path.

    Raises:
        SourceError: it is missing or damaged.
    """
    if not path.is_file():
        raise SourceError(
            worded("there is no such file"), where=str(path), hint=worded("check the path; a glob must match files")
        )
    with path.open("rb") as file:
        size = path.stat().st_size

        def read(start: int, length: int) -> bytes:
            file.seek(start)
            return file.read(length)

        rows, schema = _known(read, size, str(path))
    return ParquetFile(str(path), f"file://{path.resolve()}", size, rows, schema, lambda: survey_of(path))


def of_cluster(spark: SparkSession, address: str, where: str) -> list[ParquetFile]:
    """The files of an address, a pattern or a folder, by name.

    Raises:
        SourceError: there are none, or one cannot be read.
    """
    from py4j.protocol import Py4JJavaError  # noqa: PLC0415 - it comes with PySpark

    jvm: Any = spark.sparkContext._jvm  # noqa: SLF001 - the cluster's file systems are Java's
    settings = spark.sparkContext._jsc.hadoopConfiguration()  # noqa: SLF001
    try:
        path = jvm.org.apache.hadoop.fs.Path(address)
        system = path.getFileSystem(settings)
        found = [each for top in system.globStatus(path) or [] for each in _below(system, top)]
        made = [_of_cluster(jvm, system, each) for each in sorted(found, key=lambda each: each.getPath().toString())]
    except Py4JJavaError as error:
        told = error.java_exception.getMessage() or error.java_exception.toString()
        problem = worded("cannot be read ({told})", told=verbatim(told[:200]))
        raise SourceError(problem, where=f"{where}: {address}", hint=worded("ask Spark")) from None
    if not made:
        raise SourceError(worded("no file matches"), where=f"{where}: {address}", hint=worded("check the address"))
    return made


def _below(system: Any, top: Any) -> list[Any]:
    """The files at or below a place; those whose names begin with `_` or `.` are Spark's own."""
    if top.isFile():
        return [top]
    found, files = [], system.listFiles(top.getPath(), True)  # noqa: FBT003 - a call of Java
    root = len(top.getPath().toString().split("/"))
    while files.hasNext():
        each = files.next()
        names = each.getPath().toString().split("/")[root:]
        if not any(name.startswith(_HIDDEN) for name in names):
            found.append(each)
    return found


def _of_cluster(jvm: Any, system: Any, status: Any) -> ParquetFile:
    path = status.getPath()

    def read(start: int, length: int) -> bytes:
        stream = system.open(path)
        try:
            stream.seek(start)
            return bytes(stream.readNBytes(length))
        finally:
            stream.close()

    def survey() -> Survey:
        stream = system.open(path)
        try:
            return Survey(str(jvm.org.apache.commons.codec.digest.DigestUtils.sha256Hex(stream)))
        finally:
            stream.close()

    name = path.toString()
    rows, schema = _known(read, status.getLen(), name)
    return ParquetFile(name, name, status.getLen(), rows, schema, survey)


def _known(read: Callable[[int, int], bytes], size: int, name: str) -> tuple[int, Mapping[str, pl.DataType]]:
    """The number of rows and the columns of a file, from its last bytes."""
    end = read(max(size - 8, 0), 8)
    length = int.from_bytes(end[:4], "little")
    try:
        if end[4:] != _MAGIC or length > size - 12:
            raise ValueError("it does not end like one")  # noqa: TRY301 - damage is told in one way
        footer = _MAGIC + read(size - 8 - length, length) + end
        return parquet.read_metadata(io.BytesIO(footer)).num_rows, pl.read_parquet_schema(io.BytesIO(footer))
    except Exception as error:  # noqa: BLE001 - damaged files fail in many ways
        told = str(error).splitlines()[0][:100]
        problem = worded("is no readable Parquet file ({error})", error=told)
        raise SourceError(problem, where=name, hint=worded("write it again")) from None


def literal(address: str) -> str:
    """An address in which no sign is a pattern's."""
    return re.sub(r"([\\{}\[\]*?])", r"\\\1", address)


def same(address: str) -> str:
    """An address as it compares: Spark writes it with one slash or three, and what is no letter as %20."""
    return re.sub(r"^file:/+", "file:/", address)


def as_written(address: str) -> str:
    """An address of `_metadata.file_path` as the file system writes it, made to compare."""
    return same(unquote(address))
