"""What each wait was allowed: microseconds of its clock, and a date where the promise is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cs_audit.audit.standard import CALENDAR, Target

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.bench import Bench
    from cs_audit.audit.policies import Facts
    from cs_audit.history.columnar import Rows, Spans
    from cs_audit.rules import Rule

    Ints = NDArray[np.int64]

UNLIMITED = np.iinfo(np.int64).max
_NO_TARGET = Target(clock="calendar")


@dataclass(frozen=True)
class Limits:
    """One rule's targets as arrays over the policies, with a last entry for "no policy".

    `pauses_at` is the place of each policy's pause statuses in `pauses`; `maps` are the schedules by fact of the
    policies that have them.
    """

    rule: Rule
    bench: Bench
    targets: tuple[Target, ...]
    micros: Ints
    days: Ints
    recorded: NDArray[np.bool_]
    given: NDArray[np.bool_]
    schedule: Ints
    pauses: tuple[tuple[str, ...], ...]
    pauses_at: Ints
    maps: Mapping[int, Mapping[str, Mapping[str, str]]]

    @classmethod
    def of(cls, rule: Rule, bench: Bench) -> Limits:
        """The targets of `rule` in every policy."""
        places = {name: index for index, name in enumerate(bench.schedules)}
        policies = bench.standard.policies
        targets = (*(policy.targets.get(rule.name, _NO_TARGET) for policy in policies), _NO_TARGET)
        names = [*(policy.schedule for policy in policies), CALENDAR]
        clocks = [
            places[CALENDAR if each.clock == "calendar" else name] for each, name in zip(targets, names, strict=True)
        ]
        own = [rule.pauses if each.pause is None else each.pause for each in targets]
        pauses = tuple(dict.fromkeys(own))
        return cls(
            rule=rule,
            bench=bench,
            targets=targets,
            micros=np.array([UNLIMITED if each is _NO_TARGET else each.micros for each in targets], np.int64),
            days=np.array([each.working_days for each in targets], np.int64),
            recorded=np.array([each.recorded for each in targets], np.bool_),
            given=np.array([each is not _NO_TARGET for each in targets], np.bool_),
            schedule=np.array(clocks, np.int64),
            pauses=pauses,
            pauses_at=np.array([pauses.index(each) for each in own], np.int64),
            maps={
                index: policy.schedule_by
                for index, policy in enumerate(policies)
                if policy.schedule_by and targets[index].clock == "working"
            },
        )

    def schedules(self, policy: NDArray[np.int16], facts: Facts, start: Rows) -> Ints:
        """The timetable of each wait: that of its policy, or the one the policy has for what is known at its start."""
        return _timetables(self.bench, self.schedule, self.maps, policy, facts, start)

    def of_waits(self, spans: Spans, policy: NDArray[np.int16], schedule: Ints, before: Ints) -> tuple[Ints, Ints]:
        """Each wait's limit on its own clock, and its due instant where the promise is a date.

        `before` is the clock's coordinate at each start. UNLIMITED stands for what lies beyond the compiled years.
        """
        due = self._dates(spans, policy, schedule)
        coordinates = self.bench.coordinates
        dated = np.flatnonzero(due < UNLIMITED)
        near = dated[(due[dated] >= coordinates.starts) & (due[dated] <= coordinates.ends)]
        limit = np.where((self.days[policy] > 0) | self.recorded[policy], UNLIMITED, self.micros[policy])
        limit[near] = coordinates.worked(schedule[near], due[near]) - before[near]
        return limit, due

    def _dates(self, spans: Spans, policy: NDArray[np.int16], schedule: Ints) -> Ints:
        due = np.full(len(policy), UNLIMITED)
        for index in np.flatnonzero(self.days):
            for table in np.unique(schedule[policy == index]):
                rows = np.flatnonzero((policy == index) & (schedule == table))
                began = spans.tickets.time[spans.start[rows]]
                days, closing = int(self.days[index]), self.targets[index].end_of_day
                found = self.bench.coordinates.after_days(int(table), began, days, closing=closing)
                due[rows] = np.where(found >= 0, found, UNLIMITED)
        if self.recorded.any():
            rows = np.flatnonzero(self.recorded[policy])
            due[rows] = (
                _promised(spans, rows, schedule, self.bench)
                if spans.promised
                else _recorded(spans, rows, f"due_{self.rule.name}")
            )
        return due


def opening_hours(bench: Bench, policy: NDArray[np.int16], facts: Facts, rows: Rows) -> Ints:
    """The timetable of opening hours that each policy has for what is known at each row, whatever clock its targets
    go by.
    """
    own = np.array([bench.schedules.index(each.schedule) for each in bench.standard.policies], np.int64)
    maps = {index: each.schedule_by for index, each in enumerate(bench.standard.policies) if each.schedule_by}
    return _timetables(bench, own, maps, policy, facts, rows)


def _timetables(
    bench: Bench,
    own: Ints,
    by_fact: Mapping[int, Mapping[str, Mapping[str, str]]],
    policy: NDArray[np.int16],
    facts: Facts,
    start: Rows,
) -> Ints:
    schedule = own[policy]
    for index, maps in by_fact.items():
        rows = np.flatnonzero(policy == index)
        for column, names in reversed(list(maps.items())):
            if len(rows) and column in facts.tickets.frame.columns:
                places = {word: bench.schedules.index(name) for word, name in names.items()}
                told = facts.at(column, start[rows]).cast(pl.String)
                found = told.replace_strict(places, default=None, return_dtype=pl.Int64)
                schedule[rows] = np.where(found.is_not_null(), found.fill_null(0).to_numpy(), schedule[rows])
    return schedule


def _promised(spans: Spans, rows: Rows, schedule: Ints, bench: Bench) -> Ints:
    """The time each wait set itself."""
    from cs_audit.audit.promised import due_instants  # noqa: PLC0415 - only for promises

    texts = [spans.promised[row] for row in rows]
    due = due_instants(texts, spans.tickets.time[spans.start[rows]], schedule[rows], bench.coordinates)
    return np.where(due >= 0, due, UNLIMITED)


def _recorded(spans: Spans, rows: Rows, column: str) -> Ints:
    """The time promised to each ticket, from its last event."""
    tickets = spans.tickets
    if column not in tickets.frame.columns:
        return np.full(len(rows), UNLIMITED)
    last = tickets.stops[tickets.owner[spans.start[rows]]] - 1
    values = tickets.frame[column].to_physical()[last]
    return values.fill_null(UNLIMITED).to_numpy()
