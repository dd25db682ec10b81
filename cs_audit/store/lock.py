"""One writer at a time: a lock that the operating system takes back when its process ends, however it ends."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from cs_audit.store.errors import StoreHeldError, told
from cs_audit.worded import NOTHING, Worded, worded


def take(store: Path) -> sqlite3.Connection:
    """Lock the store at `store` for this process, until the connection is closed or the process ends.

    The lock is SQLite's own on an empty file beside the store, so it works wherever SQLite does, and reading goes on.

    Raises:
        StoreHeldError: another run holds it.
        StoreError: the lock file cannot be made.
    """
    path = store.with_name(store.name + ".lock")
    with told(path):
        link = sqlite3.connect(path, isolation_level=None, timeout=0)
        try:
            link.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            link.close()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                raise _held(store) from error
            raise
    return link


def _held(store: Path) -> StoreHeldError:
    who = _holder(store)
    hint = worded("wait until it ends, or end that process: the lock ends with it, and what it had committed stays")
    return StoreHeldError(
        worded("another run writes to it: {who}", who=who) if who else worded("another run writes to it"),
        where=str(store),
        hint=hint,
    )


def _holder(store: Path) -> Worded:
    try:
        link = sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True, timeout=0)
        try:
            pid, since = link.execute("SELECT pid, since FROM state").fetchone()
        finally:
            link.close()
    except (sqlite3.Error, TypeError):
        return NOTHING  # it has only just begun to make the store
    return worded("process {pid}, since {since}", pid=pid, since=since) if pid else NOTHING
