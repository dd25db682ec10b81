"""Spans and marks of the plain reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cs_audit.history.retellings import retellings

if TYPE_CHECKING:
    from cs_audit.events import EventKind
    from cs_audit.history import Fate
    from cs_audit.history.plain import Ticket


@dataclass(frozen=True)
class Span:
    """One wait: indices of its first event, of the event that ended it, or of the one that left it unanswered.

    `lasting` is its length where that does not follow from the events, `promised` the deadline it sets itself. The
    reason of a span that was left says why; of any other, why it is not judged.
    """

    start: int
    end: int | None = None
    left: int | None = None
    reason: str = ""
    lasting: dt.timedelta | None = None
    promised: str | None = None

    @property
    def stop(self) -> int | None:
        """Where it ended or was left."""
        return self.left if self.end is None else self.end


@dataclass(frozen=True)
class Marks:
    """Indices of events worth pointing at, oldest first, and of the events that some of them follow from."""

    ticket: Ticket
    rows: list[int]
    causes: dict[int, int] = field(default_factory=dict)

    def __or__(self, other: Marks) -> Marks:
        return Marks(self.ticket, sorted({*self.rows, *other.rows}), {**other.causes, **self.causes})

    def retold(self) -> Marks:
        """See `Marks`."""
        found = retellings([self.ticket.events[row] for row in self.rows])
        causes = {self.rows[later]: self.rows[earlier] for later, earlier in found}
        return Marks(self.ticket, list(causes), causes)


@dataclass(frozen=True)
class Spans:
    """The waits of one ticket, oldest first; `gaps` are stretches in which their clock stands still."""

    ticket: Ticket
    found: list[Span] = field(default_factory=list)
    gaps: list[Span] = field(default_factory=list)
    fates: tuple[Fate, Fate] = ("breached", "not_judged")

    def _each(self, change: Callable[[Span], Span]) -> Spans:
        return replace(self, found=[change(each) for each in self.found])

    def first(self, *, unless: EventKind, reason: str) -> Spans:
        """The first span; where an `unless` came before it, not judged for `reason`, and ended there."""
        before = self.ticket.first(unless)

        def told(span: Span) -> Span:
            if before is None or before >= span.start:
                return span
            return replace(span, end=before, left=None, reason=reason)

        return replace(self, found=[told(each) for each in self.found[:1]])

    def hidden_by(self, kind: EventKind, reason: str) -> Spans:
        """See `Spans`."""
        if self.ticket.first(kind) is None:
            return self
        return self._each(lambda each: replace(each, left=None, reason=reason) if each.end is None else each)

    def cut(self, kind: EventKind, reason: str) -> Spans:
        """See `Spans`."""
        time = self.ticket.time

        def shortened(span: Span) -> Span:
            at = self.ticket.next(kind, after=span.start)
            if at is None or (span.reason and span.left is None):
                return span
            if span.stop is not None and time(at) > time(span.stop):
                return span
            return replace(span, end=None, left=at, reason=reason)

        return self._each(shortened)

    def outside(self, gaps: Spans) -> Spans:
        """See `Spans`."""
        return replace(self, gaps=self.gaps + gaps.found)

    def ended_by(self, kind: EventKind) -> Spans:
        """See `Spans`."""
        time = self.ticket.time
        instants = {time(row) for row in self.ticket.each(kind).rows}
        return replace(self, found=[each for each in self.found if each.end is not None and time(each.end) in instants])

    def longer_than(self, length: dt.timedelta) -> Spans:
        """See `Spans`."""
        lasted = self.ticket.lasted
        return replace(self, found=[each for each in self.found if lasted(each.start, each.end) > length])

    def left_for(self, reason: str, *, at: EventKind | None = None) -> Spans:
        """See `Spans`."""
        events = self.ticket.events

        def told(span: Span) -> Span:
            if span.left is None or (at is not None and not at.matches(events[span.left])):
                return span
            return replace(span, reason=reason)

        return self._each(told)

    def when_left(self, late: Fate, timely: Fate) -> Spans:
        """See `Spans`."""
        return replace(self, fates=(late, timely))

    def holding(self, kind: EventKind) -> Spans:
        """See `Spans`."""

        def holds(span: Span) -> bool:
            at = self.ticket.next(kind, after=span.start)
            return at is not None and (span.end is None or at < span.end)

        return replace(self, found=[each for each in self.found if holds(each)])

    def starts(self) -> Marks:
        """See `Spans`."""
        return self._marks(each.start for each in self.found)

    def moved(self, kind: EventKind, column: str, *, within: dt.timedelta) -> Marks:
        """See `Spans`."""
        events, causes = self.ticket.events, {}
        for span in self.found:
            stop = len(events) if span.stop is None else span.stop
            value = events[span.start].get(column)
            elsewhere = (
                row
                for row in range(span.start + 1, stop)
                if kind.matches(events[row]) and None not in (value, events[row].get(column))
                if events[row][column] != value and dt.timedelta() < self.ticket.lasted(span.start, row) <= within
            )
            row = next(elsewhere, None)
            if row is not None:
                causes[row] = span.start
        return Marks(self.ticket, list(causes), causes)

    def _marks(self, rows: Iterable[int]) -> Marks:
        return Marks(self.ticket, list(rows))

    def starts_of_left(self) -> Marks:
        """See `Spans`."""
        return self._marks(each.start for each in self.found if each.left is not None)

    def starts_of_open(self) -> Marks:
        """See `Spans`."""
        return self._marks(each.start for each in self.found if each.stop is None)

    def ends(self, *, within: dt.timedelta | None = None) -> Marks:
        """See `Spans`."""
        time = self.ticket.time
        return self._marks(
            each.end
            for each in self.found
            if each.end is not None and (within is None or time(each.end) - time(each.start) <= within)
        )

    def unanswered(self) -> Marks:
        """See `Spans`."""
        return self._marks(each.left for each in self.found if each.left is not None)

    def nth(self, number: int) -> Marks:
        """See `Spans`."""
        return self._marks(each.start for each in self.found[number - 1 : number])

    def outlast(self, kind: EventKind, *, by: dt.timedelta) -> Marks:
        """See `Spans`."""
        rows = set()
        for span in self.found:
            at = self.ticket.next(kind, after=span.start)
            inside = at is not None and (span.end is None or at < span.end)
            if at is not None and inside and self.ticket.lasted(at, span.end) > by:
                rows.add(at)
        return self._marks(sorted(rows))
