"""Which type a file has, and the table in it."""

from __future__ import annotations

from pathlib import Path

from cs_audit.errors import SourceError, UsageError
from cs_audit.sources.csv_table import csv_table
from cs_audit.sources.json_table import jsonl_table
from cs_audit.sources.tables import Table
from cs_audit.sources.typed_tables import parquet_table, xlsx_table
from cs_audit.worded import worded

SUFFIXES = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet",
            ".pq": "parquet", ".xlsx": "xlsx", ".xls": "xlsx", ".ods": "xlsx"}  # fmt: skip


def file_type(path: Path) -> str:
    """The type a file's name says.

    Raises:
        UsageError: none that cs-audit reads.
    """
    suffixes = [each.lower() for each in path.suffixes]
    suffix = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else (suffixes or [""])[-1]
    if suffix not in SUFFIXES:
        raise UsageError(
            worded("{suffix} is no type of file that cs-audit reads", suffix=suffix or worded("no suffix")),
            where=str(path),
            hint=worded("give a .csv, .csv.gz, .jsonl, .parquet or .xlsx file"),
        )
    return SUFFIXES[suffix]


def open_table(
    path: Path, kind: str, folder: Path, *, encoding: str | None = None, delimiter: str | None = None,
    sheet: str | None = None,
) -> Table:  # fmt: skip
    """The table in a file; copies in `folder` where it must be decoded or unpacked.

    Raises:
        SourceError: the file is missing, damaged, or not of its type.
    """
    if path.is_dir():
        hint = worded("name the files in it, like '{path}/*.csv'", path=path.name)
        raise SourceError(worded("is a folder"), where=str(path), hint=hint)
    if not path.is_file():
        raise SourceError(
            worded("there is no such file"), where=str(path), hint=worded("check the path; a glob must match files")
        )
    if kind == "csv":
        return csv_table(path, folder, encoding, delimiter)
    if kind == "jsonl":
        return jsonl_table(path, folder, encoding)
    return parquet_table(path) if kind == "parquet" else xlsx_table(path, sheet)
