"""The account of what was read: files, rows, and rows that could not be."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Future


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
    sha256: Future[str]
    rows: int = 0
    rejected: int = 0


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
