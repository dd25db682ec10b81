"""Zendesk's tickets as events: an audit is one moment, its events in the vendor's own order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.managers import manager
from cs_audit.sources.helpdesks.moments import iso
from cs_audit.sources.helpdesks.people import address, names
from cs_audit.sources.helpdesks.zendesk_slas import verdicts

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.helpdesks.connector import Event, Records

Json = Any

_CHANNELS = {
    **dict.fromkeys(("email", "mail"), "email"),
    **dict.fromkeys(("web", "web_form", "web_widget", "help_center", "mobile", "mobile_sdk"), "web"),
    **dict.fromkeys(("chat", "chat_transcript", "native_messaging", "web_messaging"), "chat"),
    **dict.fromkeys(("voice", "phone", "phone_call_inbound", "phone_call_outbound", "voicemail"), "phone"),
    **dict.fromkeys(("facebook", "facebook_post", "twitter", "twitter_dm", "instagram_dm", "any_channel"), "social"),
    **dict.fromkeys(("whatsapp", "telegram", "viber", "line", "wechat", "sms", "apple_business_chat"), "messenger"),
    **dict.fromkeys(("api", "batch", "import"), "api"),
}
_STATUSES = {"new": "new", "open": "open", "pending": "pending", "hold": "on_hold", "solved": "solved",
             "closed": "closed"}  # fmt: skip
_BOTS = ("answer_bot", "bot")
_SURVEYS = ("SurveyOffered", "SurveyResponseSubmitted")
"""Of the newer surveys it is told that they were offered and answered, but not how."""


def normalise(payload: Json, records: Records, config: HelpdeskSource) -> list[Event]:
    """Its events; the last one carries Zendesk's own verdicts."""
    events = list(_events(payload, records, config))
    return [*events[:-1], *({**each, **verdicts(payload["ticket"])} for each in events[-1:])]


def _events(payload: Json, records: Records, config: HelpdeskSource) -> Iterator[Event]:
    people = names(records, "user", "name", "email")
    groups = names(records, "group", "name")
    ticket = payload["ticket"]
    base = {
        "requester": address(payload["requester"], ticket["requester_id"]),
        "subject": ticket.get("subject"),
        "url": f"{config.url.rstrip('/')}/agent/tickets/{ticket['id']}",
        "organization": None if ticket.get("organization_id") is None else str(ticket["organization_id"]),
        "tags": "|".join(["", *ticket.get("tags", []), ""]) if ticket.get("tags") else None,
        **manager(_field(payload, config.account_manager), records.get("user", {}), people),
    }
    for number, audit in enumerate(sorted(payload["audits"], key=lambda each: (each["created_at"], each["id"]))):
        told = {**base, "occurred_at": iso(audit["created_at"]), **_author(audit, audit, ticket, people, base)}
        if number == 0:
            yield {**told, "kind": "other", "status": "new", "public": False, "automatic": False}
        for event in audit["events"]:
            own = {**told, **_author(event, audit, ticket, people, base)}
            made = _event(event, own, people, groups)
            if made is not None:
                yield made


def _field(payload: Json, key: str | None) -> Json:
    """A field of the requester's own, else of his organization's."""
    own = ((payload["requester"] or {}).get("user_fields"), payload.get("organization_fields"))
    return next((fields[key] for fields in own if fields and fields.get(key)), None)


def _author(
    event: Json, audit: Json, ticket: Json, people: Mapping[str, str], base: Mapping[str, Any]
) -> dict[str, Any]:
    """Who did it: a rule is the system, whoever's change set it off."""
    via = event.get("via") or audit.get("via") or {}
    channel = str(via.get("channel") or "")
    who = event.get("author_id", audit.get("author_id"))
    identity = str(who)
    shown = {"channel": _CHANNELS.get(channel, "other"), "channel_detail": channel or None, "automatic": False}
    if channel in ("rule", "system") or who in (-1, None):
        return {**shown, "channel": None, "author": "system", "author_id": None, "automatic": True}
    if channel.startswith(_BOTS):
        return {**shown, "author": "bot", "author_id": people.get(identity, identity), "automatic": True}
    if identity == str(ticket["requester_id"]):
        return {**shown, "author": "requester", "author_id": base["requester"]}
    if identity in people:
        return {**shown, "author": "agent", "author_id": people[identity]}
    return {**shown, "author": "requester", "author_id": identity}


def _event(event: Json, own: dict[str, Any], people: Mapping[str, str], groups: Mapping[str, str]) -> Event | None:
    kind = event["type"]
    if kind == "Comment":
        return {**own, "kind": "message", "public": bool(event["public"]), "text": _text(event)}
    if kind == "VoiceComment":
        return _call(event, own)
    if kind in _SURVEYS:
        return {**own, "kind": "rating", "public": False, "asked_at": own["occurred_at"]}
    if kind not in ("Create", "Change"):
        return None
    field, value = event["field_name"], event.get("value")
    made = _changed(field, value, own["occurred_at"], people, groups)
    if field == "status" and kind == "Create" and value == "new":
        return None  # that is its opening
    if field == "tags" and "closed_by_merge" in {*_tags(value)} - {*_tags(event.get("previous_value"))}:
        made = {"kind": "merge"}
    return {**own, "public": False, **made} if made else None


def _changed(
    field: str, value: Json, moment: dt.datetime, people: Mapping[str, str], groups: Mapping[str, str]
) -> Event | None:
    """What a new value of a field means; None of what says nothing of the service."""
    if value in (None, ""):
        return None
    name = str(value)
    if field == "satisfaction_score":
        score = {"good": 1.0, "bad": 0.0}.get(name)
        asked = {"kind": "rating", "score": score, "scale": 1.0, "asked_at": moment}
        return asked if name in ("good", "bad", "offered") else None
    known: dict[str, Event] = {
        "status": {"kind": "status", "status": _STATUSES.get(name)},
        "priority": {"kind": "priority", "priority": name},
        "group_id": {"kind": "team", "team": groups.get(name, name)},
        "assignee_id": {"kind": "assignment", "agent": people.get(name, name)},
    }
    return known.get(field)


def _tags(value: Json) -> list[str]:
    return value.split() if isinstance(value, str) else list(value or [])


def _text(event: Json) -> str | None:
    told = event.get("html_body") or event.get("plain_body") or event.get("body")
    return None if told is None else str(told)


def _call(event: Json, own: dict[str, Any]) -> Event:
    """A call: who took it and how long they talked; how long the caller waited is not in the ticket."""
    data = event.get("data") or {}
    inbound = own["author"] == "requester" or str(data.get("direction", "")) == "inbound"
    answered = data.get("answered_by_id") is not None
    return {
        **own,
        "kind": "call",
        "channel": "phone",
        "public": bool(event.get("public", True)),
        "direction": "inbound" if inbound else "outbound",
        "answered": answered,
        "voicemail": inbound and not answered and bool(data.get("recording_url")),
        "talk_seconds": data.get("call_duration"),
    }
