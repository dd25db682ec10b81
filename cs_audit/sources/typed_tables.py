"""Parquet files and spreadsheets as tables: their cells have types of their own."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import polars as pl

from cs_audit.errors import SourceError
from cs_audit.sources.tables import LAST, ROW, BadRow, Table, as_text, batched, unique_names
from cs_audit.worded import worded

_MOST_CELL_BYTES, _MOST_RATIO = 400 << 20, 200


def parquet_table(path: Path) -> Table:
    try:
        schema = pl.Schema(pl.read_parquet_schema(path))
    except Exception as error:  # noqa: BLE001 - damaged files fail in many ways
        raise SourceError(
            worded("is no readable Parquet file ({error})", error=str(error).splitlines()[0][:100]),
            where=str(path),
            hint=worded("write it again"),
        ) from None

    os.environ.setdefault("POLARS_ROW_GROUP_PREFETCH_SIZE", "2")  # more of them fill the memory, and win no time

    def natively(columns: Sequence[str], some: Collection[str]) -> pl.LazyFrame:
        told = (pl.col(name) if name in some else plain(name, schema[name]) for name in dict.fromkeys(columns))
        return pl.scan_parquet(path, glob=False).select(*told, pl.lit(value=False).alias(LAST))

    def lazy(columns: Sequence[str]) -> pl.LazyFrame:
        return natively(columns, ())

    def read(columns: Sequence[str], _: list[BadRow], size: int) -> Iterator[pl.DataFrame]:
        seen = 1
        for batch in lazy(columns).collect_batches(chunk_size=size, maintain_order=True):
            yield batch.drop(LAST).with_row_index(ROW, seen)
            seen += batch.height

    return Table(path, "parquet", schema.names(), read, {}, lazy, first_row=1, kinds=schema, natively=natively)


def plain(name: str, kind: pl.DataType) -> pl.Expr:
    """A column of this type as text; instants and texts as they are."""
    column = pl.col(name)
    if isinstance(kind, pl.Datetime) or kind == pl.String:
        return column
    if kind == pl.Duration:
        return column.dt.to_string("iso")
    if isinstance(kind, pl.List):
        return column.cast(pl.List(pl.String)).list.join("|")
    if kind.is_float():
        return column.cast(pl.String).str.strip_suffix(".0")
    return column.cast(pl.String)


def xlsx_table(path: Path, sheet: str | None) -> Table:
    import python_calamine  # noqa: PLC0415 - only for spreadsheets

    _refuse_bomb(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        name = _sheet(book.sheet_names, sheet, path)
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except SourceError:
        raise
    except Exception as error:  # noqa: BLE001 - damaged files fail in many ways
        raise SourceError(
            worded("is no readable spreadsheet ({error})", error=str(error)[:100]),
            where=str(path),
            hint=worded("save it as .xlsx again, or as .csv"),
        ) from None
    header = [as_text(each) for each in rows[0]] if rows else []
    names = unique_names(header)

    def read(columns: Sequence[str], _: list[BadRow], size: int) -> Iterator[pl.DataFrame]:
        places = [names.index(each) for each in columns]
        cells = (
            (number, *(as_text(row[place]) for place in places)) for number, row in enumerate(rows[1:], 2) if any(row)
        )
        yield from batched(cells, columns, size)

    return Table(path, "xlsx", names, read, {"sheet": name})


def _sheet(names: Sequence[str], wanted: str | None, path: Path) -> str:
    if wanted is not None and wanted not in names:
        hint = worded("its sheets are: {known}", known=", ".join(names))
        raise SourceError(worded("has no sheet {wanted!r}", wanted=wanted), where=str(path), hint=hint)
    if not names:
        raise SourceError(worded("has no sheet"), where=str(path), hint=worded("save it as .csv"))
    return wanted or names[0]


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(each.file_size for each in archive.infolist())
    except (OSError, zipfile.BadZipFile):
        return
    if size > _MOST_CELL_BYTES or size > _MOST_RATIO * max(path.stat().st_size, 1):
        raise SourceError(
            worded("unpacks to {size} MB, more than cs-audit takes from a spreadsheet", size=size >> 20),
            where=str(path), hint=worded("export the data as .csv"),
        )  # fmt: skip
