"""The judge: spans of whole tickets against their targets, with an outcome for every ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cs_audit.audit.limits import UNLIMITED, Limits
from cs_audit.audit.outcomes import ACHIEVED, ACTIVE, BREACHED, CODES, NOT_JUDGED
from cs_audit.audit.policies import Facts, choose
from cs_audit.audit.standard import CALENDAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.bench import Bench
    from cs_audit.history.columnar import Rows, Spans, Tickets
    from cs_audit.rules import Rule

    Ints = NDArray[np.int64]


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
    tickets, limits = spans.tickets, Limits.of(rule.name, bench)
    policy = choose(bench.standard, facts, spans.start)
    schedule = limits.schedule[policy]
    over = spans.end < tickets.never
    end = np.where(over, spans.end, spans.left)
    time = np.append(tickets.time, bench.as_of)
    began, until = time[spans.start], time[end]
    before = bench.coordinates.worked(schedule, began)
    elapsed = bench.coordinates.worked(schedule, until) - before
    limit, due = limits.of_waits(rule.name, spans, policy, before, bench)
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
        if each.rule == verdicts.rule.name and not bench.expired(each.until)
    ]
    if names:
        tickets = verdicts.tickets
        hit = tickets.frame["ticket"][tickets.starts].is_in(names).to_numpy()[verdicts.owner]
        hit &= verdicts.outcome != NOT_JUDGED
        verdicts.outcome[hit] = NOT_JUDGED
        verdicts.reason[hit] = CODES["ignored"]
    return verdicts
