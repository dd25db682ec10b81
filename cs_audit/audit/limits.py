"""What each wait was allowed: microseconds of its clock, and a date where the promise is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cs_audit.audit.standard import CALENDAR, Target

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.bench import Bench
    from cs_audit.history.columnar import Rows, Spans

    Ints = NDArray[np.int64]

UNLIMITED = np.iinfo(np.int64).max
_NO_TARGET = Target(clock="calendar")


@dataclass(frozen=True)
class Limits:
    """One rule's targets as arrays over the policies, with a last entry for "no policy"."""

    micros: Ints
    days: Ints
    recorded: NDArray[np.bool_]
    given: NDArray[np.bool_]
    schedule: Ints

    @classmethod
    def of(cls, rule: str, bench: Bench) -> Limits:
        """The targets of `rule` in every policy."""
        places = {name: index for index, name in enumerate(bench.schedules)}
        policies = bench.standard.policies
        targets = [*(policy.targets.get(rule, _NO_TARGET) for policy in policies), _NO_TARGET]
        names = [*(policy.schedule for policy in policies), CALENDAR]
        clocks = [
            places[CALENDAR if each.clock == "calendar" else name] for each, name in zip(targets, names, strict=True)
        ]
        return cls(
            micros=np.array([each.micros for each in targets], np.int64),
            days=np.array([each.working_days for each in targets], np.int64),
            recorded=np.array([each.recorded for each in targets], np.bool_),
            given=np.array([each is not _NO_TARGET for each in targets], np.bool_),
            schedule=np.array(clocks, np.int64),
        )

    def of_waits(
        self, rule: str, spans: Spans, policy: NDArray[np.int16], before: Ints, bench: Bench
    ) -> tuple[Ints, Ints]:
        """Each wait's limit on its own clock, and its due instant where the promise is a date.

        `before` is the clock's coordinate at each start. UNLIMITED stands for what lies beyond the compiled years.
        """
        due = np.full(len(policy), UNLIMITED)
        for index in np.flatnonzero(self.days):
            rows = np.flatnonzero(policy == index)
            began = spans.tickets.time[spans.start[rows]]
            found = bench.coordinates.after_days(int(self.schedule[index]), began, int(self.days[index]))
            due[rows] = np.where(found >= 0, found, UNLIMITED)
        if self.recorded.any():
            rows = np.flatnonzero(self.recorded[policy])
            due[rows] = _recorded(spans, rows, f"due_{rule}")
        dated = np.flatnonzero(due < UNLIMITED)
        near = dated[(due[dated] >= bench.coordinates.starts) & (due[dated] <= bench.coordinates.ends)]
        limit = np.where((self.days[policy] > 0) | self.recorded[policy], UNLIMITED, self.micros[policy])
        limit[near] = bench.coordinates.worked(self.schedule[policy[near]], due[near]) - before[near]
        return limit, due


def _recorded(spans: Spans, rows: Rows, column: str) -> Ints:
    """The time promised to each ticket, from its last event."""
    tickets = spans.tickets
    if column not in tickets.frame.columns:
        return np.full(len(rows), UNLIMITED)
    last = tickets.stops[tickets.owner[spans.start[rows]]] - 1
    values = tickets.frame[column].to_physical()[last]
    return values.fill_null(UNLIMITED).to_numpy()
