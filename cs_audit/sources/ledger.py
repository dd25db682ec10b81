"""The account of what was read: files, rows, and rows that could not be."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from concurrent.futures import Future

_BLOCK = 1 << 18
_QUOTE = ord('"')


@dataclass(frozen=True)
class Reject:
    """A row that could not be read whole: where it is, and why."""

    file: str
    row: int
    ticket: str
    column: str
    value: str
    problem: str

    def __str__(self) -> str:
        subject = f"{self.column} {self.value!r} " if self.column else ""
        return f"{self.file}, row {self.row}: {subject}{self.problem}"


@dataclass
class Input:
    """One file that was read: what it was and how many rows came out of it."""

    source: str
    path: str
    type: str
    details: Mapping[str, str]
    survey: Future[Survey]
    rows: int = 0
    rejected: int = 0

    @property
    def sha256(self) -> str:
        """The SHA-256 of its bytes; waits for it."""
        return self.survey.result().sha256


@dataclass(frozen=True)
class Survey:
    """What a passage over a file's bytes tells: their SHA-256 in hexadecimal digits, and how many quotes there are."""

    sha256: str
    quotes: int = 0


def survey_of(path: Path) -> Survey:
    """The survey of a file, read once in blocks that fit the processor's cache.

    Raises:
        OSError: it cannot be read.
    """
    digest, quotes, block = hashlib.sha256(), 0, memoryview(bytearray(_BLOCK))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(block):
            digest.update(block[:size])
            quotes += int(np.count_nonzero(np.frombuffer(block[:size], np.uint8) == _QUOTE))
    return Survey(digest.hexdigest(), quotes)
