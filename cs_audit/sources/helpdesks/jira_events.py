"""Jira's issues as events: the request itself, comments, changes, satisfaction; SLA cycles on the last event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.jira_text import plain
from cs_audit.sources.helpdesks.moments import epoch, iso

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.helpdesks.connector import Event, Records

Json = Any

CHANNEL = "request.channel.type"
"""The property of an issue that tells how it came in."""

FIELDS = {
    "com.atlassian.servicedesk:sd-sla-field": "sla",
    "com.atlassian.servicedesk:sd-request-feedback": "rating",
    "com.atlassian.servicedesk:sd-request-feedback-date": "rated",
    "com.atlassian.jira.plugin.system.customfieldtypes:atlassian-team": "team",
}
"""What the types of fields mean."""

_STATUSES = {
    **dict.fromkeys(("new", "to do", "backlog"), "new"),
    **dict.fromkeys(
        ("waiting for customer", "waiting for reporter", "awaiting customer", "waiting on customer"), "pending"
    ),
    **dict.fromkeys(("pending", "on hold", "blocked", "waiting for approval", "waiting for third party"), "on_hold"),
    **dict.fromkeys(("closed", "canceled", "cancelled", "declined", "rejected", "failed"), "closed"),
}
_CATEGORIES = {"new": "open", "done": "solved"}
"""Of statuses with other names: what is to be done is open, as what is in work."""

_PRIORITIES = {
    **dict.fromkeys(("highest", "blocker", "critical", "urgent", "p1"), "urgent"),
    **dict.fromkeys(("high", "major", "p2"), "high"),
    **dict.fromkeys(("medium", "normal", "p3"), "normal"),
    **dict.fromkeys(("low", "lowest", "minor", "trivial", "p4", "p5"), "low"),
}
_CHANNELS = {
    "email": "email", "portal": "web", "anonymousportal": "web", "widget": "web", "jira": "web", "api": "api",
    "chat": "chat", "slack": "messenger", "msteams": "messenger", "phone": "phone",
}  # fmt: skip
_AUTOMATION = ("automation for jira", "jira service management", "jira service desk", "system")
_AI = ("rovo", "virtual agent", "virtual service agent", "atlassian assist", "atlassian intelligence")
_TARGETS = {"first response": "first_reply", "resolution": "resolution"}
_COMMENT, _CHANGE, _RATING = range(3)


@dataclass(frozen=True)
class _Told:
    """What is needed to read one issue."""

    fields: Json
    records: Records
    agents: frozenset[str]
    base: Mapping[str, Any]

    @property
    def reporter(self) -> str | None:
        person = self.fields.get("reporter") or {}
        return str(person["accountId"]) if person else None


def moment(value: Json) -> dt.datetime:
    """`2021-02-22T18:35:50.157+0000`, or a number of seconds or milliseconds since 1970, as changelogs in bulk have.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(value, str):
        return iso(value)
    number = float(value)
    return epoch(number / 1000 if number > 100_000_000_000 else number)


def normalise(payload: Json, records: Records, config: HelpdeskSource) -> Iterator[Event]:
    """Comments before changes of the same moment: what is said sets off what is changed."""
    issue = payload["issue"]
    fields = issue["fields"]
    reporter = fields.get("reporter") or {}
    base = {
        "requester": _address(reporter) if reporter else None,
        "subject": fields.get("summary"),
        "url": f"{config.url.rstrip('/')}/browse/{issue['key']}",
        "tags": "|".join(["", *fields["labels"], ""]) if fields.get("labels") else None,
    }
    told = _Told(fields, records, frozenset(each.lower() for each in config.agents), base)
    changes = sorted(payload["changes"], key=lambda each: (moment(each["created"]), int(each["id"])))
    found = [
        *((event, _COMMENT) for each in payload["comments"] for event in _comment(each, told)),
        *((event, _CHANGE) for each in changes for event in _changed(each, told)),
        *((event, _RATING) for event in _rating(told)),
    ]
    later = [event for event, _ in sorted(found, key=lambda each: (each[0]["occurred_at"], each[1]))]
    events = [*_opening(issue, changes, told), *later]
    events[-1] = {**events[-1], **_judged(told)}
    yield from events


def _address(person: Json) -> str:
    return str(person.get("emailAddress") or person["accountId"]).strip().lower()


def _author(person: Json | None, told: _Told) -> dict[str, Any]:
    """Who did it: apps are rules or bots, whoever raised the request is its requester."""
    if not person:
        return {"author": "unknown", "author_id": None, "automatic": False}
    name, kind = str(person.get("displayName") or person["accountId"]), person.get("accountType")
    if kind == "app":
        return _machine(name)
    if str(person["accountId"]) == told.reporter or not _works_here(person, name, told):
        return {"author": "requester", "author_id": _address(person), "automatic": False}
    return {"author": "agent", "author_id": name.strip(), "automatic": False}


def _machine(name: str) -> dict[str, Any]:
    plain = name.strip().lower()
    if plain in _AUTOMATION:
        return {"author": "system", "author_id": None, "automatic": True}
    why = "ai_agent" if any(word in plain for word in _AI) else "source"
    return {"author": "bot", "author_id": name.strip(), "automatic": True, "automatic_reason": why}


def _works_here(person: Json, name: str, told: _Told) -> bool:
    if told.agents:
        return bool({name.strip().lower(), str(person.get("emailAddress") or "").lower()} & told.agents)
    return person.get("accountType") != "customer" and not str(person["accountId"]).startswith("qm:")


