"""Spans and marks of the columnar reading: parallel arrays of row numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cs_audit.history.retellings import APART, retellings, runs

if TYPE_CHECKING:
    import datetime as dt

    from cs_audit.events import EventKind
    from cs_audit.history import Fate
    from cs_audit.history.columnar import Tickets

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Marks:
    """Row numbers of events worth pointing at, and for each the event it follows from (-1: none), where any has one."""

    tickets: Tickets
    rows: Rows
    causes: Rows | None = None

    def __or__(self, other: Marks) -> Marks:
        rows = np.union1d(self.rows, other.rows)
        if self.causes is None and other.causes is None:
            return Marks(self.tickets, rows)
        causes = np.full(len(rows), -1)
        for each in (other, self):
            if each.causes is not None:
                known = each.causes >= 0
                causes[np.searchsorted(rows, each.rows[known])] = each.causes[known]
        return Marks(self.tickets, rows, causes)

    def taken(self, keep: Mask) -> Marks:
        """Some of the marks."""
        return Marks(self.tickets, self.rows[keep], None if self.causes is None else self.causes[keep])

    def retold(self) -> Marks:
        """See `Marks`."""
        tickets = self.tickets
        lacking = {"text", *APART} - set(tickets.frame.columns)
        part = tickets.frame[self.rows].with_columns(pl.lit(None, pl.String).alias(name) for name in sorted(lacking))
        owner = tickets.owner[self.rows]
        found = [
            (self.rows[first + later], self.rows[first + earlier])
            for first, last in runs(owner.tolist())
            for later, earlier in retellings(list(part[first:last].iter_rows(named=True)))
        ]
        rows, causes = np.array(found, np.int64).reshape(-1, 2).T
        return Marks(tickets, rows, causes)


@dataclass(frozen=True)
class Spans:
    """Waits of many tickets: rows of start, end and leave, and an index into `reasons` (0: none).

    `lasting` is their length in microseconds where that does not follow from the rows; `promised` are the deadlines
    they set themselves; `gaps` are stretches, as
    rows where they begin and end, in which the clocks of their tickets stand still.
    """

    tickets: Tickets
    start: Rows
    end: Rows
    left: Rows
    reason: NDArray[np.uint8]
    reasons: tuple[str, ...] = ("",)
    lasting: Rows | None = None
    promised: tuple[str, ...] = ()
    gaps: tuple[tuple[Rows, Rows], ...] = ()
    fates: tuple[Fate, Fate] = ("breached", "not_judged")

    @classmethod
    def of(cls, tickets: Tickets, start: Rows, end: Rows, left: Rows | None = None) -> Spans:
        """Spans without reasons."""
        left = np.full(len(start), tickets.never) if left is None else left
        return cls(tickets, start, end, left, np.zeros(len(start), np.uint8))

    @property
    def stop(self) -> Rows:
        """Where each ended or was left."""
        return np.where(self.end < self.tickets.never, self.end, self.left)

    def taken(self, keep: Mask | Rows) -> Spans:
        """Some of the spans."""
        return replace(
            self,
            start=self.start[keep],
            end=self.end[keep],
            left=self.left[keep],
            reason=self.reason[keep],
            lasting=None if self.lasting is None else self.lasting[keep],
            promised=tuple(np.array(self.promised, dtype=object)[keep]) if self.promised else (),
        )

    def blamed(self, rows: Mask, reason: str) -> Spans:
        """The spans with this reason at some of them."""
        if not rows.any():
            return self
        return replace(
            self,
            reason=np.where(rows, np.uint8(len(self.reasons)), self.reason),
            reasons=(*self.reasons, reason),
        )

    def first(self, *, unless: EventKind, reason: str) -> Spans:
        """See `Spans`."""
        never = self.tickets.never
        owner = self.tickets.owner[self.start]
        keep = np.flatnonzero(np.append(True, owner[1:] != owner[:-1])[: len(owner)])
        before = self.tickets.first(unless)[owner[keep]]
        kept = self.taken(keep)
        wrong = before < kept.start
        end, left = np.where(wrong, before, kept.end), np.where(wrong, never, kept.left)
        return replace(kept, end=end, left=left).blamed(wrong, reason)

    def hidden_by(self, kind: EventKind, reason: str) -> Spans:
        """See `Spans`."""
        never = self.tickets.never
        if not self.tickets.mask(kind).any():
            return self
        hidden = self.tickets.first(kind)[self.tickets.owner[self.start]] < never
        hidden &= self.end == never
        return replace(self, left=np.where(hidden, never, self.left)).blamed(hidden, reason)

    def cut(self, kind: EventKind, reason: str) -> Spans:
        """See `Spans`."""
        tickets, never = self.tickets, self.tickets.never
        if not tickets.mask(kind).any():
            return self
        at = tickets.next_after(kind, self.start)
        time = np.append(tickets.time, np.iinfo(np.int64).max)
        told = (self.reason > 0) & (self.left == never)
        short = (at < never) & (time[at] <= time[self.stop]) & ~told
        end, left = np.where(short, never, self.end), np.where(short, at, self.left)
        return replace(self, end=end, left=left).blamed(short, reason)

    def outside(self, gaps: Spans) -> Spans:
        """See `Spans`."""
        return replace(self, gaps=(*self.gaps, (gaps.start, gaps.stop)))

    def ended_by(self, kind: EventKind) -> Spans:
        """See `Spans`."""
        tickets = self.tickets
        over = self.taken(self.end < tickets.never)
        rows = tickets.rows(kind)
        instants = _instants(tickets)
        there = np.zeros(tickets.never + 1, np.bool_)
        there[instants[rows]] = True
        return over.taken(there[instants[over.end]])

    def longer_than(self, length: dt.timedelta) -> Spans:
        """See `Spans`."""
        time = self.tickets.time_or_now
        return self.taken(time[self.end] - time[self.start] > _micros(length))

    def left_for(self, reason: str, *, at: EventKind | None = None) -> Spans:
        """See `Spans`."""
        there = np.append(np.ones(self.tickets.never, np.bool_) if at is None else self.tickets.mask(at), False)
        return self.blamed((self.left < self.tickets.never) & there[self.left], reason)

    def when_left(self, late: Fate, timely: Fate) -> Spans:
        """See `Spans`."""
        return replace(self, fates=(late, timely))

    def holding(self, kind: EventKind) -> Spans:
        """See `Spans`."""
        return self.taken(self.tickets.next_after(kind, self.start) < self.end)

    def starts(self) -> Marks:
        """See `Spans`."""
        return Marks(self.tickets, self.start)

    def moved(self, kind: EventKind, column: str, *, within: dt.timedelta) -> Marks:
        """See `Spans`."""
        tickets = self.tickets
        if column not in tickets.frame.columns:
            return Marks(tickets, self.start[:0], self.start[:0])
        rows = tickets.rows(kind)
        place = np.searchsorted(self.start, rows, side="left") - 1
        held = (place >= 0) & (rows < self.stop[place]) if len(self.start) else rows < 0
        held[held] &= tickets.owner[rows[held]] == tickets.owner[self.start[place[held]]]
        after = tickets.time[rows[held]] - tickets.time[self.start[place[held]]]
        held[held] &= (after > 0) & (after <= _micros(within))
        rows, place = rows[held], place[held]
        values = tickets.frame[column]
        other = (values[rows] != values[self.start[place]]).fill_null(value=False).to_numpy()
        rows, place = rows[other], place[other]
        _, first = np.unique(place, return_index=True)
        return Marks(tickets, rows[first], self.start[place[first]])

    def starts_of_left(self) -> Marks:
        """See `Spans`."""
        return Marks(self.tickets, self.start[self.left < self.tickets.never])

    def starts_of_open(self) -> Marks:
        """See `Spans`."""
        return Marks(self.tickets, self.start[self.stop == self.tickets.never])

    def ends(self, *, within: dt.timedelta | None = None) -> Marks:
        """See `Spans`."""
        over = self.end < self.tickets.never
        if within is not None:
            time = np.append(self.tickets.time, self.tickets.time[-1:])
            over &= time[self.end] - time[self.start] <= _micros(within)
        return Marks(self.tickets, self.end[over])

    def unanswered(self) -> Marks:
        """See `Spans`."""
        return Marks(self.tickets, self.left[self.left < self.tickets.never])

    def nth(self, number: int) -> Marks:
        """See `Spans`."""
        owner = self.tickets.owner[self.start]
        before = np.searchsorted(owner, owner)  # spans of earlier tickets
        return Marks(self.tickets, self.start[np.arange(len(owner)) - before == number - 1])

    def outlast(self, kind: EventKind, *, by: dt.timedelta) -> Marks:
        """See `Spans`."""
        tickets, never = self.tickets, self.tickets.never
        at = tickets.next_after(kind, self.start)
        time = tickets.time_or_now
        goes_on = (at < self.end) & (time[self.end] - time[np.minimum(at, never)] > _micros(by))
        return Marks(tickets, np.unique(at[(at < never) & goes_on]))


def _micros(length: dt.timedelta) -> int:
    return round(length.total_seconds() * 1_000_000)


def _instants(tickets: Tickets) -> Rows:
    """For each row a number that it shares with those of its ticket at the same instant."""
    owner, time = tickets.owner, tickets.time
    return np.cumsum(np.append(False, (owner[1:] != owner[:-1]) | (time[1:] != time[:-1]))[: tickets.never])
