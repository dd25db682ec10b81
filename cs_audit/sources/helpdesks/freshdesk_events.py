"""Freshdesk's tickets as events: the description, the conversations, the times of `stats` and the ratings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.managers import manager
from cs_audit.sources.helpdesks.moments import iso
from cs_audit.sources.helpdesks.people import address, names

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.helpdesks.connector import Event, Records

Json = Any

_SOURCES = {
    1: ("email", "email"),
    2: ("web", "portal"),
    3: ("phone", "phone"),
    5: ("social", "twitter"),
    6: ("social", "facebook"),
    7: ("chat", "chat"),
    8: ("web", "mobihelp"),
    9: ("web", "feedback_widget"),
    10: ("email", "outbound_email"),
    11: ("other", "ecommerce"),
    12: ("chat", "bot"),
    13: ("messenger", "whatsapp"),
    15: ("chat", "web_chat"),
}
"""How a ticket came, by its `source`."""

_OUTBOUND, _WEB_CHAT = 10, 15
_SAID_IN = {5: ("social", "twitter"), 7: ("social", "facebook"), 9: ("phone", "phone")}
"""Conversations that came another way than their ticket, by their own `source`."""

_SURVEY, _FORWARDED = 6, 8
_THIRD_PARTY, _TO_FORWARD = 4, 6
"""Categories of what a third party wrote, and of answers to him: the requester sees neither."""

_PRIORITIES = {1: "low", 2: "normal", 3: "high", 4: "urgent"}
_PENDING, _RESOLVED, _CLOSED = 3, 4, 5
_STATUSES = {2: "open", _PENDING: "pending", 6: "pending", 7: "on_hold"}
"""Present statuses that are not done; an account's own ones count as open."""

_FACES = {-103: 0, -102: 1, -101: 2, 100: 3, 101: 4, 102: 5, 103: 6}
_OLD_FACES = {3: 0, 2: 1, 1: 2}


def normalise(payload: Json, records: Records, config: HelpdeskSource) -> Iterator[Event]:
    ticket = payload["ticket"]
    agents, teams = names(records, "agent", "name", "email"), names(records, "group", "name")
    base = {
        "requester": address(ticket.get("requester"), ticket["requester_id"]),
        "subject": ticket.get("subject"),
        "url": f"{config.url.rstrip('/')}/a/tickets/{ticket['id']}",
        "organization": _named(ticket.get("company_id"), {}),
        "tags": "|".join(["", *ticket["tags"], ""]) if ticket.get("tags") else None,
        **manager((ticket.get("custom_fields") or {}).get(config.account_manager), records.get("agent", {}), agents),
    }
    events = [
        {**base, **_opening(ticket, agents, teams)},
        *({**base, **each} for each in _messages(payload, base["requester"], agents, records)),
        *({**base, **each} for each in _stages(ticket)),
        *({**base, **each} for each in _ratings(ticket, base["requester"], records)),
    ]
    last = max(range(len(events)), key=lambda place: (events[place]["occurred_at"], place))
    events[last] |= _promises(ticket)
    yield from events


def _named(identity: Json, known: Mapping[str, str]) -> str | None:
    return None if identity is None else known.get(str(identity), str(identity))


def _opening(ticket: Json, agents: Mapping[str, str], teams: Mapping[str, str]) -> Event:
    """The ticket is created, in the hands that have it now: no others are told."""
    return {
        "occurred_at": iso(ticket["created_at"]),
        "kind": "other",
        "author": "agent" if ticket.get("source") == _OUTBOUND else "requester",
        "status": "new",
        "public": False,
        "automatic": False,
        "priority": _PRIORITIES.get(ticket.get("priority")),
        "team": _named(ticket.get("group_id"), teams),
        "agent": _named(ticket.get("responder_id"), agents),
    }


def _messages(payload: Json, requester: str, agents: Mapping[str, str], records: Records) -> Iterator[Event]:
    ticket, said = payload["ticket"], payload["conversations"]
    channel, detail = _SOURCES.get(ticket.get("source"), ("other", None))
    way = {"kind": "message", "channel": channel, "channel_detail": detail}
    if not _repeated(ticket, said):
        ours = ticket.get("source") == _OUTBOUND
        who = {"author": "agent"} if ours else {"author": "requester", "author_id": requester}
        told = {"occurred_at": iso(ticket["created_at"]), "public": True, "automatic": False}
        yield {**way, **told, **who, "text": _text(ticket, "description")}
    for each in said:
        own = dict(zip(("channel", "channel_detail"), _SAID_IN.get(each.get("source"), (channel, detail)), strict=True))
        told = {"occurred_at": iso(each["created_at"]), "text": _text(each, "body"), "public": _public(each)}
        kind = "other" if each.get("source") == _SURVEY else "message"
        yield {**way, **told, **own, **_author(each, ticket, requester, agents, records), "kind": kind}


