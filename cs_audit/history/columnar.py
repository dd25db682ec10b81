"""The columnar reading: a frame of whole tickets in order, a moment as one row number for each ticket.

For each kind of event there are the rows where it happens, and for each row how many of them lie before it; by
these the verbs hop to the next one and the last. Row number `n` (one past the last) stands for never.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cs_audit.events.columns import SCHEMA
from cs_audit.history.columnar_spans import Marks, Mask, Rows, Spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.events import EventKind

    Counts = NDArray[np.int32]

__all__ = ["Marks", "Mask", "Rows", "Spans", "Tickets"]


class Tickets:
    """Whole tickets of one frame, ordered by ticket, time and sequence."""

    def __init__(self, frame: pl.DataFrame, *, by: str = "ticket", now: int | None = None) -> None:
        self.frame = frame
        self.never = frame.height
        self.starts: Rows = np.flatnonzero(_changes(frame[by]))
        lengths = np.diff(np.append(self.starts, self.never))
        self.owner: Rows = np.repeat(np.arange(len(self.starts)), lengths)
        self.stops: Rows = self.starts + lengths
        self.time: NDArray[np.int64] = frame["occurred_at"].to_physical().to_numpy()
        self._now = np.iinfo(np.int64).max if now is None else now
        self._masks: dict[EventKind, Mask] = {}
        self._places: dict[EventKind, tuple[Rows, Counts]] = {}
        self._turns: dict[tuple[EventKind | None, ...], tuple[Rows, Rows, Rows]] = {}

    @property
    def no_marks(self) -> Marks:
        """Nothing to point at."""
        return Marks(self, np.empty(0, np.int64))

    @property
    def time_or_now(self) -> NDArray[np.int64]:
        """The time of each row, and of never the present one: when the histories are known to."""
        return np.append(self.time, self._now)

    def mask(self, kind: EventKind) -> Mask:
        """The rows where `kind` happens."""
        if kind not in self._masks:
            unknown = [name for name in kind.columns if name not in self.frame.columns]
            frame = self.frame.with_columns(
                pl.lit(None, SCHEMA.get(name, pl.Boolean())).alias(name) for name in unknown
            )
            found = frame.select(kind.expr.alias("found")).to_series().to_numpy()
            self._masks[kind] = np.broadcast_to(found, (self.never,))
        return self._masks[kind]

    def rows(self, kind: EventKind) -> Rows:
        """The rows where `kind` happens."""
        return self._found(kind)[0][1:-1]

    def next(self, kind: EventKind, rows: Rows) -> Rows:
        """For each of these rows, the first row at or after it where `kind` happens, in any ticket."""
        found, before = self._found(kind)
        return found[before[rows] + 1]

    def last(self, kind: EventKind, rows: Rows) -> Rows:
        """For each of these rows, the last row before it where `kind` happens, in any ticket; -1 if none."""
        found, before = self._found(kind)
        return found[before[rows]]

    def _found(self, kind: EventKind) -> tuple[Rows, Counts]:
        """The rows where `kind` happens, between -1 and never; and how many of them lie before each row."""
        if kind not in self._places:
            mask = self.mask(kind)
            before = np.zeros(self.never + 2, np.int32)
            np.cumsum(mask, dtype=np.int32, out=before[1:-1])
            before[-1] = before[-2]
            self._places[kind] = np.concatenate([[-1], np.flatnonzero(mask), [self.never]]), before
        return self._places[kind]

    def _within(self, rows: Rows, stops: Rows) -> Rows:
        return np.where(rows < stops, rows, self.never)

    def next_after(self, kind: EventKind, rows: Rows) -> Rows:
        """The first `kind` of the same ticket after each row, or never."""
        return self._within(self.next(kind, rows + 1), self.stops[self.owner[rows]])

    def first(self, kind: EventKind) -> Rows:
        """See `History`."""
        return self._within(self.next(kind, self.starts), self.stops)

    def opening(self, kind: EventKind) -> Rows:
        """See `History`."""
        found = self.first(kind)
        return np.where(found < self.never, found, self.starts)

    def settled(self, done: EventKind, undone: EventKind) -> Rows:
        """See `History`."""
        after = np.maximum(self.last(undone, self.stops) + 1, self.starts)
        return self._within(self.next(done, after), self.stops)

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
        asked = self.rows(opens)
        answered = self.last(closes, asked)
        if stops is not None:
            answered = np.maximum(answered, self.last(stops, asked))
        floor = self.starts[self.owner[asked]]
        before = self.last(opens, asked)
        new = (before < floor) | (answered > before)
        start = asked[new]
        until = self._until(start)
        end = self._within(self.next(closes, start + 1), until)
        if stops is None:
            return start, end, np.full(len(start), self.never)
        left = self._within(self.next(stops, start + 1), until)
        return start, end, np.where(end < self.never, self.never, left)

    def _until(self, start: Rows) -> Rows:
        """Where the next span of the same ticket begins, else where the ticket stops."""
        stops = self.stops[self.owner[start]]
        until: Rows = np.minimum(np.append(start[1:], self.never)[: len(start)], stops)
        return until

    def rounds(self, kind: EventKind, stops: EventKind, resumes: EventKind) -> Spans:
        """See `History`."""
        start = np.flatnonzero(self.mask(kind) & self._in_work(stops, resumes)[:-1])
        end, left = self.next_after(kind, start), self.next_after(stops, start)
        return Spans.of(self, start, np.where(left < end, self.never, end), np.where(left < end, left, self.never))

    def _in_work(self, stops: EventKind, resumes: EventKind) -> Mask:
        """For each row, and one past the last, whether its ticket is in work just before it."""
        rows = np.arange(self.never + 1)
        stopped = self.last(stops, rows)
        floor = np.append(self.starts[self.owner], self.never)
        in_work: Mask = (stopped < floor) | (self.last(resumes, rows) > stopped)
        return in_work

    def stays(self, column: str, stops: EventKind, resumes: EventKind) -> Spans:
        """See `History`."""
        if column not in self.frame.columns or not self.never:
            return Spans.of(self, np.empty(0, np.int64), np.empty(0, np.int64))
        values = self.frame[column]
        code = (values if values.dtype != pl.String else values.cast(pl.Categorical)).to_physical()
        known = code.is_not_null().to_numpy()
        word = code.fill_null(0).cast(pl.Int64).to_numpy()
        first = self.starts[self.owner]
        said = np.maximum.accumulate(np.where(known, np.arange(self.never), -1))
        held = np.where(said >= first, word[said], -1)
        before = np.where(np.arange(self.never) == first, -1, np.roll(held, 1))
        worked = self._in_work(stops, resumes)[:-1]
        works = ~self.mask(stops) & (worked | self.mask(resumes))
        changed = (held != before) | (works != worked)
        start = np.flatnonzero(changed & works & (held >= 0))
        edges = np.append(np.flatnonzero(changed), self.never)
        return Spans.of(
            self, start, self._within(edges[np.searchsorted(edges, start, "right")], self.stops[self.owner[start]])
        )

    def lasting(self, kind: EventKind, seconds: str, *, done: EventKind, unknown: str) -> Spans:
        """See `History`."""
        rows = self.rows(kind)
        took = self.frame[seconds][rows]
        over = self.mask(done)[rows]
        spans = Spans.of(self, rows, np.where(over, rows, self.never), np.where(over, self.never, rows))
        lasting = np.rint(took.fill_null(0).to_numpy() * 1_000_000).astype(np.int64)
        return replace(spans, lasting=lasting).blamed(over & took.is_null().to_numpy(), unknown)

    def promises(self, *, kept_by: EventKind) -> Spans:
        """See `History`."""
        if "promised" not in self.frame.columns:
            return Spans.of(self, np.empty(0, np.int64), np.empty(0, np.int64))
        told = self.frame.select("promised", row=pl.int_range(pl.len())).explode("promised").drop_nulls("promised")
        start = told["row"].to_numpy()
        return replace(Spans.of(self, start, self.next_after(kept_by, start)), promised=tuple(told["promised"]))

    def each(self, kind: EventKind) -> Marks:
        """See `History`."""
        return Marks(self, self.rows(kind))

    def newcomers(self, kind: EventKind, column: str, *, unless: EventKind) -> Marks:
        """See `History`."""
        rows = self.rows(kind)
        if column not in self.frame.columns:
            return Marks(self, rows[:0])
        told = pl.DataFrame({"row": rows, "owner": self.owner[rows], "value": self.frame[column][rows]})
        first = told.drop_nulls("value").unique(["owner", "value"], keep="first", maintain_order=True)
        again = first.filter(pl.col("owner") == pl.col("owner").shift())["row"].to_numpy()
        return Marks(self, again[~self.mask(unless)[again]])

    def later(self, kind: EventKind, *, than: Rows) -> Marks:
        """See `History`."""
        rows = self.rows(kind)
        return Marks(self, rows[rows > than[self.owner[rows]]])

    def earlier(self, kind: EventKind, *, than: Rows, though_listed_later: bool = False) -> Marks:
        """See `History`."""
        rows = self.rows(kind)
        moment = than[self.owner[rows]]
        rows, moment = rows[moment < self.never], moment[moment < self.never]
        before = self.time[rows] < self.time[moment]
        rows, moment = rows[before], moment[before]
        if though_listed_later and len(rows):
            later = self.frame["seq"][rows] > self.frame["seq"][moment]
            rows = rows[later.fill_null(value=False).to_numpy()]
        return Marks(self, rows)


def _changes(key: pl.Series) -> Mask:
    """True on the first row of each history."""
    return np.append(True, (key[1:] != key[:-1]).fill_null(value=True).to_numpy())[: len(key)]
