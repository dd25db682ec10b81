"""Time worked as a coordinate: a subtraction gives any elapsed working time, the inverse gives any due date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cs_audit.errors import AuditError
from cs_audit.schedules import zones
from cs_audit.schedules.zones import DAY, SECOND
from cs_audit.worded import verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cs_audit.schedules.schedule import Timetable

    Instants = NDArray[np.int64]

_CELLS = (900 * SECOND, 300 * SECOND, 60 * SECOND)
_FEW_CELLS = 4_000_000
_AT_ONCE = 1 << 15
"""So many instants that what is made of them stays in the processor's cache."""


class Coordinates:
    """The coordinates of several timetables, so that each row may follow its own.

    `worked` is a table lookup in small cells derived from the opening intervals where all of them lie on a
    grid of 15, 5 or 1 minutes, and a search in the intervals otherwise; the intervals stay the truth.
    """

    def __init__(self, tables: Sequence[Timetable]) -> None:
        self.tables = list(tables)
        self.starts = max(table.starts for table in tables)
        self.ends = min(table.ends for table in tables)
        self._before = [np.concatenate(([0], np.cumsum(table.closes - table.opens))) for table in tables]
        self._cell = self._grid()
        if self._cell:
            self._make_cells()

    def _grid(self) -> int:
        edges = np.concatenate([np.concatenate([table.opens, table.closes]) for table in self.tables])
        for cell in _CELLS:
            if not np.any(edges % cell) and (self.ends - self.starts) // cell * len(self.tables) < _FEW_CELLS:
                return cell
        return 0

    def _make_cells(self) -> None:
        self._origin = self.starts // self._cell * self._cell
        edges = np.arange(self._origin, self.ends + 2 * self._cell, self._cell, dtype=np.int64)
        self._width = len(edges) - 1
        worked = [self._search(index, edges) for index in range(len(self.tables))]
        is_open = np.concatenate([np.diff(each) > 0 for each in worked])
        since = np.tile(edges[:-1] - self._origin, len(self.tables))
        self._base = np.concatenate([each[:-1] for each in worked]) - np.where(is_open, since, 0)
        self._slope = is_open.astype(np.int64)

    def worked(self, table: NDArray[np.integer] | int, instants: Instants) -> Instants:
        """Working microseconds of timetable `table` (an index, or one for each row) up to each instant.

        Raises:
            AuditError: an instant outside the compiled years (never clamped, never guessed).
        """
        instants = np.asarray(instants, np.int64)
        if len(instants) and (instants.min() < self.starts or instants.max() > self.ends):
            raise AuditError(verbatim("an instant lies outside the compiled years of the schedules"))
        if not self._cell:
            return self._search_each(table, instants)
        first = np.asarray(table, np.int64) * self._width
        worked = np.empty(len(instants), np.int64)
        for start in range(0, len(instants), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            since = instants[some] - self._origin
            cell = since // self._cell + (first[some] if first.ndim else first)
            np.add(self._base.take(cell), self._slope.take(cell) * since, out=worked[some])
        return worked

    def _search_each(self, table: NDArray[np.integer] | int, instants: Instants) -> Instants:
        if isinstance(table, int):
            return self._search(table, instants)
        found = np.empty(len(instants), np.int64)
        for index in np.unique(table):
            rows = table == index
            found[rows] = self._search(int(index), instants[rows])
        return found

    def _search(self, index: int, instants: Instants) -> Instants:
        table, before = self.tables[index], self._before[index]
        at = np.searchsorted(table.opens, instants, side="right") - 1
        inside = np.minimum(instants, table.closes[at]) - table.opens[at]
        return np.where(at < 0, 0, before[at] + inside)

    def due(self, index: int, start: Instants, length: NDArray[np.int64] | int) -> Instants:
        """The earliest instant not before `start` with `length` more working microseconds; -1 beyond the years."""
        table, before = self.tables[index], self._before[index]
        goal = self._search(index, start) + length
        at = np.searchsorted(before[1:], goal, side="left")
        known = at < len(table.opens)
        at = np.minimum(at, len(table.opens) - 1)
        return np.where(known, np.maximum(table.opens[at] + (goal - before[at]), start), -1)

    def back(self, index: int, start: Instants, length: NDArray[np.int64] | int) -> Instants:
        """The instant reached by going back `length` working microseconds from `start`; -1 before the years.

        Of all instants with that working time it is the latest: the first one met on the way back.
        """
        goal = self._search(index, start) - length
        table, before = self.tables[index], self._before[index]
        at = np.clip(np.searchsorted(before[1:], goal, side="right"), 0, len(table.opens) - 1)
        return np.where(goal >= 0, np.minimum(table.opens[at] + (goal - before[at]), start), -1)

    def next_open(self, index: int, instants: Instants) -> Instants:
        """Each instant if it is open, else the next opening; -1 beyond the years."""
        table = self.tables[index]
        at = np.searchsorted(table.closes, instants, side="right")
        last = np.minimum(at, len(table.opens) - 1)
        known = (at < len(table.opens)) & (table.opens[last] < table.closes[last])
        return np.where(known, np.maximum(table.opens[last], instants), -1)

    def is_open(self, index: int, instants: Instants) -> NDArray[np.bool_]:
        """Whether each instant lies in an opening interval, which is half-open."""
        found: NDArray[np.bool_] = self.next_open(index, instants) == instants
        return found

    def after_days(
        self, index: int, start: Instants, days: NDArray[np.int64] | int, *, closing: bool = False
    ) -> Instants:
        """The same local time `days` working days later; opening time if asked out of hours; -1 beyond the years.

        With `closing` it is that day's closing time. A time outside that day's hours moves to their nearer edge, so
        that a short day ends the promise at its closing. A working day is a local date with open time.
        """
        table = self.tables[index]
        asked = self.next_open(index, start)
        first, opening, last = self._days(index)
        local = zones.local_times(asked, table.zone_begins, table.zone_offsets)
        at = np.searchsorted(first, local // DAY) + days
        known = (asked >= 0) & (at < len(first))
        at = np.minimum(at, len(first) - 1)
        wall = first[at] * DAY + local % DAY
        found = zones.instants_of(wall, table.zone_begins, table.zone_offsets)
        return np.where(known, last[at] if closing else np.clip(found, opening[at], last[at]), -1)

    def _days(self, index: int) -> tuple[Instants, Instants, Instants]:
        """Working days as local day numbers, with the first opening and last closing of each."""
        table = self.tables[index]
        zone = (table.zone_begins, table.zone_offsets)
        opens, closes = table.opens, table.closes
        while True:
            days = zones.local_times(opens, *zone) // DAY
            midnights = zones.instants_of((days + 1) * DAY, *zone)
            late = closes > midnights
            if not late.any():
                break
            opens = np.concatenate([opens, midnights[late]])
            closes = np.concatenate([np.minimum(closes, midnights), closes[late]])
            order = np.argsort(opens, kind="stable")
            opens, closes = opens[order], closes[order]
        first = np.flatnonzero(np.append(True, days[1:] > days[:-1]))
        last = np.append(first[1:] - 1, len(days) - 1)
        return days[first], opens[first], closes[last]
