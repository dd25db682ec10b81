"""Reading a store, also while a pull writes to it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from cs_audit.store.canonical import unpack
from cs_audit.store.errors import damaged, told
from cs_audit.store.schema import connect
from cs_audit.store.values import (
    TICKET,
    Bundle,
    Completeness,
    Counts,
    Cursor,
    Held,
    Record,
    Tombstone,
    Version,
    instant,
)
from cs_audit.worded import said, verbatim

_TICKETS = (
    "SELECT id, version, fetched_at, packed, sha256, revision, gone, reason, gone_version, gone_fetched_at, merged_into"
    " FROM ticket WHERE source = ?"
)
_RECORDS = (
    "SELECT kind, id, version, fetched_at, packed, sha256 FROM item JOIN payload USING (number)"
    " WHERE source = ? AND kind = ? ORDER BY id"
)
_CHANGED = (
    "SELECT id FROM item WHERE source = ?1 AND kind = ?2 AND revision > ?3 UNION"
    " SELECT ticket FROM tombstone WHERE ?2 = 'ticket' AND source = ?1 AND revision > ?3 ORDER BY 1"
)
_SEEN = (
    "SELECT count(*) FROM (SELECT id FROM item WHERE source = ?1 AND kind = ?2 AND fetched_at >= ?3 UNION"
    " SELECT ticket FROM tombstone WHERE ?2 = 'ticket' AND source = ?1 AND fetched_at >= ?3)"
)
_STATES = (
    "SELECT id, lower(hex(sha256)), gone, reason, gone_version, gone_fetched_at FROM ticket"
    " WHERE source = ? ORDER BY id"
)
_IDENTITIES = "SELECT kind, id, version, lower(hex(sha256)) FROM item WHERE source = ? ORDER BY kind, id"
_EXPECTED = (
    "SELECT source, stream, expected_kind, expected, expected_whole, started_at"
    " FROM stream WHERE expected IS NOT NULL ORDER BY source, stream"
)
_TOMBSTONES = (
    "SELECT ticket, reason, version, fetched_at, merged_into FROM grave WHERE source = ? AND stands ORDER BY ticket"
)
_GRAVES = "SELECT count(*), ifnull(sum(pulled), 0) FROM grave WHERE source = ? AND stands"
_CURSOR = "SELECT cursor, last, full, started_at, finished, as_of FROM stream WHERE source = ? AND stream = ?"
T = TypeVar("T")


class Reader:
    """A store that is only read. Any number of programs may read while one run writes.

    Every method may raise StoreError, when the file turns out to be damaged.
    """

    def __init__(self, path: Path, link: sqlite3.Connection) -> None:
        self.path = path
        self._link = link

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._link.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read inside is all of one moment, whatever a pull commits meanwhile."""
        outer = self._link.in_transaction
        if not outer:
            with told(self.path):
                self._link.execute("BEGIN")
        try:
            yield
        finally:
            if not outer:
                self._link.rollback()

    def check(self) -> None:
        """Read the whole file for damage (minutes, if it is large).

        Raises:
            StoreError: with the first damage found.
        """
        found = self._one("PRAGMA quick_check(1)")[0]
        if found != "ok":
            raise damaged(self.path, verbatim(found))
        for source in self.sources():
            for kind in self.kinds(source):
                for _ in self.records(source, kind):
                    pass

    @property
    def revision(self) -> int:
        """Grows with each page that is committed."""
        return int(self._one("SELECT revision FROM state")[0])

    def sources(self) -> list[str]:
        """The sources whose pull ever began, sorted."""
        return list(self._each(str, "SELECT DISTINCT source FROM stream ORDER BY source"))

    def streams(self, source: str) -> list[str]:
        """The streams of a source whose pull ever began, sorted."""
        return list(self._each(str, "SELECT stream FROM stream WHERE source = ? ORDER BY stream", source))

    def kinds(self, source: str) -> list[str]:
        """The kinds of what a source has given, sorted; `ticket` is that of bundles."""
        return list(self._each(str, "SELECT DISTINCT kind FROM item WHERE source = ? ORDER BY kind", source))

    def bundles(self, source: str) -> Iterator[Held]:
        """The tickets of a source by id (as text), one at a time, with those that are gone.

        The iteration is of one moment. Write nothing through the same object meanwhile: open a second one to read.
        """
        return self._each(_held, f"{_TICKETS} ORDER BY id", source)

    def bundle(self, source: str, ticket: str) -> Held | None:
        """One ticket, or None if it was never pulled."""
        return next(iter(list(self._each(_held, f"{_TICKETS} AND id = ?", source, ticket))), None)

    def records(self, source: str, kind: str) -> Iterator[Record]:
        """The raw records of one kind by id (as text), one at a time."""
        return self._each(_record, _RECORDS, source, kind)

    def states(self, source: str) -> Iterator[tuple[str, str]]:
        """The tickets of a source by id, each with what changes when its `bundle` does."""
        return self._each(_state, _STATES, source)

    def identities(self, source: str) -> Iterator[tuple[str, str, Version, str]]:
        """Kind, id, version and SHA-256 of everything held of a source, in order; nothing is unpacked."""
        return self._each(lambda *row: row, _IDENTITIES, source)

    def tombstones(self, source: str) -> Iterator[Tombstone]:
        """The tickets that are gone, by id; also those that were never pulled."""
        return self._each(_tombstone, _TOMBSTONES, source)

    def changed_since(self, source: str, revision: int, kind: str = TICKET) -> Iterator[str]:
        """The ids whose content changed, or that went or came back, after `revision`; sorted."""
        return self._each(str, _CHANGED, source, kind, revision)

    def cursor(self, source: str, stream: str) -> Cursor | None:
        """Where the pull of a stream stands; None if it never began."""
        return next(iter(list(self._each(_cursor, _CURSOR, source, stream))), None)

    def counts(self, source: str, kind: str = TICKET) -> Counts:
        """How many records of a kind are held, and for tickets how many are gone."""
        held = self._one("SELECT count(*) FROM item WHERE source = ? AND kind = ?", source, kind)[0]
        stones, gone = self._one(_GRAVES, source) if kind == TICKET else (0, 0)
        return Counts(held - gone, gone, stones - gone)

    def completeness(self) -> list[Completeness]:
        """The helpdesks' own counts beside what is held, for each stream that gave one; by source and stream."""
        return list(self._each(self._completeness, _EXPECTED))

    def _completeness(self, source: str, stream: str, kind: str, count: int, whole: int, since: str) -> Completeness:
        held = self.counts(source, kind).live if whole else self._one(_SEEN, source, kind, since)[0]
        return Completeness(source, stream, kind, count, held)

    def _each(self, make: Callable[..., T], sql: str, *values: Any) -> Iterator[T]:
        """What `make` makes of each row, of the moment this is called."""
        with told(self.path):
            rows = self._link.execute(sql, values)
        return self._made(make, rows)

    def _made(self, make: Callable[..., T], rows: sqlite3.Cursor) -> Iterator[T]:
        with told(self.path):
            for row in rows:
                yield self._whole(make, row)

    def _whole(self, make: Callable[..., T], row: tuple[Any, ...]) -> T:
        try:
            return make(*row)
        except (TypeError, ValueError) as error:  # bytes that this program never wrote
            raise damaged(self.path, said(error)) from error

    def _one(self, sql: str, *values: Any) -> tuple[Any, ...]:
        [row] = self._each(lambda *row: row, sql, *values)
        return row


