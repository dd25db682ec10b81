"""JSON Lines as a table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from cs_audit.sources.encoding import damaged, utf8_file
from cs_audit.sources.tables import BadRow, Table, as_text, batched


def jsonl_table(path: Path, folder: Path, encoding: str | None) -> Table:
    text = utf8_file(path, folder, encoding)

    def rows(bad: list[BadRow]) -> Iterator[tuple[int, dict[str, Any]]]:
        with text.path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                if damaged(line):
                    bad.append(BadRow(number, "holds bytes that are no valid text in its encoding"))
                    continue
                try:
                    row = _loaded(line)
                except (ValueError, RecursionError) as error:
                    bad.append(BadRow(number, f"is not valid JSON ({str(error)[:80]})"))
                    continue
                if isinstance(row, dict):
                    yield number, row
                else:
                    bad.append(BadRow(number, "is not a JSON object"))

    names = list(dict.fromkeys(key for _, row in rows([]) for key in row))

    def read(columns: Sequence[str], bad: list[BadRow], size: int) -> Iterator[pl.DataFrame]:
        cells = ((number, *(as_text(row.get(each)) for each in columns)) for number, row in rows(bad))
        yield from batched(cells, columns, size)

    return Table(path, "jsonl", names, read, {"encoding": text.encoding}, first_row=1)


def _loaded(line: str) -> Any:
    """The value of a line; half a surrogate pair, which no file can hold, is a replacement character."""
    if "\\ud" in line.lower():
        text = json.dumps(json.loads(line), ensure_ascii=False)
        line = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return json.loads(line)
