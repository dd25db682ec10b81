"""HubSpot's conversation threads as events: messages, comments and changes are one stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.hubspot_managers import managed
from cs_audit.sources.helpdesks.hubspot_tickets import verdicts
from cs_audit.sources.helpdesks.moments import iso
from cs_audit.sources.helpdesks.people import address, names

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.helpdesks.connector import Event, Records

Json = Any

_CHANNELS = (
    ("EMAIL", "email"), ("FORM", "web"), ("WHATSAPP", "messenger"), ("SMS", "messenger"), ("FACEBOOK", "social"),
    ("INSTAGRAM", "social"), ("CALL", "phone"), ("VOICE", "phone"), ("CHAT", "chat"),
)  # fmt: skip
"""Words in names of channels, the first that fits."""
_PRIORITIES = {"LOW": "low", "MEDIUM": "normal", "HIGH": "high", "URGENT": "urgent"}
_STATUSES = {"OPEN": "open", "CLOSED": "solved"}
_TYPES = {"A": "AGENT", "V": "VISITOR", "E": "EMAIL", "I": "INTEGRATOR", "S": "SYSTEM", "B": "BOT", "L": "LLM"}
"""What the letter before an actor's number stands for, where the actor itself is not told."""
_ADDRESSES = {"HS_EMAIL_ADDRESS": "email", "HS_PHONE_NUMBER": "phone"}


@dataclass(frozen=True)
class _Cast:
    """Who is who in one thread."""

    actors: Mapping[str, Json]
    agents: Mapping[str, str]
    contact: str

    def kind(self, actor: str) -> str:
        return str(self.actors.get(actor, {}).get("type") or _TYPES.get(actor.partition("-")[0], ""))

    def requester(self, actor: str, sender: Json) -> str:
        """His address as the actor has it, else as the message does, else the contact."""
        given = sender.get("deliveryIdentifier") or {}
        own = {_ADDRESSES.get(str(given.get("type")), ""): given.get("value")}
        known = self.actors.get(actor) or {}
        return address({**own, **{key: value for key, value in known.items() if value}}, self.contact)

    def role(self, message: Json) -> dict[str, Any]:
        """Who did it. What an integration sends out no person wrote here, nor what the system sends for somebody."""
        senders = message.get("senders") or [{}]
        actor = str(senders[0].get("actorId") or message.get("createdBy") or "")
        kind, outgoing = self.kind(actor), message.get("direction") == "OUTGOING"
        by_system = (message.get("client") or {}).get("clientType") == "SYSTEM" and message.get("type") == "MESSAGE"
        if message.get("type") == "WELCOME_MESSAGE" or kind in ("BOT", "LLM") or (kind == "INTEGRATOR" and outgoing):
            reason = {"automatic_reason": "ai_agent"} if kind == "LLM" else {}
            return {"author": "bot", "author_id": self.agents.get(actor, actor), "automatic": True, **reason}
        if kind == "SYSTEM" or (by_system and outgoing):
            return {"author": "system", "author_id": None, "automatic": True}
        if kind == "AGENT":
            return {"author": "agent", "author_id": self.agents.get(actor, actor), "automatic": False}
        if kind in ("VISITOR", "EMAIL", "INTEGRATOR") and not outgoing:
            return {"author": "requester", "author_id": self.requester(actor, senders[0]), "automatic": False}
        return {"author": "unknown", "author_id": actor or None, "automatic": False}

    def changed_by(self, user: Json) -> dict[str, Any]:
        """Who changed a property: a user, or a workflow and the like."""
        if not user:
            return {"author": "system", "author_id": None, "automatic": True}
        return {"author": "agent", "author_id": self.agents.get(f"A-{user}", f"A-{user}"), "automatic": False}


def normalise(payload: Json, records: Records, config: HelpdeskSource) -> list[Event]:
    """Its events; HubSpot's own verdicts stand on the last one."""
    events = list(_events(payload, records, config))
    last = max(range(len(events)), key=lambda place: (events[place]["occurred_at"], place))
    events[last] = {**events[last], **verdicts(payload.get("slas") or {})}
    return events


def _events(payload: Json, records: Records, config: HelpdeskSource) -> Iterator[Event]:
    thread, messages = payload["thread"], payload["messages"]
    actors = {str(each["id"]): each for each in payload["actors"]}
    cast = _Cast(actors, names({"actor": actors}, "actor", "name", "email"), str(thread["associatedContactId"]))
    channels, inboxes = names(records, "channel", "name"), names(records, "inbox", "name")
    roles = [cast.role(each) for each in messages]
    asked = [each["author_id"] for each in roles if each["author"] == "requester"]
    subjects = [each["subject"] for each in messages if each.get("subject")]
    base = {
        "requester": asked[0] if asked else cast.contact,
        "subject": subjects[0] if subjects else None,
        "url": f"https://app.hubspot.com/live-messages/{config.account}/inbox/{thread['id']}"
        if config.account
        else None,
        "tags": "|spam|" if thread["spam"] else None,
        **_channel(str(thread["originalChannelId"]), channels),
        **managed(payload, records),
    }
    opener = roles[0] if roles else {"author": "unknown", "author_id": None, "automatic": False}
    yield {**base, **opener, "occurred_at": iso(thread["createdAt"]), "kind": "other", "status": "new",
           "public": False, "automatic": False, "automatic_reason": None}  # fmt: skip
    for message, role in zip(messages, roles, strict=True):
        told = {**base, **role, "occurred_at": iso(message["createdAt"]), "public": False}
        if message.get("channelId"):
            told |= _channel(str(message["channelId"]), channels)
        made = _event(message, cast, inboxes)
        if made is not None:
            yield {**told, **made}
    for value in payload["priorities"]:
        if value["value"] in _PRIORITIES:
            yield {**base, **cast.changed_by(value["updatedByUserId"]), "occurred_at": iso(value["timestamp"]),
                   "kind": "priority", "priority": _PRIORITIES[value["value"]], "public": False}  # fmt: skip


def _channel(identity: str, channels: Mapping[str, str]) -> dict[str, str]:
    name = channels.get(identity, identity)
    words = name.upper()
    return {"channel": next((kind for word, kind in _CHANNELS if word in words), "other"), "channel_detail": name}


def _event(message: Json, cast: _Cast, inboxes: Mapping[str, str]) -> Event | None:
    """What an entry of the stream means. What could not be delivered, the requester did not see."""
    kind = message["type"]
    if kind in ("MESSAGE", "WELCOME_MESSAGE", "COMMENT"):
        failed = (message.get("status") or {}).get("statusType") == "FAILED"
        text = message.get("richText") or message.get("text") or None
        return {"kind": "message", "public": kind != "COMMENT" and not failed, "text": text}
    if kind == "ASSIGNMENT" and message.get("assignedTo"):
        agent = str(message["assignedTo"])
        return {"kind": "assignment", "agent": cast.agents.get(agent, agent)}
    if kind == "THREAD_STATUS_CHANGE":
        return {"kind": "status", "status": _STATUSES[message["newStatus"]]}
    if kind == "THREAD_INBOX_CHANGE":
        inbox = str(message["toInboxId"])
        return {"kind": "team", "team": inboxes.get(inbox, inbox)}
    return None
