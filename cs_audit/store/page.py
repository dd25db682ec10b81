"""What one page changes, decided record by record."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

from cs_audit.store.canonical import canonical, pack
from cs_audit.store.errors import StoreError, told
from cs_audit.store.values import TICKET, Record, Tombstone, Version, checked, named, stamp
from cs_audit.worded import worded

_TEXT, _NUMBERS = worded("text"), worded("numbers")

_HELD = "SELECT number, version, fetched_at, sha256 FROM item WHERE source = ? AND kind = ? AND id = ?"
_INSERT = "INSERT INTO item (source, kind, id, version, fetched_at, sha256, revision) VALUES (?, ?, ?, ?, ?, ?, ?)"
_REPLACE = "UPDATE item SET version = ?, fetched_at = ?, sha256 = ?, revision = ? WHERE number = ?"
_BURIED = "SELECT version, fetched_at, reason, merged_into, revision FROM tombstone WHERE source = ? AND ticket = ?"
_BURY = "INSERT OR REPLACE INTO tombstone VALUES (?, ?, ?, ?, ?, ?, ?)"
_GONE = "SELECT 1 FROM grave WHERE source = ? AND ticket = ? AND stands"
_VERSIONS = (
    "SELECT version FROM (SELECT version FROM item WHERE source = ?1 AND kind = ?2 LIMIT 1) UNION ALL"
    " SELECT version FROM (SELECT version FROM tombstone WHERE source = ?1 AND ?2 = 'ticket' LIMIT 1)"
)


class Page:
    """The writes of one page inside a transaction; `changed` counts its news."""

    def __init__(self, path: Path, link: sqlite3.Connection, source: str, revision: int) -> None:
        self.revision = revision
        self.changed = 0
        self._path = path
        self._link = link
        self._source = source
        self._textual: dict[str, bool] = {}

    def put(self, record: Record) -> None:
        """Hold the record if it is later than the one that is held."""
        version, fetched_at = self._version(record.kind, record.version), stamp(record.fetched_at)
        body = canonical(record.payload)
        sha256 = hashlib.sha256(body).digest()
        held = self._one(_HELD, self._source, named(record.kind), named(record.id))
        if held is None:
            values = (self._source, record.kind, record.id, version, fetched_at, sha256, self.revision)
            number = self._run(_INSERT, *values).lastrowid
            self._run("INSERT INTO payload VALUES (?, ?)", number, pack(body))
            self.changed += 1
        elif (version, fetched_at, sha256) > held[1:]:
            self._replace(record, held, fetched_at, body, sha256)

    def _replace(self, record: Record, held: tuple[Any, ...], fetched_at: str, body: bytes, sha256: bytes) -> None:
        number, version, _, held_sha256 = held
        if sha256 != held_sha256:
            self._run("UPDATE payload SET packed = ? WHERE number = ?", pack(body), number)
        elif record.version == version and not self._gone(record.kind, record.id):
            self._run("UPDATE item SET fetched_at = ? WHERE number = ?", fetched_at, number)
            return
        self._run(_REPLACE, record.version, fetched_at, sha256, self.revision, number)
        self.changed += 1

    def bury(self, stone: Tombstone) -> None:
        """Hold the tombstone if it is later than the one that is held."""
        version, fetched_at = self._version(TICKET, stone.version), stamp(stone.fetched_at)
        held = self._one(_BURIED, self._source, named(stone.ticket))
        offered = (version, fetched_at, stone.reason, stone.merged_into)
        if held is not None and offered <= held[:4]:
            return
        same = held is not None and (held[0], *held[2:4]) == (version, stone.reason, stone.merged_into)
        known = same and self._gone(TICKET, stone.ticket)
        revision = held[4] if held is not None and known else self.revision
        self._run(_BURY, self._source, stone.ticket, stone.reason, stone.merged_into, version, fetched_at, revision)
        self.changed += not known

    def _gone(self, kind: str, name: str) -> bool:
        return kind == TICKET and self._one(_GONE, self._source, name) is not None

    def _version(self, kind: str, version: Version) -> Version:
        """The version, if it can be compared with those held: SQLite puts any number before any text."""
        textual = isinstance(checked(version), str)
        if kind not in self._textual:
            held = self._one(_VERSIONS, self._source, kind)
            self._textual[kind] = textual if held is None else isinstance(held[0], str)
        if self._textual[kind] != textual:
            was, now = (_TEXT, _NUMBERS) if self._textual[kind] else (_NUMBERS, _TEXT)
            raise StoreError(
                worded("versions of {kind} were {was} and are {now} now", kind=kind, was=was, now=now),
                where=self._source,
                hint=worded("they cannot be compared; pull into a new store"),
            )
        return version

    def _one(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        with told(self._path):
            found: tuple[Any, ...] | None = self._link.execute(sql, values).fetchone()
        return found

    def _run(self, sql: str, *values: Any) -> sqlite3.Cursor:
        with told(self._path):
            return self._link.execute(sql, values)
