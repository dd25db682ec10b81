"""Zendesk's own verdicts: metric events tell when each clock ran, what was promised for it, and what was broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from cs_audit.sources.helpdesks.moments import iso

Json = Any

REPORTED = ("first_reply", "next_reply", "periodic_update", "requester_wait", "agent_work", "resolution", "ownership")
DUE = ("first_reply", "resolution")

_TARGETS = {
    "periodic_update_time": "periodic_update",
    "pausable_update_time": "periodic_update",
    "requester_wait_time": "requester_wait",
    "agent_work_time": "agent_work",
    "resolution_time": "resolution",
    "group_ownership_time": "ownership",
}
_DUE = {"first_reply_time": "first_reply", "total_resolution_time": "resolution"}
_STATES = ("activate", "pause", "fulfill")
_APPLIED = {"apply_sla": "sla", "apply_group_sla": "group_sla"}


def settled(ticket: Json, now: dt.datetime) -> Json:
    """A ticket with what its SLA says as long as nothing happens: neither breaches that are only foreseen for after
    `now`, nor how much time is left.
    """
    made = dict(ticket)
    if "metric_events" in ticket:
        told = chain.from_iterable((ticket["metric_events"] or {}).values())
        known = [each for each in told if each["type"] != "breach" or iso(each["time"]) <= now]
        made["metric_events"] = sorted(known, key=lambda each: int(each["id"]))
    if "slas" in ticket:
        metrics = (ticket["slas"] or {}).get("policy_metrics") or []
        made["slas"] = {each["metric"]: each.get("breach_at") for each in metrics}
    return made


def verdicts(ticket: Json) -> dict[str, Any]:
    """The columns `reported_TARGET` and `due_TARGET` of a settled ticket, as far as it tells them."""
    found: dict[str, list[bool | None]] = {}
    for (metric, number), events in sorted(_clocks(ticket.get("metric_events") or []).items()):
        target = _target(metric, number)
        if target:
            found.setdefault(target, []).extend(_kept(events))
    due = {_DUE[metric]: at for metric, at in (ticket.get("slas") or {}).items() if metric in _DUE and at}
    reported = {f"reported_{target}": _together(each) for target, each in found.items() if each}
    return {**reported, **{f"due_{target}": iso(at) for target, at in due.items()}}


def _target(metric: str, number: int) -> str | None:
    """Reply times are counted: the first one, and the next ones."""
    if metric == "reply_time":
        return "first_reply" if number == 1 else "next_reply"
    return _TARGETS.get(metric)


def _clocks(events: Iterable[Json]) -> dict[tuple[str, int], list[Json]]:
    """What is told of each clock, in order of time: of some metrics a ticket has several, one after the other."""
    found: dict[tuple[str, int], list[Json]] = {}
    for each in sorted(events, key=lambda each: (iso(each["time"]), int(each["id"]))):
        found.setdefault((each["metric"], each["instance_id"]), []).append(each)
    return found


def _kept(events: list[Json]) -> Iterator[bool | None]:
    """Whether a clock kept its promise; None while that is open, nothing where there is no promise.

    Some breaches are foreseen and then do not happen: they are marked as deleted, or their clock stood.
    """
    promised = [(each.get(_APPLIED[each["type"]]) or {}).get("target") for each in events if each["type"] in _APPLIED]
    states = [each for each in events if each["type"] in _STATES]
    broken = (each for each in events if each["type"] == "breach" and not each.get("deleted"))
    if any(_runs(states, each["time"]) for each in broken):
        yield False
    elif promised and promised[-1]:
        yield True if states and states[-1]["type"] == "fulfill" else None


def _runs(states: list[Json], moment: str) -> bool:
    before = [each["type"] for each in states if iso(each["time"]) < iso(moment)]
    return before[-1:] == ["activate"]


def _together(kept: list[bool | None]) -> bool | None:
    """Of several clocks of one target: broken once is broken."""
    return False if False in kept else None if None in kept else True
