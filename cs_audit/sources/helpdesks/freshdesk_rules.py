"""Freshdesk's business hours and SLA policies as the configuration writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.people import names
from cs_audit.sources.helpdesks.weeks import closing, limit
from cs_audit.sources.helpdesks.zone_names import zone_named

if TYPE_CHECKING:
    from cs_audit.sources.helpdesks.connector import Records

Json = Any

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))? ?([ap]m)", re.IGNORECASE)
_PRIORITIES = {"priority_4": "urgent", "priority_3": "high", "priority_2": "normal", "priority_1": "low"}
_TARGETS = {"respond_within": "first_reply", "next_respond_within": "next_reply", "resolve_within": "resolution"}


def schedules(records: Records) -> dict[str, Json]:
    """Weeks by day, each with one opening, in a zone that has its name from Rails. Holidays are not told."""
    named = names(records, "schedule", "name")
    return {
        named[identity]: {
            "timezone": zone_named(each["time_zone"]),
            "hours": {
                day[:3].lower(): [f"{_clock(hours['start_time'])}-{closing(_clock(hours['end_time']))}"]
                for day, hours in (each.get("business_hours") or {}).items()
            },
        }
        for identity, each in records.get("schedule", {}).items()
    }


def _clock(text: str) -> str:
    """`08:00:00 am` or `5:30 pm` on a clock of 24 hours."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise ValueError(f"no time of day: {text}")
    hour = int(found[1]) % 12 + (12 if found[4].lower() == "pm" else 0)
    return f"{hour:02}:{found[2]}"


def policies(records: Records) -> list[Json]:
    """One policy for each active SLA policy and priority, in their order; the default one is last. Of its conditions
    groups are matched; others are told as they stand. Each group keeps its own business hours.
    """
    teams, hours = names(records, "group", "name"), names(records, "schedule", "name")
    by_team = {
        teams[identity]: hours[str(group["business_hour_id"])]
        for identity, group in records.get("group", {}).items()
        if str(group.get("business_hour_id")) in hours
    }
    main = next((hours[key] for key, each in records.get("schedule", {}).items() if each.get("is_default")), None)
    known = [each for each in records.get("policy", {}).values() if each.get("active", True)]
    made = []
    for each in sorted(known, key=lambda one: (bool(one.get("is_default")), one.get("position") or 0, one["id"])):
        scope = dict(each.get("applicable_to") or {})
        groups = [teams.get(str(one), str(one)) for one in scope.pop("group_ids", None) or ()]
        for key, priority in _PRIORITIES.items():
            if key in each["sla_target"]:
                made.append(
                    {
                        "name": f"{each['name']}, {priority}",
                        "match": {"priority": [priority], **({"team": groups} if groups else {})},
                        **({"schedule": main} if main else {}),
                        **({"schedule_by": {"team": by_team}} if by_team else {}),
                        "targets": _targets(each["sla_target"][key]),
                        "note": scope or None,
                    }
                )
    return made


def _targets(target: Json) -> dict[str, Json]:
    clock = "working" if target.get("business_hours") else "calendar"
    return {
        rule: {"limit": limit(int(target[key])), "clock": clock} for key, rule in _TARGETS.items() if target.get(key)
    }