def read_store(path: Path) -> Reader:
    """The store at `path` for reading only.

    Raises:
        StoreError: there is none, it is damaged, of another program, or of another version of cs-audit.
    """
    path = path.resolve()
    return Reader(path, connect(path, writing=False))


def _held(*row: Any) -> Held:
    ticket, version, fetched_at, packed, sha256, revision, gone, *stone = row
    bundle = Bundle(ticket, version, instant(fetched_at), unpack(packed, sha256))
    return Held(bundle, _tombstone(ticket, *stone) if gone else None, revision)


def _state(ticket: str, sha256: str, gone: int, *stone: Any) -> tuple[str, str]:
    return ticket, " ".join((sha256, *map(str, stone))) if gone else sha256


def _record(kind: str, name: str, version: Version, fetched_at: str, packed: bytes, sha256: bytes) -> Record:
    return Record(kind, name, version, instant(fetched_at), unpack(packed, sha256))


def _tombstone(
    ticket: str, reason: Literal["deleted", "merged"], version: Version, fetched_at: str, merged_into: str
) -> Tombstone:
    return Tombstone(ticket, reason, version, instant(fetched_at), merged_into)


def _cursor(
    value: str | None, last: str | None, full: int, started_at: str, finished: int, as_of: str | None
) -> Cursor:
    value, last = (text and json.loads(text) for text in (value, last))
    until = instant(as_of) if as_of else None
    return Cursor(value, last, bool(full), instant(started_at), bool(finished), until)
