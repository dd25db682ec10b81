"""Zammad's calendars and SLAs as the configuration writes them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.people import names
from cs_audit.sources.helpdesks.weeks import closing

if TYPE_CHECKING:
    from cs_audit.sources.helpdesks.connector import Records

Json = Any

_TARGETS = {
    "first_response_time": "first_reply",
    "response_time": "next_reply",
    "update_time": "periodic_update",
    "solution_time": "resolution",
}


def schedules(records: Records) -> dict[str, Json]:
    """Weeks with several intervals a day; public holidays that are active are closed days."""
    called = names(records, "calendar", "name")
    return {
        called[identity]: {
            "timezone": each["timezone"],
            "hours": {day: _intervals(hours) for day, hours in each["business_hours"].items() if hours["active"]},
            "exceptions": {dt.date.fromisoformat(day): [] for day, told in _holidays(each) if told.get("active")},
        }
        for identity, each in records.get("calendar", {}).items()
    }


def _intervals(hours: Json) -> list[str]:
    return [f"{begins}-{closing(ends)}" for begins, ends in hours["timeframes"]]


def _holidays(calendar: Json) -> list[tuple[str, Json]]:
    return sorted((calendar.get("public_holidays") or {}).items())


def policies(records: Records) -> list[Json]:
    """One policy for each SLA, on the hours of its calendar; its conditions are told as they stand."""
    called = names(records, "calendar", "name")
    made = []
    for _, each in sorted(records.get("sla", {}).items(), key=lambda one: int(one[0])):
        limits = {rule: each[key] for key, rule in _TARGETS.items() if each.get(key)}
        targets = {rule: {"limit": f"{minutes}m", "clock": "working"} for rule, minutes in limits.items()}
        calendar = called.get(str(each.get("calendar_id")))
        policy = {"name": each["name"], "match": {}, "targets": targets, "note": each.get("condition")}
        if targets:
            made.append(policy | ({"schedule": calendar} if calendar else {}))
    return made
