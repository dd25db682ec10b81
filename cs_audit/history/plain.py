"""The plain reading: one ticket as a list of events, a moment as an index or None.

It says what each verb means in the simplest way, is the oracle of the property tests and the engine of
`cs-audit explain`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cs_audit.history.plain_spans import Marks, Span, Spans

if TYPE_CHECKING:
    from cs_audit.events import EventKind

__all__ = ["Event", "Marks", "Span", "Spans", "Ticket"]

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Ticket:
    """One ticket's events, ordered by time and sequence."""

    events: Sequence[Event]
    now: dt.datetime | None = None
    """When it is known to; None: for ever."""

    def lasted(self, start: int, end: int | None) -> dt.timedelta:
        """The calendar time between two events, or from one to now."""
        if end is None:
            return dt.timedelta.max if self.now is None else self.now - self.time(start)
        return self.time(end) - self.time(start)

    def time(self, index: int) -> dt.datetime:
        """When the event at `index` occurred."""
        moment: dt.datetime = self.events[index]["occurred_at"]
        return moment

    def next(self, kind: EventKind, *, after: int = -1) -> int | None:
        """The first `kind` after an event."""
        return next((index for index, each in enumerate(self.events) if index > after and kind.matches(each)), None)

    def first(self, kind: EventKind) -> int | None:
        """See `History`."""
        return self.next(kind)

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

    def rounds(self, kind: EventKind, stops: EventKind, resumes: EventKind) -> Spans:
        """See `History`."""
        found: list[Span] = []
        in_work = True
        for index, each in enumerate(self.events):
            waiting = bool(found) and found[-1].stop is None
            if kind.matches(each):
                if waiting:
                    found[-1] = replace(found[-1], end=index)
                if in_work:
                    found.append(Span(index))
            elif stops.matches(each):
                in_work = False
                if waiting:
                    found[-1] = replace(found[-1], left=index)
            elif resumes.matches(each):
                in_work = True
        return Spans(self, found)

    def stays(self, column: str, stops: EventKind, resumes: EventKind) -> Spans:
        """See `History`."""
        found: list[Span] = []
        held, in_work = None, True
        for index, each in enumerate(self.events):
            said = each.get(column)
            value = held if said is None else said
            works = not stops.matches(each) and (in_work or resumes.matches(each))
            if (value, works) != (held, in_work):
                if found and found[-1].end is None:
                    found[-1] = replace(found[-1], end=index)
                if works and value is not None:
                    found.append(Span(index))
            held, in_work = value, works
        return Spans(self, found)

    def lasting(self, kind: EventKind, seconds: str, *, done: EventKind, unknown: str) -> Spans:
        """See `History`."""
        found = []
        for index in self.each(kind).rows:
            over, took = done.matches(self.events[index]), self.events[index].get(seconds)
            length = dt.timedelta(seconds=took or 0)
            found.append(
                Span(index, index, None, "" if took is not None else unknown, length)
                if over
                else Span(index, None, index, "", length)
            )
        return Spans(self, found)

    def promises(self, *, kept_by: EventKind) -> Spans:
        """See `History`."""
        found = [
            Span(index, self.next(kept_by, after=index), promised=deadline)
            for index, each in enumerate(self.events)
            for deadline in each.get("promised") or ()
        ]
        return Spans(self, found)

    def each(self, kind: EventKind) -> Marks:
        """See `History`."""
        return self._marks(index for index, each in enumerate(self.events) if kind.matches(each))

    def newcomers(self, kind: EventKind, column: str, *, unless: EventKind) -> Marks:
        """See `History`."""
        first: dict[Any, int] = {}
        for index in self.each(kind).rows:
            if self.events[index].get(column) is not None:
                first.setdefault(self.events[index][column], index)
        return self._marks(index for index in list(first.values())[1:] if not unless.matches(self.events[index]))

    def later(self, kind: EventKind, *, than: int | None) -> Marks:
        """See `History`."""
        return self._marks(index for index in self.each(kind).rows if than is not None and index > than)

    def earlier(self, kind: EventKind, *, than: int | None, though_listed_later: bool = False) -> Marks:
        """See `History`."""
        if than is None:
            return self._marks([])
        rows = [index for index in self.each(kind).rows if self.time(index) < self.time(than)]
        if though_listed_later:
            rows = [index for index in rows if self._listed_later(index, than)]
        return self._marks(rows)

    def _marks(self, rows: Iterable[int]) -> Marks:
        return Marks(self, list(rows))

    def _listed_later(self, index: int, than: int) -> bool:
        one, other = self.events[index]["seq"], self.events[than]["seq"]
        return one is not None and other is not None and one > other
