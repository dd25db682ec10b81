"""Files that were read before: told by name, size and time at once, and by their SHA-256 in the end.

The SHA-256 of a file that nobody can have touched since it was taken is not taken again: its place on the disk and the
time of its last change, which the system keeps and nobody sets, are what they were then.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from cs_audit.sources.known import Extent, KnownFiles, Outdated
from cs_audit.sources.ledger import Input, Reject, Survey, survey_of

if TYPE_CHECKING:
    from concurrent.futures import Executor


@dataclass(kw_only=True)
class Recalling:
    """A source of files with its account of what was read, which may be that of an earlier audit."""

    inputs: list[Input] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    before: KnownFiles | None = None
    """What of an earlier audit is at hand: files that look as they did then are not read again."""
    recalled: bool = False
    looks: list[list[Any]] = field(default_factory=list)
    """How the files looked before anything was read."""

    def paths(self) -> list[Path]:
        """The files."""
        raise NotImplementedError

    def recall(self, hashes: Executor) -> bool:
        """Take the account of the earlier audit, if all files look as they did; the digests of those that may have been
        touched are taken meanwhile.
        """
        try:
            self.looks = _looks(self.paths())
        except OSError:
            return False  # who reads them says what is wrong
        then = self.before.ledger["files"] if self.before else None
        self.recalled = then is not None and _outwardly(then) == _outwardly(self.looks)
        if self.recalled and self.before:
            told = self.before.ledger
            self.rejects = [Reject(**each) for each in told["rejects"]]
            untouched = os.name == "posix" and then == self.looks
            self.inputs = [_input(each, None if untouched else hashes) for each in told["inputs"]]
        return self.recalled

    @property
    def unread(self) -> Extent:
        """See `gathered.Source`."""
        return self.before.extent if self.recalled and self.before else Extent()

    @property
    def holding(self) -> pl.Series | None:
        """See `gathered.Source`."""
        return None if self.recalled else pl.Series([], dtype=pl.String)

    def known(self, extent: Extent) -> KnownFiles:
        """See `gathered.Source`.

        Raises:
            Outdated: files that were not read again are not what they were.
        """
        if not self.recalled or self.before is None:
            return KnownFiles(self._ledger(), extent)
        if [each["sha256"] for each in self.before.ledger["inputs"]] != [each.sha256 for each in self.inputs]:
            raise Outdated
        return KnownFiles({**self.before.ledger, "files": self.looks}, self.before.extent)

    def _ledger(self) -> Any:
        """The account as a JSON value. Waits for the digests."""
        told = [_told(each) for each in self.inputs]
        return {"files": self.looks, "inputs": told, "rejects": [asdict(each) for each in self.rejects]}


def _told(each: Input) -> dict[str, Any]:
    plain = {name: value for name, value in vars(each).items() if name != "survey"}
    return {**plain, "details": dict(each.details), "sha256": each.sha256}


def _input(told: dict[str, Any], hashes: Executor | None) -> Input:
    plain = {name: value for name, value in told.items() if name != "sha256"}
    if hashes is not None:
        return Input(**plain, survey=hashes.submit(survey_of, Path(told["path"])))
    survey: Future[Survey] = Future()
    survey.set_result(Survey(told["sha256"]))
    return Input(**plain, survey=survey)


def _looks(paths: Iterable[Path]) -> list[list[Any]]:
    """Of each file its name, size and time, and what tells that it was not touched."""
    found = ((path, path.stat()) for path in paths)
    return [
        [str(path), told.st_size, told.st_mtime_ns, told.st_ctime_ns, told.st_ino, told.st_dev] for path, told in found
    ]


def _outwardly(looks: list[list[Any]]) -> list[list[Any]]:
    return [each[:3] for each in looks]
