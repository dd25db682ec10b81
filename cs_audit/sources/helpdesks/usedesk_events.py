"""UseDesk's tickets as events: comments and changes, put together by time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from cs_audit.sources.helpdesks.moments import local
from cs_audit.sources.helpdesks.people import address, names

if TYPE_CHECKING:
    from cs_audit.config.source_tables import HelpdeskSource
    from cs_audit.sources.helpdesks.connector import Event, Records

Json = Any

_CHANNELS = {
    "email": "email",
    "chat": "chat",
    "telephony": "phone",
    "api": "api",
    **dict.fromkeys(("whatsapp", "telegram", "viber", "wechat"), "messenger"),
    **dict.fromkeys(("facebook", "vk", "twitter", "instagram", "ok"), "social"),
}
_STATUSES = {1: "open", 2: "solved", 3: "closed", 5: "on_hold", 6: "pending", 8: "new"}
_MERGED = 10
_PRIORITIES = {"low": "low", "medium": "normal", "urgent": "high", "extreme": "urgent"}
_NONE = (None, "", 0, "0")
_OPENING, _SAID, _CHANGED = range(3)
"""What stands first in one second: a reply comes before the status it sets."""

_SYSTEM = {"author": "system", "author_id": None, "automatic": True, "channel": None}
Placed = tuple[dt.datetime, int, dict[str, Any]]


@dataclass(frozen=True)
class _Ticket:
    """A ticket, who is who in it, and whose clock its times are of."""

    requester: str
    client: str
    users: Mapping[str, str]
    groups: Mapping[str, str]
    channel: Mapping[str, Any]
    zone: str

    def agent(self, identity: object) -> dict[str, Any]:
        name = self.users.get(str(identity), str(identity))
        return {**self.channel, "author": "agent", "author_id": name, "automatic": False}

    def person(self, identity: object) -> dict[str, Any]:
        own = identity in _NONE or str(identity) == self.client
        name = self.requester if own else str(identity)
        return {**self.channel, "author": "requester", "author_id": name, "automatic": False}

    @property
    def bot(self) -> dict[str, Any]:
        return {**self.channel, "author": "bot", "author_id": None, "automatic": True}


def normalise(payload: Json, records: Records, config: HelpdeskSource) -> Iterator[Event]:
    ticket, changes = payload["ticket"], payload["changes"]
    told = _Ticket(
        address(payload["requester"], ticket["client_id"]),
        str(ticket["client_id"]),
        names(records, "user", "name", "email"),
        names(records, "group", "name"),
        _channel(ticket, records),
        str(config.timezone),
    )
    base = {
        "requester": told.requester,
        "subject": ticket.get("subject") or None,
        "tags": "|".join(["", *payload["tags"], ""]) if payload["tags"] else None,
    }
    said = list(_comments(told, payload["comments"]))
    made = [_opening(told, ticket, payload["comments"], changes), *said, *_changes(told, changes, said)]
    for _, _, event in sorted(made, key=itemgetter(0, 1)):
        yield {**base, **event}


def _channel(ticket: Json, records: Records) -> dict[str, Any]:
    identity = str(ticket.get("channel_id"))
    kind = str(records.get("channel", {}).get(identity, {}).get("channel_type") or identity)
    return {"channel": _CHANNELS.get(kind, "other"), "channel_detail": kind}


def _opening(told: _Ticket, ticket: Json, comments: list[Json], changes: list[Json]) -> Placed:
    """The ticket is there, with what it had before the first change of it."""
    moment = local(ticket["published_at"], told.zone)
    first = min(comments, key=lambda each: (each["published_at"], int(each["id"])), default={"from": "client"})
    by = (
        told.agent(first["user_id"]) if first["from"] == "user" and first["user_id"] not in _NONE else told.person(None)
    )
    state = {
        "priority": _PRIORITIES.get(str(_before(("priority",), ticket.get("priority"), changes))),
        "team": _named(told.groups, _before(("group", "group_id"), ticket.get("group"), changes)),
        "agent": _named(told.users, _before(("assignee_id",), ticket.get("assignee_id"), changes)),
    }
    return moment, _OPENING, {
        "occurred_at": moment, "kind": "other", "status": "new", "public": False, **by,
        **{key: value for key, value in state.items() if value is not None},
    }  # fmt: skip


def _before(targets: tuple[str, ...], now: Json, changes: list[Json]) -> Json:
    """What a field held at first: the old value of its first change, where that tells it; if there is none, as now."""
    told = (each for change in changes for each in change["data"] if each["target"] in targets)
    return next((each.get("old_value") for each in told), now)


def _named(known: Mapping[str, str], identity: Json) -> str | None:
    return None if identity in _NONE else known.get(str(identity), str(identity))


def _comments(told: _Ticket, comments: list[Json]) -> Iterator[Placed]:
    for each in comments:
        moment = local(each["published_at"], told.zone)
        own = {"occurred_at": moment, **_author(told, each), "kind": "message", "public": each["type"] == "public"}
        yield moment, _SAID, {**own, "text": each.get("message") or None}


def _author(told: _Ticket, comment: Json) -> dict[str, Any]:
    """Who wrote it: a user's comment without a user is a rule's."""
    side = comment["from"]
    if side == "client":
        return told.person(comment.get("client_id"))
    if side == "bot":
        return told.bot
    return told.agent(comment["user_id"]) if side == "user" and comment["user_id"] not in _NONE else _SYSTEM


def _changes(told: _Ticket, changes: list[Json], said: list[Placed]) -> Iterator[Placed]:
    written = {(moment, event["text"]) for moment, _, event in said}
    for change in changes:
        moment = local(change["changed_at"], told.zone)
        by = (
            _SYSTEM
            if change["trigger_id"] not in _NONE or change["user_id"] in _NONE
            else told.agent(change["user_id"])
        )
        for each in _targets(change):
            text = each.get("value")
            if each["target"] == "message_from_bot":
                if text and (moment, text) not in written:
                    yield moment, _SAID, {
                        "occurred_at": moment, **told.bot, "kind": "message", "public": True, "text": str(text),
                    }  # fmt: skip
            elif made := _changed(told, each["target"], text):
                yield moment, _CHANGED, {"occurred_at": moment, "public": False, **by, **made}


def _targets(change: Json) -> list[Json]:
    """What a change changed; a status that it tells beside its targets alone is one of them."""
    told, new = list(change["data"]), change.get("new_status")
    if new not in _NONE and new != change.get("old_status") and all(each["target"] != "status_id" for each in told):
        told.append({"target": "status_id", "value": new})
    return told


def _changed(told: _Ticket, target: str, value: Json) -> Event | None:
    """What a new value of a field means; None of what says nothing of the service."""
    if value in _NONE:
        return None
    if target == "status_id":
        status = int(value)
        if status == _MERGED:
            return {"kind": "merge"}
        return {"kind": "status", "status": _STATUSES[status]} if status in _STATUSES else None
    if target == "priority":
        return {"kind": "priority", "priority": _PRIORITIES[value]} if value in _PRIORITIES else None
    if target in ("group", "group_id"):
        return {"kind": "team", "team": told.groups.get(str(value), str(value))}
    return {"kind": "assignment", "agent": told.users.get(str(value), str(value))} if target == "assignee_id" else None
