"""The columnar reading: a frame of whole tickets in order, a moment as one row number for each ticket.

For each kind of event one array says "the next row of this ticket where it happens" and one "the last row
before"; the verbs hop along them. Row number `n` (one past the last) stands for never.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import datetime as dt

    import polars as pl
    from numpy.typing import NDArray

    from cs_audit.events import EventKind

    Rows = NDArray[np.int64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Marks:
    """Row numbers of events worth pointing at."""

    tickets: Tickets
    rows: Rows


@dataclass(frozen=True)
class Spans:
    """Waits of many tickets: rows of start, end and leave, and an index into `reasons` (0: none)."""

    tickets: Tickets
    start: Rows
    end: Rows
    left: Rows
    reason: NDArray[np.uint8]
    reasons: tuple[str, ...] = ("",)

    @classmethod
    def of(cls, tickets: Tickets, start: Rows, end: Rows, left: Rows | None = None) -> Spans:
        """Spans without reasons."""
        left = np.full(len(start), tickets.never) if left is None else left
        return cls(tickets, start, end, left, np.zeros(len(start), np.uint8))

    def _blamed(self, rows: Mask, reason: str) -> Spans:
        return replace(
            self,
            reason=np.where(rows, np.uint8(len(self.reasons)), self.reason),
            reasons=(*self.reasons, reason),
        )

    def first(self, *, unless: EventKind, reason: str) -> Spans:
        """See `History`."""
        owner = self.tickets.owner[self.start]
        keep = np.flatnonzero(np.append(True, owner[1:] != owner[:-1])[: len(owner)])
        before = self.tickets.first(unless)[owner[keep]]
        wrong = before < self.start[keep]
        kept = Spans(
            self.tickets,
            self.start[keep],
            np.where(wrong, before, self.end[keep]),
            np.where(wrong, self.tickets.never, self.left[keep]),
            self.reason[keep],
            self.reasons,
        )
        return kept._blamed(wrong, reason)

    def hidden_by(self, kind: EventKind, reason: str) -> Spans:
        """See `History`."""
        hidden = self.tickets.first(kind)[self.tickets.owner[self.start]] < self.tickets.never
        return self._blamed(hidden & (self.end == self.tickets.never), reason)

    def starts_of_open(self) -> Marks:
        """See `History`."""
        never = self.tickets.never
        return Marks(self.tickets, self.start[(self.end == never) & (self.left == never)])

    def ends(self, *, within: dt.timedelta | None = None) -> Marks:
        """See `History`."""
        over = self.end < self.tickets.never
        if within is not None:
            time = np.append(self.tickets.time, self.tickets.time[-1:])
            over &= time[self.end] - time[self.start] <= round(within.total_seconds() * 1_000_000)
        return Marks(self.tickets, self.end[over])

    def unanswered(self) -> Marks:
        """See `History`."""
        return Marks(self.tickets, self.left[self.left < self.tickets.never])


class Tickets:
    """Whole tickets of one frame, ordered by ticket, time and sequence."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self.never = frame.height
        self.starts: Rows = np.flatnonzero(_changes(frame))
        lengths = np.diff(np.append(self.starts, self.never))
        self.owner: Rows = np.repeat(np.arange(len(self.starts)), lengths)
        self.stops: Rows = self.starts + lengths
        self.time: NDArray[np.int64] = frame["occurred_at"].to_physical().to_numpy()
        self._masks: dict[EventKind, Mask] = {}
        self._next: dict[EventKind, Rows] = {}
        self._last: dict[EventKind, Rows] = {}
        self._turns: dict[tuple[EventKind | None, ...], tuple[Rows, Rows, Rows]] = {}

    def mask(self, kind: EventKind) -> Mask:
        """The rows where `kind` happens."""
        if kind not in self._masks:
            found = self.frame.select(kind.expr.alias("found")).to_series().to_numpy()
            self._masks[kind] = np.broadcast_to(found, (self.never,))
        return self._masks[kind]

    def next(self, kind: EventKind) -> Rows:
        """For each row, the first row at or after it where `kind` happens, in any ticket."""
        if kind not in self._next:
            rows = np.where(self.mask(kind), np.arange(self.never), self.never)
            found = np.minimum.accumulate(rows[::-1])[::-1]
            self._next[kind] = np.append(found, (self.never, self.never))
        return self._next[kind]

    def last(self, kind: EventKind) -> Rows:
        """For each row, the last row before it where `kind` happens, in any ticket; -1 if none."""
        if kind not in self._last:
            rows = np.where(self.mask(kind), np.arange(self.never), -1)
            found = np.maximum.accumulate(np.append(-1, rows))
            self._last[kind] = found
        return self._last[kind]

    def _within(self, rows: Rows, stops: Rows) -> Rows:
        return np.where(rows < stops, rows, self.never)

    def first(self, kind: EventKind) -> Rows:
        """See `History`."""
        return self._within(self.next(kind)[self.starts], self.stops)

    def opening(self, kind: EventKind) -> Rows:
        """See `History`."""
        found = self.first(kind)
        return np.where(found < self.never, found, self.starts)

    def settled(self, done: EventKind, undone: EventKind) -> Rows:
        """See `History`."""
        after = np.maximum(self.last(undone)[self.stops] + 1, self.starts)
        return self._within(self.next(done)[after], self.stops)

    def span(self, start: Rows, end: Rows) -> Spans:
        """See `History`."""
        began = start < self.never
        return Spans.of(self, start[began], end[began])

    def turns(self, opens: EventKind, closes: EventKind, stops: EventKind | None = None) -> Spans:
        """See `History`."""
        key = (opens, closes, stops)
        if key not in self._turns:  # kept as arrays: spans would tie a knot that only the collector unties
            self._turns[key] = self._found_turns(opens, closes, stops)
        return Spans.of(self, *self._turns[key])

    def _found_turns(self, opens: EventKind, closes: EventKind, stops: EventKind | None) -> tuple[Rows, Rows, Rows]:
        asked = np.flatnonzero(self.mask(opens))
        answered = self.last(closes)[asked]
        if stops is not None:
            answered = np.maximum(answered, self.last(stops)[asked])
        floor = self.starts[self.owner[asked]]
        new = (self.last(opens)[asked] < floor) | (answered > self.last(opens)[asked])
        start = asked[new]
        until = self._until(start)
        end = self._within(self.next(closes)[start + 1], until)
        if stops is None:
            return start, end, np.full(len(start), self.never)
        left = self._within(self.next(stops)[start + 1], until)
        return start, end, np.where(end < self.never, self.never, left)

    def _until(self, start: Rows) -> Rows:
        """Where the next span of the same ticket begins, else where the ticket stops."""
        stops = self.stops[self.owner[start]]
        until: Rows = np.minimum(np.append(start[1:], self.never)[: len(start)], stops)
        return until

    def each(self, kind: EventKind) -> Marks:
        """See `History`."""
        return Marks(self, np.flatnonzero(self.mask(kind)))

    def earlier(self, kind: EventKind, *, than: Rows, though_listed_later: bool = False) -> Marks:
        """See `History`."""
        rows = np.flatnonzero(self.mask(kind))
        moment = than[self.owner[rows]]
        rows, moment = rows[moment < self.never], moment[moment < self.never]
        before = self.time[rows] < self.time[moment]
        rows, moment = rows[before], moment[before]
        if though_listed_later and len(rows):
            later = self.frame["seq"][rows] > self.frame["seq"][moment]
            rows = rows[later.fill_null(value=False).to_numpy()]
        return Marks(self, rows)


def _changes(frame: pl.DataFrame) -> Mask:
    """True on the first row of each ticket."""
    if not frame.height:
        return np.empty(0, np.bool_)
    ticket = frame["ticket"]
    return (ticket != ticket.shift()).fill_null(value=True).to_numpy()
