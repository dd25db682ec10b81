"""The quick look at a file's bytes finds every row that is too short or too long, and only those."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_audit.sources import csv_table

cells = st.text(st.sampled_from('ab,"\n; '), max_size=5)


def _write(folder: Path, text: str) -> Path:
    path = folder / "rows.csv"
    path.write_bytes(text.encode())
    return path


@given(
    rows=st.lists(st.lists(cells, min_size=2, max_size=4), max_size=8),
    chunk=st.integers(1, 40),
    end=st.sampled_from(("\n", "\r\n")),
)
def test_rows_are_whole_if_all_have_the_width(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], chunk: int, end: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows([["x", "y", "z"], *rows])
    path = _write(tmp_path_factory.getbasetemp(), text.getvalue())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_table, "_CHUNK", chunk)
        found = csv_table.rows_are_whole(path, ",", 3)
    whole = all(len(row) == 3 for row in rows)
    assert found <= whole
    if chunk > len(text.getvalue()):
        assert found == whole


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("a,b\n1,2\n", True),
        ("a,b\n1,2", True),
        ("a,b\n\n\r\n1,\n", True),
        ("a,b\n1\n", False),
        ("a,b\n1", False),
        ("a,b\n1,2,3\n", False),
        ('a,b\n"1,\n,,",2\n', True),
        ('a,b\n"1,2\n', False),
        ("a,b", True),
    ],
)
def test_blank_lines_and_quotes_are_understood(tmp_path: Path, text: str, whole: bool) -> None:  # noqa: FBT001
    assert csv_table.rows_are_whole(_write(tmp_path, text), ",", 2) is whole
