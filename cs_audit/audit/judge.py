"""The judge: spans of whole tickets against their targets, with an outcome for every ticket."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cs_audit.audit.changes import InForce, in_force
from cs_audit.audit.limits import UNLIMITED, Limits
from cs_audit.audit.measure import Measured, measure
from cs_audit.audit.outcomes import ACHIEVED, ACTIVE, BREACHED, CODES, NOT_JUDGED, OUTCOMES
from cs_audit.audit.setting_aside import set_aside
from cs_audit.audit.standard import CALENDAR
from cs_audit.audit.standstill import PAUSED_NOW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.bench import Bench
    from cs_audit.audit.policies import Facts
    from cs_audit.history.columnar import Rows, Spans, Tickets
    from cs_audit.rules import Rule

    Ints = NDArray[np.int64]
    Codes = NDArray[np.uint8]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Verdicts:
    """One row for each wait of a rule, and one for each ticket without any; parallel arrays.

    `start` is the row the wait began with (the ticket's first row where there was none: `began` is False),
    `end` the row that ended it or left it (`Tickets.never` while it lasts), `until` the instant. `elapsed`, `stood`
    (the time its clock stood still) and `limit` are microseconds on timetable `schedule`; `due` is the instant by
    which it was to end where that is not simply its limit after its start. `otherwise` is the outcome it would have
    had without an exception or exclusion. `still` and `stills` are those of `Measured`.
    """

    rule: Rule
    tickets: Tickets
    start: Rows
    end: Rows
    began: Mask
    until: Ints
    elapsed: Ints
    stood: Ints
    limit: Ints
    due: Ints
    outcome: Codes
    otherwise: Codes
    reason: Codes
    policy: NDArray[np.int16]
    schedule: Ints
    still: NDArray[np.int8]
    stills: tuple[Mask, ...] = ()

    @cached_property
    def owner(self) -> Rows:
        """The ticket of each row, by its place in the chunk."""
        return self.tickets.owner[self.start]

    def taken(self, keep: Mask | Rows) -> Verdicts:
        """Some of the verdicts."""
        return replace(self, **{name: getattr(self, name)[keep] for name in _ARRAYS})


_ARRAYS = (
    *("start", "end", "began", "until", "elapsed", "stood", "limit", "due"),
    *("outcome", "otherwise", "reason", "policy", "schedule", "still"),
)


def judge(rule: Rule, tickets: Tickets, facts: Facts, bench: Bench, *, blind: bool, broken: Rows) -> Verdicts:
    """The verdicts of one span rule.

    `blind` tickets lack the history the rule needs; `broken` are the places of tickets with rows that could
    not be read, whose waits cannot be trusted.
    """
    if blind:
        return _absent(rule, tickets, np.arange(len(tickets.starts)), "history_not_available", bench)
    spans = rule.judge(tickets, **bench.standard.options.get(rule.name, {}))
    ours = tickets.owner[spans.start]
    any_wait, lost = _flags(tickets, ours), _flags(tickets, broken)
    judged = _judged(rule, spans.taken(~lost[ours]) if len(broken) else spans, facts, bench)
    inside = _inside(judged, bench)
    judged = judged if inside.all() else judged.taken(inside)
    wait_inside = _flags(tickets, judged.owner)
    parts = [judged]
    for places, reason in (
        (~any_wait & ~lost, rule.without or "no_wait"),
        (any_wait & ~wait_inside & ~lost, "outside_window"),
        (lost, "rejected_rows"),
    ):
        if places.any():
            parts.append(_absent(rule, tickets, np.flatnonzero(places), reason, bench))
    return set_aside(_concat(parts), facts, bench)


def _flags(tickets: Tickets, places: Rows) -> Mask:
    """True for the tickets at these places of the chunk."""
    flags = np.zeros(len(tickets.starts), np.bool_)
    flags[places] = True
    return flags


def period_instants(verdicts: Verdicts, bench: Bench) -> Ints:
    """The instant that says to which period each wait belongs: when it began, was due, or its ticket was opened.

    A wait without a due instant belongs where it began.
    """
    tickets = verdicts.tickets
    if bench.period_by == "opened":
        return tickets.time[tickets.starts[verdicts.owner]]
    began = tickets.time[verdicts.start]
    if bench.period_by == "began":
        return began
    due = due_instants(verdicts, bench)
    return np.where((due < UNLIMITED) & (due != PAUSED_NOW), due, began)


def _inside(verdicts: Verdicts, bench: Bench) -> Mask:
    instants = period_instants(verdicts, bench)
    inside: Mask = (instants >= bench.since) & (instants < bench.until)
    return inside


def _judged(rule: Rule, spans: Spans, facts: Facts, bench: Bench) -> Verdicts:
    limits = Limits.of(rule, bench)
    force = in_force(limits, spans, facts)
    found = measure(limits, spans, force.stop, force.policy, facts)
    outcome, reason = _outcomes(limits, spans, force, found)
    early = _late_before(limits, spans, force, facts) & (outcome != BREACHED)
    early &= (outcome != NOT_JUDGED) | _was_left(spans, force)
    outcome[early], reason[early] = BREACHED, CODES["late_before_change"]
    return Verdicts(
        rule, spans.tickets, spans.start, force.stop, np.ones(len(outcome), np.bool_), found.until, found.elapsed,
        found.stood, found.limit, found.due, outcome, outcome.copy(), reason, force.policy, found.schedule,
        found.still, found.stills,
    )  # fmt: skip


def _was_left(spans: Spans, force: InForce) -> Mask:
    never = spans.tickets.never
    was_left: Mask = force.left | ((spans.end == never) & (spans.left < never))
    return was_left


def _outcomes(limits: Limits, spans: Spans, force: InForce, found: Measured) -> tuple[Codes, Codes]:
    """What became of each wait, and why where it was left or not judged."""
    left = _was_left(spans, force)
    late_fate, timely_fate = (OUTCOMES.index(each) for each in spans.fates)
    fate = np.where(found.late, late_fate, timely_fate)
    over = np.where(spans.end < spans.tickets.never, ACHIEVED, ACTIVE)
    outcome = np.where(left, fate, np.where(found.late, BREACHED, over)).astype(np.uint8)
    told = np.array([CODES[each] for each in spans.reasons], np.uint8)[spans.reason]
    reason = np.where(left & (told == 0), np.uint8(CODES["closed_without_reply"]), told)
    reason[force.left] = CODES["left_scope"]
    recorded = limits.recorded[force.policy]
    for wrong, name in (
        (recorded & (found.due == UNLIMITED), "no_recorded_due"),
        ((found.until < found.began) & ~recorded, "ended_before_it_began"),
        (~limits.given[force.policy], "no_target"),
        (force.policy < 0, "no_policy"),
    ):
        reason[wrong & ((told == 0) | left)] = CODES[name]
        outcome[wrong] = NOT_JUDGED
    outcome[(told > 0) & ~left] = NOT_JUDGED
    return outcome, reason


def _late_before(limits: Limits, spans: Spans, force: InForce, facts: Facts) -> Mask:
    """Waits that were late already under a policy they had before a change."""
    late = np.zeros(len(spans.start), np.bool_)
    changes = force.changes
    some = np.flatnonzero(limits.given[changes.before] & ~limits.recorded[changes.before])
    if len(some):
        waits = changes.wait[some]
        found = measure(limits, spans.taken(waits), changes.row[some], changes.before[some], facts)
        late[waits[found.late]] = True
    return late


def stood(verdicts: Verdicts, place: int) -> list[tuple[int, int, int]]:
    """When the clock of one wait stood still: from, to (instants), and the row that stopped it."""
    tickets, start = verdicts.tickets, int(verdicts.start[place])
    if verdicts.still[place] < 0:
        return []
    stop = min(int(verdicts.end[place]), int(tickets.stops[tickets.owner[start]]))
    still = verdicts.stills[verdicts.still[place]][start:stop].astype(np.int8)
    edges = np.diff(still, prepend=0, append=0)
    time = np.append(tickets.time[start:stop], verdicts.until[place])
    pairs = zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True)
    return [
        (int(time[first]), int(time[last]), start + int(first)) for first, last in pairs if time[first] < time[last]
    ]


def due_instants(verdicts: Verdicts, bench: Bench) -> Ints:
    """When each wait was due: the promised date, else the instant at which its limit is used up.

    UNLIMITED stands for none; PAUSED_NOW where the clock stands still at the cut-off.
    """
    due = verdicts.due.copy()
    counted = (due == UNLIMITED) & (verdicts.limit < UNLIMITED) & verdicts.began
    start = verdicts.tickets.time[verdicts.start]
    for index in np.unique(verdicts.schedule[counted]):
        some = counted & (verdicts.schedule == index)
        found = bench.coordinates.due(int(index), start[some], verdicts.limit[some])
        due[some] = np.where(found >= 0, found, UNLIMITED)
    return due


def _absent(rule: Rule, tickets: Tickets, places: Rows, reason: str, bench: Bench) -> Verdicts:
    """Rows for tickets in which the rule found nothing to judge."""
    number = len(places)
    zero, unlimited = np.zeros(number, np.int64), np.full(number, UNLIMITED)
    not_judged = np.full(number, NOT_JUDGED, np.uint8)
    return Verdicts(
        rule, tickets, tickets.starts[places], np.full(number, tickets.never), np.zeros(number, np.bool_), zero, zero,
        zero, unlimited, unlimited, not_judged, not_judged.copy(), np.full(number, CODES[reason], np.uint8),
        np.full(number, -1, np.int16), np.full(number, list(bench.schedules).index(CALENDAR)),
        np.full(number, -1, np.int8),
    )  # fmt: skip


def _concat(parts: list[Verdicts]) -> Verdicts:
    if len(parts) == 1:
        return parts[0]
    arrays: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS}
    return replace(parts[0], **arrays)
