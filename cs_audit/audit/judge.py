"""The judge: spans of whole tickets against their targets, with an outcome for every ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cs_audit.audit.moments import local_date
from cs_audit.audit.outcomes import ACHIEVED, ACTIVE, BREACHED, CODES, NOT_JUDGED
from cs_audit.audit.policies import Facts, choose
from cs_audit.audit.standard import CALENDAR, Standard

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from cs_audit.history.columnar import Rows, Spans, Tickets
    from cs_audit.rules import Rule
    from cs_audit.schedules import Coordinates

    Ints = NDArray[np.int64]

UNLIMITED = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Bench:
    """What the judge needs besides the tickets: the standard, the coordinates of its schedules, and the cut-offs.

    Instants are microseconds UTC; `since` and `until` bound when a wait began.
    """

    standard: Standard
    coordinates: Coordinates
    schedules: Sequence[str]
    as_of: int
    since: int
    until: int


@dataclass(frozen=True)
class Verdicts:
    """One row for each wait of a rule, and one for each ticket without any; parallel arrays.

    `start` is the row the wait began with (the ticket's first row where there was none: `began` is False),
    `end` the row that ended it or left it (`Tickets.never` while it lasts). `elapsed` and `limit` are
    microseconds on timetable `schedule`; `due` is set only where the limit is a date.
    """

    rule: Rule
    tickets: Tickets
    start: Rows
    end: Rows
    began: NDArray[np.bool_]
    elapsed: Ints
    limit: Ints
    due: Ints
    outcome: NDArray[np.uint8]
    reason: NDArray[np.uint8]
    policy: NDArray[np.int16]
    schedule: Ints

    @property
    def owner(self) -> Rows:
        """The ticket of each row, by its place in the chunk."""
        return self.tickets.owner[self.start]


@dataclass(frozen=True)
class _Limits:
    """One rule's targets as arrays over the policies, with a last entry for "no policy"."""

    micros: Ints
    days: Ints
    recorded: NDArray[np.bool_]
    given: NDArray[np.bool_]
    schedule: Ints

    @classmethod
    def of(cls, rule: str, bench: Bench) -> _Limits:
        places = {name: index for index, name in enumerate(bench.schedules)}
        targets = [(policy.targets.get(rule), policy.schedule) for policy in bench.standard.policies]
        rows = [
            (each.micros, each.working_days, each.recorded, True, places[CALENDAR if each.clock == "calendar" else name])
            if each
            else (0, 0, False, False, places[CALENDAR])
            for each, name in [*targets, (None, CALENDAR)]
        ]
        micros, days, recorded, given, schedule = zip(*rows, strict=True)
        return cls(np.array(micros), np.array(days), np.array(recorded), np.array(given), np.array(schedule))


def judge(rule: Rule, tickets: Tickets, facts: Facts, bench: Bench, *, blind: bool, broken: Rows) -> Verdicts:
    """The verdicts of one span rule.

    `blind` tickets lack the history the rule needs; `broken` are the places of tickets with rows that could
    not be read, whose waits cannot be trusted.
    """
    if blind:
        return _absent(rule, tickets, np.arange(len(tickets.starts)), "history_not_available", bench)
    spans = rule.judge(tickets, **bench.standard.options.get(rule.name, {}))
    began, ours = tickets.time[spans.start], tickets.owner[spans.start]
    inside = (began >= bench.since) & (began < bench.until)
    lost = _flags(tickets, broken)
    parts = [_judged(rule, _taken(spans, inside & ~lost[ours]), facts, bench)]
    any_wait, wait_inside = _flags(tickets, ours), _flags(tickets, ours[inside])
    for places, reason in (
        (~any_wait & ~lost, rule.without or "no_wait"),
        (any_wait & ~wait_inside & ~lost, "outside_window"),
        (lost, "rejected_rows"),
    ):
        if places.any():
            parts.append(_absent(rule, tickets, np.flatnonzero(places), reason, bench))
    return _excused(_concat(parts), bench)


def _flags(tickets: Tickets, places: Rows) -> NDArray[np.bool_]:
    """True for the tickets at these places of the chunk."""
    flags = np.zeros(len(tickets.starts), np.bool_)
    flags[places] = True
    return flags


def _taken(spans: Spans, keep: NDArray[np.bool_]) -> Spans:
    if keep.all():
        return spans
    fields = (spans.start[keep], spans.end[keep], spans.left[keep], spans.reason[keep])
    return type(spans)(spans.tickets, *fields, spans.reasons)


def _judged(rule: Rule, spans: Spans, facts: Facts, bench: Bench) -> Verdicts:
    tickets, limits = spans.tickets, _Limits.of(rule.name, bench)
    policy = choose(bench.standard, facts, spans.start)
    schedule = limits.schedule[policy]
    over = spans.end < tickets.never
    end = np.where(over, spans.end, spans.left)
    time = np.append(tickets.time, bench.as_of)
    began, until = time[spans.start], time[end]
    before = bench.coordinates.worked(schedule, began)
    elapsed = bench.coordinates.worked(schedule, until) - before
    limit, due = _limits(rule, spans, policy, limits, before, bench)
    late = np.where(limits.recorded[policy], until > due, elapsed > limit)
    left = ~over & (end < tickets.never)
    outcome = np.where(late, BREACHED, np.where(over, ACHIEVED, np.where(left, NOT_JUDGED, ACTIVE))).astype(np.uint8)
    reason = np.where(left & ~late, np.uint8(CODES["closed_without_reply"]), np.uint8(0))
    backwards = (until < began) & ~limits.recorded[policy]
    for wrong, name in (
        (limits.recorded[policy] & (due == UNLIMITED), "no_recorded_due"),
        (backwards, "ended_before_it_began"),
        (~limits.given[policy], "no_target"),
        (policy < 0, "no_policy"),
    ):
        reason[wrong] = CODES[name]
    told = np.array([CODES[each] for each in spans.reasons], np.uint8)[spans.reason]
    reason = np.where(told > 0, told, reason)
    outcome[(reason > 0) & ((outcome != BREACHED) | (reason != CODES["closed_without_reply"]))] = NOT_JUDGED
    began_at_all = np.ones(len(spans.start), np.bool_)
    return Verdicts(
        rule, tickets, spans.start, end, began_at_all, elapsed, limit, due, outcome, reason, policy, schedule
    )


def _limits(
    rule: Rule, spans: Spans, policy: NDArray[np.int16], limits: _Limits, before: Ints, bench: Bench
) -> tuple[Ints, Ints]:
    """Limits in microseconds of each wait's own clock, and due instants where the promise is a date."""
    limit = limits.micros[policy]
    due = np.full(len(limit), UNLIMITED)
    if limits.days.any():
        for index in np.flatnonzero(limits.days):
            rows = np.flatnonzero(policy == index)
            began = spans.tickets.time[spans.start[rows]]
            found = bench.coordinates.after_days(int(limits.schedule[index]), began, int(limits.days[index]))
            due[rows] = np.where(found >= 0, found, UNLIMITED)
    if limits.recorded.any():
        rows = np.flatnonzero(limits.recorded[policy])
        due[rows] = _recorded(spans, rows, f"due_{rule.name}")
    dated = np.flatnonzero(due < UNLIMITED)
    near = dated[(due[dated] >= bench.coordinates.starts) & (due[dated] <= bench.coordinates.ends)]
    limit = np.where(limits.days[policy] | limits.recorded[policy], UNLIMITED, limit)
    limit[near] = bench.coordinates.worked(limits.schedule[policy[near]], due[near]) - before[near]
    return limit, due


def _recorded(spans: Spans, rows: Rows, column: str) -> Ints:
    """The time promised to each ticket, from its last event."""
    tickets = spans.tickets
    if column not in tickets.frame.columns:
        return np.full(len(rows), UNLIMITED)
    last = tickets.stops[tickets.owner[spans.start[rows]]] - 1
    values = tickets.frame[column].to_physical()[last]
    return values.fill_null(UNLIMITED).to_numpy()


def _absent(rule: Rule, tickets: Tickets, places: Rows, reason: str, bench: Bench) -> Verdicts:
    """Rows for tickets in which the rule found nothing to judge."""
    number = len(places)
    zero = np.zeros(number, np.int64)
    return Verdicts(
        rule,
        tickets,
        tickets.starts[places],
        np.full(number, tickets.never),
        np.zeros(number, np.bool_),
        zero,
        np.full(number, UNLIMITED),
        np.full(number, UNLIMITED),
        np.full(number, NOT_JUDGED, np.uint8),
        np.full(number, CODES[reason], np.uint8),
        np.full(number, -1, np.int16),
        np.full(number, list(bench.schedules).index(CALENDAR)),
    )


_ARRAYS = ("start", "end", "began", "elapsed", "limit", "due", "outcome", "reason", "policy", "schedule")


def _concat(parts: list[Verdicts]) -> Verdicts:
    if len(parts) == 1:
        return parts[0]
    arrays = (np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS)
    return Verdicts(parts[0].rule, parts[0].tickets, *arrays)


def _excused(verdicts: Verdicts, bench: Bench) -> Verdicts:
    """Verdicts excused by a configured exception are not judged; those of expired exceptions stand."""
    names = [
        each.ticket
        for each in bench.standard.exemptions
        if each.rule == verdicts.rule.name and not expired(each.until, bench)
    ]
    if names:
        tickets = verdicts.tickets
        hit = tickets.frame["ticket"][tickets.starts].is_in(names).to_numpy()[verdicts.owner]
        hit &= verdicts.outcome != NOT_JUDGED
        verdicts.outcome[hit] = NOT_JUDGED
        verdicts.reason[hit] = CODES["ignored"]
    return verdicts


def expired(until: dt.date, bench: Bench) -> bool:
    """Whether an exception's last day had passed at the cut-off, in the audit's zone."""
    return local_date(bench.as_of, bench.standard.timezone) > until
