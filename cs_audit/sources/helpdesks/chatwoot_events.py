"""Chatwoot's conversations as events: messages as they stand, activities read from their words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.chatwoot_words import Activity, read
from cs_audit.sources.helpdesks.managers import manager
from cs_audit.sources.helpdesks.moments import epoch
from cs_audit.sources.helpdesks.people import address, names

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.helpdesks.connector import Event, Records

Json = Any

_INCOMING, _OUTGOING, _ACTIVITY = 0, 1, 2
_CHANNELS = {
    **dict.fromkeys(("WebWidget",), "chat"),
    **dict.fromkeys(("Email",), "email"),
    **dict.fromkeys(("Voice",), "phone"),
    **dict.fromkeys(("Api",), "api"),
    **dict.fromkeys(("FacebookPage", "TwitterProfile", "Instagram", "Tiktok"), "social"),
    **dict.fromkeys(("Whatsapp", "Telegram", "Line", "Sms", "TwilioSms"), "messenger"),
}
_STATUSES = {"open": "open", "pending": "pending", "snoozed": "on_hold", "resolved": "solved"}
_PRIORITIES = {"low": "low", "medium": "normal", "high": "high", "urgent": "urgent"}
_AUTOMATION = "Automation System"
_SYSTEM: Mapping[str, Any] = {"author": "system", "author_id": None, "channel": None, "automatic": True}
_TALKED = ("in-progress", "completed")
_MISSES = {"first_reply": "frt", "next_reply": "nrt", "resolution": "rt"}
_LIMITS = {"first_reply": "first_response_time", "next_reply": "next_response_time", "resolution": "resolution_time"}


@dataclass
class _Told:
    """One conversation while it is told: who is who, and the status its history has come to."""

    conversation: Json
    base: dict[str, Any]
    agents: Mapping[str, str]
    teams: frozenset[str]
    asked: dict[int, dt.datetime] = field(default_factory=dict)
    status: str = "open"

    def event(self, message: Json, **own: Any) -> Event:
        channel = str((self.conversation.get("meta") or {}).get("channel") or "")
        known = {
            "channel": _CHANNELS.get(channel.removeprefix("Channel::"), "other"),
            "channel_detail": channel or None,
        }
        moment = epoch(message["created_at"])
        return {**self.base, "occurred_at": moment, "public": False, "automatic": False, **known, **own}

    def became(self, message: Json, status: str, **who: Any) -> Event:
        self.status = status
        return self.event(message, kind="status", status=status, **who)


def normalise(payload: Json, records: Records, config: HelpdeskSource) -> Iterator[Event]:
    conversation, messages = payload["conversation"], payload["messages"]
    agents = names(records, "agent", "name", "email")
    fields = ((conversation.get("meta") or {}).get("sender") or {}).get("custom_attributes") or {}
    told = _Told(
        conversation,
        {
            **_base(conversation, config),
            **manager(fields.get(config.account_manager), records.get("agent", {}), agents),
        },
        agents,
        frozenset(str(each["name"]) for each in records.get("team", {}).values()),
    )
    events = [_opened(told, messages)]
    for message in sorted(messages, key=lambda each: (each["created_at"], each["id"])):
        events += _message(message, told)
    mine = (each for each in records.get("rating", {}).values() if each["conversation_id"] == conversation["id"])
    events += [_rating(each, told) for each in mine]
    if conversation["status"] == "resolved" != told.status and told.status != "solved":
        last = max(each["occurred_at"] for each in events)
        events.append(
            {**told.base, **_SYSTEM, "kind": "other", "occurred_at": last, "status": "solved", "public": False}
        )
    events.sort(key=lambda each: each["occurred_at"])
    yield from events[:-1]
    yield {**events[-1], **_verdicts(conversation)}


def _base(conversation: Json, config: HelpdeskSource) -> dict[str, Any]:
    contact = (conversation.get("meta") or {}).get("sender") or {}
    labels = conversation.get("labels") or []
    return {
        "requester": address({"email": contact.get("email"), "phone": contact.get("phone_number")}, contact.get("id")),
        "subject": (conversation.get("additional_attributes") or {}).get("mail_subject"),
        "organization": (contact.get("additional_attributes") or {}).get("company_name") or None,
        "tags": "|".join(["", *labels, ""]) if labels else None,
        "url": f"{config.url.rstrip('/')}/app/accounts/{config.account}/conversations/{conversation['id']}",
    }


def _opened(told: _Told, messages: list[Json]) -> Event:
    """Its beginning, by whoever wrote first."""
    first = next((each for each in messages if each["message_type"] in (_INCOMING, _OUTGOING)), None)
    who = {"author": "requester", "author_id": told.base["requester"]} if first is None else _author(first, told)
    return told.event(told.conversation, kind="other", status="new", **who)


def _message(message: Json, told: _Told) -> Iterator[Event]:
    kind, form = message["message_type"], message.get("content_type")
    if kind == _ACTIVITY:
        activity = read(str(message.get("content") or ""))
        if activity is not None:
            yield from _activity(activity, message, told)
    elif form == "input_csat":
        told.asked[message["id"]] = epoch(message["created_at"])
        yield told.event(message, kind="rating", scale=5.0, asked_at=epoch(message["created_at"]), **_SYSTEM)
    elif form == "voice_call":
        yield _call(message, told)
    else:
        yield _said(message, told)
        if kind == _INCOMING and told.status in ("solved", "on_hold") and not told.conversation.get("muted"):
            yield told.became(message, "open", **_SYSTEM)


def _said(message: Json, told: _Told) -> Event:
    """A message. One that could not be delivered was seen by nobody; of a deleted one the text is gone."""
    deleted = bool((message.get("content_attributes") or {}).get("deleted"))
    content = message.get("content")
    return told.event(
        message,
        kind="message",
        **_author(message, told),
        public=not message.get("private") and message.get("status") != "failed",
        text=None if deleted or content is None else str(content),
    )


def _author(message: Json, told: _Told) -> dict[str, Any]:
    """Who wrote it: people and bots by their sender; templates and automation rules are the system."""
    sender, marks = message.get("sender") or {}, message.get("content_attributes") or {}
    kind, name = message["message_type"], str(sender.get("name") or "") or None
    if kind == _INCOMING:
        return {"author": "requester", "author_id": told.base["requester"]}
    if sender.get("type") == "captain_assistant":
        return {"author": "bot", "author_id": name, "automatic": True, "automatic_reason": "ai_agent"}
    if sender.get("type") == "agent_bot":
        return {"author": "bot", "author_id": name, "automatic": True}
    if kind != _OUTGOING or marks.get("automation_rule_id"):
        return dict(_SYSTEM)
    if sender.get("type") == "user":
        return {"author": "agent", "author_id": told.agents.get(str(sender.get("id")), name)}
    return {"author": "unknown", "author_id": name}


def _call(message: Json, told: _Told) -> Event:
    """A call: it is ringing since its message was made, answered when it started."""
    call = message.get("call") or {}
    inbound = call.get("direction") != "outgoing" if call else message["message_type"] == _INCOMING
    began, taker = call.get("started_at"), str(call.get("accepted_by_agent_id") or "")
    agent = {"author": "agent", "author_id": told.agents.get(taker, call.get("accepted_by_agent_name"))}
    outbound = agent if taker else _author(message, told)
    return told.event(
        message,
        kind="call",
        **({"author": "requester", "author_id": told.base["requester"]} if inbound else outbound),
        channel="phone",
        public=True,
        direction="inbound" if inbound else "outbound",
        answered=call["status"] in _TALKED if call else None,
        waited_seconds=None if not began else float(max(began - message["created_at"], 0)),
        talk_seconds=None if call.get("duration_seconds") is None else float(call["duration_seconds"]),
    )


def _activity(activity: Activity, message: Json, told: _Told) -> Iterator[Event]:
    meaning, _, whose = activity.meaning.partition("/")
    named = activity.names
    who = _doer(named.get("by", ""), whose, told)
    if meaning in _STATUSES:
        if _STATUSES[meaning] != told.status or whose != "system":
            yield told.became(message, _STATUSES[meaning], **who)
    elif meaning == "priority":
        if named["priority"] in _PRIORITIES:
            yield told.event(message, kind="priority", priority=_PRIORITIES[named["priority"]], **who)
    elif meaning == "self":
        yield told.event(message, kind="assignment", agent=named["by"], **who)
    else:
        to = named.get("to", "")
        team, agent = (to, "") if to in told.teams else (named.get("team", ""), named.get("agent", to))
        if team:
            yield told.event(message, kind="team", team=team, **who)
        if agent:
            yield told.event(message, kind="assignment", agent=agent, **who)


def _doer(name: str, whose: str, told: _Told) -> dict[str, Any]:
    """Who did what an activity tells."""
    if whose == "contact":
        return {"author": "requester", "author_id": told.base["requester"]}
    if whose == "bot":
        return {"author": "bot", "author_id": name, "automatic": True}
    if whose == "system" or name == _AUTOMATION:
        return dict(_SYSTEM)
    return {"author": "agent", "author_id": name}


def _rating(rating: Json, told: _Told) -> Event:
    who = {"author": "requester", "author_id": told.base["requester"], "text": rating.get("feedback_message")}
    asked = told.asked.get(rating["message_id"])
    return told.event(rating, kind="rating", score=float(rating["rating"]), scale=5.0, asked_at=asked, **who)


def _verdicts(conversation: Json) -> dict[str, Any]:
    """The helpdesk's own SLA: final once the conversation is resolved, times by the wall clock since it began."""
    sla = conversation.get("applied_sla") or {}
    missed = {each.get("event_type") for each in conversation.get("sla_events") or []}
    final = sla.get("sla_status") in ("hit", "missed")
    made: dict[str, Any] = {}
    for rule, limit in _LIMITS.items():
        seconds = sla.get(f"sla_{limit}_threshold")
        if seconds:
            made[f"reported_{rule}"] = False if _MISSES[rule] in missed else True if final else None
            if rule != "next_reply" and not sla.get("sla_only_during_business_hours"):
                made[f"due_{rule}"] = epoch(conversation["created_at"] + seconds)
    return made
