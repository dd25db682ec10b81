"""Blank lines, quotes and short rows as the bytes of a file show them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cs_audit.sources.ledger import survey_of
from cs_audit.sources.wholeness import rows_are_whole


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
    path = tmp_path / "rows.csv"
    path.write_bytes(text.encode())
    paired = survey_of(path).quotes % 2 == 0
    assert (paired and rows_are_whole(path, ",", 2)) is whole
