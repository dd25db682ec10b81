"""Intercom's conversations as events: the source is the first message, every later part a message, a change or both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.managers import manager
from cs_audit.sources.helpdesks.moments import epoch, iso
from cs_audit.sources.helpdesks.people import address, names

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.helpdesks.connector import Event, Records

Json = Any

CAP = 500
"""The most parts Intercom gives of a conversation: the last ones."""

_CHANNELS = {
    **dict.fromkeys(("email",), "email"),
    **dict.fromkeys(("conversation", "messenger", "push"), "chat"),
    **dict.fromkeys(("phone_call", "phone_switch"), "phone"),
    **dict.fromkeys(("facebook", "twitter", "instagram"), "social"),
    **dict.fromkeys(("whatsapp", "sms"), "messenger"),
}
_PRIORITIES = {"low": "low", "medium": "normal", "high": "high", "urgent": "urgent",
               "priority": "high", "not_priority": "normal"}  # fmt: skip
_STATES = {"open": "open", "closed": "solved", "snoozed": "on_hold"}
_CHANGES = {
    **dict.fromkeys(("open", "assign_and_reopen", "note_and_reopen"), "open"),
    **dict.fromkeys(("unsnoozed", "timer_unsnooze", "assign_and_unsnooze", "note_and_unsnooze"), "open"),
    "close": "solved",
    "snoozed": "on_hold",
}
_SPOKEN = frozenset(
    {"comment", "quick_reply", "open", "close", "assignment", "assign_and_reopen", "assign_and_unsnooze"}
)
_NOTES = frozenset({"note", "note_and_reopen", "note_and_unsnooze"})
_BY_RULE = frozenset({"workflow_assignment", "away_mode_assignment", "default_assignment", "timer_unsnooze"})
_OUTBOUND = frozenset({"campaigns_initiated", "operator_initiated", "automated"})
_CONTACTS = ("user", "lead", "contact", "visitor")
_HOSTS = {"EU": "app.eu.intercom.com", "AU": "app.au.intercom.com"}


@dataclass(frozen=True)
class _Desk:
    """Who is who in one conversation."""

    admins: Mapping[str, str]
    teams: Mapping[str, str]
    contacts: Mapping[str, Json]
    requester: str

    def role(self, author: Json) -> dict[str, Any]:
        """Who did it. Intercom gives with each part what its author was then."""
        kind, identity = author.get("type"), str(author.get("id") or "")
        if kind in _CONTACTS:
            return {"author": "requester", "author_id": self.contact(identity), "automatic": False}
        name = str(author.get("name") or "").strip()
        if kind == "admin" and not _is_operator(author):
            return {"author": "agent", "author_id": self.admins.get(identity, name or identity), "automatic": False}
        if kind in ("admin", "bot", "team"):
            return {"author": "bot", "author_id": name or identity, "automatic": True, **_reason(author)}
        return {"author": "unknown", "author_id": identity or None, "automatic": False}

    def contact(self, identity: str) -> str:
        return address(self.contacts.get(identity), identity)


def _is_operator(author: Json) -> bool:
    """Intercom's own bot has the address of a mailbox of Intercom, also where it is called an admin."""
    email = str(author.get("email") or "")
    return email.startswith("operator+") and email.endswith("@intercom.io")


def _reason(author: Json) -> dict[str, str]:
    return {"automatic_reason": "ai_agent"} if author.get("is_ai_answer") else {}


def normalise(payload: Json, records: Records, config: HelpdeskSource) -> Iterator[Event]:
    conversation = payload["conversation"]
    parts = conversation["conversation_parts"]["conversation_parts"]
    _demand_whole(conversation, parts)
    desk = _desk(conversation, parts, records)
    source = conversation.get("source") or {}
    word = source.get("type") or (conversation.get("channel") or {}).get("initial")
    base = {
        "requester": desk.requester,
        "subject": conversation.get("title") or source.get("subject") or None,
        "url": _url(conversation, records),
        "organization": (conversation.get("company") or {}).get("name"),
        "tags": _tags((conversation.get("tags") or {}).get("tags") or []),
        "channel": _CHANNELS.get(str(word), "other"),
        "channel_detail": word,
        **manager(
            (conversation.get("custom_attributes") or {}).get(config.account_manager),
            records.get("admin", {}),
            desk.admins,
        ),
    }
    yield from _opening(conversation, source, base, desk)
    yield from _history(parts, base, desk)
    yield from _rating(conversation.get("conversation_rating") or {}, base)
    for call in payload["calls"]:
        yield _call(call, base, desk)


def _demand_whole(conversation: Json, parts: list[Json]) -> None:
    """The count in the statistics is that of the parts and the source."""
    counted = (conversation.get("statistics") or {}).get("count_conversation_parts")
    if len(parts) >= CAP and (counted is None or counted - 1 > len(parts)):
        raise ValueError(f"it has more than the {CAP} parts that Intercom gives, so its beginning is missing")


def _desk(conversation: Json, parts: list[Json], records: Records) -> _Desk:
    authors = [(conversation.get("source") or {}).get("author") or {}, *(part.get("author") or {} for part in parts)]
    contacts = {str(each["id"]): each for each in reversed(authors) if each.get("type") in _CONTACTS and each.get("id")}
    listed = [str(each["id"]) for each in (conversation.get("contacts") or {}).get("contacts") or []]
    first = next((str(each["id"]) for each in authors if str(each.get("id")) in contacts), min(listed, default=""))
    admins, teams = names(records, "admin", "name", "email"), names(records, "team", "name")
    return _Desk(admins, teams, contacts, address(contacts.get(first), first))


