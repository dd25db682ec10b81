"""Files that were read before: told by name, size and time at once, and by their SHA-256 in the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cs_audit.sources.known import Outdated
from cs_audit.sources.ledger import Input, Reject, sha256_of

if TYPE_CHECKING:
    from concurrent.futures import Executor

Json = Any


def recalled(ledger: Json, paths: Sequence[Path], hashes: Executor) -> tuple[list[Input], list[Reject]] | None:
    """What stood in the ledger, if all files look as they did; their digests are then taken beside the audit."""
    if ledger["files"] != _files(paths):
        return None
    inputs = [Input(**each | {"sha256": hashes.submit(sha256_of, Path(each["path"]))}) for each in ledger["inputs"]]
    return inputs, [Reject(**each) for each in ledger["rejects"]]


def ledger(paths: Iterable[Path], inputs: Iterable[Input], rejects: Iterable[Reject]) -> Json:
    """What is remembered of files that were read. Waits for their digests."""
    told = [{**vars(each), "details": dict(each.details), "sha256": each.sha256.result()} for each in inputs]
    return {"files": _files(paths), "inputs": told, "rejects": [asdict(each) for each in rejects]}


def check(ledger: Json, inputs: Sequence[Input]) -> None:
    """Demand that files which were not read again are the same to the byte.

    Raises:
        Outdated: one of them is not.
    """
    if [each["sha256"] for each in ledger["inputs"]] != [each.sha256.result() for each in inputs]:
        raise Outdated


def _files(paths: Iterable[Path]) -> list[list[Any]]:
    found = ((path, path.stat()) for path in paths)
    return [[str(path), told.st_size, told.st_mtime_ns] for path, told in found]
