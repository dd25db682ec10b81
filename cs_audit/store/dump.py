"""All that a store says, in one order: to compare stores, and to read them without this program."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import chain
from typing import Any

from cs_audit.store.canonical import canonical
from cs_audit.store.reading import Reader
from cs_audit.store.values import Cursor


def dump(store: Reader) -> Iterator[bytes]:
    """The store as lines of JSON: by source its records, tombstones and streams.

    Left out is what depends on when it was pulled and not on what: times of fetching, of runs, and revisions.
    """
    with store.snapshot():
        for source in store.sources():
            for line in _lines(store, source):
                yield canonical({"source": source, **line}) + b"\n"


def digest(store: Reader) -> str:
    """A SHA-256 that is equal for stores whose `dump`s are: in place of what was pulled it sums its own SHA-256."""
    summed = hashlib.sha256()
    with store.snapshot():
        for source in store.sources():
            held = ({"held": each} for each in store.identities(source))
            for line in chain(held, _progressed(store, source)):
                summed.update(canonical({"source": source, **line}) + b"\n")
    return summed.hexdigest()


def _lines(store: Reader, source: str) -> Iterator[dict[str, Any]]:
    for kind in store.kinds(source):
        for record in store.records(source, kind):
            yield {"kind": kind, "id": record.id, "version": record.version, "payload": record.payload}
    yield from _progressed(store, source)


def _progressed(store: Reader, source: str) -> Iterator[dict[str, Any]]:
    for stone in store.tombstones(source):
        yield {"gone": stone.ticket, "reason": stone.reason, "into": stone.merged_into, "version": stone.version}
    expected = {each.stream: {each.kind: each.expected} for each in store.completeness() if each.source == source}
    for stream in store.streams(source):
        yield {"stream": stream, "expected": expected.get(stream), **_progress(store.cursor(source, stream))}


def _progress(cursor: Cursor | None) -> dict[str, Any]:
    return {name: getattr(cursor, name) for name in ("value", "last", "finished")}
