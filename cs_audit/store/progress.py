"""Notices when a source sends a pull round in circles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cs_audit.store.canonical import fingerprint
from cs_audit.store.errors import NoProgressError
from cs_audit.store.values import Version
from cs_audit.worded import Worded, worded

EMPTY_PAGES = 50
"""Empty pages in a row that are borne: exports may send some while there is more to come."""


class Progress:
    """Watches one run of one stream.

    Args:
        where: source and stream, for the message.
        start: the cursor the run begins from, if any.
        empty_pages: how many pages in a row may bring nothing.
    """

    def __init__(self, where: str, start: Any = None, *, empty_pages: int = EMPTY_PAGES) -> None:
        self._where = where
        self._cursors = set() if start is None else {fingerprint(start)}
        self._pages: set[bytes] = set()
        self._empty_pages = empty_pages
        self._empty = 0

    def came(self, refs: Iterable[tuple[str, Version]]) -> bool:
        """Whether the same page, of id and version of all that it brings, came before in this run."""
        return fingerprint(sorted(map(list, refs))) in self._pages

    def turn(self, cursor: Any, refs: Iterable[tuple[str, Version]]) -> None:
        """Call with each page that has a successor, before that is asked for.

        Args:
            cursor: what the successor will be asked for with.
            refs: id and version of all that the page brought.

        Raises:
            NoProgressError: the cursor was used before in this run, the same page came before, or pages stay empty.
        """
        if (mark := fingerprint(cursor)) in self._cursors:
            raise self._stop(worded("the source sent the same cursor twice"))
        self._cursors.add(mark)
        page = sorted(map(list, refs))
        self._empty = 0 if page else self._empty + 1
        if self._empty > self._empty_pages:
            raise self._stop(worded("the source sent {n} empty pages in a row and says there is more", n=self._empty))
        if page and (mark := fingerprint(page)) in self._pages:
            raise self._stop(worded("the source sent the same page twice, under different cursors"))
        if page:
            self._pages.add(mark)

    def _stop(self, what: Worded) -> NoProgressError:
        hint = worded("what came before is stored; run again to go on from there, or with --full to begin anew")
        return NoProgressError(what, where=self._where, hint=hint)
