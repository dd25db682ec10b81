"""Zendesk's business hours and SLA policies as the configuration writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.weeks import week

if TYPE_CHECKING:
    from cs_audit.sources.helpdesks.connector import Records

Json = Any


def schedules(records: Records) -> dict[str, Json]:
    """Weeks in minutes since Sunday 00:00, in the schedule's own zone."""
    made = {}
    for each in records.get("schedule", {}).values():
        days = week(((interval["start_time"], interval["end_time"]) for interval in each["intervals"]), "sun")
        holidays: dict[dt.date, list[str]] = {day: [] for holiday in each["holidays"] for day in _dates(holiday)}
        made[each["name"]] = {"timezone": each["time_zone"], "hours": days, "exceptions": holidays}
    return made


def _dates(holiday: Json) -> Iterator[dt.date]:
    day, last = (dt.date.fromisoformat(holiday[key]) for key in ("start_date", "end_date"))
    while day <= last:
        yield day
        day += dt.timedelta(days=1)


_METRICS = {
    "first_reply_time": "first_reply",
    "next_reply_time": "next_reply",
    "periodic_update_time": "periodic_update",
    "pausable_update_time": "periodic_update",
    "requester_wait_time": "requester_wait",
    "agent_work_time": "agent_work",
    "total_resolution_time": "resolution",
    "group_ownership_time": "ownership",
}


def policies(records: Records) -> list[Json]:
    """One policy for each SLA policy and priority, in their order. Their filters are told as they stand: most have no
    counterpart here.
    """
    made = []
    for each in sorted(records.get("policy", {}).values(), key=lambda one: (one.get("position") or 0, one["id"])):
        by_priority: dict[str, dict[str, Json]] = {}
        for metric in each["policy_metrics"]:
            rule = _METRICS.get(metric["metric"])
            if rule:
                clock = "working" if metric["business_hours"] else "calendar"
                by_priority.setdefault(metric["priority"], {})[rule] = {"limit": f"{metric['target']}m", "clock": clock}
        made += [
            {"name": f"{each['title']}, {priority}", "match": {"priority": [priority]}, "targets": targets,
             "note": each.get("filter")}
            for priority, targets in by_priority.items()
        ]  # fmt: skip
    return made