def _repeated(ticket: Json, said: list[Json]) -> bool:
    """Whether the description only repeats the first message."""
    if ticket.get("source") != _WEB_CHAT or not said or not said[0].get("incoming"):
        return False
    return bool(ticket.get("description_text") == said[0].get("body_text"))


def _public(each: Json) -> bool:
    hidden = each.get("source") == _FORWARDED or each.get("category") in (_THIRD_PARTY, _TO_FORWARD)
    return not each["private"] and not hidden


def _author(
    each: Json, ticket: Json, requester: str, agents: Mapping[str, str], records: Records
) -> dict[str, str | bool | None]:
    """Who wrote it: what is incoming comes from the requester's side, all else from the desk's."""
    identity = str(each.get("user_id"))
    if each["incoming"]:
        other = str(each.get("from_email") or "").strip().lower() or identity
        own = each.get("user_id") in (ticket["requester_id"], None)
        return {"author": "requester", "author_id": requester if own else other, "automatic": False}
    if each.get("user_id") is None:
        return {"author": "system", "automatic": True, "automatic_reason": "source"}
    name = agents.get(identity, identity)
    if records.get("agent", {}).get(identity, {}).get("type") == "bot":
        return {"author": "bot", "author_id": name, "automatic": True, "automatic_reason": "ai_agent"}
    return {"author": "agent", "author_id": name, "automatic": False}


def _text(entry: Json, key: str) -> str | None:
    told = entry.get(key) or entry.get(f"{key}_text")
    return None if told is None else str(told)


def _stages(ticket: Json) -> Iterator[Event]:
    """What the times in `stats` tell: since when it is done, or in its present status."""
    stats, status = ticket.get("stats") or {}, ticket["status"]
    told: dict[str, Any] = {"kind": "status", "author": "unknown", "public": False, "automatic": False}
    resolved, closed = stats.get("resolved_at"), stats.get("closed_at")
    if status not in (_RESOLVED, _CLOSED):
        since = stats.get("pending_since") if status == _PENDING else None
        since = since or stats.get("status_updated_at")
        if since and iso(since) > iso(ticket["created_at"]):
            yield {**told, "occurred_at": iso(since), "status": _STATUSES.get(status, "open")}
        return
    if resolved and (status == _RESOLVED or resolved != closed):
        yield {**told, "occurred_at": iso(resolved), "status": "solved"}
    if closed and status == _CLOSED:
        yield {**told, "occurred_at": iso(closed), "status": "closed"}
    if not resolved and not closed:
        yield {**told, "occurred_at": iso(ticket["created_at"]), "kind": "other", "status": "solved"}


def _ratings(ticket: Json, requester: str, records: Records) -> Iterator[Event]:
    for each in records.get("rating", {}).get(str(ticket["id"]), ()):
        answer = (each.get("ratings") or {}).get("default_question")
        faces, best = (_FACES, 6) if answer in _FACES else (_OLD_FACES, 2)
        if answer in faces:
            given = {"occurred_at": iso(each["created_at"]), "kind": "rating", "public": False, "automatic": False}
            score = {"score": float(faces[answer]), "scale": float(best)}
            yield {**given, "author": "requester", "author_id": requester, **score}


def _promises(ticket: Json) -> Event:
    """Freshdesk's own promised times, and whether its own times of answering and resolving kept them."""
    stats = ticket.get("stats") or {}
    answered, solved = (_at(stats.get(key)) for key in ("first_responded_at", "resolved_at"))
    answer_due, solved_due = (_at(ticket.get(key)) for key in ("fr_due_by", "due_by"))
    late = bool(ticket.get("fr_escalated"))
    kept = None if answered is None or answer_due is None else answered <= answer_due
    return {
        "due_first_reply": answer_due,
        "due_resolution": solved_due,
        "reported_first_reply": False if late else kept,
        "reported_resolution": None if solved is None or solved_due is None else solved <= solved_due,
    }


def _at(text: str | None) -> Any:
    return iso(text) if text else None
