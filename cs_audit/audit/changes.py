"""Policies over the life of a wait: what was known may change, and with it the promise.

A wait is judged, from its own start, by the policy in force when it was answered. What was late already under an
earlier policy stays late; what no policy covers any more has left the scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cs_audit.audit.limits import Limits
from cs_audit.audit.policies import STATE, Facts, choose

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cs_audit.audit.bench import Bench
    from cs_audit.history.columnar import Rows, Spans, Tickets
    from cs_audit.rules import Rule

    Policies = NDArray[np.int16]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Changes:
    """Every time a wait passed to another policy: the wait's place and first row, the row of the change, and the
    policy before and after.
    """

    wait: Rows
    started: Rows
    row: Rows
    before: Policies
    after: Policies


@dataclass(frozen=True)
class InForce:
    """The policy that judges each wait, the row it is judged at (`never`: the cut-off), and whether it `left` the
    scope there.
    """

    policy: Policies
    stop: Rows
    left: Mask
    changes: Changes


def in_force(limits: Limits, spans: Spans, facts: Facts) -> InForce:
    """The policies of waits, from what was known at their start and what changed before they stopped."""
    first = choose(limits.bench.standard, facts, spans.start)
    changes = _changes(limits, spans, facts, first)
    policy, stop = first.copy(), spans.stop
    policy[changes.wait] = changes.after  # of several, the last one stays
    gone = limits.given[changes.before] & ~limits.given[changes.after]
    last = np.zeros(len(stop), np.int64)
    last[changes.wait[gone]] = np.flatnonzero(gone)
    left = np.zeros(len(stop), np.bool_)
    left[changes.wait[gone]] = True
    left &= ~limits.given[policy]
    stop = np.where(left, changes.row[last], stop) if left.any() else stop
    policy = np.where(left, changes.before[last], policy) if left.any() else policy
    return InForce(policy, stop, left, changes)


def changes_of(rule: Rule, tickets: Tickets, facts: Facts, bench: Bench) -> Changes:
    """The changes of policy of every wait of a rule."""
    spans = rule.judge(tickets, **bench.standard.options.get(rule.name, {}))
    return in_force(Limits.of(rule, bench), spans, facts).changes


def _changes(limits: Limits, spans: Spans, facts: Facts, first: Policies) -> Changes:
    wait, row = _new_facts(limits, spans, facts)
    after = choose(limits.bench.standard, facts, spans.start[wait], at=row)
    same = np.append(False, wait[1:] == wait[:-1])[: len(wait)]
    before = np.where(same, np.roll(after, 1), first[wait])
    real = before != after
    return Changes(wait[real], spans.start[wait[real]], row[real], before[real], after[real])


def _new_facts(limits: Limits, spans: Spans, facts: Facts) -> tuple[Rows, Rows]:
    """Pairs of a wait and a row at which something a policy asks for changed, before the instant the wait stopped."""
    tickets = spans.tickets
    asked = {key for policy in limits.bench.standard.policies for key in policy.match} & set(STATE)
    known = [facts.changes(key) for key in sorted(asked) if key in tickets.frame.columns]
    rows = np.unique(np.concatenate(known)) if known else np.empty(0, np.int64)
    low = np.searchsorted(rows, spans.start, "right")
    high = np.searchsorted(rows, np.minimum(spans.stop, tickets.stops[tickets.owner[spans.start]]))
    number = np.maximum(high - low, 0)
    wait = np.repeat(np.arange(len(number)), number)
    place = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number) + np.repeat(low, number)
    time = np.append(tickets.time, limits.bench.as_of + 1)
    before = time[rows[place]] < time[spans.stop[wait]]
    return wait[before], rows[place][before]
