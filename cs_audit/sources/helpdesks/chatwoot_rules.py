"""Chatwoot's hours of inboxes and SLA policies as the configuration writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.people import names
from cs_audit.sources.helpdesks.weeks import limit

if TYPE_CHECKING:
    from cs_audit.sources.helpdesks.connector import Records

Json = Any

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_THRESHOLDS = {
    "first_reply": "first_response_time_threshold",
    "next_reply": "next_response_time_threshold",
    "resolution": "resolution_time_threshold",
}


def schedules(records: Records) -> dict[str, Json]:
    """The week of each inbox that keeps hours: one interval a day at most, no holidays."""
    called = names(records, "inbox", "name")
    return {
        called[identity]: {"timezone": inbox["timezone"], "hours": _week(inbox["working_hours"])}
        for identity, inbox in records.get("inbox", {}).items()
        if inbox["working_hours_enabled"]
    }


def _week(days: list[Json]) -> dict[str, list[str]]:
    return {_DAYS[day["day_of_week"]]: [_interval(day)] for day in days if not day["closed_all_day"]}


def _interval(day: Json) -> str:
    if day["open_all_day"]:
        return "00:00-24:00"
    begins, ends = ((day[f"{at}_hour"], day[f"{at}_minutes"] or 0) for at in ("open", "close"))
    return f"{begins[0]:02}:{begins[1]:02}-{ends[0]:02}:{ends[1]:02}"


def policies(records: Records) -> list[Json]:
    """One policy for each SLA policy; to which conversations it is given is decided by automation rules and people."""
    return [
        {"name": each["name"], "match": {}, "targets": targets, "note": each.get("description")}
        for _, each in sorted(records.get("policy", {}).items(), key=lambda one: int(one[0]))
        if (targets := _targets(each))
    ]


def _targets(policy: Json) -> dict[str, Json]:
    clock = "working" if policy.get("only_during_business_hours") else "calendar"
    return {rule: {"limit": limit(policy[key]), "clock": clock} for rule, key in _THRESHOLDS.items() if policy.get(key)}
