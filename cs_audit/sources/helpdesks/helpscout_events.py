"""Help Scout's and FreeScout's conversations as events: threads are messages, and tell changes by their differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.moments import iso
from cs_audit.sources.helpdesks.people import address, names

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.helpdesks.connector import Event, Records

Json = Any

_NEVER_SENT = ("draft", "review", "underreview")
_SAID = ("customer", "message", "note", "chat", "beaconchat", "forwardparent", "forwardchild")
_HIDDEN = ("note", "forwardparent")
_STATUSES = {"active": "open", "open": "open", "pending": "pending", "closed": "closed"}
_WORKFLOWS = ("workflow", "workflows")
_CHANNELS = {
    **dict.fromkeys(("email", "emailfwd", "notification"), "email"),
    **dict.fromkeys(("chat", "beacon"), "chat"),
    **dict.fromkeys(("web", "docs", "consumer", "mobile"), "web"),
    **dict.fromkeys(("heymarket", "sms"), "messenger"),
    "channel": "social",
    **dict.fromkeys(("api", "coreapi", "csv", "cvs", "desk", "uservoice", "zendesk", "jira"), "api"),
}
_TYPES = {"email": "email", "chat": "chat", "phone": "phone"}
_SCORES = {1: 2, 2: 1, 3: 0, "great": 2, "okay": 1, "ok": 1, "not_good": 0, "not-good": 0}


def person(each: Json) -> str:
    """First and last name, in the words of either."""
    parts = (each.get("first") or each.get("firstName"), each.get("last") or each.get("lastName"))
    return " ".join(str(part).strip() for part in parts if part)


@dataclass(frozen=True)
class _Cast:
    """Who is who in one conversation."""

    customer: Json
    requester: str
    agents: Mapping[str, str]
    teams: Mapping[str, str]

    def agent(self, each: Json) -> str:
        identity = str(each.get("id"))
        return self.agents.get(identity) or person(each) or identity


def normalise(payload: Json, records: Records, config: HelpdeskSource) -> Iterator[Event]:
    conversation = payload["conversation"]
    cast = _cast(conversation, records)
    free = config.account == "freescout"
    place = f"conversation/{conversation['id']}" + ("" if free else f"/{conversation.get('number')}")
    tags = [str(each.get("tag") or each.get("name")) for each in conversation.get("tags") or ()]
    base = {
        "requester": cast.requester,
        "subject": conversation.get("subject"),
        "url": f"{config.url.rstrip('/') if free else 'https://secure.helpscout.net'}/{place}",
        "tags": "|".join(["", *tags, ""]) if tags else None,
    }
    yield {**base, **_opening(conversation, cast)}
    status, holder = "open", None
    sent = (each for each in payload["threads"] if each.get("state") not in _NEVER_SENT)
    for thread in sorted(sent, key=lambda each: (_moment(each), int(each["id"]))):
        told = {**base, "occurred_at": _moment(thread), **_author(thread, cast), "public": False}
        said = _said(thread, conversation)
        if said:
            yield {**told, **said}
        turned = _STATUSES.get(str(thread.get("status")), status)
        if turned != status:
            yield {**told, "kind": "status", "status": turned}
        held = _holder(thread)
        if held is not None and held != holder:
            yield {**told, **_handed(thread["assignedTo"], cast)}
        status, holder = turned, held or holder
    for each in records.get("rating", {}).get(str(conversation["id"]), ()):
        yield from ({**base, **rating} for rating in _rating(each, cast))


def _cast(conversation: Json, records: Records) -> _Cast:
    customer = conversation.get("primaryCustomer") or conversation.get("customer") or {}
    opener = conversation.get("createdBy") or {}
    if not customer.get("email") and opener.get("id") == customer.get("id") and opener.get("type") == "customer":
        customer = {**customer, **opener}
    known = names(records, "user", "name", "email"), names(records, "team", "name")
    return _Cast(customer, address(customer, customer.get("id")), *known)


def _opening(conversation: Json, cast: _Cast) -> Event:
    opener = conversation.get("createdBy") or {}
    by_agent = opener.get("type") == "user"
    who = ("agent", cast.agent(opener)) if by_agent else ("requester", cast.requester)
    made = {"occurred_at": iso(conversation["createdAt"]), "kind": "other", "status": "new"}
    return {**made, "author": who[0], "author_id": who[1], "public": False, "automatic": False}


def _moment(thread: Json) -> Any:
    """When it was sent, if it was to be sent later than written."""
    return iso((thread.get("scheduled") or {}).get("scheduledFor") or thread["createdAt"])


def _author(thread: Json, cast: _Cast) -> Event:
    """Who wrote it or did it. What a workflow does by itself is the system's, whatever the thread says."""
    by, kind = thread.get("createdBy") or {}, thread["type"]
    source, action = (str((thread.get(key) or {}).get("type")) for key in ("source", "action"))
    if source in _WORKFLOWS or action == "automatic-workflow":
        return {"author": "system", "automatic": True, "automatic_reason": "source"}
    if kind == "customer" or by.get("type") == "customer":
        who = by if by.get("type") == "customer" else thread.get("customer") or cast.customer
        own = who.get("id") == cast.customer.get("id")
        return {"author": "requester", "author_id": cast.requester if own else address(who, who.get("id")),
                "automatic": False}  # fmt: skip
    if by.get("type") == "system_user":
        machine = {"author_id": cast.agent(by), "automatic": True}
        answers = kind in _SAID and kind not in _HIDDEN
        return {**machine, "author": "bot", "automatic_reason": "ai_agent" if answers else "source"}
    return {"author": "agent", "author_id": cast.agent(by), "automatic": False}


def _said(thread: Json, conversation: Json) -> Event | None:
    """What was said in a thread; a way that is none, like a workflow, counts as the conversation's."""
    kind = thread["type"]
    source, begun = (str((each.get("source") or {}).get("type") or "") for each in (thread, conversation))
    usual = _CHANNELS.get(begun) or _TYPES.get(str(conversation.get("type")), "other")
    way = {"channel": _CHANNELS.get(source, usual), "channel_detail": source or None, "text": thread.get("body")}
    if kind == "phone":
        return {**way, "kind": "call", "channel": "phone", "public": True, "answered": True, "voicemail": False}
    return {**way, "kind": "message", "public": kind not in _HIDDEN} if kind in _SAID else None


def _holder(thread: Json) -> tuple[str, str] | None:
    held = thread.get("assignedTo") or {}
    return (str(held.get("type") or "user"), str(held["id"])) if held.get("id") else None


def _handed(held: Json, cast: _Cast) -> Event:
    if held.get("type") == "team":
        identity = str(held["id"])
        return {"kind": "team", "team": cast.teams.get(identity) or person(held) or identity}
    return {"kind": "assignment", "agent": cast.agent(held)}


def _rating(each: Json, cast: _Cast) -> Iterator[Event]:
    score = _SCORES.get(each.get("ratingId", each.get("rating")))
    if score is not None:
        given = {"occurred_at": iso(each["ratingCreatedAt"]), "kind": "rating", "public": False, "automatic": False}
        yield {**given, "author": "requester", "author_id": cast.requester, "score": float(score), "scale": 2.0}


def merged(payload: Json) -> Iterator[str]:
    """The ids of conversations that went into this one."""
    for thread in payload["threads"]:
        action = thread.get("action") or {}
        entities = action.get("associatedEntities")
        if action.get("type") == "merged" and isinstance(entities, dict) and entities.get("originalConversation"):
            yield str(entities["originalConversation"])
