"""Values that are unknown, missing or beyond reason come to the same in the fast pass and in the slow one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cs_audit.config.load import parse_config
from cs_audit.sources.files import FileReader

COLUMNS = ("ticket", "occurred_at", "author", "channel", "public", "status", "team")
ROWS = [
    ("1", "2026-01-13T09:30:00Z", "requester", "email", "true", "open", "A"),
    ("1", "2026-01-13T09:31:00+03:00", "carrier pigeon", "smoke signals", "", "", ""),
    ("2", "2026-01-13T09:32:00Z", "", "", "no", "", "B"),
    ("3", "9999-01-13T09:33:00Z", "agent", "email", "true", "", "A"),
    ("4", "2026-01-13T09:34:00Z", "agent", "email", "perhaps", "", "A"),
    ("5", "2026-01-13T09:35:00Z", "agent", "n/a", "n/a", "n/a", "n/a"),
]


@pytest.fixture
def reader(tmp_path: Path) -> Any:
    lines = [",".join(COLUMNS), *(",".join(row) for row in ROWS)]
    (tmp_path / "desk.csv").write_text("\n".join(lines) + "\n", "utf-8")
    source = {"type": "csv", "path": "desk.csv", "columns": {name: name for name in COLUMNS}, "missing": ["n/a"]}
    config = parse_config({"sources": {"desk": source}}, folder=tmp_path)
    with ThreadPoolExecutor(1) as hashes:
        yield FileReader(
            name="desk", config=config.sources["desk"], folder=tmp_path, copies=tmp_path, automatic=config.automatic,
            needs=frozenset(COLUMNS), timezone=None, hashes=hashes,
        )  # fmt: skip


@pytest.mark.parametrize("slow", [False, True])
def test_every_value_is_told_and_rows_that_cannot_be_read_are_listed(reader: FileReader, slow: bool) -> None:  # noqa: FBT001
    frame = pl.concat(reader.batches(slow=slow))
    told = frame.select(
        "ticket", *(pl.col(name).cast(pl.String) for name in ("author", "channel", "status", "team")), "public"
    )
    assert told.rows() == [
        ("1", "requester", "email", "open", "A", True),
        ("1", "unknown", "other", None, None, True),
        ("2", "unknown", None, None, "B", False),
        ("5", "agent", None, None, None, True),
    ]
    assert "literal" not in frame.columns
    assert [(each.row, each.column) for each in reader.rejects] == [(5, "occurred_at"), (6, "public")]
