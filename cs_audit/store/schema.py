"""The tables, and how a file becomes a store: made, brought up to date, or refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from cs_audit.store.errors import StoreError, damaged, told
from cs_audit.worded import reason_of, worded

APPLICATION = 0x63734175
"""Marks the file as a store of cs-audit (`PRAGMA application_id`)."""

_FIRST = """
CREATE TABLE item (
  number INTEGER PRIMARY KEY,
  source TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
  version NOT NULL, fetched_at TEXT NOT NULL, sha256 BLOB NOT NULL, revision INTEGER NOT NULL,
  UNIQUE (source, kind, id)
);
CREATE INDEX item_by_revision ON item (source, kind, revision);
CREATE TABLE payload (number INTEGER PRIMARY KEY REFERENCES item (number), packed BLOB NOT NULL);
CREATE TABLE tombstone (
  source TEXT NOT NULL, ticket TEXT NOT NULL, reason TEXT NOT NULL, merged_into TEXT NOT NULL,
  version NOT NULL, fetched_at TEXT NOT NULL, revision INTEGER NOT NULL,
  PRIMARY KEY (source, ticket)
) WITHOUT ROWID;
CREATE INDEX tombstone_by_revision ON tombstone (source, revision);
CREATE TABLE stream (
  source TEXT NOT NULL, stream TEXT NOT NULL, full INTEGER NOT NULL, started_at TEXT NOT NULL, cursor TEXT,
  finished INTEGER NOT NULL DEFAULT 0, last TEXT, as_of TEXT,
  expected INTEGER, expected_kind TEXT, expected_whole INTEGER,
  PRIMARY KEY (source, stream)
) WITHOUT ROWID;
CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL, pid INTEGER, since TEXT);
INSERT INTO state VALUES (1, 0, NULL, NULL);
-- A ticket is gone if the helpdesk said so no earlier than it last gave the ticket, in whatever order both arrived.
CREATE VIEW ticket AS
SELECT item.source, id, item.version, item.fetched_at, packed, sha256,
  max(item.revision, ifnull(tombstone.revision, 0)) AS revision,
  reason, tombstone.version AS gone_version, tombstone.fetched_at AS gone_fetched_at, merged_into,
  ifnull((tombstone.version, tombstone.fetched_at) >= (item.version, item.fetched_at), 0) AS gone
FROM item JOIN payload USING (number)
LEFT JOIN tombstone ON tombstone.source = item.source AND tombstone.ticket = item.id
WHERE kind = 'ticket';
CREATE VIEW grave AS
SELECT tombstone.source, ticket, reason, merged_into, tombstone.version, tombstone.fetched_at,
  number IS NOT NULL AS pulled,
  ifnull((tombstone.version, tombstone.fetched_at) >= (item.version, item.fetched_at), 1) AS stands
FROM tombstone LEFT JOIN item ON item.source = tombstone.source AND kind = 'ticket' AND id = ticket;
"""

SCHEMAS: tuple[str, ...] = (_FIRST,)
"""What leads from each version of the tables to the next; `PRAGMA user_version` says how many were run."""


def connect(path: Path, *, writing: bool) -> sqlite3.Connection:
    """A connection to the store at `path`; a writing one makes the store or brings it up to date.

    Raises:
        StoreError: there is no store, it is damaged, of another program, or of another version of cs-audit.
    """
    if not path.exists() and not writing:
        raise StoreError(worded("there is no store"), where=str(path), hint=worded("cs-audit pull makes it"))
    with told(path):
        uri = f"{path.as_uri()}?mode={'rw' if writing else 'ro'}"
        link = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30)
        try:
            _prepare(link, path, writing=writing)
        except BaseException:
            link.close()
            raise
        return link


def make_room(path: Path) -> None:
    """Make an empty file, and its folder, where there is none; nobody but its owner may read it.

    Raises:
        StoreError: the system refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():  # opening a file that SQLite has open would drop its locks
            path.touch(mode=0o600)
    except OSError as error:
        hint = worded("name a file in a folder that may be written")
        raise StoreError(worded("cannot be made: {why}", why=reason_of(error)), where=str(path), hint=hint) from error


def _prepare(link: sqlite3.Connection, path: Path, *, writing: bool) -> None:
    version = _version(link, path)
    if not writing:
        _refuse_old(version, path)
        return
    if link.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
        raise StoreError(
            worded("cannot be read while it is written"), where=str(path), hint=worded("put it on a local disk")
        )
    link.execute("PRAGMA synchronous = FULL")
    link.execute("PRAGMA foreign_keys = ON")
    for number, script in enumerate(SCHEMAS[version:], version + 1):
        _upgrade(link, script, number)


def _version(link: sqlite3.Connection, path: Path) -> int:
    version = int(link.execute("PRAGMA user_version").fetchone()[0])
    application = int(link.execute("PRAGMA application_id").fetchone()[0])
    tables = link.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != APPLICATION and (application or version or tables):
        raise StoreError(
            worded("belongs to another program"), where=str(path), hint=worded("name another file for the store")
        )
    if version > len(SCHEMAS):
        hint = worded("use the newer cs-audit, or pull into another file")
        raise StoreError(worded("was written by a newer cs-audit"), where=str(path), hint=hint)
    if application and not tables:
        raise damaged(path, worded("its tables are gone"))
    return version


def _refuse_old(version: int, path: Path) -> None:
    if version == 0:
        raise StoreError(worded("nothing has been pulled yet"), where=str(path), hint=worded("run cs-audit pull"))
    if version < len(SCHEMAS):
        raise StoreError(
            worded("was written by an older cs-audit"),
            where=str(path),
            hint=worded("cs-audit pull brings it up to date"),
        )


def _upgrade(link: sqlite3.Connection, script: str, number: int) -> None:
    try:
        link.executescript(
            f"BEGIN IMMEDIATE; {script}; PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {number}; COMMIT"
        )
    finally:
        if link.in_transaction:
            link.rollback()
