"""Files as tables of text: one shape for csv, jsonl, parquet and xlsx, with row numbers a person can find."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

ROW = "__row"
LAST = "__last"
BATCH = 250_000
"""Rows in one frame, unless asked otherwise."""


@dataclass(frozen=True)
class BadRow:
    """A row that could not be taken into a table."""

    row: int
    problem: str


def _always(*_: int) -> bool:  # files whose rows cannot be short
    return True


Reader = Callable[[Sequence[str], list[BadRow], int], Iterator[pl.DataFrame]]


@dataclass(frozen=True)
class Table:
    """One file: its column names, and a way to read some of them in batches.

    `read(columns, bad, size)` yields frames of up to `size` rows of those columns and `ROW`, the row number as a
    spreadsheet counts it; it appends to `bad` the rows that have no such shape. Text everywhere, but typed columns of
    Parquet keep their type; an empty cell is null. `lazy` reads faster and marks with `LAST` the rows whose last
    field is empty or missing; given whether there are such `gaps`, and how many quotes the file has, `whole` tells
    whether each row is as the header. `kinds` are the types that columns have in the file, where it has types, and
    `natively(columns, some)` reads like `lazy`, but leaves `some` of the columns in their own types.
    """

    path: Path
    type: str
    columns: list[str]
    read: Reader
    details: dict[str, str] = field(default_factory=dict)
    lazy: Callable[[Sequence[str]], pl.LazyFrame] | None = None
    first_row: int = 2
    whole: Callable[[bool, int], bool] = _always
    kinds: Mapping[str, pl.DataType] = field(default_factory=dict)
    natively: Callable[[Sequence[str], Collection[str]], pl.LazyFrame] | None = None

    def sample(self, columns: Sequence[str], rows: int) -> pl.DataFrame:
        """The first rows of some columns."""
        for frame in self.read(columns, [], rows):
            return frame
        return pl.DataFrame(schema=dict.fromkeys([*columns, ROW], pl.String))


def unique_names(header: Sequence[str | None]) -> list[str]:
    """Column names without doubles or blanks: `Comment`, `Comment (2)`, `(column 7)`."""
    seen: dict[str, int] = {}
    names = []
    for number, raw in enumerate(header, 1):
        name = (raw or "").strip().lstrip("\ufeff") or f"(column {number})"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def text_frame(rows: list[Any], columns: Sequence[str]) -> pl.DataFrame:
    schema = {ROW: pl.UInt32, **dict.fromkeys(columns, pl.String)}
    return pl.DataFrame(rows, schema=schema, orient="row", strict=False)


def batched(rows: Iterator[tuple[Any, ...]], columns: Sequence[str], size: int) -> Iterator[pl.DataFrame]:
    while held := list(islice(rows, size)):
        yield text_frame(held, columns)


def as_text(value: Any) -> str | None:
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
