"""The plain reading: one ticket as a list of events, a moment as an index or None.

It says what each verb means in the simplest way, is the oracle of the property tests and the engine of
`cs-audit explain`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt

    from cs_audit.events import EventKind

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Span:
    """One wait: indices of its first event, of the event that ended it, or of the one that left it unanswered."""

    start: int
    end: int | None = None
    left: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Marks:
    """Indices of events worth pointing at, oldest first."""

    rows: list[int]


@dataclass(frozen=True)
class Spans:
    """The waits of one ticket, oldest first."""

    ticket: Ticket
    found: list[Span] = field(default_factory=list)

    def first(self, *, unless: EventKind, reason: str) -> Spans:
        """The first span; where an `unless` came before it, not judged for `reason`, and ended there."""
        if not self.found:
            return self
        first = self.found[0]
        before = self.ticket.first(unless)
        if before is not None and before < first.start:
            first = replace(first, end=before, left=None, reason=reason)
        return Spans(self.ticket, [first])

    def hidden_by(self, kind: EventKind, reason: str) -> Spans:
        """See `History`."""
        if self.ticket.first(kind) is None:
            return self
        return Spans(self.ticket, [replace(each, reason=reason) if each.end is None else each for each in self.found])

    def starts_of_open(self) -> Marks:
        """See `History`."""
        return Marks([each.start for each in self.found if each.end is None and each.left is None])

    def ends(self, *, within: dt.timedelta | None = None) -> Marks:
        """See `History`."""
        time = self.ticket.time
        return Marks(
            [
                each.end
                for each in self.found
                if each.end is not None and (within is None or time(each.end) - time(each.start) <= within)
            ]
        )

    def unanswered(self) -> Marks:
        """See `History`."""
        return Marks([each.left for each in self.found if each.left is not None])


@dataclass(frozen=True)
class Ticket:
    """One ticket's events, ordered by time and sequence."""

    events: Sequence[Event]

    def time(self, index: int) -> dt.datetime:
        """When the event at `index` occurred."""
        moment: dt.datetime = self.events[index]["occurred_at"]
        return moment

    def first(self, kind: EventKind) -> int | None:
        """See `History`."""
        return next((index for index, each in enumerate(self.events) if kind.matches(each)), None)

    def opening(self, kind: EventKind) -> int | None:
        """See `History`."""
        return self.first(kind) or 0

    def settled(self, done: EventKind, undone: EventKind) -> int | None:
        """See `History`."""
        settled = None
        for index, each in enumerate(self.events):
            if undone.matches(each):
                settled = None
            elif settled is None and done.matches(each):
                settled = index
        return settled

    def span(self, start: int | None, end: int | None) -> Spans:
        """See `History`."""
        return Spans(self, [] if start is None else [Span(start, end)])

    def turns(self, opens: EventKind, closes: EventKind, stops: EventKind | None = None) -> Spans:
        """See `History`."""
        found: list[Span] = []
        for index, each in enumerate(self.events):
            waiting = bool(found) and found[-1].end is None
            left = waiting and found[-1].left is not None
            if opens.matches(each) and (not waiting or left):
                found.append(Span(index))
            elif waiting and closes.matches(each):
                found[-1] = replace(found[-1], end=index, left=None)
            elif waiting and not left and stops is not None and stops.matches(each):
                found[-1] = replace(found[-1], left=index)
        return Spans(self, found)

    def each(self, kind: EventKind) -> Marks:
        """See `History`."""
        return Marks([index for index, each in enumerate(self.events) if kind.matches(each)])

    def earlier(self, kind: EventKind, *, than: int | None, though_listed_later: bool = False) -> Marks:
        """See `History`."""
        if than is None:
            return Marks([])
        rows = [index for index in self.each(kind).rows if self.time(index) < self.time(than)]
        if though_listed_later:
            rows = [index for index in rows if self._listed_later(index, than)]
        return Marks(rows)

    def _listed_later(self, index: int, than: int) -> bool:
        one, other = self.events[index]["seq"], self.events[than]["seq"]
        return one is not None and other is not None and one > other
