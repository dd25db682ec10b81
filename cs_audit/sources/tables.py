"""Files as tables of text: one shape for csv, jsonl, parquet and xlsx, with row numbers a person can find."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from cs_audit.errors import SourceError, UsageError
from cs_audit.sources.encoding import utf8_file

ROW = "__row"
LAST = "__last"
BATCH = 250_000
"""Rows in one frame, unless asked otherwise."""

_FIELD_LIMIT = 16 << 20
_DELIMITERS = ",;\t|"
_MOST_CELL_BYTES, _MOST_RATIO = 400 << 20, 200
SUFFIXES = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet",
            ".pq": "parquet", ".xlsx": "xlsx", ".xls": "xlsx", ".ods": "xlsx"}  # fmt: skip


@dataclass(frozen=True)
class BadRow:
    """A row that could not be taken into a table."""

    row: int
    problem: str


Reader = Callable[[Sequence[str], list[BadRow], int], Iterator[pl.DataFrame]]


@dataclass(frozen=True)
class Table:
    """One file: its column names, and a way to read some of them in batches.

    `read(columns, bad, size)` yields frames of up to `size` rows of those columns and `ROW`, the row number as a
    spreadsheet counts it; it appends to `bad` the rows that have no such shape. Text everywhere, but typed columns of Parquet keep
    their type; an empty cell is null.
    """

    path: Path
    type: str
    columns: list[str]
    read: Reader
    details: dict[str, str] = field(default_factory=dict)
    lazy: Callable[[Sequence[str]], pl.LazyFrame] | None = None
    first_row: int = 2

    def sample(self, columns: Sequence[str], rows: int) -> pl.DataFrame:
        """The first rows of some columns."""
        for frame in self.read(columns, [], rows):
            return frame
        return pl.DataFrame(schema=dict.fromkeys([*columns, ROW], pl.String))


def file_type(path: Path) -> str:
    """The type a file's name says.

    Raises:
        UsageError: none that cs-audit reads.
    """
    suffixes = [each.lower() for each in path.suffixes]
    suffix = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else (suffixes or [""])[-1]
    if suffix not in SUFFIXES:
        raise UsageError(
            f"{suffix or 'no suffix'} is no type of file that cs-audit reads",
            where=str(path),
            hint="give a .csv, .csv.gz, .jsonl, .parquet or .xlsx file",
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
    if not path.is_file():
        raise SourceError("there is no such file", where=str(path), hint="check the path; a glob must match files")
    if kind == "csv":
        return _csv_table(path, folder, encoding, delimiter)
    if kind == "jsonl":
        return _jsonl_table(path, folder, encoding)
    return _parquet_table(path) if kind == "parquet" else _xlsx_table(path, sheet)


def unique_names(header: Sequence[str | None]) -> list[str]:
    """Column names without doubles or blanks: `Comment`, `Comment (2)`, `(column 7)`."""
    seen: dict[str, int] = {}
    names = []
    for number, raw in enumerate(header, 1):
        name = (raw or "").strip().lstrip("\ufeff") or f"(column {number})"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _csv_table(path: Path, folder: Path, encoding: str | None, delimiter: str | None) -> Table:
    csv.field_size_limit(_FIELD_LIMIT)
    text = utf8_file(path, folder, encoding)
    with text.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        head = file.read(1 << 18)
    separator = delimiter or _delimiter_of(head)
    header = next(csv.reader(io.StringIO(head, newline=""), delimiter=separator), [])
    names = unique_names(header)

    def lazy(columns: Sequence[str]) -> pl.LazyFrame:
        scan = pl.scan_csv(
            text.path,
            has_header=False,
            skip_rows=1,
            separator=separator,
            schema=dict.fromkeys(names, pl.String),
            empty_string_is_null=False,
            glob=False,
        )
        return scan.select(*dict.fromkeys(columns), pl.col(names[-1]).is_null().alias(LAST))

    def read(columns: Sequence[str], bad: list[BadRow], size: int) -> Iterator[pl.DataFrame]:
        yield from _batched(_slow_csv(text.path, separator, names, columns, bad), columns, size)

    details = {"encoding": text.encoding, "delimiter": separator}
    return Table(path, "csv", names if header else [], read, details, lazy if header else None)


def _delimiter_of(head: str) -> str:
    """The delimiter whose count agrees best between the first lines."""
    lines = [line for line in csv.reader(io.StringIO(head), delimiter="\n") if line][:20]
    first = lines[0][0] if lines else ""
    counts = {each: first.count(each) for each in _DELIMITERS}
    return max(_DELIMITERS, key=lambda each: counts[each])


def _slow_csv(
    path: Path, separator: str, names: list[str], columns: Sequence[str], bad: list[BadRow]
) -> Iterator[tuple[Any, ...]]:
    """Rows by the standard library: slower, but it can name each bad one."""
    places = [names.index(each) for each in columns]
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for number, cells in _csv_rows(csv.reader(file, delimiter=separator), bad):
            if problem := _shape_problem(cells, len(names)):
                bad.append(BadRow(number, problem))
            else:
                yield (number, *(cells[place] or None for place in places))


def _csv_rows(reader: Iterator[list[str]], bad: list[BadRow]) -> Iterator[tuple[int, list[str]]]:
    """Numbered rows after the header, without blank lines."""
    next(reader, None)
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            bad.append(BadRow(number, f"cannot be read: {error}"))
            continue
        if cells:
            yield number, cells


def _shape_problem(cells: Sequence[str], width: int) -> str:
    if len(cells) != width:
        return f"has {len(cells)} fields, the header has {width}"
    joined = "".join(cells)
    if "\0" in joined:
        return "holds a NUL byte"
    return "holds bytes that are no valid text in its encoding" if "\ufffd" in joined else ""


def _text_frame(rows: list[Any], columns: Sequence[str]) -> pl.DataFrame:
    schema = {ROW: pl.UInt32, **dict.fromkeys(columns, pl.String)}
    return pl.DataFrame(rows, schema=schema, orient="row", strict=False)


def _jsonl_table(path: Path, folder: Path, encoding: str | None) -> Table:
    text = utf8_file(path, folder, encoding)

    def rows(bad: list[BadRow]) -> Iterator[tuple[int, dict[str, Any]]]:
        with text.path.open(encoding="utf-8-sig", errors="replace") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                except (ValueError, RecursionError) as error:
                    bad.append(BadRow(number, f"is not valid JSON ({str(error)[:80]})"))
                    continue
                if isinstance(row, dict):
                    yield number, row
                else:
                    bad.append(BadRow(number, "is not a JSON object"))

    names = list(dict.fromkeys(key for _, row in rows([]) for key in row))

    def read(columns: Sequence[str], bad: list[BadRow], size: int) -> Iterator[pl.DataFrame]:
        cells = ((number, *(_as_text(row.get(each)) for each in columns)) for number, row in rows(bad))
        yield from _batched(cells, columns, size)

    return Table(path, "jsonl", names, read, {"encoding": text.encoding}, first_row=1)


def _batched(rows: Iterator[tuple[Any, ...]], columns: Sequence[str], size: int) -> Iterator[pl.DataFrame]:
    while held := list(islice(rows, size)):
        yield _text_frame(held, columns)


def _as_text(value: Any) -> str | None:
    """One JSON or spreadsheet value as text: 4298.0 is `4298`, true is `true`, a list of words is joined by `|`."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "|".join(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value.isoformat(" ") if hasattr(value, "hour") and hasattr(value, "year") else str(value)


