"""What a Zendesk with an SLA says of a ticket: clocks by the wall clock, as metric events and as `slas`.

Breaches are foreseen when a clock starts to run. Where it stops before, the breach is marked as deleted, or simply left if
the clock does not run then; what lies ahead is listed too.
"""

import datetime as dt
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from helpdesks.world import Ticket

MINUTE = dt.timedelta(minutes=1)
TARGETS = {"first_reply_time": 60, "next_reply_time": 240, "requester_wait_time": 1440}
"""In minutes."""
ACTIVATE, PAUSE, FULFILL = "activate", "pause", "fulfill"
_STOPS = {"pending": PAUSE, "solved": FULFILL}


@dataclass
class Clock:
    """One clock of a ticket: when it began and stopped to run, oldest first."""

    metric: str
    number: int
    turns: list[tuple[dt.datetime, str]] = field(default_factory=list)

    @property
    def policy(self) -> str:
        return self.metric if self.metric in TARGETS else "first_reply_time" if self.number == 1 else "next_reply_time"

    def turn(self, moment: dt.datetime, to: str) -> None:
        if not self.turns or self.turns[-1][1] != to:
            self.turns.append((moment, to))

    def runs(self) -> list[tuple[dt.datetime, dt.datetime | None]]:
        """From when until when it ran."""
        ends = [*self.turns, (None, "")]
        return [(since, until) for (since, state), (until, _) in pairwise(ends) if state == ACTIVATE]

    def ends(self) -> list[dt.datetime]:
        """When its promise runs out, as foreseen at the beginning of each run; the last one first broken ends them."""
        left, found = TARGETS[self.policy] * MINUTE, []
        for since, until in self.runs():
            found.append(since + left)
            if until is None or until - since > left:
                break
            left -= until - since
        return found

    def broken_at(self) -> dt.datetime | None:
        """When it did run out, or will if nothing more happens."""
        last, end = self.runs()[len(self.ends()) - 1], self.ends()[-1]
        return end if last[1] is None or last[1] > end else None

    def kept(self, now: dt.datetime) -> bool | None:
        """The vendor's verdict; None while it is open."""
        broken = self.broken_at()
        if broken is not None and broken <= now:
            return False
        return True if self.turns[-1][1] == FULFILL else None

    def events(self) -> list[dict[str, Any]]:
        began, policy = self.turns[0][0], {"id": 7, "title": "All", "description": None}
        sla = {"target": TARGETS[self.policy], "business_hours": False, "policy": policy}
        told: list[dict[str, Any]] = [{"type": to, "time": moment} for moment, to in self.turns]
        told.insert(1, {"type": "apply_sla", "time": began, "sla": sla})
        for place, end in enumerate(self.ends()):
            real = end == self.broken_at()
            runs_then = any(since < end and (until is None or end <= until) for since, until in self.runs())
            told.append({"type": "breach", "time": end, "deleted": not real and (runs_then or place % 2 == 0)})
        told.append({"type": "update_status", "time": self.turns[-1][0], "status": {"calendar": 1, "business": 1}})
        return [{**each, "metric": self.metric, "instance_id": self.number} for each in told]


def clocks(ticket: Ticket) -> list[Clock]:
    """A reply is waited for from what the requester says to what an agent answers; the requester waits unless the ticket
    is pending, until it is solved.
    """
    replies: list[Clock] = []
    wait = Clock("requester_wait_time", 1, [(ticket.opened_at, ACTIVATE)])
    for event in ticket.events:
        moment = event["occurred_at"]
        if event["kind"] == "status":
            wait.turn(moment, _STOPS.get(event["status"], ACTIVATE))
        if event["kind"] != "message" or not event["public"]:
            continue
        open_now = bool(replies) and replies[-1].turns[-1][1] == ACTIVATE
        if event["author"] == "requester" and not open_now:
            replies.append(Clock("reply_time", len(replies) + 1, [(moment, ACTIVATE)]))
        elif event["author"] == "agent" and open_now:
            replies[-1].turn(moment, FULFILL)
    return [*replies, wait]


def metric_events(ticket: Ticket) -> dict[str, list[dict[str, Any]]]:
    """By metric, in no order that is promised."""
    told = [event for clock in clocks(ticket) for event in clock.events()]
    named = [
        {**each, "id": ticket.number * 10_000 + place, "ticket_id": ticket.number, "time": iso(each["time"])}
        for place, each in enumerate(told)
    ]
    measured = {"type": "measure", "metric": "reply_time", "instance_id": 0, "id": ticket.number * 10_000 + 9_999}
    named.append({**measured, "ticket_id": ticket.number, "time": iso(ticket.opened_at)})
    metrics = {each["metric"]: [] for each in named}
    for each in reversed(named):
        metrics[each["metric"]].append(each)
    return metrics


def slas(ticket: Ticket, now: dt.datetime) -> dict[str, Any]:
    """Until when the promises hold that there are, and how much of it is left."""
    latest = {clock.policy: clock for clock in clocks(ticket)}
    return {
        "policy_metrics": [
            {
                "metric": policy,
                "stage": "active" if clock.turns[-1][1] == ACTIVATE else "achieved",
                "breach_at": None if clock.turns[-1][1] == PAUSE else iso(clock.ends()[-1]),
                "hours": int((clock.ends()[-1] - now) / dt.timedelta(hours=1)),
            }
            for policy, clock in latest.items()
        ]
    }


def iso(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
