"""Verdicts reached by hand: the plain reading of a rule, judged without a line of the judge, round the clock."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from timelines import Event

from cs_audit.history import plain
from cs_audit.rules import Rule


@dataclass(frozen=True)
class Verdict:
    """What became of a wait, and the place of the event it stands on; `began` and `ended` where it did."""

    place: int
    outcome: str
    elapsed: dt.timedelta | None = None
    began: dt.datetime | None = None
    ended: dt.datetime | None = None


def by_hand(
    rule: Rule, events: Sequence[Event], as_of: dt.datetime, limit: dt.timedelta, **options: Any
) -> list[Verdict]:
    """The verdicts of a span rule on one ticket, all of whose events are known."""
    ticket = plain.Ticket(events)
    waits = rule.judge(ticket, **options).found
    if not waits:
        return [Verdict(0, f"not_judged {rule.without or 'no_wait'}")]
    return [_verdict(ticket, wait, as_of, limit) for wait in waits]


def _verdict(ticket: plain.Ticket, wait: plain.Span, as_of: dt.datetime, limit: dt.timedelta) -> Verdict:
    stop = wait.left if wait.end is None else wait.end
    place = wait.start if stop is None else stop
    began, ended = ticket.time(wait.start), None if stop is None else ticket.time(stop)
    elapsed = (ended or as_of) - began
    outcome = _outcome(wait, elapsed, limit)
    return Verdict(place, outcome, None if outcome.startswith("not_judged") else elapsed, began, ended)


def _outcome(wait: plain.Span, elapsed: dt.timedelta, limit: dt.timedelta) -> str:
    if wait.reason or elapsed < dt.timedelta():
        return f"not_judged {wait.reason or 'ended_before_it_began'}"
    if elapsed > limit:
        return "breached"
    if wait.end is None:
        return "active" if wait.left is None else "not_judged closed_without_reply"
    return "achieved"
