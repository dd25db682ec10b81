"""The language rules are written in: histories, spans and marks.

A rule is a function of one `History`. It has two readings of the same verbs: `columnar.Tickets` runs it
over millions of tickets at once, `plain.Ticket` over one ticket as a list. A *moment* is when something
happened, or never; rules hand moments from verb to verb and never look inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt

    from cs_audit.events import EventKind


class Moment(Protocol):
    """When something happened in a history, or never."""


class Marks(Protocol):
    """Events worth pointing at."""


class Spans(Protocol):
    """Waits: each has a start and, once over, an end; it may be left without an answer."""

    def first(self, *, unless: EventKind, reason: str) -> Spans:
        """Only the first span of each ticket; not judged for `reason` where an `unless` came before it."""

    def hidden_by(self, kind: EventKind, reason: str) -> Spans:
        """Open spans of a ticket that has a `kind` are not judged, for `reason`: their end exists, unseen."""

    def starts_of_open(self) -> Marks:
        """Where the spans began that are neither over nor left."""

    def ends(self, *, within: dt.timedelta | None = None) -> Marks:
        """Where the spans ended, or only those that ended `within` so much calendar time."""

    def unanswered(self) -> Marks:
        """Where the spans were left without an answer."""


class History(Protocol):
    """Events of one ticket, oldest first."""

    def first(self, kind: EventKind) -> Moment:
        """The first `kind`."""

    def opening(self, kind: EventKind) -> Moment:
        """The first `kind`, else the first event at all."""

    def settled(self, done: EventKind, undone: EventKind) -> Moment:
        """The first `done` after the last `undone`: when it was done for good, or never."""

    def span(self, start: Moment, end: Moment) -> Spans:
        """The wait from `start` to `end`; none where it never started."""

    def turns(self, opens: EventKind, closes: EventKind, stops: EventKind | None = None) -> Spans:
        """Every wait from the first unanswered `opens` to the next `closes`.

        `stops` ends a wait without answer: the wait is *left* there, if no `closes` follows before the next
        wait; an `opens` after `stops` begins a new wait.
        """

    def each(self, kind: EventKind) -> Marks:
        """Every `kind`."""

    def earlier(self, kind: EventKind, *, than: Moment, though_listed_later: bool = False) -> Marks:
        """Every `kind` at an earlier time than a moment; with `though_listed_later`, only those the source
        numbers after it.
        """


__all__ = ["History", "Marks", "Moment", "Spans"]
