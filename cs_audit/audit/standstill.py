"""Stretches in which a clock stands still, as a coordinate: the working time stood before each row.

An elapsed time without its pauses is then one more subtraction, and a due instant moved by them one more search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cs_audit.events import STATUSES, event, requester_message

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.bench import Bench
    from cs_audit.history.columnar import Rows, Tickets

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

PAUSED_NOW = -1
"""Stands for the due instant of a wait whose clock stands still at the cut-off: there is none yet."""


def paused(tickets: Tickets, statuses: Sequence[str], *, by_status_alone: bool = False) -> Mask | None:
    """For each row whether a pause lasts from it to the next row of its ticket; None if none ever does.

    A pause begins with one of the `statuses` and ends with another one or with a message of the requester.
    """
    pausing = event(kind="status", status=tuple(statuses))
    if not statuses or not tickets.mask(pausing).any():
        return None
    others = event(kind="status", status=tuple(each for each in STATUSES if each not in statuses))
    resuming = others if by_status_alone else others | requester_message
    after = np.arange(1, tickets.never + 1)
    began, ended = tickets.last(pausing, after), tickets.last(resuming, after)
    lasts: Mask = (began > ended) & (began >= tickets.starts[tickets.owner])
    return lasts


def gaps(tickets: Tickets, found: Sequence[tuple[Rows, Rows]]) -> Mask | None:
    """For each row whether one of these stretches lasts from it to the next row of its ticket; None if none does."""
    if not any(len(start) for start, _ in found):
        return None
    steps = np.zeros(tickets.never + 1, np.int64)
    for start, end in found:
        np.add.at(steps, start, 1)
        np.add.at(steps, np.minimum(end, tickets.stops[tickets.owner[start]]), -1)
    lasts: Mask = np.cumsum(steps[:-1]) > 0
    return lasts


@dataclass(frozen=True)
class Standstill:
    """One clock's standstill: `still` at each row, and on timetable `table` the working time `stood` before each row
    (and one past the last).
    """

    tickets: Tickets
    bench: Bench
    table: int
    still: Mask
    stood: Ints

    @classmethod
    def of(cls, tickets: Tickets, still: Mask, table: int, bench: Bench) -> Standstill:
        """The standstill at the rows that are `still`."""
        rows = np.flatnonzero(still)
        time = np.append(tickets.time, bench.as_of)
        following = np.where(rows + 1 < tickets.stops[tickets.owner[rows]], rows + 1, tickets.never)
        lengths = np.zeros(tickets.never + 1, np.int64)
        worked = bench.coordinates.worked
        lengths[rows + 1] = worked(table, time[following]) - worked(table, time[rows])
        return cls(tickets, bench, table, still, np.cumsum(lengths))

    def between(self, start: Rows, stop: Rows) -> Ints:
        """Working time stood between two rows of one ticket; `never` is the cut-off."""
        return self.stood[self._inside(start, stop)] - self.stood[start]

    def _inside(self, start: Rows, stop: Rows) -> Rows:
        return np.minimum(stop, self.tickets.stops[self.tickets.owner[start]])

    def stands_now(self, start: Rows, stop: Rows) -> Mask:
        """Whether the clock of a wait that is not over stands still at the cut-off."""
        last = self.tickets.stops[self.tickets.owner[start]] - 1
        stands: Mask = (stop == self.tickets.never) & self.still[last]
        return stands

    def due(self, start: Rows, stop: Rows, limit: Ints) -> Ints:
        """When a clock begun at `start` has run for `limit`; PAUSED_NOW if it stands still at the cut-off before that.

        Pauses up to `stop` move it; one that begins after it has passed does not.
        """
        last = self.tickets.stops[self.tickets.owner[start]] - 1
        low, high = start, np.minimum(stop, last)
        while (low < high).any():
            middle = (low + high + 1) // 2
            fits = self._run(start, middle) < limit
            low, high = np.where(fits, middle, low), np.where(fits, high, middle - 1)
        rest = limit - self._run(start, low)
        due = self.bench.coordinates.due(self.table, self.tickets.time[low], rest)
        waiting = self.stands_now(start, stop) & (low == last) & (rest > 0)
        return np.where(waiting, PAUSED_NOW, due)

    def _run(self, start: Rows, row: Rows) -> Ints:
        worked, time = self.bench.coordinates.worked, self.tickets.time
        return worked(self.table, time[row]) - worked(self.table, time[start]) - (self.stood[row] - self.stood[start])
