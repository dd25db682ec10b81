"""How long waits took, each on its own clock, and what they were allowed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cs_audit.audit.limits import UNLIMITED, Limits
from cs_audit.audit.standstill import Standstill, gaps, paused

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.policies import Facts
    from cs_audit.history.columnar import Rows, Spans

    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Measured:
    """Waits under some policies, as parallel arrays: the timetable, microseconds elapsed on it without the time the
    clock stood still, the `stood` time, the limit, and the due instant where it is not just the limit's.
    """

    schedule: Ints
    began: Ints
    until: Ints
    elapsed: Ints
    stood: Ints
    limit: Ints
    due: Ints
    late: NDArray[np.bool_]


def measure(limits: Limits, spans: Spans, stop: Rows, policy: NDArray[np.int16], facts: Facts) -> Measured:
    """The waits up to the rows `stop` (`never`: the cut-off), under the policy of each."""
    bench, tickets = limits.bench, spans.tickets
    schedule = limits.schedules(policy, facts, spans.start)
    time = np.append(tickets.time, bench.as_of)
    began = time[spans.start]
    until = time[stop] if spans.lasting is None else _within_reach(began + spans.lasting, limits)
    before = bench.coordinates.worked(schedule, began)
    elapsed = bench.coordinates.worked(schedule, until) - before
    limit, due = limits.of_waits(spans, policy, schedule, before)
    stood = np.zeros(len(began), np.int64)
    for rows, clock in _standstills(limits, spans, policy, schedule):
        stood[rows] = np.maximum(clock.between(spans.start[rows], stop[rows]), 0)  # not of a wait that ran backwards
        moved = rows[(stood[rows] > 0) & (limit[rows] < UNLIMITED) & ~limits.recorded[policy[rows]]]
        due[moved] = clock.due(spans.start[moved], stop[moved], limit[moved])
    elapsed -= stood
    late = np.where(limits.recorded[policy], until > due, elapsed > limit)
    return Measured(schedule, began, until, elapsed, stood, limit, due, late)


def _within_reach(instants: Ints, limits: Limits) -> Ints:
    """A recorded length may be nonsense; it must not leave the compiled years."""
    coordinates = limits.bench.coordinates
    return np.clip(instants, coordinates.starts, coordinates.ends)


def _standstills(
    limits: Limits, spans: Spans, policy: NDArray[np.int16], schedule: Ints
) -> Iterator[tuple[Rows, Standstill]]:
    """The waits whose clocks may stand still, by clock: pause statuses and timetable."""
    tickets = spans.tickets
    outside = gaps(tickets, spans.gaps)
    own = limits.pauses_at[policy]
    for place in np.unique(own):
        still = paused(tickets, limits.pauses[place], by_status_alone=limits.bench.standard.pauses_by_status_alone)
        still = still if outside is None else outside if still is None else still | outside
        if still is None:
            continue
        for table in np.unique(schedule[own == place]):
            rows = np.flatnonzero((own == place) & (schedule == table))
            yield rows, Standstill.of(tickets, still, int(table), limits.bench)
