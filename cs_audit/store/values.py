"""What a store takes and gives: plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from cs_audit.errors import AuditError
from cs_audit.worded import verbatim

Version: TypeAlias = int | str
"""What grows when a record changes: a number, or text whose order is that of time (one form for all of a source)."""

TICKET = "ticket"
"""The kind of a bundle; records have other kinds."""


@dataclass(frozen=True)
class Bundle:
    """One whole ticket as the helpdesk gave it: the ticket and its comments, audits, calls, ratings.

    Args:
        ticket: its id.
        version: grows with each change the connector can see.
        fetched_at: when the helpdesk said so, with a zone.
        payload: a JSON value.
    """

    ticket: str
    version: Version
    fetched_at: dt.datetime
    payload: Any


@dataclass(frozen=True)
class Record:
    """A raw record beside the tickets: a user, a group, a schedule, an SLA policy."""

    kind: str
    id: str
    version: Version
    fetched_at: dt.datetime
    payload: Any


@dataclass(frozen=True)
class Tombstone:
    """A ticket the helpdesk no longer gives: deleted, or merged into another one.

    `version` is comparable with that of the ticket's bundle: the version the deletion gave it, else the last one known.
    """

    ticket: str
    reason: Literal["deleted", "merged"]
    version: Version
    fetched_at: dt.datetime
    merged_into: str = ""


@dataclass(frozen=True)
class Held:
    """A ticket in the store; `tombstone` is set while it counts as deleted or merged.

    `revision` is that of the last change of either.
    """

    bundle: Bundle
    tombstone: Tombstone | None
    revision: int


@dataclass(frozen=True)
class Cursor:
    """Where the pull of one stream stands.

    Args:
        value: the cursor committed with the last page of this run; None before its first page.
        last: the cursor at the end of the last finished run; None if there is none.
        full: the run takes everything, whatever was pulled before.
        started_at: when the run began, also if it was interrupted since.
        finished: the run is complete.
        as_of: up to when the last finished run is complete; None if there is none.
    """

    value: Any
    last: Any
    full: bool
    started_at: dt.datetime
    finished: bool
    as_of: dt.datetime | None

    def since(self, overlap: dt.timedelta) -> dt.datetime | None:
        """From when changes are to be asked for: `overlap` before the last finished run; None asks for everything."""
        return None if self.full or self.as_of is None else self.as_of - overlap


@dataclass(frozen=True)
class Written:
    """What one page did: its revision, and how many of its records and tombstones were news."""

    revision: int
    changed: int


@dataclass(frozen=True)
class Counts:
    """Records of one kind: there, deleted or merged with their raw history kept, and gone before they were pulled."""

    live: int
    gone: int = 0
    never_pulled: int = 0


@dataclass(frozen=True)
class Completeness:
    """The helpdesk's own count of a stream beside what the store holds."""

    source: str
    stream: str
    kind: str
    expected: int
    held: int

    @property
    def missing(self) -> int:
        """How many the store lacks; negative if it holds more."""
        return self.expected - self.held


def stamp(instant: dt.datetime) -> str:
    """An instant as text that sorts by time.

    Raises:
        AuditError: it has no zone.
    """
    if instant.tzinfo is None:
        raise AuditError(verbatim(f"an instant without a zone: {instant}"))
    return instant.astimezone(dt.UTC).isoformat(timespec="microseconds")


def instant(text: str) -> dt.datetime:
    """The instant of a `stamp`."""
    return dt.datetime.fromisoformat(text)


def checked(version: Version) -> Version:
    """A version the store can order.

    Raises:
        AuditError: it is neither text nor a whole number of 64 bits.
    """
    if type(version) is int and -(1 << 63) <= version < 1 << 63:
        return version
    if isinstance(version, str) and _whole(version):
        return version
    raise AuditError(verbatim(f"a version must be text or a whole number of 64 bits: {version!r}"))


def named(name: str) -> str:
    """An id the store can hold.

    Raises:
        AuditError: it is empty or no text.
    """
    if isinstance(name, str) and name and _whole(name):
        return name
    raise AuditError(verbatim(f"an id must be text that is not empty: {name!r}"))


def _whole(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
