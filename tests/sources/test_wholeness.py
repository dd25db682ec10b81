"""Rows with all their fields, told from the bytes as the standard library tells them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_audit.sources import wholeness

CELLS = st.sampled_from(["", "a", "x,y", 'q"q', "l\nm", "l\r\n,m", ",\n"])


@st.composite
def files(draw):
    width = draw(st.integers(2, 4))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=draw(st.sampled_from(["\n", "\r\n"])))
    writer.writerow(["h"] * width)
    for _ in range(draw(st.integers(0, 8))):
        if draw(st.integers(0, 9)) == 0:
            out.write("\n")
        else:
            fields = width if draw(st.integers(0, 9)) else draw(st.integers(1, width))
            writer.writerow(draw(st.lists(CELLS, min_size=fields, max_size=fields)))
    text = out.getvalue()
    return (text.rstrip("\r\n") if draw(st.booleans()) else text), width


@given(files(), st.integers(5, 60))
def test_agrees_with_the_standard_library_whatever_the_chunks(tmp_path_factory, made, chunk):
    text, width = made
    path = tmp_path_factory.mktemp("whole") / "f.csv"
    path.write_bytes(text.encode())
    expected = all(len(row) in (0, width) for row in csv.reader(io.StringIO(text, newline="")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wholeness, "_CHUNK", chunk)
        assert wholeness.rows_are_whole(path, ",", width) == expected
