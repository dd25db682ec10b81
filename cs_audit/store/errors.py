"""What can go wrong with a store, as branches of the one error tree.

StoreError             the store cannot be used: missing, damaged, foreign, too new     4
├── StoreFullError     the disk is full; every page committed before is safe            3
├── StoreHeldError     another run is writing to it                                    75
NoProgressError        a source sends the same page or cursor again and again           3
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cs_audit.errors import SourceError
from cs_audit.worded import Worded, verbatim, worded


class StoreError(SourceError):
    """The store cannot be used: missing, damaged, of another program, or of a newer version."""

    slug = "store"


class StoreFullError(StoreError):
    """There is no room for a page; every page committed before it is safe."""

    exit_code = 3
    slug = "store-full"


class StoreHeldError(StoreError):
    """Another run writes to the store."""

    exit_code = 75
    slug = "store-held"


class NoProgressError(SourceError):
    """A source sends the same cursor or page again, so that a pull would never end."""

    exit_code = 3
    slug = "no-progress"


_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_CLOSED = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_AUTH)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def damaged(path: Path, what: Worded) -> StoreError:
    """The error for a file that is no sound store."""
    return StoreError(
        worded("is no sound store: {what}", what=what),
        where=str(path),
        hint=worded("move the file away and pull again; keep it if it holds tickets the helpdesk has deleted since"),
    )


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Says in plain words what SQLite complains about.

    Raises:
        StoreError: in place of any error of the database that is not a mistake in calling it.
    """
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except sqlite3.Error as error:
        raise _in_words(path, error) from error
    except UnicodeDecodeError as error:  # from the sqlite3 module: text, or words about an error, that are none
        raise damaged(path, verbatim(error)) from error


def _in_words(path: Path, error: sqlite3.Error) -> StoreError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return StoreFullError(
            worded("the disk is full, so the last page was not stored"),
            where=str(path),
            hint=worded("free some space and run again: it goes on after the last page that was stored"),
        )
    if code in _BUSY:
        return StoreError(
            worded("is busy"),
            where=str(path),
            hint=worded("another program has opened it; run again once it is closed"),
        )
    if code in _CLOSED:
        hint = worded("check that the file and its folder exist and may be read and written")
        return StoreError(worded("cannot be opened: {error}", error=verbatim(error)), where=str(path), hint=hint)
    if code in _DAMAGED or code == sqlite3.SQLITE_ERROR:
        return damaged(path, verbatim(error))
    return StoreError(
        worded("cannot be used: {error}", error=verbatim(error)),
        where=str(path),
        hint=worded("check the disk it lies on, then run again"),
    )
