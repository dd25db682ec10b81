"""Whether every row of a delimited file is whole: what its fast reader cannot tell."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_CHUNK = 8 << 20
_THREADS = 2
_END, _RETURN, _QUOTE = b'\n\r"'


@dataclass(frozen=True)
class _Part:
    """What one chunk of the file tells: whether its whole rows are sound, and its ragged edges.

    `head` and `tail` count separators before the first and after the last line end; `first` and `last` are the
    places of those ends in the file, -1 without any (then all is `head`).
    """

    sound: bool
    head: int
    tail: int
    first: int
    last: int


def rows_are_whole(path: Path, separator: str, width: int) -> bool:
    """Whether every row of a UTF-8 file has `width` fields or is blank; a passage over its bytes in chunks.

    Separators and line ends inside quotes are text. Whether a chunk begins inside quotes follows from the number of
    quotes before it, so that chunks can be looked at side by side.
    """
    open_row, ended = 0, -1
    with ThreadPoolExecutor(_THREADS) as pool:
        for part in pool.map(lambda job: _look(path, job[0], job[1], ord(separator), width), list(_jobs(path))):
            if not part.sound:
                return False
            if part.first < 0:
                open_row += part.head
                continue
            if open_row + part.head != width - 1 and not _blank(path, ended + 1, part.first):
                return False
            open_row, ended = part.tail, part.last
    return open_row == width - 1 or _blank(path, ended + 1, path.stat().st_size)


def _blank(path: Path, start: int, end: int) -> bool:
    """Whether a row holds nothing, or a lone carriage return."""
    with path.open("rb") as file:
        file.seek(start)
        return end - start <= 1 and file.read(end - start) in (b"", b"\r")


def _jobs(path: Path) -> Iterator[tuple[int, int]]:
    """Where each chunk begins, and whether that is inside quotes (1) or not (0)."""
    with path.open("rb") as file:
        inside, start = 0, 0
        while chunk := file.read(_CHUNK):
            yield start, inside
            inside ^= _quotes(chunk)
            start += len(chunk)


def _quotes(chunk: bytes) -> int:
    """1 for an odd number of quotes, else 0."""
    return int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == _QUOTE)) & 1


def _look(path: Path, start: int, inside: int, separator: int, width: int) -> _Part:
    data = np.fromfile(path, np.uint8, _CHUNK, offset=start)
    places = np.flatnonzero((data == separator) | (data == _END) | (data == _QUOTE))
    kind = data[places]
    outside = (np.cumsum(kind == _QUOTE, dtype=np.int32) + inside) % 2 == 0
    ends = np.flatnonzero((kind == _END) & outside)
    seen = np.cumsum((kind == separator) & outside, dtype=np.int32)
    total = int(seen[-1]) if len(seen) else 0
    if not len(ends):
        return _Part(sound=True, head=total, tail=0, first=-1, last=-1)
    counts, lengths = np.diff(seen[ends]), np.diff(places[ends]) - 1
    blank = (lengths == 0) | ((lengths == 1) & (data[places[ends[1:]] - 1] == _RETURN))
    sound = bool(((counts == width - 1) | blank).all())
    head, tail = int(seen[ends[0]]), total - int(seen[ends[-1]])
    return _Part(sound, head, tail, start + int(places[ends[0]]), start + int(places[ends[-1]]))