def _parquet_table(path: Path) -> Table:
    try:
        schema = pl.Schema(pl.read_parquet_schema(path))
    except Exception as error:
        raise SourceError(
            f"is no readable Parquet file ({str(error).splitlines()[0][:100]})", where=str(path), hint="write it again"
        ) from None

    def lazy(columns: Sequence[str]) -> pl.LazyFrame:
        return pl.scan_parquet(path, glob=False).select(
            *(_plain(name, schema[name]) for name in dict.fromkeys(columns)), pl.lit(value=False).alias(LAST)
        )

    def read(columns: Sequence[str], _: list[BadRow], size: int) -> Iterator[pl.DataFrame]:
        seen = 1
        for batch in lazy(columns).collect_batches(chunk_size=size, maintain_order=True):
            yield batch.drop(LAST).with_row_index(ROW, seen)
            seen += batch.height

    return Table(path, "parquet", schema.names(), read, {}, lazy, first_row=1)


def _plain(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if kind.is_temporal() or kind == pl.String:
        return column
    if isinstance(kind, pl.List):
        return column.cast(pl.List(pl.String)).list.join("|")
    if kind.is_float():
        return column.cast(pl.String).str.strip_suffix(".0")
    return column.cast(pl.String)


def _xlsx_table(path: Path, sheet: str | None) -> Table:
    import python_calamine  # noqa: PLC0415 - only for spreadsheets

    _refuse_bomb(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        name = sheet or book.sheet_names[0]
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except Exception as error:
        raise SourceError(
            f"is no readable spreadsheet ({str(error)[:100]})", where=str(path), hint="save it as .xlsx again, or as .csv"
        ) from None
    header = [_as_text(each) for each in rows[0]] if rows else []
    names = unique_names(header)

    def read(columns: Sequence[str], _: list[BadRow], size: int) -> Iterator[pl.DataFrame]:
        places = [names.index(each) for each in columns]
        cells = ((number, *(_as_text(row[place]) for place in places)) for number, row in enumerate(rows[1:], 2) if any(row))
        yield from _batched(cells, columns, size)

    return Table(path, "xlsx", names, read, {"sheet": name})


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(each.file_size for each in archive.infolist())
    except (OSError, zipfile.BadZipFile):
        return
    if size > _MOST_CELL_BYTES or size > _MOST_RATIO * max(path.stat().st_size, 1):
        raise SourceError(
            f"unpacks to {size >> 20} MB, more than cs-audit takes from a spreadsheet", where=str(path),
            hint="export the data as .csv",
        )  # fmt: skip
