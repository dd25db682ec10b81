"""Verdicts reached by hand: the plain reading of a rule, judged without a line of the judge, round the clock."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from timelines import Event

from cs_audit.history import plain
from cs_audit.rules import Rule

NOTHING = dt.timedelta()


@dataclass(frozen=True)
class Verdict:
    """What became of a wait, and the place of the event it stands on; `began` and `ended` where it did."""

    place: int
    outcome: str
    elapsed: dt.timedelta | None = None
    began: dt.datetime | None = None
    ended: dt.datetime | None = None


def by_hand(
    rule: Rule,
    events: Sequence[Event],
    as_of: dt.datetime,
    limit: dt.timedelta | None,
    pause: Sequence[str] | None = None,
    **options: Any,
) -> list[Verdict]:
    """The verdicts of a span rule on one ticket, all of whose events are known."""
    ticket = plain.Ticket(events)
    waits = rule.judge(ticket, **options)
    if not waits.found:
        return [Verdict(0, f"not_judged {rule.without or 'no_wait'}")]
    pauses = rule.pauses if pause is None else pause
    return [_verdict(waits, wait, as_of, limit, pauses) for wait in waits.found]


def _verdict(
    waits: plain.Spans, wait: plain.Span, as_of: dt.datetime, limit: dt.timedelta | None, pauses: Sequence[str]
) -> Verdict:
    ticket, stop = waits.ticket, wait.stop
    place = wait.start if stop is None else stop
    began = ticket.time(wait.start)
    ended = None if stop is None else ticket.time(stop)
    if wait.lasting is not None:
        ended = began + wait.lasting
    elapsed = (ended or as_of) - began - _stood(waits, wait, as_of, pauses)
    limit = _promised(wait, began) if limit is None else limit
    outcome = _outcome(waits, wait, elapsed, limit, backwards=(ended or as_of) < began)
    return Verdict(place, outcome, None if outcome.startswith("not_judged") else elapsed, began, ended)


def _promised(wait: plain.Span, began: dt.datetime) -> dt.timedelta:
    """How long a promise gives itself, for those that name a length or a day, as a person would say."""
    name, given = json.loads(wait.promised or "")
    midnight = began.replace(hour=0, minute=0, second=0)
    ends = {
        "Within": lambda: began + dt.timedelta(seconds=given["seconds"]),
        "EndOfDay": lambda: midnight + dt.timedelta(days=given["days"] + 1),
        "AtTime": lambda: midnight + dt.timedelta(days=given["days"], hours=given["hour"], minutes=given["minute"]),
    }
    return ends[name]() - began


def _stood(waits: plain.Spans, wait: plain.Span, as_of: dt.datetime, pauses: Sequence[str]) -> dt.timedelta:
    """How long the clock stood still: event by event, as a person with a ruler would."""
    ticket, stood, paused = waits.ticket, NOTHING, False
    last = len(ticket.events) if wait.stop is None else wait.stop
    for index, each in enumerate(ticket.events):
        if each["kind"] == "status" and each["status"] is not None:
            paused = each["status"] in pauses
        elif (
            each["kind"] == "message"
            and each["author"] == "requester"
            and each["public"]
            and each["automatic"] is False
        ):
            paused = False
        in_gap = any(
            gap.start <= index and (gap.stop is None or index < gap.stop) and gap.start != gap.stop
            for gap in waits.gaps
        )
        if wait.start <= index < last and (paused or in_gap):
            following = ticket.time(index + 1) if index + 1 < len(ticket.events) else as_of
            stood += following - ticket.time(index)
    return stood


def _outcome(
    waits: plain.Spans, wait: plain.Span, elapsed: dt.timedelta, limit: dt.timedelta, *, backwards: bool
) -> str:
    if backwards or (wait.reason and wait.left is None):
        return f"not_judged {wait.reason or 'ended_before_it_began'}"
    late = elapsed > limit
    if wait.left is not None:
        fate = waits.fates[0 if late else 1]
        return f"not_judged {wait.reason or 'closed_without_reply'}" if fate == "not_judged" else fate
    if late:
        return "breached"
    return "active" if wait.end is None else "achieved"
