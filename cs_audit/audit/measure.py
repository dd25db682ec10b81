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
    Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Measured:
    """Waits under some policies, as parallel arrays: the timetable, microseconds elapsed on it without the time the
    clock stood still, the `stood` time, the limit, and the due instant where it is not just the limit's. `still` says
    which of the masks `stills` holds the rows at which its clock stands (-1: none).
    """

    schedule: Ints
    began: Ints
    until: Ints
    elapsed: Ints
    stood: Ints
    limit: Ints
    due: Ints
    late: NDArray[np.bool_]
    still: NDArray[np.int8]
    stills: tuple[Mask, ...]


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
    still, stills = _still(limits, spans, policy)
    for rows, clock in _standstills(limits, spans, schedule, still, stills):
        stood[rows] = np.maximum(clock.between(spans.start[rows], stop[rows]), 0)  # not of a wait that ran backwards
        touched = (stood[rows] > 0) | clock.stands_now(spans.start[rows], stop[rows])
        moved = rows[touched & (limit[rows] < UNLIMITED) & ~limits.recorded[policy[rows]]]
        due[moved] = clock.due(spans.start[moved], stop[moved], limit[moved])
    elapsed -= stood
    late = np.where(limits.recorded[policy], until > due, elapsed > limit)
    return Measured(schedule, began, until, elapsed, stood, limit, due, late, still, stills)


def _within_reach(instants: Ints, limits: Limits) -> Ints:
    """A recorded length may be nonsense; it must not leave the compiled years."""
    coordinates = limits.bench.coordinates
    return np.clip(instants, coordinates.starts, coordinates.ends)


def _still(limits: Limits, spans: Spans, policy: NDArray[np.int16]) -> tuple[NDArray[np.int8], tuple[Mask, ...]]:
    """For each wait the place of the mask of rows at which its clock stands still, or -1."""
    tickets, alone = spans.tickets, limits.bench.standard.pauses_by_status_alone
    outside = gaps(tickets, spans.gaps)
    own = limits.pauses_at[policy]
    found = np.full(len(policy), -1, np.int8)
    stills: list[Mask] = []
    for place in np.unique(own):
        masks = [outside, paused(tickets, limits.pauses[place], by_status_alone=alone)]
        known = [mask for mask in masks if mask is not None]
        if known:
            found[own == place] = len(stills)
            stills.append(np.logical_or.reduce(known))
    return found, tuple(stills)


def _standstills(
    limits: Limits, spans: Spans, schedule: Ints, still: NDArray[np.int8], stills: tuple[Mask, ...]
) -> Iterator[tuple[Rows, Standstill]]:
    """The waits whose clocks may stand still, by clock: mask and timetable."""
    for place, mask in enumerate(stills):
        for table in np.unique(schedule[still == place]):
            rows = np.flatnonzero((still == place) & (schedule == table))
            yield rows, Standstill.of(spans.tickets, mask, int(table), limits.bench)