def _url(conversation: Json, records: Records) -> str | None:
    for app in records.get("app", {}).values():
        host = _HOSTS.get(str(app.get("region")), "app.intercom.com")
        return f"https://{host}/a/apps/{app['id_code']}/conversations/{conversation['id']}"
    return None


def _tags(tags: list[Json]) -> str | None:
    return "|".join(["", *(str(each["name"]) for each in tags), ""]) if tags else None


def _opening(conversation: Json, source: Json, base: dict[str, Any], desk: _Desk) -> Iterator[Event]:
    """The creation and the first message. What goes out to many, or by a bot, no person wrote to this requester."""
    role = desk.role(source.get("author") or {})
    if source.get("delivered_as") in _OUTBOUND and role["author"] == "agent":
        role |= {"author": "bot", "automatic": True}
    told = {**base, "occurred_at": epoch(conversation["created_at"]), **role}
    yield {**told, "kind": "other", "status": "new", "public": False, "automatic": False, "automatic_reason": None,
           "priority": _PRIORITIES.get(str(conversation.get("priority")))}  # fmt: skip
    if source.get("body") or source.get("attachments") or source.get("redacted"):
        yield {**told, "kind": "message", "public": True, "text": source.get("body") or None}


def _history(parts: list[Json], base: dict[str, Any], desk: _Desk) -> Iterator[Event]:
    status = "open"
    for part in parts:
        kind = part["part_type"]
        role = desk.role(part.get("author") or {})
        told = {**base, "occurred_at": epoch(part["created_at"]), "public": False, **role}
        if part.get("email_message_metadata"):
            told |= {"channel": "email", "channel_detail": "email"}
        if kind in _NOTES or (kind in _SPOKEN and (kind == "comment" or part.get("body"))):
            yield {**told, "kind": "message", "public": kind not in _NOTES, "text": part.get("body") or None}
        acted = {**told, **_system()} if kind in _BY_RULE else told
        yield from _assigned(part.get("assigned_to") or {}, acted, desk)
        if kind == "merged_secondary_conversation":
            yield {**told, "kind": "merge"}
        becomes = _CHANGES.get(kind) or _STATES.get(str(part.get("state")), status)
        if kind in _CHANGES or becomes != status:
            by_itself = kind not in _CHANGES and role["author"] != "requester"
            yield {**acted, **(_system() if by_itself else {}), "kind": "status", "status": becomes}
        status = becomes


def _system() -> dict[str, Any]:
    return {"author": "system", "author_id": None, "automatic": True, "automatic_reason": None}


def _assigned(to: Json, told: dict[str, Any], desk: _Desk) -> Iterator[Event]:
    identity = str(to.get("id"))
    if to.get("type") == "team":
        yield {**told, "kind": "team", "team": desk.teams.get(identity, identity)}
    elif to.get("type") == "admin":
        yield {**told, "kind": "assignment", "agent": desk.admins.get(identity, identity)}


def _rating(rating: Json, base: dict[str, Any]) -> Iterator[Event]:
    """The last rating: when it was asked for, and when it was given."""
    asked, score = rating.get("created_at"), rating.get("rating")
    if asked is None:
        return
    at = epoch(asked if score is None else rating.get("updated_at") or asked)
    given = None if score is None else float(score)
    told = {**base, "author": "requester", "author_id": base["requester"], "automatic": False, "public": False}
    yield {**told, "kind": "rating", "occurred_at": at, "asked_at": epoch(asked), "score": given, "scale": 5.0,
           "text": rating.get("remark") or None}  # fmt: skip


def _call(call: Json, base: dict[str, Any], desk: _Desk) -> Event:
    """A call: taken by a person if it has an admin; one that only the AI agent took was not."""
    began, taken, ended = (_moment(call.get(key)) for key in ("initiated_at", "answered_at", "ended_at"))
    inbound = call.get("direction") == "inbound"
    agent = desk.admins.get(str(call["admin_id"]), str(call["admin_id"])) if call.get("admin_id") else None
    answered = taken is not None and (agent is not None or not call.get("fin_recording_url"))
    waited = (taken if answered else None) or ended
    at = began or _moment(call["created_at"])
    assert at is not None  # noqa: S101 - a call without any time raises above
    return {
        **base,
        "kind": "call",
        "occurred_at": at,
        "author": "requester" if inbound else "agent",
        "author_id": base["requester"] if inbound else agent,
        "agent": agent if answered else None,
        "channel": "phone",
        "channel_detail": call.get("call_type"),
        "public": True,
        "automatic": False,
        "direction": "inbound" if inbound else "outbound",
        "answered": answered,
        "voicemail": inbound and not answered and "voicemail" in str(call.get("ended_reason")),
        "waited_seconds": None if waited is None else (waited - at).total_seconds(),
        "talk_seconds": (ended - taken).total_seconds() if answered and ended and taken else None,
    }


def _moment(value: Json) -> dt.datetime | None:
    """Seconds since 1970 or ISO 8601: the specification allows both."""
    if value is None:
        return None
    return iso(value) if isinstance(value, str) else epoch(value)
