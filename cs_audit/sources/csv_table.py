"""Delimited text as a table: read fast while every row is whole, and slowly, naming each bad row, where one is not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import polars as pl

from cs_audit.sources.encoding import TextFile, damaged, utf8_file
from cs_audit.sources.ledger import survey_of
from cs_audit.sources.tables import LAST, BadRow, Table, batched, unique_names
from cs_audit.sources.wholeness import rows_are_whole

_FIELD_LIMIT = 16 << 20
_DELIMITERS = ",;\t|"
_AFTER_ALL = "\0the end\0"
"""A line put after the last one: a field that holds it has an open quote."""


def csv_table(path: Path, folder: Path, encoding: str | None, delimiter: str | None) -> Table:
    csv.field_size_limit(_FIELD_LIMIT)
    text = utf8_file(path, folder, encoding)
    with text.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        head = file.read(1 << 18)
    separator = delimiter or _delimiter_of(head)
    header = next(iter(_first_rows(head, separator, 1)), [])
    names = unique_names(header)

    def lazy(columns: Sequence[str]) -> pl.LazyFrame:
        scan = pl.scan_csv(
            text.path,
            has_header=False,
            skip_rows=1,
            separator=separator,
            schema=dict.fromkeys(names, pl.String),
            glob=False,
        )
        return scan.select(*dict.fromkeys(columns), pl.col(names[-1]).is_null().alias(LAST))

    def read(columns: Sequence[str], bad: list[BadRow], size: int) -> Iterator[pl.DataFrame]:
        yield from batched(_slow_csv(text.path, separator, names, columns, bad), columns, size)

    details = {"encoding": text.encoding, "delimiter": separator}
    sound = bool(header) and "\0" not in head
    return Table(
        path, "csv", names if header else [], read, details, lazy if sound else None,
        whole=lambda gaps, quotes: _paired(quotes, text, path) and (
            not gaps or rows_are_whole(text.path, separator, len(names))
        ),
    )  # fmt: skip


def _paired(quotes: int, text: TextFile, path: Path) -> bool:
    """Whether there are as many quotes as open and close fields; with an odd one some row may have swallowed the rest.
    Those of a file in another encoding are counted in its copy.
    """
    return (quotes if text.path == path else survey_of(text.path).quotes) % 2 == 0


def _delimiter_of(head: str) -> str:
    """The delimiter by which the first rows agree best with the header."""
    return max(_DELIMITERS, key=lambda each: _agreement(head, each))


def _agreement(head: str, delimiter: str) -> tuple[float, int]:
    """The share of the first rows that have as many fields as the header, and how many that is."""
    rows = [row for row in _first_rows(head, delimiter) if row]
    width = len(rows[0]) if rows else 0
    if width < 2:
        return 0.0, 0
    return sum(len(row) == width for row in rows) / len(rows), width


def _first_rows(head: str, delimiter: str, most: int = 20) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), most):
            rows.append(row)  # noqa: PERF402 - rows before an error count
    except csv.Error:
        pass
    return rows


def _slow_csv(
    path: Path, separator: str, names: list[str], columns: Sequence[str], bad: list[BadRow]
) -> Iterator[tuple[Any, ...]]:
    """Rows by the standard library: slower, but it can name each bad one."""
    places = [names.index(each) for each in columns]
    for number, cells in _csv_rows(path, separator, bad):
        if problem := _shape_problem(cells, len(names)):
            bad.append(BadRow(number, problem))
        else:
            yield (number, *(cells[place] or None for place in places))


def _csv_rows(path: Path, separator: str, bad: list[BadRow]) -> Iterator[tuple[int, list[str]]]:
    """Numbered rows after the header, without blank lines.

    A row whose quote is never closed would swallow all that follows: it is bad, and reading goes on at its second line.
    """
    lines: int | None = 0
    number = 0
    while lines is not None:
        lines_before, lines = lines, None
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            for row in _rows_after(file, lines_before, separator):
                number += 1
                if row.problem:
                    bad.append(BadRow(number, row.problem))
                elif row.cells and number > 1:
                    yield number, row.cells
                lines = row.resume


@dataclass(frozen=True)
class _Row:
    """One row, or its problem; `resume` says after how many lines to read anew."""

    cells: list[str]
    problem: str = ""
    resume: int | None = None


def _rows_after(file: Iterable[str], lines: int, separator: str) -> Iterator[_Row]:
    reader = csv.reader(chain(islice(file, lines, None), [_AFTER_ALL]), delimiter=separator)
    while True:
        began = reader.line_num
        try:
            cells = next(reader)
        except csv.Error as error:
            yield _Row([], f"cannot be read: {error}")
            continue
        if cells == [_AFTER_ALL]:
            return
        if cells and cells[-1].endswith(_AFTER_ALL):
            yield _Row([], "opens a quote that is never closed", lines + began + 1)
            return
        yield _Row(cells)


def _shape_problem(cells: Sequence[str], width: int) -> str:
    if len(cells) != width:
        return f"has {len(cells)} fields, the header has {width}"
    joined = "".join(cells)
    if "\0" in joined:
        return "holds a NUL byte"
    return "holds bytes that are no valid text in its encoding" if damaged(joined) else ""
