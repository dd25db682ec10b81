"""Writing a store: pages with their cursors, each in one transaction."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cs_audit.errors import AuditError
from cs_audit.store.canonical import canonical
from cs_audit.store.errors import told
from cs_audit.store.lock import take
from cs_audit.store.page import Page
from cs_audit.store.reading import Reader
from cs_audit.store.schema import connect, make_room
from cs_audit.store.values import (
    TICKET,
    Bundle,
    Cursor,
    Record,
    Tombstone,
    Written,
    named,
    stamp,
)
from cs_audit.worded import verbatim

_BEGIN = (
    "INSERT INTO stream (source, stream, full, started_at) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (source, stream) DO UPDATE SET full = excluded.full, started_at = excluded.started_at,"
    " cursor = NULL, finished = 0, expected = NULL, expected_kind = NULL, expected_whole = NULL"
)
_FINISH = "UPDATE stream SET finished = 1, last = ifnull(cursor, last), as_of = ? WHERE source = ? AND stream = ?"
_EXPECT = "UPDATE stream SET expected = ?, expected_kind = ?, expected_whole = ? WHERE source = ? AND stream = ?"


class Store(Reader):
    """A store that this process alone writes, until it is closed or the process ends.

    Every method may raise StoreError (the file is damaged) or StoreFullError (the disk is full). What was committed
    before stays either way.
    """

    def __init__(self, path: Path, link: sqlite3.Connection, lock: sqlite3.Connection) -> None:
        super().__init__(path, link)
        self._lock = lock

    def close(self) -> None:
        """Let go of the file and the lock."""
        super().close()
        self._lock.close()

    def begin(
        self, source: str, stream: str, *, started_at: dt.datetime, full: bool = False, restart: bool = False
    ) -> Cursor:
        """Begin the pull of a stream, or go on with the one that was interrupted.

        An interrupted full run is gone on with even if a smaller one is asked for, for it is still owed. The first run
        of a stream is full.

        Args:
            source: name of the source in the configuration.
            stream: name of the stream among those of its connector.
            started_at: kept with a new run; use the clock that `fetched_at` is from.
            full: take everything, whatever was pulled before.
            restart: give an interrupted run up, as when its cursor has expired; begun full, it stays full.
        """
        held = self.cursor(source, stream)
        owed = held is None or held.as_of is None or (held.full and not held.finished)
        if held is None or held.finished or restart or (full and not held.full):
            with self._transaction():
                self._run(_BEGIN, named(source), named(stream), full or owed, stamp(started_at))
        return self._running(source, stream)

    def put_page(
        self,
        source: str,
        stream: str,
        *,
        cursor: Any,
        bundles: Iterable[Bundle] = (),
        records: Iterable[Record] = (),
        tombstones: Iterable[Tombstone] = (),
    ) -> Written:
        """Store all of one page and the cursor that leads on from it, or nothing.

        What is held is only replaced by what has a greater version, or the same one and was fetched later, or both the
        same and a greater hash: so pages may come twice and in any order. Same content is not written again; only the
        time it was last given moves. A tombstone stands until the ticket is given in a greater version, or later in
        the same; what was pulled of the ticket stays.

        Args:
            source: as in `begin`.
            stream: as in `begin`.
            cursor: a JSON value other than None, from which an interrupted run goes on.
            bundles: whole tickets. Leave out the husk that some helpdesks give of a deleted ticket: it would replace
                the evidence.
            records: what is not a ticket.
            tombstones: tickets that are gone.

        Raises:
            StoreError: a payload has no JSON form, or versions changed between text and numbers.
            AuditError: the run was not begun, or an id, version or instant is none.
        """
        if cursor is None:
            raise AuditError(verbatim("a page needs a cursor to go on from"))
        self._running(source, stream)
        with self._transaction():
            page = Page(self.path, self._link, source, self.revision + 1)
            for each in bundles:
                page.put(Record(TICKET, each.ticket, each.version, each.fetched_at, each.payload))
            for record in records:
                page.put(record)
            for tombstone in tombstones:
                page.bury(tombstone)
            mark = canonical(cursor).decode()
            self._run("UPDATE stream SET cursor = ? WHERE source = ? AND stream = ?", mark, source, stream)
            self._run("UPDATE state SET revision = ?", page.revision)
        return Written(page.revision, page.changed)

    def expected(self, source: str, stream: str, count: int, *, kind: str = TICKET, whole: bool = True) -> None:
        """Keep the helpdesk's own count with the run, for `completeness`.

        Args:
            source: as in `begin`.
            stream: as in `begin`.
            count: how many there are.
            kind: what it counts.
            whole: it counts all there are now (compared with all held that are not gone), not just what this run is to
                bring (compared with what was given since it began).
        """
        self._running(source, stream)
        with self._transaction():
            self._run(_EXPECT, count, kind, whole, source, stream)

    def finish(self, source: str, stream: str, *, as_of: dt.datetime) -> None:
        """The run is complete: it has brought all changes up to `as_of`, by the helpdesk's clock when it began."""
        self._running(source, stream)
        with self._transaction():
            self._run(_FINISH, stamp(as_of), source, stream)

    def _running(self, source: str, stream: str) -> Cursor:
        held = self.cursor(source, stream)
        if held is None or held.finished:
            raise AuditError(verbatim(f"the pull of {source}, {stream} was not begun"))
        return held

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._link.in_transaction:
            raise AuditError(verbatim("a store is written to inside its own snapshot"))
        self._run("BEGIN IMMEDIATE")
        try:
            yield
            self._run("COMMIT")
        finally:
            if self._link.in_transaction:
                self._link.rollback()

    def _run(self, sql: str, *values: Any) -> None:
        with told(self.path):
            self._link.execute(sql, values)


def open_store(path: Path, *, since: dt.datetime) -> Store:
    """The store at `path` for writing; made if there is none.

    Args:
        path: the file.
        since: now, for the message to another run that finds it held.

    Raises:
        StoreHeldError: another run holds it.
        StoreError: it cannot be made, is damaged, of another program, or of a newer cs-audit.
    """
    path = path.resolve()
    make_room(path)
    lock = take(path)
    try:
        link = connect(path, writing=True)
        with told(path):
            link.execute("UPDATE state SET pid = ?, since = ?", (os.getpid(), stamp(since)))
    except BaseException:
        lock.close()
        raise
    return Store(path, link, lock)