def _opening(issue: Json, changes: list[Json], told: _Told) -> Iterator[Event]:
    """The request, and what held before the first change of it."""
    fields = issue["fields"]
    own = {**told.base, **_author(fields.get("creator") or fields.get("reporter"), told)}
    own |= {"occurred_at": moment(fields["created"]), "public": False}
    yield {**own, "kind": "other", "status": "new"}
    first = {field: _before(changes, field, told) for field in ("priority", "status", "assignee", "team")}
    if first["priority"]:
        yield {**own, "kind": "priority", "priority": _PRIORITIES.get(first["priority"][1].lower())}
    word = _channel(issue)
    channel = {"channel": _CHANNELS.get(word, "other") if word else None, "channel_detail": word or None}
    text = plain(fields.get("description")) or fields.get("summary")
    yield {**own, **channel, "kind": "message", "public": True, "text": text}
    if first["team"]:
        yield {**own, "kind": "team", "team": first["team"][1]}
    if first["assignee"]:
        yield {**own, "kind": "assignment", "agent": first["assignee"][1]}
    status = _status(*first["status"], told) if first["status"] else "new"
    if status not in ("new", "open"):
        yield {**own, "kind": "status", "status": status}


def _channel(issue: Json) -> str:
    told = (issue.get("properties") or {}).get(CHANNEL) or ""
    return str(told.get("value") or "" if isinstance(told, dict) else told).lower()


def _before(changes: list[Json], meaning: str, told: _Told) -> tuple[str, str] | None:
    """Id and name of a field's value before its first change; now, if there was none."""
    items = (item for each in changes for item in each["items"] if _meaning(item, told) == meaning)
    item = next(items, None)
    if item is not None:
        return (str(item.get("from") or ""), str(item["fromString"])) if item.get("fromString") else None
    names = [meaning] if meaning != "team" else sorted(told.records.get("team", {}))
    now = next((told.fields[name] for name in names if told.fields.get(name)), None)
    if not isinstance(now, dict):
        return None
    return str(now.get("id") or ""), str(now.get("name") or now.get("title") or now.get("displayName") or "")


def _meaning(item: Json, told: _Told) -> str:
    field = str(item.get("fieldId") or item.get("field") or "")
    return "team" if field in told.records.get("team", {}) else field


def _status(identity: str, name: str, told: _Told) -> str:
    known = _STATUSES.get(name.strip().lower())
    status = told.records.get("status", {}).get(identity) or {}
    category = str((status.get("statusCategory") or {}).get("key") or "")
    return known or _CATEGORIES.get(category, "open")


def _comment(comment: Json, told: _Told) -> Iterator[Event]:
    own = {**told.base, **_author(comment.get("author"), told), "occurred_at": moment(comment["created"])}
    public = comment.get("jsdPublic") is not False and not comment.get("visibility")
    yield {**own, "kind": "message", "public": public, "text": plain(comment.get("body"))}


def _changed(history: Json, told: _Told) -> Iterator[Event]:
    own = {**told.base, **_author(history.get("author"), told), "occurred_at": moment(history["created"])}
    for item in history["items"]:
        name, meaning = str(item.get("toString") or ""), _meaning(item, told)
        if not name:
            continue
        if meaning == "status":
            yield {**own, "kind": "status", "public": False, "status": _status(str(item.get("to") or ""), name, told)}
        elif meaning == "assignee":
            yield {**own, "kind": "assignment", "public": False, "agent": name.strip()}
        elif meaning == "priority":
            yield {**own, "kind": "priority", "public": False, "priority": _PRIORITIES.get(name.lower())}
        elif meaning == "team":
            yield {**own, "kind": "team", "public": False, "team": name}


def _rating(told: _Told) -> Iterator[Event]:
    """Satisfaction of one to five stars, at its own date."""
    score = next((told.fields[each] for each in sorted(told.records.get("rating", {})) if told.fields.get(each)), None)
    when = next((told.fields[each] for each in sorted(told.records.get("rated", {})) if told.fields.get(each)), None)
    if not score or not when or not score.get("rating"):
        return
    own = {**told.base, "author": "requester", "author_id": told.base["requester"], "automatic": False}
    yield {**own, "occurred_at": moment(when), "kind": "rating", "public": False, "score": float(score["rating"]),
           "scale": 5.0, "asked_at": moment(when)}  # fmt: skip


def _judged(told: _Told) -> dict[str, Any]:
    """The vendor's verdicts and promised times: of the first cycle to reply, of the last one to resolve."""
    found: dict[str, Any] = {}
    for identity in sorted(told.records.get("sla", {})):
        sla = told.fields.get(identity)
        if not isinstance(sla, dict):
            continue
        name = str(sla.get("name") or told.records["sla"][identity]["name"]).lower()
        target = next((target for words, target in _TARGETS.items() if words in name), None)
        cycles = [*(sla.get("completedCycles") or []), *([sla["ongoingCycle"]] if sla.get("ongoingCycle") else [])]
        if target is None or not cycles:
            continue
        cycle = cycles[0] if target == "first_reply" else cycles[-1]
        over = cycle.get("breached") is True
        found[f"reported_{target}"] = None if "stopTime" not in cycle and not over else not over
        if cycle.get("breachTime"):
            found[f"due_{target}"] = moment(cycle["breachTime"]["epochMillis"])
    return found
